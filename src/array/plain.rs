//! Plain scalars in one buffer that grows by a sixteenth.

use super::codes::slice_end;
use super::column::{Column, Encoding, sealed};
use super::error::{ReserveError, StoreError};
use super::iter::slice_eq;
use crate::raw::growth;
use crate::size::{Block, HeapSize, Visitor};
use alloc::vec::Vec;
use bytemuck::Pod;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::ops::{Deref, DerefMut};
use core::slice::{self, SliceIndex};

/// A growable array of plain scalars that takes `len * size_of::<T>()` bytes and at most 1/16 more.
///
/// A `Vec` doubles: after a push it holds up to twice what it needs. Python's `array.array` grows by a
/// sixteenth, and so does this.
///
/// It wins where an array of unknown length is built by pushing and then kept, and its values need
/// nearly all bits of their type (hashes, coordinates, measurements). It loses in push time where
/// the allocator cannot extend a block in place: a byte is then copied about sixteen times instead of
/// twice. Where the length is known, `Vec::with_capacity` has no slack either; where values are small
/// integers, [`IntArray`](super::IntArray) is smaller.
///
/// # Layout
///
/// A `Vec<T>`: pointer, capacity and length inline, the values as a slice on the heap. It dereferences to
/// that slice, so that it reads, sorts and searches like one. `T` is [`bytemuck::Pod`]: numbers, and
/// structs and arrays of them, without padding or references.
///
/// # Memory
///
/// 24 bytes inline; `capacity * size_of::<T>()` on the heap. Growth leaves at most a sixteenth or 64 bytes of slack,
/// and [`shrink_to_fit`](Self::shrink_to_fit) none.
///
/// # Examples
///
/// ```
/// use pennyweight::array::Array;
///
/// let mut readings = Array::new();
/// for i in 0..10_000 {
///     readings.push(f64::from(i) / 8.0);
/// }
/// assert!(readings.heap_bytes() <= 85_000); // a Vec holds 131,072 bytes now
/// assert_eq!(readings[8], 1.0);
/// assert_eq!(readings.iter().copied().fold(0.0, f64::max), 1249.875);
/// ```
///
/// # Source
///
/// The growth of [CPython's `array`](https://docs.python.org/3/library/array.html) on std's `Vec`.
#[derive(Clone)]
pub struct Array<T> {
    pub(super) items: Vec<T>,
}

impl<T: Pod> Array<T> {
    /// Creates an empty array. Does not allocate.
    pub const fn new() -> Self {
        Self { items: Vec::new() }
    }

    /// Creates an empty array with room for `capacity` values.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[track_caller]
    pub fn with_capacity(capacity: usize) -> Self {
        let mut array = Self::new();
        array.reserve_exact(capacity);
        array
    }

    /// The values that fit before the buffer grows.
    pub fn capacity(&self) -> usize {
        self.items.capacity()
    }

    /// The bytes of heap memory.
    pub fn heap_bytes(&self) -> usize {
        self.capacity() * size_of::<T>()
    }

    /// How the values are stored.
    pub fn encoding(&self) -> Encoding {
        Encoding::Plain { width: size_of::<T>() as u32 * 8 }
    }

    /// The values as a slice.
    pub fn as_slice(&self) -> &[T] {
        &self.items
    }

    /// The values as a mutable slice.
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        &mut self.items
    }

    /// The values as the `Vec` that holds them. Copies nothing.
    pub fn into_vec(self) -> Vec<T> {
        self.items
    }

    /// The value or the slice at `index`, or `None` behind the end, as of a slice.
    #[inline]
    pub fn get<I: SliceIndex<[T]>>(&self, index: I) -> Option<&I::Output> {
        self.items.get(index)
    }

    /// Iterates over the values, as of a slice.
    #[inline]
    pub fn iter(&self) -> slice::Iter<'_, T> {
        self.items.iter()
    }

    /// Appends a value.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[inline]
    #[track_caller]
    pub fn push(&mut self, value: T) {
        if let Err(error) = self.try_push(value) {
            error.raise();
        }
    }

    /// Appends a value.
    ///
    /// # Errors
    ///
    /// Gives the value back where there is no memory for it; the array is as it was.
    #[inline]
    pub fn try_push(&mut self, value: T) -> Result<(), StoreError<T>> {
        if self.items.len() == self.items.capacity() {
            growth::reserve(&mut self.items, 1)
                .map_err(|error| StoreError::new(value, error.into()))?;
        }
        self.items.push(value);
        Ok(())
    }

    /// Removes the last value and returns it.
    pub fn pop(&mut self) -> Option<T> {
        self.items.pop()
    }

    /// Inserts a value before `index`, moving those behind it.
    ///
    /// # Panics
    ///
    /// Panics when `index > len`, or when the capacity overflows. Like a `Vec`, ends the program where the
    /// allocator refuses.
    #[track_caller]
    pub fn insert(&mut self, index: usize, value: T) {
        if let Err(error) = self.try_insert(index, value) {
            error.raise();
        }
    }

    /// Inserts a value before `index`, moving those behind it.
    ///
    /// # Errors
    ///
    /// Gives the value back where there is no memory for it; the array is as it was.
    ///
    /// # Panics
    ///
    /// Panics when `index > len`.
    #[track_caller]
    pub fn try_insert(&mut self, index: usize, value: T) -> Result<(), StoreError<T>> {
        growth::reserve(&mut self.items, 1)
            .map_err(|error| StoreError::new(value, error.into()))?;
        self.items.insert(index, value);
        Ok(())
    }

    /// Removes the value at `index` and returns it, moving those behind it.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[track_caller]
    pub fn remove(&mut self, index: usize) -> T {
        self.items.remove(index)
    }

    /// Appends a slice.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[track_caller]
    pub fn extend_from_slice(&mut self, values: &[T]) {
        if let Err(error) = self.try_extend_from_slice(values) {
            error.raise();
        }
    }

    /// Appends a slice.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory for all of it; the array is as it was.
    pub fn try_extend_from_slice(&mut self, values: &[T]) -> Result<(), ReserveError> {
        growth::reserve(&mut self.items, values.len())?;
        self.items.extend_from_slice(values);
        Ok(())
    }

    /// Grows to `len` with copies of `value`, or shrinks.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[track_caller]
    pub fn resize(&mut self, len: usize, value: T) {
        if let Err(error) = self.try_resize(len, value) {
            error.raise();
        }
    }

    /// Grows to `len` with copies of `value`, or shrinks.
    ///
    /// # Errors
    ///
    /// Gives the value back where there is no memory for it; the array is as it was.
    pub fn try_resize(&mut self, len: usize, value: T) -> Result<(), StoreError<T>> {
        let additional = len.saturating_sub(self.items.len());
        growth::reserve(&mut self.items, additional)
            .map_err(|error| StoreError::new(value, error.into()))?;
        self.items.resize(len, value);
        Ok(())
    }

    /// Drops the values from `len` on. Keeps the memory.
    pub fn truncate(&mut self, len: usize) {
        self.items.truncate(len);
    }

    /// Drops all values. Keeps the memory.
    pub fn clear(&mut self) {
        self.items.clear();
    }

    /// Makes room for `additional` values, with the slack of growth.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[track_caller]
    pub fn reserve(&mut self, additional: usize) {
        if let Err(error) = self.try_reserve(additional) {
            error.raise();
        }
    }

    /// Makes room for `additional` values, with the slack of growth.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory; the array is as it was.
    pub fn try_reserve(&mut self, additional: usize) -> Result<(), ReserveError> {
        growth::reserve(&mut self.items, additional)
    }

    /// Makes room for `additional` values, without slack.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[track_caller]
    pub fn reserve_exact(&mut self, additional: usize) {
        if let Err(error) = self.try_reserve_exact(additional) {
            error.raise();
        }
    }

    /// Makes room for `additional` values, without slack.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory; the array is as it was.
    pub fn try_reserve_exact(&mut self, additional: usize) -> Result<(), ReserveError> {
        let capacity = self.items.len().checked_add(additional);
        growth::reserve_exact(&mut self.items, capacity.ok_or(ReserveError::CapacityOverflow)?)
    }

    /// Gives all slack back to the allocator.
    pub fn shrink_to_fit(&mut self) {
        self.items.shrink_to_fit();
    }

    /// Copies the values from `start` on to `values`.
    ///
    /// # Panics
    ///
    /// Panics when `values` reaches behind the end of the array.
    #[track_caller]
    pub fn copy_to_slice(&self, start: usize, values: &mut [T]) {
        let end = slice_end(start, values.len(), self.len());
        values.copy_from_slice(&self.items[start..end]);
    }

    /// Calls `f` with all values, in one slice.
    pub fn for_each_block(&self, mut f: impl FnMut(&[T])) {
        f(&self.items);
    }
}

impl<T> Deref for Array<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<T> DerefMut for Array<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.items
    }
}

impl<T> AsRef<[T]> for Array<T> {
    fn as_ref(&self) -> &[T] {
        &self.items
    }
}

impl<T: Pod> From<&[T]> for Array<T> {
    /// Copies a slice. Allocates exactly.
    fn from(values: &[T]) -> Self {
        Self { items: values.into() }
    }
}

impl<T: Pod, const N: usize> From<[T; N]> for Array<T> {
    fn from(values: [T; N]) -> Self {
        Self { items: values.into() }
    }
}

impl<T: Pod> From<Vec<T>> for Array<T> {
    /// Takes the `Vec` with the slack that it has.
    fn from(items: Vec<T>) -> Self {
        Self { items }
    }
}

impl<T> From<Array<T>> for Vec<T> {
    /// The `Vec` that holds the values.
    fn from(array: Array<T>) -> Self {
        array.items
    }
}

impl<T: Pod> Extend<T> for Array<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, values: I) {
        let values = values.into_iter();
        // A hint is only a hint: what cannot be reserved may never come.
        let _ = self.try_reserve(values.size_hint().0);
        values.for_each(|value| self.push(value));
    }
}

impl<'a, T: Pod> Extend<&'a T> for Array<T> {
    fn extend<I: IntoIterator<Item = &'a T>>(&mut self, values: I) {
        self.extend(values.into_iter().copied());
    }
}

impl<T: Pod> FromIterator<T> for Array<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let values = values.into_iter();
        let mut array = Self::new();
        let _ = growth::reserve_exact(&mut array.items, values.size_hint().0);
        values.for_each(|value| array.push(value));
        array
    }
}

impl<'a, T> IntoIterator for &'a Array<T> {
    type Item = &'a T;
    type IntoIter = slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<'a, T> IntoIterator for &'a mut Array<T> {
    type Item = &'a mut T;
    type IntoIter = slice::IterMut<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter_mut()
    }
}

impl<T> IntoIterator for Array<T> {
    type Item = T;
    type IntoIter = alloc::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<T: Pod> Default for Array<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: PartialEq> PartialEq for Array<T> {
    fn eq(&self, other: &Self) -> bool {
        self.items == other.items
    }
}

impl<T: Eq> Eq for Array<T> {}

impl<T: PartialEq> PartialEq<[T]> for Array<T> {
    fn eq(&self, other: &[T]) -> bool {
        self.items == other
    }
}

slice_eq!([T: PartialEq] Array<T>, T);

impl<T: Hash> Hash for Array<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.items.hash(state);
    }
}

impl<T: fmt::Debug> fmt::Debug for Array<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.items.fmt(f)
    }
}

impl<T: Pod> HeapSize for Array<T> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        let (capacity, len) = (self.items.capacity(), self.items.len());
        visitor.block(Block::array::<T>(capacity, len).at(self.items.as_ptr()));
    }
}

impl<T> sealed::Sealed for Array<T> {}

impl<T: Pod + PartialEq + fmt::Debug> Column for Array<T> {
    type Item = T;

    fn len(&self) -> usize {
        self.items.len()
    }

    fn get(&self, index: usize) -> Option<T> {
        self.items.get(index).copied()
    }

    fn for_each_block(&self, f: impl FnMut(&[T])) {
        self.for_each_block(f);
    }

    #[track_caller]
    fn copy_to_slice(&self, start: usize, values: &mut [T]) {
        self.copy_to_slice(start, values);
    }

    fn iter(&self) -> impl DoubleEndedIterator<Item = T> + ExactSizeIterator {
        self.items.iter().copied()
    }

    fn encoding(&self) -> Encoding {
        self.encoding()
    }
}
