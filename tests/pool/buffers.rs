//! Buffers by size.

use pennyweight::pool::BufPool;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

#[test]
fn a_buffer_has_what_was_asked_for_and_less_than_twice_as_much() {
    let pool: BufPool = BufPool::new(1 << 30);
    for asked in [0, 1, 63, 64, 65, 127, 128, 129, 4096, 5000, 1 << 20, (1 << 20) + 1] {
        for _ in 0..2 {
            let buffer = pool.get(asked);
            let capacity = buffer.capacity();
            assert!(buffer.is_empty() && capacity >= asked && capacity < 2 * asked.max(64));
        }
    }
    pool.check_invariants();
}

#[test]
fn a_buffer_goes_where_its_capacity_belongs() {
    let pool: BufPool = BufPool::new(1 << 20);
    let mut grown = pool.get(64);
    grown.resize(3000, 7);
    let capacity = grown.capacity();
    drop(grown);
    pool.check_invariants();
    // It serves those that need as much as it surely has.
    let grown = pool.get(2048);
    assert_eq!((grown.capacity(), grown.is_empty()), (capacity, true));
    drop(grown);

    let mut shrunk = pool.get(2048);
    shrunk.shrink_to(200);
    drop(shrunk);
    assert_eq!(pool.get(128).capacity(), 200);
    pool.check_invariants();

    // What fulfils no class is not kept.
    let mut tiny = pool.get(128);
    tiny.shrink_to(10);
    drop(tiny);
    *pool.get(64) = Vec::new();
    let stats = pool.stats();
    assert_eq!((stats.idle, stats.dropped.by_recycle), (0, 2));
}

#[test]
fn all_classes_share_one_limit() {
    let pool: BufPool = BufPool::new(1000);
    drop([pool.get(512), pool.get(256), pool.get(128), pool.get(64), pool.get(64)]);
    let stats = pool.stats();
    assert_eq!((stats.idle, stats.idle_bytes, stats.dropped.by_weight), (4, 960, 1));
    drop(pool.get(2000));
    assert_eq!((pool.stats().idle_bytes, pool.stats().dropped.by_weight), (960, 2));
    pool.check_invariants();
    pool.clear();
    drop(pool.get(1000));
    assert_eq!((pool.stats().idle, pool.stats().dropped.by_weight), (0, 3));
    drop(pool.get(500));
    assert_eq!(pool.stats().idle_bytes, 512);
}

#[test]
fn very_large_buffers_are_exact_and_serve_the_largest_class() {
    let pool: BufPool = BufPool::new(1 << 30);
    drop(pool.get((48 << 20) + 1));
    assert_eq!(pool.get(48 << 20).capacity(), 48 << 20);
    drop(pool.get(32 << 20));
    assert_eq!((pool.stats().created, pool.stats().reused), (2, 1));
    pool.check_invariants();
    assert!(catch_unwind(AssertUnwindSafe(|| drop(pool.get(usize::MAX)))).is_err());
    assert_eq!(pool.stats().outstanding, 0);
}

#[test]
fn strings_come_back_empty() {
    static LINES: BufPool<String> = BufPool::new(1 << 10);
    LINES.get(100).push_str("what nobody else is to see");
    let line = LINES.get(100);
    assert_eq!((line.as_str(), line.capacity()), ("", 128));
    drop(line);
    let owned: Arc<BufPool<String>> = Arc::new(BufPool::new(1 << 10));
    let guard = owned.get_owned(64);
    drop(owned);
    assert_eq!(guard.capacity(), 64);
}

#[test]
fn a_trim_takes_what_was_not_needed_of_each_class() {
    let pool: BufPool = BufPool::new(1 << 20);
    drop([pool.get(64), pool.get(128), pool.get(128)]);
    pool.trim();
    drop(pool.get(128));
    pool.trim();
    let stats = pool.stats();
    assert_eq!((stats.idle_bytes, stats.dropped.by_trim), (128, 2));
    pool.trim_idle(std::time::Duration::MAX);
    pool.check_invariants();
    assert_eq!(format!("{pool:?}"), "BufPool { idle: 1, .. }");
}
