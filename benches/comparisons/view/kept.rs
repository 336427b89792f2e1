//! Keeping a part of an array.

use ndarray::ArcArray1;
use pennyweight::view::SharedSlice;
use pennyweight_comparison::{Comparison, Suite};

use crate::comparisons::data::uniform;

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("view", "keep-half", |sizes| half(sizes.generated(1_000_000)));
}

fn half(len: usize) -> Comparison {
    let values = uniform(len, 32);
    let (vec, shared) = (values.to_vec(), SharedSlice::from(values.to_vec()));
    let array = ArcArray1::from(values.to_vec());
    Comparison::of("uniform 32-bit numbers", len)
        .about(
            "The time is that of taking the upper half of an array that others keep too, to be kept as long as one \
             likes: a copy, or an owner more.",
        )
        .times_build()
        .naive(move || vec[len / 2..].to_vec(), |half| half.iter().sum::<i64>())
        .pennyweight(move || shared.slice(len / 2..), |half| half.as_slice().iter().sum::<i64>())
        .peer(
            "ndarray",
            "ndarray",
            move || array.clone().slice_move(ndarray::s![len / 2..]),
            |half| half.iter().sum::<i64>(),
        )
}
