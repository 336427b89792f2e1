//! Arrays to and from those of [Arrow](https://docs.rs/arrow-array).
//!
//! Plain values and bitmaps change hands: Arrow's buffers can be made of a `Vec` and turned back into it, so that
//! nothing is copied. Packed values are decoded, a block at a time, into the one buffer that Arrow needs, and null
//! codes become a validity bitmap in the same pass. To read an Arrow array without any conversion,
//! [`PrimitiveArray::values`](arrow_array::PrimitiveArray::values) lends its slice.
//!
//! | from | to | copies |
//! |---|---|---|
//! | [`Array<T>`](super::Array) | `PrimitiveArray` | nothing |
//! | `PrimitiveArray` | [`Array<T>`](super::Array) | nothing, if its buffer was a `Vec<T>`, is not shared, and is not sliced at its start |
//! | [`BitArray`](super::BitArray) | `BooleanBuffer`, `BooleanArray` | nothing; `&BitArray` copies |
//! | `BooleanBuffer`, `BooleanArray` | [`BitArray`](super::BitArray) | nothing, if its buffer was a `Vec<u64>`, is not shared, and starts with the first bit |
//! | packed integers and decimals | `PrimitiveArray` | decodes |
//! | `PrimitiveArray` | packed integers and decimals | packs |
//! | [`StrArray`](super::StrArray), [`BytesArray`](super::BytesArray), [`RaggedArray<T>`](super::RaggedArray) | `StringArray`, `BinaryArray`, `ListArray`, and the `Large` ones | no value, but decodes offsets; references copy |
//! | `StringArray`, `BinaryArray`, `ListArray`, and the `Large` ones | [`StrArray`](super::StrArray), [`BytesArray`](super::BytesArray), [`RaggedArray<T>`](super::RaggedArray) | no value, under the conditions of `PrimitiveArray`, but packs offsets |
//! | [`SortedStrArray`](super::SortedStrArray), `FsstArray` | `StringArray`, `LargeStringArray` | decodes |
//! | [`DictArray`](super::DictArray) | `DictionaryArray` | decodes the codes |
//! | `DictionaryArray` of integers | [`DictArray`](super::DictArray) | decodes the values, and packs codes |
//!
//! Sorted values and the smallest encoding come from what Arrow's arrays lend: `SortedArray::try_from(&array.values()[..])`,
//! where there are no nulls, and [`compress(&array)`](super::compress()).
//!
//! ```
//! use arrow_array::{Float64Array, TimestampSecondArray};
//! use pennyweight::array::{DecimalArray, IntArray, compress};
//!
//! let hours = IntArray::from(&[1_357_016_400_i64, 1_357_020_000, 1_357_023_600][..]);
//! let timestamps = TimestampSecondArray::from(&hours);
//! assert_eq!(timestamps.values(), &hours.to_vec());
//! assert_eq!(TimestampSecondArray::from(&compress(&timestamps)), timestamps);
//!
//! let readings = Float64Array::from(vec![Some(39.02), None, Some(37.04)]);
//! let packed = DecimalArray::from(&readings);
//! assert_eq!(Float64Array::from(&packed), readings);
//! ```
//!
//! The Arrow type may be any whose values are such numbers: dates, times, durations and timestamps too. What these say
//! beside the values, such as a time zone, is not kept, and to be set anew on the way back. Values of lists and of
//! dictionaries become numbers: `Int8` to `Int64`, `UInt8` to `UInt64`, `Float32` or `Float64`.

mod bits;
mod dict;
mod error;
mod native;
mod numbers;
mod rows;
mod strings;

pub use error::{ElementError, ElementErrorCause, IndexError, NullError};
