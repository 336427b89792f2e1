//! Nodes that come, move and go.

use super::links::{Links, Place};
use super::{InsertError, SlabError, Tree};
use crate::pool::slab::{Bits, Key, Link, LinkOf};
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt::{self, Debug};
use core::iter;

/// Where in a forest a node is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Position<H> {
    /// Before all roots.
    FirstRoot,
    /// Behind all roots.
    LastRoot,
    /// Before all other children of a node.
    FirstChild(H),
    /// Behind all other children of a node.
    LastChild(H),
    /// Before a node, with the same parent.
    Before(H),
    /// Behind a node, with the same parent.
    After(H),
}

/// Why a node was not moved. The forest is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveError<H> {
    /// A node was removed before, or is of another forest.
    Stale {
        /// The handle of it.
        node: H,
    },
    /// The node would be below itself.
    Cycle {
        /// The node that was to be moved.
        node: H,
        /// The parent that it was to have, which is the node or one of its descendants.
        parent: H,
    },
}

impl<T, H: Key> Tree<T, H> {
    /// Inserts a node without children.
    ///
    /// # Panics
    ///
    /// Where [`try_insert`](Self::try_insert) has an error.
    #[track_caller]
    pub fn insert(&mut self, position: Position<H>, value: T) -> H {
        match self.try_insert(position, value) {
            Ok(node) => node,
            Err(refused) => refused.error.raise(),
        }
    }

    /// Inserts a node without children.
    ///
    /// # Errors
    ///
    /// If the position names a node that was removed, all handles are in use or used up, or there is no memory for another node. The
    /// value comes back.
    pub fn try_insert(&mut self, position: Position<H>, value: T) -> Result<H, InsertError<T>> {
        let Ok(place) = self.place(position) else {
            return Err(InsertError { value, error: SlabError::Stale });
        };
        if let Err(error) = self.make_room() {
            return Err(InsertError { value, error });
        }
        let (handle, node) = self.slab.fill(|_| value);
        let index = handle.slot();
        if index == self.links.len() {
            self.links.push(Links::NONE);
        } else {
            self.links[index] = Links::NONE;
        }
        self.attach(Link::new(index), place);
        Ok(node)
    }

    /// Makes room for one node and its links.
    #[inline]
    fn make_room(&mut self) -> Result<(), SlabError> {
        self.slab.make_room()?;
        if self.links.len() == self.links.capacity() { self.reserve_links() } else { Ok(()) }
    }

    /// Inserts a root behind all others.
    ///
    /// # Panics
    ///
    /// Where [`try_insert`](Self::try_insert) has an error.
    #[track_caller]
    pub fn insert_root(&mut self, value: T) -> H {
        self.insert(Position::LastRoot, value)
    }

    /// Inserts a child behind all others of a node.
    ///
    /// # Panics
    ///
    /// Where [`try_insert`](Self::try_insert) has an error.
    #[track_caller]
    pub fn append(&mut self, parent: H, value: T) -> H {
        self.insert(Position::LastChild(parent), value)
    }

    /// Inserts a child before all others of a node.
    ///
    /// # Panics
    ///
    /// Where [`try_insert`](Self::try_insert) has an error.
    #[track_caller]
    pub fn prepend(&mut self, parent: H, value: T) -> H {
        self.insert(Position::FirstChild(parent), value)
    }

    /// Inserts a node before another one.
    ///
    /// # Panics
    ///
    /// Where [`try_insert`](Self::try_insert) has an error.
    #[track_caller]
    pub fn insert_before(&mut self, sibling: H, value: T) -> H {
        self.insert(Position::Before(sibling), value)
    }

    /// Inserts a node behind another one.
    ///
    /// # Panics
    ///
    /// Where [`try_insert`](Self::try_insert) has an error.
    #[track_caller]
    pub fn insert_after(&mut self, sibling: H, value: T) -> H {
        self.insert(Position::After(sibling), value)
    }

    /// Moves a node, and its descendants with it.
    ///
    /// Computes in **O(1)** time and a step for each ancestor of its new place.
    ///
    /// # Errors
    ///
    /// If one of the nodes was removed, or the node would be below itself.
    pub fn reparent(&mut self, node: H, position: Position<H>) -> Result<(), MoveError<H>> {
        let link = self.link(node)?;
        let place = self.place(position)?;
        let mut above = place.parent;
        while above != Link::NONE {
            if above == link {
                let parent = self.key(place.parent);
                return Err(MoveError::Cycle { node, parent });
            }
            above = self.links(above).parent;
        }
        // Before itself it stays where it is.
        if place.before != link {
            self.take_away(link);
            self.attach(link, place);
        }
        Ok(())
    }

    /// Makes a node the last root, and keeps its descendants below it.
    ///
    /// # Errors
    ///
    /// If the node was removed.
    pub fn detach(&mut self, node: H) -> Result<(), MoveError<H>> {
        self.reparent(node, Position::LastRoot)
    }

    /// Takes out the value of a node, or gives `None` if it was removed before. Its descendants are dropped, each behind its
    /// children.
    ///
    /// If a drop panics, the nodes that are left stay where they are.
    pub fn remove(&mut self, node: H) -> Option<T> {
        let link = self.link(node).ok()?;
        let mut at = link;
        loop {
            at = self.first_leaf(at);
            if at == link {
                break;
            }
            let parent = self.links(at).parent;
            // Dropped when the tree is whole again.
            drop(self.remove_leaf(at));
            at = parent;
        }
        self.remove_leaf(link)
    }

    /// Takes out the value of one node, or gives `None` if it was removed before. Its children take its place, in their order.
    ///
    /// ```
    /// use pennyweight::pool::Tree;
    ///
    /// let mut tree = Tree::new();
    /// let root = tree.insert_root("root");
    /// let [a, group, d] = ["a", "group", "d"].map(|value| tree.append(root, value));
    /// let [b, c] = ["b", "c"].map(|value| tree.append(group, value));
    ///
    /// assert_eq!(tree.remove_one(group), Some("group"));
    /// assert!(tree.children(root).eq([a, b, c, d]));
    /// ```
    pub fn remove_one(&mut self, node: H) -> Option<T> {
        let link = self.link(node).ok()?;
        let place = Place { parent: self.links(link).parent, before: link };
        loop {
            let child = self.links(link).first_child;
            if child == Link::NONE {
                break;
            }
            self.take_away(child);
            self.attach(child, place);
        }
        self.remove_leaf(link)
    }

    fn remove_leaf(&mut self, leaf: LinkOf<H>) -> Option<T> {
        self.take_away(leaf);
        self.slab.take(self.slab.at(leaf.index())?)
    }

    /// Sorts the children of a node by what a closure says of two values. Those that are equal keep their order.
    ///
    /// If the closure panics, the order is as it was.
    ///
    /// # Panics
    ///
    /// If the node was removed, or there is no memory for a link to each child; and perhaps if the order is not total, as with
    /// [`slice::sort_by`].
    #[track_caller]
    pub fn sort_children_by(&mut self, node: H, order: impl FnMut(&T, &T) -> Ordering) {
        let parent = self.linked(node);
        self.sort_by(parent, order);
    }

    /// Sorts the children of a node by a key of their values. Those that are equal keep their order.
    ///
    /// If the closure panics, the order is as it was.
    ///
    /// # Panics
    ///
    /// If the node was removed, or there is no memory for a link to each child; and perhaps if the order is not total, as with
    /// [`slice::sort_by`].
    #[track_caller]
    pub fn sort_children_by_key<K: Ord>(&mut self, node: H, mut key: impl FnMut(&T) -> K) {
        self.sort_children_by(node, |a, b| key(a).cmp(&key(b)));
    }

    /// Sorts the roots by what a closure says of two values. Those that are equal keep their order.
    ///
    /// If the closure panics, the order is as it was.
    ///
    /// # Panics
    ///
    /// If there is no memory for a link to each root; and perhaps if the order is not total, as with [`slice::sort_by`].
    pub fn sort_roots_by(&mut self, order: impl FnMut(&T, &T) -> Ordering) {
        self.sort_by(Link::NONE, order);
    }

    fn sort_by(&mut self, parent: LinkOf<H>, mut order: impl FnMut(&T, &T) -> Ordering) {
        let mut left = self.children_of(parent);
        let mut children: Vec<LinkOf<H>> = iter::from_fn(|| left.next_link()).collect();
        children.sort_by(|&a, &b| order(self.value(a), self.value(b)));
        for child in children {
            self.take_away(child);
            self.attach(child, Place { parent, before: Link::NONE });
        }
    }

    /// The place that a position names.
    fn place(&self, position: Position<H>) -> Result<Place<LinkOf<H>>, MoveError<H>> {
        let none = LinkOf::<H>::NONE;
        let (parent, before) = match position {
            Position::FirstRoot => (none, self.first_root),
            Position::LastRoot => (none, none),
            Position::FirstChild(parent) => {
                let parent = self.link(parent)?;
                (parent, self.links(parent).first_child)
            }
            Position::LastChild(parent) => (self.link(parent)?, none),
            Position::Before(sibling) => {
                let sibling = self.link(sibling)?;
                (self.links(sibling).parent, sibling)
            }
            Position::After(sibling) => {
                let links = self.links(self.link(sibling)?);
                (links.parent, links.next)
            }
        };
        Ok(Place { parent, before })
    }

    /// The link to a node that is there.
    #[inline]
    pub(super) fn link(&self, node: H) -> Result<LinkOf<H>, MoveError<H>> {
        let handle = node.handle();
        match self.slab.value(handle) {
            Some(_) => Ok(Link::new(handle.slot())),
            None => Err(MoveError::Stale { node }),
        }
    }
}

impl<H: Debug> fmt::Display for MoveError<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stale { node } => write!(f, "{node:?} names no node: it was removed"),
            Self::Cycle { node, parent } => {
                write!(f, "{node:?} cannot be below {parent:?}, which is itself or below it")
            }
        }
    }
}

impl<H: Debug> core::error::Error for MoveError<H> {}
