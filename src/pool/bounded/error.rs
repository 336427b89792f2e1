//! Why a bounded pool gave no object.

use core::convert::Infallible;
use core::error::Error;
use core::fmt;
use core::time::Duration;

/// Why a [`BoundedPool`](super::BoundedPool) gave no object. The pool is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GetError<E = Infallible> {
    /// All objects are in use, and the call does not wait.
    Exhausted {
        /// How many there are at most.
        max: usize,
    },
    /// All objects were in use for as long as the call waits.
    TimedOut {
        /// How long that is.
        after: Duration,
    },
    /// The pool was closed, before the call or while it waited.
    Closed,
    /// No object was idle, and none could be made.
    Create(E),
}

impl<E> fmt::Display for GetError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exhausted { max: 1 } => f.write_str("the only object of the pool is in use"),
            Self::Exhausted { max } => write!(f, "all {max} objects of the pool are in use"),
            Self::TimedOut { after } => write!(f, "no object came back to the pool in {after:?}"),
            Self::Closed => f.write_str("the pool is closed"),
            Self::Create(_) => f.write_str("an object could not be made"),
        }
    }
}

impl<E: Error + 'static> Error for GetError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Create(error) => Some(error),
            _ => None,
        }
    }
}
