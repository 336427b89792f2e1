//! The entries of a shard: pointers to nodes, 8 bytes each, found by the hashes of their keys.
//!
//! ```text
//! hash of a key, folded to 30 bits    kept by the node
//!   highest 7     the tag of the slot, by which hashbrown looks
//!   3 between     in the pointer to the node, which is a multiple of 8
//!   lowest        where in the table the slot is
//! ```
//!
//! So of a thousand nodes that are not looked for, one is looked at.
#![allow(unsafe_code)]

use super::mode::{Count, Mode, Word};
use super::node::{Counted, FAILED, LOADING, Node, REFERENCES, UNLISTED};
use super::record::whereabouts;
use super::strong::Strong;
use super::value::Value;
use alloc::vec::{self, Vec};
use core::cell::Cell;
use core::iter::Chain;
use core::marker::PhantomData;
use core::ptr::NonNull;
use core::sync::atomic::Ordering::{Acquire, Relaxed};
use core::{mem, option};
use hashbrown::HashTable;
use hashbrown::hash_table::OccupiedEntry;

pub(super) struct Entries<K, V: ?Sized + Value, M: Mode> {
    /// Invariant: each node is there, and is in no other shard. It is taken out before it is freed.
    slots: HashTable<Slot<K, V, M>>,
    /// The entries that ever came.
    births: u64,
    /// Those of `slots` that have no value yet.
    loading: usize,
    pub(super) hits: Cell<u64>,
    pub(super) misses: Cell<u64>,
    pub(super) loads: u64,
    pub(super) expired: u64,
}

/// A node, and three bits of its hash.
struct Slot<K, V: ?Sized, M: Mode> {
    /// Invariant: the address of the node, and of its hash the bits that `MARK` leaves free.
    marked: NonNull<()>,
    of: PhantomData<Node<K, V, M>>,
}

/// Entries with one hash.
pub(super) type Same<K, V, M> =
    Chain<option::IntoIter<Counted<K, V, M>>, vec::IntoIter<Counted<K, V, M>>>;

/// What is left of a table that has become another one. It is to be dropped without the lock.
pub(super) struct Garbage<K, V: ?Sized, M: Mode>(
    #[expect(dead_code, reason = "is dropped")] HashTable<Slot<K, V, M>>,
);

impl<K, V: ?Sized, M: Mode> Clone for Slot<K, V, M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K, V: ?Sized, M: Mode> Copy for Slot<K, V, M> {}

/// The part of a hash that nodes keep: 30 bits, each of which depends on many.
#[inline(always)]
pub(super) fn fold(hash: u64) -> u32 {
    (hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 34) as u32
}

/// Twice the same bits, since hashbrown looks at the highest and at the lowest.
#[inline(always)]
pub(super) fn spread(hash: u32) -> u64 {
    u64::from(hash) << 34 | u64::from(hash)
}

impl<K, V: ?Sized + Value, M: Mode> Slot<K, V, M> {
    /// The bits that are free in the address of a node.
    const MARK: usize = align_of::<M::Word>() - 1;

    #[inline(always)]
    fn mark(hash: u32) -> usize {
        (hash >> 20) as usize & Self::MARK
    }

    fn of(node: Node<K, V, M>, hash: u32) -> Self {
        let marked = node.address().map_addr(|address| address | Self::mark(hash));
        Self { marked, of: PhantomData }
    }

    /// The node, if it has this hash as far as the slot knows.
    #[inline(always)]
    fn node_if(self, hash: u32) -> Option<Node<K, V, M>> {
        let address = self.marked.as_ptr().map_addr(|address| address ^ Self::mark(hash));
        (address.addr() & Self::MARK == 0).then(|| {
            // SAFETY: the mark is that of the hash, and without it this is the address of the node, by the invariant of `marked`.
            Node::at(unsafe { NonNull::new_unchecked(address) })
        })
    }

    fn node(self) -> Node<K, V, M> {
        let address = self.marked.as_ptr().map_addr(|address| address & !Self::MARK);
        // SAFETY: as above.
        Node::at(unsafe { NonNull::new_unchecked(address) })
    }
}

impl<K, V: ?Sized + Value, M: Mode> Entries<K, V, M> {
    pub(super) fn new() -> Self {
        Self {
            slots: HashTable::new(),
            births: 0,
            loading: 0,
            hits: Cell::new(0),
            misses: Cell::new(0),
            loads: 0,
            expired: 0,
        }
    }

    /// The values.
    pub(super) fn len(&self) -> usize {
        self.slots.len() - self.loading
    }

    /// How many entries have ever come: while it stays the same, none comes.
    pub(super) fn births(&self) -> u64 {
        self.births
    }

    /// The node of a slot, if it has this hash.
    #[inline(always)]
    fn same(slot: Slot<K, V, M>, hash: u32) -> Option<Node<K, V, M>> {
        // SAFETY: nodes of the table are there.
        slot.node_if(hash).filter(|node| unsafe { node.head() }.hash() == hash)
    }

    /// A handle of the value of a node of the table, if it has one and does not die.
    #[inline(always)]
    fn present(&self, node: Node<K, V, M>) -> Option<Strong<K, V, M>> {
        // SAFETY: nodes of the table are there as long as it is borrowed, and so locked, and they are in no other.
        let node = unsafe { Counted::of_present(node) };
        // SAFETY: the value is there.
        node.map(|node| unsafe { Strong::of(node) })
    }

    /// The first value with this hash.
    #[inline(always)]
    pub(super) fn find(&self, hash: u32) -> Option<Strong<K, V, M>> {
        let mut found = None;
        self.slots.find(spread(hash), |&slot| {
            if let Some(node) = Self::same(slot, hash) {
                found = self.present(node);
            }
            found.is_some()
        });
        found
    }

    /// Whether there may be entries with this hash.
    pub(super) fn any(&self, hash: u32) -> bool {
        self.slots.find(spread(hash), |&slot| Self::same(slot, hash).is_some()).is_some()
    }

    /// All entries with this hash that do not die. They are rarely more than one, for which no memory is allocated.
    pub(super) fn all(&self, hash: u32) -> Same<K, V, M> {
        let same = self.slots.iter_hash(spread(hash)).filter_map(|&slot| Self::same(slot, hash));
        // SAFETY: nodes of the table are there as long as it is borrowed, and so locked, and they are in no other.
        let mut same = same.filter_map(|node| unsafe { Counted::of(node) });
        let first = same.next();
        first.into_iter().chain(same.collect::<Vec<_>>())
    }

    /// Adds handles of all values, if there is room for them. Otherwise says how many there may be.
    pub(super) fn values(&self, values: &mut Vec<Strong<K, V, M>>) -> Result<(), usize> {
        if values.capacity() - values.len() < self.slots.len() {
            return Err(self.slots.len());
        }
        values.extend(self.slots.iter().filter_map(|&slot| self.present(slot.node())));
        Ok(())
    }

    /// Lists a node, for which there is room.
    pub(super) fn list(&mut self, hash: u32, node: &Counted<K, V, M>) {
        self.births += 1;
        let loading = node.head().count.load(Relaxed) & LOADING != 0;
        self.loading += usize::from(loading);
        self.loads += u64::from(loading);
        let slot = Slot::of(node.node(), hash);
        self.slots.insert_unique(spread(hash), slot, |_| unreachable!("there is room"));
    }

    /// Takes out a node that dies, if it is in.
    pub(super) fn remove(&mut self, node: Node<K, V, M>) -> bool {
        // SAFETY: whoever calls this has a node that is there.
        let hash = unsafe { node.head() }.hash();
        let slot = Slot::of(node, hash);
        let found = self.slots.find_entry(spread(hash), |other| other.marked == slot.marked);
        found.map(OccupiedEntry::remove).is_ok()
    }

    /// Takes a node out that lives, if it is in, and marks it.
    pub(super) fn unlist(&mut self, node: &Counted<K, V, M>) -> bool {
        let listed = self.remove(node.node());
        if listed && node.head().count.fetch_or(UNLISTED, Relaxed) & LOADING != 0 {
            self.loading -= 1;
        }
        listed
    }

    /// Lists another node in place of one that is in.
    pub(super) fn replace(&mut self, hash: u32, old: Node<K, V, M>, new: Node<K, V, M>) {
        let (old, new) = (Slot::of(old, hash), Slot::of(new, hash));
        let slot = self.slots.find_mut(spread(hash), |slot| slot.marked == old.marked);
        *slot.expect("the node is in") = new;
        self.births += 1;
    }

    /// A listed value has come.
    pub(super) fn loaded(&mut self) {
        self.loading -= 1;
    }

    /// Takes all nodes out. Those with values are marked if `kept`.
    pub(super) fn clear(&mut self, kept: bool) -> Garbage<K, V, M> {
        if kept || self.loading > 0 {
            for slot in &self.slots {
                // SAFETY: nodes of the table are there.
                unsafe { slot.node().head() }.count.fetch_or(UNLISTED, Relaxed);
            }
            self.loading = 0;
        }
        Garbage(mem::take(&mut self.slots))
    }

    /// Makes room for one more. Slots of the dead are swept before the table is doubled.
    pub(super) fn make_room(&mut self) -> Result<Option<Garbage<K, V, M>>, ()> {
        let len = self.slots.len();
        if len < self.slots.capacity() {
            return Ok(None);
        }
        let most = self.slots.num_buckets() / 8 * 7;
        let room = if len <= most / 4 * 3 { most } else { 2 * most };
        self.rebuild(room.max(len + 1)).map(Some)
    }

    /// Gives memory back where seven of eight slots are free.
    pub(super) fn shrink(&mut self) -> Option<Garbage<K, V, M>> {
        let (len, buckets) = (self.slots.len(), self.slots.num_buckets());
        if buckets < 16 || len * 8 >= buckets {
            return None;
        }
        // What the allocator refuses stays as it is.
        self.rebuild(2 * len).ok()
    }

    pub(super) fn shrink_to_fit(&mut self) -> Option<Garbage<K, V, M>> {
        self.rebuild(self.slots.len()).ok()
    }

    /// Moves all nodes to a new table with so much room.
    fn rebuild(&mut self, room: usize) -> Result<Garbage<K, V, M>, ()> {
        // SAFETY: nodes of the table are there.
        let hash = |slot: &Slot<K, V, M>| spread(unsafe { slot.node().head() }.hash());
        let mut slots = HashTable::new();
        slots.try_reserve(room, hash).map_err(drop)?;
        for &slot in &self.slots {
            slots.insert_unique(hash(&slot), slot, hash);
        }
        Ok(Garbage(mem::replace(&mut self.slots, slots)))
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.slots.allocation_size()
    }

    /// Panics where an invariant does not hold, while nobody else uses the map. `here` says whether a hash belongs into this shard of a table
    /// that has the address `table`. Returns the number of nodes.
    pub(super) fn check_invariants(&self, table: *mut (), here: impl Fn(u32) -> bool) -> usize {
        let mut loading = 0;
        for &slot in &self.slots {
            let node = slot.node();
            // SAFETY: nodes of the table are there.
            let head = unsafe { node.head() };
            let hash = head.hash();
            assert!(here(hash), "a node is in the wrong shard");
            let same = self.slots.iter_hash(spread(hash));
            let same = same.filter(|other| other.marked == Slot::of(node, hash).marked);
            assert_eq!(same.count(), 1, "a node is listed once, where its hash says");
            let count = head.count.load(Acquire);
            assert!(count & REFERENCES > 0 && count & (FAILED | UNLISTED) == 0);
            // SAFETY: nodes of the table are there.
            let word = unsafe { node.word() }.load(Relaxed);
            // SAFETY: the node has a value, or its word is an address of a thread, which is even.
            let at = unsafe { whereabouts::<M>(word) };
            assert!(count & LOADING != 0 || at.table == table, "a node has another table");
            loading += usize::from(count & LOADING != 0);
        }
        assert_eq!(loading, self.loading);
        self.slots.len()
    }
}
