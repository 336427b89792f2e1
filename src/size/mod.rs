//! The deep size of a value: every heap byte that it owns, however deep, counted exactly.
//!
//! `size_of_val` sees a `Vec<String>` as three words. [`deep_size`] follows it: the vector's block
//! with its spare capacity, the block of each string, and what is shared through `Rc` and `Arc`
//! once.
//!
//! ```
//! use pennyweight::size::{HeapSize, deep_size};
//!
//! let words = vec![String::from("heap"), String::from("bytes")];
//! assert_eq!(words.heap_bytes(), 2 * size_of::<String>() + 4 + 5);
//!
//! let size = deep_size(&words);
//! assert_eq!((size.inline, size.blocks), (size_of::<Vec<String>>(), 3));
//! assert!(size.is_exact());
//! ```
//!
//! Bytes are those *requested* of the allocator. What the allocator adds on its own side (rounding
//! to a size class, headers) depends on the allocator and is not in them.
//!
//! # The walk
//!
//! [`HeapSize::visit`] tells a [`Visitor`] of blocks, fields and elements; what comes of it is the
//! visitor's affair. [`deep_size`] sums. [`walk`] sums too and hands out every step as an
//! [`Event`], with the names of fields, the types, and the addresses of blocks: enough to print a
//! tree, to list the largest slack, or to count the owners of shared blocks, in code outside this
//! crate.
//!
//! The walk of a plain list or tree, one million nodes deep, does not overflow the stack: past a
//! depth of some dozens, [`Visitor::field`] and its siblings put the part aside and come back to it
//! when the stack is shallow again. The exception is a chain through locks and `RefCell`s: what
//! they hold is lent only while the guard lives, so the walk must nest as deep as the chain.
//!
//! # Exact, estimated, unseen
//!
//! Most sizes follow from a type's public interface and are exact. A standard `HashMap` that has
//! seen removals, for one, hides how large its table is; its block is then *estimated*, and
//! [`DeepSize::estimated`] says how many bytes are. Where nothing at all can be said (a lock that
//! someone holds, a `RefCell` mutably borrowed, an emptied `BTreeMap` that may keep one node) the
//! place is counted in [`DeepSize::unseen`]. [`DeepSize::is_exact`] tells that there was neither.
//!
//! # What is not counted
//!
//! Memory that is borrowed (`&T`, `Cow::Borrowed`), memory behind raw pointers (which have no impl:
//! say in an impl of your own what they own), hashers, and blocks that an operating system's lock
//! may allocate for itself.

mod block;
mod deep_size;
mod event;
mod visitor;

mod impls;

pub use block::Block;
pub use deep_size::{DeepSize, deep_size, walk};
pub use event::{Event, Place};
pub use visitor::Visitor;

/// Derives the trait of the same name.
///
/// ```
/// use pennyweight::size::{Event, HeapSize, Place, walk};
/// use std::fs::File;
///
/// #[derive(HeapSize)]
/// struct Log<M> {
///     lines: Vec<Line<M>>,
///     #[heap_size(skip)]
///     file: Option<File>,
/// }
///
/// #[derive(HeapSize)]
/// enum Line<M> {
///     Message { text: String, meta: M },
///     Rotated,
/// }
///
/// let line = Line::Message { text: String::from("started"), meta: 7u32 };
/// let log = Log { lines: vec![line, Line::Rotated], file: None };
/// assert_eq!(log.heap_bytes(), 2 * size_of::<Line<u32>>() + 7);
///
/// let mut names = Vec::new();
/// walk(&log, |event| {
///     if let Event::Enter { place: Place::Field(name), .. } = event {
///         names.push(name.to_owned());
///     }
/// });
/// assert_eq!(names, ["lines", "Message.text", "Message.meta"]);
/// ```
#[cfg(feature = "derive")]
pub use pennyweight_derive::HeapSize;

/// A value that can tell how much heap memory it owns.
///
/// Derive it for types made of other types. Write it by hand for a type that owns memory through
/// raw pointers, or whose fields cannot all be asked:
///
/// ```
/// use pennyweight::size::{Block, HeapSize, Visitor};
///
/// struct Buffer {
///     ptr: *mut u32,
///     capacity: usize,
///     len: usize,
/// }
///
/// impl HeapSize for Buffer {
///     fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
///         visitor.block(Block::array::<u32>(self.capacity, self.len).at(self.ptr));
///     }
///
///     // `Buffer` has no `Drop` here, from which the default would conclude that it owns nothing.
///     fn owns_heap() -> bool {
///         true
///     }
/// }
/// # let buffer = Buffer { ptr: core::ptr::null_mut(), capacity: 8, len: 6 };
/// # let size = pennyweight::size::deep_size(&buffer);
/// # assert_eq!((size.heap, size.slack), (32, 8));
/// ```
///
/// The trait can be made into an object: with `trait Shape: HeapSize`, a `Vec<Box<dyn Shape>>` has
/// a deep size.
#[diagnostic::on_unimplemented(
    message = "the heap bytes of `{Self}` cannot be counted",
    label = "`{Self}` does not implement `HeapSize`",
    note = "derive `HeapSize` for the type, or put `#[heap_size(skip)]` on a field that owns no heap memory"
)]
pub trait HeapSize {
    /// Tells the visitor of every heap block that this value owns, and of the fields and elements
    /// that may own more.
    ///
    /// The value's own inline bytes are its owner's affair and are not told of.
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>);

    /// Whether a value of this type may own heap memory. Where it says `false` (`u64`, `[f32; 3]`),
    /// values are visited only
    /// for an observer ([`walk`]), and a collection of them is counted without a walk.
    ///
    /// By default a type owns no heap memory if dropping it does nothing.
    #[must_use]
    fn owns_heap() -> bool
    where
        Self: Sized,
    {
        core::mem::needs_drop::<Self>()
    }

    /// The heap bytes that this value owns, however deep, as requested from the allocator. A block
    /// that is reached several times through `Rc` or `Arc` counts once.
    ///
    /// [`deep_size`] tells more, such as whether the figure is exact.
    #[must_use]
    fn heap_bytes(&self) -> usize {
        deep_size(self).heap
    }
}
