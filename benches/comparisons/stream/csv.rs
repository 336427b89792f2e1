//! Rows of CSV: two fields of each, and all of them.

use std::{fs, io::Read, path::PathBuf, rc::Rc};

use pennyweight::stream::CsvReader;
use pennyweight_baseline::stream::sums_by;
use pennyweight_comparison::{Answer, Comparison, Suite};

use super::{flights, name, open};
use crate::comparisons::data;

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("stream", "csv-two-fields", |_| two_fields(flights()));
    suite.add("stream", "csv-quoted", |_| quoted(flights()));
}

const KEY: &str = "carrier";
const SUMMED: &str = "dep_delay";

/// A sum for each code of two letters or digits, in a table of 32 KiB that all variants have.
struct Sums(Box<[i64]>);

impl Sums {
    fn new() -> Self {
        Self(vec![0; 1 << 12].into())
    }

    #[inline]
    fn add(&mut self, key: &[u8], number: &[u8]) {
        if let (&[first, second], Some(value)) = (key, integer(number)) {
            self.0[usize::from(first & 63) << 6 | usize::from(second & 63)] += value;
        }
    }

    fn answer(&mut self) -> Answer {
        Answer::of_sequence(self.0.iter().copied())
    }
}

/// Parses digits with a sign or without.
#[inline]
fn integer(text: &[u8]) -> Option<i64> {
    let (digits, sign) = match text {
        [b'-', digits @ ..] => (digits, -1),
        digits => (digits, 1),
    };
    let mut value = 0;
    for digit in digits {
        value = value * 10 + i64::from(Some(digit.wrapping_sub(b'0')).filter(|&digit| digit < 10)?);
    }
    (!digits.is_empty()).then_some(sign * value)
}

fn two_fields(path: PathBuf) -> Comparison {
    let [all, ours, records, peer, simd, zero] = core::array::from_fn(|_| path.clone());
    Comparison::of(name(&path), data::flights().len())
        .about(
            "The sum of `dep_delay` for each carrier, of a file that is read once. `naive` splits `BufRead::lines` at commas and knows no quotes; \
             the others do, but for nothing, since the file has none. `csv, records` makes a `StringRecord` of each row, `csv` reads into one \
             `ByteRecord`, as does `simd-csv`. The bytes are those of the reader and 32 KiB for the sums, and beside them those at the peak.",
        )
        .times_build()
        .naive(
            move || {
                let mut sums = Sums::new();
                for (carrier, sum) in sums_by(&all, KEY, SUMMED).expect("a file of flights") {
                    sums.add(carrier.as_bytes(), sum.to_string().as_bytes());
                }
                sums
            },
            Sums::answer,
        )
        .pennyweight(
            move || {
                let mut reader = CsvReader::new(open(&ours));
                let sums = sum_rows(&mut reader);
                (reader, sums)
            },
            |state| state.1.answer(),
        )
        .variant(
            "csv, records",
            move || {
                let mut reader = csv::Reader::from_reader(open(&records));
                let [key, summed] = positions(reader.byte_headers().expect("a header").iter());
                let mut sums = Sums::new();
                for row in reader.records() {
                    let row = row.expect("a row");
                    sums.add(row[key].as_bytes(), row[summed].as_bytes());
                }
                (reader, sums)
            },
            |state| state.1.answer(),
        )
        .peer("csv", "csv", move || sum_csv(open(&peer)), |state| state.1.answer())
        .peer("simd-csv", "simd-csv", move || sum_simd(open(&simd)), |state| state.1.answer())
        .peer(
            "simd-csv",
            "simd-csv, zero copy",
            move || {
                let mut reader = simd_csv::ZeroCopyReader::from_reader(open(&zero));
                let [key, summed] = positions(reader.byte_headers().expect("a header").iter());
                let mut sums = Sums::new();
                while let Some(row) = reader.read_byte_record().expect("a row") {
                    sums.add(&row[key], &row[summed]);
                }
                (reader, sums)
            },
            |state| state.1.answer(),
        )
}

fn quoted(path: PathBuf) -> Comparison {
    let text = fs::read_to_string(&path).expect("a file of flights");
    let quoted =
        |line: &str| format!("\"{}\"\n", line.split(',').collect::<Vec<_>>().join("\",\""));
    let text: Rc<[u8]> = text.lines().map(quoted).collect::<String>().into_bytes().into();
    let rows = text.iter().filter(|&&byte| byte == b'\n').count() - 1;
    let [all, ours, peer, simd] = core::array::from_fn(|_| Rc::clone(&text));
    Comparison::of(format!("{}, every field in quotes", name(&path)), rows)
        .about(
            "The same sums, of a text in memory with quotes around each field. `naive` collects the `StringRecord`s of the crate csv. simd-csv's \
             reader without copies leaves the quotes where they are, and so is not among them.",
        )
        .times_build()
        .naive(
            move || {
                let mut reader = csv::Reader::from_reader(&all[..]);
                let [key, summed] = positions(reader.byte_headers().expect("a header").iter());
                let rows: Vec<_> = reader.records().map(|row| row.expect("a row")).collect();
                let mut sums = Sums::new();
                rows.iter().for_each(|row| sums.add(row[key].as_bytes(), row[summed].as_bytes()));
                (rows, sums)
            },
            |state| state.1.answer(),
        )
        .pennyweight(move || sum_rows(&mut CsvReader::new(&ours[..])), Sums::answer)
        .peer("csv", "csv", move || sum_csv(&peer[..]).1, Sums::answer)
        .peer("simd-csv", "simd-csv", move || sum_simd(&simd[..]).1, Sums::answer)
}

fn sum_rows<R: Read>(reader: &mut CsvReader<R>) -> Sums {
    let [key, summed] =
        [KEY, SUMMED].map(|name| reader.position(name).expect("a header").expect("a column"));
    let mut sums = Sums::new();
    while let Some(row) = reader.next_row().expect("a row") {
        if let (Some(key), Some(summed)) = (row.get(key), row.get(summed)) {
            sums.add(key, summed);
        }
    }
    sums
}

fn sum_csv<R: Read>(reader: R) -> (csv::Reader<R>, Sums) {
    let mut reader = csv::Reader::from_reader(reader);
    let [key, summed] = positions(reader.byte_headers().expect("a header").iter());
    let (mut sums, mut row) = (Sums::new(), csv::ByteRecord::new());
    while reader.read_byte_record(&mut row).expect("a row") {
        sums.add(&row[key], &row[summed]);
    }
    (reader, sums)
}

fn sum_simd<R: Read>(reader: R) -> (simd_csv::Reader<R>, Sums) {
    let mut reader = simd_csv::Reader::from_reader(reader);
    let [key, summed] = positions(reader.byte_headers().expect("a header").iter());
    let (mut sums, mut row) = (Sums::new(), simd_csv::ByteRecord::new());
    while reader.read_byte_record(&mut row).expect("a row") {
        sums.add(&row[key], &row[summed]);
    }
    (reader, sums)
}

/// Where the two columns are.
fn positions<'a>(names: impl Iterator<Item = &'a [u8]>) -> [usize; 2] {
    let names: Vec<_> = names.collect();
    [KEY, SUMMED].map(|name| {
        names.iter().position(|&found| found == name.as_bytes()).expect("a column of flights")
    })
}
