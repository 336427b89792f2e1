//! Integers and nulls at the width their range needs.

use super::Int;
use super::codes::Codes;
use super::column::Encoding;
use super::frame::Frame;
use super::iter::{Scan, read_traits, value_eq, write_traits};
use super::read::read_methods;
use crate::raw::Words;
use crate::size::{HeapSize, Visitor};
use alloc::boxed::Box;
use core::ops::Range;

mod edit;

/// A growable array of `Option<integer>` that takes `len * width` bits, where `width` is that of
/// `(max - min) / gcd` and one code more for null: 11 bits for the delays of flights.
///
/// `Vec<Option<i64>>` takes 128 bits a value, Arrow's `Int64Array` 65. Null is one of the codes, so
/// it costs a bit only where the values use up all codes of their width, and nothing at all while
/// there is none. Where it wins and loses is as for [`IntArray`](super::IntArray).
///
/// # Layout
///
/// That of [`IntArray`](super::IntArray). From the first null on, code 0 is null and value `i` is
/// `base + scale * (code[i] - 1)`. Nulls then add nothing to the sum of the codes, and
/// [`sum`](Self::sum) is as fast as without them.
///
/// # Memory
///
/// 64 bytes inline or less; on the heap, `8 * ceil(len * width / 64) + 8` bytes after
/// [`shrink_to_fit`](Self::shrink_to_fit) or when built from a slice, and growth leaves at most 1/16 or
/// 64 bytes of slack. No heap at all while all values are equal, or all are null.
///
/// # Complexity
///
/// As for [`IntArray`](super::IntArray); the first null costs a pass over the array.
///
/// # Examples
///
/// ```
/// use pennyweight::array::NullableIntArray;
///
/// let delays = NullableIntArray::from(&[Some(2_i64), Some(-4), None, Some(11), Some(0)][..]);
/// assert_eq!(delays.width(), 5); // -4 to 11 are 16 codes, and null is the 17th
/// assert_eq!(delays.get(2), Some(None));
/// assert_eq!(delays.get(3), Some(Some(11)));
/// assert_eq!((delays.sum(), delays.null_count()), (9, 1));
/// assert_eq!(delays.iter().flatten().min(), Some(-4));
/// ```
///
/// # Source
///
/// As for [`IntArray`](super::IntArray). A null in band is what databases call a sentinel; unlike
/// theirs it is taken from the codes that are left over and not from the values.
pub struct NullableIntArray<T, W = Box<[u64]>> {
    /// Invariant: where `reserved` is 1, code 0 stands for null and the others for values; where it is 0, all stand
    /// for values.
    pub(super) codes: Codes<T, W>,
    /// The number of nulls. Invariant: that of the codes that stand for null.
    pub(super) nulls: usize,
    /// The codes that are not for values: 1 from the first null on, 0 before. Only re-encoding takes it back.
    pub(super) reserved: u8,
}

impl<T: Int, W: Words> NullableIntArray<T, W> {
    /// An array of codes of which 0 is null where `reserved` is 1.
    pub(super) fn from_codes(codes: Codes<T, W>, reserved: u8) -> Self {
        let mut array = Self { codes, nulls: usize::from(reserved), reserved };
        array.nulls = array.count_nulls(0..array.len());
        array
    }

    /// The number of values, nulls included.
    #[inline]
    pub fn len(&self) -> usize {
        self.codes.packed.len()
    }

    /// The number of nulls. Takes constant time.
    #[inline]
    pub fn null_count(&self) -> usize {
        self.nulls
    }

    /// The bits of a code.
    #[inline]
    pub fn width(&self) -> u32 {
        self.codes.packed.width()
    }

    /// The bytes of heap memory: 0, or `8 * ceil(len * width / 64) + 8` and the slack of growth.
    pub fn heap_bytes(&self) -> usize {
        self.codes.packed.heap_bytes()
    }

    /// How the values are stored: width, base and scale.
    pub fn encoding(&self) -> Encoding {
        let Frame { base, scale } = self.codes.frame;
        let (width, base) = (self.width(), base.to_i128());
        match self.reserved {
            0 => Encoding::Packed { width, base, scale },
            _ => Encoding::PackedNullable { width, base, scale },
        }
    }

    read_methods!(Option<T>);

    /// The value at `index`: what `array[index]` would be. `None` where it is null.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[track_caller]
    pub fn value(&self, index: usize) -> Option<T> {
        decoder(self.reserved)(self.codes.frame, self.codes.packed.get(index))
    }

    /// True where the value at `index` is null.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[track_caller]
    pub fn is_null(&self, index: usize) -> bool {
        self.value(index).is_none()
    }

    /// Calls `f` with the values of a range in order, in slices of at most 256.
    #[inline]
    pub(super) fn for_each_within(&self, range: Range<usize>, f: impl FnMut(&[Option<T>])) {
        self.codes.for_each_block(range, decoder(self.reserved), f);
    }

    /// The smallest value that is not null.
    pub fn min(&self) -> Option<T> {
        Some(self.codes.bounds(0..self.len(), self.reserved.into())?.low)
    }

    /// The largest value that is not null.
    pub fn max(&self) -> Option<T> {
        Some(self.codes.bounds(0..self.len(), self.reserved.into())?.high)
    }

    /// The sum of the values that are not null. Never overflows.
    pub fn sum(&self) -> i128 {
        self.codes.sum(self.len() - self.nulls, self.reserved.into())
    }

    /// The sum of the values that are not null, modulo two to the number of bits of the type.
    pub fn wrapping_sum(&self) -> T {
        T::wrap(self.sum())
    }

    /// The mean of the values that are not null, or `None` where there are none.
    ///
    /// ```
    /// use pennyweight::array::NullableIntArray;
    ///
    /// let delays = NullableIntArray::from([Some(5), None, Some(-2)]);
    /// assert_eq!(delays.mean(), Some(1.5));
    /// assert_eq!(NullableIntArray::from([None::<i64>]).mean(), None);
    /// ```
    pub fn mean(&self) -> Option<f64> {
        let values = self.len() - self.nulls;
        (values > 0).then(|| self.sum() as f64 / values as f64)
    }

    pub(super) fn count_nulls(&self, range: Range<usize>) -> usize {
        if self.nulls == 0 {
            return 0;
        }
        if self.width() == 0 {
            return range.len();
        }
        let mut nulls = 0;
        self.codes.packed.for_each_wide(range, |codes| {
            nulls += codes.iter().filter(|&&code| code == 0).count();
        });
        nulls
    }

    /// Panics unless the invariants of the fields hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.codes.check_invariants(self.reserved.into());
        assert!(self.reserved == 1 || (self.reserved == 0 && self.nulls == 0));
        assert_eq!(self.nulls, self.count_nulls(0..self.len()));
    }
}

impl<T: Int> Copy for NullableIntArray<T, &[u64]> {}

impl<T: Int, W: Words> Clone for NullableIntArray<T, W> {
    /// Copies the values, but not the slack.
    fn clone(&self) -> Self {
        Self { codes: self.codes.clone(), ..*self }
    }
}

impl<T, W: Words> HeapSize for NullableIntArray<T, W> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.codes.visit(visitor);
    }
}

impl<T: Int, W: Words> Scan for NullableIntArray<T, W> {
    type Value = Option<T>;

    #[inline]
    fn scan_len(&self) -> usize {
        self.len()
    }

    #[inline]
    fn value_at(&self, index: usize) -> Option<T> {
        self.value(index)
    }

    #[inline]
    fn fold_range<B>(&self, range: Range<usize>, init: B, f: impl FnMut(B, Option<T>) -> B) -> B {
        self.codes.fold(range, decoder(self.reserved), init, f)
    }
}

/// What turns a code into a value, where the lowest `reserved` codes are null.
#[inline(always)]
fn decoder<T: Int>(reserved: u8) -> impl Fn(Frame<T>, u64) -> Option<T> {
    let reserved = u64::from(reserved);
    move |frame, code| (code >= reserved).then(|| frame.value(code.wrapping_sub(reserved)))
}

read_traits!([T: Int, W: Words] NullableIntArray<T, W>, Option<T>);
write_traits!([T: Int] NullableIntArray<T>, Option<T>);
value_eq!([T: Int] NullableIntArray<T>);
