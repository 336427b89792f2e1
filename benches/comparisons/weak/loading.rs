//! Values that many threads ask for at once, and that take long to load.

use super::peers::{Caches, Dash, Locked, Moka, Quick, Shares, Swept, Value, value};
use core::hint::black_box;
use core::time::Duration;
use pennyweight::weak::SharedWeakMap;
use pennyweight_baseline::weak::SharedCache;
use pennyweight_comparison::{Comparison, Suite};
use std::sync::Barrier;
use std::thread;

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("weak", "load-one-key", |_| one_key());
    suite.add("weak", "load-many-keys", |_| many_keys());
}

const THREADS: usize = 8;

fn one_key() -> Comparison {
    /// Waits, as for a file, so that all threads are there, and then keeps a processor busy: who loads a value for each
    /// thread takes so much more of it.
    fn load(key: u64) -> Value {
        thread::sleep(Duration::from_millis(1));
        let mut value = value(key);
        for _ in 0..400_000 {
            value = black_box(value).map(|part| part.rotate_left(1));
        }
        value
    }
    let comparison = Comparison::of("one key", THREADS).threads(THREADS as u32).about(
        "Eight threads ask for one key that is not there, at once. Loading its value sleeps for \
         1 ms, as for a file, and then keeps a processor busy. The time is that of the wall clock \
         from before they are started until all have the value. naive loads it eight times, and \
         `SweptMap` behind a lock too.",
    );
    all(comparison, load, |_| 0)
}

fn many_keys() -> Comparison {
    /// Waits, as for a file or another machine.
    fn load(key: u64) -> Value {
        thread::sleep(Duration::from_millis(5));
        value(key)
    }
    let comparison = Comparison::of("eight keys", THREADS).threads(THREADS as u32).about(
        "Eight threads ask for a key each, at once. Loading a value takes 5 ms, in which the \
         thread sleeps. The time is that of the wall clock from before they are started until \
         all have their value.",
    );
    all(comparison, load, |thread| thread)
}

/// Adds all variants. Each time, thread number n asks for `key_of(n)`.
fn all(comparison: Comparison, load: fn(u64) -> Value, key_of: fn(u64) -> u64) -> Comparison {
    /// A map, and how often threads have asked it: they ask for other keys each time.
    struct Asked<C> {
        map: C,
        times: u64,
    }
    fn build<C: Caches>() -> Asked<C> {
        Asked { map: C::empty(1000), times: 0 }
    }
    fn ask<C: Shares>(
        load: fn(u64) -> Value,
        key_of: fn(u64) -> u64,
    ) -> impl Fn(&mut Asked<C>) -> i64 + 'static {
        move |Asked { map, times }| {
            *times += 1;
            let (map, first) = (&*map, *times * THREADS as u64);
            let ready = &Barrier::new(THREADS);
            thread::scope(|scope| {
                let threads: Vec<_> = (0..THREADS as u64)
                    .map(|thread| {
                        scope.spawn(move || {
                            ready.wait();
                            map.load(first + key_of(thread), load)
                        })
                    })
                    .collect();
                let handles: Vec<_> =
                    threads.into_iter().map(|thread| thread.join().expect("no panic")).collect();
                handles.len() as i64
            })
        }
    }
    comparison
        .naive(build::<SharedCache<u64, Value>>, ask(load, key_of))
        .pennyweight(build::<SharedWeakMap<u64, Value>>, ask(load, key_of))
        .variant("pennyweight swept", build::<Swept>, ask(load, key_of))
        .variant("Mutex, loads inside", build::<Locked>, ask(load, key_of))
        .peer("dashmap", "dashmap of Weak", build::<Dash>, ask(load, key_of))
        .peer("moka", "moka", build::<Moka>, ask(load, key_of))
        .peer("quick_cache", "quick_cache", build::<Quick>, ask(load, key_of))
}
