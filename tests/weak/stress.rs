//! Threads that do anything to one map, with loads that fail and panic.

use pennyweight::weak::{SharedStrong, SharedWeakKeyMap, SharedWeakMap, finalize};
use pennyweight_baseline::random::Random;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Counts how many are alive, and may own others.
struct Value {
    key: u64,
    alive: Arc<AtomicUsize>,
    #[expect(dead_code, reason = "is dropped")]
    owned: Option<SharedStrong<u64, Value>>,
}

impl Drop for Value {
    fn drop(&mut self) {
        self.alive.fetch_sub(1, Ordering::Relaxed);
    }
}

fn work(
    mut random: Random,
    map: &SharedWeakMap<u64, Value>,
    notes: &SharedWeakKeyMap<u64, Value, u64>,
    alive: &Arc<AtomicUsize>,
) -> Vec<SharedStrong<u64, Value>> {
    let mut held: Vec<SharedStrong<u64, Value>> = Vec::new();
    for _ in 0..20_000 {
        let key = random.bits(4);
        let make = |key: u64, owned| {
            alive.fetch_add(1, Ordering::Relaxed);
            Value { key, alive: Arc::clone(alive), owned }
        };
        match random.below(16) {
            0 => {
                let failed = map.try_get_or_insert_with(key, |_| Err("failed"));
                held.extend(failed.ok());
            }
            1 => {
                let load = || map.get_or_insert_with(key, |_| panic!("on purpose"));
                held.extend(catch_unwind(AssertUnwindSafe(load)).ok());
            }
            2 => held.push(map.insert(key, make(key, held.first().cloned()))),
            3 => drop(map.remove(&key)),
            4 => held.extend(map.get(&key)),
            5 => {
                if let Some(value) = held.last() {
                    let _ = notes.insert(value, value.key);
                    let counted = Arc::clone(alive);
                    let _ = finalize(value, move || drop(counted));
                }
            }
            6 => {
                for (value, note) in notes {
                    assert_eq!(value.key, *note);
                }
            }
            7 => {
                assert!(map.iter().all(|value| value.key == *SharedStrong::key(&value)));
            }
            8 => map.retain(|other, _| *other != key),
            9 if key == 0 => map.clear(),
            _ => {
                let value = map.get_or_insert_with(key, |&key| make(key, None));
                assert_eq!(value.key, key);
                held.push(value);
            }
        }
        if held.len() > 5 {
            held.clear();
        }
    }
    held
}

#[test]
fn threads_may_do_anything() {
    // The panics are on purpose.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    for (round, keep) in [0, 0, 3, 8].into_iter().enumerate() {
        let alive = Arc::new(AtomicUsize::new(0));
        let map = Arc::new(SharedWeakMap::new());
        let notes = Arc::new(SharedWeakKeyMap::new());
        map.keep_alive(keep);
        let threads: Vec<_> = (0..4)
            .map(|thread| {
                let random = Random::new(10 * round as u64 + thread);
                let (map, notes, alive) =
                    (Arc::clone(&map), Arc::clone(&notes), Arc::clone(&alive));
                thread::spawn(move || work(random, &map, &notes, &alive))
            })
            .collect();
        let held: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        map.check_invariants();
        if round % 2 == 0 {
            drop(map);
            drop(held);
        } else {
            drop(held);
            map.keep_alive(0);
            map.check_invariants();
            assert!(map.is_empty());
        }
        assert_eq!((alive.load(Ordering::Relaxed), notes.len()), (0, 0));
        assert_eq!(Arc::strong_count(&alive), 1);
    }
    std::panic::set_hook(hook);
}
