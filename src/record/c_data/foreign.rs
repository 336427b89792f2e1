//! Columns that lie elsewhere, as Arrow lays them out: what the C data interface and the crate arrow are read as.
//!
//! All that is read of them is checked on the way: numbers lie at any address, offsets lead where they may, text is UTF-8.

use super::error::ImportErrorCause::Malformed;
use super::error::{Fault, ImportErrorCause};
use crate::raw::growth;
use crate::record::validity::Validity;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::Cell;
use core::ops::Range;
use core::{fmt, str};

/// A column.
#[derive(Debug)]
pub struct Foreign<'a> {
    /// What its library calls its type.
    pub(in crate::record) ty: String,
    pub(in crate::record) len: usize,
    /// Of as many values.
    pub(in crate::record) validity: Validity<'a>,
    pub(in crate::record) data: Data<'a>,
}

/// Where the values of a column are.
pub(in crate::record) enum Data<'a> {
    /// Numbers by the letter of Arrow's C data interface for those that lie so: dates are `i` or `l`. As many as there are values.
    Numbers(&'static str, &'a [u8]),
    /// A bit each.
    Bools(Validity<'a>),
    Strings(Strings<'a>),
    /// Other columns, which are found by their names.
    Struct(Columns<'a>),
    /// None of these.
    Other,
}

/// Finds columns.
pub(in crate::record) type Columns<'a> =
    Box<dyn Fn(&str) -> Result<Foreign<'a>, ImportErrorCause> + 'a>;

/// Strings, or numbers of strings.
#[derive(Clone, Debug)]
pub(in crate::record) enum Strings<'a> {
    /// One for each value.
    Plain(Texts<'a>),
    /// A dictionary.
    Coded(Coded<'a>),
}

/// Strings, each of which is there once, and of each value the number of its string.
#[derive(Clone, Debug)]
pub(in crate::record) struct Coded<'a> {
    pub(in crate::record) keys: Keys<'a>,
    pub(in crate::record) texts: Texts<'a>,
    /// Which strings are there. Of as many.
    pub(in crate::record) validity: Validity<'a>,
}

/// Values that are made of strings: of one that a dictionary numbers, once.
#[derive(Debug)]
pub struct Mapped<'a, T: Copy> {
    strings: Strings<'a>,
    /// What was made of the strings of a dictionary so far. As many as there are rows at most, so that a large dictionary costs no more.
    known: Vec<Cell<Option<T>>>,
}

/// Strings, one behind the other, or here and there.
#[derive(Clone, Debug)]
pub(in crate::record) enum Texts<'a> {
    /// One more offset than there are strings, of 32 bits, and text.
    Short(&'a [[u8; 4]], &'a [u8]),
    /// The same, with offsets of 64 bits.
    Long(&'a [[u8; 8]], &'a [u8]),
    /// A length and 12 bytes, or a length, 4 bytes, and where in which of the buffers the string is.
    Views(&'a [[u8; 16]], Vec<&'a [u8]>),
}

/// Whole numbers of any type, which number something.
#[derive(Clone, Copy, Debug)]
pub(in crate::record) struct Keys<'a> {
    format: &'static str,
    bytes: &'a [u8],
}

impl fmt::Debug for Data<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Numbers(format, _) => write!(f, "Numbers({format})"),
            Self::Bools(_) => f.write_str("Bools"),
            Self::Strings(_) => f.write_str("Strings"),
            Self::Struct(_) => f.write_str("Struct"),
            Self::Other => f.write_str("Other"),
        }
    }
}

impl<'a> Foreign<'a> {
    /// Its strings, if it has some.
    pub(in crate::record) fn strings(&self) -> Result<Strings<'a>, Fault> {
        match &self.data {
            Data::Strings(strings) => Ok(strings.clone()),
            _ => Err(self.is_not("str")),
        }
    }

    /// It is of another type.
    #[cold]
    pub(in crate::record) fn is_not(&self, expected: &'static str) -> Fault {
        let found = self.ty.as_str().into();
        ImportErrorCause::Type { expected, found }.into()
    }
}

impl<'a> Texts<'a> {
    /// The bytes of all strings, as far as that is known. The text may be that of more strings than these.
    pub(in crate::record) fn text_len(&self) -> usize {
        let text = match self {
            Self::Short([first, .., last], text) => within(text, short(*first), short(*last)),
            Self::Long([first, .., last], text) => within(text, long(*first), long(*last)),
            _ => None,
        };
        text.map_or(0, <[u8]>::len)
    }

    /// A string that is one of them.
    #[inline]
    pub(in crate::record) fn get(&self, index: usize) -> Result<&'a str, ImportErrorCause> {
        let bytes = match self {
            Self::Short(ends, text) => within(text, short(ends[index]), short(ends[index + 1])),
            Self::Long(ends, text) => within(text, long(ends[index]), long(ends[index + 1])),
            Self::Views(views, buffers) => view(&views[index], buffers),
        };
        let bytes = bytes.ok_or(Malformed("an offset leads outside of the text"))?;
        str::from_utf8(bytes).map_err(|_| Malformed("the text is not UTF-8"))
    }
}

/// An offset, unless it is negative.
#[inline]
fn short(end: [u8; 4]) -> Option<usize> {
    usize::try_from(i32::from_ne_bytes(end)).ok()
}

#[inline]
fn long(end: [u8; 8]) -> Option<usize> {
    usize::try_from(i64::from_ne_bytes(end)).ok()
}

#[inline]
fn within(text: &[u8], start: Option<usize>, end: Option<usize>) -> Option<&[u8]> {
    text.get(start?..end?)
}

/// The bytes of a string of at most 12 are in the view itself.
fn view<'a>(view: &'a [u8; 16], buffers: &[&'a [u8]]) -> Option<&'a [u8]> {
    let word = |at: usize| short([view[at], view[at + 1], view[at + 2], view[at + 3]]);
    let len = word(0)?;
    if len <= 12 {
        return view.get(4..4 + len);
    }
    let (buffer, start) = (word(8)?, word(12)?);
    buffers.get(buffer)?.get(start..start.checked_add(len)?)
}

impl<'a> Keys<'a> {
    /// Numbers of the letter, if they are whole.
    pub(in crate::record) fn new(format: &'static str, bytes: &'a [u8]) -> Option<Self> {
        matches!(format, "c" | "s" | "i" | "l" | "C" | "S" | "I" | "L")
            .then_some(Self { format, bytes })
    }

    /// Reads some of them. What is negative or larger than `u32` is `u32::MAX`.
    #[inline]
    pub(in crate::record) fn read(self, rows: Range<usize>, to: &mut [u32]) {
        macro_rules! read {
            ($($format:literal $number:ty),*) => {
                match self.format {
                    $($format => {
                        let keys = numbers(self.bytes);
                        for (to, key) in to.iter_mut().zip(&keys[rows]) {
                            *to = u32::try_from(<$number>::from_ne_bytes(*key)).unwrap_or(u32::MAX);
                        }
                    })*
                    _ => unreachable!("keys are whole numbers"),
                }
            };
        }
        read!("c" i8, "s" i16, "i" i32, "l" i64, "C" u8, "S" u16, "I" u32, "L" u64);
    }

    /// One of them.
    #[inline]
    pub(in crate::record) fn get(self, index: usize) -> u32 {
        let mut key = [0];
        self.read(index..index + 1, &mut key);
        key[0]
    }
}

/// Bytes as numbers of `N` bytes.
#[inline]
pub(super) fn numbers<const N: usize>(bytes: &[u8]) -> &[[u8; N]] {
    bytes.as_chunks().0
}

impl<'a> Coded<'a> {
    /// The string of a key, unless it is null.
    pub(in crate::record) fn string(&self, key: u32) -> Result<Option<&'a str>, ImportErrorCause> {
        // `u32::MAX` stands for all keys that are none, also where a dictionary is longer.
        match self.validity.get(key as usize).filter(|_| key != u32::MAX) {
            Some(true) => self.texts.get(key as usize).map(Some),
            Some(false) => Ok(None),
            None => Err(Malformed("it is numbered as none of the dictionary")),
        }
    }
}

impl<'a, T: Copy> Mapped<'a, T> {
    /// Those of a column of strings.
    pub(in crate::record) fn new(column: &Foreign<'a>) -> Result<Self, Fault> {
        let (strings, mut known) = (column.strings()?, Vec::new());
        if let Strings::Coded(coded) = &strings {
            let len = coded.validity.len().min(column.len);
            growth::reserve_exact(&mut known, len)?;
            known.resize_with(len, Cell::default);
        }
        Ok(Self { strings, known })
    }

    /// The bytes of all strings, as far as that is known, where each value has its own.
    pub(in crate::record) fn text_len(&self) -> usize {
        match &self.strings {
            Strings::Plain(texts) => texts.text_len(),
            Strings::Coded(_) => 0,
        }
    }

    /// The value of a row, unless the dictionary says that it is null.
    #[inline]
    pub(in crate::record) fn get(
        &self,
        row: usize,
        make: impl FnOnce(&'a str) -> Result<T, ImportErrorCause>,
    ) -> Result<Option<T>, ImportErrorCause> {
        let coded = match &self.strings {
            Strings::Plain(texts) => return make(texts.get(row)?).map(Some),
            Strings::Coded(coded) => coded,
        };
        let key = coded.keys.get(row);
        let known = self.known.get(key as usize);
        if let Some(value) = known.and_then(Cell::get) {
            return Ok(Some(value));
        }
        let value = coded.string(key)?.map(make).transpose()?;
        if let Some(known) = known {
            known.set(value);
        }
        Ok(value)
    }
}
