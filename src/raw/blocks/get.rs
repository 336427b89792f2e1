//! One number out of blocks.

use super::super::Words;
use super::super::packed::{WIDEST_IN_ONE_LOAD, mask, out_of_range};
use super::{BLOCK, Blocks};
use core::hint::select_unpredictable;

/// The largest code of each width that one load covers.
static MASKS: [u64; WIDEST_IN_ONE_LOAD as usize + 1] = masks();

const fn masks<const N: usize>() -> [u64; N] {
    let mut masks = [0; N];
    let mut width = 0;
    while width < N {
        masks[width] = mask(width as u32);
        width += 1;
    }
    masks
}

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
        let bytes = bytemuck::cast_slice::<u64, u8>(self.words());
        // As `Entry::unpack`, field by field: so each is one load.
        let entry = bytes.as_chunks::<16>().0.get(index / BLOCK)?;
        let (zero, start) = (entry.first_chunk()?, entry[8..].first_chunk()?);
        let (width, reserved) = (usize::from(entry[12]), entry[13]);
        let bit = index % BLOCK * width;
        let at = u32::from_le_bytes(*start) as usize * 8 + bit / 8;
        let loaded = u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?);
        let code = loaded >> (bit % 8) & MASKS.get(width)?;
        (code >= u64::from(reserved)).then(|| u64::from_le_bytes(*zero).wrapping_add(code))
    }

    /// The number at `index` wherever it is.
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
        let (block, position) = (index / BLOCK, index % BLOCK);
        let entry = self.entry(block);
        match self.codes(block, entry).get(position).checked_sub(entry.reserved) {
            Some(code) => Some(entry.base + code),
            None => self.outlier(block, position),
        }
    }

    /// The outlier at a position, if there is one.
    fn outlier(&self, block: usize, position: usize) -> Option<u64> {
        if self.outliers == 0 {
            return None;
        }
        let [starts, positions, numbers] = self.patches();
        let (mut low, end) = (starts.get(block) as usize, starts.get(block + 1) as usize);
        // The last that stands there or before, without branches that nobody can predict.
        let mut count = end - low;
        while count > 1 {
            let half = count / 2;
            let before = positions.get(low + half) as usize <= position;
            low = select_unpredictable(before, low + half, low);
            count -= half;
        }
        let found = count > 0 && positions.get(low) as usize == position;
        found.then(|| numbers.get(low))
    }
}
