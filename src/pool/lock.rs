//! A lock that nobody waits for without need: one atomic exchange to take it, one store to give it back.
#![allow(unsafe_code)]

use core::cell::UnsafeCell;
use core::marker::PhantomData;
use core::ops::Deref;
use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use crate::raw::sync::{AtomicBool, Witness, const_unless_loom, yield_now};

/// A value that one thread at a time sees, so that it can be made of cells.
///
/// It is held for some instructions, in which nobody allocates, frees or calls code that is not this crate's. So there is nothing that could
/// panic, and nothing is poisoned.
#[repr(C)] // The flag comes first, beside what the value begins with.
pub(super) struct Lock<S> {
    locked: AtomicBool,
    /// The thread that has changed `locked` from false to true is the only one that refers to what is in it, until it changes it back.
    value: UnsafeCell<S>,
    witness: Witness,
}

// SAFETY: a reference to the lock gives a reference to the value to one thread after the other (the invariant on `value`), which is what moving
// it to each of them would do. `S: Sync` is not needed, since no two threads have a reference at the same time.
unsafe impl<S: Send> Sync for Lock<S> {}

impl<S> Lock<S> {
    const_unless_loom! {
        pub(super) fn new(value: S) -> Self {
            Self {
                locked: AtomicBool::new(false),
                value: UnsafeCell::new(value),
                witness: Witness::new(),
            }
        }
    }

    /// Takes the lock, unless somebody has it.
    #[inline]
    pub(super) fn try_lock(&self) -> Option<Held<'_, S>> {
        self.locked.compare_exchange(false, true, Acquire, Relaxed).ok()?;
        self.witness.written();
        Some(Held { lock: self, value: PhantomData })
    }

    /// Takes the lock, after whoever has it. It is held so briefly that asking again is soonest; but who has it may be asleep.
    pub(super) fn lock(&self) -> Held<'_, S> {
        let mut asked = 0;
        loop {
            // A thread that only looks does not take the flag from the cache of who has the lock. In loom it might look at what was, for ever.
            if (cfg!(loom) || !self.locked.load(Relaxed))
                && let Some(held) = self.try_lock()
            {
                return held;
            }
            asked += 1;
            if cfg!(loom) || asked > 64 {
                yield_now();
            } else {
                core::hint::spin_loop();
            }
        }
    }
}

/// The lock, taken: it is given back with it.
pub(super) struct Held<'a, S> {
    lock: &'a Lock<S>,
    /// It stands for a reference to the value, and is shared by threads only if the value may be, which the lock does not ask for.
    value: PhantomData<&'a S>,
}

impl<S> Deref for Held<'_, S> {
    type Target = S;

    #[inline]
    fn deref(&self) -> &S {
        // SAFETY: by the invariant on `value`: who made `self` changed `locked` to true, and it is changed back when `self` is dropped. All references
        // that `self` gives are shared ones, and end before it does.
        unsafe { &*self.lock.value.get() }
    }
}

impl<S> Drop for Held<'_, S> {
    #[inline]
    fn drop(&mut self) {
        self.lock.locked.store(false, Release);
    }
}
