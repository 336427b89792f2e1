//! Rows in groups of equal keys, and what is made of their values.
//!
//! [`group_by`] takes a column of keys, or a tuple of them, and numbers the rows by their keys. [`Groups`] has the aggregates: a table of
//! results, sorted by the keys. What comes in batches goes to a [`GroupBy`], which keeps the same accumulators, and merges with others; with feature
//! `rayon`, `par_group_by` of [`Records`] has many threads do so for the parts of them.
//!
//! | aggregate | of a group | pandas |
//! |---|---|---|
//! | [`size`] | its rows | `size` |
//! | [`count`] | its values that are not null | `count` |
//! | [`sum`] | their sum: an `i128` of integers, which does not overflow, an `f64` of floats | `sum` |
//! | [`mean`] | their mean, or `None` | `mean` |
//! | [`var`], [`std()`] | their sample variance, and its root, or `None` for less than two | `var`, `std` |
//! | [`min`], [`max`] | the least and the greatest of them, or `None`; `NaN` only where there is nothing else | `min`, `max` |
//! | [`first`], [`last`] | the first and the last of them, or `None` | `first`, `last` |
//! | [`nunique`] | how many different ones there are | `nunique` |
//! | [`quantile()`] | a quantile of them, exactly, 0.5 for the median; keeps them all | `quantile`, `median` |
//! | [`accumulate`], [`fold()`] | what a type or closures of yours make of them | `agg` |
//! | [`Groups::fold`] | what a closure makes of its rows | `apply` |
//!
//! Null is a key like others, before all of them; as a value it is left out. Floats are no keys: see [`KeyColumn`].
//!
//! # How rows find their groups
//!
//! Each row has a number, and accumulators lie in an array by these numbers.
//!
//! - Codes of a dictionary column are such numbers, and are used where they lie. Where rows are null, they are copied, with a number for null.
//! - Integers, `bool` and `char` are numbered by how far they are above the least, if that is less than 1,024 or the number of rows.
//! - Numbers of a tuple's columns make pairs, by the same rule.
//! - What is left, texts and integers far apart, is looked up in a table of hashes, once a row.
//!
//! Numbers that are not codes take 1 byte a row where there are at most 256 of them, 2 bytes up to 65,536, and 4 beyond.
//!
//! # In which order floats are added
//!
//! In none that is promised: rows that follow one another add to different sums, as do batches and threads. Sums of floats that are not
//! exact may differ in their last bits from those of a loop, but are the same each time for the same calls. Sums of integers are
//! exact, and so are means up to the rounding of the sum and of the quotient.
//!
//! # Filters
//!
//! Columns are slices, so a filter is an iterator, and a string is looked up once:
//!
//! ```
//! use pennyweight::record::{DictColumn, group_by};
//!
//! let origins: DictColumn = ["EWR", "JFK", "LGA", "JFK"].iter().collect();
//! let delays = [2_i16, 4, -6, 85];
//! let origins = origins.as_slice();
//!
//! let kennedy = origins.code("JFK").unwrap();
//! assert!(origins.positions(kennedy).eq([1, 3]));
//! let late = origins.positions(kennedy).filter(|&row| delays[row] > 60);
//! assert_eq!(late.count(), 1);
//!
//! // Groups of some of the rows: those of all, of a fold that looks at the others no further.
//! let worst = group_by(origins).fold(None, |worst, row| {
//!     if delays[row] > 0 {
//!         *worst = (*worst).max(Some(delays[row]));
//!     }
//! });
//! assert_eq!((worst.get("JFK"), worst.get("LGA")), (Some(&Some(85)), Some(&None)));
//! ```

#[cfg(feature = "std")]
pub use accumulate::Std;
pub use accumulate::{
    Accumulator, Count, Distinct, First, Last, Max, Mean, Min, Partial, Size, Sum, Var,
};
#[cfg(feature = "std")]
pub use aggregate::std;
pub use aggregate::{
    Aggregate, Of, Rows, accumulate, count, first, last, max, mean, min, nunique, size, sum, var,
};
pub use fold::{FoldOf, Folded, fold};
pub use keys::{GroupKey, KeyColumn, LentKey, PlainKey};
pub use lanes::{Number, Total};
pub use quantile::{Quantile, QuantileOf, quantile};
pub use stream::GroupBy;
pub use table::Grouped;
pub use values::ValueColumn;

mod accumulate;
mod aggregate;
#[cfg(feature = "rayon")]
mod parallel;
mod stream;
mod table;

// How rows find their groups.
mod keys;
pub(super) mod slots;

// How values are read and added.
mod fold;
mod lanes;
mod quantile;
mod values;

use super::Records;
use super::dict::{Code, each};
use super::schema::Record;
use crate::size::{Block, HeapSize, Visitor};
use alloc::vec;
use alloc::vec::Vec;
use core::hash::Hash;
use slots::{Numbers, Slots};
use values::blocks;

/// Groups rows by a column of keys, or by a tuple of two to four: takes no memory for rows of a dictionary column without nulls, and 1 to
/// 4 bytes a row of others.
///
/// ```
/// use pennyweight::record::{Record, Records, group_by};
///
/// #[derive(Record)]
/// struct Flight {
///     #[record(dict)]
///     carrier: String,
///     month: i8,
///     delay: Option<i16>,
/// }
///
/// let flights: Records<Flight> = [("UA", 1, Some(2)), ("AA", 1, None), ("UA", 2, Some(5)), ("UA", 1, Some(6))]
///     .map(|(carrier, month, delay)| Flight { carrier: carrier.into(), month, delay })
///     .into_iter()
///     .collect();
/// let f = flights.columns();
///
/// let means = group_by(f.carrier()).mean(f.delay());
/// assert!(means.iter().eq([(&"AA", &None), (&"UA", &Some(13.0 / 3.0))]));
///
/// let sizes = group_by((f.month(), f.carrier())).size();
/// assert_eq!((sizes.len(), sizes.get(&(1, "UA"))), (3, Some(&2)));
/// ```
///
/// # Panics
///
/// Panics where the columns of a tuple have different lengths.
#[must_use]
#[track_caller]
pub fn group_by<'a, C: KeyColumn<'a>>(keys: C) -> Groups<'a, LentKey<'a, C>> {
    let slots = keys.slots();
    let groups = slots.first_rows().into_iter().map(|(row, slot)| (keys.key(row), slot));
    Groups::new(groups.collect(), slots)
}

impl<R: Record> Records<R> {
    /// Groups the rows by a column, or by several: see [`group_by`](super::group_by()).
    #[track_caller]
    pub fn group_by<'a, C: KeyColumn<'a>>(
        &'a self,
        keys: impl FnOnce(R::Columns<'a>) -> C,
    ) -> Groups<'a, LentKey<'a, C>> {
        group_by(keys(self.columns()))
    }
}

/// Rows in groups of equal keys: what [`group_by`] gives, and answers any number of questions about the groups.
///
/// # When it wins, and when it loses
///
/// It wins where keys are few beside the rows, and are codes or small integers: then nothing is looked up, and an aggregate is one
/// loop over two slices. Keys that are texts or far apart are looked up in a table of hashes, row by row; a
/// [`#[record(dict)]`](super::Record) column has done that before. Where rows come one by one and are not kept,
/// a [`GroupBy`] takes them in batches.
///
/// # Memory
///
/// `size_of::<K>() + 8` bytes a group, and for each row nothing where the key is a dictionary column without nulls. Otherwise 1 byte a row
/// up to 256 numbers, 2 up to 65,536, or 4; the [module](self) says which numbers there are. An aggregate takes its accumulators, of
/// 8 to 32 bytes a number (of [`fold()`], what its closures make), and the table of results; [`quantile()`] and [`nunique`] take the values besides.
///
/// # Examples
///
/// Keys that are no column are collected:
///
/// ```
/// use pennyweight::record::Groups;
///
/// let times = [517, 533, 542, 613, 1045];
/// let hours: Groups<'_, i32> = times.iter().map(|time| time / 100).collect();
/// assert_eq!(hours.keys(), [5, 6, 10]);
/// assert_eq!(hours.size().values(), [3, 1, 1]);
/// assert_eq!(hours.max(&times[..]).get(&5), Some(&Some(542)));
/// assert!(hours.rows_of(&5).eq([0, 1, 2]));
/// ```
///
/// # Source
///
/// Split, apply, combine: [pandas' `groupby`](https://pandas.pydata.org/docs/user_guide/groupby.html). That small keys index an
/// array instead of being hashed is the direct aggregation of Boncz, Zukowski and Nes, "MonetDB/X100: hyper-pipelining query execution"
/// (CIDR 2005). Variances are merged as by Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing sample
/// variances" (1979).
#[derive(Clone, Debug)]
pub struct Groups<'a, K> {
    slots: Slots<'a>,
    /// Invariant: ascending, if their order is one, and different.
    keys: Vec<K>,
    /// The number that rows of a key have. Invariant: as many as there are keys, all less than the count of `slots`.
    numbers: Vec<usize>,
}

impl<'a, K: Ord> Groups<'a, K> {
    /// Groups of these keys and numbers.
    fn new(mut groups: Vec<(K, usize)>, slots: Slots<'a>) -> Self {
        groups.sort_unstable_by(|(key, _), (other, _)| key.cmp(other));
        let (mut keys, mut numbers) =
            (Vec::with_capacity(groups.len()), Vec::with_capacity(groups.len()));
        for (key, number) in groups {
            keys.push(key);
            numbers.push(number);
        }
        Self { slots, keys, numbers }
    }

    /// The number of groups.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.slots.len()
    }

    /// The keys, in ascending order. Null is before all others.
    #[must_use]
    pub fn keys(&self) -> &[K] {
        &self.keys
    }

    /// The rows of the group of a key, in ascending order. Looks at the numbers of all rows.
    pub fn rows_of(&self, key: &K) -> impl Iterator<Item = usize> {
        let number = self.keys.binary_search(key).ok().map(|group| self.numbers[group]);
        let codes = self.slots.codes();
        (0..codes.len()).filter(move |&row| codes.get(row).map(|code| code as usize) == number)
    }

    /// The bytes of heap memory. What keys own is not among them.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        let keys = self.keys.capacity() * size_of::<K>();
        keys + self.numbers.capacity() * size_of::<usize>() + self.slots.heap_bytes()
    }
}

impl<K: Ord + Clone> Groups<'_, K> {
    /// The sums of a column's values: `i128`s of integers, which do not overflow, and `f64`s of floats. Nulls are left out, and the sum of
    /// no value is 0.
    #[must_use]
    #[track_caller]
    pub fn sum<C: ValueColumn<Value: Number>>(
        &self,
        column: C,
    ) -> Grouped<K, <C::Value as Number>::Total> {
        self.aggregate(sum(column))
    }

    /// The means of a column's values. Nulls are left out, and the mean of no value is `None`.
    #[must_use]
    #[track_caller]
    pub fn mean<C: ValueColumn<Value: Number>>(&self, column: C) -> Grouped<K, Option<f64>> {
        self.aggregate(mean(column))
    }

    /// The sample variances of a column's values: divided by one less than there are. Nulls are left out, and the variance of less than two
    /// values is `None`. Of values far from 0 it is as exact as of others (Welford's way), and costs a division each.
    #[must_use]
    #[track_caller]
    pub fn var<C: ValueColumn<Value: Number>>(&self, column: C) -> Grouped<K, Option<f64>> {
        self.aggregate(var(column))
    }

    /// The sample standard deviations of a column's values: the roots of their [variances](Self::var).
    #[cfg(feature = "std")]
    #[must_use]
    #[track_caller]
    pub fn std<C: ValueColumn<Value: Number>>(&self, column: C) -> Grouped<K, Option<f64>> {
        self.aggregate(std(column))
    }

    /// The smallest values of a column. Nulls are left out, and so is `NaN`, unless a group has nothing else.
    #[must_use]
    #[track_caller]
    pub fn min<C: ValueColumn<Value: PartialOrd>>(
        &self,
        column: C,
    ) -> Grouped<K, Option<C::Value>> {
        self.aggregate(min(column))
    }

    /// The largest values of a column. Nulls are left out, and so is `NaN`, unless a group has nothing else.
    #[must_use]
    #[track_caller]
    pub fn max<C: ValueColumn<Value: PartialOrd>>(
        &self,
        column: C,
    ) -> Grouped<K, Option<C::Value>> {
        self.aggregate(max(column))
    }

    /// The first values of a column that are not null.
    #[must_use]
    #[track_caller]
    pub fn first<C: ValueColumn>(&self, column: C) -> Grouped<K, Option<C::Value>> {
        self.aggregate(first(column))
    }

    /// The last values of a column that are not null.
    #[must_use]
    #[track_caller]
    pub fn last<C: ValueColumn>(&self, column: C) -> Grouped<K, Option<C::Value>> {
        self.aggregate(last(column))
    }

    /// How many different values a column has in each group, without null: `nunique` of pandas. Takes a table of hashes for each group;
    /// floats, which are no keys, are not told apart.
    #[must_use]
    #[track_caller]
    pub fn nunique<C: ValueColumn<Value: Eq + Hash>>(&self, column: C) -> Grouped<K, u64> {
        self.aggregate(nunique(column))
    }

    /// How many values a column has in each group, without nulls: `count` of pandas.
    #[must_use]
    #[track_caller]
    pub fn count<C: ValueColumn>(&self, column: C) -> Grouped<K, u64> {
        self.aggregate(count(column))
    }

    /// How many rows each group has: `size` of pandas.
    #[must_use]
    pub fn size(&self) -> Grouped<K, u64> {
        self.aggregate(size())
    }

    /// A quantile of a column's values, exactly: 0.5 for the median. Between two values it is as near to each as its place is to theirs, as in
    /// NumPy and pandas. Nulls are left out; `NaN` is greater than all numbers. Copies the values of all groups. Of batches,
    /// [`quantile()`] has the same.
    ///
    /// # Panics
    ///
    /// Panics unless the quantile is within 0 and 1, and the column has as many rows as the keys.
    #[must_use]
    #[track_caller]
    pub fn quantile<C: ValueColumn<Value: Number + PartialOrd>>(
        &self,
        column: C,
        quantile: f64,
    ) -> Grouped<K, Option<f64>> {
        quantile::check(quantile);
        check_rows(column.rows() == self.rows());
        let quantiles = quantile::quantiles(&self.slots, column, quantile);
        self.results(|number| quantiles[number])
    }

    /// Whatever a closure makes of the rows of each group, in their order: it gets what it has made so far, of which `init` is the first, and
    /// the index of the next row. Of batches, [`fold()`] takes the values of a column, and says how to merge what was made of them.
    #[must_use]
    pub fn fold<S: Clone>(&self, init: S, mut f: impl FnMut(&mut S, usize)) -> Grouped<K, S> {
        let mut states: Vec<Option<S>> = vec![None; self.slots.count()];
        each!(self.slots.codes(), numbers => for (number, row) in numbers.iter().zip(0..) {
            f(states[number.wide() as usize].get_or_insert_with(|| init.clone()), row);
        });
        self.results(|number| states[number].take().unwrap_or_else(|| init.clone()))
    }

    /// The results of an aggregate, or of several in one pass.
    ///
    /// ```
    /// use pennyweight::record::group::{max, mean, size};
    /// use pennyweight::record::group_by;
    ///
    /// let (days, degrees) = ([1, 2, 1, 2], [14.5, 9.0, 15.5, 11.0]);
    /// let table = group_by(&days[..]).aggregate((size(), mean(&degrees[..]), max(&degrees[..])));
    /// assert_eq!(table.get(&1), Some(&(2, Some(15.0), Some(15.5))));
    /// ```
    ///
    /// # Panics
    ///
    /// Panics where a column has not as many rows as the keys.
    #[must_use]
    #[track_caller]
    pub fn aggregate<G: Aggregate>(
        &self,
        aggregate: G,
    ) -> Grouped<K, <G::Partial as Partial>::Output> {
        let mut partials = add_all(&self.slots, &aggregate);
        self.results(|number| aggregate.take(&mut partials, number).finish())
    }

    /// What came out for the numbers of rows, by key.
    fn results<V>(&self, mut result: impl FnMut(usize) -> V) -> Grouped<K, V> {
        let groups = self.keys.iter().cloned().zip(&self.numbers);
        Grouped::new(groups.map(|(key, &number)| (key, result(number))))
    }
}

/// What is kept of the rows of each number.
#[track_caller]
fn add_all<G: Aggregate>(slots: &Slots<'_>, aggregate: &G) -> G::Partials {
    check_rows(aggregate.has_rows(slots.len()));
    let mut partials = aggregate.partials(slots.count());
    for rows in blocks(slots.len()) {
        aggregate.add_rows(&mut partials, slots.codes().slice(rows.clone()), rows);
    }
    partials
}

#[track_caller]
fn check_rows(equal: bool) {
    assert!(equal, "a column of values has not as many rows as the keys");
}

/// Groups of any keys, in the order of the rows. Looks each up in a table of hashes.
impl<K: Ord + Hash> FromIterator<K> for Groups<'_, K> {
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = K>>(keys: I) -> Self {
        let keys = keys.into_iter();
        let mut numbers = Numbers::with_capacity(keys.size_hint().0);
        keys.for_each(|key| numbers.push(key));
        let (slots, keys) = numbers.finish();
        Self::new(keys.into_iter().map(|(key, number)| (key, number as usize)).collect(), slots)
    }
}

impl<K: HeapSize> HeapSize for Groups<'_, K> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("keys", &self.keys);
        visitor.field("numbers", &self.numbers);
        visitor.block(Block::new(self.slots.heap_bytes()));
    }

    fn owns_heap() -> bool {
        true
    }
}
