//! Fields whose columns own their buffers.
#![allow(unsafe_code)]

use super::any::AnyColumn;
use super::error::{Refused, StoreError};
use super::fields::{Fields, Sealed};
use super::leaf::{Leaf, Onto, Own, Replace, Which};
use super::place::{Place, Sizes};
use super::store::Store;
use crate::array::BitArray;
use crate::raw::ReserveError;
use crate::raw::columns::{Block, Scratch};
use core::marker::PhantomData;
use core::ops::Range;

/// A column `S` that owns its buffers, and takes nothing of the record's block.
#[derive(Debug)]
pub struct Stored<S>(PhantomData<S>);

impl<S> Sealed for Stored<S> {}

impl<S: Store> Fields for Stored<S> {
    type Values = S::Value;
    type Stores = S;
    type Undo = S::Undo;
    type SlicesMut<'a>
        = ()
    where
        Self: 'a;
    const SIZES: Sizes = Sizes::NONE;
    const BITMAPS: usize = 0;
    const LEAVES: usize = 1;

    fn try_reserve(store: &mut S, additional: usize) -> Result<(), ReserveError> {
        store.try_reserve(additional)
    }

    fn try_reserve_exact(store: &mut S, additional: usize) -> Result<(), ReserveError> {
        store.try_reserve(additional)
    }

    fn try_remove_unused(store: &mut S) -> Result<(), StoreError> {
        store.try_remove_unused()
    }

    #[inline]
    fn try_push(store: &mut S, value: &S::Value, _: usize) -> Result<(), Refused> {
        Ok(store.try_push(value)?)
    }

    fn try_insert(store: &mut S, value: &S::Value, index: usize) -> Result<S::Undo, Refused> {
        Ok(store.try_insert(index, value)?)
    }

    fn undo_insert(store: &mut S, index: usize, undo: S::Undo) {
        store.undo_insert(index, undo);
    }

    unsafe fn try_extend_from(
        store: &mut S,
        other: &S,
        rows: Range<usize>,
        _: usize,
    ) -> Result<(), Refused> {
        Ok(store.try_extend_from(other, rows)?)
    }

    #[inline]
    fn truncate_stores(store: &mut S, len: usize) {
        store.truncate(len);
    }

    fn remove_from_stores(store: &mut S, rows: Range<usize>) {
        store.remove_range(rows);
    }

    fn swap_remove_from_stores(store: &mut S, index: usize) {
        store.swap_remove(index);
    }

    fn swap_in_stores(store: &mut S, a: usize, b: usize) {
        store.swap(a, b);
    }

    fn shrink_to_fit(store: &mut S) {
        store.shrink_to_fit();
    }

    fn heap_bytes(store: &S) -> usize {
        store.heap_bytes()
    }

    fn check_stores(store: &S, len: usize) {
        assert_eq!(store.rows(), len, "rows of a store");
        store.check_invariants();
    }

    #[inline]
    unsafe fn write<P: Place>(_: &Block, _: &mut S, _: usize, _: S::Value) {}

    unsafe fn take<P: Place>(_: &Block, store: &S, index: usize) -> S::Value {
        store.value(index)
    }

    unsafe fn any<'a, P: Place>(
        _: &'a Block,
        store: &'a Self::Stores,
        rows: Range<usize>,
        _: usize,
    ) -> AnyColumn<'a>
    where
        Self: 'a,
    {
        store.any(rows)
    }

    #[inline]
    unsafe fn slices_mut<'a, P: Place>(_: &'a Block, _: &'a mut S, _: usize)
    where
        Self: 'a,
    {
    }

    unsafe fn partition<P: Place>(_: &Block, store: &mut S, keep: &BitArray) {
        store.retain(keep);
    }

    unsafe fn permute<P: Place>(_: &Block, store: &mut S, order: &[u32], _: &Scratch) {
        store.permute(order);
    }
}

impl<S: Store> Leaf for Stored<S> {
    type Value = S::Value;
    type Get<'a>
        = S::Get<'a>
    where
        Self: 'a;
    type Slice<'a>
        = S::Slice<'a>
    where
        Self: 'a;

    fn pack(value: S::Value) -> S::Value {
        value
    }

    #[inline]
    unsafe fn get<'a, P: Place>(_: &'a Block, store: &'a S, index: usize) -> S::Get<'a>
    where
        Self: 'a,
    {
        store.get(index)
    }

    #[inline]
    unsafe fn slice<'a, P: Place>(_: &'a Block, store: &'a S, rows: Range<usize>) -> S::Slice<'a>
    where
        Self: 'a,
    {
        store.slice(rows)
    }
}

impl<S: Store> Replace for Stored<S> {
    unsafe fn set<P: Place>(
        _: &Block,
        store: &mut S,
        index: usize,
        value: S::Value,
    ) -> Result<(), StoreError> {
        store.try_set(index, &value)
    }
}

impl<S: Store> Own for Stored<S> {
    unsafe fn own<P: Place>(_: &Block, store: &S, index: usize) -> S::Value {
        store.value(index)
    }

    unsafe fn try_clone_from<P: Place>(
        _: &Block,
        store: &mut S,
        onto: Onto,
        _: &Block,
        other: &S,
        rows: Which<'_>,
    ) -> Result<(), Refused> {
        match (onto, rows) {
            (Onto::Nothing, _) => store.clone_from(other),
            (Onto::Rows(_), Which::Range(rows)) => store.try_extend_from(other, rows)?,
            (Onto::Rows(_), Which::At(indices)) => store.try_extend_at(other, indices)?,
        }
        Ok(())
    }
}
