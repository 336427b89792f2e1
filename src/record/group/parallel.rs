//! Groups of parts, by many threads.

use super::aggregate::Aggregate;
use super::keys::KeyColumn;
use super::{GroupBy, GroupKey, Grouped, Partial};
use crate::record::{Record, Records, Slice};

/// Rows that are worth a part of their own.
const PART: usize = 1 << 16;

/// Parts that are enough for as many threads.
const PARTS: usize = 64;

impl<'a, R: Record> Slice<'a, R>
where
    Records<R>: Sync,
{
    /// The results of an aggregate for groups of these rows, by many threads: see [`Records::par_group_by`].
    ///
    /// # Panics
    ///
    /// As [`GroupBy::add`].
    #[must_use]
    #[track_caller]
    pub fn par_group_by<C, G>(
        self,
        keys: impl Fn(R::Columns<'a>) -> C + Sync,
        aggregate: impl Fn(R::Columns<'a>) -> G + Sync,
    ) -> Grouped<C::Key, <G::Partial as Partial>::Output>
    where
        C: KeyColumn<'a, Key: Send>,
        G: Aggregate<Partial: Send>,
    {
        let part = self.len().div_ceil(PARTS).max(PART);
        let add = |groups: &mut GroupBy<_, _>, rows: Self| {
            groups.add(keys(rows.columns()), aggregate(rows.columns()));
        };
        groups_of(self, part, &add).finish()
    }
}

impl<R: Record> Records<R>
where
    Self: Sync,
{
    /// The results of an aggregate for the groups of a column, or of several, by many threads.
    ///
    /// The rows are divided into parts of 65,536, or into 64 parts if that is fewer; of each part a [`GroupBy`] is made, and these are merged in
    /// their order. So the results are the same each time, however many threads there are: those that
    /// [`group_by`](Self::group_by) has, but for the last bits of floats.
    ///
    /// It wins where keys are looked up in a table of hashes, or many things are asked of many rows. Of few rows there is one part; and where an aggregate is a
    /// loop over two slices, memory is what takes the time, and more threads do not wait for it less.
    ///
    /// ```
    /// use pennyweight::record::group::{max, size, sum};
    /// use pennyweight::record::{Record, Records};
    ///
    /// #[derive(Record)]
    /// struct Ride {
    ///     #[record(dict)]
    ///     station: String,
    ///     minutes: u16,
    /// }
    ///
    /// let ride = |i: u32| Ride { station: format!("S{}", i % 7), minutes: (i % 60) as u16 };
    /// let rides: Records<Ride> = (0..200_000).map(ride).collect();
    /// let table = rides.par_group_by(
    ///     |ride| ride.station(),
    ///     |ride| (size(), sum(ride.minutes()), max(ride.minutes())),
    /// );
    /// assert_eq!(table["S3"], (28_571, 842818, Some(59)));
    /// ```
    ///
    /// # Panics
    ///
    /// As [`GroupBy::add`].
    #[must_use]
    #[track_caller]
    pub fn par_group_by<'a, C, G>(
        &'a self,
        keys: impl Fn(R::Columns<'a>) -> C + Sync,
        aggregate: impl Fn(R::Columns<'a>) -> G + Sync,
    ) -> Grouped<C::Key, <G::Partial as Partial>::Output>
    where
        C: KeyColumn<'a, Key: Send>,
        G: Aggregate<Partial: Send>,
    {
        self.as_slice().par_group_by(keys, aggregate)
    }
}

/// The groups of rows, in parts of so many.
fn groups_of<'a, R, K, A>(
    rows: Slice<'a, R>,
    part: usize,
    add: &(impl Fn(&mut GroupBy<K, A>, Slice<'a, R>) + Sync),
) -> GroupBy<K, A>
where
    R: Record,
    Records<R>: Sync,
    K: GroupKey + Send,
    A: Partial + Send,
{
    if rows.len() <= part {
        let mut groups = GroupBy::new();
        add(&mut groups, rows);
        return groups;
    }
    let (left, right) = rows.split_at(rows.len().div_ceil(part) / 2 * part);
    let (mut groups, others) =
        rayon::join(|| groups_of(left, part, add), || groups_of(right, part, add));
    groups.merge(others);
    groups
}
