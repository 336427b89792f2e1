//! Booleans to and from Arrow's.

use super::super::BitArray;
use super::NullError;
use super::error::without_nulls;
use crate::raw::Words;
use alloc::vec::Vec;
use arrow_array::BooleanArray;
use arrow_buffer::{BooleanBuffer, Buffer};

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
