//! What values are in Arrow.

use super::column::{Bytes, Column, Kind};
use super::error::{Fault, ImportErrorCause};
use super::foreign::{Data, Foreign, Mapped, numbers};
use crate::record::category::Category;
use crate::record::validity::Validity;
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use bytemuck::NoUninit;
use core::marker::PhantomData;
use core::panic::RefUnwindSafe;

/// A value that Arrow has a type for: numbers, `bool`, `char` (as `u32`), strings, and enums that are a [`Category`], which are dictionaries
/// of their names.
///
/// `i128` and `u128` are 16 bytes each, `FixedSizeBinary(16)`: decimals of Arrow end at 38 digits, one before these.
///
/// Other types become one of these:
///
/// ```
/// use pennyweight::record::ArrowValue;
///
/// #[derive(Clone, Copy)]
/// struct Celsius(f32);
///
/// impl ArrowValue for Celsius {
///     type As = f32;
///
///     fn to_arrow(&self) -> f32 {
///         self.0
///     }
///
///     fn from_arrow(value: f32) -> Option<Self> {
///         Some(Self(value))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no type in Arrow",
    note = "implement `pennyweight::record::ArrowValue`, which says what it is there; an enum without fields derives `Category`"
)]
pub trait ArrowValue: Sized + 'static {
    /// What it is in Arrow: a number, `bool`, or `str`.
    type As: ArrowType + ?Sized;

    /// The value as Arrow has it.
    fn to_arrow(&self) -> <Self::As as ArrowType>::Ref<'_>;

    /// The value of one that Arrow has, if it is one.
    fn from_arrow(value: <Self::As as ArrowType>::Ref<'_>) -> Option<Self>;
}

/// What a plain field is: a value, or an `Option` of one.
pub trait ArrowField: Sized + 'static {
    /// The value.
    type Value: ArrowValue;

    /// Whether there may be none.
    const NULLABLE: bool;

    /// The value, if there is one.
    fn value(&self) -> Option<&Self::Value>;

    /// The field of a value; `None` where there is none, and has to be.
    fn from_value(value: Option<Self::Value>) -> Option<Self>;
}

impl<T: ArrowValue> ArrowField for T {
    type Value = T;

    const NULLABLE: bool = false;

    fn value(&self) -> Option<&T> {
        Some(self)
    }

    fn from_value(value: Option<T>) -> Option<T> {
        value
    }
}

impl<T: ArrowValue> ArrowField for Option<T> {
    type Value = T;

    const NULLABLE: bool = true;

    fn value(&self) -> Option<&T> {
        self.as_ref()
    }

    fn from_value(value: Option<T>) -> Option<Self> {
        Some(value)
    }
}

/// A type that Arrow has.
pub trait ArrowType: sealed::Sealed + 'static {
    /// A value of it: a number, a `bool`, a `&str`, or a [`Category`].
    type Ref<'a>;

    /// Numbers that lie in memory as Arrow has them.
    #[doc(hidden)]
    const NUMBER: Option<Kind> = None;

    /// The values of a column that lies elsewhere.
    #[doc(hidden)]
    type Values<'a>;

    /// Writes `len` values as Arrow has them.
    #[doc(hidden)]
    fn column<'a>(values: &mut dyn Iterator<Item = Option<Self::Ref<'a>>>, len: usize) -> Column;

    /// The values of a column, which has to be of this type.
    #[doc(hidden)]
    fn open<'a>(column: &Foreign<'a>) -> Result<Self::Values<'a>, Fault>;

    /// The value of a row that is there; none where its dictionary says that it is null.
    #[doc(hidden)]
    fn get<'a>(
        values: &Self::Values<'a>,
        row: usize,
    ) -> Result<Option<Self::Ref<'a>>, ImportErrorCause>
    where
        Self: 'a;
}

mod sealed {
    pub trait Sealed {}
}

/// Bits of what is there, and how many are not.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    len: usize,
    zeros: usize,
}

impl Bits {
    fn push(&mut self, bit: bool) {
        if self.len.is_multiple_of(8) {
            self.bytes.push(0);
        }
        if let Some(last) = self.bytes.last_mut() {
            *last |= u8::from(bit) << (self.len % 8);
        }
        self.len += 1;
        self.zeros += usize::from(!bit);
    }

    fn into_bytes(self) -> Bytes {
        Bytes::of(self.bytes)
    }
}

/// A column that was written, and the bits that say which of its values are there.
fn with_validity(mut column: Column, valid: Bits) -> Column {
    column.null_count = valid.zeros;
    column.validity = (valid.zeros > 0).then(|| valid.into_bytes());
    column
}

/// A column of `len` bytes of text, by where each string ends. Offsets are of 64 bits only where 32 are too few.
pub(super) fn texts(text: Bytes, len: usize, ends: impl ExactSizeIterator<Item = usize>) -> Column {
    fn offsets<T: NoUninit + Send + Sync + RefUnwindSafe>(
        ends: impl ExactSizeIterator<Item = usize>,
        offset: impl Fn(usize) -> T,
    ) -> Bytes {
        let mut offsets = Vec::with_capacity(ends.len() + 1);
        offsets.push(offset(0));
        ends.for_each(|end| offsets.push(offset(end)));
        Bytes::of(offsets)
    }
    let rows = ends.len();
    let (kind, offsets) = match i32::try_from(len) {
        Ok(_) => (Kind::Text, offsets(ends, |end| end as i32)),
        Err(_) => (Kind::LargeText, offsets(ends, |end| end as i64)),
    };
    Column::new(kind, rows, vec![offsets, text])
}

macro_rules! numbers {
    ($($number:ty: $format:literal $(or $other:literal)?),*) => {$(
        impl sealed::Sealed for $number {}

        impl ArrowType for $number {
            type Ref<'a> = $number;

            const NUMBER: Option<Kind> = Some(Kind::Number($format));

            type Values<'a> = &'a [[u8; size_of::<$number>()]];

            fn column<'a>(
                values: &mut dyn Iterator<Item = Option<Self>>,
                len: usize,
            ) -> Column {
                let (mut numbers, mut valid) = (Vec::with_capacity(len), Bits::default());
                for value in values {
                    numbers.push(value.unwrap_or_default());
                    valid.push(value.is_some());
                }
                let numbers = vec![Bytes::of(numbers)];
                with_validity(Column::new(Kind::Number($format), valid.len, numbers), valid)
            }

            fn open<'a>(column: &Foreign<'a>) -> Result<Self::Values<'a>, Fault> {
                let numbers = match column.data {
                    Data::Numbers($format $(| $other)?, bytes) => numbers(bytes).get(..column.len),
                    _ => None,
                };
                numbers.ok_or_else(|| column.is_not(stringify!($number)))
            }

            #[inline]
            fn get<'a>(
                values: &Self::Values<'a>,
                row: usize,
            ) -> Result<Option<Self>, ImportErrorCause>
            where
                Self: 'a,
            {
                Ok(Some(Self::from_ne_bytes(values[row])))
            }
        }

        impl ArrowValue for $number {
            type As = Self;

            fn to_arrow(&self) -> Self {
                *self
            }

            fn from_arrow(value: Self) -> Option<Self> {
                Some(value)
            }
        }
    )*};
}

numbers!(
    i8: "c", i16: "s", i32: "i", i64: "l", u8: "C", u16: "S", u32: "I", u64: "L", f32: "f", f64: "g",
    i128: "w:16" or "d", u128: "w:16"
);

impl sealed::Sealed for bool {}

impl ArrowType for bool {
    type Ref<'a> = bool;

    type Values<'a> = Validity<'a>;

    fn column<'a>(values: &mut dyn Iterator<Item = Option<bool>>, _: usize) -> Column {
        let (mut bits, mut valid) = (Bits::default(), Bits::default());
        for value in values {
            bits.push(value.unwrap_or_default());
            valid.push(value.is_some());
        }
        with_validity(Column::new(Kind::Bool, valid.len, vec![bits.into_bytes()]), valid)
    }

    fn open<'a>(column: &Foreign<'a>) -> Result<Validity<'a>, Fault> {
        match column.data {
            Data::Bools(bits) => Ok(bits),
            _ => Err(column.is_not("bool")),
        }
    }

    #[inline]
    fn get<'a>(values: &Validity<'a>, row: usize) -> Result<Option<bool>, ImportErrorCause>
    where
        Self: 'a,
    {
        Ok(values.get(row))
    }
}

impl sealed::Sealed for str {}

impl ArrowType for str {
    type Ref<'a> = &'a str;

    type Values<'a> = Mapped<'a, &'a str>;

    fn column(values: &mut dyn Iterator<Item = Option<&str>>, len: usize) -> Column {
        let (mut text, mut valid) = (Vec::new(), Bits::default());
        let mut ends = Vec::with_capacity(len);
        for value in values {
            text.extend_from_slice(value.unwrap_or_default().as_bytes());
            ends.push(text.len());
            valid.push(value.is_some());
        }
        let len = text.len();
        with_validity(texts(Bytes::of(text), len, ends.into_iter()), valid)
    }

    fn open<'a>(column: &Foreign<'a>) -> Result<Self::Values<'a>, Fault> {
        Mapped::new(column)
    }

    #[inline]
    fn get<'a>(values: &Self::Values<'a>, row: usize) -> Result<Option<&'a str>, ImportErrorCause>
    where
        Self: 'a,
    {
        values.get(row, Ok)
    }
}

/// Values that are others in Arrow.
macro_rules! values {
    ($($value:ty as $arrow:ty: $to:expr, $from:expr;)*) => {$(
        impl ArrowValue for $value {
            type As = $arrow;

            fn to_arrow(&self) -> <$arrow as ArrowType>::Ref<'_> {
                $to(self)
            }

            fn from_arrow(value: <$arrow as ArrowType>::Ref<'_>) -> Option<Self> {
                $from(value)
            }
        }
    )*};
}

values! {
    bool as bool: |value: &_| *value, Some;
    char as u32: |value: &_| u32::from(*value), char::from_u32;
    isize as i64: |value: &_| *value as i64, |value| isize::try_from(value).ok();
    usize as u64: |value: &_| *value as u64, |value| usize::try_from(value).ok();
    String as str: String::as_str, |text| Some(String::from(text));
    Box<str> as str: AsRef::as_ref, |text| Some(Self::from(text));
    Rc<str> as str: AsRef::as_ref, |text| Some(Self::from(text));
    Arc<str> as str: AsRef::as_ref, |text| Some(Self::from(text));
    Cow<'static, str> as str: AsRef::as_ref, |text| Some(Self::Owned(String::from(text)));
}

/// What a [`Category`] is in Arrow: a number, and a dictionary of all names.
#[derive(Debug)]
pub struct Named<T>(PhantomData<T>);

impl<T> sealed::Sealed for Named<T> {}

impl<T: Category> ArrowType for Named<T> {
    type Ref<'a> = T;

    type Values<'a> = Mapped<'a, T>;

    fn column(values: &mut dyn Iterator<Item = Option<T>>, len: usize) -> Column {
        let (mut codes, mut valid) = (Vec::with_capacity(len), Bits::default());
        for value in values {
            let number = value.map_or(0, T::number);
            assert!(value.is_none() || number < T::NAMES.len(), "a category without a name");
            codes.push(number as u8);
            valid.push(value.is_some());
        }
        let codes = vec![Bytes::of(codes)];
        let mut column = with_validity(Column::new(Kind::Number("C"), valid.len, codes), valid);
        let mut names = T::NAMES.iter().map(|name| Some(*name));
        column.dictionary = Some(Box::new(str::column(&mut names, T::NAMES.len())));
        column
    }

    fn open<'a>(column: &Foreign<'a>) -> Result<Self::Values<'a>, Fault> {
        Mapped::new(column)
    }

    #[inline]
    fn get<'a>(values: &Self::Values<'a>, row: usize) -> Result<Option<T>, ImportErrorCause>
    where
        Self: 'a,
    {
        values.get(row, |name| T::from_name(name).ok_or(ImportErrorCause::Invalid))
    }
}

#[diagnostic::do_not_recommend]
impl<T: Category> ArrowValue for T {
    type As = Named<T>;

    fn to_arrow(&self) -> Self {
        *self
    }

    fn from_arrow(value: Self) -> Option<Self> {
        Some(value)
    }
}
