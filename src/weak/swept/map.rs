//! A map that does not keep its values.

use super::pointer::{Mortal, Pointer};
use super::stats::SweptStats;
use super::table::Table;
use crate::size::{HeapSize, Visitor};
use core::convert::Infallible;
use core::fmt;
use core::hash::{BuildHasher, Hash};
use core::mem;
use hashbrown::{DefaultHashBuilder, Equivalent};

/// A map from keys to [`Weak`](alloc::rc::Weak)s of std: for 9 bytes and the room of the table beside key and block, a value is found as long
/// as somebody else has it.
///
/// `P` is the pointer, `Rc<V>` or `Arc<V>` of any `V`, `str` and `dyn Trait` included. For values whose pointer is fixed elsewhere, or has
/// other `Weak`s; the eager maps of [`weak`](crate::weak) let go of a value at once.
///
/// # When it wins, and when it loses
///
/// Against `HashMap<K, Weak<V>>` it wins wherever values come and go: that map keeps the entry and the block of every value that it ever
/// had. Against the eager maps it loses memory: **a `Weak` keeps the block of a dead value** (not what the value owned, which its drop
/// frees) until the entry is swept, and **a map that nobody changes sweeps nothing**, whatever dies. [`sweep`](Self::sweep) is for that.
///
/// Nothing is kept alive either: who wants the last hundred values to stay keeps a hundred pointers.
///
/// **A pointer that has a `Weak` is never the only one.** So [`Rc::get_mut`](alloc::rc::Rc::get_mut) has nothing for a value that is in a map,
/// and [`Rc::make_mut`](alloc::rc::Rc::make_mut) moves it into another block, which the map does not know: the entry is dead. The same holds
/// for `Arc`.
///
/// # What is swept, and when
///
/// Values die without telling the map. Each change (a call of `insert`, `remove`, or `get_or_insert_with` that finds nothing) looks at a
/// few entries drawn at random, removes the dead ones and their dead neighbours, and looks at more for each dead one that it drew. Let
/// *L* and *D* be the live and the dead entries after a change. Then
///
/// - entries are looked at in amortised **O(1)** time for each change, whatever dies when;
/// - *D* ≤ 2 *L*, but with a probability of 1/2 at most, and of 2⁻ʲ if nothing died during the last *j* changes: whatever died before, and in
///   whatever pattern, as long as what dies does not depend on what was drawn;
/// - *L* + *D* ≤ 2 *L*′ + 16 with certainty, where *L*′ are those that the last full sweep found alive. There is one before the table grows.
///
/// With certainty nothing like the second can hold: between two changes all values may die, and a map that looks at few entries
/// for each change can always have looked at the wrong ones. The proofs are at the head of `src/weak/swept/mod.rs`.
///
/// # Layout
///
/// A table of keys and `Weak`s, 8 bytes or 16 for unsized values, and a byte for each bucket. It is between an eighth and
/// seven eighths full, and at least a quarter full after it has grown.
///
/// # Memory
///
/// `(size_of::<(K, Weak<V>)>() + 1) / load` bytes an entry: for a key of 8 bytes and 100,000 entries 22.3. Where few
/// entries are left, the table shrinks. An empty map has none. There is no `with_capacity`: a table that is mostly empty is made
/// smaller with the next change, so that those who look for entries soon find one. While a table takes another's place, both are there, and 8 bytes for each entry if
/// it is of the same size.
///
/// # Threads
///
/// A map of `Arc`s is `Send` and `Sync`. Several threads share one behind a lock of theirs; `get` needs it for reading only. There is no
/// sharded form: what it would add to `[RwLock<SweptMap>; N]` and a hash is the loading of one value by one thread at a time, without
/// a lock held, and that needs a place in the entry for those who wait. [`SharedWeakMap`](crate::weak::SharedWeakMap) has it. Load outside the lock, and take
/// what another thread has put there meanwhile:
///
/// ```
/// use pennyweight::weak::SweptMap;
/// use std::sync::{Arc, RwLock};
///
/// fn find(map: &RwLock<SweptMap<u32, Arc<str>>>, key: u32) -> Arc<str> {
///     // The guard is dropped with the statement.
///     let found = map.read().unwrap().get(&key);
///     found.unwrap_or_else(|| {
///         let loaded = Arc::from(format!("value {key}"));
///         map.write().unwrap().get_or_insert_with(key, |_| loaded)
///     })
/// }
/// let map = RwLock::default();
/// let one = find(&map, 1);
/// assert!(Arc::ptr_eq(&one, &find(&map, 1)));
/// ```
///
/// # Examples
///
/// ```
/// use pennyweight::weak::SweptMap;
/// use std::rc::Rc;
///
/// let mut names: SweptMap<u32, Rc<str>> = SweptMap::new();
/// let ada = names.get_or_insert_with(1815, |_| Rc::from("Ada"));
/// assert!(Rc::ptr_eq(&ada, &names.get(&1815).unwrap()));
/// drop(ada);
/// assert_eq!(names.get(&1815), None);
/// ```
///
/// # Source
///
/// [weak-table](https://docs.rs/weak-table), which looks at all entries where the table is full, and CPython's
/// [`WeakValueDictionary`](https://docs.python.org/3/library/weakref.html#weakref.WeakValueDictionary), whose entries are removed by callbacks.
/// That dead entries pay for the search of others is Redis's way of
/// [expiring keys](https://redis.io/docs/latest/commands/expire/#how-redis-expires-keys).
pub struct SweptMap<K, P: Pointer, S = DefaultHashBuilder> {
    table: Table<Item<K, P>>,
    hasher: S,
}

struct Item<K, P: Pointer> {
    key: K,
    value: P::Weak,
}

impl<K, P: Pointer> Mortal for Item<K, P> {
    #[inline]
    fn is_dead(&self) -> bool {
        P::is_dead(&self.value)
    }
}

impl<K: Eq + Hash, P: Pointer> SweptMap<K, P> {
    /// Creates an empty map. (Does not allocate.)
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl<K: Eq + Hash, P: Pointer, S: BuildHasher> SweptMap<K, P, S> {
    /// Creates an empty map with this hash, which also says at which entries changes look. (Does not allocate.)
    #[must_use]
    pub fn with_hasher(hasher: S) -> Self {
        Self { table: Table::new(hasher.hash_one(0_u64)), hasher }
    }

    /// The value of a key, if there is one and it lives.
    #[inline]
    #[must_use]
    pub fn get<Q: Equivalent<K> + Hash + ?Sized>(&self, key: &Q) -> Option<P> {
        let hash = self.hasher.hash_one(key);
        P::upgrade(&self.table.find(hash, |item| key.equivalent(&item.key))?.value)
    }

    /// Whether a key has a value that lives.
    #[must_use]
    pub fn contains_key<Q: Equivalent<K> + Hash + ?Sized>(&self, key: &Q) -> bool {
        let hash = self.hasher.hash_one(key);
        self.table.find(hash, |item| key.equivalent(&item.key)).is_some_and(|item| !item.is_dead())
    }

    /// Lets a key stand for a value, which the map does not keep. Returns the value that it stood for, if that lives.
    ///
    /// A key that is there stays, as in std's maps.
    pub fn insert(&mut self, key: K, value: &P) -> Option<P> {
        let Self { table, hasher } = self;
        let hash_of = |item: &Item<K, P>| hasher.hash_one(&item.key);
        let hash = hasher.hash_one(&key);
        table.settle(hash_of);
        let value = P::downgrade(value);
        match table.find_mut(hash, |item| key == item.key) {
            Some(item) => P::upgrade(&mem::replace(&mut item.value, value)),
            None => {
                table.add(hash, Item { key, value }, hash_of);
                None
            }
        }
    }

    /// The value of a key if there is one and it lives, or one that `load` makes.
    pub fn get_or_insert_with(&mut self, key: K, load: impl FnOnce(&K) -> P) -> P {
        match self.try_get_or_insert_with(key, |key| Ok::<_, Infallible>(load(key))) {
            Ok(value) => value,
        }
    }

    /// The value of a key if there is one and it lives, or one that `load` makes.
    ///
    /// # Errors
    ///
    /// Where `load` has one. The map is as it was.
    pub fn try_get_or_insert_with<E>(
        &mut self,
        key: K,
        load: impl FnOnce(&K) -> Result<P, E>,
    ) -> Result<P, E> {
        if let Some(value) = self.get(&key) {
            self.table.stats.hits += 1;
            return Ok(value);
        }
        let value = load(&key)?;
        self.table.stats.loads += 1;
        self.insert(key, &value);
        Ok(value)
    }

    /// Removes the entry of a key, and returns its value if that lives.
    pub fn remove<Q: Equivalent<K> + Hash + ?Sized>(&mut self, key: &Q) -> Option<P> {
        let Self { table, hasher } = self;
        let hash = hasher.hash_one(key);
        let is = |item: &Item<K, P>| key.equivalent(&item.key);
        let removed = table.remove(hash, is, |item| hasher.hash_one(&item.key));
        P::upgrade(&removed?.value)
    }

    /// Keeps the entries of which `keep` says so, and removes the others and all that are dead.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &P) -> bool) {
        let Self { table, hasher } = self;
        let keep = |item: &mut Item<K, P>| Some(keep(&item.key, &P::upgrade(&item.value)?));
        table.retain(keep, |item| hasher.hash_one(&item.key));
    }

    /// Removes all dead entries and shrinks the table if few are left. Returns how many were dead.
    ///
    /// Computes in **O(n)** time. Maps that are changed do it by themselves.
    pub fn sweep(&mut self) -> usize {
        self.table.sweep(|item| self.hasher.hash_one(&item.key))
    }

    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.table.check_invariants(|item| self.hasher.hash_one(&item.key));
    }
}

impl<K, P: Pointer, S> SweptMap<K, P, S> {
    /// Keys and values that live, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&K, P)> {
        self.table.iter().filter_map(|item| Some((&item.key, P::upgrade(&item.value)?)))
    }

    /// How many values live. One that is shared with other threads may die before this returns.
    ///
    /// Computes in **O(n)** time: who dies does not tell.
    #[must_use]
    pub fn len(&self) -> usize {
        self.table.live()
    }

    /// Whether no value lives.
    ///
    /// Computes in **O(n)** time where all are dead.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.table.is_dead()
    }

    /// How many entries the table has: those that live, and those that are dead and have not been swept.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.table.len()
    }

    /// Removes all entries, and frees the table.
    pub fn clear(&mut self) {
        self.table.clear();
    }

    /// What the map has done.
    #[must_use]
    pub fn stats(&self) -> SweptStats {
        self.table.stats
    }

    /// The hash.
    #[must_use]
    pub fn hasher(&self) -> &S {
        &self.hasher
    }

    /// The heap bytes of the table. What keys own is in [`HeapSize`]; the blocks of dead values, which the table keeps, nobody can tell.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.table.heap_bytes()
    }
}

/// Of pointers that somebody else has, as [`insert`](SweptMap::insert) takes them.
///
/// ```
/// use pennyweight::weak::SweptMap;
/// use std::rc::Rc;
///
/// let names: Vec<Rc<str>> = vec![Rc::from("Ada"), Rc::from("Grace")];
/// let mut born: SweptMap<u32, Rc<str>> = [1815, 1906].into_iter().zip(&names).collect();
/// born.extend([(1852, &names[0])]);
/// assert_eq!((born.len(), born.get(&1906)), (3, Some(names[1].clone())));
/// ```
impl<'a, K: Eq + Hash, P: Pointer + 'a, S: BuildHasher> Extend<(K, &'a P)> for SweptMap<K, P, S> {
    fn extend<I: IntoIterator<Item = (K, &'a P)>>(&mut self, entries: I) {
        entries.into_iter().for_each(|(key, value)| drop(self.insert(key, value)));
    }
}

impl<'a, K, P, S> FromIterator<(K, &'a P)> for SweptMap<K, P, S>
where
    K: Eq + Hash,
    P: Pointer + 'a,
    S: BuildHasher + Default,
{
    fn from_iter<I: IntoIterator<Item = (K, &'a P)>>(entries: I) -> Self {
        let mut map = Self::default();
        map.extend(entries);
        map
    }
}

impl<K: HeapSize, P: Pointer, S> HeapSize for SweptMap<K, P, S> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.table.visit(visitor);
    }
}

/// A dead value is *unseen*: its `Weak` keeps a block of which it cannot tell the size.
impl<K: HeapSize, P: Pointer> HeapSize for Item<K, P> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("key", &self.key);
        visitor.field("value", &self.value);
    }
}

impl<K: Eq + Hash, P: Pointer, S: BuildHasher + Default> Default for SweptMap<K, P, S> {
    fn default() -> Self {
        Self::with_hasher(S::default())
    }
}

impl<K: fmt::Debug, P: Pointer + fmt::Debug, S> fmt::Debug for SweptMap<K, P, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}
