//! Rows whose strings are codes of lasso's interners, of one byte or of two: as a `Vec` holds them, and those of both crates
//! that derive struct-of-arrays.

use std::path::Path;

use lasso::{Key, MicroSpur, MiniSpur, Rodeo};

use crate::comparisons::record::{
    row::{Row, for_each},
    table::{Grows, Means, Rows, Sorts, Table, seen},
};

/// The strings of all rows, each once.
pub(super) struct Strings {
    pub(super) carriers: Rodeo<MicroSpur>,
    pub(super) tailnums: Rodeo<MiniSpur>,
    pub(super) airports: Rodeo<MicroSpur>,
    pub(super) hours: Rodeo<MiniSpur>,
}

impl Strings {
    pub(super) fn new() -> Self {
        Self {
            carriers: Rodeo::new(),
            tailnums: Rodeo::new(),
            airports: Rodeo::new(),
            hours: Rodeo::new(),
        }
    }
}

/// Defines a row of codes, since each crate derives types of the same names from it.
macro_rules! coded {
    ($($derive:ident),+) => {
        #[allow(dead_code, reason = "few of the fields are asked for")]
        #[derive($($derive),+)]
        pub(super) struct Coded {
            pub(super) year: u16,
            pub(super) month: u8,
            pub(super) day: u8,
            pub(super) dep_time: Option<u16>,
            pub(super) sched_dep_time: u16,
            pub(super) dep_delay: Option<i16>,
            pub(super) arr_time: Option<u16>,
            pub(super) sched_arr_time: u16,
            pub(super) arr_delay: Option<i16>,
            pub(super) carrier: MicroSpur,
            pub(super) flight: u16,
            pub(super) tailnum: Option<MiniSpur>,
            pub(super) origin: MicroSpur,
            pub(super) dest: MicroSpur,
            pub(super) air_time: Option<u16>,
            pub(super) distance: u16,
            pub(super) hour: u8,
            pub(super) minute: u8,
            pub(super) time_hour: MiniSpur,
        }

        impl Coded {
            pub(super) fn of(row: Row<'_>, strings: &mut Strings) -> Self {
                Self {
                    year: row.year,
                    month: row.month,
                    day: row.day,
                    dep_time: row.dep_time,
                    sched_dep_time: row.sched_dep_time,
                    dep_delay: row.dep_delay,
                    arr_time: row.arr_time,
                    sched_arr_time: row.sched_arr_time,
                    arr_delay: row.arr_delay,
                    carrier: strings.carriers.get_or_intern(row.carrier),
                    flight: row.flight,
                    tailnum: row.tailnum.map(|tailnum| strings.tailnums.get_or_intern(tailnum)),
                    origin: strings.airports.get_or_intern(row.origin),
                    dest: strings.airports.get_or_intern(row.dest),
                    air_time: row.air_time,
                    distance: row.distance,
                    hour: row.hour,
                    minute: row.minute,
                    time_hour: strings.hours.get_or_intern(row.time_hour),
                }
            }
        }
    };
}
pub(super) use coded;

/// The sums and the numbers of groups by code, which index an array.
pub(super) struct Groups<'a> {
    names: &'a Rodeo<MicroSpur>,
    sums: Vec<(i64, u64)>,
}

impl<'a> Groups<'a> {
    pub(super) fn of(names: &'a Rodeo<MicroSpur>) -> Self {
        Self { names, sums: vec![(0, 0); names.len()] }
    }

    #[inline]
    pub(super) fn add(&mut self, group: MicroSpur, value: Option<i16>) {
        if let Some(value) = value {
            let (sum, count) = &mut self.sums[group.into_usize()];
            *sum += i64::from(value);
            *count += 1;
        }
    }

    pub(super) fn means(&self) -> Means {
        let mut means = Means::default();
        for (name, &(sum, count)) in self.names.strings().zip(&self.sums) {
            means.add(name.as_bytes(), sum, count);
        }
        means
    }
}

coded!(Clone, Copy);

/// Structs with codes in a `Vec`.
pub(in crate::comparisons::record) struct Interned {
    rows: Vec<Coded>,
    strings: Strings,
}

impl Table for Interned {
    fn read(file: &Path) -> Self {
        let mut table = Self::with_capacity(0);
        for_each(file, |row| table.push(row));
        table.rows.shrink_to_fit();
        table
    }

    fn miles(&self) -> i64 {
        self.rows.iter().map(|row| i64::from(row.distance)).sum()
    }

    fn delays(&self) -> i64 {
        self.rows.iter().filter_map(|row| row.dep_delay).map(i64::from).sum()
    }

    fn late_from_jfk(&self) -> usize {
        let Some(jfk) = self.strings.airports.get("JFK") else { return 0 };
        self.rows.iter().filter(|row| row.origin == jfk && row.dep_delay > Some(60)).count()
    }

    fn visit(&self, rows: &[u32]) -> i64 {
        let rows = rows.iter().map(|&row| &self.rows[row as usize]);
        rows.map(|row| {
            let carrier = self.strings.carriers.resolve(&row.carrier);
            seen(carrier.as_bytes(), row.dep_delay, row.air_time, row.distance)
        })
        .sum()
    }

    fn mean_delays(&self) -> Means {
        let mut groups = Groups::of(&self.strings.carriers);
        self.rows.iter().for_each(|row| groups.add(row.carrier, row.dep_delay));
        groups.means()
    }
}

impl Rows for Interned {
    fn late_miles(&self) -> i64 {
        let late = self.rows.iter().filter(|row| row.dep_delay > Some(0));
        late.map(|row| i64::from(row.distance)).sum()
    }

    fn delays_of_rows(&self) -> i64 {
        self.rows.iter().filter_map(|row| row.dep_delay).map(i64::from).sum()
    }
}

impl Grows for Interned {
    type Table = Self;

    fn with_capacity(rows: usize) -> Self {
        Self { rows: Vec::with_capacity(rows), strings: Strings::new() }
    }

    fn push(&mut self, row: Row<'_>) {
        self.rows.push(Coded::of(row, &mut self.strings));
    }

    fn finish(self) -> Self {
        self
    }
}

impl Sorts for Interned {
    fn sort_by_delay(&mut self) {
        self.rows.sort_unstable_by_key(|row| row.dep_delay);
    }

    fn sort_by_number(&mut self) {
        self.rows.sort_unstable_by_key(|row| row.flight);
    }

    fn keys(&self, step: usize) -> impl Iterator<Item = (Option<i16>, u16)> {
        self.rows.iter().step_by(step).map(|row| (row.dep_delay, row.flight))
    }
}
