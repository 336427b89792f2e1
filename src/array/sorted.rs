//! Integers in order, at two bits and those of the mean difference.

use super::Int;
use super::column::Encoding;
use super::frame::{Bounds, Frame};
use super::image::{ImageError, image_methods};
use super::iter::{Scan, read_traits, try_from_traits, value_eq};
use super::read::read_methods;
use crate::raw::Words;
use crate::raw::elias_fano::{self, EliasFano};
use crate::raw::image::{Kind, Load, LoadWords, Parts, Sections, Stored};
use crate::size::{Block, HeapSize, Visitor};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ops::{Bound, Range, RangeBounds};

mod error;
mod iter;

pub use error::SortedError;
pub use iter::SortedIter;

/// An array of sorted integers that takes, for each value, two bits and those of the mean difference, and 1 to 5 % of that
/// for finding them.
///
/// It wins for what is sorted, with gaps of any kind: times of events, offsets of records, lists of rows. It
/// also finds values: [`rank`](Self::rank), [`successor`](Self::successor) and
/// [`binary_search`](Self::binary_search) read a few cache lines, where a binary search of a large slice misses one at
/// most steps. It loses to an [`IntArray`](super::IntArray) where single values are read, and to a
/// [`BlockArray`](super::BlockArray) where most differences are the same. Its values do not change: sort
/// and pack anew to change them.
///
/// # Layout
///
/// Value `i` is `base + scale * number[i]`, with the first value as the base and the greatest common divisor of the
/// differences as the scale. The lowest bits of a number are packed; the others are the count of zeros before the
/// `i`-th one of a row of bits. The positions of every 512th one and every 1,024th zero are kept as well.
///
/// ```text
/// numbers  0, 3, 4, 4, 11, 14          width 1
/// low      0  1  0  0   1   0
/// high     1 0 1 0 1 1 0 0 0 1 0 0 1   = 0, 1, 2, 2, 5, 7 zeros before the ones
/// ```
///
/// # Memory
///
/// One allocation without slack. Of `n` values up to number `u`, with `low` bits for the low part, and
/// `high = n + (u >> low)` bits for the other,
///
/// ```text
/// low      8 * ceil(n * low / 64) + 8                     nothing where low is 0
/// samples  8 * ceil(s * bits of high / 64) + 8            nothing where s = (n-1)/512 + ((u >> low)-1)/1024 is 0
/// high     8 * ceil(high / 64)
/// ```
///
/// bytes, where `low` is what makes them fewest. No heap at all while all values are equal. 72 bytes inline or less.
///
/// # Complexity
///
/// [`get`](Self::get) and `rank` start from a known position and count on, through some ten words: they take about ten
/// times as long as `get` of an [`IntArray`](super::IntArray) in cache. Where values are so uneven that
/// known positions lie more than 4,096 bits apart, a binary search among the others comes first, and the words
/// are never more than 64. [`min`](Self::min) and [`max`](Self::max) take constant time. [`sum`](Self::sum) decodes
/// nothing and is faster than that of a slice; iterators read on in the bits, and folds take hundreds of values at a
/// time.
///
/// # Examples
///
/// ```
/// use pennyweight::array::SortedArray;
///
/// // Departures, to the minute, of a year.
/// let minutes: Vec<i64> = (0..100_000_i64).map(|i| 1_357_016_400 + 60 * (5 * i + i % 5)).collect();
/// let departures = SortedArray::from_sorted(&minutes);
/// assert_eq!(departures.heap_bytes(), 53_864); // 4.3 bits a value; in a Vec 64
/// assert_eq!(departures.get(40_000), Some(minutes[40_000]));
///
/// let noon = 1_357_059_600;
/// assert_eq!(departures.rank(noon), minutes.partition_point(|&minute| minute < noon));
/// assert_eq!(departures.successor(noon), Some((144, 1_357_059_840)));
/// assert_eq!(departures.range(noon..noon + 3600), 144..156);
/// ```
///
/// # Source
///
/// Elias, "Efficient storage and retrieval by content and address of static files" (Journal of the ACM, 1974); Fano,
/// "On the number of bits required to implement an associative memory" (MIT, 1971). With known positions at regular
/// intervals: Vigna, "Quasi-succinct indices" (WSDM 2013), as in [`sux`](https://docs.rs/sux). The scale before it, and
/// the use of the known zeros in the search for ones, are added here.
#[doc(alias = "elias fano")]
#[doc(alias = "monotone")]
pub struct SortedArray<T, W = Box<[u64]>> {
    /// Invariant: every number stands for a value by `frame`.
    numbers: EliasFano<W>,
    frame: Frame<T>,
}

/// The words of so many sorted values with these bounds, or `None` where they cannot be counted.
pub(super) fn size_in_words<T: Int>(len: usize, bounds: Bounds<T>) -> Option<usize> {
    elias_fano::words_for(len, bounds.steps())
}

impl<T: Int> SortedArray<T> {
    /// Packs sorted values. Allocates exactly.
    ///
    /// # Panics
    ///
    /// Panics where a value is below the one before, and when the capacity overflows. Like a `Vec`, ends the program
    /// where the allocator refuses.
    #[track_caller]
    pub fn from_sorted(values: &[T]) -> Self {
        Self::try_from_sorted(values).unwrap_or_else(|error| error.raise())
    }

    /// Packs sorted values. Allocates exactly.
    ///
    /// # Errors
    ///
    /// Fails where a value is below the one before, and where there is no memory for them.
    ///
    /// ```
    /// use pennyweight::array::{SortedArray, SortedError};
    ///
    /// let error = SortedArray::try_from_sorted(&[1, 5, 5, 4, 2]).unwrap_err();
    /// assert_eq!(error, SortedError::Unsorted { index: 3, before: 5, value: 4 });
    /// ```
    pub fn try_from_sorted(values: &[T]) -> Result<Self, SortedError<T>> {
        if let Some(index) = values.windows(2).position(|pair| pair[1] < pair[0]) {
            let (before, value) = (values[index], values[index + 1]);
            return Err(SortedError::Unsorted { index: index + 1, before, value });
        }
        let bounds = Bounds::of(values.iter().copied());
        let frame = bounds.map_or(Frame::default(), Bounds::frame);
        let divisor = frame.divisor();
        let number = |index: usize| divisor.known_code(values[index]);
        let numbers = EliasFano::build(values.len(), number)?;
        debug_assert!(bounds.is_none_or(|bounds| {
            size_in_words(values.len(), bounds) == Some(numbers.words().len())
        }));
        Ok(Self { numbers, frame })
    }
}

impl<T: Int, W: Words> SortedArray<T, W> {
    /// The number of values.
    #[inline]
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// True where there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes of heap memory.
    pub fn heap_bytes(&self) -> usize {
        if W::OWNED { size_of_val(self.numbers.words()) } else { 0 }
    }

    /// How the values are stored.
    pub fn encoding(&self) -> Encoding {
        let Frame { base, scale } = self.frame;
        let bits = self.numbers.words().len() as f64 * 64.0;
        let mean_width = bits / self.len().max(1) as f64;
        let low_width = self.numbers.width();
        Encoding::Sorted { mean_width, low_width, base: base.to_i128(), scale }
    }

    /// The value at `index`, or `None` behind the end.
    #[inline]
    pub fn get(&self, index: usize) -> Option<T> {
        (index < self.len()).then(|| self.value(index))
    }

    /// The value at `index`: what `array[index]` would be.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[track_caller]
    pub fn value(&self, index: usize) -> T {
        self.frame.value(self.numbers.get(index))
    }

    /// The first value, which is the smallest. Takes constant time.
    pub fn first(&self) -> Option<T> {
        (!self.is_empty()).then_some(self.frame.base)
    }

    /// The last value, which is the largest. Takes constant time.
    pub fn last(&self) -> Option<T> {
        (!self.is_empty()).then(|| self.frame.value(self.numbers.last()))
    }

    /// The smallest value: the first one.
    pub fn min(&self) -> Option<T> {
        self.first()
    }

    /// The largest value: the last one.
    pub fn max(&self) -> Option<T> {
        self.last()
    }

    /// Iterates over the values. Adaptors that fold run at the speed of [`for_each_block`](Self::for_each_block).
    pub fn iter(&self) -> SortedIter<'_, T, W> {
        SortedIter::new(self)
    }

    read_methods!(blocks of T);

    /// Copies the values at some indices, in their order, to `values`.
    ///
    /// # Panics
    ///
    /// Panics when an index is out of range, or when `values` has another length than `indices`.
    #[track_caller]
    pub fn gather(&self, indices: &[usize], values: &mut [T]) {
        super::search::gather(self, indices, values);
    }

    /// The sum of all values. Never overflows.
    pub fn sum(&self) -> i128 {
        // The sum of fewer than 2⁶³ values fits; what is added up on the way may wrap around.
        let bases = self.frame.base.to_i128().wrapping_mul(self.len() as i128);
        let numbers = self.numbers.sum() as i128;
        bases.wrapping_add(numbers.wrapping_mul(i128::from(self.frame.scale)))
    }

    /// The sum of all values, modulo two to the number of bits of the type.
    pub fn wrapping_sum(&self) -> T {
        T::wrap(self.sum())
    }

    /// How many values are below `value`: its index if it is there, and else where it would be. For a slice,
    /// `values.partition_point(|&v| v < value)`.
    ///
    /// ```
    /// use pennyweight::array::SortedArray;
    ///
    /// let array = SortedArray::from_sorted(&[10, 20, 20, 30]);
    /// assert_eq!((array.rank(20), array.rank(21), array.rank(99)), (1, 3, 4));
    /// ```
    pub fn rank(&self, value: T) -> usize {
        match self.first_number(value) {
            Some(number) => self.numbers.rank(number),
            None => 0,
        }
    }

    /// How many values are `value` or below it.
    fn rank_behind(&self, value: T) -> usize {
        if value < self.frame.base {
            return 0;
        }
        let number = value.offset_from(self.frame.base) / self.frame.scale;
        match number.checked_add(1) {
            Some(next) => self.numbers.rank(next),
            None => self.len(),
        }
    }

    /// The number of the lowest value from `value` on that is some steps above the base; `None` for the base.
    fn first_number(&self, value: T) -> Option<u64> {
        if value <= self.frame.base {
            return None;
        }
        let offset = value.offset_from(self.frame.base);
        // A division takes longer than the rest of some searches.
        Some(if self.frame.scale == 1 { offset } else { offset.div_ceil(self.frame.scale) })
    }

    /// The first value that is `value` or above it, and its index.
    ///
    /// ```
    /// use pennyweight::array::SortedArray;
    ///
    /// let array = SortedArray::from_sorted(&[10, 20, 20, 30]);
    /// assert_eq!(array.successor(11), Some((1, 20)));
    /// assert_eq!(array.successor(31), None);
    /// assert_eq!(array.predecessor(29), Some((2, 20)));
    /// assert_eq!(array.predecessor(9), None);
    /// ```
    pub fn successor(&self, value: T) -> Option<(usize, T)> {
        let number = self.first_number(value).unwrap_or(0);
        let (index, number) = self.numbers.successor(number)?;
        Some((index, self.frame.value(number)))
    }

    /// The last value that is `value` or below it, and its index.
    pub fn predecessor(&self, value: T) -> Option<(usize, T)> {
        let index = self.rank_behind(value).checked_sub(1)?;
        Some((index, self.value(index)))
    }

    /// Looks for a value: the index of the first that is equal, or where it would have to be inserted. Slices may find
    /// any of those that are equal.
    ///
    /// # Errors
    ///
    /// Gives the index where the value would be if no value is equal.
    pub fn binary_search(&self, value: &T) -> Result<usize, usize> {
        match self.successor(*value) {
            Some((index, found)) if found == *value => Ok(index),
            Some((index, _)) => Err(index),
            None => Err(self.len()),
        }
    }

    /// The index of the first value that is equal.
    pub fn position(&self, value: T) -> Option<usize> {
        self.binary_search(&value).ok()
    }

    /// True where a value is equal.
    pub fn contains(&self, value: T) -> bool {
        self.position(value).is_some()
    }

    /// The number of values that are equal.
    pub fn count(&self, value: T) -> usize {
        self.rank_behind(value) - self.rank(value)
    }

    /// The indices of the values in a range of values. Empty where that is.
    ///
    /// ```
    /// use pennyweight::array::SortedArray;
    ///
    /// let array = SortedArray::from_sorted(&[10, 20, 20, 30]);
    /// assert_eq!(array.range(11..30), 1..3);
    /// assert_eq!(array.range(..=10), 0..1);
    /// assert_eq!(array.range(20..), 1..4);
    /// ```
    pub fn range(&self, values: impl RangeBounds<T>) -> Range<usize> {
        let start = match values.start_bound() {
            Bound::Included(&value) => self.rank(value),
            Bound::Excluded(&value) => self.rank_behind(value),
            Bound::Unbounded => 0,
        };
        let end = match values.end_bound() {
            Bound::Included(&value) => self.rank_behind(value),
            Bound::Excluded(&value) => self.rank(value),
            Bound::Unbounded => self.len(),
        };
        start..end.max(start)
    }

    /// Calls `f` with the values of a range.
    #[inline]
    pub(super) fn for_each_within(&self, range: Range<usize>, f: impl FnMut(&[T])) {
        let frame = self.frame;
        if frame.scale == 1 {
            let frame = Frame { scale: 1, ..frame };
            self.numbers.for_each(range, |number| frame.value(number), f);
        } else {
            self.numbers.for_each(range, |number| frame.value(number), f);
        }
    }

    /// Panics unless the invariants of the fields hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.numbers.check_invariants();
        assert!(self.frame.scale >= 1 && self.is_valid());
    }

    /// Whether every number stands for a value.
    fn is_valid(&self) -> bool {
        self.numbers.last() <= T::MAX.offset_from(self.frame.base) / self.frame.scale
    }
}

impl<T: Int> Default for SortedArray<T> {
    /// An empty array. Does not allocate.
    fn default() -> Self {
        Self::from_sorted(&[])
    }
}

impl<T: Int> FromIterator<T> for SortedArray<T> {
    /// Sorts values, and packs them. Meanwhile they are held in a `Vec`.
    ///
    /// ```
    /// use pennyweight::array::SortedArray;
    ///
    /// let squares: SortedArray<i32> = (-3..3).map(|i| i * i).collect();
    /// assert_eq!(squares, [0, 1, 1, 4, 4, 9]);
    /// ```
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut values: Vec<T> = values.into_iter().collect();
        values.sort_unstable();
        Self::from_sorted(&values)
    }
}

impl<T: Int, W: Words> Clone for SortedArray<T, W> {
    fn clone(&self) -> Self {
        Self { numbers: self.numbers.clone(), frame: self.frame }
    }
}

impl<T: Int> Copy for SortedArray<T, &[u64]> {}

impl<T: Int, W: Words> HeapSize for SortedArray<T, W> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        if W::OWNED {
            visitor.block(Block::new(self.heap_bytes()).at(self.numbers.words()));
        }
    }
}

impl<T: Int, W: Words> Scan for SortedArray<T, W> {
    type Value = T;

    #[inline]
    fn scan_len(&self) -> usize {
        self.len()
    }

    #[inline]
    fn value_at(&self, index: usize) -> T {
        self.value(index)
    }

    #[inline]
    fn fold_range<B>(&self, range: Range<usize>, init: B, f: impl FnMut(B, T) -> B) -> B {
        let frame = self.frame;
        if frame.scale == 1 {
            let frame = Frame { scale: 1, ..frame };
            self.numbers.fold(range, |number| frame.value(number), init, f)
        } else {
            self.numbers.fold(range, |number| frame.value(number), init, f)
        }
    }
}

impl<T: Int, W: Words> Stored for SortedArray<T, W> {
    const KIND: Kind = Kind::Sorted;

    fn element() -> u16 {
        T::NUMBER
    }

    fn store<'s>(&'s self, image: &mut Sections<'s>) {
        self.frame.store(image);
        self.numbers.fields().into_iter().for_each(|field| image.field(field));
        image.words(self.numbers.words());
    }
}

impl<'a, T: Int, W: Words + LoadWords<'a>> Load<'a> for SortedArray<T, W> {
    fn load(parts: &mut Parts<'a>) -> Result<Self, ImageError> {
        let frame = Frame::load(parts)?;
        let fields = [parts.field()?, parts.field()?, parts.field()?];
        let words = EliasFano::<W>::words_of(fields);
        let words = parts.words(words.ok_or(ImageError::Invalid("its bits cannot be counted"))?)?;
        let numbers = EliasFano::from_words(words, fields).map_err(ImageError::Invalid)?;
        let array = Self { numbers, frame };
        match array.is_valid() {
            true => Ok(array),
            false => Err(ImageError::Invalid("a number is too large for the type")),
        }
    }
}

read_traits!([T: Int, W: Words] SortedArray<T, W>, T, SortedIter<'a, T, W>);
try_from_traits!([T: Int] SortedArray<T>, T, SortedError<T>);
value_eq!([T: Int] SortedArray<T>);
image_methods!([T: Int,] SortedArray<T>, 72);
