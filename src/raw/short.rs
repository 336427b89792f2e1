//! Few bytes at once, without a loop or a call: what is done of them depends on whether there are more than three, seven or sixteen.
#![cfg_attr(feature = "csv", allow(unsafe_code))]

#[cfg(feature = "csv")]
use core::str::{self, Utf8Error};

/// The word at a place.
#[inline(always)]
pub(crate) fn word(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap_or_default())
}

/// The half of a word at a place.
#[inline(always)]
fn half(bytes: &[u8], at: usize) -> u64 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap_or_default()).into()
}

/// Words that tell bytes of one length, at most 16, apart: each byte is in one of them. Hashes are made of them, and images hold hashes: they stay
/// as they are.
#[inline(always)]
pub(crate) fn ends(bytes: &[u8]) -> (u64, u64) {
    let len = bytes.len();
    if len >= 8 {
        (word(bytes, 0), word(bytes, len - 8))
    } else if len >= 4 {
        (half(bytes, 0), half(bytes, len - 4))
    } else if len > 0 {
        (u64::from(bytes[0]) << 8 | u64::from(bytes[len / 2]), u64::from(bytes[len - 1]))
    } else {
        (0, 0)
    }
}

/// One to eight bytes as a word, the first in the lowest, with zeros above.
#[cfg(feature = "csv")]
#[inline(always)]
pub(crate) fn whole(bytes: &[u8]) -> u64 {
    let last = bytes.len() - 1;
    if last >= 3 {
        half(bytes, 0) | half(bytes, last - 3) << (8 * (last - 3))
    } else {
        let middle = bytes.len() / 2;
        u64::from(bytes[0])
            | u64::from(bytes[middle]) << (8 * middle)
            | u64::from(bytes[last]) << (8 * last)
    }
}

/// [`str::from_utf8`].
#[cfg(feature = "csv")]
#[inline]
pub(crate) fn from_utf8(bytes: &[u8]) -> Result<&str, Utf8Error> {
    const BEYOND_ASCII: u64 = 0x8080_8080_8080_8080;
    let (first, last) = if bytes.len() <= 16 { ends(bytes) } else { (u64::MAX, 0) };
    if (first | last) & BEYOND_ASCII == 0 {
        // SAFETY: all bytes are in one of the words, and below 128: ASCII is UTF-8.
        Ok(unsafe { str::from_utf8_unchecked(bytes) })
    } else {
        str::from_utf8(bytes)
    }
}

#[cfg(all(test, feature = "csv"))]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn bytes_of_each_length_are_whole_and_text_is_found() {
        for len in 0..40_usize {
            let bytes: Vec<u8> = (1..=len as u8).collect();
            if (1..=8).contains(&len) {
                let expected =
                    bytes.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte));
                assert_eq!(whole(&bytes), expected);
            }
            assert_eq!(from_utf8(&bytes), str::from_utf8(&bytes));
            for place in 0..len {
                let mut other = bytes.clone();
                other[place] = 0xc3;
                assert_eq!(from_utf8(&other), str::from_utf8(&other));
                if place + 1 < len {
                    other[place + 1] = 0xa9;
                    assert_eq!(from_utf8(&other), str::from_utf8(&other));
                }
            }
        }
    }
}
