//! Chunks that end where a record ends.

use core::fmt;
use std::io::Read;

use super::error::RecordError;
use super::window::Window;
use crate::raw::equal::{equal_word, exclusive_or_of_all_before};
use crate::size::{HeapSize, Visitor};

/// Reads a source in chunks of whole records, in one buffer: a chunk ends behind its last newline, or other separator.
///
/// Records are bytes here, and no [`Record`](crate::record::Record) is made of them.
///
/// A chunk has as many records as fit. It is lent until the next is asked for. The last record of the source need not be followed by a
/// separator. Nothing is known of quotes, unless [`with_quote`](Self::with_quote) says what they are: a newline within a field of CSV is
/// a separator like any other.
///
/// It wins where a parser, or another thread, is to have many records at once; to see each for itself, [`Lines`](super::Lines) take
/// the same memory. Where records are as long as the buffer or longer, much is copied to the front, and chunks have few records.
///
/// # Memory
///
/// One buffer, allocated by the first read. It doubles while a record does not fit, up to 1 MiB, or what
/// [`with_max_buffer`](Self::with_max_buffer) says, and does not shrink.
///
/// # Errors
///
/// [`RecordError`] says which record it is, and where it begins. Reading goes on behind it. If it was the source that failed, the next call asks it again, and nothing is lost.
///
/// # Examples
///
/// ```
/// use pennyweight::stream::{RecordChunks, RecordError};
///
/// let mut chunks = RecordChunks::new("one\ntwo\nthree\nfour".as_bytes(), 9);
/// assert_eq!(chunks.next_chunk()?, Some(&b"one\ntwo\n"[..]));
/// assert_eq!(chunks.next_chunk()?, Some(&b"three\n"[..]));
/// assert_eq!(chunks.next_chunk()?, Some(&b"four"[..]));
/// assert_eq!(chunks.next_chunk()?, None);
/// assert_eq!(chunks.records(), 4);
/// # Ok::<(), RecordError>(())
/// ```
pub struct RecordChunks<R> {
    window: Window<R>,
    separator: u8,
    /// Between two of these, separators end nothing.
    quote: Option<u8>,
    max_buffer: usize,
    /// The records that were handed out, or refused.
    records: u64,
    /// Whether what is next is the rest of a record that was refused.
    in_refused: bool,
    /// Invariant: of the bytes that are held, by this separator and this quote.
    ends: Ends,
}

impl<R> RecordChunks<R> {
    /// Chunks of at most `size` bytes, or, from the first record on that is longer, of what the buffer has grown to for it. (Does not
    /// allocate.)
    ///
    /// # Panics
    ///
    /// Panics if `size` is 0.
    #[must_use]
    #[track_caller]
    pub const fn new(source: R, size: usize) -> Self {
        assert!(size > 0, "chunks of no bytes");
        Self {
            window: Window::new(source, size),
            separator: b'\n',
            quote: None,
            max_buffer: if size > 1 << 20 { size } else { 1 << 20 },
            records: 0,
            in_refused: false,
            ends: Ends::NONE,
        }
    }

    /// Ends records at `separator` instead of at `\n`.
    #[must_use]
    pub const fn with_separator(mut self, separator: u8) -> Self {
        self.separator = separator;
        self.ends = Ends::NONE;
        self
    }

    /// Ends no record at a separator that stands between quotes, as in a field of CSV.
    ///
    /// Quotes are counted, wherever they stand: one that is doubled within a field changes nothing. But behind one that has no second, as
    /// in a field without quotes, all are taken the wrong way round: what is between two fields' quotes ends nothing, and what is within
    /// them does. A record that is refused ends at its first separator, be that between quotes or not, and quotes are counted anew behind it:
    /// where it was between two, those that follow are taken the wrong way round.
    ///
    /// ```
    /// use pennyweight::stream::{RecordChunks, RecordError};
    ///
    /// let csv = "id,note\n1,\"two\nlines\"\n2,\"5\"\"\"\n";
    /// let mut chunks = RecordChunks::new(csv.as_bytes(), 24).with_quote(b'"');
    /// assert_eq!(chunks.next_chunk()?, Some(&b"id,note\n1,\"two\nlines\"\n"[..]));
    /// assert_eq!(chunks.next_chunk()?, Some(&b"2,\"5\"\"\"\n"[..]));
    /// assert_eq!(chunks.next_chunk()?, None);
    /// assert_eq!(chunks.records(), 3);
    /// # Ok::<(), RecordError>(())
    /// ```
    #[must_use]
    pub const fn with_quote(mut self, quote: u8) -> Self {
        self.quote = Some(quote);
        self.ends = Ends::NONE;
        self
    }

    /// Refuses records that do not fit into so many bytes with their separator, instead of 1 MiB. A size of the chunks that is larger counts
    /// instead.
    #[must_use]
    pub fn with_max_buffer(mut self, bytes: usize) -> Self {
        self.max_buffer = bytes.max(self.window.capacity());
        self
    }

    /// Returns how many records were handed out, or refused.
    #[must_use]
    pub const fn records(&self) -> u64 {
        self.records
    }

    /// Returns how many bytes of the source are before the next chunk. Of a record that was refused, the rest may be yet to come.
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.window.offset()
    }

    /// Returns the source. Some bytes behind [`offset`](Self::offset) were read from it.
    #[must_use]
    pub const fn get_ref(&self) -> &R {
        self.window.source()
    }

    /// Gives the source back. What was read from it and not handed out is lost.
    #[must_use]
    pub fn into_inner(self) -> R {
        self.window.into_source()
    }

    /// Returns the bytes of the buffer. What the source takes is not counted.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        HeapSize::heap_bytes(self)
    }

    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.window.check_invariants();
        let Ends { count, last, searched, .. } = self.ends;
        assert!(last <= searched && searched <= self.window.len());
        assert_eq!(count == 0, last == 0);
    }
}

impl<R: Read> RecordChunks<R> {
    /// Returns the next chunk, or `None` at the end of the source.
    ///
    /// # Errors
    ///
    /// [`RecordError`] if the source fails, or if the next record does not fit. The next call goes on behind it.
    pub fn next_chunk(&mut self) -> Result<Option<&[u8]>, RecordError> {
        if self.in_refused {
            self.window.skip_past(self.separator)?;
            self.in_refused = false;
        }
        let mut size = self.window.capacity();
        let (len, unended) = loop {
            let goes_on = self.window.fill(size)?;
            self.ends.search(self.window.held(), self.separator, self.quote);
            if !goes_on {
                match self.window.len() {
                    0 => return Ok(None),
                    len => break (len, u64::from(self.ends.last < len)),
                }
            }
            if self.ends.count > 0 {
                break (self.ends.last, 0);
            }
            if self.window.len() >= self.max_buffer {
                self.in_refused = true;
                return Err(self.too_long());
            }
            size = self.window.len().saturating_mul(2).min(self.max_buffer);
        };
        self.records += self.ends.count + unended;
        self.ends = Ends::NONE;
        Ok(Some(self.window.take(len)))
    }

    /// Makes an iterator of what `f` makes of the chunks.
    ///
    /// # Errors
    ///
    /// The iterator returns a [`RecordError`] in the place of a chunk, and goes on. One that is not to end where the source always
    /// fails has to stop at the first [`RecordError::Read`].
    pub fn map<U>(
        mut self,
        mut f: impl FnMut(&[u8]) -> U,
    ) -> impl Iterator<Item = Result<U, RecordError>> {
        core::iter::from_fn(move || self.next_chunk().map(|chunk| chunk.map(&mut f)).transpose())
    }

    #[cold]
    fn too_long(&mut self) -> RecordError {
        self.records += 1;
        self.ends = Ends::NONE;
        RecordError::TooLong {
            record: self.records,
            offset: self.window.offset(),
            max_buffer: self.max_buffer,
        }
    }
}

/// Where records end, in bytes that are looked at as they come.
struct Ends {
    /// How many ends there are.
    count: u64,
    /// Behind the last of them.
    last: usize,
    /// The bytes that were looked at.
    searched: usize,
    /// All ones if the bytes behind these are between quotes.
    quoted: u64,
}

impl Ends {
    const NONE: Self = Self { count: 0, last: 0, searched: 0, quoted: 0 };

    /// Looks at what is new among the bytes.
    fn search(&mut self, bytes: &[u8], separator: u8, quote: Option<u8>) {
        if let Some(quote) = quote {
            bytes[self.searched..]
                .chunks(64)
                .for_each(|part| self.search_part(part, separator, quote));
        } else {
            let new = &bytes[self.searched..];
            self.count += memchr::memchr_iter(separator, new).count() as u64;
            self.last =
                memchr::memrchr(separator, new).map_or(self.last, |at| self.searched + at + 1);
            self.searched = bytes.len();
        }
    }

    /// Looks at up to 64 bytes at once, as bits.
    #[inline]
    fn search_part(&mut self, part: &[u8], separator: u8, quote: u8) {
        let block = part.first_chunk().copied().unwrap_or_else(|| {
            let mut block = [0; 64];
            block[..part.len()].copy_from_slice(part);
            block
        });
        let there = u64::MAX >> (64 - part.len());
        // A bit for each byte up to which there is an odd number of quotes.
        self.quoted ^= exclusive_or_of_all_before(equal_word(&block, quote) & there);
        let ends = equal_word(&block, separator) & there & !self.quoted;
        if ends != 0 {
            self.count += u64::from(ends.count_ones());
            self.last = self.searched + ends.ilog2() as usize + 1;
        }
        self.searched += part.len();
        self.quoted = ((self.quoted as i64) >> 63) as u64;
    }
}

impl<R> HeapSize for RecordChunks<R> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.window.visit(visitor);
    }
}

impl<R> fmt::Debug for RecordChunks<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordChunks")
            .field("records", &self.records)
            .field("window", &self.window)
            .finish_non_exhaustive()
    }
}
