//! Views of one axis: every second value, every seventh, all of them backwards.

use core::hint::black_box;
use std::rc::Rc;

use ndarray::ArrayView1;
use pennyweight::view::{View, s};
use pennyweight_baseline::view::{every, reversed, sum_every, sum_reversed};
use pennyweight_comparison::{Comparison, Suite};

use super::{IN_CACHE, OUT_OF_CACHE, copied, shared};
use crate::comparisons::data::uniform;

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("view", "every-2nd-in-cache", |sizes| every_second(sizes.generated(IN_CACHE)));
    suite.add("view", "every-2nd", |sizes| every_second(sizes.generated(OUT_OF_CACHE)));
    suite.add("view", "every-7th-in-cache", |sizes| every_seventh(sizes.generated(IN_CACHE)));
    suite.add("view", "every-7th", |sizes| every_seventh(sizes.generated(OUT_OF_CACHE)));
    suite.add("view", "reversed-in-cache", |sizes| backwards(sizes.generated(IN_CACHE)));
    suite.add("view", "reversed", |sizes| backwards(sizes.generated(OUT_OF_CACHE)));
}

fn every_second(len: usize) -> Comparison {
    sums(
        "[::2]",
        len,
        |values| sum_every(values, 2),
        |values| every(values, 2),
        |values| View::from(values).slice(s![..; 2]),
        |values| ArrayView1::from(values).slice_move(ndarray::s![..; 2]),
    )
}

/// With a step that the compiler does not know.
fn every_seventh(len: usize) -> Comparison {
    sums(
        "[::7]",
        len,
        |values| sum_every(values, black_box(7)),
        |values| every(values, black_box(7)),
        |values| View::from(values).slice(s![..; black_box(7)]),
        |values| ArrayView1::from(values).slice_move(ndarray::s![..; black_box(7)]),
    )
}

fn backwards(len: usize) -> Comparison {
    sums(
        "[::-1]",
        len,
        sum_reversed,
        reversed,
        |values| View::from(values).slice(s![..; -1]),
        |values| ArrayView1::from(values).slice_move(ndarray::s![..; -1]),
    )
}

/// All variants of the sum of a slice, given how each takes it.
fn sums(
    slice: &str,
    len: usize,
    naive: impl Fn(&[i64]) -> i64 + 'static,
    copy: impl Fn(&[i64]) -> Vec<i64> + Copy + 'static,
    ours: impl Fn(&[i64]) -> View<'_, i64, 1> + Copy + 'static,
    ndarray: impl Fn(&[i64]) -> ArrayView1<'_, i64> + Copy + 'static,
) -> Comparison {
    let values = uniform(len, 32);
    Comparison::of("uniform 32-bit numbers", len)
        .about(format!(
            "The sum of `{slice}` of a slice: an iterator's adaptor; a copy, as of a Python list, and its sum; a \
             view in whichever order is cheapest (`fold_any` and `sum_any`, ndarray's `fold` and `sum`) and in its own (`iter`). Taking the \
             view is part of the time. Only what is copied is weighed."
        ))
        .naive(shared(&values), move |values| naive(values))
        .variant("naive, copied", copied(&values, copy), move |(values, kept)| {
            *kept = copy(values);
            kept.iter().sum::<i64>()
        })
        .pennyweight(shared(&values), move |values: &mut Rc<[i64]>| {
            ours(values).fold_any(0, |sum, value| sum + value)
        })
        .variant("pennyweight sum", shared(&values), move |values| ours(values).sum_any())
        .variant("pennyweight iter", shared(&values), move |values| {
            ours(values).iter().sum::<i64>()
        })
        .peer("ndarray", "ndarray", shared(&values), move |values| ndarray(values).sum())
        .peer("ndarray", "ndarray, fold", shared(&values), move |values| {
            ndarray(values).fold(0, |sum, value| sum + value)
        })
        .peer("ndarray", "ndarray, iter", shared(&values), move |values| {
            ndarray(values).iter().sum::<i64>()
        })
}
