//! Structs as columns: each field of all records in a slice of its own, at the bits it needs.
//!
//! A `Vec` of structs takes for each row the size of the struct, padding and all, and what its strings own. [`Records`] of the same struct
//! take what its fields take: an `i16` two bytes, an `Option<i16>` two bytes and a bit, a carrier's name that is one of sixteen a byte.
//!
//! ```
//! use pennyweight::record::{Record, Records};
//!
//! #[derive(Record, Clone, Debug, PartialEq)]
//! struct Flight {
//!     #[record(dict)]
//!     carrier: String,
//!     number: u16,
//!     delay: Option<i16>,
//!     #[record(packed)]
//!     distance: u32,
//! }
//!
//! let mut flights = Records::new();
//! for (carrier, number, delay, distance) in [("UA", 1545, Some(2), 1400), ("AA", 1141, None, 1089), ("UA", 1714, Some(4), 1416)] {
//!     flights.push(Flight { carrier: carrier.to_owned(), number, delay, distance });
//! }
//!
//! // A row reads as the struct does, by a method for each field.
//! assert_eq!((flights[0].carrier(), flights[0].number()), ("UA", 1545));
//! flights[1].set_delay(Some(-3));
//!
//! // A column is a slice, of the type that its encoding has.
//! assert_eq!(flights.columns().number(), [1545, 1141, 1714]);
//! let united = flights.columns().carrier().code("UA").unwrap();
//! assert_eq!(flights.columns().carrier().count(united), 2);
//!
//! flights.sort_by_key(|flight| flight.delay());
//! assert_eq!(flights.remove(0).carrier, "AA");
//! ```
//!
//! # How a field is stored
//!
//! | a field | attribute | is a column of | bytes a row | a row gives |
//! |---|---|---|---|---|
//! | of type `T` | none | `T`s, one behind the other | `size_of::<T>()` | `T` if it is a number, a `bool`, a `char` or a `&U`; else `&T` |
//! | `Option<T>` | none | `T`s, and a bit each | `size_of::<T>()` + 1/8 | an `Option` of the same |
//! | an integer of 8 to 64 bits, an `Option` of one, or a `bool` | `packed` | as many bits as the values need | bits / 8 | the value |
//! | a string, or an `Option` | `dict` | codes of the distinct strings | 1, 2 or 4 | `&str` |
//! | a string, or an `Option` | `text` | bytes in one buffer, and where each begins | its bytes + bits / 8 | `&str` |
//! | a record | `nested` | its own columns | its own | its row |
//! | anything | `computed = f` | nothing | 0 | what `f` makes of the row |
//!
//! The attributes are those of the [derive](derive@Record), and `rename = "Dep Delay"` names a column as a file does. A record that is an enum has columns for each variant.
//!
//! What changes a string of a `text` field by one of another length writes all text of the column anew, as do `insert`, `remove`, `swap_remove` and
//! `retain` of rows that are not the last ones; one of the same length goes in its place. Text is for what is written once, and read.
//!
//! # What to take
//!
//! | instead of | take | since |
//! |---|---|---|
//! | `Vec<Struct>` of which loops read few fields | [`Records`] | a loop reads the bytes of these fields, and no padding is kept |
//! | a `String` that is one of few | a field with `dict` | a code of a byte in the place of 24 bytes and a block |
//! | `Vec<HashMap<String, String>>` | [`Records`], and [`csv`](crate::record) to fill them | names are kept once, numbers as numbers |
//! | `Vec<Option<i64>>` | a field `Option<i64>` | a bit says that there is none, where padding takes 8 bytes |
//! | a `HashMap` of sums | [`group_by`](Records::group_by) | codes index an array |
//! | `filter(\|row\| row.name() == "JFK")` | [`code`](DictSlice::code) once, and then codes | numbers are compared, not strings |
//!
//! And where to stay with the `Vec`: where rows are read or changed whole, one here and one there, since every field is on
//! another cache line; where there are few rows; where `&mut [Struct]` is needed, or two rows `&mut` at once.
//!
//! # How it is built
//!
//! A record's fields are types in a tree of pairs, of which each leaf says how a field is stored, and all that is done to records
//! is done by the tree: column by column, in code that the compiler lays straight. Fields of fixed width share [one
//! allocation](Records#layout); the others own their buffers. There is one length. A row is a reference of two words, to the table and
//! to an index in it, so that nothing is read but the fields that are asked for; a struct of a row that held all its fields was
//! measured to take tens of times as long.
//!
//! Zig's [`MultiArrayList`](https://ziglang.org/documentation/master/std/#std.multi_array_list.MultiArrayList),
//! [soa_derive](https://docs.rs/soa_derive) and [soa-rs](https://docs.rs/soa-rs) have structs as columns;
//! [Arrow](https://arrow.apache.org/docs/format/Columnar.html) has validity bits and dictionaries.

mod any;
mod borrow;
mod category;
mod clone;
mod edit;
mod into_iter;
mod iter;
mod records;
mod schema;
mod search;
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

mod frozen;

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
pub use borrow::BorrowRecord;
#[cfg(target_has_atomic = "ptr")]
pub use c_data::{ArrowArray, ArrowSchema, ArrowType, ArrowValue};
pub use category::Category;
pub use dict::{Codes, DictColumn, DictIter, DictSlice, Positions};
pub use error::{PushError, StoreError};
pub use group::{GroupBy, Grouped, Groups, group_by};

pub use frozen::{
    Coded, CodedField, ColumnSize, FreezeAs, Frozen, FrozenDict, FrozenError, FrozenExplanation,
    FrozenRows, FrozenText,
};
pub use into_iter::IntoIter;
pub use iter::{Chunks, Iter};
pub use join::{DuplicateKey, Joined, join, try_join};
pub use nullable::{NullableSlice, NullableSliceMut};
pub use packed::{PackedField, PackedSlice};
#[cfg(feature = "rayon")]
pub use parallel::ParIter;
#[cfg(feature = "derive")]
pub use pennyweight_derive::{Category, Record};
pub use records::Records;
pub use schema::Record;
pub use slice::Slice;
pub use text::{TextColumn, TextField, TextIter, TextSlice, TextValue};
pub use validity::Validity;

/// What generated code is made of: not meant to be named.
#[doc(hidden)]
pub mod generated {
    pub use super::cells::{Access, Copied, Lent, Nullable, NullableField, Plain};
    pub use super::columns::ColumnsOf;
    pub use super::dict::DictField;
    pub use super::enums::{Enum, EnumRows, VariantRow, VariantSlice};
    pub use super::fields::Fields;
    pub use super::frozen::{
        Freeze, FreezeRecord, FrozenAt, FrozenColumnsOf, FrozenLeaf, FrozenRowOf,
    };
    pub use super::leaf::{At, Here, Leaf, Left, Onto, Own, Right};
    pub use super::nested::Nested;
    pub use super::packed::PackedField;
    pub use super::place::{After, Place, Sizes, Start};
    pub use super::row::RowOf;
    pub use super::store::Store;
    pub use super::stored::Stored;
    pub use super::table::{Fill, Table};
    pub use super::text::TextField;
    pub use super::variants::{Either, Variant, VariantAt, Variants};
    pub use crate::array::Buffer;

    /// Words of one's own.
    pub type OwnedWords = alloc::boxed::Box<[u64]>;

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
