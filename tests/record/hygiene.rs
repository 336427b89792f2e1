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
