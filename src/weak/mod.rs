//! Maps whose entries die with their values: Python's `WeakValueDictionary`, `WeakKeyDictionary`, `WeakSet` and `finalize`.
//!
//! | | knows | an entry goes |
//! |---|---|---|
//! | [`WeakMap`] | values by keys, and loads them once | with the last handle of its value, at once |
//! | [`WeakSet`] | one copy of equal values | with the last handle of the copy, at once |
//! | [`WeakKeyMap`] | something about values that others hold | with the last handle of that value, at once |
//! | [`finalize`] | what to do when a value dies | |
//! | [`SweptMap`], [`SweptSet`], [`SweptKeyMap`] | the same of std's `Rc` and `Arc` | when it is swept |
//! | naive: `HashMap<K, Weak<V>>` | | never |
//!
//! A cache is to share what is in use, and to hold nothing that is not. With std's weak pointers it holds the dead: the entry, the key, and
//! the allocation of the value stay until somebody sweeps. Here the dying value removes its own entry, and the table shrinks with them.
//! That takes a handle of its own kind, [`Strong`], which knows where its value is listed. Where the pointer type is fixed elsewhere,
//! the swept maps look for the dead as they are changed: see [`SweptMap`] for how many there may be.
//!
//! Each of the first three comes for one thread, without std, and for many: `SharedWeakMap`, `SharedWeakSet`, `SharedWeakKeyMap`. The
//! code is the same, with other counts and locks ([`Mode`]), and has its methods on [`WeakMapIn`], [`WeakSetIn`] and [`WeakKeyMapIn`].
//!
//! What they have in common has one name: `len` counts what lives, which takes a swept map a look at all of it; `get_or_insert_with` loads;
//! a set's `get_or_insert` gives the copy that it has.
//!
//! ```
//! use pennyweight::weak::{Strong, WeakMap};
//!
//! let images: WeakMap<String, [u8]> = WeakMap::new();
//! let load = |name: &str| images.get_or_insert_from(name.to_owned(), |_| vec![0; 1000]);
//! let (one, same) = (load("moss.png"), load("moss.png"));
//! assert!(Strong::ptr_eq(&one, &same) && images.stats().loads == 1);
//!
//! drop((one, same));
//! assert!(images.is_empty());
//! ```
//!
//! # Code of the user
//!
//! `Hash`, `Eq` and `Equivalent` of keys, loads, finalizers, `Drop`: none of it runs while a lock or a borrow of these maps is held. So each
//! may use the very map, or panic, and the map is valid. Nothing poisons. (The swept maps are borrowed as std's maps are; a panic leaves
//! them valid as well.)
//!
//! # References that do not keep a value
//!
//! There is none to a [`Strong`]: the map is asked for the key. A [`Slab`](crate::pool::Slab) gives handles that are dead once their value is.
//!
//! # Cycles
//!
//! A value that owns a handle of itself, directly or through others, never dies, as with `Rc`. So does one whose finalizer owns a handle
//! of it, or about which a [`WeakKeyMap`] says something that does.

mod finalize;
mod get_or_insert;
mod heap;
mod key_map;
mod map;
mod set;
mod strong;
mod swept;

mod error;
mod iter;
mod keep;
mod load;
mod stats;

mod death;
mod drops;
mod entries;
mod mode;
mod node;
mod record;
mod table;
mod value;

#[cfg(all(test, loom))]
mod interleavings;

pub use error::{InsertError, LoadError};
pub use finalize::{Finalizer, SendIn, finalize};
pub use iter::Iter;
#[cfg(feature = "std")]
pub use key_map::SharedWeakKeyMap;
pub use key_map::{KeyIter, WeakKeyMap, WeakKeyMapIn};
#[cfg(feature = "std")]
pub use map::SharedWeakMap;
pub use map::{WeakMap, WeakMapIn};
#[cfg(feature = "std")]
pub use mode::Shared;
pub use mode::{Local, Mode};
#[cfg(feature = "std")]
pub use set::SharedWeakSet;
pub use set::{WeakSet, WeakSetIn};
pub use stats::Stats;
#[cfg(feature = "std")]
pub use strong::SharedStrong;
pub use strong::Strong;
pub use swept::{
    Equality, Identity, KeyedBy, Pointer, SweptKeyMap, SweptMap, SweptSet, SweptStats,
};
pub use value::{Source, Value};

pub use hashbrown::{DefaultHashBuilder, Equivalent};
