//! The map whose entries die with their values.

use super::error::LoadError;
use super::iter::Iter;
use super::load::Claim;
#[cfg(feature = "std")]
use super::mode::Shared;
use super::mode::{Local, Mode};
use super::node::{Counted, Fresh, Node};
use super::stats::Stats;
use super::strong::Strong;
use super::table::{Entered, Owner, fold};
use super::value::Value;
use alloc::alloc::handle_alloc_error;
use core::alloc::Layout;
use core::convert::Infallible;
use core::fmt;
use core::hash::{BuildHasher, Hash};
use hashbrown::{DefaultHashBuilder, Equivalent};

/// A map whose entries die with their values, for some 28 bytes an entry beside key and value: Python's `WeakValueDictionary`.
pub struct WeakMap<K, V: ?Sized + Value, S = DefaultHashBuilder, M: Mode = Local> {
    table: Owner<K, V, M>,
    hash_builder: S,
}

/// A [`WeakMap`] of many threads.
#[cfg(feature = "std")]
pub type SharedWeakMap<K, V, S = DefaultHashBuilder> = WeakMap<K, V, S, Shared>;

impl<K, V: ?Sized + Value, M: Mode> WeakMap<K, V, DefaultHashBuilder, M> {
    /// Makes an empty map.
    #[must_use]
    pub fn new() -> Self {
        Self::with_hasher(DefaultHashBuilder::default())
    }
}

impl<K, V: ?Sized + Value, S, M: Mode> WeakMap<K, V, S, M> {
    /// Makes an empty map that hashes keys with `hash_builder`.
    #[must_use]
    pub fn with_hasher(hash_builder: S) -> Self {
        Self { table: Owner::new(), hash_builder }
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
        for value in self {
            if !keep(Strong::key(&value), &value) {
                self.table.unlist(value.node());
            }
        }
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

    /// The bytes of the map's table. Those of the values, and of their keys, are their handles'.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.table.heap_bytes()
    }

    /// Panics if the map is broken, while nobody else uses it.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.table.check_invariants();
    }
}

impl<K: Eq + Hash, V: ?Sized + Value, S: BuildHasher, M: Mode> WeakMap<K, V, S, M> {
    #[inline(always)]
    fn hash<Q: Hash + ?Sized>(&self, key: &Q) -> u32 {
        fold(self.hash_builder.hash_one(key))
    }

    /// The value of a key.
    #[inline]
    #[must_use]
    pub fn get<Q: Hash + Equivalent<K> + ?Sized>(&self, key: &Q) -> Option<Strong<K, V, M>> {
        let hash = self.hash(key);
        let first = self.table.first(hash)?;
        if key.equivalent(Strong::key(&first)) {
            return Some(first);
        }
        self.get_behind(hash, key)
    }

    /// The value of a key of which the first entry with this hash has another one.
    #[cold]
    fn get_behind<Q: Equivalent<K> + ?Sized>(&self, hash: u32, key: &Q) -> Option<Strong<K, V, M>> {
        let found = self.table.find(hash, |entry| key.equivalent(entry.key()));
        let found = found.and_then(Counted::into_value);
        self.table.correct(hash, found.is_some());
        found
    }

    /// Whether the map knows a value of this key.
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
        if self.table.unlist(&entry) { entry.into_value() } else { None }
    }
}

impl<K: Eq + Hash, V, S: BuildHasher, M: Mode> WeakMap<K, V, S, M> {
    /// Enters a value, and returns its handle. Dropped at once, the handle takes the value with it.
    ///
    /// A value that the key had lives on as long as its handles, and the new entry stays when it dies.
    #[must_use = "a value without a handle is dropped"]
    pub fn insert(&self, key: K, value: V) -> Strong<K, V, M> {
        let Ok(mut node) = Fresh::new(key, ()) else { refused::<K, V, M>() };
        node.fill(value);
        let hash = self.hash(node.key());
        match self.table.enter(hash, node, true, |node, entry| node.key() == entry.key()) {
            Ok(Entered::New(node) | Entered::Old(node, _)) => {
                node.into_value().expect("the node has its value")
            }
            Err(_) => refused::<K, V, M>(),
        }
    }

    /// The value of a key; where the map knows none, the one that `load` returns.
    ///
    /// A value is loaded once, however many threads ask for it: the others wait. Values of other keys are loaded meanwhile.
    ///
    /// # Panics
    ///
    /// If `load` panics; who waits then calls the closure of its own. Or if this thread is loading the value of this very key, further up.
    #[must_use = "a value without a handle is dropped"]
    pub fn get_or_insert_with(&self, key: K, load: impl FnOnce(&K) -> V) -> Strong<K, V, M> {
        match self.try_get_or_insert_with(key, |key| Ok::<V, Infallible>(load(key))) {
            Ok(value) => value,
            Err(LoadError::Refused) => refused::<K, V, M>(),
            Err(error) => panic!("{error}"),
        }
    }

    /// The value of a key; where the map knows none, the one that `load` returns, if it does.
    ///
    /// # Errors
    ///
    /// What `load` returns. Who waited for it does not get its error, but calls the closure of its own. And `Recursive`, if this thread is
    /// loading the value of this very key, further up.
    ///
    /// # Panics
    ///
    /// If `load` panics; who waits then calls the closure of its own.
    pub fn try_get_or_insert_with<E>(
        &self,
        key: K,
        load: impl FnOnce(&K) -> Result<V, E>,
    ) -> Result<Strong<K, V, M>, LoadError<E>> {
        let hash = self.hash(&key);
        if let Some(first) = self.table.first(hash)
            && Strong::key(&first) == &key
        {
            return Ok(first);
        }
        let node = Fresh::new(key, ()).map_err(|_| LoadError::Refused)?;
        match self.table.claim(hash, node, M::FOREVER)? {
            Claim::Present(value) => Ok(value),
            Claim::Load(loading) => {
                let value = load(loading.key()).map_err(LoadError::Failed)?;
                Ok(loading.publish(value))
            }
        }
    }
}

/// Ends the program, since the allocator refused the memory for a node.
#[cold]
#[inline(never)]
pub(super) fn refused<K, V, M: Mode>() -> ! {
    handle_alloc_error(Node::<K, V, M>::layout(()).unwrap_or(Layout::new::<u8>()))
}

impl<K, V: ?Sized + Value, S: Default, M: Mode> Default for WeakMap<K, V, S, M> {
    fn default() -> Self {
        Self::with_hasher(S::default())
    }
}

impl<K: fmt::Debug, V: ?Sized + Value + fmt::Debug, S, M: Mode> fmt::Debug for WeakMap<K, V, S, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for value in self {
            map.entry(Strong::<K, V, M>::key(&value), &value);
        }
        map.finish()
    }
}

impl<'a, K, V: ?Sized + Value, S, M: Mode> IntoIterator for &'a WeakMap<K, V, S, M> {
    type Item = Strong<K, V, M>;
    type IntoIter = Iter<'a, K, V, M>;

    fn into_iter(self) -> Iter<'a, K, V, M> {
        self.iter()
    }
}
