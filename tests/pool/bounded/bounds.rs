//! Which pools threads may share. opool 0.2.0 lets a pool whose allocator is bound to its thread go to another, and
//! `LinearObjectPool` of lockfree-object-pool 0.1.6 an object that is.

use pennyweight::pool::{BoundedPool, Guard};
use std::cell::Cell;
use std::rc::Rc;
use std::sync::{Arc, MutexGuard};

/// Compiles only where the type does not implement the trait: if it does, there are two impls to choose from.
macro_rules! is_not {
    ($bound:ident: $type:ty) => {{
        trait Either<Which> {
            fn one() {}
        }
        struct Implemented;
        impl<T: ?Sized> Either<()> for T {}
        impl<T: ?Sized + $bound> Either<Implemented> for T {}
        <$type as Either<_>>::one();
    }};
}

fn is_shared<T: Sync>() {}
fn is_sent<T: Send>() {}

type Hooks<R> = (fn() -> u8, R);

#[test]
fn threads_share_objects_that_may_be_sent_and_hooks_that_may_be_shared() {
    // An object is one thread's at a time.
    is_shared::<BoundedPool<Cell<u8>>>();
    is_sent::<Guard<&BoundedPool<Cell<u8>>>>();
    is_sent::<Guard<Arc<BoundedPool<Cell<u8>>>>>();
    is_not!(Sync: Guard<&BoundedPool<Cell<u8>>>);

    is_not!(Sync: BoundedPool<Rc<u8>>);
    is_not!(Send: Guard<&'static BoundedPool<Rc<u8>>>);
    // It is `Sync`, which is not enough: whoever gets it next may be another thread.
    is_not!(Sync: BoundedPool<MutexGuard<'static, u8>>);
    is_not!(Send: Guard<&'static BoundedPool<MutexGuard<'static, u8>>>);

    is_not!(Sync: BoundedPool<u8, Hooks<Cell<u8>>>);
    is_sent::<BoundedPool<u8, Hooks<Cell<u8>>>>();
    is_not!(Send: BoundedPool<u8, Hooks<Rc<u8>>>);
}

#[cfg(feature = "async")]
#[test]
fn futures_are_sent_as_their_pools_are() {
    use pennyweight::pool::{GetAsync, GetAsyncOwned};

    is_sent::<GetAsync<'_, Cell<u8>, fn() -> Cell<u8>>>();
    is_sent::<GetAsyncOwned<Cell<u8>, fn() -> Cell<u8>>>();
    is_not!(Send: GetAsync<'static, Rc<u8>, fn() -> Rc<u8>>);
    is_not!(Send: GetAsyncOwned<Rc<u8>, fn() -> Rc<u8>>);
}
