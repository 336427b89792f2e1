//! CSV: a buffer and an index of it, however long the input is.

use std::fs::File;
use std::io::{Read, repeat};

use pennyweight::profile::measure;
use pennyweight::stream::{CsvOptions, CsvReader};
use pennyweight_baseline::stream::sample;

#[test]
fn rows_take_one_buffer_and_one_index() {
    let flights = File::open(sample("flights-2013-01.csv")).unwrap();
    let ((reader, rows), stats) = measure(|| {
        let mut reader = CsvReader::new(flights);
        let mut rows = 0;
        while let Some(row) = reader.next_row().unwrap() {
            assert_eq!(row.len(), 19);
            rows += 1;
        }
        (reader, rows)
    });
    assert_eq!((rows, reader.bytes_read()), (27_004, 2_481_495));
    // The buffer, the index, and the names of the columns with their ends.
    let names = 139 + 19 * 4;
    assert_eq!(reader.heap_bytes(), 32_768 + 4 * (2048 + 512) + names);
    assert_eq!(stats.current as usize, reader.heap_bytes());
    assert_eq!((stats.peak as usize, stats.allocations), (reader.heap_bytes(), 5));
}

#[test]
fn a_row_as_long_as_the_limit_takes_the_limit() {
    let ((), stats) = measure(|| {
        let options = CsvOptions::new().has_headers(false).max_row_len(1_000_000);
        let mut reader = options.read_from(repeat(b'x').take(1_000_000));
        assert_eq!(reader.next_row().unwrap().map(|row| row.as_bytes().len()), Some(1_000_000));
        assert!(reader.next_row().unwrap().is_none());
    });
    assert_eq!((stats.peak, stats.allocations, stats.reallocations), (1_000_001 + 10_240, 3, 5));
}

#[test]
fn fields_with_doubled_quotes_take_four_bytes_while_they_are_in_sight() {
    let input = b"\"a\"\"b\",c\n".repeat(10_000);
    let ((), stats) = measure(|| {
        let mut reader = CsvOptions::new().has_headers(false).read_from(&input[..]);
        while reader.next_row().unwrap().is_some() {}
        assert_eq!(reader.heap_bytes() as u64, 32_768 + 10_240 + 2048);
    });
    assert_eq!(stats.peak, 32_768 + 10_240 + 2048);
}
