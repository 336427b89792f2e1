//! Maps whose entries die with their values: Python's `WeakValueDictionary`, `WeakKeyDictionary`, `WeakSet` and `finalize`.

mod map;
mod strong;
mod swept;

mod error;
mod iter;
mod load;
mod stats;

mod drops;
mod mode;
mod node;
mod table;
mod value;

pub use error::LoadError;
pub use iter::Iter;
#[cfg(feature = "std")]
pub use map::SharedWeakMap;
pub use map::WeakMap;
#[cfg(feature = "std")]
pub use mode::Shared;
pub use mode::{Local, Mode};
pub use stats::Stats;
#[cfg(feature = "std")]
pub use strong::SharedStrong;
pub use strong::Strong;
pub use swept::{
    Equality, Identity, KeyedBy, Pointer, SweptKeyMap, SweptMap, SweptSet, SweptStats,
};
pub use value::Value;

pub use hashbrown::{DefaultHashBuilder, Equivalent};
