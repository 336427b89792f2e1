//! Chunks against the whole.

use std::io::{ErrorKind, Read};

use pennyweight::stream::{Chunks, TextChunks, TextError};
use pennyweight_baseline::random::Random;

use crate::source::{Broken, Moody, bytes};

#[test]
fn chunks_are_full_but_for_the_last() {
    let mut random = Random::new(7);
    for round in 0..500 {
        let len = random.below(50);
        let whole = bytes(&mut random, len, b"x");
        let size = 1 + random.below(20);
        let mut chunks = Chunks::new(Moody::blocking(&whole, 1 + round % 9, round as u64), size);
        let mut expected = whole.chunks(size);
        loop {
            let chunk = loop {
                match chunks.next_chunk() {
                    Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
                    Ok(chunk) => break chunk.map(<[u8]>::to_vec),
                }
            };
            assert_eq!(chunk.as_deref(), expected.next());
            chunks.check_invariants();
            if chunk.is_none() {
                break;
            }
        }
        assert_eq!(chunks.offset(), whole.len() as u64);
    }
}

#[test]
fn what_was_read_before_an_error_comes_with_the_next_chunk() {
    let mut chunks = Chunks::new(b"abc".chain(Moody::blocking(b"def", 1, 1)), 4);
    let mut read = Vec::new();
    let mut errors = 0;
    loop {
        match chunks.next_chunk() {
            Ok(Some(chunk)) => read.push(chunk.to_vec()),
            Ok(None) => break,
            Err(_) => errors += 1,
        }
    }
    assert_eq!(read, [&b"abcd"[..], b"ef"]);
    assert!(errors > 0);
    assert_eq!(Chunks::new(Broken, 4).next_chunk().unwrap_err().to_string(), "broken");
}

#[test]
#[should_panic(expected = "chunks of no bytes")]
fn a_chunk_has_bytes() {
    let _ = Chunks::new(std::io::empty(), 0);
}

/// All that is handed out, with errors as the places they name.
fn text_of(mut chunks: TextChunks<impl Read>, size: usize) -> Vec<Result<String, u64>> {
    let mut parts: Vec<Result<String, u64>> = Vec::new();
    loop {
        let chunk = loop {
            match chunks.next_chunk() {
                Err(TextError::Read(error)) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
                Ok(chunk) => break Ok(chunk.map(str::to_owned)),
                Err(error) => break Err(error),
            }
        };
        chunks.check_invariants();
        match (chunk, parts.last_mut()) {
            (Ok(Some(text)), last) => {
                assert!((1..=size).contains(&text.len()));
                match last {
                    Some(Ok(before)) => before.push_str(&text),
                    _ => parts.push(Ok(text)),
                }
            }
            (Ok(None), _) => return parts,
            (Err(TextError::Utf8 { offset }), _) => parts.push(Err(offset)),
            (Err(error), _) => panic!("{error}"),
        }
    }
}

/// The same of the whole, as std sees it.
fn expected_text(whole: &[u8]) -> Vec<Result<String, u64>> {
    let mut parts: Vec<Result<String, u64>> = Vec::new();
    let mut at = 0;
    for chunk in whole.utf8_chunks() {
        if !chunk.valid().is_empty() {
            parts.push(Ok(chunk.valid().to_owned()));
        }
        if !chunk.invalid().is_empty() {
            parts.push(Err((at + chunk.valid().len()) as u64));
        }
        at += chunk.valid().len() + chunk.invalid().len();
    }
    parts
}

#[test]
fn text_is_cut_between_characters_and_bad_bytes_are_where_std_sees_them() {
    let mut random = Random::new(8);
    let pieces: [&[u8]; 12] = [
        b"a",
        "é".as_bytes(),
        "€".as_bytes(),
        "😀".as_bytes(),
        b"\xf0\x9f\x98",
        b"\xe2\x82",
        b"\xc3",
        b"\x80",
        b"\xff",
        b"\xe0\x80",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
    ];
    for round in 0..5_000_usize {
        let kinds = if round % 2 == 0 { 4 } else { pieces.len() };
        let whole: Vec<u8> =
            (0..random.below(24)).flat_map(|_| pieces[random.below(kinds)]).copied().collect();
        let size = 4 + random.below(8);
        let source = Moody::blocking(&whole, 1 + round % 5, round as u64);
        let parts = text_of(TextChunks::new(source, size), size);
        assert_eq!(parts, expected_text(&whole), "{whole:?} in {size}");
        assert!(kinds > 4 || parts.iter().all(Result::is_ok));
    }
}

#[test]
fn chunks_of_text_lack_no_more_than_the_character_that_is_cut() {
    let whole = "aé€😀".repeat(50);
    for size in 4..40 {
        let mut chunks = TextChunks::new(Moody::new(whole.as_bytes(), 3, 3), size);
        let mut lengths = Vec::new();
        while let Some(chunk) = chunks.next_chunk().unwrap() {
            lengths.push(chunk.len());
        }
        let last = lengths.pop().unwrap();
        assert!(last <= size && lengths.iter().all(|&len| len + 3 >= size), "{lengths:?}");
    }
}

#[test]
fn text_that_ends_within_a_character_is_an_error_once() {
    let mut chunks = TextChunks::new(&b"ab\xe2\x82"[..], 8);
    assert_eq!(chunks.next_chunk().unwrap(), Some("ab"));
    let error = chunks.next_chunk().unwrap_err();
    assert_eq!(error.to_string(), "byte 2 is not UTF-8");
    assert_eq!(std::io::Error::from(error).kind(), ErrorKind::InvalidData);
    assert_eq!(chunks.next_chunk().unwrap(), None);
    assert_eq!(chunks.offset(), 4);
}

#[test]
fn chunks_are_mapped_to_what_can_be_kept() {
    let lengths = Chunks::new(&b"abcdefg"[..], 3).map(<[u8]>::len);
    assert_eq!(lengths.sum::<std::io::Result<usize>>().unwrap(), 7);
    let texts = TextChunks::new("aéb".as_bytes(), 4).map(str::to_owned);
    assert_eq!(texts.collect::<Result<Vec<_>, _>>().unwrap(), ["aéb"]);
}
