//! Values inserted, removed and replaced, as Python's `array` and `Vec` do it.

use super::error::{StoreError, StoreErrorCause};
use super::frame::Bounds;
use super::{Array, BitArray, Int, IntArray, NullableIntArray, ReserveError, Scalar};
use crate::raw::growth;
use bytemuck::Pod;
use core::ops::{Bound, Range, RangeBounds};

/// The indices of a range of an array.
///
/// # Panics
///
/// Panics as slicing does: when the range begins behind its end, or ends behind the array.
#[track_caller]
pub(super) fn indices(range: &impl RangeBounds<usize>, len: usize) -> Range<usize> {
    let start = match range.start_bound() {
        Bound::Included(&start) => Some(start),
        Bound::Excluded(&before) => before.checked_add(1),
        Bound::Unbounded => Some(0),
    };
    let end = match range.end_bound() {
        Bound::Included(&last) => last.checked_add(1),
        Bound::Excluded(&end) => Some(end),
        Bound::Unbounded => Some(len),
    };
    let (Some(start), Some(end)) = (start, end) else {
        panic!("the range reaches behind the last index there can be")
    };
    assert!(start <= end, "slice index starts at {start} but ends at {end}");
    assert!(end <= len, "range end index {end} out of range for an array of length {len}");
    start..end
}

#[cold]
#[inline(never)]
#[track_caller]
fn cannot_insert(index: usize, len: usize) -> ! {
    panic!("insertion index (is {index}) should be <= len (is {len})")
}

/// The methods that change an array in the middle, by `replace`, `value`, `put` and `truncate`.
macro_rules! splice_methods {
    ([$($generics:tt)*] $array:ty, $value:ty) => {
        impl<$($generics)*> $array {
            /// Inserts a value before `index`, moving those behind it. Widens the array if the value does not fit.
            ///
            /// # Panics
            ///
            /// Panics when `index > len`, and where [`try_insert`](Self::try_insert) fails.
            #[track_caller]
            pub fn insert(&mut self, index: usize, value: $value) {
                self.try_insert(index, value).unwrap_or_else(|error| error.raise());
            }

            /// Inserts a value before `index`, moving those behind it. Widens the array if the value does not fit.
            ///
            /// # Errors
            ///
            /// Gives the value back where [`try_push`](Self::try_push) would; the array is as it was.
            ///
            /// # Panics
            ///
            /// Panics when `index > len`.
            #[track_caller]
            pub fn try_insert(
                &mut self,
                index: usize,
                value: $value,
            ) -> Result<(), StoreError<$value>> {
                if index > self.len() {
                    cannot_insert(index, self.len());
                }
                self.replace(index..index, &[value]).map_err(|cause| StoreError::new(value, cause))
            }

            /// Removes the value at `index` and returns it, moving those behind it.
            ///
            /// # Panics
            ///
            /// Panics when `index` is out of range.
            #[track_caller]
            pub fn remove(&mut self, index: usize) -> $value {
                let value = self.value(index);
                self.remove_range(index..index + 1);
                value
            }

            /// Removes the value at `index` and returns it. The last one takes its place.
            ///
            /// # Panics
            ///
            /// Panics when `index` is out of range.
            #[track_caller]
            pub fn swap_remove(&mut self, index: usize) -> $value {
                let value = self.value(index);
                let last = self.len() - 1;
                self.swap(index, last);
                self.truncate(last);
                value
            }

            /// Removes the values of a range, moving those behind it.
            ///
            /// # Panics
            ///
            /// Panics when the range is not within the array.
            #[track_caller]
            pub fn remove_range(&mut self, range: impl RangeBounds<usize>) {
                let range = indices(&range, self.len());
                // Removing needs no memory, so this cannot fail.
                let _ = self.replace(range, &[]);
            }

            /// Replaces the values of a range by others, of which there may be more or fewer. Widens the array at most
            /// once.
            ///
            /// # Panics
            ///
            /// Panics when the range is not within the array, and where [`try_splice`](Self::try_splice) fails.
            #[track_caller]
            pub fn splice(&mut self, range: impl RangeBounds<usize>, values: &[$value]) {
                self.try_splice(range, values)
                    .unwrap_or_else(|cause| StoreError::new((), cause).raise());
            }

            /// Replaces the values of a range by others, of which there may be more or fewer. Widens the array at most
            /// once.
            ///
            /// # Errors
            ///
            /// Fails where the values cannot be stored; the array holds the values it held.
            ///
            /// # Panics
            ///
            /// Panics when the range is not within the array.
            #[track_caller]
            pub fn try_splice(
                &mut self,
                range: impl RangeBounds<usize>,
                values: &[$value],
            ) -> Result<(), StoreErrorCause> {
                let range = indices(&range, self.len());
                self.replace(range, values)
            }

            /// Exchanges two values.
            ///
            /// # Panics
            ///
            /// Panics when an index is out of range.
            #[track_caller]
            pub fn swap(&mut self, a: usize, b: usize) {
                let (first, second) = (self.value(a), self.value(b));
                self.put(a, second);
                self.put(b, first);
            }

            /// Turns the order of the values round.
            pub fn reverse(&mut self) {
                let len = self.len();
                for index in 0..len / 2 {
                    self.swap(index, len - 1 - index);
                }
            }
        }
    };
}

splice_methods!([T: Int] IntArray<T>, T);
splice_methods!([T: Int] NullableIntArray<T>, Option<T>);
splice_methods!([] BitArray, bool);

impl<T: Int> IntArray<T> {
    /// Stores a value that the array holds already.
    fn put(&mut self, index: usize, value: T) {
        self.codes.packed.set(index, self.codes.frame.known_code(value));
    }

    /// Replaces a range that is within the array.
    fn replace(&mut self, range: Range<usize>, values: &[T]) -> Result<(), StoreErrorCause> {
        let additional = values.len().saturating_sub(range.len());
        if !self.codes.fit_all(values.iter().copied(), 0)
            && let Some(new) = Bounds::of(values.iter().copied())
        {
            self.make_room_for(new, additional)?;
        }
        let frame = self.codes.frame.divisor();
        let code = |index: usize| frame.known_code(values[index]);
        Ok(self.codes.packed.splice(range, values.len(), code)?)
    }
}

impl<T: Int> NullableIntArray<T> {
    /// Stores a value that the array holds already.
    fn put(&mut self, index: usize, value: Option<T>) {
        let reserved = u64::from(self.reserved);
        let code = value.map_or(0, |value| self.codes.frame.known_code(value) + reserved);
        self.codes.packed.set(index, code);
    }

    /// Replaces a range that is within the array.
    fn replace(
        &mut self,
        range: Range<usize>,
        values: &[Option<T>],
    ) -> Result<(), StoreErrorCause> {
        let additional = values.len().saturating_sub(range.len());
        let nulls = self.fit_slice(values, additional)?;
        let removed = self.count_nulls(range.clone());
        let (frame, reserved) = (self.codes.frame.divisor(), u64::from(self.reserved));
        let code = |value: Option<T>| value.map_or(0, |value| frame.known_code(value) + reserved);
        self.codes.packed.splice(range, values.len(), |index| code(values[index]))?;
        self.nulls = self.nulls - removed + nulls;
        Ok(())
    }
}

impl BitArray {
    fn put(&mut self, index: usize, value: bool) {
        self.set(index, value);
    }

    /// Replaces a range that is within the array.
    fn replace(&mut self, range: Range<usize>, values: &[bool]) -> Result<(), StoreErrorCause> {
        self.open_gap(range.clone(), values.len())?;
        for (index, &value) in (range.start..).zip(values) {
            self.set(index, value);
        }
        Ok(())
    }
}

impl<T: Pod> Array<T> {
    /// Replaces the values of a range by others, of which there may be more or fewer.
    ///
    /// # Panics
    ///
    /// Panics when the range is not within the array, or when the capacity overflows. Like a `Vec`, ends the program
    /// where the allocator refuses.
    #[track_caller]
    pub fn splice(&mut self, range: impl RangeBounds<usize>, values: &[T]) {
        self.try_splice(range, values).unwrap_or_else(|error| error.raise());
    }

    /// Replaces the values of a range by others, of which there may be more or fewer.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory for all of them; the array is as it was.
    ///
    /// # Panics
    ///
    /// Panics when the range is not within the array.
    #[track_caller]
    pub fn try_splice(
        &mut self,
        range: impl RangeBounds<usize>,
        values: &[T],
    ) -> Result<(), ReserveError> {
        let range = indices(&range, self.len());
        growth::reserve(&mut self.items, values.len().saturating_sub(range.len()))?;
        self.items.splice(range, values.iter().copied());
        Ok(())
    }

    /// Removes the values of a range, moving those behind it.
    ///
    /// # Panics
    ///
    /// Panics when the range is not within the array.
    #[track_caller]
    pub fn remove_range(&mut self, range: impl RangeBounds<usize>) {
        self.items.drain(indices(&range, self.items.len()));
    }

    /// Removes the value at `index` and returns it. The last one takes its place.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[track_caller]
    pub fn swap_remove(&mut self, index: usize) -> T {
        self.items.swap_remove(index)
    }
}

impl<T: Scalar> Array<T> {
    /// Turns the bytes of each value round: what was read in the other byte order becomes what it was.
    ///
    /// ```
    /// use pennyweight::array::Array;
    ///
    /// let mut lengths = Array::from([0x0100_u16, 0x0200]);
    /// lengths.byteswap();
    /// assert_eq!(lengths[..], [1, 2]);
    /// ```
    pub fn byteswap(&mut self) {
        for value in &mut self.items {
            *value = value.swap();
        }
    }
}
