//! What is under the lock: objects, permits, and who waits in which order.
//!
//! There is no hook here and no lock, and no object is dropped: what has to be is given back, with the permit that it holds until then.

use super::idle::{Stack, Weighed};
use super::wake::{Signal, Wake};
use crate::pool::node::Node;
use crate::pool::stock::is_due;
use crate::pool::{Dropped, Stats};
use crate::size::Block;
use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::mem;
use core::time::Duration;
use std::time::Instant;

/// The state of a pool.
///
/// Invariant: `idle + permits <= max`, which the pool knows.
///
/// Invariant: while somebody waits nothing is idle, and all permits are out. So nobody overtakes the queue: who comes finds nothing.
///
/// Invariant: once it is closed, nobody waits and nothing is idle.
pub(super) struct State<T> {
    /// Objects that came back since the last `trim`, and those that were idle before it. The last to come is the first to go.
    young: Stack<T>,
    old: Stack<T>,
    /// The number of both.
    idle: usize,
    /// What they weigh, with those that are lent: at most the limit of bytes, which the pool knows, unless that was lowered below what
    /// was idle by then.
    bytes: usize,
    /// One for each object that is handed out, being made, or about to be dropped.
    permits: usize,
    /// Those who wait, and those who have got something and do not know it yet. Invariant: tickets rise.
    queue: VecDeque<Place<T>>,
    /// Who has got something. Invariant: these are the first of the queue.
    granted: usize,
    next: Ticket,
    closed: bool,
    /// When the last `trim_idle` was that did something, if no `trim` was after it.
    aged: Option<Instant>,
    /// The counters; the fields that are none stay 0.
    counted: Stats,
}

const GRANTED_FIRST: &str = "those who have got something are the first of the queue";

const NOTHING: Stats = Stats {
    created: 0,
    reused: 0,
    outstanding: 0,
    idle: 0,
    idle_bytes: 0,
    dropped: Dropped {
        by_count: 0,
        by_weight: 0,
        by_recycle: 0,
        by_validate: 0,
        by_trim: 0,
        by_clear: 0,
    },
    waited: 0,
    timed_out: 0,
};

/// What somebody gets. Either holds a permit.
pub(super) enum Grant<T> {
    Object(Weighed<T>),
    /// The right to make an object.
    Permit,
}

/// Who waits is known by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ticket(u64);

/// The place of a waiter in the queue.
struct Place<T> {
    ticket: Ticket,
    standing: Standing<T>,
}

pub(super) enum Standing<T> {
    Waits(Signal),
    Has(Grant<T>),
}

/// The pool is closed, and gives nothing.
#[derive(Debug)]
pub(super) struct Closed;

/// Why a permit comes back.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reason {
    /// No object was made with it.
    NotMade,
    /// The object belongs to the user now.
    Detached,
    Recycle,
    Weight,
    Validate,
    Trim,
    Clear,
}

impl<T> State<T> {
    pub(super) const fn new() -> Self {
        Self {
            young: Stack::new(),
            old: Stack::new(),
            idle: 0,
            bytes: 0,
            permits: 0,
            queue: VecDeque::new(),
            granted: 0,
            next: Ticket(0),
            closed: false,
            aged: None,
            counted: NOTHING,
        }
    }

    /// Gives what there is; `None` if one has to wait.
    #[inline]
    pub(super) fn take(&mut self, max: usize) -> Result<Option<Grant<T>>, Closed> {
        if let Some(object) = self.take_idle() {
            self.permits += 1;
            return Ok(Some(Grant::Object(object)));
        }
        if self.closed {
            return Err(Closed);
        }
        if self.permits == max {
            return Ok(None);
        }
        self.permits += 1;
        Ok(Some(self.permit()))
    }

    /// Gives the right to make an object that is to be idle, if fewer are and there may be another. Nobody waits then.
    pub(super) fn take_to_fill(&mut self, objects: usize, max: usize) -> Option<Grant<T>> {
        if self.closed || self.idle >= objects || self.idle + self.permits == max {
            return None;
        }
        self.permits += 1;
        Some(self.permit())
    }

    /// Gives a permit to an object that was made elsewhere, if there may be another one.
    pub(super) fn admit(&mut self, max: usize) -> bool {
        if self.closed || self.idle + self.permits == max {
            return false;
        }
        self.permits += 1;
        self.counted.created += 1;
        true
    }

    /// Gives something else instead of an object that was refused. The permit of that one is used, and the one of an idle object
    /// comes free: there is none who waits for it, or the object would not be idle.
    pub(super) fn take_instead(&mut self) -> Grant<T> {
        self.counted.reused -= 1;
        self.counted.dropped.by_validate += 1;
        self.take_idle().map_or_else(|| self.permit(), Grant::Object)
    }

    /// Takes an object that comes back, with its permit, or returns it to be dropped.
    #[inline]
    pub(super) fn give(
        &mut self,
        object: Weighed<T>,
        most_bytes: usize,
    ) -> Result<Option<Wake>, (Box<Node<T>>, Reason)> {
        if self.granted < self.queue.len() {
            return Ok(Some(self.hand_over(object)));
        }
        if self.closed {
            return Err((object.node, Reason::Clear));
        }
        if object.bytes > most_bytes.saturating_sub(self.bytes) {
            return Err((object.node, Reason::Weight));
        }
        self.bytes += object.bytes;
        self.young.push(object, most_bytes != usize::MAX);
        self.idle += 1;
        self.permits -= 1;
        Ok(None)
    }

    /// Takes a permit that comes back.
    pub(super) fn release(&mut self, reason: Reason) -> Option<Wake> {
        let dropped = &mut self.counted.dropped;
        match reason {
            Reason::NotMade => self.counted.created -= 1,
            Reason::Detached => {}
            Reason::Recycle => dropped.by_recycle += 1,
            Reason::Weight => dropped.by_weight += 1,
            Reason::Validate => {
                self.counted.reused -= 1;
                dropped.by_validate += 1;
            }
            Reason::Trim => dropped.by_trim += 1,
            Reason::Clear => dropped.by_clear += 1,
        }
        if self.granted < self.queue.len() {
            let permit = self.permit();
            return Some(self.grant(permit));
        }
        self.permits -= 1;
        None
    }

    /// Puts somebody at the end of the queue.
    pub(super) fn queue_up(&mut self, signal: Signal) -> Ticket {
        let ticket = self.next;
        self.queue.push_back(Place { ticket, standing: Standing::Waits(signal) });
        self.next = Ticket(ticket.0 + 1);
        self.counted.waited += 1;
        ticket
    }

    /// Gives to somebody who waits what is granted; `None` if it has to wait on.
    pub(super) fn claim(&mut self, ticket: Ticket) -> Result<Option<Grant<T>>, Closed> {
        let at = self.find(ticket).ok_or(Closed)?;
        if at >= self.granted {
            return Ok(None);
        }
        match self.remove(at) {
            Standing::Has(grant) => Ok(Some(grant)),
            Standing::Waits(_) => unreachable!("{GRANTED_FIRST}"),
        }
    }

    /// The signal of somebody who waits on.
    #[cfg(feature = "async")]
    pub(super) fn signal(&mut self, ticket: Ticket) -> Option<&mut Signal> {
        let at = self.find(ticket)?;
        match &mut self.queue[at].standing {
            Standing::Waits(signal) => Some(signal),
            Standing::Has(_) => None,
        }
    }

    /// Lets somebody go who waits no longer, and says what he had: nothing if the pool was closed.
    pub(super) fn leave(&mut self, ticket: Ticket) -> Option<Standing<T>> {
        let at = self.find(ticket)?;
        let standing = self.remove(at);
        if let Standing::Waits(_) = standing {
            self.counted.timed_out += 1;
        }
        Some(standing)
    }

    /// As [`leave`](Self::leave), and what he had is not used.
    #[cfg(feature = "async")]
    pub(super) fn abandon(&mut self, ticket: Ticket) -> Option<Standing<T>> {
        let standing = self.leave(ticket);
        if let Some(Standing::Has(Grant::Object(_))) = standing {
            self.counted.reused -= 1;
        }
        standing
    }

    /// Takes out all that is idle. Each object holds a permit.
    pub(super) fn clear(&mut self) -> [Stack<T>; 2] {
        let idle = self.lend();
        self.bytes -= bytes(&idle);
        idle
    }

    /// As [`clear`](Self::clear), of what is put back: no others take its room.
    pub(super) fn lend(&mut self) -> [Stack<T>; 2] {
        self.permits += mem::take(&mut self.idle);
        [self.young.take(), self.old.take()]
    }

    /// Puts back what [`lend`](Self::lend) took out: first to those who have begun to wait meanwhile. What is returned is to be dropped.
    pub(super) fn restore(&mut self, stacks: [Stack<T>; 2]) -> (Vec<Wake>, [Stack<T>; 2]) {
        let [mut young, mut old] = stacks;
        let mut woken = Vec::new();
        while self.granted < self.queue.len()
            && let Some(object) = young.pop().or_else(|| old.pop())
        {
            self.bytes -= object.bytes;
            woken.push(self.hand_over(object));
        }
        if !self.closed {
            let count = young.iter().chain(old.iter()).count();
            self.idle += count;
            self.permits -= count;
            self.young.append(young.take());
            self.old.append(old.take());
        }
        let left = [young, old];
        self.bytes -= bytes(&left);
        (woken, left)
    }

    /// Takes out what was idle the last time and still is. Each object holds a permit.
    pub(super) fn trim(&mut self) -> Stack<T> {
        self.aged = None;
        self.age()
    }

    /// As [`trim`](Self::trim), unless there was such a call less than `age` ago: nothing is taken out then.
    pub(super) fn trim_idle(&mut self, now: Instant, age: Duration) -> Stack<T> {
        if is_due(&mut self.aged, now, age) { self.age() } else { Stack::new() }
    }

    fn age(&mut self) -> Stack<T> {
        let young = self.young.take();
        let mut old = mem::replace(&mut self.old, young);
        let count = old.iter().count();
        self.idle -= count;
        self.bytes -= old.bytes();
        self.permits += count;
        old
    }

    /// Closes for ever, and wakes all who wait.
    pub(super) fn close(&mut self) -> ([Stack<T>; 2], Vec<Wake>) {
        self.closed = true;
        let waiting = self.queue.drain(self.granted..).map(|place| match place.standing {
            Standing::Waits(signal) => Wake::of(signal),
            Standing::Has(_) => unreachable!("{GRANTED_FIRST}"),
        });
        let waiting: Vec<_> = waiting.collect();
        self.counted.timed_out += waiting.len() as u64;
        (self.clear(), waiting)
    }

    /// The blocks of the queue and of the weights.
    pub(super) fn blocks(&self) -> [Block; 3] {
        let queue = Block::array::<Place<T>>(self.queue.capacity(), self.queue.len());
        let [young, old] = [&self.young, &self.old].map(|stack| {
            let (capacity, len) = stack.weights();
            Block::array::<usize>(capacity, len)
        });
        [queue, young, old]
    }

    /// The bytes of these, and of the idle objects without what they own.
    pub(super) fn heap_bytes(&self) -> usize {
        let weights = self.young.weights().0 + self.old.weights().0;
        self.idle * size_of::<Node<T>>()
            + self.queue.capacity() * size_of::<Place<T>>()
            + weights * size_of::<usize>()
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }

    pub(super) fn stats(&self) -> Stats {
        Stats { outstanding: self.permits, idle: self.idle, idle_bytes: self.bytes, ..self.counted }
    }

    /// # Panics
    ///
    /// Panics if an invariant does not hold.
    pub(super) fn check_invariants(&mut self, max: usize, most_bytes: usize) {
        assert_eq!(self.bytes, self.young.bytes() + self.old.bytes());
        assert!(self.bytes <= most_bytes);
        let weights = self.young.weights().1 + self.old.weights().1;
        assert_eq!(weights, if most_bytes == usize::MAX { 0 } else { self.idle });
        assert!(self.idle + self.permits <= max);
        assert_eq!(self.idle, self.young.iter().chain(self.old.iter()).count());
        assert!(self.queue.iter().is_sorted_by(|one, next| one.ticket < next.ticket));
        assert!(self.queue.iter().all(|place| place.ticket < self.next));
        for (at, place) in self.queue.iter().enumerate() {
            assert_eq!(at < self.granted, matches!(place.standing, Standing::Has(_)));
        }
        if self.granted < self.queue.len() {
            assert!(self.idle == 0 && self.permits == max && !self.closed);
        }
        assert!(!self.closed || self.idle == 0);
    }

    #[inline]
    fn take_idle(&mut self) -> Option<Weighed<T>> {
        let object = self.young.pop().or_else(|| self.old.pop())?;
        self.idle -= 1;
        self.bytes -= object.bytes;
        self.counted.reused += 1;
        Some(object)
    }

    #[cold]
    fn hand_over(&mut self, object: Weighed<T>) -> Wake {
        self.counted.reused += 1;
        self.grant(Grant::Object(object))
    }

    fn permit(&mut self) -> Grant<T> {
        self.counted.created += 1;
        Grant::Permit
    }

    /// Gives to the first who waits; there has to be one.
    fn grant(&mut self, grant: Grant<T>) -> Wake {
        let first = &mut self.queue[self.granted].standing;
        match mem::replace(first, Standing::Has(grant)) {
            Standing::Waits(signal) => {
                self.granted += 1;
                Wake::of(signal)
            }
            Standing::Has(_) => unreachable!("{GRANTED_FIRST}"),
        }
    }

    fn find(&self, ticket: Ticket) -> Option<usize> {
        self.queue.binary_search_by_key(&ticket, |place| place.ticket).ok()
    }

    fn remove(&mut self, at: usize) -> Standing<T> {
        self.granted -= usize::from(at < self.granted);
        self.queue.remove(at).expect("a place in the queue").standing
    }
}

fn bytes<T>(stacks: &[Stack<T>; 2]) -> usize {
    stacks.iter().map(Stack::bytes).sum()
}
