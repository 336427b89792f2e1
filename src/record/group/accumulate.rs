//! What is kept of the values of a group.

use super::lanes::{self, Number, Total};
use super::values::for_each_there;
use crate::record::dict::{Code, Codes, each};
use crate::record::validity::Validity;
use crate::size::{Block, HeapSize, Visitor};
use core::hash::Hash;
use core::mem;
use hashbrown::HashSet;

/// What is kept of the rows of a group, and can be put together with what was kept of others.
///
/// [`Sum`], [`Mean`], [`Var`], [`Min`], [`Max`], [`Count`], [`Size`], [`Quantile`](super::Quantile), [`Folded`](super::Folded) and their siblings, tuples of two to six of them, and any type of yours:
/// see [`Accumulator`].
pub trait Partial {
    /// What comes out at the end.
    type Output;

    /// Adds what was kept of other rows, which are behind those of `self`.
    fn merge(&mut self, other: Self);

    /// What comes out.
    fn finish(self) -> Self::Output;
}

/// A [`Partial`] that takes values of type `V`; its default is what is kept of none.
///
/// ```
/// use pennyweight::record::group::{Accumulator, Partial, accumulate};
/// use pennyweight::record::group_by;
///
/// /// The longest text.
/// #[derive(Default)]
/// struct Longest(String);
///
/// impl Partial for Longest {
///     type Output = String;
///
///     fn merge(&mut self, other: Self) {
///         self.add(&other.0);
///     }
///
///     fn finish(self) -> String {
///         self.0
///     }
/// }
///
/// impl Accumulator<&str> for Longest {
///     fn add(&mut self, text: &str) {
///         if text.len() > self.0.len() {
///             self.0 = text.to_owned();
///         }
///     }
/// }
///
/// let (months, days) = ([1, 2, 1, 1], ["Tue", "Fri", "Sunday", "Monday"]);
/// let longest = group_by(&months[..]).aggregate(accumulate::<Longest, _>(&days[..]));
/// assert!(longest.iter().eq([(&1, &"Sunday".to_owned()), (&2, &"Fri".to_owned())]));
/// ```
pub trait Accumulator<V: Copy>: Partial + Default {
    /// Adds a value, which is not null.
    fn add(&mut self, value: V);

    /// Adds the values of rows to what is kept of their groups. The number of a row's group is less than the number of groups. In the place
    /// of nulls is the default.
    #[doc(hidden)]
    fn add_rows(groups: &mut [Self], numbers: Codes<'_>, values: &[V], validity: Validity<'_>) {
        each!(numbers, numbers => for_each_there(values, validity, |row, value| {
            groups[numbers[row].wide() as usize].add(value);
        }));
    }
}

/// The sum of numbers: an `i128` of integers and booleans, which does not overflow; an `f64` of floats.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sum<T = i128> {
    total: T,
}

/// The mean of numbers, as their sum and their count, so that means can be merged.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mean<T = i128> {
    total: T,
    count: u64,
}

/// The sample variance of numbers, as their count, their mean and the sum of their squared distances from it, so that variances can be merged.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Var {
    count: u64,
    mean: f64,
    squares: f64,
}

/// The sample standard deviation of numbers: the root of their [`Var`].
#[cfg(feature = "std")]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Std {
    var: Var,
}

/// The smallest value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Min<T> {
    value: Option<T>,
}

/// The largest value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Max<T> {
    value: Option<T>,
}

/// The first value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct First<T> {
    value: Option<T>,
}

/// The last value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Last<T> {
    value: Option<T>,
}

/// The different values, in a table of hashes.
#[derive(Clone, Debug)]
pub struct Distinct<T> {
    values: HashSet<T>,
}

/// The number of values, without nulls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    count: u64,
}

/// The number of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    pub(super) rows: u64,
}

/// They own nothing on the heap.
macro_rules! heap_size {
    ($($partial:ty $(, $t:ident)?;)*) => {$(
        impl$(<$t: Copy>)? HeapSize for $partial {
            fn visit<'v>(&'v self, _: &mut Visitor<'v>) {}

            fn owns_heap() -> bool {
                false
            }
        }
    )*};
}

heap_size!(Sum<T>, T; Mean<T>, T; Min<T>, T; Max<T>, T; First<T>, T; Last<T>, T; Var; Count; Size;);
#[cfg(feature = "std")]
heap_size!(Std;);

impl<T: Total> Partial for Sum<T> {
    type Output = T;

    fn merge(&mut self, other: Self) {
        self.total += other.total;
    }

    fn finish(self) -> T {
        self.total
    }
}

impl<V: Number> Accumulator<V> for Sum<V::Total> {
    #[inline]
    fn add(&mut self, value: V) {
        self.total += value.to_total();
    }

    fn add_rows(groups: &mut [Self], numbers: Codes<'_>, values: &[V], validity: Validity<'_>) {
        lanes::add_rows(groups, numbers, values, validity, |group, total, _| group.total += total);
    }
}

impl<T: Total> Partial for Mean<T> {
    type Output = Option<f64>;

    fn merge(&mut self, other: Self) {
        self.total += other.total;
        self.count += other.count;
    }

    fn finish(self) -> Option<f64> {
        (self.count > 0).then(|| self.total.to_f64() / self.count as f64)
    }
}

impl<V: Number> Accumulator<V> for Mean<V::Total> {
    #[inline]
    fn add(&mut self, value: V) {
        self.total += value.to_total();
        self.count += 1;
    }

    fn add_rows(groups: &mut [Self], numbers: Codes<'_>, values: &[V], validity: Validity<'_>) {
        lanes::add_rows(groups, numbers, values, validity, |mean, total, count| {
            mean.total += total;
            mean.count += count;
        });
    }
}

impl Partial for Var {
    type Output = Option<f64>;

    fn merge(&mut self, other: Self) {
        let count = self.count + other.count;
        if other.count > 0 {
            let share = other.count as f64 / count as f64;
            let distance = other.mean - self.mean;
            self.squares += other.squares + distance * distance * share * self.count as f64;
            self.mean += distance * share;
        }
        self.count = count;
    }

    fn finish(self) -> Option<f64> {
        (self.count > 1).then(|| self.squares / (self.count - 1) as f64)
    }
}

impl<V: Number> Accumulator<V> for Var {
    #[inline]
    fn add(&mut self, value: V) {
        self.count += 1;
        let value = value.to_total().to_f64();
        let distance = value - self.mean;
        self.mean += distance / self.count as f64;
        self.squares += distance * (value - self.mean);
    }
}

#[cfg(feature = "std")]
impl Partial for Std {
    type Output = Option<f64>;

    fn merge(&mut self, other: Self) {
        self.var.merge(other.var);
    }

    fn finish(self) -> Option<f64> {
        self.var.finish().map(f64::sqrt)
    }
}

#[cfg(feature = "std")]
impl<V: Number> Accumulator<V> for Std {
    #[inline]
    fn add(&mut self, value: V) {
        self.var.add(value);
    }
}

/// What is kept of one of the values.
macro_rules! one_value {
    ($partial:ident: $bound:ident, |$kept:pat_param, $value:ident| $replace:expr) => {
        impl<T> Default for $partial<T> {
            fn default() -> Self {
                Self { value: None }
            }
        }

        impl<T: Copy + $bound> Partial for $partial<T> {
            type Output = Option<T>;

            fn merge(&mut self, other: Self) {
                if let Some(value) = other.value {
                    self.add(value);
                }
            }

            fn finish(self) -> Option<T> {
                self.value
            }
        }

        impl<T: Copy + $bound> Accumulator<T> for $partial<T> {
            #[inline]
            fn add(&mut self, $value: T) {
                match self.value {
                    Some($kept) if !$replace => {}
                    _ => self.value = Some($value),
                }
            }
        }
    };
}

one_value!(Min: PartialOrd, |kept, value| value < kept || is_nan(&kept));
one_value!(Max: PartialOrd, |kept, value| value > kept || is_nan(&kept));
one_value!(First: Copy, |_, value| false);
one_value!(Last: Copy, |_, value| true);

/// Whether a value is not even equal to itself.
#[inline]
pub(super) fn is_nan<T: PartialOrd>(value: &T) -> bool {
    value.partial_cmp(value).is_none()
}

impl<T> Default for Distinct<T> {
    fn default() -> Self {
        Self { values: HashSet::new() }
    }
}

impl<T: Copy + Eq + Hash> Partial for Distinct<T> {
    type Output = u64;

    fn merge(&mut self, mut other: Self) {
        if self.values.len() < other.values.len() {
            mem::swap(self, &mut other);
        }
        self.values.extend(other.values);
    }

    fn finish(self) -> u64 {
        self.values.len() as u64
    }
}

impl<T: Copy + Eq + Hash> Accumulator<T> for Distinct<T> {
    #[inline]
    fn add(&mut self, value: T) {
        self.values.insert(value);
    }
}

impl<T: Copy + Eq + Hash> HeapSize for Distinct<T> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.block(Block::new(self.values.allocation_size()));
    }
}

impl Partial for Count {
    type Output = u64;

    fn merge(&mut self, other: Self) {
        self.count += other.count;
    }

    fn finish(self) -> u64 {
        self.count
    }
}

impl<V: Copy> Accumulator<V> for Count {
    #[inline]
    fn add(&mut self, _: V) {
        self.count += 1;
    }
}

impl Partial for Size {
    type Output = u64;

    fn merge(&mut self, other: Self) {
        self.rows += other.rows;
    }

    fn finish(self) -> u64 {
        self.rows
    }
}

macro_rules! tuples {
    ($($partial:ident $at:tt),*) => {
        impl<$($partial: Partial),*> Partial for ($($partial,)*) {
            type Output = ($($partial::Output,)*);

            fn merge(&mut self, other: Self) {
                $(self.$at.merge(other.$at);)*
            }

            fn finish(self) -> Self::Output {
                ($(self.$at.finish(),)*)
            }
        }
    };
}

tuples!(A 0, B 1);
tuples!(A 0, B 1, C 2);
tuples!(A 0, B 1, C 2, D 3);
tuples!(A 0, B 1, C 2, D 3, E 4);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5);
