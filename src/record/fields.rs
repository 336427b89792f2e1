//! The fields of a record as a type: what all columns do together.
//!
//! A record's fields are a tree of pairs, `((A, B), (C, ()))`, whose leaves say how a field is stored: [`Plain`](super::Plain),
//! [`Nullable`](super::Nullable), [`Stored`](super::Stored), [`Nested`](super::Nested). Every operation is written for the leaves, and for a pair as
//! its two halves one after the other; the compiler makes straight code of it for each record. A leaf knows by its [`Place`] where
//! its cells lie in the block that all leaves share.
#![allow(unsafe_code)]

use super::any::AnyColumn;
use super::error::{Refused, StoreError};
use super::place::{After, Place, Sizes, Widest};
use crate::array::BitArray;
use crate::raw::ReserveError;
use crate::raw::columns::{Block, Scratch};
use core::marker::PhantomData;
use core::ops::Range;

/// Fields of a record, as columns.
///
/// # What the unsafe methods may assume
///
/// The block is that of the record that `P` is a place in, and has room for the rows named; the first `len` cells of each leaf are
/// initialised, and so are all bitmaps; the stores are those of the record. All names of rows are in bounds, and
/// the caller sees to it that each cell is dropped once: what is moved out is no longer counted by `len`.
///
/// What a leaf does not implement does nothing: `Plain` and `Nullable` have no stores, the others no cells.
#[expect(unused_variables, reason = "methods that do nothing say what they are given")]
pub trait Fields: Sealed + Sized {
    /// The values of a row.
    type Values;
    /// What leaves own beside the block.
    type Stores: Default;
    /// What takes an insertion back that cannot be undone in place.
    type Undo: Default;
    /// The columns that can be changed in place.
    type SlicesMut<'a>
    where
        Self: 'a;
    /// The cells of a row.
    const SIZES: Sizes;
    /// The bitmaps: one for each leaf that has nulls and lies in the block.
    const BITMAPS: usize;
    /// The leaves.
    const LEAVES: usize;
    /// The widest of the cells, here and in nested tables.
    const WIDEST: Widest = Widest::NONE;

    /// Makes room in stores for `additional` rows.
    fn try_reserve(stores: &mut Self::Stores, additional: usize) -> Result<(), ReserveError> {
        Ok(())
    }

    /// Makes room for exactly so many rows where stores have cells of a fixed width (nested records and enums do), and in others as
    /// `try_reserve` does.
    fn try_reserve_exact(stores: &mut Self::Stores, additional: usize) -> Result<(), ReserveError> {
        Ok(())
    }

    /// Drops strings that no row has. Where it fails, rows are what they were.
    fn try_remove_unused(stores: &mut Self::Stores) -> Result<(), StoreError> {
        Ok(())
    }

    /// Appends to the stores, which have `len` rows, what values have for them. Where one refuses, all are as they were.
    #[inline]
    fn try_push(
        stores: &mut Self::Stores,
        values: &Self::Values,
        len: usize,
    ) -> Result<(), Refused> {
        Ok(())
    }

    /// Inserts into the stores, as `try_push` appends, and says how it is taken back.
    fn try_insert(
        stores: &mut Self::Stores,
        values: &Self::Values,
        index: usize,
    ) -> Result<Self::Undo, Refused> {
        Ok(Self::Undo::default())
    }

    /// Takes back what `try_insert` has just done, which needs no memory.
    fn undo_insert(stores: &mut Self::Stores, index: usize, undo: Self::Undo) {}

    /// Appends rows of other stores, of which there are `len` before. Where one refuses, all are as they were.
    ///
    /// # Safety
    ///
    /// The rows are in the other stores, as the trait says, whose cells are initialised. Where it succeeds, cells that stores have of them
    /// (enums do) are in both, and the caller has one of the two forget them before either is used for anything else: this one by
    /// `truncate_stores`, the other by that or by `remove_from_stores`.
    unsafe fn try_extend_from(
        stores: &mut Self::Stores,
        other: &Self::Stores,
        rows: Range<usize>,
        len: usize,
    ) -> Result<(), Refused> {
        Ok(())
    }

    /// Drops the rows of the stores behind the first `len`; cells stay.
    #[inline]
    fn truncate_stores(stores: &mut Self::Stores, len: usize) {}

    /// Removes rows of the stores; cells stay.
    fn remove_from_stores(stores: &mut Self::Stores, rows: Range<usize>) {}

    /// Puts the last row of the stores in the place of row `index`; cells stay.
    fn swap_remove_from_stores(stores: &mut Self::Stores, index: usize) {}

    /// Exchanges two rows of the stores; cells stay.
    fn swap_in_stores(stores: &mut Self::Stores, a: usize, b: usize) {}

    /// Tells nested tables how many rows they have.
    ///
    /// # Safety
    ///
    /// They have as many, initialised.
    #[inline]
    unsafe fn set_len(stores: &mut Self::Stores, len: usize) {}

    /// Gives back what stores do not need.
    fn shrink_to_fit(stores: &mut Self::Stores) {}

    /// Bytes on the heap that the stores have.
    fn heap_bytes(stores: &Self::Stores) -> usize {
        0
    }

    /// Panics unless each of the stores has `len` rows, and holds its invariants.
    fn check_stores(stores: &Self::Stores, len: usize) {}

    /// Panics where one of the first `len` cells does not hold what it has to.
    ///
    /// # Safety
    ///
    /// See the trait.
    unsafe fn check_cells<P: Place>(block: &Block, len: usize) {}

    /// Moves values into the cells of row `index`.
    ///
    /// # Safety
    ///
    /// See the trait; the row's cells are nobody's.
    unsafe fn write<P: Place>(
        block: &Block,
        stores: &mut Self::Stores,
        index: usize,
        values: Self::Values,
    );

    /// Moves the values of row `index` out of the cells, and makes anew what lies in stores, which stay as they are.
    ///
    /// # Safety
    ///
    /// See the trait.
    unsafe fn take<P: Place>(block: &Block, stores: &Self::Stores, index: usize) -> Self::Values;

    /// Tells the compiler that the cells of row `index` can be read: see `access.rs`.
    ///
    /// # Safety
    ///
    /// See the trait.
    #[inline(always)]
    unsafe fn foresee<P: Place>(block: &Block, stores: &Self::Stores, index: usize) {}

    /// The column of that number, counted from 0, of rows.
    ///
    /// # Safety
    ///
    /// See the trait; the block is not written to as long as the column is there.
    unsafe fn any<'a, P: Place>(
        block: &'a Block,
        stores: &'a Self::Stores,
        rows: Range<usize>,
        number: usize,
    ) -> AnyColumn<'a>
    where
        Self: 'a,
    {
        AnyColumn::Other(rows.len())
    }

    /// The columns of the first `len` rows that can be changed in place.
    ///
    /// # Safety
    ///
    /// See the trait; nobody else reads or writes the block as long as they are borrowed.
    unsafe fn slices_mut<'a, P: Place>(
        block: &'a Block,
        stores: &'a mut Self::Stores,
        len: usize,
    ) -> Self::SlicesMut<'a>
    where
        Self: 'a;

    /// Drops cells in place.
    ///
    /// # Safety
    ///
    /// See the trait.
    unsafe fn drop_cells<P: Place>(block: &Block, stores: &mut Self::Stores, rows: Range<usize>) {}

    /// Moves the cells and bits of rows to `to` and on: what is there is overwritten.
    ///
    /// # Safety
    ///
    /// See the trait.
    unsafe fn move_rows<P: Place>(
        block: &Block,
        stores: &mut Self::Stores,
        rows: Range<usize>,
        to: usize,
    ) {
    }

    /// Exchanges the cells and bits of two rows.
    ///
    /// # Safety
    ///
    /// See the trait.
    unsafe fn swap_cells<P: Place>(block: &Block, stores: &mut Self::Stores, a: usize, b: usize) {}

    /// Copies the cells and bits of rows of another block to `to` of this one, as a move.
    ///
    /// # Safety
    ///
    /// See the trait, for both blocks.
    unsafe fn move_from<P: Place>(
        block: &Block,
        stores: &mut Self::Stores,
        to: usize,
        other: &Block,
        other_stores: &Self::Stores,
        rows: Range<usize>,
    ) {
    }

    /// Puts the rows whose bit is set to the front, in order, in cells and in stores. The cells of the others are behind them, where they
    /// have something to drop; stores drop them.
    ///
    /// # Safety
    ///
    /// See the trait.
    unsafe fn partition<P: Place>(block: &Block, stores: &mut Self::Stores, keep: &BitArray) {}

    /// Moves what is in row `order[i]` to row `i`, in cells and in stores, by way of memory for one column.
    ///
    /// # Safety
    ///
    /// See the trait; the order names each row once, and there is room for the widest column.
    unsafe fn permute<P: Place>(
        block: &Block,
        stores: &mut Self::Stores,
        order: &[u32],
        scratch: &Scratch,
    ) {
    }

    /// Moves the columns whose cells have alignment `1 << class` from where they lie at one capacity to where they lie at another, the
    /// last first where the new one is larger.
    ///
    /// # Safety
    ///
    /// See the trait; the memory is large enough for both capacities, and the columns that would be overwritten have moved.
    unsafe fn relocate<P: Place>(block: &Block, class: usize, from: usize, to: usize, len: usize) {}

    /// Moves the bitmaps, likewise, and clears what is behind the bits.
    ///
    /// # Safety
    ///
    /// See `relocate`.
    unsafe fn relocate_bitmaps<P: Place>(block: &Block, from: usize, to: usize, len: usize) {}
}

/// Drops the last rows, from the first of `rows` on: cells, and then what stores still have, also where dropping a cell panics.
///
/// # Safety
///
/// As of [`Fields::drop_cells`].
pub(super) unsafe fn drop_rows<F: Fields, P: Place>(
    block: &Block,
    stores: &mut F::Stores,
    rows: Range<usize>,
) {
    struct Rest<'a, F: Fields>(&'a mut F::Stores, usize);
    impl<F: Fields> Drop for Rest<'_, F> {
        fn drop(&mut self) {
            F::truncate_stores(self.0, self.1);
        }
    }
    let rest = Rest::<F>(stores, rows.start);
    // SAFETY: as the caller promises.
    unsafe { F::drop_cells::<P>(block, rest.0, rows) };
}

/// Keeps [`Fields`] to the types of this module, on whose impls unsafe code relies.
pub trait Sealed {}

impl Sealed for () {}

/// A pair of fields, one after the other.
impl<A: Fields, B: Fields> Sealed for (A, B) {}

/// No field.
impl Fields for () {
    type Values = ();
    type Stores = ();
    type Undo = ();
    type SlicesMut<'a> = ();
    const SIZES: Sizes = Sizes::NONE;
    const BITMAPS: usize = 0;
    const LEAVES: usize = 0;

    unsafe fn write<P: Place>(_: &Block, _: &mut (), _: usize, _: ()) {}

    unsafe fn take<P: Place>(_: &Block, _: &(), _: usize) {}

    unsafe fn slices_mut<'a, P: Place>(_: &'a Block, _: &'a mut (), _: usize)
    where
        Self: 'a,
    {
    }
}

/// Fields, and fields behind them. What the halves may assume is what the pair may.
impl<A: Fields, B: Fields> Fields for (A, B) {
    type Values = (A::Values, B::Values);
    type Stores = (A::Stores, B::Stores);
    type Undo = (A::Undo, B::Undo);
    type SlicesMut<'a>
        = (A::SlicesMut<'a>, B::SlicesMut<'a>)
    where
        Self: 'a;
    const SIZES: Sizes = A::SIZES.plus(B::SIZES);
    const BITMAPS: usize = A::BITMAPS + B::BITMAPS;
    const LEAVES: usize = A::LEAVES + B::LEAVES;
    const WIDEST: Widest = A::WIDEST.or(B::WIDEST);

    fn try_reserve(stores: &mut Self::Stores, additional: usize) -> Result<(), ReserveError> {
        A::try_reserve(&mut stores.0, additional)?;
        B::try_reserve(&mut stores.1, additional)
    }

    fn try_reserve_exact(stores: &mut Self::Stores, additional: usize) -> Result<(), ReserveError> {
        A::try_reserve_exact(&mut stores.0, additional)?;
        B::try_reserve_exact(&mut stores.1, additional)
    }

    fn try_remove_unused(stores: &mut Self::Stores) -> Result<(), StoreError> {
        A::try_remove_unused(&mut stores.0)?;
        B::try_remove_unused(&mut stores.1)
    }

    #[inline]
    fn try_push(
        stores: &mut Self::Stores,
        values: &Self::Values,
        len: usize,
    ) -> Result<(), Refused> {
        A::try_push(&mut stores.0, &values.0, len)?;
        B::try_push(&mut stores.1, &values.1, len).map_err(|refused| {
            A::truncate_stores(&mut stores.0, len);
            refused.behind(A::LEAVES)
        })
    }

    fn try_insert(
        stores: &mut Self::Stores,
        values: &Self::Values,
        index: usize,
    ) -> Result<Self::Undo, Refused> {
        let first = A::try_insert(&mut stores.0, &values.0, index)?;
        match B::try_insert(&mut stores.1, &values.1, index) {
            Ok(second) => Ok((first, second)),
            Err(refused) => {
                A::undo_insert(&mut stores.0, index, first);
                Err(refused.behind(A::LEAVES))
            }
        }
    }

    fn undo_insert(stores: &mut Self::Stores, index: usize, (first, second): Self::Undo) {
        A::undo_insert(&mut stores.0, index, first);
        B::undo_insert(&mut stores.1, index, second);
    }

    unsafe fn try_extend_from(
        stores: &mut Self::Stores,
        other: &Self::Stores,
        rows: Range<usize>,
        len: usize,
    ) -> Result<(), Refused> {
        // SAFETY: the rows are there, as the caller promises, and forgotten below, or as it promises.
        unsafe { A::try_extend_from(&mut stores.0, &other.0, rows.clone(), len) }?;
        // SAFETY: as the caller promises.
        let second = unsafe { B::try_extend_from(&mut stores.1, &other.1, rows, len) };
        second.map_err(|refused| {
            A::truncate_stores(&mut stores.0, len);
            refused.behind(A::LEAVES)
        })
    }

    #[inline]
    fn truncate_stores(stores: &mut Self::Stores, len: usize) {
        A::truncate_stores(&mut stores.0, len);
        B::truncate_stores(&mut stores.1, len);
    }

    fn remove_from_stores(stores: &mut Self::Stores, rows: Range<usize>) {
        A::remove_from_stores(&mut stores.0, rows.clone());
        B::remove_from_stores(&mut stores.1, rows);
    }

    fn swap_remove_from_stores(stores: &mut Self::Stores, index: usize) {
        A::swap_remove_from_stores(&mut stores.0, index);
        B::swap_remove_from_stores(&mut stores.1, index);
    }

    #[inline]
    fn swap_in_stores(stores: &mut Self::Stores, a: usize, b: usize) {
        A::swap_in_stores(&mut stores.0, a, b);
        B::swap_in_stores(&mut stores.1, a, b);
    }

    #[inline]
    unsafe fn set_len(stores: &mut Self::Stores, len: usize) {
        // SAFETY: as the caller promises.
        unsafe { A::set_len(&mut stores.0, len) };
        // SAFETY: as above.
        unsafe { B::set_len(&mut stores.1, len) };
    }

    fn shrink_to_fit(stores: &mut Self::Stores) {
        A::shrink_to_fit(&mut stores.0);
        B::shrink_to_fit(&mut stores.1);
    }

    fn heap_bytes(stores: &Self::Stores) -> usize {
        A::heap_bytes(&stores.0) + B::heap_bytes(&stores.1)
    }

    fn check_stores(stores: &Self::Stores, len: usize) {
        A::check_stores(&stores.0, len);
        B::check_stores(&stores.1, len);
    }

    unsafe fn check_cells<P: Place>(block: &Block, len: usize) {
        // SAFETY: as the caller promises.
        unsafe { A::check_cells::<P>(block, len) };
        // SAFETY: as above.
        unsafe { B::check_cells::<After<P, A>>(block, len) };
    }

    #[inline]
    unsafe fn write<P: Place>(
        block: &Block,
        stores: &mut Self::Stores,
        index: usize,
        values: Self::Values,
    ) {
        // SAFETY: as the caller promises.
        unsafe { A::write::<P>(block, &mut stores.0, index, values.0) };
        // SAFETY: as above.
        unsafe { B::write::<After<P, A>>(block, &mut stores.1, index, values.1) };
    }

    #[inline]
    unsafe fn take<P: Place>(block: &Block, stores: &Self::Stores, index: usize) -> Self::Values {
        // SAFETY: as the caller promises.
        let first = unsafe { A::take::<P>(block, &stores.0, index) };
        // SAFETY: as above.
        let second = unsafe { B::take::<After<P, A>>(block, &stores.1, index) };
        (first, second)
    }

    #[inline(always)]
    unsafe fn foresee<P: Place>(block: &Block, stores: &Self::Stores, index: usize) {
        // SAFETY: as the caller promises.
        unsafe { A::foresee::<P>(block, &stores.0, index) };
        // SAFETY: as above.
        unsafe { B::foresee::<After<P, A>>(block, &stores.1, index) };
    }

    unsafe fn any<'a, P: Place>(
        block: &'a Block,
        stores: &'a Self::Stores,
        rows: Range<usize>,
        number: usize,
    ) -> AnyColumn<'a>
    where
        Self: 'a,
    {
        match number.checked_sub(A::LEAVES) {
            // SAFETY: as the caller promises.
            None => unsafe { A::any::<P>(block, &stores.0, rows, number) },
            // SAFETY: as above.
            Some(number) => unsafe { B::any::<After<P, A>>(block, &stores.1, rows, number) },
        }
    }

    #[inline]
    unsafe fn slices_mut<'a, P: Place>(
        block: &'a Block,
        stores: &'a mut Self::Stores,
        len: usize,
    ) -> Self::SlicesMut<'a>
    where
        Self: 'a,
    {
        // SAFETY: as the caller promises.
        let first = unsafe { A::slices_mut::<P>(block, &mut stores.0, len) };
        // SAFETY: as above; the cells of two fields are not the same.
        let second = unsafe { B::slices_mut::<After<P, A>>(block, &mut stores.1, len) };
        (first, second)
    }

    unsafe fn drop_cells<P: Place>(block: &Block, stores: &mut Self::Stores, rows: Range<usize>) {
        /// Drops the second half even where dropping the first panics.
        struct Second<'a, F: Fields, P: Place> {
            block: &'a Block,
            stores: &'a mut F::Stores,
            rows: Range<usize>,
            place: PhantomData<P>,
        }
        impl<F: Fields, P: Place> Drop for Second<'_, F, P> {
            fn drop(&mut self) {
                // SAFETY: as the caller of `drop_cells` promises.
                unsafe { F::drop_cells::<P>(self.block, self.stores, self.rows.clone()) };
            }
        }
        let _second = Second::<B, After<P, A>> {
            block,
            stores: &mut stores.1,
            rows: rows.clone(),
            place: PhantomData,
        };
        // SAFETY: as the caller promises.
        unsafe { A::drop_cells::<P>(block, &mut stores.0, rows) };
    }

    #[inline]
    unsafe fn move_rows<P: Place>(
        block: &Block,
        stores: &mut Self::Stores,
        rows: Range<usize>,
        to: usize,
    ) {
        // SAFETY: as the caller promises.
        unsafe { A::move_rows::<P>(block, &mut stores.0, rows.clone(), to) };
        // SAFETY: as above.
        unsafe { B::move_rows::<After<P, A>>(block, &mut stores.1, rows, to) };
    }

    unsafe fn swap_cells<P: Place>(block: &Block, stores: &mut Self::Stores, a: usize, b: usize) {
        // SAFETY: as the caller promises.
        unsafe { A::swap_cells::<P>(block, &mut stores.0, a, b) };
        // SAFETY: as above.
        unsafe { B::swap_cells::<After<P, A>>(block, &mut stores.1, a, b) };
    }

    unsafe fn move_from<P: Place>(
        block: &Block,
        stores: &mut Self::Stores,
        to: usize,
        other: &Block,
        other_stores: &Self::Stores,
        rows: Range<usize>,
    ) {
        let (a, b) = (&other_stores.0, &other_stores.1);
        // SAFETY: as the caller promises.
        unsafe { A::move_from::<P>(block, &mut stores.0, to, other, a, rows.clone()) };
        // SAFETY: as above.
        unsafe { B::move_from::<After<P, A>>(block, &mut stores.1, to, other, b, rows) };
    }

    unsafe fn partition<P: Place>(block: &Block, stores: &mut Self::Stores, keep: &BitArray) {
        // SAFETY: as the caller promises.
        unsafe { A::partition::<P>(block, &mut stores.0, keep) };
        // SAFETY: as above.
        unsafe { B::partition::<After<P, A>>(block, &mut stores.1, keep) };
    }

    unsafe fn permute<P: Place>(
        block: &Block,
        stores: &mut Self::Stores,
        order: &[u32],
        scratch: &Scratch,
    ) {
        // SAFETY: as the caller promises.
        unsafe { A::permute::<P>(block, &mut stores.0, order, scratch) };
        // SAFETY: as above.
        unsafe { B::permute::<After<P, A>>(block, &mut stores.1, order, scratch) };
    }

    unsafe fn relocate<P: Place>(block: &Block, class: usize, from: usize, to: usize, len: usize) {
        // SAFETY: as the caller promises.
        let first = || unsafe { A::relocate::<P>(block, class, from, to, len) };
        // SAFETY: as above.
        let second = || unsafe { B::relocate::<After<P, A>>(block, class, from, to, len) };
        if to > from {
            second();
            first();
        } else {
            first();
            second();
        }
    }

    unsafe fn relocate_bitmaps<P: Place>(block: &Block, from: usize, to: usize, len: usize) {
        // SAFETY: as the caller promises.
        let first = || unsafe { A::relocate_bitmaps::<P>(block, from, to, len) };
        // SAFETY: as above.
        let second = || unsafe { B::relocate_bitmaps::<After<P, A>>(block, from, to, len) };
        if to > from {
            second();
            first();
        } else {
            first();
            second();
        }
    }
}
