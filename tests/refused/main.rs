//! What collections do where the allocator refuses.
#![allow(unsafe_code)]

mod intern;
#[cfg(feature = "std")]
mod intern_shared;
mod numbers;
#[cfg(feature = "derive")]
mod record;
#[cfg(feature = "derive")]
mod record_columns;
mod slab;
mod text;
mod weak;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ptr;

thread_local! {
    /// The largest block that this thread is given.
    static LARGEST: Cell<usize> = const { Cell::new(usize::MAX) };
    /// How many more blocks this thread is given or made larger.
    static LEFT: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// The system's allocator, until [`LEFT`] is used up, and but for what is larger than [`LARGEST`].
struct Refusing;

impl Refusing {
    fn refuses(size: usize) -> bool {
        match LEFT.get().checked_sub(1) {
            Some(left) if size <= LARGEST.get() => LEFT.set(left),
            _ => return true,
        }
        false
    }
}

// SAFETY: every block is the system's. A refusal is null, as `GlobalAlloc` has it, and a refused reallocation
// leaves the old block alone. Counting neither allocates nor unwinds: the limits are initialised by constants and need
// no destructor.
unsafe impl GlobalAlloc for Refusing {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if Self::refuses(layout.size()) {
            return ptr::null_mut();
        }
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise; the block is the system's.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // To get smaller asks for nothing.
        if size > layout.size() && Self::refuses(size) {
            return ptr::null_mut();
        }
        // SAFETY: the caller's promise; the block is the system's.
        unsafe { System.realloc(block, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Refusing = Refusing;

/// Runs `f` while this thread is given blocks of at most `bytes`.
fn at_most<R>(bytes: usize, f: impl FnOnce() -> R) -> R {
    LARGEST.set(bytes);
    let result = f();
    LARGEST.set(usize::MAX);
    result
}

/// Runs `f` while this thread is given so many blocks.
fn given<R>(blocks: usize, f: impl FnOnce() -> R) -> R {
    LEFT.set(blocks);
    let result = f();
    LEFT.set(usize::MAX);
    result
}
