//! Bits in bytes, the lowest first: which values of a column are there.

/// The bytes that hold `count` bits.
#[inline]
pub(crate) const fn bytes_for(count: usize) -> usize {
    count.div_ceil(8)
}

/// The bit at `index`.
#[inline]
pub(crate) fn get(bytes: &[u8], index: usize) -> bool {
    bytes[index / 8] >> (index % 8) & 1 == 1
}

/// Changes the bit at `index`.
#[inline]
pub(crate) fn set(bytes: &mut [u8], index: usize, bit: bool) {
    let byte = &mut bytes[index / 8];
    *byte = *byte & !(1 << (index % 8)) | u8::from(bit) << (index % 8);
}

/// Up to 8 bits from `bit` on; those behind the bytes are zero.
#[inline]
fn load(bytes: &[u8], bit: usize) -> u8 {
    let byte = |index| u16::from(bytes.get(index).copied().unwrap_or(0));
    ((byte(bit / 8) | byte(bit / 8 + 1) << 8) >> (bit % 8)) as u8
}

/// Replaces `count` bits, at most 8, from `bit` on.
#[inline]
fn store(bytes: &mut [u8], bit: usize, count: usize, bits: u8) {
    let mask = (((1_u16 << count) - 1) << (bit % 8)).to_le_bytes();
    let bits = (u16::from(bits) << (bit % 8)).to_le_bytes();
    for half in 0..2 {
        if mask[half] != 0 {
            let byte = &mut bytes[bit / 8 + half];
            *byte = *byte & !mask[half] | bits[half] & mask[half];
        }
    }
}

/// Copies `count` bits of other bytes.
pub(crate) fn copy(from: &[u8], at: usize, to: &mut [u8], index: usize, count: usize) {
    let mut done = 0;
    while done < count {
        let piece = (count - done).min(8);
        store(to, index + done, piece, load(from, at + done));
        done += piece;
    }
}

/// Copies `count` bits as `copy_within` copies elements: the two places may overlap.
pub(crate) fn copy_within(bytes: &mut [u8], from: usize, to: usize, count: usize) {
    if from < to {
        // From the end down, so that nothing is overwritten before it has been read.
        let mut left = count;
        while left > 0 {
            let piece = left.min(8);
            left -= piece;
            let bits = load(bytes, from + left);
            store(bytes, to + left, piece, bits);
        }
    } else {
        let mut done = 0;
        while done < count {
            let piece = (count - done).min(8);
            let bits = load(bytes, from + done);
            store(bytes, to + done, piece, bits);
            done += piece;
        }
    }
}

/// Moves the bit at `order[i]` to `i`.
pub(crate) fn permute(bytes: &mut [u8], order: &[u32]) {
    let old = bytes.to_vec();
    for (eight, byte) in order.chunks(8).zip(bytes) {
        *byte = (0..)
            .zip(eight)
            .fold(0, |byte, (bit, &from)| byte | u8::from(get(&old, from as usize)) << bit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn bits(bytes: &[u8]) -> Vec<bool> {
        (0..bytes.len() * 8).map(|index| get(bytes, index)).collect()
    }

    #[test]
    fn bits_are_copied_as_elements_are() {
        let bytes: Vec<u8> =
            (0..32_u32).map(|i| (i.wrapping_mul(0x9e37_79b9) >> 24) as u8).collect();
        for from in (0..120).step_by(3) {
            for to in (0..120).step_by(7) {
                for count in [0, 1, 7, 8, 9, 31, 130] {
                    let mut moved = bytes.clone();
                    copy_within(&mut moved, from, to, count);
                    let mut expected = bits(&bytes);
                    expected.copy_within(from..from + count, to);
                    assert_eq!(bits(&moved), expected, "{count} bits from {from} to {to}");

                    let mut other = [0xa5; 32];
                    let mut expected = bits(&other);
                    copy(&bytes, from, &mut other, to, count);
                    expected[to..to + count].copy_from_slice(&bits(&bytes)[from..from + count]);
                    assert_eq!(bits(&other), expected);
                }
            }
        }
    }
}
