//! `view`: slices, steps, transposes and fields of structs without a copy.
//!
//! What all variants look at is there before, and nobody's; what is weighed is what they copy.

mod line;

mod matrix;

mod field;

mod kept;

use std::rc::Rc;

use pennyweight_comparison::Suite;

/// Fits the second-level cache.
const IN_CACHE: usize = 262_144;
/// 64 MB of `i64`: fits none.
const OUT_OF_CACHE: usize = 8_000_000;

/// Adds the comparisons to `suite`.
pub(crate) fn add_to(suite: &mut Suite) {
    line::add_to(suite);
    matrix::add_to(suite);
    field::add_to(suite);
    kept::add_to(suite);
}

/// Returns a closure that shares `values`.
fn shared<T: ?Sized + 'static>(values: &Rc<T>) -> impl Fn() -> Rc<T> + 'static {
    let values = Rc::clone(values);
    move || Rc::clone(&values)
}

/// Returns a closure that shares `values` and keeps a copy of a part of them.
fn copied<T: ?Sized + 'static, C>(
    values: &Rc<T>,
    copy: impl Fn(&T) -> C + 'static,
) -> impl Fn() -> (Rc<T>, C) + 'static {
    let values = Rc::clone(values);
    move || (Rc::clone(&values), copy(&values))
}

/// A step of a fold whose result depends on the order of the values.
fn in_order(folded: i64, value: i64) -> i64 {
    folded.rotate_left(5) ^ value
}
