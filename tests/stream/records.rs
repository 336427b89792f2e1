//! Chunks of records against the whole.

use std::io::{ErrorKind, Read};

use pennyweight::stream::{RecordChunks, RecordError};
use pennyweight_baseline::random::Random;

use crate::source::{Broken, Moody, bytes};

/// The records that are handed out, each with its separator, and the errors in their places.
fn outcomes(
    mut chunks: RecordChunks<impl Read>,
    separator: u8,
) -> Vec<Result<Vec<u8>, (u64, u64)>> {
    let mut outcomes = Vec::new();
    loop {
        match chunks.next_chunk() {
            Ok(Some(chunk)) => {
                assert!(!chunk.is_empty());
                let records = chunk.split_inclusive(|&byte| byte == separator);
                outcomes.extend(records.map(|record| Ok(record.to_vec())));
            }
            Ok(None) => break,
            Err(RecordError::TooLong { record, offset, .. }) => {
                outcomes.push(Err((record, offset)));
            }
            Err(RecordError::Read(error)) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
            Err(error) => panic!("{error}"),
        }
        chunks.check_invariants();
        assert_eq!(chunks.records(), outcomes.len() as u64);
    }
    outcomes
}

#[test]
fn any_bytes_in_any_buffer_from_any_source() {
    let mut random = Random::new(9);
    for round in 0..3_000 {
        let separator = *b"\n\0,".get(round % 3).unwrap();
        let len = random.below(60);
        let whole = bytes(&mut random, len, &[separator]);
        let size = 1 + random.below(12);
        let max_buffer = size.max(random.below(12));
        let source = Moody::blocking(&whole, 1 + round % 9, round as u64);
        let chunks =
            RecordChunks::new(source, size).with_separator(separator).with_max_buffer(max_buffer);
        let outcomes = outcomes(chunks, separator);
        let records: Vec<&[u8]> = whole.split_inclusive(|&byte| byte == separator).collect();
        assert_eq!(outcomes.len(), records.len());
        let mut at = 0;
        for (number, (outcome, record)) in (1..).zip(outcomes.iter().zip(&records)) {
            let ended = record.ends_with(&[separator]);
            // One that is not ended has to have room for a separator.
            if record.len() + usize::from(!ended) <= max_buffer {
                assert_eq!(outcome.as_deref(), Ok(*record));
            } else {
                assert_eq!(*outcome, Err((number, at)));
            }
            at += record.len() as u64;
        }
    }
}

#[test]
fn a_chunk_has_all_records_that_fit() {
    let whole = "1234\n".repeat(100);
    for size in 5..60 {
        let mut chunks = RecordChunks::new(Moody::new(whole.as_bytes(), 4, 5), size);
        let mut lengths = Vec::new();
        while let Some(chunk) = chunks.next_chunk().unwrap() {
            lengths.push(chunk.len());
        }
        lengths.pop();
        assert!(lengths.iter().all(|&len| len == size / 5 * 5), "{size}: {lengths:?}");
        assert_eq!((chunks.records(), chunks.heap_bytes()), (100, size));
    }
}

#[test]
fn errors_name_the_record_and_reading_goes_on() {
    let mut chunks =
        RecordChunks::new("ab\ncd\nmuch too long\nef".as_bytes(), 4).with_max_buffer(8);
    assert_eq!(chunks.next_chunk().unwrap(), Some(&b"ab\n"[..]));
    assert_eq!(chunks.next_chunk().unwrap(), Some(&b"cd\n"[..]));
    let error = chunks.next_chunk().unwrap_err();
    assert_eq!(error.to_string(), "record 3, from byte 6 on, does not fit into 8 bytes");
    assert_eq!(chunks.next_chunk().unwrap(), Some(&b"ef"[..]));
    assert_eq!(chunks.next_chunk().unwrap(), None);
    assert_eq!(chunks.offset(), 22);

    let mut chunks = RecordChunks::new("ab\ncd".as_bytes().chain(Broken), 16);
    let error = std::io::Error::from(chunks.next_chunk().unwrap_err());
    assert_eq!(error.to_string(), "broken");
}

/// Records in whose text a separator may stand between quotes.
fn quoted_records(whole: &[u8]) -> Vec<&[u8]> {
    let mut quoted = false;
    let ends = |&byte: &u8| {
        quoted ^= byte == b'"';
        byte == b'\n' && !quoted
    };
    whole.split_inclusive(ends).collect()
}

#[test]
fn separators_between_quotes_end_nothing() {
    let mut random = Random::new(10);
    for round in 0..2_000 {
        let letters: &[u8] = if round % 2 == 0 { b"\"\nab" } else { b"\"\nabcdefghijklmnopqrs" };
        let len = random.below(500);
        let whole: Vec<u8> = (0..len).map(|_| letters[random.below(letters.len())]).collect();
        let records = quoted_records(&whole);
        let size = 1 + random.below(200);
        let source = Moody::blocking(&whole, 1 + round % 90, round as u64);
        let mut chunks = RecordChunks::new(source, size).with_quote(b'"');
        let (mut left, mut count) = (&records[..], 0);
        loop {
            match chunks.next_chunk() {
                Ok(Some(chunk)) => {
                    let mut rest = chunk;
                    while !rest.is_empty() {
                        rest = rest.strip_prefix(left[0]).expect("a chunk of whole records");
                        left = &left[1..];
                        count += 1;
                    }
                    assert_eq!(chunks.records(), count);
                }
                Ok(None) => break,
                Err(RecordError::Read(error)) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
                Err(error) => panic!("{error}"),
            }
            chunks.check_invariants();
        }
        assert!(left.is_empty());
        assert_eq!(chunks.offset(), whole.len() as u64);
    }
}

#[test]
fn a_quote_that_is_not_closed_takes_the_rest_or_is_refused() {
    let csv = b"a\n\"b\nc\nd\ne";
    let mut chunks = RecordChunks::new(&csv[..], 4).with_quote(b'"');
    assert_eq!(chunks.next_chunk().unwrap(), Some(&b"a\n"[..]));
    assert_eq!(chunks.next_chunk().unwrap(), Some(&b"\"b\nc\nd\ne"[..]));
    assert_eq!(chunks.next_chunk().unwrap(), None);
    assert_eq!(chunks.records(), 2);
    let mut chunks = RecordChunks::new(&csv[..], 4).with_quote(b'"').with_max_buffer(6);
    assert_eq!(chunks.next_chunk().unwrap(), Some(&b"a\n"[..]));
    assert!(chunks.next_chunk().is_err());
    assert_eq!(chunks.next_chunk().unwrap(), Some(&b"c\nd\n"[..]));
    assert_eq!(chunks.next_chunk().unwrap(), Some(&b"e"[..]));
}
