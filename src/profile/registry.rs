#![allow(unsafe_code)]
//! A list of values that are claimed, released, claimed again and never freed.
//!
//! Counters have to be readable after their thread has ended, and must not come from the allocator
//! that they count for. So they are taken from the system allocator, linked once, and recycled. Nothing here
//! locks, so a fork or a thread that stops at any point leaves the list whole.

use core::{
    alloc::{GlobalAlloc, Layout},
    ops::Deref,
    ptr,
    sync::atomic::{
        AtomicBool, AtomicIsize, AtomicPtr,
        Ordering::{AcqRel, Acquire, Relaxed, Release},
    },
};
use std::alloc::System;

/// The list; it never becomes shorter.
#[derive(Debug)]
pub(super) struct Registry<T: 'static> {
    /// The newest entry. Invariant: here and in every `next`, either null or a pointer to an entry that is
    /// initialised, and that is never freed, moved or borrowed mutably.
    head: AtomicPtr<Entry<T>>,
    /// How many entries wait to be claimed. A hint that saves a walk along the list: it follows the
    /// truth by a moment, and may be below zero meanwhile.
    idle: AtomicIsize,
}

/// A value of a registry, alone on its cache lines.
#[derive(Debug)]
#[repr(C, align(128))]
pub(super) struct Entry<T: 'static> {
    value: T,
    /// See [`Registry::head`]. Stored before the entry is linked, and never again.
    next: AtomicPtr<Entry<T>>,
    claimed: AtomicBool,
}

impl<T> Entry<T> {
    /// An entry outside of any list.
    pub(super) const fn new(value: T) -> Self {
        Self { value, next: AtomicPtr::new(ptr::null_mut()), claimed: AtomicBool::new(true) }
    }
}

impl<T> Deref for Entry<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> Registry<T> {
    pub(super) const fn new() -> Self {
        Self { head: AtomicPtr::new(ptr::null_mut()), idle: AtomicIsize::new(0) }
    }

    /// An entry that no one else holds: a released one, as its last holder left it, or a new one. `None` if there is no
    /// memory for it.
    pub(super) fn claim(&self, new: impl FnOnce() -> T) -> Option<&'static Entry<T>> {
        if self.idle.load(Relaxed) > 0 {
            for entry in self.iter() {
                if !entry.claimed.load(Relaxed)
                    && entry.claimed.compare_exchange(false, true, Acquire, Relaxed).is_ok()
                {
                    self.idle.fetch_sub(1, Relaxed);
                    return Some(entry);
                }
            }
        }
        self.link(new())
    }

    /// Gives an entry that was claimed here to whoever claims next, who sees all that the caller did to it.
    pub(super) fn release(&self, entry: &'static Entry<T>) {
        entry.claimed.store(false, Release);
        self.idle.fetch_add(1, Relaxed);
    }

    /// All entries, claimed or not, newest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &'static Entry<T>> {
        let first = Self::follow(&self.head);
        core::iter::successors(first, |entry| Self::follow(&entry.next))
    }

    /// The bytes that the list has taken from the system allocator.
    pub(super) fn heap_bytes(&self) -> usize {
        self.iter().count() * size_of::<Entry<T>>()
    }

    fn follow(link: &AtomicPtr<Entry<T>>) -> Option<&'static Entry<T>> {
        let entry = link.load(Acquire);
        // SAFETY: by the invariant of `head`, which holds for every link, the pointer is null or points to an
        // initialised entry that lives for ever and is shared only. `Acquire` pairs with the `AcqRel` of `link`,
        // so the initialisation happened before this.
        unsafe { entry.as_ref() }
    }

    #[cold]
    fn link(&self, value: T) -> Option<&'static Entry<T>> {
        let layout = Layout::new::<Entry<T>>();
        // SAFETY: an `Entry` has an `AtomicBool` in it, so the size of the layout is not zero.
        let entry = unsafe { System.alloc(layout) }.cast::<Entry<T>>();
        if entry.is_null() {
            return None;
        }
        // SAFETY: `entry` is not null, so by the contract of `alloc` it is valid for writes of an `Entry` and aligned.
        unsafe { entry.write(Entry::new(value)) };
        // SAFETY: `entry` was initialised on the line before. No one frees it, moves it or borrows it mutably, as
        // its address is known to this function alone until it is stored in `head`, where the invariant holds.
        let entry: &'static Entry<T> = unsafe { &*entry };
        let mut head = self.head.load(Relaxed);
        loop {
            entry.next.store(head, Relaxed);
            let new = ptr::from_ref(entry).cast_mut();
            match self.head.compare_exchange_weak(head, new, AcqRel, Relaxed) {
                Ok(_) => return Some(entry),
                Err(newer) => head = newer,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn an_entry_has_one_holder_and_is_used_again() {
        const THREADS: usize = 4;
        static FLAGS: Registry<AtomicBool> = Registry::new();
        let threads: [_; THREADS] = core::array::from_fn(|_| {
            thread::spawn(|| {
                for _ in 0..20_000 {
                    let held = FLAGS.claim(|| AtomicBool::new(false)).unwrap();
                    assert!(!held.swap(true, Relaxed));
                    assert!(held.swap(false, Relaxed));
                    FLAGS.release(held);
                }
            })
        });
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert!((1..=THREADS).contains(&FLAGS.iter().count()));
        assert_eq!(FLAGS.heap_bytes(), FLAGS.iter().count() * 128);
    }
}
