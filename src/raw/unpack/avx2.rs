//! Eight codes at a time with AVX2.
//!
//! Eight codes of `w` bits fill `w` whole bytes, so every group of eight begins at a byte. One 16-byte
//! load covers the first four codes of a group with narrow lanes (4 x 25 bits and less), a second one,
//! `half` bytes on, the other four; with wide lanes four loads cover two codes each:
//!
//! ```text
//! bytes   | c0 c1 c2 c3 .. | c4 c5 c6 c7 .. |
//! shuffle   each lane gets the bytes that its code touches
//! shift     by the 0 to 7 bits that belong to the code before
//! mask      to `w` bits
//! ```
//!
//! The loops run over whole blocks, for which the reach of the last load is known. Blocks that would
//! read past the end of the buffer are copied to the stack first, which happens once a call.
#![allow(unsafe_code)]

use super::super::cpu::Avx2;
use super::super::packed::{BLOCK, Packed, mask};
use super::{WIDEST_NARROW, WIDEST_WIDE};
use core::arch::x86_64::{
    __m128i, __m256i, _mm_loadu_si128, _mm256_add_epi32, _mm256_add_epi64, _mm256_and_si256,
    _mm256_castsi128_si256, _mm256_inserti128_si256, _mm256_set1_epi32, _mm256_set1_epi64x,
    _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_srli_epi64, _mm256_srlv_epi32,
    _mm256_srlv_epi64,
};
use core::ops::Range;

/// Groups of eight codes in a block.
const GROUPS: usize = BLOCK / 8;

/// The bytes that a block may touch: its own, and 16 from the start of the last load.
const fn reach(width: usize) -> usize {
    GROUPS * width + 16
}

impl Avx2 {
    /// See [`Packed::for_each_narrow`]. The width is at least 1.
    #[inline]
    pub(super) fn for_each_narrow(
        self,
        packed: &Packed,
        range: Range<usize>,
        f: impl FnMut(&[u32]),
    ) {
        // SAFETY: the processor has AVX2, as `self` proves.
        unsafe { for_each_narrow(packed, range, f) }
    }

    /// See [`Packed::for_each_wide`]. The width is from 1 to 57.
    #[inline]
    pub(super) fn for_each_wide(self, packed: &Packed, range: Range<usize>, f: impl FnMut(&[u64])) {
        // SAFETY: the processor has AVX2, as `self` proves.
        unsafe { for_each_wide(packed, range, f) }
    }

    /// The sum of codes of 1 to 25 bits.
    #[inline]
    pub(super) fn sum_narrow(self, packed: &Packed) -> u128 {
        // SAFETY: the processor has AVX2, as `self` proves.
        unsafe { sum_narrow(packed) }
    }

    /// The sum of codes of 1 to 57 bits.
    #[inline]
    pub(super) fn sum_wide(self, packed: &Packed) -> u128 {
        // SAFETY: the processor has AVX2, as `self` proves.
        unsafe { sum_wide(packed) }
    }
}

/// A copy of the end of a buffer, for the block whose loads would pass it.
type Tail = [u8; reach(WIDEST_WIDE as usize)];

/// The bytes that the block from code `start` (a multiple of eight) on may touch.
#[inline]
fn block_bytes<'a>(packed: &'a Packed, start: usize, tail: &'a mut Tail) -> &'a [u8] {
    let width = packed.width() as usize;
    let bytes = bytemuck::cast_slice::<u64, u8>(packed.words());
    let from = start / 8 * width;
    if let Some(bytes) = bytes.get(from..from + reach(width)) {
        return bytes;
    }
    let rest = &bytes[from..];
    tail[..rest.len()].copy_from_slice(rest);
    tail[rest.len()..].fill(0);
    &tail[..reach(width)]
}

/// Loads 16 bytes.
///
/// # Safety
///
/// `at + 16 <= bytes.len()`.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn load(bytes: &[u8], at: usize) -> __m128i {
    debug_assert!(at + 16 <= bytes.len());
    // SAFETY: `at` is inside the slice, by the caller's promise.
    let from = unsafe { bytes.as_ptr().add(at) };
    // SAFETY: the 16 bytes from there are inside the slice, by the caller's promise, and the load
    // needs no alignment.
    unsafe { _mm_loadu_si128(from.cast()) }
}

/// Joins two 16-byte loads.
#[inline]
#[target_feature(enable = "avx2")]
fn join(low: __m128i, high: __m128i) -> __m256i {
    _mm256_inserti128_si256::<1>(_mm256_castsi128_si256(low), high)
}

/// Takes groups of eight codes of at most 25 bits apart, into lanes of 32.
struct Narrow {
    shuffle: __m256i,
    shift: __m256i,
    mask: __m256i,
    /// Bytes of a group. Invariant: at most 25.
    width: usize,
    /// Where the load of the last four codes begins. Invariant: `half <= width`.
    half: usize,
}

impl Narrow {
    #[target_feature(enable = "avx2")]
    fn new(width: u32) -> Self {
        assert!((1..=WIDEST_NARROW).contains(&width));
        let mask = _mm256_set1_epi32(mask(width) as i32);
        let width = width as usize;
        let half = 4 * width / 8;
        let mut shuffle = [0_u8; 32];
        let mut shift = [0_u32; 8];
        for lane in 0..8 {
            let bit = lane * width;
            let first = bit / 8 - if lane < 4 { 0 } else { half };
            shift[lane] = (bit % 8) as u32;
            for byte in 0..4 {
                shuffle[lane * 4 + byte] = (first + byte) as u8;
            }
        }
        Self { shuffle: bytemuck::cast(shuffle), shift: bytemuck::cast(shift), mask, width, half }
    }

    /// The eight codes of a group.
    ///
    /// # Safety
    ///
    /// `group < GROUPS`, and `bytes` holds `reach(width)` bytes.
    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn group(&self, bytes: &[u8], group: usize) -> __m256i {
        let at = group * self.width;
        // SAFETY: `at + 16 <= (GROUPS - 1) * width + 16 < reach(width)`.
        let low = unsafe { load(bytes, at) };
        // SAFETY: `half <= width`, so `at + half + 16 <= GROUPS * width + 16 = reach(width)`.
        let high = unsafe { load(bytes, at + self.half) };
        let lanes = _mm256_shuffle_epi8(join(low, high), self.shuffle);
        _mm256_and_si256(_mm256_srlv_epi32(lanes, self.shift), self.mask)
    }
}

/// Takes groups of eight codes of at most 57 bits apart, into two vectors of 64-bit lanes.
struct Wide {
    shuffle: [__m256i; 2],
    shift: [__m256i; 2],
    mask: __m256i,
    /// Bytes of a group. Invariant: at most 57.
    width: usize,
    /// Where the load of each pair of codes begins. Invariant: each is at most `width`.
    pairs: [usize; 4],
}

impl Wide {
    #[target_feature(enable = "avx2")]
    fn new(width: u32) -> Self {
        assert!((1..=WIDEST_WIDE).contains(&width));
        let mask = _mm256_set1_epi64x(mask(width) as i64);
        let width = width as usize;
        let mut shuffle = [[0_u8; 32]; 2];
        let mut shift = [[0_u64; 4]; 2];
        let pairs = [0, 2, 4, 6].map(|lane| lane * width / 8);
        for lane in 0..8 {
            let bit = lane * width;
            let first = bit / 8 - pairs[lane / 2];
            shift[lane / 4][lane % 4] = (bit % 8) as u64;
            for byte in 0..8 {
                shuffle[lane / 4][lane % 4 * 8 + byte] = (first + byte) as u8;
            }
        }
        Self {
            shuffle: shuffle.map(bytemuck::cast),
            shift: shift.map(bytemuck::cast),
            mask,
            width,
            pairs,
        }
    }

    /// The eight codes of a group.
    ///
    /// # Safety
    ///
    /// `group < GROUPS`, and `bytes` holds `reach(width)` bytes.
    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn group(&self, bytes: &[u8], group: usize) -> [__m256i; 2] {
        let at = group * self.width;
        let pair = |index: usize| {
            // SAFETY: `pairs[index] <= width`, so the load ends at `GROUPS * width + 16 =
            // reach(width)` or before.
            unsafe { load(bytes, at + self.pairs[index]) }
        };
        let unpack = |half: usize| {
            let loaded = join(pair(2 * half), pair(2 * half + 1));
            let lanes = _mm256_shuffle_epi8(loaded, self.shuffle[half]);
            _mm256_and_si256(_mm256_srlv_epi64(lanes, self.shift[half]), self.mask)
        };
        [unpack(0), unpack(1)]
    }
}

#[target_feature(enable = "avx2")]
fn for_each_narrow(packed: &Packed, range: Range<usize>, mut f: impl FnMut(&[u32])) {
    let kernel = Narrow::new(packed.width());
    let mut tail = [0; size_of::<Tail>()];
    let mut groups = [_mm256_setzero_si256(); GROUPS];
    let mut start = range.start / 8 * 8;
    while start < range.end {
        let bytes = block_bytes(packed, start, &mut tail);
        for (group, lanes) in groups.iter_mut().enumerate() {
            // SAFETY: `group < GROUPS`, and `block_bytes` gives `reach(width)` bytes.
            *lanes = unsafe { kernel.group(bytes, group) };
        }
        let codes: &[u32] = bytemuck::cast_slice(&groups);
        f(&codes[range.start.saturating_sub(start)..BLOCK.min(range.end - start)]);
        start += BLOCK;
    }
}

#[target_feature(enable = "avx2")]
fn for_each_wide(packed: &Packed, range: Range<usize>, mut f: impl FnMut(&[u64])) {
    let kernel = Wide::new(packed.width());
    let mut tail = [0; size_of::<Tail>()];
    let mut groups = [[_mm256_setzero_si256(); 2]; GROUPS];
    let mut start = range.start / 8 * 8;
    while start < range.end {
        let bytes = block_bytes(packed, start, &mut tail);
        for (group, lanes) in groups.iter_mut().enumerate() {
            // SAFETY: `group < GROUPS`, and `block_bytes` gives `reach(width)` bytes.
            *lanes = unsafe { kernel.group(bytes, group) };
        }
        let codes: &[u64] = bytemuck::cast_slice(&groups);
        f(&codes[range.start.saturating_sub(start)..BLOCK.min(range.end - start)]);
        start += BLOCK;
    }
}

/// Blocks whose sums fit the 64-bit lanes that collect them, with room to spare.
const BLOCKS_AT_ONCE: usize = 1 << 20;

/// The lanes of a vector, added up.
#[target_feature(enable = "avx2")]
fn total(lanes: __m256i) -> u128 {
    let lanes: [u64; 4] = bytemuck::cast(lanes);
    lanes.into_iter().map(u128::from).sum()
}

/// Sums blocks: `block` gives, for the bytes of one, two vectors of 64-bit lanes below 2³³ that
/// weigh 1 and `weight`. The bits behind the last code are zero, so the last block may be whole.
#[inline]
#[target_feature(enable = "avx2")]
fn sum_blocks(packed: &Packed, weight: u128, block: impl Fn(&[u8]) -> [__m256i; 2]) -> u128 {
    let mut tail = [0; size_of::<Tail>()];
    let mut sum = 0;
    let mut start = 0;
    while start < packed.len() {
        let end = packed.len().min(start + BLOCKS_AT_ONCE * BLOCK);
        let (mut units, mut weighty) = (_mm256_setzero_si256(), _mm256_setzero_si256());
        while start < end {
            let [low, high] = block(block_bytes(packed, start, &mut tail));
            units = _mm256_add_epi64(units, low);
            weighty = _mm256_add_epi64(weighty, high);
            start += BLOCK;
        }
        sum += total(units) + weight * total(weighty);
    }
    sum
}

/// 64-bit lanes as their lower and upper halves.
#[inline]
#[target_feature(enable = "avx2")]
fn halves(lanes: __m256i) -> [__m256i; 2] {
    let low = _mm256_set1_epi64x(0xffff_ffff);
    [_mm256_and_si256(lanes, low), _mm256_srli_epi64::<32>(lanes)]
}

#[target_feature(enable = "avx2")]
fn sum_narrow(packed: &Packed) -> u128 {
    let kernel = Narrow::new(packed.width());
    sum_blocks(packed, 1, |bytes| {
        // 32 groups of codes below 2²⁵ fit 32-bit lanes.
        let mut lanes = _mm256_setzero_si256();
        for group in 0..GROUPS {
            // SAFETY: `group < GROUPS`, and `sum_blocks` hands over `reach(width)` bytes.
            lanes = _mm256_add_epi32(lanes, unsafe { kernel.group(bytes, group) });
        }
        halves(lanes)
    })
}

#[target_feature(enable = "avx2")]
fn sum_wide(packed: &Packed) -> u128 {
    let kernel = Wide::new(packed.width());
    sum_blocks(packed, 1 << 32, |bytes| {
        // 64 codes below 2⁵⁷ fit 64-bit lanes.
        let mut lanes = _mm256_setzero_si256();
        for group in 0..GROUPS {
            // SAFETY: `group < GROUPS`, and `sum_blocks` hands over `reach(width)` bytes.
            let [first, second] = unsafe { kernel.group(bytes, group) };
            lanes = _mm256_add_epi64(lanes, _mm256_add_epi64(first, second));
        }
        halves(lanes)
    })
}
