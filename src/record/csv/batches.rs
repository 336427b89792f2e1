//! Batches of one collection of records.

use super::{Parse, ReadError, RecordReader};
use crate::record::records::Records;
use crate::record::schema::Record;
use core::fmt;
use std::io::Read;

/// Batches of a [`RecordReader`], lent one after the other: what [`RecordReader::batches`] gives.
///
/// # Memory
///
/// One [`Records`], which is used again for each batch, beside what the reader takes.
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use pennyweight::record::Record;
/// use pennyweight::record::csv::{ReadError, RecordReader};
///
/// #[derive(Record)]
/// struct Ride {
///     minutes: u16,
/// }
///
/// let file = "minutes,bike\n12,a\n7,b\n31,a\n";
/// let rides: RecordReader<Ride, _> = RecordReader::new(file.as_bytes());
/// let longest = rides.batches(2).map(|batch| batch.columns().minutes().iter().max().copied());
/// assert_eq!(longest.collect::<Result<Vec<_>, ReadError>>()?, [Some(12), Some(31)]);
/// # }
/// # Ok::<(), pennyweight::record::csv::ReadError>(())
/// ```
pub struct RecordBatches<R: Record, I> {
    reader: RecordReader<R, I>,
    batch: Records<R>,
    /// Invariant: not 0.
    rows: usize,
    /// Invariant: not 0.
    bytes: u64,
}

impl<R: Record<Fields: Parse>, I: Read> RecordBatches<R, I> {
    #[track_caller]
    pub(super) fn new(reader: RecordReader<R, I>, rows: usize) -> Self {
        assert!(rows > 0, "batches of no rows");
        Self { reader, batch: Records::new(), rows, bytes: u64::MAX }
    }

    /// Ends a batch also with the row with which it has so many bytes of the input, ends of rows and bad rows counted.
    ///
    /// So rows that are long make batches that are short, and a batch takes no more memory than its columns make of so many bytes, and a row.
    ///
    /// # Panics
    ///
    /// Panics when `bytes` is 0.
    #[must_use]
    #[track_caller]
    pub fn of_bytes(self, bytes: u64) -> Self {
        assert!(bytes > 0, "batches of no bytes");
        Self { bytes, ..self }
    }

    /// Returns the next batch, or `None` behind the last. It is not empty.
    ///
    /// # Errors
    ///
    /// As [`RecordReader::next_batch`]. The next call goes on.
    pub fn next_batch(&mut self) -> Result<Option<&mut Records<R>>, ReadError> {
        let is_there = self.reader.fill_batch(&mut self.batch, self.rows, self.bytes)?;
        Ok(is_there.then_some(&mut self.batch))
    }

    /// Makes an iterator of what `f` makes of the batches.
    ///
    /// # Errors
    ///
    /// The iterator returns a [`ReadError`] in its place, and goes on. One that is not to end where the header is wrong, or the input
    /// always fails, has to stop at the first of these.
    pub fn map<U>(
        mut self,
        mut f: impl FnMut(&mut Records<R>) -> U,
    ) -> impl Iterator<Item = Result<U, ReadError>> {
        core::iter::from_fn(move || self.next_batch().map(|batch| batch.map(&mut f)).transpose())
    }
}

impl<R: Record, I> RecordBatches<R, I> {
    /// The reader, which knows the rows that were bad.
    #[must_use]
    pub fn reader(&self) -> &RecordReader<R, I> {
        &self.reader
    }

    /// Takes the reader. The batch is dropped.
    #[must_use]
    pub fn into_reader(self) -> RecordReader<R, I> {
        self.reader
    }
}

impl<R: Record, I: fmt::Debug> fmt::Debug for RecordBatches<R, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordBatches")
            .field("reader", &self.reader)
            .field("rows", &self.rows)
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}
