//! Fields that are records themselves.
#![allow(unsafe_code)]

use super::any::{AnyColumn, AnyColumns};
use super::columns::ColumnsOf;
use super::error::{Refused, StoreError};
use super::fields::{Fields, Sealed};
use super::leaf::{Leaf, Onto, Own, Replace, Which};
use super::place::{Place, Sizes, Widest};
use super::row::RowOf;
use super::schema::Record;
use super::table::Table;
use crate::array::BitArray;
use crate::raw::ReserveError;
use crate::raw::columns::{Block, Scratch};
use core::marker::PhantomData;
use core::ops::Range;

/// A record in a record: columns of its own fields, in a block of their own.
#[derive(Debug)]
pub struct Nested<R>(PhantomData<R>);

impl<R> Sealed for Nested<R> {}

impl<R: Record> Fields for Nested<R> {
    type Values = <R::Fields as Fields>::Values;
    type Stores = Table<R::Fields>;
    type Undo = <R::Fields as Fields>::Undo;
    type SlicesMut<'a>
        = R::ColumnsMut<'a>
    where
        Self: 'a;
    const SIZES: Sizes = Sizes::NONE;
    const BITMAPS: usize = 0;
    const LEAVES: usize = 1;
    const WIDEST: Widest = <R::Fields as Fields>::WIDEST;

    fn try_reserve(table: &mut Self::Stores, additional: usize) -> Result<(), ReserveError> {
        table.try_reserve(additional)
    }

    fn try_reserve_exact(table: &mut Self::Stores, additional: usize) -> Result<(), ReserveError> {
        table.try_reserve_exact(additional)
    }

    fn try_remove_unused(table: &mut Self::Stores) -> Result<(), StoreError> {
        table.try_remove_unused()
    }

    fn try_push(table: &mut Self::Stores, values: &Self::Values, _: usize) -> Result<(), Refused> {
        // The column that is named is this one, not one of those in it.
        table.try_prepare(values).map_err(|refused| refused.cause.into())
    }

    fn try_insert(
        table: &mut Self::Stores,
        values: &Self::Values,
        index: usize,
    ) -> Result<Self::Undo, Refused> {
        table.try_grow(1).map_err(StoreError::from)?;
        R::Fields::try_insert(table.stores_mut(), values, index)
            .map_err(|refused| refused.cause.into())
    }

    fn undo_insert(table: &mut Self::Stores, index: usize, undo: Self::Undo) {
        R::Fields::undo_insert(table.stores_mut(), index, undo);
    }

    unsafe fn try_extend_from(
        table: &mut Self::Stores,
        other: &Self::Stores,
        rows: Range<usize>,
        len: usize,
    ) -> Result<(), Refused> {
        table.try_grow(rows.len()).map_err(StoreError::from)?;
        // SAFETY: as the caller promises: the rows of this table are those of the record around.
        unsafe { R::Fields::try_extend_from(table.stores_mut(), other.stores(), rows, len) }
            .map_err(|refused| refused.cause.into())
    }

    fn truncate_stores(table: &mut Self::Stores, len: usize) {
        R::Fields::truncate_stores(table.stores_mut(), len);
    }

    fn remove_from_stores(table: &mut Self::Stores, rows: Range<usize>) {
        R::Fields::remove_from_stores(table.stores_mut(), rows);
    }

    fn swap_remove_from_stores(table: &mut Self::Stores, index: usize) {
        R::Fields::swap_remove_from_stores(table.stores_mut(), index);
    }

    fn swap_in_stores(table: &mut Self::Stores, a: usize, b: usize) {
        R::Fields::swap_in_stores(table.stores_mut(), a, b);
    }

    unsafe fn set_len(table: &mut Self::Stores, len: usize) {
        // SAFETY: as the caller promises.
        unsafe { table.set_len_nested(len) };
    }

    fn shrink_to_fit(table: &mut Self::Stores) {
        table.shrink_to_fit();
    }

    fn heap_bytes(table: &Self::Stores) -> usize {
        table.heap_bytes()
    }

    fn check_stores(table: &Self::Stores, len: usize) {
        assert_eq!(table.len(), len, "rows of a nested table");
        table.check_invariants();
    }

    unsafe fn write<P: Place>(
        _: &Block,
        table: &mut Self::Stores,
        index: usize,
        values: Self::Values,
    ) {
        // SAFETY: the rows are those of the record around, as the caller promises.
        unsafe { table.write_nested(index, values) };
    }

    unsafe fn take<P: Place>(_: &Block, table: &Self::Stores, index: usize) -> Self::Values {
        // SAFETY: as above.
        unsafe { table.take_nested(index) }
    }

    #[inline(always)]
    unsafe fn foresee<P: Place>(_: &Block, table: &Self::Stores, index: usize) {
        // SAFETY: the row is there, as the caller promises.
        unsafe { table.foresee(index) };
    }

    unsafe fn any<'a, P: Place>(
        _: &'a Block,
        table: &'a Self::Stores,
        rows: Range<usize>,
        _: usize,
    ) -> AnyColumn<'a>
    where
        Self: 'a,
    {
        AnyColumn::Nested(AnyColumns::new::<R>(table, rows))
    }

    #[inline]
    unsafe fn slices_mut<'a, P: Place>(
        _: &'a Block,
        table: &'a mut Self::Stores,
        _: usize,
    ) -> R::ColumnsMut<'a>
    where
        Self: 'a,
    {
        // The table counts the same rows.
        R::columns_mut(table.slices_mut())
    }

    unsafe fn drop_cells<P: Place>(_: &Block, table: &mut Self::Stores, rows: Range<usize>) {
        // SAFETY: as above.
        unsafe { table.drop_nested(rows) };
    }

    unsafe fn move_rows<P: Place>(
        _: &Block,
        table: &mut Self::Stores,
        rows: Range<usize>,
        to: usize,
    ) {
        // SAFETY: as above.
        unsafe { table.move_nested(rows, to) };
    }

    unsafe fn swap_cells<P: Place>(_: &Block, table: &mut Self::Stores, a: usize, b: usize) {
        // SAFETY: as above.
        unsafe { table.swap_nested(a, b) };
    }

    unsafe fn move_from<P: Place>(
        _: &Block,
        table: &mut Self::Stores,
        to: usize,
        _: &Block,
        other: &Self::Stores,
        rows: Range<usize>,
    ) {
        // SAFETY: as above.
        unsafe { table.move_nested_from(to, other, rows) };
    }

    unsafe fn partition<P: Place>(_: &Block, table: &mut Self::Stores, keep: &BitArray) {
        // SAFETY: as above.
        unsafe { table.partition_nested(keep) };
    }

    unsafe fn permute<P: Place>(
        _: &Block,
        table: &mut Self::Stores,
        order: &[u32],
        scratch: &Scratch,
    ) {
        // SAFETY: as above.
        unsafe { table.permute_nested(order, scratch) };
    }
}

impl<R: Record> Leaf for Nested<R> {
    type Value = R;
    type Get<'a>
        = &'a R::Row
    where
        Self: 'a;
    type Slice<'a>
        = R::Columns<'a>
    where
        Self: 'a;

    fn pack(value: R) -> Self::Values {
        value.into_values().0
    }

    #[inline]
    unsafe fn get<'a, P: Place>(_: &'a Block, table: &'a Self::Stores, index: usize) -> &'a R::Row
    where
        Self: 'a,
    {
        // SAFETY: the row is there, as the caller promises, in this table as in that around.
        R::row(unsafe { RowOf::new(table, index) })
    }

    #[inline]
    unsafe fn slice<'a, P: Place>(
        _: &'a Block,
        table: &'a Self::Stores,
        rows: Range<usize>,
    ) -> R::Columns<'a>
    where
        Self: 'a,
    {
        R::columns(ColumnsOf::new(table, rows))
    }
}

impl<R: Record> Replace for Nested<R> {
    unsafe fn set<P: Place>(
        _: &Block,
        table: &mut Self::Stores,
        index: usize,
        values: Self::Values,
    ) -> Result<(), StoreError> {
        // Appended, and then put into the place of the old row: so what is refused changes nothing, and no other row moves.
        table.try_push(values).map_err(|(_, refused)| refused.cause)?;
        drop(table.swap_remove(index));
        Ok(())
    }
}

impl<R: Record<Fields: Own>> Own for Nested<R> {
    unsafe fn own<P: Place>(_: &Block, table: &Self::Stores, index: usize) -> Self::Values {
        // SAFETY: the row is there, as the caller promises.
        unsafe { table.own(index) }
    }

    unsafe fn try_clone_from<P: Place>(
        _: &Block,
        table: &mut Self::Stores,
        onto: Onto,
        _: &Block,
        other: &Self::Stores,
        rows: Which<'_>,
    ) -> Result<(), Refused> {
        // SAFETY: as the caller promises, who counts the rows here too. The column that is named is this one, not one of those in it.
        unsafe { table.try_clone_rows(onto, other, rows) }.map_err(|refused| refused.cause.into())
    }
}
