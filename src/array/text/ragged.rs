//! Lists of values in one buffer.

use super::super::column::Encoding;
use super::super::{ImageError, Scalar};
use super::buffer::{Buffer, LoadBuffer};
use super::ends::{self, Ends};
use super::eq::list_eq;
use crate::raw::image::{Kind, Load, Parts, Sections, Stored};
use crate::raw::range::indices;
use crate::size::{Block, HeapSize, Visitor};
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::iter::FusedIterator;
use core::ops::{Index, IndexMut, Range, RangeBounds};

mod edit;

/// A growable list of lists that takes the values and some bits a list: 5 to 8 of them where lengths differ as those
/// of words do, none where all lists are of one length. `Vec<Vec<T>>` takes 24 bytes a list, a block of the allocator's, and the slack of
/// each.
///
/// It wins where lists are appended and then read: tags of a post, edges of a graph, points of a polyline. All
/// values are one slice, [`values`](Self::values). It loses where lists in the middle grow, which it does not
/// offer: only the last one can ([`extend_last`](Self::extend_last)). And [`get`](Self::get) computes where its row
/// begins from two reads: in cache it takes two to five times as long as that of a `Vec`, out of it no longer.
///
/// # Layout
///
/// The values of all rows end to end, in a `Vec<T>` that grows by a sixteenth. Where 128 rows begin lies near a
/// straight line; kept are the line, and how far above it each row begins, in as many bits as the farthest needs. Rows
/// of one length have no lines.
///
/// ```text
/// values  | row 0 | row 1 | row 2 | … |                 len * size_of::<T>() for len values
/// heads   | a line, and the width of what lies above it | … |           16 bytes for 128 rows
/// bits    | 129 numbers of the first width | 129 of the second | … |
/// ```
///
/// # Memory
///
/// The values; and where rows differ in length, for every 128 of them 16 bytes and 129 times the bits that the widest
/// of these numbers has: 6 where lengths are those of the words of a dictionary, in any order, and never more than
/// `8 + log2(mean length)`. Growth leaves 1/16 or 64 bytes of slack in each of the three buffers, and the last rows,
/// fewer than 128, may take a bit more each until they are followed or [shrunk](Self::shrink_to_fit). 88 bytes inline.
/// All rows together have fewer than 2⁵⁶ values.
///
/// # Examples
///
/// ```
/// use pennyweight::array::RaggedArray;
///
/// let mut tags = RaggedArray::new();
/// for post in 0..1000_u32 {
///     tags.push_from((0..post % 4).map(|tag| 100 * tag + post));
/// }
/// tags.shrink_to_fit();
/// assert_eq!(tags.get(7), Some(&[7, 107, 207][..]));
/// assert_eq!(tags[4], []);
/// assert_eq!(tags.values().len(), 1500);
/// // 6000 bytes of values, and 3.1 bits a row; a Vec<Vec<u32>> takes 24 bytes and a block a row.
/// assert_eq!(tags.heap_bytes(), 6000 + 392);
/// ```
///
/// # Source
///
/// Offsets into one buffer are Arrow's [list layout](https://arrow.apache.org/docs/format/Columnar.html) and the
/// rows of a sparse matrix. That integers are kept as what lies above a line is from Y. Liu, X. Zeng and H. Zhang,
/// "LeCo: lightweight compression via learning serial correlations" (SIGMOD 2024); here it grows by pushes.
pub struct RaggedArray<T, W: Buffer<T> = Box<[u64]>> {
    /// Invariant: as many values as `ends` has in all.
    values: W::Values,
    ends: Ends<W>,
}

/// A growable list of byte strings that takes their bytes and some bits each: a [`RaggedArray`] of bytes.
///
/// `Vec<Vec<u8>>` takes 24 bytes and a block each. For text take [`StrArray`](super::StrArray).
///
/// ```
/// use pennyweight::array::BytesArray;
///
/// let mut keys = BytesArray::new();
/// (0..100_u64).for_each(|key| keys.push(&key.to_be_bytes()));
/// assert_eq!(keys[99], [0, 0, 0, 0, 0, 0, 0, 99]);
/// keys.shrink_to_fit();
/// assert_eq!(keys.heap_bytes(), 800); // keys of one length take no offsets
/// ```
pub type BytesArray<W = Box<[u64]>> = RaggedArray<u8, W>;

impl<T, W: Buffer<T>> RaggedArray<T, W> {
    /// The number of rows.
    #[inline]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True where there are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values of all rows, end to end.
    #[inline]
    pub fn values(&self) -> &[T] {
        self.values.as_ref()
    }

    /// The row at `index`, or `None` behind the end.
    #[inline]
    pub fn get(&self, index: usize) -> Option<&[T]> {
        Some(&self.values()[self.range(index)?])
    }

    /// Where the row at `index` lies in [`values`](Self::values), or `None` behind the end.
    #[inline]
    pub fn range(&self, index: usize) -> Option<Range<usize>> {
        (index < self.len()).then(|| self.ends.row(index))
    }

    /// The first row.
    pub fn first(&self) -> Option<&[T]> {
        self.get(0)
    }

    /// The last row.
    pub fn last(&self) -> Option<&[T]> {
        self.get(self.len().wrapping_sub(1))
    }

    /// Iterates over the rows: faster than [`get`](Self::get) with all indices.
    #[inline]
    pub fn iter(&self) -> Rows<'_, T, W> {
        Rows { values: self.values(), ends: self.ends.iter() }
    }

    /// Iterates over the rows of a range of indices.
    ///
    /// # Panics
    ///
    /// Panics where the range ends before it begins, or behind the last row.
    ///
    /// ```
    /// use pennyweight::array::RaggedArray;
    ///
    /// let rows = RaggedArray::from([&[1, 2][..], &[], &[3]]);
    /// assert!(rows.iter_range(1..).eq([&[][..], &[3]]));
    /// ```
    #[track_caller]
    pub fn iter_range(&self, range: impl RangeBounds<usize>) -> Rows<'_, T, W> {
        let ends = self.ends.iter_range(indices(&range, self.len()));
        Rows { values: self.values(), ends }
    }

    /// Whether these are the rows.
    fn equals<'r>(&self, rows: impl ExactSizeIterator<Item = &'r [T]>) -> bool
    where
        T: PartialEq + 'r,
    {
        self.len() == rows.len() && self.iter().eq(rows)
    }

    /// Where the rows lie.
    pub(super) fn row_ranges(&self) -> ends::Rows<'_, W> {
        self.ends.iter()
    }

    /// The rows as a `Vec` of `Vec`s.
    pub fn to_vec(&self) -> Vec<Vec<T>>
    where
        T: Clone,
    {
        self.iter().map(<[T]>::to_vec).collect()
    }

    /// The bytes of heap memory, those that the values own among them.
    pub fn heap_bytes(&self) -> usize
    where
        T: HeapSize,
    {
        HeapSize::heap_bytes(self)
    }

    /// How the rows are stored.
    pub fn encoding(&self) -> Encoding {
        Encoding::Rows { mean_width: self.ends.mean_width() }
    }

    /// Panics unless the invariants of the fields hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.ends.check_invariants();
        assert_eq!(self.values().len(), self.ends.total());
    }
}

impl<'a, T: 'a> RaggedArray<T, &'a [u64]> {
    /// The row at `index` of an array that was [opened](Self::open), or `None` behind the end. It outlives the array,
    /// which [`get`](Self::get) borrows, and is there as long as the image.
    #[inline]
    pub fn lend(&self, index: usize) -> Option<&'a [T]> {
        Some(&self.values[self.range(index)?])
    }
}

impl<T, W: Buffer<T>> Index<usize> for RaggedArray<T, W> {
    type Output = [T];

    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[track_caller]
    fn index(&self, index: usize) -> &[T] {
        &self.values()[self.ends.row(index)]
    }
}

impl<T> IndexMut<usize> for RaggedArray<T> {
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[track_caller]
    fn index_mut(&mut self, index: usize) -> &mut [T] {
        &mut self.values[self.ends.row(index)]
    }
}

/// An iterator over the rows of a [`RaggedArray`].
pub struct Rows<'a, T, W = Box<[u64]>> {
    values: &'a [T],
    ends: ends::Rows<'a, W>,
}

impl<'a, T, W: crate::raw::Words> Iterator for Rows<'a, T, W> {
    type Item = &'a [T];

    #[inline]
    fn next(&mut self) -> Option<&'a [T]> {
        self.ends.next().map(|row| &self.values[row])
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.ends.size_hint()
    }

    fn nth(&mut self, n: usize) -> Option<&'a [T]> {
        self.ends.nth(n).map(|row| &self.values[row])
    }

    fn count(self) -> usize {
        self.ends.len()
    }

    fn last(mut self) -> Option<&'a [T]> {
        self.next_back()
    }

    fn fold<B, F: FnMut(B, &'a [T]) -> B>(self, init: B, mut f: F) -> B {
        let values = self.values;
        self.ends.fold(init, |folded, row| f(folded, &values[row]))
    }
}

impl<T, W: crate::raw::Words> DoubleEndedIterator for Rows<'_, T, W> {
    #[inline]
    fn next_back(&mut self) -> Option<Self::Item> {
        self.ends.next_back().map(|row| &self.values[row])
    }

    fn nth_back(&mut self, n: usize) -> Option<Self::Item> {
        self.ends.nth_back(n).map(|row| &self.values[row])
    }
}

impl<T, W: crate::raw::Words> ExactSizeIterator for Rows<'_, T, W> {}
impl<T, W: crate::raw::Words> FusedIterator for Rows<'_, T, W> {}

impl<T, W> Clone for Rows<'_, T, W> {
    fn clone(&self) -> Self {
        Self { values: self.values, ends: self.ends.clone() }
    }
}

impl<T: fmt::Debug, W: crate::raw::Words> fmt::Debug for Rows<'_, T, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

impl<'a, T, W: Buffer<T>> IntoIterator for &'a RaggedArray<T, W> {
    type Item = &'a [T];
    type IntoIter = Rows<'a, T, W>;

    fn into_iter(self) -> Rows<'a, T, W> {
        self.iter()
    }
}

impl<T, W: Buffer<T, Values: Clone>> Clone for RaggedArray<T, W> {
    /// Copies the rows, but not the slack.
    fn clone(&self) -> Self {
        Self { values: self.values.clone(), ends: self.ends.clone() }
    }
}

impl<'a, T> Copy for RaggedArray<T, &'a [u64]> where T: 'a {}

impl<T, U, V: Buffer<T>, W: Buffer<U>> PartialEq<RaggedArray<U, W>> for RaggedArray<T, V>
where
    T: PartialEq<U>,
{
    /// True where the rows are equal, however their ends are kept.
    fn eq(&self, other: &RaggedArray<U, W>) -> bool {
        self.ends == other.ends && self.values() == other.values()
    }
}

impl<T: Eq, W: Buffer<T>> Eq for RaggedArray<T, W> {}

list_eq!([T: PartialEq, W: Buffer<T>] RaggedArray<T, W>, [T]);

impl<T: Hash, W: Buffer<T>> Hash for RaggedArray<T, W> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.len().hash(state);
        self.iter().for_each(|row| row.hash(state));
    }
}

impl<T: fmt::Debug, W: Buffer<T>> fmt::Debug for RaggedArray<T, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

impl<T: HeapSize, W: Buffer<T>> HeapSize for RaggedArray<T, W> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        if W::OWNED {
            let (capacity, values) = (W::capacity(&self.values), self.values());
            visitor.block(Block::array::<T>(capacity, values.len()).at(values.as_ptr()));
            visitor.elements(values);
        }
        visitor.field("ends", &self.ends);
    }

    fn owns_heap() -> bool {
        W::OWNED
    }
}

impl<T: Scalar, W: Buffer<T>> Stored for RaggedArray<T, W> {
    const KIND: Kind = Kind::Rows;

    fn element() -> u16 {
        T::NUMBER
    }

    fn store<'s>(&'s self, image: &mut Sections<'s>) {
        self.ends.store(image);
        image.bytes(if cfg!(target_endian = "little") {
            Cow::Borrowed(bytemuck::cast_slice(self.values()))
        } else {
            let swapped: Vec<T> = self.values().iter().map(|value| value.swap()).collect();
            Cow::Owned(bytemuck::cast_slice(&swapped).to_vec())
        });
    }
}

impl<'a, T: Scalar, W: LoadBuffer<'a, T>> Load<'a> for RaggedArray<T, W> {
    fn load(parts: &mut Parts<'a>) -> Result<Self, ImageError> {
        let ends = Ends::load(parts)?;
        Ok(Self { values: W::load_values(parts, ends.total())?, ends })
    }
}
