//! One copy of each string, and a number of 4 bytes that stands for it.

mod interner;
#[cfg(feature = "std")]
mod shared;
mod symbol;
mod text;

mod compact;
mod encode;
mod error;
mod frozen;
mod iter;

mod arena;
mod hash;
mod table;

pub use compact::Remap;
pub use error::{InternError, Limits};
pub use frozen::{Frozen, FrozenIter, FrozenStrings};
pub use hash::{Seeded, SeededHasher};
pub use interner::Interner;
pub use iter::Iter;
#[cfg(feature = "std")]
pub use shared::{SharedInterner, SharedIter};
pub use symbol::{Key, Symbol};
pub use text::Text;

pub use crate::raw::{ImageError, ReserveError, Words};
