//! Interners where the allocator refuses: they stay as they were, and go on once there is memory again.

use crate::given;
use pennyweight::intern::{
    Frozen, FrozenStrings, InternError, Interner, ReserveError, Seeded, Symbol,
};

/// Strings of many lengths, few of which are alike, and some of which lie apart.
pub(crate) fn strings() -> impl Iterator<Item = String> {
    (0..1500_usize)
        .map(|i| format!("{i:0width$}", width = if i % 97 == 96 { 40 * i } else { i % 23 }))
}

pub(crate) fn is_refused(error: InternError) -> bool {
    matches!(error, InternError::Reserve(ReserveError::AllocationFailed { .. }))
}

/// What building does with any number of blocks: fails, and ends once it is given enough. Says how many that were.
pub(crate) fn build<R, E: std::fmt::Debug>(
    mut build: impl FnMut() -> Result<R, E>,
    failed: fn(E) -> bool,
) -> (usize, R) {
    for blocks in 0.. {
        match given(blocks, &mut build) {
            Ok(built) => return (blocks, built),
            Err(error) => assert!(failed(error)),
        }
    }
    unreachable!("there are enough blocks")
}

#[test]
fn a_refused_string_leaves_the_interner_as_it_was() {
    static FIXED: &str = "a string that is always there, and longer than what is copied";
    let mut refused = 0;
    for blocks in 0..6 {
        let mut interner = Interner::new();
        let mut list = Vec::<String>::new();
        for (index, string) in strings().enumerate() {
            if index % 50 == 0 {
                interner.shrink_to_fit();
            }
            let fixed = &FIXED[..FIXED.len() - index % 10];
            let refusal = given(blocks, || match index % 100 {
                7 => interner.try_intern_static(fixed),
                _ => interner.try_intern(&string),
            });
            let string = if index % 100 == 7 { fixed.to_owned() } else { string };
            if let Err(error) = refusal {
                refused += 1;
                assert!(is_refused(error), "{error}");
                interner.check_invariants();
                assert_eq!((interner.len(), interner.get(&string)), (list.len(), None));
                assert!(interner.iter().map(|(_, text)| text).eq(&list));
                interner.intern(&string);
            }
            if interner.len() > list.len() {
                list.push(string);
            }
        }
        assert!(interner.iter().map(|(_, text)| text).eq(&list));
        interner.check_invariants();
    }
    assert!(refused > 100, "{refused}");
}

#[test]
fn refused_room_leaves_the_interner_as_it_was() {
    let mut interner: Interner = strings().take(100).collect();
    let copy = interner.clone();
    let bytes = interner.heap_bytes();
    for blocks in 0..2 {
        assert!(is_refused(given(blocks, || interner.try_reserve(10_000)).unwrap_err()));
        assert_eq!((interner.heap_bytes(), &interner), (bytes, &copy));
        interner.check_invariants();
    }
    // Shrinking asks for a byte for each group of slots. Without them, the table stays.
    given(0, || interner.shrink_to_fit());
    interner.check_invariants();
    let bytes = interner.heap_bytes();
    interner.shrink_to_fit();
    assert_eq!((bytes - interner.heap_bytes(), &interner), (64, &copy));
    interner.check_invariants();
}

#[test]
fn an_interner_that_cannot_be_compacted_comes_back() {
    let mut interner: Option<Interner> = Some(strings().collect());
    let texts: Vec<String> = strings().collect();
    let (blocks, (kept, remap)) = build(
        || {
            let all = interner.take().unwrap();
            all.try_compact(|symbol, _| symbol.index() % 3 == 0).map_err(|(all, error)| {
                interner = Some(all);
                error
            })
        },
        is_refused,
    );
    assert!(blocks > 20, "{blocks}");
    kept.check_invariants();
    assert!(kept.iter().map(|(_, text)| text).eq(texts.iter().step_by(3)));
    assert_eq!(remap.iter().count(), kept.len());
}

#[test]
fn strings_that_there_is_no_memory_to_freeze_are_an_error() {
    let interner: Interner = strings().collect();
    let failed = |error| matches!(error, ReserveError::AllocationFailed { .. });
    let (blocks, frozen) = build(|| interner.try_freeze(), failed);
    assert!(blocks > 6, "{blocks}");
    frozen.check_invariants();
    let (_, strings) = build(|| interner.try_freeze_strings(), failed);
    assert_eq!((&strings, frozen.len()), (frozen.strings(), interner.len()));
    let (_, thawed) = build(|| frozen.try_thaw::<Seeded>(), is_refused);
    assert_eq!(thawed, interner);
    thawed.check_invariants();
    let (bytes, refused) = (frozen.to_bytes(), |error| format!("{error}").contains("refused"));
    assert_eq!(build(|| Frozen::<Symbol>::from_bytes(&bytes), refused).1, frozen);
    let bytes = strings.to_bytes();
    assert_eq!(build(|| FrozenStrings::<Symbol>::from_bytes(&bytes), refused).1, strings);
}
