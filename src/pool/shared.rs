//! A pool for many threads.

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::convert::Infallible;
use core::fmt;
use core::panic::RefUnwindSafe;
use core::time::Duration;
use std::time::Instant;

use super::guard::{Guard, Home};
use super::hooks::Hooks;
use super::node::Node;
use super::shards::Shards;
use super::stats::Stats;
use super::stock::Stock;
use crate::size::{HeapSize, Visitor};

/// Objects that many threads use again: 8 bytes beside each idle one, and 2 KB for the pool.
///
/// An idle object lies in one of 16 shards, where threads seldom meet: a thread takes and gives back in its own, at the cost of one atomic exchange
/// each, and looks into the others when its own is empty. No thread keeps anything for itself, so nothing is lost when it ends. What comes back is kept
/// up to a limit of [objects](Self::with_max_idle) or of [bytes](Self::with_max_idle_bytes), until it is [trimmed](Self::trim).
///
/// It pays for what is dear to make: large buffers, connections, compiled patterns, contexts of codecs. It loses
/// against a modern allocator where an object is a small buffer: the two exchanges take longer than `malloc` and `free`. In one thread a [`LocalPool`](super::LocalPool)
/// needs none.
///
/// # Layout
///
/// ```text
/// shards × 16 ──► young, old ──► ┌──────┬────────┐    ┌──────┬────────┐
///   a lock,        the last      │ next │ object │ ──►│ next │ object │     one allocation each, which is
///   the numbers    comes first   └──────┴────────┘    └──────┴────────┘     handed out and comes back as it is
/// ```
///
/// # Memory
///
/// An object takes its size and 8 bytes for the link, rounded up to its alignment, whether it is idle or handed out. The pool itself is 2,304 bytes and
/// allocates nothing else: after a [`clear`](Self::clear) there is nothing on the heap. Taking and giving back allocates nothing. A guard is 16 bytes.
///
/// # Threads
///
/// Hooks run in the thread that calls, and never under a lock; a pool that is used by several threads needs `T: Send` and `H: Sync`. An object that is
/// idle is found by whoever asks for one, in whatever shard it lies, unless it comes back at the very moment. The limits are exact, in all shards together.
///
/// # Examples
///
/// A pool can be a `static`, and hands out guards that are `'static` then. A `static` has to name the type of its hooks, which once named makes
/// functions of closures (as `Pool::<Vec<u8>>::new(|| …)` does, with a closure alone):
///
/// ```
/// use pennyweight::pool::Pool;
///
/// type Lines = Pool<String, (fn() -> String, fn(&mut String))>;
///
/// static LINES: Lines = Lines::new((String::new, String::clear)).with_max_idle(64);
///
/// let mut line = LINES.get();
/// line.push_str("one");
/// let thread = std::thread::spawn(move || line.len());
/// assert_eq!(thread.join().unwrap(), 3);
///
/// // The string is there again, emptied, and with its capacity.
/// let line = LINES.get();
/// assert!(line.is_empty() && line.capacity() >= 3);
/// assert_eq!((LINES.stats().created, LINES.stats().reused), (1, 1));
/// ```
///
/// # Source
///
/// Lists of free objects in front of an allocator are as old as allocators; shards by thread and stealing are those of Go's
/// [`sync.Pool`](https://github.com/golang/go/blob/master/src/sync/pool.go), and so are the two generations. Magazines for each thread
/// (Bonwick and Adams, [USENIX 2001](https://www.usenix.org/legacy/event/usenix01/full_papers/bonwick/bonwick.pdf)) save the atomic exchanges, and keep objects where no
/// other thread finds them.
#[must_use]
pub struct Pool<T, H = fn() -> T> {
    stock: Stock<T, 1, Shards<T, 1>, H>,
}

impl<T, H: Hooks<T>> Pool<T, H> {
    /// Creates a pool without objects, which keeps all that come back. (Does not allocate.)
    pub const fn new(hooks: H) -> Self {
        Self { stock: Stock::new(Shards::new(), hooks) }
    }

    /// Keeps at most `objects` idle objects; what comes back beyond is dropped. To be set before the pool is used.
    pub const fn with_max_idle(mut self, objects: usize) -> Self {
        self.stock.shelves.set_most(objects);
        self
    }

    /// Keeps idle objects of at most `bytes`, by [`Hooks::weight`]; what comes back beyond is dropped. To be set before the pool is used.
    ///
    /// With this limit objects are weighed as they come and go, and the lock is taken twice as often. Threads do not wait for one another on
    /// that account, unless the limit is nearly reached.
    ///
    /// Closures as hooks do not know what an object owns: a `Vec` of any capacity weighs 24 bytes then. [`Hooks`] that are implemented do;
    /// for buffers there is [`BufPool`](super::BufPool).
    pub const fn with_max_idle_bytes(mut self, bytes: usize) -> Self {
        self.stock.most_bytes = bytes;
        self
    }

    /// Hands out an idle object, of those in the shard of this thread the one that came back last, or a new one where none is idle.
    ///
    /// # Panics
    ///
    /// If a hook does. The pool is as it was, but for an object that [`Hooks::validate`] panicked over, which is dropped.
    #[inline]
    pub fn get(&self) -> Guard<&Self>
    where
        H: Hooks<T, Error = Infallible>,
    {
        let Ok(object) = self.try_get();
        object
    }

    /// [`get`](Self::get), where objects cannot always be made.
    ///
    /// # Errors
    ///
    /// If no object is idle, and [`Hooks::create`] fails to make one.
    ///
    /// # Panics
    ///
    /// As `get` does.
    #[inline]
    pub fn try_get(&self) -> Result<Guard<&Self>, H::Error> {
        Ok(Guard::new(self.take()?, self))
    }

    /// [`get`](Self::get) with a guard that owns a reference to the pool, and so may outlive every other one.
    ///
    /// # Panics
    ///
    /// As `get` does.
    #[inline]
    pub fn get_owned(self: &Arc<Self>) -> Guard<Arc<Self>>
    where
        H: Hooks<T, Error = Infallible>,
    {
        let Ok(object) = self.try_get_owned();
        object
    }

    /// [`get_owned`](Self::get_owned), where objects cannot always be made.
    ///
    /// # Errors
    ///
    /// If no object is idle, and [`Hooks::create`] fails to make one.
    ///
    /// # Panics
    ///
    /// As `get` does.
    #[inline]
    pub fn try_get_owned(self: &Arc<Self>) -> Result<Guard<Arc<Self>>, H::Error> {
        Ok(Guard::new(self.take()?, Arc::clone(self)))
    }

    /// Hands out an object that was made elsewhere, or [detached](Guard::detach): it is one of the pool's from now on, and goes back like
    /// the others. It counts as made.
    ///
    /// ```
    /// use pennyweight::pool::Pool;
    ///
    /// let pool = Pool::new(String::new);
    /// drop(pool.attach(String::from("from elsewhere")));
    /// assert_eq!(*pool.get(), "from elsewhere");
    /// ```
    #[inline]
    pub fn attach(&self, object: T) -> Guard<&Self> {
        let Ok(node) = self.stock.make(|| Ok::<_, Infallible>(object));
        Guard::new(node, self)
    }

    #[inline]
    fn take(&self) -> Result<Box<Node<T>>, H::Error> {
        match self.stock.reuse(0) {
            Some(node) => Ok(node),
            None => self.stock.make(|| self.stock.hooks.create()),
        }
    }

    /// Makes objects before they are asked for, until `objects` are idle or as many as the pool keeps.
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
        self.stock.fill(objects, |_| 0)
    }

    /// Drops the objects that were idle at the last call and have been ever since.
    ///
    /// What is needed now and then stays, and nothing is dropped that came back since: called at regular intervals it gives the
    /// memory of a peak back in two steps.
    ///
    /// # Panics
    ///
    /// If a destructor does, or [`Hooks::weight`] where bytes are limited. Every object is dropped, or still idle.
    pub fn trim(&self) {
        self.stock.trim();
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
        self.stock.trim_idle(Instant::now(), age);
    }

    /// Drops all idle objects. Those that are handed out come back as ever.
    ///
    /// # Panics
    ///
    /// As `trim` does.
    pub fn clear(&self) {
        self.stock.clear();
    }

    /// What makes the objects.
    #[must_use]
    pub const fn hooks(&self) -> &H {
        &self.stock.hooks
    }

    /// What the pool has done and what it holds.
    ///
    /// Where bytes are not limited, all idle objects are weighed for it, and whoever asks for one at that moment may get a new one. Objects that come
    /// and go meanwhile may be counted where they come from, where they go, or nowhere.
    ///
    /// # Panics
    ///
    /// If [`Hooks::weight`] does.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.stock.stats()
    }

    /// The heap bytes of the pool itself: those of the idle objects. What they own is not among them, as it is in [`HeapSize`]; and those that
    /// are handed out belong to their users.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.stock.heap_bytes()
    }

    /// Panics unless the numbers of objects agree with the objects.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.stock.check_invariants(|_| 0);
    }
}

impl<T, H: Hooks<T>> Home for Pool<T, H> {
    type Object = T;

    #[inline]
    fn take_back(&self, node: Box<Node<T>>) {
        self.stock.take_back(node, |_| 0);
    }

    fn refuse(&self, node: Box<Node<T>>) {
        self.stock.refuse(node);
    }

    fn let_go(&self, node: Box<Node<T>>) -> T {
        self.stock.detach(*node)
    }
}

/// No panic leaves the pool in a state that it could not be in without, and an object whose user panics is dropped.
impl<T, H: RefUnwindSafe> RefUnwindSafe for Pool<T, H> {}

impl<T, H: Hooks<T>> fmt::Debug for Pool<T, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("idle", &self.stock.idle()).finish_non_exhaustive()
    }
}

/// The objects that are idle, and not what the hooks own.
impl<T: HeapSize, H: Hooks<T>> HeapSize for Pool<T, H> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.stock.visit(visitor);
    }

    fn owns_heap() -> bool {
        true
    }
}
