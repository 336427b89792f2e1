//! Values that are loaded once, however many ask.
//!
//! Whoever finds no entry enters a node without a value, loads, and writes the value into it. Whoever finds such a node counts a
//! reference to it, so that it stays, and waits at the gate of the shard. So waiting takes no memory, but where threads begin at
//! once, or all again after a load that failed: then each has made a node, of which one is needed. Other keys are loaded meanwhile.
//!
//! While the value is loaded, the node's word is an address of the thread that does it. Where that is one's own, waiting would never end.
#![allow(unsafe_code)]

use super::error::LoadError;
use super::mode::{Count, Mode, Word};
use super::node::{Counted, Fresh, LOADING};
use super::strong::Strong;
use super::table::{Entered, Owner};
use super::value::{Source, Value};
use core::mem::ManuallyDrop;
use core::ptr;
use core::sync::atomic::Ordering::{Acquire, Relaxed};

/// A node whose value is to come. Dropped before that, it has failed, and who waits for it looks again.
pub(super) struct Loading<'a, K, V: ?Sized + Value, M: Mode> {
    table: &'a Owner<K, V, M>,
    /// Invariant: is being loaded, by nobody else.
    node: Counted<K, V, M>,
}

/// What came of asking for a value that may have to be loaded.
pub(super) enum Claim<'a, K, V: ?Sized + Value, M: Mode> {
    Present(Strong<K, V, M>),
    /// Nobody has it, and nobody else is loading it.
    Load(Loading<'a, K, V, M>),
}

impl<K, V: ?Sized + Value, M: Mode> Owner<K, V, M> {
    /// Waits for the value of an entry, if it is being loaded. `None` if that failed.
    pub(super) fn join<E>(
        &self,
        entry: Counted<K, V, M>,
        until: M::Deadline,
    ) -> Result<Option<Strong<K, V, M>>, LoadError<E>> {
        let head = entry.head();
        if head.count.load(Acquire) & LOADING != 0 {
            if entry.word().load(Relaxed) == M::thread() {
                return Err(LoadError::Recursive);
            }
            if !self.wait(&entry, until) {
                return Err(LoadError::TimedOut);
            }
        }
        Ok(entry.into_value())
    }

    /// The value of the entry whose key is the one looked for, waited for if it is being loaded. Needs no node, so that those
    /// who wait take no memory.
    pub(super) fn await_entry<E>(
        &self,
        hash: u32,
        is: impl FnMut(&Counted<K, V, M>) -> bool,
        until: M::Deadline,
    ) -> Result<Option<Strong<K, V, M>>, LoadError<E>> {
        let Some(entry) = self.find(hash, is) else { return Ok(None) };
        let value = self.join(entry, until)?;
        Ok(value.inspect(|value| self.keep.touch(value)))
    }

    /// Enters a node to be loaded, unless there is an entry by now, for whose value it waits then.
    pub(super) fn claim<E>(
        &self,
        hash: u32,
        mut node: Fresh<K, V, M>,
        until: M::Deadline,
    ) -> Result<Claim<'_, K, V, M>, LoadError<E>>
    where
        K: Eq,
    {
        loop {
            match self.enter(hash, node, false, |node, entry| node.key() == entry.key()) {
                Err(_) => return Err(LoadError::Refused),
                Ok(Entered::New(node, _)) => return Ok(Claim::Load(Loading { table: self, node })),
                Ok(Entered::Old(entry, unused)) => {
                    if let Some(value) = self.join(entry, until)? {
                        return Ok(Claim::Present(value));
                    }
                    node = unused;
                }
            }
        }
    }
}

impl<K, V: ?Sized + Value, M: Mode> Loading<'_, K, V, M> {
    pub(super) fn key(&self) -> &K {
        self.node.key()
    }

    /// Gives the value, which needs a node of another size, to this thread and to all that wait for it.
    pub(super) fn publish_from<E, I: Source<V>>(
        self,
        value: I,
    ) -> Result<Strong<K, V, M>, LoadError<E>>
    where
        K: Clone,
    {
        let value = Fresh::with(self.key().clone(), value).map_err(|_| LoadError::Refused)?;
        let this = ManuallyDrop::new(self);
        let value = this.table.settle_in(&this.node, value);
        // SAFETY: `this` is not used again.
        drop(unsafe { ptr::read(&this.node) });
        // SAFETY: the node was filled.
        Ok(unsafe { Strong::of(value) })
    }

    /// Loads the value.
    pub(super) fn fill<E>(
        self,
        load: impl FnOnce(&K) -> Result<V, E>,
    ) -> Result<Strong<K, V, M>, LoadError<E>>
    where
        V: Sized,
    {
        let value = load(self.key()).map_err(LoadError::Failed)?;
        Ok(self.publish(value))
    }

    /// Gives the value to this thread and to all that wait for it.
    fn publish(self, value: V) -> Strong<K, V, M>
    where
        V: Sized,
    {
        let this = ManuallyDrop::new(self);
        // SAFETY: nobody else writes the value, by the invariant of `node`, and it has not been written, since that takes `self`.
        unsafe { this.node.fill(value) };
        this.table.settle(&this.node, false);
        // SAFETY: `this` is not used again.
        let node = unsafe { ptr::read(&this.node) };
        // SAFETY: the value has just been written.
        unsafe { Strong::of(node) }
    }
}

impl<K, V: ?Sized + Value, M: Mode> Drop for Loading<'_, K, V, M> {
    fn drop(&mut self) {
        self.table.settle(&self.node, true);
    }
}
