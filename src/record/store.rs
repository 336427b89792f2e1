//! What a field that owns its buffers owes the records that it is part of.

use super::any::AnyColumn;
use super::bits::BitColumn;
use super::dict::DictColumn;
use super::error::StoreError;
use super::text::TextColumn;
use crate::array::{BitArray, Int, IntArray, NullableIntArray};
use crate::raw::ReserveError;
use core::fmt;
use core::hash::Hash;
use core::ops::Range;

/// A column that owns its buffers, as part of records: everything that [`Records`](super::Records) does to all columns at once.
///
/// The records call it with indices that exist, and call all columns alike, so that all have one length.
///
/// What fails leaves the column as it was, but for capacity and for what is interned. What cannot fail must not: methods without a
/// `Result` allocate as std's collections do, where they have to.
///
/// Unsafe code of the records relies on it that a column has the rows that it was given: hence it is sealed.
pub trait Store: Default + Clone + Sealed {
    /// What the struct's field holds.
    type Value;

    /// What a row gives: a value, or what it borrows of the column.
    type Get<'a>: fmt::Debug + Ord + Hash
    where
        Self: 'a;

    /// What stands for values next to one another.
    type Slice<'a>: Copy
    where
        Self: 'a;

    /// What takes an insertion back that cannot be undone in place without memory.
    type Undo: Default;

    /// The number of rows.
    fn rows(&self) -> usize;

    /// Panics unless the invariants of the fields hold.
    fn check_invariants(&self);

    /// The value at `index`, as rows give it. Panics where there is none.
    fn get(&self, index: usize) -> Self::Get<'_>;

    /// The values of `range`. Panics where it reaches behind the end.
    fn slice(&self, range: Range<usize>) -> Self::Slice<'_>;

    /// The values of `range`, as a column whose type is found out when the program runs.
    fn any(&self, range: Range<usize>) -> AnyColumn<'_>;

    /// Makes room for `additional` values of which nothing else is known.
    fn try_reserve(&mut self, additional: usize) -> Result<(), ReserveError>;

    /// Appends a value.
    fn try_push(&mut self, value: &Self::Value) -> Result<(), StoreError>;

    /// Puts a value before the one at `index`, or behind all, and says how that is taken back.
    fn try_insert(&mut self, index: usize, value: &Self::Value) -> Result<Self::Undo, StoreError>;

    /// Takes back what `try_insert` has just done, which needs no memory.
    fn undo_insert(&mut self, index: usize, undo: Self::Undo);

    /// Puts a value in the place of the one at `index`.
    fn try_set(&mut self, index: usize, value: &Self::Value) -> Result<(), StoreError>;

    /// Appends the values of `range` of another column of this type.
    fn try_extend_from(&mut self, other: &Self, range: Range<usize>) -> Result<(), StoreError>;

    /// Appends the values of another column of this type at some indices, in their order.
    fn try_extend_at(&mut self, other: &Self, indices: &[usize]) -> Result<(), StoreError>;

    /// The value at `index`, made anew as the struct has it. Runs no code of a user.
    fn value(&self, index: usize) -> Self::Value;

    /// Drops the values behind the first `len`.
    fn truncate(&mut self, len: usize);

    /// Removes the values of `range`, and closes the gap.
    fn remove_range(&mut self, range: Range<usize>);

    /// Puts the last value into the place of the one at `index`, which goes.
    fn swap_remove(&mut self, index: usize);

    /// Exchanges two values.
    fn swap(&mut self, a: usize, b: usize) {
        let (value_a, value_b) = (self.value(a), self.value(b));
        let swapped = self.try_set(a, &value_b).and_then(|()| self.try_set(b, &value_a));
        if let Err(error) = swapped {
            error.raise();
        }
    }

    /// Keeps the values whose bit is set.
    fn retain(&mut self, keep: &BitArray);

    /// Brings the values into another order: what is at `order[i]` moves to `i`. The order names each index once.
    fn permute(&mut self, order: &[u32]);

    /// Drops strings that no value is any more. Where it fails, the values are what they were.
    fn try_remove_unused(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Gives back the memory that is not needed.
    fn shrink_to_fit(&mut self);

    /// Bytes on the heap.
    fn heap_bytes(&self) -> usize;
}

/// Keeps [`Store`] to the columns of this crate.
pub trait Sealed {}

impl<V> Sealed for DictColumn<V> {}
impl<V> Sealed for TextColumn<V> {}
impl<T: Int> Sealed for IntArray<T> {}
impl<T: Int> Sealed for NullableIntArray<T> {}
impl Sealed for BitArray {}
impl Sealed for BitColumn {}
