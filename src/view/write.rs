//! Writing many elements at once.

#![allow(unsafe_code)]

use super::elements::Elements;
use super::layout::Layout;
use super::pair::Pair;
use super::rank::Rank;
use super::select::Selection;
use super::{View, ViewMut};
use core::ptr::NonNull;

impl<T, const N: usize> ViewMut<'_, T, N> {
    /// Calls `f` with each element, in the order in which they lie in memory, which costs least.
    #[inline]
    pub fn for_each_any(&mut self, mut f: impl FnMut(&mut T)) {
        Elements::new(self.layout().in_memory_order()).fold((), |(), mut element| {
            // SAFETY: the elements are this view's alone, and each comes once.
            f(unsafe { element.as_mut() });
        });
    }

    /// Calls `f` with each element and that of another view at the same index, in the order in which the
    /// elements of this one lie in memory.
    ///
    /// Where the shapes differ, [`broadcast`](View::broadcast) the other.
    ///
    /// ```
    /// use pennyweight::view::{View, ViewMut};
    ///
    /// let mut table = [[1.0, 2.0], [3.0, 4.0]];
    /// let factors = [10.0, 0.5];
    /// let mut view = ViewMut::from_rows(&mut table);
    /// view.zip_any(View::from(&factors).broadcast([2, 2])?, |value, factor| *value *= factor);
    /// assert_eq!(table, [[10.0, 1.0], [30.0, 2.0]]);
    /// # Ok::<(), pennyweight::view::BroadcastError<1, 2>>(())
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if the shapes differ.
    #[inline]
    #[track_caller]
    pub fn zip_any<U>(&mut self, other: View<'_, U, N>, mut f: impl FnMut(&mut T, &U)) {
        let pair = Pair::new(self.layout(), other.layout());
        pair.in_memory_order().for_each(|mut element, other| {
            // SAFETY: the elements are this view's alone, and each comes once.
            let element = unsafe { element.as_mut() };
            // SAFETY: `other` may be read.
            f(element, unsafe { other.as_ref() });
        });
    }

    /// Writes a value to every element.
    pub fn fill(&mut self, value: T)
    where
        T: Clone,
    {
        self.for_each_any(|element| element.clone_from(&value));
    }

    /// Writes the elements of another view. A transposed copy is made in blocks that fit the caches.
    ///
    /// Within one view, [`copy_within`](Self::copy_within) copies between parts that may overlap.
    ///
    /// # Panics
    ///
    /// Panics if the shapes differ.
    #[track_caller]
    pub fn copy_from(&mut self, source: View<'_, T, N>)
    where
        T: Copy,
    {
        let pair = Pair::new(self.layout(), source.layout());
        // SAFETY: the elements of `source` may be read.
        let read = |element: NonNull<T>| unsafe { element.read() };
        // SAFETY: the elements of this view are its alone, and so not those of `source`; being `Copy`, they need no drop.
        unsafe { pair.write(read) };
    }

    /// Copies a part of the view to another of the same shape, which may overlap it: the result is as if the
    /// part had been read in full before the first element is written.
    ///
    /// Takes memory for the elements only where neither end to begin at would do, which takes two overlapping parts that
    /// are walked differently: in opposite directions, or by different steps.
    ///
    /// ```
    /// use pennyweight::view::{ViewMut, s};
    ///
    /// let mut numbers = [0, 1, 2, 3, 4, 5];
    /// let mut view = ViewMut::from(&mut numbers);
    /// view.copy_within(s![..-1], s![1..]);
    /// assert_eq!(view, [0, 0, 1, 2, 3, 4]);
    /// view.copy_within(s![..; -1], s![..]);
    /// assert_eq!(view, [4, 3, 2, 1, 0, 0]);
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if the shapes differ, or where [`View::slice`] does.
    #[track_caller]
    pub fn copy_within<const M: usize>(
        &mut self,
        source: impl Selection<Rank<N>, Out = Rank<M>>,
        target: impl Selection<Rank<N>, Out = Rank<M>>,
    ) where
        T: Copy,
    {
        let from: Layout<T, M> = self.layout().select(source);
        let to: Layout<T, M> = self.layout().select(target);
        let pair = Pair::new(to, from);
        let (reads, writes) = (from.extent(), to.extent());
        if reads.end <= writes.start || writes.end <= reads.start {
            // SAFETY: the elements are this view's alone, and may be read.
            let read = |element: NonNull<T>| unsafe { element.read() };
            // SAFETY: the elements are this view's alone; being `Copy` they need no drop; and
            // the two parts have nothing in common.
            return unsafe { pair.write(read) };
        }
        let pair = pair.in_memory_order();
        let (to, from) = pair.layouts();
        if to.is_contiguous() && from.is_contiguous() {
            let (to, from, len) = (to.ptr().as_ptr(), from.ptr().as_ptr(), to.len());
            // SAFETY: both parts are `len` elements of this view side by side, and its alone.
            return unsafe { core::ptr::copy(from, to, len) };
        }
        let alike =
            (0..M).all(|axis| to.shape()[axis] < 2 || to.strides()[axis] == from.strides()[axis]);
        if alike && to.is_ascending() {
            // Both parts are walked by the same way through memory, so that no element is written before it
            // is read if that way begins at the end towards which they move.
            let pair = if to.ptr() > from.ptr() { pair.reversed() } else { pair };
            return pair.for_each(|to, from| {
                // SAFETY: the elements are this view's alone, and may be read.
                let value = unsafe { from.read() };
                // SAFETY: as above.
                unsafe { to.write(value) };
            });
        }
        // SAFETY: the elements may be read, and nobody writes them before this view is dropped.
        let copy = unsafe { View::of(from) }.to_owned_compact();
        let mut values = copy.into_iter();
        Elements::new(to).fold((), |(), element| {
            if let Some(value) = values.next() {
                // SAFETY: the elements are this view's alone.
                unsafe { element.write(value) };
            }
        });
    }
}
