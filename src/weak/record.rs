//! Who wants to know when a value dies.
//!
//! The word of a node leads to its table. Once somebody watches the value it leads to a record instead, which knows the table; that
//! the address is odd tells them apart. So what nobody watches pays nothing but a look at the word when it dies.
#![allow(unsafe_code)]

use super::mode::{Lock, Mode, Word};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cell::Cell;
use core::mem;
use core::ptr::NonNull;
use core::sync::atomic::Ordering::Acquire;

/// One who wants to know.
pub(super) trait Watch {
    /// Is called once, when the value whose node is at this address dies, before it is dropped.
    fn died(self: Box<Self>, node: NonNull<()>);

    /// Whether it no longer wants to know. Its drop then calls nothing of a user's.
    fn is_stale(&self) -> bool;

    /// The address of what is to know, where one watch does for all that it is to know.
    fn behalf(&self) -> Option<NonNull<()>>;
}

pub(super) struct Record<M: Mode> {
    /// Null where the node is in no table.
    table: *mut (),
    /// The next node that is to be dropped. The word is not free to say so.
    next: Cell<*mut ()>,
    watches: M::Lock<Vec<Box<dyn Watch>>>,
}

/// What the word of a node with a value leads to.
pub(super) struct Whereabouts<M: Mode> {
    /// Null where the node is in no table.
    pub(super) table: *mut (),
    pub(super) record: Option<NonNull<Record<M>>>,
}

/// Whether a node with this word, which has a value, has a record.
pub(super) fn is_watched(word: *mut ()) -> bool {
    word.addr() & 1 == 1
}

/// # Safety
///
/// The word is that of a node that has a value, and is there.
pub(super) unsafe fn whereabouts<M: Mode>(word: *mut ()) -> Whereabouts<M> {
    if !is_watched(word) {
        return Whereabouts { table: word, record: None };
    }
    let record = NonNull::new(word.map_addr(|address| address & !1).cast::<Record<M>>());
    // SAFETY: an odd word leads to a record, which is there as long as the node.
    let table = record.map_or(word, |record| unsafe { record.as_ref() }.table);
    Whereabouts { table, record }
}

impl<M: Mode> Record<M> {
    /// The record of a node with this word. Made, if there is none.
    ///
    /// # Safety
    ///
    /// The node has a value, and lives while the record is used.
    unsafe fn of<'a>(word: &M::Word) -> &'a Self {
        let mut seen = word.load(Acquire);
        if !is_watched(seen) {
            let watches = M::Lock::new(Vec::new());
            let record = Self { table: seen, next: Cell::new(seen), watches };
            let record = Box::into_raw(Box::new(record));
            match word.replace(seen, record.map_addr(|address| address | 1).cast()) {
                // SAFETY: it has just been made, and is freed with the node alone.
                Ok(()) => return unsafe { &*record },
                Err(other) => {
                    // SAFETY: nobody else knows of it.
                    drop(unsafe { Box::from_raw(record) });
                    seen = other;
                }
            }
        }
        // SAFETY: an odd word leads to a record, which is there as long as the node.
        unsafe { &*seen.map_addr(|address| address & !1).cast::<Self>() }
    }

    /// Lets somebody know when the value dies, unless there is already a watch on the same behalf.
    ///
    /// # Safety
    ///
    /// The word is that of a node that has a value and lives. Where it may die on another thread, the watch may be called and dropped there.
    pub(super) unsafe fn watch(word: &M::Word, watch: Box<dyn Watch>) {
        // SAFETY: as the caller promises.
        let record = unsafe { Self::of(word) };
        let mut watches = record.watches.lock();
        let behalf = watch.behalf();
        if behalf.is_some() && watches.iter().any(|other| other.behalf() == behalf) {
            // The lock is not held when the watch is dropped.
            drop(watches);
            return;
        }
        if watches.len() == watches.capacity() {
            watches.retain(|other| !other.is_stale());
            // What was swept in vain is not swept again soon.
            let room = watches.capacity();
            if watches.len() == room && room < 4 {
                watches.reserve_exact(1);
            } else if room >= 4 && watches.len() > room / 2 {
                let more = 2 * room - watches.len();
                watches.reserve_exact(more);
            }
        }
        watches.push(watch);
    }

    pub(super) fn next(&self) -> &Cell<*mut ()> {
        &self.next
    }

    /// Frees the record and lets all know, the last one first, also if one of them panics.
    ///
    /// # Safety
    ///
    /// The node is dying, and this is its record, which nobody else uses.
    pub(super) unsafe fn tell(record: NonNull<Self>, node: NonNull<()>) {
        struct Rest(Vec<Box<dyn Watch>>, NonNull<()>);
        impl Rest {
            fn tell(&mut self) {
                while let Some(watch) = self.0.pop() {
                    watch.died(self.1);
                }
            }
        }
        impl Drop for Rest {
            fn drop(&mut self) {
                self.tell();
            }
        }
        // SAFETY: `of` made it as a box.
        let record = unsafe { Box::from_raw(record.as_ptr()) };
        let watches = mem::take(&mut *record.watches.lock());
        drop(record);
        Rest(watches, node).tell();
    }
}
