//! Lines against those of the whole text.

use std::io::{BufRead, ErrorKind, Read};

use pennyweight::stream::{LineError, Lines};
use pennyweight_baseline::random::Random;
use pennyweight_baseline::stream::lines_of;

use crate::source::{Broken, Liar, Moody, bytes};

/// What was handed out for each line.
#[derive(Debug, PartialEq)]
enum Outcome {
    Line(Vec<u8>),
    TooLong { line: u64, offset: u64 },
    Utf8 { line: u64, column: u64, offset: u64 },
}

/// Reads to the end, and looks again wherever the source would block.
fn outcomes<T: ?Sized + AsRef<[u8]> + pennyweight::stream::LineText>(
    mut lines: Lines<impl Read, T>,
) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    loop {
        let outcome = match lines.next_line() {
            Ok(Some(line)) => Outcome::Line(line.as_ref().to_vec()),
            Ok(None) => break,
            Err(LineError::TooLong { line, offset, .. }) => Outcome::TooLong { line, offset },
            Err(LineError::Utf8 { line, column, offset }) => Outcome::Utf8 { line, column, offset },
            Err(LineError::Read { error, .. }) if error.kind() == ErrorKind::WouldBlock => continue,
            Err(error) => panic!("{error}"),
        };
        outcomes.push(outcome);
        lines.check_invariants();
        assert_eq!(lines.number(), outcomes.len() as u64);
    }
    assert!(!matches!(lines.next_line(), Ok(Some(_))));
    outcomes
}

/// The same of the whole text.
fn expected(text: &[u8], max_len: usize, is_text: bool) -> Vec<Outcome> {
    let outcome = |(at, place): (usize, core::ops::Range<usize>)| {
        let (line, offset) = (at as u64 + 1, place.start as u64);
        let content = &text[place];
        if content.len() > max_len {
            return Outcome::TooLong { line, offset };
        }
        match str::from_utf8(content) {
            Err(error) if is_text => {
                let valid = error.valid_up_to() as u64;
                Outcome::Utf8 { line, column: valid + 1, offset: offset + valid }
            }
            _ => Outcome::Line(content.to_vec()),
        }
    };
    lines_of(text).into_iter().enumerate().map(outcome).collect()
}

#[test]
fn any_bytes_in_any_buffer_from_any_source() {
    let mut random = Random::new(6);
    for round in 0..3_000 {
        let len = random.below(60);
        let text = bytes(&mut random, len, b"\n\n\r\r\nab");
        let (buffer, max_len) = (random.below(12), random.below(12));
        let source = || Moody::blocking(&text, 1 + round % 9, round as u64);
        let lines = Lines::of_bytes(source()).with_buffer(buffer).with_max_len(max_len);
        assert_eq!(outcomes(lines), expected(&text, max_len, false), "{text:?}");
        let lines = Lines::new(source()).with_buffer(buffer).with_max_len(max_len);
        assert_eq!(outcomes(lines), expected(&text, max_len, true), "{text:?}");
    }
}

#[test]
fn lines_of_text_are_those_of_std() {
    let text = "one\r\ntwo\n\n\r\nfünf\r\r\n\rsechs";
    let std: Vec<String> = text.as_bytes().lines().map(Result::unwrap).collect();
    for buffer in 0..text.len() + 2 {
        let lines = Lines::new(text.as_bytes()).with_buffer(buffer);
        let lines: Result<Vec<String>, _> = lines.map(str::to_owned).collect();
        assert_eq!(lines.unwrap(), std);
    }
}

#[test]
fn a_line_may_be_as_long_as_the_limit_and_its_end_does_not_count() {
    for end in ["", "\n", "\r\n"] {
        for len in 1..20 {
            let text = format!("{}{end}x", "y".repeat(len));
            let text = if end.is_empty() { &text[1..] } else { &text };
            for buffer in 1..text.len() {
                let lines =
                    |max_len| Lines::new(text.as_bytes()).with_buffer(buffer).with_max_len(max_len);
                assert_eq!(lines(len).next_line().unwrap().unwrap().len(), len);
                let error = lines(len - 1).next_line().unwrap_err();
                assert!(matches!(error, LineError::TooLong { line: 1, offset: 0, .. }), "{error}");
            }
        }
    }
}

#[test]
fn errors_name_the_place_and_reading_goes_on() {
    let text = b"fine\nna\xefve\nmuch too long\r\nfine again\n\xff";
    let mut lines = Lines::new(&text[..]).with_max_len(12).with_buffer(4);
    assert_eq!(lines.next_line().unwrap(), Some("fine"));
    let error = lines.next_line().unwrap_err();
    assert_eq!(error.to_string(), "line 2, column 3 (byte 7) is not UTF-8");
    assert!(matches!(error, LineError::Utf8 { line: 2, column: 3, offset: 7 }));
    let error = lines.next_line().unwrap_err();
    assert!(matches!(error, LineError::TooLong { line: 3, offset: 11, max_len: 12 }));
    assert_eq!(lines.next_line().unwrap(), Some("fine again"));
    assert_eq!((lines.number(), lines.offset()), (4, 37));
    let error = std::io::Error::from(lines.next_line().unwrap_err());
    assert_eq!(error.kind(), ErrorKind::InvalidData);
    assert_eq!(error.to_string(), "line 5, column 1 (byte 37) is not UTF-8");
    assert_eq!(lines.next_line().unwrap(), None);
}

#[test]
fn what_the_source_says_is_handed_on_with_the_line() {
    let mut lines = Lines::new("one\ntw".as_bytes().chain(Broken));
    assert_eq!(lines.next_line().unwrap(), Some("one"));
    for _ in 0..2 {
        let error = lines.next_line().unwrap_err();
        assert_eq!(error.to_string(), "line 2, from byte 4 on, cannot be read: broken");
        assert!(std::error::Error::source(&error).is_some());
    }
    let mut lines = Lines::new("too long".as_bytes().chain(Broken)).with_max_len(3);
    assert!(matches!(lines.next_line(), Err(LineError::TooLong { .. })));
    assert!(matches!(lines.next_line(), Err(LineError::Read { line: 1, .. })));
}

#[test]
fn a_panic_in_a_closure_or_in_the_source_loses_no_line() {
    let panics = |f: &mut dyn FnMut()| {
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(f)).unwrap_err();
    };
    let mut lines = Lines::new("1\n2\n3".as_bytes()).with_buffer(3).map(|line| {
        assert_ne!(line, "2");
        line.to_owned()
    });
    assert_eq!(lines.next().unwrap().unwrap(), "1");
    panics(&mut || drop(lines.next()));
    assert_eq!(lines.next().unwrap().unwrap(), "3");

    let mut lines = Lines::new("1\n2".as_bytes().chain(Liar));
    assert_eq!(lines.next_line().unwrap(), Some("1"));
    panics(&mut || drop(lines.next_line().map(|_| ())));
    lines.check_invariants();
    assert_eq!(lines.offset(), 2);
}
