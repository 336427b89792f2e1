//! Values found, counted and gathered.

use super::element::Element;
use super::iter::Scan;
use super::{
    Array, BitArray, BlockArray, Compressed, DecimalArray, DictArray, FloatElement, Int, IntArray,
    NullableIntArray,
};
use crate::raw::Words;
use bytemuck::Pod;

/// Values that are looked at before deciding whether to look on.
const AT_ONCE: usize = 2048;

pub(super) fn position<A: Scan>(array: &A, value: A::Value) -> Option<usize> {
    let len = array.scan_len();
    (0..len).step_by(AT_ONCE).find_map(|start| {
        let end = len.min(start + AT_ONCE);
        let found = array.fold_range(start..end, false, |found, other| found | (other == value));
        found.then(|| (start..end).find(|&index| array.value_at(index) == value))?
    })
}

pub(super) fn count<A: Scan>(array: &A, value: A::Value) -> usize {
    array.fold_range(0..array.scan_len(), 0, |count, other| count + usize::from(other == value))
}

#[track_caller]
pub(super) fn gather<A: Scan>(array: &A, indices: &[usize], values: &mut [A::Value]) {
    assert_one_each(indices, values);
    for (value, &index) in values.iter_mut().zip(indices) {
        *value = array.value_at(index);
    }
}

#[track_caller]
fn assert_one_each<V>(indices: &[usize], values: &[V]) {
    let (len, room) = (indices.len(), values.len());
    assert!(len == room, "{len} indices do not gather into a slice of {room}");
}

/// The methods that look for values.
macro_rules! search_methods {
    ([$($generics:tt)*] $array:ty, $value:ty) => {
        impl<$($generics)*> $array {
            /// The index of the first value that is equal.
            pub fn position(&self, value: $value) -> Option<usize> {
                $crate::array::search::position(self, value)
            }

            /// The number of values that are equal to this one: how often it occurs. How many values there are in all, `len`
            /// says.
            pub fn count(&self, value: $value) -> usize {
                $crate::array::search::count(self, value)
            }

            /// True where a value is equal.
            pub fn contains(&self, value: $value) -> bool {
                self.position(value).is_some()
            }

            /// Copies the values at some indices, in their order, to `values`.
            ///
            /// # Panics
            ///
            /// Panics when an index is out of range, or when `values` has another length than `indices`.
            #[track_caller]
            pub fn gather(&self, indices: &[usize], values: &mut [$value]) {
                $crate::array::search::gather(self, indices, values);
            }
        }
    };
}

search_methods!([T: Int, W: Words] IntArray<T, W>, T);
search_methods!([T: Int, W: Words] NullableIntArray<T, W>, Option<T>);
search_methods!([W: Words] BitArray<W>, bool);
search_methods!([V: Element, W: Words] BlockArray<V, W>, V);
search_methods!([V: FloatElement, W: Words] DecimalArray<V, W>, V);
search_methods!([V: Element, W: Words] Compressed<V, W>, V);

impl<T: Pod + PartialEq> Array<T> {
    /// The index of the first value that is equal.
    pub fn position(&self, value: T) -> Option<usize> {
        self.iter().position(|&other| other == value)
    }

    /// The number of values that are equal to this one: how often it occurs. How many values there are in all, `len`
    /// says.
    pub fn count(&self, value: T) -> usize {
        self.iter().filter(|&&other| other == value).count()
    }
}

impl<T: Pod> Array<T> {
    /// Copies the values at some indices, in their order, to `values`.
    ///
    /// # Panics
    ///
    /// Panics when an index is out of range, or when `values` has another length than `indices`.
    #[track_caller]
    pub fn gather(&self, indices: &[usize], values: &mut [T]) {
        assert_one_each(indices, values);
        for (value, &index) in values.iter_mut().zip(indices) {
            *value = self[index];
        }
    }
}

impl<V: Element, W: Words> DictArray<V, W> {
    /// True where a value is equal. Takes the time of a search in the dictionary.
    pub fn contains(&self, value: V) -> bool {
        self.code(value).is_some()
    }

    /// Copies the values at some indices, in their order, to `values`.
    ///
    /// # Panics
    ///
    /// Panics when an index is out of range, or when `values` has another length than `indices`.
    #[track_caller]
    pub fn gather(&self, indices: &[usize], values: &mut [V]) {
        gather(self, indices, values);
    }
}
