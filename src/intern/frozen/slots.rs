//! Which string has which number, where no more are to come: slots without a gap between them, in the order of their hashes.
//!
//! ```text
//! directory   [ begins: 32 bits | 28 bounds of 8 bits ]   a block of 27 buckets, in 4 words
//! slots       … | index, fragment | index, fragment | …   as many bits as an index needs, and 7
//! ```
//!
//! A bucket is 4 strings on the average. The directory says between which slots a bucket lies, and so a string that is not
//! there is not looked for any further; 7 bits of the hash tell nearly all others of the bucket apart without a look at them.
//!
//! The hash has a seed that is the same for all tables, so that an image can be made again. Where strings were chosen to make
//! a bucket long, it is a random one.

use super::super::hash::Seeded;
use crate::raw::growth::{self, ReserveError};
use crate::raw::image::{LoadWords, Parts, Sections};
use crate::raw::packed::{bits_for, mask};
use crate::raw::{ImageError, Packed, Words};
use alloc::boxed::Box;
use core::ops::Range;

/// The buckets of a block of the directory.
const BUCKETS: usize = 27;

/// The words of a block of the directory.
const WORDS: usize = 4;

/// The strings of a bucket, on the average.
const MEAN: usize = 4;

/// The most strings of a bucket: as many are in one by chance with a probability of 10⁻¹⁹.
const MOST: u8 = 32;

/// The bits of the hash in a slot.
const FRAGMENT: u32 = 7;

pub(super) struct Slots<W = Box<[u64]>> {
    hash: Seeded,
    /// Invariant: [`WORDS`] for each block, which begin one behind the other and end with the slots.
    directory: W,
    /// Invariant: the number of each string, under its hash.
    slots: Packed<W>,
}

/// The words of the directory of so many strings.
fn words_for(len: usize) -> usize {
    len.div_ceil(BUCKETS * MEAN) * WORDS
}

/// The bits of a slot among so many.
fn width_for(len: usize) -> u32 {
    bits_for(len.saturating_sub(1) as u64) + FRAGMENT
}

/// Where the bucket of a hash is: the first word of its block, and its place there.
#[inline(always)]
fn home(hash: u64, directory: usize) -> (usize, usize) {
    let place = u128::from(hash) * (directory / WORDS) as u128;
    let bucket = u128::from(place as u64) * BUCKETS as u128;
    ((place >> 64) as usize * WORDS, (bucket >> 64) as usize)
}

/// A bound of a block of the directory.
#[inline(always)]
fn bound(block: &[u64], lane: usize) -> usize {
    (block[(4 + lane) / 8] >> ((4 + lane) % 8 * 8)) as usize & 0xff
}

impl<W: Words> Slots<W> {
    /// The index of a string, if `is` says that it is the one.
    #[inline(always)]
    pub(super) fn find(&self, bytes: &[u8], is: impl Fn(usize) -> bool) -> Option<usize> {
        let hash = self.hash.hash(bytes);
        let fragment = hash & mask(FRAGMENT);
        self.bucket(hash)?.find_map(|place| {
            let slot = self.slots.get(place);
            let index = (slot >> FRAGMENT) as usize;
            (slot & mask(FRAGMENT) == fragment && is(index)).then_some(index)
        })
    }

    /// The slots of the bucket of a hash.
    #[inline(always)]
    fn bucket(&self, hash: u64) -> Option<Range<usize>> {
        let directory = self.directory.words();
        let (block, bucket) = home(hash, directory.len());
        let block = directory.get(block..block + WORDS)?;
        let base = block[0] as u32 as usize;
        Some(base + bound(block, bucket)..base + bound(block, bucket + 1))
    }

    /// The buffers.
    pub(super) fn buffers(&self) -> [&[u64]; 2] {
        [self.directory.words(), self.slots.words()]
    }

    /// What does not hold of the directory, however wild the words are.
    fn validate(&self) -> Result<(), &'static str> {
        let mut before = 0;
        for block in self.directory.words().chunks(WORDS) {
            if block[0] as u32 as usize != before || bound(block, 0) != 0 {
                return Err("a block of slots begins elsewhere");
            }
            let len = |bucket| bound(block, bucket + 1).checked_sub(bound(block, bucket));
            if !(0..BUCKETS).all(|bucket| len(bucket).is_some_and(|len| len <= usize::from(MOST))) {
                return Err("a bucket ends before it begins, or is too long");
            }
            before += bound(block, BUCKETS);
        }
        if before == self.slots.len() { Ok(()) } else { Err("the last bucket ends elsewhere") }
    }

    pub(super) fn store<'s>(&'s self, image: &mut Sections<'s>) {
        image.field(self.hash.seed());
        image.words(self.directory.words());
        image.words(self.slots.used_words());
    }

    /// Takes the slots of so many strings, of which it is not looked at whether they are found.
    pub(super) fn load<'a>(parts: &mut Parts<'a>, len: usize) -> Result<Self, ImageError>
    where
        W: LoadWords<'a>,
    {
        let hash = Seeded::with_seed(parts.field()?);
        let directory = parts.words(words_for(len))?;
        let slots = Self { hash, directory, slots: Packed::load(parts, len, width_for(len))? };
        slots.validate().map_err(ImageError::Invalid)?;
        Ok(slots)
    }

    pub(super) fn check_invariants(&self) {
        self.slots.check_invariants();
        self.validate().unwrap_or_else(|wrong| panic!("{wrong}"));
    }
}

impl Slots {
    /// Gives so many strings slots, all of which are different.
    pub(super) fn build<'a>(
        len: usize,
        bytes: impl Fn(usize) -> &'a [u8],
    ) -> Result<Self, ReserveError> {
        let mut directory = Box::default();
        growth::set_words(&mut directory, words_for(len))?;
        let slots = Packed::build(len, width_for(len), |_| 0)?;
        let mut table = Self { hash: Seeded::with_seed(0), directory, slots };
        while !table.count(len, &bytes) {
            table.hash = Seeded::default();
            table.directory.fill(0);
        }
        table.fill(len, &bytes);
        Ok(table)
    }

    /// Makes each bound of the directory where its bucket ends, if none is too long.
    fn count<'a>(&mut self, len: usize, bytes: impl Fn(usize) -> &'a [u8]) -> bool {
        let one = |lane: usize| 1 << ((4 + lane) % 8 * 8);
        for index in 0..len {
            let (block, bucket) = home(self.hash.hash(bytes(index)), self.directory.len());
            let block = &mut self.directory[block..block + WORDS];
            if bound(block, bucket) == usize::from(MOST) {
                return false;
            }
            block[(4 + bucket) / 8] += one(bucket);
        }
        let mut base = 0;
        for block in self.directory.chunks_mut(WORDS) {
            block[0] |= base;
            let mut end = 0;
            for lane in 0..=BUCKETS {
                let count = bound(block, lane);
                if end + count > usize::from(u8::MAX) {
                    return false;
                }
                block[(4 + lane) / 8] += end as u64 * one(lane);
                end += count;
            }
            base += end as u64;
        }
        true
    }

    /// Puts all strings down, the last ones first, and so moves each bound to where its bucket begins.
    fn fill<'a>(&mut self, len: usize, bytes: impl Fn(usize) -> &'a [u8]) {
        for index in (0..len).rev() {
            let hash = self.hash.hash(bytes(index));
            let (block, bucket) = home(hash, self.directory.len());
            let block = &mut self.directory[block..block + WORDS];
            block[(4 + bucket) / 8] -= 1 << ((4 + bucket) % 8 * 8);
            let place = block[0] as u32 as usize + bound(block, bucket);
            self.slots.set(place, (index as u64) << FRAGMENT | hash & mask(FRAGMENT));
        }
    }
}

impl<W: Words> Clone for Slots<W> {
    fn clone(&self) -> Self {
        let directory = self.directory.copy(self.directory.words().len());
        Self { hash: self.hash, directory, slots: self.slots.clone() }
    }
}

impl Copy for Slots<&[u64]> {}
