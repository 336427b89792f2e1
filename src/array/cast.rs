//! Values as bytes, and bytes as values.

use super::Array;
use alloc::borrow::Cow;
use alloc::vec::Vec;
use bytemuck::{Pod, allocation};
use core::fmt;

/// Bytes that are not a whole number of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CastError<A = ()> {
    array: A,
    bytes: usize,
    size: usize,
}

impl<A> CastError<A> {
    /// The number of bytes.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The size of a value.
    pub fn size(&self) -> usize {
        self.size
    }

    /// The array that was refused; nothing where there were bytes only.
    pub fn into_array(self) -> A {
        self.array
    }
}

impl<A> fmt::Display for CastError<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { bytes, size, .. } = self;
        write!(f, "{bytes} bytes are not a whole number of values of {size} bytes")
    }
}

impl<A: fmt::Debug> core::error::Error for CastError<A> {}

/// Bytes as values of the machine's byte order: in place where they are aligned, copied where they are not.
///
/// [`bytemuck::try_cast_slice`] fails where bytes are not aligned, which may depend on where an allocator or a reader put
/// them. No bytes are no values, wherever they lie.
///
/// # Errors
///
/// Fails where the bytes are not a whole number of values.
///
/// # Examples
///
/// ```
/// use pennyweight::array;
/// use std::borrow::Cow;
///
/// let message = [9, 1, 0, 2, 0, 3, 0];
/// let pairs = array::cast::<[u8; 2]>(&message[1..])?;
/// assert!(matches!(pairs, Cow::Borrowed(&[[1, 0], [2, 0], [3, 0]]))); // bytes are aligned anywhere
/// let numbers = array::cast::<u16>(&message[1..])?;
/// assert!(numbers.iter().map(|&number| u16::from_le(number)).eq([1, 2, 3]));
///
/// let error = array::cast::<u16>(&message).unwrap_err();
/// assert_eq!(error.to_string(), "7 bytes are not a whole number of values of 2 bytes");
/// # Ok::<(), array::CastError>(())
/// ```
pub fn cast<T: Pod>(bytes: &[u8]) -> Result<Cow<'_, [T]>, CastError> {
    let refused = CastError { array: (), bytes: bytes.len(), size: size_of::<T>() };
    let count = count::<u8, T>(bytes.len()).ok_or(refused)?;
    Ok(match bytemuck::try_cast_slice(bytes) {
        Ok(values) => Cow::Borrowed(values),
        Err(_) if count == 0 => Cow::Borrowed(&[]),
        Err(_) => Cow::Owned(copied(bytes, count)),
    })
}

impl<T: Pod> Array<T> {
    /// Copies bytes that are values of the machine's byte order, aligned or not. Allocates exactly.
    ///
    /// These are the values alone; for bytes that tell what they are, and are the same on every machine, see
    /// [`to_bytes`](Self::to_bytes).
    ///
    /// # Errors
    ///
    /// Fails where the bytes are not a whole number of values.
    ///
    /// ```
    /// use pennyweight::array::Array;
    ///
    /// let samples = Array::from([1_i16, -1, 300]);
    /// assert_eq!(Array::from_ne_bytes(samples.as_bytes()), Ok(samples));
    /// assert!(Array::<i16>::from_ne_bytes(&[1, 0, 255]).is_err());
    /// ```
    pub fn from_ne_bytes(bytes: &[u8]) -> Result<Self, CastError> {
        cast(bytes).map(|values| Self { items: values.into_owned() })
    }

    /// The bytes of the values, in the machine's byte order: what Python's `array.tobytes` copies.
    pub fn as_bytes(&self) -> &[u8] {
        bytemuck::cast_slice(&self.items)
    }

    /// The bytes of the values, in the machine's byte order, to be changed.
    ///
    /// ```
    /// use pennyweight::array::Array;
    ///
    /// let mut samples = Array::from([0_u32; 3]);
    /// samples.as_bytes_mut()[4..8].copy_from_slice(&300_u32.to_ne_bytes());
    /// assert_eq!(samples[..], [0, 300, 0]);
    /// ```
    pub fn as_bytes_mut(&mut self) -> &mut [u8] {
        bytemuck::cast_slice_mut(&mut self.items)
    }

    /// The same bytes as values of another type.
    ///
    /// Keeps the memory where both types have the same alignment, at most giving slack back that is no whole number of
    /// the new values. Copies the values where the alignments differ: allocates exactly, and then frees the old memory.
    ///
    /// # Errors
    ///
    /// Gives the array back where its bytes are not a whole number of the new values.
    ///
    /// ```
    /// use pennyweight::array::Array;
    ///
    /// let points = Array::from([[1.0, 2.0], [3.0, 4.0]]);
    /// let place = points.as_ptr().addr();
    /// let numbers = points.cast::<f64>()?;
    /// assert_eq!((&numbers[..], numbers.as_ptr().addr()), (&[1.0, 2.0, 3.0, 4.0][..], place));
    ///
    /// let error = numbers.cast::<[f64; 3]>().unwrap_err();
    /// assert_eq!(error.to_string(), "32 bytes are not a whole number of values of 24 bytes");
    /// assert_eq!(error.into_array().len(), 4);
    /// # Ok::<(), pennyweight::array::CastError<_>>(())
    /// ```
    pub fn cast<U: Pod>(mut self) -> Result<Array<U>, CastError<Self>> {
        let Some(count) = count::<T, U>(self.len()) else {
            let bytes = size_of_val(&self[..]);
            return Err(CastError { array: self, bytes, size: size_of::<U>() });
        };
        if align_of::<T>() == align_of::<U>() {
            if !self.heap_bytes().is_multiple_of(size_of::<U>()) {
                self.shrink_to_fit();
            }
            match allocation::try_cast_vec(self.items) {
                Ok(items) => return Ok(Array { items }),
                Err((_, items)) => self.items = items,
            }
        }
        Ok(Array { items: copied(self.as_bytes(), count) })
    }
}

/// The number of `U` in so many `T`. Values without bytes stay as many among themselves.
fn count<T, U>(len: usize) -> Option<usize> {
    let (old, new) = (size_of::<T>(), size_of::<U>());
    let bytes = len * old;
    match old == new {
        true => Some(len),
        false => bytes.is_multiple_of(new).then(|| bytes.checked_div(new).unwrap_or(0)),
    }
}

/// Values of these bytes, which are as many as they should be.
fn copied<T: Pod>(bytes: &[u8], count: usize) -> Vec<T> {
    let mut values = alloc::vec![T::zeroed(); count];
    bytemuck::cast_slice_mut(&mut values).copy_from_slice(bytes);
    values
}
