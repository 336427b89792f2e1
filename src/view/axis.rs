//! The parts of a view along one axis: every index of it, or chunks.

#![allow(unsafe_code)]

use super::layout::{Along, Layout};
use super::{View, ViewMut};
use core::fmt;
use core::iter::FusedIterator;
use core::marker::PhantomData;

/// An iterator over the indices of an axis: for each a view without that axis.
pub struct AxisIter<'a, T, const M: usize> {
    /// Invariant: the elements may be read during `'a`.
    parts: Along<T, M>,
    lifetime: PhantomData<&'a T>,
}

/// An iterator over the indices of an axis: for each a view without that axis, to write it.
pub struct AxisIterMut<'a, T, const M: usize> {
    /// Invariant: the elements are as a `ViewMut` wants them, of all indices together.
    parts: Along<T, M>,
    lifetime: PhantomData<&'a mut T>,
}

/// An iterator over a view in chunks along an axis. The last one may be shorter.
pub struct Chunks<'a, T, const N: usize> {
    /// Invariant: the elements may be read during `'a`.
    parts: Chunked<T, N>,
    lifetime: PhantomData<&'a T>,
}

/// An iterator over a view in chunks along an axis, to write them. The last one may be shorter.
pub struct ChunksMut<'a, T, const N: usize> {
    /// Invariant: the elements are as a `ViewMut` wants them.
    parts: Chunked<T, N>,
    lifetime: PhantomData<&'a mut T>,
}

/// What is left of a layout that is cut into chunks.
pub(super) struct Chunked<T, const N: usize> {
    rest: Layout<T, N>,
    axis: usize,
    size: usize,
}

impl<T, const N: usize> Chunked<T, N> {
    #[track_caller]
    pub(super) fn new(layout: Layout<T, N>, axis: usize, size: usize) -> Self {
        assert!(axis < N, "axis {axis} of a view of rank {N}");
        assert!(size > 0, "chunk size must be non-zero");
        Self { rest: layout, axis, size }
    }

    fn len(&self) -> usize {
        self.rest.shape()[self.axis].div_ceil(self.size)
    }

    fn next(&mut self) -> Option<Layout<T, N>> {
        let left = self.rest.shape()[self.axis];
        let (chunk, rest) = self.rest.split_at(self.axis, self.size.min(left));
        self.rest = rest;
        (left > 0).then_some(chunk)
    }

    fn nth(&mut self, n: usize) -> Option<Layout<T, N>> {
        let left = self.rest.shape()[self.axis];
        let skipped = self.size.saturating_mul(n).min(left);
        self.rest = self.rest.split_at(self.axis, skipped).1;
        self.next()
    }

    fn next_back(&mut self) -> Option<Layout<T, N>> {
        let whole = self.len().checked_sub(1)?;
        let (rest, chunk) = self.rest.split_at(self.axis, whole * self.size);
        self.rest = rest;
        Some(chunk)
    }
}

impl<T, const N: usize> Clone for Chunked<T, N> {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

macro_rules! parts {
    ($iter:ident yields $view:ident, $parts:ident) => {
        impl<'a, T, const N: usize> $iter<'a, T, N> {
            /// # Safety
            ///
            /// The invariant of the field.
            #[inline]
            pub(super) unsafe fn new(parts: $parts<T, N>) -> Self {
                Self { parts, lifetime: PhantomData }
            }
        }

        impl<'a, T, const N: usize> Iterator for $iter<'a, T, N> {
            type Item = $view<'a, T, N>;

            #[inline]
            fn next(&mut self) -> Option<Self::Item> {
                // SAFETY: by the invariant on `parts`, of which each is handed out once.
                self.parts.next().map(|part| unsafe { $view::of(part) })
            }

            #[inline]
            fn nth(&mut self, n: usize) -> Option<Self::Item> {
                // SAFETY: by the invariant on `parts`, of which each is handed out once.
                self.parts.nth(n).map(|part| unsafe { $view::of(part) })
            }

            #[inline]
            fn size_hint(&self) -> (usize, Option<usize>) {
                (self.parts.len(), Some(self.parts.len()))
            }
        }

        impl<T, const N: usize> DoubleEndedIterator for $iter<'_, T, N> {
            #[inline]
            fn next_back(&mut self) -> Option<Self::Item> {
                // SAFETY: by the invariant on `parts`, of which each is handed out once.
                self.parts.next_back().map(|part| unsafe { $view::of(part) })
            }
        }

        impl<T, const N: usize> ExactSizeIterator for $iter<'_, T, N> {}
        impl<T, const N: usize> FusedIterator for $iter<'_, T, N> {}

        impl<T: fmt::Debug, const N: usize> fmt::Debug for $iter<'_, T, N> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut parts = self.parts.clone();
                let views = core::iter::from_fn(|| {
                    let part = parts.next()?;
                    // SAFETY: by the invariant on `parts`, which nobody writes while `self` is borrowed.
                    Some(unsafe { View::<'_, T, N>::of(part) })
                });
                f.debug_list().entries(views).finish()
            }
        }
    };
}

parts!(AxisIter yields View, Along);
parts!(AxisIterMut yields ViewMut, Along);
parts!(Chunks yields View, Chunked);
parts!(ChunksMut yields ViewMut, Chunked);

impl<T, const M: usize> Clone for AxisIter<'_, T, M> {
    fn clone(&self) -> Self {
        Self { parts: self.parts.clone(), lifetime: PhantomData }
    }
}

impl<T, const N: usize> Clone for Chunks<'_, T, N> {
    fn clone(&self) -> Self {
        Self { parts: self.parts.clone(), lifetime: PhantomData }
    }
}
