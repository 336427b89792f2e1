//! Frozen strings of which many are equal.

use super::column::{Family, FrozenColumn, Type, as_inherent};
use super::leaves::FreezeStore;
use super::text::try_push;
use super::value::{load_integers, try_pack};
use crate::array::{Buffer, Compressed, Encoding, LoadBuffer, StrArray};
use crate::raw::image::{Load, Parts, Sections, Stored};
use crate::raw::range::indices;
use crate::raw::{ImageError, ReserveError, growth};
use crate::record::dict::DictColumn;
use crate::record::error::StoreError;
use crate::record::text::TextField;
use crate::size::{HeapSize, Visitor};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;
use core::ops::{Range, RangeBounds};

/// A frozen [`DictColumn`]: the strings that rows have, in order, at some bits each beside their text, and their codes,
/// [compressed](Compressed).
///
/// The code of a string is its place among them, so codes compare as strings do: those from `code("N")` on begin with N or what is behind
/// it. A code is looked for by a binary search, and strings are found by their codes in constant time.
///
/// ```
/// use pennyweight::record::{Record, Records};
///
/// #[derive(Record)]
/// #[record(freeze)]
/// struct Flight {
///     #[record(dict)]
///     origin: String,
/// }
///
/// let origins = ["EWR", "LGA", "EWR", "JFK"];
/// let flights: Records<Flight> = origins.map(|origin| Flight { origin: origin.to_owned() }).into_iter().collect();
/// let frozen = flights.freeze();
/// let origins = frozen.columns().origin();
/// assert_eq!((origins.get(3), origins.strings().len()), (Some("JFK"), 3));
///
/// let newark = origins.code("EWR").unwrap();
/// assert_eq!((newark, origins.count(newark)), (0, 2));
/// assert_eq!(origins.codes().to_vec(), [Some(0), Some(2), Some(0), Some(1)]);
/// ```
pub struct FrozenDict<V, W: Buffer<u8> = Box<[u64]>> {
    /// Invariant: the index of a string each, or null where `V` can be.
    codes: Compressed<Option<u32>, W>,
    /// Invariant: rising.
    strings: StrArray<W>,
    values: PhantomData<fn() -> V>,
}

impl<V: TextField, W: Buffer<u8>> FrozenDict<V, W> {
    /// The number of rows.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The string at `index`, or `None` behind the end. Where strings can be null, `Some(None)` is one that is.
    #[inline]
    #[must_use]
    pub fn get(&self, index: usize) -> Option<V::Ref<'_>> {
        self.codes.get(index).map(|code| self.lend(code))
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
        self.lend(self.codes.value(index))
    }

    #[inline]
    fn lend(&self, code: Option<u32>) -> V::Ref<'_> {
        V::lend(code.and_then(|code| self.string(code)))
    }

    /// Iterates over the strings.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = V::Ref<'_>> + ExactSizeIterator {
        self.codes.iter().map(|code| self.lend(code))
    }

    /// Iterates over the strings of a range.
    ///
    /// # Panics
    ///
    /// Panics when the range is not within the column.
    #[track_caller]
    pub fn iter_range(
        &self,
        range: impl RangeBounds<usize>,
    ) -> impl DoubleEndedIterator<Item = V::Ref<'_>> + ExactSizeIterator {
        self.codes.iter_range(indices(&range, self.len())).map(|code| self.lend(code))
    }

    /// The codes of the rows: the index of a string each, or null.
    #[must_use]
    pub fn codes(&self) -> &Compressed<Option<u32>, W> {
        &self.codes
    }

    /// The strings, in order. Of what was frozen here, all of them are those of a row.
    #[must_use]
    pub fn strings(&self) -> &StrArray<W> {
        &self.strings
    }

    /// The code of a string, if a row has it. Takes a binary search.
    #[must_use]
    pub fn code(&self, text: &str) -> Option<u32> {
        self.strings.binary_search(text).ok().map(|code| code as u32)
    }

    /// The string of a code, if there is one.
    #[inline]
    #[must_use]
    pub fn string(&self, code: u32) -> Option<&str> {
        self.strings.get(code as usize)
    }

    /// How many rows have a code.
    #[must_use]
    pub fn count(&self, code: u32) -> usize {
        self.codes.count(Some(code))
    }

    /// The number of rows that are null.
    #[must_use]
    pub fn null_count(&self) -> usize {
        self.codes.null_count()
    }

    /// The bytes of heap memory: of codes and strings.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.codes.heap_bytes() + self.strings.heap_bytes()
    }

    /// How the codes are stored.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.codes.encoding()
    }

    /// What of the invariants of the fields does not hold, beside those of the arrays.
    fn fault(&self) -> Option<&'static str> {
        let above = self.codes.max().is_some_and(|code| code as usize >= self.strings.len());
        let rising = self.strings.iter().zip(self.strings.iter().skip(1)).all(|(a, b)| a < b);
        match (above, rising, V::NULLABLE || self.null_count() == 0) {
            (true, _, _) => Some("a code is that of no string"),
            (_, false, _) => Some("the strings of the codes do not rise"),
            (_, _, false) => Some("a string is null that cannot be"),
            _ => None,
        }
    }

    /// Panics unless the invariants of the fields hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.codes.check_invariants();
        self.strings.check_invariants();
        assert_eq!(self.fault(), None);
    }
}

impl<V: TextField> FrozenDict<V> {
    fn try_from_column(column: &DictColumn<V>) -> Result<Self, ReserveError> {
        let slice = column.as_slice();
        let string = |code: u32| slice.string(code).unwrap_or_default();
        // The codes that rows have, as their strings are ordered.
        let used = slice.used()?;
        let mut order: Vec<u32> = Vec::new();
        growth::reserve_exact(&mut order, used.len())?;
        order.extend((0..).zip(&used).filter(|&(_, &used)| used).map(|(code, _)| code));
        order.sort_unstable_by(|&a, &b| string(a).cmp(string(b)));

        let mut strings = StrArray::new();
        strings.try_reserve(order.len())?;
        let mut places = Vec::new();
        growth::reserve_exact(&mut places, used.len().max(1))?;
        places.resize(used.len().max(1), 0);
        for (place, &code) in (0..).zip(&order) {
            try_push(&mut strings, string(code))?;
            places[code as usize] = place;
        }
        strings.shrink_to_fit();

        let mut codes = Vec::new();
        growth::reserve_exact(&mut codes, slice.len())?;
        let rows = slice.codes().iter().zip(slice.validity().iter());
        codes.extend(rows.map(|(code, valid)| valid.then(|| places[code as usize])));
        Ok(Self { codes: try_pack(&codes)?, strings, values: PhantomData })
    }
}

impl<V: TextField> FreezeStore for DictColumn<V> {
    type Family = Self;

    fn try_freeze(&self) -> Result<FrozenDict<V>, ReserveError> {
        FrozenDict::try_from_column(self)
    }

    fn try_thaw<W: Buffer<u8>>(
        column: &FrozenDict<V, W>,
        rows: Range<usize>,
    ) -> Result<Self, StoreError> {
        let mut thawed = Self::default();
        thawed.try_reserve(rows.len())?;
        column.iter_range(rows).try_for_each(|text| thawed.try_push(text))?;
        Ok(thawed)
    }
}

impl<V: TextField> Family for DictColumn<V> {
    const TYPE: Type = Type { name: "dict", nullable: V::NULLABLE };

    type Column<W: Buffer<u8>> = FrozenDict<V, W>;

    type Get<'a> = V::Ref<'a>;

    #[inline]
    fn get<W: Buffer<u8>>(column: &FrozenDict<V, W>, index: usize) -> V::Ref<'_> {
        column.value(index)
    }

    fn load<'a, W: LoadBuffer<'a, u8>>(
        parts: &mut Parts<'a>,
    ) -> Result<FrozenDict<V, W>, ImageError> {
        let (codes, strings) = (load_integers(parts)?, StrArray::load(parts)?);
        let column = FrozenDict { codes, strings, values: PhantomData };
        column.fault().map_or(Ok(column), |fault| Err(ImageError::Invalid(fault)))
    }
}

impl<V: TextField, W: Buffer<u8>> FrozenColumn for FrozenDict<V, W> {
    as_inherent!();

    fn store<'s>(&'s self, image: &mut Sections<'s>) {
        FrozenColumn::store(&self.codes, image);
        Stored::store(&self.strings, image);
    }
}

/// As a list of the strings.
impl<V: TextField, W: Buffer<u8>> fmt::Debug for FrozenDict<V, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Equal if the strings of the rows are.
impl<V: TextField, X: Buffer<u8>, W: Buffer<u8>> PartialEq<FrozenDict<V, X>> for FrozenDict<V, W> {
    fn eq(&self, other: &FrozenDict<V, X>) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl<V: TextField, W: Buffer<u8>> HeapSize for FrozenDict<V, W> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("codes", &self.codes);
        visitor.field("strings", &self.strings);
    }

    fn owns_heap() -> bool {
        W::OWNED
    }
}
