//! Typed arrays that take the bits their values need: Python's `array`, and smaller.
//!
//! | instead of | take | bits a value |
//! |---|---|---|
//! | `Vec<i64>` grown by `push` (64 to 128) | [`Array<i64>`](Array) | 64, at most 1/16 of slack |
//! | `Vec<i64>` of small or clustered numbers (64) | [`IntArray<i64>`](IntArray) | those of `(max - min) / gcd` |
//! | `Vec<Option<i64>>` (128) | [`NullableIntArray<i64>`](NullableIntArray) | the same; a spare code is null |
//! | `Vec<bool>` (8) | [`BitArray`] | 1 |
//!
//! These grow and change like a `Vec`; a value that does not fit widens the array, and nothing is ever truncated.
//! What is built once and then read can be smaller:
//!
//! | instead of | take | bits a value |
//! |---|---|---|
//! | whichever below is the smallest | [`compress`], which gives a [`Compressed`] | the fewest of the next three and [`IntArray`] |
//! | integers like their neighbours, or with outliers | [`BlockArray<i64>`](BlockArray) | those of the range of each 1,024, and 1/8 |
//! | few distinct integers | [`DictArray<i64>`](DictArray) | `log2(distinct)`, and the dictionary |
//! | sorted integers | [`SortedArray<i64>`](SortedArray) | 2 and those of the mean difference |
//! | `Vec<f64>` of prices or measurements | [`DecimalArray<f64>`](DecimalArray) | those of the range of each 1,024 as decimals, and 1/8 |
//!
//! Text and lists lie end to end in one buffer:
//!
//! | instead of | take | takes |
//! |---|---|---|
//! | `Vec<String>` | [`StrArray`] | the text, and some 7 bits a string: none for strings of one length |
//! | `Vec<Vec<u8>>` | [`BytesArray`] | the bytes, and as many bits |
//! | `Vec<Vec<T>>` | [`RaggedArray<T>`](RaggedArray) | the values, and as many bits |
//! | a sorted `Vec<String>` | [`SortedStrArray`] | what a string does not share with the one before, and a byte |
//! | `Vec<String>` of long strings that are alike | `FsstArray` (feature `fsst`) | a byte for up to eight bytes that are frequent |
//!
//! [`compress`] takes integers, or integers and nulls, finds the exact size of each encoding, builds the smallest alone, and
//! [`explains`](Compressed::explain) the choice. Where the data is known, the type says so better: a [`SortedArray`] also
//! finds values, a [`DictArray`] compares codes, and an [`IntArray`] is the fastest of them in single reads.
//!
//! All arrays of numbers and booleans are [columns](Column): `get` by index, blocks of values for loops, and a count
//! of their bytes; [`zip_blocks`] reads two of them together. Lists and strings are not, since what they lend is a slice.
//!
//! `array.get(i)` is an `Option`, and `array.value(i)` what `array[i]` would be, which a packed array cannot have: an index
//! lends a value that lies somewhere.
//!
//! # Files and memory maps
//!
//! Every array has an image, the same bytes on every machine: `to_bytes` and `write_to` make it, `from_bytes` and
//! `read_from` copy it, and `open` reads it in place, from a file that is mapped into memory for example. What is
//! opened is the same type with borrowed [`Words`], `IntArray<i64, &[u64]>`; an [`Array`] opens as a slice, and a
//! [`Compressed`] has no `write_to` and `read_from`. Whatever the bytes, the outcome is an array or an [`ImageError`].
//!
//! A function that is to read both forms takes `&IntArray<i64, impl Words>`, or any [`Column`]. What holds a map and opens
//! it for each use needs no lifetime: opening validates the whole image, so it is for once a query, not once a value.
//!
//! ```
//! use pennyweight::array::{ImageError, IntArray, Words};
//!
//! /// A column in a file: `M` is a memory map, or anything else that has bytes at a multiple of eight.
//! struct Stored<M> {
//!     image: M,
//! }
//!
//! impl<M: AsRef<[u8]>> Stored<M> {
//!     fn open(&self) -> Result<IntArray<i64, &[u64]>, ImageError> {
//!         IntArray::open(self.image.as_ref())
//!     }
//! }
//!
//! fn largest(values: &IntArray<i64, impl Words>) -> Option<i64> {
//!     values.max()
//! }
//!
//! let owned: IntArray<i64> = (0..1000).collect();
//! let words: Vec<u64> = bytemuck::allocation::pod_collect_to_vec(&owned.to_bytes()); // aligned, as maps are
//! let stored = Stored { image: bytemuck::cast_slice::<u64, u8>(&words) };
//! assert_eq!(largest(&stored.open()?), largest(&owned));
//! # Ok::<(), ImageError>(())
//! ```
//!
//! # Example
//!
//! ```
//! use pennyweight::array::IntArray;
//!
//! // Departure hours as Unix timestamps: a frame of reference and a step of an hour.
//! let mut hours: IntArray<i64> = (0..744).map(|hour| 1_357_016_400 + 3600 * hour).collect();
//! hours.shrink_to_fit();
//! assert_eq!(hours.width(), 10);
//! assert_eq!(hours.heap_bytes(), 944); // a Vec<i64> takes 5952
//! assert_eq!(hours.get(2), Some(1_357_023_600));
//! assert_eq!(hours.iter().max(), Some(1_359_691_200));
//! ```

mod plain;
mod scalar;

mod codes;
mod frame;
mod int;
mod integer;
mod nullable;

mod blocks;
mod compress;
mod dict;
mod element;
mod sorted;

mod decimal;

mod bits;

mod text;

mod cast;
mod column;
mod error;
mod filter;
mod image;
mod iter;
mod read;
mod search;
mod splice;

#[cfg(feature = "arrow")]
mod arrow;

#[cfg(feature = "rayon")]
mod parallel;

#[cfg(feature = "serde")]
mod serde;

pub use crate::raw::Words;
#[cfg(feature = "arrow")]
pub use arrow::{ElementError, ElementErrorCause, IndexError, NullError};
pub use bits::{BitArray, Ones};
pub use blocks::BlockArray;
pub use cast::{CastError, cast};
pub use column::{Column, Encoding, zip_blocks};
pub use compress::{Compressed, Explanation, compress, try_compress};
pub use decimal::{DecimalArray, Float, FloatElement};
pub use dict::DictArray;
pub use element::Element;
pub use error::{ReserveError, StoreError, StoreErrorCause};
pub use image::ImageError;
pub use int::IntArray;
pub use integer::Int;
pub use iter::{IntoIter, Iter};
pub use nullable::NullableIntArray;
#[cfg(feature = "rayon")]
pub use parallel::ParIter;
pub use plain::Array;
pub use scalar::Scalar;
pub use sorted::{SortedArray, SortedError, SortedIter};
pub(crate) use text::LoadBuffer;
pub use text::{
    Buffer, BytesArray, IntoRows, IntoStrs, RaggedArray, Rows, SortedStrArray, SortedStrs,
    StrArray, StrCursor, Strs, Utf8RowError,
};
#[cfg(feature = "fsst")]
pub use text::{FsstArray, FsstStrs};
