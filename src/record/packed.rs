//! Integers and booleans at the bits that they need, as parts of records.

use super::any::AnyColumn;
use super::bits::{BitColumn, BitIter};
use super::error::StoreError;
use super::store::Store;
use crate::array::{BitArray, Int, IntArray, Iter, NullableIntArray};
use crate::raw::ReserveError;
use crate::raw::range::indices;
use core::fmt;
use core::hash::Hash;
use core::ops::{Range, RangeBounds};

/// Values moved at once.
const BLOCK: usize = 256;

/// A struct's field of which a column takes as few bits as the values need: an integer, a `bool`, or an `Option` of one. It says what the
/// column is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no field that `packed` stores",
    note = "packed are `i8` to `i64`, `u8` to `u64`, `bool`, and an `Option` of one"
)]
pub trait PackedField: Copy + Ord + Hash + fmt::Debug + Default + sealed::Sealed {
    /// [`IntArray`], [`NullableIntArray`], [`BitArray`], or [`BitColumn`].
    type Store: Store<Value = Self>;

    /// Iterates over values next to one another, many at a time where it can.
    type Iter<'a>: DoubleEndedIterator<Item = Self> + ExactSizeIterator + Clone + fmt::Debug;

    #[doc(hidden)]
    fn value(array: &Self::Store, index: usize) -> Self;

    #[doc(hidden)]
    fn iter_range(array: &Self::Store, range: Range<usize>) -> Self::Iter<'_>;

    #[doc(hidden)]
    fn for_each_block(array: &Self::Store, range: Range<usize>, f: impl FnMut(&[Self]));
}

mod sealed {
    pub trait Sealed {}
}

/// Values of a packed column that stand next to one another. Is copied as a slice is.
///
/// ```
/// use pennyweight::array::IntArray;
/// use pennyweight::record::PackedSlice;
///
/// let distances = IntArray::from([1400_i32, 1416, 1089, 1576, 762]);
/// let middle = PackedSlice::new(&distances, 1..4);
/// assert_eq!((middle.get(0), middle.get(3)), (Some(1416), None));
/// assert_eq!((middle.sum(), middle.min(), middle.max()), (4081, Some(1089), Some(1576)));
/// ```
pub struct PackedSlice<'a, T: PackedField> {
    array: &'a T::Store,
    /// Invariant: `start + len` is at most the length of the array.
    start: usize,
    len: usize,
}

impl<'a, T: PackedField> PackedSlice<'a, T> {
    /// The values of a range of an array.
    ///
    /// # Panics
    ///
    /// Panics when the range is not within the array.
    #[track_caller]
    pub fn new(array: &'a T::Store, range: impl RangeBounds<usize>) -> Self {
        let range = indices(&range, array.rows());
        Self { array, start: range.start, len: range.len() }
    }

    /// The number of values.
    #[inline]
    #[must_use]
    pub fn len(self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[inline]
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len == 0
    }

    /// The value at `index`, or `None` behind the end.
    #[inline]
    #[must_use]
    pub fn get(self, index: usize) -> Option<T> {
        (index < self.len).then(|| T::value(self.array, self.start + index))
    }

    /// The value at `index`: what `slice[index]` would be.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn value(self, index: usize) -> T {
        match self.get(index) {
            Some(value) => value,
            None => panic!("index {index} out of range for {} values", self.len),
        }
    }

    /// Iterates over the values. Adaptors that fold take hundreds of values at a time; a plain `for` loop takes them one by one.
    #[inline]
    pub fn iter(self) -> T::Iter<'a> {
        T::iter_range(self.array, self.range())
    }

    /// Calls `f` with all values in order, in slices of at most 256: the fast way to read them all.
    pub fn for_each_block(self, f: impl FnMut(&[T])) {
        T::for_each_block(self.array, self.range(), f);
    }

    /// A part of these values.
    ///
    /// # Panics
    ///
    /// Panics when the range is not within them.
    #[must_use]
    #[track_caller]
    pub fn slice(self, range: impl RangeBounds<usize>) -> Self {
        let range = indices(&range, self.len);
        Self { array: self.array, start: self.start + range.start, len: range.len() }
    }

    /// The array that the values are in, and where.
    #[must_use]
    pub fn as_array(self) -> (&'a T::Store, Range<usize>) {
        (self.array, self.range())
    }

    fn range(self) -> Range<usize> {
        self.start..self.start + self.len
    }
}

impl<T: Int + PackedField<Store = IntArray<T>>> PackedSlice<'_, T> {
    /// The sum of all values. Never overflows.
    #[must_use]
    pub fn sum(self) -> i128 {
        if self.len == self.array.len() {
            return self.array.sum();
        }
        let mut sum = 0;
        self.for_each_block(|values| sum += sum_of(values, |&value| value));
        sum
    }

    /// The smallest value.
    #[must_use]
    pub fn min(self) -> Option<T> {
        self.iter().min()
    }

    /// The largest value.
    #[must_use]
    pub fn max(self) -> Option<T> {
        self.iter().max()
    }
}

impl<T: Int> PackedSlice<'_, Option<T>>
where
    Option<T>: PackedField<Store = NullableIntArray<T>>,
{
    /// The sum of all values that are there. Never overflows.
    #[must_use]
    pub fn sum(self) -> i128 {
        if self.len == self.array.len() {
            return self.array.sum();
        }
        let mut sum = 0;
        self.for_each_block(|values| sum += sum_of(values, |value| value.unwrap_or_default()));
        sum
    }

    /// The smallest value.
    #[must_use]
    pub fn min(self) -> Option<T> {
        if self.len == self.array.len() {
            return self.array.min();
        }
        self.iter().flatten().min()
    }

    /// The largest value.
    #[must_use]
    pub fn max(self) -> Option<T> {
        if self.len == self.array.len() {
            return self.array.max();
        }
        self.iter().flatten().max()
    }

    /// The number of nulls.
    #[must_use]
    pub fn null_count(self) -> usize {
        self.iter().fold(0, |count, value| count + usize::from(value.is_none()))
    }
}

/// The sum of a block of values, which are narrow enough for 64 bits or not.
#[inline]
fn sum_of<V, T: Int>(values: &[V], number: impl Fn(&V) -> T) -> i128 {
    match T::BITS {
        64 => values.iter().fold(0, |sum, value| sum + number(value).to_i128()),
        _ => i128::from(values.iter().fold(0, |sum, value| sum + number(value).to_i128() as i64)),
    }
}

impl PackedSlice<'_, bool> {
    /// The number of values that are true.
    #[must_use]
    pub fn count_ones(self) -> usize {
        self.iter().fold(0, |count, value| count + usize::from(value))
    }
}

impl PackedSlice<'_, Option<bool>> {
    /// The number of values that are true.
    #[must_use]
    pub fn count_ones(self) -> usize {
        self.iter().fold(0, |count, value| count + usize::from(value == Some(true)))
    }

    /// The number of nulls.
    #[must_use]
    pub fn null_count(self) -> usize {
        let (column, rows) = self.as_array();
        column.validity().slice(rows).null_count()
    }
}

impl<T: PackedField> Clone for PackedSlice<'_, T> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: PackedField> Copy for PackedSlice<'_, T> {}

impl<T: PackedField> fmt::Debug for PackedSlice<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<T: PackedField> PartialEq for PackedSlice<'_, T> {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().eq(other.iter())
    }
}

impl<'a, T: PackedField> IntoIterator for PackedSlice<'a, T> {
    type Item = T;
    type IntoIter = T::Iter<'a>;

    fn into_iter(self) -> T::Iter<'a> {
        self.iter()
    }
}

/// A field of an array, and the array as part of records.
macro_rules! packed {
    ([$($generics:tt)*] $value:ty, $array:ty) => {
        impl<$($generics)*> sealed::Sealed for $value {}

        impl<$($generics)*> PackedField for $value {
            type Store = $array;
            type Iter<'a> = Iter<'a, $array>;

            #[inline]
            fn value(array: &$array, index: usize) -> $value {
                array.value(index)
            }

            fn iter_range(array: &$array, range: Range<usize>) -> Iter<'_, $array> {
                array.iter_range(range)
            }

            fn for_each_block(
                array: &$array,
                range: Range<usize>,
                mut f: impl FnMut(&[$value]),
            ) {
                if range.len() == array.len() {
                    return array.for_each_block(f);
                }
                let mut block = [<$value>::default(); BLOCK];
                for start in range.clone().step_by(BLOCK) {
                    let values = &mut block[..BLOCK.min(range.end - start)];
                    array.copy_to_slice(start, values);
                    f(values);
                }
            }
        }

        impl<$($generics)*> Store for $array {
            type Value = $value;

            type Get<'a>
                = $value
            where
                Self: 'a;

            type Slice<'a>
                = PackedSlice<'a, $value>
            where
                Self: 'a;

            type Undo = ();

            fn rows(&self) -> usize {
                self.len()
            }

            fn check_invariants(&self) {
                self.check_invariants();
            }

            #[inline]
            fn get(&self, index: usize) -> $value {
                self.value(index)
            }

            fn slice(&self, range: Range<usize>) -> PackedSlice<'_, $value> {
                PackedSlice::new(self, range)
            }

            fn any(&self, range: Range<usize>) -> AnyColumn<'_> {
                PackedSlice::<$value>::new(self, range).into()
            }

            fn try_reserve(&mut self, additional: usize) -> Result<(), ReserveError> {
                self.try_reserve(additional)
            }

            #[inline]
            fn try_push(&mut self, value: &$value) -> Result<(), StoreError> {
                self.try_push(*value).map_err(|error| error.cause().into())
            }

            fn try_insert(&mut self, index: usize, value: &$value) -> Result<(), StoreError> {
                self.try_insert(index, *value).map_err(|error| error.cause().into())
            }

            fn undo_insert(&mut self, index: usize, (): ()) {
                self.remove_range(index..index + 1);
            }

            fn try_set(&mut self, index: usize, value: &$value) -> Result<(), StoreError> {
                Ok(self.try_splice(index..index + 1, &[*value])?)
            }

            fn try_extend_from(
                &mut self,
                other: &Self,
                range: Range<usize>,
            ) -> Result<(), StoreError> {
                let len = self.len();
                let mut extended = Ok(());
                PackedSlice::<$value>::new(other, range).for_each_block(|values| {
                    if extended.is_ok() {
                        extended = self.try_extend_from_slice(values).map_err(StoreError::from);
                    }
                });
                extended.inspect_err(|_| self.truncate(len))
            }

            fn try_extend_at(
                &mut self,
                other: &Self,
                indices: &[usize],
            ) -> Result<(), StoreError> {
                let len = self.len();
                let mut block = [<$value>::default(); BLOCK];
                let extended = indices.chunks(BLOCK).try_for_each(|indices| {
                    let values = &mut block[..indices.len()];
                    other.gather(indices, values);
                    self.try_extend_from_slice(values)
                });
                extended.map_err(StoreError::from).inspect_err(|_| self.truncate(len))
            }

            fn value(&self, index: usize) -> $value {
                self.value(index)
            }

            fn truncate(&mut self, len: usize) {
                self.truncate(len);
            }

            fn remove_range(&mut self, range: Range<usize>) {
                self.remove_range(range);
            }

            fn swap_remove(&mut self, index: usize) {
                self.swap_remove(index);
            }

            fn retain(&mut self, keep: &BitArray) {
                let mut keep = keep.iter();
                self.retain(|_| keep.next() == Some(true));
            }

            /// Holds the old and the new codes until it is done, never the values unpacked.
            fn permute(&mut self, order: &[u32]) {
                self.try_permute(order).unwrap_or_else(|error| error.raise());
            }

            fn shrink_to_fit(&mut self) {
                self.shrink_to_fit();
            }

            fn heap_bytes(&self) -> usize {
                self.heap_bytes()
            }
        }
    };
}

macro_rules! integers {
    ($($int:ty),*) => {$(
        packed!([] $int, IntArray<$int>);
        packed!([] Option<$int>, NullableIntArray<$int>);
    )*};
}

impl sealed::Sealed for Option<bool> {}

impl PackedField for Option<bool> {
    type Store = BitColumn;
    type Iter<'a> = BitIter<'a>;

    #[inline]
    fn value(column: &BitColumn, index: usize) -> Option<bool> {
        column.value(index)
    }

    fn iter_range(column: &BitColumn, range: Range<usize>) -> BitIter<'_> {
        column.iter_range(range)
    }

    fn for_each_block(column: &BitColumn, range: Range<usize>, f: impl FnMut(&[Self])) {
        column.for_each_block_of(range, f);
    }
}

packed!([] bool, BitArray);
integers!(i8, i16, i32, i64, u8, u16, u32, u64);
