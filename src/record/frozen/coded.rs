//! Values that are no integers, as integers.

use super::column::FrozenColumn;
use super::value::{load_integers, try_pack};
use crate::array::{Buffer, Compressed, Element, Encoding, LoadBuffer, Words};
use crate::raw::image::{Parts, Sections};
use crate::raw::{ImageError, ReserveError, growth};
use crate::record::validity::indices;
use crate::size::{HeapSize, Visitor};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;
use core::ops::RangeBounds;

/// A value that has an integer as its code: `bool`, `char`, `usize`, `isize`, and an `Option` of one.
///
/// Implemented for these, and for nothing else.
pub trait CodedValue: Copy + PartialEq + fmt::Debug + 'static + sealed::Sealed {
    /// The code, or the code or null.
    type Code: Element;

    /// The code of a value.
    fn code(self) -> Self::Code;

    /// The value of a code, if there is one.
    fn of(code: Self::Code) -> Option<Self>;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! coded {
    ($($value:ident as $code:ident, $of:expr;)*) => {$(
        impl sealed::Sealed for $value {}
        impl sealed::Sealed for Option<$value> {}

        impl CodedValue for $value {
            type Code = $code;

            #[inline]
            fn code(self) -> $code {
                self as $code
            }

            #[inline]
            fn of(code: $code) -> Option<Self> {
                $of(code)
            }
        }

        impl CodedValue for Option<$value> {
            type Code = Option<$code>;

            #[inline]
            fn code(self) -> Option<$code> {
                self.map(CodedValue::code)
            }

            #[inline]
            fn of(code: Option<$code>) -> Option<Self> {
                match code {
                    Some(code) => <$value as CodedValue>::of(code).map(Some),
                    None => Some(None),
                }
            }
        }
    )*};
}

coded! {
    bool as u8, |code| (code < 2).then_some(code == 1);
    char as u32, char::from_u32;
    usize as u64, |code| usize::try_from(code).ok();
    isize as i64, |code| isize::try_from(code).ok();
}

/// A frozen column of booleans, characters or sizes: their codes, [compressed](Compressed).
///
/// ```
/// use pennyweight::record::{Record, Records};
///
/// #[derive(Record)]
/// #[record(freeze)]
/// struct Day {
///     weekend: bool,
/// }
///
/// let days: Records<Day> = (0..700).map(|day| Day { weekend: day % 7 > 4 }).collect();
/// let frozen = days.freeze();
/// let weekends = frozen.columns().weekend();
/// assert_eq!((weekends.get(5), weekends.len(), weekends.heap_bytes()), (Some(true), 700, 96));
/// assert_eq!(weekends.codes().sum(), 200);
/// ```
pub struct Coded<V: CodedValue, W: Words = Box<[u64]>> {
    /// Invariant: each is the code of a value.
    codes: Compressed<V::Code, W>,
}

impl<V: CodedValue> Coded<V> {
    /// Packs values.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory for it. Meanwhile the codes are held as they are.
    pub fn try_from_slice(values: &[V]) -> Result<Self, ReserveError> {
        let mut codes = Vec::new();
        growth::reserve_exact(&mut codes, values.len())?;
        codes.extend(values.iter().map(|value| value.code()));
        Ok(Self { codes: try_pack(&codes)? })
    }
}

impl<V: CodedValue, W: Words> Coded<V, W> {
    /// The number of values.
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

    /// The value at `index`, or `None` behind the end.
    #[inline]
    #[must_use]
    pub fn get(&self, index: usize) -> Option<V> {
        self.codes.get(index).and_then(V::of)
    }

    /// The value at `index`: what `column[index]` would be.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn value(&self, index: usize) -> V {
        decode(self.codes.value(index))
    }

    /// Iterates over the values. Adaptors that fold take hundreds of values at a time.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = V> + ExactSizeIterator {
        self.codes.iter().map(decode)
    }

    /// Iterates over the values of a range.
    ///
    /// # Panics
    ///
    /// Panics when the range is not within the column.
    #[track_caller]
    pub fn iter_range(
        &self,
        range: impl RangeBounds<usize>,
    ) -> impl DoubleEndedIterator<Item = V> + ExactSizeIterator {
        self.codes.iter_range(indices(&range, self.len())).map(decode)
    }

    /// The codes: 0 and 1 for `bool`, the scalar value for `char`, the number for `usize` and `isize`, and null for `None`.
    #[must_use]
    pub fn codes(&self) -> &Compressed<V::Code, W> {
        &self.codes
    }

    /// The number of nulls.
    #[must_use]
    pub fn null_count(&self) -> usize {
        self.codes.null_count()
    }

    /// The bytes of heap memory.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.codes.heap_bytes()
    }

    /// How the codes are stored.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.codes.encoding()
    }

    /// Whether each code is that of a value.
    fn are_values(&self) -> bool {
        self.codes.iter().fold(true, |all, code| all & V::of(code).is_some())
    }

    /// Panics unless the invariant of the field holds.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.codes.check_invariants();
        assert!(self.are_values());
    }
}

impl<V: CodedValue, W: Buffer<u8>> Coded<V, W> {
    /// Takes codes from an image.
    pub(super) fn load<'a>(parts: &mut Parts<'a>) -> Result<Self, ImageError>
    where
        W: LoadBuffer<'a, u8>,
    {
        let coded = Self { codes: load_integers(parts)? };
        match coded.are_values() {
            true => Ok(coded),
            false => Err(ImageError::Invalid("a code is that of no value")),
        }
    }
}

/// The value of a code of a column.
#[inline]
fn decode<V: CodedValue>(code: V::Code) -> V {
    match V::of(code) {
        Some(value) => value,
        None => unreachable!("a column holds codes of values alone"),
    }
}

impl<V: CodedValue, W: Words> Clone for Coded<V, W> {
    fn clone(&self) -> Self {
        Self { codes: self.codes.clone() }
    }
}

impl<V: CodedValue, W: Words> fmt::Debug for Coded<V, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<V: CodedValue, X: Words, W: Words> PartialEq<Coded<V, X>> for Coded<V, W> {
    fn eq(&self, other: &Coded<V, X>) -> bool {
        self.codes == other.codes
    }
}

impl<V: CodedValue, W: Words> HeapSize for Coded<V, W> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.codes.visit(visitor);
    }

    fn owns_heap() -> bool {
        W::OWNED
    }
}

impl<V: CodedValue, W: Buffer<u8>> FrozenColumn for Coded<V, W> {
    fn rows(&self) -> usize {
        self.len()
    }

    fn heap_bytes(&self) -> usize {
        self.heap_bytes()
    }

    fn encoding(&self) -> Encoding {
        self.encoding()
    }

    fn visit<'v>(&'v self, name: &str, visitor: &mut Visitor<'v>) {
        visitor.field(name, self);
    }

    fn store<'s>(&'s self, image: &mut Sections<'s>) {
        FrozenColumn::store(&self.codes, image);
    }

    fn check_invariants(&self) {
        self.check_invariants();
    }
}
