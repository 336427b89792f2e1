//! A limit of the bytes that are idle.

use super::until_waiting;
use core::convert::Infallible;
use core::panic::AssertUnwindSafe;
use pennyweight::pool::{BoundedPool, Hooks, Stats};
use pennyweight::size::HeapSize;
use std::panic::catch_unwind;
use std::thread;

/// Makes numbers that weigh as much as they say, and panics over 1,000.
struct Numbers;

impl Hooks<usize> for Numbers {
    type Error = Infallible;

    fn create(&self) -> Result<usize, Infallible> {
        Ok(0)
    }

    fn validate(&self, number: &mut usize) -> bool {
        *number != 13
    }

    fn weight(&self, number: &usize) -> usize {
        assert_ne!(*number, 1_000, "weight");
        *number
    }
}

fn pool(bytes: usize) -> BoundedPool<usize, Numbers> {
    BoundedPool::new(4, Numbers).with_max_idle_bytes(bytes)
}

/// Gives objects of these weights back, in this order.
fn give(pool: &BoundedPool<usize, Numbers>, weights: &[usize]) {
    let guards: Vec<_> = weights.iter().map(|_| pool.get().unwrap()).collect();
    for (mut guard, weight) in guards.into_iter().zip(weights) {
        *guard = *weight;
    }
}

fn idle(pool: &BoundedPool<usize, Numbers>) -> (usize, usize) {
    pool.check_invariants();
    (pool.stats().idle, pool.stats().idle_bytes)
}

#[test]
fn what_would_weigh_too_much_is_dropped_and_leaves_room() {
    let pool = pool(100);
    give(&pool, &[60, 50, 40, usize::MAX]);
    assert_eq!(idle(&pool), (2, 100));
    let Stats { outstanding, dropped, .. } = pool.stats();
    assert_eq!((outstanding, dropped.by_weight, dropped.total()), (0, 2, 2));
    let guards = [(); 4].map(|()| *pool.get_now().unwrap());
    assert_eq!(guards, [40; 4]);
    give(&pool, &[100, 0, 0, 1]);
    assert_eq!(idle(&pool), (3, 100));
}

#[test]
fn an_object_takes_its_weight_along() {
    let pool = pool(100);
    give(&pool, &[10, 20, 13, 40]);
    assert_eq!(idle(&pool), (4, 83));
    let forty = pool.get().unwrap();
    assert_eq!((*forty, idle(&pool)), (40, (3, 43)));
    let twenty = pool.get().unwrap();
    assert_eq!((*twenty, idle(&pool)), (20, (1, 10)), "what is not fit is gone");
    pool.trim();
    drop(forty);
    assert_eq!(idle(&pool), (2, 50));
    pool.trim();
    assert_eq!(idle(&pool), (1, 40));
    drop(twenty);
    for bytes in [pool.heap_bytes(), HeapSize::heap_bytes(&pool)] {
        assert_eq!(
            bytes,
            2 * 16 + 2 * 4 * 8,
            "the objects with their links, and two stacks of weights"
        );
    }
    assert_eq!(idle(&pool), (2, 60), "looking at objects takes nothing off");
    let [young, old] = [pool.get().unwrap(), pool.get().unwrap()];
    assert_eq!((*young, *old, idle(&pool)), (20, 40, (0, 0)));
    drop([young, old]);
    pool.clear();
    assert_eq!((idle(&pool), pool.heap_bytes()), ((0, 0), 0));
    give(&pool, &[7]);
    pool.close();
    assert_eq!(idle(&pool), (0, 0));
}

#[test]
fn what_somebody_waits_for_may_weigh_more() {
    let pool = BoundedPool::new(1, Numbers).with_max_idle_bytes(100);
    let mut guard = pool.get().unwrap();
    *guard = 500;
    thread::scope(|scope| {
        let waiter = scope.spawn(|| *pool.get().unwrap());
        until_waiting(&pool, 1);
        drop(guard);
        assert_eq!(waiter.join().unwrap(), 500);
    });
    assert_eq!((idle(&pool), pool.stats().dropped.by_weight), ((0, 0), 1));
}

#[test]
fn a_weight_that_panics_loses_an_object_and_no_permit() {
    let pool = pool(100);
    give(&pool, &[10]);
    assert!(catch_unwind(AssertUnwindSafe(|| give(&pool, &[1_000]))).is_err());
    assert_eq!(idle(&pool), (0, 0));
    assert_eq!((pool.stats().outstanding, pool.stats().dropped.by_recycle), (0, 1));
}

#[cfg(feature = "async")]
#[test]
fn an_object_that_a_future_leaves_weighs_as_before() {
    use core::future::Future;
    use core::pin::Pin;
    use core::task::{Context, Waker};

    let pool = BoundedPool::new(1, Numbers).with_max_idle_bytes(100);
    for (weight, left) in [(70, (1, 70)), (170, (0, 0))] {
        let mut guard = pool.get().unwrap();
        let mut future = pool.get_async();
        let mut context = Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut future).poll(&mut context).is_pending());
        *guard = weight;
        drop(guard);
        assert_eq!(idle(&pool), (0, 0));
        drop(future);
        assert_eq!(idle(&pool), left);
    }
    assert_eq!((pool.stats().outstanding, pool.stats().dropped.by_weight), (0, 1));
}

#[test]
fn a_limit_that_is_lowered_under_what_is_idle_drops_what_comes_back() {
    let pool = pool(100);
    give(&pool, &[60, 40]);
    assert_eq!(idle(&pool), (2, 100));
    let pool = pool.with_max_idle_bytes(50);
    give(&pool, &[10]);
    let stats = pool.stats();
    assert_eq!((stats.idle, stats.idle_bytes, stats.dropped.by_weight), (1, 60, 1));
}
