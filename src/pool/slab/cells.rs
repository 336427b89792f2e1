//! Slots and their ages: where slabs and their secondary maps keep values.
//!
//! ```text
//! slots   | value | link  | value |                 as large as the larger of both
//! ages    |   0   |   1   |   4   |   0   |   0     even: the slot has a value, if it was ever filled
//! ```
//!
//! Ages lie in an array of their own, so that no value has padding beside it. That of a slot counts up with each removal, and with each
//! insertion but the first, for which nothing is stored beside the value: a byte that is stored among words takes as long as two of them. What a slot
//! has without a value, `N`, is up to the owner; where the age is the last one it has nothing. The generation that a handle shows is the age and 1.
#![allow(unsafe_code)]

mod iter;

pub(super) use iter::{Iter, IterMut};

use super::handle::Bits;
use crate::raw::{ReserveError, growth};
use crate::size::{Block, HeapSize, Visitor};
use alloc::vec::Vec;
use core::fmt::Debug;
use core::hash::Hash;
use core::iter::Zip;
use core::mem::{ManuallyDrop, needs_drop};
use core::slice;

/// The bytes that slots take when there are first any.
const FIRST: usize = 256;

/// The bytes of slots from which on they are not doubled, but grow by a quarter. By a sixteenth, as arrays do, they would be copied
/// four times as often: they seldom grow in place, since each of the two arrays lies in the way of the other.
const SMALL: usize = 16 << 10;

/// How often a slot was emptied, and filled after that.
pub(in crate::pool) trait Age:
    Copy + Eq + Ord + Hash + Debug + Send + Sync + Unpin + 'static
{
    /// That of a slot with its first value, and of one that was never filled.
    const ZERO: Self;

    /// That of a slot which has had its last value, and of one that was passed over. It is odd.
    const LAST: Self;

    /// The next one, of one that is not the last.
    fn next(self) -> Self;

    /// Whether it is even, as that of a slot with a value.
    fn is_live(self) -> bool;
}

impl Age for u8 {
    const ZERO: Self = 0;
    const LAST: Self = Self::MAX;

    #[inline(always)]
    fn next(self) -> Self {
        self + 1
    }

    #[inline(always)]
    fn is_live(self) -> bool {
        self & 1 == 0
    }
}

impl Age for u32 {
    const ZERO: Self = 0;
    const LAST: Self = Self::MAX;

    #[inline(always)]
    fn next(self) -> Self {
        self + 1
    }

    #[inline(always)]
    fn is_live(self) -> bool {
        self & 1 == 0
    }
}

pub(super) union Slot<T, N: Copy> {
    value: ManuallyDrop<T>,
    vacant: N,
    nothing: (),
}

/// Slots, each with a value, an `N`, or nothing.
pub(super) struct Cells<T, R: Bits, N: Copy> {
    /// Those that were ever filled, or passed over.
    ///
    /// Invariant: a slot has a value where its age is even, and an `N` where it is odd and not the last. There is room for as many as there are
    /// ages.
    slots: Vec<Slot<T, N>>,
    /// Invariant: at least as many as slots, and 0 behind those.
    ages: Vec<R::Age>,
}

/// A slot with a value.
pub(super) struct Live<'a, T, R: Bits, N: Copy> {
    /// Invariant: it has a value.
    slot: &'a mut Slot<T, N>,
    age: &'a mut R::Age,
}

/// A slot without a value, which has had one or was passed over.
pub(super) struct Vacant<'a, T, R: Bits, N: Copy> {
    /// Invariant: it has no value, and an `N` if the age is not the last.
    slot: &'a mut Slot<T, N>,
    age: &'a mut R::Age,
    index: usize,
}

/// The slot behind all that were ever filled.
pub(super) struct Fresh<'a, T, R: Bits, N: Copy> {
    cells: &'a mut Cells<T, R, N>,
    /// Invariant: as many slots as there are, and less than ages.
    index: usize,
}

/// A slot, whichever of both.
pub(super) enum Cell<'a, T, R: Bits, N: Copy> {
    Live(Live<'a, T, R, N>),
    Vacant(Vacant<'a, T, R, N>),
}

impl<T, R: Bits, N: Copy> Cells<T, R, N> {
    pub(super) const fn new() -> Self {
        Self { slots: Vec::new(), ages: Vec::new() }
    }

    /// How many slots were ever filled, or passed over: the first ones.
    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// How many slots are allocated.
    #[inline(always)]
    pub(super) fn capacity(&self) -> usize {
        self.ages.len()
    }

    /// Allocates slots until there are so many, and further ones: as many again where they take little, and a quarter where they do not.
    pub(super) fn reserve(&mut self, slots: usize) -> Result<(), ReserveError> {
        let before = self.capacity();
        if slots <= before {
            return Ok(());
        }
        let each = size_of::<Slot<T, N>>() + size_of::<R::Age>();
        let small = before * each < SMALL;
        let roomy = if small { (2 * before).max(FIRST / each) } else { before + before / 4 };
        let roomy = roomy.min(R::SLOTS).max(slots);
        self.reserve_exact(roomy).or_else(|_| self.reserve_exact(slots))
    }

    /// Allocates slots until there are so many.
    pub(super) fn reserve_exact(&mut self, slots: usize) -> Result<(), ReserveError> {
        if slots > self.capacity() {
            // The larger block first: where there is memory for it, there is for the other.
            growth::reserve_exact(&mut self.slots, slots)?;
            growth::reserve_exact(&mut self.ages, slots)?;
            self.ages.resize(slots, R::Age::ZERO);
        }
        Ok(())
    }

    /// Passes over slots, which are allocated, so that the first ones are so many and those that were never filled have nothing.
    pub(super) fn pass_over(&mut self, slots: usize) {
        let before = self.len();
        if slots > before {
            self.ages[before..slots].fill(R::Age::LAST);
            self.slots.resize_with(slots, || Slot { nothing: () });
        }
    }

    /// Gives back all slots but the first ones, and forgets what is in them.
    pub(super) fn truncate(&mut self, slots: usize) {
        self.slots.truncate(slots);
        self.ages.truncate(slots);
        self.slots.shrink_to_fit();
        self.ages.shrink_to_fit();
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.slots.capacity() * size_of::<Slot<T, N>>() + self.ages.capacity() * size_of::<R::Age>()
    }

    /// The slot of a handle, if it still has the value that is meant.
    #[inline(always)]
    fn find(&self, handle: R) -> Option<&Slot<T, N>> {
        let slot = self.slots.get(handle.slot())?;
        // SAFETY: there are as many ages as slots, at least (invariant on `ages`).
        let age = unsafe { self.ages.get_unchecked(handle.slot()) };
        (*age == handle.age()).then_some(slot)
    }

    #[inline(always)]
    pub(super) fn contains(&self, handle: R) -> bool {
        self.find(handle).is_some()
    }

    #[inline(always)]
    pub(super) fn get(&self, handle: R) -> Option<&T> {
        let slot = self.find(handle)?;
        // SAFETY: the age of a handle is even (invariants of `Handle` and `Handle32`), so the slot has a value (invariant on `slots`).
        Some(unsafe { &slot.value })
    }

    /// The slot of a handle, if it still has the value that is meant.
    #[inline(always)]
    pub(super) fn live(&mut self, handle: R) -> Option<Live<'_, T, R, N>> {
        let slot = self.slots.get_mut(handle.slot())?;
        // SAFETY: there are as many ages as slots, at least (invariant on `ages`).
        let age = unsafe { self.ages.get_unchecked_mut(handle.slot()) };
        // The age of a handle is even.
        (*age == handle.age()).then_some(Live { slot, age })
    }

    #[inline(always)]
    pub(super) fn cell(&mut self, index: usize) -> Option<Cell<'_, T, R, N>> {
        let slot = self.slots.get_mut(index)?;
        // SAFETY: there are as many ages as slots, at least (invariant on `ages`).
        let age = unsafe { self.ages.get_unchecked_mut(index) };
        Some(if age.is_live() {
            Cell::Live(Live { slot, age })
        } else {
            Cell::Vacant(Vacant { slot, age, index })
        })
    }

    /// The slot behind all that were ever filled, if it has that index and is allocated.
    #[inline(always)]
    pub(super) fn fresh(&mut self, index: usize) -> Option<Fresh<'_, T, R, N>> {
        (index == self.len() && index < self.capacity()).then_some(Fresh { cells: self, index })
    }

    /// The handle of the value of a slot, if it has one.
    #[inline(always)]
    pub(super) fn at(&self, index: usize) -> Option<R> {
        let age = *self.ages[..self.len()].get(index)?;
        age.is_live().then(|| R::new(index, age))
    }

    /// What a slot has instead of a value.
    pub(super) fn vacant(&self, index: usize) -> Option<N> {
        let slot = self.slots.get(index)?;
        let age = self.ages[index];
        if age.is_live() || age == R::Age::LAST {
            return None;
        }
        // SAFETY: the age is odd and not the last, so the slot has an `N` (invariant on `slots`).
        Some(unsafe { slot.vacant })
    }

    /// Several values at once, if all are there and no two of them are the same.
    pub(super) fn get_disjoint_mut<const COUNT: usize>(
        &mut self,
        handles: [R; COUNT],
    ) -> Option<[&mut T; COUNT]> {
        for (place, &handle) in handles.iter().enumerate() {
            self.find(handle)?;
            if handles[..place].iter().any(|before| before.slot() == handle.slot()) {
                return None;
            }
        }
        let slots = self.slots.as_mut_ptr();
        Some(handles.map(|handle| {
            // SAFETY: `find` found it, so it is the index of a slot.
            let slot = unsafe { slots.add(handle.slot()) };
            // SAFETY: the slot is borrowed with all others, and no other handle of these has the same index.
            let slot = unsafe { &mut *slot };
            // SAFETY: `find` found an even age, so the slot has a value (invariant on `slots`).
            &mut **unsafe { &mut slot.value }
        }))
    }

    /// Handles and values, of which there are `live`.
    pub(super) fn iter(&self, live: usize) -> Iter<'_, T, R, N> {
        Iter::new(&self.ages[..self.len()], &self.slots, live)
    }

    /// Handles and values, of which there are `live`.
    pub(super) fn iter_mut(&mut self, live: usize) -> IterMut<'_, T, R, N> {
        IterMut::new(&self.ages[..self.slots.len()], &mut self.slots, live)
    }

    /// Tells of both blocks, and of the values, of which there are `live`.
    pub(super) fn visit<'v>(&'v self, live: usize, visitor: &mut Visitor<'v>)
    where
        T: HeapSize,
    {
        visitor
            .block(Block::array::<Slot<T, N>>(self.slots.capacity(), live).at(self.slots.as_ptr()));
        let ages = Block::array::<R::Age>(self.ages.capacity(), live);
        visitor.block(ages.at(self.ages.as_ptr()));
        visitor.elements(self.iter(live).map(|(_, value)| value));
    }

    /// How many values there are, counted.
    pub(super) fn count_live(&self) -> usize {
        self.ages[..self.len()].iter().filter(|age| age.is_live()).count()
    }

    /// How many of the first slots have nothing, counted.
    pub(super) fn count_empty(&self) -> usize {
        self.ages[..self.len()].iter().filter(|&&age| age == R::Age::LAST).count()
    }

    /// Panics unless the invariants hold that can be seen.
    pub(super) fn check_invariants(&self) {
        assert!(self.slots.len() <= self.ages.len() && self.ages.len() <= self.slots.capacity());
        assert!(self.ages[self.len()..].iter().all(|&age| age == R::Age::ZERO));
        assert!(self.capacity() <= R::SLOTS);
    }
}

impl<'a, T, R: Bits, N: Copy> Live<'a, T, R, N> {
    #[inline(always)]
    pub(super) fn age(&self) -> R::Age {
        *self.age
    }

    #[inline(always)]
    pub(super) fn into_mut(self) -> &'a mut T {
        // SAFETY: the slot has a value (invariant on `slot`).
        unsafe { &mut self.slot.value }
    }

    /// Takes the value out, and says whether the slot may have another one: otherwise it has nothing from here on.
    #[inline(always)]
    pub(super) fn take(self, vacant: N) -> (T, bool) {
        // SAFETY: the slot has a value (invariant on `slot`).
        let value = unsafe { &mut self.slot.value };
        // SAFETY: nobody takes it again, since the slot has an `N` from here on and the next age is odd.
        let value = unsafe { ManuallyDrop::take(value) };
        self.slot.vacant = vacant;
        // An even one is not the last.
        *self.age = self.age.next();
        (value, *self.age != R::Age::LAST)
    }

    /// Puts another value in its place, of an age of its own, and gives the old one back.
    pub(super) fn replace(self, handle: R, value: T) -> T {
        // The age of a handle is even.
        *self.age = handle.age();
        core::mem::replace(self.into_mut(), value)
    }
}

impl<T, R: Bits, N: Copy> Vacant<'_, T, R, N> {
    /// The handle of the next value, and what the slot has instead of one; `None` if it has nothing.
    #[inline(always)]
    pub(super) fn next(&self) -> Option<(R, N)> {
        if *self.age == R::Age::LAST {
            return None;
        }
        // SAFETY: the age is not the last, so the slot has an `N` (invariant on `slot`).
        Some((R::new(self.index, self.age.next()), unsafe { self.slot.vacant }))
    }

    /// Fills the slot with the value of a handle.
    #[inline(always)]
    pub(super) fn fill(self, handle: R, value: T) {
        self.slot.value = ManuallyDrop::new(value);
        // The age of a handle is even.
        *self.age = handle.age();
    }
}

impl<T, R: Bits, N: Copy> Fresh<'_, T, R, N> {
    /// The handle of the first value.
    #[inline(always)]
    pub(super) fn handle(&self) -> R {
        R::new(self.index, R::Age::ZERO)
    }

    /// Fills the slot with its first value.
    #[inline(always)]
    pub(super) fn fill(self, value: T) {
        let slots = &mut self.cells.slots;
        // SAFETY: the index is less than ages (invariant), and there is room for as many slots (invariant on `slots`).
        let place = unsafe { slots.as_mut_ptr().add(self.index) };
        // SAFETY: as above.
        unsafe { place.write(Slot { value: ManuallyDrop::new(value) }) };
        // SAFETY: so many slots there were (invariant), and the one behind them has been written. It has a value, as its age of 0 says
        // (invariant on `ages`).
        unsafe { slots.set_len(self.index + 1) };
    }
}

impl<T, R: Bits, N: Copy> Drop for Cells<T, R, N> {
    fn drop(&mut self) {
        /// Drops the values that are left, those behind one whose drop panics too.
        struct Rest<'a, T, R: Bits, N: Copy>(
            Zip<slice::Iter<'a, R::Age>, slice::IterMut<'a, Slot<T, N>>>,
        );

        impl<T, R: Bits, N: Copy> Rest<'_, T, R, N> {
            fn run(&mut self) {
                for (_, slot) in self.0.by_ref().filter(|(age, _)| age.is_live()) {
                    // SAFETY: the age is even, so the slot has a value (invariant on `slots`).
                    let value = unsafe { &mut slot.value };
                    // SAFETY: the iterator is past it, and the slots are not used again.
                    unsafe { ManuallyDrop::drop(value) };
                }
            }
        }

        impl<T, R: Bits, N: Copy> Drop for Rest<'_, T, R, N> {
            fn drop(&mut self) {
                self.run();
            }
        }

        if needs_drop::<T>() {
            let pairs = self.ages.iter().zip(&mut self.slots);
            Rest::<T, R, N>(pairs).run();
        }
    }
}

/// The copy has no room for more.
impl<T: Clone, R: Bits, N: Copy> Clone for Cells<T, R, N> {
    fn clone(&self) -> Self {
        let slots = self.len();
        let mut copy = Self { slots: Vec::with_capacity(slots), ages: Vec::with_capacity(slots) };
        for (slot, &age) in self.slots.iter().zip(&self.ages) {
            let slot = if age.is_live() {
                // SAFETY: the age is even, so the slot has a value (invariant on `slots`).
                let value = unsafe { &slot.value };
                Slot { value: value.clone() }
            } else if age == R::Age::LAST {
                Slot { nothing: () }
            } else {
                // SAFETY: the age is odd and not the last, so the slot has an `N` (invariant on `slots`).
                Slot { vacant: unsafe { slot.vacant } }
            };
            // Both have room, so neither panics.
            copy.ages.push(age);
            copy.slots.push(slot);
        }
        copy
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pool::Handle;
    use crate::pool::slab::handle::Parts;

    #[test]
    fn the_last_age_of_32_bits_is_followed_by_none() {
        let mut cells = Cells::<u8, Handle, ()>::new();
        cells.reserve_exact(1).unwrap();
        cells.fresh(0).unwrap().fill(6);
        cells.ages[0] = u32::LAST - 2;
        let Some(Cell::Vacant(slot)) = cells.cell(0) else { panic!("no value") };
        let (last, ()) = slot.next().unwrap();
        slot.fill(last, 7);
        assert_eq!((last.age(), cells.get(last)), (u32::MAX - 1, Some(&7)));
        let live = cells.live(last).unwrap();
        assert_eq!(live.take(()), (7, false));
        assert_eq!((cells.get(last), cells.at(0)), (None, None));
        let Some(Cell::Vacant(slot)) = cells.cell(0) else { panic!("no value") };
        assert!(slot.next().is_none());
    }
}
