//! Groups of the rows of a file that is not kept.

use std::{collections, fs::File, io::BufReader, str};

use csv::{ByteRecord, ReaderBuilder};
use hashbrown::HashMap;
use pennyweight::{
    record::{GroupBy, Grouped, Record, Records, csv::ReadOptions, group::mean},
    stream::{CsvReader, Row},
};
use pennyweight_baseline::{flights::path, record};
use pennyweight_comparison::{Comparison, Suite};

use super::{records::means_of, table::Means};
use crate::comparisons::data::{flights, named};

/// The places of dep_delay and of carrier in a row.
const DELAY: usize = 5;
const CARRIER: usize = 9;

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("record", "stream-group", |_| grouping());
}

fn grouping() -> Comparison {
    Comparison::of(named("carrier and dep_delay"), flights().len())
        .times_build()
        .about(
            "The mean of the known delays of each carrier, of the file as it is read: the peak is what reading and grouping \
             take. Naive reads all fields of a line at a time into a struct; all others look at two, of rows with quotes if \
             there are any. `pennyweight, records` makes batches of 1,024 records and groups these, the others look a carrier up \
             for each row, and all in the same way. The zero-copy reader of simd-csv leaves it to the user to take quotes away.",
        )
        .naive(by_lines, means_of_naive)
        .pennyweight(by_rows, Groups::means)
        .variant("pennyweight, records", by_batches, |groups| means_of(groups))
        .peer("csv", "csv, ByteRecord", by_byte_record, Groups::means)
        .peer("csv", "csv, records()", by_records, Groups::means)
        .peer("simd-csv", "simd-csv", by_simd_csv, Groups::means)
        .peer("simd-csv", "simd-csv, zero-copy", by_zero_copy, Groups::means)
}

type NaiveGroups = collections::HashMap<String, (i64, u64)>;

fn by_lines() -> NaiveGroups {
    let file = BufReader::new(File::open(path()).expect("a file"));
    record::delays_by_carrier_of(file).expect("flights")
}

fn means_of_naive(groups: &mut NaiveGroups) -> Means {
    let mut means = Means::default();
    for (carrier, &(sum, count)) in &*groups {
        means.add(carrier.as_bytes(), sum, count);
    }
    means
}

fn by_rows() -> Groups {
    let mut reader = CsvReader::new(File::open(path()).expect("a file"));
    let mut groups = Groups::default();
    while let Some(row) = reader.next_row().expect("a row") {
        groups.add_row(row);
    }
    groups
}

/// The two columns that are asked for.
#[derive(Record)]
struct Departure {
    #[record(dict)]
    carrier: String,
    dep_delay: Option<i16>,
}

fn by_batches() -> Grouped<String, Option<f64>> {
    let mut reader = ReadOptions::new().nulls(["NA"]).open(path()).expect("a file");
    let (mut batch, mut groups) = (Records::<Departure>::new(), GroupBy::new());
    while reader.next_batch(&mut batch, 1_024).expect("rows") {
        groups.add(batch.columns().carrier(), mean(batch.columns().dep_delay()));
    }
    groups.finish()
}

fn by_byte_record() -> Groups {
    let mut reader = ReaderBuilder::new().from_path(path()).expect("a file");
    let mut groups = Groups::default();
    let mut row = ByteRecord::new();
    while reader.read_byte_record(&mut row).expect("a row") {
        groups.add(&row[CARRIER], &row[DELAY]);
    }
    groups
}

fn by_records() -> Groups {
    let mut reader = ReaderBuilder::new().from_path(path()).expect("a file");
    let mut groups = Groups::default();
    for row in reader.records() {
        let row = row.expect("a row");
        groups.add(row[CARRIER].as_bytes(), row[DELAY].as_bytes());
    }
    groups
}

fn by_simd_csv() -> Groups {
    let mut reader = simd_csv::Reader::from_reader(File::open(path()).expect("a file"));
    let mut groups = Groups::default();
    let mut row = simd_csv::ByteRecord::new();
    while reader.read_byte_record(&mut row).expect("a row") {
        groups.add(&row[CARRIER], &row[DELAY]);
    }
    groups
}

fn by_zero_copy() -> Groups {
    let mut reader = simd_csv::ZeroCopyReader::from_reader(File::open(path()).expect("a file"));
    let mut groups = Groups::default();
    while let Some(row) = reader.read_byte_record().expect("a row") {
        let field = |at| row.unquote(at).expect("a field");
        groups.add(field(CARRIER), field(DELAY));
    }
    groups
}

/// A sum and a number for each name.
#[derive(Default)]
pub(super) struct Groups(HashMap<Vec<u8>, (i64, u64)>);

impl Groups {
    #[inline]
    pub(super) fn add(&mut self, name: &[u8], value: &[u8]) {
        if value == b"NA" {
            return;
        }
        let value: i64 =
            str::from_utf8(value).ok().and_then(|text| text.parse().ok()).expect("a number");
        let (sum, count) = self.0.entry_ref(name).or_default();
        *sum += value;
        *count += 1;
    }

    #[inline]
    fn add_row(&mut self, row: Row<'_>) {
        let field = |at| row.get(at).expect("a field");
        self.add(field(CARRIER), field(DELAY));
    }

    fn means(&mut self) -> Means {
        let mut means = Means::default();
        for (name, (sum, count)) in &self.0 {
            means.add(name, *sum, *count);
        }
        means
    }
}
