//! What all threads together have allocated.
//!
//! Counts are summed over the shards when they are asked for. The peak cannot be: it has to be seen when it
//! happens. So each thread adds the movement of its `current` to the process's whenever that has moved by 64 KiB, and
//! whoever adds raises the peaks. By then each thread may be 64 KiB off, in either direction, which is the bound.

use core::sync::atomic::{
    AtomicI64,
    Ordering::{Acquire, Relaxed, Release},
};

use super::{
    Stats,
    measure::assert_installed,
    registry::{Entry, Registry},
    shard::Counts,
    thread,
};

/// The sum of what the threads have published.
static CURRENT: AtomicI64 = AtomicI64::new(0);

/// The greatest `CURRENT` since the start, or since [`reset_peak`].
static PEAK: AtomicI64 = AtomicI64::new(0);

/// The greatest `CURRENT` since each [`Span`] began. Entries that no span holds are raised too, to no effect.
static SPANS: Registry<AtomicI64> = Registry::new();

/// Returns what the process has allocated and freed since it started.
///
/// The counts are exact for this thread and for threads that have been joined; what a running
/// thread does meanwhile may be in some of the figures and not yet in others. `peak` is off by at most 64 KiB for each
/// thread that has allocated and not ended. Python's `tracemalloc.get_traced_memory` is `current` and
/// `peak`.
///
/// Takes time in proportion to the number of threads that ever ran together. (Does not allocate.)
///
/// # Panics
///
/// Panics if [`Allocator`](super::Allocator) is not the global allocator.
///
/// # Examples
///
/// ```
/// # #[global_allocator]
/// # static ALLOCATOR: pennyweight::profile::Allocator = pennyweight::profile::Allocator::new();
/// use pennyweight::profile;
///
/// let before = profile::totals();
/// let bytes = vec![0_u8; 1_000];
/// let after = profile::totals();
/// assert_eq!(after.current - before.current, 1_000);
/// # drop(bytes);
/// ```
#[track_caller]
pub fn totals() -> Stats {
    assert_installed();
    publish_own();
    Stats::new(counts(), PEAK.load(Relaxed))
}

/// Sets the `peak` of [`totals`] to what is allocated now, as Python's `tracemalloc.reset_peak` does.
///
/// Measurements in progress are not affected.
///
/// # Panics
///
/// Panics if [`Allocator`](super::Allocator) is not the global allocator.
#[track_caller]
pub fn reset_peak() {
    assert_installed();
    publish_own();
    begin_peak(&PEAK);
}

/// Returns the bytes that the profiler itself has taken from the system allocator; they are counted nowhere else.
///
/// 128 for each of the most threads that ever ran together, and 128 for each of the most calls of
/// [`measure_global`](super::measure_global) that ever did. They are used again and never given back.
pub fn overhead_bytes() -> usize {
    thread::shards_heap_bytes() + SPANS.heap_bytes()
}

/// Adds to what the process has allocated, and raises the peaks.
pub(super) fn publish(change: i64) {
    // See `begin_peak`.
    let current = CURRENT.fetch_add(change, Acquire).wrapping_add(change);
    if change > 0 {
        raise(&PEAK, current);
        for peak in SPANS.iter() {
            raise(peak, current);
        }
    }
}

/// Sets a peak to what is allocated now, and loses none that another thread reaches meanwhile.
///
/// Both this and [`publish`] change `CURRENT` and then look at the other's work: whoever comes second sees what the first
/// has done before. That is either a change that this raises the peak to, or a peak that was lowered, which the change raises.
fn begin_peak(peak: &AtomicI64) {
    peak.store(i64::MIN, Relaxed);
    raise(peak, CURRENT.fetch_add(0, Release));
}

fn raise(peak: &AtomicI64, current: i64) {
    // Most of the time a load is enough, and the cache line stays shared.
    if peak.load(Relaxed) < current {
        peak.fetch_max(current, Relaxed);
    }
}

fn publish_own() {
    thread::with_shard(|shard| shard.publish());
}

fn counts() -> Counts {
    thread::shards().map(|shard| shard.counts()).fold(Counts::default(), Counts::plus)
}

/// A stretch of the process's work.
pub(super) struct Span {
    peak: &'static Entry<AtomicI64>,
    start: Counts,
}

impl Span {
    /// Begins a span. `None` if there is no memory for it.
    pub(super) fn begin() -> Option<Self> {
        publish_own();
        let peak = SPANS.claim(|| AtomicI64::new(i64::MIN))?;
        begin_peak(peak);
        Some(Self { peak, start: counts() })
    }

    /// What was counted since the beginning, and the peak above it.
    pub(super) fn counts(&self) -> (Counts, i64) {
        publish_own();
        let peak = self.peak.load(Relaxed).wrapping_sub(self.start.current);
        (counts().since(self.start), peak)
    }
}

impl Drop for Span {
    fn drop(&mut self) {
        SPANS.release(self.peak);
    }
}
