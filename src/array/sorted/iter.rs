//! Iterating over sorted values, one after the other in the bits.

use super::SortedArray;
use crate::array::Int;
use crate::array::iter::Scan;
use crate::raw::Words;
use crate::raw::elias_fano::Walk;
use alloc::boxed::Box;
use core::fmt;
use core::iter::FusedIterator;
use core::ops::Range;

/// An iterator over the values of a [`SortedArray`].
///
/// `next` and `next_back` read on in the bits from where they are, `nth` finds its way anew, and `fold`, and what is built
/// on it, takes hundreds of values at a time.
pub struct SortedIter<'a, T, W = Box<[u64]>> {
    array: &'a SortedArray<T, W>,
    /// Invariant: ends at the length of the array or before.
    range: Range<usize>,
    /// Invariant: from the value at the start of the range to the one at its end, if there is one.
    walk: Walk<'a>,
}

impl<'a, T: Int, W: Words> SortedIter<'a, T, W> {
    pub(super) fn new(array: &'a SortedArray<T, W>) -> Self {
        Self { array, range: 0..array.len(), walk: array.numbers.walk() }
    }
}

impl<T: Int, W: Words> Iterator for SortedIter<'_, T, W> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        let index = self.range.next()?;
        Some(self.array.frame.value(self.walk.next(index)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.range.size_hint()
    }

    fn count(self) -> usize {
        self.range.len()
    }

    fn nth(&mut self, n: usize) -> Option<T> {
        if n > 0 {
            self.range.nth(n - 1)?;
            if !self.range.is_empty() {
                self.array.numbers.walk_from(&mut self.walk, self.range.start);
            }
        }
        self.next()
    }

    fn last(mut self) -> Option<T> {
        self.next_back()
    }

    #[inline]
    fn fold<B, F: FnMut(B, T) -> B>(self, init: B, f: F) -> B {
        self.array.fold_range(self.range, init, f)
    }
}

impl<T: Int, W: Words> DoubleEndedIterator for SortedIter<'_, T, W> {
    #[inline]
    fn next_back(&mut self) -> Option<T> {
        let index = self.range.next_back()?;
        Some(self.array.frame.value(self.walk.next_back(index)))
    }

    fn nth_back(&mut self, n: usize) -> Option<T> {
        if n > 0 {
            self.range.nth_back(n - 1)?;
            if !self.range.is_empty() {
                self.array.numbers.walk_back_from(&mut self.walk, self.range.end - 1);
            }
        }
        self.next_back()
    }
}

impl<T: Int, W: Words> ExactSizeIterator for SortedIter<'_, T, W> {}
impl<T: Int, W: Words> FusedIterator for SortedIter<'_, T, W> {}

impl<T, W> Clone for SortedIter<'_, T, W> {
    fn clone(&self) -> Self {
        Self { range: self.range.clone(), ..*self }
    }
}

impl<T: Int, W: Words> fmt::Debug for SortedIter<'_, T, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}
