//! soa-rs: all fields in one allocation.
#![allow(dead_code, reason = "few of the derived methods are called")]

use std::path::Path;

use lasso::{MicroSpur, MiniSpur};
use soa_rs::{Soa, Soars};

use super::coded::{Groups, Strings, coded};
use crate::comparisons::record::{
    row::{Row, for_each},
    table::{Grows, Means, Rows, Table, seen},
};

coded!(Soars);

/// Columns of codes.
pub(in crate::comparisons::record) struct SoaRs {
    rows: Soa<Coded>,
    strings: Strings,
}

impl SoaRs {
    /// What [`Rows::late_miles`] answers, by two columns alone.
    pub(in crate::comparisons::record) fn late_miles_of_columns(&self) -> i64 {
        let rows = self.rows.dep_delay().iter().zip(self.rows.distance());
        rows.filter(|&(&delay, _)| delay > Some(0)).map(|(_, &miles)| i64::from(miles)).sum()
    }
}

impl Table for SoaRs {
    fn read(file: &Path) -> Self {
        let mut table = Self::with_capacity(0);
        for_each(file, |row| table.push(row));
        table.rows.shrink_to_fit();
        table
    }

    fn miles(&self) -> i64 {
        self.rows.distance().iter().map(|&miles| i64::from(miles)).sum()
    }

    fn delays(&self) -> i64 {
        self.rows.dep_delay().iter().flatten().map(|&delay| i64::from(delay)).sum()
    }

    fn late_from_jfk(&self) -> usize {
        let Some(jfk) = self.strings.airports.get("JFK") else { return 0 };
        let rows = self.rows.origin().iter().zip(self.rows.dep_delay());
        rows.filter(|&(&origin, &delay)| origin == jfk && delay > Some(60)).count()
    }

    fn visit(&self, rows: &[u32]) -> i64 {
        let (carriers, delays) = (self.rows.carrier(), self.rows.dep_delay());
        let (minutes, miles) = (self.rows.air_time(), self.rows.distance());
        rows.iter()
            .map(|&row| {
                let row = row as usize;
                let carrier = self.strings.carriers.resolve(&carriers[row]);
                seen(carrier.as_bytes(), delays[row], minutes[row], miles[row])
            })
            .sum()
    }

    fn mean_delays(&self) -> Means {
        let mut groups = Groups::of(&self.strings.carriers);
        for (&carrier, &delay) in self.rows.carrier().iter().zip(self.rows.dep_delay()) {
            groups.add(carrier, delay);
        }
        groups.means()
    }
}

impl Rows for SoaRs {
    fn late_miles(&self) -> i64 {
        let late = self.rows.iter().filter(|row| *row.dep_delay > Some(0));
        late.map(|row| i64::from(*row.distance)).sum()
    }

    fn delays_of_rows(&self) -> i64 {
        self.rows.iter().filter_map(|row| *row.dep_delay).map(i64::from).sum()
    }
}

impl Grows for SoaRs {
    type Table = Self;

    fn with_capacity(rows: usize) -> Self {
        Self { rows: Soa::with_capacity(rows), strings: Strings::new() }
    }

    fn push(&mut self, row: Row<'_>) {
        self.rows.push(Coded::of(row, &mut self.strings));
    }

    fn finish(self) -> Self {
        self
    }
}
