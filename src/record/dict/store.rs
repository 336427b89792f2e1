//! Columns of strings by their codes, as parts of records.

use super::super::any::AnyColumn;
use super::super::error::StoreError;
use super::super::store::Store;
use super::super::text::TextField;
use super::{DictColumn, DictSlice};
use crate::array::BitArray;
use crate::raw::ReserveError;
use core::ops::Range;

/// A field that the derive stores by its codes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no field that `dict` stores",
    note = "columns of codes hold `String`, `Box<str>`, `Cow<'static, str>`, `Rc<str>`, `Arc<str>`, and an `Option` of one"
)]
pub trait DictField: Sized {
    /// The column.
    type Store: Store<Value = Self>;
}

impl<V: TextField> DictField for V {
    type Store = DictColumn<V>;
}

impl<V: TextField> Store for DictColumn<V> {
    type Value = V;

    type Get<'a>
        = V::Ref<'a>
    where
        Self: 'a;

    type Slice<'a>
        = DictSlice<'a, V>
    where
        Self: 'a;

    type Undo = ();

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

    fn slice(&self, range: Range<usize>) -> DictSlice<'_, V> {
        self.slice(range)
    }

    fn any(&self, range: Range<usize>) -> AnyColumn<'_> {
        AnyColumn::Dict(self.slice(range).retyped())
    }

    fn try_reserve(&mut self, additional: usize) -> Result<(), ReserveError> {
        self.try_reserve(additional)
    }

    fn try_push(&mut self, value: &V) -> Result<(), StoreError> {
        self.try_push(value.as_ref())
    }

    fn try_insert(&mut self, index: usize, value: &V) -> Result<(), StoreError> {
        self.try_insert(index, value.as_ref())
    }

    fn undo_insert(&mut self, index: usize, (): ()) {
        self.remove_range(index..index + 1);
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

    fn swap(&mut self, a: usize, b: usize) {
        self.exchange(a, b);
    }

    fn try_remove_unused(&mut self) -> Result<(), StoreError> {
        self.try_remove_unused()
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
