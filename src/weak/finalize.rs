//! What is done when a value dies: Python's `weakref.finalize`.
#![allow(unsafe_code)]

#[cfg(feature = "std")]
use super::mode::Shared;
use super::mode::{Local, Lock, Mode};
use super::record::{Record, Watch};
use super::strong::Strong;
use super::value::Value;
use alloc::boxed::Box;
use core::fmt;
use core::ptr::NonNull;

/// Calls `call` when the value dies: once, after its entry has gone from the map, and before the value is dropped. No lock is held meanwhile.
///
/// Several are called in reverse order. A handle of the very value, held by `call`, would keep it alive for ever. What nobody watches pays
/// nothing for this. The first finalizer of a value takes 112 bytes and what `call` captures until the value dies, or the next one comes after it
/// was detached; others take 64.
///
/// A value that never dies is not finalized: one in a `static`, for instance, when the program ends. Python calls finalizers then.
///
/// # Panics
///
/// A panic in `call` comes out of the drop of the last handle. The value is dropped nevertheless, and others are called.
///
/// # Examples
///
/// ```
/// use pennyweight::weak::{Strong, finalize};
/// use std::cell::Cell;
/// use std::rc::Rc;
///
/// let closed = Rc::new(Cell::new(false));
/// let session: Strong<(), String> = Strong::new("ssh".to_owned());
/// let end = Rc::clone(&closed);
/// let finalizer = finalize(&session, move || end.set(true));
///
/// assert!(finalizer.is_alive());
/// drop(session);
/// assert!(closed.get() && !finalizer.is_alive());
/// ```
pub fn finalize<K, V, M, F>(value: &Strong<K, V, M>, call: F) -> Finalizer<M>
where
    V: ?Sized + Value,
    M: Mode,
    F: FnOnce() + SendIn<M> + 'static,
{
    let call = Call(Box::new(call));
    let slot = Strong::new(Slot { call: M::Lock::new(Some(call)) });
    let finalizer = Finalizer { slot: slot.clone() };
    // SAFETY: the value is there, and `value` keeps it. The closure may be called and dropped wherever it may die, by `SendIn`.
    unsafe { Record::<M>::watch(value.node().word(), Box::new(Finalizer { slot })) };
    finalizer
}

/// What can be sent to other threads, or anything where there are none: `Send` for [`Shared`](super::Shared), everything for
/// [`Local`](super::Local).
///
/// Sealed.
///
/// # Safety
///
/// A type that has it for `Shared` is `Send`.
pub unsafe trait SendIn<M: Mode> {}

// SAFETY: what is local is not sent.
unsafe impl<T: ?Sized> SendIn<Local> for T {}
// SAFETY: it is `Send`.
#[cfg(feature = "std")]
unsafe impl<T: ?Sized + Send> SendIn<Shared> for T {}

/// Says whether what [`finalize`] was given is still to be called, calls it now, or lets it be. Dropped, it changes nothing.
#[must_use = "a finalizer stays; `let _ =` says that nobody wants to hear of it"]
pub struct Finalizer<M: Mode = Local> {
    slot: Strong<(), Slot<M>, M>,
}

struct Slot<M: Mode> {
    /// Gone once it is called, or is not to be.
    call: M::Lock<Option<Call>>,
}

struct Call(Box<dyn FnOnce()>);

// SAFETY: where slots are shared between threads the closure is `Send`, by the bound of `finalize`. Other slots stay in one thread, since
// their handles are those of `Local`.
unsafe impl Send for Call {}

impl<M: Mode> Finalizer<M> {
    /// Whether it is still to be called.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.slot.call.lock().is_some()
    }

    /// Calls it now, and not again; `false` if that has been done, or it was detached.
    #[expect(clippy::must_use_candidate, reason = "it is called for what it does")]
    pub fn call(&self) -> bool {
        match self.take() {
            Some(Call(call)) => {
                call();
                true
            }
            None => false,
        }
    }

    /// Lets it not be called, and drops it; `false` if it was called, or detached before.
    #[expect(clippy::must_use_candidate, reason = "it is called for what it does")]
    pub fn detach(&self) -> bool {
        self.take().is_some()
    }

    fn take(&self) -> Option<Call> {
        self.slot.call.lock().take()
    }
}

impl<M: Mode> Watch for Finalizer<M> {
    fn died(self: Box<Self>, _: NonNull<()>) {
        self.call();
    }

    fn is_stale(&self) -> bool {
        !self.is_alive()
    }

    fn behalf(&self) -> Option<NonNull<()>> {
        None
    }
}

impl<M: Mode> fmt::Debug for Finalizer<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Finalizer").field("is_alive", &self.is_alive()).finish()
    }
}
