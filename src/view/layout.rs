//! Where the elements of a view lie.
//!
//! A [`Layout`] carries the proof that its elements are there, and every method makes layouts whose elements
//! are among those of the first. So views need no `unsafe` to be sliced, and what is unsafe about addresses is
//! in this file and in the loops over them (`elements.rs`).

#![allow(unsafe_code)]

use super::error::{BroadcastError, Misfit, ReshapeError};
use super::rank::Rank;
use super::select::{At, Items};
use super::slice::Slice;
use core::fmt::Display;
use core::ops::Range;
use core::ptr::NonNull;

/// A pointer, and for each axis a length and the bytes from one index to the next.
///
/// Methods keep elements apart that were apart, but for [`broadcast`](Self::broadcast) and
/// [`windows`](Self::windows), which only read-only views may use.
pub(super) struct Layout<T, const N: usize> {
    /// Invariant: is aligned for `T`, even where there is no element.
    ///
    /// Invariant: for every index within `shape`, `ptr + Σ index[axis] * strides[axis]`, in bytes, is an aligned,
    /// initialised `T`, and all of these lie in the one allocation that `ptr` may access.
    ///
    /// So the way between any two elements fits an `isize`; and every sum that leaves out some axes is the
    /// address of an element too, that whose index is 0 on them.
    ptr: NonNull<T>,
    /// Invariant: the product of the lengths, those that are 0 left out, fits a `usize`.
    shape: [usize; N],
    /// In bytes. Those of axes that have fewer than two indices say nothing.
    strides: [isize; N],
}

impl<T, const N: usize> Layout<T, N> {
    /// Describes elements.
    ///
    /// # Safety
    ///
    /// The invariants of the fields must hold, for as long as elements are used.
    #[inline]
    pub(super) const unsafe fn new(
        ptr: NonNull<T>,
        shape: [usize; N],
        strides: [isize; N],
    ) -> Self {
        Self { ptr, shape, strides }
    }

    #[inline]
    pub(super) const fn ptr(&self) -> NonNull<T> {
        self.ptr
    }

    #[inline]
    pub(super) const fn shape(&self) -> [usize; N] {
        self.shape
    }

    #[inline]
    pub(super) const fn strides(&self) -> [isize; N] {
        self.strides
    }

    /// The number of elements.
    #[inline]
    pub(super) fn len(&self) -> usize {
        // A product that wraps around has a factor of 0, by the invariant, and is 0 in the end.
        self.shape.iter().fold(1, |len: usize, &axis| len.wrapping_mul(axis))
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.shape.contains(&0)
    }

    /// The element at `index`, or `None` where an axis is shorter.
    #[inline]
    pub(super) fn get(&self, index: [usize; N]) -> Option<NonNull<T>> {
        let mut offset = 0_isize;
        for ((&index, &len), &stride) in index.iter().zip(&self.shape).zip(&self.strides) {
            if index >= len {
                return None;
            }
            offset = offset.wrapping_add(stride.wrapping_mul(index as isize));
        }
        // SAFETY: `index` is within the shape, so that by the invariant on `ptr` there is an element.
        Some(unsafe { self.ptr.byte_offset(offset) })
    }

    /// Where index 0 of all axes lies once `axis` begins at `start`, which must be one of its indices.
    #[inline]
    fn begin_at(&self, axis: usize, start: usize) -> NonNull<T> {
        assert!(start < self.shape[axis]);
        if self.is_empty() {
            return self.ptr;
        }
        let offset = self.strides[axis].wrapping_mul(start as isize);
        // SAFETY: there are elements, so by the invariant on `ptr` one lies at index `start` of `axis` and 0 of the others.
        unsafe { self.ptr.byte_offset(offset) }
    }

    /// The indices `start`, `start + step`, … of `axis`, `count` of them, all of which must be there.
    #[inline]
    fn pick(mut self, axis: usize, start: usize, step: isize, count: usize) -> Self {
        if count > 0 {
            self.ptr = self.begin_at(axis, start);
        }
        if count > 1 {
            // Two indices are `step` apart, so that the way between them is that between two elements.
            self.strides[axis] = self.strides[axis].wrapping_mul(step);
        }
        self.shape[axis] = count;
        self
    }

    #[inline]
    #[track_caller]
    pub(super) fn slice_axis(self, axis: usize, slice: Slice) -> Self {
        check_axis::<N>(axis);
        assert!(slice.step != 0, "slice step of axis {axis} cannot be zero");
        let (start, count) = slice.resolve(self.shape[axis]);
        self.pick(axis, start, slice.step, count)
    }

    /// The axis at one of its indices, as an axis of length 1.
    #[inline]
    #[track_caller]
    fn narrow(self, axis: usize, index: usize) -> Self {
        let len = self.shape[axis];
        if index >= len {
            index_out_of_bounds(axis, len, &index);
        }
        self.pick(axis, index, 1, 1)
    }

    /// The axis at one of its indices, without it. `M` must be `N - 1`.
    #[inline]
    #[track_caller]
    pub(super) fn index_axis<const M: usize>(self, axis: usize, index: usize) -> Layout<T, M> {
        check_axis::<N>(axis);
        self.narrow(axis, index).without(axis)
    }

    /// All indices of the axis, one after the other. `M` must be `N - 1`.
    #[inline]
    #[track_caller]
    pub(super) fn along<const M: usize>(self, axis: usize) -> Along<T, M> {
        check_axis::<N>(axis);
        let range = 0..self.shape[axis];
        let stride = self.strides[axis];
        let first = if range.is_empty() { self } else { self.pick(axis, 0, 1, 1) };
        Along { first: first.without(axis), stride, range }
    }

    /// The elements at the first index of `axis`, which must have one before they are used.
    #[inline]
    fn without<const M: usize>(self, axis: usize) -> Layout<T, M> {
        const { assert!(M + 1 == N) };
        let from = |other: usize| if other < axis { other } else { other + 1 };
        Layout {
            ptr: self.ptr,
            shape: core::array::from_fn(|other| self.shape[from(other)]),
            strides: core::array::from_fn(|other| self.strides[from(other)]),
        }
    }

    /// The indices of `axis` up to `index`, and those from it on.
    #[inline]
    #[track_caller]
    pub(super) fn split_at(self, axis: usize, index: usize) -> (Self, Self) {
        check_axis::<N>(axis);
        let len = self.shape[axis];
        assert!(index <= len, "cannot split axis {axis} of length {len} at {index}");
        (self.pick(axis, 0, 1, index), self.pick(axis, index, 1, len - index))
    }

    #[inline]
    #[track_caller]
    pub(super) fn select<const M: usize>(
        self,
        items: impl Items<Rank<N>, Rank<N>>,
    ) -> Layout<T, M> {
        let mut cut = Cut { source: self, taken: 0, shape: [1; M], strides: [0; M], made: 0 };
        items.cut(&mut cut);
        assert!(cut.taken == N && cut.made == M);
        // Each axis that was made is one of the source as it is now, or has length 1; those of the source that
        // were not made have length 1. So the elements are those of the source.
        Layout { ptr: cut.source.ptr, shape: cut.shape, strides: cut.strides }
    }

    #[inline]
    pub(super) fn t(mut self) -> Self {
        self.shape.reverse();
        self.strides.reverse();
        self
    }

    #[track_caller]
    pub(super) fn permute(self, axes: [usize; N]) -> Self {
        for (place, &axis) in axes.iter().enumerate() {
            assert!(
                axis < N && !axes[..place].contains(&axis),
                "{axes:?} does not name each axis of a view of rank {N} once"
            );
        }
        Self {
            ptr: self.ptr,
            shape: axes.map(|axis| self.shape[axis]),
            strides: axes.map(|axis| self.strides[axis]),
        }
    }

    #[inline]
    #[track_caller]
    pub(super) fn swap_axes(mut self, a: usize, b: usize) -> Self {
        check_axis::<N>(a);
        check_axis::<N>(b);
        self.shape.swap(a, b);
        self.strides.swap(a, b);
        self
    }

    #[inline]
    #[track_caller]
    pub(super) fn reverse_axis(self, axis: usize) -> Self {
        self.slice_axis(axis, Slice { start: None, stop: None, step: -1 })
    }

    /// Puts an axis of length 1 in. `M` must be `N + 1`.
    #[inline]
    #[track_caller]
    pub(super) fn insert_axis<const M: usize>(self, axis: usize) -> Layout<T, M> {
        check_axis::<M>(axis);
        self.with_axis(axis, 1, 0)
    }

    /// Puts an axis in, which must lead to elements.
    #[inline]
    fn with_axis<const M: usize>(self, axis: usize, len: usize, stride: isize) -> Layout<T, M> {
        const { assert!(N + 1 == M) };
        let mut shape = [len; M];
        let mut strides = [stride; M];
        for from in 0..N {
            let to = if from < axis { from } else { from + 1 };
            (shape[to], strides[to]) = (self.shape[from], self.strides[from]);
        }
        Layout { ptr: self.ptr, shape, strides }
    }

    /// All overlapping runs of `size` along `axis`, along a last axis of their own. `M` must be `N + 1`.
    #[track_caller]
    pub(super) fn windows<const M: usize>(mut self, axis: usize, size: usize) -> Layout<T, M> {
        check_axis::<N>(axis);
        assert!(size > 0, "window size must be non-zero");
        let stride = self.strides[axis];
        // The last element of the last window is the last of the axis.
        let len = self.shape[axis];
        self.shape[axis] = if size <= len { len - size + 1 } else { 0 };
        let windows = self.with_axis(N, size, stride);
        assert!(
            count(&windows.shape).is_some(),
            "windows of {size} of shape {:?}: too many",
            self.shape
        );
        windows
    }

    /// The elements whose indices are equal on all axes.
    #[inline]
    pub(super) fn diagonal(self) -> Layout<T, 1> {
        Layout {
            // Index `i` is index `[i; N]` of `self`, which is within the shape.
            ptr: self.ptr,
            shape: [self.shape.iter().copied().min().unwrap_or(1)],
            strides: [self.strides.iter().fold(0, |sum: isize, &stride| sum.wrapping_add(stride))],
        }
    }

    pub(super) fn broadcast<const M: usize>(
        self,
        shape: [usize; M],
    ) -> Result<Layout<T, M>, BroadcastError<N, M>> {
        let error = BroadcastError { from: self.shape, to: shape };
        let Some(added) = M.checked_sub(N) else { return Err(error) };
        let mut strides = [0; M];
        for axis in 0..N {
            if self.shape[axis] == shape[added + axis] {
                strides[added + axis] = self.strides[axis];
            } else if self.shape[axis] != 1 {
                return Err(error);
            }
        }
        count(&shape).ok_or(error)?;
        // Axes of stride 0 stay at the first index, and where there is none, the shape has a 0 too.
        Ok(Layout { ptr: self.ptr, shape, strides })
    }

    pub(super) fn reshape<const M: usize>(
        self,
        shape: [usize; M],
    ) -> Result<Layout<T, M>, ReshapeError<N, M>> {
        let error = |misfit| ReshapeError { from: self.shape, to: shape, misfit };
        let fits = |len: usize| {
            (len == 0) == shape.contains(&0) && (len == 0 || count(&shape) == Some(len))
        };
        if !fits(self.len()) || count(&shape).is_none() {
            return Err(error(Misfit::Count));
        }
        let mut strides = [size_of::<T>() as isize; M];
        if self.is_empty() {
            return Ok(Layout { ptr: self.ptr, shape, strides });
        }
        // From the last axis on, each axis of the merged layout must be a product of new ones. The new ones
        // that are left when the old are used up have length 1.
        let merged = self.merged();
        let mut old = N;
        let (mut left, mut stride) = (1, size_of::<T>() as isize);
        for axis in (0..M).rev() {
            if left == 1 && shape[axis] > 1 {
                old -= 1;
                (left, stride) = (merged.shape[old], merged.strides[old]);
            }
            if left % shape[axis] != 0 {
                return Err(error(Misfit::Strides(self.strides)));
            }
            strides[axis] = stride;
            left /= shape[axis];
            stride = stride.wrapping_mul(shape[axis] as isize);
        }
        Ok(Layout { ptr: self.ptr, shape, strides })
    }

    /// The same elements in the same order on as few axes as can be; those in front have length 1.
    #[inline]
    pub(super) fn merged(self) -> Self {
        // One axis stays as it is, so that a stride that the compiler knows remains known.
        if N < 2 || self.is_empty() {
            return self;
        }
        let (shape, [strides]) = merge(self.shape, [self.strides]);
        Self { ptr: self.ptr, shape, strides }
    }

    /// Two layouts of one shape, on as few axes as both can be.
    #[inline]
    pub(super) fn merged_with<U>(self, other: Layout<U, N>) -> (Self, Layout<U, N>) {
        assert!(self.shape == other.shape);
        if self.is_empty() {
            return (self, other);
        }
        let (shape, [strides, others]) = merge(self.shape, [self.strides, other.strides]);
        let other = Layout { ptr: other.ptr, shape, strides: others };
        (Self { ptr: self.ptr, shape, strides }, other)
    }

    /// The first index of an axis, as an axis of length 1. The axis must have one.
    #[inline]
    pub(super) fn first_of(self, axis: usize) -> Self {
        self.pick(axis, 0, 1, 1)
    }

    /// The same elements backwards.
    pub(super) fn reversed(self) -> Self {
        (0..N).fold(self, Self::reverse_axis)
    }

    /// True where a walk in order only ever moves forward in memory.
    pub(super) fn is_ascending(&self) -> bool {
        let mut reach = 0_isize;
        for (&len, &stride) in self.shape.iter().zip(&self.strides).rev() {
            if len > 1 {
                if stride <= reach {
                    return false;
                }
                reach += stride.wrapping_mul((len - 1) as isize);
            }
        }
        true
    }

    /// The same elements, each at its place in memory: strides are positive, and fall from axis to axis.
    #[inline]
    pub(super) fn in_memory_order(mut self) -> Self {
        for axis in 0..N {
            if self.shape[axis] > 1 && self.strides[axis] < 0 {
                self = self.reverse_axis(axis);
            }
        }
        // By insertion, as axes are few. Those of length 1 say nothing by their strides, and are merged away.
        for end in 1..N {
            let mut axis = end;
            while axis > 0 && self.strides[axis - 1] < self.strides[axis] {
                self = self.swap_axes(axis - 1, axis);
                axis -= 1;
            }
        }
        self
    }

    /// True where the elements lie one behind the other, in order.
    #[inline]
    pub(super) fn is_contiguous(&self) -> bool {
        let mut stride = size_of::<T>();
        for axis in (0..N).rev() {
            let len = self.shape[axis];
            if len > 1 && self.strides[axis] != stride as isize {
                return self.is_empty();
            }
            stride = stride.wrapping_mul(len);
        }
        true
    }

    /// The elements as a slice, if they are one.
    #[inline]
    pub(super) fn as_slice(&self) -> Option<NonNull<[T]>> {
        self.is_contiguous().then(|| NonNull::slice_from_raw_parts(self.ptr, self.len()))
    }

    /// The bytes from the first to behind the last of the elements.
    pub(super) fn extent(&self) -> Range<usize> {
        let start = self.ptr.addr().get();
        if self.is_empty() {
            return start..start;
        }
        let mut extent = start..start + size_of::<T>();
        for (&len, &stride) in self.shape.iter().zip(&self.strides) {
            let way = stride.wrapping_mul((len - 1) as isize);
            if way < 0 {
                extent.start -= way.unsigned_abs()
            } else {
                extent.end += way.unsigned_abs()
            }
        }
        extent
    }
}

impl<T> Layout<T, 1> {
    /// The elements of a slice.
    #[inline]
    pub(super) const fn of_slice(slice: NonNull<[T]>) -> Self {
        Self { ptr: slice.cast(), shape: [slice.len()], strides: [size_of::<T>() as isize] }
    }
}

impl<T, const N: usize> Clone for Layout<T, N> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, const N: usize> Copy for Layout<T, N> {}

// SAFETY: a layout is an address and numbers. Whoever uses the elements says by a `PhantomData` of a reference
// what other threads may do.
unsafe impl<T, const N: usize> Send for Layout<T, N> {}

// SAFETY: as above.
unsafe impl<T, const N: usize> Sync for Layout<T, N> {}

/// A layout while items of `s!` take its axes, one after the other.
#[expect(missing_debug_implementations, reason = "public in a sealed trait only")]
pub struct Cut<T, const N: usize, const M: usize> {
    /// The elements that are left. Axes that were not made have length 1.
    source: Layout<T, N>,
    /// How many axes of `source` are done.
    taken: usize,
    /// The axes that are made: `made` of them.
    shape: [usize; M],
    strides: [isize; M],
    made: usize,
}

impl<T, const N: usize, const M: usize> Cut<T, N, M> {
    #[inline]
    #[track_caller]
    pub(super) fn slice(&mut self, slice: Slice) {
        self.source = self.source.slice_axis(self.taken, slice);
        self.keep();
    }

    #[inline]
    #[track_caller]
    pub(super) fn at(&mut self, at: At) {
        let len = self.source.shape[self.taken];
        let index = if at.from_end { len.checked_sub(at.offset) } else { Some(at.offset) };
        let Some(index) = index else {
            index_out_of_bounds(self.taken, len, &format_args!("-{}", at.offset))
        };
        self.source = self.source.narrow(self.taken, index);
        self.taken += 1;
    }

    #[inline]
    pub(super) fn new_axis(&mut self) {
        self.made += 1;
    }

    #[inline]
    pub(super) fn keep_all_but(&mut self, last: usize) {
        while self.taken + last < N {
            self.keep();
        }
    }

    #[inline]
    fn keep(&mut self) {
        self.shape[self.made] = self.source.shape[self.taken];
        self.strides[self.made] = self.source.strides[self.taken];
        self.taken += 1;
        self.made += 1;
    }
}

/// The layouts at the indices of an axis.
pub(super) struct Along<T, const M: usize> {
    /// Invariant: moved by `stride` bytes for each index within `range`, this is a layout whose elements are
    /// there, as the invariants of `Layout` say. Moved by 0 it meets the invariant on alignment.
    first: Layout<T, M>,
    stride: isize,
    range: Range<usize>,
}

impl<T, const M: usize> Along<T, M> {
    #[inline]
    fn at(&self, index: usize) -> Layout<T, M> {
        let mut layout = self.first;
        if !layout.is_empty() {
            let offset = self.stride.wrapping_mul(index as isize);
            // SAFETY: `index` was in `range`, so by the invariant on `first` an element lies there.
            layout.ptr = unsafe { layout.ptr.byte_offset(offset) };
        }
        layout
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.range.len()
    }

    #[inline]
    pub(super) fn next(&mut self) -> Option<Layout<T, M>> {
        self.range.next().map(|index| self.at(index))
    }

    #[inline]
    pub(super) fn nth(&mut self, n: usize) -> Option<Layout<T, M>> {
        self.range.nth(n).map(|index| self.at(index))
    }

    #[inline]
    pub(super) fn next_back(&mut self) -> Option<Layout<T, M>> {
        self.range.next_back().map(|index| self.at(index))
    }
}

impl<T, const M: usize> Clone for Along<T, M> {
    fn clone(&self) -> Self {
        Self { first: self.first, stride: self.stride, range: self.range.clone() }
    }
}

/// Leaves out axes of length 1, and makes one of those that one index can count on in all layouts: where a step on
/// the outer is as far as all steps on the inner.
#[inline]
fn merge<const N: usize, const K: usize>(
    from: [usize; N],
    strides: [[isize; N]; K],
) -> ([usize; N], [[isize; N]; K]) {
    let mut shape = [1; N];
    let mut merged = [[0_isize; N]; K];
    let mut last = N;
    for axis in (0..N).rev() {
        let len = from[axis];
        if len == 1 {
            continue;
        }
        let counts_on =
            |k: usize| merged[k][last].checked_mul(shape[last] as isize) == Some(strides[k][axis]);
        if last < N && (0..K).all(counts_on) {
            shape[last] *= len;
        } else {
            last -= 1;
            shape[last] = len;
            for k in 0..K {
                merged[k][last] = strides[k][axis];
            }
        }
    }
    (shape, merged)
}

/// The product of the lengths, those that are 0 left out.
#[inline]
fn count(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1_usize, |count, &len| count.checked_mul(len.max(1)))
}

#[inline]
#[track_caller]
fn check_axis<const N: usize>(axis: usize) {
    assert!(axis < N, "axis {axis} of a view of rank {N}");
}

#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn index_out_of_bounds(axis: usize, len: usize, index: &dyn Display) -> ! {
    panic!("index out of bounds: the length of axis {axis} is {len} but the index is {index}")
}
