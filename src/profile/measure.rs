//! Measurements of a closure, and the question whether there is anything to measure with.

use core::{
    error::Error,
    fmt,
    hint::black_box,
    sync::atomic::{AtomicU8, Ordering::Relaxed},
};

use super::{Stats, process, thread};

/// Calls `f` and returns its result, and what this thread allocated and freed meanwhile.
///
/// Exact, and the same each time for the same closure, whatever other threads do. What other threads do on behalf of `f`
/// is not counted: see [`measure_global`] for closures that spawn. Calls may be nested; what the inner one
/// measures is part of what the outer one does. The result is counted as still allocated. Measuring does not
/// itself allocate.
///
/// Inside `f` an allocation that makes a new peak costs some instructions more than others.
///
/// # Panics
///
/// Panics if [`Allocator`](super::Allocator) is not the global allocator, with the line to add. A panic of `f`
/// goes on to the caller, and the measurement around this one stays right.
///
/// # Examples
///
/// ```
/// # #[global_allocator]
/// # static ALLOCATOR: pennyweight::profile::Allocator = pennyweight::profile::Allocator::new();
/// use pennyweight::profile::measure;
///
/// let (words, stats) = measure(|| "to be or not to be".split(' ').map(String::from).collect::<Vec<_>>());
/// assert_eq!(words.len(), 6);
/// assert_eq!(stats.current, (words.capacity() * size_of::<String>() + 13) as i64);
/// ```
#[track_caller]
pub fn measure<R>(f: impl FnOnce() -> R) -> (R, Stats) {
    assert_installed();
    measure_installed(f)
}

/// Like [`measure`], but returns an error where `measure` panics.
///
/// # Errors
///
/// [`NotInstalled`] if [`Allocator`](super::Allocator) is not the global allocator. `f` is not called then.
///
/// # Panics
///
/// Panics, before `f` is called, if the system has no 128 bytes for the counters of a thread that has none yet.
pub fn try_measure<R>(f: impl FnOnce() -> R) -> Result<(R, Stats), NotInstalled> {
    if is_installed() { Ok(measure_installed(f)) } else { Err(NotInstalled) }
}

/// Calls `f` and returns its result, and what all threads allocated and freed meanwhile.
///
/// For closures that hand work to other threads. Whatever else runs in the process is counted as well. The counts
/// are exact if the threads that `f` started were joined by it, by their handles: the end of a
/// [`std::thread::scope`] alone does not wait for the destructors of thread-local values. `peak` is off by at most
/// 64 KiB for each thread that has allocated and not ended.
///
/// # Panics
///
/// Panics if [`Allocator`](super::Allocator) is not the global allocator, with the line to add.
///
/// # Examples
///
/// ```
/// # #[global_allocator]
/// # static ALLOCATOR: pennyweight::profile::Allocator = pennyweight::profile::Allocator::new();
/// use pennyweight::profile::measure_global;
///
/// let (bytes, stats) = measure_global(|| std::thread::spawn(|| vec![0_u8; 1_000_000]).join().unwrap());
/// assert!(stats.current >= bytes.capacity() as i64);
/// ```
#[track_caller]
pub fn measure_global<R>(f: impl FnOnce() -> R) -> (R, Stats) {
    assert_installed();
    measure_global_installed(f)
}

/// Like [`measure_global`], but returns an error where `measure_global` panics.
///
/// # Errors
///
/// [`NotInstalled`] if [`Allocator`](super::Allocator) is not the global allocator. `f` is not called then.
///
/// # Panics
///
/// Panics, before `f` is called, if the system has no 128 bytes for one more measurement than ever ran together.
pub fn try_measure_global<R>(f: impl FnOnce() -> R) -> Result<(R, Stats), NotInstalled> {
    if is_installed() { Ok(measure_global_installed(f)) } else { Err(NotInstalled) }
}

/// Returns whether [`Allocator`](super::Allocator) is the global allocator of this program.
///
/// The first call finds out by allocating a byte and looking whether it was counted.
pub fn is_installed() -> bool {
    const UNKNOWN: u8 = 0;
    const YES: u8 = 1;
    const NO: u8 = 2;
    // A program has one global allocator for all its life, so the answer never changes.
    static ANSWER: AtomicU8 = AtomicU8::new(UNKNOWN);
    match ANSWER.load(Relaxed) {
        YES => true,
        NO => false,
        _ => {
            let (_, stats) = measure_installed(|| drop(black_box(alloc::boxed::Box::new(0_u8))));
            let installed = stats.allocations > 0;
            ANSWER.store(if installed { YES } else { NO }, Relaxed);
            installed
        }
    }
}

/// The error of a measurement in a program whose global allocator does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotInstalled;

impl fmt::Display for NotInstalled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "nothing is counted: the global allocator is not `pennyweight::profile::Allocator`. \
             Add to the program (the binary, test, bench or example, not a library):\n\n    \
             #[global_allocator]\n    \
             static ALLOCATOR: pennyweight::profile::Allocator = \
             pennyweight::profile::Allocator::new();\n",
        )
    }
}

impl Error for NotInstalled {}

#[track_caller]
pub(super) fn assert_installed() {
    if !is_installed() {
        panic!("{NotInstalled}");
    }
}

fn measure_installed<R>(f: impl FnOnce() -> R) -> (R, Stats) {
    let measured = thread::with_shard(|shard| {
        let span = shard.begin_span();
        let result = f();
        let (counts, peak) = span.counts();
        (result, Stats::new(counts, peak))
    });
    measured.expect("memory for the counters of a thread")
}

fn measure_global_installed<R>(f: impl FnOnce() -> R) -> (R, Stats) {
    let span = process::Span::begin().expect("memory for a measurement of the process");
    let result = f();
    let (counts, peak) = span.counts();
    (result, Stats::new(counts, peak))
}
