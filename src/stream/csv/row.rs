//! Rows, and their fields.

use super::error::{CsvError, CsvErrorCause};
use super::window::Window;
use crate::raw::short::from_utf8;
use core::fmt;
use core::iter::FusedIterator;

/// A row of a [`CsvReader`](super::CsvReader), until the next one is read. Its fields lie in the reader's buffer, and finding one takes
/// two loads and a look at its first byte.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    pub(super) buffer: &'a [u8],
    /// Where fields begin, and behind that where the row ends, one too far. Invariant: field `i` is `bounds[i]..bounds[i + 1] - 1` of the
    /// buffer; if it begins with a quote, what is between that and its last byte, also a quote, is its text.
    pub(super) bounds: &'a [u32],
    /// Above 255 if there are no quotes.
    pub(super) quote: u16,
    /// Whether blanks around fields without quotes are left away.
    pub(super) trims: bool,
    /// Where the buffer is from.
    pub(super) window: &'a Window,
    pub(super) number: u64,
    pub(super) offset: u64,
}

impl<'a> Row<'a> {
    /// How many fields there are, at least one.
    #[allow(clippy::len_without_is_empty, reason = "no row is empty")]
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.bounds.len() - 1
    }

    /// A field, without quotes.
    #[must_use]
    #[inline]
    pub fn get(&self, index: usize) -> Option<&'a [u8]> {
        let &[start, end] = self.bounds.get(index..)?.first_chunk()?;
        let field = &self.buffer[start as usize..end as usize - 1];
        match field {
            // Of one byte none is, but to ask for two would be a jump that depends on the field's length.
            [first, text @ ..] if u16::from(*first) == self.quote => {
                Some(text.split_last().map_or(text, |(_, text)| text))
            }
            _ if self.trims => Some(trim(field)),
            _ => Some(field),
        }
    }

    /// A field as text.
    ///
    /// # Errors
    ///
    /// If it is no UTF-8. No other field need be.
    #[inline]
    pub fn field_str(&self, index: usize) -> Result<Option<&'a str>, CsvError> {
        self.get(index)
            .map(from_utf8)
            .transpose()
            .map_err(|error| self.error(Some(index), CsvErrorCause::Utf8(error)))
    }

    /// The number of the row: rows are counted from one on, rows with errors too, but neither the header, which is row zero, nor blank
    /// lines and comments.
    #[must_use]
    #[inline]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Where the row begins, in bytes from the beginning of the input on, with what was marked as UTF-8.
    #[must_use]
    #[inline]
    pub fn byte_offset(&self) -> u64 {
        self.offset
    }

    /// The line that the row begins in, from one on. Lines end with LF, wherever it is: in quotes, blank lines and comments too. So it is the line
    /// that an editor shows, unless a file ends its lines with CR alone, which is one line.
    ///
    /// Rows are not told their lines while they are found: this counts those from the row to the end of what the buffer holds.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.window.line(self.bounds[0] as usize)
    }

    /// The fields, without quotes.
    #[must_use]
    #[inline]
    pub fn iter(&self) -> Fields<'a> {
        Fields { row: *self, front: 0, back: self.len() }
    }

    /// The row as it lies in the buffer: with separators and quotes, but what quotes enclose is written as it is meant.
    #[must_use]
    pub fn as_bytes(&self) -> &'a [u8] {
        let (start, end) = (self.bounds[0] as usize, self.bounds[self.len()] as usize - 1);
        &self.buffer[start..end]
    }

    /// Says what is wrong with the row.
    pub(crate) fn error(&self, column: Option<usize>, cause: CsvErrorCause) -> CsvError {
        CsvError::new(self.number, self.line(), self.offset, column, self.as_bytes(), cause)
    }
}

/// A field without the blanks around it.
#[cold]
fn trim(mut field: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = field
        && is_blank(*first)
    {
        field = rest;
    }
    while let [rest @ .., last] = field
        && is_blank(*last)
    {
        field = rest;
    }
    field
}

pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

impl fmt::Debug for Row<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.iter().map(alloc::string::String::from_utf8_lossy);
        f.debug_list().entries(text).finish()
    }
}

impl<'a> IntoIterator for Row<'a> {
    type Item = &'a [u8];
    type IntoIter = Fields<'a>;

    #[inline]
    fn into_iter(self) -> Fields<'a> {
        self.iter()
    }
}

/// The fields of a [`Row`].
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    row: Row<'a>,
    front: usize,
    back: usize,
}

impl<'a> Iterator for Fields<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        if self.front == self.back {
            return None;
        }
        self.front += 1;
        self.row.get(self.front - 1)
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        let len = self.back - self.front;
        (len, Some(len))
    }
}

impl DoubleEndedIterator for Fields<'_> {
    #[inline]
    fn next_back(&mut self) -> Option<Self::Item> {
        if self.front == self.back {
            return None;
        }
        self.back -= 1;
        self.row.get(self.back)
    }
}

impl ExactSizeIterator for Fields<'_> {}
impl FusedIterator for Fields<'_> {}
