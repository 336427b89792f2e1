//! Integers and nulls at the width their range needs.

use super::Int;
use super::codes::Codes;
use super::column::Encoding;
use super::error::{ReserveError, StoreError, StoreErrorCause};
use super::frame::{Bounds, Frame};
use super::iter::{Iter, Scan, std_traits, value_eq};
use crate::raw::Packed;
use crate::size::{HeapSize, Visitor};
use alloc::vec::Vec;
use core::ops::Range;

/// A growable array of `Option<integer>` that takes `len * width` bits, where `width` is that of
/// `(max - min) / gcd` and one code more for null: 11 bits for the delays of flights.
///
/// `Vec<Option<i64>>` takes 128 bits a value, Arrow's `Int64Array` 65. Null is one of the codes, so
/// it costs a bit only where the values use up all codes of their width, and nothing at all while
/// there is none. Where it wins and loses is as for [`IntArray`](super::IntArray).
///
/// # Layout
///
/// That of [`IntArray`](super::IntArray). From the first null on, code 0 is null and value `i` is
/// `base + scale * (code[i] - 1)`. Nulls then add nothing to the sum of the codes, and
/// [`sum`](Self::sum) is as fast as without them.
///
/// # Memory
///
/// 64 bytes inline or less; on the heap, `8 * ceil(len * width / 64) + 8` bytes after
/// [`shrink_to_fit`](Self::shrink_to_fit) or when built from a slice, and growth leaves at most 1/16 or
/// 64 bytes of slack. No heap at all while all values are equal, or all are null.
///
/// # Complexity
///
/// As for [`IntArray`](super::IntArray); the first null costs a pass over the array.
///
/// # Examples
///
/// ```
/// use pennyweight::array::NullableIntArray;
///
/// let delays = NullableIntArray::from(&[Some(2_i64), Some(-4), None, Some(11), Some(0)][..]);
/// assert_eq!(delays.width(), 5); // -4 to 11 are 16 codes, and null is the 17th
/// assert_eq!(delays.get(2), Some(None));
/// assert_eq!(delays.get(3), Some(Some(11)));
/// assert_eq!((delays.sum(), delays.null_count()), (9, 1));
/// assert_eq!(delays.iter().flatten().min(), Some(-4));
/// ```
///
/// # Source
///
/// As for [`IntArray`](super::IntArray). A null in band is what databases call a sentinel; unlike
/// theirs it is taken from the codes that are left over and not from the values.
pub struct NullableIntArray<T> {
    /// Invariant: where `reserved` is 1, code 0 stands for null and the others for values; where it is 0, all stand
    /// for values.
    codes: Codes<T>,
    /// The number of nulls. Invariant: that of the codes that stand for null.
    nulls: usize,
    /// The codes that are not for values: 1 from the first null on, 0 before. Only re-encoding takes it back.
    reserved: u8,
}

impl<T: Int> NullableIntArray<T> {
    /// Creates an empty array. Does not allocate.
    pub fn new() -> Self {
        Self { codes: Codes::default(), nulls: 0, reserved: 0 }
    }

    /// Creates an empty array with room for `capacity` values between `low` and `high`, and nulls, which then are
    /// pushed without re-encoding.
    ///
    /// # Panics
    ///
    /// Panics when `low > high`, when the range takes all codes of 64 bits, or when the capacity overflows. Like a
    /// `Vec`, ends the program where the allocator refuses.
    ///
    /// ```
    /// use pennyweight::array::NullableIntArray;
    ///
    /// let mut delays = NullableIntArray::<i64>::with_range(-60, 1400, 1000);
    /// let before = delays.heap_bytes();
    /// delays.extend((0..1000).map(|i| (i % 40 != 0).then_some(i - 60)));
    /// assert_eq!((delays.width(), delays.heap_bytes()), (11, before));
    /// ```
    #[track_caller]
    pub fn with_range(low: T, high: T, capacity: usize) -> Self {
        assert!(low <= high, "the range from {low} to {high} is empty");
        let mut array = Self::new();
        let range = Bounds { low, high, step: 1 };
        if let Err(cause) = array.make_room_for(Some(range), 1, 0) {
            StoreError::new((), cause).raise();
        }
        let made = array.codes.packed.reserve_exact(capacity);
        made.unwrap_or_else(|error| error.raise());
        array
    }

    /// Packs a slice at the width that its values need. Allocates exactly, once.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory for all of it, or where the values take all codes of 64 bits, so that none is
    /// left for null.
    pub fn try_from_slice(values: &[Option<T>]) -> Result<Self, StoreErrorCause> {
        let nulls = values.iter().filter(|value| value.is_none()).count();
        let reserved = u64::from(nulls > 0);
        let codes = match Bounds::of(values.iter().flatten().copied()) {
            None => {
                Codes { packed: Packed::build(values.len(), 0, |_| 0)?, frame: Frame::default() }
            }
            Some(bounds) => {
                let width = bounds.width(reserved).ok_or(StoreErrorCause::NoCodeForNull)?;
                let frame = bounds.frame();
                let divided = frame.divisor();
                let code = |value: Option<T>| {
                    value.map_or(0, |value| divided.known_code(value) + reserved)
                };
                Codes {
                    packed: Packed::build(values.len(), width, |index| code(values[index]))?,
                    frame,
                }
            }
        };
        Ok(Self { codes, nulls, reserved: reserved as u8 })
    }

    /// The number of values, nulls included.
    #[inline]
    pub fn len(&self) -> usize {
        self.codes.packed.len()
    }

    /// True where there are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of nulls. Takes constant time.
    #[inline]
    pub fn null_count(&self) -> usize {
        self.nulls
    }

    /// The values that fit before the buffer grows, as long as they fit the present width.
    pub fn capacity(&self) -> usize {
        self.codes.packed.capacity()
    }

    /// The bits of a code.
    #[inline]
    pub fn width(&self) -> u32 {
        self.codes.packed.width()
    }

    /// The bytes of heap memory: 0, or `8 * ceil(len * width / 64) + 8` and the slack of growth.
    pub fn heap_bytes(&self) -> usize {
        self.codes.packed.heap_bytes()
    }

    /// How the values are stored: width, base and scale.
    pub fn encoding(&self) -> Encoding {
        let Frame { base, scale } = self.codes.frame;
        let (width, base) = (self.width(), base.to_i128());
        match self.reserved {
            0 => Encoding::Packed { width, base, scale },
            _ => Encoding::PackedNullable { width, base, scale },
        }
    }

    /// The value at `index`: `None` behind the end, `Some(None)` where it is null.
    #[inline]
    pub fn get(&self, index: usize) -> Option<Option<T>> {
        (index < self.len()).then(|| self.value(index))
    }

    /// The value at `index`: what `array[index]` would be. `None` where it is null.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[track_caller]
    pub fn value(&self, index: usize) -> Option<T> {
        self.decoder()(self.codes.frame, self.codes.packed.get(index))
    }

    /// Replaces the value at `index`. Widens the array if the value does not fit.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range, and where [`try_set`](Self::try_set) fails.
    #[inline]
    #[track_caller]
    pub fn set(&mut self, index: usize, value: Option<T>) {
        self.try_set(index, value).unwrap_or_else(|error| error.raise());
    }

    /// Replaces the value at `index`. Widens the array if the value does not fit.
    ///
    /// # Errors
    ///
    /// Gives the value back where there is no memory to widen, or where the values take
    /// all codes of 64 bits, so that none is left for null; the array is as it was.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[track_caller]
    pub fn try_set(&mut self, index: usize, value: Option<T>) -> Result<(), StoreError<Option<T>>> {
        let old = self.value(index);
        let code = self.code_for(value, 0)?;
        self.codes.packed.set(index, code);
        self.nulls = self.nulls - usize::from(old.is_none()) + usize::from(value.is_none());
        Ok(())
    }

    /// Appends a value. Widens the array if it does not fit.
    ///
    /// # Panics
    ///
    /// Panics where [`try_push`](Self::try_push) fails.
    #[inline]
    #[track_caller]
    pub fn push(&mut self, value: Option<T>) {
        self.try_push(value).unwrap_or_else(|error| error.raise());
    }

    /// Appends a value. Widens the array if it does not fit.
    ///
    /// # Errors
    ///
    /// Gives the value back where there is no memory for it, or where the values take
    /// all codes of 64 bits, so that none is left for null; the array is as it was.
    ///
    /// ```
    /// use pennyweight::array::{NullableIntArray, StoreErrorCause};
    ///
    /// let mut array = NullableIntArray::from(&[Some(i64::MIN), Some(0), Some(i64::MAX)][..]);
    /// let error = array.try_push(None).unwrap_err();
    /// assert_eq!(error.cause(), StoreErrorCause::NoCodeForNull);
    /// assert_eq!(array.len(), 3);
    /// ```
    #[inline]
    pub fn try_push(&mut self, value: Option<T>) -> Result<(), StoreError<Option<T>>> {
        let code = self.code_for(value, 1)?;
        self.codes.packed.push(code).map_err(|error| StoreError::new(value, error.into()))?;
        self.nulls += usize::from(value.is_none());
        Ok(())
    }

    /// Removes the last value and returns it: `None` where there is none, `Some(None)` where it was
    /// null.
    pub fn pop(&mut self) -> Option<Option<T>> {
        let last = self.last()?;
        self.codes.packed.truncate(self.len() - 1);
        self.nulls -= usize::from(last.is_none());
        Some(last)
    }

    /// Drops the values from `len` on. Keeps the memory.
    pub fn truncate(&mut self, len: usize) {
        if len < self.len() {
            self.nulls -= self.count_nulls(len..self.len());
            self.codes.packed.truncate(len);
        }
    }

    /// Drops all values. Keeps the memory.
    pub fn clear(&mut self) {
        self.nulls = 0;
        self.codes.packed.truncate(0);
    }

    /// Grows to `len` with copies of `value`, or shrinks. Where all are equal, or all null, this takes no
    /// time and no memory.
    ///
    /// # Panics
    ///
    /// Panics where [`try_resize`](Self::try_resize) fails.
    #[track_caller]
    pub fn resize(&mut self, len: usize, value: Option<T>) {
        self.try_resize(len, value).unwrap_or_else(|error| error.raise());
    }

    /// Grows to `len` with copies of `value`, or shrinks.
    ///
    /// # Errors
    ///
    /// Gives the value back where there is no memory for it, or where the values take
    /// all codes of 64 bits, so that none is left for null; the array is as it was.
    pub fn try_resize(
        &mut self,
        len: usize,
        value: Option<T>,
    ) -> Result<(), StoreError<Option<T>>> {
        if len <= self.len() {
            self.truncate(len);
            return Ok(());
        }
        let additional = len - self.len();
        let code = self.code_for(value, additional)?;
        let packed = &mut self.codes.packed;
        packed
            .append(additional, |_| code)
            .map_err(|error| StoreError::new(value, error.into()))?;
        self.nulls += if value.is_none() { additional } else { 0 };
        Ok(())
    }

    /// Appends a slice, widening at most once.
    ///
    /// # Panics
    ///
    /// Panics where [`try_extend_from_slice`](Self::try_extend_from_slice) fails.
    #[track_caller]
    pub fn extend_from_slice(&mut self, values: &[Option<T>]) {
        self.try_extend_from_slice(values)
            .unwrap_or_else(|cause| StoreError::new((), cause).raise());
    }

    /// Appends a slice, widening at most once.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory for all of it, or where the values take all
    /// codes of 64 bits, so that none is left for null; the array holds the values it held.
    pub fn try_extend_from_slice(&mut self, values: &[Option<T>]) -> Result<(), StoreErrorCause> {
        let reserved = u64::from(self.reserved);
        let nulls = values.iter().filter(|value| value.is_none()).count();
        let fit = self.codes.fit_all(values.iter().flatten().copied(), reserved);
        if !fit || (nulls > 0 && reserved == 0) {
            let new = Bounds::of(values.iter().flatten().copied());
            self.make_room_for(new, reserved.max(u64::from(nulls > 0)), values.len())?;
        }
        let Codes { packed, frame } = &mut self.codes;
        let (frame, reserved) = (frame.divisor(), u64::from(self.reserved));
        let code = |value: Option<T>| value.map_or(0, |value| frame.known_code(value) + reserved);
        packed.append(values.len(), |index| code(values[index]))?;
        self.nulls += nulls;
        Ok(())
    }

    /// Makes room for `additional` values of the present width, with the slack of growth.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[track_caller]
    pub fn reserve(&mut self, additional: usize) {
        self.try_reserve(additional).unwrap_or_else(|error| error.raise());
    }

    /// Makes room for `additional` values of the present width, with the slack of growth.
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

    /// Re-encodes at the smallest width and gives all slack back to the allocator.
    pub fn shrink_to_fit(&mut self) {
        let (before, after) = (u64::from(self.reserved), u64::from(self.nulls > 0));
        let fit = match self.codes.exact_bounds(before) {
            Some(bounds) => bounds.width(after).map(|width| (bounds.frame(), width)),
            None => Some((Frame::default(), 0)),
        };
        if let Some((frame, width)) = fit
            && width < self.width()
            // Codes that grow no wider need no memory, so this cannot fail.
            && self.codes.refit(frame, width, (before, after), 0).is_ok()
        {
            self.reserved = after as u8;
        }
        self.codes.packed.shrink_to_fit();
    }

    /// Iterates over the values. Adaptors that fold run at the speed of
    /// [`for_each_block`](Self::for_each_block); a plain `for` loop takes the values one by one.
    pub fn iter(&self) -> Iter<'_, Self> {
        Iter::new(self)
    }

    /// Calls `f` with all values in order, in slices of at most 256.
    #[inline]
    pub fn for_each_block(&self, f: impl FnMut(&[Option<T>])) {
        self.codes.for_each_block(0..self.len(), self.decoder(), f);
    }

    /// The first value: `None` where there is none, `Some(None)` where it is null.
    pub fn first(&self) -> Option<Option<T>> {
        self.get(0)
    }

    /// The last value: `None` where there is none, `Some(None)` where it is null.
    pub fn last(&self) -> Option<Option<T>> {
        self.get(self.len().wrapping_sub(1))
    }

    /// The values in a `Vec`.
    pub fn to_vec(&self) -> Vec<Option<T>> {
        let mut values = alloc::vec![None; self.len()];
        self.copy_to_slice(0, &mut values);
        values
    }

    /// Copies the values from `start` on to `values`.
    ///
    /// # Panics
    ///
    /// Panics when `values` reaches behind the end of the array.
    #[track_caller]
    pub fn copy_to_slice(&self, start: usize, values: &mut [Option<T>]) {
        self.codes.copy_to_slice(start, values, self.decoder());
    }

    /// The smallest value that is not null.
    pub fn min(&self) -> Option<T> {
        Some(self.codes.bounds(0..self.len(), self.reserved.into())?.low)
    }

    /// The largest value that is not null.
    pub fn max(&self) -> Option<T> {
        Some(self.codes.bounds(0..self.len(), self.reserved.into())?.high)
    }

    /// The sum of the values that are not null. Never overflows.
    pub fn sum(&self) -> i128 {
        self.codes.sum(self.len() - self.nulls, self.reserved.into())
    }

    /// The sum of the values that are not null, modulo two to the number of bits of the type.
    pub fn wrapping_sum(&self) -> T {
        T::wrap(self.sum())
    }

    /// What turns a code into a value.
    #[inline(always)]
    fn decoder(&self) -> impl Fn(Frame<T>, u64) -> Option<T> + use<T> {
        let reserved = u64::from(self.reserved);
        move |frame, code| (code >= reserved).then(|| frame.value(code.wrapping_sub(reserved)))
    }

    fn count_nulls(&self, range: Range<usize>) -> usize {
        if self.nulls == 0 {
            return 0;
        }
        if self.width() == 0 {
            return range.len();
        }
        let mut nulls = 0;
        self.codes.packed.for_each_wide(range, |codes| {
            nulls += codes.iter().filter(|&&code| code == 0).count();
        });
        nulls
    }

    /// The code of a value; re-encodes the array where it has none yet.
    #[inline]
    fn code_for(
        &mut self,
        value: Option<T>,
        additional: usize,
    ) -> Result<u64, StoreError<Option<T>>> {
        let reserved = u64::from(self.reserved);
        let code = match value {
            Some(value) => self.codes.code(value, reserved),
            None => (reserved == 1).then_some(0),
        };
        if let Some(code) = code {
            return Ok(code);
        }
        let reserved = reserved.max(u64::from(value.is_none()));
        match self.make_room_for(value.map(Bounds::of_one), reserved, additional) {
            Ok(()) => Ok(value.map_or(0, |value| self.codes.frame.known_code(value) + reserved)),
            Err(cause) => Err(StoreError::new(value, cause)),
        }
    }

    /// Re-encodes the array so that the new values, and null where `reserved` is 1, have codes too.
    #[cold]
    #[inline(never)]
    fn make_room_for(
        &mut self,
        new: Option<Bounds<T>>,
        reserved: u64,
        additional: usize,
    ) -> Result<(), StoreErrorCause> {
        let before = u64::from(self.reserved);
        // The first null asks for a code, not for room: what the values leave over will do.
        let window = if reserved == before { self.codes.window(before) } else { None };
        let fit = |old: Option<Bounds<T>>| {
            let all = match (old, new) {
                (Some(old), Some(new)) => old.union(new),
                (Some(one), None) | (None, Some(one)) => one,
                (None, None) => return Some((self.codes.frame, 0)),
            };
            let width = all.width(reserved)?;
            let falling = old.is_some() && new.is_some_and(|new| new.low < self.codes.frame.base);
            let frame =
                if falling { all.frame_with_room_below(reserved, width) } else { all.frame() };
            Some((frame, width))
        };
        let (frame, width) = window
            .and_then(|window| fit(Some(window)))
            .or_else(|| fit(self.codes.exact_bounds(before)))
            .ok_or(StoreErrorCause::NoCodeForNull)?;
        self.codes.refit(frame, width, (before, reserved), additional)?;
        self.reserved = reserved as u8;
        Ok(())
    }

    /// Panics unless the invariants of the fields hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.codes.check_invariants(self.reserved.into());
        assert!(self.reserved == 1 || (self.reserved == 0 && self.nulls == 0));
        assert_eq!(self.nulls, self.count_nulls(0..self.len()));
    }
}

impl<T: Int> From<&[Option<T>]> for NullableIntArray<T> {
    /// Packs a slice at the width that its values need. Allocates exactly, once.
    ///
    /// # Panics
    ///
    /// Panics when the values take all codes of 64 bits, so that none is left for null.
    #[track_caller]
    fn from(values: &[Option<T>]) -> Self {
        Self::try_from_slice(values).unwrap_or_else(|cause| StoreError::new((), cause).raise())
    }
}

impl<T: Int> Clone for NullableIntArray<T> {
    /// Copies the values, but not the slack.
    fn clone(&self) -> Self {
        Self { codes: self.codes.clone(), ..*self }
    }
}

impl<T> HeapSize for NullableIntArray<T> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.codes.visit(visitor);
    }
}

impl<T: Int> Scan for NullableIntArray<T> {
    type Value = Option<T>;

    #[inline]
    fn scan_len(&self) -> usize {
        self.len()
    }

    #[inline]
    fn value_at(&self, index: usize) -> Option<T> {
        self.value(index)
    }

    #[inline]
    fn fold_range<B>(&self, range: Range<usize>, init: B, f: impl FnMut(B, Option<T>) -> B) -> B {
        self.codes.fold(range, self.decoder(), init, f)
    }
}

std_traits!([T: Int] NullableIntArray<T>, Option<T>);
value_eq!([T: Int] NullableIntArray<T>);
