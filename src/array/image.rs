//! Arrays as bytes: what is saved, sent, and mapped into memory.

use super::codes::Codes;
use super::frame::Frame;
use super::{Array, BitArray, Int, IntArray, NullableIntArray, Scalar};
use crate::raw::image::{self, Kind, Load, LoadWords, Parts, Sections, Stored};
use crate::raw::{Packed, Words, growth};
use alloc::borrow::Cow;
use alloc::vec::Vec;

pub use crate::raw::ImageError;
pub(super) use crate::raw::image::kind_of;

/// The methods that turn an array into its image and back. An image has so many more bytes than the array: 32 of its
/// header, and 8 for each field.
macro_rules! image_methods {
    ([$($generics:tt)*] $array:ident<$($value:ty)?>, $more:literal) => {
        impl<$($generics)* W: $crate::raw::Words> $array<$($value,)? W> {
            /// The array as bytes, which [`from_bytes`](Self::from_bytes) copies and `open` reads in place.
            ///
            /// The bytes are the same on every machine, and are as many as the array has on the heap without slack,
            #[doc = concat!("and ", $more, " more.")]
            pub fn to_bytes(&self) -> alloc::vec::Vec<u8> {
                $crate::raw::image::to_bytes(self)
            }

            /// Writes the bytes of [`to_bytes`](Self::to_bytes).
            ///
            /// # Errors
            ///
            /// Fails where the writer does.
            #[cfg(feature = "std")]
            pub fn write_to(&self, writer: impl std::io::Write) -> std::io::Result<()> {
                $crate::raw::image::write_to(self, writer)
            }
        }

        impl<$($generics)*> $array<$($value)?> {
            /// The array of bytes that [`to_bytes`](Self::to_bytes) made.
            ///
            /// # Errors
            ///
            /// Fails where the bytes are no image of such an array, in full: what can be read can be trusted.
            pub fn from_bytes(bytes: &[u8]) -> Result<Self, $crate::array::ImageError> {
                $crate::raw::image::from_bytes(bytes)
            }

            /// Reads the bytes of [`to_bytes`](Self::to_bytes), and nothing behind them.
            ///
            /// # Errors
            ///
            /// Fails where the reader does, and where the bytes are no image of such an array: with
            /// [`InvalidData`](std::io::ErrorKind::InvalidData) or, where they end early,
            /// [`UnexpectedEof`](std::io::ErrorKind::UnexpectedEof), and an [`ImageError`](crate::array::ImageError) inside.
            #[cfg(feature = "std")]
            pub fn read_from(reader: impl std::io::Read) -> std::io::Result<Self> {
                $crate::raw::image::read_from(reader)
            }
        }

        impl<'a, $($generics)*> $array<$($value,)? &'a [u64]> {
            /// Reads bytes of [`to_bytes`](Self::to_bytes) in place: a file that is mapped into memory for example.
            ///
            /// # Errors
            ///
            /// Fails where the bytes are no image of such an array, where they do not lie at a multiple of eight
            /// bytes, and on big-endian machines. Validating reads all of the bytes once.
            pub fn open<B: AsRef<[u8]> + ?Sized>(
                bytes: &'a B,
            ) -> Result<Self, $crate::array::ImageError> {
                $crate::raw::image::from_bytes(bytes.as_ref())
            }
        }
    };
}

pub(super) use image_methods;

image_methods!([T: Int,] IntArray<T>, 64);
image_methods!([T: Int,] NullableIntArray<T>, 72);
image_methods!([] BitArray<>, 40);

impl<T: Int> Frame<T> {
    pub(super) fn store(self, image: &mut Sections<'_>) {
        image.field(self.base.to_i128() as u64);
        image.field(self.scale);
    }

    pub(super) fn load(parts: &mut Parts<'_>) -> Result<Self, ImageError> {
        let base =
            T::from_bits(parts.field()?).ok_or(ImageError::Invalid("its base is too large"))?;
        let scale = parts.field()?;
        if scale == 0 {
            return Err(ImageError::Invalid("its scale is zero"));
        }
        Ok(Self { base, scale })
    }
}

impl<T: Int, W: Words> Codes<T, W> {
    pub(super) fn store<'s>(&'s self, image: &mut Sections<'s>) {
        image.field(self.packed.len() as u64);
        image.field(self.packed.width().into());
        self.frame.store(image);
        image.words(self.packed.used_words());
    }

    /// Takes codes of which the lowest `reserved` are not for values.
    pub(super) fn load<'a>(parts: &mut Parts<'a>, reserved: u64) -> Result<Self, ImageError>
    where
        W: LoadWords<'a>,
    {
        let len = parts.field_up_to(isize::MAX as usize)?;
        let width = parts.field_up_to(64)? as u32;
        let frame = Frame::load(parts)?;
        let codes = Self { packed: Packed::load(parts, len, width)?, frame };
        match codes.are_values(reserved) {
            true => Ok(codes),
            false => Err(ImageError::Invalid("a code is too large for the type")),
        }
    }
}

impl<T: Int, W: Words> Stored for IntArray<T, W> {
    const KIND: Kind = Kind::Ints;

    fn element() -> u16 {
        T::NUMBER
    }

    fn store<'s>(&'s self, image: &mut Sections<'s>) {
        self.codes.store(image);
    }
}

impl<'a, T: Int, W: Words + LoadWords<'a>> Load<'a> for IntArray<T, W> {
    fn load(parts: &mut Parts<'a>) -> Result<Self, ImageError> {
        Ok(Self { codes: Codes::load(parts, 0)? })
    }
}

impl<T: Int, W: Words> Stored for NullableIntArray<T, W> {
    const KIND: Kind = Kind::NullableInts;

    fn element() -> u16 {
        T::NUMBER
    }

    fn store<'s>(&'s self, image: &mut Sections<'s>) {
        image.field(self.reserved.into());
        self.codes.store(image);
    }
}

impl<'a, T: Int, W: Words + LoadWords<'a>> Load<'a> for NullableIntArray<T, W> {
    fn load(parts: &mut Parts<'a>) -> Result<Self, ImageError> {
        let reserved = parts.field_up_to(1)?;
        let codes = Codes::load(parts, reserved as u64)?;
        Ok(Self::from_codes(codes, reserved as u8))
    }
}

impl<W: Words> Stored for BitArray<W> {
    const KIND: Kind = Kind::Bits;

    fn element() -> u16 {
        0
    }

    fn store<'s>(&'s self, image: &mut Sections<'s>) {
        image.field(self.len() as u64);
        image.words(self.as_words());
    }
}

impl<'a, W: Words + LoadWords<'a>> Load<'a> for BitArray<W> {
    fn load(parts: &mut Parts<'a>) -> Result<Self, ImageError> {
        let len = parts.field_up_to(usize::MAX)?;
        let words = parts.words(len.div_ceil(64))?;
        Self::from_words(words, len).ok_or(ImageError::Invalid("a bit behind the last one is set"))
    }
}

impl<T: Scalar> Stored for Array<T> {
    const KIND: Kind = Kind::Plain;

    fn element() -> u16 {
        T::NUMBER
    }

    fn store<'s>(&'s self, image: &mut Sections<'s>) {
        image.field(self.len() as u64);
        image.bytes(if cfg!(target_endian = "little") {
            Cow::Borrowed(bytemuck::cast_slice(self))
        } else {
            let swapped: Vec<T> = self.iter().map(|value| value.swap()).collect();
            Cow::Owned(bytemuck::cast_slice(&swapped).to_vec())
        });
    }
}

impl<'a, T: Scalar> Load<'a> for Array<T> {
    fn load(parts: &mut Parts<'a>) -> Result<Self, ImageError> {
        let bytes = plain_bytes::<T>(parts)?;
        let mut values = Vec::new();
        growth::reserve_exact(&mut values, bytes.len() / size_of::<T>())?;
        values.extend(bytes.chunks_exact(size_of::<T>()).map(|bytes| {
            let value: T = bytemuck::pod_read_unaligned(bytes);
            if cfg!(target_endian = "little") { value } else { value.swap() }
        }));
        Ok(Self::from(values))
    }
}

/// The bytes of scalars as they lie in an image.
fn plain_bytes<'a, T: Scalar>(parts: &mut Parts<'a>) -> Result<&'a [u8], ImageError> {
    let len = parts.field_up_to(isize::MAX as usize / size_of::<T>())?;
    parts.bytes(len * size_of::<T>())
}

/// The slice of an image, in place.
struct Plain<'a, T>(&'a [T]);

impl<T: Scalar> Stored for Plain<'_, T> {
    const KIND: Kind = Kind::Plain;

    fn element() -> u16 {
        T::NUMBER
    }

    fn store<'s>(&'s self, image: &mut Sections<'s>) {
        image.field(self.0.len() as u64);
        image.bytes(bytemuck::cast_slice(self.0));
    }
}

impl<'a, T: Scalar> Load<'a> for Plain<'a, T> {
    fn load(parts: &mut Parts<'a>) -> Result<Self, ImageError> {
        if cfg!(target_endian = "big") {
            return Err(ImageError::BigEndian);
        }
        let values = bytemuck::try_cast_slice(plain_bytes::<T>(parts)?);
        values.map(Plain).map_err(|_| ImageError::Misaligned)
    }
}

impl<T: Scalar> Array<T> {
    /// The array as bytes, which [`from_bytes`](Self::from_bytes) copies and [`open`](Self::open) reads in place.
    ///
    /// The bytes are the same on every machine, `len * size_of::<T>()` and 40 to 47 more. They tell what they are, and
    /// so are not those of Python's `array.tobytes`, which are the values alone: [`as_bytes`](Self::as_bytes) lends them.
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

    /// The array of bytes that [`to_bytes`](Self::to_bytes) made.
    ///
    /// # Errors
    ///
    /// Fails where the bytes are no image of such an array.
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

    /// Reads bytes of [`to_bytes`](Self::to_bytes) in place: a file that is mapped into memory for example.
    ///
    /// # Errors
    ///
    /// Fails where the bytes are no image of such an array, where they do not lie at a multiple of the alignment,
    /// and on big-endian machines.
    ///
    /// ```
    /// use pennyweight::array::Array;
    ///
    /// let temperatures = Array::from([39.02, 37.04, 41.0]);
    /// let bytes = temperatures.to_bytes();
    /// assert_eq!(Array::from_bytes(&bytes)?, temperatures);
    /// if bytes.as_ptr().addr() % 8 == 0 {
    ///     assert_eq!(Array::<f64>::open(&bytes)?, &temperatures[..]);
    /// }
    /// # Ok::<(), pennyweight::array::ImageError>(())
    /// ```
    pub fn open<B: AsRef<[u8]> + ?Sized>(bytes: &B) -> Result<&[T], ImageError> {
        image::from_bytes(bytes.as_ref()).map(|Plain(values)| values)
    }
}
