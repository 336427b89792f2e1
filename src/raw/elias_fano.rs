//! Numbers in order, each in two parts: the lower bits as they are, the upper ones as how far they rise.
//!
//! ```text
//! low       the lowest `width` bits of each number              packed, with a word of padding
//! samples   positions of some ones and zeros of the high part   packed, with a word of padding
//! high      a one for each number, and before it a zero for each step that its upper bits rise
//! ```
//!
//! Number `i` has its one at bit `(number >> width) + i`: the zeros before the one are the upper bits (Elias, "Efficient
//! storage and retrieval by content and address of static files", JACM 1974; Fano, "On the number of bits required to
//! implement an associative memory", 1971). The width is the one that takes the fewest words. The first number is 0.
//! Where all are, there are no words.

use super::Words;
use super::growth::{self, ReserveError};
use super::packed::{self, Packed, bits_for, mask};
use super::select::{self, ONES, Select, ZEROS};
use alloc::boxed::Box;
use core::ops::Range;
use read::Reader;

pub(crate) use walk::Walk;

mod read;
mod walk;

/// The widest low part. One bit more would be saved at the price of one bit a number.
const WIDEST: u32 = 63;

/// So many numbers, or fewer, are looked at one by one.
const SHORT: usize = 8;

/// The words that are looked through for the next one before it is looked up.
const NEAR: usize = 8;

pub(crate) struct EliasFano<W = Box<[u64]>> {
    /// Invariant: laid out as above, by the shape. The numbers do not fall, the first is 0, and the samples are the
    /// positions that they stand for.
    words: W,
    shape: Shape,
}

impl Copy for EliasFano<&[u64]> {}

impl<W: Words> Clone for EliasFano<W> {
    fn clone(&self) -> Self {
        Self { words: self.words.copy(self.words().len()), shape: self.shape }
    }
}

/// Where the parts lie.
#[derive(Clone, Copy, Debug)]
struct Shape {
    len: usize,
    /// The last number; 0 where there is none.
    last: u64,
    /// Where the samples begin: behind the low bits.
    samples: usize,
    /// Where the high bits begin: behind the samples.
    high: usize,
    /// Bits of a low part.
    width: u8,
    /// Bits of a sample.
    sample_width: u8,
}

impl Shape {
    /// The shape, and its words, or `None` where they cannot be counted.
    fn new(len: usize, last: u64, width: u32) -> Option<(Self, usize)> {
        if len > isize::MAX as usize || width > WIDEST {
            return None;
        }
        let mut shape =
            Self { len, last, samples: 0, high: 0, width: width as u8, sample_width: 0 };
        if last == 0 {
            return Some((shape, 0));
        }
        let zeros = usize::try_from(last >> width).ok()?;
        let bits = len.checked_add(zeros)?;
        let sample_width = bits_for(bits as u64);
        shape.sample_width = sample_width as u8;
        shape.samples = Packed::<&[u64]>::words_for(len, width)?;
        let samples = select::samples_for(len, zeros);
        let samples = Packed::<&[u64]>::words_for(samples, sample_width)?;
        shape.high = shape.samples.checked_add(samples)?;
        Some((shape, shape.high.checked_add(bits.div_ceil(64))?))
    }

    /// The shape with the fewest words.
    fn best(len: usize, last: u64) -> Option<(Self, usize)> {
        // Of two that are equal the wider: fewer bits are counted through.
        let shapes = (0..=bits_for(last).min(WIDEST)).rev();
        shapes.filter_map(|width| Self::new(len, last, width)).min_by_key(|&(_, words)| words)
    }

    #[inline(always)]
    fn zeros(&self) -> usize {
        (self.last >> self.width) as usize
    }
}

/// The words of so many numbers up to the last, the first of which is 0. `None` where they cannot be counted.
pub(crate) fn words_for(len: usize, last: u64) -> Option<usize> {
    Some(Shape::best(len, last)?.1)
}

impl<W: Words> EliasFano<W> {
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.shape.len
    }

    pub(crate) fn words(&self) -> &[u64] {
        self.words.words()
    }

    /// Bits of a low part.
    pub(crate) fn width(&self) -> u32 {
        self.shape.width.into()
    }

    /// The last number.
    pub(crate) fn last(&self) -> u64 {
        self.shape.last
    }

    #[inline(always)]
    fn low(&self) -> Packed<&[u64]> {
        let words = &self.words()[..self.shape.samples];
        Packed::within(words, self.shape.len, self.shape.width.into())
    }

    #[inline(always)]
    fn high(&self) -> &[u64] {
        &self.words()[self.shape.high..]
    }

    #[inline(always)]
    fn select(&self) -> Select<'_> {
        let (ones, zeros) = (self.shape.len, self.shape.zeros());
        let words = &self.words()[self.shape.samples..self.shape.high];
        let samples = select::samples_for(ones, zeros);
        let samples = Packed::within(words, samples, self.shape.sample_width.into());
        Select { bits: self.high(), ones, zeros, samples }
    }

    /// The number at `index`.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[track_caller]
    pub(crate) fn get(&self, index: usize) -> u64 {
        if index >= self.shape.len {
            packed::out_of_range(index, self.shape.len);
        }
        if self.shape.last == 0 {
            return 0;
        }
        // Fetched while the upper bits are looked for.
        let low = self.low().get(index);
        ((self.select().one(index) - index) as u64) << self.shape.width | low
    }

    /// A walk over all numbers.
    pub(crate) fn walk(&self) -> Walk<'_> {
        let high = if self.shape.last == 0 { &[] } else { self.high() };
        let last = self.shape.len.saturating_sub(1) + self.shape.zeros();
        Walk::new(high, self.low(), last)
    }

    /// Leads the front of a walk to the number at `index`, which is there.
    pub(crate) fn walk_from(&self, walk: &mut Walk<'_>, index: usize) {
        if self.shape.last > 0 {
            walk.start_at(self.select().one(index));
        }
    }

    /// Leads the back of a walk behind the number at `index`, which is there.
    pub(crate) fn walk_back_from(&self, walk: &mut Walk<'_>, index: usize) {
        if self.shape.last > 0 {
            walk.end_behind(self.select().one(index));
        }
    }

    /// How many numbers are below `number`.
    pub(crate) fn rank(&self, number: u64) -> usize {
        if number > self.shape.last {
            return self.shape.len;
        }
        if number == 0 {
            return 0;
        }
        self.rank_within(number, self.same_high(number >> self.shape.width))
    }

    /// The first number that is at least `number`, and its index.
    pub(crate) fn successor(&self, number: u64) -> Option<(usize, u64)> {
        if number > self.shape.last || self.shape.len == 0 {
            return None;
        }
        if number == 0 {
            return Some((0, 0));
        }
        let mut high = number >> self.shape.width;
        let alike = self.same_high(high);
        let end = alike.end;
        let index = self.rank_within(number, alike);
        if index == end {
            high = self.high_from(high, index)?;
        }
        Some((index, high << self.shape.width | self.low().get(index)))
    }

    /// How many numbers are below `number`, where those with its upper bits have these indices.
    fn rank_within(&self, number: u64, alike: Range<usize>) -> usize {
        let (low, number) = (self.low(), number & mask(self.shape.width.into()));
        let Range { mut start, mut end } = alike;
        if end - start <= SHORT {
            while start < end && low.get(start) < number {
                start += 1;
            }
            return start;
        }
        while start < end {
            let middle = start.midpoint(end);
            if low.get(middle) < number {
                start = middle + 1;
            } else {
                end = middle;
            }
        }
        start
    }

    /// The upper bits of the number at `index`, where those of the one before are `high` or less, and its own more.
    fn high_from(&self, high: u64, index: usize) -> Option<u64> {
        // It is likely to be near.
        let position = index + high as usize;
        let mut near = self.high()[position / 64..].iter().take(NEAR);
        let ones = near.next()? & u64::MAX << (position % 64);
        let mut start = position / 64 * 64;
        if ones != 0 {
            return Some((start + ones.trailing_zeros() as usize - index) as u64);
        }
        for word in near {
            start += 64;
            if *word != 0 {
                return Some((start + word.trailing_zeros() as usize - index) as u64);
            }
        }
        Some((self.select().one(index) - index) as u64)
    }

    /// The indices of the numbers with some upper bits, which are no more than those of the last.
    fn same_high(&self, high: u64) -> Range<usize> {
        let (select, high) = (self.select(), high as usize);
        let position = if high == 0 { 0 } else { select.zero(high - 1) + 1 };
        let start = position - high;
        let ones = !(select.bits[position / 64] >> (position % 64));
        let run = ones.trailing_zeros() as usize;
        // A run that reaches the end of the word may go on.
        if position % 64 + run < 64 {
            start..start + run
        } else if high < self.shape.zeros() {
            start..select.zero(high) - high
        } else {
            start..self.shape.len
        }
    }

    /// Calls `f` with the numbers of a range, in order, in slices.
    #[inline(always)]
    fn for_each_slice(&self, range: Range<usize>, mut f: impl FnMut(&[u64])) {
        if range.is_empty() {
            return;
        }
        let zeros = [0; packed::BLOCK];
        let starts = range.clone().step_by(packed::BLOCK);
        let slices = starts.map(|start| &zeros[..packed::BLOCK.min(range.end - start)]);
        if self.shape.last == 0 {
            return slices.for_each(f);
        }
        let position = if range.start == 0 { 0 } else { self.select().one(range.start) };
        let mut reader = Reader::new(self.high(), self.shape.width, range.start, position);
        if self.shape.width == 0 {
            slices.for_each(|low| f(reader.take(low)));
        } else {
            self.low().for_each_wide(range, |low| f(reader.take(low)));
        }
    }

    /// Calls `f` with the numbers of a range, in order, in slices, as `decode` turns them into values.
    #[inline]
    pub(crate) fn for_each<V: Copy + Default>(
        &self,
        range: Range<usize>,
        decode: impl Fn(u64) -> V,
        mut f: impl FnMut(&[V]),
    ) {
        let mut values = [V::default(); packed::BLOCK];
        self.for_each_slice(range, |numbers| {
            for (value, &number) in values.iter_mut().zip(numbers) {
                *value = decode(number);
            }
            f(&values[..numbers.len()]);
        });
    }

    /// Folds the numbers of a range in order, as `decode` turns them into values.
    #[inline]
    pub(crate) fn fold<V, B>(
        &self,
        range: Range<usize>,
        decode: impl Fn(u64) -> V,
        init: B,
        mut f: impl FnMut(B, V) -> B,
    ) -> B {
        // Empty only while `f` runs, and then for good if it panics.
        let mut state = Some(init);
        self.for_each_slice(range, |numbers| {
            let values = numbers.iter().map(|&number| decode(number));
            state = state.take().map(|state| values.fold(state, &mut f));
        });
        state.unwrap_or_else(|| unreachable!("a fold that returns has a state"))
    }

    /// The sum of all numbers.
    pub(crate) fn sum(&self) -> u128 {
        if self.shape.last == 0 {
            return 0;
        }
        let len = self.shape.len as u128;
        // The zeros before a one are its position less the ones before.
        let high = read::sum_of_positions(self.high()) - len * (len - 1) / 2;
        (high << self.shape.width) + self.low().sum()
    }

    /// What an image needs to know beside the words.
    pub(crate) fn fields(&self) -> [u64; 3] {
        [self.shape.len as u64, self.shape.last, self.shape.width.into()]
    }

    fn shape_of([len, last, width]: [u64; 3]) -> Option<(Shape, usize)> {
        Shape::new(usize::try_from(len).ok()?, last, u32::try_from(width).ok()?)
    }

    /// The words that such numbers have, or `None` where they cannot be counted.
    pub(crate) fn words_of(fields: [u64; 3]) -> Option<usize> {
        Some(Self::shape_of(fields)?.1)
    }

    /// Numbers in words of which [`words_of`](Self::words_of) tells the number; what is wrong, where they are none.
    pub(crate) fn from_words(words: W, fields: [u64; 3]) -> Result<Self, &'static str> {
        match Self::shape_of(fields) {
            Some((shape, count)) if count == words.words().len() => {
                let numbers = Self { words, shape };
                numbers.validate()?;
                Ok(numbers)
            }
            _ => Err("its numbers have another length"),
        }
    }

    /// What is wrong with the words, if anything is.
    fn validate(&self) -> Result<(), &'static str> {
        let Shape { len, last, width, .. } = self.shape;
        if last == 0 {
            return if width == 0 { Ok(()) } else { Err("zeros have a width") };
        }
        if len == 0 {
            return Err("there is a last number, but none before");
        }
        let select = self.select();
        if !is_padded(&self.low()) || !is_padded(&select.samples) {
            return Err("the padding is not zero");
        }
        if !select.is_valid() {
            return Err("a known position is another");
        }
        if self.get(0) != 0 || self.get(len - 1) != last {
            return Err("the first or the last number is another");
        }
        let (mut before, mut rising) = (0, true);
        self.for_each(
            0..len,
            |number| number,
            |numbers| {
                for &number in numbers {
                    rising &= before <= number;
                    before = number;
                }
            },
        );
        if rising { Ok(()) } else { Err("the numbers fall") }
    }

    pub(crate) fn check_invariants(&self) {
        assert_eq!(Self::words_of(self.fields()), Some(self.words().len()));
        assert_eq!(self.validate(), Ok(()));
    }
}

/// Whether what lies behind the last code is zero.
fn is_padded(packed: &Packed<&[u64]>) -> bool {
    packed.is_clear_behind() && packed.words().last().is_none_or(|&padding| padding == 0)
}

impl EliasFano {
    /// Packs numbers: `number(i)` is the `i`-th of `len`. The first is 0, and none is below the one before. Allocates
    /// exactly.
    pub(crate) fn build(len: usize, number: impl Fn(usize) -> u64) -> Result<Self, ReserveError> {
        let last = if len == 0 { 0 } else { number(len - 1) };
        let (shape, count) = Shape::best(len, last).ok_or(ReserveError::CapacityOverflow)?;
        let mut words = Box::default();
        growth::set_words(&mut words, count)?;
        let mut numbers = Self { words, shape };
        if last > 0 {
            numbers.fill(number);
        }
        Ok(numbers)
    }

    fn fill(&mut self, number: impl Fn(usize) -> u64) {
        let Shape { len, samples, high, .. } = self.shape;
        let (width, sample_width) = (self.width(), u32::from(self.shape.sample_width));
        let (low_words, rest) = self.words.split_at_mut(samples);
        let (sample_words, high_words) = rest.split_at_mut(high - samples);
        let position = |index: usize| (number(index) >> width) as usize + index;
        if width > 0 {
            let low = |index| number(index) & mask(width);
            packed::write_codes(low_words, (0, 0), width, len, low);
        }
        for index in 0..len {
            let position = position(index);
            high_words[position / 64] |= 1 << (position % 64);
        }
        let ones = (len - 1) / ONES;
        let sample = |sample: usize| match sample.checked_sub(ones) {
            None => position((sample + 1) * ONES) as u64,
            Some(sample) => {
                // Before a zero there are the ones of all numbers whose upper bits are no more than its rank.
                let rank = (sample + 1) * ZEROS;
                let (mut before, mut end) = (0, len);
                while before < end {
                    let middle = before.midpoint(end);
                    if (number(middle) >> width) as usize <= rank {
                        before = middle + 1;
                    } else {
                        end = middle;
                    }
                }
                (rank + before) as u64
            }
        };
        let count = select::samples_for(len, self.shape.zeros());
        if count > 0 {
            packed::write_codes(sample_words, (0, 0), sample_width, count, sample);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn check(numbers: &[u64]) -> EliasFano {
        let array = EliasFano::build(numbers.len(), |index| numbers[index]).unwrap();
        array.check_invariants();
        let last = numbers.last().copied().unwrap_or(0);
        assert_eq!(words_for(numbers.len(), last), Some(array.words().len()));
        for (index, &number) in numbers.iter().enumerate() {
            assert_eq!(array.get(index), number, "at {index}");
        }
        let len = numbers.len();
        for range in [0..len, len / 3..len, len / 2..len / 2, len / 4..len - len / 4] {
            let mut read: Vec<u64> = Vec::new();
            array.for_each(range.clone(), |number| number, |numbers| read.extend(numbers));
            assert_eq!(read, numbers[range]);
        }
        assert_eq!(array.sum(), numbers.iter().map(|&number| u128::from(number)).sum());
        let near = |&number: &u64| [number.saturating_sub(1), number, number.saturating_add(1)];
        for number in numbers.iter().flat_map(near) {
            let rank = numbers.partition_point(|&other| other < number);
            assert_eq!(array.rank(number), rank, "rank of {number}");
            let successor = numbers.get(rank).map(|&number| (rank, number));
            assert_eq!(array.successor(number), successor, "from {number}");
        }
        let mut walk = array.walk();
        assert!(numbers.iter().enumerate().all(|(index, &number)| walk.next(index) == number));
        let mut back = numbers.iter().enumerate().rev();
        assert!(back.all(|(index, &number)| walk.next_back(index) == number));
        array
    }

    #[test]
    fn numbers_of_every_width_read_back() {
        for width in 0..=64 {
            for len in [1, 2, 3, 63, 64, 65, 257, 1500] {
                let step = mask(width) / (len - 1).max(1);
                check(&(0..len).map(|index| index * step).collect::<Vec<_>>());
                let mut uneven: Vec<_> =
                    (0..len).map(|i| i.wrapping_mul(0x9e37_79b9_7f4a_7c15) & mask(width)).collect();
                uneven.sort_unstable();
                check(&uneven);
            }
        }
    }

    #[test]
    fn runs_and_gaps_read_back() {
        let gap = |i: u64| i / 3000 * 1_000_000_000 + i / 7;
        check(&(0..12_000).map(gap).collect::<Vec<_>>());
        // One number far away: the high bits are nearly all zeros on one side.
        let far: Vec<_> = (0..9000).map(|i| if i < 8999 { 0 } else { 17_000 }).collect();
        assert_eq!(check(&far).width(), 0);
        let late: Vec<_> = (0..9000).map(|i| if i < 1 { 0 } else { 17_000 }).collect();
        check(&late);
    }

    #[test]
    fn the_extremes_are_numbers() {
        assert_eq!(check(&[]).words().len(), 0);
        assert_eq!(check(&[0; 5000]).words().len(), 0);
        assert_eq!(check(&[0, u64::MAX]).words().len(), 4);
        check(&[0, 0, 1, 1, u64::MAX - 1, u64::MAX, u64::MAX]);
    }

    #[test]
    fn the_width_takes_the_fewest_words() {
        for (len, last) in
            [(2, 1), (10, 1 << 40), (1000, 1500), (1000, 3000), (100_000, 123_456_789)]
        {
            let (_, best) = Shape::best(len, last).unwrap();
            let words = (0..=WIDEST).filter_map(|width| Some(Shape::new(len, last, width)?.1));
            assert_eq!(words.min(), Some(best));
        }
    }

    #[test]
    fn numbers_that_cannot_be_counted_are_refused() {
        let refused = EliasFano::build(usize::MAX, |_| 0).err();
        assert_eq!(refused, Some(ReserveError::CapacityOverflow));
        let huge = |index: usize| index as u64;
        let refused = EliasFano::build(isize::MAX as usize, huge).err();
        assert!(refused.is_some());
    }
}
