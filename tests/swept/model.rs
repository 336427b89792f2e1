//! Any operations and deaths do to a swept map what they do to a `HashMap<K, Weak<V>>` and a list of owners.

use pennyweight::HeapSize;
use pennyweight::weak::{Equality, Identity, SweptKeyMap, SweptMap, SweptSet};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, Weak};

#[derive(Clone, Debug)]
enum Operation {
    Insert(u16),
    Load(u16),
    Fail(u16),
    Remove(u16),
    /// The owner of a value lets go of it.
    Die(u16),
    /// All do but those of every n-th key.
    DieAllBut(u16),
    Retain(u16),
    Sweep,
    Clear,
}

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    let key = || prop_oneof![0..20_u16, 0..2000_u16];
    let operation = prop_oneof![
        12 => key().prop_map(Operation::Insert),
        12 => key().prop_map(Operation::Load),
        1 => key().prop_map(Operation::Fail),
        4 => key().prop_map(Operation::Remove),
        8 => key().prop_map(Operation::Die),
        1 => (1..50_u16).prop_map(Operation::DieAllBut),
        1 => (2..50_u16).prop_map(Operation::Retain),
        1 => Just(Operation::Sweep),
        1 => Just(Operation::Clear),
    ];
    vec(operation, 0..600)
}

/// The naive twin, and who has the values.
#[derive(Default)]
struct Twin {
    map: HashMap<u16, Weak<str>>,
    owned: HashMap<u16, Arc<str>>,
}

impl Twin {
    fn own(&mut self, key: u16) -> Arc<str> {
        let value: Arc<str> = format!("value {key}").into();
        self.owned.insert(key, Arc::clone(&value));
        value
    }

    fn get(&self, key: u16) -> Option<Arc<str>> {
        self.map.get(&key)?.upgrade()
    }

    fn live(&self) -> usize {
        self.map.values().filter(|value| value.strong_count() != 0).count()
    }

    /// What does not concern the map.
    fn die(&mut self, operation: &Operation) {
        match operation {
            Operation::Die(key) => drop(self.owned.remove(key)),
            Operation::DieAllBut(n) => self.owned.retain(|key, _| key % n == 0),
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_map_of_weak_values(operations in operations()) {
        let mut map = SweptMap::<u16, Arc<str>>::new();
        let mut twin = Twin::default();
        for operation in &operations {
            twin.die(operation);
            match *operation {
                Operation::Insert(key) => {
                    let before = twin.get(key);
                    let value = twin.own(key);
                    assert_eq!(map.insert(key, &value), before);
                    twin.map.insert(key, Arc::downgrade(&value));
                }
                Operation::Load(key) => {
                    let there = twin.get(key);
                    let value = map.get_or_insert_with(key, |_| twin.own(key));
                    assert!(there.is_none_or(|there| Arc::ptr_eq(&there, &value)));
                    twin.map.insert(key, Arc::downgrade(&value));
                }
                Operation::Fail(key) => {
                    let entries = map.entries();
                    assert_eq!(map.try_get_or_insert_with(key, |&key| Err(key)).ok(), twin.get(key));
                    assert_eq!(map.entries(), entries);
                }
                Operation::Remove(key) => {
                    let there = twin.map.remove(&key).and_then(|value| value.upgrade());
                    assert_eq!(map.remove(&key), there);
                }
                Operation::Retain(n) => {
                    map.retain(|key, value| {
                        assert_eq!(**value, *format!("value {key}"));
                        !key.is_multiple_of(n)
                    });
                    twin.map.retain(|key, _| !key.is_multiple_of(n));
                    assert_eq!(map.entries(), twin.live());
                }
                Operation::Sweep => {
                    let entries = map.entries();
                    assert_eq!(map.sweep(), entries - twin.live());
                    assert_eq!(map.entries(), twin.live());
                }
                Operation::Clear => {
                    map.clear();
                    twin.map.clear();
                    assert_eq!((map.entries(), map.heap_bytes()), (0, 0));
                }
                Operation::Die(_) | Operation::DieAllBut(_) => {}
            }
            map.check_invariants();
        }
        assert_eq!(map.len(), twin.live());
        assert_eq!(map.iter().count(), twin.live());
        for key in 0..2000 {
            assert_eq!(map.get(&key), twin.get(key));
            assert_eq!(map.contains_key(&key), twin.get(key).is_some());
        }
        assert_eq!(HeapSize::heap_bytes(&map), map.heap_bytes());
    }

    /// The same, with keys and members that die, by identity and by equality.
    #[test]
    fn maps_and_sets_of_weak_keys(operations in operations()) {
        let mut by_identity = SweptKeyMap::<Rc<u16>, u16, Identity>::default();
        let mut by_equality = SweptKeyMap::<Rc<u16>, u16, Equality>::default();
        let mut set = SweptSet::<Rc<u16>>::new();
        // The keys that live, of which some are in the maps.
        let mut owned = HashMap::<u16, Rc<u16>>::new();
        let mut twin = HashMap::<u16, u16>::new();
        for (turn, operation) in (0_u16..).zip(&operations) {
            match *operation {
                Operation::Insert(key) => {
                    let owner = owned.entry(key).or_insert_with(|| Rc::new(key));
                    let before = twin.insert(key, turn);
                    assert_eq!(by_identity.insert(owner, turn), before);
                    // One that is equal changes the value and leaves the key.
                    let equal = if before.is_some() { &Rc::new(key) } else { &*owner };
                    assert_eq!(by_equality.insert(equal, turn), before);
                    assert_eq!(set.insert(equal), before.is_none());
                }
                Operation::Load(key) => {
                    let owner = owned.entry(key).or_insert_with(|| Rc::new(key));
                    let value = *twin.entry(key).or_insert(turn);
                    assert_eq!(*by_identity.get_or_insert_with(owner, || turn), value);
                    assert_eq!(*by_equality.get_or_insert_with(owner, || turn), value);
                    assert!(Rc::ptr_eq(&set.get_or_insert(Rc::clone(owner)), owner));
                }
                Operation::Fail(key) => {
                    let there = set.try_get_or_insert_with(&key, |_| Err(())).ok();
                    assert_eq!(there.map(|key| *key), twin.contains_key(&key).then_some(key));
                }
                Operation::Remove(key) => {
                    let there = twin.remove(&key);
                    if let Some(owner) = owned.get(&key) {
                        assert_eq!(by_identity.remove(owner), there);
                    }
                    assert_eq!(by_equality.remove(&key), there);
                    assert_eq!(set.remove(&key), there.is_some());
                }
                Operation::Die(key) => {
                    owned.remove(&key);
                    twin.remove(&key);
                }
                Operation::DieAllBut(n) => {
                    owned.retain(|key, _| key % n == 0);
                    twin.retain(|key, _| key % n == 0);
                }
                Operation::Retain(n) => {
                    by_identity.retain(|key, _| !key.is_multiple_of(n));
                    by_equality.retain(|key, _| !key.is_multiple_of(n));
                    set.retain(|key| !key.is_multiple_of(n));
                    twin.retain(|key, _| !key.is_multiple_of(n));
                }
                Operation::Sweep => {
                    for lengths in [
                        (by_identity.entries() - by_identity.sweep(), by_identity.entries()),
                        (by_equality.entries() - by_equality.sweep(), by_equality.entries()),
                        (set.entries() - set.sweep(), set.entries()),
                    ] {
                        assert_eq!(lengths, (twin.len(), twin.len()));
                    }
                }
                Operation::Clear => {
                    by_identity.clear();
                    by_equality.clear();
                    set.clear();
                    twin.clear();
                }
            }
            by_identity.check_invariants();
            by_equality.check_invariants();
            set.check_invariants();
        }
        for key in 0..2000 {
            let value = twin.get(&key);
            assert_eq!(owned.get(&key).and_then(|owner| by_identity.get(owner)), value);
            assert_eq!(by_equality.get(&key), value);
            assert_eq!(set.contains(&key), value.is_some());
            assert_eq!(by_identity.get(&Rc::new(key)), None);
        }
        let mut listed: Vec<_> = set.iter().map(|key| *key).collect();
        let mut keys: Vec<_> = twin.keys().copied().collect();
        listed.sort_unstable();
        keys.sort_unstable();
        assert_eq!(listed, keys);
    }
}
