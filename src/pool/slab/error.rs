//! What a slab cannot take, and why.

use crate::raw::ReserveError;
use core::fmt;

/// Why a value was not inserted. Everything is as it was, and all handles are valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SlabError {
    /// All slots that the handles can tell apart are in use, or used up.
    Full {
        /// The slots that there are.
        slots: usize,
    },
    /// The handle names nothing: its value was removed, or it is of another slab. Of a [`SlabMap`](super::SlabMap), that there is an
    /// entry for a later handle of the same slot.
    Stale,
    /// There is no memory for it.
    Reserve(ReserveError),
}

/// A value that was not inserted, and why.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct InsertError<T> {
    /// The value.
    pub value: T,
    /// Why it was refused.
    pub error: SlabError,
}

impl SlabError {
    /// Ends the call the way std's collections do.
    #[cold]
    #[inline(never)]
    #[track_caller]
    pub(in crate::pool) fn raise(self) -> ! {
        match self {
            Self::Reserve(error) => error.raise(),
            _ => panic!("{self}"),
        }
    }
}

impl From<ReserveError> for SlabError {
    fn from(error: ReserveError) -> Self {
        Self::Reserve(error)
    }
}

impl fmt::Display for SlabError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full { slots } => {
                write!(f, "the slab is full: all its {slots} slots are in use or used up")
            }
            Self::Stale => f.write_str("the handle names nothing: its value was removed"),
            Self::Reserve(error) => write!(f, "no memory for a value: {error}"),
        }
    }
}

impl core::error::Error for SlabError {}

/// The error alone, since values need no `Debug`.
impl<T> fmt::Debug for InsertError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InsertError").field("error", &self.error).finish_non_exhaustive()
    }
}

impl<T> fmt::Display for InsertError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl<T> core::error::Error for InsertError<T> {}
