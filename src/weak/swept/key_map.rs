//! A map that does not keep its keys.

use super::keyed::{Equality, Half, Identity, KeyedBy, sealed::Keyed as _};
use super::pointer::{Mortal, Pointer};
use super::stats::SweptStats;
use super::table::Table;
use crate::size::{HeapSize, Visitor};
use core::convert::Infallible;
use core::fmt;
use core::hash::{BuildHasher, Hash};
use core::marker::PhantomData;
use core::mem;
use hashbrown::{DefaultHashBuilder, Equivalent};

/// A map from [`Weak`](alloc::rc::Weak)s of std to values, which go with their keys: data about objects of others, for 9 bytes beside
/// it (17 if keys have no size) and the room of the table.
///
/// `P` is the pointer, `Rc<K>` or `Arc<K>` of any `K`, `str` and `dyn Trait` included. Keys are the same by [`Identity`] or by [`Equality`],
/// which takes four bytes more, or eight where the value leaves a gap behind them: half of the hash, since a key that is dead cannot be hashed
/// again.
///
/// A value that owns its own key keeps it, and so itself, for ever. Keys that the map knows have a `Weak`, with what
/// [`SweptMap`](super::SweptMap) says of pointers that do.
///
/// **Who compares keys by equality has them meanwhile.** So if their last owner lets go of one just then, on another thread or in `Eq`,
/// it is dropped in here: in `get`, `remove`, and so on, and under the lock if there is one around the map. A key that dies like this was found.
///
/// Dead keys, and the values with them, are swept as `SweptMap` says, with its bounds: not at once, and not unless the
/// map is changed.
///
/// # Examples
///
/// ```
/// use pennyweight::weak::SweptKeyMap;
/// use std::rc::Rc;
///
/// struct Widget;
///
/// let (button, slider) = (Rc::new(Widget), Rc::new(Widget));
/// let mut labels = SweptKeyMap::new();
/// labels.insert(&button, "OK");
/// assert_eq!(labels.get(&button), Some(&"OK"));
/// assert_eq!(labels.get(&slider), None);
/// drop(button);
/// assert_eq!((labels.entries(), labels.len()), (1, 0));
/// labels.insert(&slider, "volume");
/// assert_eq!((labels.entries(), labels.len()), (1, 1));
/// ```
///
/// By equality:
///
/// ```
/// use pennyweight::weak::{Equality, SweptKeyMap};
/// use std::sync::Arc;
///
/// let name: Arc<str> = Arc::from("Ada");
/// let mut born: SweptKeyMap<Arc<str>, u32, Equality> = SweptKeyMap::default();
/// born.insert(&name, 1815);
/// assert_eq!(born.get("Ada"), Some(&1815));
/// ```
///
/// # Source
///
/// CPython's [`WeakKeyDictionary`](https://docs.python.org/3/library/weakref.html#weakref.WeakKeyDictionary).
pub struct SweptKeyMap<P: Pointer, V, B: KeyedBy<P> = Identity, S = DefaultHashBuilder> {
    table: Table<Item<P, V, B>>,
    hasher: S,
}

struct Item<P: Pointer, V, B: KeyedBy<P>> {
    key: P::Weak,
    kept: B::Kept,
    value: V,
    keyed_by: PhantomData<fn() -> B>,
}

impl<P: Pointer, V, B: KeyedBy<P>> Item<P, V, B> {
    #[inline]
    fn hash(&self, hasher: &impl BuildHasher) -> u64 {
        B::rehash(hasher, &self.key, self.kept)
    }

    #[inline]
    fn is(&self, key: &P, kept: B::Kept) -> bool {
        B::is(&self.key, self.kept, key, kept)
    }
}

impl<P: Pointer, V, B: KeyedBy<P>> Mortal for Item<P, V, B> {
    #[inline]
    fn is_dead(&self) -> bool {
        P::is_dead(&self.key)
    }
}

impl<P: Pointer, V> SweptKeyMap<P, V> {
    /// Creates an empty map of keys by identity. (Does not allocate.)
    ///
    /// Others are made by [`default`](Self::default) and [`with_hasher`](Self::with_hasher).
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl<P: Pointer, V, S: BuildHasher> SweptKeyMap<P, V, Identity, S> {
    /// The value of a key.
    #[inline]
    #[must_use]
    pub fn get(&self, key: &P) -> Option<&V> {
        let (hash, ()) = Identity::hash(&self.hasher, key);
        Some(&self.table.find(hash, |item| item.is(key, ()))?.value)
    }

    /// The value of a key, to be changed.
    #[inline]
    #[must_use]
    pub fn get_mut(&mut self, key: &P) -> Option<&mut V> {
        let (hash, ()) = Identity::hash(&self.hasher, key);
        Some(&mut self.table.find_mut(hash, |item| item.is(key, ()))?.value)
    }

    /// Whether a key has a value.
    #[must_use]
    pub fn contains_key(&self, key: &P) -> bool {
        self.get(key).is_some()
    }

    /// Removes the entry of a key, and returns its value.
    pub fn remove(&mut self, key: &P) -> Option<V> {
        let Self { table, hasher } = self;
        let (hash, ()) = Identity::hash(hasher, key);
        Some(table.remove(hash, |item| item.is(key, ()), |item| item.hash(hasher))?.value)
    }
}

impl<P: Pointer<Target: Hash + Eq>, V, S: BuildHasher> SweptKeyMap<P, V, Equality, S> {
    /// The value of a key.
    #[inline]
    #[must_use]
    pub fn get<Q: Equivalent<P::Target> + Hash + ?Sized>(&self, key: &Q) -> Option<&V> {
        Some(self.get_key_value(key)?.1)
    }

    /// The key that is there, and its value.
    #[inline]
    #[must_use]
    pub fn get_key_value<Q>(&self, key: &Q) -> Option<(P, &V)>
    where
        Q: Equivalent<P::Target> + Hash + ?Sized,
    {
        self.get_hashed(Half::of(&self.hasher, key), key)
    }

    #[inline]
    fn get_hashed<Q: Equivalent<P::Target> + ?Sized>(
        &self,
        half: Half,
        key: &Q,
    ) -> Option<(P, &V)> {
        let mut found = None;
        let item = self.table.find(half.whole(), |item| {
            found = item.holds(key, half);
            found.is_some()
        })?;
        Some((found?, &item.value))
    }

    /// The value of a key, to be changed.
    #[inline]
    #[must_use]
    pub fn get_mut<Q: Equivalent<P::Target> + Hash + ?Sized>(&mut self, key: &Q) -> Option<&mut V> {
        let half = Half::of(&self.hasher, key);
        Some(&mut self.table.find_mut(half.whole(), |item| item.holds(key, half).is_some())?.value)
    }

    /// Whether a key has a value.
    #[must_use]
    pub fn contains_key<Q: Equivalent<P::Target> + Hash + ?Sized>(&self, key: &Q) -> bool {
        self.get(key).is_some()
    }

    /// Removes the entry of a key, and returns its value.
    pub fn remove<Q: Equivalent<P::Target> + Hash + ?Sized>(&mut self, key: &Q) -> Option<V> {
        let Self { table, hasher } = self;
        let half = Half::of(hasher, key);
        let is = |item: &Item<P, V, Equality>| item.holds(key, half).is_some();
        Some(table.remove(half.whole(), is, |item| item.hash(hasher))?.value)
    }

    /// The key that is equal to another, which comes into the map with its value if there is none.
    pub(super) fn enter(&mut self, key: P, value: V) -> P {
        let half = Half::of(&self.hasher, &*key);
        self.table.settle(|item| item.hash(&self.hasher));
        if let Some((there, _)) = self.get_hashed(half, &*key) {
            return there;
        }
        let item = Item::new(&key, half, value);
        self.table.add(half.whole(), item, |item| item.hash(&self.hasher));
        key
    }
}

impl<P: Pointer<Target: Hash + Eq>, V> Item<P, V, Equality> {
    /// The key, if it lives and is equal to another.
    #[inline]
    fn holds<Q: Equivalent<P::Target> + ?Sized>(&self, other: &Q, half: Half) -> Option<P> {
        if self.kept != half {
            return None;
        }
        P::upgrade(&self.key).filter(|key| other.equivalent(&**key))
    }
}

impl<P: Pointer, V, B: KeyedBy<P>, S: BuildHasher> SweptKeyMap<P, V, B, S> {
    /// Creates an empty map with this hash, which also says at which entries changes look. (Does not allocate.)
    #[must_use]
    pub fn with_hasher(hasher: S) -> Self {
        Self { table: Table::new(hasher.hash_one(0_u64)), hasher }
    }

    /// Gives a key a value. Returns the one that it had.
    ///
    /// A key that is there stays, as in std's maps.
    pub fn insert(&mut self, key: &P, value: V) -> Option<V> {
        let Self { table, hasher } = self;
        let (hash, kept) = B::hash(hasher, key);
        table.settle(|item| item.hash(hasher));
        if let Some(item) = table.find_mut(hash, |item| item.is(key, kept)) {
            return Some(mem::replace(&mut item.value, value));
        }
        table.add(hash, Item::new(key, kept, value), |item| item.hash(hasher));
        None
    }

    /// The value of a key, which `make` makes if it has none.
    pub fn get_or_insert_with(&mut self, key: &P, make: impl FnOnce() -> V) -> &mut V {
        match self.try_get_or_insert_with(key, || Ok::<_, Infallible>(make())) {
            Ok(value) => value,
        }
    }

    /// The value of a key, which `make` makes if it has none.
    ///
    /// # Errors
    ///
    /// Where `make` has one. The map is as it was.
    pub fn try_get_or_insert_with<E>(
        &mut self,
        key: &P,
        make: impl FnOnce() -> Result<V, E>,
    ) -> Result<&mut V, E> {
        let Self { table, hasher } = self;
        let (hash, kept) = B::hash(hasher, key);
        if let Some(bucket) = table.bucket_of(hash, |item| item.is(key, kept)) {
            table.stats.hits += 1;
            return Ok(&mut table.in_bucket(bucket).expect("the bucket of an entry").value);
        }
        let value = make()?;
        table.stats.loads += 1;
        table.settle(|item| item.hash(hasher));
        let item = table.add(hash, Item::new(key, kept, value), |item| item.hash(hasher));
        Ok(&mut item.value)
    }

    /// Keeps the entries of which `keep` says so, and removes the others and all that are dead.
    pub fn retain(&mut self, mut keep: impl FnMut(&P, &mut V) -> bool) {
        let Self { table, hasher } = self;
        let keep = |item: &mut Item<P, V, B>| Some(keep(&P::upgrade(&item.key)?, &mut item.value));
        table.retain(keep, |item| item.hash(hasher));
    }

    /// Removes all dead entries and shrinks the table if few are left. Returns how many were dead.
    ///
    /// Computes in **O(n)** time. Maps that are changed do it by themselves.
    pub fn sweep(&mut self) -> usize {
        self.table.sweep(|item| item.hash(&self.hasher))
    }

    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.table.check_invariants(|item| item.hash(&self.hasher));
    }
}

impl<P: Pointer, V, B: KeyedBy<P>> Item<P, V, B> {
    fn new(key: &P, kept: B::Kept, value: V) -> Self {
        Self { key: P::downgrade(key), kept, value, keyed_by: PhantomData }
    }
}

impl<P: Pointer, V, B: KeyedBy<P>, S> SweptKeyMap<P, V, B, S> {
    /// Keys that live and their values, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (P, &V)> {
        self.table.iter().filter_map(|item| Some((P::upgrade(&item.key)?, &item.value)))
    }

    /// How many keys live: see [`SweptMap::len`](super::SweptMap::len).
    ///
    /// Computes in **O(n)** time.
    #[must_use]
    pub fn len(&self) -> usize {
        self.table.live()
    }

    /// Whether no key lives.
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

    pub(super) fn count_hit(&mut self) {
        self.table.stats.hits += 1;
    }

    pub(super) fn count_load(&mut self) {
        self.table.stats.loads += 1;
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

    /// The heap bytes of the table. What values own is in [`HeapSize`]; the blocks of dead keys, which the table keeps, nobody can tell.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.table.heap_bytes()
    }
}

/// Of keys that somebody else has, as [`insert`](SweptKeyMap::insert) takes them.
impl<'a, P, V, B, S> Extend<(&'a P, V)> for SweptKeyMap<P, V, B, S>
where
    P: Pointer + 'a,
    B: KeyedBy<P>,
    S: BuildHasher,
{
    fn extend<I: IntoIterator<Item = (&'a P, V)>>(&mut self, entries: I) {
        entries.into_iter().for_each(|(key, value)| drop(self.insert(key, value)));
    }
}

impl<'a, P, V, B, S> FromIterator<(&'a P, V)> for SweptKeyMap<P, V, B, S>
where
    P: Pointer + 'a,
    B: KeyedBy<P>,
    S: BuildHasher + Default,
{
    fn from_iter<I: IntoIterator<Item = (&'a P, V)>>(entries: I) -> Self {
        let mut map = Self::default();
        map.extend(entries);
        map
    }
}

impl<P: Pointer, V: HeapSize, B: KeyedBy<P>, S> HeapSize for SweptKeyMap<P, V, B, S> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.table.visit(visitor);
    }
}

/// A dead key is *unseen*: its `Weak` keeps a block of which it cannot tell the size.
impl<P: Pointer, V: HeapSize, B: KeyedBy<P>> HeapSize for Item<P, V, B> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("key", &self.key);
        visitor.field("value", &self.value);
    }
}

impl<P: Pointer, V, B: KeyedBy<P>, S: BuildHasher + Default> Default for SweptKeyMap<P, V, B, S> {
    fn default() -> Self {
        Self::with_hasher(S::default())
    }
}

impl<P: Pointer + fmt::Debug, V: fmt::Debug, B: KeyedBy<P>, S> fmt::Debug
    for SweptKeyMap<P, V, B, S>
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}
