//! Records in the middle: put in, taken out, moved.

use super::error::{PushError, StoreError};
use super::into_iter::IntoIter;
use super::records::Records;
use super::schema::Record;
use crate::array::BitArray;
use crate::raw::range::indices;
use core::ops::RangeBounds;

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

    /// Removes the record at `index`, and puts the last one into its place. Text is written anew, as where a record in the middle is
    /// inserted or removed. Of an enum or an `Option` of a record, up to all rows are looked through for the one that moves in its columns.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[track_caller]
    pub fn swap_remove(&mut self, index: usize) -> R {
        let computed = R::compute(&self[index]);
        R::from_values(self.table_mut().swap_remove(index), computed)
    }

    /// Replaces the record at `index`, and gives the old one. It is appended, and then removes the other as
    /// [`swap_remove`](Self::swap_remove) does, at the cost of that. Where [`try_push`](Self::try_push) would refuse it, the records are as they were.
    ///
    /// ```
    /// use pennyweight::record::{Record, Records};
    ///
    /// #[derive(Record, Debug, PartialEq)]
    /// struct Point(i16, i16);
    ///
    /// let mut points = Records::from([Point(0, 0), Point(1, 1), Point(2, 4)]);
    /// assert_eq!(points.replace(1, Point(7, 49)), Point(1, 1));
    /// assert_eq!(points.columns()._0(), [0, 7, 2]);
    /// ```
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range, and where `try_push` has an error.
    #[track_caller]
    pub fn replace(&mut self, index: usize, record: R) -> R {
        let computed = R::compute(&self[index]);
        self.push(record);
        R::from_values(self.table_mut().swap_remove(index), computed)
    }

    /// Exchanges two rows. Strings of `text` fields that are not as long as one another have all of the text written anew.
    ///
    /// # Panics
    ///
    /// Panics when one of them is out of range.
    #[track_caller]
    pub fn swap(&mut self, a: usize, b: usize) {
        let len = self.len();
        assert!(a < len && b < len, "rows {a} and {b} out of range for {len} records");
        self.table_mut().swap(a, b);
    }

    /// Keeps the records for which `keep` is true, in order. Where `keep` panics, nothing has changed.
    ///
    /// Takes a bit for each record meanwhile. Where some go, a column of `text` is written anew, beside the old one until that is done; an enum and an
    /// `Option` of a record take up to 8 bytes a row, or the values that go where these are few.
    pub fn retain(&mut self, mut keep: impl FnMut(&R::Row) -> bool) {
        let kept: BitArray = self.iter().map(&mut keep).collect();
        self.table_mut().retain(&kept);
    }

    /// Keeps the records for which `keep` is true, in order, which may change them. Where `keep` panics, all records are there, and
    /// some have been changed. Takes what [`retain`](Self::retain) does.
    pub fn retain_mut(&mut self, mut keep: impl FnMut(&mut R::Row) -> bool) {
        let mut kept = BitArray::new();
        self.for_each_mut(|row| kept.push(keep(row)));
        self.table_mut().retain(&kept);
    }

    /// Removes each record that is the `same` as the one that is kept before it; `same(row, kept)`, as `Vec` has it. Where it panics,
    /// nothing has changed. Takes what [`retain`](Self::retain) does.
    pub fn dedup_by(&mut self, mut same: impl FnMut(&R::Row, &R::Row) -> bool) {
        let mut last = None;
        let kept: BitArray = self
            .iter()
            .map(|row| {
                let keep = last.is_none_or(|kept| !same(row, kept));
                if keep {
                    last = Some(row);
                }
                keep
            })
            .collect();
        self.table_mut().retain(&kept);
    }

    /// Removes each record whose key equals that of the one before it. Where `key` or the comparison panics, nothing has changed.
    /// Takes what [`retain`](Self::retain) does.
    pub fn dedup_by_key<K: PartialEq>(&mut self, mut key: impl FnMut(&R::Row) -> K) {
        let mut last = None;
        self.retain(|row| {
            let key = Some(key(row));
            let keep = last != key;
            last = key;
            keep
        });
    }

    /// Removes the records of a range and gives them, as records of their own. All have been removed when this returns, whether
    /// they are then taken or not; what is not taken is dropped with the iterator.
    ///
    /// ```
    /// use pennyweight::record::{Record, Records};
    ///
    /// #[derive(Record, Debug, PartialEq)]
    /// struct Point(i16, i16);
    ///
    /// let mut points: Records<Point> = (0..9).map(|x| Point(x, 0)).collect();
    /// assert!(points.drain(1..8).eq((1..8).map(|x| Point(x, 0))));
    /// assert_eq!(points.columns()._0(), [0, 8]);
    /// ```
    ///
    /// # Panics
    ///
    /// Panics when the range is not within the records, where a column of them cannot take the values, and ends the program
    /// where there is no memory for it.
    #[track_caller]
    pub fn drain(&mut self, range: impl RangeBounds<usize>) -> IntoIter<R> {
        let range = indices(&range, self.len());
        match self.table_mut().try_extract(range) {
            Ok(table) => Self::from_table(table).into_iter(),
            Err(refused) => refused.cause.raise(),
        }
    }

    /// Moves the records from `at` on to records of their own, which have room for exactly these.
    ///
    /// # Panics
    ///
    /// Panics when `at` is behind the end, and otherwise as [`drain`](Self::drain).
    #[must_use]
    #[track_caller]
    pub fn split_off(&mut self, at: usize) -> Self {
        let len = self.len();
        assert!(at <= len, "split index {at} out of range for {len} records");
        match self.table_mut().try_extract(at..len) {
            Ok(tail) => Self::from_table(tail),
            Err(refused) => refused.cause.raise(),
        }
    }

    /// Moves all records of `other` behind those of this.
    ///
    /// # Panics
    ///
    /// Panics where [`try_append`](Self::try_append) has an error.
    #[track_caller]
    pub fn append(&mut self, other: &mut Self) {
        if let Err(error) = self.try_append(other) {
            error.raise();
        }
    }

    /// Moves all records of `other` behind those of this.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory, or a column cannot take the values. All columns are as they were.
    pub fn try_append(&mut self, other: &mut Self) -> Result<(), StoreError> {
        self.table_mut().try_append(other.table_mut()).map_err(|refused| refused.cause)
    }
}
