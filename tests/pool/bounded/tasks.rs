//! Waiting in futures.
#![allow(unsafe_code)] // A waker whose clones do as they like is made of functions.

use super::{LATE, numbers, until_waiting};
use core::future::Future;
use core::panic::AssertUnwindSafe;
use core::pin::{Pin, pin};
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use core::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};
use pennyweight::pool::{BoundedPool, GetError, Guard};
use std::cell::RefCell;
use std::panic::catch_unwind;
use std::sync::Arc;
use std::task::Wake;
use std::thread::{self, Thread};

/// Polls a future until it is done, asleep between.
fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

fn poll<F: Future + Unpin>(future: &mut F, waker: &Waker) -> Poll<F::Output> {
    Pin::new(future).poll(&mut Context::from_waker(waker))
}

/// Polls a future once, and drops it if it is not done.
pub(super) fn poll_once<T, E, F>(mut future: F, then: impl FnOnce(T))
where
    F: Future<Output = Result<T, E>> + Unpin,
{
    if let Poll::Ready(Ok(output)) = poll(&mut future, Waker::noop()) {
        then(output);
    }
}

/// Counts how often it is woken.
#[derive(Default)]
struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

fn counter() -> (Arc<Count>, Waker) {
    let count = Arc::new(Count::default());
    (Arc::clone(&count), Waker::from(count))
}

#[test]
fn a_future_waits_as_a_thread_does() {
    let pool = Arc::new(numbers(1));
    let guard = block_on(pool.get_async()).unwrap();
    assert_eq!(*guard, 0);
    thread::scope(|scope| {
        let borrowed = scope.spawn(|| block_on(pool.get_async()).map(|guard| *guard));
        let owned = scope.spawn(|| block_on(pool.get_async_owned()).map(|guard| *guard));
        let blocking = scope.spawn(|| pool.get_timeout(LATE).map(|guard| *guard));
        until_waiting(&pool, 3);
        drop(guard);
        for waiter in [borrowed, owned, blocking] {
            assert_eq!(waiter.join().unwrap(), Ok(0));
        }
    });
    pool.check_invariants();
}

#[test]
fn nobody_overtakes_who_was_handed_an_object_and_is_not_awake() {
    let pool = numbers(1);
    let guard = pool.get().unwrap();
    let (count, waker) = counter();
    let mut future = pool.get_async();
    assert!(poll(&mut future, &waker).is_pending());
    drop(guard);
    assert_eq!(count.0.load(SeqCst), 1);
    assert_eq!(pool.get_now().unwrap_err(), GetError::Exhausted { max: 1 });
    pool.check_invariants();
    assert!(poll(&mut future, &waker).is_ready());
    assert_eq!((pool.stats().idle, pool.stats().reused), (1, 1));
}

#[test]
fn a_future_that_is_dropped_leaves_its_place() {
    let pool = numbers(1);
    let guard = pool.get().unwrap();
    let (first_count, first_waker) = counter();
    let (next_count, next_waker) = counter();
    let mut first = pool.get_async();
    let mut next = pool.get_async();
    assert!(poll(&mut first, &first_waker).is_pending());
    assert!(poll(&mut next, &next_waker).is_pending());
    drop(first);
    assert_eq!(Arc::strong_count(&first_count), 2, "the pool has dropped the waker");
    drop(guard);
    assert_eq!((first_count.0.load(SeqCst), next_count.0.load(SeqCst)), (0, 1));
    assert!(poll(&mut next, &next_waker).is_ready());
    assert_eq!((pool.stats().waited, pool.stats().timed_out), (2, 1));
    pool.check_invariants();
}

#[test]
fn a_future_that_is_dropped_hands_its_object_on() {
    let pool = numbers(1);
    for detached in [false, true] {
        let guard = pool.get().unwrap();
        let (count, waker) = counter();
        let mut first = pool.get_async();
        let mut next = pool.get_async();
        assert!(poll(&mut first, Waker::noop()).is_pending());
        assert!(poll(&mut next, &waker).is_pending());
        if detached {
            // What is handed over is the right to make an object.
            let _: usize = Guard::detach(guard);
        } else {
            drop(guard);
        }
        assert_eq!(count.0.load(SeqCst), 0);
        drop(first);
        pool.check_invariants();
        assert_eq!(count.0.load(SeqCst), 1);
        assert!(poll(&mut next, &waker).is_ready());
        assert_eq!((pool.stats().outstanding, pool.stats().idle), (0, 1));
    }
    let stats = pool.stats();
    assert_eq!((stats.created, stats.reused), (2, 2), "what nobody had is not counted");
    // Nobody is next: the object stays.
    let guard = pool.get().unwrap();
    let mut only = pool.get_async();
    assert!(poll(&mut only, Waker::noop()).is_pending());
    drop(guard);
    drop(only);
    pool.check_invariants();
    assert_eq!((pool.stats().outstanding, pool.stats().idle), (0, 1));
}

#[test]
fn the_last_waker_is_the_one_that_is_woken() {
    let pool = numbers(1);
    let guard = pool.get().unwrap();
    let (old_count, old) = counter();
    let (new_count, new) = counter();
    let mut future = pool.get_async();
    for waker in [&old, &old, &new, &new] {
        assert!(poll(&mut future, waker).is_pending());
        pool.check_invariants();
    }
    assert_eq!((Arc::strong_count(&old_count), Arc::strong_count(&new_count)), (2, 3));
    drop(guard);
    assert_eq!((old_count.0.load(SeqCst), new_count.0.load(SeqCst)), (0, 1));
    assert_eq!(pool.stats().waited, 1, "one call, however often it is polled");
}

#[test]
fn closing_ends_futures() {
    let pool = numbers(1);
    let guard = pool.get().unwrap();
    let (count, waker) = counter();
    let mut waiting = pool.get_async();
    let mut late = pool.get_async();
    assert!(poll(&mut waiting, &waker).is_pending());
    pool.close();
    assert_eq!(count.0.load(SeqCst), 1);
    for future in [&mut waiting, &mut late] {
        assert!(matches!(poll(future, &waker), Poll::Ready(Err(GetError::Closed))));
    }
    let mut never_polled_again = pool.get_async();
    assert!(poll(&mut never_polled_again, &waker).is_ready());
    drop((waiting, late, never_polled_again, guard));
    pool.check_invariants();
    assert_eq!(pool.stats().outstanding, 0);
}

#[test]
fn an_object_that_was_handed_over_before_the_close_is_dropped_with_its_future() {
    let pool = numbers(1);
    let guard = pool.get().unwrap();
    let mut future = pool.get_async();
    assert!(poll(&mut future, Waker::noop()).is_pending());
    drop(guard);
    pool.close();
    drop(future);
    pool.check_invariants();
    assert_eq!((pool.stats().outstanding, pool.stats().dropped.by_clear), (0, 1));
}

/// Panics when it is woken, if it is told to.
struct Alarm(AtomicBool);

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        assert!(!self.0.load(SeqCst), "wake");
    }
}

#[test]
fn a_waker_that_panics_keeps_nothing_from_the_others() {
    let pool = numbers(1);
    let guard = pool.get().unwrap();
    let alarm = Waker::from(Arc::new(Alarm(true.into())));
    let (count, waker) = counter();
    let [mut first, mut next] = [pool.get_async(), pool.get_async()];
    assert!(poll(&mut first, &alarm).is_pending());
    assert!(poll(&mut next, &waker).is_pending());
    assert!(catch_unwind(AssertUnwindSafe(|| pool.close())).is_err());
    assert_eq!(count.0.load(SeqCst), 1);
    pool.check_invariants();
    assert!(poll(&mut next, &waker).is_ready());
    drop(guard);
    assert_eq!(pool.stats().outstanding, 0);

    let pool = numbers(1);
    let guard = pool.get().unwrap();
    let mut future = pool.get_async();
    assert!(poll(&mut future, &alarm).is_pending());
    assert!(catch_unwind(AssertUnwindSafe(|| drop(guard))).is_err());
    assert!(poll(&mut future, &waker).is_ready(), "it was handed over before");
    pool.check_invariants();
}

#[test]
fn a_create_that_panics_in_a_poll_gives_the_permit_back() {
    let fails = AtomicBool::new(true);
    let pool = BoundedPool::new(1, || assert!(!fails.load(SeqCst), "create"));
    let mut future = pool.get_async();
    assert!(catch_unwind(AssertUnwindSafe(|| drop(poll(&mut future, Waker::noop())))).is_err());
    pool.check_invariants();
    assert_eq!(pool.stats().outstanding, 0);
    fails.store(false, SeqCst);
    assert!(poll(&mut future, Waker::noop()).is_ready());
}

#[test]
fn futures_may_go_to_other_threads() {
    fn sent<F: Future + Send>(future: F) -> F {
        future
    }
    let pool = Arc::new(numbers(1));
    drop(sent(pool.get_async()));
    let future = sent(pool.get_async_owned());
    assert_eq!(thread::spawn(move || block_on(future).map(|guard| *guard)).join().unwrap(), Ok(0));
}

thread_local! {
    /// What a clone of the rash waker does.
    static MEANWHILE: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
}

/// A waker that does something when it is cloned, and whose clone panics when it is dropped.
fn rash() -> Waker {
    const ORIGINAL: RawWakerVTable = RawWakerVTable::new(
        |_| {
            if let Some(act) = MEANWHILE.take() {
                act();
            }
            RawWaker::new(core::ptr::null(), &CLONE)
        },
        |_| {},
        |_| {},
        |_| {},
    );
    const CLONE: RawWakerVTable = RawWakerVTable::new(
        |data| RawWaker::new(data, &CLONE),
        |_| {},
        |_| {},
        |_| panic!("the drop of a waker"),
    );
    // SAFETY: the functions use no data, so they may be called with any pointer, in any order and in any thread.
    unsafe { Waker::new(core::ptr::null(), &ORIGINAL) }
}

#[test]
fn a_waker_that_panics_when_it_is_dropped_keeps_no_permit() {
    for detached in [false, true] {
        let pool = Arc::new(numbers(1));
        let guard = pool.get_owned().unwrap();
        let mut future = pool.get_async();
        // What it finds when it looks again is an object, or room for one.
        MEANWHILE.set(Some(Box::new(move || {
            if detached {
                let _: usize = Guard::detach(guard);
            }
        })));
        let polled = catch_unwind(AssertUnwindSafe(|| poll(&mut future, &rash()).is_ready()));
        assert!(polled.is_err());
        pool.check_invariants();
        assert_eq!((pool.stats().outstanding, pool.stats().idle), (0, 0));
        assert!(pool.get_now().is_ok());
    }
}
