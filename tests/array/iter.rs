//! Reading arrays by parts: iterators from both ends, folds from the middle, copies, blocks and sums.

use pennyweight::array::{
    Array, BitArray, BlockArray, Column, DecimalArray, DictArray, IntArray, NullableIntArray,
    SortedArray, compress, zip_blocks,
};
use pennyweight_baseline::array as naive;
use proptest::collection::vec;
use proptest::prelude::*;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// 700 multiples of 6 from -1200 on, out of order, and every tenth of them null.
fn some_values() -> Vec<Option<i64>> {
    let value = |i: i64| (i % 10 != 3).then(|| i * 37 % 700 * 6 - 1200);
    (0..700).map(value).collect()
}

fn some_ints() -> Vec<i64> {
    some_values().into_iter().map(|value| value.unwrap_or(600)).collect()
}

fn some_bits() -> Vec<bool> {
    (0..330_u32).map(|i| i.wrapping_mul(0x9e37_79b9) >> 31 == 1).collect()
}

/// Folds every part of a column, what lies before and behind it being taken one by one.
fn fold_parts<C: Column>(column: &C, values: &[C::Item]) {
    let len = values.len();
    let edges =
        [0, 1, 2, 63, 64, 65, 128, 255, 256, 257, 299, 300, len - 65, len - 64, len - 1, len];
    for start in edges {
        for end in edges.into_iter().filter(|&end| start <= end) {
            let mut part = column.iter();
            part.by_ref().take(start).for_each(drop);
            part.by_ref().rev().take(len - end).for_each(drop);
            assert_eq!(part.len(), end - start);
            let folded = part.fold(Vec::new(), |mut folded, value| {
                folded.push(value);
                folded
            });
            assert_eq!(folded, values[start..end], "{start}..{end}");
            let skipped = column.iter().skip(start).take(end - start);
            assert!(skipped.eq(values[start..end].iter().copied()), "{start}..{end}");
        }
    }
}

#[test]
fn folds_begin_and_end_anywhere() {
    let (ints, nullable, bits) = (some_ints(), some_values(), some_bits());
    fold_parts(&IntArray::from(&ints), &ints);
    fold_parts(&NullableIntArray::from(&nullable), &nullable);
    fold_parts(&BitArray::from(&bits), &bits);
    fold_parts(&Array::from(&ints[..]), &ints);
    // Width 0, and the widths that are read by two aligned words.
    fold_parts(&IntArray::from([7; 330]), &[7; 330]);
    fold_parts(&NullableIntArray::from([None::<u8>; 330]), &[None; 330]);
    for top in [1_u64 << 57, 1 << 60, u64::MAX] {
        let wide: Vec<u64> = (0..700).map(|i| if i % 2 == 0 { i } else { top - i }).collect();
        fold_parts(&IntArray::from(&wide), &wide);
    }
}

/// Reads every part of an array by its range.
macro_rules! check_ranges {
    ($array:expr, $values:expr) => {{
        let (array, values) = ($array, $values);
        let len = values.len();
        for start in [0, 1, 64, 255, 256, 300, len] {
            for end in [0, 1, 65, 256, 257, 300, len].into_iter().filter(|&end| start <= end) {
                let part = array.iter_range(start..end);
                assert!(part.clone().eq(values[start..end].iter().copied()), "{start}..{end}");
                let mut folded = Vec::new();
                part.for_each(|value| folded.push(value));
                assert_eq!(folded, values[start..end], "{start}..{end}");
            }
            assert!(array.iter_range(start..).eq(values[start..].iter().copied()));
        }
        assert_eq!(array.iter_range(..=2).rev().last(), Some(values[0]));
        let caught = catch_unwind(|| _ = array.iter_range(3..len + 1));
        let expected = format!("range end index {} out of range for length {len}", len + 1);
        assert_eq!(message(caught), expected);
        assert_eq!(
            message(catch_unwind(|| _ = array.iter_range(4..3))),
            "slice index starts at 4 but ends at 3"
        );
    }};
}

#[test]
#[expect(clippy::reversed_empty_ranges, reason = "the mistake that is tested")]
fn ranges_are_read_as_those_of_a_slice() {
    let (ints, nullable, bits) = (some_ints(), some_values(), some_bits());
    let floats: Vec<f64> = ints.iter().map(|&value| value as f64 / 100.0).collect();
    check_ranges!(IntArray::from(&ints), &ints);
    check_ranges!(NullableIntArray::from(&nullable), &nullable);
    check_ranges!(BitArray::from(&bits), &bits);
    check_ranges!(BlockArray::from(&nullable), &nullable);
    check_ranges!(DictArray::from(&ints), &ints);
    check_ranges!(DecimalArray::from(&floats), &floats);
    check_ranges!(compress(nullable.iter().copied()), &nullable);
}

/// Reads two columns together.
fn zip<A: Column, B: Column>(a: &A, b: &B) {
    let (mut pairs, mut blocks) = (Vec::new(), 0);
    zip_blocks(a, b, |a, b| {
        assert_eq!(a.len(), b.len());
        pairs.extend(a.iter().copied().zip(b.iter().copied()));
        blocks += 1;
    });
    assert!(pairs.into_iter().eq(a.iter().zip(b.iter())));
    assert_eq!(blocks > 0, !a.is_empty());
}

#[test]
fn two_columns_are_read_together() {
    let (ints, nullable) = (some_ints(), some_values());
    let bits: Vec<bool> = ints.iter().map(|value| value % 4 == 0).collect();
    let floats: Vec<f64> = ints.iter().map(|&value| value as f64 / 100.0).collect();
    for len in [0, 1, 255, 256, 257, 700] {
        let (ints, nullable) = (&ints[..len], &nullable[..len]);
        let packed = IntArray::from(ints);
        let sorted: Vec<i64> = (0..len as i64).map(|i| i * i).collect();
        zip(&packed, &NullableIntArray::from(nullable));
        zip(&packed, &packed);
        zip(&Array::from(ints), &packed);
        zip(&BitArray::from(&bits[..len]), &Array::from(ints));
        zip(&packed, &BitArray::from(&bits[..len]));
        zip(&SortedArray::from_sorted(&sorted), &DecimalArray::from(&floats[..len]));
        zip(&DecimalArray::from(&floats[..len]), &SortedArray::from_sorted(&sorted));
        zip(&BlockArray::from(nullable), &DictArray::from(ints));
        zip(&DictArray::from(ints), &compress(nullable.iter().copied()));
        zip(&compress(ints.iter().copied()), &BlockArray::from(nullable));
    }
}

#[test]
fn columns_of_different_lengths_are_not_read_together() {
    let (two, three) = (Array::from([1, 2]), IntArray::from([1_u8, 2, 3]));
    let caught = catch_unwind(|| zip_blocks(&two, &three, |_, _| ()));
    assert_eq!(message(caught), "columns of 2 and of 3 values have no pairs");
}

#[derive(Clone, Debug)]
enum Step {
    Next,
    NextBack,
    Nth(usize),
    NthBack(usize),
    Ends,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        Just(Step::Next),
        Just(Step::NextBack),
        (0..90_usize).prop_map(Step::Nth),
        (0..90_usize).prop_map(Step::NthBack),
        Just(Step::Ends),
    ];
    vec(step, 0..30)
}

/// Takes the same steps through a column and a slice.
fn check_steps<C: Column>(
    column: &C,
    values: &[C::Item],
    steps: &[Step],
) -> Result<(), TestCaseError> {
    let (mut left, mut right) = (column.iter(), values.iter().copied());
    for step in steps {
        match *step {
            Step::Next => prop_assert_eq!(left.next(), right.next()),
            Step::NextBack => prop_assert_eq!(left.next_back(), right.next_back()),
            Step::Nth(n) => prop_assert_eq!(left.nth(n), right.nth(n)),
            Step::NthBack(n) => prop_assert_eq!(left.nth_back(n), right.nth_back(n)),
            Step::Ends => prop_assert_eq!(left.size_hint(), right.size_hint()),
        }
    }
    prop_assert!(left.eq(right));
    Ok(())
}

proptest! {
    #[test]
    fn steps_from_both_ends_are_those_of_a_slice(steps in steps()) {
        let (ints, nullable, bits) = (some_ints(), some_values(), some_bits());
        check_steps(&IntArray::from(&ints), &ints, &steps)?;
        check_steps(&NullableIntArray::from(&nullable), &nullable, &steps)?;
        check_steps(&BitArray::from(&bits), &bits, &steps)?;
    }
}

#[test]
fn iterators_know_their_end_and_show_what_is_left() {
    let array = IntArray::from([10_u8, 20, 30, 40]);
    let mut iter = array.iter();
    assert_eq!((iter.next(), iter.next_back()), (Some(10), Some(40)));
    assert_eq!((iter.clone().count(), iter.clone().last()), (2, Some(30)));
    assert_eq!(format!("{iter:?}"), "[20, 30]");
    assert_eq!((iter.nth_back(2), iter.next(), iter.next_back()), (None, None, None));
}

/// Takes an array apart by an iterator that holds it.
fn consume<V, A>(array: A, values: &[V])
where
    V: Copy + PartialEq + std::fmt::Debug,
    A: IntoIterator<Item = V> + Clone,
    A::IntoIter: DoubleEndedIterator + ExactSizeIterator + Clone + std::fmt::Debug,
{
    let mut iter = array.clone().into_iter();
    assert_eq!(iter.size_hint(), (values.len(), Some(values.len())));
    assert!(
        iter.clone().eq(values.iter().copied())
            && iter.clone().rev().eq(values.iter().rev().copied())
    );
    assert_eq!((iter.next(), iter.next_back()), (Some(values[0]), values.last().copied()));
    assert_eq!((iter.nth(2), iter.nth_back(3)), (Some(values[3]), Some(values[values.len() - 5])));
    let rest = &values[4..values.len() - 5];
    assert_eq!((iter.clone().count(), iter.clone().last()), (rest.len(), rest.last().copied()));
    assert!(format!("{iter:?}").contains(&format!("{rest:?}")));
    let folded = iter.clone().fold(Vec::new(), |mut folded, value| {
        folded.push(value);
        folded
    });
    assert_eq!(folded, rest);
    iter.by_ref().for_each(drop);
    assert_eq!((iter.next(), iter.next_back(), iter.len()), (None, None, 0));
    let mut expected = values.iter();
    for value in array {
        assert_eq!(Some(&value), expected.next());
    }
    assert_eq!(expected.len(), 0);
}

#[test]
fn an_array_can_be_consumed_from_both_ends() {
    let (ints, nullable, bits) = (some_ints(), some_values(), some_bits());
    let sorted: Vec<i64> = (0..700).map(|i| i * i).collect();
    let floats: Vec<f64> = ints.iter().map(|&value| value as f64 / 100.0).collect();
    consume(IntArray::from(&ints), &ints);
    consume(NullableIntArray::from(&nullable), &nullable);
    consume(BitArray::from(&bits), &bits);
    consume(Array::from(&ints[..]), &ints);
    consume(BlockArray::from(&nullable), &nullable);
    consume(DictArray::from(&nullable), &nullable);
    consume(SortedArray::from_sorted(&sorted), &sorted);
    consume(DecimalArray::from(&floats), &floats);
    consume(compress(nullable.iter().copied()), &nullable);
    // What is borrowed from an image is copied into the iterator, and not the image.
    let image = DictArray::from(&ints).to_bytes();
    let words: Vec<u64> =
        image.as_chunks().0.iter().map(|&word| u64::from_ne_bytes(word)).collect();
    let open = DictArray::<i64, &[u64]>::open(bytemuck::cast_slice::<u64, u8>(&words)).unwrap();
    consume(open, &ints);
}

#[test]
fn what_lends_a_slice_is_packed_as_the_slice_is() {
    let (ints, nullable) = (some_ints(), some_values());
    let floats: Vec<f64> = ints.iter().map(|&value| value as f64 / 100.0).collect();
    assert_eq!(BlockArray::from(nullable.clone()), nullable);
    assert_eq!(DictArray::from(ints.clone()), ints);
    assert_eq!(DecimalArray::from(floats.clone()), floats);
    assert_eq!(IntArray::from(ints.clone()).heap_bytes(), IntArray::from(&ints[..]).heap_bytes());
    assert_eq!(BlockArray::from(&[1, 2, 2]), BlockArray::from([1, 2, 2]));
    assert_eq!(BitArray::from(vec![true, false]), BitArray::from(&[true, false]));
}

#[test]
fn ones_are_folded_from_what_is_left_of_them() {
    let bits = some_bits();
    let (array, ones) = (BitArray::from(&bits), naive::ones(&bits).collect::<Vec<_>>());
    assert!(ones.len() > 100);
    for front in 0..ones.len() {
        for back in [0, 1, 2, 30, 31, 32, 33, 70] {
            let mut left = array.iter_ones();
            left.by_ref().take(front).for_each(drop);
            left.by_ref().rev().take(back).for_each(drop);
            let expected = &ones[front..ones.len().saturating_sub(back).max(front)];
            assert_eq!(left.clone().count(), expected.len());
            let mut folded = Vec::new();
            left.for_each(|index| folded.push(index));
            assert_eq!(folded, expected, "{front} from the front, {back} from the back");
        }
    }
}

/// Copies from every start, as far as lengths around words and blocks reach.
fn copy_parts<T: Copy + PartialEq + std::fmt::Debug>(
    values: &[T],
    fill: T,
    copy: impl Fn(usize, &mut [T]),
) {
    for start in 0..=values.len() {
        let left = values.len() - start;
        for count in [0, 1, 2, 63, 64, 65, 128, 255, 256, 257, left] {
            if count <= left {
                let mut copied = vec![fill; count];
                copy(start, &mut copied);
                assert_eq!(copied, values[start..start + count], "{count} from {start}");
            }
        }
    }
}

#[test]
fn parts_are_copied_from_every_offset() {
    let (ints, nullable, bits) = (some_ints(), some_values(), some_bits());
    let array = IntArray::from(&ints);
    copy_parts(&ints, i64::MAX, |start, part| array.copy_to_slice(start, part));
    let array = NullableIntArray::from(&nullable);
    copy_parts(&nullable, Some(i64::MAX), |start, part| array.copy_to_slice(start, part));
    let array = BitArray::from(&bits);
    for fill in [false, true] {
        copy_parts(&bits, fill, |start, part| array.copy_to_slice(start, part));
    }
    assert_eq!((array.to_vec(), BitArray::new().to_vec()), (bits, vec![]));
}

fn message(result: Result<(), Box<dyn Any + Send>>) -> String {
    *result.unwrap_err().downcast::<String>().expect("a formatted message")
}

#[test]
fn copies_behind_the_end_panic_and_copy_nothing() {
    let ints = IntArray::from([1_u8, 2]);
    let nullable = NullableIntArray::from([Some(1_u8), None]);
    let bits = BitArray::from([true, false]);
    for (start, count, end) in
        [(0, 3, 3), (1, 2, 3), (2, 1, 3), (3, 0, 3), (usize::MAX, 2, usize::MAX)]
    {
        let expected = format!("range end index {end} out of range for length 2");
        let mut copied = vec![9; count];
        let copy = catch_unwind(AssertUnwindSafe(|| ints.copy_to_slice(start, &mut copied)));
        assert_eq!((message(copy), copied), (expected.clone(), vec![9; count]));
        let mut copied = vec![Some(9); count];
        let copy = catch_unwind(AssertUnwindSafe(|| nullable.copy_to_slice(start, &mut copied)));
        assert_eq!((message(copy), copied), (expected.clone(), vec![Some(9); count]));
        let mut copied = vec![true; count];
        let copy = catch_unwind(AssertUnwindSafe(|| bits.copy_to_slice(start, &mut copied)));
        assert_eq!((message(copy), copied), (expected, vec![true; count]));
    }
    ints.copy_to_slice(2, &mut []);
    nullable.copy_to_slice(2, &mut []);
    bits.copy_to_slice(2, &mut []);
}

#[test]
fn sums_at_every_width_are_those_of_a_loop() {
    for width in 0..=52 {
        let top = (1_i64 << width) - 1;
        for (len, scale) in [(1, 1), (255, 1), (256, 3), (257, 1), (1000, 2)] {
            let value = |i: i64| scale * (i.wrapping_mul(0x5851_f42d_4c95_7f2d) & top) - 1000;
            let values: Vec<i64> = (0..len).map(value).collect();
            assert_eq!(IntArray::from(&values).sum(), naive::sum(&values).into(), "width {width}");
            let value = |i: i64| (i % 4 != 1).then(|| value(i));
            let values: Vec<Option<i64>> = (0..len).map(value).collect();
            let sum = naive::sum_nullable(&values);
            assert_eq!(NullableIntArray::from(&values).sum(), sum.into(), "width {width}");
        }
    }
}

#[test]
fn the_longest_array_is_read_from_both_ends() {
    const MOST: usize = isize::MAX as usize;
    let mut array = IntArray::new();
    array.resize(MOST, u64::MAX);
    array.check_invariants();
    assert_eq!((array.len(), array.heap_bytes()), (MOST, 0));
    assert_eq!((array.first(), array.last()), (Some(u64::MAX), Some(u64::MAX)));
    assert_eq!((array.min(), array.max()), (Some(u64::MAX), Some(u64::MAX)));
    assert_eq!((array.get(MOST - 1), array.get(MOST)), (Some(u64::MAX), None));
    assert_eq!((array.iter().len(), array.iter().nth(MOST)), (MOST, None));
    assert_eq!(array.iter().nth_back(MOST - 1), Some(u64::MAX));
    assert_eq!(array.iter().skip(MOST - 3).fold(0, |count, _| count + 1), 3);
    let mut copied = [0; 3];
    array.copy_to_slice(MOST - 3, &mut copied);
    assert_eq!(copied, [u64::MAX; 3]);
    array.truncate(2);
    array.push(0);
    assert_eq!(array, [u64::MAX, u64::MAX, 0]);
}

#[test]
fn bits_are_resized_from_every_length_to_every_length() {
    let bits = some_bits();
    for from in 0..=130 {
        for to in [0, 1, 2, 62, 63, 64, 65, 66, 100, 127, 128, 129, 130, 192, 200, 256] {
            for value in [false, true] {
                let (mut array, mut model) = (BitArray::from(&bits[..from]), bits[..from].to_vec());
                array.resize(to, value);
                model.resize(to, value);
                array.check_invariants();
                assert_eq!(array, model, "{from} to {to}");
                array.push(!value);
                assert_eq!((array.last(), array.len()), (Some(!value), to + 1));
            }
        }
    }
}

#[test]
fn resizing_widens_for_the_new_value_and_counts_nulls() {
    let mut ints = IntArray::from([1_u16, 2]);
    ints.resize(300, 1000);
    ints.check_invariants();
    assert_eq!((ints.len(), ints.width(), ints.sum()), (300, 10, 298_003));
    ints.resize(1, 5000);
    assert_eq!((ints.width(), &ints), (10, &IntArray::from([1])));

    let mut nullable = NullableIntArray::from([Some(1_u16), Some(2)]);
    nullable.resize(300, None);
    nullable.check_invariants();
    assert_eq!((nullable.null_count(), nullable.width(), nullable.sum()), (298, 2, 3));
    nullable.resize(400, Some(1000));
    nullable.check_invariants();
    assert_eq!((nullable.null_count(), nullable.width(), nullable.sum()), (298, 10, 100_003));
    nullable.resize(3, None);
    assert_eq!((nullable.null_count(), &nullable), (1, &[Some(1), Some(2), None].into()));

    let mut plain = Array::from([1_u16, 2]);
    plain.resize(4, 1000);
    assert_eq!(plain[..], [1, 2, 1000, 1000]);
    plain.resize(1, 7);
    assert_eq!(plain[..], [1]);
}
