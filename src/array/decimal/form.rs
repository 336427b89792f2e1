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
//!
//! A division takes as long as several multiplications, so loops multiply by the inverse of the divisor where that
//! gives the same float. The divisor is `odd * 2^twos`, with an odd part of `bits` bits. Its inverse comes from a division
//! with a remainder, `2^(2 bits + 2) = high * odd + low`: but for a power of two it is `high + low / odd`. A multiple below
//! 2^(50 − bits) times `high` is exact, since `high` has at most `bits + 3` bits. Only its product with `low / odd` is
//! rounded, twice, so that the sum of both, before it is rounded itself, is off from `multiple / odd` by less than
//! `multiple / 2^(2 bits + 54)`. The middle between two floats, an odd number of 54 bits times a power of two, is further
//! away: by at least that power over `odd`, and so by more than `multiple / (odd² * 2^54)`; and a quotient in the middle
//! itself has a multiple of 54 bits or more. So the sum is rounded to the float that the quotient is rounded to.

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

    /// Two factors by which multiples are multiplied to the floats that division gives, and the largest multiple that
    /// is: negative, where none is. See the head of this file.
    fn factors(self) -> ([f64; 2], f64) {
        if self.over == 1.0 {
            return ([self.times, 0.0], MOST as f64);
        }
        let divisor = self.over as u128;
        let odd = divisor.checked_shr(divisor.trailing_zeros()).unwrap_or(0);
        let bits = u128::BITS - odd.leading_zeros();
        if self.times != 1.0 || divisor as f64 != self.over || bits >= 50 {
            return ([0.0; 2], -1.0);
        }
        let one = 1 << (2 * bits + 2);
        let over = one as f64 * (self.over / odd as f64);
        let high = (one / odd) as f64;
        let low = (one % odd) as f64 / odd as f64;
        ([high / over, low / over], (1_u64 << (50 - bits)) as f64)
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

    pub(super) fn steps(self) -> Steps {
        let (factors, most) = self.unit.factors();
        Steps { decoder: self.decoder(), factors, most, zero: 0 }
    }

    /// The sum of some numbers, of which the sum is this: that of the multiples, which is exact, as a float.
    pub(super) fn sum(self, numbers: u128, count: usize) -> f64 {
        let Frame { base, scale } = self.frame;
        // Fewer than 2⁶³ multiples, each of at most 52 bits.
        let multiples = i128::from(base) * count as i128 + numbers as i128 * i128::from(scale);
        self.unit.value(multiples as f64)
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

/// A form that is ready for a number.
#[derive(Clone, Copy)]
pub(super) struct Decoder {
    base: f64,
    scale: f64,
    unit: Unit,
}

impl Decoder {
    #[inline(always)]
    pub(super) fn value<T: Float>(self, number: u64) -> T {
        self.unit.value(multiple(self.base, self.scale, number))
    }
}

/// The multiple of a number, of which neither is more than [`MOST`] says.
#[inline(always)]
fn multiple(base: f64, scale: f64, number: u64) -> f64 {
    // The float in whose last bits the integers below 2⁵² can be put as they are.
    const FIRST: f64 = (1_i64 << 52) as f64;
    base + scale * (f64::from_bits(FIRST.to_bits() | number) - FIRST)
}

/// A form that is ready for many numbers.
#[derive(Clone, Copy)]
pub(super) struct Steps {
    decoder: Decoder,
    factors: [f64; 2],
    /// The largest multiple for which the factors do.
    most: f64,
    /// What is added to a number, modulo 2⁶⁴.
    zero: u64,
}

impl Steps {
    /// The same for numbers that count from another one on.
    #[inline(always)]
    pub(super) fn starting_at(self, number: u64) -> Self {
        Self { zero: self.zero.wrapping_add(number), ..self }
    }

    #[inline(always)]
    pub(super) fn value<T: Float>(self, number: u64) -> T {
        self.decoder.value(self.zero.wrapping_add(number))
    }

    /// Decodes numbers from one on by multiplication, where none of those that lie at most so far behind it is too large.
    #[inline(always)]
    pub(super) fn products(self, number: u64, most: u64) -> Option<Products> {
        let Decoder { base, scale, .. } = self.decoder;
        // Numbers of blocks are as large as those that are decoded, or -1.
        let base = base + scale * self.zero.wrapping_add(number) as i64 as f64;
        let last = base + scale * most as f64;
        let products = Products { base, scale, factors: self.factors };
        (base >= -self.most && last <= self.most).then_some(products)
    }
}

/// A form that is ready for some numbers, and multiplies only.
#[derive(Clone, Copy)]
pub(super) struct Products {
    base: f64,
    scale: f64,
    factors: [f64; 2],
}

impl Products {
    #[inline(always)]
    pub(super) fn value<T: Float>(self, number: u64) -> T {
        let multiple = multiple(self.base, self.scale, number);
        let [high, low] = self.factors;
        T::nearest(multiple * high + multiple * low)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The multiples of 1 over a power of ten that lie nearest to the middle between two floats, and some others.
    fn hard(digits: u32, most: u64) -> impl Iterator<Item = u64> {
        let five = 5_u64.pow(digits);
        // For each power of two: what it multiplies to the halves of 5 to the power of `digits`.
        let halves = (0..64).scan([five / 2, five / 2 + 1], move |halves, _| {
            for half in &mut *halves {
                *half = if *half % 2 == 0 { *half / 2 } else { (*half + five) / 2 };
            }
            Some(*halves)
        });
        let near = halves.flatten().filter(move |&half| half <= most);
        let largest_of = move |half| [half, half + (most - half) / five * five];
        let any = (1..1000_u64).map(|i| i.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        near.flat_map(largest_of).chain(any.map(move |any| any % (most + 1)))
    }

    #[test]
    fn products_are_quotients() {
        let mut limits = 0;
        for digits in 0..=DIGITS {
            let form = Form { unit: Unit::decimal(digits), frame: Frame { base: 0, scale: 1 } };
            let steps = form.steps();
            if steps.most < 0.0 {
                continue;
            }
            let most = steps.most as u64;
            limits += 1;
            for number in hard(digits as u32, most).chain([0, most - 1, most]) {
                let products = steps.products(0, number).unwrap();
                let quotient: f64 = steps.value(number);
                assert_eq!(products.value::<f64>(number), quotient, "{number} and {digits} digits");
            }
            assert!(steps.products(0, most + 1).is_none());
        }
        assert_eq!(limits, DIGITS);
    }
}
