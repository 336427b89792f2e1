//! What was read is counted, however it was.

use std::fs::File;
use std::io::{BufRead, BufReader, IoSliceMut, Read, Seek, SeekFrom};
use std::thread;

use pennyweight::stream::{Chunks, Progress};
use pennyweight_baseline::stream::sample;

use crate::source::Moody;

#[test]
fn bytes_are_counted_in_every_way_of_reading() {
    let bytes = [7; 100];
    let mut source = Progress::new(BufReader::new(&bytes[..]), None);
    let progress = source.handle();
    source.read_exact(&mut [0; 10]).unwrap();
    assert_eq!(progress.bytes_read(), 10);
    assert_eq!(source.fill_buf().unwrap().len(), 90);
    assert_eq!(progress.bytes_read(), 10);
    source.consume(5);
    let (mut a, mut b) = ([0; 20], [0; 15]);
    let read = source.read_vectored(&mut [IoSliceMut::new(&mut a), IoSliceMut::new(&mut b)]);
    assert_eq!((read.unwrap(), progress.bytes_read()), (35, 50));
    source.read_to_end(&mut Vec::new()).unwrap();
    assert_eq!((progress.bytes_read(), progress.total(), progress.fraction()), (100, None, None));
}

#[test]
fn what_fails_is_not_counted() {
    let mut source = Progress::new(Moody::blocking(&[7; 50], 3, 1), Some(50));
    let mut read = 0;
    while read < 50 {
        read += source.read(&mut [0; 8]).unwrap_or(0);
        assert_eq!(source.handle().bytes_read(), read as u64);
    }
    assert_eq!(source.handle().fraction(), Some(1.0));
}

#[test]
fn a_file_says_what_is_left_of_it() {
    let mut file = File::open(sample("airlines.csv")).unwrap();
    file.seek(SeekFrom::Start(86)).unwrap();
    let source = Progress::of_file(file).unwrap();
    let progress = source.handle();
    assert_eq!((progress.total(), progress.fraction()), (Some(300), Some(0.0)));
    let mut chunks = Chunks::new(source, 150);
    // Another thread reads it.
    let other = progress.clone();
    thread::spawn(move || {
        chunks.next_chunk().unwrap();
        assert_eq!(other.fraction(), Some(0.5));
    })
    .join()
    .unwrap();
    assert_eq!(progress.bytes_read(), 150);
}

#[test]
fn more_than_all_is_all_and_nothing_is_read() {
    let mut source = Progress::new(&[0; 10][..], Some(5));
    source.read_to_end(&mut Vec::new()).unwrap();
    assert_eq!((source.handle().bytes_read(), source.handle().fraction()), (10, Some(1.0)));
    assert_eq!(Progress::new(std::io::empty(), Some(0)).handle().fraction(), Some(1.0));
}

#[test]
#[cfg(target_os = "linux")]
fn what_is_no_file_has_no_total() {
    let source = Progress::of_file(File::open("/dev/zero").unwrap()).unwrap();
    assert_eq!(source.handle().total(), None);
}
