//! A CSV file read in batches of typed columns, summed up, and forgotten: `pd.read_csv(chunksize=...)`.
//!
//! A file of half a million rows takes pandas 12.1 MB as a whole, 37.2 MB at the peak, and 2.2 MB in chunks of 20,000 rows. Chunks are a
//! bound only where what is kept of them is one too: sums by group are, a list of chunks is not. Here a batch is one set of columns, which is
//! used again, and of a file of nineteen columns those two that are asked for. Run it by `cargo run --features csv --example csv_in_chunks`.
#![forbid(unsafe_code)]

use std::collections::HashMap;
use std::error::Error;
use std::fs::File;
use std::io::BufReader;

use pennyweight::profile::{Allocator, Stats, measure};
use pennyweight::record::csv::{OnBadRow, ReadOptions};
use pennyweight::record::group::{Mean, mean};
use pennyweight::record::{GroupBy, Grouped, Record, Records};
use pennyweight_baseline::{flights, record};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

const ROWS: usize = 1_000;

/// The columns that are asked for, found by their names.
#[derive(Record)]
struct Departure {
    #[record(dict)]
    carrier: String,
    dep_delay: Option<i16>,
}

/// The whole file as structs, and then the sums.
fn before() -> Result<HashMap<String, (i64, u64)>, Box<dyn Error>> {
    let flights = record::read(BufReader::new(File::open(flights::path())?))?;
    Ok(record::delays_by_carrier(&flights))
}

/// A thousand rows at a time. What stays is a sum and a number for each carrier.
fn after() -> Result<Grouped<String, Option<f64>>, Box<dyn Error>> {
    let options = ReadOptions::new().nulls(["NA"]);
    let mut reader = options.open::<Departure>(flights::path())?;
    let (mut batch, mut groups) = (Records::new(), GroupBy::<String, Mean>::new());
    while reader.next_batch(&mut batch, ROWS)? {
        groups.add(batch.columns().carrier(), mean(batch.columns().dep_delay()));
    }
    Ok(groups.finish())
}

fn main() -> Result<(), Box<dyn Error>> {
    let (expected, whole) = measure(before);
    let (means, batches) = measure(after);
    let (expected, means) = (expected?, means?);

    assert_eq!(means.len(), expected.len());
    for (carrier, mean) in means.iter() {
        let (sum, count) = expected[carrier];
        assert_eq!(*mean, Some(sum as f64 / count as f64));
        println!("{carrier}{:>8.2} minutes", sum as f64 / count as f64);
    }
    print("Vec<Flight> of the whole file", whole);
    print("batches of Records", batches);
    assert!(whole.peak > 50 * batches.peak);
    assert!(batches.peak < 128 << 10);

    // A bad row loses no good one: it is kept with its place, up to a limit, and reading goes on.
    let file = "carrier,dep_delay\nUA,2\nAA,soon\n\"B6\",NA\n";
    let options = ReadOptions::new().nulls(["NA"]).on_bad_row(OnBadRow::Collect(10));
    let mut reader = options.read_from::<Departure, _>(file.as_bytes());
    let departures = reader.read_all()?;
    assert_eq!((departures.len(), departures[1].carrier()), (2, "B6"));
    println!("left out: {}", reader.bad_rows()[0]);
    assert_eq!((reader.bad_rows()[0].row(), reader.bad_rows()[0].column()), (2, Some("dep_delay")));
    Ok(())
}

fn print(name: &str, stats: Stats) {
    println!("{name:>30}: {:>9} bytes at the peak", stats.peak);
}
