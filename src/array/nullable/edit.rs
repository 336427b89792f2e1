//! Building arrays of integers and nulls, and changing them.

use super::super::Int;
use super::super::codes::Codes;
use super::super::error::{ReserveError, StoreError, StoreErrorCause};
use super::super::frame::{Bounds, Frame};
use super::NullableIntArray;
use crate::raw::Packed;

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
    #[doc(alias = "with_capacity")]
    #[track_caller]
    pub fn with_range(low: T, high: T, capacity: usize) -> Self {
        match Self::try_with_range(low, high, capacity) {
            Ok(array) => array,
            Err(cause) => StoreError::new((), cause).raise(),
        }
    }

    /// Creates an empty array with room for `capacity` values between `low` and `high`, and nulls. See
    /// [`with_range`](Self::with_range).
    ///
    /// # Errors
    ///
    /// Fails where the range takes all codes of 64 bits, so that none is left for null, or where there is no memory.
    ///
    /// # Panics
    ///
    /// Panics when `low > high`.
    #[track_caller]
    pub fn try_with_range(low: T, high: T, capacity: usize) -> Result<Self, StoreErrorCause> {
        assert!(low <= high, "the range from {low} to {high} is empty");
        let mut array = Self::new();
        let range = Bounds { low, high, step: 1 };
        array.make_room_for(Some(range), true, 0)?;
        array.codes.packed.settle();
        array.codes.packed.reserve_exact(capacity)?;
        Ok(array)
    }

    /// Packs a slice at the width that its values need. Allocates exactly, once.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory for all of it, or where the values take all codes of 64 bits, so that none is
    /// left for null.
    pub fn try_from_slice(values: &[Option<T>]) -> Result<Self, StoreErrorCause> {
        let nulls = values.iter().filter(|value| value.is_none()).count();
        let bounds = Bounds::of(values.iter().flatten().copied());
        Self::build(values.len(), nulls, bounds, |index| values[index])
    }

    /// Packs values of which `nulls` are null and the others within bounds: `value(i)` is the `i`-th of `len`.
    /// Allocates exactly.
    pub(in crate::array) fn build(
        len: usize,
        nulls: usize,
        bounds: Option<Bounds<T>>,
        value: impl Fn(usize) -> Option<T>,
    ) -> Result<Self, StoreErrorCause> {
        let reserved = u64::from(nulls > 0);
        let codes = match bounds {
            None => Codes { packed: Packed::build(len, 0, |_| 0)?, frame: Frame::default() },
            Some(bounds) => {
                let width = bounds.width(reserved).ok_or(StoreErrorCause::NoCodeForNull)?;
                let frame = bounds.frame();
                let divided = frame.divisor();
                let code =
                    |index| value(index).map_or(0, |value| divided.known_code(value) + reserved);
                Codes { packed: Packed::build(len, width, code)?, frame }
            }
        };
        Ok(Self { codes, nulls, reserved: reserved as u8 })
    }

    /// The values that fit before the buffer grows, as long as they fit the present width.
    pub fn capacity(&self) -> usize {
        self.codes.packed.capacity()
    }

    /// Replaces the value at `index`. Widens the array if the value does not fit.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range, and where [`try_set`](Self::try_set) fails.
    #[inline]
    #[track_caller]
    pub fn set(&mut self, index: usize, value: Option<T>) {
        if let Err(error) = self.try_set(index, value) {
            error.raise();
        }
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
        if let Err(error) = self.try_push(value) {
            error.raise();
        }
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
        if let Err(error) = self.try_resize(len, value) {
            error.raise();
        }
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

    /// Replaces every value by one. Widens the array if it does not fit.
    ///
    /// # Panics
    ///
    /// Panics where [`try_fill`](Self::try_fill) fails.
    #[track_caller]
    pub fn fill(&mut self, value: Option<T>) {
        if let Err(error) = self.try_fill(value) {
            error.raise();
        }
    }

    /// Replaces every value by one. Widens the array if it does not fit.
    ///
    /// # Errors
    ///
    /// Gives the value back where there is no memory to widen, or where the values take
    /// all codes of 64 bits, so that none is left for null; the array is as it was.
    pub fn try_fill(&mut self, value: Option<T>) -> Result<(), StoreError<Option<T>>> {
        let code = self.code_for(value, 0)?;
        self.codes.packed.fill(code);
        self.nulls = if value.is_none() { self.len() } else { 0 };
        Ok(())
    }

    /// Appends a slice, widening at most once.
    ///
    /// # Panics
    ///
    /// Panics where [`try_extend_from_slice`](Self::try_extend_from_slice) fails.
    #[track_caller]
    pub fn extend_from_slice(&mut self, values: &[Option<T>]) {
        if let Err(cause) = self.try_extend_from_slice(values) {
            StoreError::new((), cause).raise();
        }
    }

    /// Appends a slice, widening at most once.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory for all of it, or where the values take all
    /// codes of 64 bits, so that none is left for null; the array holds the values it held.
    pub fn try_extend_from_slice(&mut self, values: &[Option<T>]) -> Result<(), StoreErrorCause> {
        let nulls = self.fit_slice(values, values.len())?;
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
        if let Err(error) = self.try_reserve(additional) {
            error.raise();
        }
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
        if let Err(error) = self.try_reserve_exact(additional) {
            error.raise();
        }
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

    /// Makes sure that all values have codes, re-encoding at most once, and counts the nulls among them.
    pub(in crate::array) fn fit_slice(
        &mut self,
        values: &[Option<T>],
        additional: usize,
    ) -> Result<usize, StoreErrorCause> {
        let reserved = u64::from(self.reserved);
        let nulls = values.iter().filter(|value| value.is_none()).count();
        let fit = self.codes.fit_all(values.iter().flatten().copied(), reserved);
        if !fit || (nulls > 0 && reserved == 0) {
            let new = Bounds::of(values.iter().flatten().copied());
            self.make_room_for(new, nulls > 0, additional)?;
        }
        Ok(nulls)
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
        self.make_room_for(value.map(Bounds::of_one), value.is_none(), additional)
            .map_err(|cause| StoreError::new(value, cause))?;
        let reserved = u64::from(self.reserved);
        Ok(value.map_or(0, |value| self.codes.frame.known_code(value) + reserved))
    }

    /// Re-encodes the array so that the new values, and null where `null` is among them, have codes too.
    #[cold]
    #[inline(never)]
    fn make_room_for(
        &mut self,
        new: Option<Bounds<T>>,
        null: bool,
        additional: usize,
    ) -> Result<(), StoreErrorCause> {
        let before = u64::from(self.reserved);
        let after = before.max(u64::from(null));
        // Where 64 bits are too few, a code for null is given up that no value has any more.
        let held = u64::from(null || self.nulls > 0);
        let fit = |after| Some((after, self.codes.frame_for(new, (before, after))?));
        let (reserved, (frame, width)) =
            fit(after).or_else(|| fit(held)).ok_or(StoreErrorCause::NoCodeForNull)?;
        self.codes.refit(frame, width, (before, reserved), additional)?;
        self.reserved = reserved as u8;
        Ok(())
    }
}

impl<T: Int> From<&[Option<T>]> for NullableIntArray<T> {
    /// Packs a slice at the width that its values need. Allocates exactly, once.
    ///
    /// # Panics
    ///
    /// Panics when the values take all codes of 64 bits, so that none is left for null, or when the capacity overflows.
    /// Like a `Vec`, ends the program where the allocator refuses.
    #[track_caller]
    fn from(values: &[Option<T>]) -> Self {
        match Self::try_from_slice(values) {
            Ok(array) => array,
            Err(cause) => StoreError::new((), cause).raise(),
        }
    }
}
