//! Chains of operations, against a model that knows no strides: indices and elements in lists.

use crate::ways;
use pennyweight::view::{Slice, View, ViewMut};
use proptest::prelude::*;

/// The naive twin: for each index, in order, the number of an element.
#[derive(Clone, Debug)]
struct Model {
    shape: Vec<usize>,
    elements: Vec<usize>,
}

impl Model {
    /// What `source` has at the index that `at` makes of each index of `shape`.
    fn pick(&self, shape: Vec<usize>, at: impl Fn(&[usize]) -> Vec<usize>) -> Self {
        let mut elements = vec![];
        let len: usize = shape.iter().product();
        for number in 0..len {
            let mut rest = number;
            let mut index = vec![0; shape.len()];
            for axis in (0..shape.len()).rev() {
                index[axis] = rest % shape[axis];
                rest /= shape[axis];
            }
            let place = at(&index).iter().zip(&self.shape).fold(0, |place, (&index, &len)| {
                assert!(index < len);
                place * len + index
            });
            elements.push(self.elements[place]);
        }
        Self { shape, elements }
    }

    fn slice(&self, axis: usize, slice: Slice) -> Self {
        // As the reference of Python says it: i + x * k, from i on, up to before j.
        let len = self.shape[axis] as i128;
        let (lowest, highest) = if slice.step < 0 { (-1, len - 1) } else { (0, len) };
        let end = |end: isize| {
            let end = end as i128;
            (if end < 0 { end + len } else { end }).clamp(lowest, highest)
        };
        let (near, far) = if slice.step < 0 { (highest, lowest) } else { (lowest, highest) };
        let (mut at, stop) = (slice.start.map_or(near, end), slice.stop.map_or(far, end));
        let mut picked = vec![];
        while if slice.step < 0 { at > stop } else { at < stop } {
            picked.push(at as usize);
            at += slice.step as i128;
        }
        let mut shape = self.shape.clone();
        shape[axis] = picked.len();
        self.pick(shape, |index| {
            let mut index = index.to_vec();
            index[axis] = picked[index[axis]];
            index
        })
    }
}

#[derive(Clone, Debug)]
enum Step {
    Slice(usize, Slice),
    T,
    Permute([usize; 3]),
    Swap(usize, usize),
    Reverse(usize),
    Split(usize, usize, bool),
    Chunk(usize, usize, usize, bool),
    /// The windows of an axis, of which one element each, or all in one row of the first.
    Window(usize, usize, usize),
    /// One index, repeated.
    Repeat(usize, usize, usize),
}

fn step() -> impl Strategy<Value = Step> {
    let end = || prop::option::of(prop_oneof![8 => -9..9_isize, 1 => any::<isize>()]);
    let by = prop_oneof![4 => -4..0_isize, 4 => 1..5_isize, 1 => any::<isize>()]
        .prop_filter("not 0", |&step| step != 0);
    prop_oneof![
        4 => (0..3_usize, end(), end(), by)
            .prop_map(|(axis, start, stop, step)| Step::Slice(axis, Slice { start, stop, step })),
        1 => Just(Step::T),
        1 => Just([0, 1, 2]).prop_shuffle().prop_map(Step::Permute),
        1 => (0..3_usize, 0..3_usize).prop_map(|(a, b)| Step::Swap(a, b)),
        1 => (0..3_usize).prop_map(Step::Reverse),
        1 => (0..3_usize, 0..9_usize, any::<bool>()).prop_map(|(axis, at, back)| Step::Split(axis, at, back)),
        1 => (0..3_usize, 1..4_usize, 0..3_usize, any::<bool>())
            .prop_map(|(axis, size, n, back)| Step::Chunk(axis, size, n, back)),
        1 => (0..3_usize, 1..4_usize, 0..3_usize).prop_map(|(axis, size, at)| Step::Window(axis, size, at)),
        1 => (0..3_usize, 0..9_usize, 0..4_usize).prop_map(|(axis, at, times)| Step::Repeat(axis, at, times)),
    ]
}

/// A view and its model after a step, or `None` where the step does not apply.
fn apply<'a, T>(
    view: View<'a, T, 3>,
    model: &Model,
    step: &Step,
) -> Option<(View<'a, T, 3>, Model)> {
    let shape = model.shape.clone();
    let with = |axis: usize, len: usize| {
        let mut shape = shape.clone();
        shape[axis] = len;
        shape
    };
    let moved = |axis: usize, by: usize| {
        move |index: &[usize]| {
            let mut index = index.to_vec();
            index[axis] += by;
            index
        }
    };
    Some(match *step {
        Step::Slice(axis, slice) => (view.slice_axis(axis, slice), model.slice(axis, slice)),
        Step::T => {
            let reversed = |index: &[usize]| index.iter().rev().copied().collect();
            (view.t(), model.pick(reversed(&shape), reversed))
        }
        Step::Permute(axes) => {
            let picked = model.pick(axes.map(|axis| shape[axis]).to_vec(), |index| {
                let mut from = vec![0; 3];
                for (place, axis) in axes.into_iter().enumerate() {
                    from[axis] = index[place];
                }
                from
            });
            (view.permute(axes), picked)
        }
        Step::Swap(a, b) => {
            let swapped = |index: &[usize]| {
                let mut index = index.to_vec();
                index.swap(a, b);
                index
            };
            (view.swap_axes(a, b), model.pick(swapped(&shape), swapped))
        }
        Step::Reverse(axis) => {
            let picked = model.pick(shape.clone(), |index| {
                let mut index = index.to_vec();
                index[axis] = shape[axis] - 1 - index[axis];
                index
            });
            (view.reverse_axis(axis), picked)
        }
        Step::Split(axis, at, back) => {
            let at = at.min(shape[axis]);
            let (front, rest) = view.split_at(axis, at);
            if back {
                (rest, model.pick(with(axis, shape[axis] - at), moved(axis, at)))
            } else {
                (front, model.pick(with(axis, at), moved(axis, 0)))
            }
        }
        Step::Chunk(axis, size, n, back) => {
            let mut chunks = view.chunks(axis, size);
            let count = shape[axis].div_ceil(size);
            assert_eq!(chunks.len(), count);
            if n >= count {
                assert!(chunks.nth(n).is_none());
                return None;
            }
            let (place, chunk) = if back {
                (count - 1 - n, chunks.rev().nth(n).unwrap())
            } else {
                (n, chunks.nth(n).unwrap())
            };
            let len = size.min(shape[axis] - place * size);
            (chunk, model.pick(with(axis, len), moved(axis, place * size)))
        }
        Step::Window(axis, size, at) => {
            let windows = view.windows(axis, size);
            let count = (shape[axis] + 1).saturating_sub(size);
            assert_eq!(windows.shape(), [&with(axis, count)[..], &[size]].concat()[..]);
            let at = at % size;
            (windows.index_axis(3, at), model.pick(with(axis, count), moved(axis, at)))
        }
        Step::Repeat(axis, at, times) => {
            if at >= shape[axis] {
                return None;
            }
            let one = view.index_axis(axis, at).insert_axis(axis);
            let to = with(axis, times);
            let picked = model.pick(to.clone(), |index| {
                let mut index = index.to_vec();
                index[axis] = at;
                index
            });
            (one.broadcast([to[0], to[1], to[2]]).unwrap(), picked)
        }
    })
}

fn check_chain<T: Clone + Ord + std::fmt::Debug>(
    shape: [usize; 3],
    steps: &[Step],
    element: impl Fn(usize) -> T,
) {
    let len = shape.iter().product();
    let elements: Vec<T> = (0..len).map(&element).collect();
    let mut view = View::from(&elements).reshape(shape).unwrap();
    let mut model = Model { shape: shape.to_vec(), elements: (0..len).collect() };
    for step in steps {
        if let Some((next, picked)) = apply(view, &model, step) {
            (view, model) = (next, picked);
        }
    }
    assert_eq!(view.shape(), model.shape[..]);
    let expected: Vec<T> = model.elements.iter().map(|&number| element(number)).collect();
    ways::check(view, &expected);

    // The parts along each axis are those of the model.
    for axis in 0..3 {
        let parts: Vec<View<'_, T, 2>> = view.axis_iter(axis).collect();
        assert_eq!((parts.len(), view.axis_iter(axis).len()), (model.shape[axis], parts.len()));
        for (at, part) in parts.iter().enumerate() {
            assert_eq!(*part, view.index_axis(axis, at));
            assert_eq!(view.axis_iter(axis).nth(at), Some(*part));
            let mut one = model.shape.clone();
            one.remove(axis);
            let picked = model.pick(one, |index| {
                let mut index = index.to_vec();
                index.insert(axis, at);
                index
            });
            assert!(part.iter().cloned().eq(picked.elements.iter().map(|&number| element(number))));
        }
        assert!(view.axis_iter(axis).rev().eq(parts.into_iter().rev()));
    }
    let least = *model.shape.iter().min().unwrap();
    let diagonal = model.pick(vec![least], |index| vec![index[0]; 3]);
    assert!(
        view.diagonal().iter().cloned().eq(diagonal.elements.iter().map(|&number| element(number)))
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn chains_of_operations_are_those_of_the_model(
        shape in [0..6_usize, 0..6_usize, 0..6_usize],
        steps in prop::collection::vec(step(), 0..6),
    ) {
        check_chain(shape, &steps, |number| number as i64);
        check_chain(shape, &steps, |number| [number as u16, 7, 9]);
        check_chain(shape, &steps, |number| number.to_string());
        check_chain(shape, &steps, |_| ());
    }

    #[test]
    fn writes_reach_the_elements_of_the_model(
        shape in [1..5_usize, 1..5_usize, 1..5_usize],
        steps in prop::collection::vec(step(), 0..5),
        way in 0..6,
    ) {
        let len = shape.iter().product();
        let mut elements: Vec<i64> = (0..len as i64).collect();
        let mut model = Model { shape: shape.to_vec(), elements: (0..len).collect() };
        let mut view = ViewMut::from(&mut elements).reshape(shape).unwrap();
        for step in &steps {
            // What shows elements twice is not for writing.
            if matches!(step, Step::Window(..) | Step::Repeat(..)) {
                continue;
            }
            let Some((_, picked)) = apply(view.view(), &model, step) else { continue };
            model = picked;
            view = match *step {
                Step::Slice(axis, slice) => view.slice_axis(axis, slice),
                Step::T => view.t(),
                Step::Permute(axes) => view.permute(axes),
                Step::Swap(a, b) => view.swap_axes(a, b),
                Step::Reverse(axis) => view.reverse_axis(axis),
                Step::Split(axis, at, back) => {
                    let at = at.min(view.shape()[axis]);
                    let (front, rest) = view.split_at(axis, at);
                    if back { rest } else { front }
                }
                Step::Chunk(axis, size, n, false) => view.chunks(axis, size).nth(n).unwrap(),
                Step::Chunk(axis, size, n, true) => view.chunks(axis, size).rev().nth(n).unwrap(),
                Step::Window(..) | Step::Repeat(..) => unreachable!(),
            };
        }
        // Every way writes 1000 and more, by the place in order.
        let values: Vec<i64> = (1000..).take(view.len()).collect();
        let shape = view.shape();
        match way {
            0 => view.iter_mut().zip(&values).for_each(|(element, &value)| *element = value),
            1 => view.iter_mut().rev().zip(values.iter().rev()).for_each(|(element, &value)| *element = value),
            2 => {
                let mut next = values.iter();
                for element in &mut view {
                    *element = *next.next().unwrap();
                }
            }
            3 => view.copy_from(View::from(&values).reshape(shape).unwrap()),
            4 => view.zip_any(View::from(&values).reshape(shape).unwrap(), |element, &value| *element = value),
            _ => {
                for (index, element) in view.indexed_iter_mut() {
                    let place = index.iter().zip(shape).fold(0, |place, (&index, len)| place * len + index);
                    *element = values[place];
                }
            }
        }
        prop_assert!(view.iter().eq(&values));
        view.for_each_any(|element| *element += 1);
        let mut expected: Vec<i64> = (0..len as i64).collect();
        for (&number, &value) in model.elements.iter().zip(&values) {
            expected[number] = value + 1;
        }
        prop_assert_eq!(&elements, &expected);
    }

    #[test]
    fn copies_within_read_before_they_write(
        shape in [1..6_usize, 1..9_usize],
        from in [(0..9_usize, 1..3_isize), (0..9_usize, 1..3_isize)],
        to in [(0..9_usize, 1..3_isize), (0..9_usize, 1..3_isize)],
        turned in any::<[bool; 5]>(),
    ) {
        let len = shape[0] * shape[1];
        let mut elements: Vec<usize> = (0..len).collect();
        let mut view = ViewMut::from(&mut elements).reshape(shape).unwrap();
        if turned[4] {
            view = view.t();
        }
        let shape = view.shape();
        let mut model = Model { shape: shape.to_vec(), elements: view.iter().copied().collect() };
        let slices = |starts: [(usize, isize); 2], turned: &[bool]| {
            [0, 1].map(|axis| {
                let (start, step) = starts[axis];
                Slice::new(start % shape[axis].., if turned[axis] { -step } else { step })
            })
        };
        let (mut from, mut to) = (slices(from, &turned[..2]), slices(to, &turned[2..4]));
        // Cut to one shape.
        for axis in 0..2 {
            let count = from[axis].resolve(shape[axis]).1.min(to[axis].resolve(shape[axis]).1);
            for slice in [&mut from[axis], &mut to[axis]] {
                let stop = slice.start.unwrap() + count as isize * slice.step;
                slice.stop = (stop >= 0).then_some(stop);
            }
        }
        let read = model.slice(0, from[0]).slice(1, from[1]);
        let places = Model { shape: shape.to_vec(), elements: (0..len).collect() };
        let written = places.slice(0, to[0]).slice(1, to[1]);
        for (&place, &value) in written.elements.iter().zip(&read.elements) {
            model.elements[place] = value;
        }
        view.copy_within((from[0], (from[1], ())), (to[0], (to[1], ())));
        prop_assert!(view.iter().eq(&model.elements), "{:?} {:?}: {:?}", from, to, view);
    }
}
