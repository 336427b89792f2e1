//! The names of columns.

use super::row::Row;
use crate::size::{HeapSize, Visitor};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

/// The first row of an input, which names its columns: a copy of its own. Empty if there was none.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers {
    names: Box<[u8]>,
    /// Where each name ends. Invariant: they rise, and none is above `names.len()`.
    ends: Box<[u32]>,
}

impl Headers {
    pub(super) fn new(row: Row<'_>) -> Self {
        let mut names = Vec::with_capacity(row.iter().map(<[u8]>::len).sum());
        let ends = row.iter().map(|name| {
            names.extend_from_slice(name);
            names.len() as u32
        });
        let ends = ends.collect();
        Self { names: names.into(), ends }
    }

    /// How many columns have a name.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no header.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The name of a column.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&[u8]> {
        let end = *self.ends.get(index)? as usize;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        Some(&self.names[start..end])
    }

    /// The index of the first column of this name, which is compared byte by byte. Goes through all.
    #[must_use]
    pub fn position(&self, name: impl AsRef<[u8]>) -> Option<usize> {
        let name = name.as_ref();
        self.iter().position(|found| found == name)
    }

    /// The names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        (0..self.len()).map(|index| self.get(index).unwrap_or_default())
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(alloc::string::String::from_utf8_lossy)).finish()
    }
}

impl HeapSize for Headers {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("names", &self.names);
        visitor.field("ends", &self.ends);
    }
}
