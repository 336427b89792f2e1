//! What arrays of strings and lists are equal to, from either side, and what they are made of.

#[cfg(feature = "fsst")]
use pennyweight::array::FsstArray;
use pennyweight::array::{RaggedArray, SortedStrArray, StrArray};

/// Compares an array with every list of the strings "a" and "b", and with others.
macro_rules! check_strings {
    ($array:ty, $from:path) => {{
        let (list, strings) = (vec!["a", "b"], vec![String::from("a"), String::from("b")]);
        let array: $array = $from(["a", "b"]);
        assert_eq!(array, ["a", "b"]);
        assert_eq!(array, &["a", "b"]);
        assert_eq!(array, ["a", "b"][..]);
        assert_eq!(array, &list[..]);
        assert_eq!(array, list);
        assert_eq!(array, strings);
        assert_eq!(["a", "b"], array);
        assert_eq!(&["a", "b"], array);
        assert_eq!(["a", "b"][..], array);
        assert_eq!(&strings[..], array);
        assert_eq!(list, array);
        assert_eq!(strings, array);
        for other in [&["a"][..], &["a", "c"], &["a", "b", "c"], &["a", ""]] {
            assert_ne!(array, other);
            assert_ne!(other, array);
            assert_ne!(array, StrArray::from(other));
            assert_ne!(StrArray::from(other), array);
        }
        assert_eq!(array, StrArray::from(&list));
        assert_eq!(StrArray::from(&list), array);
        assert_eq!($from(&["a", "b"]), array);
        assert_eq!($from(&list[..]), array);
        assert_eq!($from(&list), array);
        assert_eq!($from(&strings), array);
        assert_eq!($from(strings), array);
        assert_eq!(<$array>::default(), [""; 0]);
    }};
}

#[test]
fn arrays_of_strings_are_equal_to_lists_of_them() {
    check_strings!(StrArray, StrArray::from);
    check_strings!(SortedStrArray, sorted);
    #[cfg(feature = "fsst")]
    check_strings!(FsstArray, FsstArray::from);
}

fn sorted<L: TryInto<SortedStrArray, Error: std::fmt::Debug>>(list: L) -> SortedStrArray {
    list.try_into().unwrap()
}

#[test]
fn rows_are_equal_to_nested_lists() {
    let (rows, slices) = (vec![vec![1, 2], vec![3, 4]], [&[1, 2][..], &[3, 4]]);
    let array = RaggedArray::from(&rows);
    assert_eq!(array, [[1, 2], [3, 4]]);
    assert_eq!(array, &[[1, 2], [3, 4]]);
    assert_eq!(array, rows);
    assert_eq!(array, &rows[..]);
    assert_eq!(array, slices);
    assert_eq!([[1, 2], [3, 4]], array);
    assert_eq!(rows, array);
    assert_eq!(&slices[..], array);
    for other in
        [vec![], vec![vec![1, 2]], vec![vec![1], vec![2, 3, 4]], vec![vec![1, 2], vec![3, 5]]]
    {
        assert_ne!(array, other);
        assert_ne!(other, array);
    }
    assert_eq!(RaggedArray::from([[1, 2], [3, 4]]), array);
    assert_eq!(RaggedArray::from(&[[1, 2], [3, 4]]), array);
    assert_eq!(RaggedArray::from(slices), array);
    assert_eq!(RaggedArray::from(rows), array);
}

#[cfg(feature = "fsst")]
#[test]
fn strings_by_symbols_are_iterated_in_parts_and_by_value() {
    let strings: Vec<String> = (0..40).map(|i| format!("line {i}")).collect();
    let array = FsstArray::from(&strings);
    assert!(array.iter_range(7..).eq(strings[7..].iter().cloned()));
    assert!(array.iter_range(..=9).rev().eq(strings[..10].iter().rev().cloned()));
    let mut iter = array.into_iter();
    assert_eq!(
        (iter.nth(3), iter.nth_back(2)),
        (Some(strings[3].clone()), Some(strings[37].clone()))
    );
    assert!(iter.eq(strings[4..37].iter().cloned()));
}
