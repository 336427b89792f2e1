//! `#[derive(Record)]`.
//!
//! A struct `Flight` gets the types `FlightRow` and `FlightColumns`, and an impl of `Record` that says how its fields are stored: a tree of
//! pairs, of which each leaf is a field. A field is reached by the way to its leaf, which the compiler follows.

mod borrow;
mod column;
mod docs;
mod frozen;
mod stored;
mod variants;

pub(crate) use column::{Arguments, Container, refuse_same};

use column::{Access, Column, Encoding, bare, holds_records_of, option_of, refuse_methods};
use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Error, Generics, Ident, Lifetime, Member, Path, Result, parse_quote};

pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let Container { path: pennyweight, freeze, borrow } = Container::of(&input.attrs)?;
    let fields = match &input.data {
        Data::Struct(data) => data.fields.members().zip(&data.fields),
        Data::Enum(data) if freeze => {
            return Err(Error::new(data.enum_token.span, "records of an enum cannot be frozen"));
        }
        Data::Enum(data) if borrow => {
            return Err(Error::new(data.enum_token.span, "an enum has no form that is borrowed"));
        }
        Data::Enum(data) => return variants::derive(input, data, pennyweight),
        Data::Union(data) => {
            return Err(Error::new(
                data.union_token.span,
                "`Record` cannot be derived for a union, whose value may be in any of its fields",
            ));
        }
    };
    let columns = fields.map(|(member, field)| Column::of(member, field));
    let columns: Vec<_> = columns.collect::<Result<_>>()?;
    let stored = columns.iter().filter(|column| column.is_stored());
    refuse_same("columns", stored.map(Column::column_name))?;
    let input = &bounded(input, &columns, &pennyweight);
    let record = Record::new(input, &pennyweight, &input.ident, &input.ident, &columns);
    let to_owned = record.to_owned();
    refuse_methods(&columns, !to_owned.is_empty())?;
    let (implementation, row) = (record.implementation(), record.row(&to_owned));
    let (slices, slices_mut) = (record.slices(), record.slices_mut());
    let frozen = freeze.then(|| record.frozen());
    let borrowed = borrow.then(|| record.borrowed()).transpose()?;
    let no_drop = refuse_drop(input);
    Ok(quote!(#no_drop #implementation #row #slices #slices_mut #frozen #borrowed))
}

/// What the compiler refuses where the type has a `Drop` of its own: its fields could not be moved out of it.
fn refuse_drop(input: &DeriveInput) -> TokenStream {
    let name = &input.ident;
    let (impl_generics, generics, where_clause) = input.generics.split_for_impl();
    quote! {
        const _: () = {
            trait RecordsAreTakenApartAndHaveNoDrop {}
            #[allow(drop_bounds)]
            impl<__T: ::core::ops::Drop> RecordsAreTakenApartAndHaveNoDrop for __T {}
            impl #impl_generics RecordsAreTakenApartAndHaveNoDrop for #name #generics #where_clause {}
        };
    }
}

/// The type that is derived for, which asks of its fields' types what [`Column::bound`] does.
///
/// So a field of another type is told of once, where it is, and not by all that is generated: in there, it is taken to be what it should.
/// Where there are generics, bounds would hide what the types are known to be.
fn bounded<'a>(
    input: &DeriveInput,
    columns: impl IntoIterator<Item = &'a Column<'a>>,
    pennyweight: &Path,
) -> DeriveInput {
    let mut input = input.clone();
    if input.generics.params.is_empty() {
        let bounds = columns.into_iter().filter_map(|column| column.bound(pennyweight));
        input.generics.make_where_clause().predicates.extend(bounds);
    }
    input
}

/// A tree of pairs with these leaves.
fn tree(leaves: &[TokenStream]) -> TokenStream {
    match leaves {
        [] => quote!(()),
        [leaf] => leaf.clone(),
        _ => {
            let (first, second) = leaves.split_at(leaves.len().div_ceil(2));
            let (first, second) = (tree(first), tree(second));
            quote!((#first, #second))
        }
    }
}

/// The way to a leaf of the tree.
fn way(generated: &TokenStream, leaf: usize, leaves: usize) -> TokenStream {
    let first = leaves.div_ceil(2);
    if leaves == 1 {
        quote!(#generated::Here)
    } else if leaf < first {
        let rest = way(generated, leaf, first);
        quote!(#generated::Left<#rest>)
    } else {
        let rest = way(generated, leaf - first, leaves - first);
        quote!(#generated::Right<#rest>)
    }
}

/// Statements that take fields apart and put them together, and what is not stored: the values of computed fields, and what nested
/// records compute.
#[derive(Default)]
struct Parts {
    pack: Vec<TokenStream>,
    unpack: Vec<TokenStream>,
    computed_types: Vec<TokenStream>,
    computed: Vec<TokenStream>,
    compute: Vec<TokenStream>,
}

/// Fields that lie in columns: those of a struct, or of a variant of an enum.
struct Record<'a> {
    pennyweight: &'a Path,
    generated: TokenStream,
    input: &'a DeriveInput,
    /// What they are the fields of.
    name: &'a Ident,
    /// What rows are shown as: the name of a struct, or of a variant.
    title: &'a Ident,
    row: Ident,
    slices: Ident,
    slices_mut: Ident,
    columns: &'a [Column<'a>],
    stored: Vec<&'a Column<'a>>,
}

impl<'a> Record<'a> {
    fn new(
        input: &'a DeriveInput,
        pennyweight: &'a Path,
        name: &'a Ident,
        title: &'a Ident,
        columns: &'a [Column<'a>],
    ) -> Self {
        Self {
            pennyweight,
            generated: quote!(#pennyweight::record::generated),
            input,
            name,
            title,
            row: format_ident!("{}Row", name.unraw()),
            slices: format_ident!("{}Columns", name.unraw()),
            slices_mut: format_ident!("{}ColumnsMut", name.unraw()),
            columns,
            stored: columns.iter().filter(|column| column.is_stored()).collect(),
        }
    }

    /// The tree of the fields that are stored.
    fn fields(&self) -> TokenStream {
        let leaves: Vec<_> =
            self.stored.iter().map(|column| column.leaf(&self.generated)).collect();
        tree(&leaves)
    }

    /// The impl of the trait.
    fn implementation(&self) -> TokenStream {
        let Self { pennyweight, generated, input, name, row, slices, columns, stored, .. } = self;
        let slices_mut = &self.slices_mut;
        let (impl_generics, generics, where_clause) = input.generics.split_for_impl();
        let with_lifetime = with_lifetime(&input.generics);
        let (_, slices_generics, _) = with_lifetime.split_for_impl();

        let names = stored.iter().map(|column| column.column_name());
        let fields = self.fields();

        let members = columns.iter().map(|column| &column.member);
        let idents: Vec<_> = columns.iter().map(|column| &column.ident).collect();
        let values: Vec<_> = stored.iter().map(|column| column.ident.to_token_stream()).collect();
        let value_tree = tree(&values);
        let changed = stored.iter().filter(|column| column.is_lent_mutably());
        let changed = changed.map(|column| &column.ident);
        let changed_tree: Vec<_> = stored
            .iter()
            .map(|column| {
                let ident = column.is_lent_mutably().then_some(&column.ident);
                ident.map_or(quote!(_), Ident::to_token_stream)
            })
            .collect();
        let changed_tree = tree(&changed_tree);
        let constructed = members.clone();

        let parts = self.parts();
        let (pack, unpack) = (&parts.pack, &parts.unpack);
        let (computed_types, computed, compute) =
            (tree(&parts.computed_types), tree(&parts.computed), tree(&parts.compute));

        quote! {
            #[automatically_derived]
            #[allow(deprecated, non_shorthand_field_patterns, clippy::unused_unit)]
            impl #impl_generics #pennyweight::record::Record for #name #generics #where_clause {
                type Fields = #fields;
                type Computed = #computed_types;
                type Row = #row #generics;
                type Columns<'__a> = #slices #slices_generics where Self: '__a;
                type ColumnsMut<'__a> = #slices_mut #slices_generics where Self: '__a;

                const NAMES: &'static [&'static ::core::primitive::str] = &[#(#names),*];

                #[inline]
                fn into_values(
                    self,
                ) -> (<Self::Fields as #generated::Fields>::Values, Self::Computed) {
                    let Self { #(#members: #idents),* } = self;
                    #(#pack)*
                    (#value_tree, #computed)
                }

                #[inline]
                fn from_values(
                    #value_tree: <Self::Fields as #generated::Fields>::Values,
                    #computed: Self::Computed,
                ) -> Self {
                    #(#unpack)*
                    Self { #(#constructed: #idents),* }
                }

                #[inline]
                fn compute(__row: &Self::Row) -> Self::Computed {
                    #compute
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

                #[inline]
                fn columns_mut<'__a>(
                    #changed_tree: <Self::Fields as #generated::Fields>::SlicesMut<'__a>,
                ) -> Self::ColumnsMut<'__a>
                where
                    Self: '__a,
                {
                    #slices_mut { #(#changed,)* __of: ::core::marker::PhantomData }
                }
            }
        }
    }

    /// What it takes to take the fields apart, and to put them together.
    fn parts(&self) -> Parts {
        let Self { pennyweight, generated, columns, .. } = self;
        let mut parts = Parts::default();
        for column in *columns {
            let (ident, ty) = (&column.ident, column.ty);
            let rest = format_ident!("__{}", ident.unraw());
            match &column.encoding {
                Encoding::Plain { .. } | Encoding::Stored { .. } => {}
                Encoding::Nullable { .. } => {
                    let leaf = column.leaf(generated);
                    parts
                        .pack
                        .push(quote!(let #ident = <#leaf as #generated::Leaf>::pack(#ident);));
                    parts.unpack.push(quote!(let #ident = #generated::option(#ident);));
                }
                Encoding::Nested => {
                    let record = quote!(<#ty as #pennyweight::record::Record>);
                    parts.computed_types.push(quote!(#record::Computed));
                    parts.computed.push(rest.to_token_stream());
                    parts.compute.push(quote!(#record::compute(__row.#ident())));
                    parts.pack.push(quote!(let (#ident, #rest) = #record::into_values(#ident);));
                    parts.unpack.push(quote!(let #ident = #record::from_values(#ident, #rest);));
                }
                Encoding::NestedOption { inner } => {
                    let record = quote!(<#inner as #pennyweight::record::Record>);
                    let computed = quote!(::core::option::Option<#record::Computed>);
                    parts.computed_types.push(computed);
                    parts.computed.push(rest.to_token_stream());
                    parts.compute.push(
                        quote!(::core::option::Option::map(__row.#ident(), #record::compute)),
                    );
                    parts.pack.push(quote! {
                        let (#ident, #rest) = #generated::pack_option::<#inner>(#ident);
                    });
                    parts.unpack.push(quote! {
                        let #ident = #generated::unpack_option::<#inner>((#ident, #rest));
                    });
                }
                Encoding::Computed(_) => {
                    parts.computed_types.push(ty.to_token_stream());
                    parts.computed.push(ident.to_token_stream());
                    parts.compute.push(quote!(__row.#ident()));
                }
            }
        }
        parts
    }

    /// The method that gives a row's record. There is none where to clone a row would be to clone `Records` of them.
    fn to_owned(&self) -> TokenStream {
        let Self { pennyweight, generated, input, name, columns, .. } = self;
        if columns.iter().any(|column| holds_records_of(column.ty, &input.ident)) {
            return TokenStream::new();
        }
        let vis = &input.vis;
        let (_, generics, _) = input.generics.split_for_impl();
        let record = quote!(<#name #generics as #pennyweight::record::Record>);
        quote! {
            /// The record, its values cloned. It is no trait's method: `iter().map(ToOwned::to_owned)` is written with the type of the row in the
            /// place of `ToOwned`.
            #[allow(dead_code)]
            #vis fn to_owned(&self) -> #name #generics
            where
                for<'__a> #record::Fields: #generated::Own,
            {
                #record::from_values(self.0.own(), #record::compute(self))
            }
        }
    }

    /// The type of a row, with a method for each field, and `more`.
    fn row(&self, more: &TokenStream) -> TokenStream {
        let Self { pennyweight, generated, input, name, row, columns, stored, .. } = self;
        let vis = &input.vis;
        let (impl_generics, generics, where_clause) = input.generics.split_for_impl();
        let fields = self.fields();
        let doc =
            format!("A row of [`{name}`]s that lie in columns. There are references to it alone.");
        let methods = columns.iter().map(|column| {
            let Column { ident, vis, ty, docs, .. } = column;
            let leaf = column.leaf(generated);
            let read_doc = column.read_doc();
            let get = match &column.encoding {
                Encoding::Computed(function) => {
                    return quote! {
                        #(#docs)*
                        #[doc = ""]
                        #[doc = #read_doc]
                        #[inline]
                        #vis fn #ident(&self) -> #ty {
                            #function(self)
                        }
                    };
                }
                Encoding::Plain { access } => access.of_type(ty),
                Encoding::Nullable { inner, access } => {
                    let value = access.of_type(inner);
                    quote!(::core::option::Option<#value>)
                }
                Encoding::Stored { by } => stored::get(ty, by)
                    .unwrap_or_else(|| quote!(<#leaf as #generated::Leaf>::Get<'_>)),
                Encoding::Nested => {
                    quote!(&<#ty as #pennyweight::record::Record>::Row)
                }
                Encoding::NestedOption { inner } => {
                    let row = quote!(<#inner as #pennyweight::record::Record>::Row);
                    quote!(::core::option::Option<&#row>)
                }
            };
            let way = self.way_to(column);
            let set = format_ident!("set_{}", ident.unraw());
            let set_doc = column.set_doc();
            let (read, value) = match &column.encoding {
                Encoding::NestedOption { inner } => (
                    quote!(option::<#way, #inner>()),
                    quote!(#generated::pack_option::<#inner>(__value).0),
                ),
                _ => (quote!(get::<#way>()), quote!(__value)),
            };
            let mut methods = quote! {
                #(#docs)*
                #[doc = ""]
                #[doc = #read_doc]
                #[inline]
                #vis fn #ident(&self) -> #get {
                    self.0.#read
                }

                #[doc = #set_doc]
                #[inline]
                #[track_caller]
                #[allow(dead_code)]
                #vis fn #set(&mut self, __value: #ty) {
                    #generated::set::<#fields, #way>(&mut self.0, #value);
                }
            };
            let changed = match &column.encoding {
                Encoding::Plain { .. } => Some((quote!(&mut #ty), quote!(cell_mut::<#way, _, _>))),
                Encoding::Nested => Some((
                    quote!(&mut <#ty as #pennyweight::record::Record>::Row),
                    quote!(nested_mut::<#way, _>),
                )),
                Encoding::NestedOption { inner } => {
                    let row = quote!(<#inner as #pennyweight::record::Record>::Row);
                    Some((
                        quote!(::core::option::Option<&mut #row>),
                        quote!(option_mut::<#way, #inner>),
                    ))
                }
                _ => None,
            };
            if let Some((changed, method)) = changed {
                let ident_mut = format_ident!("{}_mut", ident.unraw());
                let doc = format!("What [`{0}`](Self::{0}) gives, to change it.", ident.unraw());
                methods.extend(quote! {
                    #[doc = #doc]
                    #[inline]
                    #[allow(dead_code)]
                    #vis fn #ident_mut(&mut self) -> #changed {
                        self.0.#method()
                    }
                });
            }
            methods
        });
        let names: Vec<_> = stored.iter().map(|column| column.name()).collect();
        // The types that a row shows, and whether the impl for rows is what they need themselves.
        let shown: Vec<(TokenStream, bool)> = stored
            .iter()
            .filter_map(|Column { ty, encoding, .. }| match encoding {
                Encoding::Plain { .. } => {
                    Some((ty.to_token_stream(), holds_records_of(ty, &input.ident)))
                }
                Encoding::Nullable { inner, .. } => {
                    Some((inner.to_token_stream(), holds_records_of(inner, &input.ident)))
                }
                Encoding::Nested => {
                    Some((quote!(<#ty as #pennyweight::record::Record>::Row), false))
                }
                Encoding::NestedOption { inner } => {
                    Some((quote!(<#inner as #pennyweight::record::Record>::Row), false))
                }
                Encoding::Stored { .. } | Encoding::Computed(_) => None,
            })
            .collect();
        let idents: Vec<_> = stored.iter().map(|column| &column.ident).collect();
        let title = self.title.unraw().to_string();
        let tuple = stored.iter().all(|column| matches!(column.member, Member::Unnamed(_)));
        let shown_fields = if tuple {
            quote!(__f.debug_tuple(#title) #(.field(&self.#idents()))* .finish())
        } else {
            quote!(__f.debug_struct(#title) #(.field(#names, &self.#idents()))* .finish())
        };
        // Higher-ranked, so that a type that has no such impl takes that of rows away, and is no error.
        let bounds = |bound: TokenStream, of_records: bool| {
            let mut extended = input.generics.clone();
            let clause = extended.make_where_clause();
            for (ty, holds_records) in &shown {
                if !(of_records && *holds_records) {
                    clause.predicates.push(parse_quote!(for<'__a> #ty: #bound));
                }
            }
            extended.where_clause
        };
        let (debug, equal, total) = (
            bounds(quote!(::core::fmt::Debug), true),
            bounds(quote!(::core::cmp::PartialEq), true),
            bounds(quote!(::core::cmp::Eq), true),
        );
        // Records have none of these.
        let (hashed, partial, ordered) = (
            bounds(quote!(::core::hash::Hash), false),
            bounds(quote!(::core::cmp::PartialOrd), false),
            bounds(quote!(::core::cmp::Ord), false),
        );
        quote! {
            #[doc = #doc]
            #[repr(transparent)]
            #vis struct #row #impl_generics (#generated::RowOf<#fields>) #where_clause;

            #[allow(clippy::missing_panics_doc)]
            impl #impl_generics #row #generics #where_clause {
                #(#methods)*

                #more
            }

            #[automatically_derived]
            impl #impl_generics ::core::fmt::Debug for #row #generics #debug {
                fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    #shown_fields
                }
            }

            #[automatically_derived]
            impl #impl_generics ::core::cmp::PartialEq for #row #generics #equal {
                fn eq(&self, __other: &Self) -> ::core::primitive::bool {
                    true #(&& self.#idents() == __other.#idents())*
                }
            }

            #[automatically_derived]
            impl #impl_generics ::core::cmp::Eq for #row #generics #total {}

            #[automatically_derived]
            impl #impl_generics ::core::hash::Hash for #row #generics #hashed {
                #[inline]
                #[allow(unused_variables)]
                fn hash<__H: ::core::hash::Hasher>(&self, __state: &mut __H) {
                    #(::core::hash::Hash::hash(&self.#idents(), __state);)*
                }
            }

            #[automatically_derived]
            impl #impl_generics ::core::cmp::PartialOrd for #row #generics #partial {
                #[inline]
                #[allow(unused_variables)]
                fn partial_cmp(
                    &self,
                    __other: &Self,
                ) -> ::core::option::Option<::core::cmp::Ordering> {
                    #(match ::core::cmp::PartialOrd::partial_cmp(&self.#idents(), &__other.#idents()) {
                        ::core::option::Option::Some(::core::cmp::Ordering::Equal) => {}
                        __unequal => return __unequal,
                    })*
                    ::core::option::Option::Some(::core::cmp::Ordering::Equal)
                }
            }

            #[automatically_derived]
            impl #impl_generics ::core::cmp::Ord for #row #generics #ordered {
                #[inline]
                #[allow(unused_variables)]
                fn cmp(&self, __other: &Self) -> ::core::cmp::Ordering {
                    #(match ::core::cmp::Ord::cmp(&self.#idents(), &__other.#idents()) {
                        ::core::cmp::Ordering::Equal => {}
                        __unequal => return __unequal,
                    })*
                    ::core::cmp::Ordering::Equal
                }
            }
        }
    }

    /// The type of columns, with a method for each field.
    fn slices(&self) -> TokenStream {
        let Self { pennyweight, generated, input, name, slices, stored, .. } = self;
        let vis = &input.vis;
        let fields = self.fields();
        let extended = with_lifetime(&input.generics);
        let (impl_generics, generics, where_clause) = extended.split_for_impl();
        let doc = format!("Columns of [`{name}`]s, or of some of their rows.");
        let methods = stored.iter().map(|column| {
            let Column { ident, vis, ty, docs, .. } = column;
            let leaf = column.leaf(generated);
            let slice = match &column.encoding {
                Encoding::Plain { .. } => quote!(&'__a [#ty]),
                Encoding::Nullable { inner, .. } => {
                    quote!(#pennyweight::record::NullableSlice<'__a, #inner>)
                }
                Encoding::Nested => quote!(<#ty as #pennyweight::record::Record>::Columns<'__a>),
                Encoding::NestedOption { inner } => {
                    quote!(#pennyweight::record::OptionColumns<'__a, #inner>)
                }
                Encoding::Stored { by } => stored::slice(ty, by, pennyweight)
                    .unwrap_or_else(|| quote!(<#leaf as #generated::Leaf>::Slice<'__a>)),
                Encoding::Computed(_) => unreachable!("what is computed has no column"),
            };
            let (way, doc) = (self.way_to(column), column.column_doc());
            let column = match &column.encoding {
                Encoding::NestedOption { .. } => {
                    quote!(#pennyweight::record::OptionColumns::new(self.0.get::<#way>()))
                }
                _ => quote!(self.0.get::<#way>()),
            };
            quote! {
                #(#docs)*
                #[doc = ""]
                #[doc = #doc]
                #[inline]
                #[allow(dead_code)]
                #vis fn #ident(self) -> #slice {
                    #column
                }
            }
        });
        quote! {
            #[doc = #doc]
            #vis struct #slices #impl_generics (#generated::ColumnsOf<'__a, #fields>) #where_clause;

            impl #impl_generics #slices #generics #where_clause {
                #(#methods)*
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

    fn slices_mut(&self) -> TokenStream {
        let Self { pennyweight, input, name, slices_mut, stored, .. } = self;
        let vis = &input.vis;
        let (_, own_generics, _) = input.generics.split_for_impl();
        let extended = with_lifetime(&input.generics);
        let (impl_generics, _, where_clause) = extended.split_for_impl();
        let doc = format!("Columns of [`{name}`]s, to be changed in place.");
        let fields =
            stored.iter().filter_map(|Column { ident, vis, ty, docs, encoding, .. }| {
                let slice = match encoding {
                    Encoding::Plain { .. } => quote!(&'__a mut [#ty]),
                    Encoding::Nullable { inner, .. } => {
                        quote!(#pennyweight::record::NullableSliceMut<'__a, #inner>)
                    }
                    Encoding::Nested => {
                        quote!(<#ty as #pennyweight::record::Record>::ColumnsMut<'__a>)
                    }
                    Encoding::Stored { .. }
                    | Encoding::NestedOption { .. }
                    | Encoding::Computed(_) => return None,
                };
                Some(quote!(#(#docs)* #vis #ident: #slice))
            });
        quote! {
            #[doc = #doc]
            #[allow(dead_code)]
            #vis struct #slices_mut #impl_generics #where_clause {
                #(#fields,)*
                __of: ::core::marker::PhantomData<&'__a mut #name #own_generics>,
            }
        }
    }

    fn way_to(&self, column: &Column<'_>) -> TokenStream {
        let place = self.stored.iter().position(|stored| stored.ident == column.ident);
        way(&self.generated, place.unwrap_or(0), self.stored.len())
    }
}

/// The generics, and a lifetime that all parameters outlive.
fn with_lifetime(generics: &Generics) -> Generics {
    let mut generics = generics.clone();
    let lifetime: Lifetime = parse_quote!('__a);
    let outlived: Vec<syn::WherePredicate> = generics
        .params
        .iter()
        .filter_map(|param| match param {
            syn::GenericParam::Type(param) => {
                let ident = &param.ident;
                Some(parse_quote!(#ident: #lifetime))
            }
            syn::GenericParam::Lifetime(param) => {
                let other = &param.lifetime;
                Some(parse_quote!(#other: #lifetime))
            }
            syn::GenericParam::Const(_) => None,
        })
        .collect();
    generics.params.insert(0, parse_quote!('__a));
    if !outlived.is_empty() {
        generics.make_where_clause().predicates.extend(outlived);
    }
    generics
}
