//! What is wrong with a row, and where.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;
use core::str::Utf8Error;
use std::io;

/// A row that could not be read, or an input that could not.
///
/// The reader goes on behind it: see [`CsvReader`](super::CsvReader#errors).
#[derive(Debug)]
pub struct CsvError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    row: u64,
    line: u64,
    byte_offset: u64,
    column: Option<usize>,
    text: Box<[u8]>,
    cause: CsvErrorCause,
}

/// Why a row could not be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum CsvErrorCause {
    /// The input failed. Nothing is lost: reading may be tried again.
    Io(io::Error),
    /// It has fewer fields than the first row.
    TooFewFields {
        /// How many the first row has.
        expected: usize,
        /// How many this one has.
        found: usize,
    },
    /// It has more fields than the first row.
    TooManyFields {
        /// How many the first row has.
        expected: usize,
        /// How many this one has.
        found: usize,
    },
    /// The input ends inside of quotes.
    UnclosedQuote,
    /// It is longer than rows may be.
    TooLong {
        /// How many bytes a row may have.
        limit: usize,
    },
    /// Text was asked for, and the field is none.
    Utf8(Utf8Error),
}

/// How much of a row is kept.
const TEXT: usize = 64;

impl CsvError {
    #[cold]
    pub(super) fn new(
        row: u64,
        line: u64,
        byte_offset: u64,
        column: Option<usize>,
        text: &[u8],
        cause: CsvErrorCause,
    ) -> Self {
        let text = text[..text.len().min(TEXT)].into();
        Self(Box::new(Inner { row, line, byte_offset, column, text, cause }))
    }

    /// What is wrong.
    #[must_use]
    pub fn cause(&self) -> &CsvErrorCause {
        &self.0.cause
    }

    /// Takes the cause.
    #[must_use]
    pub fn into_cause(self) -> CsvErrorCause {
        self.0.cause
    }

    /// The [number](super::Row::number) of the row. Where the input failed, that of the row which would have come next.
    #[must_use]
    pub fn row(&self) -> u64 {
        self.0.row
    }

    /// The [line](super::Row::line) that the row begins in. Where the input failed, the one that was being read.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.0.line
    }

    /// Where the row begins. Where the input failed, the number of bytes that were read.
    #[must_use]
    pub fn byte_offset(&self) -> u64 {
        self.0.byte_offset
    }

    /// The index of the field that is wrong: the first that is missing or too many, the one whose quote is not closed, or in which the
    /// row becomes too long, or that is no text.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        self.0.column
    }

    /// The beginning of the row as it is written, at most 64 bytes.
    #[must_use]
    pub fn raw_text(&self) -> &[u8] {
        &self.0.text
    }

    /// The beginning of the row as it is written, at most 64 bytes; what is no UTF-8 is replaced.
    #[must_use]
    pub fn text(&self) -> String {
        // What is cut off in the middle of a character is not shown as a broken one.
        let text = &self.0.text[..];
        let whole = match core::str::from_utf8(text) {
            Err(error) if error.error_len().is_none() && text.len() == TEXT => error.valid_up_to(),
            _ => text.len(),
        };
        String::from_utf8_lossy(&text[..whole]).into_owned()
    }
}

impl fmt::Display for CsvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { row, line, byte_offset, column, cause, .. } = &*self.0;
        if let CsvErrorCause::Io(_) = cause {
            return write!(f, "after {byte_offset} bytes, before row {row}: {cause}");
        }
        write!(f, "row {row} in line {line}, at byte {byte_offset}")?;
        if let Some(column) = column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {cause}: {:?}", self.text())
    }
}

impl fmt::Display for CsvErrorCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::TooFewFields { expected, found } | Self::TooManyFields { expected, found } => {
                write!(f, "{found} fields instead of {expected}")
            }
            Self::UnclosedQuote => f.write_str("a quote is not closed"),
            Self::TooLong { limit } => write!(f, "more than {limit} bytes"),
            Self::Utf8(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for CsvError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match &self.0.cause {
            CsvErrorCause::Io(error) => Some(error),
            CsvErrorCause::Utf8(error) => Some(error),
            _ => None,
        }
    }
}
