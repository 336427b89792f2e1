//! The view that writes.

#![allow(unsafe_code)]

use super::View;
use super::layout::Layout;
use core::marker::PhantomData;
use core::ptr::NonNull;

/// Elements that lie anywhere at regular distances, as an N-d slice that can be written: `8 + 16 * N` bytes.
pub struct ViewMut<'a, T, const N: usize> {
    /// Invariant: every element may be read and written during `'a`, by the holder of this view alone, and no
    /// two indices have bytes in common.
    layout: Layout<T, N>,
    lifetime: PhantomData<&'a mut T>,
}

impl<'a, T, const N: usize> ViewMut<'a, T, N> {
    /// Creates a view of the elements at `ptr + Σ index[axis] * strides[axis]`, in bytes.
    ///
    /// # Safety
    ///
    /// - `ptr` is aligned for `T`, even where there is no element.
    /// - For every index within `shape` that sum is an aligned, initialised `T`, and all of these lie in one
    ///   allocation, which `ptr` may access: its provenance is that of the whole, not of the first element.
    /// - The product of the lengths in `shape`, those that are 0 left out, fits a `usize`.
    /// - No two indices have bytes in common.
    /// - Nobody else reads or writes the elements during `'a`.
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

    /// A view that only reads, for as long as this one is borrowed.
    #[inline]
    pub fn view(&self) -> View<'_, T, N> {
        // SAFETY: the elements are there by the invariant on `layout`; while `self` is borrowed nobody writes them.
        unsafe {
            View::from_raw_parts(self.layout.ptr(), self.layout.shape(), self.layout.strides())
        }
    }

    /// A second view that writes, for as long as this one is borrowed.
    #[inline]
    pub fn view_mut(&mut self) -> ViewMut<'_, T, N> {
        ViewMut { layout: self.layout, lifetime: PhantomData }
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

    /// The element at `index`, or `None` where an axis is shorter.
    #[inline]
    pub fn get(&self, index: [usize; N]) -> Option<&T> {
        self.view().get(index)
    }

    /// The element at `index`, or `None` where an axis is shorter.
    #[inline]
    pub fn get_mut(&mut self, index: [usize; N]) -> Option<&mut T> {
        // SAFETY: by the invariant on `layout` the element is there and this view's alone, and `self` is
        // borrowed for as long as the element.
        self.layout.get(index).map(|mut element| unsafe { element.as_mut() })
    }
}

impl<'a, T> From<&'a mut [T]> for ViewMut<'a, T, 1> {
    #[inline]
    fn from(slice: &'a mut [T]) -> Self {
        Self { layout: Layout::of_slice(NonNull::from(slice)), lifetime: PhantomData }
    }
}

// SAFETY: a `ViewMut` is used as disjoint `&mut T` are, which may go to another thread where `T: Send`.
unsafe impl<T: Send, const N: usize> Send for ViewMut<'_, T, N> {}

// SAFETY: all that `&ViewMut` hands out are `&T`, and views of them, which threads may share where `T: Sync`.
unsafe impl<T: Sync, const N: usize> Sync for ViewMut<'_, T, N> {}
