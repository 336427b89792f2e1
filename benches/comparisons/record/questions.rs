//! What is asked of a table that is there.

use std::rc::Rc;

use pennyweight::record::Records;
use pennyweight_baseline::{flights::path, record as naive};
use pennyweight_comparison::{Answer, Comparison, Suite};

use super::{
    peers::{Arrow, Columns, Dicts, Interned, SoaDerive, SoaRs},
    records::{Flight, late_miles_of_columns},
    table::{Rows, Sorts, Table},
};
use crate::comparisons::data::{flights, indices, named};

const VISITED: usize = 100_000;

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("record", "sum", |_| {
        let comparison = of("dep_delay").about(
            "The sum of a column with nulls. `arrow` adds all values, where it keeps a zero for each null; `columnar` keeps \
             no value for one.",
        );
        all(comparison, &Delays)
    });
    suite.add("record", "filter", |_| {
        let comparison = of("origin and dep_delay").about(
            "How many flights from JFK left more than an hour late. Where strings have codes, that of JFK is looked up once.",
        );
        all(comparison, &Late)
    });
    suite.add("record", "random", |sizes| {
        let visited = sizes.generated(VISITED);
        let rows = indices(visited, flights().len());
        let data = named("carrier, dep_delay, air_time and distance");
        let comparison = Comparison::of(data, visited).about(
            "Four fields of rows in no order, an element being a visit; of the carrier the first letter, which tables of \
             codes have to look up.",
        );
        all(comparison, &Visit(rows))
    });
    suite.add("record", "rows", |_| by_rows());
    suite.add("record", "rows-sum", |_| sum_by_rows());
    suite.add("record", "group-mean", |_| {
        let comparison = of("carrier and dep_delay").about(
            "The mean of the known delays of each carrier. Where strings have codes these index an array of sums; the others \
             look each carrier up in a HashMap with std's hasher, and naive clones it for that.",
        );
        all(comparison, &Mean).variant("list of dicts", read::<Dicts>, does(&Mean))
    });
    suite.add("record", "sort", |_| sorting());
}

fn of(columns: &str) -> Comparison {
    Comparison::of(named(columns), flights().len())
}

/// Adds all variants that answer questions.
fn all(comparison: Comparison, question: &impl Question) -> Comparison {
    comparison
        .naive(read::<Vec<naive::Flight>>, does(question))
        .pennyweight(read::<Records<Flight>>, does(question))
        .peer("lasso", "lasso, Vec", read::<Interned>, does(question))
        .peer("soa_derive", "soa_derive", read::<SoaDerive>, does(question))
        .peer("soa-rs", "soa-rs", read::<SoaRs>, does(question))
        .peer("arrow-array", "arrow", read::<Arrow>, does(question))
        .peer("columnar", "columnar", read::<Columns>, does(question))
}

/// Reads the flights into a table.
pub(super) fn read<T: Table>() -> T {
    T::read(&path())
}

/// A question that any table can answer.
trait Question: Clone + 'static {
    fn of<T: Table>(&self, table: &T) -> Answer;
}

fn does<T: Table>(question: &impl Question) -> impl Fn(&mut T) -> Answer + 'static {
    let question = question.clone();
    move |table| question.of(table)
}

#[derive(Clone, Copy)]
struct Delays;

impl Question for Delays {
    fn of<T: Table>(&self, table: &T) -> Answer {
        table.delays().into()
    }
}

#[derive(Clone, Copy)]
struct Late;

impl Question for Late {
    fn of<T: Table>(&self, table: &T) -> Answer {
        table.late_from_jfk().into()
    }
}

#[derive(Clone)]
struct Visit(Rc<[u32]>);

impl Question for Visit {
    fn of<T: Table>(&self, table: &T) -> Answer {
        table.visit(&self.0).into()
    }
}

#[derive(Clone, Copy)]
struct Mean;

impl Question for Mean {
    fn of<T: Table>(&self, table: &T) -> Answer {
        table.mean_delays().into()
    }
}

fn by_rows() -> Comparison {
    fn late_miles<T: Rows>(table: &mut T) -> i64 {
        table.late_miles()
    }
    of("dep_delay and distance")
        .about(
            "The miles of all flights that left late, in a loop over rows: whole structs, or what a table of columns has in \
             their place. The row of `columnar` has all of its fields before the first is asked for. `soa-rs, \
             columns` is the same in a loop over two slices: the limit.",
        )
        .naive(read::<Vec<naive::Flight>>, late_miles)
        .pennyweight(read::<Records<Flight>>, late_miles)
        .variant("pennyweight, columns", read::<Records<Flight>>, late_miles_of_columns)
        .peer("lasso", "lasso, Vec", read::<Interned>, late_miles)
        .peer("soa_derive", "soa_derive", read::<SoaDerive>, late_miles)
        .peer("soa-rs", "soa-rs", read::<SoaRs>, late_miles)
        .peer("columnar", "columnar", read::<Columns>, late_miles)
        .peer("soa-rs", "soa-rs, columns", read::<SoaRs>, |table| table.late_miles_of_columns())
}

fn sum_by_rows() -> Comparison {
    fn delays<T: Rows>(table: &mut T) -> i64 {
        table.delays_of_rows()
    }
    of("dep_delay")
        .about("The sum of a column with nulls, in a loop over rows, and, as the limit, in a loop over the column alone.")
        .naive(read::<Vec<naive::Flight>>, delays)
        .pennyweight(read::<Records<Flight>>, delays)
        .variant("pennyweight, column", read::<Records<Flight>>, |table| table.delays())
        .peer("lasso", "lasso, Vec", read::<Interned>, delays)
        .peer("soa_derive", "soa_derive", read::<SoaDerive>, delays)
        .peer("soa-rs", "soa-rs", read::<SoaRs>, delays)
        .peer("columnar", "columnar", read::<Columns>, delays)
        .peer("soa-rs", "soa-rs, column", read::<SoaRs>, |table| table.delays())
}

fn sorting() -> Comparison {
    of("19 columns")
        .about(
            "The whole table is sorted by dep_delay, and then by flight, so that each run finds it as the first one left it. \
             Naive and soa_derive sort in a stable way, the others need not. `arrow` makes new batches by `sort_to_indices` \
             and `take`; soa-rs and columnar have no sort.",
        )
        .naive(read::<Vec<naive::Flight>>, sort_twice)
        .pennyweight(read::<Records<Flight>>, sort_twice)
        .peer("lasso", "lasso, Vec", read::<Interned>, sort_twice)
        .peer("soa_derive", "soa_derive", read::<SoaDerive>, sort_twice)
        .peer("arrow-ord", "arrow", read::<Arrow>, sort_twice)
}

/// Answers the keys of one row in sixteen, since rows of equal keys may come in any order.
fn sort_twice<T: Sorts>(table: &mut T) -> Answer {
    table.sort_by_delay();
    let delays = table.keys(16).map(|(delay, _)| delay.map_or(i64::MIN, i64::from));
    let delays: Vec<i64> = delays.collect();
    table.sort_by_number();
    let numbers = table.keys(16).map(|(_, number)| i64::from(number));
    Answer::of_sequence(delays.into_iter().chain(numbers))
}
