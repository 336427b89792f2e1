//! Values that die: what is kept of them, and what it takes to have others in their place.

use super::living::{Filled, MANY};
use super::peers::{Caches, Dash, Moka, Quick, Value, WeakTable, WeakTableSameHash};
use pennyweight::weak::{SharedWeakMap, SweptMap, WeakMap};
use pennyweight_baseline::random::Random;
use pennyweight_baseline::weak::Cache;
use pennyweight_comparison::{Comparison, Suite};
use std::rc::Rc;

/// The variants that hold no value, each with what `$build` and `$work` are for its map.
macro_rules! variants {
    ($comparison:expr, $build:ident($size:expr), $work:expr) => {
        $comparison
            .naive($build::<Cache<u64, Value>>($size), $work)
            .pennyweight($build::<WeakMap<u64, Value>>($size), $work)
            .variant("pennyweight swept", $build::<SweptMap<u64, Rc<Value>>>($size), $work)
            .variant("pennyweight shared", $build::<SharedWeakMap<u64, Value>>($size), $work)
            .peer("weak-table", "weak-table", $build::<WeakTable>($size), $work)
            .peer("weak-table", "weak-table, same hash", $build::<WeakTableSameHash>($size), $work)
            .peer("dashmap", "dashmap of Weak", $build::<Dash>($size), $work)
    };
}

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("weak", "dead", |sizes| dead(sizes.generated(MANY)));
    suite.add("weak", "churn", |sizes| churn(sizes.generated(50_000)));
    suite.add("weak", "churned", |sizes| churned(sizes.generated(1_000_000)));
}

fn dead(count: usize) -> Comparison {
    fn build<C: Caches>(count: usize) -> impl Fn() -> Filled<C> + 'static {
        move || {
            let mut filled = Filled::<C>::with(count);
            filled.handles = Vec::new();
            // One more, so that those that sweep have occasion to.
            filled.handles.push(filled.map.put(count as u64));
            filled
        }
    }
    fn find<C: Caches>(count: usize) -> impl Fn(&mut Filled<C>) -> i64 + 'static {
        move |filled| filled.map.get(count as u64).expect("a value that lives")
    }
    let data = format!("{count} values of 64 bytes, all of which die");
    let comparison = Comparison::of(data, count).times_build().about(
        "Values are put into an empty map, and all let go of; then there is one more. What the map \
         holds then is weighed. moka and quick_cache keep their values themselves. The time is \
         that of all.",
    );
    variants!(comparison, build(count), find(count))
        .peer("moka", "moka", build::<Moka>(count), find(count))
        .peer("quick_cache", "quick_cache", build::<Quick>(count), find(count))
}

/// A map in which values die and others come.
struct Churned<C: Caches> {
    filled: Filled<C>,
    next: u64,
    random: Random,
}

impl<C: Caches> Churned<C> {
    fn with(live: usize, most: usize) -> Self {
        let mut map = C::empty(most);
        let handles = (0..live as u64).map(|key| map.put(key)).collect();
        Self { filled: Filled { map, handles }, next: live as u64, random: Random::new(7) }
    }

    /// Puts a value under a new key in the place of one that dies.
    fn step(&mut self) {
        let Filled { map, handles } = &mut self.filled;
        let place = self.random.below(handles.len());
        handles[place] = map.put(self.next);
        self.next += 1;
    }
}

const STEPS: usize = 1000;

fn churn(live: usize) -> Comparison {
    fn steps<C: Caches>(churned: &mut Churned<C>) -> i64 {
        (0..STEPS).for_each(|_| churned.step());
        churned.filled.map.get(churned.next - 1).map_or(0, |_| 1)
    }
    let data = format!("{live} values of 64 bytes that live, {STEPS} that come");
    let comparison = Comparison::of(data, STEPS).about(
        "A value is made under a new key, and one that was there dies, a thousand times over. \
         naive and dashmap keep the entries and blocks of all.",
    );
    fn build<C: Caches>(live: usize) -> impl Fn() -> Churned<C> + 'static {
        move || Churned::with(live, live)
    }
    variants!(comparison, build(live), steps)
}

const LIVE: usize = 1000;

fn churned(keys: usize) -> Comparison {
    fn build<C: Caches>(keys: usize) -> impl Fn() -> Churned<C> + 'static {
        move || {
            let mut churned = Churned::<C>::with(LIVE, LIVE);
            (LIVE..keys).for_each(|_| churned.step());
            churned
        }
    }
    fn count<C: Caches>(keys: usize) -> impl Fn(&mut Churned<C>) -> i64 + 'static {
        move |churned| {
            (0..keys as u64).filter(|&key| churned.filled.map.get(key).is_some()).count() as i64
        }
    }
    let data = format!("{keys} values of 64 bytes, of which {LIVE} live at a time");
    let comparison = Comparison::of(data, keys).about(
        "A thousand values live; one after the other dies, and one under a new key comes in its \
         place. A thousand in naive's map take 122,840 bytes, with a handle of 8 bytes for each: \
         the peak is to be compared with that. The time is that of looking up all keys that \
         there ever were, most of which are dead.",
    );
    variants!(comparison, build(keys), count(keys))
}
