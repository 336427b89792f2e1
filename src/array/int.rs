//! Integers at the width their range needs.

use super::Int;
use super::codes::Codes;
use super::column::Encoding;
use super::frame::Frame;
use super::iter::{Scan, read_traits, value_eq, write_traits};
use super::read::read_methods;
use crate::raw::Words;
use crate::size::{HeapSize, Visitor};
use alloc::boxed::Box;
use core::ops::Range;

mod edit;

/// A growable array of integers that takes `len * width` bits, where `width` is that of
/// `(max - min) / gcd` when packed or shrunk: 13 bits for distances of flights, 10 for a month of hours as timestamps.
///
/// `Vec<i64>` takes 64 bits a value, and up to 128 after a series of pushes.
///
/// It wins where values are small, close together, or multiples of something, and most of the time is
/// spent in scans: [`sum`](Self::sum), [`for_each_block`](Self::for_each_block) and the iterator's
/// `fold` unpack hundreds of values at a time. It loses to a plain [`Array`](super::Array) where the
/// range needs nearly all bits of the type, and to a `Vec` where values are written at random places
/// or read one by one. One outlier widens every value.
///
/// # Layout
///
/// Value `i` is `base + scale * code[i]`; the codes lie bit to bit in 64-bit words, and one word of
/// padding lets each be read by a single load:
///
/// ```text
/// inline  | words, capacity | len | width | base | scale |          48 bytes (i64)
/// heap    | code 0 | code 1 | code 2 | … | code n-1 | padding |     8 * ceil(n * width / 64) + 8
/// ```
///
/// # Memory
///
/// 48 bytes inline or less, and after [`shrink_to_fit`](Self::shrink_to_fit) (or when built from a
/// slice) `8 * ceil(len * width / 64) + 8` bytes on the heap: with the inline part at most
/// `ceil(len * width / 8) + 64`. No heap at all while all values are equal. Growth, and so `collect`,
/// leaves at most 1/16 or 64 bytes of slack. A value that does not fit re-encodes the array in place, so that the old
/// and the new form are never held side by side. Memory is given back by `shrink_to_fit`,
/// [`clear`](Self::clear) gives nothing back.
///
/// # Complexity
///
/// [`push`](Self::push) and [`set`](Self::set) take constant time while values fit. One that does not costs a pass
/// over the array, after which everything fits that fitted before: so one such pass or two for each bit of width, however
/// the values come. A value that is replaced or popped narrows nothing.
/// `get` takes one load, a shift and a mask: some twice as long as indexing a `Vec` where both are in the cache, and one
/// and a half times where neither is. [`min`](Self::min), [`max`](Self::max) and `sum` take linear time.
///
/// # Examples
///
/// ```
/// use pennyweight::array::IntArray;
///
/// let mut distances = IntArray::from(&[1400_i64, 1416, 1089, 1576, 762][..]);
/// assert_eq!(distances.width(), 10);
/// assert_eq!(distances.get(1), Some(1416));
/// assert_eq!(distances.sum(), 6243);
///
/// distances.push(4983); // does not fit 10 bits: the array widens
/// assert_eq!(distances.width(), 13);
/// assert_eq!(distances.max(), Some(4983));
/// ```
///
/// # Source
///
/// Frame of reference: Goldstein, Ramakrishnan and Shaft, "Compressing relations and indexes" (ICDE
/// 1998). The linear layout read by unaligned loads is that of
/// [`tantivy-bitpacker`](https://docs.rs/tantivy-bitpacker) and of `BitFieldVec` in
/// [`sux`](https://docs.rs/sux), whose width is fixed at construction and whose values are unsigned.
/// Here the base, the scale and signed values are added, and pushes choose the width. For the bulk
/// kernels see Willhalm and others, "SIMD-Scan" (VLDB 2009).
pub struct IntArray<T, W = Box<[u64]>> {
    pub(super) codes: Codes<T, W>,
}

impl<T: Int, W: Words> IntArray<T, W> {
    /// The number of values.
    #[inline]
    pub fn len(&self) -> usize {
        self.codes.packed.len()
    }

    /// The bits of a code: those that the widest range so far needed, until
    /// [`shrink_to_fit`](Self::shrink_to_fit) finds the least. 0 while all values are equal.
    #[inline]
    pub fn width(&self) -> u32 {
        self.codes.packed.width()
    }

    /// The bytes of heap memory: 0, or `8 * ceil(len * width / 64) + 8` and the slack of growth.
    pub fn heap_bytes(&self) -> usize {
        self.codes.packed.heap_bytes()
    }

    /// How the values are stored: width, base and scale. After pushes the base may lie below the smallest value.
    pub fn encoding(&self) -> Encoding {
        let Frame { base, scale } = self.codes.frame;
        Encoding::Packed { width: self.width(), base: base.to_i128(), scale }
    }

    read_methods!(T);

    /// The value at `index`: what `array[index]` would be.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[track_caller]
    pub fn value(&self, index: usize) -> T {
        self.codes.frame.value(self.codes.packed.get(index))
    }

    /// Calls `f` with the values of a range in order, in slices of at most 256.
    #[inline]
    pub(super) fn for_each_within(&self, range: Range<usize>, f: impl FnMut(&[T])) {
        self.codes.for_each_block(range, Frame::value, f);
    }

    /// The smallest value.
    pub fn min(&self) -> Option<T> {
        Some(self.codes.bounds(0..self.len(), 0)?.low)
    }

    /// The largest value.
    pub fn max(&self) -> Option<T> {
        Some(self.codes.bounds(0..self.len(), 0)?.high)
    }

    /// The sum of all values. Never overflows.
    ///
    /// ```
    /// use pennyweight::array::IntArray;
    ///
    /// let array = IntArray::from(&[u64::MAX, u64::MAX][..]);
    /// assert_eq!(array.sum(), 2 * i128::from(u64::MAX));
    /// assert_eq!(array.wrapping_sum(), u64::MAX - 1);
    /// ```
    pub fn sum(&self) -> i128 {
        self.codes.sum(self.len(), 0)
    }

    /// The sum of all values, modulo two to the number of bits of the type.
    pub fn wrapping_sum(&self) -> T {
        T::wrap(self.sum())
    }

    /// The mean of all values, or `None` where there are none.
    pub fn mean(&self) -> Option<f64> {
        (!self.is_empty()).then(|| self.sum() as f64 / self.len() as f64)
    }

    /// Panics unless the invariants of the parts hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.codes.check_invariants(0);
        assert!(self.codes.frame.scale >= 1);
    }
}

impl<T: Int> Copy for IntArray<T, &[u64]> {}

impl<T: Int, W: Words> Clone for IntArray<T, W> {
    /// Copies the values, but not the slack.
    fn clone(&self) -> Self {
        Self { codes: self.codes.clone() }
    }
}

impl<T, W: Words> HeapSize for IntArray<T, W> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.codes.visit(visitor);
    }
}

impl<T: Int, W: Words> Scan for IntArray<T, W> {
    type Value = T;

    #[inline]
    fn scan_len(&self) -> usize {
        self.len()
    }

    #[inline]
    fn value_at(&self, index: usize) -> T {
        self.value(index)
    }

    #[inline]
    fn fold_range<B>(&self, range: Range<usize>, init: B, f: impl FnMut(B, T) -> B) -> B {
        self.codes.fold(range, Frame::value, init, f)
    }
}

read_traits!([T: Int, W: Words] IntArray<T, W>, T);
write_traits!([T: Int] IntArray<T>, T);
value_eq!([T: Int] IntArray<T>);
