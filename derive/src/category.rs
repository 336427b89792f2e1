//! `#[derive(Category)]`.

use crate::record::{Arguments, Container, refuse_same};
use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, LitStr, Result};

pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let pennyweight = Container::path_of(input)?;
    let ident = &input.ident;
    let Data::Enum(data) = &input.data else {
        let message = "a category is an enum whose variants have no fields";
        return Err(Error::new(ident.span(), message));
    };
    if let Some(variant) = data.variants.iter().find(|variant| !variant.fields.is_empty()) {
        let message =
            "a category has no fields: an enum that has is a record, of columns for each variant";
        return Err(Error::new(variant.fields.span(), message));
    }
    let count = data.variants.len();
    if !(1..=256).contains(&count) {
        let message = format!("a category has 1 to 256 variants, and `{ident}` has {count}");
        return Err(Error::new(ident.span(), message));
    }
    let names = data.variants.iter().map(|variant| {
        let name = LitStr::new(&variant.ident.unraw().to_string(), variant.ident.span());
        Ok(Arguments::rename_of(&variant.attrs)?.unwrap_or(name))
    });
    let names: Vec<LitStr> = names.collect::<Result<_>>()?;
    refuse_same("variants", names.iter())?;
    let variants: Vec<_> = data.variants.iter().map(|variant| &variant.ident).collect();
    let numbers = 0..count;
    let numbers_back = numbers.clone();
    let (impl_generics, generics, where_clause) = input.generics.split_for_impl();
    Ok(quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl #impl_generics #pennyweight::record::Category for #ident #generics #where_clause {
            const NAMES: &'static [&'static ::core::primitive::str] = &[#(#names),*];

            #[inline]
            fn number(self) -> ::core::primitive::usize {
                match self { #(Self::#variants => #numbers),* }
            }

            #[inline]
            fn from_number(
                __number: ::core::primitive::usize,
            ) -> ::core::option::Option<Self> {
                match __number {
                    #(#numbers_back => ::core::option::Option::Some(Self::#variants),)*
                    _ => ::core::option::Option::None,
                }
            }
        }
    })
}
