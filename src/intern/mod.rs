//! One copy of each string, and a number of 4 bytes that stands for it: Python's `sys.intern`, and pandas' `category`.
//!
//! | | takes beside the text, a string | |
//! |---|---|---|
//! | [`Interner`] | 7 to 11 bytes, or 13 where there are hundreds | interns and resolves, in one thread |
//! | [`SharedInterner`] | 8 to 12 bytes, and 14 KB | the same in many threads; finds and resolves without a lock |
//! | [`Frozen`] | 4.5 to 5.5 bytes | finds and resolves; takes nothing new; an image of it can be read in place, from a mapped file |
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
//!
//! # Serde
//!
//! With the feature `serde` an [`Interner`] is written as the sequence of its strings, and one that reads them has the same symbols.
//! A [`Frozen`] has an image instead, and a [`SharedInterner`] is made an interner first. Symbols are not written, since they say
//! nothing without their interner. Beside it a column is written by its
//! indices, which whoever reads them checks:
//!
//! ```
//! # #[cfg(feature = "serde")] {
//! use pennyweight::array::IntArray;
//! use pennyweight::intern::{Interner, Key, Symbol};
//!
//! let (origins, airports): (Vec<Symbol>, Interner) = Interner::encode(["EWR", "LGA", "EWR"]);
//! let codes: IntArray<u32> = origins.iter().map(|symbol| symbol.index() as u32).collect();
//! let json = serde_json::to_string(&(&airports, &codes)).unwrap();
//! assert_eq!(json, r#"[["EWR","LGA"],[0,1,0]]"#);
//!
//! let (airports, codes): (Interner, IntArray<u32>) = serde_json::from_str(&json).unwrap();
//! let symbol = |code| Symbol::try_from_index(code as usize).filter(|&symbol| airports.try_resolve(symbol).is_some());
//! let read: Option<Vec<Symbol>> = codes.iter().map(symbol).collect();
//! assert_eq!(read, Some(origins));
//! # }
//! ```
//!
//! # From lasso
//!
//! | [lasso](https://docs.rs/lasso) | here |
//! |---|---|
//! | `Rodeo`, `ThreadedRodeo` | [`Interner`], [`SharedInterner`] |
//! | `get_or_intern`, `try_get_or_intern` | `intern`, `try_intern` |
//! | `get_or_intern_static` | [`intern_static`](Interner::intern_static) |
//! | `resolve(&key)`, `try_resolve(&key)` | `resolve(symbol)`, `try_resolve(symbol)` |
//! | `contains_key(&key)`, `strings()` | `try_resolve(symbol).is_some()`, `iter()` |
//! | `into_reader`, `into_resolver` | `freeze`, `freeze_strings`; of a [`SharedInterner`], `freeze` gives new symbols |
//! | `Capacity::for_strings`, `MemoryLimits` | [`reserve`](Interner::reserve), [`Limits`] |
//! | `Key::into_usize`, `try_from_usize` | [`Key::index`], [`try_from_index`](Key::try_from_index) |
//!
//! With the feature `lasso` its traits are implemented, so that code that is written against them runs on an [`Interner`] when the
//! constructor is changed. lasso's keys are keys here, so an `Interner<Spur>` gives the very `Spur`s that a `Rodeo` gives; what a
//! `Rodeo`, its reader (also that of a `ThreadedRodeo`), or its resolver holds moves over by `from`. On the types themselves, `resolve`
//! takes the key by value; on what is only known by lasso's traits, by reference. A `LassoError` cannot be made without allocating a
//! few small blocks: where the allocator refuses these too, `try_get_or_intern` panics or aborts, and `try_intern` gives its error.
//!
//! ```
//! # #[cfg(feature = "lasso")] {
//! use lasso::{Interner as _, Spur};
//! use pennyweight::intern::Interner;
//!
//! fn tokens(text: &str, names: &mut impl lasso::Interner) -> Vec<Spur> {
//!     text.split(' ').map(|token| names.get_or_intern(token)).collect()
//! }
//!
//! let mut rodeo = lasso::Rodeo::default();
//! let mut names: Interner<Spur> = Interner::default();
//! assert_eq!(tokens("a rose is a rose", &mut names), tokens("a rose is a rose", &mut rodeo));
//!
//! // What lasso has interned moves over, under the same keys.
//! assert_eq!(Interner::from(rodeo), names);
//! # }
//! ```

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
mod chunk;
mod hash;
mod table;

pub use compact::{NotKept, Remap};
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
