//! Arithmetic with ranks, in types.

/// A rank as a type, so that methods can say that they take an axis away or add one.
///
/// Ranks up to 8 have neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rank<const N: usize>;

/// A rank that has one axis to give.
#[diagnostic::on_unimplemented(
    message = "there is no axis left to take away",
    label = "takes more axes than the view has",
    note = "or the view has more than 8, and it is not known here which rank is one below"
)]
pub trait OneLess: sealed::Rank {
    /// The rank below.
    type Less;
}

/// A rank that may get one axis more.
#[diagnostic::on_unimplemented(
    message = "a view of more than 8 axes",
    label = "adds an axis to a view of 8"
)]
pub trait OneMore: sealed::Rank {
    /// The rank above.
    type More;
}

mod sealed {
    pub trait Rank {}
}

impl<const N: usize> sealed::Rank for Rank<N> {}

macro_rules! neighbours {
    ($($below:literal $above:literal),+) => {
        $(
            impl OneLess for Rank<$above> {
                type Less = Rank<$below>;
            }

            impl OneMore for Rank<$below> {
                type More = Rank<$above>;
            }
        )+
    };
}

neighbours!(0 1, 1 2, 2 3, 3 4, 4 5, 5 6, 6 7, 7 8);
