//! Panics in hooks and destructors.

use super::{LATE, until_waiting};
use core::cell::Cell;
use core::convert::Infallible;
use core::panic::AssertUnwindSafe;
use core::sync::atomic::{AtomicBool, Ordering::SeqCst};
use pennyweight::pool::{BoundedPool, Guard, Hooks};
use std::panic::catch_unwind;
use std::thread;

/// Panics where it is told to.
#[derive(Default)]
struct Panics {
    create: Cell<bool>,
    recycle: Cell<bool>,
    validate: Cell<bool>,
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
}

#[test]
fn a_hook_that_panics_loses_an_object_and_no_permit() {
    let flags: [(&str, Flag); 3] = [
        ("create", |hooks| &hooks.create),
        ("recycle", |hooks| &hooks.recycle),
        ("validate", |hooks| &hooks.validate),
    ];
    for (hook, flag) in flags {
        let pool = BoundedPool::new(1, Panics::default());
        if hook != "create" {
            drop(pool.get().unwrap());
        }
        flag(pool.hooks()).set(true);
        let got = catch_unwind(AssertUnwindSafe(|| drop(pool.get_now().unwrap())));
        assert_eq!(got.unwrap_err().downcast_ref(), Some(&hook));
        pool.check_invariants();
        assert_eq!((pool.stats().outstanding, pool.stats().idle), (0, 0), "{hook}");
        flag(pool.hooks()).set(false);
        assert_eq!(*pool.get_now().unwrap(), 7, "{hook}");
    }
}

/// Panics when it is dropped, if it is told to.
struct Grenade<'a>(&'a AtomicBool);

impl Drop for Grenade<'_> {
    fn drop(&mut self) {
        assert!(!self.0.swap(false, SeqCst), "drop");
    }
}

/// Keeps nothing.
struct Once<'a>(&'a AtomicBool);

impl<'a> Hooks<Grenade<'a>> for Once<'a> {
    type Error = Infallible;

    fn create(&self) -> Result<Grenade<'a>, Infallible> {
        Ok(Grenade(self.0))
    }

    fn recycle(&self, _: &mut Grenade<'a>) -> bool {
        false
    }
}

#[test]
fn a_destructor_that_panics_gives_the_permit_to_who_waits() {
    let armed = AtomicBool::new(false);
    let pool = BoundedPool::new(1, Once(&armed));
    let guard = pool.get().unwrap();
    armed.store(true, SeqCst);
    thread::scope(|scope| {
        let waiter = scope.spawn(|| pool.get_timeout(LATE).map(drop));
        until_waiting(&pool, 1);
        let dropped = catch_unwind(AssertUnwindSafe(|| drop(guard)));
        assert_eq!(dropped.unwrap_err().downcast_ref(), Some(&"drop"));
        assert!(waiter.join().unwrap().is_ok());
    });
    pool.check_invariants();
    assert_eq!((pool.stats().outstanding, pool.stats().dropped.by_recycle), (0, 2));
}

#[test]
fn clearing_goes_on_behind_a_destructor_that_panics() {
    let armed = AtomicBool::new(false);
    let pool = BoundedPool::new(3, || Grenade(&armed));
    for clear in [BoundedPool::clear, BoundedPool::close] {
        drop([(); 3].map(|()| pool.get().unwrap()));
        armed.store(true, SeqCst);
        let cleared = catch_unwind(AssertUnwindSafe(|| clear(&pool)));
        assert_eq!(cleared.unwrap_err().downcast_ref(), Some(&"drop"));
        pool.check_invariants();
        assert_eq!((pool.stats().idle, pool.stats().outstanding), (0, 0));
    }
    assert_eq!(pool.stats().dropped.by_clear, 6);
}

#[test]
fn an_object_whose_user_panics_is_dropped_and_makes_room() {
    let pool = BoundedPool::new(1, || 7_u8);
    for _ in 0..3 {
        let user = catch_unwind(AssertUnwindSafe(|| {
            let mut guard = pool.get_now().unwrap();
            *guard = 8;
            panic!("half done");
        }));
        assert!(user.is_err());
        assert_eq!((pool.stats().outstanding, pool.stats().idle), (0, 0));
    }
    assert_eq!(*pool.get_now().unwrap(), 7);
    assert_eq!(pool.stats().dropped.by_recycle, 3);
    pool.check_invariants();
}

/// Uses its own pool in each hook.
struct Reentrant;

static REENTRANT: BoundedPool<u8, Reentrant> = BoundedPool::new(2, Reentrant);

impl Hooks<u8> for Reentrant {
    type Error = Infallible;

    fn create(&self) -> Result<u8, Infallible> {
        // As deep as there are permits.
        let inner = REENTRANT.get_now().map(Guard::detach);
        Ok(inner.map_or(0, |inner| inner + 1))
    }

    fn recycle(&self, object: &mut u8) -> bool {
        let stats = REENTRANT.stats();
        assert!(stats.outstanding >= 1);
        *object < 2
    }

    fn validate(&self, _: &mut u8) -> bool {
        REENTRANT.clear();
        true
    }
}

#[test]
fn hooks_may_use_their_own_pool() {
    let guard = REENTRANT.get().unwrap();
    assert_eq!(*guard, 1);
    drop(guard);
    assert_eq!(*REENTRANT.get().unwrap(), 1);
    REENTRANT.check_invariants();
    assert_eq!(REENTRANT.stats().outstanding, 0);
}
