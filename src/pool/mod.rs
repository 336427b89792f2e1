//! Values that are used again instead of allocated again: object pools, slabs with handles, trees on handles.
//!
//! | | takes beside the values | |
//! |---|---|---|
//! | [`LocalPool`] | 8 bytes an object | objects for one thread; `no_std` |
//! | [`Pool`] | 8 bytes an object, and 2 KB | objects for many threads, in a `static` or an `Arc` |
//! | [`BufPool`] | 8 bytes a buffer, and 8 KB | `Vec<u8>` and `String` by size |
//! | [`BoundedPool`] | 8 bytes an object, 16 an idle one where bytes are limited | a strict maximum of objects, for which users wait |
//! | [`Slab`] | 4 bytes a value, or 1 | values in one array, named by handles of 8 bytes, or 4, that die with them |
//! | [`SlabMap`] | 4 bytes a slot, or 1 | further values for the handles of a slab |
//! | [`Tree`] | 13 bytes a node, or 20 | nodes in a slab that know their parents |
//!
//! # Objects
//!
//! An object pool keeps what is dear to make and hands it out again. A [`Guard`] is the object for as long as it is held, and dropping it gives the
//! object back: there is nothing to forget, and nothing to do twice. [`Hooks`] say how objects are made, made fit for the next user, found to be still of
//! use, and weighed; a closure, or a pair of closures, will do.
//!
//! ```
//! # #[cfg(feature = "std")] {
//! use pennyweight::pool::Pool;
//!
//! static POOL: Pool<Vec<u8>> = Pool::new(|| Vec::with_capacity(1 << 16));
//!
//! POOL.fill(5);
//! let held = [POOL.get(), POOL.get()];
//! assert_eq!(POOL.stats().idle, 3);
//! drop(held);
//! assert_eq!(POOL.stats().idle, 5);
//! # }
//! ```
//!
//! A pool that nobody watches keeps its peak for ever. So there are limits, of objects and of bytes; and two generations: what was idle at one `trim` and
//! still is at the next is dropped then, and what was needed between them stays, so that regular trims follow the need and nothing is dropped all
//! at once. What happened is in [`Stats`]: every object that was made is idle, was dropped for a reason that is counted, was detached, or is outstanding.
//!
//! Hooks and destructors may panic or use the pool: none runs under a lock, nothing is poisoned, and one object is lost at
//! most. An object whose user panics is not recycled but dropped.
//!
//! ## When a pool pays
//!
//! - What takes long to make: a compiled pattern, a context of a codec, a connection. The price of the pool does not show.
//! - Large buffers, when many are in use at a time: an allocator gets them from the system and gives them back, page by page. (One at a time
//!   it keeps for itself, and glibc keeps all once it has freed larger ones: then it is as fast as a pool.)
//! - Anything in one thread: a [`LocalPool`] costs less than `malloc` and `free` do.
//!
//! ## When it does not
//!
//! - Small plain buffers and boxes that several threads use. Two atomic exchanges take as long as glibc's `malloc` and `free`, or twice that, by the
//!   processor, and longer than an allocator as mimalloc, whose caches belong to threads: there is little to win then, or something to lose.
//! - Values that are freed together: bump allocation is the job of [`bumpalo`](https://docs.rs/bumpalo).
//! - Values of which there are many, of one type, with links between them: that is a [`Slab`], or a [`Tree`].
//!
//! ## From other crates
//!
//! | [object-pool](https://docs.rs/object-pool) | here |
//! |---|---|
//! | `Pool::new(n, init)`, `pull(init)` | `Pool::new(init)`, [`fill(n)`](Pool::fill), [`get()`](Pool::get) |
//! | `try_pull()`, which may be empty | [`BoundedPool::get_now`] |
//! | `pull_owned` | [`get_owned`](Pool::get_owned) |
//! | `Reusable::detach(guard)`, `attach(object)` | [`Guard::detach(guard)`](Guard::detach), [`attach(object)`](Pool::attach), which hands it out |
//!
//! | [opool](https://docs.rs/opool) | here |
//! |---|---|
//! | `PoolAllocator::{allocate, reset, is_valid}` | [`Hooks::{create, recycle, validate}`](Hooks); `reset` was called before an object is handed out, `recycle` is when it comes back |
//! | `Pool::new(size, allocator)` | `Pool::new(hooks).with_max_idle(size)`, which allocates no array |
//! | `get`, `get_rc`, `LocalPool` | `get`, `get_owned`, [`LocalPool`] |
//!
//! | [lockfree-object-pool](https://docs.rs/lockfree-object-pool) | here |
//! |---|---|
//! | `LinearObjectPool::new(init, reset)`, `MutexObjectPool`, … | `Pool::new((init, reset))`, which makes no object before it is asked for one |
//! | `pull`, `pull_owned` | `get`, `get_owned` |
//!
//! | [deadpool](https://docs.rs/deadpool) | here |
//! |---|---|
//! | `Manager::{create, recycle}` | [`Hooks::{create, validate}`](Hooks), which do not await: `recycle` was called before an object is handed out |
//! | `Pool::builder(manager).max_size(n)` | [`BoundedPool::new(n, hooks)`](BoundedPool::new) |
//! | `get().await`, `Object::take(object)` | `get_async().await` (feature `async`), [`Guard::detach(guard)`](Guard::detach) |

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
    Bits, Drain, Handle, Handle32, InsertError, IntoIter, Iter, IterMut, Key, Keys, MapIntoIter,
    MapIter, MapIterMut, NotKept, Remap, Slab, SlabError, SlabMap, Values, ValuesMut,
};
pub use stats::{Dropped, Stats};
pub use tree::{Ancestors, Children, MoveError, Position, Postorder, Preorder, Siblings, Tree};

pub use crate::raw::ReserveError;
