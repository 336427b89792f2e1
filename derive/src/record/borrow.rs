//! What `#[record(borrow)]` adds: the struct with its text borrowed.

use super::{Column, Encoding, Record, tree, with_lifetime};
use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Error, Member, Result};

impl Record<'_> {
    /// `FlightRef`, and the trait that knows it.
    pub(super) fn borrowed(&self) -> Result<TokenStream> {
        let Self { pennyweight, generated, input, name, stored, .. } = self;
        let borrows = |column: &&Column<'_>| {
            matches!(
                column.encoding,
                Encoding::Stored { by: "DictField" | "TextField" } | Encoding::Nested
            )
        };
        if !stored.iter().any(borrows) {
            let message = "nothing is borrowed: no field has `dict`, `text` or `nested`";
            return Err(Error::new(name.span(), message));
        }
        let optional =
            |column: &&&Column<'_>| matches!(column.encoding, Encoding::NestedOption { .. });
        if let Some(column) = stored.iter().find(optional) {
            let message = "an `Option` of a record has no form that is borrowed";
            return Err(Error::new(column.ty.span(), message));
        }
        let vis = &input.vis;
        let borrowed = format_ident!("{}Ref", name.unraw());
        let (impl_generics, generics, where_clause) = input.generics.split_for_impl();
        let extended = with_lifetime(&input.generics);
        let (borrowed_impl, borrowed_generics, borrowed_where) = extended.split_for_impl();
        let record = quote!(#pennyweight::record::BorrowRecord);

        let types = stored.iter().map(|Column { ty, encoding, .. }| match encoding {
            Encoding::Stored { by: "DictField" | "TextField" } => {
                quote!(<#ty as #generated::TextField>::Ref<'__a>)
            }
            Encoding::Nested => quote!(<#ty as #record>::Ref<'__a>),
            _ => ty.to_token_stream(),
        });
        let docs = stored.iter().map(|column| &column.docs);
        let visibilities = stored.iter().map(|column| column.vis);
        let idents: Vec<_> = stored.iter().map(|column| &column.ident).collect();
        let tuple = stored.iter().all(|column| matches!(column.member, Member::Unnamed(_)));
        // Without what is computed, fields without names are numbered anew.
        let members = stored.iter().enumerate().map(|(number, column)| match &column.member {
            Member::Unnamed(_) => Member::from(number),
            named => named.clone(),
        });
        let members: Vec<_> = members.collect();
        let body = if tuple {
            quote!((#(#(#docs)* #visibilities #types),*) #borrowed_where;)
        } else {
            quote!(#borrowed_where { #(#(#docs)* #visibilities #idents: #types),* })
        };

        let changed = |pack: bool| -> TokenStream {
            let changes = stored.iter().filter_map(|column| {
                let (ident, ty) = (&column.ident, column.ty);
                let change = match (&column.encoding, pack) {
                    (Encoding::Nullable { .. }, true) => {
                        let leaf = column.leaf(generated);
                        quote!(<#leaf as #generated::Leaf>::pack(#ident))
                    }
                    (Encoding::Nullable { .. }, false) => quote!(#generated::option(#ident)),
                    (Encoding::Nested, true) => quote!(<#ty as #record>::into_input(#ident)),
                    (Encoding::Nested, false) => quote!(<#ty as #record>::from_input(#ident)),
                    _ => return None,
                };
                Some(quote!(let #ident = #change;))
            });
            changes.collect()
        };
        let (pack, unpack) = (changed(true), changed(false));
        let values: Vec<_> = idents.iter().map(|ident| ident.to_token_stream()).collect();
        let values = tree(&values);
        let doc = format!("A [`{name}`] whose text is borrowed, to be pushed.");
        Ok(quote! {
            #[doc = #doc]
            #[allow(dead_code)]
            #vis struct #borrowed #borrowed_impl #body

            #[automatically_derived]
            #[allow(deprecated, non_shorthand_field_patterns, clippy::init_numbered_fields)]
            impl #impl_generics #record for #name #generics #where_clause {
                type Ref<'__a> = #borrowed #borrowed_generics where Self: '__a;

                #[inline]
                fn into_input<'__a>(
                    __record: Self::Ref<'__a>,
                ) -> <Self::Fields as #generated::Fill>::Input<'__a>
                where
                    Self: '__a,
                {
                    let #borrowed { #(#members: #idents),* } = __record;
                    #pack
                    #values
                }

                #[inline]
                fn from_input<'__a>(
                    #values: <Self::Fields as #generated::Fill>::Input<'__a>,
                ) -> Self::Ref<'__a>
                where
                    Self: '__a,
                {
                    #unpack
                    #borrowed { #(#members: #idents),* }
                }
            }
        })
    }
}
