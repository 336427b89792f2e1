//! The right to one of the objects of a pool, which goes back by itself.

use super::idle::{Stack, Weighed};
use super::state::{Reason, State};
use crate::pool::node::Node;
use crate::raw::sync::{Mutex, MutexGuard};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::iter;
use core::mem;
use std::sync::PoisonError;

/// A state and its lock.
pub(super) struct Locked<T>(Mutex<State<T>>);

impl<T> Locked<T> {
    #[cfg(not(loom))]
    pub(super) const fn new(state: State<T>) -> Self {
        Self(Mutex::new(state))
    }

    #[cfg(loom)]
    pub(super) fn new(state: State<T>) -> Self {
        Self(Mutex::new(state))
    }

    /// Nothing that is done under the lock is code of the user, so a panic can only come of an allocation or a count that fails, which
    /// every method of the state does before it changes anything. So a state that is poisoned is whole.
    #[inline]
    pub(super) fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps an object that comes back, or hands it to who has waited longest, or drops it if the pool is closed or it weighs too much. Says whether
    /// it was taken.
    #[inline]
    pub(super) fn give(&self, object: Weighed<T>, most_bytes: usize) -> bool {
        let given = self.lock().give(object, most_bytes);
        // With the lock released: a waker is code of the user, and so is the drop of an object.
        match given {
            Ok(wake) => {
                drop(wake);
                true
            }
            Err((node, why)) => {
                drop(Held { node, permit: Permit { of: self, why } });
                false
            }
        }
    }

    /// Drops objects that are idle no longer. Each has its permit, so that one that panics takes no other with it.
    pub(super) fn drop_all<const N: usize>(&self, stacks: [Stack<T>; N], why: Reason) {
        let objects = stacks.into_iter().flat_map(|mut stack| iter::from_fn(move || stack.pop()));
        let held =
            objects.map(|Weighed { node, .. }| Held { node, permit: Permit { of: self, why } });
        drop(held.collect::<Vec<_>>());
    }
}

/// The right to one object. Dropped, it goes to who has waited longest, or back into the pool: whatever panics, none is lost.
pub(super) struct Permit<'p, T> {
    pub(super) of: &'p Locked<T>,
    /// What is counted when it goes back.
    pub(super) why: Reason,
}

impl<T> Permit<'_, T> {
    /// Leaves the permit with an object that has one from now on.
    #[inline]
    pub(super) fn leave(self) {
        mem::forget(self);
    }
}

impl<T> Drop for Permit<'_, T> {
    fn drop(&mut self) {
        let wake = self.of.lock().release(self.why);
        drop(wake);
    }
}

/// An object with its permit. Dropped, the object goes first, so that there are never more than there may be.
pub(super) struct Held<'p, T> {
    pub(super) node: Box<Node<T>>,
    pub(super) permit: Permit<'p, T>,
}

impl<T> Held<'_, T> {
    #[inline]
    pub(super) fn into_node(self) -> Box<Node<T>> {
        self.permit.leave();
        self.node
    }
}
