//! A field, and the values that are made of it.

use super::number;
use crate::raw::short::from_utf8;
use crate::record::category::Category;
use crate::size::{HeapSize, Visitor};
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::str::{FromStr, Utf8Error};

/// A field of a row, without quotes, as a value is made of it.
#[derive(Clone, Copy)]
pub struct Field<'a> {
    bytes: &'a [u8],
    nulls: &'a Nulls,
}

/// A value that a field of CSV can be read as: integers, floats, `bool`, `char`, strings, enums that are a [`Category`], and an `Option`
/// of each.
///
/// What implements [`FromStr`] follows in a line:
///
/// ```
/// use core::net::Ipv4Addr;
/// use core::str::FromStr;
/// use pennyweight::record::csv::{Field, FieldError, FromField};
///
/// #[derive(Clone, Copy)]
/// struct Host(Ipv4Addr);
///
/// impl FromField for Host {
///     fn from_field(field: Field<'_>) -> Result<Self, FieldError> {
///         field.parse().map(Host)
///     }
/// }
/// ```
///
/// Numbers are decimal, floats as [`f64::from_str`] reads them, without blanks around them, unless these are
/// [trimmed](crate::stream::CsvOptions::trim); `-0` is 0, of unsigned types too. A `bool` is `true`, `false`, `1` or
/// `0`, in any case. An `Option` is `None` where the field [is null](Field::is_null).
#[diagnostic::on_unimplemented(
    message = "no `{Self}` can be read from CSV",
    note = "implement `pennyweight::record::csv::FromField`, which takes a line for what implements `FromStr`; \
            an enum without fields derives `Category`"
)]
pub trait FromField: Sized {
    /// Makes a value of a field.
    ///
    /// # Errors
    ///
    /// Where the field is none.
    fn from_field(field: Field<'_>) -> Result<Self, FieldError>;

    /// The value where the row has no such field; `None` where that is an error, which it is unless the type is an `Option`.
    #[must_use]
    fn missing() -> Option<Self> {
        None
    }
}

/// Why a field is not the value that it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldError {
    /// The row ends before it, or the file has no such column.
    Missing,
    /// It is not written as such a value is.
    Invalid,
    /// It is a number that the type cannot hold.
    OutOfRange,
    /// It is no text.
    Utf8(Utf8Error),
    /// What the type that it should be says of it.
    Other(Box<str>),
}

impl<'a> Field<'a> {
    #[inline]
    pub(super) fn new(bytes: &'a [u8], nulls: &'a Nulls) -> Self {
        Self { bytes, nulls }
    }

    /// The field, whether it is text or not.
    #[inline]
    #[must_use]
    pub fn as_bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// The field as text.
    ///
    /// # Errors
    ///
    /// Where it is no UTF-8.
    #[inline]
    pub fn as_str(self) -> Result<&'a str, FieldError> {
        from_utf8(self.bytes).map_err(FieldError::Utf8)
    }

    /// Whether it is one of the texts that [stand for null](super::ReadOptions::nulls): whether it is empty, where nothing
    /// else was said.
    #[inline]
    #[must_use]
    pub fn is_null(self) -> bool {
        self.nulls.contain(self.bytes)
    }

    /// Makes a value of it as `str::parse` does.
    ///
    /// # Errors
    ///
    /// Where it is no text, and where the type refuses it: what that says is kept.
    pub fn parse<T: FromStr<Err: fmt::Display>>(self) -> Result<T, FieldError> {
        self.as_str()?.parse().map_err(|error| FieldError::other(&error))
    }
}

impl fmt::Debug for Field<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Field").field(&String::from_utf8_lossy(self.bytes)).finish()
    }
}

impl FieldError {
    #[cold]
    fn other(error: &dyn fmt::Display) -> Self {
        Self::Other(format!("{error}").into())
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("there is no such field"),
            Self::Invalid => f.write_str("not written as such a value is"),
            Self::OutOfRange => f.write_str("a number that the type cannot hold"),
            Self::Utf8(error) => error.fmt(f),
            Self::Other(message) => f.write_str(message),
        }
    }
}

impl core::error::Error for FieldError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Utf8(error) => Some(error),
            _ => None,
        }
    }
}

/// The texts that stand for null.
#[derive(Clone, Debug)]
pub(super) struct Nulls {
    texts: Vec<Box<[u8]>>,
    /// Invariant: whether the empty one is among them.
    has_empty: bool,
    /// Invariant: a bit for each byte, which is set where one of them begins with it. Most fields begin otherwise, however long they are.
    firsts: [u64; 4],
}

impl Nulls {
    pub(super) fn new<T: AsRef<[u8]>>(texts: impl IntoIterator<Item = T>) -> Self {
        let texts: Vec<Box<[u8]>> = texts.into_iter().map(|text| text.as_ref().into()).collect();
        let (mut has_empty, mut firsts) = (false, [0; 4]);
        for text in &texts {
            match text.first() {
                Some(&first) => firsts[usize::from(first / 64)] |= 1 << (first % 64),
                None => has_empty = true,
            }
        }
        Self { texts, has_empty, firsts }
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.texts.heap_bytes()
    }

    #[inline]
    fn contain(&self, field: &[u8]) -> bool {
        let Some(&first) = field.first() else { return self.has_empty };
        self.firsts[usize::from(first / 64)] >> (first % 64) & 1 == 1
            && self.texts.iter().any(|text| **text == *field)
    }
}

impl HeapSize for Nulls {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("texts", &self.texts);
    }
}

impl<T: FromField> FromField for Option<T> {
    #[inline]
    fn from_field(field: Field<'_>) -> Result<Self, FieldError> {
        if field.is_null() { Ok(None) } else { T::from_field(field).map(Some) }
    }

    #[inline]
    fn missing() -> Option<Self> {
        Some(None)
    }
}

macro_rules! integers {
    ($($int:ty),*) => {$(
        impl FromField for $int {
            #[inline]
            fn from_field(field: Field<'_>) -> Result<Self, FieldError> {
                let number = number::integer(field.bytes)?;
                Self::try_from(number).map_err(|_| FieldError::OutOfRange)
            }
        }
    )*};
}

integers!(i8, i16, i32, i64, u8, u16, u32, isize);

macro_rules! wide_integers {
    ($($int:ty),*) => {$(
        impl FromField for $int {
            fn from_field(field: Field<'_>) -> Result<Self, FieldError> {
                if field.bytes.len() <= number::SAFE {
                    let number = number::integer(field.bytes)?;
                    return Self::try_from(number).map_err(|_| FieldError::OutOfRange);
                }
                field.as_str()?.parse().map_err(|error| number::cause(&error))
            }
        }
    )*};
}

wide_integers!(u64, usize, i128, u128);

macro_rules! floats {
    ($($float:ty),*) => {$(
        impl FromField for $float {
            fn from_field(field: Field<'_>) -> Result<Self, FieldError> {
                field.as_str()?.parse().map_err(|_| FieldError::Invalid)
            }
        }
    )*};
}

floats!(f32, f64);

/// By the names of the variants.
#[diagnostic::do_not_recommend]
impl<T: Category> FromField for T {
    fn from_field(field: Field<'_>) -> Result<Self, FieldError> {
        T::from_name(field.as_str()?).ok_or(FieldError::Invalid)
    }
}

impl FromField for bool {
    fn from_field(field: Field<'_>) -> Result<Self, FieldError> {
        match field.bytes {
            b"1" => Ok(true),
            b"0" => Ok(false),
            bytes if bytes.eq_ignore_ascii_case(b"true") => Ok(true),
            bytes if bytes.eq_ignore_ascii_case(b"false") => Ok(false),
            _ => Err(FieldError::Invalid),
        }
    }
}

impl FromField for char {
    fn from_field(field: Field<'_>) -> Result<Self, FieldError> {
        field.as_str()?.parse().map_err(|_| FieldError::Invalid)
    }
}

macro_rules! strings {
    ($($string:ty),*) => {$(
        impl FromField for $string {
            fn from_field(field: Field<'_>) -> Result<Self, FieldError> {
                field.as_str().map(|text| Self::from(String::from(text)))
            }
        }
    )*};
}

strings!(String, Box<str>, Rc<str>, Arc<str>, Cow<'static, str>);
