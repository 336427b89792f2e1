//! `size` against the counting allocator: what a value says it owns is what was allocated for it. And what the derived
//! impls tell.
#![cfg(all(feature = "std", feature = "derive"))]

mod depth;
mod derive;
mod exact;
mod hidden;
mod implemented;
mod model;
mod observed;

use pennyweight::profile::{Allocator, Stats, measure};
use pennyweight::size::{DeepSize, HeapSize, deep_size};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

/// Builds a value and asserts that it tells the very bytes and blocks that it holds of the
/// allocator.
#[track_caller]
fn assert_exact<T: HeapSize>(build: impl FnOnce() -> T) -> DeepSize {
    let (value, stats) = measure(build);
    let size = deep_size(&value);
    assert_eq!((size.heap, size.blocks), held(&stats), "{size}");
    assert!(size.is_exact(), "{size}");
    assert_eq!(value.heap_bytes(), size.heap);
    assert_eq!(size.inline, size_of::<T>());
    size
}

/// The bytes and blocks that were allocated and not freed.
fn held(stats: &Stats) -> (usize, usize) {
    let blocks = stats.allocations - stats.frees;
    (usize::try_from(stats.current).unwrap(), usize::try_from(blocks).unwrap())
}

/// Numbers that look random and are the same in every run.
fn numbers(seed: u64) -> impl Iterator<Item = u64> {
    std::iter::successors(Some(seed), |&x| {
        let x = x ^ (x << 13);
        let x = x ^ (x >> 7);
        Some(x ^ (x << 17))
    })
    .skip(1)
}
