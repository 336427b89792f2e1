//! Integers and nulls in blocks, against a `Vec` of them: every type, outliers, images, and forged ones.

use pennyweight::array::{BlockArray, Column, Element, Encoding, ImageError};
use proptest::collection::vec;
use proptest::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What values are made of: runs around a base, with outliers and nulls among them.
fn seeds() -> impl Strategy<Value = Vec<u64>> {
    let near = (any::<u64>(), 0..9_u32, vec(any::<u64>(), 0..900)).prop_map(|(base, bits, low)| {
        low.into_iter().map(|low| base.wrapping_add(low & ((1 << bits) - 1))).collect::<Vec<_>>()
    });
    let runs = vec(near, 0..5).prop_map(|runs| runs.concat());
    (runs, vec((any::<prop::sample::Index>(), any::<u64>()), 0..40)).prop_map(|(mut all, far)| {
        for (at, outlier) in far {
            if !all.is_empty() {
                let at = at.index(all.len());
                all[at] = outlier;
            }
        }
        all
    })
}

/// The bytes of an image, where bytes of mapped files lie.
fn aligned(bytes: &[u8]) -> Vec<u64> {
    bytes.as_chunks().0.iter().map(|&word| u64::from_ne_bytes(word)).collect()
}

/// An image as words, of which length and checksum are put right, however the others were changed.
fn sealed(mut words: Vec<u64>) -> Vec<u64> {
    const MAGIC: u64 = u64::from_le_bytes(*b"\x89PENNY\r\n");
    words[2] = (words.len() as u64).to_le();
    let mix =
        |sum: u64, word: u64| (sum ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    let rest = words[..3].iter().chain(&words[4..]);
    words[3] = rest.fold(MAGIC, |sum, &word| mix(sum, u64::from_le(word))).to_le();
    words
}

fn sum<V: Element>(values: &[V]) -> i128 {
    let integers = values.iter().filter_map(|value| value.integer());
    integers.map(|value| value.to_string().parse::<i128>().unwrap()).sum()
}

/// Compares everything that is read of an array with the values.
fn check<V: Element>(values: &[V]) {
    let array = BlockArray::from(values);
    array.check_invariants();
    read(&array, values);
    let bytes = array.to_bytes();
    assert_eq!(BlockArray::<V>::from_bytes(&bytes).unwrap(), array);
    let words = aligned(&bytes);
    let open = BlockArray::<V, &[u64]>::open(bytemuck::cast_slice::<_, u8>(&words)).unwrap();
    open.check_invariants();
    assert_eq!(open.heap_bytes(), 0);
    read(&open, values);
    assert_eq!((open.encoding(), open.outliers()), (array.encoding(), array.outliers()));
    assert_eq!(array.clone(), open);
}

fn read<V: Element, W: pennyweight::array::Words>(array: &BlockArray<V, W>, values: &[V]) {
    assert_eq!((array.len(), array.is_empty()), (values.len(), values.is_empty()));
    for (index, &value) in values.iter().enumerate() {
        assert_eq!((array.get(index), array.value(index)), (Some(value), value), "at {index}");
    }
    assert_eq!((array.get(values.len()), array.get(usize::MAX)), (None, None));
    assert_eq!((array.first(), array.last()), (values.first().copied(), values.last().copied()));
    assert_eq!(array.to_vec(), values);
    assert!(array.iter().eq(values.iter().copied()));
    assert!(array.iter().rev().eq(values.iter().copied().rev()));
    let integers = || values.iter().filter_map(|value| value.integer());
    assert_eq!((array.min(), array.max()), (integers().min(), integers().max()));
    assert_eq!(array.null_count(), values.len() - integers().count());
    assert_eq!(array.sum(), sum(values));
    let mut blocks = Vec::new();
    array.for_each_block(|block| {
        assert!((1..=256).contains(&block.len()));
        blocks.extend_from_slice(block);
    });
    assert_eq!(blocks, values);
}

/// Reads parts of an array in every way.
fn check_parts<V: Element>(values: &[V], mut cuts: [usize; 2]) {
    cuts.sort_unstable();
    let ([start, end], array) = (cuts, BlockArray::from(values));
    let part = &values[start..end];
    let mut copy = part.to_vec();
    copy.fill(V::default());
    array.copy_to_slice(start, &mut copy);
    assert_eq!(copy, part);

    let mut iter = array.iter();
    if start > 0 {
        assert_eq!(iter.nth(start - 1), Some(values[start - 1]));
    }
    if end < values.len() {
        assert_eq!(iter.nth_back(values.len() - end - 1), Some(values[end]));
    }
    assert_eq!((iter.len(), iter.clone().count()), (part.len(), part.len()));
    let folded = iter.clone().fold(Vec::new(), |mut folded, value| {
        folded.push(value);
        folded
    });
    assert_eq!(folded, part);
    // From both ends in turn.
    let (mut front, mut back) = (Vec::new(), Vec::new());
    while let Some(value) = iter.next() {
        front.push(value);
        back.extend(iter.next_back());
    }
    front.extend(back.into_iter().rev());
    assert_eq!(front, part);
    assert_eq!((iter.next(), iter.next_back()), (None, None));
}

macro_rules! models {
    ($($int:ident)*) => {$(
        mod $int {
            use super::*;

            proptest! {
                #![proptest_config(ProptestConfig::with_cases(24))]

                #[test]
                fn integers_read_like_a_vec(seeds in seeds(), cuts in any::<[prop::sample::Index; 2]>()) {
                    let values: Vec<$int> = seeds.iter().map(|&seed| seed as $int).collect();
                    check(&values);
                    check_parts(&values, cuts.map(|cut| cut.index(values.len() + 1)));
                }

                #[test]
                fn nulls_read_like_a_vec(
                    seeds in seeds(),
                    often in 1..200_u64,
                    cuts in any::<[prop::sample::Index; 2]>(),
                ) {
                    let null = |seed: u64, i: usize| (seed ^ i as u64 * 0x9e37).is_multiple_of(often);
                    let values = seeds.iter().enumerate();
                    let values: Vec<Option<$int>> =
                        values.map(|(i, &seed)| (!null(seed, i)).then_some(seed as $int)).collect();
                    check(&values);
                    check_parts(&values, cuts.map(|cut| cut.index(values.len() + 1)));
                }

                #[test]
                fn a_changed_image_is_an_error_or_another_array(
                    seeds in seeds(),
                    changes in vec((any::<prop::sample::Index>(), any::<u64>(), 0..64_u32), 1..4),
                    cut in any::<prop::sample::Index>(),
                ) {
                    let values: Vec<Option<$int>> =
                        seeds.iter().map(|&seed| (seed % 5 != 0).then_some(seed as $int)).collect();
                    forge::<Option<$int>>(&BlockArray::from(&values[..]).to_bytes(), &changes, cut);
                    let values: Vec<$int> = values.into_iter().flatten().collect();
                    forge::<$int>(&BlockArray::from(&values[..]).to_bytes(), &changes, cut);
                }
            }
        }
    )*};
}

models!(i8 i16 i32 i64 u8 u16 u32 u64);

/// Changes an image and puts its checksum right: what is then read holds together, or is refused.
fn forge<V: Element>(
    bytes: &[u8],
    changes: &[(prop::sample::Index, u64, u32)],
    cut: prop::sample::Index,
) {
    let words = aligned(bytes);
    let open = |words: &[u64]| {
        let bytes = bytemuck::cast_slice::<u64, u8>(words);
        let copy = BlockArray::<V>::from_bytes(bytes);
        match BlockArray::<V, &[u64]>::open(bytes) {
            Ok(open) => {
                open.check_invariants();
                let copy = copy.unwrap();
                assert_eq!((copy.len(), copy.encoding()), (open.len(), open.encoding()));
                // Equal values without bits may be more than can be read.
                if open.len() < 10_000 {
                    assert_eq!(copy, open);
                    read(&open, &open.to_vec());
                }
            }
            Err(error) => assert_eq!(copy.unwrap_err(), error),
        }
    };
    let mut words_changed = words.clone();
    for (at, bits, bit) in changes {
        let at = 4 + at.index(words.len() - 4);
        // One bit of a word, all of them, and as they were, but shorter.
        let mut flipped = words.clone();
        flipped[at] ^= 1 << bit;
        let bytes = bytemuck::cast_slice::<u64, u8>(&flipped);
        assert_eq!(BlockArray::<V>::from_bytes(bytes).unwrap_err(), ImageError::Checksum);
        open(&sealed(flipped));
        words_changed[at] ^= bits;
    }
    open(&sealed(words_changed));
    let cut = 4 + cut.index(words.len() - 4);
    open(&sealed(words[..cut].to_vec()));
    open(&sealed([&words[..cut], &[0, 1], &words[cut..]].concat()));
    assert!(BlockArray::<V>::from_bytes(&bytes[..cut * 8]).is_err());
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
    let len = image_of(&values, |_| ()).len();
    for at in 10..len {
        for bit in 0..64 {
            let words = image_of(&values, |words| words[at] ^= u64::to_le(1 << bit));
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
fn the_ends_of_every_type_share_an_array() {
    macro_rules! ends {
        ($($int:ident)*) => {$(
            let (low, high) = ($int::MIN, $int::MAX);
            check(&[low, high, 0, low, high]);
            check(&[Some(low), None, Some(high), None]);
            check(&[None::<$int>; 1500]);
            check(&[high; 1500]);
            check::<$int>(&[]);
            let far: Vec<_> = (0..2500).map(|i| [low, high, 1, 2, 3][(i * i + i / 7) % 5]).collect();
            check(&far);
        )*};
    }
    ends!(i8 i16 i32 i64 u8 u16 u32 u64);
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
fn places_behind_the_end_panic_with_the_length() {
    let array: BlockArray<u8> = [1, 2, 3].into();
    let message = |f: &dyn Fn()| {
        let panic = catch_unwind(AssertUnwindSafe(f)).expect_err("a panic");
        panic.downcast::<String>().map(|message| *message).unwrap()
    };
    let value = message(&|| assert_eq!(array.value(3), 0));
    assert_eq!(value, "index out of bounds: the len is 3 but the index is 3");
    let copy = message(&|| array.copy_to_slice(2, &mut [0; 2]));
    assert_eq!(copy, "range end index 4 out of range for an array of length 3");
    array.copy_to_slice(3, &mut []);
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
