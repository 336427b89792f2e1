//! Reading a column from end to end.

use std::rc::Rc;

use arrow_array::Int64Array;
use pennyweight::array::NullableIntArray;
use pennyweight_baseline::{
    array::{sum, sum_nullable},
    entropy::entropy_bits,
};
use pennyweight_comparison::{Comparison, Suite};

use super::{
    peers::{Packed8x, Sux, Tantivy},
    states::{arrow_32, arrow_nullable, narrow, packed, with},
};
use crate::comparisons::data::{complete, flights, named, uniform};

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("array", "sum-distance", |_| of_flights("distance"));
    suite.add("array", "sum-time_hour", |_| of_flights("time_hour"));
    suite.add("array", "sum-25-bit", |sizes| generated(sizes.generated(1_000_000), 25));
    suite.add("array", "sum-20-bit", |sizes| generated(sizes.generated(10_000_000), 20));
    suite.add("array", "sum-40-bit", |sizes| generated(sizes.generated(10_000_000), 40));
    suite.add("array", "sum-dep_delay", |_| nullable("dep_delay"));
}

fn of_flights(column: &str) -> Comparison {
    let values = complete(column);
    let comparison = Comparison::of(named(column), values.len());
    sums(comparison.limit_bits(entropy_bits(values.iter())), &values)
}

fn generated(len: usize, bits: u32) -> Comparison {
    let comparison = Comparison::of(format!("uniform {bits}-bit numbers"), len);
    sums(comparison.limit_bits(len as f64 * f64::from(bits)), &uniform(len, bits))
}

fn sums(comparison: Comparison, values: &Rc<[i64]>) -> Comparison {
    let fits_32_bits = values.iter().all(|&value| i32::try_from(value).is_ok());
    let values = || Rc::clone(values);
    let mut comparison = comparison
        .about(
            "The sum of a column: `sum()`, a closure that adds (`iter().fold`), the same over decoded blocks \
             (`for_each_block`), and a plain `for` loop. The peers keep the smallest value beside, since they hold \
             unsigned numbers only, and decode in blocks where they can.",
        )
        .naive(with(values(), <[i64]>::to_vec), |values| sum(values));
    if fits_32_bits {
        comparison = comparison.variant("naive, as i32", with(values(), narrow), |values| {
            values.iter().map(|&value| i64::from(value)).sum::<i64>()
        });
    }
    comparison = comparison
        .pennyweight(with(values(), packed), |values| values.sum())
        .variant("pennyweight fold", with(values(), packed), |values| {
            values.iter().fold(0, |sum: i64, value| sum.wrapping_add(value))
        })
        .variant("pennyweight blocks", with(values(), packed), |values| {
            let mut sum = 0;
            values.for_each_block(|block| sum += block.iter().sum::<i64>());
            sum
        })
        .variant("pennyweight for", with(values(), packed), |values| {
            let mut sum = 0;
            for value in values.iter() {
                sum += value;
            }
            sum
        });
    comparison = if fits_32_bits {
        comparison
            .peer("arrow-array", "arrow-array", with(values(), arrow_32), |values| {
                values.values().iter().map(|&value| i64::from(value)).sum::<i64>()
            })
            .peer("bitpacking", "bitpacking", with(values(), Packed8x::new), |values| values.sum())
    } else {
        let arrow_64 = |values: &[i64]| Int64Array::from(values.to_vec());
        comparison.peer("arrow-array", "arrow-array", with(values(), arrow_64), |values| {
            values.values().iter().sum::<i64>()
        })
    };
    comparison.peer("sux", "sux", with(values(), Sux::new), |values| values.sum()).peer(
        "tantivy-bitpacker",
        "tantivy-bitpacker",
        with(values(), Tantivy::new),
        |values| values.sum(),
    )
}

fn nullable(column: &'static str) -> Comparison {
    let values = || flights().integers(column);
    Comparison::of(named(column), values().len())
        .about(
            "The sum of a column with nulls. `arrow-array` adds all values, where it keeps a zero for each null; \
             `arrow-array, iter` asks each value whether it is one.",
        )
        .limit_bits(entropy_bits(values()))
        .naive(move || values().to_vec(), |values| sum_nullable(values))
        .variant(
            "naive, as i32",
            move || values().iter().map(|value| value.map(|value| value as i32)).collect::<Vec<_>>(),
            |values| values.iter().flatten().map(|&value| i64::from(value)).sum::<i64>(),
        )
        .pennyweight(move || NullableIntArray::from(values()), |values| values.sum())
        .variant("pennyweight fold", move || NullableIntArray::from(values()), |values| {
            values.iter().fold(0, |sum, value| sum + value.unwrap_or(0))
        })
        .peer("arrow-array", "arrow-array", move || arrow_nullable(values()), |values| {
            values.values().iter().map(|&value| i64::from(value)).sum::<i64>()
        })
        .peer("arrow-array", "arrow-array, iter", move || arrow_nullable(values()), |values| {
            values.iter().flatten().map(i64::from).sum::<i64>()
        })
}
