//! From the fields of a row to those of a record.

use super::field::{Field, FieldError, FromField, Nulls};
use crate::array::{BitArray, IntArray, NullableIntArray};
use crate::record::access::Access;
use crate::record::bits::BitColumn;
use crate::record::cells::{Nullable, Plain};
use crate::record::dict::DictColumn;
use crate::record::leaf::Leaf;
use crate::record::nested::Nested;
use crate::record::schema::Record;
use crate::record::stored::Stored;
use crate::record::table::{Fill, FillStore};
use crate::record::text::{TextColumn, TextField};
use crate::stream::Row;
use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;
use core::any::type_name;
use core::slice;

/// Fields of a record that are parsed from those of a row.
///
/// Nothing is stored before all are parsed, so that a row is there as a whole or not at all, whatever a user's code does.
#[diagnostic::on_unimplemented(
    message = "a record of these fields cannot be read from CSV",
    label = "`{Self}`",
    note = "an enum whose variants have fields has columns for each variant, of which a row has some: it cannot be read"
)]
pub trait Parse: Fill {
    /// Appends to `columns` what these are called, by the names of the record's fields.
    fn describe(names: &mut slice::Iter<'_, &'static str>, within: &str, columns: &mut Vec<Wanted>);

    /// Parses a row, where `columns` says which of its fields are meant.
    fn parse<'a>(row: &Fields<'a>, columns: &[usize]) -> Result<Self::Input<'a>, BadField>
    where
        Self: 'a;
}

/// A column that owns its buffers, and takes what is parsed.
pub trait ParseStore: FillStore {
    /// Whether a row need not have the field.
    fn may_be_missing() -> bool;

    /// Parses a field, which may be missing.
    fn parse<'a>(field: Option<Field<'a>>) -> Result<Self::Get<'a>, FieldError>
    where
        Self: 'a;
}

/// A column that a record wants of a file.
#[derive(Debug)]
pub struct Wanted {
    pub(super) name: Box<str>,
    pub(super) type_name: &'static str,
    pub(super) may_be_missing: bool,
}

/// A row, and what stands for null in it.
#[derive(Debug)]
pub struct Fields<'a> {
    pub(super) row: Row<'a>,
    pub(super) nulls: &'a Nulls,
}

impl<'a> Fields<'a> {
    #[inline]
    fn get(&self, index: usize) -> Option<Field<'a>> {
        self.row.get(index).map(|bytes| Field::new(bytes, self.nulls))
    }
}

/// Which of the wanted columns has no value, and why.
#[derive(Debug)]
pub struct BadField {
    pub(super) column: usize,
    pub(super) cause: FieldError,
}

impl From<FieldError> for BadField {
    #[cold]
    fn from(cause: FieldError) -> Self {
        Self { column: 0, cause }
    }
}

/// Takes the next of the names.
fn next_name(names: &mut slice::Iter<'_, &'static str>, within: &str) -> Box<str> {
    let name = names.next().copied().unwrap_or_default();
    if within.is_empty() { name.into() } else { format!("{within}.{name}").into() }
}

impl Parse for () {
    fn describe(_: &mut slice::Iter<'_, &'static str>, _: &str, _: &mut Vec<Wanted>) {}

    fn parse<'a>(_: &Fields<'a>, _: &[usize]) -> Result<(), BadField>
    where
        Self: 'a,
    {
        Ok(())
    }
}

impl<A: Parse, B: Parse> Parse for (A, B) {
    fn describe(
        names: &mut slice::Iter<'_, &'static str>,
        within: &str,
        columns: &mut Vec<Wanted>,
    ) {
        A::describe(names, within, columns);
        B::describe(names, within, columns);
    }

    #[inline]
    fn parse<'a>(row: &Fields<'a>, columns: &[usize]) -> Result<Self::Input<'a>, BadField>
    where
        Self: 'a,
    {
        let (first, second) = columns.split_at(A::COLUMNS);
        let first = A::parse(row, first)?;
        match B::parse(row, second) {
            Ok(second) => Ok((first, second)),
            Err(bad) => Err(BadField { column: A::COLUMNS + bad.column, ..bad }),
        }
    }
}

/// Cells take what the type makes of a field.
macro_rules! cells {
    ($leaf:ty, $value:ty, $($bound:tt)*) => {
        impl<T: $($bound)*, A: Access<T>> Parse for $leaf {
            fn describe(
                names: &mut slice::Iter<'_, &'static str>,
                within: &str,
                columns: &mut Vec<Wanted>,
            ) {
                let (name, type_name) = (next_name(names, within), type_name::<$value>());
                let may_be_missing = <$value>::missing().is_some();
                columns.push(Wanted { name, type_name, may_be_missing });
            }

            #[inline(always)]
            fn parse<'a>(row: &Fields<'a>, columns: &[usize]) -> Result<Self::Input<'a>, BadField>
            where
                Self: 'a,
            {
                let value = match row.get(columns[0]) {
                    Some(field) => <$value>::from_field(field)?,
                    None => <$value>::missing().ok_or(FieldError::Missing)?,
                };
                Ok(Self::pack(value))
            }
        }
    };
}

cells!(Plain<T, A>, T, FromField);
cells!(Nullable<T, A>, Option<T>, FromField + Default);

impl<S: ParseStore> Parse for Stored<S> {
    fn describe(
        names: &mut slice::Iter<'_, &'static str>,
        within: &str,
        columns: &mut Vec<Wanted>,
    ) {
        let (name, type_name) = (next_name(names, within), type_name::<S::Value>());
        columns.push(Wanted { name, type_name, may_be_missing: S::may_be_missing() });
    }

    #[inline(always)]
    fn parse<'a>(row: &Fields<'a>, columns: &[usize]) -> Result<S::Get<'a>, BadField>
    where
        Self: 'a,
    {
        Ok(S::parse(row.get(columns[0]))?)
    }
}

impl<R: Record<Fields: Parse>> Parse for Nested<R> {
    fn describe(
        names: &mut slice::Iter<'_, &'static str>,
        within: &str,
        columns: &mut Vec<Wanted>,
    ) {
        let within = next_name(names, within);
        R::Fields::describe(&mut R::NAMES.iter(), &within, columns);
    }

    fn parse<'a>(row: &Fields<'a>, columns: &[usize]) -> Result<Self::Input<'a>, BadField>
    where
        Self: 'a,
    {
        R::Fields::parse(row, columns)
    }
}

/// Text goes to its column as it lies in the row.
macro_rules! text {
    ($($column:ident),*) => {$(
        impl<V: TextField> ParseStore for $column<V> {
            fn may_be_missing() -> bool {
                V::NULLABLE
            }

            #[inline(always)]
            fn parse<'a>(field: Option<Field<'a>>) -> Result<V::Ref<'a>, FieldError>
            where
                Self: 'a,
            {
                match field {
                    Some(field) if !V::NULLABLE || !field.is_null() => {
                        Ok(V::lend(Some(field.as_str()?)))
                    }
                    None if !V::NULLABLE => Err(FieldError::Missing),
                    _ => Ok(V::lend(None)),
                }
            }
        }
    )*};
}

text!(DictColumn, TextColumn);

macro_rules! packed {
    ($($value:ty => $array:ty),*) => {$(
        impl ParseStore for $array {
            fn may_be_missing() -> bool {
                <$value>::missing().is_some()
            }

            #[inline(always)]
            fn parse<'a>(field: Option<Field<'a>>) -> Result<$value, FieldError>
            where
                Self: 'a,
            {
                match field {
                    Some(field) => <$value>::from_field(field),
                    None => <$value>::missing().ok_or(FieldError::Missing),
                }
            }
        }
    )*};
}

macro_rules! integers {
    ($($int:ty),*) => {
        packed!($($int => IntArray<$int>, Option<$int> => NullableIntArray<$int>),*);
    };
}

packed!(bool => BitArray, Option<bool> => BitColumn);
integers!(i8, i16, i32, i64, u8, u16, u32, u64);
