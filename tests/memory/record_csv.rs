//! Records from CSV: the columns, and one buffer.

#[path = "../record_csv/flight.rs"]
pub(crate) mod flight;

use flight::Flight;
use hashbrown::{DefaultHashBuilder, HashMap};
use pennyweight::profile::measure;
use pennyweight::record::csv::{ReadOptions, RecordReader};
use pennyweight::record::group::mean;
use pennyweight::record::{GroupBy, Record, Records};
use pennyweight::stream::CsvReader;
use pennyweight_baseline::record::delays_by_carrier_of;
use pennyweight_baseline::stream::sample;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs::File;
use std::io::BufReader;

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
    assert_eq!((flights.heap_bytes(), heap, stats.peak), (901_526, 43_393, 985_685));
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
    assert_eq!((flights.len(), flights.heap_bytes()), (27_004, 865_146));
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

/// Draws what all hashes of a process begin with, by an allocation that is of none of the tests.
fn seed_hashes() {
    let _ = DefaultHashBuilder::default();
}

/// The mean of the known delays of each carrier, as whoever keeps nothing but a line at a time finds it.
fn naive_means() -> BTreeMap<String, f64> {
    let file = BufReader::new(File::open(sample("flights-2013-01.csv")).unwrap());
    let groups = delays_by_carrier_of(file).unwrap();
    assert_eq!(groups.values().map(|&(_, count)| count).sum::<u64>(), 26_483);
    means(groups)
}

fn means(groups: impl IntoIterator<Item = (String, (i64, u64))>) -> BTreeMap<String, f64> {
    let mean = |(carrier, (sum, count))| (carrier, sum as f64 / count as f64);
    groups.into_iter().map(mean).collect()
}

#[test]
fn batches_take_their_own_memory_however_long_the_file_is() {
    #[derive(Record)]
    struct Departure {
        #[record(dict)]
        carrier: String,
        dep_delay: Option<i16>,
    }
    seed_hashes();
    let (groups, stats) = measure(|| {
        let (mut reader, mut groups) = (reader::<Departure>(), GroupBy::new());
        let mut batch = Records::new();
        while reader.next_batch(&mut batch, 1_024).unwrap() {
            groups.add(batch.columns().carrier(), mean(batch.columns().dep_delay()));
        }
        groups.finish()
    });
    let means: BTreeMap<_, _> =
        groups.iter().map(|(carrier, mean)| (carrier.clone(), mean.unwrap())).collect();
    assert_eq!((means.len(), means), (16, naive_means()));
    assert_eq!((stats.peak, stats.allocations), (49_531, 127));
    assert!(stats.peak <= 128 << 10);
}

#[test]
fn groups_of_rows_take_one_buffer_beside_the_groups() {
    seed_hashes();
    let (groups, stats) = measure(|| {
        let file = File::open(sample("flights-2013-01.csv")).unwrap();
        let (mut reader, mut groups) = (CsvReader::new(file), HashMap::new());
        let [carrier, delay] =
            ["carrier", "dep_delay"].map(|name| reader.position(name).unwrap().unwrap());
        while let Some(row) = reader.next_row().unwrap() {
            let (Some(carrier), Some(delay)) = (row.get(carrier), row.field_str(delay).unwrap())
            else {
                panic!("{row:?}")
            };
            if delay != "NA" {
                let (sum, count): &mut (i64, u64) = groups.entry_ref(carrier).or_default();
                *sum += delay.parse::<i64>().unwrap();
                *count += 1;
            }
        }
        groups
    });
    let text = |carrier: Vec<u8>| String::from_utf8(carrier).unwrap();
    let groups = groups.into_iter().map(|(carrier, group)| (text(carrier), group));
    assert_eq!(means(groups), naive_means());
    assert_eq!((stats.peak, stats.allocations), (45_253, 27));
    assert!(stats.peak <= 128 << 10);
}
