//! Codes of a block to floats, many at a time.

use super::Float;
use super::form::{Decoder, Patterns};
use crate::raw::unpack::Code;
use crate::raw::vector::Loop;
use core::marker::PhantomData;

/// What turns the codes of a block into floats.
pub(super) trait Decode<T>: Copy {
    /// The same for codes that count from a number on.
    fn starting_at(self, number: u64) -> Self;

    /// The float of a code.
    fn float(self, code: u64) -> T;
}

impl<T: Float> Decode<T> for Decoder {
    #[inline(always)]
    fn starting_at(self, number: u64) -> Self {
        self.starting_at(number)
    }

    #[inline(always)]
    fn float(self, code: u64) -> T {
        self.value(code)
    }
}

/// Bit patterns from a number on.
#[derive(Clone, Copy)]
pub(super) struct Bits {
    pub(super) base: u64,
    pub(super) patterns: Patterns,
}

impl<T: Float> Decode<T> for Bits {
    #[inline(always)]
    fn starting_at(self, number: u64) -> Self {
        Self { base: self.base.wrapping_add(number), ..self }
    }

    #[inline(always)]
    fn float(self, code: u64) -> T {
        T::from_pattern(self.patterns.pattern::<T>(self.base.wrapping_add(code)))
    }
}

/// Turns codes into values, one by one.
pub(super) struct Values<'a, C, D, F, T, V> {
    pub(super) codes: &'a [C],
    /// Whether code 0 is for what is elsewhere, and so null to `from`, and the others count from 1.
    pub(super) reserved: bool,
    pub(super) decode: D,
    pub(super) from: F,
    /// As many as there are codes.
    pub(super) values: &'a mut [V],
    pub(super) float: PhantomData<T>,
}

impl<C: Code, D: Decode<T>, F: Fn(Option<T>) -> V, T: Float, V> Loop for Values<'_, C, D, F, T, V> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { codes, decode, from, .. } = self;
        if self.reserved {
            for (value, code) in self.values.iter_mut().zip(codes) {
                let (code, float) = (code.widen(), decode.float(code.widen()));
                *value = from(if code == 0 { None } else { Some(float) });
            }
        } else {
            for (value, code) in self.values.iter_mut().zip(codes) {
                *value = from(Some(decode.float(code.widen())));
            }
        }
    }
}

/// Adds floats up, one after the other, while the next ones are decoded.
pub(super) struct Sum<'a, C, D, T> {
    pub(super) codes: &'a [C],
    /// Whether code 0 is for null, and the others count from 1.
    pub(super) reserved: bool,
    pub(super) decode: D,
    pub(super) sum: f64,
    pub(super) float: PhantomData<T>,
}

/// The floats that are decoded before they are added: their additions take as long as it takes to decode as many.
const AHEAD: usize = 32;

impl<C: Code, D: Decode<T>, T: Float> Loop for Sum<'_, C, D, T> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let Self { codes, decode, mut sum, .. } = self;
        let decoded = |code: u64| {
            let float = decode.float(code).into();
            if self.reserved & (code == 0) { NOTHING } else { float }
        };
        let (chunks, rest) = codes.as_chunks::<AHEAD>();
        for codes in chunks {
            let mut floats = [0.0; AHEAD];
            for (float, code) in floats.iter_mut().zip(codes) {
                *float = decoded(code.widen());
            }
            for float in floats {
                sum += float;
            }
        }
        for code in rest {
            sum += decoded(code.widen());
        }
        sum
    }
}

/// What changes no sum.
pub(super) const NOTHING: f64 = -0.0;
