//! Strings and rows where the allocator refuses: they stay as they were, and give back what they were given.

use crate::given;
use pennyweight::array::{RaggedArray, ReserveError, StoreErrorCause, StrArray};

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
    assert!(refused > 1000, "{refused}");
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
