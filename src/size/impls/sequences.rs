//! Arrays, slices, and the sequences that own one block or one block per element.

use alloc::collections::{BinaryHeap, LinkedList, VecDeque};
use alloc::vec::Vec;
use core::ptr::NonNull;

use arrayvec::ArrayVec;

use crate::size::{Block, HeapSize, Visitor};

impl<T: HeapSize> HeapSize for [T] {
    #[inline]
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.elements(self);
    }
}

impl<T: HeapSize, const N: usize> HeapSize for [T; N] {
    #[inline]
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.elements(self);
    }

    #[inline]
    fn owns_heap() -> bool {
        N != 0 && T::owns_heap()
    }
}

impl<T: HeapSize, const N: usize> HeapSize for ArrayVec<T, N> {
    #[inline]
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.elements(self);
    }

    #[inline]
    fn owns_heap() -> bool {
        N != 0 && T::owns_heap()
    }
}

impl<T: HeapSize> HeapSize for Vec<T> {
    #[inline]
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.block(Block::array::<T>(self.capacity(), self.len()).at(self.as_ptr()));
        visitor.elements(self);
    }
}

impl<T: HeapSize> HeapSize for VecDeque<T> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.block(Block::array::<T>(self.capacity(), self.len()));
        visitor.elements(self);
    }
}

impl<T: HeapSize> HeapSize for BinaryHeap<T> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        let block = Block::array::<T>(self.capacity(), self.len());
        visitor.block(block.at(self.as_slice().as_ptr()));
        visitor.elements(self);
    }
}

impl<T: HeapSize> HeapSize for LinkedList<T> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        let nodes = self.len();
        visitor.block(Block::new(nodes * size_of::<ListNode<T>>()).with_count(nodes));
        visitor.elements(self);
    }
}

/// The fields of a node of the standard `LinkedList`, for its size.
#[expect(dead_code, reason = "only its size matters")]
struct ListNode<T> {
    next: Option<NonNull<Self>>,
    prev: Option<NonNull<Self>>,
    element: T,
}
