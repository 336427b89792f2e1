//! Views as values: compared, shown, indexed and iterated.

use super::iter::{Iter, IterMut};
use super::layout::index_out_of_bounds;
use super::{View, ViewMut};
use alloc::vec::Vec;
use core::fmt;
use core::ops::{Index, IndexMut};

impl<T: PartialEq<U>, U, const N: usize> PartialEq<View<'_, U, N>> for View<'_, T, N> {
    /// True where the shapes are equal, and the elements at each index.
    fn eq(&self, other: &View<'_, U, N>) -> bool {
        if self.shape() != other.shape() {
            return false;
        }
        if let (Some(these), Some(those)) = (self.as_slice(), other.as_slice()) {
            return these == those;
        }
        self.iter().zip(other.iter()).all(|(this, that)| this == that)
    }
}

impl<T: Eq, const N: usize> Eq for View<'_, T, N> {}

impl<T: PartialEq<U>, U, const N: usize> PartialEq<ViewMut<'_, U, N>> for View<'_, T, N> {
    fn eq(&self, other: &ViewMut<'_, U, N>) -> bool {
        *self == other.view()
    }
}

impl<T: PartialEq<U>, U, const N: usize> PartialEq<View<'_, U, N>> for ViewMut<'_, T, N> {
    fn eq(&self, other: &View<'_, U, N>) -> bool {
        self.view() == *other
    }
}

impl<T: PartialEq<U>, U, const N: usize> PartialEq<ViewMut<'_, U, N>> for ViewMut<'_, T, N> {
    fn eq(&self, other: &ViewMut<'_, U, N>) -> bool {
        self.view() == other.view()
    }
}

impl<T: Eq, const N: usize> Eq for ViewMut<'_, T, N> {}

macro_rules! eq_slices {
    ($view:ident: $($rank:literal [$($generics:tt)*] $other:ty, $slice:ident => $as_view:expr;)+) => {
        $(
            impl<T: PartialEq<U>, U, $($generics)*> PartialEq<$other> for $view<'_, T, $rank> {
                fn eq(&self, $slice: &$other) -> bool {
                    *self == $as_view
                }
            }
        )+
    };
    ($($view:ident)+) => {
        $(
            eq_slices! {
                $view:
                1 [] [U], other => View::from(other);
                1 [] &[U], other => View::from(*other);
                1 [] Vec<U>, other => View::from(other);
                1 [const A: usize] [U; A], other => View::from(other);
                2 [const B: usize] [[U; B]], other => View::from_rows(other);
                2 [const A: usize, const B: usize] [[U; B]; A], other => View::from_rows(other);
            }
        )+
    };
}

eq_slices!(View ViewMut);

impl<T: fmt::Debug, const N: usize> fmt::Debug for View<'_, T, N> {
    /// Formats the elements as nested lists.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Nested { view: self, index: [0; N], axis: 0 }.fmt(f)
    }
}

impl<T: fmt::Debug, const N: usize> fmt::Debug for ViewMut<'_, T, N> {
    /// Formats the elements as nested lists.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.view().fmt(f)
    }
}

/// The elements of a view whose indices before `axis` are those of `index`.
struct Nested<'v, 'a, T, const N: usize> {
    view: &'v View<'a, T, N>,
    index: [usize; N],
    axis: usize,
}

impl<T: fmt::Debug, const N: usize> fmt::Debug for Nested<'_, '_, T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let &Self { view, index, axis } = self;
        if axis == N {
            return view[index].fmt(f);
        }
        let nested = (0..view.shape()[axis]).map(|at| {
            let mut index = index;
            index[axis] = at;
            Nested { view, index, axis: axis + 1 }
        });
        f.debug_list().entries(nested).finish()
    }
}

impl<T, const N: usize> Index<[usize; N]> for View<'_, T, N> {
    type Output = T;

    #[inline]
    #[track_caller]
    fn index(&self, index: [usize; N]) -> &T {
        match self.get(index) {
            Some(element) => element,
            None => out_of_bounds(index, self.shape()),
        }
    }
}

impl<T, const N: usize> Index<[usize; N]> for ViewMut<'_, T, N> {
    type Output = T;

    #[inline]
    #[track_caller]
    fn index(&self, index: [usize; N]) -> &T {
        match self.get(index) {
            Some(element) => element,
            None => out_of_bounds(index, self.shape()),
        }
    }
}

impl<T, const N: usize> IndexMut<[usize; N]> for ViewMut<'_, T, N> {
    #[inline]
    #[track_caller]
    fn index_mut(&mut self, index: [usize; N]) -> &mut T {
        let shape = self.shape();
        match self.get_mut(index) {
            Some(element) => element,
            None => out_of_bounds(index, shape),
        }
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn out_of_bounds<const N: usize>(index: [usize; N], shape: [usize; N]) -> ! {
    let axis = (0..N).find(|&axis| index[axis] >= shape[axis]).unwrap_or(0);
    index_out_of_bounds(axis, shape[axis], &index[axis])
}

impl<'a, T, const N: usize> IntoIterator for View<'a, T, N> {
    type Item = &'a T;
    type IntoIter = Iter<'a, T, N>;

    #[inline]
    fn into_iter(self) -> Iter<'a, T, N> {
        self.iter()
    }
}

impl<'a, T, const N: usize> IntoIterator for &View<'a, T, N> {
    type Item = &'a T;
    type IntoIter = Iter<'a, T, N>;

    #[inline]
    fn into_iter(self) -> Iter<'a, T, N> {
        self.iter()
    }
}

impl<'v, T, const N: usize> IntoIterator for &'v ViewMut<'_, T, N> {
    type Item = &'v T;
    type IntoIter = Iter<'v, T, N>;

    #[inline]
    fn into_iter(self) -> Iter<'v, T, N> {
        self.iter()
    }
}

impl<'v, T, const N: usize> IntoIterator for &'v mut ViewMut<'_, T, N> {
    type Item = &'v mut T;
    type IntoIter = IterMut<'v, T, N>;

    #[inline]
    fn into_iter(self) -> IterMut<'v, T, N> {
        self.iter_mut()
    }
}
