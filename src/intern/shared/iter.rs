//! Symbols and strings, shard by shard.

use super::interner::symbol;
use super::shard::Shard;
use crate::intern::{Key, Text};
use core::fmt;
use core::iter::FusedIterator;
use core::marker::PhantomData;

/// The symbols and strings of a [`SharedInterner`](super::SharedInterner), shard by shard.
///
/// A string that is interned meanwhile is among them or is not.
pub struct SharedIter<'a, K, T: ?Sized> {
    shards: &'a [Shard<T>],
    /// The shards are two to the power of these.
    bits: u32,
    shard: usize,
    /// Those of the shard that were given.
    given: usize,
    keys: PhantomData<fn() -> K>,
}

impl<'a, K, T: Text + ?Sized> SharedIter<'a, K, T> {
    pub(super) fn new(shards: &'a [Shard<T>], bits: u32) -> Self {
        Self { shards, bits, shard: 0, given: 0, keys: PhantomData }
    }
}

impl<'a, K: Key, T: Text + ?Sized> Iterator for SharedIter<'a, K, T> {
    type Item = (K, &'a T);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        while let Some(shard) = self.shards.get(self.shard) {
            if let Some(text) = shard.texts.get(self.given) {
                let symbol = symbol(self.bits, self.shard, self.given)?;
                self.given += 1;
                return Some((symbol, text));
            }
            (self.shard, self.given) = (self.shard + 1, 0);
        }
        None
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let lens = self.shards[self.shard..].iter().map(|shard| shard.texts.len());
        (lens.sum::<usize>() - self.given, None)
    }
}

impl<K: Key, T: Text + ?Sized> FusedIterator for SharedIter<'_, K, T> {}

impl<K, T: ?Sized> Clone for SharedIter<'_, K, T> {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

impl<K: Key, T: Text + ?Sized> fmt::Debug for SharedIter<'_, K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.clone()).finish()
    }
}
