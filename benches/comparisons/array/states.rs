//! The states that several comparisons build.

use core::ops::Deref;

use arrow_array::{Array, Int32Array};
use pennyweight::array::IntArray;

/// Returns a closure that builds from `values`.
pub(super) fn with<T: ?Sized, S>(
    values: impl Deref<Target = T> + 'static,
    build: impl Fn(&T) -> S + 'static,
) -> impl Fn() -> S + 'static {
    move || build(&values)
}

pub(super) fn packed(values: &[i64]) -> IntArray<i64> {
    IntArray::from(values)
}

pub(super) fn narrow(values: &[i64]) -> Vec<i32> {
    values.iter().map(|&value| i32::try_from(value).expect("values of 32 bits")).collect()
}

pub(super) fn arrow_32(values: &[i64]) -> Int32Array {
    Int32Array::from(narrow(values))
}

pub(super) fn arrow_nullable(values: &[Option<i64>]) -> Int32Array {
    let array: Int32Array = values.iter().map(|value| value.map(|value| value as i32)).collect();
    assert_eq!(array.null_count(), values.iter().filter(|value| value.is_none()).count());
    array
}
