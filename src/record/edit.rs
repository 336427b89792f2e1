//! Records in the middle: put in, taken out, moved.

use super::error::PushError;
use super::records::Records;
use super::schema::Record;
use crate::array::BitArray;

impl<R: Record> Records<R> {
    /// Puts a record before the one at `index`, or behind all. The rows behind it move.
    ///
    /// # Panics
    ///
    /// Panics when `index` is behind the end, and where [`try_insert`](Self::try_insert) has an error.
    #[track_caller]
    pub fn insert(&mut self, index: usize, record: R) {
        if let Err(error) = self.try_insert(index, record) {
            error.raise();
        }
    }

    /// Puts a record before the one at `index`, or behind all. The rows behind it move.
    ///
    /// # Errors
    ///
    /// As [`try_push`](Self::try_push).
    ///
    /// # Panics
    ///
    /// Panics when `index` is behind the end.
    #[track_caller]
    pub fn try_insert(&mut self, index: usize, record: R) -> Result<(), PushError<R>> {
        let len = self.len();
        assert!(index <= len, "insertion index {index} out of range for {len} records");
        let (values, computed) = record.into_values();
        let inserted = self.table_mut().try_insert(index, values);
        inserted.map_err(|(values, refused)| Self::refuse(values, computed, refused))
    }

    /// Removes the record at `index`. The rows behind it move.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[track_caller]
    pub fn remove(&mut self, index: usize) -> R {
        let computed = R::compute(&self[index]);
        R::from_values(self.table_mut().remove(index), computed)
    }

    /// Removes the record at `index`, and puts the last one into its place.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[track_caller]
    pub fn swap_remove(&mut self, index: usize) -> R {
        let computed = R::compute(&self[index]);
        R::from_values(self.table_mut().swap_remove(index), computed)
    }

    /// Keeps the records for which `keep` is true, in order. Nothing has changed yet where it panics.
    pub fn retain(&mut self, mut keep: impl FnMut(&R::Row) -> bool) {
        let kept: BitArray = self.iter().map(&mut keep).collect();
        self.table_mut().retain(&kept);
    }

    /// Moves all records of `other` behind those of this.
    ///
    /// # Panics
    ///
    /// Panics where a column cannot take the values, and ends the program where there is no memory.
    #[track_caller]
    pub fn append(&mut self, other: &mut Self) {
        let appended = self.table_mut().try_append(other.table_mut());
        if let Err(refused) = appended {
            refused.cause.raise();
        }
    }

    /// Moves the records from `at` on to records of their own.
    ///
    /// # Panics
    ///
    /// Panics when `at` is behind the end.
    #[must_use]
    #[track_caller]
    pub fn split_off(&mut self, at: usize) -> Self {
        let len = self.len();
        assert!(at <= len, "split index {at} out of range for {len} records");
        match self.table_mut().try_split_off(at) {
            Ok(tail) => Self::from_table(tail),
            Err(refused) => refused.cause.raise(),
        }
    }
}
