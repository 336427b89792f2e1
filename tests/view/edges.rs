//! Where views could break: nothing to see, nothing in the elements, more than memory holds, and panics.

use crate::ways;
use pennyweight::view::{BroadcastError, ReshapeError, SharedSlice, Slice, View, ViewMut, s};
use std::cell::RefCell;
use std::ops::Bound;
use std::panic::{self, AssertUnwindSafe, UnwindSafe, catch_unwind};

fn panic_of<R>(f: impl FnOnce() -> R + UnwindSafe) -> String {
    let panic = catch_unwind(f).err().expect("did not panic");
    match panic.downcast::<String>() {
        Ok(message) => *message,
        Err(panic) => panic.downcast::<&str>().unwrap().to_string(),
    }
}

#[test]
fn axes_of_no_elements_stay_what_they_are() {
    let empty: [i32; 0] = [];
    let view = View::from(&empty);
    ways::check_values(view, &[]);
    ways::check_values(view.slice(s![..; -1]), &[]);
    ways::check_values(view.slice(s![5..-5; 3]), &[]);
    ways::check_values(view.windows(0, 2), &[]);
    ways::check_values(view.diagonal(), &[]);
    assert_eq!(view.chunks(0, 3).len(), 0);
    assert!(view.chunks(0, 3).next_back().is_none());
    assert_eq!(view.split_at(0, 0), (view, view));
    assert_eq!(view.as_slice(), Some(&[][..]));

    let flat = view.reshape([3, 0, 2]).unwrap();
    ways::check_values(flat, &[]);
    ways::check_values(flat.permute([1, 2, 0]), &[]);
    ways::check_values(flat.slice(s![-1, ..; -1, 1..]), &[]);
    ways::check_values(flat.index_axis(0, 2), &[]);
    assert_eq!(flat.axis_iter(0).map(|part| part.shape()).collect::<Vec<_>>(), [[0, 2]; 3]);
    assert_eq!(flat.axis_iter(1).next(), None);
    assert_eq!((flat.axis_iter(1).len(), flat.axis_iter(1).next_back()), (0, None));
    assert_eq!(flat.reverse_axis(2).t().shape(), [2, 0, 3]);
    assert_eq!(format!("{flat:?} {view:?}"), "[[], [], []] []");
    assert_eq!(view.broadcast([7, 0]).unwrap().shape(), [7, 0]);
    assert!(view.broadcast([7, 1]).is_err());
    let one = [1];
    assert_eq!(View::from(&one).broadcast([3, 0]).unwrap().len(), 0);

    let mut empty: [String; 0] = [];
    let mut view = ViewMut::from(&mut empty).reshape([0, 4]).unwrap();
    view.fill(String::new());
    view.zip_any(
        View::from(&[1, 2, 3, 4]).broadcast([1, 4]).unwrap().slice(s![1..]),
        |_, _| panic!(),
    );
    assert_eq!(view.iter_mut().next(), None);
    assert_eq!(view.t().columns().len(), 0);
}

#[test]
#[allow(clippy::unit_arg, reason = "no items are nothing")]
fn a_view_without_axes_has_one_element() {
    let number = 7;
    let view = View::from_ref(&number);
    ways::check_values(view, &[7]);
    assert_eq!((view.shape(), view[[]], view.get([])), ([0_usize; 0], 7, Some(&7)));
    assert_eq!(view.diagonal(), [7]);
    assert_eq!(view.t().permute([]), view);
    assert_eq!(view.slice(s![]), view);
    assert_eq!(view.slice(s![...]), view);
    assert_eq!(view.slice(s![new, ..., new]), [[7]]);
    assert_eq!(view.broadcast([2, 2]).unwrap(), [[7, 7], [7, 7]]);
    assert_eq!(view.reshape([1, 1]).unwrap(), [[7]]);
    assert_eq!(format!("{view:?}"), "7");
    let mut number = 7;
    let mut view = ViewMut::from(std::slice::from_mut(&mut number)).index_axis(0, 0);
    view[[]] += 1;
    view.zip_any(View::from_ref(&10), |element, by| *element *= by);
    assert_eq!(number, 80);
}

#[test]
fn elements_of_no_size_are_counted_by_index() {
    let units = [(); usize::MAX];
    let view = View::from(&units);
    assert_eq!((view.len(), view.strides()), (usize::MAX, [0]));
    assert_eq!(view.iter().len(), usize::MAX);
    assert_eq!(view.iter().nth(usize::MAX - 1), Some(&()));
    assert_eq!(view.iter().nth(usize::MAX), None);
    assert_eq!(view.iter().nth_back(usize::MAX - 1), Some(&()));
    assert_eq!(view.slice(s![-3..]).len(), 3);
    assert_eq!(view.slice(s![..-3]).len(), usize::MAX - 3);
    assert_eq!(view.slice(s![..; -1]).len(), usize::MAX);
    assert_eq!(view.slice(s![..; -2]).len(), usize::MAX / 2 + 1);
    assert_eq!(view.slice(s![..; isize::MIN]).len(), 2);
    assert_eq!(view.slice(s![1, ...]), View::from_ref(&()));
    assert_eq!(view.slice(s![usize::MAX - 1]), View::from_ref(&()));
    assert_eq!(view.slice(s![isize::MIN]), View::from_ref(&()));
    assert_eq!(view.split_at(0, usize::MAX - 1).1.len(), 1);
    assert_eq!(view.chunks(0, usize::MAX / 2).next_back().map(|chunk| chunk.len()), Some(1));
    assert_eq!(view.as_slice().map(<[()]>::len), Some(usize::MAX));
    let square = view.reshape([usize::MAX / 5, 5]).unwrap();
    assert_eq!(square.t().slice(s![1..3, ..; -1]).shape(), [2, usize::MAX / 5]);
    assert_eq!(square.iter().rev().nth(usize::MAX - 2), Some(&()));
    assert_eq!(view.windows(0, usize::MAX).shape(), [1, usize::MAX]);
    assert!(panic_of(|| view.windows(0, 2)).contains("too many"));

    let mut units = vec![(); 6];
    let mut view = ViewMut::from(&mut units).reshape([2, 3]).unwrap();
    let mut count = 0;
    view.for_each_any(|()| count += 1);
    assert_eq!((count, view.iter_mut().count(), view.iter_mut().rev().count()), (6, 6, 6));
    view.copy_within(s![.., 1..], s![.., ..-1]);
    view.copy_from(View::from_ref(&()).broadcast([2, 3]).unwrap());
}

#[test]
fn as_many_elements_as_a_usize_counts_are_repeated() {
    let byte = 3_u8;
    let view = View::from_ref(&byte).broadcast([isize::MAX as usize, 2]).unwrap();
    assert_eq!((view.len(), view.strides()), (usize::MAX - 1, [0, 0]));
    assert_eq!(view.slice(s![-1, ..]), [3, 3]);
    assert_eq!(view.iter().nth(usize::MAX - 2), Some(&3));
    assert_eq!(view.iter().nth_back(usize::MAX - 2), Some(&3));
    assert_eq!(view.iter().nth(usize::MAX - 1), None);
    assert_eq!(view.slice(s![..; 1 << 62, 0]).len(), 2);
    assert_eq!(view.flatten().unwrap().len(), usize::MAX - 1);
    assert_eq!(panic_of(|| view.to_owned_compact()), "capacity overflow");
    let error = View::from_ref(&byte).broadcast([usize::MAX, 2]).unwrap_err();
    assert_eq!(error.to_string(), "cannot broadcast [] to [18446744073709551615, 2]");
    // Lengths beside one that is 0 count too: what is sliced off must not come back.
    assert!(View::from_ref(&byte).broadcast([usize::MAX, 0, 2]).is_err());
    let empty: [u8; 0] = [];
    let error = View::from(&empty).reshape([usize::MAX, 0, 2]).unwrap_err();
    assert!(!error.needs_copy());
    assert_eq!(
        error.to_string(),
        "cannot reshape [0] into [18446744073709551615, 0, 2]: it has 0 elements"
    );
}

#[test]
fn the_last_bytes_of_a_large_allocation_are_reached() {
    // Untouched memory takes no room.
    let numbers = vec![0_u64; 1 << 28];
    let view = View::from(&numbers).reshape([1 << 14, 1 << 14]).unwrap();
    assert_eq!(view.strides(), [1 << 17, 8]);
    let ends = view.slice(s![..; (1 << 14) - 1, ..; -((1 << 14) - 1)]);
    assert_eq!(ends, [[0, 0], [0, 0]]);
    assert!(std::ptr::eq(&ends[[1, 0]], &numbers[numbers.len() - 1]));
}

#[test]
fn a_step_of_0_panics() {
    let view = View::from(&[1, 2, 3, 4]).reshape([2, 2]).unwrap();
    assert_eq!(panic_of(|| view.slice(s![..; 0])), "slice step of axis 0 cannot be zero");
    assert_eq!(panic_of(|| view.slice(s![..., ..; 0])), "slice step of axis 1 cannot be zero");
    let slice = Slice { start: None, stop: None, step: 0 };
    assert_eq!(panic_of(|| view.slice_axis(1, slice)), "slice step of axis 1 cannot be zero");
    assert_eq!(panic_of(|| slice.resolve(0)), "slice step cannot be zero");
}

#[test]
fn panics_point_at_the_caller() {
    thread_local! {
        static FILE: RefCell<String> = const { RefCell::new(String::new()) };
    }
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        FILE.set(info.location().map(|location| location.file().to_owned()).unwrap_or_default());
        before(info);
    }));
    let numbers = [0; 6];
    let view = View::from(&numbers).reshape([2, 3]).unwrap();
    let shared = SharedSlice::from(numbers);
    let write = |f: fn(ViewMut<'_, i32, 2>)| {
        let mut numbers = [0; 6];
        f(ViewMut::from(&mut numbers).reshape([2, 3]).unwrap());
    };
    let panics: &[&dyn Fn()] = &[
        &|| _ = view[[2, 0]],
        &|| write(|view| _ = view[[0, 3]]),
        &|| write(|mut view| view[[0, 3]] = 1),
        &|| _ = view.slice(s![2]),
        &|| _ = view.slice(s![.., -4]),
        &|| _ = view.slice(s![new, .., ..; 0]),
        &|| write(|view| _ = view.slice(s![..., 3])),
        &|| _ = view.slice_axis(2, ..),
        &|| _ = Slice::new(.., 0).resolve(3),
        &|| _ = view.row(2),
        &|| _ = view.column(3),
        &|| write(|view| _ = view.row(2)),
        &|| write(|view| _ = view.column(3)),
        &|| _ = view.index_axis(2, 0),
        &|| _ = view.insert_axis(3),
        &|| _ = view.split_at(0, 3),
        &|| _ = view.permute([0, 0]),
        &|| _ = view.swap_axes(0, 2),
        &|| _ = view.reverse_axis(2),
        &|| _ = view.windows(0, 0),
        &|| _ = view.axis_iter(2),
        &|| _ = view.chunks(0, 0),
        &|| write(|mut view| view.copy_from(View::from_ref(&1).broadcast([1, 1]).unwrap())),
        &|| write(|mut view| view.copy_within(s![0], s![.., 0])),
        &|| write(|mut view| view.copy_within(s![2], s![0])),
        &|| _ = shared.slice(7..),
        &|| _ = shared.slice(..7),
        &|| _ = shared.slice(..=usize::MAX),
        &|| _ = shared.slice((Bound::Excluded(usize::MAX), Bound::Unbounded)),
    ];
    for (number, panics) in panics.iter().enumerate() {
        catch_unwind(AssertUnwindSafe(panics)).unwrap_err();
        assert_eq!(FILE.take(), file!(), "{number}");
    }
}

#[test]
fn an_index_out_of_range_panics_with_axis_and_length() {
    let numbers = [0; 6];
    let view = View::from(&numbers).reshape([2, 3]).unwrap();
    let out_of_bounds = |axis, len, index: &str| {
        format!("index out of bounds: the length of axis {axis} is {len} but the index is {index}")
    };
    assert_eq!(panic_of(|| view[[2, 0]]), out_of_bounds(0, 2, "2"));
    assert_eq!(panic_of(|| view[[1, 3]]), out_of_bounds(1, 3, "3"));
    assert_eq!(panic_of(|| view.index_axis(1, 3)), out_of_bounds(1, 3, "3"));
    assert_eq!(panic_of(|| view.slice(s![.., 3])), out_of_bounds(1, 3, "3"));
    assert_eq!(panic_of(|| view.slice(s![-3])), out_of_bounds(0, 2, "-3"));
    assert_eq!(panic_of(|| view.slice(s![..., -4])), out_of_bounds(1, 3, "-4"));
    assert_eq!(panic_of(|| view.row(2)), out_of_bounds(0, 2, "2"));
    assert_eq!(panic_of(|| view.column(3)), out_of_bounds(1, 3, "3"));
    assert_eq!(
        panic_of(|| view.slice(s![usize::MAX])),
        out_of_bounds(0, 2, "18446744073709551615")
    );
    assert_eq!(
        panic_of(|| view.slice(s![isize::MIN])),
        out_of_bounds(0, 2, "-9223372036854775808")
    );
    assert_eq!(
        panic_of(|| {
            let mut numbers = [0; 6];
            ViewMut::from(&mut numbers)[[6]] = 1;
        }),
        out_of_bounds(0, 6, "6")
    );
    // Slices are clamped, as Python's.
    assert!(view.slice(s![7.., -100..100]).is_empty());
}

#[test]
fn axes_that_are_not_there_panic() {
    let view = View::from(&[0; 6]).reshape([2, 3]).unwrap();
    assert_eq!(panic_of(|| view.slice_axis(2, ..)), "axis 2 of a view of rank 2");
    assert_eq!(panic_of(|| view.index_axis(2, 0)), "axis 2 of a view of rank 2");
    assert_eq!(panic_of(|| view.axis_iter(5)), "axis 5 of a view of rank 2");
    assert_eq!(panic_of(|| view.chunks(2, 1)), "axis 2 of a view of rank 2");
    assert_eq!(panic_of(|| view.windows(2, 1)), "axis 2 of a view of rank 2");
    assert_eq!(panic_of(|| view.swap_axes(0, 2)), "axis 2 of a view of rank 2");
    assert_eq!(panic_of(|| view.reverse_axis(2)), "axis 2 of a view of rank 2");
    assert_eq!(panic_of(|| view.insert_axis(3)), "axis 3 of a view of rank 3");
    assert_eq!(view.insert_axis(2).shape(), [2, 3, 1]);
    assert_eq!(
        panic_of(|| view.permute([1, 1])),
        "[1, 1] does not name each axis of a view of rank 2 once"
    );
    assert!(panic_of(|| view.permute([0, 2])).starts_with("[0, 2] does not name"));
    assert_eq!(panic_of(|| view.split_at(1, 4)), "cannot split axis 1 of length 3 at 4");
    assert_eq!(panic_of(|| view.chunks(0, 0)), "chunk size must be non-zero");
    assert_eq!(panic_of(|| view.windows(0, 0)), "window size must be non-zero");
}

#[test]
fn shapes_that_differ_panic_with_both() {
    let message = panic_of(|| {
        let mut numbers = [0; 6];
        let mut view = ViewMut::from(&mut numbers).reshape([2, 3]).unwrap();
        view.copy_from(View::from(&[0; 6]).reshape([3, 2]).unwrap());
    });
    assert_eq!(message, "shapes differ: [2, 3] here, [3, 2] there");
    let message = panic_of(|| {
        let mut numbers = [0; 6];
        ViewMut::from(&mut numbers).copy_within(s![..2], s![..3]);
    });
    assert_eq!(message, "shapes differ: [3] here, [2] there");
}

#[test]
fn what_does_not_fit_names_both_shapes() {
    let view = View::from(&[0; 6]).reshape([2, 3]).unwrap();
    let error: ReshapeError<2, 1> = view.reshape([5]).unwrap_err();
    assert_eq!((error.from(), error.to(), error.needs_copy()), ([2, 3], [5], false));
    assert!(view.reshape([2, usize::MAX]).is_err_and(|error| !error.needs_copy()));
    assert!(view.reshape([0, 6]).is_err_and(|error| !error.needs_copy()));
    let error: BroadcastError<2, 1> = view.broadcast([3]).unwrap_err();
    assert_eq!((error.from(), error.to()), ([2, 3], [3]));
    assert_eq!(
        view.broadcast([4, 3]).unwrap_err().to_string(),
        "cannot broadcast [2, 3] to [4, 3]"
    );
}

#[test]
fn elements_that_overlap_are_read() {
    let numbers: Vec<i32> = (0..8).collect();
    let windows = View::from(&numbers).windows(0, 3);
    ways::check_values(windows, &[0, 1, 2, 1, 2, 3, 2, 3, 4, 3, 4, 5, 4, 5, 6, 5, 6, 7]);
    ways::check_values(windows.slice(s![..; -2, ..; -1]), &[7, 6, 5, 5, 4, 3, 3, 2, 1]);
    let of_two_axes = View::from(&numbers).reshape([2, 4]).unwrap().windows(1, 2).windows(0, 2);
    assert_eq!(of_two_axes.shape(), [1, 3, 2, 2]);
    assert_eq!(of_two_axes.slice(s![0, 1]), [[1, 5], [2, 6]]);
    let tiled = View::from(&numbers[..3]).broadcast([2, 2, 3]).unwrap();
    ways::check_values(tiled, &[0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2]);
    ways::check_values(tiled.t(), &[0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
    assert_eq!(tiled.fold_any(0, |sum, number| sum + number), 12);
}

#[test]
fn views_compare_with_lists_and_show_as_lists() {
    let numbers: Vec<i32> = (0..6).collect();
    let view = View::from(&numbers).reshape([2, 3]).unwrap();
    assert_eq!(format!("{view:?}"), "[[0, 1, 2], [3, 4, 5]]");
    assert_eq!(format!("{:?}", view.t()), "[[0, 3], [1, 4], [2, 5]]");
    assert_eq!(format!("{:?}", view.t().iter()), "[0, 3, 1, 4, 2, 5]");
    assert_eq!(format!("{:?}", view.rows()), "[[0, 1, 2], [3, 4, 5]]");
    assert_eq!(format!("{:?}", view.chunks(1, 2)), "[[[0, 1], [3, 4]], [[2], [5]]]");
    assert_eq!(view, [[0, 1, 2], [3, 4, 5]]);
    assert_eq!(view, [[0, 1, 2], [3, 4, 5]][..]);
    assert_ne!(view, [[0, 1, 2], [3, 4, 6]]);
    assert_ne!(view, [[0, 1], [2, 3], [4, 5]]);
    let row = view.index_axis(0, 1);
    assert_eq!(row, [3, 4, 5]);
    assert_eq!(row, &[3, 4, 5][..]);
    assert_eq!(row, [3, 4, 5][..]);
    assert_eq!(row, vec![3, 4, 5]);
    assert_ne!(row, [3, 4]);
    assert_ne!(row, view.index_axis(0, 0));
    // As floats do.
    let nan = [f64::NAN];
    assert_ne!(View::from(&nan), View::from(&nan));
    let words = [String::from("a"), String::from("b")];
    assert_eq!(View::from(&words), ["a", "b"]);
}
