#![allow(unsafe_code)]
//! `fastlanes` as a column of `i64`: blocks of 1,024 numbers of up to 32 bits, each with a base and a width of its own.
//!
//! The crate packs and unpacks blocks; the frame around them is what a user of it writes.

use fastlanes::BitPacking;

const BLOCK: usize = 1024;

pub(in super::super) struct FastLanes {
    len: usize,
    blocks: Vec<Block>,
    words: Vec<u32>,
}

struct Block {
    base: i64,
    /// Invariant: from here on there are `32 * width` words.
    start: u32,
    /// Invariant: at most 32.
    width: u32,
}

impl FastLanes {
    pub(in super::super) fn new(values: &[i64]) -> Self {
        let mut blocks = Vec::with_capacity(values.len().div_ceil(BLOCK));
        let mut words = Vec::new();
        for chunk in values.chunks(BLOCK) {
            let base = chunk.iter().copied().min().expect("chunks have values");
            // The last block is filled up with zeros, which change no sum.
            let mut codes = [0_u32; BLOCK];
            for (code, &value) in codes.iter_mut().zip(chunk) {
                *code = u32::try_from(value.wrapping_sub(base)).expect("at most 32 bits");
            }
            let width = codes.iter().fold(0, |union, code| union | code);
            let width = u32::BITS - width.leading_zeros();
            let start = words.len();
            words.resize(start + 32 * width as usize, 0);
            // SAFETY: there are 1,024 codes, of at most 32 bits, and `1024 * width / 32` words for them.
            unsafe { u32::unchecked_pack(width as usize, &codes, &mut words[start..]) };
            blocks.push(Block { base, start: u32::try_from(start).expect("16 GB"), width });
        }
        words.shrink_to_fit();
        Self { len: values.len(), blocks, words }
    }

    pub(in super::super) fn sum(&self) -> i64 {
        let mut codes = [0; BLOCK];
        let mut sum = 0;
        let mut rest = self.len;
        for block in &self.blocks {
            // SAFETY: by the invariants these are the words of 1,024 codes of this width.
            unsafe {
                u32::unchecked_unpack(block.width as usize, self.words_of(block), &mut codes);
            }
            sum += codes.iter().map(|&code| u64::from(code)).sum::<u64>().cast_signed();
            sum += block.base * rest.min(BLOCK) as i64;
            rest = rest.saturating_sub(BLOCK);
        }
        sum
    }

    #[inline]
    pub(in super::super) fn value(&self, index: usize) -> i64 {
        let block = &self.blocks[index / BLOCK];
        let (words, width) = (self.words_of(block), block.width as usize);
        // SAFETY: by the invariants these are the words of 1,024 codes of this width.
        let code = unsafe { u32::unchecked_unpack_single(width, words, index % BLOCK) };
        block.base + i64::from(code)
    }

    #[inline]
    fn words_of(&self, block: &Block) -> &[u32] {
        &self.words[block.start as usize..][..32 * block.width as usize]
    }
}
