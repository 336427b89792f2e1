//! Interners against a naive twin.
#![cfg(feature = "std")]

mod edges;
mod frozen;
mod model;
mod peers_bugs;

#[global_allocator]
static ALLOCATOR: pennyweight::profile::Allocator = pennyweight::profile::Allocator::new();
