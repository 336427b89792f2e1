//! Codes of one run-time width, packed without gaps: `width` bits each, lowest bit first.
//!
//! ```text
//! width = 13     word 0                                             word 1
//!                |code 0|code 1|code 2|code 3|code 4 .. low 12 bits|1 bit|code 5| ..
//! bit            0      13     26     39     52                    64
//! ```
//!
//! A code of up to 57 bits lies within the eight bytes that begin at the byte of its first bit, so
//! it is read with one unaligned load, a shift and a mask. One word of zeros behind the last word in
//! use keeps that load inside the buffer for the last code too. Wider codes, and machines whose words
//! are big-endian, read two aligned words instead.
//!
//! Re-encoding to another width happens in place, in runs of blocks of [`BLOCK`] codes, each of which begins
//! at a word boundary in every width: from the last run down when codes grow wider, from the first
//! up when they grow narrower, so that nothing is overwritten before it has been read. A widening
//! array therefore never holds its old and its new form at once.
#![allow(unsafe_code)]

use super::Words;
use super::growth::{self, ReserveError};
use super::image::{ImageError, LoadWords, Parts};
use super::shift::copy_bits;
use alloc::boxed::Box;
use core::ops::Range;

/// Codes are unpacked and re-encoded in blocks of this many. Such a block fills whole words at every
/// width.
pub(crate) const BLOCK: usize = 256;

/// The codes that are re-encoded at once: enough to prepare for the width seldom.
const AT_ONCE: usize = 4 * BLOCK;

/// Codes that were re-encoded so often at one width had better grow wider.
const SETTLED: u8 = 2;

/// The widest code that one unaligned eight-byte load always covers: seven bits of it may go to the
/// codes before.
pub(super) const WIDEST_IN_ONE_LOAD: u32 = 57;

/// More codes than this are refused, so that the sum of any 64-bit values fits an `i128`.
const MAX_LEN: usize = isize::MAX as usize;

/// Packed codes in a box, or, as `Packed<&[u64]>`, in words that lie elsewhere.
#[derive(Default)]
pub(crate) struct Packed<W = Box<[u64]>> {
    /// Invariant: holds at least `words_for(len, width)` words, the last of which is padding. The bits behind the
    /// last code are zero: all of them in a box, and else those up to the next multiple of [`BLOCK`] codes.
    words: W,
    /// Invariant: `len <= MAX_LEN`, and `len * width` does not overflow.
    len: usize,
    /// Invariant: `width <= 64`.
    width: u8,
    /// How often the codes were re-encoded at this width, up to [`SETTLED`].
    again: u8,
}

/// The bits that hold `max`, none for zero.
pub(crate) const fn bits_for(max: u64) -> u32 {
    u64::BITS - max.leading_zeros()
}

/// The largest code of a width.
pub(crate) const fn mask(width: u32) -> u64 {
    if width == 0 { 0 } else { u64::MAX >> (u64::BITS - width) }
}

/// The words that `len` codes need, padding included, or `None` where they cannot be counted.
fn words_for(len: usize, width: u32) -> Option<usize> {
    if len > MAX_LEN {
        return None;
    }
    match len.checked_mul(width as usize)? {
        0 => Some(0),
        bits => Some(bits.div_ceil(64) + 1),
    }
}

impl<W: Words> Packed<W> {
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub(crate) fn width(&self) -> u32 {
        u32::from(self.width)
    }

    /// The bytes of the heap buffer, padding and slack included.
    pub(crate) fn heap_bytes(&self) -> usize {
        if W::OWNED { size_of_val(self.words()) } else { 0 }
    }

    /// The bytes of the heap buffer that no code and no padding needs.
    pub(crate) fn slack_bytes(&self) -> usize {
        self.heap_bytes().saturating_sub(words_for(self.len, self.width()).unwrap_or(0) * 8)
    }

    /// Codes in words of which the first `words_for(len, width)` are theirs and what lies behind is zero. `None` where
    /// a bit behind the last code is set.
    pub(crate) fn from_words(words: W, len: usize, width: u32) -> Option<Self> {
        assert!(
            width <= 64 && words_for(len, width).is_some_and(|count| count <= words.words().len())
        );
        let bits = len * width as usize;
        let (word, behind) =
            words.words().get(bits / 64..).and_then(<[u64]>::split_first).unwrap_or((&0, &[]));
        let clear = word >> (bits % 64) == 0 && behind.iter().all(|&word| word == 0);
        clear.then_some(Self { words, len, width: width as u8, again: 0 })
    }

    /// Takes codes from an image.
    pub(crate) fn load<'a>(
        parts: &mut Parts<'a>,
        len: usize,
        width: u32,
    ) -> Result<Self, ImageError>
    where
        W: LoadWords<'a>,
    {
        let count = words_for(len, width);
        let words = parts.words(count.ok_or(ImageError::Invalid("its bits cannot be counted"))?)?;
        Self::from_words(words, len, width)
            .ok_or(ImageError::Invalid("a bit behind the last code is set"))
    }

    /// Codes at the beginning of words, of which those behind may be somebody else's: a part of a larger buffer.
    ///
    /// # Panics
    ///
    /// Panics where the words do not hold the codes and a word of padding.
    #[inline(always)]
    pub(crate) fn within(words: W, len: usize, width: u32) -> Self {
        assert!(len <= MAX_LEN && width <= 64);
        let bits = len.checked_mul(width as usize);
        // As `words_for`: the words in use, and one more.
        let last = bits.map_or(usize::MAX, |bits| bits.div_ceil(64));
        assert!(last < words.words().len() || bits == Some(0), "the words do not hold the codes");
        Self { words, len, width: width as u8, again: 0 }
    }

    /// The codes of a range that begins at a multiple of 64, and ends at one of [`BLOCK`] or with the last code.
    #[cfg(feature = "rayon")]
    pub(crate) fn part(&self, range: Range<usize>) -> Packed<&[u64]> {
        debug_assert!(range.start.is_multiple_of(64));
        let words = &self.words()[range.start / 64 * usize::from(self.width)..];
        Packed::within(words, range.len(), self.width())
    }

    /// Whether the bits behind the last code in its word are zero.
    pub(crate) fn is_clear_behind(&self) -> bool {
        let bits = self.len * usize::from(self.width);
        bits.is_multiple_of(64) || self.words()[bits / 64] >> (bits % 64) == 0
    }

    /// The words that so many codes take, padding included, or `None` where they cannot be counted.
    pub(crate) fn words_for(len: usize, width: u32) -> Option<usize> {
        words_for(len, width)
    }

    /// The words of the codes and the padding.
    pub(crate) fn used_words(&self) -> &[u64] {
        &self.words()[..words_for(self.len, self.width()).unwrap_or(0)]
    }

    /// The words of the codes, the padding, and what lies behind.
    #[inline(always)]
    pub(crate) fn words(&self) -> &[u64] {
        self.words.words()
    }

    /// The same codes, wherever they lie.
    #[inline(always)]
    pub(crate) fn borrow(&self) -> Packed<&[u64]> {
        Packed { words: self.words(), len: self.len, width: self.width, again: 0 }
    }

    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[track_caller]
    pub(crate) fn get(&self, index: usize) -> u64 {
        if index >= self.len {
            out_of_range(index, self.len);
        }
        let width = self.width();
        // Width 0 wraps around and is not read from memory.
        if cfg!(target_endian = "big") || width.wrapping_sub(1) >= WIDEST_IN_ONE_LOAD {
            return self.get_by_words(index);
        }
        let bit = index * width as usize;
        // SAFETY: `index < len` was checked, so byte `bit / 8` lies in the words in use; one word of padding
        // follows them (invariant of `words`), so eight bytes from there are inside the buffer.
        let bytes = unsafe { self.words().as_ptr().cast::<u8>().add(bit / 8) };
        // SAFETY: as above; the bytes are initialised, and the read needs no alignment.
        let loaded = unsafe { bytes.cast::<u64>().read_unaligned() };
        (loaded >> (bit % 8)) & (u64::MAX >> (u64::BITS - width))
    }

    /// The bits of the codes from `index` on, which may be the end: 57 of them at least, with those of the padding.
    #[inline(always)]
    pub(crate) fn bits(&self, index: usize) -> u64 {
        let bit = index * usize::from(self.width);
        if cfg!(target_endian = "big") {
            let pair = self.words()[bit / 64..].first_chunk().map_or([0; 2], |pair| *pair);
            return pair[0] >> (bit % 64) | pair[1] << 1 << (63 - bit % 64);
        }
        let bytes = bytemuck::cast_slice::<u64, u8>(self.words()).get(bit / 8..);
        let bytes = bytes.and_then(|bytes| bytes.first_chunk());
        bytes.map_or(0, |bytes| u64::from_le_bytes(*bytes)) >> (bit % 8)
    }

    /// The code at `index` from two aligned words. Out of line, to keep loops over the other widths short.
    #[cold]
    #[inline(never)]
    fn get_by_words(&self, index: usize) -> u64 {
        self.by_words(index)
    }

    /// The code at `index` from two aligned words, at any width and byte order.
    #[inline(always)]
    pub(super) fn by_words(&self, index: usize) -> u64 {
        if self.width == 0 {
            return 0;
        }
        let (word, shift) = self.place(index);
        let low = self.words()[word] >> shift;
        let high = (self.words()[word + 1] << 1) << (63 - shift);
        (low | high) & mask(self.width())
    }

    /// The word of the first bit of code `index`, and the bit within it.
    #[inline]
    fn place(&self, index: usize) -> (usize, u32) {
        let bit = index * usize::from(self.width);
        (bit / 64, (bit % 64) as u32)
    }

    /// Panics unless every invariant of the fields holds.
    pub(crate) fn check_invariants(&self) {
        assert!(self.width <= 64 && self.len <= MAX_LEN);
        let needed = words_for(self.len, self.width()).expect("the bits can be counted");
        assert!(self.words().len() >= needed, "the padding is missing");
        let bits = self.len * usize::from(self.width);
        let padded = self.len.next_multiple_of(BLOCK) * usize::from(self.width) / 64;
        let end = if W::OWNED { self.words().len() } else { padded.min(self.words().len()) };
        for (index, &word) in self.words()[..end].iter().enumerate().skip(bits / 64) {
            let behind = if index == bits / 64 { word >> (bits % 64) } else { word };
            assert_eq!(behind, 0, "a bit behind the last code is set in word {index}");
        }
    }
}

impl Packed {
    /// Packs codes that fit the width: `code(i)` is the `i`-th of `len`. Allocates exactly.
    pub(crate) fn build(
        len: usize,
        width: u32,
        code: impl Fn(usize) -> u64,
    ) -> Result<Self, ReserveError> {
        let mut packed = Self::default();
        growth::set_words(
            &mut packed.words,
            words_for(len, width).ok_or(ReserveError::CapacityOverflow)?,
        )?;
        packed.width = width as u8;
        packed.len = len;
        if width > 0 && len > 0 {
            write_codes(&mut packed.words, (0, 0), width, len, code);
        }
        Ok(packed)
    }

    /// The codes that fit before the buffer grows.
    pub(crate) fn capacity(&self) -> usize {
        match self.width {
            0 => MAX_LEN,
            width => self.words.len().saturating_sub(1).saturating_mul(64) / usize::from(width),
        }
    }

    /// Replaces the code at `index` by one that fits the width.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[track_caller]
    pub(crate) fn set(&mut self, index: usize, code: u64) {
        if index >= self.len {
            out_of_range(index, self.len);
        }
        let width = self.width();
        let mask = mask(width);
        debug_assert!(code <= mask);
        if cfg!(target_endian = "big") || width.wrapping_sub(1) >= WIDEST_IN_ONE_LOAD {
            return self.set_by_words(index, code);
        }
        let bit = index * width as usize;
        // SAFETY: as in `get`; `index < len` was checked.
        let bytes = unsafe { self.words.as_mut_ptr().cast::<u8>().add(bit / 8) }.cast::<u64>();
        // SAFETY: as in `get`.
        let loaded = unsafe { bytes.read_unaligned() };
        let stored = (loaded & !(mask << (bit % 8))) | (code << (bit % 8));
        // SAFETY: the eight bytes that were read are in the buffer, which is borrowed mutably.
        unsafe { bytes.write_unaligned(stored) }
    }

    /// Replaces the code at `index` in two aligned words, at any width and byte order.
    fn set_by_words(&mut self, index: usize, code: u64) {
        if self.width == 0 {
            return;
        }
        let mask = mask(self.width());
        let (word, shift) = self.place(index);
        let pair = &mut self.words[word..word + 2];
        pair[0] = (pair[0] & !(mask << shift)) | (code << shift);
        pair[1] = (pair[1] & !((mask >> 1) >> (63 - shift))) | ((code >> 1) >> (63 - shift));
    }

    /// Appends a code that fits the width.
    #[inline]
    pub(crate) fn push(&mut self, code: u64) -> Result<(), ReserveError> {
        debug_assert!(code <= mask(self.width()));
        if self.width == 0 {
            return self.set_len_without_bits(self.len + 1);
        }
        let (word, shift) = self.place(self.len);
        /// Whether so many words can be had that `MAX_LEN` codes of a bit fit them.
        const MAY_BE_FULL: bool = usize::BITS < 64;
        // The code reaches into one more word at most, and one word of padding follows.
        if word + 3 > self.words.len() || (MAY_BE_FULL && self.len == MAX_LEN) {
            self.reserve_one()?;
        }
        self.words[word] |= code << shift;
        if shift + self.width() > 64 {
            self.words[word + 1] = code >> (64 - shift);
        }
        self.len += 1;
        Ok(())
    }

    /// Appends codes that fit the width: `code(i)` is the `i`-th of `count`.
    pub(crate) fn append(
        &mut self,
        count: usize,
        code: impl Fn(usize) -> u64,
    ) -> Result<(), ReserveError> {
        self.reserve(count)?;
        // Without codes there may not be a word to look at.
        if self.width > 0 && count > 0 {
            let (word, shift) = self.place(self.len);
            let (width, first) = (self.width(), self.words[word]);
            write_codes(&mut self.words[word..], (first, shift), width, count, code);
        }
        self.len += count;
        Ok(())
    }

    /// Replaces the codes of a range that is within them by `count` codes that fit the width: `code(i)` is the `i`-th.
    pub(crate) fn splice(
        &mut self,
        range: Range<usize>,
        count: usize,
        code: impl Fn(usize) -> u64,
    ) -> Result<(), ReserveError> {
        let (old, behind) = (self.len, self.len - range.end);
        let new = (old - range.len()).checked_add(count).ok_or(ReserveError::CapacityOverflow)?;
        self.reserve(new.saturating_sub(old))?;
        let width = usize::from(self.width);
        let (from, to) = (range.end * width, (range.start + count) * width);
        copy_bits(&mut self.words, from, to, behind * width);
        if new < old {
            self.truncate(new);
        }
        self.len = new;
        for index in 0..count {
            self.set(range.start + index, code(index));
        }
        Ok(())
    }

    /// Makes room for `additional` codes of the present width, and a sixteenth more where the buffer
    /// must grow.
    pub(crate) fn reserve(&mut self, additional: usize) -> Result<(), ReserveError> {
        let len = self.len.checked_add(additional).ok_or(ReserveError::CapacityOverflow)?;
        self.reserve_for(len, self.width())
    }

    #[cold]
    #[inline(never)]
    fn reserve_one(&mut self) -> Result<(), ReserveError> {
        self.reserve(1)
    }

    /// Makes room for `additional` codes of the present width and no more.
    pub(crate) fn reserve_exact(&mut self, additional: usize) -> Result<(), ReserveError> {
        let len = self.len.checked_add(additional).ok_or(ReserveError::CapacityOverflow)?;
        let needed = words_for(len, self.width()).ok_or(ReserveError::CapacityOverflow)?;
        let count = needed.max(self.words.len());
        growth::set_words(&mut self.words, count)
    }

    /// Makes room for `len` codes of `width` bits; where the buffer must grow, it gets a sixteenth of
    /// slack, or none where the allocator refuses that.
    fn reserve_for(&mut self, len: usize, width: u32) -> Result<(), ReserveError> {
        let needed = words_for(len, width).ok_or(ReserveError::CapacityOverflow)?;
        if needed <= self.words.len() {
            return Ok(());
        }
        let used = (len * width as usize).div_ceil(8);
        // More words than this have more bits than can be counted.
        let roomy = (growth::grown(used) / 8).min(usize::MAX / 64).max(needed);
        let words = &mut self.words;
        growth::set_words(words, roomy).or_else(|_| growth::set_words(words, needed))
    }

    /// Re-encodes every code to `width` bits through `map`, in place, and makes room for `additional` more of them.
    ///
    /// `map` must give codes that fit. Where the memory is refused, nothing has changed.
    pub(crate) fn recode(
        &mut self,
        width: u32,
        additional: usize,
        map: impl Fn(u64) -> u64,
    ) -> Result<(), ReserveError> {
        let len = self.len.checked_add(additional).ok_or(ReserveError::CapacityOverflow)?;
        let old = words_for(self.len, self.width()).unwrap_or(0);
        self.reserve_for(len, width)?;
        let starts = (0..self.len).step_by(AT_ONCE);
        match width {
            0 => {}
            _ if width > self.width() => {
                starts.rev().for_each(|start| self.recode_from(start, width, &map));
            }
            _ => starts.for_each(|start| self.recode_from(start, width, &map)),
        }
        self.again = if width == self.width() { SETTLED.min(self.again + 1) } else { 0 };
        self.width = width as u8;
        let used = words_for(self.len, width).unwrap_or(0).saturating_sub(1);
        if used < old {
            self.words[used..old].fill(0);
        }
        Ok(())
    }

    /// Reads some blocks in the present width and writes them in another.
    fn recode_from(&mut self, start: usize, width: u32, map: impl Fn(u64) -> u64) {
        let mut codes = [0; AT_ONCE];
        let codes = &mut codes[..AT_ONCE.min(self.len - start)];
        let mut read = 0;
        self.for_each_wide(start..start + codes.len(), |block| {
            codes[read..read + block.len()].copy_from_slice(block);
            read += block.len();
        });
        // A block begins at a word in any width.
        let words = &mut self.words[start / 64 * width as usize..];
        write_codes(words, (0, 0), width, codes.len(), |index| map(codes[index]));
    }

    /// Whether the codes should not be re-encoded at the present width again.
    pub(crate) fn is_settled(&self) -> bool {
        self.again >= SETTLED
    }

    /// Declares that the codes should not be re-encoded at the present width.
    pub(crate) fn settle(&mut self) {
        self.again = SETTLED;
    }

    /// Replaces every code by one that fits the width.
    pub(crate) fn fill(&mut self, code: u64) {
        if self.width > 0 {
            write_codes(&mut self.words, (0, 0), u32::from(self.width), self.len, |_| code);
        }
    }

    /// Drops the codes from `len` on.
    pub(crate) fn truncate(&mut self, len: usize) {
        if len >= self.len {
            return;
        }
        let used = words_for(self.len, self.width()).unwrap_or(0);
        self.len = len;
        if used > 0 {
            let (word, shift) = self.place(len);
            self.words[word] &= (1 << shift) - 1;
            self.words[word + 1..used].fill(0);
        }
    }

    /// Gives the slack back to the allocator.
    pub(crate) fn shrink_to_fit(&mut self) {
        let needed = words_for(self.len, self.width()).unwrap_or(0);
        if needed < self.words.len() {
            // Shrinking cannot fail: `set_words` reserves nothing then.
            let _ = growth::set_words(&mut self.words, needed);
        }
    }

    /// Sets the length of an array whose codes have no bits.
    pub(crate) fn set_len_without_bits(&mut self, len: usize) -> Result<(), ReserveError> {
        debug_assert!(self.width == 0);
        if len > MAX_LEN {
            return Err(ReserveError::CapacityOverflow);
        }
        self.len = len;
        Ok(())
    }
}

/// Writes `count` codes of `width` bits into words, of which the first already holds some bits: `(word, filled)`. The
/// bits behind the last code in its word become zero.
#[inline]
pub(super) fn write_codes(
    words: &mut [u64],
    (mut word, mut filled): (u64, u32),
    width: u32,
    count: usize,
    code: impl Fn(usize) -> u64,
) {
    let used = (filled as usize + count * width as usize).div_ceil(64);
    let mut words = words[..used].iter_mut();
    for index in 0..count {
        let code = code(index);
        debug_assert!(code <= mask(width));
        word |= code << filled;
        filled += width;
        if filled >= 64 {
            if let Some(full) = words.next() {
                *full = word;
            }
            filled -= 64;
            // What did not fit: the top `filled` bits of the code.
            word = if filled == 0 { 0 } else { code >> (width - filled) };
        }
    }
    if let Some(last) = words.next() {
        *last = word;
    }
}

impl Copy for Packed<&[u64]> {}

impl<W: Words> Clone for Packed<W> {
    /// Copies the codes without the slack.
    fn clone(&self) -> Self {
        let used = words_for(self.len, self.width()).unwrap_or(0);
        Self { words: self.words.copy(used), len: self.len, width: self.width, again: self.again }
    }
}

#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn out_of_range(index: usize, len: usize) -> ! {
    panic!("index out of bounds: the len is {len} but the index is {index}")
}
