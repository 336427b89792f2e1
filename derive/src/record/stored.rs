//! What rows and columns give of a field that is stored in buffers of its own, by the name that a reader knows it by.
//!
//! Only where that is known of the type as it is written: else the type that the compiler finds out is named by the way to it.

use super::{bare, option_of};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Path, Type};

/// What a row gives: `&str`, an integer, or an `Option` of it.
pub(super) fn get(ty: &Type, by: &str) -> Option<TokenStream> {
    let inner = known(ty, by)?;
    Some(match (by, inner) {
        ("PackedField", _) => quote!(#ty),
        (_, Inner::Value) => quote!(&::core::primitive::str),
        (_, Inner::Option) => quote!(::core::option::Option<&::core::primitive::str>),
    })
}

/// What columns give.
pub(super) fn slice(ty: &Type, by: &str, pennyweight: &Path) -> Option<TokenStream> {
    known(ty, by)?;
    let record = quote!(#pennyweight::record);
    Some(match by {
        "PackedField" => quote!(#record::PackedSlice<'__a, #ty>),
        "DictField" => quote!(#record::DictSlice<'__a, #ty>),
        _ => quote!(#record::TextSlice<'__a, #ty>),
    })
}

enum Inner {
    Value,
    Option,
}

/// Whether the type is one of those that are stored so, or an `Option` of one.
fn known(ty: &Type, by: &str) -> Option<Inner> {
    let names: &[&str] = match by {
        "PackedField" => &["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "bool"],
        _ => &["String"],
    };
    let (ty, inner) = option_of(ty).map_or((ty, Inner::Value), |inner| (inner, Inner::Option));
    let Type::Path(path) = bare(ty) else { return None };
    names.iter().any(|name| path.path.is_ident(name)).then_some(inner)
}
