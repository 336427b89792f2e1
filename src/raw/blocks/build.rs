//! Choosing how blocks are stored, and storing them.

use super::super::growth::{self, ReserveError};
use super::super::packed::{bits_for, mask, write_codes};
use super::{BLOCK, Blocks, ENTRY, Entry, SHIFT};
use alloc::boxed::Box;
use alloc::vec::Vec;

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

impl Blocks {
    /// Packs numbers: `number(i)` is the `i`-th of `len`, or `None` for null. Allocates exactly, beside working
    /// memory: some 60 bytes a block, and 16 for each outlier.
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
        let (mut positions, mut numbers) = (Vec::new(), Vec::new());
        growth::reserve_exact(&mut positions, self.outliers)?;
        growth::reserve_exact(&mut numbers, self.outliers)?;
        let mut starts = Vec::new();
        growth::reserve_exact(&mut starts, self.count() + 1)?;
        let mut end = self.count() * ENTRY;
        for (block, &plan) in plans.iter().enumerate() {
            let Plan { base, width, in_band, reserved, .. } = plan;
            let start = if width > 0 { end } else { 0 };
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
                let words = &mut self.words[start..];
                write_codes(words, (0, 0), width, len, |position| {
                    number(first + position).and_then(code).unwrap_or(0)
                });
                end += (len * width as usize).div_ceil(64);
            }
        }
        starts.push(numbers.len() as u64);
        assert_eq!(numbers.len(), self.outliers, "numbers that stay the same");
        if self.outliers == 0 {
            return Ok(());
        }
        let widths = [32, SHIFT, self.outlier_width.into()];
        let sections = self.sections().into_iter().zip(widths);
        for (items, (at, width)) in [starts, positions, numbers].iter().zip(sections) {
            if width > 0 {
                let words = &mut self.words[at..];
                write_codes(words, (0, 0), width, items.len(), |index| items[index]);
            }
        }
        Ok(())
    }
}
