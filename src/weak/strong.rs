//! The handle that keeps a value alive.
#![allow(unsafe_code)]

#[cfg(feature = "std")]
use super::mode::Shared;
use super::mode::{Count, Local, Mode, Word};
use super::node::{Counted, FAILED, Fresh, LOADING, MOVED, REFERENCES};
use super::record::is_watched;
use super::table::refused;
use super::value::Value;
use core::borrow::Borrow;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::mem::ManuallyDrop;
use core::ops::Deref;
use core::ptr::{self, NonNull};
use core::sync::atomic::Ordering::{Acquire, Relaxed};

/// A handle of a value, which lives as long as there is one: a pointer of 8 bytes that knows the key as well.
///
/// It dereferences to the value, and is cloned, as `Rc` and `Arc` are. With the last handle the value dies, and its entry in the map,
/// if it has one, with it. An `Option` of it takes no more.
///
/// A value may have 134 million handles, 2²⁷. More of them end the program, as too many do for `Rc`.
///
/// What it knows beside the value are associated functions, `Strong::key(&handle)`, so that they do not hide methods of the value.
///
/// # Layout
///
/// The handle points to key and value in one allocation, behind 16 bytes: the count, 30 bits of the hash, and the map that lists the value,
/// or 24 bytes where the value is a `str` or a slice, whose length is among them.
///
/// # Examples
///
/// ```
/// use pennyweight::weak::{Strong, WeakMap};
///
/// let textures: WeakMap<u32, Vec<u8>> = WeakMap::new();
/// let moss = textures.insert(7, vec![1, 2, 3]);
/// let same = Strong::clone(&moss);
/// assert_eq!((Strong::key(&moss), moss.len(), Strong::count(&moss)), (&7, 3, 2));
///
/// drop(moss);
/// assert!(textures.contains_key(&7));
/// drop(same);
/// assert!(textures.is_empty());
/// ```
pub struct Strong<K, V: ?Sized + Value, M: Mode = Local> {
    /// Invariant: the value is there.
    node: Counted<K, V, M>,
}

/// A [`Strong`] of many threads.
#[cfg(feature = "std")]
pub type SharedStrong<K, V> = Strong<K, V, Shared>;

// Handles of one value lend it to all threads that have one, hence `Sync`; the last one drops it, on whichever thread, hence `Send`. The
// same holds for the key. So it is for `Arc`, for both traits. The table is only touched under its locks.
// SAFETY: as said above.
#[cfg(feature = "std")]
unsafe impl<K: Send + Sync, V: ?Sized + Value + Send + Sync> Send for Strong<K, V, Shared> {}
// SAFETY: as said above: who has a reference to a handle can clone it.
#[cfg(feature = "std")]
unsafe impl<K: Send + Sync, V: ?Sized + Value + Send + Sync> Sync for Strong<K, V, Shared> {}

impl<K, V: ?Sized + Value, M: Mode> Strong<K, V, M> {
    /// # Safety
    ///
    /// The value of the node is there.
    #[inline(always)]
    pub(super) unsafe fn of(node: Counted<K, V, M>) -> Self {
        Self { node }
    }

    /// The value, if this is its only handle and nobody has ever watched it: a map that says something about it gives out handles too.
    ///
    /// # Safety
    ///
    /// No table lists the node. This handle stays as long as the value is borrowed, and none is made of it.
    pub(super) unsafe fn value_mut<'a>(this: &Self) -> Option<&'a mut V> {
        // By Acquire, since other handles may have been dropped on other threads. Whoever watches had one, so that the word shows it.
        let alone = this.node.head().count.load(Acquire) & REFERENCES == 1;
        let alone = alone && !is_watched(this.node.word().load(Acquire));
        // SAFETY: the value is there, and the only handle is not used, since the caller keeps it from that.
        alone.then(|| unsafe { this.node.value_mut() })
    }

    pub(super) fn node(&self) -> &Counted<K, V, M> {
        &self.node
    }

    /// The key of the value.
    #[inline]
    #[must_use]
    pub fn key(this: &Self) -> &K {
        this.node.key()
    }

    /// The handles of the value.
    #[inline]
    #[must_use]
    pub fn count(this: &Self) -> usize {
        (this.node.head().count.load(Relaxed) & REFERENCES) as usize
    }

    /// Whether these are handles of one value.
    #[inline]
    #[must_use]
    pub fn ptr_eq(this: &Self, other: &Self) -> bool {
        this.node.node() == other.node.node()
    }
}

impl<K, V: ?Sized + Value, M: Mode> Counted<K, V, M> {
    /// The value of the node, if it is there, or in the node to which it has moved.
    pub(super) fn into_value(self) -> Option<Strong<K, V, M>> {
        let flags = self.head().count.load(Acquire) & (LOADING | FAILED | MOVED);
        if flags == 0 {
            // SAFETY: a value that is neither being loaded nor failed to be is there.
            return Some(unsafe { Strong::of(self) });
        }
        // While it is being loaded, even `MOVED` says nothing yet: what the loader wrote is seen by who sees that it is done.
        let has_moved = flags & (LOADING | MOVED) == MOVED;
        let moved = NonNull::new(self.word().load(Relaxed)).filter(|_| has_moved)?;
        // SAFETY: the word of a node that has moved is such a reference. It stays, since only the copy is dropped.
        let there = ManuallyDrop::new(unsafe { Self::from_word(moved) });
        // SAFETY: the value was there before the load was said to be done, which was seen.
        Some(unsafe { Strong::of(Self::clone(&there)) })
    }
}

impl<V, M: Mode> Strong<(), V, M> {
    /// A value that is in no map. Others may say something about it: a [`WeakKeyMap`](super::WeakKeyMap), or [`finalize`](super::finalize).
    ///
    /// A chain of such values is dropped one within the other, as one of `Rc`s is; a long one needs much stack. Values of maps and sets do
    /// not.
    #[must_use]
    pub fn new(value: V) -> Self {
        let Ok(node) = Fresh::with((), value) else { refused::<(), V, M>(()) };
        Self { node: node.count() }
    }
}

impl<K, V: ?Sized + Value, M: Mode> Deref for Strong<K, V, M> {
    type Target = V;

    #[inline(always)]
    fn deref(&self) -> &V {
        // SAFETY: the invariant of `node`.
        unsafe { self.node.value() }
    }
}

impl<K, V: ?Sized + Value, M: Mode> Clone for Strong<K, V, M> {
    #[inline]
    fn clone(&self) -> Self {
        Self { node: self.node.clone() }
    }
}

impl<K, V: ?Sized + Value, M: Mode> AsRef<V> for Strong<K, V, M> {
    fn as_ref(&self) -> &V {
        self
    }
}

impl<K, V: ?Sized + Value, M: Mode> Borrow<V> for Strong<K, V, M> {
    fn borrow(&self) -> &V {
        self
    }
}

impl<K, V: ?Sized + Value + fmt::Debug, M: Mode> fmt::Debug for Strong<K, V, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<K, V: ?Sized + Value + fmt::Display, M: Mode> fmt::Display for Strong<K, V, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<K, V: ?Sized + Value, M: Mode> fmt::Pointer for Strong<K, V, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        ptr::from_ref(&**self).cast::<()>().fmt(f)
    }
}

impl<K, V: ?Sized + Value + PartialEq, M: Mode> PartialEq for Strong<K, V, M> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<K, V: ?Sized + Value + Eq, M: Mode> Eq for Strong<K, V, M> {}

impl<K, V: ?Sized + Value + PartialOrd, M: Mode> PartialOrd for Strong<K, V, M> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (**self).partial_cmp(&**other)
    }
}

impl<K, V: ?Sized + Value + Ord, M: Mode> Ord for Strong<K, V, M> {
    fn cmp(&self, other: &Self) -> Ordering {
        (**self).cmp(&**other)
    }
}

impl<K, V: ?Sized + Value + Hash, M: Mode> Hash for Strong<K, V, M> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}
