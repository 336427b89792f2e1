//! The values that a map keeps alive for a while: those asked for last.
//!
//! They stand in a queue. A value that is asked for is marked where it stands, instead of being moved to the end, so that a hit writes
//! nothing but a bit, and that only once. When there are too many, the first one goes, unless it is marked: then it loses the mark
//! and goes to the end. That is the second chance of CLOCK, which comes close to the order of use.

use super::mode::{Count, Lock, Mode};
use super::node::{KEPT, RECENT, UNLISTED};
use super::strong::Strong;
use super::value::Value;
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::mem;
use core::sync::atomic::Ordering::Relaxed;

pub(super) struct Keep<K, V: ?Sized + Value, M: Mode> {
    /// What the queue may weigh; 0 if nothing is kept.
    limit: M::Tally,
    queue: M::Lock<Queue<K, V, M>>,
}

struct Queue<K, V: ?Sized + Value, M: Mode> {
    /// The values that are marked `KEPT`, each with its weight.
    values: VecDeque<(Strong<K, V, M>, usize)>,
    weight: usize,
    limit: usize,
    weigh: Weigh<K, V>,
}

/// What a value weighs in the queue.
pub(super) enum Weigh<K, V: ?Sized> {
    /// Each is one.
    Count,
    /// By key and value.
    Entry(fn(&K, &V) -> usize),
    /// By the value alone.
    Value(fn(&V) -> usize),
}

impl<K, V: ?Sized> Clone for Weigh<K, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K, V: ?Sized> Copy for Weigh<K, V> {}

impl<K, V: ?Sized> Weigh<K, V> {
    fn weight(self, key: &K, value: &V) -> usize {
        match self {
            Self::Count => 1,
            Self::Entry(weigh) => weigh(key, value),
            Self::Value(weigh) => weigh(value),
        }
    }
}

impl<K, V: ?Sized + Value, M: Mode> Keep<K, V, M> {
    pub(super) fn new() -> Self {
        let queue = Queue { values: VecDeque::new(), weight: 0, limit: 0, weigh: Weigh::Count };
        Self { limit: M::Tally::new(0), queue: M::Lock::new(queue) }
    }

    /// Begins to keep so much. What was kept before is let go.
    pub(super) fn set(&self, limit: usize, weigh: Weigh<K, V>) {
        let old = {
            let mut queue = self.queue.lock();
            queue.limit = limit;
            queue.weigh = weigh;
            // Nobody else writes the limit, since the queue is locked.
            let before = self.limit.load(Relaxed);
            self.limit.fetch_add(limit.wrapping_sub(before), Relaxed);
            queue.take()
        };
        drop(old);
    }

    pub(super) fn clear(&self) {
        drop(self.take());
    }

    /// All values that were kept, each with its weight, to be dropped.
    pub(super) fn take(&self) -> VecDeque<(Strong<K, V, M>, usize)> {
        self.queue.lock().take()
    }

    /// Keeps a value that is asked for.
    #[inline(always)]
    pub(super) fn touch(&self, value: &Strong<K, V, M>) {
        if self.limit.load(Relaxed) != 0 {
            self.touch_kept(value);
        }
    }

    /// The same of a handle that is passed on, which the way without a call then holds in a register.
    #[inline(always)]
    pub(super) fn touched(&self, value: Strong<K, V, M>) -> Strong<K, V, M> {
        if self.limit.load(Relaxed) == 0 { value } else { self.touched_kept(value) }
    }

    #[cold]
    #[inline(never)]
    fn touched_kept(&self, value: Strong<K, V, M>) -> Strong<K, V, M> {
        self.touch_kept(&value);
        value
    }

    #[inline(never)]
    fn touch_kept(&self, value: &Strong<K, V, M>) {
        let tag = &value.node().head().tag;
        match tag.load(Relaxed) & (KEPT | RECENT) {
            0 | RECENT => {}
            marks => {
                if marks & RECENT == 0 {
                    tag.fetch_or(RECENT, Relaxed);
                }
                return;
            }
        }
        let weigh = self.queue.lock().weigh;
        let weight = weigh.weight(Strong::key(value), value);
        {
            let mut queue = self.queue.lock();
            // What is too heavy alone is not kept, since nothing else would be.
            if weight > queue.limit || queue.limit == 0 || is_unlisted(value) {
                return;
            }
            // What the allocator refuses a place is not kept either.
            if queue.values.try_reserve(1).is_err() {
                return;
            }
            if tag.fetch_or(KEPT, Relaxed) & KEPT != 0 {
                return;
            }
            queue.weight = queue.weight.saturating_add(weight);
            queue.values.push_back((value.clone(), weight));
        }
        loop {
            let first = self.queue.lock().overweight();
            if first.is_none() {
                return;
            }
        }
    }

    /// Lets a value go that is no longer in the map. It is marked so: whoever would keep it after this sees the mark, by the lock.
    pub(super) fn forget(&self, value: &Strong<K, V, M>) {
        if !self.is_on() {
            return;
        }
        let kept = {
            let mut queue = self.queue.lock();
            if value.node().head().tag.load(Relaxed) & KEPT == 0 {
                return;
            }
            let place = queue.values.iter().position(|(other, _)| Strong::ptr_eq(other, value));
            place.and_then(|place| queue.values.remove(place)).inspect(|(value, weight)| {
                value.node().head().tag.fetch_and(!KEPT, Relaxed);
                queue.weight = queue.weight.saturating_sub(*weight);
            })
        };
        drop(kept);
    }

    /// Lets all values go that are no longer in the map, when what it returns is dropped.
    pub(super) fn forget_at_end(&self) -> Forgets<'_, K, V, M> {
        Forgets(self)
    }

    /// Whether anything is kept.
    pub(super) fn is_on(&self) -> bool {
        self.limit.load(Relaxed) != 0
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.queue.lock().values.capacity() * size_of::<(Strong<K, V, M>, usize)>()
    }
}

/// Lets values go that are no longer in the map, when it is dropped.
pub(super) struct Forgets<'a, K, V: ?Sized + Value, M: Mode>(&'a Keep<K, V, M>);

impl<K, V: ?Sized + Value, M: Mode> Drop for Forgets<'_, K, V, M> {
    fn drop(&mut self) {
        if self.0.is_on() {
            let gone = self.0.queue.lock().unlisted();
            drop(gone);
        }
    }
}

fn is_unlisted<K, V: ?Sized + Value, M: Mode>(value: &Strong<K, V, M>) -> bool {
    value.node().head().count.load(Relaxed) & UNLISTED != 0
}

impl<K, V: ?Sized + Value, M: Mode> Queue<K, V, M> {
    /// The first value that goes, if there are too many.
    fn overweight(&mut self) -> Option<Strong<K, V, M>> {
        let mut chances = self.values.len();
        while self.weight > self.limit {
            let (value, weight) = self.values.pop_front()?;
            let tag = &value.node().head().tag;
            if chances > 0 && tag.fetch_and(!RECENT, Relaxed) & RECENT != 0 {
                chances -= 1;
                self.values.push_back((value, weight));
                continue;
            }
            tag.fetch_and(!KEPT, Relaxed);
            self.weight = self.weight.saturating_sub(weight);
            return Some(value);
        }
        None
    }

    /// The values that are no longer in the map, to be dropped without the lock.
    fn unlisted(&mut self) -> Vec<(Strong<K, V, M>, usize)> {
        let mut values = Vec::from(mem::take(&mut self.values));
        let gone: Vec<_> = values.extract_if(.., |(value, _)| is_unlisted(value)).collect();
        for (value, weight) in &gone {
            value.node().head().tag.fetch_and(!KEPT, Relaxed);
            self.weight = self.weight.saturating_sub(*weight);
        }
        self.values = values.into();
        gone
    }

    /// All values, which are to be dropped without the lock.
    fn take(&mut self) -> VecDeque<(Strong<K, V, M>, usize)> {
        for (value, _) in &self.values {
            value.node().head().tag.fetch_and(!KEPT, Relaxed);
        }
        self.weight = 0;
        mem::take(&mut self.values)
    }
}
