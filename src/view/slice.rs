//! Which indices of one axis: Python's `start:stop:step`.

use self::sealed::{Ends, Position, Stop};
use core::ops::{Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive};

/// Every `step`-th index from `start` up to, but not including, `stop`: Python's `start:stop:step`.
///
/// Negative ends count from the end of the axis; ends beyond it are clamped, so that no slice is out of
/// range; a negative step walks backwards, from the last index if there is no `start`.
///
/// | Rust | Python | of `0..10` |
/// |---|---|---|
/// | `s![2..5]` | `[2:5]` | 2 3 4 |
/// | `s![2..=5]` | `[2:6]` | 2 3 4 5 |
/// | `s![-3..]` | `[-3:]` | 7 8 9 |
/// | `s![1..-1; 3]` | `[1:-1:3]` | 1 4 7 |
/// | `s![..; -1]` | `[::-1]` | 9 8 … 0 |
/// | `s![..7; -1]` | `[:7:-1]` | 9 8 |
/// | `s![5..=2; -1]` | `[5:1:-1]` | 5 4 3 2 |
/// | `s![20..]` | `[20:]` | |
///
/// # Examples
///
/// ```
/// use pennyweight::view::{Slice, View};
///
/// let digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
/// let view = View::from(&digits);
/// assert_eq!(view.slice_axis(0, 7..), [7, 8, 9]);
/// assert_eq!(view.slice_axis(0, Slice::new(..7, -1)), [9, 8]);
/// assert_eq!(view.slice_axis(0, Slice { start: Some(-2), stop: None, step: -4 }), [8, 4, 0]);
/// ```
///
/// # Source
///
/// [Basic slicing](https://numpy.org/doc/stable/user/basics.indexing.html#slicing-and-striding) of NumPy;
/// `PySlice_AdjustIndices` of CPython. In ndarray a negative step is applied after the ends, so that its
/// `s![..7; -1]` is what Python writes `[6::-1]`, and an end beyond the axis panics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slice {
    /// The first index; `None` is the first of the axis, or the last if the step is negative.
    pub start: Option<isize>,
    /// The index to stop before; `None` is the far end of the axis.
    pub stop: Option<isize>,
    /// From one index to the next. Not 0.
    pub step: isize,
}

impl Slice {
    /// Creates a slice of a range and a step.
    ///
    /// The end of an inclusive range is included whichever way the step goes.
    ///
    /// ```
    /// use pennyweight::view::Slice;
    ///
    /// assert_eq!(Slice::new(1.., 2), Slice { start: Some(1), stop: None, step: 2 });
    /// assert_eq!(Slice::new(..=-1, 1), Slice { start: None, stop: None, step: 1 });
    /// assert_eq!(Slice::new(..=3, -1), Slice { start: None, stop: Some(2), step: -1 });
    /// ```
    #[inline]
    pub fn new(range: impl Span, step: isize) -> Self {
        let (start, stop) = range.ends();
        let stop = match stop {
            Stop::Before(stop) => Some(stop),
            // One further, if that is not what names the other end of the axis.
            Stop::At(last) if step < 0 => (last != 0).then(|| last.saturating_sub(1)),
            Stop::At(last) => (last != -1).then(|| last.saturating_add(1)),
            Stop::Never => None,
        };
        Self { start, stop, step }
    }

    /// The first index and the number of indices on an axis of `len`. Where there are none, the first is 0.
    ///
    /// ```
    /// use pennyweight::view::Slice;
    ///
    /// assert_eq!(Slice::new(1..-1, 3).resolve(10), (1, 3)); // 1, 4, 7
    /// assert_eq!(Slice::new(.., -1).resolve(10), (9, 10));
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if the step is 0.
    #[inline]
    #[track_caller]
    pub fn resolve(self, len: usize) -> (usize, usize) {
        assert!(self.step != 0, "slice step cannot be zero");
        let stride = self.step.unsigned_abs();
        if self.step > 0 {
            let boundary = |end: isize| match end {
                0.. => end.unsigned_abs().min(len),
                _ => len.saturating_sub(end.unsigned_abs()),
            };
            let start = self.start.map_or(0, boundary);
            let stop = self.stop.map_or(len, boundary);
            if start < stop { (start, (stop - start - 1) / stride + 1) } else { (0, 0) }
        } else {
            // Walking backwards, an end lies behind its index: 0 is before the first, `len` behind the last.
            let boundary = |end: isize| match end {
                0.. => (end.unsigned_abs() + 1).min(len),
                _ if end.unsigned_abs() > len => 0,
                _ => len - end.unsigned_abs() + 1,
            };
            let start = self.start.map_or(len, boundary);
            let stop = self.stop.map_or(0, boundary);
            if start > stop { (start - 1, (start - stop - 1) / stride + 1) } else { (0, 0) }
        }
    }
}

impl<R: Span> From<R> for Slice {
    /// The indices of the range, one by one.
    #[inline]
    fn from(range: R) -> Self {
        Self::new(range, 1)
    }
}

/// The ranges that a [`Slice`] is made of: those of std, of `isize`, of `i32` (what literals are), or of `usize`.
pub trait Span: sealed::Ends {}

impl<R: sealed::Ends> Span for R {}

mod sealed {
    /// A range whose ends may count from the back.
    pub trait Ends {
        fn ends(self) -> (Option<isize>, Stop);
    }

    /// The far end of a range.
    #[derive(Debug)]
    pub enum Stop {
        Before(isize),
        At(isize),
        Never,
    }

    /// An index from the front, or if negative from the back.
    pub trait Position {
        /// As an `isize`. One that does not fit lies beyond every axis whose elements take memory.
        fn position(self) -> isize;
    }
}

impl Position for isize {
    #[inline]
    fn position(self) -> isize {
        self
    }
}

impl Position for usize {
    #[inline]
    fn position(self) -> isize {
        isize::try_from(self).unwrap_or(isize::MAX)
    }
}

impl Position for i32 {
    #[inline]
    fn position(self) -> isize {
        isize::try_from(self).unwrap_or(if self < 0 { isize::MIN } else { isize::MAX })
    }
}

impl<I: Position> Ends for Range<I> {
    #[inline]
    fn ends(self) -> (Option<isize>, Stop) {
        (Some(self.start.position()), Stop::Before(self.end.position()))
    }
}

impl<I: Position> Ends for RangeFrom<I> {
    #[inline]
    fn ends(self) -> (Option<isize>, Stop) {
        (Some(self.start.position()), Stop::Never)
    }
}

impl<I: Position> Ends for RangeTo<I> {
    #[inline]
    fn ends(self) -> (Option<isize>, Stop) {
        (None, Stop::Before(self.end.position()))
    }
}

impl<I: Position> Ends for RangeInclusive<I> {
    #[inline]
    fn ends(self) -> (Option<isize>, Stop) {
        let (start, last) = self.into_inner();
        (Some(start.position()), Stop::At(last.position()))
    }
}

impl<I: Position> Ends for RangeToInclusive<I> {
    #[inline]
    fn ends(self) -> (Option<isize>, Stop) {
        (None, Stop::At(self.end.position()))
    }
}

impl Ends for RangeFull {
    #[inline]
    fn ends(self) -> (Option<isize>, Stop) {
        (None, Stop::Never)
    }
}
