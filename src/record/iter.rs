//! Rows one after the other.
#![allow(unsafe_code)]

use super::columns::ColumnsOf;
use super::row::RowOf;
use super::schema::Record;
use super::slice::Slice;
use super::table::Table;
use core::fmt;
use core::iter::FusedIterator;
use core::ops::Range;

/// Iterates over rows, by reference.
pub struct Iter<'a, R: Record + 'a> {
    table: &'a Table<R::Fields>,
    /// Invariant: within the length of the table.
    rows: Range<usize>,
}

impl<'a, R: Record> Iter<'a, R> {
    pub(super) fn new(columns: ColumnsOf<'a, R::Fields>) -> Self {
        Self { table: columns.table(), rows: columns.rows() }
    }

    #[inline]
    fn row(&self, index: usize) -> &'a R::Row {
        // SAFETY: the rows are in the table (invariant of `rows`).
        unsafe { self.table.foresee(index) };
        // SAFETY: the rows are in the table (invariant of `rows`), which stays as it is as long as it is borrowed.
        R::row(unsafe { RowOf::new(self.table, index) })
    }
}

impl<'a, R: Record + 'a> Iterator for Iter<'a, R> {
    type Item = &'a R::Row;

    #[inline]
    fn next(&mut self) -> Option<&'a R::Row> {
        let index = self.rows.next()?;
        Some(self.row(index))
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rows.size_hint()
    }

    #[inline]
    fn nth(&mut self, n: usize) -> Option<&'a R::Row> {
        let index = self.rows.nth(n)?;
        Some(self.row(index))
    }
}

impl<R: Record> DoubleEndedIterator for Iter<'_, R> {
    #[inline]
    fn next_back(&mut self) -> Option<Self::Item> {
        let index = self.rows.next_back()?;
        Some(self.row(index))
    }

    #[inline]
    fn nth_back(&mut self, n: usize) -> Option<Self::Item> {
        let index = self.rows.nth_back(n)?;
        Some(self.row(index))
    }
}

impl<R: Record> ExactSizeIterator for Iter<'_, R> {}

impl<R: Record> FusedIterator for Iter<'_, R> {}

impl<R: Record> Clone for Iter<'_, R> {
    fn clone(&self) -> Self {
        Self { table: self.table, rows: self.rows.clone() }
    }
}

impl<R: Record<Row: fmt::Debug>> fmt::Debug for Iter<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

/// Iterates over rows, some at a time.
pub struct Chunks<'a, R: Record> {
    rest: Slice<'a, R>,
    /// Invariant: not 0.
    size: usize,
}

impl<'a, R: Record> Chunks<'a, R> {
    #[track_caller]
    pub(super) fn new(rows: Slice<'a, R>, size: usize) -> Self {
        assert!(size != 0, "chunks of no rows");
        Self { rest: rows, size }
    }
}

impl<'a, R: Record> Iterator for Chunks<'a, R> {
    type Item = Slice<'a, R>;

    fn next(&mut self) -> Option<Slice<'a, R>> {
        let (chunk, rest) = self.rest.split_at(self.size.min(self.rest.len()));
        self.rest = rest;
        (!chunk.is_empty()).then_some(chunk)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let chunks = self.rest.len().div_ceil(self.size);
        (chunks, Some(chunks))
    }
}

impl<R: Record> DoubleEndedIterator for Chunks<'_, R> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let last = self.len().checked_sub(1)?;
        let (rest, chunk) = self.rest.split_at(last * self.size);
        self.rest = rest;
        Some(chunk)
    }
}

impl<R: Record> ExactSizeIterator for Chunks<'_, R> {}

impl<R: Record> FusedIterator for Chunks<'_, R> {}

impl<R: Record> Clone for Chunks<'_, R> {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

impl<R: Record<Row: fmt::Debug>> fmt::Debug for Chunks<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}
