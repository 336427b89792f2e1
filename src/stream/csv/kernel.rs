//! Which of 64 bytes are special, and where: the two steps that are done with vectors.
//!
//! SSE2, which every processor of x86-64 has, AVX2, AVX-512 with VBMI2, and words of eight bytes elsewhere. All give the same.
#![allow(unsafe_code)]

#[cfg(target_arch = "x86_64")]
use crate::raw::cpu::{Avx2, Vbmi2};
use crate::raw::equal;
#[cfg(target_arch = "x86_64")]
use core::arch::x86_64::{
    __m128i, __m256i, __m512i, _mm_cvtsi64_si128, _mm256_add_epi32, _mm256_cmpeq_epi8,
    _mm256_cvtepu8_epi32, _mm256_movemask_epi8, _mm256_set1_epi8, _mm256_set1_epi32,
    _mm256_storeu_si256, _mm512_add_epi32, _mm512_castsi512_si128, _mm512_cmpeq_epi8_mask,
    _mm512_cvtepu8_epi32, _mm512_extracti32x4_epi32, _mm512_maskz_compress_epi8, _mm512_set1_epi8,
    _mm512_set1_epi32,
};

/// The bytes that divide rows and fields, beside the two that end lines.
#[derive(Clone, Copy, Debug)]
pub(super) struct Special {
    pub(super) delimiter: u8,
    pub(super) quote: Option<u8>,
    pub(super) comment: Option<u8>,
}

/// One bit for each of 64 bytes, the first in the lowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Masks {
    pub(super) delimiters: u64,
    /// LF.
    pub(super) newlines: u64,
    /// CR and LF.
    pub(super) ends: u64,
    pub(super) quotes: u64,
    pub(super) comments: u64,
}

impl Masks {
    /// Those that `find` finds.
    #[inline(always)]
    fn of(special: Special, find: impl Fn(u8) -> u64) -> Self {
        let newlines = find(b'\n');
        Self {
            delimiters: find(special.delimiter),
            newlines,
            ends: newlines | find(b'\r'),
            quotes: special.quote.map_or(0, &find),
            comments: special.comment.map_or(0, &find),
        }
    }

    /// Those of the first `len` bytes, 1 to 64.
    #[inline(always)]
    pub(super) fn first(self, len: usize) -> Self {
        let first = u64::MAX >> (64 - len);
        Self {
            delimiters: self.delimiters & first,
            newlines: self.newlines & first,
            ends: self.ends & first,
            quotes: self.quotes & first,
            comments: self.comments & first,
        }
    }
}

/// What is run with the best kernel of the processor. To be inlined always.
pub(super) trait Work {
    type Output;

    fn run<K: Kernel>(self, kernel: K) -> Self::Output;
}

/// The two steps.
pub(super) trait Kernel: Copy {
    /// Finds the special bytes.
    fn masks(self, bytes: &[u8; 64], special: Special) -> Masks;

    /// Writes `base` and the number of the bit for each bit that is set, and anything behind that.
    #[inline(always)]
    fn positions(self, mut mask: u64, base: u32, positions: &mut [u32; 64]) {
        // Few branches are taken so: what is written in vain is written over.
        for eight in positions.as_chunks_mut::<8>().0 {
            if mask == 0 {
                break;
            }
            for position in eight {
                *position = base + mask.trailing_zeros();
                mask &= mask.wrapping_sub(1);
            }
        }
    }
}

/// The instructions that are used. It is found out once for each reader.
#[derive(Clone, Copy)]
pub(super) enum Processor {
    #[cfg(target_arch = "x86_64")]
    Vbmi2(Vbmi2),
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
    #[cfg(target_arch = "x86_64")]
    Sse2,
    #[cfg_attr(target_arch = "x86_64", allow(dead_code, reason = "the tests compare with it"))]
    Any,
}

impl Processor {
    pub(super) fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            Vbmi2::detect()
                .map(Self::Vbmi2)
                .or_else(|| Avx2::detect().map(Self::Avx2))
                .unwrap_or(Self::Sse2)
        }
        #[cfg(not(target_arch = "x86_64"))]
        Self::Any
    }

    /// Does the work.
    #[inline]
    pub(super) fn run<W: Work>(self, work: W) -> W::Output {
        match self {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the processor has the features, as the token proves.
            Self::Vbmi2(vbmi2) => unsafe { run_vbmi2(vbmi2, work) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the processor has the features, as the token proves.
            Self::Avx2(avx2) => unsafe { run_avx2(avx2, work) },
            #[cfg(target_arch = "x86_64")]
            Self::Sse2 => work.run(Sse2),
            Self::Any => work.run(Any),
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2,bmi1,bmi2,popcnt")]
fn run_vbmi2<W: Work>(vbmi2: Vbmi2, work: W) -> W::Output {
    work.run(vbmi2)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,popcnt")]
fn run_avx2<W: Work>(avx2: Avx2, work: W) -> W::Output {
    work.run(avx2)
}

#[cfg(target_arch = "x86_64")]
impl Kernel for Vbmi2 {
    #[inline(always)]
    fn masks(self, bytes: &[u8; 64], special: Special) -> Masks {
        // SAFETY: the processor has AVX-512, as `self` proves.
        unsafe { masks_of_64(bytes, special) }
    }

    #[inline(always)]
    fn positions(self, mask: u64, base: u32, positions: &mut [u32; 64]) {
        // SAFETY: the processor has VBMI2, as `self` proves.
        unsafe { positions_of_64(mask, base, positions) }
    }
}

#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn masks_of_64(bytes: &[u8; 64], special: Special) -> Masks {
    let bytes = bytemuck::cast(*bytes);
    Masks::of(special, |byte| _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(byte.cast_signed())))
}

/// The numbers of all bits are pressed together to those that are set.
#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx512f,avx512vbmi2")]
fn positions_of_64(mask: u64, base: u32, positions: &mut [u32; 64]) {
    const NUMBERS: [u8; 64] = {
        let mut numbers = [0; 64];
        let mut at = 0;
        while at < 64 {
            numbers[at] = at as u8;
            at += 1;
        }
        numbers
    };
    let found = _mm512_maskz_compress_epi8(mask, bytemuck::cast(NUMBERS));
    let base = _mm512_set1_epi32(base.cast_signed());
    let wide = |found: __m128i| {
        bytemuck::cast::<__m512i, [u32; 16]>(_mm512_add_epi32(_mm512_cvtepu8_epi32(found), base))
    };
    let count = mask.count_ones();
    positions[..16].copy_from_slice(&wide(_mm512_castsi512_si128(found)));
    if count > 16 {
        positions[16..32].copy_from_slice(&wide(_mm512_extracti32x4_epi32::<1>(found)));
    }
    if count > 32 {
        positions[32..48].copy_from_slice(&wide(_mm512_extracti32x4_epi32::<2>(found)));
        positions[48..].copy_from_slice(&wide(_mm512_extracti32x4_epi32::<3>(found)));
    }
}

#[cfg(target_arch = "x86_64")]
impl Kernel for Avx2 {
    #[inline(always)]
    fn masks(self, bytes: &[u8; 64], special: Special) -> Masks {
        // SAFETY: the processor has AVX2, as `self` proves.
        unsafe { masks_of_32(bytes, special) }
    }

    #[inline(always)]
    fn positions(self, mask: u64, base: u32, positions: &mut [u32; 64]) {
        // SAFETY: the processor has AVX2 and POPCNT, as `self` proves.
        unsafe { positions_of_eights(mask, base, positions) }
    }
}

#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx2")]
fn masks_of_32(bytes: &[u8; 64], special: Special) -> Masks {
    let halves: [__m256i; 2] = bytemuck::cast(*bytes);
    Masks::of(special, |byte| {
        let byte = _mm256_set1_epi8(byte.cast_signed());
        let [low, high] =
            halves.map(|half| _mm256_movemask_epi8(_mm256_cmpeq_epi8(half, byte)).cast_unsigned());
        u64::from(low) | u64::from(high) << 32
    })
}

/// For each byte the numbers of the bits that are set, one in each byte, the first in the lowest.
#[cfg(target_arch = "x86_64")]
static NUMBERS_OF_BITS: [u64; 256] = {
    let mut table = [0; 256];
    let mut bits = 0;
    while bits < 256 {
        let (mut left, mut shift) = (bits, 0);
        while left != 0 {
            table[bits] |= (left.trailing_zeros() as u64) << shift;
            left &= left - 1;
            shift += 8;
        }
        bits += 1;
    }
    table
};

/// The numbers of eight bits at once are looked up.
#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx2,popcnt")]
fn positions_of_eights(mask: u64, base: u32, positions: &mut [u32; 64]) {
    let positions = positions.as_mut_ptr();
    for (eight, bits) in mask.to_le_bytes().into_iter().enumerate() {
        let first = 8 * eight;
        let numbers = NUMBERS_OF_BITS[usize::from(bits)].cast_signed();
        let numbers = _mm256_cvtepu8_epi32(_mm_cvtsi64_si128(numbers));
        let base = _mm256_set1_epi32((base + first as u32).cast_signed());
        let found = _mm256_add_epi32(numbers, base);
        let before = (mask & ((1 << first) - 1)).count_ones() as usize;
        // SAFETY: `before` is at most `first`, which is at most 56, and there are 64 places.
        let to = unsafe { positions.add(before) };
        // SAFETY: so eight places are there; the store asks for no alignment.
        unsafe { _mm256_storeu_si256(to.cast(), found) };
    }
}

/// Every processor of x86-64 has it.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy)]
struct Sse2;

#[cfg(target_arch = "x86_64")]
impl Kernel for Sse2 {
    #[inline(always)]
    fn masks(self, bytes: &[u8; 64], special: Special) -> Masks {
        Masks::of(special, |byte| equal::equal_word(bytes, byte))
    }
}

/// Words of eight bytes, on any machine.
#[derive(Clone, Copy)]
struct Any;

impl Kernel for Any {
    #[inline(always)]
    fn masks(self, bytes: &[u8; 64], special: Special) -> Masks {
        const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
        let (words, _) = bytes.as_chunks();
        Masks::of(special, |byte| {
            words.iter().rev().fold(0, |mask, &word| {
                let other = u64::from_le_bytes(word) ^ (u64::from(byte) * 0x0101_0101_0101_0101);
                // In each byte the highest bit, where it is `byte`.
                let found = !((other & LOW).wrapping_add(LOW) | other | LOW);
                mask << 8 | u64::from(equal::gather((found >> 7).to_le_bytes()))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use pennyweight_baseline::random::Random;

    /// The special bytes of a block, and the positions of a mask.
    struct Block<'a>(&'a [u8; 64], Special, u64);

    impl Work for Block<'_> {
        type Output = (Masks, Vec<u32>);

        fn run<K: Kernel>(self, kernel: K) -> Self::Output {
            let mut positions = [0; 64];
            kernel.positions(self.2, 1000, &mut positions);
            let count = self.2.count_ones() as usize;
            (kernel.masks(self.0, self.1), positions[..count].to_vec())
        }
    }

    #[test]
    fn all_processors_find_the_same() {
        let mut processors = [Processor::detect(), Processor::Any].to_vec();
        #[cfg(target_arch = "x86_64")]
        {
            processors.push(Processor::Sse2);
            processors.extend(Avx2::detect().map(Processor::Avx2));
        }
        let mut random = Random::new(1);
        for round in 0..2000 {
            let special = Special {
                delimiter: random.bits(8) as u8,
                quote: (round % 3 > 0).then_some(random.bits(8) as u8),
                comment: (round % 2 > 0).then_some(random.bits(8) as u8),
            };
            let likely = [special.delimiter, b'\n', b'\r', special.quote.unwrap_or(0)];
            // From none to all.
            let mask = match round % 4 {
                0 => u64::MAX >> (round / 4 % 64),
                1 => u64::MAX << (round / 4 % 64),
                2 => random.bits(64) | random.bits(64),
                _ => random.bits(64) & random.bits(64) & random.bits(64),
            };
            let rare = 1 + round % 20;
            let block: [u8; 64] = core::array::from_fn(|_| match random.below(rare) {
                0 => likely[random.below(4)],
                _ => random.bits(8) as u8,
            });
            let find = |byte: Option<u8>| {
                let bits = (0..64).filter(|&bit| Some(block[bit]) == byte);
                bits.fold(0, |mask, bit| mask | 1_u64 << bit)
            };
            let masks = Masks {
                delimiters: find(Some(special.delimiter)),
                newlines: find(Some(b'\n')),
                ends: find(Some(b'\n')) | find(Some(b'\r')),
                quotes: find(special.quote),
                comments: find(special.comment),
            };
            let positions = (0..64).filter(|bit| mask >> bit & 1 == 1);
            let positions: Vec<u32> = positions.map(|bit| 1000 + bit).collect();
            for processor in &processors {
                assert_eq!(processor.run(Block(&block, special, mask)), (masks, positions.clone()));
            }
        }
    }
}
