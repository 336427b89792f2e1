//! std's counted pointers: `Rc` and, where there are atomics, `Arc`.

use alloc::rc::{self, Rc};
#[cfg(target_has_atomic = "ptr")]
use alloc::sync::{self, Arc};
use core::ops::Deref;

/// A counted pointer of std: [`Rc`] or [`Arc`](alloc::sync::Arc). (Sealed.)
pub trait Pointer: Clone + Deref + sealed::Counted {}

impl<T: ?Sized> Pointer for Rc<T> {}
#[cfg(target_has_atomic = "ptr")]
impl<T: ?Sized> Pointer for Arc<T> {}

/// An entry that holds a `Weak`, of which the last owner may have gone.
pub(super) trait Mortal {
    fn is_dead(&self) -> bool;
}

pub(super) mod sealed {
    use crate::size::HeapSize;

    pub trait Counted: Sized {
        /// The `Weak` of this pointer.
        type Weak: Clone + HeapSize;

        fn downgrade(this: &Self) -> Self::Weak;

        fn upgrade(weak: &Self::Weak) -> Option<Self>;

        fn is_dead(weak: &Self::Weak) -> bool;

        /// Where the value lies. No other value does as long as the `Weak` is there: it keeps the block.
        fn address(weak: &Self::Weak) -> usize;

        fn address_of(this: &Self) -> usize;
    }
}

macro_rules! counted {
    ($pointer:ident, $weak:ty) => {
        impl<T: ?Sized> sealed::Counted for $pointer<T> {
            type Weak = $weak;

            #[inline]
            fn downgrade(this: &Self) -> Self::Weak {
                $pointer::downgrade(this)
            }

            #[inline]
            fn upgrade(weak: &Self::Weak) -> Option<Self> {
                weak.upgrade()
            }

            #[inline]
            fn is_dead(weak: &Self::Weak) -> bool {
                weak.strong_count() == 0
            }

            #[inline]
            fn address(weak: &Self::Weak) -> usize {
                weak.as_ptr().cast::<()>().addr()
            }

            #[inline]
            fn address_of(this: &Self) -> usize {
                $pointer::as_ptr(this).cast::<()>().addr()
            }
        }
    };
}

counted!(Rc, rc::Weak<T>);
#[cfg(target_has_atomic = "ptr")]
counted!(Arc, sync::Weak<T>);
