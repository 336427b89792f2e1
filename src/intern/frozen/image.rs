//! The methods that turn frozen strings into their image and back.

use super::super::symbol::Key;
use super::super::text::Text;
use super::{Frozen, FrozenStrings};
use crate::raw::image;
use crate::raw::{ImageError, Words};
use alloc::vec::Vec;

macro_rules! image_methods {
    ($frozen:ident, $more:literal) => {
        impl<K: Key, T: Text + ?Sized, W: Words> $frozen<K, T, W> {
            /// The image: bytes that [`from_bytes`](Self::from_bytes) copies and `open` reads in place.
            ///
            /// They are the same on every machine, and are as many as there are on the heap,
            #[doc = concat!("and ", $more, " more.")]
            #[must_use]
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

        impl<K: Key, T: Text + ?Sized> $frozen<K, T> {
            /// Copies the bytes that [`to_bytes`](Self::to_bytes) made.
            ///
            /// # Errors
            ///
            /// Fails where the bytes are no image of such strings, in full: what can be read can be trusted.
            pub fn from_bytes(bytes: &[u8]) -> Result<Self, ImageError> {
                image::from_bytes(bytes)
            }

            /// Reads the bytes of [`to_bytes`](Self::to_bytes), and nothing behind them.
            ///
            /// # Errors
            ///
            /// Fails where the reader does, and where the bytes are no image of such strings: with
            /// [`InvalidData`](std::io::ErrorKind::InvalidData) or, where they end early,
            /// [`UnexpectedEof`](std::io::ErrorKind::UnexpectedEof), and an [`ImageError`] inside.
            #[cfg(feature = "std")]
            pub fn read_from(reader: impl std::io::Read) -> std::io::Result<Self> {
                image::read_from(reader)
            }
        }

        impl<'a, K: Key, T: Text + ?Sized> $frozen<K, T, &'a [u64]> {
            /// Reads bytes of [`to_bytes`](Self::to_bytes) in place: a file that is mapped into memory for example. The type is to be
            /// named with its `&[u64]`; without, it is the one that owns its words.
            ///
            /// The image knows `str` from `[u8]`, but not `K`: that symbols are of this kind is for the caller to know.
            ///
            /// # Errors
            ///
            /// Fails where the bytes are no image of such strings, where they do not lie at a multiple of eight
            /// bytes, and on big-endian machines. Validating reads all of the bytes.
            pub fn open<B: AsRef<[u8]> + ?Sized>(bytes: &'a B) -> Result<Self, ImageError> {
                image::from_bytes(bytes.as_ref())
            }
        }
    };
}

image_methods!(Frozen, 64);
image_methods!(FrozenStrings, 56);
