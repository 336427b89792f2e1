//! `compress` finds the smallest encoding, and says which.

use pennyweight::array::{
    BlockArray, Compressed, DictArray, Element, IntArray, NullableIntArray, SortedArray, compress,
};
use proptest::collection::vec;
use proptest::prelude::*;

/// Values of many shapes: wide, narrow, in runs, of few kinds, rising.
fn values() -> impl Strategy<Value = Vec<i64>> {
    let sorted = |mut values: Vec<i64>| {
        values.sort_unstable();
        values
    };
    prop_oneof![
        vec(any::<i64>(), 0..3000),
        vec(-50..50_i64, 0..3000),
        vec(prop_oneof![Just(-7_i64), Just(1 << 40), Just(99)], 0..3000),
        vec(prop_oneof![40 => 0..100_i64, 1 => any::<i64>()], 0..3000),
        vec(any::<u32>().prop_map(i64::from), 0..3000).prop_map(sorted),
        (any::<i32>(), 0..3000_i64)
            .prop_map(|(from, len)| (0..len).map(|i| i64::from(from) + i / 7 * 60).collect()),
    ]
}

fn check<V: Element>(values: &[V]) -> Result<Compressed<V>, TestCaseError> {
    let array = compress(values.iter().copied());
    array.check_invariants();
    prop_assert_eq!(&array, values);
    prop_assert_eq!(array.to_vec(), values);
    prop_assert!(array.iter().rev().eq(values.iter().rev().copied()));
    let explanation = array.explain();
    let smallest = explanation.candidates().filter_map(|(_, bytes)| bytes).min();
    prop_assert_eq!(Some(array.heap_bytes()), smallest, "{}", explanation);
    prop_assert_eq!(explanation.achieved_bytes(), array.heap_bytes());
    let expected = explanation.candidates().find(|&(name, _)| name == explanation.chosen());
    prop_assert_eq!(expected.and_then(|(_, bytes)| bytes), Some(array.heap_bytes()));
    let integers = || values.iter().filter_map(|value| value.integer());
    prop_assert_eq!((array.min(), array.max()), (integers().min(), integers().max()));
    prop_assert_eq!(array.null_count(), values.len() - integers().count());
    prop_assert_eq!(&Compressed::from_bytes(&array.to_bytes()).unwrap(), &array);
    let mut part = vec![V::default(); values.len() / 3];
    array.copy_to_slice(values.len() / 4, &mut part);
    prop_assert_eq!(&part[..], &values[values.len() / 4..][..part.len()]);
    Ok(array)
}

proptest! {
    #[test]
    fn the_smallest_encoding_of_integers_is_taken(values in values()) {
        let array = check(&values)?;
        prop_assert_eq!(array.sum(), values.iter().map(|&value| i128::from(value)).sum::<i128>());
        let sizes = [
            IntArray::from(&values[..]).heap_bytes(),
            BlockArray::from(&values[..]).heap_bytes(),
            DictArray::from(&values[..]).heap_bytes(),
        ];
        prop_assert!(sizes.iter().all(|&bytes| array.heap_bytes() <= bytes));
        if let Ok(sorted) = SortedArray::try_from_sorted(&values) {
            prop_assert!(array.heap_bytes() <= sorted.heap_bytes());
        }
    }

    #[test]
    fn the_smallest_encoding_of_nullable_integers_is_taken(
        values in values(),
        nulls in vec(prop::bool::weighted(0.1), 3000),
    ) {
        let values: Vec<_> = values.iter().zip(&nulls).map(|(&value, &null)| (!null).then_some(value)).collect();
        let array = check(&values)?;
        let sum = values.iter().flatten().map(|&value| i128::from(value)).sum::<i128>();
        prop_assert_eq!(array.sum(), sum);
        let sizes = [BlockArray::from(&values[..]).heap_bytes(), DictArray::from(&values[..]).heap_bytes()];
        prop_assert!(sizes.iter().all(|&bytes| array.heap_bytes() <= bytes));
        if let Ok(packed) = NullableIntArray::try_from_slice(&values) {
            prop_assert!(array.heap_bytes() <= packed.heap_bytes());
        }
    }
}

#[test]
fn each_encoding_has_a_column_that_it_fits() {
    let random = |i: i64| (i.wrapping_mul(0x5851_f42d_4c95_7f2d) >> 20) & 0x3ff;
    assert!(matches!(compress((0..5000).map(random)), Compressed::Packed(_)));
    assert!(matches!(
        compress((0..5000).map(|i| random(i) % 5 * 1_000_003 % 977)),
        Compressed::Dict(_)
    ));
    assert!(matches!(
        compress((0..5000).map(|i| random(i) % 16 + i / 1024 * 1_000_000)),
        Compressed::Blocks(_)
    ));
    assert!(matches!(compress((0..5000_i64).map(|i| i * 1000 + random(i))), Compressed::Sorted(_)));
    let nothing = compress(std::iter::empty::<i64>());
    assert_eq!((nothing.len(), nothing.heap_bytes(), nothing.min()), (0, 0, None));
}

#[test]
fn an_explanation_is_a_table() {
    let minutes = compress((0..1000_i64).map(|i| Some(60 * (i % 7))));
    assert_eq!(
        minutes.explain().to_string(),
        "1000 values in 384 bytes\n\
         * packed at one width                   384 bytes     3.07 bits a value\n\
         \x20 codes of distinct values     codes would take no fewer bits than the values\n\
         \x20 blocks with outliers aside            400 bytes     3.20 bits a value\n\
         \x20 sorted, as Elias and Fano    the values are not in order\n"
    );
}

#[test]
fn an_explanation_names_what_stands_in_the_way() {
    let sorted_line = |values: &[Option<i64>]| {
        let text = Compressed::from(values).explain().to_string();
        text.lines().last().unwrap().trim().to_owned()
    };
    assert!(sorted_line(&[]).ends_with("there is no value"));
    assert!(sorted_line(&[Some(1), None]).ends_with("there are nulls"));
    assert!(sorted_line(&[Some(2), Some(1)]).ends_with("the values are not in order"));
    // Values that are all equal take no bits.
    let year = compress([2013; 1000]).explain().to_string();
    assert!(year.contains("codes would take no fewer bits than the values"), "{year}");
}

#[test]
fn equal_values_have_equal_hashes_however_they_are_encoded() {
    let values: Vec<i64> = (0..3000).map(|i| i / 7).collect();
    let smallest = compress(values.iter().copied());
    assert!(matches!(smallest, Compressed::Sorted(_)));
    let packed = Compressed::<i64>::Packed(IntArray::from(&values[..]));
    assert_eq!(smallest, packed);
    assert!(std::collections::HashSet::from([smallest]).contains(&packed));
    assert_eq!(Compressed::<i64>::default(), compress([]));
}
