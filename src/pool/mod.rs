//! Values that are used again instead of allocated again: object pools, slabs with handles, trees on handles.

mod local;
#[cfg(all(feature = "std", not(loom)))]
mod shared;

#[cfg(feature = "std")]
mod bounded;
#[cfg(all(feature = "std", not(loom)))]
mod buffers;
mod guard;
mod hooks;
mod slab;
mod stats;
mod tree;

// What object pools are made of: what they have in common, and where idle objects lie.
mod generations;
mod lent;
mod node;
mod shelves;
mod stock;

#[cfg(feature = "std")]
mod lock;
#[cfg(feature = "std")]
mod shards;
#[cfg(feature = "std")]
mod thread;

#[cfg(all(test, loom))]
mod interleavings;

#[cfg(feature = "std")]
pub use bounded::{BoundedPool, GetError};
#[cfg(feature = "async")]
pub use bounded::{GetAsync, GetAsyncOwned};
#[cfg(all(feature = "std", not(loom)))]
pub use buffers::{BufPool, Buffer};
pub use guard::Guard;
pub use hooks::Hooks;
pub use local::LocalPool;
#[cfg(all(feature = "std", not(loom)))]
pub use shared::Pool;
pub use slab::{
    Bits, Drain, Handle, Handle32, InsertError, IntoIter, Iter, IterMut, Key, Keys, NotKept, Remap,
    Slab, SlabError, SlabMap, Values, ValuesMut,
};
pub use stats::{Dropped, Stats};
pub use tree::{Ancestors, Children, MoveError, Position, Postorder, Preorder, Siblings, Tree};

pub use crate::raw::ReserveError;
