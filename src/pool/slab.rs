//! Values in one array, named by handles that die with them.

mod cells;
mod compact;
mod error;
mod handle;
mod iter;
mod map;
mod map_iter;

pub use compact::{NotKept, Remap};
pub use error::{InsertError, SlabError};
pub use handle::{Bits, Handle, Handle32, Key};
pub(super) use handle::{Link, LinkOf};
pub use iter::{Drain, IntoIter, Iter, IterMut, Keys, Values, ValuesMut};
pub use map::SlabMap;
pub use map_iter::{MapIntoIter, MapIter, MapIterMut};

use crate::size::{HeapSize, Visitor};
use cells::{Cell, Cells};
use core::fmt::{self, Debug};
use core::ops::{Index, IndexMut};

/// Values in one array, each named by a handle that is dead once its value is removed: 4 bytes beside a value of 4 or more, or 1 beside a
/// value of 3 or more with [`Handle32`].
///
/// [`insert`](Self::insert) gives a [`Handle`] of 8 bytes, which is copied, compared and hashed as the numbers that it is. After
/// [`remove`](Self::remove) it names nothing, for ever, though the slot is used again: each use of a slot has a generation, and a handle names one.
/// So a handle is what `Weak` is to `Rc`, but nothing is counted, and what is removed is freed at once.
/// `H` is the type of handles: [`Handle`], [`Handle32`], or what [`define_handle!`](crate::define_handle) makes of them.
///
/// # When it wins, and when it loses
///
/// It pays where values come and go and others refer to them: a `Box` each takes an allocation and, of most allocators, 16 or 32 bytes
/// at least; a map from numbers takes a hash for each access. Graphs and trees whose parts refer to each other have no owner to
/// borrow from; as slots of one slab they have, and cycles leak nothing. (For trees there is [`Tree`](super::Tree).)
///
/// If nothing is ever removed, or all of it at once, a `Vec` and an index do the same without a generation; values that are freed
/// together, of types that differ, are the business of [bumpalo](https://docs.rs/bumpalo). If every value is gone through more often than
/// one is removed, and many are removed, a slab has holes that have to be passed over, until [`compact`](Self::compact) closes them. Where a slab is
/// much larger than the cache, a read in no order fetches two lines, one of ages and one of slots. There is no form for several threads
/// at once: that is [sharded-slab](https://docs.rs/sharded-slab).
///
/// # Which handle
///
/// | | [`Handle`] | [`Handle32`] |
/// |---|---|---|
/// | the handle, and an `Option` of it | 8 bytes | 4 bytes |
/// | a slot, see [Memory](Self#memory) | `max(size_of::<T>(), 4) + 4` bytes | `max(size_of::<T>(), 3) + 1` bytes |
/// | slots of a slab | 4,294,967,295 | 16,777,215 |
/// | uses of a slot | 2,147,483,648 | 128 |
///
/// `Handle32` is meant for large graphs in which little comes and goes.
/// A slot that has had its last use is *retired*: it stays empty, so that no handle ever names a value that it was not given for, and
/// takes its bytes until [`compact`](Self::compact). So a slab of `Handle32` under churn loses one slot in 128 removals, whichever way values
/// go: one that is filled and [cleared](Self::clear) again and again has used up all its slots after 128 rounds, and takes new ones.
/// [`retired`](Self::retired) tells how many it has lost.
///
/// A handle does not know its slab. One of another slab is never unsafe to use, but may name another value; a type of
/// handles for each slab, by [`define_handle!`](crate::define_handle), lets the compiler tell them apart.
///
/// # Layout
///
/// ```text
/// slots   | value | link  | value | value | link  |
/// ages    |   0   |   1   |   0   |   4   |   1   |   0       even where there is a value, and 0 behind the slots
/// ```
///
/// Two arrays, so that the age of a `u64` takes 1 byte or 4 and not 8. It counts removals, and insertions but the first: that stores
/// the value alone. The generation of a handle is the age and 1. A slot without a value holds the
/// number of the slot that is filled after it, in 3 or 4 bytes without an alignment. The slot that was emptied last is filled first.
///
/// # Memory
///
/// Inline 64 bytes; on the heap what the table says for each slot, where `max(…)` is rounded up to the alignment of `T` (a `u16` under `Handle32` takes
/// 4 + 1 bytes), and room for more: slots that take
/// less than 16 KB are doubled when there is none left, from 256 bytes on, and from there they grow by a quarter. Slots are not given back when
/// their values are removed, since they alone know which handles are dead: a slab takes as much as it ever held, until
/// [`compact`](Self::compact) forgets what is dead and exchanges handles for new ones. Neither inserting nor removing allocates where
/// there is a vacant slot.
///
/// There is no serde for it, since a handle means nothing without the ages of its slab's slots. Compact the slab and write its values in their order:
/// the handles of what is read by `collect` are the same.
///
/// # Examples
///
/// ```
/// use pennyweight::pool::Slab;
///
/// let mut windows = Slab::new();
/// let editor = windows.insert("editor");
/// let shell = windows.insert("shell");
/// assert_eq!((windows[editor], windows.len()), ("editor", 2));
///
/// assert_eq!(windows.remove(editor), Some("editor"));
/// let player = windows.insert("player");
/// assert_eq!(player.index(), editor.index());
/// assert_eq!((windows.get(player), windows.get(editor)), (Some(&"player"), None));
/// assert_eq!((size_of_val(&shell), size_of_val(&Some(shell))), (8, 8));
/// ```
///
/// A graph whose nodes refer to each other, and may refer to what is gone:
///
/// ```
/// use pennyweight::define_handle;
/// use pennyweight::pool::Slab;
///
/// define_handle!(PersonId: Handle32);
///
/// struct Person {
///     name: &'static str,
///     friends: Vec<PersonId>,
/// }
///
/// let mut people: Slab<Person, PersonId> = Slab::with_key();
/// let anna = people.insert(Person { name: "Anna", friends: Vec::new() });
/// let bert = people.insert(Person { name: "Bert", friends: vec![anna] });
/// people[anna].friends.push(bert);
///
/// people.remove(bert);
/// let friends: Vec<_> = people[anna].friends.iter().filter_map(|&id| people.get(id)).collect();
/// assert!(friends.is_empty() && people[anna].name == "Anna");
/// ```
///
/// # Source
///
/// [slotmap](https://docs.rs/slotmap) has made the technique common in Rust, with generations beside the values. Here they lie apart, as columns do
/// in Zig's [`MultiArrayList`](https://ziglang.org/documentation/master/std/#std.MultiArrayList).
pub struct Slab<T, H: Key = Handle> {
    /// A slot that was emptied has the link to the one that is filled after it; the last one, to the first that was never filled. One that
    /// is used up has nothing.
    cells: Cells<T, H::Handle, LinkOf<H>>,
    /// The slot that is filled next: the one that was emptied last, or the first that was never filled, whether it is allocated or not.
    free: u32,
    /// The number of slots that were emptied, without those that are used up.
    vacant: u32,
    /// The number of slots that are used up.
    retired: u32,
}

impl<T> Slab<T> {
    /// Creates an empty slab, with [`Handle`]s. (Does not allocate.)
    ///
    /// Others are made by [`with_key`](Self::with_key).
    #[must_use]
    pub const fn new() -> Self {
        Self::with_key()
    }

    /// Creates an empty slab, with [`Handle`]s, and room for `capacity` values and no more.
    ///
    /// # Panics
    ///
    /// Where [`try_reserve_exact`](Self::try_reserve_exact) has an error.
    #[must_use]
    #[track_caller]
    pub fn with_capacity(capacity: usize) -> Self {
        Self::with_capacity_and_key(capacity)
    }
}

impl<T, H: Key> Slab<T, H> {
    /// Creates an empty slab with handles of any type. (Does not allocate.)
    ///
    /// ```
    /// use pennyweight::pool::{Handle32, Slab};
    ///
    /// let mut words: Slab<&str, Handle32> = Slab::with_key();
    /// let handle = words.insert("a");
    /// assert_eq!((words[handle], size_of_val(&handle)), ("a", 4));
    /// ```
    #[must_use]
    pub const fn with_key() -> Self {
        Self { cells: Cells::new(), free: 0, vacant: 0, retired: 0 }
    }

    /// Creates an empty slab with handles of any type, and room for `capacity` values and no more.
    ///
    /// # Panics
    ///
    /// Where [`try_reserve_exact`](Self::try_reserve_exact) has an error.
    #[must_use]
    #[track_caller]
    pub fn with_capacity_and_key(capacity: usize) -> Self {
        let mut slab = Self::with_key();
        slab.reserve_exact(capacity);
        slab
    }

    /// How many values there are.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len() - self.vacant as usize - self.retired as usize
    }

    /// Whether there are no values.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many values there is room for, those that are there among them.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.cells.capacity() - self.retired as usize
    }

    /// How many slots have been used: with values, vacant, and used up. All indices of handles are below.
    #[inline]
    #[must_use]
    pub fn slots(&self) -> usize {
        self.cells.len()
    }

    /// How many slots are used up, and take memory until [`compact`](Self::compact).
    ///
    /// A slot that has had a value in each of its generations gets none any more, so that no handle ever names a value that it was
    /// not given for.
    #[must_use]
    pub fn retired(&self) -> usize {
        self.retired as usize
    }

    /// The heap bytes of the slab itself. What the values own is not among them, as it is in [`HeapSize`].
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.cells.heap_bytes()
    }

    /// Whether the value of a handle is there.
    #[inline]
    #[must_use]
    pub fn contains(&self, handle: H) -> bool {
        self.cells.contains(handle.handle())
    }

    /// The value of a handle, or `None` if it was removed.
    ///
    /// A handle of another slab may name a value of this one.
    #[inline]
    #[must_use]
    pub fn get(&self, handle: H) -> Option<&T> {
        self.cells.get(handle.handle())
    }

    /// The value of a handle, to be changed, or `None` if it was removed.
    #[inline]
    #[must_use]
    pub fn get_mut(&mut self, handle: H) -> Option<&mut T> {
        Some(self.cells.live(handle.handle())?.into_mut())
    }

    /// The values of several handles, to be changed, or `None` if one was removed or two are the same.
    ///
    /// ```
    /// use pennyweight::pool::Slab;
    ///
    /// let mut slab = Slab::new();
    /// let (a, b) = (slab.insert(1), slab.insert(2));
    /// let [first, second] = slab.get_disjoint_mut([a, b]).unwrap();
    /// core::mem::swap(first, second);
    /// assert_eq!((slab[a], slab[b]), (2, 1));
    /// assert_eq!(slab.get_disjoint_mut([a, a]), None);
    /// ```
    #[must_use]
    pub fn get_disjoint_mut<const COUNT: usize>(
        &mut self,
        handles: [H; COUNT],
    ) -> Option<[&mut T; COUNT]> {
        self.cells.get_disjoint_mut(handles.map(H::handle))
    }

    /// Inserts a value, and gives it a handle.
    ///
    /// Computes in amortised **O(1)** time.
    ///
    /// # Panics
    ///
    /// Where [`try_insert`](Self::try_insert) has an error.
    #[inline]
    #[track_caller]
    pub fn insert(&mut self, value: T) -> H {
        self.insert_with_key(|_| value)
    }

    /// Inserts a value, and gives it a handle.
    ///
    /// # Errors
    ///
    /// If all slots that handles can tell apart are in use or used up, or there is no memory for another one. The value comes back.
    #[inline]
    pub fn try_insert(&mut self, value: T) -> Result<H, InsertError<T>> {
        match self.make_room() {
            Ok(()) => Ok(self.fill(|_| value).1),
            Err(error) => Err(InsertError { value, error }),
        }
    }

    /// Inserts a value that knows its handle.
    ///
    /// If the closure panics, the slab is as it was.
    ///
    /// # Panics
    ///
    /// Where [`try_insert_with_key`](Self::try_insert_with_key) has an error.
    ///
    /// # Examples
    ///
    /// ```
    /// use pennyweight::pool::{Handle, Slab};
    ///
    /// struct Window {
    ///     id: Handle,
    /// }
    ///
    /// let mut windows = Slab::new();
    /// let id = windows.insert_with_key(|id| Window { id });
    /// assert_eq!(windows[id].id, id);
    /// ```
    #[inline]
    #[track_caller]
    pub fn insert_with_key(&mut self, value: impl FnOnce(H) -> T) -> H {
        match self.try_insert_with_key(value) {
            Ok(handle) => handle,
            Err(error) => error.raise(),
        }
    }

    /// Inserts a value that knows its handle.
    ///
    /// If the closure panics, the slab is as it was.
    ///
    /// # Errors
    ///
    /// If all slots that handles can tell apart are in use or used up, or there is no memory for another one. The closure is not called.
    #[inline]
    pub fn try_insert_with_key(&mut self, value: impl FnOnce(H) -> T) -> Result<H, SlabError> {
        self.make_room()?;
        Ok(self.fill(value).1)
    }

    /// Takes a value out, or gives `None` if it was before. Its handle is dead from then on.
    #[inline]
    pub fn remove(&mut self, handle: H) -> Option<T> {
        self.take(handle.handle())
    }

    /// The handle of the value of a slot, if it has one.
    #[inline]
    #[must_use]
    pub fn key_at(&self, index: usize) -> Option<H> {
        self.at(index).map(H::from_handle)
    }

    #[inline]
    pub(super) fn at(&self, index: usize) -> Option<H::Handle> {
        self.cells.at(index)
    }

    #[inline]
    pub(super) fn value(&self, handle: H::Handle) -> Option<&T> {
        self.cells.get(handle)
    }

    #[inline(always)]
    pub(super) fn take(&mut self, handle: H::Handle) -> Option<T> {
        let live = self.cells.live(handle)?;
        let (value, again) = live.take(LinkOf::<H>::new(self.free as usize));
        if again {
            self.free = handle.slot() as u32;
            self.vacant += 1;
        } else {
            self.retired += 1;
        }
        Some(value)
    }

    /// Takes out the value of the first of some slots that has one.
    fn take_next(&mut self, slots: impl IntoIterator<Item = usize>) -> Option<(H::Handle, T)> {
        let handle = slots.into_iter().find_map(|index| self.at(index))?;
        Some((handle, self.take(handle)?))
    }

    /// Keeps the values of which a closure says so, and drops the others.
    ///
    /// If the closure or a drop panics, the values that it has not been asked for are kept.
    pub fn retain(&mut self, mut keep: impl FnMut(H, &mut T) -> bool) {
        for index in 0..self.slots() {
            let Some(handle) = self.cells.at(index) else { continue };
            let live = self.cells.live(handle);
            if live.is_some_and(|live| !keep(H::from_handle(handle), live.into_mut())) {
                self.take(handle);
            }
        }
    }

    /// Drops all values, the last one first. Their handles are dead, and the memory is kept for others.
    ///
    /// As with [`remove`](Self::remove), each slot has had one of its uses. With [`Handle32`] these are 128, after which
    /// [`compact`](Self::compact) makes the slots new; of an empty slab that costs little:
    ///
    /// ```
    /// use pennyweight::pool::{Handle32, Slab};
    ///
    /// let mut frame: Slab<u64, Handle32> = Slab::with_key();
    /// for _ in 0..1000 {
    ///     (0..100).for_each(|value| drop(frame.insert(value)));
    ///     frame.clear();
    ///     if frame.retired() > 0 {
    ///         drop(frame.compact());
    ///     }
    /// }
    /// assert!(frame.slots() <= 100);
    /// ```
    pub fn clear(&mut self) {
        drop(self.drain());
    }

    /// Takes all values out. Each slot has had one of its uses, as by [`clear`](Self::clear).
    pub fn drain(&mut self) -> Drain<'_, T, H> {
        Drain::new(self)
    }

    /// Handles and values, by index: in the order of insertion as long as none was removed.
    ///
    /// Methods that go through all at once, such as `for_each`, `fold` and `sum`, do so at the pace of a slice where sixteen slots in a row
    /// have values; a `for` loop looks at each age.
    #[must_use]
    pub fn iter(&self) -> Iter<'_, T, H> {
        Iter(self.cells.iter(self.len()))
    }

    /// Handles and values, by index, to be changed.
    #[must_use]
    pub fn iter_mut(&mut self) -> IterMut<'_, T, H> {
        let live = self.len();
        IterMut(self.cells.iter_mut(live))
    }

    /// The handles of all values, by index.
    #[must_use]
    pub fn keys(&self) -> Keys<'_, T, H> {
        Keys(self.iter())
    }

    /// All values, by index.
    #[must_use]
    pub fn values(&self) -> Values<'_, T, H> {
        Values(self.iter())
    }

    /// All values, by index, to be changed.
    #[must_use]
    pub fn values_mut(&mut self) -> ValuesMut<'_, T, H> {
        ValuesMut(self.iter_mut())
    }

    /// Makes room for `additional` more values, and for others as [the slab grows](Self#memory).
    ///
    /// # Panics
    ///
    /// Where [`try_reserve`](Self::try_reserve) has an error.
    #[track_caller]
    pub fn reserve(&mut self, additional: usize) {
        if let Err(error) = self.try_reserve(additional) {
            error.raise();
        }
    }

    /// Makes room for `additional` more values, and no more.
    ///
    /// # Panics
    ///
    /// Where [`try_reserve_exact`](Self::try_reserve_exact) has an error.
    #[track_caller]
    pub fn reserve_exact(&mut self, additional: usize) {
        if let Err(error) = self.try_reserve_exact(additional) {
            error.raise();
        }
    }

    /// Makes room for `additional` more values, and for others as [the slab grows](Self#memory).
    ///
    /// # Errors
    ///
    /// If there are not as many slots, or there is no memory for them. The slab is as it was.
    pub fn try_reserve(&mut self, additional: usize) -> Result<(), SlabError> {
        let slots = self.slots_for(additional)?;
        Ok(self.cells.reserve(slots)?)
    }

    /// Makes room for `additional` more values, and no more.
    ///
    /// # Errors
    ///
    /// If there are not as many slots, or there is no memory for them. The slab is as it was.
    pub fn try_reserve_exact(&mut self, additional: usize) -> Result<(), SlabError> {
        let slots = self.slots_for(additional)?;
        Ok(self.cells.reserve_exact(slots)?)
    }

    /// Gives back the room for slots that were never used.
    ///
    /// A slot that was used stays, since it alone knows which handles are dead; [`compact`](Self::compact) gives up that as well.
    pub fn shrink_to_fit(&mut self) {
        self.cells.truncate(self.slots());
    }

    /// Panics unless the invariants of the slab hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.cells.check_invariants();
        assert_eq!(self.cells.count_live(), self.len());
        assert_eq!(self.cells.count_empty(), self.retired());
        let mut free = self.free as usize;
        for _ in 0..self.vacant {
            free = self.cells.vacant(free).expect("a link to a vacant slot").index();
        }
        assert_eq!(free, self.slots());
    }

    /// The slots that there have to be for `additional` more values.
    fn slots_for(&self, additional: usize) -> Result<usize, SlabError> {
        let slots = H::Handle::SLOTS;
        let new = additional.saturating_sub(self.vacant as usize);
        let needed = self.slots().checked_add(new).filter(|&needed| needed <= slots);
        needed.ok_or(SlabError::Full { slots })
    }

    /// Makes room for one value.
    #[inline(always)]
    pub(super) fn make_room(&mut self) -> Result<(), SlabError> {
        if (self.free as usize) < self.cells.capacity() { Ok(()) } else { self.grow() }
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) -> Result<(), SlabError> {
        self.try_reserve(1)
    }

    /// Fills the next slot, which is allocated. All that may panic comes before all that changes.
    #[inline(always)]
    pub(super) fn fill(&mut self, value: impl FnOnce(H) -> T) -> (H::Handle, H) {
        let index = self.free as usize;
        if let Some(slot) = self.cells.fresh(index) {
            let handle = slot.handle();
            let key = H::from_handle(handle);
            slot.fill(value(key));
            self.free += 1;
            return (handle, key);
        }
        let Some(Cell::Vacant(slot)) = self.cells.cell(index) else {
            unreachable!("the next slot has no value")
        };
        let Some((handle, next)) = slot.next() else {
            unreachable!("the next slot is not used up")
        };
        let key = H::from_handle(handle);
        slot.fill(handle, value(key));
        self.free = next.index() as u32;
        self.vacant -= 1;
        (handle, key)
    }
}

impl<T, H: Key> Default for Slab<T, H> {
    fn default() -> Self {
        Self::with_key()
    }
}

/// The copy has the same handles, and no room for more.
impl<T: Clone, H: Key> Clone for Slab<T, H> {
    fn clone(&self) -> Self {
        Self {
            cells: self.cells.clone(),
            free: self.free,
            vacant: self.vacant,
            retired: self.retired,
        }
    }
}

impl<T: Debug, H: Key> Debug for Slab<T, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

/// Slabs are equal if the same handles name equal values.
impl<T: PartialEq, H: Key> PartialEq for Slab<T, H> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self.iter().all(|(handle, value)| other.get(handle) == Some(value))
    }
}

impl<T: Eq, H: Key> Eq for Slab<T, H> {}

impl<T, H: Key> Index<H> for Slab<T, H> {
    type Output = T;

    /// # Panics
    ///
    /// If the value was removed, or the handle is of another slab.
    #[inline]
    #[track_caller]
    fn index(&self, handle: H) -> &T {
        match self.get(handle) {
            Some(value) => value,
            None => no_value(handle, self.slots()),
        }
    }
}

impl<T, H: Key> IndexMut<H> for Slab<T, H> {
    /// # Panics
    ///
    /// If the value was removed, or the handle is of another slab.
    #[inline]
    #[track_caller]
    fn index_mut(&mut self, handle: H) -> &mut T {
        let slots = self.slots();
        match self.get_mut(handle) {
            Some(value) => value,
            None => no_value(handle, slots),
        }
    }
}

#[cold]
#[inline(never)]
#[track_caller]
pub(in crate::pool) fn no_value<H: Key>(handle: H, slots: usize) -> ! {
    if handle.handle().slot() < slots {
        panic!("{handle:?} names no value: it was removed")
    }
    panic!("{handle:?} names no value: the slab has {slots} slots")
}

/// What is to be found again is better inserted one by one, since the handles are not given back.
impl<T, H: Key> Extend<T> for Slab<T, H> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, values: I) {
        values.into_iter().for_each(|value| {
            self.insert(value);
        });
    }
}

/// The handles are those of [`keys`](Slab::keys), in the order of the values.
impl<T, H: Key> FromIterator<T> for Slab<T, H> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let values = values.into_iter();
        let mut slab = Self::with_key();
        if slab.try_reserve_exact(values.size_hint().0).is_err() {
            // The hint may claim anything; the values that come decide.
            slab = Self::with_key();
        }
        slab.extend(values);
        slab
    }
}

impl<T: HeapSize, H: Key> HeapSize for Slab<T, H> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.cells.visit(self.len(), visitor);
    }

    fn owns_heap() -> bool {
        true
    }
}
