//! The interner of many threads.

use super::budget::Budget;
use super::iter::SharedIter;
use super::shard::Shard;
use super::table::MOST;
use super::texts::Texts;
use crate::intern::hash::Short;
use crate::intern::interner::{hash, no_symbol};
use crate::intern::{InternError, Interner, Key, Limits, Remap, Seeded, Symbol, Text};
use crate::raw::growth;
use crate::size::{Block, HeapSize, Visitor};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;
use core::hash::BuildHasher;
use core::marker::PhantomData;
use core::ops::Index;

/// The shards of an interner that nobody chose them for.
const SHARDS: usize = if cfg!(loom) { 1 } else { 16 };

/// The most shards.
const MOST_SHARDS: usize = 1 << 8;

/// One copy of each string for many threads, which find and resolve without a lock, for 8 to 12 bytes beside its text.
///
/// As an [`Interner`], with `&self` in place of `&mut self`: [`intern`](Self::intern) gives equal strings the same symbol on all threads, and
/// [`resolve`](Self::resolve) gives the string of a symbol, as a `&str` that stays where it is.
///
/// # When it wins, and when it loses
///
/// Where strings recur, threads do not disturb each other: to find or to resolve a string that is there, nothing is written that others
/// read. New strings take the lock of one of 16 shards, each, and so does asking for strings that are not there. For one thread, or behind
/// a lock that there is anyway, an [`Interner`] is faster and a little smaller, and its symbols are dense.
///
/// # Symbols
///
/// The index of a symbol is the number of the string in its shard times the shards, plus the number of the shard. So indices are
/// nearly dense, not strictly: of the first *n*, a few are missing, and as many beyond are in use. A type of symbols with few values
/// therefore ends early; with [`with_shards`](Self::with_shards) of 1, indices are those of an [`Interner`]. Which string gets which
/// symbol depends on the hash and on the order in which threads come. A shard has room for 2²⁴ strings, and so 16 of them for 268 million;
/// of these, 2,097,150 a shard may be strings that are much longer than others. One more is an error, as where memory is refused.
///
/// # Layout
///
/// The hash of a string says in which shard it is. There the text lies in chunks that never move, 27 strings to a block, which is a cache
/// line that knows where it begins and where each of its strings ends. A table finds the index of a string: 16 slots are a cache line, a byte of
/// the hash and three of the index each. Blocks and slots lie in segments, of which more are added as the interner grows, and none
/// moves or is freed before the interner is. Where the table of a shard grows, by a half or a third, it is filled anew in place. So
/// there are no old tables that threads may still read, which other designs keep until epochs or an exclusive borrow tell that nobody does.
///
/// # Memory
///
/// Inline 80 bytes (with [`Seeded`]), and 896 a shard to begin with. For each string 2.4 bytes of bounds, with room for up to half as many
/// more; of the table 4.9 bytes where it is full to 7.4 where it has just grown; and the room in the last chunk of each shard, a
/// sixteenth of the text on the average. Where strings are few, the shards count: 3,000 strings of 5 to 20 bytes take 15 to 19 bytes each
/// beside their text, of which 16 shards are 4.8. A string that is much longer than others takes 40 bytes more. Nothing is given back
/// before the interner is dropped. While it grows it takes no more than once it has grown, but for a list of chunks that is replaced by
/// a longer one.
///
/// # Panics in the hash
///
/// Where `S` panics, the interner is whole: no string is lost, and none gets a second symbol. A hash or a [`Key`] must not use the same
/// interner, not even to look strings up: they are called with a lock held, and waiting for it again is a deadlock.
///
/// # Examples
///
/// ```
/// use pennyweight::intern::SharedInterner;
/// use std::thread;
///
/// let carriers = SharedInterner::new();
/// let symbols = thread::scope(|scope| {
///     let threads = [0, 1].map(|_| scope.spawn(|| ["UA", "DL", "UA"].map(|code| carriers.intern(code))));
///     threads.map(|thread| thread.join().unwrap())
/// });
/// assert_eq!(symbols[0], symbols[1]);
/// assert_eq!(carriers.resolve(symbols[0][1]), "DL");
/// assert_eq!(carriers.len(), 2);
/// ```
///
/// # Source
///
/// The prototypes of this crate's research. Segments that never move are those of [boxcar](https://github.com/ibraheemdev/boxcar); hits
/// without a lock and misses under one are in CPython's and in rustc's interners as well. The table that is filled anew in
/// place, so that no old one remains, is the crate's own.
pub struct SharedInterner<K = Symbol, T: ?Sized = str, S = Seeded> {
    /// Invariant: `1 << bits`.
    shards: Box<[Shard<T>]>,
    bits: u32,
    budget: Budget,
    hasher: S,
    keys: PhantomData<fn() -> K>,
}

impl SharedInterner {
    /// Creates an interner of strings with a seed of its own.
    ///
    /// For other symbols, byte strings or another hash, [`default`](Self::default) makes what the type says.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates an interner that takes no more than some bytes and symbols. Its shards count as bytes.
    ///
    /// Others are made by [`default`](Self::default) and [`set_limits`](Self::set_limits).
    #[must_use]
    pub fn with_limits(limits: Limits) -> Self {
        let mut interner = Self::default();
        interner.set_limits(limits);
        interner
    }
}

impl<K: Key, T: Text + ?Sized, S: BuildHasher> SharedInterner<K, T, S> {
    /// Creates an interner with this hash.
    #[must_use]
    pub fn with_hasher(hasher: S) -> Self {
        Self::with_shards(SHARDS, hasher)
    }

    /// Creates an interner with this hash and as many shards, rounded up to a power of two, of 1 to 256.
    ///
    /// More of them let more threads intern new strings at a time; fewer take less memory while there are few strings.
    #[must_use]
    pub fn with_shards(shards: usize, hasher: S) -> Self {
        let shards = shards.clamp(1, MOST_SHARDS).next_power_of_two();
        let shards: Box<[_]> = (0..shards).map(|_| Shard::new()).collect();
        let budget = Budget::new(Limits::NONE, size_of_val(&*shards));
        let bits = shards.len().ilog2();
        Self { shards, bits, budget, hasher, keys: PhantomData }
    }

    /// The symbol of a string, which is copied where it is new.
    ///
    /// Computes in amortised **O(1)** time, without a lock where the string is there.
    ///
    /// # Panics
    ///
    /// Where [`try_intern`](Self::try_intern) has an error.
    #[inline]
    #[track_caller]
    pub fn intern(&self, text: &T) -> K {
        match self.try_intern(text) {
            Ok(symbol) => symbol,
            Err(error) => error.raise(),
        }
    }

    /// The symbol of a string, which is copied where it is new.
    ///
    /// # Errors
    ///
    /// Where there is no symbol or no memory left for a new string, or the limits are reached. The interner is as it was.
    #[inline]
    pub fn try_intern(&self, text: &T) -> Result<K, InternError> {
        let bytes = text.as_bytes();
        let Some(short) = Short::of(bytes) else { return self.intern_long(text) };
        let hash = hash(&self.hasher, bytes);
        match self.glance(hash, |texts, index| texts.holds(index, short)) {
            Some(key) => Ok(key),
            None => self.intern_further(hash, text),
        }
    }

    /// The symbol of a string, if it was interned.
    ///
    /// Without a lock where it was.
    #[inline]
    #[must_use]
    pub fn get(&self, text: &T) -> Option<K> {
        let bytes = text.as_bytes();
        let Some(short) = Short::of(bytes) else { return self.get_long(bytes) };
        let hash = hash(&self.hasher, bytes);
        self.glance(hash, |texts, index| texts.holds(index, short))
            .or_else(|| self.get_further(hash, bytes))
    }

    /// Whether a string was interned.
    #[inline]
    #[must_use]
    pub fn contains(&self, text: &T) -> bool {
        self.get(text).is_some()
    }

    /// The string of a symbol. Without a lock.
    ///
    /// A symbol of another interner gives another string, where there is one.
    ///
    /// # Panics
    ///
    /// If the interner has no such symbol.
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn resolve(&self, symbol: K) -> &T {
        match self.try_resolve(symbol) {
            Some(text) => text,
            None => no_symbol(symbol.index(), self.len()),
        }
    }

    /// The string of a symbol, or `None` where the interner has no such symbol. Without a lock.
    #[inline]
    #[must_use]
    pub fn try_resolve(&self, symbol: K) -> Option<&T> {
        let index = symbol.index();
        self.shards[index & (self.shards.len() - 1)].texts.get(index >> self.bits)
    }

    /// Symbols and strings, shard by shard; in each, in the order in which they were first interned.
    #[must_use]
    pub fn iter(&self) -> SharedIter<'_, K, T> {
        SharedIter::new(&self.shards, self.bits)
    }

    /// How many strings there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.texts.len()).sum()
    }

    /// Whether there are no strings.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes of all strings.
    #[must_use]
    pub fn text_bytes(&self) -> usize {
        self.shards.iter().map(Shard::text_bytes).sum()
    }

    /// The heap bytes, of shards, text, bounds and tables.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.budget.bytes()
    }

    /// What the interner may grow to.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.budget.limits()
    }

    /// Says what the interner may grow to.
    pub fn set_limits(&mut self, limits: Limits) {
        self.budget.set_limits(limits, self.len());
    }

    /// The hash.
    #[must_use]
    pub fn hasher(&self) -> &S {
        &self.hasher
    }

    /// The strings in the order of their symbols, and `None` for those between that there are not.
    pub(super) fn in_order(&self) -> impl Iterator<Item = Option<&T>> {
        let most = self.shards.iter().map(|shard| shard.texts.len()).max().unwrap_or(0);
        (0..most).flat_map(|index| self.shards.iter().map(move |shard| shard.texts.get(index)))
    }

    /// The symbol of a string, where it is seen at once, and without a lock.
    #[inline(always)]
    fn glance(&self, hash: u64, is: impl Fn(&Texts<T>, usize) -> bool) -> Option<K> {
        let (number, shard) = self.shard_of(hash);
        symbol(self.bits, number, shard.glance(hash, is)?)
    }

    // What follows is not inlined, so that the code above, which nearly always does, has no calls in it.

    #[inline(never)]
    fn get_long(&self, bytes: &[u8]) -> Option<K> {
        let hash = hash(&self.hasher, bytes);
        self.glance(hash, |texts, index| texts.bytes(index) == Some(bytes))
            .or_else(|| self.get_further(hash, bytes))
    }

    #[inline(never)]
    fn get_further(&self, hash: u64, bytes: &[u8]) -> Option<K> {
        let (number, shard) = self.shard_of(hash);
        let index = shard.search(hash, bytes).or_else(|| shard.get(hash, bytes));
        symbol(self.bits, number, index?)
    }

    #[inline(never)]
    fn intern_long(&self, text: &T) -> Result<K, InternError> {
        let bytes = text.as_bytes();
        let hash = hash(&self.hasher, bytes);
        match self.glance(hash, |texts, index| texts.bytes(index) == Some(bytes)) {
            Some(key) => Ok(key),
            None => self.intern_further(hash, text),
        }
    }

    #[inline(never)]
    fn intern_further(&self, hash: u64, text: &T) -> Result<K, InternError> {
        let (number, shard) = self.shard_of(hash);
        let seen = shard.search(hash, text.as_bytes());
        match seen.and_then(|index| symbol(self.bits, number, index)) {
            Some(key) => Ok(key),
            None => self.intern_locked(hash, text),
        }
    }

    fn intern_locked(&self, hash_of: u64, text: &T) -> Result<K, InternError> {
        let (number, shard) = self.shard_of(hash_of);
        let symbol = |index| {
            let symbol = if index < MOST { symbol(self.bits, number, index) } else { None };
            symbol.ok_or_else(|| InternError::Symbols { most: self.len() })
        };
        let rehash = |bytes: &[u8]| hash(&self.hasher, bytes);
        shard.intern(hash_of, text, &self.budget, symbol, rehash)
    }

    #[inline(always)]
    fn shard_of(&self, hash: u64) -> (usize, &Shard<T>) {
        // The lowest bits, which are neither in a tag nor of a home.
        let number = hash as usize & (self.shards.len() - 1);
        (number, &self.shards[number])
    }

    /// Panics unless the invariants of the interner hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.shards.iter().for_each(Shard::check_invariants);
        for (symbol, text) in self {
            assert_eq!(self.get(text), Some(symbol));
            assert!(core::ptr::eq(self.resolve(symbol), text));
        }
        assert_eq!(self.heap_bytes(), HeapSize::heap_bytes(self));
        self.budget.check_invariants(self.len());
    }
}

/// The symbol of a string of a shard.
#[inline(always)]
pub(super) fn symbol<K: Key>(bits: u32, shard: usize, index: usize) -> Option<K> {
    // A shard has 2²⁴ strings at most, and there are at most 256 of them.
    let index = (index as u64) << bits | shard as u64;
    K::try_from_index(usize::try_from(index).ok()?)
}

impl<K: Key, T: Text + ?Sized, S: BuildHasher + Clone> SharedInterner<K, T, S> {
    /// An interner for one thread with the same strings, and which new symbols stand for the old ones.
    ///
    /// The new symbols are dense, and in the order of the old ones. Until it returns, both interners are there.
    ///
    /// # Panics
    ///
    /// Where [`try_into_interner`](Self::try_into_interner) has an error.
    ///
    /// # Examples
    ///
    /// ```
    /// use pennyweight::intern::SharedInterner;
    ///
    /// let shared = SharedInterner::new();
    /// let row = ["JFK", "EWR"].map(|airport| shared.intern(airport));
    /// let (airports, remap) = shared.into_interner();
    /// assert_eq!(row.map(|old| airports.resolve(remap.get(old).unwrap())), ["JFK", "EWR"]);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn into_interner(self) -> (Interner<K, T, S>, Remap<K>) {
        self.try_into_interner().unwrap_or_else(|(_, error)| error.raise())
    }

    /// An interner for one thread with the same strings, and which new symbols stand for the old ones.
    ///
    /// # Errors
    ///
    /// If there is no memory for it; the interner comes back as it was.
    #[expect(clippy::type_complexity, reason = "both are pairs, as those of `Interner::compact`")]
    pub fn try_into_interner(self) -> Result<(Interner<K, T, S>, Remap<K>), (Self, InternError)> {
        let mut interner = Interner::with_hasher(self.hasher.clone());
        let mut symbols = Vec::new();
        let moved = (|| {
            growth::reserve_exact(&mut symbols, self.in_order().count())?;
            interner.try_reserve(self.len())?;
            for text in self.in_order() {
                symbols.push(text.map(|text| interner.try_intern(text)).transpose()?);
            }
            Ok(())
        })();
        match moved {
            Ok(()) => {
                interner.set_limits(self.limits());
                Ok((interner, Remap::from_symbols(symbols)))
            }
            Err(error) => Err((self, error)),
        }
    }
}

/// The same strings, under other symbols.
impl<K: Key, T: Text + ?Sized, S: BuildHasher + Clone> From<&Interner<K, T, S>>
    for SharedInterner<K, T, S>
{
    #[track_caller]
    fn from(interner: &Interner<K, T, S>) -> Self {
        let mut shared = Self::with_hasher(interner.hasher().clone());
        for (_, text) in interner {
            shared.intern(text);
        }
        shared.set_limits(interner.limits());
        shared
    }
}

/// The same strings, under other symbols.
impl<K: Key, T: Text + ?Sized, S: BuildHasher + Clone> From<Interner<K, T, S>>
    for SharedInterner<K, T, S>
{
    #[track_caller]
    fn from(interner: Interner<K, T, S>) -> Self {
        Self::from(&interner)
    }
}

impl<K: Key, T: Text + ?Sized, S: BuildHasher + Default> Default for SharedInterner<K, T, S> {
    fn default() -> Self {
        Self::with_hasher(S::default())
    }
}

/// As a map of symbols to strings.
impl<K: Key, T: Text + ?Sized, S: BuildHasher> fmt::Debug for SharedInterner<K, T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

/// `interner[symbol]` is the string of a symbol.
impl<K: Key, T: Text + ?Sized, S: BuildHasher> Index<K> for SharedInterner<K, T, S> {
    type Output = T;

    #[inline]
    #[track_caller]
    fn index(&self, symbol: K) -> &T {
        self.resolve(symbol)
    }
}

impl<K: Key, T: Text + ?Sized, S: BuildHasher, A: AsRef<T>> Extend<A> for &SharedInterner<K, T, S> {
    #[track_caller]
    fn extend<I: IntoIterator<Item = A>>(&mut self, texts: I) {
        for text in texts {
            self.intern(text.as_ref());
        }
    }
}

impl<K: Key, T: Text + ?Sized, S: BuildHasher, A: AsRef<T>> Extend<A> for SharedInterner<K, T, S> {
    #[track_caller]
    fn extend<I: IntoIterator<Item = A>>(&mut self, texts: I) {
        (&*self).extend(texts);
    }
}

impl<K: Key, T: Text + ?Sized, S: BuildHasher + Default, A: AsRef<T>> FromIterator<A>
    for SharedInterner<K, T, S>
{
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = A>>(texts: I) -> Self {
        let interner = Self::default();
        (&interner).extend(texts);
        interner
    }
}

impl<'a, K: Key, T: Text + ?Sized, S: BuildHasher> IntoIterator for &'a SharedInterner<K, T, S> {
    type Item = (K, &'a T);
    type IntoIter = SharedIter<'a, K, T>;

    fn into_iter(self) -> SharedIter<'a, K, T> {
        self.iter()
    }
}

impl<K, T: Text + ?Sized, S> HeapSize for SharedInterner<K, T, S> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.block(Block::array::<Shard<T>>(self.shards.len(), self.shards.len()));
        // The observer of a walk may intern, so no lock is held while it is told.
        self.shards.iter().flat_map(Shard::heap).for_each(|block| visitor.block(block));
    }

    fn owns_heap() -> bool {
        true
    }
}
