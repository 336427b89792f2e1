//! What cannot be stored, and why.

pub use crate::raw::ReserveError;

use core::fmt;

/// A value that an array could not take. The array is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreError<T> {
    value: T,
    cause: StoreErrorCause,
}

/// Why an array could not take a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreErrorCause {
    /// There is no memory for it.
    Reserve(ReserveError),
    /// The values, from the smallest to the largest by steps of their common divisor, take all codes of 64 bits, and none
    /// is left for null. A `Vec<Option<_>>` holds such a column, or an array of the values beside a
    /// [`BitArray`](super::BitArray) of which are there.
    NoCodeForNull,
}

impl<T> StoreError<T> {
    pub(super) fn new(value: T, cause: StoreErrorCause) -> Self {
        Self { value, cause }
    }

    /// The value that was refused.
    pub fn into_value(self) -> T {
        self.value
    }

    /// Why it was refused.
    pub fn cause(&self) -> StoreErrorCause {
        self.cause
    }

    /// Ends the call the way std's collections do.
    #[cold]
    #[inline(never)]
    #[track_caller]
    pub(super) fn raise(self) -> ! {
        match self.cause {
            StoreErrorCause::Reserve(error) => error.raise(),
            StoreErrorCause::NoCodeForNull => panic!("{}", self.cause),
        }
    }
}

impl From<ReserveError> for StoreErrorCause {
    fn from(error: ReserveError) -> Self {
        Self::Reserve(error)
    }
}

impl fmt::Display for StoreErrorCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reserve(error) => error.fmt(f),
            Self::NoCodeForNull => {
                f.write_str("no code is left for null: the values span all codes of 64 bits; keep nulls in a BitArray beside")
            }
        }
    }
}

impl<T: fmt::Debug> fmt::Display for StoreError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot store {:?}: {}", self.value, self.cause)
    }
}

impl core::error::Error for StoreErrorCause {}

impl<T: fmt::Debug> core::error::Error for StoreError<T> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        Some(&self.cause)
    }
}
