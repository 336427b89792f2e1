//! Record batches to records, row by row: of each column its own reader.

use super::error::{ImportError, ImportErrorCause};
use crate::array::{BitArray, IntArray, NullableIntArray};
use crate::record::bits::BitColumn;
use crate::record::c_data::{ArrowField, ArrowType, ArrowValue, Values};
use crate::record::cells::{Access, Nullable, Plain};
use crate::record::dict::DictColumn;
use crate::record::error::{Refused, StoreError};
use crate::record::leaf::Leaf;
use crate::record::nested::Nested;
use crate::record::records::Records;
use crate::record::schema::Record;
use crate::record::stored::Stored;
use crate::record::table::{Fill, FillStore};
use crate::record::text::{TextColumn, TextField};
use alloc::format;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch, StructArray};
use core::slice;

/// Fields that can be read from arrays.
#[diagnostic::on_unimplemented(
    message = "a record of these fields cannot be read from Arrow",
    label = "`{Self}`",
    note = "enums whose variants have fields have no type that Arrow has"
)]
pub trait Import: Fill {
    /// What reads their values.
    type Reader<'a>;

    /// Finds the arrays.
    fn open<'a>(
        arrays: Arrays<'a>,
        names: &mut slice::Iter<'_, &'static str>,
    ) -> Result<Self::Reader<'a>, ImportError>;

    /// Reads a row.
    fn read<'a>(reader: &Self::Reader<'a>, row: usize) -> Result<Self::Input<'a>, BadValue>
    where
        Self: 'a;
}

/// A column that owns its buffers, and can be read from an array.
pub trait ImportStore: FillStore {
    /// What it is in Arrow.
    type As: ArrowType + ?Sized;

    /// Makes of a value what the column takes.
    fn take<'a>(
        value: Option<<Self::As as ArrowType>::Ref<'a>>,
    ) -> Result<Self::Get<'a>, ImportErrorCause>
    where
        Self: 'a;
}

/// Arrays by their names.
#[derive(Clone, Copy, Debug)]
pub enum Arrays<'a> {
    /// Of a batch.
    Batch(&'a RecordBatch),
    /// Of a column of records.
    Struct(&'a StructArray),
}

/// Which of the columns has no value, and why.
#[derive(Debug)]
pub struct BadValue {
    column: usize,
    cause: ImportErrorCause,
}

impl From<ImportErrorCause> for BadValue {
    fn from(cause: ImportErrorCause) -> Self {
        Self { column: 0, cause }
    }
}

impl<R: Record<Fields: Import>> TryFrom<&RecordBatch> for Records<R> {
    type Error = ImportError;

    /// Copies the rows of a batch, whose columns may be in any order, and more than those of the record. Numbers may mean anything, such as
    /// dates; strings may be held in any way.
    ///
    /// # Errors
    ///
    /// Where a column is missing or of another type, and where a value is null that cannot be, or none of the field's type.
    fn try_from(batch: &RecordBatch) -> Result<Self, ImportError> {
        let reader = R::Fields::open(Arrays::Batch(batch), &mut R::NAMES.iter())?;
        let mut records = Self::new();
        records.table_mut().try_reserve_exact(batch.num_rows()).map_err(|cause| {
            let cause = ImportErrorCause::Store(StoreError::Reserve(cause));
            error(R::NAMES.first().copied().unwrap_or_default(), cause)
        })?;
        for row in 0..batch.num_rows() {
            let refused = |column, cause| ImportError {
                column: R::Fields::name(R::NAMES, column).into(),
                row: Some(row),
                cause,
            };
            let input = R::Fields::read(&reader, row)
                .map_err(|BadValue { column, cause }| refused(column, cause))?;
            let filled = records.table_mut().try_fill(input);
            filled.map_err(|(_, Refused { column, cause })| {
                refused(column, ImportErrorCause::Store(cause))
            })?;
        }
        Ok(records)
    }
}

impl<'a> Arrays<'a> {
    fn next(
        self,
        names: &mut slice::Iter<'_, &'static str>,
    ) -> Result<(&'static str, &'a ArrayRef), ImportError> {
        let name = names.next().copied().unwrap_or_default();
        let array = match self {
            Self::Batch(batch) => batch.column_by_name(name),
            Self::Struct(array) => array.column_by_name(name),
        };
        let missing = || error(name, ImportErrorCause::Missing);
        array.map(|array| (name, array)).ok_or_else(missing)
    }

    fn open<T: ArrowType + ?Sized>(
        self,
        names: &mut slice::Iter<'_, &'static str>,
    ) -> Result<Values<'a, T>, ImportError> {
        let (name, array) = self.next(names)?;
        T::open(array).ok_or_else(|| error(name, ImportErrorCause::Type(array.data_type().clone())))
    }
}

fn error(name: &str, cause: ImportErrorCause) -> ImportError {
    ImportError { column: name.into(), row: None, cause }
}

impl Import for () {
    type Reader<'a> = ();

    fn open<'a>(_: Arrays<'a>, _: &mut slice::Iter<'_, &'static str>) -> Result<(), ImportError> {
        Ok(())
    }

    fn read<'a>((): &(), _: usize) -> Result<(), BadValue>
    where
        Self: 'a,
    {
        Ok(())
    }
}

impl<A: Import, B: Import> Import for (A, B) {
    type Reader<'a> = (A::Reader<'a>, B::Reader<'a>);

    fn open<'a>(
        arrays: Arrays<'a>,
        names: &mut slice::Iter<'_, &'static str>,
    ) -> Result<Self::Reader<'a>, ImportError> {
        Ok((A::open(arrays, names)?, B::open(arrays, names)?))
    }

    fn read<'a>(reader: &Self::Reader<'a>, row: usize) -> Result<Self::Input<'a>, BadValue>
    where
        Self: 'a,
    {
        let first = A::read(&reader.0, row)?;
        match B::read(&reader.1, row) {
            Ok(second) => Ok((first, second)),
            Err(bad) => Err(BadValue { column: A::COLUMNS + bad.column, ..bad }),
        }
    }
}

impl<T: ArrowField, A: Access<T>> Import for Plain<T, A> {
    type Reader<'a> = Values<'a, <T::Value as ArrowValue>::As>;

    fn open<'a>(
        arrays: Arrays<'a>,
        names: &mut slice::Iter<'_, &'static str>,
    ) -> Result<Self::Reader<'a>, ImportError> {
        arrays.open::<<T::Value as ArrowValue>::As>(names)
    }

    fn read<'a>(values: &Self::Reader<'a>, row: usize) -> Result<T, BadValue>
    where
        Self: 'a,
    {
        let value = match values(row) {
            Some(value) => Some(T::Value::from_arrow(value).ok_or(ImportErrorCause::Invalid)?),
            None => None,
        };
        Ok(T::from_value(value).ok_or(ImportErrorCause::Null)?)
    }
}

impl<T: ArrowValue + Default, A: Access<T>> Import for Nullable<T, A> {
    type Reader<'a> = Values<'a, T::As>;

    fn open<'a>(
        arrays: Arrays<'a>,
        names: &mut slice::Iter<'_, &'static str>,
    ) -> Result<Self::Reader<'a>, ImportError> {
        arrays.open::<T::As>(names)
    }

    fn read<'a>(values: &Self::Reader<'a>, row: usize) -> Result<(T, bool), BadValue>
    where
        Self: 'a,
    {
        let value = match values(row) {
            Some(value) => Some(T::from_arrow(value).ok_or(ImportErrorCause::Invalid)?),
            None => None,
        };
        Ok(Self::pack(value))
    }
}

impl<S: ImportStore> Import for Stored<S> {
    type Reader<'a> = Values<'a, S::As>;

    fn open<'a>(
        arrays: Arrays<'a>,
        names: &mut slice::Iter<'_, &'static str>,
    ) -> Result<Self::Reader<'a>, ImportError> {
        arrays.open::<S::As>(names)
    }

    fn read<'a>(values: &Self::Reader<'a>, row: usize) -> Result<S::Get<'a>, BadValue>
    where
        Self: 'a,
    {
        Ok(S::take(values(row))?)
    }
}

impl<R: Record<Fields: Import>> Import for Nested<R> {
    type Reader<'a> = <R::Fields as Import>::Reader<'a>;

    fn open<'a>(
        arrays: Arrays<'a>,
        names: &mut slice::Iter<'_, &'static str>,
    ) -> Result<Self::Reader<'a>, ImportError> {
        let (name, array) = arrays.next(names)?;
        let Some(array) = array.as_struct_opt() else {
            return Err(error(name, ImportErrorCause::Type(array.data_type().clone())));
        };
        if let Some(row) = array.nulls().and_then(|nulls| nulls.iter().position(|valid| !valid)) {
            return Err(ImportError { row: Some(row), ..error(name, ImportErrorCause::Null) });
        }
        R::Fields::open(Arrays::Struct(array), &mut R::NAMES.iter()).map_err(|mut error| {
            error.column = format!("{name}.{}", error.column).into();
            error
        })
    }

    fn read<'a>(reader: &Self::Reader<'a>, row: usize) -> Result<Self::Input<'a>, BadValue>
    where
        Self: 'a,
    {
        R::Fields::read(reader, row)
    }
}

macro_rules! text {
    ($($column:ident),*) => {$(
        impl<V: TextField> ImportStore for $column<V> {
            type As = str;

            fn take<'a>(value: Option<&'a str>) -> Result<V::Ref<'a>, ImportErrorCause>
            where
                Self: 'a,
            {
                match value {
                    None if !V::NULLABLE => Err(ImportErrorCause::Null),
                    value => Ok(V::lend(value)),
                }
            }
        }
    )*};
}

text!(DictColumn, TextColumn);

macro_rules! packed {
    ($($array:ty, $as:ty, $value:ty, $take:expr;)*) => {$(
        impl ImportStore for $array {
            type As = $as;

            fn take<'a>(value: Option<$as>) -> Result<$value, ImportErrorCause>
            where
                Self: 'a,
            {
                $take(value)
            }
        }
    )*};
}

macro_rules! integers {
    ($($int:ty),*) => {
        packed!($(
            IntArray<$int>, $int, $int, |value: Option<_>| value.ok_or(ImportErrorCause::Null);
            NullableIntArray<$int>, $int, Option<$int>, Ok;
        )*);
    };
}

packed!(
    BitArray, bool, bool, |value: Option<_>| value.ok_or(ImportErrorCause::Null);
    BitColumn, bool, Option<bool>, Ok;
);
integers!(i8, i16, i32, i64, u8, u16, u32, u64);
