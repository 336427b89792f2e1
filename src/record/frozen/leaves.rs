//! The fields that freeze into one column each.

use super::column::Family;
use super::freeze::FreezeLeaf;
use super::value::FreezeValue;
use crate::array::{BitArray, Buffer, Int, IntArray, NullableIntArray};
use crate::raw::{ReserveError, growth};
use crate::record::access::Access;
use crate::record::bits::BitColumn;
use crate::record::cells::{Nullable, Plain};
use crate::record::error::StoreError;
use crate::record::leaf::Leaf;
use crate::record::part::{Filled, Gap, Part};
use crate::record::place::Place;
use crate::record::store::Store;
use crate::record::stored::Stored;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ops::Range;

impl<T: FreezeValue, A: Access<T>> FreezeLeaf for Plain<T, A> {
    type Family = T;

    fn try_freeze<P: Place>(
        part: Part<'_, P, Self>,
    ) -> Result<T::Column<Box<[u64]>>, ReserveError> {
        T::try_freeze(part.slice())
    }

    fn try_thaw<P: Place, W: Buffer<u8>>(
        column: &T::Column<W>,
        rows: Range<usize>,
        gap: Gap<'_, P, Self>,
    ) -> Result<Filled<P, Self>, StoreError> {
        Ok(gap.cells(T::iter_range::<W>(column, rows)))
    }
}

impl<T: Copy + Default, A: Access<T>> FreezeLeaf for Nullable<T, A>
where
    Option<T>: FreezeValue,
{
    type Family = Option<T>;

    fn try_freeze<P: Place>(
        part: Part<'_, P, Self>,
    ) -> Result<<Option<T> as Family>::Column<Box<[u64]>>, ReserveError> {
        let column = part.slice();
        let mut values = Vec::new();
        growth::reserve_exact(&mut values, column.len())?;
        values.extend(column.iter().map(|value| value.copied()));
        FreezeValue::try_freeze(&values)
    }

    fn try_thaw<P: Place, W: Buffer<u8>>(
        column: &<Option<T> as Family>::Column<W>,
        rows: Range<usize>,
        gap: Gap<'_, P, Self>,
    ) -> Result<Filled<P, Self>, StoreError> {
        Ok(gap.cells(<Option<T>>::iter_range::<W>(column, rows).map(Self::pack)))
    }
}

/// A store that can be frozen.
pub trait FreezeStore: Store {
    /// What it holds.
    type Family: Family;

    /// Freezes all rows.
    fn try_freeze(&self) -> Result<<Self::Family as Family>::Column<Box<[u64]>>, ReserveError>;

    /// A store of rows.
    fn try_thaw<W: Buffer<u8>>(
        column: &<Self::Family as Family>::Column<W>,
        rows: Range<usize>,
    ) -> Result<Self, StoreError>;
}

impl<S: FreezeStore> FreezeLeaf for Stored<S> {
    type Family = S::Family;

    fn try_freeze<P: Place>(
        part: Part<'_, P, Self>,
    ) -> Result<<S::Family as Family>::Column<Box<[u64]>>, ReserveError> {
        part.stores().try_freeze()
    }

    fn try_thaw<P: Place, W: Buffer<u8>>(
        column: &<S::Family as Family>::Column<W>,
        rows: Range<usize>,
        gap: Gap<'_, P, Self>,
    ) -> Result<Filled<P, Self>, StoreError> {
        Ok(gap.store(S::try_thaw::<W>(column, rows)?))
    }
}

/// An array of packed values, by the values.
macro_rules! packed {
    ($([$($generics:tt)*] $array:ty, $value:ty;)*) => {$(
        impl<$($generics)*> FreezeStore for $array
        where
            $array: Store<Value = $value>,
            $value: FreezeValue,
        {
            type Family = $value;

            fn try_freeze(
                &self,
            ) -> Result<<$value as Family>::Column<Box<[u64]>>, ReserveError> {
                let mut values = Vec::new();
                growth::reserve_exact(&mut values, self.len())?;
                self.for_each_block(|block| values.extend_from_slice(block));
                FreezeValue::try_freeze(&values)
            }

            fn try_thaw<W: Buffer<u8>>(
                column: &<$value as Family>::Column<W>,
                rows: Range<usize>,
            ) -> Result<Self, StoreError> {
                let mut array = Self::new();
                let mut failed = None;
                let mut block = arrayvec::ArrayVec::<$value, 256>::new();
                let mut flush = |block: &mut arrayvec::ArrayVec<$value, 256>| {
                    if let Err(error) = array.try_extend_from_slice(block) {
                        failed = Some(StoreError::from(error));
                    }
                    block.clear();
                };
                <$value>::iter_range::<W>(column, rows).for_each(|value| {
                    if block.is_full() {
                        flush(&mut block);
                    }
                    block.push(value);
                });
                flush(&mut block);
                failed.map_or(Ok(array), Err)
            }
        }
    )*};
}

packed! {
    [T: Int] IntArray<T>, T;
    [T: Int] NullableIntArray<T>, Option<T>;
    [] BitArray, bool;
    [] BitColumn, Option<bool>;
}
