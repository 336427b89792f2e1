//! One field among the fields of a record, and the way to it.
#![allow(unsafe_code)]

use super::error::{Refused, StoreError};
use super::fields::{Fields, drop_rows};
use super::place::{After, Place};
use crate::raw::columns::Block;
use core::marker::PhantomData;
use core::mem;
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
    /// Replaces the value of a row. Where it is refused, nothing changes.
    ///
    /// # Safety
    ///
    /// As of the methods of [`Fields`]; nobody else reads or writes the column.
    unsafe fn set<P: Place>(
        block: &Block,
        stores: &mut Self::Stores,
        index: usize,
        value: Self::Values,
    ) -> Result<(), StoreError>;
}

/// Fields that can be had of a row while they stay in it: those whose values are `Clone`.
pub trait Own: Fields {
    /// Clones the values of a row.
    ///
    /// # Safety
    ///
    /// As of the methods of [`Fields`].
    unsafe fn own<P: Place>(block: &Block, stores: &Self::Stores, index: usize) -> Self::Values;

    /// Clones rows of other columns behind those that are there, in cells and in stores, without counting them. Where a column refuses, or a
    /// clone panics, all are as they were.
    ///
    /// # Safety
    ///
    /// As of the methods of [`Fields`], for both; there is room in the block, and the cells there are nobody's. What `onto` says is true.
    unsafe fn try_clone_from<P: Place>(
        block: &Block,
        stores: &mut Self::Stores,
        onto: Onto,
        other: &Block,
        other_stores: &Self::Stores,
        rows: Which<'_>,
    ) -> Result<(), Refused>;
}

/// Rows that are cloned.
#[derive(Clone, Debug)]
pub enum Which<'a> {
    /// Those next to one another.
    Range(Range<usize>),
    /// Those at some indices, in their order: some may be there more than once.
    At(&'a [usize]),
}

impl Which<'_> {
    /// How many they are.
    pub fn count(&self) -> usize {
        match self {
            Self::Range(rows) => rows.len(),
            Self::At(indices) => indices.len(),
        }
    }

    /// Their indices.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        (0..self.count()).map(move |place| match self {
            Self::Range(rows) => rows.start + place,
            Self::At(indices) => indices[place],
        })
    }
}

/// What clones of rows are put behind.
#[derive(Clone, Copy, Debug)]
pub enum Onto {
    /// Columns that are new, and become as the others are: all rows are cloned, under the codes that they have.
    Nothing,
    /// So many rows.
    Rows(usize),
}

impl Onto {
    /// The row that the first clone is.
    pub fn start(self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::Rows(len) => len,
        }
    }
}

/// Rows that nobody counts yet: they are dropped, unless this is forgotten.
pub(super) struct Uncounted<'a, F: Fields, P: Place> {
    pub(super) block: &'a Block,
    pub(super) stores: &'a mut F::Stores,
    /// Invariant: initialised, in cells and in stores, and the last of these.
    pub(super) rows: Range<usize>,
    place: PhantomData<P>,
}

impl<'a, F: Fields, P: Place> Uncounted<'a, F, P> {
    /// No rows yet.
    ///
    /// # Safety
    ///
    /// Who adds to `rows` keeps its invariant; nobody else uses block and stores meanwhile.
    pub(super) unsafe fn new(block: &'a Block, stores: &'a mut F::Stores, start: usize) -> Self {
        Self { block, stores, rows: start..start, place: PhantomData }
    }
}

impl<F: Fields, P: Place> Drop for Uncounted<'_, F, P> {
    fn drop(&mut self) {
        // SAFETY: the rows are initialised (invariant of `rows`), and counted by nobody.
        unsafe { drop_rows::<F, P>(self.block, self.stores, self.rows.clone()) };
    }
}

impl Own for () {
    unsafe fn own<P: Place>(_: &Block, _: &(), _: usize) {}

    unsafe fn try_clone_from<P: Place>(
        _: &Block,
        _: &mut (),
        _: Onto,
        _: &Block,
        _: &(),
        _: Which<'_>,
    ) -> Result<(), Refused> {
        Ok(())
    }
}

impl<A: Own, B: Own> Own for (A, B) {
    unsafe fn own<P: Place>(block: &Block, stores: &Self::Stores, index: usize) -> Self::Values {
        // SAFETY: as the caller promises.
        let first = unsafe { A::own::<P>(block, &stores.0, index) };
        // SAFETY: as above.
        let second = unsafe { B::own::<After<P, A>>(block, &stores.1, index) };
        (first, second)
    }

    unsafe fn try_clone_from<P: Place>(
        block: &Block,
        stores: &mut Self::Stores,
        onto: Onto,
        other: &Block,
        other_stores: &Self::Stores,
        rows: Which<'_>,
    ) -> Result<(), Refused> {
        let (a, b) = (&other_stores.0, &other_stores.1);
        // SAFETY: as the caller promises.
        unsafe { A::try_clone_from::<P>(block, &mut stores.0, onto, other, a, rows.clone()) }?;
        // SAFETY: these rows have just been made, and are counted when the second half has them too.
        let mut first = unsafe { Uncounted::<A, P>::new(block, &mut stores.0, onto.start()) };
        first.rows.end += rows.count();
        let second = &mut stores.1;
        // SAFETY: as the caller promises.
        unsafe { B::try_clone_from::<After<P, A>>(block, second, onto, other, b, rows) }
            .map_err(|refused| refused.behind(A::LEAVES))?;
        mem::forget(first);
        Ok(())
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
