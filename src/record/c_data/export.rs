//! Records as columns that Arrow has.
#![allow(unsafe_code)]

use super::column::{Bytes, Column, Kind, Owner};
use super::value::{ArrowField, ArrowType, ArrowValue, texts};
use crate::array::{self, BitArray, IntArray, NullableIntArray};
use crate::raw::columns::Block;
use crate::record::access::Access;
use crate::record::bits::BitColumn;
use crate::record::cells::{Nullable, Plain};
use crate::record::dict::{Codes, DictColumn};
use crate::record::fields::Fields;
use crate::record::leaf::Leaf;
use crate::record::nested::Nested;
use crate::record::place::{After, Place, Start};
use crate::record::records::Records;
use crate::record::schema::Record;
use crate::record::store::Store;
use crate::record::stored::Stored;
use crate::record::table::Table;
use crate::record::text::{TextColumn, TextField};
use crate::record::validity::Validity;
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use bytemuck::NoUninit;
use core::any::TypeId;
use core::panic::RefUnwindSafe;
use core::slice;

/// Fields that Arrow has types for.
#[diagnostic::on_unimplemented(
    message = "a record of these fields has no form in Arrow",
    label = "`{Self}`",
    note = "an enum whose variants have fields has no type that Arrow has, nor has an `Option` of a record"
)]
pub trait Export: Fields {
    /// Appends the columns of `len` rows. What lies in memory as Arrow has it is lent.
    ///
    /// # Safety
    ///
    /// As of the methods of [`Fields`]. The table that block and stores are of stays where it is, and as it is, as long as `owner` is there.
    unsafe fn export<P: Place>(
        block: &Block,
        stores: &Self::Stores,
        len: usize,
        names: &mut slice::Iter<'_, &'static str>,
        owner: &Arc<dyn Owner>,
        columns: &mut Vec<Column>,
    );
}

/// A column that owns its buffers, and that Arrow has a type for.
pub trait ExportStore: Store {
    /// Whether it may have nulls.
    const NULLABLE: bool;

    /// All of it.
    ///
    /// # Safety
    ///
    /// The column stays where it is, and as it is, as long as `owner` is there.
    unsafe fn export(&self, owner: &Arc<dyn Owner>) -> Column;
}

/// The columns of records.
pub(in crate::record) fn columns<R>(records: &Arc<Records<R>>) -> Vec<Column>
where
    R: Record<Fields: Export>,
    Records<R>: Send + Sync + RefUnwindSafe + 'static,
{
    let owner: Arc<dyn Owner> = records.clone();
    let mut columns = Vec::with_capacity(R::NAMES.len());
    // SAFETY: records behind an `Arc` stay where they are, and nobody changes them as long as another one is there: what has
    // cells in it that change behind a shared reference is no number, bit or text of a column, and not lent.
    unsafe { records.table().export(R::NAMES, &owner, &mut columns) };
    columns
}

impl<F: Export> Table<F> {
    /// # Safety
    ///
    /// The table stays where it is, and as it is, as long as `owner` is there.
    pub(in crate::record) unsafe fn export(
        &self,
        names: &[&'static str],
        owner: &Arc<dyn Owner>,
        columns: &mut Vec<Column>,
    ) {
        // SAFETY: as the caller promises.
        unsafe {
            F::export::<Start<F>>(
                self.block(),
                self.stores(),
                self.len(),
                &mut names.iter(),
                owner,
                columns,
            );
        }
    }
}

impl Export for () {
    unsafe fn export<P: Place>(
        _: &Block,
        (): &(),
        _: usize,
        _: &mut slice::Iter<'_, &'static str>,
        _: &Arc<dyn Owner>,
        _: &mut Vec<Column>,
    ) {
    }
}

impl<A: Export, B: Export> Export for (A, B) {
    unsafe fn export<P: Place>(
        block: &Block,
        stores: &Self::Stores,
        len: usize,
        names: &mut slice::Iter<'_, &'static str>,
        owner: &Arc<dyn Owner>,
        columns: &mut Vec<Column>,
    ) {
        // SAFETY: as the caller promises.
        unsafe { A::export::<P>(block, &stores.0, len, names, owner, columns) };
        // SAFETY: as above.
        unsafe { B::export::<After<P, A>>(block, &stores.1, len, names, owner, columns) };
    }
}

/// Gives a column the next name.
fn name(mut column: Column, nullable: bool, names: &mut slice::Iter<'_, &'static str>) -> Column {
    column.name = names.next().copied().unwrap_or_default().into();
    column.nullable = nullable;
    column
}

/// Values as they lie, if they are numbers that Arrow has.
///
/// # Safety
///
/// As of `Bytes::lent`.
unsafe fn lend<T: ArrowField>(values: &[T], owner: &Arc<dyn Owner>) -> Option<Column> {
    type As<T> = <<T as ArrowField>::Value as ArrowValue>::As;
    let kind = As::<T>::NUMBER.filter(|_| TypeId::of::<T>() == TypeId::of::<As<T>>())?;
    let (start, len) = (values.as_ptr().cast::<u8>(), size_of_val(values));
    // SAFETY: the values are numbers, since the type is that of one, and so initialised bytes.
    let bytes = unsafe { slice::from_raw_parts(start, len) };
    // SAFETY: as the caller promises.
    let bytes = unsafe { Bytes::lent(bytes, owner.clone()) };
    Some(Column::new(kind, values.len(), vec![bytes]))
}

/// # Safety
///
/// As of `Bytes::lent`.
unsafe fn lend_validity(column: &mut Column, validity: Validity<'_>, owner: &Arc<dyn Owner>) {
    column.null_count = validity.null_count();
    if column.null_count == 0 {
        return;
    }
    column.validity = match validity.as_bytes() {
        // SAFETY: as the caller promises.
        Some((bytes, 0)) => Some(unsafe { Bytes::lent(bytes, owner.clone()) }),
        _ => Some(copy_bits(validity.words())),
    };
}

/// The bits of an array, which lie as Arrow has them where the lowest byte of a word comes first.
///
/// # Safety
///
/// As of `Bytes::lent`.
unsafe fn lend_bits(bits: &BitArray, owner: &Arc<dyn Owner>) -> Column {
    let words = bits.as_words();
    let bytes = match cfg!(target_endian = "little") {
        // SAFETY: as the caller promises.
        true => unsafe { Bytes::lent(words, owner.clone()) },
        false => copy_bits(words.iter().copied()),
    };
    Column::new(Kind::Bool, bits.len(), vec![bytes])
}

fn copy_bits(words: impl Iterator<Item = u64>) -> Bytes {
    Bytes::of(words.map(u64::to_le).collect::<Vec<_>>())
}

impl<T: ArrowField, A: Access<T>> Export for Plain<T, A> {
    unsafe fn export<P: Place>(
        block: &Block,
        stores: &(),
        len: usize,
        names: &mut slice::Iter<'_, &'static str>,
        owner: &Arc<dyn Owner>,
        columns: &mut Vec<Column>,
    ) {
        // SAFETY: the rows are there, as the caller promises.
        let values = unsafe { Self::slice::<P>(block, stores, 0..len) };
        // SAFETY: as the caller promises.
        let column = unsafe { lend(values, owner) };
        let column = column.unwrap_or_else(|| {
            let mut values = values.iter().map(|value| value.value().map(ArrowValue::to_arrow));
            <T::Value as ArrowValue>::As::column(&mut values, len)
        });
        columns.push(name(column, T::NULLABLE, names));
    }
}

impl<T: ArrowValue + Default, A: Access<T>> Export for Nullable<T, A> {
    unsafe fn export<P: Place>(
        block: &Block,
        stores: &(),
        len: usize,
        names: &mut slice::Iter<'_, &'static str>,
        owner: &Arc<dyn Owner>,
        columns: &mut Vec<Column>,
    ) {
        // SAFETY: the rows are there, as the caller promises.
        let values = unsafe { Self::slice::<P>(block, stores, 0..len) };
        // SAFETY: as the caller promises.
        let lent = unsafe { lend(values.values(), owner) };
        let column = match lent {
            Some(mut column) => {
                // SAFETY: as the caller promises.
                unsafe { lend_validity(&mut column, values.validity(), owner) };
                column
            }
            None => T::As::column(&mut values.iter().map(|v| v.map(T::to_arrow)), len),
        };
        columns.push(name(column, true, names));
    }
}

impl<S: ExportStore> Export for Stored<S> {
    unsafe fn export<P: Place>(
        _: &Block,
        store: &S,
        _: usize,
        names: &mut slice::Iter<'_, &'static str>,
        owner: &Arc<dyn Owner>,
        columns: &mut Vec<Column>,
    ) {
        // SAFETY: as the caller promises.
        columns.push(name(unsafe { store.export(owner) }, S::NULLABLE, names));
    }
}

impl<R: Record<Fields: Export>> Export for Nested<R> {
    unsafe fn export<P: Place>(
        _: &Block,
        table: &Self::Stores,
        len: usize,
        names: &mut slice::Iter<'_, &'static str>,
        owner: &Arc<dyn Owner>,
        columns: &mut Vec<Column>,
    ) {
        let mut column = Column::new(Kind::Struct, len, Vec::new());
        // SAFETY: as the caller promises; the table is part of the other.
        unsafe { table.export(R::NAMES, owner, &mut column.children) };
        columns.push(name(column, false, names));
    }
}

impl<V: TextField> ExportStore for DictColumn<V> {
    const NULLABLE: bool = V::NULLABLE;

    unsafe fn export(&self, owner: &Arc<dyn Owner>) -> Column {
        /// # Safety
        ///
        /// As of `Bytes::lent`.
        unsafe fn codes<C: NoUninit>(
            format: &'static str,
            codes: &[C],
            owner: &Arc<dyn Owner>,
        ) -> Column {
            // SAFETY: as the caller promises.
            let bytes = unsafe { Bytes::lent(codes, owner.clone()) };
            Column::new(Kind::Number(format), codes.len(), vec![bytes])
        }
        let mut column = match self.codes() {
            // SAFETY: as the caller promises.
            Codes::U8(lent) => unsafe { codes("C", lent, owner) },
            // SAFETY: as above.
            Codes::U16(lent) => unsafe { codes("S", lent, owner) },
            // SAFETY: as above.
            Codes::U32(lent) => unsafe { codes("I", lent, owner) },
        };
        // SAFETY: as the caller promises.
        unsafe { lend_validity(&mut column, self.validity(), owner) };
        let dictionary = self.dictionary();
        let mut texts = dictionary.iter().map(|(_, text)| Some(text));
        column.dictionary = Some(Box::new(str::column(&mut texts, dictionary.len())));
        column
    }
}

impl<V: TextField> ExportStore for TextColumn<V> {
    const NULLABLE: bool = V::NULLABLE;

    unsafe fn export(&self, owner: &Arc<dyn Owner>) -> Column {
        let (strings, mut end) = (self.strings(), 0);
        let text = strings.text().as_bytes();
        let ends = strings.iter().map(|string| {
            end += string.len();
            end
        });
        // SAFETY: as the caller promises.
        let lent = unsafe { Bytes::lent(text, owner.clone()) };
        let mut column = texts(lent, text.len(), ends);
        // SAFETY: as the caller promises.
        unsafe { lend_validity(&mut column, self.validity(), owner) };
        column
    }
}

impl ExportStore for BitArray {
    const NULLABLE: bool = false;

    unsafe fn export(&self, owner: &Arc<dyn Owner>) -> Column {
        // SAFETY: as the caller promises.
        unsafe { lend_bits(self, owner) }
    }
}

impl ExportStore for BitColumn {
    const NULLABLE: bool = true;

    unsafe fn export(&self, owner: &Arc<dyn Owner>) -> Column {
        // SAFETY: as the caller promises.
        let mut column = unsafe { lend_bits(self.values(), owner) };
        // SAFETY: as the caller promises.
        unsafe { lend_validity(&mut column, self.validity(), owner) };
        column
    }
}

/// The numbers of a packed array, unpacked block by block.
fn unpack<A, T>(array: &A, number: impl Fn(A::Item) -> T) -> Column
where
    A: array::Column,
    T: ArrowType + NoUninit + Send + Sync + RefUnwindSafe,
{
    let mut numbers = Vec::with_capacity(array.len());
    array.for_each_block(|block| numbers.extend(block.iter().map(|&value| number(value))));
    Column::new(const { T::NUMBER.unwrap() }, array.len(), vec![Bytes::of(numbers)])
}

macro_rules! integers {
    ($($int:ty),*) => {$(
        impl ExportStore for IntArray<$int> {
            const NULLABLE: bool = false;

            unsafe fn export(&self, _: &Arc<dyn Owner>) -> Column {
                unpack(self, |value| value)
            }
        }

        impl ExportStore for NullableIntArray<$int> {
            const NULLABLE: bool = true;

            unsafe fn export(&self, _: &Arc<dyn Owner>) -> Column {
                let mut column = unpack(self, Option::unwrap_or_default);
                column.null_count = self.null_count();
                column.validity = (column.null_count > 0).then(|| {
                    let valid = self.mask(|value| value.is_some());
                    copy_bits(valid.as_words().iter().copied())
                });
                column
            }
        }
    )*};
}

integers!(i8, i16, i32, i64, u8, u16, u32, u64);
