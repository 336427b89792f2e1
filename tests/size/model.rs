//! Maps after arbitrary operations.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{BuildHasherDefault, DefaultHasher};

use pennyweight::size::{HeapSize, deep_size};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::{assert_exact, held, measure};

/// What may happen to a map whose keys are `u16`.
#[derive(Clone, Debug)]
enum Step {
    Insert(u16),
    Remove(u16),
    PopFirst(u8),
    PopLast(u8),
    Fill { from: u16, len: u16 },
    Drain { from: u16, len: u16 },
    Append(u16),
    SplitOff(u16),
    Retain(u16),
    Shrink,
    Clear,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0u16..2000).prop_map(Step::Insert),
        4 => (0u16..2000).prop_map(Step::Remove),
        2 => any::<u8>().prop_map(Step::PopFirst),
        2 => any::<u8>().prop_map(Step::PopLast),
        6 => (0u16..2000, 0u16..1000).prop_map(|(from, len)| Step::Fill { from, len }),
        4 => (0u16..2000, 0u16..1000).prop_map(|(from, len)| Step::Drain { from, len }),
        1 => (0u16..500).prop_map(Step::Append),
        1 => (0u16..2500).prop_map(Step::SplitOff),
        1 => (1u16..20).prop_map(Step::Retain),
        1 => Just(Step::Shrink),
        1 => Just(Step::Clear),
    ];
    prop::collection::vec(step, 0..30)
}

fn ordered<K: Ord, V>(
    steps: &[Step],
    key: impl Fn(u16) -> K,
    value: impl Fn(u16) -> V,
) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    for step in steps {
        match *step {
            Step::Insert(i) => drop(map.insert(key(i), value(i))),
            Step::Remove(i) => drop(map.remove(&key(i))),
            Step::PopFirst(n) => (0..n).for_each(|_| _ = map.pop_first()),
            Step::PopLast(n) => (0..n).for_each(|_| _ = map.pop_last()),
            Step::Fill { from, len } => {
                (from..from + len).for_each(|i| drop(map.insert(key(i), value(i))));
            }
            Step::Drain { from, len } => {
                (from..from + len).for_each(|i| _ = map.remove(&key(i)));
            }
            Step::Append(n) => {
                map.append(&mut (0..n).map(|i| (key(i * 3), value(i))).collect());
            }
            Step::SplitOff(i) => drop(map.split_off(&key(i))),
            Step::Retain(n) => {
                let mut i = 0;
                map.retain(|_, _| {
                    i += 1;
                    i % n != 0
                });
            }
            Step::Shrink => {}
            Step::Clear => map.clear(),
        }
    }
    map
}

/// Hashes alike in every run.
type Hasher = BuildHasherDefault<DefaultHasher>;

fn hashed<V>(steps: &[Step], value: impl Fn(u16) -> V) -> HashMap<u16, V, Hasher> {
    let mut map = HashMap::default();
    for step in steps {
        match *step {
            Step::Insert(i) => drop(map.insert(i, value(i))),
            Step::Remove(i) | Step::SplitOff(i) => drop(map.remove(&i)),
            Step::PopFirst(n) => (0..n).for_each(|i| _ = map.remove(&i.into())),
            Step::PopLast(n) => (0..n).for_each(|i| drop(map.remove(&(2000 - u16::from(i))))),
            Step::Fill { from, len } => {
                (from..from + len).for_each(|i| _ = map.insert(i, value(i)));
            }
            Step::Drain { from, len } => (from..from + len).for_each(|i| _ = map.remove(&i)),
            Step::Append(n) => map.extend((0..n).map(|i| (i * 3, value(i)))),
            Step::Retain(n) => map.retain(|key, _| key % n != 0),
            Step::Shrink => map.shrink_to_fit(),
            Step::Clear => map.clear(),
        }
    }
    map
}

fn assert_ordered<K: HeapSize + Ord, V: HeapSize>(build: impl Fn() -> BTreeMap<K, V>) {
    if build().is_empty() {
        assert_eq!((deep_size(&build()).heap, deep_size(&build()).unseen), (0, 1));
    } else {
        assert_exact(build);
    }
}

fn assert_hashed<V: HeapSize>(build: impl FnOnce() -> HashMap<u16, V, Hasher>) {
    let (map, stats) = measure(build);
    let size = deep_size(&map);
    let (held, _) = held(&stats);
    if size.is_exact() {
        assert_eq!(size.heap, held);
    } else {
        assert!(size.heap <= held, "an estimate is never too high");
        // Hashing spreads many entries over all of their table.
        assert!(size.heap == held || map.len() < 100, "{size}, but {held} B are held");
    }
}

proptest! {
    // Alike in every run, since some tables pass for smaller ones, if very few.
    #![proptest_config(ProptestConfig {
        cases: 100,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn ordered_maps_are_exact_after_any_operations(steps in steps()) {
        assert_ordered(|| ordered(&steps, u64::from, |i| i));
        assert_ordered(|| ordered(&steps, |i| i, |_| ()));
        assert_ordered(|| ordered(&steps, |i| i as u8, |i| [u64::from(i); 5]));
        assert_ordered(|| ordered(&steps, u128::from, |i| i as u8));
        assert_ordered(|| ordered(&steps, |i| i.to_string(), |i| vec![i; usize::from(i % 5)]));
    }

    #[test]
    fn ordered_sets_are_exact_after_any_operations(steps in steps()) {
        let build = || ordered(&steps, |i| i, |_| ()).into_keys().collect::<BTreeSet<_>>();
        if !build().is_empty() {
            assert_exact(build);
        }
    }

    #[test]
    fn hash_maps_are_exact_or_estimated_after_any_operations(steps in steps()) {
        assert_hashed(|| hashed(&steps, u64::from));
        assert_hashed(|| hashed(&steps, |_| ()));
        assert_hashed(|| hashed(&steps, |i| [i; 20]));
    }
}
