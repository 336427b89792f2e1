//! Values that are no integers, as integers.

use super::column::{FrozenColumn, as_inherent};
use super::value::{load_integers, try_pack};
use crate::array::{Buffer, Compressed, Element, Encoding, Int, LoadBuffer, Words};
use crate::raw::image::{Parts, Sections};
use crate::raw::range::indices;
use crate::raw::{ImageError, ReserveError, growth};
use crate::size::{HeapSize, Visitor};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;
use core::ops::RangeBounds;

/// A value that freezes as an integer: `bool`, `char`, `usize`, `isize`, and types of one's own that are one, such as a date or a number
/// with a unit. Where it is the type of a field, or the type in an `Option`, records can be frozen.
///
/// ```
/// use pennyweight::record::{FreezeAs, Record, Records};
///
/// /// Seconds since 1970.
/// #[derive(Clone, Copy, Debug, PartialEq)]
/// struct Seconds(u32);
///
/// impl FreezeAs for Seconds {
///     type Int = u32;
///     const NAME: &'static str = "Seconds";
///
///     fn freeze(self) -> u32 {
///         self.0
///     }
///
///     fn thaw(int: u32) -> Option<Self> {
///         Some(Self(int))
///     }
/// }
///
/// #[derive(Record)]
/// #[record(freeze)]
/// struct Reading {
///     #[record(copy)]
///     time: Seconds,
/// }
///
/// let readings: Records<Reading> = (0..1000).map(|hour| Reading { time: Seconds(3600 * hour) }).collect();
/// let frozen = readings.freeze();
/// assert_eq!(frozen.row(7).time(), Seconds(7 * 3600));
/// assert!(frozen.heap_bytes() < 400);
/// ```
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot be frozen",
    note = "integers of at most 64 bits, floats, `bool` and `char` freeze, and an `Option` of one; strings with `#[record(dict)]` or `#[record(text)]`, \
            other types that are an integer by `pennyweight::record::FreezeAs`"
)]
pub trait FreezeAs: Copy + fmt::Debug + 'static {
    /// The integer.
    type Int: Int;

    /// What images call the type: one of another name is not opened.
    const NAME: &'static str;

    /// The integer of a value. Different values have different ones.
    fn freeze(self) -> Self::Int;

    /// The value of an integer, or `None` where no value has it. Is asked each time that the value is read, and has to give what was
    /// frozen.
    fn thaw(int: Self::Int) -> Option<Self>;
}

/// A field of which a column is [`Coded`]: a value that [freezes as](FreezeAs) an integer, or an `Option` of one.
pub trait CodedField: Copy + fmt::Debug + 'static + sealed::Sealed {
    /// The integer, or the integer or null.
    type Code: Element;

    #[doc(hidden)]
    fn code(self) -> Self::Code;

    #[doc(hidden)]
    fn of(code: Self::Code) -> Option<Self>;
}

mod sealed {
    pub trait Sealed {}
}

impl<V: FreezeAs> sealed::Sealed for V {}
impl<V: FreezeAs> sealed::Sealed for Option<V> {}

impl<V: FreezeAs> CodedField for V {
    type Code = V::Int;

    #[inline]
    fn code(self) -> V::Int {
        self.freeze()
    }

    #[inline]
    fn of(code: V::Int) -> Option<V> {
        V::thaw(code)
    }
}

impl<V: FreezeAs> CodedField for Option<V> {
    type Code = Option<V::Int>;

    #[inline]
    fn code(self) -> Option<V::Int> {
        self.map(V::freeze)
    }

    #[inline]
    fn of(code: Option<V::Int>) -> Option<Self> {
        match code {
            Some(code) => V::thaw(code).map(Some),
            None => Some(None),
        }
    }
}

macro_rules! freeze_as {
    ($($value:ident as $int:ident, $thaw:expr;)*) => {$(
        impl FreezeAs for $value {
            type Int = $int;
            const NAME: &'static str = stringify!($value);

            #[inline]
            fn freeze(self) -> $int {
                self as $int
            }

            #[inline]
            fn thaw(int: $int) -> Option<Self> {
                $thaw(int)
            }
        }
    )*};
}

freeze_as! {
    bool as u8, |int| (int < 2).then_some(int == 1);
    char as u32, char::from_u32;
    usize as u64, |int| usize::try_from(int).ok();
    isize as i64, |int| isize::try_from(int).ok();
}

/// A frozen column of booleans, characters, or other values that [freeze as](FreezeAs) integers: these, [compressed](Compressed).
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
pub struct Coded<V: CodedField, W: Words = Box<[u64]>> {
    /// Invariant: each is the code of a value.
    codes: Compressed<V::Code, W>,
}

impl<V: CodedField> Coded<V> {
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

impl<V: CodedField, W: Words> Coded<V, W> {
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

    /// The integers: 0 and 1 for `bool`, the scalar value for `char`, and null for `None`.
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

    /// Whether each code is that of a value. Equal ones, of which an image may claim any number, are looked at once.
    fn are_values(&self) -> bool {
        let is_value = |code| V::of(code).is_some();
        match self.codes.min().zip(self.codes.max()) {
            None => true,
            Some((low, high)) if low == high => is_value(Element::from_integer(Some(low))),
            Some(_) => self.codes.iter().fold(true, |all, code| all & is_value(code)),
        }
    }

    /// Panics unless the invariant of the field holds.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.codes.check_invariants();
        assert!(self.are_values());
    }
}

impl<V: CodedField, W: Buffer<u8>> Coded<V, W> {
    /// Takes codes from an image.
    pub(super) fn load<'a>(parts: &mut Parts<'a>) -> Result<Self, ImageError>
    where
        W: LoadBuffer<'a, u8>,
    {
        let coded = Self { codes: load_integers(parts)? };
        match coded.are_values() {
            true => Ok(coded),
            false => Err(ImageError::Invalid("an integer is that of no value")),
        }
    }
}

/// The value of a code of a column.
#[inline]
fn decode<V: CodedField>(code: V::Code) -> V {
    match V::of(code) {
        Some(value) => value,
        None => panic!("`FreezeAs::thaw` has no value for {code:?}, and had one before"),
    }
}

impl<V: CodedField, W: Words> Clone for Coded<V, W> {
    fn clone(&self) -> Self {
        Self { codes: self.codes.clone() }
    }
}

impl<V: CodedField, W: Words> fmt::Debug for Coded<V, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<V: CodedField, X: Words, W: Words> PartialEq<Coded<V, X>> for Coded<V, W> {
    fn eq(&self, other: &Coded<V, X>) -> bool {
        self.codes == other.codes
    }
}

impl<V: CodedField, W: Words> HeapSize for Coded<V, W> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.codes.visit(visitor);
    }

    fn owns_heap() -> bool {
        W::OWNED
    }
}

impl<V: CodedField, W: Buffer<u8>> FrozenColumn for Coded<V, W> {
    as_inherent!();

    fn store<'s>(&'s self, image: &mut Sections<'s>) {
        FrozenColumn::store(&self.codes, image);
    }
}
