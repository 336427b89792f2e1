//! Buffers of mimalloc, beside a global allocator that is another one.
#![allow(unsafe_code)]

use core::alloc::{GlobalAlloc, Layout};
use core::ptr::NonNull;
use std::alloc::handle_alloc_error;

use mimalloc::MiMalloc;

use super::object::Object;

/// A buffer with room for `N` bytes, of which the first is written.
pub(super) struct MiBuffer<const N: usize> {
    /// Invariant: a block of `Self::LAYOUT` of mimalloc's, which is this buffer's alone.
    block: NonNull<u8>,
    len: usize,
}

impl<const N: usize> MiBuffer<N> {
    const LAYOUT: Layout = match Layout::from_size_align(N, 1) {
        Ok(layout) if N > 0 => layout,
        _ => panic!("a size of a buffer"),
    };
}

// SAFETY: by the invariant on `block` nobody else has it, and mimalloc's blocks may be freed by any thread.
unsafe impl<const N: usize> Send for MiBuffer<N> {}

// SAFETY: a shared reference gives no access to the block.
unsafe impl<const N: usize> Sync for MiBuffer<N> {}

impl<const N: usize> Object for MiBuffer<N> {
    #[inline]
    fn make() -> Self {
        // SAFETY: the layout has a size (the assertion in `LAYOUT`).
        let block = unsafe { MiMalloc.alloc(Self::LAYOUT) };
        let Some(block) = NonNull::new(block) else { handle_alloc_error(Self::LAYOUT) };
        Self { block, len: 0 }
    }

    #[inline]
    fn touch(&mut self) -> usize {
        assert!(self.len < N, "a buffer is used once");
        // SAFETY: the block is `N` bytes long (the invariant on `block`), of which there is one at `len`.
        let end = unsafe { self.block.add(self.len) };
        // SAFETY: as above.
        unsafe { end.write(7) };
        self.len += 1;
        self.len
    }
}

impl<const N: usize> Drop for MiBuffer<N> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: it is a block of this layout (the invariant on `block`), and not used again.
        unsafe { MiMalloc.dealloc(self.block.as_ptr(), Self::LAYOUT) };
    }
}
