//! Where values lie, and how they come from an image.

use super::super::{ImageError, Scalar};
use crate::raw::image::{LoadWords, Parts};
use crate::raw::{Words, growth};
use alloc::boxed::Box;
use alloc::vec::Vec;

/// Where the values of a [`RaggedArray`](super::RaggedArray) lie: in a `Vec<T>` beside boxed words, or in a slice
/// beside words that are read in place.
///
/// Implemented for these two, as [`Words`] is, and for nothing else.
pub trait Buffer<T>: Words {
    /// What holds the values.
    type Values: AsRef<[T]>;

    /// How many values the buffer has heap memory for.
    fn capacity(values: &Self::Values) -> usize;
}

impl<T> Buffer<T> for Box<[u64]> {
    type Values = Vec<T>;

    fn capacity(values: &Vec<T>) -> usize {
        values.capacity()
    }
}

impl<'a, T> Buffer<T> for &'a [u64]
where
    T: 'a,
{
    type Values = &'a [T];

    fn capacity(_: &&'a [T]) -> usize {
        0
    }
}

/// A buffer that can be taken from an image: as a copy, or in place.
pub trait LoadBuffer<'a, T>: Buffer<T> + LoadWords<'a> {
    /// Takes so many values.
    fn load_values(parts: &mut Parts<'a>, len: usize) -> Result<Self::Values, ImageError>;
}

impl<'a, T: Scalar> LoadBuffer<'a, T> for Box<[u64]> {
    fn load_values(parts: &mut Parts<'a>, len: usize) -> Result<Vec<T>, ImageError> {
        let bytes = bytes::<T>(parts, len)?;
        let mut values = Vec::new();
        growth::reserve_exact(&mut values, len)?;
        values.extend(bytes.chunks_exact(size_of::<T>()).map(|bytes| {
            let value: T = bytemuck::pod_read_unaligned(bytes);
            if cfg!(target_endian = "little") { value } else { value.swap() }
        }));
        Ok(values)
    }
}

impl<'a, T: Scalar> LoadBuffer<'a, T> for &'a [u64] {
    fn load_values(parts: &mut Parts<'a>, len: usize) -> Result<&'a [T], ImageError> {
        if cfg!(target_endian = "big") {
            return Err(ImageError::BigEndian);
        }
        bytemuck::try_cast_slice(bytes::<T>(parts, len)?).map_err(|_| ImageError::Misaligned)
    }
}

fn bytes<'a, T>(parts: &mut Parts<'a>, len: usize) -> Result<&'a [u8], ImageError> {
    let bytes = len.checked_mul(size_of::<T>());
    parts.bytes(bytes.ok_or(ImageError::Invalid("its values cannot be counted"))?)
}
