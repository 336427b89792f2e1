//! What is not sorted.

use crate::raw::ReserveError;
use core::fmt::{self, Write};

/// Values that a [`SortedArray`](super::SortedArray) could not take, or strings that a
/// [`SortedStrArray`](super::super::SortedStrArray) could not.
///
/// ```
/// use pennyweight::array::{SortedArray, SortedStrArray};
///
/// let error = SortedArray::try_from_sorted(&[1, 5, 4]).unwrap_err();
/// assert_eq!(error.to_string(), "the values are not sorted: 5 comes before 4 at index 2");
/// let error = SortedStrArray::try_from_sorted(["a", "c", "b"]).unwrap_err();
/// assert_eq!(error.to_string(), r#"the values are not sorted: "c" comes before "b" at index 2"#);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SortedError<T> {
    /// A value lies below the one before.
    Unsorted {
        /// The index of the first such value.
        index: usize,
        /// The value before.
        before: T,
        /// The value.
        value: T,
    },
    /// There is no memory for them.
    Reserve(ReserveError),
}

impl<T: fmt::Debug> SortedError<T> {
    /// Ends the call the way std's collections do.
    #[cold]
    #[inline(never)]
    #[track_caller]
    pub(in crate::array) fn raise(self) -> ! {
        match self {
            Self::Reserve(error) => error.raise(),
            error => panic!("{error}"),
        }
    }
}

impl<T: fmt::Debug> fmt::Display for SortedError<T> {
    /// Shows the first 64 characters of long strings.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsorted { index, before, value } => {
                f.write_str("the values are not sorted: ")?;
                shorten(f, before)?;
                f.write_str(" comes before ")?;
                shorten(f, value)?;
                write!(f, " at index {index}")
            }
            Self::Reserve(error) => error.fmt(f),
        }
    }
}

impl<T: fmt::Debug> core::error::Error for SortedError<T> {}

impl<T> From<ReserveError> for SortedError<T> {
    fn from(error: ReserveError) -> Self {
        Self::Reserve(error)
    }
}

/// The characters of a value that are shown.
const SHOWN: usize = 64;

/// Writes a value, or its first characters and an ellipsis.
fn shorten(f: &mut fmt::Formatter<'_>, value: &impl fmt::Debug) -> fmt::Result {
    let mut first = First { f, left: SHOWN };
    match write!(first, "{value:?}") {
        Err(_) if first.left == 0 => f.write_str("…"),
        written => written,
    }
}

/// Takes so many characters, and fails behind them.
struct First<'a, 'f> {
    f: &'a mut fmt::Formatter<'f>,
    left: usize,
}

impl Write for First<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        match text.char_indices().nth(self.left) {
            Some((end, _)) => {
                self.left = 0;
                self.f.write_str(&text[..end])?;
                Err(fmt::Error)
            }
            None => {
                self.left -= text.chars().count();
                self.f.write_str(text)
            }
        }
    }
}
