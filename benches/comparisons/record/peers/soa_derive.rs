//! soa_derive: a `Vec` for each field.

use std::path::Path;

use lasso::{MicroSpur, MiniSpur};
use soa_derive::StructOfArray;

use super::coded::{Groups, Strings, coded};
use crate::comparisons::record::{
    row::{Row, for_each},
    table::{Grows, Means, Rows, Sorts, Table, seen},
};

coded!(StructOfArray);

/// Columns of codes.
pub(in crate::comparisons::record) struct SoaDerive {
    rows: CodedVec,
    strings: Strings,
}

impl Table for SoaDerive {
    fn read(file: &Path) -> Self {
        let mut table = Self::with_capacity(0);
        for_each(file, |row| table.push(row));
        table.rows.shrink_to_fit();
        table
    }

    fn miles(&self) -> i64 {
        self.rows.distance.iter().map(|&miles| i64::from(miles)).sum()
    }

    fn delays(&self) -> i64 {
        self.rows.dep_delay.iter().flatten().map(|&delay| i64::from(delay)).sum()
    }

    fn late_from_jfk(&self) -> usize {
        let Some(jfk) = self.strings.airports.get("JFK") else { return 0 };
        let rows = self.rows.origin.iter().zip(&self.rows.dep_delay);
        rows.filter(|&(&origin, &delay)| origin == jfk && delay > Some(60)).count()
    }

    fn visit(&self, rows: &[u32]) -> i64 {
        let CodedVec { carrier, dep_delay, air_time, distance, .. } = &self.rows;
        rows.iter()
            .map(|&row| {
                let row = row as usize;
                let carrier = self.strings.carriers.resolve(&carrier[row]);
                seen(carrier.as_bytes(), dep_delay[row], air_time[row], distance[row])
            })
            .sum()
    }

    fn mean_delays(&self) -> Means {
        let mut groups = Groups::of(&self.strings.carriers);
        for (&carrier, &delay) in self.rows.carrier.iter().zip(&self.rows.dep_delay) {
            groups.add(carrier, delay);
        }
        groups.means()
    }
}

impl Rows for SoaDerive {
    fn late_miles(&self) -> i64 {
        let late = self.rows.iter().filter(|row| *row.dep_delay > Some(0));
        late.map(|row| i64::from(*row.distance)).sum()
    }

    fn delays_of_rows(&self) -> i64 {
        self.rows.iter().filter_map(|row| *row.dep_delay).map(i64::from).sum()
    }
}

impl Grows for SoaDerive {
    type Table = Self;

    fn with_capacity(rows: usize) -> Self {
        Self { rows: CodedVec::with_capacity(rows), strings: Strings::new() }
    }

    fn push(&mut self, row: Row<'_>) {
        self.rows.push(Coded::of(row, &mut self.strings));
    }

    fn finish(self) -> Self {
        self
    }
}

impl Sorts for SoaDerive {
    fn sort_by_delay(&mut self) {
        self.rows.as_mut_slice().sort_by_key(|row| *row.dep_delay);
    }

    fn sort_by_number(&mut self) {
        self.rows.as_mut_slice().sort_by_key(|row| *row.flight);
    }

    fn keys(&self, step: usize) -> impl Iterator<Item = (Option<i16>, u16)> {
        let rows = self.rows.dep_delay.iter().copied().zip(self.rows.flight.iter().copied());
        rows.step_by(step)
    }
}
