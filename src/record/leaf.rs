//! One field among the fields of a record, and the way to it.
#![allow(unsafe_code)]

use super::error::StoreError;
use super::fields::Fields;
use super::place::{After, Place};
use crate::raw::columns::Block;
use core::marker::PhantomData;
use core::ops::Range;

/// A field that is stored in one way: what rows and columns give of it.
pub trait Leaf: Fields {
    /// What the struct's field holds.
    type Value;

    /// What a row gives.
    type Get<'a>
    where
        Self: 'a;

    /// What stands for the values of rows next to one another.
    type Slice<'a>: Copy
    where
        Self: 'a;

    /// A field's value as columns take it.
    fn pack(value: Self::Value) -> Self::Values;

    /// The value of a row.
    ///
    /// # Safety
    ///
    /// As of the methods of [`Fields`].
    unsafe fn get<'a, P: Place>(
        block: &'a Block,
        stores: &'a Self::Stores,
        index: usize,
    ) -> Self::Get<'a>
    where
        Self: 'a;

    /// The values of rows.
    ///
    /// # Safety
    ///
    /// As of the methods of [`Fields`].
    unsafe fn slice<'a, P: Place>(
        block: &'a Block,
        stores: &'a Self::Stores,
        rows: Range<usize>,
    ) -> Self::Slice<'a>
    where
        Self: 'a;
}

/// A field whose value can be replaced.
pub trait Replace: Leaf {
    /// Replaces the value of a row, and gives the old one, or the new one back where it is refused.
    ///
    /// # Safety
    ///
    /// As of the methods of [`Fields`]; nobody else reads or writes the column.
    unsafe fn replace<P: Place>(
        block: &Block,
        stores: &mut Self::Stores,
        index: usize,
        value: Self::Values,
    ) -> Result<Self::Values, (Self::Values, StoreError)>;
}

/// Fields that can be had of a row while they stay in it: those whose values are `Clone`.
pub trait Own: Fields {
    /// Clones the values of a row.
    ///
    /// # Safety
    ///
    /// As of the methods of [`Fields`].
    unsafe fn own<P: Place>(block: &Block, stores: &Self::Stores, index: usize) -> Self::Values;
}

impl Own for () {
    unsafe fn own<P: Place>(_: &Block, _: &(), _: usize) {}
}

impl<A: Own, B: Own> Own for (A, B) {
    unsafe fn own<P: Place>(block: &Block, stores: &Self::Stores, index: usize) -> Self::Values {
        // SAFETY: as the caller promises.
        let first = unsafe { A::own::<P>(block, &stores.0, index) };
        // SAFETY: as above.
        let second = unsafe { B::own::<After<P, A>>(block, &stores.1, index) };
        (first, second)
    }
}

/// The way to a leaf: it is this.
#[derive(Debug)]
pub struct Here;

/// The way to a leaf: it is in the first half.
#[derive(Debug)]
pub struct Left<I>(PhantomData<I>);

/// The way to a leaf: it is in the second half.
#[derive(Debug)]
pub struct Right<I>(PhantomData<I>);

/// Fields with a leaf at the end of the way `I`.
///
/// # Safety
///
/// The leaf is one of the fields, and its place and stores are those that it has among them.
pub unsafe trait At<I>: Fields {
    /// The leaf.
    type Leaf: Leaf;

    /// Its place, where the fields begin at `P`.
    type Place<P: Place>: Place;

    /// The number of leaves before it.
    const NUMBER: usize;

    /// What it owns beside the block.
    fn stores(stores: &Self::Stores) -> &<Self::Leaf as Fields>::Stores;

    /// The same, to change it.
    fn stores_mut(stores: &mut Self::Stores) -> &mut <Self::Leaf as Fields>::Stores;
}

// SAFETY: a leaf is where it is.
unsafe impl<L: Leaf> At<Here> for L {
    type Leaf = L;
    type Place<P: Place> = P;
    const NUMBER: usize = 0;

    #[inline]
    fn stores(stores: &L::Stores) -> &L::Stores {
        stores
    }

    #[inline]
    fn stores_mut(stores: &mut L::Stores) -> &mut L::Stores {
        stores
    }
}

// SAFETY: the first half begins where the pair does.
unsafe impl<A: At<I>, B: Fields, I> At<Left<I>> for (A, B) {
    type Leaf = A::Leaf;
    type Place<P: Place> = A::Place<P>;
    const NUMBER: usize = A::NUMBER;

    #[inline]
    fn stores(stores: &Self::Stores) -> &<A::Leaf as Fields>::Stores {
        A::stores(&stores.0)
    }

    #[inline]
    fn stores_mut(stores: &mut Self::Stores) -> &mut <A::Leaf as Fields>::Stores {
        A::stores_mut(&mut stores.0)
    }
}

// SAFETY: the second half is behind the first.
unsafe impl<A: Fields, B: At<I>, I> At<Right<I>> for (A, B) {
    type Leaf = B::Leaf;
    type Place<P: Place> = B::Place<After<P, A>>;
    const NUMBER: usize = A::LEAVES + B::NUMBER;

    #[inline]
    fn stores(stores: &Self::Stores) -> &<B::Leaf as Fields>::Stores {
        B::stores(&stores.1)
    }

    #[inline]
    fn stores_mut(stores: &mut Self::Stores) -> &mut <B::Leaf as Fields>::Stores {
        B::stores_mut(&mut stores.1)
    }
}
