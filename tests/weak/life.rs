//! Entries come and go with their values.

use pennyweight::weak::{LoadError, Strong, WeakKeyMap, WeakMap, WeakSet};

#[test]
fn an_entry_dies_with_the_last_handle() {
    let map: WeakMap<u32, String> = WeakMap::new();
    let a = map.insert(1, "a".to_owned());
    let b = map.get(&1).unwrap();
    assert!(Strong::ptr_eq(&a, &b));
    assert_eq!((&**a, Strong::key(&b), map.len()), ("a", &1, 1));
    drop(a);
    assert_eq!(map.len(), 1);
    drop(b);
    assert_eq!((map.len(), map.get(&1)), (0, None));
    map.check_invariants();
}

#[test]
fn the_types_of_a_map_follow_from_its_use() {
    let map = WeakMap::new();
    let value = map.insert(1_u8, "one");
    let said = WeakKeyMap::new();
    assert!(said.insert(&value, 1.5).is_none() && WeakSet::<str>::new().get("one").is_none());
    assert_eq!((map.get(&1), said.len()), (Some(value), 1));
}

#[test]
fn a_replaced_value_lives_on_and_leaves_the_new_entry_alone() {
    let map: WeakMap<u32, &str> = WeakMap::new();
    let old = map.insert(1, "old");
    let new = map.insert(1, "new");
    assert_eq!((*old, *new, map.len()), ("old", "new", 1));
    drop(old);
    assert_eq!(map.get(&1).as_deref(), Some(&"new"));
    map.check_invariants();
}

#[test]
fn values_outlive_the_map() {
    let map: WeakMap<u32, String> = WeakMap::new();
    let values: Vec<_> = (0..100).map(|i| map.insert(i, i.to_string())).collect();
    drop(map);
    assert!(values.iter().all(|value| **value == Strong::key(value).to_string()));
}

#[test]
fn a_load_that_asks_for_itself_is_an_error() {
    let map: WeakMap<u32, u32> = WeakMap::new();
    let value = map.try_get_or_insert_with(1, |&key| {
        let error = map.try_get_or_insert_with(key, |_| Ok::<_, ()>(0)).unwrap_err();
        assert_eq!(error, LoadError::Recursive);
        assert_eq!((map.get(&key), map.len()), (None, 0));
        Ok::<_, ()>(7)
    });
    assert_eq!(value.as_deref(), Ok(&7));
    map.check_invariants();
}

#[test]
fn a_chain_of_values_is_dropped_without_recursion() {
    struct Link(#[expect(dead_code, reason = "is dropped")] Option<Strong<u32, Link>>);
    let map: WeakMap<u32, Link> = WeakMap::new();
    let mut first = None;
    for key in 0..100_000 {
        first = Some(map.insert(key, Link(first)));
    }
    assert_eq!(map.len(), 100_000);
    drop(first);
    assert_eq!(map.len(), 0);
    map.check_invariants();
}

#[cfg(feature = "std")]
mod many_threads {
    use pennyweight::weak::{SharedWeakMap, Strong};
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::thread;
    use std::time::Duration;

    #[test]
    fn a_cold_key_is_loaded_once() {
        let map: SharedWeakMap<u32, u32> = SharedWeakMap::new();
        let loads = AtomicU32::new(0);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let value = map.get_or_insert_with(7, |&key| {
                        loads.fetch_add(1, Ordering::Relaxed);
                        thread::sleep(Duration::from_millis(20));
                        key * 6
                    });
                    assert_eq!(*value, 42);
                    // Nobody waits so long that the value would die in between.
                    thread::sleep(Duration::from_millis(20));
                });
            }
        });
        assert_eq!((loads.into_inner(), map.len()), (1, 0));
        map.check_invariants();
    }

    #[test]
    fn a_chain_of_shared_values_is_dropped_without_recursion() {
        struct Link(#[expect(dead_code, reason = "is dropped")] Option<Handle>);
        type Handle = Strong<u32, Link, pennyweight::weak::Shared>;
        let map: SharedWeakMap<u32, Link> = SharedWeakMap::new();
        let mut first = None;
        for key in 0..100_000 {
            first = Some(map.insert(key, Link(first)));
        }
        drop(first);
        assert_eq!(map.len(), 0);
        map.check_invariants();
    }
}
