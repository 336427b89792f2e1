//! What the features named after other crates bring. One that is off leaves its modules out.

#[cfg(all(feature = "std", feature = "arrow"))]
mod arrow;
#[cfg(all(feature = "std", feature = "arrow"))]
mod arrow_arrays;
#[cfg(all(feature = "std", feature = "arrow"))]
mod arrow_rows;
#[cfg(all(feature = "std", feature = "lasso"))]
mod lasso;
#[cfg(all(feature = "std", feature = "ndarray"))]
mod ndarray;
#[cfg(feature = "ndarray")]
mod ndarray_views;
#[cfg(all(feature = "std", feature = "serde"))]
mod serde;
#[cfg(feature = "serde")]
mod serde_text;

#[cfg(feature = "std")]
#[global_allocator]
static ALLOCATOR: pennyweight::profile::Allocator = pennyweight::profile::Allocator::new();
