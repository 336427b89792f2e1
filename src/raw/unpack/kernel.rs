//! What the vector kernels share: the loops over blocks.
//!
//! A kernel takes groups of codes apart with the instructions of one processor. The loops here are inlined
//! into functions that are compiled for that processor, and with them the kernel's methods and the closures that
//! take the codes: code that is not part of those functions must not call the loops.
#![allow(unsafe_code)]

use super::super::packed::{BLOCK, Packed};
use super::super::prefetch::prefetch;
use super::WIDEST_WIDE;
use bytemuck::{Pod, Zeroable};
use core::ops::Range;
use core::slice;

/// How far a kernel may read from where a group begins, and so behind the bytes of a block.
const OVERHANG: usize = 64;

/// The bytes that a kernel may read for a block: the block's own and those behind it.
const fn reach(width: usize) -> usize {
    BLOCK / 8 * width + OVERHANG
}

/// Takes codes apart, a group at a time. A value of the type proves that the processor has the instructions.
pub(super) trait Kernel {
    /// A code in its lane.
    type Code: Pod;
    /// The codes of a group.
    type Lanes: Pod;

    /// The width of the codes.
    fn width(&self) -> usize;

    /// The codes of a group.
    ///
    /// # Safety
    ///
    /// `bytes` holds [`OVERHANG`] bytes from where the group begins.
    unsafe fn group(&self, bytes: &[u8], group: usize) -> Self::Lanes;
}

/// A kernel that also adds codes up.
pub(super) trait Add: Kernel {
    /// What the upper half of a 64-bit lane weighs in a sum of lanes, as a power of two: as much as the lower one
    /// where a lane is half of that, and 2³² times as much where it is not.
    const UPPER_HALF: u32;

    /// The bits of each code in its lane before it is shifted: the same in every group.
    fn masks(&self) -> Self::Lanes;

    /// The codes of a group before they are shifted, which [`settle`](Self::settle) does.
    ///
    /// # Safety
    ///
    /// As for [`Kernel::group`].
    unsafe fn in_place(&self, bytes: &[u8], group: usize, masks: Self::Lanes) -> Self::Lanes;

    /// Sums of codes, of sums of what [`in_place`](Self::in_place) gives.
    fn settle(&self, sums: Self::Lanes) -> Self::Lanes;

    /// Adds lane by lane. The sum of as many blocks as are added [at once](BLOCKS_AT_ONCE) fits.
    fn add(&self, a: Self::Lanes, b: Self::Lanes) -> Self::Lanes;

    /// Adds the lower and the upper halves of 64-bit lanes to totals.
    fn add_halves(&self, totals: [Self::Lanes; 2], lanes: Self::Lanes) -> [Self::Lanes; 2];
}

/// How far ahead of a block its successors are fetched. Groups that straddle two cache lines are read faster than the
/// processor's own prefetcher follows.
const AHEAD: usize = 2048;

/// As many bytes as are summed faster without that: they lie in a cache that is near.
const NEAR: usize = if cfg!(test) { 16 << 10 } else { 4 << 20 };

/// Fetches as many bytes as a block has, [`AHEAD`] of it, into the cache.
#[inline(always)]
fn fetch_ahead(bytes: &[u8]) {
    for line in (0..bytes.len()).step_by(64) {
        prefetch(bytes.as_ptr().wrapping_add(AHEAD + line));
    }
}

/// A copy of the end of a buffer, for blocks whose loads would pass it. Made for them alone: it takes as long as a block.
pub(super) struct Tail(Option<[u8; reach(WIDEST_WIDE as usize)]>);

impl Tail {
    #[inline(always)]
    pub(super) const fn new() -> Self {
        Self(None)
    }

    /// The `reach(width)` bytes that a kernel may read for the block from code `start`, a multiple of eight, on.
    #[inline(always)]
    pub(super) fn block<'a>(
        &'a mut self,
        packed: &'a Packed<&'a [u64]>,
        width: usize,
        start: usize,
    ) -> &'a [u8] {
        let bytes = bytemuck::cast_slice::<u64, u8>(packed.words());
        let from = start / 8 * width;
        if let Some(bytes) = bytes.get(from..from + reach(width)) {
            return bytes;
        }
        let rest = &bytes[from..];
        let tail = self.0.insert([0; reach(WIDEST_WIDE as usize)]);
        tail[..rest.len()].copy_from_slice(rest);
        &tail[..reach(width)]
    }
}

/// The codes of a group. Those of all groups of a block are a block.
const fn in_group<K: Kernel>() -> usize {
    let codes = size_of::<K::Lanes>() / size_of::<K::Code>();
    assert!(BLOCK.is_multiple_of(2 * codes));
    codes
}

/// The width of the codes, for which the kernel was made.
#[inline(always)]
fn width_of<K: Kernel>(kernel: &K, packed: &Packed<&[u64]>) -> usize {
    assert_eq!(kernel.width(), packed.width() as usize);
    kernel.width()
}

/// What is decoded of a block, beginning at a cache line: no vector that is stored there lies in two.
#[repr(align(64))]
struct Values<V>([V; BLOCK]);

/// Calls `f` with the values of a range, block by block. `decode` makes them of their codes, while these are in registers: of whole
/// groups, so that it also gets codes before and behind the range, and zeros behind the last.
#[inline(always)]
pub(super) fn for_each<K: Kernel, V: Copy + Default>(
    kernel: &K,
    packed: Packed<&[u64]>,
    range: Range<usize>,
    decode: impl Fn(K::Code) -> V,
    mut f: impl FnMut(&[V]),
) {
    let width = width_of(kernel, &packed);
    let mut tail = Tail::new();
    let Values(values) = &mut Values([V::default(); BLOCK]);
    let mut start = range.start / 8 * 8;
    while start < range.end {
        let bytes = tail.block(&packed, width, start);
        fetch_ahead(bytes);
        for (group, values) in values.chunks_exact_mut(const { in_group::<K>() }).enumerate() {
            // SAFETY: a block has as many groups (`in_group`), and `Tail::block` gives `reach(width)` bytes.
            let lanes = unsafe { kernel.group(bytes, group) };
            let codes: &[K::Code] = bytemuck::cast_slice(slice::from_ref(&lanes));
            for (value, &code) in values.iter_mut().zip(codes) {
                *value = decode(code);
            }
        }
        f(&values[range.start.saturating_sub(start)..BLOCK.min(range.end - start)]);
        start += BLOCK;
    }
}

/// Writes the codes from `start` on, a multiple of eight.
#[inline(always)]
pub(super) fn unpack<K: Kernel>(
    kernel: &K,
    packed: Packed<&[u64]>,
    start: usize,
    codes: &mut [K::Code],
) {
    let width = width_of(kernel, &packed);
    assert!(start.is_multiple_of(8) && codes.len() <= packed.len().saturating_sub(start));
    let mut tail = Tail::new();
    for (codes, start) in codes.chunks_mut(BLOCK).zip((start..).step_by(BLOCK)) {
        let bytes = tail.block(&packed, width, start);
        fetch_ahead(bytes);
        let in_group = const { in_group::<K>() };
        // Whole groups apart from the rest, so that each is one store and not a copy of any length.
        let (whole, rest) = codes.split_at_mut(codes.len() / in_group * in_group);
        let groups = whole.len() / in_group;
        for (group, codes) in whole.chunks_exact_mut(in_group).enumerate() {
            // SAFETY: a block has no more codes, so this is a group of it, and `Tail::block` gives `reach(width)` bytes.
            unsafe { unpack_group(kernel, bytes, group, codes) };
        }
        if !rest.is_empty() {
            // SAFETY: as above; a block has whole groups, so this is one more of it.
            unsafe { unpack_group(kernel, bytes, groups, rest) };
        }
    }
}

/// Writes the codes of a group, or the first of them.
///
/// # Safety
///
/// As for [`Kernel::group`].
#[inline(always)]
unsafe fn unpack_group<K: Kernel>(kernel: &K, bytes: &[u8], group: usize, codes: &mut [K::Code]) {
    // SAFETY: the caller's promise.
    let lanes = unsafe { kernel.group(bytes, group) };
    let lanes: &[K::Code] = bytemuck::cast_slice(slice::from_ref(&lanes));
    codes.copy_from_slice(&lanes[..codes.len()]);
}

/// Blocks that are added up before their sums are added to totals, where so many are left and none has to be fetched.
const BLOCKS_AT_ONCE: usize = 4;

/// How often that fits the 64-bit lanes of totals: each time adds less than 2⁶⁴ in halves.
const TIMES: usize = 1 << 20;

/// Sums all codes. Where the sum of so many blocks fits a lane wherever their bits lie, they are shifted after they have been added.
#[inline(always)]
pub(super) fn sum<K: Add>(kernel: &K, packed: Packed<&[u64]>) -> u128 {
    const { assert!(BLOCKS_AT_ONCE.is_power_of_two() && BLOCK.is_power_of_two()) };
    let groups = BLOCKS_AT_ONCE * BLOCK / const { in_group::<K>() };
    let (bits, lane) = (kernel.width() + groups.ilog2() as usize, 8 * size_of::<K::Code>());
    assert!(bits <= lane);
    if bits + 7 <= lane {
        sum_blocks::<K, true>(kernel, packed)
    } else {
        sum_blocks::<K, false>(kernel, packed)
    }
}

/// Sums all codes, and shifts them before or after. The bits behind the last one are zero, so that the last block may be whole.
#[inline(always)]
fn sum_blocks<K: Add, const AFTER: bool>(kernel: &K, packed: Packed<&[u64]>) -> u128 {
    let width = width_of(kernel, &packed);
    let all = bytemuck::cast_slice::<u64, u8>(packed.words());
    let (far, masks) = (all.len() > NEAR, kernel.masks());
    let mut tail = Tail::new();
    let mut sum = 0;
    let mut start = 0;
    while start < packed.len() {
        let end = packed.len().min(start + TIMES * BLOCK);
        let mut totals = [K::Lanes::zeroed(); 2];
        while start < end {
            let from = start / 8 * width;
            let others = (BLOCKS_AT_ONCE - 1) * BLOCK;
            let near = !far && packed.len() - start > others;
            let (bytes, blocks) = match all.get(from..from + others / 8 * width + reach(width)) {
                Some(bytes) if near => (bytes, BLOCKS_AT_ONCE),
                _ => (tail.block(&packed, width, start), 1),
            };
            if far {
                fetch_ahead(bytes);
            }
            let mut sums = [K::Lanes::zeroed(); 2];
            for pair in 0..blocks * (BLOCK / 2 / const { in_group::<K>() }) {
                for (half, sum) in sums.iter_mut().enumerate() {
                    let group = 2 * pair + half;
                    let codes = if AFTER {
                        // SAFETY: the blocks have as many groups (`in_group`), and there are `reach(width)` bytes from the last
                        // block on.
                        unsafe { kernel.in_place(bytes, group, masks) }
                    } else {
                        // SAFETY: as above.
                        unsafe { kernel.group(bytes, group) }
                    };
                    *sum = kernel.add(*sum, codes);
                }
            }
            let sums = kernel.add(sums[0], sums[1]);
            let sums = if AFTER { kernel.settle(sums) } else { sums };
            totals = kernel.add_halves(totals, sums);
            start += blocks * BLOCK;
        }
        let [lower, upper] = totals.map(|total| {
            let lanes: &[u64] = bytemuck::cast_slice(slice::from_ref(&total));
            lanes.iter().map(|&lane| u128::from(lane)).sum::<u128>()
        });
        sum += lower + (upper << K::UPPER_HALF);
    }
    sum
}
