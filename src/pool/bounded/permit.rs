//! The right to one of the objects of a pool, which goes back by itself.

#[cfg(feature = "async")]
use super::state::Grant;
use super::state::{Idle, Reason, State};
use super::wake::Wake;
use crate::raw::sync::{Mutex, MutexGuard};
use core::mem;
use std::sync::PoisonError;

/// A state and its lock.
pub(super) struct Locked<O>(Mutex<State<O>>);

impl<O> Locked<O> {
    #[cfg(not(loom))]
    pub(super) const fn new(state: State<O>) -> Self {
        Self(Mutex::new(state))
    }

    #[cfg(loom)]
    pub(super) fn new(state: State<O>) -> Self {
        Self(Mutex::new(state))
    }

    /// Nothing that is done under the lock is code of the user, so a panic can only come of an allocation or a count that fails, which
    /// every method of the state does before it changes anything. So a state that is poisoned is whole.
    #[inline]
    pub(super) fn lock(&self) -> MutexGuard<'_, State<O>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps an object that comes back, or hands it to who has waited longest, or drops it.
    #[inline]
    pub(super) fn give(&self, idle: Idle<O>) {
        let given = self.lock().give(idle);
        self.settle(given);
    }

    /// Takes back what was granted to somebody who has gone.
    #[cfg(feature = "async")]
    pub(super) fn give_again(&self, grant: Grant<O>) {
        match grant {
            Grant::Object(idle) => {
                let given = self.lock().give_again(idle);
                self.settle(given);
            }
            Grant::Permit => drop(Permit { of: self, why: Reason::NotMade }),
        }
    }

    /// With the lock released: who is woken is code of the user, and so is the drop of an object.
    #[inline]
    fn settle(&self, given: Result<Option<Wake>, (O, Reason)>) {
        match given {
            Ok(wake) => drop(wake),
            Err((object, why)) => drop(Held { object, permit: Permit { of: self, why } }),
        }
    }
}

/// The right to one object. Dropped, it goes to who has waited longest, or back into the pool: whatever panics, none is lost.
pub(super) struct Permit<'p, O> {
    pub(super) of: &'p Locked<O>,
    /// What is counted when it goes back.
    pub(super) why: Reason,
}

impl<O> Permit<'_, O> {
    /// Leaves the permit with an object that has one from now on.
    #[inline]
    pub(super) fn leave(self) {
        mem::forget(self);
    }
}

impl<O> Drop for Permit<'_, O> {
    fn drop(&mut self) {
        let wake = self.of.lock().release(self.why);
        drop(wake);
    }
}

/// An object with its permit. Dropped, the object goes first, so that there are never more than there may be.
pub(super) struct Held<'p, O> {
    pub(super) object: O,
    pub(super) permit: Permit<'p, O>,
}

impl<O> Held<'_, O> {
    #[inline]
    pub(super) fn into_object(self) -> O {
        self.permit.leave();
        self.object
    }
}
