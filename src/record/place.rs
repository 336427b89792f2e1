//! Where the cells of a field lie in a row's memory, known when the program is compiled.

use super::fields::Fields;
use crate::raw::columns::Shape;
use core::marker::PhantomData;

/// The powers of two that an alignment can be.
const ALIGNMENTS: usize = 30;

/// The bytes that the cells of a row take, by the logarithm of their alignment.
#[derive(Clone, Copy, Debug)]
pub struct Sizes([usize; ALIGNMENTS]);

impl Sizes {
    /// No cells.
    pub const NONE: Self = Self([0; ALIGNMENTS]);

    /// A cell of this type.
    pub const fn of<T>() -> Self {
        let mut sizes = Self::NONE;
        sizes.0[align_of::<T>().trailing_zeros() as usize] = size_of::<T>();
        sizes
    }

    /// The cells of both.
    pub const fn plus(mut self, other: Self) -> Self {
        let mut class = 0;
        while class < ALIGNMENTS {
            self.0[class] += other.0[class];
            class += 1;
        }
        self
    }

    /// What a row of these cells and of `bits` bits takes.
    pub const fn shape(self, bits: usize) -> Shape {
        let (mut bytes, mut align, mut class) = (0, 1, 0);
        while class < ALIGNMENTS {
            bytes += self.0[class];
            if self.0[class] > 0 {
                align = 1 << class;
            }
            class += 1;
        }
        Shape { bytes, bits, align }
    }

    /// Where a cell of type `T` lies in a row of these cells, where `before` are those of the fields before it: behind all cells of
    /// larger alignment, and those of its own that come before it.
    pub const fn prefix<T>(self, before: Self) -> usize {
        let own = align_of::<T>().trailing_zeros() as usize;
        let (mut prefix, mut class) = (before.0[own], own + 1);
        while class < ALIGNMENTS {
            prefix += self.0[class];
            class += 1;
        }
        prefix
    }

    /// Whether cells have alignment `1 << class`.
    pub(super) const fn has(&self, class: usize) -> bool {
        self.0[class] > 0
    }

    /// The classes of alignments, the smallest first.
    pub(super) const fn classes() -> core::ops::Range<usize> {
        0..ALIGNMENTS
    }
}

/// The widest of some cells, and the largest alignment.
#[derive(Clone, Copy, Debug)]
pub struct Widest {
    pub(super) bytes: usize,
    pub(super) align: usize,
}

impl Widest {
    /// No cells.
    pub const NONE: Self = Self { bytes: 0, align: 1 };

    /// A cell of this type.
    pub const fn of<T>() -> Self {
        Self { bytes: size_of::<T>(), align: align_of::<T>() }
    }

    /// The wider of both.
    pub const fn or(self, other: Self) -> Self {
        Self {
            bytes: if self.bytes > other.bytes { self.bytes } else { other.bytes },
            align: if self.align > other.align { self.align } else { other.align },
        }
    }
}

/// A place among the fields of a record.
pub trait Place {
    /// The cells of the whole record.
    const TOTAL: Sizes;
    /// What a row of the whole record takes.
    const SHAPE: Shape;
    /// The cells of the fields before this place.
    const BEFORE: Sizes;
    /// The bitmaps of the fields before this place.
    const BITMAPS: usize;
}

/// The place of the first field of `F`.
#[derive(Debug)]
pub struct Start<F>(PhantomData<F>);

impl<F: Fields> Place for Start<F> {
    const TOTAL: Sizes = F::SIZES;
    const SHAPE: Shape = F::SIZES.shape(F::BITMAPS);
    const BEFORE: Sizes = Sizes::NONE;
    const BITMAPS: usize = 0;
}

/// The place behind the fields `A`, which begin at `P`.
#[derive(Debug)]
pub struct After<P, A>(PhantomData<(P, A)>);

impl<P: Place, A: Fields> Place for After<P, A> {
    const TOTAL: Sizes = P::TOTAL;
    const SHAPE: Shape = P::SHAPE;
    const BEFORE: Sizes = P::BEFORE.plus(A::SIZES);
    const BITMAPS: usize = P::BITMAPS + A::BITMAPS;
}
