//! Each encoding on a column that it fits: adding up, and reading in no order.

use std::{rc::Rc, sync::Arc};

use arrow_array::{Array, DictionaryArray, Int32Array, Int64Array, UInt16Array, types::UInt16Type};
use pennyweight::array::{BlockArray, DictArray, IntArray, NullableIntArray, SortedArray};
use pennyweight_baseline::{
    array::{sum, sum_nullable},
    entropy::entropy_bits,
};
use pennyweight_comparison::{Comparison, Suite};
use roaring::RoaringBitmap;

use super::{
    access::reads,
    peers::{EliasFano, FastLanes, Packed8x, Sux, SuxNullable, Tantivy},
    states::{arrow_nullable, packed, with},
};
use crate::comparisons::data::{complete, flights, indices, named, sorted};

/// Values that fit no cache.
const LEN: usize = 10_000_000;

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("array", "sum-time_hour-blocks", |_| sum_of_blocks());
    suite.add("array", "sum-dep_delay-blocks", |_| sum_of_nullable_blocks());
    suite.add("array", "sum-distance-dict", |_| sum_of_dictionary(over("distance")));
    suite.add("array", "sum-flight-dict", |_| sum_of_dictionary(over("flight")));
    suite.add("array", "sum-distance-dict-repeated", |sizes| {
        sum_of_dictionary(over_repeated("distance", sizes.generated(LEN)))
    });
    suite.add("array", "sum-sorted", |sizes| sum_of_sorted(sizes.generated(LEN)));
    suite.add("array", "get-time_hour-blocks", |_| get_of_blocks());
    suite.add("array", "get-dep_delay-blocks", |_| get_of_nullable_blocks());
    suite.add("array", "get-distance-dict", |_| get_of_dictionary("distance"));
    suite.add("array", "get-flight-dict", |_| get_of_dictionary("flight"));
    suite.add("array", "get-sorted", |sizes| {
        get_of_sorted(sizes.generated(LEN), sizes.generated(1_000_000))
    });
    suite.add("array", "rank-sorted", |sizes| rank(sizes.generated(LEN), sizes.generated(100_000)));
}

const SUM: &str = "The sum of a column: `sum()`, and a closure that adds (`iter().fold`); beside it the same column at \
     one width. fastlanes decodes 1,024 values at a time, bitpacking 256, tantivy-bitpacker 64.";

fn over(column: &str) -> (Comparison, Rc<[i64]>) {
    let values = complete(column);
    let comparison = Comparison::of(named(column), values.len());
    (comparison.limit_bits(entropy_bits(values.iter())), values)
}

/// A column again and again.
fn over_repeated(column: &str, len: usize) -> (Comparison, Rc<[i64]>) {
    let once = complete(column);
    let values: Rc<[i64]> = once.iter().copied().cycle().take(len).collect();
    let comparison = Comparison::of(format!("{}, repeated", named(column)), len);
    (comparison.limit_bits(entropy_bits(values.iter())), values)
}

fn over_nullable(column: &str) -> (Comparison, &'static [Option<i64>]) {
    let values = flights().integers(column);
    (Comparison::of(named(column), values.len()).limit_bits(entropy_bits(values)), values)
}

fn blocks(values: &[i64]) -> BlockArray<i64> {
    BlockArray::from(values)
}

fn dictionary(values: &[i64]) -> DictArray<i64> {
    DictArray::from(values)
}

fn sum_of_blocks() -> Comparison {
    let (comparison, values) = over("time_hour");
    let values = || Rc::clone(&values);
    comparison
        .about(SUM)
        .naive(with(values(), <[i64]>::to_vec), |values| sum(values))
        .pennyweight(with(values(), blocks), |values| values.sum())
        .variant("pennyweight fold", with(values(), blocks), |values| {
            values.iter().fold(0, |sum: i64, value| sum.wrapping_add(value))
        })
        .variant("pennyweight one width", with(values(), packed), |values| values.sum())
        .peer("fastlanes", "fastlanes", with(values(), FastLanes::new), |values| values.sum())
        .peer("bitpacking", "bitpacking", with(values(), Packed8x::new), |values| values.sum())
        .peer("tantivy-bitpacker", "tantivy-bitpacker", with(values(), Tantivy::new), |values| {
            values.sum()
        })
        .peer("sux", "sux", with(values(), Sux::new), |values| values.sum())
}

/// Zeros for nulls, and a bit that says which values are: a state that is weighed.
fn fastlanes_nullable(values: &[Option<i64>]) -> (FastLanes, sux::bits::BitVec) {
    let zeros: Vec<i64> = values.iter().map(|value| value.unwrap_or(0)).collect();
    (FastLanes::new(&zeros), values.iter().map(Option::is_some).collect())
}

fn sum_of_nullable_blocks() -> Comparison {
    let (comparison, values) = over_nullable("dep_delay");
    comparison
        .about(format!("{SUM} The peers keep a zero for each null, and a bit for each value."))
        .naive(move || values.to_vec(), |values| sum_nullable(values))
        .pennyweight(move || BlockArray::from(values), |values| values.sum())
        .variant(
            "pennyweight fold",
            move || BlockArray::from(values),
            |values| values.iter().fold(0, |sum, value| sum + value.unwrap_or(0)),
        )
        .variant(
            "pennyweight one width",
            move || NullableIntArray::from(values),
            |values| values.sum(),
        )
        .peer(
            "arrow-array",
            "arrow-array",
            move || arrow_nullable(values),
            |values| values.values().iter().map(|&value| i64::from(value)).sum::<i64>(),
        )
        .peer(
            "fastlanes",
            "fastlanes",
            move || fastlanes_nullable(values),
            |(values, _)| values.sum(),
        )
        .peer("sux", "sux", move || SuxNullable::new(values), |values| values.sum())
}

/// Codes of 16 bits into the distinct values.
fn arrow_dictionary(values: &[i64]) -> DictionaryArray<UInt16Type> {
    let mut distinct = values.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    distinct.shrink_to_fit();
    let code = |value: &i64| distinct.binary_search(value).expect("a value of the column") as u16;
    let codes: Vec<u16> = values.iter().map(code).collect();
    DictionaryArray::new(UInt16Array::from(codes), Arc::new(Int64Array::from(distinct)))
}

/// The codes and the values that they stand for.
fn decoded(array: &DictionaryArray<UInt16Type>) -> (&[u16], &[i64]) {
    let values = array.values().as_any().downcast_ref::<Int64Array>().expect("of `i64`");
    (array.keys().values(), values.values())
}

fn sum_of_dictionary((comparison, values): (Comparison, Rc<[i64]>)) -> Comparison {
    let values = || Rc::clone(&values);
    comparison
        .about(format!("{SUM} arrow-array has codes of 16 bits."))
        .naive(with(values(), <[i64]>::to_vec), |values| sum(values))
        .pennyweight(with(values(), dictionary), |values| values.sum())
        .variant("pennyweight fold", with(values(), dictionary), |values| {
            values.iter().fold(0, |sum: i64, value| sum.wrapping_add(value))
        })
        .variant("pennyweight one width", with(values(), packed), |values| values.sum())
        .peer("arrow-array", "arrow-array", with(values(), arrow_dictionary), |array| {
            let (codes, values) = decoded(array);
            codes.iter().map(|&code| values[usize::from(code)]).sum::<i64>()
        })
        .peer("fastlanes", "fastlanes", with(values(), FastLanes::new), |values| values.sum())
        .peer("bitpacking", "bitpacking", with(values(), Packed8x::new), |values| values.sum())
        .peer("sux", "sux", with(values(), Sux::new), |values| values.sum())
}

/// The information in sorted values is that in their differences.
fn over_sorted(len: usize) -> (Comparison, Rc<[i64]>) {
    let values = sorted(len, 0..=100);
    let differences = values.windows(2).map(|pair| pair[1] - pair[0]);
    let comparison = Comparison::of("sorted milliseconds, 0 to 100 apart", len);
    (comparison.limit_bits(entropy_bits(differences)), values)
}

fn sum_of_sorted(len: usize) -> Comparison {
    let (comparison, values) = over_sorted(len);
    let values = || Rc::clone(&values);
    comparison
        .about(format!(
            "{SUM} `pennyweight` is a `SortedArray`; blocks take more and are read faster."
        ))
        .naive(with(values(), <[i64]>::to_vec), |values| sum(values))
        .pennyweight(with(values(), SortedArray::from_sorted), |values| values.sum())
        .variant("pennyweight fold", with(values(), SortedArray::from_sorted), |values| {
            values.iter().fold(0, |sum: i64, value| sum.wrapping_add(value))
        })
        .variant("pennyweight blocks", with(values(), blocks), |values| values.sum())
        .variant("pennyweight one width", with(values(), packed), |values| values.sum())
        .peer("sux", "sux, Elias-Fano", with(values(), EliasFano::new), |values| values.sum())
        .peer("fastlanes", "fastlanes", with(values(), FastLanes::new), |values| values.sum())
}

fn reading(indices: &[u32]) -> String {
    format!(
        "{} values are read in no order, and added up; the indices are read in order. Beside the encoding the same \
         column at one width.",
        indices.len()
    )
}

fn get_of_blocks() -> Comparison {
    let (comparison, values) = over("time_hour");
    let indices = indices(values.len(), values.len());
    let (values, indices) = (|| Rc::clone(&values), || Rc::clone(&indices));
    comparison
        .about(reading(&indices()))
        .naive(
            with(values(), <[i64]>::to_vec),
            reads(indices(), |values: &Vec<i64>, index| values[index as usize]),
        )
        .pennyweight(with(values(), blocks), reads(indices(), block_value))
        .variant("pennyweight one width", with(values(), packed), reads(indices(), packed_value))
        .peer(
            "fastlanes",
            "fastlanes",
            with(values(), FastLanes::new),
            reads(indices(), |values: &FastLanes, index| values.value(index as usize)),
        )
        .peer(
            "tantivy-bitpacker",
            "tantivy-bitpacker",
            with(values(), Tantivy::new),
            reads(indices(), |values: &Tantivy, index| values.value(index)),
        )
}

fn block_value(values: &BlockArray<i64>, index: u32) -> i64 {
    values.value(index as usize)
}

fn packed_value(values: &IntArray<i64>, index: u32) -> i64 {
    values.value(index as usize)
}

fn get_of_nullable_blocks() -> Comparison {
    let (comparison, values) = over_nullable("dep_delay");
    let indices = indices(values.len(), values.len());
    let indices = || Rc::clone(&indices);
    comparison
        .about(format!("{} Nulls are left out.", reading(&indices())))
        .naive(
            move || values.to_vec(),
            reads(indices(), |values: &Vec<Option<i64>>, index| {
                values[index as usize].unwrap_or(0)
            }),
        )
        .pennyweight(
            move || BlockArray::from(values),
            reads(indices(), |values: &BlockArray<Option<i64>>, index| {
                values.value(index as usize).unwrap_or(0)
            }),
        )
        .variant(
            "pennyweight one width",
            move || NullableIntArray::from(values),
            reads(indices(), |values: &NullableIntArray<i64>, index| {
                values.value(index as usize).unwrap_or(0)
            }),
        )
        .peer(
            "arrow-array",
            "arrow-array",
            move || arrow_nullable(values),
            reads(indices(), |values: &Int32Array, index| {
                let index = index as usize;
                if values.is_valid(index) { i64::from(values.value(index)) } else { 0 }
            }),
        )
        .peer(
            "sux",
            "sux",
            move || SuxNullable::new(values),
            reads(indices(), |values: &SuxNullable, index| {
                values.value(index as usize).unwrap_or(0)
            }),
        )
}

fn get_of_dictionary(column: &str) -> Comparison {
    let (comparison, values) = over(column);
    let indices = indices(values.len(), values.len());
    let (values, indices) = (|| Rc::clone(&values), || Rc::clone(&indices));
    comparison
        .about(reading(&indices()))
        .naive(
            with(values(), <[i64]>::to_vec),
            reads(indices(), |values: &Vec<i64>, index| values[index as usize]),
        )
        .pennyweight(
            with(values(), dictionary),
            reads(indices(), |values: &DictArray<i64>, index| values.value(index as usize)),
        )
        .variant("pennyweight one width", with(values(), packed), reads(indices(), packed_value))
        .peer("arrow-array", "arrow-array", with(values(), arrow_dictionary), {
            let indices = indices();
            move |array| {
                let (codes, values) = decoded(array);
                let value = |&index: &u32| values[usize::from(codes[index as usize])];
                indices.iter().map(value).sum::<i64>()
            }
        })
        .peer(
            "fastlanes",
            "fastlanes",
            with(values(), FastLanes::new),
            reads(indices(), |values: &FastLanes, index| values.value(index as usize)),
        )
}

fn get_of_sorted(len: usize, reads_of: usize) -> Comparison {
    let (comparison, values) = over_sorted(len);
    let indices = indices(reads_of, len);
    let (values, indices) = (|| Rc::clone(&values), || Rc::clone(&indices));
    comparison
        .about(reading(&indices()))
        .naive(
            with(values(), <[i64]>::to_vec),
            reads(indices(), |values: &Vec<i64>, index| values[index as usize]),
        )
        .pennyweight(
            with(values(), SortedArray::from_sorted),
            reads(indices(), |values: &SortedArray<i64>, index| values.value(index as usize)),
        )
        .variant("pennyweight blocks", with(values(), blocks), reads(indices(), block_value))
        .variant("pennyweight one width", with(values(), packed), reads(indices(), packed_value))
        .peer(
            "sux",
            "sux, Elias-Fano",
            with(values(), EliasFano::new),
            reads(indices(), |values: &EliasFano, index| values.value(index as usize)),
        )
        .peer(
            "fastlanes",
            "fastlanes",
            with(values(), FastLanes::new),
            reads(indices(), |values: &FastLanes, index| values.value(index as usize)),
        )
}

/// Distinct values, since one of the peers is a set.
fn rank(len: usize, questions: usize) -> Comparison {
    let values = sorted(len, 1..=100);
    let differences = values.windows(2).map(|pair| pair[1] - pair[0]);
    let limit = entropy_bits(differences);
    let (first, last) = (values[0], values[len - 1]);
    let questions: Rc<[u32]> = indices(questions, (last - first) as usize);
    let (values, questions) = (|| Rc::clone(&values), || Rc::clone(&questions));
    // `indices` are offsets from the first value.
    let value = move |question: u32| first + i64::from(question);
    Comparison::of("sorted milliseconds, 1 to 100 apart", len)
        .about(format!(
            "How many values lie below each of {} values in no order: a binary search, or what the encoding offers. \
             roaring holds the differences from the first value, as a set of 32-bit numbers.",
            questions().len()
        ))
        .limit_bits(limit)
        .naive(
            with(values(), <[i64]>::to_vec),
            reads(questions(), move |values: &Vec<i64>, question| {
                values.partition_point(|&other| other < value(question)) as i64
            }),
        )
        .pennyweight(
            with(values(), SortedArray::from_sorted),
            reads(questions(), move |values: &SortedArray<i64>, question| {
                values.rank(value(question)) as i64
            }),
        )
        .peer(
            "sux",
            "sux, Elias-Fano",
            with(values(), EliasFano::new),
            reads(questions(), move |values: &EliasFano, question| {
                values.rank(value(question)) as i64
            }),
        )
        .peer(
            "roaring",
            "roaring",
            with(values(), move |values: &[i64]| {
                let numbers = values.iter().map(|value| (value - first) as u32);
                RoaringBitmap::from_sorted_iter(numbers).expect("sorted numbers")
            }),
            reads(questions(), |set: &RoaringBitmap, question| {
                // Theirs counts the value itself too.
                (set.rank(question) - u64::from(set.contains(question))).cast_signed()
            }),
        )
}
