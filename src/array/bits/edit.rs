//! Building bit arrays, and changing them.

use super::super::error::{ReserveError, StoreError};
use super::BitArray;
use crate::raw::equal;
use crate::raw::growth;
use crate::raw::packed::out_of_range;
use crate::raw::shift::{copy_bits, store};
use alloc::boxed::Box;
use core::ops::Range;

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
    #[track_caller]
    pub fn with_capacity(capacity: usize) -> Self {
        let mut array = Self::new();
        array.reserve_exact(capacity);
        array
    }

    /// An array of `len` copies of a value: what `vec![value; len]` is for a `Vec`. Allocates exactly.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    ///
    /// ```
    /// use pennyweight::array::BitArray;
    ///
    /// let mut prime = BitArray::repeat(true, 100);
    /// prime.set(0, false);
    /// prime.set(1, false);
    /// for n in 2..10 {
    ///     (n * n..100).step_by(n).for_each(|multiple| prime.set(multiple, false));
    /// }
    /// assert_eq!(prime.count_ones(), 25);
    /// ```
    #[track_caller]
    pub fn repeat(value: bool, len: usize) -> Self {
        let mut array = Self::with_capacity(len);
        array.resize(len, value);
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
        if let Err(error) = self.try_push(value) {
            error.raise();
        }
    }

    /// Appends a value.
    ///
    /// # Errors
    ///
    /// Gives the value back where there is no memory for it; the array is as it was.
    #[inline]
    pub fn try_push(&mut self, value: bool) -> Result<(), StoreError<bool>> {
        let full = |error: ReserveError| StoreError::new(value, error.into());
        if self.len.div_ceil(64) == self.words.len() && self.len.is_multiple_of(64) {
            self.try_reserve(1).map_err(full)?;
        }
        // On machines of 32 bits there is memory for more bits than can be counted.
        let len = self.len.checked_add(1).ok_or(ReserveError::CapacityOverflow).map_err(full)?;
        self.words[self.len / 64] |= u64::from(value) << (self.len % 64);
        self.len = len;
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
        if let Err(error) = self.try_resize(len, value) {
            error.raise();
        }
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
        if let Err(error) = self.try_extend_from_slice(values) {
            error.raise();
        }
    }

    /// Appends a slice.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory for all of it; the array is as it was.
    pub fn try_extend_from_slice(&mut self, values: &[bool]) -> Result<(), ReserveError> {
        let len = self.len.checked_add(values.len()).ok_or(ReserveError::CapacityOverflow)?;
        self.reserve_words(len)?;
        self.append_bits(values.chunks(64).map(gather), values.len());
        Ok(())
    }

    /// Makes room for `additional` values, with the slack of growth.
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
        if let Err(error) = self.try_reserve_exact(additional) {
            error.raise();
        }
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

    /// Replaces every value by one.
    pub fn fill(&mut self, value: bool) {
        self.words[..self.len.div_ceil(64)].fill(if value { u64::MAX } else { 0 });
        self.clear_behind_the_end();
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

    /// Replaces values from `start` on by others that do not reach behind the end.
    pub(in crate::array) fn overwrite(&mut self, start: usize, values: &[bool]) {
        for (chunk, start) in values.chunks(64).zip((start..).step_by(64)) {
            store(&mut self.words, start, chunk.len(), gather(chunk));
        }
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

    /// Appends at most 64 bits, the lowest of a word.
    #[inline]
    fn push_bits(&mut self, bits: u64, count: usize) {
        if let Err(error) = self.try_extend_from_words(&[bits], count) {
            error.raise();
        }
    }

    /// Appends the first `count` bits of words, of which those behind are zero.
    pub(in crate::array) fn try_extend_from_words(
        &mut self,
        words: &[u64],
        count: usize,
    ) -> Result<(), ReserveError> {
        self.try_reserve(count)?;
        self.append_bits(words.iter().copied(), count);
        Ok(())
    }

    /// Appends `count` bits for which there is room, as words of which the bits behind the last one are zero.
    fn append_bits(&mut self, appended: impl Iterator<Item = u64>, count: usize) {
        let (first, shift) = (self.len / 64, self.len % 64);
        self.len += count;
        let mut words = self.words[first..self.len.div_ceil(64)].iter_mut();
        if shift == 0 {
            words.zip(appended).for_each(|(word, bits)| *word = bits);
            return;
        }
        // What is appended ends in the word after the one in which it begins, unless it is the last.
        let mut begun = words.next();
        for bits in appended {
            if let Some(word) = begun {
                *word |= bits << shift;
            }
            begun = words.next();
            if let Some(word) = &mut begun {
                **word = bits >> (64 - shift);
            }
        }
    }
}

impl From<&[bool]> for BitArray {
    /// Packs a slice. Allocates exactly.
    fn from(values: &[bool]) -> Self {
        let mut array = Self::with_capacity(values.len());
        array.append_bits(values.chunks(64).map(gather), values.len());
        array
    }
}

impl Extend<bool> for BitArray {
    /// Appends the values, 64 at a time. Values that an iterator gave shortly before it panicked may be lost.
    ///
    /// # Panics
    ///
    /// Panics where `extend_from_slice` does.
    fn extend<I: IntoIterator<Item = bool>>(&mut self, values: I) {
        let mut values = values.into_iter();
        let expected = values.size_hint().0;
        // A hint is only a hint: what cannot be reserved may never come.
        let _ = self.try_reserve(expected);
        // Taken one by one into booleans, cheap values are found many at a time.
        let mut chunk = [false; 64];
        for _ in 0..expected / 64 {
            let mut filled = 0;
            for slot in &mut chunk {
                let Some(value) = values.next() else { break };
                *slot = value;
                filled += 1;
            }
            self.push_bits(gather(&chunk[..filled]), filled);
            if filled < 64 {
                return;
            }
        }
        let (mut word, mut count) = (0, 0);
        values.for_each(|value| {
            word |= u64::from(value) << count;
            count += 1;
            if count == 64 {
                self.push_bits(word, count);
                (word, count) = (0, 0);
            }
        });
        self.push_bits(word, count);
    }
}

impl<'a> Extend<&'a bool> for BitArray {
    fn extend<I: IntoIterator<Item = &'a bool>>(&mut self, values: I) {
        self.extend(values.into_iter().copied());
    }
}

/// Gathers at most 64 booleans into a word, eight at a time.
#[inline]
fn gather(values: &[bool]) -> u64 {
    let (eights, rest) = bytemuck::cast_slice::<bool, u8>(values).as_chunks::<8>();
    let mut word = 0;
    for (index, &eight) in eights.iter().enumerate() {
        word |= u64::from(equal::gather(eight)) << (8 * index);
    }
    for (index, &value) in rest.iter().enumerate() {
        word |= u64::from(value) << (8 * eights.len() + index);
    }
    word
}
