//! A table of integer columns, some with nulls.

use std::rc::Rc;

use arrow_array::Int32Array;
use pennyweight::array::{IntArray, NullableIntArray};
use pennyweight_baseline::{
    array::{sum, sum_nullable},
    entropy::entropy_bits,
    flights::{COMPLETE, NULLABLE},
};
use pennyweight_comparison::{Comparison, Metric, Sizes};

use super::states::{arrow_32, arrow_nullable, packed};
use crate::comparisons::data::{complete, flights, named};

/// Columns of both kinds, side by side: no bytes but theirs.
pub(super) struct Table<C, N> {
    pub(super) complete: [C; COMPLETE.len()],
    pub(super) nullable: [N; NULLABLE.len()],
}

/// The columns that all variants are built from.
pub(super) type Columns = Table<Rc<[i64]>, &'static [Option<i64>]>;

impl Columns {
    pub(super) fn of_flights() -> Self {
        Self {
            complete: COMPLETE.map(complete),
            nullable: NULLABLE.map(|column| flights().integers(column)),
        }
    }

    /// Starts a comparison over all columns.
    pub(super) fn comparison(&self) -> Comparison {
        let complete = self.complete.iter().map(|column| entropy_bits(column.iter()));
        let nullable = self.nullable.iter().map(|column| entropy_bits(column.iter()));
        Comparison::of(named("11 integer columns"), flights().len())
            .limit_bits(complete.chain(nullable).sum())
            .metric(Metric {
                name: "bits per row",
                unit: "bit",
                beside: 0.0,
                of_heap: |heap_bytes, rows| heap_bytes * 8.0 / rows,
            })
    }
}

/// Returns a closure that builds a table, column by column.
pub(super) fn built<C, N>(
    columns: &Rc<Columns>,
    complete: impl Fn(&[i64]) -> C + 'static,
    nullable: impl Fn(&[Option<i64>]) -> N + 'static,
) -> impl Fn() -> Table<C, N> + 'static {
    let columns = Rc::clone(columns);
    move || Table {
        complete: columns.complete.each_ref().map(|column| complete(column)),
        nullable: columns.nullable.map(&nullable),
    }
}

pub(super) fn eleven_columns(_: &Sizes) -> Comparison {
    let columns = Rc::new(Columns::of_flights());
    columns
        .comparison()
        .about(
            "The eleven integer columns that are not clock times, three of them with nulls; an element is a row. The \
             time is that of adding up all of them.",
        )
        .naive(
            built(&columns, <[i64]>::to_vec, <[Option<i64>]>::to_vec),
            |table| {
                let complete: i64 = table.complete.iter().map(|column| sum(column)).sum();
                let nullable: i64 = table.nullable.iter().map(|column| sum_nullable(column)).sum();
                complete + nullable
            },
        )
        .pennyweight(
            built(&columns, packed, |column| NullableIntArray::from(column)),
            |table| {
                let complete: i128 = table.complete.iter().map(IntArray::sum).sum();
                let nullable: i128 = table.nullable.iter().map(NullableIntArray::sum).sum();
                complete + nullable
            },
        )
        .peer(
            "arrow-array",
            "arrow-array",
            built(&columns, arrow_32, arrow_nullable),
            |table| {
                let columns = table.complete.iter().chain(&table.nullable);
                columns.map(sum_of_values).sum::<i64>()
            },
        )
}

/// A null's value is zero.
pub(super) fn sum_of_values(column: &Int32Array) -> i64 {
    column.values().iter().map(|&value| i64::from(value)).sum()
}
