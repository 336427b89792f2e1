//! Reading numbers from end to end.
//!
//! A byte of the high bits is looked up in a table that gives, for each of its ones, the zeros below. Eight counts are
//! written whether the byte has as many ones or not, and the next byte overwrites those that it has not, so that no branch
//! depends on the bits: as bitmaps are decoded in Lemire and others, "Roaring bitmaps: implementation of an optimized
//! software library" (Software: Practice and Experience, 2018). With AVX-512 one instruction picks the positions of
//! all ones of a word.
#![allow(unsafe_code)]

#[cfg(target_arch = "x86_64")]
use crate::raw::cpu::{Avx2, Vbmi2};
use crate::raw::packed::BLOCK;
use crate::raw::select::{ZEROS_BELOW, ones_up_to_bytes};
#[cfg(target_arch = "x86_64")]
use core::arch::x86_64::{
    __m128i, _mm512_add_epi32, _mm512_castsi512_si128, _mm512_cvtepu8_epi32,
    _mm512_extracti32x4_epi32, _mm512_maskz_compress_epi8, _mm512_set1_epi32, _mm512_sub_epi8,
};

/// Ones are read until there are this many.
const AT_ONCE: usize = 4 * BLOCK;

/// What is written for a word: as many counts as it has ones, and some that have no meaning.
type Room = [u32; ROOM];
const ROOM: usize = 64 + 8;

/// No more ones are read at once where the zeros before are so many more than at the first, so that counts fit.
const REACH: u64 = 1 << 16;

/// Reads numbers in order.
pub(super) struct Reader<'a> {
    /// The high bits that are not read yet.
    words: &'a [u64],
    /// Bits of a low part.
    width: u8,
    /// The zeros before the words, ones before the first of the range counted as zeros.
    zeros: u64,
    /// For each one that was read, the zeros before it, less `base`: up to `ready`, and those up to `taken` have been
    /// handed out.
    counts: [u32; AT_ONCE + ROOM],
    base: u64,
    taken: usize,
    ready: usize,
    numbers: [u64; BLOCK],
}

impl<'a> Reader<'a> {
    /// From the number at `index` on, the one of which is at a position.
    #[inline]
    pub(super) fn new(high: &'a [u64], width: u8, index: usize, position: usize) -> Self {
        // Fewer than no zeros, it may be, before a word of which some ones are left out.
        let zeros = (position - index).wrapping_sub(position % 64) as u64;
        let mut reader = Self {
            words: &high[position / 64..],
            width,
            zeros,
            counts: [0; AT_ONCE + ROOM],
            base: zeros,
            taken: 0,
            ready: 0,
            numbers: [0; BLOCK],
        };
        if let Some((&word, words)) = reader.words.split_first() {
            reader.words = words;
            reader.read_word(word & u64::MAX << (position % 64), write_counts);
        }
        reader
    }

    /// The next numbers, of which the low parts are given: at most [`BLOCK`].
    #[inline]
    pub(super) fn take(&mut self, low: &[u64]) -> &[u64] {
        self.put_together(low);
        &self.numbers[..low.len()]
    }

    fn put_together(&mut self, low: &[u64]) {
        #[cfg(target_arch = "x86_64")]
        if Vbmi2::detect().is_some() {
            // SAFETY: the processor has the features, of which the proof was just had.
            return unsafe { self.put_together_vbmi2(low) };
        } else if Avx2::detect().is_some() {
            // SAFETY: the processor has AVX2, BMI1 and POPCNT, of which the proof was just had.
            return unsafe { self.put_together_avx2(low) };
        }
        self.put_together_by(low, write_counts);
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi2,bmi1,bmi2,popcnt")]
    fn put_together_vbmi2(&mut self, low: &[u64]) {
        self.put_together_by(low, |word, before, room| write_counts_vbmi2(word, before, room));
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,bmi1,popcnt")]
    fn put_together_avx2(&mut self, low: &[u64]) {
        self.put_together_by(low, write_counts);
    }

    /// Makes numbers of low parts. `write` writes the counts of a word, more by what is given, and tells their number.
    #[inline(always)]
    fn put_together_by(&mut self, low: &[u64], write: impl Fn(u64, u32, &mut Room) -> usize) {
        let mut filled = 0;
        while filled < low.len() {
            if self.taken == self.ready {
                self.read_words(&write);
            }
            let counts = &self.counts[self.taken..self.ready];
            let (width, base) = (self.width, self.base);
            let mut count = 0;
            for ((number, low), &zeros) in
                self.numbers[filled..].iter_mut().zip(&low[filled..]).zip(counts)
            {
                *number = base.wrapping_add(zeros.into()) << width | low;
                count += 1;
            }
            assert!(count > 0, "there are fewer ones than numbers");
            self.taken += count;
            filled += count;
        }
    }

    /// Reads ones, when all that were read have been taken.
    #[inline(always)]
    fn read_words(&mut self, write: impl Fn(u64, u32, &mut Room) -> usize) {
        (self.base, self.taken, self.ready) = (self.zeros, 0, 0);
        while self.ready < AT_ONCE {
            let Some((&word, words)) = self.words.split_first() else { break };
            self.words = words;
            if word != 0 {
                self.read_word(word, &write);
                continue;
            }
            self.zeros = self.zeros.wrapping_add(64);
            if self.ready == 0 {
                self.base = self.zeros;
            } else if self.zeros.wrapping_sub(self.base) > REACH {
                break;
            }
        }
    }

    /// Reads the ones of a word. Fewer than [`AT_ONCE`] are ready.
    #[inline(always)]
    fn read_word(&mut self, word: u64, write: impl Fn(u64, u32, &mut Room) -> usize) {
        let before = self.zeros.wrapping_sub(self.base) as u32;
        if let Some(room) = self.counts[self.ready..].first_chunk_mut() {
            let ones = write(word, before, room);
            self.ready += ones;
            self.zeros = self.zeros.wrapping_add(64 - ones as u64);
        }
    }
}

#[inline(always)]
fn write_counts(word: u64, before: u32, room: &mut Room) -> usize {
    let up_to = ones_up_to_bytes(word);
    for byte in 0..8 {
        let below = (up_to << 8 >> (8 * byte) & 63) as usize;
        let before = before + 8 * byte as u32 - below as u32;
        let table = &ZEROS_BELOW[(word >> (8 * byte) & 0xff) as usize];
        for (count, within) in room[below..][..8].iter_mut().zip(table) {
            *count = before.wrapping_add(*within);
        }
    }
    (up_to >> 56) as usize
}

/// The bytes from 0 to 63.
#[cfg(target_arch = "x86_64")]
static BYTES: [u8; 64] = {
    let mut bytes = [0; 64];
    let mut byte = 0;
    while byte < 64 {
        bytes[byte] = byte as u8;
        byte += 1;
    }
    bytes
};

#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2,bmi1,bmi2,popcnt")]
fn write_counts_vbmi2(word: u64, before: u32, room: &mut Room) -> usize {
    let bytes = bytemuck::cast(BYTES);
    // The positions of the ones, each less the ones below.
    let zeros = _mm512_sub_epi8(_mm512_maskz_compress_epi8(word, bytes), bytes);
    let before = _mm512_set1_epi32(before.cast_signed());
    let mut write = |at: usize, sixteen: __m128i| {
        let counts: [u32; 16] =
            bytemuck::cast(_mm512_add_epi32(_mm512_cvtepu8_epi32(sixteen), before));
        room[at..][..16].copy_from_slice(&counts);
    };
    let ones = word.count_ones() as usize;
    write(0, _mm512_castsi512_si128(zeros));
    write(16, _mm512_extracti32x4_epi32::<1>(zeros));
    if ones > 32 {
        write(32, _mm512_extracti32x4_epi32::<2>(zeros));
        write(48, _mm512_extracti32x4_epi32::<3>(zeros));
    }
    ones
}

/// The sum of the positions of all ones.
pub(super) fn sum_of_positions(bits: &[u64]) -> u128 {
    #[cfg(target_arch = "x86_64")]
    if Avx2::detect().is_some() {
        // SAFETY: the processor has AVX2, BMI1 and POPCNT, of which the proof was just had.
        return unsafe { sum_avx2(bits) };
    }
    sum_words(bits)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,popcnt")]
fn sum_avx2(bits: &[u64]) -> u128 {
    sum_words(bits)
}

/// The positions within a word add up bit by bit of the position: 32 for each one in the upper half, and so on.
#[inline(always)]
fn sum_words(bits: &[u64]) -> u128 {
    const HALVES: [u64; 6] = [
        0xaaaa_aaaa_aaaa_aaaa,
        0xcccc_cccc_cccc_cccc,
        0xf0f0_f0f0_f0f0_f0f0,
        0xff00_ff00_ff00_ff00,
        0xffff_0000_ffff_0000,
        0xffff_ffff_0000_0000,
    ];
    /// The words of which the sum fits 64 bits, by far.
    const CHUNK: usize = 1024;
    let mut sum = 0;
    for (index, words) in bits.chunks(CHUNK).enumerate() {
        let (mut ones, mut within) = (0_u64, 0_u64);
        for (position, word) in words.iter().enumerate() {
            let count = u64::from(word.count_ones());
            ones += count;
            within += position as u64 * 64 * count;
            for (bit, half) in HALVES.iter().enumerate() {
                within += u64::from((word & half).count_ones()) << bit;
            }
        }
        sum += u128::from(ones) * (index * CHUNK * 64) as u128 + u128::from(within);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn words() -> Vec<u64> {
        let mut words: Vec<u64> = (0..=64).map(crate::raw::packed::mask).collect();
        words.extend((0..64).map(|bit| 1 << bit));
        words.extend((0..1000_u64).map(|i| i.wrapping_mul(0x9e37_79b9_7f4a_7c15) & i << 50));
        words.extend([0; 3000]);
        words.extend([u64::MAX; 20]);
        words
    }

    fn positions(words: &[u64]) -> Vec<usize> {
        (0..words.len() * 64).filter(|index| words[index / 64] >> (index % 64) & 1 == 1).collect()
    }

    /// Makes numbers of low parts.
    type Path = fn(&mut Reader<'_>, &[u64]);

    #[test]
    fn every_word_is_read_by_every_path() {
        let words = words();
        let positions = positions(&words);
        let plain: Path = |reader, low| reader.put_together_by(low, write_counts);
        let fast: Path = |reader, low| reader.put_together(low);
        #[cfg(target_arch = "x86_64")]
        let avx2: Path = |reader, low| match Avx2::detect() {
            // SAFETY: the processor has AVX2, BMI1 and POPCNT, of which the proof was just had.
            Some(_) => unsafe { reader.put_together_avx2(low) },
            None => reader.put_together(low),
        };
        #[cfg(not(target_arch = "x86_64"))]
        let avx2 = fast;
        for (path, start) in [plain, avx2, fast].into_iter().zip([0, 1, 777]).chain([(plain, 99)]) {
            let mut reader = Reader::new(&words, 3, start, positions[start]);
            let mut index = start;
            let lengths = [256, 1, 255, 100].into_iter().cycle();
            for length in lengths {
                let length = length.min(positions.len() - index);
                let low: Vec<u64> = (index..index + length).map(|index| index as u64 % 8).collect();
                path(&mut reader, &low);
                for (&number, index) in reader.numbers[..length].iter().zip(index..) {
                    let expected = (((positions[index] - index) as u64) << 3) | (index as u64 % 8);
                    assert_eq!(number, expected, "number {index} from {start}");
                }
                index += length;
                if index == positions.len() {
                    break;
                }
            }
        }
    }

    #[test]
    fn positions_are_summed_by_both_paths() {
        let words = words();
        let expected = positions(&words).iter().map(|&position| position as u128).sum::<u128>();
        assert_eq!((sum_of_positions(&words), sum_words(&words)), (expected, expected));
        let full = [u64::MAX; 5000];
        assert_eq!(sum_of_positions(&full), 320_000_u128 * 319_999 / 2);
    }
}
