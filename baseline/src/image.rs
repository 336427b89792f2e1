//! Images of arrays as words, for tests that change some of them.

/// The words of an image, which lie as in a mapped file: at a multiple of eight bytes.
pub fn aligned(bytes: &[u8]) -> Vec<u64> {
    bytes.as_chunks().0.iter().map(|&word| u64::from_ne_bytes(word)).collect()
}

/// The image with its length and checksum put right, as one who forges it would.
pub fn sealed(mut words: Vec<u64>) -> Vec<u64> {
    words[2] = (words.len() as u64).to_le();
    let covered = words[..3].iter().chain(&words[4..]).map(|&word| u64::from_le(word));
    let sum = covered.fold(u64::from_le(words[0]), |sum, word| {
        (sum ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
    });
    words[3] = sum.to_le();
    words
}
