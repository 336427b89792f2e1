//! Columns of text, as parts of records.

use super::super::any::AnyColumn;
use super::super::error::StoreError;
use super::super::store::Store;
use super::TextField;
use super::{TextColumn, TextSlice};
use crate::array::{BitArray, StrArray};
use crate::raw::ReserveError;
use core::ops::Range;

impl<V: TextField> Store for TextColumn<V> {
    type Value = V;

    type Get<'a>
        = V::Ref<'a>
    where
        Self: 'a;

    type Slice<'a>
        = TextSlice<'a, V>
    where
        Self: 'a;

    /// The strings as they were, where they were written anew.
    type Undo = Option<StrArray>;

    fn rows(&self) -> usize {
        self.len()
    }

    fn check_invariants(&self) {
        self.check_invariants();
    }

    #[inline]
    fn get(&self, index: usize) -> V::Ref<'_> {
        self.value(index)
    }

    fn slice(&self, range: Range<usize>) -> TextSlice<'_, V> {
        self.slice(range)
    }

    fn any(&self, range: Range<usize>) -> AnyColumn<'_> {
        AnyColumn::Text(self.slice(range).retyped())
    }

    fn try_reserve(&mut self, additional: usize) -> Result<(), ReserveError> {
        self.try_reserve_rows(additional)
    }

    fn try_push(&mut self, value: &V) -> Result<(), StoreError> {
        self.try_push(value.as_ref())
    }

    fn try_insert(&mut self, index: usize, value: &V) -> Result<Option<StrArray>, StoreError> {
        self.try_put(index, value.as_ref())
    }

    fn undo_insert(&mut self, index: usize, before: Option<StrArray>) {
        match before {
            Some(strings) => self.strings = strings,
            None => self.strings.truncate(index),
        }
        self.validity.remove_range(index..index + 1);
    }

    fn try_set(&mut self, index: usize, value: &V) -> Result<(), StoreError> {
        self.try_set(index, value.as_ref())
    }

    fn try_extend_from(&mut self, other: &Self, range: Range<usize>) -> Result<(), StoreError> {
        self.try_extend_from(other, range)
    }

    fn try_extend_at(&mut self, other: &Self, indices: &[usize]) -> Result<(), StoreError> {
        self.try_extend_at(other, indices)
    }

    fn value(&self, index: usize) -> V {
        V::from_ref(self.value(index))
    }

    fn truncate(&mut self, len: usize) {
        self.truncate(len);
    }

    fn remove_range(&mut self, range: Range<usize>) {
        self.remove_range(range);
    }

    fn swap_remove(&mut self, index: usize) {
        self.swap_out(index);
    }

    fn retain(&mut self, keep: &BitArray) {
        self.keep(keep);
    }

    fn permute(&mut self, order: &[u32]) {
        self.reorder(order);
    }

    fn shrink_to_fit(&mut self) {
        self.shrink_to_fit();
    }

    fn heap_bytes(&self) -> usize {
        self.heap_bytes()
    }
}
