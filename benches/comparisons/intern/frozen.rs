//! Interners to which no more strings are to come.

use std::rc::Rc;

use internity::{LocalLexicon, LocalReader, Reader as _, Sym};
use lasso::{Key as _, Rodeo, RodeoReader, RodeoResolver, Spur};
use pennyweight::intern::{Frozen, FrozenStrings, Interner, Key as _, Symbol};
use pennyweight_comparison::{Comparison, Suite};
use string_interner::{StringInterner, backend::BufferBackend};

use super::{
    corpus::{Corpus, mark},
    peers::{Interns, Naive},
};
use crate::comparisons::data::shuffled;

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("intern", "words-frozen-get", |_| get(&Corpus::words()));
    suite.add("intern", "names-frozen-get", |sizes| get(&Corpus::names(sizes)));
    suite.add("intern", "tailnum-frozen-get", |_| get(&Corpus::tail_numbers()));
    suite.add("intern", "airports-frozen-get", |_| get(&Corpus::airports()));
    suite.add("intern", "words-frozen-resolve", |_| resolve(&Corpus::words()));
    suite.add("intern", "names-frozen-resolve", |sizes| resolve(&Corpus::names(sizes)));
    suite.add("intern", "tailnum-frozen-resolve", |_| resolve(&Corpus::tail_numbers()));
    suite.add("intern", "airports-frozen-resolve", |_| resolve(&Corpus::airports()));
}

type Buffer = StringInterner<BufferBackend>;

/// Returns a closure that makes what is frozen from an interner that was filled.
fn frozen<I: Interns, F>(
    corpus: &Corpus,
    freeze: impl Fn(I) -> F + 'static,
) -> impl Fn() -> F + 'static {
    let strings = Rc::clone(&corpus.strings);
    move || freeze(I::filled(&strings))
}

fn get(corpus: &Corpus) -> Comparison {
    corpus
        .comparison()
        .about(
            "All strings are looked up in another order than they were interned in. The interners \
             are frozen, or shrunk where there is no such form; their symbols can be resolved as \
             well. lasso hashes by std's SipHash, as naive does.",
        )
        .naive(frozen(corpus, |naive: Naive| naive), gets(corpus, Naive::get))
        .pennyweight(
            frozen(corpus, |interner: Interner| interner.freeze()),
            gets(corpus, Frozen::get),
        )
        .variant(
            "pennyweight Interner",
            frozen(corpus, |mut interner: Interner| {
                interner.shrink_to_fit();
                interner
            }),
            gets(corpus, Interner::get),
        )
        .peer(
            "string-interner",
            "string-interner, buffer",
            frozen(corpus, |mut interner: Buffer| {
                interner.shrink_to_fit();
                interner
            }),
            gets(corpus, |interner: &Buffer, text: &str| interner.get(text)),
        )
        .peer(
            "lasso",
            "lasso",
            frozen(corpus, Rodeo::into_reader),
            gets(corpus, |reader: &RodeoReader, text: &str| reader.get(text)),
        )
}

/// Returns the work of looking up all strings.
fn gets<S, Y: PartialEq>(
    corpus: &Corpus,
    get: impl Fn(&S, &str) -> Option<Y> + 'static,
) -> impl Fn(&mut S) -> i64 + 'static {
    let strings = Rc::clone(&corpus.distinct);
    move |state| {
        let found = |string: &String| get(state, string).expect("a string that is there");
        // Symbols differ from one interner to the other; that there is one for each string does not.
        let first = found(&strings[0]);
        strings.iter().map(|string| i64::from(found(string) == first)).sum()
    }
}

/// What is frozen, and the symbols that are resolved.
struct Read<S, Y> {
    strings: S,
    /// Empty until they are first asked for, so that the strings are weighed without them.
    symbols: Vec<Y>,
}

fn resolve(corpus: &Corpus) -> Comparison {
    corpus
        .comparison()
        .about(
            "The strings of all symbols, in another order than they were interned in: of each its \
             length and first byte are added up. No string can be looked up, but in `pennyweight \
             Frozen`; naive has kept its list alone.",
        )
        .naive(
            read(frozen(corpus, |naive: Naive| naive.strings().to_vec())),
            reads(
                corpus,
                |_, index| index,
                |strings: &Vec<String>, index: usize| mark(&strings[index]),
            ),
        )
        .pennyweight(
            read(frozen(corpus, |interner: Interner| interner.freeze_strings())),
            reads(corpus, symbol, |strings: &FrozenStrings, symbol| mark(strings.resolve(symbol))),
        )
        .variant(
            "pennyweight Frozen",
            read(frozen(corpus, |interner: Interner| interner.freeze())),
            reads(corpus, symbol, |frozen: &Frozen, symbol| mark(frozen.resolve(symbol))),
        )
        .peer(
            "internity",
            "internity",
            read(frozen(corpus, |lexicon: LocalLexicon| lexicon.freeze())),
            reads(
                corpus,
                |reader: &LocalReader, index| reader.sym_at(index).expect("its symbol"),
                |reader, symbol: Sym| mark(reader.resolve(symbol)),
            ),
        )
        .peer(
            "lasso",
            "lasso",
            read(frozen(corpus, Rodeo::into_resolver)),
            reads(
                corpus,
                |_: &RodeoResolver, index| Spur::try_from_usize(index).expect("its symbol"),
                |resolver, symbol| mark(resolver.resolve(&symbol)),
            ),
        )
}

fn symbol<S>(_: &S, index: usize) -> Symbol {
    Symbol::try_from_index(index).expect("its symbol")
}

fn read<S, Y>(build: impl Fn() -> S + 'static) -> impl Fn() -> Read<S, Y> + 'static {
    move || Read { strings: build(), symbols: Vec::new() }
}

/// Returns the work of resolving all symbols.
fn reads<S, Y: Copy>(
    corpus: &Corpus,
    symbol: impl Fn(&S, usize) -> Y + 'static,
    resolve: impl Fn(&S, Y) -> i64 + 'static,
) -> impl Fn(&mut Read<S, Y>) -> i64 + 'static {
    let indices = shuffled(&(0..corpus.distinct.len()).collect::<Vec<_>>());
    move |Read { strings, symbols }| {
        if symbols.is_empty() {
            *symbols = indices.iter().map(|&index| symbol(strings, index)).collect();
        }
        symbols.iter().map(|&symbol| resolve(strings, symbol)).sum()
    }
}
