//! Columns of one length in one allocation.
//!
//! ```text
//! start
//!  ↓
//!  [cells of 16][cells of 8][8][cells of 4][cells of 2][1][1][1][bitmap 0][bitmap 1]
//!   ↑                                                        ↑ capacity / 8 bytes, rounded up
//!   capacity cells each, those of larger alignment first
//! ```
//!
//! A column of cells begins at `prefix * capacity`, where `prefix` is what the cells before it take in a row. All those are
//! of its alignment or a larger one, so their sizes are multiples of it, and so is the beginning: no capacity needs padding, and a
//! block takes exactly what its cells and bitmaps do. Zig's
//! [`MultiArrayList`](https://github.com/ziglang/zig/blob/master/lib/std/multi_array_list.zig) orders its fields so.
#![allow(unsafe_code)]

use super::bitmap::bytes_for;
use super::growth::ReserveError;
use alloc::alloc::{alloc, dealloc, realloc};
use core::alloc::Layout;
use core::hint;
use core::ptr::NonNull;

/// What a row takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Bytes of its cells.
    pub(crate) bytes: usize,
    /// Bits in bitmaps.
    pub(crate) bits: usize,
    /// The largest alignment of its cells.
    pub(crate) align: usize,
}

impl Shape {
    /// The memory for `capacity` rows.
    fn layout(self, capacity: usize) -> Result<Layout, ReserveError> {
        if self.bytes | self.bits != 0 && capacity > isize::MAX as usize {
            return Err(ReserveError::CapacityOverflow);
        }
        let cells = self.bytes.checked_mul(capacity);
        let bits = self.bits.checked_mul(bytes_for(capacity));
        let size = cells.zip(bits).and_then(|(cells, bits)| cells.checked_add(bits));
        size.and_then(|size| Layout::from_size_align(size, self.align).ok())
            .ok_or(ReserveError::CapacityOverflow)
    }

    /// Bytes that `capacity` rows take.
    pub(crate) const fn size(self, capacity: usize) -> usize {
        match self.bytes | self.bits {
            0 => 0,
            _ => self.bytes * capacity + self.bits * bytes_for(capacity),
        }
    }
}

/// Memory for the cells of one column at a time.
#[derive(Debug)]
pub struct Scratch {
    block: Block,
    shape: Shape,
}

impl Scratch {
    /// Room for `len` cells of at most so many bytes and of at most this alignment.
    pub(crate) fn try_new(bytes: usize, align: usize, len: usize) -> Result<Self, ReserveError> {
        let shape = Shape { bytes, bits: 0, align };
        let mut scratch = Self { block: Block::new(shape), shape };
        // SAFETY: the block has this shape, and nothing is in it.
        unsafe { scratch.block.resize(shape, len) }?;
        Ok(scratch)
    }

    /// Where cells begin.
    #[inline]
    pub(crate) fn start<T>(&self) -> *mut T {
        debug_assert!(size_of::<T>() == 0 || size_of::<T>() <= self.shape.bytes);
        self.block.cells(0)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // SAFETY: the block has this shape.
        unsafe { self.block.free(self.shape) };
    }
}

/// The memory of columns, without what is in it.
#[derive(Debug)]
pub struct Block {
    /// Invariant: where `capacity` rows of the block's shape take memory, an allocation of their layout; elsewhere dangling, and a
    /// multiple of the shape's alignment.
    start: NonNull<u8>,
    /// Invariant: the rows that there is room for: all, where a row takes no memory, and elsewhere at most `isize::MAX`.
    capacity: usize,
}

impl Block {
    /// No memory.
    pub(crate) const fn new(shape: Shape) -> Self {
        let start = core::ptr::without_provenance_mut(shape.align);
        // An alignment is not 0.
        let start = NonNull::new(start).expect("an alignment is not 0");
        Self { start, capacity: if shape.bytes | shape.bits == 0 { usize::MAX } else { 0 } }
    }

    /// The rows that there is room for.
    #[inline]
    pub(crate) fn capacity(&self) -> usize {
        self.capacity
    }

    /// Has the compiler keep in mind that a cell has been read, of which these are bits: they are claimed to be no more than a number
    /// that it does not know, which makes no code. So it may read the cell wherever that suits it.
    ///
    /// # Safety
    ///
    /// A row takes memory.
    #[inline(always)]
    pub(crate) unsafe fn has_read(&self, bits: u64) {
        const MOST: u64 = u64::MAX >> 1;
        // SAFETY: there is room for at most `isize::MAX` rows (invariant of `capacity`), so that the sum does not wrap.
        unsafe { hint::assert_unchecked(bits & MOST <= (self.capacity as u64).wrapping_add(MOST)) };
    }

    /// Where the memory begins.
    pub(crate) fn start(&self) -> *const u8 {
        self.start.as_ptr()
    }

    /// Where cells begin that have `prefix` bytes of a row before them.
    #[inline]
    pub(crate) fn cells<T>(&self, prefix: usize) -> *mut T {
        self.cells_at(prefix, self.capacity)
    }

    /// Where they would begin at another capacity.
    #[inline]
    pub(crate) fn cells_at<T>(&self, prefix: usize, capacity: usize) -> *mut T {
        if size_of::<T>() == 0 {
            return core::ptr::dangling_mut();
        }
        self.start.as_ptr().wrapping_add(prefix * capacity).cast()
    }

    /// Where the bitmap of that number begins.
    #[inline]
    pub(crate) fn bitmap(&self, shape: Shape, number: usize) -> *mut u8 {
        self.bitmap_at(shape, number, self.capacity)
    }

    /// Where it would begin at another capacity.
    #[inline]
    pub(crate) fn bitmap_at(&self, shape: Shape, number: usize, capacity: usize) -> *mut u8 {
        self.start.as_ptr().wrapping_add(shape.bytes * capacity + number * bytes_for(capacity))
    }

    /// Makes the memory that of `capacity` rows. Cells and bitmaps stay where they are, which is where those of the old capacity
    /// were. Where the allocator refuses, nothing changes.
    ///
    /// # Safety
    ///
    /// `shape` is that of the block. What is read afterwards has to lie within the new size.
    pub(crate) unsafe fn resize(
        &mut self,
        shape: Shape,
        capacity: usize,
    ) -> Result<(), ReserveError> {
        let new = shape.layout(capacity)?;
        let old = Self::known(shape, self.capacity);
        let start = match (old.size(), new.size()) {
            (0, 0) => self.start.as_ptr(),
            // SAFETY: the size is not 0.
            (0, _) => unsafe { alloc(new) },
            (_, 0) => {
                // SAFETY: the block is an allocation of this layout (invariant of `start`).
                unsafe { dealloc(self.start.as_ptr(), old) };
                core::ptr::without_provenance_mut(shape.align)
            }
            // SAFETY: the block is an allocation of this layout (invariant of `start`); the size is not 0, nor too large for a layout.
            (_, size) => unsafe { realloc(self.start.as_ptr(), old, size) },
        };
        self.start =
            NonNull::new(start).ok_or(ReserveError::AllocationFailed { bytes: new.size() })?;
        self.capacity = if shape.bytes | shape.bits == 0 { usize::MAX } else { capacity };
        Ok(())
    }

    /// Gives the memory back.
    ///
    /// # Safety
    ///
    /// `shape` is that of the block.
    pub(crate) unsafe fn free(&mut self, shape: Shape) {
        // SAFETY: nothing is read afterwards.
        let freed = unsafe { self.resize(shape, 0) };
        debug_assert!(freed.is_ok(), "memory is given back without asking for any");
    }

    /// The layout of a block that is there.
    fn known(shape: Shape, capacity: usize) -> Layout {
        if shape.bytes | shape.bits == 0 {
            return Layout::new::<()>();
        }
        shape.layout(capacity).expect("the memory of a block has a layout")
    }
}

// SAFETY: a block is memory that it alone has; what lies in it is its owner's to answer for, which says so by its own bounds.
unsafe impl Send for Block {}
// SAFETY: through a shared block nothing is changed; see `Send`.
unsafe impl Sync for Block {}
