//! Which string of a shard has which index: slots of four bytes, which are hints.
//!
//! A slot is an index plus one, behind as many bits of the hash as there is room for, and 0 where it is free. The high half
//! of the hash says at which slot a string is at home; it is there or in one of the next. All loads and stores are relaxed, and a reader
//! may meet any mixture of old and new: see the proof at the head of this module's parent.

use super::segments::Segments;
use super::sync::{AtomicU32, AtomicUsize};
use crate::raw::ReserveError;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::sync::atomic::Ordering::Relaxed;

/// The slots of the first segment: a cache line.
const UNIT: usize = if cfg!(loom) { 2 } else { 16 };

type Slots = Segments<AtomicU32, UNIT>;

/// The slots of a shard.
pub(super) struct Table {
    /// How many slots there are; those of whole segments.
    capacity: AtomicUsize,
    slots: Slots,
}

/// What only the thread needs that writes.
pub(super) struct Listed {
    /// Invariant: the first strings, as many, have a slot each, and nothing else has one. All strings, unless a hash panicked
    /// while the table was filled.
    pub(super) len: usize,
    segments: usize,
}

impl Table {
    pub(super) fn new() -> Self {
        Self { capacity: AtomicUsize::new(0), slots: Slots::new() }
    }

    /// An index with this hash of which `is` says that it is the one. `is` is to deny indices of which it does not know.
    #[inline(always)]
    pub(super) fn find(&self, hash: u64, is: impl Fn(usize) -> bool) -> Option<usize> {
        let capacity = self.capacity.load(Relaxed);
        let numbers = numbers(capacity);
        let want = hash as u32 & !numbers;
        let mut at = home(hash, capacity);
        let mut left = capacity;
        while left > 0 {
            let run = self.slots.run(at);
            for slot in run {
                let slot = slot.load(Relaxed);
                if slot == 0 {
                    return None;
                }
                if slot & !numbers == want
                    && let Some(index) = (slot & numbers).checked_sub(1)
                    && is(index as usize)
                {
                    return Some(index as usize);
                }
            }
            // An empty run is a segment that this thread does not see yet.
            left = if run.is_empty() { 0 } else { left.saturating_sub(run.len()) };
            at = if at + run.len() < capacity { at + run.len() } else { 0 };
        }
        None
    }

    /// Lists the next string, for which there is room.
    pub(super) fn list(&self, listed: &mut Listed, hash: u64) {
        let capacity = self.capacity.load(Relaxed);
        let slot = hash as u32 & !numbers(capacity) | (listed.len as u32 + 1);
        let mut at = home(hash, capacity);
        loop {
            let run = self.slots.run(at);
            if let Some(free) = run.iter().find(|slot| slot.load(Relaxed) == 0) {
                free.store(slot, Relaxed);
                listed.len += 1;
                return;
            }
            at = if at + run.len() < capacity { at + run.len() } else { 0 };
        }
    }

    /// Adds a segment that `make` made, and empties the table: the strings are to be listed anew.
    pub(super) fn grow(&self, listed: &mut Listed, segment: Box<[AtomicU32]>) {
        self.slots.add(listed.segments, segment);
        (listed.segments, listed.len) = (listed.segments + 1, 0);
        let capacity = Slots::capacity(listed.segments);
        self.capacity.store(capacity, Relaxed);
        let mut at = 0;
        while at < capacity {
            let run = self.slots.run(at);
            run.iter().for_each(|slot| slot.store(0, Relaxed));
            at += run.len();
        }
    }

    pub(super) fn check_invariants(&self, listed: &Listed) {
        let capacity = self.capacity.load(Relaxed);
        assert_eq!(capacity, Slots::capacity(listed.segments));
        let slots = (0..capacity).filter_map(|at| self.slots.get(at));
        let numbers = slots.map(|slot| slot.load(Relaxed) & numbers(capacity));
        let mut numbers: Vec<u32> = numbers.filter(|&number| number != 0).collect();
        numbers.sort_unstable();
        assert!(numbers.iter().copied().eq(1..=listed.len as u32));
    }
}

impl Listed {
    pub(super) const fn new() -> Self {
        Self { len: 0, segments: 0 }
    }

    /// Whether there is room for as many strings: 7 of 8 slots are in use then.
    pub(super) fn has_room_for(&self, strings: usize) -> bool {
        let capacity = Slots::capacity(self.segments);
        strings <= capacity - capacity.div_ceil(8)
    }

    /// The bytes of the segment by which the table grows.
    pub(super) fn growth(&self) -> usize {
        Slots::bytes(self.segments + 1) - self.bytes()
    }

    pub(super) fn make(&self) -> Result<Box<[AtomicU32]>, ReserveError> {
        Slots::make(self.segments)
    }

    pub(super) fn bytes(&self) -> usize {
        Slots::bytes(self.segments)
    }

    /// The bytes of free slots.
    pub(super) fn slack(&self) -> usize {
        self.bytes() - self.len * size_of::<u32>()
    }

    pub(super) fn segments(&self) -> usize {
        self.segments
    }
}

/// The bits of a slot that are the number, in a table of so many slots.
#[inline(always)]
fn numbers(capacity: usize) -> u32 {
    u32::MAX >> (capacity as u32 | 1).leading_zeros()
}

#[inline(always)]
fn home(hash: u64, capacity: usize) -> usize {
    (((hash >> 32) * capacity as u64) >> 32) as usize
}
