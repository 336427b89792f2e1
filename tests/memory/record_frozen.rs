//! Frozen records: a month of flights in the bytes that its columns need.

use super::record_csv::flight::{Flight, Seconds};
use pennyweight::profile::measure;
use pennyweight::record::csv::ReadOptions;
use pennyweight::record::{FreezeAs, Frozen, Record, Records};
use pennyweight_baseline::image::aligned;
use pennyweight_baseline::stream::sample;
use std::collections::HashMap;
use std::sync::OnceLock;

impl FreezeAs for Seconds {
    type Int = u32;
    const NAME: &'static str = "seconds";

    fn freeze(self) -> u32 {
        self.0
    }

    fn thaw(int: u32) -> Option<Self> {
        Some(Self(int))
    }
}

fn flights() -> Records<Flight> {
    let options = ReadOptions::new().nulls(["NA"]);
    options.open(sample("flights-2013-01.csv")).unwrap().read_all().unwrap()
}

#[test]
fn nineteen_columns_take_less_than_eighteen_bytes_a_row() {
    let flights = flights();
    let (frozen, stats) = measure(|| flights.freeze());
    assert_eq!((frozen.len(), frozen.heap_bytes()), (27_004, 461_587));
    assert_eq!(stats.current, 461_587);
    assert!(frozen.heap_bytes() <= 18 * frozen.len());
    assert_eq!(frozen.explain().bytes(), frozen.heap_bytes());

    let image = aligned(&frozen.to_bytes());
    let image: &[u8] = bytemuck::cast_slice(&image);
    assert_eq!(image.len(), 463_064);
    let (open, stats) = measure(|| Frozen::<Flight, &[u64]>::open(image).unwrap());
    // The schema of the struct, to compare it with that of the image.
    assert_eq!((open.heap_bytes(), stats.current), (0, 0));
}

#[test]
fn what_is_thawed_takes_the_bytes_of_its_rows() {
    let frozen = flights().freeze();
    let (thawed, stats) = measure(|| frozen.thaw_rows(1000..2000));
    assert_eq!((thawed.len(), thawed.heap_bytes() as i64), (1000, stats.current));
    let (thawed, stats) = measure(|| frozen.thaw());
    assert_eq!((thawed.len(), thawed.heap_bytes() as i64), (27_004, stats.current));
    let mut flights = flights();
    flights.shrink_to_fit();
    assert!(thawed.heap_bytes() <= flights.heap_bytes() * 17 / 16);
}

#[test]
fn columns_are_as_large_inline_as_their_docs_say() {
    use pennyweight::array::{Compressed, DecimalArray};
    use pennyweight::record::{Coded, FrozenDict, FrozenText};
    assert_eq!((size_of::<Compressed<i16>>(), size_of::<Compressed<Option<i64>>>()), (80, 80));
    assert_eq!((size_of::<Coded<bool>>(), size_of::<DecimalArray<f64>>()), (80, 144));
    assert_eq!((size_of::<FrozenDict<String>>(), size_of::<FrozenText<String>>()), (168, 112));
}

/// A flight in January, without what follows from the other fields.
#[derive(Record)]
struct Short {
    year: i16,
    month: i8,
    day: i8,
    dep_time: Option<i16>,
    sched_dep_time: i16,
    dep_delay: Option<i16>,
    arr_time: Option<i16>,
    sched_arr_time: i16,
    arr_delay: Option<i16>,
    #[record(dict)]
    carrier: String,
    flight: u16,
    #[record(dict)]
    tailnum: Option<String>,
    #[record(dict)]
    origin: String,
    #[record(dict)]
    dest: String,
    air_time: Option<i16>,
    #[record(computed = distance_of)]
    distance: u16,
    #[record(computed = hour_of)]
    hour: i8,
    #[record(computed = minute_of)]
    minute: i8,
    #[record(computed = time_of)]
    time_hour: u32,
}

/// How far it is from one airport to another.
static ROUTES: OnceLock<HashMap<(String, String), u16>> = OnceLock::new();

fn distance_of(flight: &ShortRow) -> u16 {
    ROUTES.get().unwrap()[&(flight.origin().to_owned(), flight.dest().to_owned())]
}

fn hour_of(flight: &ShortRow) -> i8 {
    (flight.sched_dep_time() / 100) as i8
}

fn minute_of(flight: &ShortRow) -> i8 {
    (flight.sched_dep_time() % 100) as i8
}

/// The hour in UTC, of a time in New York, in the winter.
fn time_of(flight: &ShortRow) -> u32 {
    let new_year = 1_357_016_400;
    new_year + (u32::from(flight.day() as u8) - 1) * 86_400 + u32::from(flight.hour() as u8) * 3600
}

#[test]
fn without_what_is_computed_it_is_less_than_fifteen() {
    let flights: Vec<Flight> = flights().iter().map(|flight| flight.to_owned()).collect();
    let routes = flights.iter().map(|f| ((f.origin.clone(), f.dest.clone()), f.distance));
    ROUTES.set(routes.collect()).unwrap();
    let short: Records<Short> = flights
        .iter()
        .map(|flight| {
            let Flight { year, month, day, dep_time, sched_dep_time, dep_delay, .. } = *flight;
            let Flight { arr_time, sched_arr_time, arr_delay, flight: number, .. } = *flight;
            let Flight { air_time, distance, hour, minute, time_hour: Seconds(time_hour), .. } =
                *flight;
            let Flight { carrier, tailnum, origin, dest, .. } = flight.clone();
            Short {
                year,
                month,
                day,
                dep_time,
                sched_dep_time,
                dep_delay,
                arr_time,
                sched_arr_time,
                arr_delay,
                carrier,
                flight: number,
                tailnum,
                origin,
                dest,
                air_time,
                distance,
                hour,
                minute,
                time_hour,
            }
        })
        .collect();
    let frozen = short.freeze();
    assert_eq!(frozen.heap_bytes(), 379_603);
    assert!(frozen.heap_bytes() <= 15 * frozen.len());
    for (row, flight) in frozen.thaw().iter().zip(&flights) {
        assert_eq!(
            (row.hour(), row.minute(), row.distance()),
            (flight.hour, flight.minute, flight.distance)
        );
        assert_eq!(row.time_hour(), flight.time_hour.0);
    }
}
