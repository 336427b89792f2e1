//! Strings, bytes and lists to and from Arrow's: the values change hands, and offsets are made.

use super::super::{Buffer, BytesArray, RaggedArray, Scalar, StrArray};
use super::error::without_nulls;
use super::native::{Native, values_of};
use super::{ElementError, ElementErrorCause, IndexError, NullError};
use alloc::sync::Arc;
use alloc::vec::Vec;
use arrow_array::{
    Array as _, ArrowPrimitiveType, BinaryArray, GenericBinaryArray, GenericListArray,
    GenericStringArray, LargeBinaryArray, LargeListArray, LargeStringArray, ListArray,
    OffsetSizeTrait, PrimitiveArray, StringArray,
};
use arrow_buffer::{OffsetBuffer, ScalarBuffer};
use arrow_schema::{DataType, Field};

/// The values of all rows, and where these begin and end.
type Parts<T, O> = (OffsetBuffer<O>, ScalarBuffer<T>);

/// Rows that fit Arrow's offsets, by handing over the values.
fn moved<T: Native, O: OffsetSizeTrait>(rows: RaggedArray<T>) -> Parts<T, O> {
    (offsets(&rows), rows.into_values().into())
}

/// Rows that fit Arrow's offsets, by copying the values.
fn copied<T: Native, W: Buffer<T>, O: OffsetSizeTrait>(rows: &RaggedArray<T, W>) -> Parts<T, O> {
    (offsets(rows), rows.values().to_vec().into())
}

fn offsets<T, W: Buffer<T>, O: OffsetSizeTrait>(rows: &RaggedArray<T, W>) -> OffsetBuffer<O> {
    OffsetBuffer::from_lengths(rows.iter().map(<[T]>::len))
}

fn strings<O: OffsetSizeTrait>((offsets, values): Parts<u8, O>) -> GenericStringArray<O> {
    GenericStringArray::new(offsets, values.into_inner(), None)
}

fn bytes<O: OffsetSizeTrait>((offsets, values): Parts<u8, O>) -> GenericBinaryArray<O> {
    GenericBinaryArray::new(offsets, values.into_inner(), None)
}

fn lists<T: Native, O: OffsetSizeTrait>((offsets, values): Parts<T, O>) -> GenericListArray<O> {
    let field = Field::new_list_field(T::Arrow::DATA_TYPE, true);
    let values = PrimitiveArray::<T::Arrow>::new(values, None);
    GenericListArray::new(Arc::new(field), offsets, Arc::new(values), None)
}

/// Arrow's arrays of rows, with large offsets and with small ones.
macro_rules! to_arrow {
    ($([$($generics:tt)*] $array:ident<$($value:ident)?> of $element:ty: $large:ident, $small:ident,
        $make:ident, $by_value:expr, $by_ref:expr, $len:expr;)+) => {$(
        impl<$($generics)*> From<$array<$($value)?>> for $large {
            /// Hands over the values, with the slack that they have, and decodes where rows end into offsets.
            fn from(array: $array<$($value)?>) -> Self {
                $make(moved($by_value(array)))
            }
        }

        impl<$($generics)*> TryFrom<$array<$($value)?>> for $small {
            type Error = IndexError<$array<$($value)?>>;

            /// Hands over the values, with the slack that they have, and decodes where rows end into offsets.
            ///
            /// # Errors
            ///
            /// Gives the array back where its values are more than offsets of 32 bits count.
            fn try_from(array: $array<$($value)?>) -> Result<Self, Self::Error> {
                match $len(&array) {
                    len if len > i32::MAX_OFFSET => Err(IndexError::new(array, len, DataType::Int32)),
                    _ => Ok($make(moved($by_value(array)))),
                }
            }
        }

        impl<$($generics)* W: Buffer<$element>> From<&$array<$($value,)? W>> for $large {
            /// Copies the values, and decodes where rows end into offsets. Both buffers are without slack.
            fn from(array: &$array<$($value,)? W>) -> Self {
                $make(copied($by_ref(array)))
            }
        }

        impl<'a, $($generics)* W: Buffer<$element>> TryFrom<&'a $array<$($value,)? W>> for $small {
            type Error = IndexError<&'a $array<$($value,)? W>>;

            /// Copies the values, and decodes where rows end into offsets. Both buffers are without slack.
            ///
            /// # Errors
            ///
            /// Fails where the values are more than offsets of 32 bits count.
            fn try_from(array: &'a $array<$($value,)? W>) -> Result<Self, Self::Error> {
                match $len(array) {
                    len if len > i32::MAX_OFFSET => Err(IndexError::new(array, len, DataType::Int32)),
                    _ => Ok($make(copied($by_ref(array)))),
                }
            }
        }
    )+};
}

to_arrow! {
    [] StrArray<> of u8: LargeStringArray, StringArray,
        strings, StrArray::into_bytes, StrArray::as_bytes, |array: &StrArray<_>| array.text().len();
    [] BytesArray<> of u8: LargeBinaryArray, BinaryArray,
        bytes, |array| array, |array| array, |array: &BytesArray<_>| array.values().len();
    [T: Scalar + Native,] RaggedArray<T> of T: LargeListArray, ListArray,
        lists, |array| array, |array| array, |array: &RaggedArray<T, _>| array.values().len();
}

/// Rows of what offsets say, by taking the values if they can be had. No slack but what these have.
fn rows<T: Native, O: OffsetSizeTrait>(
    offsets: &OffsetBuffer<O>,
    values: ScalarBuffer<T>,
) -> RaggedArray<T> {
    let (first, last) = (offsets.first().as_usize(), offsets.last().as_usize());
    let within = values.slice(first, last - first);
    // Held once, so that it can be taken.
    drop(values);
    match RaggedArray::from_values(Vec::from(within), offsets.lengths()) {
        Ok(rows) => rows,
        Err(_) => unreachable!("offsets rise from the first to the last"),
    }
}

impl<O: OffsetSizeTrait> TryFrom<GenericBinaryArray<O>> for BytesArray {
    type Error = NullError<GenericBinaryArray<O>>;

    /// Takes the bytes, with the room behind them, and packs the offsets. Copies the bytes where the array shares its
    /// buffer with another, is a slice that does not begin with it, or has one that was not a `Vec`: Arrow's `From`
    /// makes such.
    ///
    /// # Errors
    ///
    /// Gives the array back where it has a null.
    fn try_from(array: GenericBinaryArray<O>) -> Result<Self, Self::Error> {
        let (offsets, values, _) = without_nulls(array)?.into_parts();
        Ok(rows(&offsets, values.into()))
    }
}

impl<O: OffsetSizeTrait> TryFrom<GenericStringArray<O>> for StrArray {
    type Error = NullError<GenericStringArray<O>>;

    /// Takes the text, with the room behind it, and packs the offsets. Copies the text where the array shares its
    /// buffer with another, is a slice that does not begin with it, or has one that was not a `Vec`: Arrow's `From`
    /// makes such.
    ///
    /// # Errors
    ///
    /// Gives the array back where it has a null.
    ///
    /// ```
    /// use arrow_array::{LargeStringArray, StringArray};
    /// use pennyweight::array::StrArray;
    ///
    /// let months = StrArray::from(["January", "February", "March"]);
    /// let place = months.text().as_ptr();
    /// let months = LargeStringArray::from(months);
    /// assert_eq!((months.value(1), months.value_data().as_ptr()), ("February", place));
    /// let months = StrArray::try_from(months).unwrap();
    /// assert_eq!(months.text().as_ptr(), place);
    ///
    /// let names = StringArray::from(vec![Some("Ada"), None]);
    /// let error = StrArray::try_from(names).unwrap_err();
    /// assert_eq!(error.to_string(), "the value at index 1 is null");
    /// ```
    fn try_from(array: GenericStringArray<O>) -> Result<Self, Self::Error> {
        let (offsets, values, _) = without_nulls(array)?.into_parts();
        match Self::try_from(rows(&offsets, values.into())) {
            Ok(strings) => Ok(strings),
            Err(error) => unreachable!("Arrow's strings are UTF-8: {error}"),
        }
    }
}

impl<T: Scalar + Native, O: OffsetSizeTrait> TryFrom<GenericListArray<O>> for RaggedArray<T> {
    type Error = ElementError<GenericListArray<O>>;

    /// Takes the values, with the room behind them, and packs the offsets. Copies the values where the array shares
    /// their buffer with another, is a slice that does not begin with it, or has one that was not a `Vec` of such
    /// values.
    ///
    /// # Errors
    ///
    /// Gives the array back where a list or a value in one is null, and where the values are not of type `T`: dates,
    /// times and timestamps are integers.
    ///
    /// ```
    /// use arrow_array::ListArray;
    /// use pennyweight::array::RaggedArray;
    ///
    /// let tags = RaggedArray::from(vec![vec![3_u16, 5], vec![], vec![8]]);
    /// let place = tags.values().as_ptr();
    /// let lists = ListArray::try_from(tags).unwrap();
    /// assert_eq!(lists.value_offsets(), [0, 2, 2, 3]);
    /// let tags = RaggedArray::<u16>::try_from(lists).unwrap();
    /// assert_eq!((tags[0].to_vec(), tags.values().as_ptr()), (vec![3, 5], place));
    /// ```
    fn try_from(array: GenericListArray<O>) -> Result<Self, Self::Error> {
        match list_values(&array) {
            Err(cause) => Err(ElementError::new(array, cause)),
            Ok(values) => {
                let (_, offsets, shared, _) = array.into_parts();
                drop(shared);
                Ok(rows(&offsets, values))
            }
        }
    }
}

/// The values that all lists lie in, if neither a list nor a value in one is null.
fn list_values<T: Native, O: OffsetSizeTrait>(
    array: &GenericListArray<O>,
) -> Result<ScalarBuffer<T>, ElementErrorCause> {
    without_nulls(array).map_err(|error| ElementErrorCause::Null { index: error.index() })?;
    let values = values_of(array.values())?;
    if let Some(nulls) = array.values().nulls() {
        let within = array.value_offsets().windows(2);
        let mut lists = within.map(|list| list[0].as_usize()..list[1].as_usize());
        if let Some(index) = lists.position(|mut list| list.any(|value| nulls.is_null(value))) {
            return Err(ElementErrorCause::NullWithin { index });
        }
    }
    Ok(values)
}
