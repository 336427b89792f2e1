//! Bad rows, and how none of them takes a good one along.

use pennyweight::record::csv::{
    BadRowCause, Field, FieldError, FromField, OnBadRow, ReadError, ReadOptions, RecordReader,
};
use pennyweight::record::{Record, Records};
use pennyweight::stream::{CsvErrorCause, CsvOptions};
use std::cell::Cell;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

#[derive(Record, Clone, Debug, PartialEq)]
struct Visit {
    #[record(dict)]
    page: String,
    #[record(text)]
    remark: Option<String>,
    seconds: u8,
}

/// Five good rows, and between them each kind of bad one.
const FILE: &[u8] = b"page,other,remark,seconds
/,\xff,a,1
/two,x,b
/,x,,2
/four,x,c,300
/,x,d,3
/six,x,\xff,4
/seven,x,e,5,6
\0,,\0,4
/nine,,,x\0y
\"/\",\"two
lines\",\"a \"\"word\"\"\",5
/eleven,\"and no more,,1
/,,,1";

/// What is wrong with the bad ones.
const BAD: [(u64, u64, Option<&str>, &str, &str); 6] = [
    (2, 34, Some("seconds"), "/two,x,b", "3 fields instead of 4"),
    (4, 50, Some("seconds"), "300", "a number that the type cannot hold"),
    (6, 72, Some("remark"), "\u{fffd}", "invalid utf-8 sequence of 1 bytes from index 0"),
    (7, 83, None, "/seven,x,e,5,6", "5 fields instead of 4"),
    (9, 105, Some("seconds"), "x\0y", "not written as such a value is"),
    (11, 148, Some("other"), "/eleven,\"and no more,,1\n/,,,1", "a quote is not closed"),
];

fn good() -> Vec<Visit> {
    let visit = |page: &str, remark: Option<&str>, seconds| Visit {
        page: page.into(),
        remark: remark.map(Into::into),
        seconds,
    };
    vec![
        visit("/", Some("a"), 1),
        visit("/", None, 2),
        visit("/", Some("d"), 3),
        visit("\0", Some("\0"), 4),
        visit("/", Some("a \"word\""), 5),
        // The row that the open quote has swallowed.
        visit("/", None, 1),
    ]
}

fn values(records: &Records<Visit>) -> Vec<Visit> {
    records.iter().map(VisitRow::to_owned).collect()
}

fn is_said(bad: &pennyweight::record::csv::BadRow, index: usize) {
    let (row, byte, column, text, cause) = BAD[index];
    assert_eq!((bad.row(), bad.byte_offset(), bad.column()), (row, byte, column));
    assert_eq!((&*bad.text(), &*bad.cause().to_string()), (text, cause));
    assert!(FILE[byte as usize - 1] == b'\n');
    let lines_before = FILE[..byte as usize].iter().filter(|&&byte| byte == b'\n').count();
    assert_eq!(bad.line(), lines_before as u64 + 1);
}

#[test]
fn an_error_stops_and_reading_goes_on() {
    let mut reader: RecordReader<Visit, _> = RecordReader::new(FILE);
    let mut visits = Records::new();
    let mut errors = 0;
    while let Err(error) = reader.read_to_end(&mut visits) {
        let ReadError::Row(bad) = error else { panic!("{error}") };
        is_said(&bad, errors);
        errors += 1;
    }
    assert_eq!((errors, values(&visits)), (BAD.len(), good()));
    assert_eq!((reader.rows(), reader.bad_row_count()), (6, 6));
    assert!(reader.bad_rows().is_empty());
}

#[test]
fn a_batch_before_an_error_is_handed_out_first() {
    for rows in 1..8 {
        let mut reader: RecordReader<Visit, _> = RecordReader::new(FILE);
        let (mut batch, mut all, mut errors) = (Records::new(), Vec::new(), 0);
        loop {
            match reader.next_batch(&mut batch, rows) {
                Ok(true) => all.extend(values(&batch)),
                Ok(false) => break,
                Err(ReadError::Row(bad)) => {
                    assert!(batch.is_empty());
                    is_said(&bad, errors);
                    errors += 1;
                }
                Err(error) => panic!("{error}"),
            }
            assert!(batch.len() <= rows);
        }
        assert_eq!((errors, all), (BAD.len(), good()));
    }
}

#[test]
fn bad_rows_are_skipped_or_collected_up_to_a_limit() {
    for (on_bad_row, kept) in [
        (OnBadRow::Skip, 0),
        (OnBadRow::Collect(0), 0),
        (OnBadRow::Collect(2), 2),
        (OnBadRow::Collect(100), 6),
    ] {
        let mut reader = ReadOptions::new().on_bad_row(on_bad_row).read_from::<Visit, _>(FILE);
        let visits = reader.read_all().unwrap();
        assert_eq!(values(&visits), good());
        assert_eq!((reader.bad_row_count(), reader.bad_rows().len()), (6, kept));
        reader.bad_rows().iter().enumerate().for_each(|(index, bad)| is_said(bad, index));
        assert_eq!((reader.take_bad_rows().len(), reader.bad_rows().len()), (kept, 0));
    }
}

#[test]
fn causes_are_told_apart() {
    let mut reader =
        ReadOptions::new().on_bad_row(OnBadRow::Collect(9)).read_from::<Visit, _>(FILE);
    reader.read_all().unwrap();
    let causes: Vec<_> = reader.bad_rows().iter().map(|bad| bad.cause()).collect();
    use BadRowCause::{Csv, Field};
    assert!(matches!(causes[0], Csv(CsvErrorCause::TooFewFields { expected: 4, found: 3 })));
    assert!(matches!(causes[1], Field(FieldError::OutOfRange)));
    assert!(matches!(causes[2], Field(FieldError::Utf8(_))));
    assert!(matches!(causes[3], Csv(CsvErrorCause::TooManyFields { expected: 4, found: 5 })));
    assert!(matches!(causes[4], Field(FieldError::Invalid)));
    assert!(matches!(causes[5], Csv(CsvErrorCause::UnclosedQuote)));
    assert_eq!(reader.bad_rows()[2].raw_text(), b"\xff");
}

#[test]
fn a_file_that_is_cut_off_anywhere_is_read_up_to_there() {
    let good = good();
    for len in 26..FILE.len() {
        let mut reader =
            ReadOptions::new().on_bad_row(OnBadRow::Skip).read_from::<Visit, _>(&FILE[..len]);
        let mut visits = values(&reader.read_all().unwrap());
        // Of the last row, what is there may look like a whole one.
        let last = visits.pop();
        assert!(visits.len() <= good.len() && visits == good[..visits.len()], "{len}: {last:?}");
    }
}

#[test]
fn a_row_that_is_too_long_is_named() {
    let csv = CsvOptions::new().max_row_len(1000).buffer_len(64);
    let options = ReadOptions::new().csv(csv).on_bad_row(OnBadRow::Collect(1));
    let file = format!("page,remark,seconds\n/,a,1\n/long,{},2\n/,b,3\n", "x".repeat(50_000));
    let mut reader = options.read_from::<Visit, _>(file.as_bytes());
    assert_eq!(reader.read_all().unwrap().columns().seconds(), [1, 3]);
    let bad = &reader.bad_rows()[0];
    assert_eq!((bad.row(), bad.byte_offset(), bad.column()), (2, 26, Some("remark")));
    assert_eq!(bad.text().len(), 64);
    assert!(matches!(bad.cause(), BadRowCause::Csv(CsvErrorCause::TooLong { limit: 1000 })));
    assert!(reader.heap_bytes() < 20_000);
}

#[test]
fn a_line_of_50_mb_costs_its_row_and_no_more_than_the_limit_of_memory() {
    // Unquoted, quoted, and in a quote that is not closed.
    for (begin, end) in [("/long,", ",2\n"), ("/long,\"", "\",2\n"), ("/long,\"", "\n")] {
        for on_bad_row in [OnBadRow::Skip, OnBadRow::Collect(9)] {
            let first = format!("page,remark,seconds\n/,a,1\n{begin}");
            let last = format!("{end}/,b,3\n/,c,4\n");
            let line = io::repeat(b'x').take(50_000_000);
            let input = first.as_bytes().chain(line).chain(last.as_bytes());
            let mut reader = ReadOptions::new().on_bad_row(on_bad_row).read_from::<Visit, _>(input);
            assert_eq!(reader.read_all().unwrap().columns().seconds(), [1, 3, 4]);
            let input_len = first.len() + 50_000_000 + last.len();
            assert_eq!(reader.bytes_read(), input_len as u64);
            let limit = CsvOptions::MAX_ROW_LEN;
            assert!((limit..limit + 16_384).contains(&reader.heap_bytes()));

            assert_eq!(reader.bad_row_count(), 1);
            let bad = reader.take_bad_rows();
            assert_eq!(bad.is_empty(), matches!(on_bad_row, OnBadRow::Skip));
            for bad in bad {
                assert_eq!((bad.row(), bad.line(), bad.byte_offset()), (2, 3, 26));
                assert_eq!((bad.column(), bad.raw_text().len()), (Some("remark"), 64));
                let cause = bad.cause();
                assert!(
                    matches!(cause, BadRowCause::Csv(CsvErrorCause::TooLong { limit: l }) if *l == limit)
                );
            }
        }
    }
}

#[test]
fn a_parser_that_panics_costs_its_row() {
    thread_local! {
        static ALIVE: Cell<i32> = const { Cell::new(0) };
    }
    struct Counted(u8);
    impl FromField for Counted {
        fn from_field(field: Field<'_>) -> Result<Self, FieldError> {
            let value = u8::from_field(field)?;
            assert_ne!(value, 13, "unlucky");
            ALIVE.set(ALIVE.get() + 1);
            Ok(Self(value))
        }
    }
    impl Drop for Counted {
        fn drop(&mut self) {
            ALIVE.set(ALIVE.get() - 1);
        }
    }
    #[derive(Record)]
    struct Row {
        #[record(text)]
        text: String,
        first: Counted,
        #[record(dict)]
        word: String,
        second: Counted,
        number: u8,
    }
    let file = "text,first,word,second,number\na,1,x,2,3\nb,4,y,13,5\nc,6,x,7,8\nd,9,z,10,999\ne,11,x,12,0\n";
    let mut reader: RecordReader<Row, _> = RecordReader::new(file.as_bytes());
    let mut records = Records::new();
    let caught = catch_unwind(AssertUnwindSafe(|| reader.read_to_end(&mut records)));
    assert!(caught.is_err());
    assert_eq!((records.len(), ALIVE.get()), (1, 2));
    assert!(matches!(reader.read_to_end(&mut records), Err(ReadError::Row(bad)) if bad.row() == 4));
    assert_eq!((records.len(), ALIVE.get()), (2, 4));
    reader.read_to_end(&mut records).unwrap();
    let rows: Vec<_> = records
        .iter()
        .map(|row| (row.text(), row.first().0, row.word(), row.second().0, row.number()))
        .collect();
    assert_eq!(rows, [("a", 1, "x", 2, 3), ("c", 6, "x", 7, 8), ("e", 11, "x", 12, 0)]);
    drop(records);
    assert_eq!(ALIVE.get(), 0);
}

#[test]
fn an_input_that_fails_is_read_on() {
    struct Halting<'a>(&'a [u8], bool);
    impl Read for Halting<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.1 = !self.1;
            if self.1 {
                return Err(io::Error::other("again"));
            }
            let len = buffer.len().min(10).min(self.0.len());
            self.0.read(&mut buffer[..len])
        }
    }
    let options = ReadOptions::new().on_bad_row(OnBadRow::Skip);
    let mut reader = options.read_from::<Visit, _>(Halting(FILE, false));
    let (mut visits, mut failed) = (Records::new(), 0);
    let mut last = (0, 0);
    while let Err(error) = reader.read_to_end(&mut visits) {
        // Where it failed is named, in numbers that grow.
        let said = error.to_string();
        let ReadError::Io { row, bytes, error } = error else { panic!("{error}") };
        assert_eq!(said, format!("after {bytes} bytes, before row {row}: {error}"));
        assert!(row >= last.0 && bytes >= last.1 && bytes <= FILE.len() as u64);
        last = (row, bytes);
        failed += 1;
    }
    assert!(failed > FILE.len() / 10);
    assert_eq!(values(&visits), good());
}

#[test]
fn the_type_that_a_field_should_be_is_named() {
    #[derive(Clone, Copy, Debug, Default)]
    struct Pair<A, B>(A, B);
    impl FromField for Pair<u8, Option<i16>> {
        fn from_field(_: Field<'_>) -> Result<Self, FieldError> {
            Err(FieldError::Invalid)
        }
    }
    #[derive(Record)]
    struct Row {
        a: Option<i16>,
        #[record(packed)]
        b: Option<u32>,
        #[record(dict)]
        c: Option<Box<str>>,
        #[record(text)]
        d: String,
        e: Option<Pair<u8, Option<i16>>>,
        f: String,
    }
    let file = b"a,b,c,d,e,f\nNA,1,c,d,,f\n1,x,c,d,,f\n1,1,\xff,d,,f\n1,1,c,\xff,,f\n1,1,c,d,e,f\n1,1,c,d,,\xff\n1,1,c,d\n";
    let options = ReadOptions::new().on_bad_row(OnBadRow::Collect(9));
    let mut reader = options.read_from::<Row, _>(&file[..]);
    assert!(reader.read_all().unwrap().is_empty());
    let types: Vec<_> = reader.bad_rows().iter().map(|bad| bad.type_name()).collect();
    let names = [
        "Option<i16>",
        "Option<u32>",
        "Option<Box<str>>",
        "String",
        "Option<Pair<u8, Option<i16>>>",
        "String",
    ];
    assert!(types[..6].iter().map(|name| name.as_deref().unwrap()).eq(names));
    // No field of the last row is to blame, but how many there are.
    assert_eq!((types.len(), types[6].is_none()), (7, true));
    assert_eq!(
        reader.bad_rows()[0].to_string(),
        "row 1 in line 2, at byte 12, column `a` of `Option<i16>`: not written as such a value is: \"NA\""
    );
}

#[test]
fn a_refusal_within_a_nested_record_names_its_column_and_text() {
    #[derive(Record, Clone, Debug, PartialEq)]
    struct Point {
        #[record(text)]
        name: String,
        #[record(packed)]
        x: Option<i64>,
    }
    #[derive(Record, Clone, Debug, PartialEq)]
    struct Line {
        width: u8,
        #[record(nested)]
        from: Point,
        #[record(packed)]
        to: Option<i64>,
    }
    let (least, most) = (i64::MIN, i64::MAX);
    let file = format!(
        "to,width,from.x,from.name\n0,1,{least},a\n0,1,{most},b\n0,1,0,c\n0,1,,d\n{least},1,5,e\n{most},1,6,f\n,1,7,g\n"
    );
    let options = ReadOptions::new().on_bad_row(OnBadRow::Collect(9));
    let mut reader = options.read_from::<Line, _>(file.as_bytes());
    let lines = reader.read_all().unwrap();
    lines.check_invariants();
    let names: Vec<_> = lines.iter().map(|line| line.from().name().to_owned()).collect();
    assert_eq!(names, ["a", "b", "c", "e", "f"]);
    let bad: Vec<_> = reader.bad_rows().iter().map(|bad| (bad.row(), bad.column())).collect();
    assert_eq!(bad, [(4, Some("from.x")), (7, Some("to"))]);
    assert!(matches!(reader.bad_rows()[0].cause(), BadRowCause::Store(_)));
    assert_eq!(reader.bad_rows()[0].type_name().as_deref(), Some("Option<i64>"));
}

#[test]
fn batches_end_with_the_row_that_has_the_last_of_so_many_bytes() {
    let long = "x".repeat(50);
    let mut file = String::from("page,remark,seconds\n");
    let header = file.len();
    // Which rows are good, and where they end: CR ends one, and LF behind it is before the next.
    let mut rows_of_file = Vec::new();
    for row in 0..200 {
        let remark = &long[..row * 7 % 50];
        let line = match row % 11 {
            5 => format!("/,\"{remark}\"\"\n\",{row}\r\n"),
            // Too large, and so a bad row.
            7 => format!("/,{remark},300\n"),
            _ => format!("/,{remark},{row}\n"),
        };
        file += &line;
        rows_of_file.push((row % 11 != 7, file.len() - usize::from(line.ends_with("\r\n"))));
    }
    for (rows, bytes) in [(1000, 1), (1000, 200), (5, 200), (1000, 5000), (1000, 1 << 40)] {
        let options = ReadOptions::new().on_bad_row(OnBadRow::Skip);
        let batches = options.read_from::<Visit, _>(file.as_bytes()).batches(rows).of_bytes(bytes);
        let found: Vec<usize> = batches.map(|batch| batch.len()).map(Result::unwrap).collect();
        let (mut expected, mut len, mut start, mut taken) = (Vec::new(), 0, header, header);
        for &(is_good, end) in &rows_of_file {
            if len == rows || (len > 0 && (taken - start) as u64 >= bytes) {
                expected.push(len);
                (len, start) = (0, taken);
            }
            len += usize::from(is_good);
            taken = end;
        }
        expected.push(len);
        assert_eq!(found, expected, "{rows} rows, {bytes} bytes");
    }
}

#[test]
fn batches_are_lent_and_mapped() {
    let options = ReadOptions::new().on_bad_row(OnBadRow::Collect(9));
    let mut batches = options.clone().read_from::<Visit, _>(FILE).batches(2);
    let mut visits = Vec::new();
    while let Some(batch) = batches.next_batch().unwrap() {
        assert!((1..=2).contains(&batch.len()));
        visits.extend(values(batch));
    }
    assert_eq!(visits, good());
    assert_eq!(batches.reader().bad_row_count(), 6);
    assert_eq!(batches.into_reader().take_bad_rows().len(), 6);

    // Each error in its place, and all rows around it.
    let all =
        ReadOptions::new().read_from::<Visit, _>(FILE).batches(100).map(|batch| values(batch));
    let (read, failed): (Vec<_>, Vec<_>) = all.partition(Result::is_ok);
    let read: Vec<_> = read.into_iter().flat_map(Result::unwrap).collect();
    assert_eq!((read, failed.len()), (good(), 6));
}
