//! Lines, in one buffer.

use core::fmt;
use core::marker::PhantomData;
use std::io::{self, Read, Seek, SeekFrom};

use super::error::LineError;
use super::line_index::LineIndex;
use super::window::Window;
use crate::size::{HeapSize, Visitor};

/// Reads a source line by line, in a buffer of 64 KiB: no line is allocated.
///
/// A line is lent, as `&str` or `&[u8]`, until the next is asked for. It ends with `\n` or `\r\n`, which is not part of it; the last one need not.
/// These are the lines of [`BufRead::lines`](std::io::BufRead::lines), which allocates a `String` for each.
///
/// No line is longer than 1 MiB, or what [`with_max_len`](Self::with_max_len) says: that is what bounds the memory. Without it, as with
/// std's, the longest line of a file decides, and a file without a newline is one line.
///
/// It wins over `BufRead::lines` wherever lines are looked at and let go. It loses where all lines are kept: then a
/// [`StrArray`](crate::array::StrArray) has them in one buffer. `read_line` into one `String` takes as little memory; it has
/// no limit, copies each line, and does not say which was not UTF-8.
///
/// # Memory
///
/// One buffer, allocated by the first read: 64 KiB, or what [`with_buffer`](Self::with_buffer) says. It doubles while a line does not
/// fit, up to two bytes more than the longest line may have, and does not shrink.
///
/// # Errors
///
/// [`LineError`] says which line it is, and where it begins. Reading goes on behind it: the next call returns the next line. If it was
/// the source that failed, the next call asks it again, and what had been read of the line is still there.
///
/// # Examples
///
/// ```
/// use pennyweight::stream::{LineError, Lines};
///
/// let mut lines = Lines::new("one\ntwo\r\nthree".as_bytes());
/// let mut lengths = Vec::new();
/// while let Some(line) = lines.next_line()? {
///     lengths.push(line.len());
/// }
/// assert_eq!((lengths, lines.number(), lines.offset()), (vec![3, 3, 5], 3, 14));
/// # Ok::<(), LineError>(())
/// ```
///
/// All adaptors of std are there once a line was made into something that can be kept:
///
/// ```
/// # use pennyweight::stream::{LineError, Lines};
/// let lines = Lines::new("1\n20\n\n300".as_bytes());
/// let numbers = lines.map(|line| line.parse::<u32>().ok());
/// let sum: u32 = numbers.filter_map(Result::transpose).sum::<Result<_, LineError>>()?;
/// assert_eq!(sum, 321);
/// # Ok::<(), LineError>(())
/// ```
///
/// A line that is too long costs that line:
///
/// ```
/// # use pennyweight::stream::{LineError, Lines};
/// let mut lines = Lines::new("Anna\na very long name\nBert".as_bytes()).with_max_len(8);
/// assert_eq!(lines.next_line()?, Some("Anna"));
/// let error = lines.next_line().unwrap_err();
/// assert_eq!(error.to_string(), "line 2, from byte 5 on, is longer than 8 bytes");
/// assert_eq!(lines.next_line()?, Some("Bert"));
/// # Ok::<(), LineError>(())
/// ```
///
/// # Source
///
/// What is in the buffer is validated as UTF-8 at once, not line by line. One buffer that lines are lent from is the idea of `linereader` and of `bstr`'s `for_byte_line`. The newline is looked for by
/// [`memchr`](https://docs.rs/memchr).
pub struct Lines<R, T: ?Sized = str> {
    window: Window<R>,
    max_len: usize,
    /// The lines that were handed out, or refused.
    number: u64,
    /// The ends of lines before the line that is next: that of a line which was refused, or those before a line that was looked for.
    to_skip: usize,
    lent: PhantomData<fn() -> *const T>,
}

/// As what lines are lent: `str`, or `[u8]` for lines that are not checked to be UTF-8.
pub trait LineText: sealed::Sealed {}

impl LineText for str {}
impl LineText for [u8] {}

#[expect(private_interfaces, reason = "nobody else can call what takes a window")]
mod sealed {
    use super::Window;

    pub trait Sealed {
        /// Hands out a line, of `len` bytes, or `taken` with its end. An error is the number of bytes that are valid.
        fn take<R>(window: &mut Window<R>, len: usize, taken: usize) -> Result<&Self, usize>;
    }

    impl Sealed for str {
        #[inline]
        fn take<R>(window: &mut Window<R>, len: usize, taken: usize) -> Result<&Self, usize> {
            window.take_text(taken, len)
        }
    }

    impl Sealed for [u8] {
        #[inline]
        fn take<R>(window: &mut Window<R>, len: usize, taken: usize) -> Result<&Self, usize> {
            Ok(&window.take(taken)[..len])
        }
    }
}

impl<R: Read> Lines<R> {
    /// Lines of UTF-8. (Does not allocate.)
    #[must_use]
    pub const fn new(source: R) -> Self {
        Self::over(source)
    }
}

impl<R: Read> Lines<R, [u8]> {
    /// Lines of any bytes. (Does not allocate.)
    ///
    /// # Examples
    ///
    /// ```
    /// use pennyweight::stream::Lines;
    ///
    /// let mut lines = Lines::of_bytes(&b"caf\xe9\n"[..]);
    /// assert_eq!(lines.next_line()?, Some(&b"caf\xe9"[..]));
    /// # Ok::<(), pennyweight::stream::LineError>(())
    /// ```
    #[must_use]
    pub const fn of_bytes(source: R) -> Self {
        Self::over(source)
    }
}

impl<R, T: LineText + ?Sized> Lines<R, T> {
    const fn over(source: R) -> Self {
        Self {
            window: Window::new(source, 64 << 10),
            max_len: 1 << 20,
            number: 0,
            to_skip: 0,
            lent: PhantomData,
        }
    }

    /// Begins with a buffer of so many bytes instead of 64 KiB. To be called before the first line is read.
    #[must_use]
    pub fn with_buffer(mut self, bytes: usize) -> Self {
        self.window.set_capacity(bytes);
        self
    }

    /// Refuses lines of more than so many bytes instead of 1 MiB. The end of the line is not counted.
    #[must_use]
    pub fn with_max_len(mut self, bytes: usize) -> Self {
        self.max_len = bytes;
        self
    }

    /// Returns the number of the line that was handed out or refused last, from 1 on; 0 before the first.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// Returns how many bytes of the source are before the next line. Of a line that was refused for its length, the rest may be yet to come, and so may
    /// lines before the one that was [looked for](Self::seek).
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
    }
}

impl<R: Seek, T: LineText + ?Sized> Lines<R, T> {
    /// Goes to a line of the source, which is counted from 0 as `index` counts, and may be before or behind. It is read by the next call of
    /// [`next_line`](Self::next_line), up to 63 lines before it too; behind the last line there is none. What the source begins with has to be what the index
    /// was built of.
    ///
    /// Lines are numbered as if they had been read from the first on. Where few are read from each place, a small
    /// [buffer](Self::with_buffer) spares reading what is not asked for.
    ///
    /// # Errors
    ///
    /// What the source says.
    pub fn seek(&mut self, index: &LineIndex, line: u64) -> io::Result<()> {
        let (start, before) = index.place(line).unwrap_or((index.byte_count(), 0));
        self.window.source_mut().seek(SeekFrom::Start(start))?;
        self.window.jump(start);
        self.number = line.min(index.line_count());
        self.to_skip = before;
        Ok(())
    }
}

impl<R: Read, T: LineText + ?Sized> Lines<R, T> {
    /// Returns the next line, without its end, or `None` at the end of the source.
    ///
    /// # Errors
    ///
    /// [`LineError`] if the source fails, or if the line is too long or is not UTF-8. The next call goes on behind the line.
    pub fn next_line(&mut self) -> Result<Option<&T>, LineError> {
        while self.to_skip > 0 {
            self.window.skip_past(b'\n').map_err(|error| self.failed(error))?;
            self.to_skip -= 1;
        }
        // The bytes of the line, without its end and with it.
        let (len, taken) = loop {
            if let Some(newline) = self.window.find(b'\n') {
                let line = &self.window.held()[..newline];
                break (newline - usize::from(line.ends_with(b"\r")), newline + 1);
            }
            // A `\r` may turn out to be of the end.
            let held = self.window.held();
            if held.len() - usize::from(held.ends_with(b"\r")) > self.max_len {
                self.to_skip = 1;
                return Err(self.too_long());
            }
            if self.window.read(self.max_len.saturating_add(2)).map_err(|e| self.failed(e))? == 0 {
                let len = self.window.len();
                if len == 0 {
                    return Ok(None);
                }
                break (len, len);
            }
        };
        if len > self.max_len {
            let error = self.too_long();
            self.window.skip(taken);
            return Err(error);
        }
        self.number += 1;
        let (number, offset) = (self.number, self.window.offset());
        T::take(&mut self.window, len, taken).map(Some).map_err(|valid| LineError::Utf8 {
            line: number,
            column: valid as u64 + 1,
            offset: offset + valid as u64,
        })
    }

    /// Makes an iterator of what `f` makes of the lines.
    ///
    /// # Errors
    ///
    /// The iterator returns a [`LineError`] in the place of a line, and goes on. One that is not to end where the source always
    /// fails has to stop at the first [`LineError::Read`].
    pub fn map<U>(
        mut self,
        mut f: impl FnMut(&T) -> U,
    ) -> impl Iterator<Item = Result<U, LineError>> {
        core::iter::from_fn(move || self.next_line().map(|line| line.map(&mut f)).transpose())
    }

    #[cold]
    fn too_long(&mut self) -> LineError {
        self.number += 1;
        LineError::TooLong {
            line: self.number,
            offset: self.window.offset(),
            max_len: self.max_len,
        }
    }

    #[cold]
    fn failed(&self, error: io::Error) -> LineError {
        let line = self.number + 1 - self.to_skip as u64;
        LineError::Read { line, offset: self.window.offset(), error }
    }
}

impl<R, T: ?Sized> HeapSize for Lines<R, T> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.window.visit(visitor);
    }
}

impl<R, T: ?Sized> fmt::Debug for Lines<R, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lines")
            .field("number", &self.number)
            .field("window", &self.window)
            .finish_non_exhaustive()
    }
}
