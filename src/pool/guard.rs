//! What hands an object out for a while.
#![allow(unsafe_code)]

use alloc::boxed::Box;
use core::fmt;
use core::mem::ManuallyDrop;
use core::ops::{Deref, DerefMut};

use super::node::Node;

/// A pool, as its guards know it.
pub trait Home {
    /// What the pool hands out.
    type Object;

    /// Takes an object back.
    #[doc(hidden)]
    fn take_back(&self, node: Box<Node<Self::Object>>);

    /// Drops an object that comes back half changed.
    #[doc(hidden)]
    fn refuse(&self, node: Box<Node<Self::Object>>);

    /// Lets an object go.
    #[doc(hidden)]
    fn let_go(&self, node: Box<Node<Self::Object>>) -> Self::Object;
}

/// An object of a pool, which goes back when the guard is dropped. 16 bytes: where the object lies, and where its pool is.
///
/// `P` is how the guard holds the pool: by `&Pool`, and `&'static Pool` of a pool in a `static`, at no cost; or by `Arc<Pool>`
/// ([`get_owned`](super::Pool::get_owned)), which counts. The same with [`LocalPool`](super::LocalPool) and `Rc`.
///
/// The object does not move while it is handed out or idle. Which thread gives it back is all the same.
///
/// # When it does not go back
///
/// - [`detach`](Self::detach) takes the object out of the guard and out of the pool.
/// - A guard that is dropped while its thread unwinds from a panic drops the object, since nobody knows how far its user came. (Without the feature
///   `std` nothing tells of that, and the object is recycled.)
/// - `mem::forget` leaks the object. The pool counts it as [outstanding](super::Stats::outstanding), and takes no harm.
///
/// # Panics
///
/// If [`Hooks::recycle`](super::Hooks::recycle) or [`weight`](super::Hooks::weight) panics, or the destructor of an object that is not kept, so does dropping the guard. The object is dropped
/// and the pool goes on.
#[must_use = "the object goes back at once if it is not held"]
pub struct Guard<P>
where
    P: Deref,
    P::Target: Home,
{
    /// There is an object until the guard is dropped or taken apart, and nothing of the guard is used after that.
    node: ManuallyDrop<Box<Node<<P::Target as Home>::Object>>>,
    pool: P,
}

impl<P> Guard<P>
where
    P: Deref,
    P::Target: Home,
{
    #[inline]
    pub(super) fn new(node: Box<Node<<P::Target as Home>::Object>>, pool: P) -> Self {
        Self { node: ManuallyDrop::new(node), pool }
    }

    /// Takes the object out of the pool for good. The pool no longer counts it as outstanding.
    ///
    /// ```
    /// use pennyweight::pool::{Guard, LocalPool};
    ///
    /// let pool = LocalPool::new(String::new);
    /// let mut name = pool.get();
    /// name.push_str("kept");
    /// let name: String = Guard::detach(name);
    /// assert_eq!((name.as_str(), pool.stats().outstanding, pool.stats().idle), ("kept", 0, 0));
    /// ```
    #[must_use = "an object that is not needed can go back to the pool"]
    pub fn detach(this: Self) -> <P::Target as Home>::Object {
        let mut this = ManuallyDrop::new(this);
        // SAFETY: `this` is not dropped and not used again, so this is the one time that the object is taken (the invariant on `node`).
        let node = unsafe { ManuallyDrop::take(&mut this.node) };
        // SAFETY: as above, of the pool: `this` is not dropped, so this copy is the only one that will be.
        let pool = unsafe { core::ptr::read(&raw const this.pool) };
        pool.let_go(node)
    }
}

impl<P> Deref for Guard<P>
where
    P: Deref,
    P::Target: Home,
{
    type Target = <P::Target as Home>::Object;

    #[inline]
    fn deref(&self) -> &Self::Target {
        &self.node.value
    }
}

impl<P> DerefMut for Guard<P>
where
    P: Deref,
    P::Target: Home,
{
    #[inline]
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.node.value
    }
}

impl<P> Drop for Guard<P>
where
    P: Deref,
    P::Target: Home,
{
    #[inline]
    fn drop(&mut self) {
        // Asked before there is a box that would have to be dropped if that panicked: so little is compiled into every place where a
        // guard is dropped that it is inlined there.
        let unwinding = panicking();
        // SAFETY: a guard is dropped once, and after that nothing of it is used (the invariant on `node`).
        let node = unsafe { ManuallyDrop::take(&mut self.node) };
        if unwinding {
            self.pool.refuse(node);
        } else {
            self.pool.take_back(node);
        }
    }
}

/// Whether the thread is unwinding, so that nobody knows how far the user of an object came. Without std nothing tells of it.
#[inline]
fn panicking() -> bool {
    #[cfg(feature = "std")]
    return std::thread::panicking();
    #[cfg(not(feature = "std"))]
    false
}

impl<P> fmt::Debug for Guard<P>
where
    P: Deref,
    P::Target: Home<Object: fmt::Debug>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<P> fmt::Display for Guard<P>
where
    P: Deref,
    P::Target: Home<Object: fmt::Display>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
