//! The deep size of records: their block, their stores, and what values own.
#![allow(unsafe_code)]

use super::access::Access;
use super::cells::{Nullable, Plain};
use super::enums::{Enum, EnumRows};
use super::fields::Fields;
use super::leaf::Leaf;
use super::nested::Nested;
use super::place::{After, Place, Start};
use super::records::Records;
use super::schema::Record;
use super::store::Store;
use super::stored::Stored;
use super::table::Table;
use super::variants::{Variant, Variants};
use crate::raw::columns::Block as Cells;
use crate::size::{HeapSize, Visitor};

/// Fields whose values can tell what they own.
pub trait Weigh: Fields {
    /// Tells of what the first `len` rows own beside the block.
    ///
    /// # Safety
    ///
    /// As of the methods of [`Fields`].
    unsafe fn visit<'v, P: Place>(
        block: &'v Cells,
        stores: &'v Self::Stores,
        len: usize,
        names: &'static [&'static str],
        visitor: &mut Visitor<'v>,
    ) where
        Self: 'v;
}

impl Weigh for () {
    unsafe fn visit<'v, P: Place>(
        _: &'v Cells,
        _: &'v (),
        _: usize,
        _: &'static [&'static str],
        _: &mut Visitor<'v>,
    ) where
        Self: 'v,
    {
    }
}

impl<A: Weigh, B: Weigh> Weigh for (A, B) {
    unsafe fn visit<'v, P: Place>(
        block: &'v Cells,
        stores: &'v Self::Stores,
        len: usize,
        names: &'static [&'static str],
        visitor: &mut Visitor<'v>,
    ) where
        Self: 'v,
    {
        let (first, second) = names.split_at(A::LEAVES.min(names.len()));
        // SAFETY: as the caller promises.
        unsafe { A::visit::<P>(block, &stores.0, len, first, visitor) };
        // SAFETY: as above.
        unsafe { B::visit::<After<P, A>>(block, &stores.1, len, second, visitor) };
    }
}

impl<T: HeapSize, A: Access<T>> Weigh for Plain<T, A> {
    unsafe fn visit<'v, P: Place>(
        block: &'v Cells,
        stores: &'v (),
        len: usize,
        _: &'static [&'static str],
        visitor: &mut Visitor<'v>,
    ) where
        Self: 'v,
    {
        // SAFETY: as the caller promises.
        visitor.elements(unsafe { Self::slice::<P>(block, stores, 0..len) });
    }
}

impl<T: HeapSize + Default, A: Access<T>> Weigh for Nullable<T, A> {
    unsafe fn visit<'v, P: Place>(
        block: &'v Cells,
        stores: &'v (),
        len: usize,
        _: &'static [&'static str],
        visitor: &mut Visitor<'v>,
    ) where
        Self: 'v,
    {
        // SAFETY: as the caller promises.
        visitor.elements(unsafe { Self::slice::<P>(block, stores, 0..len) }.values());
    }
}

impl<S: Store + HeapSize> Weigh for Stored<S> {
    unsafe fn visit<'v, P: Place>(
        _: &'v Cells,
        store: &'v S,
        _: usize,
        names: &'static [&'static str],
        visitor: &mut Visitor<'v>,
    ) where
        Self: 'v,
    {
        visitor.field(names.first().copied().unwrap_or_default(), store);
    }
}

impl<R: Record<Fields: Weigh>> Weigh for Nested<R> {
    unsafe fn visit<'v, P: Place>(
        _: &'v Cells,
        table: &'v Table<R::Fields>,
        _: usize,
        _: &'static [&'static str],
        visitor: &mut Visitor<'v>,
    ) where
        Self: 'v,
    {
        table.visit(R::NAMES, visitor);
    }
}

impl<V: WeighVariants> Weigh for Enum<V> {
    unsafe fn visit<'v, P: Place>(
        _: &'v Cells,
        rows: &'v EnumRows<V>,
        _: usize,
        _: &'static [&'static str],
        visitor: &mut Visitor<'v>,
    ) where
        Self: 'v,
    {
        let tables = rows.visit(visitor);
        V::visit(tables, visitor);
    }
}

/// Variants whose values can tell what they own.
pub trait WeighVariants: Variants {
    /// Tells of all that they own.
    fn visit<'v>(tables: &'v Self::Tables, visitor: &mut Visitor<'v>)
    where
        Self: 'v;
}

impl<F: Weigh> WeighVariants for Variant<F> {
    fn visit<'v>(table: &'v Table<F>, visitor: &mut Visitor<'v>)
    where
        Self: 'v,
    {
        table.visit(&[], visitor);
    }
}

impl<A: WeighVariants, B: WeighVariants> WeighVariants for (A, B) {
    fn visit<'v>(tables: &'v Self::Tables, visitor: &mut Visitor<'v>)
    where
        Self: 'v,
    {
        A::visit(&tables.0, visitor);
        B::visit(&tables.1, visitor);
    }
}

impl<F: Weigh> Table<F> {
    /// Tells of the block, and of what is in it and beside it.
    fn visit<'v>(&'v self, names: &'static [&'static str], visitor: &mut Visitor<'v>) {
        visitor.block(self.memory());
        // SAFETY: the rows are there.
        unsafe { F::visit::<Start<F>>(self.block(), self.stores(), self.len(), names, visitor) };
    }
}

impl<R: Record<Fields: Weigh>> HeapSize for Records<R> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.table().visit(R::NAMES, visitor);
    }

    fn owns_heap() -> bool {
        true
    }
}
