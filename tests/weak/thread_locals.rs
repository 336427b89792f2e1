//! Maps and handles that lie in thread-locals, and go in whatever order these do when their thread ends.

use pennyweight::weak::{Strong, WeakKeyMap, WeakMap, finalize};
use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;

type Held = RefCell<Option<Box<dyn Any>>>;

thread_local! {
    static ONE: Held = const { RefCell::new(None) };
    static OTHER: Held = const { RefCell::new(None) };
}

/// Keeps both until the thread ends. Destructors of thread-locals run in an order of their own, so both are tried.
fn keep<A: Any, B: Any>(swapped: bool, one: A, other: B) {
    let (one, other): (Box<dyn Any>, Box<dyn Any>) = (Box::new(one), Box::new(other));
    let (one, other) = if swapped { (other, one) } else { (one, other) };
    ONE.set(Some(one));
    OTHER.set(Some(other));
}

/// Counts how often it is dropped.
struct Counts(Arc<AtomicU32>);

impl Drop for Counts {
    fn drop(&mut self) {
        self.0.fetch_add(1, Relaxed);
    }
}

#[test]
fn a_map_of_one_thread_goes_before_its_values_or_after_them() {
    for swapped in [false, true] {
        let dropped = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&dropped);
        let thread = thread::spawn(move || {
            let map = WeakMap::new();
            map.keep_alive(10);
            let said = WeakKeyMap::new();
            let values: Vec<_> =
                (0..20).map(|key| map.insert(key, Counts(Arc::clone(&counted)))).collect();
            for value in &values {
                assert!(said.insert(value, Counts(Arc::clone(&counted))).is_none());
                let call = Counts(Arc::clone(&counted));
                drop(finalize(value, move || drop(call)));
            }
            keep(swapped, (map, said), values);
        });
        thread.join().unwrap();
        assert_eq!((dropped.load(Relaxed), Arc::strong_count(&dropped)), (60, 1));
    }
}

#[test]
fn a_value_that_dies_with_its_thread_may_ask_its_map() {
    struct Asks(Rc<WeakMap<u32, Asks>>, Arc<AtomicU32>);
    impl Drop for Asks {
        fn drop(&mut self) {
            let asks = || Asks(Rc::clone(&self.0), Arc::clone(&self.1));
            if self.1.fetch_add(1, Relaxed) < 3 {
                let next = self.0.get_or_insert_with(1, |_| asks());
                assert_eq!((Strong::count(&next), self.0.len()), (1, 1));
            }
        }
    }
    for swapped in [false, true] {
        let dropped = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&dropped);
        let thread = thread::spawn(move || {
            let map = Rc::new(WeakMap::new());
            let value = map.insert(1, Asks(Rc::clone(&map), counted));
            keep(swapped, map, value);
        });
        thread.join().unwrap();
        assert_eq!((dropped.load(Relaxed), Arc::strong_count(&dropped)), (4, 1));
    }
}

#[cfg(feature = "std")]
#[test]
fn shared_handles_go_with_their_thread_and_a_chain_of_them_without_recursion() {
    use pennyweight::weak::{SharedStrong, SharedWeakMap};

    struct Link(#[expect(dead_code, reason = "is dropped")] Option<SharedStrong<u32, Link>>);

    let map = Arc::new(SharedWeakMap::new());
    for swapped in [false, true] {
        let shared = Arc::clone(&map);
        let thread = thread::spawn(move || {
            let chain = |first: u32| {
                let link = |next, key| Some(shared.insert(key, Link(next)));
                (first..first + 50_000).fold(None, link)
            };
            // The first drop of a thread, and one after others.
            let (one, other) = (chain(0), chain(100_000));
            if swapped {
                drop(shared.insert(7_000_000, Link(None)));
            }
            keep(swapped, one, (other, shared));
        });
        thread.join().unwrap();
        assert!(map.is_empty() && Arc::strong_count(&map) == 1);
        map.check_invariants();
    }
    assert_eq!(map.stats().expired, 200_001);
}
