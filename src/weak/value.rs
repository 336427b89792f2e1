//! Which values a node can hold, of any sized type, strings and slices; and what these are made from.
#![allow(unsafe_code)]

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::ptr;

/// What a [`Strong`](super::Strong) may hold: a value of any sized type, a `str` or a slice.
///
/// Sealed, and implemented for all of these; a `Box<dyn Trait>` or a `PathBuf` is a sized type.
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
    /// That of the smallest value.
    #[doc(hidden)]
    const LEAST: Self::Extent;
}

/// What a `V` is made from: a `V`; for a `str` a `&str`, `String` or `Box<str>`; for a `[T]` an array, `Vec<T>` or `Box<[T]>`, and a `&[T]` of
/// elements that are `Copy`.
///
/// Sealed.
///
/// # Safety
///
/// `write` writes a value of the extent of `value`, which owns what `self` did.
pub unsafe trait Source<V: ?Sized + Value>: SealedSource<V> {
    #[doc(hidden)]
    fn value(&self) -> &V;
    /// # Safety
    ///
    /// There is room for a value of that extent at `place`, aligned for it.
    #[doc(hidden)]
    unsafe fn write(self, place: *mut u8);
}

pub trait SealedSource<V: ?Sized> {}
impl<T> SealedSource<T> for T {}
impl SealedSource<str> for &str {}
impl SealedSource<str> for String {}
impl SealedSource<str> for Box<str> {}
impl<T: Copy> SealedSource<[T]> for &[T] {}
impl<T> SealedSource<[T]> for Vec<T> {}
impl<T> SealedSource<[T]> for Box<[T]> {}
impl<T, const N: usize> SealedSource<[T]> for [T; N] {}

pub trait Sealed {}
impl<T> Sealed for T {}
impl<T> Sealed for [T] {}
impl Sealed for str {}

// SAFETY: a sized value is where its pointer points.
unsafe impl<T> Value for T {
    type Extent = ();
    const LEAST: () = ();
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
    const LEAST: usize = 0;
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
    const LEAST: usize = 0;
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

// SAFETY: the value is moved.
unsafe impl<T> Source<T> for T {
    #[inline(always)]
    fn value(&self) -> &T {
        self
    }

    #[inline(always)]
    unsafe fn write(self, place: *mut u8) {
        // SAFETY: as the caller promises.
        unsafe { place.cast::<T>().write(self) }
    }
}

// SAFETY: the bytes of a string are copied.
unsafe impl Source<str> for &str {
    fn value(&self) -> &str {
        self
    }

    unsafe fn write(self, place: *mut u8) {
        // SAFETY: as the caller promises; what is new does not overlap what is borrowed.
        unsafe { ptr::copy_nonoverlapping(self.as_ptr(), place, self.len()) }
    }
}

// SAFETY: elements that are `Copy` are copied.
unsafe impl<T: Copy> Source<[T]> for &[T] {
    fn value(&self) -> &[T] {
        self
    }

    unsafe fn write(self, place: *mut u8) {
        // SAFETY: as the caller promises; what is new does not overlap what is borrowed.
        unsafe { ptr::copy_nonoverlapping(self.as_ptr(), place.cast(), self.len()) }
    }
}

// SAFETY: the elements are moved, and the vector has none after that.
unsafe impl<T> Source<[T]> for Vec<T> {
    fn value(&self) -> &[T] {
        self
    }

    unsafe fn write(mut self, place: *mut u8) {
        let len = self.len();
        // SAFETY: no elements are always there. They have been moved from here on.
        unsafe { self.set_len(0) };
        // SAFETY: as the caller promises; the elements are still where they were.
        unsafe { ptr::copy_nonoverlapping(self.as_ptr(), place.cast(), len) }
    }
}

// SAFETY: the array is moved, which is its elements.
unsafe impl<T, const N: usize> Source<[T]> for [T; N] {
    fn value(&self) -> &[T] {
        self
    }

    unsafe fn write(self, place: *mut u8) {
        // SAFETY: as the caller promises.
        unsafe { place.cast::<[T; N]>().write(self) }
    }
}

// SAFETY: the bytes of a string are copied.
unsafe impl Source<str> for String {
    fn value(&self) -> &str {
        self
    }

    unsafe fn write(self, place: *mut u8) {
        // SAFETY: as the caller promises.
        unsafe { Source::<str>::write(self.as_str(), place) }
    }
}

// SAFETY: the bytes of a string are copied.
unsafe impl Source<str> for Box<str> {
    fn value(&self) -> &str {
        self
    }

    unsafe fn write(self, place: *mut u8) {
        let text: &str = &self;
        // SAFETY: as the caller promises.
        unsafe { Source::<str>::write(text, place) }
    }
}

// SAFETY: the elements are moved, as those of a vector.
unsafe impl<T> Source<[T]> for Box<[T]> {
    fn value(&self) -> &[T] {
        self
    }

    unsafe fn write(self, place: *mut u8) {
        // SAFETY: as the caller promises.
        unsafe { Source::<[T]>::write(self.into_vec(), place) }
    }
}
