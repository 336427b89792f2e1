//! The handles and values of a map, one after the other.

use super::cells;
use super::handle::Key;
use super::map::SlabMap;
use core::fmt::{self, Debug};
use core::iter::FusedIterator;
use core::ops::Range;

/// The handles and values of a [`SlabMap`], by index.
pub struct MapIter<'a, V, H: Key>(pub(super) cells::Iter<'a, V, H::Handle, ()>);

/// The handles and values of a [`SlabMap`], by index, to be changed.
pub struct MapIterMut<'a, V, H: Key>(pub(super) cells::IterMut<'a, V, H::Handle, ()>);

/// The handles and values of a [`SlabMap`] that is no more, by index.
pub struct MapIntoIter<V, H: Key> {
    map: SlabMap<V, H>,
    indices: Range<usize>,
}

macro_rules! borrowing {
    ($($iter:ident gives $item:ty;)*) => {$(
        impl<'a, V, H: Key> Iterator for $iter<'a, V, H> {
            type Item = $item;

            #[inline]
            fn next(&mut self) -> Option<Self::Item> {
                self.0.next().map(|(handle, value)| (H::from_handle(handle), value))
            }

            #[inline(always)]
            fn fold<B, F: FnMut(B, Self::Item) -> B>(self, init: B, mut f: F) -> B {
                self.0.fold(init, |folded, item| f(folded, (H::from_handle(item.0), item.1)))
            }

            #[inline]
            fn size_hint(&self) -> (usize, Option<usize>) {
                self.0.size_hint()
            }
        }

        impl<'a, V, H: Key> DoubleEndedIterator for $iter<'a, V, H> {
            #[inline]
            fn next_back(&mut self) -> Option<Self::Item> {
                self.0.next_back().map(|(handle, value)| (H::from_handle(handle), value))
            }
        }

        impl<'a, V, H: Key> ExactSizeIterator for $iter<'a, V, H> {}

        impl<'a, V, H: Key> FusedIterator for $iter<'a, V, H> {}
    )*};
}

borrowing! {
    MapIter gives (H, &'a V);
    MapIterMut gives (H, &'a mut V);
}

impl<V, H: Key> Clone for MapIter<'_, V, H> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<V, H: Key> Iterator for MapIntoIter<V, H> {
    type Item = (H, V);

    fn next(&mut self) -> Option<Self::Item> {
        let (handle, value) = self.indices.find_map(|index| self.map.take_at(index))?;
        Some((H::from_handle(handle), value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.map.len(), Some(self.map.len()))
    }
}

impl<V, H: Key> DoubleEndedIterator for MapIntoIter<V, H> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let mut indices = (&mut self.indices).rev();
        let (handle, value) = indices.find_map(|index| self.map.take_at(index))?;
        Some((H::from_handle(handle), value))
    }
}

impl<V, H: Key> ExactSizeIterator for MapIntoIter<V, H> {}

impl<V, H: Key> FusedIterator for MapIntoIter<V, H> {}

impl<'a, V, H: Key> IntoIterator for &'a SlabMap<V, H> {
    type Item = (H, &'a V);
    type IntoIter = MapIter<'a, V, H>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, V, H: Key> IntoIterator for &'a mut SlabMap<V, H> {
    type Item = (H, &'a mut V);
    type IntoIter = MapIterMut<'a, V, H>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

impl<V, H: Key> IntoIterator for SlabMap<V, H> {
    type Item = (H, V);
    type IntoIter = MapIntoIter<V, H>;

    fn into_iter(self) -> Self::IntoIter {
        MapIntoIter { indices: 0..self.slots(), map: self }
    }
}

impl<V: Debug, H: Key> Debug for MapIter<'_, V, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.clone()).finish()
    }
}

impl<V, H: Key> Debug for MapIterMut<'_, V, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MapIterMut").field("len", &self.len()).finish_non_exhaustive()
    }
}

impl<V: Debug, H: Key> Debug for MapIntoIter<V, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MapIntoIter").field(&self.map).finish()
    }
}
