//! Objects in use.

use super::BoundedPool;
use crate::pool::Hooks;
use alloc::sync::Arc;
use core::fmt;
use core::ops::{Deref, DerefMut};

const UNTIL_DROPPED: &str = "the object is there until the guard is dropped";

/// An object of a [`BoundedPool`], which goes back when the guard is dropped.
#[must_use = "an object goes back as soon as its guard is dropped"]
pub struct BoundedGuard<'p, T, H: Hooks<T>> {
    pool: &'p BoundedPool<T, H>,
    object: Option<T>,
}

impl<'p, T, H: Hooks<T>> BoundedGuard<'p, T, H> {
    #[inline]
    pub(super) fn new(pool: &'p BoundedPool<T, H>, object: T) -> Self {
        Self { pool, object: Some(object) }
    }

    /// Takes the object out of the pool for good: another one may be made.
    pub fn detach(mut guard: Self) -> T {
        let object = guard.object.take().expect(UNTIL_DROPPED);
        guard.pool.detached();
        object
    }
}

impl<T, H: Hooks<T>> Deref for BoundedGuard<'_, T, H> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        self.object.as_ref().expect(UNTIL_DROPPED)
    }
}

impl<T, H: Hooks<T>> DerefMut for BoundedGuard<'_, T, H> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        self.object.as_mut().expect(UNTIL_DROPPED)
    }
}

impl<T, H: Hooks<T>> Drop for BoundedGuard<'_, T, H> {
    #[inline]
    fn drop(&mut self) {
        if let Some(object) = self.object.take() {
            self.pool.put(object);
        }
    }
}

impl<T: fmt::Debug, H: Hooks<T>> fmt::Debug for BoundedGuard<'_, T, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// An object of a [`BoundedPool`] that is held by an [`Arc`]: the guard may go anywhere.
#[must_use = "an object goes back as soon as its guard is dropped"]
pub struct OwnedBoundedGuard<T, H: Hooks<T>> {
    pool: Arc<BoundedPool<T, H>>,
    object: Option<T>,
}

impl<T, H: Hooks<T>> OwnedBoundedGuard<T, H> {
    #[inline]
    pub(super) fn new(pool: &Arc<BoundedPool<T, H>>, object: T) -> Self {
        Self { pool: Arc::clone(pool), object: Some(object) }
    }

    /// Takes the object out of the pool for good: another one may be made.
    pub fn detach(mut guard: Self) -> T {
        let object = guard.object.take().expect(UNTIL_DROPPED);
        guard.pool.detached();
        object
    }
}

impl<T, H: Hooks<T>> Deref for OwnedBoundedGuard<T, H> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        self.object.as_ref().expect(UNTIL_DROPPED)
    }
}

impl<T, H: Hooks<T>> DerefMut for OwnedBoundedGuard<T, H> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        self.object.as_mut().expect(UNTIL_DROPPED)
    }
}

impl<T, H: Hooks<T>> Drop for OwnedBoundedGuard<T, H> {
    #[inline]
    fn drop(&mut self) {
        if let Some(object) = self.object.take() {
            self.pool.put(object);
        }
    }
}

impl<T: fmt::Debug, H: Hooks<T>> fmt::Debug for OwnedBoundedGuard<T, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
