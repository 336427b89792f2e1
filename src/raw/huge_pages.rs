//! Large buffers on large pages.
//!
//! The first write to each page of fresh memory is a fault, in which the system finds and clears the page: for a buffer
//! of many megabytes this takes longer than to write it. Linux hands out pages of 2 MB where it is asked to. NumPy asks
//! for its arrays from 4 MB on (`numpy/_core/src/multiarray/alloc.c`), and so do views that are copied.
#![allow(unsafe_code)]

use core::mem::MaybeUninit;

/// Buffers from this size on are worth the call: as in NumPy, 4 MB.
#[cfg(all(feature = "std", target_os = "linux"))]
const WORTH_IT: usize = 4 << 20;

/// Asks for large pages under a buffer that is about to be filled. Changes nothing but time.
#[cfg(all(feature = "std", target_os = "linux"))]
pub(crate) fn ask_for<T>(room: &mut [MaybeUninit<T>]) {
    use core::ffi::{c_int, c_void};

    /// Of Linux's `asm-generic/mman-common.h`.
    const MADV_HUGEPAGE: c_int = 14;
    const PAGE: usize = 4096;

    unsafe extern "C" {
        fn madvise(start: *mut c_void, length: usize, advice: c_int) -> c_int;
    }

    let bytes = size_of_val(room);
    if bytes < WORTH_IT {
        return;
    }
    let start = room.as_mut_ptr().cast::<u8>();
    let skip = start.align_offset(PAGE);
    let Some(length) = bytes.checked_sub(skip) else { return };
    let length = length / PAGE * PAGE;
    // SAFETY: `skip` bytes are within the buffer.
    let start = unsafe { start.add(skip) };
    // SAFETY: the pages from `start` on are those of the buffer, and this advice leaves what is in them as it is. If it
    // is not taken, nothing was lost.
    unsafe { madvise(start.cast(), length, MADV_HUGEPAGE) };
}

/// Asks for large pages where the system has them.
#[cfg(not(all(feature = "std", target_os = "linux")))]
pub(crate) fn ask_for<T>(_: &mut [MaybeUninit<T>]) {}
