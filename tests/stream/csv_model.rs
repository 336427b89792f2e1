//! Rows are those that the crate csv reads, and errors those of a reader that goes from byte to byte, whatever the source does.

use super::source::Moody;
use pennyweight::stream::{CsvError, CsvErrorCause, CsvOptions, CsvReader, Trim};
use pennyweight_baseline::random::Random;

/// What a reader returns.
#[derive(Debug, PartialEq)]
enum Event {
    Row { number: u64, line: u64, offset: u64, fields: Vec<Vec<u8>> },
    Error { row: u64, line: u64, offset: u64, column: usize, text: Vec<u8>, cause: Cause },
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Cause {
    TooFew(usize, usize),
    TooMany(usize, usize),
    Unclosed,
    TooLong(usize),
}

/// What an input looks like.
#[derive(Clone, Copy, Debug)]
struct Format {
    delimiter: u8,
    quote: Option<u8>,
    comment: Option<u8>,
    has_headers: bool,
    flexible: bool,
    trim: Trim,
    max_row_len: usize,
}

impl Format {
    const PLAIN: Self = Self {
        delimiter: b',',
        quote: Some(b'"'),
        comment: None,
        has_headers: false,
        flexible: true,
        trim: Trim::None,
        max_row_len: 1 << 20,
    };

    fn random(random: &mut Random) -> Self {
        let bytes = [[b',', b'"', b'#'], [b';', b'\'', b'%'], [0, 0xff, b'a'], [b'"', b',', 0xbb]];
        let [delimiter, quote, comment] = bytes[random.below(4)];
        Self {
            delimiter,
            quote: (random.below(5) > 0).then_some(quote),
            comment: (random.below(3) == 0).then_some(comment),
            has_headers: random.below(2) == 0,
            flexible: random.below(3) > 0,
            trim: [Trim::None, Trim::Headers, Trim::Fields, Trim::All][random.below(4)],
            max_row_len: match random.below(3) {
                0 => random.below(40),
                1 => random.below(400),
                _ => 1 << 20,
            },
        }
    }

    fn options(&self) -> CsvOptions {
        CsvOptions::new()
            .delimiter(self.delimiter)
            .quote(self.quote)
            .comment(self.comment)
            .has_headers(self.has_headers)
            .flexible(self.flexible)
            .trim(self.trim)
            .max_row_len(self.max_row_len)
    }

    /// Bytes of which many mean something.
    fn input(&self, random: &mut Random) -> Vec<u8> {
        let mut input = Vec::new();
        if random.below(4) == 0 {
            input.extend(&b"\xef\xbb\xbf"[random.below(3)..]);
        }
        let len = [random.below(12), random.below(200), random.below(1500)][random.below(3)];
        let rare = 2 + random.below(30);
        for _ in 0..len {
            input.push(match random.below(rare) {
                0 => self.delimiter,
                1 => [b'\n', b'\r', b'\n'][random.below(3)],
                2 => self.quote.unwrap_or(b'"'),
                3 => self.comment.unwrap_or(b'#'),
                4 | 5 => b" \t"[random.below(2)],
                _ => b"abcdefgh"[random.below(8)],
            });
            // Quotes that are where they belong.
            if let (Some(quote), 0) = (self.quote, random.below(20)) {
                let text = [&b"x"[..], b"", b" y\n", b",z,", b"\r\n;\t"][random.below(5)];
                let behind = [&b""[..], b" ", b"\t "][random.below(3)];
                input.extend(
                    [&[self.delimiter, quote], text, &[quote], behind, &[self.delimiter]].concat(),
                );
            }
        }
        input
    }
}

/// The naive twin, in which each rule is written down once.
fn naive(input: &[u8], format: Format) -> Vec<Event> {
    let ends = |at: usize| matches!(input.get(at), Some(b'\n' | b'\r'));
    let is = |at: usize, byte: Option<u8>| byte.is_some() && input.get(at).copied() == byte;
    let line_end = |from: usize| (from..input.len()).find(|&at| ends(at)).unwrap_or(input.len());
    let (mut events, mut number, mut columns) = (Vec::new(), u64::from(!format.has_headers), None);
    let mut at = if input.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    loop {
        while at < input.len() && (ends(at) || is(at, format.comment)) {
            if !ends(at) {
                at += input[at..].iter().take_while(|&&byte| byte != b'\n').count();
            }
            at += 1;
        }
        if at >= input.len() {
            return events;
        }
        let row = at;
        let (mut fields, mut begins, mut unclosed) = (Vec::new(), Vec::new(), false);
        let trims = match format.trim {
            Trim::None => false,
            Trim::Headers => number == 0,
            Trim::Fields => number > 0,
            Trim::All => true,
        };
        loop {
            begins.push(at);
            let (mut field, mut closed) = (Vec::new(), None);
            if is(at, format.quote) {
                at += 1;
                loop {
                    if at >= input.len() {
                        unclosed = true;
                        break;
                    }
                    if is(at, format.quote) {
                        at += 1;
                        if !is(at, format.quote) {
                            break;
                        }
                    }
                    field.push(input[at]);
                    at += 1;
                }
                closed = Some(field.len());
            }
            while at < input.len() && !ends(at) && input[at] != format.delimiter {
                field.push(input[at]);
                at += 1;
            }
            // What quotes enclose stays as it is.
            let blank = |byte: Option<&u8>| matches!(byte, Some(b' ' | b'\t'));
            while trims && closed.is_none() && blank(field.first()) {
                field.remove(0);
            }
            while trims && field.len() > closed.unwrap_or(0) && blank(field.last()) {
                field.pop();
            }
            fields.push(field);
            if at >= input.len() || ends(at) {
                break;
            }
            at += 1;
        }
        let (len, limit) = (at - row, format.max_row_len);
        let line = 1 + input[..row].iter().filter(|&&byte| byte == b'\n').count() as u64;
        let mut error = |column, cause| {
            let text = input[row..row + len.min(limit).min(64)].to_vec();
            let offset = row as u64;
            events.push(Event::Error { row: number, line, offset, column, text, cause });
        };
        let (found, expected) = (fields.len(), *columns.get_or_insert(fields.len()));
        if len > limit {
            let column = begins.iter().rposition(|&begin| begin <= row + limit).unwrap();
            error(column, Cause::TooLong(limit));
            at = line_end(begins[column]);
        } else if unclosed {
            error(found - 1, Cause::Unclosed);
            at = line_end(begins[found - 1]);
        } else if format.flexible || found == expected {
            events.push(Event::Row { number, line, offset: row as u64, fields });
        } else if found < expected {
            error(found, Cause::TooFew(expected, found));
        } else {
            error(expected, Cause::TooMany(expected, found));
        }
        if len > limit || unclosed {
            // The first row that is one says how many columns there are.
            columns =
                columns.filter(|_| events.iter().any(|event| matches!(event, Event::Row { .. })));
        }
        number += 1;
    }
}

/// What the reader returns, whatever its source does.
fn read(mut reader: CsvReader<Moody<'_>>, has_headers: bool) -> Vec<Event> {
    let mut events = Vec::new();
    let note = |events: &mut Vec<Event>, error: CsvError| {
        let cause = match *error.cause() {
            CsvErrorCause::Io(_) => return,
            CsvErrorCause::TooFewFields { expected, found } => Cause::TooFew(expected, found),
            CsvErrorCause::TooManyFields { expected, found } => Cause::TooMany(expected, found),
            CsvErrorCause::UnclosedQuote => Cause::Unclosed,
            CsvErrorCause::TooLong { limit } => Cause::TooLong(limit),
            ref other => panic!("{other}"),
        };
        let (row, line, offset) = (error.row(), error.line(), error.byte_offset());
        let (column, text) = (error.column().unwrap(), error.raw_text().into());
        events.push(Event::Error { row, line, offset, column, text, cause });
    };
    if has_headers {
        loop {
            match reader.headers() {
                Ok(headers) => {
                    if !headers.is_empty() {
                        let fields = headers.iter().map(<[u8]>::to_vec).collect();
                        events.push(Event::Row { number: 0, line: 0, offset: 0, fields });
                    }
                    break;
                }
                Err(error) => note(&mut events, error),
            }
        }
    }
    loop {
        match reader.next_row() {
            Ok(Some(row)) => {
                let fields: Vec<_> = row.iter().map(<[u8]>::to_vec).collect();
                assert_eq!((row.len(), row.get(row.len())), (fields.len(), None));
                assert_eq!((row.get(usize::MAX), row.iter().rev().count()), (None, row.len()));
                let (number, line, offset) = (row.number(), row.line(), row.byte_offset());
                events.push(Event::Row { number, line, offset, fields });
            }
            Ok(None) => break,
            Err(error) => note(&mut events, error),
        }
        reader.check_invariants();
    }
    assert!(reader.next_row().unwrap().is_none());
    events
}

fn check(input: &[u8], format: Format, buffer_len: usize, most: usize, seed: u64) {
    let reader =
        format.options().buffer_len(buffer_len).read_from(Moody::blocking(input, most, seed));
    let events = read(reader, format.has_headers);
    let mut expected = naive(input, format);
    // Of the header no place is told.
    if let Some(Event::Row { number: 0, line, offset, .. }) = expected.first_mut() {
        (*line, *offset) = (0, 0);
    }
    let about = || {
        format!(
            "{format:?}, buffer {buffer_len}, at most {most}, seed {seed}: {:?}",
            input.escape_ascii().to_string()
        )
    };
    for (event, expected) in events.iter().zip(&expected) {
        assert_eq!(event, expected, "{} {events:#?}", about());
    }
    assert_eq!(events.len(), expected.len(), "{}", about());
}

#[test]
fn the_twin_reads_what_the_crate_csv_reads() {
    let mut random = Random::new(1);
    for _ in 0..6000 {
        let format = Format { max_row_len: 1 << 20, ..Format::random(&mut random) };
        let input = format.input(&mut random);
        let mut events = naive(&input, format);
        // Where an input ends in a comment, that crate sees a row behind it.
        let ended = [&input[..], if format.comment.is_some() { b"\n" } else { b"" }].concat();
        let mut peer = csv::ReaderBuilder::new()
            .delimiter(format.delimiter)
            .quoting(format.quote.is_some())
            .quote(format.quote.unwrap_or(b'"'))
            .comment(format.comment)
            .has_headers(format.has_headers)
            .flexible(format.flexible)
            .trim(match format.trim {
                Trim::None => csv::Trim::None,
                Trim::Headers => csv::Trim::Headers,
                Trim::Fields => csv::Trim::Fields,
                Trim::All => csv::Trim::All,
            })
            .from_reader(&ended[..]);
        let header = format.has_headers.then(|| peer.byte_headers().unwrap().clone());
        let header = header.filter(|header| !header.is_empty()).map(Ok);
        let mut rows: Vec<_> = header
            .into_iter()
            .chain(peer.into_byte_records())
            .map(|row| match row.map_err(csv::Error::into_kind) {
                Ok(row) => Ok(row.iter().map(<[u8]>::to_vec).collect()),
                Err(csv::ErrorKind::UnequalLengths { pos, expected_len, len }) => {
                    // It counts from 0 on, and the header with the rows.
                    let number = pos.unwrap().record() + u64::from(!format.has_headers);
                    Err((number, expected_len as usize, len as usize))
                }
                Err(error) => panic!("{error:?}"),
            })
            .collect();
        // It takes what is not closed for a row, to which all that follows belongs.
        let is_unclosed =
            |event: &Event| matches!(event, Event::Error { cause: Cause::Unclosed, .. });
        if let Some(unclosed) = events.iter().position(is_unclosed) {
            events.truncate(unclosed);
            assert_eq!(rows.len(), unclosed + 1);
            rows.truncate(unclosed);
        }
        let events: Vec<Result<Vec<Vec<u8>>, _>> = events
            .into_iter()
            .map(|event| match event {
                Event::Row { number, mut fields, .. } => {
                    // What quotes enclose is trimmed too, in that crate.
                    let part = if number == 0 { Trim::Headers } else { Trim::Fields };
                    if [part, Trim::All].contains(&format.trim) && format.quote.is_some() {
                        fields.iter_mut().for_each(|field| *field = field.trim_ascii().to_vec());
                    }
                    Ok(fields)
                }
                Event::Error { row, cause, .. } => match cause {
                    Cause::TooFew(expected, found) | Cause::TooMany(expected, found) => {
                        Err((row, expected, found))
                    }
                    Cause::Unclosed | Cause::TooLong(_) => unreachable!(),
                },
            })
            .collect();
        assert_eq!(events, rows, "{format:?} {:?}", input.escape_ascii().to_string());
    }
}

#[test]
fn rows_and_errors_are_those_of_the_twin_with_all_buffers_and_sources() {
    let mut random = Random::new(2);
    for seed in 0..6000 {
        let format = Format::random(&mut random);
        let input = format.input(&mut random);
        let buffer_len = [4 + random.below(16), 4 + random.below(300), 1 << 15][random.below(3)];
        let most = [1 + random.below(4), 1 + random.below(200), 1 << 16][random.below(3)];
        check(&input, format, buffer_len, most, seed);
    }
}

#[test]
fn each_construct_may_be_cut_anywhere() {
    let texts = [
        &b"\xef\xbb\xbfa,b\r\n\"c,\r\n\"\"d\"\"\",e\r\r\n\n#f\rg\n\"h\"i\"j,k\"l\"\n\"\",\"\"\"\"\nlast,"[..],
        b"\"\"\"\"\"\",\"a\"\"\"\"b\"\"\"\n# \"quoted, comment\n\"#\",#\n\"x\ny\nz\nu,v\n",
    ];
    let format = Format { comment: Some(b'#'), ..Format::PLAIN };
    for text in texts {
        // Before and between blocks of 64 bytes.
        for before in 0..130 {
            let input = [&b"01234567,"[..].repeat(15)[..before], text].concat();
            check(&input, format, 4 + before, input.len(), 0);
            check(&input, format, 1 << 12, 1 + before % 7, 0);
        }
        for cut in 0..text.len() {
            check(&text[..cut], format, 64, 1 << 12, 0);
            check(&text[..cut], format, 1 << 12, 1 << 12, 0);
        }
    }
}
