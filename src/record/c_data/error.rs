//! What records cannot take of columns that lie elsewhere.

use crate::raw::ReserveError;
use crate::record::error::StoreError;
use alloc::boxed::Box;
use alloc::format;
use core::fmt;

/// Columns of Arrow that are none of such records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportError {
    column: Box<str>,
    row: Option<usize>,
    cause: ImportErrorCause,
}

/// Why columns are none of such records.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImportErrorCause {
    /// There is no column of this name.
    Missing,
    /// The column is of another type.
    Type {
        /// What the field is, as a type of Rust.
        expected: &'static str,
        /// What the column is: a type of the crate arrow, or a format of the C data interface.
        found: Box<str>,
    },
    /// A value is null, and cannot be.
    Null,
    /// A value is none of the field's type.
    Invalid,
    /// The column is not what Arrow says that a column of its type is.
    Malformed(&'static str),
    /// A column cannot take the value.
    Store(StoreError),
}

/// Why a column was refused, and the row that is to blame, if one is.
#[derive(Debug)]
pub struct Fault {
    row: Option<usize>,
    cause: ImportErrorCause,
}

impl Fault {
    #[cold]
    pub(in crate::record) fn at(row: usize, cause: ImportErrorCause) -> Self {
        Self { row: Some(row), cause }
    }

    #[cold]
    pub(in crate::record) fn of(self, column: &str) -> ImportError {
        ImportError { column: column.into(), row: self.row, cause: self.cause }
    }
}

impl From<ImportErrorCause> for Fault {
    #[cold]
    fn from(cause: ImportErrorCause) -> Self {
        Self { row: None, cause }
    }
}

impl From<StoreError> for Fault {
    #[cold]
    fn from(error: StoreError) -> Self {
        ImportErrorCause::Store(error).into()
    }
}

impl From<ReserveError> for Fault {
    #[cold]
    fn from(error: ReserveError) -> Self {
        StoreError::from(error).into()
    }
}

/// There is no memory for the rows, whatever the column.
impl From<ReserveError> for ImportError {
    fn from(error: ReserveError) -> Self {
        Fault::from(error).of("")
    }
}

impl ImportError {
    /// The same, of a column of this record in another.
    pub(in crate::record) fn within(mut self, record: &str) -> Self {
        self.column = match &*self.column {
            "" => record.into(),
            column => format!("{record}.{column}").into(),
        };
        self
    }

    /// The name of the column; of one of a nested record, after that of the record and a dot. Empty where no column is to blame, but all.
    #[must_use]
    pub fn column(&self) -> &str {
        &self.column
    }

    /// The row, where it is a value that is to blame.
    #[must_use]
    pub fn row(&self) -> Option<usize> {
        self.row
    }

    /// What is wrong.
    #[must_use]
    pub fn cause(&self) -> &ImportErrorCause {
        &self.cause
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.column {
            "" => f.write_str("the records")?,
            column => write!(f, "column `{column}`")?,
        }
        if let Some(row) = self.row {
            write!(f, ", row {row}")?;
        }
        write!(f, ": {}", self.cause)
    }
}

impl fmt::Display for ImportErrorCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("there is none of this name"),
            Self::Type { expected, found } => write!(f, "its type is {found}, not {expected}"),
            Self::Null => f.write_str("the value is null"),
            Self::Invalid => f.write_str("the value is none of the field's type"),
            Self::Malformed(what) => f.write_str(what),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for ImportErrorCause {}

impl core::error::Error for ImportError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match &self.cause {
            ImportErrorCause::Store(error) => Some(error),
            _ => None,
        }
    }
}
