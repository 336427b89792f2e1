//! Which string has which number: slots of four bytes.
//!
//! ```text
//! group (a cache line)  [ slot | slot | … | slot | 0 | 0 ]   16 slots, filled from the front
//! slot                  [ low bits of the hash | number ]    number = index + 1, so that 0 is no slot
//! ```
//!
//! The high half of the hash says in which group a string is at home; it is in the first group from there on that had room
//! when it came, and a search ends at a group with room. As many bits of a slot as the table's size needs are the number; all
//! others are of the hash, and tell nearly all strings apart without a look at them. The table does not know the strings: who
//! asks says whether a number is that of the one looked for.
//!
//! The table grows by half where of 16 slots 14 are in use on the average, by `realloc`. It is emptied then and filled anew
//! from the strings, in their order: so the old and the new table never stand side by side, and a growth that the
//! allocator refuses leaves the old one as it is. Removing is not supported.
#![allow(unsafe_code)]

use crate::raw::{ReserveError, growth};
use alloc::vec::Vec;
use core::ptr::NonNull;

/// The slots of a group.
const SLOTS: usize = 16;

/// The slots of 16 that are in use on the average when the table grows.
const FULL: usize = 14;

/// The same after a call of `shrink_to_fit`.
const PACKED: usize = 15;

/// A quarter of a group, which an allocator aligns by itself, so that it can reallocate in place.
#[derive(Clone, Copy)]
#[repr(C, align(16))]
struct Quarter([u32; 4]);

const QUARTERS: usize = SLOTS / 4;

/// The slots of the strings of an arena, by their hashes.
pub(super) struct Table {
    /// Invariant: the first of `groups`, which lie in `quarters` and begin at a multiple of 64 bytes; or a group that is empty
    /// and never changed, where there are none.
    first: NonNull<Group>,
    groups: usize,
    /// The bits of a slot that are the number.
    numbers: u32,
    /// Invariant: the numbers 1 to `len` have a slot each, and nothing else has one. Below `SLOTS * groups`.
    len: usize,
    /// What `first` points into, and nothing else looks at.
    quarters: Vec<Quarter>,
}

// SAFETY: a table owns its groups; the empty one is only read.
unsafe impl Send for Table {}
// SAFETY: groups are written by `&mut` alone.
unsafe impl Sync for Table {}

/// Where a string is not: the group that has room for it.
#[derive(Clone, Copy)]
pub(super) struct Vacant(usize);

/// What a look at the home of a hash says.
pub(super) enum Look {
    /// This may be the string. If it is not, others may be.
    Perhaps(usize),
    /// It takes a search.
    Further,
    /// There is no such string.
    Nowhere(Vacant),
}

/// How many slots of each group are in use, while a table is filled.
pub(super) struct Used(Vec<u8>);

type Group = [u32; SLOTS];

/// The group of a table without groups.
static NO_SLOTS: Group = [0; SLOTS];

impl Table {
    pub(super) const fn new() -> Self {
        Self {
            first: NonNull::from_ref(&NO_SLOTS),
            groups: 0,
            numbers: 0,
            len: 0,
            quarters: Vec::new(),
        }
    }

    /// The strings that are in the table.
    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.quarters.capacity() * size_of::<Quarter>()
    }

    /// Looks for a string with this hash at its home, where it nearly always is, alone with its fragment of the hash.
    #[inline(always)]
    pub(super) fn look(&self, hash: u64) -> Look {
        let (at, want) = (self.home(hash), hash as u32 & !self.numbers);
        let group = self.group(at);
        let matches = matches(group, want, !self.numbers);
        if matches != 0 {
            let number = group[matches.trailing_zeros() as usize % SLOTS] & self.numbers;
            match number.checked_sub(1) {
                Some(index) => Look::Perhaps(index as usize),
                None => Look::Further,
            }
        } else if group[SLOTS - 1] == 0 {
            Look::Nowhere(Vacant(at))
        } else {
            Look::Further
        }
    }

    /// The index of a string with this hash, if `is` says that it is the one.
    #[inline]
    pub(super) fn find(&self, hash: u64, is: impl Fn(usize) -> bool) -> Result<usize, Vacant> {
        let (mut at, want) = (self.home(hash), hash as u32 & !self.numbers);
        loop {
            let group = self.group(at);
            let mut matches = matches(group, want, !self.numbers);
            while matches != 0 {
                let number = group[matches.trailing_zeros() as usize % SLOTS] & self.numbers;
                // A free slot looks like the fragment 0.
                if number != 0 && is(number as usize - 1) {
                    return Ok(number as usize - 1);
                }
                matches &= matches - 1;
            }
            if group[SLOTS - 1] == 0 {
                return Err(Vacant(at));
            }
            at = self.behind(at);
        }
    }

    /// Gives the next number a slot.
    #[inline(always)]
    pub(super) fn insert(&mut self, hash: u64, Vacant(group): Vacant) {
        let slot = self.slot(hash);
        let group = self.group_mut(group);
        let free = matches(group, 0, u32::MAX).trailing_zeros() as usize;
        group[free % SLOTS] = slot;
        self.len += 1;
    }

    /// The group that has room for one more string with this hash.
    #[inline(always)]
    pub(super) fn vacant(&self, hash: u64) -> Vacant {
        let mut group = self.home(hash);
        while self.group(group)[SLOTS - 1] != 0 {
            group = self.behind(group);
        }
        Vacant(group)
    }

    /// Whether the table has all of so many strings, and takes one more before it grows.
    #[inline(always)]
    pub(super) fn has_room_behind(&self, strings: usize) -> bool {
        self.len == strings && self.len < self.groups * FULL
    }

    pub(super) fn groups(&self) -> usize {
        self.groups
    }

    /// The bytes of free slots.
    pub(super) fn slack(&self) -> usize {
        self.heap_bytes() - self.len * size_of::<u32>()
    }

    pub(super) fn check_invariants(&self) {
        let groups = (0..self.groups).map(|at| self.group(at));
        let mut numbers: Vec<u32> = groups
            .flat_map(|group| {
                let used = group.iter().position(|&slot| slot == 0).unwrap_or(SLOTS);
                assert!(group[used..].iter().all(|&slot| slot == 0));
                group[..used].iter().map(|slot| slot & self.numbers)
            })
            .collect();
        numbers.sort_unstable();
        assert!(numbers.iter().copied().eq(1..=self.len as u32));
    }

    /// The groups after growth.
    pub(super) fn grown(&self) -> usize {
        self.groups + (self.groups / 2).max(1)
    }

    /// The fewest groups that take so many strings before they grow.
    pub(super) fn groups_for(len: usize) -> usize {
        len.div_ceil(FULL)
    }

    /// The fewest groups for so many strings when no more are to come.
    pub(super) fn fewest_for(len: usize) -> usize {
        len.div_ceil(PACKED)
    }

    /// The bytes of so many groups.
    pub(super) fn bytes_of(groups: usize) -> usize {
        if groups == 0 { 0 } else { (groups * QUARTERS + QUARTERS - 1) * size_of::<Quarter>() }
    }

    /// Makes an empty table of so many groups, in place, which is then to be filled.
    ///
    /// An error leaves the table as it was.
    pub(super) fn set_groups(&mut self, groups: usize) -> Result<Used, ReserveError> {
        let mut used = Vec::new();
        growth::reserve_exact(&mut used, groups)?;
        let quarters = Self::bytes_of(groups) / size_of::<Quarter>();
        growth::reserve_exact(&mut self.quarters, quarters)?;
        self.quarters.clear();
        self.quarters.shrink_to(quarters);
        self.quarters.resize(quarters, Quarter([0; 4]));
        let first = self.quarters.as_mut_ptr();
        let first = first.wrapping_byte_add(first.addr().wrapping_neg() % 64).cast::<Group>();
        if groups > 0
            && let Some(first) = NonNull::new(first)
        {
            self.first = first;
        } else {
            self.first = NonNull::from_ref(&NO_SLOTS);
        }
        self.groups = groups;
        let most = u32::try_from(groups * SLOTS).unwrap_or(u32::MAX);
        self.numbers = u32::MAX >> most.leading_zeros();
        self.len = 0;
        used.resize(groups, 0);
        Ok(Used(used))
    }

    /// Gives the next number a slot.
    #[inline(always)]
    pub(super) fn fill(&mut self, hash: u64, Used(used): &mut Used) {
        let slot = self.slot(hash);
        let mut at = self.home(hash);
        while usize::from(used[at]) == SLOTS {
            at = self.behind(at);
        }
        self.group_mut(at)[usize::from(used[at]) % SLOTS] = slot;
        used[at] += 1;
        self.len += 1;
    }

    /// The slot of the next number.
    #[inline(always)]
    fn slot(&self, hash: u64) -> u32 {
        hash as u32 & !self.numbers | (self.len as u32 + 1)
    }

    #[inline(always)]
    fn home(&self, hash: u64) -> usize {
        (((hash >> 32) * self.groups as u64) >> 32) as usize
    }

    /// The group behind another.
    #[inline(always)]
    fn behind(&self, group: usize) -> usize {
        if group + 1 == self.groups { 0 } else { group + 1 }
    }

    #[inline(always)]
    fn group(&self, at: usize) -> &Group {
        // SAFETY: `home` and `behind` give groups that are there, or the empty one.
        let group = unsafe { self.first.add(at) };
        // SAFETY: as above.
        unsafe { group.as_ref() }
    }

    #[inline(always)]
    fn group_mut(&mut self, at: usize) -> &mut Group {
        assert!(at < self.groups);
        // SAFETY: checked.
        let mut group = unsafe { self.first.add(at) };
        // SAFETY: as above.
        unsafe { group.as_mut() }
    }
}

impl Clone for Table {
    fn clone(&self) -> Self {
        let mut table = Self::new();
        if self.groups > 0 {
            table.set_groups(self.groups).unwrap_or_else(|error| error.raise());
            for at in 0..self.groups {
                *table.group_mut(at) = *self.group(at);
            }
            table.len = self.len;
        }
        table
    }
}

/// The slots whose bits under a mask are those wanted, as bits from the lowest on.
#[inline(always)]
#[cfg(target_arch = "x86_64")]
fn matches(group: &Group, want: u32, mask: u32) -> u32 {
    use core::arch::x86_64::{
        __m128i, _mm_and_si128, _mm_cmpeq_epi32, _mm_movemask_epi8, _mm_packs_epi16,
        _mm_packs_epi32, _mm_set1_epi32,
    };
    #[target_feature(enable = "sse2")]
    #[inline]
    fn sse2(group: &Group, want: u32, mask: u32) -> u32 {
        let (want, mask) = (_mm_set1_epi32(want as i32), _mm_set1_epi32(mask as i32));
        let quarters: [[u32; 4]; QUARTERS] = bytemuck::cast(*group);
        let [a, b, c, d] = quarters.map(|quarter| {
            _mm_cmpeq_epi32(_mm_and_si128(bytemuck::cast::<_, __m128i>(quarter), mask), want)
        });
        _mm_movemask_epi8(_mm_packs_epi16(_mm_packs_epi32(a, b), _mm_packs_epi32(c, d))) as u32
    }
    // SAFETY: every processor of this architecture has SSE2.
    unsafe { sse2(group, want, mask) }
}

/// The slots whose bits under a mask are those wanted, as bits from the lowest on.
#[inline(always)]
#[cfg(not(target_arch = "x86_64"))]
fn matches(group: &Group, want: u32, mask: u32) -> u32 {
    let bit = |(index, slot): (usize, &u32)| u32::from(slot & mask == want) << index;
    group.iter().enumerate().map(bit).fold(0, |bits, bit| bits | bit)
}
