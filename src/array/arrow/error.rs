//! What Arrow's arrays and ours cannot take from one another.

use arrow_schema::DataType;
use core::fmt;

/// An Arrow array that has a null where none can be.
///
/// ```
/// use arrow_array::Int64Array;
/// use pennyweight::array::{IntArray, NullableIntArray};
///
/// let delays = Int64Array::from(vec![Some(2), Some(-4), None]);
/// let error = IntArray::try_from(&delays).unwrap_err();
/// assert_eq!((error.index(), error.to_string()), (2, "the value at index 2 is null".into()));
/// let delays = NullableIntArray::try_from(error.into_array())?;
/// assert_eq!(delays, [Some(2), Some(-4), None]);
/// # Ok::<(), pennyweight::array::StoreErrorCause>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct NullError<A> {
    array: A,
    index: usize,
}

impl<A> NullError<A> {
    /// The index of the first null.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The array that was refused.
    pub fn into_array(self) -> A {
        self.array
    }
}

impl<A> fmt::Display for NullError<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the value at index {} is null", self.index)
    }
}

impl<A: fmt::Debug> core::error::Error for NullError<A> {}

/// The array again, if nothing in it is null.
pub(super) fn without_nulls<A: arrow_array::Array>(array: A) -> Result<A, NullError<A>> {
    match array.nulls().and_then(|nulls| nulls.iter().position(|valid| !valid)) {
        Some(index) => Err(NullError { array, index }),
        None => Ok(array),
    }
}

/// An array that is too large for the offsets or the keys of an Arrow array.
///
/// Offsets of 32 bits are those of `StringArray`, `BinaryArray` and `ListArray`; the `Large` ones have 64, and take
/// every array.
///
/// ```
/// use arrow_array::{DictionaryArray, types::{Int8Type, Int16Type}};
/// use pennyweight::array::DictArray;
///
/// let squares = DictArray::from_iter((0..300_i64).map(|i| i * i));
/// let error = DictionaryArray::<Int8Type>::try_from(&squares).unwrap_err();
/// assert_eq!(error.to_string(), "index 299 is too large for Int8");
/// assert!(DictionaryArray::<Int16Type>::try_from(error.into_array()).is_ok());
/// ```
#[derive(Clone, Debug)]
pub struct IndexError<A> {
    array: A,
    index: usize,
    index_type: DataType,
}

impl<A> IndexError<A> {
    pub(super) fn new(array: A, index: usize, index_type: DataType) -> Self {
        Self { array, index, index_type }
    }

    /// The largest index that the Arrow array needs.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The array that was refused.
    pub fn into_array(self) -> A {
        self.array
    }
}

impl<A> fmt::Display for IndexError<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "index {} is too large for {}", self.index, self.index_type)
    }
}

impl<A: fmt::Debug> core::error::Error for IndexError<A> {}

/// An Arrow array of lists, or with a dictionary, that holds what an array cannot.
///
/// ```
/// use arrow_array::{ListArray, types::Int32Type};
/// use pennyweight::array::{ElementErrorCause, RaggedArray};
///
/// let lists = [Some(vec![Some(1)]), Some(vec![Some(2), None]), None];
/// let lists = ListArray::from_iter_primitive::<Int32Type, _, _>(lists);
/// let error = RaggedArray::<i32>::try_from(lists).unwrap_err();
/// assert_eq!(error.cause(), &ElementErrorCause::Null { index: 2 });
/// let error = RaggedArray::<i32>::try_from(error.into_array().slice(0, 2)).unwrap_err();
/// assert_eq!(error.to_string(), "a value of the list at index 1 is null");
/// let error = RaggedArray::<u32>::try_from(error.into_array().slice(0, 1)).unwrap_err();
/// assert_eq!(error.to_string(), "the values are Int32, and not of type u32");
/// ```
#[derive(Clone, Debug)]
pub struct ElementError<A> {
    array: A,
    cause: ElementErrorCause,
}

/// What an array cannot hold.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ElementErrorCause {
    /// The list or the value at this index is null.
    Null {
        /// The first such index.
        index: usize,
    },
    /// A value of the list at this index is null.
    NullWithin {
        /// The first such index.
        index: usize,
    },
    /// The values are of another type.
    Type {
        /// The name of the type that was asked for.
        expected: &'static str,
        /// The Arrow type of the values.
        found: DataType,
    },
}

impl<A> ElementError<A> {
    pub(super) fn new(array: A, cause: ElementErrorCause) -> Self {
        Self { array, cause }
    }

    /// What the array cannot hold.
    pub fn cause(&self) -> &ElementErrorCause {
        &self.cause
    }

    /// The array that was refused.
    pub fn into_array(self) -> A {
        self.array
    }
}

impl<A> fmt::Display for ElementError<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)
    }
}

impl fmt::Display for ElementErrorCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null { index } => write!(f, "the value at index {index} is null"),
            Self::NullWithin { index } => write!(f, "a value of the list at index {index} is null"),
            Self::Type { expected, found } => {
                write!(f, "the values are {found}, and not of type {expected}")
            }
        }
    }
}

impl core::error::Error for ElementErrorCause {}

impl<A: fmt::Debug> core::error::Error for ElementError<A> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        Some(&self.cause)
    }
}
