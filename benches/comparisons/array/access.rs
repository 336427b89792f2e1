//! Reading and writing single values, in no order.

use std::rc::Rc;

use arrow_array::Int32Array;
use pennyweight::array::IntArray;
use pennyweight_baseline::entropy::entropy_bits;
use pennyweight_comparison::{Comparison, Suite};

use super::{
    peers::{Sux, Tantivy},
    states::{arrow_32, narrow, packed, with},
};
use crate::comparisons::data::{complete, indices, named, uniform};

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("array", "get-distance", |_| {
        let (comparison, values) = distance();
        get(comparison, &values, &indices(values.len(), values.len()))
    });
    suite.add("array", "get-20-bit", |sizes| {
        let (comparison, values) = twenty_bits(sizes.generated(10_000_000));
        get(comparison, &values, &indices(sizes.generated(1_000_000), values.len()))
    });
    suite.add("array", "set-distance", |_| {
        let (comparison, values) = distance();
        set(comparison, &values, &indices(values.len(), values.len()))
    });
    suite.add("array", "set-20-bit", |sizes| {
        let (comparison, values) = twenty_bits(sizes.generated(10_000_000));
        set(comparison, &values, &indices(sizes.generated(1_000_000), values.len()))
    });
}

fn distance() -> (Comparison, Rc<[i64]>) {
    let values = complete("distance");
    let comparison = Comparison::of(named("distance"), values.len());
    (comparison.limit_bits(entropy_bits(values.iter())), values)
}

fn twenty_bits(len: usize) -> (Comparison, Rc<[i64]>) {
    let comparison = Comparison::of("uniform 20-bit numbers", len).limit_bits(len as f64 * 20.0);
    (comparison, uniform(len, 20))
}

fn get(comparison: Comparison, values: &Rc<[i64]>, indices: &Rc<[u32]>) -> Comparison {
    let values = || Rc::clone(values);
    let indices = || Rc::clone(indices);
    comparison
        .about(format!(
            "{} values are read in no order, and added up; the indices are read in order.",
            indices().len()
        ))
        .naive(
            with(values(), <[i64]>::to_vec),
            reads(indices(), |values: &Vec<i64>, index| values[index as usize]),
        )
        .variant(
            "naive, as i32",
            with(values(), narrow),
            reads(indices(), |values: &Vec<i32>, index| i64::from(values[index as usize])),
        )
        .pennyweight(
            with(values(), packed),
            reads(indices(), |values: &IntArray<i64>, index| values.value(index as usize)),
        )
        .peer(
            "arrow-array",
            "arrow-array",
            with(values(), arrow_32),
            reads(indices(), |values: &Int32Array, index| i64::from(values.value(index as usize))),
        )
        .peer(
            "sux",
            "sux",
            with(values(), Sux::new),
            reads(indices(), |values: &Sux, index| values.value(index as usize)),
        )
        .peer(
            "sux",
            "sux, unaligned",
            with(values(), Sux::padded),
            reads(indices(), |values: &Sux<Box<[usize]>>, index| {
                values.value_unaligned(index as usize)
            }),
        )
        .peer(
            "tantivy-bitpacker",
            "tantivy-bitpacker",
            with(values(), Tantivy::new),
            reads(indices(), |values: &Tantivy, index| values.value(index)),
        )
}

/// Returns the work of reading `indices`, one after the other.
pub(super) fn reads<S>(
    indices: Rc<[u32]>,
    value: impl Fn(&S, u32) -> i64,
) -> impl Fn(&mut S) -> i64 {
    move |state| indices.iter().map(|&index| value(state, index)).sum()
}

fn set(comparison: Comparison, values: &Rc<[i64]>, indices: &Rc<[u32]>) -> Comparison {
    let values = || Rc::clone(values);
    let writes = || (values(), Rc::clone(indices));
    comparison
        .about(format!(
            "{} values are written in no order, all of them within the range that is there already. (A value \
             outside would widen the packed array.)",
            indices.len()
        ))
        .naive(
            with(values(), <[i64]>::to_vec),
            written(writes(), |values: &mut Vec<i64>, index, value| values[index] = value, |values, index| values[index]),
        )
        .pennyweight(
            with(values(), packed),
            written(writes(), |values: &mut IntArray<i64>, index, value| values.set(index, value), |values, index| {
                values.value(index)
            }),
        )
        .peer(
            "sux",
            "sux",
            with(values(), Sux::new),
            written(writes(), |values: &mut Sux, index, value| values.set(index, value), |values, index| {
                values.value(index)
            }),
        )
}

/// Returns the work of writing a value from elsewhere in the column to each of the indices.
///
/// It is the same each time, and answers with the values that it left at the first and last index.
fn written<S>(
    (values, indices): (Rc<[i64]>, Rc<[u32]>),
    set: impl Fn(&mut S, usize, i64),
    value: impl Fn(&S, usize) -> i64,
) -> impl Fn(&mut S) -> i64 {
    move |state| {
        for (&index, &new) in indices.iter().zip(values.iter().cycle()) {
            set(state, index as usize, new);
        }
        let ends = [indices[0], indices[indices.len() - 1]];
        ends.iter().map(|&index| value(state, index as usize)).sum()
    }
}
