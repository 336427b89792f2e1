//! Which values a node can hold: those of any sized type, strings and slices.
#![allow(unsafe_code)]

use core::ptr;

/// What a [`Strong`](super::Strong) may hold: a value of any sized type, a `str` or a slice.
///
/// Sealed, and implemented for all of them.
///
/// # Safety
///
/// `at(place, value.extent())` is a pointer to a value like `value` that begins at `place`; it takes `size_of_val(value)` bytes, aligned
/// to `ALIGN`.
pub unsafe trait Value: Sealed {
    /// The length, where the type does not tell it.
    #[doc(hidden)]
    type Extent: Copy;
    #[doc(hidden)]
    const ALIGN: usize;
    #[doc(hidden)]
    fn extent(&self) -> Self::Extent;
    #[doc(hidden)]
    fn at(place: *mut u8, extent: Self::Extent) -> *mut Self;
    /// The bytes of a value.
    #[doc(hidden)]
    fn size(extent: Self::Extent) -> usize;
}

pub trait Sealed {}
impl<T> Sealed for T {}
impl<T> Sealed for [T] {}
impl Sealed for str {}

// SAFETY: a sized value is where its pointer points.
unsafe impl<T> Value for T {
    type Extent = ();
    const ALIGN: usize = align_of::<T>();

    #[inline(always)]
    fn extent(&self) {}

    #[inline(always)]
    fn at(place: *mut u8, (): ()) -> *mut T {
        place.cast()
    }

    #[inline(always)]
    fn size((): ()) -> usize {
        size_of::<T>()
    }
}

// SAFETY: as many elements lie one behind the other.
unsafe impl<T> Value for [T] {
    type Extent = usize;
    const ALIGN: usize = align_of::<T>();

    #[inline(always)]
    fn extent(&self) -> usize {
        self.len()
    }

    #[inline(always)]
    fn at(place: *mut u8, len: usize) -> *mut [T] {
        ptr::slice_from_raw_parts_mut(place.cast(), len)
    }

    #[inline(always)]
    fn size(len: usize) -> usize {
        size_of::<T>() * len
    }
}

// SAFETY: a string is its bytes.
unsafe impl Value for str {
    type Extent = usize;
    const ALIGN: usize = 1;

    #[inline(always)]
    fn extent(&self) -> usize {
        self.len()
    }

    #[inline(always)]
    fn at(place: *mut u8, len: usize) -> *mut str {
        ptr::slice_from_raw_parts_mut(place, len) as *mut str
    }

    #[inline(always)]
    fn size(len: usize) -> usize {
        len
    }
}
