//! Symbols and strings, one after the other.

use super::arena::Arena;
use super::interner::key;
use super::symbol::Key;
use super::text::Text;
use core::fmt;
use core::iter::FusedIterator;
use core::marker::PhantomData;
use core::ops::Range;

/// The symbols and strings of an [`Interner`](super::Interner), in the order in which they were first interned.
pub struct Iter<'a, K, T: ?Sized> {
    arena: &'a Arena<T>,
    /// Invariant: within those of the arena.
    indices: Range<usize>,
    keys: PhantomData<fn() -> K>,
}

impl<'a, K, T: Text + ?Sized> Iter<'a, K, T> {
    pub(super) fn new(arena: &'a Arena<T>) -> Self {
        Self { arena, indices: 0..arena.len(), keys: PhantomData }
    }
}

impl<'a, K: Key, T: Text + ?Sized> Iterator for Iter<'a, K, T> {
    type Item = (K, &'a T);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let index = self.indices.next()?;
        Some((key(index), self.arena.get(index)?))
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.indices.size_hint()
    }

    #[inline]
    fn nth(&mut self, n: usize) -> Option<Self::Item> {
        let index = self.indices.nth(n)?;
        Some((key(index), self.arena.get(index)?))
    }
}

impl<K: Key, T: Text + ?Sized> DoubleEndedIterator for Iter<'_, K, T> {
    #[inline]
    fn next_back(&mut self) -> Option<Self::Item> {
        let index = self.indices.next_back()?;
        Some((key(index), self.arena.get(index)?))
    }
}

impl<K: Key, T: Text + ?Sized> ExactSizeIterator for Iter<'_, K, T> {}

impl<K: Key, T: Text + ?Sized> FusedIterator for Iter<'_, K, T> {}

impl<K, T: ?Sized> Clone for Iter<'_, K, T> {
    fn clone(&self) -> Self {
        Self { arena: self.arena, indices: self.indices.clone(), keys: PhantomData }
    }
}

impl<K: Key, T: Text + ?Sized> fmt::Debug for Iter<'_, K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.clone()).finish()
    }
}
