//! What other pools were found to do wrong, which these do not.

use pennyweight::pool::{BufPool, Pool};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// lockfree-object-pool's `MutexObjectPool`: after a panic of its constructor each call panics, and so does giving back what is out.
#[test]
fn a_panic_of_create_poisons_nothing() {
    static FAIL: AtomicBool = AtomicBool::new(false);
    let pool = Pool::new(|| {
        assert!(!FAIL.load(Relaxed), "told to panic");
        1
    });
    let out = pool.get();
    FAIL.store(true, Relaxed);
    assert!(catch_unwind(|| drop(pool.get())).is_err());
    FAIL.store(false, Relaxed);
    drop(out);
    assert_eq!((*pool.get(), pool.stats().created), (1, 1));
}

/// lockfree-object-pool's `MutexObjectPool`: a constructor that takes from its pool waits for itself.
#[test]
fn create_may_take_from_its_pool() {
    static POOL: Pool<u32> = Pool::new(nested);

    thread_local! {
        static DEPTH: Cell<u32> = const { Cell::new(0) };
    }

    fn nested() -> u32 {
        if DEPTH.replace(DEPTH.get() + 1) < 3 { 1 + *POOL.get() } else { 0 }
    }

    assert_eq!(*POOL.get(), 3);
    assert_eq!((POOL.stats().created, POOL.stats().idle), (4, 4));
}

/// lockfree-object-pool's `LinearObjectPool`: a panic of its reset loses the place of the object for good.
#[test]
fn a_panic_of_recycle_loses_no_place() {
    let pool = Pool::new((|| false, |panics: &mut bool| assert!(!*panics, "told to panic")))
        .with_max_idle(1);
    for _ in 0..100 {
        let mut guard = pool.get();
        *guard = true;
        assert!(catch_unwind(AssertUnwindSafe(|| drop(guard))).is_err());
    }
    drop(pool.get());
    assert_eq!((pool.stats().idle, pool.stats().dropped.by_recycle), (1, 100));
}

/// lockfree-object-pool's `LinearObjectPool` makes 32 objects when it needs one, and never drops any.
#[test]
fn no_object_is_made_before_it_is_needed_and_none_is_kept_for_ever() {
    let pool = Pool::new(|| 0_u8);
    assert_eq!(pool.stats().created, 0);
    drop((0..1000).map(|_| pool.get()).collect::<Vec<_>>());
    pool.trim();
    pool.trim();
    let stats = pool.stats();
    assert_eq!((stats.created, stats.idle, stats.dropped.by_trim), (1000, 0, 1000));
}

/// object-pool's `experimental` loses 64 objects where its capacity is a multiple of 64.
#[test]
fn all_objects_that_are_kept_are_found() {
    for most in [63, 64, 65, 128, 192] {
        let pool = Pool::new(|| 0_u8).with_max_idle(most);
        pool.fill(most);
        let guards: Vec<_> = (0..most).map(|_| pool.get()).collect();
        assert_eq!((pool.stats().created, pool.stats().idle), (most as u64, 0));
        drop(guards);
        assert_eq!(pool.stats().idle, most);
    }
}

/// byte-pool keeps a block of each size that was ever asked for: 42 MB with one block in use at a time.
#[test]
fn buffers_of_all_sizes_share_those_of_few() {
    let pool: BufPool = BufPool::new(usize::MAX - 1);
    let mut size = 1_u32;
    for _ in 0..20_000 {
        size = size.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let capacity = 64 + (size >> 16) as usize % 4001;
        assert!(pool.get(capacity).capacity() >= capacity);
    }
    // 64, 128, and so on up to 4096.
    assert_eq!((pool.stats().idle, pool.stats().idle_bytes), (7, 8128));
}

/// dynamic-pool calls its reset for objects whose pool is gone, and a panic of it leaves the guard.
#[test]
fn an_owned_guard_keeps_the_pool_for_the_hook() {
    static RECYCLED: AtomicBool = AtomicBool::new(false);
    let pool = Arc::new(Pool::new((|| 0_u8, |_: &mut u8| RECYCLED.store(true, Relaxed))));
    let guard = pool.get_owned();
    let weak = Arc::downgrade(&pool);
    drop(pool);
    assert!(weak.upgrade().is_some());
    drop(guard);
    assert!(RECYCLED.load(Relaxed) && weak.upgrade().is_none());
}

/// sharded-slab's pool keeps what was created and not cleared by its key: 2.6 MB after 20,000 guards.
#[test]
fn guards_that_come_and_go_leave_one_object() {
    let pool = Arc::new(Pool::new(|| [0_u8; 128]));
    for _ in 0..20_000 {
        drop(pool.get_owned());
    }
    assert_eq!((pool.stats().created, pool.stats().idle_bytes), (1, 128));
}
