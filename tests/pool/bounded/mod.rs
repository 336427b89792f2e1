//! `BoundedPool`: never more than so many objects, whoever panics, waits, times out or goes.

mod bounds;
mod gets;
mod panics;
mod peers_bugs;
mod stress;
#[cfg(feature = "async")]
mod tasks;
mod weights;

use core::convert::Infallible;
use core::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use core::time::Duration;
use pennyweight::pool::{BoundedPool, Hooks};
use std::thread;

/// Later than any test ends.
const LATE: Duration = Duration::from_secs(600);

/// Numbers the objects that it makes.
#[derive(Default)]
struct Numbers {
    next: AtomicUsize,
}

impl Hooks<usize> for Numbers {
    type Error = Infallible;

    fn create(&self) -> Result<usize, Infallible> {
        Ok(self.next.fetch_add(1, SeqCst))
    }
}

fn numbers(max: usize) -> BoundedPool<usize, Numbers> {
    BoundedPool::new(max, Numbers::default())
}

/// Returns when so many calls have begun to wait.
fn until_waiting<T, H>(pool: &BoundedPool<T, H>, calls: u64) {
    while pool.stats().waited < calls {
        thread::yield_now();
    }
}
