//! A value with its key, in one allocation with the count of its references.
//!
//! ```text
//! [ count 4 | tag 4 | word 8 | extent 0 or 8 | key | value ]
//!   │         │       │        └ the length of a str or a slice
//!   │         │       └ the table that lists the node; while the value is being loaded, the thread that loads it
//!   │         └ 30 bits of the hash, two of recency
//!   └ references, and flags that are set while the value is being loaded or where it never came
//! ```
//!
//! Nothing of a node is written once others may see it, but for the first three fields.
#![allow(unsafe_code)]

use super::mode::{Count, Mode, Parts, Witness, Word};
use super::table::Table;
use super::value::Value;
use alloc::alloc::{alloc, dealloc};
use core::alloc::Layout;
use core::marker::PhantomData;
use core::mem::{self, ManuallyDrop};
use core::ptr::NonNull;
use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};

/// The value is not there yet.
pub(super) const LOADING: u32 = 1 << 31;
/// The value will never be there: whoever loaded it failed.
pub(super) const FAILED: u32 = 1 << 30;
/// No table lists the node, which is being loaded.
pub(super) const UNLISTED: u32 = 1 << 29;
/// The references.
pub(super) const REFERENCES: u32 = UNLISTED - 1;
/// The most of them. Each thread may go beyond by one before it ends the program.
const MOST: u32 = REFERENCES / 2;

/// Of a hash, what a node knows.
pub(super) const HASH: u32 = (1 << 30) - 1;

#[repr(C)]
pub(super) struct Head<M: Parts> {
    pub(super) count: M::Count,
    pub(super) tag: M::Count,
    pub(super) word: M::Word,
    /// Of the value.
    witness: Witness,
}

#[repr(C)]
struct Prefix<M: Parts, E> {
    head: Head<M>,
    extent: E,
}

impl<M: Parts> Head<M> {
    /// The hash of the key, as far as the node knows it.
    #[inline(always)]
    pub(super) fn hash(&self) -> u32 {
        self.tag.load(Relaxed) & HASH
    }
}

/// A pointer to a node, which may have gone.
pub(super) struct Node<K, V: ?Sized, M: Mode> {
    head: NonNull<Head<M>>,
    of: PhantomData<(*const K, *const V)>,
}

impl<K, V: ?Sized, M: Mode> Clone for Node<K, V, M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K, V: ?Sized, M: Mode> Copy for Node<K, V, M> {}

impl<K, V: ?Sized, M: Mode> PartialEq for Node<K, V, M> {
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        self.head == other.head
    }
}

/// One of the references that a node counts.
pub(super) struct Counted<K, V: ?Sized + Value, M: Mode> {
    /// Invariant: there, with its key, and counts this reference.
    node: Node<K, V, M>,
    owns: PhantomData<(K, alloc::boxed::Box<V>)>,
}

/// A node of which nobody else knows.
pub(super) struct Fresh<K, V: ?Sized + Value, M: Mode> {
    /// Invariant: there, with its key, and with its value if `filled`; counts one reference.
    node: Node<K, V, M>,
    filled: bool,
    owns: PhantomData<(K, alloc::boxed::Box<V>)>,
}

impl<K, V: ?Sized + Value, M: Mode> Node<K, V, M> {
    const KEY: usize = size_of::<Prefix<M, V::Extent>>().next_multiple_of(align_of::<K>());
    const VALUE: usize = (Self::KEY + size_of::<K>()).next_multiple_of(V::ALIGN);
    const ALIGN: usize = {
        let mut align = align_of::<Prefix<M, V::Extent>>();
        if align_of::<K>() > align {
            align = align_of::<K>();
        }
        if V::ALIGN > align {
            align = V::ALIGN;
        }
        align
    };

    /// `None` where no allocation is so large.
    pub(super) fn layout(extent: V::Extent) -> Option<Layout> {
        let size = Self::VALUE.checked_add(V::size(extent))?;
        Layout::from_size_align(size, Self::ALIGN).ok()
    }

    /// # Safety
    ///
    /// The node is there, for as long as the reference is used.
    #[inline(always)]
    pub(super) unsafe fn head<'a>(self) -> &'a Head<M> {
        // SAFETY: as the caller promises; the head is never borrowed mutably.
        unsafe { self.head.as_ref() }
    }

    pub(super) fn address(self) -> NonNull<()> {
        self.head.cast()
    }

    pub(super) fn at(address: NonNull<()>) -> Self {
        Self { head: address.cast(), of: PhantomData }
    }

    #[inline(always)]
    fn key_place(self) -> NonNull<K> {
        // SAFETY: the key lies that far behind the head, in the same allocation.
        unsafe { self.head.byte_add(Self::KEY) }.cast()
    }

    /// # Safety
    ///
    /// The node is there.
    #[inline(always)]
    unsafe fn extent(self) -> V::Extent {
        let prefix = self.head.cast::<Prefix<M, V::Extent>>();
        // SAFETY: the node begins with a prefix, which `Fresh::new` has written; its extent never changes.
        unsafe { prefix.as_ref() }.extent
    }

    /// # Safety
    ///
    /// The node is there.
    #[inline(always)]
    unsafe fn value_place(self) -> *mut V {
        // SAFETY: as the caller promises.
        let extent = unsafe { self.extent() };
        // SAFETY: the value lies that far behind the head, in the same allocation.
        let place = unsafe { self.head.byte_add(Self::VALUE) };
        V::at(place.as_ptr().cast(), extent)
    }

    /// Drops the value, if it is `filled`, and the key, and frees the node, also if one of them panics.
    ///
    /// # Safety
    ///
    /// The node is there, counts no reference and is in no table.
    pub(super) unsafe fn destroy(self, filled: bool) {
        struct Memory(NonNull<u8>, Layout);
        impl Drop for Memory {
            fn drop(&mut self) {
                // SAFETY: `destroy` alone makes one, of a node that it may free and its layout.
                unsafe { dealloc(self.0.as_ptr(), self.1) }
            }
        }
        struct Place<T>(NonNull<T>);
        impl<T> Drop for Place<T> {
            fn drop(&mut self) {
                // SAFETY: `destroy` alone makes one, of a key that it may drop.
                unsafe { self.0.drop_in_place() }
            }
        }
        // SAFETY: the node is there.
        let extent = unsafe { self.extent() };
        let layout = Self::layout(extent).expect("it was allocated with it");
        let _memory = Memory(self.head.cast(), layout);
        let _key = Place(self.key_place());
        if filled {
            // SAFETY: the node is there.
            unsafe { self.head() }.witness.written();
            // SAFETY: the node is there.
            let value = unsafe { self.value_place() };
            // SAFETY: the value is there, and nobody else has a reference to it.
            unsafe { value.drop_in_place() }
        }
    }
}

impl<K, V: ?Sized + Value, M: Mode> Fresh<K, V, M> {
    /// A node with room for a value. The key comes back where the allocator refuses the memory.
    pub(super) fn new(key: K, extent: V::Extent) -> Result<Self, K> {
        let Some(layout) = Node::<K, V, M>::layout(extent) else { return Err(key) };
        // SAFETY: the layout has the size of a prefix, at least.
        let Some(start) = NonNull::new(unsafe { alloc(layout) }) else { return Err(key) };
        let head = Head {
            count: M::Count::new(1),
            tag: M::Count::new(0),
            word: M::Word::new(core::ptr::null_mut()),
            witness: Witness::default(),
        };
        let prefix = start.cast::<Prefix<M, V::Extent>>();
        // SAFETY: the allocation begins with room for a prefix, and is aligned for it.
        unsafe { prefix.write(Prefix { head, extent }) };
        let node = Node { head: prefix.cast(), of: PhantomData };
        // SAFETY: behind it is room for the key, aligned for it.
        unsafe { node.key_place().write(key) };
        Ok(Self { node, filled: false, owns: PhantomData })
    }

    /// Writes the value.
    pub(super) fn fill(&mut self, value: V)
    where
        V: Sized,
    {
        assert!(!self.filled);
        // SAFETY: the node is there.
        let place = unsafe { self.node.value_place() };
        // SAFETY: the place has room for the value, aligned for it, and nobody else knows of it.
        unsafe { place.write(value) };
        self.filled = true;
    }

    pub(super) fn key(&self) -> &K {
        // SAFETY: the key is there, and nobody writes it.
        unsafe { self.node.key_place().as_ref() }
    }

    pub(super) fn head(&self) -> &Head<M> {
        // SAFETY: the node is there.
        unsafe { self.node.head() }
    }

    /// The one reference to the node. What has no value yet is marked so.
    pub(super) fn count(self) -> Counted<K, V, M> {
        let this = ManuallyDrop::new(self);
        if !this.filled {
            this.head().count.fetch_or(LOADING, Relaxed);
        }
        Counted { node: this.node, owns: PhantomData }
    }
}

impl<K, V: ?Sized + Value, M: Mode> Drop for Fresh<K, V, M> {
    fn drop(&mut self) {
        // SAFETY: the node is there, and nobody else knows of it.
        unsafe { self.node.destroy(self.filled) }
    }
}

impl<K, V: ?Sized + Value, M: Mode> Counted<K, V, M> {
    /// One more reference to a node of a table; `None` if there are none left, which is so from then on.
    ///
    /// # Safety
    ///
    /// The node is there, and stays until the function has returned. While it has no references, no two threads call this.
    #[inline(always)]
    pub(super) unsafe fn of(node: Node<K, V, M>) -> Option<Self> {
        // SAFETY: as the caller promises.
        let count = &unsafe { node.head() }.count;
        if count.load(Relaxed) & REFERENCES == 0 {
            return None;
        }
        let before = count.fetch_add(1, Acquire);
        if before & REFERENCES == 0 {
            // The last one has just gone. Whoever dropped it does not look at the count again but for its flags.
            count.fetch_sub(1, Relaxed);
            return None;
        }
        check(before);
        Some(Self { node, owns: PhantomData })
    }

    #[inline(always)]
    pub(super) fn node(&self) -> Node<K, V, M> {
        self.node
    }

    #[inline(always)]
    pub(super) fn head(&self) -> &Head<M> {
        // SAFETY: the node is there.
        unsafe { self.node.head() }
    }

    #[inline(always)]
    pub(super) fn key(&self) -> &K {
        // SAFETY: the key is there, and nobody writes it.
        unsafe { self.node.key_place().as_ref() }
    }

    /// # Safety
    ///
    /// The value is there.
    #[inline(always)]
    pub(super) unsafe fn value(&self) -> &V {
        self.head().witness.read();
        // SAFETY: the node is there.
        let place = unsafe { self.node.value_place() };
        // SAFETY: the value is there, and nobody writes it while there are references.
        unsafe { &*place }
    }

    /// Writes the value of a node that is being loaded.
    ///
    /// # Safety
    ///
    /// Nobody else writes the value, and it is not there.
    pub(super) unsafe fn fill(&self, value: V)
    where
        V: Sized,
    {
        self.head().witness.written();
        // SAFETY: the node is there.
        let place = unsafe { self.node.value_place() };
        // SAFETY: the place has room for the value; nobody reads it while the node is being loaded.
        unsafe { place.write(value) }
    }
}

impl<K, V: ?Sized + Value, M: Mode> Clone for Counted<K, V, M> {
    #[inline]
    fn clone(&self) -> Self {
        check(self.head().count.fetch_add(1, Relaxed));
        Self { node: self.node, owns: PhantomData }
    }
}

impl<K, V: ?Sized + Value, M: Mode> Drop for Counted<K, V, M> {
    #[inline]
    fn drop(&mut self) {
        if self.head().count.fetch_sub(1, Release) & REFERENCES == 1 {
            let flags = self.head().count.load(Acquire);
            // SAFETY: this was the last reference, and others have happened before: the count was lowered by Release and read by Acquire.
            unsafe { Table::last(self.node, flags & FAILED == 0) }
        }
    }
}

/// Ends the program where a count is about to overflow, as `Rc` and `Arc` do.
#[inline(always)]
fn check(before: u32) {
    if before & REFERENCES >= MOST {
        abort()
    }
}

#[cold]
#[inline(never)]
fn abort() -> ! {
    #[cfg(feature = "std")]
    std::process::abort();
    // A panic while a panic unwinds ends the program.
    #[cfg(not(feature = "std"))]
    {
        struct Again;
        impl Drop for Again {
            fn drop(&mut self) {
                panic!("too many references");
            }
        }
        let _again = Again;
        panic!("too many references");
    }
}

// `mem` keeps the size that the docs state. What stands for cells in loom is larger.
#[cfg(all(target_pointer_width = "64", not(loom)))]
const _: () = assert!(mem::size_of::<Head<super::mode::Local>>() == 16);
