//! All the orders in which threads may see each other's stores, as far as loom's model and three preemptions go.
//!
//! The code is that of the maps, with loom's atomics and locks, and one shard.

use super::{SharedStrong, SharedWeakKeyMap, SharedWeakMap, Strong, finalize};
use loom::sync::Arc;
use loom::sync::atomic::{AtomicUsize, Ordering};
use loom::thread;
use std::hash::{BuildHasherDefault, DefaultHasher};

fn explore(test: impl Fn() + Sync + Send + 'static) {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(3);
    model.check(test);
}

/// Hashes alike each time, so that what is looked at depends on the order alone.
type Fixed = BuildHasherDefault<DefaultHasher>;

fn map() -> Arc<SharedWeakMap<u32, u32, Fixed>> {
    Arc::new(SharedWeakMap::with_hasher(Fixed::new()))
}

#[test]
fn who_asks_while_the_last_handle_goes_gets_the_value_or_none() {
    explore(|| {
        let map = map();
        let value = map.insert(1, 7);
        let other = Arc::clone(&map);
        let thread = thread::spawn(move || other.get(&1).is_none_or(|value| *value == 7));
        drop(value);
        assert!(thread.join().unwrap());
        assert!(map.is_empty());
        map.check_invariants();
    });
}

#[test]
fn of_two_last_handles_one_buries_the_value() {
    explore(|| {
        let map = map();
        let value = map.insert(1, 7);
        let clone = value.clone();
        let thread = thread::spawn(move || assert_eq!(*clone, 7));
        drop(value);
        thread.join().unwrap();
        assert_eq!(map.stats().expired, 1);
        map.check_invariants();
    });
}

#[test]
fn a_value_that_dies_does_not_take_its_successor_along() {
    explore(|| {
        let map = map();
        let value = map.insert(1, 7);
        let other = Arc::clone(&map);
        let thread = thread::spawn(move || other.get_or_insert_with(1, |_| 8));
        drop(value);
        let value = thread.join().unwrap();
        assert_eq!(map.get(&1).as_deref(), Some(&*value));
        map.check_invariants();
    });
}

#[test]
fn the_last_value_or_the_map_frees_the_table() {
    explore(|| {
        let map = map();
        let values = [map.insert(1, 7), map.insert(2, 8)];
        let [one, two] = values;
        let thread = thread::spawn(move || drop(one));
        drop(map);
        drop(two);
        thread.join().unwrap();
    });
}

#[test]
fn those_who_wait_see_the_value() {
    explore(|| {
        let map = map();
        let other = Arc::clone(&map);
        let thread = thread::spawn(move || other.get_or_insert_with(1, |_| 7));
        let value = map.get_or_insert_with(1, |_| 7);
        let same = thread.join().unwrap();
        assert_eq!((*value, *same, map.stats().loads), (7, 7, 1));
        assert!(Strong::ptr_eq(&value, &same));
        map.check_invariants();
    });
}

#[test]
fn those_who_wait_for_a_load_that_fails_load_themselves() {
    explore(|| {
        let map = map();
        let other = Arc::clone(&map);
        let thread = thread::spawn(move || {
            other.try_get_or_insert_with(1, |_| Err(())).is_ok_and(|it| *it == 7)
        });
        let value = map.get_or_insert_with(1, |_| 7);
        thread.join().unwrap();
        assert_eq!(*value, 7);
        drop(value);
        assert!(map.is_empty());
        map.check_invariants();
    });
}

#[test]
fn those_who_wait_see_the_string_that_needed_another_node() {
    explore(|| {
        let map: Arc<SharedWeakMap<u32, str, Fixed>> =
            Arc::new(SharedWeakMap::with_hasher(Fixed::new()));
        let other = Arc::clone(&map);
        // Both let go at once.
        let load = |map: &SharedWeakMap<u32, str, Fixed>| {
            assert_eq!(&*map.get_or_insert_from(1, |_| "seven"), "seven");
        };
        let thread = thread::spawn(move || load(&other));
        load(&map);
        thread.join().unwrap();
        assert!(map.is_empty());
        map.check_invariants();
    });
}

#[test]
fn a_string_that_needs_another_node_is_seen_whole_or_not_at_all() {
    for remove in [false, true] {
        explore(move || {
            let map: Arc<SharedWeakMap<u32, str, Fixed>> =
                Arc::new(SharedWeakMap::with_hasher(Fixed::new()));
            let other = Arc::clone(&map);
            let thread = thread::spawn(move || match remove {
                true => assert!(other.remove(&1).is_none_or(|value| &*value == "seven")),
                false => drop(other.contains_key(&1)),
            });
            let value = map.get_or_insert_from(1, |_| "seven");
            thread.join().unwrap();
            assert_eq!(&*value, "seven");
            drop(value);
            assert!(map.is_empty());
            map.check_invariants();
        });
    }
}

#[test]
fn what_is_removed_while_it_is_loaded_stays_out() {
    explore(|| {
        let map = map();
        let other = Arc::clone(&map);
        let thread = thread::spawn(move || drop(other.remove(&1)));
        let value = map.get_or_insert_with(1, |_| 7);
        thread.join().unwrap();
        assert!(map.get(&1).is_none_or(|same| Strong::ptr_eq(&same, &value)));
        map.check_invariants();
        drop(value);
        assert!(map.is_empty());
        map.check_invariants();
    });
}

#[test]
fn a_finalizer_is_called_once() {
    explore(|| {
        let calls = Arc::new(AtomicUsize::new(0));
        let value: SharedStrong<(), u32> = Strong::new(7);
        let add = |value: &SharedStrong<(), u32>| {
            let calls = Arc::clone(&calls);
            finalize(value, move || {
                calls.fetch_add(1, Ordering::Relaxed);
            })
        };
        let clone = value.clone();
        let first = add(&value);
        let thread = thread::spawn(move || {
            first.call();
            drop(clone);
        });
        let _ = add(&value);
        drop(value);
        thread.join().unwrap();
        assert_eq!(calls.load(Ordering::Relaxed), 2);
    });
}

#[test]
fn who_looks_through_a_key_map_revives_nothing() {
    explore(|| {
        let notes: Arc<SharedWeakKeyMap<(), u32, u32>> = Arc::new(SharedWeakKeyMap::new());
        let object = Strong::new(7);
        drop(notes.insert(&object, 8));
        let other = Arc::clone(&notes);
        let thread = thread::spawn(move || {
            other.iter().for_each(|(object, note)| assert_eq!((*object, *note), (7, 8)));
        });
        drop(object);
        thread.join().unwrap();
        assert!(notes.is_empty());
    });
}
