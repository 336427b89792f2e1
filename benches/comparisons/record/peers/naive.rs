//! Structs with strings, by themselves and in boxes; dicts.

use std::{collections::HashMap, fs::File, io::BufReader, path::Path};

use pennyweight_baseline::record::{self, Flight};

use crate::comparisons::record::{
    row::Row,
    table::{Grows, Means, Rows, Sorts, Table, seen},
};

fn open(file: &Path) -> BufReader<File> {
    BufReader::new(File::open(file).expect("a file"))
}

impl Table for Vec<Flight> {
    fn read(file: &Path) -> Self {
        let mut flights = record::read(open(file)).expect("flights");
        flights.shrink_to_fit();
        flights
    }

    fn miles(&self) -> i64 {
        self.iter().map(|flight| i64::from(flight.distance)).sum()
    }

    fn delays(&self) -> i64 {
        record::sum(self)
    }

    fn late_from_jfk(&self) -> usize {
        record::count_late(self, "JFK", 60)
    }

    fn visit(&self, rows: &[u32]) -> i64 {
        let flights = rows.iter().map(|&row| &self[row as usize]);
        flights
            .map(|flight| {
                let Flight { carrier, dep_delay, air_time, distance, .. } = flight;
                seen(carrier.as_bytes(), *dep_delay, *air_time, *distance)
            })
            .sum()
    }

    fn mean_delays(&self) -> Means {
        let mut means = Means::default();
        for (carrier, (sum, count)) in record::delays_by_carrier(self) {
            means.add(carrier.as_bytes(), sum, count);
        }
        means
    }
}

impl Rows for Vec<Flight> {
    fn late_miles(&self) -> i64 {
        let late = self.iter().filter(|flight| flight.dep_delay > Some(0));
        late.map(|flight| i64::from(flight.distance)).sum()
    }

    fn delays_of_rows(&self) -> i64 {
        self.iter().filter_map(|flight| flight.dep_delay).map(i64::from).sum()
    }
}

impl Grows for Vec<Flight> {
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
            carrier: row.carrier.to_owned(),
            flight: row.flight,
            tailnum: row.tailnum.map(str::to_owned),
            origin: row.origin.to_owned(),
            dest: row.dest.to_owned(),
            air_time: row.air_time,
            distance: row.distance,
            hour: row.hour,
            minute: row.minute,
            time_hour: row.time_hour.to_owned(),
        });
    }

    fn finish(self) -> Self {
        self
    }
}

impl Sorts for Vec<Flight> {
    fn sort_by_delay(&mut self) {
        record::sort_by_delay(self);
    }

    fn sort_by_number(&mut self) {
        self.sort_by_key(|flight| flight.flight);
    }

    fn keys(&self, step: usize) -> impl Iterator<Item = (Option<i16>, u16)> {
        self.iter().step_by(step).map(|flight| (flight.dep_delay, flight.flight))
    }
}

/// A dict for each row, and text for each value.
pub(in crate::comparisons::record) struct Dicts(Vec<HashMap<String, String>>);

/// What is null, or no number, is `None`.
fn number(row: &HashMap<String, String>, column: &str) -> Option<i64> {
    row[column].parse().ok()
}

impl Table for Dicts {
    fn read(file: &Path) -> Self {
        let mut rows = record::read_dicts(open(file)).expect("rows");
        rows.shrink_to_fit();
        Self(rows)
    }

    fn miles(&self) -> i64 {
        self.0.iter().filter_map(|row| number(row, "distance")).sum()
    }

    fn delays(&self) -> i64 {
        self.0.iter().filter_map(|row| number(row, "dep_delay")).sum()
    }

    fn late_from_jfk(&self) -> usize {
        let from_jfk = self.0.iter().filter(|row| row["origin"] == "JFK");
        from_jfk.filter(|row| number(row, "dep_delay") > Some(60)).count()
    }

    fn visit(&self, rows: &[u32]) -> i64 {
        let rows = rows.iter().map(|&row| &self.0[row as usize]);
        rows.map(|row| {
            let numbers = ["dep_delay", "air_time", "distance"].map(|name| number(row, name));
            i64::from(row["carrier"].as_bytes()[0]) + numbers.into_iter().flatten().sum::<i64>()
        })
        .sum()
    }

    fn mean_delays(&self) -> Means {
        let mut groups: HashMap<&str, (i64, u64)> = HashMap::new();
        for row in &self.0 {
            if let Some(delay) = number(row, "dep_delay") {
                let (sum, count) = groups.entry(&row["carrier"]).or_default();
                *sum += delay;
                *count += 1;
            }
        }
        let mut means = Means::default();
        for (carrier, (sum, count)) in groups {
            means.add(carrier.as_bytes(), sum, count);
        }
        means
    }
}
