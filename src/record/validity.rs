//! Which values of a column are there, and which are null.

use crate::raw::bitmap as bits;
use crate::raw::range::indices;
use core::fmt;
use core::ops::RangeBounds;

mod buffer;

pub(super) use buffer::ValidityBuf;

/// Which values of a column are there: a bit for each, 1 for a value and 0 for null, lowest bit first, as Arrow has them. No bits at all
/// where no value is null.
///
/// ```
/// use pennyweight::record::Validity;
///
/// let validity = Validity::new(&[0b1011_0110], 1, 6);
/// assert_eq!(validity.iter().collect::<Vec<_>>(), [true, true, false, true, true, false]);
/// assert_eq!((validity.len(), validity.null_count()), (6, 2));
/// assert!(validity.is_null(2) && !validity.slice(3..5).any_null());
/// ```
#[derive(Clone, Copy)]
pub struct Validity<'a> {
    /// Invariant: if there are bytes, they have at least `offset + len` bits.
    bytes: Option<&'a [u8]>,
    offset: usize,
    len: usize,
}

impl<'a> Validity<'a> {
    /// `len` bits of bytes, from the one at `offset` on.
    ///
    /// # Panics
    ///
    /// Panics where the bytes have fewer bits.
    #[must_use]
    #[track_caller]
    pub const fn new(bytes: &'a [u8], offset: usize, len: usize) -> Self {
        let bits = bytes.len().saturating_mul(8);
        assert!(offset <= bits && len <= bits - offset, "a validity behind the last bit");
        Self { bytes: Some(bytes), offset, len }
    }

    /// `len` values of which none is null.
    #[must_use]
    pub const fn all(len: usize) -> Self {
        Self { bytes: None, offset: 0, len }
    }

    /// The number of values, nulls among them.
    #[inline]
    #[must_use]
    pub const fn len(self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[inline]
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len == 0
    }

    /// Whether the value at `index` is there, or `None` behind the end.
    #[inline]
    #[must_use]
    pub fn get(self, index: usize) -> Option<bool> {
        (index < self.len).then(|| self.bit(index))
    }

    /// Whether the value at `index` is there.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn is_valid(self, index: usize) -> bool {
        assert!(index < self.len, "index {index} out of range for {} values", self.len);
        self.bit(index)
    }

    /// Whether the value at `index` is null.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn is_null(self, index: usize) -> bool {
        !self.is_valid(index)
    }

    #[inline]
    fn bit(self, index: usize) -> bool {
        self.bytes.is_none_or(|bytes| bits::get(bytes, self.offset + index))
    }

    /// The number of nulls. Counts them, 64 at a time.
    #[must_use]
    pub fn null_count(self) -> usize {
        match self.bytes {
            Some(bytes) => self.len - bits::count_ones(bytes, self.offset, self.len),
            None => 0,
        }
    }

    /// Whether a value is null. Stops at the first.
    #[must_use]
    pub fn any_null(self) -> bool {
        let full = |(word, (_, count)): (u64, (usize, usize))| word == bits::low(count);
        self.bytes.is_some() && !self.words().zip(bits::pieces(self.len)).all(full)
    }

    /// Whether each value is there.
    #[inline]
    pub fn iter(
        self,
    ) -> impl DoubleEndedIterator<Item = bool> + ExactSizeIterator + Clone + use<'a> {
        (0..self.len).map(move |index| self.bit(index))
    }

    /// The indices of the nulls, in their order.
    ///
    /// ```
    /// use pennyweight::record::Validity;
    ///
    /// assert!(Validity::new(&[0b1011_0110], 1, 6).iter_nulls().eq([2, 5]));
    /// ```
    pub fn iter_nulls(self) -> impl Iterator<Item = usize> + use<'a> {
        let len = if self.bytes.is_some() { self.len } else { 0 };
        (0..len).step_by(64).flat_map(move |start| {
            let mut nulls = !self.word(start) & bits::low(len - start);
            core::iter::from_fn(move || {
                let place = (nulls != 0).then(|| nulls.trailing_zeros() as usize)?;
                nulls &= nulls - 1;
                Some(start + place)
            })
        })
    }

    /// The bits in words of 64, lowest first. Those behind the end are zero.
    ///
    /// ```
    /// use pennyweight::record::Validity;
    ///
    /// assert_eq!(Validity::all(66).words().collect::<Vec<_>>(), [u64::MAX, 0b11]);
    /// ```
    #[inline]
    pub fn words(self) -> impl Iterator<Item = u64> + use<'a> {
        (0..self.len).step_by(64).map(move |index| self.word(index))
    }

    /// The 64 bits from an index within the values on. Those behind the end are zero.
    #[inline]
    pub(super) fn word(self, index: usize) -> u64 {
        let word = self.bytes.map_or(u64::MAX, |bytes| bits::load(bytes, self.offset + index));
        word & bits::low(self.len - index)
    }

    /// The validity of a range of the values.
    ///
    /// # Panics
    ///
    /// Panics when the range is not within them.
    #[must_use]
    #[track_caller]
    pub fn slice(self, range: impl RangeBounds<usize>) -> Self {
        let range = indices(&range, self.len);
        let offset = if self.bytes.is_some() { self.offset + range.start } else { 0 };
        Self { bytes: self.bytes, offset, len: range.len() }
    }

    /// The bytes, and in which bit of them the first value is. `None` where no value is null, and there are no bits.
    #[must_use]
    pub const fn as_bytes(self) -> Option<(&'a [u8], usize)> {
        match self.bytes {
            Some(bytes) => Some((bytes, self.offset)),
            None => None,
        }
    }
}

/// As a list of booleans.
impl fmt::Debug for Validity<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Equal if the same values are there, wherever the bits lie.
impl PartialEq for Validity<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.words().eq(other.words())
    }
}

impl Eq for Validity<'_> {}
