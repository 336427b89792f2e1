//! The derive macros of `pennyweight`, which re-exports each beside the trait that it implements:
//! depend on that crate, with its feature `derive`, and not on this one.

mod heap_size;
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
