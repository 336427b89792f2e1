//! Values that are used again instead of allocated again: object pools, slabs with handles, trees on handles.

#[cfg(feature = "std")]
mod bounded;

mod hooks;
mod stats;

#[cfg(feature = "std")]
pub use bounded::{BoundedGuard, BoundedPool, GetError, OwnedBoundedGuard};
#[cfg(feature = "async")]
pub use bounded::{GetAsync, GetAsyncOwned};
pub use hooks::Hooks;
pub use stats::{Dropped, Stats};
