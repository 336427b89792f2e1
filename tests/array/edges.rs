//! Where arrays could break: extremes, refused values, callers that panic or lie, and what the types promise.

use pennyweight::array::{
    Array, BitArray, Column, Encoding, Int, IntArray, Iter, NullableIntArray, Ones, ReserveError,
    StoreError, StoreErrorCause,
};
use std::panic::{AssertUnwindSafe, RefUnwindSafe, UnwindSafe, catch_unwind};

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

const fn is_like_a_vec<T: Send + Sync + Unpin + UnwindSafe + RefUnwindSafe>() {}

const _: () = {
    is_like_a_vec::<Array<f64>>();
    is_like_a_vec::<IntArray<i64>>();
    is_like_a_vec::<NullableIntArray<i64>>();
    is_like_a_vec::<BitArray>();
    is_like_a_vec::<IntArray<i64, &'static [u64]>>();
    is_like_a_vec::<NullableIntArray<i64, &'static [u64]>>();
    is_like_a_vec::<BitArray<&'static [u64]>>();
    is_like_a_vec::<Iter<'static, IntArray<u8>>>();
    is_like_a_vec::<Iter<'static, NullableIntArray<u8>>>();
    is_like_a_vec::<Iter<'static, BitArray>>();
    is_like_a_vec::<Ones<'static>>();
    is_like_a_vec::<StoreError<u8>>();
    is_like_a_vec::<StoreErrorCause>();
    is_like_a_vec::<ReserveError>();
    is_like_a_vec::<Encoding>();
};

#[cfg(target_pointer_width = "64")]
const _: () = {
    /// Whether `T` takes so many bytes, and an `Option` of it no more.
    const fn takes<T>(bytes: usize) -> bool {
        size_of::<T>() == bytes && size_of::<Option<T>>() == bytes
    }
    assert!(takes::<Array<f64>>(24));
    assert!(takes::<IntArray<i64>>(48) && takes::<IntArray<u8>>(48));
    assert!(takes::<NullableIntArray<u64>>(64) && takes::<NullableIntArray<u8>>(64));
    assert!(takes::<BitArray>(24));
    assert!(takes::<Iter<'static, IntArray<u8>>>(24));
    assert!(takes::<Iter<'static, NullableIntArray<u8>>>(24));
    assert!(takes::<Iter<'static, BitArray>>(24));
    assert!(takes::<Ones<'static>>(48));
    assert!(takes::<ReserveError>(16) && takes::<StoreErrorCause>(16));
    assert!(takes::<StoreError<u64>>(24));
};

/// Iterators may outlive a longer borrow: they are covariant.
#[allow(dead_code, clippy::type_complexity)]
fn iterators_are_covariant<'short>(
    ints: Iter<'static, IntArray<u8>>,
    nullable: Iter<'static, NullableIntArray<u8>>,
    bits: Iter<'static, BitArray>,
    ones: Ones<'static>,
) -> (
    Iter<'short, IntArray<u8>>,
    Iter<'short, NullableIntArray<u8>>,
    Iter<'short, BitArray>,
    Ones<'short>,
) {
    (ints, nullable, bits, ones)
}

/// Arrays of borrowed words are covariant too.
#[allow(dead_code, clippy::type_complexity)]
fn borrowing_arrays_are_covariant<'short>(
    ints: IntArray<u8, &'static [u64]>,
    nullable: NullableIntArray<u8, &'static [u64]>,
    bits: BitArray<&'static [u64]>,
) -> (IntArray<u8, &'short [u64]>, NullableIntArray<u8, &'short [u64]>, BitArray<&'short [u64]>) {
    (ints, nullable, bits)
}

/// Errors are covariant in the value that they give back.
#[allow(dead_code)]
fn errors_are_covariant<'short>(error: StoreError<&'static str>) -> StoreError<&'short str> {
    error
}

#[allow(dead_code)]
fn any_integer_works<T: Int>(value: T) -> IntArray<T> {
    IntArray::from([value, T::MIN, T::MAX])
}
