//! Whatever the bytes, whatever the buffer and however the source cuts them: rows are those that the crate csv reads.
#![no_main]

use std::io::{self, Read};

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use pennyweight::stream::{CsvErrorCause, CsvOptions, Trim};

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
    let mut options = CsvOptions::new()
        .delimiter(delimiter)
        .quote(quote)
        .comment(comment)
        .has_headers(false)
        .flexible(true)
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
        .has_headers(false)
        .flexible(true)
        .from_reader(&ended[..]);
    let mut expected = csv::ByteRecord::new();
    let (mut last, mut same) = (None, true);
    // That crate would trim more: other blanks too, and those in quotes.
    let trimmed = |field: &[u8]| match trim {
        Trim::None => field.to_vec(),
        _ => field.trim_ascii().to_vec(),
    };
    let line = |offset: u64| {
        1 + bytes[..offset as usize].iter().filter(|&&byte| byte == b'\n').count() as u64
    };
    loop {
        let read = reader.next_row();
        // What that crate reads behind an error, it reads otherwise.
        let found = same && peer.read_byte_record(&mut expected).unwrap();
        match read {
            Ok(Some(row)) => {
                assert!(
                    !same || (found && row.iter().map(trimmed).eq(expected.iter().map(trimmed)))
                );
                assert_eq!(row.line(), line(row.byte_offset()));
                assert!(last.is_none_or(|last| last < row.byte_offset()));
                last = Some(row.byte_offset());
                assert_eq!(row.iter().len(), row.len());
            }
            Ok(None) => {
                assert!(!found);
                break;
            }
            Err(error) => {
                assert!(last.is_none_or(|last| last < error.byte_offset()));
                last = Some(error.byte_offset());
                assert_eq!(error.line(), line(error.byte_offset()));
                match error.cause() {
                    CsvErrorCause::TooLong { .. } => assert!(max_row_len.is_some()),
                    CsvErrorCause::UnclosedQuote => assert!(quote.is_some()),
                    _ => panic!("{error}"),
                }
                same = false;
            }
        }
        reader.check_invariants();
    }
    assert_eq!(reader.bytes_read(), bytes.len() as u64);
});
