//! Which string of a shard has which index. To readers these are hints.
//!
//! ```text
//! group (a cache line)  [ 16 tags of a byte | 16 indices: two bytes | and the third ]     filled from the front
//! tag                   8 bits of the hash, or 0 where the slot is free
//! ```
//!
//! The high half of the hash says in which group a string is at home; it is in the first group from there on that had room when it
//! came, and a search ends at a group with room. All tags of a group are compared at once, and tell most strings apart without a look at them.
//!
//! All loads and stores of slots are relaxed, and a reader may meet any mixture of old and new: see the proof at the head of this
//! module's parent.

use super::segments::{Segments, capacity, index_at};
use crate::raw::ReserveError;
use crate::raw::equal::equal;
use crate::raw::sync::{AtomicU8, AtomicU16, AtomicU64};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::array;
use core::sync::atomic::Ordering::Relaxed;

/// The slots of a group that are used: all, but for loom.
const SLOTS: usize = if cfg!(loom) { 2 } else { 16 };

/// The slots of a group that are in use on the average when the table grows.
const FULL: usize = SLOTS * 13 / 16;

/// The strings that have an index of three bytes.
pub(super) const MOST: usize = 1 << 24;

type Groups = Segments<Group>;

/// The slots of a shard.
pub(super) struct Table {
    groups: Groups,
}

/// Slots.
#[repr(align(64))]
pub(super) struct Group {
    tags: [AtomicU64; 2],
    lows: [AtomicU16; 16],
    highs: [AtomicU8; 16],
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
        Self { groups: Groups::new() }
    }

    /// An index that may be that of a string with this hash: the first one at its home, where it nearly always is.
    #[inline(always)]
    pub(super) fn look(&self, hash: u64) -> Option<usize> {
        let group = self.groups.get_at(home(hash))?;
        let matches = equal(&group.tags(), tag(hash));
        (matches != 0).then(|| group.index(matches.trailing_zeros() as usize % 16))
    }

    /// An index with this hash of which `is` says that it is the one. `is` is to deny indices of which it does not know.
    #[inline(always)]
    pub(super) fn find(&self, hash: u64, is: impl Fn(usize) -> bool) -> Option<usize> {
        for group in self.groups_from(hash) {
            let tags = group.tags();
            let mut matches = equal(&tags, tag(hash));
            while matches != 0 {
                let index = group.index(matches.trailing_zeros() as usize % 16);
                if is(index) {
                    return Some(index);
                }
                matches &= matches - 1;
            }
            if tags[SLOTS - 1] == 0 {
                return None;
            }
        }
        None
    }

    /// Lists the next string, for which there is room. By whoever has the lock.
    #[inline(always)]
    pub(super) fn list(&self, listed: &mut Listed, hash: u64) {
        let is_filled = self.groups_from(hash).any(|group| group.fill(tag(hash), listed.len));
        assert!(is_filled, "a table with room");
        listed.len += 1;
    }

    /// All groups, from the one on in which strings with this hash are at home.
    #[inline(always)]
    fn groups_from(&self, hash: u64) -> impl Iterator<Item = &Group> {
        let count = self.groups.len();
        let mut at = index_at(home(hash), count);
        (0..count).map_while(move |_| {
            let group = self.groups.get(at);
            at = if at + 1 < count { at + 1 } else { 0 };
            group
        })
    }

    /// Adds a segment that [`make`](Listed::make) made, and empties the table: the strings are to be listed anew.
    pub(super) fn grow(&self, listed: &mut Listed, segment: Box<[Group]>) {
        self.groups.add(listed.segments, segment);
        (listed.segments, listed.len) = (listed.segments + 1, 0);
        self.groups.iter().flat_map(|group| &group.tags).for_each(|tags| tags.store(0, Relaxed));
    }

    pub(super) fn check_invariants(&self, listed: &Listed) {
        assert_eq!(self.groups.len(), capacity(listed.segments));
        let mut indices: Vec<usize> = (self.groups.iter())
            .flat_map(|group| {
                let tags = group.tags();
                let used = tags.iter().position(|&tag| tag == 0).unwrap_or(16);
                assert!(used <= SLOTS && tags[used..].iter().all(|&tag| tag == 0));
                (0..used).map(|slot| group.index(slot))
            })
            .collect();
        indices.sort_unstable();
        assert!(indices.into_iter().eq(0..listed.len));
    }
}

impl Group {
    #[inline(always)]
    fn tags(&self) -> [u8; 16] {
        bytemuck::cast(self.tags.each_ref().map(|tags| tags.load(Relaxed).to_le()))
    }

    #[inline(always)]
    fn index(&self, slot: usize) -> usize {
        let low = self.lows[slot].load(Relaxed);
        usize::from(self.highs[slot].load(Relaxed)) << 16 | usize::from(low)
    }

    /// Fills the first free slot, and says whether there is one. By whoever has the lock, so that nobody else changes the tags meanwhile.
    #[inline(always)]
    fn fill(&self, tag: u8, index: usize) -> bool {
        let free = equal(&self.tags(), 0).trailing_zeros() as usize;
        if free >= SLOTS {
            return false;
        }
        self.lows[free].store(index as u16, Relaxed);
        self.highs[free].store((index >> 16) as u8, Relaxed);
        let tags = &self.tags[free / 8];
        tags.store(tags.load(Relaxed) | u64::from(tag) << (free % 8 * 8), Relaxed);
        true
    }
}

impl Default for Group {
    fn default() -> Self {
        Self {
            tags: array::from_fn(|_| AtomicU64::new(0)),
            lows: array::from_fn(|_| AtomicU16::new(0)),
            highs: array::from_fn(|_| AtomicU8::new(0)),
        }
    }
}

impl Listed {
    pub(super) const fn new() -> Self {
        Self { len: 0, segments: 0 }
    }

    /// Whether the string of an index is the next one, and there is room for it.
    pub(super) fn takes(&self, index: usize) -> bool {
        self.len == index && index < capacity(self.segments) * FULL
    }

    /// The bytes of the segment by which the table grows.
    pub(super) fn growth(&self) -> usize {
        Groups::bytes(self.segments + 1) - self.bytes()
    }

    pub(super) fn make(&self) -> Result<Box<[Group]>, ReserveError> {
        Groups::make(self.segments)
    }

    pub(super) fn bytes(&self) -> usize {
        Groups::bytes(self.segments)
    }

    /// The bytes of free slots.
    pub(super) fn slack(&self) -> usize {
        self.bytes() - self.len * (size_of::<Group>() / 16)
    }

    pub(super) fn segments(&self) -> usize {
        self.segments
    }
}

/// The byte of a hash that is its tag: neither those of the home, nor those of the shard.
#[inline(always)]
fn tag(hash: u64) -> u8 {
    ((hash >> 8) as u8).max(1)
}

/// At which fraction of the groups a string is at home.
#[inline(always)]
fn home(hash: u64) -> u32 {
    (hash >> 32) as u32
}
