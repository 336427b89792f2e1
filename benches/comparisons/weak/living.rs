//! Values that are all alive: what an entry takes, and what it takes to make and to find one.

use super::peers::{Caches, Dash, Moka, Quick, Value, WeakTable, WeakTableSameHash};
use pennyweight::weak::{SharedWeakMap, SweptMap, WeakMap};
use pennyweight_baseline::random::Random;
use pennyweight_baseline::weak::Cache;
use pennyweight_comparison::{Comparison, Metric, Suite};
use std::rc::Rc;

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("weak", "fill", |sizes| fill(sizes.generated(MANY)));
    suite.add("weak", "hit", |sizes| hit(sizes.generated(MANY)));
    suite.add("weak", "miss", |sizes| miss(sizes.generated(MANY)));
}

pub(super) const MANY: usize = 100_000;

/// A map and those who have its values.
pub(super) struct Filled<C: Caches> {
    pub(super) map: C,
    pub(super) handles: Vec<C::Handle>,
}

impl<C: Caches> Filled<C> {
    pub(super) fn with(count: usize) -> Self {
        let mut map = C::empty(count);
        let mut handles = Vec::with_capacity(count);
        handles.extend((0..count as u64).map(|key| map.put(key)));
        Self { map, handles }
    }
}

/// The bytes of an entry beside the key, the value, and the handle of who has it.
fn beside(count: usize) -> Metric {
    Metric {
        name: "bytes per entry beside key and value",
        unit: "B",
        beside: (count * (size_of::<u64>() + size_of::<Value>() + size_of::<Rc<Value>>())) as f64,
        of_heap: |bytes, entries| bytes / entries,
    }
}

fn data(count: usize) -> String {
    format!("the keys 0 to {}, values of 64 bytes", count - 1)
}

fn fill(count: usize) -> Comparison {
    let comparison = Comparison::of(data(count), count).times_build().metric(beside(count)).about(
        "Values of 64 bytes under keys of 8 are made and put into an empty map, and somebody keeps \
         each of them. The map is weighed with the values and a handle of 8 bytes for each. naive \
         is std's map of `Weak`s with its SipHash, by which weak-table and dashmap hash too. moka \
         and quick_cache keep their values themselves.",
    );
    all(comparison, count, (0..count as u64).step_by(97).collect())
}

fn hit(count: usize) -> Comparison {
    let comparison = Comparison::of(data(count), count).metric(beside(count)).about(
        "All values are looked up by their keys, in random order, and one number of each is read. \
         naive, weak-table and dashmap hash by std's SipHash.",
    );
    all(comparison, count, shuffled(count))
}

fn miss(count: usize) -> Comparison {
    let comparison = Comparison::of(data(count), count).about(
        "As many keys are looked up that are not there. naive, weak-table and dashmap hash by \
         std's SipHash.",
    );
    all(comparison, count, shuffled(count).iter().map(|key| key | 1 << 40).collect())
}

pub(super) fn shuffled(count: usize) -> Rc<[u64]> {
    let mut random = Random::new(7);
    let mut keys: Vec<u64> = (0..count as u64).collect();
    for end in (1..count).rev() {
        keys.swap(end, random.below(end + 1));
    }
    keys.into()
}

/// Adds all variants, each of which looks up `keys`.
fn all(comparison: Comparison, count: usize, keys: Rc<[u64]>) -> Comparison {
    fn look<C: Caches>(keys: &Rc<[u64]>) -> impl Fn(&mut Filled<C>) -> i64 + 'static {
        let keys = Rc::clone(keys);
        move |filled| keys.iter().filter_map(|&key| filled.map.get(key)).sum()
    }
    fn filled<C: Caches>(count: usize) -> impl Fn() -> Filled<C> + 'static {
        move || Filled::with(count)
    }
    comparison
        .naive(filled::<Cache<u64, Value>>(count), look(&keys))
        .pennyweight(filled::<WeakMap<u64, Value>>(count), look(&keys))
        .variant("pennyweight swept", filled::<SweptMap<u64, Rc<Value>>>(count), look(&keys))
        .variant("pennyweight shared", filled::<SharedWeakMap<u64, Value>>(count), look(&keys))
        .peer("weak-table", "weak-table", filled::<WeakTable>(count), look(&keys))
        .peer(
            "weak-table",
            "weak-table, same hash",
            filled::<WeakTableSameHash>(count),
            look(&keys),
        )
        .peer("dashmap", "dashmap of Weak", filled::<Dash>(count), look(&keys))
        .peer("moka", "moka", filled::<Moka>(count), look(&keys))
        .peer("quick_cache", "quick_cache", filled::<Quick>(count), look(&keys))
}
