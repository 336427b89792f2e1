//! A part of the strings, with a lock for those that are new.
#![allow(unsafe_code)]

use super::budget::Budget;
use super::table::{Listed, MOST, Table};
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

    /// The index of a string, which is copied if there is none and `has_symbol` says so of the index that it gets.
    pub(super) fn intern(
        &self,
        hash: u64,
        text: &T,
        budget: &Budget,
        has_symbol: impl FnOnce(usize) -> bool,
        rehash: impl Fn(&[u8]) -> u64,
    ) -> Result<usize, InternError> {
        let bytes = text.as_bytes();
        let Writing { writer, listed } = &mut *self.lock();
        if let Some(index) = self.find(listed, hash, bytes) {
            return Ok(index);
        }
        let index = self.texts.len();
        if index == MOST || !has_symbol(index) {
            return Err(budget.no_symbol());
        }
        self.list_rest(listed, &rehash);
        let plan = self.texts.plan(writer, bytes.len());
        let growth = if listed.has_room_for(index + 1) { 0 } else { listed.growth() };
        let mut reserved = budget.reserve(plan.bytes(writer).saturating_add(growth))?;
        let room = self.texts.make(writer, &plan)?;
        if growth > 0 {
            self.table.grow(listed, listed.make()?);
            reserved.keep(growth);
            self.list_rest(listed, &rehash);
        }
        // SAFETY: it is the writer of these texts (the invariant of the field).
        unsafe { self.texts.push(writer, text, room) };
        self.table.list(listed, hash);
        reserved.keep_all();
        Ok(index)
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

    /// Lists the strings that are not in the table. Should a hash panic, those before it are.
    fn list_rest(&self, listed: &mut Listed, rehash: impl Fn(&[u8]) -> u64) {
        while let Some(bytes) = self.texts.bytes(listed.len) {
            self.table.list(listed, rehash(bytes));
        }
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
