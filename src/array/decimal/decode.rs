//! Codes of a block to floats, many at a time.

use super::Float;
use super::form::{Patterns, Products, Steps};
use crate::raw::unpack::Code;
use crate::raw::vector::Loop;
use core::marker::PhantomData;

/// What turns codes into floats.
pub(super) trait Decode<T>: Copy {
    /// The float of a code.
    fn float(self, code: u64) -> T;
}

/// What turns numbers into floats.
pub(super) trait Numbering<T>: Decode<T> {
    /// The same for codes that count from a number on.
    fn starting_at(self, number: u64) -> Self;

    /// What gives the same floats in less time, for codes up to `most` that count from a number on.
    #[inline(always)]
    fn by_products(self, _number: u64, _most: u64) -> Option<Products> {
        None
    }
}

impl<T: Float> Decode<T> for Products {
    #[inline(always)]
    fn float(self, code: u64) -> T {
        self.value(code)
    }
}

impl<T: Float> Decode<T> for Steps {
    #[inline(always)]
    fn float(self, code: u64) -> T {
        self.value(code)
    }
}

impl<T: Float> Numbering<T> for Steps {
    #[inline(always)]
    fn starting_at(self, number: u64) -> Self {
        self.starting_at(number)
    }

    #[inline(always)]
    fn by_products(self, number: u64, most: u64) -> Option<Products> {
        self.products(number, most)
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
    fn float(self, code: u64) -> T {
        T::from_pattern(self.patterns.pattern::<T>(self.base.wrapping_add(code)))
    }
}

impl<T: Float> Numbering<T> for Bits {
    #[inline(always)]
    fn starting_at(self, number: u64) -> Self {
        Self { base: self.base.wrapping_add(number), ..self }
    }
}

/// Turns codes into values, one by one.
pub(super) struct Values<'a, C, D, F, T, V> {
    pub(super) codes: &'a [C],
    /// Whether code 0 is null.
    pub(super) nulls: bool,
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
        if self.nulls {
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

/// The sums that are kept at once: additions that need not wait for one another.
pub(super) const LANES: usize = 32;

/// Adds floats to sums, in turn.
pub(super) struct AddUp<'a> {
    pub(super) floats: &'a [f64],
    pub(super) sums: &'a mut [f64; LANES],
}

impl Loop for AddUp<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let mut sums = *self.sums;
        let (chunks, rest) = self.floats.as_chunks::<LANES>();
        for floats in chunks {
            sums.iter_mut().zip(floats).for_each(|(sum, float)| *sum += float);
        }
        sums.iter_mut().zip(rest).for_each(|(sum, float)| *sum += float);
        *self.sums = sums;
    }
}
