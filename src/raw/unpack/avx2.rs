//! Eight codes at a time with AVX2.
//!
//! Eight codes of `w` bits fill `w` whole bytes, so every group of eight begins at a byte. One 16-byte
//! load covers all eight codes of at most 16 bits; of wider ones with narrow lanes (up to 25 bits) the first four, and a second one,
//! `w / 2` bytes on, the other four. Wide lanes have four of at most 32 bits from one load, and of wider ones two:
//!
//! ```text
//! bytes   | c0 c1 c2 c3 .. | c4 c5 c6 c7 .. |
//! shuffle   each lane gets the bytes that its code touches
//! shift     by the 0 to 7 bits that belong to the code before
//! mask      to `w` bits
//! ```
#![allow(unsafe_code)]

use super::super::cpu::Avx2;
use super::super::packed::{Packed, mask};
use super::kernel::{self, Add, Kernel};
use super::{WIDEST_NARROW, WIDEST_WIDE};
use core::arch::x86_64::{
    __m128i, __m256i, _mm_loadu_si128, _mm256_add_epi32, _mm256_add_epi64, _mm256_and_si256,
    _mm256_broadcastsi128_si256, _mm256_castsi128_si256, _mm256_inserti128_si256,
    _mm256_set1_epi32, _mm256_set1_epi64x, _mm256_shuffle_epi8, _mm256_sllv_epi32,
    _mm256_sllv_epi64, _mm256_srli_epi64, _mm256_srlv_epi32, _mm256_srlv_epi64,
};
use core::ops::Range;

impl Avx2 {
    /// Calls `f` with the codes of a range. The width is from 1 to 25.
    #[inline]
    pub(super) fn for_each_narrow(
        self,
        packed: Packed<&[u64]>,
        range: Range<usize>,
        f: impl FnMut(&[u32]),
    ) {
        let kernel = Narrow::<2>::new(self, packed.width());
        // SAFETY: the processor has AVX2, as `self` proves.
        unsafe { for_each(&kernel, packed, range, |code| code, f) }
    }

    /// Calls `f` with the codes of a range. The width is from 1 to 57.
    #[inline]
    pub(super) fn for_each_wide(
        self,
        packed: Packed<&[u64]>,
        range: Range<usize>,
        f: impl FnMut(&[u64]),
    ) {
        let kernel = Wide::new(self, packed.width());
        // SAFETY: the processor has AVX2, as `self` proves.
        unsafe { for_each(&kernel, packed, range, |code| code, f) }
    }

    /// Calls `f` with what `decode` makes of the codes of a range. The width is from 1 to 57.
    #[inline]
    pub(super) fn for_each_decoded<V: Copy + Default>(
        self,
        packed: Packed<&[u64]>,
        range: Range<usize>,
        decode: impl Fn(u64) -> V,
        f: impl FnMut(&[V]),
    ) {
        if packed.width() <= WIDEST_QUADS {
            let kernel = Quads::new(self, packed.width());
            // That the codes have at most 32 bits makes `decode` shorter, if it multiplies.
            let decode = |code| decode(u64::from(code as u32));
            // SAFETY: the processor has AVX2, as `self` proves.
            return unsafe { for_each(&kernel, packed, range, decode, f) };
        }
        let kernel = Wide::new(self, packed.width());
        // SAFETY: the processor has AVX2, as `self` proves.
        unsafe { for_each(&kernel, packed, range, decode, f) }
    }

    /// Writes the codes from `start` on, a multiple of eight. The width is from 1 to 25.
    pub(super) fn unpack_narrow(self, packed: Packed<&[u64]>, start: usize, codes: &mut [u32]) {
        if packed.width() <= WIDEST_OCTETS {
            // SAFETY: the processor has AVX2, as `self` proves.
            return unsafe {
                unpack(&Narrow::<1>::new(self, packed.width()), packed, start, codes)
            };
        }
        // SAFETY: as above.
        unsafe { unpack(&Narrow::<2>::new(self, packed.width()), packed, start, codes) }
    }

    /// Writes the codes from `start` on, a multiple of eight. The width is from 1 to 57.
    pub(super) fn unpack_wide(self, packed: Packed<&[u64]>, start: usize, codes: &mut [u64]) {
        // SAFETY: the processor has AVX2, as `self` proves.
        unsafe { unpack(&Wide::new(self, packed.width()), packed, start, codes) }
    }

    /// The sum of codes of 1 to 25 bits.
    pub(super) fn sum_narrow(self, packed: Packed<&[u64]>) -> u128 {
        if packed.width() <= WIDEST_OCTETS {
            // SAFETY: the processor has AVX2, as `self` proves.
            return unsafe { sum(&Narrow::<1>::new(self, packed.width()), packed) };
        }
        // SAFETY: as above.
        unsafe { sum(&Narrow::<2>::new(self, packed.width()), packed) }
    }

    /// The sum of codes of 1 to 57 bits.
    pub(super) fn sum_wide(self, packed: Packed<&[u64]>) -> u128 {
        // SAFETY: the processor has AVX2, as `self` proves.
        unsafe { sum(&Wide::new(self, packed.width()), packed) }
    }
}

#[target_feature(enable = "avx2")]
fn for_each<K: Kernel, V: Copy + Default>(
    kernel: &K,
    packed: Packed<&[u64]>,
    range: Range<usize>,
    decode: impl Fn(K::Code) -> V,
    f: impl FnMut(&[V]),
) {
    kernel::for_each(kernel, packed, range, decode, f);
}

#[target_feature(enable = "avx2")]
fn unpack<K: Kernel>(kernel: &K, packed: Packed<&[u64]>, start: usize, codes: &mut [K::Code]) {
    kernel::unpack(kernel, packed, start, codes);
}

#[target_feature(enable = "avx2")]
fn sum<K: Add>(kernel: &K, packed: Packed<&[u64]>) -> u128 {
    kernel::sum(kernel, packed)
}

/// For each width of the codes and each vector of a group: which of the 16 bytes that were loaded goes to which byte of
/// its lane, and by how many bits a lane is shifted. Where a lane is longer than the rest of them, it gets the first ones again, for its mask to take
/// away.
static NARROW: [[[[u8; 32]; 2]; 1]; WIDEST_NARROW as usize + 1] = tables(4, 4);
static OCTETS: [[[[u8; 32]; 2]; 1]; WIDEST_OCTETS as usize + 1] = tables(4, 8);
static WIDE: [[[[u8; 32]; 2]; 2]; WIDEST_WIDE as usize + 1] = tables(8, 2);
static QUADS: [[[[u8; 32]; 2]; 2]; WIDEST_QUADS as usize + 1] = tables(8, 4);

/// The widest codes of which a group of eight lies in 16 bytes.
const WIDEST_OCTETS: u32 = 16;

/// The widest codes of which any four, and the half byte before them where their width is odd, lie in 16 bytes.
const WIDEST_QUADS: u32 = 32;

/// For lanes of so many bytes, of which some are loaded `together`.
const fn tables<const V: usize, const N: usize>(
    lane_bytes: usize,
    together: usize,
) -> [[[[u8; 32]; 2]; V]; N] {
    let mut tables = [[[[0; 32]; 2]; V]; N];
    let mut at = 0;
    while at < N * V * 32 {
        let (width, vector, byte) = (at / 32 / V, at / 32 % V, at % 32);
        let lane = vector * 4 + byte / lane_bytes;
        // Where the 16 bytes of this lane begin.
        let from = lane / together * together * width / 8;
        tables[width][vector][0][byte] = (lane * width / 8 - from + byte % lane_bytes) as u8;
        tables[width][vector][1][byte] =
            if byte % lane_bytes == 0 { (lane * width % 8) as u8 } else { 0 };
        at += 1;
    }
    tables
}

/// Groups of eight codes in lanes of 32: of at most 25 bits by two loads, of at most 16 by one.
struct Narrow<const LOADS: usize> {
    shuffle: __m256i,
    shift: __m256i,
    mask: u32,
    /// Bits of a code, and bytes of a group. Invariant: at most 25.
    width: usize,
    avx2: Avx2,
}

impl<const LOADS: usize> Narrow<LOADS> {
    fn new(avx2: Avx2, width: u32) -> Self {
        let [[shuffle, shift]] =
            if LOADS == 1 { OCTETS[width as usize] } else { NARROW[width as usize] };
        let (shuffle, shift) = (bytemuck::cast(shuffle), bytemuck::cast(shift));
        Self { shuffle, shift, mask: mask(width) as u32, width: width as usize, avx2 }
    }

    /// # Safety
    ///
    /// As for [`Kernel::group`].
    #[inline(always)]
    unsafe fn load(&self, bytes: &[u8], group: usize) -> __m256i {
        let at = group * self.width;
        if LOADS == 1 {
            // SAFETY: of the 64 bytes from `at` on, which are there, these are the first 16.
            unsafe { self.avx2.load_twice(bytes, at) }
        } else {
            // SAFETY: of the 64 bytes from `at` on, which are there, these lie in the first 28 (invariant on `width`).
            unsafe { self.avx2.load_two(bytes, at, at + self.width / 2) }
        }
    }
}

impl<const LOADS: usize> Kernel for Narrow<LOADS> {
    type Code = u32;
    type Lanes = __m256i;

    #[inline(always)]
    fn width(&self) -> usize {
        self.width
    }

    #[inline(always)]
    unsafe fn group(&self, bytes: &[u8], group: usize) -> __m256i {
        // SAFETY: the caller's promise.
        let loaded = unsafe { self.load(bytes, group) };
        // SAFETY: the processor has AVX2, as the field `avx2` proves.
        unsafe { narrow(loaded, self.shuffle, self.shift, self.mask) }
    }
}

impl<const LOADS: usize> Add for Narrow<LOADS> {
    const UPPER_HALF: u32 = 0;

    #[inline(always)]
    fn masks(&self) -> __m256i {
        // SAFETY: the processor has AVX2, as the field `avx2` proves.
        unsafe { _mm256_sllv_epi32(bytemuck::cast([self.mask; 8]), self.shift) }
    }

    #[inline(always)]
    unsafe fn in_place(&self, bytes: &[u8], group: usize, masks: __m256i) -> __m256i {
        // SAFETY: the caller's promise.
        let loaded = unsafe { self.load(bytes, group) };
        // SAFETY: the processor has AVX2, as the field `avx2` proves.
        unsafe { in_place(loaded, self.shuffle, masks) }
    }

    #[inline(always)]
    fn settle(&self, sums: __m256i) -> __m256i {
        // SAFETY: the processor has AVX2, as the field `avx2` proves.
        unsafe { _mm256_srlv_epi32(sums, self.shift) }
    }

    #[inline(always)]
    fn add(&self, a: __m256i, b: __m256i) -> __m256i {
        // SAFETY: the processor has AVX2, as the field `avx2` proves.
        unsafe { _mm256_add_epi32(a, b) }
    }

    #[inline(always)]
    fn add_halves(&self, totals: [__m256i; 2], lanes: __m256i) -> [__m256i; 2] {
        self.avx2.add_halves(totals, lanes)
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn narrow(loaded: __m256i, shuffle: __m256i, shift: __m256i, mask: u32) -> __m256i {
    let lanes = _mm256_srlv_epi32(_mm256_shuffle_epi8(loaded, shuffle), shift);
    _mm256_and_si256(lanes, _mm256_set1_epi32(mask.cast_signed()))
}

#[inline]
#[target_feature(enable = "avx2")]
fn in_place(loaded: __m256i, shuffle: __m256i, mask: __m256i) -> __m256i {
    _mm256_and_si256(_mm256_shuffle_epi8(loaded, shuffle), mask)
}

/// What takes eight codes apart in two vectors of 64-bit lanes.
struct Eight {
    shuffle: [__m256i; 2],
    shift: [__m256i; 2],
    mask: u64,
    avx2: Avx2,
}

impl Eight {
    fn new(avx2: Avx2, width: u32, [low, high]: [[[u8; 32]; 2]; 2]) -> Self {
        let (shuffle, shift) = ([low[0], high[0]], [low[1], high[1]]);
        let (shuffle, shift) = (shuffle.map(bytemuck::cast), shift.map(bytemuck::cast));
        Self { shuffle, shift, mask: mask(width), avx2 }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn take_apart(&self, loaded: __m256i, half: usize) -> __m256i {
        let lanes = _mm256_shuffle_epi8(loaded, self.shuffle[half]);
        let mask = _mm256_set1_epi64x(self.mask.cast_signed());
        _mm256_and_si256(_mm256_srlv_epi64(lanes, self.shift[half]), mask)
    }
}

/// Groups of eight codes of at most 32 bits, in lanes of 64: a load for four of them.
struct Quads {
    eight: Eight,
    /// Bits of a code, and bytes of a group. Invariant: at most 32.
    width: usize,
}

impl Quads {
    fn new(avx2: Avx2, width: u32) -> Self {
        let eight = Eight::new(avx2, width, QUADS[width as usize]);
        Self { eight, width: width as usize }
    }
}

impl Kernel for Quads {
    type Code = u64;
    type Lanes = [__m256i; 2];

    #[inline(always)]
    fn width(&self) -> usize {
        self.width
    }

    #[inline(always)]
    unsafe fn group(&self, bytes: &[u8], group: usize) -> [__m256i; 2] {
        let at = group * self.width;
        [0, 1].map(|half| {
            // SAFETY: of the 64 bytes from `at` on, which are there, these lie in the first 32 (invariant on `width`).
            let loaded = unsafe { self.eight.avx2.load_twice(bytes, at + half * (self.width / 2)) };
            // SAFETY: the processor has AVX2, as the field `avx2` proves.
            unsafe { self.eight.take_apart(loaded, half) }
        })
    }
}

/// Groups of eight codes of at most 57 bits, in lanes of 64: a load for two of them.
struct Wide {
    eight: Eight,
    /// Bits of a code, and bytes of a group. Invariant: at most 57.
    width: usize,
    /// Where the load of each pair of codes begins. Invariant: each is at most 42.
    pairs: [usize; 4],
}

impl Wide {
    fn new(avx2: Avx2, width: u32) -> Self {
        let eight = Eight::new(avx2, width, WIDE[width as usize]);
        let width = width as usize;
        Self { eight, width, pairs: [0, 2, 4, 6].map(|lane| lane * width / 8) }
    }

    /// # Safety
    ///
    /// As for [`Kernel::group`].
    #[inline(always)]
    unsafe fn load(&self, bytes: &[u8], group: usize, half: usize) -> __m256i {
        let at = group * self.width;
        let (low, high) = (self.pairs[2 * half], self.pairs[2 * half + 1]);
        // SAFETY: of the 64 bytes from `at` on, which are there, these lie in the first 58 (invariant on `pairs`).
        unsafe { self.eight.avx2.load_two(bytes, at + low, at + high) }
    }
}

impl Kernel for Wide {
    type Code = u64;
    type Lanes = [__m256i; 2];

    #[inline(always)]
    fn width(&self) -> usize {
        self.width
    }

    #[inline(always)]
    unsafe fn group(&self, bytes: &[u8], group: usize) -> [__m256i; 2] {
        [0, 1].map(|half| {
            // SAFETY: the caller's promise.
            let loaded = unsafe { self.load(bytes, group, half) };
            // SAFETY: the processor has AVX2, as the field `avx2` proves.
            unsafe { self.eight.take_apart(loaded, half) }
        })
    }
}

impl Add for Wide {
    const UPPER_HALF: u32 = 32;

    #[inline(always)]
    fn masks(&self) -> [__m256i; 2] {
        let masks = bytemuck::cast([self.eight.mask; 4]);
        // SAFETY: the processor has AVX2, as the field `avx2` proves.
        self.eight.shift.map(|shift| unsafe { _mm256_sllv_epi64(masks, shift) })
    }

    #[inline(always)]
    unsafe fn in_place(&self, bytes: &[u8], group: usize, masks: [__m256i; 2]) -> [__m256i; 2] {
        [0, 1].map(|half| {
            // SAFETY: the caller's promise.
            let loaded = unsafe { self.load(bytes, group, half) };
            // SAFETY: the processor has AVX2, as the field `avx2` proves.
            unsafe { in_place(loaded, self.eight.shuffle[half], masks[half]) }
        })
    }

    #[inline(always)]
    fn settle(&self, sums: [__m256i; 2]) -> [__m256i; 2] {
        // SAFETY: the processor has AVX2, as the field `avx2` proves.
        [0, 1].map(|half| unsafe { _mm256_srlv_epi64(sums[half], self.eight.shift[half]) })
    }

    #[inline(always)]
    fn add(&self, a: [__m256i; 2], b: [__m256i; 2]) -> [__m256i; 2] {
        let avx2 = self.eight.avx2;
        [avx2.add(a[0], b[0]), avx2.add(a[1], b[1])]
    }

    #[inline(always)]
    fn add_halves(&self, totals: [[__m256i; 2]; 2], lanes: [__m256i; 2]) -> [[__m256i; 2]; 2] {
        let avx2 = self.eight.avx2;
        let [[lower, lower_2], [upper, upper_2]] = totals;
        let [lower, upper] = avx2.add_halves([lower, upper], lanes[0]);
        let [lower_2, upper_2] = avx2.add_halves([lower_2, upper_2], lanes[1]);
        [[lower, lower_2], [upper, upper_2]]
    }
}

impl Avx2 {
    /// Joins the 16 bytes at `low` and those at `high`.
    ///
    /// # Safety
    ///
    /// 16 bytes from each on lie in `bytes`.
    #[inline(always)]
    unsafe fn load_two(self, bytes: &[u8], low: usize, high: usize) -> __m256i {
        // SAFETY: the caller's promise.
        let low = unsafe { load(bytes, low) };
        // SAFETY: the caller's promise.
        let high = unsafe { load(bytes, high) };
        // SAFETY: the processor has AVX2, as `self` proves.
        unsafe { join(low, high) }
    }

    /// Loads the 16 bytes at `at` into both halves.
    ///
    /// # Safety
    ///
    /// 16 bytes from there on lie in `bytes`.
    #[inline(always)]
    unsafe fn load_twice(self, bytes: &[u8], at: usize) -> __m256i {
        // SAFETY: the caller's promise.
        let loaded = unsafe { load(bytes, at) };
        // SAFETY: the processor has AVX2, as `self` proves.
        unsafe { twice(loaded) }
    }

    /// Adds 64-bit lanes.
    #[inline(always)]
    fn add(self, a: __m256i, b: __m256i) -> __m256i {
        // SAFETY: the processor has AVX2, as `self` proves.
        unsafe { _mm256_add_epi64(a, b) }
    }

    /// See [`Add::add_halves`].
    #[inline(always)]
    fn add_halves(self, [lower, upper]: [__m256i; 2], lanes: __m256i) -> [__m256i; 2] {
        // SAFETY: the processor has AVX2, as `self` proves.
        let [low, high] = unsafe { halves(lanes) };
        [self.add(lower, low), self.add(upper, high)]
    }
}

/// Loads 16 bytes.
///
/// # Safety
///
/// `at + 16 <= bytes.len()`.
#[inline(always)]
unsafe fn load(bytes: &[u8], at: usize) -> __m128i {
    debug_assert!(at + 16 <= bytes.len());
    // SAFETY: `at` is inside the slice, by the caller's promise.
    let from = unsafe { bytes.as_ptr().add(at) };
    // SAFETY: the 16 bytes from there are inside the slice, by the caller's promise; the load needs no alignment, and
    // every x86-64 processor has it.
    unsafe { _mm_loadu_si128(from.cast()) }
}

#[inline]
#[target_feature(enable = "avx2")]
fn join(low: __m128i, high: __m128i) -> __m256i {
    _mm256_inserti128_si256::<1>(_mm256_castsi128_si256(low), high)
}

#[inline]
#[target_feature(enable = "avx2")]
fn twice(bytes: __m128i) -> __m256i {
    _mm256_broadcastsi128_si256(bytes)
}

/// 64-bit lanes as their lower and upper halves.
#[inline]
#[target_feature(enable = "avx2")]
fn halves(lanes: __m256i) -> [__m256i; 2] {
    let lower = _mm256_set1_epi64x(0xffff_ffff);
    [_mm256_and_si256(lanes, lower), _mm256_srli_epi64::<32>(lanes)]
}
