//! Rows read by many threads, for [rayon](https://docs.rs/rayon).

use super::iter::Iter;
use super::records::Records;
use super::schema::Record;
use super::slice::Slice;
use core::fmt;
use rayon::iter::plumbing::{Consumer, Producer, ProducerCallback, UnindexedConsumer, bridge};
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

/// A parallel iterator over rows, of which each thread takes a part from end to end.
///
/// ```
/// use pennyweight::record::{Record, Records};
/// use rayon::prelude::*;
///
/// #[derive(Record)]
/// struct Point {
///     x: u32,
///     y: u32,
/// }
///
/// let points: Records<Point> = (0..10_000).map(|x| Point { x, y: x % 7 }).collect();
/// let sum: u64 = points.par_iter().filter(|point| point.y() == 3).map(|point| u64::from(point.x())).sum();
/// assert_eq!(sum, (3..10_000).step_by(7).sum());
/// ```
pub struct ParIter<'a, R: Record> {
    rows: Slice<'a, R>,
}

impl<'a, R: Record<Row: Sync>> ParallelIterator for ParIter<'a, R>
where
    Records<R>: Sync,
{
    type Item = &'a R::Row;

    fn drive_unindexed<C: UnindexedConsumer<Self::Item>>(self, consumer: C) -> C::Result {
        bridge(self, consumer)
    }

    fn opt_len(&self) -> Option<usize> {
        Some(self.rows.len())
    }
}

impl<R: Record<Row: Sync>> IndexedParallelIterator for ParIter<'_, R>
where
    Records<R>: Sync,
{
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn drive<C: Consumer<Self::Item>>(self, consumer: C) -> C::Result {
        bridge(self, consumer)
    }

    fn with_producer<P: ProducerCallback<Self::Item>>(self, callback: P) -> P::Output {
        callback.callback(self)
    }
}

impl<'a, R: Record<Row: Sync>> Producer for ParIter<'a, R>
where
    Records<R>: Sync,
{
    type Item = &'a R::Row;
    type IntoIter = Iter<'a, R>;

    fn into_iter(self) -> Iter<'a, R> {
        self.rows.iter()
    }

    fn split_at(self, index: usize) -> (Self, Self) {
        let (left, right) = self.rows.split_at(index);
        (Self { rows: left }, Self { rows: right })
    }
}

impl<R: Record> Clone for ParIter<'_, R> {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

impl<R: Record<Row: fmt::Debug>> fmt::Debug for ParIter<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ParIter").field(&self.rows).finish()
    }
}

impl<'a, R: Record<Row: Sync>> IntoParallelIterator for Slice<'a, R>
where
    Records<R>: Sync,
{
    type Item = &'a R::Row;
    type Iter = ParIter<'a, R>;

    fn into_par_iter(self) -> ParIter<'a, R> {
        ParIter { rows: self }
    }
}

impl<'a, R: Record<Row: Sync>> IntoParallelIterator for &'a Records<R>
where
    Records<R>: Sync,
{
    type Item = &'a R::Row;
    type Iter = ParIter<'a, R>;

    fn into_par_iter(self) -> ParIter<'a, R> {
        ParIter { rows: self.as_slice() }
    }
}

impl<R: Record<Row: Sync>> Records<R>
where
    Self: Sync,
{
    /// Iterates over the rows by many threads.
    pub fn par_iter(&self) -> ParIter<'_, R> {
        ParIter { rows: self.as_slice() }
    }
}

impl<'a, R: Record<Row: Sync>> Slice<'a, R>
where
    Records<R>: Sync,
{
    /// Iterates over the rows by many threads.
    pub fn par_iter(self) -> ParIter<'a, R> {
        ParIter { rows: self }
    }
}
