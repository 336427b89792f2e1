//! Booleans that may be null, at two bits each.

use super::any::AnyColumn;
use super::error::StoreError;
use super::packed::PackedSlice;
use super::store::Store;
use super::validity::{Validity, ValidityBuf};
use crate::array::BitArray;
use crate::raw::ReserveError;
use crate::size::{HeapSize, Visitor};
use core::fmt;
use core::iter::FusedIterator;
use core::ops::Range;

/// Values that are unpacked at once: those of a word of the validity.
const WORD: usize = 64;

/// A growable column of booleans that may be null: a bit a row, and one more once a row was null. `Vec<Option<bool>>` takes eight.
///
/// It is what holds a field `Option<bool>` that is `packed`; parts of it are [`PackedSlice`]s.
///
/// # When it wins, and when it loses
///
/// It wins in memory always. It loses in random writes, as a [`BitArray`] does.
///
/// # Layout
///
/// A [`BitArray`] of the values, in which nulls are 0, and a [`Validity`]: lowest bit first, as in Arrow.
///
/// # Memory
///
/// That of the [`BitArray`], and a bit a row, with at most 1/16 or 64 bytes of slack, once a row was null. Inline 64 bytes.
///
/// # Examples
///
/// ```
/// use pennyweight::record::BitColumn;
///
/// let mut answers = BitColumn::new();
/// for answer in [Some(true), None, Some(false), Some(true)] {
///     answers.push(answer);
/// }
/// assert_eq!((answers.get(1), answers.get(2), answers.get(4)), (Some(None), Some(Some(false)), None));
/// assert_eq!((answers.values().count_ones(), answers.null_count()), (2, 1));
/// ```
///
/// # Source
///
/// [Arrow's booleans](https://arrow.apache.org/docs/format/Columnar.html).
#[derive(Clone, Default)]
pub struct BitColumn {
    /// Invariant: 0 where a row is null.
    bits: BitArray,
    /// Invariant: as long as the bits.
    validity: ValidityBuf,
}

impl BitColumn {
    /// Creates an empty column. (Does not allocate.)
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of rows.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.bits.len()
    }

    /// Whether there are none.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value at `index`, `Some(None)` where it is null, or `None` behind the end.
    #[inline]
    #[must_use]
    pub fn get(&self, index: usize) -> Option<Option<bool>> {
        (index < self.len()).then(|| self.value(index))
    }

    /// The value at `index`: what `column[index]` would be.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn value(&self, index: usize) -> Option<bool> {
        let value = self.bits.value(index);
        self.validity.is_valid(index).then_some(value)
    }

    /// Iterates over the values. Adaptors that fold take 64 at a time.
    pub fn iter(&self) -> BitIter<'_> {
        self.iter_range(0..self.len())
    }

    pub(super) fn iter_range(&self, rows: Range<usize>) -> BitIter<'_> {
        assert!(rows.start <= rows.end && rows.end <= self.len());
        BitIter { column: self, rows }
    }

    /// The values, of which nulls are `false`.
    #[inline]
    #[must_use]
    pub fn values(&self) -> &BitArray {
        &self.bits
    }

    /// Which rows are there.
    #[inline]
    #[must_use]
    pub fn validity(&self) -> Validity<'_> {
        self.validity.as_validity()
    }

    /// The number of rows that are null.
    #[must_use]
    pub fn null_count(&self) -> usize {
        self.validity.null_count()
    }

    /// The bytes of heap memory.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.bits.heap_bytes() + self.validity.heap_bytes()
    }

    /// Appends a value.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[inline]
    #[track_caller]
    pub fn push(&mut self, value: Option<bool>) {
        if let Err(error) = self.try_push(value) {
            error.raise();
        }
    }

    /// Appends a value.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory for it; the column is as it was.
    #[inline]
    pub fn try_push(&mut self, value: Option<bool>) -> Result<(), StoreError> {
        self.validity.try_push(value.is_some())?;
        self.bits.try_push(value == Some(true)).map_err(|error| {
            self.validity.truncate(self.bits.len());
            error.cause().into()
        })
    }

    /// Gives the slack back to the allocator, and the bits that say what is null where nothing is.
    pub fn shrink_to_fit(&mut self) {
        self.bits.shrink_to_fit();
        self.validity.shrink_to_fit();
    }

    pub(super) fn try_extend_from_slice(
        &mut self,
        values: &[Option<bool>],
    ) -> Result<(), StoreError> {
        let len = self.len();
        self.bits.try_reserve(values.len())?;
        let extended = values.iter().try_for_each(|&value| self.try_push(value));
        extended.inspect_err(|_| self.truncate(len))
    }

    /// Calls `f` with all values in order, in slices of 64 or fewer.
    pub(super) fn for_each_block(&self, f: impl FnMut(&[Option<bool>])) {
        self.for_each_block_of(0..self.len(), f);
    }

    pub(super) fn for_each_block_of(&self, rows: Range<usize>, mut f: impl FnMut(&[Option<bool>])) {
        let (mut bits, mut values) = ([false; WORD], [None; WORD]);
        let validity = self.validity();
        for start in rows.clone().step_by(WORD) {
            let count = WORD.min(rows.end - start);
            self.bits.copy_to_slice(start, &mut bits[..count]);
            let there = validity.word(start);
            for (place, (value, &bit)) in values.iter_mut().zip(&bits).enumerate() {
                *value = (there >> place & 1 != 0).then_some(bit);
            }
            f(&values[..count]);
        }
    }

    /// Panics unless the invariants of the fields hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.bits.check_invariants();
        self.validity.check_invariants();
        assert_eq!(self.validity.len(), self.len());
        assert!(self.validity().iter_nulls().all(|row| !self.bits.value(row)));
    }
}

impl fmt::Debug for BitColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl PartialEq for BitColumn {
    fn eq(&self, other: &Self) -> bool {
        self.bits == other.bits && self.validity() == other.validity()
    }
}

impl Eq for BitColumn {}

impl Extend<Option<bool>> for BitColumn {
    #[track_caller]
    fn extend<I: IntoIterator<Item = Option<bool>>>(&mut self, values: I) {
        values.into_iter().for_each(|value| self.push(value));
    }
}

impl FromIterator<Option<bool>> for BitColumn {
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = Option<bool>>>(values: I) -> Self {
        let mut column = Self::new();
        column.extend(values);
        column
    }
}

impl<'a> IntoIterator for &'a BitColumn {
    type Item = Option<bool>;
    type IntoIter = BitIter<'a>;

    fn into_iter(self) -> BitIter<'a> {
        self.iter()
    }
}

impl HeapSize for BitColumn {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("bits", &self.bits);
        visitor.field("validity", &self.validity);
    }

    fn owns_heap() -> bool {
        true
    }
}

/// An iterator over the values of a [`BitColumn`].
#[derive(Clone)]
pub struct BitIter<'a> {
    column: &'a BitColumn,
    /// Invariant: within the column.
    rows: Range<usize>,
}

impl Iterator for BitIter<'_> {
    type Item = Option<bool>;

    #[inline]
    fn next(&mut self) -> Option<Option<bool>> {
        self.rows.next().map(|row| self.column.value(row))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rows.size_hint()
    }

    fn nth(&mut self, n: usize) -> Option<Option<bool>> {
        self.rows.nth(n).map(|row| self.column.value(row))
    }

    #[inline]
    fn fold<B, F: FnMut(B, Option<bool>) -> B>(self, init: B, mut f: F) -> B {
        // Empty only while `f` runs, and then for good if it panics.
        let mut state = Some(init);
        self.column.for_each_block_of(self.rows, |values| {
            state = state.take().map(|state| values.iter().copied().fold(state, &mut f));
        });
        state.unwrap_or_else(|| unreachable!("a fold that returns has a state"))
    }
}

impl DoubleEndedIterator for BitIter<'_> {
    #[inline]
    fn next_back(&mut self) -> Option<Option<bool>> {
        self.rows.next_back().map(|row| self.column.value(row))
    }
}

impl ExactSizeIterator for BitIter<'_> {}
impl FusedIterator for BitIter<'_> {}

impl fmt::Debug for BitIter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

impl Store for BitColumn {
    type Value = Option<bool>;
    type Get<'a> = Option<bool>;
    type Slice<'a> = PackedSlice<'a, Option<bool>>;
    type Undo = ();

    fn rows(&self) -> usize {
        self.len()
    }

    fn check_invariants(&self) {
        self.check_invariants();
    }

    #[inline]
    fn get(&self, index: usize) -> Option<bool> {
        self.value(index)
    }

    fn slice(&self, range: Range<usize>) -> PackedSlice<'_, Option<bool>> {
        PackedSlice::new(self, range)
    }

    fn any(&self, range: Range<usize>) -> AnyColumn<'_> {
        PackedSlice::<Option<bool>>::new(self, range).into()
    }

    fn try_reserve(&mut self, additional: usize) -> Result<(), ReserveError> {
        self.bits.try_reserve(additional)?;
        self.validity.try_reserve(additional)
    }

    #[inline]
    fn try_push(&mut self, value: &Option<bool>) -> Result<(), StoreError> {
        self.try_push(*value)
    }

    fn try_insert(&mut self, index: usize, value: &Option<bool>) -> Result<(), StoreError> {
        self.validity.try_insert(index, value.is_some())?;
        let inserted = self.bits.try_insert(index, *value == Some(true));
        inserted.map_err(|error| {
            self.validity.remove_range(index..index + 1);
            error.cause().into()
        })
    }

    fn undo_insert(&mut self, index: usize, (): ()) {
        self.remove_range(index..index + 1);
    }

    fn try_set(&mut self, index: usize, value: &Option<bool>) -> Result<(), StoreError> {
        self.validity.try_set(index, value.is_some())?;
        self.bits.set(index, *value == Some(true));
        Ok(())
    }

    fn try_extend_from(&mut self, other: &Self, range: Range<usize>) -> Result<(), StoreError> {
        let len = self.len();
        Store::try_extend_from(&mut self.bits, &other.bits, range.clone())?;
        let extended = self.validity.try_extend(other.validity().slice(range));
        Ok(extended.inspect_err(|_| self.bits.truncate(len))?)
    }

    fn try_extend_at(&mut self, other: &Self, indices: &[usize]) -> Result<(), StoreError> {
        let len = self.len();
        self.bits.try_reserve(indices.len())?;
        let extended = indices.iter().try_for_each(|&index| self.try_push(other.value(index)));
        extended.inspect_err(|_| self.truncate(len))
    }

    fn value(&self, index: usize) -> Option<bool> {
        self.value(index)
    }

    fn truncate(&mut self, len: usize) {
        self.bits.truncate(len);
        self.validity.truncate(len);
    }

    fn remove_range(&mut self, range: Range<usize>) {
        self.bits.remove_range(range.clone());
        self.validity.remove_range(range);
    }

    fn swap_remove(&mut self, index: usize) {
        self.bits.swap_remove(index);
        self.validity.swap_remove(index);
    }

    fn swap(&mut self, a: usize, b: usize) {
        self.bits.swap(a, b);
        self.validity.swap(a, b);
    }

    fn retain(&mut self, keep: &BitArray) {
        Store::retain(&mut self.bits, keep);
        self.validity.retain(keep);
    }

    fn permute(&mut self, order: &[u32]) {
        Store::permute(&mut self.bits, order);
        self.validity.permute(order);
    }

    fn shrink_to_fit(&mut self) {
        self.shrink_to_fit();
    }

    fn heap_bytes(&self) -> usize {
        self.heap_bytes()
    }
}
