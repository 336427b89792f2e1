//! A pool of at most so many objects, for which threads and tasks wait.

mod pool;

#[cfg(feature = "async")]
mod future;

mod error;

mod idle;
mod lent;
mod permit;
mod state;
mod wake;

#[cfg(all(test, loom))]
mod interleavings;

pub use error::GetError;
#[cfg(feature = "async")]
pub use future::{GetAsync, GetAsyncOwned};
pub use pool::BoundedPool;
