//! One copy of each string, and a number of 4 bytes that stands for it: Python's `sys.intern`, and pandas' `category`.
//!
//! | | takes beside the text, a string | |
//! |---|---|---|
//! | [`Interner`] | 7 to 10 bytes | interns and resolves, in one thread |
//! | [`SharedInterner`] | 8 to 12 bytes | the same in many threads; finds and resolves without a lock |
//! | [`Frozen`] | 4.5 to 5.5 bytes | finds and resolves; takes nothing new; in one image that can be mapped from a file |
//! | [`FrozenStrings`] | 2.1 bytes | resolves alone |
//! | naive: `HashMap<String, u32>` and `Vec<String>` | 80 to 100 bytes | |
//!
//! An interner gives equal strings the same symbol. What holds many strings of which few are different holds symbols instead:
//! [`encode`](Interner::encode) makes them of a whole column, and an [`IntArray`](crate::array::IntArray) packs their indices to the bits that they
//! need. Symbols are compared and hashed as the numbers that they are.
//!
//! ```
//! use pennyweight::intern::{Interner, Symbol};
//!
//! let (symbols, carriers): (Vec<Symbol>, Interner) = Interner::encode(["UA", "DL", "UA", "B6", "UA"]);
//! let united = carriers.get("UA").unwrap();
//! assert_eq!(symbols.iter().filter(|&&symbol| symbol == united).count(), 3);
//! assert_eq!((carriers.len(), &carriers[symbols[1]]), (3, "DL"));
//! ```
//!
//! A symbol does not know its interner. One of another interner is never unsafe to use, but may name another string;
//! [`define_symbol!`](crate::define_symbol) makes a type of symbols for each purpose, and the compiler keeps them apart.

mod frozen;
mod interner;
#[cfg(feature = "std")]
mod shared;

mod symbol;
mod text;

mod compact;
mod encode;
mod error;
mod iter;
#[cfg(feature = "lasso")]
mod lasso;
#[cfg(feature = "serde")]
mod serde;

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

/// What [`define_symbol!`](crate::define_symbol) names.
#[cfg(feature = "lasso")]
#[doc(hidden)]
pub use ::lasso as lasso_crate;
