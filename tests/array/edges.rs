//! Where arrays could break: extremes, refused values, and callers that panic or lie.

use pennyweight::array::{
    Array, BitArray, BlockArray, Column, DecimalArray, DictArray, Int, IntArray, NullableIntArray,
    ReserveError, SortedArray, StoreError, StoreErrorCause, zip_blocks,
};
use std::panic::{AssertUnwindSafe, catch_unwind};

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

/// The most values that an array of integers holds.
const MOST: usize = isize::MAX as usize;

const OVERFLOW: StoreErrorCause = StoreErrorCause::Reserve(ReserveError::CapacityOverflow);

/// The value that came back, and why.
fn refused<T: Copy>(result: Result<(), StoreError<T>>) -> (T, StoreErrorCause) {
    let error = result.expect_err("a refusal");
    (error.into_value(), error.cause())
}

#[test]
fn more_values_than_can_be_counted_come_back() {
    let mut array = IntArray::<u64>::new();
    array.resize(MOST, 5);
    let encoding = array.encoding();
    let error = array.try_push(5).unwrap_err();
    assert_eq!(error.to_string(), "cannot store 5: capacity overflow");
    assert_eq!(refused(array.try_push(5)), (5, OVERFLOW));
    assert_eq!(refused(array.try_push(6)), (6, OVERFLOW));
    assert_eq!(refused(array.try_resize(MOST + 1, 5)), (5, OVERFLOW));
    assert_eq!(refused(array.try_resize(usize::MAX, 6)), (6, OVERFLOW));
    assert_eq!(array.try_extend_from_slice(&[5]), Err(ReserveError::CapacityOverflow));
    assert_eq!(array.try_extend_from_slice(&[5, 6]), Err(ReserveError::CapacityOverflow));
    assert_eq!(array.try_extend_from_slice(&[]), Ok(()));
    array.check_invariants();
    assert_eq!((array.len(), array.encoding(), array.last()), (MOST, encoding, Some(5)));

    let mut array = NullableIntArray::<u64>::new();
    array.resize(MOST, None);
    assert_eq!(refused(array.try_push(None)), (None, OVERFLOW));
    assert_eq!(refused(array.try_push(Some(1))), (Some(1), OVERFLOW));
    assert_eq!(refused(array.try_resize(MOST + 1, None)), (None, OVERFLOW));
    assert_eq!(array.try_extend_from_slice(&[None]), Err(OVERFLOW));
    assert_eq!((array.len(), array.null_count(), array.width()), (MOST, MOST, 0));
}

#[test]
fn room_for_more_values_than_can_be_counted_is_refused() {
    // Without bits there is nothing to allocate, and still a limit.
    let overflow = Err(ReserveError::CapacityOverflow);
    let mut array = IntArray::from([5_u8; 10]);
    assert_eq!(
        (array.try_reserve(MOST - 10), array.try_reserve_exact(MOST - 10)),
        (Ok(()), Ok(()))
    );
    for additional in [MOST - 9, usize::MAX - 10, usize::MAX] {
        assert_eq!(array.try_reserve(additional), overflow);
        assert_eq!(array.try_reserve_exact(additional), overflow);
    }
    assert_eq!((array.capacity(), array.heap_bytes()), (MOST, 0));
    let mut array = NullableIntArray::from([None::<u8>; 10]);
    assert_eq!(
        (array.try_reserve(MOST - 9), array.try_reserve_exact(MOST - 9)),
        (overflow, overflow)
    );
    let mut array = BitArray::from([true]);
    assert_eq!(
        (array.try_reserve(usize::MAX), array.try_reserve_exact(usize::MAX)),
        (overflow, overflow)
    );
    let mut array = Array::<u64>::from([1, 2]);
    assert_eq!(
        (array.try_reserve(MOST / 8), array.try_reserve_exact(MOST / 8)),
        (overflow, overflow)
    );
    assert_eq!(
        (array.try_reserve(usize::MAX), array.try_reserve_exact(usize::MAX)),
        (overflow, overflow)
    );
    assert_eq!((array.heap_bytes(), &array[..]), (16, &[1, 2][..]));
    assert_eq!(refused(array.try_resize(usize::MAX, 3)), (3, OVERFLOW));
    assert_eq!(array[..], [1, 2]);
}

#[test]
fn more_bits_than_can_be_counted_come_back() {
    let mut array = IntArray::<u64>::from([5, 5, 5, 6]);
    let (encoding, bytes) = (array.encoding(), array.heap_bytes());
    // 9 makes codes of 3 bits.
    assert_eq!(refused(array.try_resize(usize::MAX / 3 + 1, 9)), (9, OVERFLOW));
    array.check_invariants();
    assert_eq!((array.encoding(), array.heap_bytes()), (encoding, bytes));
    assert_eq!(array, [5, 5, 5, 6]);

    let mut array = IntArray::<u64>::new();
    array.resize(usize::MAX / 3 + 1, 5);
    assert_eq!(array.try_extend_from_slice(&[6, 9]), Err(ReserveError::CapacityOverflow));
    array.check_invariants();
    assert_eq!((array.len(), array.width(), array.value(7)), (usize::MAX / 3 + 1, 0, 5));
}

#[cfg(target_pointer_width = "64")]
#[test]
fn more_bytes_than_there_are_come_back() {
    let failed = |bytes| StoreErrorCause::Reserve(ReserveError::AllocationFailed { bytes });
    let mut array = IntArray::<u64>::new();
    array.resize(MOST, 5);
    let bytes = (1 << 60) + 8;
    let error = array.try_set(7, 6).unwrap_err();
    assert_eq!(error.cause(), failed(bytes));
    let text = "cannot store 6: the allocator refused a buffer of 1152921504606846984 bytes";
    assert_eq!(error.to_string(), text);
    array.check_invariants();
    assert_eq!((array.len(), array.width(), array.value(7)), (MOST, 0, 5));
    array.pop();
    assert_eq!(refused(array.try_push(6)), (6, failed(bytes)));
    let error = ReserveError::AllocationFailed { bytes };
    assert_eq!(array.try_extend_from_slice(&[6]), Err(error));
    assert_eq!((array.len(), array.width(), array.value(7)), (MOST - 1, 0, 5));
    // The most bits of which the bytes can be asked for.
    let mut array = IntArray::<u64>::from([5, 6]);
    assert_eq!(refused(array.try_resize(usize::MAX / 3, 9)), (9, failed((1 << 61) + 8)));
    assert_eq!((array.width(), array), (1, IntArray::from([5, 6])));

    let mut array = NullableIntArray::<u64>::new();
    array.resize(MOST, None);
    assert_eq!(refused(array.try_set(7, Some(6))), (Some(6), failed(bytes)));
    assert_eq!((array.null_count(), array.width()), (MOST, 0));

    let mut array = BitArray::from([true]);
    assert_eq!(refused(array.try_resize(usize::MAX, true)), (true, failed(1 << 61)));
    assert_eq!(array, [true]);
    let mut array = Array::from([1_u8]);
    assert_eq!(refused(array.try_resize(MOST, 2)), (2, failed(MOST)));
    assert_eq!(array[..], [1]);
}

#[test]
fn arrays_that_panic_for_want_of_room_are_as_they_were() {
    fn overflows<A>(array: &mut A, f: impl FnOnce(&mut A)) {
        let caught = catch_unwind(AssertUnwindSafe(|| f(array))).expect_err("a panic");
        assert_eq!(caught.downcast_ref(), Some(&"capacity overflow"));
    }
    let mut array = IntArray::from([5_u8; 10]);
    overflows(&mut array, |array| array.resize(usize::MAX, 5));
    overflows(&mut array, |array| array.reserve(usize::MAX));
    overflows(&mut array, |array| array.reserve_exact(usize::MAX));
    assert_eq!((array.len(), array.heap_bytes()), (10, 0));
    let mut array = NullableIntArray::from([Some(5_u8); 10]);
    overflows(&mut array, |array| array.resize(usize::MAX, None));
    overflows(&mut array, |array| array.reserve(usize::MAX));
    overflows(&mut array, |array| array.reserve_exact(usize::MAX));
    assert_eq!((array.len(), array.null_count(), array.heap_bytes()), (10, 0, 0));
    let mut array = BitArray::from([true; 10]);
    overflows(&mut array, |array| array.reserve(usize::MAX));
    overflows(&mut array, |array| array.reserve_exact(usize::MAX));
    let mut plain = Array::from([5_u16; 10]);
    overflows(&mut plain, |plain| plain.resize(usize::MAX, 5));
    overflows(&mut plain, |plain| plain.reserve(usize::MAX));
    overflows(&mut plain, |plain| plain.reserve_exact(usize::MAX));
    assert_eq!((array, plain), (BitArray::from([true; 10]), Array::from([5; 10])));
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
fn an_iterator_that_panics_leaves_a_whole_array() {
    let mut array = IntArray::from([1_u32, 2, 3]);
    let source = (4..2000).inspect(|&i| assert!(i < 1000, "the iterator gives up"));
    let caught = catch_unwind(AssertUnwindSafe(|| array.extend(source)));
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

    let exact = BitArray::from([true; 65]);
    let mut slack = BitArray::from([true; 300]);
    slack.truncate(65);
    assert_ne!(exact.heap_bytes(), slack.heap_bytes());
    assert_eq!(exact, slack);
    assert_eq!(hasher.hash_one(&exact), hasher.hash_one(&slack));
    slack.push(false);
    assert_ne!(exact, slack);
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

#[allow(dead_code)]
fn any_integer_works<T: Int>(value: T) -> IntArray<T> {
    IntArray::from([value, T::MIN, T::MAX])
}

#[test]
fn arrays_are_compared_with_what_lends_a_slice_from_both_sides() {
    let values = [3_i64, -4, 12];
    macro_rules! check {
        ($array:expr) => {{
            let (array, vec) = ($array, values.to_vec());
            assert!(
                array == values
                    && array == &values
                    && array == values[..]
                    && array == &values[..]
                    && array == vec
            );
            assert!(
                values == array
                    && &values == array
                    && values[..] == array
                    && &values[..] == array
                    && vec == array
            );
            assert!(
                array != [3, -4]
                    && array != [3, -4, 13]
                    && vec![3, -4] != array
                    && [3, -4, 12, 0] != array
            );
            assert_eq!(Vec::from(array), vec);
        }};
    }
    check!(Array::from(values));
    check!(IntArray::from(values));
    check!(BlockArray::from(values));
    check!(DictArray::from(values));
    assert_eq!([true, false], BitArray::from([true, false]));
    assert_eq!(vec![None, Some(1_u8)], NullableIntArray::from([None, Some(1)]));
    assert_eq!(SortedArray::from_sorted(&[1_u8, 2]), &[1, 2]);
    // The buffer of a plain array is the `Vec`.
    let plain = Array::from(values);
    let place = plain.as_ptr();
    let vec = Vec::from(plain);
    assert_eq!((vec.as_ptr(), &vec[..]), (place, &values[..]));
}

#[test]
fn the_default_of_every_array_is_empty() {
    fn check<A: Column + Default>() {
        let array = A::default();
        assert_eq!((array.len(), array.heap_bytes(), array.iter().next()), (0, 0, None));
    }
    check::<Array<f32>>();
    check::<IntArray<u8>>();
    check::<NullableIntArray<i16>>();
    check::<BitArray>();
    check::<BlockArray<Option<u32>>>();
    check::<DictArray<i64>>();
    check::<SortedArray<u64>>();
    check::<DecimalArray<f64>>();
}

#[test]
fn booleans_are_appended_from_any_length_on() {
    let bit = |i: usize| i.wrapping_mul(0x9e37_79b9) >> 7 & 1 == 1;
    for start in [0, 1, 63, 64, 65, 130] {
        for count in [0, 1, 2, 62, 63, 64, 65, 127, 128, 200] {
            let mut array: BitArray = (0..start).map(bit).collect();
            array.extend((start..start + count).map(bit));
            array.extend([&true, &false]);
            array.check_invariants();
            let expected = (0..start + count).map(bit).chain([true, false]);
            assert!(array.iter().eq(expected), "{count} behind {start}");
        }
        for value in [false, true] {
            let array = BitArray::repeat(value, start);
            array.check_invariants();
            assert_eq!(
                (&array, array.capacity()),
                (&vec![value; start].into(), start.next_multiple_of(64))
            );
            assert_eq!((array.any(), array.all()), (value && start > 0, value || start == 0));
        }
    }
}

#[test]
fn means_leave_nulls_out() {
    assert_eq!(IntArray::<u8>::new().mean(), None);
    assert_eq!(IntArray::from([i64::MAX; 4]).mean(), Some(i64::MAX as f64));
    assert_eq!(IntArray::from([-3_i8, 4]).mean(), Some(0.5));
    let nullable = NullableIntArray::from([None, Some(-3_i16), Some(4), None]);
    assert_eq!((nullable.mean(), nullable.null_count()), (Some(0.5), 2));
    assert_eq!((nullable.is_null(0), nullable.is_null(1)), (true, false));
    assert_eq!(NullableIntArray::<u64>::from([None; 3]).mean(), None);
}

#[test]
fn panics_point_at_the_caller() {
    use std::cell::Cell;
    use std::panic::{set_hook, take_hook};
    thread_local! {
        static FILE: Cell<Option<bool>> = const { Cell::new(None) };
    }
    let before = take_hook();
    set_hook(Box::new(move |info| {
        FILE.set(info.location().map(|location| location.file() == file!()));
        before(info);
    }));
    fn check(call: fn()) {
        FILE.set(None);
        assert!(catch_unwind(call).is_err());
        assert_eq!(FILE.get(), Some(true), "the panic points elsewhere");
    }
    macro_rules! check_all {
        ($($call:expr;)*) => {$(check(|| _ = $call);)*};
    }
    fn ints() -> IntArray<u8> {
        IntArray::from([1, 2])
    }
    fn wide() -> NullableIntArray<i64> {
        NullableIntArray::from([Some(i64::MIN), Some(0), Some(i64::MAX)])
    }
    fn bits() -> BitArray {
        BitArray::from([true, false])
    }
    fn plain() -> Array<u64> {
        Array::from([1, 2])
    }
    fn full() -> IntArray<u8> {
        let mut array = IntArray::new();
        array.resize(MOST, 1);
        array
    }
    check_all! {
        ints().value(2);
        ints().set(2, 0);
        ints().gather(&[2], &mut [0]);
        ints().gather(&[1], &mut []);
        ints().copy_to_slice(2, &mut [0]);
        ints().iter_range(1..3);
        ints().insert(3, 0);
        ints().remove(2);
        ints().swap_remove(2);
        ints().swap(0, 2);
        ints().remove_range(0..3);
        ints().splice(0..3, &[]);
        ints().reserve(usize::MAX);
        ints().reserve_exact(usize::MAX);
        ints().filter(&BitArray::new());
        full().push(1);
        full().insert(0, 1);
        full().resize(usize::MAX, 1);
        full().extend_from_slice(&[1]);
        full().extend([1]);
        full().append(&mut ints());
        IntArray::try_with_range(2_u8, 1, 0);
        NullableIntArray::try_with_range(2_u8, 1, 0);
        Array::from([1_u8]).gather(&[1], &mut [0]);
        Array::from([1_u8]).gather(&[0], &mut []);
        IntArray::with_range(2_u8, 1, 0);
        IntArray::with_range(1_u8, 2, usize::MAX);
        wide().value(3);
        wide().is_null(3);
        wide().set(3, None);
        wide().set(0, None);
        wide().push(None);
        wide().insert(0, None);
        wide().resize(9, None);
        wide().fill(None);
        wide().splice(0..1, &[None]);
        wide().extend_from_slice(&[None]);
        wide().extend([None]);
        wide().append(&mut NullableIntArray::from([None]));
        wide().gather(&[3], &mut [None]);
        wide().copy_to_slice(3, &mut [None]);
        wide().filter(&BitArray::new());
        wide().reserve(usize::MAX);
        wide().reserve_exact(usize::MAX);
        NullableIntArray::with_range(i64::MIN, i64::MAX, 0);
        NullableIntArray::with_range(1_u8, 2, usize::MAX);
        NullableIntArray::from(&[Some(i64::MIN), Some(0), Some(i64::MAX), None][..]);
        NullableIntArray::from([Some(i64::MIN), Some(0), Some(i64::MAX), None]);
        bits().value(2);
        bits().set(2, true);
        bits().gather(&[2], &mut [true]);
        bits().copy_to_slice(2, &mut [true]);
        bits().swap(0, 2);
        bits().remove(2);
        bits().insert(3, true);
        bits().reserve(usize::MAX);
        bits().reserve_exact(usize::MAX);
        bits().iter_range(0..3);
        &bits() & &BitArray::new();
        bits() | &BitArray::new();
        { let mut bits = bits(); bits ^= &BitArray::new(); };
        plain().insert(3, 0);
        plain().remove(2);
        plain().swap_remove(2);
        plain().splice(0..3, &[]);
        plain().remove_range(0..3);
        drop(plain().drain(0..3));
        plain().copy_to_slice(2, &mut [0]);
        plain().resize(usize::MAX, 0);
        plain().reserve(usize::MAX);
        plain().reserve_exact(usize::MAX);
        plain().filter(&BitArray::new());
        Array::<u64>::with_capacity(usize::MAX);
        zip_blocks(&ints(), &Array::<u8>::new(), |_, _| ());
    }
    drop(take_hook());
}
