//! `#[derive(HeapSize)]`.
//!
//! The names that the generated code brings in are chosen so that no item or lifetime of the user's
//! has them, and every path in it starts at a crate: it compiles among any imports.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::meta::ParseNestedMeta;
use syn::spanned::Spanned;
use syn::{
    Attribute, Data, DeriveInput, Error, Field, Fields, Member, Path, Result, Type, parse_quote,
};

use crate::type_params;

pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let pennyweight = container_attributes(&input.attrs)?;
    let shape = Shape::of(input)?;

    let heap_size = quote!(#pennyweight::size::HeapSize);
    let mut generics = input.generics.clone();
    let used = type_params::used_in(&generics, shape.parts().map(|part| part.ty));
    if !used.is_empty() {
        let bounds = &mut generics.make_where_clause().predicates;
        bounds
            .extend(used.iter().map(|ty| -> syn::WherePredicate { parse_quote!(#ty: #heap_size) }));
    }

    let name = &input.ident;
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let visit = shape.visit(&pennyweight);
    let owns_heap = shape
        .parts()
        .map(|Part { ty, .. }| quote_spanned!(reported_at(ty)=> <#ty as #heap_size>::owns_heap()));

    Ok(quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl #impl_generics #heap_size for #name #type_generics #where_clause {
            #[inline]
            fn visit<'__visit>(
                &'__visit self,
                __visitor: &mut #pennyweight::size::Visitor<'__visit>,
            ) {
                #visit
            }

            #[inline]
            fn owns_heap() -> ::core::primitive::bool {
                false #(|| #owns_heap)*
            }
        }
    })
}

/// The fields that the visitor is told of.
enum Shape<'a> {
    Struct(Vec<Part<'a>>),
    Enum(Vec<Variant<'a>>),
}

struct Variant<'a> {
    ident: &'a syn::Ident,
    parts: Vec<Part<'a>>,
}

struct Part<'a> {
    member: Member,
    /// What the visitor is told as the field's name.
    name: String,
    ty: &'a Type,
}

impl<'a> Shape<'a> {
    fn of(input: &'a DeriveInput) -> Result<Self> {
        match &input.data {
            Data::Struct(data) => {
                refuse_packed(&input.attrs)?;
                Ok(Self::Struct(parts(&data.fields, "")?))
            }
            Data::Enum(data) => {
                let mut errors = Errors::default();
                let mut variants = Vec::new();
                for variant in &data.variants {
                    let prefix = format!("{}.", variant.ident.unraw());
                    errors.keep(refuse_attributes(&variant.attrs));
                    if let Some(parts) = errors.keep(parts(&variant.fields, &prefix)) {
                        variants.push(Variant { ident: &variant.ident, parts });
                    }
                }
                errors.check()?;
                Ok(Self::Enum(variants))
            }
            Data::Union(data) => Err(Error::new(
                data.union_token.span,
                "`HeapSize` cannot be derived for a union, whose value may be in any of its fields; \
                 implement it by hand",
            )),
        }
    }

    fn parts(&self) -> impl Iterator<Item = &Part<'a>> {
        let (one, many) = match self {
            Self::Struct(parts) => (Some(parts), None),
            Self::Enum(variants) => (None, Some(variants)),
        };
        let of_variants = many.into_iter().flatten().map(|variant| &variant.parts);
        one.into_iter().chain(of_variants).flatten()
    }

    /// The body of `visit`.
    fn visit(&self, pennyweight: &Path) -> TokenStream {
        match self {
            Self::Struct(parts) => parts
                .iter()
                .map(|part| {
                    let member = &part.member;
                    part.tell(pennyweight, &quote!(&self.#member))
                })
                .collect(),
            Self::Enum(variants) if variants.is_empty() => quote!(match *self {}),
            Self::Enum(variants) => {
                let arms = variants.iter().map(|Variant { ident, parts }| {
                    let members = parts.iter().map(|part| &part.member);
                    let bindings: Vec<_> =
                        (0..parts.len()).map(|i| format_ident!("__field_{i}")).collect();
                    let told = parts
                        .iter()
                        .zip(&bindings)
                        .map(|(part, binding)| part.tell(pennyweight, &quote!(#binding)));
                    quote!(Self::#ident { #(#members: #bindings,)* .. } => { #(#told)* })
                });
                quote!(match self { #(#arms)* })
            }
        }
    }
}

impl Part<'_> {
    fn tell(&self, pennyweight: &Path, value: &TokenStream) -> TokenStream {
        let Self { name, ty, .. } = self;
        quote_spanned! {reported_at(ty)=>
            #pennyweight::size::Visitor::field::<#ty>(__visitor, #name, #value);
        }
    }
}

/// The fields that are not skipped.
fn parts<'a>(fields: &'a Fields, prefix: &str) -> Result<Vec<Part<'a>>> {
    let mut errors = Errors::default();
    let mut parts = Vec::new();
    for (field, member) in fields.iter().zip(fields.members()) {
        if errors.keep(is_skipped(field)) == Some(false) {
            let name = match &member {
                Member::Named(ident) => format!("{prefix}{}", ident.unraw()),
                Member::Unnamed(index) => format!("{prefix}{}", index.index),
            };
            parts.push(Part { member, name, ty: &field.ty });
        }
    }
    errors.check()?;
    Ok(parts)
}

fn container_attributes(attributes: &[Attribute]) -> Result<Path> {
    let mut path = None;
    for_each_argument(attributes, |argument| {
        if !argument.path.is_ident("crate") {
            return Err(argument.error("a type takes only `#[heap_size(crate = path)]`"));
        }
        if path.is_some() {
            return Err(argument.error("`crate` is given twice"));
        }
        let value = argument.value()?;
        let here = value.span();
        path = Some(
            value
                .parse()
                .map_err(|_| Error::new(here, "`crate` takes a path, such as `crate::renamed`"))?,
        );
        Ok(())
    })?;
    Ok(path.unwrap_or_else(|| parse_quote!(::pennyweight)))
}

fn is_skipped(field: &Field) -> Result<bool> {
    let mut skipped = false;
    for_each_argument(&field.attrs, |argument| {
        if !argument.path.is_ident("skip") {
            return Err(argument.error("a field takes only `#[heap_size(skip)]`"));
        }
        skipped = true;
        Ok(())
    })?;
    Ok(skipped)
}

fn refuse_attributes(attributes: &[Attribute]) -> Result<()> {
    for_each_argument(attributes, |argument| {
        Err(argument.error("a variant takes no `#[heap_size(...)]`; put `skip` on its fields"))
    })
}

/// Calls a function for everything inside `#[heap_size(...)]`.
fn for_each_argument(
    attributes: &[Attribute],
    mut f: impl FnMut(ParseNestedMeta<'_>) -> Result<()>,
) -> Result<()> {
    let mut errors = Errors::default();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("heap_size")) {
        errors.keep(attribute.parse_nested_meta(&mut f));
    }
    errors.check()
}

fn refuse_packed(attributes: &[Attribute]) -> Result<()> {
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("repr")) {
        attribute.parse_nested_meta(|argument| {
            if argument.path.is_ident("packed") {
                return Err(argument.error(
                    "`HeapSize` cannot be derived for a packed struct, whose fields cannot be \
                     borrowed; implement it by hand",
                ));
            }
            if argument.input.peek(syn::token::Paren) {
                let inside;
                syn::parenthesized!(inside in argument.input);
                inside.parse::<TokenStream>()?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// The span at which a type that is not `HeapSize` is reported.
fn reported_at(ty: &Type) -> Span {
    Span::call_site().located_at(ty.span())
}

/// Errors of several fields, reported together.
#[derive(Default)]
struct Errors(Option<Error>);

impl Errors {
    fn keep<T>(&mut self, result: Result<T>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                match &mut self.0 {
                    Some(errors) => errors.combine(error),
                    none => *none = Some(error),
                }
                None
            }
        }
    }

    fn check(self) -> Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}
