//! What has gone wrong in other interners of one thread.

use pennyweight::intern::{Interner, Key, Symbol};
use pennyweight::profile::measure;
use std::hash::RandomState;

fn name(number: usize) -> String {
    format!("name {number:0width$}", width = number % 40)
}

/// string-interner #33: the clone had another state of its random hash, and gave strings that were there new symbols.
#[test]
fn string_interner_33_a_clone_finds_what_was_interned() {
    let mut interner = Interner::<Symbol, str, RandomState>::default();
    interner.extend((0..3000).map(name));
    let mut clone = interner.clone();
    for number in 0..3000 {
        assert_eq!(clone.get(&name(number)).map(Key::index), Some(number));
        assert_eq!(clone.intern(&name(number)).index(), number);
    }
    assert_eq!(clone.len(), 3000);
    // From here on each has its own.
    assert_eq!(clone.intern("of the clone"), interner.intern("of the other"));
    assert_eq!((clone.get("of the other"), interner.get("of the clone")), (None, None));
}

/// RUSTSEC-2019-0023, string-interner: the clone had pointers to strings of the original.
#[test]
fn rustsec_2019_0023_a_clone_outlives_the_original() {
    let mut interner: Interner = (0..3000).map(name).collect();
    let long = "a string of its own ".repeat(10_000);
    let symbol = interner.intern(&long);
    let clone = interner.clone();
    drop(interner);
    assert_eq!(clone.resolve(symbol), long);
    assert!(clone.iter().zip(0..3000).all(|((_, text), number)| text == name(number)));
    clone.check_invariants();
}

/// string-interner #46: `shrink_to_fit` moved the text away from under the map, which then did not find it.
#[test]
fn string_interner_46_shrinking_keeps_strings_and_symbols() {
    let mut interner = Interner::new();
    for number in 0..3000 {
        interner.intern(&name(number));
        if number % 7 == 0 || number < 100 {
            interner.shrink_to_fit();
            assert_eq!(interner.intern(&name(number / 2)).index(), number / 2);
        }
    }
    for number in 0..3000 {
        assert_eq!(interner.intern(&name(number)).index(), number);
    }
    assert_eq!(interner.len(), 3000);
    interner.check_invariants();
}

/// lasso #18: a string got two symbols. That was a race; here it would be two ways that do not know of each other.
#[test]
fn lasso_18_a_string_has_one_symbol_whichever_way_it_comes() {
    static FIXED: &str = "a string that is always there, and longer than what is copied";
    let mut interner = Interner::new();
    let symbol = interner.intern_static(FIXED);
    for number in 0..2000 {
        // Before, while and after the table grows, and from another place in memory each time.
        let copy = String::from(FIXED);
        assert_eq!(interner.intern(&copy), symbol);
        assert_eq!(interner.try_intern(&copy), Ok(symbol));
        assert_eq!(interner.try_intern_static(FIXED), Ok(symbol));
        assert_eq!(interner.try_intern_all([&copy, &copy]), Ok(vec![symbol; 2]));
        interner.extend([&copy]);
        assert_eq!(interner.get(&copy), Some(symbol));
        interner.intern(&name(number));
        assert_eq!(interner.len(), number + 2);
    }
}

/// lasso #48: buckets doubled with every string that did not fit, up to terabytes.
#[test]
fn lasso_48_a_long_string_makes_no_chunk_larger_that_comes_after() {
    let mut interner = Interner::new();
    let long = "x".repeat(10_000_000);
    for length in 0..20 {
        let (_, stats) = measure(|| interner.intern(&long[length..]));
        let beside = stats.peak - (long.len() - length) as i64;
        assert!(beside <= 65_536, "{stats:?}");
        let (_, stats) = measure(|| interner.intern(&length.to_string()));
        assert!(stats.current <= 65_536, "{stats:?}");
    }
    assert_eq!(interner.len(), 40);
}
