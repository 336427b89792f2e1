//! Strings of a column that stand next to one another.

use super::super::validity::Validity;
use super::TextField;
use crate::array::{StrArray, Strs};
use crate::raw::range::indices;
use alloc::string::String;
use core::fmt;
use core::iter::FusedIterator;
use core::marker::PhantomData;
use core::ops::{Range, RangeBounds};

/// The strings of a [`TextColumn`](super::TextColumn), or of a part of it. Is copied as a slice is.
///
/// ```
/// use pennyweight::record::TextColumn;
///
/// let days: TextColumn = ["Mon", "Tue", "Wed", "Thu"].iter().collect();
/// let middle = days.slice(1..3);
/// assert_eq!((middle.len(), middle.get(1)), (2, Some("Wed")));
/// assert!(middle.iter().eq(["Tue", "Wed"]));
/// ```
pub struct TextSlice<'a, V = String> {
    strings: &'a StrArray,
    /// Invariant: as long as the slice.
    validity: Validity<'a>,
    /// Where in the strings the slice begins. Invariant: it ends within them.
    start: usize,
    values: PhantomData<fn() -> V>,
}

impl<'a, V: TextField> TextSlice<'a, V> {
    /// All strings of an array, with their validity.
    #[inline]
    pub(super) fn new(strings: &'a StrArray, validity: Validity<'a>) -> Self {
        Self { strings, validity, start: 0, values: PhantomData }
    }

    /// The same strings, as values of another type.
    pub(in crate::record) fn retyped<U>(self) -> TextSlice<'a, U> {
        let Self { strings, validity, start, .. } = self;
        TextSlice { strings, validity, start, values: PhantomData }
    }

    /// The number of strings, nulls among them.
    #[inline]
    #[must_use]
    pub fn len(self) -> usize {
        self.validity.len()
    }

    /// Whether there are none.
    #[inline]
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The string at `index`, or `None` behind the end. Where strings can be null, `Some(None)` is one that is.
    #[inline]
    #[must_use]
    pub fn get(self, index: usize) -> Option<V::Ref<'a>> {
        let valid = self.validity.get(index)?;
        Some(V::lend(if valid { self.strings.get(self.start + index) } else { None }))
    }

    /// The string at `index`: what `slice[index]` would be.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn value(self, index: usize) -> V::Ref<'a> {
        match self.get(index) {
            Some(value) => value,
            None => panic!("index {index} out of range for {} strings", self.len()),
        }
    }

    /// Iterates over the strings: faster than [`get`](Self::get) with all indices.
    #[inline]
    pub fn iter(self) -> TextIter<'a, V> {
        let strings = self.strings.iter_range(self.start..self.start + self.len());
        TextIter { strings, validity: self.validity, indices: 0..self.len(), values: PhantomData }
    }

    /// A part of these strings.
    ///
    /// # Panics
    ///
    /// Panics when the range is not within them.
    #[must_use]
    #[track_caller]
    pub fn slice(self, range: impl RangeBounds<usize>) -> Self {
        let range = indices(&range, self.len());
        let start = self.start + range.start;
        Self { validity: self.validity.slice(range), start, ..self }
    }

    /// Which strings are there.
    #[inline]
    #[must_use]
    pub fn validity(self) -> Validity<'a> {
        self.validity
    }
}

impl<V> Clone for TextSlice<'_, V> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<V> Copy for TextSlice<'_, V> {}

impl<V: TextField> fmt::Debug for TextSlice<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<V: TextField, U: TextField> PartialEq<TextSlice<'_, U>> for TextSlice<'_, V> {
    fn eq(&self, other: &TextSlice<'_, U>) -> bool {
        self.len() == other.len() && self.iter().map(V::text).eq(other.iter().map(U::text))
    }
}

impl<V: TextField> Eq for TextSlice<'_, V> {}

impl<'a, V: TextField> IntoIterator for TextSlice<'a, V> {
    type Item = V::Ref<'a>;
    type IntoIter = TextIter<'a, V>;

    fn into_iter(self) -> TextIter<'a, V> {
        self.iter()
    }
}

/// An iterator over the strings of a [`TextSlice`].
pub struct TextIter<'a, V = String> {
    strings: Strs<'a>,
    validity: Validity<'a>,
    /// Invariant: where in the validity the strings are that are left.
    indices: Range<usize>,
    values: PhantomData<fn() -> V>,
}

impl<'a, V: TextField> TextIter<'a, V> {
    #[inline]
    fn lend(&self, index: usize, text: &'a str) -> V::Ref<'a> {
        V::lend(if !V::NULLABLE || self.validity.is_valid(index) { Some(text) } else { None })
    }
}

impl<'a, V: TextField> Iterator for TextIter<'a, V> {
    type Item = V::Ref<'a>;

    #[inline]
    fn next(&mut self) -> Option<V::Ref<'a>> {
        let text = self.strings.next()?;
        let index = self.indices.next()?;
        Some(self.lend(index, text))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.indices.size_hint()
    }

    fn nth(&mut self, n: usize) -> Option<V::Ref<'a>> {
        let text = self.strings.nth(n);
        let index = self.indices.nth(n)?;
        Some(self.lend(index, text?))
    }

    fn fold<B, F: FnMut(B, V::Ref<'a>) -> B>(self, init: B, mut f: F) -> B {
        let (strings, mut index) = (self.strings.clone(), self.indices.start);
        strings.fold(init, |folded, text| {
            let value = self.lend(index, text);
            index += 1;
            f(folded, value)
        })
    }
}

impl<V: TextField> DoubleEndedIterator for TextIter<'_, V> {
    #[inline]
    fn next_back(&mut self) -> Option<Self::Item> {
        let text = self.strings.next_back()?;
        let index = self.indices.next_back()?;
        Some(self.lend(index, text))
    }
}

impl<V: TextField> ExactSizeIterator for TextIter<'_, V> {}
impl<V: TextField> FusedIterator for TextIter<'_, V> {}

impl<V> Clone for TextIter<'_, V> {
    fn clone(&self) -> Self {
        let (strings, indices) = (self.strings.clone(), self.indices.clone());
        Self { strings, validity: self.validity, indices, values: PhantomData }
    }
}

impl<V: TextField> fmt::Debug for TextIter<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}
