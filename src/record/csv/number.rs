//! Integers as they are written.

use super::FieldError;
use core::num::{IntErrorKind, ParseIntError};

/// Digits that an `i64` holds whatever they are.
pub(super) const SAFE: usize = 18;

/// An integer: digits, and perhaps a sign before them.
#[inline]
pub(super) fn integer(text: &[u8]) -> Result<i64, FieldError> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        _ => (false, text),
    };
    if digits.len().wrapping_sub(1) >= SAFE {
        return of_any_length(text);
    }
    let mut number = 0;
    for &byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return Err(FieldError::Invalid);
        }
        number = number * 10 + i64::from(digit);
    }
    Ok(if negative { -number } else { number })
}

/// The same for no digits, and for so many that they may overflow.
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
