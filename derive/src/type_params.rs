//! The type parameters on which a derived impl depends.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericArgument, Generics, Ident, PathArguments, Type, TypePath};

/// The types that have to implement the derived trait so that the fields can: the type parameters
/// that the fields mention, and associated types of them.
///
/// A bound on the types of the fields would be more exact, but types that contain themselves, or
/// one another, would then need their own impl to prove it.
pub(crate) fn used_in<'a>(
    generics: &Generics,
    fields: impl IntoIterator<Item = &'a Type>,
) -> Vec<Type> {
    let params = generics.type_params().map(|param| &param.ident).collect();
    let mut uses = Uses { params, found: Vec::new() };
    for field in fields {
        uses.of_type(field);
    }
    uses.found
}

struct Uses<'g> {
    params: Vec<&'g Ident>,
    found: Vec<Type>,
}

impl Uses<'_> {
    fn of_type(&mut self, ty: &Type) {
        match ty {
            Type::Array(array) => self.of_type(&array.elem),
            Type::Slice(slice) => self.of_type(&slice.elem),
            Type::Group(group) => self.of_type(&group.elem),
            Type::Paren(paren) => self.of_type(&paren.elem),
            Type::Tuple(tuple) => tuple.elems.iter().for_each(|elem| self.of_type(elem)),
            Type::Path(path) => self.of_path(path),
            Type::Macro(mac) => self.of_tokens(mac.to_token_stream()),
            Type::Verbatim(tokens) => self.of_tokens(tokens.clone()),
            // What is behind these is not owned, or is not known by its type.
            _ => {}
        }
    }

    fn of_path(&mut self, ty: &TypePath) {
        if let Some(first) = ty.path.segments.first()
            && ty.path.leading_colon.is_none()
            && ty.qself.is_none()
            && self.is_param(&first.ident)
        {
            return self.add(ty.clone().into());
        }
        if let Some(qself) = &ty.qself {
            if self.mentioned_in(qself.ty.to_token_stream()) {
                self.add(ty.clone().into());
            }
            return;
        }
        if ty.path.segments.last().is_some_and(|last| last.ident == "PhantomData") {
            return;
        }
        for segment in &ty.path.segments {
            if let PathArguments::AngleBracketed(arguments) = &segment.arguments {
                for argument in &arguments.args {
                    if let GenericArgument::Type(argument) = argument {
                        self.of_type(argument);
                    }
                }
            }
        }
    }

    /// Finds parameters by name in tokens that are not understood.
    fn of_tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.of_tokens(group.stream()),
                TokenTree::Ident(ident) if self.is_param(&ident) => {
                    self.add(Type::Path(TypePath { qself: None, path: ident.into() }));
                }
                _ => {}
            }
        }
    }

    fn mentioned_in(&self, tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Group(group) => self.mentioned_in(group.stream()),
            TokenTree::Ident(ident) => self.is_param(&ident),
            _ => false,
        })
    }

    fn is_param(&self, ident: &Ident) -> bool {
        self.params.contains(&ident)
    }

    fn add(&mut self, ty: Type) {
        let tokens = ty.to_token_stream().to_string();
        if self.found.iter().all(|known| known.to_token_stream().to_string() != tokens) {
            self.found.push(ty);
        }
    }
}
