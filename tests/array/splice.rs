//! Values inserted, removed, replaced, found and gathered: every array against a `Vec`.

use pennyweight::array::{
    Array, BitArray, BlockArray, DictArray, IntArray, NullableIntArray, compress,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use std::panic::catch_unwind;

#[derive(Clone, Debug)]
enum Change<T> {
    Insert(Index, T),
    Remove(Index),
    SwapRemove(Index),
    Splice(Index, Index, Vec<T>),
    RemoveRange(Index, Index),
    Swap(Index, Index),
    Reverse,
    /// Keeps the values for which the bit of their number, modulo 64, is set.
    Retain(u64),
    Dedup,
}

fn changes<T: Clone + std::fmt::Debug + 'static>(
    value: impl Strategy<Value = T> + Clone + 'static,
) -> impl Strategy<Value = Vec<Change<T>>> {
    let index = any::<Index>;
    let change = prop_oneof![
        4 => (index(), value.clone()).prop_map(|(at, value)| Change::Insert(at, value)),
        2 => index().prop_map(Change::Remove),
        1 => index().prop_map(Change::SwapRemove),
        3 => (index(), index(), vec(value, 0..300))
            .prop_map(|(from, to, values)| Change::Splice(from, to, values)),
        1 => (index(), index()).prop_map(|(from, to)| Change::RemoveRange(from, to)),
        1 => (index(), index()).prop_map(|(a, b)| Change::Swap(a, b)),
        1 => Just(Change::Reverse),
        1 => prop_oneof![Just(u64::MAX), any::<u64>()].prop_map(Change::Retain),
        1 => Just(Change::Dedup),
    ];
    vec(change, 0..30)
}

fn range(from: Index, to: Index, len: usize) -> std::ops::Range<usize> {
    let (from, to) = (from.index(len + 1), to.index(len + 1));
    from.min(to)..from.max(to)
}

/// Whether the last of so many values is to be kept.
fn keeps(bits: u64, count: usize) -> bool {
    bits >> (count % 64) & 1 == 1
}

macro_rules! run {
    ($array:ident, $model:ident, $changes:expr) => {
        for change in $changes {
            let len = $model.len();
            match change {
                Change::Insert(at, value) => {
                    let at = at.index(len + 1);
                    $array.insert(at, value);
                    $model.insert(at, value);
                }
                Change::Splice(from, to, values) => {
                    $array.splice(range(from, to, len), &values);
                    $model.splice(range(from, to, len), values);
                }
                Change::RemoveRange(from, to) => {
                    $array.remove_range(range(from, to, len));
                    $model.drain(range(from, to, len));
                }
                Change::Reverse => {
                    $array.reverse();
                    $model.reverse();
                }
                Change::Retain(bits) => {
                    let mut shown = Vec::new();
                    $array.retain(|value| {
                        shown.push(value);
                        keeps(bits, shown.len())
                    });
                    prop_assert_eq!(&shown, &$model);
                    let mut count = 0;
                    $model.retain(|_| {
                        count += 1;
                        keeps(bits, count)
                    });
                }
                Change::Dedup => {
                    $array.dedup();
                    $model.dedup();
                }
                _ if len == 0 => {}
                Change::Remove(at) => {
                    prop_assert_eq!($array.remove(at.index(len)), $model.remove(at.index(len)));
                }
                Change::SwapRemove(at) => {
                    let removed = $array.swap_remove(at.index(len));
                    prop_assert_eq!(removed, $model.swap_remove(at.index(len)));
                }
                Change::Swap(a, b) => {
                    $array.swap(a.index(len), b.index(len));
                    $model.swap(a.index(len), b.index(len));
                }
            }
            prop_assert!($array.iter().eq($model.iter().copied()));
        }
    };
}

fn check_search<V: Copy + PartialEq + std::fmt::Debug + Default>(
    model: &[V],
    value: V,
    position: Option<usize>,
    count: usize,
    gather: impl Fn(&[usize], &mut [V]),
) -> Result<(), TestCaseError> {
    prop_assert_eq!(position, model.iter().position(|&other| other == value));
    prop_assert_eq!(count, model.iter().filter(|&&other| other == value).count());
    let indices: Vec<usize> = (0..model.len()).rev().step_by(3).collect();
    let mut gathered = vec![V::default(); indices.len()];
    gather(&indices, &mut gathered);
    prop_assert!(gathered.iter().eq(indices.iter().map(|&index| &model[index])));
    Ok(())
}

proptest! {
    #[test]
    fn integers(start in vec(-50..50_i32, 0..700), changes in changes(prop_oneof![4 => -50..50_i32, 1 => any::<i32>()])) {
        let (mut array, mut model) = (IntArray::from(&start[..]), start);
        run!(array, model, changes);
        array.check_invariants();
        let value = model.get(model.len() / 2).copied().unwrap_or(7);
        let (position, count) = (array.position(value), array.count(value));
        check_search(&model, value, position, count, |at, values| array.gather(at, values))?;
        let plain = Array::from(&model[..]);
        let (position, count) = (plain.position(value), plain.count(value));
        check_search(&model, value, position, count, |at, values| plain.gather(at, values))?;
        let blocks = BlockArray::from(&model[..]);
        let (position, count) = (blocks.position(value), blocks.count(value));
        check_search(&model, value, position, count, |at, values| blocks.gather(at, values))?;
        let dict = DictArray::from(&model[..]);
        let (position, count) = (dict.position(value), dict.count(value));
        prop_assert_eq!(dict.contains(value), count > 0);
        check_search(&model, value, position, count, |at, values| dict.gather(at, values))?;
        let smallest = compress(model.iter().copied());
        let (position, count) = (smallest.position(value), smallest.count(value));
        prop_assert_eq!(smallest.contains(value), count > 0);
        check_search(&model, value, position, count, |at, values| smallest.gather(at, values))?;
    }

    #[test]
    fn integers_and_nulls(
        start in vec(prop::option::of(any::<u8>()), 0..700),
        changes in changes(prop::option::of(any::<u8>())),
    ) {
        let (mut array, mut model) = (NullableIntArray::from(&start[..]), start);
        run!(array, model, changes);
        array.check_invariants();
        let (position, count) = (array.position(None), array.count(None));
        prop_assert_eq!(count, array.null_count());
        check_search(&model, None, position, count, |at, values| array.gather(at, values))?;
    }

    #[test]
    fn booleans(start in vec(any::<bool>(), 0..700), changes in changes(any::<bool>())) {
        let (mut array, mut model) = (BitArray::from(&start[..]), start);
        run!(array, model, changes);
        array.check_invariants();
        let (position, count) = (array.position(true), array.count(true));
        prop_assert_eq!(count, array.count_ones());
        check_search(&model, true, position, count, |at, values| array.gather(at, values))?;
    }

    #[test]
    fn scalars(start in vec(any::<u16>(), 0..700), changes in changes(any::<u16>())) {
        let (mut array, mut model) = (Array::from(&start[..]), start);
        for change in changes {
            let len = model.len();
            match change {
                Change::Splice(from, to, values) => {
                    array.splice(range(from, to, len), &values);
                    model.splice(range(from, to, len), values);
                }
                Change::RemoveRange(from, to) => {
                    array.remove_range(range(from, to, len));
                    model.drain(range(from, to, len));
                }
                Change::SwapRemove(at) if len > 0 => {
                    let removed = array.swap_remove(at.index(len));
                    prop_assert_eq!(removed, model.swap_remove(at.index(len)));
                }
                Change::Retain(bits) => {
                    let (mut left, mut right) = (0, 0);
                    array.retain(|_| {
                        left += 1;
                        keeps(bits, left)
                    });
                    model.retain(|_| {
                        right += 1;
                        keeps(bits, right)
                    });
                }
                Change::Dedup => {
                    array.dedup();
                    model.dedup();
                }
                _ => {}
            }
            prop_assert_eq!(&array[..], &model[..]);
        }
        let part = model.len() / 3..model.len() / 2;
        prop_assert!(array.drain(part.clone()).eq(model.drain(part)));
        prop_assert_eq!(&array, &model);
        array.byteswap();
        prop_assert!(array.iter().eq(&model.iter().map(|value| value.swap_bytes()).collect::<Vec<_>>()));
    }

    #[cfg(feature = "rayon")]
    #[test]
    fn many_threads_read_what_one_reads(values in vec(prop::option::of(any::<i16>()), 0..5000)) {
        use rayon::prelude::*;
        let array = NullableIntArray::from(&values[..]);
        prop_assert!(array.par_iter().collect::<Vec<_>>().iter().eq(&values));
        let sum = array.par_iter().flatten().map(i128::from).sum::<i128>();
        prop_assert_eq!(sum, array.sum());
        prop_assert_eq!(array.par_sum(), array.sum());
        prop_assert_eq!(BlockArray::from(&values[..]).par_sum(), array.sum());
        let backwards = array.par_iter().rev().collect::<Vec<_>>();
        prop_assert!(backwards.iter().eq(values.iter().rev()));
    }
}

#[test]
fn ranges_beyond_the_end_panic_and_change_nothing() {
    let message = |change: fn(&mut IntArray<u8>)| {
        let mut array = IntArray::from([1_u8, 2, 3]);
        let caught = catch_unwind(std::panic::AssertUnwindSafe(|| change(&mut array)));
        assert_eq!(array, [1, 2, 3]);
        *caught.unwrap_err().downcast::<String>().expect("a formatted message")
    };
    let expected = "insertion index (is 4) should be <= len (is 3)";
    assert_eq!(message(|array| array.insert(4, 0)), expected);
    let expected = "index out of bounds: the len is 3 but the index is 3";
    assert_eq!(message(|array| _ = array.remove(3)), expected);
    assert_eq!(message(|array| array.swap(0, 3)), expected);
    let expected = "range end index 4 out of range for length 3";
    assert_eq!(message(|array| array.splice(2..4, &[])), expected);
    assert_eq!(message(|array| array.remove_range(2..=3)), expected);
    #[expect(clippy::reversed_empty_ranges, reason = "the mistake that is tested")]
    let reversed = message(|array| array.remove_range(2..1));
    assert_eq!(reversed, "slice index starts at 2 but ends at 1");
}

#[test]
fn what_was_not_looked_at_stays_when_retain_panics() {
    let values: Vec<Option<i32>> = (0..1000).map(|i| (i % 5 != 0).then_some(i)).collect();
    for (end, step) in [(0, 2), (1, 2), (255, 3), (256, 2), (257, 1000), (700, 1), (999, 7)] {
        let mut array = NullableIntArray::from(&values);
        let mut seen = 0;
        let caught = catch_unwind(std::panic::AssertUnwindSafe(|| {
            array.retain(|_| {
                assert!(seen < end, "no more");
                seen += 1;
                (seen - 1) % step == 0
            });
        }));
        assert!(caught.is_err());
        array.check_invariants();
        let kept = values[..end].iter().step_by(step).chain(&values[end..]);
        assert!(array.iter().eq(kept.copied()), "{end} by {step}");
    }
}

#[test]
fn an_array_that_cannot_be_appended_stays() {
    let mut array = NullableIntArray::from([Some(i64::MIN), Some(0), Some(i64::MAX)]);
    let values: Vec<Option<i64>> = (0..400).map(|i| (i != 300).then_some(i)).collect();
    let mut other = NullableIntArray::from(&values);
    let error = array.try_append(&mut other).unwrap_err();
    assert_eq!(error, pennyweight::array::StoreErrorCause::NoCodeForNull);
    assert_eq!(
        (&array, &other),
        (&[Some(i64::MIN), Some(0), Some(i64::MAX)].into(), &values.into())
    );
    array.check_invariants();
}
