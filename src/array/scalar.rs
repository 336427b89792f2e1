//! The numbers that are stored as they are.

use bytemuck::Pod;
use core::fmt::Debug;

/// A number of the machine: an integer of 8 to 64 bits, or a float.
///
/// Implemented for `i8` to `i64`, `u8` to `u64`, `f32` and `f64`, and for nothing else.
pub trait Scalar:
    Pod + PartialEq + PartialOrd + Default + Debug + Send + Sync + private::Swap
{
}

pub(super) mod private {
    /// Seals [`Scalar`](super::Scalar), and knows the bytes of a number.
    pub trait Swap {
        /// The number of the type in images: part of the format.
        const NUMBER: u16;

        /// The same bytes in the opposite order.
        fn swap(self) -> Self;
    }
}

macro_rules! scalar {
    ($($scalar:ident $number:literal)*) => {$(
        impl Scalar for $scalar {}

        impl private::Swap for $scalar {
            const NUMBER: u16 = $number;

            #[inline]
            fn swap(self) -> Self {
                let mut bytes = self.to_ne_bytes();
                bytes.reverse();
                Self::from_ne_bytes(bytes)
            }
        }
    )*};
}

scalar!(i8 1 i16 2 i32 3 i64 4 u8 5 u16 6 u32 7 u64 8 f32 9 f64 10);
