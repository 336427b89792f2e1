//! What is wrong with a file, or a row of it, and where.

use super::FieldError;
use crate::raw::ReserveError;
use crate::record::StoreError;
use crate::stream::CsvErrorCause;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use std::io;

/// Why reading has stopped. What was read before is there, and reading can go on.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReadError {
    /// A row is bad. The next call goes on behind it.
    Row(BadRow),
    /// The header has not the columns of the record. No row was read, and no call will.
    Header(HeaderError),
    /// The input failed. Reading may be tried again.
    Io {
        /// The number of the row that would have come next.
        row: u64,
        /// How many bytes were read.
        bytes: u64,
        /// What the input says.
        error: io::Error,
    },
    /// There is no memory for a row more. The row is lost.
    Reserve(ReserveError),
}

/// A row that is not in the records, as it is not what it should be.
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use pennyweight::record::Record;
/// use pennyweight::record::csv::{FieldError, OnBadRow, ReadOptions};
///
/// #[derive(Record)]
/// struct Visit {
///     page: String,
///     seconds: u8,
/// }
///
/// let file = "page,seconds\n/,10\n/about,1000\n/,7\n";
/// let options = ReadOptions::new().on_bad_row(OnBadRow::Collect(10));
/// let mut reader = options.read_from::<Visit, _>(file.as_bytes());
/// let visits = reader.read_all()?;
/// assert_eq!(visits.columns().seconds(), [10, 7]);
///
/// let bad = &reader.bad_rows()[0];
/// assert_eq!((bad.row(), bad.line(), bad.byte_offset()), (2, 3, 18));
/// assert_eq!(
///     bad.to_string(),
///     "row 2 in line 3, at byte 18, column `seconds` of `u8`: a number that the type cannot hold: \"1000\""
/// );
/// # }
/// # Ok::<(), pennyweight::record::csv::ReadError>(())
/// ```
pub struct BadRow(Box<Inner>);

#[derive(Debug)]
struct Inner {
    row: u64,
    line: u64,
    byte_offset: u64,
    column: Option<Box<str>>,
    type_name: Option<&'static str>,
    text: Box<[u8]>,
    cause: BadRowCause,
}

/// Why a row is bad.
#[derive(Debug)]
#[non_exhaustive]
pub enum BadRowCause {
    /// It could not be divided into fields, or has too many or too few of them.
    Csv(CsvErrorCause),
    /// A field is not the value that it should be.
    Field(FieldError),
    /// A column cannot take the value.
    Store(StoreError),
}

/// A header that has not the columns of the record.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderError {
    /// It has not all of them.
    Missing {
        /// Those that it has not.
        columns: Vec<Box<str>>,
        /// The first names that it has, at most 32, and 64 bytes of each.
        header: Vec<Box<str>>,
        /// How many names it has.
        header_len: usize,
    },
    /// It has others besides, where it may have none.
    Extra {
        /// The first of the others, at most 32, and 64 bytes of each.
        columns: Vec<Box<str>>,
        /// How many others there are.
        columns_len: usize,
    },
}

/// How much of a field is kept.
const TEXT: usize = 64;

impl BadRow {
    #[cold]
    pub(super) fn new(
        row: u64,
        line: u64,
        byte_offset: u64,
        column: Option<Box<str>>,
        text: &[u8],
        cause: BadRowCause,
    ) -> Self {
        let text = text[..text.len().min(TEXT)].into();
        Self(Box::new(Inner { row, line, byte_offset, column, type_name: None, text, cause }))
    }

    /// The same, of a column of this type.
    pub(super) fn of_type(mut self, type_name: &'static str) -> Self {
        self.0.type_name = Some(type_name);
        self
    }

    /// The number of the row, from one on: bad rows are counted, but neither the header, which is row zero, nor blank lines and comments.
    #[must_use]
    pub fn row(&self) -> u64 {
        self.0.row
    }

    /// The [line](crate::stream::Row::line) of the file that the row begins in, from one on: with the header, blank lines, comments, and
    /// lines that quotes enclose.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.0.line
    }

    /// Where the row begins in the input.
    #[must_use]
    pub fn byte_offset(&self) -> u64 {
        self.0.byte_offset
    }

    /// The name of the column that is to blame, if one is: the first one that is missing, where fields are.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        self.0.column.as_deref()
    }

    /// The type that the field should be read as, such as `Option<i16>`, without the modules that it is in; where a field is to blame.
    #[must_use]
    pub fn type_name(&self) -> Option<String> {
        self.0.type_name.map(without_modules)
    }

    /// The beginning of the field; of the row as it is written, where it could not be divided into fields. At most 64 bytes.
    #[must_use]
    pub fn raw_text(&self) -> &[u8] {
        &self.0.text
    }

    /// The same as text; what is no UTF-8 is replaced.
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

    /// What is wrong.
    #[must_use]
    pub fn cause(&self) -> &BadRowCause {
        &self.0.cause
    }
}

impl fmt::Debug for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BadRow")
            .field("row", &self.row())
            .field("line", &self.line())
            .field("byte_offset", &self.byte_offset())
            .field("column", &self.column())
            .field("type_name", &self.type_name())
            .field("text", &self.text())
            .field("cause", self.cause())
            .finish()
    }
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {} in line {}, at byte {}", self.row(), self.line(), self.byte_offset())?;
        if let Some(column) = self.column() {
            write!(f, ", column `{column}`")?;
        }
        if let Some(type_name) = self.type_name() {
            write!(f, " of `{type_name}`")?;
        }
        write!(f, ": {}: {:?}", self.cause(), self.text())
    }
}

/// A type by its own name, and by those of its parameters: `Option<String>` for `core::option::Option<alloc::string::String>`.
fn without_modules(path: &str) -> String {
    let mut name = String::new();
    for part in path.split("::") {
        let module = name.rfind(|c: char| !c.is_alphanumeric() && c != '_').map_or(0, |at| at + 1);
        name.truncate(module);
        name.push_str(part);
    }
    name
}

impl fmt::Display for BadRowCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Csv(cause) => cause.fmt(f),
            Self::Field(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { columns, header, header_len } => {
                let (columns, header) = (Names(columns, columns.len()), Names(header, *header_len));
                write!(f, "missing columns: {columns}; the header has {header}")
            }
            Self::Extra { columns, columns_len } => {
                write!(f, "columns too many: {}", Names(columns, *columns_len))
            }
        }
    }
}

/// The first of so many names, in a row.
struct Names<'a>(&'a [Box<str>], usize);

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(names, len) = *self;
        for (index, name) in names.iter().enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}`{name}`")?;
        }
        match len.saturating_sub(names.len()) {
            _ if names.is_empty() => f.write_str("none"),
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Row(row) => row.fmt(f),
            Self::Header(error) => error.fmt(f),
            Self::Io { row, bytes, error } => {
                write!(f, "after {bytes} bytes, before row {row}: {error}")
            }
            Self::Reserve(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for BadRow {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self.cause() {
            BadRowCause::Csv(CsvErrorCause::Io(error)) => Some(error),
            BadRowCause::Csv(_) => None,
            BadRowCause::Field(error) => Some(error),
            BadRowCause::Store(error) => Some(error),
        }
    }
}

impl core::error::Error for HeaderError {}

impl core::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        Some(match self {
            Self::Row(row) => row,
            Self::Header(error) => error,
            Self::Io { error, .. } => error,
            Self::Reserve(error) => error,
        })
    }
}
