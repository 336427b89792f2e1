//! Strings, lists and dictionaries to Arrow's and back: what is copied, what is not, and what is refused.

use arrow_array::builder::StringBuilder;
use arrow_array::types::{Date32Type, Int8Type, Int32Type, UInt8Type, UInt16Type};
use arrow_array::{
    Array as _, BinaryArray, DictionaryArray, GenericListArray, GenericStringArray, Int8Array,
    Int32Array, Int64Array, LargeBinaryArray, LargeListArray, LargeStringArray, ListArray,
    OffsetSizeTrait, StringArray,
};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{DataType, Field};
use pennyweight::array::{
    BytesArray, DictArray, ElementErrorCause, RaggedArray, SortedStrArray, StrArray,
};
use pennyweight::profile::measure;
use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::Arc;

/// The block of the counters of a buffer.
const COUNTED: i64 = 56;

fn strings_come_back<O: OffsetSizeTrait>(strings: &[String], arrow: GenericStringArray<O>) {
    assert!(arrow.iter().flatten().eq(strings));
    assert_eq!((arrow.len(), arrow.null_count()), (strings.len(), 0));
    for start in 0..strings.len().min(4) {
        let slice = arrow.slice(start, (strings.len() - start) / 2);
        let array = StrArray::try_from(slice).unwrap();
        array.check_invariants();
        assert_eq!(array, strings[start..][..array.len()]);
    }
    let array = StrArray::try_from(arrow).unwrap();
    array.check_invariants();
    assert_eq!(array, *strings);
}

fn lists_come_back<O: OffsetSizeTrait>(lists: &[Vec<i16>], arrow: GenericListArray<O>) {
    let expected = lists.iter().map(|list| Some(list.iter().copied().map(Some)));
    type Int16 = arrow_array::types::Int16Type;
    assert_eq!(arrow, GenericListArray::<O>::from_iter_primitive::<Int16, _, _>(expected));
    for start in 0..lists.len().min(4) {
        let slice = arrow.slice(start, (lists.len() - start) / 2);
        let array = RaggedArray::<i16>::try_from(slice).unwrap();
        array.check_invariants();
        assert_eq!(array, lists[start..][..array.len()]);
    }
    let array = RaggedArray::<i16>::try_from(arrow).unwrap();
    array.check_invariants();
    assert_eq!(array, *lists);
}

proptest! {
    #[test]
    fn strings_change_hands_and_come_back(strings in vec(".{0,12}", 0..60)) {
        let array = StrArray::from(&strings[..]);
        strings_come_back(&strings, StringArray::try_from(&array).unwrap());
        strings_come_back(&strings, LargeStringArray::from(&array));
        strings_come_back(&strings, StringArray::try_from(array.clone()).unwrap());
        let open: Vec<u64> = array.to_bytes().as_chunks().0.iter().map(|&word| u64::from_ne_bytes(word)).collect();
        let open = StrArray::<&[u64]>::open(bytemuck::cast_slice::<u64, u8>(&open)).unwrap();
        strings_come_back(&strings, LargeStringArray::from(&open));
        strings_come_back(&strings, LargeStringArray::from(array));

        let rows = StrArray::from(&strings[..]).into_bytes();
        let (small, large) = (BinaryArray::try_from(&rows).unwrap(), LargeBinaryArray::from(&rows));
        prop_assert!(small.iter().flatten().eq(&rows) && large.iter().flatten().eq(&rows));
        prop_assert_eq!(&BytesArray::try_from(small).unwrap(), &rows);
        prop_assert_eq!(&BytesArray::try_from(large).unwrap(), &rows);
        prop_assert_eq!(BinaryArray::try_from(rows.clone()).unwrap(), BinaryArray::try_from(&rows).unwrap());
        prop_assert_eq!(LargeBinaryArray::from(rows.clone()), LargeBinaryArray::from(&rows));
    }

    #[test]
    fn sorted_strings_are_decoded(mut strings in vec("[a-cé]{0,8}", 0..80)) {
        strings.sort();
        let sorted = SortedStrArray::from_sorted(&strings);
        let (small, large) = (StringArray::try_from(&sorted).unwrap(), LargeStringArray::from(&sorted));
        prop_assert!(small.iter().flatten().eq(&strings) && large.iter().flatten().eq(&strings));
        let offsets = small.offsets().inner().inner().capacity();
        prop_assert_eq!((small.values().capacity(), offsets), (small.values().len(), (strings.len() + 1) * 4));
    }

    #[test]
    fn lists_change_hands_and_come_back(lists in vec(vec(any::<i16>(), 0..6), 0..60)) {
        let array = RaggedArray::from(lists.clone());
        lists_come_back(&lists, ListArray::try_from(&array).unwrap());
        lists_come_back(&lists, LargeListArray::from(&array));
        lists_come_back(&lists, ListArray::try_from(array.clone()).unwrap());
        lists_come_back(&lists, LargeListArray::from(array));
    }

    #[test]
    fn dictionaries_come_back(values in vec(prop::option::weighted(0.8, -60..60_i64), 0..600)) {
        let array = DictArray::from(&values[..]);
        let arrow = DictionaryArray::<Int8Type>::try_from(&array).unwrap();
        let plain = arrow.downcast_dict::<Int64Array>().unwrap();
        prop_assert!(plain.into_iter().eq(values.iter().copied()));
        prop_assert_eq!(arrow.null_count(), array.null_count());
        prop_assert!(arrow.values().len() == array.distinct());
        prop_assert_eq!(&DictArray::<Option<i64>>::try_from(&arrow).unwrap(), &array);
        let slice = arrow.slice(values.len() / 3, values.len() / 2);
        let part = DictArray::<Option<i64>>::try_from(&slice).unwrap();
        prop_assert!(part == values[values.len() / 3..][..values.len() / 2]);

        let complete: Vec<i64> = values.iter().flatten().copied().collect();
        let array = DictArray::from(&complete[..]);
        let arrow = DictionaryArray::<UInt16Type>::try_from(&array).unwrap();
        prop_assert!(arrow.keys().nulls().is_none());
        prop_assert_eq!(DictArray::<i64>::try_from(&arrow).unwrap(), array);
    }
}

#[test]
fn values_keep_their_place_and_only_offsets_are_made() {
    let strings = StrArray::from(["January", "February", "March"]);
    let place = strings.text().as_ptr();
    let (arrow, stats) = measure(|| StringArray::try_from(strings).unwrap());
    assert_eq!(arrow.values().as_ptr(), place);
    // The offsets, and the counters of two buffers, less the ends.
    assert_eq!(stats.allocations, 3);
    let array = StrArray::try_from(arrow).unwrap();
    assert_eq!(array.text().as_ptr(), place);

    // Lists of one length have no ends, which would take memory.
    let lists: RaggedArray<i64> = (0..100).map(|i| [i, i + 1]).collect();
    let place = lists.values().as_ptr();
    let arrow = LargeListArray::from(lists);
    let (array, stats) = measure(|| RaggedArray::<i64>::try_from(arrow).unwrap());
    assert_eq!((array.values().as_ptr(), stats.allocations), (place, 0));
    assert!(stats.current < -101 * 8 - 2 * COUNTED, "the offsets are gone: {}", stats.current);
}

#[test]
fn a_list_that_shares_its_values_copies_those_it_has() {
    let lists = RaggedArray::from(vec![vec![1_i32, 2, 3], vec![4], vec![5, 6]]);
    let arrow = ListArray::try_from(lists).unwrap();
    let place = arrow.values().to_data().buffers()[0].as_ptr();
    let end = RaggedArray::<i32>::try_from(arrow.slice(1, 2)).unwrap();
    assert_eq!((end.capacity(), &end), (3, &RaggedArray::from(vec![vec![4], vec![5, 6]])));
    let whole = RaggedArray::<i32>::try_from(arrow.clone()).unwrap();
    assert_ne!(whole.values().as_ptr().cast(), place);
    let whole = RaggedArray::<i32>::try_from(arrow).unwrap();
    assert_eq!(whole.values().as_ptr().cast(), place, "the only owner");
}

#[test]
fn text_is_taken_from_a_builder_and_copied_exactly_from_what_no_vec_had() {
    let mut builder = StringBuilder::with_capacity(3, 100);
    ["a", "bc", ""].iter().for_each(|string| builder.append_value(string));
    let arrow = builder.finish();
    let place = arrow.values().as_ptr();
    let array = StrArray::try_from(arrow).unwrap();
    assert_eq!(
        (array.text().as_ptr(), array.capacity(), &array),
        (place, 100, &StrArray::from(["a", "bc", ""]))
    );
    let array = StrArray::try_from(StringArray::from(vec!["a", "bc", ""])).unwrap();
    assert_eq!((array.capacity(), &array), (3, &StrArray::from(["a", "bc", ""])));
}

#[test]
fn nulls_are_named_by_their_index_and_the_array_given_back() {
    let strings = vec![Some("a"), Some("b"), None, Some("c"), None];
    let error = StrArray::try_from(StringArray::from(strings.clone())).unwrap_err();
    assert_eq!((error.index(), error.into_array().len()), (2, 5));
    let error = StrArray::try_from(LargeStringArray::from(strings).slice(1, 4)).unwrap_err();
    assert_eq!(error.index(), 1);
    let bytes = BinaryArray::from(vec![Some(&b"a"[..]), None]);
    assert_eq!(BytesArray::try_from(bytes).unwrap_err().index(), 1);

    let distances = DictArray::from([Some(7_i64), None, Some(9)]);
    let arrow = DictionaryArray::<Int8Type>::try_from(&distances).unwrap();
    let error = DictArray::<i64>::try_from(&arrow).unwrap_err();
    assert_eq!(error.cause(), &ElementErrorCause::Null { index: 1 });
    assert_eq!(error.to_string(), "the value at index 1 is null");
    assert_eq!(error.into_array().len(), 3);
}

#[test]
fn nulls_outside_of_a_list_are_no_obstacle() {
    let values = Int32Array::from(vec![None, Some(1), Some(2), None, Some(3), None]);
    let field = Arc::new(Field::new_list_field(DataType::Int32, true));
    let lists = |offsets: Vec<i32>| {
        let offsets = OffsetBuffer::new(offsets.into());
        ListArray::new(field.clone(), offsets, Arc::new(values.clone()), None)
    };
    let array = RaggedArray::<i32>::try_from(lists(vec![1, 2, 2, 3])).unwrap();
    assert_eq!(array, [vec![1], vec![], vec![2]][..]);
    let error = RaggedArray::<i32>::try_from(lists(vec![1, 3, 3, 5])).unwrap_err();
    assert_eq!(error.cause(), &ElementErrorCause::NullWithin { index: 2 });
}

#[test]
fn values_that_mean_more_are_numbers_and_other_types_are_refused() {
    let days = [Some(vec![Some(20_000), Some(20_001)]), Some(vec![])];
    let days = ListArray::from_iter_primitive::<Date32Type, _, _>(days);
    assert_eq!(
        RaggedArray::<i32>::try_from(days.clone()).unwrap(),
        [vec![20_000, 20_001], vec![]][..]
    );
    let error = RaggedArray::<f32>::try_from(days).unwrap_err();
    let cause = ElementErrorCause::Type { expected: "f32", found: DataType::Date32 };
    assert_eq!(
        (error.cause(), error.to_string().as_str()),
        (&cause, "the values are Date32, and not of type f32")
    );

    let airports: DictionaryArray<Int32Type> = ["JFK", "LGA", "JFK"].into_iter().collect();
    let error = DictArray::<i64>::try_from(&airports).unwrap_err();
    assert_eq!(error.to_string(), "the values are Utf8, and not of type i64");
}

#[test]
fn a_dictionary_may_be_unsorted_repeated_unused_and_null() {
    let keys = Int8Array::from(vec![Some(3), None, Some(0), Some(1), Some(2)]);
    let values = Int64Array::from(vec![Some(9), Some(-4), None, Some(9), Some(1000)]);
    let arrow = DictionaryArray::new(keys, Arc::new(values));
    let array = DictArray::<Option<i64>>::try_from(&arrow).unwrap();
    array.check_invariants();
    assert_eq!(array, [Some(9), None, Some(9), Some(-4), None]);
    assert_eq!(array.dictionary(), [-4, 9]);
    // Where all are null, what lies below may be no key at all.
    let keys = Int8Array::new(vec![100, -1].into(), Some(vec![false, false].into()));
    let arrow = DictionaryArray::new(keys, Arc::new(Int64Array::from(Vec::<i64>::new())));
    assert_eq!(DictArray::<Option<i64>>::try_from(&arrow).unwrap(), [None, None]);
}

#[test]
fn keys_that_do_not_count_the_values_are_refused() {
    let fits: DictArray<u8> = (0..=u8::MAX).collect();
    assert!(DictionaryArray::<UInt8Type>::try_from(&fits).is_ok());
    let error = DictionaryArray::<Int8Type>::try_from(&fits).unwrap_err();
    assert_eq!(
        (error.index(), error.to_string().as_str()),
        (255, "index 255 is too large for Int8")
    );
    let fits: DictArray<Option<u8>> = (0..128).map(Some).chain([None]).collect();
    assert!(DictionaryArray::<Int8Type>::try_from(&fits).is_ok());
    let empty = DictArray::from(Vec::<i64>::new());
    assert!(DictionaryArray::<Int8Type>::try_from(&empty).unwrap().is_empty());
}

/// Nobody writes to these bytes, and so they are pages of zeros that take no memory.
#[test]
#[cfg(target_pointer_width = "64")]
fn more_than_offsets_of_32_bits_count_is_refused_before_anything_is_made() {
    let most = i32::MAX as usize;
    let rows = BytesArray::from_values(vec![0; most + 1], [most, 1]).unwrap();
    let (error, stats) = measure(|| BinaryArray::try_from(&rows).unwrap_err());
    assert_eq!((error.index(), stats.allocations), (most + 1, 0));
    assert_eq!(error.to_string(), "index 2147483648 is too large for Int32");
    assert_eq!(ListArray::try_from(&rows).unwrap_err().index(), most + 1);
    let rows = BinaryArray::try_from(rows).unwrap_err().into_array();
    let arrow = LargeBinaryArray::from(rows);
    assert_eq!(arrow.value_offsets(), [0, most as i64, most as i64 + 1]);
    let mut rows = BytesArray::try_from(arrow).unwrap();
    rows.truncate(1);
    assert_eq!(BinaryArray::try_from(rows).unwrap().value_offsets(), [0, i32::MAX]);

    let long = "a".repeat(1 << 26);
    let sorted = SortedStrArray::from_sorted(std::iter::repeat_n(&long, 32));
    assert_eq!(StringArray::try_from(&sorted).unwrap_err().index(), most + 1);
    let fits = SortedStrArray::from_sorted([&long]);
    assert_eq!(StringArray::try_from(&fits).unwrap().value(0).len(), 1 << 26);
}

#[cfg(feature = "fsst")]
#[test]
fn strings_of_symbols_are_decoded() {
    use pennyweight::array::FsstArray;
    let lines: Vec<String> =
        (0..500).map(|i| format!("GET /articles/{}?é", i * 7919 % 500)).collect();
    let packed = FsstArray::from(&lines[..]);
    let arrow = StringArray::try_from(&packed).unwrap();
    assert!(arrow.iter().flatten().eq(&lines));
    assert_eq!(arrow.values().capacity(), arrow.values().len());
    assert!(LargeStringArray::from(&packed).iter().flatten().eq(&lines));
    assert_eq!(FsstArray::from(&StrArray::try_from(arrow).unwrap()), packed);
}
