//! Strings to which no more are to come.

mod bounds;
mod image;
mod iter;
mod slots;
mod strings;

pub use iter::FrozenIter;
pub use strings::FrozenStrings;

use self::slots::{Look, Slots};
use super::error::InternError;
use super::hash::{Short, same};
use super::interner::{Interner, key};
use super::symbol::{Key, Symbol};
use super::text::Text;
use crate::raw::image::{Kind, Load, LoadWords, Parts, Sections, Stored};
use crate::raw::{ImageError, ReserveError, Words};
use crate::size::{Block, HeapSize, Visitor};
use alloc::boxed::Box;
use core::fmt;
use core::hash::BuildHasher;
use core::ops::Index;

/// What an [`Interner`] knows in as few bytes as it takes: about 5 for each string beside its text. It has symbols for strings
/// and strings for symbols, and takes no more of either.
///
/// It wins where strings are interned once and then looked up: a vocabulary that is built in advance, mapped into memory, and
/// there at once. The symbols are those of the interner. It loses where new strings come, and an interner is to grow; where
/// strings are only resolved, [`FrozenStrings`] take 2 bytes each; where they are sorted, a
/// [`SortedStrArray`](crate::array::SortedStrArray) takes less than the text alone, and finds strings more slowly.
///
/// # Layout
///
/// That of [`FrozenStrings`], and a table: of each string 6 bits of its hash and its index, in the order of their hashes and without a
/// gap; and a directory that says where those lie whose hashes begin alike, 6 on the average, in 8 bits.
///
/// ```text
/// hash ──► directory ──► bucket: [ tag | tag | tag | … ] ──► [ index ] ──► ends ──► text
/// ```
///
/// `W` says where all that lies: in boxes (`Box<[u64]>`), or in an image that is read in place (`&[u64]`). [`array`](crate::array) shows
/// how to hold a memory map and what is opened in it.
///
/// # Memory
///
/// That of [`FrozenStrings`], and for each string 7.6 bits and those of an index: in all, of 3,000 strings 4.5 bytes each beside their
/// text, of 100,000 strings 5.1, of a million 5.5. An image has 64 bytes more. While it is made, the interner is there too, and
/// nothing else is allocated.
///
/// # Attacks
///
/// No bucket has more than 32 strings, so a lookup takes **O(1)** time beside the hash, whatever strings are there. All tables are
/// made with one seed, so that the same strings give the same image; where strings were chosen so that a bucket has more, the seed
/// is one at random. An image from outside is held to the same bound.
///
/// # Examples
///
/// ```
/// use pennyweight::intern::{Frozen, Interner};
///
/// let mut names = Interner::new();
/// let united = names.intern("UA");
/// names.extend(["DL", "AA"]);
///
/// let frozen = names.freeze();
/// assert_eq!(frozen.get("UA"), Some(united));
/// assert_eq!((&frozen[united], frozen.get("B6")), ("UA", None));
///
/// let bytes = frozen.to_bytes();
/// assert_eq!(Frozen::from_bytes(&bytes)?, frozen);
/// let words: Vec<u64> = bytemuck::allocation::pod_collect_to_vec(&bytes); // aligned, as maps are
/// let map: &[u8] = bytemuck::cast_slice(&words);
/// let mapped: Frozen<_, _, &[u64]> = Frozen::open(map)?;
/// assert_eq!((mapped.resolve(united), mapped.heap_bytes()), ("UA", 0));
///
/// let mut names = frozen.thaw();
/// assert_eq!((names.intern("UA"), names.len()), (united, 3));
/// # Ok::<(), pennyweight::intern::ImageError>(())
/// ```
///
/// # Source
///
/// Slots in the order of hashes, where a place says what is then left out, are those of
/// [quotient filters](https://dl.acm.org/doi/10.14778/2350229.2350275) (M. Bender and others, "Don't thrash: how to cache your hash on
/// flash", VLDB 2012); tags compared within a word are those of [SwissTable](https://abseil.io/about/design/swisstables).
pub struct Frozen<K = Symbol, T: ?Sized = str, W = Box<[u64]>> {
    /// No two are equal.
    strings: FrozenStrings<K, T, W>,
    /// Each string is found in it.
    slots: Slots<W>,
}

impl<K: Key, T: Text + ?Sized, W: Words> Frozen<K, T, W> {
    /// The symbol of a string, if it is there.
    ///
    /// Computes in **O(1)** time.
    #[inline]
    #[must_use]
    pub fn get(&self, text: &T) -> Option<K> {
        self.find(text.as_bytes()).map(key)
    }

    /// Whether a string is there.
    #[inline]
    #[must_use]
    pub fn contains(&self, text: &T) -> bool {
        self.find(text.as_bytes()).is_some()
    }

    /// The string of a symbol.
    ///
    /// A symbol of another interner gives another string, where there are as many.
    ///
    /// # Panics
    ///
    /// If there is no such symbol.
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn resolve(&self, symbol: K) -> &T {
        self.strings.resolve(symbol)
    }

    /// The string of a symbol, or `None` where there is no such symbol.
    #[inline]
    #[must_use]
    pub fn try_resolve(&self, symbol: K) -> Option<&T> {
        self.strings.try_resolve(symbol)
    }

    /// Symbols and strings, in the order in which they were first interned.
    #[must_use]
    pub fn iter(&self) -> FrozenIter<'_, K, T, W> {
        self.strings.iter()
    }

    /// How many strings there are.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.strings.len()
    }

    /// Whether there are no strings.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.strings.is_empty()
    }

    /// The bytes of all strings.
    #[must_use]
    pub fn text_bytes(&self) -> usize {
        self.strings.text_bytes()
    }

    /// The bytes of heap memory: none where an image is read in place.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        let slots = self.slots.buffers().map(|words| if W::OWNED { size_of_val(words) } else { 0 });
        self.strings.heap_bytes() + slots.iter().sum::<usize>()
    }

    /// The strings without the table.
    pub fn strings(&self) -> &FrozenStrings<K, T, W> {
        &self.strings
    }

    /// Drops the table.
    #[must_use]
    pub fn into_strings(self) -> FrozenStrings<K, T, W> {
        self.strings
    }

    /// An interner of the same strings under the same symbols, to which more can come.
    ///
    /// [`From`] makes one with another hash.
    ///
    /// # Panics
    ///
    /// Where [`try_thaw`](Self::try_thaw) has an error.
    #[must_use]
    #[track_caller]
    pub fn thaw(&self) -> Interner<K, T> {
        self.try_thaw().unwrap_or_else(|error| error.raise())
    }

    /// An interner of the same strings under the same symbols, to which more can come.
    ///
    /// # Errors
    ///
    /// If there is no memory for it.
    pub fn try_thaw<S: BuildHasher + Default>(&self) -> Result<Interner<K, T, S>, InternError> {
        let mut interner = Interner::default();
        interner.try_reserve(self.len())?;
        self.iter().try_for_each(|(_, text)| interner.try_intern(text).map(|_| ()))?;
        Ok(interner)
    }

    /// The index of a string. What nearly always finds it has no calls in it.
    #[inline(always)]
    fn find(&self, bytes: &[u8]) -> Option<usize> {
        let Some(short) = Short::of(bytes) else { return self.find_long(bytes) };
        let hash = self.slots.hash(bytes);
        match self.slots.look(hash) {
            Look::Perhaps(index) if self.holds(index, short) => Some(index),
            Look::Nowhere => None,
            _ => self.find_further(bytes, hash),
        }
    }

    #[inline(never)]
    fn find_long(&self, bytes: &[u8]) -> Option<usize> {
        self.find_further(bytes, self.slots.hash(bytes))
    }

    #[inline(never)]
    fn find_further(&self, bytes: &[u8], hash: u64) -> Option<usize> {
        self.slots.find(hash, |index| self.is(index, bytes))
    }

    /// Whether the string with an index is this short one.
    #[inline(always)]
    fn holds(&self, index: usize, short: Short) -> bool {
        self.strings.bytes(index).is_some_and(|string| short.is(string))
    }

    /// Whether the string with an index is this one.
    #[inline(always)]
    fn is(&self, index: usize, bytes: &[u8]) -> bool {
        self.strings.bytes(index).is_some_and(|string| same(string, bytes))
    }

    /// Whether each string is found under its own index, and so no two are equal.
    fn are_found(&self) -> bool {
        let bytes = |index| self.strings.bytes(index);
        (0..self.len()).all(|index| bytes(index).and_then(|bytes| self.find(bytes)) == Some(index))
    }

    /// Panics unless the invariants of the fields hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.strings.check_invariants();
        self.slots.check_invariants();
        assert!(self.are_found());
    }
}

impl<'a, K: Key, T: Text + ?Sized> Frozen<K, T, &'a [u64]> {
    /// The string of a symbol, from an image that was [opened](Self::open): it is there as long as the image, and outlives this value, which
    /// [`resolve`](Self::resolve) borrows.
    #[inline]
    #[must_use]
    pub fn lend(&self, symbol: K) -> Option<&'a T> {
        self.strings.lend(symbol)
    }
}

impl<K: Key, T: Text + ?Sized> Frozen<K, T> {
    /// Gives strings a table, all of which are different.
    pub(super) fn build(strings: FrozenStrings<K, T>) -> Result<Self, ReserveError> {
        let slots = Slots::build(strings.len(), |index| strings.bytes(index).unwrap_or_default())?;
        Ok(Self { strings, slots })
    }
}

impl<K: Key, T: Text + ?Sized, S: BuildHasher> Interner<K, T, S> {
    /// The same strings under the same symbols in as few bytes as it takes, to which no more can come.
    ///
    /// The interner remains. [`freeze_strings`](Self::freeze_strings) takes less, and has no symbols for strings.
    ///
    /// # Panics
    ///
    /// Where [`try_freeze`](Self::try_freeze) has an error or panics.
    #[must_use]
    #[track_caller]
    pub fn freeze(&self) -> Frozen<K, T> {
        self.try_freeze().unwrap_or_else(|error| error.raise())
    }

    /// The same strings under the same symbols in as few bytes as it takes, to which no more can come.
    ///
    /// # Errors
    ///
    /// If there is no memory for it.
    ///
    /// # Panics
    ///
    /// If `S` gave a string another hash each time, so that the interner has it many times.
    pub fn try_freeze(&self) -> Result<Frozen<K, T>, ReserveError> {
        Frozen::build(self.try_freeze_strings()?)
    }
}

impl<K: Key, T: Text + ?Sized, S: BuildHasher> From<&Interner<K, T, S>> for Frozen<K, T> {
    #[track_caller]
    fn from(interner: &Interner<K, T, S>) -> Self {
        interner.freeze()
    }
}

impl<K: Key, T: Text + ?Sized, W: Words, S: BuildHasher + Default> From<&Frozen<K, T, W>>
    for Interner<K, T, S>
{
    #[track_caller]
    fn from(frozen: &Frozen<K, T, W>) -> Self {
        frozen.try_thaw().unwrap_or_else(|error| error.raise())
    }
}

impl<K, T: ?Sized> Copy for Frozen<K, T, &[u64]> {}

impl<K, T: ?Sized, W: Words> Clone for Frozen<K, T, W> {
    fn clone(&self) -> Self {
        Self { strings: self.strings.clone(), slots: self.slots.clone() }
    }
}

/// As a map of symbols to strings.
impl<K: Key, T: Text + ?Sized, W: Words> fmt::Debug for Frozen<K, T, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.strings.fmt(f)
    }
}

/// Equal are the same strings under the same symbols.
impl<K: Key, T: Text + ?Sized, V: Words, W: Words> PartialEq<Frozen<K, T, V>> for Frozen<K, T, W> {
    fn eq(&self, other: &Frozen<K, T, V>) -> bool {
        self.strings == other.strings
    }
}

impl<K: Key, T: Text + ?Sized, W: Words> Eq for Frozen<K, T, W> {}

/// `frozen[symbol]` is the string of a symbol.
impl<K: Key, T: Text + ?Sized, W: Words> Index<K> for Frozen<K, T, W> {
    type Output = T;

    #[inline]
    #[track_caller]
    fn index(&self, symbol: K) -> &T {
        self.resolve(symbol)
    }
}

impl<'a, K: Key, T: Text + ?Sized, W: Words> IntoIterator for &'a Frozen<K, T, W> {
    type Item = (K, &'a T);
    type IntoIter = FrozenIter<'a, K, T, W>;

    fn into_iter(self) -> FrozenIter<'a, K, T, W> {
        self.iter()
    }
}

impl<K: Key, T: Text + ?Sized, W: Words> HeapSize for Frozen<K, T, W> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("strings", &self.strings);
        if W::OWNED {
            let blocks = self
                .slots
                .buffers()
                .map(|words| Block::array::<u64>(words.len(), words.len()).at(words.as_ptr()));
            blocks.into_iter().for_each(|block| visitor.block(block));
        }
    }

    fn owns_heap() -> bool {
        W::OWNED
    }
}

impl<K: Key, T: Text + ?Sized, W: Words> Stored for Frozen<K, T, W> {
    const KIND: Kind = Kind::Frozen;

    fn element() -> u16 {
        T::ELEMENT
    }

    fn store<'s>(&'s self, image: &mut Sections<'s>) {
        self.strings.store(image);
        self.slots.store(image);
    }
}

impl<'a, K: Key, T: Text + ?Sized, W: Words + LoadWords<'a>> Load<'a> for Frozen<K, T, W> {
    fn load(parts: &mut Parts<'a>) -> Result<Self, ImageError> {
        let strings = FrozenStrings::load(parts)?;
        let slots = Slots::load(parts, strings.len())?;
        let frozen = Self { strings, slots };
        match frozen.are_found() {
            true => Ok(frozen),
            false => Err(ImageError::Invalid("a string is not found, or is there twice")),
        }
    }
}
