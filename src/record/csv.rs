//! Records from CSV.
//!
//! ```
//! # #[cfg(feature = "derive")] {
//! use pennyweight::record::csv::ReadOptions;
//! use pennyweight::record::{Record, Records};
//!
//! #[derive(Record)]
//! struct Flight {
//!     #[record(dict)]
//!     carrier: String,
//!     dep_delay: Option<i16>,
//! }
//!
//! let file = "\
//! month,dep_delay,carrier,tailnum
//! 1,2,UA,N14228
//! 1,NA,AA,N24211
//! 1,-4,UA,N619AA
//! ";
//! let mut reader = ReadOptions::new().nulls(["NA"]).read_from(file.as_bytes());
//! let flights: Records<Flight> = reader.read_all()?;
//! assert_eq!((flights.len(), flights[1].dep_delay(), flights[2].carrier()), (3, None, "UA"));
//! # }
//! # Ok::<(), pennyweight::record::csv::ReadError>(())
//! ```
//!
//! | `pandas.read_csv` | here |
//! |---|---|
//! | a path, or what can be read | [`ReadOptions::open`], [`ReadOptions::read_from`] |
//! | `usecols`, `dtype` | the fields of the struct, in any order, and their types |
//! | `dtype="category"` | `#[record(dict)]` |
//! | `sep`, `quotechar`, `comment` | [`ReadOptions::csv`], which takes [`CsvOptions`] |
//! | `header=None`, `names` | [`CsvOptions::has_headers`]: the first fields are those of the struct, in its order |
//! | `na_values` | [`ReadOptions::nulls`], for fields that are `Option`s: in the place of the empty field, not beside it |
//! | `chunksize` | [`RecordReader::next_batch`], into a batch that is used again; [`RecordReader::batches`], of so many rows or [bytes](RecordBatches::of_bytes) |
//! | `nrows` | `next_batch`, once |
//! | `on_bad_lines` | [`ReadOptions::on_bad_row`] |
//! | `parse_dates`, `converters`, `true_values`, `thousands`, `decimal` | [`FromField`], of a type of one's own |
//! | `encoding` | UTF-8 |
//! | `skipinitialspace` | [`CsvOptions::trim`]: if nothing is said, a blank is part of its field, and of no number |
//! | `to_csv` | no: the crate [csv](https://docs.rs/csv) writes what is `Serialize`, as the structs are that `to_owned` gives |
//!
//! A [bad row](BadRow) is named by its number among the rows, of which the first below the header is 1, and by the line and the byte where it begins.
//! Blank lines and comments are no rows, and a row may have many lines: so the number of a row need not follow from that of its line.

mod batches;
mod error;
mod field;
mod number;
mod options;
mod parse;

pub use batches::RecordBatches;
pub use error::{BadRow, BadRowCause, HeaderError, ReadError};
pub use field::{Field, FieldError, FromField};
pub use options::{OnBadRow, ReadOptions};
#[doc(hidden)]
pub use parse::Parse;

use super::error::{Refused, StoreError};
use super::records::Records;
use super::schema::Record;
use super::table::Fill;
use crate::size::{HeapSize, Visitor};
#[cfg(doc)]
use crate::stream::CsvOptions;
use crate::stream::{CsvError, CsvErrorCause, CsvReader, Row};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;
use parse::{BadField, Fields};
use std::io::Read;

/// Records of a CSV file, batch by batch or all at once.
///
/// Beside the records it takes what a [`CsvReader`] does, about 42 KiB, however large the file is. Each field that the record has is parsed where
/// it lies in that buffer, and put into its column: no struct, no `String` and no list of fields is made on the way, and columns of the file that the record
/// has not are not looked at. So a file of 19 columns is summed up by a struct of two.
///
/// # What is read
///
/// - Rows and fields as a [`CsvReader`] finds them. The names in the header say which column is which, in any order; where a name is there twice, the
///   first is meant. Without a header, the fields are those of the record, in its order.
/// - Each field as its type is [read](FromField). Columns of `dict` and of `text` take the field as it is; it has to be UTF-8.
/// - A field whose column has another name than it says so: `#[record(rename = "Dep Delay")]`.
/// - Fields of a record within the record are columns of their own, and named after both: `from.x`.
/// - What is computed is not read.
///
/// # Errors
///
/// A row of which a field is wrong is not in the records, and takes no other row with it: see [`OnBadRow`]. Where it is an error, that is returned
/// once what was read before it has been handed out, and the next call goes on behind the row.
///
/// # Memory
///
/// A batch is one [`Records`], which is used again: after the first, only what its columns meet of new strings takes memory.
///
/// Where all is read into one, its columns grow in place: by a quarter, and those with buffers of their own, of `dict`, `text` and `packed`, by a
/// sixteenth. Where the length of the input is known, as that of a [file](ReadOptions::open) is, the memory that would grow by a quarter is
/// asked for after the first thousand rows for all, nested records included.
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use pennyweight::record::csv::{ReadOptions, RecordReader};
/// use pennyweight::record::{Record, Records};
///
/// #[derive(Record)]
/// struct Flight {
///     #[record(dict)]
///     carrier: String,
///     dep_delay: Option<i16>,
/// }
///
/// let file = "\
/// month,dep_delay,carrier,tailnum
/// 1,2,UA,N14228
/// 1,NA,AA,N24211
/// 1,-4,UA,N619AA
/// ";
/// let options = ReadOptions::new().nulls(["NA"]);
/// let mut reader: RecordReader<Flight, _> = options.read_from(file.as_bytes());
///
/// let (mut batch, mut sum) = (Records::new(), 0);
/// while reader.next_batch(&mut batch, 1024)? {
///     sum += batch.iter().filter_map(|flight| flight.dep_delay()).map(i64::from).sum::<i64>();
/// }
/// assert_eq!(sum, -2);
/// # }
/// # Ok::<(), pennyweight::record::csv::ReadError>(())
/// ```
///
/// # Source
///
/// pandas' [`read_csv`](https://pandas.pydata.org/docs/reference/api/pandas.read_csv.html) with `usecols`, `dtype`, `na_values`, `chunksize` and
/// `on_bad_lines`.
pub struct RecordReader<R, I> {
    csv: CsvReader<I>,
    options: ReadOptions,
    /// Which field of a row each column of the record is, once the header was read; that of a column which is missing is past all.
    columns: Option<Box<[usize]>>,
    /// What happened behind the rows of the last batch.
    pending: Option<ReadError>,
    rows: u64,
    /// Where the last row begins that was read.
    row_start: u64,
    bad_rows: Vec<BadRow>,
    bad_row_count: u64,
    records: PhantomData<fn() -> R>,
}

/// After how many rows the others are estimated.
const SAMPLE: usize = 1000;

/// Of a header that is refused, so many names are told, and of each so many bytes.
const HEADER_TOLD: usize = 32;
const TOLD: usize = 64;

impl<R: Record<Fields: Parse>, I: Read> RecordReader<R, I> {
    /// A reader of CSV as [`ReadOptions::new`] has it. Reads nothing yet.
    #[must_use]
    pub fn new(input: I) -> Self {
        ReadOptions::new().read_from(input)
    }

    fn with_options(input: I, options: ReadOptions) -> Self {
        Self {
            csv: options.csv.read_from(input),
            options,
            columns: None,
            pending: None,
            rows: 0,
            row_start: 0,
            bad_rows: Vec::new(),
            bad_row_count: 0,
            records: PhantomData,
        }
    }

    /// Replaces what `batch` holds by the next rows, at most `rows`. Returns whether there are any.
    ///
    /// The memory of the batch is used again. Its dictionaries stay, so that a string has the same code in all batches.
    ///
    /// # Errors
    ///
    /// Where a row is bad, the header is, the input fails, or there is no memory: see [above](Self#errors). The batch is empty then: what was
    /// read before was a batch of its own.
    ///
    /// # Panics
    ///
    /// Panics when `rows` is 0.
    #[track_caller]
    pub fn next_batch(&mut self, batch: &mut Records<R>, rows: usize) -> Result<bool, ReadError> {
        assert!(rows > 0, "a batch of no rows");
        self.fill_batch(batch, rows, u64::MAX)
    }

    fn fill_batch(
        &mut self,
        batch: &mut Records<R>,
        rows: usize,
        bytes: u64,
    ) -> Result<bool, ReadError> {
        batch.clear();
        match self.read_rows(batch, rows, bytes) {
            Err(error) if !batch.is_empty() => self.pending = Some(error),
            read => read?,
        }
        Ok(!batch.is_empty())
    }

    /// Batches of at most `rows` rows, lent one after the other from one [`Records`].
    ///
    /// # Panics
    ///
    /// Panics when `rows` is 0.
    #[must_use]
    #[track_caller]
    pub fn batches(self, rows: usize) -> RecordBatches<R, I> {
        RecordBatches::new(self, rows)
    }

    /// Appends all rows that are left.
    ///
    /// # Errors
    ///
    /// As [`next_batch`](Self::next_batch). What was read before is appended, and the next call appends what comes behind.
    pub fn read_to_end(&mut self, records: &mut Records<R>) -> Result<(), ReadError> {
        let (start, rows) = (self.row_start, self.rows);
        if let Some(len) = self.options.input_len {
            self.read_rows(records, SAMPLE, u64::MAX)?;
            let (bytes, rows) = (self.row_start - start, self.rows - rows);
            let left = len.saturating_sub(self.row_start);
            // The slack is what rows may be shorter than those of the sample.
            let more = u128::from(left) * u128::from(rows) / u128::from(bytes.max(1));
            let more = usize::try_from(more + more / 32).unwrap_or(usize::MAX);
            // Where there is no memory for as many, there may be for as many as there are.
            let _ = records.table_mut().try_reserve_blocks(more);
        }
        self.read_rows(records, usize::MAX, u64::MAX)
    }

    /// All rows that are left, in as much memory as they need.
    ///
    /// # Errors
    ///
    /// As [`next_batch`](Self::next_batch), but what was read before is lost: [`read_to_end`](Self::read_to_end) keeps it.
    pub fn read_all(&mut self) -> Result<Records<R>, ReadError> {
        let mut records = Records::new();
        self.read_to_end(&mut records)?;
        records.shrink_to_fit();
        Ok(records)
    }

    /// Appends at most so many rows: one, if there is one, and then others up to the one with which so many bytes were read.
    fn read_rows(
        &mut self,
        records: &mut Records<R>,
        rows: usize,
        bytes: u64,
    ) -> Result<(), ReadError> {
        if let Some(error) = self.pending.take() {
            return Err(error);
        }
        self.find_columns()?;
        let table = records.table_mut();
        let end = table.len().saturating_add(rows);
        let before = table.len();
        let byte_end = self.csv.bytes_taken().saturating_add(bytes);
        let read = loop {
            let len = table.len();
            if len == end || (len > before && self.csv.bytes_taken() >= byte_end) {
                break Ok(());
            }
            let columns = self.columns.as_deref().unwrap_or_default();
            let error = match self.csv.next_row() {
                Ok(Some(row)) => {
                    self.row_start = row.byte_offset();
                    let fields = Fields { row, nulls: &self.options.nulls };
                    match R::Fields::parse(&fields, columns) {
                        Ok(input) => match table.try_fill(input) {
                            Ok(()) => continue,
                            Err((_, error)) => refused::<R>(row, columns, error),
                        },
                        Err(bad) => bad_field::<R>(row, columns, bad),
                    }
                }
                Ok(None) => break Ok(()),
                Err(error) => self.bad_row(error),
            };
            if let Err(error) = self.keep(error) {
                break Err(error);
            }
        };
        self.rows += (table.len() - before) as u64;
        read
    }

    /// Finds out which field of a row each column of the record is.
    fn find_columns(&mut self) -> Result<(), ReadError> {
        if self.columns.is_some() {
            return Ok(());
        }
        let wanted = wanted::<R>();
        if !self.options.csv.names_columns() {
            self.columns = Some((0..wanted.len()).collect());
            return Ok(());
        }
        let ReadOptions { allow_missing, deny_extra, .. } = self.options;
        let headers = match self.csv.headers() {
            Ok(headers) => headers,
            Err(error) => return Err(self.bad_row(error)),
        };
        // Where there is no header, or it was refused, all columns are missing, and none is null for that.
        let allow_missing = allow_missing && !headers.is_empty();
        let columns: Box<[usize]> = wanted
            .iter()
            .map(|column| headers.position(&*column.name).unwrap_or(usize::MAX))
            .collect();
        let missing: Vec<_> = wanted
            .into_iter()
            .zip(&columns)
            .filter(|(column, index)| {
                **index == usize::MAX && !(allow_missing && column.may_be_missing)
            })
            .map(|(column, _)| column.name)
            .collect();
        let begin = |name: &[u8]| lossy(&name[..name.len().min(TOLD)]);
        let header_len = headers.len();
        if !missing.is_empty() {
            let header = headers.iter().take(HEADER_TOLD).map(begin).collect();
            let error = HeaderError::Missing { columns: missing, header, header_len };
            return Err(ReadError::Header(error));
        }
        if deny_extra {
            let mut is_extra = vec![true; header_len];
            for &column in &columns {
                if let Some(is_extra) = is_extra.get_mut(column) {
                    *is_extra = false;
                }
            }
            let mut extra = headers.iter().zip(is_extra).filter(|&(_, is_extra)| is_extra);
            let told = extra.by_ref().take(HEADER_TOLD).map(|(name, _)| begin(name));
            let columns: Vec<_> = told.collect();
            if !columns.is_empty() {
                let columns_len = columns.len() + extra.count();
                return Err(ReadError::Header(HeaderError::Extra { columns, columns_len }));
            }
        }
        self.columns = Some(columns);
        Ok(())
    }

    /// What the reader of rows says, with the name of the column.
    #[cold]
    fn bad_row(&mut self, error: CsvError) -> ReadError {
        let (row, line, offset) = (error.row(), error.line(), error.byte_offset());
        let name = error.column().and_then(|index| {
            let columns = self.columns.as_deref().unwrap_or_default();
            match columns.iter().position(|&column| column == index) {
                Some(column) => wanted::<R>().into_iter().nth(column).map(|column| column.name),
                None => self.csv.headers().ok()?.get(index).map(lossy),
            }
        });
        let text = error.raw_text().to_vec();
        match error.into_cause() {
            CsvErrorCause::Io(error) => ReadError::Io { row, bytes: offset, error },
            cause => {
                let cause = BadRowCause::Csv(cause);
                ReadError::Row(BadRow::new(row, line, offset, name, &text, cause))
            }
        }
    }

    /// Does with an error what the options say.
    #[cold]
    fn keep(&mut self, error: ReadError) -> Result<(), ReadError> {
        let ReadError::Row(row) = error else { return Err(error) };
        self.bad_row_count += 1;
        match self.options.on_bad_row {
            OnBadRow::Error => return Err(ReadError::Row(row)),
            OnBadRow::Collect(limit) if self.bad_rows.len() < limit => self.bad_rows.push(row),
            OnBadRow::Skip | OnBadRow::Collect(_) => {}
        }
        Ok(())
    }
}

impl<R, I> RecordReader<R, I> {
    /// How many rows were made records of.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// How many rows were not what they should be.
    #[must_use]
    pub fn bad_row_count(&self) -> u64 {
        self.bad_row_count
    }

    /// The rows that were [collected](OnBadRow::Collect).
    #[must_use]
    pub fn bad_rows(&self) -> &[BadRow] {
        &self.bad_rows
    }

    /// Takes the rows that were collected. As many can be collected anew.
    #[must_use]
    pub fn take_bad_rows(&mut self) -> Vec<BadRow> {
        core::mem::take(&mut self.bad_rows)
    }

    /// How many bytes of the input were read.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.csv.bytes_read()
    }

    /// How many bytes the input has, where that is known.
    #[must_use]
    pub fn input_len(&self) -> Option<u64> {
        self.options.input_len
    }

    /// The input.
    #[must_use]
    pub fn get_ref(&self) -> &I {
        self.csv.get_ref()
    }

    /// Bytes on the heap, without those of the input and of rows that were collected.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        let columns = self.columns.as_ref().map_or(0, |columns| size_of_val(&**columns));
        self.csv.heap_bytes() + columns + self.options.nulls.heap_bytes()
    }
}

/// The columns that a record wants.
fn wanted<R: Record<Fields: Parse>>() -> Vec<parse::Wanted> {
    let mut columns = Vec::with_capacity(R::Fields::COLUMNS);
    R::Fields::describe(&mut R::NAMES.iter(), "", &mut columns);
    columns
}

fn lossy(text: &[u8]) -> Box<str> {
    String::from_utf8_lossy(text).into()
}

/// A row of which a field is no value.
#[cold]
fn bad_field<R: Record<Fields: Parse>>(
    row: Row<'_>,
    columns: &[usize],
    bad: BadField,
) -> ReadError {
    bad_column::<R>(row, columns, bad.column, BadRowCause::Field(bad.cause))
}

/// A row of which a column cannot take a value.
#[cold]
fn refused<R: Record<Fields: Parse>>(
    row: Row<'_>,
    columns: &[usize],
    refused: Refused,
) -> ReadError {
    if let StoreError::Reserve(error) = refused.cause {
        return ReadError::Reserve(error);
    }
    bad_column::<R>(row, columns, refused.column, BadRowCause::Store(refused.cause))
}

/// A row that is bad for one of the columns that the record wants.
fn bad_column<R: Record<Fields: Parse>>(
    row: Row<'_>,
    columns: &[usize],
    column: usize,
    cause: BadRowCause,
) -> ReadError {
    let parse::Wanted { name, type_name, .. } = wanted::<R>().swap_remove(column);
    let text = row.get(columns[column]).unwrap_or_default();
    let (number, line, offset) = (row.number(), row.line(), row.byte_offset());
    ReadError::Row(BadRow::new(number, line, offset, Some(name), text, cause).of_type(type_name))
}

impl<R, I: fmt::Debug> fmt::Debug for RecordReader<R, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordReader")
            .field("csv", &self.csv)
            .field("options", &self.options)
            .field("rows", &self.rows)
            .field("bad_row_count", &self.bad_row_count)
            .finish_non_exhaustive()
    }
}

impl<R, I: HeapSize> HeapSize for RecordReader<R, I> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("csv", &self.csv);
        visitor.field("options", &self.options.nulls);
        visitor.field("columns", &self.columns);
    }
}
