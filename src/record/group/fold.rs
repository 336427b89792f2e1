//! What closures make of values.

use super::accumulate::Partial;
use super::aggregate::Aggregate;
use super::values::{ValueColumn, for_each_value};
use crate::record::dict::Codes;
use crate::size::{HeapSize, Visitor};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

/// What closures have made of values, and the function that merges it.
///
/// `S` and the pointer to the function, filled up to the alignment of both.
#[derive(Clone)]
pub struct Folded<S> {
    state: S,
    merge: fn(&mut S, S),
}

/// A column, and what closures make of its values: what [`fold()`] gives.
#[derive(Clone)]
pub struct FoldOf<C, S, F> {
    column: C,
    init: S,
    step: F,
    merge: fn(&mut S, S),
}

/// What closures make of a column's values that are not null: `step` adds a value to what was made of those before it, of which `init` is
/// the first, and `merge` adds what was made of rows behind them.
///
/// `step` may hold on to what is around it. `merge` may not, since a [`GroupBy`](super::GroupBy) keeps it beside each group, as the pointer to a
/// function. Each batch and each part begins with `init`, so merging that is to change nothing: as 0 does for sums, 1 for products.
/// A group keeps the `merge` that it came with, whatever a later batch says.
///
/// Where it is asked for again and again, an [`Accumulator`](super::Accumulator) has a name for both. Where several columns are asked at once,
/// [`Groups::fold`](super::Groups::fold) has the rows.
///
/// # Memory
///
/// A [`Folded`] a group: `size_of::<S>() + 8` bytes, or more where `S` is aligned otherwise, and what `S` owns. While a batch is added, an `Option<S>` for
/// each number of its keys.
///
/// # Examples
///
/// ```
/// use pennyweight::record::GroupBy;
/// use pennyweight::record::group::{fold, size};
///
/// let limit = 60;
/// let mut groups = GroupBy::new();
/// for (months, delays) in [([1, 2, 1], [75, -3, 85]), ([1, 1, 2], [10, 61, 1])] {
///     let late = fold(
///         &delays[..],
///         Vec::new(),
///         |late, delay| late.extend((delay > limit).then_some(delay)),
///         |late, behind| late.extend(behind),
///     );
///     groups.add(&months[..], (size(), late));
/// }
/// let table = groups.finish();
/// assert_eq!(table.values(), [(4, vec![75, 85, 61]), (2, vec![])]);
/// ```
pub fn fold<C, S, F>(column: C, init: S, step: F, merge: fn(&mut S, S)) -> FoldOf<C, S, F>
where
    C: ValueColumn,
    S: Clone,
    F: Fn(&mut S, C::Value),
{
    FoldOf { column, init, step, merge }
}

impl<S> Partial for Folded<S> {
    type Output = S;

    fn merge(&mut self, other: Self) {
        (self.merge)(&mut self.state, other.state);
    }

    fn finish(self) -> S {
        self.state
    }
}

impl<C, S, F> Aggregate for FoldOf<C, S, F>
where
    C: ValueColumn,
    S: Clone,
    F: Fn(&mut S, C::Value),
{
    type Partial = Folded<S>;
    type Partials = Vec<Option<S>>;

    fn has_rows(&self, rows: usize) -> bool {
        self.column.rows() == rows
    }

    fn partials(&self, groups: usize) -> Self::Partials {
        vec![None; groups]
    }

    fn add_rows(&self, partials: &mut Self::Partials, numbers: Codes<'_>, rows: Range<usize>) {
        for_each_value(self.column, numbers, rows, |number, value| {
            (self.step)(partials[number].get_or_insert_with(|| self.init.clone()), value);
        });
    }

    fn take(&self, partials: &mut Self::Partials, group: usize) -> Self::Partial {
        let state = partials[group].take().unwrap_or_else(|| self.init.clone());
        Folded { state, merge: self.merge }
    }
}

impl<S: fmt::Debug> fmt::Debug for Folded<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Folded").field("state", &self.state).finish_non_exhaustive()
    }
}

impl<C: fmt::Debug, S: fmt::Debug, F> fmt::Debug for FoldOf<C, S, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FoldOf")
            .field("column", &self.column)
            .field("init", &self.init)
            .finish_non_exhaustive()
    }
}

impl<S: HeapSize> HeapSize for Folded<S> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("state", &self.state);
    }

    fn owns_heap() -> bool {
        S::owns_heap()
    }
}
