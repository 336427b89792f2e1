//! A `LocalPool` takes no lock, so one thread uses it.

use pennyweight::pool::LocalPool;
use std::thread;

fn main() {
    let pool = LocalPool::new(String::new);
    thread::scope(|scope| {
        scope.spawn(|| drop(pool.get()));
    });
}
