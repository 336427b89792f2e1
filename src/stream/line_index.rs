//! Lines by their numbers.

use super::chunks::Chunks;
use crate::size::{HeapSize, Visitor};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ops::Range;
use memchr::{memchr, memchr_iter};
use std::io::{self, Read};

/// Finds lines by their numbers, for a bit a line: where each 64th line begins.
///
/// What is behind such a place is looked through when a line is asked for: at most 64 lines. [`get`](Self::get) has the lines of a text in memory,
/// or of a file that is mapped, and [`Lines::seek`](super::Lines::seek) those of a file.
///
/// It wins over a `Vec` of offsets, of 8 bytes a line, and over a `Vec<String>`, where lines of a long file are asked for now and then: the one that an error
/// names, a sample, the pages of a viewer. Where lines are read in order, [`Lines`](super::Lines) need no index; where each is asked for again and
/// again, a [`StrArray`](crate::array::StrArray) keeps them and where they end.
///
/// Lines are those of [`Lines`](super::Lines): they end with `\n` or `\r\n`, and the last one need not. They are counted from 0 here, as the items of a slice are: the
/// line that an error calls 1 is line 0.
///
/// # Memory
///
/// 8 bytes for every 64 lines. While it is built, 64 KiB for a buffer, and twice the 8 bytes at most.
///
/// # Examples
///
/// ```
/// use pennyweight::stream::{LineIndex, Lines};
/// use std::io::Cursor;
///
/// let text: String = (0..1000).map(|line| format!("this is line {line}\n")).collect();
/// let index = LineIndex::build(text.as_bytes())?;
/// assert_eq!((index.line_count(), index.heap_bytes()), (1000, 128));
/// assert_eq!(index.get(text.as_bytes(), 707), Some(&b"this is line 707"[..]));
///
/// let file = Cursor::new(&text);
/// let mut lines = Lines::new(file).with_buffer(4096);
/// lines.seek(&index, 41)?;
/// assert_eq!(lines.next_line()?, Some("this is line 41"));
/// assert_eq!(lines.number(), 42);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineIndex {
    /// Where every 64th line begins, from the first on.
    starts: Box<[u64]>,
    lines: u64,
    bytes: u64,
}

/// Of how many lines one has its place noted.
const LINES: u64 = 64;

/// How many bytes are read at once.
const BUFFER: usize = 64 << 10;

impl LineIndex {
    /// Reads a source up to its end, and notes where its lines begin.
    ///
    /// # Errors
    ///
    /// What the source says. What was read of it is lost then.
    pub fn build(source: impl Read) -> io::Result<Self> {
        let mut chunks = Chunks::new(source, BUFFER);
        let (mut starts, mut lines, mut bytes, mut line_start) = (Vec::new(), 0, 0, 0);
        while let Some(chunk) = chunks.next_chunk()? {
            for newline in memchr_iter(b'\n', chunk) {
                if lines % LINES == 0 {
                    starts.push(line_start);
                }
                lines += 1;
                line_start = bytes + newline as u64 + 1;
            }
            bytes += chunk.len() as u64;
        }
        if line_start < bytes {
            if lines % LINES == 0 {
                starts.push(line_start);
            }
            lines += 1;
        }
        Ok(Self { starts: starts.into(), lines, bytes })
    }

    /// Returns how many lines there are.
    #[must_use]
    pub const fn line_count(&self) -> u64 {
        self.lines
    }

    /// Returns how many bytes were read.
    #[must_use]
    pub const fn byte_count(&self) -> u64 {
        self.bytes
    }

    /// Returns where a line is in the text that the index was built of, without its end; `None` if there are not so many lines. Looks through at
    /// most 64 lines.
    ///
    /// Where the text is another one, what is returned is some range of that, or `None`.
    #[must_use]
    pub fn range(&self, text: &[u8], line: u64) -> Option<Range<usize>> {
        let (start, skipped) = self.place(line)?;
        let mut start = usize::try_from(start).ok()?;
        if let Some(last) = skipped.checked_sub(1) {
            start += memchr_iter(b'\n', text.get(start..)?).nth(last)? + 1;
        }
        let rest = text.get(start..)?;
        let line = &rest[..memchr(b'\n', rest).unwrap_or(rest.len())];
        // At the end of a text, CR is a byte like others.
        let is_ended = line.len() < rest.len() && line.ends_with(b"\r");
        Some(start..start + line.len() - usize::from(is_ended))
    }

    /// Returns a line of the text that the index was built of, without its end; `None` if there are not so many lines. Looks through at most 64
    /// lines.
    ///
    /// Where the text is another one, what is returned is some part of that, or `None`.
    #[must_use]
    pub fn get<'t>(&self, text: &'t [u8], line: u64) -> Option<&'t [u8]> {
        self.range(text, line).map(|range| &text[range])
    }

    /// A place before a line, and how many lines there are in between, less than 64. `None` if there are not so many lines.
    pub(super) fn place(&self, line: u64) -> Option<(u64, usize)> {
        let start = *self.starts.get(usize::try_from(line / LINES).ok()?)?;
        (line < self.lines).then_some((start, (line % LINES) as usize))
    }

    /// Returns the bytes of the index.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        HeapSize::heap_bytes(self)
    }
}

impl HeapSize for LineIndex {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.starts.visit(visitor);
    }
}
