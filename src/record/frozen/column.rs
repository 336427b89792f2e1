//! What frozen columns of all types do, and what they are called.

use crate::array::{Buffer, Encoding, LoadBuffer};
use crate::raw::ImageError;
use crate::raw::image::{Parts, Sections};
use crate::size::Visitor;
use core::fmt;

/// A column of frozen records, whatever it holds.
pub trait FrozenColumn {
    /// The number of rows.
    fn rows(&self) -> usize;

    /// The bytes on the heap.
    fn heap_bytes(&self) -> usize;

    /// How the rows are stored: of strings by their codes, how these are.
    fn encoding(&self) -> Encoding;

    /// Tells a visitor what is on the heap.
    fn visit<'v>(&'v self, name: &str, visitor: &mut Visitor<'v>);

    /// Puts the column down in an image.
    fn store<'s>(&'s self, image: &mut Sections<'s>);

    /// Panics unless the invariants of the column hold.
    fn check_invariants(&self);
}

/// All of a [`FrozenColumn`] but how it is put down, by the methods that the column has itself.
macro_rules! as_inherent {
    () => {
        fn rows(&self) -> usize {
            self.len()
        }

        fn heap_bytes(&self) -> usize {
            self.heap_bytes()
        }

        fn encoding(&self) -> $crate::array::Encoding {
            self.encoding()
        }

        fn visit<'v>(&'v self, name: &str, visitor: &mut $crate::size::Visitor<'v>) {
            visitor.field(name, self);
        }

        fn check_invariants(&self) {
            self.check_invariants();
        }
    };
}
pub(super) use as_inherent;

/// What a field holds, as frozen columns have it.
pub trait Family {
    /// What images call it.
    const TYPE: Type;

    /// The column, with its words where `W` says.
    type Column<W: Buffer<u8>>: FrozenColumn;

    /// What a row gives.
    type Get<'a>: Copy + fmt::Debug;

    /// The value of a row. Panics where there is none.
    fn get<W: Buffer<u8>>(column: &Self::Column<W>, index: usize) -> Self::Get<'_>;

    /// Takes a column from an image.
    fn load<'a, W: LoadBuffer<'a, u8>>(
        parts: &mut Parts<'a>,
    ) -> Result<Self::Column<W>, ImageError>;
}

/// What images call the type of a field, such as `Option<i16>`: part of the format.
#[derive(Clone, Copy, Debug)]
pub struct Type {
    pub(super) name: &'static str,
    pub(super) nullable: bool,
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, nullable } = self;
        if *nullable { write!(f, "Option<{name}>") } else { f.write_str(name) }
    }
}

/// The name of a column, behind those of the fields that it is nested in.
#[derive(Clone, Copy, Debug)]
pub struct Name<'n> {
    within: Option<&'n Name<'n>>,
    name: &'static str,
}

/// The names of fields next to one another.
#[derive(Clone, Copy, Debug)]
pub struct Names<'n> {
    within: Option<&'n Name<'n>>,
    names: &'static [&'static str],
}

impl<'n> Names<'n> {
    /// The names of the fields of a record.
    pub(super) fn of(names: &'static [&'static str], within: Option<&'n Name<'n>>) -> Self {
        Self { within, names }
    }

    /// The names of the first fields, and of the others.
    pub(super) fn split_at(self, fields: usize) -> (Self, Self) {
        let (first, second) = self.names.split_at(fields);
        (Self { names: first, ..self }, Self { names: second, ..self })
    }

    /// The name of the only one.
    pub(super) fn only(self) -> Name<'n> {
        Name { within: self.within, name: self.names[0] }
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(within) = self.within {
            write!(f, "{within}.")?;
        }
        f.write_str(self.name)
    }
}
