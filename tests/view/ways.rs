//! Every way to read a view, against its elements in order.

use pennyweight::view::View;
use std::fmt::Debug;

/// Panics unless every way to read `view` gives `expected`.
pub(crate) fn check<T: Clone + Ord + Debug, const N: usize>(view: View<'_, T, N>, expected: &[T]) {
    let refs: Vec<&T> = expected.iter().collect();
    let backwards: Vec<&T> = expected.iter().rev().collect();
    let len = expected.len();
    assert_eq!((view.len(), view.is_empty()), (len, len == 0));
    assert_eq!(view.shape().iter().product::<usize>(), len);

    // One by one, and by fold, from both ends.
    let mut seen = vec![];
    for element in view {
        seen.push(element);
    }
    assert_eq!(seen, refs);
    assert_eq!(collect_by_fold(view.iter()), refs);
    let mut iter = view.iter();
    let mut seen = vec![];
    while let Some(element) = iter.next_back() {
        assert_eq!(iter.len(), len - seen.len() - 1);
        seen.push(element);
    }
    assert_eq!(seen, backwards);
    assert_eq!(collect_by_fold(view.iter().rev()), backwards);
    assert_eq!((view.iter().count(), view.iter().last()), (len, expected.last()));

    // From both ends in turn, the rest by fold.
    for turns in [0, 1, 2, 5, len / 2, len] {
        let (mut iter, mut twin) = (view.iter(), expected.iter());
        for turn in 0..turns {
            if turn % 3 == 0 {
                assert_eq!(iter.next_back(), twin.next_back());
            } else {
                assert_eq!(iter.next(), twin.next());
            }
            assert_eq!(iter.size_hint(), twin.size_hint());
        }
        assert_eq!(collect_by_fold(iter.clone()), collect_by_fold(twin.clone()));
        assert_eq!(collect_by_fold(iter.clone().rev()), collect_by_fold(twin.clone().rev()));
        assert_eq!(iter.collect::<Vec<_>>(), twin.collect::<Vec<_>>());
    }

    // By leaps.
    for leap in [0, 1, 2, 3, 7, len / 2, len] {
        let (mut iter, mut twin) = (view.iter(), expected.iter());
        for turn in 0..6 {
            if turn % 2 == 0 {
                assert_eq!(iter.nth(leap), twin.nth(leap), "nth({leap})");
            } else {
                assert_eq!(iter.nth_back(leap), twin.nth_back(leap), "nth_back({leap})");
            }
            assert_eq!(iter.len(), twin.len());
        }
        assert!(view.iter().step_by(leap + 1).eq(expected.iter().step_by(leap + 1)));
        assert!(view.iter().rev().step_by(leap + 1).eq(expected.iter().rev().step_by(leap + 1)));
    }

    // With indices, which `get` takes.
    let mut index = [0; N];
    let mut indexed = view.indexed_iter();
    for element in expected {
        assert_eq!(indexed.next(), Some((index, element)));
        assert_eq!((view.get(index), &view[index]), (Some(element), element));
        for axis in (0..N).rev() {
            index[axis] += 1;
            if index[axis] < view.shape()[axis] {
                break;
            }
            index[axis] = 0;
        }
    }
    assert_eq!(indexed.next(), None);
    assert_eq!(collect_by_fold(view.indexed_iter()), view.indexed_iter().collect::<Vec<_>>());
    for axis in 0..N {
        let mut index = [0; N];
        index[axis] = view.shape()[axis];
        assert_eq!(view.get(index), None);
    }

    // In any order.
    let mut seen = view.fold_any(vec![], |mut seen, element| {
        seen.push(element);
        seen
    });
    let mut sorted = refs.clone();
    seen.sort();
    sorted.sort();
    assert_eq!(seen, sorted);

    // As a copy, and as a slice.
    let copy = view.to_owned_compact();
    assert_eq!(
        (copy.len(), copy.capacity()),
        (len, if size_of::<T>() == 0 { usize::MAX } else { len })
    );
    assert_eq!(copy, expected);
    let compact = View::from(&copy).reshape(view.shape()).unwrap();
    assert!(compact.is_contiguous());
    assert_eq!(compact, view);
    assert_eq!(view.as_slice().is_some(), view.is_contiguous());
    if let Some(slice) = view.as_slice() {
        assert_eq!(slice, expected);
    }
    if let Ok(flat) = view.flatten() {
        assert_eq!(flat, expected);
    }
}

/// The same for values.
pub(crate) fn check_values<T: Copy + Ord + Debug, const N: usize>(
    view: View<'_, T, N>,
    expected: &[T],
) {
    check(view, expected);
    assert_eq!(collect_by_fold(view.values()), expected);
    assert!(view.values().eq(expected.iter().copied()));
    assert!(view.values().rev().eq(expected.iter().rev().copied()));
    let mut begun = view.values();
    assert_eq!(begun.nth(1), expected.get(1).copied());
    assert_eq!(collect_by_fold(begun), expected.get(2..).unwrap_or_default());
    let mut begun = view.values();
    assert_eq!(begun.next_back(), expected.last().copied());
    let rest = expected.split_last().map_or(&[][..], |(_, rest)| rest);
    assert_eq!(collect_by_fold(begun), rest);
}

fn collect_by_fold<I: Iterator>(iter: I) -> Vec<I::Item> {
    iter.fold(vec![], |mut seen, item| {
        seen.push(item);
        seen
    })
}
