//! Folds that take memory as it comes: in any order, or in order through a tile.

#![allow(unsafe_code)]

use super::elements::Elements;
use super::layout::Layout;
use super::{Iter, View};
use alloc::vec::Vec;
use core::iter::FusedIterator;
use core::mem::MaybeUninit;
use core::ptr::NonNull;

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
/// transposed view that does not fit the caches through a tile: several rows at a time, by whole cache lines.
/// [`Iter`] cannot, since references have to point to where the elements are. The tile takes up to 4 MB of
/// heap memory for the time of the fold; where there is none, it goes without.
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
            && let Some(tiling) = Tiling::of(&layout)
            && let Some(tile) = tiling.tile()
        {
            return tiling.fold(layout, tile, init, f);
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

/// How to read a layout through tiles.
///
/// A tile is some rows of the view: the indices of all axes behind `axis`, for `rows` indices of `axis` at
/// a time. These lie close together in memory, so that one visit to a cache line and a page fills all rows.
#[derive(Clone, Copy)]
struct Tiling {
    axis: usize,
    rows: usize,
    /// Elements of a row.
    len: usize,
    /// From row to row in the tile, in elements: not a multiple of the distances at which addresses share a set
    /// of the cache.
    pitch: usize,
}

impl Tiling {
    /// `layout` must be merged.
    fn of<T, const N: usize>(layout: &Layout<T, N>) -> Option<Self> {
        const LINE: usize = 64;
        /// Bytes of a tile that the second-level cache holds, beside what is read.
        const NEAR: usize = 512 << 10;
        /// Bytes of the largest tile: in the third-level cache it is still better than none.
        const LARGEST: usize = 4 << 20;
        let size = size_of::<T>();
        let inner = N.checked_sub(1)?;
        let (shape, strides) = (layout.shape(), layout.strides());
        if layout.is_empty() || !(1..=LINE / 2).contains(&size) {
            return None;
        }
        let axis = (0..inner)
            .filter(|&axis| shape[axis] > 1 && strides[axis] != 0)
            .min_by_key(|&axis| strides[axis].unsigned_abs())?;
        let step = strides[axis].unsigned_abs();
        let len: usize = shape[axis + 1..].iter().product();
        // Elements of a row that are less than a line apart are read by lines anyway, and few elements of a row leave
        // their lines in the cache until the next.
        if strides[inner].unsigned_abs() < LINE || step > LINE / 2 || len < 512 {
            return None;
        }
        let pitch = (len.checked_mul(size)?.div_ceil(LINE) | 1) * LINE / size;
        let rows_of = |lines: usize| (lines * LINE / step).min(shape[axis]);
        let bytes_of = |rows: usize| rows.saturating_mul(pitch).saturating_mul(size);
        let rows = [rows_of(2), rows_of(1)].into_iter().find(|&rows| bytes_of(rows) <= NEAR);
        let rows = rows.unwrap_or(rows_of(1));
        (rows >= 2 && bytes_of(rows) <= LARGEST).then_some(Self { axis, rows, len, pitch })
    }

    /// The memory for a tile, if there is some.
    fn tile<T>(&self) -> Option<Vec<MaybeUninit<T>>> {
        let len = self.rows * self.pitch;
        let mut tile = Vec::new();
        tile.try_reserve_exact(len).ok()?;
        // SAFETY: there is room for `len`, and a `MaybeUninit` need not be initialised.
        unsafe { tile.set_len(len) };
        Some(tile)
    }

    #[inline]
    fn fold<T: Copy, B, const N: usize>(
        self,
        layout: Layout<T, N>,
        mut tile: Vec<MaybeUninit<T>>,
        init: B,
        mut f: impl FnMut(B, T) -> B,
    ) -> B {
        let Self { axis, len, pitch, .. } = self;
        // The indices before `axis`, in order, and those behind it.
        let (mut outer, mut row) = (layout, layout.first_of(axis));
        for other in 0..N {
            if other < axis {
                row = row.first_of(other);
            } else {
                outer = outer.first_of(other);
            }
        }
        let (height, step) = (layout.shape()[axis], layout.strides()[axis]);
        let (mut folded, mut outer) = (init, Elements::new(outer));
        while let Some(start) = outer.next() {
            for top in (0..height).step_by(self.rows) {
                let rows = self.rows.min(height - top);
                let offset = step.wrapping_mul(top as isize);
                // SAFETY: `start` is at index 0 of `axis`, and `top` is one of its indices.
                let first = unsafe { start.byte_offset(offset) };
                // SAFETY: `first` is at an index of `axis` that `rows` others follow, and at index 0 of those behind.
                unsafe { self.fill(&mut tile, first, &row, rows, step) };
                for row in tile.chunks(pitch).take(rows) {
                    for value in &row[..len] {
                        // SAFETY: `fill` wrote the first `len` elements of `rows` rows.
                        folded = f(folded, unsafe { value.assume_init() });
                    }
                }
            }
        }
        folded
    }

    /// Copies rows to a tile.
    ///
    /// # Safety
    ///
    /// At `first`, and `step` bytes further for each of `rows`, lie elements of the shape and the strides of `row`.
    #[inline(never)]
    unsafe fn fill<T: Copy, const N: usize>(
        &self,
        tile: &mut [MaybeUninit<T>],
        first: NonNull<T>,
        row: &Layout<T, N>,
        rows: usize,
        step: isize,
    ) {
        // SAFETY: the caller promises that these elements are there. The shape is that of a layout.
        let row = unsafe { Layout::new(first, row.shape(), row.strides()) };
        let (tile, pitch) = (&mut tile[..rows * self.pitch], self.pitch);
        let slots = tile.as_mut_ptr();
        let (mut elements, mut column) = (Elements::new(row), 0);
        while let Some(element) = elements.next() {
            for index in 0..rows {
                // SAFETY: the caller promises that `rows` elements lie here, `step` bytes apart.
                let element = unsafe { element.byte_offset(step.wrapping_mul(index as isize)) };
                // SAFETY: there is an element, which may be read as those of the view.
                let value = unsafe { element.read() };
                // SAFETY: `column` counts the elements of a row, of which there are at most `pitch`; the tile
                // has `rows * pitch` slots, as was checked.
                let slot = unsafe { slots.add(index * pitch + column) };
                // SAFETY: as above, and the tile is borrowed mutably.
                unsafe { slot.write(MaybeUninit::new(value)) };
            }
            column += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Tiling, View};
    use alloc::vec;
    use alloc::vec::Vec;

    fn tiling<T, const N: usize>(view: View<'_, T, N>) -> Option<Tiling> {
        Tiling::of(&view.layout().merged())
    }

    #[test]
    fn transposed_matrices_are_read_by_two_lines_of_a_column() {
        let numbers = vec![0_u64; 1024 * 1024];
        let matrix = View::from(&numbers).reshape([1024, 1024]).unwrap();
        let Some(Tiling { axis: 0, rows: 16, len: 1024, pitch }) = tiling(matrix.t()) else {
            panic!("no tiles")
        };
        // An odd number of lines.
        assert_eq!((pitch >= 1024, pitch % 16), (true, 8));
        assert!(tiling(matrix).is_none());
        assert!(tiling(matrix.t().slice_axis(1, ..500)).is_none());
        assert!(tiling(matrix.slice_axis(1, ..1).t()).is_none());
        // A row of half a million would leave no room in any cache for a second one.
        let wide = View::from(&numbers).reshape([512 * 1024, 2]).unwrap();
        assert!(tiling(wide.t()).is_none());
        // What repeats has nothing to gain.
        let repeated = matrix.index_axis(0, 0).broadcast([1024, 1024]).unwrap();
        assert!(tiling(repeated.t()).is_none());
    }

    #[test]
    fn cubes_are_read_along_the_axis_of_the_closest_elements() {
        let numbers: Vec<u16> = vec![0; 64 * 64 * 64];
        let cube = View::from(&numbers).reshape([64, 64, 64]).unwrap();
        // By one line, as a tile of two would not fit beside what is read.
        let Some(Tiling { axis: 0, rows: 32, len: 4096, .. }) = tiling(cube.t()) else {
            panic!("no tiles")
        };
        // Merged to two axes, which are the last.
        assert!(tiling(cube.permute([2, 0, 1])).is_some_and(|tiling| tiling.axis == 1));
        assert!(tiling(cube.swap_axes(1, 2)).is_none());
    }
}
