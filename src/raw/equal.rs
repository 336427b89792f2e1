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

#[cfg(not(target_arch = "x86_64"))]
pub(crate) use portable as equal;

/// Which of 64 bytes are equal to one.
#[inline(always)]
pub(crate) fn equal_word(bytes: &[u8; 64], byte: u8) -> u64 {
    let (sixteens, _) = bytes.as_chunks();
    sixteens.iter().rev().fold(0, |word, sixteen| word << 16 | u64::from(equal(sixteen, byte)))
}

/// [`equal`] without instructions for it.
#[inline(always)]
#[cfg(any(test, not(target_arch = "x86_64")))]
pub(crate) fn portable(bytes: &[u8; 16], byte: u8) -> u32 {
    let (eights, _) = bytes.as_chunks::<8>();
    eights
        .iter()
        .rev()
        .fold(0, |bits, eight| bits << 8 | gather(eight.map(|other| u8::from(other == byte))))
}

/// The bits of eight bytes that are 0 or 1: the multiplication moves bit `8 * i` to bit `56 + i`, and no two partial products meet.
#[inline(always)]
pub(crate) fn gather(ones: [u8; 8]) -> u32 {
    (u64::from_le_bytes(ones).wrapping_mul(0x0102_0408_1020_4080) >> 56) as u32
}

/// In each bit the exclusive or of those up to it.
#[cfg(feature = "std")]
#[inline(always)]
pub(crate) fn exclusive_or_of_all_before(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::array;

    #[test]
    fn bytes_are_found_with_and_without_instructions_for_it() {
        for seed in 0..256_usize {
            let bytes: [u8; 64] = array::from_fn(|place| ((place * seed) >> 3) as u8 % 5);
            let expected = (0..64)
                .filter(|&place| bytes[place] == 3)
                .fold(0, |word, place| word | 1_u64 << place);
            assert_eq!(equal_word(&bytes, 3), expected);
            let sixteen = bytes.first_chunk().unwrap();
            assert_eq!(portable(sixteen, 3), equal(sixteen, 3));
            assert_eq!(portable(sixteen, 3), expected as u32 & 0xffff);
        }
    }
}
