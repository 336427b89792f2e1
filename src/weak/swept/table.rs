//! The table that sweeps itself: the head of [`swept`](super) says why it does what it does.

use super::pointer::Mortal;
use super::stats::SweptStats;
use crate::size::{HeapSize, Visitor};
use alloc::vec::Vec;
use core::mem;
use core::ptr;
use hashbrown::HashTable;

/// The draws that each change is worth.
const PER_CHANGE: usize = 1;

/// The further draws that a dead entry is worth if a draw has found it.
const PER_FIND: usize = 2;

/// The buckets that a dead entry is worth when a run of them is followed. Twice the buckets for an entry in the sparsest table.
const PER_STEP: usize = 16;

/// The entries that a table may have beyond twice those which its last sweep left.
const BEYOND: usize = 16;

/// A hash table of entries that may die without telling.
pub(super) struct Table<E> {
    entries: HashTable<E>,
    /// Where so many entries are there, all are looked at before there is one more. Invariant: there are never more.
    limit: usize,
    /// The state of the generator that draws buckets.
    dice: u64,
    pub(super) stats: SweptStats,
}

impl<E> Table<E> {
    /// Whoever cannot guess the seed cannot tell which entries will be looked at.
    pub(super) fn new(seed: u64) -> Self {
        let stats = SweptStats::default();
        Self { entries: HashTable::new(), limit: BEYOND, dice: seed, stats }
    }

    /// The entries, those that are dead among them.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn iter(&self) -> hashbrown::hash_table::Iter<'_, E> {
        self.entries.iter()
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.entries.allocation_size()
    }

    #[inline]
    pub(super) fn find(&self, hash: u64, is: impl FnMut(&E) -> bool) -> Option<&E> {
        self.entries.find(hash, is)
    }

    #[inline]
    pub(super) fn find_mut(&mut self, hash: u64, is: impl FnMut(&E) -> bool) -> Option<&mut E> {
        self.entries.find_mut(hash, is)
    }

    /// The bucket of an entry, for those who go on if there is none. What has been found may have died since: whoever looks twice may not find
    /// it again.
    #[inline]
    pub(super) fn bucket_of(&self, hash: u64, is: impl FnMut(&E) -> bool) -> Option<usize> {
        self.entries.find_bucket_index(hash, is)
    }

    #[inline]
    pub(super) fn in_bucket(&mut self, bucket: usize) -> Option<&mut E> {
        self.entries.get_bucket_mut(bucket)
    }

    pub(super) fn clear(&mut self) {
        self.limit = BEYOND;
        // Where one panics, the others go as `Drain` is dropped. A `HashTable` that is dropped would forget them.
        mem::take(&mut self.entries).drain().for_each(drop);
    }
}

impl<E> Drop for Table<E> {
    fn drop(&mut self) {
        self.clear();
    }
}

impl<E: Mortal> Table<E> {
    /// The entries that are not dead.
    pub(super) fn live(&self) -> usize {
        self.entries.iter().filter(|entry| !entry.is_dead()).count()
    }

    /// Whether all entries are.
    pub(super) fn is_dead(&self) -> bool {
        self.entries.iter().all(Mortal::is_dead)
    }

    /// Adds an entry, of which there must be no other under its key.
    pub(super) fn add(&mut self, hash: u64, entry: E, hash_of: impl Fn(&E) -> u64) -> &mut E {
        let len = self.entries.len();
        if len >= self.limit || len == self.entries.capacity() {
            self.make_room(&hash_of);
        }
        self.entries.insert_unique(hash, entry, hash_of).into_mut()
    }

    /// Looks for an entry, takes it out, and settles.
    pub(super) fn remove(
        &mut self,
        hash: u64,
        is: impl FnMut(&E) -> bool,
        hash_of: impl Fn(&E) -> u64,
    ) -> Option<E> {
        let found = self.entries.find_entry(hash, is).ok().map(|entry| entry.remove().0);
        self.settle(hash_of);
        found
    }

    /// Removes entries that a draw happens upon, and more the more of them it finds dead. Each change of a map begins with it.
    pub(super) fn settle(&mut self, hash_of: impl Fn(&E) -> u64) {
        let mut draws = PER_CHANGE;
        while draws > 0 {
            if self.is_sparse() {
                self.sweep(hash_of);
                return;
            }
            let Some(bucket) = self.draw() else { return };
            draws -= 1;
            if self.follow(bucket) {
                draws += PER_FIND;
            }
        }
    }

    /// Removes all that are dead, and shrinks the table if few are left. Returns how many it removed.
    pub(super) fn sweep(&mut self, hash_of: impl Fn(&E) -> u64) -> usize {
        let before = self.entries.len();
        self.retain(|entry| (!entry.is_dead()).then_some(true), hash_of);
        before - self.entries.len()
    }

    /// Removes those that `keep` does not keep, among them the dead, for which it has no answer. Shrinks the table if few are left.
    pub(super) fn retain(
        &mut self,
        mut keep: impl FnMut(&mut E) -> Option<bool>,
        hash_of: impl Fn(&E) -> u64,
    ) {
        let stats = &mut self.stats;
        stats.examined += self.entries.len() as u64;
        self.entries.retain(|entry| {
            let kept = keep(entry);
            stats.swept += u64::from(kept.is_none());
            kept == Some(true)
        });
        self.limit = 2 * self.entries.len() + BEYOND;
        if self.is_sparse() {
            self.entries.shrink_to(2 * self.entries.len(), hash_of);
        }
    }

    /// Removes the dead, and makes room for a quarter of the buckets if that has not.
    #[cold]
    #[inline(never)]
    fn make_room(&mut self, hash_of: &impl Fn(&E) -> u64) {
        self.sweep(hash_of);
        let buckets = self.entries.num_buckets();
        let len = self.entries.len();
        let room = (buckets / 4).max(1);
        if self.entries.capacity() - len >= room {
            return;
        }
        if len + room > buckets / 8 * 7 {
            self.entries.reserve(room, hash_of);
            return;
        }
        // It is tombstones that take the room, for which hashbrown would grow the table. All hashes come first: one that panics loses nothing.
        let hashes: Vec<u64> = self.entries.iter().map(hash_of).collect();
        let mut fresh = HashTable::with_capacity(len + room);
        for (entry, hash) in self.entries.drain().zip(hashes) {
            fresh.insert_unique(hash, entry, hash_of);
        }
        self.entries = fresh;
    }

    pub(super) fn check_invariants(&self, hash_of: impl Fn(&E) -> u64) {
        assert!(self.entries.len() <= self.limit);
        for entry in &self.entries {
            let there = self.entries.find(hash_of(entry), |other| ptr::eq(entry, other));
            assert!(there.is_some(), "an entry is not found under its hash");
        }
    }

    /// Whether an eighth of the buckets would do, and the table is not small.
    fn is_sparse(&self) -> bool {
        let buckets = self.entries.num_buckets();
        buckets > 16 && self.entries.len() < buckets / 8
    }

    /// Draws an entry, each with the same probability, and returns its bucket.
    fn draw(&mut self) -> Option<usize> {
        if self.entries.is_empty() {
            return None;
        }
        let buckets = self.entries.num_buckets();
        // It ends: the generator runs through all of its states, and each bucket comes of as many as any other.
        loop {
            // Knuth's MMIX. Its upper bits are the better ones, and choose the bucket.
            self.dice = self.dice.wrapping_mul(6_364_136_223_846_793_005);
            self.dice = self.dice.wrapping_add(1_442_695_040_888_963_407);
            let bucket = ((u128::from(self.dice) * buckets as u128) >> 64) as usize;
            if self.entries.get_bucket(bucket).is_some() {
                return Some(bucket);
            }
        }
    }

    /// Removes an entry if it is dead, and the dead ones behind it up to a live one. Returns whether the first one was dead.
    fn follow(&mut self, first: usize) -> bool {
        let last_bucket = self.entries.num_buckets() - 1;
        let mut bucket = first;
        let mut steps = 1;
        let mut swept = 0;
        while steps > 0 {
            steps -= 1;
            if let Ok(entry) = self.entries.get_bucket_entry(bucket) {
                self.stats.examined += 1;
                if !entry.get().is_dead() {
                    break;
                }
                swept += 1;
                self.stats.swept += 1;
                steps += PER_STEP;
                // What is dropped here may be the user's, and panic: the entry has left the table before.
                drop(entry.remove());
            }
            bucket = (bucket + 1) & last_bucket;
        }
        swept > 0
    }
}

impl<E: HeapSize> HeapSize for Table<E> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.entries.visit(visitor);
    }
}
