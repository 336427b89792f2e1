//! How an entry goes with its value.
//!
//! ```text
//! references 1 → 0     whoever lowers the count is the one who buries the node
//! lock the shard       nobody finds it from here on
//!   remove the node    by its address: an entry that has taken its place stays
//! unlock
//! tell who watches     where neither a lock nor a borrow is held
//! drop value and key
//! free the node
//! leave the shard      the last one of a map that is gone frees the table
//! ```
//!
//! Between the first two lines others may still come upon the node, but count no reference where there is none left: a value is never
//! revived. They look at it under the lock, and it is freed after that.
#![allow(unsafe_code)]

use super::drops::{Drops, List};
use super::mode::{Count, Lock, Mode, Word};
use super::node::{Counted, FAILED, MOVED, Node};
use super::record::{Record, whereabouts};
use super::table::Table;
use super::value::Value;
use alloc::boxed::Box;
use core::ptr::NonNull;
use core::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed};

/// A node leaves its shard when this is dropped.
struct Leave<K, V: ?Sized + Value, M: Mode> {
    /// Invariant: counts a node among the users of the shard, which has gone by the time of the drop.
    table: NonNull<Table<K, V, M>>,
    hash: u32,
}

/// The values that have died while one was dropped. They are dropped with this, also if one of them panics.
struct Rest<'a, K, V: ?Sized + Value, M: Mode> {
    /// Invariant: nodes with values, without references, and in no table.
    list: &'a List,
    table: NonNull<Table<K, V, M>>,
}

impl<K, V: ?Sized + Value, M: Mode> Table<K, V, M> {
    /// Buries a node to which there are no more references.
    ///
    /// # Safety
    ///
    /// The last reference to the node has just gone, when it had these flags.
    #[inline(never)]
    pub(super) unsafe fn last(node: Node<K, V, M>, flags: u32) {
        if flags & FAILED != 0 {
            // SAFETY: as the caller promises.
            return unsafe { Self::last_of_failed(node, flags & MOVED != 0) };
        }
        // SAFETY: the node is there, since nobody else frees it.
        let word = unsafe { node.word() };
        // SAFETY: it has a value.
        let at = unsafe { whereabouts::<M>(word.load(Acquire)) };
        let Some(table) = NonNull::new(at.table.cast::<Self>()) else {
            // SAFETY: there are no references, and a node of no table is in none.
            return unsafe { bury(node, at.record) };
        };
        // SAFETY: the node is one of the users of the table.
        let this = unsafe { table.as_ref() };
        // SAFETY: the node is there.
        let hash = unsafe { node.head() }.hash();
        let garbage = {
            let mut entries = this.shard(hash).entries.lock();
            entries.expired += 1;
            entries.remove(node);
            entries.shrink()
        };
        drop(garbage);
        let owner = table.as_ptr().cast_const().cast();
        let put = |list: &List| {
            let next = list.replace(node.address().as_ptr());
            match at.record {
                // SAFETY: the record is there as long as the node.
                Some(record) => unsafe { record.as_ref() }.next().set(next),
                None => word.store(next, Relaxed),
            }
        };
        if this.drops.put_off(owner, put) {
            return;
        }
        // The table is there as long as the first node, which therefore leaves it as the last one.
        let _leave = Leave { table, hash };
        this.drops.start(owner, |list| {
            let rest = Rest { list, table };
            // SAFETY: there are no references, and no table lists it.
            unsafe { bury(node, at.record) };
            drop(rest);
        });
    }

    /// Buries a node that has no value, or has it elsewhere.
    ///
    /// # Safety
    ///
    /// As for `last`.
    unsafe fn last_of_failed(node: Node<K, V, M>, moved: bool) {
        // SAFETY: the node is there.
        let word = unsafe { node.word() }.load(Acquire);
        let word = NonNull::new(word).expect("what was to be loaded has a table");
        // SAFETY: the word of a node that has moved is such a reference.
        let elsewhere = moved.then(|| unsafe { Counted::<K, V, M>::from_word(word) });
        let table = match &elsewhere {
            // SAFETY: that node has a value.
            Some(node) => unsafe { whereabouts::<M>(node.word().load(Acquire)) }.table,
            None => word.as_ptr(),
        };
        let table = NonNull::new(table.cast()).expect("what was to be loaded has a table");
        // SAFETY: the node is there.
        let hash = unsafe { node.head() }.hash();
        // In this order: the node goes, leaves the table, and then the reference is dropped that it was.
        let _elsewhere = elsewhere;
        let _leave = Leave::<K, V, M> { table, hash };
        // SAFETY: there are no references, and no table lists a node that failed.
        unsafe { node.destroy(false) }
    }

    /// One open shard fewer.
    ///
    /// # Safety
    ///
    /// The shard was open, and has no users.
    pub(super) unsafe fn close(table: NonNull<Self>) {
        // SAFETY: an open shard keeps the table.
        if unsafe { table.as_ref() }.open.fetch_sub(1, AcqRel) == 1 {
            // SAFETY: it was made as a box, and no shard has users.
            drop(unsafe { Box::from_raw(table.as_ptr()) });
        }
    }
}

/// Tells who watches a value, drops it and frees the node, also if one of these panics.
///
/// # Safety
///
/// There are no references to the node, no table lists it, and it has a value and this record.
unsafe fn bury<K, V: ?Sized + Value, M: Mode>(
    node: Node<K, V, M>,
    record: Option<NonNull<Record<M>>>,
) {
    struct Destroy<K, V: ?Sized + Value, M: Mode>(Node<K, V, M>);
    impl<K, V: ?Sized + Value, M: Mode> Drop for Destroy<K, V, M> {
        fn drop(&mut self) {
            // SAFETY: as the caller of `bury` promises, which alone makes one.
            unsafe { self.0.destroy(true) }
        }
    }
    let _destroy = Destroy(node);
    if let Some(record) = record {
        // SAFETY: as the caller promises.
        unsafe { Record::tell(record, node.address()) }
    }
}

impl<K, V: ?Sized + Value, M: Mode> Rest<'_, K, V, M> {
    /// Buries one after the other, those that die meanwhile among them.
    fn bury(&self) {
        while let Some(address) = NonNull::new(self.list.get()) {
            let node = Node::<K, V, M>::at(address);
            // SAFETY: nodes of the list are there until this loop frees them.
            let hash = unsafe { node.head() }.hash();
            // SAFETY: as above.
            let word = unsafe { node.word() }.load(Relaxed);
            // Where there is no record the word is the next node.
            // SAFETY: the node has a value.
            let at = unsafe { whereabouts::<M>(word) };
            let next = match at.record {
                // SAFETY: the record is there as long as the node.
                Some(record) => unsafe { record.as_ref() }.next().get(),
                None => word,
            };
            self.list.set(next);
            let _leave = Leave { table: self.table, hash };
            // SAFETY: by the invariant of `list`.
            unsafe { bury(node, at.record) }
        }
    }
}

impl<K, V: ?Sized + Value, M: Mode> Drop for Rest<'_, K, V, M> {
    fn drop(&mut self) {
        /// Goes on after a panic. A second one, while the first unwinds, ends the program.
        struct Again<'a, 'b, K, V: ?Sized + Value, M: Mode>(&'b Rest<'a, K, V, M>);
        impl<K, V: ?Sized + Value, M: Mode> Drop for Again<'_, '_, K, V, M> {
            fn drop(&mut self) {
                self.0.bury();
            }
        }
        let again = Again(self);
        self.bury();
        drop(again);
    }
}

impl<K, V: ?Sized + Value, M: Mode> Drop for Leave<K, V, M> {
    fn drop(&mut self) {
        // SAFETY: the node keeps the table until now.
        let shard = unsafe { self.table.as_ref() }.shard(self.hash);
        if shard.users.fetch_sub(1, AcqRel) == 1 {
            // SAFETY: the shard was open until now.
            unsafe { Table::close(self.table) }
        }
    }
}
