//! Rows and columns of frozen records, by the ways to their fields.

use super::column::Family;
use super::freeze::{Freeze, FreezeLeaf};
use crate::array::Buffer;
use crate::record::cells::{Nullable, Plain};
use crate::record::leaf::{Here, Leaf, Left, Right};
use crate::record::nested::Nested;
use crate::record::schema::Record;
use crate::record::stored::Stored;
use core::fmt;

/// A struct whose frozen records have rows and columns by its names: one that says `#[record(freeze)]`.
///
/// It is derived, and not meant to be implemented by hand: see [`Frozen`](super::Frozen).
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no frozen rows and columns by name",
    note = "they are there where the struct says `#[record(freeze)]`; where it does not, frozen records thaw, by the row or all of them"
)]
pub trait FreezeRecord: Record<Fields: Freeze> {
    /// What `frozen.get(index)` gives.
    type FrozenRow<'a, W: Buffer<u8> + 'a>: Copy + fmt::Debug
    where
        Self: 'a;

    /// What `frozen.columns()` gives.
    type FrozenColumns<'a, W: Buffer<u8> + 'a>: Copy
    where
        Self: 'a;

    /// A row by its methods.
    fn frozen_row<'a, W: Buffer<u8> + 'a>(
        row: FrozenRowOf<'a, Self::Fields, W>,
    ) -> Self::FrozenRow<'a, W>
    where
        Self: 'a;

    /// Columns by their methods.
    fn frozen_columns<'a, W: Buffer<u8> + 'a>(
        columns: FrozenColumnsOf<'a, Self::Fields, W>,
    ) -> Self::FrozenColumns<'a, W>
    where
        Self: 'a;
}

/// A field of which frozen rows and columns give something.
pub trait FrozenLeaf: Freeze {
    /// What a row gives.
    type Get<'a, W: Buffer<u8> + 'a>: Copy + fmt::Debug
    where
        Self: 'a;

    /// What columns give.
    type Column<'a, W: Buffer<u8> + 'a>
    where
        Self: 'a;

    /// The value of a row.
    fn get<'a, W: Buffer<u8> + 'a>(frozen: &'a Self::Frozen<W>, index: usize) -> Self::Get<'a, W>
    where
        Self: 'a;

    /// The column.
    fn column<'a, W: Buffer<u8> + 'a>(frozen: &'a Self::Frozen<W>) -> Self::Column<'a, W>
    where
        Self: 'a;
}

macro_rules! frozen_leaves {
    ($([$($generics:tt)*] $leaf:ty;)*) => {$(
        impl<$($generics)*> FrozenLeaf for $leaf
        where
            Self: FreezeLeaf,
        {
            type Get<'a, W: Buffer<u8> + 'a>
                = <<Self as FreezeLeaf>::Family as Family>::Get<'a>
            where
                Self: 'a;

            type Column<'a, W: Buffer<u8> + 'a>
                = &'a <<Self as FreezeLeaf>::Family as Family>::Column<W>
            where
                Self: 'a;

            #[inline]
            fn get<'a, W: Buffer<u8> + 'a>(column: &'a Self::Frozen<W>, index: usize) -> Self::Get<'a, W>
            where
                Self: 'a,
            {
                <Self as FreezeLeaf>::Family::get::<W>(column, index)
            }

            #[inline]
            fn column<'a, W: Buffer<u8> + 'a>(column: &'a Self::Frozen<W>) -> Self::Column<'a, W>
            where
                Self: 'a,
            {
                column
            }
        }
    )*};
}

frozen_leaves! {
    [T, A] Plain<T, A>;
    [T: Default, A] Nullable<T, A>;
    [S] Stored<S>;
}

impl<R: FreezeRecord> FrozenLeaf for Nested<R> {
    type Get<'a, W: Buffer<u8> + 'a>
        = R::FrozenRow<'a, W>
    where
        Self: 'a;

    type Column<'a, W: Buffer<u8> + 'a>
        = R::FrozenColumns<'a, W>
    where
        Self: 'a;

    #[inline]
    fn get<'a, W: Buffer<u8> + 'a>(frozen: &'a Self::Frozen<W>, index: usize) -> Self::Get<'a, W>
    where
        Self: 'a,
    {
        R::frozen_row(FrozenRowOf { columns: frozen, index })
    }

    #[inline]
    fn column<'a, W: Buffer<u8> + 'a>(frozen: &'a Self::Frozen<W>) -> Self::Column<'a, W>
    where
        Self: 'a,
    {
        R::frozen_columns(FrozenColumnsOf { columns: frozen })
    }
}

/// Frozen fields with a leaf at the end of the way `I`.
pub trait FrozenAt<I>: Freeze {
    /// The leaf.
    type Leaf: FrozenLeaf;

    /// Its column or columns.
    fn frozen<W: Buffer<u8>>(frozen: &Self::Frozen<W>) -> &<Self::Leaf as Freeze>::Frozen<W>;
}

impl<L: FrozenLeaf + Leaf> FrozenAt<Here> for L {
    type Leaf = L;

    #[inline]
    fn frozen<W: Buffer<u8>>(frozen: &L::Frozen<W>) -> &L::Frozen<W> {
        frozen
    }
}

impl<A: FrozenAt<I>, B: Freeze, I> FrozenAt<Left<I>> for (A, B) {
    type Leaf = A::Leaf;

    #[inline]
    fn frozen<W: Buffer<u8>>(frozen: &Self::Frozen<W>) -> &<A::Leaf as Freeze>::Frozen<W> {
        A::frozen::<W>(&frozen.0)
    }
}

impl<A: Freeze, B: FrozenAt<I>, I> FrozenAt<Right<I>> for (A, B) {
    type Leaf = B::Leaf;

    #[inline]
    fn frozen<W: Buffer<u8>>(frozen: &Self::Frozen<W>) -> &<B::Leaf as Freeze>::Frozen<W> {
        B::frozen::<W>(&frozen.1)
    }
}

/// A row of frozen records, without names.
pub struct FrozenRowOf<'a, F: Freeze, W: Buffer<u8>> {
    columns: &'a F::Frozen<W>,
    index: usize,
}

impl<'a, F: Freeze, W: Buffer<u8>> FrozenRowOf<'a, F, W> {
    /// A row of columns, which have it.
    #[inline]
    pub(super) fn new(columns: &'a F::Frozen<W>, index: usize) -> Self {
        Self { columns, index }
    }

    /// Which row it is.
    #[inline]
    pub fn index(self) -> usize {
        self.index
    }

    /// The value of a field.
    #[inline]
    pub fn get<I>(self) -> <F::Leaf as FrozenLeaf>::Get<'a, W>
    where
        F: FrozenAt<I>,
        F::Leaf: 'a,
    {
        F::Leaf::get::<W>(F::frozen::<W>(self.columns), self.index)
    }
}

impl<F: Freeze, W: Buffer<u8>> fmt::Debug for FrozenRowOf<'_, F, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FrozenRow").field("index", &self.index).finish_non_exhaustive()
    }
}

impl<F: Freeze, W: Buffer<u8>> Clone for FrozenRowOf<'_, F, W> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F: Freeze, W: Buffer<u8>> Copy for FrozenRowOf<'_, F, W> {}

/// The columns of frozen records, without names.
pub struct FrozenColumnsOf<'a, F: Freeze, W: Buffer<u8>> {
    columns: &'a F::Frozen<W>,
}

impl<'a, F: Freeze, W: Buffer<u8>> FrozenColumnsOf<'a, F, W> {
    #[inline]
    pub(super) fn new(columns: &'a F::Frozen<W>) -> Self {
        Self { columns }
    }

    /// The column of a field.
    #[inline]
    pub fn get<I>(self) -> <F::Leaf as FrozenLeaf>::Column<'a, W>
    where
        F: FrozenAt<I>,
        F::Leaf: 'a,
    {
        F::Leaf::column::<W>(F::frozen::<W>(self.columns))
    }
}

impl<F: Freeze, W: Buffer<u8>> fmt::Debug for FrozenColumnsOf<'_, F, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FrozenColumns").finish_non_exhaustive()
    }
}

impl<F: Freeze, W: Buffer<u8>> Clone for FrozenColumnsOf<'_, F, W> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F: Freeze, W: Buffer<u8>> Copy for FrozenColumnsOf<'_, F, W> {}
