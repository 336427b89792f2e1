//! Rows next to one another.
#![allow(unsafe_code)]

use super::columns::ColumnsOf;
use super::error::{Refused, StoreError};
use super::iter::{Chunks, Iter};
use super::leaf::{Own, Which};
use super::records::Records;
use super::row::RowOf;
use super::schema::Record;
use super::table::Table;
use crate::raw::growth;
use crate::raw::range::indices;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;
use core::ops::{Index, Range, RangeBounds};

/// Some of the rows of [`Records`] that stand next to one another: what `&[R]` is to a `Vec<R>`. Three words; `Copy`.
///
/// ```
/// use pennyweight::record::{Record, Records};
///
/// #[derive(Record)]
/// struct Point {
///     x: i16,
///     y: i16,
/// }
///
/// let points: Records<Point> = (0..10).map(|x| Point { x, y: x * x }).collect();
/// let (left, right) = points.split_at(6);
/// assert_eq!((left.len(), right[0].x()), (6, 6));
/// assert_eq!(right.slice(1..3).columns().y(), [49, 64]);
/// assert_eq!(points.as_slice().partition_point(|point| point.y() < 30), 6);
/// ```
pub struct Slice<'a, R: Record> {
    records: &'a Records<R>,
    /// Invariant: `start <= end`, and `end` is at most the number of records.
    start: usize,
    end: usize,
}

impl<'a, R: Record> Slice<'a, R> {
    /// Rows that are there.
    #[inline]
    pub(super) fn new(records: &'a Records<R>, Range { start, end }: Range<usize>) -> Self {
        debug_assert!(start <= end && end <= records.len());
        Self { records, start, end }
    }

    /// The number of rows.
    #[inline]
    #[must_use]
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// True where there are none.
    #[inline]
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The row at `index`, or `None` behind the end.
    #[inline]
    #[must_use]
    pub fn get(self, index: usize) -> Option<&'a R::Row> {
        (index < self.len()).then(|| {
            // SAFETY: the row is in the table (invariant of `end`).
            R::row(unsafe { RowOf::new(self.records.table(), self.start + index) })
        })
    }

    /// The first row.
    #[inline]
    #[must_use]
    pub fn first(self) -> Option<&'a R::Row> {
        self.get(0)
    }

    /// The last row.
    #[inline]
    #[must_use]
    pub fn last(self) -> Option<&'a R::Row> {
        self.get(self.len().wrapping_sub(1))
    }

    /// The columns of these rows.
    #[inline]
    #[must_use]
    pub fn columns(self) -> R::Columns<'a> {
        R::columns(self.columns_of())
    }

    /// The columns, without names.
    #[inline]
    pub(super) fn columns_of(self) -> ColumnsOf<'a, R::Fields> {
        ColumnsOf::new(self.records.table(), self.start..self.end)
    }

    /// Iterates over the rows.
    #[inline]
    pub fn iter(self) -> Iter<'a, R> {
        Iter::new(self.columns_of())
    }

    /// The rows, without methods for fields.
    #[cfg(feature = "serde")]
    pub(super) fn rows(self) -> impl ExactSizeIterator<Item = &'a RowOf<R::Fields>> {
        let table = self.records.table();
        // SAFETY: the rows are in the table (invariant of `end`).
        (self.start..self.end).map(move |index| unsafe { RowOf::new(table, index) })
    }

    /// Appends clones of the rows to a table.
    pub(super) fn clone_onto(self, table: &mut Table<R::Fields>) -> Result<(), Refused>
    where
        R::Fields: Own,
    {
        let rows = Which::Range(self.start..self.end);
        // SAFETY: the rows are in the table (invariant of `end`).
        unsafe { table.try_extend_cloned(self.records.table(), rows) }
    }

    /// Appends clones of the rows at some indices to a table.
    ///
    /// # Panics
    ///
    /// Panics when an index is out of range.
    #[track_caller]
    pub(super) fn clone_at(
        self,
        indices: impl Iterator<Item = usize>,
        table: &mut Table<R::Fields>,
    ) -> Result<(), Refused>
    where
        R::Fields: Own,
    {
        let mut rows = Vec::new();
        growth::reserve_exact(&mut rows, indices.size_hint().0).map_err(StoreError::from)?;
        for index in indices {
            if index >= self.len() {
                out_of_range(index, self.len());
            }
            growth::reserve(&mut rows, 1).map_err(StoreError::from)?;
            rows.push(self.start + index);
        }
        // SAFETY: each row is before `end`, and so in the table (invariant of `end`).
        unsafe { table.try_extend_cloned(self.records.table(), Which::At(&rows)) }
    }

    /// Some of these rows.
    ///
    /// # Panics
    ///
    /// Panics when the range is not within them.
    #[must_use]
    #[track_caller]
    pub fn slice(self, range: impl RangeBounds<usize>) -> Self {
        let Range { start, end } = indices(&range, self.len());
        Self { start: self.start + start, end: self.start + end, ..self }
    }

    /// The first `mid` rows, and the others.
    ///
    /// # Panics
    ///
    /// Panics when `mid` is behind the end.
    #[must_use]
    #[track_caller]
    pub fn split_at(self, mid: usize) -> (Self, Self) {
        (self.slice(..mid), self.slice(mid..))
    }

    /// Iterates over `size` rows at a time; the last are fewer where they do not come out even.
    ///
    /// # Panics
    ///
    /// Panics when `size` is 0.
    #[track_caller]
    pub fn chunks(self, size: usize) -> Chunks<'a, R> {
        Chunks::new(self, size)
    }

    /// The number of rows before the first of which `before` is false, where all those behind it are so too.
    pub fn partition_point(self, mut before: impl FnMut(&'a R::Row) -> bool) -> usize {
        self.binary_search_by(|row| if before(row) { Ordering::Less } else { Ordering::Greater })
            .unwrap_or_else(|index| index)
    }

    /// The index of a row that equals another one, of any records, where the rows are sorted.
    ///
    /// # Errors
    ///
    /// As [`binary_search_by`](Self::binary_search_by).
    pub fn binary_search(self, wanted: &R::Row) -> Result<usize, usize>
    where
        R::Row: Ord,
    {
        self.binary_search_by(|row| row.cmp(wanted))
    }

    /// The index of a row that `compare` calls equal, where the rows are sorted by it.
    ///
    /// # Errors
    ///
    /// Gives the index at which such a row could be inserted where there is none.
    pub fn binary_search_by(
        self,
        mut compare: impl FnMut(&'a R::Row) -> Ordering,
    ) -> Result<usize, usize> {
        let (mut start, mut end) = (0, self.len());
        while let middle = start + (end - start) / 2
            && start < end
            && let Some(row) = self.get(middle)
        {
            match compare(row) {
                Ordering::Less => start = middle + 1,
                Ordering::Equal => return Ok(middle),
                Ordering::Greater => end = middle,
            }
        }
        Err(start)
    }

    /// The index of a row with this key, where the rows are sorted by it.
    ///
    /// # Errors
    ///
    /// As [`binary_search_by`](Self::binary_search_by).
    pub fn binary_search_by_key<K: Ord>(
        self,
        wanted: &K,
        mut key: impl FnMut(&'a R::Row) -> K,
    ) -> Result<usize, usize> {
        self.binary_search_by(|row| key(row).cmp(wanted))
    }

    /// True where the rows are sorted by this key.
    pub fn is_sorted_by_key<K: PartialOrd>(self, key: impl FnMut(&'a R::Row) -> K) -> bool {
        self.iter().is_sorted_by_key(key)
    }
}

impl<R: Record> Clone for Slice<'_, R> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<R: Record> Copy for Slice<'_, R> {}

impl<R: Record> Index<usize> for Slice<'_, R> {
    type Output = R::Row;

    #[inline]
    #[track_caller]
    fn index(&self, index: usize) -> &R::Row {
        match self.get(index) {
            Some(row) => row,
            None => out_of_range(index, self.len()),
        }
    }
}

#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn out_of_range(index: usize, len: usize) -> ! {
    panic!("index {index} out of range for {len} records")
}

impl<'a, R: Record> IntoIterator for Slice<'a, R> {
    type Item = &'a R::Row;
    type IntoIter = Iter<'a, R>;

    #[inline]
    fn into_iter(self) -> Iter<'a, R> {
        self.iter()
    }
}

impl<R: Record<Row: fmt::Debug>> fmt::Debug for Slice<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(*self).finish()
    }
}

/// Equal where the rows are.
impl<R: Record<Row: PartialEq>> PartialEq for Slice<'_, R> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl<R: Record<Row: Eq>> Eq for Slice<'_, R> {}
