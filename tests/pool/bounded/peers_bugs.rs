//! Faults of other pools.

use super::{LATE, numbers, until_waiting};
use core::convert::Infallible;
use core::panic::AssertUnwindSafe;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use pennyweight::pool::{BoundedPool, GetError, Hooks};
use std::panic::catch_unwind;
use std::sync::Arc;
use std::thread;

/// lockfree-object-pool 0.1.6, `MutexObjectPool`: an `init` that panics poisons the pool for ever, and the guards that are out panic when
/// they are dropped.
#[test]
fn a_panic_of_create_poisons_nothing_while_guards_are_out() {
    let fails = AtomicBool::new(false);
    let pool = BoundedPool::new(2, || assert!(!fails.load(SeqCst), "create"));
    let guard = pool.get().unwrap();
    fails.store(true, SeqCst);
    assert!(catch_unwind(AssertUnwindSafe(|| drop(pool.get()))).is_err());
    drop(guard);
    assert_eq!(pool.stats().idle, 1);
    assert!(pool.get_now().is_ok());
}

/// lockfree-object-pool 0.1.6, `MutexObjectPool`: an `init` that uses the pool never ends.
#[test]
fn create_may_get_another_object_of_the_pool() {
    static NESTED: BoundedPool<u8> =
        BoundedPool::new(2, || NESTED.get_now().map_or(0, |inner| *inner + 1));
    assert_eq!(*NESTED.get().unwrap(), 1);
    assert_eq!(NESTED.stats().idle, 2);
}

/// lockfree-object-pool 0.1.6, `LinearObjectPool`: a `reset` that panics loses the place of the object.
#[test]
fn a_panic_of_recycle_loses_no_place() {
    struct Spoiled;

    impl Hooks<u8> for Spoiled {
        type Error = Infallible;

        fn create(&self) -> Result<u8, Infallible> {
            Ok(0)
        }

        fn recycle(&self, object: &mut u8) -> bool {
            assert_ne!(*object, 1, "recycle");
            true
        }
    }

    let pool = BoundedPool::new(2, Spoiled);
    for _ in 0..10 {
        let spoil = || *pool.get_now().unwrap() = 1;
        assert!(catch_unwind(AssertUnwindSafe(spoil)).is_err());
    }
    assert_eq!([(); 2].map(|()| *pool.get_now().unwrap()), [0, 0]);
}

/// object-pool 0.6.0, `experimental`: of a capacity that is a multiple of 64, 64 objects are lost.
#[test]
fn all_places_hold_an_object() {
    for max in [1, 63, 64, 65, 128, 192] {
        let pool = numbers(max);
        for round in 0..2 {
            let guards: Vec<_> = (0..max).map(|_| pool.get_now().unwrap()).collect();
            assert_eq!(pool.get_now().unwrap_err(), GetError::Exhausted { max });
            drop(guards);
            assert_eq!(pool.stats().idle, max, "{max}, round {round}");
        }
        assert_eq!(pool.stats().created as usize, max);
    }
}

/// dynamic-pool 0.2.2: an object is reset although its pool is gone. An owned guard holds its pool.
#[test]
fn a_pool_is_there_until_the_last_object_is_back() {
    struct Recycles(Arc<AtomicUsize>);

    impl Hooks<u8> for Recycles {
        type Error = Infallible;

        fn create(&self) -> Result<u8, Infallible> {
            Ok(0)
        }

        fn recycle(&self, _: &mut u8) -> bool {
            self.0.fetch_add(1, SeqCst);
            true
        }
    }

    let recycled = Arc::new(AtomicUsize::new(0));
    let pool = Arc::new(BoundedPool::new(1, Recycles(Arc::clone(&recycled))));
    let guard = pool.get_owned().unwrap();
    drop(pool);
    assert_eq!(Arc::strong_count(&recycled), 2, "the pool is there");
    drop(guard);
    assert_eq!((recycled.load(SeqCst), Arc::strong_count(&recycled)), (1, 1));
}

/// singleflight 0.3: whoever waits for one that panics waits for ever.
#[test]
fn who_waits_for_an_object_that_is_never_made_is_told() {
    static GATE: AtomicBool = AtomicBool::new(false);
    static POOL: BoundedPool<u8> = BoundedPool::new(1, || {
        while !GATE.load(SeqCst) {
            thread::yield_now();
        }
        assert!(!GATE.swap(false, SeqCst), "create");
        0
    });
    let maker = thread::spawn(|| drop(POOL.get()));
    while POOL.stats().outstanding == 0 {
        thread::yield_now();
    }
    let waiter = thread::spawn(|| drop(POOL.get_timeout(LATE)));
    until_waiting(&POOL, 1);
    GATE.store(true, SeqCst);
    assert!(maker.join().is_err());
    // It makes the object itself, and fails as well.
    GATE.store(true, SeqCst);
    assert!(waiter.join().is_err());
    assert_eq!(POOL.stats().outstanding, 0);
}

/// Pools with a condition variable, as r2d2 and dynamic ones written by hand, let whoever comes first have what comes back: a thread that
/// gives back and gets again keeps all others waiting.
#[test]
fn who_gives_back_and_gets_again_waits_his_turn() {
    let pool = numbers(1);
    let served = AtomicUsize::new(0);
    for turn in 1..=20 {
        let guard = pool.get().unwrap();
        thread::scope(|scope| {
            let waited = pool.stats().waited;
            scope.spawn(|| {
                let guard = pool.get().unwrap();
                served.fetch_add(1, SeqCst);
                drop(guard);
            });
            until_waiting(&pool, waited + 1);
            drop(guard);
            let again = pool.get();
            assert_eq!((again.is_ok(), served.load(SeqCst)), (true, turn));
        });
    }
}
