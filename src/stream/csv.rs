//! Rows and fields of CSV, in one buffer that is used again.

mod error;
mod headers;
mod kernel;
mod options;
mod row;
mod split;
mod window;

pub use error::{CsvError, CsvErrorCause};
pub use headers::Headers;
pub use options::{CsvOptions, Trim};
pub use row::{Fields, Row};

use crate::size::{HeapSize, Visitor};
use core::fmt;
use split::State;
use std::io::{self, Read};
use window::{Found, Window};

/// Rows and fields of CSV, one after the other, in about 42 KiB however large the input is.
///
/// [`next_row`](Self::next_row) lends the next row until the one after it is read: its fields are slices of the one buffer that the input is
/// read into. Which bytes divide rows and fields is found out for 64 bytes at once, with quotes, so that what a row costs is mostly what is
/// done with its fields.
///
/// # When it wins, and when it loses
///
/// It is meant for files that are read once, row by row, and need not fit into memory. Rows that are to be kept have to be copied, or made
/// into records by `record::csv`. A format with an `escape` byte, with another end of rows, or that is to be written, is the business of the
/// crate [csv](https://docs.rs/csv).
///
/// # What is read
///
/// What RFC 4180 says, and what it does not say as the crate csv reads it:
///
/// - A row ends with LF, with CR, or with both, or with the input. Lines without a single byte are no rows.
/// - A field is quoted if it begins with a quote. In it, two quotes are one, and delimiters and ends of lines are text. What follows the quote
///   that closes it, up to the next delimiter or end, is text as it stands, other quotes with it: `"a"b"c` is `ab"c`.
/// - In fields that begin with anything else, quotes are text. Blanks are text too, unless they are to be [trimmed](CsvOptions::trim).
/// - Where a row would begin with the comment byte, all up to the next LF is left out. (Where the input ends before that, the crate csv makes an
///   empty row of it; here it is none.)
/// - The mark of UTF-8 at the beginning of the input is left out. Apart from that, bytes are bytes: NUL is one like any other, and no field need be
///   UTF-8.
///
/// The first row is the header, unless [`has_headers`](CsvOptions::has_headers) says otherwise. It is read before anything else is, and says how
/// many fields all others have.
///
/// # Errors
///
/// A row that is wrong is an error that names it, and reading goes on behind it: no error loses another row. After an error of the input, reading may
/// be tried again.
///
/// A quote that opens a field and is never closed makes the rest of the input one row. It is an error as soon as the row becomes too long, or the
/// input ends, and reading goes on behind the first end of a line that follows the quote, whatever it was taken for. So rows that are
/// longer than [`max_row_len`](CsvOptions::max_row_len) without any fault are read as rows from their second line on: the limit has to be above the
/// longest. Where the limit was passed outside of quotes, reading goes on with the next line.
///
/// # Memory
///
/// 32 KiB for the buffer and 10 KiB for an index of what it holds. The buffer doubles while it holds a part of a single row, up to the
/// limit of rows, and the index while the fields of a row do not fit into it, to four bytes for each. Neither becomes smaller again. There are
/// further four bytes for each field in sight that holds two quotes for one, and the names of the columns. Rows allocate nothing.
///
/// # Examples
///
/// ```
/// use pennyweight::stream::CsvReader;
///
/// let file = "\
/// origin,delay,remark
/// JFK,11,
/// LGA,-2,\"early, and \"\"quiet\"\"\"
/// JFK,4
/// JFK,25,fog
/// ";
/// let mut reader = CsvReader::new(file.as_bytes());
/// let [origin, delay] = ["origin", "delay"].map(|name| reader.position(name).unwrap().unwrap());
///
/// let (mut sum, mut errors) = (0, Vec::new());
/// loop {
///     match reader.next_row() {
///         Ok(Some(row)) if row.get(origin) == Some(b"JFK") => {
///             sum += row.field_str(delay)?.unwrap().parse::<i32>()?;
///         }
///         Ok(Some(row)) => assert_eq!(row.get(2), Some(&b"early, and \"quiet\""[..])),
///         Ok(None) => break,
///         Err(error) => errors.push(error),
///     }
/// }
/// assert_eq!(sum, 36);
/// assert_eq!((errors[0].row(), errors[0].line(), errors[0].column()), (3, 4, Some(2)));
/// let said = "row 3 in line 4, at byte 58, column 2: 2 fields instead of 3: \"JFK,4\"";
/// assert_eq!(errors[0].to_string(), said);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// That what is inside of quotes follows from an exclusive or of all bits before, and that the bits of 64 bytes are made into positions together, is
/// how [simdjson](https://arxiv.org/abs/1902.08318) finds strings; [simdcsv](https://github.com/geofflangdale/simdcsv) has applied it to CSV.
pub struct CsvReader<R> {
    reader: R,
    window: Window,
    /// How many bytes of the input are before the buffer.
    offset: u64,
    /// The number of the next row.
    number: u64,
    /// How many fields rows have, or the last one had if they may differ; 0 before the first.
    columns: usize,
    headers: Headers,
    /// Whether the next row is the header.
    header_is_next: bool,
    flexible: bool,
    /// Whether blanks around the fields of rows are left away.
    trims_fields: bool,
    max_row_len: usize,
    mode: Mode,
    /// Whether all of the input is in the buffer.
    is_read: bool,
}

/// What comes next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Perhaps the mark of UTF-8.
    Begin,
    Rows,
    /// The rest of a line that is left out.
    Skip,
    /// Nothing.
    End,
}

/// U+FEFF.
const MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

impl<R: Read> CsvReader<R> {
    /// A reader of CSV with commas, quotes, a header, and as many fields in each row. Reads nothing yet.
    #[must_use]
    pub fn new(reader: R) -> Self {
        CsvOptions::new().read_from(reader)
    }

    pub(super) fn with_options(reader: R, options: CsvOptions) -> Self {
        let CsvOptions { trim, has_headers, .. } = options;
        let trims = if has_headers { trim.of_headers() } else { trim.of_fields() };
        Self {
            reader,
            window: Window::new(options.buffer_len, options.special, trims),
            offset: 0,
            number: u64::from(!has_headers),
            columns: 0,
            headers: Headers::default(),
            header_is_next: has_headers,
            flexible: options.flexible,
            trims_fields: trim.of_fields(),
            max_row_len: options.max_row_len,
            mode: Mode::Begin,
            is_read: false,
        }
    }

    /// The next row. It is lent until the next call.
    ///
    /// # Errors
    ///
    /// If the row is not as it should be, or the input fails. The next call goes on: see [above](Self#errors).
    #[inline(always)]
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, CsvError> {
        while !self.has_row() {
            if !self.read_rows()? {
                return Ok(None);
            }
        }
        self.take_row().map(Some)
    }

    /// Makes an iterator of what `f` makes of the rows.
    ///
    /// # Errors
    ///
    /// The iterator returns an error in the place of a row, and goes on if it is asked for more.
    pub fn map<T>(
        mut self,
        mut f: impl FnMut(Row<'_>) -> T,
    ) -> impl Iterator<Item = Result<T, CsvError>> {
        core::iter::from_fn(move || self.next_row().map(|row| row.map(&mut f)).transpose())
    }

    /// The names of the columns; none if there is no header. Reads up to the end of the header, if that was not done before.
    ///
    /// # Errors
    ///
    /// If the header is too long or not closed, or the input fails. A header that is refused is not looked for again: the rows behind
    /// it are rows, and no column has a name.
    pub fn headers(&mut self) -> Result<&Headers, CsvError> {
        while self.header_is_next {
            self.read_header()?;
        }
        Ok(&self.headers)
    }

    /// The index of the first column of this name. Goes through all names.
    ///
    /// # Errors
    ///
    /// As [`headers`](Self::headers).
    pub fn position(&mut self, name: impl AsRef<[u8]>) -> Result<Option<usize>, CsvError> {
        self.headers().map(|headers| headers.position(name))
    }

    #[inline]
    fn has_row(&self) -> bool {
        self.window.next < self.window.row_count
    }

    /// Takes the next row, which is there.
    #[inline(always)]
    fn take_row(&mut self) -> Result<Row<'_>, CsvError> {
        let found = self.window.take_row();
        let (number, offset) = (self.number, self.offset + found.start as u64);
        self.number += 1;
        if found.fields.len() != self.columns
            || found.end - found.start > self.max_row_len
            || self.window.is_escaped(&found)
        {
            self.check_row(&found, number)?;
        }
        Ok(self.window.row(&found, number, offset))
    }

    #[cold]
    fn check_row(&mut self, found: &Found, number: u64) -> Result<(), CsvError> {
        if found.end - found.start > self.max_row_len {
            return Err(self.refuse_too_long(found, number));
        }
        let (expected, columns) = (self.columns, found.fields.len());
        let mut result = Ok(());
        if expected == 0 || self.flexible {
            self.columns = columns;
        } else if columns != expected {
            let cause = if columns < expected {
                CsvErrorCause::TooFewFields { expected, found: columns }
            } else {
                CsvErrorCause::TooManyFields { expected, found: columns }
            };
            result = Err(self.error(found, number, columns.min(expected), cause));
        }
        self.window.unescape(found);
        result
    }

    #[cold]
    fn read_header(&mut self) -> Result<(), CsvError> {
        let header = match self.find_rows() {
            Ok(true) => self.take_row().map(Headers::new),
            Ok(false) => Ok(Headers::default()),
            Err(error) if matches!(error.cause(), CsvErrorCause::Io(_)) => return Err(error),
            Err(error) => Err(error),
        };
        self.header_is_next = false;
        self.window.trims = self.trims_fields;
        self.headers = header?;
        Ok(())
    }

    /// Reads until there is a row, unless there is none.
    #[cold]
    fn read_rows(&mut self) -> Result<bool, CsvError> {
        if self.header_is_next {
            self.read_header()?;
        }
        Ok(self.has_row() || self.find_rows()?)
    }

    fn find_rows(&mut self) -> Result<bool, CsvError> {
        loop {
            match self.mode {
                Mode::Begin => {
                    let begin = &self.window.buffer[..self.window.filled.min(MARK.len())];
                    if begin == MARK {
                        self.window.restart(MARK.len());
                    } else if MARK.starts_with(begin) && !self.is_read {
                        self.read()?;
                        continue;
                    }
                    self.mode = Mode::Rows;
                }
                Mode::Rows => {
                    self.window.scan();
                    if self.has_row() {
                        return Ok(true);
                    }
                    let part = self.window.part_of_row();
                    if part.end - part.start > self.max_row_len {
                        let number = self.count_row();
                        return Err(self.refuse_too_long(&part, number));
                    }
                    if self.window.scanned < self.window.filled {
                        self.window.grow_index();
                    } else if !self.is_read {
                        self.read()?;
                    } else {
                        return self.find_last_row(&part);
                    }
                }
                Mode::Skip if self.window.skip_line(self.window.scanned) => self.mode = Mode::Rows,
                Mode::Skip if self.is_read => self.mode = Mode::End,
                Mode::Skip => self.read()?,
                Mode::End => return Ok(false),
            }
        }
    }

    /// The row that the input ends in, if it does not end behind one.
    fn find_last_row(&mut self, part: &Found) -> Result<bool, CsvError> {
        match self.window.state() {
            State::Row | State::Comment => {
                self.mode = Mode::End;
                Ok(false)
            }
            State::Quoted => {
                let number = self.count_row();
                let last = part.fields.len() - 1;
                let error = self.error(part, number, last, CsvErrorCause::UnclosedQuote);
                self.skip_behind(part.fields.end - 1);
                Err(error)
            }
            State::Field | State::Text | State::Closed => {
                self.window.end_row();
                self.mode = Mode::End;
                Ok(true)
            }
        }
    }

    fn count_row(&mut self) -> u64 {
        self.number += 1;
        self.number - 1
    }

    /// An error of a row that is still as it was written.
    fn error(&self, row: &Found, number: u64, column: usize, cause: CsvErrorCause) -> CsvError {
        // Of a row that is too long, as much is shown however much of it was read.
        let end = row.end.min(row.start.saturating_add(self.max_row_len));
        let text = &self.window.buffer[row.start..end];
        let line = self.window.line(row.start);
        CsvError::new(number, line, self.offset + row.start as u64, Some(column), text, cause)
    }

    fn refuse_too_long(&mut self, row: &Found, number: u64) -> CsvError {
        let limit = self.max_row_len;
        let field = self.window.field_at(row, row.start + limit);
        let cause = CsvErrorCause::TooLong { limit };
        let error = self.error(row, number, field - row.fields.start, cause);
        self.skip_behind(field);
        error
    }

    /// Goes on behind the first end of a line in or behind a field.
    fn skip_behind(&mut self, field: usize) {
        let start = self.window.bounds[field] as usize;
        self.mode = if self.window.skip_line(start) { Mode::Rows } else { Mode::Skip };
    }

    /// Reads once, behind the row that is not yet whole.
    fn read(&mut self) -> Result<(), CsvError> {
        self.offset += self.window.forget_bytes() as u64;
        let room = self.window.room(self.max_row_len);
        let len = room.len();
        let read = loop {
            match self.reader.read(room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        match read {
            Ok(read) => {
                assert!(read <= len, "a reader has read more than there is room for");
                self.is_read = read == 0;
                self.window.filled += read;
                Ok(())
            }
            Err(error) => {
                let (line, cause) =
                    (self.window.line(self.window.scanned), CsvErrorCause::Io(error));
                Err(CsvError::new(self.number, line, self.bytes_read(), None, &[], cause))
            }
        }
    }
}

impl<R> CsvReader<R> {
    /// How many bytes of the input were read, of which the buffer may hold some that no row was made of yet.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.offset + self.window.filled as u64
    }

    /// How many bytes of the input are before the end of the row that was handed out last, or refused, and the byte that ends it.
    #[inline]
    pub(crate) fn bytes_taken(&self) -> u64 {
        self.offset + self.window.taken() as u64
    }

    /// The input.
    #[must_use]
    pub fn get_ref(&self) -> &R {
        &self.reader
    }

    /// The input. What is read from it is not seen by this reader.
    #[must_use]
    pub fn get_mut(&mut self) -> &mut R {
        &mut self.reader
    }

    /// Takes the input. What the buffer holds of it is lost.
    #[must_use]
    pub fn into_inner(self) -> R {
        self.reader
    }

    /// Bytes on the heap, without those of the input.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.window.heap_bytes() + self.headers.heap_bytes()
    }

    /// Panics if something is not as it has to be.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.window.check_invariants();
    }
}

impl<R: fmt::Debug> fmt::Debug for CsvReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CsvReader")
            .field("reader", &self.reader)
            .field("headers", &self.headers)
            .field("next_row", &self.number)
            .field("bytes_read", &self.bytes_read())
            .finish_non_exhaustive()
    }
}

impl<R: HeapSize> HeapSize for CsvReader<R> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("reader", &self.reader);
        visitor.field("window", &self.window);
        visitor.field("headers", &self.headers);
    }
}
