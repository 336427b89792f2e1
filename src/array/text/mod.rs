//! Text, bytes, and lists of values, end to end in one buffer.
//!
//! | instead of | take | beside the values |
//! |---|---|---|
//! | `Vec<String>` | [`StrArray`] | some 7 bits a string, none where all are of one length |
//! | `Vec<Vec<u8>>`, `Vec<Vec<T>>` | [`BytesArray`], [`RaggedArray<T>`](RaggedArray) | the same |
//! | a sorted `Vec<String>` | [`SortedStrArray`] | less than the text: what a string shares with the one before is not held |
//! | `Vec<String>` of long strings that resemble one another | `FsstArray` (feature `fsst`) | codes of a byte for up to eight |

mod ends;

mod ragged;
mod str;

mod sorted;

#[cfg(feature = "fsst")]
mod fsst;

mod buffer;
mod eq;
mod image;
mod into_iter;

#[cfg(feature = "serde")]
mod serde;

pub use self::str::{StrArray, Strs, Utf8RowError};
pub use buffer::Buffer;
pub(crate) use buffer::LoadBuffer;
#[cfg(feature = "fsst")]
pub use fsst::{FsstArray, FsstStrs};
pub use into_iter::{IntoRows, IntoStrs};
pub use ragged::{BytesArray, RaggedArray, Rows};
pub use sorted::{SortedStrArray, SortedStrs, StrCursor};
