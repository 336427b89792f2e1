//! A column as Arrow lays it out, and who keeps its memory.
#![allow(unsafe_code)]

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use bytemuck::{NoUninit, cast_slice};
use core::fmt;
use core::panic::RefUnwindSafe;
use core::ptr::NonNull;

/// What keeps memory: records, or a vector.
pub trait Owner: Send + Sync + RefUnwindSafe {}

impl<T: Send + Sync + RefUnwindSafe> Owner for T {}

/// Bytes that stay where they are, and as they are, as long as this is there.
pub(in crate::record) struct Bytes {
    /// Invariant: `len` initialised bytes, aligned as the values in them, which nobody changes as long as the owner is there.
    start: NonNull<u8>,
    len: usize,
    #[cfg_attr(not(feature = "arrow"), expect(dead_code, reason = "dropped with the bytes"))]
    owner: Arc<dyn Owner>,
}

/// How a column is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Values, one behind the other. This and others by their names in Arrow's C data interface.
    Number(&'static str),
    /// A bit each.
    Bool,
    /// Offsets of 32 bits, and text.
    Text,
    /// Offsets of 64 bits, and text.
    LargeText,
    /// Columns of a record within the record.
    Struct,
}

/// A column of a record.
#[derive(Debug)]
pub struct Column {
    pub(in crate::record) name: Box<str>,
    pub(in crate::record) kind: Kind,
    pub(in crate::record) nullable: bool,
    pub(in crate::record) len: usize,
    pub(in crate::record) null_count: usize,
    /// A bit for each value, if any is null.
    pub(in crate::record) validity: Option<Bytes>,
    /// The others: values, or offsets and text.
    pub(in crate::record) buffers: Vec<Bytes>,
    pub(in crate::record) children: Vec<Column>,
    /// What the values are the numbers of.
    pub(in crate::record) dictionary: Option<Box<Column>>,
}

// SAFETY: the bytes are only read, and the owner can be dropped by any thread.
unsafe impl Send for Bytes {}
// SAFETY: as above.
unsafe impl Sync for Bytes {}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.len)
    }
}

impl Bytes {
    /// The bytes of values that lie in memory of `owner`.
    ///
    /// # Safety
    ///
    /// The values stay where they are, and as they are, as long as the owner is there.
    pub(super) unsafe fn lent<T: NoUninit>(values: &[T], owner: Arc<dyn Owner>) -> Self {
        let bytes: &[u8] = cast_slice(values);
        Self { start: NonNull::from(bytes).cast(), len: bytes.len(), owner }
    }

    /// The bytes of a vector.
    pub(super) fn of<T: NoUninit + Send + Sync + RefUnwindSafe>(values: Vec<T>) -> Self {
        let owner = Arc::new(values);
        let bytes: &[u8] = cast_slice(&owner);
        let (start, len) = (NonNull::from(bytes).cast(), bytes.len());
        // The vector's own memory does not move with it, and nobody else has the vector.
        Self { start, len, owner }
    }

    pub(super) fn start(&self) -> NonNull<u8> {
        self.start
    }

    #[cfg(feature = "arrow")]
    pub(in crate::record) fn into_buffer(self) -> arrow_buffer::Buffer {
        let Self { start, len, owner } = self;
        // SAFETY: the bytes are there as long as the owner (invariant of `start`).
        unsafe { arrow_buffer::Buffer::from_custom_allocation(start, len, Arc::new(owner)) }
    }
}

impl Column {
    /// A column of `len` values without nulls, and without a name.
    pub(super) fn new(kind: Kind, len: usize, buffers: Vec<Bytes>) -> Self {
        Self {
            name: Box::default(),
            kind,
            nullable: false,
            len,
            null_count: 0,
            validity: None,
            buffers,
            children: Vec::new(),
            dictionary: None,
        }
    }
}
