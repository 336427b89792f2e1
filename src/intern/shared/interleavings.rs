//! All the orders in which threads may see each other's stores, as far as loom's model and three preemptions go.
//!
//! The code is that of the interner, with loom's atomics and lock, two strings to a block and few slots. What is left out: the list of strings
//! that lie apart is in std's `OnceLock`, of which loom knows nothing, so that all threads see it as soon as it is there. The list itself is
//! of loom's atomics.

use super::SharedInterner;
use crate::intern::{Key, Seeded, Symbol};
use loom::sync::Arc;
use loom::thread;

fn explore(test: impl Fn() + Sync + Send + 'static) {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(3);
    model.check(test);
}

/// One shard, in which strings are `texts` to begin with.
fn interner(texts: &[&str]) -> Arc<SharedInterner> {
    let interner = SharedInterner::with_shards(1, Seeded::with_seed(1));
    (&interner).extend(texts);
    Arc::new(interner)
}

#[test]
fn a_string_that_two_threads_intern_has_one_symbol() {
    explore(|| {
        let interner = interner(&[]);
        let other = Arc::clone(&interner);
        let thread = thread::spawn(move || [other.intern("a"), other.intern("b")]);
        let mut symbols = [interner.intern("b"), interner.intern("a")];
        assert_eq!(symbols.map(|symbol| interner.resolve(symbol)), ["b", "a"]);
        symbols.reverse();
        assert_eq!(thread.join().unwrap(), symbols);
        assert_eq!(interner.len(), 2);
    });
}

#[test]
fn a_string_is_found_while_the_table_is_filled_anew() {
    explore(|| {
        let interner = interner(&["a", "b"]);
        let other = Arc::clone(&interner);
        let thread = thread::spawn(move || {
            assert_eq!(other.get("b").map(Key::index), Some(1));
            assert_eq!(other.intern("a").index(), 0);
        });
        // There are two groups, of which each has one string on the average: the table grows.
        assert_eq!(interner.intern("c").index(), 2);
        thread.join().unwrap();
    });
}

#[test]
fn a_symbol_that_is_guessed_names_nothing_or_a_whole_string() {
    explore(|| {
        let interner = interner(&["a"]);
        let other = Arc::clone(&interner);
        let thread = thread::spawn(move || {
            for (index, text) in [(2, "c"), (1, "b")] {
                let found = other.try_resolve(Symbol::try_from_index(index).unwrap());
                assert!(found.is_none_or(|found| found == text));
            }
            assert!(other.iter().zip(["a", "b", "c", "d"]).all(|((_, one), text)| one == text));
        });
        // The last one simply follows the one before: nothing grows.
        (&*interner).extend(["b", "c", "d"]);
        thread.join().unwrap();
    });
}

/// Longer than a chunk for a block of strings of which none has come before.
const LONG: [&str; 2] = [
    "a string that is longer than the sixty-eight bytes of the first chunk, and so lies apart from the others",
    "another string that is longer than the sixty-eight bytes of the first chunk, and lies apart as the first",
];

#[test]
fn a_string_that_lies_apart_is_whole_and_has_one_symbol() {
    explore(|| {
        let interner = interner(&[]);
        let other = Arc::clone(&interner);
        let thread = thread::spawn(move || {
            for index in [1, 0] {
                let found = other.try_resolve(Symbol::try_from_index(index).unwrap());
                assert!(found.is_none_or(|found| found == LONG[index]));
            }
            other.intern(LONG[0])
        });
        let symbols = LONG.map(|text| interner.intern(text));
        assert_eq!(thread.join().unwrap(), symbols[0]);
        assert_eq!(interner.len(), 2);
    });
}
