//! Batches that have a limit of weight beside that of their number.

use super::{Batch, Batches, TryBatches};
use crate::size::{HeapSize, Visitor};
use alloc::vec::Vec;
use core::fmt;

/// Hands the items of an iterator out in batches of so many, and of so much weight, in one vector. [`Batches::by_weight`] makes it.
///
/// A batch that weighs the limit is handed out, and an item with which it would weigh more begins the next one. One that weighs more by
/// itself is a batch of its own. Otherwise it is as [`Batches`].
///
/// It wins where what takes the batches has a limit of bytes, and items differ: a request and its body, a message of a queue, memory. Where all weigh the same, a
/// number does.
///
/// # Memory
///
/// A vector that doubles, for the largest batch, and the item that begins the next one.
///
/// # Examples
///
/// ```
/// use pennyweight::stream::Batches;
///
/// let words = ["to", "be", "or", "not", "to", "be: that is the question", "whether"];
/// let mut batches = Batches::new(words, 3).by_weight(10, |word| word.len());
/// assert_eq!(batches.next_batch().unwrap(), &["to", "be", "or"]); // no more than 3
/// assert_eq!(batches.next_batch().unwrap(), &["not", "to"]); // nor more than 10 bytes
/// assert_eq!(batches.next_batch().unwrap(), &["be: that is the question"]); // but one at least
/// assert_eq!(batches.next_batch().unwrap(), &["whether"]);
/// assert!(batches.next_batch().is_none());
/// ```
pub struct WeighedBatches<I: Iterator, F> {
    items: I,
    batch: Weighed<I::Item, F>,
}

/// Hands the items of an iterator that may fail out in batches of so many, and of so much weight, in one vector. [`TryBatches::by_weight`] makes it.
///
/// It is to [`TryBatches`] what [`WeighedBatches`] is to [`Batches`].
///
/// # Examples
///
/// ```
/// use pennyweight::stream::{LineError, Lines, TryBatches};
///
/// let lines = Lines::new("to be\nor\nnot to be\nthat\n".as_bytes()).map(str::to_owned);
/// let batches = TryBatches::new(lines, 100).by_weight(10, |line| line.len());
/// let joined = batches.map(|lines| lines.join(" / ")).collect::<Result<Vec<_>, LineError>>()?;
/// assert_eq!(joined, ["to be / or", "not to be", "that"]);
/// # Ok::<(), LineError>(())
/// ```
pub struct TryWeighedBatches<I, T, E, F> {
    items: I,
    batch: Weighed<T, F>,
    /// What came behind the batch that was handed out last.
    error: Option<E>,
}

/// A batch, and what it weighs.
struct Weighed<T, F> {
    batch: Batch<T>,
    weigh: F,
    /// Not 0.
    limit: usize,
    /// What the items of the batch weigh.
    weight: usize,
    /// The item that was one too many for the batch before, and its weight.
    next: Option<(T, usize)>,
}

impl<I: Iterator> Batches<I> {
    /// Limits batches also to what their items weigh together: bytes, say, or tokens.
    ///
    /// If `weigh` panics, the item is lost, and those before it are handed out with the next batch.
    ///
    /// # Panics
    ///
    /// Panics if `limit` is 0.
    #[must_use]
    #[track_caller]
    pub fn by_weight<F>(self, limit: usize, weigh: F) -> WeighedBatches<I, F>
    where
        F: FnMut(&I::Item) -> usize,
    {
        WeighedBatches { items: self.items, batch: Weighed::new(self.batch, limit, weigh) }
    }
}

impl<I: Iterator<Item = Result<T, E>>, T, E> TryBatches<I, T, E> {
    /// Limits batches also to what their items weigh together: bytes, say, or tokens.
    ///
    /// If `weigh` panics, the item is lost, and those before it are handed out with the next batch.
    ///
    /// # Panics
    ///
    /// Panics if `limit` is 0.
    #[must_use]
    #[track_caller]
    pub fn by_weight<F>(self, limit: usize, weigh: F) -> TryWeighedBatches<I, T, E, F>
    where
        F: FnMut(&T) -> usize,
    {
        let batch = Weighed::new(self.batch, limit, weigh);
        TryWeighedBatches { items: self.items, batch, error: self.error }
    }
}

impl<I: Iterator, F: FnMut(&I::Item) -> usize> WeighedBatches<I, F> {
    /// Returns the next batch, or `None` if there is nothing left. It is not empty.
    ///
    /// If the iterator panics, the items before are handed out with the next batch.
    pub fn next_batch(&mut self) -> Option<&mut Vec<I::Item>> {
        self.batch.begin();
        while self.batch.has_room() {
            match self.items.next() {
                Some(item) => self.batch.push(item),
                None => self.batch.batch.has_ended = true,
            }
        }
        self.batch.batch.lend()
    }

    /// Makes an iterator of what `f` makes of the batches.
    pub fn map<U>(mut self, mut f: impl FnMut(&mut Vec<I::Item>) -> U) -> impl Iterator<Item = U> {
        core::iter::from_fn(move || self.next_batch().map(&mut f))
    }
}

impl<I: Iterator<Item = Result<T, E>>, T, E, F: FnMut(&T) -> usize> TryWeighedBatches<I, T, E, F> {
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
        self.batch.begin();
        while self.batch.has_room() {
            match self.items.next() {
                Some(Ok(item)) => self.batch.push(item),
                Some(Err(error)) if self.batch.batch.items.is_empty() => return Err(error),
                Some(Err(error)) => {
                    self.error = Some(error);
                    break;
                }
                None => self.batch.batch.has_ended = true,
            }
        }
        Ok(self.batch.batch.lend())
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

impl<I: Iterator<Item: HeapSize>, F> WeighedBatches<I, F> {
    /// Returns the bytes of the batch, with what its items own, and those of the item that begins the next one. What the iterator takes is not
    /// counted.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        HeapSize::heap_bytes(self)
    }
}

impl<I, T: HeapSize, E, F> TryWeighedBatches<I, T, E, F> {
    /// Returns the bytes of the batch, with what its items own, and those of the item that begins the next one. What the iterator takes is not
    /// counted.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        HeapSize::heap_bytes(self)
    }
}

impl<T, F: FnMut(&T) -> usize> Weighed<T, F> {
    #[track_caller]
    fn new(batch: Batch<T>, limit: usize, weigh: F) -> Self {
        assert!(limit > 0, "batches of no weight");
        Self { batch, weigh, limit, weight: 0, next: None }
    }

    /// Drops what was handed out, and begins with the item that was one too many.
    fn begin(&mut self) {
        self.batch.forget_lent();
        // Also where dropping what was handed out has panicked.
        if self.batch.items.is_empty() {
            self.weight = 0;
        }
        if let Some((item, weight)) = self.next.take() {
            self.batch.items.push(item);
            self.weight = weight;
        }
    }

    /// Whether items are to come.
    fn has_room(&self) -> bool {
        let Batch { items, size, has_ended, .. } = &self.batch;
        !has_ended && self.next.is_none() && items.len() < *size && self.weight < self.limit
    }

    fn push(&mut self, item: T) {
        let weight = (self.weigh)(&item);
        let together = self.weight.saturating_add(weight);
        if together > self.limit && !self.batch.items.is_empty() {
            self.next = Some((item, weight));
        } else {
            self.batch.items.push(item);
            self.weight = together;
        }
    }
}

impl<T: HeapSize, F> HeapSize for Weighed<T, F> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.batch.items.visit(visitor);
        if let Some((item, _)) = &self.next {
            visitor.field("next", item);
        }
    }
}

impl<I: Iterator<Item: HeapSize>, F> HeapSize for WeighedBatches<I, F> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.batch.visit(visitor);
    }
}

impl<I, T: HeapSize, E, F> HeapSize for TryWeighedBatches<I, T, E, F> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.batch.visit(visitor);
    }
}

impl<I: Iterator, F> fmt::Debug for WeighedBatches<I, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.batch.fmt("WeighedBatches", f)
    }
}

impl<I, T, E, F> fmt::Debug for TryWeighedBatches<I, T, E, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.batch.fmt("TryWeighedBatches", f)
    }
}

impl<T, F> Weighed<T, F> {
    fn fmt(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(name)
            .field("size", &self.batch.size)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
