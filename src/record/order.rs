//! In which order keys stand.
//!
//! A key that is an integer, or an `Option` of one of at most 32 bits, goes by its digits: keys become the difference to the least of
//! them, and as many digits of up to 11 bits as the difference has are sorted by counting, the lowest first. Keys of
//! more digits than one lie in one word with the index of their row meanwhile; for others, as delays in minutes are, indices are all that
//! is written. Other keys are compared, by the sort of std.

use super::same::{cast, same};
use alloc::vec;
use alloc::vec::Vec;
use core::mem;

/// The bits of a digit: 2,048 counters take 16 kB, half of the nearest cache.
const DIGIT: u32 = 11;
/// Keys that are fewer, or have more digits, are compared.
const FEW: usize = 512;
const DIGITS: u32 = 4;

/// The indices of keys in their order, those of equal keys as they came, or `None` where they stand in order.
pub(super) fn order<K: Ord>(keys: impl Iterator<Item = K>) -> Option<Vec<u32>> {
    match codes::<K>() {
        Some(Codes { nulls, wide: false }) => {
            by_digits(keys.map(|key| code(&key) as u32).collect(), nulls)
        }
        Some(Codes { nulls, wide: true }) => by_digits(keys.map(|key| code(&key)).collect(), nulls),
        None => by_comparison(keys.zip(0..).collect()),
    }
}

/// The indices of keys that are compared.
fn by_comparison<K: Ord>(mut keys: Vec<(K, u32)>) -> Option<Vec<u32>> {
    if keys.is_sorted() {
        return None;
    }
    keys.sort_unstable();
    Some(keys.into_iter().map(|(_, index)| index).collect())
}

/// What the codes of some type of keys are.
struct Codes {
    /// Whether 0 is that of a null.
    nulls: bool,
    /// Whether some have more than 32 bits.
    wide: bool,
}

/// The types of keys that are numbers.
macro_rules! numbers {
    ([$($number:ty),*], [$($small:ty),*]) => {
        /// What codes keys of this type have, if they have codes.
        fn codes<K>() -> Option<Codes> {
            if false $(|| same::<K, $number>())* {
                return Some(Codes { nulls: false, wide: true });
            }
            if false $(|| same::<K, $small>())* {
                return Some(Codes { nulls: false, wide: false });
            }
            $(
                if same::<K, Option<$small>>() {
                    return Some(Codes { nulls: true, wide: <$small>::BITS == 32 });
                }
            )*
            None
        }

        /// The code of a key, which is ordered as the key is. Where there are nulls, theirs is 0, and the others are larger.
        #[inline]
        fn code<K>(key: &K) -> u64 {
            $(
                if let Some(key) = cast::<K, $number>(key) {
                    return (key as i64 as u64) ^ ((<$number>::MIN as i64 as u64) & 1 << 63);
                }
            )*
            $(
                if let Some(key) = cast::<K, $small>(key) {
                    return (i64::from(key) - i64::from(<$small>::MIN)) as u64;
                }
                if let Some(key) = cast::<K, Option<$small>>(key) {
                    return key.map_or(0, |key| (i64::from(key) - i64::from(<$small>::MIN)) as u64 + 1);
                }
            )*
            0
        }
    };
}

numbers!([i64, isize, u64, usize], [i8, i16, i32, u8, u16, u32]);

/// The indices of codes in their order.
fn by_digits<C: Copy + Into<u64>>(codes: Vec<C>, nulls: bool) -> Option<Vec<u32>> {
    let (mut least, mut most, mut last, mut sorted) = (u64::MAX, 0, 0, true);
    for &code in &codes {
        let code: u64 = code.into();
        sorted &= last <= code;
        last = code;
        most = most.max(code);
        // Nulls come right before the least of the others, so that they make no digits.
        least = least.min(if nulls && code == 0 { u64::MAX } else { code });
    }
    if sorted {
        return None;
    }
    let base = least - u64::from(nulls);
    let key_bits = u64::BITS - (most - base).leading_zeros();
    let index_bits = usize::BITS - (codes.len() - 1).leading_zeros();
    if key_bits + index_bits > u64::BITS {
        return by_comparison(codes.into_iter().map(Into::into).zip(0..).collect());
    }
    let key = |code: &C| (*code).into().saturating_sub(base);
    let digits = key_bits.div_ceil(DIGIT);
    let width = key_bits.div_ceil(digits);
    if codes.len() >= FEW && digits == 1 {
        let mut order = vec![0; codes.len()];
        by_digit(codes.iter().map(key).zip(0..), 0, width, &mut order);
        return Some(order);
    }
    let word = |(index, code): (u64, &C)| key(code) << index_bits | index;
    let index = |word: u64| (word & ((1 << index_bits) - 1)) as u32;
    if codes.len() < FEW || digits > DIGITS {
        let mut words: Vec<u64> = (0..).zip(&codes).map(word).collect();
        words.sort_unstable();
        return Some(words.into_iter().map(index).collect());
    }
    let mut words = vec![0; codes.len()];
    by_digit((0..).zip(&codes).map(word).map(twice), index_bits, width, &mut words);
    drop(codes);
    if digits > 2 {
        let mut sorted = vec![0; words.len()];
        for digit in 1..digits - 1 {
            let shift = index_bits + digit * width;
            by_digit(words.iter().copied().map(twice), shift, width, &mut sorted);
            mem::swap(&mut words, &mut sorted);
        }
    }
    let mut order = vec![0; words.len()];
    let shift = index_bits + (digits - 1) * width;
    by_digit(words.iter().map(|&word| (word, index(word))), shift, width, &mut order);
    Some(order)
}

fn twice(word: u64) -> (u64, u64) {
    (word, word)
}

/// Puts items into the order of a digit of the word that each comes with, those with the same digit as they came.
fn by_digit<T>(
    items: impl Iterator<Item = (u64, T)> + Clone,
    shift: u32,
    width: u32,
    sorted: &mut [T],
) {
    let digit = |word: u64| (word >> shift & ((1 << width) - 1)) as usize;
    let mut ends = [0_u32; 1 << DIGIT];
    items.clone().for_each(|(word, _)| ends[digit(word)] += 1);
    let mut before = 0;
    for end in &mut ends {
        before += mem::replace(end, before);
    }
    items.for_each(|(word, item)| {
        let end = &mut ends[digit(word)];
        sorted[*end as usize] = item;
        *end += 1;
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::fmt::Debug;

    fn is_ordered<K: Ord + Clone + Debug>(keys: &[K]) {
        let mut expected: Vec<(K, u32)> = keys.iter().cloned().zip(0..).collect();
        let sorted = expected.is_sorted();
        expected.sort();
        let order = order(keys.iter().cloned());
        assert_eq!(order.is_none(), sorted);
        if let Some(order) = order {
            assert!(order.iter().eq(expected.iter().map(|(_, index)| index)), "{keys:?}");
        }
    }

    /// Numbers that look random, of so many bits.
    fn random(count: usize, bits: u32) -> Vec<u64> {
        let mut state = count as u64;
        let next = |_| {
            state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
            (state ^ state >> 33) >> (u64::BITS - bits)
        };
        (0..count).map(next).collect()
    }

    #[test]
    fn every_kind_of_key_is_ordered_as_std_orders_it() {
        for count in [0, 1, 2, 3, 511, 512, 3000] {
            for bits in [1, 3, 11, 12, 22, 33, 44, 45, 52, 53, 64] {
                let keys = random(count, bits);
                is_ordered(&keys);
                is_ordered(&keys.iter().map(|&key| key as i64).collect::<Vec<_>>());
                is_ordered(&keys.iter().map(|&key| key as isize).collect::<Vec<_>>());
                is_ordered(&keys.iter().map(|&key| key as usize).collect::<Vec<_>>());
                is_ordered(&keys.iter().map(|&key| key as i32).collect::<Vec<_>>());
                is_ordered(&keys.iter().map(|&key| key as u32).collect::<Vec<_>>());
                is_ordered(&keys.iter().map(|&key| key as i16).collect::<Vec<_>>());
                is_ordered(&keys.iter().map(|&key| key as u8).collect::<Vec<_>>());
                is_ordered(&keys.iter().map(|&key| (key as i8, key)).collect::<Vec<_>>());
                let nullable = |key: u64| (!key.is_multiple_of(3)).then_some(key as i16);
                is_ordered(&keys.iter().map(|&key| nullable(key)).collect::<Vec<_>>());
                let nullable = |key: u64| (!key.is_multiple_of(5)).then_some(key as u32);
                is_ordered(&keys.iter().map(|&key| nullable(key)).collect::<Vec<_>>());
                is_ordered(&keys.iter().map(|&key| Some(key as i64)).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn extremes_and_nulls_alone_are_ordered() {
        is_ordered(&[u64::MAX, 0, u64::MAX, 1]);
        is_ordered(&[i64::MAX, i64::MIN, 0, -1]);
        is_ordered(&[Some(i32::MIN), None, Some(i32::MAX), None]);
        is_ordered(&[None, Some(u32::MAX), None]);
        is_ordered(&[None::<i8>, None]);
        is_ordered(&[3_u8, 3, 2]);
    }
}
