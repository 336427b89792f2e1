//! How nodes lie beside one another.

use super::Tree;
use crate::pool::slab::{Key, Link, LinkOf};

/// The links of a node, without an alignment, so that four of three bytes are twelve.
#[derive(Clone, Copy, Debug)]
pub(super) struct Links<L> {
    pub(super) parent: L,
    pub(super) first_child: L,
    /// The next child of the parent, or the next root.
    pub(super) next: L,
    /// The previous child of the parent, or the previous root; of the first one, the last one. So the last one is found without a link of
    /// its own.
    pub(super) previous: L,
}

impl<L: Link> Links<L> {
    pub(super) const NONE: Self =
        Self { parent: L::NONE, first_child: L::NONE, next: L::NONE, previous: L::NONE };

    pub(super) fn map(self, link: impl Fn(L) -> L) -> Self {
        Self {
            parent: link(self.parent),
            first_child: link(self.first_child),
            next: link(self.next),
            previous: link(self.previous),
        }
    }
}

/// Where a node is to be: below which one, if any, and before which one, if any.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<L> {
    pub(super) parent: L,
    pub(super) before: L,
}

/// Nodes by their links. All of them are links to nodes that are there, or to none where that is said.
impl<T, H: Key> Tree<T, H> {
    pub(super) fn links(&self, node: LinkOf<H>) -> &Links<LinkOf<H>> {
        &self.links[node.index()]
    }

    fn links_mut(&mut self, node: LinkOf<H>) -> &mut Links<LinkOf<H>> {
        &mut self.links[node.index()]
    }

    /// The first child of a node, or the first root where there is none.
    pub(super) fn first_of(&self, parent: LinkOf<H>) -> LinkOf<H> {
        if parent == Link::NONE { self.first_root } else { self.links(parent).first_child }
    }

    fn set_first_of(&mut self, parent: LinkOf<H>, first: LinkOf<H>) {
        if parent == Link::NONE {
            self.first_root = first;
        } else {
            self.links_mut(parent).first_child = first;
        }
    }

    /// The last child of a node, or the last root where there is none.
    pub(super) fn last_of(&self, parent: LinkOf<H>) -> LinkOf<H> {
        let first = self.first_of(parent);
        if first == Link::NONE { first } else { self.links(first).previous }
    }

    /// Puts a node, which is nowhere, in its place.
    pub(super) fn attach(&mut self, node: LinkOf<H>, place: Place<LinkOf<H>>) {
        let Place { parent, before } = place;
        let first = self.first_of(parent);
        let previous =
            if before == Link::NONE { self.last_of(parent) } else { self.links(before).previous };
        if first == before {
            // It is the first one; the only one if there is none behind it.
            self.set_first_of(parent, node);
        } else {
            self.links_mut(previous).next = node;
        }
        // The first one links to the last one.
        let behind = if before == Link::NONE && first != Link::NONE { first } else { before };
        let alone = behind == Link::NONE;
        if !alone {
            self.links_mut(behind).previous = node;
        }
        let links = self.links_mut(node);
        links.parent = parent;
        links.next = before;
        links.previous = if alone { node } else { previous };
    }

    /// Takes a node from its place. Its children stay with it.
    pub(super) fn take_away(&mut self, node: LinkOf<H>) {
        let Links { parent, next, previous, .. } = *self.links(node);
        let first = self.first_of(parent);
        if first == node {
            self.set_first_of(parent, next);
        } else {
            self.links_mut(previous).next = next;
        }
        // Behind the last one comes the first one, unless it was the only one.
        let behind = if next == Link::NONE { first } else { next };
        if behind != node {
            self.links_mut(behind).previous = previous;
        }
    }
}
