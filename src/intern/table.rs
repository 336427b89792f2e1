//! Which string has which number.
//!
//! ```text
//! group (a cache line)  [ 16 numbers of 3 bytes | 16 tags of a byte ]     filled from the front
//! tag                   8 bits of the hash, or 0 where the slot is free
//! ```
//!
//! The high bits of the hash say in which group a string is at home; it is in the first group from there on that had room
//! when it came, and a search ends at a group with room. All tags of a group are compared at once, and tell nearly all strings
//! apart without a look at them. The table does not know the strings: who asks says whether a number is that of the one looked for.
//!
//! Numbers of three bytes do for 16,777,216 slots. In a larger table they have four, and a group takes 80 bytes.
//!
//! The table grows where of 16 slots 14 are in use on the average, by `realloc`. Up to 256 groups it doubles: a small table is filled often,
//! and what it leaves free is little. Up to 1,024 it grows by a half and a third in turn, which leaves less free than a half each time, and
//! then by a half, or a quarter where numbers have four bytes. It is emptied then and filled anew from the strings, in their order: so the
//! old and the new table never stand side by side, and a growth that the allocator refuses leaves the old one as it is. Removing is not
//! supported.
#![allow(unsafe_code)]

use crate::raw::equal::equal;
use crate::raw::{ReserveError, growth};
use alloc::vec::Vec;
use core::hint::select_unpredictable;
use core::mem;
use core::ptr::NonNull;

/// The slots of a group.
const SLOTS: usize = 16;

/// The slots of 16 that are in use on the average when the table grows.
const FULL: usize = 14;

/// The same after a call of `shrink_to_fit`.
const PACKED: usize = 15;

/// The most groups of three-byte numbers. Few in the unit tests, which so see both.
const NARROW: usize = if cfg!(test) { 1 << 6 } else { 1 << 20 };

/// What an allocator aligns by itself, so that it can reallocate in place.
#[derive(Clone, Copy)]
#[repr(C, align(16))]
struct Quarter([u8; 16]);

/// Slots, those in use first.
#[derive(Clone, Copy)]
#[repr(C)]
struct Group<const BYTES: usize> {
    numbers: [[u8; BYTES]; SLOTS],
    tags: Tags,
}

/// A byte of a hash for each slot in use, and 0 for one that is free.
type Tags = [u8; SLOTS];

/// The numbers of the strings of an arena, by their hashes.
pub(super) struct Table {
    groups: Groups,
    /// Invariant: the numbers below `len` have a slot each, and nothing else has one. Below `SLOTS` times the groups.
    len: usize,
}

enum Groups {
    Narrow(Lines<3>),
    Wide(Lines<4>),
}

/// Groups one behind the other.
struct Lines<const BYTES: usize> {
    /// Invariant: the first of `count` groups, which lie in `quarters`, at a multiple of 64 bytes; or a group that is empty and
    /// never changed, where there are none.
    first: NonNull<Group<BYTES>>,
    count: usize,
    /// What `first` points into, and nothing else looks at.
    quarters: Vec<Quarter>,
}

// SAFETY: a table owns its groups; the empty one is only read.
unsafe impl<const BYTES: usize> Send for Lines<BYTES> {}
// SAFETY: groups are written by `&mut` alone.
unsafe impl<const BYTES: usize> Sync for Lines<BYTES> {}

/// Where a string is not: the group that has room for it.
#[derive(Clone, Copy)]
pub(super) struct Vacant(usize);

/// What a look at the home of a hash says.
pub(super) enum Look {
    /// This may be the string. If it is not, others may be.
    Perhaps(usize),
    /// It is not there, but may have come to lie behind it.
    NotAtHome,
    /// It takes a search.
    Further,
}

/// How many slots of each group are in use, while a table is filled.
pub(super) struct Used(Vec<u8>);

/// The code behind the arrow for groups of either width.
macro_rules! each {
    ($table:expr, $lines:ident => $code:expr) => {
        match $table {
            Groups::Narrow($lines) => $code,
            Groups::Wide($lines) => $code,
        }
    };
}

impl Table {
    pub(super) const fn new() -> Self {
        Self { groups: Groups::Narrow(Lines::NONE), len: 0 }
    }

    /// The strings that are in the table.
    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    #[inline(always)]
    pub(super) fn groups(&self) -> usize {
        each!(&self.groups, lines => lines.count)
    }

    pub(super) fn heap_bytes(&self) -> usize {
        each!(&self.groups, lines => lines.quarters.capacity() * size_of::<Quarter>())
    }

    /// The bytes that no slot in use takes.
    pub(super) fn slack(&self) -> usize {
        let slot = each!(&self.groups, lines => lines.group_bytes() / SLOTS);
        self.heap_bytes() - self.len * slot
    }

    /// Looks for a string with this hash at its home, where it nearly always is, alone with its tag.
    ///
    /// Of a table of four-byte numbers it says `Further`, so that code that is inlined everywhere is small: where there are that many strings,
    /// memory takes the time.
    #[inline(always)]
    pub(super) fn look(&self, hash: u64) -> Look {
        match &self.groups {
            Groups::Narrow(lines) => lines.look(hash),
            Groups::Wide(_) => Look::Further,
        }
    }

    /// Whether a string that is not at its home is nowhere, since there is room. (Of a table of four-byte numbers it says no.)
    #[inline(always)]
    pub(super) fn home_has_room(&self, hash: u64) -> bool {
        matches!(&self.groups, Groups::Narrow(lines) if lines.group(lines.home(hash)).has_room())
    }

    /// Where a string goes that is not at its home: there, or into the group behind. `None` where that takes a search.
    ///
    /// Of two groups the one to look at is chosen without a jump, since a processor guesses wrongly which of them are full.
    #[inline(always)]
    pub(super) fn vacant_near(&self, hash: u64) -> Option<Vacant> {
        let Groups::Narrow(lines) = &self.groups else { return None };
        let home = lines.home(hash);
        let at = select_unpredictable(lines.group(home).has_room(), home, lines.behind(home));
        let group = lines.group(at);
        (group.has_room() && equal(&group.tags, tag(hash)) == 0).then_some(Vacant(at))
    }

    /// The number of a string with this hash, if `is` says that it is the one.
    #[inline]
    pub(super) fn find(&self, hash: u64, is: impl Fn(usize) -> bool) -> Result<usize, Vacant> {
        each!(&self.groups, lines => lines.find(hash, is))
    }

    /// How many strings the table has when it grows.
    pub(super) fn until(&self) -> usize {
        self.groups() * FULL
    }

    /// The group that has room for one more string with this hash.
    pub(super) fn vacant(&self, hash: u64) -> Vacant {
        each!(&self.groups, lines => lines.vacant(hash))
    }

    /// Gives the next number a slot.
    #[inline(always)]
    pub(super) fn insert(&mut self, hash: u64, vacant: Vacant) {
        let number = self.len as u32;
        each!(&mut self.groups, lines => lines.insert(hash, number, vacant));
        self.len += 1;
    }

    /// The groups after growth: 256 after 128, and from there on 384, 512, 768, 1024, 1536.
    pub(super) fn grown(&self) -> usize {
        match self.groups() {
            0 => 1,
            few if few <= 128 => 2 * few,
            some if some < 1024 => some + some / if some.is_power_of_two() { 2 } else { 3 },
            many if many < NARROW => many + many / 2,
            most => most + most / 4,
        }
    }

    /// The fewest groups that take so many strings before they grow.
    pub(super) fn groups_for(len: usize) -> usize {
        len.div_ceil(FULL)
    }

    /// The fewest groups for so many strings when no more are to come.
    pub(super) fn fewest_for(len: usize) -> usize {
        len.div_ceil(PACKED)
    }

    /// The bytes of so many groups; where the address space has fewer, more than can be allocated.
    pub(super) fn bytes_of(groups: usize) -> usize {
        let quarters = if groups > NARROW {
            Lines::<4>::quarters_for(groups)
        } else {
            Lines::<3>::quarters_for(groups)
        };
        quarters.saturating_mul(size_of::<Quarter>())
    }

    /// Makes an empty table of so many groups, in place, which is then to be filled.
    ///
    /// An error leaves the table as it was.
    pub(super) fn set_groups(&mut self, groups: usize) -> Result<Used, ReserveError> {
        let mut used = Vec::new();
        growth::reserve_exact(&mut used, groups)?;
        used.resize(groups, 0);
        let wide = groups > NARROW;
        let quarters = Self::bytes_of(groups) / size_of::<Quarter>();
        let buffer = each!(&mut self.groups, lines => &mut lines.quarters);
        growth::reserve_exact(buffer, quarters)?;
        let mut buffer = mem::take(buffer);
        *self = Self::new();
        buffer.clear();
        buffer.shrink_to(quarters);
        buffer.resize(quarters, Quarter([0; 16]));
        self.groups = match wide {
            false => Groups::Narrow(Lines::of(buffer, groups)),
            true => Groups::Wide(Lines::of(buffer, groups)),
        };
        Ok(Used(used))
    }

    /// Gives the next number a slot, while the table is filled.
    #[inline(always)]
    pub(super) fn fill(&mut self, hash: u64, used: &mut Used) {
        let number = self.len as u32;
        each!(&mut self.groups, lines => lines.fill(hash, number, used));
        self.len += 1;
    }

    pub(super) fn check_invariants(&self) {
        let mut numbers = each!(&self.groups, lines => lines.numbers());
        numbers.sort_unstable();
        assert!(numbers.iter().copied().eq(0..self.len as u32));
        assert!(self.len < self.groups() * SLOTS || self.groups() == 0);
    }
}

impl Lines<3> {
    #[inline(always)]
    fn look(&self, hash: u64) -> Look {
        let at = self.home(hash);
        let group = self.group(at);
        let matches = equal(&group.tags, tag(hash));
        if matches != 0 {
            Look::Perhaps(group.number(matches.trailing_zeros() as usize % SLOTS))
        } else {
            Look::NotAtHome
        }
    }
}

impl<const BYTES: usize> Lines<BYTES> {
    /// The group of a table without groups.
    const FREE: &Group<BYTES> = &Group { tags: [0; SLOTS], numbers: [[0; BYTES]; SLOTS] };

    const NONE: Self =
        Self { first: NonNull::from_ref(Self::FREE), count: 0, quarters: Vec::new() };

    /// A buffer of zeros as groups.
    fn of(mut quarters: Vec<Quarter>, count: usize) -> Self {
        let first = quarters.as_mut_ptr();
        let first = first.wrapping_byte_add(first.addr().wrapping_neg() % 64);
        match NonNull::new(first.cast()) {
            Some(first) if count > 0 => Self { first, count, quarters },
            _ => Self::NONE,
        }
    }

    const fn group_bytes(&self) -> usize {
        size_of::<Group<BYTES>>()
    }

    /// The quarters of so many groups, which may begin at the fourth.
    fn quarters_for(count: usize) -> usize {
        let each = size_of::<Group<BYTES>>() / size_of::<Quarter>();
        if count == 0 { 0 } else { count.saturating_mul(each).saturating_add(3) }
    }

    #[inline]
    fn find(&self, hash: u64, is: impl Fn(usize) -> bool) -> Result<usize, Vacant> {
        let mut at = self.home(hash);
        loop {
            let group = self.group(at);
            let mut matches = equal(&group.tags, tag(hash));
            while matches != 0 {
                let number = group.number(matches.trailing_zeros() as usize % SLOTS);
                if is(number) {
                    return Ok(number);
                }
                matches &= matches - 1;
            }
            if group.has_room() {
                return Err(Vacant(at));
            }
            at = self.behind(at);
        }
    }

    fn vacant(&self, hash: u64) -> Vacant {
        let mut at = self.home(hash);
        while !self.group(at).has_room() {
            at = self.behind(at);
        }
        Vacant(at)
    }

    #[inline(always)]
    fn insert(&mut self, hash: u64, number: u32, Vacant(at): Vacant) {
        let group = self.group_mut(at);
        let free = equal(&group.tags, 0).trailing_zeros() as usize % SLOTS;
        group.put(free, hash, number);
    }

    #[inline(always)]
    fn fill(&mut self, hash: u64, number: u32, Used(used): &mut Used) {
        let mut at = self.home(hash);
        while usize::from(used[at]) == SLOTS {
            at = self.behind(at);
        }
        self.group_mut(at).put(usize::from(used[at]) % SLOTS, hash, number);
        used[at] += 1;
    }

    fn copy_from(&mut self, other: &Self) {
        for at in 0..self.count {
            *self.group_mut(at) = *other.group(at);
        }
    }

    fn numbers(&self) -> Vec<u32> {
        let groups = (0..self.count).map(|at| self.group(at));
        let numbers = groups.flat_map(|group| {
            let used = group.tags.iter().position(|&tag| tag == 0).unwrap_or(SLOTS);
            assert!(group.tags[used..].iter().all(|&tag| tag == 0));
            (0..used).map(|slot| group.number(slot) as u32)
        });
        numbers.collect()
    }

    #[inline(always)]
    fn home(&self, hash: u64) -> usize {
        ((u128::from(hash) * self.count as u128) >> 64) as usize
    }

    /// The group behind another.
    #[inline(always)]
    fn behind(&self, at: usize) -> usize {
        if at + 1 == self.count { 0 } else { at + 1 }
    }

    #[inline(always)]
    fn group(&self, at: usize) -> &Group<BYTES> {
        // SAFETY: `home` and `behind` give groups that are there, or the empty one.
        let group = unsafe { self.first.add(at) };
        // SAFETY: as above.
        unsafe { group.as_ref() }
    }

    #[inline(always)]
    fn group_mut(&mut self, at: usize) -> &mut Group<BYTES> {
        assert!(at < self.count);
        // SAFETY: checked.
        let mut group = unsafe { self.first.add(at) };
        // SAFETY: as above.
        unsafe { group.as_mut() }
    }
}

impl<const BYTES: usize> Group<BYTES> {
    #[inline(always)]
    fn has_room(&self) -> bool {
        self.tags[SLOTS - 1] == 0
    }

    #[inline(always)]
    fn number(&self, slot: usize) -> usize {
        assert!(slot < SLOTS);
        let number = NonNull::from_ref(self).cast::<[u8; BYTES]>();
        // SAFETY: the group begins with the numbers, of which this is one.
        let number = unsafe { number.add(slot) };
        // SAFETY: behind the last number lie the tags, so four bytes of the group begin here.
        let four = unsafe { number.cast::<[u8; 4]>().read() };
        let above = 32 - 8 * BYTES;
        (u32::from_le_bytes(four) << above >> above) as usize
    }

    #[inline(always)]
    fn put(&mut self, slot: usize, hash: u64, number: u32) {
        self.tags[slot] = tag(hash);
        self.numbers[slot].copy_from_slice(&number.to_le_bytes()[..BYTES]);
    }
}

impl Clone for Table {
    fn clone(&self) -> Self {
        let mut table = Self::new();
        table.set_groups(self.groups()).unwrap_or_else(|error| error.raise());
        match (&mut table.groups, &self.groups) {
            (Groups::Narrow(to), Groups::Narrow(from)) => to.copy_from(from),
            (Groups::Wide(to), Groups::Wide(from)) => to.copy_from(from),
            _ => unreachable!("so many groups have one width"),
        }
        table.len = self.len;
        table
    }
}

/// What tells strings apart that have the same home: never 0.
#[inline(always)]
fn tag(hash: u64) -> u8 {
    let tag = hash as u8;
    tag + u8::from(tag == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(number: usize) -> u64 {
        (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(17)
    }

    /// A table of numbers that is grown when it has to be, as an interner does.
    fn table_of(len: usize) -> Table {
        let mut table = Table::new();
        for number in 0..len {
            if number >= table.until() {
                let mut used = table.set_groups(table.grown()).unwrap();
                (0..number).for_each(|number| table.fill(hash(number), &mut used));
            }
            let vacant = table.vacant(hash(number));
            table.insert(hash(number), vacant);
        }
        table
    }

    #[test]
    fn numbers_of_three_and_of_four_bytes_are_found() {
        // Beyond 64 groups the numbers have four bytes, in the tests.
        for len in [0, 1, 14, 15, 500, 64 * FULL, 64 * FULL + 1, 2000] {
            let table = table_of(len);
            table.check_invariants();
            let wide = matches!(table.groups, Groups::Wide(_));
            assert_eq!(wide, table.groups() > NARROW);
            for table in [&table, &table.clone()] {
                let found = |number| table.find(hash(number), |found| found == number).ok();
                assert!((0..len).all(|number| found(number) == Some(number)));
                assert_eq!(found(len), None);
                assert_eq!(table.heap_bytes(), Table::bytes_of(table.groups()));
            }
        }
    }

    #[test]
    fn a_string_goes_home_or_behind() {
        // Of 4 groups the home is what the upper two bits say.
        let hash = |home: u64, tag: u64| home << 62 | tag;
        let filled = |homes: &[(u64, u64)]| {
            let mut table = Table::new();
            let mut used = table.set_groups(4).unwrap();
            homes.iter().for_each(|&(home, tag)| table.fill(hash(home, tag), &mut used));
            table
        };
        let near = |table: &Table, home| table.vacant_near(hash(home, 9)).map(|vacant| vacant.0);
        let sixteen = |home| [(home, 1); SLOTS];

        let empty = Table::new();
        assert_eq!((near(&empty, 0), near(&empty, 3)), (Some(0), Some(0)));
        assert!(empty.home_has_room(0));
        for (home, behind) in [(0, 1), (1, 2), (2, 3), (3, 0)] {
            let full = filled(&sixteen(home));
            assert_eq!(near(&full, home), Some(behind));
            assert_eq!(near(&full, behind as u64), Some(behind));
            assert!(!full.home_has_room(hash(home, 9)));
            // It may be one that lies there, or behind that.
            let one = filled(&[&sixteen(home)[..], &[(behind as u64, 9)]].concat());
            assert_eq!(near(&one, home), None);
            let both = filled(&[sixteen(home), sixteen(behind as u64)].concat());
            assert_eq!(near(&both, home), None);
        }
        let mut wide = Table::new();
        wide.set_groups(NARROW + 1).unwrap();
        assert!(near(&wide, 0).is_none() && !wide.home_has_room(0));
    }

    #[test]
    fn a_table_grows_from_any_number_of_groups() {
        let steps = [(0, 1), (1, 2), (63, 126), (128, 256), (255, 340), (256, 384), (384, 512)];
        let further = [(300, 400), (512, 768), (768, 1024), (1023, 1364), (1024, 1280)];
        for (groups, grown) in steps.into_iter().chain(further) {
            let mut table = Table::new();
            table.set_groups(groups).unwrap();
            assert_eq!(table.grown(), grown);
        }
    }

    #[test]
    fn a_table_shrinks_from_four_bytes_to_three() {
        let mut table = table_of(1000);
        let mut used = table.set_groups(Table::fewest_for(900)).unwrap();
        (0..900).for_each(|number| table.fill(hash(number), &mut used));
        assert_eq!(table.heap_bytes(), (60 * 4 + 3) * 16);
        assert!((0..900).all(|number| table.find(hash(number), |found| found == number).is_ok()));
        table.check_invariants();
    }

    #[test]
    fn groups_beyond_the_address_space_are_refused() {
        // On a machine of 32 bits, these are some of those that a `reserve` may ask for.
        let wrapping = usize::MAX / size_of::<Group<4>>() + 1;
        for groups in [wrapping, usize::MAX / 16, usize::MAX] {
            assert!(Table::bytes_of(groups) > isize::MAX as usize);
        }
    }

    #[test]
    fn groups_begin_at_cache_lines() {
        for len in [1, 100, 600] {
            let table = table_of(len);
            let Groups::Narrow(lines) = &table.groups else { panic!("{len}") };
            assert_eq!(lines.first.addr().get() % 64, 0);
        }
    }
}
