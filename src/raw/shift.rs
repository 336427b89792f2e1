//! Bits moved within a buffer: what inserting and removing codes comes down to.

/// The 64 bits from a position on, those behind the buffer zero.
#[inline]
fn load(words: &[u64], bit: usize) -> u64 {
    let (word, shift) = (bit / 64, bit % 64);
    let low = words.get(word).map_or(0, |word| word >> shift);
    let high = words.get(word + 1).map_or(0, |word| (word << 1) << (63 - shift));
    low | high
}

/// Replaces `count` bits, at most 64, from a position on.
#[inline]
pub(crate) fn store(words: &mut [u64], bit: usize, count: usize, bits: u64) {
    let (word, shift) = (bit / 64, bit % 64);
    let mask = if count == 64 { u64::MAX } else { (1 << count) - 1 };
    let bits = bits & mask;
    words[word] = words[word] & !(mask << shift) | bits << shift;
    if shift + count > 64 {
        let taken = 64 - shift;
        words[word + 1] = words[word + 1] & !(mask >> taken) | bits >> taken;
    }
}

/// Copies `count` bits from one position to another, as `copy_within` copies elements: the two may overlap.
///
/// # Panics
///
/// Panics when the bits lie behind the buffer.
pub(crate) fn copy_bits(words: &mut [u64], from: usize, to: usize, count: usize) {
    if from < to {
        // From the end down, so that nothing is overwritten before it has been read.
        let mut left = count;
        while left > 0 {
            let piece = left.min(64);
            left -= piece;
            let bits = load(words, from + left);
            store(words, to + left, piece, bits);
        }
    } else if to < from {
        let mut done = 0;
        while done < count {
            let piece = (count - done).min(64);
            let bits = load(words, from + done);
            store(words, to + done, piece, bits);
            done += piece;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn bits_move_as_elements_do() {
        let words: Vec<u64> = (1..9_u64).map(|i| i.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
        let bits = |words: &[u64]| -> Vec<bool> {
            (0..words.len() * 64).map(|bit| words[bit / 64] >> (bit % 64) & 1 == 1).collect()
        };
        for from in (0..300).step_by(7) {
            for to in (0..300).step_by(11) {
                for count in [0, 1, 63, 64, 65, 130, 200] {
                    let mut moved = words.clone();
                    copy_bits(&mut moved, from, to, count);
                    let mut expected = bits(&words);
                    expected.copy_within(from..from + count, to);
                    assert_eq!(bits(&moved), expected, "{count} bits from {from} to {to}");
                }
            }
        }
    }
}
