//! Values inserted, removed, kept and replaced, as Python's `array` and `Vec` do it.

use super::error::{StoreError, StoreErrorCause};
use super::frame::Bounds;
use super::iter::Scan;
use super::{Array, BitArray, Int, IntArray, NullableIntArray, ReserveError, Scalar};
use crate::raw::growth;
use crate::raw::packed::{BLOCK, out_of_range};
use crate::raw::range::indices;
use alloc::vec;
use bytemuck::Pod;
use core::ops::{Range, RangeBounds};

#[cold]
#[inline(never)]
#[track_caller]
fn cannot_insert(index: usize, len: usize) -> ! {
    panic!("insertion index (is {index}) should be <= len (is {len})")
}

/// How an array is changed in the middle.
trait Edit: Scan {
    /// Stores a value that the array holds already.
    fn put(&mut self, index: usize, value: Self::Value);

    /// Replaces a range that is within the array.
    fn replace(
        &mut self,
        range: Range<usize>,
        values: &[Self::Value],
    ) -> Result<(), StoreErrorCause>;

    /// Appends the values of another array. Where they cannot be stored, some of them may have been appended.
    fn extend_from(&mut self, other: &Self) -> Result<(), StoreErrorCause>;
}

/// Keeps the values that `keep` wants, block by block.
fn retain<A: Edit>(array: &mut A, mut keep: impl FnMut(A::Value) -> bool) {
    let len = array.scan_len();
    let mut block = [A::Value::default(); BLOCK];
    let mut kept = Kept { array, block, waiting: 0, written: 0, seen: 0 };
    while kept.seen < len {
        let range = kept.seen..len.min(kept.seen + BLOCK);
        let count = kept.array.fold_range(range, 0, |count, value| {
            block[count] = value;
            count + 1
        });
        for &value in &block[..count] {
            kept.block[kept.waiting] = value;
            kept.waiting += usize::from(keep(value));
            kept.seen += 1;
        }
        kept.write();
    }
}

/// An array of which the values are looked at one after the other. Dropped, it holds those that are kept and those
/// that were not looked at.
struct Kept<'a, A: Edit> {
    array: &'a mut A,
    /// The values of the present block that are kept.
    block: [A::Value; BLOCK],
    waiting: usize,
    /// The values that are kept and in their places.
    written: usize,
    /// The values that were looked at. Invariant: at least `written + waiting`.
    seen: usize,
}

impl<A: Edit> Kept<'_, A> {
    fn write(&mut self) {
        let range = self.written..self.written + self.waiting;
        if range.end < self.seen {
            // The array holds the values already, so this cannot fail.
            let _ = self.array.replace(range.clone(), &self.block[..self.waiting]);
        }
        (self.written, self.waiting) = (range.end, 0);
    }
}

impl<A: Edit> Drop for Kept<'_, A> {
    fn drop(&mut self) {
        self.write();
        // Removing needs no memory, so this cannot fail.
        let _ = self.array.replace(self.written..self.seen, &[]);
    }
}

/// The methods that change an array in the middle. What is said of widening is not true of every array.
macro_rules! splice_methods {
    ([$($generics:tt)*] $array:ty, $value:ty, $widens:literal, $widens_once:literal) => {
        impl<$($generics)*> $array {
            #[doc = concat!("Inserts a value before `index`, moving those behind it.", $widens)]
            ///
            /// # Panics
            ///
            /// Panics when `index > len`, and where [`try_insert`](Self::try_insert) fails.
            #[track_caller]
            pub fn insert(&mut self, index: usize, value: $value) {
                if let Err(error) = self.try_insert(index, value) {
                    error.raise();
                }
            }

            #[doc = concat!("Inserts a value before `index`, moving those behind it.", $widens)]
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

            /// Removes the values of a range, moving those behind it. Before, [`iter_range`](Self::iter_range) reads them
            /// and [`copy_to_slice`](Self::copy_to_slice) copies them: what `Vec::drain` would hand out.
            ///
            /// # Panics
            ///
            /// Panics when the range is not within the array.
            #[doc(alias = "drain")]
            #[track_caller]
            pub fn remove_range(&mut self, range: impl RangeBounds<usize>) {
                let range = indices(&range, self.len());
                // Removing needs no memory, so this cannot fail.
                let _ = self.replace(range, &[]);
            }

            #[doc = concat!(
                "Replaces the values of a range by others, of which there may be more or fewer.",
                $widens_once
            )]
            ///
            /// # Panics
            ///
            /// Panics when the range is not within the array, and where [`try_splice`](Self::try_splice) fails.
            #[track_caller]
            pub fn splice(&mut self, range: impl RangeBounds<usize>, values: &[$value]) {
                if let Err(cause) = self.try_splice(range, values) {
                    StoreError::new((), cause).raise();
                }
            }

            #[doc = concat!(
                "Replaces the values of a range by others, of which there may be more or fewer.",
                $widens_once
            )]
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

            /// Moves all values of another array behind those of this one. The other is left empty, with its memory.
            ///
            /// # Panics
            ///
            /// Panics where [`try_append`](Self::try_append) fails.
            #[track_caller]
            pub fn append(&mut self, other: &mut Self) {
                if let Err(cause) = self.try_append(other) {
                    StoreError::new((), cause).raise();
                }
            }

            /// Moves all values of another array behind those of this one. The other is left empty, with its memory.
            ///
            /// # Errors
            ///
            /// Fails where the values cannot be stored; both arrays hold the values they held.
            pub fn try_append(&mut self, other: &mut Self) -> Result<(), StoreErrorCause> {
                let len = self.len();
                match self.extend_from(other) {
                    Ok(()) => other.clear(),
                    Err(cause) => {
                        self.truncate(len);
                        return Err(cause);
                    }
                }
                Ok(())
            }

            /// Keeps the values for which `keep` is true, in their order, and removes the others. Gives no memory back.
            ///
            /// Where `keep` panics, the value that it looked at and those behind it stay.
            pub fn retain(&mut self, keep: impl FnMut($value) -> bool) {
                retain(self, keep);
            }

            /// Removes values that are equal to the one before. Gives no memory back.
            pub fn dedup(&mut self) {
                let mut last = None;
                self.retain(|value| last.replace(value) != Some(value));
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

splice_methods!(
    [T: Int] IntArray<T>, T,
    " Widens the array if the value does not fit.", " Widens the array at most once."
);
splice_methods!(
    [T: Int] NullableIntArray<T>, Option<T>,
    " Widens the array if the value does not fit.", " Widens the array at most once."
);
splice_methods!([] BitArray, bool, "", "");

impl<T: Int> Edit for IntArray<T> {
    fn put(&mut self, index: usize, value: T) {
        self.codes.packed.set(index, self.codes.frame.known_code(value));
    }

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

    fn extend_from(&mut self, other: &Self) -> Result<(), StoreErrorCause> {
        let mut extended = self.try_reserve(other.len());
        other.for_each_block(|values| {
            extended = extended.and_then(|()| self.try_extend_from_slice(values));
        });
        Ok(extended?)
    }
}

impl<T: Int> Edit for NullableIntArray<T> {
    fn put(&mut self, index: usize, value: Option<T>) {
        let reserved = u64::from(self.reserved);
        let code = value.map_or(0, |value| self.codes.frame.known_code(value) + reserved);
        self.codes.packed.set(index, code);
    }

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

    fn extend_from(&mut self, other: &Self) -> Result<(), StoreErrorCause> {
        self.try_reserve(other.len())?;
        let mut extended = Ok(());
        other.for_each_block(|values| {
            extended = extended.and_then(|()| self.try_extend_from_slice(values));
        });
        extended
    }
}

impl Edit for BitArray {
    fn put(&mut self, index: usize, value: bool) {
        self.set(index, value);
    }

    fn replace(&mut self, range: Range<usize>, values: &[bool]) -> Result<(), StoreErrorCause> {
        self.open_gap(range.clone(), values.len())?;
        self.overwrite(range.start, values);
        Ok(())
    }

    fn extend_from(&mut self, other: &Self) -> Result<(), StoreErrorCause> {
        Ok(self.try_extend_from_words(other.as_words(), other.len())?)
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
        if let Err(error) = self.try_splice(range, values) {
            error.raise();
        }
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

    /// Removes the values of a range and iterates over them, as `Vec::drain` does.
    ///
    /// # Panics
    ///
    /// Panics when the range is not within the array.
    #[track_caller]
    pub fn drain(&mut self, range: impl RangeBounds<usize>) -> vec::Drain<'_, T> {
        self.items.drain(indices(&range, self.items.len()))
    }

    /// Moves all values of another array behind those of this one. The other is left empty, with its memory.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[track_caller]
    pub fn append(&mut self, other: &mut Self) {
        self.extend_from_slice(other);
        other.clear();
    }

    /// Keeps the values for which `keep` is true, in their order, and removes the others. Gives no memory back.
    pub fn retain(&mut self, keep: impl FnMut(&T) -> bool) {
        self.items.retain(keep);
    }

    /// Removes values that are equal to the one before. Gives no memory back.
    pub fn dedup(&mut self)
    where
        T: PartialEq,
    {
        self.items.dedup();
    }

    /// Removes the value at `index` and returns it. The last one takes its place.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[track_caller]
    pub fn swap_remove(&mut self, index: usize) -> T {
        if index >= self.len() {
            out_of_range(index, self.len());
        }
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
