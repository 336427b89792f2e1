//! Sums and counts of a few groups.
//!
//! A group's sum is a place in memory that is read, added to, and written. Where the next row is of the same group, it has to wait until
//! the processor forwards what was just written. So each of four rows that follow one another adds to sums of its own, which are put
//! together at the end of a block. And where the values have at most 32 bits, a sum and a count are one number, so that a row costs one
//! addition. Nulls are counted as if they were there, so that no row asks; the zero in their place adds nothing to the sum. Then
//! their counts are taken back, in words of 64 rows of which most have no null.

use super::values::{BLOCK, for_each_there};
use crate::record::dict::{Code, Codes, each};
use crate::record::validity::Validity;
use core::ops::AddAssign;

/// The rows that follow one another and add to sums of their own.
const LANES: usize = 4;

/// A number that can be summed: integers of up to 64 bits, floats, and `bool`, of which `true` is 1.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number that is summed",
    note = "sums and means are of integers of up to 64 bits, of floats and of `bool`"
)]
pub trait Number: Copy + Default + PartialEq + sealed::Sealed {
    /// What holds a sum: `i128` of integers and `bool`, `f64` of floats.
    type Total: Total;

    #[doc(hidden)]
    type Lane: Lane<Self>;

    #[doc(hidden)]
    fn to_total(self) -> Self::Total;
}

/// What holds a sum: `i128` or `f64`.
pub trait Total: Copy + Default + AddAssign + sealed::Sealed {
    #[doc(hidden)]
    fn to_f64(self) -> f64;
}

/// A sum and a count of some rows of a group: of a block's at most.
pub trait Lane<V: Number>: Copy + Default {
    /// Adds a value, and one to the count.
    fn add(&mut self, value: V);

    /// Takes one from the count, for a null of which the zero was added.
    fn take_back(&mut self);

    /// The sum and the count.
    fn finish(self) -> (V::Total, u64);
}

mod sealed {
    pub trait Sealed {}
}

/// `2^48 * count + sum`, which are told apart as long as the sum has 47 bits and a sign: for 2¹⁵ values of 32 bits.
#[derive(Clone, Copy, Debug, Default)]
pub struct Narrow(i64);

const _: () = assert!(BLOCK <= 1 << 15);

impl<V: Number<Total = i128> + Into<i64>> Lane<V> for Narrow {
    #[inline(always)]
    fn add(&mut self, value: V) {
        self.0 += value.into() + (1 << 48);
    }

    #[inline(always)]
    fn take_back(&mut self) {
        self.0 -= 1 << 48;
    }

    #[inline]
    fn finish(self) -> (i128, u64) {
        let sum = self.0 << 16 >> 16;
        (i128::from(sum), ((self.0 - sum) >> 48) as u64)
    }
}

/// A sum, and a count beside it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wide<T> {
    sum: T,
    count: u64,
}

impl<V: Number> Lane<V> for Wide<V::Total> {
    #[inline(always)]
    fn add(&mut self, value: V) {
        self.sum += value.to_total();
        self.count += 1;
    }

    #[inline(always)]
    fn take_back(&mut self) {
        self.count -= 1;
    }

    #[inline]
    fn finish(self) -> (V::Total, u64) {
        (self.sum, self.count)
    }
}

macro_rules! numbers {
    ($($number:ty => $total:ty, $lane:ty;)*) => {$(
        impl sealed::Sealed for $number {}

        impl Number for $number {
            type Total = $total;
            type Lane = $lane;

            #[inline(always)]
            fn to_total(self) -> $total {
                self as $total
            }
        }
    )*};
}

numbers! {
    bool => i128, Narrow;
    i8 => i128, Narrow;
    i16 => i128, Narrow;
    i32 => i128, Narrow;
    i64 => i128, Wide<i128>;
    isize => i128, Wide<i128>;
    u8 => i128, Narrow;
    u16 => i128, Narrow;
    u32 => i128, Narrow;
    u64 => i128, Wide<i128>;
    usize => i128, Wide<i128>;
    f32 => f64, Wide<f64>;
    f64 => f64, Wide<f64>;
}

impl sealed::Sealed for i128 {}

impl Total for i128 {
    #[inline]
    fn to_f64(self) -> f64 {
        self as f64
    }
}

impl Total for f64 {
    #[inline]
    fn to_f64(self) -> f64 {
        self
    }
}

/// Adds the values of rows to their groups: calls `add` with a group, a sum and the count of the values in it. Nulls have a zero in their
/// place.
#[inline]
pub(super) fn add_rows<S, V: Number>(
    groups: &mut [S],
    numbers: Codes<'_>,
    values: &[V],
    validity: Validity<'_>,
    add: impl Fn(&mut S, V::Total, u64),
) {
    if let Codes::U8(numbers) = numbers {
        for (at, (numbers, values)) in numbers.chunks(BLOCK).zip(values.chunks(BLOCK)).enumerate() {
            let rows = BLOCK * at..BLOCK * at + values.len();
            let validity = validity.slice(rows);
            let mut lanes = [[V::Lane::default(); 1 << 8]; LANES];
            sum_lanes(&mut lanes, numbers, values, validity);
            for (number, group) in groups.iter_mut().enumerate().take(1 << 8) {
                for lane in &lanes {
                    let (sum, count) = lane[number].finish();
                    add(group, sum, count);
                }
            }
        }
    } else {
        each!(numbers, numbers => for_each_there(values, validity, |row, value| {
            add(&mut groups[numbers[row].wide() as usize], value.to_total(), 1);
        }));
    }
}

/// Makes the sums and counts of the groups of a block.
#[inline]
fn sum_lanes<V: Number>(
    lanes: &mut [[V::Lane; 1 << 8]; LANES],
    numbers: &[u8],
    values: &[V],
    validity: Validity<'_>,
) {
    let mut add =
        |row: usize, number: u8, value| lanes[row % LANES][usize::from(number)].add(value);
    let (eights, number_rest) = numbers.as_chunks::<8>();
    let (value_eights, value_rest) = values.as_chunks::<8>();
    for (numbers, values) in eights.iter().zip(value_eights) {
        for row in 0..8 {
            add(row, numbers[row], values[row]);
        }
    }
    for (row, (&number, &value)) in number_rest.iter().zip(value_rest).enumerate() {
        add(row, number, value);
    }
    for row in validity.iter_nulls() {
        debug_assert!(values[row] == V::default(), "a zero in the place of a null");
        lanes[row % LANES][usize::from(numbers[row])].take_back();
    }
}
