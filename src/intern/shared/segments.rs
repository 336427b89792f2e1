//! An array that grows while others read it: by segments that never move.
//!
//! ```text
//! index / UNIT      0   1   2 3   4 5   6 … 9   10 … 13   14 … 21
//! segment           0   1   2     3     4       5         6          each octave has two of one size
//! directory       [ ● | ● | ●   | ●   | ●     | null    | null   … ]
//! ```
//!
//! Growth by one segment is by a half or a third. An index plus twice the unit, seen in binary, says where an element lies: the
//! highest bit and the one behind it are the segment, and the others the place in it.
#![allow(unsafe_code)]

use crate::raw::sync::AtomicPtr;
use crate::raw::{ReserveError, growth};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::marker::PhantomData;
use core::ptr;
use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};

/// The segments that an array may have: 2²¹ units less two.
const COUNT: usize = if cfg!(loom) { 6 } else { 40 };

/// Elements, the first ones of segments of at least `UNIT` elements, which is a power of two.
pub(super) struct Segments<T, const UNIT: usize> {
    /// Invariant: each is null until it is, for good, the address of the `size(segment)` elements of a box that this array owns.
    directory: [AtomicPtr<T>; COUNT],
    /// It lends elements and drops them.
    owns: PhantomData<Box<[T]>>,
}

impl<T: Default, const UNIT: usize> Segments<T, UNIT> {
    pub(super) fn new() -> Self {
        const { assert!(UNIT.is_power_of_two()) };
        let directory = core::array::from_fn(|_| AtomicPtr::new(ptr::null_mut()));
        Self { directory, owns: PhantomData }
    }

    /// The element with an index, if it is there.
    #[inline(always)]
    pub(super) fn get(&self, index: usize) -> Option<&T> {
        let (segment, place) = place::<UNIT>(index);
        let first = self.directory.get(segment)?.load(Acquire);
        if first.is_null() {
            return None;
        }
        // SAFETY: the place is below the size of its segment, which is that of the box (the invariant of `directory`).
        let element = unsafe { first.add(place) };
        // SAFETY: as above; what `add` wrote is seen, as the address was loaded by Acquire; and the element is lent as shared, while
        // the array is borrowed.
        Some(unsafe { &*element })
    }

    /// The element with an index.
    ///
    /// # Safety
    ///
    /// Its segment was added, and whatever said so was stored by Release after that and loaded by Acquire.
    #[inline(always)]
    pub(super) unsafe fn get_added(&self, index: usize) -> &T {
        let (segment, place) = place::<UNIT>(index);
        let first = self.directory[segment].load(Relaxed);
        // SAFETY: the segment was added, so this is its address, and the place is below its size (the invariant of `directory`).
        let element = unsafe { first.add(place) };
        // SAFETY: as above; what `add` wrote is seen; and the element is lent as shared, while the array is borrowed.
        unsafe { &*element }
    }

    /// Adds a segment, made by [`make`](Self::make), whose number is that of the segments there are. Only one thread adds at a time.
    pub(super) fn add(&self, number: usize, segment: Box<[T]>) {
        assert!(segment.len() == size::<UNIT>(number));
        let first = &self.directory[number];
        // By exchange, so that whoever breaks the rule of one thread gets a panic.
        let new = Box::into_raw(segment).cast::<T>();
        if first.compare_exchange(ptr::null_mut(), new, Release, Relaxed).is_err() {
            // SAFETY: it was a box of this size, and nobody else has it.
            drop(unsafe {
                Box::from_raw(ptr::slice_from_raw_parts_mut(new, size::<UNIT>(number)))
            });
            panic!("a segment is added once");
        }
    }

    /// A segment for [`add`](Self::add).
    pub(super) fn make(number: usize) -> Result<Box<[T]>, ReserveError> {
        if number >= COUNT {
            return Err(ReserveError::CapacityOverflow);
        }
        let mut segment = Vec::new();
        growth::reserve_exact(&mut segment, size::<UNIT>(number))?;
        segment.resize_with(size::<UNIT>(number), T::default);
        Ok(segment.into_boxed_slice())
    }

    /// The elements of so many segments.
    pub(super) const fn capacity(segments: usize) -> usize {
        UNIT * ((2 << (segments / 2)) - 2 + ((segments % 2) << (segments / 2)))
    }

    /// The bytes of so many segments.
    pub(super) const fn bytes(segments: usize) -> usize {
        Self::capacity(segments) * size_of::<T>()
    }
}

/// The elements of a segment.
#[inline(always)]
const fn size<const UNIT: usize>(segment: usize) -> usize {
    UNIT << (segment / 2)
}

/// In which segment an element lies, and where in it: below its size, which is `1 << octave`.
#[inline(always)]
const fn place<const UNIT: usize>(index: usize) -> (usize, usize) {
    let number = index.saturating_add(2 * UNIT);
    let octave = number.ilog2() - 1;
    let half = number >> octave;
    (2 * (octave - UNIT.ilog2()) as usize + half - 2, number - (half << octave))
}

impl<T, const UNIT: usize> Drop for Segments<T, UNIT> {
    fn drop(&mut self) {
        for (segment, first) in self.directory.iter().enumerate() {
            // Whoever drops it has it alone, and so has seen all that was done to it.
            let first = first.load(Relaxed);
            if !first.is_null() {
                let segment = ptr::slice_from_raw_parts_mut(first, size::<UNIT>(segment));
                // SAFETY: it was a box of this size (the invariant of `directory`), and is dropped once.
                drop(unsafe { Box::from_raw(segment) });
            }
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use core::sync::atomic::AtomicU32;

    #[test]
    fn every_index_has_an_element_of_its_own() {
        let array = Segments::<AtomicU32, 4>::new();
        let mut capacity = 0;
        for number in 0..14 {
            assert_eq!(Segments::<AtomicU32, 4>::capacity(number), capacity);
            assert!(array.get(capacity).is_none());
            array.add(number, Segments::<_, 4>::make(number).unwrap());
            capacity += 4 << (number / 2);
        }
        for index in 0..capacity {
            assert_eq!(array.get(index).unwrap().swap(index as u32 + 1, Relaxed), 0);
        }
        for index in 0..capacity {
            assert_eq!(array.get(index).unwrap().load(Relaxed), index as u32 + 1);
        }
        let ends = [capacity, 1 << 30, 1 << 40, usize::MAX - 8, usize::MAX - 1, usize::MAX];
        assert!(ends.iter().all(|&index| array.get(index).is_none()));
    }

    #[test]
    fn a_segment_beyond_the_last_is_an_error() {
        let made = Segments::<AtomicU32, 1>::make(COUNT);
        assert_eq!(made.map(|_| ()), Err(ReserveError::CapacityOverflow));
    }

    #[test]
    #[should_panic = "a segment is added once"]
    fn a_segment_is_not_replaced() {
        let array = Segments::<AtomicU32, 1>::new();
        array.add(0, Segments::<_, 1>::make(0).unwrap());
        array.add(0, Segments::<_, 1>::make(0).unwrap());
    }
}
