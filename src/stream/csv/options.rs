//! What an input looks like.

use super::CsvReader;
use super::kernel::Special;
use std::io::Read;

/// How CSV is written, and how much of it is held: what a [`CsvReader`] is made by.
///
/// ```
/// use pennyweight::stream::CsvOptions;
///
/// let options = CsvOptions::new().delimiter(b';').quote(Some(b'\'')).has_headers(false);
/// let mut reader = options.read_from("'a;b';c\n".as_bytes());
/// let row = reader.next_row()?.unwrap();
/// assert_eq!((row.get(0), row.get(1)), (Some(&b"a;b"[..]), Some(&b"c"[..])));
/// # Ok::<(), pennyweight::stream::CsvError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct CsvOptions {
    pub(super) special: Special,
    pub(super) has_headers: bool,
    pub(super) flexible: bool,
    pub(super) trim: Trim,
    pub(super) max_row_len: usize,
    pub(super) buffer_len: usize,
}

/// Where blanks around fields are left away: spaces and tabs, as far as no quote encloses them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trim {
    /// Nowhere.
    #[default]
    None,
    /// In the header.
    Headers,
    /// In rows.
    Fields,
    /// In both.
    All,
}

impl Trim {
    pub(super) const fn of_headers(self) -> bool {
        matches!(self, Self::Headers | Self::All)
    }

    pub(super) const fn of_fields(self) -> bool {
        matches!(self, Self::Fields | Self::All)
    }
}

impl CsvOptions {
    /// The length of rows that is the limit if nothing else is said: 1 MiB.
    pub const MAX_ROW_LEN: usize = 1 << 20;

    /// The length of the buffer if nothing else is said: 32 KiB.
    pub const BUFFER_LEN: usize = 32 << 10;

    /// Fields between commas, quotes, no comments, a header, and as many fields in each row.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            special: Special { delimiter: b',', quote: Some(b'"'), comment: None },
            has_headers: true,
            flexible: false,
            trim: Trim::None,
            max_row_len: Self::MAX_ROW_LEN,
            buffer_len: Self::BUFFER_LEN,
        }
    }

    /// What divides fields. A comma, if nothing else is said.
    #[must_use]
    pub const fn delimiter(mut self, delimiter: u8) -> Self {
        self.special.delimiter = delimiter;
        self
    }

    /// What encloses fields that hold delimiters, ends of lines, or two quotes for one. `"`, if nothing else is said; with `None` all quotes
    /// are text.
    #[must_use]
    pub const fn quote(mut self, quote: Option<u8>) -> Self {
        self.special.quote = quote;
        self
    }

    /// What begins a line that is not read. Nothing, if nothing else is said.
    #[must_use]
    pub const fn comment(mut self, comment: Option<u8>) -> Self {
        self.special.comment = comment;
        self
    }

    /// Whether the first row names the columns. It does, if nothing else is said.
    #[must_use]
    pub const fn has_headers(mut self, has_headers: bool) -> Self {
        self.has_headers = has_headers;
        self
    }

    /// Whether rows may differ in the number of their fields. They may not, if nothing else is said: the first row says how many there are.
    #[must_use]
    pub const fn flexible(mut self, flexible: bool) -> Self {
        self.flexible = flexible;
        self
    }

    /// Where blanks around fields are left away. Nowhere, if nothing else is said.
    ///
    /// What quotes enclose stays as it is. A quote behind a blank encloses nothing, as in the crate csv, and is text.
    ///
    /// ```
    /// use pennyweight::stream::{CsvOptions, Trim};
    ///
    /// let file = "origin , delay\nJFK, 11\t\n\" LGA \" , \"2\"\n";
    /// let mut reader = CsvOptions::new().trim(Trim::All).read_from(file.as_bytes());
    /// assert_eq!(reader.position("delay")?, Some(1));
    /// assert_eq!(reader.next_row()?.unwrap().get(1), Some(&b"11"[..]));
    /// let row = reader.next_row()?.unwrap();
    /// assert_eq!((row.get(0), row.get(1)), (Some(&b" LGA "[..]), Some(&b"\"2\""[..])));
    /// # Ok::<(), pennyweight::stream::CsvError>(())
    /// ```
    #[must_use]
    pub const fn trim(mut self, trim: Trim) -> Self {
        self.trim = trim;
        self
    }

    /// How many bytes a row may have, as it is written, without what ends it. [`MAX_ROW_LEN`](Self::MAX_ROW_LEN), if nothing else is said;
    /// more than 1 GiB is 1 GiB.
    ///
    /// The buffer grows up to that if such a row comes.
    #[must_use]
    pub const fn max_row_len(mut self, max_row_len: usize) -> Self {
        self.max_row_len = if max_row_len < 1 << 30 { max_row_len } else { 1 << 30 };
        self
    }

    /// How many bytes are read at once. [`BUFFER_LEN`](Self::BUFFER_LEN), if nothing else is said; fewer than 4 are 4, and more than
    /// 1 GiB is 1 GiB.
    #[must_use]
    pub const fn buffer_len(mut self, buffer_len: usize) -> Self {
        self.buffer_len = match buffer_len {
            ..4 => 4,
            4..=0x4000_0000 => buffer_len,
            _ => 1 << 30,
        };
        self
    }

    /// Whether the first row is a header.
    pub(crate) const fn names_columns(&self) -> bool {
        self.has_headers
    }

    /// A reader of CSV that is written so. Reads nothing yet.
    ///
    /// # Panics
    ///
    /// If two of delimiter, quote and comment are the same, or one of them ends lines.
    #[must_use]
    pub fn read_from<R: Read>(self, reader: R) -> CsvReader<R> {
        let Special { delimiter, quote, comment } = self.special;
        let special = [Some(delimiter), quote, comment, Some(b'\n'), Some(b'\r')];
        for (index, byte) in special.iter().enumerate() {
            let again = special[..index].contains(byte);
            assert!(byte.is_none() || !again, "a byte of CSV has two meanings");
        }
        CsvReader::with_options(reader, self)
    }
}

impl Default for CsvOptions {
    fn default() -> Self {
        Self::new()
    }
}
