//! Numbers as codes into a table of the distinct ones.
//!
//! ```text
//! entries   the distinct numbers, rising from 0, in lanes of 8, 16, 32 or 64 bits | padding
//! codes     the place of each number among the entries                            | padding
//! ```
//!
//! Both are packed as everywhere; that the lanes are whole bytes lets a scan load an entry at once, where taking one
//! out of bits would cost it twice the time. Where there are nulls, code 0 is null, and a code is the place of the
//! number plus 1. Null counts as 0 in a sum, as the least number does.
//!
//! A sum looks up bytes in registers where the processor can and the table is small, and adds up loads elsewhere.

use super::Words;
#[cfg(target_arch = "x86_64")]
use super::cpu::Avx512;
use super::growth::{self, ReserveError};
use super::packed::{BLOCK, Packed, bits_for, mask, write_codes};
#[cfg(target_arch = "x86_64")]
use super::unpack::lookup::{self, Planes};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ops::Range;

pub(crate) struct Dictionary<W = Box<[u64]>> {
    /// Invariant: laid out as above, by the shape. The entries rise from 0, and every code is less than their number
    /// and `nulls`.
    words: W,
    shape: Shape,
}

/// What tells the layout.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shape {
    /// The number of codes.
    pub(crate) len: usize,
    /// The number of entries.
    pub(crate) distinct: u32,
    /// The bits of an entry: 8, 16, 32 or 64, or none where no entry is more than 0.
    lane: u8,
    /// Whether code 0 is null.
    pub(crate) nulls: bool,
}

impl Shape {
    /// The shape of so many numbers, of which so many are distinct and the highest has so many bits.
    pub(crate) fn new(len: usize, distinct: u32, entry_bits: u32, nulls: bool) -> Self {
        let lane = if entry_bits == 0 { 0 } else { entry_bits.next_power_of_two().max(8) };
        Self { len, distinct, lane: lane as u8, nulls }
    }

    /// The bits of a code.
    pub(crate) fn width(self) -> u32 {
        let codes = u64::from(self.distinct) + u64::from(self.nulls);
        bits_for(codes.saturating_sub(1))
    }

    /// The bits of an entry.
    pub(crate) fn lane(self) -> u32 {
        self.lane.into()
    }

    /// The words of the entries, or `None` where they cannot be counted.
    fn entry_words(self) -> Option<usize> {
        Packed::<&[u64]>::words_for(usize::try_from(self.distinct).ok()?, self.lane())
    }

    /// The words of such a dictionary, or `None` where they cannot be counted.
    pub(crate) fn words(self) -> Option<usize> {
        let codes = Packed::<&[u64]>::words_for(self.len, self.width())?;
        self.entry_words()?.checked_add(codes)
    }

    /// The shape as fields of an image.
    pub(crate) fn fields(self) -> [u64; 4] {
        [self.len as u64, self.distinct.into(), self.lane.into(), self.nulls.into()]
    }

    /// The shape that such fields tell, if there is one.
    pub(crate) fn from_fields([len, distinct, lane, nulls]: [u64; 4]) -> Option<Self> {
        let (len, distinct) = (usize::try_from(len).ok()?, u32::try_from(distinct).ok()?);
        let shape = Self::new(len, distinct, u32::try_from(lane).ok()?.min(64), nulls == 1);
        let whole = shape.fields() == [len as u64, distinct.into(), lane, nulls];
        // A code for null and each entry, a number for each code, and a code for each number.
        let codes = distinct.checked_add(nulls as u32)? as usize;
        (whole && codes <= len && (codes > 0 || len == 0)).then_some(shape)
    }
}

impl Copy for Dictionary<&[u64]> {}

impl<W: Words> Clone for Dictionary<W> {
    fn clone(&self) -> Self {
        Self { words: self.words.copy(self.words().len()), shape: self.shape }
    }
}

impl<W: Words> Dictionary<W> {
    #[inline]
    pub(crate) fn shape(&self) -> Shape {
        self.shape
    }

    #[inline]
    pub(crate) fn words(&self) -> &[u64] {
        self.words.words()
    }

    /// The entries, in place.
    #[inline]
    pub(crate) fn entries(&self) -> Packed<&[u64]> {
        let end = self.shape.entry_words().unwrap_or(0);
        Packed::within(&self.words()[..end], self.shape.distinct as usize, self.shape.lane())
    }

    /// The codes, in place.
    #[inline]
    pub(crate) fn codes(&self) -> Packed<&[u64]> {
        let start = self.shape.entry_words().unwrap_or(0);
        Packed::within(&self.words()[start..], self.shape.len, self.shape.width())
    }

    /// The number at `index`, or null, where two loads at most find it. For callers that go on to
    /// [`get_otherwise`](Self::get_otherwise).
    #[inline(always)]
    pub(crate) fn get_by_loads(&self, index: usize) -> Option<Option<u64>> {
        let Shape { len, distinct, lane, nulls } = self.shape;
        if index >= len || lane == 0 || cfg!(target_endian = "big") {
            return None;
        }
        // Codes of 1 to 32 bits: where entries have any, there are two numbers, or one and null.
        let width = bits_for(u64::from(distinct) - u64::from(!nulls));
        let lane = usize::from(lane);
        let codes = (distinct as usize * lane).div_ceil(64) + 1;
        let bit = index * width as usize;
        let bytes = bytemuck::cast_slice::<u64, u8>(self.words());
        let load = |at: usize| Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
        let code = load(codes * 8 + bit / 8)? >> (bit % 8) & mask(width);
        let Some(place) = code.checked_sub(nulls.into()) else { return Some(None) };
        Some(Some(load(place as usize * (lane / 8))? & mask(lane as u32)))
    }

    /// The number at `index` wherever it is, or `None` where it is null.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[cold]
    #[inline(never)]
    #[track_caller]
    pub(crate) fn get_otherwise(&self, index: usize) -> Option<u64> {
        self.number(self.codes().get(index))
    }

    /// The number of a code, or `None` where it is null.
    ///
    /// # Panics
    ///
    /// Panics when there is no such code.
    #[inline]
    #[track_caller]
    pub(crate) fn number(&self, code: u64) -> Option<u64> {
        let place = code.checked_sub(self.shape.nulls.into())?;
        Some(self.entries().get(place as usize))
    }

    /// The code of a number, if it has one.
    pub(crate) fn code(&self, number: u64) -> Option<u32> {
        let entries = self.entries();
        let (mut low, mut high) = (0, entries.len());
        while low < high {
            let middle = low.midpoint(high);
            if entries.get(middle) < number {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let found = low < entries.len() && entries.get(low) == number;
        found.then(|| low as u32 + u32::from(self.shape.nulls))
    }

    /// The lowest and the highest number.
    pub(crate) fn bounds(&self) -> Option<(u64, u64)> {
        let entries = self.entries();
        let last = entries.len().checked_sub(1)?;
        Some((entries.get(0), entries.get(last)))
    }

    /// Calls `f` with the codes of a range, in order, in slices of at most [`BLOCK`].
    pub(crate) fn for_each_code(&self, range: Range<usize>, f: &mut dyn FnMut(&[u32])) {
        let codes = self.codes();
        if codes.is_narrow() {
            return codes.for_each_narrow(range, |codes| f(codes));
        }
        let mut narrow = [0; BLOCK];
        codes.for_each_wide(range, |codes| {
            for (narrow, &code) in narrow.iter_mut().zip(codes) {
                *narrow = code as u32;
            }
            f(&narrow[..codes.len()]);
        });
    }

    /// Calls `f` with the codes of a range and the numbers of these, in order, in slices of at most [`BLOCK`]. The
    /// number of null is 0.
    pub(crate) fn for_each(&self, range: Range<usize>, f: &mut dyn FnMut(&[u32], &[u64])) {
        let mut numbers = [0; BLOCK];
        let (lanes, nulls) = (self.lanes(), self.shape.nulls);
        self.for_each_code(range, &mut |codes| {
            let numbers = &mut numbers[..codes.len()];
            lanes.look_up(codes, nulls, numbers);
            f(codes, numbers);
        });
    }

    /// How often a code occurs.
    pub(crate) fn count(&self, code: u32) -> usize {
        if self.shape.width() == 0 {
            // All are code 0, and may be more than can be looked at.
            return if code == 0 { self.shape.len } else { 0 };
        }
        let mut count = 0;
        self.for_each_code(0..self.shape.len, &mut |codes| {
            count += codes.iter().filter(|&&other| other == code).count();
        });
        count
    }

    /// Adds up how often each code occurs: `counts[code]`.
    pub(crate) fn count_codes(&self, counts: &mut [usize]) {
        if self.shape.width() == 0 {
            return counts.iter_mut().take(1).for_each(|count| *count += self.shape.len);
        }
        /// So many codes get four counters each, so that equal neighbours do not wait for one another.
        const FEW: usize = 256;
        if counts.len() > FEW {
            return self.for_each_code(0..self.shape.len, &mut |codes| {
                codes.iter().for_each(|&code| counts[code as usize] += 1);
            });
        }
        let mut quarters = [[0_usize; FEW]; 4];
        self.for_each_code(0..self.shape.len, &mut |codes| {
            let (fours, rest) = codes.as_chunks::<4>();
            for four in fours {
                for (quarter, &code) in quarters.iter_mut().zip(four) {
                    quarter[code as usize] += 1;
                }
            }
            rest.iter().for_each(|&code| quarters[0][code as usize] += 1);
        });
        for (code, count) in counts.iter_mut().enumerate() {
            *count += quarters.iter().map(|quarter| quarter[code]).sum::<usize>();
        }
    }

    /// The sum of the numbers that are not null.
    pub(crate) fn sum(&self) -> u128 {
        if self.shape.lane == 0 {
            return 0;
        }
        #[cfg(target_arch = "x86_64")]
        if let Some(avx512) = Avx512::detect()
            && self.pays_in_registers()
        {
            return self.sum_in_registers(avx512);
        }
        self.sum_by_loads()
    }

    fn sum_by_loads(&self) -> u128 {
        let (lanes, nulls) = (self.lanes(), self.shape.nulls);
        let mut sum = 0;
        self.for_each_code(0..self.shape.len, &mut |codes| sum += lanes.sum(codes, nulls));
        sum
    }

    /// Whether a sum that looks up bytes is the faster one: where there are few groups of codes, since each is looked
    /// at for all codes and all bytes of an entry, and more codes than entries, which are taken apart first.
    #[cfg(target_arch = "x86_64")]
    fn pays_in_registers(&self) -> bool {
        let Shape { len, distinct, lane, nulls } = self.shape;
        let codes = distinct as usize + usize::from(nulls);
        let passes = usize::from(lane).div_ceil(16);
        let lookups = codes.div_ceil(lookup::GROUP) * passes;
        codes <= lookup::MOST && lookups <= lookup::MOST / lookup::GROUP && len >= 4 * codes
    }

    /// Two bytes of each entry at a time.
    #[cfg(target_arch = "x86_64")]
    fn sum_in_registers(&self, avx512: Avx512) -> u128 {
        let mut planes = Planes::new(self.shape.distinct as usize + usize::from(self.shape.nulls));
        let lanes = self.lanes();
        let sums = (0..self.shape.lane()).step_by(16).map(|shift| {
            let from = usize::from(self.shape.nulls);
            lanes.split(shift, planes.from(from));
            avx512.sum_looked_up(self.codes(), &planes) << shift
        });
        sums.sum()
    }

    fn lanes(&self) -> Lanes<'_> {
        let entries = self.entries();
        if cfg!(target_endian = "big") {
            return Lanes::Packed(entries);
        }
        let (words, count) = (self.words(), entries.len());
        match self.shape.lane {
            8 => Lanes::U8(&bytemuck::cast_slice(words)[..count]),
            16 => Lanes::U16(&bytemuck::cast_slice(words)[..count]),
            32 => Lanes::U32(&bytemuck::cast_slice(words)[..count]),
            64 => Lanes::U64(&words[..count]),
            // The one entry, or what null is looked up as.
            _ => Lanes::U8(&[0]),
        }
    }

    /// A dictionary in words of which the shape tells the number; what is wrong, where they are none.
    pub(crate) fn from_words(words: W, shape: Shape) -> Result<Self, &'static str> {
        if shape.words() != Some(words.words().len()) {
            return Err("its words are fewer or more than it needs");
        }
        let dictionary = Self { words, shape };
        dictionary.validate()?;
        Ok(dictionary)
    }

    /// What is wrong with the words, if anything is.
    fn validate(&self) -> Result<(), &'static str> {
        let (entries, codes) = self.words().split_at(self.shape.entry_words().unwrap_or(0));
        let distinct = self.shape.distinct as usize;
        let entries = Packed::from_words(entries, distinct, self.shape.lane());
        let codes = Packed::from_words(codes, self.shape.len, self.shape.width());
        let (Some(entries), Some(_)) = (entries, codes) else {
            return Err("a bit behind the last code is set");
        };
        let rising = (1..distinct).all(|place| entries.get(place - 1) < entries.get(place));
        if !rising || self.bounds().is_some_and(|(low, _)| low != 0) {
            return Err("the entries do not rise from zero");
        }
        let highest = self.bounds().map_or(0, |(_, high)| high);
        let Shape { len, distinct, nulls, .. } = self.shape;
        if Shape::new(len, distinct, bits_for(highest), nulls) != self.shape {
            return Err("the entries have too many bits");
        }
        let count = distinct as usize + usize::from(nulls);
        let mut seen = Vec::new();
        let room = growth::reserve_exact(&mut seen, count.div_ceil(64));
        room.map_err(|_| "there is no memory to validate it")?;
        seen.resize(count.div_ceil(64), 0_u64);
        let mut highest = 0;
        // Codes without bits are all the same, and may be more than can be looked at.
        let looked_at = if self.shape.width() == 0 { len.min(1) } else { len };
        self.for_each_code(0..looked_at, &mut |codes| {
            for &code in codes {
                highest = highest.max(code as usize);
                if let Some(word) = seen.get_mut(code as usize / 64) {
                    *word |= 1 << (code % 64);
                }
            }
        });
        if highest >= count.max(1) {
            return Err("a code stands for no entry");
        }
        match seen.iter().map(|word| word.count_ones() as usize).sum::<usize>() == count {
            true => Ok(()),
            false => Err("an entry has no code"),
        }
    }

    pub(crate) fn check_invariants(&self) {
        assert_eq!(self.shape.words(), Some(self.words().len()));
        assert_eq!(self.validate(), Ok(()));
    }
}

impl Dictionary {
    /// Packs numbers by the entries, which rise from 0: `code(i)` is the code of the `i`-th. Allocates exactly.
    pub(crate) fn build(
        len: usize,
        nulls: bool,
        entries: &[u64],
        code: impl Fn(usize) -> u64,
    ) -> Result<Self, ReserveError> {
        // Null needs a code beside those of the entries.
        let distinct = u32::try_from(entries.len() + usize::from(nulls));
        let distinct = distinct.map_err(|_| ReserveError::CapacityOverflow)? - u32::from(nulls);
        let highest = entries.last().copied().unwrap_or(0);
        let shape = Shape::new(len, distinct, bits_for(highest), nulls);
        let mut words = Box::default();
        growth::set_words(&mut words, shape.words().ok_or(ReserveError::CapacityOverflow)?)?;
        let (table, codes) = words.split_at_mut(shape.entry_words().unwrap_or(0));
        if shape.lane > 0 {
            write_codes(table, (0, 0), shape.lane(), entries.len(), |place| entries[place]);
        }
        if shape.width() > 0 {
            write_codes(codes, (0, 0), shape.width(), len, code);
        }
        Ok(Self { words, shape })
    }
}

/// The entries as they lie in memory.
#[derive(Clone, Copy)]
enum Lanes<'a> {
    U8(&'a [u8]),
    U16(&'a [u16]),
    U32(&'a [u32]),
    U64(&'a [u64]),
    /// In words of which the bytes are in another order.
    Packed(Packed<&'a [u64]>),
}

/// Calls a function with the entries, of whichever type they are.
macro_rules! with_entries {
    ($lanes:expr, $call:path, $($argument:expr),*) => {
        match $lanes {
            Lanes::U8(entries) => $call(entries, $($argument),*),
            Lanes::U16(entries) => $call(entries, $($argument),*),
            Lanes::U32(entries) => $call(entries, $($argument),*),
            Lanes::U64(entries) => $call(entries, $($argument),*),
            Lanes::Packed(entries) => $call(entries, $($argument),*),
        }
    };
}

impl Lanes<'_> {
    /// The numbers of codes.
    fn look_up(self, codes: &[u32], nulls: bool, numbers: &mut [u64]) {
        with_entries!(self, look_up, codes, nulls, numbers);
    }

    /// The sum of the numbers of a block of codes.
    fn sum(self, codes: &[u32], nulls: bool) -> u128 {
        match self {
            // Such sums would not fit 64 bits.
            Self::U64(entries) => sum_wide(entries, codes, nulls),
            Self::Packed(entries) => sum_wide(entries, codes, nulls),
            Self::U8(entries) => sum(entries, codes, nulls).into(),
            Self::U16(entries) => sum(entries, codes, nulls).into(),
            Self::U32(entries) => sum(entries, codes, nulls).into(),
        }
    }

    /// Eight bits of each entry, from `shift` on, and the eight behind them.
    #[cfg(target_arch = "x86_64")]
    fn split(self, shift: u32, planes: [&mut [u8]; 2]) {
        with_entries!(self, split, shift, planes);
    }
}

/// Numbers by their place.
trait Entries: Copy {
    fn count(self) -> usize;
    fn at(self, place: usize) -> u64;
}

impl<T: Copy + Into<u64>> Entries for &[T] {
    #[inline(always)]
    fn count(self) -> usize {
        self.len()
    }

    #[inline(always)]
    fn at(self, place: usize) -> u64 {
        self[place].into()
    }
}

impl Entries for Packed<&[u64]> {
    fn count(self) -> usize {
        self.len()
    }

    fn at(self, place: usize) -> u64 {
        self.get(place)
    }
}

fn look_up<E: Entries>(entries: E, codes: &[u32], nulls: bool, numbers: &mut [u64]) {
    match nulls {
        true => look_up_by(codes, numbers, |code| entries.at(code.saturating_sub(1) as usize)),
        false => look_up_by(codes, numbers, |code| entries.at(code as usize)),
    }
}

/// Eight at a time.
#[inline(never)]
fn look_up_by(codes: &[u32], numbers: &mut [u64], number: impl Fn(u32) -> u64) {
    let (eights, rest) = codes.as_chunks::<8>();
    let (slots, last) = numbers.as_chunks_mut::<8>();
    for (slots, &codes) in slots.iter_mut().zip(eights) {
        *slots = codes.map(&number);
    }
    for (slot, &code) in last.iter_mut().zip(rest) {
        *slot = number(code);
    }
}

fn sum_wide<E: Entries>(entries: E, codes: &[u32], nulls: bool) -> u128 {
    let number = |&code: &u32| entries.at(code.saturating_sub(nulls.into()) as usize);
    codes.iter().map(|code| u128::from(number(code))).sum()
}

/// The sum of the numbers of a block of codes, which fits.
fn sum<E: Entries>(entries: E, codes: &[u32], nulls: bool) -> u64 {
    match nulls {
        true => sum_by(codes, |code| entries.at(code.saturating_sub(1) as usize)),
        false => sum_by(codes, |code| entries.at(code as usize)),
    }
}

/// Four sums at a time, which do not wait for one another. Out of line: where it is compiled for wider vectors, it
/// collects what it loads in them, which takes longer.
#[inline(never)]
fn sum_by(codes: &[u32], number: impl Fn(u32) -> u64) -> u64 {
    let mut sums = [0_u64; 4];
    let (fours, rest) = codes.as_chunks::<4>();
    for four in fours {
        for (sum, &code) in sums.iter_mut().zip(four) {
            *sum = sum.wrapping_add(number(code));
        }
    }
    let rest = rest.iter().fold(0_u64, |sum, &code| sum.wrapping_add(number(code)));
    sums.into_iter().fold(rest, u64::wrapping_add)
}

#[cfg(target_arch = "x86_64")]
fn split<E: Entries>(entries: E, shift: u32, [low, high]: [&mut [u8]; 2]) {
    let places = 0..entries.count().min(low.len()).min(high.len());
    for place in places.clone() {
        low[place] = (entries.at(place) >> shift) as u8;
    }
    for place in places {
        high[place] = (entries.at(place) >> shift >> 8) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many entries, rising from 0 to one of so many bits.
    fn entries(distinct: usize, bits: u32) -> Vec<u64> {
        let last = (distinct as u64 - 1).max(1);
        let at = |place: u64| u128::from(mask(bits)) * u128::from(place) / u128::from(last);
        (0..distinct as u64).map(|place| at(place) as u64).collect()
    }

    /// Codes that spread over all there are, and have each of them.
    fn codes(len: usize, count: usize) -> Vec<u64> {
        let spread = |index: usize| (index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
        let mut codes: Vec<u64> = (0..len).map(|index| spread(index) % count as u64).collect();
        (0..count).for_each(|code| codes[code * len / count] = code as u64);
        codes
    }

    fn check(len: usize, entries: &[u64], nulls: bool) -> Dictionary {
        let count = entries.len() + usize::from(nulls);
        let codes = codes(len, count);
        let dictionary = Dictionary::build(len, nulls, entries, |index| codes[index]).unwrap();
        dictionary.check_invariants();
        let number = |code: u64| match nulls {
            true => code.checked_sub(1).map(|place| entries[place as usize]),
            false => Some(entries[code as usize]),
        };
        let expected: Vec<_> = codes.iter().map(|&code| number(code)).collect();
        let otherwise = |index| dictionary.get_otherwise(index);
        assert!((0..len).map(otherwise).eq(expected.iter().copied()));
        let by_loads = |index| dictionary.get_by_loads(index).unwrap_or_else(|| otherwise(index));
        assert!((0..len).map(by_loads).eq(expected.iter().copied()));
        assert_eq!(dictionary.get_by_loads(len), None);
        for range in [0..len, len / 3..len, len / 2..len / 2, len / 4..len - len / 4] {
            let mut read = Vec::new();
            dictionary.for_each(range.clone(), &mut |codes, numbers| {
                assert_eq!(codes.len(), numbers.len());
                read.extend(codes.iter().zip(numbers).map(|(&code, &number)| (code, number)));
            });
            let pairs = codes[range.clone()].iter().zip(&expected[range]);
            let pairs = pairs.map(|(&code, number)| (code as u32, number.unwrap_or(0)));
            assert!(read.into_iter().eq(pairs));
        }
        let sum = expected.iter().flatten().map(|&number| u128::from(number)).sum::<u128>();
        for sum_of in sums(&dictionary) {
            assert_eq!(sum_of, sum, "{len} codes, {:?}", dictionary.shape());
        }
        let mut counts = alloc::vec![0; count];
        dictionary.count_codes(&mut counts);
        assert_eq!(counts.iter().sum::<usize>(), len);
        for (code, &count) in counts.iter().enumerate().step_by(7) {
            let same = codes.iter().filter(|&&other| other == code as u64).count();
            assert_eq!(count, same);
        }
        let found = entries.iter().map(|&entry| dictionary.code(entry));
        assert!(found.eq((u32::from(nulls)..count as u32).map(Some)));
        dictionary
    }

    /// The sum by every path that this processor has.
    fn sums(dictionary: &Dictionary) -> Vec<u128> {
        let mut sums = alloc::vec![dictionary.sum(), dictionary.sum_by_loads()];
        // As on machines of another byte order.
        let (mut sum, lanes) = (0, Lanes::Packed(dictionary.entries()));
        let Shape { len, nulls, distinct, .. } = dictionary.shape();
        dictionary.for_each_code(0..if distinct > 0 { len } else { 0 }, &mut |codes| {
            sum += lanes.sum(codes, nulls);
        });
        sums.push(sum);
        #[cfg(target_arch = "x86_64")]
        if let (Some(avx512), 1..=12) = (Avx512::detect(), dictionary.shape.width()) {
            sums.push(dictionary.sum_in_registers(avx512));
        }
        sums
    }

    #[test]
    fn every_width_of_codes_and_lane_of_entries_reads_back_and_sums_by_every_path() {
        for distinct in [2, 3, 5, 8, 15, 31, 64, 100, 127, 128, 129, 200, 255, 256] {
            for bits in [8, 9, 16, 17, 31, 32, 33, 40, 48, 63, 64] {
                for nulls in [false, true] {
                    check(distinct + 1 + bits as usize * 7, &entries(distinct, bits), nulls);
                }
            }
        }
        for distinct in [257, 511, 512, 1000, 1024, 2048, 3000, 4095, 4096, 4097, 9000] {
            for (bits, nulls) in [(14, false), (16, true), (20, true), (37, false), (64, true)] {
                check(4 * distinct + 77, &entries(distinct, bits), nulls);
            }
        }
    }

    #[test]
    fn sums_of_the_largest_entries_do_not_overflow_a_lane() {
        for bits in [8, 16, 32, 64] {
            let codes = |index: usize| u64::from(index > 0);
            let dictionary = Dictionary::build(70_000, false, &[0, mask(bits)], codes).unwrap();
            let sum = u128::from(mask(bits)) * 69_999;
            assert!(sums(&dictionary).iter().all(|&other| other == sum), "{bits} bits");
        }
    }

    #[test]
    fn one_number_takes_no_words_and_nulls_a_bit_each() {
        assert_eq!(check(1000, &[0], false).words().len(), 0);
        let nulls = Dictionary::build(1000, true, &[], |_| 0).unwrap();
        nulls.check_invariants();
        assert_eq!((nulls.words().len(), nulls.get_otherwise(999), nulls.sum()), (0, None, 0));
        assert_eq!(check(1000, &[0], true).words().len(), 1000_usize.div_ceil(64) + 1);
        let empty = Dictionary::build(0, false, &[], |_| 0).unwrap();
        empty.check_invariants();
        assert_eq!((empty.words().len(), empty.bounds()), (0, None));
    }

    #[test]
    fn as_many_equal_numbers_as_can_be_are_not_looked_at_one_by_one() {
        let len = isize::MAX as usize;
        for (entries, nulls) in [(&[0][..], false), (&[], true)] {
            let dictionary = Dictionary::build(len, nulls, entries, |_| 0).unwrap();
            dictionary.check_invariants();
            let mut counts = [0];
            dictionary.count_codes(&mut counts);
            assert_eq!((dictionary.count(0), dictionary.count(1), counts), (len, 0, [len]));
            let number = (!nulls).then_some(0);
            assert_eq!((dictionary.sum(), dictionary.get_otherwise(len - 1)), (0, number));
        }
    }

    #[test]
    fn codes_of_more_than_25_bits_are_narrowed() {
        // As many as that would take a gigabyte: the words of another shape serve as well.
        let shape = Shape::new(600, (1 << 26) + 1, 0, false);
        let words = alloc::vec![0x0123_4567_89ab_cdef_u64; shape.words().unwrap()];
        let dictionary = Dictionary { words: &words[..], shape };
        assert_eq!(shape.width(), 27);
        let mut codes = Vec::new();
        dictionary.for_each_code(7..600, &mut |block| codes.extend_from_slice(block));
        let expected = (7..600).map(|index| dictionary.codes().get(index) as u32);
        assert!(codes.into_iter().eq(expected));
    }

    #[test]
    fn words_that_are_no_dictionary_are_refused() {
        let good = check(500, &entries(5, 16), false);
        let with = |shape: Shape, change: &dyn Fn(&mut [u64])| {
            let mut words: Vec<u64> = good.words().into();
            change(&mut words);
            Dictionary::from_words(&words[..], shape).err()
        };
        let shape = good.shape();
        assert_eq!(with(shape, &|_| ()), None);
        let rise = Some("the entries do not rise from zero");
        assert_eq!(with(shape, &|words| words[0] |= 1), rise);
        assert_eq!(with(shape, &|words| words[0] &= mask(48)), rise);
        let behind = Some("a bit behind the last code is set");
        assert_eq!(with(shape, &|words| words[1] |= 1 << 16), behind);
        assert_eq!(with(shape, &|words| *words.last_mut().unwrap() = 1), behind);
        // Code 7 of 3 bits, where there are 5.
        assert_eq!(with(shape, &|words| words[3] |= 7), Some("a code stands for no entry"));
        assert_eq!(with(shape, &|words| words[3..].fill(0)), Some("an entry has no code"));
        let small = |words: &mut [u64]| words[0] = 3 << 48 | 2 << 32 | 1 << 16;
        let small = |words: &mut [u64]| {
            small(words);
            words[1] = 4;
        };
        assert_eq!(with(shape, &small), Some("the entries have too many bits"));
        let longer = Shape { len: 600, ..shape };
        assert_eq!(with(longer, &|_| ()), Some("its words are fewer or more than it needs"));
    }

    #[test]
    fn shapes_that_cannot_be_are_refused() {
        let shape = Shape::new(1000, 214, 13, false);
        assert_eq!(shape.fields(), [1000, 214, 16, 0]);
        assert_eq!((shape.width(), shape.words()), (8, Some(54 + 1 + 125 + 1)));
        assert_eq!(Shape::from_fields(shape.fields()), Some(shape));
        for fields in [
            [1000, 214, 13, 0],
            [1000, 214, 128, 0],
            [1000, 214, 16, 2],
            [1000, 1001, 16, 0],
            [1000, 1000, 16, 1],
            [1000, 0, 0, 0],
            [1 << 40, u64::from(u32::MAX), 64, 1],
            [1 << 40, 1 << 32, 64, 0],
        ] {
            assert_eq!(Shape::from_fields(fields), None, "{fields:?}");
        }
        let huge = Shape::from_fields([u64::MAX / 2, 5, 8, 0]).unwrap();
        assert_eq!(huge.words(), None);
    }
}
