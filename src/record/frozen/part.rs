//! Columns of a table that are read or filled one by one, and the proof that they have been.
#![allow(unsafe_code)]

use crate::raw::columns::Block;
use crate::record::error::StoreError;
use crate::record::fields::Fields;
use crate::record::leaf::Leaf;
use crate::record::nested::Nested;
use crate::record::place::{After, Place, Start};
use crate::record::schema::Record;
use crate::record::store::Store;
use crate::record::stored::Stored;
use crate::record::table::Table;
use core::fmt;
use core::marker::PhantomData;

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
    pub(super) fn stores(self) -> &'a F::Stores {
        self.stores
    }
}

impl<'a, P: Place, A: Fields, B: Fields> Part<'a, P, (A, B)> {
    /// The fields of either half.
    pub(super) fn halves(self) -> (Part<'a, P, A>, Part<'a, After<P, A>, B>) {
        let Self { block, stores: (first, second), len, .. } = self;
        let first = Part { block, stores: first, len, place: PhantomData };
        (first, Part { block, stores: second, len, place: PhantomData })
    }
}

impl<'a, P: Place, L: Leaf> Part<'a, P, L> {
    /// The values of all rows.
    pub(super) fn slice(self) -> L::Slice<'a> {
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

/// The proof that fields of a table have so many rows. Only this module makes one.
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

/// Fills a table that has no rows with `len` of them. What fails leaves it empty.
pub(in crate::record) fn try_fill<F: Fields>(
    table: &mut Table<F>,
    len: usize,
    fill: impl FnOnce(Gap<'_, Start<F>, F>) -> Result<Filled<Start<F>, F>, StoreError>,
) -> Result<(), StoreError> {
    let filled = try_fill_uncounted(table, len, fill);
    match filled {
        // SAFETY: the cells of as many rows are initialised, nested ones too, as the proof says.
        Ok(Filled { .. }) => unsafe { table.set_len_nested(len) },
        Err(_) => F::truncate_stores(table.parts_mut().1, 0),
    }
    filled.map(|_| ())
}

/// Fills a table, whose rows are not yet counted.
fn try_fill_uncounted<F: Fields>(
    table: &mut Table<F>,
    len: usize,
    fill: impl FnOnce(Gap<'_, Start<F>, F>) -> Result<Filled<Start<F>, F>, StoreError>,
) -> Result<Filled<Start<F>, F>, StoreError> {
    assert_eq!(table.len(), 0, "a table that has rows");
    table.try_grow(len)?;
    let (block, stores) = table.parts_mut();
    let filled = fill(Gap { block, stores, len, place: PhantomData })?;
    assert_eq!(filled.len, len, "a proof of other rows");
    Ok(filled)
}

impl<'a, P: Place, A: Fields, B: Fields> Gap<'a, P, (A, B)> {
    /// Fills the fields of either half.
    pub(super) fn try_halves(
        self,
        first: impl FnOnce(Gap<'_, P, A>) -> Result<Filled<P, A>, StoreError>,
        second: impl FnOnce(Gap<'_, After<P, A>, B>) -> Result<Filled<After<P, A>, B>, StoreError>,
    ) -> Result<Filled<P, (A, B)>, StoreError> {
        let Self { block, stores: (a, b), len, .. } = self;
        let first = first(Gap { block, stores: a, len, place: PhantomData })?;
        let second = second(Gap { block, stores: b, len, place: PhantomData })?;
        assert!(first.len == len && second.len == len, "a proof of other rows");
        Ok(Filled::new(len))
    }
}

impl<P: Place> Gap<'_, P, ()> {
    /// Fills no field.
    pub(super) fn nothing(self) -> Filled<P, ()> {
        Filled::new(self.len)
    }
}

impl<P: Place, L: Leaf<Stores = ()>> Gap<'_, P, L> {
    /// Fills cells with values, one for each row.
    ///
    /// # Panics
    ///
    /// Panics where there are more or fewer of them.
    pub(super) fn cells(self, values: impl Iterator<Item = L::Values>) -> Filled<P, L> {
        let Self { block, stores, len, .. } = self;
        let mut filled = 0;
        values.for_each(|value| {
            assert!(filled < len, "more values than rows");
            // SAFETY: the table has the leaf there, and room for the row, which it does not count (invariant of `block`), so
            // that its cells are nobody's.
            unsafe { L::write::<P>(block, stores, filled, value) };
            filled += 1;
        });
        assert_eq!(filled, len, "fewer values than rows");
        Filled::new(len)
    }
}

impl<P: Place, S: Store> Gap<'_, P, Stored<S>> {
    /// Replaces the store by one that has the rows.
    ///
    /// # Panics
    ///
    /// Panics where it has more or fewer of them.
    pub(super) fn store(self, store: S) -> Filled<P, Stored<S>> {
        assert_eq!(store.rows(), self.len, "a store of other rows");
        *self.stores = store;
        Filled::new(self.len)
    }
}

impl<P: Place, R: Record> Gap<'_, P, Nested<R>> {
    /// Fills the table of a nested record, the rows of which the outer one counts.
    pub(super) fn try_nested(
        self,
        fill: impl FnOnce(
            Gap<'_, Start<R::Fields>, R::Fields>,
        ) -> Result<Filled<Start<R::Fields>, R::Fields>, StoreError>,
    ) -> Result<Filled<P, Nested<R>>, StoreError> {
        try_fill_uncounted(self.stores, self.len, fill)?;
        Ok(Filled::new(self.len))
    }
}

impl<P, F: Fields> fmt::Debug for Gap<'_, P, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gap").field("len", &self.len).finish_non_exhaustive()
    }
}
