//! Quantiles of groups, by selection.

use super::accumulate::{Partial, is_nan};
use super::aggregate::Aggregate;
use super::lanes::{Number, Total};
use super::slots::Slots;
use super::values::{ValueColumn, blocks, for_each_value};
use crate::record::dict::Codes;
use crate::size::{Block, HeapSize, Visitor};
use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::mem;
use core::ops::Range;

/// All values, for a quantile of them.
#[derive(Clone, Debug)]
pub struct Quantile<T> {
    values: Vec<T>,
    /// Invariant: within 0 and 1.
    quantile: f64,
}

/// A column, and which quantile of its values is asked for: what [`quantile()`] gives.
#[derive(Clone, Copy, Debug)]
pub struct QuantileOf<C> {
    column: C,
    /// Invariant: within 0 and 1.
    quantile: f64,
}

/// The quantiles of a column's values, the same ones as of [`Groups::quantile`](super::Groups::quantile), of batches and of parts as well:
/// exact, and so all values are kept.
///
/// # When it loses
///
/// Where all rows are there at once, [`Groups::quantile`](super::Groups::quantile) counts the values first, and copies them to one
/// allocation. Several quantiles of a column keep its values as many times.
///
/// # Memory
///
/// `size_of::<C::Value>()` bytes a value that is not null, in a `Vec` for each group, which doubles; and 32 bytes a group. While a batch is
/// added, 24 bytes for each number of its keys, and its values once more until they are put to the others.
///
/// # Examples
///
/// ```
/// use pennyweight::record::GroupBy;
/// use pennyweight::record::group::{quantile, size};
///
/// let mut groups = GroupBy::new();
/// for (months, delays) in [([1, 2, 1], [4_i16, -3, 85]), ([1, 1, 2], [10, 5, 1])] {
///     groups.add(&months[..], (size(), quantile(&delays[..], 0.5)));
/// }
/// let table = groups.finish();
/// assert_eq!(table.values(), [(4, Some(7.5)), (2, Some(-1.0))]);
/// ```
///
/// # Panics
///
/// Panics unless the quantile is within 0 and 1. Adding and merging panic at the first group of which another quantile was asked before: those
/// ahead of it have been added then.
#[track_caller]
pub fn quantile<C: ValueColumn<Value: Number + PartialOrd>>(
    column: C,
    quantile: f64,
) -> QuantileOf<C> {
    check(quantile);
    QuantileOf { column, quantile }
}

#[track_caller]
pub(super) fn check(quantile: f64) {
    assert!((0.0..=1.0).contains(&quantile), "quantile {quantile} is not within 0 and 1");
}

impl<T: Number + PartialOrd> Partial for Quantile<T> {
    type Output = Option<f64>;

    fn merge(&mut self, mut other: Self) {
        let (one, another) = (self.quantile, other.quantile);
        assert!(one == another, "quantiles {one} and {another} of the same group");
        if self.values.len() < other.values.len() {
            mem::swap(self, &mut other);
        }
        self.values.append(&mut other.values);
    }

    fn finish(mut self) -> Option<f64> {
        select(&mut self.values, self.quantile)
    }
}

impl<C: ValueColumn<Value: Number + PartialOrd>> Aggregate for QuantileOf<C> {
    type Partial = Quantile<C::Value>;
    type Partials = Vec<Vec<C::Value>>;

    fn has_rows(&self, rows: usize) -> bool {
        self.column.rows() == rows
    }

    fn partials(&self, groups: usize) -> Self::Partials {
        vec![Vec::new(); groups]
    }

    fn add_rows(&self, partials: &mut Self::Partials, numbers: Codes<'_>, rows: Range<usize>) {
        for_each_value(self.column, numbers, rows, |number, value| partials[number].push(value));
    }

    fn take(&self, partials: &mut Self::Partials, group: usize) -> Self::Partial {
        Quantile { values: mem::take(&mut partials[group]), quantile: self.quantile }
    }
}

impl<T: Copy> HeapSize for Quantile<T> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.block(Block::array::<T>(self.values.capacity(), self.values.len()));
    }
}

/// The quantile of each number's values, `None` where it has none.
pub(super) fn quantiles<C: ValueColumn<Value: Number + PartialOrd>>(
    slots: &Slots<'_>,
    column: C,
    quantile: f64,
) -> Vec<Option<f64>> {
    // How many values each number has; then where its values begin; then where they end.
    let mut ends = vec![0; slots.count()];
    let mut total = 0;
    for_each(slots, column, |number, _| ends[number] += 1);
    for end in &mut ends {
        total += mem::replace(end, total);
    }
    let mut first = None;
    for_each(slots, column, |_, value| first = first.or(Some(value)));
    let Some(first) = first else { return vec![None; slots.count()] };
    let mut values = vec![first; total];
    for_each(slots, column, |number, value| {
        values[ends[number]] = value;
        ends[number] += 1;
    });

    let mut rest = &mut values[..];
    let mut start = 0;
    let quantile_of = |end| {
        let (values, behind) = mem::take(&mut rest).split_at_mut(end - start);
        (rest, start) = (behind, end);
        select(values, quantile)
    };
    ends.into_iter().map(quantile_of).collect()
}

/// Calls a closure with the number of each row that has a value, and that.
fn for_each<C: ValueColumn>(slots: &Slots<'_>, column: C, mut f: impl FnMut(usize, C::Value)) {
    for rows in blocks(slots.len()) {
        for_each_value(column, slots.codes().slice(rows.clone()), rows, &mut f);
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
