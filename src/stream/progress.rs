//! How much of a source was read.

use alloc::sync::Arc;
use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::fs::File;
use std::io::{self, BufRead, IoSliceMut, Read, Seek};

/// A source that counts the bytes that are read from it, for one atomic addition a read.
///
/// Put it between the file and what reads it. A [`ProgressHandle`] tells how far that is, in this thread or another: for a bar
/// ([indicatif](https://docs.rs/indicatif) has one), a log, or an estimate of when it will be done. What is counted is what was read *from the file*: a reader above
/// has up to a buffer of it that is not handed out yet.
///
/// # Memory
///
/// 40 bytes, shared by all handles.
///
/// # Examples
///
/// ```
/// use pennyweight::stream::{Lines, Progress};
///
/// let text = "one\ntwo\nthree\nfour\n".repeat(10);
/// let source = Progress::new(text.as_bytes(), Some(text.len() as u64));
/// let progress = source.handle();
/// let mut lines = Lines::new(source).with_buffer(95);
/// lines.next_line()?;
/// assert_eq!((progress.bytes_read(), progress.total()), (95, Some(190)));
/// assert_eq!(progress.fraction(), Some(0.5));
/// # Ok::<(), pennyweight::stream::LineError>(())
/// ```
#[derive(Debug)]
pub struct Progress<R> {
    source: R,
    handle: ProgressHandle,
}

/// Tells how much of a [`Progress`] was read, from any thread.
#[derive(Clone)]
pub struct ProgressHandle {
    counts: Arc<Counts>,
}

struct Counts {
    read: AtomicU64,
    total: Option<u64>,
}

impl<R> Progress<R> {
    /// Counts what is read of `source`, which has `total` bytes if that is known.
    #[must_use]
    pub fn new(source: R, total: Option<u64>) -> Self {
        let counts = Arc::new(Counts { read: AtomicU64::new(0), total });
        Self { source, handle: ProgressHandle { counts } }
    }

    /// Returns a handle that tells how much was read.
    #[must_use]
    pub fn handle(&self) -> ProgressHandle {
        self.handle.clone()
    }

    /// Returns the source.
    #[must_use]
    pub const fn get_ref(&self) -> &R {
        &self.source
    }

    /// Gives the source back.
    #[must_use]
    pub fn into_inner(self) -> R {
        self.source
    }

    fn count(&self, bytes: usize) {
        self.handle.counts.read.fetch_add(bytes as u64, Relaxed);
    }
}

impl Progress<File> {
    /// Counts what is read of `file`. The total is what is left of it; unknown where it is no file but a pipe or a terminal.
    ///
    /// # Errors
    ///
    /// Fails if the system does not say how long the file is, or where it is being read.
    pub fn of_file(mut file: File) -> io::Result<Self> {
        let metadata = file.metadata()?;
        let total = if metadata.is_file() {
            Some(metadata.len().saturating_sub(file.stream_position()?))
        } else {
            None
        };
        Ok(Self::new(file, total))
    }
}

impl ProgressHandle {
    /// Returns how many bytes were read.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.counts.read.load(Relaxed)
    }

    /// Returns how many bytes the source had when it was opened, if that is known.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.counts.total
    }

    /// Returns the part that was read, from 0 to 1, if the total is known. A file that grew meanwhile stays at 1, and an empty one is read.
    #[must_use]
    pub fn fraction(&self) -> Option<f64> {
        let part = |total| match total {
            0 => 1.0,
            total => (self.bytes_read() as f64 / total as f64).min(1.0),
        };
        self.total().map(part)
    }
}

impl<R: Read> Read for Progress<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buf)?;
        self.count(read);
        Ok(read)
    }

    fn read_vectored(&mut self, bufs: &mut [IoSliceMut<'_>]) -> io::Result<usize> {
        let read = self.source.read_vectored(bufs)?;
        self.count(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Progress<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.source.fill_buf()
    }

    fn consume(&mut self, bytes: usize) {
        self.source.consume(bytes);
        self.count(bytes);
    }
}

impl fmt::Debug for ProgressHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProgressHandle")
            .field("bytes_read", &self.bytes_read())
            .field("total", &self.total())
            .finish()
    }
}
