//! Finding the `k`-th one or zero of bits.
//!
//! The position of every [`ONES`]-th one and of every [`ZEROS`]-th zero is kept, as quantums are in Vigna,
//! "Quasi-succinct indices" (WSDM 2013); from there on words are counted. A run of zeros may put the next
//! known one far away. It then has known zeros in it, and how many ones lie before each of them follows from its
//! position: a binary search among these leads to where no more than `ONES + ZEROS` bits lie between two known
//! positions. The same holds of runs of ones. So no more than [`FAR`] bits are ever counted, whatever the bits.
//!
//! Within a word the byte is found by adding up the counts of the bytes in one multiplication (Vigna, "Broadword
//! implementation of rank/select queries", WEA 2008), and the bit by a table of bytes; or by one instruction, where
//! the processor has it (Pandey, Bender and Johnson, "A fast x86 implementation of select", 2017).
#![allow(unsafe_code)]

#[cfg(target_arch = "x86_64")]
use super::cpu::{Avx2, Vbmi2};
use super::packed::{self, Packed};
#[cfg(target_arch = "x86_64")]
use core::arch::x86_64::_pdep_u64;

/// One position is known for each so many ones.
pub(super) const ONES: usize = 512;

/// One position is known for each so many zeros.
pub(super) const ZEROS: usize = 1024;

/// Known positions that are farther apart are not counted through.
const FAR: usize = 4096;

/// In each byte of a word, the lowest bit.
const LOWEST: u64 = 0x0101_0101_0101_0101;

/// For each byte, how many zeros lie below each of its ones. What follows the last one has no meaning.
pub(super) static ZEROS_BELOW: [[u32; 8]; 256] = zeros_below();

const fn zeros_below() -> [[u32; 8]; 256] {
    let mut table = [[0; 8]; 256];
    let mut at = 0;
    while at < 256 * 8 {
        let (byte, bit): (usize, usize) = (at / 8, at % 8);
        if byte >> bit & 1 == 1 {
            let ones = (byte & ((1 << bit) - 1)).count_ones() as usize;
            table[byte][ones] = (bit - ones) as u32;
        }
        at += 1;
    }
    table
}

/// Ones or zeros.
#[derive(Clone, Copy, PartialEq)]
enum Bit {
    One,
    Zero,
}

impl Bit {
    #[inline(always)]
    const fn step(self) -> usize {
        match self {
            Self::One => ONES,
            Self::Zero => ZEROS,
        }
    }

    const fn other(self) -> Self {
        match self {
            Self::One => Self::Zero,
            Self::Zero => Self::One,
        }
    }
}

/// The samples of so many ones and zeros: the first of each is not kept.
pub(super) const fn samples_for(ones: usize, zeros: usize) -> usize {
    ones.saturating_sub(1) / ONES + zeros.saturating_sub(1) / ZEROS
}

/// Bits of which some positions are known.
#[derive(Clone, Copy)]
pub(super) struct Select<'a> {
    /// Ones and zeros in any order. What follows them in the last word is zero.
    pub(super) bits: &'a [u64],
    pub(super) ones: usize,
    pub(super) zeros: usize,
    /// The positions of ones `ONES`, `2 * ONES` and so on, and then those of zeros.
    pub(super) samples: Packed<&'a [u64]>,
}

impl Select<'_> {
    /// The position of a one.
    #[inline]
    pub(super) fn one(&self, rank: usize) -> usize {
        debug_assert!(rank < self.ones);
        self.find(Bit::One, rank)
    }

    /// The position of a zero.
    #[inline]
    pub(super) fn zero(&self, rank: usize) -> usize {
        debug_assert!(rank < self.zeros);
        self.find(Bit::Zero, rank)
    }

    #[inline(always)]
    fn find(&self, bit: Bit, rank: usize) -> usize {
        let (block, rest) = (rank / bit.step(), rank % bit.step());
        let (from, to) = (self.known(bit, block), self.known(bit, block + 1));
        let (from, rest) =
            if to - from > FAR { self.narrow(bit, rank, from) } else { (from, rest) };
        let flip = if bit == Bit::One { 0 } else { u64::MAX };
        scan(self.bits, from, rest, flip)
    }

    fn count(&self, bit: Bit) -> usize {
        match bit {
            Bit::One => self.ones,
            Bit::Zero => self.zeros,
        }
    }

    /// A position before which there are `block` times the step of these bits: that of such a bit, or one of the ends.
    #[inline(always)]
    fn known(&self, bit: Bit, block: usize) -> usize {
        if block == 0 {
            return 0;
        }
        if block * bit.step() >= self.count(bit) {
            return self.ones + self.zeros;
        }
        let before = if bit == Bit::One { 0 } else { self.ones.saturating_sub(1) / ONES };
        self.samples.get(before + block - 1) as usize
    }

    /// A position near the bit of a rank, and how many such bits lie between the two, by the other bits. There are
    /// more than [`FAR`] bits from `from`, the known position before, to the next one.
    #[cold]
    #[inline(never)]
    fn narrow(&self, bit: Bit, rank: usize, from: usize) -> (usize, usize) {
        let (other, step) = (bit.other(), bit.other().step());
        // Of the other bits, those before `from`.
        let first = from - rank / bit.step() * bit.step();
        let (mut low, mut high) = (first / step, self.count(other).saturating_sub(1) / step + 1);
        // The last known one of the other bits before which there are no more than `rank` of these.
        while high - low > 1 {
            let middle = low.midpoint(high);
            if self.known(other, middle) - middle * step <= rank {
                low = middle;
            } else {
                high = middle;
            }
        }
        let known = self.known(other, low);
        // Where it is the next of the other bits, it may lie behind the one that is looked for, which is then near.
        match rank.checked_sub(known - low * step) {
            Some(rest) if known > from => (known, rest),
            _ => (from, rank % bit.step()),
        }
    }

    /// Whether the ones and zeros are as many as is said, and the samples are their positions.
    pub(super) fn is_valid(&self) -> bool {
        let (mut ones, mut samples) = (0, 0);
        let (kept_ones, len) = (self.ones.saturating_sub(1) / ONES, self.ones + self.zeros);
        for (index, &word) in self.bits.iter().enumerate() {
            let start = index * 64;
            let bits = (len - start).min(64);
            if word & !packed::mask(bits as u32) != 0 {
                return false;
            }
            let count = word.count_ones() as usize;
            // At most one known one and one known zero in each word.
            let mut check = |before: usize, within: usize, bit: Bit, word: u64, shift: usize| {
                let block = before.div_ceil(bit.step()).max(1);
                let rank = block * bit.step();
                if rank >= before + within || rank >= self.count(bit) {
                    return true;
                }
                samples += 1;
                let position = start + select_in_word(word, rank - before);
                self.samples.get(shift + block - 1) == position as u64
            };
            let zeros = start - ones;
            if !check(ones, count, Bit::One, word, 0)
                || !check(zeros, bits - count, Bit::Zero, !word, kept_ones)
            {
                return false;
            }
            ones += count;
        }
        ones == self.ones && samples == self.samples.len()
    }
}

/// The position of the bit that has `rest` like it between `from` and itself: a one, or a zero where `flip` has all
/// bits set.
///
/// # Panics
///
/// Panics where there are too few.
#[inline]
fn scan(bits: &[u64], from: usize, rest: usize, flip: u64) -> usize {
    #[cfg(target_arch = "x86_64")]
    if Vbmi2::detect().is_some() {
        // SAFETY: the processor has BMI1, BMI2 and POPCNT, of which the proof was just had.
        return unsafe { scan_pdep(bits, from, rest, flip) };
    } else if Avx2::detect().is_some() {
        // SAFETY: the processor has AVX2, BMI1 and POPCNT, of which the proof was just had.
        return unsafe { scan_popcnt(bits, from, rest, flip) };
    }
    let (word, ones, rest) = find_word(bits, from, rest, flip);
    word * 64 + select_in_word(ones, rest)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "bmi1,bmi2,popcnt")]
fn scan_pdep(bits: &[u64], from: usize, rest: usize, flip: u64) -> usize {
    let (word, ones, rest) = find_word(bits, from, rest, flip);
    word * 64 + _pdep_u64(1 << rest, ones).trailing_zeros() as usize
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,popcnt")]
fn scan_popcnt(bits: &[u64], from: usize, rest: usize, flip: u64) -> usize {
    let (word, ones, rest) = find_word(bits, from, rest, flip);
    word * 64 + select_in_word(ones, rest)
}

/// The word in which a bit lies, what of it counts, as ones, and the rank of the bit among these.
#[inline(always)]
fn find_word(bits: &[u64], from: usize, mut rest: usize, flip: u64) -> (usize, u64, usize) {
    let mut at = from / 64;
    let mut word = (bits[at] ^ flip) & (u64::MAX << (from % 64));
    loop {
        let count = word.count_ones() as usize;
        if rest < count {
            return (at, word, rest);
        }
        rest -= count;
        at += 1;
        word = bits[at] ^ flip;
    }
}

/// For each byte of a word, the ones in it and in those below. None is more than 64.
#[inline(always)]
pub(super) fn ones_up_to_bytes(word: u64) -> u64 {
    let pairs = word - (word >> 1 & 0x5555_5555_5555_5555);
    let fours = (pairs & 0x3333_3333_3333_3333) + (pairs >> 2 & 0x3333_3333_3333_3333);
    let bytes = (fours + (fours >> 4)) & 0x0f0f_0f0f_0f0f_0f0f;
    bytes.wrapping_mul(LOWEST)
}

/// The position of the one that has `rank` ones below it in its word.
#[inline(always)]
fn select_in_word(word: u64, rank: usize) -> usize {
    debug_assert!(rank < word.count_ones() as usize);
    let up_to = ones_up_to_bytes(word);
    // The highest bit of a byte stays where no more than `rank` ones are in it and below.
    let highest = LOWEST << 7;
    let below = (((rank as u64 * LOWEST) | highest) - up_to) & highest;
    let byte = (below >> 7).wrapping_mul(LOWEST) >> 56;
    let shift = (8 * byte as u32) & 63;
    let within = rank - (up_to << 8 >> shift & 0xff) as usize;
    let zeros = ZEROS_BELOW[(word >> shift & 0xff) as usize][within & 7];
    shift as usize + within + zeros as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    /// The words of runs of zeros and ones, in turns, and the positions of the zeros and of the ones.
    fn bits(runs: &[usize]) -> (Vec<u64>, [Vec<usize>; 2]) {
        let (mut words, mut positions, mut len) = (Vec::new(), [Vec::new(), Vec::new()], 0);
        for (turn, &run) in runs.iter().enumerate() {
            for position in len..len + run {
                if position % 64 == 0 {
                    words.push(0);
                }
                words[position / 64] |= (turn as u64 % 2) << (position % 64);
                positions[turn % 2].push(position);
            }
            len += run;
        }
        (words, positions)
    }

    fn sample(zeros: &[usize], ones: &[usize]) -> Packed {
        let ones = ones.iter().step_by(ONES).skip(1);
        let samples: Vec<_> = ones.chain(zeros.iter().step_by(ZEROS).skip(1)).copied().collect();
        Packed::build(samples.len(), 40, |index| samples[index] as u64).unwrap()
    }

    fn check(runs: &[usize]) {
        let (words, [zeros, ones]) = bits(runs);
        let samples = sample(&zeros, &ones);
        assert_eq!(samples.len(), samples_for(ones.len(), zeros.len()));
        let samples = samples.borrow();
        let select = Select { bits: &words, ones: ones.len(), zeros: zeros.len(), samples };
        assert!(select.is_valid());
        for (rank, &position) in ones.iter().enumerate() {
            assert_eq!(select.one(rank), position, "one {rank}");
        }
        for (rank, &position) in zeros.iter().enumerate() {
            assert_eq!(select.zero(rank), position, "zero {rank}");
        }
    }

    #[test]
    fn every_one_and_zero_is_found() {
        check(&[0, 1]);
        check(&[1, 1, 1]);
        check(&[64, 64]);
        check(&(0..9000).map(|i| i * 7919 % 5).collect::<Vec<_>>());
        check(&(0..3000).map(|i| i * i % 13).collect::<Vec<_>>());
    }

    #[test]
    fn runs_longer_than_what_is_counted_through_are_searched() {
        for run in [FAR - 1, FAR, FAR + 1, 3 * FAR, 50 * ZEROS, 50 * ZEROS - 1] {
            check(&[run, 1]);
            check(&[0, run]);
            check(&[run, run, run, run]);
            check(&[1, 1, run, 1, 1, run, 1, 1]);
            // Known ones and zeros at the ends of the runs.
            check(&[ZEROS, ONES, run, ONES, ZEROS, run, 1, ONES - 1]);
            check(&[3, ONES - 1, run, 1, 1, run, ZEROS, 2 * ONES + 1]);
            check(&[0, ONES + 1, run / ZEROS * ZEROS + 1, ONES, 1, run, 5, 5]);
        }
    }

    #[test]
    fn words_are_searched_alike_with_and_without_the_instruction() {
        let mut words: Vec<u64> = (1..=64).map(packed::mask).collect();
        words.extend((0..64).map(|bit| 1 << bit));
        words.extend((1..1000_u64).map(|i| i.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        for word in words {
            let ones = (0..64).filter(|bit| word >> bit & 1 == 1);
            for (rank, position) in ones.enumerate() {
                assert_eq!(select_in_word(word, rank), position);
                assert_eq!(scan(&[word], 0, rank, 0), position);
                assert_eq!(scan(&[!word], 0, rank, u64::MAX), position);
            }
        }
    }

    #[test]
    fn counts_and_samples_that_are_wrong_are_noticed() {
        let (words, [zeros, ones]) = bits(&[2000, 1500, 3000, 700]);
        let samples = sample(&zeros, &ones);
        let with = |words: &[u64], ones, samples: &Packed| {
            let (zeros, samples) = (7200 - ones, samples.borrow());
            Select { bits: words, ones, zeros, samples }.is_valid()
        };
        assert!(with(&words, 2200, &samples));
        for wrong in 0..samples.len() {
            let code = |index| samples.get(index) ^ u64::from(index == wrong);
            let samples = Packed::build(samples.len(), 40, code).unwrap();
            assert!(!with(&words, 2200, &samples), "sample {wrong}");
        }
        assert!(!with(&words, 2199, &samples) && !with(&words, 2201, &samples));
        let mut longer = words.clone();
        longer[7200 / 64] |= 1 << 63;
        assert!(!with(&longer, 2200, &samples));
    }
}
