//! Decimals: the weather's columns of floats, and its whole table.

use std::rc::Rc;

use arrow_array::{Array, Float64Array};
use pennyweight::array::{Compressed, DecimalArray, StrArray, compress};
use pennyweight_baseline::{
    array::sum_nullable,
    entropy::entropy_bits,
    text::total_len,
    weather::{FLOATS, INTEGERS, sum_floats},
};
use pennyweight_comparison::{Comparison, Metric, Suite};

use super::{
    peers::{Alp, Pco},
    states::with,
};
use crate::comparisons::data::{indices, weather};

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("array", "weather-15-columns", |_| table());
    suite.add("array", "sum-8-float-columns", |_| columns());
    suite.add("array", "sum-temp-decimal", |_| column("temp"));
    suite.add("array", "sum-wind_speed-decimal", |_| column("wind_speed"));
    suite.add("array", "sum-pressure-decimal", |_| column("pressure"));
    suite.add("array", "get-temp-decimal", |_| get("temp"));
}

type Floats = &'static [Option<f64>];

fn float_entropy(values: Floats) -> f64 {
    entropy_bits(values.iter().map(|value| value.map(f64::to_bits)))
}

const BYTES_PER_ROW: Metric = Metric {
    name: "bytes per row",
    unit: "B",
    beside: 0.0,
    of_heap: |heap_bytes, rows| heap_bytes / rows,
};

/// All columns, each in its array.
struct Table<O, I, F> {
    origins: O,
    integers: [I; INTEGERS.len()],
    floats: [F; FLOATS.len()],
}

/// The airports as numbers of their names, which are few: what `pandas` calls a category.
struct Origins {
    names: StrArray,
    codes: Compressed<i64>,
}

impl Origins {
    fn new(origins: &[String]) -> Self {
        let mut names: Vec<&str> = origins.iter().map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        let code = |origin: &String| names.binary_search(&&**origin).expect("one of them") as i64;
        Self { codes: compress(origins.iter().map(code)), names: StrArray::from(&names[..]) }
    }

    fn total_len(&self) -> usize {
        let lengths: Vec<usize> = self.names.iter().map(str::len).collect();
        self.codes.iter().map(|code| lengths[code as usize]).sum()
    }
}

/// The answer of a row of sums.
fn answer(lengths: usize, integers: i128, floats: impl Iterator<Item = f64>) -> i128 {
    floats.fold(lengths as i128 + integers, |answer, sum| {
        answer.wrapping_mul(31).wrapping_add(i128::from(digits(sum)))
    })
}

/// A sum of the weather's decimals, of which none has more than five digits behind the point, with as many: what is
/// lost by adding floats is less.
fn digits(sum: f64) -> i64 {
    (sum * 1e5).round() as i64
}

fn table() -> Comparison {
    let weather = weather();
    let integers = INTEGERS.map(|name| weather.integers(name));
    let floats = FLOATS.map(|name| weather.floats(name));
    let limit = entropy_bits(&weather.origins)
        + integers.iter().map(|column| entropy_bits(column.iter())).sum::<f64>()
        + floats.iter().map(|column| float_entropy(column)).sum::<f64>();
    Comparison::of("all 15 columns of weather.csv", weather.len())
        .about(
            "A whole table: a column of text, six of integers (one with nulls) and eight of decimals with nulls; an element is \
             a row. Integers are in the encoding that `compress` finds the smallest, decimals in `DecimalArray`, the three \
             airports' names in a `StrArray` beside their numbers. The time is that of adding up all columns, of the text its \
             lengths. The sums of floats are compared to five digits behind the point: the decimals have no more.",
        )
        .limit_bits(limit)
        .metric(BYTES_PER_ROW)
        .naive(
            move || Table {
                origins: weather.origins.clone(),
                integers: integers.map(<[_]>::to_vec),
                floats: floats.map(<[_]>::to_vec),
            },
            |table| {
                let integers = table.integers.iter().map(|column| sum_nullable(column));
                let floats = table.floats.iter().map(|column| sum_floats(column));
                answer(total_len(&table.origins), integers.map(i128::from).sum(), floats)
            },
        )
        .pennyweight(
            move || Table {
                origins: Origins::new(&weather.origins),
                integers: integers.map(|column| compress(column.iter().copied())),
                floats: floats.map(DecimalArray::from),
            },
            |table| {
                let integers = table.integers.iter().map(Compressed::sum);
                let floats = table.floats.iter().map(DecimalArray::sum);
                answer(table.origins.total_len(), integers.sum(), floats)
            },
        )
}

/// A hash of sums.
fn all(sums: impl Iterator<Item = f64>) -> i128 {
    answer(0, 0, sums)
}

const SUM: &str = "pennyweight adds decimals as integers, all others floats in their order; the sums are compared to five \
     digits behind the point, of which the decimals have no more. Nulls of pco and alp are a bit for each value, where a \
     column has any. pco is a stream, which is read from its beginning only.";

fn columns() -> Comparison {
    let floats = FLOATS.map(|name| weather().floats(name));
    Comparison::of("8 columns of floats of weather.csv", floats[0].len())
        .about(format!(
            "The sums of eight columns of decimals with nulls; an element is a row. {SUM}"
        ))
        .limit_bits(floats.iter().map(|column| float_entropy(column)).sum())
        .metric(BYTES_PER_ROW)
        .naive(
            move || floats.map(<[_]>::to_vec),
            |columns| all(columns.iter().map(|column| sum_floats(column))),
        )
        .pennyweight(
            move || floats.map(DecimalArray::from),
            |columns| all(columns.iter().map(DecimalArray::sum)),
        )
        .peer(
            "arrow-array",
            "arrow-array",
            move || floats.map(arrow),
            |columns| all(columns.iter().map(sum_of_arrow)),
        )
        .peer(
            "alp",
            "alp",
            move || floats.map(Alp::new),
            |columns| all(columns.iter().map(Alp::sum)),
        )
        .peer(
            "pco",
            "pco",
            move || floats.map(Pco::new),
            |columns| all(columns.iter().map(Pco::sum)),
        )
}

fn arrow(values: Floats) -> Float64Array {
    values.iter().collect()
}

fn sum_of_arrow(values: &Float64Array) -> f64 {
    match values.null_count() {
        0 => values.values().iter().sum(),
        _ => values.iter().flatten().sum(),
    }
}

fn over(name: &str) -> (Comparison, Floats) {
    let values = weather().floats(name);
    let comparison = Comparison::of(format!("{name} of weather.csv"), values.len());
    (comparison.limit_bits(float_entropy(values)), values)
}

fn column(name: &str) -> Comparison {
    let (comparison, values) = over(name);
    comparison
        .about(format!("The sum of a column of decimals. {SUM}"))
        .naive(move || values.to_vec(), |values| digits(sum_floats(values)))
        .pennyweight(move || DecimalArray::from(values), |values| digits(values.sum()))
        .variant(
            "pennyweight fold",
            move || DecimalArray::from(values),
            |values| {
                digits(
                    values.iter().fold(-0.0, |sum, value| value.map_or(sum, |value| sum + value)),
                )
            },
        )
        .peer(
            "arrow-array",
            "arrow-array",
            move || arrow(values),
            |values| digits(sum_of_arrow(values)),
        )
        .peer("alp", "alp", move || Alp::new(values), |values| digits(values.sum()))
        .peer("pco", "pco", move || Pco::new(values), |values| digits(values.sum()))
}

/// Reads of a column without its nulls, which alp has no form for.
fn get(name: &str) -> Comparison {
    let values: Rc<[f64]> = weather().floats(name).iter().copied().flatten().collect();
    let indices = indices(values.len(), values.len());
    let (values, indices) = (|| Rc::clone(&values), || Rc::clone(&indices));
    Comparison::of(format!("{name} of weather.csv without nulls"), values().len())
        .about(format!(
            "{} values are read in no order, and added up; the indices are read in order.",
            indices().len()
        ))
        .limit_bits(entropy_bits(values().iter().map(|value| value.to_bits())))
        .naive(
            with(values(), <[f64]>::to_vec),
            reads(indices(), |values: &Vec<f64>, index| values[index]),
        )
        .pennyweight(
            with(values(), |values: &[f64]| DecimalArray::from(values)),
            reads(indices(), |values: &DecimalArray<f64>, index| values.value(index)),
        )
        .peer(
            "alp",
            "alp",
            with(values(), |values: &[f64]| {
                Alp::new(&values.iter().copied().map(Some).collect::<Vec<_>>())
            }),
            reads(indices(), |values: &Alp, index| values.value(index)),
        )
}

/// Returns the work of reading `indices`, one after the other.
fn reads<S>(indices: Rc<[u32]>, value: impl Fn(&S, usize) -> f64) -> impl Fn(&mut S) -> u64 {
    move |state| {
        let sum = indices.iter().fold(0.0, |sum, &index| sum + value(state, index as usize));
        sum.to_bits()
    }
}
