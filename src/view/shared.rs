//! A slice that owns its elements together with others, and tells what it keeps alive.

use super::{View, ViewMut};
use crate::size::{HeapSize, Visitor};
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::borrow::Borrow;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::mem;
use core::ops::{Bound, Deref, Range, RangeBounds};
use core::slice;

/// A slice of a `Vec` that several owners share: 24 bytes and no copy for each, 40 bytes on the heap for all.
///
/// It is a `&[T]` without a lifetime: [`slice`](Self::slice) takes a part, which can be returned, stored and sent to
/// another thread, while the elements stay where they are. As with a NumPy view, a part keeps *all* elements
/// alive: ten of them may pin 80 MB. Unlike there, it says so ([`pinned_bytes`](Self::pinned_bytes)) and can
/// let go ([`detach`](Self::detach)); a part without elements keeps nothing.
///
/// It wins over `to_vec` where parts are large or many, and over `&[T]` where no lifetime fits. It loses where a
/// small part outlives a large whole that nobody needs: detach it, or copy it in the first place. It loses a
/// little in single reads, which go through two pointers (before a loop, take [`as_slice`](Self::as_slice)), and
/// it counts its owners by atomic operations. For the whole alone an `Arc<[T]>` is 16 bytes, and for bytes from
/// a network [`bytes`](https://docs.rs/bytes) also splits what is still being read.
///
/// # Layout
///
/// ```text
/// SharedSlice         ┌► strong, weak │ capacity, pointer, len   40 bytes
/// block, start, end   │                             │
///   └─────────────────┘                             └► T, T, T, ...   the buffer of the Vec, as it was given
/// ```
///
/// An `Arc<Vec<T>>` and a range. An `Arc<[T]>` would save one pointer, but has its counters in front of the
/// elements: to make one of a `Vec` copies every element to a new buffer, to get the `Vec` back copies them
/// again, and both times there are two of each for a moment. Here [`from`](Self::from) copies none, and
/// [`into_vec`](Self::into_vec) of the last owner moves at most those of a part to the front.
///
/// # Memory
///
/// 24 bytes inline. On the heap the capacity of the `Vec` and 40 bytes, as long as any part of it is alive. An
/// empty slice has no heap memory.
///
/// # Examples
///
/// ```
/// use pennyweight::view::SharedSlice;
///
/// /// The last ten readings, which outlive the others.
/// fn latest(readings: Vec<f64>) -> SharedSlice<f64> {
///     let readings = SharedSlice::from(readings);
///     readings.slice(readings.len() - 10..)
/// }
///
/// let mut ten = latest(vec![20.5; 10_000]);
/// assert_eq!((ten.len(), ten.pinned_bytes()), (10, 80_040));
/// ten.detach();
/// assert_eq!((ten.len(), ten.pinned_bytes()), (10, 120));
/// ```
///
/// # Source
///
/// [`bytes::Bytes`](https://docs.rs/bytes), for any type; `ArrayData` and its offset in
/// [arrow](https://docs.rs/arrow). The name for what it keeps alive is that of many a complaint about NumPy's views.
pub struct SharedSlice<T> {
    /// Invariant: is there exactly when the range has elements.
    block: Option<Arc<Vec<T>>>,
    /// Invariant: lies within the block, and is `0..0` where there is none.
    range: Range<usize>,
}

impl<T> SharedSlice<T> {
    /// Creates an empty slice. Does not allocate.
    #[inline]
    pub const fn new() -> Self {
        Self { block: None, range: 0..0 }
    }

    fn of(block: Vec<T>) -> Self {
        let range = 0..block.len();
        if range.is_empty() { Self::new() } else { Self { block: Some(Arc::new(block)), range } }
    }

    /// The elements.
    #[inline]
    pub fn as_slice(&self) -> &[T] {
        match &self.block {
            Some(block) => &block[self.range.clone()],
            None => &[],
        }
    }

    /// A part of the elements, which shares them. Copies none of them and does not allocate.
    ///
    /// It pins all of them, too, unless it is empty.
    ///
    /// ```
    /// use pennyweight::view::SharedSlice;
    ///
    /// let words = SharedSlice::from(["to", "be", "or", "not", "to", "be"]);
    /// let middle = words.slice(2..4);
    /// drop(words);
    /// assert_eq!(middle[..], ["or", "not"]);
    /// assert_eq!(middle.slice(1..)[..], ["not"]);
    /// ```
    ///
    /// # Panics
    ///
    /// Panics when the range is out of bounds, as indexing a slice does.
    #[track_caller]
    pub fn slice(&self, range: impl RangeBounds<usize>) -> Self {
        let start = match range.start_bound() {
            Bound::Included(&start) => start,
            Bound::Excluded(before) => {
                before.checked_add(1).expect("a start behind the last index")
            }
            Bound::Unbounded => 0,
        };
        let end = match range.end_bound() {
            Bound::Included(last) => {
                Some(last.checked_add(1).expect("an end behind the last index"))
            }
            Bound::Excluded(&end) => Some(end),
            Bound::Unbounded => None,
        };
        let part = match end {
            Some(end) => &self.as_slice()[start..end],
            None => &self.as_slice()[start..],
        };
        if part.is_empty() {
            return Self::new();
        }
        let start = self.range.start + start;
        Self { block: self.block.clone(), range: start..start + part.len() }
    }

    /// The elements as a view of one axis.
    #[inline]
    pub fn view(&self) -> View<'_, T, 1> {
        View::from(self.as_slice())
    }

    /// The bytes that this slice keeps from being freed, alone or with other owners: the whole capacity of the
    /// `Vec`, whatever part of it this is, and its 40 bytes of counters and fields.
    ///
    /// What the elements own on the heap is not in it; [`HeapSize`] counts that too.
    ///
    /// ```
    /// use pennyweight::view::SharedSlice;
    ///
    /// let whole = SharedSlice::from(vec![0_u16; 1000]);
    /// assert_eq!(whole.slice(..1).pinned_bytes(), 2040);
    /// assert_eq!(whole.slice(..0).pinned_bytes(), 0);
    /// ```
    pub fn pinned_bytes(&self) -> usize {
        match &self.block {
            Some(block) => block.capacity() * size_of::<T>() + size_of::<([usize; 2], Vec<T>)>(),
            None => 0,
        }
    }

    /// The number of slices that share the elements, this one included. 0 for an empty slice.
    pub fn strong_count(&self) -> usize {
        self.block.as_ref().map_or(0, Arc::strong_count)
    }

    /// The elements, to be written, or `None` while another slice shares their block, even if not these elements.
    pub fn get_mut(&mut self) -> Option<&mut [T]> {
        match &mut self.block {
            Some(block) => Some(&mut Arc::get_mut(block)?[self.range.clone()]),
            None => Some(&mut []),
        }
    }

    /// The elements as a view of one axis, to be written, or `None` while another slice shares their block.
    pub fn view_mut(&mut self) -> Option<ViewMut<'_, T, 1>> {
        self.get_mut().map(ViewMut::from)
    }

    /// The elements as a `Vec`, which is the one that they were taken from. Copies and allocates nothing: elements
    /// outside of the slice are dropped, and those inside moved to the front.
    ///
    /// # Errors
    ///
    /// Gives the slice back while another one shares its block.
    ///
    /// ```
    /// use pennyweight::view::SharedSlice;
    ///
    /// let part = SharedSlice::from(vec![1, 2, 3, 4]).slice(1..3);
    /// let other = part.clone();
    /// let part = part.try_into_vec().unwrap_err();
    /// drop(other);
    /// assert_eq!(part.try_into_vec(), Ok(vec![2, 3]));
    /// ```
    pub fn try_into_vec(mut self) -> Result<Vec<T>, Self> {
        match self.block.take().map(Arc::try_unwrap) {
            Some(Ok(mut block)) => {
                keep(&mut block, mem::take(&mut self.range));
                Ok(block)
            }
            Some(Err(block)) => {
                self.block = Some(block);
                Err(self)
            }
            None => Ok(Vec::new()),
        }
    }
}

impl<T: Clone> SharedSlice<T> {
    /// Gives up all but the slice's own elements: copies them to a buffer of their size, or, where no other slice
    /// shares the block, drops those around them and shrinks it.
    ///
    /// Afterwards [`pinned_bytes`](Self::pinned_bytes) is 40 bytes more than the elements take. Where nothing
    /// would be given up, this does nothing.
    ///
    /// # Panics
    ///
    /// Panics where `T`'s `clone` does; the slice is then as it was. Where the `drop` of a discarded element
    /// panics, the slice is empty. Like a `Vec`, ends the program where the allocator refuses.
    pub fn detach(&mut self) {
        if self.block.as_ref().is_none_or(|block| block.capacity() == self.len()) {
            return;
        }
        match mem::take(self).try_into_vec() {
            Ok(mut own) => {
                own.shrink_to_fit();
                *self = Self::of(own);
            }
            Err(shared) => {
                *self = shared;
                *self = Self::of(self.to_vec());
            }
        }
    }

    /// The elements as a `Vec`. Copies them only while another slice shares their block.
    ///
    /// See [`try_into_vec`](Self::try_into_vec).
    pub fn into_vec(self) -> Vec<T> {
        self.try_into_vec().unwrap_or_else(|shared| shared.to_vec())
    }

    /// The elements, to be written. Where another slice shares their block, copies them first, and only them.
    ///
    /// ```
    /// use pennyweight::view::SharedSlice;
    ///
    /// let original = SharedSlice::from([1, 2, 3]);
    /// let mut changed = original.clone();
    /// changed.make_mut()[0] = 9;
    /// assert_eq!((&original[..], &changed[..]), (&[1, 2, 3][..], &[9, 2, 3][..]));
    /// ```
    pub fn make_mut(&mut self) -> &mut [T] {
        if self.block.as_mut().is_some_and(|block| Arc::get_mut(block).is_none()) {
            *self = Self::of(self.to_vec());
        }
        self.get_mut().expect("nobody else has a block that was just made")
    }
}

/// Drops the elements outside of `range`.
fn keep<T>(block: &mut Vec<T>, range: Range<usize>) {
    block.truncate(range.end);
    block.drain(..range.start);
}

impl<T> Clone for SharedSlice<T> {
    /// Another owner of the same elements. Copies none of them.
    #[inline]
    fn clone(&self) -> Self {
        Self { block: self.block.clone(), range: self.range.clone() }
    }
}

impl<T> Default for SharedSlice<T> {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}

impl<T: fmt::Debug> fmt::Debug for SharedSlice<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice().fmt(f)
    }
}

impl<T: PartialEq<U>, U> PartialEq<SharedSlice<U>> for SharedSlice<T> {
    fn eq(&self, other: &SharedSlice<U>) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl<T: Eq> Eq for SharedSlice<T> {}

impl<T: PartialOrd> PartialOrd for SharedSlice<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.as_slice().partial_cmp(other.as_slice())
    }
}

impl<T: Ord> Ord for SharedSlice<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_slice().cmp(other.as_slice())
    }
}

impl<T: Hash> Hash for SharedSlice<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_slice().hash(state);
    }
}

/// Tells of the block and its elements, once for all slices of the walk that share it.
impl<T: HeapSize> HeapSize for SharedSlice<T> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("block", &self.block);
    }
}

impl<T> From<Vec<T>> for SharedSlice<T> {
    /// Copies no element: the buffer stays where it is. Its spare capacity stays too.
    fn from(elements: Vec<T>) -> Self {
        Self::of(elements)
    }
}

impl<T> From<Box<[T]>> for SharedSlice<T> {
    /// Copies no element: the buffer stays where it is.
    fn from(elements: Box<[T]>) -> Self {
        Self::of(elements.into_vec())
    }
}

impl<T: Clone> From<&[T]> for SharedSlice<T> {
    fn from(elements: &[T]) -> Self {
        Self::of(elements.to_vec())
    }
}

impl<T, const N: usize> From<[T; N]> for SharedSlice<T> {
    fn from(elements: [T; N]) -> Self {
        Self::of(Vec::from(elements))
    }
}

impl<T> FromIterator<T> for SharedSlice<T> {
    /// Collects a `Vec`, whose spare capacity stays.
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        Self::of(Vec::from_iter(elements))
    }
}

impl<T> Deref for SharedSlice<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T> AsRef<[T]> for SharedSlice<T> {
    #[inline]
    fn as_ref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T> Borrow<[T]> for SharedSlice<T> {
    #[inline]
    fn borrow(&self) -> &[T] {
        self.as_slice()
    }
}

impl<'a, T> IntoIterator for &'a SharedSlice<T> {
    type Item = &'a T;
    type IntoIter = slice::Iter<'a, T>;

    #[inline]
    fn into_iter(self) -> slice::Iter<'a, T> {
        self.iter()
    }
}
