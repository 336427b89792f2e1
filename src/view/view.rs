//! The view that reads.

#![allow(unsafe_code)]

use super::axis::{AxisIter, Chunked, Chunks};
use super::error::{BroadcastError, ReshapeError};
use super::fold::Values;
use super::iter::{Indexed, Iter};
use super::layout::Layout;
use super::rank::{OneLess, OneMore, Rank};
use super::select::Selection;
use super::slice::Slice;
use crate::size::{HeapSize, Visitor};
use alloc::vec::Vec;
use core::marker::PhantomData;
use core::ptr::NonNull;

/// Elements at regular distances in memory, as a slice of N axes: `8 + 16 * N` bytes, and no copy of any element.
///
/// What copying would move, a view computes: `[::2]`, `[::-1]`, a transposed matrix, a block of it, its diagonal, and a
/// row repeated a thousand times are each a pointer with other lengths and distances. A view is
/// [`Copy`]; like `&[T]` it borrows, and so cannot outlive or hide a change of what it shows.
///
/// It wins where parts of large data are looked at once or a few times. It loses where a part is read often in an order
/// that is not that of memory: elements far apart take a cache line each. Then
/// [`to_owned_compact`](Self::to_owned_compact) is paid once. For any order, [`fold_any`](Self::fold_any) takes that of
/// memory; for values in order, [`values`](Self::values) takes whole cache lines. A view of a few elements keeps all
/// of the data borrowed.
///
/// # Layout
///
/// A pointer to the first element, and for each axis its length and its stride: the bytes from one index to
/// the next, of either sign. The last axis is the innermost.
///
/// ```text
/// memory (i32)          0  1  2  3  4  5  6  7  8  9 10 11
///
/// [3, 4]                ^ first     shape [3, 4]   strides [16, 4]
///   .t()                ^ first     shape [4, 3]   strides [4, 16]
///   [1:, ::-2]                         ^ first     shape [2, 2]   strides [16, -8]
/// ```
///
/// Strides are in bytes, not in elements, so that a field of a slice of structs is a view too.
///
/// # Memory
///
/// `8 + 16 * N` bytes inline: 24 for one axis, 40 for two. No heap memory. `Option<View>` is of the same size.
///
/// # Examples
///
/// ```
/// use pennyweight::view::{View, s};
///
/// let numbers: Vec<i32> = (0..12).collect();
/// let matrix = View::from(&numbers).reshape([3, 4])?;
/// assert_eq!(matrix, [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]);
/// assert_eq!(matrix.slice(s![1.., ..; -2]), [[7, 5], [11, 9]]);
/// assert_eq!(matrix.t().slice(s![0]), [0, 4, 8]);
/// assert_eq!(matrix.diagonal(), [0, 5, 10]);
/// assert_eq!(matrix.t().strides(), [4, 16]);
/// assert_eq!(size_of_val(&matrix), 40);
/// # Ok::<(), pennyweight::view::ReshapeError<1, 2>>(())
/// ```
///
/// # Source
///
/// [Basic slicing](https://numpy.org/doc/stable/user/basics.indexing.html) and the strides of NumPy.
/// [`ndarray`](https://docs.rs/ndarray)'s `ArrayView` is close: its strides are in elements, so that it cannot show a
/// field, and its slices follow rules of their own, see [`Slice`]. `std`'s `step_by` and `rev` are for one axis.
pub struct View<'a, T, const N: usize> {
    /// Invariant: every element may be read by anyone, and written by no one, during `'a`. Indices may share
    /// one: strides may be 0, and elements may overlap.
    layout: Layout<T, N>,
    lifetime: PhantomData<&'a T>,
}

impl<'a, T, const N: usize> View<'a, T, N> {
    /// # Safety
    ///
    /// The elements may be read during `'a`, and nobody writes them.
    #[inline]
    pub(super) const unsafe fn of(layout: Layout<T, N>) -> Self {
        Self { layout, lifetime: PhantomData }
    }

    /// Where the elements lie.
    #[inline]
    pub(super) const fn layout(&self) -> Layout<T, N> {
        self.layout
    }

    /// A view of elements that are among those of this one.
    #[inline]
    const fn with<const M: usize>(self, layout: Layout<T, M>) -> View<'a, T, M> {
        View { layout, lifetime: PhantomData }
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
    pub const fn as_ptr(&self) -> *const T {
        self.layout.ptr().as_ptr()
    }

    /// The element at `index`, or `None` where an axis is shorter. `view[index]` panics there.
    ///
    /// ```
    /// use pennyweight::view::View;
    ///
    /// let matrix = View::from(&[1, 2, 3, 4, 5, 6]).reshape([2, 3])?;
    /// assert_eq!(matrix.get([1, 2]), Some(&6));
    /// assert_eq!(matrix.get([2, 0]), None);
    /// assert_eq!(matrix[[0, 1]], 2);
    /// # Ok::<(), pennyweight::view::ReshapeError<1, 2>>(())
    /// ```
    #[inline]
    pub fn get(&self, index: [usize; N]) -> Option<&'a T> {
        // SAFETY: by the invariant on `layout` the element is there and may be read during 'a.
        self.layout.get(index).map(|element| unsafe { element.as_ref() })
    }

    /// Selects from all axes at once: ranges with steps, indices, new axes. See [`s!`](super::s) for what can
    /// be written.
    ///
    /// ```
    /// use pennyweight::view::{View, s};
    ///
    /// let matrix = View::from(&[1, 2, 3, 4, 5, 6]).reshape([2, 3])?;
    /// assert_eq!(matrix.slice(s![.., 1..]), [[2, 3], [5, 6]]);
    /// assert_eq!(matrix.slice(s![-1, ..; -1]), [6, 5, 4]);
    /// assert_eq!(matrix.slice(s![new, ..., 0]).shape(), [1, 2]);
    /// # Ok::<(), pennyweight::view::ReshapeError<1, 2>>(())
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if an integer is beyond its axis, or a step is 0. Ranges are clamped.
    #[inline]
    #[track_caller]
    pub fn slice<S, const M: usize>(self, selection: S) -> View<'a, T, M>
    where
        S: Selection<Rank<N>, Out = Rank<M>>,
    {
        self.with(self.layout.select(selection))
    }

    /// Selects indices of one axis.
    ///
    /// # Panics
    ///
    /// Panics if there is no such axis, or the step is 0.
    #[inline]
    #[track_caller]
    pub fn slice_axis(self, axis: usize, indices: impl Into<Slice>) -> Self {
        self.with(self.layout.slice_axis(axis, indices.into()))
    }

    /// The elements at one index of an axis, which goes. At index 0 of an axis of length 1 this is NumPy's `squeeze`.
    ///
    /// ```
    /// use pennyweight::view::View;
    ///
    /// let matrix = View::from(&[1, 2, 3, 4, 5, 6]).reshape([2, 3])?;
    /// assert_eq!(matrix.index_axis(1, 2), [3, 6]);
    /// # Ok::<(), pennyweight::view::ReshapeError<1, 2>>(())
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if there is no such axis, or it is shorter.
    #[doc(alias = "squeeze")]
    #[inline]
    #[track_caller]
    pub fn index_axis<const M: usize>(self, axis: usize, index: usize) -> View<'a, T, M>
    where
        Rank<N>: OneLess<Less = Rank<M>>,
    {
        self.with(self.layout.index_axis(axis, index))
    }

    /// Puts in an axis of length 1, which becomes number `axis`.
    ///
    /// # Panics
    ///
    /// Panics if `axis` is greater than `N`.
    #[doc(alias = "newaxis")]
    #[doc(alias = "expand_dims")]
    #[inline]
    #[track_caller]
    pub fn insert_axis<const M: usize>(self, axis: usize) -> View<'a, T, M>
    where
        Rank<N>: OneMore<More = Rank<M>>,
    {
        self.with(self.layout.insert_axis(axis))
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
        (self.with(front), self.with(back))
    }

    /// The axes in reverse order: the transposed matrix.
    #[doc(alias = "transpose")]
    #[inline]
    pub fn t(self) -> Self {
        self.with(self.layout.t())
    }

    /// The axes in another order: axis `i` of the result is axis `axes[i]` of this view.
    ///
    /// ```
    /// use pennyweight::view::View;
    ///
    /// let numbers: Vec<i32> = (0..24).collect();
    /// let cube = View::from(&numbers).reshape([2, 3, 4])?;
    /// assert_eq!(cube.permute([2, 0, 1]).shape(), [4, 2, 3]);
    /// assert_eq!(cube.permute([2, 0, 1])[[3, 1, 2]], cube[[1, 2, 3]]);
    /// # Ok::<(), pennyweight::view::ReshapeError<1, 3>>(())
    /// ```
    ///
    /// # Panics
    ///
    /// Panics unless `axes` names each axis once.
    #[doc(alias = "transpose")]
    #[track_caller]
    pub fn permute(self, axes: [usize; N]) -> Self {
        self.with(self.layout.permute(axes))
    }

    /// Lets two axes change places.
    ///
    /// # Panics
    ///
    /// Panics if there is no such axis.
    #[inline]
    #[track_caller]
    pub fn swap_axes(self, a: usize, b: usize) -> Self {
        self.with(self.layout.swap_axes(a, b))
    }

    /// Turns an axis round, as `..; -1` does.
    ///
    /// # Panics
    ///
    /// Panics if there is no such axis.
    #[doc(alias = "flip")]
    #[inline]
    #[track_caller]
    pub fn reverse_axis(self, axis: usize) -> Self {
        self.with(self.layout.reverse_axis(axis))
    }

    /// The same elements in the same order with other axes.
    ///
    /// No length is inferred, as NumPy does for -1: it is [`len`](Self::len) divided by the others.
    ///
    /// ```
    /// use pennyweight::view::{View, s};
    ///
    /// let numbers: Vec<i32> = (0..12).collect();
    /// let matrix = View::from(&numbers).reshape([3, 4])?;
    /// let every_second = matrix.slice(s![.., ..; 2]);
    /// assert_eq!(every_second.reshape([6]).unwrap(), [0, 2, 4, 6, 8, 10]);
    /// assert!(matrix.t().reshape([12]).unwrap_err().needs_copy());
    /// # Ok::<(), pennyweight::view::ReshapeError<1, 2>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if the shape has another number of elements, or the elements are not at regular distances in that
    /// shape: a copy would be needed, and is not made.
    pub fn reshape<const M: usize>(
        self,
        shape: [usize; M],
    ) -> Result<View<'a, T, M>, ReshapeError<N, M>> {
        self.layout.reshape(shape).map(|layout| self.with(layout))
    }

    /// All elements in order on one axis.
    ///
    /// # Errors
    ///
    /// Fails if they are not at regular distances in that order.
    #[doc(alias = "ravel")]
    pub fn flatten(self) -> Result<View<'a, T, 1>, ReshapeError<N, 1>> {
        self.reshape([self.len()])
    }

    /// Repeats the elements along axes of length 1, and along axes put in front, by a stride of 0.
    ///
    /// ```
    /// use pennyweight::view::View;
    ///
    /// let row = View::from(&[1, 2, 3]);
    /// assert_eq!(row.broadcast([2, 3])?, [[1, 2, 3], [1, 2, 3]]);
    /// # Ok::<(), pennyweight::view::BroadcastError<1, 2>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Fails unless each axis of the view has length 1 or that of the shape, counted from the last; or
    /// if the lengths of the shape, those that are 0 left out, multiply to more than a `usize` counts.
    pub fn broadcast<const M: usize>(
        self,
        shape: [usize; M],
    ) -> Result<View<'a, T, M>, BroadcastError<N, M>> {
        self.layout.broadcast(shape).map(|layout| self.with(layout))
    }

    /// All overlapping runs of `size` elements along an axis, each along a new last axis.
    ///
    /// Where the axis is shorter there is none, as with the `windows` of a slice.
    ///
    /// ```
    /// use pennyweight::view::View;
    ///
    /// let windows = View::from(&[1, 2, 4, 8]).windows(0, 3);
    /// assert_eq!(windows, [[1, 2, 4], [2, 4, 8]]);
    /// let averages: Vec<i32> = windows.rows().map(|row| row.iter().sum::<i32>() / 3).collect();
    /// assert_eq!(averages, [2, 4]);
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if there is no such axis, if `size` is 0, or if the lengths of the result, those that are 0 left out,
    /// multiply to more than a `usize` counts.
    #[doc(alias = "sliding_window_view")]
    #[track_caller]
    pub fn windows<const M: usize>(self, axis: usize, size: usize) -> View<'a, T, M>
    where
        Rank<N>: OneMore<More = Rank<M>>,
    {
        self.with(self.layout.windows(axis, size))
    }

    /// The elements whose indices are equal on all axes.
    #[inline]
    pub fn diagonal(self) -> View<'a, T, 1> {
        self.with(self.layout.diagonal())
    }

    /// Iterates over the indices of an axis: for each, the view without that axis.
    ///
    /// # Panics
    ///
    /// Panics if there is no such axis.
    #[inline]
    #[track_caller]
    pub fn axis_iter<const M: usize>(self, axis: usize) -> AxisIter<'a, T, M>
    where
        Rank<N>: OneLess<Less = Rank<M>>,
    {
        // SAFETY: the elements are among those of this view.
        unsafe { AxisIter::new(self.layout.along(axis)) }
    }

    /// Iterates over chunks of `size` indices along an axis, of which the last may be shorter.
    ///
    /// ```
    /// use pennyweight::view::View;
    ///
    /// let mut chunks = View::from(&[1, 2, 3, 4, 5]).chunks(0, 2);
    /// assert_eq!(chunks.next().unwrap(), [1, 2]);
    /// assert_eq!(chunks.next_back().unwrap(), [5]);
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if there is no such axis, or if `size` is 0.
    #[inline]
    #[track_caller]
    pub fn chunks(self, axis: usize, size: usize) -> Chunks<'a, T, N> {
        // SAFETY: the elements are those of this view.
        unsafe { Chunks::new(Chunked::new(self.layout, axis, size)) }
    }

    /// True where the elements lie one behind the other in memory, in order.
    #[inline]
    pub fn is_contiguous(&self) -> bool {
        self.layout.is_contiguous()
    }

    /// The elements as a slice, if they lie one behind the other in memory, in order.
    ///
    /// ```
    /// use pennyweight::view::View;
    ///
    /// let matrix = View::from(&[1, 2, 3, 4]).reshape([2, 2])?;
    /// assert_eq!(matrix.as_slice(), Some(&[1, 2, 3, 4][..]));
    /// assert_eq!(matrix.t().as_slice(), None);
    /// # Ok::<(), pennyweight::view::ReshapeError<1, 2>>(())
    /// ```
    #[inline]
    pub fn as_slice(&self) -> Option<&'a [T]> {
        // SAFETY: by the invariant on `layout` the elements may be read during 'a.
        self.layout.as_slice().map(|slice| unsafe { slice.as_ref() })
    }

    /// Iterates over the elements in row-major order: the last index moves fastest.
    ///
    /// ```
    /// use pennyweight::view::View;
    ///
    /// let matrix = View::from(&[1, 2, 3, 4]).reshape([2, 2])?;
    /// assert_eq!(matrix.t().iter().collect::<Vec<_>>(), [&1, &3, &2, &4]);
    /// # Ok::<(), pennyweight::view::ReshapeError<1, 2>>(())
    /// ```
    #[inline]
    pub fn iter(&self) -> Iter<'a, T, N> {
        // SAFETY: by the invariant on `layout` the elements may be read during 'a.
        unsafe { Iter::new(self.layout) }
    }

    /// Iterates over the elements with their indices, in row-major order.
    #[inline]
    pub fn indexed_iter(&self) -> Indexed<Iter<'a, T, N>, N> {
        Indexed::new(self.iter(), self.shape())
    }

    /// Iterates over the values in row-major order. Unlike `iter().copied()`, its `fold` reads
    /// transposed views by whole cache lines, see [`Values`].
    ///
    /// ```
    /// use pennyweight::view::View;
    ///
    /// let matrix = View::from(&[1, 2, 3, 4]).reshape([2, 2])?;
    /// assert_eq!(matrix.t().values().fold(0, |digits, value| 10 * digits + value), 1324);
    /// # Ok::<(), pennyweight::view::ReshapeError<1, 2>>(())
    /// ```
    #[inline]
    pub fn values(&self) -> Values<'a, T, N>
    where
        T: Copy,
    {
        Values::new(*self)
    }
}

impl<'a, T> View<'a, T, 0> {
    /// A view of one element, without axes.
    #[inline]
    pub fn from_ref(element: &'a T) -> Self {
        View::from(core::slice::from_ref(element)).index_axis(0, 0)
    }
}

impl<'a, T> View<'a, T, 2> {
    /// A view of arrays, each of which is a row.
    ///
    /// ```
    /// use pennyweight::view::View;
    ///
    /// let points = [[0.5, 1.5], [2.0, 2.5], [3.0, 3.5]];
    /// assert_eq!(View::from_rows(&points).index_axis(1, 0), [0.5, 2.0, 3.0]);
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if there are more elements than a `usize` counts, which take no memory.
    #[track_caller]
    pub fn from_rows<const C: usize>(rows: &'a [[T; C]]) -> Self {
        let elements = View::from(rows.as_flattened());
        let Ok(view) = elements.reshape([rows.len(), C]) else {
            unreachable!("as many elements lie one behind the other");
        };
        view
    }

    /// A row: one index of the first axis.
    ///
    /// ```
    /// use pennyweight::view::View;
    ///
    /// let matrix = View::from_rows(&[[1, 2, 3], [4, 5, 6]]);
    /// assert_eq!((matrix.row(1), matrix.column(1)), (View::from(&[4, 5, 6]), View::from(&[2, 5])));
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if there is no such row.
    #[inline]
    #[track_caller]
    pub fn row(self, index: usize) -> View<'a, T, 1> {
        self.index_axis(0, index)
    }

    /// A column: one index of the second axis.
    ///
    /// # Panics
    ///
    /// Panics if there is no such column.
    #[inline]
    #[track_caller]
    pub fn column(self, index: usize) -> View<'a, T, 1> {
        self.index_axis(1, index)
    }

    /// Iterates over the rows: the indices of the first axis.
    #[inline]
    pub fn rows(self) -> AxisIter<'a, T, 1> {
        self.axis_iter(0)
    }

    /// Iterates over the columns: the indices of the second axis.
    #[inline]
    pub fn columns(self) -> AxisIter<'a, T, 1> {
        self.axis_iter(1)
    }
}

impl<T, const N: usize> Clone for View<'_, T, N> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, const N: usize> Copy for View<'_, T, N> {}

/// What is borrowed is owned by another.
impl<T, const N: usize> HeapSize for View<'_, T, N> {
    #[inline]
    fn visit<'v>(&'v self, _: &mut Visitor<'v>) {}
}

impl<'a, T> From<&'a [T]> for View<'a, T, 1> {
    /// The elements of a slice, and so of all that derefs to one: `View::from(&array[..])`.
    ///
    /// Of a slice of arrays this is a view of one axis, whose elements are arrays. [`View::from_rows`] has two axes.
    #[inline]
    fn from(slice: &'a [T]) -> Self {
        Self { layout: Layout::of_slice(NonNull::from(slice)), lifetime: PhantomData }
    }
}

impl<'a, T, const C: usize> From<&'a [T; C]> for View<'a, T, 1> {
    #[inline]
    fn from(array: &'a [T; C]) -> Self {
        Self::from(&array[..])
    }
}

impl<'a, T> From<&'a Vec<T>> for View<'a, T, 1> {
    #[inline]
    fn from(elements: &'a Vec<T>) -> Self {
        Self::from(&elements[..])
    }
}
