//! What is under the lock: objects, permits, and who waits in which order.
//!
//! There is no hook here and no lock, and no object is dropped: what has to be is given back, with the permit that it holds until then.

use super::wake::{Signal, Wake};
use crate::pool::{Dropped, Stats};
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::mem;

/// The state of a pool of objects of type `O`.
///
/// Invariant: `idle.len() + permits <= max`.
///
/// Invariant: while somebody waits nothing is idle, and all permits are out. So nobody overtakes the queue: who comes finds nothing.
///
/// Invariant: once it is closed, nobody waits and nothing is idle.
pub(super) struct State<O> {
    /// The last that came back is behind the others, and goes out first.
    idle: Vec<Idle<O>>,
    /// What they weigh.
    idle_bytes: usize,
    /// So many of the first idle ones were not handed out since the last `trim`. Invariant: at most `idle.len()`.
    rested: usize,
    /// One for each object that is handed out, being made, or about to be dropped.
    permits: usize,
    max: usize,
    max_idle_bytes: usize,
    /// Those who wait, and those who have got something and do not know it yet. Invariant: tickets rise.
    queue: VecDeque<Place<O>>,
    /// Who has got something. Invariant: these are the first of the queue.
    granted: usize,
    next: Ticket,
    closed: bool,
    /// Of these, the fields that are not counters stay 0.
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

/// An object that nobody uses.
pub(super) struct Idle<O> {
    pub(super) object: O,
    pub(super) weight: usize,
}

/// What somebody gets. Either holds a permit.
pub(super) enum Grant<O> {
    Object(Idle<O>),
    /// The right to make an object.
    Permit,
}

/// Who waits is known by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ticket(u64);

/// The place of a waiter in the queue.
struct Place<O> {
    ticket: Ticket,
    standing: Standing<O>,
}

pub(super) enum Standing<O> {
    Waits(Signal),
    Has(Grant<O>),
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
    Weight,
    Recycle,
    Validate,
    Trim,
    Clear,
}

impl<O> State<O> {
    pub(super) const fn new(max: usize, max_idle_bytes: usize) -> Self {
        Self {
            idle: Vec::new(),
            idle_bytes: 0,
            rested: 0,
            permits: 0,
            max,
            max_idle_bytes,
            queue: VecDeque::new(),
            granted: 0,
            next: Ticket(0),
            closed: false,
            counted: NOTHING,
        }
    }

    /// Gives what there is; `None` if one has to wait.
    #[inline]
    pub(super) fn take(&mut self) -> Result<Option<Grant<O>>, Closed> {
        match self.take_idle() {
            Some(idle) => {
                self.permits += 1;
                Ok(Some(Grant::Object(idle)))
            }
            None if self.closed => Err(Closed),
            None if self.permits == self.max => Ok(None),
            None => {
                self.permits += 1;
                Ok(Some(self.permit()))
            }
        }
    }

    /// Gives something else instead of an object that was refused. The permit of that one is used, and the one of an idle object
    /// comes free: there is none who waits for it, or the object would not be idle.
    pub(super) fn take_instead(&mut self) -> Grant<O> {
        self.counted.reused -= 1;
        self.counted.dropped.by_validate += 1;
        self.take_idle().map_or_else(|| self.permit(), Grant::Object)
    }

    /// Takes an object that comes back, or gives it back to be dropped. Its permit comes free with an object that is taken.
    #[inline]
    pub(super) fn give(&mut self, idle: Idle<O>) -> Result<Option<Wake>, (O, Reason)> {
        if self.granted < self.queue.len() {
            self.counted.reused += 1;
            return Ok(Some(self.grant(Grant::Object(idle))));
        }
        if self.closed {
            return Err((idle.object, Reason::Clear));
        }
        let bytes = self.idle_bytes.saturating_add(idle.weight);
        if bytes > self.max_idle_bytes {
            return Err((idle.object, Reason::Weight));
        }
        // First, so that there is one count or the other should there be no memory.
        self.idle.push(idle);
        self.idle_bytes = bytes;
        self.permits -= 1;
        Ok(None)
    }

    /// Takes a permit that comes back.
    pub(super) fn release(&mut self, reason: Reason) -> Option<Wake> {
        let dropped = &mut self.counted.dropped;
        match reason {
            Reason::NotMade => self.counted.created -= 1,
            Reason::Detached => {}
            Reason::Weight => dropped.by_weight += 1,
            Reason::Recycle => dropped.by_recycle += 1,
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
    pub(super) fn claim(&mut self, ticket: Ticket) -> Result<Option<Grant<O>>, Closed> {
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
    pub(super) fn leave(&mut self, ticket: Ticket) -> Option<Standing<O>> {
        let at = self.find(ticket)?;
        let standing = self.remove(at);
        if let Standing::Waits(_) = standing {
            self.counted.timed_out += 1;
        }
        Some(standing)
    }

    /// Takes back an object that was granted to somebody who has gone.
    #[cfg(feature = "async")]
    pub(super) fn give_again(&mut self, idle: Idle<O>) -> Result<Option<Wake>, (O, Reason)> {
        self.counted.reused -= 1;
        self.give(idle)
    }

    /// Takes out all that is idle. Each object holds a permit.
    pub(super) fn clear(&mut self) -> Vec<Idle<O>> {
        self.permits += self.idle.len();
        self.idle_bytes = 0;
        self.rested = 0;
        mem::take(&mut self.idle)
    }

    /// Takes out what has been idle since the last time. Each object holds a permit.
    pub(super) fn trim(&mut self) -> Vec<Idle<O>> {
        let rested: Vec<_> = self.idle.drain(..self.rested).collect();
        self.permits += rested.len();
        self.idle_bytes -= rested.iter().map(|idle| idle.weight).sum::<usize>();
        self.rested = self.idle.len();
        self.idle.shrink_to_fit();
        rested
    }

    /// Closes for ever, and wakes all who wait.
    pub(super) fn close(&mut self) -> (Vec<Idle<O>>, Vec<Wake>) {
        self.closed = true;
        let waiting = self.queue.drain(self.granted..).map(|place| match place.standing {
            Standing::Waits(signal) => Wake::of(signal),
            Standing::Has(_) => unreachable!("{GRANTED_FIRST}"),
        });
        let waiting = waiting.collect();
        (self.clear(), waiting)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }

    pub(super) fn max(&self) -> usize {
        self.max
    }

    pub(super) fn stats(&self) -> Stats {
        Stats {
            outstanding: self.permits,
            idle: self.idle.len(),
            idle_bytes: self.idle_bytes,
            ..self.counted
        }
    }

    /// # Panics
    ///
    /// Panics if an invariant does not hold.
    pub(super) fn check_invariants(&self) {
        assert!(self.idle.len() + self.permits <= self.max);
        assert!(self.rested <= self.idle.len());
        assert_eq!(self.idle_bytes, self.idle.iter().map(|idle| idle.weight).sum::<usize>());
        assert!(self.idle_bytes <= self.max_idle_bytes);
        assert!(self.queue.iter().is_sorted_by(|one, next| one.ticket < next.ticket));
        assert!(self.queue.iter().all(|place| place.ticket < self.next));
        for (at, place) in self.queue.iter().enumerate() {
            assert_eq!(at < self.granted, matches!(place.standing, Standing::Has(_)));
        }
        if self.granted < self.queue.len() {
            assert!(self.idle.is_empty() && self.permits == self.max && !self.closed);
        }
        assert!(!self.closed || self.idle.is_empty());
    }

    #[inline]
    fn take_idle(&mut self) -> Option<Idle<O>> {
        let idle = self.idle.pop()?;
        self.idle_bytes -= idle.weight;
        self.rested = self.rested.min(self.idle.len());
        self.counted.reused += 1;
        Some(idle)
    }

    fn permit(&mut self) -> Grant<O> {
        self.counted.created += 1;
        Grant::Permit
    }

    /// Gives to the first who waits; there has to be one.
    fn grant(&mut self, grant: Grant<O>) -> Wake {
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

    fn remove(&mut self, at: usize) -> Standing<O> {
        self.granted -= usize::from(at < self.granted);
        self.queue.remove(at).expect("a place in the queue").standing
    }
}
