//! A row: a table and an index, as one reference.
//!
//! A `&RowOf` is a pointer to the table of which the metadata, which would be the length of the empty slice at the end of a
//! `RowOf`, is the index of the row. So there are references to rows that lie nowhere as a whole, and `records[index]` gives one.
#![allow(unsafe_code)]

use super::StoreError;
use super::access::Access;
use super::cells::Plain;
use super::enums::{Enum, EnumRows};
use super::fields::Fields;
use super::leaf::{At, Here, Leaf, Own, Replace, Right};
use super::nested::Nested;
use super::optional::OptionOf;
use super::schema::Record;
use super::table::Table;
use super::variants::{VariantAt, Variants};
use core::fmt;
use core::ptr;

/// A row of a table. There are references to it alone.
#[repr(C)]
pub struct RowOf<F: Fields> {
    table: Table<F>,
    /// Invariant: the length is less than that of the table.
    index: [RowsAreHadByReference],
}

/// Nothing. The compiler shows its name to who takes a row by value: `records[0]` in the place of `&records[0]`.
struct RowsAreHadByReference;

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
        // SAFETY: a `RowOf` is a table and a slice of what takes no bytes, so of the table's size and alignment; the row is there, as the
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

    /// Replaces the value of a field.
    ///
    /// # Errors
    ///
    /// Fails where the column cannot take the value; the old one stays.
    #[inline]
    pub fn set<I>(&mut self, value: <F::Leaf as Fields>::Values) -> Result<(), StoreError>
    where
        F: At<I, Leaf: Replace>,
    {
        let index = self.index.len();
        // SAFETY: the row is in the table (invariant of `index`).
        unsafe { self.table.set::<I>(index, value) }
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

    /// The row of a nested record, to change it.
    #[inline]
    pub fn nested_mut<'r, I, R>(&'r mut self) -> &'r mut R::Row
    where
        R: Record<Fields: 'r>,
        F: At<I, Leaf = Nested<R>>,
    {
        let index = self.index.len();
        // SAFETY: the row is in the table (invariant of `index`), and so in that of the nested record, which has the same rows.
        R::row_mut(unsafe { RowOf::new_mut(self.table.store_mut::<I>(), index) })
    }

    /// The row of a record in an `Option`, where there is one.
    #[inline]
    pub fn option<'r, I, R>(&'r self) -> Option<&'r R::Row>
    where
        R: Record<Fields: 'r>,
        F: At<I, Leaf = OptionOf<R>>,
    {
        self.get::<I>().get::<Right<Here>>().map(R::row)
    }

    /// The row of a record in an `Option`, where there is one, to change it.
    #[inline]
    pub fn option_mut<'r, I, R>(&'r mut self) -> Option<&'r mut R::Row>
    where
        R: Record<Fields: 'r>,
        F: At<I, Leaf = OptionOf<R>>,
    {
        let there = self.option::<I, R>().is_some();
        let index = self.index.len();
        there.then(|| R::row_mut(variant_of::<_, Right<Here>>(self.table.store_mut::<I>(), index)))
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

impl<V: Variants> RowOf<Enum<V>> {
    /// The row of the variant that is there, to change it.
    ///
    /// # Panics
    ///
    /// Panics where it is another variant.
    #[inline]
    #[track_caller]
    pub fn variant_mut<I>(&mut self) -> &mut RowOf<V::Fields>
    where
        V: VariantAt<I>,
    {
        let index = self.index.len();
        variant_of::<V, I>(self.table.store_mut::<Here>(), index)
    }
}

/// The row of the variant that an enum's row is, to change it.
#[inline]
#[track_caller]
fn variant_of<V: VariantAt<I>, I>(rows: &mut EnumRows<V>, index: usize) -> &mut RowOf<V::Fields> {
    let (table, place) = rows.variant_mut::<I>(index);
    assert!(place < table.len(), "a row of a variant is in its table");
    // SAFETY: the row is in the table.
    unsafe { RowOf::new_mut(table, place) }
}

impl<F: Fields> fmt::Debug for RowOf<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row").field("index", &self.index()).finish_non_exhaustive()
    }
}
