//! From strings to symbols, and back.

use std::rc::Rc;

use pennyweight_comparison::{Comparison, Suite};

use super::{
    corpus::{Corpus, mark},
    peers::{Filled, Interns},
    variants::{Work, all, few, in_order, local},
};

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("intern", "words-get", |_| {
        let corpus = Corpus::words();
        all(getting(&corpus, IN_ONE), &corpus.strings, &Get::all_of(&corpus))
    });
    suite.add("intern", "names-get", |sizes| {
        let corpus = Corpus::names(sizes);
        few(getting(&corpus, ""), &corpus.strings, &Get::all_of(&corpus))
    });
    suite.add("intern", "words-resolve", |_| {
        let corpus = Corpus::words();
        all(resolving(&corpus, IN_ONE), &corpus.strings, &Resolve(Rc::clone(&corpus.distinct)))
    });
    suite.add("intern", "names-resolve", |sizes| {
        let corpus = Corpus::names(sizes);
        few(resolving(&corpus, ""), &corpus.strings, &Resolve(Rc::clone(&corpus.distinct)))
    });
    suite.add("intern", "tailnum-resolve", |_| {
        let corpus = Corpus::tail_numbers();
        local(column(&corpus), &corpus.strings, &Resolve(Rc::clone(&corpus.strings)))
    });
    suite.add("intern", "words-in-order", |_| {
        let corpus = Corpus::words();
        let comparison = corpus.comparison().about(
            "All strings are read in the order of their symbols, and of each its length and first byte added up.",
        );
        in_order(comparison, &corpus.strings, mark)
    });
}

/// What is different about those that are not values.
const IN_ONE: &str = " ustr and internment have one interner for the whole process, which is never freed: their \
     bytes are those that its first filling takes, and for ustr those that it says it has \
     reserved (it begins with tables for a million strings).";

fn getting(corpus: &Corpus, further: &str) -> Comparison {
    corpus.comparison().about(format!(
        "All strings are looked up in another order than they were interned in. inturn, \
         symbol_table and internment have no way to look one up but interning it again. lasso, \
         inturn and intaglio hash by std's SipHash, as naive does.{further}"
    ))
}

#[derive(Clone)]
struct Get(Rc<[String]>);

impl Get {
    fn all_of(corpus: &Corpus) -> Self {
        Self(Rc::clone(&corpus.distinct))
    }
}

impl Work for Get {
    fn of<I: Interns>(&self, filled: &mut Filled<I>) -> i64 {
        // Symbols differ from one interner to the other; that there is one for each string does not.
        let first = filled.interner.get(&self.0[0]);
        let is_first = |string: &String| filled.interner.get(string) == first;
        self.0.iter().map(is_first).map(i64::from).sum()
    }
}

fn resolving(corpus: &Corpus, further: &str) -> Comparison {
    corpus.comparison().about(format!(
        "The strings of all symbols, in another order than they were interned in: of each its \
         length and first byte are added up.{further}"
    ))
}

fn column(corpus: &Corpus) -> Comparison {
    corpus.comparison().about(
        "The strings of all symbols of a column, in its order: of each its length and first byte are added up.",
    )
}

#[derive(Clone)]
struct Resolve(Rc<[String]>);

impl Work for Resolve {
    fn of<I: Interns>(&self, filled: &mut Filled<I>) -> i64 {
        let (interner, symbols) = filled.symbols_of(&self.0);
        symbols.iter().map(|&symbol| mark(interner.resolve(symbol))).sum()
    }
}
