//! All the orders in which threads may see each other's stores, as far as loom's model and three preemptions go.
//!
//! The code is that of the interner, with loom's atomics and lock, two strings to a block and few slots.

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
        let interner = interner(&["a", "b", "c"]);
        let other = Arc::clone(&interner);
        // The fourth string makes the table grow.
        let thread = thread::spawn(move || other.intern("d"));
        assert_eq!(interner.get("b").map(Key::index), Some(1));
        assert_eq!(interner.intern("c").index(), 2);
        thread.join().unwrap();
        assert_eq!(interner.get("d").map(Key::index), Some(3));
    });
}

#[test]
fn a_symbol_that_is_guessed_names_nothing_or_a_whole_string() {
    explore(|| {
        let interner = interner(&["a"]);
        let other = Arc::clone(&interner);
        let thread = thread::spawn(move || (&*other).extend(["b", "c"]));
        for (index, text) in [(2, "c"), (1, "b")] {
            let found = interner.try_resolve(Symbol::try_from_index(index).unwrap());
            assert!(found.is_none_or(|found| found == text));
        }
        assert!(interner.iter().zip(["a", "b", "c"]).all(|((_, one), other)| one == other));
        thread.join().unwrap();
    });
}
