//! Integers as they are written.

use super::FieldError;
use crate::raw::short::whole;
use core::num::{IntErrorKind, ParseIntError};

/// Digits that an `i64` holds whatever they are.
pub(super) const SAFE: usize = 18;

/// An integer: digits, and perhaps a sign before them.
#[inline(always)]
pub(super) fn integer(text: &[u8]) -> Result<i64, FieldError> {
    match safe(text) {
        Some(number) => Ok(number),
        None => of_any_length(text),
    }
}

/// An integer of at most so many digits that it cannot overflow.
#[inline]
fn safe(text: &[u8]) -> Option<i64> {
    // Signs and lengths change from field to field: no jump depends on a sign, and none on one digit more or less than most have.
    let is_negative = text.first() == Some(&b'-');
    let is_signed = is_negative || text.first() == Some(&b'+');
    let digits = &text[usize::from(is_signed)..];
    let number = match digits.len() {
        1..=8 => up_to_eight(digits)?,
        9..=SAFE => up_to_eighteen(digits)?,
        _ => return None,
    };
    Some(if is_negative { -(number as i64) } else { number as i64 })
}

/// All digits at once: each two are joined, then each four, then all eight.
///
/// As D. Lemire does it in [fast_float](https://github.com/fastfloat/fast_float), but for fewer too: zeros are shifted in before them.
#[inline]
fn up_to_eight(digits: &[u8]) -> Option<u64> {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let digits = (whole(digits) ^ (EACH * u64::from(b'0'))) << (64 - 8 * digits.len());
    // What is above nine reaches the highest bit of its byte, or was there before.
    if (digits | digits.wrapping_add(EACH * (0x80 - 10))) & (EACH * 0x80) != 0 {
        return None;
    }
    let pairs = digits * 10 + (digits >> 8);
    let first = (pairs & 0xff_0000_00ff).wrapping_mul(100 + (1_000_000 << 32));
    let second = (pairs >> 16 & 0xff_0000_00ff).wrapping_mul(1 + (10_000 << 32));
    Some(first.wrapping_add(second) >> 32)
}

/// Eight by eight, of which the first may be fewer.
fn up_to_eighteen(digits: &[u8]) -> Option<u64> {
    digits
        .rchunks(8)
        .rev()
        .try_fold(0, |number, eight| Some(number * 100_000_000 + up_to_eight(eight)?))
}

/// The same for what is no integer, and for so many digits that they may overflow.
#[cold]
fn of_any_length(text: &[u8]) -> Result<i64, FieldError> {
    let text = core::str::from_utf8(text).map_err(|_| FieldError::Invalid)?;
    text.parse().map_err(|error| cause(&error))
}

/// What std says of an integer.
#[cold]
pub(super) fn cause(error: &ParseIntError) -> FieldError {
    match error.kind() {
        IntErrorKind::PosOverflow | IntErrorKind::NegOverflow => FieldError::OutOfRange,
        _ => FieldError::Invalid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    /// What std says, of text that need not be any.
    fn expected(text: &[u8]) -> Option<i64> {
        core::str::from_utf8(text).ok()?.parse().ok()
    }

    #[test]
    fn each_byte_at_each_place_is_taken_or_refused_as_std_does() {
        for sign in ["", "-", "+"] {
            for len in 1..=SAFE + 2 {
                let digits = (0..len).map(|place| b'0' + (place * 7 % 10) as u8);
                let text: Vec<u8> = sign.bytes().chain(digits).collect();
                for place in sign.len()..text.len() {
                    for byte in 0..=u8::MAX {
                        let mut text = text.clone();
                        text[place] = byte;
                        assert_eq!(integer(&text).ok(), expected(&text), "{text:?}");
                    }
                }
            }
        }
    }
}
