//! Sorted arrays against sorted vectors: what they read, find, take and refuse.

use pennyweight::array::{Column, Encoding, ImageError, Int, SortedArray, SortedError};
use pennyweight_baseline::image::{aligned, sealed};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::ops::Bound;

/// Sorted values in clusters, runs and gaps, each a multiple of something above some base.
fn sorted() -> impl Strategy<Value = Vec<i64>> {
    let gap = prop_oneof![
        4 => 0..3_u64,
        4 => 0..200_u64,
        1 => Just(0),
        1 => 0..100_000_000_u64,
    ];
    let steps = vec((gap, 1..40_usize), 0..80);
    (steps, 1..5000_i64, any::<i32>()).prop_map(|(steps, scale, base)| {
        let mut number = 0;
        let gaps = steps.into_iter().flat_map(|(gap, times)| std::iter::repeat_n(gap, times));
        gaps.map(|gap| {
            number += gap as i64;
            i64::from(base) + scale * number
        })
        .collect()
    })
}

fn sort<T: Ord>(mut values: Vec<T>) -> Vec<T> {
    values.sort_unstable();
    values
}

/// Compares all that can be read with a slice.
fn check_reads<T: Int + Into<i128>>(array: &SortedArray<T>, values: &[T]) {
    array.check_invariants();
    assert_eq!((array.len(), array.is_empty()), (values.len(), values.is_empty()));
    assert_eq!((array.first(), array.last()), (values.first().copied(), values.last().copied()));
    assert_eq!((array.min(), array.max()), (array.first(), array.last()));
    assert_eq!(array.get(values.len()), None);
    assert_eq!(array.get(usize::MAX), None);
    for (index, &value) in values.iter().enumerate() {
        assert_eq!((array.get(index), array.value(index)), (Some(value), value));
    }
    assert_eq!(array.to_vec(), values);
    assert!(array.iter().eq(values.iter().copied()));
    assert!(array.iter().rev().eq(values.iter().rev().copied()));
    let mut read = Vec::new();
    array.for_each_block(|block| {
        assert!(block.len() <= 256);
        read.extend_from_slice(block);
    });
    assert_eq!(read, values);
    assert_eq!(array.iter().fold(0, |count, _| count + 1), values.len());
    assert_eq!(array.sum(), values.iter().map(|&value| value.into()).sum::<i128>());
    assert_eq!(*array, values.to_vec());
    assert_eq!(array.clone(), *array);
    assert_eq!(format!("{array:?}"), format!("{values:?}"));
}

/// Compares all that can be found with a slice.
fn check_searches<T: Int>(array: &SortedArray<T>, values: &[T], value: T) {
    let (below, up_to) =
        (values.partition_point(|&v| v < value), values.partition_point(|&v| v <= value));
    assert_eq!(array.rank(value), below);
    assert_eq!(array.successor(value), values.get(below).map(|&found| (below, found)));
    let predecessor = up_to.checked_sub(1).map(|index| (index, values[index]));
    assert_eq!(array.predecessor(value), predecessor);
    let found = if below < up_to { Ok(below) } else { Err(below) };
    assert_eq!(array.binary_search(&value), found);
    assert_eq!(array.binary_search(&value).is_ok(), values.binary_search(&value).is_ok());
    assert_eq!((array.contains(value), array.position(value)), (found.is_ok(), found.ok()));
    assert_eq!(array.count(value), up_to - below);
    assert_eq!(array.range(value..), below..values.len());
    assert_eq!(array.range(..value), 0..below);
    assert_eq!(array.range(..=value), 0..up_to);
    assert_eq!(array.range(value..=value), below..up_to);
    let behind = (Bound::Excluded(value), Bound::Unbounded);
    assert_eq!(array.range(behind), up_to..values.len());
}

/// The values and what lies next to them.
fn near<T: Int>(values: &[T], next: impl Fn(T) -> [T; 3]) -> Vec<T> {
    let ends = [T::MIN, T::MAX, T::default()];
    values.iter().flat_map(|&value| next(value)).chain(ends).collect()
}

macro_rules! check {
    ($values:expr) => {
        let values = $values;
        let array = SortedArray::try_from_sorted(&values).unwrap();
        check_reads(&array, &values);
        for value in near(&values, |v| [v.saturating_sub(1), v, v.saturating_add(1)]) {
            check_searches(&array, &values, value);
        }
    };
}

proptest! {
    #[test]
    fn sorted_values_are_read_and_found(values in sorted()) {
        check!(values);
    }

    #[test]
    fn any_values_are_read_and_found(
        bytes in vec(any::<i8>(), 0..600),
        shorts in vec(any::<u16>(), 0..600),
        signed in vec(any::<i64>(), 0..100),
        unsigned in vec(any::<u64>(), 0..100),
    ) {
        check!(sort(bytes));
        check!(sort(shorts));
        check!(sort(signed));
        check!(sort(unsigned));
    }

    #[test]
    fn parts_are_copied_and_gathered(values in sorted(), parts in vec(any::<[prop::sample::Index; 2]>(), 1..9)) {
        prop_assume!(!values.is_empty());
        let array = SortedArray::from_sorted(&values);
        for part in parts {
            let [start, end] = part.map(|index| index.index(values.len() + 1));
            let (start, end) = (start.min(end), start.max(end));
            let mut copy = vec![0; end - start];
            array.copy_to_slice(start, &mut copy);
            prop_assert_eq!(&copy, &values[start..end]);
            let indices: Vec<_> = (start..end).rev().collect();
            array.gather(&indices, &mut copy);
            prop_assert!(copy.iter().eq(values[start..end].iter().rev()));
        }
    }

    #[test]
    fn iterators_meet_in_the_middle(values in sorted(), turns in vec((0..6_u8, 0..400_usize), 0..60)) {
        let array = SortedArray::from_sorted(&values);
        let (mut iter, mut expected) = (array.iter(), values.iter().copied());
        for (turn, n) in turns {
            match turn {
                0 | 1 => prop_assert_eq!(iter.next(), expected.next()),
                2 | 3 => prop_assert_eq!(iter.next_back(), expected.next_back()),
                4 => prop_assert_eq!(iter.nth(n), expected.nth(n)),
                _ => prop_assert_eq!(iter.nth_back(n), expected.nth_back(n)),
            }
            prop_assert_eq!(iter.len(), expected.len());
            prop_assert_eq!(iter.size_hint(), expected.size_hint());
            prop_assert_eq!(iter.clone().last(), expected.clone().last());
            let mut rest = Vec::new();
            iter.clone().for_each(|value| rest.push(value));
            prop_assert!(rest.into_iter().eq(expected.clone()));
        }
    }

    #[test]
    fn the_first_value_that_falls_is_named(mut values in vec(-100..100_i16, 2..100)) {
        let falls = values.windows(2).position(|pair| pair[0] > pair[1]);
        let expected = falls.map(|at| SortedError::Unsorted { index: at + 1, before: values[at], value: values[at + 1] });
        prop_assert_eq!(SortedArray::try_from_sorted(&values).err(), expected);
        values.sort_unstable();
        prop_assert!(SortedArray::try_from(&values[..]).is_ok());
    }

    #[test]
    fn images_come_back(values in sorted()) {
        let array = SortedArray::from_sorted(&values);
        let bytes = array.to_bytes();
        let copy = SortedArray::<i64>::from_bytes(&bytes).unwrap();
        check_reads(&copy, &values);
        let words = aligned(&bytes);
        let open = SortedArray::<i64, &[u64]>::open(as_bytes(&words)).unwrap();
        open.check_invariants();
        prop_assert_eq!(&open, &array);
        prop_assert_eq!((open.heap_bytes(), open.sum()), (0, array.sum()));
        let value = values.get(values.len() / 2).copied().unwrap_or(7);
        prop_assert_eq!(open.successor(value), array.successor(value));
        #[cfg(feature = "std")]
        prop_assert_eq!(SortedArray::<i64>::read_from(&bytes[..]).unwrap(), array);
    }

    #[test]
    fn forged_images_are_refused_or_valid(
        values in sorted(),
        changes in vec((any::<prop::sample::Index>(), prop_oneof![
            (0..64_u32).prop_map(Change::Flip),
            any::<u64>().prop_map(Change::Set),
            (0..64_u64).prop_map(Change::Set),
            Just(Change::Set(u64::MAX)),
            Just(Change::Set(i64::MAX as u64)),
            (1..9_u64).prop_map(Change::Add),
        ]), 1..4),
    ) {
        let mut image = aligned(&SortedArray::from_sorted(&values).to_bytes());
        for (at, change) in changes {
            // Fields and payload.
            let word = 4 + at.index(image.len() - 4);
            image[word] = change.apply(image[word]);
        }
        check_forged(image);
    }

    #[test]
    fn forged_fields_are_refused_or_valid(
        values in sorted(),
        field in 0..5_usize,
        change in prop_oneof![
            any::<u64>().prop_map(Change::Set),
            (0..66_u64).prop_map(Change::Set),
            (0..64_u32).prop_map(Change::Flip),
        ],
    ) {
        let mut image = aligned(&SortedArray::from_sorted(&values).to_bytes());
        image[4 + field] = change.apply(image[4 + field]);
        check_forged(image);
    }
}

/// A change of a word.
#[derive(Clone, Copy, Debug)]
enum Change {
    Flip(u32),
    Set(u64),
    Add(u64),
}

impl Change {
    fn apply(self, word: u64) -> u64 {
        match self {
            Self::Flip(bit) => word ^ 1 << bit,
            Self::Set(to) => to,
            Self::Add(more) => word.wrapping_add(more),
        }
    }
}

/// Opens an image that has been changed, and reads it if that goes well.
fn check_forged(image: Vec<u64>) {
    let image = sealed(image);
    if let Ok(array) = SortedArray::<i64>::from_bytes(as_bytes(&image)) {
        // Equal values take no bits: any number of them may be claimed.
        if array.len() > 1 << 20 {
            assert_eq!((array.first(), array.get(1 << 20)), (array.last(), array.last()));
            return;
        }
        let values = array.to_vec();
        assert!(values.is_sorted());
        check_reads(&array, &values);
        for &value in values.iter().step_by(17) {
            check_searches(&array, &values, value);
        }
    }
}

fn as_bytes(words: &[u64]) -> &[u8] {
    bytemuck::cast_slice(words)
}

/// Departures to the minute.
fn departures(len: i64) -> Vec<i64> {
    (0..len).map(|i| 1_357_016_400 + 60 * (i * 3 / 2)).collect()
}

#[test]
fn an_image_that_is_sealed_anew_is_the_same() {
    let bytes = SortedArray::from_sorted(&departures(3000)).to_bytes();
    assert_eq!(as_bytes(&sealed(aligned(&bytes))), bytes);
}

#[test]
fn every_changed_byte_and_every_shorter_image_is_refused() {
    let bytes = SortedArray::from_sorted(&departures(1500)).to_bytes();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        assert!(SortedArray::<i64>::from_bytes(&changed).is_err(), "byte {at}");
        let error = SortedArray::<i64>::from_bytes(&bytes[..at]).unwrap_err();
        let length = matches!(error, ImageError::Length { .. } | ImageError::NoImage);
        assert!(length, "{error} at {at}");
    }
    let mut image = aligned(&bytes);
    while image.len() > 4 {
        image.pop();
        image = sealed(image);
        assert!(SortedArray::<i64>::from_bytes(as_bytes(&image)).is_err());
    }
}

#[test]
fn every_bit_of_the_payload_counts() {
    let bytes = SortedArray::from_sorted(&departures(1500)).to_bytes();
    let image = aligned(&bytes);
    let original = SortedArray::<i64>::from_bytes(&bytes).unwrap();
    // Only the low bits may be others without breaking what the rest says, where the values stay in order.
    for bit in 64 * 9..64 * image.len() {
        let mut forged = image.clone();
        forged[bit / 64] ^= 1 << (bit % 64);
        let forged = sealed(forged);
        if let Ok(array) = SortedArray::<i64>::from_bytes(as_bytes(&forged)) {
            array.check_invariants();
            assert!(array.to_vec().is_sorted() && array != original);
        }
        check_forged(forged);
    }
}

#[test]
fn what_is_wrong_with_a_forged_image_is_said() {
    // Fields: base, scale, length, last number, width.
    let image = aligned(&SortedArray::from_sorted(&departures(1500)).to_bytes());
    let error = |word: usize, to: u64| {
        let mut forged = image.clone();
        forged[word] = to;
        SortedArray::<i64>::from_bytes(as_bytes(&sealed(forged))).unwrap_err()
    };
    assert_eq!(error(5, 0), ImageError::Invalid("its scale is zero"));
    assert_eq!(error(6, u64::MAX), ImageError::Invalid("its bits cannot be counted"));
    assert_eq!(error(8, 64), ImageError::Invalid("its bits cannot be counted"));
    assert_eq!(error(5, u64::MAX), ImageError::Invalid("a number is too large for the type"));
    assert_eq!(error(7, 2246), ImageError::Invalid("a known position is another"));
    assert_eq!(error(9, 1), ImageError::Invalid("a known position is another"));
    assert_eq!(error(10, 1), ImageError::Invalid("the padding is not zero"));
}

#[test]
fn the_extremes_of_the_types_are_values() {
    check!([i64::MIN, i64::MIN, -1, 0, 1, i64::MAX, i64::MAX]);
    check!([0, 1, u64::MAX - 1, u64::MAX]);
    check!([i64::MIN, i64::MAX]);
    check!([u64::MAX; 3]);
    check!([i8::MIN, i8::MAX]);
    check!((0..=u8::MAX).collect::<Vec<_>>());
    check!([i64::MAX]);
    check!(<[u32; 0]>::default());
    let powers: Vec<u64> = (0..64).map(|bit| 1 << bit).collect();
    check!(powers);
}

#[test]
fn long_runs_and_wide_gaps_are_read_and_found() {
    // 5,000 equal values, a gap as long as the array, and 5,000 more: half of the bits are one run of zeros.
    let mut values = vec![0_i64; 5000];
    values.extend((0..5000).map(|i| 20_000 + i % 2));
    values.sort_unstable();
    let array = SortedArray::from_sorted(&values);
    check_reads(&array, &values);
    for value in [-1, 0, 1, 10_000, 19_999, 20_000, 20_001, 20_002] {
        check_searches(&array, &values, value);
    }
    let values: Vec<i64> = (0..100_000).map(|i| i / 3000 * 1_000_000 + i % 3000).collect();
    let array = SortedArray::from_sorted(&values);
    check_reads(&array, &values);
    for &value in values.iter().step_by(97) {
        check_searches(&array, &values, value);
        check_searches(&array, &values, value + 500_000);
    }
}

#[test]
fn equal_arrays_are_equal_and_hash_alike_however_they_lie() {
    let values = departures(2000);
    let array = SortedArray::from_sorted(&values);
    let words = aligned(&array.to_bytes());
    let open = SortedArray::<i64, &[u64]>::open(as_bytes(&words)).unwrap();
    let hash = |value: &dyn Fn(&mut DefaultHasher)| {
        let mut hasher = DefaultHasher::new();
        value(&mut hasher);
        hasher.finish()
    };
    assert_eq!(array, open);
    assert_eq!(hash(&|hasher| array.hash(hasher)), hash(&|hasher| open.hash(hasher)));
    assert_ne!(array, SortedArray::from_sorted(&values[1..]));
    let copy = open;
    assert_eq!(copy, open);
}

#[test]
fn a_sorted_array_is_a_column() {
    fn last(column: &impl Column<Item = i64>) -> Option<i64> {
        column.iter().next_back()
    }
    let array = SortedArray::from_sorted(&departures(1000));
    assert_eq!(last(&array), array.max());
    let Encoding::Sorted { mean_width, low_width: 0, base: 1_357_016_400, scale: 60 } =
        array.encoding()
    else {
        panic!("{}", array.encoding())
    };
    assert_eq!(mean_width, array.heap_bytes() as f64 * 8.0 / 1000.0);
    let text = array.encoding().to_string();
    assert_eq!(text, "2.69 bits a value, sorted, 0 of them low: 1357016400 + 60 * number");
}

#[test]
fn sums_wrap_to_the_type_on_request() {
    let array = SortedArray::from_sorted(&[u64::MAX - 1, u64::MAX, u64::MAX]);
    assert_eq!(array.sum(), 3 * i128::from(u64::MAX) - 1);
    assert_eq!(array.wrapping_sum(), u64::MAX - 3);
    assert_eq!(SortedArray::<i32>::default().sum(), 0);
}

#[test]
fn a_range_of_values_that_is_empty_has_no_indices() {
    let array = SortedArray::from_sorted(&[10, 20, 30]);
    assert_eq!(array.range(15..15), 1..1);
    assert_eq!(array.range(std::ops::Range { start: 25, end: 5 }), 2..2);
    assert_eq!(array.range(..), 0..3);
}

#[test]
fn collecting_sorts() {
    let array: SortedArray<i8> = [3, -1, 2, -1].into_iter().collect();
    array.check_invariants();
    assert_eq!(array, [-1, -1, 2, 3]);
    assert_eq!(
        SortedArray::try_from(vec![3, -1]).unwrap_err(),
        SortedError::Unsorted { index: 1, before: 3, value: -1 }
    );
    assert_eq!(
        SortedArray::try_from([-1, 3]).unwrap(),
        SortedArray::try_from(&vec![-1, 3]).unwrap()
    );
}

#[test]
#[should_panic(expected = "the values are not sorted: 2 comes before 1 at index 3")]
fn values_that_are_not_sorted_panic() {
    SortedArray::from_sorted(&[0, 1, 2, 1]);
}

#[test]
#[should_panic(expected = "index out of bounds: the len is 3 but the index is 3")]
fn an_index_out_of_range_panics() {
    SortedArray::from_sorted(&[0, 1, 2]).value(3);
}

#[test]
#[should_panic(expected = "range end index 4 out of range for length 3")]
fn a_slice_that_is_too_long_panics() {
    SortedArray::from_sorted(&[0, 1, 2]).copy_to_slice(2, &mut [0; 2]);
}

#[cfg(feature = "std")]
mod memory {
    use super::*;
    use pennyweight::profile::measure;
    use pennyweight::size::{HeapSize, deep_size};

    /// The formula of the docs.
    fn bytes(len: u64, last: u64, low: u32) -> u64 {
        let padded = |bits: u64| if bits == 0 { 0 } else { 8 * bits.div_ceil(64) + 8 };
        let zeros = last >> low;
        let high = len + zeros;
        let samples = (len - 1) / 512 + zeros.saturating_sub(1) / 1024;
        let sample_width = u64::from(u64::BITS - high.leading_zeros());
        padded(len * u64::from(low)) + padded(samples * sample_width) + 8 * high.div_ceil(64)
    }

    #[test]
    fn a_slice_is_packed_by_one_allocation_of_the_fewest_bytes() {
        for len in [1, 2, 100, 512, 513, 1025, 5000, 40_000_u64] {
            for gap in [1, 2, 3, 10, 1000, 1 << 40] {
                // The first two differ by one, so that there is no common divisor.
                let number = |i: u64| if i == 0 { 0 } else { i * gap - (gap - 1) };
                let values: Vec<u64> = (0..len).map(|i| 77 + number(i)).collect();
                let (array, stats) = measure(|| SortedArray::from_sorted(&values));
                let last = number(len - 1);
                let least = (0..64)
                    .filter(|low| last >> low < 1 << 48)
                    .map(|low| bytes(len, last, low))
                    .min();
                let expected = if last == 0 { Some(0) } else { least };
                assert_eq!(Some(array.heap_bytes() as u64), expected, "{len} numbers, gaps {gap}");
                assert_eq!(array.heap_bytes() as i64, stats.current);
                assert_eq!((stats.peak, stats.reallocations), (stats.current, 0));
                assert_eq!(stats.allocations, u64::from(last > 0));
                assert_eq!(HeapSize::heap_bytes(&array), array.heap_bytes());
                assert!(deep_size(&array).is_exact());
            }
        }
    }

    #[test]
    fn the_directory_takes_few_bits() {
        let array = SortedArray::from_sorted(&departures(1_000_000));
        // 1.5 zeros for each one: 2.5 bits a value, and 3 % of it for the directory.
        assert_eq!(array.heap_bytes(), 321_912);
        let equal = SortedArray::from_sorted(&[2013_i64; 27_004]);
        assert_eq!(equal.heap_bytes(), 0);
        assert_eq!(size_of::<SortedArray<i64>>(), 72);
    }
}
