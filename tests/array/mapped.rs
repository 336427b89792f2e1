//! Images in files, mapped into memory and read in place.
#![allow(unsafe_code)]

use memmap2::Mmap;
use pennyweight::array::{BlockArray, Compressed, IntArray, NullableIntArray};
use pennyweight::profile::measure;
use std::fs::File;
use std::io::Write;

fn mapped(name: &str, write: impl FnOnce(&mut File)) -> Mmap {
    let path = std::env::temp_dir().join(format!("pennyweight-{}-{name}", std::process::id()));
    let mut file = File::create_new(&path).unwrap();
    write(&mut file);
    file.flush().unwrap();
    let file = File::open(&path).unwrap();
    // SAFETY: nobody else knows the file, so that nobody changes it.
    let map = unsafe { Mmap::map(&file) }.unwrap();
    std::fs::remove_file(&path).unwrap();
    map
}

#[test]
fn a_mapped_file_is_read_without_a_byte_of_heap() {
    let values: Vec<i64> = (0..100_000).map(|i| 1_357_016_400 + 60 * (i / 3)).collect();
    let packed = mapped("ints", |file| IntArray::from(&values[..]).write_to(file).unwrap());
    let blocks = mapped("blocks", |file| BlockArray::from(&values[..]).write_to(file).unwrap());
    let (sums, stats) = measure(|| {
        let packed = IntArray::<i64, &[u64]>::open(&packed).unwrap();
        let blocks = BlockArray::<i64, &[u64]>::open(&blocks).unwrap();
        assert_eq!((packed.value(77_777), blocks.value(77_777)), (values[77_777], values[77_777]));
        assert_eq!((packed.heap_bytes(), blocks.heap_bytes()), (0, 0));
        (packed.sum(), blocks.sum())
    });
    let sum = values.iter().map(|&value| i128::from(value)).sum::<i128>();
    assert_eq!((sums, stats.allocations), ((sum, sum), 0));
}

#[test]
fn the_smallest_encoding_is_opened_whichever_it_is() {
    let len = 5000;
    let columns: [Vec<i32>; 4] = [
        (0..len).collect(),
        (0..len).map(|i| [3, 70_000, -9][i as usize % 3]).collect(),
        (0..len).map(|i| i / 1024 * 50_000 - i % 700).collect(),
        (0..len).map(|i| i * 7919 % 4096).collect(),
    ];
    let mut encodings = Vec::new();
    for column in &columns {
        let compressed = Compressed::from(&column[..]);
        let map = mapped("compressed", |file| file.write_all(&compressed.to_bytes()).unwrap());
        let open = Compressed::<i32, &[u64]>::open(&map).unwrap();
        open.check_invariants();
        assert_eq!(open, compressed);
        assert_eq!((open.sum(), open.heap_bytes()), (compressed.sum(), 0));
        encodings.push(match open {
            Compressed::Packed(_) => "packed",
            Compressed::Dict(_) => "dict",
            Compressed::Blocks(_) => "blocks",
            Compressed::Sorted(_) => "sorted",
            _ => "another",
        });
    }
    assert_eq!(encodings, ["sorted", "dict", "blocks", "packed"]);
}

#[cfg(feature = "derive")]
#[test]
fn frozen_records_are_read_where_they_lie() {
    use pennyweight::record::{Frozen, Record, Records};

    #[derive(Record)]
    #[record(freeze)]
    struct Flight {
        #[record(dict)]
        origin: String,
        delay: Option<i16>,
    }
    let flight = |i: usize| Flight {
        origin: ["EWR", "JFK", "LGA"][i % 3].to_owned(),
        delay: (!i.is_multiple_of(50)).then_some(i as i16 % 40),
    };
    let flights: Records<Flight> = (0..10_000).map(flight).collect();
    let map = mapped("flights", |file| flights.freeze().write_to(file).unwrap());
    let frozen: Frozen<Flight, &[u64]> = Frozen::open(&map).unwrap();
    let (read, stats) = measure(|| {
        let origins = frozen.columns().origin();
        (frozen.row(7777).delay(), origins.get(4), origins.count(origins.code("LGA").unwrap()))
    });
    assert_eq!(read, (Some(17), Some("JFK"), 3333));
    assert_eq!((frozen.heap_bytes(), stats.allocations), (0, 0));
}

#[test]
fn a_file_that_was_cut_off_is_no_image() {
    let values: Vec<Option<u16>> = (0..1000).map(|i| (i % 7 != 0).then_some(i)).collect();
    let bytes = NullableIntArray::from(&values[..]).to_bytes();
    let map = mapped("cut", |file| file.write_all(&bytes[..bytes.len() - 8]).unwrap());
    let error = NullableIntArray::<u16, &[u64]>::open(&map).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("the image has {} bytes instead of {}", map.len(), bytes.len())
    );
}
