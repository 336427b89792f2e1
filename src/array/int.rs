//! Integers at the width their range needs.

use super::Int;
use super::codes::Codes;
use super::column::Encoding;
use super::error::{ReserveError, StoreError};
use super::frame::{Bounds, Frame};
use super::iter::{Iter, Scan, std_traits, value_eq};
use crate::raw::Packed;
use crate::raw::packed::out_of_range;
use crate::size::{HeapSize, Visitor};
use alloc::vec::Vec;
use core::ops::Range;

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
/// over the array, after which everything fits that fitted before: so about one such pass for each bit of width, however
/// the values come. A value that is replaced or popped narrows nothing.
/// [`min`](Self::min), [`max`](Self::max) and `sum` take linear time.
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
pub struct IntArray<T> {
    codes: Codes<T>,
}

impl<T: Int> IntArray<T> {
    /// Creates an empty array. Does not allocate.
    pub fn new() -> Self {
        Self { codes: Codes::default() }
    }

    /// Creates an empty array with room for `capacity` values between `low` and `high`, which then
    /// are pushed without re-encoding.
    ///
    /// # Panics
    ///
    /// Panics when `low > high`, or when the capacity overflows. Like a `Vec`, ends the program where the
    /// allocator refuses.
    ///
    /// ```
    /// use pennyweight::array::IntArray;
    ///
    /// let mut percent = IntArray::<u8>::with_range(0, 100, 1000);
    /// let before = percent.heap_bytes();
    /// percent.extend((0..1000).map(|i| (i % 101) as u8));
    /// assert_eq!((percent.width(), percent.heap_bytes()), (7, before));
    /// ```
    #[track_caller]
    pub fn with_range(low: T, high: T, capacity: usize) -> Self {
        assert!(low <= high, "the range from {low} to {high} is empty");
        let mut array = Self::new();
        array.codes.frame.base = low;
        let width = Bounds { low, high, step: 1 }.width(0).unwrap_or(u64::BITS);
        let made = array.codes.packed.recode(width, 0, |code| code);
        made.and_then(|()| array.try_reserve_exact(capacity)).unwrap_or_else(|error| error.raise());
        array
    }

    /// The number of values.
    #[inline]
    pub fn len(&self) -> usize {
        self.codes.packed.len()
    }

    /// True where there are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values that fit before the buffer grows, as long as they fit the present width.
    pub fn capacity(&self) -> usize {
        self.codes.packed.capacity()
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

    /// The value at `index`, or `None` behind the end.
    #[inline]
    pub fn get(&self, index: usize) -> Option<T> {
        (index < self.len()).then(|| self.value(index))
    }

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

    /// The first value.
    pub fn first(&self) -> Option<T> {
        self.get(0)
    }

    /// The last value.
    pub fn last(&self) -> Option<T> {
        self.get(self.len().wrapping_sub(1))
    }

    /// Replaces the value at `index`. Widens the array if the value does not fit.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range, or when the capacity overflows. Like a `Vec`, ends the program
    /// where the allocator refuses the memory to widen.
    #[inline]
    #[track_caller]
    pub fn set(&mut self, index: usize, value: T) {
        self.try_set(index, value).unwrap_or_else(|error| error.raise());
    }

    /// Replaces the value at `index`. Widens the array if the value does not fit.
    ///
    /// # Errors
    ///
    /// Gives the value back where there is no memory to widen; the array is as it was.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[track_caller]
    pub fn try_set(&mut self, index: usize, value: T) -> Result<(), StoreError<T>> {
        if index >= self.len() {
            out_of_range(index, self.len());
        }
        let code = self.code_for(value, 0)?;
        self.codes.packed.set(index, code);
        Ok(())
    }

    /// Appends a value. Widens the array if it does not fit.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[inline]
    #[track_caller]
    pub fn push(&mut self, value: T) {
        self.try_push(value).unwrap_or_else(|error| error.raise());
    }

    /// Appends a value. Widens the array if it does not fit.
    ///
    /// # Errors
    ///
    /// Gives the value back where there is no memory for it; the array is as it was.
    ///
    /// ```
    /// use pennyweight::array::IntArray;
    ///
    /// let mut ones = IntArray::<u8>::new();
    /// ones.resize(usize::MAX / 4, 1); // equal values take no bits
    /// let error = ones.try_push(2).unwrap_err(); // so many bits are too much
    /// assert_eq!(error.into_value(), 2);
    /// assert_eq!((ones.len(), ones.last()), (usize::MAX / 4, Some(1)));
    /// ```
    #[inline]
    pub fn try_push(&mut self, value: T) -> Result<(), StoreError<T>> {
        let code = self.code_for(value, 1)?;
        self.codes.packed.push(code).map_err(|error| StoreError::new(value, error.into()))
    }

    /// Removes the last value and returns it.
    pub fn pop(&mut self) -> Option<T> {
        let last = self.last()?;
        self.truncate(self.len() - 1);
        Some(last)
    }

    /// Drops the values from `len` on. Keeps the memory.
    pub fn truncate(&mut self, len: usize) {
        self.codes.packed.truncate(len);
    }

    /// Drops all values. Keeps the memory.
    pub fn clear(&mut self) {
        self.truncate(0);
    }

    /// Grows to `len` with copies of `value`, or shrinks. Where all values are equal this takes no
    /// time and no memory.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[track_caller]
    pub fn resize(&mut self, len: usize, value: T) {
        self.try_resize(len, value).unwrap_or_else(|error| error.raise());
    }

    /// Grows to `len` with copies of `value`, or shrinks.
    ///
    /// # Errors
    ///
    /// Gives the value back where there is no memory for it; the array is as it was.
    pub fn try_resize(&mut self, len: usize, value: T) -> Result<(), StoreError<T>> {
        if len <= self.len() {
            self.truncate(len);
            return Ok(());
        }
        let additional = len - self.len();
        let code = self.code_for(value, additional)?;
        let packed = &mut self.codes.packed;
        packed.append(additional, |_| code).map_err(|error| StoreError::new(value, error.into()))
    }

    /// Appends a slice, widening at most once.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[track_caller]
    pub fn extend_from_slice(&mut self, values: &[T]) {
        self.try_extend_from_slice(values).unwrap_or_else(|error| error.raise());
    }

    /// Appends a slice, widening at most once.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory for all of it; the array holds the values it held.
    pub fn try_extend_from_slice(&mut self, values: &[T]) -> Result<(), ReserveError> {
        if !self.codes.fit_all(values.iter().copied(), 0)
            && let Some(new) = Bounds::of(values.iter().copied())
        {
            self.make_room_for(new, values.len())?;
        }
        let Codes { packed, frame } = &mut self.codes;
        let frame = frame.divisor();
        packed.append(values.len(), |index| frame.known_code(values[index]))
    }

    /// Makes room for `additional` values of the present width, with the slack of growth. At width 0, so in a new
    /// array, there is nothing to reserve: see [`with_range`](Self::with_range).
    ///
    /// # Errors
    ///
    /// Fails where there is no memory; the array is as it was.
    pub fn try_reserve(&mut self, additional: usize) -> Result<(), ReserveError> {
        self.codes.packed.reserve(additional)
    }

    /// Makes room for `additional` values of the present width, without slack.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[track_caller]
    pub fn reserve_exact(&mut self, additional: usize) {
        self.try_reserve_exact(additional).unwrap_or_else(|error| error.raise());
    }

    /// Makes room for `additional` values of the present width, without slack.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory; the array is as it was.
    pub fn try_reserve_exact(&mut self, additional: usize) -> Result<(), ReserveError> {
        self.codes.packed.reserve_exact(additional)
    }

    /// Makes room for `additional` values of the present width, with the slack of growth. At width 0, so in a new
    /// array, there is nothing to reserve: see [`with_range`](Self::with_range).
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[track_caller]
    pub fn reserve(&mut self, additional: usize) {
        self.try_reserve(additional).unwrap_or_else(|error| error.raise());
    }

    /// Re-encodes at the smallest width and gives all slack back to the allocator.
    ///
    /// ```
    /// use pennyweight::array::IntArray;
    ///
    /// let mut array = IntArray::from(&[10_u32, 20, 1_000_000][..]);
    /// array.pop();
    /// assert_eq!(array.width(), 17);
    /// array.shrink_to_fit();
    /// assert_eq!(array.width(), 1);
    /// ```
    pub fn shrink_to_fit(&mut self) {
        let (frame, width) = match self.codes.exact_bounds(0) {
            Some(bounds) => (bounds.frame(), bounds.width(0).unwrap_or(u64::BITS)),
            None => (Frame::default(), 0),
        };
        if width < self.width() {
            // Codes that grow no wider need no memory, so this cannot fail.
            let _ = self.codes.refit(frame, width, (0, 0), 0);
        }
        self.codes.packed.shrink_to_fit();
    }

    /// Iterates over the values. Adaptors that fold, `sum` and `for_each` among them, run at the speed
    /// of [`for_each_block`](Self::for_each_block); a plain `for` loop takes the values one by one.
    pub fn iter(&self) -> Iter<'_, Self> {
        Iter::new(self)
    }

    /// Calls `f` with all values in order, in slices of at most 256.
    ///
    /// ```
    /// use pennyweight::array::IntArray;
    ///
    /// let array: IntArray<u16> = (0..1000).collect();
    /// let mut even = 0;
    /// array.for_each_block(|values| even += values.iter().filter(|&v| v % 2 == 0).count());
    /// assert_eq!(even, 500);
    /// ```
    #[inline]
    pub fn for_each_block(&self, f: impl FnMut(&[T])) {
        self.codes.for_each_block(0..self.len(), Frame::value, f);
    }

    /// Copies the values from `start` on to `values`.
    ///
    /// # Panics
    ///
    /// Panics when `values` reaches behind the end of the array.
    #[track_caller]
    pub fn copy_to_slice(&self, start: usize, values: &mut [T]) {
        self.codes.copy_to_slice(start, values, Frame::value);
    }

    /// The values in a `Vec`.
    pub fn to_vec(&self) -> Vec<T> {
        let mut values = alloc::vec![T::default(); self.len()];
        self.copy_to_slice(0, &mut values);
        values
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

    /// The code of a value; re-encodes the array where it has none yet.
    #[inline]
    fn code_for(&mut self, value: T, additional: usize) -> Result<u64, StoreError<T>> {
        match self.codes.code(value, 0) {
            Some(code) => Ok(code),
            None => match self.make_room_for(Bounds::of_one(value), additional) {
                Ok(()) => Ok(self.codes.frame.known_code(value)),
                Err(error) => Err(StoreError::new(value, error.into())),
            },
        }
    }

    /// Re-encodes the array so that the new values have codes too.
    #[cold]
    #[inline(never)]
    fn make_room_for(&mut self, new: Bounds<T>, additional: usize) -> Result<(), ReserveError> {
        let Some(old) = self.codes.window(0) else {
            self.codes.refit(new.frame(), new.width(0).unwrap_or(u64::BITS), (0, 0), additional)?;
            return Ok(());
        };
        let all = old.union(new);
        let width = all.width(0).unwrap_or(u64::BITS);
        let falling = new.low < self.codes.frame.base;
        let frame = if falling { all.frame_with_room_below(0, width) } else { all.frame() };
        self.codes.refit(frame, width, (0, 0), additional)
    }

    /// Panics unless the invariants of the parts hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.codes.check_invariants(0);
        assert!(self.codes.frame.scale >= 1);
    }
}

impl<T: Int> From<&[T]> for IntArray<T> {
    /// Packs a slice at the width that its values need. Allocates exactly, once.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[track_caller]
    fn from(values: &[T]) -> Self {
        let Some(bounds) = Bounds::of(values.iter().copied()) else { return Self::new() };
        let (frame, width) = (bounds.frame(), bounds.width(0).unwrap_or(u64::BITS));
        let code = frame.divisor();
        match Packed::build(values.len(), width, |index| code.known_code(values[index])) {
            Ok(packed) => Self { codes: Codes { packed, frame } },
            Err(error) => error.raise(),
        }
    }
}

impl<T: Int> Clone for IntArray<T> {
    /// Copies the values, but not the slack.
    fn clone(&self) -> Self {
        Self { codes: self.codes.clone() }
    }
}

impl<T> HeapSize for IntArray<T> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.codes.visit(visitor);
    }
}

impl<T: Int> Scan for IntArray<T> {
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

std_traits!([T: Int] IntArray<T>, T);
value_eq!([T: Int] IntArray<T>);
