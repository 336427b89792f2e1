//! Few distinct integers, as codes into a sorted dictionary.

use super::codes::{Codes, by_scale};
use super::column::Encoding;
use super::element::Element;
use super::frame::Frame;
use super::image::{ImageError, image_methods};
use super::integer::private::Offset;
use super::iter::{Scan, fixed_traits, read_traits, value_eq};
use super::read::read_methods;
use super::scalar::private::Swap;
use super::{Int, IntArray};
use crate::raw::Words;
use crate::raw::dictionary::{Dictionary, Shape};
use crate::raw::image::{Kind, Load, LoadWords, Parts, Sections, Stored};
use crate::raw::packed::BLOCK;
use crate::size::{Block, HeapSize, Visitor};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ops::Range;

mod build;

/// An array of few distinct integers, or of integers and nulls, that takes `ceil(log2(distinct))` bits a value, and 8,
/// 16, 32 or 64 bits a distinct value.
///
/// It wins over [`IntArray`](super::IntArray) where the same values come again and again and lie far apart: distances
/// between places, prices, identifiers. It answers by the dictionary alone what the values are, and which is
/// the least; equal values have equal codes and smaller ones smaller codes, so that a value is looked for and compared as a
/// code of a few bits. It loses where most values are distinct, since each is then held once and referred to as well,
/// and where the range is hardly wider than the number of distinct values. Its values do not change: collect anew to
/// change them.
///
/// # Layout
///
/// Value `i` is `base + scale * entry[code[i]]` with the least value as the base and the greatest common divisor of the
/// differences as the scale. Where there are nulls, code 0 is null, and value `i` is
/// `base + scale * entry[code[i] - 1]`.
///
/// ```text
/// heap   | entry 0 | entry 1 | … | padding | code 0 | code 1 | code 2 | … | padding |
/// ```
///
/// # Memory
///
/// One allocation without slack: `8 * ceil(distinct * entry_width / 64) + 8` bytes for the dictionary, of which an entry
/// has 8, 16, 32 or 64 bits, and `8 * ceil(len * width / 64) + 8` bytes for the codes. No heap at all where all values
/// are equal, or all are null. 56 bytes inline or less.
///
/// # Complexity
///
/// `get` reads the code and then the entry, and takes some twice as long as [`IntArray`](super::IntArray)'s where both
/// are in the cache.
/// [`min`](Self::min) and [`max`](Self::max) take constant time. [`sum`](Self::sum) looks values up in registers where
/// the processor has AVX-512 with VBMI, in a time that grows with the number of distinct values: up to some 2,000 it is
/// less than that of adding up a `Vec`. With more than 4,096 of them, and elsewhere, it loads each value from the dictionary, as
/// iterating does, which takes longer than adding up a `Vec` that is in the cache.
///
/// # Examples
///
/// ```
/// use pennyweight::array::{DictArray, IntArray};
///
/// // Where flights go to, as distances: few places, far apart.
/// let places = [1400_i64, 1416, 1089, 1576, 762, 719, 1065, 229, 944, 733, 2475];
/// let distances: Vec<_> = (0..10_000).map(|i| places[i * 7 % 11]).collect();
/// let array = DictArray::from(&distances[..]);
/// assert_eq!((array.distinct(), array.get(9)), (11, Some(944)));
/// assert_eq!(array.heap_bytes(), 5_040); // 4 bits a value
/// assert_eq!(IntArray::from(&distances[..]).heap_bytes(), 15_008); // 12 bits
///
/// // Looked up once, then compared as codes.
/// let code = array.code(719).unwrap();
/// assert_eq!(array.codes().iter().filter(|&c| c == code).count(), array.count(719));
/// assert_eq!(array.value_counts()[0], (229, 909));
/// ```
///
/// # Source
///
/// Dictionaries whose codes keep the order of the values: Antoshenkov, Lomet and Murray, "Order preserving compression"
/// (ICDE 1996); in a column store: Binnig, Hildenbrand and Färber, "Dictionary-based order-preserving string compression
/// for main memory column stores" (SIGMOD 2009).
pub struct DictArray<V: Element, W = Box<[u64]>> {
    /// Invariant: a number stands for a value by `frame`. Without nulls where `V` has none.
    dictionary: Dictionary<W>,
    frame: Frame<V::Int>,
    /// The number of nulls.
    nulls: usize,
}

impl<V: Element, W: Words> DictArray<V, W> {
    /// The number of values.
    #[inline]
    pub fn len(&self) -> usize {
        self.dictionary.shape().len
    }

    /// The number of nulls. Takes constant time.
    pub fn null_count(&self) -> usize {
        self.nulls
    }

    /// The bits of a code.
    pub fn width(&self) -> u32 {
        self.dictionary.shape().width()
    }

    /// The number of distinct values that are not null. Takes constant time.
    pub fn distinct(&self) -> usize {
        self.dictionary.shape().distinct as usize
    }

    /// The bytes of heap memory.
    pub fn heap_bytes(&self) -> usize {
        if W::OWNED { size_of_val(self.dictionary.words()) } else { 0 }
    }

    /// How the values are stored.
    pub fn encoding(&self) -> Encoding {
        let (shape, Frame { base, scale }) = (self.dictionary.shape(), self.frame);
        let (width, entry_width) = (shape.width(), shape.lane());
        let (distinct, base) = (self.distinct(), base.to_i128());
        Encoding::Dictionary { width, distinct, entry_width, base, scale }
    }

    read_methods!(V);

    /// The value at `index`: what `array[index]` would be.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[track_caller]
    pub fn value(&self, index: usize) -> V {
        match self.dictionary.get_by_loads(index) {
            Some(number) => self.decode(number),
            None => self.value_otherwise(index),
        }
    }

    #[cold]
    #[inline(never)]
    #[track_caller]
    fn value_otherwise(&self, index: usize) -> V {
        self.decode(self.dictionary.get_otherwise(index))
    }

    /// The smallest value that is not null. Takes constant time.
    pub fn min(&self) -> Option<V::Int> {
        self.dictionary.bounds().map(|(low, _)| self.frame.value(low))
    }

    /// The largest value that is not null. Takes constant time.
    pub fn max(&self) -> Option<V::Int> {
        self.dictionary.bounds().map(|(_, high)| self.frame.value(high))
    }

    /// The sum of the values that are not null. Never overflows.
    pub fn sum(&self) -> i128 {
        let count = (self.len() - self.nulls) as i128;
        // The sum of fewer than 2⁶³ values fits; what is added up on the way may wrap around.
        let bases = self.frame.base.to_i128().wrapping_mul(count);
        let numbers = self.dictionary.sum() as i128;
        bases.wrapping_add(numbers.wrapping_mul(i128::from(self.frame.scale)))
    }

    /// The sum of the values that are not null, modulo two to the number of bits of the type.
    pub fn wrapping_sum(&self) -> V::Int {
        V::Int::wrap(self.sum())
    }

    /// The distinct values that are not null, from the smallest to the largest, in place.
    ///
    /// A value has the code of its place there, or one more where the array has nulls.
    ///
    /// ```
    /// use pennyweight::array::DictArray;
    ///
    /// let array = DictArray::from([762, 1400, 762, 229, 1400]);
    /// assert_eq!(array.dictionary(), [229, 762, 1400]);
    /// ```
    pub fn dictionary(&self) -> IntArray<V::Int, &[u64]> {
        IntArray { codes: Codes { packed: self.dictionary.entries(), frame: self.frame } }
    }

    /// The codes of all values, in place: equal for equal values, smaller for smaller ones, and 0 for null.
    ///
    /// ```
    /// use pennyweight::array::DictArray;
    ///
    /// let array = DictArray::from([Some(762), None, Some(229)]);
    /// assert_eq!(array.codes(), [2, 0, 1]);
    /// ```
    pub fn codes(&self) -> IntArray<u32, &[u64]> {
        IntArray { codes: Codes { packed: self.dictionary.codes(), frame: Frame::default() } }
    }

    /// The code of a value, if the array holds it. Takes a binary search.
    ///
    /// ```
    /// use pennyweight::array::DictArray;
    ///
    /// let array = DictArray::from([762, 1400, 762, 229, 1400]);
    /// assert_eq!((array.code(229), array.code(1400), array.code(1000)), (Some(0), Some(2), None));
    /// ```
    pub fn code(&self, value: V) -> Option<u32> {
        match value.integer() {
            Some(value) => self.dictionary.code(self.frame.code(value)?),
            None => self.dictionary.shape().nulls.then_some(0),
        }
    }

    /// The value of a code.
    ///
    /// # Panics
    ///
    /// Panics when no value has this code.
    #[track_caller]
    pub fn value_of(&self, code: u32) -> V {
        let shape = self.dictionary.shape();
        let count = shape.distinct + u32::from(shape.nulls);
        assert!(code < count, "no value has code {code}: there are {count} codes");
        self.decode(self.dictionary.number(code.into()))
    }

    /// How often a value occurs.
    pub fn count(&self, value: V) -> usize {
        self.code(value).map_or(0, |code| self.dictionary.count(code))
    }

    /// The index of the first value that is equal to this one. What the array does not hold is not looked for.
    pub fn position(&self, value: V) -> Option<usize> {
        /// The codes that are unpacked before the result is looked at.
        const AT_ONCE: usize = 4 * BLOCK;
        let code = self.code(value)?;
        (0..self.len()).step_by(AT_ONCE).find_map(|start| {
            let (mut found, mut at) = (None, start);
            let end = self.len().min(start + AT_ONCE);
            self.dictionary.for_each_code(start..end, &mut |codes| {
                let among = || codes.iter().position(|&other| other == code);
                found = found.or_else(|| Some(at + among()?));
                at += codes.len();
            });
            found
        })
    }

    /// Every distinct value with the number of times that it occurs: null first, and then from the smallest to the
    /// largest.
    ///
    /// ```
    /// use pennyweight::array::DictArray;
    ///
    /// let array = DictArray::from([Some(762), None, Some(229), Some(762)]);
    /// assert_eq!(array.value_counts(), [(None, 1), (Some(229), 1), (Some(762), 2)]);
    /// ```
    pub fn value_counts(&self) -> Vec<(V, usize)> {
        let codes = self.distinct() + usize::from(self.dictionary.shape().nulls);
        let mut counts = alloc::vec![0; codes];
        self.dictionary.count_codes(&mut counts);
        let value = |code| self.decode(self.dictionary.number(code));
        counts.into_iter().zip(0..).map(|(count, code)| (value(code), count)).collect()
    }

    /// Turns a number into a value.
    #[inline(always)]
    fn decode(&self, number: Option<u64>) -> V {
        V::from_integer(number.map(|number| self.frame.value(number)))
    }

    /// Folds values, by their codes and numbers. What has no nulls gets loops of its own.
    #[inline(always)]
    fn fold_block<B>(
        &self,
        (codes, numbers): (&[u32], &[u64]),
        init: B,
        mut f: impl FnMut(B, V) -> B,
    ) -> B {
        let frame = self.frame;
        let numbers = numbers.iter();
        if V::NULLABLE && self.dictionary.shape().nulls {
            let values = codes
                .iter()
                .zip(numbers)
                .map(|(&code, &number)| V::from_integer((code > 0).then(|| frame.value(number))));
            values.fold(init, f)
        } else {
            by_scale!(frame => numbers.fold(init, |state, &number| {
                f(state, V::from_integer(Some(frame.value(number))))
            }))
        }
    }

    /// Writes values, by their codes and numbers, with the same loops.
    #[inline(always)]
    fn decode_block(&self, codes: &[u32], numbers: &[u64], values: &mut [V]) {
        let frame = self.frame;
        let slots = values.iter_mut().zip(numbers);
        if V::NULLABLE && self.dictionary.shape().nulls {
            for ((value, &number), &code) in slots.zip(codes) {
                *value = V::from_integer((code > 0).then(|| frame.value(number)));
            }
        } else {
            by_scale!(frame => for (value, &number) in slots {
                *value = V::from_integer(Some(frame.value(number)));
            });
        }
    }

    /// Calls `f` with the values of a range, in slices of at most 256.
    #[inline]
    pub(super) fn for_each_within(&self, range: Range<usize>, mut f: impl FnMut(&[V])) {
        let mut values = [V::default(); BLOCK];
        self.dictionary.for_each(range, &mut |codes, numbers| {
            let block = &mut values[..codes.len()];
            self.decode_block(codes, numbers, block);
            f(block);
        });
    }

    /// The number of values that have code 0 where that is null.
    fn count_nulls(&self) -> usize {
        if self.dictionary.shape().nulls { self.dictionary.count(0) } else { 0 }
    }

    /// Whether every number stands for a value.
    fn is_valid(&self) -> bool {
        let highest = self.dictionary.bounds().map_or(0, |(_, high)| high);
        highest <= V::Int::MAX.offset_from(self.frame.base) / self.frame.scale
            && (V::NULLABLE || !self.dictionary.shape().nulls)
    }

    /// Panics unless the invariants of the fields hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.dictionary.check_invariants();
        self.codes().check_invariants();
        self.dictionary().check_invariants();
        assert!(self.is_valid());
        assert_eq!(self.nulls, self.count_nulls());
    }
}

impl<V: Element, W: Words> Clone for DictArray<V, W> {
    fn clone(&self) -> Self {
        Self { dictionary: self.dictionary.clone(), ..*self }
    }
}

impl<V: Element> Copy for DictArray<V, &[u64]> {}

impl<V: Element, W: Words> HeapSize for DictArray<V, W> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        if W::OWNED {
            visitor.block(Block::new(self.heap_bytes()).at(self.dictionary.words()));
        }
    }
}

impl<V: Element, W: Words> Scan for DictArray<V, W> {
    type Value = V;

    #[inline]
    fn scan_len(&self) -> usize {
        self.len()
    }

    #[inline]
    fn value_at(&self, index: usize) -> V {
        self.value(index)
    }

    #[inline]
    fn fold_range<B>(&self, range: Range<usize>, init: B, mut f: impl FnMut(B, V) -> B) -> B {
        // Empty only while `f` runs, and then for good if it panics.
        let mut state = Some(init);
        self.dictionary.for_each(range, &mut |codes, numbers| {
            state = state.take().map(|state| self.fold_block((codes, numbers), state, &mut f));
        });
        state.unwrap_or_else(|| unreachable!("a fold that returns has a state"))
    }
}

impl<V: Element, W: Words> Stored for DictArray<V, W> {
    const KIND: Kind = Kind::Dict;

    fn element() -> u16 {
        V::Int::NUMBER | u16::from(V::NULLABLE) << 8
    }

    fn store<'s>(&'s self, image: &mut Sections<'s>) {
        self.frame.store(image);
        self.dictionary.shape().fields().into_iter().for_each(|field| image.field(field));
        image.words(self.dictionary.words());
    }
}

impl<'a, V: Element, W: Words + LoadWords<'a>> Load<'a> for DictArray<V, W> {
    fn load(parts: &mut Parts<'a>) -> Result<Self, ImageError> {
        let frame = Frame::load(parts)?;
        let fields = [parts.field()?, parts.field()?, parts.field()?, parts.field()?];
        let shape = Shape::from_fields(fields).ok_or(ImageError::Invalid("its shape cannot be"))?;
        let words = shape.words().ok_or(ImageError::Invalid("its bits cannot be counted"))?;
        let words = parts.words(words)?;
        let dictionary = Dictionary::from_words(words, shape).map_err(ImageError::Invalid)?;
        let mut array = Self { dictionary, frame, nulls: 0 };
        if !array.is_valid() {
            return Err(ImageError::Invalid("a number is too large for the type, or null"));
        }
        array.nulls = array.count_nulls();
        Ok(array)
    }
}

read_traits!([V: Element, W: Words] DictArray<V, W>, V);
fixed_traits!([V: Element] DictArray<V>, V);
value_eq!([V: Element] DictArray<V>);
image_methods!([V: Element,] DictArray<V>, 80);
