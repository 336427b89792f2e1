//! Where rows end that lie end to end: a few bits a row, read in two steps.
//!
//! A block is 128 rows. Where its rows begin is kept as how far that lies above a straight line, in as many bits as
//! the farthest needs, and so is where its last row ends:
//!
//! ```text
//! rows      9   8  12   7  10   8          lengths; 6 instead of 128
//! begins    0   9  17  29  36  46  54
//! line      0   9  18  27  36  45  54      base + (slope * row) / 128, with a base of -1 one less
//! above     1   1   0   3   1   2   1      2 bits each
//!
//! heads     base 64 bits | width 6 | slope 18 | position among the bits 40 |     two words a block
//! bits      what lies above the lines: width bits each, block after block        and a word of padding
//! ```
//!
//! So a row is found by reading the head of its block, and then two numbers that lie side by side: nothing is
//! searched or counted. Rows of one length need no blocks, and take no bits at all.
//!
//! The last block is encoded anew where a row does not fit it, with a bit to spare, and once more when it is full.
//!
//! Lines that integers lie near are how Y. Liu, X. Zeng and H. Zhang compress them ("LeCo: lightweight compression via
//! learning serial correlations", SIGMOD 2024); here each block's joins its ends.

use super::super::ImageError;
use crate::raw::Words;
use crate::raw::growth::{self, ReserveError};
use crate::raw::image::{LoadWords, Parts, Sections};
use crate::raw::packed::{bits_for, mask, out_of_range};
use crate::size::{Block, HeapSize, Visitor};
use alloc::boxed::Box;
use arrayvec::ArrayVec;
use core::iter::FusedIterator;
use core::ops::Range;

/// The rows of a block.
const ROWS: usize = 128;

/// Rows end before this, so that no number is wider than [`WIDEST`], and products with a slope do not overflow.
const MAX_TOTAL: usize = (u64::MAX >> 8) as usize;

/// The widest number that lies above a line: [`MAX_TOTAL`], and as many bits as a rounded line may add.
const WIDEST: u32 = 57;

/// The steepest line: rows of 2048 values. Those of longer ones lie the farther above it.
const STEEPEST: u64 = mask(18);

/// The bits of all blocks, and so the positions among them, are no more.
const MAX_BITS: u64 = mask(if usize::BITS < 64 { 31 } else { 40 });

const ELSEWHERE: &str = "rows of one length end elsewhere";

/// Where the rows of a block begin: at `base + slope * row / 128`, and some number of `width` bits above.
#[derive(Clone, Copy)]
struct Head {
    /// Below 0 it wraps around.
    base: u64,
    /// Invariant: at most [`STEEPEST`].
    slope: u64,
    /// Invariant: at most [`WIDEST`].
    width: u32,
    /// The first bit. Invariant: at most [`MAX_BITS`].
    position: u64,
}

impl Head {
    #[inline(always)]
    fn from_words([base, rest]: [u64; 2]) -> Self {
        let (width, slope, position) = ((rest & 63) as u32, rest >> 6 & STEEPEST, rest >> 24);
        Self { base, slope, width, position }
    }

    fn to_words(self) -> [u64; 2] {
        [self.base, u64::from(self.width) | self.slope << 6 | self.position << 24]
    }

    /// Where the line is at a row.
    #[inline(always)]
    fn line(&self, row: usize) -> u64 {
        self.base.wrapping_add(self.slope * row as u64 / ROWS as u64)
    }

    /// The bit at which the number of a row begins.
    #[inline(always)]
    fn bit(&self, row: usize) -> usize {
        self.position as usize + row * self.width as usize
    }

    /// Where a row begins, or the one before ends.
    #[inline(always)]
    fn start(&self, bits: &[u64], row: usize) -> usize {
        let above = bits_at(bits, self.bit(row)) & mask_of(self.width);
        self.line(row).wrapping_add(above) as usize
    }
}

/// The numbers of a width that is less than 64.
#[inline(always)]
fn mask_of(width: u32) -> u64 {
    (1 << width) - 1
}

/// The bits from `bit` on: at least [`WIDEST`] of them.
#[inline(always)]
fn bits_at(bits: &[u64], bit: usize) -> u64 {
    if cfg!(target_endian = "big") {
        let pair = &bits[bit / 64..][..2];
        return pair[0] >> (bit % 64) | pair[1] << 1 << (63 - bit % 64);
    }
    let (bytes, byte) = (bytemuck::cast_slice::<u64, u8>(bits), bit / 8);
    bytemuck::pod_read_unaligned::<u64>(&bytes[byte..byte + 8]) >> (bit % 8)
}

/// The words of so many bits, and one of padding.
fn words_for(bits: usize) -> usize {
    bits / 64 + 2
}

pub(super) struct Ends<W = Box<[u64]>> {
    len: usize,
    /// Where the last row ends. Invariant: at most [`MAX_TOTAL`].
    total: usize,
    /// The length that all rows have, while there are no blocks.
    each: Option<usize>,
    /// Invariant: two words for every [`ROWS`] rows or fewer, one block's numbers behind the other's, where there are
    /// blocks; and zeros behind.
    heads: W,
    /// Invariant: the numbers of all blocks, one more in each than it has rows, and a word of padding; and zeros
    /// behind.
    bits: W,
}

impl<W: Words> Ends<W> {
    /// The number of rows.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Where the last row ends.
    #[inline]
    pub(super) fn total(&self) -> usize {
        self.total
    }

    /// The mean bits of an end.
    pub(super) fn mean_width(&self) -> f64 {
        let (heads, bits) = self.used();
        (heads + bits) as f64 * 64.0 / self.len.max(1) as f64
    }

    /// Where row `index` begins and ends.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline(always)]
    #[track_caller]
    pub(super) fn row(&self, index: usize) -> Range<usize> {
        if index >= self.len {
            out_of_range(index, self.len);
        }
        self.known_row(index)
    }

    #[inline(always)]
    fn known_row(&self, index: usize) -> Range<usize> {
        if let Some(each) = self.each {
            return each * index..each * index + each;
        }
        let (head, row) = (self.head(index / ROWS), index % ROWS);
        if 2 * head.width > WIDEST {
            return self.wide_row(index);
        }
        let (both, mask) = (bits_at(self.bits.words(), head.bit(row)), mask_of(head.width));
        let (above, next) = (both & mask, both >> head.width & mask);
        let (start, end) = (head.line(row), head.line(row + 1));
        start.wrapping_add(above) as usize..end.wrapping_add(next) as usize
    }

    /// Row `index`, of which the two numbers do not fit one word.
    #[cold]
    #[inline(never)]
    fn wide_row(&self, index: usize) -> Range<usize> {
        let (head, row) = (self.head(index / ROWS), index % ROWS);
        head.start(self.bits.words(), row)..head.start(self.bits.words(), row + 1)
    }

    /// Where row `index` begins, or the last one ends.
    fn start(&self, index: usize) -> usize {
        if index == self.len { self.total } else { self.known_row(index).start }
    }

    #[inline(always)]
    fn head(&self, block: usize) -> Head {
        Head::from_words(self.heads.words().as_chunks().0[block])
    }

    /// The bits of all numbers.
    fn used_bits(&self) -> usize {
        match self.len.checked_sub(1).filter(|_| self.each.is_none()) {
            Some(last) => self.head(last / ROWS).bit(last % ROWS + 2),
            None => 0,
        }
    }

    /// The words in use: of heads, and of bits.
    fn used(&self) -> (usize, usize) {
        match self.each {
            Some(_) => (0, 0),
            None => (self.len.div_ceil(ROWS) * 2, words_for(self.used_bits())),
        }
    }

    /// Iterates over where rows begin and end.
    pub(super) fn iter(&self) -> Rows<'_, W> {
        let head = Head { base: 0, slope: 0, width: 0, position: 0 };
        Rows { ends: self, head, front: (0, 0), back: (self.len, self.total) }
    }

    /// Iterates over where rows of a range begin and end, which is within the array.
    pub(super) fn iter_range(&self, range: Range<usize>) -> Rows<'_, W> {
        let [front, back] = [range.start, range.end].map(|index| (index, self.start(index)));
        let mut rows = Rows { front, back, ..self.iter() };
        if !range.is_empty() && self.each.is_none() {
            rows.head = self.head(range.start / ROWS);
        }
        rows
    }

    /// Panics unless the invariants of the fields hold.
    pub(super) fn check_invariants(&self) {
        let (heads, bits) = self.used();
        assert!(self.heads.words()[heads..].iter().all(|&word| word == 0));
        assert!(self.bits.words()[bits..].iter().all(|&word| word == 0));
        self.validate().unwrap_or_else(|wrong| panic!("{wrong}"));
    }

    /// What does not hold of the invariants, however wild the words are.
    fn validate(&self) -> Result<(), &'static str> {
        if self.total > MAX_TOTAL {
            return Err("its rows end too far behind");
        }
        if let Some(each) = self.each {
            return match each.checked_mul(self.len) {
                Some(total) if total == self.total => Ok(()),
                _ => Err(ELSEWHERE),
            };
        }
        if self.len == 0 || self.heads.words().len() / 2 < self.len.div_ceil(ROWS) {
            return Err("it has more or fewer blocks than rows");
        }
        let (mut position, mut before) = (0, 0);
        for first in (0..self.len).step_by(ROWS) {
            let (head, rows) = (self.head(first / ROWS), ROWS.min(self.len - first));
            if head.position != position as u64 || head.width > WIDEST {
                return Err("a block is elsewhere, or its numbers are too wide");
            }
            position = head.bit(rows + 1);
            if position as u64 > MAX_BITS || words_for(position) > self.bits.words().len() {
                return Err("a block ends behind all bits");
            }
            for row in 0..=rows {
                let start = head.start(self.bits.words(), row);
                if start < before || row == 0 && start != before {
                    return Err("a row ends before it begins");
                }
                before = start;
            }
        }
        let end = self.bits.words()[position / 64] >> (position % 64);
        if end != 0 || self.bits.words()[position / 64 + 1] != 0 {
            return Err("a bit behind the last end is set");
        }
        if before == self.total { Ok(()) } else { Err("the last row ends elsewhere") }
    }
}

impl Ends {
    pub(super) fn new() -> Self {
        let each = Some(0);
        Self { len: 0, total: 0, each, heads: Box::default(), bits: Box::default() }
    }

    /// Appends a row of so many values. Where memory is refused, or values cannot be counted, nothing has changed.
    #[inline]
    pub(super) fn push(&mut self, row: usize) -> Result<(), ReserveError> {
        let total = self.total.checked_add(row).filter(|&total| total <= MAX_TOTAL);
        let total = total.ok_or(ReserveError::CapacityOverflow)?;
        // Rows without values take no memory, however many there are said to be.
        let len = self.len.checked_add(1).ok_or(ReserveError::CapacityOverflow)?;
        match self.each {
            None => self.append(total)?,
            Some(each) if self.len == 0 || each == row => self.each = Some(row),
            Some(each) => self.append_other(each, total)?,
        }
        self.total = total;
        self.len = len;
        Ok(())
    }

    /// Appends values to the last row. Where memory is refused, nothing has changed.
    pub(super) fn extend_last(&mut self, more: usize) -> Result<(), ReserveError> {
        let last = self.row(self.len - 1).len();
        let longer = last.checked_add(more).ok_or(ReserveError::CapacityOverflow)?;
        self.truncate(self.len - 1);
        self.push(longer).inspect_err(|_| {
            // What was there has its memory still.
            let _ = self.push(last);
        })
    }

    /// Puts the end of one more row behind rows of one length.
    #[cold]
    #[inline(never)]
    fn append_other(&mut self, each: usize, end: usize) -> Result<(), ReserveError> {
        let mut ends = Self { each: None, ..Self::new() };
        growth::set_words(&mut ends.heads, (self.len + 1).div_ceil(ROWS) * 2)?;
        for len in 0..self.len {
            ends.append(each * (len + 1))?;
            (ends.len, ends.total) = (len + 1, each * (len + 1));
        }
        ends.append(end)?;
        *self = ends;
        Ok(())
    }

    /// Puts the end of one more row down.
    #[inline]
    fn append(&mut self, end: usize) -> Result<(), ReserveError> {
        let row = self.len % ROWS;
        // The first row of a block makes its head, and the last has it encoded for good.
        if row == 0 || row == ROWS - 1 {
            return self.encode_last(Some(end));
        }
        let head = self.head(self.len / ROWS);
        let above = (end as u64).wrapping_sub(head.line(row + 1));
        let bit = head.bit(row + 1);
        if above > mask_of(head.width) || words_for(bit + head.width as usize) > self.bits.len() {
            return self.encode_last(Some(end));
        }
        put(&mut self.bits, bit, above);
        Ok(())
    }

    /// Encodes the rows of the last block, or of a new one, and one that ends at `end`. Where memory is refused,
    /// nothing has changed.
    #[cold]
    #[inline(never)]
    fn encode_last(&mut self, end: Option<usize>) -> Result<(), ReserveError> {
        let len = self.len + usize::from(end.is_some());
        let block = (len - 1) / ROWS;
        let first = block * ROWS;
        let mut starts = ArrayVec::<u64, { ROWS + 1 }>::new();
        starts.extend((first..self.len).map(|index| self.known_row(index).start as u64));
        starts.push(self.total as u64);
        starts.extend(end.map(|end| end as u64));

        let position = if self.len > first {
            self.head(block).position
        } else if block > 0 {
            self.head(block - 1).bit(ROWS + 1) as u64
        } else {
            0
        };
        let head = fit(&starts, end.is_some() && starts.len() <= ROWS, position);
        let bits = position + starts.len() as u64 * u64::from(head.width);
        if bits > MAX_BITS {
            return Err(ReserveError::CapacityOverflow);
        }
        let used = self.used().1;
        reserve(&mut self.bits, words_for(bits as usize))?;
        reserve(&mut self.heads, 2 * (block + 1))?;
        self.heads[2 * block..][..2].copy_from_slice(&head.to_words());
        clear(&mut self.bits, position as usize, used);
        for (row, start) in starts.iter().enumerate() {
            put(&mut self.bits, head.bit(row), start.wrapping_sub(head.line(row)));
        }
        Ok(())
    }

    /// Drops the rows from `len` on. Keeps the memory.
    pub(super) fn truncate(&mut self, len: usize) {
        if len >= self.len {
            return;
        }
        let (heads, bits) = self.used();
        self.total = self.start(len);
        self.len = len;
        if self.each.is_some() {
            return;
        }
        if len == 0 {
            self.each = Some(0);
        }
        let (kept, used) = (self.used().0, self.used_bits());
        self.heads[kept..heads].fill(0);
        clear(&mut self.bits, used, bits);
    }

    /// Takes the fewest bits, and gives all slack back to the allocator.
    pub(super) fn shrink_to_fit(&mut self) {
        let first = if self.len == 0 { 0 } else { self.known_row(0).len() };
        // However many rows have no values, they are not looked at one by one.
        if self.each.is_some() || self.iter().all(|row| row.len() == first) {
            *self = Self { len: self.len, total: self.total, each: Some(first), ..Self::new() };
            return;
        }
        // Where memory is refused, the last block stays as it is.
        let _ = self.encode_last(None);
        let (heads, bits) = self.used();
        // Shrinking cannot fail: nothing is reserved then.
        let _ = growth::set_words(&mut self.heads, heads);
        let _ = growth::set_words(&mut self.bits, bits);
    }
}

/// The line that joins the ends of a block, and the width that the rows need, with a bit to spare if there are to be more.
fn fit(starts: &[u64], more: bool, position: u64) -> Head {
    let rows = starts.len() as u64 - 1;
    let (first, last) = (starts[0], starts[starts.len() - 1]);
    let slope = ((last - first) * ROWS as u64 / rows).min(STEEPEST);
    let mut head = Head { base: 0, slope, width: 0, position };
    // What is below the line is less than nothing.
    let above = |(row, &start): (usize, &u64)| start.wrapping_sub(head.line(row)).cast_signed();
    let above = starts.iter().enumerate().map(above);
    let (least, most) = above
        .fold((i64::MAX, i64::MIN), |(least, most), above| (least.min(above), most.max(above)));
    let range = least.abs_diff(most);
    head.width = bits_for(range);
    head.base = least.cast_unsigned();
    if more && range > 0 && head.width < WIDEST {
        head.width += 1;
        head.base = head.base.wrapping_sub((mask_of(head.width) - range) / 2);
    }
    head
}

/// Puts a number where there are zeros.
#[inline(always)]
fn put(bits: &mut [u64], bit: usize, number: u64) {
    let shift = bit % 64;
    let pair = &mut bits[bit / 64..][..2];
    pair[0] |= number << shift;
    pair[1] |= number >> 1 >> (63 - shift);
}

/// Clears the bits from `bit` on in the words up to `end`.
fn clear(bits: &mut [u64], bit: usize, end: usize) {
    if let Some((word, behind)) = bits[..end].get_mut(bit / 64..).and_then(<[u64]>::split_first_mut)
    {
        *word &= mask_of((bit % 64) as u32);
        behind.fill(0);
    }
}

/// Makes room for so many words, with the slack of growth where the buffer must grow.
fn reserve(words: &mut Box<[u64]>, needed: usize) -> Result<(), ReserveError> {
    if needed <= words.len() {
        return Ok(());
    }
    let roomy = (growth::grown(needed * 8) / 8).max(needed);
    growth::set_words(words, roomy).or_else(|_| growth::set_words(words, needed))
}

/// An iterator over where rows begin and end.
pub(super) struct Rows<'a, W> {
    ends: &'a Ends<W>,
    /// That of the block of the next row, unless the row is the first of it.
    head: Head,
    /// The next row, and where it begins.
    front: (usize, usize),
    /// The row behind the last one, and where it begins.
    back: (usize, usize),
}

impl<W: Words> Iterator for Rows<'_, W> {
    type Item = Range<usize>;

    #[inline]
    fn next(&mut self) -> Option<Range<usize>> {
        let (index, start) = self.front;
        if index == self.back.0 {
            return None;
        }
        let end = match self.ends.each {
            Some(each) => start + each,
            None => {
                if index.is_multiple_of(ROWS) {
                    self.head = self.ends.head(index / ROWS);
                }
                self.head.start(self.ends.bits.words(), index % ROWS + 1)
            }
        };
        self.front = (index + 1, end);
        Some(start..end)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let len = self.back.0 - self.front.0;
        (len, Some(len))
    }

    fn nth(&mut self, n: usize) -> Option<Range<usize>> {
        if n >= self.len() {
            self.front = self.back;
        } else if n > 0 {
            let index = self.front.0 + n;
            self.front = (index, self.ends.start(index));
            if self.ends.each.is_none() {
                self.head = self.ends.head(index / ROWS);
            }
        }
        self.next()
    }

    /// Block by block.
    fn fold<B, F: FnMut(B, Range<usize>) -> B>(self, init: B, mut f: F) -> B {
        let ((mut index, mut start), bits) = (self.front, self.ends.bits.words());
        let mut folded = init;
        if let Some(each) = self.ends.each {
            for _ in index..self.back.0 {
                folded = f(folded, start..start + each);
                start += each;
            }
            return folded;
        }
        while index < self.back.0 {
            let (head, first) = (self.ends.head(index / ROWS), index % ROWS);
            let rows = (ROWS - first).min(self.back.0 - index);
            for row in first..first + rows {
                let end = head.start(bits, row + 1);
                folded = f(folded, start..end);
                start = end;
            }
            index += rows;
        }
        folded
    }
}

impl<W: Words> DoubleEndedIterator for Rows<'_, W> {
    #[inline]
    fn next_back(&mut self) -> Option<Range<usize>> {
        let (index, end) = self.back;
        if index == self.front.0 {
            return None;
        }
        let start = self.ends.known_row(index - 1).start;
        self.back = (index - 1, start);
        Some(start..end)
    }

    fn nth_back(&mut self, n: usize) -> Option<Range<usize>> {
        if n >= self.len() {
            self.back = self.front;
        } else if n > 0 {
            let index = self.back.0 - n;
            self.back = (index, self.ends.start(index));
        }
        self.next_back()
    }
}

impl<W: Words> ExactSizeIterator for Rows<'_, W> {}
impl<W: Words> FusedIterator for Rows<'_, W> {}

impl<W> Clone for Rows<'_, W> {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

impl<V: Words, W: Words> PartialEq<Ends<V>> for Ends<W> {
    /// True where the rows are of equal lengths, however they are kept.
    fn eq(&self, other: &Ends<V>) -> bool {
        self.len == other.len
            && self.total == other.total
            && (self.each.is_some() && other.each.is_some() || self.iter().eq(other.iter()))
    }
}

impl Copy for Ends<&[u64]> {}

impl<W: Words> Clone for Ends<W> {
    /// Copies the ends, but not the slack.
    fn clone(&self) -> Self {
        let (heads, bits) = self.used();
        Self { heads: self.heads.copy(heads), bits: self.bits.copy(bits), ..*self }
    }
}

impl<W: Words> HeapSize for Ends<W> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        if W::OWNED {
            let (heads, bits) = self.used();
            for (words, used) in [(self.heads.words(), heads), (self.bits.words(), bits)] {
                visitor.block(Block::array::<u64>(words.len(), used).at(words.as_ptr()));
            }
        }
    }

    fn owns_heap() -> bool {
        W::OWNED
    }
}

impl<W: Words> Ends<W> {
    pub(super) fn store<'s>(&'s self, image: &mut Sections<'s>) {
        let (heads, bits) = self.used();
        image.field(self.len as u64);
        image.field(self.total as u64);
        // More than any length, where lengths differ.
        image.field(self.each.map_or(u64::MAX, |each| each as u64));
        image.field(bits as u64);
        image.words(&self.heads.words()[..heads]);
        image.words(&self.bits.words()[..bits]);
    }

    pub(super) fn load<'a>(parts: &mut Parts<'a>) -> Result<Self, ImageError>
    where
        W: LoadWords<'a>,
    {
        let len = parts.field_up_to(usize::MAX)?;
        let total = parts.field_up_to(MAX_TOTAL)?;
        let each = match parts.field()? {
            u64::MAX => None,
            each => Some(usize::try_from(each).map_err(|_| ImageError::Invalid(ELSEWHERE))?),
        };
        let bits = parts.field_up_to(usize::MAX)?;
        let heads = if each.is_some() { 0 } else { len.div_ceil(ROWS) * 2 };
        let ends = Self { len, total, each, heads: parts.words(heads)?, bits: parts.words(bits)? };
        ends.validate().map_err(ImageError::Invalid)?;
        match ends.used().1 == bits {
            true => Ok(ends),
            false => Err(ImageError::Invalid("it has more bits than ends")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    #[test]
    fn rows_of_one_length_take_no_bits() {
        let mut ends = Ends::new();
        (0..1000).for_each(|_| ends.push(7).unwrap());
        assert_eq!((ends.heap_bytes(), ends.row(999)), (0, 6993..7000));
        ends.push(8).unwrap();
        assert_eq!((ends.row(999), ends.row(1000)), (6993..7000, 7000..7008));
        ends.check_invariants();
        ends.truncate(1000);
        ends.shrink_to_fit();
        ends.check_invariants();
        assert_eq!((ends.heap_bytes(), ends.mean_width()), (0, 0.0));
    }

    #[test]
    fn rows_of_any_lengths_stay_below_the_bound() {
        let rising = (0..5000).collect::<Vec<usize>>();
        let far = vec![1 << 40, 1];
        let apart = (0..5000).map(|i| if i % 128 == 64 { 1 << 20 } else { 0 }).collect();
        for rows in [rising.iter().copied().rev().collect(), rising, far, apart] {
            let mut ends = Ends::new();
            rows.iter().for_each(|&row| ends.push(row).unwrap());
            ends.check_invariants();
            ends.shrink_to_fit();
            ends.check_invariants();
            let mean = (ends.total() / rows.len()).max(1).ilog2() as usize + 1;
            let bound = rows.len() * (9 + mean) / 8 + rows.len() / 8 + 48;
            assert!(ends.heap_bytes() <= bound, "{} of {bound}", ends.heap_bytes());
        }
    }

    #[test]
    fn rows_beyond_four_gibibytes_have_places() {
        let mut ends = Ends::new();
        (0..300).for_each(|i| ends.push((1 << 33) + i).unwrap());
        ends.check_invariants();
        assert_eq!(ends.row(299).len(), (1 << 33) + 299);
        assert_eq!(ends.row(299).start, 299 * (1 << 33) + 299 * 298 / 2);
    }

    #[test]
    fn rows_that_end_beyond_all_memory_are_refused() {
        let mut ends = Ends::new();
        for row in [0, MAX_TOTAL - 1, 0, 1, 0] {
            ends.push(row).unwrap();
        }
        for row in [1, usize::MAX] {
            assert_eq!(ends.push(row), Err(ReserveError::CapacityOverflow));
            assert_eq!(ends.extend_last(row), Err(ReserveError::CapacityOverflow));
        }
        ends.check_invariants();
        assert_eq!((ends.len(), ends.row(1)), (5, 0..MAX_TOTAL - 1));
    }

    #[derive(Clone, Debug)]
    enum Step {
        Push(usize),
        Again(usize),
        Truncate(usize),
        Shrink,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            12 => (0..20_usize).prop_map(Step::Push),
            1 => (0..60_u32).prop_map(|bits| Step::Push(1 << (bits / 2))),
            1 => (1..200_usize).prop_map(Step::Again),
            1 => (0..200_usize).prop_map(Step::Truncate),
            1 => Just(Step::Shrink),
        ]
    }

    proptest! {
        #[test]
        fn ends_are_those_of_a_list(steps in prop::collection::vec(step(), 0..400)) {
            let (mut ends, mut list) = (Ends::new(), Vec::<Range<usize>>::new());
            for step in steps {
                match step {
                    Step::Push(row) => {
                        let start = ends.total();
                        ends.push(row).unwrap();
                        list.push(start..start + row);
                    }
                    Step::Again(count) => for _ in 0..count {
                        let start = ends.total();
                        let row = list.last().map_or(3, |row| row.len());
                        ends.push(row).unwrap();
                        list.push(start..start + row);
                    }
                    Step::Truncate(less) => {
                        let len = list.len().saturating_sub(less);
                        ends.truncate(len);
                        list.truncate(len);
                    }
                    Step::Shrink => ends.shrink_to_fit(),
                }
            }
            ends.check_invariants();
            prop_assert!(ends.iter().eq(list.iter().cloned()));
            prop_assert!(ends.iter().rev().eq(list.iter().rev().cloned()));
            for (index, row) in list.iter().enumerate() {
                prop_assert_eq!(&ends.row(index), row);
                prop_assert_eq!(ends.iter().nth(index), Some(row.clone()));
                prop_assert_eq!(ends.iter().nth_back(index), list.iter().nth_back(index).cloned());
            }
        }
    }
}
