//! Any operations, compared with a `HashMap` of std's weak pointers that is swept after each.

use pennyweight::weak::{LoadError, Local, Mode, Strong, WeakMapIn};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher};
use std::rc::{Rc, Weak};

/// Few hashes, so that entries share them.
#[derive(Clone, Copy, Default)]
struct Few;

struct FewHasher(u64);

impl BuildHasher for Few {
    type Hasher = FewHasher;

    fn build_hasher(&self) -> FewHasher {
        FewHasher(0)
    }
}

impl Hasher for FewHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = u64::from(bytes[0] % 3);
    }
}

#[derive(Clone, Debug)]
enum Operation {
    Insert(u32),
    Get(u32),
    Load(u32),
    Fail(u32),
    Remove(u32),
    Drop(usize),
    Clone(usize),
    Retain(u32),
    Shrink,
    Clear,
}

fn operation() -> impl Strategy<Value = Operation> {
    use Operation::*;
    let key = 0..40_u32;
    prop_oneof![
        4 => key.clone().prop_map(Insert),
        4 => key.clone().prop_map(Get),
        4 => key.clone().prop_map(Load),
        1 => key.clone().prop_map(Fail),
        2 => key.prop_map(Remove),
        8 => any::<usize>().prop_map(Drop),
        2 => any::<usize>().prop_map(Clone),
        1 => (2..4_u32).prop_map(Retain),
        1 => Just(Shrink),
        1 => Just(Clear),
    ]
}

/// A handle, and the model's handle of the same value.
type Pair<M> = (Strong<u32, u64, M>, Rc<u64>);

fn run<S: BuildHasher + Default, M: Mode>(operations: Vec<Operation>) {
    let map: WeakMapIn<u32, u64, S, M> = WeakMapIn::default();
    let mut model: HashMap<u32, Weak<u64>> = HashMap::new();
    let mut handles: Vec<Pair<M>> = Vec::new();
    let (mut number, mut hits, mut misses, mut loads) = (0, 0, 0, 0);
    let mut born = 0;
    let living =
        |model: &HashMap<u32, Weak<u64>>, key: u32| model.get(&key).and_then(Weak::upgrade);
    for operation in operations {
        number += 1;
        match operation {
            Operation::Insert(key) => {
                let value = Rc::new(number);
                model.insert(key, Rc::downgrade(&value));
                handles.push((map.insert(key, number), value));
                born += 1;
            }
            Operation::Get(key) => {
                let (got, expected) = (map.get(&key), living(&model, key));
                assert_eq!(got.as_deref(), expected.as_deref());
                hits += u64::from(got.is_some());
                misses += u64::from(got.is_none());
                handles.extend(got.zip(expected));
            }
            Operation::Load(key) => {
                let known = living(&model, key);
                hits += u64::from(known.is_some());
                misses += u64::from(known.is_none());
                loads += u64::from(known.is_none());
                born += u64::from(known.is_none());
                let expected = known.unwrap_or_else(|| Rc::new(number));
                model.insert(key, Rc::downgrade(&expected));
                let got = map.get_or_insert_with(key, |&other| {
                    assert_eq!(other, key);
                    number
                });
                assert_eq!((*got, *Strong::key(&got)), (*expected, key));
                handles.push((got, expected));
            }
            Operation::Fail(key) => {
                let known = living(&model, key);
                hits += u64::from(known.is_some());
                misses += u64::from(known.is_none());
                loads += u64::from(known.is_none());
                let got = map.try_get_or_insert_with(key, |_| Err(number));
                match (got, known) {
                    (Ok(got), Some(known)) => assert_eq!(*got, *known),
                    (Err(error), None) => assert_eq!(error, LoadError::Failed(number)),
                    (got, known) => panic!("{got:?} and {known:?}"),
                }
            }
            Operation::Remove(key) => {
                let expected = model.remove(&key).and_then(|value| value.upgrade());
                assert_eq!(map.remove(&key).as_deref(), expected.as_deref());
            }
            Operation::Drop(index) if !handles.is_empty() => {
                let index = index % handles.len();
                handles.swap_remove(index);
            }
            Operation::Clone(index) if !handles.is_empty() => {
                handles.push(handles[index % handles.len()].clone());
            }
            Operation::Drop(_) | Operation::Clone(_) => {}
            Operation::Retain(divisor) => {
                map.retain(|key, _| key % divisor != 0);
                model.retain(|key, _| key % divisor != 0);
            }
            Operation::Shrink => map.shrink_to_fit(),
            Operation::Clear => {
                map.clear();
                model.clear();
            }
        }
        model.retain(|_, value| value.strong_count() > 0);
        assert_eq!(map.len(), model.len());
        for (handle, value) in &handles {
            assert_eq!((**handle, Strong::count(handle)), (**value, Rc::strong_count(value)));
        }
        let mut found: Vec<_> = map.iter().map(|value| (*Strong::key(&value), *value)).collect();
        let mut expected: Vec<_> =
            model.iter().map(|(&key, value)| (key, *value.upgrade().unwrap())).collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected);
        map.check_invariants();
    }
    let distinct = |handles: &[Pair<M>]| {
        let mut addresses: Vec<_> = handles.iter().map(|(_, value)| Rc::as_ptr(value)).collect();
        addresses.sort_unstable();
        addresses.dedup();
        addresses.len() as u64
    };
    let stats = map.stats();
    assert_eq!((stats.hits, stats.misses, stats.loads), (hits, misses, loads));
    assert_eq!((stats.live, stats.expired), (model.len(), born - distinct(&handles)));
    // Half of the values outlive the map.
    handles.truncate(handles.len() / 2);
    drop(map);
    for (handle, value) in &handles {
        assert_eq!(**handle, **value);
    }
}

proptest! {
    #[test]
    fn a_map_is_a_hash_map_of_weak_pointers(operations in vec(operation(), 0..200)) {
        run::<pennyweight::weak::DefaultHashBuilder, Local>(operations);
    }

    #[test]
    fn entries_that_share_a_hash_are_told_apart(operations in vec(operation(), 0..200)) {
        run::<Few, Local>(operations);
    }

    #[cfg(feature = "std")]
    #[test]
    fn a_shared_map_is_a_hash_map_of_weak_pointers(operations in vec(operation(), 0..200)) {
        run::<pennyweight::weak::DefaultHashBuilder, pennyweight::weak::Shared>(operations);
    }

    #[cfg(feature = "std")]
    #[test]
    fn shared_entries_that_share_a_hash_are_told_apart(operations in vec(operation(), 0..200)) {
        run::<Few, pennyweight::weak::Shared>(operations);
    }
}
