//! Compressed arrays, each against the values that it was made of, and the choice between them.

#[macro_use]
mod model;

mod blocks;
mod compress;
#[cfg(feature = "std")]
mod decimal;
mod dict;
mod sorted;

#[cfg(feature = "std")]
#[global_allocator]
static ALLOCATOR: pennyweight::profile::Allocator = pennyweight::profile::Allocator::new();
