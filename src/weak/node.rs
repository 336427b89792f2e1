//! A value with its key, in one allocation with the count of its references.
//!
//! ```text
//! [ count 4 | tag 4 | key | word 8 | extent 0 or 8 | value ]
//!   │         │             │        └ the length of a str or a slice
//!   │         │             └ the table that lists the node; while the value is being loaded, the thread that loads it
//!   │         └ 30 bits of the hash, two of recency
//!   └ references, and flags that are set while the value is being loaded or where it never came
//! ```
//!
//! A hit reads the first three alone, which a key of 8 bytes ends where a line of the cache never does. Keys that would leave a gap come
//! behind the word.
//!
//! Of a node that others may see, nothing is written but count, tag and word.
#![allow(unsafe_code)]

use super::mode::{Count, Mode, Parts, Witness, Word};
use super::table::Table;
use super::value::{Source, Value};
use alloc::alloc::{alloc, dealloc};
use core::alloc::Layout;
use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use core::ptr::{self, NonNull};
use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};

/// The value is not there yet.
pub(super) const LOADING: u32 = 1 << 31;
/// The value will never be there: whoever loaded it failed.
pub(super) const FAILED: u32 = 1 << 30;
/// A table listed the node, and was told not to any more, while the node was being loaded or had a value. A value that dies is not marked so.
pub(super) const UNLISTED: u32 = 1 << 29;
/// With `FAILED`: the value is in another node, to which the word of this one is a reference.
pub(super) const MOVED: u32 = 1 << 28;
/// The references.
pub(super) const REFERENCES: u32 = MOVED - 1;
/// The most of them. Each thread may go beyond by one before it ends the program.
const MOST: u32 = REFERENCES / 2;

/// Of a hash, what a node knows.
pub(super) const HASH: u32 = (1 << 30) - 1;
/// The map keeps the value alive.
pub(super) const KEPT: u32 = 1 << 31;
/// Somebody has asked for it since the map has looked.
pub(super) const RECENT: u32 = 1 << 30;

#[repr(C)]
pub(super) struct Head<M: Parts> {
    pub(super) count: M::Count,
    pub(super) tag: M::Count,
    /// Of the value.
    witness: Witness,
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

/// Where the parts of a node begin.
struct Offsets {
    key: usize,
    word: usize,
    extent: usize,
    value: usize,
    align: usize,
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
    const AT: Offsets = {
        let word = Layout::new::<M::Word>();
        let (key, extent) = (Layout::new::<K>(), Layout::new::<V::Extent>());
        let mut at = Offsets { key: 0, word: 0, extent: 0, value: 0, align: 1 };
        let mut end = place(&mut at.align, 0, Layout::new::<Head<M>>()).1;
        let key_first = key.size().is_multiple_of(word.align()) && key.align() <= word.align();
        if key_first {
            (at.key, end) = place(&mut at.align, end, key);
        }
        (at.word, end) = place(&mut at.align, end, word);
        (at.extent, end) = place(&mut at.align, end, extent);
        if !key_first {
            (at.key, end) = place(&mut at.align, end, key);
        }
        at.value = end.next_multiple_of(V::ALIGN);
        if V::ALIGN > at.align {
            at.align = V::ALIGN;
        }
        at
    };

    /// `None` where no allocation is so large.
    pub(super) fn layout(extent: V::Extent) -> Option<Layout> {
        let size = Self::AT.value.checked_add(V::size(extent))?;
        Layout::from_size_align(size, Self::AT.align).ok()
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

    /// # Safety
    ///
    /// The node is there, for as long as the reference is used.
    #[inline(always)]
    pub(super) unsafe fn word<'a>(self) -> &'a M::Word {
        // SAFETY: the word lies that far behind the head, in the same allocation.
        let word = unsafe { self.head.byte_add(Self::AT.word) }.cast::<M::Word>();
        // SAFETY: as the caller promises; the word is never borrowed mutably.
        unsafe { word.as_ref() }
    }

    #[inline(always)]
    fn key_place(self) -> NonNull<K> {
        // SAFETY: the key lies that far behind the head, in the same allocation.
        unsafe { self.head.byte_add(Self::AT.key) }.cast()
    }

    /// # Safety
    ///
    /// The node is there.
    #[inline(always)]
    unsafe fn extent(self) -> V::Extent {
        // SAFETY: the extent lies that far behind the head, in the same allocation.
        let extent = unsafe { self.head.byte_add(Self::AT.extent) }.cast::<V::Extent>();
        // SAFETY: the node is there, and its extent never changes.
        unsafe { extent.read() }
    }

    /// # Safety
    ///
    /// The node is there.
    #[inline(always)]
    unsafe fn value_place(self) -> *mut V {
        // SAFETY: as the caller promises.
        let extent = unsafe { self.extent() };
        // SAFETY: the value lies that far behind the head, in the same allocation.
        let place = unsafe { self.head.byte_add(Self::AT.value) };
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
        // SAFETY: the layout has the size of a head, at least.
        let Some(start) = NonNull::new(unsafe { alloc(layout) }) else { return Err(key) };
        let node = Node { head: start.cast(), of: PhantomData };
        let head =
            Head { count: M::Count::new(1), tag: M::Count::new(0), witness: Witness::default() };
        // SAFETY: the allocation begins with room for a head, aligned for it.
        unsafe { node.head.write(head) };
        // SAFETY: that far behind it is room for a word, aligned for it.
        let word = unsafe { start.byte_add(Node::<K, V, M>::AT.word) }.cast();
        // SAFETY: as above.
        unsafe { word.write(M::Word::new(ptr::null_mut())) };
        // SAFETY: that far behind the head is room for the extent, aligned for it.
        let place = unsafe { start.byte_add(Node::<K, V, M>::AT.extent) }.cast();
        // SAFETY: as above.
        unsafe { place.write(extent) };
        // SAFETY: there is room for the key, aligned for it.
        unsafe { node.key_place().write(key) };
        Ok(Self { node, filled: false, owns: PhantomData })
    }

    /// A node with a value. Key and value come back where the allocator refuses the memory.
    pub(super) fn with<I: Source<V>>(key: K, value: I) -> Result<Self, (K, I)> {
        match Self::new(key, value.value().extent()) {
            Ok(mut fresh) => {
                // SAFETY: the node is there.
                let place = unsafe { fresh.node.value_place() };
                // SAFETY: the node was made for a value of this extent.
                unsafe { value.write(place.cast()) };
                fresh.filled = true;
                Ok(fresh)
            }
            Err(key) => Err((key, value)),
        }
    }

    /// The value of a node that has one.
    pub(super) fn value(&self) -> &V {
        assert!(self.filled);
        // SAFETY: the node is there.
        let place = unsafe { self.node.value_place() };
        // SAFETY: the value is there, and nobody writes it.
        unsafe { &*place }
    }

    /// The key and the value of a node that has one.
    pub(super) fn take(self) -> (K, V)
    where
        V: Sized,
    {
        assert!(self.filled);
        let this = ManuallyDrop::new(self);
        // SAFETY: the key is there, and is not used again.
        let key = unsafe { this.node.key_place().read() };
        // SAFETY: the node is there.
        let place = unsafe { this.node.value_place() };
        // SAFETY: the value is there, and is not used again.
        let value = unsafe { place.read() };
        // SAFETY: the node is there.
        let extent = unsafe { this.node.extent() };
        let layout = Node::<K, V, M>::layout(extent).expect("it was allocated with it");
        // SAFETY: the node was allocated with this layout, and is not used again.
        unsafe { dealloc(this.node.head.as_ptr().cast(), layout) };
        (key, value)
    }

    pub(super) fn key(&self) -> &K {
        // SAFETY: the key is there, and nobody writes it.
        unsafe { self.node.key_place().as_ref() }
    }

    /// The one reference to the node. What has no value yet is marked so.
    pub(super) fn count(self) -> Counted<K, V, M> {
        let this = ManuallyDrop::new(self);
        if !this.filled {
            // SAFETY: the node is there.
            unsafe { this.node.head() }.count.fetch_or(LOADING, Relaxed);
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
    /// One more reference to a listed node whose value is there. `None` if it is not, or if there are no more references, which is so from then
    /// on.
    ///
    /// # Safety
    ///
    /// The node is there, and stays until the function has returned.
    #[inline(always)]
    pub(super) unsafe fn of_present(node: Node<K, V, M>) -> Option<Self> {
        // SAFETY: as the caller promises.
        let count = &unsafe { node.head() }.count;
        let mut seen = count.load(Relaxed);
        loop {
            // Flags make a large number, and so does 0 less 1.
            if seen.wrapping_sub(1) >= MOST {
                check(seen);
                return None;
            }
            match count.replace_weak(seen, seen + 1) {
                Ok(()) => return Some(Self { node, owns: PhantomData }),
                Err(now) => seen = now,
            }
        }
    }

    /// The same for a node whose value may be to come, or that no table lists.
    ///
    /// # Safety
    ///
    /// As above.
    pub(super) unsafe fn of(node: Node<K, V, M>) -> Option<Self> {
        // SAFETY: as the caller promises.
        let count = &unsafe { node.head() }.count;
        let mut seen = count.load(Relaxed);
        while seen & REFERENCES > 0 {
            check(seen);
            match count.replace_weak(seen, seen + 1) {
                Ok(()) => return Some(Self { node, owns: PhantomData }),
                Err(now) => seen = now,
            }
        }
        None
    }

    /// The reference that a word is.
    ///
    /// # Safety
    ///
    /// The word comes from `into_word`, and no reference has been made of it.
    pub(super) unsafe fn from_word(word: NonNull<()>) -> Self {
        Self { node: Node::at(word), owns: PhantomData }
    }

    /// The bytes of the node.
    pub(super) fn size(&self) -> usize {
        // SAFETY: the node is there.
        Node::<K, V, M>::layout(unsafe { self.node.extent() }).map_or(0, |layout| layout.size())
    }

    /// # Safety
    ///
    /// The value is there, and nobody else uses it, or can get a reference, as long as it is borrowed.
    pub(super) unsafe fn value_mut<'a>(&self) -> &'a mut V {
        self.head().witness.written();
        // SAFETY: the node is there.
        let place = unsafe { self.node.value_place() };
        // SAFETY: as the caller promises.
        unsafe { &mut *place }
    }

    /// The word that is this reference.
    pub(super) fn into_word(self) -> *mut () {
        ManuallyDrop::new(self).node.address().as_ptr()
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
    pub(super) fn word(&self) -> &M::Word {
        // SAFETY: the node is there.
        unsafe { self.node.word() }
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
        if self.head().count.fetch_sub(1, Release).wrapping_sub(1) & REFERENCES == 0 {
            let flags = self.head().count.load(Acquire);
            // SAFETY: this was the last reference, and others have happened before: the count was lowered by Release and read by Acquire.
            unsafe { Table::last(self.node, flags) }
        }
    }
}

/// Where a part begins behind `end`, and where it ends. `align` becomes that of all.
const fn place(align: &mut usize, end: usize, part: Layout) -> (usize, usize) {
    if part.align() > *align {
        *align = part.align();
    }
    let begin = end.next_multiple_of(part.align());
    (begin, begin + part.size())
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
