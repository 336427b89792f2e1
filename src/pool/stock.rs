//! What all object pools have in common: when hooks are called, what is kept and what is dropped, and how that is counted.
//!
//! ```text
//!             validate ◄────── idle ◄────── weight ◄────── recycle
//!                │         (trim, clear)                      ▲
//!                ▼                                            │
//! create ────► guard ──────────── dropped ────────────────────┘
//!                └─────────────── detached
//! ```
//!
//! What a hook, a limit, `trim` or `clear` takes out of this circle is dropped, and counted by the reason.
//!
//! Every object that was made is idle, was dropped, was detached, or is handed out: the last number follows from the others. So the only
//! thing that is counted when an object is used again is that.
//!
//! An object between two places belongs to the call that moves it. If a hook panics there, unwinding drops the object, and counts that.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::marker::PhantomData;
use core::mem::forget;

use super::generations::{Generations, Lists};
use super::hooks::Hooks;
use super::lent::Lent;
use super::node::{List, Node};
use super::shelves::Shelves;
use super::stats::{Dropped, Stats};
use crate::size::{Block, HeapSize, Visitor};

/// Idle objects, how they are made and recycled, and how many of them are kept.
///
/// The shelves have `C` classes of objects. Where there is one, its number is 0.
pub(super) struct Stock<T, const C: usize, S, H> {
    pub(super) shelves: S,
    pub(super) hooks: H,
    /// The most bytes that idle objects may weigh. Where there is no such limit, objects are not weighed as they come and go, and
    /// [`Shelves::bytes`] stays 0.
    pub(super) most_bytes: usize,
    objects: PhantomData<fn() -> T>,
}

/// Which of the numbers of dropped objects a reason is counted in.
type Reason = fn(&mut Dropped) -> &mut u64;

/// The object is not fit for its next user.
const RECYCLE: Reason = |dropped| &mut dropped.by_recycle;

impl<T, const C: usize, S> Stock<T, C, S, ()> {
    pub(super) const fn new<H>(shelves: S, hooks: H) -> Stock<T, C, S, H> {
        Stock { shelves, hooks, most_bytes: usize::MAX, objects: PhantomData }
    }
}

impl<T, const C: usize, S: Shelves<T, C>, H: Hooks<T>> Stock<T, C, S, H> {
    /// Hands out an object that was idle.
    #[inline]
    pub(super) fn reuse(&self, class: usize) -> Option<Box<Node<T>>> {
        loop {
            let idle = self.shelves.pop(class)?;
            let mut node = if self.weighs() { self.unweigh(class, idle)? } else { idle };
            let reason: Reason = |dropped| &mut dropped.by_validate;
            if self.ask(reason, || self.hooks.validate(&mut node.value)) {
                return Some(node);
            }
            self.discard(node, reason);
        }
    }

    /// Makes an object to hand out.
    #[cold]
    pub(super) fn make<E>(&self, create: impl FnOnce() -> Result<T, E>) -> Result<Box<Node<T>>, E> {
        let node = Node::new(create()?);
        self.shelves.count(|counts| counts.created += 1);
        Ok(node)
    }

    /// Takes an object back from its user.
    #[inline]
    pub(super) fn take_back(&self, mut node: Box<Node<T>>, class: impl FnOnce(&T) -> usize) {
        if self.ask(RECYCLE, || self.hooks.recycle(&mut node.value)) {
            self.keep(node, class);
        } else {
            self.refuse(node);
        }
    }

    /// Drops an object that is not fit for another user.
    #[cold]
    #[inline(never)]
    pub(super) fn refuse(&self, node: Box<Node<T>>) {
        self.discard(node, RECYCLE);
    }

    /// Makes objects to keep until `objects` are idle, or there is no room for more.
    pub(super) fn fill(&self, objects: usize, class: impl Fn(&T) -> usize) -> Result<(), H::Error> {
        let objects = objects.min(self.shelves.most());
        while self.idle() < objects && self.lay_in(|| self.hooks.create(), &class)? {}
        Ok(())
    }

    /// Makes an object to keep. Says whether there was room for it.
    pub(super) fn lay_in<E>(
        &self,
        create: impl FnOnce() -> Result<T, E>,
        class: impl FnOnce(&T) -> usize,
    ) -> Result<bool, E> {
        let node = self.make(create)?;
        Ok(self.keep(node, class))
    }

    /// Lets an object go, with its last user.
    pub(super) fn detach(&self, node: Node<T>) -> T {
        self.shelves.count(|counts| counts.detached += 1);
        node.value
    }

    /// Drops what was idle at the last call and still is.
    pub(super) fn trim(&self) {
        #[cfg(feature = "std")]
        let lent = self.shelves.aged(|last| {
            *last = None;
            self.lend(Generations::age)
        });
        #[cfg(not(feature = "std"))]
        let lent = self.lend(Generations::age);
        self.remove(lent, |dropped| &mut dropped.by_trim);
    }

    /// As [`trim`](Self::trim), unless there was such a call less than `age` ago.
    #[cfg(feature = "std")]
    pub(super) fn trim_idle(&self, now: std::time::Instant, age: core::time::Duration) {
        let lent = self.shelves.aged(|last| {
            if is_due(last, now, age) { self.lend(Generations::age) } else { Vec::new() }
        });
        self.remove(lent, |dropped| &mut dropped.by_trim);
    }

    /// Drops all that is idle.
    pub(super) fn clear(&self) {
        self.remove(self.lend(Generations::take), |dropped| &mut dropped.by_clear);
    }

    pub(super) fn stats(&self) -> Stats {
        let mut stats = Stats::default();
        let mut gone = 0;
        // The sum over the shards may be below zero for a moment.
        let mut left = 0_i64;
        for part in 0..self.shelves.parts() {
            let (idle, here, counts) = self.shelves.part(part, |generations| {
                (generations.idle(), generations.left(), generations.counts())
            });
            stats.created += counts.created;
            stats.idle += idle;
            stats.dropped.add(&counts.dropped);
            gone += counts.detached;
            left = left.wrapping_add(here.cast_signed());
        }
        let Dropped { by_validate, by_trim, by_clear, .. } = stats.dropped;
        stats.reused = left.max(0).cast_unsigned().saturating_sub(by_validate + by_trim + by_clear);
        gone += stats.dropped.total() + stats.idle as u64;
        // Objects that move from shard to shard meanwhile may have been counted twice.
        stats.outstanding = stats.created.saturating_sub(gone) as usize;
        stats.idle_bytes = if self.weighs() {
            self.shelves.bytes()
        } else {
            let mut bytes = 0_usize;
            self.for_each_idle(|object| bytes = bytes.saturating_add(self.hooks.weight(object)));
            bytes
        };
        stats
    }

    /// Tells of the objects that are idle.
    pub(super) fn visit(&self, visitor: &mut Visitor<'_>)
    where
        T: HeapSize,
    {
        self.for_each_idle(|object| {
            visitor.block(Block::new(size_of::<Node<T>>()));
            visitor.lent(object);
        });
    }

    /// The blocks of the idle objects, without what they own.
    pub(super) fn heap_bytes(&self) -> usize {
        self.idle() * size_of::<Node<T>>()
    }

    pub(super) fn idle(&self) -> usize {
        (0..self.shelves.parts()).map(|part| self.shelves.part(part, Generations::idle)).sum()
    }

    /// Panics unless the numbers agree with the objects, and each lies in its class. To be called when nobody else uses the pool.
    pub(super) fn check_invariants(&self, class: impl Fn(&T) -> usize) {
        let (mut idle, mut bytes) = (0, 0);
        for lent in &mut self.lend(Generations::take) {
            for (number, object) in lent.iter_classes() {
                assert_eq!(class(object), number);
                idle += 1;
                bytes += self.hooks.weight(object);
            }
        }
        let stats = self.stats();
        assert_eq!((stats.idle, stats.idle_bytes), (idle, bytes));
        assert!(bytes <= self.most_bytes);
        self.shelves.check_limits();
    }

    #[inline]
    fn weighs(&self) -> bool {
        self.most_bytes != usize::MAX
    }

    /// Keeps an object, if there is room for it.
    #[inline]
    fn keep(&self, node: Box<Node<T>>, class: impl FnOnce(&T) -> usize) -> bool {
        let class = class(&node.value);
        let node = if self.weighs() {
            node
        } else {
            match self.shelves.push(class, node) {
                Ok(()) => return true,
                Err(node) => node,
            }
        };
        self.keep_or_drop(class, node)
    }

    /// Weighs an object and keeps it, if there is room for it. Where objects are not weighed, there was none.
    ///
    /// One call for all that is not the way of most objects, so that theirs is compiled into every place where a guard is dropped.
    #[inline(never)]
    fn keep_or_drop(&self, class: usize, node: Box<Node<T>>) -> bool {
        if !self.weighs() {
            return self.discard(node, |dropped| &mut dropped.by_count);
        }
        let bytes = self.ask(RECYCLE, || self.hooks.weight(&node.value));
        if !self.shelves.reserve(bytes, self.most_bytes) {
            return self.discard(node, |dropped| &mut dropped.by_weight);
        }
        match self.shelves.push(class, node) {
            Ok(()) => true,
            Err(node) => {
                self.shelves.release(bytes);
                self.discard(node, |dropped| &mut dropped.by_count)
            }
        }
    }

    /// Asks a hook about an object that the caller has in his hands. If it panics the object is dropped, and counted as dropped for that
    /// reason.
    #[inline]
    fn ask<R>(&self, reason: Reason, hook: impl FnOnce() -> R) -> R {
        let unwinding = Unwinding { shelves: &self.shelves, reason, objects: PhantomData };
        let answer = hook();
        forget(unwinding);
        answer
    }

    /// Drops an object: it is not kept.
    #[cold]
    #[inline(never)]
    fn discard(&self, node: Box<Node<T>>, reason: Reason) -> bool {
        self.shelves.count(|counts| *reason(&mut counts.dropped) += 1);
        drop(node);
        false
    }

    /// Subtracts what an object weighs that is idle no longer. If weighing it panics it is idle again, so that the sum is right.
    #[inline(never)]
    fn unweigh(&self, class: usize, node: Box<Node<T>>) -> Option<Box<Node<T>>> {
        let mut leaving = Leaving { shelves: &self.shelves, class, node: Some(node) };
        let bytes = leaving.node.as_ref().map_or(0, |node| self.hooks.weight(&node.value));
        self.shelves.release(bytes);
        leaving.node.take()
    }

    /// Calls `see` with each idle object. Who asks for one meanwhile may get a new one.
    pub(super) fn for_each_idle(&self, mut see: impl FnMut(&T)) {
        for part in 0..self.shelves.parts() {
            Lent::new(&self.shelves, part, Generations::take).iter().for_each(&mut see);
        }
    }

    /// Takes objects out of all parts.
    fn lend(&self, take: fn(&Generations<T, C>) -> Lists<T, C>) -> Vec<Lent<'_, T, C, S>> {
        (0..self.shelves.parts()).map(|part| Lent::new(&self.shelves, part, take)).collect()
    }

    /// Drops objects that were taken out.
    fn remove(&self, lent: Vec<Lent<'_, T, C, S>>, reason: Reason) {
        let mut removed = List::new();
        for mut lent in lent {
            let mut bytes = 0;
            if self.weighs() {
                let weights = lent.iter().map(|object| self.hooks.weight(object));
                bytes = weights.fold(0, usize::saturating_add);
            }
            removed = lent.remove(removed, |counts, number| {
                *reason(&mut counts.dropped) += number as u64;
            });
            self.shelves.release(bytes);
        }
    }
}

/// Counts an object as dropped.
struct Unwinding<'a, T, const C: usize, S: Shelves<T, C>> {
    shelves: &'a S,
    reason: Reason,
    objects: PhantomData<fn() -> T>,
}

impl<T, const C: usize, S: Shelves<T, C>> Drop for Unwinding<'_, T, C, S> {
    fn drop(&mut self) {
        self.shelves.count(|counts| *(self.reason)(&mut counts.dropped) += 1);
    }
}

/// An object that was idle, and is again when this is dropped.
struct Leaving<'a, T, const C: usize, S: Shelves<T, C>> {
    shelves: &'a S,
    class: usize,
    node: Option<Box<Node<T>>>,
}

impl<T, const C: usize, S: Shelves<T, C>> Drop for Leaving<'_, T, C, S> {
    fn drop(&mut self) {
        if let Some(node) = self.node.take() {
            let part = self.shelves.nearest();
            self.shelves.part(part, |generations| generations.unpop(self.class, node));
        }
    }
}

/// Whether objects that were idle at `last` have been for `age`. Then, and where there is no such time, it is `now` from here on.
#[cfg(feature = "std")]
pub(super) fn is_due(
    last: &mut Option<std::time::Instant>,
    now: std::time::Instant,
    age: core::time::Duration,
) -> bool {
    let due = last.is_some_and(|last| now.saturating_duration_since(last) >= age);
    if due || last.is_none() {
        *last = Some(now);
    }
    due
}
