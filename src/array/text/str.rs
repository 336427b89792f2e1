//! Strings in one buffer.
#![allow(unsafe_code)]

use super::super::ImageError;
use super::super::column::Encoding;
use super::buffer::{Buffer, LoadBuffer};
use super::eq::list_eq;
use super::ragged::{BytesArray, Rows};
use crate::raw::Words;
use crate::raw::image::{Kind, Load, Parts, Sections, Stored};
use crate::size::{HeapSize, Visitor};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::iter::FusedIterator;
use core::ops::{Index, Range, RangeBounds};

mod edit;

pub use edit::Utf8RowError;

/// A growable list of strings that takes their bytes and some bits each: 7 of them where lengths differ as those of
/// words do, none where all strings are of one length. `Vec<String>` takes 24 bytes and a block of the allocator's for each.
///
/// It wins where strings are appended and then read: a column of names, the lines of a log. It loses where strings
/// in the middle change, which it does not offer; where many are equal, codes hold each once (see the second example);
/// sorted ones are smaller in a [`SortedStrArray`](super::SortedStrArray), and long ones that resemble one another by
/// symbols (feature `fsst`), but neither can lend a `&str`.
///
/// # Layout
///
/// That of [`RaggedArray`](super::RaggedArray): the text of all strings end to end, and for 128 of them a straight line
/// that their ends lie near, and how far above it each lies.
///
/// # Memory
///
/// The text, and where strings differ in length, for every 128 of them 16 bytes and 129 times some bits: as many as it
/// takes to say how far their ends lie from the line. After [`shrink_to_fit`](Self::shrink_to_fit) the words of a
/// dictionary take 7.3 bits each beside their text, or 6.6 in random order, and never more than `9.5 + log2(mean
/// length)`, and 64 bytes. Growth leaves 1/16 or 64 bytes of slack in each of three buffers. 88 bytes inline. A text
/// may be longer than 4 GiB.
///
/// # Complexity
///
/// `get` finds where a string begins and ends from two reads: it takes about as long as that of a `Vec<String>` for the
/// words of a dictionary in no order, and twice as long for addresses of 70 bytes. Pushes take constant time, amortised.
///
/// # Examples
///
/// ```
/// use pennyweight::array::StrArray;
///
/// let mut months: StrArray = ["January", "February", "March", "April"].iter().collect();
/// months.push("May");
/// assert_eq!(months.get(1), Some("February"));
/// assert_eq!(&months[4], "May");
/// assert_eq!(months.iter().map(str::len).max(), Some(8));
///
/// let airports: StrArray = (0..1000).map(|i| format!("{i:03}")).collect();
/// assert!(airports.heap_bytes() < 3200); // codes of one length take no offsets
/// ```
///
/// Codes for strings that repeat: each string once, sorted, and its index there for every row.
///
/// ```
/// use pennyweight::array::{IntArray, SortedStrArray, StrArray};
///
/// let names = ["Dublin", "Amsterdam", "Berlin", "Dublin"];
/// let mut cities: StrArray = names.into_iter().cycle().take(10_000).collect();
/// cities.shrink_to_fit();
///
/// let mut distinct: Vec<&str> = cities.iter().collect();
/// distinct.sort_unstable();
/// distinct.dedup();
/// let distinct = SortedStrArray::from_sorted(distinct);
/// let codes = cities.iter().flat_map(|city| distinct.binary_search(city));
/// let mut codes: IntArray<u32> = codes.map(|code| code as u32).collect();
/// codes.shrink_to_fit();
///
/// assert_eq!(distinct.get(codes.value(4) as usize), Some("Dublin".into()));
/// assert_eq!(codes.count(distinct.binary_search("Berlin").unwrap() as u32), 2500);
/// assert_eq!((cities.heap_bytes(), distinct.heap_bytes() + codes.heap_bytes()), (71_292, 2_540));
/// ```
///
/// # Source
///
/// Strings end to end are Arrow's [`StringArray`](https://docs.rs/arrow-array), with 32 bits for an offset, and
/// [`lite-strtab`](https://docs.rs/lite-strtab). For the ends see [`RaggedArray`](super::RaggedArray).
pub struct StrArray<W: Buffer<u8> = Box<[u64]>> {
    /// Invariant: every row is UTF-8.
    bytes: BytesArray<W>,
}

impl<W: Buffer<u8>> StrArray<W> {
    /// The number of strings.
    #[inline]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// True where there are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The string at `index`, or `None` behind the end.
    #[inline]
    pub fn get(&self, index: usize) -> Option<&str> {
        let row = self.bytes.get(index)?;
        // SAFETY: every row is UTF-8 (invariant of `bytes`).
        Some(unsafe { core::str::from_utf8_unchecked(row) })
    }

    /// Where the string at `index` lies in [`text`](Self::text), or `None` behind the end.
    #[inline]
    pub fn range(&self, index: usize) -> Option<Range<usize>> {
        self.bytes.range(index)
    }

    /// The first string.
    pub fn first(&self) -> Option<&str> {
        self.get(0)
    }

    /// The last string.
    pub fn last(&self) -> Option<&str> {
        self.get(self.len().wrapping_sub(1))
    }

    /// The index of the first string that is equal. Looks at all before it: see
    /// [`binary_search`](Self::binary_search).
    pub fn position(&self, string: &str) -> Option<usize> {
        self.iter().position(|other| other == string)
    }

    /// True where a string is equal.
    pub fn contains(&self, string: &str) -> bool {
        self.position(string).is_some()
    }

    /// The number of strings that are equal.
    pub fn count(&self, string: &str) -> usize {
        self.iter().filter(|&other| other == string).count()
    }

    /// Where `string` is among sorted strings: one of those that are equal, or where it could be inserted.
    ///
    /// # Errors
    ///
    /// Gives the index where the string would be if none is equal.
    ///
    /// ```
    /// use pennyweight::array::StrArray;
    ///
    /// let names = StrArray::from(["Ada", "Barbara", "Grace"]);
    /// assert_eq!((names.binary_search("Grace"), names.binary_search("Edsger")), (Ok(2), Err(2)));
    /// ```
    pub fn binary_search(&self, string: &str) -> Result<usize, usize> {
        let index = self.partition_point(|other| other < string);
        if self.get(index) == Some(string) { Ok(index) } else { Err(index) }
    }

    /// The index of the first string of which `before` is false, where it is true of all before that.
    pub fn partition_point(&self, mut before: impl FnMut(&str) -> bool) -> usize {
        let (mut start, mut end) = (0, self.len());
        while start < end {
            let middle = start.midpoint(end);
            if before(&self[middle]) {
                start = middle + 1;
            } else {
                end = middle;
            }
        }
        start
    }

    /// The text of all strings, end to end.
    #[inline]
    pub fn text(&self) -> &str {
        // SAFETY: every row is UTF-8 (invariant of `bytes`), and so are all of them in sequence.
        unsafe { core::str::from_utf8_unchecked(self.bytes.values()) }
    }

    /// The strings as rows of bytes.
    pub fn as_bytes(&self) -> &BytesArray<W> {
        &self.bytes
    }

    /// The strings as rows of bytes. Copies nothing.
    pub fn into_bytes(self) -> BytesArray<W> {
        self.bytes
    }

    /// Iterates over the strings: faster than [`get`](Self::get) with all indices.
    #[inline]
    pub fn iter(&self) -> Strs<'_, W> {
        Strs { rows: self.bytes.iter() }
    }

    /// Iterates over the strings of a range of indices.
    ///
    /// # Panics
    ///
    /// Panics where the range ends before it begins, or behind the last string.
    ///
    /// ```
    /// use pennyweight::array::StrArray;
    ///
    /// let days = StrArray::from(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]);
    /// assert!(days.iter_range(5..).eq(["Sat", "Sun"]));
    /// ```
    #[track_caller]
    pub fn iter_range(&self, range: impl RangeBounds<usize>) -> Strs<'_, W> {
        Strs { rows: self.bytes.iter_range(range) }
    }

    /// Whether these are the strings.
    pub(super) fn equals<'s>(&self, strings: impl ExactSizeIterator<Item = &'s str>) -> bool {
        self.len() == strings.len() && self.iter().eq(strings)
    }

    /// The strings in a `Vec`.
    pub fn to_vec(&self) -> Vec<String> {
        self.iter().map(String::from).collect()
    }

    /// The bytes of heap memory.
    pub fn heap_bytes(&self) -> usize {
        self.bytes.heap_bytes()
    }

    /// How the strings are stored.
    pub fn encoding(&self) -> Encoding {
        self.bytes.encoding()
    }

    /// Panics unless the invariants of the fields hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.bytes.check_invariants();
        assert!(rows_are_text(&self.bytes));
    }
}

impl<'a> StrArray<&'a [u64]> {
    /// The string at `index` of an array that was [opened](Self::open), or `None` behind the end. It outlives the
    /// array, which [`get`](Self::get) borrows, and is there as long as the image.
    ///
    /// ```
    /// use pennyweight::array::{ImageError, StrArray};
    ///
    /// fn second(image: &[u8]) -> Result<Option<&str>, ImageError> {
    ///     Ok(StrArray::open(image)?.lend(1))
    /// }
    ///
    /// let image = StrArray::from(["Ada", "Grace"]).to_bytes();
    /// # let mut words = vec![0_u64; image.len() / 8];
    /// # bytemuck::cast_slice_mut(&mut words).copy_from_slice(&image);
    /// # let image: &[u8] = bytemuck::cast_slice(&words);
    /// assert_eq!(second(&image)?, Some("Grace"));
    /// # Ok::<(), ImageError>(())
    /// ```
    #[inline]
    pub fn lend(&self, index: usize) -> Option<&'a str> {
        let row = self.bytes.lend(index)?;
        // SAFETY: every row is UTF-8 (invariant of `bytes`).
        Some(unsafe { core::str::from_utf8_unchecked(row) })
    }
}

/// Whether every row is UTF-8.
fn rows_are_text<W: Buffer<u8>>(rows: &BytesArray<W>) -> bool {
    // However many rows a few bytes claim, they are not looked at one by one where there is nothing in them.
    rows.values().is_empty()
        || core::str::from_utf8(rows.values()).is_ok_and(|text| {
            text.is_ascii() || rows.row_ranges().all(|row| text.is_char_boundary(row.end))
        })
}

impl<W: Buffer<u8>> Index<usize> for StrArray<W> {
    type Output = str;

    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[track_caller]
    fn index(&self, index: usize) -> &str {
        // SAFETY: every row is UTF-8 (invariant of `bytes`).
        unsafe { core::str::from_utf8_unchecked(&self.bytes[index]) }
    }
}

/// An iterator over the strings of a [`StrArray`].
pub struct Strs<'a, W = Box<[u64]>> {
    /// Invariant: the rows are those of a [`StrArray`].
    rows: Rows<'a, u8, W>,
}

impl<'a, W: Words> Iterator for Strs<'a, W> {
    type Item = &'a str;

    #[inline]
    fn next(&mut self) -> Option<&'a str> {
        let row = self.rows.next()?;
        // SAFETY: every row of a `StrArray` is UTF-8.
        Some(unsafe { core::str::from_utf8_unchecked(row) })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rows.size_hint()
    }

    fn nth(&mut self, n: usize) -> Option<&'a str> {
        let row = self.rows.nth(n)?;
        // SAFETY: every row of a `StrArray` is UTF-8.
        Some(unsafe { core::str::from_utf8_unchecked(row) })
    }

    fn count(self) -> usize {
        self.rows.len()
    }

    fn last(mut self) -> Option<&'a str> {
        self.next_back()
    }

    fn fold<B, F: FnMut(B, &'a str) -> B>(self, init: B, mut f: F) -> B {
        self.rows.fold(init, |folded, row| {
            // SAFETY: every row of a `StrArray` is UTF-8.
            f(folded, unsafe { core::str::from_utf8_unchecked(row) })
        })
    }
}

impl<W: Words> DoubleEndedIterator for Strs<'_, W> {
    #[inline]
    fn next_back(&mut self) -> Option<Self::Item> {
        let row = self.rows.next_back()?;
        // SAFETY: every row of a `StrArray` is UTF-8.
        Some(unsafe { core::str::from_utf8_unchecked(row) })
    }

    fn nth_back(&mut self, n: usize) -> Option<Self::Item> {
        let row = self.rows.nth_back(n)?;
        // SAFETY: every row of a `StrArray` is UTF-8.
        Some(unsafe { core::str::from_utf8_unchecked(row) })
    }
}

impl<W: Words> ExactSizeIterator for Strs<'_, W> {}
impl<W: Words> FusedIterator for Strs<'_, W> {}

impl<W> Clone for Strs<'_, W> {
    fn clone(&self) -> Self {
        Self { rows: self.rows.clone() }
    }
}

impl<W: Words> fmt::Debug for Strs<'_, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

impl<'a, W: Buffer<u8>> IntoIterator for &'a StrArray<W> {
    type Item = &'a str;
    type IntoIter = Strs<'a, W>;

    fn into_iter(self) -> Strs<'a, W> {
        self.iter()
    }
}

impl<W: Buffer<u8, Values: Clone>> Clone for StrArray<W> {
    /// Copies the strings, but not the slack.
    fn clone(&self) -> Self {
        Self { bytes: self.bytes.clone() }
    }
}

impl Copy for StrArray<&[u64]> {}

impl<V: Buffer<u8>, W: Buffer<u8>> PartialEq<StrArray<W>> for StrArray<V> {
    fn eq(&self, other: &StrArray<W>) -> bool {
        self.bytes == other.bytes
    }
}

impl<W: Buffer<u8>> Eq for StrArray<W> {}

list_eq!([W: Buffer<u8>] StrArray<W>, str);

impl<W: Buffer<u8>> Hash for StrArray<W> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.len().hash(state);
        self.iter().for_each(|string| string.hash(state));
    }
}

impl<W: Buffer<u8>> fmt::Debug for StrArray<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

impl<W: Buffer<u8>> HeapSize for StrArray<W> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.bytes.visit(visitor);
    }

    fn owns_heap() -> bool {
        W::OWNED
    }
}

impl<W: Buffer<u8>> Stored for StrArray<W> {
    const KIND: Kind = Kind::Strs;

    fn element() -> u16 {
        0
    }

    fn store<'s>(&'s self, image: &mut Sections<'s>) {
        self.bytes.store(image);
    }
}

impl<'a, W: LoadBuffer<'a, u8>> Load<'a> for StrArray<W> {
    fn load(parts: &mut Parts<'a>) -> Result<Self, ImageError> {
        let bytes = BytesArray::load(parts)?;
        match rows_are_text(&bytes) {
            true => Ok(Self { bytes }),
            false => Err(ImageError::Invalid("a string is not UTF-8")),
        }
    }
}
