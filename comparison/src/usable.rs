#![allow(unsafe_code)]
//! An allocator that also knows what malloc really hands out.

use core::{
    alloc::{GlobalAlloc, Layout},
    sync::atomic::{AtomicI64, Ordering::Relaxed},
};
use std::alloc::System;

/// The system allocator, with a count of the bytes that its blocks take in the heap.
///
/// A block takes what `malloc_usable_size` says and the 8 bytes in front of it in which glibc keeps the size: a
/// boxed `u64` takes 32. (A block of its own mapping, 128 KiB and up, has 16 bytes in front and ends with its page.
/// The page is part of the usable size; 8 bytes of 128 KiB are not counted.)
///
/// The count is one atomic for all threads, much slower than [`pennyweight::profile::Allocator`], whose inner
/// allocator it is in the memory pass. Nothing is timed there.
#[derive(Debug, Default, Clone, Copy)]
pub struct Usable;

static TAKEN: AtomicI64 = AtomicI64::new(0);

/// Returns the bytes that live blocks take in the heap, or `None` where malloc does not tell.
pub(crate) fn taken() -> Option<i64> {
    TELLS.then(|| TAKEN.load(Relaxed))
}

/// Returns what `f` adds to [`taken`], with its result. Exact while no other thread allocates.
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
        TAKEN.fetch_add(unsafe { block_bytes(block) }, Relaxed);
        block
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the contract of this method is that of `System.alloc_zeroed`.
        let block = unsafe { System.alloc_zeroed(layout) };
        // SAFETY: the block came from the system allocator just now, or is null.
        TAKEN.fetch_add(unsafe { block_bytes(block) }, Relaxed);
        block
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: `block` is a live block of this allocator by the contract of `realloc`.
        let old = unsafe { block_bytes(block) };
        // SAFETY: the contract of this method is that of `System.realloc`.
        let grown = unsafe { System.realloc(block, layout, new_size) };
        if !grown.is_null() {
            // SAFETY: the block came from the system allocator just now.
            TAKEN.fetch_add(unsafe { block_bytes(grown) } - old, Relaxed);
        }
        grown
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: `block` is a live block of this allocator by the contract of `dealloc`.
        TAKEN.fetch_sub(unsafe { block_bytes(block) }, Relaxed);
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
