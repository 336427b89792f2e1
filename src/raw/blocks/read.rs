//! Blocks from end to end: unpacked, folded, and added up.

use super::super::Words;
use super::super::packed::{Packed, mask};
use super::super::unpack::Code;
use super::super::vector::{self, Loop};
use super::{BLOCK, Blocks, Entry};
use core::ops::Range;

impl<W: Words> Blocks<W> {
    /// The codes of a range, slice by slice.
    pub(crate) fn slices(&self, range: Range<usize>) -> Slices<'_> {
        let blocks = self.borrow();
        let patches = (self.outliers > 0).then(|| self.patches());
        let (block, first) = (range.start / BLOCK, range.start % BLOCK);
        let outlier = patches.map_or(0, |[starts, positions, _]| {
            let before = |&outlier: &usize| positions.get(outlier) < first as u64;
            // Behind the last block there are none.
            let start = starts.get(block.min(self.count())) as usize;
            let end = starts.get((block + 1).min(self.count())) as usize;
            start + (start..end).take_while(before).count()
        });
        Slices { blocks, patches, outlier, range, codes: [0; BLOCK] }
    }

    /// The sum of the numbers that are not null, and how many these are.
    pub(crate) fn sum(&self) -> (u128, usize) {
        self.with_outliers(self.sum_in_band(0..self.count()))
    }

    /// The same of some blocks.
    pub(crate) fn sum_of(&self, blocks: Range<usize>) -> (u128, usize) {
        let outliers = blocks.clone().flat_map(|block| self.outliers_of(block));
        outliers.fold(self.sum_in_band(blocks), |(sum, count), (_, number)| {
            (sum + u128::from(number), count + 1)
        })
    }

    /// The same of all, by many threads.
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

    /// The lowest and the highest number that is not null.
    pub(crate) fn bounds(&self) -> Option<(u64, u64)> {
        self.bounds_of(0..self.count())
    }

    /// The same of some blocks.
    pub(crate) fn bounds_of(&self, blocks: Range<usize>) -> Option<(u64, u64)> {
        let (mut low, mut high) = (u64::MAX, u64::MIN);
        let mut any = false;
        for block in blocks {
            for (_, number) in self.outliers_of(block) {
                (low, high, any) = (low.min(number), high.max(number), true);
            }
            let entry = self.entry(block);
            if entry.in_band > 0 {
                let codes = self.codes(block, entry);
                let mut extremes = Extremes { low: u64::MAX, high: u64::MIN };
                let all = 0..codes.len();
                if codes.is_narrow() {
                    codes.for_each_narrow(all, |codes| extremes = extremes.with(codes, entry));
                } else {
                    codes.for_each_wide(all, |codes| extremes = extremes.with(codes, entry));
                }
                low = low.min(entry.base + extremes.low);
                high = high.max(entry.base + (extremes.high - entry.reserved));
                any = true;
            }
        }
        any.then_some((low, high))
    }
}

/// The lowest code less what is reserved, and the highest code.
#[derive(Clone, Copy)]
struct Extremes {
    low: u64,
    high: u64,
}

impl Extremes {
    #[inline(always)]
    fn with<C: Code>(self, codes: &[C], entry: Entry) -> Self {
        vector::run(Among { codes, reserved: entry.reserved, extremes: self })
    }
}

struct Among<'a, C> {
    codes: &'a [C],
    reserved: u64,
    extremes: Extremes,
}

impl<C: Code> Loop for Among<'_, C> {
    type Output = Extremes;

    #[inline(always)]
    fn run(self) -> Extremes {
        self.codes.iter().fold(self.extremes, |Extremes { low, high }, code| {
            // Where code 0 is reserved, it becomes the highest of all.
            let (code, offset) = (code.widen(), code.widen().wrapping_sub(self.reserved));
            Extremes { low: low.min(offset), high: high.max(code) }
        })
    }
}

/// Codes of a range that are unpacked slice by slice. Not an iterator: a slice is lent until the next one.
pub(crate) struct Slices<'a> {
    blocks: Blocks<&'a [u64]>,
    patches: Option<[Packed<&'a [u64]>; 3]>,
    /// The first outlier of the range.
    outlier: usize,
    /// What was not unpacked yet.
    range: Range<usize>,
    codes: [u64; BLOCK],
}

/// The numbers of a slice, of which there are at most [`BLOCK`]: each is `zero + code`, modulo 2⁶⁴.
pub(crate) struct Slice<'s> {
    pub(crate) zero: u64,
    /// Whether code 0 is null instead.
    pub(crate) nulls: bool,
    /// No code is more.
    pub(crate) most: u64,
    pub(crate) codes: Unpacked<'s>,
}

impl Slice<'_> {
    pub(crate) fn len(&self) -> usize {
        self.codes.len()
    }

    /// Calls `f` with the numbers that are not null, each with its place in the slice.
    #[inline]
    pub(crate) fn for_each(&self, mut f: impl FnMut(usize, u64)) {
        let mut take = |(place, code): (usize, u64)| {
            if code > 0 || !self.nulls {
                f(place, self.zero.wrapping_add(code));
            }
        };
        match self.codes {
            Unpacked::Narrow(codes) => {
                codes.iter().map(|&code| code.into()).enumerate().for_each(take)
            }
            Unpacked::Wide(codes) => codes.iter().copied().enumerate().for_each(&mut take),
        }
    }
}

impl Slices<'_> {
    /// The next slice. Out of line, so that what folds the codes is all that is compiled for the vectors at hand.
    #[inline(never)]
    pub(crate) fn next(&mut self) -> Option<Slice<'_>> {
        let start = self.range.start;
        if start >= self.range.end {
            return None;
        }
        let (block, first) = (start / BLOCK, start % BLOCK);
        let mut end = self.range.end.min(start - first + BLOCK);
        let entry = self.blocks.entry(block);
        let codes = self.blocks.codes(block, entry);
        let zero = entry.base.wrapping_sub(entry.reserved);
        let mut nulls = entry.reserved > 0;
        let mut most = mask(entry.width);
        // Where the outliers of the block end, and the place and the code of one.
        let patches = self.patches.filter(|_| nulls).map(|[starts, positions, numbers]| {
            let patch = move |outlier| {
                (positions.get(outlier) as usize - first, numbers.get(outlier).wrapping_sub(zero))
            };
            (starts.get(block + 1) as usize, patch)
        });
        let from = self.outlier;
        if let Some((last, patch)) = &patches {
            while self.outlier < *last {
                let (place, code) = patch(self.outlier);
                if place >= end - start {
                    break;
                }
                if code == 0 {
                    // Null looks the same: this one is a slice of its own.
                    nulls = nulls && place > 0;
                    end = start + place.max(1);
                    self.outlier += usize::from(place == 0);
                    break;
                }
                most = most.max(code);
                self.outlier += 1;
            }
        }
        self.range.start = end;
        let outliers = from..self.outlier;
        let outliers = patches.into_iter().flat_map(|(_, patch)| outliers.clone().map(patch));
        let codes = if codes.is_narrow() && most <= u32::MAX.into() {
            let narrow = &mut bytemuck::cast_slice_mut(&mut self.codes)[..end - start];
            codes.unpack_narrow(first, narrow);
            outliers.for_each(|(place, code)| narrow[place] = u32::narrow(code));
            Unpacked::Narrow(narrow)
        } else {
            let wide = &mut self.codes[..end - start];
            codes.unpack_wide(first, wide);
            outliers.for_each(|(place, code)| wide[place] = code);
            Unpacked::Wide(wide)
        };
        Some(Slice { zero, nulls, most, codes })
    }
}

/// Unpacked codes, and outliers among them, in lanes of 32 bits where these hold them.
#[derive(Clone, Copy)]
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
}
