//! A column of strings as symbols, beside their interner.

use std::{collections::HashMap, rc::Rc};

use internity::{LocalLexicon, Sym};
use lasso::{Rodeo, Spur};
use pennyweight::{
    array::IntArray,
    intern::{Interner, Symbol},
};
use pennyweight_baseline::entropy::entropy_bits;
use pennyweight_comparison::{Comparison, Suite};

use crate::comparisons::data::flights;

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("intern", "column-tailnum", |_| counted("tailnum"));
    suite.add("intern", "column-dest", |_| counted("dest"));
}

/// The flights of each aircraft, or airport: how many there are of the most frequent one.
fn counted(name: &str) -> Comparison {
    let strings: Rc<[String]> = flights().texts(name).iter().flatten().cloned().collect();
    let strings = || Rc::clone(&strings);
    let [naive, ours, packed, internity, lasso] = [(); 5].map(|()| strings());
    Comparison::of(format!("{name} of {} without nulls", flights().file), strings().len())
        .about(
            "The state is a column: the strings themselves, or a symbol of four bytes for each \
             and the interner (packed takes as many bits as the symbols need). The time is that \
             of counting how often each string is there: in a map from strings, or in an array by \
             symbols.",
        )
        .limit_bits(entropy_bits(strings().iter()))
        .naive(
            move || naive.to_vec(),
            |strings| {
                let mut counts = HashMap::<&str, i64>::new();
                for string in strings.iter() {
                    *counts.entry(string).or_default() += 1;
                }
                counts.into_values().max().unwrap_or(0)
            },
        )
        .pennyweight(
            move || Interner::encode(ours.iter()),
            |(symbols, interner): &mut (Vec<Symbol>, Interner)| {
                most_frequent(symbols.iter().map(|symbol| symbol.index()), interner.len())
            },
        )
        .variant(
            "pennyweight packed",
            move || {
                let (symbols, mut interner): (Vec<Symbol>, Interner) =
                    Interner::encode(packed.iter());
                interner.shrink_to_fit();
                let codes = symbols.iter().map(|symbol| symbol.index() as u32);
                (IntArray::from(&codes.collect::<Vec<u32>>()[..]), interner)
            },
            |(codes, interner): &mut (IntArray<u32>, Interner)| {
                let mut counts = vec![0; interner.len()];
                codes.iter().for_each(|code| counts[code as usize] += 1);
                counts.into_iter().max().unwrap_or(0)
            },
        )
        .peer(
            "internity",
            "internity",
            move || {
                let mut lexicon = LocalLexicon::new();
                (internity.iter().map(|string| lexicon.intern(string)).collect(), lexicon)
            },
            |(symbols, lexicon): &mut (Vec<Sym>, LocalLexicon)| {
                let indices = symbols.iter().map(|&symbol| lexicon.index_of(symbol));
                most_frequent(indices.map(|index| index.expect("its symbol")), lexicon.len())
            },
        )
        .peer(
            "lasso",
            "lasso",
            move || {
                let mut rodeo = Rodeo::default();
                (lasso.iter().map(|string| rodeo.get_or_intern(string)).collect(), rodeo)
            },
            |(symbols, rodeo): &mut (Vec<Spur>, Rodeo)| {
                most_frequent(
                    symbols.iter().map(|&symbol| lasso::Key::into_usize(symbol)),
                    rodeo.len(),
                )
            },
        )
}

/// How often the most frequent number is there.
fn most_frequent(numbers: impl Iterator<Item = usize>, end: usize) -> i64 {
    let mut counts = vec![0; end];
    numbers.for_each(|number| counts[number] += 1);
    counts.into_iter().max().unwrap_or(0)
}
