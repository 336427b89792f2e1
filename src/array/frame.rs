//! Which code stands for which value.
//!
//! A code counts steps of `scale` from `base` on: `value = base + scale * code`. The base is the
//! frame of reference of Goldstein, Ramakrishnan and Shaft ("Compressing relations and indexes",
//! ICDE 1998); the scale, the greatest common divisor of the differences, turns timestamps at full
//! hours into small numbers. A nullable array keeps code 0 for null and counts its values from 1, so
//! that a null adds nothing to the sum of the codes.

use super::Int;
use crate::raw::packed::{bits_for, mask};

/// `value = base + scale * code`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame<T> {
    pub(super) base: T,
    /// Invariant: at least 1.
    pub(super) scale: u64,
}

impl<T: Int> Default for Frame<T> {
    fn default() -> Self {
        Self { base: T::default(), scale: 1 }
    }
}

impl<T: Int> Frame<T> {
    #[inline(always)]
    pub(super) fn value(self, code: u64) -> T {
        self.base.plus(code.wrapping_mul(self.scale))
    }

    /// The frame in which code 0 stands for what a code stands for here, modulo two to the number of bits.
    #[inline(always)]
    pub(super) fn starting_at(self, code: u64) -> Self {
        Self { base: self.value(code), ..self }
    }

    /// The code of a value, if it is a whole number of steps above the base.
    #[inline]
    pub(super) fn code(self, value: T) -> Option<u64> {
        if value < self.base {
            return None;
        }
        let offset = value.offset_from(self.base);
        match self.scale {
            1 => Some(offset),
            scale => offset.is_multiple_of(scale).then(|| offset / scale),
        }
    }

    /// The code of a value that is known to have one.
    #[inline]
    pub(super) fn known_code(self, value: T) -> u64 {
        debug_assert!(self.code(value).is_some());
        let offset = value.offset_from(self.base);
        if self.scale == 1 { offset } else { offset / self.scale }
    }

    /// The same frame, made ready for many values.
    pub(super) fn divisor(self) -> Divided<T> {
        Divided { base: self.base, divisor: Divisor::new(self.scale) }
    }
}

/// A frame that finds the codes of values by multiplication.
#[derive(Clone, Copy)]
pub(super) struct Divided<T> {
    base: T,
    divisor: Divisor,
}

impl<T: Int> Divided<T> {
    /// See [`Frame::code`].
    #[inline]
    pub(super) fn code(self, value: T) -> Option<u64> {
        let quotient = self.divisor.divide(value.offset_from(self.base));
        quotient.filter(|_| value >= self.base)
    }

    /// See [`Frame::known_code`].
    #[inline]
    pub(super) fn known_code(self, value: T) -> u64 {
        debug_assert!(self.code(value).is_some());
        self.divisor.quotient(value.offset_from(self.base))
    }
}

/// Divides multiples by multiplying with the inverse modulo 2⁶⁴ (Granlund and Montgomery, "Division by invariant
/// integers using multiplication", PLDI 1994, section 9): numbers that are no multiples come out too large.
#[derive(Clone, Copy)]
struct Divisor {
    /// The inverse of the odd part of the divisor.
    inverse: u64,
    /// The twos in the divisor.
    twos: u32,
    /// The largest quotient.
    most: u64,
}

impl Divisor {
    fn new(divisor: u64) -> Self {
        let twos = divisor.trailing_zeros();
        let odd = divisor >> twos;
        // Right in the lowest 3 bits; each step doubles that.
        let mut inverse = odd;
        for _ in 0..5 {
            inverse = inverse.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(inverse)));
        }
        Self { inverse, twos, most: u64::MAX / divisor }
    }

    /// The quotient of a multiple.
    #[inline]
    fn quotient(self, multiple: u64) -> u64 {
        multiple.wrapping_mul(self.inverse).rotate_right(self.twos)
    }

    #[inline]
    fn divide(self, number: u64) -> Option<u64> {
        Some(self.quotient(number)).filter(|&quotient| quotient <= self.most)
    }
}

/// Where a set of values lies: what decides about frame and width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bounds<T> {
    pub(super) low: T,
    pub(super) high: T,
    /// A divisor of every difference of two values; 0 while there is one value.
    pub(super) step: u64,
}

impl<T: Int> Bounds<T> {
    pub(super) fn of_one(value: T) -> Self {
        Self { low: value, high: value, step: 0 }
    }

    /// The bounds of some values, with the greatest possible step. Reads them twice, the second time only as
    /// far as the step is more than 1: two plain loops are faster than one that does both.
    pub(super) fn of<I: Iterator<Item = T> + Clone>(values: I) -> Option<Self> {
        let first = values.clone().next()?;
        let low_high = (first, first);
        let (low, high) =
            values.clone().fold(low_high, |(low, high), value| (low.min(value), high.max(value)));
        let mut step = 0;
        let mut divisor = Divisor::new(1);
        for offset in values.map(|value| value.offset_from(low)) {
            if step == 0 || divisor.divide(offset).is_none() {
                step = gcd(step, offset);
                divisor = Divisor::new(step.max(1));
            }
            if step == 1 {
                break;
            }
        }
        Some(Self { low, high, step })
    }

    #[inline]
    pub(super) fn with(self, value: T) -> Self {
        let difference = value.max(self.low).offset_from(value.min(self.low));
        let step = if self.step == 1 { 1 } else { gcd(self.step, difference) };
        Self { low: self.low.min(value), high: self.high.max(value), step }
    }

    pub(super) fn union(self, other: Self) -> Self {
        let all = self.with(other.low).with(other.high);
        Self { step: gcd(all.step, other.step), ..all }
    }

    /// The steps from the lowest value to the highest: the largest code, and one less than the codes
    /// that are needed.
    pub(super) fn steps(self) -> u64 {
        self.high.offset_from(self.low) / self.step.max(1)
    }

    /// The steps from the first value that is not negative to the lowest one.
    pub(super) fn steps_from_zero(self) -> Option<u64> {
        let zero = T::default();
        (self.low >= zero).then(|| self.low.offset_from(zero) / self.step.max(1))
    }

    /// The frame without room below.
    pub(super) fn frame(self) -> Frame<T> {
        Frame { base: self.low, scale: self.step.max(1) }
    }

    /// The width of the codes when the lowest `reserved` codes are not for values, or `None` where 64
    /// bits do not suffice.
    pub(super) fn width(self, reserved: u64) -> Option<u32> {
        self.steps().checked_add(reserved).map(bits_for)
    }

    /// The frame for an array that grows further: where there are codes to spare, those of the values from 0 on are
    /// kept, if the values are not far from there, or those below a value that was the lowest.
    pub(super) fn frame_with_room(self, reserved: u64, width: u32, below: Room) -> Frame<T> {
        let scale = self.step.max(1);
        let spare = mask(width) - reserved - self.steps();
        let room = match (self.steps_from_zero(), below) {
            (Some(steps), _) if steps <= spare => steps,
            (_, Room::None) => 0,
            (_, Room::Half) => (spare / 2).min(self.low.offset_from(T::MIN) / scale),
            (_, Room::All) => spare.min(self.low.offset_from(T::MIN) / scale),
        };
        Frame { base: self.low.plus((room * scale).wrapping_neg()), scale }
    }
}

/// Which of the spare codes are for values below the lowest.
#[derive(Clone, Copy)]
pub(super) enum Room {
    None,
    Half,
    All,
}

/// The greatest common divisor, where 0 divides nothing.
#[inline]
fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_know_the_step() {
        let bounds = Bounds::of([7200_i64, 3600, -3600, 36_000].into_iter()).unwrap();
        assert_eq!(bounds, Bounds { low: -3600, high: 36_000, step: 3600 });
        assert_eq!((bounds.steps(), bounds.width(0), bounds.width(1)), (11, Some(4), Some(4)));
        assert_eq!(Bounds::of([5_u8, 5].into_iter()).unwrap().width(0), Some(0));
        assert_eq!(Bounds::<u8>::of([].into_iter()), None);
    }

    #[test]
    fn the_whole_range_fits_64_bits_without_null_only() {
        let bounds = Bounds::of([i64::MIN, 0, i64::MAX].into_iter()).unwrap();
        assert_eq!((bounds.width(0), bounds.width(1)), (Some(64), None));
        assert_eq!(bounds.frame().code(i64::MAX), Some(u64::MAX));
        assert_eq!(bounds.frame().value(u64::MAX), i64::MAX);
    }

    #[test]
    fn divisors_divide_multiples_and_nothing_else() {
        let numbers = [0, 1, 2, 3, 7, 60, 3600, 1 << 40, u64::MAX / 3, u64::MAX - 1, u64::MAX];
        for divisor in [1, 2, 3, 6, 7, 60, 3600, 1 << 63, (1 << 63) + 1, u64::MAX / 3, u64::MAX] {
            let by = Divisor::new(divisor);
            for number in numbers.into_iter().chain((0..100).map(|i| divisor.wrapping_mul(i))) {
                let expected = number.is_multiple_of(divisor).then(|| number / divisor);
                assert_eq!(by.divide(number), expected, "{number} / {divisor}");
            }
        }
    }

    #[test]
    fn a_divided_frame_finds_the_codes_of_the_frame() {
        for base in i8::MIN..=i8::MAX {
            for scale in [1, 2, 3, 6, 7, 64, 100, 255] {
                let frame = Frame { base, scale };
                let divided = frame.divisor();
                for value in i8::MIN..=i8::MAX {
                    let code = frame.code(value);
                    assert_eq!(divided.code(value), code, "{value} in {frame:?}");
                    if let Some(code) = code {
                        assert_eq!(
                            (frame.known_code(value), divided.known_code(value)),
                            (code, code)
                        );
                        assert_eq!(frame.value(code), value);
                    }
                }
            }
        }
    }

    #[test]
    fn bounds_unite_by_the_step_between_them_too() {
        let bounds = |values: [i16; 2]| Bounds::of(values.into_iter()).unwrap();
        let union = bounds([0, 12]).union(bounds([40, 58]));
        assert_eq!(union, Bounds { low: 0, high: 58, step: 2 });
        let union = bounds([40, 58]).union(Bounds::of_one(4));
        assert_eq!(union, Bounds { low: 4, high: 58, step: 18 });
        assert_eq!(Bounds::of_one(5).union(Bounds::of_one(5)), Bounds::of_one(5));
    }

    #[test]
    fn room_below_is_all_that_the_values_leave() {
        let bounds = Bounds::of([-60_i32, 0, 60].into_iter()).unwrap();
        // 8 codes: null where there is one, three values, and the rest below.
        for (reserved, base) in [(0, -360), (1, -300)] {
            let frame = bounds.frame_with_room(reserved, 3, Room::All);
            assert_eq!((frame.base, frame.scale), (base, 60));
            assert_eq!(frame.known_code(60) + reserved, 7);
        }
    }

    #[test]
    fn room_below_stays_in_the_type() {
        let bounds = Bounds::of([-127_i8, -120].into_iter()).unwrap();
        let frame = bounds.frame_with_room(0, 5, Room::All);
        assert_eq!((frame.base, frame.scale), (-127, 7));
        let bounds = Bounds::of([100_u8, 101].into_iter()).unwrap();
        assert_eq!(bounds.frame_with_room(0, 6, Room::All).base, 38);
        assert_eq!(bounds.frame_with_room(0, 6, Room::Half).base, 69);
        assert_eq!(bounds.frame_with_room(0, 6, Room::None).base, 100);
        assert_eq!(bounds.frame_with_room(0, 7, Room::None).base, 0);
    }
}
