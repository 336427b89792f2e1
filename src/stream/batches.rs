//! Batches of any iterator, in one vector.

mod weight;

pub use weight::{TryWeighedBatches, WeighedBatches};

use alloc::vec::Vec;
use core::fmt;

use crate::size::{HeapSize, Visitor};

/// Hands the items of an iterator out in batches of so many, in one vector.
///
/// Every batch but the last is full, and none is empty. A batch is lent, as a `&mut Vec<T>`, until the next is asked for: its items may be drained; those that are not
/// are dropped then.
///
/// It wins where something is dear by the call and cheap by the item: a statement of SQL, a request, a lock, a block of a compressed
/// file. Instead of `collect` and `chunks` it takes one batch, and instead of `by_ref().take(n).collect()` no vector for each. It loses
/// where an item is handled by itself: then the iterator does without it. For items that may fail, such as rows of a database, there is [`TryBatches`]; where
/// a batch is to have a limit of bytes too, [`by_weight`](Self::by_weight).
///
/// # Memory
///
/// `size` items, allocated by the first batch: fewer if the iterator says that it has fewer. What the items own is theirs.
///
/// # Examples
///
/// ```
/// use pennyweight::stream::Batches;
///
/// let mut batches = Batches::new(0..7, 3);
/// assert_eq!(batches.next_batch().unwrap(), &[0, 1, 2]);
/// assert_eq!(batches.next_batch().unwrap(), &[3, 4, 5]);
/// assert_eq!(batches.next_batch().unwrap(), &[6]);
/// assert!(batches.next_batch().is_none());
///
/// let sums: Vec<i32> = Batches::new(0..7, 3).map(|batch| batch.iter().sum()).collect();
/// assert_eq!(sums, [3, 12, 6]);
/// ```
///
/// # Source
///
/// `fetchmany` of Python's database cursors, and `itertools.batched`.
pub struct Batches<I: Iterator> {
    items: I,
    batch: Batch<I::Item>,
}

/// Hands the items of an iterator that may fail out in batches of so many, in one vector.
///
/// For `Iterator<Item = Result<T, E>>`: rows of a database, lines of [`Lines::map`](super::Lines::map), items of [`paginate`](super::paginate). An error loses
/// nothing: what came before it is handed out first, as a batch that is shorter, then the error, and then what comes behind.
/// Otherwise it is as [`Batches`].
///
/// # Memory
///
/// As [`Batches`].
///
/// # Examples
///
/// ```
/// use pennyweight::stream::TryBatches;
///
/// let numbers = ["1", "2", "three", "4"].map(str::parse::<i32>);
/// let mut batches = TryBatches::new(numbers.into_iter(), 3);
/// assert_eq!(batches.next_batch()?.unwrap(), &[1, 2]);
/// assert!(batches.next_batch().is_err());
/// assert_eq!(batches.next_batch()?.unwrap(), &[4]);
/// assert!(batches.next_batch()?.is_none());
/// # Ok::<(), std::num::ParseIntError>(())
/// ```
///
/// A cursor that is no iterator becomes one by [`std::iter::from_fn`]:
///
/// ```
/// # use pennyweight::stream::TryBatches;
/// # use std::{io, iter};
/// # struct Cursor(i32);
/// impl Cursor {
///     fn fetch(&mut self) -> io::Result<Option<i32>> {
///         # self.0 += 1;
///         # Ok((self.0 < 6).then_some(self.0))
///         // …
///     }
/// }
///
/// # let mut cursor = Cursor(0);
/// let rows = iter::from_fn(|| cursor.fetch().transpose());
/// let sums = TryBatches::new(rows, 2).map(|batch| batch.iter().sum());
/// assert_eq!(sums.collect::<io::Result<Vec<i32>>>()?, [3, 7, 5]);
/// # Ok::<(), io::Error>(())
/// ```
pub struct TryBatches<I, T, E> {
    items: I,
    batch: Batch<T>,
    /// What came behind the batch that was handed out last.
    error: Option<E>,
}

/// One vector that is filled again and again.
struct Batch<T> {
    items: Vec<T>,
    size: usize,
    /// Whether the items were handed out, and are to go before others come. If not, they are those before a panic of the iterator.
    is_lent: bool,
    /// Whether the iterator has ended: it is not asked again.
    has_ended: bool,
}

impl<I: Iterator> Batches<I> {
    /// Batches of `size` items. (Does not allocate.)
    ///
    /// # Panics
    ///
    /// Panics if `size` is 0.
    #[must_use]
    #[track_caller]
    pub fn new(items: impl IntoIterator<IntoIter = I>, size: usize) -> Self {
        Self { items: items.into_iter(), batch: Batch::new(size) }
    }

    /// Returns the next batch, or `None` if there is nothing left. It is not empty.
    ///
    /// If the iterator panics, the items before are handed out with the next batch.
    pub fn next_batch(&mut self) -> Option<&mut Vec<I::Item>> {
        let room = self.batch.begin(self.items.size_hint().1);
        self.batch.items.extend(self.items.by_ref().take(room));
        self.batch.end(true)
    }

    /// Makes an iterator of what `f` makes of the batches.
    pub fn map<U>(mut self, mut f: impl FnMut(&mut Vec<I::Item>) -> U) -> impl Iterator<Item = U> {
        core::iter::from_fn(move || self.next_batch().map(&mut f))
    }

    /// Returns the bytes of the batch, with what its items own. What the iterator takes is not counted.
    #[must_use]
    pub fn heap_bytes(&self) -> usize
    where
        I::Item: HeapSize,
    {
        HeapSize::heap_bytes(self)
    }
}

impl<I: Iterator<Item = Result<T, E>>, T, E> TryBatches<I, T, E> {
    /// Batches of `size` items. (Does not allocate.)
    ///
    /// # Panics
    ///
    /// Panics if `size` is 0.
    #[must_use]
    #[track_caller]
    pub fn new(items: impl IntoIterator<IntoIter = I>, size: usize) -> Self {
        Self { items: items.into_iter(), batch: Batch::new(size), error: None }
    }

    /// Returns the next batch, or `None` if there is nothing left. It is not empty.
    ///
    /// If the iterator panics, the items before are handed out with the next batch.
    ///
    /// # Errors
    ///
    /// Returns an error of the iterator, once the items before it were handed out. The next call asks for more.
    pub fn next_batch(&mut self) -> Result<Option<&mut Vec<T>>, E> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        let room = self.batch.begin(self.items.size_hint().1);
        let push = |item: Result<T, E>| item.map(|item| self.batch.items.push(item));
        self.error = self.items.by_ref().take(room).try_for_each(push).err();
        if self.batch.items.is_empty()
            && let Some(error) = self.error.take()
        {
            return Err(error);
        }
        Ok(self.batch.end(self.error.is_none()))
    }

    /// Makes an iterator of what `f` makes of the batches.
    ///
    /// # Errors
    ///
    /// The iterator returns errors of the items in their places, and goes on.
    pub fn map<U>(
        mut self,
        mut f: impl FnMut(&mut Vec<T>) -> U,
    ) -> impl Iterator<Item = Result<U, E>> {
        core::iter::from_fn(move || self.next_batch().map(|batch| batch.map(&mut f)).transpose())
    }
}

impl<I, T: HeapSize, E> TryBatches<I, T, E> {
    /// Returns the bytes of the batch, with what its items own. What the iterator takes is not counted.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        HeapSize::heap_bytes(self)
    }
}

impl<T> Batch<T> {
    #[track_caller]
    const fn new(size: usize) -> Self {
        assert!(size > 0, "batches of no items");
        Self { items: Vec::new(), size, is_lent: false, has_ended: false }
    }

    /// Drops what was handed out, and makes room: for no more than there are, if that is known. Returns how many items are to come.
    fn begin(&mut self, at_most: Option<usize>) -> usize {
        self.forget_lent();
        if self.items.capacity() == 0 {
            self.items.reserve_exact(at_most.map_or(self.size, |most| most.min(self.size)));
        }
        if self.has_ended { 0 } else { self.size - self.items.len() }
    }

    /// Hands out what has come. If `is_all`, less than there was room for is the end.
    fn end(&mut self, is_all: bool) -> Option<&mut Vec<T>> {
        self.has_ended |= is_all && self.items.len() < self.size;
        self.lend()
    }

    /// Hands out what has come.
    fn lend(&mut self) -> Option<&mut Vec<T>> {
        self.is_lent = true;
        (!self.items.is_empty()).then_some(&mut self.items)
    }

    /// Drops what was handed out.
    fn forget_lent(&mut self) {
        if core::mem::take(&mut self.is_lent) {
            self.items.clear();
        }
    }
}

impl<I: Iterator<Item: HeapSize>> HeapSize for Batches<I> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.batch.items.visit(visitor);
    }
}

impl<I, T: HeapSize, E> HeapSize for TryBatches<I, T, E> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.batch.items.visit(visitor);
    }
}

impl<I: Iterator> fmt::Debug for Batches<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batches").field("size", &self.batch.size).finish_non_exhaustive()
    }
}

impl<I, T, E> fmt::Debug for TryBatches<I, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TryBatches").field("size", &self.batch.size).finish_non_exhaustive()
    }
}
