//! Values that are loaded once, and loads that fail.

use pennyweight::weak::{LoadError, WeakMap};
use std::panic::{AssertUnwindSafe, catch_unwind};

#[test]
fn a_load_that_panics_leaves_nothing() {
    let map: WeakMap<u32, u32> = WeakMap::new();
    let panicked =
        catch_unwind(AssertUnwindSafe(|| map.get_or_insert_with(1, |_| panic!("on purpose"))));
    assert!(panicked.is_err() && map.is_empty());
    assert_eq!(*map.get_or_insert_with(1, |_| 2), 2);
    map.check_invariants();
}

#[test]
#[should_panic(expected = "the loading of a value asks for the value itself")]
fn a_load_that_asks_for_itself_panics() {
    let map: WeakMap<u32, u32> = WeakMap::new();
    let _ = map.get_or_insert_with(1, |_| *map.get_or_insert_with(1, |_| 2));
}

#[test]
fn a_load_may_load_others() {
    let map: WeakMap<u32, u64> = WeakMap::new();
    map.keep_alive(100);
    fn fibonacci(map: &WeakMap<u32, u64>, n: u32) -> u64 {
        *map.get_or_insert_with(n, |&n| match n {
            0 | 1 => u64::from(n),
            _ => fibonacci(map, n - 1) + fibonacci(map, n - 2),
        })
    }
    assert_eq!((fibonacci(&map, 90), map.stats().loads), (2_880_067_194_370_816_120, 91));
    map.check_invariants();
}

#[test]
fn what_is_entered_during_a_load_wins_the_entry() {
    let map: WeakMap<u32, &str> = WeakMap::new();
    let mut entered = None;
    let loaded = map.get_or_insert_with(1, |&key| {
        entered = Some(map.insert(key, "entered"));
        "loaded"
    });
    assert_eq!((*loaded, map.get(&1).as_deref(), map.len()), ("loaded", Some(&"entered"), 1));
    map.check_invariants();
    let failed = map.try_get_or_insert_with(2, |&key| {
        entered = Some(map.insert(key, "entered"));
        Err::<&str, _>("failed")
    });
    assert_eq!(failed, Err(LoadError::Failed("failed")));
    assert_eq!(map.get(&2).as_deref(), Some(&"entered"));
    map.check_invariants();
}

#[test]
fn what_is_removed_during_a_load_does_not_come_back() {
    for clear in [false, true] {
        let map: WeakMap<u32, u32> = WeakMap::new();
        let loaded = map.get_or_insert_with(1, |key| {
            match clear {
                true => map.clear(),
                false => assert_eq!(map.remove(key), None),
            }
            map.check_invariants();
            7
        });
        assert_eq!((*loaded, map.len()), (7, 0));
        map.check_invariants();
        drop(loaded);
        map.check_invariants();
    }
}

#[cfg(feature = "std")]
mod many_threads {
    use super::*;
    use pennyweight::weak::SharedWeakMap;
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::thread;
    use std::time::Duration;

    #[test]
    fn distinct_keys_are_loaded_at_once() {
        let map: SharedWeakMap<u32, u32> = SharedWeakMap::new();
        // No load ends before all have begun.
        let barrier = Barrier::new(8);
        thread::scope(|scope| {
            for key in 0..8 {
                let (map, barrier) = (&map, &barrier);
                scope.spawn(move || {
                    let value = map.get_or_insert_with(key, |&key| {
                        barrier.wait();
                        key
                    });
                    assert_eq!(*value, key);
                });
            }
        });
        assert_eq!((map.len(), map.stats().loads), (0, 8));
        map.check_invariants();
    }

    #[test]
    fn those_who_wait_for_a_load_that_fails_load_themselves() {
        let map: SharedWeakMap<u32, u32> = SharedWeakMap::new();
        let calls = AtomicU32::new(0);
        let errors: u32 = thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| {
                        let got = catch_unwind(AssertUnwindSafe(|| {
                            map.try_get_or_insert_with(1, |_| {
                                thread::sleep(Duration::from_millis(10));
                                match calls.fetch_add(1, Ordering::Relaxed) {
                                    0 => Err("failed"),
                                    1 => panic!("on purpose"),
                                    number => Ok(number),
                                }
                            })
                        }));
                        match got {
                            Ok(Ok(value)) => {
                                assert!(*value >= 2);
                                // Nobody waits so long that the value would die in between.
                                thread::sleep(Duration::from_millis(50));
                                0
                            }
                            Ok(Err(error)) => {
                                assert_eq!(error, LoadError::Failed("failed"));
                                1
                            }
                            Err(_) => 1,
                        }
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!((errors, calls.into_inner(), map.len()), (2, 3, 0));
        map.check_invariants();
    }

    #[test]
    fn a_circle_of_loads_ends_with_the_timeout() {
        let map: SharedWeakMap<u32, u32> = SharedWeakMap::new();
        let barrier = Barrier::new(2);
        let ask = |own: u32, other: u32| {
            map.try_get_or_insert_with(own, |_| {
                barrier.wait();
                let timeout = Duration::from_millis(100);
                map.try_get_or_insert_within(other, timeout, |_| Ok::<_, ()>(0)).map(|value| *value)
            })
            .map(|value| *value)
        };
        let (one, two) = thread::scope(|scope| {
            let one = scope.spawn(|| ask(1, 2));
            let two = ask(2, 1);
            (one.join().unwrap(), two)
        });
        // Whoever waits in vain fails, and the other one loads then, or has failed as well.
        let timed_out = |got: &Result<u32, _>| got == &Err(LoadError::Failed(LoadError::TimedOut));
        assert!(timed_out(&one) || timed_out(&two), "{one:?} {two:?}");
        assert_eq!(map.len(), 0);
        map.check_invariants();
    }

    #[test]
    fn every_way_to_wait_ends_with_the_timeout() {
        let lengths = SharedWeakMap::<String, usize>::new();
        let texts = SharedWeakMap::<u32, str>::new();
        let (begun, ended) = (Barrier::new(2), Barrier::new(2));
        let soon = Duration::from_millis(5);
        thread::scope(|scope| {
            scope.spawn(|| {
                let length = lengths.get_or_insert_ref("a", |_| {
                    let text = texts.get_or_insert_from(1, |_| {
                        begun.wait();
                        ended.wait();
                        "one"
                    });
                    text.len()
                });
                assert_eq!(*length, 3);
            });
            begun.wait();
            let length = lengths.try_get_or_insert_ref_within("a", soon, |_| Ok::<_, ()>(0));
            assert_eq!(length, Err(LoadError::TimedOut));
            let text = texts.try_get_or_insert_from_within(1, soon, |_| Ok::<_, ()>("two"));
            assert_eq!(text, Err(LoadError::TimedOut));
            ended.wait();
        });
        assert_eq!((lengths.stats().loads, texts.stats().loads), (1, 1));
        // What nobody is loading is loaded, and what is there is found.
        let length = lengths.try_get_or_insert_ref_within("b", soon, |_| Ok::<_, ()>(4)).unwrap();
        let same = lengths.try_get_or_insert_ref_within("b", soon, |_| Err(())).unwrap();
        let text = texts.try_get_or_insert_from_within(2, soon, |_| Ok::<_, ()>("two")).unwrap();
        let failed = texts.try_get_or_insert_from_within(3, soon, |_| Err::<&str, _>("none"));
        assert_eq!((*length, *same, &*text), (4, 4, "two"));
        assert_eq!(failed, Err(LoadError::Failed("none")));
        lengths.check_invariants();
        texts.check_invariants();
    }

    #[test]
    fn a_thread_that_asks_for_its_own_load_gets_an_error() {
        let map: SharedWeakMap<u32, u32> = SharedWeakMap::new();
        let error = map
            .try_get_or_insert_with(1, |&key| {
                map.try_get_or_insert_with(key, |_| Ok::<_, ()>(1)).map(|value| *value)
            })
            .unwrap_err();
        assert_eq!(error, LoadError::Failed(LoadError::Recursive));
        map.check_invariants();
    }
}
