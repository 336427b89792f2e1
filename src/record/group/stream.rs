//! Groups of what comes in batches.

use super::accumulate::Partial;
use super::add_all;
use super::aggregate::Aggregate;
use super::keys::{GroupKey, KeyColumn};
use super::slots::number;
use super::table::Grouped;
use crate::size::{Block, HeapSize, Visitor};
use alloc::vec::Vec;
use core::fmt;
use core::hash::BuildHasher;
use hashbrown::{DefaultHashBuilder, HashTable};

/// Groups of rows that come in batches, or in parts by several threads: holds the key and what is kept of each group, and no row.
///
/// `K` is a key as it is kept, such as `String` where columns lend `&str`, and `A` what is kept of a group, such as [`Sum`](super::Sum).
/// Both follow from what is [added](Self::add).
///
/// What closures of yours make of the values is a [`fold`](super::fold()), and what a type of yours does, an
/// [`Accumulator`](super::Accumulator).
///
/// # Memory
///
/// For each group `size_of::<(K, A)>()` bytes and what the key owns, in a `Vec` that doubles, and 6 to 12 bytes in a table of
/// hashes. [`quantile`](super::quantile()) keeps all values besides, and [`nunique`](super::nunique) all different ones. While a batch is
/// added, the numbers of its keys as [`group_by`](super::group_by) has them, and an `A` for each key of the batch.
///
/// # Examples
///
/// Batches may have dictionaries of their own, in which equal strings have different codes: a key is looked up once in a batch, and not
/// once a row.
///
/// ```
/// use pennyweight::record::group::{count, mean, sum};
/// use pennyweight::record::{GroupBy, Record, Records};
///
/// #[derive(Record)]
/// struct Flight {
///     #[record(dict)]
///     carrier: String,
///     distance: i16,
///     delay: Option<i16>,
/// }
///
/// let flight = |carrier: &str, distance, delay| Flight { carrier: carrier.into(), distance, delay };
/// let batches: [Records<Flight>; 2] = [
///     [flight("UA", 1400, Some(2)), flight("AA", 1089, None)].into_iter().collect(),
///     [flight("AA", 1085, Some(8)), flight("AA", 733, Some(5))].into_iter().collect(),
/// ];
///
/// let mut groups = GroupBy::new();
/// for batch in &batches {
///     let f = batch.columns();
///     groups.add(f.carrier(), (sum(f.distance()), mean(f.delay()), count(f.delay())));
/// }
/// let table = groups.finish();
/// assert_eq!(table["AA"], (2907, Some(6.5), 2));
/// assert_eq!(table.get("UA"), Some(&(1400, Some(2.0), 1)));
/// ```
///
/// A thread each, and what they found put together; of [`Records`](crate::record::Records), `par_group_by` does that in one call (feature `rayon`):
///
/// ```
/// use pennyweight::record::GroupBy;
/// use pennyweight::record::group::sum;
/// use rayon::prelude::*;
///
/// let hours: Vec<u8> = (0..10_000).map(|i| (i % 24) as u8).collect();
/// let riders: Vec<i32> = (0..10_000).collect();
/// let parts = hours.par_chunks(1000).zip(riders.par_chunks(1000));
/// let groups = parts
///     .fold(GroupBy::new, |mut groups, (hours, riders)| {
///         groups.add(hours, sum(riders));
///         groups
///     })
///     .reduce(GroupBy::new, |mut groups, others| {
///         groups.merge(others);
///         groups
///     });
/// assert_eq!(groups.finish().values().iter().sum::<i128>(), 9_999 * 10_000 / 2);
/// ```
pub struct GroupBy<K, A> {
    groups: Vec<(K, A)>,
    /// Invariant: the places of all groups, by the hashes of their keys.
    places: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl<K: GroupKey, A: Partial> GroupBy<K, A> {
    /// No groups. Does not allocate.
    #[must_use]
    pub fn new() -> Self {
        let (groups, places) = (Vec::new(), HashTable::new());
        Self { groups, places, hasher: DefaultHashBuilder::default() }
    }

    /// The number of groups.
    #[must_use]
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Adds rows, by their keys.
    ///
    /// # Panics
    ///
    /// Panics where the columns have different lengths, and where a [`quantile`](super::quantile()) of a group is another than before. If code of
    /// yours panics in an [`Accumulator`](super::Accumulator) or a step of [`fold`](super::fold()), none of the rows were added; after that
    /// panic of a quantile, and if code of yours panics in [`Partial::merge`], or as it clones what a fold begins with, those of some keys were.
    #[track_caller]
    pub fn add<'a, C, G>(&mut self, keys: C, aggregate: G)
    where
        C: KeyColumn<'a, Key = K>,
        G: Aggregate<Partial = A>,
    {
        let slots = keys.slots();
        let mut partials = add_all(&slots, &aggregate);
        for (row, slot) in slots.first_rows() {
            let key = keys.key(row);
            let hash = self.hasher.hash_one(key);
            let partial = aggregate.take(&mut partials, slot);
            self.merge_group(hash, self.place(hash, key), partial, || K::from_lent(key));
        }
    }

    /// Adds what others have kept, as if their rows came behind those that were added here.
    ///
    /// # Panics
    ///
    /// Panics where a [`quantile`](super::quantile()) of a group is another there. After that, and if code of yours panics in [`Partial::merge`], the
    /// groups before it have been added.
    pub fn merge(&mut self, others: Self) {
        for (key, partial) in others.groups {
            let hash = self.hasher.hash_one(key.lend());
            self.merge_group(hash, self.place(hash, key.lend()), partial, || key);
        }
    }

    /// Where the group of a key is.
    fn place(&self, hash: u64, key: K::Lent<'_>) -> Option<u32> {
        self.places.find(hash, |&place| self.groups[place as usize].0.is(key)).copied()
    }

    /// Adds to a group, which is made anew if it has no place.
    fn merge_group(&mut self, hash: u64, place: Option<u32>, partial: A, key: impl FnOnce() -> K) {
        match place {
            Some(place) => self.groups[place as usize].1.merge(partial),
            None => {
                let place = number(self.groups.len());
                self.groups.push((key(), partial));
                self.places.insert_unique(hash, place, |&place| {
                    self.hasher.hash_one(self.groups[place as usize].0.lend())
                });
            }
        }
    }

    /// The results, sorted by their keys.
    #[must_use]
    pub fn finish(self) -> Grouped<K, A::Output> {
        let mut groups = self.groups;
        groups.sort_unstable_by(|(key, _), (other, _)| key.lend().cmp(&other.lend()));
        Grouped::new(groups.into_iter().map(|(key, partial)| (key, partial.finish())))
    }
}

impl<K, A> GroupBy<K, A> {
    /// The bytes of heap memory: of groups and the table of hashes. What keys and accumulators own is not among them.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.groups.capacity() * size_of::<(K, A)>() + self.places.allocation_size()
    }
}

impl<K: GroupKey, A: Partial> Default for GroupBy<K, A> {
    fn default() -> Self {
        Self::new()
    }
}

/// As a map from keys to what is kept.
impl<K: fmt::Debug, A: fmt::Debug> fmt::Debug for GroupBy<K, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.groups.iter().map(|(key, partial)| (key, partial))).finish()
    }
}

impl<K: HeapSize, A: HeapSize> HeapSize for GroupBy<K, A> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("groups", &self.groups);
        visitor.block(Block::new(self.places.allocation_size()));
    }

    fn owns_heap() -> bool {
        true
    }
}
