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
    (@items) => { () };
    (@items ... $(, $($rest:tt)*)?) => {
        ($crate::view::macros::Ellipsis, $crate::__pennyweight_view_s!(@last $($($rest)*)?))
    };
    (@items new $(, $($rest:tt)*)?) => {
        ($crate::view::macros::NewAxis, $crate::__pennyweight_view_s!(@items $($($rest)*)?))
    };
    (@items $range:expr; $step:expr $(, $($rest:tt)*)?) => {
        ($crate::view::Slice::new($range, $step), $crate::__pennyweight_view_s!(@items $($($rest)*)?))
    };
    (@items $item:expr $(, $($rest:tt)*)?) => {
        ($crate::view::macros::item($item), $crate::__pennyweight_view_s!(@items $($($rest)*)?))
    };
    // Behind the ellipsis.
    (@last) => { () };
    (@last ... $($rest:tt)*) => { ::core::compile_error!("`...` may be there once") };
    (@last new $(, $($rest:tt)*)?) => {
        ($crate::view::macros::NewAxis, $crate::__pennyweight_view_s!(@last $($($rest)*)?))
    };
    (@last $range:expr; $step:expr $(, $($rest:tt)*)?) => {
        ($crate::view::Slice::new($range, $step), $crate::__pennyweight_view_s!(@last $($($rest)*)?))
    };
    (@last $item:expr $(, $($rest:tt)*)?) => {
        ($crate::view::macros::item($item), $crate::__pennyweight_view_s!(@last $($($rest)*)?))
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
pub trait Selection<R>: sealed::Items {
    /// The rank of what is selected, a [`Rank`](super::Rank).
    type Out;
}

impl<R, L: Fits<R> + Moves<R> + Items> Selection<R> for L {
    type Out = <L as Moves<R>>::Rank;
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

/// What `s!` takes as an item: ranges, integers, and a [`Slice`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a range nor an index",
    label = "`s!` takes ranges, `Slice`s and indices, of `isize`, `i32` or `usize`"
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

/// A list of items that takes no more axes than rank `R` has. The ellipsis is not counted.
pub trait Fits<R> {}

/// A list of items that makes `Rank` of `R`: integers take an axis, `new` adds one.
pub trait Moves<R> {
    type Rank;
}

mod sealed {
    use super::Cut;

    pub trait Items {
        /// The axes that the items take from the source.
        const AXES: usize;

        /// Cuts axis by axis.
        #[track_caller]
        fn cut<T, const N: usize, const M: usize>(self, cut: &mut Cut<T, N, M>);
    }
}
pub(super) use sealed::Items;

impl<R> Fits<R> for () {}

impl<R> Moves<R> for () {
    type Rank = R;
}

impl Items for () {
    const AXES: usize = 0;

    #[inline]
    fn cut<T, const N: usize, const M: usize>(self, cut: &mut Cut<T, N, M>) {
        cut.keep_all_but(0);
    }
}

impl<R: OneLess, L: Fits<R::Less>> Fits<R> for (Slice, L) {}

impl<R, L: Moves<R>> Moves<R> for (Slice, L) {
    type Rank = L::Rank;
}

impl<L: Items> Items for (Slice, L) {
    const AXES: usize = 1 + L::AXES;

    #[inline]
    #[track_caller]
    fn cut<T, const N: usize, const M: usize>(self, cut: &mut Cut<T, N, M>) {
        cut.slice(self.0);
        self.1.cut(cut);
    }
}

impl<R: OneLess, L: Fits<R::Less>> Fits<R> for (At, L) {}

impl<R: OneLess, L: Moves<R::Less>> Moves<R> for (At, L) {
    type Rank = L::Rank;
}

impl<L: Items> Items for (At, L) {
    const AXES: usize = 1 + L::AXES;

    #[inline]
    #[track_caller]
    fn cut<T, const N: usize, const M: usize>(self, cut: &mut Cut<T, N, M>) {
        cut.at(self.0);
        self.1.cut(cut);
    }
}

impl<R, L: Fits<R>> Fits<R> for (NewAxis, L) {}

impl<R, L: Moves<R, Rank: OneMore>> Moves<R> for (NewAxis, L) {
    type Rank = <L::Rank as OneMore>::More;
}

impl<L: Items> Items for (NewAxis, L) {
    const AXES: usize = L::AXES;

    #[inline]
    #[track_caller]
    fn cut<T, const N: usize, const M: usize>(self, cut: &mut Cut<T, N, M>) {
        cut.new_axis();
        self.1.cut(cut);
    }
}

impl<R, L: Fits<R>> Fits<R> for (Ellipsis, L) {}

impl<R, L: Moves<R>> Moves<R> for (Ellipsis, L) {
    type Rank = L::Rank;
}

impl<L: Items> Items for (Ellipsis, L) {
    const AXES: usize = L::AXES;

    #[inline]
    #[track_caller]
    fn cut<T, const N: usize, const M: usize>(self, cut: &mut Cut<T, N, M>) {
        cut.keep_all_but(L::AXES);
        self.1.cut(cut);
    }
}
