//! Slots and their generations: where slabs and their secondary maps keep values.
//!
//! ```text
//! slots         | value | link  | value |       |       as large as the larger of both
//! generations   |   1   |   2   |   5   |   0   |       odd: the slot has a value
//! ```
//!
//! Generations lie in an array of their own, so that no value has padding beside it. The generation of a slot counts up with each
//! insertion and each removal. What a slot has without a value, `N`, is up to the owner; where the generation is 0 it has nothing. All that is
//! allocated are slots, so that there is room as long as there is a generation, and one bounds check finds both.
#![allow(unsafe_code)]

use super::handle::{Bits, Parts};
use crate::raw::{ReserveError, growth};
use crate::size::{Block, HeapSize, Visitor};
use alloc::vec::Vec;
use core::fmt::Debug;
use core::hash::Hash;
use core::iter::{Enumerate, FusedIterator, Zip};
use core::mem::{ManuallyDrop, needs_drop};
use core::slice;

/// The bytes that slots take when there are first any.
const FIRST: usize = 256;

/// The bytes of slots from which on they are not doubled, but grow by a quarter. By a sixteenth, as arrays do, they would be copied
/// four times as often: they seldom grow in place, since each of the two arrays lies in the way of the other.
const SMALL: usize = 16 << 10;

/// How often a slot was filled and emptied.
pub(in crate::pool) trait Generation:
    Copy + Eq + Ord + Hash + Debug + Send + Sync + Unpin + 'static
{
    /// That of a slot that has never had a value, and of one that has had its last.
    const ZERO: Self;

    /// The next one; behind the last one, 0.
    fn next(self) -> Self;

    /// Whether it is odd, as that of a slot with a value.
    fn is_live(self) -> bool;
}

impl Generation for u8 {
    const ZERO: Self = 0;

    #[inline(always)]
    fn next(self) -> Self {
        self.wrapping_add(1)
    }

    #[inline(always)]
    fn is_live(self) -> bool {
        self & 1 != 0
    }
}

impl Generation for u32 {
    const ZERO: Self = 0;

    #[inline(always)]
    fn next(self) -> Self {
        self.wrapping_add(1)
    }

    #[inline(always)]
    fn is_live(self) -> bool {
        self & 1 != 0
    }
}

pub(super) union Slot<T, N: Copy> {
    value: ManuallyDrop<T>,
    vacant: N,
    nothing: (),
}

/// Slots, each with a value, an `N`, or nothing.
pub(super) struct Cells<T, R: Bits, N: Copy> {
    /// Invariant: a slot has a value where its generation is odd, and an `N` where it is even and not 0.
    slots: Vec<Slot<T, N>>,
    /// Invariant: as many as slots.
    generations: Vec<R::Generation>,
}

/// A slot with a value.
pub(super) struct Live<'a, T, R: Bits, N: Copy> {
    /// Invariant: it has a value.
    slot: &'a mut Slot<T, N>,
    generation: &'a mut R::Generation,
}

/// A slot without a value.
pub(super) struct Vacant<'a, T, R: Bits, N: Copy> {
    /// Invariant: it has no value, and an `N` if the generation is not 0.
    slot: &'a mut Slot<T, N>,
    generation: &'a mut R::Generation,
    index: usize,
}

/// A slot, whichever of both.
pub(super) enum Cell<'a, T, R: Bits, N: Copy> {
    Live(Live<'a, T, R, N>),
    Vacant(Vacant<'a, T, R, N>),
}

impl<T, R: Bits, N: Copy> Cells<T, R, N> {
    pub(super) const fn new() -> Self {
        Self { slots: Vec::new(), generations: Vec::new() }
    }

    /// How many slots there are, all of which is allocated.
    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        self.generations.len()
    }

    /// Allocates slots until there are so many, and further ones: as many again where they take little, and a quarter where they do not.
    pub(super) fn reserve(&mut self, slots: usize) -> Result<(), ReserveError> {
        if slots <= self.len() {
            return Ok(());
        }
        let each = size_of::<Slot<T, N>>() + size_of::<R::Generation>();
        let (bytes, len) = (self.len() * each, self.len());
        let roomy = if bytes < SMALL { (2 * len).max(FIRST / each) } else { len + len / 4 };
        let roomy = roomy.min(R::SLOTS).max(slots);
        self.reserve_exact(roomy).or_else(|_| self.reserve_exact(slots))
    }

    /// Allocates slots until there are so many.
    pub(super) fn reserve_exact(&mut self, slots: usize) -> Result<(), ReserveError> {
        if slots > self.len() {
            // The larger block first: where there is memory for it, there is for the other.
            growth::reserve_exact(&mut self.slots, slots)?;
            growth::reserve_exact(&mut self.generations, slots)?;
            self.slots.resize_with(slots, || Slot { nothing: () });
            self.generations.resize(slots, R::Generation::ZERO);
        }
        Ok(())
    }

    /// Gives back all slots but the first ones, and forgets what is in them.
    pub(super) fn truncate(&mut self, slots: usize) {
        self.slots.truncate(slots);
        self.generations.truncate(slots);
        self.slots.shrink_to_fit();
        self.generations.shrink_to_fit();
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.slots.capacity() * size_of::<Slot<T, N>>()
            + self.generations.capacity() * size_of::<R::Generation>()
    }

    /// The slot of a handle, if it still has the value that is meant.
    #[inline(always)]
    fn find(&self, handle: R) -> Option<usize> {
        let index = handle.slot();
        (*self.generations.get(index)? == handle.generation()).then_some(index)
    }

    #[inline(always)]
    pub(super) fn contains(&self, handle: R) -> bool {
        self.find(handle).is_some()
    }

    #[inline(always)]
    pub(super) fn get(&self, handle: R) -> Option<&T> {
        let index = self.find(handle)?;
        // SAFETY: there are as many slots as generations (invariant on `generations`).
        let slot = unsafe { self.slots.get_unchecked(index) };
        // SAFETY: the generation of a handle is odd (invariants of `Handle` and `Handle32`), so the slot has a value
        // (invariant on `slots`).
        Some(unsafe { &slot.value })
    }

    /// The slot of a handle, if it still has the value that is meant.
    #[inline(always)]
    pub(super) fn live(&mut self, handle: R) -> Option<Live<'_, T, R, N>> {
        let generation = self.generations.get_mut(handle.slot())?;
        if *generation != handle.generation() {
            return None;
        }
        // SAFETY: there are as many slots as generations (invariant on `generations`).
        let slot = unsafe { self.slots.get_unchecked_mut(handle.slot()) };
        // The generation of a handle is odd.
        Some(Live { slot, generation })
    }

    #[inline(always)]
    pub(super) fn cell(&mut self, index: usize) -> Option<Cell<'_, T, R, N>> {
        let generation = self.generations.get_mut(index)?;
        // SAFETY: there are as many slots as generations (invariant on `generations`).
        let slot = unsafe { self.slots.get_unchecked_mut(index) };
        Some(if generation.is_live() {
            Cell::Live(Live { slot, generation })
        } else {
            Cell::Vacant(Vacant { slot, generation, index })
        })
    }

    /// The handle of the value of a slot, if it has one.
    #[inline(always)]
    pub(super) fn at(&self, index: usize) -> Option<R> {
        let generation = *self.generations.get(index)?;
        generation.is_live().then(|| R::new(index, generation))
    }

    /// How often a slot was filled and emptied.
    pub(super) fn generation(&self, index: usize) -> Option<R::Generation> {
        self.generations.get(index).copied()
    }

    /// What a slot has instead of a value.
    pub(super) fn vacant(&self, index: usize) -> Option<N> {
        let generation = *self.generations.get(index)?;
        if generation.is_live() || generation == R::Generation::ZERO {
            return None;
        }
        // SAFETY: the generation is even and not 0, so the slot has an `N` (invariant on `slots`).
        Some(unsafe { self.slots[index].vacant })
    }

    /// Several values at once, if all are there and no two of them are the same.
    pub(super) fn get_disjoint_mut<const COUNT: usize>(
        &mut self,
        handles: [R; COUNT],
    ) -> Option<[&mut T; COUNT]> {
        for (place, &handle) in handles.iter().enumerate() {
            let index = self.find(handle)?;
            if handles[..place].iter().any(|before| before.slot() == index) {
                return None;
            }
        }
        let slots = self.slots.as_mut_ptr();
        Some(handles.map(|handle| {
            // SAFETY: `find` found it, so it is the index of a slot.
            let slot = unsafe { slots.add(handle.slot()) };
            // SAFETY: the slot is borrowed with all others, and no other handle of these has the same index.
            let slot = unsafe { &mut *slot };
            // SAFETY: `find` found an odd generation, so the slot has a value (invariant on `slots`).
            &mut **unsafe { &mut slot.value }
        }))
    }

    /// Handles and values of the first slots, in which there are `live`.
    pub(super) fn iter(&self, slots: usize, live: usize) -> Iter<'_, T, R, N> {
        let generations = self.generations[..slots].iter();
        Iter { pairs: generations.enumerate().zip(&self.slots[..slots]), left: live }
    }

    /// Handles and values of the first slots, in which there are `live`.
    pub(super) fn iter_mut(&mut self, slots: usize, live: usize) -> IterMut<'_, T, R, N> {
        let generations = self.generations[..slots].iter();
        IterMut { pairs: generations.enumerate().zip(&mut self.slots[..slots]), left: live }
    }

    /// Tells of both blocks, and of the values, of which there are `live`.
    pub(super) fn visit<'v>(&'v self, live: usize, visitor: &mut Visitor<'v>)
    where
        T: HeapSize,
    {
        visitor
            .block(Block::array::<Slot<T, N>>(self.slots.capacity(), live).at(self.slots.as_ptr()));
        let generations = Block::array::<R::Generation>(self.generations.capacity(), live);
        visitor.block(generations.at(self.generations.as_ptr()));
        visitor.elements(self.iter(self.len(), live).map(|(_, value)| value));
    }

    /// How many values there are, counted.
    pub(super) fn count_live(&self) -> usize {
        self.generations.iter().filter(|generation| generation.is_live()).count()
    }

    /// Panics unless the invariants hold that can be seen.
    pub(super) fn check_invariants(&self) {
        assert_eq!(self.slots.len(), self.generations.len());
        assert!(self.len() <= R::SLOTS);
    }
}

impl<'a, T, R: Bits, N: Copy> Live<'a, T, R, N> {
    #[inline(always)]
    pub(super) fn generation(&self) -> R::Generation {
        *self.generation
    }

    #[inline(always)]
    pub(super) fn into_mut(self) -> &'a mut T {
        // SAFETY: the slot has a value (invariant on `slot`).
        unsafe { &mut self.slot.value }
    }

    /// Takes the value out, and says which generation the slot then has.
    #[inline(always)]
    pub(super) fn take(self, vacant: N) -> (T, R::Generation) {
        // SAFETY: the slot has a value (invariant on `slot`).
        let value = unsafe { &mut self.slot.value };
        // SAFETY: nobody takes it again, since the slot has an `N` from here on and the next generation is even.
        let value = unsafe { ManuallyDrop::take(value) };
        self.slot.vacant = vacant;
        *self.generation = self.generation.next();
        (value, *self.generation)
    }

    /// Puts another value in its place, under a generation of its own, and gives the old one back.
    pub(super) fn replace(self, handle: R, value: T) -> T {
        *self.generation = handle.generation();
        core::mem::replace(self.into_mut(), value)
    }
}

impl<T, R: Bits, N: Copy> Vacant<'_, T, R, N> {
    /// The handle of the next value, of the generation behind that of the slot.
    #[inline(always)]
    pub(super) fn handle(&self) -> R {
        R::new(self.index, *self.generation)
    }

    /// What the slot has instead of a value.
    #[inline(always)]
    pub(super) fn vacant(&self) -> Option<N> {
        if *self.generation == R::Generation::ZERO {
            return None;
        }
        // SAFETY: the generation is not 0, so the slot has an `N` (invariant on `slot`).
        Some(unsafe { self.slot.vacant })
    }

    /// Fills the slot with the value of a handle.
    #[inline(always)]
    pub(super) fn fill(self, handle: R, value: T) {
        self.slot.value = ManuallyDrop::new(value);
        // The generation of a handle is odd.
        *self.generation = handle.generation();
    }
}

impl<T, R: Bits, N: Copy> Drop for Cells<T, R, N> {
    fn drop(&mut self) {
        /// Drops the values that are left, those behind one whose drop panics too.
        struct Rest<'a, T, R: Bits, N: Copy>(
            Zip<slice::Iter<'a, R::Generation>, slice::IterMut<'a, Slot<T, N>>>,
        );

        impl<T, R: Bits, N: Copy> Rest<'_, T, R, N> {
            fn run(&mut self) {
                for (_, slot) in self.0.by_ref().filter(|(generation, _)| generation.is_live()) {
                    // SAFETY: the generation is odd, so the slot has a value (invariant on `slots`).
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
            let pairs = self.generations.iter().zip(&mut self.slots);
            Rest::<T, R, N>(pairs).run();
        }
    }
}

impl<T: Clone, R: Bits, N: Copy> Cells<T, R, N> {
    /// A copy of the first slots.
    pub(super) fn clone_first(&self, slots: usize) -> Self {
        let mut copy =
            Self { slots: Vec::with_capacity(slots), generations: Vec::with_capacity(slots) };
        for (slot, &generation) in self.slots.iter().zip(&self.generations).take(slots) {
            let slot = if generation.is_live() {
                // SAFETY: the generation is odd, so the slot has a value (invariant on `slots`).
                let value = unsafe { &slot.value };
                Slot { value: value.clone() }
            } else if generation == R::Generation::ZERO {
                Slot { nothing: () }
            } else {
                // SAFETY: the generation is even and not 0, so the slot has an `N` (invariant on `slots`).
                Slot { vacant: unsafe { slot.vacant } }
            };
            // Both have room, so neither panics.
            copy.slots.push(slot);
            copy.generations.push(generation);
        }
        copy
    }
}

/// Generations, each with its index.
type Generations<'a, R> = Enumerate<slice::Iter<'a, <R as Parts>::Generation>>;

/// Handles and values, by index.
pub(super) struct Iter<'a, T, R: Bits, N: Copy> {
    /// Invariant: each slot beside its generation.
    pairs: Zip<Generations<'a, R>, slice::Iter<'a, Slot<T, N>>>,
    /// The values to come.
    left: usize,
}

/// Handles and values, by index.
pub(super) struct IterMut<'a, T, R: Bits, N: Copy> {
    /// Invariant: each slot beside its generation.
    pairs: Zip<Generations<'a, R>, slice::IterMut<'a, Slot<T, N>>>,
    /// The values to come.
    left: usize,
}

impl<'a, T, R: Bits, N: Copy> Iterator for Iter<'a, T, R, N> {
    type Item = (R, &'a T);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let ((index, &generation), slot) =
            self.pairs.find(|((_, generation), _)| generation.is_live())?;
        self.left -= 1;
        // SAFETY: the generation is odd, so the slot has a value (invariant on `slots` of `Cells`).
        Some((R::new(index, generation), unsafe { &slot.value }))
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<T, R: Bits, N: Copy> DoubleEndedIterator for Iter<'_, T, R, N> {
    #[inline]
    fn next_back(&mut self) -> Option<Self::Item> {
        let ((index, &generation), slot) =
            self.pairs.rfind(|((_, generation), _)| generation.is_live())?;
        self.left -= 1;
        // SAFETY: the generation is odd, so the slot has a value (invariant on `slots` of `Cells`).
        Some((R::new(index, generation), unsafe { &slot.value }))
    }
}

impl<T, R: Bits, N: Copy> ExactSizeIterator for Iter<'_, T, R, N> {}

impl<T, R: Bits, N: Copy> FusedIterator for Iter<'_, T, R, N> {}

impl<T, R: Bits, N: Copy> Clone for Iter<'_, T, R, N> {
    fn clone(&self) -> Self {
        Self { pairs: self.pairs.clone(), left: self.left }
    }
}

impl<'a, T, R: Bits, N: Copy> Iterator for IterMut<'a, T, R, N> {
    type Item = (R, &'a mut T);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let ((index, &generation), slot) =
            self.pairs.find(|((_, generation), _)| generation.is_live())?;
        self.left -= 1;
        // SAFETY: the generation is odd, so the slot has a value (invariant on `slots` of `Cells`).
        Some((R::new(index, generation), unsafe { &mut slot.value }))
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<T, R: Bits, N: Copy> DoubleEndedIterator for IterMut<'_, T, R, N> {
    #[inline]
    fn next_back(&mut self) -> Option<Self::Item> {
        let ((index, &generation), slot) =
            self.pairs.rfind(|((_, generation), _)| generation.is_live())?;
        self.left -= 1;
        // SAFETY: the generation is odd, so the slot has a value (invariant on `slots` of `Cells`).
        Some((R::new(index, generation), unsafe { &mut slot.value }))
    }
}

impl<T, R: Bits, N: Copy> ExactSizeIterator for IterMut<'_, T, R, N> {}

impl<T, R: Bits, N: Copy> FusedIterator for IterMut<'_, T, R, N> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pool::Handle;

    #[test]
    fn the_last_generation_of_32_bits_is_followed_by_none() {
        let mut cells = Cells::<u8, Handle, ()>::new();
        cells.reserve_exact(1).unwrap();
        cells.generations[0] = u32::MAX - 1;
        let Some(Cell::Vacant(slot)) = cells.cell(0) else { panic!("no value") };
        let last = slot.handle();
        slot.fill(last, 7);
        assert_eq!((last.generation(), cells.get(last)), (u32::MAX, Some(&7)));
        let live = cells.live(last).unwrap();
        assert_eq!(live.take(()), (7, u32::ZERO));
        assert_eq!((cells.get(last), cells.at(0)), (None, None));
    }
}
