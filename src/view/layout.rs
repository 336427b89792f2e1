//! Where the elements of a view lie. All proofs about addresses are in this file: what it hands out are
//! layouts, whose invariant says that the elements are there.

#![allow(unsafe_code)]

use core::ptr::NonNull;

/// A pointer, and for each axis a length and the bytes from one index to the next.
pub(super) struct Layout<T, const N: usize> {
    /// Invariant: is aligned for `T`, even where there is no element.
    ///
    /// Invariant: for every index within `shape`, `ptr + Σ index[axis] * strides[axis]`, in bytes, is an aligned,
    /// initialised `T`, and all of these lie in the one allocation that `ptr` may access.
    ///
    /// So the way between any two elements fits an `isize`; and every sum that leaves out some axes is the
    /// address of an element too, that whose index is 0 on them.
    ptr: NonNull<T>,
    /// Invariant: the product of the lengths, those that are 0 left out, fits a `usize`.
    shape: [usize; N],
    /// In bytes. Those of axes that have fewer than two indices say nothing.
    strides: [isize; N],
}

impl<T, const N: usize> Layout<T, N> {
    /// Describes elements.
    ///
    /// # Safety
    ///
    /// The invariants of the fields must hold, for as long as elements are read.
    #[inline]
    pub(super) const unsafe fn new(
        ptr: NonNull<T>,
        shape: [usize; N],
        strides: [isize; N],
    ) -> Self {
        Self { ptr, shape, strides }
    }

    #[inline]
    pub(super) const fn ptr(&self) -> NonNull<T> {
        self.ptr
    }

    #[inline]
    pub(super) const fn shape(&self) -> [usize; N] {
        self.shape
    }

    #[inline]
    pub(super) const fn strides(&self) -> [isize; N] {
        self.strides
    }

    /// The number of elements.
    #[inline]
    pub(super) fn len(&self) -> usize {
        // A product that wraps around has a factor of 0 behind the point where it does.
        self.shape.iter().fold(1, |len, &axis| len.wrapping_mul(axis))
    }

    /// The element at `index`, or `None` where an axis is shorter.
    #[inline]
    pub(super) fn get(&self, index: [usize; N]) -> Option<NonNull<T>> {
        let mut offset = 0_isize;
        for axis in 0..N {
            if index[axis] >= self.shape[axis] {
                return None;
            }
            offset = offset.wrapping_add(self.strides[axis].wrapping_mul(index[axis] as isize));
        }
        // SAFETY: `index` is within the shape, so that by the invariant on `ptr` the element lies there.
        Some(unsafe { self.ptr.byte_offset(offset) })
    }
}

impl<T> Layout<T, 1> {
    /// The elements of a slice.
    #[inline]
    pub(super) const fn of_slice(slice: NonNull<[T]>) -> Self {
        Self { ptr: slice.cast(), shape: [slice.len()], strides: [size_of::<T>() as isize] }
    }
}

impl<T, const N: usize> Clone for Layout<T, N> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, const N: usize> Copy for Layout<T, N> {}
