//! What is said about values that others hold.
#![allow(unsafe_code)]

use super::entries::{fold, spread};
use super::finalize::SendIn;
#[cfg(feature = "std")]
use super::mode::Shared;
use super::mode::{Count, Local, Lock, Mode, Word};
use super::node::{Counted, Node};
use super::record::{Record, Watch, is_watched};
use super::stats::Stats;
use super::strong::Strong;
use super::value::Value;
use alloc::boxed::Box;
use alloc::vec::{self, Vec};
use core::fmt;
use core::iter::FusedIterator;
use core::marker::PhantomData;
use core::mem;
use core::ptr::{self, NonNull};
use core::sync::atomic::Ordering::Relaxed;
use hashbrown::HashTable;

/// Something about values that others hold, which goes with them: Python's `WeakKeyDictionary`.
///
/// The values, here called objects, are told apart by identity, not by equality: a `WeakKeyMap<K, T, V>` says something about each
/// [`Strong<K, T>`](Strong), be it of a map, of a set, or [by itself](Strong::new). Any number of such maps may know an object. When it
/// dies, what each of them says goes, before the object is dropped.
///
/// What the map says is handed out by handles of its own, a `Strong<(), V>`, so that nobody holds a lock meanwhile.
///
/// What it says may own other objects of the map. A chain of those that are in no map or set is dropped one within the other: see
/// [`Strong::new`].
///
/// # When it wins, and when it loses
///
/// It adds to what one cannot change: labels, caches, or states of objects of others. A field in the object is smaller by far. About
/// objects that are held by `Rc` or `Arc`, a [`SweptKeyMap`](super::SweptKeyMap) can tell.
///
/// # Layout
///
/// A table of pairs of pointers, to the object and to a node with what is said; a shared map has 16 tables. The object has a record of
/// who wants to know when it dies.
///
/// # Memory
///
/// An entry takes 19 to 39 bytes in the table, which doubles, and shrinks where seven of eight slots are free; 16 and what is said in the
/// node; 24 in the record. The record itself takes 48 for each object about which anything is said, whatever maps there are. It stays with the
/// object when an entry is removed.
///
/// # Examples
///
/// ```
/// use pennyweight::weak::{WeakKeyMap, WeakMap};
///
/// let users: WeakMap<u32, String> = WeakMap::new();
/// let visits: WeakKeyMap<u32, String, u32> = WeakKeyMap::new();
/// let ada = users.insert(1815, "Ada".to_owned());
/// visits.insert(&ada, 3);
/// assert_eq!(visits.get(&ada).as_deref(), Some(&3));
///
/// drop(ada);
/// assert!(visits.is_empty());
/// ```
///
/// # Source
///
/// Python's [`weakref.WeakKeyDictionary`](https://docs.python.org/3/library/weakref.html#weakref.WeakKeyDictionary), which compares keys by
/// equality, and so loses what was said about an object to another one that is equal.
pub type WeakKeyMap<K, T, V> = WeakKeyMapIn<K, T, V, Local>;

/// A [`WeakKeyMap`] of many threads.
#[cfg(feature = "std")]
pub type SharedWeakKeyMap<K, T, V> = WeakKeyMapIn<K, T, V, Shared>;

/// A [`WeakKeyMap`] or a [`SharedWeakKeyMap`], as the [`Mode`] `M` says: what is written for both names this.
pub struct WeakKeyMapIn<K, T: ?Sized + Value, V, M: Mode> {
    entries: Strong<(), Entries<V, M>, M>,
    /// It gives out handles of the objects.
    objects: PhantomData<Strong<K, T, M>>,
    /// And takes them, so that one of objects that borrow is not one of objects that borrow for less long.
    invariant: PhantomData<Taking<K, T, M>>,
}

type Taking<K, T, M> = fn(Strong<K, T, M>);

/// The entries of a map, which the records of the objects hold as well.
struct Entries<V, M: Mode> {
    shards: M::Shards<M::Lock<Shard<V, M>>>,
    /// Whether the map is there.
    open: M::Tally,
}

/// The entries of a sixteenth of the objects, or of all.
struct Shard<V, M: Mode> {
    table: HashTable<Entry<V, M>>,
    hits: u64,
    misses: u64,
    loads: u64,
    expired: u64,
}

struct Entry<V, M: Mode> {
    /// Invariant: where the node of an object is. Whoever entered it has a watch on the object, or is about to have one and has a handle
    /// until then, and the watch takes the entry out before the node is freed.
    object: NonNull<()>,
    value: Strong<(), V, M>,
}

// SAFETY: an address is only compared, and followed where nodes may be.
unsafe impl<V, M: Mode> Send for Entry<V, M> where Strong<(), V, M>: Send {}

/// Takes the entry of an object out when it dies.
struct Leave<V, M: Mode> {
    entries: Strong<(), Entries<V, M>, M>,
}

impl<V, M: Mode> Shard<V, M> {
    fn find(&self, object: NonNull<()>) -> Option<&Entry<V, M>> {
        self.table.find(spread(hash(object)), |entry| entry.object == object)
    }

    /// Takes the entry of an object out, if its value is that one.
    fn take(
        &mut self,
        object: NonNull<()>,
        is: impl Fn(&Strong<(), V, M>) -> bool,
    ) -> Option<Strong<(), V, M>> {
        let same = |entry: &Entry<V, M>| entry.object == object && is(&entry.value);
        let (entry, _) = self.table.find_entry(spread(hash(object)), same).ok()?.remove();
        let (len, buckets) = (self.table.len(), self.table.num_buckets());
        if buckets >= 16 && len * 8 < buckets {
            self.rebuild(2 * len);
        }
        Some(entry.value)
    }

    /// Moves all entries to a table with so much room. What the allocator refuses stays as it is.
    fn rebuild(&mut self, room: usize) {
        let mut table = HashTable::new();
        if table.try_reserve(room, rehash).is_ok() {
            for entry in mem::take(&mut self.table) {
                table.insert_unique(rehash(&entry), entry, rehash);
            }
            self.table = table;
        }
    }
}

impl<V, M: Mode> Entries<V, M> {
    fn shard(&self, object: NonNull<()>) -> &M::Lock<Shard<V, M>> {
        M::shard(&self.shards, M::shard_of(hash(object)))
    }

    fn all(&self) -> impl Iterator<Item = &M::Lock<Shard<V, M>>> {
        (0..M::SHARDS).map(|index| M::shard(&self.shards, index))
    }

    /// What is said about an object. If nothing is, so many values are loaded.
    fn get(&self, object: NonNull<()>, loads: u64) -> Option<Strong<(), V, M>> {
        let mut shard = self.shard(object).lock();
        let found = shard.find(object).map(|entry| entry.value.clone());
        match found {
            Some(_) => shard.hits += 1,
            None => {
                shard.misses += 1;
                shard.loads += loads;
            }
        }
        drop(shard);
        found
    }

    /// Says `value` about an object, unless something is said already and not to be replaced. Returns what was said.
    fn enter(
        &self,
        object: NonNull<()>,
        value: Strong<(), V, M>,
        replace: bool,
    ) -> Option<Strong<(), V, M>> {
        let hash = spread(hash(object));
        let mut shard = self.shard(object).lock();
        match shard.table.find_mut(hash, |entry| entry.object == object) {
            Some(entry) if replace => Some(mem::replace(&mut entry.value, value)),
            Some(entry) => {
                let known = entry.value.clone();
                drop(shard);
                Some(known)
            }
            None => {
                shard.table.insert_unique(hash, Entry { object, value }, rehash);
                None
            }
        }
    }

    fn remove(&self, object: NonNull<()>) -> Option<Strong<(), V, M>> {
        self.shard(object).lock().take(object, |_| true)
    }

    /// Takes all entries out and drops them, without a lock, also if one of them panics.
    fn clear(&self) {
        struct Rest<I: Iterator>(I);
        impl<I: Iterator> Drop for Rest<I> {
            fn drop(&mut self) {
                self.0.by_ref().for_each(drop);
            }
        }
        let mut rest = Rest(self.all().flat_map(|shard| mem::take(&mut shard.lock().table)));
        rest.0.by_ref().for_each(drop);
    }
}

/// Addresses are far from random, which `fold` mends.
fn hash(object: NonNull<()>) -> u32 {
    fold(object.addr().get() as u64)
}

fn rehash<V, M: Mode>(entry: &Entry<V, M>) -> u64 {
    spread(hash(entry.object))
}

impl<V, M: Mode> Watch for Leave<V, M> {
    fn died(self: Box<Self>, node: NonNull<()>) {
        let value = {
            let mut shard = self.entries.shard(node).lock();
            let value = shard.take(node, |_| true);
            shard.expired += u64::from(value.is_some());
            value
        };
        drop(value);
    }

    fn is_stale(&self) -> bool {
        self.entries.open.load(Relaxed) == 0
    }

    fn behalf(&self) -> Option<NonNull<()>> {
        Some(self.entries.node().node().address())
    }
}

impl<K, T: ?Sized + Value, V, M: Mode> WeakKeyMapIn<K, T, V, M> {
    /// Makes an empty map.
    #[must_use]
    pub fn new() -> Self {
        let shard = || Shard { table: HashTable::new(), hits: 0, misses: 0, loads: 0, expired: 0 };
        let entries =
            Entries { shards: M::shards(|| M::Lock::new(shard())), open: M::Tally::new(1) };
        Self { entries: Strong::new(entries), objects: PhantomData, invariant: PhantomData }
    }

    /// The objects about which the map says something.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.all().map(|shard| shard.lock().table.len()).sum()
    }

    /// Whether the map says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the map says about an object.
    #[must_use]
    pub fn get(&self, object: &Strong<K, T, M>) -> Option<Strong<(), V, M>> {
        self.entries.get(address(object), 0)
    }

    /// What the map says about an object, to be changed; `None` also if somebody has a handle of that, or has ever said something about it,
    /// or given it a finalizer.
    #[must_use]
    pub fn get_mut<'a>(&'a mut self, object: &'a Strong<K, T, M>) -> Option<&'a mut V> {
        let object = address(object);
        let shard = self.entries.shard(object).lock();
        let entry = shard.find(object)?;
        // SAFETY: what the map says is in no table. Of its handle others are made by the map alone, which is borrowed. The handle stays,
        // since the object does, which is borrowed as well: as long as it lives nothing but the map takes the entry out.
        unsafe { Strong::value_mut(&entry.value) }
    }

    /// Whether the map says something about an object.
    #[must_use]
    pub fn contains_key(&self, object: &Strong<K, T, M>) -> bool {
        let object = address(object);
        self.entries.shard(object).lock().find(object).is_some()
    }

    /// Takes out what the map says about an object.
    pub fn remove(&self, object: &Strong<K, T, M>) -> Option<Strong<(), V, M>> {
        self.entries.remove(address(object))
    }

    /// Takes all entries out.
    pub fn clear(&self) {
        self.entries.clear();
    }

    /// Keeps what `keep` returns `true` for, an object and what the map says about it, and takes the rest out.
    ///
    /// What is said meanwhile stays.
    pub fn retain(&self, mut keep: impl FnMut(&Strong<K, T, M>, &V) -> bool) {
        for (object, value) in self {
            if !keep(&object, &value) {
                let object = address(&object);
                let same = |other: &Strong<(), V, M>| Strong::ptr_eq(other, &value);
                let removed = self.entries.shard(object).lock().take(object, same);
                drop(removed);
            }
        }
    }

    /// Gives back what memory the table has for entries to come.
    pub fn shrink_to_fit(&self) {
        for shard in self.entries.all() {
            let mut shard = shard.lock();
            let len = shard.table.len();
            shard.rebuild(len);
        }
    }

    /// What the map has done: [`get`](Self::get) and [`get_or_insert_with`](Self::get_or_insert_with) hit or miss, and each value that
    /// the latter begins to make is a load. The entries that went with their objects are `expired`.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let mut stats = Stats::default();
        for shard in self.entries.all() {
            let shard = shard.lock();
            stats.hits += shard.hits;
            stats.misses += shard.misses;
            stats.loads += shard.loads;
            stats.expired += shard.expired;
            stats.live += shard.table.len();
        }
        stats
    }

    /// Panics if the map is broken, while nobody else uses it.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        for shard in self.entries.all() {
            let table = &shard.lock().table;
            for entry in table {
                let right = self.entries.shard(entry.object);
                assert!(ptr::eq(right, shard), "an entry is in the wrong shard");
                let same = table.iter_hash(rehash(entry));
                let same = same.filter(|other| other.object == entry.object);
                assert_eq!(same.count(), 1, "an entry is there once, where its hash says");
                // SAFETY: by the invariant of `object`.
                let object = unsafe { Counted::<K, T, M>::of(Node::at(entry.object)) };
                let object = object.expect("an entry goes with its object");
                assert!(is_watched(object.word().load(Relaxed)), "nobody watches an object");
            }
        }
    }

    /// The objects, and what the map says about each.
    ///
    /// The iterator has handles of those that it has yet to give: of all, or in a shared map of those of one of its 16 shards.
    #[must_use]
    pub fn iter(&self) -> KeyIter<'_, K, T, V, M> {
        KeyIter { map: self, shard: 0, entries: Vec::new().into_iter() }
    }

    /// The bytes of the map's table. Those of what it says are not among them.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        let tables = self.entries.all().map(|shard| shard.lock().table.allocation_size());
        self.entries.node().size() + tables.sum::<usize>()
    }
}

impl<K, T: ?Sized + Value, V: SendIn<M> + 'static, M: Mode> WeakKeyMapIn<K, T, V, M> {
    /// Says something about an object, for as long as it lives. Returns what the map said before.
    pub fn insert(&self, object: &Strong<K, T, M>, value: V) -> Option<Strong<(), V, M>> {
        let old = self.entries.enter(address(object), Strong::new(value), true);
        if old.is_none() {
            self.watch(object);
        }
        old
    }

    /// What the map says about an object; what `make` returns, if it says nothing. Threads that ask at the same time may each call `make`,
    /// and get what one of them has made.
    pub fn get_or_insert_with(
        &self,
        object: &Strong<K, T, M>,
        make: impl FnOnce() -> V,
    ) -> Strong<(), V, M> {
        if let Some(known) = self.entries.get(address(object), 1) {
            return known;
        }
        let value = Strong::new(make());
        let known = self.entries.enter(address(object), value.clone(), false);
        known.unwrap_or_else(|| {
            self.watch(object);
            value
        })
    }

    fn watch(&self, object: &Strong<K, T, M>) {
        let leave = Leave { entries: self.entries.clone() };
        // SAFETY: `object` is a handle. Where the object may die on another thread `V` can be dropped there, by `SendIn`, and all else that
        // the watch holds are counts and locks made for it.
        unsafe { Record::<M>::watch(object.node().word(), Box::new(leave)) }
    }
}

fn address<K, T: ?Sized + Value, M: Mode>(object: &Strong<K, T, M>) -> NonNull<()> {
    object.node().node().address()
}

impl<K, T: ?Sized + Value, V, M: Mode> Drop for WeakKeyMapIn<K, T, V, M> {
    fn drop(&mut self) {
        self.entries.open.fetch_sub(1, Relaxed);
        self.clear();
    }
}

impl<K, T: ?Sized + Value, V, M: Mode> Default for WeakKeyMapIn<K, T, V, M> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, T: ?Sized + Value + fmt::Debug, V: fmt::Debug, M: Mode> fmt::Debug
    for WeakKeyMapIn<K, T, V, M>
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

impl<'a, K, T: ?Sized + Value, V, M: Mode> IntoIterator for &'a WeakKeyMapIn<K, T, V, M> {
    type Item = Said<K, T, V, M>;
    type IntoIter = KeyIter<'a, K, T, V, M>;

    fn into_iter(self) -> KeyIter<'a, K, T, V, M> {
        self.iter()
    }
}

/// An object, and what is said about it.
type Said<K, T, V, M> = (Strong<K, T, M>, Strong<(), V, M>);

/// Objects, and what a map says about each: see [`WeakKeyMap::iter`].
pub struct KeyIter<'a, K, T: ?Sized + Value, V, M: Mode> {
    map: &'a WeakKeyMapIn<K, T, V, M>,
    /// The shard that is next.
    shard: usize,
    /// What is left of the one before.
    entries: vec::IntoIter<Said<K, T, V, M>>,
}

impl<K, T: ?Sized + Value, V, M: Mode> Iterator for KeyIter<'_, K, T, V, M> {
    type Item = Said<K, T, V, M>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(entry) = self.entries.next() {
                return Some(entry);
            }
            if self.shard == M::SHARDS {
                return None;
            }
            let shard = M::shard(&self.map.entries.shards, self.shard).lock();
            let living = shard.table.iter().filter_map(|entry| {
                // SAFETY: by the invariant of `object` the node is there as long as the entry, which the lock keeps. It is that of a `K` and
                // a `T`, since no others are entered.
                let object = unsafe { Counted::of(Node::at(entry.object)) }?;
                Some((object.into_value()?, entry.value.clone()))
            });
            let living: Vec<_> = living.collect();
            drop(shard);
            self.entries = living.into_iter();
            self.shard += 1;
        }
    }
}

impl<K, T: ?Sized + Value, V, M: Mode> FusedIterator for KeyIter<'_, K, T, V, M> {}

impl<K, T: ?Sized + Value, V, M: Mode> fmt::Debug for KeyIter<'_, K, T, V, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyIter").finish_non_exhaustive()
    }
}
