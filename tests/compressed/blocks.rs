//! Integers and nulls in blocks, against a `Vec` of them: every type, outliers, images, and forged ones.

use pennyweight::array::{BlockArray, Column, Encoding};
use proptest::collection::vec;
use proptest::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What values are made of: runs around a base, with outliers and nulls among them.
fn seeds() -> BoxedStrategy<Vec<u64>> {
    let near = (any::<u64>(), 0..9_u32, vec(any::<u64>(), 0..900)).prop_map(|(base, bits, low)| {
        low.into_iter().map(|low| base.wrapping_add(low & ((1 << bits) - 1))).collect::<Vec<_>>()
    });
    let runs = vec(near, 0..5).prop_map(|runs| runs.concat());
    let outliers = vec((any::<Index>(), any::<u64>()), 0..40);
    let seeds = (runs, outliers).prop_map(|(mut all, far)| {
        for (at, outlier) in far {
            if !all.is_empty() {
                let at = at.index(all.len());
                all[at] = outlier;
            }
        }
        all
    });
    seeds.boxed()
}

model!(BlockArray: i8 i16 i32 i64 u8 u16 u32 u64);

fn check_own<V: Element, W: Words>(array: &BlockArray<V, W>, _: &[V]) {
    let Encoding::Blocks { outliers, .. } = array.encoding() else { panic!("no blocks") };
    assert_eq!(array.outliers(), outliers);
}

/// An image of `fields`, which has these words behind them.
fn image_of(values: &[i64], change: impl FnOnce(&mut Vec<u64>)) -> Vec<u64> {
    let mut words = aligned(&BlockArray::from(values).to_bytes());
    change(&mut words);
    sealed(words)
}

#[test]
fn lengths_that_cannot_be_are_refused() {
    let values: Vec<i64> = (0..3000).map(|i| if i % 500 == 7 { i * i * i } else { i }).collect();
    // Behind the header: base, scale, length, words of codes, outliers, their width.
    let fields = 4..10;
    for field in fields {
        for value in [0, 1, 63, 64, 65, 1 << 31, 1 << 40, u64::MAX / 64, u64::MAX - 63, u64::MAX] {
            let words = image_of(&values, |words| words[field] = u64::to_le(value));
            let opened = BlockArray::<i64, &[u64]>::open(bytemuck::cast_slice::<_, u8>(&words[..]));
            if let Ok(open) = opened {
                open.check_invariants();
                read(&open, &open.to_vec());
            }
        }
    }
}

#[test]
fn directories_that_cannot_be_are_refused() {
    let values: Vec<i64> =
        (0..3000).map(|i| if i % 500 == 7 { i * i * i } else { i % 60 }).collect();
    let image = image_of(&values, |_| ());
    for at in 10..image.len() {
        for bit in 0..64 {
            let mut words = image.clone();
            words[at] ^= u64::to_le(1 << bit);
            let words = sealed(words);
            let opened = BlockArray::<i64, &[u64]>::open(bytemuck::cast_slice::<_, u8>(&words[..]));
            if let Ok(open) = opened {
                open.check_invariants();
                // A bit more in a code or a base is another value, and not as many.
                assert_eq!(open.len(), values.len());
                assert!(open.iter().ne(values.iter().copied()), "word {at}, bit {bit}");
            }
        }
    }
}

#[test]
fn types_do_not_mix() {
    let bytes = BlockArray::from([1_i16, 2]).to_bytes();
    assert!(matches!(
        BlockArray::<u16>::from_bytes(&bytes),
        Err(ImageError::Type { expected: (5, 6), found: (5, 2) })
    ));
    assert!(matches!(
        BlockArray::<Option<i16>>::from_bytes(&bytes),
        Err(ImageError::Type { expected: (5, 0x102), .. })
    ));
}

#[test]
fn folds_begin_and_end_anywhere() {
    let value = |i: i64| if i % 300 == 17 { i << 40 } else { i * 37 % 700 };
    let values: Vec<_> = (0..2600).map(|i| (i % 10 != 3).then(|| value(i))).collect();
    let edges = [0, 1, 17, 255, 256, 257, 1023, 1024, 1025, 1300, 2047, 2048, 2049, 2599, 2600];
    for start in edges {
        for end in edges.into_iter().filter(|&end| start <= end) {
            check_parts(&values, [start, end]);
        }
    }
}

#[test]
fn a_fold_that_panics_leaves_the_array_readable() {
    let array: BlockArray<u32> = (0..3000).collect();
    let folded = catch_unwind(AssertUnwindSafe(|| {
        array.iter().fold(0, |sum, value| if value == 2000 { panic!("enough") } else { sum + 1 })
    }));
    assert_eq!(*folded.unwrap_err().downcast::<&str>().unwrap(), "enough");
    assert!(catch_unwind(AssertUnwindSafe(|| array.for_each_block(|_| panic!("enough")))).is_err());
    assert!(array.iter().eq(0..3000));
}

#[test]
fn a_column_of_blocks_tells_its_encoding() {
    fn mean_width(column: &impl Column) -> f64 {
        match column.encoding() {
            Encoding::Blocks { mean_width, .. } => mean_width,
            other => panic!("{other} instead of blocks"),
        }
    }
    let days: BlockArray<i32> = (0..10_240).map(|i| 700 * (i / 1024) + i % 4 * 7).collect();
    assert_eq!((mean_width(&days), Column::len(&days)), (2.0, 10_240));
    assert_eq!(
        days.encoding().to_string(),
        "2.00 bits a value in blocks, 0 outliers: 0 + 7 * number"
    );
}

#[cfg(feature = "std")]
mod bytes {
    use pennyweight::array::BlockArray;
    use pennyweight::profile::measure;
    use pennyweight::size::{HeapSize, deep_size};

    /// The bytes that are left of building an array.
    fn weigh<V: pennyweight::array::Element>(values: &[V]) -> usize {
        let (array, stats) = measure(|| BlockArray::from(values));
        assert_eq!(HeapSize::heap_bytes(&array) as i64, stats.current);
        assert!(deep_size(&array).is_exact());
        let (copy, stats) = measure(|| array.clone());
        let (blocks, bytes) = (stats.allocations, stats.current);
        assert_eq!((blocks, bytes), ((bytes > 0).into(), copy.heap_bytes() as i64));
        copy.heap_bytes()
    }

    #[test]
    fn blocks_take_what_their_widths_say() {
        // A directory of 16 bytes a block; 8 bytes of padding behind the codes.
        let codes = |bits: usize| bits.div_ceil(64) * 8;
        let values: Vec<i64> = (0..3000).map(|i| 1_000_000 * (i / 1024) + i % 7 * 10).collect();
        let expected = 3 * 16 + 2 * codes(1024 * 3) + codes(952 * 3) + 8;
        assert_eq!((weigh(&values), expected), (expected, 1184));
        // No codes at all where a block has one value, or none.
        assert_eq!(weigh(&[5_u16; 3000]), 48);
        assert_eq!(weigh(&[None::<i8>; 3000]), 48);
        assert_eq!(weigh::<i64>(&[]), 0);
    }

    #[test]
    fn an_outlier_takes_ten_bits_and_its_own() {
        let mut values: Vec<u32> = (0..2048).map(|i| i % 15).collect();
        let without = weigh(&values);
        assert_eq!(without, 2 * 16 + 2 * 512 + 8);
        values[1500] = u32::MAX;
        // Starts: three of 32 bits. A position of 10 bits. A number of 32. Each with 8 bytes of padding.
        assert_eq!(weigh(&values), without + (16 + 8) + (8 + 8) + (8 + 8));
    }

    #[test]
    fn a_null_takes_a_code_where_there_is_one_to_spare() {
        let full: Vec<Option<u8>> = (0..1024).map(|i| Some(i as u8 % 16)).collect();
        assert_eq!(weigh(&full), 16 + 512 + 8);
        let spare: Vec<_> = full.iter().map(|value| value.filter(|&value| value > 0)).collect();
        assert_eq!(weigh(&spare), 16 + 512 + 8);
    }

    #[test]
    fn inline_it_is_as_small_as_the_docs_say() {
        assert_eq!(size_of::<BlockArray<i64>>(), 72);
        assert!(size_of::<BlockArray<u8>>() <= 72);
    }
}
