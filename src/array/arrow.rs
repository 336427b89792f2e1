//! Arrays to and from those of [Arrow](https://docs.rs/arrow-array).
//!
//! Plain values and bitmaps change hands: Arrow's buffers can be made of a `Vec` and turned back into it, so that
//! nothing is copied. Packed values are decoded, a block at a time, into the one buffer that Arrow needs, and null
//! codes become a validity bitmap in the same pass. To read an Arrow array without any conversion,
//! [`PrimitiveArray::values`] lends its slice.
//!
//! | from | to | copies |
//! |---|---|---|
//! | [`Array<T>`] | `PrimitiveArray` | nothing |
//! | `PrimitiveArray` | [`Array<T>`] | nothing, if its buffer was a `Vec<T>`, is not shared, and is not sliced at its start |
//! | [`BitArray`] | `BooleanBuffer`, `BooleanArray` | nothing; `&BitArray` copies |
//! | `BooleanBuffer`, `BooleanArray` | [`BitArray`] | nothing, if its buffer was a `Vec<u64>`, is not shared, and starts with the first bit |
//! | packed integers and decimals | `PrimitiveArray` | decodes |
//! | `PrimitiveArray` | packed integers and decimals | packs |
//!
//! Sorted values and the smallest encoding come from what Arrow's arrays lend: `SortedArray::try_from(&array.values()[..])`
//! and [`compress(&array)`](super::compress()).
//!
//! ```
//! use arrow_array::{Float64Array, TimestampSecondArray};
//! use pennyweight::array::{DecimalArray, IntArray, compress};
//!
//! let hours = IntArray::from(&[1_357_016_400_i64, 1_357_020_000, 1_357_023_600][..]);
//! let timestamps = TimestampSecondArray::from(&hours);
//! assert_eq!(timestamps.values(), &hours.to_vec());
//! assert_eq!(TimestampSecondArray::from(&compress(&timestamps)), timestamps);
//!
//! let readings = Float64Array::from(vec![Some(39.02), None, Some(37.04)]);
//! let packed = DecimalArray::from(&readings);
//! assert_eq!(Float64Array::from(&packed), readings);
//! ```
//!
//! The Arrow type may be any whose values are such numbers: dates, times, durations and timestamps too. What these say
//! beside the values, such as a time zone, is not kept, and to be set anew on the way back.

use super::frame::Bounds;
use super::{
    Array, BitArray, BlockArray, Column, Compressed, DecimalArray, DictArray, Element, Float,
    FloatElement, Int, IntArray, NullableIntArray, SortedArray, StoreErrorCause,
};
use crate::raw::Words;
use alloc::vec::Vec;
use arrow_array::{Array as _, BooleanArray, PrimitiveArray, types::ArrowPrimitiveType};
use arrow_buffer::{ArrowNativeType, BooleanBuffer, Buffer, NullBuffer};
use bytemuck::Pod;
use core::fmt;

/// An Arrow array that has a null where none can be.
///
/// ```
/// use arrow_array::Int64Array;
/// use pennyweight::array::{IntArray, NullableIntArray};
///
/// let delays = Int64Array::from(vec![Some(2), Some(-4), None]);
/// let error = IntArray::try_from(&delays).unwrap_err();
/// assert_eq!((error.index(), error.to_string()), (2, "the value at index 2 is null".into()));
/// let delays = NullableIntArray::try_from(error.into_array())?;
/// assert_eq!(delays, [Some(2), Some(-4), None]);
/// # Ok::<(), pennyweight::array::StoreErrorCause>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct NullError<A> {
    array: A,
    index: usize,
}

impl<A> NullError<A> {
    /// The index of the first null.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The array that was refused.
    pub fn into_array(self) -> A {
        self.array
    }
}

impl<A> fmt::Display for NullError<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the value at index {} is null", self.index)
    }
}

impl<A: fmt::Debug> core::error::Error for NullError<A> {}

/// The array again, if nothing in it is null.
fn without_nulls<A: arrow_array::Array>(array: A) -> Result<A, NullError<A>> {
    match array.nulls().and_then(|nulls| nulls.iter().position(|valid| !valid)) {
        Some(index) => Err(NullError { array, index }),
        None => Ok(array),
    }
}

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
fn decode<V: Copy, P: ArrowPrimitiveType>(
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
    [V: Element<Int: ArrowNativeType>] Compressed<V>, V::Int,
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

impl From<BitArray> for BooleanBuffer {
    /// Hands over the bits, with the slack that they have. Copies nothing.
    ///
    /// ```
    /// use arrow_buffer::BooleanBuffer;
    /// use pennyweight::array::BitArray;
    ///
    /// let square: BitArray = (0..1000_u32).map(|n| n.isqrt().pow(2) == n).collect();
    /// let square = BooleanBuffer::from(square);
    /// assert!(square.set_indices().take(5).eq([0, 1, 4, 9, 16]));
    /// assert_eq!(BitArray::from(square).count_ones(), 32);
    /// ```
    fn from(array: BitArray) -> Self {
        let len = array.len();
        let mut words = Vec::from(array.into_words());
        words.truncate(len.div_ceil(64));
        // Arrow counts bits from the lowest of the first byte on, whatever the byte order.
        words.iter_mut().for_each(|word| *word = word.to_le());
        Self::new(Buffer::from_vec(words), 0, len)
    }
}

impl<W: Words> From<&BitArray<W>> for BooleanBuffer {
    /// Copies the bits, into a buffer without slack.
    fn from(array: &BitArray<W>) -> Self {
        let words: Vec<u64> = array.as_words().iter().map(|word| word.to_le()).collect();
        Self::new(Buffer::from_vec(words), 0, array.len())
    }
}

impl From<BitArray> for BooleanArray {
    /// Hands over the bits, with the slack that they have. Copies nothing.
    fn from(array: BitArray) -> Self {
        Self::new(array.into(), None)
    }
}

impl From<BooleanBuffer> for BitArray {
    /// Takes the words, and gives the room behind them back. Copies them where the bits share their buffer with others,
    /// do not begin with it, or lie in one that was not a `Vec` of words: Arrow's builders make such, at 64 bytes.
    fn from(bits: BooleanBuffer) -> Self {
        let len = bits.len();
        let mut words = match into_words(bits) {
            Ok(words) => words,
            Err(bits) => {
                let mut words = Vec::with_capacity(len.div_ceil(64));
                words.extend(bits.bit_chunks().iter_padded().take(len.div_ceil(64)));
                words
            }
        };
        if let Some(last) = words.last_mut()
            && !len.is_multiple_of(64)
        {
            *last &= (1 << (len % 64)) - 1;
        }
        match Self::from_words(words.into_boxed_slice(), len) {
            Some(array) => array,
            None => unreachable!("the bits behind the last one were cleared"),
        }
    }
}

impl TryFrom<BooleanArray> for BitArray {
    type Error = NullError<BooleanArray>;

    /// Takes the bits, as from a buffer of them.
    ///
    /// # Errors
    ///
    /// Gives the array back where it has a null.
    fn try_from(array: BooleanArray) -> Result<Self, Self::Error> {
        let (bits, _) = without_nulls(array)?.into_parts();
        Ok(Self::from(bits))
    }
}

/// The words of bits that can be had without copying, those that the bits are in and no more.
fn into_words(bits: BooleanBuffer) -> Result<Vec<u64>, BooleanBuffer> {
    let (offset, len) = (bits.offset(), bits.len());
    if offset > 0 {
        return Err(bits);
    }
    let buffer = bits.into_inner();
    // A buffer may end within a word, which then is not among those of the `Vec`.
    let (_, begun) = buffer.as_chunks::<8>();
    let mut last = [0; 8];
    last[..begun.len()].copy_from_slice(begun);
    let mut words = buffer.into_vec().map_err(|buffer| BooleanBuffer::new(buffer, offset, len))?;
    words.truncate(len.div_ceil(64));
    if words.len() < len.div_ceil(64) {
        words.push(u64::from_ne_bytes(last));
    }
    words.iter_mut().for_each(|word| *word = u64::from_le(*word));
    Ok(words)
}
