//! Images in files, mapped into memory and read in place.
#![allow(unsafe_code)]

use memmap2::Mmap;
use pennyweight::array::{BlockArray, IntArray, NullableIntArray};
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
