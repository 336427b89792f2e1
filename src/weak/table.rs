//! Which nodes there are, by the hashes of their keys; and how one dies.
//!
//! The table knows no hasher and compares no keys. It gives out references to nodes whose hash is the one looked for, and whoever
//! asked compares the keys. So no code of a user ever runs under a lock: not `Hash`, not `Eq`, not `Drop`. They may use the map, panic,
//! or lie.
//!
//! # Death
//!
//! ```text
//! references 1 → 0     whoever lowers the count is the one who buries the node
//! lock the shard       nobody finds it from here on
//!   remove the node    by its address: an entry that has taken its place stays
//! unlock
//! drop value and key   where neither a lock nor a borrow is held
//! free the node
//! ```
//!
//! Between the first two lines others may still find the node, but count no reference where there is none left: a value is never revived.
//! They look at it under the lock, and the node is freed after it.
//!
//! # How long a table lives
//!
//! As long as the map or a node. Each shard counts its nodes, and the map as one more.
#![allow(unsafe_code)]

use super::drops::{Drops, List};
#[cfg(feature = "std")]
use super::mode::Shared;
use super::mode::{Count, Lock, Mode, Word};
use super::node::{Counted, FAILED, Fresh, HASH, LOADING, Node, REFERENCES, UNLISTED};
use super::stats::Stats;
use super::strong::Strong;
use super::value::Value;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::mem;
use core::ops::Deref;
use core::ptr::{self, NonNull};
use core::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use hashbrown::HashTable;

pub(super) struct Table<K, V: ?Sized + Value, M: Mode> {
    shards: M::Shards<Shard<K, V, M>>,
    /// The shards whose `users` are not 0. The table is freed when there are none.
    open: M::Tally,
    drops: M::Drops,
}

struct Shard<K, V: ?Sized, M: Mode> {
    entries: M::Lock<Entries<K, V, M>>,
    /// Where threads wait for values of this shard.
    gate: M::Gate,
    /// The nodes that belong here, and one more as long as the map is there.
    users: M::Tally,
}

/// The entries of a shard.
struct Entries<K, V: ?Sized, M: Mode> {
    /// Invariant: each node is there. It is taken out, under the lock, before it is freed.
    nodes: HashTable<Node<K, V, M>>,
    /// The entries that ever came.
    births: u64,
    /// Those of `nodes` that have no value yet.
    loading: usize,
    hits: u64,
    misses: u64,
    loads: u64,
    expired: u64,
}

/// The table of a map.
pub(super) struct Owner<K, V: ?Sized + Value, M: Mode> {
    /// Invariant: a table that counts this map among the users of each shard.
    table: NonNull<Table<K, V, M>>,
}

/// What came of a node that was to be entered.
pub(super) enum Entered<K, V: ?Sized + Value, M: Mode> {
    /// The table lists it.
    New(Counted<K, V, M>),
    /// There is an entry with this key. The node was not needed.
    Old(Counted<K, V, M>, Fresh<K, V, M>),
}

/// Which entry has a key.
struct Known<K, V: ?Sized + Value, M: Mode> {
    old: Option<Counted<K, V, M>>,
    /// How many entries had come when that was so. It is, until there are more.
    births: u64,
}

/// The part of a hash that nodes keep.
#[inline(always)]
pub(super) fn fold(hash: u64) -> u32 {
    (hash ^ (hash >> 32)) as u32 & HASH
}

/// Hashes of 64 bits again, in which each bit depends on many: hashbrown looks at the highest and the lowest, shards at some between.
#[inline(always)]
fn spread(hash: u32) -> u64 {
    let product = u128::from(hash) * 0x9e37_79b9_7f4a_7c15;
    (product >> 64) as u64 ^ product as u64
}

impl<K, V: ?Sized + Value, M: Mode> Table<K, V, M> {
    #[inline(always)]
    fn shard(&self, hash: u32) -> &Shard<K, V, M> {
        M::shard(&self.shards, (spread(hash) >> 48) as usize & (M::SHARDS - 1))
    }

    fn shards(&self) -> impl Iterator<Item = &Shard<K, V, M>> {
        (0..M::SHARDS).map(|index| M::shard(&self.shards, index))
    }

    /// The first value with this hash, counted as a hit; or a miss.
    #[inline]
    pub(super) fn first(&self, hash: u32) -> Option<Strong<K, V, M>> {
        let mut entries = self.shard(hash).entries.lock();
        match entries.find(hash, LOADING) {
            Some(found) => {
                entries.hits += 1;
                drop(entries);
                // SAFETY: a listed node that is not being loaded has its value.
                Some(unsafe { Strong::of(found) })
            }
            None => {
                entries.misses += 1;
                None
            }
        }
    }

    /// All entries with this hash, values that are being loaded among them, and how many entries had ever come.
    fn all(&self, hash: u32) -> (Vec<Counted<K, V, M>>, u64) {
        let entries = self.shard(hash).entries.lock();
        (entries.all(hash), entries.births)
    }

    /// The entry with this hash whose key is the one looked for.
    pub(super) fn find(
        &self,
        hash: u32,
        mut is: impl FnMut(&Counted<K, V, M>) -> bool,
    ) -> Option<Counted<K, V, M>> {
        let (all, _) = self.all(hash);
        all.into_iter().find(|entry| is(entry))
    }

    /// Takes a hit back: the first value with this hash was another one. `found` says whether there is one that was looked for.
    pub(super) fn correct(&self, hash: u32, found: bool) {
        if !found {
            let mut entries = self.shard(hash).entries.lock();
            entries.hits -= 1;
            entries.misses += 1;
        }
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
                Some(known) if known.births == entries.births => known.old.as_ref(),
                None if !entries.any(hash) => None,
                _ => {
                    let (all, births) = (entries.all(hash), entries.births);
                    drop(entries);
                    let old = all.into_iter().find(|entry| same(&node, entry));
                    if !replace && let Some(old) = old {
                        return Ok(Entered::Old(old, node));
                    }
                    known = Some(Known { old, births });
                    continue;
                }
            };
            if entries.make_room().is_err() {
                drop(entries);
                return Err(node);
            }
            if let Some(old) = old {
                entries.unlist(old.node());
            }
            node.head().tag.fetch_or(hash, Relaxed);
            let loads = entries.list(shard, hash, node, ptr::from_ref(self).cast_mut().cast());
            drop(entries);
            return Ok(Entered::New(loads));
        }
    }

    /// Takes an entry out, if it is still in.
    pub(super) fn unlist(&self, entry: &Counted<K, V, M>) -> bool {
        self.shard(entry.head().hash()).entries.lock().unlist(entry.node())
    }

    /// Tells all who wait that a value is there, or never will be.
    pub(super) fn settle(&self, node: &Counted<K, V, M>, failed: bool) {
        let shard = self.shard(node.head().hash());
        let mut entries = shard.entries.lock();
        let head = node.head();
        if failed {
            entries.unlist(node.node());
            head.count.fetch_or(FAILED, Relaxed);
        }
        head.word.store(ptr::from_ref(self).cast_mut().cast(), Relaxed);
        let before = head.count.fetch_and(!(LOADING | UNLISTED), Release);
        if before & UNLISTED == 0 {
            entries.loading -= 1;
        }
        drop(entries);
        if before & REFERENCES > 1 {
            M::wake(&shard.gate);
        }
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

    /// Buries a node to which there are no more references, with its value if it has one.
    ///
    /// # Safety
    ///
    /// The last reference to the node has just gone.
    #[cold]
    #[inline(never)]
    pub(super) unsafe fn last(node: Node<K, V, M>, filled: bool) {
        // SAFETY: the node is there, since nobody else frees it.
        let head = unsafe { node.head() };
        let Some(table) = NonNull::new(head.word.load(Acquire).cast::<Self>()) else {
            // SAFETY: there are no references, and a node of no table is in none.
            return unsafe { node.destroy(filled) };
        };
        // SAFETY: the node is one of the users of the table.
        let this = unsafe { table.as_ref() };
        let hash = head.hash();
        let garbage = {
            let mut entries = this.shard(hash).entries.lock();
            entries.expired += u64::from(filled);
            entries.unlist(node);
            entries.shrink()
        };
        drop(garbage);
        let owner = table.as_ptr().cast_const().cast();
        let destroy = |node: Node<K, V, M>| {
            // SAFETY: there are no references, and no table lists it any more.
            unsafe { node.destroy(filled) }
        };
        let put = |list: &List| {
            head.word.store(list.replace(node.address().as_ptr()), Relaxed);
        };
        if filled && this.drops.put_off(owner, put) {
            return;
        }
        /// The shard of a node that goes.
        struct Leave<K, V: ?Sized + Value, M: Mode>(NonNull<Table<K, V, M>>, u32);
        impl<K, V: ?Sized + Value, M: Mode> Drop for Leave<K, V, M> {
            fn drop(&mut self) {
                // SAFETY: one is made for each node that goes.
                unsafe { Table::leave(self.0, self.1) }
            }
        }
        // The table is there as long as the first node, which therefore leaves it as the last one.
        let _leave = Leave(table, hash);
        if !filled {
            return destroy(node);
        }
        this.drops.start(owner, |list| {
            /// Goes on when a value has panicked.
            struct Rest<'a, K, V: ?Sized + Value, M: Mode>(&'a List, NonNull<Table<K, V, M>>);
            impl<K, V: ?Sized + Value, M: Mode> Rest<'_, K, V, M> {
                fn drop_all(&self) {
                    while let Some(address) = NonNull::new(self.0.get()) {
                        let node = Node::<K, V, M>::at(address);
                        // SAFETY: nodes of the list are there until this loop frees them.
                        let next = unsafe { node.head() }.word.load(Relaxed);
                        self.0.set(next);
                        // SAFETY: as above.
                        let _leave = Leave(self.1, unsafe { node.head() }.hash());
                        // SAFETY: there are no references to nodes of the list, and no table lists them.
                        unsafe { node.destroy(true) }
                    }
                }
            }
            impl<K, V: ?Sized + Value, M: Mode> Drop for Rest<'_, K, V, M> {
                fn drop(&mut self) {
                    self.drop_all();
                }
            }
            let rest = Rest(list, table);
            destroy(node);
            rest.drop_all();
        });
    }

    /// One user fewer of a shard. The last one of all frees the table.
    ///
    /// # Safety
    ///
    /// The user was counted, and no longer uses the table.
    unsafe fn leave(table: NonNull<Self>, hash: u32) {
        // SAFETY: the table has this user, until now.
        let this = unsafe { table.as_ref() };
        if this.shard(hash).users.fetch_sub(1, AcqRel) == 1 {
            // SAFETY: the shard was open until now.
            unsafe { Self::close(table) }
        }
    }

    /// One open shard fewer.
    ///
    /// # Safety
    ///
    /// The shard was open, and has no users.
    unsafe fn close(table: NonNull<Self>) {
        // SAFETY: an open shard keeps the table.
        if unsafe { table.as_ref() }.open.fetch_sub(1, AcqRel) == 1 {
            // SAFETY: it was made as a box, and no shard has users.
            drop(unsafe { Box::from_raw(table.as_ptr()) });
        }
    }

    pub(super) fn len(&self) -> usize {
        self.shards()
            .map(|shard| {
                let entries = shard.entries.lock();
                entries.nodes.len() - entries.loading
            })
            .sum()
    }

    pub(super) fn clear(&self) {
        for shard in self.shards() {
            let mut entries = shard.entries.lock();
            if entries.loading > 0 {
                for node in &entries.nodes {
                    // SAFETY: nodes of the table are there.
                    let count = &unsafe { node.head() }.count;
                    if count.load(Relaxed) & LOADING != 0 {
                        count.fetch_or(UNLISTED, Relaxed);
                    }
                }
                entries.loading = 0;
            }
            let garbage = mem::take(&mut entries.nodes);
            drop(entries);
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
            let room = {
                let entries = M::shard(&self.shards, shard).entries.lock();
                if values.capacity() >= entries.nodes.len() {
                    let present =
                        entries.nodes.iter().filter_map(|&node| entries.count(node, LOADING));
                    // SAFETY: a listed node that is not being loaded has its value.
                    values.extend(present.map(|node| unsafe { Strong::of(node) }));
                    return Some(values);
                }
                entries.nodes.len()
            };
            values.reserve(room);
        }
    }

    pub(super) fn stats(&self) -> Stats {
        let mut stats = Stats::default();
        for shard in self.shards() {
            let entries = shard.entries.lock();
            stats.hits += entries.hits;
            stats.misses += entries.misses;
            stats.loads += entries.loads;
            stats.expired += entries.expired;
            stats.live += entries.nodes.len() - entries.loading;
        }
        stats
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let tables = self.shards().map(|shard| shard.entries.lock().nodes.allocation_size());
        size_of::<Self>() + tables.sum::<usize>()
    }

    pub(super) fn shrink_to_fit(&self) {
        for shard in self.shards() {
            let garbage = {
                let mut entries = shard.entries.lock();
                let len = entries.nodes.len();
                entries.rebuild(len).unwrap_or_default()
            };
            drop(garbage);
        }
    }

    /// Panics where an invariant does not hold, while nobody else uses the map.
    pub(super) fn check_invariants(&self) {
        let mut open = 0;
        for shard in self.shards() {
            let entries = shard.entries.lock();
            let mut loading = 0;
            for &node in &entries.nodes {
                // SAFETY: nodes of the table are there.
                let head = unsafe { node.head() };
                let hash = head.hash();
                assert!(ptr::eq(self.shard(hash), shard), "a node is in the wrong shard");
                let same = entries.nodes.iter_hash(spread(hash)).filter(|&&other| other == node);
                assert_eq!(same.count(), 1, "a node is listed once, where its hash says");
                let count = head.count.load(Acquire);
                assert!(count & REFERENCES > 0 && count & (FAILED | UNLISTED) == 0);
                loading += usize::from(count & LOADING != 0);
                assert!(count & LOADING != 0 || ptr::eq(head.word.load(Relaxed).cast(), self));
            }
            assert_eq!(loading, entries.loading);
            let users = shard.users.load(Acquire);
            assert!(users >= entries.nodes.len(), "each node is a user of its shard");
            open += usize::from(users > 0);
        }
        assert_eq!(open, self.open.load(Acquire));
    }
}

impl<K, V: ?Sized + Value, M: Mode> Entries<K, V, M> {
    /// A reference to a node of the table, unless it has one of the flags or dies.
    #[inline(always)]
    fn count(&self, node: Node<K, V, M>, without: u32) -> Option<Counted<K, V, M>> {
        // SAFETY: nodes of the table are there, for as long as it is locked, which it is.
        if unsafe { node.head() }.count.load(Relaxed) & without != 0 {
            return None;
        }
        // SAFETY: as above; the lock is that of the one shard in which the node may be.
        unsafe { Counted::of(node) }
    }

    /// The first entry with this hash that has none of the flags, and references.
    #[inline(always)]
    fn find(&self, hash: u32, without: u32) -> Option<Counted<K, V, M>> {
        let mut found = None;
        self.nodes.find(spread(hash), |&node| {
            // SAFETY: nodes of the table are there.
            if unsafe { node.head() }.hash() == hash {
                found = self.count(node, without);
            }
            found.is_some()
        });
        found
    }

    /// Whether there may be entries with this hash.
    fn any(&self, hash: u32) -> bool {
        // SAFETY: nodes of the table are there.
        let same = |&node: &Node<K, V, M>| unsafe { node.head() }.hash() == hash;
        self.nodes.find(spread(hash), same).is_some()
    }

    fn all(&self, hash: u32) -> Vec<Counted<K, V, M>> {
        // SAFETY: nodes of the table are there.
        let same = |&&node: &&Node<K, V, M>| unsafe { node.head() }.hash() == hash;
        let same = self.nodes.iter_hash(spread(hash)).filter(same);
        same.filter_map(|&node| self.count(node, 0)).collect()
    }

    /// Lists a node, for which there is room.
    fn list(
        &mut self,
        shard: &Shard<K, V, M>,
        hash: u32,
        node: Fresh<K, V, M>,
        table: *mut (),
    ) -> Counted<K, V, M> {
        let node = node.count();
        shard.users.fetch_add(1, Relaxed);
        self.births += 1;
        let loading = node.head().count.load(Relaxed) & LOADING != 0;
        self.loading += usize::from(loading);
        self.loads += u64::from(loading);
        node.head().word.store(if loading { M::thread() } else { table }, Relaxed);
        self.nodes.insert_unique(spread(hash), node.node(), |_| unreachable!("there is room"));
        node
    }

    /// Takes a node out, if it is in.
    fn unlist(&mut self, node: Node<K, V, M>) -> bool {
        // SAFETY: whoever calls this has a node that is there.
        let head = unsafe { node.head() };
        let hash = head.hash();
        let Ok(entry) = self.nodes.find_entry(spread(hash), |&other| other == node) else {
            return false;
        };
        entry.remove();
        if head.count.load(Relaxed) & LOADING != 0 {
            head.count.fetch_or(UNLISTED, Relaxed);
            self.loading -= 1;
        }
        true
    }

    /// Makes room for one more. Old slots that were in use are swept before the table is doubled.
    fn make_room(&mut self) -> Result<(), ()> {
        let len = self.nodes.len();
        if len < self.nodes.capacity() {
            return Ok(());
        }
        let most = self.nodes.num_buckets() / 8 * 7;
        let room = if len <= most / 4 * 3 { most } else { 2 * most };
        self.rebuild(room.max(len + 1)).map(drop)
    }

    /// Gives memory back where seven of eight slots are free. The old table is to be dropped without the lock.
    fn shrink(&mut self) -> HashTable<Node<K, V, M>> {
        let (len, buckets) = (self.nodes.len(), self.nodes.num_buckets());
        if buckets < 32 || len * 8 >= buckets {
            return HashTable::new();
        }
        self.rebuild(2 * len).unwrap_or_default()
    }

    /// Moves all nodes to a new table with so much room, and returns the old one, emptied.
    fn rebuild(&mut self, room: usize) -> Result<HashTable<Node<K, V, M>>, ()> {
        // SAFETY: nodes of the table are there.
        let hash = |&node: &Node<K, V, M>| spread(unsafe { node.head() }.hash());
        let mut nodes = HashTable::new();
        nodes.try_reserve(room, hash).map_err(drop)?;
        for &node in &self.nodes {
            nodes.insert_unique(hash(&node), node, hash);
        }
        Ok(mem::replace(&mut self.nodes, nodes))
    }
}

impl<K, V: ?Sized + Value, M: Mode> Owner<K, V, M> {
    pub(super) fn new() -> Self {
        let shards = M::shards(|| Shard {
            entries: M::Lock::new(Entries {
                nodes: HashTable::new(),
                births: 0,
                loading: 0,
                hits: 0,
                misses: 0,
                loads: 0,
                expired: 0,
            }),
            gate: M::Gate::default(),
            users: M::Tally::new(1),
        });
        let table = Table { shards, open: M::Tally::new(M::SHARDS), drops: M::Drops::default() };
        Self { table: NonNull::from(Box::leak(Box::new(table))) }
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
        self.clear();
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
