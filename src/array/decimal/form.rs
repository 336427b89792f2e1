//! Which number stands for which float.
//!
//! A decimal of two digits is a multiple of 1/100, and the float that was read from its text is the one nearest to
//! `multiple / 100`: the multiple is an integer below 2⁵¹ and the divisor a power of ten up to 10²², so that both
//! are exact and one division rounds once, to that float. What was measured in another unit and converted, knots
//! in miles an hour, is a multiple of that unit by a multiplication. Floats as they lie in a column are rarely all
//! multiples: each is encoded, decoded and compared bit by bit, and what is not the same stays a bit pattern.
//!
//! Decoding must round as encoding did, on every machine and in every loop: it adds and multiplies integers below
//! 2⁵², which is exact in any order, then multiplies once and divides once.

use super::super::frame::{Divided, Frame};
use super::Float;
use crate::raw::packed::mask;

/// The largest multiple, and the negative of the least.
pub(super) const MOST: i64 = (1 << 51) - 1;

/// The largest power of ten that is a float.
pub(super) const DIGITS: usize = 22;

/// What a multiple is of: `multiple * times / over`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Unit {
    pub(super) times: f64,
    pub(super) over: f64,
}

impl Unit {
    /// One unit in the last place of a decimal with so many digits behind the point.
    pub(super) fn decimal(digits: usize) -> Self {
        const TENS: [f64; DIGITS + 1] = {
            let mut tens = [1.0; DIGITS + 1];
            let mut digits = 1;
            while digits <= DIGITS {
                tens[digits] = tens[digits - 1] * 10.0;
                digits += 1;
            }
            tens
        };
        Self { times: 1.0, over: TENS[digits] }
    }

    pub(super) fn times(times: f64) -> Self {
        Self { times, over: 1.0 }
    }

    /// Whether multiples are finite, and of their sign.
    pub(super) fn is_valid(self) -> bool {
        let Self { times, over } = self;
        [times, over, MOST as f64 * times / over, times / over]
            .iter()
            .all(|&x| x.is_normal() && x > 0.0)
    }

    #[inline(always)]
    pub(super) fn value<T: Float>(self, multiple: f64) -> T {
        T::nearest(multiple * self.times / self.over)
    }

    /// How many units a float is, if it is a multiple to the last bit.
    #[inline]
    pub(super) fn multiple<T: Float>(self, value: T) -> Option<i64> {
        /// Whoever adds and takes it away again has rounded to an integer.
        const ROUND: f64 = (3_i64 << 51) as f64;
        let quotient = value.into() / self.times * self.over;
        // False for NaN.
        if quotient.abs() <= MOST as f64 {
            let multiple = (quotient + ROUND) - ROUND;
            let same = self.value::<T>(multiple).pattern() == value.pattern();
            return same.then_some(multiple as i64);
        }
        None
    }
}

/// A unit, and which of its multiples have numbers: `multiple = base + scale * number`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    pub(super) unit: Unit,
    pub(super) frame: Frame<i64>,
}

impl Default for Form {
    fn default() -> Self {
        Self { unit: Unit::decimal(0), frame: Frame::default() }
    }
}

impl Form {
    /// Multiples at a distance of `step` from one another, one of which is `among`. The lowest has number 0.
    pub(super) fn every(unit: Unit, step: u64, among: i64) -> Self {
        let room = among.abs_diff(-MOST) % step;
        Self { unit, frame: Frame { base: -MOST + room as i64, scale: step } }
    }

    /// What a number more is worth.
    pub(super) fn step(self) -> f64 {
        self.unit.value(self.frame.scale as f64)
    }

    /// The largest number of a multiple.
    pub(super) fn most(self) -> u64 {
        self.frame.base.abs_diff(MOST) / self.frame.scale
    }

    pub(super) fn encoder(self) -> Encoder {
        Encoder { form: self, divided: self.frame.divisor() }
    }

    #[inline(always)]
    pub(super) fn decoder(self) -> Decoder {
        let Self { unit, frame } = self;
        Decoder { base: frame.base as f64, scale: frame.scale as f64, unit }
    }
}

/// A form that is ready for many floats.
#[derive(Clone, Copy)]
pub(super) struct Encoder {
    pub(super) form: Form,
    divided: Divided<i64>,
}

impl Encoder {
    /// The number of a float, if there is one.
    #[inline]
    pub(super) fn number<T: Float>(&self, value: T) -> Option<u64> {
        self.divided.code(self.form.unit.multiple(value)?)
    }
}

/// A form that is ready for many numbers.
#[derive(Clone, Copy)]
pub(super) struct Decoder {
    base: f64,
    scale: f64,
    unit: Unit,
}

impl Decoder {
    /// The same for numbers that count from another one on.
    #[inline(always)]
    pub(super) fn starting_at(self, number: u64) -> Self {
        // Numbers of blocks are as large as those that are decoded, or -1.
        Self { base: self.base + self.scale * number as i64 as f64, ..self }
    }

    /// The float of a number up to that of [`MOST`].
    #[inline(always)]
    pub(super) fn value<T: Float>(self, number: u64) -> T {
        // The float in whose last bits the integers below 2⁵² can be put as they are.
        const FIRST: f64 = (1_i64 << 52) as f64;
        let number = f64::from_bits(FIRST.to_bits() | number) - FIRST;
        self.unit.value(self.base + self.scale * number)
    }
}

/// Bit patterns as numbers: without the zeros that all end in, and with the sign as the last bit or, where there is none,
/// without.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Patterns {
    zeros: u32,
    signed: u32,
}

impl Patterns {
    /// For patterns of which this is the union.
    pub(super) fn of<T: Float>(union: u64) -> Self {
        let zeros = (union & mask(T::BITS - 1)).trailing_zeros();
        Self { zeros: zeros.min(T::BITS - 1), signed: (union >> (T::BITS - 1)) as u32 }
    }

    #[inline]
    pub(super) fn number<T: Float>(self, pattern: u64) -> u64 {
        let magnitude = (pattern & mask(T::BITS - 1)) >> self.zeros;
        magnitude << self.signed | (pattern >> (T::BITS - 1) & u64::from(self.signed))
    }

    #[inline(always)]
    pub(super) fn pattern<T: Float>(self, number: u64) -> u64 {
        let sign = number & u64::from(self.signed);
        number >> self.signed << self.zeros | sign << (T::BITS - 1)
    }

    /// The largest number of a pattern.
    pub(super) fn most<T: Float>(self) -> u64 {
        mask(T::BITS - 1 - self.zeros + self.signed)
    }

    /// What an image needs to know.
    pub(super) fn field(self) -> u64 {
        u64::from(self.zeros << 1 | self.signed)
    }

    pub(super) fn from_field<T: Float>(field: u64) -> Option<Self> {
        let (zeros, signed) = ((field >> 1) as u32, (field & 1) as u32);
        (field >> 1 < u64::from(T::BITS)).then_some(Self { zeros, signed })
    }
}
