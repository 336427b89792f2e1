//! Iterating over the elements of a view, in order.

#![allow(unsafe_code)]

use super::elements::Elements;
use super::layout::Layout;
use core::fmt;
use core::iter::FusedIterator;
use core::marker::PhantomData;

/// An iterator over the elements of a view, in row-major order: the last index moves fastest.
///
/// `fold`, and what is built on it (`sum`, `max`, `for_each`, `count`, adaptors in front of them), runs one loop a line,
/// with the distance of the elements known to the compiler where they lie side by side, backwards or are every
/// second one. A plain `for` loop calls `next`.
pub struct Iter<'a, T, const N: usize> {
    /// Invariant: the elements may be read during `'a`.
    elements: Elements<T, N>,
    lifetime: PhantomData<&'a T>,
}

/// An iterator over the elements of a view, in row-major order, to write them.
///
/// As with [`Iter`], `fold` and `for_each` run one loop a line.
pub struct IterMut<'a, T, const N: usize> {
    /// Invariant: the elements may be read and written during `'a`, by this iterator alone, and no two of them
    /// have bytes in common. Each is handed out once.
    elements: Elements<T, N>,
    lifetime: PhantomData<&'a mut T>,
}

impl<'a, T, const N: usize> Iter<'a, T, N> {
    /// # Safety
    ///
    /// The elements of the layout may be read during `'a`.
    #[inline]
    pub(super) unsafe fn new(layout: Layout<T, N>) -> Self {
        Self { elements: Elements::new(layout), lifetime: PhantomData }
    }

    /// All elements, if none was taken, on as few axes as can be.
    #[inline]
    pub(super) fn whole(&self) -> Option<Layout<T, N>> {
        self.elements.whole()
    }
}

impl<'a, T, const N: usize> IterMut<'a, T, N> {
    /// # Safety
    ///
    /// The elements of the layout have no bytes in common, and may be read and written during `'a` by
    /// nobody else.
    #[inline]
    pub(super) unsafe fn new(layout: Layout<T, N>) -> Self {
        Self { elements: Elements::new(layout), lifetime: PhantomData }
    }
}

/// The iterator traits of std, by the methods of `Elements`.
macro_rules! iterators {
    ($iter:ident, $item:ty, $element:ident => $get:expr) => {
        impl<'a, T, const N: usize> Iterator for $iter<'a, T, N> {
            type Item = $item;

            #[inline]
            fn next(&mut self) -> Option<$item> {
                self.elements.next().map(|$element| $get)
            }

            #[inline]
            fn size_hint(&self) -> (usize, Option<usize>) {
                (self.elements.len(), Some(self.elements.len()))
            }

            #[inline]
            fn count(self) -> usize {
                self.elements.len()
            }

            fn nth(&mut self, n: usize) -> Option<$item> {
                self.elements.skip(n);
                self.next()
            }

            fn last(mut self) -> Option<$item> {
                self.next_back()
            }

            #[inline]
            fn fold<B, F: FnMut(B, $item) -> B>(self, init: B, mut f: F) -> B {
                self.elements.fold(init, |folded, $element| f(folded, $get))
            }
        }

        impl<T, const N: usize> DoubleEndedIterator for $iter<'_, T, N> {
            #[inline]
            fn next_back(&mut self) -> Option<Self::Item> {
                self.elements.next_back().map(|$element| $get)
            }

            fn nth_back(&mut self, n: usize) -> Option<Self::Item> {
                self.elements.skip_back(n);
                self.next_back()
            }

            #[inline]
            fn rfold<B, F: FnMut(B, Self::Item) -> B>(self, init: B, mut f: F) -> B {
                self.elements.rfold(init, |folded, $element| f(folded, $get))
            }
        }

        impl<T, const N: usize> ExactSizeIterator for $iter<'_, T, N> {}
        impl<T, const N: usize> FusedIterator for $iter<'_, T, N> {}
    };
}

iterators!(Iter, &'a T, element => {
    // SAFETY: by the invariant on `elements` the element may be read during 'a.
    unsafe { element.as_ref() }
});

iterators!(IterMut, &'a mut T, element => {
    let mut element = element;
    // SAFETY: by the invariant on `elements` the element is this iterator's alone during 'a, and `Elements` hands
    // every element out once.
    unsafe { element.as_mut() }
});

impl<T, const N: usize> Clone for Iter<'_, T, N> {
    #[inline]
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

impl<T: fmt::Debug, const N: usize> fmt::Debug for Iter<'_, T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

impl<T: fmt::Debug, const N: usize> fmt::Debug for IterMut<'_, T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let left = Iter { elements: self.elements, lifetime: PhantomData::<&T> };
        f.debug_list().entries(left).finish()
    }
}

/// An iterator over elements with their indices, in row-major order.
#[derive(Clone, Debug)]
pub struct Indexed<I, const N: usize> {
    iter: I,
    shape: [usize; N],
    /// Of the next element.
    index: [usize; N],
}

impl<I: ExactSizeIterator, const N: usize> Indexed<I, N> {
    /// `iter` goes through a view of `shape`, from its beginning.
    #[inline]
    pub(super) fn new(iter: I, shape: [usize; N]) -> Self {
        Self { iter, shape, index: [0; N] }
    }
}

impl<I: ExactSizeIterator, const N: usize> Iterator for Indexed<I, N> {
    type Item = ([usize; N], I::Item);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let element = self.iter.next()?;
        let index = self.index;
        for axis in (0..N).rev() {
            self.index[axis] += 1;
            if self.index[axis] < self.shape[axis] {
                break;
            }
            self.index[axis] = 0;
        }
        Some((index, element))
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.iter.size_hint()
    }

    #[inline]
    fn fold<B, F: FnMut(B, Self::Item) -> B>(self, init: B, mut f: F) -> B {
        let Self { iter, shape, mut index } = self;
        iter.fold(init, |folded, element| {
            let at = index;
            for axis in (0..N).rev() {
                index[axis] += 1;
                if index[axis] < shape[axis] {
                    break;
                }
                index[axis] = 0;
            }
            f(folded, (at, element))
        })
    }
}

impl<I: ExactSizeIterator, const N: usize> ExactSizeIterator for Indexed<I, N> {}
impl<I: ExactSizeIterator + FusedIterator, const N: usize> FusedIterator for Indexed<I, N> {}
