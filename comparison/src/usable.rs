#![allow(unsafe_code)]
//! An allocator that also knows what malloc really hands out.

use core::{
    alloc::{GlobalAlloc, Layout},
    cell::Cell,
};
use std::alloc::System;

/// The system allocator, with a count of the bytes that its blocks take in the heap.
///
/// A block takes what `malloc_usable_size` says and the 8 bytes in front of it in which glibc keeps the size: a
/// boxed `u64` takes 32. (A block of its own mapping, 128 KiB and up, has 16 bytes in front and ends with its page.
/// The page is part of the usable size; 8 bytes of 128 KiB are not counted.)
///
/// Each thread counts for itself, as [`pennyweight::profile::Allocator`] does, whose inner allocator this is in the
/// memory pass. Nothing is timed there.
#[derive(Debug, Default, Clone, Copy)]
pub struct Usable;

thread_local! {
    /// The bytes of the blocks that this thread has allocated, less those that it has freed.
    static TAKEN: Cell<i64> = const { Cell::new(0) };
}

/// Counts on this thread, unless it ends.
fn count(bytes: i64) {
    let _ = TAKEN.try_with(|taken| taken.set(taken.get() + bytes));
}

/// Returns the bytes of the blocks that this thread has allocated and not freed, or `None` where malloc does not tell.
pub(crate) fn taken() -> Option<i64> {
    TELLS.then(|| TAKEN.get())
}

/// Returns what `f` adds to [`taken`], with its result. Exact where `f` stays on this thread.
pub(crate) fn measure<R>(f: impl FnOnce() -> R) -> (R, Option<i64>) {
    let before = taken();
    let result = f();
    (result, before.zip(taken()).map(|(before, after)| after - before))
}

const TELLS: bool = cfg!(all(target_os = "linux", target_env = "gnu"));

/// # Safety
///
/// `block` is null or a live block of the system allocator.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
unsafe fn block_bytes(block: *mut u8) -> i64 {
    const SIZE_FIELD: usize = 8;
    if block.is_null() {
        return 0;
    }
    // SAFETY: the block is live by the contract of this function, and std's `System` takes its blocks from malloc
    // and its aligned relatives.
    let usable = unsafe { libc::malloc_usable_size(block.cast()) };
    (usable + SIZE_FIELD) as i64
}

/// # Safety
///
/// None is needed where malloc does not tell.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
unsafe fn block_bytes(_block: *mut u8) -> i64 {
    0
}

// SAFETY: every method passes its arguments to the same method of `System` and returns what that returned; the caller
// owes `System` just what it owes this. Counting neither unwinds nor touches a block's bytes.
unsafe impl GlobalAlloc for Usable {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the contract of this method is that of `System.alloc`.
        let block = unsafe { System.alloc(layout) };
        // SAFETY: the block came from the system allocator just now, or is null.
        count(unsafe { block_bytes(block) });
        block
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the contract of this method is that of `System.alloc_zeroed`.
        let block = unsafe { System.alloc_zeroed(layout) };
        // SAFETY: the block came from the system allocator just now, or is null.
        count(unsafe { block_bytes(block) });
        block
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: `block` is a live block of this allocator by the contract of `realloc`.
        let old = unsafe { block_bytes(block) };
        // SAFETY: the contract of this method is that of `System.realloc`.
        let grown = unsafe { System.realloc(block, layout, new_size) };
        if !grown.is_null() {
            // SAFETY: the block came from the system allocator just now.
            count(unsafe { block_bytes(grown) } - old);
        }
        grown
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: `block` is a live block of this allocator by the contract of `dealloc`.
        count(-unsafe { block_bytes(block) });
        // SAFETY: the contract of this method is that of `System.dealloc`.
        unsafe { System.dealloc(block, layout) }
    }
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
mod tests {
    use super::*;

    #[test]
    fn a_block_of_eight_bytes_takes_thirty_two() {
        let layout = Layout::new::<u64>();
        // SAFETY: the layout has a size.
        let block = unsafe { System.alloc(layout) };
        assert!(!block.is_null());
        // SAFETY: the block is live.
        let bytes = unsafe { block_bytes(block) };
        // SAFETY: the block is live, was allocated with this layout, and is not used again.
        unsafe { System.dealloc(block, layout) };
        assert_eq!(bytes, 32);
    }
}
