//! What came out for each group.

use super::keys::GroupKey;
use crate::size::{HeapSize, Visitor};
use alloc::vec::{self, Vec};
use core::borrow::Borrow;
use core::iter::Zip;
use core::ops::Index;
use core::slice;

/// A result for each key, sorted by the keys: what aggregates give. Two vectors without slack.
///
/// ```
/// use pennyweight::record::group_by;
///
/// let sums = group_by(&[3, 1, 3][..]).sum(&[10_i64, 20, 30][..]);
/// assert_eq!((sums.keys(), sums.values()), (&[1, 3][..], &[20, 40][..]));
/// assert_eq!((sums[&1], sums.get(&3), sums.get(&2)), (20, Some(&40), None));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grouped<K, V> {
    /// Invariant: ascending, if their order is one, and different.
    keys: Vec<K>,
    /// Invariant: as many as there are keys.
    values: Vec<V>,
}

impl<K, V> Grouped<K, V> {
    /// Keys in ascending order, and their results.
    pub(super) fn new(groups: impl ExactSizeIterator<Item = (K, V)>) -> Self {
        let (mut keys, mut values) =
            (Vec::with_capacity(groups.len()), Vec::with_capacity(groups.len()));
        for (key, value) in groups {
            keys.push(key);
            values.push(value);
        }
        Self { keys, values }
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

    /// The keys, in ascending order. Null is before all others.
    #[must_use]
    pub fn keys(&self) -> &[K] {
        &self.keys
    }

    /// The results, in the order of their keys.
    #[must_use]
    pub fn values(&self) -> &[V] {
        &self.values
    }

    /// The result of a key. The key may be any borrowed form, as of a `BTreeMap`. Takes logarithmic time.
    #[must_use]
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let index = self.keys.binary_search_by(|other| other.borrow().cmp(key)).ok()?;
        self.values.get(index)
    }

    /// The result of a key, as columns lend it: `("JFK", 1)` where keys are `(String, u8)`. Takes logarithmic time.
    ///
    /// ```
    /// use pennyweight::record::group::size;
    /// use pennyweight::record::{DictColumn, GroupBy};
    ///
    /// let origins: DictColumn = ["JFK", "LGA", "JFK"].iter().collect();
    /// let mut groups = GroupBy::new();
    /// groups.add((origins.as_slice(), &[1_u8, 1, 2][..]), size());
    /// let sizes = groups.finish();
    /// assert_eq!((sizes.find(("JFK", 1)), sizes.find(("JFK", 3))), (Some(&1), None));
    /// ```
    #[must_use]
    pub fn find<'a>(&'a self, key: K::Lent<'a>) -> Option<&'a V>
    where
        K: GroupKey,
    {
        let index = self.keys.binary_search_by(|other| other.lend().cmp(&key)).ok()?;
        self.values.get(index)
    }

    /// Iterates over keys and results, in the order of the keys.
    pub fn iter(&self) -> Zip<slice::Iter<'_, K>, slice::Iter<'_, V>> {
        self.keys.iter().zip(&self.values)
    }

    /// The bytes of heap memory: those of the two vectors. What keys and results own is not among them.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.keys.capacity() * size_of::<K>() + self.values.capacity() * size_of::<V>()
    }
}

/// The result of a key, in any borrowed form: see [`get`](Grouped::get).
impl<K: Borrow<Q>, V, Q: Ord + ?Sized> Index<&Q> for Grouped<K, V> {
    type Output = V;

    /// # Panics
    ///
    /// Panics when there is no group of the key.
    #[track_caller]
    fn index(&self, key: &Q) -> &V {
        self.get(key).expect("no group of this key")
    }
}

impl<K, V> IntoIterator for Grouped<K, V> {
    type Item = (K, V);
    type IntoIter = Zip<vec::IntoIter<K>, vec::IntoIter<V>>;

    fn into_iter(self) -> Self::IntoIter {
        self.keys.into_iter().zip(self.values)
    }
}

impl<'a, K, V> IntoIterator for &'a Grouped<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Zip<slice::Iter<'a, K>, slice::Iter<'a, V>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<K: HeapSize, V: HeapSize> HeapSize for Grouped<K, V> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("keys", &self.keys);
        visitor.field("values", &self.values);
    }

    fn owns_heap() -> bool {
        true
    }
}
