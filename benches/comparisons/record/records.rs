//! Tables of flights as pennyweight holds them.

use std::path::Path;

use pennyweight::record::{Grouped, Record, Records, csv::ReadOptions};

use super::{
    row::Row,
    table::{Grows, Means, Rows, Sorts, Table, seen},
};

/// Defines a flight, whose hour and minute may be computed.
macro_rules! flight {
    ($(#[$attribute:meta])* $name:ident, $hour:meta, $minute:meta) => {
        $(#[$attribute])*
        #[derive(Record)]
        #[record(freeze, borrow)]
        pub(super) struct $name {
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
            pub(super) distance: u16,
            #[$hour]
            hour: u8,
            #[$minute]
            minute: u8,
            #[record(dict)]
            time_hour: Box<str>,
        }
    };
}

flight! {
    /// A flight whose numbers are as narrow as their columns allow, the one year of all rows in no bits, and whose strings are codes.
    Flight, record(plain), record(plain)
}

flight! {
    /// The same, without the two numbers that are those of `sched_dep_time`.
    Scheduled, record(computed = hour_of), record(computed = minute_of)
}

fn hour_of(flight: &ScheduledRow) -> u8 {
    (flight.sched_dep_time() / 100) as u8
}

fn minute_of(flight: &ScheduledRow) -> u8 {
    (flight.sched_dep_time() % 100) as u8
}

/// Reads a file.
pub(super) fn read_scheduled(file: &Path) -> Records<Scheduled> {
    let mut reader = ReadOptions::new().nulls(["NA"]).open(file).expect("a file");
    reader.read_all().expect("flights")
}

impl Table for Records<Flight> {
    fn read(file: &Path) -> Self {
        let mut reader = ReadOptions::new().nulls(["NA"]).open(file).expect("a file");
        reader.read_all().expect("flights")
    }

    fn miles(&self) -> i64 {
        self.columns().distance().iter().map(|&miles| i64::from(miles)).sum()
    }

    /// A null's value is zero.
    fn delays(&self) -> i64 {
        self.columns().dep_delay().values().iter().map(|&delay| i64::from(delay)).sum()
    }

    /// As above.
    fn late_from_jfk(&self) -> usize {
        let (origins, delays) = (self.columns().origin(), self.columns().dep_delay());
        let Some(jfk) = origins.code("JFK") else { return 0 };
        origins.positions(jfk).filter(|&row| delays.values()[row] > 60).count()
    }

    fn visit(&self, rows: &[u32]) -> i64 {
        rows.iter()
            .map(|&row| {
                let row = &self[row as usize];
                seen(row.carrier().as_bytes(), row.dep_delay(), row.air_time(), row.distance())
            })
            .sum()
    }

    fn mean_delays(&self) -> Means {
        let groups = self.group_by(|flight| flight.carrier()).mean(self.columns().dep_delay());
        means_of(&groups)
    }
}

/// The means of carriers, those without one left out.
pub(super) fn means_of<K: AsRef<str>>(groups: &Grouped<K, Option<f64>>) -> Means {
    let mut means = Means::default();
    for (carrier, mean) in groups.iter() {
        if let Some(mean) = *mean {
            means.add_mean(carrier.as_ref().as_bytes(), mean);
        }
    }
    means
}

impl Rows for Records<Flight> {
    fn late_miles(&self) -> i64 {
        let late = self.iter().filter(|row| row.dep_delay() > Some(0));
        late.map(|row| i64::from(row.distance())).sum()
    }

    fn delays_of_rows(&self) -> i64 {
        self.iter().filter_map(|row| row.dep_delay()).map(i64::from).sum()
    }
}

/// What [`Rows::late_miles`] answers, by two columns alone; a null's value is zero.
pub(super) fn late_miles_of_columns(flights: &mut Records<Flight>) -> i64 {
    let columns = flights.columns();
    let rows = columns.dep_delay().values().iter().zip(columns.distance());
    rows.filter(|&(&delay, _)| delay > 0).map(|(_, &miles)| i64::from(miles)).sum()
}

impl Grows for Records<Flight> {
    type Table = Self;

    fn with_capacity(rows: usize) -> Self {
        Self::with_capacity(rows)
    }

    fn push(&mut self, row: Row<'_>) {
        self.push(Flight {
            year: row.year,
            month: row.month,
            day: row.day,
            dep_time: row.dep_time,
            sched_dep_time: row.sched_dep_time,
            dep_delay: row.dep_delay,
            arr_time: row.arr_time,
            sched_arr_time: row.sched_arr_time,
            arr_delay: row.arr_delay,
            carrier: row.carrier.into(),
            flight: row.flight,
            tailnum: row.tailnum.map(Into::into),
            origin: row.origin.into(),
            dest: row.dest.into(),
            air_time: row.air_time,
            distance: row.distance,
            hour: row.hour,
            minute: row.minute,
            time_hour: row.time_hour.into(),
        });
    }

    fn finish(self) -> Self {
        self
    }
}

/// Records that are pushed with their text borrowed.
pub(super) struct Borrowed(Records<Flight>);

impl Grows for Borrowed {
    type Table = Records<Flight>;

    fn with_capacity(rows: usize) -> Self {
        Self(Records::with_capacity(rows))
    }

    fn push(&mut self, row: Row<'_>) {
        self.0.push_ref(FlightRef {
            year: row.year,
            month: row.month,
            day: row.day,
            dep_time: row.dep_time,
            sched_dep_time: row.sched_dep_time,
            dep_delay: row.dep_delay,
            arr_time: row.arr_time,
            sched_arr_time: row.sched_arr_time,
            arr_delay: row.arr_delay,
            carrier: row.carrier,
            flight: row.flight,
            tailnum: row.tailnum,
            origin: row.origin,
            dest: row.dest,
            air_time: row.air_time,
            distance: row.distance,
            hour: row.hour,
            minute: row.minute,
            time_hour: row.time_hour,
        });
    }

    fn finish(self) -> Records<Flight> {
        self.0
    }
}

impl Sorts for Records<Flight> {
    fn sort_by_delay(&mut self) {
        self.sort_by_key(|row| row.dep_delay());
    }

    fn sort_by_number(&mut self) {
        self.sort_by_key(|row| row.flight());
    }

    fn keys(&self, step: usize) -> impl Iterator<Item = (Option<i16>, u16)> {
        self.iter().step_by(step).map(|row| (row.dep_delay(), row.flight()))
    }
}
