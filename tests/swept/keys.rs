//! Weak keys: which are the same.

use pennyweight::weak::{Equality, Identity, SweptKeyMap, SweptMap, SweptSet};
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
    assert_eq!(set.len(), 1);
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
    let one = set.get_or_insert_with(&b"bytes"[..], Arc::from);
    let other = set.get_or_insert(Arc::from(&b"bytes"[..]));
    assert!(Arc::ptr_eq(&one, &other) && Arc::strong_count(&one) == 2);
    let error: Result<_, &str> = set.try_get_or_insert_with(&b"others"[..], |_| Err("none"));
    assert_eq!((error, set.entries()), (Err("none"), 1));
    assert_eq!((set.stats().hits, set.stats().loads), (1, 1));
    drop((one, other));
    assert_eq!((set.get(&b"bytes"[..]), set.sweep()), (None, 1));
}

#[test]
fn what_is_made_of_a_value_and_equal_to_another_member_is_that_member() {
    let mut set = SweptSet::<Rc<str>>::new();
    let ada = set.get_or_insert_with("Ada", Rc::from);
    let found = set.get_or_insert_with("ada", |_| Rc::from("Ada"));
    assert!(Rc::ptr_eq(&ada, &found));
    let found = set.try_get_or_insert_with("ADA", |_| Ok::<_, ()>(Rc::from("Ada"))).unwrap();
    assert!(Rc::ptr_eq(&ada, &found));
    // Nothing keeps the value that was asked for from becoming a member later.
    assert_eq!(&*set.get_or_insert_with("ada", Rc::from), "ada");
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

#[test]
fn maps_and_sets_are_collected_of_what_others_have() {
    let owners: Vec<Rc<str>> = ["a", "b", "b"].map(Rc::from).into();
    let mut map: SweptMap<usize, Rc<str>> = owners.iter().enumerate().collect();
    map.extend([(0, &owners[1]), (7, &Rc::from("dead"))]);
    assert!(map.len() == 3 && Rc::ptr_eq(&map.get(&0).unwrap(), &owners[1]));
    let by_identity: SweptKeyMap<_, usize> = owners.iter().zip(0..).collect();
    let by_equality: SweptKeyMap<_, usize, Equality> = owners.iter().zip(0..).collect();
    assert_eq!((by_identity.get(&owners[2]), by_equality.get("b")), (Some(&2), Some(&2)));
    let mut set: SweptSet<Rc<str>> = owners.iter().collect();
    set.extend(&owners);
    assert_eq!((by_identity.len(), by_equality.len(), set.len()), (3, 2, 2));
    assert!(Rc::ptr_eq(&set.get("b").unwrap(), &owners[1]));
    drop(owners);
    assert!(map.is_empty() && by_identity.is_empty() && by_equality.is_empty() && set.is_empty());
    assert_eq!((map.len(), set.len(), set.entries()), (0, 0, 2));
    map.check_invariants();
    by_equality.check_invariants();
}
