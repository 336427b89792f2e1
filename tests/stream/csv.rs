//! Rows of CSV, and what is said of those that are wrong.

use std::io::{Cursor, Read, repeat};

use pennyweight::size::HeapSize;
use pennyweight::stream::{CsvError, CsvErrorCause, CsvOptions, CsvReader, Trim};

use super::source::{Broken, Liar};

/// Options without a header.
const PLAIN: CsvOptions = CsvOptions::new().has_headers(false);

/// The rows as text, with bars between fields.
fn rows<R: Read>(mut reader: CsvReader<R>) -> Vec<Result<String, CsvError>> {
    let mut rows = Vec::new();
    loop {
        match reader.next_row() {
            Ok(Some(row)) => {
                let fields: Vec<_> = row.iter().map(String::from_utf8_lossy).collect();
                rows.push(Ok(fields.join("|")));
            }
            Ok(None) => return rows,
            Err(error) => rows.push(Err(error)),
        }
    }
}

fn whole(options: CsvOptions, input: &str) -> Vec<String> {
    rows(options.read_from(input.as_bytes())).into_iter().map(Result::unwrap).collect()
}

#[test]
fn the_files_of_csv_spectrum_are_read_as_it_says() {
    let mut count = 0;
    for sample in csv_spectrum::spectrum() {
        // What it says of this one is not what stands in it, as it explains.
        if sample.name == "location_coordinates" {
            continue;
        }
        let expected: Vec<serde_json::Map<_, _>> = serde_json::from_slice(sample.json).unwrap();
        let mut reader = CsvReader::new(sample.csv);
        let names: Vec<String> = reader
            .headers()
            .unwrap()
            .iter()
            .map(|name| String::from_utf8_lossy(name).into())
            .collect();
        for object in expected {
            let row = reader.next_row().unwrap().unwrap();
            assert_eq!(row.len(), object.len());
            for (index, name) in names.iter().enumerate() {
                assert_eq!(row.field_str(index).unwrap(), object[name].as_str(), "{}", sample.name);
            }
            count += 1;
        }
        assert!(reader.next_row().unwrap().is_none());
    }
    assert_eq!(count, 20);
}

#[test]
fn rows_end_with_lf_cr_both_or_the_input_and_blank_lines_are_none() {
    let rows = ["a|b", "c|d"];
    for input in ["a,b\nc,d\n", "a,b\rc,d", "a,b\r\nc,d\r\n", "\n\r\n\ra,b\n\r\r\n\nc,d\r"] {
        assert_eq!(whole(PLAIN, input), rows, "{input:?}");
    }
    assert_eq!(whole(PLAIN, " \n\"\"\n"), [" ", ""]);
    assert_eq!(whole(PLAIN, ",\n,"), ["|", "|"]);
    assert!(whole(PLAIN, "").is_empty() && whole(PLAIN, "\r\n\n").is_empty());
}

#[test]
fn quotes_are_text_unless_they_begin_a_field() {
    let input = "\"a,\n\"\"b\"\"\",\"\"\nc\"d\"\"e\", \"f\"\n\"g\"h\"i,\"\"\"\"\n";
    let rows = ["a,\n\"b\"|", "c\"d\"\"e\"| \"f\"", "gh\"i|\""];
    assert_eq!(whole(PLAIN, input), rows);
    assert_eq!(whole(PLAIN.quote(None), "\"a\",\"\"\n"), ["\"a\"|\"\""]);
}

#[test]
fn comments_are_left_out_up_to_lf() {
    let input = "#x \"\n#\r,\na,#b\n \"#\n#";
    assert_eq!(whole(PLAIN.comment(Some(b'#')).flexible(true), input), ["a|#b", " \"#"]);
}

#[test]
fn the_mark_of_utf8_and_nul_bytes_are_as_they_should_be() {
    assert_eq!(whole(PLAIN, "\u{feff}\"a\",b"), ["a|b"]);
    assert_eq!(whole(PLAIN, "\u{feff}"), [""; 0]);
    assert_eq!(whole(PLAIN, "a,\u{feff}b\n\u{feff},"), ["a|\u{feff}b", "\u{feff}|"]);
    assert_eq!(whole(PLAIN, "a\0,\0\n\0,b"), ["a\0|\0", "\0|b"]);
}

#[test]
fn blanks_are_trimmed_where_that_is_said_but_not_within_quotes() {
    let input = " a ,b\t\n \t, c d \n\" x \" \t,\"y\"\" \" z\t\n \"q\" ,\"\"\n";
    let untrimmed = [" a |b\t", " \t| c d ", " x  \t|y\"  z\t", " \"q\" |"];
    assert_eq!(whole(PLAIN, input), untrimmed);
    assert_eq!(whole(PLAIN.trim(Trim::Headers), input), untrimmed);
    let trimmed = ["a|b", "|c d", " x |y\"  z", "\"q\"|"];
    assert_eq!(whole(PLAIN.trim(Trim::Fields), input), trimmed);
    assert_eq!(whole(PLAIN.trim(Trim::All), input), trimmed);

    for (trim, header, rows) in [
        (Trim::None, " a |b\t", &untrimmed[1..]),
        (Trim::Headers, "a|b", &untrimmed[1..]),
        (Trim::Fields, " a |b\t", &trimmed[1..]),
        (Trim::All, "a|b", &trimmed[1..]),
    ] {
        let mut reader = CsvOptions::new().trim(trim).read_from(input.as_bytes());
        let names = reader.headers().unwrap().iter().map(String::from_utf8_lossy);
        assert_eq!(names.collect::<Vec<_>>().join("|"), header);
        let found: Vec<_> = self::rows(reader).into_iter().map(Result::unwrap).collect();
        assert_eq!(found, rows);
    }
}

#[test]
fn lines_are_those_of_the_file() {
    let input = "a,b\r\n\r\n#\n1,\"x\ny\nz\"\n\n2\n\"\n\"\"\",3\r4,5";
    for buffer_len in [4, 20, 1000] {
        let options = CsvOptions::new().comment(Some(b'#')).buffer_len(buffer_len);
        let mut reader = options.read_from(input.as_bytes());
        assert_eq!(reader.next_row().unwrap().unwrap().line(), 4);
        let error = reader.next_row().unwrap_err();
        assert_eq!((error.row(), error.line()), (2, 8));
        let row = reader.next_row().unwrap().unwrap();
        assert_eq!((row.get(0), row.line()), (Some(&b"\n\""[..]), 9));
        // CR alone ends a row, and no line.
        let row = reader.next_row().unwrap().unwrap();
        assert_eq!((row.number(), row.line()), (4, 10));
    }
}

#[test]
fn columns_are_found_by_name() {
    let mut reader = CsvReader::new("b,\"a\"\"\",b\n1,2,3\n".as_bytes());
    assert_eq!(reader.position("a\"").unwrap(), Some(1));
    assert_eq!((reader.position("b").unwrap(), reader.position("c").unwrap()), (Some(0), None));
    let headers = reader.headers().unwrap();
    assert_eq!((headers.len(), headers.get(1), headers.get(3)), (3, Some(&b"a\""[..]), None));
    let row = reader.next_row().unwrap().unwrap();
    assert_eq!((row.number(), row.byte_offset(), row.as_bytes()), (1, 10, &b"1,2,3"[..]));
    assert!(CsvReader::new(&b""[..]).headers().unwrap().is_empty());
    let mut reader = PLAIN.read_from(&b"a,b\n"[..]);
    assert!(reader.headers().unwrap().is_empty() && reader.next_row().unwrap().is_some());
}

#[test]
fn a_header_that_is_refused_is_not_looked_for_again() {
    let mut reader = CsvOptions::new().max_row_len(4).read_from(&b"a,b,c\n1,2\n3,4\n"[..]);
    let error = reader.position("a").unwrap_err();
    assert!(matches!(error.cause(), CsvErrorCause::TooLong { limit: 4 }));
    assert_eq!((error.row(), error.byte_offset(), error.column()), (0, 0, Some(2)));
    assert!(reader.headers().unwrap().is_empty());
    assert_eq!(reader.next_row().unwrap().unwrap().number(), 1);
    assert_eq!(reader.next_row().unwrap().unwrap().byte_offset(), 10);
}

#[test]
fn too_few_and_too_many_fields_are_errors_unless_rows_may_differ() {
    let input = "a,b\n1\n2,3\n\"x\"\"\",y,z\n4,\"5\"\"\"\n";
    let found = rows(CsvReader::new(input.as_bytes()));
    let [few, Ok(good), many, Ok(last)] = &found[..] else { panic!("{found:?}") };
    let few = few.as_ref().unwrap_err();
    assert!(matches!(few.cause(), CsvErrorCause::TooFewFields { expected: 2, found: 1 }));
    assert_eq!((few.row(), few.byte_offset(), few.column(), &*few.text()), (1, 4, Some(1), "1"));
    let many = many.as_ref().unwrap_err();
    assert!(matches!(many.cause(), CsvErrorCause::TooManyFields { expected: 2, found: 3 }));
    assert_eq!((many.row(), many.byte_offset(), many.column()), (3, 10, Some(2)));
    assert_eq!(many.text(), "\"x\"\"\",y,z");
    assert_eq!((&**good, &**last), ("2|3", "4|5\""));
    assert_eq!(whole(PLAIN.flexible(true), input), ["a|b", "1", "2|3", "x\"|y|z", "4|5\""]);
}

#[test]
fn reading_goes_on_in_the_line_behind_a_quote_that_is_not_closed() {
    let input = "a,b\n1,2\n3,\"4\n5,6\n7,8\n";
    let found = rows(CsvReader::new(input.as_bytes()));
    let [Ok(_), Err(error), Ok(next), Ok(last)] = &found[..] else { panic!("{found:?}") };
    assert!(matches!(error.cause(), CsvErrorCause::UnclosedQuote));
    assert_eq!((error.row(), error.byte_offset(), error.column()), (2, 8, Some(1)));
    assert_eq!(error.text(), "3,\"4\n5,6\n7,8\n");
    assert_eq!((&**next, &**last), ("5|6", "7|8"));

    // The same where the row becomes too long before the input ends, of which more follows than is held.
    let input = input.to_owned() + &"9,9\n".repeat(1000);
    let found = rows(CsvOptions::new().max_row_len(100).buffer_len(64).read_from(input.as_bytes()));
    assert!(matches!(
        found[1].as_ref().unwrap_err().cause(),
        CsvErrorCause::TooLong { limit: 100 }
    ));
    assert_eq!(found.len(), 2 + 2 + 1000);
    assert!(found[2..].iter().all(Result::is_ok));
}

#[test]
fn rows_may_be_as_long_as_the_limit() {
    for buffer_len in [4, 10, 11, 1000] {
        let options = PLAIN.flexible(true).max_row_len(10).buffer_len(buffer_len);
        let found = rows(options.read_from(&b"\n12345,6789\r\n12345,67890\na,b"[..]));
        let [Ok(full), Err(error), Ok(next)] = &found[..] else { panic!("{found:?}") };
        assert_eq!((&**full, &**next), ("12345|6789", "a|b"));
        assert_eq!((error.row(), error.byte_offset(), error.column()), (2, 13, Some(1)));
        assert_eq!((error.raw_text().len(), &*error.text()), (10, "12345,6789"));
    }
    let options = PLAIN.max_row_len(0);
    assert_eq!(rows(options.read_from(&b"\na\n\nb"[..])).len(), 2);
}

#[test]
fn a_line_of_50_mb_takes_no_more_than_the_limit() {
    let line = |byte| repeat(byte).take(50_000_000);
    let input = (&b"a,b\n"[..])
        .chain(line(b'x'))
        .chain(&b"\n1,2\n"[..])
        .chain(line(b'\n'))
        .chain(&b"3,4\n5,\""[..]);
    let mut reader = CsvReader::new(input.chain(line(b'y')).chain(&b"\n6,7"[..]));
    assert!(matches!(
        reader.next_row().unwrap_err().cause(),
        CsvErrorCause::TooLong { limit: 0x10_0000 }
    ));
    assert_eq!(reader.next_row().unwrap().unwrap().as_bytes(), b"1,2");
    assert_eq!(reader.next_row().unwrap().unwrap().as_bytes(), b"3,4");
    let error = reader.next_row().unwrap_err();
    assert_eq!((error.row(), error.column(), error.text().len()), (4, Some(1), 64));
    assert_eq!(reader.next_row().unwrap().unwrap().as_bytes(), b"6,7");
    assert!(reader.next_row().unwrap().is_none());
    assert_eq!(reader.bytes_read(), 150_000_020);
    assert_eq!(HeapSize::heap_bytes(&reader.headers().unwrap().clone()), 2 + 2 * 4);
    // The buffer, and the index with it, as if nothing had been there.
    assert!(reader.heap_bytes() < (1 << 20) + 16_384);
}

#[test]
fn comments_and_blank_lines_take_no_room() {
    let long = [&b"#"[..], &b"x\"".repeat(100_000), b"\n\r"].concat();
    let input = [&long[..], b"a,b\n", &long, &long, b"#"].concat();
    let options = PLAIN.comment(Some(b'#')).max_row_len(3).buffer_len(100);
    let mut reader = options.read_from(&input[..]);
    let row = reader.next_row().unwrap().unwrap();
    assert_eq!((row.as_bytes(), row.byte_offset(), row.number()), (&b"a,b"[..], 200_003, 1));
    assert!(reader.next_row().unwrap().is_none());
    assert_eq!(reader.heap_bytes(), 100 + 4 * (2048 + 512));
}

#[test]
fn a_million_columns_are_a_row() {
    let mut input = b"\"a\"\"\",".repeat(500_000);
    input.extend(b",".repeat(499_999));
    let limit = CsvOptions::new().max_row_len(input.len());
    for options in [limit, limit.buffer_len(1 << 24)] {
        let mut reader = options.has_headers(false).read_from(&input[..]);
        let row = reader.next_row().unwrap().unwrap();
        assert_eq!(
            (row.len(), row.get(499_999), row.get(500_000)),
            (1_000_000, Some(&b"a\""[..]), Some(&b""[..]))
        );
        assert!(row.iter().take(500_000).all(|field| field == b"a\""));
        reader.check_invariants();
    }
    let mut reader = PLAIN.max_row_len(input.len() - 1).read_from(&input[..]);
    assert!(reader.next_row().is_err());
    assert!(reader.next_row().unwrap().is_none());
}

#[test]
fn text_is_validated_where_it_is_asked_for() {
    let mut reader = PLAIN.read_from(&b"a,\xff\n"[..]);
    let row = reader.next_row().unwrap().unwrap();
    assert_eq!((row.field_str(0).unwrap(), row.field_str(2).unwrap()), (Some("a"), None));
    let error = row.field_str(1).unwrap_err();
    assert!(matches!(error.cause(), CsvErrorCause::Utf8(_)));
    assert_eq!((error.row(), error.byte_offset(), error.column()), (1, 0, Some(1)));
    assert_eq!((error.raw_text(), &*error.text()), (&b"a,\xff"[..], "a,\u{fffd}"));
    assert!(std::error::Error::source(&error).is_some());
    assert_eq!(format!("{row:?}"), r#"["a", "�"]"#);
}

#[test]
fn a_character_that_is_cut_off_is_not_shown_as_a_broken_one() {
    let input = "x,".to_owned() + &"é".repeat(100) + "\n1,2,3\n";
    let mut reader = PLAIN.max_row_len(100).read_from(input.as_bytes());
    let error = reader.next_row().unwrap_err();
    assert_eq!((error.raw_text().len(), error.text()), (64, "x,".to_owned() + &"é".repeat(31)));
    let mut reader = PLAIN.max_row_len(101).read_from(&input.as_bytes()[1..]);
    assert_eq!(reader.next_row().unwrap_err().text(), ",".to_owned() + &"é".repeat(31));
}

#[test]
fn an_input_that_fails_may_be_read_again() {
    let mut reader = PLAIN.read_from((&b"a,b\nc,"[..]).chain(Broken));
    assert_eq!(reader.next_row().unwrap().unwrap().as_bytes(), b"a,b");
    for _ in 0..3 {
        let error = reader.next_row().unwrap_err();
        assert_eq!((error.row(), error.line(), error.byte_offset()), (2, 2, 6));
        assert_eq!(error.column(), None);
        assert_eq!(error.to_string(), "after 6 bytes, before row 2: broken");
        assert!(matches!(error.into_cause(), CsvErrorCause::Io(_)));
    }
    let mut reader = CsvReader::new(Broken);
    assert!(reader.headers().is_err() && reader.headers().is_err() && reader.next_row().is_err());
}

#[test]
#[should_panic = "read more than there is room for"]
fn a_source_that_claims_too_much_is_not_believed() {
    let _ = CsvReader::new(Liar).next_row();
}

#[test]
fn nothing_is_read_before_it_is_asked_for_or_behind_the_end() {
    let mut reader = CsvReader::new(Cursor::new(b"a\n1\n"));
    assert_eq!((reader.bytes_read(), reader.get_ref().position()), (0, 0));
    assert!(reader.next_row().unwrap().is_some());
    assert_eq!(reader.bytes_read(), 4);
    assert!(reader.next_row().unwrap().is_none());
    reader.get_mut().get_mut();
    assert!(reader.next_row().unwrap().is_none());
    assert!(format!("{reader:?}").contains("headers: [\"a\"], next_row: 2, bytes_read: 4"));
    assert_eq!(reader.into_inner().position(), 4);
}

#[test]
fn a_row_is_there_as_soon_as_its_end_was_read() {
    let mut reader = PLAIN.read_from((&b"a,b\r"[..]).chain(Broken));
    assert_eq!(reader.next_row().unwrap().unwrap().as_bytes(), b"a,b");
}

#[test]
fn rows_are_mapped_to_what_can_be_kept() {
    let reader = CsvReader::new(&b"n\n1\n2\n3,4\n5\n"[..]);
    let numbers = reader.map(|row| row.field_str(0).unwrap().unwrap().parse::<u32>().unwrap());
    let numbers: Vec<_> = numbers.map(|number| number.map_err(|error| error.row())).collect();
    assert_eq!(numbers, [Ok(1), Ok(2), Err(3), Ok(5)]);
}

#[test]
fn a_byte_has_one_meaning() {
    for options in [
        PLAIN.delimiter(b'"'),
        PLAIN.delimiter(b'\n'),
        PLAIN.quote(Some(b'\r')),
        PLAIN.comment(Some(b',')),
    ] {
        assert!(std::panic::catch_unwind(|| options.read_from(&b""[..])).is_err());
    }
    assert_eq!(whole(PLAIN.delimiter(b'"').quote(None), "a\"b"), ["a|b"]);
}
