//! One copy of equal values.

use pennyweight::weak::{Strong, WeakSet};

#[test]
fn equal_values_are_one() {
    let set: WeakSet<str> = WeakSet::new();
    let one = set.get_or_insert("plum");
    let same = set.get_or_insert(String::from("plum"));
    let other = set.get_or_insert(String::from("pear").into_boxed_str());
    assert!(Strong::ptr_eq(&one, &same) && !Strong::ptr_eq(&one, &other));
    assert_eq!((&*one, &*other, set.len()), ("plum", "pear", 2));
    assert!(set.contains("plum") && set.get("apple").is_none());
    drop((one, other));
    assert_eq!(set.len(), 1);
    drop(same);
    assert!(set.is_empty());
    set.check_invariants();
}

#[test]
fn slices_are_made_from_arrays_and_vectors() {
    let set: WeakSet<[String]> = WeakSet::new();
    let words = || ["a".to_owned(), "b".to_owned()];
    let one = set.get_or_insert(words());
    for same in [set.get_or_insert(words().to_vec()), set.get_or_insert(Box::from(words()))] {
        assert!(Strong::ptr_eq(&one, &same));
    }
    assert_eq!(&*one, words());
    assert_eq!(set.remove(&words()[..]), Some(one.clone()));
    let another = set.get_or_insert(words());
    assert!(!Strong::ptr_eq(&one, &another));
    drop(one);
    assert_eq!(set.len(), 1);
    set.check_invariants();
}

#[test]
fn a_set_holds_many() {
    let set: WeakSet<u64> = WeakSet::new();
    let values: Vec<_> = (0..1000).map(|value| set.get_or_insert(value % 500)).collect();
    assert_eq!(set.len(), 500);
    assert!(values.iter().all(|value| Strong::count(value) == 2));
    assert_eq!(set.iter().map(|value| *value).sum::<u64>(), 499 * 250);
    set.retain(|value| value % 2 == 0);
    assert_eq!(set.len(), 250);
    drop(values);
    assert_eq!((set.len(), set.stats().expired), (0, 500));
    set.check_invariants();
}

#[cfg(feature = "std")]
#[test]
fn threads_share_one_copy() {
    use pennyweight::weak::SharedWeakSet;
    use std::thread;
    let set: SharedWeakSet<str> = SharedWeakSet::new();
    for _ in 0..200 {
        thread::scope(|scope| {
            let threads: Vec<_> =
                (0..4).map(|_| scope.spawn(|| set.get_or_insert("same"))).collect();
            let copies: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
            assert!(copies.iter().all(|copy| Strong::ptr_eq(copy, &copies[0])));
        });
        assert!(set.is_empty());
    }
    set.check_invariants();
}

#[test]
fn those_asked_for_last_are_kept() {
    let set: WeakSet<u32> = WeakSet::new();
    set.keep_alive(2);
    (0..5).for_each(|value| drop(set.get_or_insert(value)));
    assert!(set.len() == 2 && set.contains(&3) && set.contains(&4));
    assert_eq!(set.remove(&3).map(|value| Strong::count(&value)), Some(1));
    set.retain(|_| false);
    assert_eq!((set.len(), set.stats().expired), (0, 5));
    drop(set.get_or_insert(5));
    set.clear();
    assert_eq!((set.len(), set.stats().expired), (0, 6));
    set.check_invariants();
}
