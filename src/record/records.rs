//! Records: rows whose fields lie in columns.
#![allow(unsafe_code)]

use super::columns::ColumnsOf;
use super::error::{PushError, Refused, StoreError};
use super::fields::Fields;
use super::iter::{Chunks, Iter};
use super::row::RowOf;
use super::schema::Record;
use super::slice::{Slice, out_of_range};
use super::table::Table;
use crate::raw::ReserveError;
use alloc::vec::Vec;
use core::fmt;
use core::ops::{Index, IndexMut, RangeBounds};

/// A growable list of structs that are taken apart, a column for each field: what the fields of a row take, without padding, and a bit for
/// each field that can be null.
///
/// It has the methods of a `Vec`, with rows in the place of structs: `&records[i]` is a `&FlightRow`, which has a method for each field,
/// `&mut records[i]` has those that change them, and what is taken out is the struct again. [`columns`](Self::columns) gives the
/// columns as slices. [The module](super) says how fields are stored.
///
/// # When it wins, and when it loses
///
/// It wins where there are many rows and a loop reads some of their fields: it reads these bytes alone, and the compiler
/// makes vector code of loops over columns. It wins in memory where the struct has padding, `Option`s of numbers, or strings that
/// are the same, for which there are `packed` and `dict`.
///
/// It loses where single rows are read or changed with all their fields, here and there: each field is a cache line of its own,
/// where a struct is one or two. To [`push`](Self::push) writes to as many places as there are fields. To grow moves all columns
/// of the block, as a `Vec` moves its one; [`with_capacity`](Self::with_capacity) spares that. And no two
/// rows can be borrowed mutably at once, nor is there an `iter_mut`: see [`for_each_mut`](Self::for_each_mut).
///
/// # Layout
///
/// Fields of a fixed width lie in one allocation, those of larger alignment first, and the bits of those with nulls last:
///
/// ```text
/// struct Flight { number: u16, delay: Option<i16>, time: i64, cancelled: bool }      capacity 100
///
/// 0                    800           1000          1200      1300     1313
/// [time 0 … time 99   ][number 0 …  ][delay 0 …   ][cancelled][bits of delay]
///  8 bytes each         2             2             1         1/8
/// ```
///
/// Each column begins where the ones before it end, at every capacity: their cells have larger alignments, and so sizes that are multiples
/// of its own. Text, dictionaries, packed numbers and nested records have allocations of their own.
///
/// # Memory
///
/// The handle takes three words, and what the columns with buffers of their own take inline. The block takes exactly
/// `capacity * cells + nullable * capacity.div_ceil(8)` bytes, of which `cells` is the sum of the fields' sizes and `nullable` the number of
/// fields with nulls. A full block grows by a quarter and four rows; [`shrink_to_fit`](Self::shrink_to_fit) gives the rest back in place. While it grows,
/// the old block and the new one may be there at once, as those of a `Vec`: 2.25 times the rows that there are.
///
/// What `retain` and `dedup` take meanwhile is told [there](Self::retain); what sorting takes is told [there](Self::sort_by_key).
///
/// # Panics in other code
///
/// Closures, and the `Clone`, `Default` and functions of computed fields, run while the records are whole; where they panic, the records
/// are as they were. Where the `Drop` of a value panics, all other values are dropped nevertheless.
///
/// # Examples
///
/// ```
/// use pennyweight::record::{Record, Records};
///
/// #[derive(Record, Debug, PartialEq)]
/// struct Flight {
///     number: u16,
///     delay: Option<i16>,
///     time: i64,
///     cancelled: bool,
/// }
///
/// let delays = [Some(2), None, Some(-4)];
/// let mut flights: Records<Flight> = (0..100)
///     .map(|i| Flight { number: i, delay: delays[usize::from(i) % 3], time: 0, cancelled: false })
///     .collect();
/// flights.shrink_to_fit();
/// assert_eq!(flights.heap_bytes(), 100 * (8 + 2 + 2 + 1) + 13);
///
/// let late = flights.iter().filter(|flight| flight.delay() > Some(0)).count();
/// assert_eq!(late, 34);
/// flights.retain(|flight| flight.delay().is_some());
/// assert_eq!(flights.columns().number()[..3], [0, 2, 3]);
/// flights.columns_mut().time.fill(1_357_016_400);
/// assert_eq!(flights.pop().map(|flight| flight.time), Some(1_357_016_400));
/// ```
///
/// # Source
///
/// Columns of one allocation by falling alignment are those of Zig's
/// [`MultiArrayList`](https://github.com/ziglang/zig/blob/master/lib/std/multi_array_list.zig).
pub struct Records<R: Record> {
    table: Table<R::Fields>,
}

impl<R: Record> Records<R> {
    /// Creates an empty list. Does not allocate.
    #[must_use]
    pub fn new() -> Self {
        Self { table: Table::new() }
    }

    /// Creates an empty list with room for exactly `capacity` rows in the columns that take as many bytes for every value, those of nested
    /// records too, and the variants' numbers of enums. Tables of variants, text and dictionaries grow by themselves.
    ///
    /// # Panics
    ///
    /// Panics where the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[must_use]
    #[track_caller]
    pub fn with_capacity(capacity: usize) -> Self {
        let mut records = Self::new();
        records.reserve_exact(capacity);
        records
    }

    /// The number of rows.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// True where there are none.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows that there is room for in the block of columns. Dictionaries, texts and packed columns grow by themselves.
    #[inline]
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.table.capacity()
    }

    /// The bytes on the heap: the columns' own. What values such as a `String` in a plain column own is not among them: see
    /// [`size`](crate::size).
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.table.heap_bytes()
    }

    /// Makes room for `additional` rows more, exactly where [`with_capacity`](Self::with_capacity) is exact.
    ///
    /// # Panics
    ///
    /// As [`with_capacity`](Self::with_capacity).
    #[track_caller]
    pub fn reserve_exact(&mut self, additional: usize) {
        if let Err(error) = self.table.try_reserve_exact(additional) {
            error.raise();
        }
    }

    /// Makes room for `additional` rows more, and where the columns have to grow for it, by a quarter at least.
    ///
    /// # Panics
    ///
    /// As [`with_capacity`](Self::with_capacity).
    #[track_caller]
    pub fn reserve(&mut self, additional: usize) {
        if let Err(error) = self.try_reserve(additional) {
            error.raise();
        }
    }

    /// Makes room for `additional` rows more.
    ///
    /// # Errors
    ///
    /// Fails where the capacity overflows, or there is no memory.
    pub fn try_reserve(&mut self, additional: usize) -> Result<(), ReserveError> {
        self.table.try_reserve(additional)
    }

    /// Gives back the memory that is not needed, in place. Strings of dictionaries stay, also those that no row has:
    /// [`remove_unused`](Self::remove_unused) drops these.
    pub fn shrink_to_fit(&mut self) {
        self.table.shrink_to_fit();
    }

    /// Drops the strings that no row has any more from the dictionaries of `dict` fields, also in nested records and variants.
    ///
    /// Where one goes, the strings of that field that stay get new codes: codes from before say nothing any more. A dictionary
    /// takes what [`DictColumn::remove_unused`](super::DictColumn::remove_unused) says meanwhile.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    ///
    /// # Examples
    ///
    /// ```
    /// use pennyweight::record::{Record, Records};
    ///
    /// #[derive(Record)]
    /// struct Flight {
    ///     #[record(dict)]
    ///     origin: String,
    /// }
    ///
    /// let origins = ["EWR", "LGA", "JFK"].map(|origin| Flight { origin: origin.to_owned() });
    /// let mut flights: Records<Flight> = origins.into_iter().collect();
    /// flights.retain(|flight| flight.origin() != "EWR");
    /// assert_eq!(flights.columns().origin().code("LGA"), Some(1));
    /// flights.remove_unused();
    /// assert_eq!(flights.columns().origin().dictionary().len(), 2);
    /// assert_eq!(flights.columns().origin().code("LGA"), Some(0));
    /// ```
    #[track_caller]
    pub fn remove_unused(&mut self) {
        if let Err(error) = self.try_remove_unused() {
            error.raise();
        }
    }

    /// Drops the strings that no row has any more: see [`remove_unused`](Self::remove_unused).
    ///
    /// # Errors
    ///
    /// Fails where there is no memory; some fields may have been done, and all rows are what they were.
    pub fn try_remove_unused(&mut self) -> Result<(), StoreError> {
        self.table.try_remove_unused()
    }

    /// Appends a record. Where its text lies elsewhere, [`push_ref`](Self::push_ref) spares the strings.
    ///
    /// # Panics
    ///
    /// Panics where [`try_push`](Self::try_push) has an error.
    #[inline]
    #[track_caller]
    pub fn push(&mut self, record: R) {
        if let Err(error) = self.try_push(record) {
            error.raise();
        }
    }

    /// Appends a record.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory, or a column cannot take the value, and gives the record back. All columns are as they were.
    #[inline]
    pub fn try_push(&mut self, record: R) -> Result<(), PushError<R>> {
        let (values, computed) = record.into_values();
        self.table
            .try_push(values)
            .map_err(|(values, refused)| Self::refuse(values, computed, refused))
    }

    /// Panics unless the invariants of all columns hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.table.check_invariants();
    }

    /// Puts a refused record together again.
    #[cold]
    pub(super) fn refuse(
        values: <R::Fields as Fields>::Values,
        computed: R::Computed,
        refused: Refused,
    ) -> PushError<R> {
        PushError::new(R::from_values(values, computed), R::NAMES[refused.column], refused.cause)
    }

    /// Removes the last record.
    pub fn pop(&mut self) -> Option<R> {
        let computed = R::compute(self.get(self.len().checked_sub(1)?)?);
        let values = self.table.pop()?;
        Some(R::from_values(values, computed))
    }

    /// Drops the rows behind the first `len`.
    pub fn truncate(&mut self, len: usize) {
        self.table.truncate(len);
    }

    /// Drops all rows. Keeps the memory, and what dictionaries hold until [`remove_unused`](Self::remove_unused).
    pub fn clear(&mut self) {
        self.truncate(0);
    }

    /// The row at `index`, or `None` behind the end.
    #[inline]
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&R::Row> {
        // SAFETY: the row is in the table.
        (index < self.len()).then(|| R::row(unsafe { RowOf::new(&self.table, index) }))
    }

    /// The row at `index`, to change it, or `None` behind the end.
    #[inline]
    #[must_use]
    pub fn get_mut(&mut self, index: usize) -> Option<&mut R::Row> {
        if index < self.len() {
            // SAFETY: the row is in the table.
            Some(R::row_mut(unsafe { RowOf::new_mut(&mut self.table, index) }))
        } else {
            None
        }
    }

    /// The columns, by the names of the fields. That of a plain field is a slice, of which a [`View`](crate::view::View) gives steps, windows and
    /// shapes without a copy.
    ///
    /// ```
    /// use pennyweight::record::{Record, Records};
    /// use pennyweight::view::{View, s};
    ///
    /// #[derive(Record)]
    /// struct Reading {
    ///     hour: u32,
    ///     celsius: Option<f32>,
    /// }
    ///
    /// let reading = |hour| Reading { hour, celsius: (hour % 5 != 0).then_some(hour as f32 / 2.0) };
    /// let readings: Records<Reading> = (0..48).map(reading).collect();
    /// let columns = readings.columns();
    /// let days = View::from(columns.hour()).reshape([2, 24])?;
    /// assert_eq!(days.slice(s![.., 12]), [12, 36]);
    /// // Of a field with nulls the values are a slice too, with what stands for a null among them.
    /// assert_eq!(View::from(columns.celsius().values()).slice(s![10..; 12]), [0.0, 11.0, 17.0, 23.0]);
    /// # Ok::<(), pennyweight::view::ReshapeError<1, 2>>(())
    /// ```
    #[inline]
    #[must_use]
    pub fn columns(&self) -> R::Columns<'_> {
        R::columns(ColumnsOf::new(&self.table, 0..self.len()))
    }

    /// The columns that can be changed in place, all at once: a struct of slices, `&mut [T]` for a plain field,
    /// [`NullableSliceMut`](super::NullableSliceMut) for one with nulls. None can be made longer or shorter.
    ///
    /// ```
    /// use pennyweight::record::{Record, Records};
    ///
    /// #[derive(Record)]
    /// struct Point {
    ///     x: f32,
    ///     y: f32,
    /// }
    ///
    /// let mut points: Records<Point> = (0..4).map(|x| Point { x: x as f32, y: 0.0 }).collect();
    /// let columns = points.columns_mut();
    /// columns.y.iter_mut().zip(columns.x).for_each(|(y, x)| *y = *x * 2.0);
    /// assert_eq!(points.columns().y(), [0.0, 2.0, 4.0, 6.0]);
    /// ```
    #[inline]
    #[must_use]
    pub fn columns_mut(&mut self) -> R::ColumnsMut<'_> {
        R::columns_mut(self.table.slices_mut())
    }

    /// Iterates over the rows.
    #[inline]
    pub fn iter(&self) -> Iter<'_, R> {
        Iter::new(ColumnsOf::new(&self.table, 0..self.len()))
    }

    /// All rows, as a slice: what reads some of the rows, looks for one, or goes by chunks, is there.
    #[inline]
    #[must_use]
    pub fn as_slice(&self) -> Slice<'_, R> {
        Slice::new(self, 0..self.len())
    }

    /// Rows next to one another.
    ///
    /// # Panics
    ///
    /// Panics when the range is not within the records.
    #[must_use]
    #[track_caller]
    pub fn slice(&self, range: impl RangeBounds<usize>) -> Slice<'_, R> {
        self.as_slice().slice(range)
    }

    /// The first `mid` rows, and the others.
    ///
    /// # Panics
    ///
    /// Panics when `mid` is behind the end.
    #[must_use]
    #[track_caller]
    pub fn split_at(&self, mid: usize) -> (Slice<'_, R>, Slice<'_, R>) {
        self.as_slice().split_at(mid)
    }

    /// Iterates over `size` rows at a time; the last are fewer where they do not come out even.
    ///
    /// # Panics
    ///
    /// Panics when `size` is 0.
    #[track_caller]
    pub fn chunks(&self, size: usize) -> Chunks<'_, R> {
        self.as_slice().chunks(size)
    }

    /// The first row.
    #[inline]
    #[must_use]
    pub fn first(&self) -> Option<&R::Row> {
        self.get(0)
    }

    /// The last row.
    #[inline]
    #[must_use]
    pub fn last(&self) -> Option<&R::Row> {
        self.as_slice().last()
    }

    /// The first row, to change it.
    #[inline]
    #[must_use]
    pub fn first_mut(&mut self) -> Option<&mut R::Row> {
        self.get_mut(0)
    }

    /// The last row, to change it.
    #[inline]
    #[must_use]
    pub fn last_mut(&mut self) -> Option<&mut R::Row> {
        self.get_mut(self.len().wrapping_sub(1))
    }

    /// Calls `f` with each row, to change it.
    ///
    /// There is no `iter_mut`: a `&mut` to a row is one to the whole table, of which there is one at a time.
    #[inline]
    pub fn for_each_mut(&mut self, mut f: impl FnMut(&mut R::Row)) {
        for index in 0..self.len() {
            // SAFETY: the row is in the table.
            f(R::row_mut(unsafe { RowOf::new_mut(&mut self.table, index) }));
        }
    }

    /// The columns without names.
    #[inline]
    pub(super) fn table(&self) -> &Table<R::Fields> {
        &self.table
    }

    /// The columns without names, to change them.
    pub(super) fn table_mut(&mut self) -> &mut Table<R::Fields> {
        &mut self.table
    }

    /// Records of a table.
    pub(super) fn from_table(table: Table<R::Fields>) -> Self {
        Self { table }
    }
}

impl<R: Record> Index<usize> for Records<R> {
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

impl<R: Record> IndexMut<usize> for Records<R> {
    #[inline]
    #[track_caller]
    fn index_mut(&mut self, index: usize) -> &mut R::Row {
        let len = self.len();
        match self.get_mut(index) {
            Some(row) => row,
            None => out_of_range(index, len),
        }
    }
}

impl<R: Record<Row: fmt::Debug>> fmt::Debug for Records<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

/// Equal where the rows are, in order.
impl<R: Record<Row: PartialEq>> PartialEq for Records<R> {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl<R: Record<Row: Eq>> Eq for Records<R> {}

impl<R: Record> Default for Records<R> {
    fn default() -> Self {
        Self::new()
    }
}

impl<R: Record> Extend<R> for Records<R> {
    fn extend<I: IntoIterator<Item = R>>(&mut self, records: I) {
        let records = records.into_iter();
        self.reserve(records.size_hint().0);
        records.for_each(|record| self.push(record));
    }
}

impl<R: Record> FromIterator<R> for Records<R> {
    fn from_iter<I: IntoIterator<Item = R>>(records: I) -> Self {
        let iter = records.into_iter();
        let mut records = Self::with_capacity(iter.size_hint().0);
        records.extend(iter);
        records
    }
}

impl<R: Record> From<Vec<R>> for Records<R> {
    fn from(records: Vec<R>) -> Self {
        records.into_iter().collect()
    }
}

impl<R: Record, const N: usize> From<[R; N]> for Records<R> {
    fn from(records: [R; N]) -> Self {
        records.into_iter().collect()
    }
}

impl<'a, R: Record> IntoIterator for &'a Records<R> {
    type Item = &'a R::Row;
    type IntoIter = Iter<'a, R>;

    #[inline]
    fn into_iter(self) -> Iter<'a, R> {
        self.iter()
    }
}
