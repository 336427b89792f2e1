//! Quantiles of groups, by selection.

use super::accumulate::is_nan;
use super::lanes::{Number, Total};
use super::slots::Slots;
use super::values::{ValueColumn, blocks, for_each_there};
use crate::record::dict::{Code, each};
use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// The quantile of each number's values, `None` where it has none.
pub(super) fn quantiles<C: ValueColumn<Value: Number + PartialOrd>>(
    slots: &Slots<'_>,
    column: C,
    quantile: f64,
) -> Vec<Option<f64>> {
    // How many values each number has; then where its values begin; then where they end.
    let mut ends = vec![0; slots.count()];
    let mut total = 0;
    for_each_value(slots, column, |number, _| ends[number] += 1);
    for end in &mut ends {
        total += core::mem::replace(end, total);
    }
    let mut first = None;
    for_each_value(slots, column, |_, value| first = first.or(Some(value)));
    let Some(first) = first else { return vec![None; slots.count()] };
    let mut values = vec![first; total];
    for_each_value(slots, column, |number, value| {
        values[ends[number]] = value;
        ends[number] += 1;
    });

    let mut rest = &mut values[..];
    let mut start = 0;
    let quantile_of = |end| {
        let (values, behind) = core::mem::take(&mut rest).split_at_mut(end - start);
        (rest, start) = (behind, end);
        select(values, quantile)
    };
    ends.into_iter().map(quantile_of).collect()
}

/// Calls a closure with the number of each row that has a value, and that.
fn for_each_value<C: ValueColumn>(
    slots: &Slots<'_>,
    column: C,
    mut f: impl FnMut(usize, C::Value),
) {
    for rows in blocks(slots.len()) {
        each!(slots.codes().slice(rows.clone()), numbers => column.read(rows, |values, validity| {
            for_each_there(values, validity, |row, value| f(numbers[row].wide() as usize, value));
        }));
    }
}

/// The quantile of values, between two of them by how near it is to each. Orders the values anew.
fn select<T: Number + PartialOrd>(values: &mut [T], quantile: f64) -> Option<f64> {
    let place = quantile * values.len().checked_sub(1)? as f64;
    let (below, weight) = (place as usize, place - (place as usize) as f64);
    let (_, &mut low, above) = values.select_nth_unstable_by(below, ascending);
    let low = low.to_total().to_f64();
    let next = above.iter().copied().min_by(ascending).map(|next| next.to_total().to_f64());
    match next {
        Some(next) if weight > 0.0 => Some(low + (next - low) * weight),
        _ => Some(low),
    }
}

/// Numbers in their order, and behind them `NaN`s.
fn ascending<T: PartialOrd>(value: &T, other: &T) -> Ordering {
    value.partial_cmp(other).unwrap_or_else(|| is_nan(value).cmp(&is_nan(other)))
}
