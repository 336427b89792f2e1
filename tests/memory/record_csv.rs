//! Records from CSV: the columns, and one buffer.

#[path = "../record_csv/flight.rs"]
pub(crate) mod flight;

use flight::Flight;
use pennyweight::profile::measure;
use pennyweight::record::csv::{ReadOptions, RecordReader};
use pennyweight::record::{Record, Records};
use pennyweight_baseline::stream::sample;
use std::fmt::Write;
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

/// A flight whose hour is a code, as `benches/comparisons/record` has it.
#[derive(Record)]
#[record(freeze)]
struct Coded {
    #[record(packed)]
    year: u16,
    month: u8,
    day: u8,
    dep_time: Option<u16>,
    sched_dep_time: u16,
    dep_delay: Option<i16>,
    arr_time: Option<u16>,
    sched_arr_time: u16,
    arr_delay: Option<i16>,
    #[record(dict)]
    carrier: Box<str>,
    flight: u16,
    #[record(dict)]
    tailnum: Option<Box<str>>,
    #[record(dict)]
    origin: Box<str>,
    #[record(dict)]
    dest: Box<str>,
    air_time: Option<u16>,
    distance: u16,
    hour: u8,
    minute: u8,
    #[record(dict)]
    time_hour: Box<str>,
}

#[test]
fn nineteen_columns_take_less_than_33_bytes_a_row() {
    let flights = reader::<Coded>().read_all().unwrap();
    assert_eq!((flights.len(), flights.heap_bytes()), (27_004, 865_264));
    assert!(flights.heap_bytes() <= 33 * flights.len());
    assert_eq!(flights.freeze().heap_bytes(), 472_951);
}

#[test]
fn nested_records_have_their_memory_at_once() {
    #[derive(Record)]
    struct Times {
        dep_time: Option<i16>,
        arr_time: Option<i16>,
    }
    #[derive(Record)]
    struct Flight {
        flight: u16,
        #[record(nested)]
        times: Times,
    }
    let rows = 20_000;
    let mut file = String::from("flight,times.dep_time,times.arr_time\n");
    (0..rows).for_each(|row| writeln!(file, "{},1517,1830", 1000 + row % 999).unwrap());
    let options = ReadOptions::new().input_len(file.len() as u64);
    let (flights, stats): (Records<Flight>, _) =
        measure(|| options.read_from(file.as_bytes()).read_all().unwrap());
    // The cells, and a bit for each of the two that may be null.
    assert_eq!((flights.len(), flights.heap_bytes()), (rows, rows * (2 + 2 * 2) + 2 * rows / 8));
    // Beside them, the buffer and a thirty-second of the rows.
    assert_eq!((flights.heap_bytes(), stats.peak), (125_000, 171_610));
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
