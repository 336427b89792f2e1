//! What the docs of `BoundedPool` say of bytes.

use super::weigh;
use pennyweight::pool::{BoundedPool, GetError, Guard};
use pennyweight::profile::measure;
use std::sync::Arc;
use std::thread;

#[test]
fn a_pool_allocates_for_its_objects_alone() {
    let (pool, stats) = weigh(|| BoundedPool::new(64, || [0_u64; 8]));
    assert_eq!(stats.allocations, 0);
    assert_eq!(size_of_val(&pool), 288);

    let ((), stats) = measure(|| drop([(); 10].map(|()| pool.get().unwrap())));
    // The object, and eight bytes for the link.
    assert_eq!((stats.allocations, stats.current), (10, 10 * (64 + 8)));
    assert_eq!(pool.heap_bytes(), 720);

    let ((), stats) = measure(|| (0..1_000).for_each(|_| drop(pool.get().unwrap())));
    assert_eq!((stats.allocations, stats.frees), (0, 0), "once it is warm");
    let ((), stats) = measure(|| (0..100).for_each(|_| assert!(pool.get_now().is_ok())));
    assert_eq!(stats.allocations, 0);

    pool.trim();
    pool.trim();
    assert_eq!(pool.heap_bytes(), 0);
}

#[test]
fn a_limit_of_bytes_takes_eight_for_each_idle_object() {
    let (pool, stats) = weigh(|| BoundedPool::new(64, || [0_u64; 8]).with_max_idle_bytes(1 << 20));
    assert_eq!(stats.allocations, 0);
    let ((), stats) = measure(|| drop([(); 8].map(|()| pool.get().unwrap())));
    assert_eq!(stats.current, 8 * (64 + 8 + 8));
    assert_eq!(pool.heap_bytes(), 640);
    let ((), stats) = measure(|| (0..1_000).for_each(|_| drop(pool.get().unwrap())));
    assert_eq!((stats.allocations, stats.frees), (0, 0), "once it is warm");
    pool.clear();
    assert_eq!(pool.heap_bytes(), 0);
}

#[test]
fn guards_are_two_words() {
    type Pool = BoundedPool<[u64; 8]>;
    assert_eq!(size_of::<Guard<&Pool>>(), 16);
    assert_eq!(size_of::<Guard<Arc<Pool>>>(), 16);
    assert_eq!(size_of::<GetError>(), 16);
}

#[test]
fn waiting_leaves_nothing_but_the_room_of_the_queue() {
    let pool = BoundedPool::new(1, || 0_u32);
    let guard = pool.get().unwrap();
    thread::scope(|scope| {
        let waiters = [(); 3].map(|()| scope.spawn(|| drop(pool.get().unwrap())));
        while pool.stats().waited < 3 {
            thread::yield_now();
        }
        drop(guard);
        waiters.into_iter().for_each(|waiter| waiter.join().unwrap());
    });
    // Four places, and the object with its link.
    assert_eq!(pool.heap_bytes(), 4 * 32 + 16);
}
