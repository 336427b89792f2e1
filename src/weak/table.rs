//! Which nodes there are, by the hashes of their keys; and how one dies.
//!
//! The table knows no hasher and compares no keys. It gives out references to nodes whose hash is the one looked for, and whoever
//! asked compares the keys. So no code of a user ever runs under a lock: not `Hash`, not `Eq`, not `Drop`. They may use the map, panic,
//! or lie.
//!
//! How an entry goes with its value is told in `death.rs`.
//!
//! # How long a table lives
//!
//! As long as the map or a node. Each shard counts its nodes, and the map as one more.
#![allow(unsafe_code)]

use super::entries::{Entries, Same};
use super::keep::Keep;
#[cfg(feature = "std")]
use super::mode::Shared;
use super::mode::{Count, Lock, Mode, Word};
use super::node::{Counted, FAILED, Fresh, LOADING, MOVED, Node, REFERENCES, UNLISTED};
use super::stats::Stats;
use super::strong::Strong;
use super::value::Value;
use alloc::alloc::handle_alloc_error;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::alloc::Layout;
use core::ops::Deref;
use core::ptr::{self, NonNull};
use core::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};

pub(super) struct Table<K, V: ?Sized + Value, M: Mode> {
    shards: M::Shards<Shard<K, V, M>>,
    /// The shards whose `users` are not 0. The table is freed when there are none.
    pub(super) open: M::Tally,
    pub(super) drops: M::Drops,
}

pub(super) struct Shard<K, V: ?Sized + Value, M: Mode> {
    pub(super) entries: M::Lock<Entries<K, V, M>>,
    /// Where threads wait for values of this shard.
    gate: M::Gate,
    /// The nodes that belong here, and one more as long as the map is there.
    pub(super) users: M::Tally,
}

/// The table of a map.
pub(super) struct Owner<K, V: ?Sized + Value, M: Mode> {
    /// Invariant: a table that counts this map among the users of each shard.
    table: NonNull<Table<K, V, M>>,
    pub(super) keep: Keep<K, V, M>,
}

/// What came of a node that was to be entered.
pub(super) enum Entered<K, V: ?Sized + Value, M: Mode> {
    /// The table lists it, in place of another one if there is one.
    New(Counted<K, V, M>, Option<Counted<K, V, M>>),
    /// There is an entry with this key. The node was not needed.
    Old(Counted<K, V, M>, Fresh<K, V, M>),
}

/// Which entry has a key.
struct Known<K, V: ?Sized + Value, M: Mode> {
    old: Option<Counted<K, V, M>>,
    /// How many entries had come when that was so. It is, until there are more.
    births: u64,
}

impl<K, V: ?Sized + Value, M: Mode> Table<K, V, M> {
    #[inline(always)]
    pub(super) fn shard(&self, hash: u32) -> &Shard<K, V, M> {
        M::shard(&self.shards, M::shard_of(hash))
    }

    fn shards(&self) -> impl Iterator<Item = &Shard<K, V, M>> {
        (0..M::SHARDS).map(|index| M::shard(&self.shards, index))
    }

    /// The first value with this hash, counted as a hit; or a miss.
    #[inline(always)]
    pub(super) fn first(&self, hash: u32) -> Option<Strong<K, V, M>> {
        // SAFETY: to find an entry locks nothing.
        let entries = unsafe { self.shard(hash).entries.look() };
        match entries.find(hash) {
            Some(found) => {
                entries.hits.update(|hits| hits + 1);
                Some(found)
            }
            None => {
                entries.misses.update(|misses| misses + 1);
                None
            }
        }
    }

    /// All entries with this hash, values that are being loaded among them.
    pub(super) fn all(&self, hash: u32) -> Same<K, V, M> {
        self.shard(hash).entries.lock().all(hash)
    }

    /// The entry with this hash whose key is the one looked for.
    pub(super) fn find(
        &self,
        hash: u32,
        mut is: impl FnMut(&Counted<K, V, M>) -> bool,
    ) -> Option<Counted<K, V, M>> {
        self.all(hash).find(|entry| is(entry))
    }

    /// Takes a hit back: the first value with this hash was another one. `found` says whether there is one that was looked for.
    pub(super) fn correct(&self, hash: u32, found: bool) {
        if !found {
            let entries = self.shard(hash).entries.lock();
            entries.hits.update(|hits| hits - 1);
            entries.misses.update(|misses| misses + 1);
        }
    }

    /// Takes an entry out, if it is still in.
    pub(super) fn unlist(&self, entry: &Counted<K, V, M>) -> bool {
        self.shard(entry.head().hash()).entries.lock().unlist(entry)
    }

    /// Waits until a value is there, or never will be; `false` if that took too long.
    pub(super) fn wait(&self, node: &Counted<K, V, M>, until: M::Deadline) -> bool {
        let shard = self.shard(node.head().hash());
        let mut entries = shard.entries.lock();
        loop {
            if node.head().count.load(Acquire) & LOADING == 0 {
                return true;
            }
            let (guard, late) = M::wait(&shard.gate, entries, until);
            entries = guard;
            if late {
                return node.head().count.load(Acquire) & LOADING == 0;
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.shards().map(|shard| shard.entries.lock().len()).sum()
    }

    fn take_all(&self, kept: bool) {
        for shard in self.shards() {
            let garbage = shard.entries.lock().clear(kept);
            drop(garbage);
        }
    }

    /// References to all values of a shard; `None` behind the last one.
    pub(super) fn values_of(&self, shard: usize) -> Option<Vec<Strong<K, V, M>>> {
        if shard >= M::SHARDS {
            return None;
        }
        let mut values = Vec::new();
        loop {
            let listed = M::shard(&self.shards, shard).entries.lock().values(&mut values);
            match listed {
                Ok(()) => return Some(values),
                Err(room) => values.reserve(room),
            }
        }
    }

    pub(super) fn stats(&self) -> Stats {
        let mut stats = Stats::default();
        for shard in self.shards() {
            let entries = shard.entries.lock();
            stats.hits += entries.hits.get();
            stats.misses += entries.misses.get();
            stats.loads += entries.loads;
            stats.expired += entries.expired;
            stats.live += entries.len();
        }
        stats
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let tables = self.shards().map(|shard| shard.entries.lock().heap_bytes());
        size_of::<Self>() + tables.sum::<usize>()
    }

    pub(super) fn shrink_to_fit(&self) {
        for shard in self.shards() {
            let garbage = shard.entries.lock().shrink_to_fit();
            drop(garbage);
        }
    }

    /// Panics where an invariant does not hold, while nobody else uses the map.
    pub(super) fn check_invariants(&self) {
        let mut open = 0;
        for shard in self.shards() {
            let entries = shard.entries.lock();
            let here = |hash| ptr::eq(self.shard(hash), shard);
            let nodes = entries.check_invariants(ptr::from_ref(self).cast_mut().cast(), here);
            let users = shard.users.load(Acquire);
            assert!(users >= nodes, "each node is a user of its shard");
            open += usize::from(users > 0);
        }
        assert_eq!(open, self.open.load(Acquire));
    }
}

impl<K, V: ?Sized + Value, M: Mode> Owner<K, V, M> {
    pub(super) fn new() -> Self {
        let shards = M::shards(|| Shard {
            entries: M::Lock::new(Entries::new()),
            gate: M::Gate::default(),
            users: M::Tally::new(1),
        });
        let table = Table { shards, open: M::Tally::new(M::SHARDS), drops: M::Drops::default() };
        Self { table: NonNull::from(Box::leak(Box::new(table))), keep: Keep::new() }
    }

    /// What the words of its nodes are. The table is freed by one of them, so that it is not the address of what is borrowed.
    fn address(&self) -> *mut () {
        self.table.as_ptr().cast()
    }

    /// Lists a node, in place of the one that has this key if `replace`.
    ///
    /// The node comes back where the table had to grow and the allocator refused.
    pub(super) fn enter(
        &self,
        hash: u32,
        node: Fresh<K, V, M>,
        replace: bool,
        mut same: impl FnMut(&Fresh<K, V, M>, &Counted<K, V, M>) -> bool,
    ) -> Result<Entered<K, V, M>, Fresh<K, V, M>> {
        let shard = self.shard(hash);
        let mut known: Option<Known<K, V, M>> = None;
        loop {
            let mut entries = shard.entries.lock();
            let old = match &known {
                Some(known) if known.births == entries.births() => known.old.as_ref(),
                None if !entries.any(hash) => None,
                _ => {
                    let (mut all, births) = (entries.all(hash), entries.births());
                    drop(entries);
                    let old = all.find(|entry| same(&node, entry));
                    if !replace && let Some(old) = old {
                        return Ok(Entered::Old(old, node));
                    }
                    known = Some(Known { old, births });
                    continue;
                }
            };
            let Ok(garbage) = entries.make_room() else {
                drop(entries);
                return Err(node);
            };
            if let Some(old) = old {
                entries.unlist(old);
            }
            let node = node.count();
            let loading = node.head().count.load(Relaxed) & LOADING != 0;
            node.head().tag.fetch_or(hash, Relaxed);
            node.word().store(if loading { M::thread() } else { self.address() }, Relaxed);
            shard.users.fetch_add(1, Relaxed);
            entries.list(hash, &node);
            drop(entries);
            drop(garbage);
            return Ok(Entered::New(node, known.and_then(|known| known.old)));
        }
    }

    /// Tells all who wait that a value is there, or never will be.
    pub(super) fn settle(&self, node: &Counted<K, V, M>, failed: bool) {
        let shard = self.shard(node.head().hash());
        let mut entries = shard.entries.lock();
        let head = node.head();
        if failed {
            entries.unlist(node);
            head.count.fetch_or(FAILED, Relaxed);
        }
        node.word().store(self.address(), Relaxed);
        let before = head.count.fetch_and(!LOADING, Release);
        if before & UNLISTED == 0 {
            entries.loaded();
        }
        drop(entries);
        if before & REFERENCES > 1 {
            M::wake(&shard.gate);
        }
    }

    /// Tells all who wait that the value is in another node, which takes the place of the one that was waited for.
    pub(super) fn settle_in(
        &self,
        node: &Counted<K, V, M>,
        value: Fresh<K, V, M>,
    ) -> Counted<K, V, M> {
        let hash = node.head().hash();
        let shard = self.shard(hash);
        let value = value.count();
        value.head().tag.fetch_or(hash, Relaxed);
        value.word().store(self.address(), Relaxed);
        shard.users.fetch_add(1, Relaxed);
        let mut entries = shard.entries.lock();
        let head = node.head();
        // Entries are taken out under the lock, and so this one is not from here on, but if it was already.
        let unlisted = head.count.load(Relaxed) & UNLISTED;
        value.head().count.fetch_or(unlisted, Relaxed);
        node.word().store(value.clone().into_word(), Relaxed);
        head.count.fetch_or(FAILED | MOVED, Relaxed);
        let before = head.count.fetch_and(!LOADING, Release);
        if unlisted == 0 {
            entries.loaded();
            entries.replace(hash, node.node(), value.node());
        }
        drop(entries);
        if before & REFERENCES > 1 {
            M::wake(&shard.gate);
        }
        value
    }

    /// Takes all entries out, and keeps none of their values.
    pub(super) fn clear(&self) {
        self.take_all(self.keep.is_on());
        self.keep.clear();
    }
}

// A table gives handles to all threads that have it, so it asks of keys and values what handles ask.
// SAFETY: entries are touched under their locks; all else of a table are atomics.
#[cfg(feature = "std")]
unsafe impl<K: Send + Sync, V: ?Sized + Value + Send + Sync> Send for Owner<K, V, Shared> {}
// SAFETY: as above.
#[cfg(feature = "std")]
unsafe impl<K: Send + Sync, V: ?Sized + Value + Send + Sync> Sync for Owner<K, V, Shared> {}

impl<K, V: ?Sized + Value, M: Mode> Deref for Owner<K, V, M> {
    type Target = Table<K, V, M>;

    #[inline(always)]
    fn deref(&self) -> &Table<K, V, M> {
        // SAFETY: the map is a user of the table.
        unsafe { self.table.as_ref() }
    }
}

impl<K, V: ?Sized + Value, M: Mode> Drop for Owner<K, V, M> {
    fn drop(&mut self) {
        // Dropped last, since the drop of a value may panic.
        let _kept = self.keep.take();
        self.take_all(false);
        let table = self.table;
        for index in 0..M::SHARDS {
            // The table may go with its last shard, which is the last one to be looked at.
            // SAFETY: the map is a user of this shard, until now.
            let shard = M::shard(&unsafe { table.as_ref() }.shards, index);
            if shard.users.fetch_sub(1, AcqRel) == 1 {
                // SAFETY: the shard was open until now.
                unsafe { Table::close(table) }
            }
        }
    }
}

/// Ends the program, since the allocator refused the memory for a node.
#[cold]
#[inline(never)]
pub(super) fn refused<K, V: ?Sized + Value, M: Mode>(extent: V::Extent) -> ! {
    handle_alloc_error(Node::<K, V, M>::layout(extent).unwrap_or(Layout::new::<u8>()))
}
