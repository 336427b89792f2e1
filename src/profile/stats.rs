//! The figures that a measurement gives.

use core::fmt;

use super::shard::Counts;

/// What was allocated and freed between two moments, in requested bytes.
///
/// The [module](super) says what counts, and how `realloc` does. Two things always hold: `allocated_bytes -
/// freed_bytes == current` and `peak >= max(current, 0)`.
///
/// # Memory
///
/// 56 bytes inline, no heap.
///
/// # Examples
///
/// ```
/// # #[global_allocator]
/// # static ALLOCATOR: pennyweight::profile::Allocator = pennyweight::profile::Allocator::new();
/// use pennyweight::profile::measure;
///
/// let (_, stats) = measure(|| {
///     let mut bytes = Vec::<u8>::with_capacity(100);
///     bytes.reserve_exact(300); // Grows the block from 100 to 300 bytes.
///     drop(bytes);
///     vec![0_u8; 40]
/// });
/// assert_eq!((stats.allocations, stats.reallocations, stats.frees), (2, 1, 1));
/// assert_eq!((stats.allocated_bytes, stats.freed_bytes), (340, 300));
/// assert_eq!((stats.current, stats.peak), (40, 300));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Blocks allocated. A `realloc` is not among them.
    pub allocations: u64,
    /// Blocks whose size was changed by `realloc`.
    pub reallocations: u64,
    /// Blocks freed. A `realloc` is not among them.
    pub frees: u64,
    /// Bytes of the allocated blocks, and the bytes that reallocations grew by.
    pub allocated_bytes: u64,
    /// Bytes of the freed blocks, and the bytes that reallocations shrank by.
    pub freed_bytes: u64,
    /// Bytes allocated and not freed; negative where more was freed than was allocated.
    pub current: i64,
    /// The greatest `current` on the way.
    pub peak: i64,
}

impl Stats {
    pub(super) fn new(counts: Counts, peak: i64) -> Self {
        let Counts { allocations, reallocations, frees, allocated_bytes, current } = counts;
        // Figures of other threads are read one after the other: a block that was allocated meanwhile may be in one alone.
        let allocated_bytes = allocated_bytes.max(u64::try_from(current).unwrap_or(0));
        let freed_bytes = allocated_bytes.wrapping_sub(current.cast_unsigned());
        Self {
            allocations,
            reallocations,
            frees,
            allocated_bytes,
            freed_bytes,
            current,
            peak: peak.max(current).max(0),
        }
    }
}

impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} bytes now, {} at the peak; {} allocations, {} reallocations, {} frees; \
             {} bytes allocated, {} freed",
            self.current,
            self.peak,
            self.allocations,
            self.reallocations,
            self.frees,
            self.allocated_bytes,
            self.freed_bytes,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_that_one_figure_alone_knows_of_was_allocated() {
        let counts = Counts { current: 100, allocated_bytes: 60, ..Counts::default() };
        let stats = Stats::new(counts, 0);
        assert_eq!((stats.allocated_bytes, stats.freed_bytes, stats.peak), (100, 0, 100));
        let counts = Counts { current: -40, allocated_bytes: 60, ..Counts::default() };
        let stats = Stats::new(counts, 0);
        assert_eq!((stats.allocated_bytes, stats.freed_bytes, stats.peak), (60, 100, 0));
    }
}
