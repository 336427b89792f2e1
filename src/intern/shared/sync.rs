//! The atomics and the lock: std's, or those of loom, which tries all the orders in which threads may see them.

#[cfg(not(loom))]
pub(super) use core::sync::atomic::{
    AtomicPtr, AtomicU8, AtomicU16, AtomicU32, AtomicU64, AtomicUsize,
};
#[cfg(loom)]
pub(super) use loom::sync::{
    Mutex, MutexGuard,
    atomic::{AtomicPtr, AtomicU8, AtomicU16, AtomicU32, AtomicU64, AtomicUsize},
};
#[cfg(not(loom))]
pub(super) use std::sync::{Mutex, MutexGuard};

/// Stands for the bytes of a string, of which loom does not know: it panics where one reads what another may still write.
#[derive(Debug, Default)]
pub(super) struct Witness(#[cfg(loom)] loom::cell::UnsafeCell<()>);

impl Witness {
    #[inline(always)]
    pub(super) fn read(&self) {
        #[cfg(loom)]
        self.0.with(|_| ());
    }

    #[inline(always)]
    pub(super) fn written(&self) {
        #[cfg(loom)]
        self.0.with_mut(|_| ());
    }
}
