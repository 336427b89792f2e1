//! The handles and values of a slab, one after the other.

use super::Slab;
use super::cells;
use super::handle::{Key, LinkOf};
use core::fmt::{self, Debug};
use core::iter::FusedIterator;
use core::ops::Range;

/// The handles and values of a [`Slab`], by index.
pub struct Iter<'a, T, H: Key>(pub(super) cells::Iter<'a, T, H::Handle, LinkOf<H>>);

/// The handles and values of a [`Slab`], by index, to be changed.
pub struct IterMut<'a, T, H: Key>(pub(super) cells::IterMut<'a, T, H::Handle, LinkOf<H>>);

/// The handles of a [`Slab`], by index.
pub struct Keys<'a, T, H: Key>(pub(super) Iter<'a, T, H>);

/// The values of a [`Slab`], by index.
pub struct Values<'a, T, H: Key>(pub(super) Iter<'a, T, H>);

/// The values of a [`Slab`], by index, to be changed.
pub struct ValuesMut<'a, T, H: Key>(pub(super) IterMut<'a, T, H>);

/// The handles and values of a [`Slab`], taken out of it by index.
///
/// What is left when it is dropped is dropped with it; if it is forgotten, that stays in the slab.
pub struct Drain<'a, T, H: Key> {
    slab: &'a mut Slab<T, H>,
    indices: Range<usize>,
}

/// The handles and values of a [`Slab`] that is no more, by index.
pub struct IntoIter<T, H: Key> {
    slab: Slab<T, H>,
    indices: Range<usize>,
}

impl<'a, T, H: Key> Drain<'a, T, H> {
    pub(super) fn new(slab: &'a mut Slab<T, H>) -> Self {
        Self { indices: 0..slab.slots(), slab }
    }
}

macro_rules! iterator {
    ($($iter:ident gives $item:ty: $map:expr;)*) => {$(
        impl<'a, T, H: Key> Iterator for $iter<'a, T, H> {
            type Item = $item;

            #[inline]
            fn next(&mut self) -> Option<Self::Item> {
                self.0.next().map($map)
            }

            #[inline(always)]
            fn fold<B, F: FnMut(B, Self::Item) -> B>(self, init: B, mut f: F) -> B {
                self.0.fold(init, |folded, item| f(folded, ($map)(item)))
            }

            #[inline]
            fn size_hint(&self) -> (usize, Option<usize>) {
                self.0.size_hint()
            }
        }

        impl<'a, T, H: Key> DoubleEndedIterator for $iter<'a, T, H> {
            #[inline]
            fn next_back(&mut self) -> Option<Self::Item> {
                self.0.next_back().map($map)
            }
        }
    )*};
}

iterator! {
    Iter gives (H, &'a T): |(handle, value)| (H::from_handle(handle), value);
    IterMut gives (H, &'a mut T): |(handle, value)| (H::from_handle(handle), value);
    Keys gives H: |(handle, _)| handle;
    Values gives &'a T: |(_, value)| value;
    ValuesMut gives &'a mut T: |(_, value)| value;
}

impl<T, H: Key> Iterator for Drain<'_, T, H> {
    type Item = (H, T);

    fn next(&mut self) -> Option<Self::Item> {
        let (handle, value) = self.slab.take_next(&mut self.indices)?;
        Some((H::from_handle(handle), value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.slab.len(), Some(self.slab.len()))
    }
}

impl<T, H: Key> DoubleEndedIterator for Drain<'_, T, H> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let (handle, value) = self.slab.take_next((&mut self.indices).rev())?;
        Some((H::from_handle(handle), value))
    }
}

impl<T, H: Key> Drop for Drain<'_, T, H> {
    fn drop(&mut self) {
        /// Drops the values that are left, those behind one whose drop panics too.
        struct Rest<'d, 'a, T, H: Key>(&'d mut Drain<'a, T, H>);

        impl<T, H: Key> Rest<'_, '_, T, H> {
            fn run(&mut self) {
                let Drain { slab, indices } = &mut *self.0;
                while slab.take_next(indices.rev()).is_some() {}
            }
        }

        impl<T, H: Key> Drop for Rest<'_, '_, T, H> {
            fn drop(&mut self) {
                self.run();
            }
        }

        Rest(self).run();
    }
}

impl<T, H: Key> Iterator for IntoIter<T, H> {
    type Item = (H, T);

    fn next(&mut self) -> Option<Self::Item> {
        let (handle, value) = self.slab.take_next(&mut self.indices)?;
        Some((H::from_handle(handle), value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.slab.len(), Some(self.slab.len()))
    }
}

impl<T, H: Key> DoubleEndedIterator for IntoIter<T, H> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let (handle, value) = self.slab.take_next((&mut self.indices).rev())?;
        Some((H::from_handle(handle), value))
    }
}

macro_rules! exact {
    ($($iter:ident $(<$lifetime:lifetime>)?),*) => {$(
        impl<T, H: Key> ExactSizeIterator for $iter<$($lifetime,)? T, H> {}

        impl<T, H: Key> FusedIterator for $iter<$($lifetime,)? T, H> {}
    )*};
}

exact!(Iter<'_>, IterMut<'_>, Keys<'_>, Values<'_>, ValuesMut<'_>, Drain<'_>, IntoIter);

macro_rules! clone {
    ($($iter:ident),*) => {$(
        impl<T, H: Key> Clone for $iter<'_, T, H> {
            fn clone(&self) -> Self {
                Self(self.0.clone())
            }
        }
    )*};
}

clone!(Iter, Keys, Values);

impl<'a, T, H: Key> IntoIterator for &'a Slab<T, H> {
    type Item = (H, &'a T);
    type IntoIter = Iter<'a, T, H>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, T, H: Key> IntoIterator for &'a mut Slab<T, H> {
    type Item = (H, &'a mut T);
    type IntoIter = IterMut<'a, T, H>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

impl<T, H: Key> IntoIterator for Slab<T, H> {
    type Item = (H, T);
    type IntoIter = IntoIter<T, H>;

    fn into_iter(self) -> Self::IntoIter {
        IntoIter { indices: 0..self.slots(), slab: self }
    }
}

impl<T: Debug, H: Key> Debug for Iter<'_, T, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.clone()).finish()
    }
}

impl<T, H: Key> Debug for IterMut<'_, T, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IterMut").field("len", &self.len()).finish_non_exhaustive()
    }
}

impl<T, H: Key> Debug for Keys<'_, T, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

impl<T: Debug, H: Key> Debug for Values<'_, T, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

impl<T, H: Key> Debug for ValuesMut<'_, T, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ValuesMut").field("len", &self.len()).finish_non_exhaustive()
    }
}

impl<T: Debug, H: Key> Debug for Drain<'_, T, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Drain").field(&self.slab).finish()
    }
}

impl<T: Debug, H: Key> Debug for IntoIter<T, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("IntoIter").field(&self.slab).finish()
    }
}
