//! More than 4 GiB of text, and more strings than three bytes count. Takes 7 GB and a minute:
//! `cargo test --release --test intern -- --ignored`

use pennyweight::intern::{Interner, Key, Symbol};

/// The text of a number, 240 bytes long.
fn text(number: usize, buffer: &mut String) -> &str {
    use std::fmt::Write;
    buffer.clear();
    write!(buffer, "{number:0>240}").unwrap();
    buffer
}

#[test]
#[ignore = "takes 7 GB"]
fn five_gigabytes_of_twenty_million_strings_are_found() {
    const COUNT: usize = 20_000_000;
    let mut names = Interner::new();
    let mut buffer = String::new();
    for number in 0..COUNT {
        assert_eq!(names.intern(text(number, &mut buffer)).index(), number);
    }
    assert!(names.text_bytes() > 1 << 32);
    let beside = (names.heap_bytes() - names.text_bytes()) as f64 / COUNT as f64;
    // Four blocks of 15 KB in a chunk leave 3.8 KB, a sixteenth.
    assert!(beside < 25.0, "{beside} bytes beside the text of a string");
    for number in (0..COUNT).step_by(997) {
        let symbol = Symbol::try_from_index(number).unwrap();
        assert_eq!(names.resolve(symbol), text(number, &mut buffer));
        assert_eq!(names.get(text(number, &mut buffer)), Some(symbol));
    }
    assert_eq!(names.get(text(COUNT, &mut buffer)), None);
    names.check_invariants();
}

#[test]
#[ignore = "takes 5 GB"]
fn a_string_of_more_than_four_gigabytes_lies_apart() {
    let long = "x".repeat((1 << 32) + 7);
    let mut names = Interner::new();
    let (short, symbol) = (names.intern("short"), names.intern(&long));
    assert_eq!(names.intern(&long), symbol);
    assert_eq!((names.resolve(symbol).len(), names.resolve(short)), (long.len(), "short"));
    names.check_invariants();
}
