//! What the derive makes names nothing that its caller could mean otherwise.
#![no_implicit_prelude]
#![allow(unreachable_pub)]
#![deny(missing_docs, missing_debug_implementations, unused, nonstandard_style)]

use ::pennyweight as elsewhere;
use ::std::assert_eq;
use ::std::convert::From;

/// Names of the prelude, and of what generated code is made of.
#[allow(dead_code, missing_docs, missing_debug_implementations)]
mod shadows {
    pub struct String;
    pub struct Vec;
    pub struct Some;
    pub struct None;
    pub struct Ok;
    pub struct Err;
    pub struct Default;
    pub struct Clone;
    pub struct Copy;
    pub struct RowOf;
    pub struct Record;
    pub trait PartialEq {}
    pub trait Debug {}
}
#[allow(unused_imports)]
use shadows::*;

/// Fields that are named as methods are, and as keywords.
#[derive(
    elsewhere::record::Record, ::std::clone::Clone, ::std::fmt::Debug, ::std::cmp::PartialEq,
)]
#[record(crate = elsewhere)]
pub struct Names {
    /// As a keyword.
    pub r#type: u8,
    /// As a method of rows.
    pub index: u16,
    /// As a method of columns.
    pub len: ::core::option::Option<u32>,
    /// As what generated code calls a parameter.
    pub value: ::std::string::String,
    /// As a method of what a row is made of.
    pub get: u8,
    /// As a part of the tables.
    pub table: ::std::vec::Vec<u8>,
    /// In a way that is no struct's.
    #[record(computed = self::double)]
    pub double: u64,
}

fn double(row: &NamesRow) -> u64 {
    u64::from(row.index()) * 2
}

/// Fields without names.
#[derive(elsewhere::record::Record, ::std::fmt::Debug, ::std::cmp::PartialEq)]
#[record(crate = elsewhere)]
pub struct Tuple(
    /// The first.
    pub u8,
    #[record(dict)] ::std::string::String,
);

/// No fields.
#[derive(elsewhere::record::Record, ::std::fmt::Debug, ::std::cmp::PartialEq)]
#[record(crate = elsewhere)]
pub struct Unit;

/// A category.
#[derive(
    elsewhere::record::Category,
    ::std::clone::Clone,
    ::std::marker::Copy,
    ::std::default::Default,
    ::std::fmt::Debug,
    ::std::cmp::PartialEq,
)]
#[record(crate = elsewhere)]
pub enum Kind {
    /// The first.
    #[default]
    Small,
    /// As a keyword.
    r#Box,
}

/// A record in others.
#[derive(
    elsewhere::record::Record, ::std::clone::Clone, ::std::fmt::Debug, ::std::cmp::PartialEq,
)]
#[record(crate = elsewhere, freeze, borrow)]
pub struct Inner {
    /// As one of the shadows in lower case.
    #[record(text)]
    pub record: ::std::string::String,
}

/// All encodings, frozen and borrowed.
#[derive(
    elsewhere::record::Record, ::std::clone::Clone, ::std::fmt::Debug, ::std::cmp::PartialEq,
)]
#[record(crate = elsewhere, freeze, borrow)]
pub struct Encodings {
    /// Stored as it is.
    #[record(copy)]
    pub plain: char,
    /// Or none.
    #[record(copy)]
    pub nullable: ::core::option::Option<f64>,
    /// Packed.
    #[record(packed)]
    pub packed: u32,
    /// Packed, or none.
    #[record(packed)]
    pub packed_option: ::core::option::Option<bool>,
    /// By code.
    #[record(dict)]
    pub dict: ::std::string::String,
    /// By code, or none.
    #[record(dict)]
    pub dict_option: ::core::option::Option<::std::string::String>,
    /// Text.
    #[record(text)]
    pub text: ::std::string::String,
    /// Text, or none.
    #[record(text)]
    pub text_option: ::core::option::Option<::std::string::String>,
    /// A record.
    #[record(nested)]
    pub nested: Inner,
    /// In no way.
    #[record(computed = self::half)]
    pub computed: u32,
}

fn half(row: &EncodingsRow) -> u32 {
    row.packed() / 2
}

/// A record, or none, which neither freezes nor is borrowed.
#[derive(
    elsewhere::record::Record, ::std::clone::Clone, ::std::fmt::Debug, ::std::cmp::PartialEq,
)]
#[record(crate = elsewhere)]
pub struct Maybe {
    /// A category.
    #[record(copy)]
    pub kind: Kind,
    /// A record, or none.
    #[record(nested)]
    pub nested: ::core::option::Option<Inner>,
    /// An enum.
    #[record(nested)]
    pub shape: Shape,
}

/// An enum, with variants that are named as the prelude's are.
#[derive(
    elsewhere::record::Record, ::std::clone::Clone, ::std::fmt::Debug, ::std::cmp::PartialEq,
)]
#[record(crate = elsewhere)]
pub enum Shape {
    /// Without fields.
    None,
    /// With one that has no name.
    Some(u8),
    /// With fields in encodings.
    Ok {
        /// By code.
        #[record(dict)]
        value: ::std::string::String,
        /// A record.
        #[record(nested)]
        inner: ::core::option::Option<Inner>,
    },
}

#[test]
fn all_encodings_are_hygienic() {
    use ::std::borrow::ToOwned;
    use ::std::option::Option::{None, Some};
    let all = Encodings {
        plain: 'a',
        nullable: Some(0.5),
        packed: 8,
        packed_option: Some(true),
        dict: "dict".to_owned(),
        dict_option: None,
        text: "text".to_owned(),
        text_option: Some("more".to_owned()),
        nested: Inner { record: "inner".to_owned() },
        computed: 4,
    };
    let mut records = elsewhere::record::Records::<Encodings>::new();
    records.push_ref(EncodingsRef {
        plain: 'a',
        nullable: Some(0.5),
        packed: 8,
        packed_option: Some(true),
        dict: "dict",
        dict_option: None,
        text: "text",
        text_option: Some("more"),
        nested: InnerRef { record: "inner" },
    });
    assert_eq!(records[0].to_owned(), all);
    let frozen = records.freeze();
    let (row, columns) = (frozen.row(0), frozen.columns());
    assert_eq!(
        (row.plain(), row.nullable(), row.packed(), row.dict()),
        ('a', Some(0.5), 8, "dict")
    );
    assert_eq!((columns.text().get(0), row.nested().record()), (Some("text"), "inner"));
    assert_eq!(frozen.record(0), Some(all));
}

#[test]
fn enums_are_hygienic() {
    use ::std::borrow::ToOwned;
    use ::std::option::Option::{None, Some};
    let inner = || Some(Inner { record: "inner".to_owned() });
    let shape = Shape::Ok { value: "value".to_owned(), inner: inner() };
    let mut records = elsewhere::record::Records::<Maybe>::new();
    records.push(Maybe { kind: Kind::r#Box, nested: inner(), shape: Shape::Some(3) });
    records.push(Maybe { kind: Kind::Small, nested: None, shape: Shape::None });
    assert_eq!((records[0].kind(), records[1].nested().is_none()), (Kind::r#Box, true));
    records[1].set_shape(::std::clone::Clone::clone(&shape));
    let ::std::option::Option::Some(row) = records.get(1) else { ::std::panic!("no row") };
    let ShapeVariant::Ok(of_variant) = row.shape().variant() else {
        ::std::panic!("another variant")
    };
    assert_eq!((of_variant.value(), of_variant.inner().is_some()), ("value", true));
    assert_eq!(records.columns().shape().some()._0(), [3]);
    assert_eq!(records[1].to_owned().shape, shape);
    assert_eq!(<Kind as elsewhere::record::Category>::NAMES, ["Small", "Box"]);
}

#[test]
fn the_derive_is_hygienic() {
    use ::std::borrow::ToOwned;
    use ::std::option::Option::Some;
    let names = |index| Names {
        r#type: 1,
        index,
        len: Some(3),
        value: "text".to_owned(),
        get: 4,
        table: ::std::vec![5],
        double: u64::from(index) * 2,
    };
    let mut records = elsewhere::record::Records::<Names>::new();
    records.push(names(7));
    let row = &records[0];
    assert_eq!((row.r#type(), row.index(), row.len(), row.get()), (1, 7, Some(3), 4));
    assert_eq!((row.value().as_str(), &row.table()[..], row.double()), ("text", &[5][..], 14));
    assert_eq!(records.columns().r#type(), [1]);
    assert_eq!(records.columns().len().values(), [3]);
    records[0].set_type(2);
    records.columns_mut().r#type[0] += 1;
    assert_eq!(records[0].r#type(), 3);
    records[0].set_type(1);
    assert_eq!(records.pop(), Some(names(7)));

    let mut tuples = elsewhere::record::Records::<Tuple>::new();
    tuples.push(Tuple(1, "one".to_owned()));
    assert_eq!((tuples[0]._0(), tuples[0]._1()), (1, "one"));
    assert_eq!(tuples.pop(), Some(Tuple(1, "one".to_owned())));

    let mut units = elsewhere::record::Records::<Unit>::new();
    units.push(Unit);
    assert_eq!((units.len(), units.pop()), (1, Some(Unit)));
}
