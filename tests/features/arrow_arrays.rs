//! Arrays to and from Arrow's: what is copied, what is not, and where nulls go.

use std::fmt::Debug;

use arrow_array::builder::{BooleanBuilder, Int32Builder};
use arrow_array::types::{
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{
    Array as _, ArrowPrimitiveType, BooleanArray, Date32Array, Float64Array, Int32Array,
    Int64Array, PrimitiveArray, TimestampMillisecondArray,
};
use arrow_buffer::{ArrowNativeType, BooleanBuffer, Buffer, NullBuffer};
use pennyweight::array::{
    Array, BitArray, BlockArray, DecimalArray, DictArray, Int, IntArray, NullableIntArray,
    SortedArray, StoreErrorCause, compress,
};
use pennyweight::profile::measure;
use proptest::collection::vec;
use proptest::prelude::*;

/// The block of the counters of a buffer.
const COUNTED: i64 = 56;

fn plain_values_change_hands<P: ArrowPrimitiveType>(values: Vec<P::Native>)
where
    P::Native: bytemuck::Pod,
{
    let array = Array::from(values.clone());
    let place = array.as_ptr();
    let (arrow, stats) = measure(|| PrimitiveArray::<P>::from(array));
    assert_eq!((arrow.values().as_ptr(), &arrow.values()[..]), (place, &values[..]));
    assert_eq!((arrow.data_type(), arrow.null_count()), (&P::DATA_TYPE, 0));
    assert_eq!((stats.allocations, stats.current), (1, COUNTED));
    let (array, stats) = measure(|| Array::try_from(arrow).unwrap());
    assert_eq!((array.as_ptr(), &array[..]), (place, &values[..]));
    assert_eq!((stats.allocations, stats.frees, stats.current), (0, 1, -COUNTED));
}

#[test]
fn plain_values_of_every_type_change_hands() {
    plain_values_change_hands::<Int8Type>(vec![i8::MIN, 0, i8::MAX]);
    plain_values_change_hands::<Int16Type>(vec![i16::MIN, 0, i16::MAX]);
    plain_values_change_hands::<Int32Type>(vec![i32::MIN, 0, i32::MAX]);
    plain_values_change_hands::<Int64Type>(vec![i64::MIN, 0, i64::MAX]);
    plain_values_change_hands::<UInt8Type>(vec![0, u8::MAX]);
    plain_values_change_hands::<UInt16Type>(vec![0, u16::MAX]);
    plain_values_change_hands::<UInt32Type>(vec![0, u32::MAX]);
    plain_values_change_hands::<UInt64Type>(vec![0, u64::MAX]);
    plain_values_change_hands::<Float32Type>(vec![-0.0, 0.5, f32::INFINITY]);
    plain_values_change_hands::<Float64Type>(vec![-0.0, 0.5, f64::NEG_INFINITY]);
}

#[test]
fn slack_changes_hands_too() {
    let mut array = Array::with_capacity(100);
    array.extend_from_slice(&[1_i64, 2, 3]);
    let arrow = Int64Array::from(array);
    assert_eq!(arrow.values().inner().capacity(), 800);
    let array = Array::try_from(arrow.slice(0, 2)).unwrap();
    assert_eq!((array.heap_bytes(), &array[..]), (16, &[1, 2][..]), "copied: it is shared");
    let first = arrow.slice(0, 2);
    drop(arrow);
    let array = Array::try_from(first).unwrap();
    assert_eq!((array.heap_bytes(), &array[..]), (800, &[1, 2][..]), "the only owner");
}

#[test]
fn values_that_cannot_be_taken_are_copied_exactly() {
    let check = |arrow: Int32Array, expected: &[i32]| {
        let place = arrow.values().as_ptr();
        let kept = arrow.values().clone();
        let (array, stats) = measure(|| Array::try_from(arrow).unwrap());
        assert_eq!((&array[..], &kept[..]), (expected, expected));
        assert_ne!(array.as_ptr(), place);
        assert_eq!((stats.allocations, stats.current), (1, 4 * expected.len() as i64));
    };
    let whole = Int32Array::from(vec![1, 2, 3, 4, 5]);
    check(whole.slice(2, 3), &[3, 4, 5]);
    check(whole.slice(1, 2), &[2, 3]);
    check(whole, &[1, 2, 3, 4, 5]);
    // The only owner of a slice that does not begin with the buffer, and of memory that no `Vec` had.
    let end = Int32Array::from(vec![1, 2, 3]).slice(1, 2);
    let place = end.values().as_ptr();
    let array = Array::try_from(end).unwrap();
    assert_eq!((&array[..], array.heap_bytes()), (&[2, 3][..], 8));
    assert_ne!(array.as_ptr(), place);
    let mut builder = Int32Builder::new();
    builder.append_slice(&[7, 8]);
    let built = Int32Array::new(Buffer::from_slice_ref([7, 8]).into(), None);
    assert_eq!(built, builder.finish());
    let array = Array::try_from(built).unwrap();
    assert_eq!((&array[..], array.heap_bytes()), (&[7, 8][..], 8));
}

#[test]
fn a_null_at_any_index_is_found_and_the_array_given_back() {
    for null in 0..70 {
        let values: Vec<_> = (0..70).map(|i| (i != null && i != 69).then_some(i)).collect();
        let arrow = Int32Array::from(values);
        let (place, null) = (arrow.values().as_ptr(), null as usize);
        assert_eq!(IntArray::try_from(&arrow).unwrap_err().index(), null);
        assert_eq!(BlockArray::<i32>::try_from(&arrow).unwrap_err().index(), null);
        assert_eq!(DictArray::<i32>::try_from(&arrow).unwrap_err().index(), null);
        // A slice counts from its own beginning, and may have no null.
        let error = Array::try_from(arrow.slice(null / 2, 70 - null / 2)).unwrap_err();
        assert_eq!(error.index(), null - null / 2);
        assert_eq!(error.to_string(), format!("the value at index {} is null", error.index()));
        let before = Array::try_from(arrow.slice(0, null)).unwrap();
        assert!(before.iter().copied().eq(0..null as i32));
        let error = Array::try_from(arrow).unwrap_err();
        assert_eq!((error.index(), error.into_array().values().as_ptr()), (null, place));

        let flags =
            BooleanArray::from((0..70).map(|i| (i != null).then_some(true)).collect::<Vec<_>>());
        assert!(BitArray::try_from(flags.slice(0, null)).is_ok());
        let error = BitArray::try_from(flags).unwrap_err();
        assert_eq!((error.index(), error.into_array().null_count()), (null, 1));
    }
}

#[test]
fn a_bitmap_without_nulls_is_no_obstacle() {
    let nulls = NullBuffer::new_valid(3);
    let arrow = Int64Array::new(vec![1, 2, 3].into(), Some(nulls.clone()));
    assert_eq!(IntArray::try_from(&arrow).unwrap(), [1, 2, 3]);
    assert_eq!(NullableIntArray::try_from(&arrow).unwrap().width(), 2);
    assert_eq!(Array::try_from(arrow).unwrap()[..], [1, 2, 3]);
    let arrow = BooleanArray::new(BooleanBuffer::new_set(3), Some(nulls));
    assert_eq!(BitArray::try_from(arrow).unwrap(), [true; 3]);
}

/// Values close together and far apart, with and without nulls.
fn columns<T: Int + Arbitrary + TryFrom<u8>>() -> impl Strategy<Value = Vec<Option<T>>> {
    let value = || {
        (any::<bool>(), 0..50_u8, any::<T>()).prop_map(|(near, small, any)| match near {
            true => T::try_from(small).unwrap_or_default(),
            false => any,
        })
    };
    let near = || (0..50_u8).prop_map(|small| T::try_from(small).unwrap_or_default());
    prop_oneof![
        vec(near().prop_map(Some), 0..700),
        vec(prop::option::weighted(0.8, near()), 0..2100),
        vec(value().prop_map(Some), 0..700),
        vec(prop::option::weighted(0.8, value()), 0..2100),
    ]
}

fn check_packed<P: ArrowPrimitiveType>(
    values: &[Option<P::Native>],
    (from, to): (usize, usize),
) -> Result<(), TestCaseError>
where
    P::Native: Int,
{
    let arrow: PrimitiveArray<P> = values.iter().copied().collect();
    let arrow = arrow.slice(from, to - from);
    let values = &values[from..to];
    let some: Vec<_> = values.iter().map(|value| value.unwrap_or_default()).collect();
    let plain = PrimitiveArray::<P>::from_iter_values(some.iter().copied());

    let packed = IntArray::try_from(&plain).unwrap();
    packed.check_invariants();
    prop_assert_eq!(&packed, &some);
    prop_assert_eq!(&PrimitiveArray::<P>::from(&packed), &plain);
    let blocks = BlockArray::<P::Native>::try_from(&plain).unwrap();
    prop_assert_eq!(&blocks, &some);
    prop_assert_eq!(&PrimitiveArray::<P>::from(&blocks), &plain);
    let dict = DictArray::<P::Native>::try_from(&plain).unwrap();
    prop_assert_eq!(&dict, &some);
    prop_assert_eq!(&PrimitiveArray::<P>::from(&dict), &plain);
    let mut sorted = some;
    sorted.sort_unstable();
    let plain = PrimitiveArray::<P>::from_iter_values(sorted);
    let sorted = SortedArray::try_from(&plain.values()[..]).unwrap();
    prop_assert_eq!(&PrimitiveArray::<P>::from(&sorted), &plain);

    let blocks = BlockArray::<Option<P::Native>>::from(&arrow);
    prop_assert_eq!(&blocks, &values.to_vec());
    prop_assert_eq!(&PrimitiveArray::<P>::from(&blocks), &arrow);
    let dict = DictArray::<Option<P::Native>>::from(&arrow);
    prop_assert_eq!(&dict, &values.to_vec());
    prop_assert_eq!(&PrimitiveArray::<P>::from(&dict), &arrow);
    prop_assert_eq!(&PrimitiveArray::<P>::from(&compress(&arrow)), &arrow);
    match NullableIntArray::try_from(&arrow) {
        Ok(packed) => {
            packed.check_invariants();
            prop_assert_eq!(
                packed.width(),
                NullableIntArray::try_from_slice(values).unwrap().width()
            );
            prop_assert_eq!(&packed, &values.to_vec());
            prop_assert_eq!(&PrimitiveArray::<P>::from(&packed), &arrow);
        }
        Err(cause) => {
            prop_assert_eq!(NullableIntArray::try_from_slice(values).unwrap_err(), cause);
        }
    }
    Ok(())
}

macro_rules! packed {
    ($($test:ident $type:ident $native:ident)*) => {proptest! {$(
        #[test]
        fn $test(values in columns::<$native>(), ends: [prop::sample::Index; 2]) {
            let ends = ends.map(|end| end.index(values.len() + 1));
            let (from, to) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
            check_packed::<$type>(&values, (0, values.len()))?;
            check_packed::<$type>(&values, (from, to))?;
        }
    )*}};
}

packed! {
    i8_is_packed_and_decoded Int8Type i8
    i16_is_packed_and_decoded Int16Type i16
    i32_is_packed_and_decoded Int32Type i32
    i64_is_packed_and_decoded Int64Type i64
    u8_is_packed_and_decoded UInt8Type u8
    u16_is_packed_and_decoded UInt16Type u16
    u32_is_packed_and_decoded UInt32Type u32
    u64_is_packed_and_decoded UInt64Type u64
}

proptest! {
    #[test]
    fn decimals_are_packed_and_decoded_bit_by_bit(
        values in vec(prop::option::weighted(0.9, prop_oneof![
            8 => (-9999..9999_i32).prop_map(|cents| f64::from(cents) / 100.0),
            1 => any::<u64>().prop_map(f64::from_bits),
        ]), 0..2100),
        start: prop::sample::Index,
    ) {
        let bits = |array: &Float64Array| -> Vec<_> {
            array.iter().map(|value| value.map(f64::to_bits)).collect()
        };
        let start = start.index(values.len() + 1);
        let arrow = Float64Array::from(values.clone()).slice(start, values.len() - start);
        let packed = DecimalArray::<Option<f64>>::from(&arrow);
        prop_assert_eq!(bits(&Float64Array::from(&packed)), bits(&arrow));
        let plain = Float64Array::from_iter_values(values.into_iter().flatten());
        let packed = DecimalArray::<f64>::try_from(&plain).unwrap();
        prop_assert_eq!(bits(&Float64Array::from(&packed)), bits(&plain));
    }
}

#[test]
fn decoding_allocates_the_buffers_and_nothing_else() {
    let values: Vec<_> = (0..10_000_i64).map(|i| i % 100).collect();
    let some: Vec<_> = values.iter().map(|&value| Some(value)).collect();
    let null: Vec<_> = values.iter().map(|&value| (value > 0).then_some(value)).collect();
    let buffer = 80_000 + COUNTED;
    let bitmap = 10_000_usize.div_ceil(64) as i64 * 8 + COUNTED;

    let packed = IntArray::from(&values[..]);
    let (_arrow, stats) = measure(|| Int64Array::from(&packed));
    assert_eq!((stats.allocations, stats.current, stats.peak), (2, buffer, buffer));
    let packed = NullableIntArray::from(&some[..]);
    let (_arrow, stats) = measure(|| Int64Array::from(&packed));
    assert_eq!((stats.allocations, stats.peak), (2, buffer), "no nulls, no bitmap");
    let packed = NullableIntArray::from(&null[..]);
    let (arrow, stats) = measure(|| Int64Array::from(&packed));
    assert_eq!((stats.allocations, stats.peak), (4, buffer + bitmap));
    assert_eq!((arrow.null_count(), arrow.value(0)), (100, 0));
    let blocks = BlockArray::from(&null[..]);
    let (_arrow, stats) = measure(|| Int64Array::from(&blocks));
    assert_eq!((stats.allocations, stats.peak), (4, buffer + bitmap));
}

#[test]
fn packing_allocates_the_array_and_nothing_else() {
    let arrow = Int64Array::from_iter_values((0..10_000).map(|i| i % 1000));
    let (packed, stats) = measure(|| IntArray::try_from(&arrow).unwrap());
    assert_eq!((packed.width(), packed.heap_bytes()), (10, 12_512));
    assert_eq!((stats.allocations, stats.peak), (1, 12_512));
    let arrow = Int64Array::from_iter((0..10_000).map(|i| (i % 7 > 0).then_some(i % 1000)));
    let (packed, stats) = measure(|| NullableIntArray::try_from(&arrow).unwrap());
    assert_eq!((packed.width(), packed.null_count()), (10, 1429));
    assert_eq!((stats.allocations, stats.peak), (1, packed.heap_bytes() as i64));
}

#[test]
fn what_lies_below_a_null_is_not_read() {
    let nulls = NullBuffer::from(vec![true, false, true, false]);
    let arrow = Int64Array::new(vec![3, i64::MAX, 5, i64::MIN].into(), Some(nulls));
    let packed = NullableIntArray::try_from(&arrow).unwrap();
    assert_eq!((packed.width(), packed.min(), packed.max()), (2, Some(3), Some(5)));
    assert_eq!(packed, [Some(3), None, Some(5), None]);
    // Decoded, it is zero.
    assert_eq!(Int64Array::from(&packed).values(), &[3, 0, 5, 0]);
}

#[test]
fn values_that_leave_no_code_for_null_are_an_error() {
    let all = [Some(i64::MIN), Some(i64::MAX), Some(0)];
    let arrow = Int64Array::from_iter(all);
    assert_eq!(NullableIntArray::try_from(&arrow).unwrap(), all);
    let arrow = Int64Array::from_iter(all.into_iter().chain([None]));
    let error = NullableIntArray::try_from(&arrow).unwrap_err();
    assert_eq!(error, StoreErrorCause::NoCodeForNull);
    let blocks = BlockArray::<Option<i64>>::from(&arrow);
    assert_eq!(Int64Array::from(&blocks), arrow);
}

#[test]
fn nulls_alone_take_no_bits() {
    let arrow = Int32Array::new_null(1000);
    let (packed, stats) = measure(|| NullableIntArray::try_from(&arrow).unwrap());
    assert_eq!((packed.len(), packed.null_count(), stats.allocations), (1000, 1000, 0));
    assert_eq!(Int32Array::from(&packed), arrow);
}

#[test]
fn dates_and_times_are_integers() {
    let days = IntArray::from(&[19_000_i32, 19_007, 19_014][..]);
    let dates = Date32Array::from(&days);
    assert_eq!(dates.data_type(), &arrow_schema::DataType::Date32);
    assert_eq!(IntArray::try_from(&dates).unwrap(), days);

    let zoned = TimestampMillisecondArray::from(vec![Some(0), None]).with_timezone("+01:00");
    let packed = NullableIntArray::try_from(&zoned).unwrap();
    let back = TimestampMillisecondArray::from(&packed);
    assert_eq!(back.timezone(), None);
    assert_eq!(back.with_timezone("+01:00"), zoned);
}

#[test]
fn images_are_decoded_in_place() {
    let values: Vec<_> = (0..1000_i32).map(|i| (i % 3 > 0).then_some(i / 7)).collect();
    let words = bytemuck::allocation::pod_collect_to_vec::<u8, u64>(
        &NullableIntArray::from(&values[..]).to_bytes(),
    );
    let length = NullableIntArray::from(&values[..]).to_bytes().len();
    let image = &bytemuck::cast_slice::<u64, u8>(&words)[..length];
    let mapped = NullableIntArray::<i32, &[u64]>::open(image).unwrap();
    assert_eq!(Int32Array::from(&mapped), Int32Array::from(values));
}

fn bits(len: usize) -> Vec<bool> {
    (0..len).map(|i| i * i % 7 < 3).collect()
}

#[test]
fn bits_change_hands() {
    for len in [1, 63, 64, 65, 1000] {
        let array = BitArray::from(&bits(len)[..]);
        let place = array.as_words().as_ptr().addr();
        let (arrow, stats) = measure(|| BooleanBuffer::from(array));
        assert_eq!((arrow.inner().as_ptr().addr(), arrow.offset()), (place, 0));
        assert!(arrow.iter().eq(bits(len)));
        assert_eq!((stats.allocations, stats.current), (1, COUNTED));
        let (array, stats) = measure(|| BitArray::from(arrow));
        assert_eq!(array.as_words().as_ptr().addr(), place);
        assert_eq!(array, bits(len));
        assert_eq!((stats.allocations, stats.current), (0, -COUNTED));

        let (copy, stats) = measure(|| BooleanBuffer::from(&array));
        assert!(copy.iter().eq(bits(len)));
        let words = len.div_ceil(64) as i64 * 8;
        assert_eq!((stats.allocations, stats.current), (2, words + COUNTED));
        let arrow = BooleanArray::from(array);
        assert_eq!(arrow.values().inner().as_ptr().addr(), place);
        let array = BitArray::try_from(arrow).unwrap();
        assert_eq!((array.as_words().as_ptr().addr(), array.len()), (place, len));
    }
}

#[test]
fn bits_at_every_offset_and_of_every_length_are_taken_or_copied() {
    let all = bits(300);
    let of_words = || BooleanBuffer::from(BitArray::from(&all[..]));
    let of_builder = || {
        let mut builder = BooleanBuilder::new();
        builder.append_slice(&all);
        builder.finish().into_parts().0
    };
    for offset in (0..140).chain([191, 192, 193, 256]) {
        for len in (0..=70).chain([127, 128, 129, 160]).filter(|len| offset + len <= 300) {
            // Behind the slices there are ones. The first of two is shared, the second is the only owner.
            let slices = [of_words().slice(offset, len), of_builder().slice(offset, len)];
            for slice in slices {
                let shared = slice.clone();
                for slice in [slice, shared] {
                    let array = BitArray::from(slice);
                    array.check_invariants();
                    assert_eq!(array, all[offset..offset + len], "{offset} {len}");
                    assert_eq!(array.heap_bytes(), len.div_ceil(64) * 8);
                }
            }
        }
    }
}

#[test]
fn a_buffer_may_end_within_a_word() {
    let words: Vec<u64> = vec![0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210, u64::MAX];
    let expected = |index: usize| words[index / 64].to_le() >> (index % 64) & 1 == 1;
    for bytes in 0..=24_usize {
        for len in [bytes * 8, (bytes * 8).saturating_sub(3)] {
            let whole = Buffer::from_vec(words.clone());
            let place = whole.as_ptr().addr();
            let buffer = whole.slice_with_length(0, bytes);
            drop(whole);
            let (array, stats) = measure(|| BitArray::from(BooleanBuffer::new(buffer, 0, len)));
            array.check_invariants();
            assert!(array.iter().eq((0..len).map(expected)), "{len} bits of {bytes} bytes");
            if len > 128 {
                assert_eq!(array.as_words().as_ptr().addr(), place);
                assert_eq!(stats.allocations, 0);
            }
        }
    }
}

#[test]
fn empty_arrays_go_both_ways() {
    fn check<P: ArrowPrimitiveType>()
    where
        P::Native: Int + ArrowNativeType + Debug,
    {
        let empty = PrimitiveArray::<P>::new(Vec::new().into(), None);
        assert_eq!(PrimitiveArray::<P>::from(Array::<P::Native>::new()), empty);
        assert_eq!(PrimitiveArray::<P>::from(&IntArray::<P::Native>::new()), empty);
        assert_eq!(PrimitiveArray::<P>::from(&NullableIntArray::<P::Native>::new()), empty);
        assert_eq!(IntArray::try_from(&empty).unwrap(), []);
        assert_eq!(NullableIntArray::try_from(&empty).unwrap(), []);
        assert!(BlockArray::<P::Native>::try_from(&empty).unwrap().is_empty());
        assert!(BlockArray::<Option<P::Native>>::from(&empty).is_empty());
        assert!(Array::try_from(empty).unwrap().is_empty());
    }
    check::<Int8Type>();
    check::<UInt64Type>();
    assert!(Array::try_from(Float64Array::from(Vec::<f64>::new())).unwrap().is_empty());
    let floats = Float64Array::from(Vec::<f64>::new());
    assert!(DecimalArray::<f64>::try_from(&floats).unwrap().is_empty());
    assert_eq!(Float64Array::from(&DecimalArray::<f64>::from(&[][..])), floats);
    assert_eq!(Int64Array::from(&SortedArray::from_sorted(&[])).len(), 0);
    assert_eq!(BooleanArray::from(BitArray::new()).len(), 0);
    assert_eq!(BitArray::from(BooleanBuffer::new_set(0)).heap_bytes(), 0);
    assert_eq!(BitArray::from(BooleanBuffer::new_set(100).slice(50, 0)).len(), 0);
}
