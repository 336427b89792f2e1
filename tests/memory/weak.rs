//! What weak maps and their handles take.

use super::weigh;
use pennyweight::profile::measure;
use pennyweight::size::{HeapSize, deep_size};
use pennyweight::weak::{
    Local, Mode, Shared, SharedWeakMap, Strong, WeakKeyMap, WeakMap, WeakMapIn, WeakSet, finalize,
};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Barrier;
use std::time::Duration;

/// The table of a map for one thread, and that of a shared one.
const EMPTY: usize = 120;
const EMPTY_SHARED: usize = 2112;

#[test]
fn a_handle_is_a_pointer() {
    assert_eq!(size_of::<Option<Strong<String, [u64; 8]>>>(), 8);
    assert_eq!(size_of::<Option<Strong<String, str>>>(), 8);
}

#[test]
fn an_empty_map_is_its_table() {
    assert_eq!(weigh(WeakMap::<u64, u64>::new).0.heap_bytes(), EMPTY);
    assert_eq!(weigh(SharedWeakMap::<u64, u64>::new).0.heap_bytes(), EMPTY_SHARED);
}

#[test]
fn an_entry_takes_28_bytes_beside_key_and_value() {
    let (map, _) = weigh(WeakMap::<u64, [u64; 8]>::new);
    let (values, stats) =
        measure(|| (0..100_000).map(|key| map.insert(key, [key; 8])).collect::<Vec<_>>());
    assert_eq!(deep_size(&values).heap, 100_000 * (8 + 16 + 8 + 64));
    assert_eq!(map.heap_bytes() - EMPTY, 131_072 * 9 + 16);
    let handles = 8 * values.capacity() as i64;
    assert_eq!(stats.current - handles, 100_000 * (72 + 16) + 131_072 * 9 + 16);
}

#[test]
fn nothing_is_held_when_every_value_has_died() {
    let (map, _) = weigh(WeakMap::<u64, [u64; 8]>::new);
    let (shared, _) = weigh(SharedWeakMap::<u64, [u64; 8]>::new);
    let ((), stats) = measure(|| {
        drop((0..100_000).map(|key| map.insert(key, [key; 8])).collect::<Vec<_>>());
    });
    assert_eq!((stats.current, map.heap_bytes()), (52, EMPTY + 52));
    let ((), stats) = measure(|| {
        drop((0..100_000).map(|key| shared.insert(key, [key; 8])).collect::<Vec<_>>());
    });
    assert_eq!(shared.heap_bytes() as i64, EMPTY_SHARED as i64 + stats.current);
    assert!(shared.heap_bytes() <= EMPTY_SHARED + 16 * 88);
    assert!(shared.heap_bytes() < 4096);
    map.shrink_to_fit();
    shared.shrink_to_fit();
    assert_eq!((map.heap_bytes(), shared.heap_bytes()), (EMPTY, EMPTY_SHARED));
}

#[test]
fn a_kept_value_that_panics_leaves_no_table_behind() {
    struct Fragile(bool);
    impl Drop for Fragile {
        fn drop(&mut self) {
            if self.0 {
                // Without a message, which would allocate.
                resume_unwind(Box::new(()));
            }
        }
    }
    fn held<M: Mode>() -> i64 {
        let once = || {
            let map: WeakMapIn<u32, Fragile, _, M> = WeakMapIn::new();
            map.keep_alive(10);
            (0..3).for_each(|key| drop(map.insert(key, Fragile(key == 0))));
            let dropped = catch_unwind(AssertUnwindSafe(|| drop(map)));
            assert!(dropped.is_err());
        };
        measure(once).1.current
    }
    assert_eq!((held::<Local>(), held::<Shared>()), (0, 0));
}

#[test]
fn asking_allocates_nothing() {
    let map: WeakMap<u64, u64> = WeakMap::new();
    let set: WeakSet<u64> = WeakSet::new();
    let (_one, _two) = (map.insert(1, 1), set.get_or_insert(1));
    let ((), stats) = measure(|| {
        assert!(map.get(&1).is_some() && map.get(&2).is_none());
        assert!(map.contains_key(&1) && !map.contains_key(&2));
        assert!(set.contains(&1) && !set.contains(&2));
        assert!(map.get_or_insert_with(1, |_| 2) == map.remove(&1).unwrap());
        assert!(set.remove(&1).is_some());
    });
    assert_eq!(stats.allocations, 0);
}

#[test]
fn a_million_keys_go_through_a_thousand_values() {
    let (map, _) = weigh(SharedWeakMap::<u64, [u64; 8]>::new);
    let mut live: Vec<_> = (0..1000).map(|key| map.insert(key, [key; 8])).collect();
    let start = map.heap_bytes() + live.heap_bytes();
    let ((), stats) = measure(|| {
        for key in 1000..1_000_000 {
            live[key as usize % 1000] = map.insert(key, [key; 8]);
        }
    });
    // The tables are swept where others would double.
    assert!(stats.peak as f64 <= 0.35 * start as f64, "{} of {start}", stats.peak);
    map.check_invariants();
}

#[test]
fn strings_lie_behind_their_keys() {
    let set: WeakSet<str> = WeakSet::new();
    let _first = set.get_or_insert("first");
    let (text, stats) = measure(|| set.get_or_insert("abcde"));
    assert_eq!((stats.current, stats.allocations), (24 + 5, 1));
    assert_eq!(text.heap_bytes(), 29);

    let map: WeakMap<u8, [u16]> = WeakMap::new();
    let _first = map.insert_from(1, [1]);
    let (list, stats) = measure(|| map.insert_from(2, [1, 2, 3]));
    // Count, tag, word and length; the key, and a byte behind it.
    assert_eq!((stats.current, list.heap_bytes()), (24 + 2 + 6, 32));
}

#[test]
fn a_hit_and_a_load_allocate_nothing_but_the_node() {
    let map: SharedWeakMap<u64, u64> = SharedWeakMap::new();
    let values: Vec<_> = (0..100).map(|key| map.insert(key, key)).collect();
    let (_, stats) = measure(|| (0..100).filter_map(|key| map.get(&key)).count());
    assert_eq!(stats.allocations, 0);
    map.shrink_to_fit();
    drop(values);
    let first = map.insert(7, 7);
    let (value, stats) = measure(|| {
        map.try_get_or_insert_with(7, |_| Err(()))
            .and(map.try_get_or_insert_with(8, |_| Ok::<_, ()>(8)))
    });
    assert_eq!((*first, value.as_deref(), stats.frees), (7, Ok(&8), 0));
    assert!(stats.current == 32 || stats.current == 32 + 52, "{}", stats.current);
}

#[test]
fn those_who_wait_for_a_load_allocate_nothing() {
    let map: SharedWeakMap<u64, [u64; 1000]> = SharedWeakMap::new();
    let (map, loading) = (&map, &Barrier::new(2));
    std::thread::scope(|scope| {
        let waiter = scope.spawn(move || {
            loading.wait();
            measure(|| map.get_or_insert_with(7, |_| unreachable!())).1.allocated_bytes
        });
        let value = map.get_or_insert_with(7, |_| {
            loading.wait();
            // Until the other one has counted its reference, or has had the time to.
            std::thread::sleep(Duration::from_millis(20));
            [7; 1000]
        });
        assert_eq!((waiter.join().unwrap(), value[0]), (0, 7));
    });
}

#[test]
fn what_nobody_watches_pays_nothing_and_what_is_watched_little() {
    // Not a function: what a finalizer has to be, the mode says.
    macro_rules! check {
        ($mode:ty) => {
            let map: WeakMapIn<u64, u64, _, $mode> = WeakMapIn::new();
            let value = map.insert(1, 1);
            let (first, stats) = measure(|| finalize(&value, || ()));
            assert_eq!((stats.current, stats.allocations), (112, 4));
            let (second, stats) = measure(|| finalize(&value, || ()));
            assert_eq!(stats.current, 64);
            let ((), stats) = measure(|| drop((value, first, second)));
            assert_eq!(stats.current, -32 - 112 - 64);
        };
    }
    check!(Local);
    check!(Shared);
}

#[test]
fn what_is_said_of_an_object_takes_a_record() {
    let map: WeakKeyMap<(), u64, u64> = WeakKeyMap::new();
    let object: Strong<(), u64> = Strong::new(1);
    let other: Strong<(), u64> = Strong::new(1);
    map.insert(&other, 1);
    let table = map.heap_bytes();
    let ((), stats) = measure(|| drop(map.insert(&object, 1)));
    // A node with what is said, the record, its list of one, and the watch in it.
    assert_eq!((map.heap_bytes(), stats.current), (table, 24 + 48 + 16 + 8));
}
