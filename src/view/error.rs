//! What cannot be seen as another shape, and why.

use core::error::Error;
use core::fmt;

/// A view that cannot be reshaped without a copy.
///
/// ```
/// use pennyweight::view::View;
///
/// let matrix = View::from(&[0, 1, 2, 3, 4, 5]).reshape([2, 3]).unwrap();
/// let error = matrix.reshape([4]).unwrap_err();
/// assert_eq!(error.to_string(), "cannot reshape [2, 3] into [4]: it has 6 elements");
/// let error = matrix.t().reshape([6]).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "cannot reshape [3, 2] into [6] without a copy: its strides are [4, 12] bytes",
/// );
/// assert!(error.needs_copy());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReshapeError<const N: usize, const M: usize> {
    pub(super) from: [usize; N],
    pub(super) to: [usize; M],
    pub(super) misfit: Misfit<N>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Misfit<const N: usize> {
    Count,
    Strides([isize; N]),
}

impl<const N: usize, const M: usize> ReshapeError<N, M> {
    /// The shape of the view.
    pub fn from(&self) -> [usize; N] {
        self.from
    }

    /// The shape that it was to have.
    pub fn to(&self) -> [usize; M] {
        self.to
    }

    /// True where a copy has the shape, as that of `to_owned_compact`: the number of elements is right.
    pub fn needs_copy(&self) -> bool {
        self.misfit != Misfit::Count
    }
}

impl<const N: usize, const M: usize> fmt::Display for ReshapeError<N, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to, misfit } = self;
        write!(f, "cannot reshape {from:?} into {to:?}")?;
        match misfit {
            Misfit::Count => {
                let len = if from.contains(&0) { 0 } else { from.iter().product::<usize>() };
                write!(f, ": it has {len} elements")
            }
            Misfit::Strides(strides) => {
                write!(f, " without a copy: its strides are {strides:?} bytes")
            }
        }
    }
}

impl<const N: usize, const M: usize> Error for ReshapeError<N, M> {}

/// A view that cannot be repeated to a shape.
///
/// ```
/// use pennyweight::view::View;
///
/// let row = View::from(&[1, 2, 3]);
/// let error = row.broadcast([3, 2]).unwrap_err();
/// assert_eq!(error.to_string(), "cannot broadcast [3] to [3, 2]");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BroadcastError<const N: usize, const M: usize> {
    pub(super) from: [usize; N],
    pub(super) to: [usize; M],
}

impl<const N: usize, const M: usize> BroadcastError<N, M> {
    /// The shape of the view.
    pub fn from(&self) -> [usize; N] {
        self.from
    }

    /// The shape that it was to have.
    pub fn to(&self) -> [usize; M] {
        self.to
    }
}

impl<const N: usize, const M: usize> fmt::Display for BroadcastError<N, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot broadcast {:?} to {:?}", self.from, self.to)
    }
}

impl<const N: usize, const M: usize> Error for BroadcastError<N, M> {}
