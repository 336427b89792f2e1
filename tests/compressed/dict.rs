//! Few distinct integers and nulls, against a `Vec` of them: every type, codes, counts, images, and forged ones.

use crate::model::sum;
use pennyweight::array::{Column, DictArray, Encoding};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What values are made of: some that come again and again, near one another or far apart.
fn seeds() -> BoxedStrategy<Vec<u64>> {
    let step = prop_oneof![Just(1_u64), Just(3600), any::<u64>()];
    let pool = (any::<u64>(), step, 0..400_u64);
    let pool = pool.prop_map(|(base, step, count)| {
        (0..=count).map(|i| base.wrapping_add(step.wrapping_mul(i * i % 401))).collect::<Vec<_>>()
    });
    (pool, vec(any::<Index>(), 0..1500))
        .prop_map(|(pool, places)| places.iter().map(|place| *place.get(&pool)).collect())
        .boxed()
}

model!(DictArray: i8 i16 i32 i64 u8 u16 u32 u64);

/// Compares what the dictionary tells with a map of the values.
fn check_own<V: Element, W: Words>(array: &DictArray<V, W>, values: &[V]) {
    // Null is before all integers.
    let mut counts = BTreeMap::new();
    for (index, &value) in values.iter().enumerate() {
        counts.entry(value.integer()).or_insert((value, 0, index)).1 += 1;
    }
    let expected: Vec<_> = counts.values().map(|&(value, count, _)| (value, count)).collect();
    assert_eq!(array.value_counts(), expected);
    let distinct: Vec<_> = counts.keys().flatten().copied().collect();
    assert_eq!(array.dictionary(), distinct);
    assert_eq!(array.distinct(), distinct.len());
    assert_eq!(array.width(), usize::BITS - counts.len().saturating_sub(1).leading_zeros());
    let codes = array.codes();
    assert_eq!((codes.len(), codes.width()), (values.len(), array.width()));
    for (code, &(value, count, first)) in counts.values().enumerate() {
        let code = code as u32;
        assert_eq!((array.code(value), array.value_of(code)), (Some(code), value));
        assert_eq!(codes.get(first), Some(code));
        if code % 16 == 3 || code < 2 {
            assert_eq!((array.count(value), array.position(value)), (count, Some(first)));
        }
    }
    let decoded = codes.iter().map(|code| array.value_of(code));
    assert!(decoded.eq(values.iter().copied()));
    let sum = codes.iter().map(i128::from).sum::<i128>();
    assert_eq!(codes.sum(), sum);
}

/// The image of values, with some change to its words.
fn image_of<V: Element>(values: &[V], change: impl FnOnce(&mut Vec<u64>)) -> Vec<u64> {
    let mut words = aligned(&DictArray::from(values).to_bytes());
    change(&mut words);
    sealed(words)
}

fn error_of<V: Element>(words: &[u64]) -> ImageError {
    DictArray::<V, &[u64]>::open(bytemuck::cast_slice::<_, u8>(words)).unwrap_err()
}

#[test]
fn fields_that_cannot_be_are_refused() {
    let values: Vec<i64> = (0..3000).map(|i| i * i % 701 * 60).collect();
    // Behind the header: base, scale, length, distinct values, bits of an entry, nulls.
    for field in 4..10 {
        for value in [0, 1, 8, 16, 32, 63, 64, 65, 1 << 31, 1 << 32, u64::MAX / 64, u64::MAX] {
            let words = image_of(&values, |words| words[field] = u64::to_le(value));
            let opened = DictArray::<i64, &[u64]>::open(bytemuck::cast_slice::<_, u8>(&words[..]));
            if let Ok(open) = opened {
                open.check_invariants();
                assert!(field < 6 || open == values, "field {field}");
                read(&open, &open.to_vec());
            }
        }
    }
}

#[test]
fn an_image_of_more_equal_values_than_can_be_looked_at_is_read() {
    for nulls in [false, true] {
        let value = (!nulls).then_some(7_i64);
        let words = image_of(&[value, value], |words| words[6] = (1_u64 << 62).to_le());
        let bytes = bytemuck::cast_slice::<_, u8>(&words[..]);
        let open = DictArray::<Option<i64>, &[u64]>::open(bytes).unwrap();
        open.check_invariants();
        assert_eq!((open.len(), open.value_counts()), (1 << 62, vec![(value, 1 << 62)]));
        assert_eq!(
            (open.sum(), open.get((1 << 62) - 1)),
            (if nulls { 0 } else { 7 << 62 }, Some(value))
        );
        assert_eq!((open.null_count() > 0, open.position(value)), (nulls, Some(0)));
        // None at all of no codes.
        let words = image_of(&[value], |words| (words[7], words[9]) = (0, 0));
        assert_eq!(error_of::<Option<i64>>(&words), ImageError::Invalid("its shape cannot be"));
    }
}

#[test]
fn an_image_with_any_bit_changed_is_another_array_or_none() {
    let values: Vec<Option<i32>> = (0..300).map(|i| (i % 9 != 4).then_some(i * i % 37)).collect();
    let len = image_of(&values, |_| ()).len();
    let mut others = 0;
    for at in 4..len {
        for bit in 0..64 {
            let words = image_of(&values, |words| words[at] ^= u64::to_le(1 << bit));
            let bytes = bytemuck::cast_slice::<_, u8>(&words[..]);
            if let Ok(open) = DictArray::<Option<i32>, &[u64]>::open(bytes) {
                open.check_invariants();
                assert!(open.iter().ne(values.iter().copied()), "word {at}, bit {bit}");
                others += 1;
            }
        }
    }
    // Codes for codes, and other bases and scales.
    assert!(others > 300);
}

#[test]
fn what_is_wrong_with_an_image_is_named() {
    let invalid = |what| ImageError::Invalid(what);
    // Five values of 16 bits, codes of 3: entries in words 10 and 11, padding, and codes from word 13 on.
    let values: Vec<u16> = (0..100).map(|i| i % 5 * 1000 + i % 5 % 2).collect();
    let of = |change: &dyn Fn(&mut Vec<u64>)| error_of::<u16>(&image_of(&values, change));
    let with = |at: usize, word: u64| of(&|words| words[at] = word.to_le());
    assert_eq!(with(6, 4), invalid("its shape cannot be"));
    assert_eq!(with(7, 101), invalid("its shape cannot be"));
    assert_eq!(with(8, 12), invalid("its shape cannot be"));
    assert_eq!(with(9, 2), invalid("its shape cannot be"));
    assert_eq!(with(6, u64::MAX / 2), invalid("its bits cannot be counted"));
    assert_eq!(with(6, 1 << 40), invalid("a section ends behind the image"));
    assert_eq!(with(10, 1), invalid("the entries do not rise from zero"));
    assert_eq!(with(11, 5), invalid("the entries do not rise from zero"));
    assert_eq!(with(12, 1), invalid("a bit behind the last code is set"));
    assert_eq!(with(13, u64::MAX), invalid("a code stands for no entry"));
    let empty = |words: &mut Vec<u64>| words[13..].fill(0);
    assert_eq!(of(&empty), invalid("an entry has no code"));
    // A base, a scale and nulls that the type does not have.
    assert_eq!(with(4, 65_000), invalid("a number is too large for the type, or null"));
    assert_eq!(with(5, 60), invalid("a number is too large for the type, or null"));
    assert_eq!(with(5, 0), invalid("its scale is zero"));
    assert_eq!(with(4, 70_000), invalid("its base is too large"));
    let nulls: Vec<Option<u16>> =
        values.iter().map(|&value| Some(value).filter(|&v| v > 0)).collect();
    let mut words = image_of(&nulls, |_| ());
    words[1] ^= u64::to_le(1 << 40);
    assert_eq!(
        error_of::<u16>(&sealed(words)),
        invalid("a number is too large for the type, or null")
    );
}

#[test]
fn types_do_not_mix() {
    let bytes = DictArray::from([1_i16, 2]).to_bytes();
    assert!(matches!(
        DictArray::<u16>::from_bytes(&bytes),
        Err(ImageError::Type { expected: (7, 6), found: (7, 2) })
    ));
    assert!(matches!(
        DictArray::<Option<i16>>::from_bytes(&bytes),
        Err(ImageError::Type { expected: (7, 0x102), .. })
    ));
}

#[test]
fn folds_begin_and_end_anywhere() {
    let values: Vec<_> =
        (0..1100_i64).map(|i| (i % 10 != 3).then(|| (i * i % 997) << 20)).collect();
    let edges = [0, 1, 17, 63, 64, 255, 256, 257, 511, 512, 513, 1000, 1023, 1024, 1099, 1100];
    for start in edges {
        for end in edges.into_iter().filter(|&end| start <= end) {
            check_parts(&values, [start, end]);
        }
    }
}

#[test]
fn many_distinct_values_of_every_size_read_back() {
    // Codes of up to 17 bits, with and without tables in registers.
    for (distinct, step) in [
        (1000_u64, 1_u64),
        (2100, 3),
        (4096, 1 << 8),
        (4097, 0x1_0001),
        (70_000, 1),
        (70_000, 0x0001_2345_6789_abcd),
    ] {
        let value = |i: u64| (i * 7919 % distinct).wrapping_mul(step);
        let values: Vec<u64> = (0..distinct * 3 + 5).map(value).collect();
        let array = DictArray::from(&values[..]);
        array.check_invariants();
        assert_eq!(array.distinct() as u64, distinct);
        assert!(array.iter().eq(values.iter().copied()));
        assert_eq!(array.sum(), sum(&values));
        let nulls: Vec<_> =
            values.iter().map(|&value| Some(value).filter(|v| v % 11 != 5)).collect();
        let array = DictArray::from(&nulls[..]);
        array.check_invariants();
        assert!(array.iter().eq(nulls.iter().copied()));
        assert_eq!(array.sum(), sum(&nulls));
    }
}

#[test]
fn what_is_not_held_has_no_code() {
    let array = DictArray::from([Some(762_i64), Some(1400), Some(229)]);
    for value in [None, Some(0), Some(228), Some(230), Some(1401), Some(i64::MIN), Some(i64::MAX)] {
        assert_eq!((array.code(value), array.count(value), array.position(value)), (None, 0, None));
    }
    let nulls = DictArray::from([None, Some(7_u8), None]);
    assert_eq!((nulls.code(None), nulls.code(Some(7)), nulls.count(None)), (Some(0), Some(1), 2));
    assert_eq!((nulls.value_of(0), nulls.position(Some(7))), (None, Some(1)));
    let empty = DictArray::<u8>::from([]);
    assert_eq!((empty.code(0), empty.distinct(), empty.value_counts()), (None, 0, vec![]));
    let panic = catch_unwind(|| DictArray::from([5_u8, 6]).value_of(2)).unwrap_err();
    let message = "no value has code 2: there are 2 codes";
    assert_eq!(*panic.downcast::<String>().unwrap(), message);
}

#[test]
fn a_fold_that_panics_leaves_the_array_readable() {
    let array: DictArray<u32> = (0..3000).map(|i| i % 2500).collect();
    let folded = catch_unwind(AssertUnwindSafe(|| {
        array.iter().fold(0, |sum, value| if value == 2000 { panic!("enough") } else { sum + 1 })
    }));
    assert_eq!(*folded.unwrap_err().downcast::<&str>().unwrap(), "enough");
    assert!(catch_unwind(AssertUnwindSafe(|| array.for_each_block(|_| panic!("enough")))).is_err());
    assert!(array.iter().eq((0..3000).map(|i| i % 2500)));
}

#[test]
fn a_dictionary_tells_its_encoding() {
    let days: DictArray<i32> = (0..10_240).map(|i| 700 * (i % 5) - 1400).collect();
    let encoding =
        Encoding::Dictionary { width: 3, distinct: 5, entry_width: 8, base: -1400, scale: 700 };
    assert_eq!(Column::encoding(&days), encoding);
    let text = "3 bits a value, codes of 5 values of 8 bits: -1400 + 700 * entry";
    assert_eq!(encoding.to_string(), text);
}

#[cfg(feature = "std")]
mod bytes {
    use pennyweight::array::{DictArray, Element};
    use pennyweight::profile::measure;
    use pennyweight::size::{HeapSize, deep_size};

    /// The bytes that are left of building an array, and the most that were needed beside the values.
    fn weigh<V: Element>(values: &[V]) -> (usize, usize) {
        let (array, stats) = measure(|| DictArray::from(values));
        assert_eq!(HeapSize::heap_bytes(&array) as i64, stats.current);
        assert!(deep_size(&array).is_exact());
        let working = (stats.peak - stats.current) as usize;
        let (copy, stats) = measure(|| array.clone());
        let (blocks, bytes) = (stats.allocations, stats.current);
        assert_eq!((blocks, bytes), ((bytes > 0).into(), copy.heap_bytes() as i64));
        (copy.heap_bytes(), working)
    }

    #[test]
    fn dictionaries_take_what_their_codes_and_entries_say() {
        // As many distinct distances of flights as a year has, and of their numbers.
        let distances: Vec<i64> = (0..27_004).map(|i| 80 + i * 7919 % 214 * 23).collect();
        // A step of 23 makes entries of 8 bits.
        let (bytes, working) = weigh(&distances);
        assert_eq!(bytes, 214_usize.div_ceil(8) * 8 + 8 + 27_008 + 8);
        assert!(working < 2048, "{working}");
        let numbers: Vec<i64> = (0..336_776).map(|i| i * 7919 % 3844 * 8500 / 3843).collect();
        let (bytes, working) = weigh(&numbers);
        assert_eq!(bytes, 3844 * 2 + 8 + (336_776_usize * 12).div_ceil(64) * 8 + 8);
        assert!(working < 34_000, "{working}");
        assert_eq!(bytes * 8 * 100 / numbers.len(), 1218); // 12.18 bits a value
    }

    #[test]
    fn one_value_takes_no_heap() {
        assert_eq!(weigh(&[5_u64; 1000]).0, 0);
        assert_eq!(weigh(&[None::<i8>; 1000]).0, 0);
        assert_eq!(weigh::<i64>(&[]).0, 0);
        // One value, and null: a bit each.
        let one: Vec<_> = (0..1000).map(|i| (i % 3 == 0).then_some(1_u64 << 60)).collect();
        assert_eq!(weigh(&one).0, 16 * 8 + 8);
    }

    #[test]
    fn entries_take_whole_lanes() {
        for (top, lane) in [(255, 8), (256, 16), (65_535, 16), (65_536, 32), (1 << 40, 64)] {
            let values = [0, 1, top, 1, 0_u64];
            assert_eq!(weigh(&values).0, (3_usize * lane).div_ceil(64) * 8 + 8 + 8 + 8, "{top}");
        }
    }

    #[test]
    fn building_takes_as_much_as_the_docs_say() {
        // Far apart: a hash map.
        let values: Vec<u64> = (0..100_000).map(|i| ((i % 5000) << 40) + i % 5000 * 3).collect();
        let (_, working) = weigh(&values);
        assert!(working <= 48 * 5000, "{working}");
        // Near: a bit for each number, and half of that again.
        let values: Vec<u64> = (0..100_000).map(|i| i * 7919 % 700_000).collect();
        let (_, working) = weigh(&values);
        assert!(working <= 2 * 100_000 + 8 * 100_000, "{working}");
    }

    #[test]
    fn inline_it_is_as_small_as_the_docs_say() {
        assert_eq!(size_of::<DictArray<i64>>(), 56);
        assert!(size_of::<DictArray<u8>>() <= 56);
    }
}
