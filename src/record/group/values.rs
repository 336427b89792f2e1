//! Columns whose values are aggregated.

use crate::array::Int;
use crate::raw::bitmap as bits;
use crate::record::dict::{Code, Codes, each};
use crate::record::text::{TextField, TextSlice};
use crate::record::validity::Validity;
use crate::record::{DictSlice, NullableSlice, PackedField, PackedSlice};
use core::ops::Range;

/// The most rows that are read at once.
pub(super) const BLOCK: usize = 4096;

/// A column of which groups are aggregated: a slice, a [`NullableSlice`], or a slice of packed, dictionary or text columns.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column of values",
    note = "columns are slices of `Copy` values, and what `records.columns()` gives"
)]
pub trait ValueColumn: Copy + sealed::Sealed {
    /// What a row has, unless that is null.
    type Value: Copy;

    /// The number of rows.
    #[doc(hidden)]
    fn rows(self) -> usize;

    /// Calls a closure with the values of at most `BLOCK` rows, and with which of them are there. In the place of
    /// the others is the default.
    #[doc(hidden)]
    fn read(self, rows: Range<usize>, f: impl FnOnce(&[Self::Value], Validity<'_>));
}

mod sealed {
    pub trait Sealed {}
}

impl<T> sealed::Sealed for &[T] {}

impl<T: Copy> ValueColumn for &[T] {
    type Value = T;

    fn rows(self) -> usize {
        self.len()
    }

    #[inline]
    fn read(self, rows: Range<usize>, f: impl FnOnce(&[T], Validity<'_>)) {
        let values = &self[rows];
        f(values, Validity::all(values.len()));
    }
}

impl<T> sealed::Sealed for NullableSlice<'_, T> {}

impl<T: Copy> ValueColumn for NullableSlice<'_, T> {
    type Value = T;

    fn rows(self) -> usize {
        self.len()
    }

    #[inline]
    fn read(self, rows: Range<usize>, f: impl FnOnce(&[T], Validity<'_>)) {
        f(&self.values()[rows.clone()], self.validity().slice(rows));
    }
}

impl<T: PackedField> sealed::Sealed for PackedSlice<'_, T> {}

impl<T: Int + PackedField> ValueColumn for PackedSlice<'_, T> {
    type Value = T;

    fn rows(self) -> usize {
        self.len()
    }

    fn read(self, rows: Range<usize>, f: impl FnOnce(&[T], Validity<'_>)) {
        read_block(self.slice(rows).iter(), f);
    }
}

impl ValueColumn for PackedSlice<'_, bool> {
    type Value = bool;

    fn rows(self) -> usize {
        self.len()
    }

    fn read(self, rows: Range<usize>, f: impl FnOnce(&[bool], Validity<'_>)) {
        read_block(self.slice(rows).iter(), f);
    }
}

impl ValueColumn for PackedSlice<'_, Option<bool>> {
    type Value = bool;

    fn rows(self) -> usize {
        self.len()
    }

    fn read(self, rows: Range<usize>, f: impl FnOnce(&[bool], Validity<'_>)) {
        read_nullable(self.slice(rows).iter(), f);
    }
}

impl<T: Int> ValueColumn for PackedSlice<'_, Option<T>>
where
    Option<T>: PackedField,
{
    type Value = T;

    fn rows(self) -> usize {
        self.len()
    }

    fn read(self, rows: Range<usize>, f: impl FnOnce(&[T], Validity<'_>)) {
        read_nullable(self.slice(rows).iter(), f);
    }
}

impl<V> sealed::Sealed for DictSlice<'_, V> {}

impl<'a, V: TextField> ValueColumn for DictSlice<'a, V> {
    type Value = &'a str;

    fn rows(self) -> usize {
        self.len()
    }

    fn read(self, rows: Range<usize>, f: impl FnOnce(&[&'a str], Validity<'_>)) {
        read_nullable(self.slice(rows).iter().map(V::text), f);
    }
}

impl<V> sealed::Sealed for TextSlice<'_, V> {}

impl<'a, V: TextField> ValueColumn for TextSlice<'a, V> {
    type Value = &'a str;

    fn rows(self) -> usize {
        self.len()
    }

    fn read(self, rows: Range<usize>, f: impl FnOnce(&[&'a str], Validity<'_>)) {
        read_nullable(self.slice(rows).iter().map(V::text), f);
    }
}

/// The rows of a column, as many at a time as are read at once.
pub(super) fn blocks(rows: usize) -> impl Iterator<Item = Range<usize>> {
    (0..rows).step_by(BLOCK).map(move |start| start..rows.min(start + BLOCK))
}

/// Calls a closure with the values of at most `BLOCK` rows that are there, and the numbers of these rows.
#[inline]
pub(super) fn for_each_value<C: ValueColumn>(
    column: C,
    numbers: Codes<'_>,
    rows: Range<usize>,
    mut f: impl FnMut(usize, C::Value),
) {
    each!(numbers, numbers => column.read(rows, |values, validity| {
        for_each_there(values, validity, |row, value| f(numbers[row].wide() as usize, value));
    }));
}

/// Calls a closure with the values that are there, and their places.
#[inline]
pub(super) fn for_each_there<T: Copy>(
    values: &[T],
    validity: Validity<'_>,
    mut f: impl FnMut(usize, T),
) {
    for ((values, start), mut there) in
        values.chunks(64).zip((0..).step_by(64)).zip(validity.words())
    {
        if there.count_ones() as usize == values.len() {
            values.iter().zip(start..).for_each(|(&value, place)| f(place, value));
        } else {
            while there != 0 {
                let place = there.trailing_zeros() as usize;
                f(start + place, values[place]);
                there &= there - 1;
            }
        }
    }
}

/// Reads values, of which none is null.
fn read_block<T: Copy + Default>(
    values: impl ExactSizeIterator<Item = T>,
    f: impl FnOnce(&[T], Validity<'_>),
) {
    let mut block = [T::default(); BLOCK];
    let len = values.len();
    let mut next = 0;
    // Folded, so that packed values are read many at a time.
    values.for_each(|value| {
        block[next] = value;
        next += 1;
    });
    f(&block[..len], Validity::all(len));
}

/// Reads values, of which some may be null.
fn read_nullable<T: Copy + Default>(
    values: impl ExactSizeIterator<Item = Option<T>>,
    f: impl FnOnce(&[T], Validity<'_>),
) {
    let mut block = [T::default(); BLOCK];
    let mut there = [0; bits::bytes_for(BLOCK)];
    let len = values.len();
    let mut next = 0;
    values.for_each(|value| {
        block[next] = value.unwrap_or_default();
        there[next / 8] |= u8::from(value.is_some()) << (next % 8);
        next += 1;
    });
    f(&block[..len], Validity::new(&there, 0, len));
}
