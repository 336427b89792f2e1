//! Idle objects in shards, so that threads do not wait for one another.
//!
//! A thread has a shard in which it looks first and into which it puts what comes back; threads whose numbers differ by a multiple of the number of
//! shards have the same one. What it does not find there it looks for in the others. A shard that somebody is just using is passed over at
//! first, and waited for only when nothing was found without, before an object is made or refused. So an object that is idle is found, and one that
//! there is room for is kept.
//!
//! Nobody ever has two locks.

use alloc::boxed::Box;
use core::sync::atomic::Ordering::Relaxed;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::generations::Generations;
use super::lock::{Held, Lock};
use super::node::Node;
use super::shelves::Shelves;
use super::thread;
use crate::raw::sync::{AtomicU32, AtomicUsize};

/// The number of shards.
pub(super) const SHARDS: usize = if cfg!(loom) { 2 } else { 16 };

#[repr(C, align(128))] // As many bytes as processors fetch together, so that no two shards share any.
struct Shard<T, const C: usize> {
    /// The classes of which there are objects here, a bit for each, so that nobody takes the lock in vain. It is written under the lock, and read
    /// without.
    filled: AtomicU32,
    generations: Lock<Generations<T, C>>,
}

/// Idle objects in [`SHARDS`] shards.
pub(super) struct Shards<T, const C: usize> {
    shards: [Shard<T, C>; SHARDS],
    /// The number of shards that are used, less 1. It is a power of two.
    mask: usize,
    /// The most objects that may be idle in all shards together. Each has its share of them, so that they need not be counted together.
    most: usize,
    /// The bytes of all idle objects, if these are limited. They are not divided between shards, since one object may weigh as much as
    /// all may.
    bytes: AtomicUsize,
    aged: Mutex<Option<Instant>>,
}

impl<T, const C: usize> Shard<T, C> {
    #[cfg(not(loom))]
    const fn new() -> Self {
        Self { filled: AtomicU32::new(0), generations: Lock::new(Generations::new()) }
    }

    #[cfg(loom)]
    fn new() -> Self {
        Self { filled: AtomicU32::new(0), generations: Lock::new(Generations::new()) }
    }

    #[inline]
    fn has(&self, class: usize) -> bool {
        self.filled.load(Relaxed) & 1 << class != 0
    }

    #[inline]
    fn pop(&self, generations: Held<'_, Generations<T, C>>, class: usize) -> Option<Box<Node<T>>> {
        let node = generations.pop(class);
        if generations.is_empty(class) {
            self.filled.store(self.filled.load(Relaxed) & !(1 << class), Relaxed);
        }
        node
    }

    #[inline]
    fn push(
        &self,
        generations: Held<'_, Generations<T, C>>,
        class: usize,
        node: Box<Node<T>>,
        most: usize,
    ) -> Result<(), Box<Node<T>>> {
        generations.push(class, node, most)?;
        if !self.has(class) {
            self.filled.store(self.filled.load(Relaxed) | 1 << class, Relaxed);
        }
        Ok(())
    }
}

impl<T, const C: usize> Shards<T, C> {
    #[cfg(not(loom))]
    pub(super) const fn new() -> Self {
        Self {
            shards: [const { Shard::new() }; SHARDS],
            mask: SHARDS - 1,
            most: usize::MAX,
            bytes: AtomicUsize::new(0),
            aged: Mutex::new(None),
        }
    }

    #[cfg(loom)]
    pub(super) fn new() -> Self {
        Self {
            shards: core::array::from_fn(|_| Shard::new()),
            mask: SHARDS - 1,
            most: usize::MAX,
            bytes: AtomicUsize::new(0),
            aged: Mutex::new(None),
        }
    }

    /// Keeps at most that many objects. Few are kept in fewer shards, so that the share of each is not too small for its threads.
    pub(super) const fn set_most(&mut self, most: usize) {
        self.most = most;
        let mut used = SHARDS;
        while used > 1 && most / used < 4 {
            used /= 2;
        }
        self.mask = used - 1;
    }

    /// The most objects that may be idle in a shard.
    #[inline]
    fn share(&self, shard: usize) -> usize {
        let used = self.mask + 1;
        self.most / used + usize::from(shard < self.most % used)
    }

    /// The shards that are used, from one on.
    fn all(&self, home: usize) -> impl Iterator<Item = usize> {
        let mask = self.mask;
        (0..=mask).map(move |i| (home + i) & mask)
    }

    fn others(&self, home: usize) -> impl Iterator<Item = usize> {
        self.all(home).skip(1)
    }

    #[inline]
    pub(super) fn pop_at(&self, home: usize, class: usize) -> Option<Box<Node<T>>> {
        let shard = &self.shards[home];
        if shard.has(class)
            && let Some(generations) = shard.generations.try_lock()
            && let Some(node) = shard.pop(generations, class)
        {
            return Some(node);
        }
        self.pop_elsewhere(home, class)
    }

    #[cold]
    fn pop_elsewhere(&self, home: usize, class: usize) -> Option<Box<Node<T>>> {
        let there = |&i: &usize| self.shards[i].has(class);
        let passed_by = self.others(home).filter(there).find_map(|i| {
            let shard = &self.shards[i];
            shard.generations.try_lock().and_then(|generations| shard.pop(generations, class))
        });
        passed_by.or_else(|| {
            self.all(home).filter(there).find_map(|i| {
                let shard = &self.shards[i];
                shard.pop(shard.generations.lock(), class)
            })
        })
    }

    #[inline]
    pub(super) fn push_at(
        &self,
        home: usize,
        class: usize,
        node: Box<Node<T>>,
    ) -> Result<(), Box<Node<T>>> {
        let shard = &self.shards[home];
        match shard.generations.try_lock() {
            Some(generations) => match shard.push(generations, class, node, self.share(home)) {
                Ok(()) => Ok(()),
                Err(node) => self.push_elsewhere(home, class, node),
            },
            None => self.push_elsewhere(home, class, node),
        }
    }

    #[cold]
    fn push_elsewhere(
        &self,
        home: usize,
        class: usize,
        mut node: Box<Node<T>>,
    ) -> Result<(), Box<Node<T>>> {
        for i in self.others(home) {
            let shard = &self.shards[i];
            if let Some(generations) = shard.generations.try_lock() {
                match shard.push(generations, class, node, self.share(i)) {
                    Ok(()) => return Ok(()),
                    Err(back) => node = back,
                }
            }
        }
        for i in self.all(home) {
            let shard = &self.shards[i];
            match shard.push(shard.generations.lock(), class, node, self.share(i)) {
                Ok(()) => return Ok(()),
                Err(back) => node = back,
            }
        }
        Err(node)
    }
}

impl<T, const C: usize> Shelves<T, C> for Shards<T, C> {
    #[inline]
    fn pop(&self, class: usize) -> Option<Box<Node<T>>> {
        self.pop_at(self.nearest(), class)
    }

    #[inline]
    fn push(&self, class: usize, node: Box<Node<T>>) -> Result<(), Box<Node<T>>> {
        self.push_at(self.nearest(), class, node)
    }

    fn parts(&self) -> usize {
        SHARDS
    }

    #[inline]
    fn nearest(&self) -> usize {
        thread::index() & self.mask
    }

    fn part<R>(&self, part: usize, change: impl FnOnce(&Generations<T, C>) -> R) -> R {
        let shard = &self.shards[part];
        let generations = shard.generations.lock();
        let changed = change(&generations);
        let filled = (0..C).filter(|&class| !generations.is_empty(class));
        shard.filled.store(filled.fold(0, |filled, class| filled | 1 << class), Relaxed);
        changed
    }

    fn reserve(&self, bytes: usize, most: usize) -> bool {
        let more = |sum: usize| sum.checked_add(bytes).filter(|&sum| sum <= most);
        self.bytes.fetch_update(Relaxed, Relaxed, more).is_ok()
    }

    /// An object whose weight has changed while it was idle does not make the sum less than nothing.
    fn release(&self, bytes: usize) {
        let less = |sum: usize| Some(sum.saturating_sub(bytes));
        let _ = self.bytes.fetch_update(Relaxed, Relaxed, less);
    }

    fn bytes(&self) -> usize {
        self.bytes.load(Relaxed)
    }

    fn aged<R>(&self, change: impl FnOnce(&mut Option<Instant>) -> R) -> R {
        change(&mut self.aged.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
