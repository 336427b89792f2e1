//! The hash of strings: seeded, fast, and the same for ever.
//!
//! Images of `Frozen` hold tables by it, so it is part of their format.

use crate::raw::equal::equal_word;
use crate::raw::short::{ends, word};
use core::array;
use core::hash::{BuildHasher, Hasher};

/// Digits of π.
const KEYS: [u64; 3] = [0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344, 0xa409_3822_299f_31d0];

/// A fast hash of strings with a seed: a multiplication for up to 16 bytes, and one for each 16 bytes more.
///
/// Two words of the string at a time, each mixed with a key that follows from the seed, are multiplied to 128 bits, and the
/// halves of the product are folded together by an exclusive or. Who does not know the seed cannot choose strings that
/// collide by their content alone, but nothing more is claimed: the multiplication is no cipher, and who can time lookups may
/// learn of the seed. Where strings come from an attacker, use std's `RandomState`, which is SipHash:
/// `Interner<Symbol, str, RandomState>`.
///
/// # Source
///
/// The folded product is that of [wyhash](https://github.com/wangyi-fudan/wyhash), and of
/// [foldhash](https://github.com/orlp/foldhash), by whose manner short strings are read: as two words that overlap. What differs: the
/// function is fixed by the byte image of `Frozen`, and is the same on all platforms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seeded {
    seed: u64,
    /// What the two words are mixed with: functions of the seed.
    keys: [u64; 2],
}

impl Seeded {
    /// The hash with a seed, which is to be random where strings may be chosen to collide.
    #[inline]
    pub const fn with_seed(seed: u64) -> Self {
        let keys =
            [fold(seed ^ KEYS[0], KEYS[1]) ^ KEYS[2], fold(seed ^ KEYS[2], KEYS[0]) ^ KEYS[1]];
        Self { seed, keys }
    }

    /// The seed.
    #[inline]
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// The hash of bytes.
    #[inline(always)]
    pub(super) fn hash(&self, bytes: &[u8]) -> u64 {
        let len = bytes.len();
        let [first, second] = self.keys;
        if len <= 16 {
            let (a, b) = ends(bytes);
            fold(a ^ first, b ^ second ^ len as u64)
        } else {
            let state = middle(first, second ^ len as u64, bytes);
            fold(word(bytes, len - 16) ^ first, word(bytes, len - 8) ^ state)
        }
    }
}

/// A seed of its own each time.
///
/// With the feature `std` it is of the system's randomness, as that of std's `RandomState`; without it, of what addresses
/// tell, which is less.
impl Default for Seeded {
    fn default() -> Self {
        #[cfg(feature = "std")]
        let state = std::hash::RandomState::new();
        #[cfg(not(feature = "std"))]
        let state = hashbrown::DefaultHashBuilder::default();
        Self::with_seed(state.hash_one(0_u64))
    }
}

impl BuildHasher for Seeded {
    type Hasher = SeededHasher;

    #[inline(always)]
    fn build_hasher(&self) -> SeededHasher {
        SeededHasher { hash: *self, state: 0 }
    }
}

/// The [`Hasher`] of [`Seeded`].
#[derive(Clone, Debug)]
pub struct SeededHasher {
    hash: Seeded,
    state: u64,
}

impl Hasher for SeededHasher {
    #[inline(always)]
    fn write(&mut self, bytes: &[u8]) {
        self.state = self.state.rotate_left(23) ^ self.hash.hash(bytes);
    }

    #[inline(always)]
    fn finish(&self) -> u64 {
        self.state
    }
}

/// Folds the product of two words.
#[inline(always)]
const fn fold(a: u64, b: u64) -> u64 {
    let product = a as u128 * b as u128;
    product as u64 ^ (product >> 64) as u64
}

/// What a string of 1 to 16 bytes is compared by. For these code is inlined that makes no calls.
#[derive(Clone, Copy)]
pub(super) struct Short {
    len: usize,
    /// What [`Seeded`] makes its hash of: the compiler has them read once for both.
    ends: (u64, u64),
}

impl Short {
    #[inline(always)]
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        let len = bytes.len();
        (1..=16).contains(&len).then(|| Self { len, ends: ends(bytes) })
    }

    /// Its bytes, of which there is one at least.
    #[inline(always)]
    pub(super) fn len(self) -> usize {
        self.len
    }

    /// Whether it is of the same bytes.
    #[inline(always)]
    pub(super) fn is(self, bytes: &[u8]) -> bool {
        bytes.len() == self.len && ends(bytes) == self.ends
    }
}

/// Whether bytes are the same: `==` for strings that are mostly short, without a call.
#[inline(always)]
pub(super) fn same(one: &[u8], other: &[u8]) -> bool {
    match Short::of(one) {
        Some(short) => short.is(other),
        None => one == other,
    }
}

/// The hashes of strings of a block: of those whose bit is set in `strings`, which are as long as `lens` says and have the bytes that `bytes`
/// gives.
///
/// Those of eight bytes and more come first: a hash reads them otherwise than shorter ones, and where lengths alternate a
/// processor guesses wrongly.
#[inline(always)]
pub(super) fn hashes<'t, const BLOCK: usize>(
    strings: u64,
    lens: [u16; BLOCK],
    bytes: impl Fn(usize) -> &'t [u8],
    hash: impl Fn(&[u8]) -> u64,
) -> [u64; BLOCK] {
    const { assert!(BLOCK <= 64) };
    let long = equal_word(&array::from_fn(|at| u8::from(at < BLOCK && lens[at] >= 8)), 1);
    let mut hashes = [0; BLOCK];
    for mut strings in [long & strings, !long & strings] {
        while strings != 0 {
            let at = strings.trailing_zeros() as usize;
            strings &= strings - 1;
            hashes[at] = hash(bytes(at));
        }
    }
    hashes
}

/// Mixes all but the last 16 bytes.
#[inline(never)]
fn middle(key: u64, mut state: u64, bytes: &[u8]) -> u64 {
    for pair in bytes[..bytes.len() - 1].as_chunks::<16>().0 {
        state = fold(word(pair, 0) ^ key, word(pair, 8) ^ state);
    }
    state
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;
    use alloc::vec::Vec;

    #[test]
    fn each_bit_of_a_string_and_its_length_change_the_hash() {
        let seeded = Seeded::with_seed(7);
        for len in 0..50_usize {
            let bytes: Vec<u8> = (0..len).map(|at| (at as u8).wrapping_mul(37)).collect();
            let mut hashes = BTreeSet::from([seeded.hash(&bytes)]);
            for bit in 0..8 * len {
                let mut other = bytes.clone();
                other[bit / 8] ^= 1 << (bit % 8);
                hashes.insert(seeded.hash(&other));
                assert!(!same(&bytes, &other));
                assert!(Short::of(&bytes).is_none_or(|short| !short.is(&other)));
            }
            hashes.insert(seeded.hash(&[&bytes[..], &[0]].concat()));
            assert_eq!(hashes.len(), 8 * len + 2);
            assert!(same(&bytes, &bytes.clone()));
            let short = Short::of(&bytes);
            assert_eq!(short.is_some(), (1..=16).contains(&len));
            assert!(short.is_none_or(|short| short.is(&bytes) && !short.is(&bytes[1..])));
        }
    }

    #[test]
    fn tags_and_homes_of_numbers_spread_evenly() {
        let seeded = Seeded::with_seed(0);
        for shift in [0, 56] {
            let mut counts = [0_u32; 256];
            for number in 0..256 * 1000_u32 {
                let hash = seeded.hash(alloc::format!("{number}").as_bytes());
                counts[(hash >> shift & 255) as usize] += 1;
            }
            // Four standard deviations of a random hash.
            assert!(counts.iter().all(|count| count.abs_diff(1000) < 127), "{counts:?}");
        }
    }
}
