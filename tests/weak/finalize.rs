//! What is done when a value dies.

use pennyweight::weak::{Strong, WeakMap, finalize};
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

type Log = Rc<RefCell<Vec<&'static str>>>;

struct Noisy(Log);

impl Drop for Noisy {
    fn drop(&mut self) {
        self.0.borrow_mut().push("drop");
    }
}

fn note(log: &Log, text: &'static str) -> impl FnOnce() + 'static {
    let log = Rc::clone(log);
    move || log.borrow_mut().push(text)
}

#[test]
fn the_last_one_is_called_first_and_all_before_the_drop() {
    let log = Log::default();
    let map: Rc<WeakMap<u32, Noisy>> = Rc::new(WeakMap::new());
    let value = map.insert(1, Noisy(log.clone()));
    let first = finalize(&value, note(&log, "first"));
    let there = Rc::clone(&map);
    let second = finalize(&value, move || assert!(there.get(&1).is_none(), "the entry has gone"));
    let third = finalize(&value, note(&log, "third"));
    let clone = value.clone();
    drop(value);
    assert!(first.is_alive() && log.borrow().is_empty());
    drop(clone);
    assert_eq!(*log.borrow(), ["third", "first", "drop"]);
    assert!(!first.is_alive() && !second.is_alive() && !third.call() && !third.detach());
    map.check_invariants();
}

#[test]
fn a_finalizer_is_called_once_or_never() {
    let log = Log::default();
    let value: Strong<(), u32> = Strong::new(1);
    let called = finalize(&value, note(&log, "called"));
    let detached = finalize(&value, note(&log, "detached"));
    assert!(called.call() && !called.call());
    assert!(detached.detach() && !detached.call());
    drop(finalize(&value, note(&log, "left")));
    drop(value);
    assert_eq!(*log.borrow(), ["called", "left"]);
}

#[test]
fn a_panic_leaves_all_valid() {
    let log = Log::default();
    let map: WeakMap<u32, Noisy> = WeakMap::new();
    let value = map.insert(1, Noisy(log.clone()));
    let _ = finalize(&value, note(&log, "first"));
    let _ = finalize(&value, || panic!("on purpose"));
    let _ = finalize(&value, note(&log, "third"));
    assert!(catch_unwind(AssertUnwindSafe(|| drop(value))).is_err());
    assert_eq!(*log.borrow(), ["third", "first", "drop"]);
    assert!(map.is_empty());
    map.check_invariants();
}

#[test]
fn a_finalizer_may_use_the_map() {
    let map: Rc<WeakMap<u32, u32>> = Rc::new(WeakMap::new());
    let again = Rc::new(Cell::new(None));
    let value = map.insert(1, 1);
    let _ = finalize(&value, {
        let (map, again) = (Rc::clone(&map), Rc::clone(&again));
        move || again.set(Some(map.get_or_insert_with(1, |_| 2)))
    });
    drop(value);
    assert_eq!(map.get(&1).as_deref(), Some(&2));
    drop(again);
    assert!(map.is_empty());
    map.check_invariants();
}

#[test]
fn a_chain_of_finalizers_is_called_without_recursion() {
    let map: WeakMap<u32, u32> = WeakMap::new();
    let mut value = map.insert(0, 0);
    for key in 1..100_000 {
        let inner = value;
        value = map.insert(key, key);
        let _ = finalize(&value, move || drop(inner));
    }
    drop(value);
    assert_eq!(map.stats().expired, 100_000);
    map.check_invariants();
}

#[test]
fn detached_finalizers_do_not_pile_up() {
    let value: Strong<(), u32> = Strong::new(1);
    let witness = Rc::new(());
    for _ in 0..1000 {
        let held = Rc::clone(&witness);
        assert!(finalize(&value, move || drop(held)).detach());
    }
    assert_eq!(Rc::strong_count(&witness), 1);
}

#[cfg(feature = "std")]
#[test]
fn threads_add_finalizers_to_one_value() {
    use pennyweight::weak::SharedWeakMap;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::thread;
    let map: SharedWeakMap<u32, u32> = SharedWeakMap::new();
    let calls = Arc::new(AtomicU32::new(0));
    let value = map.insert(1, 1);
    thread::scope(|scope| {
        for _ in 0..4 {
            let value = value.clone();
            let calls = &calls;
            scope.spawn(move || {
                for _ in 0..100 {
                    let calls = Arc::clone(calls);
                    let _ = finalize(&value, move || {
                        calls.fetch_add(1, Ordering::Relaxed);
                    });
                }
            });
        }
    });
    assert_eq!(calls.load(Ordering::Relaxed), 0);
    drop(value);
    assert_eq!(calls.load(Ordering::Relaxed), 400);
}
