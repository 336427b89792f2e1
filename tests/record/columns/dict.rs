//! Strings by their codes.

use pennyweight::intern::{InternError, Interner, Limits};
use pennyweight::record::{Codes, DictColumn, StoreError};
use std::panic::{AssertUnwindSafe, catch_unwind};

fn names(range: std::ops::Range<usize>) -> impl Iterator<Item = String> {
    range.map(|i| format!("n{i}"))
}

#[test]
fn codes_widen_with_the_257th_string_and_the_65_537th() {
    for (strings, width) in
        [(1, 1), (255, 1), (256, 1), (257, 2), (65_535, 2), (65_536, 2), (65_537, 4), (70_000, 4)]
    {
        let column: DictColumn = names(0..strings).chain(names(0..strings)).collect();
        column.check_invariants();
        assert_eq!((column.codes().width(), column.len()), (width, 2 * strings));
        assert!(column.iter().eq(names(0..strings).chain(names(0..strings))));
        assert!(column.codes().iter().eq((0..strings as u32).chain(0..strings as u32)));
        let last = column.code(&format!("n{}", strings - 1)).unwrap();
        assert!(column.positions(last).eq([strings - 1, 2 * strings - 1]));
        assert_eq!((column.count(last), column.count(strings as u32)), (2, 0));
    }
}

#[test]
fn columns_are_equal_by_their_strings_and_not_by_their_codes() {
    for (strings, rows) in [(1, 3), (7, 7), (7, 8), (7, 1000), (300, 1000), (300, 200)] {
        let name = |row: usize| format!("n{}", row * 5 % strings);
        let column: DictColumn = (0..rows).map(name).collect();
        let mut other: DictColumn = DictColumn::with_dictionary(names(0..strings + 400).collect());
        other.extend((0..rows).map(name));
        assert_eq!(column, other);
        assert_eq!(other, column);
        let last = other.remove(rows - 1);
        assert_ne!(column, other);
        for new in ["n399", "of neither"] {
            other.push(new);
            assert_ne!(column, other);
            assert_ne!(other, column);
            other.pop();
        }
        other.push(&last);
        assert_eq!(column, other);
    }
}

#[test]
fn columns_are_equal_where_the_same_rows_are_null() {
    let name = |row: usize| (!row.is_multiple_of(3)).then(|| format!("n{}", row % 5));
    let column: DictColumn<Option<String>> = (0..100).map(name).collect();
    let mut other: DictColumn<Option<String>> = names(0..9).map(Some).collect();
    other.clear();
    other.extend((0..100).map(name));
    assert_eq!((&column, &column), (&other, &column.clone()));
    other.set(1, None);
    assert_ne!(column, other);
    other.set(1, Some("n1"));
    other.set(0, Some("n1"));
    assert_ne!(column, other);
    let nulls: DictColumn<Option<String>> = [None::<&str>; 3].into_iter().collect();
    assert_eq!(nulls, nulls.clone());
    let full: DictColumn<Option<String>> = names(0..3).chain(names(0..3)).map(Some).collect();
    let plain: DictColumn = names(0..3).chain(names(0..3)).collect();
    assert_eq!(full, plain);
}

#[test]
fn known_strings_do_not_widen_codes() {
    let mut column: DictColumn = names(0..256).collect();
    column.extend(names(0..256));
    assert_eq!(column.codes().width(), 1);
    column.set(0, "n9");
    column.insert(0, "n255");
    assert_eq!(column.codes().width(), 1);
    column.insert(3, "new");
    assert_eq!((column.codes().width(), column.get(3)), (2, Some("new")));
    column.check_invariants();
}

#[test]
fn a_dictionary_that_is_given_has_codes_of_its_width() {
    for (strings, width) in [(256, 1), (257, 2), (65_536, 2), (65_537, 4)] {
        let mut column: DictColumn = DictColumn::with_dictionary(names(0..strings).collect());
        column.check_invariants();
        column.push(&format!("n{}", strings - 1));
        assert_eq!(column.codes().width(), width);
        assert!(column.codes().iter().eq([strings as u32 - 1]));
    }
}

#[test]
fn unused_strings_go_and_codes_narrow() {
    let mut column: DictColumn<Option<String>> = names(0..70_000).map(Some).collect();
    column.push(None);
    column.retain(|name| name.is_none_or(|name| name.ends_with("00")));
    assert_eq!((column.len(), column.dictionary().len(), column.codes().width()), (700, 70_000, 4));
    let before = column.clone();
    column.remove_unused();
    column.check_invariants();
    assert_eq!((column.dictionary().len(), column.codes().width()), (699, 2));
    assert_eq!(column, before);
    column.truncate(3);
    column.remove_unused();
    column.check_invariants();
    assert_eq!(column.codes(), Codes::U8(&[0, 1, 2]));
    column.set(0, None);
    column.remove_unused();
    assert_eq!(column.codes(), Codes::U8(&[0, 0, 1]));
    assert_eq!((column.code("n200"), column.null_count()), (Some(0), 1));
    column.clear();
    column.push(None);
    column.remove_unused();
    column.check_invariants();
    assert!(column.dictionary().is_empty());
    assert_eq!(column.get(0), Some(None));
}

#[test]
fn what_is_appended_has_the_codes_of_the_column() {
    let mut left: DictColumn = ["a", "b"].iter().collect();
    let mut right: DictColumn = ["c", "b", "c", "a", "d"].iter().collect();
    right.truncate(4); // nobody has d
    left.append(&mut right);
    left.check_invariants();
    assert_eq!(left.codes(), Codes::U8(&[0, 1, 2, 1, 2, 0]));
    assert_eq!(left.dictionary().len(), 3);
    assert_eq!((right.len(), right.code("d")), (0, Some(3)));

    let mut wide: DictColumn = names(0..200).collect();
    wide.append(&mut names(100..400).chain(names(0..400)).collect());
    wide.check_invariants();
    assert_eq!(wide.codes().width(), 2);
    assert!(wide.iter().eq(names(0..200).chain(names(100..400)).chain(names(0..400))));
}

#[test]
fn nulls_are_no_strings() {
    let mut column = DictColumn::nullable();
    column.push(None);
    assert_eq!((column.count(0), column.counts()), (0, vec![]));
    assert_eq!(column.mask(|name| name.is_none()).count_ones(), 1);
    column.extend([Some("a"), None, Some("b"), Some("a")]);
    assert_eq!(column.counts(), [2, 1]);
    assert_eq!((column.count(0), column.count(1), column.count(2)), (2, 1, 0));
    assert!(column.positions(0).eq([1, 4]));
    assert!(column.mask_of(0).iter_ones().eq([1, 4]));
    assert!(column.mask(|name| name != Some("a")).iter_ones().eq([0, 2, 3]));
    let part = column.slice(2..);
    assert_eq!((part.counts(), part.validity().null_count()), (vec![1, 1], 1));
    assert!(part.positions(0).eq([2]));
    assert_eq!(format!("{part:?}"), r#"[None, Some("b"), Some("a")]"#);
}

#[test]
fn many_rows_are_found_by_their_code() {
    let column: DictColumn<Option<String>> =
        (0..10_000).map(|i| (i % 7 != 3).then(|| format!("{}", i * i % 11))).collect();
    for (code, (_, text)) in column.dictionary().iter().enumerate() {
        let expected: Vec<usize> =
            (0..column.len()).filter(|&i| column.get(i) == Some(Some(text))).collect();
        for range in [0..10_000, 1..9_999, 63..65, 130..5000, 77..77] {
            let part = column.slice(range.clone());
            let expected = expected.iter().filter(|i| range.contains(i)).map(|i| i - range.start);
            assert!(part.positions(code as u32).eq(expected.clone()));
            assert_eq!(part.count(code as u32), expected.count());
        }
        assert!(column.mask(|name| name == Some(text)).iter_ones().eq(expected));
    }
}

#[test]
fn columns_are_equal_by_their_strings() {
    let column: DictColumn = ["a", "b", "a"].iter().collect();
    let mut other: DictColumn<Box<str>> = ["b", "b", "a"].iter().collect();
    assert_ne!(column, other);
    other.set(0, "a");
    assert_ne!(column.codes(), other.codes());
    assert_eq!(column, other);
    assert_ne!(column, ["a", "b"].iter().collect::<DictColumn>());
    let nullable: DictColumn<Option<String>> =
        [Some("a"), Some("b"), Some("a")].into_iter().collect();
    assert_eq!(column, nullable);
}

#[test]
fn a_panic_of_retain_leaves_the_column_as_it_was() {
    let mut column: DictColumn<Option<String>> = names(0..300).map(Some).collect();
    column.push(None);
    let before = column.clone();
    let panics = |name: Option<&str>| if name == Some("n200") { panic!("no") } else { false };
    catch_unwind(AssertUnwindSafe(|| column.retain(panics))).unwrap_err();
    column.check_invariants();
    assert_eq!(column, before);
}

#[test]
fn a_dictionary_that_is_full_refuses_new_strings_alone() {
    let limits = Limits { symbols: 256, ..Limits::NONE };
    let mut column: DictColumn = DictColumn::with_dictionary(Interner::with_limits(limits));
    column.extend(names(0..256));
    let refused = StoreError::Intern(InternError::Symbols { most: 256 });
    assert_eq!(column.try_push("new"), Err(refused));
    assert_eq!(column.try_insert(3, "new"), Err(refused));
    assert_eq!(column.try_set(3, "new"), Err(refused));
    let mut other: DictColumn = ["n1", "new", "n2"].iter().collect();
    assert_eq!(column.try_append(&mut other), Err(refused));
    assert_eq!((column.len(), other.len()), (256, 3));
    column.push("n7");
    column.check_invariants();
    assert!(column.iter().eq(names(0..256).chain(["n7".into()])));
}

#[test]
fn batches_keep_the_codes_of_the_ones_before() {
    let mut column: DictColumn = ["EWR", "LGA"].iter().collect();
    let newark = column.code("EWR").unwrap();
    column.clear();
    column.extend(["LGA", "EWR"]);
    assert_eq!((column.code("EWR"), column.count(newark)), (Some(newark), 1));
}

#[test]
fn the_index_out_of_range_is_named() {
    let mut column: DictColumn = ["a"].iter().collect();
    type Act = fn(&mut DictColumn);
    let acts: [(Act, &str); 5] = [
        (|column| drop(column.remove(1)), "index 1 out of range"),
        (|column| column.set(1, "b"), "index 1 out of range"),
        (|column| column.insert(2, "b"), "insertion index (is 2)"),
        (|column| column.remove_range(0..2), "range end index 2"),
        (|column| drop(column.swap_remove(1)), "index 1 out of range"),
    ];
    for (act, message) in acts {
        let panic = catch_unwind(AssertUnwindSafe(|| act(&mut column))).unwrap_err();
        let text = panic.downcast_ref::<String>().unwrap();
        assert!(text.contains(message), "{text}");
        column.check_invariants();
        assert!(column.iter().eq(["a"]));
    }
}
