#![allow(unsafe_code)]
//! The global allocator that counts and leaves the work to another.

use core::alloc::{GlobalAlloc, Layout};
use std::alloc::System;

use super::shard::{count_allocation, count_free, count_reallocation};

/// A global allocator that counts what passes through it: about ten instructions each way, no bytes per block.
///
/// Blocks come from the inner allocator as they are, of the size that was asked for and at the address that it
/// chose, so that a program takes as much memory as without counting, and 128 bytes per thread.
///
/// It wins in tests, examples and benches, where every call's allocations can be asserted, and in programs that report
/// their own memory. It loses where a program does little but allocate and free small blocks, by up to a tenth of the
/// time, and more with blocks above 64 KiB that are freed unused; and it has no place in a process whose times
/// are compared with those of an uncounted one.
///
/// All allocators of this type in a program count into the same place, so there should be one.
///
/// # Layout
///
/// The inner allocator and nothing else: no bytes over [`System`].
///
/// # Memory
///
/// No bytes for a block, and 128 for a thread: see [`overhead_bytes`](super::overhead_bytes).
///
/// # Examples
///
/// ```
/// use pennyweight::profile::{Allocator, measure};
///
/// #[global_allocator]
/// static ALLOCATOR: Allocator = Allocator::new();
///
/// let (boxed, stats) = measure(|| Box::new([0_u32; 4]));
/// assert_eq!((stats.allocations, stats.current), (1, 16));
/// # drop(boxed);
/// ```
///
/// # Source
///
/// After [stats_alloc](https://crates.io/crates/stats_alloc), with counters per thread instead of shared ones.
#[derive(Debug, Default, Clone, Copy)]
pub struct Allocator<A = System> {
    inner: A,
}

impl Allocator {
    /// Creates an allocator over the system's.
    #[must_use]
    pub const fn new() -> Self {
        Self::over(System)
    }
}

impl<A> Allocator<A> {
    /// Creates an allocator over `inner`.
    #[must_use]
    pub const fn over(inner: A) -> Self {
        Self { inner }
    }
}

// SAFETY: every method passes its arguments to the same method of `inner`, which is a `GlobalAlloc`, and returns what
// that returned; the caller owes `inner` just what it owes this. Counting neither unwinds nor touches the block.
unsafe impl<A: GlobalAlloc> GlobalAlloc for Allocator<A> {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the contract of this method is that of `inner.alloc`.
        let block = unsafe { self.inner.alloc(layout) };
        if !block.is_null() {
            count_allocation(layout.size());
        }
        block
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the contract of this method is that of `inner.alloc_zeroed`.
        let block = unsafe { self.inner.alloc_zeroed(layout) };
        if !block.is_null() {
            count_allocation(layout.size());
        }
        block
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: the contract of this method is that of `inner.realloc`.
        let block = unsafe { self.inner.realloc(block, layout, new_size) };
        if !block.is_null() {
            count_reallocation(layout.size(), new_size);
        }
        block
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count_free(layout.size());
        // SAFETY: the contract of this method is that of `inner.dealloc`.
        unsafe { self.inner.dealloc(block, layout) }
    }
}
