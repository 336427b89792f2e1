//! The methods that turn an array of rows into its image and back.

use super::super::{ImageError, Scalar};
use super::buffer::Buffer;
#[cfg(feature = "fsst")]
use super::fsst::FsstArray;
use super::ragged::RaggedArray;
use super::sorted::SortedStrArray;
use super::str::StrArray;
use crate::raw::image;
use alloc::vec::Vec;

macro_rules! image_methods {
    ([$($generics:tt)*] $array:ident<$($value:ident)?>, $element:ty) => {
        impl<$($generics)* W: Buffer<$element>> $array<$($value,)? W> {
            /// The array as bytes, which [`from_bytes`](Self::from_bytes) copies and `open` reads in place.
            ///
            /// The bytes are the same on every machine, and are as many as the array has on the heap without slack,
            /// and at most 95 more.
            pub fn to_bytes(&self) -> Vec<u8> {
                image::to_bytes(self)
            }

            /// Writes the bytes of [`to_bytes`](Self::to_bytes).
            ///
            /// # Errors
            ///
            /// Fails where the writer does.
            #[cfg(feature = "std")]
            pub fn write_to(&self, writer: impl std::io::Write) -> std::io::Result<()> {
                image::write_to(self, writer)
            }
        }

        impl<$($generics)*> $array<$($value)?> {
            /// The array of bytes that [`to_bytes`](Self::to_bytes) made.
            ///
            /// # Errors
            ///
            /// Fails where the bytes are no image of such an array, in full: what can be read can be trusted.
            pub fn from_bytes(bytes: &[u8]) -> Result<Self, ImageError> {
                image::from_bytes(bytes)
            }

            /// Reads the bytes of [`to_bytes`](Self::to_bytes), and nothing behind them.
            ///
            /// # Errors
            ///
            /// Fails where the reader does, and where the bytes are no image of such an array: with
            /// [`InvalidData`](std::io::ErrorKind::InvalidData) or, where they end early,
            /// [`UnexpectedEof`](std::io::ErrorKind::UnexpectedEof), and an [`ImageError`] inside.
            #[cfg(feature = "std")]
            pub fn read_from(reader: impl std::io::Read) -> std::io::Result<Self> {
                image::read_from(reader)
            }
        }

        impl<'a, $($generics)*> $array<$($value,)? &'a [u64]> {
            /// Reads bytes of [`to_bytes`](Self::to_bytes) in place: a file that is mapped into memory for example.
            ///
            /// # Errors
            ///
            /// Fails where the bytes are no image of such an array, where they do not lie at a multiple of eight
            /// bytes, and on big-endian machines. Validating reads all of the bytes once.
            pub fn open<B: AsRef<[u8]> + ?Sized>(bytes: &'a B) -> Result<Self, ImageError> {
                image::from_bytes(bytes.as_ref())
            }
        }
    };
}

image_methods!([T: Scalar,] RaggedArray<T>, T);
image_methods!([] StrArray<>, u8);
image_methods!([] SortedStrArray<>, u8);
#[cfg(feature = "fsst")]
image_methods!([] FsstArray<>, u8);
