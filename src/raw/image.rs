//! The one byte image: how everything that can be saved looks in a file.
//!
//! ```text
//! word 0   magic: 89 "PENNY" 0D 0A
//! word 1   format version u16 | kind u16 | element u16 | number of fields u16
//! word 2   words of the whole image
//! word 3   checksum of the words around it
//! fields   one word each: lengths, widths, frames
//! payload  sections one after the other, each filled up with zeros to a whole word
//! ```
//!
//! All words are little-endian, and a section begins at a multiple of eight bytes: mapped into memory, which begins
//! at a page, an image is read in place. The magic has a byte that is no ASCII and a line end, so that a transfer
//! that takes the file for text is noticed, as in PNG.
//!
//! Who opens an image gets [`Parts`], and takes fields and sections from it in the order in which they were put
//! down. The checksum finds accidents, not forgery: every type validates what it takes before it reads unchecked.

use super::growth::ReserveError;
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

const MAGIC: u64 = u64::from_le_bytes(*b"\x89PENNY\r\n");

/// The version that is written. Images of all versions up to it are read.
const VERSION: u16 = 1;

/// The words before the fields.
const HEADER: usize = 4;

/// What an image holds. The numbers are part of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Kind {
    Plain = 1,
    Ints = 2,
    NullableInts = 3,
    Bits = 4,
    Blocks = 5,
    Dict = 7,
    Sorted = 6,
    Decimals = 8,
    Rows = 16,
    Strs = 17,
    SortedStrs = 18,
    #[cfg(feature = "fsst")]
    FsstStrs = 19,
    Frozen = 32,
    FrozenStrings = 33,
    FrozenRecords = 48,
}

/// Bytes that are no image of what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImageError {
    /// The bytes do not begin as an image does.
    NoImage,
    /// The image is of a version that this one does not read.
    Version {
        /// The version of the format.
        found: u16,
    },
    /// The image is of another type.
    Type {
        /// The kind of the type that was asked for, and that of its elements.
        expected: (u16, u16),
        /// Those of the image.
        found: (u16, u16),
    },
    /// The image has more or fewer bytes than it says.
    Length {
        /// The bytes that it says.
        expected: u64,
        /// The bytes that are there.
        found: u64,
    },
    /// The checksum is another.
    Checksum,
    /// A field or a section cannot be: what is wrong with it.
    Invalid(&'static str),
    /// The bytes cannot be read in place, since they do not lie at a multiple of eight: copy them.
    Misaligned,
    /// The image cannot be read in place, since this machine is big-endian: copy it.
    BigEndian,
    /// There is no memory for it.
    Reserve(ReserveError),
}

impl fmt::Display for ImageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoImage => f.write_str("the bytes are no image: they begin otherwise"),
            Self::Version { found } => {
                write!(f, "the image is of version {found}, and versions up to {VERSION} are read")
            }
            Self::Type { expected, found } => {
                write!(f, "the image is of {}, not of {}", TypeName(*found), TypeName(*expected))
            }
            Self::Length { expected, found } => {
                write!(f, "the image has {found} bytes instead of {expected}")
            }
            Self::Checksum => f.write_str("the image is damaged: its checksum is another"),
            Self::Invalid(what) => write!(f, "the image is invalid: {what}"),
            Self::Misaligned => {
                f.write_str("the image does not lie at a multiple of eight bytes: copy it")
            }
            Self::BigEndian => f.write_str("this machine is big-endian: copy the image"),
            Self::Reserve(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for ImageError {}

/// What a type is called, by the numbers of its kind and of its elements.
struct TypeName((u16, u16));

impl fmt::Display for TypeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const KINDS: &[(Kind, &str)] = &[
            (Kind::Plain, "Array"),
            (Kind::Ints, "IntArray"),
            (Kind::NullableInts, "NullableIntArray"),
            (Kind::Bits, "BitArray"),
            (Kind::Blocks, "BlockArray"),
            (Kind::Sorted, "SortedArray"),
            (Kind::Dict, "DictArray"),
            (Kind::Decimals, "DecimalArray"),
            (Kind::Rows, "RaggedArray"),
            (Kind::Strs, "StrArray"),
            (Kind::SortedStrs, "SortedStrArray"),
            #[cfg(feature = "fsst")]
            (Kind::FsstStrs, "FsstArray"),
            (Kind::Frozen, "Frozen"),
            (Kind::FrozenStrings, "FrozenStrings"),
            (Kind::FrozenRecords, "frozen Records"),
        ];
        const ELEMENTS: [&str; 10] =
            ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64"];
        let (kind, element) = self.0;
        let Some(&(_, name)) = KINDS.iter().find(|&&(known, _)| known as u16 == kind) else {
            return write!(f, "an unknown type ({kind}.{element})");
        };
        let nullable = element >> 8 == 1;
        match usize::from(element & 255).checked_sub(1).map(|element| ELEMENTS.get(element)) {
            None => f.write_str(name),
            Some(Some(element)) if nullable => write!(f, "{name}<Option<{element}>>"),
            Some(Some(element)) => write!(f, "{name}<{element}>"),
            Some(None) => write!(f, "{name} of unknown elements ({element})"),
        }
    }
}

impl From<ReserveError> for ImageError {
    fn from(error: ReserveError) -> Self {
        Self::Reserve(error)
    }
}

/// What has an image.
pub trait Stored {
    const KIND: Kind;

    /// A number for the type of the elements; 0 where there is only one.
    fn element() -> u16;

    /// Puts fields and sections down.
    fn store<'s>(&'s self, image: &mut Sections<'s>);
}

/// What can be taken from an image, in place or as a copy.
pub(crate) trait Load<'a>: Stored + Sized {
    /// Takes fields and sections in the order in which they were put down, and validates them.
    fn load(parts: &mut Parts<'a>) -> Result<Self, ImageError>;
}

/// The fields and sections of an image that is being made.
#[derive(Debug, Default)]
pub struct Sections<'s> {
    fields: Vec<u64>,
    payload: Vec<Cow<'s, [u8]>>,
}

impl<'s> Sections<'s> {
    pub(crate) fn field(&mut self, field: u64) {
        self.fields.push(field);
    }

    pub(crate) fn words(&mut self, words: &'s [u64]) {
        self.payload.push(if cfg!(target_endian = "little") {
            Cow::Borrowed(bytemuck::cast_slice(words))
        } else {
            Cow::Owned(words.iter().flat_map(|word| word.to_le_bytes()).collect())
        });
    }

    /// Bytes, which may end within a word.
    pub(crate) fn bytes(&mut self, bytes: impl Into<Cow<'s, [u8]>>) {
        self.payload.push(bytes.into());
    }

    /// Hands the image out, piece by piece.
    fn write<E>(
        &self,
        (kind, element): (u16, u16),
        mut write: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let payload = self.payload.iter().map(|section| section.len().div_ceil(8)).sum::<usize>();
        let fields = u16::try_from(self.fields.len());
        let fields = fields.unwrap_or_else(|_| panic!("an image has at most 65,535 fields"));
        let shape = [VERSION, kind, element, fields];
        let shape = shape.iter().rev().fold(0, |word, &part| word << 16 | u64::from(part));
        let words = (HEADER + self.fields.len() + payload) as u64;
        let mut checksum = Checksum::new();
        [MAGIC, shape, words].iter().chain(&self.fields).for_each(|&word| checksum.add(word));
        self.payload.iter().for_each(|section| checksum.add_bytes(section));
        let head = [MAGIC, shape, words, checksum.0];
        let head = head.iter().chain(&self.fields).flat_map(|word| word.to_le_bytes());
        // In one piece, which for a file is one call.
        write(&head.collect::<Vec<_>>())?;
        for section in &self.payload {
            write(section)?;
            write(&[0; 7][..section.len().wrapping_neg() % 8])?;
        }
        Ok(())
    }
}

/// The image of a value.
pub(crate) fn to_bytes<A: Stored>(value: &A) -> Vec<u8> {
    let mut sections = Sections::default();
    value.store(&mut sections);
    let mut bytes = Vec::new();
    let payload = sections.payload.iter().map(|section| section.len().next_multiple_of(8));
    bytes.reserve_exact(payload.sum::<usize>() + (HEADER + sections.fields.len()) * 8);
    let written: Result<(), core::convert::Infallible> =
        sections.write((A::KIND as u16, A::element()), |piece| {
            bytes.extend_from_slice(piece);
            Ok(())
        });
    match written {
        Ok(()) => bytes,
        Err(never) => match never {},
    }
}

/// The value of an image. Nothing may be left of the bytes.
pub(crate) fn from_bytes<'a, A: Load<'a>>(bytes: &'a [u8]) -> Result<A, ImageError> {
    open(bytes, (A::KIND as u16, A::element()), A::load)
}

/// What is taken from an image of a kind and of elements. Nothing may be left of the bytes.
pub(crate) fn open<'a, A, E: From<ImageError>>(
    bytes: &'a [u8],
    expected: (u16, u16),
    load: impl FnOnce(&mut Parts<'a>) -> Result<A, E>,
) -> Result<A, E> {
    let mut parts = Parts::open(bytes, expected)?;
    let value = load(&mut parts)?;
    match (parts.fields, parts.payload) {
        ([], []) => Ok(value),
        _ => Err(ImageError::Invalid("it has more fields or sections than its kind").into()),
    }
}

/// The kind of an image, of which nothing else has been looked at.
pub(crate) fn kind_of(bytes: &[u8]) -> Result<u16, ImageError> {
    match bytes.starts_with(&MAGIC.to_le_bytes()) && bytes.len() >= HEADER * 8 {
        true => Ok((word(bytes, 1) >> 16) as u16),
        false => Err(ImageError::NoImage),
    }
}

/// Writes the image of a value.
#[cfg(feature = "std")]
pub(crate) fn write_to<A: Stored>(value: &A, mut to: impl std::io::Write) -> std::io::Result<()> {
    let mut sections = Sections::default();
    value.store(&mut sections);
    sections.write((A::KIND as u16, A::element()), |piece| to.write_all(piece))
}

/// Reads the image of a value, and nothing behind it.
#[cfg(feature = "std")]
pub(crate) fn read_from<A>(from: impl std::io::Read) -> std::io::Result<A>
where
    A: for<'a> Load<'a>,
{
    use std::io::{Error, ErrorKind};
    let bytes = read_bytes(from, (A::KIND as u16, A::element()))?;
    from_bytes(&bytes).map_err(|error| match error {
        ImageError::Length { .. } => Error::new(ErrorKind::UnexpectedEof, error),
        _ => Error::new(ErrorKind::InvalidData, error),
    })
}

/// Reads the bytes of an image of a kind and of elements, and nothing behind it. They may be fewer than it says.
#[cfg(feature = "std")]
pub(crate) fn read_bytes(
    mut from: impl std::io::Read,
    expected: (u16, u16),
) -> std::io::Result<Vec<u8>> {
    use std::io::{Error, ErrorKind, Read};
    let invalid = |error| Error::new(ErrorKind::InvalidData, error);
    let mut header = [[0; 8]; HEADER];
    from.read_exact(header.as_flattened_mut())?;
    let Header { words, .. } = Header::read(header, expected).map_err(invalid)?;
    let rest = words.checked_sub(HEADER as u64).and_then(|words| words.checked_mul(8));
    let rest = rest.ok_or_else(|| invalid(ImageError::Invalid("its length cannot be")))?;
    // Nothing is reserved ahead: a length that was claimed need not come.
    let mut bytes = header.as_flattened().to_vec();
    from.by_ref().take(rest).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What a header says of the words behind it.
struct Header {
    /// The words of the whole image.
    words: u64,
    checksum: u64,
    fields: u16,
    /// The checksum of the other words of the header.
    sum: Checksum,
}

impl Header {
    /// Looks at everything in it that can be known without the words behind it.
    fn read(header: [[u8; 8]; HEADER], expected: (u16, u16)) -> Result<Self, ImageError> {
        let [magic, shape, words, checksum] = header.map(u64::from_le_bytes);
        let [version, kind, element, fields] = [0, 16, 32, 48].map(|bits| (shape >> bits) as u16);
        if magic != MAGIC {
            return Err(ImageError::NoImage);
        }
        if version != VERSION {
            return Err(ImageError::Version { found: version });
        }
        if (kind, element) != expected {
            return Err(ImageError::Type { expected, found: (kind, element) });
        }
        let mut sum = Checksum::new();
        [magic, shape, words].iter().for_each(|&word| sum.add(word));
        Ok(Self { words, checksum, fields, sum })
    }
}

/// The fields and sections of an image that is being taken apart.
#[derive(Debug)]
pub struct Parts<'a> {
    fields: &'a [[u8; 8]],
    payload: &'a [[u8; 8]],
}

impl<'a> Parts<'a> {
    /// Looks at header and checksum.
    fn open(bytes: &'a [u8], expected: (u16, u16)) -> Result<Self, ImageError> {
        if !bytes.starts_with(&MAGIC.to_le_bytes()) {
            return Err(ImageError::NoImage);
        }
        let (words, rest) = bytes.as_chunks::<8>();
        let (Some((&header, parts)), []) = (words.split_first_chunk::<HEADER>(), rest) else {
            let expected = if bytes.len() >= 24 { word(bytes, 2).saturating_mul(8) } else { 32 };
            return Err(ImageError::Length { expected, found: bytes.len() as u64 });
        };
        let Header { words: length, checksum, fields, mut sum } = Header::read(header, expected)?;
        if length != words.len() as u64 {
            let expected = length.saturating_mul(8);
            return Err(ImageError::Length { expected, found: bytes.len() as u64 });
        }
        parts.iter().for_each(|&word| sum.add(u64::from_le_bytes(word)));
        if sum.0 != checksum {
            return Err(ImageError::Checksum);
        }
        let parts = parts.split_at_checked(fields.into());
        let (fields, payload) = parts.ok_or(ImageError::Invalid("it has too few fields"))?;
        Ok(Self { fields, payload })
    }

    /// The next field.
    pub(crate) fn field(&mut self) -> Result<u64, ImageError> {
        let (&field, fields) =
            self.fields.split_first().ok_or(ImageError::Invalid("it has too few fields"))?;
        self.fields = fields;
        Ok(u64::from_le_bytes(field))
    }

    /// The next field, where it is at most `most`.
    pub(crate) fn field_up_to(&mut self, most: usize) -> Result<usize, ImageError> {
        let field = usize::try_from(self.field()?).ok().filter(|&field| field <= most);
        field.ok_or(ImageError::Invalid("a length or a width is too large"))
    }

    /// The next words, as they are.
    fn section(&mut self, words: usize) -> Result<&'a [[u8; 8]], ImageError> {
        let section = self.payload.split_at_checked(words);
        let (section, payload) =
            section.ok_or(ImageError::Invalid("a section ends behind the image"))?;
        self.payload = payload;
        Ok(section)
    }

    /// The next words.
    pub(crate) fn words<W: LoadWords<'a>>(&mut self, words: usize) -> Result<W, ImageError> {
        W::load_words(self.section(words)?)
    }

    /// The next bytes. What fills the last word up is zero.
    pub(crate) fn bytes(&mut self, len: usize) -> Result<&'a [u8], ImageError> {
        Ok(&self.filled_up(len)?.as_flattened()[..len])
    }

    /// The next bytes, in the words that they fill.
    pub(crate) fn bytes_in_words<W: LoadWords<'a>>(&mut self, len: usize) -> Result<W, ImageError> {
        W::load_bytes(self.filled_up(len)?)
    }

    /// The words of the next bytes, filled up with zeros.
    fn filled_up(&mut self, len: usize) -> Result<&'a [[u8; 8]], ImageError> {
        let section = self.section(len.div_ceil(8))?;
        match section.as_flattened()[len..].iter().all(|&byte| byte == 0) {
            true => Ok(section),
            false => Err(ImageError::Invalid("a section is not filled up with zeros")),
        }
    }
}

/// Words from an image: in place, or as a copy.
pub trait LoadWords<'a>: Sized {
    fn load_words(section: &'a [[u8; 8]]) -> Result<Self, ImageError>;

    /// Words for the sake of their bytes, which lie in memory as in the image.
    fn load_bytes(section: &'a [[u8; 8]]) -> Result<Self, ImageError>;
}

impl<'a> LoadWords<'a> for &'a [u64] {
    fn load_words(section: &'a [[u8; 8]]) -> Result<Self, ImageError> {
        if cfg!(target_endian = "big") {
            return Err(ImageError::BigEndian);
        }
        Self::load_bytes(section)
    }

    fn load_bytes(section: &'a [[u8; 8]]) -> Result<Self, ImageError> {
        bytemuck::try_cast_slice(section.as_flattened()).map_err(|_| ImageError::Misaligned)
    }
}

impl<'a> LoadWords<'a> for Box<[u64]> {
    fn load_words(section: &'a [[u8; 8]]) -> Result<Self, ImageError> {
        let mut words = Self::load_bytes(section)?;
        words.iter_mut().for_each(|word| *word = u64::from_le(*word));
        Ok(words)
    }

    fn load_bytes(section: &'a [[u8; 8]]) -> Result<Self, ImageError> {
        let mut words = Vec::new();
        super::growth::reserve_exact(&mut words, section.len())?;
        words.extend(section.iter().map(|&word| u64::from_ne_bytes(word)));
        Ok(words.into_boxed_slice())
    }
}

fn word(bytes: &[u8], index: usize) -> u64 {
    bytes.as_chunks::<8>().0.get(index).map_or(0, |&word| u64::from_le_bytes(word))
}

/// A checksum that finds every change of a single word: each step is a bijection of the state, for a given word, and
/// of the word, for a given state.
struct Checksum(u64);

impl Checksum {
    fn new() -> Self {
        Self(MAGIC)
    }

    #[inline]
    fn add(&mut self, word: u64) {
        self.0 = (self.0 ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    }

    /// Adds bytes, filled up with zeros to a whole word.
    fn add_bytes(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|&word| self.add(u64::from_le_bytes(word)));
        if !rest.is_empty() {
            let mut last = [0; 8];
            last[..rest.len()].copy_from_slice(rest);
            self.add(u64::from_le_bytes(last));
        }
    }
}
