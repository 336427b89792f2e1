//! Columns whose values are keys.

use super::slots::{Numbers, Slots, are_few, narrowest};
use super::values::{ValueColumn, blocks, for_each_there};
use crate::array::Int;
use crate::record::dict::{Code, each};
use crate::record::text::{TextField, TextSlice};
use crate::record::{DictSlice, NullableSlice, PackedField, PackedSlice};
use alloc::vec::Vec;
use core::fmt::Debug;
use core::hash::Hash;

/// A column that rows are grouped or joined by: a slice of integers, of `bool` or of `char`, a [`NullableSlice`] of them, a slice of packed,
/// dictionary or text columns, or a tuple of two to four of these.
///
/// Null is a key like others, and before all of them.
///
/// Floats are no keys: of values that are computed, some differ in their last bits and are meant to be equal, `NaN` is not
/// equal to itself, and `-0.0` is equal to `0.0`. Group by what they are rounded to: see [`Groups`](super::Groups).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column of keys",
    note = "keys are integers, `bool`, `char` and fields stored as `dict` or `text`, and `Option`s and tuples of them; a plain `String` and floats are not",
    note = "rows are grouped by anything else where it is collected: `records.iter().map(key).collect::<Groups<_>>()`"
)]
pub trait KeyColumn<'a>: Copy {
    /// A key, as it is kept when the column has gone: `String`, where rows lend `&str`.
    type Key: GroupKey;

    /// A key that is not null.
    type Present: Copy + Ord + Hash + Debug;

    /// The number of rows.
    #[doc(hidden)]
    fn rows(self) -> usize;

    /// The key of a row.
    #[doc(hidden)]
    fn key(self, row: usize) -> <Self::Key as GroupKey>::Lent<'a>;

    /// The key of a row, unless that is null, or a part of it.
    #[doc(hidden)]
    fn present(self, row: usize) -> Option<Self::Present>;

    /// A number for each row.
    #[doc(hidden)]
    fn slots(self) -> Slots<'a>;
}

/// What a column lends of a key.
pub type LentKey<'a, C> = <<C as KeyColumn<'a>>::Key as GroupKey>::Lent<'a>;

/// A key that owns what it consists of: an integer, `bool` or `char`, a field of text, an `Option` or a tuple of them.
pub trait GroupKey: Sized {
    /// What a column lends of such a key: a copy, or the text.
    type Lent<'a>: Copy + Ord + Hash + Debug;

    /// What a column would lend.
    fn lend(&self) -> Self::Lent<'_>;

    /// Whether a column would lend this.
    fn is(&self, lent: Self::Lent<'_>) -> bool;

    /// The key that was lent, made anew.
    fn from_lent(lent: Self::Lent<'_>) -> Self;
}

/// A key that takes no heap: an integer, `bool` or `char`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a key of groups",
    note = "keys are integers, `bool`, `char` and fields stored as `dict` or `text`, and `Option`s and tuples of them; a plain `String` and floats are not",
    note = "rows are grouped by anything else where it is collected: `records.iter().map(key).collect::<Groups<_>>()`"
)]
pub trait PlainKey:
    sealed::Sealed + Copy + Ord + Hash + Debug + Default + for<'k> GroupKey<Lent<'k> = Self>
{
    /// How far above another one it is; `u64::MAX` is also further. Anything where it is below.
    #[doc(hidden)]
    fn above(self, least: Self) -> u64;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! plain_keys {
    ($($key:ty, $above:expr;)*) => {$(
        impl sealed::Sealed for $key {}

        impl PlainKey for $key {
            #[inline]
            fn above(self, least: Self) -> u64 {
                let above: fn($key, $key) -> u64 = $above;
                above(self, least)
            }
        }

        plain_keys!(@own $key);
        plain_keys!(@own Option<$key>);
    )*};
    (@own $key:ty) => {
        impl GroupKey for $key {
            type Lent<'a> = $key;

            #[inline]
            fn lend(&self) -> $key {
                *self
            }

            #[inline]
            fn is(&self, lent: $key) -> bool {
                *self == lent
            }

            #[inline]
            fn from_lent(lent: $key) -> $key {
                lent
            }
        }
    };
}

plain_keys! {
    i8, |key, least| u64::from(key.wrapping_sub(least) as u8);
    i16, |key, least| u64::from(key.wrapping_sub(least) as u16);
    i32, |key, least| u64::from(key.wrapping_sub(least) as u32);
    i64, |key, least| key.wrapping_sub(least) as u64;
    i128, |key, least| u64::try_from(key.wrapping_sub(least)).unwrap_or(u64::MAX);
    isize, |key, least| key.wrapping_sub(least) as u64;
    u8, |key, least| u64::from(key.wrapping_sub(least));
    u16, |key, least| u64::from(key.wrapping_sub(least));
    u32, |key, least| u64::from(key.wrapping_sub(least));
    u64, |key, least| key.wrapping_sub(least);
    u128, |key, least| u64::try_from(key.wrapping_sub(least)).unwrap_or(u64::MAX);
    usize, |key, least| key.wrapping_sub(least) as u64;
    bool, |key, least| u64::from(key).wrapping_sub(u64::from(least));
    char, |key, least| u64::from(key).wrapping_sub(u64::from(least));
}

impl<V: TextField> GroupKey for V {
    type Lent<'a> = V::Ref<'a>;

    #[inline]
    fn lend(&self) -> V::Ref<'_> {
        self.as_ref()
    }

    #[inline]
    fn is(&self, lent: V::Ref<'_>) -> bool {
        V::text(self.as_ref()) == V::text(lent)
    }

    fn from_lent(lent: V::Ref<'_>) -> V {
        V::from_ref(lent)
    }
}

impl<'a, T: PlainKey> KeyColumn<'a> for &'a [T] {
    type Key = T;
    type Present = T;

    fn rows(self) -> usize {
        self.len()
    }

    #[inline]
    fn key(self, row: usize) -> T {
        self[row]
    }

    #[inline]
    fn present(self, row: usize) -> Option<T> {
        Some(self[row])
    }

    fn slots(self) -> Slots<'a> {
        number(self)
    }
}

impl<'a, T: PlainKey> KeyColumn<'a> for NullableSlice<'a, T>
where
    Option<T>: GroupKey<Lent<'a> = Option<T>>,
{
    type Key = Option<T>;
    type Present = T;

    fn rows(self) -> usize {
        self.len()
    }

    #[inline]
    fn key(self, row: usize) -> Option<T> {
        self.validity().is_valid(row).then(|| self.values()[row])
    }

    #[inline]
    fn present(self, row: usize) -> Option<T> {
        self.key(row)
    }

    fn slots(self) -> Slots<'a> {
        number(self)
    }
}

/// Packed values are keys like others.
macro_rules! packed_keys {
    ([$($generics:tt)*] $value:ty: [$($bounds:tt)*], $present:ty, $to_present:expr) => {
        impl<'a, $($generics)*> KeyColumn<'a> for PackedSlice<'a, $value>
        where
            $value: $($bounds)*,
        {
            type Key = $value;
            type Present = $present;

            fn rows(self) -> usize {
                self.len()
            }

            #[inline]
            fn key(self, row: usize) -> $value {
                self.value(row)
            }

            #[inline]
            fn present(self, row: usize) -> Option<$present> {
                let present: fn($value) -> Option<$present> = $to_present;
                present(self.value(row))
            }

            fn slots(self) -> Slots<'a> {
                number(self)
            }
        }
    };
}

packed_keys!([T: PlainKey + Int] T: [PackedField], T, Some);
packed_keys!([T: PlainKey + Int] Option<T>: [PackedField + GroupKey<Lent<'a> = Option<T>>], T, |value| value);
packed_keys!([] bool: [PackedField], bool, Some);
packed_keys!([] Option<bool>: [PackedField], bool, |value| value);

impl<'a, V: TextField> KeyColumn<'a> for DictSlice<'a, V> {
    type Key = V;
    type Present = &'a str;

    fn rows(self) -> usize {
        self.len()
    }

    #[inline]
    fn key(self, row: usize) -> V::Ref<'a> {
        self.value(row)
    }

    #[inline]
    fn present(self, row: usize) -> Option<&'a str> {
        V::text(self.value(row))
    }

    /// The codes themselves, unless there are nulls, whose codes are those of strings; or far more strings than rows.
    fn slots(self) -> Slots<'a> {
        let strings = self.dictionary().len();
        let nulls = self.validity().any_null();
        if !are_few(strings + 1, self.len()) {
            return each!(self.codes(), codes => number(NullableSlice::new(codes, self.validity())));
        }
        if !nulls {
            return Slots::lent(self.codes(), strings);
        }
        narrowest!(strings + 1, N => {
            let mut rows: Vec<N> = each!(self.codes(), codes => codes.iter().map(|&code| N::cut(code.wide())).collect());
            let null = N::cut(strings as u32);
            self.validity().iter_nulls().for_each(|row| rows[row] = null);
            rows
        })
    }
}

impl<'a, V: TextField> KeyColumn<'a> for TextSlice<'a, V> {
    type Key = V;
    type Present = &'a str;

    fn rows(self) -> usize {
        self.len()
    }

    #[inline]
    fn key(self, row: usize) -> V::Ref<'a> {
        self.value(row)
    }

    #[inline]
    fn present(self, row: usize) -> Option<&'a str> {
        V::text(self.value(row))
    }

    fn slots(self) -> Slots<'a> {
        let mut numbers = Numbers::with_capacity(self.len());
        self.iter().for_each(|text| numbers.push(text));
        numbers.finish().0
    }
}

macro_rules! tuples {
    ($($column:ident $at:tt),*; $pairs:expr) => {
        impl<$($column: GroupKey),*> GroupKey for ($($column,)*) {
            type Lent<'a> = ($($column::Lent<'a>,)*);

            #[inline]
            fn lend(&self) -> Self::Lent<'_> {
                ($(self.$at.lend(),)*)
            }

            #[inline]
            fn is(&self, lent: Self::Lent<'_>) -> bool {
                $(self.$at.is(lent.$at))&&*
            }

            fn from_lent(lent: Self::Lent<'_>) -> Self {
                ($($column::from_lent(lent.$at),)*)
            }
        }

        impl<'a, $($column: KeyColumn<'a>),*> KeyColumn<'a> for ($($column,)*) {
            type Key = ($($column::Key,)*);
            type Present = ($($column::Present,)*);

            fn rows(self) -> usize {
                self.0.rows()
            }

            #[inline]
            fn key(self, row: usize) -> <Self::Key as GroupKey>::Lent<'a> {
                ($(self.$at.key(row),)*)
            }

            #[inline]
            fn present(self, row: usize) -> Option<Self::Present> {
                Some(($(self.$at.present(row)?,)*))
            }

            #[track_caller]
            fn slots(self) -> Slots<'a> {
                let pairs: fn(Self) -> Slots<'a> = $pairs;
                pairs(self)
            }
        }
    };
}

tuples!(A 0, B 1; |(a, b)| a.slots().pair(b.slots()));
tuples!(A 0, B 1, C 2; |(a, b, c)| (a, b).slots().pair(c.slots()));
tuples!(A 0, B 1, C 2, D 3; |(a, b, c, d)| (a, b, c).slots().pair(d.slots()));

/// Numbers values by how far above the least they are, and null behind them. Where that is too far, as they come.
fn number<C: ValueColumn<Value: PlainKey>>(column: C) -> Slots<'static> {
    let mut first = None;
    for rows in blocks(column.rows()) {
        column.read(rows, |values, validity| {
            first = validity.iter().position(|there| there).map(|row| values[row]);
        });
        if first.is_some() {
            break;
        }
    }
    let (mut least, mut most) = (first.unwrap_or_default(), first.unwrap_or_default());
    let mut nulls = false;
    for rows in blocks(column.rows()) {
        column.read(rows, |values, validity| {
            nulls |= validity.any_null();
            for_each_there(values, validity, |_, value| {
                least = least.min(value);
                most = most.max(value);
            });
        });
    }
    let span = usize::try_from(most.above(least)).unwrap_or(usize::MAX).saturating_add(2);
    if !are_few(span, column.rows()) {
        return number_as_they_come(column);
    }
    narrowest!(span - usize::from(!nulls), N => {
        let mut numbers: Vec<N> = Vec::with_capacity(column.rows());
        for rows in blocks(column.rows()) {
            column.read(rows.clone(), |values, validity| {
                numbers.extend(values.iter().map(|value| N::cut(value.above(least) as u32)));
                let null = N::cut((span - 1) as u32);
                validity.iter_nulls().for_each(|row| numbers[rows.start + row] = null);
            });
        }
        numbers
    })
}

fn number_as_they_come<C: ValueColumn<Value: PlainKey>>(column: C) -> Slots<'static> {
    let mut numbers = Numbers::with_capacity(column.rows());
    for rows in blocks(column.rows()) {
        column.read(rows, |values, validity| {
            let keys = values.iter().zip(validity.iter());
            keys.for_each(|(&value, there)| numbers.push(there.then_some(value)));
        });
    }
    numbers.finish().0
}
