//! What the docs of the maps over std's `Weak` say of bytes.

use crate::weigh;
use pennyweight::HeapSize;
use pennyweight::intern::Seeded;
use pennyweight::profile::measure;
use pennyweight::size::deep_size;
use pennyweight::weak::{Equality, Identity, SweptKeyMap, SweptMap, SweptSet};
use std::rc::Rc;

type Map = SweptMap<u64, Rc<[u64; 8]>, Seeded>;

const MANY: u64 = 100_000;

/// A value behind its two counters.
const BLOCK: i64 = 80;

fn map() -> Map {
    Map::with_hasher(Seeded::with_seed(7))
}

#[test]
fn an_entry_takes_its_key_a_weak_and_a_byte_by_the_load_of_the_table() {
    let values: Vec<_> = (0..MANY).map(|number| Rc::new([number; 8])).collect();
    let (map, stats) = weigh(|| {
        let mut map = map();
        (0_u64..).zip(&values).for_each(|(key, value)| drop(map.insert(key, value)));
        map
    });
    // 2¹⁷ buckets, seven eighths of which are enough. Beside the key, an entry takes 14.3 bytes.
    assert_eq!(map.heap_bytes(), 131_072 * (16 + 1) + 16);
    assert_eq!(stats.current as f64 / MANY as f64, 22.28240);

    let (names, _) = weigh(|| {
        let mut names = SweptKeyMap::<_, u32, Identity, _>::with_hasher(Seeded::with_seed(7));
        for value in &values {
            names.insert(value, 0);
        }
        names
    });
    assert_eq!(names.heap_bytes(), 131_072 * (16 + 1) + 16, "four of the bytes are padding");

    let (set, _) = weigh(|| {
        let mut set = SweptSet::<_, Equality, _>::with_hasher(Seeded::with_seed(7));
        for value in &values {
            set.insert(value);
        }
        set
    });
    assert_eq!(set.heap_bytes(), 131_072 * (16 + 1) + 16, "four of the bytes are padding");

    let (set, _) = weigh(|| {
        let mut set = SweptSet::<_, Identity, _>::with_hasher(Seeded::with_seed(7));
        for value in &values {
            set.insert(value);
        }
        set
    });
    assert_eq!(set.heap_bytes(), 131_072 * (8 + 1) + 16);
}

#[test]
fn what_died_stays_until_the_next_change_and_no_longer() {
    let ((mut map, last), stats) = measure(|| {
        let mut map = map();
        let values: Vec<_> = (0..MANY).map(|_| Rc::new([0; 8])).collect();
        (0_u64..).zip(&values).for_each(|(key, value)| drop(map.insert(key, value)));
        let last = Rc::new([1; 8]);
        drop(values);
        (map, last)
    });
    // The table, the block of each dead value, and that of the one that comes next.
    let table = map.heap_bytes() as i64;
    assert_eq!(stats.current, table + (MANY as i64 + 1) * BLOCK);
    let size = deep_size(&map);
    assert_eq!((size.heap as i64, size.unseen), (table, MANY as usize), "the blocks of the dead");

    let (_, stats) = measure(|| map.insert(0, &last));
    assert_eq!(map.heap_bytes(), 84);
    assert_eq!(stats.current, 84 - table - MANY as i64 * BLOCK);
}

#[test]
fn churn_takes_a_third_more_at_its_peak_than_what_lives() {
    let live = 1000;
    let (mut owned, start) = measure(|| {
        let mut map = map();
        let values: Vec<_> =
            (0..live).map(|key| map.get_or_insert_with(key, |_| Rc::new([0; 8]))).collect();
        (map, values)
    });
    let (map, values) = &mut owned;
    let ((), churn) = measure(|| {
        for key in live..100 * live {
            let oldest = (key % live) as usize;
            values[oldest] = map.get_or_insert_with(key, |_| Rc::new([0; 8]));
        }
    });
    assert_eq!(start.current, 1000 * 8 + 1000 * BLOCK + 2048 * 17 + 16);
    assert_eq!((start.current, start.current + churn.peak), (122_832, 165_744), "1.35 times");
}

#[test]
fn an_empty_map_takes_no_heap() {
    let (map, stats) = weigh(map);
    assert_eq!((HeapSize::heap_bytes(&map), stats.allocations), (0, 0));
}
