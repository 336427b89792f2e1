//! Symbols and strings that are frozen, one after the other.

use super::super::interner::key;
use super::super::symbol::Key;
use super::super::text::Text;
use super::strings::FrozenStrings;
use crate::raw::Words;
use alloc::boxed::Box;
use core::fmt;
use core::iter::FusedIterator;
use core::ops::Range;

/// The symbols and strings of a [`Frozen`](super::Frozen) or of [`FrozenStrings`], in the order in which they were first interned.
pub struct FrozenIter<'a, K, T: ?Sized, W = Box<[u64]>> {
    strings: &'a FrozenStrings<K, T, W>,
    /// Invariant: within those of the strings.
    indices: Range<usize>,
}

impl<'a, K: Key, T: Text + ?Sized, W: Words> FrozenIter<'a, K, T, W> {
    pub(super) fn new(strings: &'a FrozenStrings<K, T, W>) -> Self {
        Self { strings, indices: 0..strings.len() }
    }

    #[inline]
    fn at(&self, index: usize) -> Option<(K, &'a T)> {
        Some((key(index), self.strings.at(index)?))
    }
}

impl<'a, K: Key, T: Text + ?Sized, W: Words> Iterator for FrozenIter<'a, K, T, W> {
    type Item = (K, &'a T);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let index = self.indices.next()?;
        self.at(index)
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.indices.size_hint()
    }

    #[inline]
    fn nth(&mut self, n: usize) -> Option<Self::Item> {
        let index = self.indices.nth(n)?;
        self.at(index)
    }
}

impl<K: Key, T: Text + ?Sized, W: Words> DoubleEndedIterator for FrozenIter<'_, K, T, W> {
    #[inline]
    fn next_back(&mut self) -> Option<Self::Item> {
        let index = self.indices.next_back()?;
        self.at(index)
    }
}

impl<K: Key, T: Text + ?Sized, W: Words> ExactSizeIterator for FrozenIter<'_, K, T, W> {}

impl<K: Key, T: Text + ?Sized, W: Words> FusedIterator for FrozenIter<'_, K, T, W> {}

impl<K, T: ?Sized, W> Clone for FrozenIter<'_, K, T, W> {
    fn clone(&self) -> Self {
        Self { strings: self.strings, indices: self.indices.clone() }
    }
}

impl<K: Key, T: Text + ?Sized, W: Words> fmt::Debug for FrozenIter<'_, K, T, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.clone()).finish()
    }
}
