//! Arrays of numbers and booleans that can be changed: against a `Vec`, at the edges, as images and in files.

#[cfg(feature = "std")]
mod cast;
mod edges;
mod encoding;
mod filter;
mod image;
mod iter;
#[cfg(feature = "rayon")]
mod many_threads;
#[cfg(feature = "std")]
mod mapped;
mod model;
mod splice;
mod types;

#[cfg(feature = "std")]
#[global_allocator]
static ALLOCATOR: pennyweight::profile::Allocator = pennyweight::profile::Allocator::new();
