//! Fields whose values lie in the block of the record: plain ones, and ones with nulls.
#![allow(unsafe_code)]

mod column;

use self::column::{Bits, Cells};
use super::access::{Access, Copied};
use super::any::AnyColumn;
use super::error::{Refused, StoreError};
use super::fields::{Fields, Sealed};
use super::leaf::{Leaf, Onto, Own, Replace, Which};
use super::nullable::{NullableSlice, NullableSliceMut};
use super::place::{Place, Sizes, Widest};
use super::validity::Validity;
use crate::array::BitArray;
use crate::raw::bitmap;
use crate::raw::columns::{Block, Scratch};
use core::marker::PhantomData;
use core::ops::Range;

/// Values as they are, one behind the other: the encoding of a field that says nothing of it.
///
/// A row gives the value itself or a reference, as `A` says.
#[derive(Debug)]
pub struct Plain<T, A = Copied>(PhantomData<(T, A)>);

/// Values and a bit each, which is 1 where there is a value: the encoding of an `Option`.
///
/// Where there is none, the cell holds `T::default()`: `get` relies on that.
#[derive(Debug)]
pub struct Nullable<T, A = Copied>(PhantomData<(T, A)>);

/// A value in an `Option`: one that is `Default`, which stands for none.
#[diagnostic::on_unimplemented(
    message = "`Option<{Self}>` is stored as values and bits, which takes a default `{Self}` for what is null",
    label = "`{Self}` is not `Default`",
    note = "derive `Default` for `{Self}`, or store the `Option` as it is: `#[record(plain)]`"
)]
pub trait NullableField: Sized {
    /// What stands for none.
    fn none() -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: Default> NullableField for T {
    #[inline]
    fn none() -> T {
        T::default()
    }
}

impl<T, A> Sealed for Plain<T, A> {}
impl<T, A> Sealed for Nullable<T, A> {}

impl<T, A: Access<T>> Fields for Plain<T, A> {
    type Values = T;
    const BITMAPS: usize = 0;
    type Stores = ();
    type Undo = ();
    type SlicesMut<'a>
        = &'a mut [T]
    where
        Self: 'a;
    const SIZES: Sizes = Sizes::of::<T>();
    const LEAVES: usize = 1;
    const WIDEST: Widest = Widest::of::<T>();

    #[inline]
    unsafe fn write<P: Place>(block: &Block, _: &mut (), index: usize, value: Self::Values) {
        // SAFETY: the block has room for the row, as the caller promises.
        let cell = unsafe { Cells::<P, T>::at(block, index) };
        // SAFETY: the cell is nobody's.
        unsafe { cell.write(value) };
    }

    #[inline]
    unsafe fn take<P: Place>(block: &Block, _: &(), index: usize) -> Self::Values {
        // SAFETY: the row is in the block, as the caller promises.
        let cell = unsafe { Cells::<P, T>::at(block, index) };
        // SAFETY: the cell is initialised, and the caller no longer counts it.
        unsafe { cell.read() }
    }

    #[inline(always)]
    unsafe fn foresee<P: Place>(block: &Block, _: &(), index: usize) {
        // SAFETY: as the caller promises.
        unsafe { Cells::<P, T>::foresee::<A>(block, index) };
    }

    unsafe fn any<'a, P: Place>(
        block: &'a Block,
        stores: &'a Self::Stores,
        rows: Range<usize>,
        _: usize,
    ) -> AnyColumn<'a>
    where
        Self: 'a,
    {
        let all = Validity::all(rows.len());
        // SAFETY: as the caller promises.
        AnyColumn::of_cells(unsafe { Self::slice::<P>(block, stores, rows) }, all)
    }

    #[inline]
    unsafe fn slices_mut<'a, P: Place>(block: &'a Block, _: &'a mut (), len: usize) -> &'a mut [T]
    where
        Self: 'a,
    {
        // SAFETY: as the caller promises.
        unsafe { Cells::<P, T>::slice_mut(block, len) }
    }

    unsafe fn drop_cells<P: Place>(block: &Block, _: &mut (), rows: Range<usize>) {
        // SAFETY: as the caller promises.
        unsafe { Cells::<P, T>::drop(block, rows) };
    }

    unsafe fn move_rows<P: Place>(block: &Block, _: &mut (), rows: Range<usize>, to: usize) {
        // SAFETY: as the caller promises.
        unsafe { Cells::<P, T>::move_rows(block, rows, to) };
    }

    unsafe fn swap_cells<P: Place>(block: &Block, _: &mut (), a: usize, b: usize) {
        // SAFETY: as the caller promises.
        unsafe { Cells::<P, T>::swap(block, a, b) };
    }

    unsafe fn move_from<P: Place>(
        block: &Block,
        _: &mut (),
        to: usize,
        other: &Block,
        _: &(),
        rows: Range<usize>,
    ) {
        // SAFETY: as the caller promises.
        unsafe { Cells::<P, T>::move_from(block, to, other, rows) };
    }

    unsafe fn partition<P: Place>(block: &Block, _: &mut (), keep: &BitArray) {
        // SAFETY: as the caller promises.
        unsafe { Cells::<P, T>::partition(block, keep) };
    }

    unsafe fn permute<P: Place>(block: &Block, _: &mut (), order: &[u32], scratch: &Scratch) {
        // SAFETY: as the caller promises.
        unsafe { Cells::<P, T>::permute(block, order, scratch) };
    }

    unsafe fn relocate<P: Place>(block: &Block, class: usize, from: usize, to: usize, len: usize) {
        // SAFETY: as the caller promises.
        unsafe { Cells::<P, T>::relocate(block, class, from, to, len) };
    }
}

impl<T: NullableField, A: Access<T>> Fields for Nullable<T, A> {
    /// The cell, and whether it is a value.
    type Values = (T, bool);
    const BITMAPS: usize = 1;
    type Stores = ();
    type Undo = ();
    type SlicesMut<'a>
        = NullableSliceMut<'a, T>
    where
        Self: 'a;
    const SIZES: Sizes = Sizes::of::<T>();
    const LEAVES: usize = 1;
    /// Bits are moved as bytes.
    const WIDEST: Widest = Widest::of::<T>().or(Widest::of::<u8>());

    unsafe fn check_cells<P: Place>(block: &Block, len: usize) {
        // SAFETY: as the caller promises.
        let cells = unsafe { Self::slice::<P>(block, &(), 0..len) };
        for null in cells.validity().iter_nulls() {
            assert!(!A::is_there(&cells.values()[null]), "a null's cell holds something");
        }
    }

    #[inline]
    unsafe fn write<P: Place>(block: &Block, _: &mut (), index: usize, value: Self::Values) {
        // SAFETY: the block has room for the row, as the caller promises.
        let cell = unsafe { Cells::<P, T>::at(block, index) };
        // SAFETY: the cell is nobody's.
        unsafe { cell.write(value.0) };
        // SAFETY: bitmaps are initialised, and the caller has the block to itself.
        let bits = unsafe { Bits::<P>::of_mut(block) };
        bitmap::set(bits, index, value.1);
    }

    #[inline]
    unsafe fn take<P: Place>(block: &Block, _: &(), index: usize) -> Self::Values {
        // SAFETY: the row is in the block, as the caller promises.
        let cell = unsafe { Cells::<P, T>::at(block, index) };
        // SAFETY: the cell is initialised, and the caller no longer counts it.
        let value = unsafe { cell.read() };
        // SAFETY: bitmaps are initialised.
        let bits = unsafe { Bits::<P>::of(block) };
        (value, bitmap::get(bits, index))
    }

    #[inline(always)]
    unsafe fn foresee<P: Place>(block: &Block, _: &(), index: usize) {
        // SAFETY: as the caller promises.
        unsafe { Cells::<P, T>::foresee::<A>(block, index) };
        // SAFETY: the row is in the block, as the caller promises.
        let byte = unsafe { Bits::<P>::byte(block, index) };
        // SAFETY: a row takes a bit.
        unsafe { block.has_read(byte.into()) };
    }

    unsafe fn any<'a, P: Place>(
        block: &'a Block,
        stores: &'a Self::Stores,
        rows: Range<usize>,
        _: usize,
    ) -> AnyColumn<'a>
    where
        Self: 'a,
    {
        // SAFETY: as the caller promises.
        let slice = unsafe { Self::slice::<P>(block, stores, rows) };
        AnyColumn::of_cells(slice.values(), slice.validity())
    }

    #[inline]
    unsafe fn slices_mut<'a, P: Place>(
        block: &'a Block,
        _: &'a mut (),
        len: usize,
    ) -> NullableSliceMut<'a, T>
    where
        Self: 'a,
    {
        // SAFETY: as the caller promises.
        let values = unsafe { Cells::<P, T>::slice_mut(block, len) };
        // SAFETY: bitmaps are initialised, and the caller has the block to itself.
        let bits = unsafe { Bits::<P>::of_mut(block) };
        NullableSliceMut::new(values, bits)
    }

    unsafe fn drop_cells<P: Place>(block: &Block, _: &mut (), rows: Range<usize>) {
        // SAFETY: as the caller promises.
        unsafe { Cells::<P, T>::drop(block, rows) };
    }

    unsafe fn move_rows<P: Place>(block: &Block, _: &mut (), rows: Range<usize>, to: usize) {
        // SAFETY: as the caller promises.
        unsafe { Cells::<P, T>::move_rows(block, rows.clone(), to) };
        // SAFETY: bitmaps are initialised, and the caller has the block to itself.
        let bits = unsafe { Bits::<P>::of_mut(block) };
        bitmap::copy_within(bits, rows.start, to, rows.len());
    }

    unsafe fn swap_cells<P: Place>(block: &Block, _: &mut (), a: usize, b: usize) {
        // SAFETY: as the caller promises.
        unsafe { Cells::<P, T>::swap(block, a, b) };
        // SAFETY: bitmaps are initialised, and the caller has the block to itself.
        let bits = unsafe { Bits::<P>::of_mut(block) };
        let (bit_a, bit_b) = (bitmap::get(bits, a), bitmap::get(bits, b));
        bitmap::set(bits, a, bit_b);
        bitmap::set(bits, b, bit_a);
    }

    unsafe fn move_from<P: Place>(
        block: &Block,
        _: &mut (),
        to: usize,
        other: &Block,
        _: &(),
        rows: Range<usize>,
    ) {
        // SAFETY: as the caller promises.
        unsafe { Cells::<P, T>::move_from(block, to, other, rows.clone()) };
        // SAFETY: bitmaps are initialised, and the caller has the block to itself.
        let bits = unsafe { Bits::<P>::of_mut(block) };
        // SAFETY: as above.
        let others = unsafe { Bits::<P>::of(other) };
        bitmap::copy(others, rows.start, bits, to, rows.len());
    }

    unsafe fn partition<P: Place>(block: &Block, _: &mut (), keep: &BitArray) {
        // SAFETY: as the caller promises.
        unsafe { Cells::<P, T>::partition(block, keep) };
        // SAFETY: bitmaps are initialised, and the caller has the block to itself.
        let bits = unsafe { Bits::<P>::of_mut(block) };
        for (to, from) in keep.iter_ones().enumerate() {
            let bit = bitmap::get(bits, from);
            bitmap::set(bits, to, bit);
        }
    }

    unsafe fn permute<P: Place>(block: &Block, _: &mut (), order: &[u32], scratch: &Scratch) {
        // SAFETY: as the caller promises.
        unsafe { Cells::<P, T>::permute(block, order, scratch) };
        // SAFETY: as above.
        unsafe { Bits::<P>::permute(block, order, scratch) };
    }

    unsafe fn relocate<P: Place>(block: &Block, class: usize, from: usize, to: usize, len: usize) {
        // SAFETY: as the caller promises.
        unsafe { Cells::<P, T>::relocate(block, class, from, to, len) };
    }

    unsafe fn relocate_bitmaps<P: Place>(block: &Block, from: usize, to: usize, len: usize) {
        // SAFETY: as the caller promises.
        unsafe { Bits::<P>::relocate(block, from, to, len) };
    }
}

impl<T, A: Access<T>> Leaf for Plain<T, A> {
    type Value = T;
    type Get<'a>
        = A::Get<'a>
    where
        Self: 'a;
    type Slice<'a>
        = &'a [T]
    where
        Self: 'a;

    #[inline]
    fn pack(value: T) -> T {
        value
    }

    #[inline]
    unsafe fn get<'a, P: Place>(block: &'a Block, _: &'a (), index: usize) -> A::Get<'a>
    where
        Self: 'a,
    {
        // SAFETY: the row is in the block, as the caller promises.
        let cell = unsafe { Cells::<P, T>::at(block, index) };
        // SAFETY: the cell is initialised, and not written to as long as the block is borrowed.
        A::get(unsafe { &*cell })
    }

    #[inline]
    unsafe fn slice<'a, P: Place>(block: &'a Block, _: &'a (), rows: Range<usize>) -> &'a [T]
    where
        Self: 'a,
    {
        // SAFETY: as the caller promises.
        unsafe { Cells::<P, T>::slice(block, rows) }
    }
}

impl<T: NullableField, A: Access<T>> Leaf for Nullable<T, A> {
    type Value = Option<T>;
    type Get<'a>
        = Option<A::Get<'a>>
    where
        Self: 'a;
    type Slice<'a>
        = NullableSlice<'a, T>
    where
        Self: 'a;

    #[inline]
    fn pack(value: Option<T>) -> (T, bool) {
        let there = value.is_some();
        (value.unwrap_or_else(T::none), there)
    }

    #[inline]
    unsafe fn get<'a, P: Place>(block: &'a Block, _: &'a (), index: usize) -> Option<A::Get<'a>>
    where
        Self: 'a,
    {
        // SAFETY: the row is in the block, as the caller promises.
        let cell = unsafe { Cells::<P, T>::at(block, index) };
        // SAFETY: the cell is initialised, also that of a null, and not written to as long as the block is borrowed.
        let cell = unsafe { &*cell };
        // SAFETY: the row is in the block, as the caller promises.
        let byte = unsafe { Bits::<P>::byte(block, index) };
        let value = A::get(cell);
        // Both are asked, so that there is no jump; and the bit in 16 bits, since vectors of bytes cannot be shifted.
        (A::is_there(cell) | (u16::from(byte) & 1 << (index % 8) != 0)).then_some(value)
    }

    #[inline]
    unsafe fn slice<'a, P: Place>(
        block: &'a Block,
        _: &'a (),
        rows: Range<usize>,
    ) -> NullableSlice<'a, T>
    where
        Self: 'a,
    {
        // SAFETY: bitmaps are initialised, and not written to as long as the block is borrowed.
        let bits = unsafe { Bits::<P>::of(block) };
        // SAFETY: as the caller promises.
        let cells = unsafe { Cells::<P, T>::slice(block, rows.clone()) };
        NullableSlice::new(cells, Validity::new(bits, rows.start, rows.len()))
    }
}

impl<T, A: Access<T>> Replace for Plain<T, A> {
    #[inline]
    unsafe fn set<P: Place>(
        block: &Block,
        _: &mut (),
        index: usize,
        value: T,
    ) -> Result<(), StoreError> {
        // SAFETY: the row is in the block, as the caller promises.
        let cell = unsafe { Cells::<P, T>::at(block, index) };
        // SAFETY: the cell is initialised, and the caller has it to itself.
        drop(unsafe { cell.replace(value) });
        Ok(())
    }
}

impl<T: NullableField, A: Access<T>> Replace for Nullable<T, A> {
    #[inline]
    unsafe fn set<P: Place>(
        block: &Block,
        _: &mut (),
        index: usize,
        value: (T, bool),
    ) -> Result<(), StoreError> {
        // SAFETY: the row is in the block, as the caller promises.
        let cell = unsafe { Cells::<P, T>::at(block, index) };
        // SAFETY: bitmaps are initialised, and the caller has the column to itself.
        let bits = unsafe { Bits::<P>::of_mut(block) };
        bitmap::set(bits, index, value.1);
        // SAFETY: the cell is initialised, and the caller has it to itself.
        drop(unsafe { cell.replace(value.0) });
        Ok(())
    }
}

impl<T, A: Access<T>> Own for Plain<T, A>
where
    T: Clone,
{
    unsafe fn own<P: Place>(block: &Block, _: &(), index: usize) -> T {
        // SAFETY: the row is in the block, as the caller promises.
        let cell = unsafe { Cells::<P, T>::at(block, index) };
        // SAFETY: the cell is initialised, and not written to meanwhile.
        unsafe { &*cell }.clone()
    }

    unsafe fn try_clone_from<P: Place>(
        block: &Block,
        _: &mut (),
        onto: Onto,
        other: &Block,
        _: &(),
        rows: Which<'_>,
    ) -> Result<(), Refused> {
        // SAFETY: as the caller promises.
        unsafe { Cells::<P, T>::clone_from::<Self>(block, onto.start(), other, rows) };
        Ok(())
    }
}

impl<T: NullableField, A: Access<T>> Own for Nullable<T, A>
where
    T: Clone,
{
    unsafe fn own<P: Place>(block: &Block, _: &(), index: usize) -> (T, bool) {
        // SAFETY: the row is in the block, as the caller promises.
        let cell = unsafe { Cells::<P, T>::at(block, index) };
        // SAFETY: bitmaps are initialised.
        let bits = unsafe { Bits::<P>::of(block) };
        // SAFETY: the cell is initialised, and not written to meanwhile.
        (unsafe { &*cell }.clone(), bitmap::get(bits, index))
    }

    unsafe fn try_clone_from<P: Place>(
        block: &Block,
        _: &mut (),
        onto: Onto,
        other: &Block,
        _: &(),
        rows: Which<'_>,
    ) -> Result<(), Refused> {
        let to = onto.start();
        // SAFETY: as the caller promises.
        unsafe { Cells::<P, T>::clone_from::<Self>(block, to, other, rows.clone()) };
        // SAFETY: bitmaps are initialised, and the caller has the block to itself.
        let bits = unsafe { Bits::<P>::of_mut(block) };
        // SAFETY: as above.
        let others = unsafe { Bits::<P>::of(other) };
        match rows {
            Which::Range(rows) => bitmap::copy(others, rows.start, bits, to, rows.len()),
            Which::At(indices) => {
                for (place, &index) in (to..).zip(indices) {
                    bitmap::set(bits, place, bitmap::get(others, index));
                }
            }
        }
        Ok(())
    }
}

impl<T, A: Access<T>> Plain<T, A> {
    /// The cell of a row, to change it.
    ///
    /// # Safety
    ///
    /// As of `Fields::write`, of a row that is there; nobody else reads or writes the cell as long as it is borrowed.
    #[inline]
    #[expect(
        clippy::mut_from_ref,
        reason = "the block says where memory is; who calls says whose it is"
    )]
    pub(super) unsafe fn cell_mut<P: Place>(block: &Block, index: usize) -> &mut T {
        // SAFETY: the row is in the block, as the caller promises.
        let cell = unsafe { Cells::<P, T>::at(block, index) };
        // SAFETY: the cell is initialised, and the caller has it to itself.
        unsafe { &mut *cell }
    }
}
