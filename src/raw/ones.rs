//! Counting the ones of a buffer.
#![allow(unsafe_code)]

/// The number of ones. With AVX2, where the processor has it, the same loop counts four words at a
/// time.
#[inline]
pub(crate) fn count_ones(words: &[u64]) -> usize {
    #[cfg(target_arch = "x86_64")]
    if super::cpu::Avx2::detect().is_some() {
        // SAFETY: the processor has AVX2, of which the proof was just had.
        return unsafe { count_ones_avx2(words) };
    }
    count(words)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,popcnt")]
fn count_ones_avx2(words: &[u64]) -> usize {
    count(words)
}

#[inline(always)]
fn count(words: &[u64]) -> usize {
    words.iter().map(|word| word.count_ones() as usize).sum()
}
