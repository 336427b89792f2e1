//! The atomics and locks of what threads share: std's, or those of loom, which tries all the orders in which threads may see them, or locks
//! that ThreadSanitizer can see.

#[cfg(tsan)]
pub(crate) use super::watched::{Condvar, Mutex, MutexGuard};
#[cfg(not(loom))]
pub(crate) use core::sync::atomic::{
    AtomicBool, AtomicPtr, AtomicU8, AtomicU16, AtomicU32, AtomicU64, AtomicUsize,
};
#[cfg(loom)]
pub(crate) use loom::sync::{
    Condvar, Mutex, MutexGuard,
    atomic::{AtomicBool, AtomicPtr, AtomicU8, AtomicU16, AtomicU32, AtomicU64, AtomicUsize},
};
#[cfg(not(any(loom, tsan)))]
pub(crate) use std::sync::{Condvar, Mutex, MutexGuard};

#[cfg(loom)]
pub(crate) use loom::thread::{Thread, current, park, yield_now};
#[cfg(not(loom))]
pub(crate) use std::thread::{Thread, current, park, park_timeout, yield_now};

/// In loom no time passes, so nobody waits for it.
#[cfg(loom)]
pub(crate) fn park_timeout(_: core::time::Duration) {
    yield_now();
}

/// Defines a function that is `const`, unless loom stands in, whose atomics are made while a program runs.
macro_rules! const_unless_loom {
    ($visibility:vis fn $($rest:tt)*) => {
        #[cfg(not(loom))]
        $visibility const fn $($rest)*
        #[cfg(loom)]
        $visibility fn $($rest)*
    };
}

pub(crate) use const_unless_loom;

/// Stands for bytes of which loom does not know: it panics where one reads what another may still write.
#[derive(Debug, Default)]
pub(crate) struct Witness(#[cfg(loom)] loom::cell::UnsafeCell<()>);

impl Witness {
    #[cfg(not(loom))]
    pub(crate) const fn new() -> Self {
        Self()
    }

    #[cfg(loom)]
    pub(crate) fn new() -> Self {
        Self::default()
    }

    #[inline(always)]
    pub(crate) fn read(&self) {
        #[cfg(loom)]
        self.0.with(|_| ());
    }

    #[inline(always)]
    pub(crate) fn written(&self) {
        #[cfg(loom)]
        self.0.with_mut(|_| ());
    }
}
