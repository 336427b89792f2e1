//! What records cannot take of a record batch.

use crate::record::StoreError;
use alloc::boxed::Box;
use arrow_schema::DataType;
use core::fmt;

/// A record batch that is none of such records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportError {
    pub(super) column: Box<str>,
    pub(super) row: Option<usize>,
    pub(super) cause: ImportErrorCause,
}

/// Why a record batch is none of such records.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImportErrorCause {
    /// The batch has no column of this name.
    Missing,
    /// The column is of another type.
    Type(DataType),
    /// A value is null, and cannot be.
    Null,
    /// A value is none of the field's type.
    Invalid,
    /// A column cannot take the value.
    Store(StoreError),
}

impl ImportError {
    /// The name of the column; of one of a nested record, after that of the record and a dot.
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
        write!(f, "column `{}`", self.column)?;
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
            Self::Type(found) => write!(f, "its type is {found}"),
            Self::Null => f.write_str("the value is null"),
            Self::Invalid => f.write_str("the value is none of the field's type"),
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
