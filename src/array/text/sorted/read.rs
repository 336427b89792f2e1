//! Reading sorted strings in order.
#![allow(unsafe_code)]

use super::super::buffer::Buffer;
use super::super::eq::{list_eq, strs_eq};
use super::SortedStrArray;
use super::tail::{Tails, apply};
use crate::raw::range::indices;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::iter::FusedIterator;
use core::mem;
use core::ops::{Range, RangeBounds};

impl<W: Buffer<u8>> SortedStrArray<W> {
    /// Iterates over the strings, each of which is allocated. A [`cursor`](Self::cursor) lends them.
    pub fn iter(&self) -> SortedStrs<'_, W> {
        self.iter_range(..)
    }

    /// Iterates over the strings of a range of indices, such as [`prefix`](Self::prefix) and [`range`](Self::range)
    /// give.
    ///
    /// # Panics
    ///
    /// Panics where the range ends before it begins, or behind the last string.
    ///
    /// ```
    /// use pennyweight::array::SortedStrArray;
    ///
    /// let words = SortedStrArray::from_sorted(["oak", "oaken", "oar", "oat"]);
    /// assert!(words.iter_range(words.range("oaken".."oat")).eq(["oaken", "oar"]));
    /// ```
    #[track_caller]
    pub fn iter_range(&self, range: impl RangeBounds<usize>) -> SortedStrs<'_, W> {
        SortedStrs { cursor: self.cursor(range) }
    }

    /// Reads the strings of a range of indices in order: each is decoded once, into one buffer, and lent.
    ///
    /// # Panics
    ///
    /// Panics where the range ends before it begins, or behind the last string.
    ///
    /// ```
    /// use pennyweight::array::SortedStrArray;
    ///
    /// let words = SortedStrArray::from_sorted(["oak", "oaken", "oar", "oat"]);
    /// let mut cursor = words.cursor(1..3);
    /// assert_eq!(cursor.next_str(), Some("oaken"));
    /// assert_eq!(cursor.next_str(), Some("oar"));
    /// assert_eq!(cursor.next_str(), None);
    /// ```
    #[track_caller]
    pub fn cursor(&self, range: impl RangeBounds<usize>) -> StrCursor<'_, W> {
        StrCursor {
            array: self,
            string: Vec::new(),
            tails: Tails::default(),
            at: usize::MAX,
            range: indices(&range, self.len),
        }
    }

    /// Whether these are the strings.
    pub(in super::super) fn equals<'s>(
        &self,
        mut strings: impl ExactSizeIterator<Item = &'s str>,
    ) -> bool {
        let mut own = self.cursor(..);
        self.len == strings.len() && strings.all(|string| own.next_str() == Some(string))
    }

    /// Calls `f` with all strings in order.
    ///
    /// ```
    /// use pennyweight::array::SortedStrArray;
    ///
    /// let words = SortedStrArray::from_sorted(["one", "three", "two"]);
    /// let mut bytes = 0;
    /// words.for_each(|word| bytes += word.len());
    /// assert_eq!(bytes, 11);
    /// ```
    pub fn for_each(&self, mut f: impl FnMut(&str)) {
        let mut cursor = self.cursor(0..self.len);
        while let Some(string) = cursor.next_str() {
            f(string);
        }
    }
}

/// Sorted strings in order, one at a time.
pub struct StrCursor<'a, W: Buffer<u8> = Box<[u64]>> {
    array: &'a SortedStrArray<W>,
    /// Invariant: the string at `at`, where that is one.
    string: Vec<u8>,
    /// The strings of the bucket behind it.
    tails: Tails<'a>,
    /// The index of the string that is decoded, or `usize::MAX` while none is.
    at: usize,
    /// What is left.
    range: Range<usize>,
}

impl<W: Buffer<u8>> StrCursor<'_, W> {
    /// The next string, until another one is asked for.
    #[inline]
    pub fn next_str(&mut self) -> Option<&str> {
        let index = self.range.next()?;
        Some(self.decode(index))
    }

    /// The number of strings that are left.
    pub fn remaining(&self) -> usize {
        self.range.len()
    }

    /// Decodes the string at `index`: from where the cursor is, or from the beginning of a bucket.
    #[inline]
    fn decode(&mut self, index: usize) -> &str {
        let shift = self.array.shift;
        // None, until the string is whole.
        let mut at = mem::replace(&mut self.at, usize::MAX);
        if at > index || at >> shift != index >> shift {
            self.tails = self.array.enter(index >> shift, &mut self.string);
            at = index >> shift << shift;
        }
        for tail in self.tails.by_ref().take(index - at) {
            apply(&mut self.string, &tail);
        }
        self.at = index;
        // SAFETY: this is the string at `at`, and each string of the array is UTF-8 (invariant of its `buckets`).
        unsafe { core::str::from_utf8_unchecked(&self.string) }
    }
}

impl<W: Buffer<u8>> Clone for StrCursor<'_, W> {
    fn clone(&self) -> Self {
        Self {
            array: self.array,
            string: self.string.clone(),
            tails: self.tails.clone(),
            at: self.at,
            range: self.range.clone(),
        }
    }
}

impl<W: Buffer<u8>> fmt::Debug for StrCursor<'_, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StrCursor").field("range", &self.range).finish_non_exhaustive()
    }
}

/// An iterator over the strings of a [`SortedStrArray`].
///
/// `next` decodes one string; `next_back` decodes half a bucket on average, as [`get`](SortedStrArray::get) does.
pub struct SortedStrs<'a, W: Buffer<u8> = Box<[u64]>> {
    cursor: StrCursor<'a, W>,
}

impl<W: Buffer<u8>> Iterator for SortedStrs<'_, W> {
    type Item = String;

    #[inline]
    fn next(&mut self) -> Option<String> {
        self.cursor.next_str().map(String::from)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.cursor.range.size_hint()
    }

    fn nth(&mut self, n: usize) -> Option<String> {
        let index = self.cursor.range.nth(n)?;
        Some(self.cursor.decode(index).into())
    }

    fn count(self) -> usize {
        self.cursor.range.len()
    }

    fn last(mut self) -> Option<String> {
        self.next_back()
    }
}

impl<W: Buffer<u8>> DoubleEndedIterator for SortedStrs<'_, W> {
    fn next_back(&mut self) -> Option<String> {
        let index = self.cursor.range.next_back()?;
        self.cursor.array.get(index)
    }

    fn nth_back(&mut self, n: usize) -> Option<String> {
        let index = self.cursor.range.nth_back(n)?;
        self.cursor.array.get(index)
    }
}

impl<W: Buffer<u8>> ExactSizeIterator for SortedStrs<'_, W> {}
impl<W: Buffer<u8>> FusedIterator for SortedStrs<'_, W> {}

impl<W: Buffer<u8>> Clone for SortedStrs<'_, W> {
    fn clone(&self) -> Self {
        Self { cursor: self.cursor.clone() }
    }
}

impl<W: Buffer<u8>> fmt::Debug for SortedStrs<'_, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

impl<'a, W: Buffer<u8>> IntoIterator for &'a SortedStrArray<W> {
    type Item = String;
    type IntoIter = SortedStrs<'a, W>;

    fn into_iter(self) -> SortedStrs<'a, W> {
        self.iter()
    }
}

impl<V: Buffer<u8>, W: Buffer<u8>> PartialEq<SortedStrArray<W>> for SortedStrArray<V> {
    /// True where the strings are equal, whatever the buckets.
    fn eq(&self, other: &SortedStrArray<W>) -> bool {
        let mut others = other.cursor(0..other.len);
        let mut equal = self.len == other.len;
        let mut strings = self.cursor(0..self.len);
        while equal && let Some(string) = strings.next_str() {
            equal = others.next_str() == Some(string);
        }
        equal
    }
}

impl<W: Buffer<u8>> Eq for SortedStrArray<W> {}

list_eq!([W: Buffer<u8>] SortedStrArray<W>, str);
strs_eq!(SortedStrArray);

impl<W: Buffer<u8>> Hash for SortedStrArray<W> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.len.hash(state);
        self.for_each(|string| string.hash(state));
    }
}

impl<W: Buffer<u8>> fmt::Debug for SortedStrArray<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}
