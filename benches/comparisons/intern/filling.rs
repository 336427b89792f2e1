//! Strings into an empty interner, and once more into the full one.

use std::rc::Rc;

use pennyweight_comparison::{Comparison, Suite};

use super::{
    corpus::{Corpus, mark},
    peers::{Filled, Interns},
    variants::{Work, few, local},
};

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("intern", "words-intern", |_| {
        let corpus = Corpus::words();
        local(filling(&corpus), &corpus.strings, &found(&corpus))
    });
    suite.add("intern", "names-intern", |sizes| {
        let corpus = Corpus::names(sizes);
        few(filling(&corpus), &corpus.strings, &found(&corpus))
    });
    suite.add("intern", "tailnum-intern", |_| {
        let corpus = Corpus::tail_numbers();
        local(filling(&corpus), &corpus.strings, &found(&corpus))
    });
    suite.add("intern", "airports-intern", |_| {
        let corpus = Corpus::airports();
        local(filling(&corpus), &corpus.strings, &found(&corpus))
    });
    suite.add("intern", "tailnum-again", |_| again(&Corpus::tail_numbers()));
}

fn filling(corpus: &Corpus) -> Comparison {
    corpus.comparison().times_build().about(
        "The time is that of interning all strings, in their order, into an empty interner that \
         does not know how many will come. It is weighed as it is then. The limit takes the text \
         as it is and where each string ends, and nothing to look one up by. lasso, inturn and \
         intaglio hash by std's SipHash, as naive does.",
    )
}

/// Reads all distinct strings, to see that they are there.
fn found(corpus: &Corpus) -> Found {
    Found(Rc::clone(&corpus.distinct))
}

#[derive(Clone)]
struct Found(Rc<[String]>);

impl Work for Found {
    fn of<I: Interns>(&self, filled: &mut Filled<I>) -> i64 {
        let interner = &mut filled.interner;
        let mut read = |string: &String| {
            let symbol = interner.get(string);
            mark(interner.resolve(symbol))
        };
        self.0.iter().map(&mut read).sum()
    }
}

fn again(corpus: &Corpus) -> Comparison {
    let comparison = corpus.comparison().about(
        "The time is that of interning all strings of a column once more: all are there. lasso, \
         inturn and intaglio hash by std's SipHash, as naive does.",
    );
    local(comparison, &corpus.strings, &Again(Rc::clone(&corpus.strings)))
}

#[derive(Clone)]
struct Again(Rc<[String]>);

impl Work for Again {
    fn of<I: Interns>(&self, filled: &mut Filled<I>) -> i64 {
        // Symbols differ from one interner to the other; how often the first recurs does not.
        let first = filled.interner.intern(&self.0[0]);
        let is_first = |string: &String| filled.interner.intern(string) == first;
        self.0.iter().map(is_first).map(i64::from).sum()
    }
}
