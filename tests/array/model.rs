//! Every array against a `Vec`, through long streams of operations.

use pennyweight::array::{
    Array, BitArray, Column, Int, IntArray, NullableIntArray, StoreErrorCause,
};
use pennyweight_baseline::array as naive;
use proptest::collection::vec;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Operation<T> {
    Push(T),
    Pop,
    Set(prop::sample::Index, T),
    Extend(Vec<T>),
    Append(Vec<T>),
    Collect(Vec<T>),
    Fill(T),
    Resize(usize, T),
    Truncate(prop::sample::Index),
    Shrink,
    Clear,
    Clone,
}

fn operations<T: Clone + std::fmt::Debug + 'static>(
    value: impl Strategy<Value = T> + Clone + 'static,
) -> impl Strategy<Value = Vec<Operation<T>>> {
    let operation = prop_oneof![
        8 => value.clone().prop_map(Operation::Push),
        1 => Just(Operation::Pop),
        4 => (any::<prop::sample::Index>(), value.clone())
            .prop_map(|(index, value)| Operation::Set(index, value)),
        3 => vec(value.clone(), 0..700).prop_map(Operation::Extend),
        1 => vec(value.clone(), 0..300).prop_map(Operation::Append),
        1 => vec(value.clone(), 0..700).prop_map(Operation::Collect),
        1 => value.clone().prop_map(Operation::Fill),
        1 => (0..600_usize, value).prop_map(|(len, value)| Operation::Resize(len, value)),
        1 => any::<prop::sample::Index>().prop_map(Operation::Truncate),
        1 => Just(Operation::Shrink),
        1 => Just(Operation::Clear),
        1 => Just(Operation::Clone),
    ];
    vec(operation, 0..40)
}

/// Values that lie close together, that are multiples of something, that rise and fall, or that need
/// all bits.
macro_rules! values {
    ($int:ident) => {
        prop_oneof![
            4 => (0..50 as $int),
            2 => (0..20 as $int).prop_map(|step| (step * 6).wrapping_add($int::MAX / 3)),
            2 => any::<$int>().prop_map(|value| value / 4),
            1 => any::<$int>(),
            1 => Just($int::MIN),
            1 => Just($int::MAX),
        ]
    };
}

fn check_reads<C: Column>(column: &C, model: &[C::Item]) -> Result<(), TestCaseError> {
    prop_assert_eq!(column.len(), model.len());
    prop_assert_eq!(column.is_empty(), model.is_empty());
    prop_assert!(column.iter().eq(model.iter().copied()));
    prop_assert!(column.iter().rev().eq(model.iter().rev().copied()));
    prop_assert_eq!(column.get(model.len()), None);
    let (skip, step) = (model.len() / 3, model.len() / 5 + 1);
    let middle = column.iter().skip(skip).take(step);
    prop_assert!(middle.eq(model.iter().copied().skip(skip).take(step)));
    let mut stepped = Vec::new();
    column.iter().skip(skip).step_by(3).for_each(|value| stepped.push(value));
    prop_assert!(stepped.iter().eq(model.iter().skip(skip).step_by(3)));
    let mut blocks = Vec::new();
    column.for_each_block(|block| blocks.extend_from_slice(block));
    prop_assert_eq!(&blocks, model);
    for (index, &value) in model.iter().enumerate() {
        prop_assert_eq!(column.get(index), Some(value));
    }
    Ok(())
}

macro_rules! run {
    ($array:ident, $model:ident, $operations:expr, $check:expr) => {
        for operation in $operations {
            match operation {
                Operation::Push(value) => {
                    $array.push(value);
                    $model.push(value);
                }
                Operation::Pop => prop_assert_eq!($array.pop(), $model.pop()),
                Operation::Set(index, value) if !$model.is_empty() => {
                    let index = index.index($model.len());
                    set(&mut $array, index, value);
                    $model[index] = value;
                }
                Operation::Set(..) => {}
                Operation::Extend(values) => {
                    $array.extend_from_slice(&values);
                    $model.extend_from_slice(&values);
                }
                Operation::Append(mut values) => {
                    let mut other = values.iter().copied().collect();
                    $array.append(&mut other);
                    prop_assert!(other.is_empty());
                    $model.append(&mut values);
                }
                Operation::Fill(value) => {
                    $array.fill(value);
                    $model.fill(value);
                }
                Operation::Collect(values) => {
                    $array = values.iter().copied().collect();
                    $model = values;
                }
                Operation::Resize(len, value) => {
                    $array.resize(len, value);
                    $model.resize(len, value);
                }
                Operation::Truncate(len) => {
                    let len = len.index($model.len() + 1);
                    $array.truncate(len);
                    $model.truncate(len);
                }
                Operation::Shrink => $array.shrink_to_fit(),
                Operation::Clear => {
                    $array.clear();
                    $model.clear();
                }
                Operation::Clone => $array = $array.clone(),
            }
            $check(&$array, &$model)?;
        }
        check_reads(&$array, &$model)?;
    };
}

fn check_ints<T: Int>(array: &IntArray<T>, model: &[T]) -> Result<(), TestCaseError> {
    array.check_invariants();
    prop_assert_eq!(array.len(), model.len());
    prop_assert_eq!(array.min(), model.iter().copied().min());
    prop_assert_eq!(array.max(), model.iter().copied().max());
    prop_assert_eq!(array.last(), model.last().copied());
    prop_assert_eq!(array, model);
    Ok(())
}

/// The smallest width: by brute force over the definition.
fn least_width(values: impl Iterator<Item = i128> + Clone, nulls: bool) -> u32 {
    let (Some(low), Some(high)) = (values.clone().min(), values.clone().max()) else { return 0 };
    let step = values.fold(0, |step, value| {
        let (mut a, mut b) = (step, (value - low) as u128);
        while b > 0 {
            (a, b) = (b, a % b);
        }
        a
    });
    let codes = (high - low) as u128 / step.max(1) + u128::from(nulls);
    u128::BITS - codes.leading_zeros()
}

macro_rules! models {
    ($($int:ident $ints:ident $nullable:ident)*) => {$(
        proptest! {
            #[test]
            fn $ints(operations in operations(values!($int))) {
                fn set(array: &mut IntArray<$int>, index: usize, value: $int) {
                    array.set(index, value);
                }
                let (mut array, mut model) = (IntArray::<$int>::new(), Vec::new());
                run!(array, model, operations, check_ints);

                let sum = model.iter().map(|&value| i128::from(value)).sum::<i128>();
                prop_assert_eq!(array.sum(), sum);
                prop_assert_eq!(array.wrapping_sum(), sum as $int);
                prop_assert_eq!(array.to_vec(), &model[..]);
                let (start, end) = (model.len() / 4, model.len() / 2);
                let mut middle = vec![0; end - start];
                array.copy_to_slice(start, &mut middle);
                prop_assert_eq!(&middle, &model[start..end]);

                array.shrink_to_fit();
                check_ints(&array, &model)?;
                let built = IntArray::from(&model[..]);
                prop_assert_eq!(&array, &built);
                let width = least_width(model.iter().map(|&value| value.into()), false);
                prop_assert_eq!((array.width(), built.width()), (width, width));
                let inline = size_of::<IntArray<$int>>();
                let limit = (model.len() * width as usize).div_ceil(8) + 64;
                prop_assert!(array.heap_bytes() + inline <= limit);
                prop_assert_eq!(array.heap_bytes(), built.heap_bytes());
            }

            #[test]
            fn $nullable(operations in operations(prop::option::weighted(0.9, values!($int)))) {
                fn set(
                    array: &mut NullableIntArray<$int>,
                    index: usize,
                    value: Option<$int>,
                ) {
                    array.set(index, value);
                }
                let check = |array: &NullableIntArray<$int>, model: &[Option<$int>]| {
                    array.check_invariants();
                    prop_assert_eq!(array, model);
                    let nulls = model.iter().filter(|value| value.is_none()).count();
                    prop_assert_eq!(array.null_count(), nulls);
                    prop_assert_eq!(array.min(), model.iter().flatten().copied().min());
                    prop_assert_eq!(array.max(), model.iter().flatten().copied().max());
                    Ok(())
                };
                // The one thing that cannot be stored is tested below.
                let most = if <$int>::BITS == 64 { $int::MAX - 1 } else { $int::MAX };
                let keep = |value: Option<$int>| value.map(|value| value.min(most));
                let operations = operations.into_iter().map(|operation| match operation {
                    Operation::Push(value) => Operation::Push(keep(value)),
                    Operation::Set(index, value) => Operation::Set(index, keep(value)),
                    Operation::Extend(values) =>
                        Operation::Extend(values.into_iter().map(keep).collect()),
                    Operation::Append(values) =>
                        Operation::Append(values.into_iter().map(keep).collect()),
                    Operation::Collect(values) =>
                        Operation::Collect(values.into_iter().map(keep).collect()),
                    Operation::Fill(value) => Operation::Fill(keep(value)),
                    Operation::Resize(len, value) => Operation::Resize(len, keep(value)),
                    other => other,
                });
                let (mut array, mut model) = (NullableIntArray::<$int>::new(), Vec::new());
                run!(array, model, operations, check);

                let sum = model.iter().flatten().map(|&value| i128::from(value)).sum::<i128>();
                prop_assert_eq!(array.sum(), sum);
                prop_assert_eq!(array.wrapping_sum(), sum as $int);

                array.shrink_to_fit();
                check(&array, &model)?;
                let built = NullableIntArray::from(&model[..]);
                prop_assert_eq!(&array, &built);
                let values = model.iter().flatten().map(|&value| i128::from(value));
                let width = least_width(values, model.contains(&None));
                prop_assert_eq!((array.width(), built.width()), (width, width));
                prop_assert_eq!(array.heap_bytes(), built.heap_bytes());
            }
        }
    )*};
}

models! {
    i8 ints_of_i8_are_a_vec nullable_i8_are_a_vec
    i16 ints_of_i16_are_a_vec nullable_i16_are_a_vec
    i32 ints_of_i32_are_a_vec nullable_i32_are_a_vec
    i64 ints_of_i64_are_a_vec nullable_i64_are_a_vec
    u8 ints_of_u8_are_a_vec nullable_u8_are_a_vec
    u16 ints_of_u16_are_a_vec nullable_u16_are_a_vec
    u32 ints_of_u32_are_a_vec nullable_u32_are_a_vec
    u64 ints_of_u64_are_a_vec nullable_u64_are_a_vec
}

/// Values and nulls that may need more than 64 bits together.
fn extremes() -> impl Strategy<Value = Option<i64>> + Clone + 'static {
    prop::sample::select(vec![
        None,
        Some(i64::MIN),
        Some(i64::MIN + 1),
        Some(-1),
        Some(i64::MAX - 1),
        Some(i64::MAX),
    ])
}

proptest! {
    #[test]
    fn nullable_arrays_refuse_only_what_64_bits_cannot_tell_apart(
        operations in operations(extremes()),
    ) {
        let (mut array, mut model) = (NullableIntArray::<i64>::new(), Vec::new());
        for operation in operations {
            // What is stored, if it fits beside what is held.
            let mut all = model.clone();
            let stored = match operation {
                Operation::Push(value) => {
                    all.push(value);
                    array.try_push(value).map_err(|error| error.cause())
                }
                Operation::Set(index, value) if !model.is_empty() => {
                    let index = index.index(model.len());
                    all.push(value);
                    let stored = array.try_set(index, value).map_err(|error| error.cause());
                    if stored.is_ok() {
                        model[index] = value;
                    }
                    stored
                }
                Operation::Extend(values) => {
                    all.extend_from_slice(&values);
                    array.try_extend_from_slice(&values)
                }
                Operation::Append(values) => {
                    let fits = |values: &[Option<i64>]| {
                        let ints = values.iter().flatten().map(|&value| i128::from(value));
                        least_width(ints, values.contains(&None)) <= 64
                    };
                    if !fits(&values) {
                        continue;
                    }
                    let mut other = NullableIntArray::from(&values[..]);
                    all.extend_from_slice(&values);
                    let stored = array.try_append(&mut other);
                    prop_assert_eq!(other, if stored.is_ok() { &[][..] } else { &values });
                    stored
                }
                Operation::Fill(value) if !model.is_empty() => {
                    all.push(value);
                    let stored = array.try_fill(value).map_err(|error| error.cause());
                    if stored.is_ok() {
                        model.fill(value);
                    }
                    stored
                }
                Operation::Resize(len, value) if len > model.len() => {
                    all.resize(len, value);
                    array.try_resize(len, value).map_err(|error| error.cause())
                }
                Operation::Truncate(len) => {
                    model.truncate(len.index(model.len() + 1));
                    array.truncate(model.len());
                    continue;
                }
                Operation::Pop => {
                    prop_assert_eq!(array.pop(), model.pop());
                    continue;
                }
                Operation::Shrink => {
                    array.shrink_to_fit();
                    continue;
                }
                Operation::Clear => {
                    array.clear();
                    model.clear();
                    continue;
                }
                _ => continue,
            };
            let values = all.iter().flatten().map(|&value| i128::from(value));
            if least_width(values, all.contains(&None)) > 64 {
                prop_assert_eq!(stored, Err(StoreErrorCause::NoCodeForNull));
            } else {
                prop_assert_eq!(stored, Ok(()));
                model.extend_from_slice(&all[model.len()..array.len()]);
            }
            array.check_invariants();
            prop_assert_eq!(&array, &model);
        }
    }

    #[test]
    fn bits_are_a_vec(
        operations in operations(any::<bool>()),
        other in vec(any::<bool>(), 0..700),
    ) {
        fn set(array: &mut BitArray, index: usize, value: bool) {
            array.set(index, value);
        }
        let check = |array: &BitArray, model: &[bool]| {
            array.check_invariants();
            prop_assert_eq!(array, model);
            prop_assert_eq!(array.count_ones(), naive::count_ones(model));
            Ok(())
        };
        let (mut array, mut model) = (BitArray::new(), Vec::new());
        run!(array, model, operations, check);

        let ones: Vec<usize> = naive::ones(&model).collect();
        prop_assert!(array.iter_ones().eq(ones.iter().copied()));
        prop_assert!(array.iter_ones().rev().eq(ones.iter().rev().copied()));
        let mut folded = Vec::new();
        array.iter_ones().for_each(|index| folded.push(index));
        prop_assert_eq!(&folded, &ones);
        prop_assert_eq!(array.iter_ones().count(), ones.len());

        // From both ends at once, until they meet.
        let (mut both, mut front, mut back) = (array.iter_ones(), Vec::new(), Vec::new());
        loop {
            let (low, high) = both.size_hint();
            let left = ones.len() - front.len() - back.len();
            prop_assert!(low <= left && high.is_some_and(|high| left <= high));
            let Some(index) = both.next() else { break };
            front.push(index);
            back.extend(both.next_back());
        }
        prop_assert_eq!((both.next(), both.next_back()), (None, None));
        front.extend(back.iter().rev());
        prop_assert_eq!(&front, &ones);

        prop_assert_eq!(array.any(), model.contains(&true));
        prop_assert_eq!(array.all(), !model.contains(&false));
        let inverse: Vec<bool> = model.iter().map(|value| !value).collect();
        let mut inverted = array.clone();
        inverted.invert();
        check(&inverted, &inverse)?;
        check(&!&array, &inverse)?;
        check(&!array.clone(), &inverse)?;

        let len = model.len().min(other.len());
        array.truncate(len);
        let right = BitArray::from(&other[..len]);
        for (index, combine) in [|a, b| a & b, |a, b| a | b, |a: bool, b| a ^ b].iter().enumerate() {
            let mut left = array.clone();
            let (new, reused) = match index {
                0 => {
                    left &= &right;
                    (&array & &right, array.clone() & &right)
                }
                1 => {
                    left |= &right;
                    (&array | &right, array.clone() | &right)
                }
                _ => {
                    left ^= &right;
                    (&array ^ &right, array.clone() ^ &right)
                }
            };
            let expected = model.iter().zip(&other).map(|(&a, &b)| combine(a, b));
            let expected: Vec<bool> = expected.take(len).collect();
            for combined in [left, new, reused] {
                check(&combined, &expected)?;
            }
        }
    }

    #[test]
    fn plain_arrays_are_a_vec(operations in operations(any::<u16>())) {
        fn set(array: &mut Array<u16>, index: usize, value: u16) {
            array[index] = value;
        }
        let check = |array: &Array<u16>, model: &[u16]| {
            prop_assert_eq!(array, model);
            Ok(())
        };
        let (mut array, mut model) = (Array::new(), Vec::new());
        run!(array, model, operations, check);
        if !model.is_empty() {
            let index = model.len() / 2;
            array.insert(index, 7);
            model.insert(index, 7);
            prop_assert_eq!(array.remove(0), model.remove(0));
            check(&array, &model)?;
        }
    }
}
