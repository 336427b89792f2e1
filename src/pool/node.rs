//! Objects in boxes that link themselves to lists.

use alloc::boxed::Box;
use core::cell::Cell;
use core::mem::{forget, replace};

/// An object of a pool, where it lies from the day it is made until it is dropped: idle in a list, or handed out to a guard.
///
/// The link is all that a pool spends on an idle object: eight bytes, and no table of objects that keeps the size of its peak.
#[derive(Debug)]
pub struct Node<T> {
    pub(super) value: T,
    next: Option<Box<Self>>,
}

impl<T> Node<T> {
    pub(super) fn new(value: T) -> Box<Self> {
        Box::new(Self { value, next: None })
    }
}

/// Idle objects, of which the last to come is the first to go.
pub(super) struct List<T> {
    first: Cell<Option<Box<Node<T>>>>,
}

impl<T> List<T> {
    pub(super) const fn new() -> Self {
        Self { first: Cell::new(None) }
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        let first = self.first.take();
        let empty = first.is_none();
        self.set(first);
        empty
    }

    #[inline]
    pub(super) fn push(&self, mut node: Box<Node<T>>) {
        debug_assert!(node.next.is_none());
        forget(replace(&mut node.next, self.first.take()));
        self.set(Some(node));
    }

    #[inline]
    pub(super) fn pop(&self) -> Option<Box<Node<T>>> {
        let mut node = self.first.take()?;
        self.set(node.next.take());
        Some(node)
    }

    /// Sets the first node, after it was taken. There is nothing to drop, which the compiler does not see; nor does it of a node in no list.
    #[inline]
    fn set(&self, first: Option<Box<Node<T>>>) {
        forget(self.first.replace(first));
    }

    /// Takes all objects out.
    pub(super) fn take(&self) -> Self {
        Self { first: Cell::new(self.first.take()) }
    }

    /// Puts the objects of `other` behind those that are here, along which it walks.
    pub(super) fn append(&self, mut other: Self) {
        let mut first = self.first.take();
        let mut end = &mut first;
        while let Some(node) = end {
            end = &mut node.next;
        }
        *end = other.first.get_mut().take();
        self.set(first);
    }

    pub(super) fn iter(&mut self) -> impl Iterator<Item = &T> {
        core::iter::successors(self.first.get_mut().as_deref(), |node| node.next.as_deref())
            .map(|node| &node.value)
    }
}

/// Drops one after the other: a list is longer than the stack is deep. If a destructor panics, the rest is dropped all the same.
impl<T> Drop for List<T> {
    fn drop(&mut self) {
        struct Rest<'a, T>(&'a List<T>);

        impl<T> Drop for Rest<'_, T> {
            fn drop(&mut self) {
                while self.0.pop().is_some() {}
            }
        }

        let rest = Rest(self);
        while rest.0.pop().is_some() {}
    }
}
