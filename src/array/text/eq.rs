//! Lists compared with slices, arrays and `Vec`s of what they hold, from either side.

/// Equality with lists of rows, by `equals`.
macro_rules! list_eq {
    ([$($generics:tt)*] $array:ty, $row:ty) => {
        $crate::array::text::eq::list_eq!(@with [$($generics)*] $array, $row, [R]);
        $crate::array::text::eq::list_eq!(@with [$($generics)*] $array, $row, &[R]);
        $crate::array::text::eq::list_eq!(@with [const N: usize, $($generics)*] $array, $row, [R; N]);
        $crate::array::text::eq::list_eq!(@with [const N: usize, $($generics)*] $array, $row, &[R; N]);
        $crate::array::text::eq::list_eq!(@with [$($generics)*] $array, $row, alloc::vec::Vec<R>);
    };
    (@with [$($generics:tt)*] $array:ty, $row:ty, $list:ty) => {
        impl<$($generics)*, R: AsRef<$row>> PartialEq<$list> for $array {
            fn eq(&self, other: &$list) -> bool {
                self.equals(other.iter().map(AsRef::as_ref))
            }
        }

        impl<$($generics)*, R: AsRef<$row>> PartialEq<$array> for $list {
            fn eq(&self, other: &$array) -> bool {
                other.equals(self.iter().map(AsRef::as_ref))
            }
        }
    };
}

/// Equality with a `StrArray`, by `equals`.
macro_rules! strs_eq {
    ($array:ident) => {
        impl<V: Buffer<u8>, W: Buffer<u8>> PartialEq<$crate::array::StrArray<W>> for $array<V> {
            fn eq(&self, other: &$crate::array::StrArray<W>) -> bool {
                self.equals(other.iter())
            }
        }

        impl<V: Buffer<u8>, W: Buffer<u8>> PartialEq<$array<W>> for $crate::array::StrArray<V> {
            fn eq(&self, other: &$array<W>) -> bool {
                other.equals(self.iter())
            }
        }
    };
}

pub(super) use {list_eq, strs_eq};
