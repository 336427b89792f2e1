//! Interners against a naive twin.
#![cfg(feature = "std")]

mod edges;
mod frozen;
mod model;
<<<<<<< HEAD
mod peers_bugs;
=======
mod shared;
>>>>>>> 150cf16 (Intern from many threads: hits without a lock, tables that grow in place)

#[global_allocator]
static ALLOCATOR: pennyweight::profile::Allocator = pennyweight::profile::Allocator::new();
