//! The counters of one thread, and the few instructions that each allocation and each free spends on them.
//!
//! A shard has one writer, the thread that holds it, and many readers. So the writer needs no read-modify-write
//! instruction: it loads, adds and stores. Shards outlive their threads and are never reset, hence the sum
//! over all of them is the total of the process.
//!
//! ```text
//! allocate:  next = current + size;  next > high ? slow : store current; allocated_bytes += size; allocations += 1
//! free:      next = current - size;  next < low  ? slow : store current; frees += 1
//! ```
//!
//! Everything rare hides behind those two comparisons, because the slow path alone sets `high` and `low`: a new
//! peak inside a measured closure, 64 KiB of movement to publish, the first allocation of a thread, its first
//! free, and a thread whose shard is gone. The last ones work by sentinels, which are shards whose `high` is below every
//! number and whose `low` is above: no call on them is ever quick, and no null check is needed.

use core::sync::atomic::{
    AtomicI64, AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
};

use super::{process, registry::Entry, thread};

/// How far a thread's `current` moves before it is published to the process.
pub(super) const BATCH: i64 = 64 * 1024;

/// What a shard has counted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) allocations: u64,
    pub(super) reallocations: u64,
    pub(super) frees: u64,
    pub(super) allocated_bytes: u64,
    pub(super) current: i64,
}

impl Counts {
    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            allocations: self.allocations.wrapping_add(other.allocations),
            reallocations: self.reallocations.wrapping_add(other.reallocations),
            frees: self.frees.wrapping_add(other.frees),
            allocated_bytes: self.allocated_bytes.wrapping_add(other.allocated_bytes),
            current: self.current.wrapping_add(other.current),
        }
    }

    pub(super) fn since(self, start: Self) -> Self {
        Self {
            allocations: self.allocations.wrapping_sub(start.allocations),
            reallocations: self.reallocations.wrapping_sub(start.reallocations),
            frees: self.frees.wrapping_sub(start.frees),
            allocated_bytes: self.allocated_bytes.wrapping_sub(start.allocated_bytes),
            current: self.current.wrapping_sub(start.current),
        }
    }
}

/// The counters of one thread: the first line is what allocating and freeing touch.
#[derive(Debug)]
#[repr(C)]
pub(super) struct Shard {
    /// Bytes allocated less bytes freed. Stored last, with release, so that a reader which loads it first never
    /// sees fewer `allocated_bytes` than went into it.
    current: AtomicI64,
    /// `min(peak, flushed + BATCH)`; in a sentinel `i64::MIN`.
    high: AtomicI64,
    /// `flushed - BATCH`; `i64::MAX` in a sentinel, and until the first free of the thread.
    low: AtomicI64,
    allocations: AtomicU64,
    allocated_bytes: AtomicU64,
    frees: AtomicU64,
    reallocations: AtomicU64,
    /// The greatest `current` since the innermost [`Span`] began; `i64::MAX` outside of spans.
    peak: AtomicI64,
    /// The part of `current` that the process knows of.
    flushed: AtomicI64,
}

/// One call of the allocator that has succeeded.
#[derive(Clone, Copy)]
enum Event {
    Allocated(usize),
    Grown(usize),
    Shrunk(usize),
    Freed(usize),
}

/// Counts a block of `size` bytes that the thread has allocated.
#[inline]
pub(super) fn count_allocation(size: usize) {
    let shard = thread::local();
    let current = shard.current.load(Relaxed).wrapping_add(size as i64);
    if current > shard.high.load(Relaxed) {
        return slow(shard, Event::Allocated(size));
    }
    bump(&shard.allocated_bytes, size as u64);
    bump(&shard.allocations, 1);
    shard.current.store(current, Release);
}

/// Counts a block of `size` bytes that the thread frees.
#[inline]
pub(super) fn count_free(size: usize) {
    let shard = thread::local();
    let current = shard.current.load(Relaxed).wrapping_sub(size as i64);
    if current < shard.low.load(Relaxed) {
        return slow(shard, Event::Freed(size));
    }
    bump(&shard.frees, 1);
    shard.current.store(current, Release);
}

/// Counts a block that the thread has changed from `old` to `new` bytes.
#[inline]
pub(super) fn count_reallocation(old: usize, new: usize) {
    let shard = thread::local();
    let before = shard.current.load(Relaxed);
    if new >= old {
        let current = before.wrapping_add((new - old) as i64);
        if current > shard.high.load(Relaxed) {
            return slow(shard, Event::Grown(new - old));
        }
        bump(&shard.allocated_bytes, (new - old) as u64);
        bump(&shard.reallocations, 1);
        shard.current.store(current, Release);
    } else {
        let current = before.wrapping_sub((old - new) as i64);
        if current < shard.low.load(Relaxed) {
            return slow(shard, Event::Shrunk(old - new));
        }
        bump(&shard.reallocations, 1);
        shard.current.store(current, Release);
    }
}

#[inline]
fn bump(counter: &AtomicU64, by: u64) {
    counter.store(counter.load(Relaxed).wrapping_add(by), Relaxed);
}

#[cold]
#[inline(never)]
fn slow(shard: &'static Entry<Shard>, event: Event) {
    match thread::attached(shard) {
        Some(shard) => shard.count_and_settle(event),
        None => thread::DETACHED.count_shared(event),
    }
}

impl Shard {
    /// A shard that counts nothing quickly, for the threads that hold none.
    pub(super) const fn sentinel() -> Self {
        Self::with_thresholds(i64::MIN, i64::MAX)
    }

    /// A shard for a thread to hold.
    pub(super) const fn new() -> Self {
        Self::with_thresholds(BATCH, i64::MAX)
    }

    const fn with_thresholds(high: i64, low: i64) -> Self {
        Self {
            current: AtomicI64::new(0),
            high: AtomicI64::new(high),
            low: AtomicI64::new(low),
            allocations: AtomicU64::new(0),
            allocated_bytes: AtomicU64::new(0),
            frees: AtomicU64::new(0),
            reallocations: AtomicU64::new(0),
            peak: AtomicI64::new(i64::MAX),
            flushed: AtomicI64::new(0),
        }
    }

    /// What has been counted so far: all of it if the writer is this thread or has been joined, and otherwise
    /// each figure at some moment during the call.
    pub(super) fn counts(&self) -> Counts {
        let current = self.current.load(Acquire);
        Counts {
            allocations: self.allocations.load(Relaxed),
            reallocations: self.reallocations.load(Relaxed),
            frees: self.frees.load(Relaxed),
            allocated_bytes: self.allocated_bytes.load(Relaxed),
            current,
        }
    }

    /// Counts by the holder of the shard, and sets the thresholds for what follows.
    fn count_and_settle(&self, event: Event) {
        let before = self.current.load(Relaxed);
        let current = match event {
            Event::Allocated(size) => {
                bump(&self.allocated_bytes, size as u64);
                bump(&self.allocations, 1);
                before.wrapping_add(size as i64)
            }
            Event::Grown(by) => {
                bump(&self.allocated_bytes, by as u64);
                bump(&self.reallocations, 1);
                before.wrapping_add(by as i64)
            }
            Event::Shrunk(by) => {
                bump(&self.reallocations, 1);
                before.wrapping_sub(by as i64)
            }
            Event::Freed(size) => {
                bump(&self.frees, 1);
                before.wrapping_sub(size as i64)
            }
        };
        self.current.store(current, Release);
        if current > self.peak.load(Relaxed) {
            self.peak.store(current, Relaxed);
        }
        if matches!(event, Event::Freed(_) | Event::Shrunk(_)) && self.low.load(Relaxed) == i64::MAX
        {
            // Every other `low` is below this; `settle` moves it to where it belongs.
            self.low.store(i64::MAX - 1, Relaxed);
            thread::watch_end();
        }
        if current.wrapping_sub(self.flushed.load(Relaxed)).unsigned_abs() > BATCH.unsigned_abs() {
            self.publish();
        } else {
            self.settle();
        }
    }

    /// Counts by any thread: for [`thread::DETACHED`], which threads share.
    fn count_shared(&self, event: Event) {
        let change = match event {
            Event::Allocated(size) => {
                self.allocated_bytes.fetch_add(size as u64, Relaxed);
                self.allocations.fetch_add(1, Relaxed);
                size as i64
            }
            Event::Grown(by) => {
                self.allocated_bytes.fetch_add(by as u64, Relaxed);
                self.reallocations.fetch_add(1, Relaxed);
                by as i64
            }
            Event::Shrunk(by) => {
                self.reallocations.fetch_add(1, Relaxed);
                -(by as i64)
            }
            Event::Freed(size) => {
                self.frees.fetch_add(1, Relaxed);
                -(size as i64)
            }
        };
        self.current.fetch_add(change, Release);
        process::publish(change);
    }

    /// Tells the process how `current` stands. To be called by the holder alone.
    pub(super) fn publish(&self) {
        let current = self.current.load(Relaxed);
        let change = current.wrapping_sub(self.flushed.load(Relaxed));
        self.flushed.store(current, Relaxed);
        self.settle();
        process::publish(change);
    }

    /// Restores the invariants of `high` and `low`.
    fn settle(&self) {
        let flushed = self.flushed.load(Relaxed);
        self.high.store(flushed.saturating_add(BATCH).min(self.peak.load(Relaxed)), Relaxed);
        if self.low.load(Relaxed) != i64::MAX {
            self.low.store(flushed.saturating_sub(BATCH), Relaxed);
        }
    }

    /// Makes a shard ready for its next holder, whose end is not watched yet.
    pub(super) fn renew(&self) {
        self.low.store(i64::MAX, Relaxed);
    }

    /// Begins to follow the peak of the holder. Spans nest: each is ended before the one it was begun in.
    pub(super) fn begin_span(&self) -> Span<'_> {
        let outer_peak = self.peak.load(Relaxed);
        let start = self.counts();
        self.peak.store(start.current, Relaxed);
        self.settle();
        Span { shard: self, start, outer_peak }
    }
}

/// A stretch of one thread's work; when it is dropped, the span around it goes on as if it had not been.
pub(super) struct Span<'a> {
    shard: &'a Shard,
    start: Counts,
    outer_peak: i64,
}

impl Span<'_> {
    /// What was counted since the beginning, and the peak above it.
    pub(super) fn counts(&self) -> (Counts, i64) {
        let peak = self.shard.peak.load(Relaxed).wrapping_sub(self.start.current);
        (self.shard.counts().since(self.start), peak)
    }
}

impl Drop for Span<'_> {
    fn drop(&mut self) {
        // Outside of spans the peak is `i64::MAX`, which the maximum keeps.
        let peak = self.shard.peak.load(Relaxed).max(self.outer_peak);
        self.shard.peak.store(peak, Relaxed);
        self.shard.settle();
    }
}
