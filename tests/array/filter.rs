//! Values chosen by a mask: every array against a `Vec`, and a loop.

use pennyweight::array::{Array, BitArray, IntArray, NullableIntArray};
use proptest::collection::vec;
use proptest::prelude::*;
use std::panic::catch_unwind;

fn chosen<V: Copy>(values: &[V], mask: &[bool]) -> Vec<V> {
    values.iter().zip(mask).filter(|&(_, &chosen)| chosen).map(|(&value, _)| value).collect()
}

/// Masks of which few, many, or all are true, in runs or not.
fn masks(len: usize) -> impl Strategy<Value = Vec<bool>> {
    let run = (any::<bool>(), 1..300_usize);
    let runs = vec(run, 1..9).prop_map(move |runs| {
        let runs =
            runs.into_iter().cycle().flat_map(|(value, len)| std::iter::repeat_n(value, len));
        runs.take(len).collect()
    });
    let with = move |weight| vec(prop::bool::weighted(weight), len);
    prop_oneof![runs, with(0.01), with(0.07), with(0.5), with(0.99)]
}

proptest! {
    #[test]
    fn masks_choose_what_a_loop_chooses(
        (values, mask) in vec(prop::option::weighted(0.9, -9000..9000_i64), 0..1500)
            .prop_flat_map(|values| (masks(values.len()), Just(values)))
            .prop_map(|(mask, values)| (values, mask)),
    ) {
        let bits = BitArray::from(&mask);
        let ints: Vec<i64> = values.iter().map(|value| value.unwrap_or(60)).collect();
        let array = IntArray::from(&ints);
        let filtered = array.filter(&bits);
        filtered.check_invariants();
        prop_assert_eq!(&filtered, &chosen(&ints, &mask));
        let large = array.mask(|value| value > 60);
        large.check_invariants();
        let expected: Vec<bool> = ints.iter().map(|&value| value > 60).collect();
        prop_assert_eq!(&large, &expected);
        prop_assert_eq!(&Array::from(&ints[..]).mask(|value| value > 60), &expected);
        let null = NullableIntArray::from(&values).mask(|value| value.is_none());
        prop_assert!(null.iter().eq(values.iter().map(Option::is_none)));
        prop_assert_eq!(filtered.width(), array.width());
        let words = (filtered.len() * filtered.width() as usize).div_ceil(64);
        prop_assert_eq!(filtered.heap_bytes(), if words > 0 { 8 * words + 8 } else { 0 });

        let filtered = NullableIntArray::from(&values).filter(&bits);
        filtered.check_invariants();
        prop_assert_eq!(&filtered, &chosen(&values, &mask));
        let mut packed = filtered;
        packed.push(Some(70_000));
        packed.push(None);
        packed.shrink_to_fit();
        packed.check_invariants();

        let filtered = Array::from(&ints[..]).filter(&bits);
        prop_assert_eq!(&filtered, &chosen(&ints, &mask));
        prop_assert_eq!(filtered.heap_bytes(), 8 * filtered.len());
    }
}

#[test]
fn values_without_bits_are_chosen_too() {
    let mask = BitArray::from([true, false, true]);
    let filtered = IntArray::from([7_u8; 3]).filter(&mask);
    assert_eq!((filtered.heap_bytes(), &filtered), (0, &[7, 7].into()));
    let nulls = NullableIntArray::from([None::<i8>; 3]).filter(&mask);
    nulls.check_invariants();
    assert_eq!((nulls.null_count(), nulls.len()), (2, 2));
    assert_eq!(IntArray::<i64>::new().filter(&BitArray::new()), []);
}

#[test]
fn a_mask_of_another_length_panics() {
    let array = IntArray::from([1_u8, 2, 3]);
    let caught = catch_unwind(|| _ = array.filter(&BitArray::from([true, false])));
    let message = *caught.unwrap_err().downcast::<String>().expect("a formatted message");
    assert_eq!(message, "a mask of 2 values does not choose among 3");
}
