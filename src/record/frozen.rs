//! Records to which no more are to come.

use crate::array::Buffer;
#[cfg(doc)]
use crate::array::{Compressed, DecimalArray};
use crate::raw::ReserveError;
use crate::raw::range::indices;
use crate::record::error::StoreError;
use crate::record::part::{self, Part};
use crate::record::records::Records;
use crate::record::schema::Record;
use crate::record::table::Table;
use crate::size::{HeapSize, Visitor};
use alloc::boxed::Box;
use alloc::string::ToString;
use column::Names;
use core::fmt;
use core::iter::FusedIterator;
use core::ops::{Range, RangeBounds};

mod coded;
mod dict;
mod text;

mod error;
mod explanation;
mod image;

// How fields freeze and thaw.
mod column;
mod freeze;
mod leaves;
mod row;
mod value;

pub use coded::{Coded, CodedField, FreezeAs};
pub use dict::FrozenDict;
pub use error::FrozenError;
pub use explanation::{ColumnSize, FrozenExplanation};
#[doc(hidden)]
pub use freeze::Freeze;
#[doc(hidden)]
pub use row::{FreezeRecord, FrozenAt, FrozenColumnsOf, FrozenLeaf, FrozenRowOf};
pub use text::FrozenText;

/// [`Records`] to which no more are to come, in as few bytes as it takes: flights of 19 fields, which take 32 bytes a row as records and 194 as
/// structs, take 17.5, and 14 where four of the fields are computed of others.
///
/// Each column is in that of its encodings that is the smallest for it, and from which single rows can still be read:
///
/// | fields | column | |
/// |---|---|---|
/// | integers of 8 to 64 bits, and options of them, plain or `packed` | [`Compressed`] | blocks with outliers aside, codes of distinct values, sorted, or one width |
/// | floats, and options of them | [`DecimalArray`] | decimals as integers, in blocks |
/// | `bool`, `char`, `usize`, `isize`, what else [freezes as](FreezeAs) an integer, and options of them | [`Coded`] | the integers as `Compressed` |
/// | `dict` | [`FrozenDict`] | sorted strings, and their codes as `Compressed` |
/// | `text` | [`FrozenText`] | a `StrArray` |
/// | `nested` | the columns of that record | |
/// | `computed` | none | |
///
/// Records that have a field of another type, or are enums, cannot be frozen.
///
/// # When it wins, and when it loses
///
/// It wins where records are kept for long, sent, or mapped into memory: [`open`](Self::open) reads an image in place, and has the pages that are
/// read. Loops over a column ([`columns`](Self::columns)) unpack hundreds of values at a time. It loses where rows are read one by one, since each value
/// is found and unpacked by itself, and where records change: [`thaw`](Self::thaw) makes records of all rows or of some. What is computed is
/// computed from thawed rows.
///
/// # Memory
///
/// That of the columns, which [`explain`](Self::explain) tells, without slack, in one to three allocations each. Inline 80 bytes a column of integers, 144 of floats, and 168 of codes.
/// An image has besides the name and the type of each column.
///
/// # Examples
///
/// ```
/// use pennyweight::record::{Frozen, Record, Records};
///
/// #[derive(Record, Debug, PartialEq)]
/// #[record(freeze)] // rows and columns by name
/// struct Flight {
///     #[record(dict)]
///     origin: String,
///     delay: Option<i16>,
///     minutes: u16,
/// }
///
/// let origins = ["EWR", "JFK", "LGA"];
/// let flights: Records<Flight> = (0..10_000_u16)
///     .map(|i| Flight {
///         origin: origins[usize::from(i % 3)].to_owned(),
///         delay: (i % 50 > 0).then_some((i % 40) as i16 - 10),
///         minutes: i / 7,
///     })
///     .collect();
/// let frozen = flights.freeze();
/// assert!(frozen.heap_bytes() * 3 < flights.heap_bytes());
///
/// assert_eq!((frozen.row(4).origin(), frozen.row(4).delay(), frozen.row(50).delay()), ("JFK", Some(-6), None));
/// let late = frozen.columns().delay();
/// assert_eq!((late.min(), late.max(), late.null_count()), (Some(-10), Some(29), 200));
///
/// let image = frozen.to_bytes();
/// let copy: Frozen<Flight> = Frozen::from_bytes(&image)?;
/// assert_eq!(copy.thaw().pop(), frozen.record(9_999));
/// println!("{}", copy.explain());
/// # Ok::<(), pennyweight::record::FrozenError>(())
/// ```
///
/// # Source
///
/// That each part of a table has an encoding of its own, from which single rows can be read: H. Lang and others, "Data Blocks: hybrid OLTP and OLAP on
/// compressed storage using both vectorization and compilation" (SIGMOD 2016). For the encodings see the types.
pub struct Frozen<R: Record<Fields: Freeze>, W: Buffer<u8> = Box<[u64]>> {
    /// Invariant: each column has `len` rows.
    columns: <R::Fields as Freeze>::Frozen<W>,
    len: usize,
}

impl<R: Record> Records<R> {
    /// The same records in as few bytes as it takes, to which no more can come: each column in its smallest encoding. These records remain.
    ///
    /// Reads each column some times. Meanwhile the values of one column are held as a slice, if they are not one, and up to 50 bytes for
    /// each distinct integer of it.
    ///
    /// # Panics
    ///
    /// Panics when a capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[must_use]
    #[track_caller]
    pub fn freeze(&self) -> Frozen<R>
    where
        R::Fields: Freeze,
    {
        self.try_freeze().unwrap_or_else(|error| error.raise())
    }

    /// The same records in as few bytes as it takes, to which no more can come: see [`freeze`](Self::freeze).
    ///
    /// # Errors
    ///
    /// Fails where there is no memory for it.
    pub fn try_freeze(&self) -> Result<Frozen<R>, ReserveError>
    where
        R::Fields: Freeze,
    {
        let columns = R::Fields::try_freeze(Part::of(self.table()))?;
        Ok(Frozen { columns, len: self.len() })
    }
}

impl<R: Record<Fields: Freeze>, W: Buffer<u8>> Frozen<R, W> {
    /// The number of rows.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bytes of heap memory: none where an image is read in place.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        let mut bytes = 0;
        self.each_column(|_, _, column| bytes += column.heap_bytes());
        bytes
    }

    /// How each column is stored, and in how many bytes.
    #[must_use]
    pub fn explain(&self) -> FrozenExplanation {
        let mut columns = alloc::vec::Vec::new();
        self.each_column(|name, ty, column| {
            let (encoding, bytes) = (column.encoding(), column.heap_bytes());
            columns.push(ColumnSize {
                name: name.to_string(),
                ty: ty.to_string(),
                encoding,
                bytes,
            });
        });
        FrozenExplanation { rows: self.len, columns }
    }

    /// Records of all rows, which can change again.
    ///
    /// # Panics
    ///
    /// As [`thaw_rows`](Self::thaw_rows).
    #[must_use]
    #[track_caller]
    pub fn thaw(&self) -> Records<R> {
        self.thaw_rows(..)
    }

    /// Records of all rows, which can change again.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory for them.
    pub fn try_thaw(&self) -> Result<Records<R>, StoreError> {
        self.try_thaw_rows(..)
    }

    /// Records of some rows: what computes from rows, sorts and groups them, takes them from here, chunk by chunk.
    ///
    /// # Panics
    ///
    /// Panics when the range is not within the rows, and when a capacity overflows. Like a `Vec`, ends the program where the allocator
    /// refuses.
    #[must_use]
    #[track_caller]
    pub fn thaw_rows(&self, rows: impl RangeBounds<usize>) -> Records<R> {
        self.try_thaw_rows(rows).unwrap_or_else(|error| error.raise())
    }

    /// Records of some rows.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory for them.
    ///
    /// # Panics
    ///
    /// Panics when the range is not within the rows.
    #[track_caller]
    pub fn try_thaw_rows(&self, rows: impl RangeBounds<usize>) -> Result<Records<R>, StoreError> {
        let rows = indices(&rows, self.len);
        let mut table = Table::new();
        part::try_fill(&mut table, rows.len(), |gap| {
            R::Fields::try_thaw::<_, W>(&self.columns, rows, gap)
        })?;
        Ok(Records::from_table(table))
    }

    /// The record of a row, or `None` behind the end. Thaws the row: to read some of its fields, or many rows, take
    /// [`get`](Self::get) or [`thaw_rows`](Self::thaw_rows).
    #[must_use]
    pub fn record(&self, index: usize) -> Option<R> {
        if index < self.len { self.thaw_rows(index..index + 1).pop() } else { None }
    }

    fn each_column<'f>(
        &'f self,
        mut f: impl FnMut(column::Name<'_>, column::Type, &'f dyn column::FrozenColumn),
    ) {
        R::Fields::each_column::<W>(&self.columns, Names::of(R::NAMES, None), &mut f);
    }

    /// Panics unless the invariants of all columns hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.each_column(|name, _, column| {
            assert_eq!(column.rows(), self.len, "rows of `{name}`");
            column.check_invariants();
        });
    }
}

impl<R: FreezeRecord, W: Buffer<u8>> Frozen<R, W> {
    /// The row at `index`, by the names of the fields, or `None` behind the end. Of a struct that says `#[record(freeze)]`.
    ///
    /// Reads nothing: each of its methods reads one value, by itself. A loop over a column is faster.
    #[inline]
    #[must_use]
    pub fn get(&self, index: usize) -> Option<R::FrozenRow<'_, W>> {
        (index < self.len).then(|| R::frozen_row(FrozenRowOf::new(&self.columns, index)))
    }

    /// The row at `index`: what `frozen[index]` would be.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn row(&self, index: usize) -> R::FrozenRow<'_, W> {
        match self.get(index) {
            Some(row) => row,
            None => panic!("index {index} out of range for {} records", self.len),
        }
    }

    /// The columns, by the names of the fields. Of a struct that says `#[record(freeze)]`.
    #[inline]
    #[must_use]
    pub fn columns(&self) -> R::FrozenColumns<'_, W> {
        R::frozen_columns(FrozenColumnsOf::new(&self.columns))
    }

    /// Iterates over the rows.
    #[inline]
    pub fn iter(&self) -> FrozenRows<'_, R, W> {
        FrozenRows { frozen: self, rows: 0..self.len }
    }
}

impl<R: Record<Fields: Freeze>, W: Buffer<u8>> fmt::Debug for Frozen<R, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frozen").field("rows", &self.len).finish_non_exhaustive()
    }
}

impl<R: Record<Fields: Freeze>, W: Buffer<u8>> HeapSize for Frozen<R, W> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.each_column(|name, _, column| column.visit(&name.to_string(), visitor));
    }

    fn owns_heap() -> bool {
        W::OWNED
    }
}

/// An iterator over the rows of frozen records.
pub struct FrozenRows<'a, R: FreezeRecord, W: Buffer<u8> = Box<[u64]>> {
    frozen: &'a Frozen<R, W>,
    rows: Range<usize>,
}

impl<'a, R: FreezeRecord, W: Buffer<u8>> Iterator for FrozenRows<'a, R, W> {
    type Item = R::FrozenRow<'a, W>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.rows.next().map(|index| self.frozen.row(index))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rows.size_hint()
    }

    fn nth(&mut self, n: usize) -> Option<Self::Item> {
        self.rows.nth(n).map(|index| self.frozen.row(index))
    }
}

impl<R: FreezeRecord, W: Buffer<u8>> DoubleEndedIterator for FrozenRows<'_, R, W> {
    #[inline]
    fn next_back(&mut self) -> Option<Self::Item> {
        self.rows.next_back().map(|index| self.frozen.row(index))
    }
}

impl<R: FreezeRecord, W: Buffer<u8>> ExactSizeIterator for FrozenRows<'_, R, W> {}
impl<R: FreezeRecord, W: Buffer<u8>> FusedIterator for FrozenRows<'_, R, W> {}

impl<R: FreezeRecord, W: Buffer<u8>> Clone for FrozenRows<'_, R, W> {
    fn clone(&self) -> Self {
        Self { frozen: self.frozen, rows: self.rows.clone() }
    }
}

impl<R: FreezeRecord, W: Buffer<u8>> fmt::Debug for FrozenRows<'_, R, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FrozenRows").field("rows", &self.rows).finish_non_exhaustive()
    }
}

impl<'a, R: FreezeRecord, W: Buffer<u8>> IntoIterator for &'a Frozen<R, W> {
    type Item = R::FrozenRow<'a, W>;
    type IntoIter = FrozenRows<'a, R, W>;

    #[inline]
    fn into_iter(self) -> FrozenRows<'a, R, W> {
        self.iter()
    }
}
