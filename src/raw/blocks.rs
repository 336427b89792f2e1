//! Numbers in blocks of [`BLOCK`], each with a base and a width of its own, and with outliers kept aside.
//!
//! ```text
//! directory   two words a block: base | start, width, how many numbers are in band, whether code 0 is reserved
//! codes       block 0 | block 1 | … | last block | padding      packed, each block from a word on
//! starts      the first outlier of each block, and their number: 32 bits each
//! positions   where in its block each outlier stands: 10 bits each
//! outliers    their numbers, at the width of the largest
//! ```
//!
//! A number is `base + code`. A block that has outliers or nulls reserves code 0 for them, and a number is
//! `base + code - 1`: what has code 0 is an outlier if its position is listed, and null if not. Neither adds
//! anything to the sum of the codes. The base and the width are those by which the block takes the fewest bits, found
//! by trying all widths: patched frames of reference (Zukowski and others, "Super-scalar RAM-CPU cache compression",
//! ICDE 2006), of which the base is free as well.
//!
//! A full block is a multiple of the codes that are unpacked at once, so that the kernels of a packed array serve
//! each block.

use super::Words;
use super::growth::{self, ReserveError};
use super::packed::{Packed, bits_for, mask};
use super::unpack::Code;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ops::Range;

/// The numbers of a block.
pub(crate) const BLOCK: usize = 1 << SHIFT;
const SHIFT: u32 = 10;

/// The words of a block in the directory.
const ENTRY: usize = 2;

const START_BITS: u32 = 40;
const WIDTH_BITS: u32 = 7;

pub(crate) struct Blocks<W = Box<[u64]>> {
    /// Invariant: laid out as above, by the fields below.
    words: W,
    len: usize,
    /// The words of all codes, padding included.
    code_words: usize,
    /// The number of outliers.
    outliers: usize,
    /// The width of outliers.
    outlier_width: u8,
}

impl Copy for Blocks<&[u64]> {}

impl<W: Words> Clone for Blocks<W> {
    fn clone(&self) -> Self {
        Self { words: self.words.copy(self.words().len()), ..*self }
    }
}

/// What the directory says of a block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) base: u64,
    /// The first word of the block's codes.
    start: usize,
    width: u32,
    /// The numbers that are neither outliers nor null.
    in_band: usize,
    /// Whether code 0 stands for outliers and nulls: 1, or 0.
    pub(crate) reserved: u64,
}

impl Entry {
    fn pack(self) -> [u64; ENTRY] {
        let flags = self.reserved | (self.in_band as u64) << 1 | u64::from(self.width) << 12;
        [self.base, flags << START_BITS | self.start as u64]
    }

    #[inline]
    fn unpack([base, rest]: [u64; ENTRY]) -> Self {
        let flags = rest >> START_BITS;
        Self {
            base,
            start: (rest & mask(START_BITS)) as usize,
            width: (flags >> 12 & mask(WIDTH_BITS)) as u32,
            in_band: (flags >> 1 & mask(SHIFT + 1)) as usize,
            reserved: flags & 1,
        }
    }
}

/// How a block is going to be stored.
#[derive(Clone, Copy, Debug)]
struct Plan {
    base: u64,
    width: u32,
    in_band: usize,
    reserved: u64,
    outliers: usize,
    /// The bits of codes and outliers.
    bits: usize,
}

/// Chooses base and width for the numbers of a block, sorted, and a count of nulls.
fn plan(sorted: &[u64], nulls: usize, outlier_width: u32) -> Plan {
    let len = sorted.len() + nulls;
    let (Some(&low), Some(&high)) = (sorted.first(), sorted.last()) else {
        return Plan { base: 0, width: 0, in_band: 0, reserved: 1, outliers: 0, bits: 0 };
    };
    let with = |width: u32, reserved: u64, first: usize, in_band: usize| {
        let outliers = sorted.len() - in_band;
        let bits = len * width as usize + outliers * (SHIFT + outlier_width) as usize;
        Plan {
            base: sorted.get(first).copied().unwrap_or(low),
            width,
            in_band,
            reserved,
            outliers,
            bits,
        }
    };
    let reserved = u64::from(nulls > 0);
    // All in band, if 64 bits have a code for null too.
    let all = (high - low).checked_add(reserved).map(bits_for);
    let mut best = all.map(|width| with(width, reserved, 0, sorted.len()));
    for width in 0..all.unwrap_or(u64::BITS + 1).min(u64::BITS + 1) {
        // Without codes, what is not there is null, or an outlier.
        let codes = mask(width);
        let (mut first, mut most, mut from) = (0, 0, 0);
        if codes > 0 {
            for (end, &number) in sorted.iter().enumerate() {
                while number - sorted[first] > codes - 1 {
                    first += 1;
                }
                if end + 1 - first > most {
                    (most, from) = (end + 1 - first, first);
                }
            }
        }
        let plan = with(width, 1, from, most);
        if best.is_none_or(|best| plan.bits < best.bits) {
            best = Some(plan);
        }
    }
    best.unwrap_or_else(|| unreachable!("64 bits hold every number, if need be as outliers"))
}

/// The bits that a block of numbers, sorted, and a count of nulls takes beside its directory.
pub(crate) fn cost(sorted: &[u64], nulls: usize, outlier_width: u32) -> usize {
    plan(sorted, nulls, outlier_width).bits
}

impl<W: Words> Blocks<W> {
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn words(&self) -> &[u64] {
        self.words.words()
    }

    /// The outliers of all blocks.
    pub(crate) fn outliers(&self) -> usize {
        self.outliers
    }

    fn count(&self) -> usize {
        self.len.div_ceil(BLOCK)
    }

    #[inline]
    fn entry(&self, block: usize) -> Entry {
        let words = self.words();
        Entry::unpack([words[ENTRY * block], words[ENTRY * block + 1]])
    }

    /// The codes of a block.
    #[inline]
    fn codes(&self, block: usize, entry: Entry) -> Packed<&[u64]> {
        let len = BLOCK.min(self.len - block * BLOCK);
        let codes = self.count() * ENTRY;
        let words = &self.words()[codes + entry.start..codes + self.code_words];
        Packed::within(words, len, entry.width)
    }

    /// The outliers' starts, positions and numbers.
    fn patches(&self) -> [Packed<&[u64]>; 3] {
        let mut words = &self.words()[self.count() * ENTRY + self.code_words..];
        let shapes = [
            (self.count() + 1, 32),
            (self.outliers, SHIFT),
            (self.outliers, self.outlier_width.into()),
        ];
        shapes.map(|(len, width)| {
            let count = Packed::<&[u64]>::words_for(len, width).unwrap_or(0);
            let (section, rest) = words.split_at(count);
            words = rest;
            Packed::within(section, len, width)
        })
    }

    /// The positions and numbers of the outliers of a block.
    fn outliers_of(&self, block: usize) -> impl Iterator<Item = (usize, u64)> {
        let patches = (self.outliers > 0).then(|| self.patches());
        patches.into_iter().flat_map(move |[starts, positions, numbers]| {
            let range = starts.get(block) as usize..starts.get(block + 1) as usize;
            range.map(move |index| (positions.get(index) as usize, numbers.get(index)))
        })
    }

    /// How many numbers of a block are not null.
    pub(crate) fn present(&self, block: usize) -> usize {
        let outliers = match self.outliers {
            0 => 0,
            _ => {
                let [starts, ..] = self.patches();
                (starts.get(block + 1) - starts.get(block)) as usize
            }
        };
        self.entry(block).in_band + outliers
    }

    /// Calls `f` with the numbers of a block that are not null, each with its position in the block.
    pub(crate) fn for_each_present(&self, block: usize, mut f: impl FnMut(usize, u64)) {
        if self.entry(block).in_band == 0 {
            return self.outliers_of(block).for_each(|(position, number)| f(position, number));
        }
        let start = block * BLOCK;
        let mut position = 0;
        self.for_each(
            start..self.len.min(start + BLOCK),
            |number| number,
            |numbers| {
                for &number in numbers {
                    if let Some(number) = number {
                        f(position, number);
                    }
                    position += 1;
                }
            },
        );
    }

    /// The number at `index`, or `None` where it is null.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[track_caller]
    pub(crate) fn get(&self, index: usize) -> Option<u64> {
        if index >= self.len {
            super::packed::out_of_range(index, self.len);
        }
        let (block, position) = (index / BLOCK, index % BLOCK);
        let entry = self.entry(block);
        let bit = position * entry.width as usize;
        let word = self.count() * ENTRY + entry.start + bit / 64;
        // One word of padding follows the codes; without codes there may be none.
        let code = match self.words().get(word..word + 2) {
            Some(&[low, high]) => {
                let shift = (bit % 64) as u32;
                (low >> shift | (high << 1) << (63 - shift)) & mask(entry.width)
            }
            _ => 0,
        };
        match code.checked_sub(entry.reserved) {
            Some(code) => Some(entry.base + code),
            None => self.outlier(block, index % BLOCK),
        }
    }

    /// The outlier at a position, if there is one.
    #[cold]
    #[inline(never)]
    fn outlier(&self, block: usize, position: usize) -> Option<u64> {
        if self.outliers == 0 {
            return None;
        }
        let [starts, positions, numbers] = self.patches();
        let (mut low, mut high) = (starts.get(block) as usize, starts.get(block + 1) as usize);
        while low < high {
            let middle = low.midpoint(high);
            if (positions.get(middle) as usize) < position {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let found = low < starts.get(block + 1) as usize && positions.get(low) as usize == position;
        found.then(|| numbers.get(low))
    }

    /// Calls `f` with the codes of a range, in order, in slices, and with the outliers that belong among them: each with
    /// its position in the slice.
    #[inline(always)]
    pub(crate) fn for_each_slice(
        &self,
        range: Range<usize>,
        mut f: impl FnMut(Entry, Unpacked<'_>, &mut dyn Iterator<Item = (usize, u64)>),
    ) {
        let mut start = range.start;
        while start < range.end {
            let block = start / BLOCK;
            let end = range.end.min((block + 1) * BLOCK);
            let entry = self.entry(block);
            let codes = self.codes(block, entry);
            let within = start - block * BLOCK..end - block * BLOCK;
            let mut from = within.start;
            let patched = entry.reserved == 1 && self.outliers > 0;
            let outliers = patched.then(|| self.outliers_of(block)).into_iter().flatten();
            let begin = within.start;
            let mut outliers =
                outliers.skip_while(move |&(position, _)| position < begin).peekable();
            let mut take = |codes: Unpacked<'_>| {
                let (first, end) = (from, from + codes.len());
                let mut among = core::iter::from_fn(|| {
                    let (position, number) = outliers.next_if(|&(position, _)| position < end)?;
                    Some((position - first, number))
                });
                f(entry, codes, &mut among);
                from = end;
            };
            if codes.is_narrow() {
                codes.for_each_narrow(within, |codes| take(Unpacked::Narrow(codes)));
            } else {
                codes.for_each_wide(within, |codes| take(Unpacked::Wide(codes)));
            }
            start = end;
        }
    }

    /// Calls `f` with the numbers of a range, in order, in slices, as `decode` turns them into values.
    #[inline]
    pub(crate) fn for_each<V: Copy + Default>(
        &self,
        range: Range<usize>,
        decode: impl Fn(Option<u64>) -> V,
        mut f: impl FnMut(&[V]),
    ) {
        let mut values = [V::default(); super::packed::BLOCK];
        self.for_each_slice(range, |entry, codes, outliers| {
            let values = &mut values[..codes.len()];
            codes.decode(values, entry, &decode);
            for (position, number) in outliers {
                values[position] = decode(Some(number));
            }
            f(values);
        });
    }

    /// Folds the numbers of a range in order, as `decode` turns them into values.
    #[inline]
    pub(crate) fn fold<V, B>(
        &self,
        range: Range<usize>,
        decode: impl Fn(Option<u64>) -> V,
        init: B,
        mut f: impl FnMut(B, V) -> B,
    ) -> B {
        // Empty only while `f` runs, and then for good if it panics.
        let mut state = Some(init);
        self.for_each_slice(range, |entry, codes, outliers| {
            state = state.take().map(|mut state| {
                let mut done = 0;
                for (position, number) in outliers {
                    state = codes.fold(done..position, entry, &decode, state, &mut f);
                    state = f(state, decode(Some(number)));
                    done = position + 1;
                }
                codes.fold(done..codes.len(), entry, &decode, state, &mut f)
            });
        });
        state.unwrap_or_else(|| unreachable!("a fold that returns has a state"))
    }

    /// The sum of the numbers that are not null, and how many these are.
    pub(crate) fn sum(&self) -> (u128, usize) {
        self.with_outliers(self.sum_in_band(0..self.count()))
    }

    /// The same, by many threads.
    #[cfg(feature = "rayon")]
    pub(crate) fn par_sum(&self) -> (u128, usize)
    where
        W: Sync,
    {
        use rayon::iter::{IntoParallelIterator, ParallelIterator};
        let blocks = |start: usize| start..self.count().min(start + 64);
        let starts = (0..self.count().div_ceil(64)).into_par_iter();
        let sums = starts.map(|part| self.sum_in_band(blocks(64 * part)));
        let none = || (0, 0);
        self.with_outliers(sums.reduce(none, |one, other| (one.0 + other.0, one.1 + other.1)))
    }

    fn with_outliers(&self, (sum, count): (u128, usize)) -> (u128, usize) {
        match self.outliers {
            0 => (sum, count),
            outliers => (sum + self.patches()[2].sum(), count + outliers),
        }
    }

    /// The sum and the number of what blocks hold in band.
    fn sum_in_band(&self, blocks: Range<usize>) -> (u128, usize) {
        let (mut sum, mut count) = (0_u128, 0);
        for block in blocks {
            let entry = self.entry(block);
            // In band, a code is `reserved` more than what it adds to the base.
            let base = u128::from(entry.base) * entry.in_band as u128;
            let codes = self.codes(block, entry).sum();
            sum += base + codes - u128::from(entry.reserved) * entry.in_band as u128;
            count += entry.in_band;
        }
        (sum, count)
    }

    /// The lowest and the highest number of a range.
    pub(crate) fn bounds(&self) -> Option<(u64, u64)> {
        let mut bounds: Option<(u64, u64)> = None;
        self.for_each(
            0..self.len,
            |number| number,
            |numbers| {
                for &number in numbers.iter().flatten() {
                    let (low, high) = bounds.unwrap_or((number, number));
                    bounds = Some((low.min(number), high.max(number)));
                }
            },
        );
        bounds
    }

    /// The bits of a code, on the average of all blocks.
    pub(crate) fn mean_width(&self) -> f64 {
        let bits: usize = (0..self.count())
            .map(|block| {
                let entry = self.entry(block);
                entry.width as usize * BLOCK.min(self.len - block * BLOCK)
            })
            .sum();
        bits as f64 / self.len.max(1) as f64
    }

    /// What an image needs to know beside the words.
    pub(crate) fn fields(&self) -> [u64; 4] {
        [self.len as u64, self.code_words as u64, self.outliers as u64, self.outlier_width.into()]
    }

    /// The words that such blocks have, or `None` where they cannot be counted.
    pub(crate) fn words_for(fields: [u64; 4]) -> Option<usize> {
        let [len, code_words, outliers, outlier_width] = fields;
        let [len, code_words, outliers] = [len, code_words, outliers].map(usize::try_from);
        let (len, code_words, outliers) = (len.ok()?, code_words.ok()?, outliers.ok()?);
        let count = len.div_ceil(BLOCK);
        if len > isize::MAX as usize || outliers > len || outlier_width > 64 {
            return None;
        }
        let words = count.checked_mul(ENTRY)?.checked_add(code_words)?;
        if outliers == 0 {
            return Some(words);
        }
        let patches = [(count + 1, 32), (outliers, SHIFT), (outliers, outlier_width as u32)];
        patches.into_iter().try_fold(words, |words, (len, width)| {
            words.checked_add(Packed::<&[u64]>::words_for(len, width)?)
        })
    }

    /// Blocks in words of which [`words_for`](Self::words_for) tells the number; what is wrong, where they are none.
    pub(crate) fn from_words(words: W, fields: [u64; 4]) -> Result<Self, &'static str> {
        if Self::words_for(fields) != Some(words.words().len()) {
            return Err("its blocks have other lengths");
        }
        let [len, code_words, outliers, outlier_width] = fields;
        let blocks = Self {
            words,
            len: len as usize,
            code_words: code_words as usize,
            outliers: outliers as usize,
            outlier_width: outlier_width as u8,
        };
        blocks.validate()?;
        Ok(blocks)
    }

    /// What is wrong with the words, if anything is.
    fn validate(&self) -> Result<(), &'static str> {
        let mut start = 0;
        for block in 0..self.count() {
            let len = BLOCK.min(self.len - block * BLOCK);
            let [base, rest] = [0, 1].map(|word| self.words()[block * ENTRY + word]);
            let entry = Entry::unpack([base, rest]);
            let whole = entry.pack() == [base, rest];
            if !whole || entry.start != start || entry.width > 64 || entry.in_band > len {
                return Err("a block lies elsewhere");
            }
            start += (len * entry.width as usize).div_ceil(64);
        }
        if self.code_words != if start == 0 { 0 } else { start + 1 } {
            return Err("the blocks do not fill their words");
        }
        let codes = self.count() * ENTRY;
        if self.code_words > 0 && self.words()[codes + start] != 0 {
            return Err("the padding is not zero");
        }
        if self.outliers > 0 {
            self.validate_patches()?;
        }
        for block in 0..self.count() {
            let entry = self.entry(block);
            let codes = self.codes(block, entry);
            let (mut highest, mut in_band) = (0, 0);
            codes.for_each_wide(0..codes.len(), |codes| {
                highest = codes.iter().fold(highest, |highest, &code| highest.max(code));
                in_band += codes.iter().filter(|&&code| code >= entry.reserved).count();
            });
            if in_band != entry.in_band {
                return Err("a block counts other codes");
            }
            if entry.base.checked_add(highest.saturating_sub(entry.reserved)).is_none() {
                return Err("a number is too large");
            }
            if !codes.is_clear_behind() {
                return Err("a bit behind the last code is set");
            }
            let mut patched = 0;
            for (position, _) in self.outliers_of(block) {
                if position >= codes.len() || codes.get(position) >= entry.reserved {
                    return Err("an outlier stands where another number does");
                }
                patched += 1;
            }
            if entry.in_band + patched > codes.len() {
                return Err("a block counts other codes");
            }
        }
        Ok(())
    }

    fn validate_patches(&self) -> Result<(), &'static str> {
        let [starts, positions, numbers] = self.patches();
        let clear = |patch: &Packed<&[u64]>| {
            Packed::from_words(patch.words(), patch.len(), patch.width()).is_some()
        };
        if ![starts, positions, numbers].iter().all(clear) {
            return Err("a bit behind the last outlier is set");
        }
        let mut last = 0;
        for block in 0..=self.count() {
            let start = starts.get(block) as usize;
            if start < last || start > self.outliers || (block == 0 && start != 0) {
                return Err("the outliers of a block lie elsewhere");
            }
            let rising = (last + 1..start).all(|at| positions.get(at - 1) < positions.get(at));
            if !rising {
                return Err("the outliers of a block are not in order");
            }
            last = start;
        }
        match last == self.outliers {
            true => Ok(()),
            false => Err("the outliers of a block lie elsewhere"),
        }
    }

    pub(crate) fn check_invariants(&self) {
        assert_eq!(Self::words_for(self.fields()), Some(self.words().len()));
        assert_eq!(self.validate(), Ok(()));
    }
}

/// Unpacked codes, in lanes as small as the width allows.
pub(crate) enum Unpacked<'a> {
    Narrow(&'a [u32]),
    Wide(&'a [u64]),
}

impl Unpacked<'_> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Narrow(codes) => codes.len(),
            Self::Wide(codes) => codes.len(),
        }
    }

    #[inline(always)]
    fn decode<V>(&self, values: &mut [V], entry: Entry, decode: impl Fn(Option<u64>) -> V) {
        let mut values = values.iter_mut();
        self.fold(0..self.len(), entry, decode, (), |(), number| {
            if let Some(value) = values.next() {
                *value = number;
            }
        });
    }

    /// Folds some of the codes.
    #[inline(always)]
    fn fold<V, B>(
        &self,
        range: Range<usize>,
        entry: Entry,
        decode: impl Fn(Option<u64>) -> V,
        init: B,
        f: impl FnMut(B, V) -> B,
    ) -> B {
        match self {
            Self::Narrow(codes) => fold_codes(&codes[range], entry, decode, init, f),
            Self::Wide(codes) => fold_codes(&codes[range], entry, decode, init, f),
        }
    }
}

/// Folds codes, by a loop without branches where none is reserved.
#[inline(always)]
fn fold_codes<C: Code, V, B>(
    codes: &[C],
    entry: Entry,
    decode: impl Fn(Option<u64>) -> V,
    init: B,
    mut f: impl FnMut(B, V) -> B,
) -> B {
    let base = entry.base.wrapping_sub(entry.reserved);
    let mut state = init;
    if entry.reserved == 0 {
        for code in codes {
            state = f(state, decode(Some(base.wrapping_add(code.widen()))));
        }
    } else {
        for code in codes {
            let code = code.widen();
            state = f(state, decode((code > 0).then_some(base.wrapping_add(code))));
        }
    }
    state
}

impl Blocks {
    /// Packs numbers: `number(i)` is the `i`-th of `len`, or `None` for null. Allocates exactly, beside working
    /// memory of a few bytes a block.
    pub(crate) fn build(
        len: usize,
        number: impl Fn(usize) -> Option<u64>,
    ) -> Result<Self, ReserveError> {
        let mut plans = Vec::new();
        growth::reserve_exact(&mut plans, len.div_ceil(BLOCK))?;
        let fields = Self::plan(len, &number, |plan| plans.push(plan))?;
        let total = Self::words_for(fields).ok_or(ReserveError::CapacityOverflow)?;
        let mut words = Box::default();
        growth::set_words(&mut words, total)?;
        let [_, code_words, outliers, outlier_width] = fields;
        let (code_words, outliers) = (code_words as usize, outliers as usize);
        let mut blocks =
            Self { words, len, code_words, outliers, outlier_width: outlier_width as u8 };
        blocks.fill(&plans, number)?;
        Ok(blocks)
    }

    /// The words that such blocks would have.
    pub(crate) fn words_of(
        len: usize,
        number: impl Fn(usize) -> Option<u64>,
    ) -> Result<usize, ReserveError> {
        let fields = Self::plan(len, number, |_| {})?;
        Self::words_for(fields).ok_or(ReserveError::CapacityOverflow)
    }

    /// Plans all blocks, one after the other, and returns the fields of them.
    fn plan(
        len: usize,
        number: impl Fn(usize) -> Option<u64>,
        mut take: impl FnMut(Plan),
    ) -> Result<[u64; 4], ReserveError> {
        if len > isize::MAX as usize {
            return Err(ReserveError::CapacityOverflow);
        }
        let highest = (0..len).filter_map(&number).max().unwrap_or(0);
        let outlier_width = bits_for(highest);
        let (mut code_words, mut outliers) = (0, 0);
        let mut sorted = Vec::new();
        growth::reserve_exact(&mut sorted, BLOCK.min(len))?;
        for start in (0..len).step_by(BLOCK) {
            let end = len.min(start + BLOCK);
            sorted.clear();
            sorted.extend((start..end).filter_map(&number));
            sorted.sort_unstable();
            let plan = plan(&sorted, end - start - sorted.len(), outlier_width);
            code_words += ((end - start) * plan.width as usize).div_ceil(64);
            outliers += plan.outliers;
            take(plan);
        }
        code_words += usize::from(code_words > 0);
        let outlier_width = if outliers > 0 { outlier_width } else { 0 };
        Ok([len as u64, code_words as u64, outliers as u64, outlier_width.into()])
    }

    fn fill(
        &mut self,
        plans: &[Plan],
        number: impl Fn(usize) -> Option<u64>,
    ) -> Result<(), ReserveError> {
        let codes = self.count() * ENTRY;
        let (mut positions, mut numbers) = (Vec::new(), Vec::new());
        growth::reserve_exact(&mut positions, self.outliers)?;
        growth::reserve_exact(&mut numbers, self.outliers)?;
        let mut starts = Vec::new();
        growth::reserve_exact(&mut starts, self.count() + 1)?;
        let mut start = 0;
        for (block, &plan) in plans.iter().enumerate() {
            let Plan { base, width, in_band, reserved, .. } = plan;
            let entry = Entry { base, start, width, in_band, reserved };
            self.words[block * ENTRY..][..ENTRY].copy_from_slice(&entry.pack());
            starts.push(numbers.len() as u64);
            let first = block * BLOCK;
            let len = BLOCK.min(self.len - first);
            let most = mask(width);
            let code = |number: u64| {
                let offset = number.checked_sub(base)?.checked_add(reserved)?;
                (offset <= most && (width > 0 || reserved == 0)).then_some(offset)
            };
            for position in 0..len {
                if let Some(number) = number(first + position)
                    && code(number).is_none()
                {
                    positions.push(position as u64);
                    numbers.push(number);
                }
            }
            if width > 0 {
                let words = &mut self.words[codes + start..];
                super::packed::write_codes(words, (0, 0), width, len, |position| {
                    number(first + position).and_then(code).unwrap_or(0)
                });
                start += (len * width as usize).div_ceil(64);
            }
        }
        starts.push(numbers.len() as u64);
        if self.outliers == 0 {
            return Ok(());
        }
        let mut at = codes + self.code_words;
        let widths = [32, SHIFT, self.outlier_width.into()];
        for (items, width) in [starts, positions, numbers].iter().zip(widths) {
            if width > 0 {
                let words = &mut self.words[at..];
                super::packed::write_codes(words, (0, 0), width, items.len(), |index| items[index]);
            }
            at += Packed::<&[u64]>::words_for(items.len(), width).unwrap_or(0);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(numbers: &[Option<u64>]) -> Blocks {
        let blocks = Blocks::build(numbers.len(), |index| numbers[index]).unwrap();
        blocks.check_invariants();
        for (index, &number) in numbers.iter().enumerate() {
            assert_eq!(blocks.get(index), number, "at {index}");
        }
        let len = numbers.len();
        for range in [0..len, len / 3..len, len / 2..len / 2, len / 4..len - len / 4] {
            let mut read = Vec::new();
            blocks.for_each(range.clone(), |number| number, |block| read.extend_from_slice(block));
            assert_eq!(read, &numbers[range]);
        }
        let values = numbers.iter().flatten().map(|&number| u128::from(number));
        assert_eq!(blocks.sum(), (values.clone().sum(), values.count()));
        let flat = || numbers.iter().flatten().copied();
        assert_eq!(blocks.bounds(), flat().min().zip(flat().max()));
        let words = blocks.words();
        let borrowed = Blocks::from_words(words, blocks.fields()).unwrap();
        assert_eq!(borrowed.sum(), blocks.sum());
        blocks
    }

    #[test]
    fn a_block_has_the_width_of_its_own_numbers() {
        let numbers: Vec<_> = (0..5000).map(|i| Some(1_000_000 * (i / 1024) + i % 7)).collect();
        let blocks = check(&numbers);
        assert_eq!((blocks.outliers(), blocks.mean_width()), (0, 3.0));
        assert_eq!(blocks.words().len(), 5 * ENTRY + (5000_usize * 3).div_ceil(64) + 1);
    }

    #[test]
    fn outliers_on_both_sides_are_kept_aside() {
        let number = |i: u64| match i {
            77 => 3,
            1500 => u64::MAX,
            _ => 1_000_000 + i % 16,
        };
        let numbers: Vec<_> = (0..3000).map(|i| Some(number(i))).collect();
        let blocks = check(&numbers);
        assert_eq!(blocks.outliers(), 2);
        assert!(blocks.mean_width() < 5.0);
    }

    #[test]
    fn nulls_and_outliers_share_a_code() {
        let number = |i: u64| match i % 100 {
            0 => None,
            1 => Some(i * i * i),
            _ => Some(50 + i % 30),
        };
        let numbers: Vec<_> = (0..4321).map(number).collect();
        assert!(check(&numbers).outliers() > 0);
        assert_eq!(check(&[None; 3000]).words().len(), 3 * ENTRY);
        check(&(0..3000).map(|i| (i < 1024).then_some(i)).collect::<Vec<_>>());
    }

    #[test]
    fn the_extremes_have_codes() {
        check(&[]);
        check(&[Some(u64::MAX)]);
        check(&[Some(0), None, Some(u64::MAX)]);
        let all_bits: Vec<_> =
            (0..3000_u64).map(|i| Some(i.wrapping_mul(0x9e37_79b9_7f4a_7c15))).collect();
        check(&all_bits);
        let with_null: Vec<_> =
            all_bits.iter().copied().chain([None, Some(u64::MAX), Some(0)]).collect();
        check(&with_null);
    }
}
