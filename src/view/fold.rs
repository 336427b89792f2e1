//! Folds that take memory as it comes: in any order, or in order by whole cache lines.

#![allow(unsafe_code)]

use super::bands::Bands;
use super::elements::Elements;
use super::{Iter, View};
use core::iter::FusedIterator;

impl<'a, T, const N: usize> View<'a, T, N> {
    /// Folds the elements in the order in which they lie in memory, which costs least.
    ///
    /// A transposed or reversed view is folded as fast as if it were not; where the order matters, as it does for
    /// sums of floats by their rounding, the result differs from that of [`iter`](Self::iter).
    ///
    /// ```
    /// use pennyweight::view::View;
    ///
    /// let matrix = View::from(&[1, 2, 3, 4, 5, 6]).reshape([2, 3])?;
    /// assert_eq!(matrix.t().fold_any(0, |sum, element| sum + element), 21);
    /// assert!(matrix.t().iter().eq(&[1, 4, 2, 5, 3, 6]));
    /// # Ok::<(), pennyweight::view::ReshapeError<1, 2>>(())
    /// ```
    #[inline]
    pub fn fold_any<B>(&self, init: B, mut f: impl FnMut(B, &'a T) -> B) -> B {
        let elements = Elements::new(self.layout().in_memory_order());
        // SAFETY: by the invariant on `layout` the elements may be read during 'a.
        elements.fold(init, |folded, element| f(folded, unsafe { element.as_ref() }))
    }
}

/// An iterator over the values of a view, in row-major order.
///
/// Hands out what [`Iter`] does, copied. Copies may be made ahead, and so its `fold`, and what is built on it, reads a
/// transposed view that does not fit the caches by whole cache lines, which it copies to heap memory until all their values
/// were folded. [`Iter`] cannot, since references have to point to where the elements are. For the time of
/// the fold the copies take 256 bytes for each index of the axes that move faster than the one along which elements lie
/// closest, where these are 512 to 32,768, and 64 KB beside; less than twice that where the size of an element does not divide
/// 128, and so 16 MB at most. Where there is no memory, it goes without.
#[derive(Clone, Debug)]
pub struct Values<'a, T, const N: usize> {
    iter: Iter<'a, T, N>,
}

impl<'a, T: Copy, const N: usize> Values<'a, T, N> {
    #[inline]
    pub(super) fn new(view: View<'a, T, N>) -> Self {
        Self { iter: view.iter() }
    }
}

impl<T: Copy, const N: usize> Iterator for Values<'_, T, N> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        self.iter.next().copied()
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.iter.size_hint()
    }

    #[inline]
    fn count(self) -> usize {
        self.iter.count()
    }

    fn nth(&mut self, n: usize) -> Option<T> {
        self.iter.nth(n).copied()
    }

    fn last(mut self) -> Option<T> {
        self.next_back()
    }

    #[inline]
    fn fold<B, F: FnMut(B, T) -> B>(self, init: B, mut f: F) -> B {
        if N >= 2
            && let Some(layout) = self.iter.whole()
            && let Some(bands) = Bands::of(&layout)
            && let Some(&first) = self.iter.clone().next()
            && let Some(room) = bands.room(first)
        {
            // SAFETY: the elements are those of a view, which `iter` may read.
            return unsafe { bands.fold(layout, room, init, f) };
        }
        self.iter.fold(init, |folded, &value| f(folded, value))
    }
}

impl<T: Copy, const N: usize> DoubleEndedIterator for Values<'_, T, N> {
    #[inline]
    fn next_back(&mut self) -> Option<T> {
        self.iter.next_back().copied()
    }

    fn nth_back(&mut self, n: usize) -> Option<T> {
        self.iter.nth_back(n).copied()
    }

    #[inline]
    fn rfold<B, F: FnMut(B, T) -> B>(self, init: B, mut f: F) -> B {
        self.iter.rfold(init, |folded, &value| f(folded, value))
    }
}

impl<T: Copy, const N: usize> ExactSizeIterator for Values<'_, T, N> {}
impl<T: Copy, const N: usize> FusedIterator for Values<'_, T, N> {}
