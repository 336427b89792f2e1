//! Writing through views, and what is left when writing panics.

use pennyweight::view::{View, ViewMut, s};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

#[test]
fn fill_writes_what_is_selected_and_nothing_else() {
    let mut board = [0; 30];
    let mut view = ViewMut::from(&mut board).reshape([5, 6]).unwrap();
    view.view_mut().slice(s![..; 2, ..; -3]).fill(1);
    view.view_mut().slice(s![3]).fill(2);
    view.view_mut().t().slice(s![0, 1..2]).fill(3);
    assert_eq!(
        view,
        [
            [0, 0, 1, 0, 0, 1],
            [3, 0, 0, 0, 0, 0],
            [0, 0, 1, 0, 0, 1],
            [2, 2, 2, 2, 2, 2],
            [0, 0, 1, 0, 0, 1],
        ]
    );
    assert_eq!(board.iter().sum::<i32>(), 21);
}

#[test]
fn what_is_overwritten_is_dropped_once() {
    let count = Rc::new(());
    let mut shared: Vec<Rc<()>> = (0..12).map(|_| count.clone()).collect();
    assert_eq!(Rc::strong_count(&count), 13);
    let other = Rc::new(());
    ViewMut::from(&mut shared).slice(s![..; 3]).fill(other.clone());
    assert_eq!((Rc::strong_count(&count), Rc::strong_count(&other)), (9, 5));
    let mut view = ViewMut::from(&mut shared).reshape([3, 4]).unwrap();
    view.for_each_any(|element| *element = other.clone());
    assert_eq!((Rc::strong_count(&count), Rc::strong_count(&other)), (1, 13));
    drop(shared);
    assert_eq!(Rc::strong_count(&other), 1);
}

#[test]
fn parts_are_written_side_by_side() {
    let mut numbers: Vec<usize> = (0..24).collect();
    let view = ViewMut::from(&mut numbers).reshape([4, 6]).unwrap();
    let (top, mut bottom) = view.split_at(0, 2);
    let (mut left, mut right) = bottom.view_mut().split_at(1, 3);
    left.copy_from(right.view());
    right.copy_from(top.view().slice(s![.., ..3]));
    top.swap_axes(0, 1).fill(0);
    assert_eq!(
        numbers,
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 15, 16, 17, 0, 1, 2, 21, 22, 23, 6, 7, 8]
    );

    let mut view = ViewMut::from(&mut numbers).reshape([4, 6]).unwrap();
    let mut columns: Vec<ViewMut<'_, usize, 1>> = view.view_mut().columns().collect();
    for (number, column) in columns.iter_mut().enumerate() {
        column.fill(number);
    }
    columns[0][[3]] = 9;
    let mut rows = view.view_mut().rows();
    let (mut first, mut last) = (rows.next().unwrap(), rows.next_back().unwrap());
    assert_eq!((rows.len(), last[[0]]), (2, 9));
    first.copy_from(last.view().reverse_axis(0));
    last.fill(7);
    let mut chunks = view.view_mut().slice(s![1]).chunks(0, 4);
    chunks.next().unwrap().fill(8);
    assert_eq!(chunks.next().unwrap().into_slice(), Some(&mut [4, 5][..]));
    assert_eq!(
        view,
        [[5, 4, 3, 2, 1, 9], [8, 8, 8, 8, 4, 5], [0, 1, 2, 3, 4, 5], [7, 7, 7, 7, 7, 7]]
    );
}

#[test]
fn one_row_is_added_to_all() {
    let mut table = [[1, 2, 3], [4, 5, 6]];
    let row = [10, 20, 30];
    let mut view = ViewMut::from_rows(&mut table);
    view.zip_any(View::from(&row).broadcast([2, 3]).unwrap(), |element, &by| *element += by);
    let column = [100, 200];
    let column = View::from(&column).insert_axis(1).broadcast([2, 3]).unwrap();
    view.view_mut().t().zip_any(column.t(), |element, &by| *element += by);
    assert_eq!(table, [[111, 122, 133], [214, 225, 236]]);
}

#[test]
fn a_slice_comes_back_out_of_a_view() {
    let mut numbers = [1, 2, 3, 4];
    let mut view = ViewMut::from(&mut numbers).reshape([2, 2]).unwrap();
    assert_eq!(view.as_slice(), Some(&[1, 2, 3, 4][..]));
    view.as_mut_slice().unwrap()[1] = 7;
    assert_eq!(view.view_mut().t().as_mut_slice(), None);
    assert_eq!(view.view_mut().reshape([3]).unwrap_err().to(), [3]);
    assert_eq!(view.get([0, 1]), Some(&7));
    assert_eq!(view.get_mut([2, 0]), None);
    let read: View<'_, i32, 2> = view.into();
    assert_eq!((read, read.t()), (read, read.t()));
    assert_eq!(read.index_axis(0, 0), [1, 7]);
}

/// Counts its values, and panics when it is cloned too often.
#[derive(Debug)]
struct Fragile<'a> {
    alive: &'a Cell<i32>,
    clones_left: &'a Cell<i32>,
}

impl<'a> Fragile<'a> {
    fn new(alive: &'a Cell<i32>, clones_left: &'a Cell<i32>) -> Self {
        alive.set(alive.get() + 1);
        Self { alive, clones_left }
    }
}

impl Clone for Fragile<'_> {
    fn clone(&self) -> Self {
        assert!(self.clones_left.replace(self.clones_left.get() - 1) > 0, "fragile");
        Self::new(self.alive, self.clones_left)
    }
}

impl Drop for Fragile<'_> {
    fn drop(&mut self) {
        self.alive.set(self.alive.get() - 1);
    }
}

#[test]
fn a_clone_that_panics_leaves_no_value_behind() {
    let (alive, clones_left) = (Cell::new(0), Cell::new(0));
    let mut values: Vec<_> = (0..12).map(|_| Fragile::new(&alive, &clones_left)).collect();
    for clones in 0..12 {
        clones_left.set(clones);
        let view = View::from(&values).reshape([3, 4]).unwrap();
        assert!(catch_unwind(AssertUnwindSafe(|| view.t().to_owned_compact())).is_err());
        assert_eq!(alive.get(), 12);

        clones_left.set(clones);
        let value = Fragile::new(&alive, &clones_left);
        let mut view = ViewMut::from(&mut values).reshape([4, 3]).unwrap();
        assert!(catch_unwind(AssertUnwindSafe(|| view.view_mut().t().fill(value))).is_err());
        assert_eq!(alive.get(), 12);
    }
    clones_left.set(12);
    let copy = View::from(&values).reshape([3, 4]).unwrap().t().to_owned_compact();
    assert_eq!((copy.len(), alive.get()), (12, 24));
    drop((copy, values));
    assert_eq!(alive.get(), 0);
}

#[test]
fn a_closure_that_panics_leaves_the_view_usable() {
    let mut numbers: Vec<i32> = (0..12).collect();
    let mut view = ViewMut::from(&mut numbers).reshape([3, 4]).unwrap();
    let result = catch_unwind(AssertUnwindSafe(|| {
        view.for_each_any(|element| {
            assert!(*element < 5);
            *element = -1;
        })
    }));
    assert!(result.is_err());
    assert_eq!(view, [[-1, -1, -1, -1], [-1, 5, 6, 7], [8, 9, 10, 11]]);
    let result = catch_unwind(AssertUnwindSafe(|| {
        view.t().into_iter().for_each(|element| {
            assert!(*element < 8);
            *element += 100;
        })
    }));
    assert!(result.is_err());
    assert_eq!(numbers, [99, -1, -1, -1, 99, 5, 6, 7, 8, 9, 10, 11]);
}
