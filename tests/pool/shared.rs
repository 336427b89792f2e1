use pennyweight::pool::{Guard, Pool};
use std::sync::Arc;

static BUFFERS: Pool<Vec<u8>> = Pool::new(Vec::new);

#[test]
fn a_static_pool_hands_out_guards_that_may_go_anywhere() {
    let mut buffer: Guard<&'static Pool<Vec<u8>>> = BUFFERS.get();
    buffer.extend_from_slice(b"here");
    let thread = std::thread::spawn(move || {
        buffer.extend_from_slice(b" and there");
        buffer
    });
    let buffer = thread.join().unwrap();
    assert_eq!(*buffer, b"here and there");
    drop(buffer);
    // A closure alone does not empty it.
    assert_eq!(*BUFFERS.get(), b"here and there");
    assert_eq!(BUFFERS.stats().created, 1);
    BUFFERS.check_invariants();
}

#[test]
fn an_owned_guard_keeps_the_pool() {
    let live = Arc::new(());
    let made = Arc::clone(&live);
    let pool = Arc::new(Pool::new(move || Arc::clone(&made)));
    let guard = pool.get_owned();
    drop(pool);
    assert_eq!(Arc::strong_count(&live), 3);
    std::thread::spawn(move || drop(guard)).join().unwrap();
    assert_eq!(Arc::strong_count(&live), 1);
}
