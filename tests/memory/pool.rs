//! What the docs of object pools say of bytes.

use crate::weigh;
use pennyweight::pool::{BufPool, LocalPool, Pool};
use pennyweight::profile::measure;
use pennyweight::size::HeapSize;
use std::sync::Arc;

#[test]
fn a_pool_and_its_guards_have_the_sizes_of_the_docs() {
    assert_eq!(size_of::<Pool<u8>>(), 2304);
    assert_eq!(size_of::<LocalPool<u8>>(), 160);
    assert_eq!(size_of::<BufPool>(), 8448);
    let (_, stats) = measure(|| {
        let pool: Pool<Vec<u8>> = Pool::new(Vec::new);
        let local: LocalPool<Vec<u8>> = LocalPool::new(Vec::new);
        let buffers: BufPool = BufPool::new(1 << 20);
        (pool.stats(), local.stats(), buffers.stats())
    });
    assert_eq!(stats.allocations, 0);
}

#[test]
fn an_idle_object_takes_eight_bytes_beside_itself() {
    let (pool, stats) = weigh(|| {
        let pool = Pool::new(|| [0_u64; 128]);
        pool.fill(1000);
        pool
    });
    assert_eq!((pool.heap_bytes(), stats.allocations), (1000 * (1024 + 8), 1000));
    assert_eq!(stats.peak as usize, 1000 * (1024 + 8));
    let (pool, stats) = weigh(|| {
        let pool = LocalPool::new(|| vec![0_u8; 64]);
        pool.fill(10);
        pool
    });
    assert_eq!((pool.heap_bytes(), stats.allocations), (10 * (24 + 8), 20));
    assert_eq!(HeapSize::heap_bytes(&pool), 10 * (64 + 24 + 8));
}

#[test]
fn a_peak_goes_back_to_nothing_by_two_trims() {
    let (pool, _) = weigh(|| {
        let pool = Pool::new(|| [0_u8; 1016]);
        drop((0..1000).map(|_| pool.get()).collect::<Vec<_>>());
        pool
    });
    assert_eq!(pool.heap_bytes(), 1_024_000);
    pool.trim();
    let used = pool.get();
    drop(used);
    let ((), stats) = measure(|| pool.trim());
    // The list of shards that the trim makes goes with it.
    assert_eq!((pool.heap_bytes(), stats.current), (1024, -999 * 1024));
    pool.clear();
    assert_eq!(pool.heap_bytes(), 0);
}

#[test]
fn taking_and_giving_back_allocates_nothing() {
    let local = LocalPool::new((|| Vec::<u8>::with_capacity(64), Vec::clear));
    let pool = Arc::new(Pool::new((|| Vec::<u8>::with_capacity(64), Vec::clear)));
    let limited = Pool::new(|| 7_u64).with_max_idle(4).with_max_idle_bytes(64);
    let buffers: BufPool = BufPool::new(1 << 20);
    let cycle = || {
        let both = (local.get(), local.get());
        let shared = (pool.get(), pool.get_owned(), limited.get());
        let sizes = (buffers.get(100), buffers.get(1000), buffers.get(100_000));
        both.0.len() + shared.0.len() + sizes.0.len()
    };
    assert_eq!(cycle(), 0);
    let (_, stats) = measure(|| (0..1000).map(|_| cycle()).sum::<usize>());
    assert_eq!((stats.allocations, stats.reallocations, stats.frees), (0, 0, 0));
}

#[test]
fn buffers_take_their_capacity_and_a_node() {
    let (pool, stats) = weigh(|| {
        let pool: BufPool = BufPool::new(1 << 20);
        drop([pool.get(1000), pool.get(4096), pool.get(30)]);
        pool
    });
    assert_eq!((pool.heap_bytes(), stats.allocations), (1024 + 4096 + 64 + 3 * 32, 6));
    assert_eq!(HeapSize::heap_bytes(&pool), pool.heap_bytes());
    // 42 MB in byte-pool, of one buffer at a time.
    let (pool, stats) = weigh(|| {
        let pool: BufPool = BufPool::new(1 << 20);
        for i in 0..20_000_usize {
            drop(pool.get(64 + i * 7919 % 4001));
        }
        pool
    });
    assert_eq!((pool.heap_bytes(), stats.current), (8128 + 7 * 32, 8128 + 7 * 32));
}
