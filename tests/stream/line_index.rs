//! Lines by their numbers against the lines of the text.

use std::io::{self, Cursor, ErrorKind};

use pennyweight::stream::{LineError, LineIndex, Lines};
use pennyweight_baseline::random::Random;

use super::source::{Broken, Moody, bytes};

/// The lines of a text, found the plain way.
fn lines(text: &[u8]) -> Vec<&[u8]> {
    let mut lines: Vec<_> = text.split_inclusive(|&byte| byte == b'\n').collect();
    for line in &mut lines {
        *line = line.strip_suffix(b"\r\n").or(line.strip_suffix(b"\n")).unwrap_or(line);
    }
    lines
}

#[test]
fn lines_are_found_by_their_numbers_whatever_the_source_does() {
    let mut random = Random::new(20);
    for seed in 0..300 {
        let len = [random.below(20), random.below(400), random.below(4000)][random.below(3)];
        let text = bytes(&mut random, len, b"\n\n\r\n");
        let index = LineIndex::build(Moody::new(&text, 1 + random.below(200), seed)).unwrap();
        let lines = lines(&text);
        assert_eq!((index.line_count(), index.byte_count()), (lines.len() as u64, len as u64));
        let mut read = Lines::of_bytes(Cursor::new(&text)).with_buffer(1 + random.below(300));
        for _ in 0..50 {
            let line = random.below(lines.len() + 3);
            assert_eq!(index.get(&text, line as u64), lines.get(line).copied());
            read.seek(&index, line as u64).unwrap();
            assert_eq!(read.number(), line.min(lines.len()) as u64);
            // And those behind it.
            for line in line..line + 3 {
                assert_eq!(read.next_line().unwrap(), lines.get(line).copied());
                assert_eq!(read.number(), (line + 1).min(lines.len()) as u64);
            }
            read.check_invariants();
        }
        assert_eq!(index.get(&text, u64::MAX), None);
    }
}

#[test]
fn an_end_without_a_newline_is_a_line_and_nothing_is_none() {
    let count = |text: &str| LineIndex::build(text.as_bytes()).unwrap().line_count();
    assert_eq!(["", "\n", "a", "a\n", "a\nb", "\n\n"].map(count), [0, 1, 1, 1, 2, 2]);
    for lines in [63, 64, 65, 128, 129] {
        let text = "x\n".repeat(lines);
        let index = LineIndex::build(text.as_bytes()).unwrap();
        assert_eq!(
            (index.line_count(), index.get(text.as_bytes(), lines as u64)),
            (lines as u64, None)
        );
        assert_eq!(index.heap_bytes(), 8 * lines.div_ceil(64));
    }
    let text = b"a\r\nb\r";
    let index = LineIndex::build(&text[..]).unwrap();
    assert_eq!((index.range(text, 0), index.range(text, 1)), (Some(0..1), Some(3..5)));
}

#[test]
fn errors_name_lines_as_if_all_had_been_read() {
    let text = "fine\n".repeat(200) + "too long\n" + "fine\n";
    let index = LineIndex::build(text.as_bytes()).unwrap();
    let mut lines = Lines::new(Cursor::new(&text)).with_max_len(4);
    lines.seek(&index, 199).unwrap();
    assert_eq!(lines.next_line().unwrap(), Some("fine"));
    let error = lines.next_line().unwrap_err();
    assert!(matches!(error, LineError::TooLong { line: 201, offset: 1000, max_len: 4 }), "{error}");
    // From the middle of a line that was refused, elsewhere.
    lines.seek(&index, 3).unwrap();
    assert_eq!(lines.next_line().unwrap(), Some("fine"));
    assert_eq!((lines.number(), lines.offset()), (4, 20));
}

#[test]
fn another_text_than_was_indexed_is_read_as_it_is() {
    let index = LineIndex::build("line\n".repeat(1000).as_bytes()).unwrap();
    let other = b"no newline";
    for line in 0..1001 {
        let expected = (line == 0).then_some(&other[..]);
        assert_eq!(index.get(other, line), expected);
        let mut lines = Lines::of_bytes(Cursor::new(other));
        lines.seek(&index, line).unwrap();
        assert_eq!(lines.next_line().unwrap(), expected);
    }
}

#[test]
fn a_source_that_fails_is_no_index() {
    assert!(LineIndex::build(Broken).is_err());
    struct Fixed;
    impl io::Seek for Fixed {
        fn seek(&mut self, _: io::SeekFrom) -> io::Result<u64> {
            Err(ErrorKind::Unsupported.into())
        }
    }
    impl io::Read for Fixed {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            buf.fill(b'\n');
            Ok(buf.len())
        }
    }
    let index = LineIndex::build("a\nb\n".as_bytes()).unwrap();
    let mut lines = Lines::new(Fixed);
    assert_eq!(lines.next_line().unwrap(), Some(""));
    assert_eq!(lines.seek(&index, 0).unwrap_err().kind(), ErrorKind::Unsupported);
    // As if it had not been asked.
    assert_eq!(lines.next_line().unwrap(), Some(""));
    assert_eq!(lines.number(), 2);
}
