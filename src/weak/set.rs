//! One copy of equal values, which dies with its last handle.

use super::entries::fold;
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

/// One copy of equal values, which dies with its last handle, for 26 to 37 bytes beside it, or 34 to 45 beside a `str` or a
/// slice: a `sys.intern` whose strings are not for ever.
///
/// [`get_or_insert`](WeakSet::get_or_insert) gives equal values the same copy. So two of them are equal if their handles are
/// ([`Strong::ptr_eq`]), and hash by their address.
///
/// # When it wins, and when it loses
///
/// Where values come and go. What stays for ever is held in less by an [`Interner`](crate::intern::Interner), whose symbols take 4 bytes
/// instead of 8. What is small, a number or a short string, is smaller without any of them.
///
/// # Layout
///
/// That of a [`WeakMap`](super::WeakMap) without keys: 16 bytes and the value, for a `str` or a slice 24.
///
/// # Memory
///
/// That of a [`WeakMap`](super::WeakMap).
///
/// # Examples
///
/// ```
/// use pennyweight::weak::{Strong, WeakSet};
///
/// let words: WeakSet<str> = WeakSet::new();
/// let tokens: Vec<_> = "a rose is a rose".split(' ').map(|word| words.get_or_insert(word)).collect();
/// assert!(words.len() == 3 && Strong::ptr_eq(&tokens[1], &tokens[4]));
///
/// drop(tokens);
/// assert!(words.is_empty());
/// ```
///
/// # Source
///
/// Python's [`sys.intern`](https://docs.python.org/3/library/sys.html#sys.intern), whose strings are mortal too, and
/// [internment](https://docs.rs/internment)'s `ArcIntern`.
pub type WeakSet<T, S = DefaultHashBuilder> = WeakSetIn<T, S, Local>;

/// A [`WeakSet`] of many threads.
#[cfg(feature = "std")]
pub type SharedWeakSet<T, S = DefaultHashBuilder> = WeakSetIn<T, S, Shared>;

/// A [`WeakSet`] or a [`SharedWeakSet`], as the [`Mode`] `M` says: what is written for both names this.
pub struct WeakSetIn<T: ?Sized + Value, S, M: Mode> {
    table: Owner<(), T, M>,
    hash_builder: S,
}

impl<T: ?Sized + Value, M: Mode> WeakSetIn<T, DefaultHashBuilder, M> {
    /// Makes an empty set.
    #[must_use]
    pub fn new() -> Self {
        Self::with_hasher(DefaultHashBuilder::default())
    }
}

impl<T: ?Sized + Value, S, M: Mode> WeakSetIn<T, S, M> {
    /// Makes an empty set that hashes values with `hash_builder`.
    #[must_use]
    pub fn with_hasher(hash_builder: S) -> Self {
        Self { table: Owner::new(), hash_builder }
    }

    /// The hash.
    #[must_use]
    pub fn hasher(&self) -> &S {
        &self.hash_builder
    }

    /// The values that the set knows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether the set knows no value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes all values out, which live on as long as their handles.
    pub fn clear(&self) {
        self.table.clear();
    }

    /// Keeps the values for which `keep` returns `true`, and takes the others out.
    pub fn retain(&self, mut keep: impl FnMut(&T) -> bool) {
        // Also where `keep` panics.
        let _forgets = self.table.keep.forget_at_end();
        for value in self {
            if !keep(&value) {
                self.table.unlist(value.node());
            }
        }
    }

    /// The values: see [`WeakMap::iter`](super::WeakMap::iter).
    #[must_use]
    pub fn iter(&self) -> Iter<'_, (), T, M> {
        Iter::new(&self.table)
    }

    /// Keeps the `count` values that were asked for last alive: see [`WeakMap::keep_alive`](super::WeakMap::keep_alive).
    ///
    /// ```
    /// use pennyweight::weak::WeakSet;
    ///
    /// let words: WeakSet<str> = WeakSet::new();
    /// words.keep_alive(2);
    /// for word in "a rose is a rose".split(' ') {
    ///     let _ = words.get_or_insert(word);
    /// }
    /// assert_eq!(words.len(), 2);
    /// ```
    pub fn keep_alive(&self, count: usize) {
        self.table.keep.set(count, Weigh::Count);
    }

    /// Keeps as many of the values that were asked for last alive as together weigh no more than `limit`: see
    /// [`WeakMap::keep_alive_by`](super::WeakMap::keep_alive_by).
    ///
    /// ```
    /// use pennyweight::weak::WeakSet;
    ///
    /// let words: WeakSet<str> = WeakSet::new();
    /// words.keep_alive_by(8, str::len);
    /// for word in ["one", "two", "three"] {
    ///     let _ = words.get_or_insert(word);
    /// }
    /// assert!(words.len() == 2 && !words.contains("one"));
    /// ```
    pub fn keep_alive_by(&self, limit: usize, weigh: fn(&T) -> usize) {
        self.table.keep.set(limit, Weigh::Value(weigh));
    }

    /// Gives back what memory the table has for values to come.
    pub fn shrink_to_fit(&self) {
        self.table.shrink_to_fit();
    }

    /// What the set has done. It loads nothing.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.table.stats()
    }

    /// The bytes of the set's table, and of the queue of what is kept. Those of the values are their handles'.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.table.heap_bytes() + self.table.keep.heap_bytes()
    }

    /// Panics if the set is broken, while nobody else uses it.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.table.check_invariants();
    }
}

impl<T: Eq + Hash + ?Sized + Value, S: BuildHasher, M: Mode> WeakSetIn<T, S, M> {
    fn hash<Q: Hash + ?Sized>(&self, value: &Q) -> u32 {
        fold(self.hash_builder.hash_one(value))
    }

    /// The set's copy of a value.
    #[inline]
    #[must_use]
    pub fn get<Q: Hash + Equivalent<T> + ?Sized>(&self, value: &Q) -> Option<Strong<(), T, M>> {
        self.get_hashed(self.hash(value), value)
    }

    #[inline]
    fn get_hashed<Q: Equivalent<T> + ?Sized>(
        &self,
        hash: u32,
        value: &Q,
    ) -> Option<Strong<(), T, M>> {
        let first = self.table.first(hash)?;
        if value.equivalent(&first) {
            return Some(self.table.keep.touched(first));
        }
        let found = self.find(hash, value);
        self.table.correct(hash, found.is_some());
        Some(self.table.keep.touched(found?))
    }

    fn find<Q: Equivalent<T> + ?Sized>(&self, hash: u32, value: &Q) -> Option<Strong<(), T, M>> {
        let mut all = self.table.all(hash).filter_map(Counted::into_value);
        all.find(|other| value.equivalent(other))
    }

    /// Whether the set knows this value.
    #[must_use]
    pub fn contains<Q: Hash + Equivalent<T> + ?Sized>(&self, value: &Q) -> bool {
        self.find(self.hash(value), value).is_some()
    }

    /// The set's copy of a value, which becomes this one if there is none. Dropped at once, the last handle takes the copy with it.
    ///
    /// A `WeakSet<str>` takes a `&str`, or a `String`; a `WeakSet<[T]>` a slice, an array, or a `Vec`.
    #[must_use = "a value without a handle is dropped, unless the set keeps it alive"]
    pub fn get_or_insert<I: Source<T>>(&self, value: I) -> Strong<(), T, M> {
        let hash = self.hash(value.value());
        if let Some(known) = self.get_hashed(hash, value.value()) {
            return known;
        }
        let extent = value.value().extent();
        let Ok(mut node) = Fresh::with((), value) else { refused::<(), T, M>(extent) };
        loop {
            // Nobody waits for values of a set, so they are all there.
            let same = |node: &Fresh<(), T, M>, other: &Counted<(), T, M>| {
                other.clone().into_value().is_some_and(|other| node.value() == &*other)
            };
            match self.table.enter(hash, node, false, same) {
                Ok(Entered::New(node, _)) => {
                    let value = node.into_value().expect("it has its value");
                    return self.table.keep.touched(value);
                }
                Ok(Entered::Old(old, unused)) => match old.into_value() {
                    Some(old) => return old,
                    None => node = unused,
                },
                Err(_) => refused::<(), T, M>(extent),
            }
        }
    }

    /// Takes a value out, which lives on as long as its handles.
    pub fn remove<Q: Hash + Equivalent<T> + ?Sized>(&self, value: &Q) -> Option<Strong<(), T, M>> {
        let known = self.find(self.hash(value), value)?;
        let removed = self.table.unlist(known.node());
        self.table.keep.forget(&known);
        removed.then_some(known)
    }
}

impl<T: ?Sized + Value, S: Default, M: Mode> Default for WeakSetIn<T, S, M> {
    fn default() -> Self {
        Self::with_hasher(S::default())
    }
}

impl<T: ?Sized + Value + fmt::Debug, S, M: Mode> fmt::Debug for WeakSetIn<T, S, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self).finish()
    }
}

impl<'a, T: ?Sized + Value, S, M: Mode> IntoIterator for &'a WeakSetIn<T, S, M> {
    type Item = Strong<(), T, M>;
    type IntoIter = Iter<'a, (), T, M>;

    fn into_iter(self) -> Iter<'a, (), T, M> {
        self.iter()
    }
}
