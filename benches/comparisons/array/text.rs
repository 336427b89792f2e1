//! Strings: a dictionary of sorted words, and columns of codes and names.

use core::ops::Deref;
use std::rc::Rc;

use arrow_array::StringArray;
use fst::Map;
use lite_strtab::{Global, StringId, StringTable, StringTableBuilder};
#[cfg(feature = "fsst")]
use pennyweight::array::FsstArray;
use pennyweight::array::{SortedStrArray, StrArray};
use pennyweight_baseline::{entropy::entropy_bits, text::find};
use pennyweight_comparison::{Comparison, Suite};

use super::{peers::Fsst, states::with};
use crate::comparisons::data::{addresses, flights, indices, words};

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("array", "words-get", |_| get_word());
    suite.add("array", "addresses-get", |sizes| get_address(sizes.generated(100_000)));
    suite.add("array", "words-search", |_| search_words());
    suite.add("array", "words-in-order", |_| words_in_order());
    suite.add("array", "strings-tailnum", |_| column("tailnum"));
    suite.add("array", "strings-dest", |_| column("dest"));
}

/// `lite-strtab` with 32 bits for where a string begins, and for its number.
type Table = StringTable<u32, u32>;

fn table(strings: &[String]) -> Table {
    let bytes = strings.iter().map(String::len).sum();
    let mut table = StringTableBuilder::<u32, u32>::with_capacity_in(strings.len(), bytes, Global);
    for string in strings {
        table.try_push(string).expect("fewer than 2^32 bytes");
    }
    table.build()
}

fn table_get(table: &Table, index: u32) -> &str {
    table.get(StringId::new(index)).expect("an index in range")
}

fn boxed(strings: &[String]) -> Vec<Box<str>> {
    strings.iter().map(|string| Box::from(&**string)).collect()
}

fn sorted(strings: &[String]) -> SortedStrArray {
    SortedStrArray::from_sorted(strings)
}

/// What is taken of a string: to be cheap, and to differ.
fn mark(string: &str) -> i64 {
    let last = string.as_bytes().last().copied().unwrap_or(0);
    string.len() as i64 * 256 + i64::from(last)
}

/// Returns the work of reading `indices`, one after the other, some with a string to be decoded into.
fn reads<S>(indices: Rc<[u32]>, read: impl Fn(&mut S, u32) -> i64) -> impl Fn(&mut S) -> i64 {
    move |state| indices.iter().map(|&index| read(state, index)).sum()
}

fn get_word() -> Comparison {
    let words = words();
    let indices = indices(words.len(), words.len());
    let comparison = Comparison::of("words.txt, sorted", words.len())
        .about(
            "All words of a dictionary are read in no order, and of each its length and last byte added up. `pennyweight` is \
             front coded and `fsst-rs` has codes for what is frequent: they decode into one `String`. The others lend \
             what they hold.",
        )
        .naive(
            move || words.to_vec(),
            reads(Rc::clone(&indices), |words: &mut Vec<String>, index| mark(&words[index as usize])),
        )
        .variant(
            "naive, boxed",
            move || boxed(words),
            reads(Rc::clone(&indices), |words: &mut Vec<Box<str>>, index| mark(&words[index as usize])),
        )
        .pennyweight(
            move || (sorted(words), String::new()),
            reads(Rc::clone(&indices), |(words, word): &mut (SortedStrArray, String), index| {
                words.get_into(index as usize, word);
                mark(word)
            }),
        )
        .variant("pennyweight StrArray", move || StrArray::from(words), lent(&indices));
    in_any_order(comparison, words, &indices)
}

fn get_address(len: usize) -> Comparison {
    let addresses = addresses(len);
    let indices = indices(len, len);
    let comparison = Comparison::of("addresses of web pages, of 60 bytes and more", len)
        .about(
            "All addresses are read in no order, and of each its length and last byte added up. They are long, distinct and \
             resemble one another: `FsstArray` (feature `fsst`) and `fsst-rs` have codes for what is frequent, and decode \
             into one `String`. The others lend what they hold.",
        )
        .naive(
            with(Rc::clone(&addresses), <[String]>::to_vec),
            reads(Rc::clone(&indices), |all: &mut Vec<String>, index| mark(&all[index as usize])),
        )
        .pennyweight(
            with(Rc::clone(&addresses), |addresses| StrArray::from(addresses)),
            lent(&indices),
        );
    in_any_order(comparison, addresses, &indices)
}

/// Returns the work of reading strings that are lent.
fn lent(indices: &Rc<[u32]>) -> impl Fn(&mut StrArray) -> i64 + use<> {
    reads(Rc::clone(indices), |strings: &mut StrArray, index| mark(&strings[index as usize]))
}

/// Adds those that hold strings in any order.
fn in_any_order(
    comparison: Comparison,
    strings: impl Deref<Target = [String]> + Clone + 'static,
    indices: &Rc<[u32]>,
) -> Comparison {
    #[cfg(feature = "fsst")]
    let comparison = comparison.variant(
        "pennyweight FsstArray",
        with(strings.clone(), |strings| (FsstArray::from(&StrArray::from(strings)), String::new())),
        reads(Rc::clone(indices), |(strings, string): &mut (FsstArray, String), index| {
            strings.get_into(index as usize, string);
            mark(string)
        }),
    );
    comparison
        .peer(
            "lite-strtab",
            "lite-strtab",
            with(strings.clone(), table),
            reads(Rc::clone(indices), |strings: &mut Table, index| mark(table_get(strings, index))),
        )
        .peer(
            "fsst-rs",
            "fsst-rs",
            with(strings, |strings| (Fsst::new(strings), String::new())),
            reads(Rc::clone(indices), |(strings, string): &mut (Fsst, String), index| {
                strings.get_into(index as usize, string);
                mark(string)
            }),
        )
}

/// Every second question is not in the dictionary, but would be beside a word that is.
fn questions(words: &[String]) -> Rc<[String]> {
    let indices = indices(words.len(), words.len());
    let question = |(at, &index): (usize, &u32)| {
        let word = &words[index as usize];
        if at % 2 == 0 { word.clone() } else { format!("{word}~") }
    };
    indices.iter().enumerate().map(question).collect()
}

/// Returns the work of looking for strings, and of adding up where those are that are there.
fn finds<S>(
    questions: Rc<[String]>,
    find: impl Fn(&S, &str) -> Option<usize>,
) -> impl Fn(&mut S) -> usize {
    move |state| questions.iter().filter_map(|question| find(state, question)).sum()
}

fn search_words() -> Comparison {
    let words = words();
    let questions = questions(words);
    let questions = || Rc::clone(&questions);
    Comparison::of("words.txt, sorted", words.len())
        .about(
            "As many strings as there are words are looked for, one after the other; half of them are there. lite-strtab \
             and `StrArray` are searched as a slice is. fst is an automaton from words to their numbers.",
        )
        .naive(
            move || words.to_vec(),
            finds(questions(), |words: &Vec<String>, question| find(words, question)),
        )
        .variant(
            "naive, boxed",
            move || boxed(words),
            finds(questions(), |words: &Vec<Box<str>>, question| find(words, question)),
        )
        .pennyweight(
            move || sorted(words),
            finds(questions(), |words: &SortedStrArray, question| words.binary_search(question).ok()),
        )
        .variant(
            "pennyweight StrArray",
            move || StrArray::from(words),
            finds(questions(), |words: &StrArray, question| {
                search(words.len(), question, |index| &words[index])
            }),
        )
        .peer(
            "lite-strtab",
            "lite-strtab",
            move || table(words),
            finds(questions(), |words: &Table, question| {
                search(words.len(), question, |index| table_get(words, index as u32))
            }),
        )
        .peer(
            "fst",
            "fst",
            move || {
                let numbered = words.iter().enumerate();
                let map = Map::from_iter(numbered.map(|(index, word)| (word, index as u64)));
                let mut bytes = map.expect("sorted words").into_fst().into_inner();
                bytes.shrink_to_fit();
                Map::new(bytes).expect("what was built")
            },
            finds(questions(), |words: &Map<Vec<u8>>, question| {
                words.get(question).map(|index| index as usize)
            }),
        )
}

/// A slice's binary search, for what is no slice.
fn search<'a>(len: usize, string: &str, get: impl Fn(usize) -> &'a str) -> Option<usize> {
    let (mut start, mut end) = (0, len);
    while start < end {
        let middle = start.midpoint(end);
        if get(middle) < string { start = middle + 1 } else { end = middle }
    }
    (start < len && get(start) == string).then_some(start)
}

fn words_in_order() -> Comparison {
    let words = words();
    Comparison::of("words.txt, sorted", words.len())
        .about(
            "All words are read in order, and of each its length and last byte added up. `pennyweight` decodes each from \
             the one before.",
        )
        .naive(move || words.to_vec(), |words| words.iter().map(|word| mark(word)).sum::<i64>())
        .variant(
            "naive, boxed",
            move || boxed(words),
            |words| words.iter().map(|word| mark(word)).sum::<i64>(),
        )
        .pennyweight(
            move || sorted(words),
            |words| {
                let mut sum = 0;
                words.for_each(|word| sum += mark(word));
                sum
            },
        )
        .variant(
            "pennyweight StrArray",
            move || StrArray::from(words),
            |words| words.iter().map(mark).sum::<i64>(),
        )
        .peer(
            "lite-strtab",
            "lite-strtab",
            move || table(words),
            |words| words.iter().map(mark).sum::<i64>(),
        )
}

/// A column of text, without its nulls, which not all have a form for.
fn column(name: &str) -> Comparison {
    let strings: Rc<[String]> = flights().texts(name).iter().flatten().cloned().collect();
    let indices = indices(strings.len(), strings.len());
    let indices = || Rc::clone(&indices);
    let with = |strings: &Rc<[String]>| Rc::clone(strings);
    let [naive, boxed_strings, ours, arrow, lite] = [(); 5].map(|()| with(&strings));
    Comparison::of(format!("{name} of {} without nulls", flights().file), strings.len())
        .about(
            "Strings of a few bytes, most of which come again and again; each array holds all of them. They are read in no \
             order, and of each its length and last byte added up.",
        )
        .limit_bits(entropy_bits(strings.iter()))
        .naive(
            move || naive.to_vec(),
            reads(indices(), |strings: &mut Vec<String>, index| mark(&strings[index as usize])),
        )
        .variant(
            "naive, boxed",
            move || boxed(&boxed_strings),
            reads(indices(), |strings: &mut Vec<Box<str>>, index| mark(&strings[index as usize])),
        )
        .pennyweight(
            move || StrArray::from(&ours[..]),
            reads(indices(), |strings: &mut StrArray, index| mark(&strings[index as usize])),
        )
        .peer(
            "arrow-array",
            "arrow-array",
            move || StringArray::from_iter_values(arrow.iter()),
            reads(indices(), |strings: &mut StringArray, index| {
                mark(strings.value(index as usize))
            }),
        )
        .peer(
            "lite-strtab",
            "lite-strtab",
            move || table(&lite),
            reads(indices(), |strings: &mut Table, index| mark(table_get(strings, index))),
        )
}
