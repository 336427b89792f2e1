//! Whatever the bytes, whatever the buffer and however the source cuts them: header and rows are those that the crate csv reads, and rows of
//! another length are refused where it refuses them.
#![no_main]

use std::io::{self, Read};

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use pennyweight::stream::{CsvError, CsvErrorCause, CsvOptions, Trim};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    special: u8,
    buffer_len: u16,
    max_row_len: Option<u16>,
    /// How many bytes are read at once, over and over.
    cuts: [u8; 4],
    bytes: &'a [u8],
}

struct Source<'a> {
    bytes: &'a [u8],
    cuts: std::iter::Cycle<std::array::IntoIter<u8, 4>>,
}

impl Read for Source<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        assert!(!buffer.is_empty());
        let most = match self.cuts.next() {
            Some(0) => return Err(io::ErrorKind::Interrupted.into()),
            Some(most @ 1..128) => usize::from(most),
            _ => usize::MAX,
        };
        let len = most.min(buffer.len());
        self.bytes.read(&mut buffer[..len])
    }
}

fuzz_target!(|input: Input<'_>| {
    // Not all of them zero, since that would be a source that never gets on.
    let Input { special, buffer_len, max_row_len, mut cuts, bytes } = input;
    cuts[0] = cuts[0].max(1);
    let delimiter = [b',', b';', 0, 0xff][usize::from(special & 3)];
    let quote = [Some(b'"'), None][usize::from(special >> 2 & 1)];
    let comment = [None, Some(b'#')][usize::from(special >> 3 & 1)];
    let trim = [Trim::None, Trim::All][usize::from(special >> 4 & 1)];
    let [has_headers, flexible, headers_first] = [5, 6, 7].map(|bit| special >> bit & 1 == 1);
    let mut options = CsvOptions::new()
        .delimiter(delimiter)
        .quote(quote)
        .comment(comment)
        .has_headers(has_headers)
        .flexible(flexible)
        .trim(trim)
        .buffer_len(buffer_len.into());
    if let Some(max_row_len) = max_row_len {
        options = options.max_row_len(max_row_len.into());
    }
    let mut reader = options.read_from(Source { bytes, cuts: cuts.into_iter().cycle() });

    // Where an input ends in a comment, that crate sees a row behind it.
    let ended = [bytes, if comment.is_some() { b"\n" } else { b"" }].concat();
    let mut peer = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .quote(quote.unwrap_or(b'"'))
        .quoting(quote.is_some())
        .comment(comment)
        .has_headers(has_headers)
        .flexible(flexible)
        .from_reader(&ended[..]);
    let mut expected = csv::ByteRecord::new();
    // That crate would trim more: other blanks too, and those in quotes.
    let trimmed = |field: &[u8]| match trim {
        Trim::None => field.to_vec(),
        _ => field.trim_ascii().to_vec(),
    };
    let line = |offset: u64| {
        1 + bytes[..offset as usize].iter().filter(|&&byte| byte == b'\n').count() as u64
    };
    let is_refused = |error: &CsvError| {
        assert_eq!(error.line(), line(error.byte_offset()));
        match error.cause() {
            CsvErrorCause::TooFewFields { .. } | CsvErrorCause::TooManyFields { .. } => {
                assert!(!flexible);
            }
            CsvErrorCause::TooLong { .. } => assert!(max_row_len.is_some()),
            CsvErrorCause::UnclosedQuote => assert!(quote.is_some()),
            _ => panic!("{error}"),
        }
    };
    let (mut last, mut same) = (None, true);
    if headers_first && let Err(error) = reader.headers() {
        is_refused(&error);
        (last, same) = (Some(error.byte_offset()), false);
    }
    loop {
        let read = reader.next_row();
        // That crate has no limit of rows, and takes what is not closed for a row. What it reads behind that, it reads otherwise.
        let found = if same { peer.read_byte_record(&mut expected) } else { Ok(false) };
        // It counts rows from 0 on, and the header with them.
        let number = |at: &csv::Position| at.record() + u64::from(!has_headers);
        match read {
            Ok(Some(row)) => {
                if same {
                    assert!(found.unwrap());
                    assert!(row.iter().map(trimmed).eq(expected.iter().map(trimmed)));
                    assert_eq!(expected.position().map(number), Some(row.number()));
                }
                assert_eq!(row.line(), line(row.byte_offset()));
                assert!(last.is_none_or(|last| last < row.byte_offset()));
                last = Some(row.byte_offset());
                assert_eq!(row.iter().len(), row.len());
            }
            Ok(None) => {
                assert!(!found.unwrap());
                break;
            }
            Err(error) => {
                is_refused(&error);
                assert!(last.is_none_or(|last| last < error.byte_offset()));
                last = Some(error.byte_offset());
                match *error.cause() {
                    CsvErrorCause::TooFewFields { expected, found: len }
                    | CsvErrorCause::TooManyFields { expected, found: len } => {
                        if same {
                            let csv::ErrorKind::UnequalLengths { pos, expected_len, len: found } =
                                found.unwrap_err().into_kind()
                            else {
                                panic!("{error}")
                            };
                            assert_eq!((expected_len, found), (expected as u64, len as u64));
                            assert_eq!(pos.as_ref().map(number), Some(error.row()));
                        }
                    }
                    _ => same = false,
                }
            }
        }
        reader.check_invariants();
    }
    // A header that was refused is none, and to that crate it is one.
    let headers = reader.headers().unwrap();
    assert!(has_headers || headers.is_empty());
    if has_headers && (same || !headers.is_empty()) {
        let expected = peer.byte_headers().unwrap();
        assert!(headers.iter().map(trimmed).eq(expected.iter().map(trimmed)));
    }
    assert_eq!(reader.bytes_read(), bytes.len() as u64);
});
