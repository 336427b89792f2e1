//! ndarray's views as ours and ours as ndarray's, element by element and address by address.

use ndarray::{
    Array, Array2, ArrayView, ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2, Ix0, Ix1, Ix6,
    arr0, arr2,
};
use pennyweight::view::{NdarrayError, Slice, View, ViewMut, column, column_mut, s};
use proptest::prelude::*;
use std::ptr;

/// Both are references to the same elements, in the same order.
#[track_caller]
fn assert_same<T>(view: View<'_, T, 2>, array: ArrayView2<'_, T>) {
    assert_eq!(view.shape(), array.shape());
    assert!(view.iter().map(ptr::from_ref).eq(array.iter().map(ptr::from_ref)));
}

proptest! {
    #[test]
    fn views_with_any_strides_are_arrays_and_back(
        rows in 0..6_usize,
        columns in 0..6_usize,
        slices in proptest::array::uniform2((0..6_isize, 0..6_isize, prop_oneof![-3..0_isize, 1..4_isize])),
        transpose: bool,
    ) {
        let numbers: Vec<u32> = (0..(rows * columns) as u32).collect();
        let [first, second] = slices.map(|(start, stop, step)| Slice::new(start..stop, step));
        let mut view = View::from(&numbers).reshape([rows, columns]).unwrap();
        view = view.slice_axis(0, first).slice_axis(1, second);
        if transpose {
            view = view.t();
        }
        let array = ArrayView2::try_from(view).unwrap();
        assert_same(view, array);
        assert_same(View::from(array), array);

        // The same with ndarray's own slices and reversals.
        let mut array = ArrayView2::from_shape((rows, columns), &numbers).unwrap();
        array.slice_axis_inplace(ndarray::Axis(0), ndarray::Slice::new(0, None, slices[0].2));
        array.invert_axis(ndarray::Axis(1));
        assert_same(View::from(array), array);
        assert_same(View::from(array.t()), array.t());

        let mut copy = numbers.clone();
        let view = ViewMut::from(&mut copy).reshape([rows, columns]).unwrap();
        let view = view.slice_axis(0, first).slice_axis(1, second);
        let selected: Vec<u32> = view.iter().copied().collect();
        let mut array = ArrayViewMut2::try_from(view).unwrap();
        prop_assert!(array.iter().eq(&selected));
        array.map_inplace(|number| *number += 1000);
        ViewMut::from(array).iter_mut().for_each(|number| *number += 1000);
        for (number, before) in copy.into_iter().zip(numbers) {
            prop_assert_eq!(number, before + if selected.contains(&before) { 2000 } else { 0 });
        }
    }
}

#[repr(C)]
#[derive(Clone)]
struct Particle {
    position: [f32; 3],
    kind: u32,
    mass: f64,
    id: u64,
}

fn particles() -> Vec<Particle> {
    (0..5).map(|id| Particle { position: [id as f32; 3], kind: 1, mass: 0.5, id }).collect()
}

#[test]
fn fields_are_arrays_where_their_size_divides_the_struct() {
    let mut particles = particles();
    assert_eq!(size_of::<Particle>(), 32);
    assert_eq!(ArrayView1::try_from(column!(particles, Particle, mass)).unwrap().sum(), 2.5);
    let positions = column!(particles, Particle, position);
    let coordinates = ArrayView2::try_from(positions.array_axis()).unwrap();
    assert_eq!((coordinates.sum(), coordinates.strides()), (30.0, &[8, 1][..]));
    let backwards = column!(particles, Particle, id).slice(s![..; -2]);
    assert_eq!(ArrayView1::try_from(backwards).unwrap().to_vec(), [4, 2, 0]);

    let mut ids = ArrayViewMut1::try_from(column_mut!(particles, Particle, id)).unwrap();
    ids *= 10;
    assert_eq!(column!(particles, Particle, id), [0, 10, 20, 30, 40]);
    assert_eq!(column!(particles, Particle, kind), [1; 5]);
}

#[test]
fn strides_that_are_no_number_of_elements_are_refused() {
    let mut particles = particles();
    let positions = column!(particles, Particle, position);
    let error = ArrayView1::try_from(positions).unwrap_err();
    assert_eq!(error, NdarrayError::Stride { axis: 0, stride: 32, element: 12 });
    let error = ArrayView2::try_from(positions.slice(s![new, ..; -1])).unwrap_err();
    assert_eq!(error, NdarrayError::Stride { axis: 1, stride: -32, element: 12 });
    assert_eq!(
        error.to_string(),
        "ndarray counts strides in elements: -32 bytes, the stride of axis 1, are no multiple of 12"
    );
    // Every third struct is 96 bytes further on, and where there is but one no stride is asked for.
    assert!(ArrayView1::try_from(positions.slice(s![..; 3])).is_ok());
    assert!(ArrayView1::try_from(positions.slice(s![4..])).is_ok());
    assert!(ArrayView1::try_from(positions.slice(s![5..])).is_ok());

    // A view that was lent can still be written.
    let mut positions = column_mut!(particles, Particle, position);
    assert!(ArrayViewMut1::try_from(positions.view_mut()).is_err());
    positions.fill([7.0; 3]);
    assert!(particles.iter().all(|particle| particle.position == [7.0; 3] && particle.kind == 1));
}

#[test]
fn elements_that_are_repeated_are_arrays_up_to_a_limit() {
    let row = [1_u8, 2, 3];
    let rows = View::from(&row).broadcast([4, 3]).unwrap();
    assert_same(rows, ArrayView2::try_from(rows).unwrap());
    let array = ndarray::aview1(&row);
    let repeated = array.broadcast((4, 3)).unwrap();
    assert_same(View::from(repeated), repeated);

    let most = View::from(&row[..1]).broadcast([isize::MAX as usize]).unwrap();
    assert_eq!(ArrayView1::try_from(most).unwrap().len(), isize::MAX as usize);
    let more = View::from(&row[..1]).broadcast([1 + isize::MAX as usize]).unwrap();
    let error = ArrayView1::try_from(more).unwrap_err();
    assert_eq!(error, NdarrayError::Length);
    assert_eq!(error.to_string(), "ndarray has no more than isize::MAX elements");
    let none = more.slice(s![new, ..]).slice(s![..0]);
    assert_eq!(ArrayView2::try_from(none).unwrap_err(), NdarrayError::Length);
}

#[test]
fn arrays_of_nothing_are_views() {
    let empty = Array2::<u64>::zeros((3, 0));
    let view = View::from(empty.view());
    assert_eq!((view.shape(), view.iter().count()), ([3, 0], 0));
    assert_eq!(ArrayView2::try_from(view.t()).unwrap().dim(), (0, 3));

    let mut units = [(); 6];
    let view = ViewMut::from(&mut units).reshape([2, 3]).unwrap().slice(s![..; -1, ..; 2]);
    let mut array = ArrayViewMut2::try_from(view).unwrap();
    array.fill(());
    assert_eq!((array.dim(), array.iter().count()), ((2, 2), 4));
    assert_eq!(ViewMut::from(array).len(), 4);
    let most = [(); usize::MAX];
    let error = ArrayView1::try_from(View::from(&most)).unwrap_err();
    assert_eq!(error, NdarrayError::Length);
}

#[test]
fn all_ranks_of_ndarray_are_ranks_of_views() {
    let scalar = arr0(7);
    assert_eq!(View::from(scalar.view())[[]], 7);
    assert_eq!(ArrayView::<_, Ix0>::try_from(View::from_ref(&7)).unwrap(), scalar);
    let six = Array::from_shape_fn((2, 1, 2, 1, 2, 2), |(a, _, b, _, c, d)| [a, b, c, d]);
    let view = View::from(six.view());
    assert_eq!(view[[1, 0, 0, 0, 1, 1]], [1, 0, 1, 1]);
    assert_eq!(ArrayView::<_, Ix6>::try_from(view).unwrap(), six);
    let one: ArrayView<'_, _, Ix1> = View::from(&[1, 2]).try_into().unwrap();
    assert_eq!(one.to_vec(), [1, 2]);
}

#[test]
fn arrays_are_written_through_views() {
    let mut array = arr2(&[[1, 2, 3], [4, 5, 6]]);
    ViewMut::from(array.slice_mut(ndarray::s![..;-1, 1..])).slice(s![0]).fill(0);
    assert_eq!(array, arr2(&[[1, 2, 3], [4, 0, 0]]));
}

/// `?` hands it on from where the view was borrowed.
#[test]
fn a_refusal_outlives_what_was_refused() {
    fn sum(numbers: &[u32]) -> Result<u32, Box<dyn std::error::Error>> {
        let particles = particles();
        let _: ArrayView1<'_, [f32; 3]> = column!(particles, Particle, position).try_into()?;
        Ok(numbers.iter().sum())
    }
    assert!(sum(&[1]).unwrap_err().is::<NdarrayError>());
}

#[test]
fn arrays_are_viewed_by_reference() {
    let mut array = arr2(&[[1, 2, 3], [4, 5, 6]]);
    assert_same(View::from(&array), array.view());
    assert_same(View::from(&array.t()), array.t());
    ViewMut::from(&mut array).row(1).fill(0);
    ViewMut::from(&mut array.view_mut()).column(0).fill(9);
    assert_eq!(array, arr2(&[[9, 2, 3], [9, 0, 0]]));
}
