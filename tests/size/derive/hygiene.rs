//! Derives where nothing is imported and every name that the generated code might use means
//! something else.
#![no_implicit_prelude]
#![expect(
    non_camel_case_types,
    non_upper_case_globals,
    dead_code,
    reason = "these names are traps"
)]

use ::pennyweight::size::HeapSize;
use ::std::option::Option;
use ::std::{assert, assert_eq};

// In the namespace of types.
struct bool;
struct usize;
struct str;
struct Visitor;
mod core {}
mod pennyweight {}

// In the namespace of values, where a pattern would name them.
const visitor: u8 = 0;
const value: u8 = 0;
const text: u8 = 0;
static field: u8 = 0;

struct Text(::std::string::String);

impl Text {
    fn visit(&self) {}
    fn owns_heap() {}
    fn heap_bytes(&self) {}
}

impl HeapSize for Text {
    fn visit<'v>(&'v self, visitor_: &mut ::pennyweight::size::Visitor<'v>) {
        ::pennyweight::size::HeapSize::visit(&self.0, visitor_);
    }
}

#[derive(HeapSize)]
struct Named<'v, 'a, visit, T> {
    visitor: Text,
    value: T,
    text: &'v visit,
    field: Option<&'a ::std::primitive::str>,
    self_: Text,
}

#[derive(HeapSize)]
enum Variants<'visit> {
    visitor { value: Text, text: Text },
    field(Text, &'visit ::std::primitive::u8),
    None,
    Some(Text),
}

fn text_of(content: &::std::primitive::str) -> Text {
    Text(<::std::string::String as ::std::convert::From<_>>::from(content))
}

#[::core::prelude::v1::test]
fn nothing_in_scope_disturbs_a_derived_impl() {
    let named = Named {
        visitor: text_of("ab"),
        value: text_of("c"),
        text: &bool,
        field: Option::None,
        self_: text_of("def"),
    };
    assert_eq!(HeapSize::heap_bytes(&named), 6);
    let variant = Variants::visitor { value: text_of("ab"), text: text_of("c") };
    assert_eq!(HeapSize::heap_bytes(&variant), 3);
    assert_eq!(HeapSize::heap_bytes(&Variants::field(text_of("ab"), &1)), 2);
    assert_eq!(HeapSize::heap_bytes(&Variants::None), 0);
    assert_eq!(HeapSize::heap_bytes(&Variants::Some(text_of("a"))), 1);
    assert!(<Variants<'_> as HeapSize>::owns_heap());
}
