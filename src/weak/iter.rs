//! What is in a map, value by value.

use super::mode::Mode;
use super::strong::Strong;
use super::table::Table;
use super::value::Value;
use alloc::vec;
use core::fmt;
use core::iter::FusedIterator;

/// The values of a map: see [`WeakMap::iter`](super::WeakMap::iter).
pub struct Iter<'a, K, V: ?Sized + Value, M: Mode> {
    table: &'a Table<K, V, M>,
    /// The shard that is next.
    shard: usize,
    /// What is left of the one before.
    values: vec::IntoIter<Strong<K, V, M>>,
}

impl<'a, K, V: ?Sized + Value, M: Mode> Iter<'a, K, V, M> {
    pub(super) fn new(table: &'a Table<K, V, M>) -> Self {
        Self { table, shard: 0, values: vec::Vec::new().into_iter() }
    }
}

impl<K, V: ?Sized + Value, M: Mode> Iterator for Iter<'_, K, V, M> {
    type Item = Strong<K, V, M>;

    fn next(&mut self) -> Option<Strong<K, V, M>> {
        loop {
            if let Some(value) = self.values.next() {
                return Some(value);
            }
            self.values = self.table.values_of(self.shard)?.into_iter();
            self.shard += 1;
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.values.len(), None)
    }
}

impl<K, V: ?Sized + Value, M: Mode> FusedIterator for Iter<'_, K, V, M> {}

impl<K, V: ?Sized + Value, M: Mode> fmt::Debug for Iter<'_, K, V, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iter").finish_non_exhaustive()
    }
}
