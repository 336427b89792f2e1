//! Columns in the encoding that takes the fewest bytes for each.

use std::rc::Rc;

use pennyweight::array::{Compressed, IntArray, NullableIntArray, compress};
use pennyweight_baseline::array::{sum, sum_nullable};
use pennyweight_comparison::{Comparison, Sizes};

use super::{
    peers::{Sux, SuxNullable},
    states::{arrow_32, arrow_nullable, packed},
    table::{Columns, built, sum_of_values},
};

pub(super) fn eleven_columns(_: &Sizes) -> Comparison {
    let columns = Rc::new(Columns::of_flights());
    columns
        .comparison()
        .about(
            "The same eleven columns, each in the encoding that `compress` finds the smallest: one width, blocks, sorted or a \
             dictionary. The time is that of adding up all of them. sux has the best width for each column, and a bit \
             for each value that may be null.",
        )
        .naive(built(&columns, <[i64]>::to_vec, <[Option<i64>]>::to_vec), |table| {
            let complete: i64 = table.complete.iter().map(|column| sum(column)).sum();
            let nullable: i64 = table.nullable.iter().map(|column| sum_nullable(column)).sum();
            complete + nullable
        })
        .pennyweight(
            built(
                &columns,
                |column| compress(column.iter().copied()),
                |column| compress(column.iter().copied()),
            ),
            |table| {
                let complete: i128 = table.complete.iter().map(Compressed::sum).sum();
                let nullable: i128 = table.nullable.iter().map(Compressed::sum).sum();
                complete + nullable
            },
        )
        .variant(
            "pennyweight one width",
            built(&columns, packed, |column| NullableIntArray::from(column)),
            |table| {
                let complete: i128 = table.complete.iter().map(IntArray::sum).sum();
                let nullable: i128 = table.nullable.iter().map(NullableIntArray::sum).sum();
                complete + nullable
            },
        )
        .peer("arrow-array", "arrow-array", built(&columns, arrow_32, arrow_nullable), |table| {
            let columns = table.complete.iter().chain(&table.nullable);
            columns.map(sum_of_values).sum::<i64>()
        })
        .peer("sux", "sux", built(&columns, Sux::new, SuxNullable::new), |table| {
            let complete: i64 = table.complete.iter().map(Sux::sum).sum();
            let nullable: i64 = table.nullable.iter().map(SuxNullable::sum).sum();
            complete + nullable
        })
}
