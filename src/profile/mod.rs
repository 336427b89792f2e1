//! Counts what a program allocates: bytes now, bytes at the peak, allocations, for a closure or for the process.
//!
//! Counting costs about ten instructions for each allocation and for each free, 128 bytes for each
//! thread, nothing for each block, and takes no lock. Python's counterpart is `tracemalloc` (`get_traced_memory`,
//! `reset_peak`), except that which line of the program allocated is not recorded.
//!
//! A program counts once [`Allocator`] is its global allocator, which takes one line in the binary, the test or
//! the bench:
//!
//! ```
//! use pennyweight::profile;
//!
//! #[global_allocator]
//! static ALLOCATOR: profile::Allocator = profile::Allocator::new();
//!
//! fn main() {
//!     let (numbers, stats) = profile::measure(|| (0..1_000).collect::<Vec<u64>>());
//!     assert_eq!(numbers.len(), 1_000);
//!     assert_eq!(stats.allocations, 1);
//!     assert_eq!(stats.current, 8_000);
//! }
//! ```
//!
//! Where that line is missing nothing is counted, and nothing pretends to have been: [`measure`], [`measure_global`],
//! [`totals`] and [`reset_peak`] panic with the line to add, and the `try_` forms return [`NotInstalled`].
//!
//! # What counts
//!
//! - **Requested bytes**: the size in the `Layout`, not what the allocator rounds it up to.
//! - **One rule for `realloc`**: the block is replaced. The old size and the new one are never
//!   counted side by side, as when an allocator grows a block where it lies. It adds one to `reallocations`, none to
//!   `allocations` or `frees`; the bytes it grows by are allocated, the bytes it shrinks by are freed.
//! - A request that the inner allocator refuses (a null pointer) counts nothing.
//! - What the standard library allocates through the global allocator counts; what C code takes from
//!   `malloc`, thread stacks and mapped files do not.
//!
//! # How exact
//!
//! - [`measure`] counts the calling thread alone and is exact, peak included: the same closure gives the same
//!   figures whatever other threads do. A block freed by another thread than its allocator's is
//!   one thread's allocation and the other's free, so `current` may be negative.
//! - The counts of [`totals`] and [`measure_global`] are exact once the other threads have been joined. Their
//!   peak is not: each thread publishes its `current` whenever it has moved 64 KiB, so that the peak of the process
//!   is off by at most 64 KiB for each thread that has allocated and not ended. A thread that std did not start, and
//!   that never frees, counts as one that has not ended.
//!
//! # Memory
//!
//! A thread counts in a shard of its own, 128 bytes taken from the system allocator and not
//! counted. When the thread ends its shard goes to the next thread that starts, so there are as many as
//! threads ever ran together; [`overhead_bytes`] tells their size. (A thread that std did not start, and that never
//! frees, keeps its shard.)
//!
//! # Platforms
//!
//! Tested on x86-64 Linux with glibc. Believed to hold wherever std has native thread-local storage and
//! 64-bit atomics: nothing else is asked of the platform. Without 64-bit atomics the crate needs to be built
//! without `std`.
//!
//! # Source
//!
//! CPython's [`tracemalloc`](https://docs.python.org/3/library/tracemalloc.html) for the questions,
//! [stats_alloc](https://crates.io/crates/stats_alloc) for the wrapper, and
//! [dhat](https://docs.rs/dhat) for the warning that counters shared by parallel tests lie.

mod allocator;
mod measure;
mod process;
mod registry;
mod shard;
mod stats;
mod thread;

#[cfg(feature = "metrics")]
mod metrics;

pub use allocator::Allocator;
pub use measure::{
    NotInstalled, is_installed, measure, measure_global, try_measure, try_measure_global,
};
#[cfg(feature = "metrics")]
pub use metrics::record_metrics;
pub use process::{overhead_bytes, reset_peak, totals};
pub use stats::Stats;
