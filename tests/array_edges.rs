//! Where arrays could break: extremes, every width, refused values, and what the types promise.

use pennyweight::array::{
    Array, BitArray, Column, Encoding, Int, IntArray, Iter, NullableIntArray, Ones, ReserveError,
    StoreError, StoreErrorCause,
};
use std::panic::{RefUnwindSafe, UnwindSafe, catch_unwind};

#[test]
fn every_width_from_0_to_64_is_reached_by_pushing() {
    for width in 0..=64 {
        let top = u64::MAX.checked_shr(64 - width).unwrap_or(0);
        let values: Vec<u64> = (0..600).map(|i| if i % 3 == 0 { top } else { i & top }).collect();
        let mut array = IntArray::new();
        for (index, &value) in values.iter().enumerate() {
            array.push(value);
            array.check_invariants();
            assert_eq!(array.value(index), value, "width {width}");
        }
        array.shrink_to_fit();
        assert_eq!((array.width(), &array), (width, &IntArray::from(&values[..])));
        assert!(array.iter().eq(values.iter().copied()), "width {width}");

        let mut nullable: NullableIntArray<u64> = values.iter().map(|&value| Some(value)).collect();
        assert_eq!(nullable.sum(), array.sum());
        if width < 64 {
            nullable.push(None);
            assert_eq!((nullable.null_count(), nullable.sum()), (1, array.sum()));
            assert!(nullable.iter().flatten().eq(values.iter().copied()), "width {width}");
        }
    }
}

#[test]
fn the_smallest_and_the_largest_values_share_an_array() {
    let values = [i64::MIN, i64::MAX, 0, -1, 1, i64::MIN, i64::MAX];
    let mut pushed = IntArray::new();
    values.iter().for_each(|&value| pushed.push(value));
    for array in [IntArray::from(values), pushed, values.into_iter().collect()] {
        array.check_invariants();
        assert_eq!(array, values[..]);
        assert_eq!((array.min(), array.max()), (Some(i64::MIN), Some(i64::MAX)));
        assert_eq!((array.width(), array.sum()), (64, -2));
    }
    // Two values need one bit, however far they lie apart.
    let ends = IntArray::from([i64::MIN, i64::MAX, i64::MIN]);
    assert_eq!((ends.width(), ends.to_vec()), (1, vec![i64::MIN, i64::MAX, i64::MIN]));
}

#[test]
fn sums_beyond_the_type_are_exact() {
    let array: IntArray<i64> = std::iter::repeat_n(i64::MIN, 1000).chain([i64::MAX]).collect();
    let exact = i128::from(i64::MIN) * 1000 + i128::from(i64::MAX);
    assert_eq!((array.sum(), array.wrapping_sum()), (exact, exact as i64));
    let mut equal = IntArray::new();
    equal.resize(isize::MAX as usize, u64::MAX);
    assert_eq!(equal.sum(), i128::from(u64::MAX) * isize::MAX as i128);
}

#[test]
fn falling_values_are_re_encoded_seldom() {
    for start in [100_000_i32, 0, i32::MIN + 50_000] {
        let mut array = IntArray::new();
        let mut encodings = Vec::new();
        for i in 0..50_000 {
            array.push(start - i);
            if encodings.last() != Some(&array.encoding()) {
                encodings.push(array.encoding());
            }
        }
        array.check_invariants();
        assert!(array.iter().eq((0..50_000).map(|i| start - i)));
        assert!(encodings.len() <= 100, "{} encodings from {start}", encodings.len());
    }
}

#[test]
fn values_that_alternate_around_a_growing_range_are_kept() {
    let value = |i: i64| if i % 2 == 0 { i * i } else { -i * i };
    let mut array = IntArray::new();
    (0..3000).for_each(|i| array.push(value(i)));
    assert!(array.iter().eq((0..3000).map(value)));
}

#[test]
fn growth_never_leaves_more_than_a_sixteenth() {
    let mut ints = IntArray::<u32>::with_range(0, (1 << 13) - 1, 0);
    let mut bits = BitArray::new();
    let mut plain = Array::new();
    let mut nullable = NullableIntArray::new();
    for i in 0..60_000_u32 {
        ints.push(i % (1 << 13));
        bits.push(i % 3 == 0);
        plain.push(f64::from(i));
        nullable.push((i % 7 != 0).then_some(i % 100));
        let check = |heap: usize, width: u32| {
            let used = ((i as usize + 1) * width as usize).div_ceil(8);
            let slack = heap - used;
            assert!(slack <= (used / 16).max(64), "{slack} of slack at {used} bytes");
        };
        check(ints.heap_bytes(), 13);
        check(bits.heap_bytes(), 1);
        check(plain.heap_bytes(), 64);
        check(nullable.heap_bytes(), nullable.width());
    }
}

#[test]
fn what_cannot_be_stored_comes_back() {
    let mut array = IntArray::<u64>::new();
    array.resize(isize::MAX as usize, 5);
    let error = array.try_push(5).unwrap_err();
    assert_eq!(error.cause(), StoreErrorCause::Reserve(ReserveError::CapacityOverflow));
    assert_eq!(error.to_string(), "cannot store 5: capacity overflow");
    // A width of 3 bits makes more bits than can be counted, one of 1 more than can be had.
    for (value, expected) in [(9, "overflow"), (6, "refused")] {
        let mut array = IntArray::<u64>::new();
        array.resize(isize::MAX as usize, 5);
        if expected == "overflow" {
            array.truncate(3);
            array.push(6);
            let error = array.try_resize(isize::MAX as usize, value).unwrap_err();
            assert_eq!(error.into_value(), value);
            assert_eq!(array, [5, 5, 5, 6][..]);
            continue;
        }
        for error in [array.try_push(value), array.try_set(7, value)] {
            let error = error.unwrap_err();
            assert!(matches!(
                error.cause(),
                StoreErrorCause::Reserve(ReserveError::AllocationFailed { .. })
            ));
            assert!(error.to_string().contains(expected), "{error}");
            assert_eq!(error.into_value(), value);
        }
        assert_eq!((array.len(), array.width(), array.get(7)), (isize::MAX as usize, 0, Some(5)));
        let error = array.try_extend_from_slice(&[5, value]).unwrap_err();
        assert!(matches!(
            error,
            ReserveError::CapacityOverflow | ReserveError::AllocationFailed { .. }
        ));
        assert_eq!((array.len(), array.width()), (isize::MAX as usize, 0));
    }
    let huge = isize::MAX as usize;
    let mut plain = Array::<u64>::from([1, 2]);
    assert_eq!(plain.try_reserve(huge), Err(ReserveError::CapacityOverflow));
    assert_eq!(plain[..], [1, 2]);
    let mut bits = BitArray::from([true]);
    assert_eq!(bits.try_reserve(usize::MAX), Err(ReserveError::CapacityOverflow));
    assert_eq!(bits, [true][..]);
}

#[test]
fn null_beside_the_whole_range_of_64_bits_is_refused() {
    let values = [Some(u64::MIN), Some(1), Some(u64::MAX)];
    let mut array = NullableIntArray::from(values);
    let error = array.try_push(None).unwrap_err();
    assert_eq!((error.cause(), error.into_value()), (StoreErrorCause::NoCodeForNull, None));
    assert_eq!(array.try_set(1, None).unwrap_err().cause(), StoreErrorCause::NoCodeForNull);
    let error = array.try_extend_from_slice(&[Some(3), None]).unwrap_err();
    assert_eq!(error, StoreErrorCause::NoCodeForNull);
    assert_eq!(array, values[..]);
    array.check_invariants();

    let mut array = NullableIntArray::from([None, Some(i64::MIN), Some(0)]);
    let error = array.try_push(Some(i64::MAX)).unwrap_err();
    assert_eq!(error.into_value(), Some(i64::MAX));
    assert_eq!(array, [None, Some(i64::MIN), Some(0)][..]);
    assert!(catch_unwind(move || array.push(Some(i64::MAX))).is_err());
}

#[test]
fn null_takes_a_spare_code_and_a_bit_only_where_there_is_none() {
    let spare: NullableIntArray<u8> = (0..7).map(Some).chain([None]).collect();
    assert_eq!(spare.width(), 3);
    let full: NullableIntArray<u8> = (0..8).map(Some).chain([None]).collect();
    assert_eq!(full.width(), 4);
    let without: NullableIntArray<u8> = (0..8).map(Some).collect();
    assert_eq!(without.width(), 3);
    assert_eq!(without.encoding(), Encoding::Packed { width: 3, base: 0, scale: 1 });
    let nothing: NullableIntArray<u8> = std::iter::repeat_n(None, 1000).collect();
    assert_eq!((nothing.heap_bytes(), nothing.null_count(), nothing.sum()), (0, 1000, 0));
    assert_eq!((nothing.min(), nothing.get(999), nothing.get(1000)), (None, Some(None), None));
}

#[test]
fn an_iterator_that_panics_leaves_a_whole_array() {
    let mut array = IntArray::from([1_u32, 2, 3]);
    let source = (4..2000).inspect(|&i| assert!(i < 1000, "the iterator gives up"));
    let caught = catch_unwind(std::panic::AssertUnwindSafe(|| array.extend(source)));
    assert!(caught.is_err());
    array.check_invariants();
    assert!(array.iter().eq(1..=array.len() as u32));
    assert!(array.len() >= 3 + 768);
}

#[test]
fn a_block_reader_that_panics_harms_nothing() {
    let array: IntArray<i64> = (0..1000).collect();
    assert!(catch_unwind(|| array.for_each_block(|_| panic!("no more"))).is_err());
    let fold = catch_unwind(|| {
        array.iter().fold(String::from("x"), |state, value| {
            assert!(value < 300, "no more");
            state
        })
    });
    assert!(fold.is_err());
    assert_eq!(array.sum(), 499_500);
}

/// An iterator whose size hint lies in both directions.
struct Liar(u32);

impl Iterator for Liar {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        self.0 += 1;
        (self.0 <= 500).then_some(self.0)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (usize::MAX, Some(0))
    }
}

#[test]
fn nothing_can_be_appended_to_nothing() {
    let mut array = IntArray::from([0_u8, 1]);
    array.clear();
    let mut array = array.clone();
    array.extend_from_slice(&[]);
    array.check_invariants();
    assert_eq!((array.len(), array.heap_bytes()), (0, 0));
    array.push(7);
    assert_eq!(array, [7][..]);
}

#[test]
fn a_lying_size_hint_is_harmless() {
    assert!(Liar(0).collect::<IntArray<u32>>().iter().eq(1..=500));
    assert!(Liar(0).collect::<Array<u32>>().iter().copied().eq(1..=500));
    assert_eq!(Liar(0).map(|i| i % 2 == 0).collect::<BitArray>().count_ones(), 250);
    assert_eq!(Liar(0).map(Some).collect::<NullableIntArray<u32>>().len(), 500);
}

#[test]
fn out_of_range_panics_like_std() {
    let array = IntArray::from([1_u8, 2]);
    let message = |result: Result<(), Box<dyn std::any::Any + Send>>| {
        *result.unwrap_err().downcast::<String>().expect("a formatted message")
    };
    let expected = "index out of bounds: the len is 2 but the index is 2";
    assert_eq!(message(catch_unwind(|| _ = array.value(2))), expected);
    assert_eq!(message(catch_unwind(|| array.clone().set(2, 0))), expected);
    assert_eq!(message(catch_unwind(|| _ = BitArray::from([true, false]).value(2))), expected);
    assert_eq!(message(catch_unwind(|| BitArray::from([true, false]).set(2, true))), expected);
    let nullable = NullableIntArray::from([None, Some(1_u8)]);
    assert_eq!(message(catch_unwind(|| _ = nullable.value(2))), expected);
    assert!(message(catch_unwind(|| _ = IntArray::with_range(2, 1, 0))).contains("from 2 to 1"));
}

#[test]
fn equal_values_are_equal_and_hash_alike_in_any_encoding() {
    use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
    let hasher = BuildHasherDefault::<DefaultHasher>::default();
    let narrow = IntArray::from([10_i32, 20, 30]);
    let mut wide = IntArray::from([10_i32, 20, 30, -1000]);
    wide.pop();
    assert_ne!(narrow.encoding(), wide.encoding());
    assert_eq!(narrow, wide);
    assert_eq!(hasher.hash_one(&narrow), hasher.hash_one(&wide));
    assert_ne!(narrow, IntArray::from([10, 20]));
    assert_eq!(format!("{wide:?}"), "[10, 20, 30]");
}

#[test]
fn encodings_read_as_sentences() {
    let nullable = NullableIntArray::from([None, Some(-4_i16), Some(8)]);
    let text = nullable.encoding().to_string();
    assert_eq!(text, "2 bits a value, code 0 is null: -4 + 12 * (code - 1)");
    assert_eq!(BitArray::new().encoding().to_string(), "1 bit a value");
    assert_eq!(Array::<f32>::new().encoding().to_string(), "32 bits a value, plain");
}

#[test]
fn columns_are_read_without_knowing_their_encoding() {
    fn sum_of_squares<T: Into<f64> + Copy>(column: &impl Column<Item = T>) -> f64 {
        let mut sum = 0.0;
        column.for_each_block(|block| {
            sum += block.iter().map(|&value| value.into().powi(2)).sum::<f64>();
        });
        sum
    }
    let values = [3_i32, -4, 12];
    assert_eq!(sum_of_squares(&IntArray::from(values)), 169.0);
    assert_eq!(sum_of_squares(&Array::from(values)), 169.0);
}

const fn is_like_a_vec<T: Send + Sync + Unpin + UnwindSafe + RefUnwindSafe>() {}

const _: () = {
    is_like_a_vec::<Array<f64>>();
    is_like_a_vec::<IntArray<i64>>();
    is_like_a_vec::<NullableIntArray<i64>>();
    is_like_a_vec::<BitArray>();
    is_like_a_vec::<Iter<'static, IntArray<u8>>>();
    is_like_a_vec::<Ones<'static>>();
    is_like_a_vec::<StoreError<u8>>();
    is_like_a_vec::<Encoding>();

    assert!(size_of::<Array<f64>>() == 24 && size_of::<Option<Array<f64>>>() == 24);
    assert!(size_of::<IntArray<i64>>() == 48 && size_of::<Option<IntArray<i64>>>() == 48);
    assert!(size_of::<IntArray<u8>>() <= 48);
    assert!(size_of::<NullableIntArray<u64>>() == 64);
    assert!(size_of::<Option<NullableIntArray<u64>>>() == 64);
    assert!(size_of::<BitArray>() == 32 && size_of::<Option<BitArray>>() == 32);
};

/// Iterators may outlive a longer borrow: they are covariant.
#[allow(dead_code)]
fn iterators_are_covariant<'short>(
    iter: Iter<'static, IntArray<u8>>,
    ones: Ones<'static>,
) -> (Iter<'short, IntArray<u8>>, Ones<'short>) {
    (iter, ones)
}

#[allow(dead_code)]
fn any_integer_works<T: Int>(value: T) -> IntArray<T> {
    IntArray::from([value, T::MIN, T::MAX])
}
