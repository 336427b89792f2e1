//! Columns of a table that are read or filled one by one, and the proof that they have been.
#![allow(unsafe_code)]

use super::access::Access;
use super::cells::{Nullable, NullableField, Plain};
use super::fields::Fields;
use super::leaf::{Leaf, Uncounted};
use super::nested::Nested;
use super::place::{After, Place, Start};
use super::schema::Record;
use super::store::Store;
use super::stored::Stored;
use super::table::Table;
use super::validity::Validity;
use crate::raw::ReserveError;
use crate::raw::columns::Block;
use core::fmt;
use core::marker::PhantomData;
use core::mem;

/// Some of the fields of a table, to be read.
pub struct Part<'a, P, F: Fields> {
    /// Invariant: of a table that has the fields `F` at the place `P`.
    block: &'a Block,
    /// Invariant: of that table.
    stores: &'a F::Stores,
    /// Invariant: the rows of that table.
    len: usize,
    place: PhantomData<P>,
}

impl<'a, F: Fields> Part<'a, Start<F>, F> {
    /// All fields.
    pub(in crate::record) fn of(table: &'a Table<F>) -> Self {
        let (block, stores, len) = (table.block(), table.stores(), table.len());
        Self { block, stores, len, place: PhantomData }
    }
}

impl<'a, P, F: Fields> Part<'a, P, F> {
    /// What the fields own beside the block.
    pub(in crate::record) fn stores(self) -> &'a F::Stores {
        self.stores
    }
}

impl<'a, P: Place, A: Fields, B: Fields> Part<'a, P, (A, B)> {
    /// The fields of either half.
    pub(in crate::record) fn halves(self) -> (Part<'a, P, A>, Part<'a, After<P, A>, B>) {
        let Self { block, stores: (first, second), len, .. } = self;
        let first = Part { block, stores: first, len, place: PhantomData };
        (first, Part { block, stores: second, len, place: PhantomData })
    }
}

impl<'a, P: Place, L: Leaf> Part<'a, P, L> {
    /// The values of all rows.
    pub(in crate::record) fn slice(self) -> L::Slice<'a> {
        // SAFETY: block, stores and rows are those of a table that has the leaf there (invariants of the fields).
        unsafe { L::slice::<P>(self.block, self.stores, 0..self.len) }
    }
}

impl<P, F: Fields> fmt::Debug for Part<'_, P, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Part").field("len", &self.len).finish_non_exhaustive()
    }
}

/// Some of the fields of a table without rows, to be filled.
pub struct Gap<'a, P, F: Fields> {
    /// Invariant: of a table that has the fields `F` at the place `P`, and room for `len` rows, of which it counts none.
    block: &'a Block,
    /// Invariant: of that table.
    stores: &'a mut F::Stores,
    len: usize,
    place: PhantomData<P>,
}

/// The proof that fields of a table have so many rows: of that table whose [`Gap`] was taken for it, not of another with the same fields.
/// Only this module makes one.
#[derive(Debug)]
pub struct Filled<P, F> {
    len: usize,
    fields: PhantomData<(P, F)>,
}

impl<P, F> Filled<P, F> {
    fn new(len: usize) -> Self {
        Self { len, fields: PhantomData }
    }
}

/// Fills a table that has no rows with `len` of them. What fails or panics leaves it empty, and drops what was filled.
pub(in crate::record) fn try_fill<F: Fields, E: From<ReserveError>>(
    table: &mut Table<F>,
    len: usize,
    fill: impl FnOnce(Gap<'_, Start<F>, F>) -> Result<Filled<Start<F>, F>, E>,
) -> Result<(), E> {
    let filled = try_fill_uncounted(table, len, fill);
    match filled {
        // SAFETY: the cells of as many rows are initialised, nested ones too, as the proof says.
        Ok(Filled { .. }) => unsafe { table.set_len_nested(len) },
        Err(_) => F::truncate_stores(table.parts_mut().1, 0),
    }
    filled.map(|_| ())
}

/// Fills a table, whose rows are not yet counted.
fn try_fill_uncounted<F: Fields, E: From<ReserveError>>(
    table: &mut Table<F>,
    len: usize,
    fill: impl FnOnce(Gap<'_, Start<F>, F>) -> Result<Filled<Start<F>, F>, E>,
) -> Result<Filled<Start<F>, F>, E> {
    assert_eq!(table.len(), 0, "a table that has rows");
    table.try_grow(len)?;
    let (block, stores) = table.parts_mut();
    let filled = fill(Gap { block, stores, len, place: PhantomData })?;
    assert_eq!(filled.len, len, "a proof of other rows");
    Ok(filled)
}

impl<P, F: Fields> Gap<'_, P, F> {
    /// The rows that are to be filled.
    #[inline]
    pub(in crate::record) fn len(&self) -> usize {
        self.len
    }
}

impl<'a, P: Place, A: Fields, B: Fields> Gap<'a, P, (A, B)> {
    /// Fills the fields of either half.
    pub(in crate::record) fn try_halves<E>(
        self,
        first: impl FnOnce(Gap<'_, P, A>) -> Result<Filled<P, A>, E>,
        second: impl FnOnce(Gap<'_, After<P, A>, B>) -> Result<Filled<After<P, A>, B>, E>,
    ) -> Result<Filled<P, (A, B)>, E> {
        let Self { block, stores: (a, b), len, .. } = self;
        let first = first(Gap { block, stores: &mut *a, len, place: PhantomData })?;
        // SAFETY: the rows have just been filled, as the proof says, and are counted when the second half has them too.
        let mut filled = unsafe { Uncounted::<A, P>::new(block, a, 0) };
        filled.rows.end = first.len;
        assert_eq!(first.len, len, "a proof of other rows");
        let second = second(Gap { block, stores: b, len, place: PhantomData })?;
        assert_eq!(second.len, len, "a proof of other rows");
        mem::forget(filled);
        Ok(Filled::new(len))
    }
}

impl<P: Place> Gap<'_, P, ()> {
    /// Fills no field.
    pub(in crate::record) fn nothing(self) -> Filled<P, ()> {
        Filled::new(self.len)
    }
}

impl<P: Place, L: Leaf<Stores = ()>> Gap<'_, P, L> {
    /// Fills cells with values, one for each row.
    ///
    /// # Panics
    ///
    /// Panics where there are more or fewer of them.
    pub(in crate::record) fn cells(self, values: impl Iterator<Item = L::Values>) -> Filled<P, L> {
        let Self { block, stores, len, .. } = self;
        // SAFETY: each row is added when its cell has been written.
        let mut filled = unsafe { Uncounted::<L, P>::new(block, stores, 0) };
        values.for_each(|value| {
            let row = filled.rows.end;
            assert!(row < len, "more values than rows");
            // SAFETY: the table has the leaf there, and room for the row, which it does not count (invariant of `block`), so
            // that its cells are nobody's.
            unsafe { L::write::<P>(block, filled.stores, row, value) };
            filled.rows.end += 1;
        });
        assert_eq!(filled.rows.end, len, "fewer values than rows");
        mem::forget(filled);
        Filled::new(len)
    }

    /// Fills the cell of each row with what a closure gives for it.
    pub(in crate::record) fn try_cells<E>(
        self,
        mut value: impl FnMut(usize) -> Result<L::Values, E>,
    ) -> Result<Filled<P, L>, E> {
        let Self { block, stores, len, .. } = self;
        // SAFETY: each row is added when its cell has been written.
        let mut filled = unsafe { Uncounted::<L, P>::new(block, stores, 0) };
        for row in 0..len {
            let value = value(row)?;
            // SAFETY: as above.
            unsafe { L::write::<P>(block, filled.stores, row, value) };
            filled.rows.end = row + 1;
        }
        mem::forget(filled);
        Ok(Filled::new(len))
    }
}

impl<P: Place, T: NullableField, A: Access<T>> Gap<'_, P, Nullable<T, A>> {
    /// Fills cells with what a closure gives for each row, also where that is null, and then the nulls with what stands for none.
    ///
    /// # Panics
    ///
    /// Panics where the validity is that of more or fewer rows.
    pub(in crate::record) fn nullable(
        self,
        validity: Validity<'_>,
        value: impl Fn(usize) -> T,
    ) -> Filled<P, Nullable<T, A>> {
        let Self { block, stores, len, .. } = self;
        // SAFETY: each row is added when its cell has been written, which a plain field at this place would have too.
        let mut filled = unsafe { Uncounted::<Plain<T, A>, P>::new(block, stores, 0) };
        for row in 0..len {
            // SAFETY: as in `cells`.
            unsafe { Plain::<T, A>::write::<P>(block, filled.stores, row, value(row)) };
            filled.rows.end = row + 1;
        }
        // SAFETY: the cells have just been written, and bitmaps are initialised; nobody else uses them meanwhile.
        let mut column = unsafe { Nullable::<T, A>::slices_mut::<P>(block, filled.stores, len) };
        column.set_validity(validity);
        mem::forget(filled);
        Filled::new(len)
    }
}

impl<P: Place, S: Store> Gap<'_, P, Stored<S>> {
    /// Replaces the store by one that has the rows.
    ///
    /// # Panics
    ///
    /// Panics where it has more or fewer of them.
    pub(in crate::record) fn store(self, store: S) -> Filled<P, Stored<S>> {
        assert_eq!(store.rows(), self.len, "a store of other rows");
        *self.stores = store;
        Filled::new(self.len)
    }
}

impl<P: Place, R: Record> Gap<'_, P, Nested<R>> {
    /// Fills the table of a nested record, the rows of which the outer one counts.
    pub(in crate::record) fn try_nested<E: From<ReserveError>>(
        self,
        fill: impl FnOnce(
            Gap<'_, Start<R::Fields>, R::Fields>,
        ) -> Result<Filled<Start<R::Fields>, R::Fields>, E>,
    ) -> Result<Filled<P, Nested<R>>, E> {
        try_fill_uncounted(self.stores, self.len, fill)?;
        Ok(Filled::new(self.len))
    }
}

impl<P, F: Fields> fmt::Debug for Gap<'_, P, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gap").field("len", &self.len).finish_non_exhaustive()
    }
}
