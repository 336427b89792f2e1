//! Iterating over arrays whose values are not in memory as such, and what follows from it.

use core::fmt;
use core::iter::FusedIterator;
use core::ops::Range;

/// How an array is read: one value at a time, or many. Implemented by the arrays of this module alone.
pub trait Scan {
    /// What the array hands out.
    type Value: Copy + PartialEq + fmt::Debug + Default;

    /// The number of values.
    fn scan_len(&self) -> usize;

    /// The value at `index`.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[track_caller]
    fn value_at(&self, index: usize) -> Self::Value;

    /// Folds the values of a range in order, many at a time.
    fn fold_range<B>(&self, range: Range<usize>, init: B, f: impl FnMut(B, Self::Value) -> B) -> B;
}

/// An iterator over the values of an array.
///
/// `fold`, and what is built on it (`sum`, `max`, `for_each`, `collect` into a fold, adaptors in front
/// of them), takes hundreds of values at a time; `next`, and so a plain `for` loop, one by one.
pub struct Iter<'a, A> {
    array: &'a A,
    /// Invariant: ends at the length of the array or before.
    range: Range<usize>,
}

impl<'a, A: Scan> Iter<'a, A> {
    pub(super) fn new(array: &'a A) -> Self {
        Self::within(array, 0..array.scan_len())
    }

    /// Iterates over a range that is within the array.
    pub(super) fn within(array: &'a A, range: Range<usize>) -> Self {
        Self { array, range }
    }
}

/// An iterator over the values of an array that it holds.
///
/// The values stay packed until they are asked for, and the memory is given back in the end, all at once. `fold`, and
/// what is built on it, takes hundreds of values at a time, as that of [`Iter`] does; `next` reads one, which in a
/// [`SortedArray`](super::SortedArray) it has to find first.
///
/// ```
/// use pennyweight::array::IntArray;
///
/// let days = IntArray::from([31, 28, 31, 30_i64]);
/// let mut day = 0;
/// for days in days {
///     day += days;
/// }
/// assert_eq!(day, 120);
/// ```
pub struct IntoIter<A> {
    array: A,
    /// Invariant: ends at the length of the array or before.
    range: Range<usize>,
}

impl<A: Scan> IntoIter<A> {
    pub(super) fn new(array: A) -> Self {
        Self { range: 0..array.scan_len(), array }
    }
}

/// What iterators over an array do, whether they hold it or borrow it.
macro_rules! iterates {
    ($iter:ty) => {
        impl<A: Scan> Iterator for $iter {
            type Item = A::Value;

            #[inline]
            fn next(&mut self) -> Option<A::Value> {
                self.range.next().map(|index| self.array.value_at(index))
            }

            fn size_hint(&self) -> (usize, Option<usize>) {
                self.range.size_hint()
            }

            fn count(self) -> usize {
                self.range.len()
            }

            fn nth(&mut self, n: usize) -> Option<A::Value> {
                self.range.nth(n).map(|index| self.array.value_at(index))
            }

            fn last(mut self) -> Option<A::Value> {
                self.next_back()
            }

            #[inline]
            fn fold<B, F: FnMut(B, A::Value) -> B>(self, init: B, f: F) -> B {
                self.array.fold_range(self.range, init, f)
            }
        }

        impl<A: Scan> DoubleEndedIterator for $iter {
            #[inline]
            fn next_back(&mut self) -> Option<A::Value> {
                self.range.next_back().map(|index| self.array.value_at(index))
            }

            fn nth_back(&mut self, n: usize) -> Option<A::Value> {
                self.range.nth_back(n).map(|index| self.array.value_at(index))
            }
        }

        impl<A: Scan> ExactSizeIterator for $iter {}
        impl<A: Scan> FusedIterator for $iter {}
    };
}

iterates!(Iter<'_, A>);
iterates!(IntoIter<A>);

impl<A> Clone for Iter<'_, A> {
    fn clone(&self) -> Self {
        Self { array: self.array, range: self.range.clone() }
    }
}

impl<A: Clone> Clone for IntoIter<A> {
    /// Copies the array.
    fn clone(&self) -> Self {
        Self { array: self.array.clone(), range: self.range.clone() }
    }
}

impl<A: Scan> fmt::Debug for Iter<'_, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

impl<A: Scan> fmt::Debug for IntoIter<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(Iter::within(&self.array, self.range.clone())).finish()
    }
}

/// What is read of an array: the traits of std, and [`Column`](super::Column), by its inherent methods.
macro_rules! read_traits {
    ([$($generics:tt)*] $array:ty, $value:ty) => {
        read_traits!([$($generics)*] $array, $value, $crate::array::Iter<'a, $array>);

        impl<$($generics)*> $array {
            /// Iterates over the values of a range. Adaptors that fold are as fast as those of [`iter`](Self::iter).
            ///
            /// # Panics
            ///
            /// Panics when the range is not within the array.
            #[track_caller]
            pub fn iter_range(
                &self,
                range: impl core::ops::RangeBounds<usize>,
            ) -> $crate::array::Iter<'_, Self> {
                let range = $crate::raw::range::indices(&range, self.len());
                $crate::array::Iter::within(self, range)
            }
        }
    };
    ([$($generics:tt)*] $array:ty, $value:ty, $iter:ty) => {
        impl<'a, $($generics)*> IntoIterator for &'a $array {
            type Item = $value;
            type IntoIter = $iter;

            fn into_iter(self) -> Self::IntoIter {
                self.iter()
            }
        }

        impl<$($generics)*> IntoIterator for $array {
            type Item = $value;
            type IntoIter = $crate::array::iter::IntoIter<$array>;

            /// Iterates over the values, each of which is decoded when it is asked for.
            fn into_iter(self) -> Self::IntoIter {
                $crate::array::iter::IntoIter::new(self)
            }
        }

        impl<$($generics)*> PartialEq<[$value]> for $array {
            fn eq(&self, other: &[$value]) -> bool {
                self.iter().eq(other.iter().copied())
            }
        }

        $crate::array::iter::slice_eq!([$($generics)*] $array, $value);

        impl<$($generics)*> From<$array> for alloc::vec::Vec<$value> {
            fn from(array: $array) -> Self {
                array.to_vec()
            }
        }

        impl<$($generics)*> core::fmt::Debug for $array {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_list().entries(self).finish()
            }
        }

        impl<$($generics)*> $crate::array::column::sealed::Sealed for $array {}

        impl<$($generics)*> $crate::array::Column for $array {
            type Item = $value;

            fn len(&self) -> usize {
                self.len()
            }

            fn get(&self, index: usize) -> Option<$value> {
                self.get(index)
            }

            fn for_each_block(&self, f: impl FnMut(&[$value])) {
                self.for_each_block(f);
            }

            #[track_caller]
            fn copy_to_slice(&self, start: usize, values: &mut [$value]) {
                self.copy_to_slice(start, values);
            }

            fn iter(&self) -> impl DoubleEndedIterator<Item = $value> + ExactSizeIterator {
                self.iter()
            }

            fn encoding(&self) -> $crate::array::Encoding {
                self.encoding()
            }
        }
    };
}

/// Equality with what lends a slice, and of all these with the array, by that with the slice.
macro_rules! slice_eq {
    ([$($generics:tt)*] $array:ty, $value:ty) => {
        $crate::array::iter::slice_eq!(@slice [$($generics)*] $array, &[$value]);
        $crate::array::iter::slice_eq!(@slice [const N: usize, $($generics)*] $array, [$value; N]);
        $crate::array::iter::slice_eq!(@slice [const N: usize, $($generics)*] $array, &[$value; N]);
        $crate::array::iter::slice_eq!(@slice [$($generics)*] $array, alloc::vec::Vec<$value>);
        $crate::array::iter::slice_eq!(@array [$($generics)*] $array, [$value]);
    };
    (@slice [$($generics:tt)*] $array:ty, $values:ty) => {
        impl<$($generics)*> PartialEq<$values> for $array {
            fn eq(&self, other: &$values) -> bool {
                *self == other[..]
            }
        }

        $crate::array::iter::slice_eq!(@array [$($generics)*] $array, $values);
    };
    (@array [$($generics:tt)*] $array:ty, $values:ty) => {
        impl<$($generics)*> PartialEq<$array> for $values {
            fn eq(&self, other: &$array) -> bool {
                *other == self[..]
            }
        }
    };
}

/// How an array is built: the traits of std by its inherent methods.
macro_rules! write_traits {
    ([$($generics:tt)*] $array:ty, $value:ty) => {
        impl<$($generics)*> Extend<$value> for $array {
            /// Appends the values in chunks of 256, each of which widens the array at most once.
            /// Values that an iterator gave shortly before it panicked may be lost.
            ///
            /// # Panics
            ///
            /// Panics where `extend_from_slice` does.
            #[track_caller]
            fn extend<I: IntoIterator<Item = $value>>(&mut self, values: I) {
                let mut values = values.into_iter().fuse();
                let mut chunk = [<$value>::default(); 256];
                loop {
                    let mut filled = 0;
                    for (slot, value) in chunk.iter_mut().zip(&mut values) {
                        *slot = value;
                        filled += 1;
                    }
                    self.extend_from_slice(&chunk[..filled]);
                    if filled < chunk.len() {
                        return;
                    }
                }
            }
        }

        impl<'a, $($generics)*> Extend<&'a $value> for $array {
            #[track_caller]
            fn extend<I: IntoIterator<Item = &'a $value>>(&mut self, values: I) {
                self.extend(values.into_iter().copied());
            }
        }

        $crate::array::iter::build_traits!([$($generics)*] $array, $value);
    };
}

/// The same where the array has an `Extend` of its own.
macro_rules! build_traits {
    ([$($generics:tt)*] $array:ty, $value:ty) => {
        impl<$($generics)*> FromIterator<$value> for $array {
            /// Appends the values to an empty array, so that the slack of growth is left.
            ///
            /// # Panics
            ///
            /// Panics where `extend_from_slice` does.
            #[track_caller]
            fn from_iter<I: IntoIterator<Item = $value>>(values: I) -> Self {
                let mut array = Self::new();
                array.extend(values);
                array
            }
        }

        impl<$($generics)*> Default for $array {
            fn default() -> Self {
                Self::new()
            }
        }

        $crate::array::iter::from_traits!([$($generics)*] $array, $value);
    };
}

/// What a slice can be borrowed from, packed as the slice is.
macro_rules! from_traits {
    ([$($generics:tt)*] $array:ty, $value:ty) => {
        $crate::array::iter::from_traits!(@impl [$($generics)*] $array, alloc::vec::Vec<$value>);
        $crate::array::iter::from_traits!(@impl [$($generics)*] $array, &alloc::vec::Vec<$value>);
        $crate::array::iter::from_traits!(@impl [const N: usize, $($generics)*] $array, [$value; N]);
        $crate::array::iter::from_traits!(@impl [const N: usize, $($generics)*] $array, &[$value; N]);
    };
    (@impl [$($generics:tt)*] $array:ty, $values:ty) => {
        impl<$($generics)*> From<$values> for $array {
            #[track_caller]
            fn from(values: $values) -> Self {
                Self::from(&values[..])
            }
        }
    };
}

/// What is packed where it is sorted: by `try_from_sorted`.
macro_rules! try_from_traits {
    ([$($generics:tt)*] $array:ty, $value:ty, $error:ty) => {
        $crate::array::iter::try_from_traits!(@impl [$($generics)*] $array, &[$value], $error);
        $crate::array::iter::try_from_traits!(@impl [$($generics)*] $array, alloc::vec::Vec<$value>, $error);
        $crate::array::iter::try_from_traits!(@impl [$($generics)*] $array, &alloc::vec::Vec<$value>, $error);
        $crate::array::iter::try_from_traits!(@impl [const N: usize, $($generics)*] $array, [$value; N], $error);
        $crate::array::iter::try_from_traits!(@impl [const N: usize, $($generics)*] $array, &[$value; N], $error);
    };
    (@impl [$($generics:tt)*] $array:ty, $values:ty, $error:ty) => {
        impl<$($generics)*> TryFrom<$values> for $array {
            type Error = $error;

            /// As [`try_from_sorted`](Self::try_from_sorted).
            fn try_from(values: $values) -> Result<Self, $error> {
                Self::try_from_sorted(&values[..])
            }
        }
    };
}

/// How an array that does not change is built: by `try_from_slice`.
macro_rules! fixed_traits {
    ([$($generics:tt)*] $array:ty, $value:ty) => {
        impl<$($generics)*> From<&[$value]> for $array {
            /// Packs a slice. Allocates exactly.
            ///
            /// # Panics
            ///
            /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
            #[track_caller]
            fn from(values: &[$value]) -> Self {
                match Self::try_from_slice(values) {
                    Ok(array) => array,
                    Err(error) => error.raise(),
                }
            }
        }

        $crate::array::iter::from_traits!([$($generics)*] $array, $value);

        impl<$($generics)*> Default for $array {
            /// An array without values.
            fn default() -> Self {
                Self::from(&[][..])
            }
        }

        impl<$($generics)*> FromIterator<$value> for $array {
            /// Collects the values in a `Vec` first.
            ///
            /// # Panics
            ///
            /// As `from` for a slice.
            #[track_caller]
            fn from_iter<I: IntoIterator<Item = $value>>(values: I) -> Self {
                Self::from(&values.into_iter().collect::<alloc::vec::Vec<$value>>()[..])
            }
        }
    };
}

/// Equality by value, for arrays that may encode equal values differently.
macro_rules! value_eq {
    ([$($generics:tt)*] $array:ident<$value:ty>) => {
        impl<$($generics)*, Other: $crate::raw::Words, W: $crate::raw::Words> PartialEq<$array<$value, Other>>
            for $array<$value, W>
        {
            /// True where the values are equal, however they are encoded.
            fn eq(&self, other: &$array<$value, Other>) -> bool {
                self.len() == other.len() && self.iter().eq(other)
            }
        }

        impl<$($generics)*, W: $crate::raw::Words> Eq for $array<$value, W> {}

        impl<$($generics)*, W: $crate::raw::Words> core::hash::Hash for $array<$value, W> {
            fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
                self.len().hash(state);
                self.iter().for_each(|value| value.hash(state));
            }
        }
    };
}

pub(super) use {
    build_traits, fixed_traits, from_traits, read_traits, slice_eq, try_from_traits, value_eq,
    write_traits,
};
