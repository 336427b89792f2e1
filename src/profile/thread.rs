//! Which shard a thread counts in, from its first allocation to its last.
//!
//! A thread claims a shard by its first allocation and gives it back when its thread-local values are
//! destroyed. Before and after, its variable points to a sentinel, so that there is always a shard to count in:
//!
//! ```text
//! UNATTACHED --first call--> a shard --destructor of END--> DETACHED --a closure to measure--> a shard on loan
//!                                                                    <------- its end -------
//! ```
//!
//! The variable itself has no destructor, so that reading it is one load, and it can be read to the very end.
//! The destructor is registered by the first free and not by the first allocation: where std keeps
//! its own list of destructors, as it does on macOS, registering allocates, and before Rust 1.93 an allocator that
//! registers from within that allocation is stopped by an abort. A thread that never frees keeps its shard.

use core::{cell::Cell, ptr};
use std::thread_local;

use super::{
    registry::{Entry, Registry},
    shard::Shard,
};

static SHARDS: Registry<Shard> = Registry::new();

/// Stands for the shard that a thread is yet to claim. Counts nothing.
static UNATTACHED: Entry<Shard> = Entry::new(Shard::sentinel());

/// Counts, with atomic additions, for all threads that have given up their shard, or found no memory for one.
pub(super) static DETACHED: Entry<Shard> = Entry::new(Shard::sentinel());

thread_local! {
    static LOCAL: Cell<&'static Entry<Shard>> = const { Cell::new(&UNATTACHED) };
    static END: End = const { End };
}

/// The shard of this thread, or the sentinel that stands for it.
#[inline]
pub(super) fn local() -> &'static Entry<Shard> {
    LOCAL.get()
}

/// The shard that stands behind what [`local`] returned, claimed now if need be. `None` for [`DETACHED`].
pub(super) fn attached(local: &'static Entry<Shard>) -> Option<&'static Entry<Shard>> {
    if ptr::eq(local, &DETACHED) {
        return None;
    }
    if !ptr::eq(local, &UNATTACHED) {
        return Some(local);
    }
    let claimed = claim();
    LOCAL.set(claimed.unwrap_or(&DETACHED));
    claimed
}

/// Sees to it that the shard is given back when the thread ends.
pub(super) fn watch_end() {
    // Fails only where the destructor has run already: then the shard is on loan, and `Loan` gives it back.
    let _ = END.try_with(|_| ());
}

/// Calls `f` with a shard that this thread holds: its own, or after its end one that it borrows for the purpose.
///
/// `None`, without a call, if there is no memory for a shard.
pub(super) fn with_shard<R>(f: impl FnOnce(&Shard) -> R) -> Option<R> {
    if let Some(shard) = attached(local()) {
        return Some(f(shard));
    }
    let loan = Loan(claim()?);
    LOCAL.set(loan.0);
    Some(f(loan.0))
}

/// Every shard in which something may have been counted.
pub(super) fn shards() -> impl Iterator<Item = &'static Shard> {
    core::iter::once(&*DETACHED).chain(SHARDS.iter().map(|entry| &**entry))
}

/// The bytes that the shards have taken from the system allocator.
pub(super) fn shards_heap_bytes() -> usize {
    SHARDS.heap_bytes()
}

fn claim() -> Option<&'static Entry<Shard>> {
    let shard = SHARDS.claim(Shard::new)?;
    shard.renew();
    Some(shard)
}

fn give_back(shard: &'static Entry<Shard>) {
    LOCAL.set(&DETACHED);
    shard.publish();
    SHARDS.release(shard);
}

/// Its destructor runs when the thread ends.
struct End;

impl Drop for End {
    fn drop(&mut self) {
        if let Some(shard) = attached(local()) {
            give_back(shard);
        }
    }
}

struct Loan(&'static Entry<Shard>);

impl Drop for Loan {
    fn drop(&mut self) {
        give_back(self.0);
    }
}
