//! Objects in boxes that link themselves to lists.
//!
//! To hand an object out and to take it back is a matter of few stores, and they are what it costs: one for each word that changes and none to
//! clear what is not read again.
#![allow(unsafe_code)]

use alloc::boxed::Box;
use core::cell::Cell;
use core::mem::{MaybeUninit, forget, replace};

/// An object of a pool, where it lies from the day it is made until it is dropped: idle in a list, or handed out to a guard.
///
/// The link is all that a pool spends on an idle object: eight bytes, and no table of objects that keeps the size of its peak.
#[derive(Debug)]
pub struct Node<T> {
    pub(super) value: T,
    /// Invariant: in a list, the node behind it, if there is one, which is in that list too. In no list it is not read.
    next: MaybeUninit<Option<Box<Self>>>,
}

/// Whether there is no object in a cell.
#[inline]
pub(super) fn is_none<T>(cell: &Cell<Option<T>>) -> bool {
    // SAFETY: nobody changes the cell while this is read: it is not `Sync`.
    unsafe { &*cell.as_ptr() }.is_none()
}

impl<T> Node<T> {
    pub(super) fn new(value: T) -> Box<Self> {
        Box::new(Self { value, next: MaybeUninit::uninit() })
    }
}

/// Idle objects, of which the last to come is the first to go.
pub(super) struct List<T> {
    /// Invariant: this node and those behind it are in this list, and in no other.
    first: Cell<Option<Box<Node<T>>>>,
}

impl<T> List<T> {
    pub(super) const fn new() -> Self {
        Self { first: Cell::new(None) }
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        is_none(&self.first)
    }

    #[inline]
    pub(super) fn push(&self, mut node: Box<Node<T>>) {
        node.next.write(self.first.take());
        self.set(Some(node));
    }

    #[inline]
    pub(super) fn pop(&self) -> Option<Box<Node<T>>> {
        // Not by `take`, which would store that there is none, for a moment.
        // SAFETY: this is the only reference to what is in the cell: it is not `Sync`, and nothing else is called that uses it.
        let first = unsafe { &mut *self.first.as_ptr() };
        let link = &first.as_ref()?.next;
        // SAFETY: the node is in this list, so its link is one (invariants); it leaves the list, so that it is not read again.
        let next = unsafe { link.assume_init_read() };
        replace(first, next)
    }

    /// Sets the first node, after it was taken. There is nothing to drop, which the compiler does not see.
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
            // SAFETY: it is in this list, so its link is one (invariants).
            end = unsafe { node.next.assume_init_mut() };
        }
        *end = other.first.get_mut().take();
        self.set(first);
    }

    pub(super) fn iter<'a>(&'a mut self) -> impl Iterator<Item = &'a T> {
        // SAFETY: it is in this list, so its link is one (invariants).
        let next = |node: &&'a Node<T>| unsafe { node.next.assume_init_ref() }.as_deref();
        core::iter::successors(self.first.get_mut().as_deref(), next).map(|node| &node.value)
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
