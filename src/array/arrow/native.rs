//! Which Arrow type a number is, and which numbers an Arrow array holds.

use super::ElementErrorCause;
use arrow_array::types::{
    ArrowPrimitiveType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, downcast_primitive_array};
use arrow_buffer::{ArrowNativeType, ScalarBuffer};
use core::any::{Any, type_name};

/// A number that has an Arrow type of its own. Implemented for all [`Scalar`](crate::array::Scalar)s.
pub trait Native: ArrowNativeType {
    type Arrow: ArrowPrimitiveType<Native = Self>;
}

macro_rules! native {
    ($($native:ident $arrow:ident)*) => {$(
        impl Native for $native {
            type Arrow = $arrow;
        }
    )*};
}

native! {
    i8 Int8Type i16 Int16Type i32 Int32Type i64 Int64Type
    u8 UInt8Type u16 UInt16Type u32 UInt32Type u64 UInt64Type
    f32 Float32Type f64 Float64Type
}

/// The values of an Arrow array, whatever they mean, if they are such numbers.
pub(super) fn values_of<T: ArrowNativeType>(
    array: &dyn Array,
) -> Result<ScalarBuffer<T>, ElementErrorCause> {
    let values = downcast_primitive_array! {
        array => { (array.values() as &dyn Any).downcast_ref::<ScalarBuffer<T>>().cloned() }
        _ => None
    };
    values.ok_or_else(|| ElementErrorCause::Type {
        expected: type_name::<T>(),
        found: array.data_type().clone(),
    })
}
