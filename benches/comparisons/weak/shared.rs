//! Values that two threads look up.

use super::living::{Filled, shuffled};
use super::peers::{Caches, Dash, Locked, Moka, Quick, Shares, Swept, Value};
use pennyweight::weak::SharedWeakMap;
use pennyweight_baseline::weak::SharedCache;
use pennyweight_comparison::{Comparison, Suite};
use std::rc::Rc;
use std::thread;

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("weak", "shared-hit", |_| hits());
}

const THREADS: usize = 2;
const HOT: usize = 1024;
const TIMES: usize = 100;

fn hits() -> Comparison {
    fn build<C: Caches>() -> Filled<C> {
        Filled::with(HOT)
    }
    fn look<C: Shares>(keys: &Rc<[u64]>) -> impl Fn(&mut Filled<C>) -> i64 + 'static {
        let keys: Box<[u64]> = keys.iter().copied().collect();
        move |Filled { map, .. }| {
            let map = &*map;
            let once = &|thread: usize| -> i64 {
                let (before, behind) = keys.split_at(HOT * thread / THREADS);
                let of = |key: &u64| map.get(*key).expect("a value that lives");
                (0..TIMES).map(|_| behind.iter().chain(before).map(of).sum::<i64>()).sum()
            };
            thread::scope(|scope| {
                let other = scope.spawn(move || once(1));
                once(0) + other.join().expect("no panic")
            })
        }
    }
    let keys = &shuffled(HOT);
    Comparison::of(format!("{HOT} values of 64 bytes"), HOT * TIMES * THREADS)
        .threads(THREADS as u32)
        .about(
            "Two threads look up all values a hundred times each, in random order and each from \
             another place on. The time is that of the wall clock from before they are started \
             until both are done. naive is std's map of `Weak`s in a `Mutex`. It hashes by std's \
             SipHash, as dashmap does.",
        )
        .naive(build::<SharedCache<u64, Value>>, look(keys))
        .pennyweight(build::<SharedWeakMap<u64, Value>>, look(keys))
        .variant("pennyweight swept", build::<Swept>, look(keys))
        .variant("Mutex, same hash", build::<Locked>, look(keys))
        .peer("dashmap", "dashmap of Weak", build::<Dash>, look(keys))
        .peer("moka", "moka", build::<Moka>, look(keys))
        .peer("quick_cache", "quick_cache", build::<Quick>, look(keys))
}
