//! The strings that are interned, and what they could take at the least.

use std::{collections::HashSet, rc::Rc};

use pennyweight_comparison::{Comparison, Metric, Sizes};

use crate::comparisons::data::{flights, names, shuffled, words};

/// Strings in the order in which they are interned.
pub(super) struct Corpus {
    name: String,
    /// With those that come again.
    pub(super) strings: Rc<[String]>,
    /// Each string once, in another order.
    pub(super) distinct: Rc<[String]>,
}

impl Corpus {
    /// The words of a dictionary, each once.
    pub(super) fn words() -> Self {
        Self::new("words.txt, shuffled", shuffled(words()))
    }

    /// Two words each: many strings, and longer ones.
    pub(super) fn names(sizes: &Sizes) -> Self {
        let name = "pairs of words from words.txt, drawn evenly";
        Self::new(name, names(sizes.generated(500_000)))
    }

    /// The aircraft of the flights, in their order: most have come before.
    pub(super) fn tail_numbers() -> Self {
        Self::columns(&["tailnum"])
    }

    /// Where the flights begin, and then where they end: strings of three letters, of which there are few.
    pub(super) fn airports() -> Self {
        Self::columns(&["origin", "dest"])
    }

    fn columns(columns: &[&str]) -> Self {
        let strings: Vec<String> =
            columns.iter().flat_map(|name| flights().texts(name)).flatten().cloned().collect();
        Self::new(&format!("{} of {}", columns.join(" and "), flights().file), strings)
    }

    fn new(name: &str, strings: Vec<String>) -> Self {
        let mut seen = HashSet::new();
        let distinct: Vec<String> =
            strings.iter().filter(|string| seen.insert(string.as_str())).cloned().collect();
        let name = match strings.len() {
            len if len == distinct.len() => name.to_owned(),
            len => format!("{name}, each once of {len} rows"),
        };
        Self { name, strings: strings.into(), distinct: shuffled(&distinct).into() }
    }

    /// The bytes of the distinct strings.
    fn text_bytes(&self) -> f64 {
        self.distinct.iter().map(String::len).sum::<usize>() as f64
    }

    /// Starts a comparison over the distinct strings.
    pub(super) fn comparison(&self) -> Comparison {
        Comparison::of(&self.name, self.distinct.len()).limit_bits(self.limit_bits()).metric(
            Metric {
                name: "beside the text",
                unit: "B a string",
                beside: self.text_bytes(),
                of_heap: |heap_bytes, strings| heap_bytes / strings,
            },
        )
    }

    /// The text as it is, in the order of the symbols, and where each string ends, in the code of Elias and Fano.
    fn limit_bits(&self) -> f64 {
        let (strings, text) = (self.distinct.len() as f64, self.text_bytes());
        text * 8.0 + strings * (2.0 + (text / strings).log2())
    }
}

/// What is taken of a string: to be cheap, and to read it.
pub(super) fn mark(text: &str) -> i64 {
    let first = text.as_bytes().first().copied().unwrap_or(0);
    text.len() as i64 * 256 + i64::from(first)
}
