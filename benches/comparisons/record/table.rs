//! What is asked of a table of flights: the same of every variant.

use core::fmt::Debug;
use std::path::Path;

use super::row::Row;

/// A table of the nineteen columns of the flights, held in one way or another.
pub(super) trait Table: Sized + 'static {
    /// Reads a file, as a user who does not know how many rows it has, and keeps no more room than they need.
    fn read(file: &Path) -> Self;

    /// The sum of `distance`, which has no nulls.
    fn miles(&self) -> i64;

    /// The sum of `dep_delay`, where it is known.
    fn delays(&self) -> i64;

    /// How many flights from JFK left more than an hour late.
    fn late_from_jfk(&self) -> usize;

    /// Reads four fields of each of some rows, and adds up what [`seen`] makes of them.
    fn visit(&self, rows: &[u32]) -> i64;

    /// The mean of the known `dep_delay` of each `carrier`.
    fn mean_delays(&self) -> Means;
}

/// A table whose rows are gone through one by one, each as a whole.
pub(super) trait Rows: Table {
    /// The sum of `distance` of the flights that left late.
    fn late_miles(&self) -> i64;

    /// What [`Table::delays`] answers.
    fn delays_of_rows(&self) -> i64;
}

/// A table that takes row by row.
pub(super) trait Grows: 'static {
    /// What it has become when all rows are there.
    type Table: Table;

    fn with_capacity(rows: usize) -> Self;

    fn push(&mut self, row: Row<'_>);

    fn finish(self) -> Self::Table;
}

/// A table that can be sorted.
pub(super) trait Sorts: Table {
    /// Sorts the rows by `dep_delay`, nulls first or last.
    fn sort_by_delay(&mut self);

    /// Sorts the rows by `flight`.
    fn sort_by_number(&mut self);

    /// `dep_delay` and `flight` of every so-many-th row.
    fn keys(&self, step: usize) -> impl Iterator<Item = (Option<i16>, u16)>;
}

/// What of a row is added up where four of its fields are read.
#[inline]
pub(super) fn seen(carrier: &[u8], delay: Option<i16>, minutes: Option<u16>, miles: u16) -> i64 {
    i64::from(carrier[0])
        + i64::from(delay.unwrap_or(0))
        + i64::from(minutes.unwrap_or(0))
        + i64::from(miles)
}

/// The means of groups, in whatever order they come.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Means {
    /// Of each mean the bits, times the name of its group.
    sum: i64,
}

impl Means {
    /// Takes the sum and the number of the values of a group.
    pub(super) fn add(&mut self, group: &[u8], sum: i64, count: u64) {
        self.add_mean(group, sum as f64 / count as f64);
    }

    /// Takes the mean of a group.
    pub(super) fn add_mean(&mut self, group: &[u8], mean: f64) {
        let name = group.iter().fold(1, |name, &byte| (name << 8) | i64::from(byte));
        self.sum = self.sum.wrapping_add(mean.to_bits().cast_signed().wrapping_mul(name));
    }
}

impl From<Means> for pennyweight_comparison::Answer {
    fn from(means: Means) -> Self {
        means.sum.into()
    }
}
