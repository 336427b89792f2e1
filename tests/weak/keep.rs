//! Values that the map keeps alive for a while.

use pennyweight::weak::{Strong, WeakMap};
use std::panic::{AssertUnwindSafe, catch_unwind};

fn keys(map: &WeakMap<u32, u32>) -> Vec<u32> {
    let mut keys: Vec<u32> = map.iter().map(|value| *value).collect();
    keys.sort_unstable();
    keys
}

#[test]
fn those_asked_for_last_are_kept() {
    let map: WeakMap<u32, u32> = WeakMap::new();
    map.keep_alive(3);
    for key in 0..3 {
        drop(map.insert(key, key));
    }
    // 0 has a second chance, and 1 goes.
    assert!(map.get(&0).is_some());
    drop(map.get_or_insert_with(3, |&key| key));
    assert_eq!(keys(&map), [0, 2, 3]);
    drop(map.insert(4, 4));
    assert_eq!(keys(&map), [0, 3, 4]);
    map.check_invariants();

    map.keep_alive(0);
    assert!(map.is_empty());
    drop(map.insert(5, 5));
    assert!(map.is_empty());
}

#[test]
fn a_value_with_a_handle_is_kept_again_when_it_is_asked_for() {
    let map: WeakMap<u32, u32> = WeakMap::new();
    let value = map.insert(0, 0);
    map.keep_alive(1);
    drop(map.insert(1, 1));
    assert_eq!(keys(&map), [0, 1]);
    assert_eq!(map.get(&0), Some(value.clone()));
    assert_eq!(keys(&map), [0]);
    drop(value);
    assert_eq!(keys(&map), [0]);
}

#[test]
fn what_is_taken_out_is_kept_no_longer() {
    let map: WeakMap<u32, String> = WeakMap::new();
    map.keep_alive(10);
    drop(map.insert(0, "a".into()));
    let value = map.remove(&0).unwrap();
    assert_eq!(pennyweight::weak::Strong::count(&value), 1);
    drop(map.insert(0, "b".into()));
    let old = map.get(&0).unwrap();
    drop(map.insert(0, "c".into()));
    assert_eq!(pennyweight::weak::Strong::count(&old), 1);
    map.retain(|_, _| false);
    assert_eq!(map.stats().expired, 1);
    drop(map.insert(1, "d".into()));
    map.clear();
    assert_eq!(map.stats().expired, 2);
    drop((value, old));
    assert_eq!(map.stats().expired, 4);
    map.check_invariants();
}

#[test]
fn what_is_taken_out_while_it_is_loaded_is_not_kept() {
    use std::rc::Rc;
    let witness = Rc::new(());
    let map: WeakMap<u32, Rc<()>> = WeakMap::new();
    map.keep_alive(10);
    drop(map.get_or_insert_with(1, |key| {
        assert!(map.remove(key).is_none());
        Rc::clone(&witness)
    }));
    drop(map.get_or_insert_with(2, |_| {
        map.clear();
        Rc::clone(&witness)
    }));
    let slices: WeakMap<u32, [Rc<()>]> = WeakMap::new();
    slices.keep_alive(10);
    drop(slices.get_or_insert_from(3, |key| {
        assert!(slices.remove(key).is_none());
        [Rc::clone(&witness)]
    }));
    assert_eq!((map.len(), slices.len(), Rc::strong_count(&witness)), (0, 0, 1));
    // Out of the map, a value can be told about all the same, and enters another map.
    let value = map.insert(4, Rc::clone(&witness));
    assert!(map.remove(&4).is_some());
    let notes: pennyweight::weak::WeakKeyMap<u32, Rc<()>, u32> = Default::default();
    let _ = notes.insert(&value, 44);
    assert_eq!(notes.iter().map(|(_, note)| *note).sum::<u32>(), 44);
    map.check_invariants();
    slices.check_invariants();
}

#[test]
fn weights_bound_what_is_kept() {
    let map: WeakMap<u32, u32> = WeakMap::new();
    map.keep_alive_by(10, |_, &value| value as usize);
    for key in [4, 5, 3] {
        drop(map.insert(key, key));
    }
    assert_eq!(keys(&map), [3, 5]);
    // What is too heavy alone is not kept, and what came before it stays.
    drop(map.insert(11, 11));
    assert_eq!(keys(&map), [3, 5]);
    drop(map.insert(10, 10));
    assert_eq!(keys(&map), [10]);
    map.check_invariants();
}

#[test]
fn weights_bound_what_a_set_keeps() {
    use pennyweight::weak::WeakSet;
    let words: WeakSet<str> = WeakSet::new();
    words.keep_alive_by(10, str::len);
    for word in ["three", "four", "eleven long", "six"] {
        drop(words.get_or_insert(word));
    }
    let mut kept: Vec<_> = words.iter().map(|word| word.to_string()).collect();
    kept.sort_unstable();
    assert_eq!(kept, ["four", "six"]);
    // Counted again, each is one.
    words.keep_alive(1);
    drop(words.get_or_insert("eleven long"));
    assert!(words.len() == 1 && words.contains("eleven long"));
    words.check_invariants();
}

#[test]
fn kept_values_die_with_the_map() {
    use std::rc::Rc;
    let witness = Rc::new(());
    let map: WeakMap<u32, Rc<()>> = WeakMap::new();
    map.keep_alive(5);
    for key in 0..5 {
        drop(map.insert(key, Rc::clone(&witness)));
    }
    assert_eq!(Rc::strong_count(&witness), 6);
    drop(map);
    assert_eq!(Rc::strong_count(&witness), 1);
}

#[test]
fn what_is_taken_out_is_kept_no_longer_though_the_closure_panics() {
    let map: WeakMap<u32, u32> = WeakMap::new();
    map.keep_alive(10);
    let value = map.insert(0, 0);
    drop(map.insert(1, 1));
    let mut left = 2;
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        map.retain(|_, _| {
            left -= 1;
            assert!(left > 0, "on purpose");
            false
        });
    }));
    assert!(panicked.is_err());
    // One was taken out, and one is kept.
    assert_eq!(map.len(), 1);
    let handles = Strong::count(&value) + map.iter().filter(|same| **same == 1).count();
    assert_eq!(handles, 2, "the handle here, and that of the map or the value that it keeps");
    map.check_invariants();
}
