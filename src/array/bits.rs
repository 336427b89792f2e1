//! Booleans at one bit each.

use super::codes::slice_end;
use super::column::Encoding;
use super::iter::{Iter, Scan, build_traits, read_traits};
use crate::raw::packed::{BLOCK, out_of_range};
use crate::raw::{Words, count_ones};
use crate::size::{Block, HeapSize, Visitor};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};
use core::ops::Range;

mod edit;
mod logic;
mod ones;

pub use ones::Ones;

/// A growable array of booleans that takes one bit each; `Vec<bool>` takes eight.
///
/// It wins in memory always, in counting and in finding the ones ([`count_ones`](Self::count_ones),
/// [`iter_ones`](Self::iter_ones)) by a large factor, and in random reads where the `Vec` leaves the
/// cache. It loses in random writes, where a bit has to be read, changed and written back. For sparse
/// sets of large integers use a compressed bitmap such as [`roaring`](https://docs.rs/roaring).
///
/// # Layout
///
/// 64-bit words, lowest bit first: value `i` is bit `i % 64` of word `i / 64`.
///
/// # Memory
///
/// 24 bytes inline; on the heap `8 * ceil(len / 64)` bytes after
/// [`shrink_to_fit`](Self::shrink_to_fit) or when built from a slice. Growth leaves at most 1/16 or 64 bytes
/// of slack.
///
/// # Complexity
///
/// `get` takes a load, a shift and a mask: a quarter to a third of the time of a `Vec<bool>`'s where its ten million
/// bytes fit no cache and the bits do.
///
/// # Examples
///
/// ```
/// use pennyweight::array::BitArray;
///
/// let numbers = 0..1000_u32;
/// let square: BitArray = numbers.clone().map(|n| n.isqrt().pow(2) == n).collect();
/// assert_eq!(square.count_ones(), 32);
/// assert!(square.iter_ones().take(5).eq([0, 1, 4, 9, 16]));
/// assert_eq!(square.get(961), Some(true));
///
/// let even: BitArray = numbers.map(|n| n % 2 == 0).collect();
/// assert_eq!((&square & &even).count_ones(), 16);
/// assert!((&even | &!&even).all());
/// ```
///
/// # Source
///
/// As [`fixedbitset`](https://docs.rs/fixedbitset), but growing by pushes like a `Vec`. Eight booleans are
/// gathered into a byte by one multiplication.
pub struct BitArray<W = Box<[u64]>> {
    /// Invariant: holds at least `ceil(len / 64)` words, and every bit from `len` on is zero.
    words: W,
    len: usize,
}

impl<W: Words> BitArray<W> {
    /// Bits in words that hold so many. `None` where a bit behind the last one is set.
    pub(super) fn from_words(words: W, len: usize) -> Option<Self> {
        let (word, behind) = words.words().get(len / 64..)?.split_first().unwrap_or((&0, &[]));
        let clear = word >> (len % 64) == 0 && behind.iter().all(|&word| word == 0);
        clear.then_some(Self { words, len })
    }

    /// The words, and the slack behind those that are used.
    #[cfg(feature = "arrow")]
    pub(super) fn into_words(self) -> W {
        self.words
    }

    /// The number of values.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// True where there are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bytes of heap memory.
    pub fn heap_bytes(&self) -> usize {
        if W::OWNED { size_of_val(self.words.words()) } else { 0 }
    }

    /// How the values are stored.
    pub fn encoding(&self) -> Encoding {
        Encoding::Bits
    }

    /// The bits, lowest first. Those behind the end are zero.
    pub fn as_words(&self) -> &[u64] {
        &self.words.words()[..self.len.div_ceil(64)]
    }

    /// The value at `index`, or `None` behind the end.
    #[inline]
    pub fn get(&self, index: usize) -> Option<bool> {
        (index < self.len).then(|| self.words.words()[index / 64] >> (index % 64) & 1 == 1)
    }

    /// The value at `index`: what `array[index]` would be.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[track_caller]
    pub fn value(&self, index: usize) -> bool {
        match self.get(index) {
            Some(value) => value,
            None => out_of_range(index, self.len),
        }
    }

    /// Iterates over the values.
    pub fn iter(&self) -> Iter<'_, Self> {
        Iter::new(self)
    }

    /// Calls `f` with all values in order, in slices of at most 256.
    #[inline]
    pub fn for_each_block(&self, mut f: impl FnMut(&[bool])) {
        let mut values = [false; BLOCK];
        for (block, words) in self.as_words().chunks(BLOCK / 64).enumerate() {
            for (&word, values) in words.iter().zip(values.chunks_exact_mut(64)) {
                spread(word, values);
            }
            f(&values[..BLOCK.min(self.len - block * BLOCK)]);
        }
    }

    /// The first value.
    pub fn first(&self) -> Option<bool> {
        self.get(0)
    }

    /// The last value.
    pub fn last(&self) -> Option<bool> {
        self.get(self.len.wrapping_sub(1))
    }

    /// The values in a `Vec`.
    pub fn to_vec(&self) -> Vec<bool> {
        let mut values = alloc::vec![false; self.len];
        self.copy_to_slice(0, &mut values);
        values
    }

    /// Copies the values from `start` on to `values`.
    ///
    /// # Panics
    ///
    /// Panics when `values` reaches behind the end of the array.
    #[track_caller]
    pub fn copy_to_slice(&self, start: usize, values: &mut [bool]) {
        let end = slice_end(start, values.len(), self.len);
        // Up to the first word boundary bit by bit, then word by word.
        let boundary = start.next_multiple_of(64).min(end);
        let (head, tail) = values.split_at_mut(boundary - start);
        for (index, value) in (start..).zip(head) {
            *value = self.value(index);
        }
        for (&word, values) in self.as_words()[boundary / 64..].iter().zip(tail.chunks_mut(64)) {
            spread(word, values);
        }
    }

    /// The number of values that are true.
    ///
    /// ```
    /// use pennyweight::array::BitArray;
    ///
    /// let array = BitArray::from([true, false, true]);
    /// assert_eq!((array.count_ones(), array.count_zeros()), (2, 1));
    /// ```
    pub fn count_ones(&self) -> usize {
        count_ones(self.as_words())
    }

    /// The number of values that are false.
    pub fn count_zeros(&self) -> usize {
        self.len - self.count_ones()
    }

    /// True where at least one value is.
    pub fn any(&self) -> bool {
        self.as_words().iter().any(|&word| word != 0)
    }

    /// True where all values are: also where there are none.
    pub fn all(&self) -> bool {
        let (full, rest) = self.as_words().split_at(self.len / 64);
        full.iter().all(|&word| word == u64::MAX)
            && rest.iter().all(|&word| word == (1 << (self.len % 64)) - 1)
    }

    /// Iterates over the indices of the values that are true. An array without a method `filter` finds what they choose
    /// by `gather`.
    pub fn iter_ones(&self) -> Ones<'_> {
        Ones::new(self.as_words())
    }

    /// Panics unless the invariants of the fields hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        let (used, behind) = self.words.words().split_at(self.len.div_ceil(64));
        if !self.len.is_multiple_of(64) {
            assert_eq!(used[self.len / 64] >> (self.len % 64), 0);
        }
        assert!(behind.iter().all(|&word| word == 0));
    }
}

/// Spreads a word over 64 booleans.
#[inline]
fn spread(word: u64, values: &mut [bool]) {
    for (index, value) in values.iter_mut().enumerate() {
        *value = word >> index & 1 == 1;
    }
}

impl<W: Words> Clone for BitArray<W> {
    /// Copies the values, but not the slack.
    fn clone(&self) -> Self {
        Self { words: self.words.copy(self.len.div_ceil(64)), len: self.len }
    }
}

impl Copy for BitArray<&[u64]> {}

impl<V: Words, W: Words> PartialEq<BitArray<V>> for BitArray<W> {
    fn eq(&self, other: &BitArray<V>) -> bool {
        self.len == other.len && self.as_words() == other.as_words()
    }
}

impl<W: Words> Eq for BitArray<W> {}

impl<W: Words> Hash for BitArray<W> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.len.hash(state);
        self.as_words().hash(state);
    }
}

impl<W: Words> HeapSize for BitArray<W> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        if W::OWNED {
            let words = self.words.words();
            let (capacity, used) = (words.len(), self.len.div_ceil(64));
            visitor.block(Block::array::<u64>(capacity, used).at(words.as_ptr()));
        }
    }
}

impl<W: Words> Scan for BitArray<W> {
    type Value = bool;

    #[inline]
    fn scan_len(&self) -> usize {
        self.len
    }

    #[inline]
    fn value_at(&self, index: usize) -> bool {
        self.value(index)
    }

    #[inline]
    fn fold_range<B>(&self, range: Range<usize>, init: B, mut f: impl FnMut(B, bool) -> B) -> B {
        let mut state = init;
        let mut index = range.start;
        while index < range.end {
            let end = range.end.min((index / 64 + 1) * 64);
            let word = self.words.words()[index / 64];
            for bit in index..end {
                state = f(state, word >> (bit % 64) & 1 == 1);
            }
            index = end;
        }
        state
    }
}

read_traits!([W: Words] BitArray<W>, bool);
build_traits!([] BitArray, bool);
