//! How those who wait are woken: threads are unparked, tasks are woken by their executor.

use crate::raw::sync::Thread;
#[cfg(feature = "async")]
use core::task::Waker;

/// Whom to wake.
pub(super) enum Signal {
    Thread(Thread),
    #[cfg(feature = "async")]
    Task(Waker),
}

#[cfg(feature = "async")]
impl Signal {
    /// Whether it is this task that is woken. No code of the user runs.
    pub(super) fn wakes(&self, waker: &Waker) -> bool {
        matches!(self, Self::Task(task) if task.will_wake(waker))
    }
}

/// Wakes somebody when it is dropped: after the lock, since a [`Waker`](core::task::Waker) is code of the user. It may panic: the
/// others of a list of them are woken all the same.
#[must_use]
pub(super) struct Wake(Option<Signal>);

impl Wake {
    pub(super) fn of(signal: Signal) -> Self {
        Self(Some(signal))
    }
}

impl Drop for Wake {
    fn drop(&mut self) {
        match self.0.take() {
            Some(Signal::Thread(thread)) => thread.unpark(),
            #[cfg(feature = "async")]
            Some(Signal::Task(waker)) => waker.wake(),
            None => {}
        }
    }
}
