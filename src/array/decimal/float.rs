//! What arrays of decimals hold.

use super::super::Scalar;
use core::fmt::Debug;

/// A float, or a float or null: what a [`DecimalArray`](super::DecimalArray) holds.
///
/// Implemented for `f64`, `f32` and options of them, and for nothing else.
pub trait FloatElement:
    Copy + PartialEq + Default + Debug + Send + Sync + 'static + private::Sealed
{
    /// The float.
    type Float: Float;

    /// True for options.
    const NULLABLE: bool;

    /// The float, or `None` where it is null.
    fn float(self) -> Option<Self::Float>;

    /// The element of a float, or null. Where elements cannot be null, that of zero.
    fn from_float(float: Option<Self::Float>) -> Self;
}

/// A float of the machine.
///
/// Implemented for `f32` and `f64`, and for nothing else.
pub trait Float: Scalar + Into<f64> + FloatElement<Float = Self> + private::Pattern {}

impl Float for f32 {}
impl Float for f64 {}

impl<T: Float> FloatElement for T {
    type Float = T;
    const NULLABLE: bool = false;

    #[inline(always)]
    fn float(self) -> Option<T> {
        Some(self)
    }

    #[inline(always)]
    fn from_float(float: Option<T>) -> T {
        float.unwrap_or_default()
    }
}

impl<T: Float> FloatElement for Option<T> {
    type Float = T;
    const NULLABLE: bool = true;

    #[inline(always)]
    fn float(self) -> Option<T> {
        self
    }

    #[inline(always)]
    fn from_float(float: Option<T>) -> Self {
        float
    }
}

pub(super) mod private {
    pub trait Sealed {}

    impl<T: super::Float> Sealed for T {}
    impl<T: super::Float> Sealed for Option<T> {}

    /// A float as its bits.
    pub trait Pattern: Sized {
        /// The bits of a float.
        const BITS: u32;

        /// The bits.
        fn pattern(self) -> u64;

        /// The float of the lowest bits.
        fn from_pattern(pattern: u64) -> Self;

        /// The float that is nearest.
        fn nearest(value: f64) -> Self;

        /// A number by which floats that are not NaN are ordered.
        fn rank(self) -> i64;

        /// The float of a rank.
        fn from_rank(rank: i64) -> Self;
    }
}

macro_rules! pattern {
    ($($float:ident $unsigned:ident $signed:ident)*) => {$(
        impl private::Pattern for $float {
            const BITS: u32 = $unsigned::BITS;

            #[inline(always)]
            fn pattern(self) -> u64 {
                u64::from(self.to_bits())
            }

            #[inline(always)]
            fn from_pattern(pattern: u64) -> Self {
                Self::from_bits(pattern as $unsigned)
            }

            #[inline(always)]
            fn nearest(value: f64) -> Self {
                value as $float
            }

            #[inline(always)]
            fn rank(self) -> i64 {
                let bits = self.to_bits() as $signed;
                i64::from(bits ^ (bits >> ($unsigned::BITS - 1) & $signed::MAX))
            }

            #[inline(always)]
            fn from_rank(rank: i64) -> Self {
                let bits = rank as $signed;
                Self::from_bits((bits ^ (bits >> ($unsigned::BITS - 1) & $signed::MAX)) as $unsigned)
            }
        }
    )*};
}

pattern!(f32 u32 i32 f64 u64 i64);
