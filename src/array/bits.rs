//! Booleans at one bit each.

use super::codes::slice_end;
use super::column::Encoding;
use super::error::{ReserveError, StoreError};
use super::iter::{Iter, Scan, std_traits};
use crate::raw::packed::{BLOCK, out_of_range};
use crate::raw::{count_ones, for_each_one, growth};
use crate::size::{Block, HeapSize, Visitor};
use alloc::vec::Vec;
use core::iter::FusedIterator;
use core::ops::{BitAndAssign, BitOrAssign, BitXorAssign, Range};

/// A growable array of booleans that takes one bit each; `Vec<bool>` takes eight.
///
/// It wins in memory always, in counting and in finding the ones ([`count_ones`](Self::count_ones),
/// [`iter_ones`](Self::iter_ones)) by a large factor, and in random reads where the `Vec` leaves the
/// cache. It loses in random writes, where a bit has to be read, changed and written back. For sparse
/// sets of large integers use a compressed bitmap such as [`roaring`](https://docs.rs/roaring).
///
/// # Layout
///
/// 64-bit words, lowest bit first: value `i` is bit `i % 64` of word `i / 64`.
///
/// # Memory
///
/// 32 bytes inline; on the heap `8 * ceil(len / 64)` bytes after
/// [`shrink_to_fit`](Self::shrink_to_fit) or when built from a slice. Growth leaves at most 1/16 or 64 bytes
/// of slack.
///
/// # Examples
///
/// ```
/// use pennyweight::array::BitArray;
///
/// let numbers = 0..1000_u32;
/// let square: BitArray = numbers.map(|n| n.isqrt().pow(2) == n).collect();
/// assert_eq!(square.count_ones(), 32);
/// assert!(square.iter_ones().take(5).eq([0, 1, 4, 9, 16]));
/// assert_eq!(square.get(961), Some(true));
/// ```
///
/// # Source
///
/// As [`fixedbitset`](https://docs.rs/fixedbitset), but growing by pushes like a `Vec`. Eight booleans are
/// gathered into a byte by one multiplication.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BitArray {
    /// Invariant: holds `ceil(len / 64)` words, and every bit from `len` on is zero.
    words: Vec<u64>,
    len: usize,
}

impl BitArray {
    /// Creates an empty array. Does not allocate.
    pub const fn new() -> Self {
        Self { words: Vec::new(), len: 0 }
    }

    /// Creates an empty array with room for `capacity` values.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { words: Vec::with_capacity(capacity.div_ceil(64)), len: 0 }
    }

    /// The number of values.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// True where there are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The values that fit before the buffer grows.
    pub fn capacity(&self) -> usize {
        self.words.capacity().saturating_mul(64)
    }

    /// The bytes of heap memory.
    pub fn heap_bytes(&self) -> usize {
        self.words.capacity() * 8
    }

    /// How the values are stored.
    pub fn encoding(&self) -> Encoding {
        Encoding::Bits
    }

    /// The bits, lowest first. Those behind the end are zero.
    pub fn as_words(&self) -> &[u64] {
        &self.words
    }

    /// The value at `index`, or `None` behind the end.
    #[inline]
    pub fn get(&self, index: usize) -> Option<bool> {
        (index < self.len).then(|| self.words[index / 64] >> (index % 64) & 1 == 1)
    }

    /// The value at `index`: what `array[index]` would be.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[track_caller]
    pub fn value(&self, index: usize) -> bool {
        match self.get(index) {
            Some(value) => value,
            None => out_of_range(index, self.len),
        }
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
        if self.len.is_multiple_of(64) {
            if self.len == usize::MAX / 64 * 64 {
                return Err(StoreError::new(value, ReserveError::CapacityOverflow.into()));
            }
            growth::reserve(&mut self.words, 1)
                .map_err(|error| StoreError::new(value, error.into()))?;
            self.words.push(0);
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
        self.words.truncate(len.div_ceil(64));
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
        if value
            && let Some(last) = self.words.last_mut()
            && !self.len.is_multiple_of(64)
        {
            *last |= u64::MAX << (self.len % 64);
        }
        self.words.resize(len.div_ceil(64), if value { u64::MAX } else { 0 });
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
        growth::reserve_exact(&mut self.words, len.div_ceil(64))
    }

    /// Gives all slack back to the allocator.
    pub fn shrink_to_fit(&mut self) {
        self.words.shrink_to_fit();
    }

    /// Iterates over the values.
    pub fn iter(&self) -> Iter<'_, Self> {
        Iter::new(self)
    }

    /// Calls `f` with all values in order, in slices of at most 256.
    #[inline]
    pub fn for_each_block(&self, mut f: impl FnMut(&[bool])) {
        let mut values = [false; BLOCK];
        for (block, words) in self.words.chunks(BLOCK / 64).enumerate() {
            for (&word, values) in words.iter().zip(values.chunks_exact_mut(64)) {
                spread(word, values);
            }
            f(&values[..BLOCK.min(self.len - block * BLOCK)]);
        }
    }

    /// The first value.
    pub fn first(&self) -> Option<bool> {
        self.get(0)
    }

    /// The last value.
    pub fn last(&self) -> Option<bool> {
        self.get(self.len.wrapping_sub(1))
    }

    /// The values in a `Vec`.
    pub fn to_vec(&self) -> Vec<bool> {
        let mut values = alloc::vec![false; self.len];
        self.copy_to_slice(0, &mut values);
        values
    }

    /// Copies the values from `start` on to `values`.
    ///
    /// # Panics
    ///
    /// Panics when `values` reaches behind the end of the array.
    #[track_caller]
    pub fn copy_to_slice(&self, start: usize, values: &mut [bool]) {
        let end = slice_end(start, values.len(), self.len);
        // Up to the first word boundary bit by bit, then word by word.
        let boundary = start.next_multiple_of(64).min(end);
        let (head, tail) = values.split_at_mut(boundary - start);
        for (index, value) in (start..).zip(head) {
            *value = self.value(index);
        }
        for (&word, values) in self.words[boundary / 64..].iter().zip(tail.chunks_mut(64)) {
            spread(word, values);
        }
    }

    /// The number of values that are true.
    ///
    /// ```
    /// use pennyweight::array::BitArray;
    ///
    /// let array = BitArray::from([true, false, true]);
    /// assert_eq!((array.count_ones(), array.count_zeros()), (2, 1));
    /// ```
    pub fn count_ones(&self) -> usize {
        count_ones(&self.words)
    }

    /// The number of values that are false.
    pub fn count_zeros(&self) -> usize {
        self.len - self.count_ones()
    }

    /// Iterates over the indices of the values that are true.
    pub fn iter_ones(&self) -> Ones<'_> {
        Ones { words: &self.words, front: 0, back: 0, first: 0, last: 0 }.load()
    }

    /// Turns every value into its opposite.
    pub fn invert(&mut self) {
        for word in &mut self.words {
            *word = !*word;
        }
        self.clear_behind_the_end();
    }

    fn clear_behind_the_end(&mut self) {
        if let Some(last) = self.words.last_mut()
            && !self.len.is_multiple_of(64)
        {
            *last &= (1 << (self.len % 64)) - 1;
        }
    }

    fn reserve_words(&mut self, len: usize) -> Result<(), ReserveError> {
        let additional = len.div_ceil(64) - self.words.len();
        growth::reserve(&mut self.words, additional)
    }

    /// Appends values for which there is room.
    fn append(&mut self, values: &[bool]) {
        let shift = self.len % 64;
        for chunk in values.chunks(64) {
            let word = gather(chunk);
            if shift > 0 {
                // The last word has `64 - shift` bits left.
                let last = self.len / 64;
                self.words[last] |= word << shift;
                if chunk.len() > 64 - shift {
                    self.words.push(word >> (64 - shift));
                }
            } else {
                self.words.push(word);
            }
            self.len += chunk.len();
        }
    }

    #[track_caller]
    fn combine(&mut self, other: &Self, f: impl Fn(u64, u64) -> u64) {
        assert_eq!(self.len, other.len, "the arrays are of different lengths");
        for (word, &other) in self.words.iter_mut().zip(&other.words) {
            *word = f(*word, other);
        }
    }

    /// Panics unless the invariants of the fields hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        assert_eq!(self.words.len(), self.len.div_ceil(64));
        if !self.len.is_multiple_of(64) {
            assert_eq!(self.words[self.len / 64] >> (self.len % 64), 0);
        }
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

/// Spreads a word over 64 booleans.
#[inline]
fn spread(word: u64, values: &mut [bool]) {
    for (index, value) in values.iter_mut().enumerate() {
        *value = word >> index & 1 == 1;
    }
}

/// An iterator over the indices of the ones of a [`BitArray`].
#[derive(Clone, Debug)]
pub struct Ones<'a> {
    /// The words between the two that are being taken apart.
    words: &'a [u64],
    /// What is left of the word at the front, and of the one at the back.
    front: u64,
    back: u64,
    /// The indices of their first bits.
    first: usize,
    last: usize,
}

impl Ones<'_> {
    /// Takes the first and the last word out of `words`.
    fn load(mut self) -> Self {
        if let [front, rest @ ..] = self.words {
            (self.front, self.words) = (*front, rest);
        }
        if let [rest @ .., back] = self.words {
            self.last = self.first + 64 * (rest.len() + 1);
            (self.back, self.words) = (*back, rest);
        }
        self
    }
}

impl Iterator for Ones<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.front == 0 {
            if let [front, rest @ ..] = self.words {
                (self.front, self.words) = (*front, rest);
                self.first += 64;
            } else {
                let bit = self.back.trailing_zeros() as usize;
                self.back &= self.back.checked_sub(1)?;
                return Some(self.last + bit);
            }
        }
        let bit = self.front.trailing_zeros() as usize;
        self.front &= self.front - 1;
        Some(self.first + bit)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let ends = (self.front.count_ones() + self.back.count_ones()) as usize;
        (ends, Some(ends + 64 * self.words.len()))
    }

    fn count(self) -> usize {
        count_ones(self.words) + (self.front.count_ones() + self.back.count_ones()) as usize
    }

    #[inline]
    fn fold<B, F: FnMut(B, usize) -> B>(self, init: B, mut f: F) -> B {
        // Empty only while `f` runs, and then for good if it panics.
        let mut state = Some(init);
        let mut run = |words: &[u64], first| {
            for_each_one(words, first, |indices| {
                state = state.take().map(|state| indices.iter().copied().fold(state, &mut f));
            });
        };
        run(&[self.front], self.first);
        run(self.words, self.first + 64);
        run(&[self.back], self.last);
        state.unwrap_or_else(|| unreachable!("a fold that returns has a state"))
    }
}

impl DoubleEndedIterator for Ones<'_> {
    #[inline]
    fn next_back(&mut self) -> Option<usize> {
        while self.back == 0 {
            if let [rest @ .., back] = self.words {
                self.last = self.first + 64 * (rest.len() + 1);
                (self.back, self.words) = (*back, rest);
            } else {
                let bit = 63_u32.checked_sub(self.front.leading_zeros())?;
                self.front &= !(1 << bit);
                return Some(self.first + bit as usize);
            }
        }
        let bit = 63 - self.back.leading_zeros();
        self.back &= !(1 << bit);
        Some(self.last + bit as usize)
    }
}

impl FusedIterator for Ones<'_> {}

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

impl HeapSize for BitArray {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        let (capacity, len) = (self.words.capacity(), self.words.len());
        visitor.block(Block::array::<u64>(capacity, len).at(self.words.as_ptr()));
    }
}

impl Scan for BitArray {
    type Value = bool;

    #[inline]
    fn scan_len(&self) -> usize {
        self.len
    }

    #[inline]
    fn value_at(&self, index: usize) -> bool {
        self.value(index)
    }

    #[inline]
    fn fold_range<B>(&self, range: Range<usize>, init: B, mut f: impl FnMut(B, bool) -> B) -> B {
        let mut state = init;
        let mut index = range.start;
        while index < range.end {
            let end = range.end.min((index / 64 + 1) * 64);
            let word = self.words[index / 64];
            for bit in index..end {
                state = f(state, word >> (bit % 64) & 1 == 1);
            }
            index = end;
        }
        state
    }
}

std_traits!([] BitArray, bool);
