//! The view that reads.

#![allow(unsafe_code)]

use super::layout::Layout;
use core::marker::PhantomData;
use core::ptr::NonNull;

/// Elements that lie anywhere at regular distances, as an N-d slice: `8 + 16 * N` bytes, and no copy.
pub struct View<'a, T, const N: usize> {
    /// Invariant: every element may be read by anyone, and written by no one, during `'a`. Indices may share
    /// one: strides may be 0, and elements may overlap.
    layout: Layout<T, N>,
    lifetime: PhantomData<&'a T>,
}

impl<'a, T, const N: usize> View<'a, T, N> {
    /// Creates a view of the elements at `ptr + Σ index[axis] * strides[axis]`, in bytes.
    ///
    /// # Safety
    ///
    /// - `ptr` is aligned for `T`, even where there is no element.
    /// - For every index within `shape` that sum is an aligned, initialised `T`, and all of these lie in one
    ///   allocation, which `ptr` may access: its provenance is that of the whole, not of the first element.
    /// - The product of the lengths in `shape`, those that are 0 left out, fits a `usize`.
    /// - Nobody writes the elements during `'a` (but inside an `UnsafeCell`).
    #[inline]
    pub(crate) const unsafe fn from_raw_parts(
        ptr: NonNull<T>,
        shape: [usize; N],
        strides: [isize; N],
    ) -> Self {
        // SAFETY: what the caller promises are the invariants of a layout.
        let layout = unsafe { Layout::new(ptr, shape, strides) };
        Self { layout, lifetime: PhantomData }
    }

    /// The lengths of the axes.
    #[inline]
    pub const fn shape(&self) -> [usize; N] {
        self.layout.shape()
    }

    /// The bytes from one index of an axis to the next. An axis of fewer than two indices may have any.
    #[inline]
    pub const fn strides(&self) -> [isize; N] {
        self.layout.strides()
    }

    /// The number of elements.
    #[inline]
    pub fn len(&self) -> usize {
        self.layout.len()
    }

    /// True where there are none: where an axis has length 0.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where the element at index 0 of all axes lies, or would.
    #[inline]
    pub const fn as_ptr(&self) -> *const T {
        self.layout.ptr().as_ptr()
    }

    /// The element at `index`, or `None` where an axis is shorter.
    #[inline]
    pub fn get(&self, index: [usize; N]) -> Option<&'a T> {
        // SAFETY: by the invariant on `layout` the element is there and may be read during 'a.
        self.layout.get(index).map(|element| unsafe { element.as_ref() })
    }
}

impl<'a, T> From<&'a [T]> for View<'a, T, 1> {
    #[inline]
    fn from(slice: &'a [T]) -> Self {
        Self { layout: Layout::of_slice(NonNull::from(slice)), lifetime: PhantomData }
    }
}

impl<T, const N: usize> Clone for View<'_, T, N> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, const N: usize> Copy for View<'_, T, N> {}

// SAFETY: a view is used as many `&T` are, which another thread may have where `T: Sync`. Whether `T: Send`
// does not matter: no `T` can be moved out.
unsafe impl<T: Sync, const N: usize> Send for View<'_, T, N> {}

// SAFETY: as above: all that `&View` hands out are `&T`, and views.
unsafe impl<T: Sync, const N: usize> Sync for View<'_, T, N> {}
