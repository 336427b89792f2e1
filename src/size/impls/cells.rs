//! Cells and locks. What is borrowed or locked by another is unseen; nothing here waits or panics.

use core::cell::{Cell, OnceCell, RefCell};
use core::mem::needs_drop;
#[cfg(feature = "std")]
use std::sync::{Mutex, OnceLock, RwLock, TryLockError};

use crate::size::{HeapSize, Visitor};

/// A type that is `Copy` owns no heap memory, and of other types a `Cell` does not show the value.
impl<T: Copy> HeapSize for Cell<T> {
    fn visit<'v>(&'v self, _: &mut Visitor<'v>) {}
}

impl<T: HeapSize> HeapSize for OnceCell<T> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        if let Some(value) = self.get() {
            value.visit(visitor);
        }
    }

    fn owns_heap() -> bool {
        T::owns_heap()
    }
}

#[cfg(feature = "std")]
impl<T: HeapSize> HeapSize for OnceLock<T> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        if let Some(value) = self.get() {
            value.visit(visitor);
        }
    }

    fn owns_heap() -> bool {
        T::owns_heap()
    }
}

impl<T: HeapSize + ?Sized> HeapSize for RefCell<T> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        if needs_drop::<T>() {
            match self.try_borrow() {
                Ok(value) => visitor.lent(&*value),
                Err(_) => visitor.unseen(),
            }
        }
    }
}

#[cfg(feature = "std")]
impl<T: HeapSize + ?Sized> HeapSize for Mutex<T> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        if needs_drop::<T>() {
            match self.try_lock() {
                Ok(value) => visitor.lent(&*value),
                Err(TryLockError::Poisoned(poisoned)) => visitor.lent(&**poisoned.get_ref()),
                Err(TryLockError::WouldBlock) => visitor.unseen(),
            }
        }
    }

    /// The lock itself owns none (where the operating system's is not allocated).
    fn owns_heap() -> bool {
        needs_drop::<T>()
    }
}

#[cfg(feature = "std")]
impl<T: HeapSize + ?Sized> HeapSize for RwLock<T> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        if needs_drop::<T>() {
            match self.try_read() {
                Ok(value) => visitor.lent(&*value),
                Err(TryLockError::Poisoned(poisoned)) => visitor.lent(&**poisoned.get_ref()),
                Err(TryLockError::WouldBlock) => visitor.unseen(),
            }
        }
    }

    /// The lock itself owns none (where the operating system's is not allocated).
    fn owns_heap() -> bool {
        needs_drop::<T>()
    }
}
