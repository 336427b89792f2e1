//! What the features named after other crates bring. One that is off leaves its modules out.

#[cfg(all(feature = "std", feature = "arrow"))]
mod arrow;
#[cfg(all(feature = "std", feature = "arrow"))]
mod arrow_arrays;
#[cfg(all(feature = "std", feature = "arrow"))]
mod arrow_rows;
#[cfg(any(feature = "lasso", feature = "serde"))]
mod intern;
#[cfg(all(feature = "std", feature = "lasso"))]
mod lasso;
#[cfg(all(feature = "std", feature = "ndarray"))]
mod ndarray;
#[cfg(feature = "ndarray")]
mod ndarray_views;
#[cfg(all(feature = "std", feature = "arrow", feature = "derive"))]
mod record_arrow;
#[cfg(all(feature = "std", feature = "serde"))]
mod serde;
#[cfg(all(feature = "std", feature = "serde"))]
mod serde_columns;
#[cfg(all(feature = "serde", feature = "derive"))]
mod serde_records;
#[cfg(all(feature = "std", feature = "serde"))]
mod serde_text;

#[cfg(feature = "std")]
#[global_allocator]
static ALLOCATOR: pennyweight::profile::Allocator = pennyweight::profile::Allocator::new();

/// Builds a value that tells the very bytes and blocks that it holds of the allocator, though it estimates them.
#[cfg(all(feature = "std", any(feature = "arrow", feature = "ndarray")))]
#[track_caller]
fn assert_met<T: pennyweight::size::HeapSize>(
    build: impl FnOnce() -> T,
) -> pennyweight::size::DeepSize {
    let (value, stats) = pennyweight::profile::measure(build);
    let size = pennyweight::size::deep_size(&value);
    let blocks = (stats.allocations - stats.frees) as usize;
    assert_eq!((size.heap as i64, size.blocks), (stats.current, blocks), "{size}");
    assert_eq!(size.unseen, 0);
    size
}
