//! The flights, against the naive twin that reads them.

use crate::flight::Flight;
use pennyweight::record::csv::{ReadOptions, RecordReader};
use pennyweight::record::{Record, Records, try_join};
use pennyweight_baseline::flights::Flights;
use pennyweight_baseline::stream::sample;
use std::fs::File;

fn reader() -> RecordReader<Flight, File> {
    ReadOptions::new().nulls(["NA"]).open(sample("flights-2013-01.csv")).unwrap()
}

#[test]
fn all_columns_are_those_of_the_naive_twin() {
    let expected = Flights::read(&sample("flights-2013-01.csv")).unwrap();
    let mut reader = reader();
    let flights = reader.read_all().unwrap();
    assert_eq!(flights.len(), expected.len());
    assert_eq!((reader.rows(), reader.bad_row_count()), (27_004, 0));
    assert_eq!(reader.input_len(), Some(reader.bytes_read()));
    let integer = |name, value: &dyn Fn(&FlightRow) -> Option<i64>| {
        assert!(flights.iter().map(value).eq(expected.integers(name).iter().copied()), "{name}");
    };
    integer("year", &|flight| Some(flight.year().into()));
    integer("month", &|flight| Some(flight.month().into()));
    integer("day", &|flight| Some(flight.day().into()));
    integer("dep_time", &|flight| flight.dep_time().map(i64::from));
    integer("sched_dep_time", &|flight| Some(flight.sched_dep_time().into()));
    integer("dep_delay", &|flight| flight.dep_delay().map(i64::from));
    integer("arr_time", &|flight| flight.arr_time().map(i64::from));
    integer("sched_arr_time", &|flight| Some(flight.sched_arr_time().into()));
    integer("arr_delay", &|flight| flight.arr_delay().map(i64::from));
    integer("flight", &|flight| Some(flight.flight().into()));
    integer("air_time", &|flight| flight.air_time().map(i64::from));
    integer("distance", &|flight| Some(flight.distance().into()));
    integer("hour", &|flight| Some(flight.hour().into()));
    integer("minute", &|flight| Some(flight.minute().into()));
    integer("time_hour", &|flight| Some(flight.time_hour().0.into()));
    let text = |name, value: &dyn for<'a> Fn(&'a FlightRow) -> Option<&'a str>| {
        assert!(flights.iter().map(value).eq(expected.texts(name).iter().map(Option::as_deref)));
    };
    text("carrier", &|flight| Some(flight.carrier()));
    text("tailnum", &|flight| flight.tailnum());
    text("origin", &|flight| Some(flight.origin()));
    text("dest", &|flight| Some(flight.dest()));
}

type FlightRow = <Flight as Record>::Row;

#[test]
fn flights_find_the_names_of_their_airlines() {
    #[derive(Record)]
    struct Airline {
        #[record(dict)]
        carrier: String,
        #[record(text)]
        name: String,
    }
    let flights = reader().read_all().unwrap();
    let mut airlines = ReadOptions::new().open::<Airline>(sample("airlines.csv")).unwrap();
    let airlines = airlines.read_all().unwrap();
    let joined = try_join(flights.columns().carrier(), airlines.columns().carrier()).unwrap();
    assert_eq!(joined.len(), flights.len());
    for (flight, airline) in flights.iter().zip(joined.iter()) {
        assert_eq!(airlines[airline.unwrap()].carrier(), flight.carrier());
    }
    let of_united =
        joined.iter().flatten().filter(|&row| airlines[row].name().starts_with("United"));
    let carriers = flights.columns().carrier();
    assert_eq!(of_united.count(), carriers.count(carriers.code("UA").unwrap()));
}

#[test]
fn batches_are_the_whole_in_pieces_and_codes_stay() {
    let whole = reader().read_all().unwrap();
    for rows in [1, 7, 1000, 30_000] {
        let (mut reader, mut batch) = (reader(), Records::new());
        let mut start = 0;
        while reader.next_batch(&mut batch, rows).unwrap() {
            assert!(batch.iter().eq(whole.iter().skip(start).take(rows)));
            let codes = |records: &Records<Flight>, row| {
                let columns = records.columns();
                columns.dest().code(columns.dest().value(row))
            };
            assert_eq!(codes(&batch, 0), codes(&whole, start));
            start += batch.len();
            if rows == 1 && start == 2000 {
                break;
            }
        }
        assert_eq!(start, if rows == 1 { 2000 } else { whole.len() });
    }
}

#[test]
fn a_struct_of_two_columns_reads_two() {
    #[derive(Record)]
    struct Delay {
        #[record(dict)]
        carrier: Box<str>,
        dep_delay: Option<i16>,
    }
    let whole = reader().read_all().unwrap();
    let options = ReadOptions::new().nulls(["NA"]);
    let delays = options.open::<Delay>(sample("flights-2013-01.csv")).unwrap().read_all().unwrap();
    assert!(delays.iter().map(|row| row.carrier()).eq(whole.iter().map(|row| row.carrier())));
    assert!(delays.iter().map(|row| row.dep_delay()).eq(whole.iter().map(|row| row.dep_delay())));
}

#[test]
fn what_is_appended_to_stands_behind_what_was_there() {
    let mut flights = reader().read_all().unwrap();
    let len = flights.len();
    reader().read_to_end(&mut flights).unwrap();
    assert_eq!(flights.len(), 2 * len);
    assert_eq!(flights[0], flights[len]);
    assert_eq!(flights[len - 1], flights[2 * len - 1]);
}
