//! What compressed arrays hold.

use super::{Column, Int, IntArray, NullableIntArray};
use core::fmt::Debug;
use core::hash::Hash;

/// An integer, or an integer or null: what compressed arrays hold.
///
/// Implemented for [`Int`]s and for options of them, and for nothing else.
pub trait Element:
    Copy + Eq + Hash + Default + Debug + Send + Sync + 'static + private::Sealed
{
    /// The integer.
    type Int: Int;

    /// The array that holds such elements at one width.
    type Packed: Column<Item = Self> + for<'a> From<&'a [Self]> + Debug + Clone;

    /// True for options.
    const NULLABLE: bool;

    /// The integer, or `None` where it is null.
    fn integer(self) -> Option<Self::Int>;

    /// The element of an integer, or null. Where elements cannot be null, that of zero.
    fn from_integer(integer: Option<Self::Int>) -> Self;
}

impl<T: Int> Element for T {
    type Int = T;
    type Packed = IntArray<T>;
    const NULLABLE: bool = false;

    #[inline(always)]
    fn integer(self) -> Option<T> {
        Some(self)
    }

    #[inline(always)]
    fn from_integer(integer: Option<T>) -> T {
        integer.unwrap_or_default()
    }
}

impl<T: Int> Element for Option<T> {
    type Int = T;
    type Packed = NullableIntArray<T>;
    const NULLABLE: bool = true;

    #[inline(always)]
    fn integer(self) -> Option<T> {
        self
    }

    #[inline(always)]
    fn from_integer(integer: Option<T>) -> Self {
        integer
    }
}

mod private {
    pub trait Sealed {}

    impl<T: super::Int> Sealed for T {}
    impl<T: super::Int> Sealed for Option<T> {}
}
