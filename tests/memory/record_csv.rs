//! Records from CSV: the columns, and one buffer.

#[path = "../record_csv/flight.rs"]
pub(crate) mod flight;

use flight::Flight;
use pennyweight::profile::measure;
use pennyweight::record::csv::{ReadOptions, RecordReader};
use pennyweight::record::{Record, Records};
use pennyweight_baseline::stream::sample;
use std::fs::File;

fn reader<R: Record<Fields: pennyweight::record::csv::Parse>>() -> RecordReader<R, File> {
    ReadOptions::new().nulls(["NA"]).open(sample("flights-2013-01.csv")).unwrap()
}

#[test]
fn a_file_becomes_records_beside_one_buffer() {
    let ((flights, heap), stats) = measure(|| {
        let mut reader = reader::<Flight>();
        let flights = reader.read_all().unwrap();
        (flights, reader.heap_bytes())
    });
    assert_eq!((flights.len(), flights.heap_bytes() as i64), (27_004, stats.current));
    assert_eq!((flights.heap_bytes(), heap, stats.peak), (901_626, 43_393, 988_621));
    assert!(stats.peak <= flights.heap_bytes() as i64 * 3 / 2 + heap as i64);
}

#[test]
fn batches_take_their_own_memory_however_long_the_file_is() {
    #[derive(Record)]
    struct Delay {
        #[record(dict)]
        carrier: String,
        dep_delay: Option<i16>,
    }
    let (sums, stats) = measure(|| {
        let (mut reader, mut batch) = (reader::<Delay>(), Records::new());
        let mut sums = [(0_i64, 0_i64); 32];
        while reader.next_batch(&mut batch, 1024).unwrap() {
            let columns = batch.columns();
            for (row, delay) in batch.iter().zip(columns.dep_delay().iter()) {
                let code = columns.carrier().code(row.carrier()).unwrap() as usize;
                if let Some(&delay) = delay {
                    sums[code] = (sums[code].0 + i64::from(delay), sums[code].1 + 1);
                }
            }
        }
        sums
    });
    assert_eq!(sums.iter().map(|(_, count)| count).sum::<i64>(), 26_483);
    assert_eq!((stats.peak, stats.allocations), (47_407, 23));
    assert!(stats.peak <= 128 << 10);
}
