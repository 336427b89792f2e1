//! Frozen records as bytes: what is saved, sent, and mapped into memory.
//!
//! ```text
//! fields     rows | bytes of the schema | those of the columns
//! sections   schema | those of the columns
//! ```
//!
//! The schema is text: for each column a line, `at.x: i16`. Of a column of integers, the first field is the kind of the array that it
//! is; a column of strings by their codes is one of codes and one of strings.

use super::Frozen;
use super::column::Names;
use super::error::FrozenError;
use super::freeze::Freeze;
use crate::array::{Buffer, LoadBuffer};
use crate::raw::ImageError;
use crate::raw::image::{self, Kind, Parts, Sections, Stored};
use crate::record::schema::Record;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

/// Of what an image has instead of a column, so many characters are told.
const TOLD: usize = 80;

/// How many rows an image of so many bytes may have. Columns take at least a bit for each 1,024 rows, unless all of these are equal; of such
/// rows no thawing comes to an end, where they take no memory either, and no image needs more of them than this.
fn most_rows(bytes: usize) -> u64 {
    (1 << 32) + (bytes as u64).saturating_mul(8 * 1024)
}

/// The schema of records.
fn schema<R: Record<Fields: Freeze>>() -> String {
    let mut schema = String::new();
    R::Fields::each_type(Names::of(R::NAMES, None), &mut |name, ty| {
        // Writing to a string does not fail.
        let _ = writeln!(schema, "{name}: {ty}");
    });
    schema
}

/// Fails where a schema is another than that of the records.
fn compare(expected: &str, found: &[u8]) -> Result<(), FrozenError> {
    let found =
        core::str::from_utf8(found).map_err(|_| ImageError::Invalid("its schema is no text"))?;
    if expected == found {
        return Ok(());
    }
    let (mut expected, mut found) = (expected.lines(), found.lines());
    let mut index = 0;
    loop {
        match (expected.next(), found.next()) {
            (None, None) => {
                return Err(ImageError::Invalid("its schema has other line ends").into());
            }
            (expected, found) if expected == found => index += 1,
            (expected, found) => {
                let told = |line: &str| line.chars().take(TOLD).collect();
                let (expected, found) = (expected.map(ToOwned::to_owned), found.map(told));
                return Err(FrozenError::Columns { index, expected, found });
            }
        }
    }
}

impl<R: Record<Fields: Freeze>, W: Buffer<u8>> Stored for Frozen<R, W> {
    const KIND: Kind = Kind::FrozenRecords;

    fn element() -> u16 {
        0
    }

    fn store<'s>(&'s self, image: &mut Sections<'s>) {
        let schema = schema::<R>();
        image.field(self.len as u64);
        image.field(schema.len() as u64);
        image.bytes(schema.into_bytes());
        self.each_column(|_, _, column| column.store(image));
    }
}

impl<R: Record<Fields: Freeze>, W: Buffer<u8>> Frozen<R, W> {
    /// The records as bytes, which [`from_bytes`](Self::from_bytes) copies and `open` reads in place.
    ///
    /// The bytes are the same on every machine: those of the columns, the name and the type of each, and 32 to 100 bytes a column more.
    ///
    /// # Panics
    ///
    /// Panics where there are several thousand columns, which take more than the 65,535 fields that an image has.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        image::to_bytes(self)
    }

    /// Writes the bytes of [`to_bytes`](Self::to_bytes).
    ///
    /// # Errors
    ///
    /// Fails where the writer does.
    ///
    /// # Panics
    ///
    /// As [`to_bytes`](Self::to_bytes).
    #[cfg(feature = "std")]
    pub fn write_to(&self, writer: impl std::io::Write) -> std::io::Result<()> {
        image::write_to(self, writer)
    }

    fn load<'a>(parts: &mut Parts<'a>, image_bytes: usize) -> Result<Self, FrozenError>
    where
        W: LoadBuffer<'a, u8>,
    {
        let len = parts.field_up_to(isize::MAX as usize)?;
        if len as u64 > most_rows(image_bytes) {
            return Err(ImageError::Invalid("it has more rows than its bytes can be of").into());
        }
        let schema_len = parts.field_up_to(isize::MAX as usize)?;
        compare(&schema::<R>(), parts.bytes(schema_len)?)?;
        let columns = R::Fields::load(parts, len, Names::of(R::NAMES, None))?;
        Ok(Self { columns, len })
    }

    fn from_image<'a>(bytes: &'a [u8]) -> Result<Self, FrozenError>
    where
        W: LoadBuffer<'a, u8>,
    {
        let kind = (Kind::FrozenRecords as u16, 0);
        image::open(bytes, kind, |parts| Self::load(parts, bytes.len()))
    }
}

impl<R: Record<Fields: Freeze>> Frozen<R> {
    /// The records of bytes that [`to_bytes`](Self::to_bytes) made.
    ///
    /// # Errors
    ///
    /// Fails where the bytes are no image of such records, in full: what can be read can be trusted. The columns of the image have the
    /// names, types and order of the struct's fields, and are as many.
    ///
    /// Rows that are equal take no bytes, so that a small image from outside may claim many of them, up to 2³² and 1,024 for each bit of it:
    /// look at [`len`](Self::len) before all are thawed.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FrozenError> {
        Self::from_image(bytes)
    }

    /// Reads the bytes of [`to_bytes`](Self::to_bytes), and nothing behind them.
    ///
    /// # Errors
    ///
    /// Fails where the reader does, and where the bytes are no image of such records: with
    /// [`InvalidData`](std::io::ErrorKind::InvalidData) or, where they end early,
    /// [`UnexpectedEof`](std::io::ErrorKind::UnexpectedEof), and a [`FrozenError`] or an [`ImageError`] inside.
    #[cfg(feature = "std")]
    pub fn read_from(reader: impl std::io::Read) -> std::io::Result<Self> {
        use std::io::{Error, ErrorKind};
        let bytes = image::read_bytes(reader, (Kind::FrozenRecords as u16, 0))?;
        Self::from_bytes(&bytes).map_err(|error| match error {
            FrozenError::Image(ImageError::Length { .. }) => {
                Error::new(ErrorKind::UnexpectedEof, error)
            }
            _ => Error::new(ErrorKind::InvalidData, error),
        })
    }
}

impl<'a, R: Record<Fields: Freeze>> Frozen<R, &'a [u64]> {
    /// Reads bytes of [`to_bytes`](Self::to_bytes) in place: a file that is mapped into memory for example.
    ///
    /// # Errors
    ///
    /// Fails where the bytes are no image of such records, where they do not lie at a multiple of eight bytes, and on big-endian
    /// machines. Validating reads all of the bytes. Of how many rows a small image may claim, see [`from_bytes`](Frozen::from_bytes).
    pub fn open<B: AsRef<[u8]> + ?Sized>(bytes: &'a B) -> Result<Self, FrozenError> {
        Self::from_image(bytes.as_ref())
    }
}
