//! Slabs, their secondary maps, and trees, against naive twins.
#![cfg(feature = "std")]

mod edges;
mod exhausted;
mod model;
mod panics;

#[global_allocator]
static ALLOCATOR: pennyweight::profile::Allocator = pennyweight::profile::Allocator::new();
