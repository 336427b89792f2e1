//! Long strings as codes of what is frequent in them.

use super::super::column::Encoding;
use super::super::iter::from_traits;
use super::super::{ImageError, ReserveError};
use super::buffer::{Buffer, LoadBuffer};
use super::eq::{list_eq, strs_eq};
use super::ragged::BytesArray;
use super::str::StrArray;
use crate::raw::growth;
use crate::raw::image::{Kind, Load, Parts, Sections, Stored};
use crate::raw::range::indices;
use crate::size::{Block, HeapSize, Visitor};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use arrayvec::ArrayVec;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::iter::FusedIterator;
use core::mem;
use core::ops::{Range, RangeBounds};
use fsst::Compressor;

/// A list of strings that takes a byte for each frequent sequence of up to eight, and two for each byte that is in
/// none: half to a third of URLs, log lines or JSON, and each string is decoded on its own.
///
/// It wins where strings are long, distinct, resemble one another, and are read at random: no block has to be
/// decompressed for one of them, as with LZ4 or zstd, which are smaller where whole blocks are read. It loses for
/// strings of a few bytes, for random ones (which may take twice their bytes: such arrays stay uncompressed, see
/// below), and where a `&str` is wanted, which only a [`StrArray`] can lend. Sorted strings take less in a
/// [`SortedStrArray`](super::SortedStrArray). It is built once; strings are not pushed.
///
/// # Layout
///
/// A table of at most 255 symbols, each one to eight bytes in a word of its own, found in a sample of the strings;
/// and for each string the numbers of its symbols, in a [`BytesArray`]. Code 255 says that the next byte stands for
/// itself. Where the codes of all strings take more bytes than their text, the table has one symbol for each byte
/// that occurs.
///
/// ```text
/// symbols | "https://" | "www." | ".com/" | … |          8 bytes each
/// codes   | 0 1 17 4 2 | 0 22 255 'q' 2 | … |            a BytesArray
/// ```
///
/// # Memory
///
/// The codes, those of a [`BytesArray`] for their ends, and at most 2040 bytes of symbols. No slack. 104 bytes
/// inline. Building holds the text beside, 3.4 MB for the tables of the compressor, and 16 bytes for each string that is
/// looked at, which are fewer than 65,536.
///
/// # Complexity
///
/// [`get_into`](Self::get_into) takes a step for each symbol: three to four times as long as indexing a `Vec<String>` for
/// the words of a dictionary in no order, and eight times for addresses of 70 bytes.
///
/// # Examples
///
/// ```
/// use pennyweight::array::{FsstArray, StrArray};
///
/// let urls: StrArray = (0..1000)
///     .map(|i| format!("https://www.example.org/articles/{}?page={}", i * 7919 % 10_000, i % 10))
///     .collect();
/// let packed = FsstArray::from(&urls);
/// assert_eq!(packed.get(7).as_deref(), urls.get(7));
/// assert!(packed.heap_bytes() < urls.heap_bytes() / 3);
/// ```
///
/// # Source
///
/// P. Boncz, T. Neumann and V. Leis, "FSST: fast random access string compression" (VLDB 2020). The symbols are
/// found, and strings encoded, by [`fsst-rs`](https://docs.rs/fsst-rs), which needs std and a little-endian machine.
pub struct FsstArray<W: Buffer<u8> = Box<[u64]>> {
    /// Invariant: codes of UTF-8, each less than the number of symbols, or [`ESCAPE`] and a byte.
    codes: BytesArray<W>,
    /// Invariant: at most 255. The bytes of each, lowest first, and zeros: see [`symbol_len`].
    symbols: W,
}

/// The code of a byte that stands for itself.
const ESCAPE: u8 = fsst::ESCAPE_CODE;

/// The bytes of a symbol: all up to the last that is not zero, or a zero.
#[inline]
fn symbol_len(symbol: u64) -> usize {
    (8 - symbol.leading_zeros() as usize / 8).max(1)
}

impl<W: Buffer<u8>> FsstArray<W> {
    /// The number of strings.
    #[inline]
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// True where there are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The string at `index`, or `None` behind the end. Allocates it; see [`get_into`](Self::get_into).
    pub fn get(&self, index: usize) -> Option<String> {
        let mut string = String::new();
        self.get_into(index, &mut string).then_some(string)
    }

    /// Replaces `string` by the one at `index`. Behind the end this gives false, and changes nothing.
    ///
    /// ```
    /// use pennyweight::array::FsstArray;
    ///
    /// let lines: FsstArray = ["GET /index.html", "GET /about.html"].iter().collect();
    /// let mut line = String::new();
    /// assert!(lines.get_into(1, &mut line));
    /// assert_eq!(line, "GET /about.html");
    /// assert!(!lines.get_into(2, &mut line));
    /// ```
    pub fn get_into(&self, index: usize, string: &mut String) -> bool {
        let Some(codes) = self.codes.get(index) else { return false };
        let mut bytes = mem::take(string).into_bytes();
        bytes.clear();
        let _ = self.decode(codes, &mut bytes);
        match String::from_utf8(bytes) {
            Ok(decoded) => *string = decoded,
            Err(error) => unreachable!("the codes are of UTF-8: {error}"),
        }
        true
    }

    /// The bytes of the string at `index`, or `None` behind the end. Reads the codes, and decodes nothing.
    pub fn str_len(&self, index: usize) -> Option<usize> {
        let symbols = self.symbols.words();
        let mut codes = self.codes.get(index)?.iter();
        let mut len = 0;
        while let Some(&code) = codes.next() {
            len += match symbols.get(usize::from(code)) {
                Some(&symbol) => symbol_len(symbol),
                None => codes.next().map_or(0, |_| 1),
            };
        }
        Some(len)
    }

    /// The first string.
    pub fn first(&self) -> Option<String> {
        self.get(0)
    }

    /// The last string.
    pub fn last(&self) -> Option<String> {
        self.get(self.len().wrapping_sub(1))
    }

    /// Calls `f` with all strings in order: each is decoded into one buffer, and lent.
    ///
    /// ```
    /// use pennyweight::array::FsstArray;
    ///
    /// let lines: FsstArray = ["first line", "second line"].iter().collect();
    /// let mut bytes = 0;
    /// lines.for_each(|line| bytes += line.len());
    /// assert_eq!(bytes, 21);
    /// ```
    pub fn for_each(&self, mut f: impl FnMut(&str)) {
        let mut string = String::new();
        for index in 0..self.len() {
            self.get_into(index, &mut string);
            f(&string);
        }
    }

    /// Iterates over the strings, each of which is allocated. [`for_each`](Self::for_each) lends them.
    pub fn iter(&self) -> FsstStrs<'_, W> {
        self.iter_range(..)
    }

    /// Iterates over the strings of a range of indices, each of which is allocated.
    ///
    /// # Panics
    ///
    /// Panics where the range ends before it begins, or behind the last string.
    #[track_caller]
    pub fn iter_range(&self, range: impl RangeBounds<usize>) -> FsstStrs<'_, W> {
        FsstStrs { array: self, range: indices(&range, self.len()) }
    }

    /// Whether these are the strings.
    fn equals<'s>(&self, strings: impl ExactSizeIterator<Item = &'s str>) -> bool {
        let mut own = String::new();
        self.len() == strings.len()
            && strings.enumerate().all(|(index, string)| {
                self.get_into(index, &mut own);
                own == string
            })
    }

    /// The strings in a `Vec`.
    pub fn to_vec(&self) -> Vec<String> {
        self.iter().collect()
    }

    /// The bytes of heap memory.
    pub fn heap_bytes(&self) -> usize {
        self.codes.heap_bytes() + if W::OWNED { size_of_val(self.symbols.words()) } else { 0 }
    }

    /// How the strings are stored.
    pub fn encoding(&self) -> Encoding {
        Encoding::Symbols { symbols: self.symbols.words().len() as u32 }
    }

    /// Appends what codes stand for. `None` where they end within an escape, or there is no such symbol.
    #[inline]
    fn decode(&self, codes: &[u8], bytes: &mut Vec<u8>) -> Option<()> {
        let symbols = self.symbols.words();
        // Most symbols have several bytes; and the eight that are written always reach behind the last one.
        bytes.reserve(codes.len() * 3 + 8);
        let mut codes = codes.iter();
        while let Some(&code) = codes.next() {
            match symbols.get(usize::from(code)) {
                Some(&symbol) => {
                    let len = bytes.len() + symbol_len(symbol);
                    bytes.extend_from_slice(&symbol.to_le_bytes());
                    bytes.truncate(len);
                }
                None if code == ESCAPE => bytes.push(*codes.next()?),
                None => return None,
            }
        }
        Some(())
    }

    /// Panics unless the invariants of the fields hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.codes.check_invariants();
        self.validate().unwrap_or_else(|wrong| panic!("{wrong}"));
    }

    /// What does not hold of the invariants, however wild the codes are.
    fn validate(&self) -> Result<(), &'static str> {
        if self.symbols.words().len() > usize::from(ESCAPE) {
            return Err("it has too many symbols");
        }
        // However many rows a few bytes claim, they are not looked at one by one where there is nothing in them.
        if self.codes.values().is_empty() {
            return Ok(());
        }
        let mut bytes = Vec::new();
        for codes in &self.codes {
            bytes.clear();
            self.decode(codes, &mut bytes).ok_or("a code is of no symbol")?;
            core::str::from_utf8(&bytes).map_err(|_| "a string is not UTF-8")?;
        }
        Ok(())
    }
}

impl<W: Buffer<u8>> From<&StrArray<W>> for FsstArray {
    /// Finds symbols, and encodes every string.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[track_caller]
    fn from(strings: &StrArray<W>) -> Self {
        Self::try_from_strs(strings).unwrap_or_else(|error| error.raise())
    }
}

impl FsstArray {
    /// Finds symbols, and encodes every string.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory for it. The compressor allocates its tables itself, and would end the program
    /// where these are refused: so as much is asked for, and given back, before.
    pub fn try_from_strs<W: Buffer<u8>>(strings: &StrArray<W>) -> Result<Self, ReserveError> {
        let text = strings.text().as_bytes();
        let (symbols, mut codes) = train(strings)?;
        // What it takes without symbols, and with one for each byte that occurs.
        let mut occurs = [false; 256];
        text.iter().for_each(|&byte| occurs[usize::from(byte)] = true);
        let mut occurring: ArrayVec<u8, 256> =
            (0..=u8::MAX).filter(|&byte| occurs[usize::from(byte)]).collect();
        let (escaped, single) = (2 * text.len(), text.len() + size_of::<u64>() * occurring.len());
        if codes.values().len() + size_of_val(&symbols[..]) <= single.min(escaped) {
            codes.shrink_to_fit();
            return Ok(Self { codes, symbols });
        }
        drop((symbols, codes));
        if escaped < single {
            occurring.clear();
        }
        let mut codes = BytesArray::new();
        codes.try_reserve_exact(single.min(escaped))?;
        for string in strings {
            codes.try_push_from(string.bytes().flat_map(
                |byte| match occurring.binary_search(&byte) {
                    Ok(code) => ArrayVec::<u8, 2>::from_iter([code as u8]),
                    Err(_) => ArrayVec::from([ESCAPE, byte]),
                },
            ))?;
        }
        codes.shrink_to_fit();
        Ok(Self { codes, symbols: boxed(occurring.into_iter().map(u64::from))? })
    }
}

/// So many strings, or fewer than twice as many, are looked at for symbols.
const SAMPLED: usize = 1 << 15;

/// The bytes that the compressor allocates at most, beside 16 a string that is looked at.
const TABLES: usize = 4 << 20;

/// The symbols that are found in the strings, and the strings encoded by them.
fn train<W: Buffer<u8>>(strings: &StrArray<W>) -> Result<(Box<[u64]>, BytesArray), ReserveError> {
    let step = (strings.len() / SAMPLED).max(1);
    let mut sample = Vec::new();
    growth::reserve_exact(&mut sample, strings.len().div_ceil(step))?;
    sample.extend(strings.iter().step_by(step).map(str::as_bytes));
    growth::reserve_exact(&mut Vec::<u8>::new(), TABLES + size_of_val(&sample[..]))?;
    let compressor = Compressor::train(&sample);
    let symbols = boxed(compressor.symbol_table().iter().map(|symbol| symbol.to_u64()))?;
    let (mut codes, mut row, mut ends) = (BytesArray::new(), Vec::new(), Vec::new());
    for string in strings {
        row.clear();
        ends.clear();
        // As much as the compressor itself would reserve, so that it finds it.
        growth::reserve(&mut row, 2 * string.len())?;
        growth::reserve(&mut ends, 1)?;
        compressor.compress_bulk_into::<2>(&[string.as_bytes()], &mut row, &mut ends);
        codes.try_append(&row)?;
    }
    Ok((symbols, codes))
}

fn boxed(words: impl ExactSizeIterator<Item = u64>) -> Result<Box<[u64]>, ReserveError> {
    let mut boxed = Vec::new();
    growth::reserve_exact(&mut boxed, words.len())?;
    boxed.extend(words);
    Ok(boxed.into_boxed_slice())
}

impl<S: AsRef<str>> From<&[S]> for FsstArray {
    /// Copies the strings, finds symbols, and encodes every string.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    fn from(strings: &[S]) -> Self {
        Self::from(&StrArray::from(strings))
    }
}

from_traits!([S: AsRef<str>] FsstArray, S);

impl<S: AsRef<str>> FromIterator<S> for FsstArray {
    /// Collects the strings, finds symbols, and encodes every string.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    fn from_iter<I: IntoIterator<Item = S>>(strings: I) -> Self {
        Self::from(&strings.into_iter().collect::<StrArray>())
    }
}

impl Default for FsstArray {
    /// An empty array. Does not allocate.
    fn default() -> Self {
        Self { codes: BytesArray::new(), symbols: Box::default() }
    }
}

/// An iterator over the strings of an [`FsstArray`].
pub struct FsstStrs<'a, W: Buffer<u8> = Box<[u64]>> {
    array: &'a FsstArray<W>,
    range: Range<usize>,
}

impl<W: Buffer<u8>> Iterator for FsstStrs<'_, W> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        self.array.get(self.range.next()?)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.range.size_hint()
    }

    fn nth(&mut self, n: usize) -> Option<String> {
        self.array.get(self.range.nth(n)?)
    }

    fn count(self) -> usize {
        self.range.len()
    }

    fn last(mut self) -> Option<String> {
        self.next_back()
    }
}

impl<W: Buffer<u8>> DoubleEndedIterator for FsstStrs<'_, W> {
    fn next_back(&mut self) -> Option<String> {
        self.array.get(self.range.next_back()?)
    }

    fn nth_back(&mut self, n: usize) -> Option<String> {
        self.array.get(self.range.nth_back(n)?)
    }
}

impl<W: Buffer<u8>> ExactSizeIterator for FsstStrs<'_, W> {}
impl<W: Buffer<u8>> FusedIterator for FsstStrs<'_, W> {}

impl<W: Buffer<u8>> Clone for FsstStrs<'_, W> {
    fn clone(&self) -> Self {
        Self { array: self.array, range: self.range.clone() }
    }
}

impl<W: Buffer<u8>> fmt::Debug for FsstStrs<'_, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

impl<'a, W: Buffer<u8>> IntoIterator for &'a FsstArray<W> {
    type Item = String;
    type IntoIter = FsstStrs<'a, W>;

    fn into_iter(self) -> FsstStrs<'a, W> {
        self.iter()
    }
}

impl<W: Buffer<u8, Values: Clone>> Clone for FsstArray<W> {
    fn clone(&self) -> Self {
        let symbols = self.symbols.copy(self.symbols.words().len());
        Self { codes: self.codes.clone(), symbols }
    }
}

impl<V: Buffer<u8>, W: Buffer<u8>> PartialEq<FsstArray<W>> for FsstArray<V> {
    /// True where the strings are equal, whatever the symbols.
    fn eq(&self, other: &FsstArray<W>) -> bool {
        self.len() == other.len() && self.iter().eq(other)
    }
}

impl<W: Buffer<u8>> Eq for FsstArray<W> {}

list_eq!([W: Buffer<u8>] FsstArray<W>, str);
strs_eq!(FsstArray);

impl<W: Buffer<u8>> Hash for FsstArray<W> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.len().hash(state);
        self.for_each(|string| string.hash(state));
    }
}

impl<W: Buffer<u8>> fmt::Debug for FsstArray<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

impl<W: Buffer<u8>> HeapSize for FsstArray<W> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("codes", &self.codes);
        if W::OWNED {
            let symbols = self.symbols.words();
            let block = Block::array::<u64>(symbols.len(), symbols.len());
            visitor.block(block.at(symbols.as_ptr()));
        }
    }

    fn owns_heap() -> bool {
        W::OWNED
    }
}

impl<W: Buffer<u8>> Stored for FsstArray<W> {
    const KIND: Kind = Kind::FsstStrs;

    fn element() -> u16 {
        0
    }

    fn store<'s>(&'s self, image: &mut Sections<'s>) {
        image.field(self.symbols.words().len() as u64);
        image.words(self.symbols.words());
        self.codes.store(image);
    }
}

impl<'a, W: LoadBuffer<'a, u8>> Load<'a> for FsstArray<W> {
    fn load(parts: &mut Parts<'a>) -> Result<Self, ImageError> {
        let symbols = parts.field_up_to(ESCAPE.into())?;
        let array = Self { symbols: parts.words(symbols)?, codes: BytesArray::load(parts)? };
        array.validate().map_err(ImageError::Invalid)?;
        Ok(array)
    }
}
