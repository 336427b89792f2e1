//! One number out of blocks.
#![allow(unsafe_code)]

use super::super::Words;
use super::super::packed::{Packed, WIDEST_IN_ONE_LOAD, mask, out_of_range};
use super::{BLOCK, Blocks, ENTRY, SHIFT};
use core::hint::select_unpredictable;

/// The largest code of each width that one load covers, and 0 for all else that a byte holds.
static MASKS: [u64; 1 << u8::BITS] = masks();

const fn masks<const N: usize>() -> [u64; N] {
    let mut masks = [0; N];
    let mut width = 0;
    while width <= WIDEST_IN_ONE_LOAD {
        masks[width as usize] = mask(width);
        width += 1;
    }
    masks
}

/// The positions that one load covers.
const AT_ONCE: u64 = (WIDEST_IN_ONE_LOAD / SHIFT) as u64;

/// The number 1 in as many fields of the width of a position.
const ONES: u64 = mask(SHIFT * AT_ONCE as u32) / mask(SHIFT);

impl<W: Words> Blocks<W> {
    /// The number at `index`, or `None` where it is null.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[track_caller]
    pub(crate) fn get(&self, index: usize) -> Option<u64> {
        self.get_in_band(index).or_else(|| self.get_otherwise(index))
    }

    /// The number at `index`, where it takes one load to find its code, and the code says which it is. For callers that go
    /// on to [`get_otherwise`](Self::get_otherwise).
    #[inline(always)]
    pub(crate) fn get_in_band(&self, index: usize) -> Option<u64> {
        if index >= self.len || cfg!(target_endian = "big") {
            return None;
        }
        let words = self.words().as_ptr();
        // SAFETY: `index < len`, so that the directory, with which the words begin, has an entry for the block (invariant of
        // `words`).
        let entry = unsafe { words.add(index / BLOCK * ENTRY) };
        // SAFETY: as above; an entry has 16 bytes.
        let entry: &[u8; 8 * ENTRY] = unsafe { &*entry.cast() };
        // As `Entry::unpack`, field by field: so each is one load.
        let (zero, start) = (entry.first_chunk()?, entry[8..].first_chunk()?);
        // A code that is not found by one load counts as 0, which is less than the flag that says so.
        let (width, flags) = (usize::from(entry[12]), u64::from(entry[13]));
        let bit = index % BLOCK * width;
        // SAFETY: the codes of the block begin at word `start`; where they have no bits it is word 0 (invariant of `words`).
        // The code begins in this byte, and a word of padding follows the codes of all blocks; without bits, the byte is the
        // first of an entry. So eight bytes are there.
        let code = unsafe { bits(words, u32::from_le_bytes(*start) as usize, bit) } & MASKS[width];
        (code >= flags).then(|| u64::from_le_bytes(*zero).wrapping_add(code))
    }

    /// The number at `index` where [`get_in_band`](Self::get_in_band) has none.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[cold]
    #[inline(never)]
    #[track_caller]
    pub(crate) fn get_otherwise(&self, index: usize) -> Option<u64> {
        if index >= self.len {
            out_of_range(index, self.len);
        }
        debug_assert!(self.get_in_band(index).is_none());
        let (block, position) = (index / BLOCK, index % BLOCK);
        let entry = self.entry(block);
        if entry.width <= WIDEST_IN_ONE_LOAD && cfg!(target_endian = "little") {
            // The code was found, and is reserved.
            return self.outlier(block, position);
        }
        match self.codes(block, entry).get(position).checked_sub(entry.reserved) {
            Some(code) => Some(entry.base + code),
            None => self.outlier(block, position),
        }
    }

    /// The outlier at a position, if there is one.
    #[inline]
    fn outlier(&self, block: usize, position: usize) -> Option<u64> {
        if self.outliers == 0 {
            return None;
        }
        if cfg!(target_endian = "big") {
            let mut outliers = self.outliers_of(block);
            return outliers.find(|&(at, _)| at == position).map(|(_, number)| number);
        }
        assert!(block < self.count());
        let [starts, positions, numbers] = self.sections();
        let words = self.words().as_ptr();
        // SAFETY: this block and what is behind it, the next one or the end, have starts of 32 bits; a word of padding follows
        // these (invariant of `words`).
        let range = unsafe { bits(words, starts, 32 * block) };
        let (mut first, end) = (range & mask(32), range >> 32);
        // SAFETY: called for outliers from the start of the block to that of the next one, which are among those that there are
        // since starts rise, or the end of them all; a word of padding follows their positions (invariant of `words`).
        let positions_from =
            |outlier| unsafe { bits(words, positions, SHIFT as usize * outlier as usize) };
        // The few among which it is, if it is there: a quarter, and again, without branches that nobody can predict.
        // The last quarter may be the longest.
        let mut count = end - first;
        while count > 2 * AT_ONCE {
            let quarter = count / 4;
            let before = |quarters: u64| {
                let at = positions_from(first + quarters * quarter) & mask(SHIFT);
                u64::from(at <= position as u64)
            };
            first += (before(1) + before(2) + before(3)) * quarter;
            count -= 3 * quarter;
        }
        // Two loads cover them. A field is 0 where it is; the lowest of these has its highest bit set after the subtraction, and
        // none below it has.
        let find = |first| {
            let differences = positions_from(first) ^ (position as u64 * ONES);
            let found = differences.wrapping_sub(ONES) & !differences & (ONES << (SHIFT - 1));
            u64::from(found.trailing_zeros() / SHIFT)
        };
        let covered = count.min(AT_ONCE);
        let (near, far) = (find(first), covered + find(first + covered));
        let at = select_unpredictable(near < covered, near, far);
        if at >= count {
            return None;
        }
        let numbers = &self.words()[numbers..];
        let numbers = Packed::within(numbers, self.outliers, self.outlier_width.into());
        Some(numbers.get((first + at) as usize))
    }
}

/// 57 bits or more, from `bit` of the bits on that begin at a word.
///
/// # Safety
///
/// The byte that the bit is in, and the seven behind it, are in the same words.
#[inline(always)]
unsafe fn bits(words: *const u64, word: usize, bit: usize) -> u64 {
    // SAFETY: the caller's promise: bytes of the same words.
    let bytes = unsafe { words.byte_add(bit / 8) };
    // SAFETY: the caller's promise.
    let bytes = unsafe { bytes.add(word) };
    // SAFETY: the caller's promise; the bytes are initialised, and the read needs no alignment.
    unsafe { bytes.read_unaligned() >> (bit % 8) }
}
