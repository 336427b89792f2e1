//! Strings of which many are equal, as codes.

use super::text::TextField;
use super::validity::{Validity, ValidityBuf};
use crate::array::BitArray;
use crate::intern::{Interner, Key, Symbol};
use crate::size::{HeapSize, Visitor};
use alloc::string::String;
use alloc::vec::Vec;
use buffer::CodeBuf;
use core::fmt;
use core::marker::PhantomData;
use core::ops::RangeBounds;

mod codes;
mod slice;

mod edit;
mod recode;
mod store;

mod buffer;

pub use codes::Codes;
pub(super) use codes::{Code, each};
pub use slice::{DictIter, DictSlice, Positions};
#[doc(hidden)]
pub use store::DictField;

/// A growable column of strings that takes 1 byte a row, 2 where more than 256 strings are different, or 4, and each string once: pandas'
/// `category`. `Vec<String>` takes 24 bytes a row and a block of the allocator's.
///
/// `V` is the field that a struct has: `String` or another [`TextValue`](super::TextValue), or an `Option` of one. Rows are lent as `&str`, and as
/// `Option<&str>` where they can be null.
///
/// # When it wins, and when it loses
///
/// It wins where strings recur: names of places, states, kinds, units. Filters and groups compare numbers: [`code`](Self::code) finds that
/// of a string once, and rows are chosen by it. It loses where most strings are different, which a [`TextColumn`](super::TextColumn) holds for
/// a bit more than their text. What was in a row once stays in the dictionary until [`remove_unused`](Self::remove_unused).
///
/// # Layout
///
/// Codes of 1, 2 or 4 bytes, one behind the other, that count the strings of an [`Interner`] in the order in which they came. The 257th string
/// makes all codes wider, and the 65,537th again: they are rewritten in place, from the last on. Where there is a null, bits say which rows
/// are there, lowest first, as in Arrow; the code of a null is 0, and says nothing. So codes, bits and text can be lent to Arrow as they are.
///
/// # Memory
///
/// The codes, and at most 1/16 or 64 bytes of slack; a bit a row once a row was null; and the [`Interner`], which takes 7 to 13 bytes beside
/// the text of each string, and some 370 bytes for the first. While codes get wider, the buffer is reallocated, and nothing else is allocated.
/// Inline 336 bytes.
///
/// # Examples
///
/// ```
/// use pennyweight::record::{Codes, DictColumn};
///
/// let mut origins = DictColumn::new();
/// for origin in ["EWR", "LGA", "EWR", "JFK", "EWR"] {
///     origins.push(origin);
/// }
/// assert_eq!(origins.get(1), Some("LGA"));
/// assert_eq!(origins.codes(), Codes::U8(&[0, 1, 0, 2, 0]));
///
/// let newark = origins.code("EWR").unwrap();
/// assert_eq!(origins.count(newark), 3);
/// assert!(origins.positions(newark).eq([0, 2, 4]));
/// ```
///
/// With nulls:
///
/// ```
/// use pennyweight::record::DictColumn;
///
/// let tails: DictColumn<Option<String>> = [Some("N14228"), None, Some("N24211")].into_iter().collect();
/// assert_eq!((tails.get(0), tails.get(1), tails.get(3)), (Some(Some("N14228")), Some(None), None));
/// assert_eq!(tails.null_count(), 1);
/// ```
///
/// # Source
///
/// [`pandas.Categorical`](https://pandas.pydata.org/docs/user_guide/categorical.html), and Arrow's dictionary-encoded layout, of which a column has
/// to choose the width of its codes beforehand.
pub struct DictColumn<V = String> {
    /// Invariant: of the width that the dictionary needs, or a wider one. The codes of nulls are 0.
    codes: CodeBuf,
    /// Invariant: as long as the codes. Nothing is null unless `V` can be.
    validity: ValidityBuf,
    /// Invariant: has a string for the code of every row that is not null.
    dictionary: Interner,
    values: PhantomData<fn() -> V>,
}

impl<V: TextField> DictColumn<V> {
    /// The number of rows.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there are none.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All rows as a slice, which is copied, and has what is only read.
    #[inline]
    #[must_use]
    pub fn as_slice(&self) -> DictSlice<'_, V> {
        DictSlice::new(self.codes.as_codes(), self.validity.as_validity(), &self.dictionary)
    }

    /// Some rows next to one another.
    ///
    /// # Panics
    ///
    /// Panics when the range is not within the column.
    #[must_use]
    #[track_caller]
    pub fn slice(&self, range: impl RangeBounds<usize>) -> DictSlice<'_, V> {
        self.as_slice().slice(range)
    }

    /// The string at `index`, or `None` behind the end. Where strings can be null, `Some(None)` is one that is.
    #[inline]
    #[must_use]
    pub fn get(&self, index: usize) -> Option<V::Ref<'_>> {
        let code = self.codes.get(index)?;
        let there = !V::NULLABLE || self.validity.is_valid(index);
        Some(V::lend(if there { self.string(code) } else { None }))
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
        match self.get(index) {
            Some(value) => value,
            None => panic!("index {index} out of range for a column of length {}", self.len()),
        }
    }

    /// The first string.
    #[must_use]
    pub fn first(&self) -> Option<V::Ref<'_>> {
        self.as_slice().first()
    }

    /// The last string.
    #[must_use]
    pub fn last(&self) -> Option<V::Ref<'_>> {
        self.as_slice().last()
    }

    /// Iterates over the strings.
    #[inline]
    pub fn iter(&self) -> DictIter<'_, V> {
        self.as_slice().iter()
    }

    /// The codes of the rows. Those of nulls are 0, and say nothing.
    #[inline]
    #[must_use]
    pub fn codes(&self) -> Codes<'_> {
        self.codes.as_codes()
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

    /// The strings by their codes: that of a code is the symbol whose index it is. Some may be of no row.
    #[inline]
    #[doc(alias = "categories")]
    #[must_use]
    pub fn dictionary(&self) -> &Interner {
        &self.dictionary
    }

    /// The code of a string, if the dictionary has it.
    #[inline]
    #[must_use]
    pub fn code(&self, text: &str) -> Option<u32> {
        self.as_slice().code(text)
    }

    /// The string of a code, if the dictionary has it.
    #[inline]
    #[must_use]
    pub fn string(&self, code: u32) -> Option<&str> {
        self.dictionary.try_resolve(Symbol::try_from_index(code as usize)?)
    }

    /// How many rows have a code. Compares codes, as many at once as a register holds.
    #[must_use]
    pub fn count(&self, code: u32) -> usize {
        self.as_slice().count(code)
    }

    /// How many rows each string of the dictionary has, by its code.
    #[doc(alias = "value_counts")]
    #[must_use]
    pub fn counts(&self) -> Vec<usize> {
        self.as_slice().counts()
    }

    /// The indices of the rows that have a code, in their order. Compares 64 codes at a time.
    #[must_use]
    pub fn positions(&self, code: u32) -> Positions<'_> {
        self.as_slice().positions(code)
    }

    /// Which rows have a code.
    #[must_use]
    pub fn mask_of(&self, code: u32) -> BitArray {
        self.as_slice().mask_of(code)
    }

    /// Of which rows `f` is true: see [`DictSlice::mask`].
    #[must_use]
    pub fn mask<'a>(&'a self, f: impl FnMut(V::Ref<'a>) -> bool) -> BitArray {
        self.as_slice().mask(f)
    }

    /// The rows that fit before the codes grow, as long as these keep their width.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.codes.capacity()
    }

    /// The bytes of heap memory: of codes, of the bits that say what is null, and of the dictionary.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.codes.heap_bytes() + self.validity.heap_bytes() + self.dictionary.heap_bytes()
    }

    /// Panics unless the invariants of the fields hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.codes.check_invariants();
        self.validity.check_invariants();
        self.dictionary.check_invariants();
        assert_eq!(self.validity.len(), self.len());
        assert!(V::NULLABLE || self.null_count() == 0);
        assert!(self.codes.width() >= buffer::Width::of(self.dictionary.len()));
        for (code, valid) in self.codes().iter().zip(self.validity().iter()) {
            assert!(if valid { self.string(code).is_some() } else { code == 0 });
        }
    }
}

impl<V> Default for DictColumn<V> {
    fn default() -> Self {
        Self {
            codes: CodeBuf::default(),
            validity: ValidityBuf::default(),
            dictionary: Interner::default(),
            values: PhantomData,
        }
    }
}

/// The same rows under the same codes, without slack.
impl<V> Clone for DictColumn<V> {
    fn clone(&self) -> Self {
        Self {
            codes: self.codes.clone(),
            validity: self.validity.clone(),
            dictionary: self.dictionary.clone(),
            values: PhantomData,
        }
    }
}

/// As a list of the strings.
impl<V: TextField> fmt::Debug for DictColumn<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice().fmt(f)
    }
}

/// Equal if the strings are, whatever their codes.
impl<V: TextField, U: TextField> PartialEq<DictColumn<U>> for DictColumn<V> {
    fn eq(&self, other: &DictColumn<U>) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl<V: TextField> Eq for DictColumn<V> {}

impl<'a, V: TextField> IntoIterator for &'a DictColumn<V> {
    type Item = V::Ref<'a>;
    type IntoIter = DictIter<'a, V>;

    fn into_iter(self) -> DictIter<'a, V> {
        self.iter()
    }
}

impl<V> HeapSize for DictColumn<V> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("codes", &self.codes);
        visitor.field("validity", &self.validity);
        visitor.field("dictionary", &self.dictionary);
    }

    fn owns_heap() -> bool {
        true
    }
}
