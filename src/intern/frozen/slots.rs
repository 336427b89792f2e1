//! Which string has which number, where no more are to come: slots without a gap between them, in the order of their hashes.
//!
//! ```text
//! directory   [ begins: 32 bits | 28 bounds of 8 bits ]   a block of 27 buckets, in 4 words
//! tags        … | 6 bits of the hash | 6 bits of the hash | …
//! numbers     … | index | index | …                       as many bits as the highest needs
//! ```
//!
//! A bucket is 6 strings on the average. The directory says between which slots a bucket lies, and so a string that is not
//! there is not looked for any further. Nine tags are compared at once, and tell nearly all other strings of the bucket apart
//! without a look at them.
//!
//! The hash has a seed that is the same for all tables, so that an image can be made again. Where strings were chosen to make
//! a bucket long, it is a random one.

use super::super::hash::Seeded;
use crate::raw::growth::{self, ReserveError};
use crate::raw::image::{LoadWords, Parts, Sections};
use crate::raw::packed::{bits_for, mask};
use crate::raw::prefetch::prefetch;
use crate::raw::{ImageError, Packed, Words};
use alloc::boxed::Box;
use core::ops::Range;

/// The buckets of a block of the directory.
const BUCKETS: usize = 27;

/// The words of a block of the directory.
const WORDS: usize = 4;

/// The strings of a bucket, on the average.
const MEAN: usize = 6;

/// The most strings of a bucket: more are in one by chance with a probability of 10⁻¹⁴.
const MOST: u8 = 32;

/// The seeds that are tried before it is plain that strings are equal.
const SEEDS: u32 = 32;

/// The bits of a tag.
const TAG: u32 = 6;

/// The tags that are compared at once: those of a word of which 7 bits may go to a tag before.
const AT_ONCE: usize = 57 / TAG as usize;

/// The lowest bit of each of these tags.
const LOWEST: u64 = mask(TAG * AT_ONCE as u32) / mask(TAG);

pub(super) struct Slots<W = Box<[u64]>> {
    hash: Seeded,
    /// Invariant: [`WORDS`] for each block, which begin one behind the other and end with the slots.
    directory: W,
    tags: Packed<W>,
    /// Invariant: as many as tags.
    numbers: Packed<W>,
}

/// What a look says.
pub(super) enum Look {
    /// This may be the string. If it is not, others may be.
    Perhaps(usize),
    /// It takes a search.
    Further,
    /// There is no such string.
    Nowhere,
}

/// The words of the directory of so many strings.
fn words_for(len: usize) -> usize {
    len.div_ceil(BUCKETS * MEAN) * WORDS
}

/// The bits of a number among so many.
fn width_for(len: usize) -> u32 {
    bits_for(len.saturating_sub(1) as u64)
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
    /// The hash of a string.
    #[inline(always)]
    pub(super) fn hash(&self, bytes: &[u8]) -> u64 {
        self.hash.hash(bytes)
    }

    /// Looks for the first string with the tag of this hash, which it nearly always is.
    #[inline(always)]
    pub(super) fn look(&self, hash: u64) -> Look {
        let Range { start, end } = self.bucket(hash);
        // The number is wanted as soon as the tags are there, which may take as long.
        let bytes: &[u8] = bytemuck::cast_slice(self.numbers.words());
        prefetch(bytes.as_ptr().wrapping_add(start * self.numbers.width() as usize / 8));
        let matches = self.matches(start, end - start, hash & mask(TAG));
        if matches != 0 {
            Look::Perhaps(self.number(start, matches))
        } else if end - start <= AT_ONCE {
            Look::Nowhere
        } else {
            Look::Further
        }
    }

    /// The index of a string with this hash, if `is` says that it is the one.
    pub(super) fn find(&self, hash: u64, is: impl Fn(usize) -> bool) -> Option<usize> {
        let bucket = self.bucket(hash);
        for start in bucket.clone().step_by(AT_ONCE) {
            let mut matches = self.matches(start, bucket.end - start, hash & mask(TAG));
            while matches != 0 {
                let index = self.number(start, matches);
                if is(index) {
                    return Some(index);
                }
                matches &= matches - 1;
            }
        }
        None
    }

    /// The number of the first slot that matches.
    #[inline(always)]
    fn number(&self, start: usize, matches: u64) -> usize {
        self.numbers.get(start + (matches.trailing_zeros() / TAG) as usize) as usize
    }

    /// The highest bit of each tag that is this one, of those of `count` slots from `start` on that are compared at once.
    #[inline(always)]
    fn matches(&self, start: usize, count: usize, tag: u64) -> u64 {
        const HIGHEST: u64 = LOWEST << (TAG - 1);
        let differ = self.tags.bits(start) ^ (LOWEST * tag);
        let equal = !(((differ & !HIGHEST) + (HIGHEST - LOWEST)) | differ) & HIGHEST;
        equal & ((1 << (TAG as usize * count.min(AT_ONCE))) - 1)
    }

    /// The slots of the bucket of a hash.
    #[inline(always)]
    fn bucket(&self, hash: u64) -> Range<usize> {
        let directory = self.directory.words();
        let (block, bucket) = home(hash, directory.len());
        let Some(block) = directory.get(block..block + WORDS) else { return 0..0 };
        let base = block[0] as u32 as usize;
        base + bound(block, bucket)..base + bound(block, bucket + 1)
    }

    /// The buffers.
    pub(super) fn buffers(&self) -> [&[u64]; 3] {
        [self.directory.words(), self.tags.words(), self.numbers.words()]
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
        if before == self.numbers.len() { Ok(()) } else { Err("the last bucket ends elsewhere") }
    }

    pub(super) fn store<'s>(&'s self, image: &mut Sections<'s>) {
        image.field(self.hash.seed());
        image.words(self.directory.words());
        image.words(self.tags.used_words());
        image.words(self.numbers.used_words());
    }

    /// Takes the slots of so many strings, of which it is not looked at whether they are found.
    pub(super) fn load<'a>(parts: &mut Parts<'a>, len: usize) -> Result<Self, ImageError>
    where
        W: LoadWords<'a>,
    {
        let hash = Seeded::with_seed(parts.field()?);
        let directory = parts.words(words_for(len))?;
        let tags = Packed::load(parts, len, TAG)?;
        let numbers = Packed::load(parts, len, width_for(len))?;
        let slots = Self { hash, directory, tags, numbers };
        slots.validate().map_err(ImageError::Invalid)?;
        Ok(slots)
    }

    pub(super) fn check_invariants(&self) {
        assert_eq!(self.tags.len(), self.numbers.len());
        self.tags.check_invariants();
        self.numbers.check_invariants();
        self.validate().unwrap_or_else(|wrong| panic!("{wrong}"));
    }
}

impl Slots {
    /// Gives so many strings slots, all of which are different: panics where one is there more than [`MOST`] times.
    pub(super) fn build<'a>(
        len: usize,
        bytes: impl Fn(usize) -> &'a [u8],
    ) -> Result<Self, ReserveError> {
        let mut directory = Box::default();
        growth::set_words(&mut directory, words_for(len))?;
        let tags = Packed::build(len, TAG, |_| 0)?;
        let numbers = Packed::build(len, width_for(len), |_| 0)?;
        let mut table = Self { hash: Seeded::with_seed(0), directory, tags, numbers };
        let mut seeds = 0;
        while !table.count(len, &bytes) {
            seeds += 1;
            assert!(
                seeds < SEEDS,
                "a hash that is another each time has let a string in too often"
            );
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
            self.tags.set(place, hash & mask(TAG));
            self.numbers.set(place, index as u64);
        }
    }
}

impl<W: Words> Clone for Slots<W> {
    fn clone(&self) -> Self {
        let directory = self.directory.copy(self.directory.words().len());
        Self { hash: self.hash, directory, tags: self.tags.clone(), numbers: self.numbers.clone() }
    }
}

impl Copy for Slots<&[u64]> {}
