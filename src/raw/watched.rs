//! std's lock and condition for ThreadSanitizer, which does not see through a std that was not compiled with it: whoever waits for the lock
//! does so in code of std's, and all that the last owner wrote would look like a race. So each owner says when it lets go, by a store that the
//! next one loads. No order is added that the lock does not make.

use core::ops::{Deref, DerefMut};
use core::sync::atomic::{AtomicUsize, Ordering};
use core::time::Duration;
use std::sync::{self, LockResult, PoisonError, WaitTimeoutResult};

#[derive(Debug, Default)]
pub struct Mutex<T> {
    /// How often the lock was let go of.
    turns: AtomicUsize,
    inner: sync::Mutex<T>,
}

#[derive(Debug)]
pub struct MutexGuard<'a, T> {
    lock: &'a Mutex<T>,
    /// `None` once it has been given to a [`Condvar`].
    inner: Option<sync::MutexGuard<'a, T>>,
}

#[derive(Debug, Default)]
pub struct Condvar(sync::Condvar);

impl<T> Mutex<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self { turns: AtomicUsize::new(0), inner: sync::Mutex::new(value) }
    }

    pub(crate) fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        self.taken(self.inner.lock())
    }

    fn taken<'a>(
        &'a self,
        inner: LockResult<sync::MutexGuard<'a, T>>,
    ) -> LockResult<MutexGuard<'a, T>> {
        self.turns.load(Ordering::Acquire);
        match inner {
            Ok(inner) => Ok(MutexGuard { lock: self, inner: Some(inner) }),
            Err(poisoned) => {
                Err(PoisonError::new(MutexGuard { lock: self, inner: Some(poisoned.into_inner()) }))
            }
        }
    }
}

impl<'a, T> MutexGuard<'a, T> {
    fn let_go(&mut self) -> Option<sync::MutexGuard<'a, T>> {
        self.lock.turns.fetch_add(1, Ordering::Release);
        self.inner.take()
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.inner.as_ref().expect("it was not given away")
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.inner.as_mut().expect("it was not given away")
    }
}

impl<T> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        drop(self.let_go());
    }
}

impl Condvar {
    pub(crate) fn wait<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
    ) -> LockResult<MutexGuard<'a, T>> {
        let inner = guard.let_go().expect("it was not given away");
        guard.lock.taken(self.0.wait(inner))
    }

    pub(crate) fn wait_timeout<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        time: Duration,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        let inner = guard.let_go().expect("it was not given away");
        let (inner, timeout) =
            self.0.wait_timeout(inner, time).unwrap_or_else(PoisonError::into_inner);
        // Whether the lock is poisoned, nobody asks who has waited.
        let guard = guard.lock.taken(Ok(inner)).unwrap_or_else(PoisonError::into_inner);
        Ok((guard, timeout))
    }

    pub(crate) fn notify_all(&self) {
        self.0.notify_all();
    }
}
