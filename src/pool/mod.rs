//! Values that are used again instead of allocated again: object pools, slabs with handles, trees on handles.

#[cfg(feature = "std")]
mod bounded;

mod hooks;
mod slab;
mod stats;

#[cfg(feature = "std")]
pub use bounded::{BoundedGuard, BoundedPool, GetError, OwnedBoundedGuard};
#[cfg(feature = "async")]
pub use bounded::{GetAsync, GetAsyncOwned};
pub use hooks::Hooks;
pub use slab::{
    Bits, Drain, Handle, Handle32, InsertError, IntoIter, Iter, IterMut, Key, Keys, NotKept, Remap,
    Slab, SlabError, SlabMap, Values, ValuesMut,
};
pub use stats::{Dropped, Stats};

pub use crate::raw::ReserveError;
