//! Slabs, their secondary maps, and trees, against naive twins.
#![cfg(feature = "std")]

mod edges;
mod exhausted;
mod keys;
mod model;
mod panics;
mod tree;

#[global_allocator]
static ALLOCATOR: pennyweight::profile::Allocator = pennyweight::profile::Allocator::new();
