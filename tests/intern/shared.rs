//! The interner of many threads: alone against a naive twin, and threads against each other.

use super::edges::{Panicking, Same, Tiny};
use pennyweight::HeapSize;
use pennyweight::intern::{InternError, Interner, Key, Limits, Seeded, SharedInterner, Symbol};
use pennyweight::profile::measure;
use pennyweight_baseline::random::Random;
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Barrier;
use std::thread;

#[derive(Clone, Debug)]
enum Operation {
    Intern(String),
    /// Many short strings that follow a number.
    InternMany(u32, u16),
    Get(String),
    Resolve(usize),
    ToInterner,
}

/// Strings of all lengths that matter, with many that are the same or begin alike.
fn text() -> impl Strategy<Value = String> {
    let few = "[a-c]{0,3}";
    let short = "[a-zäß]{0,30}";
    let long = (0..2_usize, 40..20_000_usize).prop_map(|(byte, len)| ["x", "y"][byte].repeat(len));
    prop_oneof![4 => few, 4 => short, 1 => long]
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        12 => text().prop_map(Operation::Intern),
        4 => (0..100_000_u32, 0..600_u16).prop_map(|(from, count)| Operation::InternMany(from, count)),
        4 => text().prop_map(Operation::Get),
        4 => (0..6000_usize).prop_map(Operation::Resolve),
        1 => Just(Operation::ToInterner),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_operations_do_what_they_do_to_the_twin(
        operations in vec(operation(), 0..120),
        shards in 0..40_usize,
    ) {
        let mut interner = SharedInterner::<Symbol>::with_shards(shards, Seeded::default());
        let (mut symbols, mut texts) = (HashMap::new(), HashMap::new());
        for operation in operations {
            let many = match operation {
                Operation::Intern(text) => vec![text],
                Operation::InternMany(from, count) => {
                    (from..from + u32::from(count)).map(|number| number.to_string()).collect()
                }
                Operation::Get(text) => {
                    prop_assert_eq!(interner.get(&text), symbols.get(&text).copied());
                    prop_assert_eq!(interner.contains(&text), symbols.contains_key(&text));
                    continue;
                }
                Operation::Resolve(index) => {
                    let symbol = Symbol::try_from_index(index).unwrap();
                    let text: Option<&String> = texts.get(&symbol);
                    prop_assert_eq!(interner.try_resolve(symbol), text.map(String::as_str));
                    continue;
                }
                Operation::ToInterner => {
                    let (local, remap) = interner.into_interner();
                    prop_assert_eq!(local.len(), texts.len());
                    for (&symbol, text) in &texts {
                        prop_assert_eq!(local.resolve(remap.get(symbol).unwrap()), text);
                    }
                    prop_assert!(remap.iter().map(|(_, new)| new.index()).eq(0..local.len()));
                    interner = SharedInterner::from(local);
                    symbols = symbols.into_keys().map(|text: String| (text.clone(), interner.get(&text).unwrap())).collect();
                    texts = symbols.iter().map(|(text, &symbol)| (symbol, text.clone())).collect();
                    continue;
                }
            };
            for text in many {
                let symbol = interner.intern(&text);
                prop_assert_eq!(*symbols.entry(text.clone()).or_insert(symbol), symbol);
                prop_assert_eq!(texts.entry(symbol).or_insert(text.clone()), &text);
            }
            prop_assert_eq!(interner.len(), texts.len());
        }
        let listed: HashMap<_, _> = interner.iter().map(|(symbol, text)| (symbol, text.to_owned())).collect();
        prop_assert_eq!(listed, texts);
        interner.check_invariants();
    }
}

/// What threads see of overlapping strings, each in an order of its own.
fn race(threads: u64, strings: u32, text: fn(u32) -> String) {
    let interner = SharedInterner::new();
    let start = Barrier::new(threads as usize);
    let work = |seed| {
        let mut random = Random::new(seed);
        let mut order: Vec<u32> = (0..strings).collect();
        for at in 1..order.len() {
            order.swap(at, random.below(at + 1));
        }
        start.wait();
        let mut symbols = vec![None; strings as usize];
        for (number, seen) in order.into_iter().zip(0..) {
            let text = text(number);
            let symbol = interner.intern(&text);
            assert_eq!(interner.resolve(symbol), text);
            // A string that was interned before is found from then on, whatever others do to the table.
            assert_eq!(interner.get(&text), Some(symbol));
            assert!(interner.len() > seen as usize);
            symbols[number as usize] = Some(symbol);
        }
        symbols
    };
    let symbols: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|seed| scope.spawn(move || work(seed))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(symbols.iter().all(|others| *others == symbols[0]));
    let distinct: HashSet<_> = symbols[0].iter().flatten().collect();
    assert_eq!((distinct.len(), interner.len()), (strings as usize, strings as usize));
    interner.check_invariants();
}

/// Two symbols for one string, of racing threads, were Kixiron/lasso#18.
#[test]
fn threads_agree_on_the_symbol_of_each_string() {
    race(4, 20_000, |number| number.to_string());
}

#[test]
fn threads_agree_on_long_strings_and_the_empty_one() {
    race(4, 600, |number| match number % 7 {
        0 => format!("{number} and on").repeat(5000),
        1 => "x".repeat(number as usize / 7),
        _ => number.to_string(),
    });
}

/// Growth that races asked for absurd buffers in Kixiron/lasso#48, and wrote what others read in #41.
#[test]
fn threads_that_race_take_no_more_than_one_alone() {
    let text = |number: u32| format!("{number:0width$}", width = number as usize % 40);
    let alone = SharedInterner::<Symbol>::with_hasher(Seeded::with_seed(7));
    (&alone).extend((0..30_000).map(text));
    let together = SharedInterner::<Symbol>::with_hasher(Seeded::with_seed(7));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (&together).extend((0..30_000).map(text)));
        }
    });
    assert_eq!(together.len(), 30_000);
    // The order in which strings come decides of the rooms left in chunks, and of nothing else.
    let (most, alone) = (alone.heap_bytes() + alone.heap_bytes() / 50, alone.heap_bytes());
    assert!((alone / 50 * 49..most).contains(&together.heap_bytes()));
    together.check_invariants();
}

#[test]
fn thousands_of_short_lived_threads_come_and_go() {
    let interner = SharedInterner::new();
    let symbols: Vec<Symbol> = (0..4).map(|number| interner.intern(&format!("{number}"))).collect();
    for round in 0..500_u32 {
        thread::scope(|scope| {
            for thread in 0..8_u32 {
                let (interner, symbols) = (&interner, &symbols);
                scope.spawn(move || {
                    assert_eq!(
                        interner.intern(&format!("{}", thread % 4)),
                        symbols[thread as usize % 4]
                    );
                    // Each string is new to two threads, which race for it.
                    for number in 0..4 {
                        let text = format!("{round} {} {number}", thread / 2);
                        assert_eq!(interner.resolve(interner.intern(&text)), text);
                    }
                });
            }
        });
    }
    assert_eq!(interner.len(), 4 + 500 * 4 * 4);
    interner.check_invariants();
}

#[test]
fn resolved_strings_outlive_whatever_is_interned() {
    let interner = SharedInterner::new();
    let first: Vec<&str> =
        (0..100).map(|number| interner.resolve(interner.intern(&number.to_string()))).collect();
    thread::scope(|scope| {
        scope.spawn(|| (&interner).extend((0..50_000).map(|number| number.to_string())));
        for _ in 0..2000 {
            assert!((0..100).map(|number: u32| number.to_string()).eq(first.iter().copied()));
        }
    });
}

#[test]
fn who_lists_strings_meanwhile_sees_whole_ones() {
    let interner = SharedInterner::new();
    thread::scope(|scope| {
        scope.spawn(|| (&interner).extend((0..30_000).map(|number| format!("<{number}>"))));
        for _ in 0..20 {
            let least = interner.len();
            let seen: HashMap<Symbol, &str> = interner.iter().collect();
            assert!(seen.len() >= least);
            assert!(seen.iter().all(|(_, text)| text.starts_with('<') && text.ends_with('>')));
            assert!(seen.iter().all(|(&symbol, text)| interner.resolve(symbol) == *text));
        }
    });
}

#[test]
fn the_key_space_ends_with_an_error_and_all_symbols_valid() {
    let interner = SharedInterner::<Tiny>::with_shards(1, Seeded::default());
    (&interner).extend((0..255).map(|number| number.to_string()));
    assert_eq!(interner.try_intern("one more"), Err(InternError::Symbols { most: 255 }));
    assert_eq!(interner.try_intern("254").map(Key::index), Ok(254));
    interner.check_invariants();
    // With more shards, it ends where the first of them does.
    let interner = SharedInterner::<Tiny>::default();
    let refused = (0..255).find_map(|number| interner.try_intern(&number.to_string()).err());
    assert_eq!(refused, Some(InternError::Symbols { most: interner.len() }));
    interner.check_invariants();
}

#[test]
fn symbols_stay_within_their_limit_however_many_threads_come() {
    let interner = SharedInterner::with_limits(Limits { symbols: 1000, ..Limits::NONE });
    let refused: usize = thread::scope(|scope| {
        let intern = |from: u32| {
            let texts = (from..from + 600).map(|number| number.to_string());
            texts.filter(|text| interner.try_intern(text).is_err()).count()
        };
        let threads = [0, 600, 1200].map(|from| scope.spawn(move || intern(from)));
        threads.map(|thread| thread.join().unwrap()).iter().sum()
    });
    assert_eq!((interner.len(), refused), (1000, 800));
    assert_eq!(interner.try_intern("new"), Err(InternError::Symbols { most: 1000 }));
    interner.check_invariants();
}

#[test]
fn a_limit_of_symbols_counts_the_strings_that_are_there() {
    let mut interner = SharedInterner::new();
    let mut number = 0..;
    for (most, fit) in [(10, 10), (usize::MAX, 100), (112, 2), (50, 0), (usize::MAX, 3), (116, 1)] {
        interner.set_limits(Limits { symbols: most, ..Limits::NONE });
        (&interner).extend(number.by_ref().take(fit).map(|number| number.to_string()));
        interner.check_invariants();
        if most < usize::MAX {
            assert_eq!(interner.try_intern("more"), Err(InternError::Symbols { most }));
            interner.check_invariants();
        }
    }
    assert_eq!(interner.len(), 116);
}

#[test]
fn bytes_stay_within_their_limit() {
    let text = |number: usize| format!("{number:0width$}", width = number % 50 + 4);
    for limit in (0..100_000).step_by(3777) {
        let (mut interner, made) = measure(SharedInterner::<Symbol>::default);
        let least = made.current as usize;
        interner.set_limits(Limits { bytes: limit, ..Limits::NONE });
        let (refused, stats) =
            measure(|| (0..2000).find_map(|number| interner.try_intern(&text(number)).err()));
        assert_eq!(stats.current as usize + least, interner.heap_bytes());
        assert!(interner.heap_bytes() <= limit.max(least));
        let Some(InternError::Bytes { limit: told, needed }) = refused else {
            assert_eq!((refused, interner.len()), (None, 2000));
            continue;
        };
        assert!(told == limit && needed > limit);
        assert!((0..interner.len()).all(|number| interner.get(&text(number)).is_some()));
        interner.check_invariants();
        // With room again, it goes on.
        interner.set_limits(Limits::NONE);
        (&interner).extend((0..2000).map(text));
        assert_eq!(interner.len(), 2000);
        interner.check_invariants();
    }
}

#[test]
#[should_panic = "no symbol of index 700: the interner's length is 1"]
fn a_symbol_that_is_not_there_panics_with_both_numbers() {
    let interner = SharedInterner::new();
    interner.intern("x");
    let _ = interner.resolve(Symbol::try_from_index(700).unwrap());
}

#[test]
fn a_hash_that_panics_loses_and_doubles_nothing() {
    let interner = SharedInterner::<Symbol, str, Panicking>::with_shards(2, Panicking::default());
    let mut panics = 0;
    for round in 0..6000_usize {
        // While a table is filled anew, it panics sooner or later.
        interner.hasher().allow(1 + round * 7 % 900);
        let text = (round / 2).to_string();
        let done = catch_unwind(AssertUnwindSafe(|| interner.intern(&text)));
        panics += usize::from(done.is_err());
        interner.hasher().allow(1_000_000);
        if round % 512 == 0 {
            let found = |(symbol, text)| interner.get(text) == Some(symbol);
            assert!(interner.iter().all(found));
        }
        interner.intern(&text);
        assert_eq!(interner.len(), round / 2 + 1);
    }
    assert!(panics > 0);
    interner.check_invariants();
}

#[test]
fn equal_hashes_are_slow_and_right() {
    let interner = SharedInterner::<Symbol, [u8], Same>::default();
    (&interner).extend((0..500).map(|number| number.to_string()));
    (&interner).extend((0..500).map(|number| number.to_string()));
    assert_eq!(interner.len(), 500);
    assert_eq!(interner.get(b"500"), None);
    interner.check_invariants();
}

#[test]
fn it_goes_to_an_interner_and_back() {
    let shared: SharedInterner = ["a", "", "b", "a"].into_iter().collect();
    assert_eq!((shared.len(), shared.text_bytes(), shared.is_empty()), (3, 2, false));
    let (local, remap) = shared.into_interner();
    assert_eq!(remap.iter().count(), 3);
    let again = SharedInterner::from(&local);
    assert!(local.iter().all(|(_, text)| again[again.get(text).unwrap()] == *text));
    assert_eq!(SharedInterner::from(Interner::new()).len(), 0);
}

#[test]
fn threads_may_share_it_and_hand_it_on() {
    fn is_shared<T: Send + Sync + HeapSize>() {}
    is_shared::<SharedInterner>();
    is_shared::<SharedInterner<Tiny, [u8], std::hash::RandomState>>();
}
