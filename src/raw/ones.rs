//! Counting and finding the ones of a buffer.
//!
//! The indices of the ones are written out word by word, more of them than the word has: which branch would end the
//! loop after the last one is what a processor cannot predict. What was written too much is overwritten by
//! the next word's (Langdale and Lemire, "Parsing gigabytes of JSON per second", VLDB Journal 2019, section 3.1.1).
#![allow(unsafe_code)]

#[cfg(target_arch = "x86_64")]
use super::cpu::Avx2;

/// Indices are handed out when there are this many.
const BLOCK: usize = 256;

/// The number of ones. With AVX2, where the processor has it, the same loop counts four words at a time.
#[inline]
pub(crate) fn count_ones(words: &[u64]) -> usize {
    #[cfg(target_arch = "x86_64")]
    if Avx2::detect().is_some() {
        // SAFETY: the processor has AVX2, BMI1 and POPCNT, of which the proof was just had.
        return unsafe { count_ones_avx2(words) };
    }
    count(words)
}

/// Calls `f` with the indices of the ones, in order, in blocks. Bit 0 of the first word has index `first`.
#[inline]
pub(crate) fn for_each_one(words: &[u64], first: usize, f: impl FnMut(&[usize])) {
    #[cfg(target_arch = "x86_64")]
    if Avx2::detect().is_some() {
        // SAFETY: the processor has AVX2, BMI1 and POPCNT, of which the proof was just had.
        return unsafe { for_each_one_avx2(words, first, f) };
    }
    find(words, first, f);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,popcnt")]
fn count_ones_avx2(words: &[u64]) -> usize {
    count(words)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,popcnt")]
fn for_each_one_avx2(words: &[u64], first: usize, f: impl FnMut(&[usize])) {
    find(words, first, f);
}

#[inline(always)]
fn count(words: &[u64]) -> usize {
    words.iter().map(|word| word.count_ones() as usize).sum()
}

#[inline(always)]
fn find(words: &[u64], first: usize, mut f: impl FnMut(&[usize])) {
    let mut indices = [0; BLOCK + 64];
    let mut found = 0;
    for (position, &word) in words.iter().enumerate() {
        let ones = word.count_ones() as usize;
        let base = first + position * 64;
        if let Some(room) = indices[found..].first_chunk_mut::<64>() {
            write_ones(word, ones, base, room);
        }
        found += ones;
        if found >= BLOCK {
            f(&indices[..found]);
            found = 0;
        }
    }
    f(&indices[..found]);
}

/// Writes the indices of the ones of a word, and then some.
#[inline(always)]
fn write_ones(mut word: u64, ones: usize, base: usize, room: &mut [usize; 64]) {
    let mut next = |slots: &mut [usize]| {
        for slot in slots {
            *slot = base + word.trailing_zeros() as usize;
            word &= word.wrapping_sub(1);
        }
    };
    next(&mut room[..4]);
    if ones > 4 {
        next(&mut room[4..12]);
        for eight in room[12..].chunks_mut(8).take(ones.saturating_sub(12).div_ceil(8)) {
            next(eight);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn every_number_of_ones_is_found_by_both_paths() {
        let mut words: Vec<u64> = (0..=64).map(super::super::packed::mask).collect();
        words.extend((0..64).map(|bit| 1 << bit));
        words.extend((0..1000_u64).map(|i| i.wrapping_mul(0x9e37_79b9_7f4a_7c15) & i << 50));
        let bit = |index: &usize| words[index / 64] >> (index % 64) & 1 == 1;
        let expected: Vec<usize> = (0..words.len() * 64).filter(bit).map(|i| i + 7).collect();
        let (mut fast, mut plain) = (Vec::new(), Vec::new());
        for_each_one(&words, 7, |indices| fast.extend_from_slice(indices));
        find(&words, 7, |indices| plain.extend_from_slice(indices));
        assert_eq!(fast, expected);
        assert_eq!(plain, expected);
        assert_eq!((count_ones(&words), count(&words)), (expected.len(), expected.len()));
    }
}
