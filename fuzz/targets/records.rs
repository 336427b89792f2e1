//! Whatever the bytes: the records are the rows that the crate csv divides and `str::parse` reads, and the bad rows are the others.
#![no_main]

use std::str::{self, FromStr};

use libfuzzer_sys::fuzz_target;
use pennyweight::record::Record;
use pennyweight::record::csv::{BadRowCause, OnBadRow, ReadOptions};
use pennyweight::stream::CsvOptions;

/// A column of each kind.
#[derive(Record, Clone, Debug, PartialEq)]
struct Row {
    id: i32,
    delay: Option<i64>,
    #[record(packed)]
    gate: Option<i8>,
    #[record(dict)]
    word: String,
    #[record(nested)]
    at: Place,
}

#[derive(Record, Clone, Debug, PartialEq)]
struct Place {
    height: Option<f64>,
    #[record(text)]
    name: Option<String>,
}

/// A field as text; `None` where there is none.
fn text(fields: &csv::ByteRecord, index: usize) -> Result<Option<&str>, ()> {
    fields.get(index).map(str::from_utf8).transpose().map_err(|_| ())
}

/// A number that may be null.
fn number<T: FromStr>(fields: &csv::ByteRecord, index: usize) -> Result<Option<T>, ()> {
    let text = text(fields, index)?.filter(|text| !text.is_empty());
    text.map(str::parse).transpose().map_err(|_| ())
}

/// What a row is, or the first column that is wrong.
fn parse(fields: &csv::ByteRecord) -> Result<Row, &'static str> {
    Ok(Row {
        id: number(fields, 0).ok().flatten().ok_or("id")?,
        delay: number(fields, 1).or(Err("delay"))?,
        gate: number(fields, 2).or(Err("gate"))?,
        word: text(fields, 3).ok().flatten().ok_or("word")?.into(),
        at: Place {
            height: number(fields, 4).or(Err("at.height"))?,
            name: text(fields, 5).or(Err("at.name"))?.filter(|text| !text.is_empty()).map(Into::into),
        },
    })
}

fuzz_target!(|input: (u16, u8, &[u8])| {
    let (buffer_len, batch, bytes) = input;
    let csv = CsvOptions::new().has_headers(false).flexible(true).buffer_len(buffer_len.into());
    let options = ReadOptions::new().csv(csv).on_bad_row(OnBadRow::Collect(usize::MAX));
    let mut batches = options.read_from::<Row, _>(bytes).batches(usize::from(batch) + 1);
    let mut rows = Vec::new();
    while let Some(batch) = batches.next_batch().expect("bytes that are all there") {
        batch.check_invariants();
        rows.extend(batch.iter().map(|row| row.to_owned()));
    }
    let reader = batches.into_reader();
    assert_eq!((reader.rows(), reader.bad_row_count()), (rows.len() as u64, reader.bad_rows().len() as u64));

    let mut peer = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let (mut rows, mut bad_rows) = (rows.into_iter(), reader.bad_rows().iter().peekable());
    for (fields, number) in peer.byte_records().zip(1..) {
        let bad = bad_rows.next_if(|bad| bad.row() == number);
        // What that crate reads behind a quote that is not closed, it reads otherwise.
        if bad.is_some_and(|bad| matches!(bad.cause(), BadRowCause::Csv(_))) {
            return;
        }
        match parse(&fields.expect("bytes that are all there")) {
            // Not by equality, which floats that are no numbers have not.
            Ok(row) => assert_eq!(format!("{:?}", rows.next()), format!("{:?}", Some(row))),
            Err(column) => assert_eq!(bad.and_then(|bad| bad.column()), Some(column)),
        }
    }
    assert_eq!((rows.next(), bad_rows.next().map(|bad| bad.row())), (None, None));
});
