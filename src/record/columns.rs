//! Columns of rows next to one another.
#![allow(unsafe_code)]

use super::fields::Fields;
use super::leaf::{At, Leaf};
use super::table::Table;
use core::fmt;
use core::ops::Range;

/// The columns of a table, or of some of its rows.
pub struct ColumnsOf<'a, F: Fields> {
    table: &'a Table<F>,
    /// Invariant: `start <= end`, and `end` is at most the length of the table.
    start: usize,
    end: usize,
}

impl<'a, F: Fields> ColumnsOf<'a, F> {
    /// Columns of these rows.
    ///
    /// # Panics
    ///
    /// Panics where they are not in the table.
    #[inline]
    #[track_caller]
    pub(super) fn new(table: &'a Table<F>, Range { start, end }: Range<usize>) -> Self {
        let len = table.len();
        assert!(start <= end && end <= len, "rows {start}..{end} of {len}");
        Self { table, start, end }
    }

    /// The number of rows.
    #[inline]
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// True where there are none.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The table.
    #[inline]
    pub(super) fn table(self) -> &'a Table<F> {
        self.table
    }

    /// The rows of the table.
    #[inline]
    pub(super) fn rows(self) -> Range<usize> {
        self.start..self.end
    }

    /// A column.
    #[inline]
    pub fn get<I>(self) -> <F::Leaf as Leaf>::Slice<'a>
    where
        F: At<I>,
    {
        // SAFETY: the rows are in the table (invariant of `start` and `end`).
        unsafe { self.table.slice::<I>(self.start..self.end) }
    }
}

impl<F: Fields> fmt::Debug for ColumnsOf<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Columns").field("rows", &self.rows()).finish_non_exhaustive()
    }
}

impl<F: Fields> Clone for ColumnsOf<'_, F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F: Fields> Copy for ColumnsOf<'_, F> {}
