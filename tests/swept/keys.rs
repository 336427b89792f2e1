//! Weak keys: which are the same.

use pennyweight::weak::{Equality, Identity, SweptKeyMap, SweptSet};
use std::rc::Rc;
use std::sync::Arc;

#[test]
fn by_identity_equal_keys_are_two() {
    let (one, other) = (Rc::new(1.5_f64), Rc::new(1.5_f64));
    let mut map = SweptKeyMap::new();
    assert_eq!((map.insert(&one, 'a'), map.insert(&other, 'b')), (None, None));
    assert_eq!((map.get(&one), map.get(&other)), (Some(&'a'), Some(&'b')));
    assert_eq!(map.insert(&Rc::clone(&one), 'c'), Some('a'));
    *map.get_mut(&other).unwrap() = 'd';
    assert_eq!(
        (map.remove(&one), map.remove(&one), map.remove(&other)),
        (Some('c'), None, Some('d'))
    );
}

#[test]
fn values_without_a_size_are_told_apart() {
    let (one, other) = (Rc::new(()), Rc::new(()));
    let mut set = SweptSet::<Rc<()>, Identity>::default();
    assert!(set.insert(&one) && set.insert(&other) && !set.insert(&one));
    assert!(set.contains(&one) && set.remove(&one) && !set.remove(&one));
    assert_eq!(set.count_live(), 1);
}

#[test]
fn no_key_takes_the_place_of_one_that_died() {
    let mut map = SweptKeyMap::new();
    for number in 0..1000 {
        let key = Rc::new([number; 8]);
        assert_eq!(map.get(&key), None, "its block is kept by no dead key");
        map.insert(&key, number);
    }
    assert!(map.entries() <= 16);
}

#[test]
fn by_equality_the_first_key_stays() {
    let (one, other): (Arc<str>, Arc<str>) = ("Ada".into(), "Ada".into());
    let mut map = SweptKeyMap::<Arc<str>, u32, Equality>::default();
    assert_eq!((map.insert(&one, 1), map.insert(&other, 2)), (None, Some(1)));
    assert!(Arc::ptr_eq(&map.get_key_value("Ada").unwrap().0, &one));
    drop(one);
    assert_eq!(map.get("Ada"), None);
    assert_eq!(map.get_mut("Ada"), None);
    assert_eq!(map.remove("Ada"), None);
    // Now it is the other's turn.
    assert_eq!(map.insert(&other, 3), None);
    assert!(Arc::ptr_eq(&map.get_key_value("Ada").unwrap().0, &other));
}

#[test]
fn equal_values_are_interned_to_one() {
    let mut set = SweptSet::<Arc<[u8]>>::new();
    let one = set.intern_with(&b"bytes"[..], Arc::from);
    let other = set.intern(Arc::from(&b"bytes"[..]));
    assert!(Arc::ptr_eq(&one, &other) && Arc::strong_count(&one) == 2);
    let error: Result<_, &str> = set.try_intern_with(&b"others"[..], |_| Err("none"));
    assert_eq!((error, set.entries()), (Err("none"), 1));
    assert_eq!((set.stats().hits, set.stats().loads), (1, 1));
    drop((one, other));
    assert_eq!((set.get(&b"bytes"[..]), set.sweep()), (None, 1));
}

#[test]
fn what_is_made_of_a_value_and_equal_to_another_member_is_that_member() {
    let mut set = SweptSet::<Rc<str>>::new();
    let ada = set.intern_with("Ada", Rc::from);
    let found = set.intern_with("ada", |_| Rc::from("Ada"));
    assert!(Rc::ptr_eq(&ada, &found));
    let found = set.try_intern_with("ADA", |_| Ok::<_, ()>(Rc::from("Ada"))).unwrap();
    assert!(Rc::ptr_eq(&ada, &found));
    // Nothing keeps the value that was asked for from becoming a member later.
    assert_eq!(&*set.intern_with("ada", Rc::from), "ada");
    assert_eq!((set.entries(), set.stats().loads), (2, 4));
}

#[test]
fn a_value_that_owns_its_key_stays() {
    let mut map = SweptKeyMap::new();
    let key = Rc::new(1);
    map.insert(&key, Rc::clone(&key));
    drop(key);
    assert_eq!((map.sweep(), map.entries()), (0, 1));
}
