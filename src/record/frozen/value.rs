//! The values of which columns can be frozen: integers of at most 64 bits, floats, booleans and characters, and options of them.

use super::coded::{Coded, FreezeAs};
use super::column::{Family, FrozenColumn, Type, as_inherent};
use crate::array::{
    Buffer, Compressed, DecimalArray, Element, FloatElement, LoadBuffer, StoreErrorCause,
    try_compress,
};
use crate::raw::image::{Load, Parts, Sections, Stored};
use crate::raw::{ImageError, ReserveError};
use alloc::boxed::Box;
use core::ops::Range;

/// A value of which a column can be frozen.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot be frozen",
    note = "integers of at most 64 bits, floats, `bool` and `char` freeze, and an `Option` of one; strings with `#[record(dict)]` or `#[record(text)]`, \
            other types that are an integer by `pennyweight::record::FreezeAs`"
)]
pub trait FreezeValue: Family + Copy + 'static {
    /// Freezes values.
    fn try_freeze(values: &[Self]) -> Result<Self::Column<Box<[u64]>>, ReserveError>;

    /// Iterates over the values of some rows. Panics where there are none.
    fn iter_range<W: Buffer<u8>>(
        column: &Self::Column<W>,
        rows: Range<usize>,
    ) -> impl Iterator<Item = Self>;
}

/// As [`try_compress`], of which nothing but memory fails.
pub(super) fn try_pack<V: Element>(values: &[V]) -> Result<Compressed<V>, ReserveError> {
    try_compress(values).map_err(|cause| match cause {
        StoreErrorCause::Reserve(error) => error,
        StoreErrorCause::NoCodeForNull => unreachable!("blocks hold null beside every integer"),
    })
}

/// Takes integers from an image: their kind, and what it has.
pub(super) fn load_integers<'a, V: Element, W: LoadBuffer<'a, u8>>(
    parts: &mut Parts<'a>,
) -> Result<Compressed<V, W>, ImageError> {
    let kind = parts.field_up_to(u16::MAX.into())?;
    Compressed::load(kind as u16, parts)
}

impl<V: Element, W: Buffer<u8>> FrozenColumn for Compressed<V, W> {
    as_inherent!();

    fn store<'s>(&'s self, image: &mut Sections<'s>) {
        image.field(self.kind().into());
        self.store(image);
    }
}

impl<V: FloatElement, W: Buffer<u8>> FrozenColumn for DecimalArray<V, W> {
    as_inherent!();

    fn store<'s>(&'s self, image: &mut Sections<'s>) {
        Stored::store(self, image);
    }
}

/// Values, and the column that holds them: by the expressions that freeze a slice, and take a column from an image.
macro_rules! values {
    (
        [$($generics:tt)*] $value:ty: $column:ident, $type:expr,
        |$values:ident| $freeze:expr, |$parts:ident| $load:expr
    ) => {
        impl<$($generics)*> Family for $value {
            const TYPE: Type = $type;

            type Column<W: Buffer<u8>> = $column<$value, W>;

            type Get<'a> = $value;

            #[inline]
            fn get<W: Buffer<u8>>(column: &Self::Column<W>, index: usize) -> $value {
                column.value(index)
            }

            fn load<'a, W: LoadBuffer<'a, u8>>(
                $parts: &mut Parts<'a>,
            ) -> Result<Self::Column<W>, ImageError> {
                $load
            }
        }

        impl<$($generics)*> FreezeValue for $value {
            fn try_freeze($values: &[Self]) -> Result<$column<$value>, ReserveError> {
                $freeze
            }

            fn iter_range<W: Buffer<u8>>(
                column: &Self::Column<W>,
                rows: Range<usize>,
            ) -> impl Iterator<Item = Self> {
                column.iter_range(rows)
            }
        }
    };
}

macro_rules! numbers {
    ($($value:ident)*, $column:ident, |$values:ident| $freeze:expr, |$parts:ident| $load:expr) => {$(
        values!(
            [] $value: $column, Type { name: stringify!($value), nullable: false },
            |$values| $freeze, |$parts| $load
        );
        values!(
            [] Option<$value>: $column, Type { name: stringify!($value), nullable: true },
            |$values| $freeze, |$parts| $load
        );
    )*};
}

numbers!(
    i8 i16 i32 i64 u8 u16 u32 u64, Compressed, |values| try_pack(values), |parts| load_integers(parts)
);
numbers!(
    f32 f64, DecimalArray, |values| DecimalArray::try_from_slice(values), |parts| Load::load(parts)
);
values!(
    [V: FreezeAs] V: Coded, Type { name: V::NAME, nullable: false },
    |values| Coded::try_from_slice(values), |parts| Coded::load(parts)
);
values!(
    [V: FreezeAs] Option<V>: Coded, Type { name: V::NAME, nullable: true },
    |values| Coded::try_from_slice(values), |parts| Coded::load(parts)
);
