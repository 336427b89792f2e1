//! An object may be used and dropped in any thread, and a lock is to be given back by the one that took it.

use pennyweight::pool::Pool;
use std::sync::{Mutex, MutexGuard};
use std::thread;

static LOCK: Mutex<u32> = Mutex::new(0);

fn main() {
    let pool: Pool<MutexGuard<'_, u32>> = Pool::new(|| LOCK.lock().unwrap());
    drop(pool.get());
    thread::scope(|scope| {
        scope.spawn(|| drop(pool.get()));
    });
}
