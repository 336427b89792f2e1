//! Strings that are not in memory as such to Arrow's.

#[cfg(feature = "fsst")]
use super::super::FsstArray;
use super::super::{Buffer, SortedStrArray};
use super::IndexError;
use alloc::vec::Vec;
use arrow_array::{GenericStringArray, LargeStringArray, OffsetSizeTrait, StringArray};
use arrow_buffer::{Buffer as Bytes, OffsetBuffer};
use arrow_schema::DataType;

/// Decodes strings of so many bytes in all.
fn decode<O: OffsetSizeTrait>(
    (len, bytes): (usize, usize),
    for_each: impl FnOnce(&mut dyn FnMut(&str)),
) -> GenericStringArray<O> {
    let mut text = Vec::with_capacity(bytes);
    let mut offsets = Vec::with_capacity(len + 1);
    offsets.push(O::usize_as(0));
    for_each(&mut |string| {
        text.extend_from_slice(string.as_bytes());
        offsets.push(O::usize_as(text.len()));
    });
    let offsets = OffsetBuffer::new(offsets.into());
    GenericStringArray::new(offsets, Bytes::from_vec(text), None)
}

/// Arrow's arrays of strings that have to be decoded, by what counts the bytes of all.
macro_rules! decoded {
    ($($array:ident: $len:expr;)+) => {$(
        impl<W: Buffer<u8>> From<&$array<W>> for LargeStringArray {
            /// Decodes the strings into one buffer, and offsets, both without slack.
            fn from(array: &$array<W>) -> Self {
                decode((array.len(), $len(array)), |f| array.for_each(f))
            }
        }

        impl<'a, W: Buffer<u8>> TryFrom<&'a $array<W>> for StringArray {
            type Error = IndexError<&'a $array<W>>;

            /// Decodes the strings into one buffer, and offsets, both without slack.
            ///
            /// # Errors
            ///
            /// Fails where the bytes of the text are more than offsets of 32 bits count.
            fn try_from(array: &'a $array<W>) -> Result<Self, Self::Error> {
                match $len(array) {
                    bytes if bytes > i32::MAX_OFFSET => {
                        Err(IndexError::new(array, bytes, DataType::Int32))
                    }
                    bytes => Ok(decode((array.len(), bytes), |f| array.for_each(f))),
                }
            }
        }
    )+};
}

decoded! {
    SortedStrArray: |array: &SortedStrArray<W>| {
        let mut bytes = 0;
        array.for_each(|string| bytes += string.len());
        bytes
    };
}

#[cfg(feature = "fsst")]
decoded! {
    FsstArray: |array: &FsstArray<W>| {
        (0..array.len()).filter_map(|index| array.str_len(index)).sum::<usize>()
    };
}
