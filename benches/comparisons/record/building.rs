//! What tables of flights take, read from the file and row by row.

use std::{fs::File, io::BufReader, rc::Rc};

use pennyweight::record::Records;
use pennyweight_baseline::{
    entropy::entropy_bits,
    flights::{INTEGERS, TEXTS, path},
    record as naive,
};
use pennyweight_comparison::{Comparison, Metric, Suite};

use super::{
    peers::{Arrow, ArrowBatches, ArrowRows, Columns, Dicts, Interned, SoaDerive, SoaRs},
    questions::read,
    records::{Borrowed, Flight, read_scheduled},
    table::{Grows, Table},
};
use crate::comparisons::data::{flights, named};

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("record", "bytes", |_| {
        let comparison = comparison().about(
            "All columns, as they are once the file has been read and what is too much given back; the peak is that of the \
             reading. The limit is the sum of the entropies of the columns. The strings of `lasso, Vec`, of soa_derive and of \
             soa-rs are keys of lasso, of one byte and of two; those of columnar lie in the columns. `arrow, one batch` is told \
             how many rows there are. `pennyweight, frozen` is made of the records once they are there; `pennyweight, computed` \
             too, without hour and minute, which are those of sched_dep_time. The time is that of adding up distance.",
        );
        all(comparison)
            .variant(
                "pennyweight, frozen",
                || read::<Records<Flight>>().freeze(),
                |table| table.columns().distance().sum(),
            )
            .variant(
                "pennyweight, computed",
                || read_scheduled(&path()).freeze(),
                |table| table.columns().distance().sum(),
            )
            .variant("list of dicts", read::<Dicts>, |table| table.miles())
            .peer(
                "arrow-csv",
                "arrow, 8192-row batches",
                || ArrowBatches::read(&path()),
                |table| table.miles(),
            )
    });
    suite.add("record", "build", |_| {
        let comparison = comparison().times_build().about(
            "The file is read into a table: naive by `BufRead::lines` and `split`, pennyweight by `record::csv`, arrow by \
             arrow-csv, which is told how many rows there are where it makes one batch of them; all other peers by one reused \
             `StringRecord` of the crate csv.",
        );
        all(comparison).peer(
            "arrow-csv",
            "arrow, 8192-row batches",
            || ArrowBatches::read(&path()),
            |table| table.miles(),
        )
    });
    suite.add("record", "push", |_| growing("of nobody knows how many", |_| 0));
    suite.add("record", "push-known", |_| growing("of a number that is known", |rows| rows));
}

/// Starts a comparison over all columns.
fn comparison() -> Comparison {
    let numbers = INTEGERS.iter().map(|column| entropy_bits(flights().integers(column)));
    let texts = TEXTS.iter().map(|column| entropy_bits(flights().texts(column)));
    Comparison::of(named("19 columns"), flights().len())
        .limit_bits(numbers.chain(texts).sum())
        .metric(Metric {
            name: "bytes per row",
            unit: "B",
            beside: 0.0,
            of_heap: |heap_bytes, rows| heap_bytes / rows,
        })
}

/// Adds all variants that read the file.
fn all(comparison: Comparison) -> Comparison {
    comparison
        .naive(read::<Vec<naive::Flight>>, |table| table.miles())
        .pennyweight(read::<Records<Flight>>, |table| table.miles())
        .peer("lasso", "lasso, Vec", read::<Interned>, |table| table.miles())
        .peer("soa_derive", "soa_derive", read::<SoaDerive>, |table| table.miles())
        .peer("soa-rs", "soa-rs", read::<SoaRs>, |table| table.miles())
        .peer("arrow-csv", "arrow, one batch", read::<Arrow>, |table| table.miles())
        .peer("columnar", "columnar", read::<Columns>, |table| table.miles())
}

fn growing(which: &str, capacity: fn(usize) -> usize) -> Comparison {
    let rows: Rc<[naive::Flight]> = {
        let file = BufReader::new(File::open(path()).expect("a file"));
        naive::read(file).expect("flights").into()
    };
    /// Returns a closure that pushes all rows.
    fn pushed<G: Grows>(
        rows: &Rc<[naive::Flight]>,
        capacity: fn(usize) -> usize,
    ) -> impl Fn() -> G::Table + 'static {
        let rows = Rc::clone(rows);
        move || {
            let mut table = G::with_capacity(capacity(rows.len()));
            rows.iter().for_each(|flight| table.push(flight.into()));
            table.finish()
        }
    }
    comparison()
        .times_build()
        .about(format!(
            "Rows {which} are pushed one by one, their text borrowed: naive copies it, columnar appends it, all others look up \
             its key. `pennyweight` makes the struct with its strings, as `Vec` does; `pennyweight, borrowed` does not. What is \
             weighed is the table as it has grown.",
        ))
        .naive(pushed::<Vec<naive::Flight>>(&rows, capacity), |table| table.delays())
        .pennyweight(pushed::<Records<Flight>>(&rows, capacity), |table| table.delays())
        .variant("pennyweight, borrowed", pushed::<Borrowed>(&rows, capacity), |table| {
            table.delays()
        })
        .peer("lasso", "lasso, Vec", pushed::<Interned>(&rows, capacity), |table| table.delays())
        .peer("soa_derive", "soa_derive", pushed::<SoaDerive>(&rows, capacity), |table| {
            table.delays()
        })
        .peer("soa-rs", "soa-rs", pushed::<SoaRs>(&rows, capacity), |table| table.delays())
        .peer("arrow-array", "arrow", pushed::<ArrowRows>(&rows, capacity), |table| table.delays())
        .peer("columnar", "columnar", pushed::<Columns>(&rows, capacity), |table| table.delays())
}
