//! Values whose size is known when they are there.

use pennyweight::weak::{LoadError, Strong, WeakMap};

#[test]
fn strings_and_slices_lie_behind_their_keys() {
    let names: WeakMap<u32, str> = WeakMap::new();
    let empty = names.insert_from(0, "");
    let name = names.get_or_insert_from(1, |key| format!("name {key}"));
    assert_eq!((&*empty, &*name, size_of_val(&name)), ("", "name 1", 8));
    assert_eq!(names.get(&1).as_deref(), Some("name 1"));
    drop((empty, name));
    assert!(names.is_empty());
    names.check_invariants();

    let lists: WeakMap<String, [Box<u8>]> = WeakMap::new();
    let list = lists.get_or_insert_from("list".into(), |_| vec![Box::new(1), Box::new(2)]);
    assert_eq!(*list, [Box::new(1), Box::new(2)]);
    drop(lists);
    assert_eq!(Strong::key(&list), "list");
}

#[test]
fn alignments_hold() {
    #[derive(Clone, Debug, PartialEq)]
    #[repr(align(64))]
    struct Wide(u8);
    fn check<K: std::hash::Hash + Eq + Clone, V: PartialEq + std::fmt::Debug>(key: K, value: V) {
        let map: WeakMap<K, [V]> = WeakMap::new();
        let slice = map.insert_from(key.clone(), [value]);
        assert_eq!(slice.as_ptr().align_offset(align_of::<V>()), 0);
        let in_node: *const K = Strong::key(&slice);
        assert_eq!(in_node.align_offset(align_of::<K>()), 0);
        assert!(map.contains_key(&key));
    }
    #[derive(Clone, PartialEq, Eq, Hash)]
    #[repr(align(32))]
    struct WideKey(u8);
    check(1_u8, Wide(1));
    check(WideKey(1), 1_u8);
    check(WideKey(1), Wide(1));
    check((), 1_u128);
    check([1_u8; 3], 1_u16);
    check("a".to_owned(), 1_u32);
}

#[test]
fn a_load_that_fails_leaves_nothing() {
    let map: WeakMap<u32, str> = WeakMap::new();
    let failed = map.try_get_or_insert_from(1, |_| Err::<&str, _>("no"));
    assert_eq!(failed, Err(LoadError::Failed("no")));
    let recursive = map.try_get_or_insert_from(1, |&key| {
        let error = map.try_get_or_insert_from(key, |_| Ok::<_, ()>("a")).unwrap_err();
        assert_eq!(error, LoadError::Recursive);
        Ok::<_, ()>("b")
    });
    assert_eq!(recursive.as_deref(), Ok("b"));
    assert_eq!(map.len(), 1);
    map.check_invariants();
}

#[test]
fn a_string_that_is_loaded_does_not_displace_what_was_entered_meanwhile() {
    let map: WeakMap<u32, str> = WeakMap::new();
    let mut entered = None;
    let loaded = map.get_or_insert_from(1, |&key| {
        entered = Some(map.insert_from(key, "entered"));
        "loaded"
    });
    assert_eq!((&*loaded, map.get(&1).as_deref()), ("loaded", Some("entered")));
    drop(loaded);
    assert_eq!(map.len(), 1);
    map.check_invariants();
}

#[cfg(feature = "std")]
#[test]
fn those_who_wait_get_the_string() {
    use pennyweight::weak::SharedWeakMap;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::thread;
    use std::time::Duration;
    let map: SharedWeakMap<u32, str> = SharedWeakMap::new();
    let loads = AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..8 {
            // Each lets go at once: those who wait have the value from the moment on that it is there.
            scope.spawn(|| {
                let value = map.get_or_insert_from(1, |_| {
                    loads.fetch_add(1, Ordering::Relaxed);
                    thread::sleep(Duration::from_millis(100));
                    "loaded"
                });
                assert_eq!(&*value, "loaded");
            });
        }
    });
    assert_eq!((loads.into_inner(), map.len()), (1, 0));
    map.check_invariants();
}
