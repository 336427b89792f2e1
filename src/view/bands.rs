//! Folding a transposed view in order, by whole cache lines.
//!
//! In order, a transposed matrix is read down the columns of memory: each element comes from a line and a page of its
//! own, and by the time that its neighbour is needed both are gone. So values are read in *bands*, as many columns
//! as lie on two cache lines: one way down reads the lines, and writes the elements of each to as many columns of a copy,
//! which are then read from end to end. Two lines side by side are of one page, and some processors fetch such pairs anyway.
//!
//! ```text
//! memory          band          in order
//! a e | i m       a b c d
//! b f | j n       e f g h
//! c g | k o   ->            ->  a b c d e f g h, and then the next band
//! d h | l p
//! ```
//!
//! While a band is folded the next is copied, two lines for as many values as these hold, and the lines that follow them
//! are fetched. So the way from memory and the fold take their time together.

#![allow(unsafe_code)]

use super::elements::Elements;
use super::layout::Layout;
use crate::raw::prefetch::prefetch;
use alloc::vec::Vec;
use core::mem;

/// Bytes of two cache lines.
const PAIR: usize = 128;

/// How many pairs ahead of that which is copied the processor fetches. Where they are far apart, a cache may have few sets for
/// them, and drops what was fetched too early.
const AHEAD: isize = 40;

/// How to read a layout in bands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bands {
    /// The axis along which the elements lie closest. A *run* is some of its indices, at one index of all others.
    axis: usize,
    /// The most indices of a run: those whose elements begin on one pair.
    width: usize,
    /// The runs of a band: one for each index of the axes behind `axis`.
    runs: usize,
}

impl Bands {
    /// Bands for a merged layout, where they are worth it.
    pub(super) fn of<T, const N: usize>(layout: &Layout<T, N>) -> Option<Self> {
        /// Fewer lines are still in the cache when the next column is read.
        const FEWEST: usize = 512;
        /// The copies of so many pairs, for two bands, are some 8 MB, which a cache holds until they are folded.
        const MOST: usize = 32_768;
        /// Runs that lie closer share their pages, of which the processor then remembers enough.
        const APART: usize = 1024;
        /// Memory is had for two bands: for a few it costs more than it saves.
        const BANDS: usize = 4;
        let inner = N.checked_sub(1)?;
        let (shape, strides) = (layout.shape(), layout.strides());
        if layout.is_empty() || size_of::<T>() == 0 {
            return None;
        }
        let axis = (0..inner)
            .filter(|&axis| shape[axis] > 1 && strides[axis] != 0)
            .min_by_key(|&axis| strides[axis].unsigned_abs())?;
        let width = PAIR.div_ceil(strides[axis].unsigned_abs());
        let runs = shape[axis + 1..].iter().product();
        let worth_it = width >= 2
            && shape[axis] / BANDS >= width
            && (FEWEST..=MOST).contains(&runs)
            && strides[inner].unsigned_abs() >= APART;
        worth_it.then_some(Self { axis, width, runs })
    }

    /// From a column of a band to the next, in elements: an odd number of pairs, so that columns begin in different sets of a
    /// cache.
    fn apart<T>(&self) -> usize {
        let pairs = (self.runs * size_of::<T>()).div_ceil(PAIR) | 1;
        pairs * PAIR / size_of::<T>()
    }

    /// The memory for two bands, if there is some, filled with a value.
    pub(super) fn room<T: Copy>(&self, value: T) -> Option<[Vec<T>; 2]> {
        let len = self.apart::<T>() * self.width;
        let mut room = [Vec::new(), Vec::new()];
        for band in &mut room {
            band.try_reserve_exact(len).ok()?;
            band.resize_with(len, || value);
        }
        Some(room)
    }

    /// Folds the elements of the layout that the bands are of, in order.
    ///
    /// # Safety
    ///
    /// The elements may be read.
    #[inline]
    pub(super) unsafe fn fold<T: Copy, B, const N: usize>(
        self,
        layout: Layout<T, N>,
        [mut band, mut next]: [Vec<T>; 2],
        init: B,
        mut f: impl FnMut(B, T) -> B,
    ) -> B {
        let mut copies = Copies::new(self, layout);
        let (mut folded, mut width) = (init, 0);
        loop {
            let mut copy = copies.next();
            for column in band.chunks(self.apart::<T>()).take(width) {
                for values in column[..self.runs].chunks(width) {
                    folded = values.iter().fold(folded, |folded, &value| f(folded, value));
                    if let Some(copy) = &mut copy {
                        // SAFETY: the elements are among those of `layout`, which may be read.
                        unsafe { copy.run(&mut next) };
                    }
                }
            }
            let Some(mut copy) = copy else { return folded };
            // SAFETY: as above.
            unsafe { copy.rest(&mut next) };
            width = copy.width;
            mem::swap(&mut band, &mut next);
        }
    }
}

/// The bands of a layout, in order.
struct Copies<T, const N: usize> {
    bands: Bands,
    /// Index 0 of `bands.axis` and of all behind it, at each index of those before it.
    starts: Elements<T, N>,
    /// What begins at each of them: the layout at one index of the axes before `bands.axis`.
    part: Layout<T, N>,
    /// What is left of the part that was begun.
    left: Layout<T, N>,
}

impl<T, const N: usize> Copies<T, N> {
    fn new(bands: Bands, layout: Layout<T, N>) -> Self {
        let starts = (bands.axis..N).fold(layout, Layout::first_of);
        let part = (0..bands.axis).fold(layout, Layout::first_of);
        let (left, _) = part.split_at(bands.axis, 0);
        Self { bands, starts: Elements::new(starts), part, left }
    }

    fn next(&mut self) -> Option<Band<T, N>> {
        let axis = self.bands.axis;
        if self.left.is_empty() {
            let start = self.starts.next()?;
            // SAFETY: `part` begins at index 0 of all axes and has one index of those before `axis`. `start` is at
            // others of these, where the layout has elements at the same distances.
            self.left = unsafe { Layout::new(start, self.part.shape(), self.part.strides()) };
        }
        // As many as begin on the pair of the first.
        let (at, step) = (self.left.ptr().addr().get() % PAIR, self.left.strides()[axis]);
        let bytes = if step > 0 { PAIR - at } else { at + 1 };
        let width = bytes.div_ceil(step.unsigned_abs()).min(self.left.shape()[axis]);
        let (band, left) = self.left.split_at(axis, width);
        self.left = left;
        let ahead = AHEAD.wrapping_mul(band.strides()[N - 1]);
        let runs = Elements::new(band.first_of(axis));
        Some(Band { runs, done: 0, width, step, apart: self.bands.apart::<T>(), ahead })
    }
}

/// A band of which some runs are copied.
struct Band<T, const N: usize> {
    /// The first elements of the runs that are left.
    ///
    /// Invariant: from each, `width` elements of a layout lie `step` bytes apart.
    runs: Elements<T, N>,
    /// How many runs are copied.
    done: usize,
    width: usize,
    step: isize,
    /// From a column of the copy to the next, in elements.
    apart: usize,
    /// From a run to that which is fetched, in bytes.
    ahead: isize,
}

impl<T: Copy, const N: usize> Band<T, N> {
    /// Copies the next run, if one is left, each element to its column.
    ///
    /// # Safety
    ///
    /// The elements may be read.
    #[inline(always)]
    unsafe fn run(&mut self, copy: &mut [T]) {
        let Some(first) = self.runs.next() else { return };
        let ahead = first.as_ptr().wrapping_byte_offset(self.ahead);
        prefetch(ahead);
        prefetch(ahead.wrapping_byte_offset(self.step.wrapping_mul(self.width as isize - 1)));
        let places = &mut copy[self.done..=self.done + (self.width - 1) * self.apart];
        self.done += 1;
        let mut place = places.as_mut_ptr();
        let mut put = |index: isize, step: isize| {
            // SAFETY: by the invariant on `runs` there is an element.
            let element = unsafe { first.byte_offset(step.wrapping_mul(index)) };
            // SAFETY: the caller lets us read it.
            let element = unsafe { element.read() };
            // SAFETY: `index` times `apart` behind the first of `places`, which end with that of the last index.
            unsafe { place.write(element) };
            place = place.wrapping_add(self.apart);
        };
        // How many elements are on a whole pair is known when this is compiled.
        let (width, size) = (self.width as isize, size_of::<T>() as isize);
        let whole = PAIR as isize / size;
        match (width, self.step) == (whole, size) {
            true => (0..whole).for_each(|index| put(index, size)),
            false => (0..width).for_each(|index| put(index, self.step)),
        }
    }

    /// Copies all runs that are left.
    ///
    /// # Safety
    ///
    /// The elements may be read.
    unsafe fn rest(&mut self, copy: &mut [T]) {
        while self.runs.len() > 0 {
            // SAFETY: as the caller promises.
            unsafe { self.run(copy) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Bands;
    use crate::view::View;
    use alloc::vec;
    use alloc::vec::Vec;

    fn bands<T, const N: usize>(view: View<'_, T, N>) -> Option<Bands> {
        Bands::of(&view.layout().merged())
    }

    #[test]
    fn transposed_matrices_are_read_by_the_elements_of_two_lines() {
        let numbers = vec![0_u64; 1024 * 1024];
        let matrix = View::from(&numbers).reshape([1024, 1024]).unwrap();
        let expected = Some(Bands { axis: 0, width: 16, runs: 1024 });
        assert_eq!((bands(matrix.t()), bands(matrix)), (expected, None));
        assert_eq!(bands(matrix.reverse_axis(0).reverse_axis(1).t()), expected);
        // Few lines, and few bands.
        assert_eq!(bands(matrix.t().slice_axis(1, ..500)), None);
        assert_eq!(bands(matrix.slice_axis(1, ..60).t()), None);
        // Lines that lie close, and more of them than a cache holds.
        assert_eq!(bands(View::from(&numbers).reshape([16 * 1024, 64]).unwrap().t()), None);
        let runs = |copies| {
            let matrices = matrix.broadcast([copies, 1024, 1024]).unwrap();
            bands(matrices.permute([2, 0, 1])).map(|bands| bands.runs)
        };
        assert_eq!((runs(32), runs(33)), (Some(32_768), None));
        // What repeats has nothing to gain.
        let repeated = matrix.index_axis(0, 0).broadcast([1024, 1024]).unwrap();
        assert_eq!(bands(repeated.t()), None);
    }

    #[test]
    fn cubes_are_read_along_the_axis_of_the_closest_elements() {
        let numbers: Vec<u16> = vec![0; 64 * 64 * 512];
        let cube = View::from(&numbers).reshape([64, 64, 512]).unwrap();
        let expected = |axis| Some(Bands { axis, width: 64, runs: 4096 });
        assert_eq!(bands(cube.t()), expected(0));
        // Merged to two axes, which are the last.
        assert_eq!(bands(cube.permute([2, 0, 1])), expected(1));
        assert_eq!(bands(cube.swap_axes(0, 1)), None);
    }
}
