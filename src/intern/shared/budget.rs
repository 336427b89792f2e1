//! What an interner takes and may take, over all of its shards.

use crate::intern::{InternError, Limits};
use crate::raw::sync::AtomicUsize;
use core::sync::atomic::Ordering::Relaxed;

/// Counts of bytes and strings, which only new strings touch.
///
/// What is counted is not read by anybody who was not told of it otherwise, so that all is relaxed.
pub(super) struct Budget {
    limits: Limits,
    /// Those on the heap, and those that are about to be.
    bytes: AtomicUsize,
    /// Those there are, and those that are about to be; not counted where any number may be.
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

    pub(super) fn limits(&self) -> Limits {
        self.limits
    }

    /// Sets the limits, where there are so many strings.
    pub(super) fn set_limits(&mut self, limits: Limits, strings: usize) {
        self.limits = limits;
        self.strings = AtomicUsize::new(strings);
    }

    fn counts_strings(&self) -> bool {
        self.limits.symbols < usize::MAX
    }

    /// Room for one more string and so many more bytes.
    #[inline(always)]
    pub(super) fn reserve(&self, bytes: usize) -> Result<Reserved<'_>, InternError> {
        let mut reserved = Reserved { budget: self, bytes: 0, strings: 0 };
        let Limits { bytes: limit, symbols: most } = self.limits;
        if self.counts_strings() {
            reserved.strings = 1;
            if self.strings.fetch_add(1, Relaxed) >= most {
                return Err(InternError::Symbols { most });
            }
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

    pub(super) fn check_invariants(&self, strings: usize) {
        assert!(!self.counts_strings() || self.strings.load(Relaxed) == strings);
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
