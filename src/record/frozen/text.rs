//! Frozen strings of which most are different.

use super::column::{Family, FrozenColumn, Type, as_inherent};
use super::leaves::FreezeStore;
use crate::array::{BitArray, Buffer, Encoding, LoadBuffer, StoreErrorCause, StrArray};
use crate::raw::image::{Load, Parts, Sections, Stored};
use crate::raw::range::indices;
use crate::raw::{ImageError, ReserveError};
use crate::record::error::StoreError;
use crate::record::text::{TextColumn, TextField};
use crate::size::{HeapSize, Visitor};
use alloc::boxed::Box;
use core::fmt;
use core::marker::PhantomData;
use core::ops::{Range, RangeBounds};

/// A frozen [`TextColumn`]: a [`StrArray`] without slack, and a bit a row where a row is null.
///
/// ```
/// use pennyweight::record::{Record, Records};
///
/// #[derive(Record)]
/// #[record(freeze)]
/// struct Person {
///     #[record(text)]
///     name: Option<String>,
/// }
///
/// let names = ["Ada", "", "Grace"].map(|name| (!name.is_empty()).then(|| name.to_owned()));
/// let people: Records<Person> = names.map(|name| Person { name }).into_iter().collect();
/// let frozen = people.freeze();
/// let names = frozen.columns().name();
/// assert_eq!((names.get(2), names.get(1), names.null_count()), (Some(Some("Grace")), Some(None), 1));
/// ```
pub struct FrozenText<V, W: Buffer<u8> = Box<[u64]>> {
    /// Invariant: those of nulls are empty.
    strings: StrArray<W>,
    /// Which strings are null.
    ///
    /// Invariant: as long as the strings, or empty where none is. Nothing is null unless `V` can be.
    nulls: BitArray<W>,
    values: PhantomData<fn() -> V>,
}

impl<V: TextField, W: Buffer<u8>> FrozenText<V, W> {
    /// The number of rows.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.strings.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.strings.is_empty()
    }

    /// The string at `index`, or `None` behind the end. Where strings can be null, `Some(None)` is one that is.
    #[inline]
    #[must_use]
    pub fn get(&self, index: usize) -> Option<V::Ref<'_>> {
        let string = self.strings.get(index)?;
        Some(V::lend((self.nulls.get(index) != Some(true)).then_some(string)))
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
            None => panic!("index {index} out of range for {} strings", self.len()),
        }
    }

    /// Iterates over the strings.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = V::Ref<'_>> + ExactSizeIterator {
        (0..self.len()).map(|index| self.value(index))
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
        indices(&range, self.len()).map(|index| self.value(index))
    }

    /// The strings, of which those of nulls are empty.
    #[must_use]
    pub fn strings(&self) -> &StrArray<W> {
        &self.strings
    }

    /// The number of rows that are null.
    #[must_use]
    pub fn null_count(&self) -> usize {
        self.nulls.count_ones()
    }

    /// The bytes of heap memory.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.strings.heap_bytes() + self.nulls.heap_bytes()
    }

    /// How the strings are stored.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.strings.encoding()
    }

    /// What of the invariants of the fields does not hold, beside those of the arrays.
    fn fault(&self) -> Option<&'static str> {
        let nulls = self.null_count();
        let empty = |index| self.strings.get(index).is_none_or(str::is_empty);
        if nulls > 0 && (!V::NULLABLE || self.nulls.len() != self.strings.len()) {
            Some("a string is null that cannot be")
        } else if nulls == 0 && !self.nulls.is_empty() {
            Some("it says of each string that it is not null")
        } else if !self.nulls.iter_ones().all(empty) {
            Some("a string is null that has text")
        } else {
            None
        }
    }

    /// Panics unless the invariants of the fields hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.strings.check_invariants();
        self.nulls.check_invariants();
        assert_eq!(self.fault(), None);
    }
}

/// Appends a string, where only memory can be wanting.
pub(super) fn try_push(strings: &mut StrArray, text: &str) -> Result<(), ReserveError> {
    strings.try_push(text).map_err(|error| match error.cause() {
        StoreErrorCause::Reserve(error) => error,
        StoreErrorCause::NoCodeForNull => unreachable!("strings have no codes"),
    })
}

impl<V: TextField> FreezeStore for TextColumn<V> {
    type Family = Self;

    fn try_freeze(&self) -> Result<FrozenText<V>, ReserveError> {
        let (mut strings, mut nulls) = (StrArray::new(), BitArray::new());
        strings.try_reserve(self.len())?;
        self.strings().iter().try_for_each(|text| try_push(&mut strings, text))?;
        strings.shrink_to_fit();
        if self.null_count() > 0 {
            nulls.try_reserve_exact(self.len())?;
            nulls.extend(self.validity().iter().map(|valid| !valid));
        }
        Ok(FrozenText { strings, nulls, values: PhantomData })
    }

    fn try_thaw<W: Buffer<u8>>(
        column: &FrozenText<V, W>,
        rows: Range<usize>,
    ) -> Result<Self, StoreError> {
        let mut thawed = Self::default();
        thawed.try_reserve_rows(rows.len())?;
        column.iter_range(rows).try_for_each(|text| thawed.try_push(text))?;
        Ok(thawed)
    }
}

impl<V: TextField> Family for TextColumn<V> {
    const TYPE: Type = Type { name: "text", nullable: V::NULLABLE };

    type Column<W: Buffer<u8>> = FrozenText<V, W>;

    type Get<'a> = V::Ref<'a>;

    #[inline]
    fn get<W: Buffer<u8>>(column: &FrozenText<V, W>, index: usize) -> V::Ref<'_> {
        column.value(index)
    }

    fn load<'a, W: LoadBuffer<'a, u8>>(
        parts: &mut Parts<'a>,
    ) -> Result<FrozenText<V, W>, ImageError> {
        let (strings, nulls) = (StrArray::load(parts)?, BitArray::load(parts)?);
        let column = FrozenText { strings, nulls, values: PhantomData };
        column.fault().map_or(Ok(column), |fault| Err(ImageError::Invalid(fault)))
    }
}

impl<V: TextField, W: Buffer<u8>> FrozenColumn for FrozenText<V, W> {
    as_inherent!();

    fn store<'s>(&'s self, image: &mut Sections<'s>) {
        Stored::store(&self.strings, image);
        Stored::store(&self.nulls, image);
    }
}

/// As a list of the strings.
impl<V: TextField, W: Buffer<u8>> fmt::Debug for FrozenText<V, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Equal if the strings are.
impl<V: TextField, X: Buffer<u8>, W: Buffer<u8>> PartialEq<FrozenText<V, X>> for FrozenText<V, W> {
    fn eq(&self, other: &FrozenText<V, X>) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl<V: TextField, W: Buffer<u8>> HeapSize for FrozenText<V, W> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("strings", &self.strings);
        visitor.field("nulls", &self.nulls);
    }

    fn owns_heap() -> bool {
        W::OWNED
    }
}
