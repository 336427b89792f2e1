//! `#[derive(Record)]` for an enum.
//!
//! Each variant's fields get types of a row and of columns, as those of a struct do: `ShapeCircleRow` and `ShapeCircleColumns` for `Shape::Circle`.
//! The enum itself is one field, whose value is of one of the variants: `ShapeRow::variant` says of which, as a `ShapeVariant`.

use super::{
    Column, Encoding, Record, bounded, holds_records_of, refuse_drop, refuse_methods, tree, way,
    with_lifetime,
};
use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use std::collections::HashMap;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{DataEnum, DeriveInput, Error, Ident, Path, Result};

pub(super) fn derive(
    input: &DeriveInput,
    data: &DataEnum,
    pennyweight: Path,
) -> Result<TokenStream> {
    let count = data.variants.len();
    if !(1..=256).contains(&count) {
        let message = format!("a record has 1 to 256 variants, and `{}` has {count}", input.ident);
        return Err(Error::new(input.ident.span(), message));
    }
    if data.variants.iter().all(|variant| variant.fields.is_empty()) {
        let message = "an enum without fields has no columns: it is a value, for a field of a record, and may be a `Category`";
        return Err(Error::new(input.ident.span(), message));
    }
    let mut variants = Vec::new();
    for (number, variant) in data.variants.iter().enumerate() {
        let mut columns = Vec::new();
        for (member, field) in variant.fields.members().zip(&variant.fields) {
            let mut column = Column::of(member, field)?;
            if let Encoding::Computed(_) = column.encoding {
                let message = "a field of a variant is not computed: there is no row of the whole enum to make it of";
                return Err(Error::new(field.span(), message));
            }
            if let Some(name) = &column.rename {
                let message = "the columns of a variant have no names to find them by";
                return Err(Error::new(name.span(), message));
            }
            // The fields of a variant are as visible as the enum.
            column.vis = &input.vis;
            columns.push(column);
        }
        refuse_methods(&columns, false)?;
        let name = format_ident!("{}{}", input.ident.unraw(), variant.ident.unraw());
        variants.push(Variant { ident: &variant.ident, number, name, columns });
    }
    refuse_variants(&variants)?;
    let columns = variants.iter().flat_map(|variant| &variant.columns);
    let input = &bounded(input, columns, &pennyweight);
    let generated = quote!(#pennyweight::record::generated);
    Ok(Variants { input, pennyweight: &pennyweight, generated, variants: &variants }.items())
}

/// A variant.
struct Variant<'a> {
    ident: &'a Ident,
    number: usize,
    /// What its row and columns are called after.
    name: Ident,
    columns: Vec<Column<'a>>,
}

struct Variants<'a> {
    input: &'a DeriveInput,
    pennyweight: &'a Path,
    generated: TokenStream,
    variants: &'a [Variant<'a>],
}

impl Variants<'_> {
    fn items(&self) -> TokenStream {
        let (implementation, row, slices) = (self.implementation(), self.row(), self.slices());
        let of_variants = self.variants.iter().map(|variant| {
            let record = self.record(variant);
            let (row, slices) = (record.row(&TokenStream::new()), record.slices());
            quote!(#row #slices)
        });
        let no_drop = refuse_drop(self.input);
        quote!(#no_drop #implementation #row #slices #(#of_variants)*)
    }

    /// The fields of a variant.
    fn record<'a>(&'a self, variant: &'a Variant<'_>) -> Record<'a> {
        Record::new(self.input, self.pennyweight, &variant.name, variant.ident, &variant.columns)
    }

    /// A value of a variant, as it stands in the tree of variants.
    fn injected(&self, number: usize, value: &TokenStream) -> TokenStream {
        fn inject(
            generated: &TokenStream,
            number: usize,
            count: usize,
            value: &TokenStream,
        ) -> TokenStream {
            let first = count.div_ceil(2);
            if count == 1 {
                value.clone()
            } else if number < first {
                let value = inject(generated, number, first, value);
                quote!(#generated::Either::First(#value))
            } else {
                let value = inject(generated, number - first, count - first, value);
                quote!(#generated::Either::Second(#value))
            }
        }
        inject(&self.generated, number, self.variants.len(), value)
    }

    /// The type of a value of any of the variants.
    fn sum(&self, types: &[TokenStream]) -> TokenStream {
        match types {
            [ty] => ty.clone(),
            _ => {
                let (first, second) = types.split_at(types.len().div_ceil(2));
                let (generated, first, second) =
                    (&self.generated, self.sum(first), self.sum(second));
                quote!(#generated::Either<#first, #second>)
            }
        }
    }

    fn names(&self) -> (Ident, Ident, Ident) {
        let name = self.input.ident.unraw();
        (format_ident!("{name}Row"), format_ident!("{name}Columns"), format_ident!("{name}Variant"))
    }

    /// The type of the one field that the enum is.
    fn fields(&self) -> TokenStream {
        let generated = &self.generated;
        let variants: Vec<_> = self
            .variants
            .iter()
            .map(|variant| {
                let fields = self.record(variant).fields();
                quote!(#generated::Variant<#fields>)
            })
            .collect();
        let variants = tree(&variants);
        quote!(#generated::Enum<#variants>)
    }

    fn implementation(&self) -> TokenStream {
        let Self { input, pennyweight, generated, .. } = self;
        let name = &input.ident;
        let (row, slices, variant_name) = self.names();
        let (impl_generics, generics, where_clause) = input.generics.split_for_impl();
        let extended = with_lifetime(&input.generics);
        let (_, slices_generics, _) = extended.split_for_impl();
        let fields = self.fields();
        let text = name.unraw().to_string();

        let mut computed_types = Vec::new();
        let (mut apart, mut together, mut compute) = (Vec::new(), Vec::new(), Vec::new());
        for variant in self.variants {
            let (ident, number) = (variant.ident, variant.number);
            let members = variant.columns.iter().map(|column| &column.member);
            let constructed = members.clone();
            let idents: Vec<_> = variant.columns.iter().map(|column| &column.ident).collect();
            let values: Vec<_> = idents.iter().map(|ident| ident.to_token_stream()).collect();
            let parts = self.record(variant).parts();
            let (types, computed) = (&parts.computed_types, &parts.computed);
            computed_types.push(tree(types));
            let (pack, unpack) = (&parts.pack, &parts.unpack);
            let values = self.injected(number, &tree(&values));
            let rest = self.injected(number, &tree(computed));
            apart.push(quote! {
                Self::#ident { #(#members: #idents),* } => {
                    #(#pack)*
                    (#values, #rest)
                }
            });
            together.push(quote! {
                (#values, #rest) => {
                    #(#unpack)*
                    Self::#ident { #(#constructed: #idents),* }
                }
            });
            let computed = self.injected(number, &tree(&parts.compute));
            compute.push(if variant.columns.is_empty() {
                quote!(#variant_name::#ident => #computed)
            } else {
                quote!(#variant_name::#ident(__row) => #computed)
            });
        }
        let computed_types = self.sum(&computed_types);
        // Only where there is another variant can a value and what was computed be of two.
        let unlike = (self.variants.len() > 1).then(
            || quote!(_ => ::core::unreachable!("values and what is computed are of one variant")),
        );

        quote! {
            #[automatically_derived]
            #[allow(
                deprecated,
                non_shorthand_field_patterns,
                unused_variables,
                clippy::unused_unit,
                clippy::init_numbered_fields
            )]
            impl #impl_generics #pennyweight::record::Record for #name #generics #where_clause {
                type Fields = #fields;
                type Computed = #computed_types;
                type Row = #row #generics;
                type Columns<'__a> = #slices #slices_generics where Self: '__a;
                type ColumnsMut<'__a> = () where Self: '__a;

                const NAMES: &'static [&'static ::core::primitive::str] = &[#text];

                fn into_values(
                    self,
                ) -> (<Self::Fields as #generated::Fields>::Values, Self::Computed) {
                    match self { #(#apart)* }
                }

                fn from_values(
                    __values: <Self::Fields as #generated::Fields>::Values,
                    __computed: Self::Computed,
                ) -> Self {
                    match (__values, __computed) { #(#together)* #unlike }
                }

                fn compute(__row: &Self::Row) -> Self::Computed {
                    match __row.variant() { #(#compute),* }
                }

                #[inline]
                fn row(__row: &#generated::RowOf<Self::Fields>) -> &Self::Row {
                    // SAFETY: the one is a transparent wrapper of the other.
                    unsafe {
                        &*(__row as *const #generated::RowOf<Self::Fields> as *const Self::Row)
                    }
                }

                #[inline]
                fn row_mut(__row: &mut #generated::RowOf<Self::Fields>) -> &mut Self::Row {
                    // SAFETY: the one is a transparent wrapper of the other.
                    unsafe { &mut *(__row as *mut #generated::RowOf<Self::Fields> as *mut Self::Row) }
                }

                #[inline]
                fn columns<'__a>(
                    __columns: #generated::ColumnsOf<'__a, Self::Fields>,
                ) -> Self::Columns<'__a>
                where
                    Self: '__a,
                {
                    #slices(__columns)
                }

                fn columns_mut<'__a>((): ()) where Self: '__a {}
            }
        }
    }

    fn row(&self) -> TokenStream {
        let Self { input, pennyweight, generated, variants } = self;
        let (name, vis) = (&input.ident, &input.vis);
        let (row, _, variant_name) = self.names();
        let variant_mut = format_ident!("{variant_name}Mut");
        let (impl_generics, generics, where_clause) = input.generics.split_for_impl();
        let extended = with_lifetime(&input.generics);
        let (of_impl, of_generics, of_where) = extended.split_for_impl();
        let count = variants.len();
        let row_doc =
            format!("A row of [`{name}`]s that lie in columns. There are references to it alone.");
        let doc = format!("Which variant a row of [`{name}`]s is, and its fields.");
        let doc_mut =
            format!("Which variant a row of [`{name}`]s is, and its fields, to change them.");
        let fields = self.fields();
        let record = quote!(<#name #generics as #pennyweight::record::Record>);
        let (mut named, mut found, mut shown) = (Vec::new(), Vec::new(), Vec::new());
        let mut rows = Vec::new();
        let (mut named_mut, mut found_mut) = (Vec::new(), Vec::new());
        for variant in *variants {
            let (ident, way) = (variant.ident, way(generated, variant.number, count));
            let of_variant = format_ident!("{}Row", variant.name);
            let fields = self.record(variant).fields();
            let text = ident.unraw().to_string();
            let number = variant.number;
            if variant.columns.is_empty() {
                named_mut.push(quote!(#[allow(missing_docs)] #ident));
                found_mut.push(quote!(#number => #variant_mut::#ident));
                named.push(quote!(#[allow(missing_docs)] #ident));
                found.push(quote! {
                    if __row.get::<#way>().is_some() {
                        return #variant_name::#ident;
                    }
                });
                shown.push(quote!(#variant_name::#ident => __f.write_str(#text)));
            } else {
                rows.push(quote!(#of_variant #generics));
                named_mut
                    .push(quote!(#[allow(missing_docs)] #ident(&'__a mut #of_variant #generics)));
                found_mut.push(quote! {
                    #number => {
                        let __row = self.0.variant_mut::<#way>();
                        // SAFETY: the one is a transparent wrapper of the other.
                        #variant_mut::#ident(unsafe {
                            &mut *(__row as *mut #generated::RowOf<#fields>
                                as *mut #of_variant #generics)
                        })
                    }
                });
                named.push(quote!(#[allow(missing_docs)] #ident(&'__a #of_variant #generics)));
                found.push(quote! {
                    if let ::core::option::Option::Some(__row) = __row.get::<#way>() {
                        // SAFETY: the one is a transparent wrapper of the other.
                        let __row = unsafe {
                            &*(__row as *const #generated::RowOf<#fields>
                                as *const #of_variant #generics)
                        };
                        return #variant_name::#ident(__row);
                    }
                });
                shown.push(
                    quote!(#variant_name::#ident(__row) => ::core::fmt::Debug::fmt(__row, __f)),
                );
            }
        }
        let equal_arms = variants.iter().map(|variant| {
            let ident = variant.ident;
            if variant.columns.is_empty() {
                quote!((#variant_name::#ident, #variant_name::#ident) => true)
            } else {
                quote! {
                    (#variant_name::#ident(__a), #variant_name::#ident(__b)) => *__a == *__b
                }
            }
        });
        let bounds = |bound: TokenStream| {
            let mut extended = input.generics.clone();
            let clause = extended.make_where_clause();
            for row in &rows {
                clause.predicates.push(syn::parse_quote!(for<'__t> #row: #bound));
            }
            extended.where_clause
        };
        let (debug, equal, total) = (
            bounds(quote!(::core::fmt::Debug)),
            bounds(quote!(::core::cmp::PartialEq)),
            bounds(quote!(::core::cmp::Eq)),
        );
        let (hashed, partial, ordered) = (
            bounds(quote!(::core::hash::Hash)),
            bounds(quote!(::core::cmp::PartialOrd)),
            bounds(quote!(::core::cmp::Ord)),
        );
        let columns = variants.iter().flat_map(|variant| &variant.columns);
        // To clone `Records` of the enum would be to clone its rows.
        let can_be_cloned =
            !columns.into_iter().any(|column| holds_records_of(column.ty, &input.ident));
        let to_owned = can_be_cloned.then(|| {
            quote! {
                /// The record, its values cloned.
                #[allow(dead_code)]
                #vis fn to_owned(&self) -> #name #generics
                where
                    for<'__t> #record::Fields: #generated::Own,
                {
                    #record::from_values(self.0.own(), #record::compute(self))
                }
            }
        });
        let with_fields = variants.iter().filter(|variant| !variant.columns.is_empty());
        let with_fields: Vec<_> = with_fields.map(|variant| variant.ident).collect();
        let number = quote!(get::<#generated::Here>().number());
        quote! {
            #[doc = #doc]
            #vis enum #variant_name #of_impl #of_where { #(#named),* }

            #[automatically_derived]
            impl #of_impl ::core::clone::Clone for #variant_name #of_generics #of_where {
                #[inline]
                fn clone(&self) -> Self {
                    *self
                }
            }

            #[automatically_derived]
            impl #of_impl ::core::marker::Copy for #variant_name #of_generics #of_where {}

            #[doc = #doc_mut]
            #[allow(dead_code)]
            #vis enum #variant_mut #of_impl #of_where { #(#named_mut),* }

            #[doc = #row_doc]
            #[repr(transparent)]
            #vis struct #row #impl_generics (#generated::RowOf<#fields>) #where_clause;

            impl #impl_generics #row #generics #where_clause {
                /// Which variant it is, and its fields.
                #[inline]
                #vis fn variant<'__a>(&'__a self) -> #variant_name #of_generics {
                    let __row = self.0.get::<#generated::Here>();
                    #(#found)*
                    ::core::unreachable!("a row is of one of the variants")
                }

                /// Which variant it is, and its fields, to change them.
                #[inline]
                #[allow(dead_code)]
                #vis fn variant_mut<'__a>(&'__a mut self) -> #variant_mut #of_generics {
                    match self.0.get::<#generated::Here>().number() {
                        #(#found_mut,)*
                        _ => ::core::unreachable!("a row is of one of the variants"),
                    }
                }

                /// Replaces the value, as by `swap_remove` in the columns of its variant. Where that is another one, up to all rows are looked
                /// through for the one that is the last in the old variant's columns, and takes its place there.
                #[allow(dead_code)]
                #[track_caller]
                #vis fn set(&mut self, __value: #name #generics) {
                    let (__values, _) = #record::into_values(__value);
                    #generated::set::<#record::Fields, #generated::Here>(&mut self.0, __values);
                }

                #to_owned
            }

            #[automatically_derived]
            impl #impl_generics ::core::fmt::Debug for #row #generics #debug {
                fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    match self.variant() { #(#shown),* }
                }
            }

            #[automatically_derived]
            impl #impl_generics ::core::cmp::PartialEq for #row #generics #equal {
                fn eq(&self, __other: &Self) -> ::core::primitive::bool {
                    #[allow(unreachable_patterns)]
                    match (self.variant(), __other.variant()) { #(#equal_arms,)* _ => false }
                }
            }

            #[automatically_derived]
            impl #impl_generics ::core::cmp::Eq for #row #generics #total {}

            #[automatically_derived]
            impl #impl_generics ::core::hash::Hash for #row #generics #hashed {
                fn hash<__H: ::core::hash::Hasher>(&self, __state: &mut __H) {
                    let __variant = self.variant();
                    ::core::hash::Hash::hash(&::core::mem::discriminant(&__variant), __state);
                    #[allow(unreachable_patterns)]
                    match __variant {
                        #(#variant_name::#with_fields(__row) => {
                            ::core::hash::Hash::hash(__row, __state);
                        })*
                        _ => {}
                    }
                }
            }

            #[automatically_derived]
            impl #impl_generics ::core::cmp::PartialOrd for #row #generics #partial {
                fn partial_cmp(
                    &self,
                    __other: &Self,
                ) -> ::core::option::Option<::core::cmp::Ordering> {
                    #[allow(unreachable_patterns)]
                    match (self.variant(), __other.variant()) {
                        #((#variant_name::#with_fields(__a), #variant_name::#with_fields(__b)) => {
                            ::core::cmp::PartialOrd::partial_cmp(__a, __b)
                        })*
                        _ => ::core::cmp::PartialOrd::partial_cmp(
                            &self.0.#number,
                            &__other.0.#number,
                        ),
                    }
                }
            }

            #[automatically_derived]
            impl #impl_generics ::core::cmp::Ord for #row #generics #ordered {
                fn cmp(&self, __other: &Self) -> ::core::cmp::Ordering {
                    #[allow(unreachable_patterns)]
                    match (self.variant(), __other.variant()) {
                        #((#variant_name::#with_fields(__a), #variant_name::#with_fields(__b)) => {
                            ::core::cmp::Ord::cmp(__a, __b)
                        })*
                        _ => ::core::cmp::Ord::cmp(&self.0.#number, &__other.0.#number),
                    }
                }
            }
        }
    }

    fn slices(&self) -> TokenStream {
        let Self { input, generated, variants, .. } = self;
        let (name, vis) = (&input.ident, &input.vis);
        let (_, slices, _) = self.names();
        let extended = with_lifetime(&input.generics);
        let (impl_generics, generics, where_clause) = extended.split_for_impl();
        let doc =
            format!("Columns of [`{name}`]s, or of some of their rows: those of each variant.");
        let fields = self.fields();
        let methods =
            variants.iter().filter(|variant| !variant.columns.is_empty()).map(|variant| {
                let (of_variant, way) = (
                    format_ident!("{}Columns", variant.name),
                    way(generated, variant.number, variants.len()),
                );
                let method = Ident::new_raw(&snake(variant.ident), variant.ident.span());
                let doc = format!("The columns of `{}`: of all its rows.", variant.ident.unraw());
                quote! {
                    #[doc = #doc]
                    #[inline]
                    #[allow(dead_code)]
                    #vis fn #method(self) -> #of_variant #generics {
                        #of_variant(self.0.get::<#generated::Here>().get::<#way>())
                    }
                }
            });
        quote! {
            #[doc = #doc]
            #vis struct #slices #impl_generics (#generated::ColumnsOf<'__a, #fields>) #where_clause;

            impl #impl_generics #slices #generics #where_clause {
                #(#methods)*

                /// The number of each row's variant, counted from 0.
                #[inline]
                #[allow(dead_code)]
                #vis fn numbers(self) -> &'__a [::core::primitive::u8] {
                    self.0.get::<#generated::Here>().numbers()
                }

                /// Where each row lies in the columns of its variant.
                #[inline]
                #[allow(dead_code)]
                #vis fn places(self) -> &'__a [::core::primitive::u32] {
                    self.0.get::<#generated::Here>().places()
                }
            }

            #[automatically_derived]
            impl #impl_generics ::core::clone::Clone for #slices #generics #where_clause {
                #[inline]
                fn clone(&self) -> Self {
                    *self
                }
            }

            #[automatically_derived]
            impl #impl_generics ::core::marker::Copy for #slices #generics #where_clause {}
        }
    }
}

/// The methods of columns are called after the variants that have fields: none of them may be called as another one is, or cannot be.
fn refuse_variants(variants: &[Variant<'_>]) -> Result<()> {
    let mut methods = HashMap::from([
        ("numbers".to_owned(), "tells the variant of each row".to_owned()),
        ("places".to_owned(), "tells where each row lies".to_owned()),
    ]);
    for Variant { ident, .. } in variants.iter().filter(|variant| !variant.columns.is_empty()) {
        let (name, method) = (ident.unraw(), snake(ident));
        if let "self" | "super" | "crate" = method.as_str() {
            let message = format!(
                "no variant with fields is named `{name}`: `{method}` cannot be the method of columns that gives its own"
            );
            return Err(Error::new(ident.span(), message));
        }
        if let Some(does) = methods.insert(method.clone(), format!("gives those of `{name}`")) {
            let message = format!(
                "no variant with fields is named `{name}`: `{method}` is the method of columns that {does}"
            );
            return Err(Error::new(ident.span(), message));
        }
    }
    Ok(())
}

/// `TwoWords` as `two_words`.
fn snake(name: &Ident) -> String {
    let name = name.unraw().to_string();
    let mut snake = String::new();
    for (index, letter) in name.char_indices() {
        if letter.is_uppercase() && index > 0 {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}
