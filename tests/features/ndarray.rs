//! ndarray's arrays, whose blocks are estimated, beside what was allocated for them.

use crate::assert_met;
use ndarray::{
    Array, Array1, Array2, Array3, ArrayD, ArrayView1, ArrayView2, ArrayViewD, ArrayViewMut2,
    CowArray, IxDyn, s,
};
use pennyweight::profile::measure;
use pennyweight::size::{HeapSize, deep_size};

#[test]
fn owned_arrays_are_estimated_at_the_bytes_of_their_elements() {
    let size = assert_met(|| Array2::<f64>::zeros((100, 20)));
    assert_eq!((size.heap, size.estimated, size.shared), (16_000, 16_000, 0));
    assert_met(|| Array3::<u8>::ones((3, 5, 7)));
    assert_met(|| Array::from_iter(0..1000_i32));
    assert_met(|| Array2::<u16>::zeros((10, 20)).reversed_axes());
    assert_eq!(assert_met(|| Array1::from_vec(Vec::<u64>::new())).blocks, 0);
}

#[test]
fn steps_in_both_directions_do_not_hide_the_block() {
    // 10 rows of 20; every third column is left, from the right, and the last row is the first.
    let sliced = || Array2::<u32>::zeros((10, 20)).slice_move(s![..;-1, 1..;-3]);
    let (array, stats) = measure(sliced);
    assert!(array.strides().iter().all(|&stride| stride < 0));
    // Column 0 of the first row lies before the first element that is left.
    assert_eq!((array.heap_bytes(), stats.current), (4 * (9 * 20 + 18 + 1), 800));
}

#[test]
fn room_that_is_not_shown_is_not_counted() {
    let (array, stats) = measure(|| {
        let mut numbers = Vec::with_capacity(100);
        numbers.extend(0..60_u64);
        Array::from_vec(numbers)
    });
    let size = deep_size(&array);
    assert_eq!((size.heap, size.estimated, stats.current), (480, 480, 800));
}

#[test]
fn elements_are_weighed_too() {
    let words = || ["to", "be", "or", "not"].map(String::from).to_vec();
    let size = assert_met(|| Array2::from_shape_vec((2, 2), words()).unwrap());
    assert_eq!(size.heap - size.estimated, 9);
    assert_eq!(assert_met(|| Array1::from_vec(words()).into_shared()).blocks, 6);
}

#[test]
fn shared_arrays_count_once() {
    let size = assert_met(|| {
        let array = Array2::<u64>::zeros((10, 10)).into_shared();
        [array.clone(), array.clone(), array.reversed_axes()]
    });
    assert_eq!((size.heap, size.shared, size.blocks), (840, 840, 2));
    assert_met(|| Array1::<u64>::zeros(0).into_shared());
}

#[test]
fn views_own_nothing() {
    let mut array = Array2::<String>::default((3, 4));
    array[[1, 1]] = String::from("owned by another");
    assert_eq!(array.view().heap_bytes(), 0);
    assert_eq!(array.row(1).heap_bytes(), 0);
    assert_eq!(array.view_mut().heap_bytes(), 0);
    assert_eq!(array.raw_view().heap_bytes(), 0);
    assert_eq!(array.raw_view_mut().heap_bytes(), 0);
    assert_eq!(CowArray::from(array.view()).heap_bytes(), 0);
    assert_eq!(CowArray::from(array.clone()).heap_bytes(), array.heap_bytes());
    assert!(!ArrayView1::<String>::owns_heap());
    assert!(!ArrayView2::<String>::owns_heap());
    assert!(!ArrayViewMut2::<String>::owns_heap());
}

#[test]
fn more_than_four_dynamic_axes_are_blocks_of_their_own() {
    for axes in 0..8 {
        let shape = vec![2; axes];
        let size = assert_met(|| ArrayD::<u8>::zeros(IxDyn(&shape)));
        assert_eq!(size.blocks, if axes > 4 { 3 } else { 1 }, "{axes} axes");
    }
    let array = ArrayD::<u8>::zeros(IxDyn(&[1; 6]));
    let (view, stats) = measure(|| array.view());
    assert_eq!(deep_size::<ArrayViewD<'_, u8>>(&view).heap as i64, stats.current);
    // The number of axes is part of the type: they lie inline.
    assert_eq!(assert_met(|| Array::<u8, _>::zeros((1, 1, 1, 1, 1, 1))).blocks, 1);
}
