//! Building arrays of strings, and changing them.

use super::super::super::error::{ReserveError, StoreError};
use super::super::super::iter::from_traits;
use super::super::buffer::Buffer;
use super::super::ragged::BytesArray;
use super::{StrArray, rows_are_text};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

impl StrArray {
    /// Creates an empty array. Does not allocate.
    pub fn new() -> Self {
        Self { bytes: BytesArray::new() }
    }

    /// Creates an empty array with room for `capacity` bytes of text, in however many strings.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `String`, ends the program where the allocator refuses.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { bytes: BytesArray::with_capacity(capacity) }
    }

    /// The bytes of text that fit before their buffer grows.
    pub fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    /// Appends a string.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `String`, ends the program where the allocator refuses.
    #[inline]
    #[track_caller]
    pub fn push(&mut self, string: &str) {
        if let Err(error) = self.try_push(string) {
            error.raise();
        }
    }

    /// Appends a string.
    ///
    /// # Errors
    ///
    /// Gives the string back where there is no memory for it; the array is as it was.
    #[inline]
    pub fn try_push<'s>(&mut self, string: &'s str) -> Result<(), StoreError<&'s str>> {
        let pushed = self.bytes.try_push(string.as_bytes());
        pushed.map_err(|error| StoreError::new(string, error.cause()))
    }

    /// Appends text to the last string.
    ///
    /// # Panics
    ///
    /// Panics when there is no string, or when the capacity overflows. Like a `String`, ends the program where the
    /// allocator refuses.
    #[track_caller]
    pub fn extend_last(&mut self, text: &str) {
        if let Err(error) = self.try_extend_last(text) {
            error.raise();
        }
    }

    /// Appends text to the last string.
    ///
    /// # Errors
    ///
    /// Gives the text back where there is no memory for it; the array is as it was.
    ///
    /// # Panics
    ///
    /// Panics when there is no string.
    #[track_caller]
    pub fn try_extend_last<'s>(&mut self, text: &'s str) -> Result<(), StoreError<&'s str>> {
        assert!(!self.is_empty(), "cannot extend the last string of an empty array");
        let extended = self.bytes.try_extend_last(text.as_bytes());
        extended.map_err(|error| StoreError::new(text, error.cause()))
    }

    /// Writes a string in the place of the one at `index`, where that is there and as long, and says whether it is.
    pub(crate) fn overwrite(&mut self, index: usize, string: &str) -> bool {
        match self.bytes.get_mut(index) {
            Some(row) if row.len() == string.len() => {
                // The row stays UTF-8.
                row.copy_from_slice(string.as_bytes());
                true
            }
            _ => false,
        }
    }

    /// Removes the last string and returns it.
    pub fn pop(&mut self) -> Option<String> {
        let last = String::from(self.last()?);
        self.truncate(self.len() - 1);
        Some(last)
    }

    /// Drops the strings from `len` on. Keeps the memory.
    pub fn truncate(&mut self, len: usize) {
        self.bytes.truncate(len);
    }

    /// Drops all strings. Keeps the memory.
    pub fn clear(&mut self) {
        self.truncate(0);
    }

    /// Makes room for `additional` bytes of text, with the slack of growth.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `String`, ends the program where the allocator refuses.
    #[track_caller]
    pub fn reserve(&mut self, additional: usize) {
        self.bytes.reserve(additional);
    }

    /// Makes room for `additional` bytes of text, with the slack of growth.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory; the array is as it was.
    pub fn try_reserve(&mut self, additional: usize) -> Result<(), ReserveError> {
        self.bytes.try_reserve(additional)
    }

    /// Makes room for `additional` bytes of text, without slack.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `String`, ends the program where the allocator refuses.
    #[track_caller]
    pub fn reserve_exact(&mut self, additional: usize) {
        self.bytes.reserve_exact(additional);
    }

    /// Makes room for `additional` bytes of text, without slack.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory; the array is as it was.
    pub fn try_reserve_exact(&mut self, additional: usize) -> Result<(), ReserveError> {
        self.bytes.try_reserve_exact(additional)
    }

    /// Keeps the ends in the fewest bits, and gives all slack back to the allocator.
    pub fn shrink_to_fit(&mut self) {
        self.bytes.shrink_to_fit();
    }
}

impl Default for StrArray {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: AsRef<str>> From<&[S]> for StrArray {
    /// Copies strings, and leaves no slack.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `String`, ends the program where the allocator refuses.
    #[track_caller]
    fn from(strings: &[S]) -> Self {
        let mut array =
            Self::with_capacity(strings.iter().map(|string| string.as_ref().len()).sum());
        array.extend(strings);
        array.shrink_to_fit();
        array
    }
}

from_traits!([S: AsRef<str>] StrArray, S);

impl<S: AsRef<str>> Extend<S> for StrArray {
    /// # Panics
    ///
    /// Panics where [`push`](StrArray::push) does.
    #[track_caller]
    fn extend<I: IntoIterator<Item = S>>(&mut self, strings: I) {
        strings.into_iter().for_each(|string| self.push(string.as_ref()));
    }
}

impl<S: AsRef<str>> FromIterator<S> for StrArray {
    /// Appends the strings to an empty array, so that the slack of growth is left.
    ///
    /// # Panics
    ///
    /// Panics where [`push`](StrArray::push) does.
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = S>>(strings: I) -> Self {
        let mut array = Self::new();
        array.extend(strings);
        array
    }
}

impl<W: Buffer<u8>> TryFrom<BytesArray<W>> for StrArray<W> {
    type Error = Utf8RowError<W>;

    /// Takes rows of bytes that are UTF-8 as strings. Copies nothing.
    ///
    /// ```
    /// use pennyweight::array::{BytesArray, StrArray};
    ///
    /// let rows = BytesArray::from(&["na", "ïve"].map(str::as_bytes)[..]);
    /// assert_eq!(StrArray::try_from(rows).unwrap(), ["na", "ïve"]);
    /// // The same text, but a character is cut in two.
    /// let rows = BytesArray::from(&[&"naïve".as_bytes()[..3], &"naïve".as_bytes()[3..]][..]);
    /// let error = StrArray::try_from(rows).unwrap_err();
    /// assert_eq!((error.row(), error.into_bytes().len()), (0, 2));
    /// ```
    fn try_from(bytes: BytesArray<W>) -> Result<Self, Utf8RowError<W>> {
        if rows_are_text(&bytes) {
            return Ok(Self { bytes });
        }
        let row = bytes.iter().position(|row| core::str::from_utf8(row).is_err()).unwrap_or(0);
        Err(Utf8RowError { row, bytes })
    }
}

/// A row of bytes that is not UTF-8, and the array that it is in.
pub struct Utf8RowError<W: Buffer<u8>> {
    row: usize,
    bytes: BytesArray<W>,
}

impl<W: Buffer<u8>> Utf8RowError<W> {
    /// The first row that is not UTF-8.
    pub fn row(&self) -> usize {
        self.row
    }

    /// The array that was refused.
    pub fn into_bytes(self) -> BytesArray<W> {
        self.bytes
    }
}

impl<W: Buffer<u8>> fmt::Debug for Utf8RowError<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Utf8RowError").field("row", &self.row).finish_non_exhaustive()
    }
}

impl<W: Buffer<u8>> fmt::Display for Utf8RowError<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {} is not UTF-8", self.row)
    }
}

impl<W: Buffer<u8>> core::error::Error for Utf8RowError<W> {}

impl From<StrArray> for Vec<String> {
    fn from(array: StrArray) -> Self {
        array.to_vec()
    }
}
