//! What the fields of a record and the attributes on them say.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use std::borrow::Borrow;
use std::collections::{HashMap, HashSet};
use syn::ext::IdentExt;
use syn::meta::ParseNestedMeta;
use syn::spanned::Spanned;
use syn::{
    Attribute, DeriveInput, Error, Field, GenericArgument, Ident, LitStr, Member, Path,
    PathArguments, Result, Type, Visibility, WherePredicate, parse_quote,
};

/// A field, and how it is stored.
pub(super) struct Column<'a> {
    pub(super) member: Member,
    /// What the methods for it are called.
    pub(super) ident: Ident,
    /// What its column is called, where that is not what the field is.
    pub(super) rename: Option<LitStr>,
    pub(super) vis: &'a Visibility,
    pub(super) ty: &'a Type,
    pub(super) encoding: Encoding<'a>,
    pub(super) docs: Vec<&'a Attribute>,
}

/// How a field is stored.
pub(super) enum Encoding<'a> {
    /// Values of the field's type.
    Plain {
        access: Access,
    },
    /// Values of the type in an `Option`.
    Nullable {
        inner: &'a Type,
        access: Access,
    },
    /// A column with buffers of its own, which the field's type has by this trait.
    Stored {
        by: &'static str,
    },
    Nested,
    /// Columns of the record in an `Option`, where there is one.
    NestedOption {
        inner: &'a Type,
    },
    Computed(Path),
}

/// How a row gives a value.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Access {
    /// By value: a type of the language.
    Scalar,
    /// By value: another `Copy` type.
    Copied,
    Lent,
}

impl<'a> Column<'a> {
    pub(super) fn of(member: Member, field: &'a Field) -> Result<Self> {
        let ident = match &member {
            Member::Named(ident) => ident.clone(),
            Member::Unnamed(index) => format_ident!("_{}", index.index),
        };
        let arguments = Arguments::of(field)?;
        Ok(Self {
            member,
            ident,
            vis: &field.vis,
            ty: &field.ty,
            encoding: Encoding::of(field, &arguments),
            rename: arguments.rename,
            docs: field.attrs.iter().filter(|attribute| attribute.path().is_ident("doc")).collect(),
        })
    }

    pub(super) fn is_stored(&self) -> bool {
        !matches!(self.encoding, Encoding::Computed(_))
    }

    /// Whether its cells can be changed in place, many at a time.
    pub(super) fn is_lent_mutably(&self) -> bool {
        !matches!(
            self.encoding,
            Encoding::Computed(_) | Encoding::Stored { .. } | Encoding::NestedOption { .. }
        )
    }

    /// What the field is called.
    pub(super) fn name(&self) -> String {
        self.ident.unraw().to_string()
    }

    /// What its column is called.
    pub(super) fn column_name(&self) -> LitStr {
        self.rename.clone().unwrap_or_else(|| LitStr::new(&self.name(), self.ident.span()))
    }

    /// Whether a row lends it to be changed.
    pub(super) fn has_mut(&self) -> bool {
        matches!(
            self.encoding,
            Encoding::Plain { .. } | Encoding::Nested | Encoding::NestedOption { .. }
        )
    }

    /// The type that says how it is stored.
    pub(super) fn leaf(&self, generated: &TokenStream) -> TokenStream {
        let ty = self.ty;
        match &self.encoding {
            Encoding::Plain { access } => {
                let access = access.path(generated);
                quote!(#generated::Plain<#ty, #access>)
            }
            Encoding::Nullable { inner, access } => {
                let access = access.path(generated);
                quote!(#generated::Nullable<#inner, #access>)
            }
            Encoding::Stored { by } => {
                let by = format_ident!("{by}");
                quote!(#generated::Stored<<#ty as #generated::#by>::Store>)
            }
            Encoding::Nested => quote!(#generated::Nested<#ty>),
            Encoding::NestedOption { inner } => quote!(#generated::OptionOf<#inner>),
            Encoding::Computed(_) => quote!(()),
        }
    }

    /// What the field's type has to be. Where it is not, the compiler points at the type.
    pub(super) fn bound(&self, pennyweight: &Path) -> Option<WherePredicate> {
        let (ty, bound) = match &self.encoding {
            Encoding::Nullable { inner, .. } => (*inner, quote!(generated::NullableField)),
            Encoding::Stored { by } => {
                let by = format_ident!("{by}");
                (self.ty, quote!(generated::#by))
            }
            Encoding::Nested => (self.ty, quote!(Record)),
            Encoding::NestedOption { inner } => (*inner, quote!(Record)),
            Encoding::Plain { .. } | Encoding::Computed(_) => return None,
        };
        let span = Span::call_site().located_at(ty.span());
        let bound = at(quote!(#pennyweight::record::#bound), span);
        Some(parse_quote!(#ty: #bound))
    }
}

impl Access {
    /// What a row gives of a type.
    pub(super) fn of_type(self, ty: &Type) -> TokenStream {
        match self {
            Self::Scalar | Self::Copied => quote!(#ty),
            Self::Lent => quote!(&#ty),
        }
    }

    fn path(self, generated: &TokenStream) -> TokenStream {
        match self {
            Self::Scalar => quote!(#generated::Scalar),
            Self::Copied => quote!(#generated::Copied),
            Self::Lent => quote!(#generated::Lent),
        }
    }

    /// Values of types that are known to be `Copy` are given by value.
    fn of(ty: &Type, copied: bool) -> Self {
        let scalars = [
            "bool", "char", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64",
            "u128", "usize", "f32", "f64",
        ];
        match bare(ty) {
            Type::Reference(reference) if reference.mutability.is_none() => Self::Copied,
            Type::Path(ty) if scalars.iter().any(|scalar| ty.path.is_ident(scalar)) => Self::Scalar,
            _ if copied => Self::Copied,
            _ => Self::Lent,
        }
    }
}

/// What a field says in `#[record(...)]`.
#[derive(Default)]
pub(crate) struct Arguments {
    /// How it is stored.
    word: Option<String>,
    computed: Option<Path>,
    /// Given with `copy`: what is said where that says nothing.
    copied: Option<Error>,
    rename: Option<LitStr>,
}

impl Arguments {
    fn of(field: &Field) -> Result<Self> {
        let mut arguments = Self::default();
        for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("record"))
        {
            attribute.parse_nested_meta(|argument| {
                let Some(ident) = argument.path.get_ident() else {
                    return Err(argument.error(UNKNOWN));
                };
                let given = ident.to_string();
                match given.as_str() {
                    "copy" => {
                        let message = "`copy` is for fields that are stored as they are";
                        arguments.copied = Some(argument.error(message));
                        return Ok(());
                    }
                    "rename" => return rename(&argument, &mut arguments.rename),
                    "computed" => arguments.computed = Some(argument.value()?.parse()?),
                    "plain" | "dict" | "packed" | "text" | "nested" => {}
                    _ => return Err(argument.error(UNKNOWN)),
                }
                if arguments.word.replace(given).is_some() {
                    return Err(argument.error("a field is stored in one way"));
                }
                Ok(())
            })?;
        }
        let stored_otherwise = arguments.word.as_deref().is_some_and(|word| word != "plain");
        match arguments {
            Self { computed: Some(_), rename: Some(name), .. } => {
                Err(Error::new(name.span(), "a field that is computed has no column to be named"))
            }
            Self { copied: Some(error), .. } if stored_otherwise => Err(error),
            _ => Ok(arguments),
        }
    }

    /// What a variant without fields says, which is its name at most.
    pub(crate) fn rename_of(attributes: &[Attribute]) -> Result<Option<LitStr>> {
        let mut name = None;
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("record")) {
            attribute.parse_nested_meta(|argument| {
                if !argument.path.is_ident("rename") {
                    let message = "a variant takes `rename = \"name\"` in `#[record(...)]`";
                    return Err(argument.error(message));
                }
                rename(&argument, &mut name)
            })?;
        }
        Ok(name)
    }
}

/// Takes the name in `rename = "name"`.
fn rename(argument: &ParseNestedMeta<'_>, renamed: &mut Option<LitStr>) -> Result<()> {
    let name: LitStr = argument.value()?.parse()?;
    if name.value().chars().any(char::is_control) {
        let message = "a name has no control characters, such as line breaks";
        return Err(Error::new(name.span(), message));
    }
    match renamed.replace(name) {
        Some(_) => Err(argument.error("`rename` is given twice")),
        None => Ok(()),
    }
}

impl<'a> Encoding<'a> {
    fn of(field: &'a Field, arguments: &Arguments) -> Self {
        let copied = arguments.copied.is_some();
        if let Some(computed) = &arguments.computed {
            return Self::Computed(computed.clone());
        }
        match (arguments.word.as_deref(), option_of(&field.ty)) {
            (Some("dict"), _) => Self::Stored { by: "DictField" },
            (Some("packed"), _) => Self::Stored { by: "PackedField" },
            (Some("text"), _) => Self::Stored { by: "TextField" },
            (Some("nested"), Some(inner)) => Self::NestedOption { inner },
            (Some("nested"), None) => Self::Nested,
            (None, Some(inner)) => Self::Nullable { inner, access: Access::of(inner, copied) },
            _ => Self::Plain { access: Access::of(&field.ty, copied) },
        }
    }
}

/// Columns and variants are found by their names.
pub(crate) fn refuse_same<N: Borrow<LitStr>>(
    what: &str,
    names: impl Iterator<Item = N>,
) -> Result<()> {
    let mut known = HashSet::new();
    for name in names {
        let name = name.borrow();
        if !known.insert(name.value()) {
            return Err(Error::new(
                name.span(),
                format!("two {what} are named {:?}", name.value()),
            ));
        }
    }
    Ok(())
}

/// The methods of a row are called after its fields: none of them may be called as another one is.
pub(super) fn refuse_methods(columns: &[Column<'_>], to_owned: bool) -> Result<()> {
    let mut methods = HashMap::new();
    if to_owned {
        methods.insert("to_owned".to_owned(), "gives the struct".to_owned());
    }
    for column in columns {
        let name = column.name();
        let replaces = (format!("set_{name}"), format!("replaces `{name}`"));
        let lends = (format!("{name}_mut"), format!("lends `{name}` to be changed"));
        let replaces = column.is_stored().then_some(replaces);
        let lends = column.has_mut().then_some(lends);
        for (method, does) in replaces.into_iter().chain(lends) {
            if let Some(other) = methods.insert(method.clone(), does.clone()) {
                let message = format!(
                    "`{method}` would be the method of a row that {other}, and that {does}"
                );
                return Err(Error::new(column.ident.span(), message));
            }
        }
    }
    for column in columns {
        let name = column.name();
        if let Some(does) = methods.get(&name) {
            let message =
                format!("no field is named `{name}`: that is the method of a row that {does}");
            return Err(Error::new(column.ident.span(), message));
        }
    }
    Ok(())
}

const UNKNOWN: &str = "a field takes `plain`, `packed`, `dict`, `text`, `nested`, `computed = function`, \
                       `rename = \"name\"` or `copy` in `#[record(...)]`";

/// A type without the parentheses around it, also those that nobody sees: around a `$ty` of a macro.
pub(super) fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Paren(paren) => bare(&paren.elem),
        Type::Group(group) => bare(&group.elem),
        ty => ty,
    }
}

/// The type in an `Option`.
pub(super) fn option_of(ty: &Type) -> Option<&Type> {
    let Type::Path(ty) = bare(ty) else { return None };
    let last = ty.path.segments.last()?;
    let path: Vec<_> = ty.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let path: Vec<_> = path.iter().map(String::as_str).collect();
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match (&path[..], arguments.args.first()?) {
        (["Option"] | ["std" | "core", "option", "Option"], GenericArgument::Type(inner)) => {
            Some(inner)
        }
        _ => None,
    }
}

/// Whether a type has `Records` of the one that is derived for in it: to ask these for an impl of rows is to ask for that impl itself.
pub(super) fn holds_records_of(ty: &Type, name: &Ident) -> bool {
    let named = |ty: &Type, name: &str| match bare(ty) {
        Type::Path(ty) => ty.path.segments.last().is_some_and(|last| last.ident == name),
        _ => false,
    };
    match bare(ty) {
        Type::Path(path) => path.path.segments.iter().any(|segment| {
            let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return false };
            let types = arguments.args.iter().filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            });
            let is_own = |ty: &Type| named(ty, &name.to_string()) || named(ty, "Self");
            types
                .into_iter()
                .any(|inner| named(ty, "Records") && is_own(inner) || holds_records_of(inner, name))
        }),
        Type::Tuple(tuple) => tuple.elems.iter().any(|ty| holds_records_of(ty, name)),
        Type::Array(array) => holds_records_of(&array.elem, name),
        Type::Reference(reference) => holds_records_of(&reference.elem, name),
        _ => false,
    }
}

/// What a type says in `#[record(...)]`.
pub(crate) struct Container {
    /// Where the crate is.
    pub(super) path: Path,
    /// Whether frozen records have rows and columns by name.
    pub(super) freeze: bool,
    /// Whether there is a form whose text is borrowed.
    pub(super) borrow: bool,
}

impl Container {
    pub(super) fn of(attributes: &[Attribute]) -> Result<Self> {
        let (mut path, mut freeze, mut borrow) = (None, false, false);
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("record")) {
            attribute.parse_nested_meta(|argument| {
                if argument.path.is_ident("freeze") {
                    freeze = true;
                } else if argument.path.is_ident("borrow") {
                    borrow = true;
                } else if !argument.path.is_ident("crate") {
                    return Err(argument.error(
                        "a type takes `crate = path`, `freeze` or `borrow` in `#[record(...)]`",
                    ));
                } else if path.replace(argument.value()?.parse()?).is_some() {
                    return Err(argument.error("`crate` is given twice"));
                }
                Ok(())
            })?;
        }
        Ok(Self { path: path.unwrap_or_else(|| parse_quote!(::pennyweight)), freeze, borrow })
    }

    /// Where the crate is, of a type that says nothing else.
    pub(crate) fn path_of(input: &DeriveInput) -> Result<Path> {
        match Self::of(&input.attrs)? {
            Self { path, freeze: false, borrow: false } => Ok(path),
            _ => {
                let message =
                    "a category takes `crate = path` in `#[record(...)]`, and nothing else";
                Err(Error::new(input.ident.span(), message))
            }
        }
    }
}

/// Tokens as if they were written there.
fn at(tokens: TokenStream, span: Span) -> TokenStream {
    let moved = tokens.into_iter().map(|mut token| {
        token.set_span(span);
        token
    });
    moved.collect()
}
