//! `BoundedPool`: never more than so many objects, whoever panics, waits, times out or goes.

use core::cell::Cell;
use core::convert::Infallible;
use core::panic::AssertUnwindSafe;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use core::time::Duration;
use pennyweight::pool::{BoundedGuard, BoundedPool, GetError, Hooks, Stats};
use std::panic::catch_unwind;
use std::sync::{Arc, Mutex};
use std::thread;

const SOON: Duration = Duration::from_millis(1);
const LATE: Duration = Duration::from_secs(60);

/// Numbers the objects that it makes.
#[derive(Default)]
struct Numbers {
    next: AtomicUsize,
}

impl Hooks<usize> for Numbers {
    type Error = Infallible;

    fn create(&self) -> Result<usize, Infallible> {
        Ok(self.next.fetch_add(1, SeqCst))
    }
}

fn numbers(max: usize) -> BoundedPool<usize, Numbers> {
    BoundedPool::new(max, Numbers::default())
}

/// Returns when so many calls have begun to wait.
fn until_waiting<T, H>(pool: &BoundedPool<T, H>, calls: u64) {
    while pool.stats().waited < calls {
        thread::yield_now();
    }
}

#[test]
fn the_last_that_came_back_goes_out_first() {
    let pool = numbers(3);
    let [a, b] = [pool.get().unwrap(), pool.get().unwrap()];
    assert_eq!((*a, *b), (0, 1));
    drop(b);
    drop(a);
    assert_eq!(*pool.get().unwrap(), 0);
    let stats = pool.stats();
    assert_eq!((stats.created, stats.reused), (2, 1));
    assert_eq!((stats.idle, stats.outstanding), (2, 0));
    pool.check_invariants();
}

#[test]
fn an_empty_pool_says_so_at_once_or_after_a_time() {
    let pool = numbers(1);
    let guard = pool.get().unwrap();
    assert_eq!(pool.try_get().unwrap_err(), GetError::Exhausted { max: 1 });
    for after in [SOON, Duration::ZERO] {
        assert_eq!(pool.get_timeout(after).unwrap_err(), GetError::TimedOut { after });
        pool.check_invariants();
    }
    drop(guard);
    assert_eq!(*pool.get_timeout(Duration::ZERO).unwrap(), 0);
    assert_eq!((pool.stats().waited, pool.stats().timed_out), (2, 2));
}

#[test]
fn errors_say_what_happened() {
    let messages = [
        (GetError::Exhausted { max: 1 }, "the only object of the pool is in use"),
        (GetError::Exhausted { max: 8 }, "all 8 objects of the pool are in use"),
        (
            GetError::TimedOut { after: Duration::from_millis(20) },
            "no object came back to the pool in 20ms",
        ),
        (GetError::Closed, "the pool is closed"),
        (GetError::Create("no route"), "an object could not be made"),
    ];
    for (error, message) in messages {
        assert_eq!(error.to_string(), message);
    }
    let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
    let error = GetError::Create(refused);
    let source = core::error::Error::source(&error).unwrap();
    assert_eq!(source.to_string(), "connection refused");
}

#[test]
#[should_panic = "a pool of no objects"]
fn a_pool_of_no_objects_is_refused() {
    let _ = numbers(0);
}

#[test]
fn a_time_that_no_clock_reaches_is_endless() {
    let pool = numbers(1);
    let guard = pool.get().unwrap();
    thread::scope(|scope| {
        let waiter = scope.spawn(|| pool.get_timeout(Duration::MAX).map(|guard| *guard));
        until_waiting(&pool, 1);
        drop(guard);
        assert_eq!(waiter.join().unwrap(), Ok(0));
    });
}

#[test]
fn those_who_wait_are_served_in_their_order() {
    let pool = numbers(1);
    let order = Mutex::new(Vec::new());
    let guard = pool.get().unwrap();
    thread::scope(|scope| {
        for place in 0..6 {
            let (pool, order) = (&pool, &order);
            scope.spawn(move || {
                // Some with a time, some without: there is one queue.
                let got = if place % 2 == 0 { pool.get() } else { pool.get_timeout(LATE) };
                let guard = got.unwrap();
                order.lock().unwrap().push(place);
                drop(guard);
            });
            until_waiting(pool, place + 1);
        }
        pool.check_invariants();
        drop(guard);
    });
    assert_eq!(*order.lock().unwrap(), [0, 1, 2, 3, 4, 5]);
    assert_eq!((pool.stats().created, pool.stats().reused), (1, 6));
    pool.check_invariants();
}

#[test]
fn one_who_gives_up_leaves_his_place_to_the_next() {
    let pool = numbers(1);
    let guard = pool.get().unwrap();
    thread::scope(|scope| {
        let patient = scope.spawn(|| {
            until_waiting(&pool, 1);
            pool.get().map(|guard| *guard)
        });
        let hasty = pool.get_timeout(Duration::from_millis(20)).map(|guard| *guard);
        assert!(matches!(hasty, Err(GetError::TimedOut { .. })));
        until_waiting(&pool, 2);
        drop(guard);
        assert_eq!(patient.join().unwrap(), Ok(0));
    });
    pool.check_invariants();
}

#[test]
fn closing_wakes_all_and_drops_all() {
    let alive = Arc::new(());
    let pool = BoundedPool::new(2, {
        let alive = Arc::clone(&alive);
        move || Arc::clone(&alive)
    });
    let [one, other] = [pool.get().unwrap(), pool.get().unwrap()];
    thread::scope(|scope| {
        let waiters = [(); 3].map(|()| scope.spawn(|| pool.get().map(|_| ())));
        until_waiting(&pool, 3);
        pool.close();
        for waiter in waiters {
            assert_eq!(waiter.join().unwrap(), Err(GetError::Closed));
        }
    });
    pool.check_invariants();
    assert!(pool.is_closed());
    assert_eq!(pool.try_get().unwrap_err(), GetError::Closed);
    assert_eq!(pool.get_timeout(LATE).unwrap_err(), GetError::Closed);
    assert_eq!(Arc::strong_count(&alive), 4, "one in the hook, two out");
    drop((one, other));
    assert_eq!(Arc::strong_count(&alive), 2);
    let Stats { outstanding, idle, dropped, .. } = pool.stats();
    assert_eq!((outstanding, idle, dropped.by_clear), (0, 0, 2));
    pool.close();
    pool.check_invariants();
}

#[test]
fn closing_drops_what_is_idle() {
    let pool = numbers(2);
    drop([pool.get().unwrap(), pool.get().unwrap()]);
    pool.close();
    assert_eq!((pool.stats().idle, pool.stats().dropped.by_clear), (0, 2));
}

/// Makes objects as long as it is told to.
struct Flaky {
    works: AtomicBool,
}

impl Hooks<u8> for Flaky {
    type Error = &'static str;

    fn create(&self) -> Result<u8, &'static str> {
        if self.works.load(SeqCst) { Ok(7) } else { Err("no route") }
    }
}

#[test]
fn an_object_that_is_not_made_gives_its_permit_to_the_next() {
    let pool = BoundedPool::new(1, Flaky { works: AtomicBool::new(false) });
    for _ in 0..3 {
        assert_eq!(pool.get().unwrap_err(), GetError::Create("no route"));
        pool.check_invariants();
    }
    assert_eq!((pool.stats().created, pool.stats().outstanding), (0, 0));

    pool.hooks().works.store(true, SeqCst);
    let guard = pool.get().unwrap();
    pool.hooks().works.store(false, SeqCst);
    thread::scope(|scope| {
        let waiters = [(); 3].map(|()| scope.spawn(|| pool.get().map(|guard| *guard)));
        until_waiting(&pool, 3);
        // There is no object for any of them, and each is told.
        BoundedGuard::detach(guard);
        for waiter in waiters {
            assert_eq!(waiter.join().unwrap(), Err(GetError::Create("no route")));
        }
    });
    assert_eq!((pool.stats().created, pool.stats().outstanding), (1, 0));
    pool.check_invariants();
}

/// Panics where it is told to.
#[derive(Default)]
struct Panics {
    create: Cell<bool>,
    recycle: Cell<bool>,
    validate: Cell<bool>,
    weight: Cell<bool>,
}

/// Which of them.
type Flag = fn(&Panics) -> &Cell<bool>;

impl Hooks<u8> for Panics {
    type Error = Infallible;

    fn create(&self) -> Result<u8, Infallible> {
        assert!(!self.create.get(), "create");
        Ok(7)
    }

    fn recycle(&self, _: &mut u8) -> bool {
        assert!(!self.recycle.get(), "recycle");
        true
    }

    fn validate(&self, _: &mut u8) -> bool {
        assert!(!self.validate.get(), "validate");
        true
    }

    fn weight(&self, _: &u8) -> usize {
        assert!(!self.weight.get(), "weight");
        1
    }
}

#[test]
fn a_hook_that_panics_loses_an_object_and_no_permit() {
    let flags: [(&str, Flag); 4] = [
        ("create", |hooks| &hooks.create),
        ("recycle", |hooks| &hooks.recycle),
        ("validate", |hooks| &hooks.validate),
        ("weight", |hooks| &hooks.weight),
    ];
    for (hook, flag) in flags {
        let pool = BoundedPool::new(1, Panics::default());
        if hook != "create" {
            drop(pool.get().unwrap());
        }
        flag(pool.hooks()).set(true);
        let got = catch_unwind(AssertUnwindSafe(|| drop(pool.try_get().unwrap())));
        assert_eq!(got.unwrap_err().downcast_ref(), Some(&hook));
        pool.check_invariants();
        assert_eq!((pool.stats().outstanding, pool.stats().idle), (0, 0), "{hook}");
        flag(pool.hooks()).set(false);
        assert_eq!(*pool.try_get().unwrap(), 7, "{hook}");
    }
}

#[test]
fn a_guard_that_is_forgotten_keeps_its_permit() {
    let pool = numbers(2);
    core::mem::forget(pool.get().unwrap());
    let guard = pool.get().unwrap();
    assert_eq!(pool.stats().outstanding, 2);
    assert_eq!(pool.try_get().unwrap_err(), GetError::Exhausted { max: 2 });
    drop(guard);
    assert_eq!(pool.stats().outstanding, 1);
    pool.check_invariants();
}
