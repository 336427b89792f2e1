//! What threads share, used by several at once, for ThreadSanitizer to watch. Without it, this is a short test like others.
//!
//! `.ci/run` has it run under ThreadSanitizer, which must have nothing to say, and once more with the argument `planted`, when it must report
//! the race that is planted below: a detector that is silent there has seen nothing elsewhere either.
//!
//! The standard library at hand is not compiled for ThreadSanitizer, so that it does not see what happens in there: hence no test harness,
//! threads that are joined one by one, and the locks of `src/raw/watched.rs`.
#![allow(unsafe_code)]

use pennyweight::intern::SharedInterner;
use pennyweight::pool::{BoundedPool, Pool};
use pennyweight::weak::SharedWeakMap;
use std::cell::UnsafeCell;
use std::mem;
use std::sync::Arc;
use std::thread;

const THREADS: u64 = 4;
const ROUNDS: u64 = 20_000;

fn main() {
    interner();
    weak_map();
    pool();
    bounded_pool();
    if std::env::args().any(|argument| argument == "planted") {
        planted();
    }
}

/// Has each of some threads do something with what they share, and returns what they counted.
fn on_threads<T: Send + Sync + 'static>(shared: &Arc<T>, work: fn(&T, u64) -> u64) -> u64 {
    let threads: Vec<_> = (0..THREADS)
        .map(|thread| {
            let shared = Arc::clone(shared);
            let handle = thread::spawn(move || work(&shared, thread));
            // Whoever wakes a thread has a handle of it, the last of which would be dropped by a fence of std's.
            mem::forget(handle.thread().clone());
            handle
        })
        .collect();
    threads.into_iter().map(|thread| thread.join().expect("no panic")).sum()
}

/// The keys of a thread, some of which are the others' as well.
fn keys(thread: u64, of: u64) -> impl Iterator<Item = u64> {
    (0..ROUNDS).map(move |round| (round * 7 + thread * 13) % of)
}

fn interner() {
    let interner = Arc::new(SharedInterner::new());
    let bytes = on_threads(&interner, |interner, thread| {
        // Of each hundred, some names are longer, and one is longer than what a chunk has room for: it lies apart.
        let name = |key: u64| match key % 100 {
            0 => format!("name {key:05}").repeat(500),
            1..4 => format!("name {key:05}").repeat(10),
            _ => format!("name {key:05}"),
        };
        keys(thread, 5000)
            .map(|key| {
                let symbol = interner.intern(&name(key));
                let text = interner.resolve(symbol);
                assert_eq!(text, name(key));
                text.len() as u64
            })
            .sum()
    });
    // Each key comes as often as others.
    let of_a_hundred = 10 * (500 + 3 * 10 + 96);
    assert_eq!((interner.len(), bytes), (5000, THREADS * ROUNDS / 100 * of_a_hundred));
}

fn weak_map() {
    let map = Arc::new(SharedWeakMap::<u64, Vec<u64>>::new());
    let found = on_threads(&map, |map, thread| {
        let mut held = Vec::new();
        let mut sum = 0;
        for key in keys(thread, 50) {
            let value = map.get_or_insert_with(key, |&key| vec![key; 4]);
            sum += u64::from(value[..] == [key; 4]);
            held.push(value);
            // Most values die, and are loaded again.
            if held.len() == 8 {
                held.clear();
            }
        }
        sum
    });
    assert_eq!((map.len(), found), (0, THREADS * ROUNDS));
}

fn pool() {
    let pool = Arc::new(Pool::new(|| vec![0_u64; 4]));
    let uses = on_threads(&pool, |pool, thread| {
        for round in 0..ROUNDS {
            let mut object = pool.get();
            object.iter_mut().for_each(|count| *count += 1);
            // A second one, which is in another shard now and then.
            if round % 16 == thread {
                pool.get().iter_mut().for_each(|count| *count += 1);
            }
        }
        ROUNDS + ROUNDS / 16
    });
    let mut objects = Vec::new();
    while pool.stats().idle > 0 {
        objects.push(pool.get());
    }
    assert_eq!(objects.iter().map(|object| object[3]).sum::<u64>(), uses);
}

fn bounded_pool() {
    let pool = Arc::new(BoundedPool::new(2, || vec![0_u64; 4]));
    let uses = on_threads(&pool, |pool, _| {
        for _ in 0..ROUNDS / 20 {
            let mut object = pool.get().expect("nobody closes it");
            object.iter_mut().for_each(|count| *count += 1);
        }
        ROUNDS / 20
    });
    let objects = [pool.get().expect("all are back"), pool.get().expect("all are back")];
    let counted: u64 = objects.iter().map(|object| object[3]).sum();
    assert_eq!(counted, uses);
}

/// A number that threads change as they like.
struct Unguarded(UnsafeCell<u64>);

// SAFETY: there is none, and that is what ThreadSanitizer is to find. The threads race for a number of eight bytes, in a run that is
// made for nothing else.
unsafe impl Sync for Unguarded {}

fn planted() {
    on_threads(&Arc::new(Unguarded(UnsafeCell::new(0))), |number, _| {
        for _ in 0..ROUNDS {
            // SAFETY: as above.
            unsafe { *number.0.get() += 1 };
        }
        0
    });
}
