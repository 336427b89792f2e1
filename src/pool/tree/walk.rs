//! From node to node.

use super::Tree;
use super::links::Links;
use crate::pool::slab::{Key, Link, LinkOf, no_value};
use core::fmt::{self, Debug};
use core::iter::{self, FusedIterator};

/// The parents of a node, from its own to the root.
pub struct Ancestors<'a, T, H: Key> {
    tree: &'a Tree<T, H>,
    next: LinkOf<H>,
}

/// The children of a node, or the roots, in their order.
pub struct Children<'a, T, H: Key> {
    tree: &'a Tree<T, H>,
    /// The first and the last that are left; none and none if none are.
    first: LinkOf<H>,
    last: LinkOf<H>,
}

/// The other children of a node's parent, in their order.
pub struct Siblings<'a, T, H: Key> {
    children: Children<'a, T, H>,
    but: LinkOf<H>,
}

/// A node and its descendants, each before its children.
pub struct Preorder<'a, T, H: Key> {
    tree: &'a Tree<T, H>,
    root: LinkOf<H>,
    next: LinkOf<H>,
}

/// A node and its descendants, each behind its children.
pub struct Postorder<'a, T, H: Key> {
    tree: &'a Tree<T, H>,
    root: LinkOf<H>,
    next: LinkOf<H>,
}

impl<T, H: Key> Tree<T, H> {
    /// The parent of a node, or `None` of a root.
    ///
    /// # Panics
    ///
    /// If the node was removed.
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn parent(&self, node: H) -> Option<H> {
        self.some(self.links(self.linked(node)).parent)
    }

    /// The first child of a node.
    ///
    /// # Panics
    ///
    /// If the node was removed.
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn first_child(&self, node: H) -> Option<H> {
        self.some(self.links(self.linked(node)).first_child)
    }

    /// The last child of a node.
    ///
    /// # Panics
    ///
    /// If the node was removed.
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn last_child(&self, node: H) -> Option<H> {
        self.some(self.last_of(self.linked(node)))
    }

    /// The next child of a node's parent; of a root, the next root.
    ///
    /// # Panics
    ///
    /// If the node was removed.
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn next_sibling(&self, node: H) -> Option<H> {
        self.some(self.links(self.linked(node)).next)
    }

    /// The previous child of a node's parent; of a root, the previous root.
    ///
    /// # Panics
    ///
    /// If the node was removed.
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn previous_sibling(&self, node: H) -> Option<H> {
        let node = self.linked(node);
        let links = self.links(node);
        if self.first_of(links.parent) == node { None } else { self.some(links.previous) }
    }

    /// The nodes without parents, in their order.
    #[must_use]
    pub fn roots(&self) -> Children<'_, T, H> {
        self.children_of(Link::NONE)
    }

    /// The children of a node, in their order.
    ///
    /// # Panics
    ///
    /// If the node was removed.
    #[must_use]
    #[track_caller]
    pub fn children(&self, node: H) -> Children<'_, T, H> {
        self.children_of(self.linked(node))
    }

    pub(super) fn children_of(&self, parent: LinkOf<H>) -> Children<'_, T, H> {
        Children { tree: self, first: self.first_of(parent), last: self.last_of(parent) }
    }

    /// The other children of a node's parent, in their order; of a root, the other roots.
    ///
    /// # Panics
    ///
    /// If the node was removed.
    #[must_use]
    #[track_caller]
    pub fn siblings(&self, node: H) -> Siblings<'_, T, H> {
        let but = self.linked(node);
        Siblings { children: self.children_of(self.links(but).parent), but }
    }

    /// The children of a node's parent before the node, in their order; of a root, the roots before it.
    ///
    /// # Panics
    ///
    /// If the node was removed.
    #[must_use]
    #[track_caller]
    pub fn preceding_siblings(&self, node: H) -> Children<'_, T, H> {
        let node = self.linked(node);
        let links = self.links(node);
        let first = self.first_of(links.parent);
        if first == node {
            return Children { tree: self, first: Link::NONE, last: Link::NONE };
        }
        Children { tree: self, first, last: links.previous }
    }

    /// The children of a node's parent behind the node, in their order; of a root, the roots behind it.
    ///
    /// # Panics
    ///
    /// If the node was removed.
    #[must_use]
    #[track_caller]
    pub fn following_siblings(&self, node: H) -> Children<'_, T, H> {
        let Links { parent, next, .. } = *self.links(self.linked(node));
        let last = if next == Link::NONE { next } else { self.last_of(parent) };
        Children { tree: self, first: next, last }
    }

    /// How many parents are above a node: 0 of a root.
    ///
    /// Computes in **O(depth)** time.
    ///
    /// # Panics
    ///
    /// If the node was removed.
    #[must_use]
    #[track_caller]
    pub fn depth(&self, node: H) -> usize {
        self.above(self.linked(node)).count()
    }

    /// Whether a node is the parent of another one, or of its parent, and so on. No node is above itself.
    ///
    /// Computes in **O(depth)** time.
    ///
    /// # Panics
    ///
    /// If one of the nodes was removed.
    #[must_use]
    #[track_caller]
    pub fn is_ancestor_of(&self, node: H, other: H) -> bool {
        let node = self.linked(node);
        self.above(self.linked(other)).any(|above| above == node)
    }

    fn above(&self, node: LinkOf<H>) -> impl Iterator<Item = LinkOf<H>> {
        let parent = |&node: &LinkOf<H>| {
            let parent = self.links(node).parent;
            (parent != Link::NONE).then_some(parent)
        };
        iter::successors(parent(&node), parent)
    }

    /// The parents of a node, from its own to the root.
    ///
    /// # Panics
    ///
    /// If the node was removed.
    #[must_use]
    #[track_caller]
    pub fn ancestors(&self, node: H) -> Ancestors<'_, T, H> {
        Ancestors { tree: self, next: self.links(self.linked(node)).parent }
    }

    /// A node and its descendants, each before its children.
    ///
    /// # Panics
    ///
    /// If the node was removed.
    #[must_use]
    #[track_caller]
    pub fn preorder(&self, node: H) -> Preorder<'_, T, H> {
        self.preorder_of(self.linked(node))
    }

    pub(super) fn preorder_of(&self, root: LinkOf<H>) -> Preorder<'_, T, H> {
        Preorder { tree: self, root, next: root }
    }

    /// A node and its descendants, each behind its children.
    ///
    /// # Panics
    ///
    /// If the node was removed.
    #[must_use]
    #[track_caller]
    pub fn postorder(&self, node: H) -> Postorder<'_, T, H> {
        let root = self.linked(node);
        Postorder { tree: self, root, next: self.first_leaf(root) }
    }

    /// The first descendant in postorder.
    pub(super) fn first_leaf(&self, mut node: LinkOf<H>) -> LinkOf<H> {
        loop {
            let child = self.links(node).first_child;
            if child == Link::NONE {
                return node;
            }
            node = child;
        }
    }

    /// The link to a node.
    #[inline]
    #[track_caller]
    pub(super) fn linked(&self, node: H) -> LinkOf<H> {
        match self.link(node) {
            Ok(link) => link,
            Err(_) => no_value(node, self.slab.slots()),
        }
    }

    /// The value of a node.
    #[inline]
    pub(super) fn value(&self, link: LinkOf<H>) -> &T {
        let value = self.slab.at(link.index()).and_then(|handle| self.slab.value(handle));
        value.expect("links are to nodes that are there")
    }

    /// The handle of a node.
    #[inline]
    pub(super) fn key(&self, link: LinkOf<H>) -> H {
        self.some(link).expect("links are to nodes that are there")
    }

    /// The handle of a node, or `None` of none.
    #[inline]
    fn some(&self, link: LinkOf<H>) -> Option<H> {
        self.slab.key_at(link.index())
    }
}

impl<T, H: Key> Iterator for Ancestors<'_, T, H> {
    type Item = H;

    #[inline]
    fn next(&mut self) -> Option<H> {
        let node = self.tree.some(self.next)?;
        self.next = self.tree.links(self.next).parent;
        Some(node)
    }
}

impl<T, H: Key> Children<'_, T, H> {
    #[inline]
    pub(super) fn next_link(&mut self) -> Option<LinkOf<H>> {
        let node = self.first;
        if node == self.last {
            (self.first, self.last) = (Link::NONE, Link::NONE);
        } else {
            self.first = self.tree.links(node).next;
        }
        (node != Link::NONE).then_some(node)
    }

    #[inline]
    fn next_link_back(&mut self) -> Option<LinkOf<H>> {
        let node = self.last;
        if node == self.first {
            (self.first, self.last) = (Link::NONE, Link::NONE);
        } else {
            self.last = self.tree.links(node).previous;
        }
        (node != Link::NONE).then_some(node)
    }
}

impl<T, H: Key> Iterator for Children<'_, T, H> {
    type Item = H;

    #[inline]
    fn next(&mut self) -> Option<H> {
        self.next_link().map(|node| self.tree.key(node))
    }
}

impl<T, H: Key> DoubleEndedIterator for Children<'_, T, H> {
    #[inline]
    fn next_back(&mut self) -> Option<H> {
        self.next_link_back().map(|node| self.tree.key(node))
    }
}

impl<T, H: Key> Iterator for Siblings<'_, T, H> {
    type Item = H;

    fn next(&mut self) -> Option<H> {
        let node = self.children.next_link()?;
        if node == self.but { self.children.next() } else { Some(self.children.tree.key(node)) }
    }
}

impl<T, H: Key> DoubleEndedIterator for Siblings<'_, T, H> {
    fn next_back(&mut self) -> Option<H> {
        let node = self.children.next_link_back()?;
        if node == self.but {
            self.children.next_back()
        } else {
            Some(self.children.tree.key(node))
        }
    }
}

impl<T, H: Key> Preorder<'_, T, H> {
    pub(super) fn next_link(&mut self) -> Option<LinkOf<H>> {
        let node = self.next;
        if node == Link::NONE {
            return None;
        }
        let mut links = self.tree.links(node);
        let mut at = node;
        self.next = links.first_child;
        while self.next == Link::NONE && at != self.root {
            self.next = links.next;
            at = links.parent;
            if self.next == Link::NONE {
                links = self.tree.links(at);
            }
        }
        Some(node)
    }
}

impl<T, H: Key> Iterator for Preorder<'_, T, H> {
    type Item = H;

    fn next(&mut self) -> Option<H> {
        self.next_link().map(|node| self.tree.key(node))
    }
}

impl<T, H: Key> Iterator for Postorder<'_, T, H> {
    type Item = H;

    fn next(&mut self) -> Option<H> {
        let node = self.tree.some(self.next)?;
        let links = self.tree.links(self.next);
        self.next = if self.next == self.root {
            Link::NONE
        } else if links.next == Link::NONE {
            links.parent
        } else {
            self.tree.first_leaf(links.next)
        };
        Some(node)
    }
}

macro_rules! walk {
    ($($walk:ident { $($field:ident),* })*) => {$(
        impl<T, H: Key> FusedIterator for $walk<'_, T, H> {}

        impl<T, H: Key> Clone for $walk<'_, T, H> {
            fn clone(&self) -> Self {
                Self { $($field: self.$field.clone()),* }
            }
        }

        impl<T, H: Key> Debug for $walk<'_, T, H> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_list().entries(self.clone()).finish()
            }
        }
    )*};
}

walk! {
    Ancestors { tree, next }
    Children { tree, first, last }
    Siblings { children, but }
    Preorder { tree, root, next }
    Postorder { tree, root, next }
}
