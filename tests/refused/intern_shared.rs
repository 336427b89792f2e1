//! The interner of many threads where the allocator refuses.

use crate::given;
use crate::intern::{build, is_refused, strings};
use pennyweight::intern::{InternError, Interner, Seeded, SharedInterner, Symbol};

#[test]
fn a_refused_string_leaves_the_shared_interner_as_it_was() {
    let mut refused = 0;
    for blocks in 0..6 {
        let interner: SharedInterner = SharedInterner::with_shards(2, Seeded::with_seed(7));
        let mut symbols = Vec::new();
        for string in strings() {
            let bytes = interner.heap_bytes();
            let symbol = given(blocks, || interner.try_intern(&string)).unwrap_or_else(|error| {
                refused += 1;
                assert!(is_refused(error), "{error}");
                interner.check_invariants();
                assert_eq!((interner.len(), interner.get(&string)), (symbols.len(), None));
                assert_eq!(interner.heap_bytes(), bytes);
                interner.intern(&string)
            });
            symbols.push(symbol);
        }
        let texts = symbols.iter().map(|&symbol| interner.resolve(symbol));
        assert!(texts.eq(strings()));
        interner.check_invariants();
    }
    assert!(refused > 100, "{refused}");
}

#[test]
fn a_shared_interner_that_cannot_be_frozen_comes_back() {
    let new = || SharedInterner::<Symbol>::from(&strings().collect::<Interner>());
    let mut shared = Some(new());
    let (_, (frozen, remap)) = build(
        || {
            shared.take().unwrap().try_freeze().map_err(|(all, error)| {
                shared = Some(all);
                InternError::from(error)
            })
        },
        is_refused,
    );
    assert_eq!((remap.iter().count(), frozen.len()), (1500, 1500));
    let mut shared = Some(new());
    let (_, (local, _)) = build(
        || {
            shared.take().unwrap().try_into_interner().map_err(|(all, error)| {
                shared = Some(all);
                error
            })
        },
        is_refused,
    );
    assert_eq!(local.len(), 1500);
    local.check_invariants();
}
