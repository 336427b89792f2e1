//! Where rows end that lie end to end: two bits a row and those of a row's mean length.
//!
//! Row `i` begins at `least * i + rest[i]`, where every row has at least `least` values. The rests rise from 0, and
//! are kept as Elias and Fano do it:
//!
//! ```text
//! rest      0, 3, 4, 11, 12        low = 2 bits
//! lows      0  3  0   3   0        the lowest bits of each
//! highs     1  1  01  01  01       what is above them, as distances in unary: rest[i] >> 2 zeros before one i
//! samples   0                      where every 64th one is
//! ```
//!
//! So row `i` begins where one `i` of `highs` says: it is found by counting ones from the sample before it, in a word
//! or two, and the one behind it says where the row ends. Rows of one length have no rests, and take no bits at all.
//!
//! P. Elias, "Efficient storage and retrieval by content and address of static files" (JACM 1974); R. Fano (1971).
//! With samples as here, S. Vigna, "Quasi-succinct indices" (WSDM 2013). What is added is the least length, and that
//! the number of low bits follows the rows that are pushed.

use super::super::{BitArray, IntArray};
use crate::raw::Words;
use crate::raw::growth::ReserveError;
use crate::raw::image::{ImageError, Load, LoadWords, Parts, Sections, Stored};
use crate::raw::packed::out_of_range;
use crate::size::{HeapSize, Visitor};
use alloc::boxed::Box;
use core::iter::FusedIterator;
use core::ops::Range;

/// Every so many ones there is a sample.
const EVERY: usize = 64;

/// How many more bits than necessary may be taken before the number of low bits is chosen anew.
const PATIENCE: usize = 512;

pub(super) struct Ends<W = Box<[u64]>> {
    len: usize,
    /// Where the last row ends.
    total: usize,
    /// Invariant: no row is shorter.
    least: usize,
    /// Invariant: less than `usize::BITS`.
    low: u32,
    /// Invariant: empty, where all rows have `least` values; or one `rest[i] >> low` zeros for each distance, and
    /// `len + 1` ones, of which the first and the last are the first and the last bit.
    highs: BitArray<W>,
    /// Invariant: as many as there are ones, each less than `1 << low`.
    lows: IntArray<u64, W>,
    /// Invariant: the position of every [`EVERY`]th one.
    samples: IntArray<u64, W>,
}

impl<W: Words> Ends<W> {
    /// The number of rows.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Where the last row ends.
    #[inline]
    pub(super) fn total(&self) -> usize {
        self.total
    }

    /// The low bits, and the least length.
    pub(super) fn shape(&self) -> (u32, usize) {
        (if self.even() { 0 } else { self.low }, self.least)
    }

    /// Whether all rows are of one length.
    #[inline]
    fn even(&self) -> bool {
        self.highs.is_empty()
    }

    /// Where row `index` begins and ends.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[track_caller]
    pub(super) fn row(&self, index: usize) -> Range<usize> {
        if index >= self.len {
            out_of_range(index, self.len);
        }
        if self.even() {
            let start = self.least * index;
            return start..start + self.least;
        }
        let bit = self.select(index);
        self.place(index, bit)..self.place(index + 1, next_one(self.highs.as_words(), bit + 1))
    }

    /// Where row `index` begins, or the last one ends.
    fn start(&self, index: usize) -> usize {
        match self.even() {
            true => self.least * index,
            false => self.place(index, self.select(index)),
        }
    }

    /// What one `index`, of which the position is known, stands for.
    #[inline]
    fn place(&self, index: usize, bit: usize) -> usize {
        let rest = (bit - index) << self.low | self.lows.value(index) as usize;
        self.least * index + rest
    }

    /// The position of one `index`.
    #[inline]
    fn select(&self, index: usize) -> usize {
        let words = self.highs.as_words();
        let sample = self.samples.value(index / EVERY) as usize;
        let mut before = (index % EVERY) as u32;
        let mut at = sample / 64;
        let mut word = words[at] & u64::MAX << (sample % 64);
        loop {
            let ones = word.count_ones();
            if before < ones {
                return at * 64 + select_in_word(word, before) as usize;
            }
            before -= ones;
            at += 1;
            word = words[at];
        }
    }

    /// Iterates over where rows begin and end.
    pub(super) fn iter(&self) -> Rows<'_, W> {
        let back = self.highs.len().saturating_sub(1);
        Rows { ends: self, front: (0, 0, 0), back: (self.len, back, self.total) }
    }

    /// Panics unless the invariants of the fields hold.
    pub(super) fn check_invariants(&self) {
        self.highs.check_invariants();
        self.lows.check_invariants();
        self.samples.check_invariants();
        self.validate().unwrap_or_else(|wrong| panic!("{wrong}"));
        assert_eq!(self.total, self.start(self.len));
    }

    /// What does not hold of the invariants, however wild the parts are. The parts' own are taken to hold.
    fn validate(&self) -> Result<(), &'static str> {
        if self.even() {
            return match (self.lows.len(), self.samples.len(), self.least.checked_mul(self.len)) {
                (0, 0, Some(total)) if total == self.total => Ok(()),
                _ => Err("rows of one length end elsewhere"),
            };
        }
        let ones = self.len.checked_add(1).ok_or("it has too many rows")?;
        if self.highs.count_ones() != ones
            || self.highs.first() != Some(true)
            || self.highs.last() != Some(true)
            || self.lows.len() != ones
            || self.samples.len() != ones.div_ceil(EVERY)
        {
            return Err("it has more or fewer ends than rows");
        }
        if self.low >= usize::BITS || self.lows.iter().any(|low| low >> self.low != 0) {
            return Err("an end has too many low bits");
        }
        let mut samples = self.samples.iter();
        let mut before = 0;
        for ((index, bit), low) in self.highs.iter_ones().enumerate().zip(&self.lows) {
            if index % EVERY == 0 && samples.next() != Some(bit as u64) {
                return Err("a sample is not where its row begins");
            }
            let rest = u128::from((bit - index) as u64) << self.low | u128::from(low);
            let rest = usize::try_from(rest).map_err(|_| "a row ends behind all memory")?;
            if rest < before || index == 0 && rest != 0 {
                return Err("a row ends before it begins");
            }
            before = rest;
        }
        let total = self.least.checked_mul(self.len).and_then(|least| least.checked_add(before));
        match total == Some(self.total) {
            true => Ok(()),
            false => Err("the last row ends elsewhere"),
        }
    }
}

impl Ends {
    pub(super) fn new() -> Self {
        Self {
            len: 0,
            total: 0,
            least: 0,
            low: 0,
            highs: BitArray::new(),
            lows: IntArray::new(),
            samples: IntArray::new(),
        }
    }

    /// Appends a row of so many values. The end must not overflow. Where memory is refused, nothing has changed.
    pub(super) fn push(&mut self, row: usize) -> Result<(), ReserveError> {
        if self.len == 0 {
            self.least = row;
        }
        if self.even() && row == self.least {
            self.total += row;
            self.len += 1;
            return Ok(());
        }
        // Half of it, so that ever shorter rows cost some passes and not one each.
        let least = if row < self.least { row.min(self.least / 2) } else { self.least };
        let rest = self.total + row - least * (self.len + 1);
        if least < self.least || self.even() {
            return self.refit(least, low_bits(rest, self.len + 2), Some(row));
        }
        let ones = self.len + 2;
        let zeros = rest >> self.low;
        let (many, few) = (zeros > 4 * ones + PATIENCE, zeros < ones / 8 && self.low > 0);
        if (many || few && ones > PATIENCE)
            && self.refit(least, low_bits(rest, ones), Some(row)).is_ok()
        {
            return Ok(());
        }
        self.append(rest, zeros)?;
        self.total += row;
        self.len += 1;
        Ok(())
    }

    /// Appends so many values to the last row. Where memory is refused, nothing has changed.
    pub(super) fn extend_last(&mut self, more: usize) -> Result<(), ReserveError> {
        let last = self.row(self.len - 1).len();
        self.truncate(self.len - 1);
        self.push(last + more).inspect_err(|_| {
            // What was there has its memory still, and the frames that it fits.
            let _ = self.push(last);
        })
    }

    /// Appends a one behind so many zeros in all, which stands for `rest`.
    fn append(&mut self, rest: usize, zeros: usize) -> Result<(), ReserveError> {
        let ones = self.lows.len();
        let bit = zeros.checked_add(ones).ok_or(ReserveError::CapacityOverflow)?;
        let more = bit + 1 - self.highs.len();
        self.highs.try_reserve(more)?;
        self.lows.try_reserve(1)?;
        if ones.is_multiple_of(EVERY) {
            self.samples.try_push(bit as u64).map_err(refused)?;
        }
        if let Err(error) = self.lows.try_push((rest & ((1 << self.low) - 1)) as u64) {
            self.samples.truncate(ones.div_ceil(EVERY));
            return Err(refused(error));
        }
        // The room for them was reserved.
        let _ = self.highs.try_resize(bit, false);
        let _ = self.highs.try_push(true);
        Ok(())
    }

    /// Changes the least length and the number of low bits, and appends a row.
    #[cold]
    #[inline(never)]
    fn refit(&mut self, least: usize, low: u32, row: Option<usize>) -> Result<(), ReserveError> {
        let mut new = Self { least, low, ..Self::new() };
        let total = self.total + row.unwrap_or(0);
        let len = self.len + usize::from(row.is_some());
        let zeros = (total - least * len) >> low;
        new.highs.try_reserve_exact(zeros.saturating_add(len + 1))?;
        new.append(0, 0)?;
        for end in self.iter().map(|row| row.end).chain(row.map(|_| total)) {
            new.len += 1;
            let rest = end - least * new.len;
            new.append(rest, rest >> low)?;
        }
        *self = Self { total, ..new };
        Ok(())
    }

    /// Drops the rows from `len` on. Keeps the memory.
    pub(super) fn truncate(&mut self, len: usize) {
        if len >= self.len {
            return;
        }
        self.total = self.start(len);
        if len == 0 {
            self.highs.clear();
            self.lows.clear();
            self.samples.clear();
        } else if !self.even() {
            self.highs.truncate(self.select(len) + 1);
            self.lows.truncate(len + 1);
            self.samples.truncate((len + 1).div_ceil(EVERY));
        }
        self.len = len;
    }

    /// Takes the fewest bits, and gives all slack back to the allocator.
    pub(super) fn shrink_to_fit(&mut self) {
        let least = self.iter().map(|row| row.len()).min().unwrap_or(0);
        let rest = self.total - least * self.len;
        if rest == 0 {
            *self = Self { len: self.len, total: self.total, least, ..Self::new() };
            return;
        }
        let low = low_bits(rest, self.len + 1);
        if (least, low) != (self.least, self.low) {
            // Without memory for the new form, the old one stays.
            let _ = self.refit(least, low, None);
        }
        self.highs.shrink_to_fit();
        self.lows.shrink_to_fit();
        self.samples.shrink_to_fit();
    }
}

/// The number of low bits that takes the fewest bits for so many ones up to `rest`.
fn low_bits(rest: usize, ones: usize) -> u32 {
    let about = (rest / ones).checked_ilog2().unwrap_or(0);
    let bits = |low: &u32| (rest >> low) as u128 + ones as u128 * u128::from(*low);
    [about, about + 1]
        .into_iter()
        .filter(|low| *low < usize::BITS - 1)
        .min_by_key(bits)
        .unwrap_or(0)
}

fn refused<T>(error: super::super::StoreError<T>) -> ReserveError {
    match error.cause() {
        super::super::StoreErrorCause::Reserve(error) => error,
        cause => unreachable!("integers without nulls have codes: {cause}"),
    }
}

/// The position of the first one from `bit` on.
#[inline]
fn next_one(words: &[u64], bit: usize) -> usize {
    let mut at = bit / 64;
    let mut word = words[at] & u64::MAX << (bit % 64);
    while word == 0 {
        at += 1;
        word = words[at];
    }
    at * 64 + word.trailing_zeros() as usize
}

/// The position of the last one before `bit`.
#[inline]
fn one_before(words: &[u64], bit: usize) -> usize {
    let mut at = bit / 64;
    let mut word = words[at] & ((1 << (bit % 64)) - 1);
    while word == 0 {
        at -= 1;
        word = words[at];
    }
    at * 64 + 63 - word.leading_zeros() as usize
}

/// The position of the one in `word` that has `before` ones before it.
#[inline]
fn select_in_word(word: u64, before: u32) -> u32 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let pairs = word - (word >> 1 & 0x5555_5555_5555_5555);
    let fours = (pairs & 0x3333_3333_3333_3333) + (pairs >> 2 & 0x3333_3333_3333_3333);
    // The ones of each byte, and then those of it and the bytes below.
    let upto = ((fours + (fours >> 4)) & (0x0f * EACH)).wrapping_mul(EACH);
    // The top bit of a byte stays set where that many are enough.
    let enough = ((upto | (0x80 * EACH)) - u64::from(before + 1) * EACH) & (0x80 * EACH);
    let shift = enough.trailing_zeros() & !7;
    let mut byte = word >> shift & 0xff;
    for _ in 0..before - ((upto << 8 >> shift) & 0xff) as u32 {
        byte &= byte - 1;
    }
    shift + byte.trailing_zeros()
}

/// An iterator over where rows begin and end.
pub(super) struct Rows<'a, W> {
    ends: &'a Ends<W>,
    /// The next row, the position of its one, and where it begins.
    front: (usize, usize, usize),
    /// The row behind the last one, the position of its one, and where it begins.
    back: (usize, usize, usize),
}

impl<W: Words> Iterator for Rows<'_, W> {
    type Item = Range<usize>;

    #[inline]
    fn next(&mut self) -> Option<Range<usize>> {
        let (index, bit, start) = self.front;
        if index == self.back.0 {
            return None;
        }
        let (bit, end) = if self.ends.even() {
            (0, start + self.ends.least)
        } else {
            let bit = next_one(self.ends.highs.as_words(), bit + 1);
            (bit, self.ends.place(index + 1, bit))
        };
        self.front = (index + 1, bit, end);
        Some(start..end)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let len = self.back.0 - self.front.0;
        (len, Some(len))
    }

    fn nth(&mut self, n: usize) -> Option<Range<usize>> {
        let index = self.front.0.saturating_add(n).min(self.back.0);
        if n > 0 && index < self.back.0 {
            let bit = if self.ends.even() { 0 } else { self.ends.select(index) };
            let start = if self.ends.even() {
                self.ends.least * index
            } else {
                self.ends.place(index, bit)
            };
            self.front = (index, bit, start);
        } else if n > 0 {
            self.front = self.back;
        }
        self.next()
    }
}

impl<W: Words> DoubleEndedIterator for Rows<'_, W> {
    #[inline]
    fn next_back(&mut self) -> Option<Range<usize>> {
        let (index, bit, end) = self.back;
        if index == self.front.0 {
            return None;
        }
        let (bit, start) = if self.ends.even() {
            (0, end - self.ends.least)
        } else {
            let bit = one_before(self.ends.highs.as_words(), bit);
            (bit, self.ends.place(index - 1, bit))
        };
        self.back = (index - 1, bit, start);
        Some(start..end)
    }
}

impl<W: Words> ExactSizeIterator for Rows<'_, W> {}
impl<W: Words> FusedIterator for Rows<'_, W> {}

impl<W> Clone for Rows<'_, W> {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

impl<V: Words, W: Words> PartialEq<Ends<V>> for Ends<W> {
    /// True where the rows are of equal lengths, however they are kept.
    fn eq(&self, other: &Ends<V>) -> bool {
        self.len == other.len && self.total == other.total && self.iter().eq(other.iter())
    }
}

impl Copy for Ends<&[u64]> {}

impl<W: Words> Clone for Ends<W> {
    /// Copies the ends, but not the slack.
    fn clone(&self) -> Self {
        let (highs, lows) = (self.highs.clone(), self.lows.clone());
        Self { highs, lows, samples: self.samples.clone(), ..*self }
    }
}

impl<W: Words> HeapSize for Ends<W> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("highs", &self.highs);
        visitor.field("lows", &self.lows);
        visitor.field("samples", &self.samples);
    }

    fn owns_heap() -> bool {
        W::OWNED
    }
}

impl<W: Words> Ends<W> {
    pub(super) fn store<'s>(&'s self, image: &mut Sections<'s>) {
        image.field(self.len as u64);
        image.field(self.total as u64);
        image.field(self.least as u64);
        image.field(self.low.into());
        self.highs.store(image);
        self.lows.store(image);
        self.samples.store(image);
    }

    pub(super) fn load<'a>(parts: &mut Parts<'a>) -> Result<Self, ImageError>
    where
        W: LoadWords<'a>,
    {
        let ends = Self {
            len: parts.field_up_to(usize::MAX)?,
            total: parts.field_up_to(usize::MAX)?,
            least: parts.field_up_to(usize::MAX)?,
            low: parts.field_up_to(usize::BITS as usize - 1)? as u32,
            highs: BitArray::load(parts)?,
            lows: IntArray::load(parts)?,
            samples: IntArray::load(parts)?,
        };
        ends.validate().map_err(ImageError::Invalid)?;
        Ok(ends)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    #[test]
    fn the_one_is_found_in_every_word() {
        let mut word = 0x9e37_79b9_7f4a_7c15_u64;
        for round in 0..200 {
            word = word.wrapping_mul(0xd129_0b3b_7f4a_7c15).rotate_left(23) | 1 << (round % 64);
            let word = if round % 3 == 0 { word & word.rotate_left(round) | 1 } else { word };
            let ones = (0..64).filter(|bit| word >> bit & 1 == 1);
            for (before, bit) in ones.enumerate() {
                assert_eq!(select_in_word(word, before as u32), bit);
            }
        }
        assert_eq!(select_in_word(u64::MAX, 63), 63);
        assert_eq!(select_in_word(1 << 63, 0), 63);
    }

    #[test]
    fn rows_of_one_length_take_no_bits() {
        let mut ends = Ends::new();
        (0..1000).for_each(|_| ends.push(7).unwrap());
        assert_eq!((ends.heap_bytes(), ends.row(999)), (0, 6993..7000));
        ends.push(8).unwrap();
        assert_eq!((ends.row(999), ends.row(1000)), (6993..7000, 7000..7008));
        ends.truncate(1000);
        ends.shrink_to_fit();
        ends.check_invariants();
        assert_eq!((ends.heap_bytes(), ends.shape()), (0, (0, 7)));
    }

    #[test]
    fn ever_shorter_and_ever_longer_rows_stay_near_the_bound() {
        for rows in [(0..5000).rev().collect::<Vec<usize>>(), (0..5000).collect(), vec![1 << 40, 1]]
        {
            let mut ends = Ends::new();
            rows.iter().for_each(|&row| ends.push(row).unwrap());
            ends.shrink_to_fit();
            ends.check_invariants();
            let mean = (ends.total() / rows.len()).max(1).ilog2() as usize + 1;
            let bound = (rows.len() + 1) * (2 + mean) / 8 + rows.len() / 16 + 64;
            assert!(ends.heap_bytes() <= bound, "{} of {bound}", ends.heap_bytes());
        }
    }

    #[test]
    fn rows_beyond_four_gibibytes_have_places() {
        let mut ends = Ends::new();
        (0..300).for_each(|i| ends.push((1 << 33) + i).unwrap());
        ends.check_invariants();
        assert_eq!(ends.row(299).len(), (1 << 33) + 299);
        assert_eq!(ends.row(299).start, 299 * (1 << 33) + 299 * 298 / 2);
    }

    #[derive(Clone, Debug)]
    enum Step {
        Push(usize),
        Truncate(usize),
        Shrink,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            8 => (0..20_usize).prop_map(Step::Push),
            1 => (0..60_u32).prop_map(|bits| Step::Push(1 << (bits / 2))),
            1 => (0..200_usize).prop_map(Step::Truncate),
            1 => Just(Step::Shrink),
        ]
    }

    proptest! {
        #[test]
        fn ends_are_those_of_a_list(steps in prop::collection::vec(step(), 0..400)) {
            let (mut ends, mut list) = (Ends::new(), Vec::<Range<usize>>::new());
            for step in steps {
                match step {
                    Step::Push(row) => {
                        let start = ends.total();
                        ends.push(row).unwrap();
                        list.push(start..start + row);
                    }
                    Step::Truncate(less) => {
                        let len = list.len().saturating_sub(less);
                        ends.truncate(len);
                        list.truncate(len);
                    }
                    Step::Shrink => ends.shrink_to_fit(),
                }
            }
            ends.check_invariants();
            prop_assert!(ends.iter().eq(list.iter().cloned()));
            prop_assert!(ends.iter().rev().eq(list.iter().rev().cloned()));
            for (index, row) in list.iter().enumerate() {
                prop_assert_eq!(&ends.row(index), row);
                prop_assert_eq!(ends.iter().nth(index), Some(row.clone()));
            }
        }
    }
}
