//! An array that grows while others read it: by segments that never move.
//!
//! ```text
//! index             0   1   2 3   4 5   6 … 9   10 … 13   14 … 21
//! segment           0   1   2     3     4       5         6          each octave has two of one size
//! directory       [ ● | ● | ●   | ●   | ●     |         |        … ]
//! ```
//!
//! Growth by one segment is by a half or a third. An index plus two, seen in binary, says where an element lies: the highest bit and
//! the one behind it are the segment, and the others the place in it.
#![allow(unsafe_code)]

use crate::raw::sync::{AtomicPtr, AtomicU32};
use crate::raw::{ReserveError, growth};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::marker::PhantomData;
use core::ptr;
use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};

/// Stands in the directory for segments that were not added: no element has an odd address.
const ABSENT: *mut u8 = ptr::without_provenance_mut(1);

/// The segments that an array may have: 2²¹ elements less two.
const COUNT: usize = if cfg!(loom) { 6 } else { 40 };

/// Elements, of segments that were added one by one.
pub(super) struct Segments<T> {
    /// Invariant: for the segments that were added, for good, where the element of index 0 would be if the whole array lay
    /// as the segment does: the address of a box of its elements, which this array owns, less those of the segments before.
    directory: [AtomicPtr<T>; COUNT],
    /// Invariant: the elements of the segments that were added. It is stored by Release, after the segments are in the directory.
    len: AtomicU32,
    /// It lends elements and drops them.
    owns: PhantomData<Box<[T]>>,
}

impl<T: Default> Segments<T> {
    pub(super) fn new() -> Self {
        const { assert!(align_of::<T>() > 1) };
        let directory = core::array::from_fn(|_| AtomicPtr::new(ABSENT.cast()));
        Self { directory, len: AtomicU32::new(0), owns: PhantomData }
    }

    /// The elements that there are.
    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        self.len.load(Acquire) as usize
    }

    /// The element with an index, if it is there.
    #[inline(always)]
    pub(super) fn get(&self, index: usize) -> Option<&T> {
        // SAFETY: the index is below the length, which was loaded by Acquire (the invariant of `len`).
        (index < self.len()).then(|| unsafe { self.get_added(index as u32) })
    }

    /// The element that [`index_at`] a fraction of the length says.
    #[inline(always)]
    pub(super) fn get_at(&self, fraction: u32) -> Option<&T> {
        let len = self.len();
        // SAFETY: what is less than the whole is below the length, if that is not 0, which was loaded by Acquire (the invariant of `len`).
        (len > 0).then(|| unsafe { self.get_added(index_at(fraction, len) as u32) })
    }

    /// All elements that there are.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        (0..self.len()).filter_map(|index| self.get(index))
    }

    /// The element with an index.
    ///
    /// # Safety
    ///
    /// Its segment was added, and whatever said so was stored by Release after that and loaded by Acquire.
    #[inline(always)]
    pub(super) unsafe fn get_added(&self, index: u32) -> &T {
        // SAFETY: the segment was added, so there is one of this number.
        let zeroth = unsafe { self.directory.get_unchecked(segment_of(index)) };
        let element = zeroth.load(Relaxed).wrapping_add(index as usize);
        // SAFETY: the segment was added, so this is in its box (the invariant of `directory`), and what `add` wrote is seen; and the
        // element is lent as shared, while the array is borrowed.
        unsafe { &*element }
    }

    /// Adds a segment, made by [`make`](Self::make), whose number is that of the segments there are. Only one thread adds at a time.
    pub(super) fn add(&self, number: usize, segment: Box<[T]>) {
        let (before, behind) = (capacity(number), capacity(number + 1));
        assert!(segment.len() == behind - before);
        assert!(self.len() == before, "a segment is added once, behind those before");
        let first = Box::into_raw(segment).cast::<T>();
        // By exchange, so that whoever breaks the rule of one thread gets a panic, and nothing else happens.
        let place = &self.directory[number];
        let zeroth = first.wrapping_sub(before);
        let added = place.compare_exchange(ABSENT.cast(), zeroth, Relaxed, Relaxed);
        assert!(added.is_ok(), "a segment is added once");
        self.len.store(behind as u32, Release);
    }

    /// A segment for [`add`](Self::add).
    pub(super) fn make(number: usize) -> Result<Box<[T]>, ReserveError> {
        if number >= COUNT {
            return Err(ReserveError::CapacityOverflow);
        }
        let mut segment = Vec::new();
        let len = capacity(number + 1) - capacity(number);
        growth::reserve_exact(&mut segment, len)?;
        segment.resize_with(len, T::default);
        Ok(segment.into_boxed_slice())
    }

    /// The bytes of so many segments.
    pub(super) const fn bytes(segments: usize) -> usize {
        capacity(segments) * size_of::<T>()
    }
}

/// The elements of so many segments.
pub(super) const fn capacity(segments: usize) -> usize {
    ((2 + segments % 2) << (segments / 2)) - 2
}

/// Which index lies at a fraction of a length, of which `fraction` is the numerator, and 2³² the denominator.
#[inline(always)]
pub(super) fn index_at(fraction: u32, len: usize) -> usize {
    ((u64::from(fraction) * len as u64) >> 32) as usize
}

/// In which segment an element lies.
#[inline(always)]
fn segment_of(index: u32) -> usize {
    let number = u64::from(index) + 2;
    let octave = number.ilog2() - 1;
    (2 * u64::from(octave) + (number >> octave)) as usize - 2
}

impl<T> Drop for Segments<T> {
    fn drop(&mut self) {
        // Whoever drops it has it alone, and so has seen all that was done to it.
        let len = self.len.load(Relaxed) as usize;
        for (number, zeroth) in self.directory.iter().enumerate() {
            let (before, behind) = (capacity(number), capacity(number + 1));
            if behind > len {
                break;
            }
            let first = zeroth.load(Relaxed).wrapping_add(before);
            let segment = ptr::slice_from_raw_parts_mut(first, behind - before);
            // SAFETY: it was such a box (the invariant of `directory`), and is dropped once.
            drop(unsafe { Box::from_raw(segment) });
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn every_index_has_an_element_of_its_own() {
        let array = Segments::<AtomicU32>::new();
        for number in 0..18 {
            let before = array.len();
            assert_eq!(before, capacity(number));
            assert!(array.get(before).is_none());
            array.add(number, Segments::make(number).unwrap());
            assert_eq!(array.len() - before, 1 << (number / 2));
        }
        for index in 0..array.len() {
            assert_eq!(array.get(index).unwrap().swap(index as u32 + 1, Relaxed), 0);
        }
        for index in 0..array.len() {
            assert_eq!(array.get(index).unwrap().load(Relaxed), index as u32 + 1);
        }
        let ends = [array.len(), 1 << 30, 1 << 40, usize::MAX - 1, usize::MAX];
        assert!(ends.iter().all(|&index| array.get(index).is_none()));
    }

    #[test]
    fn fractions_are_of_all_elements() {
        let array = Segments::<AtomicU32>::new();
        assert!(array.get_at(0).is_none() && array.get_at(u32::MAX).is_none());
        (0..3).for_each(|number| array.add(number, Segments::make(number).unwrap()));
        for (fraction, index) in [(0, 0), (1 << 30, 1), (1 << 31, 2), (u32::MAX, 3)] {
            assert_eq!(index_at(fraction, array.len()), index);
            assert!(core::ptr::eq(array.get_at(fraction).unwrap(), array.get(index).unwrap()));
        }
    }

    #[test]
    fn a_segment_beyond_the_last_is_an_error() {
        let made = Segments::<AtomicU32>::make(COUNT);
        assert_eq!(made.map(|_| ()), Err(ReserveError::CapacityOverflow));
    }

    #[test]
    #[should_panic = "a segment is added once"]
    fn a_segment_is_not_replaced() {
        let array = Segments::<AtomicU32>::new();
        array.add(0, Segments::make(0).unwrap());
        array.add(0, Segments::make(0).unwrap());
    }
}
