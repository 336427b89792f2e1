//! The values of Arrow's arrays, one by one.

use crate::array::arrow_values_of;
use crate::record::c_data::{ArrowType, Values};
use alloc::boxed::Box;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayAccessor};
use arrow_buffer::ArrowNativeType;
use arrow_schema::DataType;

/// Numbers, whatever they mean.
pub(in crate::record) fn numbers<'a, T>(array: &'a dyn Array) -> Option<Values<'a, T>>
where
    T: ArrowNativeType + ArrowType<Ref<'a> = T>,
{
    let values = arrow_values_of::<T>(array)?;
    let nulls = array.nulls();
    Some(Box::new(move |row| nulls.is_none_or(|nulls| nulls.is_valid(row)).then(|| values[row])))
}

pub(in crate::record) fn booleans(array: &dyn Array) -> Option<Values<'_, bool>> {
    let array = array.as_boolean_opt()?;
    Some(Box::new(move |row| array.is_valid(row).then(|| array.value(row))))
}

/// Strings, in whatever way they are held.
pub(in crate::record) fn texts(array: &dyn Array) -> Option<Values<'_, str>> {
    fn plain<'a>(array: impl ArrayAccessor<Item = &'a str> + 'a) -> Option<Values<'a, str>> {
        Some(Box::new(move |row| array.is_valid(row).then(|| array.value(row))))
    }
    match array.data_type() {
        DataType::Utf8 => plain(array.as_string::<i32>()),
        DataType::LargeUtf8 => plain(array.as_string::<i64>()),
        DataType::Utf8View => plain(array.as_string_view()),
        DataType::Dictionary(..) => {
            let array = array.as_any_dictionary();
            let values = texts(array.values())?;
            let keys = array.keys();
            // What lies below a null is no key; an empty dictionary has none.
            let normal =
                if array.values().is_empty() { None } else { Some(array.normalized_keys()) };
            Some(Box::new(move |row| {
                values(*normal.as_ref()?.get(row).filter(|_| keys.is_valid(row))?)
            }))
        }
        _ => None,
    }
}
