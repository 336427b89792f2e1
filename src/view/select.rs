//! What becomes of every axis: the arguments of `slice`, and the macro that writes them.

use super::layout::Cut;
use super::rank::{OneLess, OneMore};
use super::slice::Slice;
use core::ops::{Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive};

/// Selects from a view what Python writes in brackets: `s![1..-1; 2, 0, ...]` is `[1:-1:2, 0, ...]`.
///
/// | item | Python | what becomes of its axis |
/// |---|---|---|
/// | `range` | `start:stop` | these indices, see [`Slice`](crate::view::Slice) |
/// | `range; step` | `start:stop:step` | every `step`-th of them; a negative step walks backwards |
/// | an integer | the same | the axis goes, at this index; a negative one counts from the end |
/// | `new` | `newaxis` | there was none: an axis of length 1 is put in |
/// | `...` | `...` | all axes that the other items leave stay as they are; may be there once |
///
/// Axes behind the last item stay as they are. The rank of the result is known to the compiler; more items than
/// axes do not compile.
///
/// ```
/// use pennyweight::view::{View, s};
///
/// let numbers: Vec<i32> = (0..12).collect();
/// let matrix = View::from(&numbers).reshape([3, 4])?;
/// assert_eq!(matrix.slice(s![1.., ..; 2]), [[4, 6], [8, 10]]);
/// assert_eq!(matrix.slice(s![-1]), [8, 9, 10, 11]);
/// assert_eq!(matrix.slice(s![..., 1]), [1, 5, 9]);
/// assert_eq!(matrix.slice(s![0, new, ..; -3]), [[3, 0]]);
/// # Ok::<(), pennyweight::view::ReshapeError<1, 2>>(())
/// ```
///
/// ```compile_fail
/// # use pennyweight::view::{View, s};
/// View::from(&[1, 2, 3]).slice(s![0, 0]); // there is no axis left to take away
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __pennyweight_view_s {
    // What Python writes otherwise, before an expression is looked for, where the compiler would stop at it.
    (@$list:ident $($start:ident)? :: $(, $($rest:tt)*)?) => { $crate::__pennyweight_view_s!(@no) };
    (@$list:ident $($start:ident)? :: - $($rest:tt)*) => { $crate::__pennyweight_view_s!(@no) };
    (@$list:ident $($start:ident)? :: $step:literal $($rest:tt)*) => { $crate::__pennyweight_view_s!(@no) };
    (@$list:ident newaxis $($rest:tt)*) => { $crate::__pennyweight_view_s!(@no_newaxis) };
    (@$list:ident None $($rest:tt)*) => { $crate::__pennyweight_view_s!(@no_newaxis) };
    (@items) => { () };
    (@items ... $(, $($rest:tt)*)?) => {
        ($crate::view::macros::Ellipsis, $crate::__pennyweight_view_s!(@last $($($rest)*)?))
    };
    // Behind the ellipsis.
    (@last) => { () };
    (@last ... $($rest:tt)*) => { ::core::compile_error!("`...` may be there once") };
    (@$list:ident new $(, $($rest:tt)*)?) => {
        ($crate::view::macros::NewAxis, $crate::__pennyweight_view_s!(@$list $($($rest)*)?))
    };
    (@$list:ident $range:expr; $step:expr $(, $($rest:tt)*)?) => {
        ($crate::view::Slice::new($range, $step), $crate::__pennyweight_view_s!(@$list $($($rest)*)?))
    };
    (@$list:ident $item:expr $(, $($rest:tt)*)?) => {
        ($crate::view::macros::item($item), $crate::__pennyweight_view_s!(@$list $($($rest)*)?))
    };
    (@no_newaxis) => {
        ::core::compile_error!("`s!` puts an axis in by `new`, as Python does by `newaxis` or `None`")
    };
    (@$($no:tt)*) => {
        ::core::compile_error!(
            "`s!` takes ranges, `range; step`, integers, `new` and `...`: `1..2` for Python's `1:2`, `..; 2` for `::2`"
        )
    };
    ($($items:tt)*) => {{
        // `1..-1` is not empty here.
        #[allow(clippy::reversed_empty_ranges)]
        let items = $crate::__pennyweight_view_s!(@items $($items)*);
        items
    }};
}

/// What [`s!`](crate::view::s) makes of its items: for a view of rank `R` one of rank `Out`.
///
/// The items are pairs of one and the rest; what is put together by hand is as good:
/// `(Slice::new(1.., 1), ())`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no selection from a view",
    label = "what is selected is written `s![1..2, 0]`"
)]
pub trait Selection<R>: sealed::Items<R, R> {
    /// The rank of what is selected, a [`Rank`](super::Rank).
    type Out;
}

impl<R, L: Items<R, R>> Selection<R> for L {
    type Out = L::Rank;
}

/// An integer in `s!`: one index of an axis, which goes.
#[derive(Clone, Copy, Debug)]
pub struct At {
    pub(super) offset: usize,
    pub(super) from_end: bool,
}

/// `...` in `s!`.
#[derive(Clone, Copy, Debug)]
pub struct Ellipsis;

/// `new` in `s!`.
#[derive(Clone, Copy, Debug)]
pub struct NewAxis;

/// An integer or a range, as an item of `s!`.
#[inline]
pub fn item<I: IntoItem>(item: I) -> I::Item {
    item.into_item()
}

/// What `s!` takes as an expression: ranges, integers, and a [`Slice`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a range nor an index",
    label = "`s!` takes ranges, `Slice`s and indices, of `isize`, `i32` or `usize`; `new` for a new axis"
)]
pub trait IntoItem {
    /// The item.
    type Item;

    /// Converts it.
    fn into_item(self) -> Self::Item;
}

impl IntoItem for Slice {
    type Item = Self;

    #[inline]
    fn into_item(self) -> Self {
        self
    }
}

impl IntoItem for RangeFull {
    type Item = Slice;

    #[inline]
    fn into_item(self) -> Slice {
        self.into()
    }
}

macro_rules! integers {
    ($($integer:ty),+) => {
        $(
            integers!(@ranges $integer: Range, RangeFrom, RangeTo, RangeInclusive, RangeToInclusive);

            impl IntoItem for $integer {
                type Item = At;

                #[inline]
                #[allow(unused_comparisons, reason = "a usize is not negative")]
                fn into_item(self) -> At {
                    At { offset: if self < 0 { (0 as $integer).abs_diff(self) as usize } else { self as usize }, from_end: self < 0 }
                }
            }
        )+
    };
    (@ranges $integer:ty: $($range:ident),+) => {
        $(
            impl IntoItem for $range<$integer> {
                type Item = Slice;

                #[inline]
                fn into_item(self) -> Slice {
                    self.into()
                }
            }
        )+
    };
}

integers!(isize, i32, usize);

mod sealed {
    use super::Cut;

    /// A list of items that takes no more axes than rank `Left` has, the ellipsis not counted, and makes `Rank` of
    /// rank `R`: integers take an axis, `new` adds one.
    pub trait Items<Left, R> {
        type Rank;

        /// The axes that the items take from the source.
        const AXES: usize;

        /// Cuts axis by axis.
        #[track_caller]
        fn cut<T, const N: usize, const M: usize>(self, cut: &mut Cut<T, N, M>);
    }
}
pub(super) use sealed::Items;

impl<Left, R> Items<Left, R> for () {
    type Rank = R;
    const AXES: usize = 0;

    #[inline]
    fn cut<T, const N: usize, const M: usize>(self, cut: &mut Cut<T, N, M>) {
        cut.keep_all_but(0);
    }
}

impl<Left: OneLess, R, L: Items<Left::Less, R>> Items<Left, R> for (Slice, L) {
    type Rank = L::Rank;
    const AXES: usize = 1 + L::AXES;

    #[inline]
    #[track_caller]
    fn cut<T, const N: usize, const M: usize>(self, cut: &mut Cut<T, N, M>) {
        cut.slice(self.0);
        self.1.cut(cut);
    }
}

impl<Left: OneLess, R: OneLess, L: Items<Left::Less, R::Less>> Items<Left, R> for (At, L) {
    type Rank = L::Rank;
    const AXES: usize = 1 + L::AXES;

    #[inline]
    #[track_caller]
    fn cut<T, const N: usize, const M: usize>(self, cut: &mut Cut<T, N, M>) {
        cut.at(self.0);
        self.1.cut(cut);
    }
}

impl<Left, R, L: Items<Left, R, Rank: OneMore>> Items<Left, R> for (NewAxis, L) {
    type Rank = <L::Rank as OneMore>::More;
    const AXES: usize = L::AXES;

    #[inline]
    #[track_caller]
    fn cut<T, const N: usize, const M: usize>(self, cut: &mut Cut<T, N, M>) {
        cut.new_axis();
        self.1.cut(cut);
    }
}

impl<Left, R, L: Items<Left, R>> Items<Left, R> for (Ellipsis, L) {
    type Rank = L::Rank;
    const AXES: usize = L::AXES;

    #[inline]
    #[track_caller]
    fn cut<T, const N: usize, const M: usize>(self, cut: &mut Cut<T, N, M>) {
        cut.keep_all_but(L::AXES);
        self.1.cut(cut);
    }
}
