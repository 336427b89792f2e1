//! Arrow's arrays as columns that lie elsewhere.

use crate::record::c_data::{Coded, Data, Foreign, ImportErrorCause, Keys, Strings, Texts};
use crate::record::validity::Validity;
use alloc::boxed::Box;
use alloc::string::ToString;
use arrow_array::cast::AsArray;
use arrow_array::types::{ArrowPrimitiveType, ByteArrayType};
use arrow_array::{Array, GenericByteArray, PrimitiveArray, downcast_primitive_array};
use arrow_buffer::NullBuffer;
use arrow_schema::DataType;
use core::any::TypeId;

/// An array as a column.
pub(super) fn open(array: &dyn Array) -> Foreign<'_> {
    let len = array.len();
    let validity = validity(array.nulls(), len);
    Foreign { ty: array.data_type().to_string(), len, validity, data: data(array) }
}

fn validity(nulls: Option<&NullBuffer>, len: usize) -> Validity<'_> {
    match nulls {
        Some(nulls) => Validity::new(nulls.validity(), nulls.offset(), nulls.len()),
        None => Validity::all(len),
    }
}

fn data(array: &dyn Array) -> Data<'_> {
    match array.data_type() {
        DataType::Boolean => {
            let bits = array.as_boolean().values();
            Data::Bools(Validity::new(bits.values(), bits.offset(), bits.len()))
        }
        DataType::Utf8 => Data::Strings(Strings::Plain(short(array.as_string::<i32>()))),
        DataType::LargeUtf8 => Data::Strings(Strings::Plain(long(array.as_string::<i64>()))),
        DataType::Utf8View => {
            let array = array.as_string_view();
            let buffers = array.data_buffers().iter().map(|buffer| buffer.as_slice());
            let views = array.views().inner().as_slice().as_chunks().0;
            Data::Strings(Strings::Plain(Texts::Views(views, buffers.collect())))
        }
        DataType::Dictionary(..) => coded(array).map_or(Data::Other, Data::Strings),
        DataType::Struct(_) => {
            let array = array.as_struct();
            Data::Struct(Box::new(|name| {
                let column = array.column_by_name(name);
                column.map(|column| open(column)).ok_or(ImportErrorCause::Missing)
            }))
        }
        DataType::FixedSizeBinary(16) => {
            Data::Numbers("w:16", array.as_fixed_size_binary().value_data())
        }
        _ => downcast_primitive_array! {
            array => numbers(array),
            _ => Data::Other
        },
    }
}

/// Numbers, whatever they mean.
fn numbers<P: ArrowPrimitiveType>(array: &PrimitiveArray<P>) -> Data<'_> {
    let bytes = array.values().inner().as_slice();
    macro_rules! by_type {
        ($($number:ty: $format:literal),*) => {
            match TypeId::of::<P::Native>() {
                $(id if id == TypeId::of::<$number>() => Data::Numbers($format, bytes),)*
                _ => Data::Other,
            }
        };
    }
    by_type!(
        i8: "c", i16: "s", i32: "i", i64: "l", u8: "C", u16: "S", u32: "I", u64: "L", f32: "f", f64: "g",
        i128: "d"
    )
}

fn coded(array: &dyn Array) -> Option<Strings<'_>> {
    let array = array.as_any_dictionary();
    let (Data::Numbers(format, bytes), Data::Strings(Strings::Plain(texts))) =
        (data(array.keys()), data(array.values()))
    else {
        return None;
    };
    let validity = validity(array.values().nulls(), array.values().len());
    Some(Strings::Coded(Coded { keys: Keys::new(format, bytes)?, texts, validity }))
}

fn short<T: ByteArrayType<Offset = i32>>(array: &GenericByteArray<T>) -> Texts<'_> {
    let ends = array.offsets().inner().inner().as_slice();
    Texts::Short(ends.as_chunks().0, array.value_data())
}

fn long<T: ByteArrayType<Offset = i64>>(array: &GenericByteArray<T>) -> Texts<'_> {
    let ends = array.offsets().inner().inner().as_slice();
    Texts::Long(ends.as_chunks().0, array.value_data())
}
