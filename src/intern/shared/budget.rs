//! What an interner takes and may take, over all of its shards.

use crate::intern::{InternError, Limits};
use crate::raw::sync::AtomicUsize;
use core::sync::atomic::Ordering::Relaxed;

/// Counts of bytes and strings, which only new strings touch.
///
/// What is counted is not read by anybody who was not told of it otherwise, so that all is relaxed.
pub(super) struct Budget {
    pub(super) limits: Limits,
    /// Those on the heap, and those that are about to be.
    bytes: AtomicUsize,
    /// Those there are, and those that are about to be.
    strings: AtomicUsize,
}

/// Room for a string, and for the bytes that it takes; given back if nothing comes of it.
pub(super) struct Reserved<'a> {
    budget: &'a Budget,
    bytes: usize,
    strings: usize,
}

impl Budget {
    pub(super) fn new(limits: Limits, bytes: usize) -> Self {
        Self { limits, bytes: AtomicUsize::new(bytes), strings: AtomicUsize::new(0) }
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes.load(Relaxed)
    }

    pub(super) fn strings(&self) -> usize {
        self.strings.load(Relaxed)
    }

    /// The error where there is no symbol left, though the limits have one.
    pub(super) fn no_symbol(&self) -> InternError {
        InternError::Symbols { most: self.strings() }
    }

    /// Room for one more string and so many more bytes.
    pub(super) fn reserve(&self, bytes: usize) -> Result<Reserved<'_>, InternError> {
        let mut reserved = Reserved { budget: self, bytes: 0, strings: 1 };
        let Limits { bytes: limit, symbols: most } = self.limits;
        if self.strings.fetch_add(1, Relaxed) >= most {
            return Err(InternError::Symbols { most });
        }
        if bytes > 0 {
            let within = |taken: usize| taken.checked_add(bytes).filter(|&needed| needed <= limit);
            self.bytes.fetch_update(Relaxed, Relaxed, within).map_err(|taken| {
                InternError::Bytes { limit, needed: taken.saturating_add(bytes) }
            })?;
            reserved.bytes = bytes;
        }
        Ok(reserved)
    }
}

impl Reserved<'_> {
    /// Some of the bytes were allocated, and stay.
    pub(super) fn keep(&mut self, bytes: usize) {
        self.bytes -= bytes;
    }

    /// The string is there, and so are its bytes.
    pub(super) fn keep_all(mut self) {
        (self.bytes, self.strings) = (0, 0);
    }
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        if self.bytes > 0 {
            self.budget.bytes.fetch_sub(self.bytes, Relaxed);
        }
        if self.strings > 0 {
            self.budget.strings.fetch_sub(self.strings, Relaxed);
        }
    }
}
