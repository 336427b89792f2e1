//! `#[derive(HeapSize)]` on every form of type, with what the derived impls tell.
#![forbid(unsafe_code)]
#![deny(deprecated, unused)]

mod hygiene;

use std::fmt::Debug;
use std::marker::PhantomData;
use std::rc::{Rc, Weak};

use pennyweight::size::{Event, HeapSize, Place, walk};

/// The names of all fields that a walk meets.
fn names<T: HeapSize>(value: &T) -> Vec<String> {
    let mut names = Vec::new();
    walk(value, |event| {
        if let Event::Enter { place: Place::Field(name), .. } = event {
            names.push(name.to_owned());
        }
    });
    names
}

fn text(len: usize) -> String {
    "x".repeat(len)
}

#[derive(Debug, HeapSize)]
struct Named {
    r#type: String,
    plain: u32,
    list: Vec<u16>,
}

#[derive(Debug, HeapSize)]
struct Positional(String, u8, Box<u64>);

#[derive(Debug, HeapSize)]
struct Unit;

#[derive(Debug, HeapSize)]
enum Choice {
    Named { text: String, r#fn: u8 },
    Positional(Box<u16>, Box<u32>),
    r#Raw(String),
    Unit,
}

#[derive(Debug, HeapSize)]
enum Plain {
    A = 1,
    B = 7,
}

#[derive(Debug, HeapSize)]
enum Never {}

#[test]
fn structs_tell_of_their_fields_by_name() {
    let named = Named { r#type: text(3), plain: 1, list: vec![1, 2] };
    assert_eq!(named.heap_bytes(), 3 + 4);
    assert_eq!(names(&named), ["type", "plain", "list"]);
    assert_eq!(named.plain, 1);
    let positional = Positional(text(5), 1, Box::new(1));
    assert_eq!(positional.heap_bytes(), 5 + 8);
    assert_eq!(names(&positional), ["0", "1", "2"]);
    assert_eq!(Unit.heap_bytes(), 0);
}

#[test]
fn enums_tell_of_the_fields_of_their_variant() {
    let value = Choice::Named { text: text(3), r#fn: 0 };
    assert_eq!((value.heap_bytes(), names(&value).join(" ")), (3, "Named.text Named.fn".into()));
    let value = Choice::Positional(Box::new(1), Box::new(2));
    assert_eq!(
        (value.heap_bytes(), names(&value).join(" ")),
        (6, "Positional.0 Positional.1".into())
    );
    let value = Choice::r#Raw(text(4));
    assert_eq!((value.heap_bytes(), names(&value).join(" ")), (4, "Raw.0".into()));
    assert_eq!(Choice::Unit.heap_bytes(), 0);
    assert_eq!(Plain::A.heap_bytes() + Plain::B.heap_bytes(), 0);
    assert_eq!(None::<Never>.heap_bytes(), 0);
}

#[test]
fn a_type_owns_heap_if_a_field_may() {
    assert!(Named::owns_heap() && Positional::owns_heap() && Choice::owns_heap());
    assert!(!Unit::owns_heap() && !Plain::owns_heap() && !Never::owns_heap());
    assert!(!Pair::<u8, u16>::owns_heap());
    assert!(Pair::<u8, String>::owns_heap() && Pair::<String, u8>::owns_heap());
}

#[derive(Debug, HeapSize)]
struct Pair<A, B = u8> {
    first: A,
    second: Option<B>,
}

#[derive(Debug, HeapSize)]
struct Borrowing<'a, 'v: 'a, T: ?Sized + Debug, const N: usize>
where
    T: ToString + 'a,
{
    borrowed: &'a T,
    also: &'v str,
    owned: [Box<T>; N],
}

#[test]
fn generics_lifetimes_and_where_clauses_are_kept() {
    let pair = Pair { first: text(3), second: Some(text(4)) };
    assert_eq!(pair.heap_bytes(), 7);
    assert_eq!(names(&pair), ["first", "second"]);
    let owned: [Box<str>; 2] = ["a".into(), "bc".into()];
    let borrowing = Borrowing { borrowed: "borrowed", also: "also", owned };
    assert_eq!(borrowing.heap_bytes(), 3);
    assert_eq!(borrowing.borrowed.len() + borrowing.also.len(), 12);
}

/// Cannot be counted.
#[derive(Debug)]
struct Opaque;

#[derive(Debug, HeapSize)]
struct Unbounded<'a, T> {
    marker: PhantomData<T>,
    borrowed: Option<&'a T>,
    call: Option<fn(T) -> T>,
    text: String,
}

#[test]
fn parameters_that_no_field_owns_need_no_bound() {
    let value =
        Unbounded::<Opaque> { marker: PhantomData, borrowed: None, call: None, text: text(3) };
    assert_eq!(value.heap_bytes(), 3);
    assert!(value.borrowed.is_none() && value.call.is_none() && value.marker == PhantomData);
}

trait Family {
    type Member;
}

impl Family for Opaque {
    type Member = String;
}

#[derive(Debug, HeapSize)]
struct Household<F: Family> {
    head: F::Member,
    others: Vec<<F as Family>::Member>,
}

#[test]
fn associated_types_are_bounded_and_their_owner_is_not() {
    let household = Household::<Opaque> { head: text(3), others: vec![text(4)] };
    assert_eq!(household.heap_bytes(), 3 + size_of::<String>() + 4);
    assert_eq!(names(&household), ["head", "others"]);
}

macro_rules! list_of {
    ($($type:tt)+) => { Vec<$($type)+> };
}

#[derive(HeapSize)]
struct ThroughMacro<T> {
    list: list_of!(Option<T>),
}

#[test]
fn parameters_within_macros_are_bounded() {
    let value = ThroughMacro { list: vec![Some(text(3))] };
    assert_eq!(value.heap_bytes(), size_of::<String>() + 3);
    assert_eq!(value.list.len(), 1);
}

#[derive(Debug, HeapSize)]
struct List<T> {
    value: T,
    next: Option<Box<List<T>>>,
}

#[derive(Debug, HeapSize)]
struct Parent<T> {
    children: Vec<Child<T>>,
}

#[derive(Debug, HeapSize)]
enum Child<T> {
    Leaf(T),
    Inner(Box<Parent<T>>),
    Up(Weak<Parent<T>>),
}

#[test]
fn types_that_contain_themselves_or_one_another_are_counted() {
    let list = List { value: text(1), next: Some(Box::new(List { value: text(2), next: None })) };
    assert_eq!(list.heap_bytes(), size_of::<List<String>>() + 3);
    assert_eq!(names(&list), ["value", "next", "value", "next"]);
    let inner = Parent { children: vec![Child::Leaf(text(3))] };
    let up = Child::Up(Rc::downgrade(&Rc::new(Parent { children: vec![] })));
    let parent = Parent { children: vec![Child::Inner(Box::new(inner)), up] };
    let child = size_of::<Child<String>>();
    assert_eq!(parent.heap_bytes(), 2 * child + size_of::<Parent<String>>() + child + 3);
}

#[derive(Debug, HeapSize)]
struct Skipping<T> {
    text: String,
    #[heap_size(skip)]
    opaque: Opaque,
    #[heap_size(skip)]
    cache: Vec<T>,
}

#[derive(Debug, HeapSize)]
#[expect(dead_code, reason = "what is skipped is not read")]
enum SkippingEnum {
    Named {
        #[heap_size(skip)]
        opaque: Opaque,
        text: String,
    },
    Positional(#[heap_size(skip)] Opaque, String),
}

#[test]
fn skipped_fields_are_neither_counted_nor_named() {
    let value = Skipping::<Opaque> { text: text(3), opaque: Opaque, cache: vec![Opaque] };
    assert_eq!((value.heap_bytes(), names(&value)), (3, vec!["text".to_owned()]));
    assert_eq!((value.opaque, value.cache.len()).1, 1);
    let value = SkippingEnum::Named { opaque: Opaque, text: text(4) };
    assert_eq!((value.heap_bytes(), names(&value)), (4, vec!["Named.text".to_owned()]));
    let value = SkippingEnum::Positional(Opaque, text(5));
    assert_eq!((value.heap_bytes(), names(&value)), (5, vec!["Positional.1".to_owned()]));
}

#[derive(Debug, HeapSize)]
struct OnlySkipped(
    #[heap_size(skip)]
    #[expect(dead_code)]
    Vec<u8>,
);

#[test]
fn a_type_whose_fields_are_all_skipped_owns_nothing() {
    assert!(!OnlySkipped::owns_heap());
    assert_eq!(OnlySkipped(vec![1]).heap_bytes(), 0);
}

mod elsewhere {
    pub(crate) use pennyweight as renamed;
}

#[derive(Debug, HeapSize)]
#[heap_size(crate = crate::derive::elsewhere::renamed)]
struct Renamed(String);

#[test]
fn the_crate_can_be_found_elsewhere() {
    assert_eq!(Renamed(text(3)).heap_bytes(), 3);
}

#[derive(Debug, HeapSize)]
struct Deprecated {
    #[deprecated]
    old: String,
}

#[test]
fn deprecated_fields_are_counted_without_a_warning() {
    #[expect(deprecated)]
    let value = Deprecated { old: text(3) };
    assert_eq!(value.heap_bytes(), 3);
}

#[derive(Debug, HeapSize)]
#[repr(C, align(32))]
struct Aligned(String);

#[test]
fn other_representations_are_fine() {
    assert_eq!(Aligned(text(3)).heap_bytes(), 3);
}
