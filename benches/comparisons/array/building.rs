//! Building an array: from a slice at once, and by pushes.

use std::rc::Rc;

use pennyweight::array::{Array, IntArray};
use pennyweight_baseline::{
    array::{push_all, sum},
    entropy::entropy_bits,
};
use pennyweight_comparison::{Comparison, Suite};

use super::{
    peers::{Packed8x, Sux, Tantivy},
    states::{arrow_32, packed, with},
};
use crate::comparisons::data::{complete, named, uniform};

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("array", "build-distance", |_| build("distance"));
    suite.add("array", "build-time_hour", |_| build("time_hour"));
    suite.add("array", "push-distance", |_| {
        let values = complete("distance");
        let comparison = Comparison::of(named("distance"), values.len());
        push(comparison.limit_bits(entropy_bits(values.iter())), &values)
    });
    suite.add("array", "push-20-bit", |sizes| {
        let len = sizes.generated(1_000_000);
        let comparison =
            Comparison::of("uniform 20-bit numbers", len).limit_bits(len as f64 * 20.0);
        push(comparison, &uniform(len, 20))
    });
    suite.add("array", "push-plain", |sizes| push_plain(sizes.generated(1_000_000)));
}

fn build(column: &str) -> Comparison {
    let values = complete(column);
    let limit = entropy_bits(values.iter());
    let values = || Rc::clone(&values);
    Comparison::of(named(column), values().len())
        .about("The time is that of building from a slice of `i64`; naive copies it.")
        .limit_bits(limit)
        .times_build()
        .naive(with(values(), <[i64]>::to_vec), |values| sum(values))
        .pennyweight(with(values(), packed), |values| values.sum())
        .peer("arrow-array", "arrow-array", with(values(), arrow_32), |values| {
            values.values().iter().map(|&value| i64::from(value)).sum::<i64>()
        })
        .peer("sux", "sux", with(values(), Sux::new), |values| values.sum())
        .peer("tantivy-bitpacker", "tantivy-bitpacker", with(values(), Tantivy::new), |values| {
            values.sum()
        })
        .peer("bitpacking", "bitpacking", with(values(), Packed8x::new), |values| values.sum())
}

fn push(comparison: Comparison, values: &Rc<[i64]>) -> Comparison {
    let values = || Rc::clone(values);
    let (base, top) = (values().iter().copied().min(), values().iter().copied().max());
    let (base, top) = (base.expect("values"), top.expect("values"));
    let width = (u64::BITS - (top - base).cast_unsigned().leading_zeros()) as usize;
    comparison
        .about(
            "The time is that of pushing the values one by one into an empty array whose range and length are not known; \
             sux is told the width before. The bytes are those after the last push, slack included. Growing may leave much \
             or little slack at this very length.",
        )
        .times_build()
        .naive(with(values(), |values: &[i64]| push_all(values.iter().copied())), |values| {
            sum(values)
        })
        .pennyweight(
            with(values(), |values: &[i64]| {
                let mut array = IntArray::new();
                for &value in values {
                    array.push(value);
                }
                array
            }),
            |values| values.sum(),
        )
        .peer(
            "sux",
            "sux",
            with(values(), move |values: &[i64]| {
                Sux::pushed(values.iter().copied(), base, width)
            }),
            |values| values.sum(),
        )
}

fn push_plain(len: usize) -> Comparison {
    let values = uniform(len, 64);
    let values = || Rc::clone(&values);
    Comparison::of("uniform 64-bit numbers", len)
        .about(
            "The time is that of pushing the values one by one into an empty `Array<i64>`, which grows by a sixteenth where \
             `Vec` doubles. The bytes are those after the last push.",
        )
        .limit_bits(len as f64 * 64.0)
        .times_build()
        .naive(with(values(), |values: &[i64]| push_all(values.iter().copied())), |values| {
            wrapping_sum(values)
        })
        .pennyweight(
            with(values(), |values: &[i64]| {
                let mut array = Array::new();
                for &value in values {
                    array.push(value);
                }
                array
            }),
            |values| wrapping_sum(values),
        )
}

fn wrapping_sum(values: &[i64]) -> i64 {
    values.iter().fold(0, |sum, &value| sum.wrapping_add(value))
}
