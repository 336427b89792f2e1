#![allow(unsafe_code)]
//! The clocks of the timing passes: the CPU time of the calling thread, and the wall clock for work on several threads.
//!
//! CPU time leaves out the spans in which another process had the core, so that a busy machine widens an interval
//! but does not shift it. Caches and memory bandwidth are still shared. Where the thread's CPU time cannot be had
//! (off Unix) the clock is the monotonic wall clock, and the report says so.

use core::time::Duration;
use std::time::Instant;

/// By what something is timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clock {
    /// The time of the calling thread.
    Thread,
    /// The time that has gone by: for work that other threads do.
    Wall,
}

impl Clock {
    /// Returns how much `f` advances the clock, with its result.
    #[inline]
    pub(crate) fn time<R>(self, f: impl FnOnce() -> R) -> (R, Duration) {
        match self {
            Self::Thread => time(f),
            Self::Wall => {
                let start = Instant::now();
                let result = f();
                (result, start.elapsed())
            }
        }
    }
}

/// What [`now`] reads, for the report.
pub(crate) const NAME: &str = if cfg!(unix) { "CPU time of the thread" } else { "wall clock" };

/// Returns the time since some fixed point, by the clock that [`NAME`] names.
#[cfg(unix)]
#[inline]
pub(crate) fn now() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is valid for the write of one `timespec`, the only thing the call does with it.
    let status = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    assert_eq!(status, 0, "the clock of the thread's CPU time is refused");
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}

/// Returns the time since some fixed point, by the clock that [`NAME`] names.
#[cfg(not(unix))]
#[inline]
pub(crate) fn now() -> Duration {
    use std::sync::OnceLock;
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// Returns how much `f` advances the clock, with its result.
#[inline]
pub(crate) fn time<R>(f: impl FnOnce() -> R) -> (R, Duration) {
    let start = now();
    let result = f();
    (result, now().saturating_sub(start))
}

/// Returns what one reading of the clock costs: the shortest of many. Nothing shorter than a thousand times this
/// should be measured in one piece.
pub(crate) fn reading_cost() -> Duration {
    let cost = (0..1000).map(|_| time(|| ()).1).min();
    cost.unwrap_or_default().max(Duration::from_nanos(1))
}

#[cfg(test)]
mod tests {
    use core::hint::black_box;

    use super::*;

    #[test]
    fn time_advances_with_work_and_never_runs_back() {
        let start = now();
        let mut last = start;
        while last == start {
            black_box((0..1000_u64).map(black_box).sum::<u64>());
            let next = now();
            assert!(next >= last);
            last = next;
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_sleeping_thread_spends_no_cpu_time() {
        let sleep = Duration::from_millis(50);
        let ((), spent) = Clock::Thread.time(|| std::thread::sleep(sleep));
        assert!(spent < sleep, "{spent:?}");
        let ((), spent) = Clock::Wall.time(|| std::thread::sleep(sleep));
        assert!(spent >= sleep, "{spent:?}");
    }
}
