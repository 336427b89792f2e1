//! Bits in bytes, the lowest first: which values of a column are there.
//!
//! Bytes and not words, so that the bits may lie anywhere, and look the same on every machine. 64 of them are handled at a time.

/// The bytes that hold so many bits.
#[inline]
pub(crate) const fn bytes_for(bits: usize) -> usize {
    bits.div_ceil(8)
}

/// The bit at an index.
#[inline]
pub(crate) fn get(bytes: &[u8], index: usize) -> bool {
    bytes[index / 8] >> (index % 8) & 1 == 1
}

/// Replaces the bit at an index.
#[inline]
pub(crate) fn set(bytes: &mut [u8], index: usize, bit: bool) {
    let byte = &mut bytes[index / 8];
    *byte = *byte & !(1 << (index % 8)) | u8::from(bit) << (index % 8);
}

/// The 64 bits from an index on. Those behind the buffer are zero.
#[inline]
pub(crate) fn load(bytes: &[u8], index: usize) -> u64 {
    let (byte, shift) = (index / 8, index % 8);
    let bytes = &bytes[byte.min(bytes.len())..];
    match bytes.split_first_chunk::<8>() {
        Some((low, behind)) => {
            let high = behind.first().map_or(0, |&byte| (u64::from(byte) << 1) << (63 - shift));
            u64::from_le_bytes(*low) >> shift | if shift == 0 { 0 } else { high }
        }
        None => {
            let mut low = [0; 8];
            low[..bytes.len()].copy_from_slice(bytes);
            u64::from_le_bytes(low) >> shift
        }
    }
}

/// Replaces `count` bits, at most 64, from an index on.
#[inline]
pub(crate) fn store(bytes: &mut [u8], index: usize, count: usize, bits: u64) {
    let (first, shift) = (index / 8, index % 8);
    let bytes = &mut bytes[first..(index + count).div_ceil(8)];
    let mut window = [0; 16];
    window[..bytes.len()].copy_from_slice(bytes);
    let mask = ((1_u128 << count) - 1) << shift;
    let bits = u128::from_le_bytes(window) & !mask | u128::from(bits) << shift & mask;
    bytes.copy_from_slice(&bits.to_le_bytes()[..bytes.len()]);
}

/// Makes `count` bits from an index on all zeros or all ones.
pub(crate) fn fill(bytes: &mut [u8], index: usize, count: usize, bit: bool) {
    let word = if bit { u64::MAX } else { 0 };
    pieces(count).for_each(|(done, piece)| store(bytes, index + done, piece, word));
}

/// Copies `count` bits from one place of a buffer to another, as `copy_within` copies elements: the two may overlap.
pub(crate) fn copy_within(bytes: &mut [u8], from: usize, to: usize, count: usize) {
    if from < to {
        // From the end down, so that nothing is overwritten before it has been read.
        let mut left = count;
        while left > 0 {
            let piece = left.min(64);
            left -= piece;
            let bits = load(bytes, from + left);
            store(bytes, to + left, piece, bits);
        }
    } else if to < from {
        for (done, piece) in pieces(count) {
            let bits = load(bytes, from + done);
            store(bytes, to + done, piece, bits);
        }
    }
}

/// The number of ones among `count` bits from an index on.
pub(crate) fn count_ones(bytes: &[u8], index: usize, count: usize) -> usize {
    let ones = |(done, piece)| (load(bytes, index + done) & low(piece)).count_ones() as usize;
    pieces(count).map(ones).sum()
}

/// Moves the bits that are chosen by ones to the front, in their order. Those behind them are left as they are.
pub(crate) fn retain(bytes: &mut [u8], keep: &[u64]) {
    let mut written = 0;
    for (at, &chosen) in keep.iter().enumerate() {
        let bits = load(bytes, 64 * at);
        let (mut left, mut kept, mut count) = (chosen, 0, 0);
        while left != 0 {
            kept |= (bits >> left.trailing_zeros() & 1) << count;
            count += 1;
            left &= left - 1;
        }
        store(bytes, written, count, kept);
        written += count;
    }
}

/// Copies `count` bits of other bytes.
pub(crate) fn copy(from: &[u8], at: usize, to: &mut [u8], index: usize, count: usize) {
    pieces(count).for_each(|(done, piece)| store(to, index + done, piece, load(from, at + done)));
}

/// Brings bits into another order, by a copy of them: what is at `order[i]` moves to `i`.
pub(crate) fn permute(bytes: &mut [u8], order: &[u32]) {
    let before = bytes.to_vec();
    gather(&before, bytes, order);
}

/// Gives bits in an order: what is at `order[i]` of other bytes goes to `i`.
pub(crate) fn gather(from: &[u8], to: &mut [u8], order: &[u32]) {
    for (at, order) in order.chunks(64).enumerate() {
        let gather = |bits, (place, &index): (usize, &u32)| {
            bits | u64::from(get(from, index as usize)) << place
        };
        store(to, 64 * at, order.len(), order.iter().enumerate().fold(0, gather));
    }
}

/// The lowest bits of a word, at most 64.
#[inline]
pub(crate) const fn low(count: usize) -> u64 {
    if count >= 64 { u64::MAX } else { (1 << count) - 1 }
}

/// Where 64 bits at a time begin, and how many they are.
pub(crate) fn pieces(count: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..count).step_by(64).map(move |done| (done, (count - done).min(64)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn sample() -> Vec<u8> {
        (1..51_u64).map(|i| (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as u8).collect()
    }

    fn bits(bytes: &[u8]) -> Vec<bool> {
        (0..bytes.len() * 8).map(|index| get(bytes, index)).collect()
    }

    #[test]
    fn words_are_the_bits_from_an_index_on() {
        let bytes = sample();
        let all = bits(&bytes);
        for index in 0..430 {
            let word = load(&bytes, index);
            for place in 0..64 {
                let bit = all.get(index + place).copied().unwrap_or(false);
                assert_eq!(word >> place & 1 == 1, bit, "bit {place} from {index} on");
            }
        }
    }

    #[test]
    fn bits_are_moved_filled_and_counted_as_elements_are() {
        for (from, to) in [(0, 0), (0, 1), (3, 80), (80, 3), (7, 15), (16, 8), (65, 64), (130, 1)] {
            for count in [0, 1, 7, 63, 64, 65, 130, 200] {
                let mut bytes = sample();
                let mut expected = bits(&bytes);
                copy_within(&mut bytes, from, to, count);
                expected.copy_within(from..from + count, to);
                assert_eq!(bits(&bytes), expected, "{count} bits from {from} to {to}");
                let ones = expected[to..to + count].iter().filter(|&&bit| bit).count();
                assert_eq!(count_ones(&bytes, to, count), ones);
                let mut other = [0xa5; 50];
                let mut copied = bits(&other);
                copy(&bytes, from, &mut other, to, count);
                copied[to..to + count].copy_from_slice(&expected[from..from + count]);
                assert_eq!(bits(&other), copied);
                for bit in [true, false] {
                    fill(&mut bytes, from, count, bit);
                    expected[from..from + count].fill(bit);
                    assert_eq!(bits(&bytes), expected);
                }
            }
        }
    }

    #[test]
    fn bits_are_chosen_and_ordered_as_elements_are() {
        for len in [0, 1, 63, 64, 65, 300] {
            let mut bytes = sample();
            let before = bits(&bytes);
            let chosen = |index: usize| index < len && index % 3 != 1;
            let word =
                |start| (0..64).fold(0, |word, bit| word | u64::from(chosen(start + bit)) << bit);
            retain(&mut bytes, &(0..len).step_by(64).map(word).collect::<Vec<u64>>());
            let kept: Vec<bool> = (0..len).filter(|&at| chosen(at)).map(|at| before[at]).collect();
            assert_eq!(bits(&bytes)[..kept.len()], kept);

            let order: Vec<u32> = (0..len as u32).rev().collect();
            let mut ordered = sample();
            permute(&mut ordered, &order);
            let expected: Vec<bool> = order.iter().map(|&index| before[index as usize]).collect();
            assert_eq!(bits(&ordered)[..len], expected);
        }
    }
}
