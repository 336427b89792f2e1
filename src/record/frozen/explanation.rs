//! What frozen columns take.

use crate::array::Encoding;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// How the columns of frozen records are stored, and in how many bytes: by [`Frozen::explain`](super::Frozen::explain).
///
/// Displays as a table of the columns, with the bytes and the bits a row of each.
#[derive(Clone, Debug, PartialEq)]
pub struct FrozenExplanation {
    pub(super) rows: usize,
    pub(super) columns: Vec<ColumnSize>,
}

/// How a frozen column is stored.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ColumnSize {
    /// The name of the field, behind those of the fields that it is nested in: `at.x`.
    pub name: String,
    /// What the column holds, as images say it: `Option<i16>`, `dict`.
    pub ty: String,
    /// How the rows are stored: of strings by their codes, how these are.
    pub encoding: Encoding,
    /// The bytes on the heap, dictionaries among them.
    pub bytes: usize,
}

impl FrozenExplanation {
    /// The columns, in the order of the fields.
    pub fn columns(&self) -> impl ExactSizeIterator<Item = &ColumnSize> {
        self.columns.iter()
    }

    /// The bytes of all columns.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.columns.iter().map(|column| column.bytes).sum()
    }
}

impl fmt::Display for FrozenExplanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = |bytes: usize| bytes as f64 * 8.0 / self.rows.max(1) as f64;
        let bytes = self.bytes();
        writeln!(f, "{} rows in {bytes} bytes, {:.2} bits a row", self.rows, bits(bytes))?;
        let width = self.columns.iter().map(|column| column.name.chars().count()).max();
        for ColumnSize { name, ty, encoding, bytes } in &self.columns {
            let (width, bits) = (width.unwrap_or(0), bits(*bytes));
            writeln!(f, "{name:<width$} {ty:<13} {bytes:>10} {bits:>7.2}  {encoding}")?;
        }
        Ok(())
    }
}
