//! Columns by name, of which the type is found out when the program runs.
#![allow(unsafe_code)]

use super::dict::DictSlice;
use super::fields::Fields;
use super::nullable::NullableSlice;
use super::packed::PackedSlice;
use super::records::Records;
use super::same::{Known, cast_slice};
use super::schema::Record;
use super::slice::Slice;
use super::table::Table;
use super::text::TextSlice;
use super::validity::Validity;
use alloc::string::String;
use core::fmt;
use core::ops::Range;

/// A column whose type is known when the program runs. What it borrows is what the typed column borrows; nothing is copied.
///
/// Plain fields and those with nulls are [`NullableSlice`]s: those of plain fields have no null.
///
/// ```
/// use pennyweight::record::{AnyColumn, Record, Records};
///
/// #[derive(Record)]
/// struct Flight {
///     number: u16,
///     delay: Option<i16>,
///     #[record(dict)]
///     origin: String,
/// }
///
/// let mut flights = Records::new();
/// flights.push(Flight { number: 1545, delay: None, origin: "EWR".to_owned() });
/// assert!(matches!(flights.column_by_name("delay"), Some(AnyColumn::I16(delays)) if delays.null_count() == 1));
/// assert!(matches!(flights.column_by_name("origin"), Some(AnyColumn::Dict(origins)) if origins.get(0) == Some(Some("EWR"))));
/// assert!(flights.column_by_name("tailnum").is_none());
/// let names: Vec<_> = flights.any_columns().iter().map(|(name, _)| name).collect();
/// assert_eq!(names, ["number", "delay", "origin"]);
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum AnyColumn<'a> {
    /// A field that is a `bool`, or an `Option` of one; so with the others.
    Bool(NullableSlice<'a, bool>),
    /// Characters.
    Char(NullableSlice<'a, char>),
    /// Integers.
    I8(NullableSlice<'a, i8>),
    /// Integers.
    I16(NullableSlice<'a, i16>),
    /// Integers.
    I32(NullableSlice<'a, i32>),
    /// Integers.
    I64(NullableSlice<'a, i64>),
    /// Integers.
    I128(NullableSlice<'a, i128>),
    /// Integers.
    Isize(NullableSlice<'a, isize>),
    /// Integers.
    U8(NullableSlice<'a, u8>),
    /// Integers.
    U16(NullableSlice<'a, u16>),
    /// Integers.
    U32(NullableSlice<'a, u32>),
    /// Integers.
    U64(NullableSlice<'a, u64>),
    /// Integers.
    U128(NullableSlice<'a, u128>),
    /// Integers.
    Usize(NullableSlice<'a, usize>),
    /// Floats.
    F32(NullableSlice<'a, f32>),
    /// Floats.
    F64(NullableSlice<'a, f64>),
    /// Strings that own their bytes each.
    Str(NullableSlice<'a, String>),
    /// Strings as codes.
    Dict(DictSlice<'a, Option<String>>),
    /// Strings one behind the other.
    Text(TextSlice<'a, Option<String>>),
    /// Integers or booleans at the bits that they need.
    Packed(AnyPacked<'a>),
    /// Columns of a record in the record.
    Nested(AnyColumns<'a>),
    /// Values of another type, of which there are so many.
    Other(usize),
}

/// A packed column whose type is known when the program runs.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the variants say what they hold")]
pub enum AnyPacked<'a> {
    Bool(PackedSlice<'a, bool>),
    NullableBool(PackedSlice<'a, Option<bool>>),
    I8(PackedSlice<'a, i8>),
    I16(PackedSlice<'a, i16>),
    I32(PackedSlice<'a, i32>),
    I64(PackedSlice<'a, i64>),
    U8(PackedSlice<'a, u8>),
    U16(PackedSlice<'a, u16>),
    U32(PackedSlice<'a, u32>),
    U64(PackedSlice<'a, u64>),
    NullableI8(PackedSlice<'a, Option<i8>>),
    NullableI16(PackedSlice<'a, Option<i16>>),
    NullableI32(PackedSlice<'a, Option<i32>>),
    NullableI64(PackedSlice<'a, Option<i64>>),
    NullableU8(PackedSlice<'a, Option<u8>>),
    NullableU16(PackedSlice<'a, Option<u16>>),
    NullableU32(PackedSlice<'a, Option<u32>>),
    NullableU64(PackedSlice<'a, Option<u64>>),
}

macro_rules! packed {
    ($($variant:ident($value:ty)),* $(,)?) => {$(
        impl<'a> From<PackedSlice<'a, $value>> for AnyColumn<'a> {
            fn from(slice: PackedSlice<'a, $value>) -> Self {
                Self::Packed(AnyPacked::$variant(slice))
            }
        }
    )*};
}

packed!(
    Bool(bool),
    NullableBool(Option<bool>),
    I8(i8),
    I16(i16),
    I32(i32),
    I64(i64),
    U8(u8),
    U16(u16),
    U32(u32),
    U64(u64),
    NullableI8(Option<i8>),
    NullableI16(Option<i16>),
    NullableI32(Option<i32>),
    NullableI64(Option<i64>),
    NullableU8(Option<u8>),
    NullableU16(Option<u16>),
    NullableU32(Option<u32>),
    NullableU64(Option<u64>),
);

impl<'a> AnyColumn<'a> {
    /// Values that lie in cells.
    pub(super) fn of_cells<T>(values: &'a [T], validity: Validity<'a>) -> Self {
        fn known<'a, T, U: Known>(
            values: &'a [T],
            validity: Validity<'a>,
        ) -> Option<NullableSlice<'a, U>> {
            cast_slice(values).map(|values| NullableSlice::new(values, validity))
        }
        macro_rules! first {
            ($($variant:ident),*) => {
                None$(.or_else(|| known(values, validity).map(Self::$variant)))*
            };
        }
        first!(
            Bool, Char, I8, I16, I32, I64, I128, Isize, U8, U16, U32, U64, U128, Usize, F32, F64,
            Str
        )
        .unwrap_or(Self::Other(values.len()))
    }
}

/// The columns of [`Records`], or of some of their rows, by name. `Copy`.
#[derive(Clone, Copy)]
pub struct AnyColumns<'a> {
    names: &'static [&'static str],
    table: &'a (dyn AnyTable + 'a),
    /// Invariant: `start <= end`, and `end` is at most the rows of the table.
    start: usize,
    end: usize,
}

/// A table, whatever its fields are.
trait AnyTable {
    /// The column of that number, of rows that are there.
    ///
    /// # Safety
    ///
    /// The range is within the rows of the table.
    unsafe fn column(&self, rows: Range<usize>, number: usize) -> AnyColumn<'_>;
}

impl<F: Fields> AnyTable for Table<F> {
    unsafe fn column(&self, rows: Range<usize>, number: usize) -> AnyColumn<'_> {
        // SAFETY: as the caller promises.
        unsafe { self.any(rows, number) }
    }
}

impl<'a> AnyColumns<'a> {
    /// Rows of a record's table, which has them.
    pub(super) fn new<R: Record>(table: &'a Table<R::Fields>, rows: Range<usize>) -> Self {
        assert!(rows.start <= rows.end && rows.end <= table.len());
        Self { names: R::NAMES, table, start: rows.start, end: rows.end }
    }

    /// The names of the fields that are stored, in order.
    #[must_use]
    pub fn names(self) -> &'static [&'static str] {
        self.names
    }

    /// The number of rows.
    #[must_use]
    pub fn rows(self) -> usize {
        self.end - self.start
    }

    /// The column of a name. Looks at one name after the other.
    #[must_use]
    pub fn get(self, name: &str) -> Option<AnyColumn<'a>> {
        let number = self.names.iter().position(|&known| known == name)?;
        Some(self.column(number))
    }

    /// Iterates over names and columns.
    pub fn iter(self) -> impl ExactSizeIterator<Item = (&'static str, AnyColumn<'a>)> {
        self.names.iter().enumerate().map(move |(number, &name)| (name, self.column(number)))
    }

    fn column(self, number: usize) -> AnyColumn<'a> {
        // SAFETY: the rows are in the table (invariant of `end`).
        unsafe { self.table.column(self.start..self.end, number) }
    }
}

impl fmt::Debug for AnyColumns<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<'a, R: Record> Slice<'a, R> {
    /// The columns of these rows, by name.
    #[must_use]
    pub fn any_columns(self) -> AnyColumns<'a> {
        let columns = self.columns_of();
        AnyColumns::new::<R>(columns.table(), columns.rows())
    }
}

impl<R: Record> Records<R> {
    /// The columns, by name.
    #[must_use]
    pub fn any_columns(&self) -> AnyColumns<'_> {
        self.as_slice().any_columns()
    }

    /// The column of a field, by its name.
    #[must_use]
    pub fn column_by_name(&self, name: &str) -> Option<AnyColumn<'_>> {
        self.any_columns().get(name)
    }
}
