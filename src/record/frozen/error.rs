//! What images of frozen records cannot be.

use super::column::Name;
use crate::raw::ImageError;
use alloc::string::{String, ToString};
use core::fmt;

/// Bytes that are no image of the records that were asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FrozenError {
    /// The bytes are no image, or one of something else.
    Image(ImageError),
    /// The image has other columns than the record: the first that differs.
    Columns {
        /// The number of the column, from 0 on.
        index: usize,
        /// Name and type in the record, or `None` where it has no more columns.
        expected: Option<String>,
        /// Name and type in the image, or their first 80 characters, or `None` where it has no more columns.
        found: Option<String>,
    },
    /// A column cannot be as it is.
    Column {
        /// Its name, behind those of the fields that it is nested in.
        name: String,
        /// What is wrong with it.
        cause: ImageError,
    },
}

impl FrozenError {
    #[cold]
    pub(super) fn of_column(name: Name<'_>, cause: ImageError) -> Self {
        match cause {
            // No column is at fault for these.
            ImageError::Misaligned | ImageError::BigEndian | ImageError::Reserve(_) => {
                Self::Image(cause)
            }
            _ => Self::Column { name: name.to_string(), cause },
        }
    }
}

impl From<ImageError> for FrozenError {
    fn from(error: ImageError) -> Self {
        Self::Image(error)
    }
}

impl fmt::Display for FrozenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Image(error) => error.fmt(f),
            Self::Column { name, cause } => write!(f, "column `{name}`: {cause}"),
            Self::Columns { index, expected, found } => {
                let show = |column: &Option<String>| match column {
                    Some(column) => alloc::format!("`{column}`"),
                    None => String::from("missing"),
                };
                let (expected, found) = (show(expected), show(found));
                write!(
                    f,
                    "column {index} of the image is {found}, and that of the record is {expected}"
                )
            }
        }
    }
}

impl core::error::Error for FrozenError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Image(error) | Self::Column { cause: error, .. } => Some(error),
            Self::Columns { .. } => None,
        }
    }
}
