//! What `define_symbol!` expands to needs nothing of its surroundings.
#![no_implicit_prelude]
#![forbid(unsafe_code)]

::pennyweight::define_symbol!(Bare);

::pennyweight::define_symbol! {
    /// With attributes and a visibility.
    #[must_use]
    pub(crate) Wide: u64
}

#[::core::prelude::v1::test]
fn symbols_are_defined_where_nothing_is_in_scope() {
    use ::core::option::Option;
    use ::pennyweight::intern::Key;
    ::std::assert_eq!(Option::map(Bare::try_from_index(3), Key::index), Option::Some(3));
    ::std::assert_eq!(Option::map(Wide::try_from_index(0), Key::index), Option::Some(0));
}
