//! A pool of at most so many objects, for which threads and tasks wait.

mod pool;

mod guard;

#[cfg(feature = "async")]
mod future;

mod error;

mod permit;
mod state;
mod wake;

pub use error::GetError;
#[cfg(feature = "async")]
pub use future::{GetAsync, GetAsyncOwned};
pub use guard::{BoundedGuard, OwnedBoundedGuard};
pub use pool::BoundedPool;
