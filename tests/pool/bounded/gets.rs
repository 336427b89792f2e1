//! What one gets of a `BoundedPool`, and when.

use super::{LATE, numbers, until_waiting};
use core::sync::atomic::{AtomicBool, Ordering::SeqCst};
use core::time::Duration;
use pennyweight::pool::{BoundedPool, GetError, Guard, Hooks, Stats};
use pennyweight::size::HeapSize;
use std::sync::{Arc, Mutex};
use std::thread;

const SOON: Duration = Duration::from_millis(1);

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
    assert_eq!(pool.get_now().unwrap_err(), GetError::Exhausted { max: 1 });
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
    assert_eq!((pool.stats().waited, pool.stats().timed_out), (3, 3), "they were given nothing");
    assert_eq!(pool.get_now().unwrap_err(), GetError::Closed);
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
        let _: u8 = Guard::detach(guard);
        for waiter in waiters {
            assert_eq!(waiter.join().unwrap(), Err(GetError::Create("no route")));
        }
    });
    assert_eq!((pool.stats().created, pool.stats().outstanding), (1, 0));
    pool.check_invariants();
}

#[test]
fn a_guard_that_is_forgotten_keeps_its_permit() {
    let pool = numbers(2);
    core::mem::forget(pool.get().unwrap());
    let guard = pool.get().unwrap();
    assert_eq!(pool.stats().outstanding, 2);
    assert_eq!(pool.get_now().unwrap_err(), GetError::Exhausted { max: 2 });
    drop(guard);
    assert_eq!(pool.stats().outstanding, 1);
    pool.check_invariants();
}

#[test]
fn a_detached_object_leaves_room_for_another() {
    let pool = numbers(1);
    let object: usize = Guard::detach(pool.get().unwrap());
    assert_eq!((object, *pool.get_now().unwrap()), (0, 1));
    let owned = Arc::new(numbers(1));
    let object: usize = Guard::detach(owned.get_owned().unwrap());
    assert_eq!((object, *owned.get_now_owned().unwrap()), (0, 1));
    assert_eq!(Arc::strong_count(&owned), 1, "no guard is left that holds the pool");
}

#[test]
fn an_owned_guard_outlives_the_handles_of_its_pool_and_goes_anywhere() {
    let pool = Arc::new(numbers(2));
    let weak = Arc::downgrade(&pool);
    let guard = pool.get_timeout_owned(SOON).unwrap();
    drop(pool);
    assert_eq!(weak.upgrade().unwrap().stats().outstanding, 1);
    thread::spawn(move || assert_eq!(*guard, 0)).join().unwrap();
    assert!(weak.upgrade().is_none());
}

#[test]
fn a_pool_in_a_static_hands_out_static_guards() {
    static POOL: BoundedPool<String> = BoundedPool::new(1, String::new);
    let mut guard = POOL.get().unwrap();
    guard.push_str("static");
    let thread = thread::spawn(move || drop(guard));
    thread.join().unwrap();
    assert_eq!(POOL.get().unwrap().as_str(), "static");
}

#[test]
fn an_object_that_is_attached_counts_and_one_beyond_the_maximum_comes_back() {
    let pool = numbers(2);
    let one = pool.get().unwrap();
    let other = pool.attach(70).unwrap();
    assert_eq!((*one, *other, pool.stats().created, pool.stats().outstanding), (0, 70, 2, 2));
    assert_eq!(pool.attach(71).unwrap_err(), 71);
    drop(other);
    assert_eq!(pool.attach(72).unwrap_err(), 72, "idle ones count too");
    assert_eq!(*pool.get_now().unwrap(), 70);
    pool.clear();
    drop(pool.attach(73).unwrap());
    pool.check_invariants();
    pool.close();
    assert_eq!(pool.attach(74).unwrap_err(), 74);
    drop(one);
    assert_eq!((pool.stats().idle, pool.stats().outstanding), (0, 0));
}

#[test]
fn trimming_drops_what_was_not_used_since_the_last_time() {
    let pool = numbers(4);
    drop([(); 3].map(|()| pool.get().unwrap()));
    pool.trim();
    assert_eq!(pool.stats().idle, 3, "nothing is dropped at once");
    drop(pool.get().unwrap());
    pool.check_invariants();
    pool.trim();
    pool.check_invariants();
    assert_eq!((pool.stats().idle, pool.stats().dropped.by_trim), (1, 2));
    pool.trim();
    assert_eq!((pool.stats().idle, pool.stats().dropped.by_trim), (0, 3));
}

#[test]
fn clearing_drops_what_is_idle_and_makes_room() {
    let pool = numbers(2);
    let guard = pool.get().unwrap();
    drop(pool.get().unwrap());
    pool.clear();
    assert_eq!((pool.stats().idle, pool.stats().dropped.by_clear), (0, 1));
    assert_eq!(*pool.get().unwrap(), 2);
    drop(guard);
    assert_eq!(pool.stats().idle, 2);
    pool.check_invariants();
}

#[test]
fn filling_makes_objects_as_far_as_there_may_be_any() {
    let pool = numbers(4);
    let guard = pool.get().unwrap();
    pool.fill(2);
    pool.fill(1);
    assert_eq!((pool.stats().created, pool.stats().idle), (3, 2));
    pool.fill(usize::MAX);
    let Stats { created, reused, outstanding, idle, .. } = pool.stats();
    assert_eq!((created, reused, outstanding, idle), (4, 0, 1, 3));
    pool.check_invariants();
    drop(guard);
    pool.close();
    pool.fill(4);
    assert_eq!((pool.stats().created, pool.stats().idle), (4, 0));

    let light = numbers(4).with_max_idle_bytes(20);
    light.fill(4);
    assert_eq!((light.stats().idle, light.stats().dropped.by_weight), (2, 1), "it stops there");
    let flaky = BoundedPool::new(2, Flaky { works: AtomicBool::new(false) });
    assert!(flaky.try_fill(1).is_err());
    assert_eq!((flaky.stats().created, flaky.stats().outstanding), (0, 0));
}

/// Keeps even numbers alone, and hands out no multiple of four.
struct Picky(Flaky);

impl Hooks<u8> for Picky {
    type Error = &'static str;

    fn create(&self) -> Result<u8, &'static str> {
        self.0.create()
    }

    fn recycle(&self, object: &mut u8) -> bool {
        object.is_multiple_of(2)
    }

    fn validate(&self, object: &mut u8) -> bool {
        !object.is_multiple_of(4)
    }
}

#[test]
fn what_a_hook_refuses_is_dropped_and_another_is_tried() {
    let pool = BoundedPool::new(3, Picky(Flaky { works: AtomicBool::new(true) }));
    *pool.get().unwrap() = 3;
    assert_eq!((pool.stats().idle, pool.stats().dropped.by_recycle), (0, 1));

    let mut guards = [(); 3].map(|()| pool.get().unwrap());
    guards.iter_mut().zip([4, 8, 2]).for_each(|(guard, number)| **guard = number);
    let [four, eight, two] = guards;
    [two, four, eight].into_iter().for_each(drop);
    assert_eq!(pool.stats().idle, 3);
    let guard = pool.get_now().unwrap();
    assert_eq!((*guard, pool.stats().dropped.by_validate), (2, 2));
    let Stats { outstanding, idle, created, reused, .. } = pool.stats();
    assert_eq!((outstanding, idle, created, reused), (1, 0, 4, 1));
    pool.check_invariants();
}

#[test]
fn the_heap_of_a_pool_is_that_of_its_idle_objects() {
    let pool = BoundedPool::new(3, || vec![0_u8; 100]);
    assert_eq!(pool.heap_bytes(), 0);
    let guards = [pool.get().unwrap(), pool.get().unwrap()];
    assert_eq!(pool.heap_bytes(), 0, "what is out is not the pool's");
    drop(guards);
    // The object, and eight bytes for the pool; and what the object owns.
    assert_eq!(pool.heap_bytes(), 2 * (size_of::<Vec<u8>>() + 8));
    assert_eq!(HeapSize::heap_bytes(&pool), 2 * (size_of::<Vec<u8>>() + 8 + 100));
    pool.trim();
    assert_ne!(HeapSize::heap_bytes(&pool), 0);
    pool.trim();
    assert_eq!(HeapSize::heap_bytes(&pool), 0, "looking at objects does not make them young");
    pool.check_invariants();
}

#[test]
fn debug_shows_numbers_and_no_objects() {
    let pool = numbers(2);
    let guard = pool.get().unwrap();
    assert_eq!(format!("{guard:?}"), "0");
    let shown = format!("{pool:?}");
    assert!(shown.starts_with("BoundedPool { max: 2, stats: Stats { created: 1,"), "{shown}");
}
