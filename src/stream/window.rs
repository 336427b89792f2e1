#![allow(unsafe_code)]
//! The part of a source that is in memory.

use alloc::vec::Vec;
use core::fmt;
use core::str;
use std::io::{self, ErrorKind, Read};

use crate::size::{HeapSize, Visitor};

/// One buffer that is used again, and the source that it is filled from. Allocates when it is first read into.
///
/// ```text
/// | handed out | held         | room          |
/// 0            start          end             buffer.len()
/// ```
pub(super) struct Window<R> {
    source: R,
    /// As long as the buffer is to be before it grows. Not 0.
    capacity: usize,
    /// Empty until the first read.
    buffer: Vec<u8>,
    /// Invariant: `start <= end <= buffer.len()`.
    start: usize,
    end: usize,
    /// The bytes from `start` on that [`find`](Self::find) has seen. Invariant: `searched <= end - start`.
    searched: usize,
    /// The bytes from `start` on that are known to be UTF-8. Invariant: they are, and are held.
    valid: usize,
    /// The bytes of the source before `start`.
    offset: u64,
}

impl<R> Window<R> {
    pub(super) const fn new(source: R, capacity: usize) -> Self {
        Self {
            source,
            capacity,
            buffer: Vec::new(),
            start: 0,
            end: 0,
            searched: 0,
            valid: 0,
            offset: 0,
        }
    }

    /// Makes the buffer that is yet to be allocated so large.
    pub(super) fn set_capacity(&mut self, capacity: usize) {
        self.capacity = capacity.max(1);
    }

    /// The bytes that are held.
    pub(super) fn held(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    pub(super) const fn len(&self) -> usize {
        self.end - self.start
    }

    /// The bytes of the source before those that are held.
    pub(super) const fn offset(&self) -> u64 {
        self.offset
    }

    /// As long as the buffer is before it grows.
    pub(super) const fn capacity(&self) -> usize {
        self.capacity
    }

    pub(super) const fn source(&self) -> &R {
        &self.source
    }

    pub(super) const fn source_mut(&mut self) -> &mut R {
        &mut self.source
    }

    /// Forgets what is held, since the source goes on behind `offset` bytes.
    pub(super) fn jump(&mut self, offset: u64) {
        (self.start, self.end, self.searched, self.valid) = (0, 0, 0, 0);
        self.offset = offset;
    }

    pub(super) fn into_source(self) -> R {
        self.source
    }

    /// The first `separator` among the bytes that are held. Does not look twice at what was held before.
    #[inline]
    pub(super) fn find(&mut self, separator: u8) -> Option<usize> {
        let new = &self.buffer[self.start + self.searched..self.end];
        if let Some(at) = memchr::memchr(separator, new) {
            return Some(self.searched + at);
        }
        self.searched = self.len();
        None
    }

    /// Hands out the first `len` bytes that are held.
    #[inline]
    pub(super) fn take(&mut self, len: usize) -> &[u8] {
        let start = self.start;
        self.skip(len);
        &self.buffer[start..start + len]
    }

    /// Hands out what `f` makes of the bytes that are held, and as many of them as it says.
    pub(super) fn take_by<'a, T>(&'a mut self, f: impl FnOnce(&'a [u8]) -> (T, usize)) -> T {
        let (taken, len) = f(&self.buffer[self.start..self.end]);
        self.start += len;
        (self.searched, self.valid) = (0, 0);
        self.offset += len as u64;
        taken
    }

    /// Hands out the first `len` bytes that are held, of which `text` bytes are to be read as UTF-8, or says how many of these are valid.
    ///
    /// All bytes that are held are validated at once, which takes a fraction of the time that it takes line by line.
    #[inline]
    pub(super) fn take_text(&mut self, len: usize, text: usize) -> Result<&str, usize> {
        if self.valid < text {
            self.validate();
        }
        let valid = self.valid;
        let start = self.start;
        self.skip(len);
        let held = &self.buffer[start..];
        if valid < text {
            return Err(valid);
        }
        // SAFETY: by the invariant on `valid`, which was read before, these bytes are UTF-8, and they have not changed.
        let held = unsafe { str::from_utf8_unchecked(&held[..valid]) };
        if held.is_char_boundary(len) {
            // What is behind a whole character is as valid as it was.
            self.valid = valid - len;
        }
        held.get(..text).ok_or(text)
    }

    /// Finds out how many of the bytes that are held are UTF-8.
    #[cold]
    fn validate(&mut self) {
        let new = &self.buffer[self.start + self.valid..self.end];
        self.valid += match str::from_utf8(new) {
            Ok(text) => text.len(),
            Err(error) => error.valid_up_to(),
        };
    }

    /// Drops the first `len` bytes that are held.
    #[inline]
    pub(super) fn skip(&mut self, len: usize) {
        self.start += len;
        (self.searched, self.valid) = (0, 0);
        self.offset += len as u64;
    }

    pub(super) fn check_invariants(&self) {
        assert!(self.start <= self.end && self.end <= self.buffer.len());
        assert!(self.searched <= self.len());
        assert!(str::from_utf8(&self.held()[..self.valid]).is_ok());
    }
}

impl<R: Read> Window<R> {
    /// Reads once, behind what is held, and returns how many bytes; none is the end of the source. Where there is no room, the buffer
    /// doubles, to `most` bytes at most; fewer are held then. What is held stays so if the source fails.
    pub(super) fn read(&mut self, most: usize) -> io::Result<usize> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.buffer.len() {
            self.grow(most)?;
        }
        let room = &mut self.buffer[self.end..];
        let read = loop {
            match self.source.read(room) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                result => break result?,
            }
        };
        assert!(read <= room.len(), "a source that says it read {read} bytes into {}", room.len());
        self.end += read;
        Ok(read)
    }

    #[cold]
    fn grow(&mut self, most: usize) -> io::Result<()> {
        let len = self.buffer.len();
        let grown = if len == 0 { self.capacity } else { len.saturating_mul(2).min(most) };
        self.buffer.try_reserve_exact(grown - len)?;
        self.buffer.resize(grown, 0);
        Ok(())
    }

    /// Reads until `len` bytes are held, or the source ends; returns whether it did not.
    pub(super) fn fill(&mut self, len: usize) -> io::Result<bool> {
        while self.len() < len {
            if self.read(len)? == 0 {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Drops all up to the next `separator`, and that too, or to the end of the source.
    pub(super) fn skip_past(&mut self, separator: u8) -> io::Result<()> {
        loop {
            if let Some(at) = self.find(separator) {
                self.skip(at + 1);
                return Ok(());
            }
            self.skip(self.len());
            if self.read(usize::MAX)? == 0 {
                return Ok(());
            }
        }
    }
}

impl<R> HeapSize for Window<R> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.buffer.visit(visitor);
    }
}

impl<R> fmt::Debug for Window<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Window")
            .field("buffer", &self.buffer.len())
            .field("held", &self.len())
            .field("offset", &self.offset)
            .finish_non_exhaustive()
    }
}
