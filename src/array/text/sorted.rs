//! Sorted strings, each as what it does not share with the one before.
#![allow(unsafe_code)]

use super::super::ImageError;
use super::super::column::Encoding;
use super::buffer::{Buffer, LoadBuffer};
use super::ragged::BytesArray;
use crate::raw::image::{Kind, Load, Parts, Sections, Stored};
use crate::size::{Block, HeapSize, Visitor};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::mem;

mod build;
mod read;
mod search;
mod tail;

#[cfg(feature = "serde")]
pub(super) use build::Builder;
pub use read::{SortedStrs, StrCursor};
use tail::{Tails, apply, head};

/// A list of sorted strings that takes for each what it does not share with the one before, and a byte: a
/// dictionary of 104,334 English words takes 2.5 bytes a word. `Vec<String>` takes 24 bytes and a block of the
/// allocator's for each.
///
/// It wins where strings are many, sorted, and looked up: dictionaries, paths, URLs, keys of an index.
/// [`binary_search`](Self::binary_search) compares without decoding, and needs no memory; [`prefix`](Self::prefix) and
/// [`range`](Self::range) say which strings lie between two. It loses where strings are read one by one:
/// [`get`](Self::get) decodes half a bucket on average, into a `String`, since no `&str` lies anywhere. Nor can it
/// be changed. Where strings share no beginnings take a [`StrArray`](super::StrArray); for queries that know but a
/// pattern of the strings, [`fst`](https://docs.rs/fst).
///
/// # Layout
///
/// Strings are sorted by their bytes, as `str` is ordered. A bucket is 16 of them (or [another power of
/// two](Self::with_buckets)): the first in full, and of each other one how many bytes at the end of the one before
/// go, and which come. A byte says both at once where the pair is frequent (`-1 +"'s"`), and `+n` for text of `n`
/// bytes that follows; which 255 such operations there are is found by counting, and by sizing several divisions
/// between the two kinds exactly.
///
/// ```text
/// buckets | len, "walk" | op -0 +"ed" | op -2 +"ing" | op -3 +1, "s" | … |      a BytesArray
/// ops     | drop 8 bits, bytes 4 bits, follow 4 bits, bytes 48 bits | … |       at most 255 words
/// escape  | 255 | drop | len | bytes |                                          what no operation says
/// ```
///
/// # Complexity
///
/// [`get_into`](Self::get_into), with a `String` that is used again, takes four to six times as long as indexing a
/// `Vec<String>` for the words of a dictionary in no order; a search takes a third to two thirds of the time of one in the `Vec`.
///
/// # Memory
///
/// The bytes of the buckets, those of a [`BytesArray`] of them (some 10 bits a bucket), and at most 2040 bytes of
/// operations. No slack. 120 bytes inline. While it is built, the bytes that strings do not share and two or three a
/// string are held beside, and up to 2 MiB of counts.
///
/// # Examples
///
/// ```
/// use pennyweight::array::SortedStrArray;
///
/// let words = ["walk", "walked", "walking", "walks", "wall", "walnut"];
/// let words = SortedStrArray::from_sorted(words);
/// assert_eq!(words.get(2).as_deref(), Some("walking"));
/// assert_eq!(words.binary_search("wall"), Ok(4));
/// assert_eq!(words.binary_search("wallet"), Err(5));
/// assert_eq!(words.prefix("walk"), 0..4);
///
/// let mut cursor = words.cursor(words.range("walk".."walnut"));
/// while let Some(word) = cursor.next_str() {
///     assert!(word < "walnut"); // lent, not allocated
/// }
/// ```
///
/// # Source
///
/// Front coding is as old as dictionaries; in buckets, I. H. Witten, A. Moffat and T. C. Bell, *Managing Gigabytes*
/// (1999), section 4.1, and M. A. Martínez-Prieto and others, "Practical compressed string dictionaries"
/// (Information Systems 2016). That frequent pairs of an ending and its successor get a byte is this crate's.
pub struct SortedStrArray<W: Buffer<u8> = Box<[u64]>> {
    /// Invariant: strings as `tail` describes them, `1 << shift` in each but the last; sorted; and each is UTF-8.
    buckets: BytesArray<W>,
    /// Invariant: at most 255 operations.
    ops: W,
    /// Invariant: as many as there are in all buckets.
    len: usize,
    /// Invariant: at most [`MAX_SHIFT`].
    shift: u32,
}

/// Buckets have at most 65,536 strings.
const MAX_SHIFT: u32 = 16;

/// Buckets have 16 strings, unless another number is asked for.
const SHIFT: u32 = 4;

impl<W: Buffer<u8>> SortedStrArray<W> {
    /// The number of strings.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// True where there are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The string at `index`, or `None` behind the end. Decodes half a bucket on average.
    pub fn get(&self, index: usize) -> Option<String> {
        let mut string = String::new();
        self.get_into(index, &mut string).then_some(string)
    }

    /// Replaces `string` by the one at `index`. Behind the end this gives false, and changes nothing.
    ///
    /// ```
    /// use pennyweight::array::SortedStrArray;
    ///
    /// let words = SortedStrArray::from_sorted(["sea", "seal", "search"]);
    /// let mut word = String::with_capacity(20);
    /// assert!(words.get_into(1, &mut word));
    /// assert_eq!((word.as_str(), word.capacity()), ("seal", 20));
    /// assert!(!words.get_into(3, &mut word));
    /// ```
    pub fn get_into(&self, index: usize, string: &mut String) -> bool {
        if index >= self.len {
            return false;
        }
        let mut bytes = mem::take(string).into_bytes();
        let tails = self.enter(index >> self.shift, &mut bytes);
        for tail in tails.take(index & ((1 << self.shift) - 1)) {
            apply(&mut bytes, &tail);
        }
        // SAFETY: the bytes are those of a string of the array, each of which is UTF-8 (invariant of `buckets`).
        *string = unsafe { String::from_utf8_unchecked(bytes) };
        true
    }

    /// The first string.
    pub fn first(&self) -> Option<String> {
        self.get(0)
    }

    /// The last string.
    pub fn last(&self) -> Option<String> {
        self.get(self.len.wrapping_sub(1))
    }

    /// The strings in a `Vec`.
    pub fn to_vec(&self) -> Vec<String> {
        self.iter().collect()
    }

    /// The bytes of heap memory.
    pub fn heap_bytes(&self) -> usize {
        self.buckets.heap_bytes() + if W::OWNED { size_of_val(self.ops.words()) } else { 0 }
    }

    /// How the strings are stored.
    pub fn encoding(&self) -> Encoding {
        Encoding::FrontCoded { bucket: 1 << self.shift, ops: self.ops.words().len() as u32 }
    }

    /// Puts the head of a bucket down, and gives what follows it.
    fn enter(&self, bucket: usize, bytes: &mut Vec<u8>) -> Tails<'_> {
        let (head, tails) = self.bucket(bucket);
        bytes.clear();
        bytes.extend_from_slice(head);
        tails
    }

    /// The head of a bucket, and what follows it.
    #[inline]
    fn bucket(&self, bucket: usize) -> (&[u8], Tails<'_>) {
        let (head, bytes) = head(&self.buckets[bucket]).unwrap_or_default();
        (head, Tails { bytes, ops: self.ops.words() })
    }

    /// Panics unless the invariants of the fields hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.buckets.check_invariants();
        self.validate().unwrap_or_else(|wrong| panic!("{wrong}"));
    }

    /// What does not hold of the invariants, however wild the bytes of the buckets are.
    fn validate(&self) -> Result<(), &'static str> {
        let ops = self.ops.words();
        if ops.len() > tail::MAX_OPS || !ops.iter().all(|&op| tail::is_op(op)) {
            return Err("an operation cannot be");
        }
        if self.shift > MAX_SHIFT || self.buckets.len() != self.len.div_ceil(1 << self.shift) {
            return Err("it has more or fewer buckets than strings");
        }
        let mut bytes = Vec::new();
        let mut left = self.len;
        for bucket in &self.buckets {
            let (head, tails) = head(bucket).ok_or("a bucket has no head")?;
            if bytes.as_slice() > head {
                return Err("strings are not sorted");
            }
            core::str::from_utf8(head).map_err(|_| "a string is not UTF-8")?;
            bytes.clear();
            bytes.extend_from_slice(head);
            let mut tails = Tails { bytes: tails, ops };
            let count = left.min(1 << self.shift);
            for _ in 1..count {
                let tail = tails.next().ok_or("a bucket ends before its strings")?;
                let keep = bytes.len().checked_sub(tail.drop).ok_or("a string keeps too much")?;
                let (before, first) = (bytes.get(keep).copied(), tail.first());
                // `None`, the end of a string, is before every byte.
                if before.is_some() && before >= first {
                    return Err("strings are not sorted");
                }
                // The string before is UTF-8, and so is this one up to where a character of both begins.
                let begins = |at: &usize| bytes.get(*at).is_none_or(|&byte| byte & 0xc0 != 0x80);
                let same = (0..=keep).rev().find(begins).unwrap_or(0);
                apply(&mut bytes, &tail);
                core::str::from_utf8(&bytes[same..]).map_err(|_| "a string is not UTF-8")?;
            }
            if !tails.bytes.is_empty() {
                return Err("a bucket ends behind its strings");
            }
            left -= count;
        }
        Ok(())
    }
}

impl<W: Buffer<u8, Values: Clone>> Clone for SortedStrArray<W> {
    fn clone(&self) -> Self {
        let ops = self.ops.copy(self.ops.words().len());
        Self { buckets: self.buckets.clone(), ops, ..*self }
    }
}

impl<W: Buffer<u8>> HeapSize for SortedStrArray<W> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("buckets", &self.buckets);
        if W::OWNED {
            let ops = self.ops.words();
            visitor.block(Block::array::<u64>(ops.len(), ops.len()).at(ops.as_ptr()));
        }
    }

    fn owns_heap() -> bool {
        W::OWNED
    }
}

impl<W: Buffer<u8>> Stored for SortedStrArray<W> {
    const KIND: Kind = Kind::SortedStrs;

    fn element() -> u16 {
        0
    }

    fn store<'s>(&'s self, image: &mut Sections<'s>) {
        image.field(self.len as u64);
        image.field(self.shift.into());
        image.field(self.ops.words().len() as u64);
        image.words(self.ops.words());
        self.buckets.store(image);
    }
}

impl<'a, W: LoadBuffer<'a, u8>> Load<'a> for SortedStrArray<W> {
    fn load(parts: &mut Parts<'a>) -> Result<Self, ImageError> {
        let len = parts.field_up_to(usize::MAX)?;
        let shift = parts.field_up_to(MAX_SHIFT as usize)? as u32;
        let ops = parts.field_up_to(tail::MAX_OPS)?;
        let ops = parts.words(ops)?;
        let array = Self { buckets: BytesArray::load(parts)?, ops, len, shift };
        array.validate().map_err(ImageError::Invalid)?;
        Ok(array)
    }
}
