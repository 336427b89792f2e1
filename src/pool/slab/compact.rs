//! Slabs without holes.

use super::Slab;
use super::cells::{Age, Cell};
use super::error::SlabError;
use super::handle::{Bits, Key, Link, LinkOf, Parts};
use super::map::SlabMap;
use crate::size::{HeapSize, Visitor};
use core::fmt;

impl<T, H: Key> Slab<T, H> {
    /// Moves all values together, in their order, under new handles, and says which these are. Slots that are vacant or used up
    /// are given back.
    ///
    /// All slots begin anew, so that **handles from before may name other values afterwards**: whatever holds some has to replace
    /// them by those of the [`Remap`], or to drop them.
    ///
    /// # Panics
    ///
    /// Where [`try_compact`](Self::try_compact) has an error.
    ///
    /// # Examples
    ///
    /// ```
    /// use pennyweight::pool::Slab;
    ///
    /// let mut slab: Slab<u32> = (0..1000).collect();
    /// let mut handles: Vec<_> = slab.keys().collect();
    /// for handle in handles.drain(..990) {
    ///     slab.remove(handle);
    /// }
    /// assert_eq!((slab.len(), slab.heap_bytes()), (10, 1000 * (4 + 4)));
    ///
    /// let remap = slab.compact();
    /// remap.apply(&mut handles)?;
    /// assert!(handles.iter().map(|&handle| slab[handle]).eq(990..1000));
    /// assert_eq!(slab.heap_bytes(), 10 * (4 + 4));
    /// # Ok::<(), pennyweight::pool::NotKept<pennyweight::pool::Handle>>(())
    /// ```
    #[must_use = "handles from before may name other values now"]
    #[track_caller]
    pub fn compact(&mut self) -> Remap<H> {
        match self.try_compact() {
            Ok(remap) => remap,
            Err(error) => error.raise(),
        }
    }

    /// Moves all values together, in their order, under new handles, and says which these are.
    ///
    /// # Errors
    ///
    /// If there is no memory for the [`Remap`]. The slab is as it was.
    pub fn try_compact(&mut self) -> Result<Remap<H>, SlabError> {
        let mut new = SlabMap::with_key();
        new.try_reserve(self.slots())?;
        let mut next = 0;
        for index in 0..self.slots() {
            let Some(old) = self.cells.at(index) else { continue };
            let handle = H::Handle::new(next, Age::ZERO);
            let moved = self.cells.live(old).map(|live| live.take(LinkOf::<H>::NONE).0);
            if let (Some(value), Some(Cell::Vacant(slot))) = (moved, self.cells.cell(next)) {
                slot.fill(handle, value);
            }
            new.insert(old, handle);
            next += 1;
        }
        self.cells.truncate(next);
        (self.free, self.vacant, self.retired) = (next as u32, 0, 0);
        Ok(Remap { new })
    }
}

/// Which new handles stand for the old ones, after [`Slab::compact`].
///
/// 5 bytes for each slot that there was, with [`Handle32`](super::Handle32); 12 with [`Handle`](super::Handle).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remap<H: Key> {
    /// By the old handles.
    new: SlabMap<H::Handle, H::Handle>,
}

impl<H: Key> Remap<H> {
    /// The new handle of a value, or `None` if the old one was dead.
    #[inline]
    #[must_use]
    pub fn get(&self, old: H) -> Option<H> {
        self.new.get(old.handle()).map(|&new| H::from_handle(new))
    }

    /// The new index of a value, by its old one.
    pub(in crate::pool) fn at(&self, old: usize) -> Option<usize> {
        self.new.get(self.new.at(old)?).map(|new| new.slot())
    }

    /// The old and new indices, in their order.
    pub(in crate::pool) fn indices(&self) -> impl Iterator<Item = (usize, usize)> {
        self.new.iter().map(|(old, new)| (old.slot(), new.slot()))
    }

    /// Replaces handles.
    ///
    /// # Errors
    ///
    /// If one of them was dead. All of them are as they were.
    pub fn apply(&self, handles: &mut [H]) -> Result<(), NotKept<H>> {
        let lost = handles.iter().enumerate().find(|&(_, &handle)| self.get(handle).is_none());
        if let Some((place, &handle)) = lost {
            return Err(NotKept { place, handle });
        }
        for handle in handles {
            *handle = self.get(*handle).unwrap_or(*handle);
        }
        Ok(())
    }

    /// The old and new handles, in their order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (H, H)> + ExactSizeIterator {
        self.new.iter().map(|(old, &new)| (H::from_handle(old), H::from_handle(new)))
    }
}

impl<V, H: Key> SlabMap<V, H> {
    /// Puts all entries under the new handles of a slab that was compacted. Those of dead handles are dropped.
    ///
    /// # Panics
    ///
    /// If there is no memory for them. The map is as it was.
    #[track_caller]
    pub fn remap(&mut self, remap: &Remap<H>) {
        let mut new = Self::with_key();
        new.reserve(remap.new.len());
        let mut old = core::mem::replace(self, new);
        for index in 0..old.slots() {
            if let Some((handle, value)) = old.take_at(index)
                && let Some(&new) = remap.new.get(handle)
            {
                self.put(new, value);
            }
        }
    }
}

/// A handle that no new one stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotKept<H> {
    /// Where among the handles it is.
    pub place: usize,
    /// The old handle.
    pub handle: H,
}

impl<H: fmt::Debug> fmt::Display for NotKept<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}, at {} of the handles, named no value", self.handle, self.place)
    }
}

impl<H: fmt::Debug> core::error::Error for NotKept<H> {}

impl<H: Key> HeapSize for Remap<H> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.new.visit(visitor);
    }

    fn owns_heap() -> bool {
        true
    }
}
