//! Building integer arrays, and changing them.

use super::super::Int;
use super::super::codes::Codes;
use super::super::error::{ReserveError, StoreError};
use super::super::frame::{Bounds, Frame};
use super::IntArray;
use crate::raw::Packed;
use crate::raw::packed::out_of_range;

impl<T: Int> IntArray<T> {
    /// Creates an empty array. Does not allocate.
    pub fn new() -> Self {
        Self { codes: Codes::default() }
    }

    /// Packs a slice at the width that its values need. Allocates exactly, once.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory for all of it.
    pub fn try_from_slice(values: &[T]) -> Result<Self, ReserveError> {
        let Some(bounds) = Bounds::of(values.iter().copied()) else { return Ok(Self::new()) };
        let (frame, width) = (bounds.frame(), bounds.width(0).unwrap_or(u64::BITS));
        let code = frame.divisor();
        let packed = Packed::build(values.len(), width, |index| code.known_code(values[index]))?;
        Ok(Self { codes: Codes { packed, frame } })
    }

    /// Creates an empty array with room for `capacity` values between `low` and `high`, which then
    /// are pushed without re-encoding. A capacity alone says nothing here: how many bits it takes, the range decides.
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
    #[doc(alias = "with_capacity")]
    #[track_caller]
    pub fn with_range(low: T, high: T, capacity: usize) -> Self {
        match Self::try_with_range(low, high, capacity) {
            Ok(array) => array,
            Err(error) => error.raise(),
        }
    }

    /// Creates an empty array with room for `capacity` values between `low` and `high`. See
    /// [`with_range`](Self::with_range).
    ///
    /// # Errors
    ///
    /// Fails where there is no memory for it.
    ///
    /// # Panics
    ///
    /// Panics when `low > high`.
    #[track_caller]
    pub fn try_with_range(low: T, high: T, capacity: usize) -> Result<Self, ReserveError> {
        assert!(low <= high, "the range from {low} to {high} is empty");
        let mut array = Self::new();
        array.codes.frame.base = low;
        let width = Bounds { low, high, step: 1 }.width(0).unwrap_or(u64::BITS);
        array.codes.packed.recode(width, 0, |code| code)?;
        array.codes.packed.settle();
        array.try_reserve_exact(capacity)?;
        Ok(array)
    }

    /// The values that fit before the buffer grows, as long as they fit the present width.
    pub fn capacity(&self) -> usize {
        self.codes.packed.capacity()
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
        if let Err(error) = self.try_set(index, value) {
            error.raise();
        }
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
        if let Err(error) = self.try_push(value) {
            error.raise();
        }
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
        if let Err(error) = self.try_resize(len, value) {
            error.raise();
        }
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

    /// Replaces every value by one. Widens the array if it does not fit.
    ///
    /// # Panics
    ///
    /// Panics where [`try_fill`](Self::try_fill) fails: when the capacity overflows. Like a `Vec`, ends the program
    /// where the allocator refuses.
    #[track_caller]
    pub fn fill(&mut self, value: T) {
        if let Err(error) = self.try_fill(value) {
            error.raise();
        }
    }

    /// Replaces every value by one. Widens the array if it does not fit.
    ///
    /// # Errors
    ///
    /// Gives the value back where there is no memory to widen; the array is as it was.
    pub fn try_fill(&mut self, value: T) -> Result<(), StoreError<T>> {
        let code = self.code_for(value, 0)?;
        self.codes.packed.fill(code);
        Ok(())
    }

    /// Appends a slice, widening at most once.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[track_caller]
    pub fn extend_from_slice(&mut self, values: &[T]) {
        if let Err(error) = self.try_extend_from_slice(values) {
            error.raise();
        }
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

    /// Makes room for `additional` values of the present width, with the slack of growth. At width 0, so in a new
    /// array, there is nothing to reserve: see [`with_range`](Self::with_range).
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
    pub(in crate::array) fn make_room_for(
        &mut self,
        new: Bounds<T>,
        additional: usize,
    ) -> Result<(), ReserveError> {
        match self.codes.frame_for(Some(new), (0, 0)) {
            Some((frame, width)) => self.codes.refit(frame, width, (0, 0), additional),
            None => unreachable!("64 bits are enough for every integer"),
        }
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
        match Self::try_from_slice(values) {
            Ok(array) => array,
            Err(error) => error.raise(),
        }
    }
}
