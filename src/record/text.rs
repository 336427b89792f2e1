//! Strings one behind the other.

use super::validity::{Validity, ValidityBuf};
use crate::array::StrArray;
use crate::size::{HeapSize, Visitor};
use alloc::string::String;
use core::fmt;
use core::marker::PhantomData;
use core::ops::RangeBounds;

mod field;
mod slice;

mod edit;
mod store;

#[cfg(feature = "serde")]
mod serde;

pub use field::{TextField, TextValue};
pub use slice::{TextIter, TextSlice};

/// A growable column of strings that takes their bytes and some 7 bits a row: those of a [`StrArray`], with nulls where `V` can be null.
/// `Vec<String>` takes 24 bytes a row and a block of the allocator's.
///
/// `V` is the field that a struct has: `String` or another [`TextValue`], or an `Option` of one. Rows are lent as `&str`, and as
/// `Option<&str>` where they can be null.
///
/// # When it wins, and when it loses
///
/// It wins where most strings are different, and come one after the other: names, messages, lines of a log. It loses where many are equal,
/// which a [`DictColumn`](super::DictColumn) holds once, and where rows in the middle change: whatever does not happen at the end writes all
/// of the text anew, and holds the old and the new one until it has. Only a string that is as long as the one that it replaces is written
/// in its place.
///
/// # Layout
///
/// That of [`StrArray`]. Where there is a null, bits say which rows are there, lowest first; the string of a null is empty.
///
/// # Memory
///
/// That of [`StrArray`], and a bit a row once a row was null. Inline 128 bytes.
///
/// # Examples
///
/// ```
/// use pennyweight::record::TextColumn;
///
/// let mut names = TextColumn::nullable();
/// names.push(Some("Ada Lovelace"));
/// names.push(None);
/// assert_eq!((names.get(0), names.get(1)), (Some(Some("Ada Lovelace")), Some(None)));
/// assert_eq!(names.null_count(), 1);
/// ```
///
/// # Source
///
/// See [`StrArray`].
pub struct TextColumn<V = String> {
    /// Invariant: those of nulls are empty.
    strings: StrArray,
    /// Invariant: as long as the strings. Nothing is null unless `V` can be.
    validity: ValidityBuf,
    values: PhantomData<fn() -> V>,
}

impl<V: TextField> TextColumn<V> {
    /// The number of rows.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.strings.len()
    }

    /// Whether there are none.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All rows as a slice, which is copied.
    #[inline]
    #[must_use]
    pub fn as_slice(&self) -> TextSlice<'_, V> {
        TextSlice::new(&self.strings, self.validity.as_validity())
    }

    /// Some rows next to one another.
    ///
    /// # Panics
    ///
    /// Panics when the range is not within the column.
    #[must_use]
    #[track_caller]
    pub fn slice(&self, range: impl RangeBounds<usize>) -> TextSlice<'_, V> {
        self.as_slice().slice(range)
    }

    /// The string at `index`, or `None` behind the end. Where strings can be null, `Some(None)` is one that is.
    #[inline]
    #[must_use]
    pub fn get(&self, index: usize) -> Option<V::Ref<'_>> {
        self.as_slice().get(index)
    }

    /// The string at `index`: what `column[index]` would be.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn value(&self, index: usize) -> V::Ref<'_> {
        self.as_slice().value(index)
    }

    /// The last string.
    #[must_use]
    pub fn last(&self) -> Option<V::Ref<'_>> {
        self.get(self.len().wrapping_sub(1))
    }

    /// Iterates over the strings.
    #[inline]
    pub fn iter(&self) -> TextIter<'_, V> {
        self.as_slice().iter()
    }

    /// The strings, of which those of nulls are empty.
    #[inline]
    #[must_use]
    pub fn strings(&self) -> &StrArray {
        &self.strings
    }

    /// Which rows are there.
    #[inline]
    #[must_use]
    pub fn validity(&self) -> Validity<'_> {
        self.validity.as_validity()
    }

    /// The number of rows that are null.
    #[must_use]
    pub fn null_count(&self) -> usize {
        self.validity.null_count()
    }

    /// The bytes of heap memory.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.strings.heap_bytes() + self.validity.heap_bytes()
    }

    /// Panics unless the invariants of the fields hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.strings.check_invariants();
        self.validity.check_invariants();
        assert_eq!(self.validity.len(), self.len());
        assert!(V::NULLABLE || self.null_count() == 0);
        let mut rows = self.strings.iter().zip(self.validity().iter());
        assert!(rows.all(|(text, valid)| valid || text.is_empty()));
    }
}

impl<V> Default for TextColumn<V> {
    fn default() -> Self {
        let (strings, validity) = (StrArray::new(), ValidityBuf::default());
        Self { strings, validity, values: PhantomData }
    }
}

/// The same rows, without slack.
impl<V> Clone for TextColumn<V> {
    fn clone(&self) -> Self {
        let (strings, validity) = (self.strings.clone(), self.validity.clone());
        Self { strings, validity, values: PhantomData }
    }
}

/// As a list of the strings.
impl<V: TextField> fmt::Debug for TextColumn<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice().fmt(f)
    }
}

impl<V: TextField, U: TextField> PartialEq<TextColumn<U>> for TextColumn<V> {
    fn eq(&self, other: &TextColumn<U>) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl<V: TextField> Eq for TextColumn<V> {}

impl<'a, V: TextField> IntoIterator for &'a TextColumn<V> {
    type Item = V::Ref<'a>;
    type IntoIter = TextIter<'a, V>;

    fn into_iter(self) -> TextIter<'a, V> {
        self.iter()
    }
}

impl<V> HeapSize for TextColumn<V> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("strings", &self.strings);
        visitor.field("validity", &self.validity);
    }

    fn owns_heap() -> bool {
        true
    }
}
