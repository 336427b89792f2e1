//! Slices as CPython and NumPy resolve them. The generator of the expectations is tests/data/slices.py.

use crate::ways;
use pennyweight::view::{ReshapeError, Slice, View, s};

const CASES: &str = include_str!("../data/slices.txt");

fn cases(kind: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    CASES.lines().filter_map(move |line| line.strip_prefix(kind)?.split_once(" ="))
}

fn end(text: &str) -> Option<isize> {
    (text != "_").then(|| text.parse().unwrap())
}

fn slice([start, stop, step]: [&str; 3]) -> Slice {
    Slice { start: end(start), stop: end(stop), step: end(step).unwrap_or(1) }
}

fn numbers<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str, by: char) -> Vec<T> {
    if matches!(text, "" | "-") {
        vec![]
    } else {
        text.split(by).map(|n| n.parse().unwrap()).collect()
    }
}

/// The elements, as the generator writes them.
fn written(elements: &[i64]) -> String {
    if elements.len() <= 24 {
        return elements.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
    }
    let weighted: i64 = elements.iter().zip(1..).map(|(element, place)| element * place).sum();
    format!("#{} {weighted}", elements.len())
}

#[test]
fn slices_of_one_axis_are_those_of_python() {
    let numbers: Vec<i64> = (0..100).collect();
    let mut count = 0;
    for (case, expected) in cases("r ") {
        let [len, start, stop, step] = case.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{case}")
        };
        let slice = slice([start, stop, step]);
        let len = len.parse().unwrap();
        let (first, amount) = slice.resolve(len);
        assert_eq!(format!(" {first} {amount}"), expected, "{case}");

        let picked: Vec<i64> =
            (0..amount as i64).map(|i| first as i64 + i * slice.step as i64).collect();
        let view = View::from(&numbers[..len]).slice_axis(0, slice);
        ways::check_values(view, &picked);
        assert_eq!(View::from(&numbers[..len]).slice((slice, ())), view);
        count += 1;
    }
    assert_eq!(count, 3000);
}

/// A view of any rank.
#[derive(Clone, Copy)]
enum Any<'a> {
    R0(View<'a, i64, 0>),
    R1(View<'a, i64, 1>),
    R2(View<'a, i64, 2>),
    R3(View<'a, i64, 3>),
    R4(View<'a, i64, 4>),
    R5(View<'a, i64, 5>),
    R6(View<'a, i64, 6>),
    R7(View<'a, i64, 7>),
    R8(View<'a, i64, 8>),
}
use Any::{R0, R1, R2, R3, R4, R5, R6, R7, R8};

macro_rules! with {
    ($any:expr, $view:ident => $result:expr, $($rank:ident)+) => {
        match $any {
            $($rank($view) => $result,)+
            #[allow(unreachable_patterns)]
            _ => panic!("no such rank"),
        }
    };
}

macro_rules! move_rank {
    ($any:expr, $view:ident => $result:expr, $($from:ident $to:ident),+) => {
        match $any {
            $($from($view) => $to($result),)+
            _ => panic!("no such rank"),
        }
    };
}

impl<'a> Any<'a> {
    fn shape(self) -> Vec<usize> {
        with!(self, view => view.shape().to_vec(), R0 R1 R2 R3 R4 R5 R6 R7 R8)
    }

    /// `arange(n).reshape(shape).transpose(permutation)`.
    fn source(numbers: &'a [i64], shape: &[usize], permutation: &[usize]) -> Self {
        fn of<'a, const N: usize>(
            numbers: &'a [i64],
            shape: &[usize],
            permutation: &[usize],
        ) -> View<'a, i64, N> {
            let numbers = &numbers[..shape.iter().product()];
            let view = View::from(numbers).reshape(shape.try_into().unwrap()).unwrap();
            view.permute(permutation.try_into().unwrap())
        }
        match shape.len() {
            1 => R1(of(numbers, shape, permutation)),
            2 => R2(of(numbers, shape, permutation)),
            3 => R3(of(numbers, shape, permutation)),
            4 => R4(of(numbers, shape, permutation)),
            _ => panic!("no such rank"),
        }
    }

    fn slice_axis(self, axis: usize, slice: Slice) -> Self {
        match self {
            R0(_) => panic!("no axis"),
            R1(view) => R1(view.slice_axis(axis, slice)),
            R2(view) => R2(view.slice_axis(axis, slice)),
            R3(view) => R3(view.slice_axis(axis, slice)),
            R4(view) => R4(view.slice_axis(axis, slice)),
            R5(view) => R5(view.slice_axis(axis, slice)),
            R6(view) => R6(view.slice_axis(axis, slice)),
            R7(view) => R7(view.slice_axis(axis, slice)),
            R8(view) => R8(view.slice_axis(axis, slice)),
        }
    }

    fn index_axis(self, axis: usize, index: isize) -> Self {
        let len = self.shape()[axis] as isize;
        let index = (if index < 0 { index + len } else { index }) as usize;
        move_rank!(self, view => view.index_axis(axis, index),
            R1 R0, R2 R1, R3 R2, R4 R3, R5 R4, R6 R5, R7 R6, R8 R7)
    }

    fn insert_axis(self, axis: usize) -> Self {
        move_rank!(self, view => view.insert_axis(axis),
            R0 R1, R1 R2, R2 R3, R3 R4, R4 R5, R5 R6, R6 R7, R7 R8)
    }

    /// Item after item.
    fn items(mut self, items: &str) -> Self {
        let mut axis = 0;
        let items: Vec<&str> = items.split(',').collect();
        for (place, &item) in items.iter().enumerate() {
            match item.split(':').collect::<Vec<_>>()[..] {
                ["new"] => {
                    self = self.insert_axis(axis);
                    axis += 1;
                }
                ["..."] => {
                    let behind = items[place + 1..].iter().filter(|&&item| item != "new").count();
                    axis = self.shape().len() - behind;
                }
                [index] => self = self.index_axis(axis, index.parse().unwrap()),
                [start, stop, step] => {
                    self = self.slice_axis(axis, slice([start, stop, step]));
                    axis += 1;
                }
                _ => panic!("{item}"),
            }
        }
        self
    }

    fn check(self, expected: &str, case: &str) {
        let (shape, elements) = expected.trim_start().split_once(" : ").unwrap();
        assert_eq!(self.shape(), numbers::<usize>(shape, 'x'), "{case}");
        with!(self, view => {
            let found = view.to_owned_compact();
            assert_eq!(written(&found), elements, "{case}");
            ways::check_values(view, &found);
        }, R0 R1 R2 R3 R4 R5);
    }
}

#[test]
fn selections_of_any_rank_are_those_of_numpy() {
    let arange: Vec<i64> = (0..3000).collect();
    let mut count = 0;
    for (case, expected) in cases("a ") {
        let [shape, permutation, items] = case.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{case}")
        };
        let source = Any::source(&arange, &numbers(shape, 'x'), &numbers(permutation, ','));
        source.items(items).check(expected, case);
        count += 1;
    }
    assert_eq!(count, 2500);
}

#[test]
fn a_view_is_reshaped_where_numpy_does_not_copy() {
    fn reshape<const N: usize>(
        view: View<'_, i64, N>,
        shape: &[usize],
    ) -> Option<(Vec<usize>, Vec<i64>)> {
        fn to<const N: usize, const M: usize>(
            view: View<'_, i64, N>,
            shape: &[usize],
        ) -> Option<(Vec<usize>, Vec<i64>)> {
            let reshaped: Result<View<'_, i64, M>, ReshapeError<N, M>> =
                view.reshape(shape.try_into().unwrap());
            match reshaped {
                Ok(reshaped) => {
                    let elements: Vec<i64> = view.values().collect();
                    ways::check_values(reshaped, &elements);
                    Some((reshaped.shape().to_vec(), elements))
                }
                Err(error) => {
                    assert!(error.needs_copy(), "{error}");
                    assert_eq!((error.from(), &error.to()[..]), (view.shape(), shape));
                    None
                }
            }
        }
        match shape.len() {
            1 => to::<N, 1>(view, shape),
            2 => to::<N, 2>(view, shape),
            3 => to::<N, 3>(view, shape),
            4 => to::<N, 4>(view, shape),
            _ => panic!("no such rank"),
        }
    }

    let arange: Vec<i64> = (0..3000).collect();
    let (mut count, mut copies) = (0, 0);
    for (case, expected) in cases("v ") {
        let [shape, permutation, items, _, to] = case.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{case}")
        };
        let source = Any::source(&arange, &numbers(shape, 'x'), &numbers(permutation, ','));
        let to: Vec<usize> = numbers(to, 'x');
        let found = with!(source.items(items), view => reshape(view, &to), R1 R2 R3 R4);
        if expected == " copy" {
            assert_eq!(found, None, "{case}");
            copies += 1;
        } else {
            let (shape, elements) = found.expect(case);
            let shape: Vec<String> = shape.iter().map(usize::to_string).collect();
            assert_eq!(
                format!(" {} : {}", shape.join("x"), written(&elements)),
                expected,
                "{case}"
            );
        }
        count += 1;
    }
    assert_eq!(count, 1000);
    assert!(copies > 50, "{copies} cases need a copy");
}

macro_rules! check {
    ($shape:expr, $permutation:expr, $items:expr, $expected_shape:expr, $expected:literal) => {
        let arange: Vec<i64> = (0..$shape.iter().product::<usize>() as i64).collect();
        let selected = source(&arange, $shape, $permutation).slice($items);
        compare(selected, $expected_shape, $expected, stringify!($shape $permutation $items));
    };
}

#[inline(never)]
fn source<const N: usize>(
    arange: &[i64],
    shape: [usize; N],
    permutation: [usize; N],
) -> View<'_, i64, N> {
    View::from(arange).reshape(shape).unwrap().permute(permutation)
}

#[inline(never)]
fn compare<const N: usize>(
    selected: View<'_, i64, N>,
    shape: [usize; N],
    expected: &str,
    case: &str,
) {
    assert_eq!(selected.shape(), shape, "{case}");
    assert_eq!(written(&selected.to_owned_compact()), expected, "{case}");
}

include!("../data/slices_macro.rs");

#[test]
fn what_the_macro_selects_is_what_numpy_selects() {
    selections();
}
