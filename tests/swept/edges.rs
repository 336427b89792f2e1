//! Hard places: drops, panics, hashes and equalities of users.

use pennyweight::intern::Seeded;
use pennyweight::weak::{Equality, Pointer, SweptKeyMap, SweptMap, SweptSet};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::hash::{Hash, Hasher};
use std::hint;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::{Arc, RwLock, mpsc};
use std::thread;

#[test]
fn an_entry_is_gone_with_its_value_and_comes_again_with_another() {
    let mut map = SweptMap::new();
    let first = map.get_or_insert_with("key", |_| Rc::new(1));
    assert!(Rc::ptr_eq(&first, &map.get_or_insert_with("key", |_| unreachable!())));
    assert_eq!((Rc::strong_count(&first), Rc::weak_count(&first)), (1, 1), "the map has a `Weak`");
    drop(first);
    assert_eq!((map.get("key"), map.contains_key("key"), map.iter().count()), (None, false, 0));
    assert_eq!(*map.get_or_insert_with("key", |_| Rc::new(2)), 2);
    let stats = map.stats();
    assert_eq!((stats.hits, stats.loads), (1, 2));
}

#[test]
fn unsized_values_of_both_pointers() {
    fn check<P: Pointer>(one: P, two: P) {
        let mut map = SweptMap::<String, P>::new();
        assert!(map.insert("one".into(), &one).is_none());
        assert!(map.insert("one".into(), &two).is_some(), "the first lives");
        drop(two);
        assert!(map.get("one").is_none());
        drop(one);
    }
    check::<Rc<str>>("one".into(), "two".into());
    check::<Arc<[u64]>>([1; 100].into(), [].into());
    check::<Rc<dyn Fn() -> u32>>(Rc::new(|| 1), Rc::new(|| 2));
    check::<Arc<dyn Send + Sync>>(Arc::new(1), Arc::new("two"));
}

#[test]
fn maps_of_arcs_are_shared_behind_a_lock() {
    let map = &RwLock::new(SweptMap::<u64, Arc<u64>>::new());
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for key in 0..2000 {
                    let found = map.read().unwrap().get(&(key % 100));
                    let value = found.unwrap_or_else(|| {
                        map.write().unwrap().get_or_insert_with(key % 100, |&key| Arc::new(key))
                    });
                    assert_eq!(*value, key % 100);
                }
            });
        }
    });
    let mut map = map.write().unwrap();
    map.sweep();
    assert_eq!(map.entries(), 0);
}

#[test]
fn a_loader_that_panics_leaves_the_map_as_it_was() {
    let mut map = SweptMap::<u32, Rc<u32>>::new();
    let one = map.get_or_insert_with(1, |_| Rc::new(1));
    let load = AssertUnwindSafe(|| map.get_or_insert_with(2, |_| panic!("of the loader")));
    assert!(catch_unwind(load).is_err());
    assert_eq!((map.entries(), map.get(&1), map.get(&2)), (1, Some(one), None));
    assert_eq!(map.stats().loads, 1);
    map.check_invariants();
}

/// A key or value whose drop may panic.
struct Bomb<'a> {
    number: u64,
    armed: &'a Cell<bool>,
    dropped: &'a Cell<u64>,
}

impl Drop for Bomb<'_> {
    fn drop(&mut self) {
        self.dropped.set(self.dropped.get() + 1);
        if self.armed.get() && self.number.is_multiple_of(7) {
            panic!("of the drop");
        }
    }
}

impl PartialEq for Bomb<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for Bomb<'_> {}

impl Hash for Bomb<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.number.hash(state);
    }
}

#[test]
fn keys_whose_drop_panics_are_dropped_once_each() {
    let (armed, dropped) = (&Cell::new(false), &Cell::new(0));
    let bomb = |number| Bomb { number, armed, dropped };
    let mut map = SweptMap::<Bomb<'_>, Rc<u64>, Seeded>::with_hasher(Seeded::with_seed(1));
    let values: Vec<_> = (0..1000).map(Rc::new).collect();
    values.iter().for_each(|value| drop(map.insert(bomb(**value), value)));
    drop(values);
    armed.set(true);
    let (mut panics, mut inserted) = (0, 0);
    let last = Rc::new(1);
    // No multiple of seven: what is inserted does not panic, whether it comes into the map or not.
    while map.len() != map.entries() {
        inserted += 1;
        let insert = AssertUnwindSafe(|| map.insert(bomb(7 * inserted + 1000 * 7 + 1), &last));
        panics += u64::from(catch_unwind(insert).is_err());
        map.check_invariants();
    }
    // Each insertion brought a key, and each key was dropped once, be it that its entry was swept or that it was there.
    assert!(panics > 10);
    armed.set(false);
    let brought = 1000 + inserted;
    let there = map.entries() as u64;
    assert_eq!(dropped.get(), brought - there);
}

#[test]
fn values_beside_weak_keys_whose_drop_panics_are_dropped_once_each() {
    let (armed, dropped) = (&Cell::new(false), &Cell::new(0));
    let mut map = SweptKeyMap::new();
    let keys: Vec<_> = (0..1000).map(Rc::new).collect();
    for key in &keys {
        map.insert(key, Bomb { number: **key, armed, dropped });
    }
    drop(keys);
    armed.set(true);
    let mut panics = 0;
    while map.entries() > 0 {
        panics += u64::from(catch_unwind(AssertUnwindSafe(|| map.sweep())).is_err());
        map.check_invariants();
    }
    assert_eq!((panics, dropped.get(), map.stats().swept), (143, 1000, 1000));
}

#[test]
fn entries_that_a_draw_found_are_counted_though_their_drop_panics() {
    let (armed, dropped) = (&Cell::new(false), &Cell::new(0));
    let mut map = SweptKeyMap::<Rc<u64>, _>::new();
    let key = Rc::new(7);
    map.insert(&key, Bomb { number: 7, armed, dropped });
    drop(key);
    armed.set(true);
    assert!(catch_unwind(AssertUnwindSafe(|| map.remove(&Rc::new(8)).is_none())).is_err());
    assert_eq!((map.entries(), dropped.get(), map.stats().swept), (0, 1, 1));
}

#[test]
fn a_drop_that_panics_leaves_nothing_behind_in_a_map_that_goes_or_is_cleared() {
    let (armed, dropped) = (&Cell::new(false), &Cell::new(0));
    let values: Vec<_> = (1..=1000).map(Rc::new).collect();
    let fill = || {
        armed.set(false);
        dropped.set(0);
        let mut map = SweptMap::new();
        // One of the keys is a multiple of seven.
        values.iter().for_each(|value| {
            let number = if **value == 500 { 7 } else { 7 * **value + 1 };
            map.insert(Bomb { number, armed, dropped }, value);
        });
        armed.set(true);
        map
    };
    let mut map = fill();
    assert!(catch_unwind(AssertUnwindSafe(|| map.clear())).is_err());
    assert_eq!((dropped.get(), map.entries(), map.heap_bytes()), (1000, 0, 0));
    map.check_invariants();

    let map = fill();
    assert!(catch_unwind(AssertUnwindSafe(|| drop(map))).is_err());
    assert_eq!(dropped.get(), 1000);
    assert!(values.iter().all(|value| Rc::weak_count(value) == 0));
}

thread_local! {
    static HASHES_LEFT: Cell<u32> = const { Cell::new(u32::MAX) };
}

#[derive(Debug, PartialEq, Eq)]
struct Fragile(u64);

impl Hash for Fragile {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let left = HASHES_LEFT.get().checked_sub(1).expect("of the hash");
        HASHES_LEFT.set(left);
        self.0.hash(state);
    }
}

#[test]
fn a_hash_that_panics_leaves_a_map_that_is_whole() {
    for left in 0..200 {
        let mut map = SweptMap::<Fragile, Rc<u64>>::new();
        let values: Vec<_> = (0..100).map(Rc::new).collect();
        HASHES_LEFT.set(left);
        let fill = AssertUnwindSafe(|| {
            values.iter().for_each(|value| drop(map.insert(Fragile(**value), value)));
        });
        let failed = catch_unwind(fill).is_err();
        HASHES_LEFT.set(u32::MAX);
        assert!(failed || left > 100);
        map.check_invariants();
        let found = values.iter().filter(|value| map.get(&Fragile(***value)).is_some()).count();
        assert_eq!(found, map.entries());
        values.iter().for_each(|value| drop(map.insert(Fragile(**value), value)));
        assert_eq!(map.len(), 100);
    }
}

#[test]
fn a_hash_that_panics_loses_nothing_of_a_table_that_makes_room_where_entries_were() {
    let mut map = SweptMap::<Fragile, Rc<u64>>::new();
    let mut live = VecDeque::new();
    let mut panics = 0;
    for number in 0..20_000 {
        let value = Rc::new(number);
        // More than an insertion and a removal call for, and fewer than there are entries.
        HASHES_LEFT.set(60);
        let insert = AssertUnwindSafe(|| map.insert(Fragile(number), &value));
        let failed = catch_unwind(insert).is_err();
        HASHES_LEFT.set(u32::MAX);
        if failed {
            panics += 1;
            map.check_invariants();
            let is_there = |value: &Rc<u64>| map.get(&Fragile(**value)).is_some();
            assert!(live.iter().all(is_there), "insertion {number}");
            map.insert(Fragile(number), &value);
        }
        live.push_back(value);
        if live.len() > 155 {
            let oldest = live.pop_front().unwrap();
            map.remove(&Fragile(*oldest));
        }
    }
    // About fifteen: how often room is made depends on the random hashes.
    assert!(panics > 0);
}

thread_local! {
    static LAST_OWNER: RefCell<Option<Rc<Fickle>>> = const { RefCell::new(None) };
}

/// A key whose equality lets go of its last owner.
struct Fickle;

impl Hash for Fickle {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl PartialEq for Fickle {
    fn eq(&self, _: &Self) -> bool {
        drop(LAST_OWNER.take());
        true
    }
}

impl Eq for Fickle {}

#[test]
fn a_key_that_dies_while_it_is_compared_was_found() {
    let mut map = SweptKeyMap::<Rc<Fickle>, u32, Equality>::default();
    let owner = Rc::new(Fickle);
    map.insert(&owner, 1);
    LAST_OWNER.set(Some(owner));
    assert_eq!(*map.get_or_insert_with(&Rc::new(Fickle), || 2), 1);
    assert_eq!(map.len(), 0);
    assert_eq!(*map.get_or_insert_with(&Rc::new(Fickle), || 3), 3);
    map.check_invariants();
}

#[test]
fn keys_that_die_on_another_thread_are_found_or_made() {
    let mut map = SweptKeyMap::<Arc<str>, u32, Equality>::default();
    let (send, received) = mpsc::sync_channel::<Arc<str>>(1);
    let other = thread::spawn(move || received.into_iter().for_each(drop));
    for round in 0..100_000 {
        let (owner, equal): (Arc<str>, Arc<str>) = ("k".into(), "k".into());
        map.insert(&owner, round);
        send.send(owner).unwrap();
        // The other takes some time to get it.
        (0..round % 300).for_each(|_| hint::spin_loop());
        for _ in 0..4 {
            let value = map.get_or_insert_with(&equal, || u32::MAX);
            assert!([round, u32::MAX].contains(value));
        }
        map.clear();
    }
    drop(send);
    other.join().unwrap();
}

/// A key of which neither hash nor equality can be relied on.
struct Liar(Cell<u64>);

impl Hash for Liar {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.set(self.0.get().wrapping_mul(25_214_903_917).wrapping_add(11));
        self.0.get().hash(state);
    }
}

impl PartialEq for Liar {
    fn eq(&self, _: &Self) -> bool {
        self.0.get().is_multiple_of(3)
    }
}

impl Eq for Liar {}

#[test]
fn hashes_that_change_lose_entries_and_nothing_else() {
    let mut map = SweptMap::<Liar, Rc<u64>>::new();
    let mut owned = Vec::new();
    for number in 0..5000 {
        owned.push(map.get_or_insert_with(Liar(Cell::new(number)), |_| Rc::new(number)));
        if number % 1000 == 999 {
            owned.clear();
        }
        assert!(map.iter().all(|(_, value)| *value <= number));
    }
    drop(owned);
    map.sweep();
    assert_eq!(map.entries(), 0);
}

/// A value whose drop drops others, in the map too.
struct Chain(#[expect(dead_code, reason = "it is owned")] Option<Rc<Chain>>);

#[test]
fn values_that_own_others_of_the_map_die_with_them() {
    let mut map = SweptMap::<u32, Rc<Chain>>::new();
    let mut last = None;
    for number in 0..1000 {
        last = Some(map.get_or_insert_with(number, |_| Rc::new(Chain(last.take()))));
    }
    assert_eq!(map.len(), 1000);
    drop(last);
    assert_eq!(map.len(), 0);
    drop(map.get_or_insert_with(0, |_| Rc::new(Chain(None))));
    assert_eq!(map.entries(), 1);
}

#[test]
fn debug_shows_what_lives() {
    let (one, two) = (Rc::new(1), Rc::new(2));
    let mut map = SweptMap::new();
    map.insert("one", &one);
    map.insert("two", &two);
    let mut of_keys = SweptKeyMap::new();
    of_keys.insert(&one, "one");
    of_keys.insert(&two, "two");
    let mut set: SweptSet<Rc<i32>> = SweptSet::default();
    set.insert(&one);
    set.insert(&two);
    drop(two);
    assert_eq!(format!("{map:?} {of_keys:?} {set:?}"), r#"{"one": 1} {1: "one"} {1}"#);
}

#[test]
fn maps_of_arcs_go_to_other_threads() {
    fn check<T: Send + Sync>() {}
    check::<SweptMap<String, Arc<str>>>();
    check::<SweptKeyMap<Arc<str>, Cell2, Equality>>();
    check::<SweptSet<Arc<[u8]>>>();
    type Cell2 = std::sync::Mutex<Cell<u32>>;
}
