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
