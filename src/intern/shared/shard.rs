//! A part of the strings, with a lock for those that are new.
#![allow(unsafe_code)]

use super::budget::Budget;
use super::table::{Listed, Table};
use super::texts::{Texts, Writer};
use crate::intern::hash::same;
use crate::intern::{InternError, Text};
use crate::raw::sync::{Mutex, MutexGuard};
use crate::size::Block;
use std::sync::PoisonError;

/// The strings of which the hashes say that they are of this shard.
#[repr(align(128))]
pub(super) struct Shard<T: ?Sized> {
    table: Table,
    pub(super) texts: Texts<T>,
    /// Invariant: what is written to table and texts is written by whoever has the lock.
    writing: Mutex<Writing>,
}

/// What the lock gives.
struct Writing {
    /// Invariant: that of the shard's texts.
    writer: Writer,
    listed: Listed,
}

impl<T: Text + ?Sized> Shard<T> {
    pub(super) fn new() -> Self {
        let writing = Writing { writer: Writer::new(), listed: Listed::new() };
        Self { table: Table::new(), texts: Texts::new(), writing: Mutex::new(writing) }
    }

    /// The index of a string, where it is seen at once, and without the lock. `is` says whether a string with an index is it.
    #[inline(always)]
    pub(super) fn glance(&self, hash: u64, is: impl Fn(&Texts<T>, usize) -> bool) -> Option<usize> {
        self.table.look(hash).filter(|&index| is(&self.texts, index))
    }

    /// The index of a string, where it is seen without the lock after a search.
    pub(super) fn search(&self, hash: u64, bytes: &[u8]) -> Option<usize> {
        self.table.find(hash, |index| self.is(index, bytes))
    }

    /// Whether there is a string with this index, and it is this one.
    #[inline(always)]
    fn is(&self, index: usize, bytes: &[u8]) -> bool {
        self.texts.bytes(index).is_some_and(|text| same(text, bytes))
    }

    /// The index of a string, if there is one.
    pub(super) fn get(&self, hash: u64, bytes: &[u8]) -> Option<usize> {
        self.find(&self.lock().listed, hash, bytes)
    }

    /// The symbol of a string, which is copied if it is new. `symbol` has the symbol of an index, or says why there is none.
    pub(super) fn intern<K>(
        &self,
        hash: u64,
        text: &T,
        budget: &Budget,
        symbol: impl Fn(usize) -> Result<K, InternError>,
        rehash: impl Fn(&[u8]) -> u64,
    ) -> Result<K, InternError> {
        let bytes = text.as_bytes();
        let writing = &mut *self.lock();
        if let Some(index) = self.find(&writing.listed, hash, bytes) {
            return symbol(index);
        }
        let index = self.texts.len();
        let symbol = symbol(index)?;
        let Writing { writer, listed } = writing;
        if listed.takes(index) && self.texts.fits(writer, bytes.len()) {
            budget.reserve(0)?.keep_all();
            // SAFETY: it is the writer of these texts (the invariant of the field), and what fits is not the first string of a block.
            unsafe { self.texts.append(writer, text) };
        } else {
            self.push(writing, text, budget, rehash)?;
        }
        self.table.list(&mut writing.listed, hash);
        Ok(symbol)
    }

    /// Appends a string for which something may have to be allocated, and leaves room for it in the table.
    #[cold]
    #[inline(never)]
    fn push(
        &self,
        Writing { writer, listed }: &mut Writing,
        text: &T,
        budget: &Budget,
        rehash: impl Fn(&[u8]) -> u64,
    ) -> Result<(), InternError> {
        self.list_rest(listed, &rehash);
        let plan = self.texts.plan(writer, text.as_bytes().len());
        let growth = if listed.takes(self.texts.len()) { 0 } else { listed.growth() };
        let mut reserved = budget.reserve(plan.bytes(writer).saturating_add(growth))?;
        let room = self.texts.make(writer, &plan)?;
        if growth > 0 {
            self.table.grow(listed, listed.make()?);
            reserved.keep(growth);
            self.list_rest(listed, &rehash);
        }
        // SAFETY: it is the writer of these texts (the invariant of the field).
        unsafe { self.texts.push(writer, text, room) };
        reserved.keep_all();
        Ok(())
    }

    /// The bytes of all strings.
    pub(super) fn text_bytes(&self) -> usize {
        self.lock().writer.text_bytes()
    }

    /// What is on the heap.
    pub(super) fn heap(&self) -> [Block; 6] {
        let Writing { writer, listed } = &*self.lock();
        let [chunks, list, blocks, apart, places] = self.texts.heap(writer);
        let table = Block::new(listed.bytes()).with_count(listed.segments());
        [chunks, list, blocks, apart, places, table.with_slack(listed.slack())]
    }

    /// The index of a string, for whoever has the lock.
    fn find(&self, listed: &Listed, hash: u64, bytes: &[u8]) -> Option<usize> {
        let unlisted = listed.len..self.texts.len();
        let found = self.table.find(hash, |index| self.is(index, bytes));
        found.or_else(|| unlisted.into_iter().find(|&index| self.is(index, bytes)))
    }

    /// Lists the strings that are not in the table. Should a hash panic, those of the blocks before it are.
    fn list_rest(&self, listed: &mut Listed, rehash: impl Fn(&[u8]) -> u64) {
        self.texts.for_each_hash(listed.len, rehash, |hash| self.table.list(listed, hash));
    }

    /// A thread that panicked in a hash left everything whole, so that it matters to nobody else.
    fn lock(&self) -> MutexGuard<'_, Writing> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Panics unless the invariants of the shard hold.
    pub(super) fn check_invariants(&self) {
        let Writing { writer, listed } = &*self.lock();
        assert_eq!(listed.len, self.texts.len());
        self.table.check_invariants(listed);
        self.texts.check_invariants(writer);
    }
}
