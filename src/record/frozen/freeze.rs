//! Which fields can be frozen, and how each of them is.

use super::column::{Family, FrozenColumn, Name, Names, Type};
use super::error::FrozenError;
use crate::array::{Buffer, LoadBuffer};
use crate::raw::image::Parts;
use crate::raw::{ImageError, ReserveError};
use crate::record::cells::{Nullable, Plain};
use crate::record::error::StoreError;
use crate::record::fields::Fields;
use crate::record::nested::Nested;
use crate::record::part::{Filled, Gap, Part};
use crate::record::place::Place;
use crate::record::schema::Record;
use crate::record::stored::Stored;
use alloc::boxed::Box;
use core::ops::Range;

/// Fields that can be frozen.
#[diagnostic::on_unimplemented(
    message = "records with a field that is stored as `{Self}` cannot be frozen",
    note = "what freezes are structs of integers of at most 64 bits, floats, `bool`s and `char`s, and of what is stored as `dict`, `text`, `packed` or `nested`; enums do not"
)]
pub trait Freeze: Fields {
    /// The columns, frozen, with their words where `W` says.
    type Frozen<W: Buffer<u8>>;

    /// Freezes all rows.
    fn try_freeze<P: Place>(
        part: Part<'_, P, Self>,
    ) -> Result<Self::Frozen<Box<[u64]>>, ReserveError>;

    /// Fills a table with rows.
    fn try_thaw<P: Place, W: Buffer<u8>>(
        frozen: &Self::Frozen<W>,
        rows: Range<usize>,
        gap: Gap<'_, P, Self>,
    ) -> Result<Filled<P, Self>, StoreError>;

    /// Calls `f` with the name and the type of each column.
    fn each_type(names: Names<'_>, f: &mut dyn FnMut(Name<'_>, Type));

    /// Calls `f` with each column, its name and its type.
    fn each_column<'f, W: Buffer<u8>>(
        frozen: &'f Self::Frozen<W>,
        names: Names<'_>,
        f: &mut dyn FnMut(Name<'_>, Type, &'f dyn FrozenColumn),
    );

    /// Takes columns of so many rows from an image.
    fn load<'a, W: LoadBuffer<'a, u8>>(
        parts: &mut Parts<'a>,
        rows: usize,
        names: Names<'_>,
    ) -> Result<Self::Frozen<W>, FrozenError>;
}

/// A field that freezes into one column.
pub trait FreezeLeaf: Fields {
    /// What it holds.
    type Family: Family;

    /// As of [`Freeze`].
    fn try_freeze<P: Place>(
        part: Part<'_, P, Self>,
    ) -> Result<<Self::Family as Family>::Column<Box<[u64]>>, ReserveError>;

    /// As of [`Freeze`].
    fn try_thaw<P: Place, W: Buffer<u8>>(
        column: &<Self::Family as Family>::Column<W>,
        rows: Range<usize>,
        gap: Gap<'_, P, Self>,
    ) -> Result<Filled<P, Self>, StoreError>;
}

// One by one, not for whatever is a `FreezeLeaf`: so the compiler tells of the field that does not freeze, not of all fields.
macro_rules! freeze_leaves {
    ($([$($generics:tt)*] $leaf:ty;)*) => {$(
        impl<$($generics)*> Freeze for $leaf
        where
            Self: FreezeLeaf,
        {
            type Frozen<W: Buffer<u8>> = <<Self as FreezeLeaf>::Family as Family>::Column<W>;

            fn try_freeze<P: Place>(
                part: Part<'_, P, Self>,
            ) -> Result<Self::Frozen<Box<[u64]>>, ReserveError> {
                FreezeLeaf::try_freeze(part)
            }

            fn try_thaw<P: Place, W: Buffer<u8>>(
                column: &Self::Frozen<W>,
                rows: Range<usize>,
                gap: Gap<'_, P, Self>,
            ) -> Result<Filled<P, Self>, StoreError> {
                <Self as FreezeLeaf>::try_thaw::<P, W>(column, rows, gap)
            }

            fn each_type(names: Names<'_>, f: &mut dyn FnMut(Name<'_>, Type)) {
                f(names.only(), <Self as FreezeLeaf>::Family::TYPE);
            }

            fn each_column<'f, W: Buffer<u8>>(
                column: &'f Self::Frozen<W>,
                names: Names<'_>,
                f: &mut dyn FnMut(Name<'_>, Type, &'f dyn FrozenColumn),
            ) {
                f(names.only(), <Self as FreezeLeaf>::Family::TYPE, column);
            }

            fn load<'a, W: LoadBuffer<'a, u8>>(
                parts: &mut Parts<'a>,
                rows: usize,
                names: Names<'_>,
            ) -> Result<Self::Frozen<W>, FrozenError> {
                match <Self as FreezeLeaf>::Family::load::<W>(parts) {
                    Ok(column) if column.rows() == rows => Ok(column),
                    Ok(_) => Err(ImageError::Invalid("it has more or fewer rows than the others")),
                    Err(error) => Err(error),
                }
                .map_err(|cause| FrozenError::of_column(names.only(), cause))
            }
        }
    )*};
}

freeze_leaves! {
    [T, A] Plain<T, A>;
    [T: Default, A] Nullable<T, A>;
    [S] Stored<S>;
}

impl Freeze for () {
    type Frozen<W: Buffer<u8>> = ();

    fn try_freeze<P: Place>(_: Part<'_, P, ()>) -> Result<(), ReserveError> {
        Ok(())
    }

    fn try_thaw<P: Place, W: Buffer<u8>>(
        (): &(),
        _: Range<usize>,
        gap: Gap<'_, P, ()>,
    ) -> Result<Filled<P, ()>, StoreError> {
        Ok(gap.nothing())
    }

    fn each_type(_: Names<'_>, _: &mut dyn FnMut(Name<'_>, Type)) {}

    fn each_column<'f, W: Buffer<u8>>(
        (): &'f (),
        _: Names<'_>,
        _: &mut dyn FnMut(Name<'_>, Type, &'f dyn FrozenColumn),
    ) {
    }

    fn load<'a, W: LoadBuffer<'a, u8>>(
        _: &mut Parts<'a>,
        _: usize,
        _: Names<'_>,
    ) -> Result<(), FrozenError> {
        Ok(())
    }
}

impl<A: Freeze, B: Freeze> Freeze for (A, B) {
    type Frozen<W: Buffer<u8>> = (A::Frozen<W>, B::Frozen<W>);

    fn try_freeze<P: Place>(
        part: Part<'_, P, Self>,
    ) -> Result<Self::Frozen<Box<[u64]>>, ReserveError> {
        let (first, second) = part.halves();
        Ok((A::try_freeze(first)?, B::try_freeze(second)?))
    }

    fn try_thaw<P: Place, W: Buffer<u8>>(
        (a, b): &Self::Frozen<W>,
        rows: Range<usize>,
        gap: Gap<'_, P, Self>,
    ) -> Result<Filled<P, Self>, StoreError> {
        gap.try_halves(
            |first| A::try_thaw::<_, W>(a, rows.clone(), first),
            |second| B::try_thaw::<_, W>(b, rows.clone(), second),
        )
    }

    fn each_type(names: Names<'_>, f: &mut dyn FnMut(Name<'_>, Type)) {
        let (first, second) = names.split_at(A::LEAVES);
        A::each_type(first, f);
        B::each_type(second, f);
    }

    fn each_column<'f, W: Buffer<u8>>(
        (a, b): &'f Self::Frozen<W>,
        names: Names<'_>,
        f: &mut dyn FnMut(Name<'_>, Type, &'f dyn FrozenColumn),
    ) {
        let (first, second) = names.split_at(A::LEAVES);
        A::each_column::<W>(a, first, f);
        B::each_column::<W>(b, second, f);
    }

    fn load<'a, W: LoadBuffer<'a, u8>>(
        parts: &mut Parts<'a>,
        rows: usize,
        names: Names<'_>,
    ) -> Result<Self::Frozen<W>, FrozenError> {
        let (first, second) = names.split_at(A::LEAVES);
        Ok((A::load(parts, rows, first)?, B::load(parts, rows, second)?))
    }
}

/// The columns of the nested record.
impl<R: Record<Fields: Freeze>> Freeze for Nested<R> {
    type Frozen<W: Buffer<u8>> = <R::Fields as Freeze>::Frozen<W>;

    fn try_freeze<P: Place>(
        part: Part<'_, P, Self>,
    ) -> Result<Self::Frozen<Box<[u64]>>, ReserveError> {
        R::Fields::try_freeze(Part::of(part.stores()))
    }

    fn try_thaw<P: Place, W: Buffer<u8>>(
        frozen: &Self::Frozen<W>,
        rows: Range<usize>,
        gap: Gap<'_, P, Self>,
    ) -> Result<Filled<P, Self>, StoreError> {
        gap.try_nested(|gap| R::Fields::try_thaw::<_, W>(frozen, rows, gap))
    }

    fn each_type(names: Names<'_>, f: &mut dyn FnMut(Name<'_>, Type)) {
        R::Fields::each_type(Names::of(R::NAMES, Some(&names.only())), f);
    }

    fn each_column<'f, W: Buffer<u8>>(
        frozen: &'f Self::Frozen<W>,
        names: Names<'_>,
        f: &mut dyn FnMut(Name<'_>, Type, &'f dyn FrozenColumn),
    ) {
        R::Fields::each_column::<W>(frozen, Names::of(R::NAMES, Some(&names.only())), f);
    }

    fn load<'a, W: LoadBuffer<'a, u8>>(
        parts: &mut Parts<'a>,
        rows: usize,
        names: Names<'_>,
    ) -> Result<Self::Frozen<W>, FrozenError> {
        R::Fields::load(parts, rows, Names::of(R::NAMES, Some(&names.only())))
    }
}
