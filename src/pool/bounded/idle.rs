//! Idle objects, and what they weigh.

use crate::pool::node::{List, Node};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::mem;

/// An object on its way to the idle ones, or from them.
pub(super) struct Weighed<T> {
    pub(super) node: Box<Node<T>>,
    /// 0 where bytes are not limited, and nothing is weighed.
    pub(super) bytes: usize,
}

/// Idle objects, of which the last to come is the first to go.
pub(super) struct Stack<T> {
    objects: List<T>,
    /// What each of them weighs, the last to come last. Where bytes are not limited, it is empty.
    weights: Vec<usize>,
}

impl<T> Stack<T> {
    pub(super) const fn new() -> Self {
        Self { objects: List::new(), weights: Vec::new() }
    }

    #[inline]
    pub(super) fn push(&mut self, Weighed { node, bytes }: Weighed<T>, weighs: bool) {
        if weighs {
            self.weights.push(bytes);
        }
        self.objects.push(node);
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<Weighed<T>> {
        let node = self.objects.pop()?;
        Some(Weighed { node, bytes: self.weights.pop().unwrap_or(0) })
    }

    /// Takes all objects out.
    pub(super) fn take(&mut self) -> Self {
        mem::replace(self, Self::new())
    }

    /// Puts the objects of `older` behind those that are here.
    pub(super) fn append(&mut self, mut older: Self) {
        older.weights.append(&mut self.weights);
        self.weights = older.weights;
        self.objects.append(older.objects);
    }

    pub(super) fn iter(&mut self) -> impl Iterator<Item = &T> {
        self.objects.iter()
    }

    pub(super) fn bytes(&self) -> usize {
        self.weights.iter().sum()
    }

    /// The room of the weights, and how much of it is used.
    pub(super) fn weights(&self) -> (usize, usize) {
        (self.weights.capacity(), self.weights.len())
    }
}
