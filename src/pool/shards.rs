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
use std::sync::PoisonError;
use std::time::Instant;

use super::generations::Generations;
use super::lock::{Held, Lock};
use super::node::Node;
use super::shelves::Shelves;
use super::thread;
use crate::raw::sync::{AtomicU32, AtomicUsize, Mutex, const_unless_loom};

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
    /// The bytes that were granted to shards, if they are limited: what the idle objects weigh, and what shards have to spare. They are not divided
    /// evenly, since one object may weigh as much as all may. A shard keeps what becomes free in it, so that threads do not meet here, until another one
    /// that gets no more collects it.
    granted: AtomicUsize,
    aged: Mutex<Option<Instant>>,
}

impl<T, const C: usize> Shard<T, C> {
    const_unless_loom! {
        fn new() -> Self {
            Self { filled: AtomicU32::new(0), generations: Lock::new(Generations::new()) }
        }
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
    const_unless_loom! {
        pub(super) fn new() -> Self {
            Self {
                #[cfg(not(loom))]
                shards: [const { Shard::new() }; SHARDS],
                #[cfg(loom)]
                shards: core::array::from_fn(|_| Shard::new()),
                mask: SHARDS - 1,
                most: usize::MAX,
                granted: AtomicUsize::new(0),
                aged: Mutex::new(None),
            }
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

    /// Grants bytes to a shard, unless they would be more than `most`.
    fn grant(&self, bytes: usize, most: usize) -> bool {
        let more = |sum: usize| sum.checked_add(bytes).filter(|&sum| sum <= most);
        self.granted.fetch_update(Relaxed, Relaxed, more).is_ok()
    }

    /// The shards that are used, from one on.
    fn all(&self, home: usize) -> impl Iterator<Item = usize> {
        let mask = self.mask;
        (home..=home + mask).map(move |i| i & mask)
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

    fn most(&self) -> usize {
        self.most
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
        let nearest = &self.shards[self.nearest()].generations;
        if nearest.lock().spend(bytes) || self.grant(bytes, most) {
            return true;
        }
        let spares = self.shards.iter().map(|shard| shard.generations.lock().take_spare());
        let spare = spares.fold(0, usize::saturating_add);
        let rest = spare.checked_sub(bytes);
        let enough = rest.is_some() || self.grant(bytes - spare, most);
        nearest.lock().save(if enough { rest.unwrap_or(0) } else { spare });
        enough
    }

    fn release(&self, bytes: usize) {
        self.shards[self.nearest()].generations.lock().save(bytes);
    }

    fn bytes(&self) -> usize {
        let spares = self.shards.iter().map(|shard| shard.generations.lock().spare());
        let spare = spares.fold(0, usize::saturating_add);
        self.granted.load(Relaxed).saturating_sub(spare)
    }

    fn check_limits(&self) {
        for (i, shard) in self.shards.iter().enumerate() {
            let idle = shard.generations.lock().idle();
            assert!(idle <= if i <= self.mask { self.share(i) } else { 0 });
        }
    }

    fn aged<R>(&self, change: impl FnOnce(&mut Option<Instant>) -> R) -> R {
        change(&mut self.aged.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
