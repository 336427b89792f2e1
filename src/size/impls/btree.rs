//! Ordered maps and sets, whose nodes are counted by the addresses of their keys.
//!
//! A node holds its keys side by side. Leaves have no edges; other nodes have one more edge than
//! keys. In order, therefore, the keys of a leaf come one after another, then a single key from
//! some node above, then the next leaf:
//!
//! ```text
//!              [ d        h ]                 in order:  a b c  d  e f g  h  i j k
//!             /      |       \                           -----     -----     -----
//!     [a b c]     [e f g]     [i j k]                    leaf      leaf      leaf
//! ```
//!
//! A key that does not lie right behind the one before it ends a leaf. The keys that lie between
//! leaves lie side by side too, in the order in which they come up, if they belong to one node. Two
//! nodes can never be taken for one: a node is larger than its keys are together, so the first free
//! place behind a node's last key is never a key of another.
//!
//! Which node a key between leaves belongs to follows from the last key seen at each level above
//! the leaves. The walk up from a leaf meets, at each level, an open node whose next key this is;
//! or one that has no more keys, and goes on upward; or none, and then the key is the first of a
//! new node.
//!
//! So every node that has a key is counted exactly, with one walk over the keys and without
//! allocating. What no method of a map shows is the leaf that a map keeps when its last entry is
//! removed.

use alloc::collections::{BTreeMap, BTreeSet};
use core::mem::MaybeUninit;
use core::ptr::{self, NonNull};

use crate::size::{Block, HeapSize, Visitor};

/// How many keys a node has room for.
const CAPACITY: usize = 11;

/// Levels above the leaves. A node that is not the root has at least 5 keys and 6 edges, and 6 to
/// the power of 25 exceeds what 64 bits can count.
const LEVELS: usize = 25;

impl<K: HeapSize, V: HeapSize> HeapSize for BTreeMap<K, V> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        if size_of::<K>() != 0 {
            nodes::<K, V, K>(self.keys(), visitor);
        } else {
            nodes::<K, V, V>(self.values(), visitor);
        }
        visitor.entries(self);
    }
}

impl<K: HeapSize> HeapSize for BTreeSet<K> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        nodes::<K, (), K>(self.iter(), visitor);
        visitor.elements(self);
    }
}

/// Tells of the nodes of a map from `K` to `V`, given either all keys or all values in order.
fn nodes<'v, K, V, T: 'v>(
    elements: impl ExactSizeIterator<Item = &'v T>,
    visitor: &mut Visitor<'_>,
) {
    let len = elements.len();
    if len == 0 {
        return visitor.unseen();
    }
    let counted = match size_of::<T>() {
        0 => (len == 1).then_some(Nodes { leaves: 1, inner: 0 }),
        stride => Nodes::count(elements.map(|element| ptr::from_ref(element).addr()), stride),
    };
    let nodes = counted.unwrap_or(Nodes { leaves: len.div_ceil(8), inner: len.div_ceil(64) });
    let count = nodes.leaves + nodes.inner;
    let requested =
        nodes.leaves * size_of::<LeafNode<K, V>>() + nodes.inner * size_of::<InnerNode<K, V>>();
    let free = (count * CAPACITY).saturating_sub(len);
    let slack = free * (size_of::<K>() + size_of::<V>());
    let block = Block::new(requested).with_count(count).with_slack(slack);
    visitor.block(if counted.is_some() { block } else { block.estimated() });
}

#[derive(Clone, Copy)]
struct Nodes {
    leaves: usize,
    inner: usize,
}

impl Nodes {
    /// Counts the nodes of a map that is not empty, by the addresses of its keys (or of its values)
    /// in order, which lie `stride` bytes apart within a node.
    ///
    /// Gives up on what cannot be a tree of the shape described above, in case a later standard
    /// library has another.
    fn count(mut addresses: impl Iterator<Item = usize>, stride: usize) -> Option<Self> {
        let mut nodes = Self { leaves: 1, inner: 0 };
        // The last key seen of the open node at each level above the leaves; zero where none is
        // open.
        let mut open = [0; LEVELS];
        let mut last = addresses.next()?;
        let mut run = 1;
        while let Some(address) = addresses.next() {
            if address == last + stride {
                run += 1;
                if run > CAPACITY {
                    return None;
                }
                last = address;
                continue;
            }
            let level = open.iter().position(|&key| key == 0 || key + stride == address)?;
            if open[level] == 0 {
                nodes.inner += 1;
            }
            open[..level].fill(0);
            open[level] = address;
            // A leaf follows, for every inner node has an edge behind its last key.
            last = addresses.next()?;
            nodes.leaves += 1;
            run = 1;
        }
        Some(nodes)
    }
}

/// The fields of a leaf of the standard `BTreeMap`, for its size.
#[expect(dead_code, reason = "only its size matters")]
struct LeafNode<K, V> {
    parent: Option<NonNull<()>>,
    parent_index: MaybeUninit<u16>,
    len: u16,
    keys: [MaybeUninit<K>; CAPACITY],
    values: [MaybeUninit<V>; CAPACITY],
}

/// The fields of any other node, for its size.
#[repr(C)]
struct InnerNode<K, V> {
    leaf: LeafNode<K, V>,
    edges: [MaybeUninit<NonNull<()>>; CAPACITY + 1],
}
