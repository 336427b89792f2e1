//! The data that comparisons share: made once for each comparison, before anything is weighed.

use core::{fmt::Display, ops::RangeInclusive};
use std::{collections::HashSet, process::exit, rc::Rc, sync::OnceLock};

use pennyweight_baseline::{flights::Flights, random::Random, text, weather::Weather};

/// The seed of everything generated.
const SEED: u64 = 20_131;

/// Returns the flights, read on the first call.
pub(crate) fn flights() -> &'static Flights {
    static FLIGHTS: OnceLock<Flights> = OnceLock::new();
    FLIGHTS.get_or_init(|| read(Flights::load()))
}

/// Returns the weather, read on the first call.
pub(crate) fn weather() -> &'static Weather {
    static WEATHER: OnceLock<Weather> = OnceLock::new();
    WEATHER.get_or_init(|| read(Weather::load()))
}

/// Returns the words of a dictionary, sorted, read on the first call.
pub(crate) fn words() -> &'static [String] {
    static WORDS: OnceLock<Vec<String>> = OnceLock::new();
    WORDS.get_or_init(|| read(text::words()))
}

/// Ends the program where there is no data to compare anything on.
fn read<T>(data: Result<T, impl Display>) -> T {
    data.unwrap_or_else(|error| {
        eprintln!("error: {error}");
        exit(1)
    })
}

/// Returns the name under which a column of the flights is reported.
pub(crate) fn named(column: &str) -> String {
    format!("{column} of {}", flights().file)
}

/// Returns a column of the flights that has no nulls.
pub(crate) fn complete(column: &str) -> Rc<[i64]> {
    flights().complete(column).into()
}

/// Returns `len` numbers drawn evenly from those of `bits` bits.
pub(crate) fn uniform(len: usize, bits: u32) -> Rc<[i64]> {
    let mut random = Random::new(SEED);
    (0..len).map(|_| random.bits(bits).cast_signed()).collect()
}

/// Returns `len` numbers in order, each as far from the one before as is drawn evenly from `gaps`.
pub(crate) fn sorted(len: usize, gaps: RangeInclusive<usize>) -> Rc<[i64]> {
    let mut random = Random::new(SEED);
    let (least, gaps) = (*gaps.start(), gaps.end() - gaps.start() + 1);
    let mut value = 0;
    (0..len)
        .map(|_| {
            value += (least + random.below(gaps)) as i64;
            value
        })
        .collect()
}

/// Returns `len` booleans of which one in eight is true, in no order.
pub(crate) fn one_in_eight(len: usize) -> Rc<[bool]> {
    let mut random = Random::new(SEED);
    (0..len).map(|_| random.bits(3) == 0).collect()
}

/// Returns addresses of web pages: long, distinct, and much alike.
pub(crate) fn addresses(len: usize) -> Rc<[String]> {
    const TOPICS: [&str; 4] = ["rust", "memory", "arrays", "python"];
    let mut random = Random::new(SEED);
    let address = |_| {
        let (topic, number) = (TOPICS[random.below(TOPICS.len())], random.below(100_000));
        let (page, session) = (random.below(10), random.bits(64));
        format!("https://example.org/articles/{topic}/{number}?page={page}&s={session:016x}")
    };
    (0..len).map(address).collect()
}

/// Returns `count` indices below `len`, in no order.
pub(crate) fn indices(count: usize, len: usize) -> Rc<[u32]> {
    // Another sequence than that of the data.
    let mut random = Random::new(SEED + 1);
    (0..count)
        .map(|_| u32::try_from(random.below(len)).expect("fewer than 2^32 elements"))
        .collect()
}

/// Returns the strings in another order.
pub(crate) fn shuffled<T: Clone>(values: &[T]) -> Vec<T> {
    let mut random = Random::new(SEED + 2);
    let mut values = values.to_vec();
    // Fisher and Yates.
    for end in (2..=values.len()).rev() {
        values.swap(end - 1, random.below(end));
    }
    values
}

/// Returns `len` distinct names of two words of the dictionary each, in no order.
pub(crate) fn names(len: usize) -> Vec<String> {
    let mut random = Random::new(SEED);
    let words = words();
    let mut pairs = HashSet::new();
    let mut names = Vec::with_capacity(len);
    while names.len() < len {
        let pair = [(); 2].map(|()| random.below(words.len()));
        if pairs.insert(pair) {
            names.push(format!("{}-{}", words[pair[0]], words[pair[1]]));
        }
    }
    names
}
