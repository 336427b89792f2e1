use pennyweight::pool::{Guard, LocalPool};
use std::rc::Rc;

#[test]
fn what_came_back_last_is_handed_out_first() {
    let next = std::cell::Cell::new(0);
    let pool = LocalPool::new(|| next.replace(next.get() + 1));
    let (a, b, c) = (pool.get(), pool.get(), pool.get());
    assert_eq!((*a, *b, *c), (0, 1, 2));
    drop(b);
    drop(a);
    assert_eq!(*pool.get(), 0);
    let (a, b, d) = (pool.get(), pool.get(), pool.get());
    assert_eq!((*a, *b, *d), (0, 1, 3));
    drop((a, b, c, d));
    let stats = pool.stats();
    assert_eq!((stats.created, stats.reused, stats.idle, stats.outstanding), (4, 3, 4, 0));
    pool.check_invariants();
}

#[test]
fn an_object_that_is_detached_is_the_pools_no_more() {
    let pool = LocalPool::new(|| String::from("new"));
    let taken = Guard::detach(pool.get());
    assert_eq!(taken, "new");
    let stats = pool.stats();
    assert_eq!((stats.created, stats.outstanding, stats.idle, stats.dropped.total()), (1, 0, 0, 0));
}

#[test]
fn a_forgotten_guard_counts_as_outstanding() {
    let pool = LocalPool::new(|| 7_u8);
    std::mem::forget(pool.get());
    drop(pool.get());
    let stats = pool.stats();
    assert_eq!((stats.created, stats.outstanding, stats.idle), (2, 1, 1));
}

#[test]
fn an_owned_guard_keeps_the_pool() {
    let live = Rc::new(());
    let made = Rc::clone(&live);
    let pool = Rc::new(LocalPool::new(move || Rc::clone(&made)));
    let guard = pool.get_owned();
    drop(pool);
    assert_eq!(Rc::strong_count(&live), 3);
    drop(guard);
    assert_eq!(Rc::strong_count(&live), 1);
}
