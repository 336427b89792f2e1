//! A pool for buffers of all sizes.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
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

/// Capacities from 64 bytes on, each class twice that of the last one. The last class begins at 32 MB.
const CLASSES: usize = 20;

/// The capacity that every buffer of the first class has at least.
const LEAST: usize = 64;

/// Buffers that many threads use again, by size: a [`Pool`](super::Pool) of `Vec<u8>` or `String` in classes, which together keep no more
/// bytes than it is told. 8 bytes beside each idle buffer, and 8 KB for the pool.
///
/// A buffer lies in the class of the capacity that it has when it comes back, however it grew or shrank meanwhile, and it comes back empty.
/// Classes are powers of two: whoever asks for a capacity gets less than twice as much, and a vector that grows doubles its capacity anyway, so it
/// stays in the classes. Finer ones would spare some of that, and find a fitting buffer less often.
///
/// It pays for large buffers of which many are in use at a time: an allocator gets them from the system and gives them back, page by page. One at
/// a time it keeps for itself, and is faster than the pool, whose lock is taken four times from one use to the next; so it is with small ones.
///
/// # Memory
///
/// The idle buffers are limited in bytes, all classes together, and a limit is not optional. An idle buffer takes its capacity and a node of 32 bytes,
/// which is the vector itself and the link. What was needed for a peak goes back by [`trim`](Self::trim).
///
/// # Examples
///
/// ```
/// use pennyweight::pool::BufPool;
///
/// static BUFFERS: BufPool = BufPool::new(1 << 20);
///
/// let mut page = BUFFERS.get(4096);
/// page.extend_from_slice(b"read from somewhere");
/// drop(page);
///
/// // The same buffer serves all that need no more than it has, and more than half of that.
/// let page = BUFFERS.get(3000);
/// assert!(page.is_empty() && page.capacity() >= 4096);
/// assert_eq!((BUFFERS.stats().created, BUFFERS.stats().reused), (1, 1));
///
/// static LINES: BufPool<String> = BufPool::new(64 << 10);
/// let mut line = LINES.get(80);
/// line.push_str("text");
/// ```
///
/// What a peak needed goes back by two trims, and what is needed now and then stays:
///
/// ```
/// use pennyweight::pool::BufPool;
///
/// let pages: BufPool = BufPool::new(1 << 20);
/// drop([(); 8].map(|()| pages.get(10_000)));
/// assert_eq!((pages.stats().idle, pages.heap_bytes()), (8, 8 * (16_384 + 32)));
/// pages.trim();
/// drop(pages.get(10_000));
/// pages.trim();
/// assert_eq!((pages.stats().idle, pages.stats().dropped.by_trim), (1, 7));
/// ```
///
/// # Source
///
/// Free lists by powers of two are those of 4.2BSD's kernel (McKusick and Karels,
/// [USENIX 1988](https://docs.freebsd.org/44doc/papers/kernmalloc.pdf)); .NET's `ArrayPool` is made so too.
#[must_use]
pub struct BufPool<B: Buffer = Vec<u8>> {
    stock: Stock<B, CLASSES, Shards<B, CLASSES>, Empty>,
}

/// What a [`BufPool`] holds: `Vec<u8>` and `String`.
pub trait Buffer: sealed::Sealed {}

impl Buffer for Vec<u8> {}
impl Buffer for String {}

mod sealed {
    pub trait Sealed: Sized {
        fn with_capacity(capacity: usize) -> Self;
        fn capacity(&self) -> usize;
        fn clear(&mut self);
    }
}

macro_rules! buffer {
    ($type:ty) => {
        impl sealed::Sealed for $type {
            fn with_capacity(capacity: usize) -> Self {
                Self::with_capacity(capacity)
            }

            #[inline]
            fn capacity(&self) -> usize {
                self.capacity()
            }

            #[inline]
            fn clear(&mut self) {
                self.clear();
            }
        }
    };
}

buffer!(Vec<u8>);
buffer!(String);

/// Empties what comes back, and keeps what has a class.
struct Empty;

impl<B: Buffer> Hooks<B> for Empty {
    type Error = Infallible;

    fn create(&self) -> Result<B, Infallible> {
        Ok(B::with_capacity(LEAST))
    }

    #[inline]
    fn recycle(&self, buffer: &mut B) -> bool {
        buffer.clear();
        buffer.capacity() >= LEAST
    }

    #[inline]
    fn weight(&self, buffer: &B) -> usize {
        buffer.capacity()
    }
}

/// The class whose buffers all have that capacity, unless not even the last one's do.
#[inline]
fn class_for(capacity: usize) -> Option<usize> {
    let class = capacity.max(LEAST).checked_next_power_of_two()?.ilog2() - LEAST.ilog2();
    Some(class as usize).filter(|&class| class < CLASSES)
}

/// The class of a buffer, which is that of the greatest capacity that it fulfils.
#[inline]
fn class_of<B: Buffer>(buffer: &B) -> usize {
    let class = buffer.capacity().max(LEAST).ilog2() - LEAST.ilog2();
    (class as usize).min(CLASSES - 1)
}

impl<B: Buffer> BufPool<B> {
    /// Creates a pool without buffers, which keeps those that come back as long as the capacities of all are no more than
    /// `max_idle_bytes` together. (Does not allocate.)
    pub const fn new(max_idle_bytes: usize) -> Self {
        let mut stock = Stock::new(Shards::new(), Empty);
        stock.most_bytes = max_idle_bytes;
        Self { stock }
    }

    /// Hands out an empty buffer that has at least that capacity: one that is idle, and less than twice as large, or else a new one.
    /// A new one has the capacity of its class, the next power of two.
    ///
    /// Capacities above 32 MB are always allocated, exactly. Such a buffer is kept when it comes back, and serves those that ask for 32 MB.
    ///
    /// # Panics
    ///
    /// If the capacity is more than `isize::MAX` bytes.
    #[inline]
    pub fn get(&self, capacity: usize) -> Guard<&Self> {
        Guard::new(self.take(capacity), self)
    }

    /// [`get`](Self::get) with a guard that owns a reference to the pool, and so may outlive every other one.
    ///
    /// # Panics
    ///
    /// As `get` does.
    #[inline]
    pub fn get_owned(self: &Arc<Self>, capacity: usize) -> Guard<Arc<Self>> {
        Guard::new(self.take(capacity), Arc::clone(self))
    }

    #[inline]
    fn take(&self, capacity: usize) -> Box<Node<B>> {
        let class = class_for(capacity);
        class.and_then(|class| self.stock.reuse(class)).unwrap_or_else(|| {
            let capacity = class.map_or(capacity, |class| LEAST << class);
            let Ok(node) = self.stock.make(|| Ok::<_, Infallible>(B::with_capacity(capacity)));
            node
        })
    }

    /// Drops the buffers that were idle at the last call and have been ever since: see [`Pool::trim`](super::Pool::trim).
    pub fn trim(&self) {
        self.stock.trim();
    }

    /// Drops the buffers that have been idle for twice `age`, and none that has been for less than `age`: see
    /// [`Pool::trim_idle`](super::Pool::trim_idle).
    pub fn trim_idle(&self, age: Duration) {
        self.stock.trim_idle(Instant::now(), age);
    }

    /// Drops all idle buffers. Those that are handed out come back as ever.
    pub fn clear(&self) {
        self.stock.clear();
    }

    /// What the pool has done and what it holds. `idle_bytes` are the capacities of the idle buffers.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.stock.stats()
    }

    /// The heap bytes of the pool itself: the idle buffers are its own, with their capacities. Those that are handed out belong to their users.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.stock.heap_bytes() + self.stats().idle_bytes
    }

    /// Panics unless the numbers of buffers agree with the buffers, and each has its class.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.stock.check_invariants(class_of);
    }
}

impl<B: Buffer> Home for BufPool<B> {
    type Object = B;

    #[inline]
    fn take_back(&self, node: Box<Node<B>>) {
        self.stock.take_back(node, class_of);
    }

    fn refuse(&self, node: Box<Node<B>>) {
        self.stock.refuse(node);
    }

    fn let_go(&self, node: Box<Node<B>>) -> B {
        self.stock.detach(*node)
    }
}

/// No panic leaves the pool in a state that it could not be in without, and a buffer whose user panics is dropped.
impl<B: Buffer> RefUnwindSafe for BufPool<B> {}

impl<B: Buffer> fmt::Debug for BufPool<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BufPool").field("idle", &self.stock.idle()).finish_non_exhaustive()
    }
}

/// The buffers that are idle.
impl<B: Buffer + HeapSize> HeapSize for BufPool<B> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.stock.visit(visitor);
    }

    fn owns_heap() -> bool {
        true
    }
}
