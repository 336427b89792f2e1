//! Sums in any order, against those of iterators.

use pennyweight::view::{View, s};

fn check<const N: usize>(view: View<'_, i64, N>) {
    assert_eq!(view.sum_any(), view.iter().sum::<i64>(), "{:?}", view.shape());
}

#[test]
fn the_sum_in_any_order_is_that_of_the_iterator() {
    let numbers: Vec<i64> = (0..4000).map(|i| i * i % 1009 - 500).collect();
    let line = View::from(&numbers);
    for len in (0..70).chain([1023, 4000]) {
        let part = line.slice(s![..len]);
        check(part);
        check(part.slice(s![..; 2]));
        check(part.slice(s![..; -1]));
        check(part.slice(s![1..; -3]));
        check(part.windows(0, 3));
        check(part.insert_axis(0).broadcast([5, len as usize]).unwrap());
    }
    for shape in [[10, 20, 20], [400, 1, 10], [2, 50, 40], [40, 100, 1], [4, 0, 4], [1, 1, 1]] {
        let cube =
            line.slice(s![..shape.iter().product::<usize>() as isize]).reshape(shape).unwrap();
        check(cube);
        check(cube.t());
        check(cube.slice(s![.., ..; -1, 1..]));
        check(cube.slice(s![..; 2, .., ..; 2]).permute([1, 2, 0]));
        check(cube.diagonal());
    }
    check(View::from_ref(&numbers[7]));
}

#[test]
fn sums_of_floats_lose_nothing_where_nothing_is_rounded() {
    let halves: Vec<f32> = (0..10_000).map(|i| f32::from(i as u8) / 2.0).collect();
    let expected: f32 = halves.iter().sum();
    let matrix = View::from(&halves).reshape([100, 100]).unwrap();
    assert_eq!((matrix.sum_any(), matrix.t().sum_any()), (expected, expected));
    // The sum of nothing, and of what has the same sum, keeps its sign.
    let nothing = matrix.slice(s![0..0]).sum_any();
    assert_eq!(nothing.to_bits(), [0.0_f32; 0].iter().sum::<f32>().to_bits());
    assert_eq!(View::from(&[-0.0_f32; 40]).sum_any().to_bits(), (-0.0_f32).to_bits());
}
