//! Arrow: dictionaries with the narrowest keys, numbers with the narrowest types, and a bit for each value that may be null.

use std::{fs::File, path::Path, sync::Arc};

use arrow_array::{
    Array, ArrayRef, RecordBatch,
    builder::{ArrayBuilder, PrimitiveBuilder, StringDictionaryBuilder},
    cast::AsArray,
    types::{ArrowDictionaryKeyType, ArrowPrimitiveType, Int16Type, UInt8Type, UInt16Type},
};
use arrow_csv::ReaderBuilder;
use arrow_ord::sort::sort_to_indices;
use arrow_schema::{DataType, Field, Schema};
use arrow_select::take::take_record_batch;
use pennyweight_baseline::record::COLUMNS;
use regex::Regex;

use crate::comparisons::{
    data::flights,
    record::{
        row::Row,
        table::{Grows, Means, Sorts, Table, seen},
    },
};

const NULLABLE: [&str; 6] =
    ["dep_time", "dep_delay", "arr_time", "arr_delay", "tailnum", "air_time"];

fn schema() -> Arc<Schema> {
    let text = |key| DataType::Dictionary(Box::new(key), Box::new(DataType::Utf8));
    let fields = COLUMNS.map(|name| {
        let kind = match name {
            "month" | "day" | "hour" | "minute" => DataType::UInt8,
            "dep_delay" | "arr_delay" => DataType::Int16,
            "carrier" | "origin" | "dest" => text(DataType::UInt8),
            "tailnum" | "time_hour" => text(DataType::UInt16),
            _ => DataType::UInt16,
        };
        Field::new(name, kind, NULLABLE.contains(&name))
    });
    Arc::new(Schema::new(fields.to_vec()))
}

fn batches(file: &Path, rows: usize) -> impl Iterator<Item = RecordBatch> {
    ReaderBuilder::new(schema())
        .with_header(true)
        .with_null_regex(Regex::new("^(NA)?$").expect("a pattern"))
        .with_batch_size(rows)
        .build(File::open(file).expect("a file"))
        .expect("a schema")
        .map(|batch| batch.expect("rows"))
}

/// All rows in one batch, so that each string has one key.
pub(in crate::comparisons::record) struct Arrow(RecordBatch);

impl Arrow {
    fn column(&self, name: &str) -> &ArrayRef {
        self.0.column_by_name(name).expect("a column")
    }

    fn sort_by(&mut self, column: &str) {
        let order = sort_to_indices(self.column(column), None, None).expect("a type with an order");
        self.0 = take_record_batch(&self.0, &order).expect("indices of rows");
    }
}

impl Table for Arrow {
    fn read(file: &Path) -> Self {
        Self(batches(file, flights().len()).next().expect("a batch"))
    }

    fn miles(&self) -> i64 {
        let miles = self.column("distance").as_primitive::<UInt16Type>();
        miles.values().iter().map(|&miles| i64::from(miles)).sum()
    }

    /// A null's value is zero.
    fn delays(&self) -> i64 {
        let delays = self.column("dep_delay").as_primitive::<Int16Type>();
        delays.values().iter().map(|&delay| i64::from(delay)).sum()
    }

    fn late_from_jfk(&self) -> usize {
        let origins = self.column("origin").as_dictionary::<UInt8Type>();
        let names = origins.values().as_string::<i32>();
        let Some(jfk) = names.iter().position(|name| name == Some("JFK")) else { return 0 };
        let delays = self.column("dep_delay").as_primitive::<Int16Type>();
        let rows = origins.keys().values().iter().zip(delays);
        rows.filter(|&(&origin, delay)| usize::from(origin) == jfk && delay > Some(60)).count()
    }

    fn visit(&self, rows: &[u32]) -> i64 {
        let carriers = self.column("carrier").as_dictionary::<UInt8Type>();
        let (codes, names) = (carriers.keys().values(), carriers.values().as_string::<i32>());
        let delays = self.column("dep_delay").as_primitive::<Int16Type>();
        let minutes = self.column("air_time").as_primitive::<UInt16Type>();
        let miles = self.column("distance").as_primitive::<UInt16Type>().values();
        rows.iter()
            .map(|&row| {
                let row = row as usize;
                let carrier = names.value(usize::from(codes[row])).as_bytes();
                let delay = delays.is_valid(row).then(|| delays.value(row));
                let minutes = minutes.is_valid(row).then(|| minutes.value(row));
                seen(carrier, delay, minutes, miles[row])
            })
            .sum()
    }

    fn mean_delays(&self) -> Means {
        let carriers = self.column("carrier").as_dictionary::<UInt8Type>();
        let names = carriers.values().as_string::<i32>();
        let delays = self.column("dep_delay").as_primitive::<Int16Type>();
        let mut groups = vec![(0_i64, 0_u64); names.len()];
        for (&carrier, delay) in carriers.keys().values().iter().zip(delays) {
            if let Some(delay) = delay {
                let (sum, count) = &mut groups[usize::from(carrier)];
                *sum += i64::from(delay);
                *count += 1;
            }
        }
        let mut means = Means::default();
        for (name, (sum, count)) in names.iter().zip(groups) {
            means.add(name.expect("a name").as_bytes(), sum, count);
        }
        means
    }
}

impl Sorts for Arrow {
    fn sort_by_delay(&mut self) {
        self.sort_by("dep_delay");
    }

    fn sort_by_number(&mut self) {
        self.sort_by("flight");
    }

    fn keys(&self, step: usize) -> impl Iterator<Item = (Option<i16>, u16)> {
        let delays = self.column("dep_delay").as_primitive::<Int16Type>();
        let numbers = self.column("flight").as_primitive::<UInt16Type>().values();
        delays.iter().zip(numbers.iter().copied()).step_by(step)
    }
}

/// The builders of the columns.
pub(in crate::comparisons::record) struct ArrowRows {
    year: PrimitiveBuilder<UInt16Type>,
    month: PrimitiveBuilder<UInt8Type>,
    day: PrimitiveBuilder<UInt8Type>,
    dep_time: PrimitiveBuilder<UInt16Type>,
    sched_dep_time: PrimitiveBuilder<UInt16Type>,
    dep_delay: PrimitiveBuilder<Int16Type>,
    arr_time: PrimitiveBuilder<UInt16Type>,
    sched_arr_time: PrimitiveBuilder<UInt16Type>,
    arr_delay: PrimitiveBuilder<Int16Type>,
    carrier: StringDictionaryBuilder<UInt8Type>,
    flight: PrimitiveBuilder<UInt16Type>,
    tailnum: StringDictionaryBuilder<UInt16Type>,
    origin: StringDictionaryBuilder<UInt8Type>,
    dest: StringDictionaryBuilder<UInt8Type>,
    air_time: PrimitiveBuilder<UInt16Type>,
    distance: PrimitiveBuilder<UInt16Type>,
    hour: PrimitiveBuilder<UInt8Type>,
    minute: PrimitiveBuilder<UInt8Type>,
    time_hour: StringDictionaryBuilder<UInt16Type>,
}

impl Grows for ArrowRows {
    type Table = Arrow;

    fn with_capacity(rows: usize) -> Self {
        Self {
            year: numbers(rows),
            month: numbers(rows),
            day: numbers(rows),
            dep_time: numbers(rows),
            sched_dep_time: numbers(rows),
            dep_delay: numbers(rows),
            arr_time: numbers(rows),
            sched_arr_time: numbers(rows),
            arr_delay: numbers(rows),
            carrier: keys(rows),
            flight: numbers(rows),
            tailnum: keys(rows),
            origin: keys(rows),
            dest: keys(rows),
            air_time: numbers(rows),
            distance: numbers(rows),
            hour: numbers(rows),
            minute: numbers(rows),
            time_hour: keys(rows),
        }
    }

    fn push(&mut self, row: Row<'_>) {
        self.year.append_value(row.year);
        self.month.append_value(row.month);
        self.day.append_value(row.day);
        self.dep_time.append_option(row.dep_time);
        self.sched_dep_time.append_value(row.sched_dep_time);
        self.dep_delay.append_option(row.dep_delay);
        self.arr_time.append_option(row.arr_time);
        self.sched_arr_time.append_value(row.sched_arr_time);
        self.arr_delay.append_option(row.arr_delay);
        self.carrier.append_value(row.carrier);
        self.flight.append_value(row.flight);
        self.tailnum.append_option(row.tailnum);
        self.origin.append_value(row.origin);
        self.dest.append_value(row.dest);
        self.air_time.append_option(row.air_time);
        self.distance.append_value(row.distance);
        self.hour.append_value(row.hour);
        self.minute.append_value(row.minute);
        self.time_hour.append_value(row.time_hour);
    }

    fn finish(mut self) -> Arrow {
        let columns: [&mut dyn ArrayBuilder; COLUMNS.len()] = [
            &mut self.year,
            &mut self.month,
            &mut self.day,
            &mut self.dep_time,
            &mut self.sched_dep_time,
            &mut self.dep_delay,
            &mut self.arr_time,
            &mut self.sched_arr_time,
            &mut self.arr_delay,
            &mut self.carrier,
            &mut self.flight,
            &mut self.tailnum,
            &mut self.origin,
            &mut self.dest,
            &mut self.air_time,
            &mut self.distance,
            &mut self.hour,
            &mut self.minute,
            &mut self.time_hour,
        ];
        let columns = columns.into_iter().map(ArrayBuilder::finish).collect();
        Arrow(RecordBatch::try_new(schema(), columns).expect("columns of the schema"))
    }
}

fn numbers<T: ArrowPrimitiveType>(rows: usize) -> PrimitiveBuilder<T> {
    PrimitiveBuilder::with_capacity(rows)
}

/// The strings are few, however many the rows are.
fn keys<K: ArrowDictionaryKeyType>(rows: usize) -> StringDictionaryBuilder<K> {
    StringDictionaryBuilder::with_capacity(rows, 0, 0)
}

/// Batches of 8,192 rows, each with dictionaries of its own.
pub(in crate::comparisons::record) struct ArrowBatches(Vec<RecordBatch>);

impl ArrowBatches {
    pub(in crate::comparisons::record) fn read(file: &Path) -> Self {
        Self(batches(file, 8_192).collect())
    }

    pub(in crate::comparisons::record) fn miles(&self) -> i64 {
        let columns = self.0.iter().map(|batch| batch.column_by_name("distance"));
        let columns = columns.map(|column| column.expect("a column").as_primitive::<UInt16Type>());
        columns.flat_map(|column| column.values()).map(|&miles| i64::from(miles)).sum()
    }
}
