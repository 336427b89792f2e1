//! The floor under the rooms: buffers and codes that know nothing of values.
//!
//! Nothing here is public. What a room may rely on stands as invariants on the fields of the types
//! below, and the unsafe code of the crate's arrays cites them.

pub(crate) mod blocks;
pub(crate) mod elias_fano;
pub(crate) mod dictionary;
pub(crate) mod growth;
pub(crate) mod huge_pages;
pub(crate) mod image;
pub(crate) mod packed;
pub(crate) mod shift;
pub(crate) mod unpack;
pub(crate) mod vector;

#[cfg(target_arch = "x86_64")]
mod cpu;
mod ones;
mod select;
mod words;

pub use growth::ReserveError;
pub use image::ImageError;
pub(crate) use ones::{count_ones, for_each_one};
pub(crate) use packed::Packed;
pub use words::Words;
