//! Blocks from end to end: unpacked, folded, and added up.

use super::super::Words;
use super::super::packed;
use super::super::unpack::Code;
use super::{BLOCK, Blocks, Entry};
use core::ops::Range;

impl<W: Words> Blocks<W> {
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
        let mut values = [V::default(); packed::BLOCK];
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
