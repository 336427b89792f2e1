//! Views: against NumPy, against a naive model, at the edges, and in what they promise to the compiler; fields of
//! structs, and slices with many owners.

mod edges;
mod expected;
#[cfg(feature = "std")]
mod fields;
mod large;
mod model;
#[cfg(feature = "std")]
mod shared;
mod sums;
mod traits;
mod ways;
mod writes;

#[cfg(feature = "std")]
#[global_allocator]
static ALLOCATOR: pennyweight::profile::Allocator = pennyweight::profile::Allocator::new();
