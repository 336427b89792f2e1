//! Trees whose nodes are slots of a slab.

mod dot;
mod edit;
mod links;
mod walk;

pub use edit::{MoveError, Position};
pub use walk::{Ancestors, Children, Postorder, Preorder, Siblings};

use super::slab::{
    Handle32, InsertError, Iter, IterMut, Key, Keys, Link, LinkOf, Remap, Slab, SlabError, Values,
    ValuesMut,
};
use crate::raw::growth;
use crate::size::{Block, HeapSize, Visitor};
use alloc::vec::Vec;
use core::fmt::{self, Debug};
use core::ops::{Index, IndexMut};
use links::Links;

/// Values in trees whose nodes know their parents, for 13 bytes a node beside its value: `Rc` and `Weak` take 80 and more.
///
/// Nodes are slots of a [`Slab`](super::Slab) and are named by its handles, of 4 bytes unless `H` says otherwise: a handle is
/// dead once its node is removed. A node has one parent or none, and children in an order. There may be any number of
/// nodes without a parent, the roots, so that a `Tree` is a forest.
///
/// # When it wins, and when it loses
///
/// It pays where nodes are many, or where they are to know their parents: who owns whom is no question, no count is kept, nothing leaks,
/// and a tree of a million levels is walked and dropped without a stack. Moving a node, with all below it, sets a few links.
///
/// A node has no slice of its children: the third of them is found from the first. If a tree never changes once it is built, two bits say
/// where a node is, in a succinct tree ([sux](https://docs.rs/sux)). With the default [`Handle32`] there are up to
/// 16,777,215 nodes, and a slot is used up after 128 nodes that came and went; trees in which nodes come and go all the time are
/// `Tree<T, Handle>`, of 20 bytes a node. See [which handle](super::Slab#which-handle).
///
/// # Layout
///
/// ```text
/// values   |  value  |  value  |  value  | ...
/// ages     | 0       | 0       | 2       | ...
/// links    | p f n b | p f n b | p f n b | ...     3 bytes each, or 4, without an alignment
/// ```
///
/// The links of a node are its parent, its first child, the next child of its parent, and the one before. Of the first child, the one
/// before is the last, so that the last one is found at once as well. Roots are linked as if they were children.
///
/// # Memory
///
/// Inline 96 bytes; on the heap `max(size_of::<T>(), 3) + 13` bytes a node with [`Handle32`] and `max(size_of::<T>(), 4) + 20` with
/// [`Handle`](super::Handle), where `max(…)` is rounded up to the alignment of `T`, and room for more as in [a slab](super::Slab#memory). As with slabs, [`compact`](Self::compact) alone gives back the slots of nodes that were removed.
///
/// # Examples
///
/// ```
/// use pennyweight::pool::{MoveError, Position, Tree};
///
/// let mut files = Tree::new();
/// let root = files.insert_root("/");
/// let home = files.append(root, "home");
/// let anna = files.append(home, "anna");
/// files.insert_before(home, "etc");
///
/// let names: Vec<_> = files.preorder(root).map(|node| files[node]).collect();
/// assert_eq!(names, ["/", "etc", "home", "anna"]);
/// assert!(files.ancestors(anna).eq([home, root]));
///
/// // No node comes below itself.
/// let refused = files.reparent(home, Position::LastChild(anna));
/// assert_eq!(refused, Err(MoveError::Cycle { node: home, parent: anna }));
///
/// assert_eq!(files.remove(home), Some("home"));
/// assert_eq!((files.len(), files.get(anna)), (2, None));
/// ```
///
/// Nodes are changed while the tree is walked by going from one to the next:
///
/// ```
/// use pennyweight::pool::Tree;
///
/// let mut tree = Tree::new();
/// let root = tree.insert_root(1);
/// for value in [2, 3] {
///     tree.append(root, value);
/// }
/// let mut next = tree.first_child(root);
/// while let Some(child) = next {
///     tree[child] *= 10;
///     next = tree.next_sibling(child);
/// }
/// assert!(tree.children(root).map(|child| tree[child]).eq([20, 30]));
/// ```
///
/// # Source
///
/// Trees in one array are as old as arrays: Knuth, *The Art of Computer Programming*, section 2.3. In Rust,
/// [indextree](https://docs.rs/indextree) has made them common.
pub struct Tree<T, H: Key = Handle32> {
    slab: Slab<T, H>,
    /// Invariant: as many as slots of the slab have been used. Those of nodes form trees; all others mean nothing.
    links: Vec<Links<LinkOf<H>>>,
    first_root: LinkOf<H>,
}

impl<T> Tree<T> {
    /// Creates an empty forest, with [`Handle32`]s. (Does not allocate.)
    ///
    /// Others are made by [`with_key`](Self::with_key).
    #[must_use]
    pub const fn new() -> Self {
        Self::with_key()
    }

    /// Creates an empty forest, with [`Handle32`]s, and room for `capacity` nodes and no more.
    ///
    /// # Panics
    ///
    /// Where [`try_reserve_exact`](Self::try_reserve_exact) has an error.
    #[must_use]
    #[track_caller]
    pub fn with_capacity(capacity: usize) -> Self {
        Self::with_capacity_and_key(capacity)
    }
}

impl<T, H: Key> Tree<T, H> {
    /// Creates an empty forest with handles of any type. (Does not allocate.)
    #[must_use]
    pub const fn with_key() -> Self {
        Self { slab: Slab::with_key(), links: Vec::new(), first_root: Link::NONE }
    }

    /// Creates an empty forest with handles of any type, and room for `capacity` nodes and no more.
    ///
    /// # Panics
    ///
    /// Where [`try_reserve_exact`](Self::try_reserve_exact) has an error.
    #[must_use]
    #[track_caller]
    pub fn with_capacity_and_key(capacity: usize) -> Self {
        let mut tree = Self::with_key();
        tree.reserve_exact(capacity);
        tree
    }

    /// How many nodes there are.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.slab.len()
    }

    /// Whether there are no nodes.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slab.is_empty()
    }

    /// How many nodes there is room for, those that are there among them.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.slab.capacity().min(self.links.capacity() - self.slab.retired())
    }

    /// The heap bytes of the forest itself. What the values own is not among them, as it is in [`HeapSize`].
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.slab.heap_bytes() + self.links.capacity() * size_of::<Links<LinkOf<H>>>()
    }

    /// The slab of the values: which handles are dead, how many slots are used up, all nodes by index.
    #[must_use]
    pub fn slab(&self) -> &Slab<T, H> {
        &self.slab
    }

    /// Whether a node is there.
    #[inline]
    #[must_use]
    pub fn contains(&self, node: H) -> bool {
        self.slab.contains(node)
    }

    /// The value of a node, or `None` if it was removed.
    #[inline]
    #[must_use]
    pub fn get(&self, node: H) -> Option<&T> {
        self.slab.get(node)
    }

    /// The value of a node, to be changed, or `None` if it was removed.
    #[inline]
    #[must_use]
    pub fn get_mut(&mut self, node: H) -> Option<&mut T> {
        self.slab.get_mut(node)
    }

    /// The values of several nodes, to be changed, or `None` if one was removed or two are the same.
    #[must_use]
    pub fn get_disjoint_mut<const COUNT: usize>(
        &mut self,
        nodes: [H; COUNT],
    ) -> Option<[&mut T; COUNT]> {
        self.slab.get_disjoint_mut(nodes)
    }

    /// All nodes in no particular order, with their values.
    #[must_use]
    pub fn iter(&self) -> Iter<'_, T, H> {
        self.slab.iter()
    }

    /// All nodes in no particular order, with their values, to be changed.
    #[must_use]
    pub fn iter_mut(&mut self) -> IterMut<'_, T, H> {
        self.slab.iter_mut()
    }

    /// All nodes in no particular order.
    #[must_use]
    pub fn keys(&self) -> Keys<'_, T, H> {
        self.slab.keys()
    }

    /// All values in no particular order.
    #[must_use]
    pub fn values(&self) -> Values<'_, T, H> {
        self.slab.values()
    }

    /// All values in no particular order, to be changed.
    #[must_use]
    pub fn values_mut(&mut self) -> ValuesMut<'_, T, H> {
        self.slab.values_mut()
    }

    /// Makes room for `additional` more nodes, and for others as [a slab grows](super::Slab#memory).
    ///
    /// # Panics
    ///
    /// Where [`try_reserve`](Self::try_reserve) has an error.
    #[track_caller]
    pub fn reserve(&mut self, additional: usize) {
        if let Err(error) = self.try_reserve(additional) {
            error.raise();
        }
    }

    /// Makes room for `additional` more nodes, and no more.
    ///
    /// # Panics
    ///
    /// Where [`try_reserve_exact`](Self::try_reserve_exact) has an error.
    #[track_caller]
    pub fn reserve_exact(&mut self, additional: usize) {
        if let Err(error) = self.try_reserve_exact(additional) {
            error.raise();
        }
    }

    /// Makes room for `additional` more nodes, and for others as [a slab grows](super::Slab#memory).
    ///
    /// # Errors
    ///
    /// If there are not as many handles, or there is no memory for them. All nodes are as they were.
    pub fn try_reserve(&mut self, additional: usize) -> Result<(), SlabError> {
        self.slab.try_reserve(additional)?;
        self.reserve_links()
    }

    /// Makes room for `additional` more nodes, and no more.
    ///
    /// # Errors
    ///
    /// If there are not as many handles, or there is no memory for them. All nodes are as they were.
    pub fn try_reserve_exact(&mut self, additional: usize) -> Result<(), SlabError> {
        self.slab.try_reserve_exact(additional)?;
        self.reserve_links()
    }

    /// Makes room for the links of as many nodes as the slab has room for.
    fn reserve_links(&mut self) -> Result<(), SlabError> {
        Ok(growth::reserve_exact(&mut self.links, self.slab.capacity() + self.slab.retired())?)
    }

    /// Gives back the room for nodes that were never there.
    pub fn shrink_to_fit(&mut self) {
        self.slab.shrink_to_fit();
        self.links.shrink_to_fit();
    }

    /// Drops all nodes. Their handles are dead, and the memory is kept for others.
    ///
    /// Each slot has had one of its uses, of which [`Handle32`] has 128: see [`Slab::clear`].
    pub fn clear(&mut self) {
        self.first_root = Link::NONE;
        self.slab.clear();
    }

    /// Moves all nodes together, in the order of their indices, under new handles, and says which these are.
    ///
    /// As with [`Slab::compact`], **handles from before may name other nodes afterwards**.
    ///
    /// # Panics
    ///
    /// Where [`try_compact`](Self::try_compact) has an error.
    #[must_use = "handles from before may name other nodes now"]
    #[track_caller]
    pub fn compact(&mut self) -> Remap<H> {
        match self.try_compact() {
            Ok(remap) => remap,
            Err(error) => error.raise(),
        }
    }

    /// Moves all nodes together, in the order of their indices, under new handles, and says which these are.
    ///
    /// # Errors
    ///
    /// If there is no memory for the [`Remap`]. The forest is as it was.
    pub fn try_compact(&mut self) -> Result<Remap<H>, SlabError> {
        let remap = self.slab.try_compact()?;
        let moved = |link: LinkOf<H>| remap.at(link.index()).map_or(Link::NONE, Link::new);
        for (old, new) in remap.indices() {
            // No node moves back, so that these links have not been written yet.
            self.links[new] = self.links[old].map(moved);
        }
        self.first_root = moved(self.first_root);
        self.links.truncate(self.slab.slots());
        self.links.shrink_to_fit();
        Ok(remap)
    }

    /// Panics unless the invariants of the forest hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.slab.check_invariants();
        assert_eq!(self.links.len(), self.slab.slots());
        let mut nodes = 0;
        let parents = core::iter::once(None).chain(self.slab.keys().map(Some));
        for parent in parents {
            let children: Vec<H> = match parent {
                Some(parent) => self.children(parent).collect(),
                None => self.roots().collect(),
            };
            for (place, &child) in children.iter().enumerate() {
                assert_eq!(self.parent(child), parent);
                assert_eq!(self.next_sibling(child), children.get(place + 1).copied());
                let before = place.checked_sub(1).map(|place| children[place]);
                assert_eq!(self.previous_sibling(child), before);
            }
            nodes += children.len();
        }
        assert_eq!(nodes, self.len());
        let reached: usize = self.roots().map(|root| self.preorder(root).count()).sum();
        assert_eq!(reached, self.len());
    }
}

impl<T, H: Key> Default for Tree<T, H> {
    fn default() -> Self {
        Self::with_key()
    }
}

/// The copy has the same handles, and no room for more.
impl<T: Clone, H: Key> Clone for Tree<T, H> {
    fn clone(&self) -> Self {
        let Self { slab, links, first_root } = self;
        Self { slab: slab.clone(), links: links.clone(), first_root: *first_root }
    }
}

/// The nodes, each before its children, with their parents.
impl<T: Debug, H: Key> Debug for Tree<T, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nodes = self.roots().flat_map(|root| self.preorder(root));
        let entry = |node| (node, (self.parent(node), &self[node]));
        f.debug_map().entries(nodes.map(entry)).finish()
    }
}

impl<T, H: Key> Index<H> for Tree<T, H> {
    type Output = T;

    /// # Panics
    ///
    /// If the node was removed, or the handle is of another forest.
    #[inline]
    #[track_caller]
    fn index(&self, node: H) -> &T {
        &self.slab[node]
    }
}

impl<T, H: Key> IndexMut<H> for Tree<T, H> {
    /// # Panics
    ///
    /// If the node was removed, or the handle is of another forest.
    #[inline]
    #[track_caller]
    fn index_mut(&mut self, node: H) -> &mut T {
        &mut self.slab[node]
    }
}

impl<T: HeapSize, H: Key> HeapSize for Tree<T, H> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.slab.visit(visitor);
        let links = Block::array::<Links<LinkOf<H>>>(self.links.capacity(), self.len());
        visitor.block(links.at(self.links.as_ptr()));
    }

    fn owns_heap() -> bool {
        true
    }
}
