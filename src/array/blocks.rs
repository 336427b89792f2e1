//! Integers in blocks, each at the width of its own range, with outliers aside.

use super::codes::{decode_block, fold_block};
use super::column::Encoding;
use super::element::{Element, integers};
use super::frame::{Bounds, Frame};
use super::image::{ImageError, image_methods};
use super::integer::private::Offset;
use super::iter::{Scan, fixed_traits, read_traits, value_eq};
use super::read::read_methods;
use super::scalar::private::Swap;
use super::{Int, ReserveError};
use crate::raw::Words;
use crate::raw::blocks::{Blocks, Slices, Unpacked};
use crate::raw::image::{Kind, Load, LoadWords, Parts, Sections, Stored};
use crate::raw::packed::BLOCK;
use crate::raw::unpack::Code;
use crate::raw::vector::{self, Loop};
use crate::size::{Block, HeapSize, Visitor};
use alloc::boxed::Box;
use core::ops::Range;

/// An array of integers, or of integers and nulls, that takes the bits which the range of each 1,024 of them needs,
/// and 16 bytes for each 1,024.
///
/// It wins over [`IntArray`](super::IntArray) where neighbours are alike and the whole is not (timestamps, days, what is nearly sorted), and where a
/// few values lie far from the rest: outliers are kept aside, at their full width and ten bits more each, where
/// that takes fewer bits than widening the block. It loses where every block has the range of the whole: it is then larger by its
/// directory. Its values do not change: collect anew to change them.
///
/// # Layout
///
/// Value `i` is `base + scale * number[i]` with the least value as the base and the greatest common divisor of the
/// differences as the scale. The numbers lie in blocks of 1,024, each with a base and a width of its own; outliers and
/// nulls of a block have code 0, and outliers are found by a search among those of their block, in order.
///
/// ```text
/// heap   | directory: base, start, width | codes of block 0 | codes of block 1 | … | outliers |
/// ```
///
/// # Memory
///
/// One allocation without slack: 16 bytes a block, `width` bits a value in blocks, `10 + outlier width` bits an
/// outlier and 4 bytes a block where there are any. Directory and codes take 32 GiB at most. 72 bytes inline or less.
///
/// # Complexity
///
/// `get` reads the directory before the code, and takes twice as long as
/// [`IntArray`](super::IntArray)'s where both are in the cache. That of an outlier searches for it, as that of a null does
/// where there are outliers, and takes some thirty times as long as one of `IntArray`. [`sum`](Self::sum) unpacks hundreds
/// of values at a time and takes about as long as adding up a `Vec` that is in the cache. The iterator's folds unpack as
/// many, and take up to twice that time, or five times where most blocks have outliers.
///
/// # Examples
///
/// ```
/// use pennyweight::array::{BlockArray, IntArray};
///
/// // A month of minutes, in which some are missing.
/// let minutes: Vec<i64> = (0..44_640).filter(|m| m % 7 != 0).map(|m| 1_357_016_400 + 60 * m).collect();
/// let blocks = BlockArray::from(&minutes[..]);
/// assert_eq!(blocks.get(20_000), Some(minutes[20_000]));
/// assert_eq!(blocks.sum(), minutes.iter().map(|&m| i128::from(m)).sum());
/// assert_eq!(IntArray::from(&minutes[..]).heap_bytes(), 76_536); // 16 bits a value
/// assert_eq!(blocks.heap_bytes(), 53_136); // 11 bits
/// ```
///
/// # Source
///
/// Frames of reference by block, with patched exceptions: Zukowski, Héman, Nes and Boncz, "Super-scalar RAM-CPU cache
/// compression" (ICDE 2006). Theirs chains the exceptions through the codes and is read from end to end; here code 0
/// says that there is one, so that a single value can be read.
pub struct BlockArray<V: Element, W = Box<[u64]>> {
    /// Invariant: a number that is not null stands for a value by `frame`. Without nulls where `V` has none.
    blocks: Blocks<W>,
    frame: Frame<V::Int>,
    /// The number of values that are not null.
    values: usize,
}

impl<V: Element> BlockArray<V> {
    /// The words that the array of these values has.
    pub(super) fn words_of(values: &[V]) -> Result<usize, ReserveError> {
        let (_, number) = numbers(values);
        Blocks::words_of(values.len(), number)
    }

    /// Packs values. Allocates exactly, beside working memory of some 60 bytes for each 1,024 values and 16
    /// for each outlier.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory for it.
    pub fn try_from_slice(values: &[V]) -> Result<Self, ReserveError> {
        let (frame, number) = numbers(values);
        let blocks = Blocks::build(values.len(), number)?;
        let values = if V::NULLABLE { blocks.sum().1 } else { blocks.len() };
        Ok(Self { blocks, frame, values })
    }
}

impl<V: Element, W: Words> BlockArray<V, W> {
    /// The number of values.
    #[inline]
    pub fn len(&self) -> usize {
        self.blocks.len()
    }

    /// The number of nulls. Takes constant time.
    pub fn null_count(&self) -> usize {
        self.len() - self.values
    }

    /// The number of outliers that are kept beside the blocks.
    pub fn outliers(&self) -> usize {
        self.blocks.outliers()
    }

    /// The bytes of heap memory.
    pub fn heap_bytes(&self) -> usize {
        if W::OWNED { size_of_val(self.blocks.words()) } else { 0 }
    }

    /// How the values are stored.
    pub fn encoding(&self) -> Encoding {
        let Frame { base, scale } = self.frame;
        let (base, outliers) = (base.to_i128(), self.outliers());
        Encoding::Blocks { mean_width: self.blocks.mean_width(), base, scale, outliers }
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
        match self.blocks.get_in_band(index) {
            Some(number) => self.decoder()(Some(number)),
            None => self.value_otherwise(index),
        }
    }

    #[cold]
    #[inline(never)]
    #[track_caller]
    fn value_otherwise(&self, index: usize) -> V {
        self.decoder()(self.blocks.get_otherwise(index))
    }

    /// The smallest value that is not null.
    pub fn min(&self) -> Option<V::Int> {
        self.blocks.bounds().map(|(low, _)| self.frame.value(low))
    }

    /// The largest value that is not null.
    pub fn max(&self) -> Option<V::Int> {
        self.blocks.bounds().map(|(_, high)| self.frame.value(high))
    }

    /// The sum of the values that are not null. Never overflows.
    pub fn sum(&self) -> i128 {
        self.sum_of(self.blocks.sum())
    }

    /// The sum of the values that are not null, added up by many threads.
    #[cfg(feature = "rayon")]
    pub fn par_sum(&self) -> i128
    where
        W: Sync,
    {
        self.sum_of(self.blocks.par_sum())
    }

    fn sum_of(&self, (numbers, count): (u128, usize)) -> i128 {
        // The sum of fewer than 2⁶³ values fits; what is added up on the way may wrap around.
        let bases = self.frame.base.to_i128().wrapping_mul(count as i128);
        bases.wrapping_add((numbers as i128).wrapping_mul(i128::from(self.frame.scale)))
    }

    /// The sum of the values that are not null, modulo two to the number of bits of the type.
    pub fn wrapping_sum(&self) -> V::Int {
        V::Int::wrap(self.sum())
    }

    /// Calls `f` with the values of a range, in slices of at most 256.
    #[inline]
    pub(super) fn for_each_within(&self, range: Range<usize>, f: impl FnMut(&[V])) {
        vector::run(ForEachBlock { slices: self.blocks.slices(range), frame: self.frame, f });
    }

    /// What turns a number into a value.
    #[inline(always)]
    fn decoder(&self) -> impl Fn(Option<u64>) -> V {
        let frame = self.frame;
        move |number| V::from_integer(number.map(|number| frame.value(number)))
    }

    /// Panics unless the invariants of the fields hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.blocks.check_invariants();
        assert!(self.is_valid());
        assert_eq!(self.values, self.blocks.sum().1);
    }

    /// Whether every number stands for a value.
    fn is_valid(&self) -> bool {
        let highest = self.blocks.bounds().map_or(0, |(_, high)| high);
        highest <= V::Int::MAX.offset_from(self.frame.base) / self.frame.scale
            && (V::NULLABLE || self.values == self.len())
    }
}

/// Calls a closure with the values of slices.
struct ForEachBlock<'a, V: Element, F> {
    slices: Slices<'a>,
    frame: Frame<V::Int>,
    f: F,
}

impl<V: Element, F: FnMut(&[V])> Loop for ForEachBlock<'_, V, F> {
    type Output = ();

    #[inline(always)]
    fn run(mut self) {
        let mut values = [V::default(); BLOCK];
        while let Some(slice) = self.slices.next() {
            let frame = self.frame.starting_at(slice.zero);
            let f = &mut self.f;
            match (slice.codes, V::NULLABLE && slice.nulls) {
                (Unpacked::Narrow(codes), false) => chunks(frame, codes, &mut values, plain, f),
                (Unpacked::Narrow(codes), true) => chunks(frame, codes, &mut values, or_null, f),
                (Unpacked::Wide(codes), false) => chunks(frame, codes, &mut values, plain, f),
                (Unpacked::Wide(codes), true) => chunks(frame, codes, &mut values, or_null, f),
            }
        }
    }
}

/// Calls `f` with the values of codes, in slices of at most 256.
#[inline(always)]
fn chunks<T: Int, C: Code, V>(
    frame: Frame<T>,
    codes: &[C],
    values: &mut [V; BLOCK],
    decode: impl Fn(Frame<T>, u64) -> V,
    mut f: impl FnMut(&[V]),
) {
    for codes in codes.chunks(BLOCK) {
        decode_block(frame, codes, values, &decode);
        f(&values[..codes.len()]);
    }
}

/// Folds the values of slices.
struct Fold<'a, V: Element, B, F> {
    slices: Slices<'a>,
    frame: Frame<V::Int>,
    init: B,
    f: F,
}

impl<V: Element, B, F: FnMut(B, V) -> B> Loop for Fold<'_, V, B, F> {
    type Output = B;

    #[inline(always)]
    fn run(mut self) -> B {
        let mut state = self.init;
        while let Some(slice) = self.slices.next() {
            let frame = self.frame.starting_at(slice.zero);
            let f = &mut self.f;
            state = match (slice.codes, V::NULLABLE && slice.nulls) {
                (Unpacked::Narrow(codes), false) => fold_block(frame, codes, plain, state, f),
                (Unpacked::Narrow(codes), true) => fold_block(frame, codes, or_null, state, f),
                (Unpacked::Wide(codes), false) => fold_block(frame, codes, plain, state, f),
                (Unpacked::Wide(codes), true) => fold_block(frame, codes, or_null, state, f),
            };
        }
        state
    }
}

/// The value of a code.
#[inline(always)]
fn plain<V: Element>(frame: Frame<V::Int>, code: u64) -> V {
    V::from_integer(Some(frame.value(code)))
}

/// The value of a code, of which 0 is null.
#[inline(always)]
fn or_null<V: Element>(frame: Frame<V::Int>, code: u64) -> V {
    V::from_integer((code > 0).then(|| frame.value(code)))
}

/// The frame of values, and the numbers that they have in it.
fn numbers<V: Element>(values: &[V]) -> (Frame<V::Int>, impl Fn(usize) -> Option<u64>) {
    let bounds = Bounds::of(values.iter().filter_map(|value| value.integer()));
    let frame = bounds.map_or(Frame::default(), Bounds::frame);
    let divisor = frame.divisor();
    (frame, move |index| values[index].integer().map(|value| divisor.known_code(value)))
}

impl<V: Element, W: Words> Clone for BlockArray<V, W> {
    fn clone(&self) -> Self {
        Self { blocks: self.blocks.clone(), ..*self }
    }
}

impl<V: Element> Copy for BlockArray<V, &[u64]> {}

impl<V: Element, W: Words> HeapSize for BlockArray<V, W> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        if W::OWNED {
            visitor.block(Block::new(self.heap_bytes()).at(self.blocks.words()));
        }
    }
}

impl<V: Element, W: Words> Scan for BlockArray<V, W> {
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
    fn fold_range<B>(&self, range: Range<usize>, init: B, f: impl FnMut(B, V) -> B) -> B {
        vector::run(Fold { slices: self.blocks.slices(range), frame: self.frame, init, f })
    }
}

impl<V: Element, W: Words> Stored for BlockArray<V, W> {
    const KIND: Kind = Kind::Blocks;

    fn element() -> u16 {
        V::Int::NUMBER | u16::from(V::NULLABLE) << 8
    }

    fn store<'s>(&'s self, image: &mut Sections<'s>) {
        self.frame.store(image);
        self.blocks.fields().into_iter().for_each(|field| image.field(field));
        image.words(self.blocks.words());
    }
}

impl<'a, V: Element, W: Words + LoadWords<'a>> Load<'a> for BlockArray<V, W> {
    fn load(parts: &mut Parts<'a>) -> Result<Self, ImageError> {
        let frame = Frame::load(parts)?;
        let fields = [parts.field()?, parts.field()?, parts.field()?, parts.field()?];
        let words = Blocks::<W>::words_for(fields);
        let words = parts.words(words.ok_or(ImageError::Invalid("its bits cannot be counted"))?)?;
        let blocks = Blocks::from_words(words, fields).map_err(ImageError::Invalid)?;
        let values = blocks.sum().1;
        let array = Self { blocks, frame, values };
        match array.is_valid() {
            true => Ok(array),
            false => Err(ImageError::Invalid("a number is too large for the type, or null")),
        }
    }
}

read_traits!([V: Element, W: Words] BlockArray<V, W>, V);
fixed_traits!([V: Element] BlockArray<V>, V);
value_eq!([V: Element] BlockArray<V>);
image_methods!([V: Element,] BlockArray<V>, 80);
integers!([V: Element, W: Words] BlockArray<V, W>, V, Self::null_count);
