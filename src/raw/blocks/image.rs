//! Blocks in words from outside, and what makes them blocks.

use super::super::Words;
use super::super::packed::Packed;
use super::{BLOCK, Blocks, ENTRY, Entry, MOST_WORDS, SHIFT};

impl<W: Words> Blocks<W> {
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
        if code_words > 0 && words > MOST_WORDS {
            return None;
        }
        if outliers == 0 {
            return Some(words);
        }
        if outliers > u32::MAX as usize {
            return None;
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
        let codes = self.count() * ENTRY;
        let mut end = codes;
        for block in 0..self.count() {
            let len = BLOCK.min(self.len - block * BLOCK);
            let [base, rest] = [0, 1].map(|word| self.words()[block * ENTRY + word]);
            let entry = Entry::unpack([base, rest]);
            let whole = entry.pack() == [base, rest];
            let start = if entry.width > 0 { end } else { 0 };
            if !whole || entry.start != start || entry.width > 64 || entry.in_band > len {
                return Err("a block lies elsewhere");
            }
            end = end
                .checked_add((len * entry.width as usize).div_ceil(64))
                .filter(|&end| end <= self.words().len())
                .ok_or("the blocks do not fill their words")?;
        }
        if self.code_words != if end == codes { 0 } else { end + 1 - codes } {
            return Err("the blocks do not fill their words");
        }
        if self.code_words > 0 && self.words()[end] != 0 {
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
