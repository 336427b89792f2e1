//! Chunks of bytes and of text, in one buffer.

use core::fmt;
use core::str;
use std::io::{self, Read};

use super::error::TextError;
use super::window::Window;
use crate::size::{HeapSize, Visitor};

/// Reads a source in chunks of so many bytes, in one buffer of that size.
///
/// Every chunk but the last is full, however few bytes the source returns at a time. A chunk is lent until the next is asked for.
///
/// It wins wherever bytes are looked at and let go, over `read_to_end`, which takes as many bytes as the file has, and over a new `Vec` for
/// each chunk. It is the loop around [`Read::read`] that everybody writes, with short reads, interruptions and errors attended to. For text, where a chunk
/// must not end within a character, there is [`TextChunks`]; for records, [`RecordChunks`](super::RecordChunks). Of a source that answers in its own time, such as a
/// socket, it waits for a full chunk: `Read::read` does not.
///
/// # Memory
///
/// One buffer, allocated by the first read.
///
/// # Errors
///
/// What the source says, but for [`Interrupted`](io::ErrorKind::Interrupted), after which the source is asked again. What had been read of the chunk is kept, and the
/// next call goes on behind it: nothing is lost.
///
/// # Examples
///
/// ```
/// use pennyweight::stream::Chunks;
///
/// let mut chunks = Chunks::new(&b"to be or not to be"[..], 8);
/// let mut lengths = Vec::new();
/// while let Some(chunk) = chunks.next_chunk()? {
///     lengths.push(chunk.len());
/// }
/// assert_eq!((lengths, chunks.heap_bytes()), (vec![8, 8, 2], 8));
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Source
///
/// Python's `while chunk := file.read(1 << 20)`, or rather `readinto` with one buffer.
pub struct Chunks<R> {
    window: Window<R>,
    size: usize,
}

/// Reads text in chunks of so many bytes, in one buffer of that size: no chunk ends within a character.
///
/// A chunk has up to three bytes less than the buffer. It is lent, as `&str`, until the next is asked for. Words and lines are
/// cut where they are: for lines, see [`Lines`](super::Lines) and [`RecordChunks`](super::RecordChunks).
///
/// It wins over `read_to_string`, which takes as many bytes as the file has. Python's `read(n)` of a text counts characters, so that its
/// chunks take up to `4 * n` bytes.
///
/// # Memory
///
/// One buffer, allocated by the first read.
///
/// # Errors
///
/// [`TextError`]. Text before bytes that are not UTF-8 is handed out first; then the error names the first of these bytes; then reading goes on behind them,
/// at the same place where [`String::from_utf8_lossy`](alloc::string::String::from_utf8_lossy) would. If the source failed, the next call asks it again, and nothing is lost.
///
/// # Examples
///
/// ```
/// use pennyweight::stream::{TextChunks, TextError};
///
/// let mut chunks = TextChunks::new("na\u{ef}vet\u{e9}\u{e9}".as_bytes(), 4);
/// assert_eq!(chunks.next_chunk()?, Some("naï"));
/// assert_eq!(chunks.next_chunk()?, Some("vet"));
/// assert_eq!(chunks.next_chunk()?, Some("éé"));
/// assert_eq!(chunks.next_chunk()?, None);
///
/// let mut chunks = TextChunks::new(&b"caf\xe9 noir"[..], 64);
/// assert_eq!(chunks.next_chunk()?, Some("caf"));
/// assert!(matches!(chunks.next_chunk(), Err(TextError::Utf8 { offset: 3 })));
/// assert_eq!(chunks.next_chunk()?, Some(" noir"));
/// # Ok::<(), TextError>(())
/// ```
pub struct TextChunks<R> {
    window: Window<R>,
    size: usize,
}

impl<R> Chunks<R> {
    /// Chunks of `size` bytes. (Does not allocate.)
    ///
    /// # Panics
    ///
    /// Panics if `size` is 0.
    #[must_use]
    #[track_caller]
    pub const fn new(source: R, size: usize) -> Self {
        assert!(size > 0, "chunks of no bytes");
        Self { window: Window::new(source, size), size }
    }

    /// Returns how many bytes of the source were handed out.
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.window.offset()
    }

    /// Returns the source.
    #[must_use]
    pub const fn get_ref(&self) -> &R {
        self.window.source()
    }

    /// Gives the source back. What was read from it and not handed out, before an error, is lost.
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
    }
}

impl<R: Read> Chunks<R> {
    /// Returns the next chunk, or `None` at the end of the source.
    ///
    /// # Errors
    ///
    /// What the source says. The next call asks it again.
    pub fn next_chunk(&mut self) -> io::Result<Option<&[u8]>> {
        self.window.fill(self.size)?;
        let len = self.window.len();
        Ok((len > 0).then(|| self.window.take(len)))
    }

    /// Makes an iterator of what `f` makes of the chunks.
    ///
    /// # Errors
    ///
    /// The iterator returns an error of the source in the place of a chunk, and asks it again if it is asked for more.
    pub fn map<U>(mut self, mut f: impl FnMut(&[u8]) -> U) -> impl Iterator<Item = io::Result<U>> {
        core::iter::from_fn(move || self.next_chunk().map(|chunk| chunk.map(&mut f)).transpose())
    }
}

impl<R> TextChunks<R> {
    /// Chunks of at most `size` bytes. (Does not allocate.)
    ///
    /// # Panics
    ///
    /// Panics if `size` is less than 4, the bytes of the longest characters.
    #[must_use]
    #[track_caller]
    pub const fn new(source: R, size: usize) -> Self {
        assert!(size >= 4, "chunks that have no room for every character");
        Self { window: Window::new(source, size), size }
    }

    /// Returns how many bytes of the source were handed out, or refused.
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.window.offset()
    }

    /// Returns the source.
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
    }
}

impl<R: Read> TextChunks<R> {
    /// Returns the next chunk, or `None` at the end of the source.
    ///
    /// # Errors
    ///
    /// [`TextError`] if the source fails, or if what is next is not UTF-8. The next call goes on behind it.
    pub fn next_chunk(&mut self) -> Result<Option<&str>, TextError> {
        let goes_on = self.window.fill(self.size)?;
        let offset = self.window.offset();
        self.window.take_by(|held| {
            if held.is_empty() {
                return (Ok(None), 0);
            }
            // A character that is cut off is left for the next chunk.
            let whole = if goes_on { held.len() - cut_off(held) } else { held.len() };
            let text = |len| str::from_utf8(&held[..len]);
            match text(whole) {
                Ok(text) => (Ok(Some(text)), whole),
                Err(error) => match error.valid_up_to() {
                    0 => (Err(TextError::Utf8 { offset }), error.error_len().unwrap_or(whole)),
                    valid => (Ok(text(valid).ok()), valid),
                },
            }
        })
    }

    /// Makes an iterator of what `f` makes of the chunks.
    ///
    /// # Errors
    ///
    /// The iterator returns a [`TextError`] in the place of a chunk, and goes on. One that is not to end where the source always
    /// fails has to stop at the first [`TextError::Read`].
    pub fn map<U>(
        mut self,
        mut f: impl FnMut(&str) -> U,
    ) -> impl Iterator<Item = Result<U, TextError>> {
        core::iter::from_fn(move || self.next_chunk().map(|chunk| chunk.map(&mut f)).transpose())
    }
}

/// The bytes at the end that begin a character and are not all of it.
fn cut_off(bytes: &[u8]) -> usize {
    let last = bytes.iter().rev().take(3).position(|&byte| byte & 0b1100_0000 != 0b1000_0000);
    let Some(last) = last else { return 0 };
    let len = match bytes[bytes.len() - 1 - last] {
        0b1100_0000..0b1110_0000 => 2,
        0b1110_0000..0b1111_0000 => 3,
        0b1111_0000..0b1111_1000 => 4,
        _ => return 0,
    };
    if last + 1 < len { last + 1 } else { 0 }
}

impl<R> HeapSize for Chunks<R> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.window.visit(visitor);
    }
}

impl<R> HeapSize for TextChunks<R> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.window.visit(visitor);
    }
}

impl<R> fmt::Debug for Chunks<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunks").field("window", &self.window).finish_non_exhaustive()
    }
}

impl<R> fmt::Debug for TextChunks<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextChunks").field("window", &self.window).finish_non_exhaustive()
    }
}
