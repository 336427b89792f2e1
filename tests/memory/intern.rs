//! What the docs of interners say of bytes.

use crate::weigh;
use pennyweight::intern::{Interner, Seeded, SharedInterner};
use pennyweight::profile::measure;
use pennyweight_baseline::flights::Flights;

/// 104,334 English words, one a line.
const WORDS: &str = include_str!("../../data/words.txt");

/// What an interner of some strings takes, and its peak while it was filled; and what is left once it is shrunk.
#[derive(Debug, PartialEq)]
struct Bytes {
    strings: usize,
    text: usize,
    live: usize,
    peak: usize,
    shrunk: usize,
}

fn bytes<'a>(texts: impl IntoIterator<Item = &'a str>) -> Bytes {
    let (mut interner, stats) = weigh(|| texts.into_iter().collect::<Interner>());
    let (strings, text, live) = (interner.len(), interner.text_bytes(), interner.heap_bytes());
    let ((), shrinking) = measure(|| interner.shrink_to_fit());
    assert_eq!(interner.heap_bytes() as i64 - live as i64, shrinking.current);
    Bytes { strings, text, live, peak: stats.peak as usize, shrunk: interner.heap_bytes() }
}

/// The column without its nulls.
fn column(names: &[&str]) -> Vec<String> {
    let flights = Flights::load().expect("data/flights-2013-01.csv");
    names.iter().flat_map(|name| flights.texts(name)).flatten().cloned().collect()
}

impl Bytes {
    /// The bytes beside the text, for each string.
    fn beside(&self, bytes: usize) -> f64 {
        (bytes - self.text) as f64 / self.strings as f64
    }

    /// The claims of the docs, for strings that are not few.
    fn check(&self) {
        assert!(self.beside(self.live) < 10.0, "{self:?}");
        assert!(self.beside(self.shrunk) < 9.2, "{self:?}");
        assert!(self.peak as f64 <= 1.1 * self.live as f64, "{self:?}");
    }
}

#[test]
fn words_take_their_text_and_few_bytes() {
    let bytes = bytes(WORDS.lines());
    bytes.check();
    assert_eq!(
        bytes,
        Bytes {
            strings: 104_334,
            text: 880_750,
            live: 1_671_370,
            peak: 1_671_370,
            shrunk: 1_612_966
        }
    );
}

#[test]
fn tail_numbers_take_their_text_and_few_bytes() {
    let bytes = bytes(column(&["tailnum"]).iter().map(String::as_str));
    bytes.check();
    assert_eq!(
        bytes,
        Bytes { strings: 3148, text: 18_872, live: 45_570, peak: 45_570, shrunk: 42_274 }
    );
}

#[test]
fn airports_take_less_than_a_string_each() {
    let bytes = bytes(column(&["origin", "dest"]).iter().map(String::as_str));
    assert_eq!(bytes, Bytes { strings: 97, text: 291, live: 1242, peak: 1242, shrunk: 1148 });
}

#[test]
fn the_first_strings_have_room_for_more() {
    let of = |count: usize| (0..count).map(|number| format!("{number:08}")).collect::<Interner>();
    assert_eq!((of(1).heap_bytes(), of(10).heap_bytes()), (714, 714));
    for count in (100..1000).step_by(100) {
        let beside = of(count).heap_bytes() - 8 * count;
        assert!((8 * count..13 * count).contains(&beside), "{beside} of {count}");
    }
}

/// The table doubles where strings are few, and is nearly half empty then.
#[test]
fn few_strings_take_some_thirteen_bytes_beside_their_text() {
    let texts: Vec<String> = (0..1793).map(|number| format!("{number:08}")).collect();
    let bytes = bytes(texts.iter().map(String::as_str));
    assert!((12.0..13.0).contains(&bytes.beside(bytes.live)), "{bytes:?}");
}

/// A chunk that was made for a block of long strings takes many blocks of short ones.
#[test]
fn short_strings_behind_long_ones_take_few_bytes() {
    let long: Vec<String> = (0..20_000).map(|number| format!("{number:01000}")).collect();
    let short: Vec<String> = (0..20_000).map(|number| format!("{number:08}")).collect();
    let mut interner: Interner = long.iter().collect();
    let shared: SharedInterner = SharedInterner::with_hasher(Seeded::with_seed(7));
    (&shared).extend(&long);
    let bytes = [interner.heap_bytes(), shared.heap_bytes()];
    // Of a chunk of 64 KB, 63 strings of 1000 bytes leave 2535; the string before them lies apart, for the bounds to begin anew.
    assert!(bytes[0] < 20_000 * (1000 + 40 + 10), "{bytes:?}");
    interner.extend(&short);
    (&shared).extend(&short);
    let grown = [interner.heap_bytes() - bytes[0], shared.heap_bytes() - bytes[1]];
    assert!(grown[0] < 20_000 * (8 + 10), "{grown:?}");
    assert!(grown[1] < 20_000 * (8 + 12), "{grown:?}");
    interner.check_invariants();
    shared.check_invariants();
}

/// Where the bounds of most blocks begin anew, a string of each lies apart, and hardly one more.
#[test]
fn long_strings_of_many_lengths_lie_in_chunks() {
    let len = |number: usize| 900 + number * 7919 % 201;
    let texts: Vec<String> =
        (0..20_000).map(|number| format!("{number:0$}", len(number))).collect();
    let (interner, stats) = weigh(|| texts.iter().collect::<Interner>());
    interner.check_invariants();
    // Beside the strings apart, an allocation for a chunk a block, and those of growth.
    assert!(stats.allocations < 20_000 / 64 * 4, "{stats:?}");
}

/// What a shared interner of some strings takes beside their text, and its peak. Which shard a string is in depends on the seed.
fn shared<'a>(texts: impl IntoIterator<Item = &'a str>) -> (usize, usize) {
    let (interner, stats) = weigh(|| {
        let mut interner: SharedInterner = SharedInterner::with_hasher(Seeded::with_seed(7));
        interner.extend(texts);
        interner
    });
    assert_eq!(stats.current as usize, interner.heap_bytes());
    (interner.heap_bytes() - interner.text_bytes(), stats.peak as usize - interner.text_bytes())
}

#[test]
fn a_shared_interner_takes_little_more() {
    let (beside, peak) = shared(WORDS.lines());
    assert!(beside < 104_334 * 10);
    assert_eq!((beside, peak), (950_891, 950_891));
}

#[test]
fn a_shared_interner_of_few_strings_has_its_shards_besides() {
    let of = |names: &[&str]| shared(column(names).iter().map(String::as_str));
    // 16.0 bytes a tail number, of which 4.6 are its share of the shards.
    assert_eq!((of(&["tailnum"]), of(&["origin", "dest"])), ((50_332, 50_332), (17_725, 17_725)));
}

#[cfg(target_pointer_width = "64")]
#[test]
fn interners_are_of_the_size_that_their_docs_say() {
    assert_eq!((size_of::<Interner>(), size_of::<SharedInterner>()), (264, 80));
}
