//! Booleans.

use std::rc::Rc;

use arrow_array::{BooleanArray, builder::BooleanBufferBuilder};
use fixedbitset::FixedBitSet;
use pennyweight::array::BitArray;
use pennyweight_baseline::{
    array::{count_ones, ones},
    entropy::entropy_bits,
};
use pennyweight_comparison::{Comparison, Sizes, Suite};
use sux::{bits::BitVec, traits::bit_vec_ops::BitVecOps};

use super::states::with;
use crate::comparisons::data::{indices, one_in_eight};

const LEN: usize = 10_000_000;

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("array", "bits-build", build);
    suite.add("array", "bits-count", count);
    suite.add("array", "bits-ones", iterate);
    suite.add("array", "bits-get", get);
}

fn over(values: &[bool]) -> Comparison {
    Comparison::of("booleans, one in eight true", values.len()).limit_bits(entropy_bits(values))
}

fn build(sizes: &Sizes) -> Comparison {
    let values = one_in_eight(sizes.generated(LEN));
    let comparison = over(&values)
        .about("The time is that of building from a slice of `bool`; naive copies it.")
        .times_build();
    every(
        comparison,
        &values,
        |v| count_ones(v),
        |v| v.count_ones(),
        |v| v.count_ones(..),
        |v| v.true_count(),
        |v| v.count_ones(),
    )
}

fn count(sizes: &Sizes) -> Comparison {
    let values = one_in_eight(sizes.generated(LEN));
    let comparison = over(&values).about("How many are true.");
    every(
        comparison,
        &values,
        |v| count_ones(v),
        |v| v.count_ones(),
        |v| v.count_ones(..),
        |v| v.true_count(),
        |v| v.count_ones(),
    )
}

fn iterate(sizes: &Sizes) -> Comparison {
    let values = one_in_eight(sizes.generated(LEN));
    let comparison =
        over(&values).about("The indices of those that are true, one by one, added up.");
    every(
        comparison,
        &values,
        |values| ones(values).sum(),
        |values| values.iter_ones().sum(),
        |values| values.ones().sum(),
        |values| values.values().set_indices().sum(),
        |values| values.iter_ones().sum(),
    )
}

fn get(sizes: &Sizes) -> Comparison {
    let values = one_in_eight(sizes.generated(LEN));
    let indices = indices(sizes.generated(1_000_000), values.len());
    let comparison = over(&values).about(format!(
        "{} values are read in no order, and those that are true counted.",
        indices.len()
    ));
    let reads = || Rc::clone(&indices);
    every(
        comparison,
        &values,
        counts(reads(), |values: &Vec<bool>, index| values[index]),
        counts(reads(), |values: &BitArray, index| values.value(index)),
        counts(reads(), |values: &FixedBitSet, index| values.contains(index)),
        counts(reads(), |values: &BooleanArray, index| values.value(index)),
        counts(reads(), |values: &BitVec, index| values.get(index)),
    )
}

fn counts<S>(indices: Rc<[u32]>, value: impl Fn(&S, usize) -> bool) -> impl Fn(&mut S) -> usize {
    move |state| indices.iter().filter(|&&index| value(state, index as usize)).count()
}

/// All variants, each with its work.
fn every(
    comparison: Comparison,
    values: &Rc<[bool]>,
    naive: impl Fn(&mut Vec<bool>) -> usize + 'static,
    ours: impl Fn(&mut BitArray) -> usize + 'static,
    fixedbitset: impl Fn(&mut FixedBitSet) -> usize + 'static,
    arrow: impl Fn(&mut BooleanArray) -> usize + 'static,
    sux: impl Fn(&mut BitVec) -> usize + 'static,
) -> Comparison {
    let values = || Rc::clone(values);
    comparison
        .naive(with(values(), <[bool]>::to_vec), naive)
        .pennyweight(with(values(), |values: &[bool]| BitArray::from(values)), ours)
        .peer("fixedbitset", "fixedbitset", with(values(), fixed_bit_set), fixedbitset)
        .peer("arrow-array", "arrow-array", with(values(), boolean_array), arrow)
        .peer("sux", "sux", with(values(), |values: &[bool]| values.iter().copied().collect()), sux)
}

/// A set is built from its members.
fn fixed_bit_set(values: &[bool]) -> FixedBitSet {
    let mut set = FixedBitSet::with_capacity(values.len());
    for index in ones(values) {
        set.insert(index);
    }
    set
}

fn boolean_array(values: &[bool]) -> BooleanArray {
    let mut bits = BooleanBufferBuilder::new(values.len());
    bits.append_slice(values);
    BooleanArray::from(bits.finish())
}
