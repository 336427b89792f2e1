#![allow(unsafe_code)]
//! The allocator of a process that compares allocators.
//!
//! A process has one global allocator, so this one forwards each call to the side that is having its turn. All sides
//! take their blocks from [`System`], so that any of them may free what another has allocated.

use core::{
    alloc::{GlobalAlloc, Layout},
    sync::atomic::{AtomicU8, Ordering::Relaxed},
};
use std::alloc::System;

use pennyweight::profile;
use stats_alloc::StatsAlloc;

/// The allocators that are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Side {
    System,
    Pennyweight,
    StatsAlloc,
    Dhat,
}

static SIDE: AtomicU8 = AtomicU8::new(Side::System as u8);
static PENNYWEIGHT: profile::Allocator = profile::Allocator::new();
static STATS_ALLOC: StatsAlloc<System> = StatsAlloc::system();
static DHAT: dhat::Alloc = dhat::Alloc;

/// Calls `f` with `side` as the allocator. A panic ends the bench, so that nothing has to be restored then.
pub(crate) fn with<R>(side: Side, f: impl FnOnce() -> R) -> R {
    SIDE.store(side as u8, Relaxed);
    let result = f();
    SIDE.store(Side::System as u8, Relaxed);
    result
}

/// Forwards to the side that [`with`] has chosen.
#[derive(Debug)]
pub(crate) struct Switch;

macro_rules! forward {
    ($method:ident($($argument:expr),*)) => {{
        const PENNYWEIGHT_SIDE: u8 = Side::Pennyweight as u8;
        const STATS_ALLOC_SIDE: u8 = Side::StatsAlloc as u8;
        const DHAT_SIDE: u8 = Side::Dhat as u8;
        match SIDE.load(Relaxed) {
            // SAFETY: each side is a `GlobalAlloc`, whose contract is the caller's; and a block of any side is a block of
            // `System`, so that it does not matter which side allocated it.
            PENNYWEIGHT_SIDE => unsafe { PENNYWEIGHT.$method($($argument),*) },
            // SAFETY: as above.
            STATS_ALLOC_SIDE => unsafe { STATS_ALLOC.$method($($argument),*) },
            // SAFETY: as above.
            DHAT_SIDE => unsafe { DHAT.$method($($argument),*) },
            // SAFETY: as above.
            _ => unsafe { System.$method($($argument),*) },
        }
    }};
}

// SAFETY: every method is the same method of an allocator that forwards to `System`.
unsafe impl GlobalAlloc for Switch {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        forward!(alloc(layout))
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        forward!(alloc_zeroed(layout))
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        forward!(realloc(block, layout, new_size))
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        forward!(dealloc(block, layout));
    }
}
