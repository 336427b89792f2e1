//! What `#[record(freeze)]` adds: rows and columns of frozen records, by the names of the fields.

use super::{Column, Record, with_lifetime};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{GenericParam, Generics, Ident, parse_quote};

impl Record<'_> {
    /// `FlightFrozenRow` and `FlightFrozenColumns`, and the trait that knows them.
    pub(super) fn frozen(&self) -> TokenStream {
        let Self { generated, input, name, .. } = self;
        let row = format_ident!("{}FrozenRow", name.unraw());
        let columns = format_ident!("{}FrozenColumns", name.unraw());
        let (_, generics, _) = input.generics.split_for_impl();
        let where_clause = self.provable(input.generics.clone()).where_clause;
        let (impl_generics, _, _) = input.generics.split_for_impl();
        let with = self.generics();
        let (_, with, _) = with.split_for_impl();
        let this = quote!(#name #generics);
        let fields = self.fields();
        let row_type = self.item(
            &row,
            &quote!(FrozenRowOf),
            &format!("A row of frozen [`{name}`]s."),
            |leaf| quote!(<#leaf as #generated::FrozenLeaf>::Get<'__a, __W>),
        );
        let columns_type = self.item(
            &columns,
            &quote!(FrozenColumnsOf),
            &format!("The columns of frozen [`{name}`]s."),
            |leaf| quote!(<#leaf as #generated::FrozenLeaf>::Column<'__a, __W>),
        );
        let debug = self.debug(&row);
        quote! {
            #row_type
            #columns_type
            #debug

            #[automatically_derived]
            impl #impl_generics #generated::FreezeRecord for #this #where_clause {
                type FrozenRow<'__a, __W: #generated::Buffer<u8> + '__a> = #row #with where Self: '__a;
                type FrozenColumns<'__a, __W: #generated::Buffer<u8> + '__a> = #columns #with
                where
                    Self: '__a;

                #[inline]
                fn frozen_row<'__a, __W: #generated::Buffer<u8> + '__a>(
                    __row: #generated::FrozenRowOf<'__a, #fields, __W>,
                ) -> Self::FrozenRow<'__a, __W>
                where
                    Self: '__a,
                {
                    #row(__row)
                }

                #[inline]
                fn frozen_columns<'__a, __W: #generated::Buffer<u8> + '__a>(
                    __columns: #generated::FrozenColumnsOf<'__a, #fields, __W>,
                ) -> Self::FrozenColumns<'__a, __W>
                where
                    Self: '__a,
                {
                    #columns(__columns)
                }
            }
        }
    }

    /// A type around `of`, which is copied, with a method for each column that is stored.
    fn item(
        &self,
        item: &Ident,
        of: &TokenStream,
        doc: &str,
        gives: impl Fn(&TokenStream) -> TokenStream,
    ) -> TokenStream {
        let Self { generated, input, stored, .. } = self;
        let (vis, fields) = (&input.vis, self.fields());
        let extended = self.generics();
        let (impl_generics, generics, where_clause) = extended.split_for_impl();
        let mut defaulted = extended.clone();
        if let Some(GenericParam::Type(words)) = defaulted.params.last_mut() {
            words.default = Some(parse_quote!(#generated::OwnedWords));
        }
        let params = &defaulted.params;
        let methods = stored.iter().map(|column| {
            let Column { ident, vis, docs, .. } = column;
            let (gives, way) = (gives(&column.leaf(generated)), self.way_to(column));
            quote! {
                #(#docs)*
                #[inline]
                #[allow(dead_code)]
                #vis fn #ident(self) -> #gives {
                    self.0.get::<#way>()
                }
            }
        });
        quote! {
            #[doc = #doc]
            #vis struct #item<#params>(#generated::#of<'__a, #fields, __W>) #where_clause;

            impl #impl_generics #item #generics #where_clause {
                #(#methods)*
            }

            #[automatically_derived]
            impl #impl_generics ::core::clone::Clone for #item #generics #where_clause {
                #[inline]
                fn clone(&self) -> Self {
                    *self
                }
            }

            #[automatically_derived]
            impl #impl_generics ::core::marker::Copy for #item #generics #where_clause {}
        }
    }

    fn debug(&self, row: &Ident) -> TokenStream {
        let extended = self.generics();
        let (impl_generics, generics, where_clause) = extended.split_for_impl();
        let title = self.title.unraw().to_string();
        let names = self.stored.iter().map(|column| column.name());
        let idents = self.stored.iter().map(|column| &column.ident);
        quote! {
            #[automatically_derived]
            impl #impl_generics ::core::fmt::Debug for #row #generics #where_clause {
                fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    __f.debug_struct(#title) #(.field(#names, &self.#idents()))* .finish()
                }
            }
        }
    }

    /// The struct's generics, a lifetime that they outlive, and where words lie.
    fn generics(&self) -> Generics {
        let generated = &self.generated;
        let mut generics = self.provable(with_lifetime(&self.input.generics));
        generics.params.push(parse_quote!(__W: #generated::Buffer<u8> + '__a));
        generics
    }

    /// Generics of which is known that the fields freeze. Where no field is of a type parameter, the compiler finds that out.
    fn provable(&self, mut generics: Generics) -> Generics {
        let generated = &self.generated;
        if self.input.generics.type_params().next().is_some() {
            let leaves = self.stored.iter().map(|column| column.leaf(generated));
            let predicates = &mut generics.make_where_clause().predicates;
            predicates.extend(leaves.map(|leaf| -> syn::WherePredicate {
                parse_quote!(#leaf: #generated::FrozenLeaf)
            }));
        }
        generics
    }
}
