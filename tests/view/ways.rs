//! Every way to read a view, against its elements in order.

use pennyweight::view::View;
use std::fmt::Debug;

/// Panics unless every way to read `view` gives `expected`.
pub(crate) fn check<T: Clone + Ord + Debug, const N: usize>(view: View<'_, T, N>, expected: &[T]) {
    let refs: Vec<&T> = expected.iter().collect();
    let len = expected.len();
    assert_eq!((view.len(), view.is_empty()), (len, len == 0));
    assert_eq!(view.shape().iter().product::<usize>(), len);

    let folded = |turns| {
        let mut iter = view.iter();
        take_turns(&mut iter, turns);
        (collect_by_fold(iter.clone()), collect_by_fold(iter.rev()))
    };
    check_iter(&|| Box::new(view.iter()), &folded, &refs);
    assert_eq!((view.iter().count(), view.iter().last()), (len, expected.last()));

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

trait Walk: DoubleEndedIterator + ExactSizeIterator {}
impl<I: DoubleEndedIterator + ExactSizeIterator> Walk for I {}

/// Takes elements from both ends in turn.
fn take_turns<I: Walk + ?Sized>(iter: &mut I, turns: usize) {
    for turn in 0..turns {
        if turn % 3 == 0 {
            iter.next_back()
        } else {
            iter.next()
        };
    }
}

/// What needs no type of view, and so is compiled once an element: `iter` one by one, in turns and by leaps;
/// `folded` gives what folds from the front and the back see after some turns.
fn check_iter<'a, T: PartialEq + Debug>(
    iter: &dyn Fn() -> Box<dyn Walk<Item = &'a T> + 'a>,
    folded: &dyn Fn(usize) -> (Vec<&'a T>, Vec<&'a T>),
    expected: &[&'a T],
) {
    let len = expected.len();
    let twin = || expected.iter().copied();
    let mut backwards = iter();
    for (seen, element) in expected.iter().rev().enumerate() {
        assert_eq!(backwards.next_back(), Some(*element));
        assert_eq!(backwards.len(), len - seen - 1);
    }
    assert_eq!(backwards.next_back(), None);
    for turns in [0, 1, 2, 5, len / 2, len] {
        let (mut iter, mut twin) = (iter(), twin());
        take_turns(&mut *iter, turns);
        take_turns(&mut twin, turns);
        assert_eq!(iter.size_hint(), twin.size_hint());
        let left: Vec<&T> = twin.collect();
        assert_eq!(folded(turns), (left.clone(), left.iter().rev().copied().collect()));
        assert_eq!(iter.collect::<Vec<_>>(), left);
    }
    for leap in [0, 1, 2, 3, 7, len / 2, len] {
        let (mut one, mut twin) = (iter(), twin());
        for turn in 0..6 {
            if turn % 2 == 0 {
                assert_eq!(one.nth(leap), twin.nth(leap), "nth({leap})");
            } else {
                assert_eq!(one.nth_back(leap), twin.nth_back(leap), "nth_back({leap})");
            }
            assert_eq!(one.len(), twin.len());
        }
        let (mut one, mut twin) = (iter(), expected.iter().copied());
        while let Some(element) = twin.nth(leap) {
            assert_eq!(one.nth(leap), Some(element));
        }
        assert_eq!(one.nth(leap), None);
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
