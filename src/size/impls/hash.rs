//! Hash maps and sets: hashbrown's, which tell their allocation, and the standard library's, which
//! do not.
//!
//! A table is one block: a power of two of buckets, padding, one control byte for each bucket, and
//! one group of control bytes more. The standard library's map is hashbrown's table behind an
//! interface that shows only `capacity`: the entries that it holds and those that it still takes
//! without growing. In a table that never lost an entry this is 7/8 of the buckets, from which all
//! else follows exactly.
//!
//! A removed entry may leave a tombstone, which is neither an entry nor room for one, so that
//! `capacity` falls short of what the buckets could hold. The table is then estimated: it is at
//! least the smallest that has that capacity, and at least as long as the distance between its
//! first and last entry. With more than a few dozen entries, spread as hashing spreads them, the
//! latter is the true size.
//!
//! Tombstones may by chance be just so many that the capacity is that of a smaller table. A table
//! with few entries for its capacity is therefore estimated too: it may be what is left of a larger
//! one. From a quarter of the buckets on (no table that only grew has less, but for the smallest
//! there is) the entries of a larger table would besides have to lie in one half of it, or less.

use core::hash::{BuildHasher, Hash};

use crate::size::{Block, HeapSize, Visitor};

impl<K: HeapSize, V: HeapSize, S> HeapSize for hashbrown::HashMap<K, V, S>
where
    K: Eq + Hash,
    S: BuildHasher,
{
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        let room = self.capacity() - self.len();
        let block = Block::new(self.allocation_size());
        visitor.block(block.with_slack(room * size_of::<(K, V)>()));
        visitor.entries(self);
    }
}

impl<T: HeapSize, S> HeapSize for hashbrown::HashSet<T, S>
where
    T: Eq + Hash,
    S: BuildHasher,
{
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        let room = self.capacity() - self.len();
        let block = Block::new(self.allocation_size());
        visitor.block(block.with_slack(room * size_of::<T>()));
        visitor.elements(self);
    }
}

impl<T: HeapSize> HeapSize for hashbrown::HashTable<T> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        let room = self.capacity() - self.len();
        let block = Block::new(self.allocation_size());
        visitor.block(block.with_slack(room * size_of::<T>()));
        visitor.elements(self);
    }
}

#[cfg(feature = "std")]
mod of_std {
    use core::ptr;
    use std::collections::{HashMap, HashSet};

    use crate::size::{Block, HeapSize, Visitor};

    impl<K: HeapSize, V: HeapSize, S> HeapSize for HashMap<K, V, S> {
        fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
            let walked = K::owns_heap() || V::owns_heap();
            visitor.block(table::<(K, V), K>(self.capacity(), self.keys(), walked));
            visitor.entries(self);
        }
    }

    impl<T: HeapSize, S> HeapSize for HashSet<T, S> {
        fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
            visitor.block(table::<T, T>(self.capacity(), self.iter(), T::owns_heap()));
            visitor.elements(self);
        }
    }

    /// Control bytes that are looked at together, as hashbrown chooses them for the target.
    const GROUP: usize = if cfg!(miri) {
        size_of::<usize>()
    } else if cfg!(all(target_feature = "sse2", any(target_arch = "x86", target_arch = "x86_64"))) {
        16
    } else if cfg!(any(target_pointer_width = "64", target_arch = "wasm32")) {
        8
    } else {
        4
    };

    /// Up to this many entries, a walk over them is made to be more certain.
    const FEW: usize = 1024;

    /// The block of a table of `T`, of which the map shows the `capacity` and the keys.
    fn table<'k, T, K: 'k>(
        capacity: usize,
        keys: impl ExactSizeIterator<Item = &'k K>,
        walked: bool,
    ) -> Block {
        if capacity == 0 {
            return Block::new(0);
        }
        let len = keys.len();
        let by_capacity = buckets_for(capacity, size_of::<T>());
        let smallest = buckets_for(1, size_of::<T>());
        let sparse = len == 0 || (len * 4 < by_capacity && by_capacity > smallest);
        let intact = full_capacity(by_capacity) == capacity && !sparse;
        let by_distance = if size_of::<T>() != 0 && (walked || !intact || len <= FEW) {
            distance(keys) / size_of::<T>() + usize::from(len != 0)
        } else {
            0
        };
        let buckets = by_capacity.max(by_distance.next_power_of_two());
        let entries = (buckets * size_of::<T>()).next_multiple_of(align_of::<T>().max(GROUP));
        let block =
            Block::new(entries + buckets + GROUP).with_slack((capacity - len) * size_of::<T>());
        if intact && buckets == by_capacity { block } else { block.estimated() }
    }

    /// The buckets of the smallest table that takes `capacity` entries of `size` bytes.
    fn buckets_for(capacity: usize, size: usize) -> usize {
        let least = match (GROUP, size) {
            (16, 0..=1) => 14,
            (16, 2..=3) | (8, 0..=1) => 7,
            _ => 3,
        };
        match capacity.max(least) {
            0..4 => 4,
            4..8 => 8,
            8..15 => 16,
            capacity => (capacity * 8 / 7).next_power_of_two(),
        }
    }

    /// How many entries a table takes in so many buckets.
    fn full_capacity(buckets: usize) -> usize {
        if buckets <= 8 { buckets - 1 } else { buckets / 8 * 7 }
    }

    /// The bytes between the first and the last of the keys in memory.
    fn distance<'k, K: 'k>(keys: impl Iterator<Item = &'k K>) -> usize {
        let mut first = usize::MAX;
        let mut last = 0;
        for key in keys {
            let address = ptr::from_ref(key).addr();
            first = first.min(address);
            last = last.max(address);
        }
        last.saturating_sub(first)
    }
}
