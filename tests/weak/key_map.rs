//! What is said about values that others hold.

use pennyweight::weak::{Local, Mode, Stats, Strong, WeakKeyMap, WeakKeyMapIn, WeakMap};
use proptest::collection::vec;
use proptest::prelude::*;
use std::cell::Cell;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

#[test]
fn an_entry_goes_with_its_object() {
    let labels: WeakKeyMap<(), u32, String> = WeakKeyMap::new();
    let weights: WeakKeyMap<(), u32, u32> = WeakKeyMap::new();
    let (one, other) = (Strong::new(1), Strong::new(1));
    assert!(labels.insert(&one, "one".into()).is_none());
    assert_eq!(labels.insert(&one, "first".into()).as_deref(), Some(&"one".to_owned()));
    let _ = weights.insert(&one, 7);
    let _ = weights.insert(&other, 8);
    assert_eq!(labels.get(&one).as_deref(), Some(&"first".to_owned()));
    assert!(!labels.contains_key(&other));
    assert_eq!((labels.len(), weights.len()), (1, 2));
    let said = weights.get(&one).unwrap();
    drop(one);
    assert_eq!((labels.len(), weights.len(), *said), (0, 1, 7));
    assert_eq!(*weights.get_or_insert_with(&other, || 9), 8);
    assert_eq!(weights.remove(&other).as_deref(), Some(&8));
    assert_eq!(*weights.get_or_insert_with(&other, || 9), 9);
    drop(other);
    assert!(weights.is_empty());
}

#[test]
fn what_is_said_is_changed_while_nobody_else_holds_it() {
    let mut counts: WeakKeyMap<(), &str, u32> = WeakKeyMap::new();
    let object = Strong::new("object");
    assert_eq!(counts.get_mut(&object), None);
    let _ = counts.insert(&object, 1);
    *counts.get_mut(&object).unwrap() += 1;
    let said = counts.get(&object).unwrap();
    assert_eq!((*said, counts.get_mut(&object)), (2, None));
    drop(said);
    assert_eq!(counts.get_mut(&object), Some(&mut 2));
}

#[test]
fn what_another_map_gives_out_handles_of_is_not_changed() {
    let mut said: WeakKeyMap<(), u32, Vec<u8>> = WeakKeyMap::new();
    let about: WeakKeyMap<(), Vec<u8>, ()> = WeakKeyMap::new();
    let object = Strong::new(1);
    let _ = said.insert(&object, vec![7; 64]);
    let _ = about.insert(&said.get(&object).unwrap(), ());
    // There is one handle, but the other map would make one while the value is borrowed.
    assert_eq!(Strong::count(&said.get(&object).unwrap()), 2);
    assert_eq!(said.get_mut(&object), None);
    assert_eq!(about.iter().map(|(bytes, _)| bytes.len()).sum::<usize>(), 64);
}

#[test]
fn what_is_said_is_dropped_though_one_drop_panics() {
    struct Fragile(Rc<Cell<u32>>, bool);
    impl Drop for Fragile {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
            assert!(!self.1, "on purpose");
        }
    }
    let objects: Vec<_> = (0..100).map(Strong::<(), u32>::new).collect();
    let dropped = Rc::new(Cell::new(0));
    let fill = || {
        let map: WeakKeyMap<(), u32, Fragile> = WeakKeyMap::new();
        for object in &objects {
            let _ = map.insert(object, Fragile(Rc::clone(&dropped), **object == 7));
        }
        map
    };
    let map = fill();
    assert!(catch_unwind(AssertUnwindSafe(|| map.clear())).is_err());
    assert_eq!((dropped.get(), map.len()), (100, 0));
    let map = fill();
    assert!(catch_unwind(AssertUnwindSafe(|| drop(map))).is_err());
    assert_eq!((dropped.get(), Rc::strong_count(&dropped)), (200, 1));
}

#[test]
fn a_map_may_go_before_the_objects_and_after_them() {
    let witness = Rc::new(());
    let object: Strong<(), u32> = Strong::new(1);
    for _ in 0..100 {
        let map: WeakKeyMap<(), u32, Rc<()>> = WeakKeyMap::new();
        let _ = map.insert(&object, Rc::clone(&witness));
        assert_eq!(Rc::strong_count(&witness), 2);
    }
    assert_eq!(Rc::strong_count(&witness), 1);
    let map: WeakKeyMap<(), u32, Rc<()>> = WeakKeyMap::new();
    let _ = map.insert(&object, Rc::clone(&witness));
    drop(object);
    assert_eq!((map.len(), Rc::strong_count(&witness)), (0, 1));
}

#[test]
fn objects_of_maps_and_of_sets_may_have_something_said_about_them() {
    let texts: WeakMap<u32, str> = WeakMap::new();
    let notes: WeakKeyMap<u32, str, u32> = WeakKeyMap::new();
    let text = texts.insert_from(1, "one");
    let _ = notes.insert(&text, 11);
    let found: Vec<_> = notes.iter().map(|(text, note)| (text.to_string(), *note)).collect();
    assert_eq!(found, [("one".to_owned(), 11)]);
    assert_eq!(format!("{notes:?}"), r#"{"one": 11}"#);
    drop(text);
    assert!(notes.is_empty() && texts.is_empty());
    texts.check_invariants();
}

#[test]
fn what_is_said_may_own_objects() {
    // A chain through what is said: each object of the map is held by what is said about the next one.
    let objects: WeakMap<u32, u32> = WeakMap::new();
    let said: WeakKeyMap<u32, u32, Strong<u32, u32>> = WeakKeyMap::new();
    let mut last = objects.insert(0, 0);
    for key in 1..50_000 {
        let object = objects.insert(key, key);
        let _ = said.insert(&object, last);
        last = object;
    }
    assert_eq!(said.len(), 49_999);
    drop(last);
    assert_eq!((objects.len(), said.len()), (0, 0));
    objects.check_invariants();
}

#[test]
fn what_is_retained_fits_a_smaller_table_and_all_is_counted() {
    let said: WeakKeyMap<(), u32, u32> = WeakKeyMap::new();
    let empty = said.heap_bytes();
    let mut objects: Vec<Strong<(), u32>> = (0..1000).map(Strong::new).collect();
    for object in &objects {
        assert_eq!(*said.get_or_insert_with(object, || **object), **object);
    }
    let full = said.heap_bytes();
    said.retain(|object, value| {
        assert_eq!(**object, *value);
        *value >= 800
    });
    assert!(said.len() == 200 && said.get(&objects[799]).is_none());
    said.shrink_to_fit();
    assert_eq!(*said.get(&objects[800]).unwrap(), 800);
    // 256 buckets of two words and a byte, instead of 2,048.
    assert_eq!((full - empty, said.heap_bytes() - empty), (2048 * 17 + 16, 256 * 17 + 16));
    objects.truncate(900);
    let Stats { hits, misses, loads, live, expired, .. } = said.stats();
    assert_eq!((hits, misses, loads, live, expired), (1, 1001, 1000, 100, 100));
    said.check_invariants();
}

#[test]
fn what_is_said_while_a_map_is_gone_through_is_retained() {
    let said: WeakKeyMap<(), u32, u32> = WeakKeyMap::new();
    let (one, other) = (Strong::new(1), Strong::new(2));
    let _ = (said.insert(&one, 1), said.insert(&other, 2));
    said.retain(|object, value| {
        if *value == 1 {
            let _ = said.insert(object, 3);
        }
        false
    });
    assert_eq!((said.get(&one).as_deref(), said.get(&other)), (Some(&3), None));
    said.check_invariants();
}

fn run<M: Mode>(operations: &[(u8, usize)])
where
    u64: pennyweight::weak::SendIn<M>,
{
    let map: WeakKeyMapIn<(), usize, u64, M> = WeakKeyMapIn::new();
    let mut objects: Vec<Strong<(), usize, M>> = Vec::new();
    let mut model: HashMap<usize, u64> = HashMap::new();
    for (number, &(operation, index)) in operations.iter().enumerate() {
        let at = index % objects.len().max(1);
        match operation {
            _ if objects.is_empty() => objects.push(Strong::new(number)),
            0..2 => objects.push(Strong::new(number)),
            2..5 => {
                let old = map.insert(&objects[at], number as u64);
                assert_eq!(old.map(|old| *old), model.insert(*objects[at], number as u64));
            }
            5 => {
                let removed = map.remove(&objects[at]).map(|old| *old);
                assert_eq!(removed, model.remove(&*objects[at]));
            }
            6 => {
                let object = objects.swap_remove(at);
                model.remove(&*object);
            }
            7 => {
                let said = map.get_or_insert_with(&objects[at], || 3);
                assert_eq!(*said, *model.entry(*objects[at]).or_insert(3));
            }
            _ if index % 8 == 0 => {
                map.clear();
                model.clear();
            }
            _ => {}
        }
        assert_eq!(map.len(), model.len());
        let found: HashMap<usize, u64> = map.iter().map(|(key, said)| (*key, *said)).collect();
        assert_eq!(found, model);
        map.check_invariants();
    }
}

proptest! {
    #[test]
    fn a_key_map_is_a_hash_map_that_forgets_the_dead(operations in vec((0..9_u8, any::<usize>()), 0..150)) {
        run::<Local>(&operations);
        #[cfg(feature = "std")]
        run::<pennyweight::weak::Shared>(&operations);
    }
}
