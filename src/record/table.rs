//! Rows of fields: one block, the stores, and one length.
#![allow(unsafe_code)]

mod fill;

pub use fill::Fill;
#[cfg(feature = "csv")]
pub(super) use fill::FillStore;

use super::access::Access;
use super::any::AnyColumn;
use super::cells::Plain;
use super::error::{Refused, StoreError};
use super::fields::{Fields, drop_rows};
use super::leaf::{At, Leaf, Onto, Own, Replace, Which};
use super::place::{Place, Sizes, Start};
use crate::array::BitArray;
use crate::raw::ReserveError;
use crate::raw::columns::{Block, Scratch, Shape};
use crate::size;
use core::fmt;
use core::marker::PhantomData;
use core::ops::Range;

/// The columns of a record.
pub struct Table<F: Fields> {
    /// Invariant: of the shape of `F`; the cells of the first `len` rows are initialised, and so are the bitmaps.
    block: Block,
    /// Invariant: at most the capacity of the block; and each store has as many rows.
    len: usize,
    stores: F::Stores,
    /// The cells are owned by the table.
    values: PhantomData<F::Values>,
}

impl<F: Fields> Table<F> {
    const SHAPE: Shape = <Start<F> as Place>::SHAPE;

    /// No rows. Does not allocate.
    pub(super) fn new() -> Self {
        Self {
            block: Block::new(Self::SHAPE),
            len: 0,
            stores: F::Stores::default(),
            values: PhantomData,
        }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub(super) fn capacity(&self) -> usize {
        self.block.capacity()
    }

    pub(super) fn heap_bytes(&self) -> usize {
        Self::SHAPE.size(self.capacity()) + F::heap_bytes(&self.stores)
    }

    /// Panics unless the invariants of the fields hold. Whether cells are initialised cannot be seen.
    pub(super) fn check_invariants(&self) {
        assert!(self.len <= self.capacity() || Self::SHAPE.size(1) == 0, "rows without room");
        F::check_stores(&self.stores, self.len);
        // SAFETY: the cells of as many rows are initialised.
        unsafe { F::check_cells::<Start<F>>(&self.block, self.len) };
    }

    pub(super) fn block(&self) -> &Block {
        &self.block
    }

    pub(super) fn stores(&self) -> &F::Stores {
        &self.stores
    }

    /// Where the cells lie, and the stores, to be filled.
    pub(super) fn parts_mut(&mut self) -> (&Block, &mut F::Stores) {
        (&self.block, &mut self.stores)
    }

    /// Makes room for rows in the block, a quarter more than there was where it is full.
    #[inline]
    pub(super) fn try_grow(&mut self, additional: usize) -> Result<(), ReserveError> {
        if self.capacity() - self.len >= additional {
            return Ok(());
        }
        self.try_grow_block(additional)
    }

    #[cold]
    #[inline(never)]
    fn try_grow_block(&mut self, additional: usize) -> Result<(), ReserveError> {
        let needed = self.len.checked_add(additional).ok_or(ReserveError::CapacityOverflow)?;
        let roomy = self.len.saturating_add(self.len / 4).saturating_add(4).max(needed);
        self.set_capacity(roomy).or_else(|_| self.set_capacity(needed))
    }

    /// Makes room for rows, exactly.
    pub(super) fn try_reserve_exact(&mut self, additional: usize) -> Result<(), ReserveError> {
        let needed = self.len.checked_add(additional).ok_or(ReserveError::CapacityOverflow)?;
        if needed > self.capacity() {
            self.set_capacity(needed)?;
        }
        F::try_reserve_exact(&mut self.stores, additional)
    }

    pub(super) fn try_reserve(&mut self, additional: usize) -> Result<(), ReserveError> {
        self.try_grow(additional)?;
        F::try_reserve(&mut self.stores, additional)
    }

    /// Drops strings that no row has.
    pub(super) fn try_remove_unused(&mut self) -> Result<(), StoreError> {
        F::try_remove_unused(&mut self.stores)
    }

    pub(super) fn shrink_to_fit(&mut self) {
        if self.len < self.capacity() {
            // Where the allocator does not take memory back, the room stays.
            let _ = self.set_capacity(self.len);
        }
        F::shrink_to_fit(&mut self.stores);
    }

    /// Makes the block one of `capacity` rows, which are at least as many as there are. Where memory is refused, nothing changes.
    fn set_capacity(&mut self, capacity: usize) -> Result<(), ReserveError> {
        let old = self.capacity();
        if Self::SHAPE.size(1) == 0 || capacity == old {
            return Ok(());
        }
        if capacity > old {
            // SAFETY: the block has this shape (invariant of `block`), and what is read next are the columns where they were.
            unsafe { self.block.resize(Self::SHAPE, capacity) }?;
            self.relocate(old, capacity);
        } else {
            self.relocate(old, capacity);
            // SAFETY: the block has this shape, and the columns lie within the smaller size.
            let resized = unsafe { self.block.resize(Self::SHAPE, capacity) };
            if let Err(error) = resized {
                self.relocate(capacity, old);
                return Err(error);
            }
        }
        Ok(())
    }

    /// Moves all columns from where they lie at one capacity to where they lie at another.
    fn relocate(&self, from: usize, to: usize) {
        let len = self.len;
        let sizes: Sizes = F::SIZES;
        let cells = |class: usize| {
            if sizes.has(class) {
                // SAFETY: the block is large enough for both capacities. Columns lie by falling alignment, then as the fields
                // stand, and bitmaps behind them; they move in that order towards the beginning, and against it away from it.
                unsafe { F::relocate::<Start<F>>(&self.block, class, from, to, len) };
            }
        };
        // SAFETY: as above.
        let bitmaps = || unsafe { F::relocate_bitmaps::<Start<F>>(&self.block, from, to, len) };
        if to > from {
            bitmaps();
            Sizes::classes().for_each(cells);
        } else {
            Sizes::classes().rev().for_each(cells);
            bitmaps();
        }
    }

    /// Sets the length here and in tables that are nested. Who calls, in this file or for a nested table, keeps the invariant of `len`.
    /// Rows that move are counted anew before stores cut off theirs, for which some allocate: a row whose cells are elsewhere is not counted
    /// where that unwinds.
    #[inline]
    fn set_len(&mut self, len: usize) {
        self.len = len;
        // SAFETY: nested tables have the same rows.
        unsafe { F::set_len(&mut self.stores, len) };
    }

    #[inline]
    pub(super) fn try_push(&mut self, values: F::Values) -> Result<(), (F::Values, Refused)> {
        if let Err(refused) = self.try_prepare(&values) {
            return Err((values, refused));
        }
        let len = self.len;
        // SAFETY: there is room for a row more, and its cells are nobody's, as they lie behind `len`.
        unsafe { F::write::<Start<F>>(&self.block, &mut self.stores, len, values) };
        self.set_len(len + 1);
        Ok(())
    }

    /// What of a push can be refused: room, and the stores' part. The length is not changed.
    #[inline]
    pub(super) fn try_prepare(&mut self, values: &F::Values) -> Result<(), Refused> {
        self.try_grow(1).map_err(StoreError::from)?;
        F::try_push(&mut self.stores, values, self.len)
    }

    pub(super) fn try_insert(
        &mut self,
        index: usize,
        values: F::Values,
    ) -> Result<(), (F::Values, Refused)> {
        let prepared = match self.try_grow(1) {
            Ok(()) => F::try_insert(&mut self.stores, &values, index),
            Err(error) => Err(StoreError::from(error).into()),
        };
        if let Err(refused) = prepared {
            return Err((values, refused));
        }
        let len = self.len;
        // SAFETY: there is room for a row more behind the last.
        unsafe { F::move_rows::<Start<F>>(&self.block, &mut self.stores, index..len, index + 1) };
        // SAFETY: what was at `index` has moved, so that the cells are nobody's.
        unsafe { F::write::<Start<F>>(&self.block, &mut self.stores, index, values) };
        self.set_len(len + 1);
        Ok(())
    }

    pub(super) fn pop(&mut self) -> Option<F::Values> {
        let last = self.len.checked_sub(1)?;
        // SAFETY: the row is there, and no longer counted below; nothing in between is a user's.
        let values = unsafe { F::take::<Start<F>>(&self.block, &self.stores, last) };
        self.set_len(last);
        F::truncate_stores(&mut self.stores, last);
        Some(values)
    }

    /// The row at `index`, which exists; those behind it move up.
    pub(super) fn remove(&mut self, index: usize) -> F::Values {
        let len = self.len;
        // SAFETY: the row is there, and overwritten below; nothing in between is a user's.
        let values = unsafe { F::take::<Start<F>>(&self.block, &self.stores, index) };
        // SAFETY: the rows are there.
        unsafe { F::move_rows::<Start<F>>(&self.block, &mut self.stores, index + 1..len, index) };
        self.set_len(len - 1);
        F::remove_from_stores(&mut self.stores, index..index + 1);
        values
    }

    /// The row at `index`, which exists; the last one takes its place.
    pub(super) fn swap_remove(&mut self, index: usize) -> F::Values {
        let last = self.len - 1;
        // SAFETY: the row is there, and overwritten below; nothing in between is a user's.
        let values = unsafe { F::take::<Start<F>>(&self.block, &self.stores, index) };
        // SAFETY: the last row is there; where it is `index` itself, nothing moves.
        unsafe { F::move_rows::<Start<F>>(&self.block, &mut self.stores, last..last + 1, index) };
        self.set_len(last);
        F::swap_remove_from_stores(&mut self.stores, index);
        values
    }

    pub(super) fn truncate(&mut self, len: usize) {
        if len < self.len {
            // SAFETY: the rows are the last ones.
            unsafe { self.drop_behind(len) };
        }
    }

    /// Drops the rows behind the first `len`, in cells, and then in what stores still have of them.
    ///
    /// # Safety
    ///
    /// The cells of these rows are initialised.
    unsafe fn drop_behind(&mut self, len: usize) {
        let gone = len..self.len;
        self.set_len(len);
        // SAFETY: the cells are initialised, as the caller promises, and no longer counted.
        unsafe { drop_rows::<F, Start<F>>(&self.block, &mut self.stores, gone) };
    }

    /// Keeps the rows whose bit is set; there are as many bits as rows.
    pub(super) fn retain(&mut self, keep: &BitArray) {
        assert_eq!(keep.len(), self.len, "a bit for each row");
        // SAFETY: there is a bit for each row.
        unsafe { F::partition::<Start<F>>(&self.block, &mut self.stores, keep) };
        // SAFETY: the cells of rows that go lie behind those that stay.
        unsafe { self.drop_behind(keep.count_ones()) };
    }

    /// Brings the rows into another order, by way of memory for the widest column.
    ///
    /// # Safety
    ///
    /// The order names each row once.
    pub(super) unsafe fn permute(&mut self, order: &[u32]) {
        debug_assert_eq!(order.len(), self.len);
        match Scratch::try_new(F::WIDEST.bytes, F::WIDEST.align, self.len) {
            // SAFETY: as the caller promises.
            Ok(scratch) => unsafe {
                F::permute::<Start<F>>(&self.block, &mut self.stores, order, &scratch);
            },
            Err(error) => error.raise(),
        }
    }

    /// Moves all rows of another table behind those of this one.
    pub(super) fn try_append(&mut self, other: &mut Self) -> Result<(), Refused> {
        let (len, more) = (self.len, other.len);
        // SAFETY: these are all rows, and the other table forgets them next.
        unsafe { self.try_extend_from(other, 0..more) }?;
        other.set_len(0);
        self.set_len(len + more);
        F::truncate_stores(&mut other.stores, 0);
        Ok(())
    }

    /// Moves rows to a table of their own; those behind them move up.
    pub(super) fn try_extract(&mut self, rows: Range<usize>) -> Result<Self, Refused> {
        let (len, count) = (self.len, rows.len());
        let mut extracted = Self::new();
        extracted.try_reserve_exact(count).map_err(StoreError::from)?;
        // SAFETY: the rows are there, and this table forgets them next.
        unsafe { extracted.try_extend_from(self, rows.clone()) }?;
        // SAFETY: the rows are there, and what they overwrite has been moved.
        unsafe {
            F::move_rows::<Start<F>>(&self.block, &mut self.stores, rows.end..len, rows.start);
        }
        self.set_len(len - count);
        extracted.set_len(count);
        F::remove_from_stores(&mut self.stores, rows);
        Ok(extracted)
    }

    /// Exchanges two rows that exist.
    pub(super) fn swap(&mut self, a: usize, b: usize) {
        debug_assert!(a < self.len && b < self.len);
        F::swap_in_stores(&mut self.stores, a, b);
        // SAFETY: the rows are there.
        unsafe { F::swap_cells::<Start<F>>(&self.block, &mut self.stores, a, b) };
    }

    /// The columns of all rows that can be changed in place.
    #[inline]
    pub(super) fn slices_mut(&mut self) -> F::SlicesMut<'_> {
        // SAFETY: as many rows are there, and the table is borrowed mutably.
        unsafe { F::slices_mut::<Start<F>>(&self.block, &mut self.stores, self.len) }
    }

    /// Moves the values of a row out, which the table still counts.
    ///
    /// # Safety
    ///
    /// `index` is less than the length. The row is no longer used, and forgotten before the table is dropped.
    pub(super) unsafe fn take(&mut self, index: usize) -> F::Values {
        debug_assert!(index < self.len);
        // SAFETY: the row is there; as the caller promises.
        unsafe { F::take::<Start<F>>(&self.block, &self.stores, index) }
    }

    /// Keeps some rows, and forgets the others without dropping their cells.
    pub(super) fn keep_only(&mut self, rows: Range<usize>) {
        let count = rows.len();
        self.set_len(0);
        // SAFETY: the rows are there; nobody else counts them.
        unsafe { F::move_rows::<Start<F>>(&self.block, &mut self.stores, rows.clone(), 0) };
        F::truncate_stores(&mut self.stores, rows.end);
        F::remove_from_stores(&mut self.stores, 0..rows.start);
        self.set_len(count);
    }

    /// Copies rows of another table behind those of this one, without counting them.
    ///
    /// # Safety
    ///
    /// The range is within the length of the other table. Where it succeeds, the caller has the other table forget the rows, in cells and
    /// in stores, and counts them here, before either table is used for anything else.
    unsafe fn try_extend_from(&mut self, other: &Self, rows: Range<usize>) -> Result<(), Refused> {
        self.try_grow(rows.len()).map_err(StoreError::from)?;
        let len = self.len;
        // SAFETY: the rows are there, and the other table forgets them, as the caller promises.
        unsafe { F::try_extend_from(&mut self.stores, &other.stores, rows.clone(), len) }?;
        // SAFETY: there is room for the rows here, and they are there in the other table.
        unsafe {
            F::move_from::<Start<F>>(
                &self.block,
                &mut self.stores,
                len,
                &other.block,
                &other.stores,
                rows,
            );
        }
        Ok(())
    }

    /// What a row gives of a field; the row exists.
    ///
    /// # Safety
    ///
    /// `index` is less than the length.
    #[inline]
    pub(super) unsafe fn get<I>(&self, index: usize) -> <F::Leaf as Leaf>::Get<'_>
    where
        F: At<I>,
    {
        debug_assert!(index < self.len);
        let stores = F::stores(&self.stores);
        // SAFETY: the row is there, as the caller promises; the place is that of the leaf among the fields of the block.
        unsafe { F::Leaf::get::<F::Place<Start<F>>>(&self.block, stores, index) }
    }

    /// The values of a field in rows.
    ///
    /// # Safety
    ///
    /// The range is within the length.
    #[inline]
    pub(super) unsafe fn slice<I>(&self, rows: Range<usize>) -> <F::Leaf as Leaf>::Slice<'_>
    where
        F: At<I>,
    {
        debug_assert!(rows.start <= rows.end && rows.end <= self.len);
        let stores = F::stores(&self.stores);
        // SAFETY: as above.
        unsafe { F::Leaf::slice::<F::Place<Start<F>>>(&self.block, stores, rows) }
    }

    /// The column of that number, of rows that are there.
    ///
    /// # Safety
    ///
    /// The range is within the length.
    pub(super) unsafe fn any(&self, rows: Range<usize>, number: usize) -> AnyColumn<'_> {
        debug_assert!(rows.start <= rows.end && rows.end <= self.len);
        // SAFETY: as the caller promises.
        unsafe { F::any::<Start<F>>(&self.block, &self.stores, rows, number) }
    }

    /// The memory of the block, for [`HeapSize`](crate::size::HeapSize).
    pub(super) fn memory(&self) -> size::Block {
        let bytes = Self::SHAPE.size(self.capacity());
        let used = Self::SHAPE.size(self.len.min(self.capacity()));
        size::Block::new(bytes).with_slack(bytes - used).at(self.block.start())
    }

    /// Replaces the value of a field.
    ///
    /// # Safety
    ///
    /// `index` is less than the length.
    #[inline]
    pub(super) unsafe fn set<I>(
        &mut self,
        index: usize,
        value: <F::Leaf as Fields>::Values,
    ) -> Result<(), StoreError>
    where
        F: At<I, Leaf: Replace>,
    {
        debug_assert!(index < self.len);
        let stores = F::stores_mut(&mut self.stores);
        // SAFETY: as above; the table is borrowed mutably.
        unsafe { F::Leaf::set::<F::Place<Start<F>>>(&self.block, stores, index, value) }
    }

    /// The cell of a plain field, to change it.
    ///
    /// # Safety
    ///
    /// `index` is less than the length.
    #[inline]
    pub(super) unsafe fn cell_mut<I, T, A>(&mut self, index: usize) -> &mut T
    where
        F: At<I, Leaf = Plain<T, A>>,
        A: Access<T>,
    {
        debug_assert!(index < self.len);
        // SAFETY: as above; the table is borrowed mutably as long as the cell.
        unsafe { Plain::<T, A>::cell_mut::<F::Place<Start<F>>>(&self.block, index) }
    }

    /// What a field owns beside the block, to change it. It has to have the same rows afterwards.
    #[inline]
    pub(super) fn store_mut<I>(&mut self) -> &mut <F::Leaf as Fields>::Stores
    where
        F: At<I>,
    {
        F::stores_mut(&mut self.stores)
    }

    /// Tells the compiler that the cells of row `index` can be read.
    ///
    /// # Safety
    ///
    /// `index` is less than the length.
    #[inline(always)]
    pub(super) unsafe fn foresee(&self, index: usize) {
        debug_assert!(index < self.len);
        // SAFETY: the row is there, as the caller promises.
        unsafe { F::foresee::<Start<F>>(&self.block, &self.stores, index) };
    }

    /// Clones the values of a row.
    ///
    /// # Safety
    ///
    /// `index` is less than the length.
    pub(super) unsafe fn own(&self, index: usize) -> F::Values
    where
        F: Own,
    {
        debug_assert!(index < self.len);
        // SAFETY: the row is there, as the caller promises.
        unsafe { F::own::<Start<F>>(&self.block, &self.stores, index) }
    }

    /// The same rows, with room for exactly these. Stores are cloned as a whole, so that codes stay what they are.
    pub(super) fn try_clone(&self) -> Result<Self, Refused>
    where
        F: Own,
    {
        let mut clone = Self::new();
        // SAFETY: these are all rows, and the table is new.
        unsafe { clone.try_clone_rows(Onto::Nothing, self, Which::Range(0..self.len)) }?;
        clone.set_len(self.len);
        Ok(clone)
    }

    /// Appends clones of rows of another table. Where it fails or a clone panics, this one is as it was.
    ///
    /// # Safety
    ///
    /// The rows are those of the other table.
    pub(super) unsafe fn try_extend_cloned(
        &mut self,
        other: &Self,
        rows: Which<'_>,
    ) -> Result<(), Refused>
    where
        F: Own,
    {
        let (len, more) = (self.len, rows.count());
        // SAFETY: as the caller promises; these are the rows that there are.
        unsafe { self.try_clone_rows(Onto::Rows(len), other, rows) }?;
        self.set_len(len + more);
        Ok(())
    }

    /// Clones rows of another table, without counting them.
    ///
    /// # Safety
    ///
    /// As of `Own::try_clone_from`, but for the room; the caller counts the rows before the table is used for anything else, where it succeeds.
    pub(super) unsafe fn try_clone_rows(
        &mut self,
        onto: Onto,
        other: &Self,
        rows: Which<'_>,
    ) -> Result<(), Refused>
    where
        F: Own,
    {
        let room = match onto {
            Onto::Nothing => self.set_capacity(rows.count()),
            Onto::Rows(_) => self.try_grow(rows.count()),
        };
        room.map_err(StoreError::from)?;
        let (stores, others) = (&mut self.stores, &other.stores);
        // SAFETY: there is room, and as the caller promises.
        unsafe {
            F::try_clone_from::<Start<F>>(&self.block, stores, onto, &other.block, others, rows)
        }
    }

    // What a table does as the part of a row of another.

    /// # Safety
    ///
    /// As of `Fields::set_len`.
    pub(super) unsafe fn set_len_nested(&mut self, len: usize) {
        self.set_len(len);
    }

    /// # Safety
    ///
    /// As of `Fields::write`.
    pub(super) unsafe fn write_nested(&mut self, index: usize, values: F::Values) {
        // SAFETY: as the caller promises.
        unsafe { F::write::<Start<F>>(&self.block, &mut self.stores, index, values) };
    }

    /// # Safety
    ///
    /// As of `Fields::take`.
    pub(super) unsafe fn take_nested(&self, index: usize) -> F::Values {
        // SAFETY: as the caller promises.
        unsafe { F::take::<Start<F>>(&self.block, &self.stores, index) }
    }

    /// # Safety
    ///
    /// As of `Fields::drop_cells`.
    pub(super) unsafe fn drop_nested(&mut self, rows: Range<usize>) {
        // SAFETY: as the caller promises.
        unsafe { F::drop_cells::<Start<F>>(&self.block, &mut self.stores, rows) };
    }

    /// # Safety
    ///
    /// As of `Fields::move_rows`.
    pub(super) unsafe fn move_nested(&mut self, rows: Range<usize>, to: usize) {
        // SAFETY: as the caller promises.
        unsafe { F::move_rows::<Start<F>>(&self.block, &mut self.stores, rows, to) };
    }

    /// # Safety
    ///
    /// As of `Fields::swap_cells`.
    pub(super) unsafe fn swap_nested(&mut self, a: usize, b: usize) {
        // SAFETY: as the caller promises.
        unsafe { F::swap_cells::<Start<F>>(&self.block, &mut self.stores, a, b) };
    }

    /// # Safety
    ///
    /// As of `Fields::move_from`.
    pub(super) unsafe fn move_nested_from(&mut self, to: usize, other: &Self, rows: Range<usize>) {
        // SAFETY: as the caller promises.
        unsafe {
            F::move_from::<Start<F>>(
                &self.block,
                &mut self.stores,
                to,
                &other.block,
                &other.stores,
                rows,
            );
        }
    }

    /// # Safety
    ///
    /// As of `Fields::partition`.
    pub(super) unsafe fn partition_nested(&mut self, keep: &BitArray) {
        // SAFETY: as the caller promises.
        unsafe { F::partition::<Start<F>>(&self.block, &mut self.stores, keep) };
    }

    /// # Safety
    ///
    /// As of `Fields::permute`.
    pub(super) unsafe fn permute_nested(&mut self, order: &[u32], scratch: &Scratch) {
        // SAFETY: as the caller promises.
        unsafe { F::permute::<Start<F>>(&self.block, &mut self.stores, order, scratch) };
    }

    /// The stores, for a table that is the part of another's row.
    pub(super) fn stores_mut(&mut self) -> &mut F::Stores {
        &mut self.stores
    }
}

impl<F: Fields> fmt::Debug for Table<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").field("len", &self.len).finish_non_exhaustive()
    }
}

impl<F: Fields> Default for Table<F> {
    fn default() -> Self {
        Self::new()
    }
}

impl<F: Fields> Drop for Table<F> {
    fn drop(&mut self) {
        /// Gives the block back even where dropping a cell panics.
        struct Free<'a>(&'a mut Block, Shape);
        impl Drop for Free<'_> {
            fn drop(&mut self) {
                // SAFETY: the block has this shape (invariant of `block`), and nobody reads it afterwards.
                unsafe { self.0.free(self.1) };
            }
        }
        let rows = 0..self.len;
        // Nested tables count no rows any more either, so that theirs are dropped once.
        self.set_len(0);
        let free = Free(&mut self.block, Self::SHAPE);
        // SAFETY: the cells are initialised, and no longer counted.
        unsafe { F::drop_cells::<Start<F>>(free.0, &mut self.stores, rows) };
    }
}
