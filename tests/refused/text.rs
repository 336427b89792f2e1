//! Strings and rows where the allocator refuses: they stay as they were, and give back what they were given.

use crate::given;
#[cfg(feature = "fsst")]
use pennyweight::array::FsstArray;
use pennyweight::array::{
    RaggedArray, ReserveError, SortedError, SortedStrArray, StoreErrorCause, StrArray,
};

/// Strings of many lengths, some of which change how the ends are kept.
fn strings() -> impl Iterator<Item = String> {
    (0..700_usize).map(|i| match i % 61 {
        60 => "long".repeat(i),
        _ if i < 70 => "same".into(),
        rest => "x".repeat(rest % 9),
    })
}

#[test]
fn a_refused_string_is_given_back_and_nothing_has_changed() {
    let mut refused = 0;
    for blocks in 0..6 {
        let mut array = StrArray::new();
        let mut list = Vec::<String>::new();
        for string in strings() {
            array.shrink_to_fit();
            if let Err(error) = given(blocks, || array.try_push(&string)) {
                refused += 1;
                let cause = error.cause();
                let failed = matches!(
                    cause,
                    StoreErrorCause::Reserve(ReserveError::AllocationFailed { .. })
                );
                assert!(failed, "{cause}");
                assert_eq!(error.into_value(), string);
                array.check_invariants();
                assert_eq!(array, list);
                array.push(&string);
            }
            list.push(string);
            if let Err(error) = given(blocks, || array.try_extend_last("more")) {
                refused += 1;
                assert_eq!(error.into_value(), "more");
                array.check_invariants();
                assert_eq!(array, list);
                array.extend_last("more");
            }
            list.last_mut().unwrap().push_str("more");
        }
        assert_eq!(array, list);
        array.check_invariants();
    }
    assert!(refused > 900, "{refused}");
}

#[test]
fn what_an_iterator_gave_is_dropped_where_there_is_no_room_for_the_rest() {
    let mut array = RaggedArray::from(&[[1, 2, 3]][..]);
    for blocks in 0..3 {
        let result = given(blocks, || array.try_push_from((0..10_000).filter(|i| i % 3 == 0)));
        assert!(matches!(result, Err(ReserveError::AllocationFailed { .. })));
        array.check_invariants();
        assert_eq!(array, [[1, 2, 3]][..]);
    }
    array.push_from((0..10_000).filter(|i| i % 3 == 0));
    assert_eq!(array[1].len(), 3334);
}

/// What building does with any number of blocks: fails, and holds all strings once it is given enough.
fn build<A>(mut build: impl FnMut() -> Result<A, ReserveError>) -> (usize, A) {
    for blocks in 0.. {
        match given(blocks, &mut build) {
            Ok(array) => return (blocks, array),
            Err(error) => assert!(matches!(error, ReserveError::AllocationFailed { .. })),
        }
    }
    unreachable!("there are enough blocks")
}

#[test]
fn sorted_strings_that_there_is_no_memory_for_are_an_error() {
    let strings: Vec<String> = (0..300).map(|i| format!("{i:04}{}", "st".repeat(i % 9))).collect();
    let (blocks, array) = build(|| {
        SortedStrArray::try_from_sorted(&strings).map_err(|error| match error {
            SortedError::Reserve(error) => error,
            error => panic!("{error}"),
        })
    });
    assert!(blocks > 20, "{blocks}");
    array.check_invariants();
    assert_eq!(array, strings);
}

#[cfg(feature = "fsst")]
#[test]
fn strings_that_there_is_no_memory_to_find_symbols_in_are_an_error() {
    let strings: StrArray = strings().collect();
    // Behind these the compressor allocates what it has been seen to have room for.
    for blocks in 0..2 {
        let refused = given(blocks, || FsstArray::try_from_strs(&strings));
        assert!(matches!(refused, Err(ReserveError::AllocationFailed { .. })));
    }
    assert_eq!(FsstArray::try_from_strs(&strings).unwrap(), strings.to_vec());
}
