//! The visitor, which values tell of what they own.
//!
//! # Depth
//!
//! `visit` calls itself through `field`, so a long list of boxes would overflow the stack. Where
//! the nesting reaches [`DEPTH`], a part is not visited but put on the list of pending ones, as a
//! reference that lives as long as the walk (which is what the lifetime of `visit` is for);
//! [`Visitor::finish`] takes from that list with a stack that is shallow again. A balanced
//! structure never gets there, and the list is not allocated.

use alloc::vec::Vec;
use core::any::type_name;
use core::fmt;

use hashbrown::HashSet;

use super::{Block, DeepSize, Event, HeapSize, Place};

/// Nested parts visited on the stack. An unoptimised build takes up to about a kilobyte for each.
const DEPTH: usize = 64;

type Observer<'v> = dyn FnMut(Event<'_>) + 'v;

/// Counts what a value tells of: its heap blocks, and the fields and elements that may own more.
///
/// Only [`HeapSize::visit`] has to do with it; to weigh a value, call
/// [`deep_size`](super::deep_size) or [`walk`](super::walk).
pub struct Visitor<'v> {
    tally: &'v mut Tally,
    observer: Option<&'v mut Observer<'v>>,
    pending: Vec<Pending<'v>>,
    depth: usize,
    /// Whether the open node was reached through a shared block.
    shared: bool,
}

#[derive(Default)]
struct Tally {
    size: DeepSize,
    /// The addresses of the shared blocks that have been met.
    seen: HashSet<usize>,
    /// How many nodes were entered.
    nodes: usize,
}

struct Pending<'v> {
    value: &'v dyn HeapSize,
    /// The number of its node, for an observer.
    node: usize,
    shared: bool,
}

pub(super) fn run<T: HeapSize + ?Sized>(
    value: &T,
    observer: Option<&mut Observer<'_>>,
) -> DeepSize {
    let mut tally = Tally::default();
    tally.size.inline = size_of_val(value);
    let mut visitor = Visitor {
        tally: &mut tally,
        observer: observer.map(|observer| observer as _),
        pending: Vec::new(),
        depth: 0,
        shared: false,
    };
    if visitor.observer.is_some() {
        visitor.enter(Place::Root, type_name::<T>(), size_of_val(value));
    }
    value.visit(&mut visitor);
    visitor.tell(Event::Leave);
    visitor.finish();
    tally.size
}

impl<'v> Visitor<'v> {
    /// Tells of a block of heap memory, or of several of a kind.
    #[inline]
    pub fn block(&mut self, block: Block) {
        if block.requested() != 0 {
            self.count(&block);
            self.tell(Event::Block(block));
        }
    }

    /// Tells of a block that has several owners, and of its contents if the walk has not met the
    /// block before.
    ///
    /// `address` is what all owners have in common. It has to lie within the block, so that no
    /// other block has the same.
    ///
    /// ```
    /// use pennyweight::size::{Block, HeapSize, Visitor, deep_size};
    /// use std::sync::Arc;
    ///
    /// /// An `Arc` under another name.
    /// struct Handle(Arc<String>);
    ///
    /// impl HeapSize for Handle {
    ///     fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
    ///         let block = Block::new(2 * size_of::<usize>() + size_of::<String>());
    ///         visitor.shared(Arc::as_ptr(&self.0), block, |visitor| {
    ///             visitor.field("text", &*self.0);
    ///         });
    ///     }
    /// }
    ///
    /// let text = Arc::new(String::from("shared"));
    /// let size = deep_size(&[Handle(text.clone()), Handle(text)]);
    /// assert_eq!(size.heap, 2 * size_of::<usize>() + size_of::<String>() + 6);
    /// assert_eq!((size.shared, size.blocks), (size.heap, 2));
    /// ```
    pub fn shared<A: ?Sized>(
        &mut self,
        address: *const A,
        block: Block,
        contents: impl FnOnce(&mut Self),
    ) {
        let block = block.at(address);
        let first = self.tally.seen.insert(address.addr());
        let outside = core::mem::replace(&mut self.shared, true);
        if first {
            self.count(&block);
        }
        self.tell(Event::Shared { block, first });
        if first {
            contents(self);
        }
        self.shared = outside;
    }

    /// Tells of a field. Where its type owns no heap memory, this does nothing unless the walk is
    /// observed.
    #[inline]
    pub fn field<T: HeapSize>(&mut self, name: &str, value: &'v T) {
        self.part(Place::Field(name), value);
    }

    /// Tells of the elements of a collection, in order. Where their type owns no heap memory, they
    /// are not iterated over unless the walk is observed.
    #[inline]
    pub fn elements<T: HeapSize + 'v>(&mut self, elements: impl IntoIterator<Item = &'v T>) {
        if T::owns_heap() || self.observer.is_some() {
            for (i, element) in elements.into_iter().enumerate() {
                self.part(Place::Element(i), element);
            }
        }
    }

    /// Tells of the entries of a map, in order, as [`elements`](Self::elements) does of elements.
    #[inline]
    pub fn entries<K: HeapSize + 'v, V: HeapSize + 'v>(
        &mut self,
        entries: impl IntoIterator<Item = (&'v K, &'v V)>,
    ) {
        if K::owns_heap() || V::owns_heap() || self.observer.is_some() {
            for (i, (key, value)) in entries.into_iter().enumerate() {
                self.part(Place::Key(i), key);
                self.part(Place::Value(i), value);
            }
        }
    }

    /// Visits a value that can be lent only during this call, such as what a lock holds.
    ///
    /// All that the value owns is visited before this returns, so that a chain of such values nests
    /// on the stack.
    pub fn lent<T: HeapSize + ?Sized>(&mut self, value: &T) {
        let mut visitor = Visitor {
            tally: self.tally,
            observer: self.observer.as_mut().map(|observer| &mut **observer as _),
            pending: Vec::new(),
            depth: self.depth,
            shared: self.shared,
        };
        value.visit(&mut visitor);
        visitor.finish();
    }

    /// Tells that the value may own memory that cannot be looked at now.
    pub fn unseen(&mut self) {
        self.tally.size.unseen += 1;
        self.tell(Event::Unseen);
    }

    #[inline]
    fn part<T: HeapSize>(&mut self, place: Place<'_>, value: &'v T) {
        if self.observer.is_some() {
            self.observed_part(place, value);
        } else if T::owns_heap() {
            self.descend(value, 0);
        }
    }

    fn observed_part<T: HeapSize>(&mut self, place: Place<'_>, value: &'v T) {
        let node = self.enter(place, type_name::<T>(), size_of::<T>());
        if T::owns_heap() {
            self.descend(value, node);
        }
        self.tell(Event::Leave);
    }

    fn descend<T: HeapSize>(&mut self, value: &'v T, node: usize) {
        if self.depth < DEPTH {
            self.depth += 1;
            value.visit(self);
            self.depth -= 1;
        } else {
            self.pending.push(Pending { value, node, shared: self.shared });
        }
    }

    /// Visits what was put aside, and what is put aside meanwhile.
    fn finish(&mut self) {
        while let Some(Pending { value, node, shared }) = self.pending.pop() {
            self.shared = shared;
            self.tell(Event::Resume { node });
            value.visit(self);
            self.tell(Event::Leave);
        }
    }

    fn enter(&mut self, place: Place<'_>, type_name: &'static str, inline: usize) -> usize {
        let node = self.tally.nodes;
        self.tally.nodes += 1;
        self.tell(Event::Enter { node, place, type_name, inline });
        node
    }

    #[inline]
    fn count(&mut self, block: &Block) {
        let size = &mut self.tally.size;
        let bytes = block.requested();
        size.heap = size.heap.saturating_add(bytes);
        size.slack = size.slack.saturating_add(block.slack());
        size.blocks = size.blocks.saturating_add(block.count());
        if self.shared {
            size.shared = size.shared.saturating_add(bytes);
        }
        if !block.is_exact() {
            size.estimated = size.estimated.saturating_add(bytes);
        }
    }

    #[inline]
    fn tell(&mut self, event: Event<'_>) {
        if let Some(observer) = &mut self.observer {
            observer(event);
        }
    }
}

impl fmt::Debug for Visitor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Visitor").field("size", &self.tally.size).finish_non_exhaustive()
    }
}
