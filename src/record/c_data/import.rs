//! Columns that lie elsewhere to records, column by column.

use super::error::{Fault, ImportError, ImportErrorCause};
use super::foreign::{Columns, Data, Foreign, Strings};
use super::value::{ArrowField, ArrowType, ArrowValue};
use crate::array::{BitArray, IntArray, NullableIntArray};
use crate::record::access::Access;
use crate::record::bits::BitColumn;
use crate::record::cells::{Nullable, Plain};
use crate::record::dict::DictColumn;
use crate::record::error::StoreError;
use crate::record::fields::Fields;
use crate::record::leaf::Leaf;
use crate::record::nested::Nested;
use crate::record::part::{self, Filled, Gap};
use crate::record::place::Place;
use crate::record::records::Records;
use crate::record::schema::Record;
use crate::record::store::Store;
use crate::record::stored::Stored;
use crate::record::table::Table;
use crate::record::text::{TextColumn, TextField};
use core::any::TypeId;

/// Fields that can be read from columns of Arrow.
#[diagnostic::on_unimplemented(
    message = "a record of these fields cannot be read from Arrow",
    label = "`{Self}`",
    note = "an enum whose variants have fields has no type that Arrow has, nor has an `Option` of a record"
)]
pub trait Import: Fields {
    /// Fills columns with those that are found by the names.
    fn import<P: Place>(
        find: &Columns<'_>,
        names: &[&'static str],
        gap: Gap<'_, P, Self>,
    ) -> Result<Filled<P, Self>, ImportError>;
}

/// A column that owns its buffers, and can be made of one of Arrow.
pub trait ImportStore: Store {
    /// All rows of the column.
    fn import(column: &Foreign<'_>) -> Result<Self, Fault>;
}

/// Records of `len` rows, whose columns are found by their names.
pub(in crate::record) fn import<R: Record<Fields: Import>>(
    find: &Columns<'_>,
    len: usize,
) -> Result<Records<R>, ImportError> {
    let mut table = Table::new();
    part::try_fill(&mut table, len, |gap| R::Fields::import(find, R::NAMES, gap))?;
    Ok(Records::from_table(table))
}

/// The column of a field, of which this is the name. It has the rows that are to be filled: where the compiler sees that, it checks no
/// index of a number.
#[inline]
fn only<'a, P, F: Fields>(
    find: &Columns<'a>,
    names: &[&'static str],
    gap: &Gap<'_, P, F>,
) -> Result<(&'static str, Foreign<'a>), ImportError> {
    let name = names.first().copied().unwrap_or_default();
    let column = find(name).and_then(|column| match column.len == gap.len() {
        true => Ok(column),
        false => Err(ImportErrorCause::Malformed("it has more or fewer rows than the records")),
    });
    column.map(|column| (name, column)).map_err(|cause| Fault::from(cause).of(name))
}

/// Refuses nulls.
fn all_there(column: &Foreign<'_>) -> Result<(), Fault> {
    let null = column.validity.iter_nulls().next();
    null.map_or(Ok(()), |row| Err(Fault::at(row, ImportErrorCause::Null)))
}

/// The value of a row that is there.
#[inline]
fn get<'a, T: ArrowType + ?Sized>(
    values: &T::Values<'a>,
    row: usize,
) -> Result<Option<T::Ref<'a>>, Fault> {
    T::get(values, row).map_err(|cause| Fault::at(row, cause))
}

/// The value of a row, unless it is null.
#[inline]
fn get_if_there<'a, T: ArrowType + ?Sized>(
    column: &Foreign<'_>,
    values: &T::Values<'a>,
    row: usize,
) -> Result<Option<T::Ref<'a>>, Fault> {
    if column.validity.is_valid(row) { get::<T>(values, row) } else { Ok(None) }
}

/// The value that a field has of Arrow's.
#[inline]
fn value_of<T: ArrowValue>(
    value: Option<<T::As as ArrowType>::Ref<'_>>,
    row: usize,
) -> Result<Option<T>, Fault> {
    let Some(value) = value else { return Ok(None) };
    let value = T::from_arrow(value);
    value.map(Some).ok_or_else(|| Fault::at(row, ImportErrorCause::Invalid))
}

impl Import for () {
    fn import<P: Place>(
        _: &Columns<'_>,
        _: &[&'static str],
        gap: Gap<'_, P, ()>,
    ) -> Result<Filled<P, ()>, ImportError> {
        Ok(gap.nothing())
    }
}

impl<A: Import, B: Import> Import for (A, B) {
    fn import<P: Place>(
        find: &Columns<'_>,
        names: &[&'static str],
        gap: Gap<'_, P, Self>,
    ) -> Result<Filled<P, Self>, ImportError> {
        let (first, second) = names.split_at(A::LEAVES);
        gap.try_halves(|gap| A::import(find, first, gap), |gap| B::import(find, second, gap))
    }
}

impl<T: ArrowField, A: Access<T>> Import for Plain<T, A> {
    fn import<P: Place>(
        find: &Columns<'_>,
        names: &[&'static str],
        gap: Gap<'_, P, Self>,
    ) -> Result<Filled<P, Self>, ImportError> {
        type As<T> = <<T as ArrowField>::Value as ArrowValue>::As;
        let (name, column) = only(find, names, &gap)?;
        let field = |value, row| {
            let field = T::from_value(value_of(value, row)?);
            field.ok_or_else(|| Fault::at(row, ImportErrorCause::Null))
        };
        let filled = As::<T>::open(&column).and_then(|values| match column.validity.any_null() {
            false => gap.try_cells(|row| field(get::<As<T>>(&values, row)?, row)),
            true => gap.try_cells(|row| field(get_if_there::<As<T>>(&column, &values, row)?, row)),
        });
        filled.map_err(|fault| fault.of(name))
    }
}

impl<T: ArrowValue + Default, A: Access<T>> Import for Nullable<T, A> {
    fn import<P: Place>(
        find: &Columns<'_>,
        names: &[&'static str],
        gap: Gap<'_, P, Self>,
    ) -> Result<Filled<P, Self>, ImportError> {
        let (name, column) = only(find, names, &gap)?;
        let is_number = T::As::NUMBER.is_some() && TypeId::of::<T>() == TypeId::of::<T::As>();
        let filled = T::As::open(&column).and_then(|values| match is_number {
            // All bits are numbers, also those that lie below a null.
            true => Ok(gap.nullable(column.validity, |row| {
                let number = T::As::get(&values, row).ok().flatten();
                number.and_then(T::from_arrow).unwrap_or_default()
            })),
            false => gap.try_cells(|row| {
                let value = get_if_there::<T::As>(&column, &values, row)?;
                Ok(Self::pack(value_of(value, row)?))
            }),
        });
        filled.map_err(|fault: Fault| fault.of(name))
    }
}

impl<S: ImportStore> Import for Stored<S> {
    fn import<P: Place>(
        find: &Columns<'_>,
        names: &[&'static str],
        gap: Gap<'_, P, Self>,
    ) -> Result<Filled<P, Self>, ImportError> {
        let (name, column) = only(find, names, &gap)?;
        S::import(&column).map(|store| gap.store(store)).map_err(|fault| fault.of(name))
    }
}

impl<R: Record<Fields: Import>> Import for Nested<R> {
    fn import<P: Place>(
        find: &Columns<'_>,
        names: &[&'static str],
        gap: Gap<'_, P, Self>,
    ) -> Result<Filled<P, Self>, ImportError> {
        let (name, column) = only(find, names, &gap)?;
        let find = columns_of(&column).map_err(|fault| fault.of(name))?;
        gap.try_nested(|gap| R::Fields::import(find, R::NAMES, gap))
            .map_err(|error: ImportError| error.within(name))
    }
}

/// The columns of records.
pub(super) fn columns_of<'c, 'a>(column: &'c Foreign<'a>) -> Result<&'c Columns<'a>, Fault> {
    let Data::Struct(columns) = &column.data else {
        return Err(column.is_not("struct"));
    };
    all_there(column)?;
    Ok(columns)
}

impl<V: TextField> ImportStore for TextColumn<V> {
    fn import(column: &Foreign<'_>) -> Result<Self, Fault> {
        let (mut texts, strings) = (Self::default(), str::open(column)?);
        texts.try_reserve_rows(column.len)?;
        texts.try_reserve_text(strings.text_len())?;
        for row in 0..column.len {
            let text = get_if_there::<str>(column, &strings, row)?;
            texts.try_push(lend::<V>(text, row)?)?;
        }
        Ok(texts)
    }
}

/// Strings of a dictionary are interned once each, where a row has them.
impl<V: TextField> ImportStore for DictColumn<V> {
    fn import(column: &Foreign<'_>) -> Result<Self, Fault> {
        let mut dict = Self::default();
        match column.strings()? {
            Strings::Plain(_) => {
                let strings = str::open(column)?;
                dict.try_reserve(column.len)?;
                for row in 0..column.len {
                    let text = get_if_there::<str>(column, &strings, row)?;
                    dict.try_push(lend::<V>(text, row)?)?;
                }
            }
            Strings::Coded(coded) => {
                if !V::NULLABLE {
                    all_there(column)?;
                }
                dict.try_extend_keyed(
                    column.validity,
                    coded.validity,
                    |rows, keys| coded.keys.read(rows, keys),
                    |row, key| {
                        let text = coded.string(key).map_err(|cause| Fault::at(row, cause))?;
                        lend::<V>(text, row).map(|_| text)
                    },
                )?;
            }
        }
        Ok(dict)
    }
}

/// What a column takes of a string that may be null.
fn lend<V: TextField>(text: Option<&str>, row: usize) -> Result<V::Ref<'_>, Fault> {
    match text {
        None if !V::NULLABLE => Err(Fault::at(row, ImportErrorCause::Null)),
        text => Ok(V::lend(text)),
    }
}

/// Makes values of all rows, and appends them, many at a time.
fn pack<T: Copy + Default, E: Into<StoreError>>(
    len: usize,
    value: impl Fn(usize) -> T,
    mut append: impl FnMut(&[T]) -> Result<(), E>,
) -> Result<(), Fault> {
    let mut block = [T::default(); 256];
    for start in (0..len).step_by(block.len()) {
        let block = &mut block[..(len - start).min(256)];
        block.iter_mut().zip(start..).for_each(|(to, row)| *to = value(row));
        append(block).map_err(Into::into)?;
    }
    Ok(())
}

macro_rules! packed {
    ($($array:ty, $as:ty;)*) => {$(
        impl ImportStore for $array {
            fn import(column: &Foreign<'_>) -> Result<Self, Fault> {
                let (mut array, values) = (Self::new(), <$as>::open(column)?);
                all_there(column)?;
                let value = |row| <$as>::get(&values, row).ok().flatten().unwrap_or_default();
                pack(column.len, value, |block| array.try_extend_from_slice(block))?;
                Ok(array)
            }
        }
    )*};
}

macro_rules! packed_nullable {
    ($($array:ty, $as:ty;)*) => {$(
        impl ImportStore for $array {
            fn import(column: &Foreign<'_>) -> Result<Self, Fault> {
                let (mut array, values) = (Self::new(), <$as>::open(column)?);
                let is_there = |row| column.validity.is_valid(row);
                let value = |row| <$as>::get(&values, row).ok().flatten().filter(|_| is_there(row));
                pack(column.len, value, |block| array.try_extend_from_slice(block))?;
                Ok(array)
            }
        }
    )*};
}

macro_rules! integers {
    ($($int:ty),*) => {
        packed!($(IntArray<$int>, $int;)*);
        packed_nullable!($(NullableIntArray<$int>, $int;)*);
    };
}

packed!(BitArray, bool;);
packed_nullable!(BitColumn, bool;);
integers!(i8, i16, i32, i64, u8, u16, u32, u64);
