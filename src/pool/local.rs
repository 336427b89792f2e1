//! A pool for one thread.

use alloc::boxed::Box;
use alloc::rc::Rc;
use core::cell::Cell;
use core::convert::Infallible;
use core::fmt;
use core::panic::RefUnwindSafe;
#[cfg(feature = "std")]
use core::time::Duration;
#[cfg(feature = "std")]
use std::time::Instant;

use super::generations::Generations;
use super::guard::{Guard, Home};
use super::hooks::Hooks;
use super::node::Node;
use super::shelves::Shelves;
use super::stats::Stats;
use super::stock::Stock;
use crate::size::{HeapSize, Visitor};

/// Objects that one thread uses again: 8 bytes beside each idle one, and nothing else on the heap.
///
/// Where one object at a time is in use, taking it and giving it back moves a pointer each way and counts once; where several are, it moves
/// and counts some more. Either is less than allocators do. What comes back is kept up to a limit of [objects](Self::with_max_idle) or of
/// [bytes](Self::with_max_idle_bytes), until it is [trimmed](Self::trim).
/// [`Pool`](super::Pool) is the same for many threads.
///
/// It pays wherever objects are needed again and again in one thread, since it is cheaper than allocating even where that is cheap; but an object that
/// owns nothing and fits a register is better made anew.
///
/// # Memory
///
/// An object takes its size and 8 bytes for the link, rounded up to its alignment, in an allocation of its own, whether it is idle or handed out.
/// After a [`clear`](Self::clear) there is nothing on the heap. Taking and giving back allocates nothing. The pool itself is 160 bytes, and a guard 16.
///
/// # Threads
///
/// A pool may be moved to another thread if its objects may, but no two threads share it:
///
/// ```compile_fail,E0277
/// # use pennyweight::pool::LocalPool;
/// let pool = LocalPool::new(String::new);
/// std::thread::scope(|scope| {
///     scope.spawn(|| drop(pool.get()));
/// });
/// ```
///
/// # Examples
///
/// ```
/// use pennyweight::pool::LocalPool;
///
/// let pool = LocalPool::new((|| Vec::with_capacity(1024), Vec::clear)).with_max_idle(8);
/// for line in ["to be used again", "and again"] {
///     let mut buffer = pool.get();
///     assert!(buffer.is_empty());
///     buffer.extend_from_slice(line.as_bytes());
/// }
/// let stats = pool.stats();
/// assert_eq!((stats.created, stats.reused, stats.idle), (1, 1, 1));
/// ```
///
/// A function may keep a guard, if the pool is in an `Rc`:
///
/// ```
/// use pennyweight::pool::{Guard, LocalPool};
/// use std::rc::Rc;
///
/// struct Job {
///     buffer: Guard<Rc<LocalPool<Vec<u8>>>>,
/// }
///
/// let pool: Rc<LocalPool<Vec<u8>>> = Rc::new(LocalPool::new(Vec::new));
/// let job = Job { buffer: pool.get_owned() };
/// drop(pool);
/// assert!(job.buffer.is_empty());
/// ```
///
/// # Source
///
/// Lists of free objects in front of an allocator are as old as allocators; the two generations are those of Go's
/// [`sync.Pool`](https://github.com/golang/go/blob/master/src/sync/pool.go).
#[must_use]
pub struct LocalPool<T, H = fn() -> T> {
    stock: Stock<T, 1, Shelf<T>, H>,
}

impl<T, H: Hooks<T>> LocalPool<T, H> {
    /// Creates a pool without objects, which keeps all that come back. (Does not allocate.)
    pub const fn new(hooks: H) -> Self {
        let shelf = Shelf {
            generations: Generations::new(),
            most: usize::MAX,
            bytes: Cell::new(0),
            #[cfg(feature = "std")]
            aged: Cell::new(None),
        };
        Self { stock: Stock::new(shelf, hooks) }
    }

    /// Keeps at most `objects` idle objects; what comes back beyond is dropped. To be set before the pool is used.
    pub const fn with_max_idle(mut self, objects: usize) -> Self {
        self.stock.shelves.most = objects;
        self
    }

    /// Keeps idle objects of at most `bytes`, by [`Hooks::weight`]; what comes back beyond is dropped. To be set before the pool is used.
    ///
    /// With this limit objects are weighed as they come and go.
    ///
    /// Closures as hooks do not know what an object owns: a `Vec` of any capacity weighs 24 bytes then. [`Hooks`] that are implemented do.
    pub const fn with_max_idle_bytes(mut self, bytes: usize) -> Self {
        self.stock.most_bytes = bytes;
        self
    }

    /// Hands out the object that came back last, or a new one where none is idle.
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
    pub fn get_owned(self: &Rc<Self>) -> Guard<Rc<Self>>
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
    pub fn try_get_owned(self: &Rc<Self>) -> Result<Guard<Rc<Self>>, H::Error> {
        Ok(Guard::new(self.take()?, Rc::clone(self)))
    }

    /// Hands out an object that was made elsewhere, or [detached](Guard::detach): it is one of the pool's from now on, and goes back like
    /// the others. It counts as made.
    ///
    /// ```
    /// use pennyweight::pool::LocalPool;
    ///
    /// let pool = LocalPool::new(String::new);
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
    #[cfg(feature = "std")]
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
    /// Where bytes are not limited, all idle objects are weighed for it.
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

impl<T, H: Hooks<T>> Home for LocalPool<T, H> {
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
impl<T, H: RefUnwindSafe> RefUnwindSafe for LocalPool<T, H> {}

impl<T, H: Hooks<T>> fmt::Debug for LocalPool<T, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalPool").field("idle", &self.stock.idle()).finish_non_exhaustive()
    }
}

/// The objects that are idle, and not what the hooks own.
impl<T: HeapSize, H: Hooks<T>> HeapSize for LocalPool<T, H> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.stock.visit(visitor);
    }

    fn owns_heap() -> bool {
        true
    }
}

/// Idle objects of one thread.
struct Shelf<T> {
    generations: Generations<T, 1>,
    most: usize,
    bytes: Cell<usize>,
    #[cfg(feature = "std")]
    aged: Cell<Option<Instant>>,
}

impl<T> Shelves<T, 1> for Shelf<T> {
    #[inline]
    fn pop(&self, class: usize) -> Option<Box<Node<T>>> {
        self.generations.pop(class)
    }

    #[inline]
    fn push(&self, class: usize, node: Box<Node<T>>) -> Result<(), Box<Node<T>>> {
        self.generations.push(class, node, self.most)
    }

    fn most(&self) -> usize {
        self.most
    }

    fn parts(&self) -> usize {
        1
    }

    fn nearest(&self) -> usize {
        0
    }

    fn part<R>(&self, _: usize, change: impl FnOnce(&Generations<T, 1>) -> R) -> R {
        change(&self.generations)
    }

    fn reserve(&self, bytes: usize, most: usize) -> bool {
        let sum = self.bytes.get().checked_add(bytes).filter(|&sum| sum <= most);
        sum.inspect(|&sum| self.bytes.set(sum)).is_some()
    }

    fn release(&self, bytes: usize) {
        self.bytes.set(self.bytes.get().saturating_sub(bytes));
    }

    fn bytes(&self) -> usize {
        self.bytes.get()
    }

    fn check_limits(&self) {
        assert!(self.generations.idle() <= self.most);
    }

    #[cfg(feature = "std")]
    fn aged<R>(&self, change: impl FnOnce(&mut Option<Instant>) -> R) -> R {
        let mut aged = self.aged.get();
        let changed = change(&mut aged);
        self.aged.set(aged);
        changed
    }
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use super::LocalPool;
    use alloc::vec::Vec;
    use core::time::Duration;
    use std::time::Instant;

    /// What was idle for twice the age is gone, and nothing that was for less than the age, whenever objects come and calls are made.
    #[test]
    fn the_age_of_idle_objects_is_met_within_a_factor_of_two() {
        const AGE: u64 = 60;
        let start = Instant::now();
        // A call every `step` seconds.
        for step in 1..=AGE {
            let pool = LocalPool::new(|| 0_u8);
            let mut came: Vec<u64> = Vec::new();
            for now in (0..10 * AGE).step_by(step as usize) {
                // Objects that nobody asks for, the oldest of which goes first.
                if now < 5 * AGE {
                    pool.fill(pool.stats().idle + 1);
                    came.push(now);
                }
                let before = pool.stats().idle;
                pool.stock.trim_idle(start + Duration::from_secs(now), Duration::from_secs(AGE));
                let gone = before - pool.stats().idle;
                assert!(came.drain(..gone).all(|came| now - came >= AGE));
                assert!(came.iter().all(|came| now - came < 2 * AGE + 2 * step));
            }
            assert_eq!(came.len(), 0);
            pool.check_invariants();
        }
    }

    #[test]
    fn a_trim_starts_the_clock_anew() {
        let (pool, start) = (LocalPool::new(|| 0_u8), Instant::now());
        let at = |seconds| {
            pool.stock.trim_idle(start + Duration::from_secs(seconds), Duration::from_secs(60))
        };
        at(0);
        pool.fill(1);
        pool.trim();
        // The object is old since a moment ago, and the last call of the clock was long before.
        at(100);
        assert_eq!(pool.stats().idle, 1);
        at(159);
        assert_eq!(pool.stats().idle, 1);
        at(160);
        assert_eq!(pool.stats().idle, 0);
    }
}
