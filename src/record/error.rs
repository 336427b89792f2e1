//! What records cannot hold, and why.

use crate::array::StoreErrorCause;
use crate::intern::InternError;
use crate::raw::ReserveError;
use core::fmt;

/// Why a column could not take a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no memory for it.
    Reserve(ReserveError),
    /// The string is a new one, and the column's dictionary does not take it.
    Intern(InternError),
    /// The values of a packed column take all codes of 64 bits, and none is left for null.
    NoCodeForNull,
}

/// A record that could not be stored. The columns are as they were.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PushError<R> {
    record: R,
    column: &'static str,
    cause: StoreError,
}

impl StoreError {
    /// Ends the call the way std's collections do.
    #[cold]
    #[inline(never)]
    #[track_caller]
    pub(super) fn raise(self) -> ! {
        match self {
            Self::Reserve(error) => error.raise(),
            _ => panic!("{self}"),
        }
    }
}

impl<R> PushError<R> {
    #[cold]
    pub(super) fn new(record: R, column: &'static str, cause: StoreError) -> Self {
        Self { record, column, cause }
    }

    /// The record that was refused.
    pub fn into_record(self) -> R {
        self.record
    }

    /// The column that refused its value; where there is no memory for any, the first.
    pub fn column(&self) -> &'static str {
        self.column
    }

    /// Why it was refused.
    pub fn cause(&self) -> StoreError {
        self.cause
    }

    /// Ends the call the way std's collections do.
    #[cold]
    #[inline(never)]
    #[track_caller]
    pub(super) fn raise(self) -> ! {
        match self.cause {
            StoreError::Reserve(error) => error.raise(),
            _ => panic!("{self}"),
        }
    }
}

impl<R> fmt::Debug for PushError<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (column, cause) = (&self.column, &self.cause);
        f.debug_struct("PushError")
            .field("column", column)
            .field("cause", cause)
            .finish_non_exhaustive()
    }
}

impl<R> fmt::Display for PushError<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column `{}` cannot take a value: {}", self.column, self.cause)
    }
}

impl<R> core::error::Error for PushError<R> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        Some(&self.cause)
    }
}

/// Which of a record's columns refused a value, and why.
#[derive(Clone, Copy, Debug)]
pub struct Refused {
    /// The number of the column: among those that are stored, or, of a row that is filled, among those of nested records as well.
    pub column: usize,
    /// Why.
    pub cause: StoreError,
}

impl Refused {
    /// The same, where other columns come first.
    #[cold]
    pub(super) fn behind(mut self, columns: usize) -> Self {
        self.column += columns;
        self
    }
}

impl From<StoreError> for Refused {
    #[cold]
    fn from(cause: StoreError) -> Self {
        Self { column: 0, cause }
    }
}

impl From<ReserveError> for StoreError {
    fn from(error: ReserveError) -> Self {
        Self::Reserve(error)
    }
}

impl From<InternError> for StoreError {
    fn from(error: InternError) -> Self {
        match error {
            InternError::Reserve(error) => Self::Reserve(error),
            _ => Self::Intern(error),
        }
    }
}

impl From<StoreErrorCause> for StoreError {
    fn from(cause: StoreErrorCause) -> Self {
        match cause {
            StoreErrorCause::Reserve(error) => Self::Reserve(error),
            StoreErrorCause::NoCodeForNull => Self::NoCodeForNull,
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reserve(error) => error.fmt(f),
            Self::Intern(error) => error.fmt(f),
            Self::NoCodeForNull => StoreErrorCause::NoCodeForNull.fmt(f),
        }
    }
}

impl core::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Reserve(error) => Some(error),
            Self::Intern(error) => Some(error),
            Self::NoCodeForNull => None,
        }
    }
}
