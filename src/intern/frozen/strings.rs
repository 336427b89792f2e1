//! Strings that are only resolved.
#![allow(unsafe_code)]

use super::super::interner::{Interner, no_symbol};
use super::super::symbol::{Key, Symbol};
use super::super::text::Text;
use super::bounds::{Bounds, MOST_TEXT};
use super::iter::FrozenIter;
use crate::raw::growth;
use crate::raw::image::{Kind, Load, LoadWords, Parts, Sections, Stored};
use crate::raw::{ImageError, ReserveError, Words};
use crate::size::{Block, HeapSize, Visitor};
use alloc::boxed::Box;
use core::fmt;
use core::hash::BuildHasher;
use core::marker::PhantomData;
use core::ops::Index;

/// The strings of an [`Interner`] without its table, for 2.1 bytes each beside their text: symbols are resolved, and strings are
/// not looked up.
///
/// It wins where symbols came out of a process that is over, and are only read from then on: the names in a profile, the columns of
/// a file. [`Frozen`](super::Frozen) finds the symbols of strings too, for 3 bytes more. A [`StrArray`](crate::array::StrArray) of the
/// same strings takes 0.9 bytes each beside their text, and is read more slowly.
///
/// # Layout
///
/// All text end to end; for each 128 strings where their text begins, in 64 bits; and for each string how far behind that it ends, in 16
/// bits. Where 128 strings are longer than that, they have bounds of 64 bits besides.
///
/// `W` says where all that lies: in boxes (`Box<[u64]>`), or in an image that is read in place (`&[u64]`).
///
/// # Memory
///
/// The text, 2 bytes for each string, and 10 for every 128 of them, each filled up to 8 bytes; 8 more for each string where they are of 512
/// bytes on the average. An image has 56 bytes more.
///
/// # Examples
///
/// ```
/// use pennyweight::intern::{FrozenStrings, Interner};
///
/// let mut names = Interner::new();
/// let (newark, kennedy) = (names.intern("EWR"), names.intern("JFK"));
///
/// let bytes = names.freeze_strings().to_bytes();
/// let names: FrozenStrings = FrozenStrings::from_bytes(&bytes)?;
/// assert_eq!((&names[newark], names.resolve(kennedy)), ("EWR", "JFK"));
/// assert_eq!((names.len(), names.heap_bytes(), bytes.len()), (2, 24, 80));
/// # Ok::<(), pennyweight::intern::ImageError>(())
/// ```
///
/// # Source
///
/// The offsets of Arrow's [`StringArray`](https://docs.rs/arrow-array) and of [internity](https://docs.rs/internity)'s reader, which take 4 bytes, cut to half.
pub struct FrozenStrings<K = Symbol, T: ?Sized = str, W = Box<[u64]>> {
    /// Invariant: they are bounds of `text`, and between those of each string lie the bytes of a `T`.
    bounds: Bounds<W>,
    /// The text, filled up with zeros.
    text: W,
    /// The bytes of the text.
    text_bytes: usize,
    /// Invariant of `len`: the type of symbols has one for each string.
    keys: PhantomData<fn(&T) -> K>,
}

impl<K: Key, T: Text + ?Sized, W: Words> FrozenStrings<K, T, W> {
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
        let index = symbol.index();
        match self.at(index) {
            Some(text) => text,
            None => no_symbol(index, self.len()),
        }
    }

    /// The string of a symbol, or `None` where there is no such symbol.
    #[inline]
    #[must_use]
    pub fn try_resolve(&self, symbol: K) -> Option<&T> {
        self.at(symbol.index())
    }

    /// Symbols and strings, in the order in which they were first interned.
    #[must_use]
    pub fn iter(&self) -> FrozenIter<'_, K, T, W> {
        FrozenIter::new(self)
    }

    /// How many strings there are.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.bounds.len()
    }

    /// Whether there are no strings.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes of all strings.
    #[must_use]
    pub fn text_bytes(&self) -> usize {
        self.text_bytes
    }

    /// The bytes of heap memory: none where an image is read in place.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        let words = self.buffers().map(|words| if W::OWNED { size_of_val(words) } else { 0 });
        words.iter().sum()
    }

    /// The string with an index.
    #[inline(always)]
    pub(super) fn at(&self, index: usize) -> Option<&T> {
        let bytes = self.bytes(index)?;
        // SAFETY: invariant of `bounds`.
        Some(unsafe { T::from_bytes_unchecked(bytes) })
    }

    /// The bytes of the string with an index.
    #[inline(always)]
    pub(super) fn bytes(&self, index: usize) -> Option<&[u8]> {
        let text = bytemuck::cast_slice(self.text.words());
        bytes(&self.bounds, text, index)
    }

    fn buffers(&self) -> [&[u64]; 4] {
        let [begins, ends, wide] = self.bounds.buffers();
        [&self.text, begins, ends, wide].map(Words::words)
    }

    /// Panics unless the invariants of the fields hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.bounds.check_invariants(self.text_bytes);
        assert_eq!(self.text.words().len(), self.text_bytes.div_ceil(8));
        assert!(self.are_texts());
        assert!(self.is_empty() || K::try_from_index(self.len() - 1).is_some());
    }

    fn are_texts(&self) -> bool {
        let is_text = |index| self.bytes(index).is_some_and(|bytes| T::from_bytes(bytes).is_some());
        (0..self.len()).all(is_text)
    }
}

/// The bytes of the string with an index, between the bounds of this text.
#[inline(always)]
fn bytes<'t, W: Words>(bounds: &Bounds<W>, text: &'t [u8], index: usize) -> Option<&'t [u8]> {
    if index >= bounds.len() {
        return None;
    }
    // SAFETY: the index is checked.
    let (start, len) = unsafe { bounds.place(index) };
    // SAFETY: bounds rise, and the last one is at most the length of the text (invariant of `bounds`).
    let text = unsafe { text.get_unchecked(start..) };
    // SAFETY: as above.
    Some(unsafe { text.get_unchecked(..len) })
}

impl<K: Key, T: Text + ?Sized> FrozenStrings<K, T> {
    /// Puts so many strings with so many bytes in all end to end.
    pub(in super::super) fn build<'t>(
        len: usize,
        text_bytes: usize,
        texts: impl Iterator<Item = &'t T>,
    ) -> Result<Self, ReserveError> {
        let mut text = Box::default();
        growth::set_words(&mut text, text_bytes.div_ceil(8))?;
        let mut rest = bytemuck::cast_slice_mut::<u64, u8>(&mut text);
        let bounds = Bounds::build(
            len,
            texts.map(|string| {
                let string = string.as_bytes();
                let (place, behind) = core::mem::take(&mut rest).split_at_mut(string.len());
                place.copy_from_slice(string);
                rest = behind;
                string.len()
            }),
        )?;
        Ok(Self { bounds, text, text_bytes, keys: PhantomData })
    }
}

impl<'a, K: Key, T: Text + ?Sized> FrozenStrings<K, T, &'a [u64]> {
    /// The string of a symbol, from an image that was [opened](Self::open): it is there as long as the image, and outlives this value, which
    /// [`resolve`](Self::resolve) borrows.
    #[inline]
    #[must_use]
    pub fn lend(&self, symbol: K) -> Option<&'a T> {
        let bytes = bytes(&self.bounds, bytemuck::cast_slice(self.text), symbol.index())?;
        // SAFETY: invariant of `bounds`.
        Some(unsafe { T::from_bytes_unchecked(bytes) })
    }
}

impl<K: Key, T: Text + ?Sized, S: BuildHasher> Interner<K, T, S> {
    /// The strings alone, for 2.1 bytes each beside their text. [`freeze`](Self::freeze) finds the symbols of strings too.
    ///
    /// # Panics
    ///
    /// Where [`try_freeze_strings`](Self::try_freeze_strings) has an error.
    #[must_use]
    #[track_caller]
    pub fn freeze_strings(&self) -> FrozenStrings<K, T> {
        self.try_freeze_strings().unwrap_or_else(|error| error.raise())
    }

    /// The strings alone, for 2.1 bytes each beside their text.
    ///
    /// # Errors
    ///
    /// If there is no memory for it.
    pub fn try_freeze_strings(&self) -> Result<FrozenStrings<K, T>, ReserveError> {
        FrozenStrings::build(self.len(), self.text_bytes(), self.iter().map(|(_, text)| text))
    }
}

impl<K, T: ?Sized> Copy for FrozenStrings<K, T, &[u64]> {}

impl<K, T: ?Sized, W: Words> Clone for FrozenStrings<K, T, W> {
    fn clone(&self) -> Self {
        let text = self.text.copy(self.text.words().len());
        Self { bounds: self.bounds.clone(), text, ..*self }
    }
}

/// As a map of symbols to strings.
impl<K: Key, T: Text + ?Sized, W: Words> fmt::Debug for FrozenStrings<K, T, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

/// Equal are the same strings under the same symbols.
impl<K: Key, T: Text + ?Sized, V: Words, W: Words> PartialEq<FrozenStrings<K, T, V>>
    for FrozenStrings<K, T, W>
{
    fn eq(&self, other: &FrozenStrings<K, T, V>) -> bool {
        self.len() == other.len() && self.iter().zip(other).all(|((_, a), (_, b))| a == b)
    }
}

impl<K: Key, T: Text + ?Sized, W: Words> Eq for FrozenStrings<K, T, W> {}

/// `strings[symbol]` is the string of a symbol.
impl<K: Key, T: Text + ?Sized, W: Words> Index<K> for FrozenStrings<K, T, W> {
    type Output = T;

    #[inline]
    #[track_caller]
    fn index(&self, symbol: K) -> &T {
        self.resolve(symbol)
    }
}

impl<'a, K: Key, T: Text + ?Sized, W: Words> IntoIterator for &'a FrozenStrings<K, T, W> {
    type Item = (K, &'a T);
    type IntoIter = FrozenIter<'a, K, T, W>;

    fn into_iter(self) -> FrozenIter<'a, K, T, W> {
        self.iter()
    }
}

impl<K: Key, T: Text + ?Sized, W: Words> HeapSize for FrozenStrings<K, T, W> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        if W::OWNED {
            let blocks = self
                .buffers()
                .map(|words| Block::array::<u64>(words.len(), words.len()).at(words.as_ptr()));
            blocks.into_iter().for_each(|block| visitor.block(block));
        }
    }

    fn owns_heap() -> bool {
        W::OWNED
    }
}

impl<K: Key, T: Text + ?Sized, W: Words> Stored for FrozenStrings<K, T, W> {
    const KIND: Kind = Kind::FrozenStrings;

    fn element() -> u16 {
        T::ELEMENT
    }

    fn store<'s>(&'s self, image: &mut Sections<'s>) {
        image.field(self.text_bytes as u64);
        image.bytes(&bytemuck::cast_slice::<u64, u8>(self.text.words())[..self.text_bytes]);
        self.bounds.store(image);
    }
}

impl<'a, K: Key, T: Text + ?Sized, W: Words + LoadWords<'a>> Load<'a> for FrozenStrings<K, T, W> {
    fn load(parts: &mut Parts<'a>) -> Result<Self, ImageError> {
        let text_bytes = parts.field_up_to(usize::try_from(MOST_TEXT).unwrap_or(usize::MAX))?;
        let text = parts.bytes_in_words(text_bytes)?;
        let bounds = Bounds::load(parts, text_bytes, u32::MAX as usize)?;
        let strings = Self { bounds, text, text_bytes, keys: PhantomData };
        if !strings.is_empty() && K::try_from_index(strings.len() - 1).is_none() {
            return Err(ImageError::Invalid("it has more strings than the type has symbols"));
        }
        match strings.are_texts() {
            true => Ok(strings),
            false => Err(ImageError::Invalid("a string is not UTF-8")),
        }
    }
}
