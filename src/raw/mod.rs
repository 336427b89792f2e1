//! The floor under the rooms: buffers and codes that know nothing of values.
//!
//! Nothing here is public but what the rooms re-export. What a room may rely on stands as invariants on the fields of
//! the types below, and the unsafe code of the crate's arrays cites them.

// Codes, and the encodings made of them.
pub(crate) mod packed;

pub(crate) mod blocks;
pub(crate) mod dictionary;
pub(crate) mod elias_fano;

// Columns in one allocation, and which of their values are there.
pub(crate) mod bitmap;
pub(crate) mod columns;

// Pictures.
pub(crate) mod dot;

// Where words lie, how buffers grow and move, what they look like in a file.
pub(crate) mod growth;
pub(crate) mod huge_pages;
pub(crate) mod image;
pub(crate) mod range;
pub(crate) mod shift;
mod words;

// Loops that the processor at hand decides about.
pub(crate) mod equal;
mod ones;
pub(crate) mod prefetch;
mod select;
pub(crate) mod short;
pub(crate) mod unpack;
pub(crate) mod vector;

#[cfg(target_arch = "x86_64")]
pub(crate) mod cpu;

// What threads share.
#[cfg(feature = "std")]
pub(crate) mod sync;
#[cfg(tsan)]
mod watched;

pub use growth::ReserveError;
pub use image::ImageError;
pub(crate) use ones::{count_ones, for_each_one};
pub(crate) use packed::Packed;
pub use words::Words;
