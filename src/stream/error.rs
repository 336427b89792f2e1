//! What cannot be handed out, and where it is.

use core::error::Error;
use core::fmt;
use std::io::{self, ErrorKind};

/// A line that cannot be handed out. Lines are counted from 1, bytes from 0.
#[derive(Debug)]
#[non_exhaustive]
pub enum LineError {
    /// The source failed.
    Read {
        /// The line that was being read.
        line: u64,
        /// How many bytes of the source were handed out before.
        offset: u64,
        /// What the source says.
        error: io::Error,
    },
    /// The line is longer than lines may be.
    TooLong {
        /// Its number.
        line: u64,
        /// The byte it begins at.
        offset: u64,
        /// The most bytes that a line may have.
        max_len: usize,
    },
    /// The line is not UTF-8.
    Utf8 {
        /// Its number.
        line: u64,
        /// The first byte of it that is not valid, counted from 1.
        column: u64,
        /// That byte in the source.
        offset: u64,
    },
}

/// Text of which a chunk cannot be handed out.
#[derive(Debug)]
#[non_exhaustive]
pub enum TextError {
    /// The source failed.
    Read(io::Error),
    /// The text is not UTF-8.
    Utf8 {
        /// The first byte that is not valid, counted from 0.
        offset: u64,
    },
}

/// Records of which a chunk cannot be handed out. Records are counted from 1, bytes from 0.
#[derive(Debug)]
#[non_exhaustive]
pub enum RecordError {
    /// The source failed.
    Read(io::Error),
    /// A record does not fit into the largest buffer.
    TooLong {
        /// Its number.
        record: u64,
        /// The byte it begins at.
        offset: u64,
        /// The most bytes that a record may have, with its separator.
        max_buffer: usize,
    },
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read { line, offset, error } => {
                write!(f, "line {line}, from byte {offset} on, cannot be read: {error}")
            }
            Self::TooLong { line, offset, max_len } => {
                write!(f, "line {line}, from byte {offset} on, is longer than {max_len} bytes")
            }
            Self::Utf8 { line, column, offset } => {
                write!(f, "line {line}, column {column} (byte {offset}) is not UTF-8")
            }
        }
    }
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(error) => write!(f, "the text cannot be read: {error}"),
            Self::Utf8 { offset } => write!(f, "byte {offset} is not UTF-8"),
        }
    }
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(error) => write!(f, "the records cannot be read: {error}"),
            Self::TooLong { record, offset, max_buffer } => write!(
                f,
                "record {record}, from byte {offset} on, does not fit into {max_buffer} bytes"
            ),
        }
    }
}

impl Error for LineError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Read { error, .. } => Some(error),
            _ => None,
        }
    }
}

impl Error for TextError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Read(error) => Some(error),
            Self::Utf8 { .. } => None,
        }
    }
}

impl Error for RecordError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Read(error) => Some(error),
            Self::TooLong { .. } => None,
        }
    }
}

impl From<io::Error> for TextError {
    fn from(error: io::Error) -> Self {
        Self::Read(error)
    }
}

impl From<io::Error> for RecordError {
    fn from(error: io::Error) -> Self {
        Self::Read(error)
    }
}

/// For functions that return errors of I/O: what the source said, or else [`ErrorKind::InvalidData`] with the error inside.
impl From<LineError> for io::Error {
    fn from(error: LineError) -> Self {
        let kind = match &error {
            LineError::Read { error, .. } => error.kind(),
            _ => ErrorKind::InvalidData,
        };
        Self::new(kind, error)
    }
}

/// For functions that return errors of I/O: what the source said, or else [`ErrorKind::InvalidData`] with the error inside.
impl From<TextError> for io::Error {
    fn from(error: TextError) -> Self {
        match error {
            TextError::Read(error) => error,
            error => Self::new(ErrorKind::InvalidData, error),
        }
    }
}

/// For functions that return errors of I/O: what the source said, or else [`ErrorKind::InvalidData`] with the error inside.
impl From<RecordError> for io::Error {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Read(error) => error,
            error => Self::new(ErrorKind::InvalidData, error),
        }
    }
}
