//! Comparing bytes with one, many at a time.
#![allow(unsafe_code)]

/// Which of sixteen bytes are equal to one: a bit for each, the lowest first.
#[inline(always)]
#[cfg(target_arch = "x86_64")]
pub(crate) fn equal(bytes: &[u8; 16], byte: u8) -> u32 {
    use core::arch::x86_64::{__m128i, _mm_cmpeq_epi8, _mm_movemask_epi8, _mm_set1_epi8};
    #[target_feature(enable = "sse2")]
    #[inline]
    fn sse2(bytes: __m128i, byte: u8) -> u32 {
        _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte as i8))) as u32
    }
    // SAFETY: every processor of this architecture has SSE2.
    unsafe { sse2(bytemuck::cast(*bytes), byte) }
}

/// Which of sixteen bytes are equal to one: a bit for each, the lowest first.
#[inline(always)]
#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn equal(bytes: &[u8; 16], byte: u8) -> u32 {
    let bit = |(place, &other): (usize, &u8)| u32::from(other == byte) << place;
    bytes.iter().enumerate().map(bit).fold(0, |bits, bit| bits | bit)
}

/// Which of 64 bytes are equal to one.
#[inline(always)]
pub(crate) fn equal_word(bytes: &[u8; 64], byte: u8) -> u64 {
    let (sixteens, _) = bytes.as_chunks();
    sixteens.iter().rev().fold(0, |word, sixteen| word << 16 | u64::from(equal(sixteen, byte)))
}
