//! Values that own values of the same map, dropped one after the other instead of one within the other.
//!
//! A value that dies while this thread drops another one of its map is put on a list, and dropped when that drop is done. So a chain
//! of any length needs no more stack than one of two.
//!
//! The values of one map alone are put off for one another, since they have one type. Until the drop above them has ended, all that
//! this type borrows is there. What a value of another type borrows may be gone by then.
#![allow(unsafe_code)]

use core::cell::Cell;

/// The nodes that are to be dropped, each with the next one in its word; null where there are none.
pub(super) type List = Cell<*mut ()>;

/// What is being dropped.
pub trait Drops<M>: Default {
    /// Hands `put` the list of the drop that this thread is in, of values of `owner`, if it is in one.
    fn put_off(&self, owner: *const (), put: impl FnOnce(&List)) -> bool;

    /// Calls `body` with a list that [`put_off`](Self::put_off) finds meanwhile.
    fn start(&self, owner: *const (), body: impl FnOnce(&List));
}

/// Of one thread, in the table itself.
#[derive(Debug, Default)]
pub struct LocalDrops {
    under_way: Cell<bool>,
    list: Cell<*mut ()>,
}

impl<M> Drops<M> for LocalDrops {
    fn put_off(&self, _: *const (), put: impl FnOnce(&List)) -> bool {
        let under_way = self.under_way.get();
        if under_way {
            put(&self.list);
        }
        under_way
    }

    fn start(&self, _: *const (), body: impl FnOnce(&List)) {
        struct End<'a>(&'a Cell<bool>);
        impl Drop for End<'_> {
            fn drop(&mut self) {
                self.0.set(false);
            }
        }
        self.under_way.set(true);
        let _end = End(&self.under_way);
        body(&self.list);
    }
}

#[cfg(feature = "std")]
pub(super) use shared::{SharedDrops, thread};

#[cfg(feature = "std")]
mod shared {
    use super::{Cell, Drops, List};
    use core::ptr;

    /// Of many threads, each of which knows on its own stack what it drops.
    #[derive(Debug, Default)]
    pub struct SharedDrops;

    /// A drop that a thread is in.
    struct Frame {
        owner: *const (),
        list: List,
        /// The drop in which this one is.
        outer: *const Frame,
    }

    #[cfg(not(loom))]
    std::thread_local! {
        /// Invariant: null, or a frame on this thread's stack that has not ended; the same holds for the `outer` of each.
        static INNERMOST: Cell<*const Frame> = const { Cell::new(ptr::null()) };
    }
    #[cfg(loom)]
    loom::thread_local! {
        static INNERMOST: Cell<*const Frame> = Cell::new(ptr::null());
    }

    /// An address that is this thread's alone while it runs.
    pub(in crate::weak) fn thread() -> *mut () {
        INNERMOST.with(|innermost| ptr::from_ref(innermost).cast_mut().cast())
    }

    impl<M> Drops<M> for SharedDrops {
        fn put_off(&self, owner: *const (), put: impl FnOnce(&List)) -> bool {
            let mut at = INNERMOST.with(Cell::get);
            while !at.is_null() {
                // SAFETY: by the invariant of `INNERMOST` the frame has not ended, and nothing ends it before this function returns.
                let frame = unsafe { &*at };
                if frame.owner == owner {
                    put(&frame.list);
                    return true;
                }
                at = frame.outer;
            }
            false
        }

        fn start(&self, owner: *const (), body: impl FnOnce(&List)) {
            struct End(*const Frame);
            impl Drop for End {
                fn drop(&mut self) {
                    INNERMOST.with(|innermost| innermost.set(self.0));
                }
            }
            let outer = INNERMOST.with(Cell::get);
            let frame = Frame { owner, list: Cell::new(ptr::null_mut()), outer };
            INNERMOST.with(|innermost| innermost.set(&frame));
            // Is dropped before the frame, also when `body` panics.
            let _end = End(outer);
            body(&frame.list);
        }
    }
}
