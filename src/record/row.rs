//! A row: a table and an index, as one reference.
//!
//! A `&RowOf` is a pointer to the table of which the metadata, which would be the length of the empty slice at the end of a
//! `RowOf`, is the index of the row. So there are references to rows that lie nowhere as a whole, and `records[index]` gives one.
#![allow(unsafe_code)]

use super::StoreError;
use super::cells::{Access, Plain};
use super::fields::Fields;
use super::leaf::{At, Leaf, Own, Replace};
use super::table::Table;
use core::fmt;
use core::ptr;

/// A row of a table. There are references to it alone.
#[repr(C)]
pub struct RowOf<F: Fields> {
    table: Table<F>,
    /// Invariant: the length is less than that of the table.
    index: [()],
}

impl<F: Fields> RowOf<F> {
    /// The row at `index`.
    ///
    /// # Safety
    ///
    /// `index` is less than the length of the table.
    #[inline]
    pub(super) unsafe fn new(table: &Table<F>, index: usize) -> &Self {
        let row =
            ptr::slice_from_raw_parts(ptr::from_ref(table).cast::<()>(), index) as *const Self;
        // SAFETY: a `RowOf` is a table and a slice of nothing, so of the table's size and alignment; the row is there, as the
        // caller promises, and stays as long as the table is borrowed.
        unsafe { &*row }
    }

    /// The row at `index`, to change it.
    ///
    /// # Safety
    ///
    /// `index` is less than the length of the table.
    #[inline]
    pub(super) unsafe fn new_mut(table: &mut Table<F>, index: usize) -> &mut Self {
        let row =
            ptr::slice_from_raw_parts_mut(ptr::from_mut(table).cast::<()>(), index) as *mut Self;
        // SAFETY: as above; through a row the values change, but not how many rows there are.
        unsafe { &mut *row }
    }

    /// Which row of its records it is.
    #[inline]
    pub fn index(&self) -> usize {
        self.index.len()
    }

    /// What the row gives of a field.
    #[inline]
    pub fn get<I>(&self) -> <F::Leaf as Leaf>::Get<'_>
    where
        F: At<I>,
    {
        // SAFETY: the row is in the table (invariant of `index`).
        unsafe { self.table.get::<I>(self.index.len()) }
    }

    /// Replaces the value of a field, and gives the old one.
    ///
    /// # Errors
    ///
    /// Gives the new value back where the column cannot take it.
    #[inline]
    #[expect(clippy::type_complexity, reason = "the value that was, or the one that is refused")]
    pub fn replace<I>(
        &mut self,
        value: <F::Leaf as Fields>::Values,
    ) -> Result<<F::Leaf as Fields>::Values, (<F::Leaf as Fields>::Values, StoreError)>
    where
        F: At<I, Leaf: Replace>,
    {
        let index = self.index.len();
        // SAFETY: the row is in the table (invariant of `index`).
        unsafe { self.table.replace::<I>(index, value) }
    }

    /// The value of a plain field, to change it.
    #[inline]
    pub fn cell_mut<I, T, A>(&mut self) -> &mut T
    where
        F: At<I, Leaf = Plain<T, A>>,
        A: Access<T>,
    {
        let index = self.index.len();
        // SAFETY: the row is in the table (invariant of `index`).
        unsafe { self.table.cell_mut::<I, T, A>(index) }
    }

    /// Clones the values.
    pub fn own(&self) -> F::Values
    where
        F: Own,
    {
        // SAFETY: the row is in the table (invariant of `index`).
        unsafe { self.table.own(self.index.len()) }
    }
}

impl<F: Fields> fmt::Debug for RowOf<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row").field("index", &self.index()).finish_non_exhaustive()
    }
}
