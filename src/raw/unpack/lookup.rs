//! Sums of what a table has for each code, looked up in registers with AVX-512.
//!
//! A vector permutation looks 64 codes up in 128 bytes at a time, which are held in two registers. So a table is cut
//! into groups of 128 entries, and the entries into planes, one for each of their bytes:
//!
//! ```text
//! unpack   codes as two vectors: the lower seven bits, and the bits above them
//! look up  for each group: the codes whose upper bits are its number are replaced by its bytes
//! sum      the bytes of each plane, eight to a lane
//! ```
//!
//! No code is loaded from memory or stored there one by one, and nothing depends on how the codes are spread. The
//! time grows with the number of groups: with 2,000 entries of 16 bits it is that of adding up 64-bit integers from
//! memory, beyond 4,000 that of loading entries.
#![allow(unsafe_code)]

use super::super::cpu::Avx512;
use super::super::packed::{BLOCK, Packed, mask};
use super::kernel::Tail;
use core::arch::x86_64::{
    __m512i, _mm512_add_epi8, _mm512_add_epi64, _mm512_and_si512, _mm512_castps_si512,
    _mm512_castsi512_ps, _mm512_cmpeq_epi8_mask, _mm512_mask2_permutex2var_epi8,
    _mm512_multishift_epi64_epi8, _mm512_permutexvar_epi8, _mm512_sad_epu8, _mm512_set1_epi8,
    _mm512_setzero_si512, _mm512_shuffle_ps,
};

/// The entries of a group.
pub(in super::super) const GROUP: usize = 1 << LOW_BITS;

/// The bits of a code that say which entry of a group it is.
const LOW_BITS: usize = 7;

/// The most entries that a table has.
pub(in super::super) const MOST: usize = 1 << WIDEST;

/// The widest code of such a table.
const WIDEST: usize = 12;

/// Two bytes of each entry of a table.
pub(in super::super) struct Planes {
    planes: [[u8; MOST]; 2],
    /// The groups that have entries.
    groups: usize,
}

impl Planes {
    /// Zeros for so many entries.
    pub(in super::super) fn new(entries: usize) -> Self {
        assert!(entries <= MOST);
        Self { planes: [[0; MOST]; 2], groups: entries.div_ceil(GROUP) }
    }

    /// The lower and the upper bytes of the entries from one on.
    pub(in super::super) fn from(&mut self, entry: usize) -> [&mut [u8]; 2] {
        self.planes.each_mut().map(|plane| &mut plane[entry..])
    }

    /// The bytes of a group.
    #[inline(always)]
    fn group(&self, group: usize) -> [Table; 2] {
        self.planes.each_ref().map(|plane| {
            let (halves, _) = plane[group * GROUP..].as_chunks::<64>();
            [bytemuck::cast(halves[0]), bytemuck::cast(halves[1])]
        })
    }
}

/// What a permutation looks up.
type Table = [__m512i; 2];

impl Avx512 {
    /// The sum of the entries of codes of 1 to 12 bits. The first entry, which the zeros behind the last code may stand
    /// for, is 0.
    pub(in super::super) fn sum_looked_up(self, packed: Packed<&[u64]>, planes: &Planes) -> u128 {
        // SAFETY: the processor has the features, as `self` proves.
        unsafe { sum(packed, planes) }
    }
}

/// For each width of the codes: which byte of 32 codes goes to which byte of the four that share a lane of 64 bits, and
/// by how many bits the lane is shifted for each of the eight bytes that are wanted: the four lower parts and the four
/// upper ones.
static LAYOUT: [[[u8; 64]; 2]; WIDEST + 1] = layout();

const fn layout() -> [[[u8; 64]; 2]; WIDEST + 1] {
    let mut layout = [[[0; 64]; 2]; WIDEST + 1];
    let mut at = 0;
    while at < (WIDEST + 1) * 64 {
        let (width, byte) = (at / 64, at % 64);
        let (lane, part) = (byte / 8, byte % 8);
        let bit = 4 * width * lane;
        let upper = if part < 4 { 0 } else { LOW_BITS };
        layout[width][0][byte] = (bit / 8 + part) as u8;
        layout[width][1][byte] = (bit % 8 + part % 4 * width + upper) as u8;
        at += 1;
    }
    layout
}

/// Vectors of 64 codes.
const VECTORS: usize = BLOCK / 64;

/// Blocks whose sums fit 64-bit lanes: each adds less than 2¹⁴ to a lane.
const BLOCKS_AT_ONCE: usize = 1 << 40;

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi")]
fn sum(packed: Packed<&[u64]>, planes: &Planes) -> u128 {
    let width = packed.width() as usize;
    assert!((1..=WIDEST).contains(&width));
    let layout = LAYOUT[width].map(bytemuck::cast::<_, __m512i>);
    let bits = mask(width as u32);
    let lower_bits = _mm512_set1_epi8((bits & mask(LOW_BITS as u32)) as i8);
    let upper_bits = _mm512_set1_epi8((bits >> LOW_BITS) as i8);
    let zero = _mm512_setzero_si512();
    let mut tail = Tail::new();
    let mut sum = 0;
    let mut start = 0;
    while start < packed.len() {
        let end = packed.len().min(start.saturating_add(BLOCKS_AT_ONCE * BLOCK));
        let mut totals = [zero; 2];
        while start < end {
            let bytes = tail.block(&packed, width, start);
            let mut upper = [zero; VECTORS];
            // Codes until they are replaced by what is looked up.
            let mut found = [[zero; VECTORS]; 2];
            for vector in 0..VECTORS {
                let halves = [0, 4].map(|half| {
                    let bytes = &bytes[(vector * 8 + half) * width..];
                    let loaded = bytes.first_chunk::<64>().copied().map_or(zero, bytemuck::cast);
                    let lanes = _mm512_permutexvar_epi8(layout[0], loaded);
                    _mm512_castsi512_ps(_mm512_multishift_epi64_epi8(layout[1], lanes))
                });
                let lower = _mm512_shuffle_ps::<0b10_00_10_00>(halves[0], halves[1]);
                let above = _mm512_shuffle_ps::<0b11_01_11_01>(halves[0], halves[1]);
                upper[vector] = _mm512_and_si512(_mm512_castps_si512(above), upper_bits);
                found[0][vector] = _mm512_and_si512(_mm512_castps_si512(lower), lower_bits);
                found[1][vector] = found[0][vector];
            }
            look_up(planes, upper, &mut found);
            for (total, found) in totals.iter_mut().zip(found) {
                for found in found {
                    *total = _mm512_add_epi64(*total, _mm512_sad_epu8(found, zero));
                }
            }
            start += BLOCK;
        }
        let [low, high] = totals.map(|total| {
            let lanes: [u64; 8] = bytemuck::cast(total);
            lanes.iter().map(|&lane| u128::from(lane)).sum::<u128>()
        });
        sum += low + (high << 8);
    }
    sum
}

/// Replaces the lower bits of codes by the bytes of their entries.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi")]
fn look_up(planes: &Planes, upper: [__m512i; VECTORS], found: &mut [[__m512i; VECTORS]; 2]) {
    let mut number = _mm512_setzero_si512();
    for group in 0..planes.groups {
        let here = upper.map(|upper| _mm512_cmpeq_epi8_mask(upper, number));
        for (found, [low, high]) in found.iter_mut().zip(planes.group(group)) {
            for (found, here) in found.iter_mut().zip(here) {
                *found = _mm512_mask2_permutex2var_epi8(low, *found, here, high);
            }
        }
        number = _mm512_add_epi8(number, _mm512_set1_epi8(1));
    }
}
