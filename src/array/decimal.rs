//! Floats that are decimals in disguise, packed as integers.

use self::choose::choose;
use self::decode::{AddUp, Bits, Decode, LANES, Numbering, Values};
use self::float::private::Pattern;
use self::form::{Decoder, Patterns, Steps};
use self::forms::{Forms, MOST_FORMS};
use super::ReserveError;
use super::column::Encoding;
use super::image::{ImageError, image_methods};
use super::iter::{Scan, fixed_traits, read_traits};
use super::read::read_methods;
use super::scalar::private::Swap;
use crate::raw::Words;
use crate::raw::blocks::{BLOCK, Blocks, Slice, Unpacked};
use crate::raw::image::{Kind, Load, LoadWords, Parts, Sections, Stored};
use crate::raw::vector::{self, Loop};
use crate::size::{Block, HeapSize, Visitor};
use alloc::boxed::Box;
use arrayvec::ArrayVec;
use core::marker::PhantomData;
use core::ops::Range;

mod choose;
mod decode;
mod float;
mod form;
mod forms;

pub use float::{Float, FloatElement};

/// An array of floats, or of floats and nulls, that takes the bits which the range of each 1,024 of them needs as
/// decimals, and 16 bytes for each 1,024.
///
/// Every float comes back bit by bit: NaN with its payload, infinities, `-0.0` and subnormal numbers. Null is none of them.
///
/// It wins over `Vec<f64>` where the floats were read from decimals (39.02, 1012.3: prices, coordinates, measurements)
/// or are multiples of some unit, whole numbers among them. What is no such multiple is kept aside as a bit pattern, and blocks of
/// nothing else take the bits of the range of their patterns. It loses where the floats are results of calculations, of
/// which all bits are in use: they then take up to 64 bits each and the directory beside. Its values do not change: collect
/// anew to change them.
///
/// # Layout
///
/// A float is `(base + scale * number) / 10^digits`, rounded once: digits, base and scale are chosen by block, among at most
/// a dozen for the column. Units that are no power of ten are found where some of their multiples look like decimals: `1.15078 *
/// number` for knots in miles an hour. Numbers and bit patterns each lie in blocks of 1,024 as in
/// [`BlockArray`](super::BlockArray), with outliers aside; a value without a number is a bit pattern, or null.
///
/// ```text
/// heap   | numbers: directory, codes, outliers |   | bit patterns: the same, where there are any |   | forms |
/// ```
///
/// # Memory
///
/// One allocation to three, without slack: for the numbers 16 bytes a block, `width` bits a value in blocks and `10 + outlier
/// width` bits an outlier; the same for bit patterns, where there are any; 32 bytes a form, and four bits a block where there are
/// several. 144 bytes inline or less.
///
/// # Complexity
///
/// `get` takes the time of [`BlockArray`](super::BlockArray)'s and a division: three to four times that of
/// [`IntArray`](super::IntArray)'s where both are in the cache, and several times more for an outlier, a bit pattern or null.
///
/// [`sum`](Self::sum), [`min`](Self::min) and [`max`](Self::max) add and compare integers, in a fraction of the time that
/// loops over a `Vec<f64>` take; bit patterns among numbers can make it twice that time.
///
/// The iterator's folds decode hundreds of values at a time. A sum of floats takes one and a half times as long as over a
/// `Vec<f64>`, two to four times with nulls or many outliers, and up to eight times where many bit patterns lie among
/// numbers. Copying to a slice takes less time than that sum, and some five times that of copying from a `Vec`.
///
/// Packing reads every value some ten times, and more where blocks differ in their digits.
///
/// # Examples
///
/// ```
/// use pennyweight::array::{DecimalArray, Encoding};
///
/// let prices: Vec<f64> = (0..10_000).map(|i| f64::from(1999 + i * 7919 % 5000) / 100.0).collect();
/// let packed = DecimalArray::from(&prices[..]);
/// assert_eq!(packed.get(1), Some(49.18));
/// assert_eq!(packed.sum(), prices.iter().map(|price| (price * 100.0).round()).sum::<f64>() / 100.0);
/// assert!(matches!(packed.encoding(), Encoding::Decimals { step: 0.01, exceptions: 0, .. }));
/// assert_eq!(packed.heap_bytes(), 16_456); // 13 bits a value: a Vec<f64> takes 80,000 bytes
/// ```
///
/// # Source
///
/// Afroozeh, Kuffó and Boncz, "ALP: Adaptive Lossless floating-Point Compression" (SIGMOD 2023): decimals as integers
/// in vectors of 1,024, verified by decoding, with exceptions aside. Theirs multiplies by two powers of ten, one of which is
/// inverse; the division here rounds as the reading of a decimal does, so that no decimal of up to 15 digits needs to be an exception.
/// Units other than powers of ten are an idea of [`pco`](https://docs.rs/pco)'s float multiples.
pub struct DecimalArray<V: FloatElement, W = Box<[u64]>> {
    /// Invariant: a number is at most the most of its block's form.
    numbers: Blocks<W>,
    /// The values that have no number and are not null. Empty where there are none.
    ///
    /// Invariant: as long as `numbers`, or empty. A number is at most the most of `patterns`.
    exceptions: Blocks<W>,
    forms: Forms<W>,
    patterns: Patterns,
    /// The values that have a number.
    numbered: usize,
    /// The values that have a bit pattern.
    excepted: usize,
    element: PhantomData<V>,
}

impl<V: FloatElement> DecimalArray<V> {
    /// Packs values. Allocates exactly, beside working memory of some 60 bytes for each 1,024 values, 16 for each
    /// outlier, and 200 kilobytes.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory for it.
    pub fn try_from_slice(values: &[V]) -> Result<Self, ReserveError> {
        let choice = choose(values)?;
        let numbers = Blocks::build(values.len(), |index| choice.number(values, index))?;
        let exceptions = Blocks::build(choice.exceptions(), |index| choice.pattern(values, index))?;
        let patterns = choice.patterns;
        Ok(Self::new(numbers, exceptions, Forms::build(&choice)?, patterns))
    }
}

impl<V: FloatElement, W: Words> DecimalArray<V, W> {
    fn new(numbers: Blocks<W>, exceptions: Blocks<W>, forms: Forms<W>, patterns: Patterns) -> Self {
        let (numbered, excepted) = (numbers.sum().1, exceptions.sum().1);
        let element = PhantomData;
        Self { numbers, exceptions, forms, patterns, numbered, excepted, element }
    }

    /// The number of values.
    #[inline]
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// The number of nulls. Takes constant time.
    pub fn null_count(&self) -> usize {
        self.len() - self.numbered - self.excepted
    }

    /// The number of values that are kept as bit patterns. Takes constant time.
    pub fn exceptions(&self) -> usize {
        self.excepted
    }

    /// The bytes of heap memory.
    pub fn heap_bytes(&self) -> usize {
        if W::OWNED { self.sections().map(size_of_val).iter().sum() } else { 0 }
    }

    fn sections(&self) -> [&[u64]; 3] {
        [self.numbers.words(), self.exceptions.words(), self.forms.words()]
    }

    /// How the values are stored.
    pub fn encoding(&self) -> Encoding {
        Encoding::Decimals {
            mean_width: self.numbers.mean_width() + self.exceptions.mean_width(),
            step: self.forms.most_frequent(self.len()).map_or(0.0, |form| form.step()),
            exceptions: self.excepted,
        }
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
        match self.numbers.get(index) {
            Some(number) => V::from_float(Some(self.decoder(index / BLOCK).value(number))),
            None => V::from_float(self.exception(index)),
        }
    }

    /// The float at `index` that has no number, if it is not null.
    fn exception(&self, index: usize) -> Option<V::Float> {
        let number = if self.exceptions.len() > 0 { self.exceptions.get(index) } else { None };
        number.map(|number| self.bits().float(number))
    }

    /// The smallest value that is neither null nor NaN; `-0.0` is smaller than `0.0`.
    ///
    /// ```
    /// use pennyweight::array::DecimalArray;
    ///
    /// let gusts = DecimalArray::from([Some(20.7), None, Some(f64::NAN), Some(16.1)]);
    /// assert_eq!((gusts.min(), gusts.max()), (Some(16.1), Some(20.7)));
    /// ```
    pub fn min(&self) -> Option<V::Float> {
        self.bounds().map(|(low, _)| low)
    }

    /// The largest value that is neither null nor NaN; `0.0` is larger than `-0.0`.
    pub fn max(&self) -> Option<V::Float> {
        self.bounds().map(|(_, high)| high)
    }

    fn bounds(&self) -> Option<(V::Float, V::Float)> {
        let (mut low, mut high) = (i64::MAX, i64::MIN);
        let mut add = |float: V::Float| {
            let (rank, nan) = (float.rank(), float.into().is_nan());
            low = low.min(if nan { i64::MAX } else { rank });
            high = high.max(if nan { i64::MIN } else { rank });
        };
        let blocks = self.len().div_ceil(BLOCK);
        let at_once = if self.forms.count() <= 1 { blocks.max(1) } else { 1 };
        for first in (0..blocks).step_by(at_once) {
            // A larger number is a float that is not smaller.
            if let Some((low, high)) = self.numbers.bounds_of(first..first + at_once) {
                [low, high].iter().for_each(|&number| add(self.decoder(first).value(number)));
            }
        }
        let or_nan = |float: Option<V::Float>| float.unwrap_or(V::Float::nearest(f64::NAN));
        self.for_each_exception(or_nan, |floats| floats.iter().for_each(|&float| add(float)));
        // No rank is one of the ends: those are ranks of NaN.
        (low <= high).then(|| (V::Float::from_rank(low), V::Float::from_rank(high)))
    }

    /// The sum of the values that are not null, as decimals: added as integers, and rounded at the end. NaN and
    /// infinities make it what they make of any sum.
    ///
    /// Where all blocks have one form and there are no bit patterns, no order of the values changes the sum, and one of
    /// less than 2⁵³ steps is the float nearest to the sum of the decimals. Otherwise the sums of the forms, each rounded
    /// likewise, and the bit patterns are added as floats, in an order of their own.
    ///
    /// A loop over the floats adds what was rounded before, and rounds with each addition: `iter().sum()` does.
    ///
    /// ```
    /// use pennyweight::array::DecimalArray;
    ///
    /// let tenths = DecimalArray::from([0.1; 10]);
    /// assert_eq!(tenths.sum(), 1.0);
    /// assert_eq!(tenths.iter().sum::<f64>(), 0.999_999_999_999_999_9);
    /// ```
    pub fn sum(&self) -> f64 {
        let mut sums = [(0, 0); MOST_FORMS];
        if self.forms.count() <= 1 {
            sums[0] = self.numbers.sum();
        } else {
            for block in 0..self.len().div_ceil(BLOCK) {
                let (numbers, count) = self.numbers.sum_of(block..block + 1);
                let sum = &mut sums[self.forms.index(block)];
                *sum = (sum.0 + numbers, sum.1 + count);
            }
        }
        let used = sums.into_iter().enumerate().filter(|&(_, (_, count))| count > 0);
        let sums = used.map(|(form, (numbers, count))| self.forms.form(form).sum(numbers, count));
        sums.sum::<f64>() + self.sum_of_exceptions()
    }

    fn sum_of_exceptions(&self) -> f64 {
        let mut sums = [NOTHING; LANES];
        let or_nothing = |float: Option<V::Float>| float.map_or(NOTHING, Into::into);
        self.for_each_exception(or_nothing, |floats| {
            vector::run(AddUp { floats, sums: &mut sums });
        });
        sums.into_iter().sum()
    }

    /// Calls `f` with the bit patterns, in slices, and perhaps with other values among them, as `from` turns them into values.
    fn for_each_exception<T: Copy + Default>(
        &self,
        from: impl Fn(Option<V::Float>) -> T,
        mut f: impl FnMut(&[T]),
    ) {
        let mut start = 0;
        while start < self.len() {
            let (part, end) = self.part(start..self.len());
            match part {
                Part::Numbers => {}
                Part::Exceptions => {
                    for_each_of(&self.exceptions, start..end, self.bits(), &from, &mut f);
                }
                Part::Both => {
                    let mut values = ArrayVec::<T, BLOCK>::new();
                    self.exceptions.for_each_present(start / BLOCK, |_, number| {
                        values.push(from(Some(self.bits().float(number))));
                    });
                    f(&values);
                }
            }
            start = end;
        }
    }

    #[inline]
    fn decoder(&self, block: usize) -> Decoder {
        self.forms.of(block).decoder()
    }

    /// What decodes the numbers of blocks that are like that of an index.
    #[inline]
    fn steps(&self, index: usize) -> Steps {
        self.forms.of(index / BLOCK).steps()
    }

    #[inline]
    fn bits(&self) -> Bits {
        Bits { base: 0, patterns: self.patterns }
    }

    /// Calls `f` with the floats of a range, in order, in slices, as `from` turns them into values.
    #[inline]
    fn for_each<T: Copy + Default>(
        &self,
        range: Range<usize>,
        from: impl Fn(Option<V::Float>) -> T,
        mut f: impl FnMut(&[T]),
    ) {
        let mut start = range.start;
        while start < range.end {
            let (part, end) = self.part(start..range.end);
            let run = start..end;
            match part {
                Part::Numbers => for_each_of(&self.numbers, run, self.steps(start), &from, &mut f),
                Part::Exceptions => for_each_of(&self.exceptions, run, self.bits(), &from, &mut f),
                Part::Both => {
                    let mut values = [T::default(); BLOCK];
                    self.mixed(run, &from, &mut values).chunks(SLICE).for_each(&mut f);
                }
            }
            start = end;
        }
    }

    /// Calls `f` with the values of a range, in slices of at most 256.
    #[inline]
    fn for_each_within(&self, range: Range<usize>, f: impl FnMut(&[V])) {
        self.for_each(range, V::from_float, f);
    }

    /// Decodes a range within a block that has numbers and bit patterns.
    fn mixed<'v, T: Copy + Default>(
        &self,
        range: Range<usize>,
        from: impl Fn(Option<V::Float>) -> T,
        values: &'v mut [T; BLOCK],
    ) -> &'v [T] {
        let Range { start, end } = range;
        let values = &mut values[..end - start];
        let mut filled = 0;
        for_each_of(&self.numbers, start..end, self.steps(start), &from, |slice| {
            values[filled..filled + slice.len()].copy_from_slice(slice);
            filled += slice.len();
        });
        self.exceptions.for_each_present(start / BLOCK, |position, number| {
            let at = position.checked_sub(start % BLOCK);
            if let Some(value) = at.and_then(|at| values.get_mut(at)) {
                *value = from(Some(self.bits().float(number)));
            }
        });
        values
    }

    /// Which blocks hold what the beginning of a range does, and where they end: all of a kind, or one of both.
    fn part(&self, range: Range<usize>) -> (Part, usize) {
        let Range { start, end } = range;
        if self.excepted == 0 && self.forms.count() <= 1 {
            return (Part::Numbers, end);
        }
        let first = start / BLOCK;
        let part = self.part_of(first);
        let alike = |&block: &usize| {
            part != Part::Both && part == self.part_of(block) && self.forms.are_alike(first, block)
        };
        let more = (first + 1..end.div_ceil(BLOCK)).take_while(alike).count();
        (part, end.min((first + 1 + more) * BLOCK))
    }

    fn part_of(&self, block: usize) -> Part {
        if self.excepted == 0 || self.exceptions.present(block) == 0 {
            Part::Numbers
        } else if self.numbers.present(block) == 0 {
            Part::Exceptions
        } else {
            Part::Both
        }
    }

    /// Panics unless the invariants of the fields hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.numbers.check_invariants();
        self.exceptions.check_invariants();
        assert_eq!(self.validate(), Ok(()));
        assert_eq!(self.numbered, self.numbers.sum().1);
        assert_eq!(self.excepted, self.exceptions.sum().1);
    }

    /// What is wrong with the numbers, if anything is.
    fn validate(&self) -> Result<(), &'static str> {
        if ![0, self.len()].contains(&self.exceptions.len()) {
            return Err("it has bit patterns for more or fewer values");
        }
        let highest = self.exceptions.bounds().map_or(0, |(_, high)| high);
        if highest > self.patterns.most::<V::Float>() {
            return Err("a bit pattern is too large for the type");
        }
        for block in 0..self.len().div_ceil(BLOCK) {
            let (most, start) = (self.forms.of(block).most(), block * BLOCK);
            let mut highest = 0;
            self.numbers.for_each_present(block, |_, number| highest = highest.max(number));
            if highest > most {
                return Err("a number is too large for its form");
            }
            let mut both = false;
            if self.exceptions.len() > 0 {
                self.exceptions.for_each_present(block, |position, _| {
                    both |= self.numbers.get(start + position).is_some();
                });
            }
            if both {
                return Err("a value has a number and a bit pattern");
            }
        }
        if self.numbered > 0 && self.forms.count() == 0 {
            return Err("its forms are missing");
        }
        match !V::NULLABLE && self.null_count() > 0 {
            true => Err("a value is null"),
            false => Ok(()),
        }
    }
}

/// The most values that are handed out at a time.
const SLICE: usize = 256;

/// What changes no sum.
const NOTHING: f64 = -0.0;

/// Calls `f` with the floats of a range of blocks, in order, in slices, as `from` turns them into values.
#[inline]
fn for_each_of<W: Words, T: Float, D: Numbering<T>, V: Copy + Default>(
    blocks: &Blocks<W>,
    range: Range<usize>,
    decode: D,
    from: impl Fn(Option<T>) -> V,
    mut f: impl FnMut(&[V]),
) {
    let mut values = [V::default(); SLICE];
    let mut slices = blocks.slices(range);
    while let Some(slice) = slices.next() {
        for start in (0..slice.len()).step_by(SLICE) {
            let values = &mut values[..SLICE.min(slice.len() - start)];
            fill(&slice, start, decode, &from, values);
            f(values);
        }
    }
}

/// Folds the floats of a range of blocks, in order. Nulls are told by their codes, so that none are looked for where
/// there are none.
#[inline(always)]
fn fold_of<V: FloatElement, W: Words, D: Numbering<V::Float>, B>(
    blocks: &Blocks<W>,
    range: Range<usize>,
    decode: D,
    init: B,
    mut f: impl FnMut(B, V) -> B,
) -> B {
    let (mut floats, mut state) = ([V::Float::default(); SLICE], init);
    let mut slices = blocks.slices(range);
    while let Some(slice) = slices.next() {
        for start in (0..slice.len()).step_by(SLICE) {
            let floats = &mut floats[..SLICE.min(slice.len() - start)];
            fill(&slice, start, decode, Option::unwrap_or_default, floats);
            let floats = floats.iter().copied();
            let value = |null, float| V::from_float(if null { None } else { Some(float) });
            state = match (slice.codes, V::NULLABLE && slice.nulls) {
                (_, false) => floats.fold(state, |state, float| f(state, value(false, float))),
                (Unpacked::Narrow(codes), true) => {
                    let floats = floats.zip(&codes[start..]);
                    floats.fold(state, |state, (float, &code)| f(state, value(code == 0, float)))
                }
                (Unpacked::Wide(codes), true) => {
                    let floats = floats.zip(&codes[start..]);
                    floats.fold(state, |state, (float, &code)| f(state, value(code == 0, float)))
                }
            };
        }
    }
    state
}

/// The values of the codes of a slice from one on.
#[inline]
fn fill<T: Float, D: Numbering<T>, V>(
    slice: &Slice<'_>,
    start: usize,
    decode: D,
    from: impl Fn(Option<T>) -> V,
    values: &mut [V],
) {
    match decode.by_products(slice.zero, slice.most) {
        Some(products) => fill_by(slice, start, products, from, values),
        None => fill_by(slice, start, decode.starting_at(slice.zero), from, values),
    }
}

#[inline]
fn fill_by<T: Float, D: Decode<T>, V>(
    slice: &Slice<'_>,
    start: usize,
    decode: D,
    from: impl Fn(Option<T>) -> V,
    values: &mut [V],
) {
    let (nulls, float) = (slice.nulls, PhantomData);
    match slice.codes {
        Unpacked::Narrow(codes) => {
            let codes = &codes[start..][..values.len()];
            vector::run(Values { codes, nulls, decode, from, values, float });
        }
        Unpacked::Wide(codes) => {
            let codes = &codes[start..][..values.len()];
            vector::run(Values { codes, nulls, decode, from, values, float });
        }
    }
}

/// What a block holds beside nulls.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Numbers,
    Exceptions,
    Both,
}

impl<V: FloatElement, W: Words> Clone for DecimalArray<V, W> {
    fn clone(&self) -> Self {
        let (numbers, exceptions) = (self.numbers.clone(), self.exceptions.clone());
        Self { numbers, exceptions, forms: self.forms.clone(), ..*self }
    }
}

impl<V: FloatElement> Copy for DecimalArray<V, &[u64]> {}

impl<V: FloatElement, W: Words> HeapSize for DecimalArray<V, W> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        if W::OWNED {
            for section in self.sections() {
                visitor.block(Block::new(size_of_val(section)).at(section));
            }
        }
    }
}

impl<V: FloatElement, W: Words> Scan for DecimalArray<V, W> {
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
        vector::run(Fold { array: self, range, init, f })
    }
}

/// Folds the values of a range.
struct Fold<'a, A, B, F> {
    array: &'a A,
    range: Range<usize>,
    init: B,
    f: F,
}

impl<V: FloatElement, W: Words, B, F: FnMut(B, V) -> B> Loop
    for Fold<'_, DecimalArray<V, W>, B, F>
{
    type Output = B;

    #[inline(always)]
    fn run(self) -> B {
        let Self { array, range, init, mut f } = self;
        let (mut start, mut state) = (range.start, init);
        while start < range.end {
            let (part, end) = array.part(start..range.end);
            let run = start..end;
            state = match part {
                Part::Numbers => fold_of(&array.numbers, run, array.steps(start), state, &mut f),
                Part::Exceptions => fold_of(&array.exceptions, run, array.bits(), state, &mut f),
                Part::Both => {
                    let mut values = [V::default(); BLOCK];
                    let values = array.mixed(run, V::from_float, &mut values);
                    values.iter().copied().fold(state, &mut f)
                }
            };
            start = end;
        }
        state
    }
}

impl<V: FloatElement, W: Words, Other: Words> PartialEq<DecimalArray<V, Other>>
    for DecimalArray<V, W>
{
    /// True where the values are equal as floats are: NaN to nothing, and `-0.0` to `0.0`.
    fn eq(&self, other: &DecimalArray<V, Other>) -> bool {
        self.len() == other.len() && self.iter().eq(other)
    }
}

impl<V: FloatElement, W: Words> Stored for DecimalArray<V, W> {
    const KIND: Kind = Kind::Decimals;

    fn element() -> u16 {
        V::Float::NUMBER | u16::from(V::NULLABLE) << 8
    }

    fn store<'s>(&'s self, image: &mut Sections<'s>) {
        let fields = [self.numbers.fields(), self.exceptions.fields()];
        fields.into_iter().flatten().for_each(|field| image.field(field));
        image.field(self.forms.count() as u64);
        image.field(self.patterns.field());
        self.sections().into_iter().for_each(|section| image.words(section));
    }
}

impl<'a, V: FloatElement, W: Words + LoadWords<'a>> Load<'a> for DecimalArray<V, W> {
    fn load(parts: &mut Parts<'a>) -> Result<Self, ImageError> {
        let mut fields = [[0; 4]; 2];
        for field in fields.iter_mut().flatten() {
            *field = parts.field()?;
        }
        let forms = parts.field_up_to(u8::MAX.into())?;
        let patterns = Patterns::from_field::<V::Float>(parts.field()?);
        let patterns =
            patterns.ok_or(ImageError::Invalid("its bit patterns have other lengths"))?;
        let mut blocks = |fields| {
            let words = Blocks::<W>::words_for(fields);
            let words = words.ok_or(ImageError::Invalid("its bits cannot be counted"))?;
            Blocks::from_words(parts.words(words)?, fields).map_err(ImageError::Invalid)
        };
        let (numbers, exceptions): (Blocks<W>, Blocks<W>) =
            (blocks(fields[0])?, blocks(fields[1])?);
        let len = numbers.len();
        let words = Forms::<W>::words_for(forms, len);
        let words = words.ok_or(ImageError::Invalid("it has too many forms"))?;
        let forms = Forms::from_words(parts.words(words)?, forms, len);
        let array = Self::new(numbers, exceptions, forms.map_err(ImageError::Invalid)?, patterns);
        array.validate().map_err(ImageError::Invalid)?;
        Ok(array)
    }
}

read_traits!([V: FloatElement, W: Words] DecimalArray<V, W>, V);
fixed_traits!([V: FloatElement] DecimalArray<V>, V);
image_methods!([V: FloatElement,] DecimalArray<V>, 112);
