//! Dictionaries to and from Arrow's.

use super::super::{DictArray, Element};
use super::native::{Native, values_of};
use super::numbers::decode;
use super::{ElementError, ElementErrorCause, IndexError};
use crate::raw::Words;
use alloc::sync::Arc;
use alloc::vec::Vec;
use arrow_array::{Array as _, DictionaryArray, PrimitiveArray, types::ArrowDictionaryKeyType};
use arrow_buffer::{ArrowNativeType, NullBuffer};

impl<'a, V: Element<Int: Native>, W: Words, K: ArrowDictionaryKeyType> TryFrom<&'a DictArray<V, W>>
    for DictionaryArray<K>
{
    type Error = IndexError<&'a DictArray<V, W>>;

    /// Decodes the codes into keys, and the distinct values, which rise. A null has no key.
    ///
    /// # Errors
    ///
    /// Fails where keys of this type do not count the distinct values.
    ///
    /// ```
    /// use arrow_array::{DictionaryArray, types::Int8Type};
    /// use pennyweight::array::DictArray;
    ///
    /// let distances = DictArray::from([Some(762), None, Some(229), Some(762)]);
    /// let arrow = DictionaryArray::<Int8Type>::try_from(&distances).unwrap();
    /// assert_eq!(arrow.keys().iter().collect::<Vec<_>>(), [Some(1), None, Some(0), Some(1)]);
    /// assert_eq!(DictArray::<Option<i32>>::try_from(&arrow).unwrap(), distances);
    /// ```
    fn try_from(array: &'a DictArray<V, W>) -> Result<Self, Self::Error> {
        let largest = array.distinct().saturating_sub(1);
        if K::Native::from_usize(largest).is_none() {
            return Err(IndexError::new(array, largest, K::DATA_TYPE));
        }
        // Where there are nulls, they have code 0.
        let first = u32::from(array.null_count() > 0);
        let key = |code: u32| Some(K::Native::usize_as(code.checked_sub(first)? as usize));
        let keys = decode(&array.codes(), array.null_count(), key);
        let values: PrimitiveArray<<V::Int as Native>::Arrow> = (&array.dictionary()).into();
        Ok(Self::new(keys, Arc::new(values)))
    }
}

impl<'a, V: Element<Int: ArrowNativeType>, K: ArrowDictionaryKeyType>
    TryFrom<&'a DictionaryArray<K>> for DictArray<V>
{
    type Error = ElementError<&'a DictionaryArray<K>>;

    /// Packs the values, which meanwhile are held as such. The distinct ones may be in any order, occur more than
    /// once or never, and be null.
    ///
    /// # Errors
    ///
    /// Fails where the dictionary is not one of such integers, and where a value is null that cannot be.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    fn try_from(array: &'a DictionaryArray<K>) -> Result<Self, Self::Error> {
        let values = match values_of::<V::Int>(array.values()) {
            Ok(values) => values,
            Err(cause) => return Err(ElementError::new(array, cause)),
        };
        let valid = |nulls: Option<&NullBuffer>, index| nulls.is_none_or(|n| n.is_valid(index));
        let (keys, nulls) = (array.keys().values(), array.values().nulls());
        let value = |index: usize| {
            // What lies below a null is no key.
            let key = valid(array.keys().nulls(), index).then(|| keys[index].as_usize())?;
            valid(nulls, key).then(|| values[key])
        };
        let values = (0..keys.len()).map(|index| match value(index) {
            None if !V::NULLABLE => Err(ElementErrorCause::Null { index }),
            value => Ok(V::from_integer(value)),
        });
        match values.collect::<Result<Vec<V>, _>>() {
            Ok(values) => Ok(Self::from(&values[..])),
            Err(cause) => Err(ElementError::new(array, cause)),
        }
    }
}
