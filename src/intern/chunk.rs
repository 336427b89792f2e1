//! Buffers for text that do not move, and how large they are.
//!
//! A chunk has room for an eighth of the text there is, up to 64 KB, so that the last one leaves a sixteenth empty on the average;
//! and for whole blocks of strings, one at least, so that each leaves a part of one empty at its end.
#![allow(unsafe_code)]

use crate::raw::{ReserveError, growth};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ptr::NonNull;

/// How far bounds of 16 bits count.
pub(super) const MOST: usize = u16::MAX as usize;

/// The bytes of the smallest chunk, and of the largest.
const SMALLEST: usize = 64;
const LARGEST: usize = 1 << 16;

/// More bytes than these of a string are not expected of others, until they have come.
const LONG: usize = 32;

/// A buffer that does not move.
///
/// Invariant: it was a box, and is given back as one.
pub(super) struct Chunk(NonNull<[u8]>);

// SAFETY: a chunk owns its bytes.
unsafe impl Send for Chunk {}

/// What `strings` strings of a block take, of which the first has `len` bytes, if they are like those before, and a bit more: as
/// the mean of `count` strings of so many `bytes`, or as the `last` block.
pub(super) fn likely(
    strings: usize,
    len: usize,
    (count, bytes): (usize, usize),
    last: usize,
) -> usize {
    let mean = (bytes + len.min(LONG)).div_ceil(count + 1);
    let like = (strings * mean).max(last);
    (like + like / 16).clamp(SMALLEST, MOST)
}

/// Whether so much `room`, of a chunk or of what bounds can still count, is too little for a block that begins with a string of `len`
/// bytes, where blocks are `likely` to take so much.
///
/// Where the `last` block took less than half of that, strings have become shorter, and the mean lags behind: then room for two such
/// blocks is enough. Strings that do not fit it after all lie apart.
pub(super) fn is_full(room: usize, likely: usize, len: usize, last: usize) -> bool {
    let enough = if last == 0 { likely } else { likely.min(2 * last) };
    room < likely && room < enough.max(len)
}

/// The size of a chunk for blocks that are likely to take so much each, behind so many bytes.
pub(super) fn size(likely: usize, bytes: usize) -> usize {
    likely * ((bytes / 8).min(LARGEST) / likely).max(1)
}

/// Copies a string, of which most are short.
#[inline(always)]
pub(super) fn copy(from: &[u8], to: &mut [u8]) {
    let len = from.len();
    if let (8..=16, Some(first), Some(last)) =
        (len, from.first_chunk::<8>(), from.last_chunk::<8>())
    {
        to[..8].copy_from_slice(first);
        to[len - 8..].copy_from_slice(last);
    } else if let (4..=7, Some(first), Some(last)) =
        (len, from.first_chunk::<4>(), from.last_chunk::<4>())
    {
        to[..4].copy_from_slice(first);
        to[len - 4..].copy_from_slice(last);
    } else {
        to.copy_from_slice(from);
    }
}

impl Chunk {
    /// A chunk of zeros.
    pub(super) fn new(size: usize) -> Result<Self, ReserveError> {
        let mut bytes = Vec::new();
        growth::reserve_exact(&mut bytes, size)?;
        bytes.resize(size, 0_u8);
        let bytes = Box::into_raw(bytes.into_boxed_slice());
        // SAFETY: a box has an address.
        Ok(Self(unsafe { NonNull::new_unchecked(bytes) }))
    }

    /// Where it begins.
    pub(super) fn start(&self) -> NonNull<u8> {
        self.0.cast()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The addresses of its bytes.
    pub(super) fn addresses(&self) -> core::ops::Range<usize> {
        let start = self.start().addr().get();
        start..start + self.len()
    }
}

impl Drop for Chunk {
    fn drop(&mut self) {
        // SAFETY: it was a box, and is dropped once.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}
