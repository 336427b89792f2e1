//! The values that a map keeps alive for a while: those asked for last.
//!
//! They stand in a queue. A value that is asked for is marked where it stands, instead of being moved to the end, so that a hit writes
//! nothing but a bit, and that only once. When there are too many, the first one goes, unless it is marked: then it loses the mark
//! and goes to the end. That is the second chance of CLOCK, which comes close to the order of use.

use super::mode::{Count, Lock, Mode};
use super::node::{KEPT, RECENT};
use super::strong::Strong;
use super::value::Value;
use alloc::collections::VecDeque;
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
    weigh: fn(&K, &V) -> usize,
}

impl<K, V: ?Sized + Value, M: Mode> Keep<K, V, M> {
    pub(super) fn new() -> Self {
        let queue = Queue { values: VecDeque::new(), weight: 0, limit: 0, weigh: |_, _| 1 };
        Self { limit: M::Tally::new(0), queue: M::Lock::new(queue) }
    }

    /// Begins to keep so much. What was kept before is let go.
    pub(super) fn set(&self, limit: usize, weigh: fn(&K, &V) -> usize) {
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
        let old = self.queue.lock().take();
        drop(old);
    }

    /// Keeps a value that is asked for.
    #[inline(always)]
    pub(super) fn touch(&self, value: &Strong<K, V, M>) {
        if self.limit.load(Relaxed) != 0 {
            self.touch_kept(value);
        }
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
        let weight = weigh(Strong::key(value), value);
        {
            let mut queue = self.queue.lock();
            if queue.limit == 0 || tag.fetch_or(KEPT, Relaxed) & KEPT != 0 {
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

    /// Lets a value go that is no longer in the map.
    pub(super) fn forget(&self, value: &Strong<K, V, M>) {
        if value.node().head().tag.load(Relaxed) & KEPT == 0 {
            return;
        }
        let kept = {
            let mut queue = self.queue.lock();
            let place = queue.values.iter().position(|(other, _)| Strong::ptr_eq(other, value));
            place.and_then(|place| queue.values.remove(place)).inspect(|(value, weight)| {
                value.node().head().tag.fetch_and(!KEPT, Relaxed);
                queue.weight = queue.weight.saturating_sub(*weight);
            })
        };
        drop(kept);
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.queue.lock().values.capacity() * size_of::<(Strong<K, V, M>, usize)>()
    }
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

    /// All values, which are to be dropped without the lock.
    fn take(&mut self) -> VecDeque<(Strong<K, V, M>, usize)> {
        for (value, _) in &self.values {
            value.node().head().tag.fetch_and(!KEPT, Relaxed);
        }
        self.weight = 0;
        mem::take(&mut self.values)
    }
}
