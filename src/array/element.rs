//! What compressed arrays hold.

use super::error::StoreErrorCause;
use super::iter::Scan;
use super::{Column, Encoding, ImageError, Int, IntArray, NullableIntArray};
use crate::raw::Words;
use crate::raw::image::{Load, LoadWords, Parts, Stored};
use crate::size::HeapSize;
use alloc::boxed::Box;
use core::fmt::Debug;
use core::hash::Hash;
use core::ops::Range;

/// An integer, or an integer or null: what compressed arrays hold.
///
/// Implemented for [`Int`]s and for options of them, and for nothing else.
pub trait Element:
    Copy + Eq + Hash + Default + Debug + Send + Sync + 'static + private::Sealed
{
    /// The integer.
    type Int: Int;

    /// The array that holds such elements at one width.
    type Packed<W: Words>: Column<Item = Self>
        + Integers<Element = Self>
        + Debug
        + Clone
        + Send
        + Sync;

    /// True for options.
    const NULLABLE: bool;

    /// The integer, or `None` where it is null.
    fn integer(self) -> Option<Self::Int>;

    /// The element of an integer, or null. Where elements cannot be null, that of zero.
    fn from_integer(integer: Option<Self::Int>) -> Self;

    /// Packs elements at one width.
    #[doc(hidden)]
    fn try_pack(values: &[Self]) -> Result<Self::Packed<Box<[u64]>>, StoreErrorCause>;

    /// Takes packed elements from an image.
    #[doc(hidden)]
    fn load_packed<'a, W: Words + LoadWords<'a>>(
        parts: &mut Parts<'a>,
    ) -> Result<Self::Packed<W>, ImageError>;
}

impl<T: Int> Element for T {
    type Int = T;
    type Packed<W: Words> = IntArray<T, W>;
    const NULLABLE: bool = false;

    #[inline(always)]
    fn integer(self) -> Option<T> {
        Some(self)
    }

    #[inline(always)]
    fn from_integer(integer: Option<T>) -> T {
        integer.unwrap_or_default()
    }

    fn try_pack(values: &[T]) -> Result<IntArray<T>, StoreErrorCause> {
        Ok(IntArray::try_from_slice(values)?)
    }

    fn load_packed<'a, W: Words + LoadWords<'a>>(
        parts: &mut Parts<'a>,
    ) -> Result<IntArray<T, W>, ImageError> {
        Load::load(parts)
    }
}

impl<T: Int> Element for Option<T> {
    type Int = T;
    type Packed<W: Words> = NullableIntArray<T, W>;
    const NULLABLE: bool = true;

    #[inline(always)]
    fn integer(self) -> Option<T> {
        self
    }

    #[inline(always)]
    fn from_integer(integer: Option<T>) -> Self {
        integer
    }

    fn try_pack(values: &[Self]) -> Result<NullableIntArray<T>, StoreErrorCause> {
        NullableIntArray::try_from_slice(values)
    }

    fn load_packed<'a, W: Words + LoadWords<'a>>(
        parts: &mut Parts<'a>,
    ) -> Result<NullableIntArray<T, W>, ImageError> {
        Load::load(parts)
    }
}

/// What arrays of integers have in common beside [`Column`]: how [`Compressed`](super::Compressed) reads them.
pub trait Integers: Scan<Value = Self::Element> + HeapSize + Stored {
    type Element: Element;

    fn null_count(&self) -> usize;
    fn encoding(&self) -> Encoding;
    fn for_each_within(&self, range: Range<usize>, f: impl FnMut(&[Self::Element]));
    fn min(&self) -> Option<<Self::Element as Element>::Int>;
    fn max(&self) -> Option<<Self::Element as Element>::Int>;
    fn sum(&self) -> i128;
    fn check_invariants(&self);
}

/// [`Integers`] by the inherent methods of an array.
macro_rules! integers {
    ([$($generics:tt)*] $array:ty, $value:ty, $null_count:expr) => {
        impl<$($generics)*> $crate::array::element::Integers for $array {
            type Element = $value;

            fn null_count(&self) -> usize {
                ($null_count)(self)
            }
            fn encoding(&self) -> $crate::array::Encoding {
                self.encoding()
            }
            #[inline]
            fn for_each_within(&self, range: core::ops::Range<usize>, f: impl FnMut(&[$value])) {
                self.for_each_within(range, f);
            }
            fn min(&self) -> Option<<$value as $crate::array::Element>::Int> {
                self.min()
            }
            fn max(&self) -> Option<<$value as $crate::array::Element>::Int> {
                self.max()
            }
            fn sum(&self) -> i128 {
                self.sum()
            }
            fn check_invariants(&self) {
                self.check_invariants();
            }
        }
    };
}

pub(super) use integers;

integers!([T: Int, W: Words] IntArray<T, W>, T, |_: &Self| 0);
integers!([T: Int, W: Words] NullableIntArray<T, W>, Option<T>, Self::null_count);

mod private {
    pub trait Sealed {}

    impl<T: super::Int> Sealed for T {}
    impl<T: super::Int> Sealed for Option<T> {}
}
