//! The pool: where the hooks are called, and never under the lock.

use super::error::GetError;
use super::idle::Weighed;
use super::lent::Lent;
use super::permit::{Held, Locked, Permit};
use super::state::{Closed, Grant, Reason, Standing, State, Ticket};
use super::wake::Signal;
use crate::pool::guard::{Guard, Home};
use crate::pool::node::Node;
use crate::pool::{Hooks, Stats};
use crate::raw::sync;
use crate::size::{Block, HeapSize, Visitor};
use alloc::boxed::Box;
use alloc::sync::Arc;
use core::convert::Infallible;
use core::fmt;
use core::hint;
use core::time::Duration;
use std::time::Instant;

/// Objects that many threads use again, of which there are never more than so many: 8 bytes beside each, and a lock that is taken twice
/// for each use.
///
/// At most [`max`](Self::max) objects exist at any time: those that are idle, those that are handed out, and those that are being made or dropped.
/// Whoever asks for one more waits, for as long as he likes, in a thread or in a future. So the pool stands before what
/// there is little of: connections, licences, large buffers. Where there may be as many objects as are asked for, a [`Pool`](crate::pool::Pool) is
/// faster, since its threads seldom meet.
///
/// # Fairness
///
/// Who waits is served in the order in which he began to, threads and futures in one queue. An object that comes back is handed to the first of
/// them, and who comes later finds nothing, even before the first has woken up. Pools built on a condition variable let whoever
/// comes first have it: a thread that gives back and gets again may keep all others waiting for ever, and a timeout then tells of bad luck and not of load.
///
/// The price: where all objects are always in use, and for times that are shorter than it takes to wake a thread, each object rests between two
/// users until the next one is awake. So that this is rare, a thread looks for some microseconds whether something came before it sleeps.
///
/// # Hooks that get objects themselves
///
/// A hook may use its own pool; but the object that it is called for counts, so that a hook that waits for another waits for itself if that is the
/// last one, for ever and with all who come after it. With [`get_now`](Self::get_now) or a timeout it is told.
///
/// # Panics, and guards that do not come back
///
/// Whatever panics, hooks and destructors among it, takes one object with it and no permit: another object may be made, by whoever has waited longest.
/// Nothing is poisoned. A guard that is forgotten ([`forget`](core::mem::forget)) is [outstanding](Stats::outstanding) for ever, and
/// there is one object less.
///
/// # Memory
///
/// An object takes its size and 8 bytes for a link, rounded up to its alignment, whether it is idle or handed out. The pool itself is
/// 288 bytes and its hooks, and allocates nothing until somebody waits; the queue keeps the room of its longest time. A guard is 16 bytes. With a limit of
/// [bytes](Self::with_max_idle_bytes) the pool notes what each idle object weighs, in 8 bytes more. Objects that are handed out may weigh what they like.
///
/// # Examples
///
/// ```
/// use core::time::Duration;
/// use pennyweight::pool::{BoundedPool, GetError};
///
/// static BUFFERS: BoundedPool<Vec<u8>> = BoundedPool::new(2, || Vec::with_capacity(4096));
///
/// let mut one = BUFFERS.get()?;
/// let other = BUFFERS.get()?;
/// one.extend(b"text");
/// assert_eq!(BUFFERS.get_now().unwrap_err(), GetError::Exhausted { max: 2 });
///
/// drop(other);
/// let again = BUFFERS.get_timeout(Duration::from_millis(20))?;
/// assert_eq!(again.capacity(), 4096);
/// assert_eq!((BUFFERS.stats().created, BUFFERS.stats().reused), (2, 1));
/// # Ok::<(), GetError>(())
/// ```
///
/// # Source
///
/// What pools of connections offer ([r2d2](https://docs.rs/r2d2), [bb8](https://docs.rs/bb8), and
/// [Commons Pool](https://commons.apache.org/proper/commons-pool/), which can be told to be fair), without a thread or a runtime of its own. That
/// objects are handed over, and not put down for whoever comes, is what a
/// [fair semaphore](https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/concurrent/Semaphore.html) does with permits.
#[must_use]
pub struct BoundedPool<T, H = fn() -> T> {
    pub(super) state: Locked<T>,
    pub(super) max: usize,
    /// The most bytes that idle objects may weigh. Where there is no such limit, nothing is weighed.
    pub(super) most_bytes: usize,
    hooks: H,
}

/// An object on its way to a guard.
pub(super) type Got<T, E> = Result<Box<Node<T>>, GetError<E>>;

/// How often a thread that waits looks whether something came, before it sleeps, and how long it rests between: for some microseconds in
/// all, as long as it takes to wake up. An object that is used more briefly is handed over without anybody having slept.
const LOOKS: u32 = if cfg!(loom) { 0 } else { 16 };
const PAUSES: u32 = 32;

/// How long a call waits.
#[derive(Clone, Copy)]
enum Patience {
    None,
    For(Duration),
    Endless,
}

impl<T, H> BoundedPool<T, H> {
    /// Creates a pool of at most `max` objects, none of which is made yet. (Does not allocate.)
    ///
    /// # Panics
    ///
    /// Panics if `max` is 0: nobody would ever get anything.
    #[cfg(not(loom))]
    pub const fn new(max: usize, hooks: H) -> Self {
        assert!(max > 0, "a pool of no objects");
        Self { state: Locked::new(State::new()), max, most_bytes: usize::MAX, hooks }
    }

    /// In loom a lock cannot be made in a constant.
    #[cfg(loom)]
    pub fn new(max: usize, hooks: H) -> Self {
        Self { state: Locked::new(State::new()), max, most_bytes: usize::MAX, hooks }
    }
}

impl<T, H: Hooks<T>> BoundedPool<T, H> {
    /// Keeps idle objects of at most `bytes`, by [`Hooks::weight`]; what comes back beyond is dropped, and leaves room to make another. To be set
    /// before the pool is used.
    ///
    /// Each object is weighed once as it comes back, before the lock is taken. What is handed to somebody who waits is not idle, whatever it weighs.
    ///
    /// ```
    /// use pennyweight::pool::BoundedPool;
    ///
    /// let pool = BoundedPool::new(3, || [0_u8; 100]).with_max_idle_bytes(250);
    /// drop([pool.get()?, pool.get()?, pool.get()?]);
    /// let stats = pool.stats();
    /// assert_eq!((stats.idle, stats.idle_bytes, stats.dropped.by_weight), (2, 200, 1));
    /// # Ok::<(), pennyweight::pool::GetError>(())
    /// ```
    pub const fn with_max_idle_bytes(mut self, bytes: usize) -> Self {
        self.most_bytes = bytes;
        self
    }

    /// Gets an object, and waits for one if all are in use.
    ///
    /// # Errors
    ///
    /// [`GetError::Closed`] if the pool is closed before there is one; [`GetError::Create`] if none is idle and [`Hooks::create`] fails.
    ///
    /// # Panics
    ///
    /// If a hook does, here and in all that get objects. There is room for another object then, and who waits longest has it.
    #[inline]
    pub fn get(&self) -> Result<Guard<&Self>, GetError<H::Error>> {
        self.acquire(Patience::Endless).map(|node| Guard::new(node, self))
    }

    /// Gets an object without waiting for one.
    ///
    /// # Errors
    ///
    /// Those of [`get`](Self::get), and [`GetError::Exhausted`] if all objects are in use.
    #[inline]
    pub fn get_now(&self) -> Result<Guard<&Self>, GetError<H::Error>> {
        self.acquire(Patience::None).map(|node| Guard::new(node, self))
    }

    /// Gets an object, and waits for one for as long as `timeout`.
    ///
    /// # Errors
    ///
    /// Those of [`get`](Self::get), and [`GetError::TimedOut`] if all objects were in use all the time.
    #[inline]
    pub fn get_timeout(&self, timeout: Duration) -> Result<Guard<&Self>, GetError<H::Error>> {
        self.acquire(Patience::For(timeout)).map(|node| Guard::new(node, self))
    }

    /// Gets an object as [`get`](Self::get) does, in a guard that holds the pool.
    ///
    /// # Errors
    ///
    /// Those of [`get`](Self::get).
    #[inline]
    pub fn get_owned(self: &Arc<Self>) -> Result<Guard<Arc<Self>>, GetError<H::Error>> {
        self.acquire(Patience::Endless).map(|node| Guard::new(node, Arc::clone(self)))
    }

    /// Gets an object as [`get_now`](Self::get_now) does, in a guard that holds the pool.
    ///
    /// # Errors
    ///
    /// Those of [`get_now`](Self::get_now).
    #[inline]
    pub fn get_now_owned(self: &Arc<Self>) -> Result<Guard<Arc<Self>>, GetError<H::Error>> {
        self.acquire(Patience::None).map(|node| Guard::new(node, Arc::clone(self)))
    }

    /// Gets an object as [`get_timeout`](Self::get_timeout) does, in a guard that holds the pool.
    ///
    /// # Errors
    ///
    /// Those of [`get_timeout`](Self::get_timeout).
    #[inline]
    pub fn get_timeout_owned(
        self: &Arc<Self>,
        timeout: Duration,
    ) -> Result<Guard<Arc<Self>>, GetError<H::Error>> {
        self.acquire(Patience::For(timeout)).map(|node| Guard::new(node, Arc::clone(self)))
    }

    /// Hands out an object that was made elsewhere, or [detached](Guard::detach): it is one of the pool's from now on, and goes back like
    /// the others. It counts as made.
    ///
    /// ```
    /// use pennyweight::pool::BoundedPool;
    ///
    /// let pool = BoundedPool::new(1, String::new);
    /// drop(pool.attach(String::from("from elsewhere")).unwrap());
    /// assert_eq!(*pool.get().unwrap(), "from elsewhere");
    /// assert_eq!(pool.attach(String::from("one more")).unwrap_err(), "one more");
    /// ```
    ///
    /// # Errors
    ///
    /// The object comes back if there are [`max`](Self::max) already, idle ones among them, or the pool is closed.
    pub fn attach(&self, object: T) -> Result<Guard<&Self>, T> {
        let admitted = self.state.lock().admit(self.max);
        if admitted { Ok(Guard::new(Node::new(object), self)) } else { Err(object) }
    }

    /// Makes objects before they are asked for, until `objects` are idle, or as many exist or weigh as much as the pool allows.
    ///
    /// # Panics
    ///
    /// If a hook does. What was made before stays.
    pub fn fill(&self, objects: usize)
    where
        H: Hooks<T, Error = Infallible>,
    {
        let Ok(()) = self.try_fill(objects);
    }

    /// [`fill`](Self::fill), where objects cannot always be made.
    ///
    /// # Errors
    ///
    /// If [`Hooks::create`] fails. What was made before stays.
    ///
    /// # Panics
    ///
    /// As `fill` does.
    pub fn try_fill(&self, objects: usize) -> Result<(), H::Error> {
        loop {
            let granted = self.state.lock().take_to_fill(objects, self.max);
            let Some(grant) = granted else { return Ok(()) };
            if !self.keep(self.ready(grant)?) {
                return Ok(());
            }
        }
    }

    #[inline]
    fn acquire(&self, patience: Patience) -> Got<T, H::Error> {
        let taken = self.state.lock().take(self.max);
        let grant = match taken {
            Ok(Some(grant)) => grant,
            Ok(None) => self.wait(patience)?,
            Err(Closed) => return Err(GetError::Closed),
        };
        self.ready(grant).map(Held::into_node).map_err(GetError::Create)
    }

    #[cold]
    fn wait(&self, patience: Patience) -> Result<Grant<T>, GetError<H::Error>> {
        let timeout = match patience {
            Patience::None => return Err(GetError::Exhausted { max: self.max }),
            Patience::For(timeout) => timeout,
            Patience::Endless => Duration::MAX,
        };
        // `None` is a time that no clock reaches.
        let end = Instant::now().checked_add(timeout);
        let signal = Signal::Thread(sync::current());
        let ticket = {
            let mut state = self.state.lock();
            match state.take(self.max) {
                Ok(Some(grant)) => return Ok(grant),
                Ok(None) => state.queue_up(signal),
                Err(Closed) => return Err(GetError::Closed),
            }
        };
        let mut looks = 0;
        loop {
            match end.map(|end| end.saturating_duration_since(Instant::now())) {
                Some(Duration::ZERO) => return self.leave(ticket, timeout),
                _ if looks < LOOKS => {
                    looks += 1;
                    (0..PAUSES).for_each(|_| hint::spin_loop());
                }
                Some(left) => sync::park_timeout(left),
                None => sync::park(),
            }
            let claimed = self.state.lock().claim(ticket);
            match claimed {
                Ok(Some(grant)) => return Ok(grant),
                Ok(None) => {}
                Err(Closed) => return Err(GetError::Closed),
            }
        }
    }

    /// Keeps an object that nobody uses. Says whether there was room for it.
    #[inline]
    fn keep(&self, held: Held<'_, T>) -> bool {
        let weighs = self.most_bytes != usize::MAX;
        let bytes = if weighs { self.hooks.weight(&held.node.value) } else { 0 };
        let object = Weighed { node: held.into_node(), bytes };
        self.state.give(object, self.most_bytes)
    }

    /// Waits no longer; but what was handed over meanwhile is not refused.
    pub(super) fn leave(
        &self,
        ticket: Ticket,
        after: Duration,
    ) -> Result<Grant<T>, GetError<H::Error>> {
        let left = self.state.lock().leave(ticket);
        match left {
            Some(Standing::Has(grant)) => Ok(grant),
            Some(Standing::Waits(_)) => Err(GetError::TimedOut { after }),
            None => Err(GetError::Closed),
        }
    }

    /// An object that comes back from its user, and is dropped unless it is kept.
    fn back(&self, node: Box<Node<T>>) -> Held<'_, T> {
        Held { node, permit: Permit { of: &self.state, why: Reason::Recycle } }
    }

    /// Turns what was granted into an object: asks whether an idle one is fit, or makes one. From here on it is its user who may panic.
    #[inline]
    pub(super) fn ready(&self, mut grant: Grant<T>) -> Result<Held<'_, T>, H::Error> {
        let of = &self.state;
        loop {
            match grant {
                Grant::Object(Weighed { node, .. }) => {
                    let mut held = Held { node, permit: Permit { of, why: Reason::Validate } };
                    if self.hooks.validate(&mut held.node.value) {
                        held.permit.why = Reason::Recycle;
                        return Ok(held);
                    }
                    let Held { node, permit } = held;
                    drop(node);
                    permit.leave();
                    grant = of.lock().take_instead();
                }
                Grant::Permit => {
                    let mut permit = Permit { of, why: Reason::NotMade };
                    let node = Node::new(self.hooks.create()?);
                    permit.why = Reason::Recycle;
                    return Ok(Held { node, permit });
                }
            }
        }
    }
}

impl<T, H: Hooks<T>> Home for BoundedPool<T, H> {
    type Object = T;

    #[inline]
    fn take_back(&self, node: Box<Node<T>>) {
        let mut held = self.back(node);
        if self.hooks.recycle(&mut held.node.value) {
            self.keep(held);
        }
    }

    #[cold]
    fn refuse(&self, node: Box<Node<T>>) {
        drop(self.back(node));
    }

    fn let_go(&self, node: Box<Node<T>>) -> T {
        drop(Permit { of: &self.state, why: Reason::Detached });
        node.value
    }
}

impl<T, H> BoundedPool<T, H> {
    /// Closes the pool for ever: whoever waits and whoever comes gets [`GetError::Closed`], idle objects are dropped, and so is each
    /// that comes back.
    ///
    /// What was handed over before to somebody who has not woken yet is still his.
    ///
    /// # Panics
    ///
    /// If a destructor does, or a waker. Every object is dropped, and everybody woken.
    pub fn close(&self) {
        let (idle, waiting) = self.state.lock().close();
        drop(waiting);
        self.state.drop_all(idle, Reason::Clear);
    }

    /// Whether the pool is closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.state.lock().is_closed()
    }

    /// Drops all idle objects. Those that are handed out come back as ever.
    ///
    /// # Panics
    ///
    /// If a destructor does. Every object is dropped.
    pub fn clear(&self) {
        let idle = self.state.lock().clear();
        self.state.drop_all(idle, Reason::Clear);
    }

    /// Drops the objects that were idle at the last call and have been ever since.
    ///
    /// What is needed now and then stays, and nothing is dropped that came back since: called at regular intervals it gives the
    /// memory of a peak back in two steps.
    ///
    /// # Panics
    ///
    /// If a destructor does. Every object is dropped, or still idle.
    pub fn trim(&self) {
        let idle = self.state.lock().trim();
        self.state.drop_all([idle], Reason::Trim);
    }

    /// Drops the objects that have been idle for twice `age`, and none that has been for less than `age`.
    ///
    /// To be called often: it is a [`trim`](Self::trim) if the last one is at least `age` ago, and does nothing otherwise. No object carries a
    /// time. The first call, and the first one after a `trim`, starts the clock.
    ///
    /// # Panics
    ///
    /// As `trim` does.
    pub fn trim_idle(&self, age: Duration) {
        let idle = self.state.lock().trim_idle(Instant::now(), age);
        self.state.drop_all([idle], Reason::Trim);
    }

    /// What makes the objects.
    #[must_use]
    pub fn hooks(&self) -> &H {
        &self.hooks
    }

    /// How many objects there are at most.
    #[must_use]
    pub const fn max(&self) -> usize {
        self.max
    }

    /// What the pool has done and what it holds: all of one moment. An object that is being made counts as made and outstanding.
    /// Objects are weighed if [bytes are limited](Self::with_max_idle_bytes); `idle_bytes` is 0 otherwise.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.state.lock().stats()
    }

    /// The heap bytes of the pool itself: those of the idle objects, and of the queue. What the objects own is not among them, as it is in
    /// [`HeapSize`]; and those that are handed out belong to their users.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.state.lock().heap_bytes()
    }

    /// Panics unless the numbers of objects agree with the objects.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.state.lock().check_invariants(self.max, self.most_bytes);
    }
}

impl<T, H> fmt::Debug for BoundedPool<T, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BoundedPool")
            .field("max", &self.max)
            .field("stats", &self.stats())
            .field("closed", &self.is_closed())
            .finish_non_exhaustive()
    }
}

/// The objects that are idle, with all that they own, and the queue. The hooks are not counted.
///
/// While it looks at the idle objects they are in use, as it were: who comes has to wait until it has seen them.
impl<T: HeapSize, H> HeapSize for BoundedPool<T, H> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        let blocks = self.state.lock().blocks();
        blocks.into_iter().for_each(|block| visitor.block(block));
        for object in Lent::new(&self.state).iter() {
            visitor.block(Block::new(size_of::<Node<T>>()));
            visitor.lent(object);
        }
    }

    fn owns_heap() -> bool {
        true
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::{BoundedPool, Reason};
    use core::time::Duration;
    use std::time::Instant;

    #[test]
    fn idle_objects_go_once_they_are_old_and_a_trim_starts_the_clock_anew() {
        let (pool, start) = (BoundedPool::new(4, || 0_u8), Instant::now());
        let idle_at = |seconds| {
            let (now, age) = (start + Duration::from_secs(seconds), Duration::from_secs(60));
            let old = pool.state.lock().trim_idle(now, age);
            pool.state.drop_all([old], Reason::Trim);
            pool.check_invariants();
            pool.stats().idle
        };
        assert_eq!(idle_at(0), 0);
        pool.fill(2);
        assert_eq!([59, 60, 119].map(idle_at), [2, 2, 2]);
        drop(pool.get().unwrap());
        assert_eq!(idle_at(120), 1, "the one that was used stays");
        pool.trim();
        pool.fill(1);
        // It is young, though the last call of the clock was long before.
        assert_eq!([300, 359, 360, 419, 420].map(idle_at), [1, 1, 1, 1, 0]);
        assert_eq!(pool.stats().dropped.by_trim, 3);
    }
}
