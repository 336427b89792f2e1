//! What belongs to the values of a slab, and lies elsewhere.

use super::cells::{Cell, Cells};
use super::error::{InsertError, SlabError};
use super::handle::{Bits, Handle, Key, Parts};
use super::map_iter::{MapIter, MapIterMut};
use crate::size::{HeapSize, Visitor};
use core::fmt::{self, Debug};
use core::ops::{Index, IndexMut, Range};

/// Further values for the handles of a [`Slab`](super::Slab), without a hash: 4 bytes beside a value, or 1 with
/// [`Handle32`](super::Handle32), for each slot up to the last one that has an entry.
///
/// It keeps what belongs to the values of a slab elsewhere: for some of them, for a while, or in a module of its own. Reading is one
/// comparison, as in the slab. An entry is that of one handle: the next handle of the same slot misses it, and replaces it when it gets an entry itself;
/// from then on the earlier one is [refused](Self::try_insert).
///
/// # When it wins, and when it loses
///
/// Where few of many handles have an entry, a `HashMap` takes less: a slot takes its bytes here whether it has an entry or not. A
/// column that has an entry for every value belongs into the slab, as a field.
///
/// # Layout
///
/// Two arrays as in the slab: values, and the ages of the slots whose values they belong to.
///
/// # Memory
///
/// Inline 56 bytes; on the heap `size_of::<V>() + 1` bytes a slot with `Handle32` and `size_of::<V>() + 4` with [`Handle`], and room for
/// more as in [a slab](super::Slab#memory). A handle of another slab, or one made [of bits](Handle::from_bits), may have any index, and so ask for much memory:
/// [`try_insert`](Self::try_insert) gives an error if there is not as much.
///
/// # Examples
///
/// ```
/// use pennyweight::pool::{Slab, SlabMap};
///
/// let mut cities = Slab::new();
/// let rome = cities.insert("Rome");
/// let oslo = cities.insert("Oslo");
/// let mut visited = SlabMap::new();
/// visited.insert(oslo, 1974);
/// assert_eq!((visited.get(oslo), visited.get(rome)), (Some(&1974), None));
///
/// cities.remove(oslo);
/// let lima = cities.insert("Lima");
/// assert_eq!((lima.index(), visited.get(lima)), (oslo.index(), None));
/// ```
///
/// # Source
///
/// slotmap's [`SecondaryMap`](https://docs.rs/slotmap/latest/slotmap/secondary/struct.SecondaryMap.html).
pub struct SlabMap<V, H: Key = Handle> {
    /// Invariant: the age of an entry is that of its handle.
    cells: Cells<V, H::Handle, ()>,
    len: usize,
}

impl<V> SlabMap<V> {
    /// Creates an empty map, for [`Handle`]s. (Does not allocate.)
    ///
    /// Others are made by [`with_key`](Self::with_key).
    #[must_use]
    pub const fn new() -> Self {
        Self::with_key()
    }
}

impl<V, H: Key> SlabMap<V, H> {
    /// Creates an empty map, for handles of any type. (Does not allocate.)
    #[must_use]
    pub const fn with_key() -> Self {
        Self { cells: Cells::new(), len: 0 }
    }

    /// How many entries there are.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no entries.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many slots of the slab there is room for.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.cells.capacity()
    }

    /// The heap bytes of the map itself. What the values own is not among them, as it is in [`HeapSize`].
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.cells.heap_bytes()
    }

    /// Whether there is an entry for a handle.
    #[inline]
    #[must_use]
    pub fn contains(&self, handle: H) -> bool {
        self.cells.contains(handle.handle())
    }

    /// The value of a handle.
    #[inline]
    #[must_use]
    pub fn get(&self, handle: H) -> Option<&V> {
        self.cells.get(handle.handle())
    }

    /// The value of a handle, to be changed.
    #[inline]
    #[must_use]
    pub fn get_mut(&mut self, handle: H) -> Option<&mut V> {
        Some(self.cells.live(handle.handle())?.into_mut())
    }

    /// The values of several handles, to be changed, or `None` if one is missing or two are the same.
    #[must_use]
    pub fn get_disjoint_mut<const COUNT: usize>(
        &mut self,
        handles: [H; COUNT],
    ) -> Option<[&mut V; COUNT]> {
        self.cells.get_disjoint_mut(handles.map(H::handle))
    }

    /// Sets the value of a handle, and gives back the one that it had.
    ///
    /// An entry for an earlier handle of the same slot is dropped: that handle is dead.
    ///
    /// # Panics
    ///
    /// Where [`try_insert`](Self::try_insert) has an error.
    #[track_caller]
    pub fn insert(&mut self, handle: H, value: V) -> Option<V> {
        match self.try_insert(handle, value) {
            Ok(before) => before,
            Err(InsertError { error, .. }) => error.raise(),
        }
    }

    /// Sets the value of a handle, and gives back the one that it had.
    ///
    /// ```
    /// use pennyweight::pool::{Slab, SlabError, SlabMap};
    ///
    /// let mut cities = Slab::new();
    /// let mut mayors = SlabMap::new();
    /// let rome = cities.insert("Rome");
    /// cities.remove(rome);
    /// let lima = cities.insert("Lima");
    /// mayors.insert(lima, "Ana".to_owned());
    ///
    /// let refused = mayors.try_insert(rome, "Bruno".to_owned()).unwrap_err();
    /// assert_eq!((refused.value.as_str(), refused.error), ("Bruno", SlabError::Stale));
    /// assert_eq!(mayors[lima], "Ana");
    /// ```
    ///
    /// # Errors
    ///
    /// If the handle is dead, which shows where there is an entry for a later one of the same slot; or if there is no memory for the slots
    /// up to that of the handle. The value comes back.
    pub fn try_insert(&mut self, handle: H, value: V) -> Result<Option<V>, InsertError<V>> {
        let handle = handle.handle();
        match self.make_room(handle) {
            Ok(()) => Ok(self.put(handle, value)),
            Err(error) => Err(InsertError { value, error }),
        }
    }

    /// Makes room for the entry of a handle that is not dead.
    fn make_room(&mut self, handle: H::Handle) -> Result<(), SlabError> {
        if self.cells.at(handle.slot()).is_some_and(|entry| entry > handle) {
            return Err(SlabError::Stale);
        }
        Ok(self.cells.reserve(handle.slot() + 1)?)
    }

    /// Sets the value of a handle, for which there is room, and gives back the one that it had.
    pub(super) fn put(&mut self, handle: H::Handle, value: V) -> Option<V> {
        self.cells.pass_over(handle.slot() + 1);
        match self.cells.cell(handle.slot()) {
            Some(Cell::Live(entry)) => {
                let same = entry.age() == handle.age();
                let before = entry.replace(handle, value);
                same.then_some(before)
            }
            Some(Cell::Vacant(slot)) => {
                slot.fill(handle, value);
                self.len += 1;
                None
            }
            None => unreachable!("there are so many slots"),
        }
    }

    /// The value of a handle, which a closure makes if there is none.
    ///
    /// ```
    /// use pennyweight::pool::{Slab, SlabMap};
    ///
    /// let mut words = Slab::new();
    /// let (rose, thorn) = (words.insert("rose"), words.insert("thorn"));
    /// let mut counts = SlabMap::new();
    /// for word in [rose, thorn, rose] {
    ///     *counts.get_or_insert_with(word, || 0) += 1;
    /// }
    /// assert_eq!((counts[rose], counts[thorn]), (2, 1));
    /// ```
    ///
    /// # Panics
    ///
    /// Where [`try_get_or_insert_with`](Self::try_get_or_insert_with) has an error.
    #[track_caller]
    pub fn get_or_insert_with(&mut self, handle: H, value: impl FnOnce() -> V) -> &mut V {
        match self.try_get_or_insert_with(handle, value) {
            Ok(value) => value,
            Err(error) => error.raise(),
        }
    }

    /// The value of a handle, which a closure makes if there is none.
    ///
    /// # Errors
    ///
    /// If there is an entry for a later handle of the same slot, or no memory for the slots up to that of the handle. The closure
    /// is not called.
    pub fn try_get_or_insert_with(
        &mut self,
        handle: H,
        value: impl FnOnce() -> V,
    ) -> Result<&mut V, SlabError> {
        let handle = handle.handle();
        self.make_room(handle)?;
        if !self.cells.contains(handle) {
            self.put(handle, value());
        }
        Ok(self.cells.live(handle).expect("an entry that is there").into_mut())
    }

    /// Takes out the value of a handle.
    pub fn remove(&mut self, handle: H) -> Option<V> {
        self.take(handle.handle())
    }

    fn take(&mut self, handle: H::Handle) -> Option<V> {
        let (value, _) = self.cells.live(handle)?.take(());
        self.len -= 1;
        Some(value)
    }

    /// How many slots were filled or passed over: the first ones.
    pub(super) fn slots(&self) -> usize {
        self.cells.len()
    }

    /// The handle of the entry of a slot, if it has one.
    pub(super) fn at(&self, index: usize) -> Option<H::Handle> {
        self.cells.at(index)
    }

    /// Takes out the entry of a slot, if it has one.
    pub(super) fn take_at(&mut self, index: usize) -> Option<(H::Handle, V)> {
        let handle = self.at(index)?;
        Some((handle, self.take(handle)?))
    }

    /// Keeps the entries of which a closure says so, and drops the others.
    ///
    /// The map is not told of what is removed from the slab. This drops what belongs to it:
    ///
    /// ```
    /// use pennyweight::pool::{Slab, SlabMap};
    ///
    /// let mut cities = Slab::new();
    /// let mut colours = SlabMap::new();
    /// let rome = cities.insert("Rome");
    /// colours.insert(rome, "red");
    /// cities.remove(rome);
    /// assert_eq!(colours.get(rome), Some(&"red"));
    ///
    /// colours.retain(|city, _| cities.contains(city));
    /// assert_eq!(colours.get(rome), None);
    /// ```
    pub fn retain(&mut self, mut keep: impl FnMut(H, &mut V) -> bool) {
        for index in 0..self.slots() {
            let Some(handle) = self.cells.at(index) else { continue };
            let entry = self.cells.live(handle);
            if entry.is_some_and(|entry| !keep(H::from_handle(handle), entry.into_mut())) {
                self.take(handle);
            }
        }
    }

    /// Drops all entries, by index. The memory is kept for others.
    pub fn clear(&mut self) {
        /// Drops the entries that are left, those behind one whose drop panics too.
        struct Rest<'m, V, H: Key>(&'m mut SlabMap<V, H>, Range<usize>);

        impl<V, H: Key> Rest<'_, V, H> {
            fn run(&mut self) {
                for index in &mut self.1 {
                    self.0.take_at(index);
                }
            }
        }

        impl<V, H: Key> Drop for Rest<'_, V, H> {
            fn drop(&mut self) {
                self.run();
            }
        }

        let slots = 0..self.slots();
        Rest(self, slots).run();
    }

    /// Handles and values, by index.
    #[must_use]
    pub fn iter(&self) -> MapIter<'_, V, H> {
        MapIter(self.cells.iter(self.len))
    }

    /// Handles and values, by index, to be changed.
    #[must_use]
    pub fn iter_mut(&mut self) -> MapIterMut<'_, V, H> {
        MapIterMut(self.cells.iter_mut(self.len))
    }

    /// The handles of all entries, by index.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = H> + ExactSizeIterator + Clone {
        self.iter().map(|(handle, _)| handle)
    }

    /// All values, by index.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + ExactSizeIterator + Clone {
        self.iter().map(|(_, value)| value)
    }

    /// All values, by index, to be changed.
    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut V> + ExactSizeIterator {
        self.iter_mut().map(|(_, value)| value)
    }

    /// Makes room for the slots of a slab, of which there are so many.
    ///
    /// # Panics
    ///
    /// Where [`try_reserve`](Self::try_reserve) has an error.
    #[track_caller]
    pub fn reserve(&mut self, slots: usize) {
        if let Err(error) = self.try_reserve(slots) {
            error.raise();
        }
    }

    /// Makes room for the slots of a slab, of which there are so many.
    ///
    /// # Errors
    ///
    /// If no slab of such handles has as many, or there is no memory for them. The map is as it was.
    pub fn try_reserve(&mut self, slots: usize) -> Result<(), SlabError> {
        let most = H::Handle::SLOTS;
        if slots > most {
            return Err(SlabError::Full { slots: most });
        }
        Ok(self.cells.reserve_exact(slots)?)
    }

    /// Gives back the room behind the last entry.
    pub fn shrink_to_fit(&mut self) {
        let last = self.cells.iter(self.len).next_back();
        let slots = last.map_or(0, |(handle, _)| handle.slot() + 1);
        self.cells.truncate(slots);
    }

    /// Panics unless the invariants of the map hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.cells.check_invariants();
        assert_eq!(self.cells.count_live(), self.len);
    }
}

impl<V, H: Key> Default for SlabMap<V, H> {
    fn default() -> Self {
        Self::with_key()
    }
}

impl<V: Clone, H: Key> Clone for SlabMap<V, H> {
    fn clone(&self) -> Self {
        Self { cells: self.cells.clone(), len: self.len }
    }
}

impl<V: Debug, H: Key> Debug for SlabMap<V, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// Maps are equal if the same handles have equal values.
impl<V: PartialEq, H: Key> PartialEq for SlabMap<V, H> {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().all(|(handle, value)| other.get(handle) == Some(value))
    }
}

impl<V: Eq, H: Key> Eq for SlabMap<V, H> {}

impl<V, H: Key> Index<H> for SlabMap<V, H> {
    type Output = V;

    /// # Panics
    ///
    /// If there is no entry for the handle.
    #[inline]
    #[track_caller]
    fn index(&self, handle: H) -> &V {
        match self.get(handle) {
            Some(value) => value,
            None => no_entry(handle),
        }
    }
}

impl<V, H: Key> IndexMut<H> for SlabMap<V, H> {
    /// # Panics
    ///
    /// If there is no entry for the handle.
    #[inline]
    #[track_caller]
    fn index_mut(&mut self, handle: H) -> &mut V {
        match self.get_mut(handle) {
            Some(value) => value,
            None => no_entry(handle),
        }
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn no_entry<H: Key>(handle: H) -> ! {
    panic!("the map has no entry for {handle:?}")
}

/// Panics where [`insert`](SlabMap::insert) does. What came before stays.
impl<V, H: Key> Extend<(H, V)> for SlabMap<V, H> {
    fn extend<I: IntoIterator<Item = (H, V)>>(&mut self, entries: I) {
        entries.into_iter().for_each(|(handle, value)| drop(self.insert(handle, value)));
    }
}

impl<V, H: Key> FromIterator<(H, V)> for SlabMap<V, H> {
    fn from_iter<I: IntoIterator<Item = (H, V)>>(entries: I) -> Self {
        let mut map = Self::with_key();
        map.extend(entries);
        map
    }
}

impl<V: HeapSize, H: Key> HeapSize for SlabMap<V, H> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.cells.visit(self.len, visitor);
    }

    fn owns_heap() -> bool {
        true
    }
}
