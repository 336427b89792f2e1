//! Interners against a naive twin.
#![cfg(feature = "std")]

mod edges;
mod frozen;
mod hygiene;
mod large;
mod model;
mod peers_bugs;
mod shared;

#[global_allocator]
static ALLOCATOR: pennyweight::profile::Allocator = pennyweight::profile::Allocator::new();
