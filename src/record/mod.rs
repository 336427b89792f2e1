//! Structs as columns: each field of all records in a slice of its own, at the bits it needs.

mod any;
mod clone;
mod edit;
mod into_iter;
mod iter;
mod records;
mod schema;
mod size;
mod slice;
mod sort;

#[cfg(feature = "rayon")]
mod parallel;
#[cfg(feature = "serde")]
mod serde;

mod dict;
mod packed;
mod text;

mod nullable;
mod validity;

pub mod group;
mod join;

mod error;

#[cfg(feature = "arrow")]
mod arrow;
#[cfg(target_has_atomic = "ptr")]
mod c_data;
#[cfg(feature = "csv")]
pub mod csv;

// How fields become columns.
mod cells;
mod columns;
mod enums;
mod fields;
mod leaf;
mod nested;
mod order;
mod place;
mod row;
mod same;
mod store;
mod stored;
mod table;
mod variants;

pub use any::{AnyColumn, AnyColumns, AnyPacked};
#[cfg(feature = "arrow")]
pub use arrow::{ImportError, ImportErrorCause};
#[cfg(target_has_atomic = "ptr")]
pub use c_data::{ArrowArray, ArrowSchema, ArrowType, ArrowValue};
pub use dict::{Codes, DictColumn, DictIter, DictSlice, Positions};
pub use error::{PushError, StoreError};
pub use group::{GroupBy, Grouped, Groups, group_by};
pub use into_iter::IntoIter;
pub use iter::{Chunks, Iter};
pub use join::{DuplicateKey, Joined, join, try_join};
pub use nullable::{NullableSlice, NullableSliceMut};
pub use packed::{PackedField, PackedSlice};
#[cfg(feature = "rayon")]
pub use parallel::ParIter;
#[cfg(feature = "derive")]
pub use pennyweight_derive::Record;
pub use records::Records;
pub use schema::Record;
pub use slice::Slice;
pub use text::{TextColumn, TextField, TextIter, TextSlice, TextValue};
pub use validity::Validity;

/// What generated code is made of: not meant to be named.
#[doc(hidden)]
pub mod generated {
    pub use super::cells::{Access, Copied, Lent, Nullable, Plain};
    pub use super::columns::ColumnsOf;
    pub use super::dict::DictField;
    pub use super::enums::{Enum, EnumRows, VariantRow, VariantSlice};
    pub use super::fields::Fields;
    pub use super::leaf::{At, Here, Leaf, Left, Own, Right};
    pub use super::nested::Nested;
    pub use super::packed::PackedField;
    pub use super::place::{After, Place, Sizes, Start};
    pub use super::row::RowOf;
    pub use super::store::Store;
    pub use super::stored::Stored;
    pub use super::table::Table;
    pub use super::text::TextField;
    pub use super::variants::{Either, Variant, VariantAt, Variants};

    use super::leaf::Replace;

    /// Replaces the value of a field of a row.
    #[inline]
    #[track_caller]
    pub fn set<F: At<I, Leaf: Replace>, I>(row: &mut RowOf<F>, value: <F::Leaf as Leaf>::Value) {
        if let Err((_, error)) = row.replace::<I>(F::Leaf::pack(value)) {
            error.raise();
        }
    }

    /// An `Option` of what a nullable column holds.
    #[inline]
    pub fn option<T>((value, there): (T, bool)) -> Option<T> {
        there.then_some(value)
    }
}
