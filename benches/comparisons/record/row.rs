//! A flight as it is read, before a table takes it.

use core::{fmt::Debug, str::FromStr};
use std::path::Path;

use csv::StringRecord;
use pennyweight_baseline::record::Flight;

/// A flight whose text is borrowed: that a variant copies it or gives it a code is its own work.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) year: u16,
    pub(super) month: u8,
    pub(super) day: u8,
    pub(super) dep_time: Option<u16>,
    pub(super) sched_dep_time: u16,
    pub(super) dep_delay: Option<i16>,
    pub(super) arr_time: Option<u16>,
    pub(super) sched_arr_time: u16,
    pub(super) arr_delay: Option<i16>,
    pub(super) carrier: &'a str,
    pub(super) flight: u16,
    pub(super) tailnum: Option<&'a str>,
    pub(super) origin: &'a str,
    pub(super) dest: &'a str,
    pub(super) air_time: Option<u16>,
    pub(super) distance: u16,
    pub(super) hour: u8,
    pub(super) minute: u8,
    pub(super) time_hour: &'a str,
}

impl<'a> Row<'a> {
    fn parse(fields: &'a StringRecord) -> Self {
        Self {
            year: number(&fields[0]),
            month: number(&fields[1]),
            day: number(&fields[2]),
            dep_time: nullable(&fields[3]).map(number),
            sched_dep_time: number(&fields[4]),
            dep_delay: nullable(&fields[5]).map(number),
            arr_time: nullable(&fields[6]).map(number),
            sched_arr_time: number(&fields[7]),
            arr_delay: nullable(&fields[8]).map(number),
            carrier: &fields[9],
            flight: number(&fields[10]),
            tailnum: nullable(&fields[11]),
            origin: &fields[12],
            dest: &fields[13],
            air_time: nullable(&fields[14]).map(number),
            distance: number(&fields[15]),
            hour: number(&fields[16]),
            minute: number(&fields[17]),
            time_hour: &fields[18],
        }
    }
}

fn number<T: FromStr<Err: Debug>>(field: &str) -> T {
    field.parse().expect("a number")
}

fn nullable(field: &str) -> Option<&str> {
    (!matches!(field, "" | "NA")).then_some(field)
}

/// Reads a file row by row, all of them in one record of the crate csv.
pub(super) fn for_each(file: &Path, mut take: impl FnMut(Row<'_>)) {
    let mut reader = csv::Reader::from_path(file).expect("a file");
    let mut fields = StringRecord::new();
    while reader.read_record(&mut fields).expect("a row") {
        take(Row::parse(&fields));
    }
}

impl<'a> From<&'a Flight> for Row<'a> {
    fn from(flight: &'a Flight) -> Self {
        Self {
            year: flight.year,
            month: flight.month,
            day: flight.day,
            dep_time: flight.dep_time,
            sched_dep_time: flight.sched_dep_time,
            dep_delay: flight.dep_delay,
            arr_time: flight.arr_time,
            sched_arr_time: flight.sched_arr_time,
            arr_delay: flight.arr_delay,
            carrier: &flight.carrier,
            flight: flight.flight,
            tailnum: flight.tailnum.as_deref(),
            origin: &flight.origin,
            dest: &flight.dest,
            air_time: flight.air_time,
            distance: flight.distance,
            hour: flight.hour,
            minute: flight.minute,
            time_hour: &flight.time_hour,
        }
    }
}
