//! The lines on standard error that show a run's progress.

use std::io::{IsTerminal, Write, stderr};

/// The progress of one pass over the comparisons.
///
/// On a terminal one line is written over and over; elsewhere each comparison has a line of its own.
#[derive(Debug)]
pub(crate) struct Progress {
    pass: &'static str,
    done: usize,
    all: usize,
    overwrites: bool,
}

impl Progress {
    /// Starts a pass over `all` comparisons.
    #[must_use]
    pub(crate) fn new(pass: &'static str, all: usize) -> Self {
        Self { pass, done: 0, all, overwrites: stderr().is_terminal() }
    }

    /// Says that the pass has come to the comparison `id`.
    pub(crate) fn next(&mut self, id: &str) {
        self.done += 1;
        let Self { pass, done, all, overwrites } = self;
        let line = format!("{pass} {done}/{all}  {id}");
        // Nothing depends on whether progress can be shown.
        let _ = if *overwrites {
            write!(stderr(), "\r\x1b[2K{line}")
        } else {
            writeln!(stderr(), "{line}")
        };
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.overwrites && self.done > 0 {
            let _ = write!(stderr(), "\r\x1b[2K");
        }
    }
}
