//! Building ragged arrays, and changing them.

use super::super::super::error::{ReserveError, StoreError};
use super::super::super::iter::from_traits;
use super::super::ends::Ends;
use super::RaggedArray;
use crate::raw::growth;
use alloc::vec::Vec;
use core::mem;

/// Drops the values behind the last row, unless it is forgotten: what a panic in foreign code leaves.
struct Unfinished<'a, T> {
    values: &'a mut Vec<T>,
    len: usize,
}

impl<T> Drop for Unfinished<'_, T> {
    fn drop(&mut self) {
        self.values.truncate(self.len);
    }
}

impl<T> RaggedArray<T> {
    /// Creates an empty array. Does not allocate.
    pub fn new() -> Self {
        Self { values: Vec::new(), ends: Ends::new() }
    }

    /// Creates an empty array with room for `capacity` values, in however many rows.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { values: Vec::with_capacity(capacity), ends: Ends::new() }
    }

    /// Takes values that lie end to end, and the lengths of the rows. Copies nothing, and keeps the ends in the fewest
    /// bits.
    ///
    /// # Errors
    ///
    /// Gives the values back where the lengths add up to another number.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    ///
    /// ```
    /// use pennyweight::array::RaggedArray;
    ///
    /// let edges = RaggedArray::from_values(vec![1, 2, 0, 3], [2, 0, 1, 1]).unwrap();
    /// assert_eq!(edges, [vec![1, 2], vec![], vec![0], vec![3]]);
    /// assert_eq!(RaggedArray::from_values(edges.into_values(), [2, 1]), Err(vec![1, 2, 0, 3]));
    /// ```
    #[track_caller]
    pub fn from_values(
        values: Vec<T>,
        lengths: impl IntoIterator<Item = usize>,
    ) -> Result<Self, Vec<T>> {
        let mut ends = Ends::new();
        let mut left = values.len();
        for length in lengths {
            let Some(rest) = left.checked_sub(length) else { return Err(values) };
            ends.push(length).unwrap_or_else(|error| error.raise());
            left = rest;
        }
        if left > 0 {
            return Err(values);
        }
        ends.shrink_to_fit();
        Ok(Self { values, ends })
    }

    /// The values that fit before their buffer grows.
    pub fn capacity(&self) -> usize {
        self.values.capacity()
    }

    /// The row at `index` for writing, or `None` behind the end.
    #[inline]
    pub fn get_mut(&mut self, index: usize) -> Option<&mut [T]> {
        let row = self.range(index)?;
        Some(&mut self.values[row])
    }

    /// The values of all rows, end to end, for writing.
    pub fn values_mut(&mut self) -> &mut [T] {
        &mut self.values
    }

    /// The values of all rows as the `Vec` that holds them. Copies nothing.
    pub fn into_values(self) -> Vec<T> {
        self.values
    }

    /// The values, and where rows end.
    pub(in super::super) fn into_parts(self) -> (Vec<T>, Ends) {
        (self.values, self.ends)
    }

    /// Appends a row.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[inline]
    #[track_caller]
    pub fn push(&mut self, row: &[T])
    where
        T: Clone,
    {
        if let Err(error) = self.try_push(row) {
            error.raise();
        }
    }

    /// Appends a row.
    ///
    /// # Errors
    ///
    /// Gives the row back where there is no memory for it; the array is as it was.
    #[inline]
    pub fn try_push<'r>(&mut self, row: &'r [T]) -> Result<(), StoreError<&'r [T]>>
    where
        T: Clone,
    {
        self.try_append(row).map_err(|error| StoreError::new(row, error.into()))
    }

    pub(in super::super) fn try_append(&mut self, row: &[T]) -> Result<(), ReserveError>
    where
        T: Clone,
    {
        growth::reserve(&mut self.values, row.len())?;
        let len = self.values.len();
        let unfinished = Unfinished { values: &mut self.values, len };
        unfinished.values.extend_from_slice(row);
        self.ends.push(row.len())?;
        mem::forget(unfinished);
        Ok(())
    }

    /// Appends a row of what an iterator gives. A panic of the iterator leaves the array as it was.
    ///
    /// ```
    /// use pennyweight::array::RaggedArray;
    ///
    /// let mut words = RaggedArray::new();
    /// for line in ["a line of words", "", "another"] {
    ///     words.push_from(line.split_whitespace());
    /// }
    /// assert_eq!(words, [vec!["a", "line", "of", "words"], vec![], vec!["another"]]);
    /// ```
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[track_caller]
    pub fn push_from<I: IntoIterator<Item = T>>(&mut self, row: I) {
        self.try_push_from(row).unwrap_or_else(|error| error.raise());
    }

    /// Appends a row of what an iterator gives.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory for all of it. The array is as it was, and what the iterator gave is dropped.
    pub fn try_push_from<I: IntoIterator<Item = T>>(&mut self, row: I) -> Result<(), ReserveError> {
        let row = row.into_iter();
        // A hint is only a hint: what cannot be reserved may never come.
        let _ = growth::reserve(&mut self.values, row.size_hint().0);
        let len = self.values.len();
        let unfinished = Unfinished { values: &mut self.values, len };
        for value in row {
            growth::reserve(unfinished.values, 1)?;
            unfinished.values.push(value);
        }
        self.ends.push(unfinished.values.len() - len)?;
        mem::forget(unfinished);
        Ok(())
    }

    /// Appends values to the last row.
    ///
    /// # Panics
    ///
    /// Panics when there is no row, or when the capacity overflows. Like a `Vec`, ends the program where the
    /// allocator refuses.
    #[track_caller]
    pub fn extend_last(&mut self, values: &[T])
    where
        T: Clone,
    {
        if let Err(error) = self.try_extend_last(values) {
            error.raise();
        }
    }

    /// Appends values to the last row.
    ///
    /// # Errors
    ///
    /// Gives the values back where there is no memory for them; the array is as it was.
    ///
    /// # Panics
    ///
    /// Panics when there is no row.
    #[track_caller]
    pub fn try_extend_last<'r>(&mut self, values: &'r [T]) -> Result<(), StoreError<&'r [T]>>
    where
        T: Clone,
    {
        assert!(!self.is_empty(), "cannot extend the last row of an empty array");
        let mut extend = || {
            growth::reserve(&mut self.values, values.len())?;
            let len = self.values.len();
            let unfinished = Unfinished { values: &mut self.values, len };
            unfinished.values.extend_from_slice(values);
            self.ends.extend_last(values.len())?;
            mem::forget(unfinished);
            Ok(())
        };
        extend().map_err(|error: ReserveError| StoreError::new(values, error.into()))
    }

    /// Removes the last row and returns it.
    pub fn pop(&mut self) -> Option<Vec<T>> {
        let row = self.range(self.len().checked_sub(1)?)?;
        let values = self.values.split_off(row.start);
        self.ends.truncate(self.len() - 1);
        Some(values)
    }

    /// Drops the rows from `len` on. Keeps the memory.
    pub fn truncate(&mut self, len: usize) {
        self.ends.truncate(len);
        // Where dropping a value panics, all are out of reach already.
        self.values.truncate(self.ends.total());
    }

    /// Drops all rows. Keeps the memory.
    pub fn clear(&mut self) {
        self.truncate(0);
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
        growth::reserve(&mut self.values, additional)
    }

    /// Makes room for `additional` values, without slack.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory; the array is as it was.
    pub fn try_reserve_exact(&mut self, additional: usize) -> Result<(), ReserveError> {
        let capacity = self.values.len().checked_add(additional);
        growth::reserve_exact(&mut self.values, capacity.ok_or(ReserveError::CapacityOverflow)?)
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

    /// Keeps the ends in the fewest bits, and gives all slack back to the allocator.
    pub fn shrink_to_fit(&mut self) {
        self.values.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

impl<T> Default for RaggedArray<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> From<Vec<Vec<T>>> for RaggedArray<T> {
    /// Moves all values, and leaves no slack.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[track_caller]
    fn from(rows: Vec<Vec<T>>) -> Self {
        let mut array = Self::with_capacity(rows.iter().map(Vec::len).sum());
        rows.into_iter().for_each(|row| array.push_from(row));
        array.ends.shrink_to_fit();
        array
    }
}

impl<T: Clone, R: AsRef<[T]>> From<&[R]> for RaggedArray<T> {
    /// Copies rows, and leaves no slack.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[track_caller]
    fn from(rows: &[R]) -> Self {
        let mut array = Self::with_capacity(rows.iter().map(|row| row.as_ref().len()).sum());
        array.extend(rows);
        array.shrink_to_fit();
        array
    }
}

from_traits!(@impl [T: Clone, R: AsRef<[T]>] RaggedArray<T>, &Vec<R>);
from_traits!(@impl [T: Clone, R: AsRef<[T]>, const N: usize] RaggedArray<T>, [R; N]);
from_traits!(@impl [T: Clone, R: AsRef<[T]>, const N: usize] RaggedArray<T>, &[R; N]);

impl<T: Clone, R: AsRef<[T]>> Extend<R> for RaggedArray<T> {
    /// # Panics
    ///
    /// Panics where [`push`](RaggedArray::push) does.
    #[track_caller]
    fn extend<I: IntoIterator<Item = R>>(&mut self, rows: I) {
        rows.into_iter().for_each(|row| self.push(row.as_ref()));
    }
}

impl<T: Clone, R: AsRef<[T]>> FromIterator<R> for RaggedArray<T> {
    /// Appends the rows to an empty array, so that the slack of growth is left.
    ///
    /// # Panics
    ///
    /// Panics where [`push`](RaggedArray::push) does.
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = R>>(rows: I) -> Self {
        let mut array = Self::new();
        array.extend(rows);
        array
    }
}
