//! The steps of a walk, as its observer sees them.

use super::Block;

/// One step of a [`walk`](super::walk).
///
/// A walk visits *nodes*: the value itself, its fields, the elements of its collections, their
/// fields. Nodes are numbered from zero as they are entered. `Enter` or `Resume` opens a node,
/// `Leave` closes the one opened last, and blocks belong to the node that is open. What a `Box`, an
/// `Rc` or a `Vec` points to is part of the node of the pointer.
///
/// Most nodes are opened once. One that is very deep is entered and left at once, and resumed
/// later, when the stack is shallow again; an observer that keeps its own record of each node, by
/// number, need not care:
///
/// ```
/// use pennyweight::size::{Event, walk};
///
/// let value = (vec![String::from("ab"), String::from("c")], 7u8);
/// let mut heap = Vec::new(); // by node: the bytes of its own blocks
/// let mut open = Vec::new();
/// let size = walk(&value, |event| match event {
///     Event::Enter { node, .. } => {
///         assert_eq!(node, heap.len());
///         heap.push(0);
///         open.push(node);
///     }
///     Event::Resume { node } => open.push(node),
///     Event::Block(block) | Event::Shared { block, first: true, .. } => {
///         heap[*open.last().unwrap()] += block.requested();
///     }
///     Event::Leave => drop(open.pop()),
///     _ => {}
/// });
/// // The pair, its field `0` with two elements, its field `1`.
/// assert_eq!(heap, [0, 2 * size_of::<String>(), 2, 1, 0]);
/// assert_eq!(size.heap, heap.iter().sum());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<'e> {
    /// Opens a new node.
    #[non_exhaustive]
    Enter {
        /// The node's number.
        node: usize,
        /// Where in the open node it lies.
        place: Place<'e>,
        /// Its type, as `core::any::type_name` has it.
        type_name: &'static str,
        /// Its inline bytes, which lie within those of the open node or within one of that node's
        /// blocks.
        inline: usize,
    },
    /// Opens again a node that was left before its parts were visited.
    Resume {
        /// The node's number.
        node: usize,
    },
    /// A block that the open node owns.
    Block(Block),
    /// A block that the open node owns together with others, such as an `Rc`'s.
    #[non_exhaustive]
    Shared {
        /// The block; its address is what its owners have in common.
        block: Block,
        /// Whether the walk meets the block for the first time. Only then does it count, and its
        /// contents are visited.
        first: bool,
    },
    /// The open node may own memory that could not be looked at.
    Unseen,
    /// Closes the node opened last.
    Leave,
}

/// Where a node of a walk lies in the node around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place<'e> {
    /// It is the value that was given to [`walk`](super::walk).
    Root,
    /// It is a field of this name; the field of an enum is `Variant.name`, that of a tuple is its
    /// number.
    Field(&'e str),
    /// It is the element of this position, in the order of the collection's iterator.
    Element(usize),
    /// It is the key of the entry of this position.
    Key(usize),
    /// It is the value of the entry of this position.
    Value(usize),
}
