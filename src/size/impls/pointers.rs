//! Pointers that own what they point to, alone or with others.

use alloc::borrow::{Cow, ToOwned};
use alloc::boxed::Box;
use alloc::rc::{self, Rc};
#[cfg(target_has_atomic = "ptr")]
use alloc::sync::{self, Arc};
use core::alloc::Layout;
use core::pin::Pin;
use core::ptr;

use crate::size::{Block, HeapSize, Visitor};

impl<T: HeapSize + ?Sized> HeapSize for Box<T> {
    #[inline]
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        boxed(&**self, visitor);
    }
}

impl<T: HeapSize + ?Sized> HeapSize for Rc<T> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        counted(&**self, visitor);
    }
}

#[cfg(target_has_atomic = "ptr")]
impl<T: HeapSize + ?Sized> HeapSize for Arc<T> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        counted_atomically(&**self, visitor);
    }
}

impl<T: HeapSize + ?Sized> HeapSize for Pin<Box<T>> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        boxed(&**self, visitor);
    }
}

impl<T: HeapSize + ?Sized> HeapSize for Pin<Rc<T>> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        counted(&**self, visitor);
    }
}

#[cfg(target_has_atomic = "ptr")]
impl<T: HeapSize + ?Sized> HeapSize for Pin<Arc<T>> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        counted_atomically(&**self, visitor);
    }
}

impl<T: ?Sized> HeapSize for Pin<&T> {
    fn visit<'v>(&'v self, _: &mut Visitor<'v>) {}
}

impl<T: ?Sized> HeapSize for Pin<&mut T> {
    fn visit<'v>(&'v self, _: &mut Visitor<'v>) {}
}

fn boxed<'v, T: HeapSize + ?Sized>(contents: &'v T, visitor: &mut Visitor<'v>) {
    visitor.block(Block::new(size_of_val(contents)).at(contents));
    contents.visit(visitor);
}

/// The contents of an `Arc`. Default ones that are empty lie in a static of std, all of them in the same one.
#[cfg(target_has_atomic = "ptr")]
fn counted_atomically<'v, T: HeapSize + ?Sized>(contents: &'v T, visitor: &mut Visitor<'v>) {
    // An empty C string is one byte.
    let may_be_static = size_of_val(contents) <= 1;
    if may_be_static && block_of(contents).1 == block_of(&*Arc::<[u8]>::default()).1 {
        return contents.visit(visitor);
    }
    counted(contents, visitor);
}

/// The contents of an `Rc` or an `Arc`, which lie behind two counters.
fn counted<'v, T: HeapSize + ?Sized>(contents: &'v T, visitor: &mut Visitor<'v>) {
    let (block, _) = block_of(contents);
    // The counter next to the contents, since contents without a size may lie past the end of the
    // block.
    let address = ptr::from_ref(contents).cast::<usize>().wrapping_sub(1);
    visitor.shared(address, Block::new(block.pad_to_align().size()), |visitor| {
        contents.visit(visitor);
    });
}

/// The layout and the address of a block of two counters and contents.
fn block_of<T: ?Sized>(contents: &T) -> (Layout, usize) {
    let (block, offset) = Layout::new::<[usize; 2]>()
        .extend(Layout::for_value(contents))
        .expect("a value in memory has a layout, with its counters too");
    (block, ptr::from_ref(contents).addr() - offset)
}

/// A `Weak` does not own its value, and counts nothing while the value lives: its owners count the
/// block. When the last owner has gone, the `Weak`s that are left keep the block, emptied, but can
/// no longer tell its size; it is then *unseen*.
impl<T: ?Sized> HeapSize for rc::Weak<T> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        let nowhere = rc::Weak::<()>::new();
        if self.strong_count() == 0 && self.as_ptr().addr() != nowhere.as_ptr().addr() {
            visitor.unseen();
        }
    }
}

/// A `Weak` does not own its value, and counts nothing while the value lives: its owners count the
/// block. When the last owner has gone, the `Weak`s that are left keep the block, emptied, but can
/// no longer tell its size; it is then *unseen*.
#[cfg(target_has_atomic = "ptr")]
impl<T: ?Sized> HeapSize for sync::Weak<T> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        let nowhere = sync::Weak::<()>::new();
        if self.strong_count() == 0 && self.as_ptr().addr() != nowhere.as_ptr().addr() {
            visitor.unseen();
        }
    }
}

impl<B: ToOwned<Owned: HeapSize> + ?Sized> HeapSize for Cow<'_, B> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        if let Self::Owned(owned) = self {
            owned.visit(visitor);
        }
    }

    fn owns_heap() -> bool {
        B::Owned::owns_heap()
    }
}
