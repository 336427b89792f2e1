//! The derive macros of `pennyweight`, which re-exports each beside the trait that it implements:
//! depend on that crate, with its feature `derive`, and not on this one.

mod category;
mod heap_size;
mod record;
mod type_params;

use proc_macro::TokenStream;

/// Implements `HeapSize` for a struct or an enum, by its fields.
///
/// The visitor is told of every field by its name: `name` in a struct, `Variant.name` in an enum,
/// and the position instead of a name where fields have none. A type owns heap memory if one of its
/// fields does. Fields have to be `Sized`.
///
/// # Bounds
///
/// A type parameter has to be `HeapSize` itself if a field mentions it outside of references,
/// function pointers and `PhantomData`; so has an associated type of a parameter (`T::Item`) that a
/// field mentions. Types that contain themselves, or one another, are fine.
///
/// # Attributes
///
/// - `#[heap_size(skip)]` on a field: the field is taken to own no heap memory, and need not be
///   `HeapSize`.
/// - `#[heap_size(crate = path)]` on the type: where `pennyweight` is found, if not at
///   `::pennyweight`.
#[proc_macro_derive(HeapSize, attributes(heap_size))]
pub fn heap_size(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    heap_size::derive(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Implements `Record` for a struct, so that `Records` of it have a column for each field, or for an enum, of which each variant has columns.
///
/// It also defines the types of rows and of columns: for a struct `Flight`, `FlightRow` and `FlightColumns`, with a method for each field, and
/// `FlightColumnsMut`; for an enum `Shape`, `ShapeRow`, `ShapeColumns`, `ShapeVariant` and `ShapeVariantMut`, and for its variant `Circle`
/// `ShapeCircleRow` and `ShapeCircleColumns`.
///
/// For a field `x`, a row has `x()`, which reads it, `set_x(value)`, which replaces it, and `x_mut()`, which lends a plain value, or the row of a
/// nested record, to be changed in place. A row of an enum has `variant()`, which says which variant it is and gives its row,
/// `variant_mut()`, which lends that to be changed, and `set(value)`. To set a field stored as `text` takes as long as the column
/// is, unless the new text is as long as the old one.
///
/// The docs of the module `record` show rows of both, and say what each way of storing costs.
///
/// A type that is `Drop` itself cannot be taken apart, and so cannot be a record. Rows of one that holds `Records` of itself have no `to_owned`.
///
/// # Attributes
///
/// These are all. On a field, at most one of these says how it is stored:
///
/// - nothing: as it is, or as a value and a bit where the type is written as an `Option`; what is in the `Option` has to be `Default`.
/// - `#[record(plain)]`: as it is, also where the type is an `Option`.
/// - `#[record(packed)]`: an integer of 8 to 64 bits, a `bool`, or an `Option` of one, at the bits that the column's values need.
/// - `#[record(dict)]`: a string, or an `Option` of one, as the number of one of the column's distinct strings.
/// - `#[record(text)]`: a string, or an `Option` of one, in one buffer with all others.
/// - `#[record(nested)]`: a type that is a record itself, or an `Option` of one, as columns.
/// - `#[record(computed = function)]`: not at all; the function, a path to a `fn(&FlightRow) -> T`, makes it of a row.
///
/// `#[record(copy)]` has rows give the value of a plain field, where they would lend it: those of primitive types are given anyway.
///
/// `#[record(rename = "Dep Delay")]` gives the column of a field another name than the field has: that by which it is found in the header of CSV and
/// among columns by name, and under which it is in Arrow, in images of frozen records, and in errors. Methods, `Debug`, and what serde's own
/// derive makes of the struct keep the field's name.
///
/// `#[record(freeze)]` on the type gives frozen records rows and columns with a method for each field. `#[record(borrow)]` defines the struct
/// once more, as `FlightRef<'_>`: without what is computed, and with a `&str` for each string of `dict` or `text`, so that a row is pushed whose
/// text lies elsewhere. Records that are nested need it too.
///
/// `#[record(crate = path)]` on the type says where `pennyweight` is found, if not at `::pennyweight`.
#[proc_macro_derive(Record, attributes(record))]
pub fn record(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    record::derive(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Implements `Category` for an enum whose variants have no fields: each is its name.
///
/// `#[record(rename = "first class")]` on a variant gives it another name than it has. `#[record(crate = path)]` on the type says where
/// `pennyweight` is found, if not at `::pennyweight`.
#[proc_macro_derive(Category, attributes(record))]
pub fn category(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    category::derive(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}
