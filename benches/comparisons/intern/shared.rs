//! Interners that several threads share.

use std::{rc::Rc, sync::RwLock, thread};

use internity::ThreadedLexicon;
use inturn::sync;
use lasso::{Spur, ThreadedRodeo};
use pennyweight::intern::{Seeded, SharedInterner, Symbol};
use pennyweight_comparison::{Comparison, Suite};
use symbol_table::SymbolTable;

use super::{
    corpus::{Corpus, mark},
    peers::Naive,
};

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("intern", "words-shared-intern", |_| fill(&Corpus::words()));
    suite.add("intern", "names-shared-intern", |sizes| fill(&Corpus::names(sizes)));
    suite.add("intern", "tailnum-shared-intern", |_| fill(&Corpus::tail_numbers()));
    suite.add("intern", "airports-shared-intern", |_| fill(&Corpus::airports()));
    suite.add("intern", "words-shared-get", |_| get(&Corpus::words()));
    suite.add("intern", "names-shared-get", |sizes| get(&Corpus::names(sizes)));
    suite.add("intern", "words-shared-resolve", |_| resolve(&Corpus::words()));
}

const THREADS: usize = 2;

/// What every shared interner can do in one way or another.
trait Shares: Sync + Sized + 'static {
    type Symbol: Copy + PartialEq + Sync + 'static;

    fn empty() -> Self;

    /// The symbol of a string that is there, or is new.
    fn intern(&self, text: &str) -> Self::Symbol;

    /// The symbol of a string that is there. Some interners only have `intern` for that.
    #[inline(always)]
    fn get(&self, text: &str) -> Self::Symbol {
        self.intern(text)
    }
}

/// Those whose strings can be read while others are interned.
trait Reads: Shares {
    /// What [`mark`] takes of a string.
    fn mark(&self, symbol: Self::Symbol) -> i64;
}

/// What a newcomer writes.
type Locked = RwLock<Naive>;

impl Shares for Locked {
    type Symbol = u32;

    fn empty() -> Self {
        Self::default()
    }

    #[inline(always)]
    fn intern(&self, text: &str) -> u32 {
        // The guard of a `match` would be held until its end, and `write` wait for it.
        let found = self.read().expect("no panic").get(text);
        found.unwrap_or_else(|| self.write().expect("no panic").intern(text))
    }

    #[inline(always)]
    fn get(&self, text: &str) -> u32 {
        self.read().expect("no panic").get(text).expect("a string that is there")
    }
}

impl Reads for Locked {
    #[inline(always)]
    fn mark(&self, symbol: u32) -> i64 {
        mark(self.read().expect("no panic").resolve(symbol))
    }
}

/// With a fixed seed: in which shard a string is depends on it, and so do a few bytes.
impl Shares for SharedInterner {
    type Symbol = Symbol;

    fn empty() -> Self {
        Self::with_hasher(Seeded::with_seed(7))
    }

    #[inline(always)]
    fn intern(&self, text: &str) -> Symbol {
        self.intern(text)
    }

    #[inline(always)]
    fn get(&self, text: &str) -> Symbol {
        self.get(text).expect("a string that is there")
    }
}

impl Reads for SharedInterner {
    #[inline(always)]
    fn mark(&self, symbol: Symbol) -> i64 {
        mark(self.resolve(symbol))
    }
}

impl Shares for ThreadedLexicon {
    type Symbol = internity::Sym;

    fn empty() -> Self {
        Self::new()
    }

    #[inline(always)]
    fn intern(&self, text: &str) -> Self::Symbol {
        self.intern(text)
    }

    #[inline(always)]
    fn get(&self, text: &str) -> Self::Symbol {
        self.get(text).expect("a string that is there")
    }
}

/// With std's SipHash, its default.
impl Shares for ThreadedRodeo {
    type Symbol = Spur;

    fn empty() -> Self {
        Self::new()
    }

    #[inline(always)]
    fn intern(&self, text: &str) -> Spur {
        self.get_or_intern(text)
    }

    #[inline(always)]
    fn get(&self, text: &str) -> Spur {
        self.get(text).expect("a string that is there")
    }
}

impl Reads for ThreadedRodeo {
    #[inline(always)]
    fn mark(&self, symbol: Spur) -> i64 {
        mark(self.resolve(&symbol))
    }
}

/// It has no `get`. With std's SipHash, its default.
impl Shares for sync::Interner {
    type Symbol = inturn::Symbol;

    fn empty() -> Self {
        Self::new()
    }

    #[inline(always)]
    fn intern(&self, text: &str) -> Self::Symbol {
        self.intern(text)
    }
}

impl Reads for sync::Interner {
    #[inline(always)]
    fn mark(&self, symbol: Self::Symbol) -> i64 {
        mark(self.resolve(symbol))
    }
}

/// It has no `get`.
impl Shares for SymbolTable {
    type Symbol = symbol_table::Symbol;

    fn empty() -> Self {
        Self::new()
    }

    #[inline(always)]
    fn intern(&self, text: &str) -> Self::Symbol {
        self.intern(text)
    }
}

impl Reads for SymbolTable {
    #[inline(always)]
    fn mark(&self, symbol: Self::Symbol) -> i64 {
        mark(self.resolve(symbol))
    }
}

/// An interner that has been filled by one thread.
struct Filled<I: Shares> {
    interner: I,
    /// Those that are resolved; empty until then, so that the interner is weighed without them.
    symbols: Vec<I::Symbol>,
}

fn filled<I: Shares>(corpus: &Corpus) -> impl Fn() -> Filled<I> + 'static {
    let strings = Rc::clone(&corpus.strings);
    move || {
        let interner = I::empty();
        strings.iter().for_each(|string| {
            interner.intern(string);
        });
        Filled { interner, symbols: Vec::new() }
    }
}

fn fill(corpus: &Corpus) -> Comparison {
    let comparison = corpus.comparison().times_build().about(
        "One thread interns all strings into an empty interner that several could share. It is \
         weighed as it is then. lasso and inturn hash by std's SipHash, as naive does, which is \
         its map behind an `RwLock`.",
    );
    hits(comparison, corpus, 1)
}

fn get(corpus: &Corpus) -> Comparison {
    let comparison = corpus.comparison().threads(THREADS as u32).about(
        "Two threads look up all strings each, in another order than they were interned in and \
         each from another place on. The time is that of the wall clock from before they are \
         started until both are done. inturn and symbol_table have no way to look one up but \
         interning it again. lasso and inturn hash by std's SipHash, as naive does, which is its \
         map behind an `RwLock`.",
    );
    hits(comparison, corpus, THREADS)
}

fn hits(comparison: Comparison, corpus: &Corpus, threads: usize) -> Comparison {
    fn hit<I: Shares>(corpus: &Corpus, threads: usize) -> impl Fn(&mut Filled<I>) -> i64 + 'static {
        let strings: Rc<[String]> = Rc::clone(&corpus.distinct);
        move |Filled { interner, .. }| {
            let first = interner.get(&strings[0]);
            on_threads(threads, &strings[..], |string: &String| {
                i64::from(interner.get(string) == first)
            })
        }
    }
    comparison
        .naive(filled::<Locked>(corpus), hit(corpus, threads))
        .pennyweight(filled::<SharedInterner>(corpus), hit(corpus, threads))
        .peer("internity", "internity", filled::<ThreadedLexicon>(corpus), hit(corpus, threads))
        .peer("lasso", "lasso", filled::<ThreadedRodeo>(corpus), hit(corpus, threads))
        .peer("inturn", "inturn", filled::<sync::Interner>(corpus), hit(corpus, threads))
        .peer("symbol_table", "symbol_table", filled::<SymbolTable>(corpus), hit(corpus, threads))
}

fn resolve(corpus: &Corpus) -> Comparison {
    fn read<I: Reads>(corpus: &Corpus) -> impl Fn(&mut Filled<I>) -> i64 + 'static {
        let strings = Rc::clone(&corpus.distinct);
        move |Filled { interner, symbols }| {
            if symbols.is_empty() {
                *symbols = strings.iter().map(|string| interner.get(string)).collect();
            }
            let interner = &*interner;
            on_threads(THREADS, symbols, |&symbol| interner.mark(symbol))
        }
    }
    corpus
        .comparison()
        .threads(THREADS as u32)
        .about(
            "Two threads read the strings of all symbols each, in another order than they were \
             interned in and each from another place on: of each its length and first byte are \
             added up. The time is that of the wall clock from before they are started until both \
             are done. internity resolves when it is frozen, and so it is not here.",
        )
        .naive(filled::<Locked>(corpus), read(corpus))
        .pennyweight(filled::<SharedInterner>(corpus), read(corpus))
        .peer("lasso", "lasso", filled::<ThreadedRodeo>(corpus), read(corpus))
        .peer("inturn", "inturn", filled::<sync::Interner>(corpus), read(corpus))
        .peer("symbol_table", "symbol_table", filled::<SymbolTable>(corpus), read(corpus))
}

/// Lets each of some threads go through all items once, each from another place on, and adds up.
fn on_threads<T: Sync>(threads: usize, items: &[T], of: impl Fn(&T) -> i64 + Sync) -> i64 {
    let once = &|thread: usize| -> i64 {
        let (before, behind) = items.split_at(items.len() * thread / threads);
        behind.iter().chain(before).map(&of).sum()
    };
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|thread| scope.spawn(move || once(thread))).collect();
        once(0) + others.into_iter().map(|other| other.join().expect("no panic")).sum::<i64>()
    })
}
