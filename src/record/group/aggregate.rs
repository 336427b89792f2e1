//! What is asked of the groups.

#[cfg(feature = "std")]
use super::accumulate::Std;
use super::accumulate::{
    Accumulator, Count, Distinct, First, Last, Max, Mean, Min, Partial, Size, Sum, Var,
};
use super::lanes::Number;
use super::values::ValueColumn;
use crate::record::dict::{Code, Codes, each};
use alloc::vec::Vec;
use core::fmt;
use core::hash::Hash;
use core::iter;
use core::marker::PhantomData;
use core::mem;
use core::ops::Range;

/// What is asked of the groups: a column and what is kept of its values, such as `sum(distances)`; the [`size`] of the groups; or a tuple of
/// two to six of these, which are found out in one pass.
pub trait Aggregate {
    /// What is kept of a group.
    type Partial: Partial;

    /// What is kept of all groups, each column for itself.
    #[doc(hidden)]
    type Partials;

    /// Whether the columns have this number of rows.
    #[doc(hidden)]
    fn has_rows(&self, rows: usize) -> bool;

    /// What is kept of groups that have no rows yet.
    #[doc(hidden)]
    fn partials(&self, groups: usize) -> Self::Partials;

    /// Adds at most `BLOCK` rows to what is kept of their groups. The number of a row's group is less than the number of groups.
    #[doc(hidden)]
    fn add_rows(&self, partials: &mut Self::Partials, numbers: Codes<'_>, rows: Range<usize>);

    /// Takes what is kept of a group.
    #[doc(hidden)]
    fn take(&self, partials: &mut Self::Partials, group: usize) -> Self::Partial;
}

/// A column, and what is kept of its values in each group: what [`sum`], [`mean`], [`accumulate`] and their siblings give.
pub struct Of<A, C> {
    column: C,
    partial: PhantomData<fn() -> A>,
}

/// The rows of each group: what [`size`] gives.
#[derive(Clone, Copy, Debug)]
pub struct Rows;

/// Whatever an [`Accumulator`] makes of the values of a column.
pub fn accumulate<A: Accumulator<C::Value>, C: ValueColumn>(column: C) -> Of<A, C> {
    Of { column, partial: PhantomData }
}

/// The sums of a column's values: see [`Groups::sum`](super::Groups::sum).
pub fn sum<C: ValueColumn<Value: Number>>(column: C) -> Of<Sum<<C::Value as Number>::Total>, C> {
    accumulate(column)
}

/// The means of a column's values: see [`Groups::mean`](super::Groups::mean).
pub fn mean<C: ValueColumn<Value: Number>>(column: C) -> Of<Mean<<C::Value as Number>::Total>, C> {
    accumulate(column)
}

/// The sample variances of a column's values: see [`Groups::var`](super::Groups::var).
pub fn var<C: ValueColumn<Value: Number>>(column: C) -> Of<Var, C> {
    accumulate(column)
}

/// The sample standard deviations of a column's values: see [`Groups::std`](super::Groups::std).
#[cfg(feature = "std")]
pub fn std<C: ValueColumn<Value: Number>>(column: C) -> Of<Std, C> {
    accumulate(column)
}

/// The smallest values of a column: see [`Groups::min`](super::Groups::min).
pub fn min<C: ValueColumn<Value: PartialOrd>>(column: C) -> Of<Min<C::Value>, C> {
    accumulate(column)
}

/// The largest values of a column: see [`Groups::max`](super::Groups::max).
pub fn max<C: ValueColumn<Value: PartialOrd>>(column: C) -> Of<Max<C::Value>, C> {
    accumulate(column)
}

/// The first values of a column: see [`Groups::first`](super::Groups::first).
pub fn first<C: ValueColumn>(column: C) -> Of<First<C::Value>, C> {
    accumulate(column)
}

/// The last values of a column: see [`Groups::last`](super::Groups::last).
pub fn last<C: ValueColumn>(column: C) -> Of<Last<C::Value>, C> {
    accumulate(column)
}

/// How many different values a column has: see [`Groups::nunique`](super::Groups::nunique).
pub fn nunique<C: ValueColumn<Value: Eq + Hash>>(column: C) -> Of<Distinct<C::Value>, C> {
    accumulate(column)
}

/// How many values a column has that are not null: see [`Groups::count`](super::Groups::count).
pub fn count<C: ValueColumn>(column: C) -> Of<Count, C> {
    accumulate(column)
}

/// How many rows there are: see [`Groups::size`](super::Groups::size).
pub fn size() -> Rows {
    Rows
}

impl<A: Accumulator<C::Value>, C: ValueColumn> Aggregate for Of<A, C> {
    type Partial = A;
    type Partials = Vec<A>;

    fn has_rows(&self, rows: usize) -> bool {
        self.column.rows() == rows
    }

    fn partials(&self, groups: usize) -> Vec<A> {
        defaults(groups)
    }

    fn add_rows(&self, partials: &mut Vec<A>, numbers: Codes<'_>, rows: Range<usize>) {
        self.column.read(rows, |values, validity| {
            A::add_rows(partials, numbers, values, validity);
        });
    }

    fn take(&self, partials: &mut Vec<A>, group: usize) -> A {
        mem::take(&mut partials[group])
    }
}

impl<A, C: Copy> Clone for Of<A, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A, C: Copy> Copy for Of<A, C> {}

impl<A, C: fmt::Debug> fmt::Debug for Of<A, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Of").field(&self.column).finish()
    }
}

impl Aggregate for Rows {
    type Partial = Size;
    type Partials = Vec<Size>;

    fn has_rows(&self, _: usize) -> bool {
        true
    }

    fn partials(&self, groups: usize) -> Vec<Size> {
        defaults(groups)
    }

    fn add_rows(&self, partials: &mut Vec<Size>, numbers: Codes<'_>, _: Range<usize>) {
        each!(numbers, numbers => numbers.iter().for_each(|number| {
            partials[number.wide() as usize].rows += 1;
        }));
    }

    fn take(&self, partials: &mut Vec<Size>, group: usize) -> Size {
        partials[group]
    }
}

/// What is kept of groups that have no rows yet.
fn defaults<A: Default>(groups: usize) -> Vec<A> {
    iter::repeat_with(A::default).take(groups).collect()
}

macro_rules! tuples {
    ($($aggregate:ident $at:tt),*) => {
        impl<$($aggregate: Aggregate),*> Aggregate for ($($aggregate,)*) {
            type Partial = ($($aggregate::Partial,)*);
            type Partials = ($($aggregate::Partials,)*);

            fn has_rows(&self, rows: usize) -> bool {
                $(self.$at.has_rows(rows))&&*
            }

            fn partials(&self, groups: usize) -> Self::Partials {
                ($(self.$at.partials(groups),)*)
            }

            fn add_rows(
                &self,
                partials: &mut Self::Partials,
                numbers: Codes<'_>,
                rows: Range<usize>,
            ) {
                $(self.$at.add_rows(&mut partials.$at, numbers, rows.clone());)*
            }

            fn take(&self, partials: &mut Self::Partials, group: usize) -> Self::Partial {
                ($(self.$at.take(&mut partials.$at, group),)*)
            }
        }
    };
}

tuples!(A 0, B 1);
tuples!(A 0, B 1, C 2);
tuples!(A 0, B 1, C 2, D 3);
tuples!(A 0, B 1, C 2, D 3, E 4);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5);
