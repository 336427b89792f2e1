//! columnar: a container for each field, strings and their ends among them, and nulls as bits with ranks.

use std::{collections::HashMap, path::Path};

use columnar::{Borrow, Columnar, ContainerOf, Index, Push};

use crate::comparisons::record::{
    row::{Row, for_each},
    table::{Grows, Means, Rows, Table, seen},
};

#[derive(Columnar)]
pub(super) struct Text {
    year: u16,
    month: u8,
    day: u8,
    dep_time: Option<u16>,
    sched_dep_time: u16,
    dep_delay: Option<i16>,
    arr_time: Option<u16>,
    sched_arr_time: u16,
    arr_delay: Option<i16>,
    carrier: String,
    flight: u16,
    tailnum: Option<String>,
    origin: String,
    dest: String,
    air_time: Option<u16>,
    distance: u16,
    hour: u8,
    minute: u8,
    time_hour: String,
}

/// Columns that hold their text. They have neither a capacity that is told nor a way to be shrunk.
#[derive(Default)]
pub(in crate::comparisons::record) struct Columns {
    rows: ContainerOf<Text>,
}

impl Table for Columns {
    fn read(file: &Path) -> Self {
        let mut table = Self::default();
        for_each(file, |row| table.push(row));
        table
    }

    fn miles(&self) -> i64 {
        self.rows.borrow().distance.iter().map(|&miles| i64::from(miles)).sum()
    }

    fn delays(&self) -> i64 {
        self.rows.borrow().dep_delay.somes.iter().map(|&delay| i64::from(delay)).sum()
    }

    fn late_from_jfk(&self) -> usize {
        let rows = self.rows.borrow();
        let rows = rows.origin.into_index_iter().zip(rows.dep_delay.into_index_iter());
        rows.filter(|&(origin, delay)| origin == b"JFK" && delay > Some(&60)).count()
    }

    fn visit(&self, rows: &[u32]) -> i64 {
        let columns = self.rows.borrow();
        rows.iter()
            .map(|&row| {
                let row = row as usize;
                let delay = columns.dep_delay.get(row).copied();
                let minutes = columns.air_time.get(row).copied();
                seen(columns.carrier.get(row), delay, minutes, columns.distance[row])
            })
            .sum()
    }

    fn mean_delays(&self) -> Means {
        let rows = self.rows.borrow();
        let mut groups: HashMap<&[u8], (i64, u64)> = HashMap::new();
        for (carrier, delay) in rows.carrier.into_index_iter().zip(rows.dep_delay.into_index_iter())
        {
            if let Some(&delay) = delay {
                let (sum, count) = groups.entry(carrier).or_default();
                *sum += i64::from(delay);
                *count += 1;
            }
        }
        let mut means = Means::default();
        for (carrier, (sum, count)) in groups {
            means.add(carrier, sum, count);
        }
        means
    }
}

impl Rows for Columns {
    fn late_miles(&self) -> i64 {
        let rows = self.rows.borrow().into_index_iter();
        rows.filter(|row| row.dep_delay > Some(&0)).map(|row| i64::from(*row.distance)).sum()
    }

    fn delays_of_rows(&self) -> i64 {
        let rows = self.rows.borrow().into_index_iter();
        rows.filter_map(|row| row.dep_delay).map(|&delay| i64::from(delay)).sum()
    }
}

impl Grows for Columns {
    type Table = Self;

    fn with_capacity(_: usize) -> Self {
        Self::default()
    }

    fn push(&mut self, row: Row<'_>) {
        self.rows.push(TextReference {
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

    fn finish(self) -> Self {
        self
    }
}
