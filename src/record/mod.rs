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
//! let first = &flights[0];
//! assert_eq!((first.carrier(), first.number()), ("UA", 1545));
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
//! | `Option<T>` | none | `T`s, and a bit each; `T` has to be `Default` | `size_of::<T>()` + 1/8 | an `Option` of the same |
//! | an integer of 8 to 64 bits, a `bool`, or an `Option` | `packed` | as many bits as the values need | bits / 8 | the value |
//! | a string, or an `Option` | `dict` | codes of the distinct strings | 1, 2 or 4 | `&str` |
//! | a string, or an `Option` | `text` | bytes in one buffer, and where each begins | its bytes + bits / 8 | `&str` |
//! | a record | `nested` | its own columns | its own | its row |
//! | an `Option` of a record | `nested` | its own columns, where there is one | 5, and its own | an `Option` of its row |
//! | anything | `computed = f` | nothing | 0 | what `f` makes of the row |
//!
//! All attributes are listed at the [derive](derive@Record): that which names a column as a file does is `rename`. What is not in the
//! table is stored as it is: a `Vec`, a `HashMap`, a `String` that owns its text.
//!
//! To change a value costs what it costs in a slice, but for these: a string that `dict` stores is looked up among those of the column; a `packed`
//! value that needs more bits makes all of the column wider; where `text` is to be of another length, all text of the column is written anew, as where rows
//! that are not the last ones are inserted or removed; and where an enum or an `Option` of a record is replaced, up to all rows are looked
//! through for the one that moves in its columns, as by `swap_remove` and `replace`. So a column of text is for what comes once, row after row, and stays.
//!
//! # Rows
//!
//! A row lies nowhere as a whole: its fields lie in the columns. `&records[index]` is a reference to it nevertheless, of the type that the derive
//! makes, `FlightRow` for `Flight`, and has a method for each field. There are no rows but behind references: `records[index]` can neither be copied,
//! nor moved, nor assigned to, and `to_owned` gives the struct.
//!
//! | a row has | for | which |
//! |---|---|---|
//! | `name()` | each field; `_0()` in a tuple struct | gives what the table above says |
//! | `set_name(value)`, `set__0(value)` | each that is stored | replaces it |
//! | `name_mut()` | each that is `nested`, or stored as it is and no `Option` | lends it, to be changed, or what the `Option` of a record has |
//! | `to_owned()` | records whose fields are `Clone` | gives the struct |
//!
//! ```
//! use pennyweight::record::{Record, Records};
//!
//! #[derive(Record, Clone, Debug, PartialEq)]
//! struct Place(f32, f32);
//!
//! #[derive(Record, Clone, Debug, PartialEq)]
//! struct Reading {
//!     #[record(dict)]
//!     station: String,
//!     hour: u32,
//!     celsius: Option<f32>,
//!     #[record(nested)]
//!     place: Place,
//! }
//!
//! let reading = |hour| Reading { station: "EWR".to_owned(), hour, celsius: None, place: Place(40.7, -74.2) };
//! let mut readings: Records<Reading> = (0..3).map(reading).collect();
//!
//! let row: &ReadingRow = &readings[2]; // nothing is read yet
//! let (station, hour, celsius): (&str, u32, Option<f32>) = (row.station(), row.hour(), row.celsius());
//! assert_eq!((station, hour, celsius, row.place()._0()), ("EWR", 2, None, 40.7));
//! assert_eq!(row.to_owned(), reading(2));
//!
//! let row: &mut ReadingRow = &mut readings[1];
//! row.set_celsius(Some(-3.5));
//! *row.hour_mut() += 24;
//!
//! readings.for_each_mut(|row| *row.hour_mut() *= 3600); // there is no `iter_mut`
//! let known = readings.iter().filter(|row| row.celsius().is_some()).map(ReadingRow::to_owned);
//! assert_eq!(known.map(|reading| reading.hour).collect::<Vec<_>>(), [25 * 3600]);
//! ```
//!
//! Rows are compared, ordered, hashed and shown as the struct would be where it derives that, if their fields can be; what is computed is left out.
//! Those of enums are ordered by their variants as these are declared, and have hashes of their own.
//! They are not `ToOwned`, `Clone` or `Serialize`; what `to_owned` gives may be.
//!
//! # Enums
//!
//! A record may be an enum, some variant of which has fields. Each variant has columns of its own, so that a row takes what its variant takes, and five
//! bytes. `variant()` gives what is matched on: `EventVariant` for `Event`, with a row of the variant in the place of its fields.
//!
//! ```
//! use pennyweight::record::{Record, Records};
//!
//! #[derive(Record, Clone, Debug, PartialEq)]
//! enum Event {
//!     Login {
//!         #[record(dict)]
//!         user: String,
//!         port: u16,
//!     },
//!     Moved(i32, i32),
//!     Quit,
//! }
//!
//! let login = Event::Login { user: "ada".to_owned(), port: 22 };
//! let mut events: Records<Event> = [login, Event::Moved(3, 4), Event::Quit].into_iter().collect();
//! match events[0].variant() {
//!     EventVariant::Login(row) => assert_eq!((row.user(), row.port()), ("ada", 22)),
//!     EventVariant::Moved(row) => assert_eq!((row._0(), row._1()), (3, 4)),
//!     EventVariant::Quit => {}
//! }
//! if let EventVariantMut::Login(row) = events[0].variant_mut() {
//!     row.set_port(80);
//! }
//! events[2].set(Event::Moved(0, 0)); // another variant
//! assert_eq!(events[2].to_owned(), Event::Moved(0, 0));
//!
//! let columns = events.columns();
//! assert_eq!((columns.login().port(), columns.moved()._0()), (&[80][..], &[3, 0][..]));
//! assert_eq!(columns.numbers(), [0, 1, 1]); // which variant a row is
//! assert_eq!(columns.places(), [0, 0, 1]); // and where in its columns
//! ```
//!
//! Records of an enum, and those with an `Option` of a record, are neither read from CSV, nor handed to Arrow, nor frozen. An enum without fields is no record, but a value: a field of its type
//! is stored as it is, and as a [`Category`] has names in CSV and in Arrow.
//!
//! # Computed fields
//!
//! A field that is `computed` is not stored: the function, which is given by its path, makes it of the row, which is of the generated type, whenever
//! it is asked for. The value that a pushed struct has there is dropped, and structs that are taken out have the one that the function makes. It is no
//! column, and so is neither in `columns()`, nor in what CSV, Arrow, or a frozen record has, nor in how rows are shown and compared.
//!
//! ```
//! use pennyweight::record::{Record, Records};
//!
//! #[derive(Record)]
//! struct Flight {
//!     miles: u32,
//!     minutes: u16,
//!     #[record(computed = speed)]
//!     speed: f64,
//! }
//!
//! fn speed(flight: &FlightRow) -> f64 {
//!     f64::from(flight.miles()) * 60.0 / f64::from(flight.minutes())
//! }
//!
//! let mut flights = Records::new();
//! flights.push(Flight { miles: 1400, minutes: 210, speed: 0.0 });
//! assert_eq!(flights[0].speed(), 400.0);
//! flights[0].set_minutes(240);
//! assert_eq!(flights.pop().map(|flight| flight.speed), Some(350.0));
//! assert_eq!(Flight::NAMES, ["miles", "minutes"]);
//! ```
//!
//! # Groups
//!
//! Columns of integers, of `bool` and of `char`, plain or packed, columns of `dict` and `text`, and their `Option`s, are keys that
//! [`group_by`](Records::group_by) and [`join`] take, alone or as a tuple. Whatever else is `Ord` and `Hash` is collected, row by row: a `String` that
//! is stored as it is, a type of one's own, a float that was rounded, a computed field.
//!
//! ```
//! use pennyweight::record::{Groups, Record, Records};
//!
//! #[derive(Record)]
//! struct Flight {
//!     tail: String,
//!     delay: i16,
//! }
//!
//! let flights = [("N1", 4), ("N2", -2), ("N1", 9)].map(|(tail, delay)| Flight { tail: tail.into(), delay });
//! let flights = Records::from_iter(flights);
//! let tails: Groups<'_, &str> = flights.iter().map(|flight| flight.tail().as_str()).collect();
//! assert_eq!(tails.sum(flights.columns().delay()).get("N1"), Some(&13));
//! ```
//!
//! # Records of any type
//!
//! Functions for records of any type `R: Record` ask for what they need: of rows as `R: Record<Row: Debug>`, of all records as `Records<R>: Clone`.
//! What records have depends on their fields alone:
//!
//! | records have | where each field |
//! |---|---|
//! | `Clone`, `extend_from_slice`, `to_owned` of rows | is `Clone`; `dict`, `text` and `packed` always are |
//! | `Debug`, `PartialEq` | is |
//! | `Serialize` | is `Clone`, and the struct is `Serialize` |
//! | `HeapSize` | is |
//! | `freeze` | is an integer of at most 64 bits, a float, `bool`, `char` or [`FreezeAs`], or stored as `dict`, `text`, `packed` or `nested` |
//! | `to_c_data`, `from_c_data`, `to_record_batch`, and what is made of those | is an `ArrowValue`, or stored as one of these four |
//! | readers of CSV | is a `FromField`, or stored as one of these four |
//!
//! ```
//! use pennyweight::record::{Record, Records};
//!
//! fn twice<R: Record>(records: &Records<R>) -> Records<R>
//! where
//!     Records<R>: Clone,
//! {
//!     let mut twice = records.clone();
//!     twice.append(&mut records.clone());
//!     twice
//! }
//!
//! #[derive(Record, Clone)]
//! struct Point {
//!     x: i32,
//! }
//!
//! assert_eq!(twice(&Records::from_iter([Point { x: 1 }, Point { x: 2 }])).columns().x(), [1, 2, 1, 2]);
//! ```
//!
//! A struct that is `Drop` itself is no record, since it cannot be taken apart; its fields may be. A record may hold `Records` of itself, as a tree does:
//! its rows have no `to_owned`, and such `Records` are not `Clone`. The type has to be written out for that, not under a name of its own. Two records
//! that hold `Records` of each other do not compile.
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
//! | `filter(\|row\| row.delay().is_none()).count()` | [`Validity::null_count`] | bits are counted, 64 at a time |
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
//! measured to take tens of times as long. A loop over [`iter`](Records::iter) that reads plain fields whose type is written as an integer, a float,
//! `bool` or `char`, or as an `Option` of one, can be optimised as one over their columns is, many rows at a time, also where it reads a field
//! on a condition; but one that has to know which zeros are nulls tests a bit for each row.
//!
//! Zig's [`MultiArrayList`](https://ziglang.org/documentation/master/std/#std.multi_array_list.MultiArrayList),
//! [soa_derive](https://docs.rs/soa_derive) and [soa-rs](https://docs.rs/soa-rs) have structs as columns;
//! [Arrow](https://arrow.apache.org/docs/format/Columnar.html) has validity bits and dictionaries.

mod access;
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

mod bits;
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
mod optional;
mod order;
mod part;
mod place;
mod row;
mod same;
mod store;
mod stored;
mod table;
mod variants;

pub use any::{AnyColumn, AnyColumns, AnyPacked};
pub use bits::{BitColumn, BitIter};
pub use borrow::BorrowRecord;
#[cfg(target_has_atomic = "ptr")]
pub use c_data::{
    ArrowArray, ArrowArrayStream, ArrowSchema, ArrowType, ArrowValue, CDataBatches, CDataError,
    ImportError, ImportErrorCause,
};
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
pub use optional::OptionColumns;
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
    pub use super::access::{Access, Copied, Lent, Scalar, ScalarField};
    #[cfg(target_has_atomic = "ptr")]
    pub use super::c_data::{Export, Import};
    pub use super::cells::{Nullable, NullableField, Plain};
    pub use super::columns::ColumnsOf;
    pub use super::dict::DictField;
    pub use super::enums::{Enum, EnumRows, VariantRow, VariantSlice};
    pub use super::fields::Fields;
    pub use super::frozen::{
        Freeze, FreezeRecord, FrozenAt, FrozenColumnsOf, FrozenLeaf, FrozenRowOf,
    };
    pub use super::leaf::{At, Here, Leaf, Left, Onto, Own, Right};
    pub use super::nested::Nested;
    pub use super::optional::{OptionOf, pack_option, unpack_option};
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
        if let Err(error) = row.set::<I>(F::Leaf::pack(value)) {
            error.raise();
        }
    }

    /// An `Option` of what a nullable column holds.
    #[inline]
    pub fn option<T>((value, there): (T, bool)) -> Option<T> {
        there.then_some(value)
    }
}
