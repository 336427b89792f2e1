//! The integers that arrays pack.

use core::fmt::{Debug, Display};
use core::hash::Hash;

/// An integer of 8 to 64 bits, signed or unsigned: what an [`IntArray`](super::IntArray) holds.
///
/// Implemented for `i8`, `i16`, `i32`, `i64`, `u8`, `u16`, `u32` and `u64`, and for nothing else.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an integer that arrays pack",
    note = "arrays pack `i8` to `i64` and `u8` to `u64`; convert `usize` and `isize` to 64 bits"
)]
pub trait Int:
    super::Scalar
    + Copy
    + Ord
    + Default
    + Hash
    + Debug
    + Display
    + Send
    + Sync
    + 'static
    + private::Offset
{
    /// The smallest value.
    const MIN: Self;
    /// The largest value.
    const MAX: Self;
    /// The size in bits.
    const BITS: u32;
}

pub(super) mod private {
    /// Seals [`Int`](super::Int), and counts from one value to another.
    pub trait Offset: Sized {
        /// How far `self` lies above `base`, modulo two to the number of bits.
        fn offset_from(self, base: Self) -> u64;
        /// The value that lies `offset` above `self`, modulo two to the number of bits.
        fn plus(self, offset: u64) -> Self;
        /// The value, in a type that holds every sum of them.
        fn to_i128(self) -> i128;
        /// The lowest bits of a sum.
        fn wrap(sum: i128) -> Self;
        /// The value of which `to_i128` has these lowest bits, if there is one.
        fn from_bits(bits: u64) -> Option<Self>;
    }
}

macro_rules! int {
    ($($signed:ident $unsigned:ident)*) => {$(
        int!(@impl $signed $unsigned);
        int!(@impl $unsigned $unsigned);
    )*};
    (@impl $int:ident $unsigned:ident) => {
        impl Int for $int {
            const MIN: Self = $int::MIN;
            const MAX: Self = $int::MAX;
            const BITS: u32 = $int::BITS;
        }

        impl private::Offset for $int {
            #[inline(always)]
            fn offset_from(self, base: Self) -> u64 {
                u64::from(self.wrapping_sub(base) as $unsigned)
            }
            #[inline(always)]
            fn plus(self, offset: u64) -> Self {
                self.wrapping_add(offset as $int)
            }
            #[inline(always)]
            fn to_i128(self) -> i128 {
                i128::from(self)
            }
            #[inline(always)]
            fn wrap(sum: i128) -> Self {
                sum as $int
            }
            fn from_bits(bits: u64) -> Option<Self> {
                let value = bits as $int;
                (i128::from(value) as u64 == bits).then_some(value)
            }
        }
    };
}

int!(i8 u8 i16 u16 i32 u32 i64 u64);
