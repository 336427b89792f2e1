//! The counting allocator, not installed: nothing is counted and nothing pretends to be.
#![cfg(feature = "std")]

use std::{
    cell::Cell,
    error::Error,
    panic::{UnwindSafe, catch_unwind},
};

use pennyweight::profile::{
    NotInstalled, is_installed, measure, measure_global, reset_peak, totals, try_measure,
    try_measure_global,
};

const LINE: &str =
    "static ALLOCATOR: pennyweight::profile::Allocator = pennyweight::profile::Allocator::new();";

fn panic_message(f: impl FnOnce() + UnwindSafe) -> String {
    let payload = catch_unwind(f).expect_err("a panic");
    *payload.downcast::<String>().expect("a formatted message")
}

#[test]
fn is_not_installed_here() {
    assert!(!is_installed());
    assert!(!is_installed(), "the answer stays");
}

#[test]
fn the_try_forms_return_an_error_and_do_not_call() {
    let called = Cell::new(false);
    assert_eq!(try_measure(|| called.set(true)), Err(NotInstalled));
    assert_eq!(try_measure_global(|| called.set(true)), Err(NotInstalled));
    assert!(!called.get());
}

#[test]
fn the_panics_name_the_lines_to_add() {
    for message in [
        panic_message(|| drop(measure(|| vec![0_u8; 10]))),
        panic_message(|| drop(measure_global(|| vec![0_u8; 10]))),
        panic_message(|| assert_eq!(totals().current, 0)),
        panic_message(reset_peak),
    ] {
        assert!(message.contains("#[global_allocator]\n"), "{message}");
        assert!(message.contains(LINE), "{message}");
    }
}

#[test]
fn the_error_says_the_same() {
    let error: Box<dyn Error> = Box::new(NotInstalled);
    assert!(error.to_string().contains(LINE));
}
