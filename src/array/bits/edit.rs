//! Building bit arrays, and changing them.

use super::super::error::{ReserveError, StoreError};
use super::BitArray;
use crate::raw::growth;
use crate::raw::packed::out_of_range;
use crate::raw::shift::copy_bits;
use alloc::boxed::Box;
use core::ops::{BitAndAssign, BitOrAssign, BitXorAssign, Range};

impl BitArray {
    /// Creates an empty array. Does not allocate.
    pub fn new() -> Self {
        Self { words: Box::default(), len: 0 }
    }

    /// Creates an empty array with room for `capacity` values.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    pub fn with_capacity(capacity: usize) -> Self {
        let mut array = Self::new();
        array.reserve_exact(capacity);
        array
    }

    /// The values that fit before the buffer grows.
    pub fn capacity(&self) -> usize {
        self.words.len().saturating_mul(64)
    }

    /// Replaces the value at `index`.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[track_caller]
    pub fn set(&mut self, index: usize, value: bool) {
        if index >= self.len {
            out_of_range(index, self.len);
        }
        let word = &mut self.words[index / 64];
        *word = *word & !(1 << (index % 64)) | u64::from(value) << (index % 64);
    }

    /// Appends a value.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[inline]
    #[track_caller]
    pub fn push(&mut self, value: bool) {
        self.try_push(value).unwrap_or_else(|error| error.raise());
    }

    /// Appends a value.
    ///
    /// # Errors
    ///
    /// Gives the value back where there is no memory for it; the array is as it was.
    #[inline]
    pub fn try_push(&mut self, value: bool) -> Result<(), StoreError<bool>> {
        if self.len.div_ceil(64) == self.words.len() && self.len.is_multiple_of(64) {
            self.try_reserve(1).map_err(|error| StoreError::new(value, error.into()))?;
        }
        self.words[self.len / 64] |= u64::from(value) << (self.len % 64);
        self.len += 1;
        Ok(())
    }

    /// Removes the last value and returns it.
    pub fn pop(&mut self) -> Option<bool> {
        let last = self.last()?;
        self.truncate(self.len - 1);
        Some(last)
    }

    /// Drops the values from `len` on. Keeps the memory.
    pub fn truncate(&mut self, len: usize) {
        if len >= self.len {
            return;
        }
        let used = self.len.div_ceil(64);
        self.words[len.div_ceil(64)..used].fill(0);
        self.len = len;
        self.clear_behind_the_end();
    }

    /// Drops all values. Keeps the memory.
    pub fn clear(&mut self) {
        self.truncate(0);
    }

    /// Grows to `len` with copies of `value`, or shrinks.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[track_caller]
    pub fn resize(&mut self, len: usize, value: bool) {
        self.try_resize(len, value).unwrap_or_else(|error| error.raise());
    }

    /// Grows to `len` with copies of `value`, or shrinks.
    ///
    /// # Errors
    ///
    /// Gives the value back where there is no memory for it; the array is as it was.
    pub fn try_resize(&mut self, len: usize, value: bool) -> Result<(), StoreError<bool>> {
        if len <= self.len {
            self.truncate(len);
            return Ok(());
        }
        self.reserve_words(len).map_err(|error| StoreError::new(value, error.into()))?;
        if value {
            let used = self.len.div_ceil(64);
            if !self.len.is_multiple_of(64) {
                self.words[used - 1] |= u64::MAX << (self.len % 64);
            }
            self.words[used..len.div_ceil(64)].fill(u64::MAX);
        }
        self.len = len;
        self.clear_behind_the_end();
        Ok(())
    }

    /// Appends a slice.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[track_caller]
    pub fn extend_from_slice(&mut self, values: &[bool]) {
        self.try_extend_from_slice(values).unwrap_or_else(|error| error.raise());
    }

    /// Appends a slice.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory for all of it; the array is as it was.
    pub fn try_extend_from_slice(&mut self, values: &[bool]) -> Result<(), ReserveError> {
        let len = self.len.checked_add(values.len()).ok_or(ReserveError::CapacityOverflow)?;
        self.reserve_words(len)?;
        self.append(values);
        Ok(())
    }

    /// Makes room for `additional` values, with the slack of growth.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[track_caller]
    pub fn reserve(&mut self, additional: usize) {
        self.try_reserve(additional).unwrap_or_else(|error| error.raise());
    }

    /// Makes room for `additional` values, with the slack of growth.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory; the array is as it was.
    pub fn try_reserve(&mut self, additional: usize) -> Result<(), ReserveError> {
        let len = self.len.checked_add(additional).ok_or(ReserveError::CapacityOverflow)?;
        self.reserve_words(len)
    }

    /// Makes room for `additional` values, without slack.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[track_caller]
    pub fn reserve_exact(&mut self, additional: usize) {
        self.try_reserve_exact(additional).unwrap_or_else(|error| error.raise());
    }

    /// Makes room for `additional` values, without slack.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory; the array is as it was.
    pub fn try_reserve_exact(&mut self, additional: usize) -> Result<(), ReserveError> {
        let len = self.len.checked_add(additional).ok_or(ReserveError::CapacityOverflow)?;
        let count = len.div_ceil(64).max(self.words.len());
        growth::set_words(&mut self.words, count)
    }

    /// Gives all slack back to the allocator.
    pub fn shrink_to_fit(&mut self) {
        // Shrinking cannot fail.
        let _ = growth::set_words(&mut self.words, self.len.div_ceil(64));
    }

    /// Turns every value into its opposite.
    pub fn invert(&mut self) {
        for word in &mut self.words[..self.len.div_ceil(64)] {
            *word = !*word;
        }
        self.clear_behind_the_end();
    }

    /// Makes a gap of `count` values of a range that is within the array. What is in the gap is not defined.
    pub(in crate::array) fn open_gap(
        &mut self,
        range: Range<usize>,
        count: usize,
    ) -> Result<(), ReserveError> {
        let (old, behind) = (self.len, self.len - range.end);
        let new = (old - range.len()).checked_add(count).ok_or(ReserveError::CapacityOverflow)?;
        self.reserve_words(new)?;
        copy_bits(&mut self.words, range.end, range.start + count, behind);
        if new < old {
            self.truncate(new);
        }
        self.len = new;
        Ok(())
    }

    fn clear_behind_the_end(&mut self) {
        if !self.len.is_multiple_of(64) {
            self.words[self.len / 64] &= (1 << (self.len % 64)) - 1;
        }
    }

    /// Makes room for `len` values; where the buffer must grow, it gets a sixteenth of slack, or none where the
    /// allocator refuses that.
    fn reserve_words(&mut self, len: usize) -> Result<(), ReserveError> {
        let needed = len.div_ceil(64);
        if needed <= self.words.len() {
            return Ok(());
        }
        // More words than this have more bits than can be counted.
        let roomy = (growth::grown(len.div_ceil(8)) / 8).min(usize::MAX / 64).max(needed);
        let words = &mut self.words;
        growth::set_words(words, roomy).or_else(|_| growth::set_words(words, needed))
    }

    /// Appends values for which there is room.
    fn append(&mut self, values: &[bool]) {
        let shift = self.len % 64;
        let first = self.len / 64;
        self.len += values.len();
        let words = self.words[first..self.len.div_ceil(64)].iter_mut();
        if shift == 0 {
            for (word, chunk) in words.zip(values.chunks(64)) {
                *word = gather(chunk);
            }
            return;
        }
        // Each chunk ends in the word after the one in which it begins, unless it is the last.
        let mut begun = None;
        let mut words = words;
        for chunk in values.chunks(64) {
            let gathered = gather(chunk);
            if let Some(word) = begun.take().or_else(|| words.next()) {
                *word |= gathered << shift;
            }
            begun = words.next();
            if let Some(word) = &mut begun {
                **word = gathered >> (64 - shift);
            }
        }
    }

    #[track_caller]
    fn combine(&mut self, other: &Self, f: impl Fn(u64, u64) -> u64) {
        assert_eq!(self.len, other.len, "the arrays are of different lengths");
        for (word, &other) in self.words.iter_mut().zip(other.as_words()) {
            *word = f(*word, other);
        }
    }
}

impl From<&[bool]> for BitArray {
    /// Packs a slice. Allocates exactly.
    fn from(values: &[bool]) -> Self {
        let mut array = Self::with_capacity(values.len());
        array.append(values);
        array
    }
}

impl BitAndAssign<&Self> for BitArray {
    /// # Panics
    ///
    /// Panics when the lengths differ.
    #[track_caller]
    fn bitand_assign(&mut self, other: &Self) {
        self.combine(other, |a, b| a & b);
    }
}

impl BitOrAssign<&Self> for BitArray {
    /// # Panics
    ///
    /// Panics when the lengths differ.
    #[track_caller]
    fn bitor_assign(&mut self, other: &Self) {
        self.combine(other, |a, b| a | b);
    }
}

impl BitXorAssign<&Self> for BitArray {
    /// # Panics
    ///
    /// Panics when the lengths differ.
    #[track_caller]
    fn bitxor_assign(&mut self, other: &Self) {
        self.combine(other, |a, b| a ^ b);
    }
}

/// Gathers at most 64 booleans into a word, eight at a time: the multiplication moves bit `8 * i` of a
/// word of eight booleans to bit `56 + i`, and no two partial products meet.
#[inline]
fn gather(values: &[bool]) -> u64 {
    let (eights, rest) = bytemuck::cast_slice::<bool, u8>(values).as_chunks::<8>();
    let mut word = 0;
    for (index, &eight) in eights.iter().enumerate() {
        let byte = u64::from_le_bytes(eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        word |= byte << (8 * index);
    }
    for (index, &value) in rest.iter().enumerate() {
        word |= u64::from(value) << (8 * eights.len() + index);
    }
    word
}
