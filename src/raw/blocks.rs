//! Numbers in blocks of [`BLOCK`], each with a base and a width of its own, and with outliers kept aside.
//!
//! ```text
//! directory   16 bytes a block: what code 0 stands for, or would     64 bits
//!                               the first word of the codes          32 bits, 0 where they have no bits
//!                               their width                           8 bits
//!                               whether code 0 is reserved            1 bit
//!                               whether they take more than one load  7 bits
//!                               how many numbers are in band         16 bits
//! codes       block 0 | block 1 | … | last block | padding      packed, each block from a word on
//! starts      the first outlier of each block, and their number: 32 bits each | padding
//! positions   where in its block each outlier stands: 10 bits each            | padding
//! outliers    their numbers, at the width of the largest number of all        | padding
//! ```
//!
//! Words are counted from the directory on. No start is less than the one before. Padding is a word of zeros; where nothing has bits there is none, and without outliers there are no starts either.
//!
//! A number is `base + code`. A block that has outliers or nulls reserves code 0 for them, and a number is
//! `base + code - 1`: what has code 0 is an outlier if its position is listed, and null if not. Neither adds
//! anything to the sum of the codes. The base and the width are those by which the block takes the fewest bits, found
//! by trying all widths: patched frames of reference (Zukowski and others, "Super-scalar RAM-CPU cache compression",
//! ICDE 2006), of which the base is free as well.
//!
//! A full block is a multiple of the codes that are unpacked at once, so that the kernels of a packed array serve
//! each block.

use super::Words;
use super::packed::{Packed, WIDEST_IN_ONE_LOAD, mask};
use alloc::boxed::Box;

mod build;
mod get;
mod image;
mod read;

pub(crate) use build::cost;
pub(crate) use read::{Slice, Slices, Unpacked};

/// The numbers of a block.
pub(crate) const BLOCK: usize = 1 << SHIFT;
const SHIFT: u32 = 10;

/// The words of a block in the directory.
const ENTRY: usize = 2;

/// More words than this before the codes of a block are refused: an entry has 32 bits for them.
const MOST_WORDS: usize = u32::MAX as usize;

pub(crate) struct Blocks<W = Box<[u64]>> {
    /// Invariant: laid out as above, by the fields below.
    words: W,
    len: usize,
    /// The words of all codes, padding included.
    code_words: usize,
    /// The number of outliers.
    outliers: usize,
    /// The width of outliers.
    outlier_width: u8,
}

impl Copy for Blocks<&[u64]> {}

impl<W: Words> Clone for Blocks<W> {
    fn clone(&self) -> Self {
        Self { words: self.words.copy(self.words().len()), ..*self }
    }
}

/// What the directory says of a block.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Entry {
    base: u64,
    /// The first word of the block's codes.
    start: usize,
    width: u32,
    /// The numbers that are neither outliers nor null.
    in_band: usize,
    /// Whether code 0 stands for outliers and nulls: 1, or 0.
    reserved: u64,
}

impl Entry {
    fn pack(self) -> [u64; ENTRY] {
        let wide = u64::from(self.width > WIDEST_IN_ONE_LOAD);
        let flags =
            u64::from(self.width) | self.reserved << 8 | wide << 9 | (self.in_band as u64) << 16;
        [self.base.wrapping_sub(self.reserved), self.start as u64 | flags << 32]
    }

    #[inline]
    fn unpack([zero, rest]: [u64; ENTRY]) -> Self {
        let reserved = rest >> 40 & 1;
        Self {
            base: zero.wrapping_add(reserved),
            start: (rest & mask(32)) as usize,
            width: (rest >> 32 & mask(8)) as u32,
            in_band: (rest >> 48) as usize,
            reserved,
        }
    }
}

impl<W: Words> Blocks<W> {
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn words(&self) -> &[u64] {
        self.words.words()
    }

    /// The same blocks, wherever they lie.
    fn borrow(&self) -> Blocks<&[u64]> {
        let Self { len, code_words, outliers, outlier_width, .. } = *self;
        Blocks { words: self.words(), len, code_words, outliers, outlier_width }
    }

    /// The outliers of all blocks.
    pub(crate) fn outliers(&self) -> usize {
        self.outliers
    }

    fn count(&self) -> usize {
        self.len.div_ceil(BLOCK)
    }

    #[inline]
    fn entry(&self, block: usize) -> Entry {
        let words = self.words();
        Entry::unpack([words[ENTRY * block], words[ENTRY * block + 1]])
    }

    /// The codes of a block.
    #[inline]
    fn codes(&self, block: usize, entry: Entry) -> Packed<&[u64]> {
        let len = BLOCK.min(self.len - block * BLOCK);
        let end = self.count() * ENTRY + self.code_words;
        Packed::within(&self.words()[entry.start..end], len, entry.width)
    }

    /// The words at which the outliers' starts, positions and numbers begin, where there are outliers.
    #[inline]
    fn sections(&self) -> [usize; 3] {
        let words = |len: usize, width: u32| (len * width as usize).div_ceil(64) + 1;
        let starts = self.count() * ENTRY + self.code_words;
        let positions = starts + words(self.count() + 1, 32);
        [starts, positions, positions + words(self.outliers, SHIFT)]
    }

    /// The outliers' starts, positions and numbers, where there are outliers.
    fn patches(&self) -> [Packed<&[u64]>; 3] {
        let [starts, positions, numbers] = self.sections();
        let words = self.words();
        [
            Packed::within(&words[starts..positions], self.count() + 1, 32),
            Packed::within(&words[positions..numbers], self.outliers, SHIFT),
            Packed::within(&words[numbers..], self.outliers, self.outlier_width.into()),
        ]
    }

    /// The positions and numbers of the outliers of a block.
    fn outliers_of(&self, block: usize) -> impl Iterator<Item = (usize, u64)> {
        let patches = (self.outliers > 0).then(|| self.patches());
        patches.into_iter().flat_map(move |[starts, positions, numbers]| {
            let range = starts.get(block) as usize..starts.get(block + 1) as usize;
            range.map(move |index| (positions.get(index) as usize, numbers.get(index)))
        })
    }

    /// How many numbers of a block are not null.
    pub(crate) fn present(&self, block: usize) -> usize {
        let outliers = match self.outliers {
            0 => 0,
            _ => {
                let [starts, ..] = self.patches();
                (starts.get(block + 1) - starts.get(block)) as usize
            }
        };
        self.entry(block).in_band + outliers
    }

    /// Calls `f` with the numbers of a block that are not null, each with its position in the block.
    pub(crate) fn for_each_present(&self, block: usize, mut f: impl FnMut(usize, u64)) {
        if self.entry(block).in_band == 0 {
            return self.outliers_of(block).for_each(|(position, number)| f(position, number));
        }
        let start = block * BLOCK;
        let mut slices = self.slices(start..self.len.min(start + BLOCK));
        let mut done = 0;
        while let Some(slice) = slices.next() {
            slice.for_each(|place, number| f(done + place, number));
            done += slice.len();
        }
    }

    /// The bits of a code, on the average of all blocks.
    pub(crate) fn mean_width(&self) -> f64 {
        let bits = (0..self.count()).map(|block| {
            let len = BLOCK.min(self.len - block * BLOCK);
            u64::from(self.entry(block).width) * len as u64
        });
        bits.sum::<u64>() as f64 / self.len.max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn check(numbers: &[Option<u64>]) -> Blocks {
        let blocks = Blocks::build(numbers.len(), |index| numbers[index]).unwrap();
        blocks.check_invariants();
        for (index, &number) in numbers.iter().enumerate() {
            assert_eq!(blocks.get(index), number, "at {index}");
        }
        let len = numbers.len();
        for range in [0..len, len / 3..len, len / 2..len / 2, len / 4..len - len / 4] {
            let mut read = Vec::new();
            let mut slices = blocks.slices(range.clone());
            while let Some(slice) = slices.next() {
                let start = read.len();
                read.resize(start + slice.len(), None);
                slice.for_each(|place, number| read[start + place] = Some(number));
            }
            assert_eq!(read, &numbers[range]);
        }
        let values = numbers.iter().flatten().map(|&number| u128::from(number));
        assert_eq!(blocks.sum(), (values.clone().sum(), values.count()));
        let flat = || numbers.iter().flatten().copied();
        assert_eq!(blocks.bounds(), flat().min().zip(flat().max()));
        let words = blocks.words();
        let borrowed = Blocks::from_words(words, blocks.fields()).unwrap();
        assert_eq!(borrowed.sum(), blocks.sum());
        blocks
    }

    #[test]
    fn a_block_has_the_width_of_its_own_numbers() {
        let numbers: Vec<_> = (0..5000).map(|i| Some(1_000_000 * (i / 1024) + i % 7)).collect();
        let blocks = check(&numbers);
        assert_eq!((blocks.outliers(), blocks.mean_width()), (0, 3.0));
        assert_eq!(blocks.words().len(), 5 * ENTRY + (5000_usize * 3).div_ceil(64) + 1);
    }

    #[test]
    fn outliers_on_both_sides_are_kept_aside() {
        let number = |i: u64| match i {
            77 => 3,
            1500 => u64::MAX,
            _ => 1_000_000 + i % 16,
        };
        let numbers: Vec<_> = (0..3000).map(|i| Some(number(i))).collect();
        let blocks = check(&numbers);
        assert_eq!(blocks.outliers(), 2);
        assert!(blocks.mean_width() < 5.0);
    }

    #[test]
    fn nulls_and_outliers_share_a_code() {
        let number = |i: u64| match i % 100 {
            0 => None,
            1 => Some(i * i * i),
            _ => Some(50 + i % 30),
        };
        let numbers: Vec<_> = (0..4321).map(number).collect();
        assert!(check(&numbers).outliers() > 0);
        assert_eq!(check(&[None; 3000]).words().len(), 3 * ENTRY);
        check(&(0..3000).map(|i| (i < 1024).then_some(i)).collect::<Vec<_>>());
    }

    #[test]
    fn an_outlier_right_below_the_base_is_not_null() {
        // 1000 to 1014 and a code for null fill four bits.
        let number = |i: u64| match i % 100 {
            3 | 64 | 99 => None,
            0 | 1 => Some(999),
            _ => Some(1000 + i % 15),
        };
        let numbers: Vec<_> = (0..5000).map(number).collect();
        let blocks = check(&numbers);
        assert_eq!((blocks.outliers(), blocks.mean_width()), (100, 4.0));
    }

    #[test]
    fn an_outlier_right_below_the_base_stands_among_others() {
        let number = |i: u64| match i % 100 {
            3 | 64 | 99 => None,
            0 | 1 => Some(999),
            2 | 50 => Some(7_000_000),
            _ => Some(1000 + i % 15),
        };
        assert_eq!(check(&(0..5000).map(number).collect::<Vec<_>>()).outliers(), 200);
    }

    #[test]
    fn outliers_fit_lanes_of_32_bits_or_not() {
        for far in (1 << 32) - 4..(1 << 32) + 4 {
            let number = |i: u64| if i % 700 == 5 { 100 + far } else { 100 + i % 16 };
            let numbers: Vec<_> = (0..3000).map(|i| Some(number(i))).collect();
            assert_eq!(check(&numbers).outliers(), 5);
        }
    }

    #[test]
    fn outliers_that_are_all_zero_take_no_bits() {
        // A few zeros among nulls are cheaper listed than a bit for each number.
        let blocks = check(&(0..2100).map(|i| (i % 700 == 3).then_some(0)).collect::<Vec<_>>());
        assert_eq!((blocks.outliers(), blocks.outlier_width, blocks.mean_width()), (3, 0, 0.0));
    }

    #[test]
    fn the_extremes_have_codes() {
        check(&[]);
        check(&[Some(u64::MAX)]);
        check(&[Some(0), None, Some(u64::MAX)]);
        let all_bits: Vec<_> =
            (0..3000_u64).map(|i| Some(i.wrapping_mul(0x9e37_79b9_7f4a_7c15))).collect();
        check(&all_bits);
        let with_null: Vec<_> =
            all_bits.iter().copied().chain([None, Some(u64::MAX), Some(0)]).collect();
        check(&with_null);
        // The highest number behind a reserved code: its code and the base add up to 2⁶⁴.
        let number = |i: u64| match i {
            0..1024 => Some(0),
            _ => (!i.is_multiple_of(8)).then_some(u64::MAX - i % 7),
        };
        check(&(0..2048).map(number).collect::<Vec<_>>());
    }
}
