//! Mistakes that do not compile, with what the compiler says. Each file in `ui` is named after the
//! mistake.
#![cfg(feature = "derive")]

#[test]
fn mistakes_are_explained() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
