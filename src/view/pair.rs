//! Two views walked together: copies, and sums of one into the other.
//!
//! A transposed copy reads down columns what it writes along rows, or the other way. Done naively, every
//! element comes from a cache line and a page of its own, which are gone by the time that their next element is needed. So
//! it is done in blocks: a few cache lines from each of a few dozen columns go into a buffer that stays in
//! the first-level cache, and from there into a few cache lines of each row.
//!
//! ```text
//! from            buffer        to
//! a e i m         a e | b f     a b | c d
//! b f j n   ->    c g | d h ->  e f | g h     ...
//! c g k o
//! d h l p
//! ```

#![allow(unsafe_code)]

use super::elements::Elements;
use super::layout::Layout;
use alloc::boxed::Box;
use core::mem::MaybeUninit;
use core::ops::Range;
use core::ptr::NonNull;

/// Two layouts of one shape.
pub(super) struct Pair<D, S, const N: usize> {
    to: Layout<D, N>,
    from: Layout<S, N>,
}

impl<D, S, const N: usize> Pair<D, S, N> {
    /// Pairs the elements that have the same index.
    ///
    /// # Panics
    ///
    /// Panics if the shapes differ.
    #[track_caller]
    pub(super) fn new(to: Layout<D, N>, from: Layout<S, N>) -> Self {
        assert!(
            to.shape() == from.shape(),
            "shapes differ: {:?} here, {:?} there",
            to.shape(),
            from.shape()
        );
        Self { to, from }
    }

    /// Lets a walk in order move forward in `to`.
    pub(super) fn in_memory_order(mut self) -> Self {
        for axis in 0..N {
            if self.to.shape()[axis] > 1 && self.to.strides()[axis] < 0 {
                self.to = self.to.reverse_axis(axis);
                self.from = self.from.reverse_axis(axis);
            }
        }
        for end in 1..N {
            let mut axis = end;
            while axis > 0 && self.to.strides()[axis - 1] < self.to.strides()[axis] {
                self.to = self.to.swap_axes(axis - 1, axis);
                self.from = self.from.swap_axes(axis - 1, axis);
                axis -= 1;
            }
        }
        let (to, from) = self.to.merged_with(self.from);
        Self { to, from }
    }

    /// Lets a walk in order go the other way.
    pub(super) fn reversed(self) -> Self {
        Self { to: self.to.reversed(), from: self.from.reversed() }
    }

    /// The two layouts.
    pub(super) fn layouts(&self) -> (Layout<D, N>, Layout<S, N>) {
        (self.to, self.from)
    }

    /// Calls `f` with each pair, in order.
    #[inline]
    pub(super) fn for_each(self, mut f: impl FnMut(NonNull<D>, NonNull<S>)) {
        if self.to.is_empty() {
            return;
        }
        let Some(last) = N.checked_sub(1) else {
            return f(self.to.ptr(), self.from.ptr());
        };
        let len = self.to.shape()[last];
        let (to_stride, from_stride) = (self.to.strides()[last], self.from.strides()[last]);
        let side_by_side =
            to_stride == size_of::<D>() as isize && from_stride == size_of::<S>() as isize;
        let mut rows = Elements::new(self.to.first_of(last));
        let mut rows_from = Elements::new(self.from.first_of(last));
        while let (Some(to), Some(from)) = (rows.next(), rows_from.next()) {
            if side_by_side {
                for index in 0..len {
                    // SAFETY: `to` is index 0 of the last axis, which has `len`, side by side.
                    let to = unsafe { to.add(index) };
                    // SAFETY: as above, in `from`.
                    f(to, unsafe { from.add(index) });
                }
            } else {
                for index in 0..len as isize {
                    // SAFETY: `to` is index 0 of the last axis, which has `len`, `to_stride` bytes apart.
                    let to = unsafe { to.byte_offset(to_stride.wrapping_mul(index)) };
                    // SAFETY: as above, in `from`, by `from_stride`.
                    f(to, unsafe { from.byte_offset(from_stride.wrapping_mul(index)) });
                }
            }
        }
    }

    /// Writes to each element of `to` what `get` makes of that of `from`. The order is not given.
    ///
    /// What was in `to` is not dropped. If `get` panics, some elements were written, and what `get` returned may be lost.
    ///
    /// # Safety
    ///
    /// The elements of `to` may be written, have no bytes in common with one another or with those of `from`, and hold
    /// nothing that must be dropped.
    pub(super) unsafe fn write(self, mut get: impl FnMut(NonNull<S>) -> D) {
        let pair = self.in_memory_order();
        if let Some(plan) = pair.blocks() {
            // SAFETY: as the caller promises.
            return unsafe { pair.write_blocks(&plan, get) };
        }
        pair.for_each(|to, from| {
            let value = get(from);
            // SAFETY: the caller lets us write the elements of `to`.
            unsafe { to.write(value) };
        });
    }

    /// How to copy in blocks, where that is worth it.
    fn blocks(&self) -> Option<Blocks> {
        /// Up to here the first-level cache holds both sides.
        const SMALL: usize = 32 << 10;
        const LINE: usize = 64;
        let size = size_of::<D>().max(size_of::<S>());
        let row = N.checked_sub(1)?;
        let (shape, strides) = (self.from.shape(), self.from.strides());
        // The axis along which elements of `from` lie closest.
        let column = (0..row)
            .filter(|&axis| shape[axis] > 1 && strides[axis] != 0)
            .min_by_key(|&axis| strides[axis].unsigned_abs())?;
        let apart = strides[row].unsigned_abs();
        let worth_it = (1..=LINE).contains(&size)
            && self.to.len() > SMALL / size
            && apart >= LINE
            && strides[column].unsigned_abs() <= apart / 4
            && shape[row].min(shape[column]) >= 8;
        worth_it.then(|| Blocks { row, column, size: (4 * LINE / size).clamp(8, 64) })
    }

    /// `write`, block by block.
    ///
    /// # Safety
    ///
    /// That of `write`; and `blocks` are those of this pair.
    unsafe fn write_blocks(&self, blocks: &Blocks, mut get: impl FnMut(NonNull<S>) -> D) {
        let &Blocks { row, column, size } = blocks;
        let mut buffer = Box::new_uninit_slice(size * size);
        let (width, height) = (self.to.shape()[row], self.to.shape()[column]);
        let mut planes = Elements::new(self.to.first_of(row).first_of(column));
        let mut planes_from = Elements::new(self.from.first_of(row).first_of(column));
        while let (Some(to), Some(from)) = (planes.next(), planes_from.next()) {
            for top in (0..height).step_by(size) {
                for left in (0..width).step_by(size) {
                    let block = Block {
                        to: (to, self.to.strides()[row], self.to.strides()[column]),
                        from: (from, self.from.strides()[row], self.from.strides()[column]),
                        rows: top..height.min(top + size),
                        columns: left..width.min(left + size),
                        size,
                    };
                    // SAFETY: the starts are those at index 0 of both axes, and the block is within their lengths.
                    unsafe { block.write(&mut buffer, &mut get) };
                }
            }
        }
    }
}

/// A plan of blocks of `size * size` on the plane of two axes.
struct Blocks {
    /// The axis along which the elements of `to` lie closest: the last.
    row: usize,
    /// That along which those of `from` do.
    column: usize,
    size: usize,
}

/// A block of a plane.
struct Block<D, S> {
    /// Index 0 of both axes, the bytes along a row, and those along a column.
    to: (NonNull<D>, isize, isize),
    from: (NonNull<S>, isize, isize),
    rows: Range<usize>,
    columns: Range<usize>,
    /// At least the number of rows, and that of columns.
    size: usize,
}

impl<D, S> Block<D, S> {
    /// # Safety
    ///
    /// Both sides have an element at each of the rows and columns; those of `to` may be written, and have no
    /// bytes in common with one another or those of `from`. The buffer holds `size * size`.
    #[inline]
    unsafe fn write(&self, buffer: &mut [MaybeUninit<D>], get: &mut impl FnMut(NonNull<S>) -> D) {
        let (from, along_row, along_column) = self.from;
        for (column, slots) in self.columns.clone().zip(buffer.chunks_exact_mut(self.size)) {
            let offset = along_row
                .wrapping_mul(column as isize)
                .wrapping_add(along_column.wrapping_mul(self.rows.start as isize));
            // SAFETY: the first row of the block and this column are within the lengths.
            let start = unsafe { from.byte_offset(offset) };
            let slots = &mut slots[..self.rows.len()];
            if along_column == size_of::<S>() as isize {
                for (row, slot) in slots.iter_mut().enumerate() {
                    // SAFETY: the rows of the block are within the lengths, and side by side.
                    slot.write(get(unsafe { start.add(row) }));
                }
            } else {
                for (row, slot) in slots.iter_mut().enumerate() {
                    let offset = along_column.wrapping_mul(row as isize);
                    // SAFETY: the rows of the block are within the lengths.
                    slot.write(get(unsafe { start.byte_offset(offset) }));
                }
            }
        }
        let (to, along_row, along_column) = self.to;
        let buffer = buffer.as_ptr();
        for (slot, row) in self.rows.clone().enumerate() {
            let offset = along_column
                .wrapping_mul(row as isize)
                .wrapping_add(along_row.wrapping_mul(self.columns.start as isize));
            // SAFETY: this row and the first column of the block are within the lengths.
            let start = unsafe { to.byte_offset(offset) };
            for column in 0..self.columns.len() {
                // SAFETY: `column` and `slot` are below `size`, and the buffer holds `size * size`.
                let slot = unsafe { buffer.add(column * self.size + slot) };
                // SAFETY: the loop above filled the slots of each column of the block, one for each row.
                let value = unsafe { slot.cast::<D>().read() };
                // SAFETY: the columns of the block are within the lengths.
                let element = unsafe { start.byte_offset(along_row.wrapping_mul(column as isize)) };
                // SAFETY: the caller lets us write.
                unsafe { element.write(value) };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pair;
    use crate::view::View;
    use alloc::vec;

    /// The size of the blocks in which a view is copied to memory in order.
    fn blocks<T: Copy, const N: usize>(view: View<'_, T, N>) -> Option<usize> {
        let room = view.to_owned_compact();
        let room = View::from(&room).reshape(view.shape()).unwrap();
        let pair = Pair::new(room.layout(), view.layout()).in_memory_order();
        pair.blocks().map(|blocks| blocks.size)
    }

    #[test]
    fn transposed_copies_are_made_in_blocks_of_whole_lines() {
        let bytes = vec![0_u8; 1 << 18];
        let matrix = View::from(&bytes).reshape([512, 512]).unwrap();
        assert_eq!((blocks(matrix.t()), blocks(matrix)), (Some(64), None));
        let numbers = vec![0_i64; 1 << 16];
        let matrix = View::from(&numbers).reshape([256, 256]).unwrap();
        assert_eq!((blocks(matrix.t()), blocks(matrix)), (Some(32), None));
        assert_eq!(blocks(matrix.t().slice_axis(0, 1..).reverse_axis(1)), Some(32));
        let cube = View::from(&numbers).reshape([16, 64, 64]).unwrap();
        assert_eq!((blocks(cube.swap_axes(1, 2)), blocks(cube.swap_axes(0, 1))), (Some(32), None));
        // Small ones are in the cache anyway, narrow ones have no lines to gain.
        assert_eq!(blocks(matrix.t().slice_axis(0, ..10)), None);
        assert_eq!(blocks(View::from(&numbers).reshape([1 << 14, 4]).unwrap().t()), None);
    }
}
