//! ndarray's arrays. All of it is *estimated*: they do not tell the capacity of their block.
//!
//! What they tell is where their elements lie. The block is at least as long as the way from the
//! first to the last of them in memory, and just as long in an array that was made of its shape or
//! of a `Vec` without slack. Capacity that is left over, and elements at the ends that were sliced
//! away for good, are missing.

use ndarray::{
    ArrayBase, CowRepr, Data, Dimension, OwnedArcRepr, OwnedRepr, RawData, RawViewRepr, ViewRepr,
};

use crate::size::{Block, HeapSize, Visitor};

impl<A: HeapSize, D: Dimension> HeapSize for ArrayBase<OwnedRepr<A>, D> {
    /// Tells of the block from the first element in memory to the last, as an estimate: an array
    /// does not show how much more it has room for.
    ///
    /// ```
    /// use ndarray::Array2;
    /// use pennyweight::size::deep_size;
    ///
    /// let size = deep_size(&Array2::<f64>::zeros((100, 20)));
    /// assert_eq!((size.heap, size.estimated), (16_000, 16_000));
    /// ```
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        let (first, bytes) = extent(self);
        visitor.block(Block::new(bytes).at(first).estimated());
        visitor.elements(self);
        axes(self, visitor);
    }
}

impl<A: HeapSize, D: Dimension> HeapSize for ArrayBase<OwnedArcRepr<A>, D> {
    /// Tells of the block, as an owned array does, and of the counters before it, once for all
    /// arrays of the walk that share it and begin with the same element.
    ///
    /// Those that begin elsewhere, having been sliced, cannot be seen to share it.
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        /// What lies on the heap beside the elements: two counters, and pointer, length and capacity.
        const COUNTED: usize = 5 * size_of::<usize>();
        let (first, bytes) = extent(self);
        if bytes == 0 {
            visitor.block(Block::new(COUNTED).estimated());
        } else {
            let block = Block::new(COUNTED + bytes).with_count(2).estimated();
            visitor.shared(first, block, |visitor| visitor.elements(self));
        }
        axes(self, visitor);
    }
}

impl<A: HeapSize, D: Dimension> HeapSize for ArrayBase<CowRepr<'_, A>, D> {
    /// Tells of the block if it is the array's own, as an owned array does.
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        if self.is_owned() {
            let (first, bytes) = extent(self);
            visitor.block(Block::new(bytes).at(first).estimated());
            visitor.elements(self);
        }
        axes(self, visitor);
    }
}

macro_rules! views {
    ($($repr:ty),+) => {$(
        /// What is viewed is owned by another.
        impl<A, D: Dimension> HeapSize for ArrayBase<$repr, D> {
            fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
                axes(self, visitor);
            }
        }
    )+};
}

views! { ViewRepr<&A>, ViewRepr<&mut A>, RawViewRepr<*const A>, RawViewRepr<*mut A> }

/// The first element in memory, and the bytes from there to the end of the last.
fn extent<S: Data, D: Dimension>(array: &ArrayBase<S, D>) -> (*const S::Elem, usize) {
    if array.is_empty() {
        return (array.as_ptr(), 0);
    }
    // How far the last element lies behind the first along an axis is the same in both directions.
    let (mut before, mut steps) = (0, 0);
    for (&len, &stride) in array.shape().iter().zip(array.strides()) {
        let span = (len - 1) * stride.unsigned_abs();
        steps += span;
        before += if stride < 0 { span } else { 0 };
    }
    (array.as_ptr().wrapping_sub(before), (steps + 1) * size_of::<S::Elem>())
}

/// Lengths and strides of more than four axes whose number is not part of the type: two blocks.
fn axes<S: RawData, D: Dimension>(array: &ArrayBase<S, D>, visitor: &mut Visitor<'_>) {
    /// As many as ndarray keeps inline.
    const INLINE: usize = 4;
    if D::NDIM.is_none() && array.ndim() > INLINE {
        let bytes = 2 * array.ndim() * size_of::<usize>();
        visitor.block(Block::new(bytes).with_count(2).estimated());
    }
}
