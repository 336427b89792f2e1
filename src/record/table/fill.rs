//! Rows of what is borrowed elsewhere: they are pushed without making the struct first, so that text goes to its column as it lies
//! in a buffer.
#![allow(unsafe_code)]

use super::Table;
use crate::array::{BitArray, IntArray, NullableIntArray};
#[cfg(feature = "csv")]
use crate::raw::ReserveError;
use crate::raw::columns::Block;
use crate::record::access::Access;
use crate::record::bits::BitColumn;
use crate::record::cells::{Nullable, Plain};
use crate::record::dict::DictColumn;
use crate::record::error::{Refused, StoreError};
use crate::record::fields::Fields;
use crate::record::nested::Nested;
use crate::record::place::{After, Place, Start};
use crate::record::schema::Record;
use crate::record::store::Store;
use crate::record::stored::Stored;
use crate::record::text::{TextColumn, TextField};

/// Fields that take what they lend.
pub trait Fill: Fields {
    /// The values of a row: those of the struct, but what a column that owns its buffers lends in the place of what it is made of.
    type Input<'a>
    where
        Self: 'a;

    /// How many columns these are: one for each field of the record, and for those of records in it.
    const COLUMNS: usize;

    /// The number of the field that a column is of.
    #[expect(unused_variables, reason = "a field that is one column is the first")]
    fn leaf(column: usize) -> usize {
        0
    }

    /// Appends to the stores, which have `len` rows. Where one refuses, all are as they were, and it is named by its number
    /// among all `COLUMNS`.
    fn try_fill<'a>(
        stores: &mut Self::Stores,
        input: &Self::Input<'a>,
        len: usize,
    ) -> Result<(), Refused>
    where
        Self: 'a;

    /// Makes room for exactly so many rows more in the blocks of nested records.
    #[cfg(feature = "csv")]
    #[expect(unused_variables, reason = "most fields have no block of their own")]
    fn try_reserve_blocks(
        stores: &mut Self::Stores,
        additional: usize,
    ) -> Result<(), ReserveError> {
        Ok(())
    }

    /// Moves values into the cells of row `index`.
    ///
    /// # Safety
    ///
    /// As of `Fields::write`.
    unsafe fn write_input<'a, P: Place>(
        block: &Block,
        stores: &mut Self::Stores,
        index: usize,
        input: Self::Input<'a>,
    ) where
        Self: 'a;
}

/// A column that takes what it lends.
pub trait FillStore: Store {
    /// Appends a value. What fails leaves the column as it was.
    fn try_push_lent<'a>(&mut self, value: &Self::Get<'a>) -> Result<(), StoreError>
    where
        Self: 'a;
}

impl<F: Fill> Table<F> {
    /// Appends a row. Where it is refused, nothing changes.
    #[inline(always)]
    pub(in crate::record) fn try_fill<'a>(
        &mut self,
        input: F::Input<'a>,
    ) -> Result<(), (F::Input<'a>, Refused)>
    where
        F: 'a,
    {
        let len = self.len;
        let room = self.try_grow(1).map_err(|error| StoreError::from(error).into());
        if let Err(refused) = room.and_then(|()| F::try_fill(&mut self.stores, &input, len)) {
            return Err((input, refused));
        }
        // SAFETY: there is room for a row more, and its cells are nobody's, as they lie behind `len`.
        unsafe { F::write_input::<Start<F>>(&self.block, &mut self.stores, len, input) };
        self.set_len(len + 1);
        Ok(())
    }

    /// Makes room for exactly so many rows more in the block, and in those of nested records.
    #[cfg(feature = "csv")]
    pub(in crate::record) fn try_reserve_blocks(
        &mut self,
        additional: usize,
    ) -> Result<(), ReserveError> {
        let needed = self.len.checked_add(additional).ok_or(ReserveError::CapacityOverflow)?;
        if needed > self.capacity() {
            self.set_capacity(needed)?;
        }
        F::try_reserve_blocks(&mut self.stores, additional)
    }
}

impl Fill for () {
    type Input<'a> = ();
    const COLUMNS: usize = 0;

    fn try_fill<'a>((): &mut (), (): &(), _: usize) -> Result<(), Refused>
    where
        Self: 'a,
    {
        Ok(())
    }

    unsafe fn write_input<'a, P: Place>(_: &Block, (): &mut (), _: usize, (): ())
    where
        Self: 'a,
    {
    }
}

impl<A: Fill, B: Fill> Fill for (A, B) {
    type Input<'a>
        = (A::Input<'a>, B::Input<'a>)
    where
        Self: 'a;
    const COLUMNS: usize = A::COLUMNS + B::COLUMNS;

    fn leaf(column: usize) -> usize {
        match column.checked_sub(A::COLUMNS) {
            None => A::leaf(column),
            Some(column) => A::LEAVES + B::leaf(column),
        }
    }

    #[inline]
    fn try_fill<'a>(
        stores: &mut Self::Stores,
        input: &Self::Input<'a>,
        len: usize,
    ) -> Result<(), Refused>
    where
        Self: 'a,
    {
        A::try_fill(&mut stores.0, &input.0, len)?;
        B::try_fill(&mut stores.1, &input.1, len).map_err(|refused| {
            A::truncate_stores(&mut stores.0, len);
            refused.behind(A::COLUMNS)
        })
    }

    #[cfg(feature = "csv")]
    fn try_reserve_blocks(
        stores: &mut Self::Stores,
        additional: usize,
    ) -> Result<(), ReserveError> {
        A::try_reserve_blocks(&mut stores.0, additional)?;
        B::try_reserve_blocks(&mut stores.1, additional)
    }

    #[inline]
    unsafe fn write_input<'a, P: Place>(
        block: &Block,
        stores: &mut Self::Stores,
        index: usize,
        input: Self::Input<'a>,
    ) where
        Self: 'a,
    {
        // SAFETY: as the caller promises.
        unsafe { A::write_input::<P>(block, &mut stores.0, index, input.0) };
        // SAFETY: as above.
        unsafe { B::write_input::<After<P, A>>(block, &mut stores.1, index, input.1) };
    }
}

/// Cells take values.
macro_rules! cells {
    ($leaf:ty, $value:ty, $($bound:tt)*) => {
        impl<T: $($bound)*, A: Access<T>> Fill for $leaf {
            type Input<'a>
                = $value
            where
                Self: 'a;
            const COLUMNS: usize = 1;

            #[inline]
            fn try_fill<'a>((): &mut (), _: &$value, _: usize) -> Result<(), Refused>
            where
                Self: 'a,
            {
                Ok(())
            }

            #[inline]
            unsafe fn write_input<'a, P: Place>(
                block: &Block,
                stores: &mut (),
                index: usize,
                input: $value,
            ) where
                Self: 'a,
            {
                // SAFETY: as the caller promises.
                unsafe { Self::write::<P>(block, stores, index, input) };
            }
        }
    };
}

cells!(Plain<T, A>, T, Sized);
cells!(Nullable<T, A>, (T, bool), Default);

impl<S: FillStore> Fill for Stored<S> {
    type Input<'a>
        = S::Get<'a>
    where
        Self: 'a;
    const COLUMNS: usize = 1;

    #[inline]
    fn try_fill<'a>(store: &mut S, input: &S::Get<'a>, _: usize) -> Result<(), Refused>
    where
        Self: 'a,
    {
        Ok(store.try_push_lent(input)?)
    }

    #[inline]
    unsafe fn write_input<'a, P: Place>(_: &Block, _: &mut S, _: usize, _: S::Get<'a>)
    where
        Self: 'a,
    {
    }
}

impl<R: Record<Fields: Fill>> Fill for Nested<R> {
    type Input<'a>
        = <R::Fields as Fill>::Input<'a>
    where
        Self: 'a;
    const COLUMNS: usize = R::Fields::COLUMNS;

    fn try_fill<'a>(
        table: &mut Self::Stores,
        input: &Self::Input<'a>,
        len: usize,
    ) -> Result<(), Refused>
    where
        Self: 'a,
    {
        table.try_grow(1).map_err(StoreError::from)?;
        R::Fields::try_fill(&mut table.stores, input, len)
    }

    #[cfg(feature = "csv")]
    fn try_reserve_blocks(table: &mut Self::Stores, additional: usize) -> Result<(), ReserveError> {
        table.try_reserve_blocks(additional)
    }

    unsafe fn write_input<'a, P: Place>(
        _: &Block,
        table: &mut Self::Stores,
        index: usize,
        input: Self::Input<'a>,
    ) where
        Self: 'a,
    {
        let Table { block, stores, .. } = table;
        // SAFETY: the rows are those of the record around, as the caller promises.
        unsafe { R::Fields::write_input::<Start<R::Fields>>(block, stores, index, input) };
    }
}

impl<V: TextField> FillStore for DictColumn<V> {
    #[inline(always)]
    fn try_push_lent<'a>(&mut self, text: &V::Ref<'a>) -> Result<(), StoreError>
    where
        Self: 'a,
    {
        self.try_push(*text)
    }
}

impl<V: TextField> FillStore for TextColumn<V> {
    #[inline(always)]
    fn try_push_lent<'a>(&mut self, text: &V::Ref<'a>) -> Result<(), StoreError>
    where
        Self: 'a,
    {
        self.try_push(*text)
    }
}

macro_rules! packed {
    ($($value:ty => $array:ty),*) => {$(
        impl FillStore for $array {
            #[inline]
            fn try_push_lent<'a>(&mut self, value: &$value) -> Result<(), StoreError>
            where
                Self: 'a,
            {
                Store::try_push(self, value)
            }
        }
    )*};
}

macro_rules! integers {
    ($($int:ty),*) => {
        packed!($($int => IntArray<$int>, Option<$int> => NullableIntArray<$int>),*);
    };
}

packed!(bool => BitArray, Option<bool> => BitColumn);
integers!(i8, i16, i32, i64, u8, u16, u32, u64);
