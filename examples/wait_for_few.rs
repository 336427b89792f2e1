//! Four threads answer requests, each of which needs a large buffer for a moment: two buffers are all that there ever are.
//!
//! A pool without a limit holds as many objects as were ever in use at a time. Here whoever finds none waits, in the order in which they came, and a
//! timeout tells that the load is too high, before memory does.

use core::time::Duration;
use pennyweight::pool::{BoundedPool, GetError};
use pennyweight::profile::{Allocator, Stats, measure_global};
use std::thread;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

const THREADS: u64 = 4;
const REQUESTS: u64 = 250;
const BUFFER: usize = 256 << 10;

type Buffers = BoundedPool<Vec<u8>, (fn() -> Vec<u8>, fn(&mut Vec<u8>))>;

/// All memory that requests take. A buffer is emptied when it comes back.
static BUFFERS: Buffers = BoundedPool::new(2, (|| Vec::with_capacity(BUFFER), Vec::clear));

/// Needs the whole buffer.
fn answer(request: u64, buffer: &mut Vec<u8>) -> u64 {
    assert!(buffer.is_empty());
    buffer.resize(BUFFER, request as u8);
    buffer.iter().map(|&byte| u64::from(byte)).sum()
}

fn on_threads(answers: impl Fn(u64) -> u64 + Sync) -> u64 {
    let answers = &answers;
    thread::scope(|scope| {
        let threads = (0..THREADS).map(|thread| {
            scope.spawn(move || (0..REQUESTS).map(|i| answers(thread * REQUESTS + i)).sum::<u64>())
        });
        let threads: Vec<_> = threads.collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}

/// A buffer for each request.
fn before() -> u64 {
    on_threads(|request| answer(request, &mut Vec::with_capacity(BUFFER)))
}

fn after() -> u64 {
    on_threads(|request| {
        let mut buffer = BUFFERS.get_timeout(Duration::from_secs(60)).expect("two suffice");
        answer(request, &mut buffer)
    })
}

/// How many large buffers were allocated.
fn buffers(stats: Stats) -> u64 {
    stats.allocated_bytes / BUFFER as u64
}

fn main() {
    let (expected, naive) = measure_global(before);
    let (answers, pooled) = measure_global(after);
    assert_eq!(answers, expected);
    assert_eq!(buffers(naive), THREADS * REQUESTS);
    assert!(buffers(pooled) <= 2);

    let stats = BUFFERS.stats();
    assert_eq!(stats.created + stats.reused, THREADS * REQUESTS);
    // A vector, and eight bytes for the pool; and the queue, if anybody had to wait.
    let queue = BUFFERS.heap_bytes() - stats.idle * (size_of::<Vec<u8>>() + 8);
    assert!(queue <= 128 && (queue > 0) == (stats.waited > 0));

    // Overload: both are in use for longer than anybody wants to wait.
    let held = [BUFFERS.get().unwrap(), BUFFERS.get().unwrap()];
    let after = Duration::from_millis(5);
    let error = BUFFERS.get_timeout(after).unwrap_err();
    assert_eq!(error, GetError::TimedOut { after });
    println!("{} buffers instead of {}; then: {error}", buffers(pooled), buffers(naive));

    // The end: whoever waits is told, and what comes back is dropped.
    BUFFERS.close();
    drop(held);
    assert_eq!(BUFFERS.get().unwrap_err(), GetError::Closed);
    assert!(BUFFERS.heap_bytes() <= 128);
}
