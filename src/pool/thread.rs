//! A small number for each thread.

use core::cell::Cell;
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};

std::thread_local! {
    /// It has no destructor, so it is there as long as the thread, in the destructors of other thread-locals too.
    static INDEX: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// The number of this thread: threads count from 0 as they first ask. It says where a thread looks first, and nothing rests on it that
/// threads have different ones.
#[inline]
pub(super) fn index() -> usize {
    let index = INDEX.get();
    if index == usize::MAX { first() } else { index }
}

#[cold]
fn first() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    // One number of all that there are stands for "not asked yet".
    let index = NEXT.fetch_add(1, Relaxed) % usize::MAX;
    INDEX.set(index);
    index
}
