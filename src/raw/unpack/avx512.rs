//! A vector of 64 bytes at a time with AVX-512: sixteen narrow codes or eight wide ones.
//!
//! One load covers a group, and one permutation (VBMI) moves any byte to any lane, so that a group takes a permutation,
//! a shift and a mask, where AVX2 takes twice as much for half as many codes.
#![allow(unsafe_code)]

use super::super::cpu::Avx512;
use super::super::packed::{Packed, mask};
use super::kernel::{self, Add, Kernel};
use super::{WIDEST_NARROW, WIDEST_WIDE};
use core::arch::x86_64::{
    __m512i, _mm512_add_epi32, _mm512_add_epi64, _mm512_and_si512, _mm512_loadu_si512,
    _mm512_permutexvar_epi8, _mm512_set1_epi32, _mm512_set1_epi64, _mm512_sllv_epi32,
    _mm512_sllv_epi64, _mm512_srli_epi64, _mm512_srlv_epi32, _mm512_srlv_epi64,
};
use core::ops::Range;

impl Avx512 {
    /// Calls `f` with the codes of a range. The width is from 1 to 25.
    #[inline]
    pub(super) fn for_each_narrow(
        self,
        packed: Packed<&[u64]>,
        range: Range<usize>,
        f: impl FnMut(&[u32]),
    ) {
        let kernel = Narrow(Group::new(self, packed.width(), 4));
        // SAFETY: the processor has the features, as `self` proves.
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
        self.for_each_decoded(packed, range, |code| code, f);
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
        let kernel = Wide(Group::new(self, packed.width(), 8));
        // SAFETY: the processor has the features, as `self` proves.
        unsafe { for_each(&kernel, packed, range, decode, f) }
    }

    /// Writes the codes from `start` on, a multiple of eight. The width is from 1 to 25.
    pub(super) fn unpack_narrow(self, packed: Packed<&[u64]>, start: usize, codes: &mut [u32]) {
        // SAFETY: the processor has the features, as `self` proves.
        unsafe { unpack(&Narrow(Group::new(self, packed.width(), 4)), packed, start, codes) }
    }

    /// Writes the codes from `start` on, a multiple of eight. The width is from 1 to 57.
    pub(super) fn unpack_wide(self, packed: Packed<&[u64]>, start: usize, codes: &mut [u64]) {
        // SAFETY: the processor has the features, as `self` proves.
        unsafe { unpack(&Wide(Group::new(self, packed.width(), 8)), packed, start, codes) }
    }

    /// The sum of codes of 1 to 25 bits.
    pub(super) fn sum_narrow(self, packed: Packed<&[u64]>) -> u128 {
        // SAFETY: the processor has the features, as `self` proves.
        unsafe { sum(&Narrow(Group::new(self, packed.width(), 4)), packed) }
    }

    /// The sum of codes of 1 to 57 bits.
    pub(super) fn sum_wide(self, packed: Packed<&[u64]>) -> u128 {
        // SAFETY: the processor has the features, as `self` proves.
        unsafe { sum(&Wide(Group::new(self, packed.width(), 8)), packed) }
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi")]
fn for_each<K: Kernel, V: Copy + Default>(
    kernel: &K,
    packed: Packed<&[u64]>,
    range: Range<usize>,
    decode: impl Fn(K::Code) -> V,
    f: impl FnMut(&[V]),
) {
    kernel::for_each(kernel, packed, range, decode, f);
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi")]
fn unpack<K: Kernel>(kernel: &K, packed: Packed<&[u64]>, start: usize, codes: &mut [K::Code]) {
    kernel::unpack(kernel, packed, start, codes);
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi")]
fn sum<K: Add>(kernel: &K, packed: Packed<&[u64]>) -> u128 {
    kernel::sum(kernel, packed)
}

/// For each width of the codes: which byte goes to which byte of its lane, and by how many bits a lane is shifted.
static NARROW: [[[u8; 64]; 2]; WIDEST_NARROW as usize + 1] = tables(4);
static WIDE: [[[u8; 64]; 2]; WIDEST_WIDE as usize + 1] = tables(8);

const fn tables<const N: usize>(lane_bytes: usize) -> [[[u8; 64]; 2]; N] {
    let mut tables = [[[0; 64]; 2]; N];
    let mut at = 0;
    while at < N * 64 {
        let (width, byte) = (at / 64, at % 64);
        let bit = byte / lane_bytes * width;
        tables[width][0][byte] = (bit / 8 + byte % lane_bytes) as u8;
        tables[width][1][byte] = if byte % lane_bytes == 0 { (bit % 8) as u8 } else { 0 };
        at += 1;
    }
    tables
}

/// What takes a group apart.
struct Group {
    permutation: __m512i,
    shift: __m512i,
    mask: u64,
    /// Bits of a code.
    width: usize,
    /// Bytes of a group: those of the codes in it, at most 57.
    bytes: usize,
    avx512: Avx512,
}

impl Group {
    /// For lanes of 4 or 8 bytes.
    fn new(avx512: Avx512, width: u32, lane_bytes: usize) -> Self {
        let [permutation, shift] =
            if lane_bytes == 4 { NARROW[width as usize] } else { WIDE[width as usize] };
        let (permutation, shift) = (bytemuck::cast(permutation), bytemuck::cast(shift));
        let lanes = 64 / lane_bytes;
        let (mask, width) = (mask(width), width as usize);
        Self { permutation, shift, mask, width, bytes: lanes * width / 8, avx512 }
    }

    /// See [`Add::in_place`].
    ///
    /// # Safety
    ///
    /// As for [`Kernel::group`].
    #[inline(always)]
    unsafe fn in_place(&self, bytes: &[u8], group: usize, masks: __m512i) -> __m512i {
        // SAFETY: the caller's promise.
        let lanes = unsafe { self.load(bytes, group) };
        // SAFETY: the processor has the features, as `avx512` proves.
        unsafe { _mm512_and_si512(lanes, masks) }
    }

    /// The bytes of a group, moved to the lanes of their codes.
    ///
    /// # Safety
    ///
    /// As for [`Kernel::group`].
    #[inline(always)]
    unsafe fn load(&self, bytes: &[u8], group: usize) -> __m512i {
        let at = group * self.bytes;
        debug_assert!(at + 64 <= bytes.len());
        // SAFETY: the 64 bytes from `at` on are there.
        let from = unsafe { bytes.as_ptr().add(at) };
        // SAFETY: the processor has the features, as `avx512` proves; as above.
        unsafe { load_permuted(from, self.permutation) }
    }
}

/// # Safety
///
/// 64 bytes can be read from there.
#[inline]
#[target_feature(enable = "avx512f,avx512vbmi")]
unsafe fn load_permuted(from: *const u8, permutation: __m512i) -> __m512i {
    // SAFETY: the caller's promise; the load needs no alignment.
    let loaded = unsafe { _mm512_loadu_si512(from.cast()) };
    _mm512_permutexvar_epi8(permutation, loaded)
}

/// Sixteen codes of at most 25 bits, in lanes of 32.
struct Narrow(Group);

impl Kernel for Narrow {
    type Code = u32;
    type Lanes = __m512i;

    #[inline(always)]
    fn width(&self) -> usize {
        self.0.width
    }

    #[inline(always)]
    unsafe fn group(&self, bytes: &[u8], group: usize) -> __m512i {
        // SAFETY: the caller's promise.
        let lanes = unsafe { self.0.load(bytes, group) };
        // SAFETY: the processor has the features, as `avx512` proves.
        unsafe { narrow(lanes, self.0.shift, self.0.mask) }
    }
}

impl Add for Narrow {
    const UPPER_HALF: u32 = 0;

    #[inline(always)]
    fn masks(&self) -> __m512i {
        let masks = [self.0.mask as u32; 16];
        // SAFETY: the processor has the features, as `avx512` proves.
        unsafe { _mm512_sllv_epi32(bytemuck::cast(masks), self.0.shift) }
    }

    #[inline(always)]
    unsafe fn in_place(&self, bytes: &[u8], group: usize, masks: __m512i) -> __m512i {
        // SAFETY: the caller's promise.
        unsafe { self.0.in_place(bytes, group, masks) }
    }

    #[inline(always)]
    fn settle(&self, sums: __m512i) -> __m512i {
        // SAFETY: the processor has the features, as `avx512` proves.
        unsafe { _mm512_srlv_epi32(sums, self.0.shift) }
    }

    #[inline(always)]
    fn add(&self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: the processor has the features, as `avx512` proves.
        unsafe { _mm512_add_epi32(a, b) }
    }

    #[inline(always)]
    fn add_halves(&self, totals: [__m512i; 2], lanes: __m512i) -> [__m512i; 2] {
        self.0.avx512.add_halves(totals, lanes)
    }
}

/// Eight codes of at most 57 bits, in lanes of 64.
struct Wide(Group);

impl Kernel for Wide {
    type Code = u64;
    type Lanes = __m512i;

    #[inline(always)]
    fn width(&self) -> usize {
        self.0.width
    }

    #[inline(always)]
    unsafe fn group(&self, bytes: &[u8], group: usize) -> __m512i {
        // SAFETY: the caller's promise.
        let lanes = unsafe { self.0.load(bytes, group) };
        // SAFETY: the processor has the features, as `avx512` proves.
        unsafe { wide(lanes, self.0.shift, self.0.mask) }
    }
}

impl Add for Wide {
    const UPPER_HALF: u32 = 32;

    #[inline(always)]
    fn masks(&self) -> __m512i {
        let masks = [self.0.mask; 8];
        // SAFETY: the processor has the features, as `avx512` proves.
        unsafe { _mm512_sllv_epi64(bytemuck::cast(masks), self.0.shift) }
    }

    #[inline(always)]
    unsafe fn in_place(&self, bytes: &[u8], group: usize, masks: __m512i) -> __m512i {
        // SAFETY: the caller's promise.
        unsafe { self.0.in_place(bytes, group, masks) }
    }

    #[inline(always)]
    fn settle(&self, sums: __m512i) -> __m512i {
        // SAFETY: the processor has the features, as `avx512` proves.
        unsafe { _mm512_srlv_epi64(sums, self.0.shift) }
    }

    #[inline(always)]
    fn add(&self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: the processor has the features, as `avx512` proves.
        unsafe { _mm512_add_epi64(a, b) }
    }

    #[inline(always)]
    fn add_halves(&self, totals: [__m512i; 2], lanes: __m512i) -> [__m512i; 2] {
        self.0.avx512.add_halves(totals, lanes)
    }
}

impl Avx512 {
    /// See [`Add::add_halves`].
    #[inline(always)]
    fn add_halves(self, totals: [__m512i; 2], lanes: __m512i) -> [__m512i; 2] {
        // SAFETY: the processor has the features, as `self` proves.
        unsafe { add_halves(totals, lanes) }
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn narrow(lanes: __m512i, shift: __m512i, mask: u64) -> __m512i {
    let mask = _mm512_set1_epi32((mask as u32).cast_signed());
    _mm512_and_si512(_mm512_srlv_epi32(lanes, shift), mask)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn wide(lanes: __m512i, shift: __m512i, mask: u64) -> __m512i {
    let mask = _mm512_set1_epi64(mask.cast_signed());
    _mm512_and_si512(_mm512_srlv_epi64(lanes, shift), mask)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn add_halves([lower, upper]: [__m512i; 2], lanes: __m512i) -> [__m512i; 2] {
    let low = _mm512_and_si512(lanes, _mm512_set1_epi64(0xffff_ffff));
    [_mm512_add_epi64(lower, low), _mm512_add_epi64(upper, _mm512_srli_epi64::<32>(lanes))]
}
