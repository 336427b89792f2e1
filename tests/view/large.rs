//! Views beyond the sizes from which copies go in blocks and folds by cache lines.

use pennyweight::view::{View, ViewMut, s};

/// The elements one by one.
fn naive<T: Copy, const N: usize>(view: View<'_, T, N>) -> Vec<T> {
    let mut elements = vec![];
    for element in view {
        elements.push(*element);
    }
    elements
}

/// Panics unless copies and folds are those of `next`.
fn check<T: Copy + PartialEq + std::fmt::Debug + Default, const N: usize>(view: View<'_, T, N>) {
    let expected = naive(view);
    assert!(view.to_owned_compact() == expected, "{:?}", view.shape());
    let mut at = 0;
    let folded = view.values().fold(0, |count, value| {
        assert_eq!(value, expected[at], "at {at} of {:?}", view.shape());
        at += 1;
        count + 1
    });
    assert_eq!(folded, expected.len());

    // Into the order of another view, with room between the elements.
    let mut room = vec![T::default(); 2 * expected.len()];
    let mut target = ViewMut::from(&mut room).slice(s![..; 2]).reshape(view.shape()).unwrap();
    target.copy_from(view);
    assert!(target == view);
    let mut turned = view.shape();
    turned.reverse();
    let mut room = vec![T::default(); expected.len()];
    let mut target = ViewMut::from(&mut room).reshape(turned).unwrap().t();
    target.copy_from(view);
    assert!(target == view);
}

fn check_matrices<T: Copy + PartialEq + std::fmt::Debug + Default>(element: impl Fn(usize) -> T) {
    for [rows, columns] in [[1031, 67], [600, 128], [8, 9001], [2, 40_000], [513, 513]] {
        let elements: Vec<T> = (0..rows * columns).map(&element).collect();
        let matrix = View::from(&elements).reshape([rows, columns]).unwrap();
        check(matrix);
        check(matrix.t());
        check(matrix.t().slice(s![..; -1]));
        check(matrix.t().slice(s![.., ..; -1]));
        check(matrix.slice(s![1..-1, ..; 2]).t());
        check(matrix.slice(s![..; -3, 1..]).t());
        check(matrix.t().slice(s![new, .., new]));
    }
}

#[test]
fn matrices_of_any_element_are_copied_and_folded_in_order() {
    check_matrices(|i| i as u8);
    check_matrices(|i| i as f32);
    check_matrices(|i| i as u64);
    check_matrices(|i| [i as u8, 1, 2]);
    check_matrices(|i| [i as u64; 9]);
    check_matrices(|_| ());
}

/// Panics unless the values of `view` are folded as its elements are, from any index of its first axis on.
fn check_values<T: Copy + PartialEq, const N: usize>(view: View<'_, T, N>) {
    for start in 0..9 {
        let view = view.slice_axis(0, start..);
        let mut elements = view.iter();
        let differs = view.values().fold(0, |differs, value| {
            differs + usize::from(elements.next().is_none_or(|element| *element != value))
        });
        assert_eq!((differs, elements.len()), (0, 0), "{start}.. of {:?}", view.shape());
    }
}

#[test]
fn columns_are_folded_in_order_by_the_lines_of_any_elements() {
    fn check_matrix<T: Copy + PartialEq>(columns: usize, element: impl Fn(usize) -> T) {
        let elements: Vec<T> = (0..515 * columns).map(element).collect();
        let matrix = View::from(&elements).reshape([515, columns]).unwrap().t();
        check_values(matrix);
        check_values(matrix.slice(s![..; -1, ..; -1]));
        check_values(matrix.slice(s![..; 2, 1..]));
        check_values(matrix.slice(s![..; -3, ..]));
    }
    check_matrix(1600, |i| i as u8 ^ (i >> 8) as u8);
    check_matrix(800, |i| i as i32);
    check_matrix(403, |i| i as u64);
    check_matrix(403, |i| [i as u8, (i >> 8) as u8, 7]);
    check_matrix(403, |i| [i as u32, 8, 9]);
    check_matrix(200, |i| [i as u64, 1, 2, 3]);
    let numbers: Vec<u32> = (0..20 * 30 * 520).collect();
    let cube = View::from(&numbers).reshape([20, 30, 520]).unwrap();
    check_values(cube.t());
    check_values(cube.permute([2, 0, 1]));
    let numbers: Vec<u32> = (0..3 * 600 * 256).collect();
    let cube = View::from(&numbers).reshape([3, 600, 256]).unwrap();
    check_values(cube.swap_axes(1, 2));
    check_values(cube.slice(s![.., ..; -1, ..; -1]).swap_axes(1, 2));
}

#[test]
fn cubes_are_copied_and_folded_in_order_by_any_permutation() {
    let numbers: Vec<u32> = (0..40 * 50 * 60).collect();
    let cube = View::from(&numbers).reshape([40, 50, 60]).unwrap();
    for permutation in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        check(cube.permute(permutation));
        check(cube.slice(s![1.., ..; -2, ..; 3]).permute(permutation));
        check(cube.permute(permutation).slice(s![.., 7, ..]));
    }
    let repeated = cube.index_axis(0, 0).broadcast([30, 50, 60]).unwrap();
    check(repeated);
    check(repeated.t());
    check(repeated.permute([1, 2, 0]));
    check(cube.windows(1, 3).permute([3, 2, 1, 0]));
}

#[test]
fn elements_that_are_not_copied_are_cloned_in_blocks() {
    #[derive(Clone, Debug, PartialEq)]
    struct Number(u64);
    let numbers: Vec<Number> = (0..200 * 300).map(Number).collect();
    let matrix = View::from(&numbers).reshape([200, 300]).unwrap().t();
    assert!(matrix.to_owned_compact().iter().eq(matrix.iter()));
    let words: Vec<String> = (0..20_000).map(|i| i.to_string()).collect();
    let matrix = View::from(&words).reshape([100, 200]).unwrap().t();
    assert!(matrix.to_owned_compact().iter().eq(matrix.iter()));
}

#[test]
fn a_clone_that_panics_within_a_block_is_let_through() {
    struct Fragile(u32);
    impl Clone for Fragile {
        fn clone(&self) -> Self {
            assert!(self.0 != 7777, "fragile");
            Self(self.0)
        }
    }
    let numbers: Vec<Fragile> = (0..40_000).map(Fragile).collect();
    let matrix = View::from(&numbers).reshape([200, 200]).unwrap().t();
    assert!(std::panic::catch_unwind(|| matrix.to_owned_compact()).is_err());
    assert_eq!(matrix.slice(s![.., ..38]).to_owned_compact().len(), 7600);
}
