//! Numbers to and from Arrow's.

use super::super::frame::Bounds;
use super::super::{
    Array, BitArray, BlockArray, Column, Compressed, DecimalArray, DictArray, Element, Float,
    FloatElement, Int, IntArray, NullableIntArray, SortedArray, StoreErrorCause,
};
use super::NullError;
use super::error::without_nulls;
use crate::raw::Words;
use alloc::vec::Vec;
use arrow_array::{Array as _, PrimitiveArray, types::ArrowPrimitiveType};
use arrow_buffer::{ArrowNativeType, NullBuffer};
use bytemuck::Pod;

impl<T: Pod + ArrowNativeType, P: ArrowPrimitiveType<Native = T>> From<Array<T>>
    for PrimitiveArray<P>
{
    /// Hands over the values, with the slack that they have. Copies nothing.
    ///
    /// ```
    /// use arrow_array::Float64Array;
    /// use pennyweight::array::Array;
    ///
    /// let readings = Array::from([39.02, 37.04, 41.0]);
    /// let place = readings.as_ptr();
    /// let readings = Float64Array::from(readings);
    /// assert_eq!(readings.values().as_ptr(), place);
    /// let readings = Array::try_from(readings).unwrap();
    /// assert_eq!(readings.as_ptr(), place);
    /// ```
    fn from(array: Array<T>) -> Self {
        Self::new(array.into_vec().into(), None)
    }
}

impl<T: Pod + ArrowNativeType, P: ArrowPrimitiveType<Native = T>> TryFrom<PrimitiveArray<P>>
    for Array<T>
{
    type Error = NullError<PrimitiveArray<P>>;

    /// Takes the values, with the room behind them. Copies them where the array shares its buffer with another, is a
    /// slice that does not begin with it, or has one that was not a `Vec` of such values.
    ///
    /// # Errors
    ///
    /// Gives the array back where it has a null.
    fn try_from(array: PrimitiveArray<P>) -> Result<Self, Self::Error> {
        let (_, values, _) = without_nulls(array)?.into_parts();
        Ok(Self::from(Vec::from(values)))
    }
}

/// Decodes a column, block by block, into a buffer without slack, and a bitmap where there are nulls.
pub(super) fn decode<V: Copy, P: ArrowPrimitiveType>(
    column: &impl Column<Item = V>,
    null_count: usize,
    native: impl Fn(V) -> Option<P::Native>,
) -> PrimitiveArray<P> {
    const AT_ONCE: usize = 256;
    let mut values = Vec::with_capacity(column.len());
    let mut valid = BitArray::with_capacity(if null_count > 0 { column.len() } else { 0 });
    column.for_each_block(|block| {
        values.extend(block.iter().map(|&value| native(value).unwrap_or_default()));
        for block in block.chunks(AT_ONCE).take_while(|_| null_count > 0) {
            let mut flags = [false; AT_ONCE];
            for (flag, &value) in flags.iter_mut().zip(block) {
                *flag = native(value).is_some();
            }
            valid.extend_from_slice(&flags[..block.len()]);
        }
    });
    let nulls = (null_count > 0).then(|| NullBuffer::new(valid.into()));
    PrimitiveArray::new(values.into(), nulls)
}

/// Arrow's array of a packed one, by what counts nulls and what takes a value apart.
macro_rules! decoded {
    ($([$($generics:tt)*] $array:ty, $native:ty, $null_count:expr, $part:expr;)+) => {$(
        impl<$($generics)*, P: ArrowPrimitiveType<Native = $native>> From<&$array>
            for PrimitiveArray<P>
        {
            /// Decodes the values into one buffer without slack, in which nulls are zero, and a bitmap where there
            /// are any.
            fn from(array: &$array) -> Self {
                decode(array, ($null_count)(array), $part)
            }
        }
    )+};
}

decoded! {
    [T: Int + ArrowNativeType, W: Words] IntArray<T, W>, T, |_: &_| 0, Some;
    [T: Int + ArrowNativeType, W: Words] NullableIntArray<T, W>, T,
        NullableIntArray::null_count, Element::integer;
    [V: Element<Int: ArrowNativeType>, W: Words] BlockArray<V, W>, V::Int,
        BlockArray::null_count, Element::integer;
    [V: Element<Int: ArrowNativeType>, W: Words] DictArray<V, W>, V::Int,
        DictArray::null_count, Element::integer;
    [T: Int + ArrowNativeType, W: Words] SortedArray<T, W>, T, |_: &_| 0, Some;
    [V: Element<Int: ArrowNativeType>, W: Words] Compressed<V, W>, V::Int,
        Compressed::null_count, Element::integer;
    [V: FloatElement<Float: ArrowNativeType>, W: Words] DecimalArray<V, W>, V::Float,
        DecimalArray::null_count, FloatElement::float;
}

/// The packed array of Arrow's, if it has no nulls.
macro_rules! packed {
    ($($array:ident of $value:ident),+ $(,)?) => {$(
        impl<'a, T: $value + ArrowNativeType, P: ArrowPrimitiveType<Native = T>>
            TryFrom<&'a PrimitiveArray<P>> for $array<T>
        {
            type Error = NullError<&'a PrimitiveArray<P>>;

            /// Packs the values, as from a slice.
            ///
            /// # Errors
            ///
            /// Fails where the array has a null.
            ///
            /// # Panics
            ///
            /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
            fn try_from(array: &'a PrimitiveArray<P>) -> Result<Self, Self::Error> {
                without_nulls(array).map(|array| Self::from(&array.values()[..]))
            }
        }
    )+};
}

packed!(IntArray of Int, BlockArray of Int, DictArray of Int, DecimalArray of Float);

/// The packed array of Arrow's, with its nulls.
macro_rules! packed_nullable {
    ($($array:ident of $value:ident),+ $(,)?) => {$(
        impl<T: $value + ArrowNativeType, P: ArrowPrimitiveType<Native = T>>
            From<&PrimitiveArray<P>> for $array<Option<T>>
        {
            /// Packs the values and nulls, which meanwhile are held as options too.
            ///
            /// # Panics
            ///
            /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
            fn from(array: &PrimitiveArray<P>) -> Self {
                array.iter().collect()
            }
        }
    )+};
}

packed_nullable!(BlockArray of Int, DictArray of Int, DecimalArray of Float);

impl<T: Int + ArrowNativeType, P: ArrowPrimitiveType<Native = T>> TryFrom<&PrimitiveArray<P>>
    for NullableIntArray<T>
{
    type Error = StoreErrorCause;

    /// Packs the values and nulls at the width that they need. Allocates exactly, once. What lies below a null is not
    /// read.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory for all of it, or where the values take all codes of 64 bits, so that none is
    /// left for null.
    ///
    /// ```
    /// use arrow_array::Int16Array;
    /// use pennyweight::array::NullableIntArray;
    ///
    /// let delays = Int16Array::from(vec![Some(2), None, Some(-4)]);
    /// let packed = NullableIntArray::try_from(&delays)?;
    /// assert_eq!((packed.width(), packed.null_count()), (2, 1)); // in steps of 6
    /// assert_eq!(Int16Array::from(&packed), delays);
    /// # Ok::<(), pennyweight::array::StoreErrorCause>(())
    /// ```
    fn try_from(array: &PrimitiveArray<P>) -> Result<Self, StoreErrorCause> {
        let values = &array.values()[..];
        match array.nulls().filter(|nulls| nulls.null_count() > 0) {
            None => {
                let bounds = Bounds::of(values.iter().copied());
                Self::build(values.len(), 0, bounds, |index| Some(values[index]))
            }
            Some(nulls) => {
                let value = |index| nulls.is_valid(index).then(|| values[index]);
                let bounds = Bounds::of((0..values.len()).filter_map(value));
                Self::build(values.len(), nulls.null_count(), bounds, value)
            }
        }
    }
}
