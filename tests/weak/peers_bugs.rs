//! Defects of other weak maps and interners.

use pennyweight::weak::{WeakMap, WeakSet};

/// weak-table, and a `HashMap` of weak pointers: 10 MB are held after every value has gone.
#[test]
fn nothing_is_held_for_the_dead() {
    let map: WeakMap<u64, [u8; 4096]> = WeakMap::new();
    let empty = map.heap_bytes();
    let values: Vec<_> = (0..2000).map(|key| map.insert(key, [0; 4096])).collect();
    drop(values);
    assert!(map.heap_bytes() <= empty + 100);
}

/// RUSTSEC-2020-0017, and internment #7 and #20: the last handle goes on one thread while another one asks for the value. Who asks gets
/// the old copy, alive, or a new one.
#[cfg(feature = "std")]
#[test]
fn the_last_drop_and_a_get_may_meet() {
    use pennyweight::weak::SharedWeakSet;
    use std::thread;
    let set: SharedWeakSet<Box<u32>> = SharedWeakSet::new();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for round in 0..20_000_u32 {
                    let value = set.get_or_insert(Box::new(round % 3));
                    assert_eq!(**value, round % 3);
                    let same = set.get(&(round % 3)).map(|value| **value);
                    assert_eq!(same, Some(round % 3));
                }
            });
        }
    });
    assert!(set.is_empty());
    set.check_invariants();
}

/// internment #20 and cpython#98937: to look at what is there must not bring back what is about to go.
#[cfg(feature = "std")]
#[test]
fn iteration_and_death_may_meet() {
    use pennyweight::weak::SharedWeakMap;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;
    let map: SharedWeakMap<u32, Box<u32>> = SharedWeakMap::new();
    let end = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            for round in 0..20_000 {
                let values = [0, 1, 2].map(|key| map.insert(key, Box::new(round)));
                assert!(values.iter().all(|value| ***value == round));
            }
            end.store(true, Ordering::Release);
        });
        while !end.load(Ordering::Acquire) {
            assert!(map.iter().all(|value| **value < 20_000));
        }
    });
    assert!(map.is_empty());
    map.check_invariants();
}

/// singleflight: the next caller hangs after a load has panicked. Here it loads.
#[cfg(feature = "std")]
#[test]
fn a_panic_wakes_those_who_wait() {
    use pennyweight::weak::SharedWeakMap;
    use std::thread;
    use std::time::Duration;
    let map: SharedWeakMap<u32, u32> = SharedWeakMap::new();
    thread::scope(|scope| {
        let first = scope.spawn(|| {
            let _ = map.get_or_insert_with(1, |_| {
                thread::sleep(Duration::from_millis(50));
                panic!("on purpose")
            });
        });
        thread::sleep(Duration::from_millis(10));
        assert_eq!(*map.get_or_insert_with(1, |_| 7), 7);
        assert!(first.join().is_err());
    });
    map.check_invariants();
}

/// Those that hash or compare a borrowed key as another type than the one that was entered do not find it.
#[test]
fn equal_keys_of_other_types_find_the_value() {
    let map: WeakMap<String, u32> = WeakMap::new();
    let value = map.insert("key".to_owned(), 1);
    assert_eq!(map.get("key"), Some(value));
    let set: WeakSet<String> = WeakSet::new();
    let value = set.get_or_insert("text".to_owned());
    assert_eq!(set.get("text"), Some(value));
}
