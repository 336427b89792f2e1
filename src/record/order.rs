//! In which order keys stand.
//!
//! A key that is an integer, or an `Option` of one of at most 32 bits, goes by its digits: keys become the difference to the least of
//! them, and lie in one word with the index of their row, and as many digits of up to 11 bits as the difference has are sorted
//! by counting, the lowest first. Delays in minutes are one digit, so that they are read twice and written once. Other keys
//! are compared, by the sort of std.

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
    match nulls::<K>() {
        Some(nulls) => by_digits(keys.map(|key| code(&key)).collect(), nulls),
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

/// The types of keys that are numbers.
macro_rules! numbers {
    ([$($number:ty),*], [$($small:ty),*]) => {
        /// Whether 0 is the code of a null, where keys of this type have codes.
        fn nulls<K>() -> Option<bool> {
            if false $(|| same::<K, $number>())* $(|| same::<K, $small>())* {
                return Some(false);
            }
            (false $(|| same::<K, Option<$small>>())*).then_some(true)
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
fn by_digits(mut codes: Vec<u64>, nulls: bool) -> Option<Vec<u32>> {
    if codes.is_sorted() {
        return None;
    }
    // Nulls come right before the least of the others, so that they make no digits.
    let known = codes.iter().filter(|&&code| !nulls || code > 0);
    let (least, most) =
        known.fold((u64::MAX, 0), |(least, most), &code| (least.min(code), most.max(code)));
    let base = least - u64::from(nulls);
    let key_bits = u64::BITS - (most - base).leading_zeros();
    let index_bits = usize::BITS - (codes.len() - 1).leading_zeros();
    if key_bits + index_bits > u64::BITS {
        return by_comparison(codes.into_iter().zip(0..).collect());
    }
    for (index, code) in (0..).zip(&mut codes) {
        *code = code.saturating_sub(base) << index_bits | index;
    }
    let digits = key_bits.div_ceil(DIGIT);
    if codes.len() < FEW || digits > DIGITS {
        codes.sort_unstable();
        let index = |code| (code & ((1 << index_bits) - 1)) as u32;
        return Some(codes.into_iter().map(index).collect());
    }
    let width = key_bits.div_ceil(digits);
    if digits > 1 {
        let mut sorted = vec![0; codes.len()];
        for digit in 0..digits - 1 {
            by_digit(&codes, index_bits + digit * width, width, &mut sorted, |code| code);
            mem::swap(&mut codes, &mut sorted);
        }
    }
    let mut order = vec![0; codes.len()];
    let index = |code| (code & ((1 << index_bits) - 1)) as u32;
    by_digit(&codes, index_bits + (digits - 1) * width, width, &mut order, index);
    Some(order)
}

/// Puts codes into the order of a digit, those with the same digit as they stood.
fn by_digit<T>(codes: &[u64], shift: u32, width: u32, sorted: &mut [T], item: impl Fn(u64) -> T) {
    let digit = |code: u64| (code >> shift & ((1 << width) - 1)) as usize;
    let mut ends = [0_u32; 1 << DIGIT];
    for &code in codes {
        ends[digit(code)] += 1;
    }
    let mut before = 0;
    for end in &mut ends {
        before += mem::replace(end, before);
    }
    for &code in codes {
        let end = &mut ends[digit(code)];
        sorted[*end as usize] = item(code);
        *end += 1;
    }
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
