//! What cannot be interned, and why.

use crate::raw::ReserveError;

use core::fmt;

/// A string that could not be interned. The interner's strings and symbols are as they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InternError {
    /// All symbols are in use: those of the key's type, or those of the [`Limits`].
    Symbols {
        /// The strings that there are symbols for.
        most: usize,
    },
    /// The interner would take more bytes than its [`Limits`] allow.
    Bytes {
        /// The bytes that it may take.
        limit: usize,
        /// The bytes that it would take.
        needed: usize,
    },
    /// There is no memory for it.
    Reserve(ReserveError),
}

/// What an interner may grow to.
///
/// ```
/// use pennyweight::intern::{InternError, Interner, Limits};
///
/// let mut names = Interner::with_limits(Limits { symbols: 2, ..Limits::NONE });
/// names.extend(["Anna", "Bert"]);
/// assert_eq!(names.try_intern("Carl"), Err(InternError::Symbols { most: 2 }));
/// assert_eq!(names.try_intern("Bert"), Ok(names.get("Bert").unwrap()));
/// ```
///
/// Against strings that somebody chose, with a hash that resists:
///
/// ```
/// use pennyweight::intern::{InternError, Interner, Limits, Symbol};
/// use std::hash::RandomState;
///
/// let mut names: Interner<Symbol, str, RandomState> = Interner::default();
/// names.set_limits(Limits { bytes: 1 << 20, ..Limits::NONE });
/// let refused = names.try_intern(&"a".repeat(2 << 20));
/// assert!(matches!(refused, Err(InternError::Bytes { limit: 1_048_576, .. })));
/// assert!(names.try_intern("Anna").is_ok());
/// ```
///
/// [`intern`](super::Interner::intern), [`extend`](Extend::extend) and [`encode`](super::Interner::encode) panic where a limit is reached; what begins
/// with `try_` gives the error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes on the heap: text, bounds, and tables.
    pub bytes: usize,
    /// The most strings.
    pub symbols: usize,
}

impl Limits {
    /// No limits but those of memory and of the symbols' type.
    pub const NONE: Self = Self { bytes: usize::MAX, symbols: usize::MAX };
}

impl Default for Limits {
    fn default() -> Self {
        Self::NONE
    }
}

impl InternError {
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

impl From<ReserveError> for InternError {
    fn from(error: ReserveError) -> Self {
        Self::Reserve(error)
    }
}

impl fmt::Display for InternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Symbols { most } => {
                write!(f, "cannot intern a new string: all {most} symbols are in use")
            }
            Self::Bytes { limit, needed } => write!(
                f,
                "cannot intern a new string: the interner would take {needed} bytes, and may take {limit}"
            ),
            Self::Reserve(error) => write!(f, "cannot intern a new string: {error}"),
        }
    }
}

impl core::error::Error for InternError {}
