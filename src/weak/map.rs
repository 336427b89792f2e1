//! The map whose entries die with their values.

use super::entries::fold;
use super::error::InsertError;
use super::iter::Iter;
use super::keep::Weigh;
#[cfg(feature = "std")]
use super::mode::Shared;
use super::mode::{Local, Mode};
use super::node::{Counted, Fresh};
use super::stats::Stats;
use super::strong::Strong;
use super::table::{Entered, Owner, refused};
use super::value::{Source, Value};
use core::fmt;
use core::hash::{BuildHasher, Hash};
use hashbrown::{DefaultHashBuilder, Equivalent};

/// A map whose entries die with their values, for 26 to 36 bytes an entry beside key and value: Python's `WeakValueDictionary`.
///
/// [`insert`](WeakMap::insert) and [`get_or_insert_with`](WeakMap::get_or_insert_with) give a [`Strong`], which keeps the value alive, and
/// [`get`](WeakMap::get) gives more of them. When the last one is dropped, the entry goes with the value, before `drop` returns. So the map
/// never holds what nobody uses, except what [`keep_alive`](WeakMap::keep_alive) asks it to. Values may be of any sized type, and `str` and slices too,
/// which lie behind their keys.
///
/// All methods take `&self`. As a `SharedWeakMap` the map is one for many threads.
///
/// # When it wins, and when it loses
///
/// Against `HashMap<K, Weak<V>>` and weak-table it holds nothing for the dead, and takes one allocation for key and value. A hit that ends before the next one
/// begins takes about as long as theirs. In a row of hits that do not depend on each other one takes longer than one of weak-table; and in a
/// shared map that is larger than the cache, longer than one of `Mutex<HashMap<K, Weak<V>>>` that one thread uses. Its handles are its own: where
/// values must be in `Rc` or `Arc`, a [`SweptMap`](super::SweptMap)
/// serves. Where values are to stay though nobody uses them, it is a cache of bounded size that is wanted, such as moka.
///
/// # Layout
///
/// A table of pointers to nodes, 8 bytes and one for the hash of each slot. A node is one allocation: 16 bytes (the count, 30 bits of the
/// hash, and the address of the table), key, and value; for a `str` or a slice 8 bytes more. A shared map has 16 such tables, each with a lock
/// of its own.
///
/// # Memory
///
/// Of the table, 10.3 to 20.6 bytes an entry, as full as it is; it doubles where it is full, and shrinks by itself where seven of eight slots are
/// free, so that all is given back but 8 slots. A map that is empty holds 120 bytes, and a shared one 2,112, beside up to 88 for the slots of each
/// of its tables. Nodes are freed with the last handle. Those who wait for a load use no memory, but for a
/// node each where they ask at the same moment as the one who loads, or wait on after a load that failed.
///
/// # Loads
///
/// While a value is loaded, others that ask for it wait, and get the same handle; of other keys, values are loaded meanwhile. If the load
/// fails or panics, the next of them tries with its own closure. A thread that asks for what it is loading itself gets
/// [`LoadError::Recursive`](super::LoadError::Recursive). Two threads of which each asks for what the other one loads wait for ever; with
/// `try_get_or_insert_within`, of a shared map, no longer than they like.
///
/// What is entered or removed meanwhile decides about the entry: the loaded value then goes to those who waited for it, and is not in
/// the map.
///
/// # The end of values
///
/// The entry goes first, then finalizers are called, then the value is dropped, and its key. A value that dies while the same thread drops another
/// one of its map is dropped right after that one, so that a `Drop` does not see what the drops that it causes do. So lists and trees of values may be of any depth. Without the feature `std` this holds as well.
///
/// A map may be dropped before its values. They live on as long as their handles.
///
/// # Examples
///
/// ```
/// use pennyweight::weak::{LoadError, WeakMap};
///
/// let squares = WeakMap::new();
/// let nine = squares.get_or_insert_with(3_u64, |number| number * number);
/// assert_eq!(squares.get(&3).as_deref(), Some(&9));
///
/// let failed = squares.try_get_or_insert_with(4, |_| Err("no time"));
/// assert_eq!(failed, Err(LoadError::Failed("no time")));
///
/// drop(nine);
/// assert_eq!(squares.len(), 0);
/// assert_eq!(squares.stats().expired, 1);
/// ```
///
/// # Source
///
/// Python's [`weakref.WeakValueDictionary`](https://docs.python.org/3/library/weakref.html#weakref.WeakValueDictionary), whose entries are
/// removed by callbacks as well. That loads go on one at a time for a key is Go's
/// [`singleflight`](https://pkg.go.dev/golang.org/x/sync/singleflight); that the state of a load lies in the entry is this crate's own.
pub type WeakMap<K, V, S = DefaultHashBuilder> = WeakMapIn<K, V, S, Local>;

/// A [`WeakMap`] of many threads.
///
/// A load may fail, as may that of a file that is not there yet: who waits then tries with a closure of its own, and the map is as it was.
///
/// ```
/// use pennyweight::weak::{LoadError, SharedWeakMap};
/// use std::sync::atomic::{AtomicU32, Ordering};
/// use std::thread;
///
/// let lengths = SharedWeakMap::new();
/// let attempts = AtomicU32::new(0);
/// let measure = |name: &&str| match attempts.fetch_add(1, Ordering::Relaxed) {
///     0 => Err("busy"),
///     _ => Ok(name.len()),
/// };
/// let ask = || lengths.try_get_or_insert_with("plum", measure);
/// let (one, other) = thread::scope(|scope| {
///     let thread = scope.spawn(ask);
///     (ask(), thread.join().unwrap())
/// });
/// // One of them had the failure, and the other one the value.
/// let (failed, loaded) = if one.is_err() { (one, other) } else { (other, one) };
/// assert_eq!(failed, Err(LoadError::Failed("busy")));
/// assert_eq!(loaded.as_deref(), Ok(&4));
/// assert_eq!((lengths.stats().loads, lengths.len()), (2, 1));
/// ```
#[cfg(feature = "std")]
pub type SharedWeakMap<K, V, S = DefaultHashBuilder> = WeakMapIn<K, V, S, Shared>;

/// A [`WeakMap`] or a [`SharedWeakMap`], as the [`Mode`] `M` says: what is written for both names this.
pub struct WeakMapIn<K, V: ?Sized + Value, S, M: Mode> {
    pub(super) table: Owner<K, V, M>,
    hash_builder: S,
}

impl<K, V: ?Sized + Value, M: Mode> WeakMapIn<K, V, DefaultHashBuilder, M> {
    /// Makes an empty map.
    #[must_use]
    pub fn new() -> Self {
        Self::with_hasher(DefaultHashBuilder::default())
    }
}

impl<K, V: ?Sized + Value, S, M: Mode> WeakMapIn<K, V, S, M> {
    /// Makes an empty map that hashes keys with `hash_builder`.
    #[must_use]
    pub fn with_hasher(hash_builder: S) -> Self {
        Self { table: Owner::new(), hash_builder }
    }

    /// The hash.
    #[must_use]
    pub fn hasher(&self) -> &S {
        &self.hash_builder
    }

    /// The values that the map knows. One that is being loaded is not among them yet.
    #[must_use]
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether the map knows no value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes all entries out. Their values live on as long as their handles, and leave what comes later alone.
    ///
    /// Who waits for a value that is being loaded gets it; the map does not.
    pub fn clear(&self) {
        self.table.clear();
    }

    /// The values, each with its key: see [`Strong::key`].
    ///
    /// # Memory
    ///
    /// The iterator has handles of those that it has yet to give: of all values, or in a shared map of those of one of its 16 shards.
    /// So they are given once, each that was there when the iterator came to it, whatever happens to the map meanwhile.
    #[must_use]
    pub fn iter(&self) -> Iter<'_, K, V, M> {
        Iter::new(&self.table)
    }

    /// Keeps the entries for whose values `keep` returns `true`, and takes the others out.
    pub fn retain(&self, mut keep: impl FnMut(&K, &V) -> bool) {
        // Also where `keep` panics.
        let _forgets = self.table.keep.forget_at_end();
        for value in self {
            if !keep(Strong::key(&value), &value) {
                self.table.unlist(value.node());
            }
        }
    }

    /// Keeps the `count` values that were asked for last alive, besides those that have handles; about these, by the clock that follows
    /// the order of use. 0 keeps none, which is so to begin with.
    ///
    /// A value counts as asked for when it is entered, loaded or found. Calling this lets go of what was kept, and so does
    /// [`clear`](Self::clear); taken out of the map, a value is kept no longer.
    ///
    /// ```
    /// use pennyweight::weak::WeakMap;
    ///
    /// let squares: WeakMap<u64, u64> = WeakMap::new();
    /// squares.keep_alive(2);
    /// for number in 1..=4 {
    ///     squares.get_or_insert_with(number, |number| number * number);
    /// }
    /// assert_eq!((squares.len(), squares.get(&4).as_deref()), (2, Some(&16)));
    /// ```
    ///
    /// # Memory
    ///
    /// 16 bytes for each value that is kept, in a queue that grows by doubling. [`remove`](Self::remove) and whatever replaces a value look
    /// through that queue, if the value is kept. Where the allocator refuses a place in it, a value is not kept.
    pub fn keep_alive(&self, count: usize) {
        self.table.keep.set(count, Weigh::Count);
    }

    /// Keeps as many of the values that were asked for last alive as together weigh no more than `limit`: see
    /// [`keep_alive`](Self::keep_alive). A value is weighed once, when it comes to be kept. One that weighs more than `limit` is not kept, and
    /// those that are stay.
    ///
    /// ```
    /// use pennyweight::weak::WeakMap;
    ///
    /// let files: WeakMap<u32, Vec<u8>> = WeakMap::new();
    /// files.keep_alive_by(1000, |_, file| file.capacity());
    /// for number in 1..=4 {
    ///     files.get_or_insert_with(number, |_| vec![0; 400]);
    /// }
    /// assert_eq!(files.len(), 2);
    /// ```
    pub fn keep_alive_by(&self, limit: usize, weigh: fn(&K, &V) -> usize) {
        self.table.keep.set(limit, Weigh::Entry(weigh));
    }

    /// Gives back what memory the table has for entries to come.
    pub fn shrink_to_fit(&self) {
        self.table.shrink_to_fit();
    }

    /// What the map has done.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.table.stats()
    }

    /// The bytes of the map's table, and of the queue of what is kept. Those of the values, and of their keys, are their handles'.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.table.heap_bytes() + self.table.keep.heap_bytes()
    }

    /// Panics if the map is broken, while nobody else uses it.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.table.check_invariants();
    }
}

impl<K: Eq + Hash, V: ?Sized + Value, S: BuildHasher, M: Mode> WeakMapIn<K, V, S, M> {
    #[inline(always)]
    pub(super) fn hash<Q: Hash + ?Sized>(&self, key: &Q) -> u32 {
        fold(self.hash_builder.hash_one(key))
    }

    /// The value of a key; `None` while it is being loaded.
    #[inline(always)]
    #[must_use]
    pub fn get<Q: Hash + Equivalent<K> + ?Sized>(&self, key: &Q) -> Option<Strong<K, V, M>> {
        self.hit(self.hash(key), key)
    }

    #[inline(always)]
    pub(super) fn hit<Q: Equivalent<K> + ?Sized>(
        &self,
        hash: u32,
        key: &Q,
    ) -> Option<Strong<K, V, M>> {
        let first = self.table.first(hash)?;
        if !key.equivalent(Strong::key(&first)) {
            return self.hit_behind(first, hash, key);
        }
        Some(self.table.keep.touched(first))
    }

    /// The value of a key, of which the first value with this hash has another one.
    #[cold]
    #[inline(never)]
    fn hit_behind<Q: Equivalent<K> + ?Sized>(
        &self,
        first: Strong<K, V, M>,
        hash: u32,
        key: &Q,
    ) -> Option<Strong<K, V, M>> {
        drop(first);
        let found = self.table.find(hash, |entry| key.equivalent(entry.key()));
        let found = found.and_then(Counted::into_value);
        self.table.correct(hash, found.is_some());
        Some(self.table.keep.touched(found?))
    }

    /// Whether the map knows a value of this key. One that is being loaded it does not know yet.
    #[must_use]
    pub fn contains_key<Q: Hash + Equivalent<K> + ?Sized>(&self, key: &Q) -> bool {
        let entry = self.table.find(self.hash(key), |entry| key.equivalent(entry.key()));
        entry.and_then(Counted::into_value).is_some()
    }

    /// Takes the entry of a key out, and returns its value, which lives on as long as its handles.
    ///
    /// Who waits for a value that is being loaded gets it; the map does not.
    pub fn remove<Q: Hash + Equivalent<K> + ?Sized>(&self, key: &Q) -> Option<Strong<K, V, M>> {
        let entry = self.table.find(self.hash(key), |entry| key.equivalent(entry.key()))?;
        let removed = self.table.unlist(&entry);
        let value = entry.into_value().filter(|_| removed)?;
        self.table.keep.forget(&value);
        Some(value)
    }

    /// Enters a value that is made from another one: a `str` from a `&str` or a `String`, a slice from an array or a `Vec`. Otherwise as
    /// [`insert`](Self::insert).
    ///
    /// ```
    /// use pennyweight::weak::WeakMap;
    ///
    /// let names: WeakMap<u32, str> = WeakMap::new();
    /// let name = names.insert_from(7, "seven");
    /// assert_eq!(names.get(&7).as_deref(), Some("seven"));
    /// assert_eq!(size_of_val(&name), 8);
    /// ```
    #[must_use = "a value without a handle is dropped, unless the map keeps it alive"]
    pub fn insert_from<I: Source<V>>(&self, key: K, value: I) -> Strong<K, V, M> {
        let extent = value.value().extent();
        let Ok(node) = Fresh::with(key, value) else { refused::<K, V, M>(extent) };
        let Ok(value) = self.enter(node) else { refused::<K, V, M>(extent) };
        value
    }

    /// Enters a node with a value, in place of the one that has its key.
    fn enter(&self, node: Fresh<K, V, M>) -> Result<Strong<K, V, M>, Fresh<K, V, M>> {
        let hash = self.hash(node.key());
        let entered =
            self.table.enter(hash, node, true, |node, entry| node.key() == entry.key())?;
        let (node, old) = match entered {
            Entered::New(node, old) => (node, old),
            Entered::Old(node, _) => (node, None),
        };
        if let Some(old) = old.and_then(Counted::into_value) {
            self.table.keep.forget(&old);
        }
        let value = node.into_value().expect("the node has its value");
        self.table.keep.touch(&value);
        Ok(value)
    }
}

impl<K: Eq + Hash, V, S: BuildHasher, M: Mode> WeakMapIn<K, V, S, M> {
    /// Enters a value, and returns its handle. Dropped at once, the handle takes the value with it.
    ///
    /// A value that the key had lives on as long as its handles, and the new entry stays when it dies.
    #[must_use = "a value without a handle is dropped, unless the map keeps it alive"]
    pub fn insert(&self, key: K, value: V) -> Strong<K, V, M> {
        self.try_insert(key, value).unwrap_or_else(|_| refused::<K, V, M>(()))
    }

    /// The same, where the allocator may refuse the memory.
    ///
    /// # Errors
    ///
    /// Gives key and value back.
    pub fn try_insert(&self, key: K, value: V) -> Result<Strong<K, V, M>, InsertError<K, V>> {
        let refused = |(key, value)| InsertError { key, value };
        let node = Fresh::with(key, value).map_err(refused)?;
        self.enter(node).map_err(|node| refused(node.take()))
    }
}

impl<K, V: ?Sized + Value, S: Default, M: Mode> Default for WeakMapIn<K, V, S, M> {
    fn default() -> Self {
        Self::with_hasher(S::default())
    }
}

impl<K: fmt::Debug, V: ?Sized + Value + fmt::Debug, S, M: Mode> fmt::Debug
    for WeakMapIn<K, V, S, M>
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for value in self {
            map.entry(Strong::<K, V, M>::key(&value), &value);
        }
        map.finish()
    }
}

impl<'a, K, V: ?Sized + Value, S, M: Mode> IntoIterator for &'a WeakMapIn<K, V, S, M> {
    type Item = Strong<K, V, M>;
    type IntoIter = Iter<'a, K, V, M>;

    fn into_iter(self) -> Iter<'a, K, V, M> {
        self.iter()
    }
}
