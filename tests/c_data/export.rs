//! Columns that do not lie in memory as Arrow has them, or only in parts, compared with what rows say.

use crate::{Array, Schema, release, take};
use pennyweight::record::{Record, Records};
use std::sync::Arc;

#[derive(Record, Clone, Debug, PartialEq)]
struct Row {
    #[record(packed)]
    tiny: i8,
    #[record(packed)]
    small: u16,
    #[record(packed)]
    large: i32,
    #[record(packed)]
    wide: u64,
    #[record(packed)]
    no_tiny: Option<u8>,
    #[record(packed)]
    no_small: Option<i16>,
    #[record(packed)]
    no_large: Option<u32>,
    #[record(packed)]
    no_wide: Option<i64>,
    #[record(packed)]
    bit: bool,
    #[record(packed)]
    no_bit: Option<bool>,
    #[record(text)]
    text: String,
    #[record(text)]
    no_text: Option<String>,
}

/// A row that has values where it is no multiple of `nulls`.
fn row(i: usize, nulls: usize) -> Row {
    let there = !i.is_multiple_of(nulls);
    let wild = (i as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let text = ["", "Zürich", "JFK", "🦀 and more"][i % 4].repeat(i % 3);
    Row {
        tiny: wild as i8,
        small: i as u16 % 7,
        large: 5,
        wide: wild,
        no_tiny: there.then_some(wild as u8),
        no_small: there.then_some(-(i as i16)),
        no_large: there.then_some(7),
        no_wide: there.then_some(wild as i64 >> 2),
        bit: wild >> 63 == 1,
        no_bit: there.then_some(wild >> 62 & 1 == 1),
        no_text: there.then(|| text.clone()),
        text,
    }
}

impl Array {
    /// The values of rows, where there are some, by what reads one.
    fn rows<T>(&self, value: impl Fn(usize) -> T) -> Vec<Option<T>> {
        let len = self.length as usize;
        let valid = self.has_validity().then(|| self.buffer::<u8>(0, len.div_ceil(8)));
        let is_there = |row: usize| valid.is_none_or(|bits| bits[row / 8] >> (row % 8) & 1 == 1);
        let rows: Vec<_> = (0..len).map(|row| is_there(row).then(|| value(row))).collect();
        assert_eq!(self.null_count, rows.iter().filter(|row| row.is_none()).count() as i64);
        assert_eq!(self.has_validity(), self.null_count > 0);
        rows
    }

    fn numbers<T: Copy>(&self) -> Vec<Option<T>> {
        let values = self.buffer(1, self.length as usize);
        self.rows(|row| values[row])
    }

    fn bits(&self) -> Vec<Option<bool>> {
        let bits = self.buffer::<u8>(1, (self.length as usize).div_ceil(8));
        self.rows(|row| bits[row / 8] >> (row % 8) & 1 == 1)
    }

    fn texts(&self) -> Vec<Option<String>> {
        let ends = self.buffer::<i32>(1, self.length as usize + 1);
        let text = self.buffer::<u8>(2, ends[ends.len() - 1] as usize);
        self.rows(|row| {
            let text = &text[ends[row] as usize..ends[row + 1] as usize];
            str::from_utf8(text).unwrap().to_owned()
        })
    }
}

/// Checks all columns against the rows.
fn check(records: &Arc<Records<Row>>, rows: &[Row]) {
    fn of<T>(rows: &[Row], field: impl Fn(&Row) -> T) -> Vec<T> {
        rows.iter().map(field).collect()
    }
    let (mut schema, mut array) = records.to_c_data();
    let schema: Schema = take!((&raw mut schema).cast::<Schema>());
    let array: Array = take!((&raw mut array).cast::<Array>());
    assert_eq!((array.length, array.null_count), (rows.len() as i64, 0));
    let formats = ["c", "S", "i", "L", "C", "s", "I", "l", "b", "b", "u", "u"];
    for (index, format) in formats.into_iter().enumerate() {
        let (name, found, nullable) = schema.child(index).text();
        assert_eq!((found, nullable), (format, name.starts_with("no_")), "{name}");
    }
    assert_eq!(array.child(0).numbers(), of(rows, |row| Some(row.tiny)));
    assert_eq!(array.child(1).numbers(), of(rows, |row| Some(row.small)));
    assert_eq!(array.child(2).numbers(), of(rows, |row| Some(row.large)));
    assert_eq!(array.child(3).numbers(), of(rows, |row| Some(row.wide)));
    assert_eq!(array.child(4).numbers(), of(rows, |row| row.no_tiny));
    assert_eq!(array.child(5).numbers(), of(rows, |row| row.no_small));
    assert_eq!(array.child(6).numbers(), of(rows, |row| row.no_large));
    assert_eq!(array.child(7).numbers(), of(rows, |row| row.no_wide));
    assert_eq!(array.child(8).bits(), of(rows, |row| Some(row.bit)));
    assert_eq!(array.child(9).bits(), of(rows, |row| row.no_bit));
    assert_eq!(array.child(10).texts(), of(rows, |row| Some(row.text.clone())));
    assert_eq!(array.child(11).texts(), of(rows, |row| row.no_text.clone()));
    release!(schema);
    release!(array);
}

#[test]
fn packed_values_bits_and_text_are_those_of_the_rows() {
    for len in [0, 1, 63, 64, 65, 255, 256, 257, 1000] {
        // All of them null, some, and none.
        for nulls in [1, 3, 64, usize::MAX] {
            let rows: Vec<Row> = (1..=len).map(|i| row(i, nulls)).collect();
            let mut records: Records<Row> = rows.iter().cloned().collect();
            records.shrink_to_fit();
            check(&Arc::new(records), &rows);
        }
    }
}

#[test]
fn what_was_removed_is_not_handed_over() {
    for len in [0, 1, 63, 64, 65, 1000] {
        // Slack behind the rows, bits that were set there, and validities of which no value is null any more.
        let mut rows: Vec<Row> = (1..=len + 100).map(|i| row(i, len + 7)).collect();
        let mut records: Records<Row> = rows.iter().cloned().collect();
        rows.truncate(len);
        records.truncate(len);
        check(&Arc::new(records.clone()), &rows);
        rows.retain(|row| row.bit);
        records.retain(|row| row.bit());
        check(&Arc::new(records), &rows);
    }
}

#[test]
fn text_and_bits_are_lent_and_kept() {
    let rows: Vec<Row> = (1..=1000).map(|i| row(i, 3)).collect();
    let records: Arc<Records<Row>> = Arc::new(rows.iter().cloned().collect());
    let columns = records.columns();
    let (bits, there) = (columns.bit().as_array().0, columns.no_bit().as_array().0);
    let words = [bits, there.values()].map(|bits| bits.as_words().as_ptr().cast::<u8>());
    let texts = [columns.text().value(0), columns.no_text().value(0).unwrap()].map(str::as_ptr);
    let valid = columns.no_text().validity().as_bytes().unwrap().0.as_ptr();

    let (schema, mut array) = records.to_c_data();
    drop((schema, records));
    let array: Array = take!((&raw mut array).cast::<Array>());
    let start = |column, buffer| array.child(column).buffer::<u8>(buffer, 1).as_ptr();
    if cfg!(target_endian = "little") {
        assert_eq!([start(8, 1), start(9, 1)], words);
    }
    assert_eq!([start(10, 2), start(11, 2)], texts);
    assert_eq!(start(11, 0), valid);
    assert!(array.child(8).bits().into_iter().eq(rows.iter().map(|row| Some(row.bit))));
    assert!(array.child(11).texts().into_iter().eq(rows.iter().map(|row| row.no_text.clone())));
    release!(array);
}
