//! A cache of reports that does not keep them: each is there as long as somebody uses it.
//!
//! Python's `WeakValueDictionary`. CPython 3.11 takes 168 bytes an entry for it, against 80 of a dict, and refuses values of `str`,
//! `int` and `tuple`, to which it has no weak references. In Rust the usual way is a map of `Weak`s. Its entries stay when their values go, and
//! each keeps the block that the value was in.

use pennyweight::profile::{Allocator, measure};
use pennyweight::weak::{Strong, SweptMap, WeakMap};
use std::collections::HashMap;
use std::rc::{Rc, Weak};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

struct Report([u64; 8]);

fn load(user: &u64) -> Report {
    Report([*user; 8])
}

fn before(cache: &mut HashMap<u64, Weak<Report>>, user: u64) -> Rc<Report> {
    if let Some(report) = cache.get(&user).and_then(Weak::upgrade) {
        return report;
    }
    let report = Rc::new(load(&user));
    cache.insert(user, Rc::downgrade(&report));
    report
}

/// The report takes its entry with it when the last `Strong` goes.
fn after(cache: &WeakMap<u64, Report>, user: u64) -> Strong<u64, Report> {
    cache.get_or_insert_with(user, load)
}

fn main() {
    let mut weaks = HashMap::new();
    let reports = WeakMap::new();

    // A miss, a hit, and gone.
    let first = after(&reports, 1);
    let second = after(&reports, 1);
    assert!(Strong::ptr_eq(&first, &second) && first.0 == before(&mut weaks, 1).0);
    assert_eq!((reports.stats().loads, reports.stats().hits), (1, 1));
    drop((first, second));
    assert!(!reports.contains_key(&1) && reports.is_empty());

    // Two hundred thousand users come and go.
    let ((), old) = measure(|| (0..200_000).for_each(|user| drop(before(&mut weaks, user))));
    let ((), new) = measure(|| (0..200_000).for_each(|user| drop(after(&reports, user))));
    println!("HashMap of Weaks: {:>10} bytes for {:>6} entries", old.current, weaks.len());
    println!("         WeakMap: {:>10} bytes for {:>6} entries", new.current, reports.len());
    assert_eq!((weaks.len(), reports.len()), (200_000, 0));
    assert!(old.current > 20_000_000 && new.current <= 0);

    // Values whose pointer is fixed elsewhere, `str` among them: entries are swept while others come.
    let mut names: SweptMap<u64, Rc<str>> = SweptMap::new();
    let ada = names.get_or_insert_with(1815, |_| Rc::from("Ada"));
    assert!(Rc::ptr_eq(&ada, &names.get(&1815).expect("somebody has it")));
    let ((), swept) = measure(|| {
        for user in 0..200_000 {
            drop(names.get_or_insert_with(1_000_000 + user, |user| format!("user {user}").into()));
        }
    });
    println!("        SweptMap: {:>10} bytes for {:>6} entries", swept.current, names.entries());
    assert!(names.entries() <= 20 && swept.current < 2_000);
    assert_eq!(names.iter().map(|(&born, name)| (born, name)).collect::<Vec<_>>(), [(1815, ada)]);
}
