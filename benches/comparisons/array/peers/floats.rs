#![allow(unsafe_code)]
//! The peers that pack floats, as columns of floats and nulls.
//!
//! Neither has nulls: the floats that are there are packed one behind the other, and a bit for each value says
//! whether it is.

use alp::Exponents;
use fastlanes::BitPacking;
use pco::{
    ChunkConfig,
    standalone::{simple_compress, simple_decompress},
};
use sux::bits::BitVec;

const BLOCK: usize = 1024;

/// Returns the floats that are there, and which values those are if not all.
fn present(values: &[Option<f64>]) -> (Vec<f64>, Option<BitVec>) {
    let floats: Vec<f64> = values.iter().copied().flatten().collect();
    let validity =
        (floats.len() < values.len()).then(|| values.iter().map(Option::is_some).collect());
    (floats, validity)
}

/// `pco`: all floats in one stream, at its default level. Nothing is read without reading what comes before it.
pub(in super::super) struct Pco {
    stream: Vec<u8>,
    #[expect(dead_code, reason = "held, as a column of it would")]
    validity: Option<BitVec>,
}

impl Pco {
    pub(in super::super) fn new(values: &[Option<f64>]) -> Self {
        let (floats, validity) = present(values);
        let mut stream = simple_compress(&floats, &ChunkConfig::default()).expect("some floats");
        stream.shrink_to_fit();
        Self { stream, validity }
    }

    pub(in super::super) fn sum(&self) -> f64 {
        let floats = simple_decompress::<f64>(&self.stream).expect("what was compressed");
        floats.iter().sum()
    }
}

/// `alp`: integers for decimals, packed by `fastlanes` in blocks of 1,024, and the other floats beside.
pub(in super::super) struct Alp {
    len: usize,
    exponents: Exponents,
    blocks: Vec<Block>,
    words: Vec<u64>,
    /// In rising order.
    positions: Vec<u32>,
    patches: Vec<f64>,
    #[expect(dead_code, reason = "held, as a column of it would")]
    validity: Option<BitVec>,
}

struct Block {
    base: i64,
    /// Invariant: from here on there are `16 * width` words.
    start: u32,
    /// Invariant: at most 64.
    width: u32,
}

impl Alp {
    pub(in super::super) fn new(values: &[Option<f64>]) -> Self {
        let (floats, validity) = present(values);
        let (exponents, encoded, positions, mut patches, _) = alp::encode(&floats, None);
        let mut blocks = Vec::with_capacity(encoded.len().div_ceil(BLOCK));
        let mut words = Vec::new();
        for chunk in encoded.chunks(BLOCK) {
            let base = chunk.iter().copied().min().expect("chunks have values");
            let mut codes = [0_u64; BLOCK];
            for (code, &number) in codes.iter_mut().zip(chunk) {
                *code = number.wrapping_sub(base).cast_unsigned();
            }
            let width = codes.iter().fold(0, |union, code| union | code);
            let width = u64::BITS - width.leading_zeros();
            let start = words.len();
            words.resize(start + 16 * width as usize, 0);
            // SAFETY: there are 1,024 codes, of at most 64 bits, and `1024 * width / 64` words for them.
            unsafe { u64::unchecked_pack(width as usize, &codes, &mut words[start..]) };
            blocks.push(Block { base, start: u32::try_from(start).expect("32 GB"), width });
        }
        words.shrink_to_fit();
        patches.shrink_to_fit();
        let positions = positions.iter().map(|&position| position as u32).collect();
        Self { len: floats.len(), exponents, blocks, words, positions, patches, validity }
    }

    /// In the order of the values: a block at a time is decoded, and patched.
    pub(in super::super) fn sum(&self) -> f64 {
        let mut codes = [0_u64; BLOCK];
        let mut floats = [0.0; BLOCK];
        let mut patches = self.positions.iter().zip(&self.patches).peekable();
        let mut sum = -0.0;
        for (index, block) in self.blocks.iter().enumerate() {
            // SAFETY: by the invariants these are the words of 1,024 codes of this width.
            unsafe {
                u64::unchecked_unpack(block.width as usize, self.words_of(block), &mut codes);
            }
            let numbers = codes.map(|code| code.cast_signed().wrapping_add(block.base));
            alp::decode_into(&numbers, self.exponents, &mut floats);
            let floats = &mut floats[..(self.len - index * BLOCK).min(BLOCK)];
            let end = (index * BLOCK + floats.len()) as u32;
            while let Some((&position, &patch)) = patches.next_if(|&(&position, _)| position < end)
            {
                floats[position as usize % BLOCK] = patch;
            }
            sum = floats.iter().fold(sum, |sum, float| sum + float);
        }
        sum
    }

    /// The float at `index` among those that are there.
    pub(in super::super) fn value(&self, index: usize) -> f64 {
        if let Ok(patch) = self.positions.binary_search(&(index as u32)) {
            return self.patches[patch];
        }
        let block = &self.blocks[index / BLOCK];
        let (words, width) = (self.words_of(block), block.width as usize);
        // SAFETY: by the invariants these are the words of 1,024 codes of this width.
        let code = unsafe { u64::unchecked_unpack_single(width, words, index % BLOCK) };
        alp::decode_single(code.cast_signed().wrapping_add(block.base), self.exponents)
    }

    fn words_of(&self, block: &Block) -> &[u64] {
        &self.words[block.start as usize..][..16 * block.width as usize]
    }
}
