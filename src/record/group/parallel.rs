//! Groups of parts, by many threads.

use super::add_all;
use super::aggregate::Aggregate;
use super::keys::{KeyColumn, LentKey};
use super::{Grouped, Partial};
use crate::record::{Record, Records, Slice};
use alloc::vec::Vec;
use hashbrown::HashMap;
use hashbrown::hash_map::Entry;

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
    /// Panics where the columns have different lengths.
    #[must_use]
    #[track_caller]
    pub fn par_group_by<C, G>(
        self,
        keys: impl Fn(R::Columns<'a>) -> C + Sync,
        aggregate: impl Fn(R::Columns<'a>) -> G + Sync,
    ) -> Grouped<LentKey<'a, C>, <G::Partial as Partial>::Output>
    where
        C: KeyColumn<'a>,
        LentKey<'a, C>: Send,
        G: Aggregate<Partial: Send>,
    {
        let part = self.len().div_ceil(PARTS).max(PART);
        let groups = groups_of(self, part, &keys, &aggregate);
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_unstable_by_key(|&(key, _)| key);
        Grouped::new(groups.into_iter().map(|(key, partial)| (key, partial.finish())))
    }
}

impl<R: Record> Records<R>
where
    Self: Sync,
{
    /// The results of an aggregate for the groups of a column, or of several, by many threads.
    ///
    /// The rows are divided into parts of 65,536, or into 64 parts if that is fewer, and what is kept of the groups of each part is merged in their order. So
    /// the results are the same each time, however many threads there are: those that [`group_by`](Self::group_by) and
    /// [`aggregate`](super::Groups::aggregate) have, but for the last bits of floats.
    ///
    /// It wins where much is asked of many rows. It loses where there are few, of which one thread takes all; and where most keys are different, since each is looked
    /// up for its part, and again where parts are merged.
    ///
    /// # Memory
    ///
    /// A table of hashes for each part that is not merged yet: of each group the key that is lent, and what is kept. While a part is added, the numbers
    /// of its keys, as [`group_by`](super::group_by()) has them.
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
    /// Panics where the columns have different lengths.
    #[must_use]
    #[track_caller]
    pub fn par_group_by<'a, C, G>(
        &'a self,
        keys: impl Fn(R::Columns<'a>) -> C + Sync,
        aggregate: impl Fn(R::Columns<'a>) -> G + Sync,
    ) -> Grouped<LentKey<'a, C>, <G::Partial as Partial>::Output>
    where
        C: KeyColumn<'a>,
        LentKey<'a, C>: Send,
        G: Aggregate<Partial: Send>,
    {
        self.as_slice().par_group_by(keys, aggregate)
    }
}

/// What is kept of the groups of rows, in parts of so many.
fn groups_of<'a, R, C, G>(
    rows: Slice<'a, R>,
    part: usize,
    keys: &(impl Fn(R::Columns<'a>) -> C + Sync),
    aggregate: &(impl Fn(R::Columns<'a>) -> G + Sync),
) -> HashMap<LentKey<'a, C>, G::Partial>
where
    R: Record,
    Records<R>: Sync,
    C: KeyColumn<'a>,
    LentKey<'a, C>: Send,
    G: Aggregate<Partial: Send>,
{
    if rows.len() <= part {
        let keys = keys(rows.columns());
        let slots = keys.slots();
        let aggregate = aggregate(rows.columns());
        let mut partials = add_all(&slots, &aggregate);
        let groups = slots.first_rows().into_iter();
        let group = |(row, slot)| (keys.key(row), aggregate.take(&mut partials, slot));
        return groups.map(group).collect();
    }
    let (left, right) = rows.split_at(rows.len().div_ceil(part) / 2 * part);
    let (mut groups, behind) = rayon::join(
        || groups_of(left, part, keys, aggregate),
        || groups_of(right, part, keys, aggregate),
    );
    for (key, partial) in behind {
        match groups.entry(key) {
            Entry::Occupied(mut group) => group.get_mut().merge(partial),
            Entry::Vacant(group) => {
                group.insert(partial);
            }
        }
    }
    groups
}
