//! The variants of an enum: a table for each.
//!
//! As fields are a tree of pairs, so are variants, and a value is of one side or of the other. What is done to one variant finds it by
//! its number: a branch for each level of the tree.
#![allow(unsafe_code)]

use super::error::{Refused, StoreError};
use super::fields::Fields;
use super::leaf::{Here, Left, Own, Right, Which};
use super::table::Table;
use crate::array::BitArray;
use alloc::vec::Vec;
use core::marker::PhantomData;
use core::mem;

/// A value of one side or of the other.
#[derive(Clone, Copy, Debug)]
pub enum Either<A, B> {
    /// The first.
    First(A),
    /// The second.
    Second(B),
}

/// A variant with the fields `F`.
#[derive(Debug)]
pub struct Variant<F>(PhantomData<F>);

/// The variants of an enum, numbered from 0.
///
/// # What the unsafe methods may assume
///
/// The variant has a row at each place that is named, and as of the methods of [`Fields`].
pub trait Variants: Sealed {
    /// The values of a row, of one of the variants.
    type Values;
    /// The rows of all of them.
    type Tables: Default;
    /// How many there are.
    const COUNT: usize;

    /// The number of the variant that a value is of.
    fn number(values: &Self::Values) -> usize;

    /// The rows of a variant.
    fn len(tables: &Self::Tables, number: usize) -> usize;

    /// Makes room for a row of one variant, and appends what its stores have to have.
    fn try_prepare(tables: &mut Self::Tables, values: &Self::Values) -> Result<(), Refused>;

    /// Makes room for a row of a variant, and appends to its stores what another one's have at a place.
    ///
    /// # Safety
    ///
    /// See the trait, and `Fields::try_extend_from`.
    unsafe fn try_extend_from(
        tables: &mut Self::Tables,
        other: &Self::Tables,
        number: usize,
        place: usize,
    ) -> Result<(), Refused>;

    /// Drops what the stores have behind the rows that are counted.
    fn truncate_stores(tables: &mut Self::Tables);

    /// Counts no rows any more, and drops what the stores have. Cells are forgotten.
    ///
    /// # Safety
    ///
    /// See the trait.
    unsafe fn forget_all(tables: &mut Self::Tables);

    /// Drops strings that no row has. Where it fails, rows are what they were.
    fn try_remove_unused(tables: &mut Self::Tables) -> Result<(), StoreError>;

    /// Gives back what is not needed.
    fn shrink_to_fit(tables: &mut Self::Tables);

    /// Bytes on the heap.
    fn heap_bytes(tables: &Self::Tables) -> usize;

    /// Panics unless the invariants of all tables hold.
    fn check_invariants(tables: &Self::Tables);

    /// Writes the cells of a row behind the last, and counts it.
    ///
    /// # Safety
    ///
    /// See the trait; the row has been prepared.
    unsafe fn write(tables: &mut Self::Tables, values: Self::Values);

    /// Moves the values of a row out.
    ///
    /// # Safety
    ///
    /// See the trait.
    unsafe fn take(tables: &Self::Tables, number: usize, place: usize) -> Self::Values;

    /// Puts the last row of a variant, in cells and stores, into the place of one whose values have been moved out, and counts one less.
    ///
    /// # Safety
    ///
    /// See the trait.
    unsafe fn swap_remove(tables: &mut Self::Tables, number: usize, place: usize);

    /// Moves the cells of another table's row behind the last row, and counts it.
    ///
    /// # Safety
    ///
    /// See the trait; the row has been prepared by `try_extend_from`.
    unsafe fn move_from(
        tables: &mut Self::Tables,
        other: &Self::Tables,
        number: usize,
        place: usize,
    );

    /// Keeps the rows whose bits are set, by variant; the cells of the others lie behind them, and are counted no more.
    ///
    /// # Safety
    ///
    /// See the trait; there is a bit for each row.
    unsafe fn keep(tables: &mut Self::Tables, keep: &[BitArray]);

    /// Drops the cells of rows that are counted no more: those behind, up to as many as there were.
    ///
    /// # Safety
    ///
    /// See the trait; each is dropped once.
    unsafe fn drop_behind(tables: &mut Self::Tables, before: &[usize]);
}

/// Variants whose values are `Clone`.
pub trait OwnVariants: Variants {
    /// Clones the values of a row.
    ///
    /// # Safety
    ///
    /// As of the methods of [`Variants`].
    unsafe fn own(tables: &Self::Tables, number: usize, place: usize) -> Self::Values;

    /// The same rows of all variants.
    fn try_clone(tables: &Self::Tables) -> Result<Self::Tables, Refused>;

    /// Appends clones of other tables' rows, those of each variant that are named by their places, and counts them. Where it fails or a
    /// clone panics, all are as they were.
    ///
    /// # Safety
    ///
    /// As of the methods of [`Variants`]; there is a list for each variant.
    unsafe fn try_extend_cloned(
        tables: &mut Self::Tables,
        other: &Self::Tables,
        places: &[Vec<usize>],
    ) -> Result<(), Refused>;

    /// Drops as many rows of each variant as are named here: those that came last.
    fn drop_last(tables: &mut Self::Tables, places: &[Vec<usize>]);
}

/// Keeps [`Variants`] to the types of this module.
pub trait Sealed {}

impl<F> Sealed for Variant<F> {}
impl<A, B> Sealed for (A, B) {}

impl<F: Fields> Variants for Variant<F> {
    type Values = F::Values;
    type Tables = Table<F>;
    const COUNT: usize = 1;

    fn number(_: &F::Values) -> usize {
        0
    }

    fn len(table: &Table<F>, _: usize) -> usize {
        table.len()
    }

    fn try_prepare(table: &mut Table<F>, values: &F::Values) -> Result<(), Refused> {
        table.try_prepare(values)
    }

    unsafe fn try_extend_from(
        table: &mut Table<F>,
        other: &Table<F>,
        _: usize,
        place: usize,
    ) -> Result<(), Refused> {
        let len = table.len();
        table.try_grow(1).map_err(StoreError::from)?;
        // SAFETY: as the caller promises.
        unsafe { F::try_extend_from(table.stores_mut(), other.stores(), place..place + 1, len) }
    }

    fn truncate_stores(table: &mut Table<F>) {
        let len = table.len();
        F::truncate_stores(table.stores_mut(), len);
    }

    unsafe fn forget_all(table: &mut Table<F>) {
        // SAFETY: no row is counted, so none has to be there.
        unsafe { table.set_len_nested(0) };
        F::truncate_stores(table.stores_mut(), 0);
    }

    fn try_remove_unused(table: &mut Table<F>) -> Result<(), StoreError> {
        table.try_remove_unused()
    }

    fn shrink_to_fit(table: &mut Table<F>) {
        table.shrink_to_fit();
    }

    fn heap_bytes(table: &Table<F>) -> usize {
        table.heap_bytes()
    }

    fn check_invariants(table: &Table<F>) {
        table.check_invariants();
    }

    unsafe fn write(table: &mut Table<F>, values: F::Values) {
        let len = table.len();
        // SAFETY: there is room for the row, as the caller promises.
        unsafe { table.write_nested(len, values) };
        // SAFETY: as many rows are there now.
        unsafe { table.set_len_nested(len + 1) };
    }

    unsafe fn take(table: &Table<F>, _: usize, place: usize) -> F::Values {
        // SAFETY: as the caller promises.
        unsafe { table.take_nested(place) }
    }

    unsafe fn swap_remove(table: &mut Table<F>, _: usize, place: usize) {
        let last = table.len() - 1;
        // SAFETY: the last row is there; what it overwrites has been moved out, as the caller promises.
        unsafe { table.move_nested(last..last + 1, place) };
        // SAFETY: as many rows are there now.
        unsafe { table.set_len_nested(last) };
        F::swap_remove_from_stores(table.stores_mut(), place);
    }

    unsafe fn move_from(table: &mut Table<F>, other: &Table<F>, _: usize, place: usize) {
        let len = table.len();
        // SAFETY: there is room for the row, as the caller promises.
        unsafe { table.move_nested_from(len, other, place..place + 1) };
        // SAFETY: as many rows are there now.
        unsafe { table.set_len_nested(len + 1) };
    }

    unsafe fn keep(table: &mut Table<F>, keep: &[BitArray]) {
        // SAFETY: there is a bit for each row, as the caller promises.
        unsafe { table.partition_nested(&keep[0]) };
        // SAFETY: as many rows are there now.
        unsafe { table.set_len_nested(keep[0].count_ones()) };
    }

    unsafe fn drop_behind(table: &mut Table<F>, before: &[usize]) {
        let gone = table.len()..before[0];
        // SAFETY: these were counted, and are no longer, as the caller promises.
        unsafe { table.drop_nested(gone) };
    }
}

impl<F: Own> OwnVariants for Variant<F> {
    unsafe fn own(table: &Table<F>, _: usize, place: usize) -> F::Values {
        // SAFETY: as the caller promises.
        unsafe { table.own(place) }
    }

    fn try_clone(table: &Table<F>) -> Result<Table<F>, Refused> {
        table.try_clone()
    }

    unsafe fn try_extend_cloned(
        table: &mut Table<F>,
        other: &Table<F>,
        places: &[Vec<usize>],
    ) -> Result<(), Refused> {
        // SAFETY: as the caller promises.
        unsafe { table.try_extend_cloned(other, Which::At(&places[0])) }
    }

    fn drop_last(table: &mut Table<F>, places: &[Vec<usize>]) {
        table.truncate(table.len() - places[0].len());
    }
}

impl<A: Variants, B: Variants> Variants for (A, B) {
    type Values = Either<A::Values, B::Values>;
    type Tables = (A::Tables, B::Tables);
    const COUNT: usize = A::COUNT + B::COUNT;

    fn number(values: &Self::Values) -> usize {
        match values {
            Either::First(values) => A::number(values),
            Either::Second(values) => A::COUNT + B::number(values),
        }
    }

    fn len(tables: &Self::Tables, number: usize) -> usize {
        if number < A::COUNT {
            A::len(&tables.0, number)
        } else {
            B::len(&tables.1, number - A::COUNT)
        }
    }

    fn try_prepare(tables: &mut Self::Tables, values: &Self::Values) -> Result<(), Refused> {
        match values {
            Either::First(values) => A::try_prepare(&mut tables.0, values),
            Either::Second(values) => B::try_prepare(&mut tables.1, values),
        }
    }

    unsafe fn try_extend_from(
        tables: &mut Self::Tables,
        other: &Self::Tables,
        number: usize,
        place: usize,
    ) -> Result<(), Refused> {
        if number < A::COUNT {
            // SAFETY: as the caller promises.
            unsafe { A::try_extend_from(&mut tables.0, &other.0, number, place) }
        } else {
            // SAFETY: as above.
            unsafe { B::try_extend_from(&mut tables.1, &other.1, number - A::COUNT, place) }
        }
    }

    fn truncate_stores(tables: &mut Self::Tables) {
        A::truncate_stores(&mut tables.0);
        B::truncate_stores(&mut tables.1);
    }

    unsafe fn forget_all(tables: &mut Self::Tables) {
        // SAFETY: as the caller promises.
        unsafe { A::forget_all(&mut tables.0) };
        // SAFETY: as above.
        unsafe { B::forget_all(&mut tables.1) };
    }

    fn try_remove_unused(tables: &mut Self::Tables) -> Result<(), StoreError> {
        A::try_remove_unused(&mut tables.0)?;
        B::try_remove_unused(&mut tables.1)
    }

    fn shrink_to_fit(tables: &mut Self::Tables) {
        A::shrink_to_fit(&mut tables.0);
        B::shrink_to_fit(&mut tables.1);
    }

    fn heap_bytes(tables: &Self::Tables) -> usize {
        A::heap_bytes(&tables.0) + B::heap_bytes(&tables.1)
    }

    fn check_invariants(tables: &Self::Tables) {
        A::check_invariants(&tables.0);
        B::check_invariants(&tables.1);
    }

    unsafe fn write(tables: &mut Self::Tables, values: Self::Values) {
        match values {
            // SAFETY: as the caller promises.
            Either::First(values) => unsafe { A::write(&mut tables.0, values) },
            // SAFETY: as above.
            Either::Second(values) => unsafe { B::write(&mut tables.1, values) },
        }
    }

    unsafe fn take(tables: &Self::Tables, number: usize, place: usize) -> Self::Values {
        if number < A::COUNT {
            // SAFETY: as the caller promises.
            Either::First(unsafe { A::take(&tables.0, number, place) })
        } else {
            // SAFETY: as above.
            Either::Second(unsafe { B::take(&tables.1, number - A::COUNT, place) })
        }
    }

    unsafe fn swap_remove(tables: &mut Self::Tables, number: usize, place: usize) {
        if number < A::COUNT {
            // SAFETY: as the caller promises.
            unsafe { A::swap_remove(&mut tables.0, number, place) }
        } else {
            // SAFETY: as above.
            unsafe { B::swap_remove(&mut tables.1, number - A::COUNT, place) }
        }
    }

    unsafe fn move_from(
        tables: &mut Self::Tables,
        other: &Self::Tables,
        number: usize,
        place: usize,
    ) {
        if number < A::COUNT {
            // SAFETY: as the caller promises.
            unsafe { A::move_from(&mut tables.0, &other.0, number, place) }
        } else {
            // SAFETY: as above.
            unsafe { B::move_from(&mut tables.1, &other.1, number - A::COUNT, place) }
        }
    }

    unsafe fn keep(tables: &mut Self::Tables, keep: &[BitArray]) {
        let (first, second) = keep.split_at(A::COUNT);
        // SAFETY: as the caller promises.
        unsafe { A::keep(&mut tables.0, first) };
        // SAFETY: as above.
        unsafe { B::keep(&mut tables.1, second) };
    }

    unsafe fn drop_behind(tables: &mut Self::Tables, before: &[usize]) {
        /// Drops the second half even where dropping the first panics.
        struct Second<'a, B: Variants>(&'a mut B::Tables, &'a [usize]);
        impl<B: Variants> Drop for Second<'_, B> {
            fn drop(&mut self) {
                // SAFETY: as the caller of `drop_behind` promises.
                unsafe { B::drop_behind(self.0, self.1) };
            }
        }
        let (first, second) = before.split_at(A::COUNT);
        let _second = Second::<B>(&mut tables.1, second);
        // SAFETY: as the caller promises.
        unsafe { A::drop_behind(&mut tables.0, first) };
    }
}

impl<A: OwnVariants, B: OwnVariants> OwnVariants for (A, B) {
    unsafe fn own(tables: &Self::Tables, number: usize, place: usize) -> Self::Values {
        if number < A::COUNT {
            // SAFETY: as the caller promises.
            Either::First(unsafe { A::own(&tables.0, number, place) })
        } else {
            // SAFETY: as above.
            Either::Second(unsafe { B::own(&tables.1, number - A::COUNT, place) })
        }
    }

    fn try_clone(tables: &Self::Tables) -> Result<Self::Tables, Refused> {
        Ok((A::try_clone(&tables.0)?, B::try_clone(&tables.1)?))
    }

    unsafe fn try_extend_cloned(
        tables: &mut Self::Tables,
        other: &Self::Tables,
        places: &[Vec<usize>],
    ) -> Result<(), Refused> {
        /// Drops the clones of the first half unless the second has its own.
        struct First<'a, A: OwnVariants>(&'a mut A::Tables, &'a [Vec<usize>]);
        impl<A: OwnVariants> Drop for First<'_, A> {
            fn drop(&mut self) {
                A::drop_last(self.0, self.1);
            }
        }
        let (first, second) = places.split_at(A::COUNT);
        // SAFETY: as the caller promises.
        unsafe { A::try_extend_cloned(&mut tables.0, &other.0, first) }?;
        let cloned = First::<A>(&mut tables.0, first);
        // SAFETY: as above.
        unsafe { B::try_extend_cloned(&mut tables.1, &other.1, second) }?;
        mem::forget(cloned);
        Ok(())
    }

    fn drop_last(tables: &mut Self::Tables, places: &[Vec<usize>]) {
        /// Drops those of the second half even where dropping one of the first panics.
        struct Second<'a, B: OwnVariants>(&'a mut B::Tables, &'a [Vec<usize>]);
        impl<B: OwnVariants> Drop for Second<'_, B> {
            fn drop(&mut self) {
                B::drop_last(self.0, self.1);
            }
        }
        let (first, second) = places.split_at(A::COUNT);
        let _second = Second::<B>(&mut tables.1, second);
        A::drop_last(&mut tables.0, first);
    }
}

/// Variants of which one is at the end of the way `I`.
///
/// # Safety
///
/// The number and the table are those of that variant: a row of the number is one of the table.
pub unsafe trait VariantAt<I>: Variants {
    /// Its fields.
    type Fields: Fields;

    /// Its number.
    const NUMBER: usize;

    /// Its rows.
    fn table(tables: &Self::Tables) -> &Table<Self::Fields>;

    /// The same, to change them.
    fn table_mut(tables: &mut Self::Tables) -> &mut Table<Self::Fields>;
}

// SAFETY: a variant is where it is.
unsafe impl<F: Fields> VariantAt<Here> for Variant<F> {
    type Fields = F;
    const NUMBER: usize = 0;

    #[inline]
    fn table(table: &Table<F>) -> &Table<F> {
        table
    }

    #[inline]
    fn table_mut(table: &mut Table<F>) -> &mut Table<F> {
        table
    }
}

// SAFETY: the first half is numbered as the pair is.
unsafe impl<A: VariantAt<I>, B: Variants, I> VariantAt<Left<I>> for (A, B) {
    type Fields = A::Fields;
    const NUMBER: usize = A::NUMBER;

    #[inline]
    fn table(tables: &Self::Tables) -> &Table<A::Fields> {
        A::table(&tables.0)
    }

    #[inline]
    fn table_mut(tables: &mut Self::Tables) -> &mut Table<A::Fields> {
        A::table_mut(&mut tables.0)
    }
}

// SAFETY: the second half is numbered behind the first.
unsafe impl<A: Variants, B: VariantAt<I>, I> VariantAt<Right<I>> for (A, B) {
    type Fields = B::Fields;
    const NUMBER: usize = A::COUNT + B::NUMBER;

    #[inline]
    fn table(tables: &Self::Tables) -> &Table<B::Fields> {
        B::table(&tables.1)
    }

    #[inline]
    fn table_mut(tables: &mut Self::Tables) -> &mut Table<B::Fields> {
        B::table_mut(&mut tables.1)
    }
}
