//! The view that writes.

#![allow(unsafe_code)]

use super::View;
use super::axis::{AxisIterMut, Chunked, ChunksMut};
use super::error::ReshapeError;
use super::iter::{Indexed, Iter, IterMut};
use super::layout::Layout;
use super::rank::{OneLess, OneMore, Rank};
use super::select::Selection;
use super::slice::Slice;
use crate::size::{HeapSize, Visitor};
use alloc::vec::Vec;
use core::marker::PhantomData;
use core::ptr::NonNull;

/// Elements at regular distances in memory, as a slice of N axes that can be written: `8 + 16 * N` bytes.
///
/// What a [`View`] reads this writes, with no copy either: every second element, a block, a column. Like
/// `&mut [T]` it is the only way to its elements while it lives, and is moved, not copied: methods that
/// make another view of it take it, so that after `squares.slice(s![0]).fill(7)` there is no `squares` left (E0382).
/// Lend it where it is needed again: `squares.view_mut().slice(s![0]).fill(7)`, by [`view_mut`](Self::view_mut). A view that
/// reads, with all of [`View`]'s methods, is lent by [`view`](Self::view).
///
/// What shows an element more than once, [`broadcast`](View::broadcast) and [`windows`](View::windows), can
/// only be read.
///
/// # Layout
///
/// That of [`View`].
///
/// # Memory
///
/// `8 + 16 * N` bytes inline. No heap memory.
///
/// # Examples
///
/// ```
/// use pennyweight::view::{View, ViewMut, s};
///
/// let mut board = [0; 9];
/// let mut squares = ViewMut::from(&mut board).reshape([3, 3])?;
/// squares.view_mut().slice(s![.., 1]).fill(7);
/// squares.view_mut().slice(s![-1, ..; -1]).copy_from(View::from(&[1, 2, 3]));
/// squares[[0, 0]] += 5;
/// assert_eq!(squares, [[5, 7, 0], [0, 7, 0], [3, 2, 1]]);
/// # Ok::<(), pennyweight::view::ReshapeError<1, 2>>(())
/// ```
///
/// # Source
///
/// As for [`View`]. In NumPy any number of views write one array.
pub struct ViewMut<'a, T, const N: usize> {
    /// Invariant: every element may be read and written during `'a`, by the holder of this view alone, and no
    /// two indices have bytes in common.
    layout: Layout<T, N>,
    lifetime: PhantomData<&'a mut T>,
}

impl<'a, T, const N: usize> ViewMut<'a, T, N> {
    /// # Safety
    ///
    /// The elements have no bytes in common, and during `'a` nobody else reads or writes them.
    #[inline]
    pub(super) const unsafe fn of(layout: Layout<T, N>) -> Self {
        Self { layout, lifetime: PhantomData }
    }

    /// Where the elements lie.
    #[inline]
    pub(super) const fn layout(&self) -> Layout<T, N> {
        self.layout
    }

    /// A view of elements that are among those of this one, each once.
    #[inline]
    const fn with<const M: usize>(self, layout: Layout<T, M>) -> ViewMut<'a, T, M> {
        ViewMut { layout, lifetime: PhantomData }
    }

    /// A view that only reads, for as long as this one is borrowed.
    #[inline]
    pub const fn view(&self) -> View<'_, T, N> {
        // SAFETY: while `self` is borrowed nobody writes the elements.
        unsafe { View::of(self.layout) }
    }

    /// A view that writes, for as long as this one is borrowed: what is made of it leaves this one as it is.
    #[inline]
    pub const fn view_mut(&mut self) -> ViewMut<'_, T, N> {
        ViewMut { layout: self.layout, lifetime: PhantomData }
    }

    /// Turns the view into one that only reads, which can be copied.
    #[inline]
    pub const fn into_view(self) -> View<'a, T, N> {
        // SAFETY: the elements were this view's alone during 'a, and it is gone.
        unsafe { View::of(self.layout) }
    }

    /// The lengths of the axes.
    #[inline]
    pub const fn shape(&self) -> [usize; N] {
        self.layout.shape()
    }

    /// The bytes from one index of an axis to the next. An axis of fewer than two indices may have any.
    #[inline]
    pub const fn strides(&self) -> [isize; N] {
        self.layout.strides()
    }

    /// The number of elements.
    #[inline]
    pub fn len(&self) -> usize {
        self.layout.len()
    }

    /// True where there are none: where an axis has length 0.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.layout.is_empty()
    }

    /// Where the element at index 0 of all axes lies, or would.
    #[inline]
    pub const fn as_mut_ptr(&mut self) -> *mut T {
        self.layout.ptr().as_ptr()
    }

    /// The element at `index`, or `None` where an axis is shorter.
    #[inline]
    pub fn get(&self, index: [usize; N]) -> Option<&T> {
        self.view().get(index)
    }

    /// The element at `index`, or `None` where an axis is shorter. `view[index]` panics there.
    #[inline]
    pub fn get_mut(&mut self, index: [usize; N]) -> Option<&mut T> {
        // SAFETY: by the invariant on `layout` the element is there and this view's alone, and `self` is
        // borrowed for as long as the element.
        self.layout.get(index).map(|mut element| unsafe { element.as_mut() })
    }

    /// Selects from all axes at once, as [`View::slice`] does. Takes the view; [`view_mut`](Self::view_mut) lends it.
    ///
    /// ```
    /// use pennyweight::view::{ViewMut, s};
    ///
    /// let mut numbers = [0; 6];
    /// let mut view = ViewMut::from(&mut numbers);
    /// view.view_mut().slice(s![..; 2]).fill(1);
    /// view.view_mut().slice(s![-1]).fill(2);
    /// let last = view.slice(s![3..]);
    /// assert_eq!(last, [0, 1, 2]);
    /// // `view` is gone.
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if an integer is beyond its axis, or a step is 0. Ranges are clamped.
    #[inline]
    #[track_caller]
    pub fn slice<S, const M: usize>(self, selection: S) -> ViewMut<'a, T, M>
    where
        S: Selection<Rank<N>, Out = Rank<M>>,
    {
        let layout = self.layout.select(selection);
        self.with(layout)
    }

    /// Selects indices of one axis.
    ///
    /// # Panics
    ///
    /// Panics if there is no such axis, or the step is 0.
    #[inline]
    #[track_caller]
    pub fn slice_axis(self, axis: usize, indices: impl Into<Slice>) -> Self {
        let layout = self.layout.slice_axis(axis, indices.into());
        self.with(layout)
    }

    /// The elements at one index of an axis, which goes.
    ///
    /// # Panics
    ///
    /// Panics if there is no such axis, or it is shorter.
    #[inline]
    #[track_caller]
    pub fn index_axis<const M: usize>(self, axis: usize, index: usize) -> ViewMut<'a, T, M>
    where
        Rank<N>: OneLess<Less = Rank<M>>,
    {
        let layout = self.layout.index_axis(axis, index);
        self.with(layout)
    }

    /// Puts in an axis of length 1, which becomes number `axis`.
    ///
    /// # Panics
    ///
    /// Panics if `axis` is greater than `N`.
    #[inline]
    #[track_caller]
    pub fn insert_axis<const M: usize>(self, axis: usize) -> ViewMut<'a, T, M>
    where
        Rank<N>: OneMore<More = Rank<M>>,
    {
        let layout = self.layout.insert_axis(axis);
        self.with(layout)
    }

    /// Cuts an axis in two: the indices up to `index`, and those from it on.
    ///
    /// # Panics
    ///
    /// Panics if there is no such axis, or it is shorter.
    #[inline]
    #[track_caller]
    pub fn split_at(self, axis: usize, index: usize) -> (Self, Self) {
        let (front, back) = self.layout.split_at(axis, index);
        // SAFETY: the elements are this view's, which is taken, and none is on both sides.
        (unsafe { Self::of(front) }, self.with(back))
    }

    /// The axes in reverse order: the transposed matrix.
    #[doc(alias = "transpose")]
    #[inline]
    pub fn t(self) -> Self {
        let layout = self.layout.t();
        self.with(layout)
    }

    /// The axes in another order, as with [`View::permute`].
    ///
    /// # Panics
    ///
    /// Panics unless `axes` names each axis once.
    #[doc(alias = "transpose")]
    #[track_caller]
    pub fn permute(self, axes: [usize; N]) -> Self {
        let layout = self.layout.permute(axes);
        self.with(layout)
    }

    /// Lets two axes change places.
    ///
    /// # Panics
    ///
    /// Panics if there is no such axis.
    #[inline]
    #[track_caller]
    pub fn swap_axes(self, a: usize, b: usize) -> Self {
        let layout = self.layout.swap_axes(a, b);
        self.with(layout)
    }

    /// Turns an axis round, as `..; -1` does.
    ///
    /// # Panics
    ///
    /// Panics if there is no such axis.
    #[inline]
    #[track_caller]
    pub fn reverse_axis(self, axis: usize) -> Self {
        let layout = self.layout.reverse_axis(axis);
        self.with(layout)
    }

    /// The same elements in the same order with other axes.
    ///
    /// # Errors
    ///
    /// Fails where [`View::reshape`] does. Lend the view (`view_mut`) to have it back then.
    pub fn reshape<const M: usize>(
        self,
        shape: [usize; M],
    ) -> Result<ViewMut<'a, T, M>, ReshapeError<N, M>> {
        self.layout.reshape(shape).map(|layout| self.with(layout))
    }

    /// All elements in order on one axis.
    ///
    /// # Errors
    ///
    /// Fails if they are not at regular distances in that order.
    #[doc(alias = "ravel")]
    pub fn flatten(self) -> Result<ViewMut<'a, T, 1>, ReshapeError<N, 1>> {
        let len = self.len();
        self.reshape([len])
    }

    /// The elements whose indices are equal on all axes.
    ///
    /// ```
    /// use pennyweight::view::ViewMut;
    ///
    /// let mut matrix = [0; 9];
    /// ViewMut::from(&mut matrix).reshape([3, 3])?.diagonal().fill(1);
    /// assert_eq!(matrix, [1, 0, 0, 0, 1, 0, 0, 0, 1]);
    /// # Ok::<(), pennyweight::view::ReshapeError<1, 2>>(())
    /// ```
    #[inline]
    pub fn diagonal(self) -> ViewMut<'a, T, 1> {
        let layout = self.layout.diagonal();
        self.with(layout)
    }

    /// Iterates over the indices of an axis: for each, a view without that axis.
    ///
    /// # Panics
    ///
    /// Panics if there is no such axis.
    #[inline]
    #[track_caller]
    pub fn axis_iter<const M: usize>(self, axis: usize) -> AxisIterMut<'a, T, M>
    where
        Rank<N>: OneLess<Less = Rank<M>>,
    {
        // SAFETY: the elements are those of this view, which is taken; each has one index on the axis.
        unsafe { AxisIterMut::new(self.layout.along(axis)) }
    }

    /// Iterates over chunks of `size` indices along an axis, of which the last may be shorter.
    ///
    /// # Panics
    ///
    /// Panics if there is no such axis, or if `size` is 0.
    #[inline]
    #[track_caller]
    pub fn chunks(self, axis: usize, size: usize) -> ChunksMut<'a, T, N> {
        // SAFETY: the elements are those of this view, which is taken.
        unsafe { ChunksMut::new(Chunked::new(self.layout, axis, size)) }
    }

    /// True where the elements lie one behind the other in memory, in order.
    #[inline]
    pub fn is_contiguous(&self) -> bool {
        self.layout.is_contiguous()
    }

    /// The elements as a slice, if they lie one behind the other in memory, in order.
    #[inline]
    pub fn as_slice(&self) -> Option<&[T]> {
        self.view().as_slice()
    }

    /// The elements as a slice, if they lie one behind the other in memory, in order.
    #[inline]
    pub fn as_mut_slice(&mut self) -> Option<&mut [T]> {
        self.view_mut().into_slice()
    }

    /// Turns the view into a slice, if the elements lie one behind the other in memory, in order.
    #[inline]
    pub fn into_slice(self) -> Option<&'a mut [T]> {
        // SAFETY: by the invariant on `layout` the elements are this view's alone during 'a, and it is taken.
        self.layout.as_slice().map(|mut slice| unsafe { slice.as_mut() })
    }

    /// Iterates over the elements in row-major order.
    #[inline]
    pub fn iter(&self) -> Iter<'_, T, N> {
        self.view().iter()
    }

    /// Iterates over the elements in row-major order, to write them. Where the order does not matter,
    /// [`for_each_any`](Self::for_each_any) takes that of memory.
    ///
    /// ```
    /// use pennyweight::view::{ViewMut, s};
    ///
    /// let mut numbers = [1, 2, 3, 4, 5];
    /// for number in ViewMut::from(&mut numbers).slice(s![..; 2]) {
    ///     *number *= 10;
    /// }
    /// assert_eq!(numbers, [10, 2, 30, 4, 50]);
    /// ```
    #[inline]
    pub fn iter_mut(&mut self) -> IterMut<'_, T, N> {
        self.view_mut().into_iter()
    }

    /// Iterates over the elements with their indices, in row-major order.
    #[inline]
    pub fn indexed_iter(&self) -> Indexed<Iter<'_, T, N>, N> {
        self.view().indexed_iter()
    }

    /// Iterates over the elements with their indices, in row-major order, to write them.
    #[inline]
    pub fn indexed_iter_mut(&mut self) -> Indexed<IterMut<'_, T, N>, N> {
        let shape = self.shape();
        Indexed::new(self.iter_mut(), shape)
    }
}

impl<'a, T, const N: usize> IntoIterator for ViewMut<'a, T, N> {
    type Item = &'a mut T;
    type IntoIter = IterMut<'a, T, N>;

    #[inline]
    fn into_iter(self) -> IterMut<'a, T, N> {
        // SAFETY: by the invariant on `layout` the elements are this view's alone during 'a, and it is taken.
        unsafe { IterMut::new(self.layout) }
    }
}

impl<'a, T> ViewMut<'a, T, 2> {
    /// A view of arrays, each of which is a row.
    ///
    /// # Panics
    ///
    /// Panics if there are more elements than a `usize` counts, which take no memory.
    #[track_caller]
    pub fn from_rows<const C: usize>(rows: &'a mut [[T; C]]) -> Self {
        let shape = [rows.len(), C];
        let Ok(view) = ViewMut::from(rows.as_flattened_mut()).reshape(shape) else {
            unreachable!("as many elements lie one behind the other");
        };
        view
    }

    /// A row: one index of the first axis. Takes the view; [`view_mut`](Self::view_mut) lends it.
    ///
    /// # Panics
    ///
    /// Panics if there is no such row.
    #[inline]
    #[track_caller]
    pub fn row(self, index: usize) -> ViewMut<'a, T, 1> {
        self.index_axis(0, index)
    }

    /// A column: one index of the second axis. Takes the view; [`view_mut`](Self::view_mut) lends it.
    ///
    /// # Panics
    ///
    /// Panics if there is no such column.
    #[inline]
    #[track_caller]
    pub fn column(self, index: usize) -> ViewMut<'a, T, 1> {
        self.index_axis(1, index)
    }

    /// Iterates over the rows: the indices of the first axis.
    #[inline]
    pub fn rows(self) -> AxisIterMut<'a, T, 1> {
        self.axis_iter(0)
    }

    /// Iterates over the columns: the indices of the second axis.
    #[inline]
    pub fn columns(self) -> AxisIterMut<'a, T, 1> {
        self.axis_iter(1)
    }
}

/// What is borrowed is owned by another.
impl<T, const N: usize> HeapSize for ViewMut<'_, T, N> {
    #[inline]
    fn visit<'v>(&'v self, _: &mut Visitor<'v>) {}
}

impl<'a, T, const N: usize> From<ViewMut<'a, T, N>> for View<'a, T, N> {
    #[inline]
    fn from(view: ViewMut<'a, T, N>) -> Self {
        view.into_view()
    }
}

impl<'a, T> From<&'a mut [T]> for ViewMut<'a, T, 1> {
    #[inline]
    fn from(slice: &'a mut [T]) -> Self {
        Self { layout: Layout::of_slice(NonNull::from(slice)), lifetime: PhantomData }
    }
}

impl<'a, T, const C: usize> From<&'a mut [T; C]> for ViewMut<'a, T, 1> {
    #[inline]
    fn from(array: &'a mut [T; C]) -> Self {
        Self::from(&mut array[..])
    }
}

impl<'a, T> From<&'a mut Vec<T>> for ViewMut<'a, T, 1> {
    #[inline]
    fn from(elements: &'a mut Vec<T>) -> Self {
        Self::from(&mut elements[..])
    }
}
