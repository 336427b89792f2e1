//! Values that are used again instead of allocated again: object pools, slabs with handles, trees on handles.

mod hooks;
mod stats;

pub use hooks::Hooks;
pub use stats::{Dropped, Stats};
