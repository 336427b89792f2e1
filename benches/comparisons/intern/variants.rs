//! The variants of the comparisons of one thread.

use std::rc::Rc;

use intaglio::SymbolTable as Intaglio;
use internity::LocalLexicon;
use lasso::Rodeo;
use pennyweight_comparison::Comparison;
use string_interner::{
    StringInterner,
    backend::{BucketBackend, BufferBackend, StringBackend},
};
use symbol_table::SymbolTable;

use super::peers::{
    Filled, InOrder, Internment, Interns, Inturn, Naive, Pennyweight, Shrunk, Ustr,
};

type Buffer = StringInterner<BufferBackend>;
type Bucket = StringInterner<BucketBackend>;
type Plain = StringInterner<StringBackend>;

/// What is done with an interner that has been filled.
pub(super) trait Work: Clone + 'static {
    fn of<I: Interns>(&self, filled: &mut Filled<I>) -> i64;
}

fn does<I: Interns>(work: &impl Work) -> impl Fn(&mut Filled<I>) -> i64 + 'static {
    let work = work.clone();
    move |filled| work.of(filled)
}

/// Adds the variants that are the leanest or the best known.
pub(super) fn few(comparison: Comparison, strings: &Rc<[String]>, work: &impl Work) -> Comparison {
    comparison
        .naive(Filled::<Naive>::with(strings), does(work))
        .pennyweight(Filled::<Pennyweight>::with(strings), does(work))
        .variant("pennyweight shrunk", Filled::<Shrunk>::with(strings), does(work))
        .peer("internity", "internity", Filled::<LocalLexicon>::with(strings), does(work))
        .peer(
            "string-interner",
            "string-interner, buffer",
            Filled::<Buffer>::with(strings),
            does(work),
        )
        .peer("lasso", "lasso", Filled::<Rodeo>::with(strings), does(work))
}

/// Adds all that are values of their own.
pub(super) fn local(
    comparison: Comparison,
    strings: &Rc<[String]>,
    work: &impl Work,
) -> Comparison {
    few(comparison, strings, work)
        .peer("string-interner", "string-interner", Filled::<Plain>::with(strings), does(work))
        .peer(
            "string-interner",
            "string-interner, bucket",
            Filled::<Bucket>::with(strings),
            does(work),
        )
        .peer("inturn", "inturn", Filled::<Inturn>::with(strings), does(work))
        .peer("symbol_table", "symbol_table", Filled::<SymbolTable>::with(strings), does(work))
        .peer("intaglio", "intaglio", Filled::<Intaglio>::with(strings), does(work))
}

/// Adds those that are the process's one as well.
pub(super) fn all(comparison: Comparison, strings: &Rc<[String]>, work: &impl Work) -> Comparison {
    local(comparison, strings, work)
        .peer("ustr", "ustr", Filled::<Ustr>::with(strings), does(work))
        .peer("internment", "internment", Filled::<Internment>::with(strings), does(work))
}

/// Adds those that go through their strings, of each of which `mark` is summed up.
pub(super) fn in_order(
    comparison: Comparison,
    strings: &Rc<[String]>,
    mark: fn(&str) -> i64,
) -> Comparison {
    fn sum<I: InOrder>(mark: fn(&str) -> i64) -> impl Fn(&mut Filled<I>) -> i64 + 'static {
        move |filled| {
            let mut sum = 0;
            filled.interner.for_each(|text| sum += mark(text));
            sum
        }
    }
    comparison
        .naive(Filled::<Naive>::with(strings), sum(mark))
        .pennyweight(Filled::<Pennyweight>::with(strings), sum(mark))
        .peer("internity", "internity", Filled::<LocalLexicon>::with(strings), sum(mark))
        .peer(
            "string-interner",
            "string-interner, buffer",
            Filled::<Buffer>::with(strings),
            sum(mark),
        )
        .peer("lasso", "lasso", Filled::<Rodeo>::with(strings), sum(mark))
        .peer("string-interner", "string-interner", Filled::<Plain>::with(strings), sum(mark))
        .peer(
            "string-interner",
            "string-interner, bucket",
            Filled::<Bucket>::with(strings),
            sum(mark),
        )
        .peer("inturn", "inturn", Filled::<Inturn>::with(strings), sum(mark))
        .peer("intaglio", "intaglio", Filled::<Intaglio>::with(strings), sum(mark))
}
