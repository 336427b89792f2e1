//! The loops over the elements of a layout, in order.
//!
//! A layout is merged to as few axes as can be, and its elements are walked as *lines*: those of the last
//! axis. `next` moves a pointer along a line, and takes the next line when one is used up; a view of one axis has one
//! line, and so no such branch. `fold` runs a loop over each line, and has a loop of its own for the distances
//! that the compiler can make something of: elements side by side, every second one, and backwards.

#![allow(unsafe_code)]

use super::layout::Layout;
use core::ptr::NonNull;

/// An iterator over where elements lie, from both ends.
pub(super) struct Elements<T, const N: usize> {
    /// Those of the first line that are left.
    front: Line<T>,
    /// The lines between.
    lines: Lines<T, N>,
    /// What is left of a line that was begun at its end; what is left of the last line, if there is more than one axis.
    back: Line<T>,
    /// From one element of a line to the next, in bytes.
    stride: isize,
    /// Elements of a whole line.
    len: usize,
}

/// A part of a line.
struct Line<T> {
    /// Invariant: `left` elements of a layout lie here and `stride` bytes further each.
    start: *mut T,
    left: usize,
}

impl<T, const N: usize> Elements<T, N> {
    #[inline]
    pub(super) fn new(layout: Layout<T, N>) -> Self {
        let layout = layout.merged();
        let origin = layout.ptr().as_ptr();
        let (len, stride) = match (layout.shape().last(), layout.strides().last()) {
            (Some(&len), Some(&stride)) => (len, stride),
            _ => (1, 0),
        };
        let mut lines = Lines::new(layout);
        let front = match lines.next() {
            Some(start) => Line { start, left: len },
            None => Line { start: origin, left: 0 },
        };
        Self { front, lines, back: Line { start: origin, left: 0 }, stride, len }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        if N < 2 {
            return self.front.left;
        }
        self.front.left + self.lines.len() * self.len + self.back.left
    }

    /// The layout, merged, if none of its elements was taken.
    #[inline]
    pub(super) fn whole(&self) -> Option<Layout<T, N>> {
        let layout = self.lines.layout;
        (layout.len() == self.len()).then_some(layout)
    }

    #[inline]
    pub(super) fn next(&mut self) -> Option<NonNull<T>> {
        if self.front.left == 0 {
            if N < 2 {
                return None;
            }
            // By value, so that the address of `self` goes nowhere and its fields may stay in registers.
            *self = self.with_next_line();
            if self.front.left == 0 {
                return None;
            }
        }
        let element = self.front.start;
        self.front.skip(1, self.stride);
        // SAFETY: by the invariant on `start` there was an element, so that the address is not null. The compiler would
        // not know, and look whether it is `None` instead.
        unsafe { core::hint::assert_unchecked(!element.is_null()) };
        NonNull::new(element)
    }

    #[inline]
    pub(super) fn next_back(&mut self) -> Option<NonNull<T>> {
        if N >= 2 && self.back.left == 0 {
            *self = self.with_last_line();
        }
        let line = if N >= 2 && self.back.left > 0 { &mut self.back } else { &mut self.front };
        line.left = line.left.checked_sub(1)?;
        let element = line.at(line.left, self.stride);
        // SAFETY: by the invariant on `start` there was an element, so that the address is not null.
        Some(unsafe { NonNull::new_unchecked(element) })
    }

    /// Leaves out the next `count` elements, or all.
    pub(super) fn skip(&mut self, count: usize) {
        let Some(behind) = count.checked_sub(self.front.left) else {
            return self.front.skip(count, self.stride);
        };
        self.front.left = 0;
        if behind == 0 || self.len == 0 {
            return;
        }
        let lines = behind / self.len;
        let rest = if lines < self.lines.len() {
            self.lines.skip(lines);
            behind % self.len
        } else {
            let all = self.lines.len();
            self.lines.skip(all);
            behind - all * self.len
        };
        *self = self.with_next_line();
        self.front.skip(rest.min(self.front.left), self.stride);
    }

    /// Leaves out the last `count` elements, or all.
    pub(super) fn skip_back(&mut self, count: usize) {
        let Some(before) = count.checked_sub(self.back.left) else {
            return self.back.left -= count;
        };
        self.back.left = 0;
        if before == 0 || self.len == 0 {
            return;
        }
        let lines = before / self.len;
        let rest = if lines < self.lines.len() {
            self.lines.skip_back(lines);
            before % self.len
        } else {
            let all = self.lines.len();
            self.lines.skip_back(all);
            before - all * self.len
        };
        *self = self.with_last_line();
        let line = if self.back.left > 0 { &mut self.back } else { &mut self.front };
        line.left = line.left.saturating_sub(rest);
    }

    /// Begins the next line, or what is left of the last.
    #[inline]
    fn with_next_line(mut self) -> Self {
        if let Some(start) = self.lines.next() {
            self.front = Line { start, left: self.len };
        } else {
            self.front = self.back;
            self.back.left = 0;
        }
        self
    }

    /// Begins the last line at its end, if there is one that was not begun.
    #[inline]
    fn with_last_line(mut self) -> Self {
        if let Some(start) = self.lines.next_back() {
            self.back = Line { start, left: self.len };
        }
        self
    }

    #[inline]
    pub(super) fn fold<B>(mut self, init: B, f: impl FnMut(B, NonNull<T>) -> B) -> B {
        let stride = self.stride;
        let mut line = Some(self.front);
        let next = || {
            let this = line?;
            line = match self.lines.next() {
                _ if N < 2 => None,
                Some(start) => Some(Line { start, left: self.len }),
                None if self.back.left > 0 => {
                    Some(core::mem::replace(&mut self.back, Line { left: 0, ..this }))
                }
                None => None,
            };
            Some(this)
        };
        fold_lines(next, stride, init, f)
    }

    #[inline]
    pub(super) fn rfold<B>(mut self, init: B, f: impl FnMut(B, NonNull<T>) -> B) -> B {
        let stride = self.stride;
        let mut line = Some(self.back);
        let next = || {
            let this = line?;
            line = match self.lines.next_back() {
                Some(start) if N >= 2 => Some(Line { start, left: self.len }),
                _ if self.front.left > 0 => {
                    Some(core::mem::replace(&mut self.front, Line { left: 0, ..this }))
                }
                _ => None,
            };
            Some(this.reversed(stride))
        };
        fold_lines(next, stride.wrapping_neg(), init, f)
    }
}

/// Folds lines whose elements are `stride` bytes apart.
#[inline(always)]
fn fold_lines<T, B>(
    mut next: impl FnMut() -> Option<Line<T>>,
    stride: isize,
    init: B,
    mut f: impl FnMut(B, NonNull<T>) -> B,
) -> B {
    let size = size_of::<T>() as isize;
    let mut folded = init;
    if stride == size {
        while let Some(line) = next() {
            // SAFETY: the elements of the line are `size` bytes apart.
            folded = unsafe { line.fold_every::<1, B>(folded, &mut f) };
        }
    } else if stride == 2 * size {
        while let Some(line) = next() {
            // SAFETY: the elements of the line are `2 * size` bytes apart.
            folded = unsafe { line.fold_every::<2, B>(folded, &mut f) };
        }
    } else if stride == -size {
        while let Some(line) = next() {
            // SAFETY: the elements of the line are `-size` bytes apart.
            folded = unsafe { line.fold_every::<-1, B>(folded, &mut f) };
        }
    } else {
        while let Some(line) = next() {
            let mut element = line.start;
            for _ in 0..line.left {
                // SAFETY: by the invariant on `start` there is an element, so that the address is not null.
                folded = f(folded, unsafe { NonNull::new_unchecked(element) });
                element = element.wrapping_byte_offset(stride);
            }
        }
    }
    folded
}

impl<T> Line<T> {
    /// Where the element at `index` lies.
    #[inline]
    fn at(&self, index: usize, stride: isize) -> *mut T {
        self.start.wrapping_byte_offset(stride.wrapping_mul(index as isize))
    }

    /// Leaves out the first `count` elements, which must be there.
    #[inline]
    fn skip(&mut self, count: usize, stride: isize) {
        self.start = self.at(count, stride);
        self.left -= count;
    }

    /// From the last element to the first: with the opposite stride.
    #[inline]
    fn reversed(self, stride: isize) -> Self {
        Self { start: self.at(self.left.saturating_sub(1), stride), ..self }
    }

    /// # Safety
    ///
    /// The stride of the line is `STEP * size_of::<T>()`.
    #[inline(always)]
    unsafe fn fold_every<const STEP: isize, B>(
        self,
        init: B,
        f: &mut impl FnMut(B, NonNull<T>) -> B,
    ) -> B {
        let mut folded = init;
        for index in 0..self.left {
            // SAFETY: by the invariant on `start`, and as the caller promises, an element lies `index` strides
            // away, in the allocation of the first.
            let element = unsafe { self.start.offset(STEP * index as isize) };
            // SAFETY: there is an element, so that the address is not null.
            folded = f(folded, unsafe { NonNull::new_unchecked(element) });
        }
        folded
    }
}

impl<T> Clone for Line<T> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Line<T> {}

/// The starts of lines: the elements at index 0 of the last axis.
struct Lines<T, const N: usize> {
    /// Merged.
    layout: Layout<T, N>,
    /// Of all lines, counted in order, those from `first` to before `end` are left.
    first: usize,
    end: usize,
    /// Where line `first` is, and where line `end` is: behind the last line is where the first is.
    front: Place<T, N>,
    back: Place<T, N>,
}

/// A line, by its indices on all axes but the last.
struct Place<T, const N: usize> {
    start: *mut T,
    index: [usize; N],
}

impl<T, const N: usize> Lines<T, N> {
    #[inline]
    fn new(layout: Layout<T, N>) -> Self {
        let shape = layout.shape();
        let outer = shape.split_last().map_or(&[][..], |(_, outer)| outer);
        let count = if layout.is_empty() { 0 } else { outer.iter().product() };
        let place = Place { start: layout.ptr().as_ptr(), index: [0; N] };
        Self { layout, first: 0, end: count, front: place, back: place }
    }

    #[inline]
    fn len(&self) -> usize {
        self.end - self.first
    }

    #[inline]
    fn next(&mut self) -> Option<*mut T> {
        if self.first == self.end {
            return None;
        }
        self.first += 1;
        let (shape, strides) = (self.layout.shape(), self.layout.strides());
        let start = self.front.start;
        for axis in (0..N.saturating_sub(1)).rev() {
            let place = &mut self.front;
            place.index[axis] += 1;
            place.start = place.start.wrapping_byte_offset(strides[axis]);
            if place.index[axis] < shape[axis] {
                break;
            }
            place.index[axis] = 0;
            let back = strides[axis].wrapping_mul(shape[axis] as isize).wrapping_neg();
            place.start = place.start.wrapping_byte_offset(back);
        }
        Some(start)
    }

    #[inline]
    fn next_back(&mut self) -> Option<*mut T> {
        if self.first == self.end {
            return None;
        }
        self.end -= 1;
        let (shape, strides) = (self.layout.shape(), self.layout.strides());
        for axis in (0..N.saturating_sub(1)).rev() {
            let place = &mut self.back;
            if place.index[axis] > 0 {
                place.index[axis] -= 1;
                place.start = place.start.wrapping_byte_offset(strides[axis].wrapping_neg());
                break;
            }
            place.index[axis] = shape[axis] - 1;
            let way = strides[axis].wrapping_mul(place.index[axis] as isize);
            place.start = place.start.wrapping_byte_offset(way);
        }
        Some(self.back.start)
    }

    /// Leaves out the next `count` lines, which must be there.
    fn skip(&mut self, count: usize) {
        if count > 0 {
            self.first += count;
            self.front = self.place(self.first);
        }
    }

    /// Leaves out the last `count` lines, which must be there.
    fn skip_back(&mut self, count: usize) {
        if count > 0 {
            self.end -= count;
            self.back = self.place(self.end);
        }
    }

    fn place(&self, mut line: usize) -> Place<T, N> {
        let (shape, strides) = (self.layout.shape(), self.layout.strides());
        let mut place = Place { start: self.layout.ptr().as_ptr(), index: [0; N] };
        for axis in (0..N.saturating_sub(1)).rev() {
            place.index[axis] = line % shape[axis];
            line /= shape[axis];
            let way = strides[axis].wrapping_mul(place.index[axis] as isize);
            place.start = place.start.wrapping_byte_offset(way);
        }
        place
    }
}

impl<T, const N: usize> Clone for Place<T, N> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, const N: usize> Copy for Place<T, N> {}

impl<T, const N: usize> Clone for Lines<T, N> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, const N: usize> Copy for Lines<T, N> {}

impl<T, const N: usize> Clone for Elements<T, N> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, const N: usize> Copy for Elements<T, N> {}

// SAFETY: these are addresses and numbers. Whoever uses the elements says by a `PhantomData` of a reference what
// other threads may do.
unsafe impl<T, const N: usize> Send for Elements<T, N> {}

// SAFETY: as above.
unsafe impl<T, const N: usize> Sync for Elements<T, N> {}
