//! Columns that own their buffers where the allocator refuses: they stay as they were.

use crate::{at_most, given};
use pennyweight::array::{IntArray, NullableIntArray, ReserveError};
use pennyweight::record::generated::Store;
use pennyweight::record::{DictColumn, StoreError, TextColumn};
use std::fmt::Debug;

/// A column that is changed by a step, with more and more blocks given, until it succeeds. Each time before, nothing has changed.
fn refuses<C: Clone + PartialEq + Debug>(
    column: &C,
    check: impl Fn(&C),
    step: impl Fn(&mut C) -> Result<(), StoreError>,
) {
    for blocks in 0.. {
        let mut changed = column.clone();
        match given(blocks, || step(&mut changed)) {
            Ok(()) => {
                check(&changed);
                assert!(blocks > 0, "the step takes no memory");
                return;
            }
            Err(StoreError::Reserve(ReserveError::AllocationFailed { .. })) => {
                check(&changed);
                assert_eq!(changed, *column, "with {blocks} blocks");
            }
            Err(error) => panic!("{error}"),
        }
    }
}

fn names(range: std::ops::Range<usize>) -> impl Iterator<Item = String> {
    range.map(|i| format!("name {i}"))
}

#[test]
fn refused_strings_leave_the_codes_as_they_were() {
    let check = DictColumn::check_invariants;
    for strings in [0, 8, 256, 65_536] {
        let column: DictColumn = names(0..strings).collect();
        refuses(&column, check, |column| column.try_push("a new one"));
        refuses(&column, check, |column| column.try_insert(strings / 2, "a new one"));
        let mut other: DictColumn = names(strings / 2..strings + 300).collect();
        other.extend(names(strings..strings + 300));
        refuses(&column, check, |column| column.try_extend_from(&other, 0..other.len()));
        refuses(&column, check, |column| {
            column.try_extend_from(&other, strings / 2..strings / 2 + 9)
        });
        refuses(&column, check, |column| Ok(column.try_reserve(100)?));
    }
    let column: DictColumn = names(0..256).collect();
    refuses(&column, check, |column| column.try_set(7, "a new one"));
    let mut column: DictColumn = names(0..70_000).collect();
    column.truncate(300);
    refuses(&column, check, DictColumn::try_remove_unused);
}

#[test]
fn refused_nulls_leave_the_codes_as_they_were() {
    let check = DictColumn::check_invariants;
    let column: DictColumn<Option<String>> = names(0..256).map(Some).collect();
    refuses(&column, check, |column| column.try_push(None));
    refuses(&column, check, |column| column.try_insert(3, None));
    refuses(&column, check, |column| column.try_set(3, None));
    let other: DictColumn<Option<String>> =
        names(0..1000).map(|n| (n.len() < 8).then_some(n)).collect();
    refuses(&column, check, |column| column.try_extend_from(&other, 0..1000));
}

#[test]
fn an_append_that_is_refused_leaves_both_columns() {
    let (mut left, mut right): (DictColumn, DictColumn) =
        (names(0..9).collect(), names(5..99).collect());
    let before = (left.clone(), right.clone());
    at_most(0, || left.try_append(&mut right)).unwrap_err();
    assert_eq!((&left, &right), (&before.0, &before.1));
    let (mut left, mut right): (TextColumn, TextColumn) =
        (names(0..9).collect(), names(5..99).collect());
    let before = (left.clone(), right.clone());
    at_most(0, || left.try_append(&mut right)).unwrap_err();
    assert_eq!((left, right), before);
}

#[test]
fn refused_text_leaves_the_column_as_it_was() {
    let check = TextColumn::check_invariants;
    for strings in [0, 1, 127, 128, 300] {
        let column: TextColumn = names(0..strings).collect();
        let other: TextColumn = names(0..500).collect();
        refuses(&column, check, |column| column.try_push("a new one"));
        refuses(&column, check, |column| column.try_insert(strings / 2, "a new one"));
        refuses(&column, check, |column| column.try_extend_from(&other, 7..500));
        if strings > 0 {
            refuses(&column, check, |column| column.try_set(strings / 2, "a new one"));
        }
    }
    let check = TextColumn::check_invariants;
    let column: TextColumn<Option<String>> = names(0..256).map(Some).collect();
    refuses(&column, check, |column| column.try_push(None));
    refuses(&column, check, |column| column.try_insert(3, None));
    refuses(&column, check, |column| column.try_set(3, None));
}

#[test]
fn refused_numbers_leave_packed_columns_as_they_were() {
    let column = IntArray::from((0..1000).collect::<Vec<i32>>());
    let check = IntArray::check_invariants;
    refuses(&column, check, |column| Store::try_push(column, &1024));
    refuses(&column, check, |column| Store::try_insert(column, 5, &-1));
    refuses(&column, check, |column| Store::try_set(column, 5, &100_000));
    let other = IntArray::from((0..1000).map(|i| i * i).collect::<Vec<i32>>());
    refuses(&column, check, |column| Store::try_extend_from(column, &other, 10..990));
    let column = NullableIntArray::from((0..1024).map(Some).collect::<Vec<Option<i32>>>());
    let check = NullableIntArray::check_invariants;
    refuses(&column, check, |column| Store::try_push(column, &None));
    refuses(&column, check, |column| Store::try_set(column, 5, &None));
    let full = NullableIntArray::from([Some(i64::MIN), Some(0), Some(i64::MAX)]);
    let mut changed = full.clone();
    assert_eq!(Store::try_set(&mut changed, 1, &None), Err(StoreError::NoCodeForNull));
    assert_eq!(changed, full);
}
