//! A column of values of which some are not there.

use super::cells::NullableField;
use super::validity::Validity;
use crate::raw::bitmap;
use core::iter::FusedIterator;
use core::ops::Range;
use core::{fmt, mem};

/// Values and which of them are there: a column of a field that is an `Option`, or a part of one. Two slices; `Copy`.
///
/// ```
/// use pennyweight::record::{Record, Records};
///
/// #[derive(Record)]
/// struct Flight {
///     delay: Option<i16>,
/// }
///
/// let flights: Records<Flight> = [Some(4), None, Some(-2)].map(|delay| Flight { delay }).into_iter().collect();
/// let delays = flights.columns().delay();
/// assert_eq!((delays.get(0), delays.get(1)), (Some(Some(&4)), Some(None)));
/// assert_eq!(delays.values(), [4, 0, -2]); // the default where there is none
/// assert_eq!(delays.validity().null_count(), 1);
/// assert_eq!(delays.iter().flatten().map(|&delay| i64::from(delay)).sum::<i64>(), 2);
/// ```
pub struct NullableSlice<'a, T> {
    values: &'a [T],
    /// Invariant: as many bits as there are values.
    validity: Validity<'a>,
}

impl<'a, T> NullableSlice<'a, T> {
    /// Values, and as many bits.
    #[inline]
    pub(super) fn new(values: &'a [T], validity: Validity<'a>) -> Self {
        debug_assert_eq!(values.len(), validity.len());
        Self { values, validity }
    }

    /// The number of values, nulls among them.
    #[inline]
    #[must_use]
    pub fn len(self) -> usize {
        self.values.len()
    }

    /// True where there are none.
    #[inline]
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.values.is_empty()
    }

    /// The value at `index`, `Some(None)` where it is null, or `None` behind the end.
    #[inline]
    #[must_use]
    pub fn get(self, index: usize) -> Option<Option<&'a T>> {
        (index < self.len()).then(|| self.value(index))
    }

    /// All values, with `T::default()` for nulls.
    #[inline]
    #[must_use]
    pub fn values(self) -> &'a [T] {
        self.values
    }

    /// Which values are there.
    #[inline]
    #[must_use]
    pub fn validity(self) -> Validity<'a> {
        self.validity
    }

    /// The number of nulls.
    #[must_use]
    pub fn null_count(self) -> usize {
        self.validity.null_count()
    }

    /// Iterates over the values, `None` where there is none. Methods that go to the end, as `for_each` and `sum` do, take 64 bits at a time.
    #[inline]
    pub fn iter(
        self,
    ) -> impl DoubleEndedIterator<Item = Option<&'a T>> + ExactSizeIterator + FusedIterator + Clone
    {
        Iter { column: self, rows: 0..self.len() }
    }

    #[inline]
    fn value(self, index: usize) -> Option<&'a T> {
        let value = &self.values[index];
        self.validity.is_valid(index).then_some(value)
    }
}

struct Iter<'a, T> {
    column: NullableSlice<'a, T>,
    /// Invariant: within the column.
    rows: Range<usize>,
}

impl<T> Clone for Iter<'_, T> {
    fn clone(&self) -> Self {
        Self { column: self.column, rows: self.rows.clone() }
    }
}

impl<'a, T> Iterator for Iter<'a, T> {
    type Item = Option<&'a T>;

    #[inline]
    fn next(&mut self) -> Option<Option<&'a T>> {
        self.rows.next().map(|row| self.column.value(row))
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rows.size_hint()
    }

    #[inline]
    fn nth(&mut self, n: usize) -> Option<Option<&'a T>> {
        self.rows.nth(n).map(|row| self.column.value(row))
    }

    #[inline]
    fn fold<B, F: FnMut(B, Option<&'a T>) -> B>(self, init: B, mut f: F) -> B {
        let validity = self.column.validity;
        let pieces = self.column.values[self.rows.clone()].chunks(64);
        let starts = self.rows.step_by(64);
        pieces.zip(starts).fold(init, |folded, (values, start)| {
            let there = validity.word(start);
            let bits = values.iter().enumerate();
            bits.fold(folded, |folded, (place, value)| {
                f(folded, (there >> place & 1 != 0).then_some(value))
            })
        })
    }
}

impl<T> DoubleEndedIterator for Iter<'_, T> {
    #[inline]
    fn next_back(&mut self) -> Option<Self::Item> {
        self.rows.next_back().map(|row| self.column.value(row))
    }
}

impl<T> ExactSizeIterator for Iter<'_, T> {}

impl<T> FusedIterator for Iter<'_, T> {}

impl<T> Clone for NullableSlice<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for NullableSlice<'_, T> {}

impl<T: fmt::Debug> fmt::Debug for NullableSlice<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<T: PartialEq> PartialEq for NullableSlice<'_, T> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

/// A column of a field that is an `Option`, to be changed in place: values and bits.
///
/// ```
/// use pennyweight::record::{Record, Records};
///
/// #[derive(Record)]
/// struct Flight {
///     delay: Option<i16>,
/// }
///
/// let mut flights: Records<Flight> = [Some(4), None].map(|delay| Flight { delay }).into_iter().collect();
/// let mut delays = flights.columns_mut().delay;
/// delays.update(|values| values.iter_mut().for_each(|delay| *delay *= 60));
/// assert_eq!(delays.replace(1, Some(7)), None);
/// assert_eq!(delays.as_slice().iter().flatten().collect::<Vec<_>>(), [&240, &7]);
/// ```
pub struct NullableSliceMut<'a, T> {
    /// Invariant, outside of `update` and `set_validity`, and unless `Default` or `Drop` panics there: what has no bit is `T::default()`.
    values: &'a mut [T],
    /// Invariant: at least as many bits as there are values.
    bits: &'a mut [u8],
}

impl<'a, T> NullableSliceMut<'a, T> {
    /// Values, and at least as many bits.
    #[inline]
    pub(super) fn new(values: &'a mut [T], bits: &'a mut [u8]) -> Self {
        debug_assert!(values.len() <= bits.len() * 8);
        Self { values, bits }
    }

    /// The number of values, nulls among them.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// True where there are none.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The column as it is.
    #[inline]
    #[must_use]
    pub fn as_slice(&self) -> NullableSlice<'_, T> {
        NullableSlice::new(self.values, Validity::new(self.bits, 0, self.values.len()))
    }

    /// Gives the values to a closure that changes them. What stands for nulls is among them, and is `T::default()` again
    /// afterwards, also where the closure panics.
    ///
    /// Takes a test of 64 rows' bits at a time and a write for each null, beside what the closure takes. Where a default value or a drop
    /// panics, nulls behind it may keep what was written, and stay null.
    pub fn update<R>(&mut self, change: impl FnOnce(&mut [T]) -> R) -> R
    where
        T: Default,
    {
        struct Nulls<'n, 'a, T: Default>(&'n mut NullableSliceMut<'a, T>);
        impl<T: Default> Drop for Nulls<'_, '_, T> {
            fn drop(&mut self) {
                self.0.clear_nulls();
            }
        }
        change(Nulls(self).0.values)
    }

    /// Puts what stands for none in the place of nulls.
    fn clear_nulls(&mut self)
    where
        T: NullableField,
    {
        let validity = Validity::new(self.bits, 0, self.values.len());
        validity.iter_nulls().for_each(|index| self.values[index] = T::none());
    }

    /// Replaces the value at `index`, and gives the old one.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[track_caller]
    pub fn replace(&mut self, index: usize, value: Option<T>) -> Option<T>
    where
        T: Default,
    {
        let there = value.is_some();
        let old = mem::replace(&mut self.values[index], value.unwrap_or_default());
        let was = bitmap::get(self.bits, index);
        bitmap::set(self.bits, index, there);
        was.then_some(old)
    }

    /// Says which values are there, and puts what stands for none in the place of the others.
    ///
    /// # Panics
    ///
    /// Panics where the validity is that of more or fewer values.
    pub(super) fn set_validity(&mut self, validity: Validity<'_>)
    where
        T: NullableField,
    {
        assert_eq!(validity.len(), self.len(), "a bit for each value");
        match validity.as_bytes() {
            Some((bits, at)) => bitmap::copy(bits, at, self.bits, 0, validity.len()),
            None => bitmap::fill(self.bits, 0, validity.len(), true),
        }
        self.clear_nulls();
    }
}

impl<T: fmt::Debug> fmt::Debug for NullableSliceMut<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice().fmt(f)
    }
}
