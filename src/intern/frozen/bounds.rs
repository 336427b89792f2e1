//! Where strings end that lie end to end: two bytes a string, read in one step.
//!
//! A block is 128 strings. For each there is where its text begins, and for each string how far behind that it ends:
//!
//! ```text
//! begins   [ 0 | 1025 | 2040 | … ]                64 bits a block
//! ends     [ 0 | 7 | 15 | 18 | … | 1025 | 9 | … ] 16 bits a string, and a zero before the first
//! ```
//!
//! Where the text of a block is longer than 16 bits count, its ends are 0, and in place of where it begins stands where its
//! bounds are among the *wide* ones, and that they are: those are 64 bits each, one more than strings, and count from the
//! beginning of all text.
#![allow(unsafe_code)]

use crate::raw::growth::{self, ReserveError};
use crate::raw::image::{LoadWords, Parts, Sections};
use crate::raw::{ImageError, Words};
use alloc::boxed::Box;
use alloc::vec::Vec;
use arrayvec::ArrayVec;
use core::ops::Range;

/// The strings of a block.
const BLOCK: usize = 128;

/// The longest text.
pub(super) const MOST_TEXT: u64 = (1 << 48) - 1;

/// Set in place of where a block begins whose bounds are wide.
const WIDE: u64 = 1 << 63;

/// What is wrong with an image whose bounds fall, or leave the text.
const BEHIND: &str = "a string ends before it begins, or behind all text";

/// The words of the ends of so many strings: a zero and all ends, four to a word.
fn words_for(len: usize) -> usize {
    if len == 0 { 0 } else { len / 4 + 1 }
}

pub(super) struct Bounds<W = Box<[u64]>> {
    len: usize,
    /// Invariant: a word for each begun block.
    begins: W,
    /// Invariant: `words_for(len)` words.
    ends: W,
    wide: W,
}

impl<W: Words> Bounds<W> {
    /// The number of strings.
    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Where a string lies.
    ///
    /// # Safety
    ///
    /// The index is below the length.
    #[inline(always)]
    pub(super) unsafe fn range(&self, index: usize) -> Range<usize> {
        // SAFETY: each begun block has a word (invariant of `begins`).
        let begin = *unsafe { self.begins.words().get_unchecked(index / BLOCK) };
        if begin >= WIDE {
            return self.wide_range(begin, index % BLOCK);
        }
        // SAFETY: there is an end for each string (invariant of `ends`).
        let [before, end] = unsafe { ends(self.ends.words(), index) };
        let start = if index.is_multiple_of(BLOCK) { 0 } else { before };
        begin as usize + usize::from(start)..begin as usize + usize::from(end)
    }

    #[cold]
    #[inline(never)]
    fn wide_range(&self, begin: u64, lane: usize) -> Range<usize> {
        let bounds = &self.wide.words()[(begin - WIDE) as usize + lane..][..2];
        bounds[0] as usize..bounds[1] as usize
    }

    /// The buffers.
    pub(super) fn buffers(&self) -> [&W; 3] {
        [&self.begins, &self.ends, &self.wide]
    }

    /// What does not hold of the bounds of so much text, however wild the words are.
    fn validate(&self, text: usize) -> Result<(), &'static str> {
        let (mut before, mut wide) = (0, 0);
        for (block, &begin) in self.begins.words().iter().enumerate() {
            let strings = block * BLOCK..self.len.min((block + 1) * BLOCK);
            if begin == WIDE + wide as u64 {
                wide += strings.len() + 1;
                let no_ends = strings.clone().all(|index| end(self.ends.words(), index) == 0);
                if wide > self.wide.words().len() || !no_ends {
                    return Err("a block has more bounds than strings");
                }
                // What is not behind the text is a `usize`, on machines of 32 bits too.
                let bounds = &self.wide.words()[wide - strings.len() - 1..wide];
                if bounds.iter().any(|&bound| bound > text as u64) {
                    return Err(BEHIND);
                }
            } else if begin != before as u64 {
                return Err("a block of strings begins elsewhere");
            }
            for index in strings {
                // SAFETY: the string is one of the `len`, and the words of the fields are as many as they are to be.
                let range = unsafe { self.range(index) };
                if range.start != before || range.end < before || range.end > text {
                    return Err(BEHIND);
                }
                before = range.end;
            }
        }
        let ends = self.ends.words();
        let fill = self.len..(ends.len() * 4).saturating_sub(1);
        if ends.first().is_some_and(|word| word & 0xffff != 0)
            || fill.into_iter().any(|i| end(ends, i) != 0)
        {
            return Err("an end is set that no string has");
        }
        if before != text {
            return Err("the last string ends elsewhere");
        }
        if wide == self.wide.words().len() {
            Ok(())
        } else {
            Err("it has more bounds than strings")
        }
    }

    pub(super) fn store<'s>(&'s self, image: &mut Sections<'s>) {
        image.field(self.len as u64);
        image.field(self.wide.words().len() as u64);
        image.words(self.begins.words());
        image.words(self.ends.words());
        image.words(self.wide.words());
    }

    /// Takes the bounds of so much text.
    pub(super) fn load<'a>(
        parts: &mut Parts<'a>,
        text: usize,
        most: usize,
    ) -> Result<Self, ImageError>
    where
        W: LoadWords<'a>,
    {
        let len = parts.field_up_to(most)?;
        let wide = parts.field_up_to(usize::MAX)?;
        let bounds = Self {
            len,
            begins: parts.words(len.div_ceil(BLOCK))?,
            ends: parts.words(words_for(len))?,
            wide: parts.words(wide)?,
        };
        bounds.validate(text).map_err(ImageError::Invalid)?;
        Ok(bounds)
    }

    pub(super) fn check_invariants(&self, text: usize) {
        assert_eq!(self.begins.words().len(), self.len.div_ceil(BLOCK));
        assert_eq!(self.ends.words().len(), words_for(self.len));
        self.validate(text).unwrap_or_else(|wrong| panic!("{wrong}"));
    }
}

impl Bounds {
    /// The bounds of so many strings, of these lengths.
    pub(super) fn build(
        len: usize,
        mut lengths: impl Iterator<Item = usize>,
    ) -> Result<Self, ReserveError> {
        let (mut begins, mut ends) = (Box::default(), Box::default());
        growth::set_words(&mut begins, len.div_ceil(BLOCK))?;
        growth::set_words(&mut ends, words_for(len))?;
        let (mut wide, mut total) = (Vec::new(), 0);
        for (block, begin) in begins.iter_mut().enumerate() {
            let mut bounds = ArrayVec::<u64, { BLOCK + 1 }>::new();
            bounds.push(total);
            bounds.extend(lengths.by_ref().take(BLOCK).map(|length| {
                total += length as u64;
                total
            }));
            if total > MOST_TEXT {
                return Err(ReserveError::CapacityOverflow);
            }
            let first = bounds[0];
            if total - first <= u16::MAX.into() {
                *begin = first;
                for (index, bound) in (block * BLOCK..).zip(&bounds[1..]) {
                    ends[(index + 1) / 4] |= (bound - first) << ((index + 1) % 4 * 16);
                }
            } else {
                *begin = WIDE + wide.len() as u64;
                growth::reserve(&mut wide, bounds.len())?;
                wide.extend(bounds);
            }
        }
        Ok(Self { len, begins, ends, wide: wide.into_boxed_slice() })
    }
}

/// The end of a string.
#[inline(always)]
fn end(ends: &[u64], index: usize) -> u16 {
    (ends[(index + 1) / 4] >> ((index + 1) % 4 * 16)) as u16
}

/// The end of a string behind that of the one before.
///
/// # Safety
///
/// There is such a string.
#[inline(always)]
unsafe fn ends(ends: &[u64], index: usize) -> [u16; 2] {
    if cfg!(target_endian = "big") {
        return [if index == 0 { 0 } else { end(ends, index - 1) }, end(ends, index)];
    }
    // SAFETY: the caller says so: there is a zero, and an end for each string.
    let pair = unsafe { ends.as_ptr().cast::<u16>().add(index) };
    // SAFETY: as above. An array of two is aligned as one of them is.
    unsafe { pair.cast::<[u16; 2]>().read() }
}

impl Copy for Bounds<&[u64]> {}

impl<W: Words> Clone for Bounds<W> {
    fn clone(&self) -> Self {
        let copy = |words: &W| words.copy(words.words().len());
        let (begins, ends, wide) = (copy(&self.begins), copy(&self.ends), copy(&self.wide));
        Self { len: self.len, begins, ends, wide }
    }
}
