//! Where strings end that lie end to end: two bytes a string, found without a search.
//!
//! A block is 128 strings. For each there is where its text begins, and for each string how far behind that it ends:
//!
//! ```text
//! begins   [ 0 | 1025 | 2040 | … ]                    64 bits a block
//! ends     [ 0 | 7 | 15 | 18 | … | 1025 | 0 | 9 | … ] 16 bits a string, and a zero before those of each block
//! ```
//!
//! Where the text of a block is longer than 16 bits count, its ends are 0, and in place of where it begins stands where its
//! bounds are among the *wide* ones, and that they are: those are 64 bits each, one more than strings, and count from the
//! beginning of all text. So whether a block is wide matters only where a string seems to be empty.
#![allow(unsafe_code)]

use crate::raw::growth::{self, ReserveError};
use crate::raw::image::{LoadWords, Parts, Sections};
use crate::raw::{ImageError, Words};
use alloc::boxed::Box;
use alloc::vec::Vec;
use arrayvec::ArrayVec;

/// The strings of a block.
const BLOCK: usize = 128;

/// The longest text.
pub(super) const MOST_TEXT: u64 = (1 << 48) - 1;

/// Set in place of where a block begins whose bounds are wide.
const WIDE: u64 = 1 << 63;

/// What is wrong with an image whose bounds fall, or leave the text.
const BEHIND: &str = "a string ends before it begins, or behind all text";

/// The words of the ends of so many strings, and of the zeros before them: four to a word.
fn words_for(len: usize) -> usize {
    // The sum of both might be more than a `usize` on machines of 32 bits.
    len / 4 + (len % 4 + len.div_ceil(BLOCK)).div_ceil(4)
}

/// Which of all ends is that of the string before this one, or the zero of its block; that of this one stands behind it.
#[inline(always)]
fn before(index: usize) -> usize {
    index + index / BLOCK
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

    /// Where a string begins, and how many bytes it has.
    ///
    /// # Safety
    ///
    /// The index is below the length.
    #[inline(always)]
    pub(super) unsafe fn place(&self, index: usize) -> (usize, usize) {
        // SAFETY: each begun block has a word (invariant of `begins`).
        let begin = *unsafe { self.begins.words().get_unchecked(index / BLOCK) };
        // SAFETY: there is an end for each string, and a zero for each block (invariant of `ends`).
        let [start, end] = unsafe { ends(self.ends.words(), before(index)) }.map(usize::from);
        let len = end as isize - start as isize;
        if len > 0 {
            return (begin as usize + start, len as usize);
        }
        // In place and not called: see the same of an interner's arena.
        let Some(first) = begin.checked_sub(WIDE) else { return (begin as usize + start, 0) };
        match self.wide.words().get(first as usize + index % BLOCK..) {
            Some(&[start, end, ..]) => {
                (start as usize, (end as usize).wrapping_sub(start as usize))
            }
            _ => (0, 0),
        }
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
            let zero = self::before(strings.start);
            let mut ends = (zero..=zero + strings.len()).map(|at| end(self.ends.words(), at));
            if begin == WIDE + wide as u64 {
                wide += strings.len() + 1;
                if wide > self.wide.words().len() || ends.any(|end| end != 0) {
                    return Err("a block has more bounds than strings");
                }
                // What is not behind the text is a `usize`, on machines of 32 bits too.
                let bounds = &self.wide.words()[wide - strings.len() - 1..wide];
                if bounds.iter().any(|&bound| bound > text as u64) {
                    return Err(BEHIND);
                }
            } else if begin != before as u64 || end(self.ends.words(), zero) != 0 {
                return Err("a block of strings begins elsewhere");
            } else if !ends.is_sorted() {
                return Err(BEHIND);
            }
            for index in strings {
                // SAFETY: the string is one of the `len`, and the words of the fields are as many as they are to be.
                let (start, len) = unsafe { self.place(index) };
                if start != before || len > text - before {
                    return Err(BEHIND);
                }
                before += len;
            }
        }
        let ends = self.ends.words();
        if (self.len + self.begins.words().len()..ends.len() * 4).any(|at| end(ends, at) != 0) {
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
                for (at, bound) in (before(block * BLOCK)..).zip(&bounds) {
                    ends[at / 4] |= (bound - first) << (at % 4 * 16);
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

/// One of all ends.
#[inline(always)]
fn end(ends: &[u64], at: usize) -> u16 {
    (ends[at / 4] >> (at % 4 * 16)) as u16
}

/// One of all ends, and the one behind it.
///
/// # Safety
///
/// Both are there.
#[inline(always)]
unsafe fn ends(ends: &[u64], at: usize) -> [u16; 2] {
    if cfg!(target_endian = "big") {
        return [end(ends, at), end(ends, at + 1)];
    }
    // SAFETY: the caller says so.
    let first = unsafe { ends.as_ptr().cast::<u16>().add(at) };
    // SAFETY: as above.
    let second = unsafe { first.add(1) };
    // SAFETY: as above.
    [unsafe { first.read() }, unsafe { second.read() }]
}

impl Copy for Bounds<&[u64]> {}

impl<W: Words> Clone for Bounds<W> {
    fn clone(&self) -> Self {
        let copy = |words: &W| words.copy(words.words().len());
        let (begins, ends, wide) = (copy(&self.begins), copy(&self.ends), copy(&self.wide));
        Self { len: self.len, begins, ends, wide }
    }
}
