//! Where the cells and the bitmap of one field lie in the block of a record, and how they are read, moved and dropped.
#![allow(unsafe_code)]

use crate::array::BitArray;
use crate::raw::bitmap;
use crate::raw::columns::{Block, Scratch};
use crate::record::access::Access;
use crate::record::fields::Fields;
use crate::record::leaf::{Uncounted, Which};
use crate::record::place::Place;
use core::marker::PhantomData;
use core::mem;
use core::ops::Range;
use core::{ptr, slice};

/// The cells of type `T` at the place `P`.
pub(super) struct Cells<P, T>(PhantomData<(P, T)>);

impl<P: Place, T> Cells<P, T> {
    pub(super) const PREFIX: usize = P::TOTAL.prefix::<T>(P::BEFORE);

    /// Where they begin.
    #[inline]
    pub(super) fn start(block: &Block) -> *mut T {
        block.cells(Self::PREFIX)
    }

    /// The cell of a row.
    ///
    /// # Safety
    ///
    /// The block has room for the row.
    #[inline]
    pub(super) unsafe fn at(block: &Block, index: usize) -> *mut T {
        // SAFETY: there are as many cells as the block has room for rows.
        unsafe { Self::start(block).add(index) }
    }

    /// Tells the compiler that it may read the cell of a row.
    ///
    /// # Safety
    ///
    /// The block has room for the row, whose cell is initialised.
    #[inline(always)]
    pub(super) unsafe fn foresee<A: Access<T>>(block: &Block, index: usize) {
        if size_of::<T>() != 0 {
            // SAFETY: the row is in the block.
            let cell = unsafe { Self::at(block, index) };
            // SAFETY: the cell is initialised, and nobody writes to it meanwhile.
            let bits = A::bits(unsafe { &*cell });
            // SAFETY: the cell takes memory.
            unsafe { block.has_read(bits) };
        }
    }

    /// # Safety
    ///
    /// These rows' cells are initialised, and not written to as long as the slice is there.
    #[inline]
    pub(super) unsafe fn slice(block: &Block, rows: Range<usize>) -> &[T] {
        // SAFETY: the rows are in the block.
        let start = unsafe { Self::at(block, rows.start) };
        // SAFETY: as the caller promises; cells are aligned (see `raw::columns`).
        unsafe { slice::from_raw_parts(start, rows.len()) }
    }

    /// # Safety
    ///
    /// As of `slice`, and nobody else reads the cells.
    #[inline]
    #[expect(
        clippy::mut_from_ref,
        reason = "the block says where memory is; who calls says whose it is"
    )]
    pub(super) unsafe fn slice_mut(block: &Block, len: usize) -> &mut [T] {
        // SAFETY: as of `slice`.
        unsafe { slice::from_raw_parts_mut(Self::start(block), len) }
    }

    /// # Safety
    ///
    /// As of `Fields::drop_cells`.
    pub(super) unsafe fn drop(block: &Block, rows: Range<usize>) {
        if mem::needs_drop::<T>() {
            // SAFETY: the rows are in the block.
            let start = unsafe { Self::at(block, rows.start) };
            // SAFETY: the cells are initialised, and nobody drops them again, as the caller promises. Where one drop panics, the others follow.
            unsafe { ptr::slice_from_raw_parts_mut(start, rows.len()).drop_in_place() };
        }
    }

    /// # Safety
    ///
    /// As of `Fields::move_rows`.
    #[inline]
    pub(super) unsafe fn move_rows(block: &Block, rows: Range<usize>, to: usize) {
        // SAFETY: the rows are in the block.
        let from = unsafe { Self::at(block, rows.start) };
        // SAFETY: as above.
        let to = unsafe { Self::at(block, to) };
        // SAFETY: both are `rows.len()` cells of the block.
        unsafe { ptr::copy(from, to, rows.len()) };
    }

    /// # Safety
    ///
    /// As of `Fields::swap_cells`.
    pub(super) unsafe fn swap(block: &Block, a: usize, b: usize) {
        // SAFETY: the rows are in the block.
        let a = unsafe { Self::at(block, a) };
        // SAFETY: as above.
        let b = unsafe { Self::at(block, b) };
        // SAFETY: both are cells of the block.
        unsafe { ptr::swap(a, b) };
    }

    /// # Safety
    ///
    /// As of `Fields::move_from`.
    pub(super) unsafe fn move_from(block: &Block, to: usize, other: &Block, rows: Range<usize>) {
        // SAFETY: the rows are in the other block.
        let from = unsafe { Self::at(other, rows.start) };
        // SAFETY: the block has room for them.
        let to = unsafe { Self::at(block, to) };
        // SAFETY: two blocks are two allocations.
        unsafe { ptr::copy_nonoverlapping(from, to, rows.len()) };
    }

    /// # Safety
    ///
    /// As of `Own::try_clone_from`.
    pub(super) unsafe fn clone_from<F: Fields<Stores = ()>>(
        block: &Block,
        to: usize,
        other: &Block,
        rows: Which<'_>,
    ) where
        T: Clone,
    {
        match rows {
            Which::Range(rows) => {
                // SAFETY: the caller promises the rows.
                let values = unsafe { Self::slice(other, rows) };
                // SAFETY: as the caller promises.
                unsafe { Self::write_clones::<F>(block, to, values.iter()) };
            }
            Which::At(indices) => {
                let values = indices.iter().map(|&index| {
                    // SAFETY: as above.
                    let cell = unsafe { Self::at(other, index) };
                    // SAFETY: the cell is initialised, and not written to meanwhile.
                    unsafe { &*cell }
                });
                // SAFETY: as above.
                unsafe { Self::write_clones::<F>(block, to, values) };
            }
        }
    }

    /// # Safety
    ///
    /// There is room for the values from row `to` on, in cells that are nobody's.
    pub(super) unsafe fn write_clones<'v, F: Fields<Stores = ()>>(
        block: &Block,
        to: usize,
        values: impl Iterator<Item = &'v T>,
    ) where
        T: Clone + 'v,
    {
        let stores = &mut ();
        // SAFETY: each row is added when its cell has been written.
        let mut cloned = unsafe { Uncounted::<F, P>::new(block, stores, to) };
        for value in values {
            let value = value.clone();
            // SAFETY: there is room for the row, as the caller promises.
            let cell = unsafe { Self::at(block, cloned.rows.end) };
            // SAFETY: the cell is nobody's.
            unsafe { cell.write(value) };
            cloned.rows.end += 1;
        }
        mem::forget(cloned);
    }

    /// # Safety
    ///
    /// As of `Fields::partition`.
    pub(super) unsafe fn partition(block: &Block, keep: &BitArray) {
        for (to, from) in keep.iter_ones().enumerate().skip_while(|(to, from)| to == from) {
            // SAFETY: as many rows are in the block as there are bits.
            let from = unsafe { Self::at(block, from) };
            // SAFETY: as above.
            let to = unsafe { Self::at(block, to) };
            if mem::needs_drop::<T>() {
                // SAFETY: both are initialised cells, and not the same: from the first row on that goes, `to` lies before `from`.
                unsafe { ptr::swap_nonoverlapping(from, to, 1) };
            } else {
                // SAFETY: as above; what is overwritten need not be dropped.
                unsafe { ptr::copy_nonoverlapping(from, to, 1) };
            }
        }
    }

    /// # Safety
    ///
    /// As of `Fields::permute`.
    pub(super) unsafe fn permute(block: &Block, order: &[u32], scratch: &Scratch) {
        if size_of::<T>() == 0 {
            return;
        }
        let (cells, moved) = (Self::start(block), scratch.start::<T>());
        // Out in one stream and back at random, since memory that has just been written is in a cache.
        // SAFETY: there is room for as many cells as rows.
        unsafe { moved.copy_from_nonoverlapping(cells, order.len()) };
        for (index, &from) in order.iter().enumerate() {
            // SAFETY: the order names rows of the block, whose cells have just been moved out.
            let from = unsafe { moved.add(from as usize) };
            // SAFETY: there is a cell for each row.
            let to = unsafe { cells.add(index) };
            // SAFETY: the cell is initialised, and comes back once, since the order names each row once.
            unsafe { to.copy_from_nonoverlapping(from, 1) };
        }
    }

    /// # Safety
    ///
    /// As of `Fields::relocate`.
    pub(super) unsafe fn relocate(block: &Block, class: usize, from: usize, to: usize, len: usize) {
        if align_of::<T>() == 1 << class {
            let (from, to) =
                (block.cells_at::<T>(Self::PREFIX, from), block.cells_at(Self::PREFIX, to));
            // SAFETY: the memory is large enough for `len` cells at both places, as the caller promises.
            unsafe { ptr::copy(from, to, len) };
        }
    }
}

/// The bitmap at the place `P`.
pub(super) struct Bits<P>(PhantomData<P>);

impl<P: Place> Bits<P> {
    /// # Safety
    ///
    /// The block is that of `P`, and its bitmaps initialised; nobody writes to this one as long as the slice is there.
    #[inline]
    pub(super) unsafe fn of(block: &Block) -> &[u8] {
        let start = block.bitmap(P::SHAPE, P::BITMAPS);
        // SAFETY: there are as many bytes for each bitmap, initialised as the caller promises.
        unsafe { slice::from_raw_parts(start, bitmap::bytes_for(block.capacity())) }
    }

    /// The byte with the bit of a row.
    ///
    /// # Safety
    ///
    /// As of `of`; the block has room for the row.
    #[inline]
    pub(super) unsafe fn byte(block: &Block, index: usize) -> u8 {
        // SAFETY: as the caller promises.
        let bits = unsafe { Self::of(block) };
        // SAFETY: there is a bit for each row.
        unsafe { *bits.get_unchecked(index / 8) }
    }

    /// # Safety
    ///
    /// As of `of`; nobody else reads or writes the bitmap.
    #[inline]
    #[expect(
        clippy::mut_from_ref,
        reason = "the block says where memory is; who calls says whose it is"
    )]
    pub(super) unsafe fn of_mut(block: &Block) -> &mut [u8] {
        let start = block.bitmap(P::SHAPE, P::BITMAPS);
        // SAFETY: as above.
        unsafe { slice::from_raw_parts_mut(start, bitmap::bytes_for(block.capacity())) }
    }

    /// # Safety
    ///
    /// As of `Fields::permute`.
    pub(super) unsafe fn permute(block: &Block, order: &[u32], scratch: &Scratch) {
        // SAFETY: bitmaps are initialised, and the caller has the block to itself.
        let bits = unsafe { Self::of_mut(block) };
        let count = bitmap::bytes_for(order.len());
        let old = scratch.start::<u8>();
        // SAFETY: there is room for a byte of each row.
        unsafe { old.copy_from_nonoverlapping(bits.as_ptr(), count) };
        // SAFETY: the bytes have just been written.
        bitmap::gather(unsafe { slice::from_raw_parts(old, count) }, bits, order);
    }

    /// # Safety
    ///
    /// As of `Fields::relocate`.
    pub(super) unsafe fn relocate(block: &Block, from: usize, to: usize, len: usize) {
        let used = bitmap::bytes_for(len);
        let old = block.bitmap_at(P::SHAPE, P::BITMAPS, from);
        let new = block.bitmap_at(P::SHAPE, P::BITMAPS, to);
        // SAFETY: the memory is large enough for the bitmap at both places, as the caller promises.
        unsafe { ptr::copy(old, new, used) };
        // SAFETY: the bytes behind those in use are in the bitmap too.
        let rest = unsafe { new.add(used) };
        // SAFETY: as above.
        unsafe { rest.write_bytes(0, bitmap::bytes_for(to) - used) };
    }
}
