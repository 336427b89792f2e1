//! What the docs of frozen strings say of bytes.

use crate::weigh;
use pennyweight::intern::Interner;

/// 104,334 English words, one a line.
const WORDS: &str = include_str!("../../data/words.txt");

const FLIGHTS: &str = include_str!("../../data/flights-2013-01.csv");

fn column(index: usize) -> Interner {
    FLIGHTS.lines().skip(1).filter_map(|line| line.split(',').nth(index)).collect()
}

/// The heap bytes beside the text, and those of the image.
fn check(interner: &Interner, get: (usize, usize), resolve: (usize, usize)) {
    let text = interner.text_bytes();
    let (frozen, stats) = weigh(|| interner.freeze());
    frozen.check_invariants();
    assert_eq!((frozen.heap_bytes() - text, frozen.to_bytes().len() - text), get);
    // Nothing is allocated that is not kept.
    assert_eq!((stats.peak, stats.frees), (stats.current, 0));
    let (strings, stats) = weigh(|| interner.freeze_strings());
    assert_eq!((strings.heap_bytes() - text, strings.to_bytes().len() - text), resolve);
    assert_eq!((stats.peak, stats.frees), (stats.current, 0));
}

#[test]
fn frozen_words_take_five_bytes_each() {
    let words: Interner = WORDS.lines().collect();
    assert_eq!((words.len(), words.text_bytes()), (104_334, 880_750));
    check(&words, (537_458, 537_522), (216_834, 216_890)); // 5.15 and 2.08 bytes a word
}

#[test]
fn frozen_tail_numbers_take_less_where_there_are_few() {
    let tails = column(11);
    assert_eq!((tails.len(), tails.text_bytes()), (3149, 18_874));
    check(&tails, (14_310, 14_374), (6558, 6614)); // 4.5 and 2.1 bytes a number
    let mut airports = column(12);
    airports.extend(column(13).iter().map(|(_, airport)| airport));
    assert_eq!((airports.len(), airports.text_bytes()), (97, 291));
    check(&airports, (429, 493), (213, 269));
}

#[test]
fn frozen_strings_of_more_than_512_bytes_take_ten_bytes_each() {
    let long: Interner =
        (0..1000).map(|number| format!("{number:0width$}", width = number * 7919 % 3000)).collect();
    let (frozen, _) = weigh(|| long.freeze());
    frozen.check_invariants();
    let [all, strings] = [frozen.heap_bytes(), frozen.strings().heap_bytes()];
    assert_eq!([all, strings].map(|bytes| bytes - long.text_bytes()), [12_394, 10_146]);
}
