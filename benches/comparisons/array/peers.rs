//! The peers that pack unsigned integers only, as columns of `i64`; those of floats and of strings.
//!
//! None of them keeps a base, so that the smallest value is subtracted before and added after, as their users do.
//! Unlike pennyweight they have no scale: a column of whole hours in seconds takes the bits of the seconds.

mod blocks;
mod floats;
mod sorted;
mod text;

use bitpacking::{BitPacker as _, BitPacker8x};
use sux::{
    bits::{BitFieldVec, BitVec},
    traits::{
        bit_field_slice::{SliceByValue, SliceByValueMut},
        bit_vec_ops::BitVecOps,
    },
};
use tantivy_bitpacker::{BitPacker, BitUnpacker, compute_num_bits};

pub(super) use blocks::FastLanes;
pub(super) use floats::{Alp, Pco};
pub(super) use sorted::EliasFano;
pub(super) use text::Fsst;

/// Returns the smallest value and how far the largest is from it.
fn range(values: &[i64]) -> (i64, u64) {
    let base = values.iter().copied().min().unwrap_or(0);
    let top = values.iter().copied().max().unwrap_or(0);
    (base, top.wrapping_sub(base).cast_unsigned())
}

fn code(value: i64, base: i64) -> u64 {
    value.wrapping_sub(base).cast_unsigned()
}

/// `sux`: fields of one width in words.
pub(super) struct Sux<B: sux::traits::Backend = Vec<usize>> {
    base: i64,
    fields: BitFieldVec<B>,
}

impl Sux {
    pub(super) fn new(values: &[i64]) -> Self {
        let (base, spread) = range(values);
        let width = (u64::BITS - spread.leading_zeros()) as usize;
        let mut fields = BitFieldVec::with_capacity(width, values.len());
        fields.extend(values.iter().map(|&value| code(value, base) as usize));
        Self { base, fields }
    }

    /// With the word behind the end that reading unaligned words asks for.
    pub(super) fn padded(values: &[i64]) -> Sux<Box<[usize]>> {
        let Self { base, fields } = Self::new(values);
        Sux { base, fields: fields.into_padded() }
    }

    /// Grown by pushes. The width has to be known before.
    pub(super) fn pushed(values: impl Iterator<Item = i64>, base: i64, width: usize) -> Self {
        let mut fields = BitFieldVec::new(width, 0);
        for value in values {
            fields.push(code(value, base) as usize);
        }
        Self { base, fields }
    }

    pub(super) fn sum(&self) -> i64 {
        let codes: usize = self.fields.iter().sum();
        self.base * self.fields.len() as i64 + codes as i64
    }

    pub(super) fn value(&self, index: usize) -> i64 {
        self.base.wrapping_add(self.fields.index_value(index) as i64)
    }

    pub(super) fn set(&mut self, index: usize, value: i64) {
        self.fields.set_value(index, code(value, self.base) as usize);
    }
}

impl Sux<Box<[usize]>> {
    pub(super) fn value_unaligned(&self, index: usize) -> i64 {
        self.base.wrapping_add(self.fields.get_unaligned(index) as i64)
    }
}

/// `sux`, with zeros for nulls and a bit that says which values are.
pub(super) struct SuxNullable {
    values: Sux,
    validity: BitVec,
}

impl SuxNullable {
    pub(super) fn new(values: &[Option<i64>]) -> Self {
        let zeros: Vec<i64> = values.iter().map(|value| value.unwrap_or(0)).collect();
        let validity = values.iter().map(Option::is_some).collect();
        Self { values: Sux::new(&zeros), validity }
    }

    pub(super) fn sum(&self) -> i64 {
        self.values.sum()
    }

    pub(super) fn value(&self, index: usize) -> Option<i64> {
        self.validity.get(index).then(|| self.values.value(index))
    }
}

/// `tantivy-bitpacker`: fields of one width in bytes.
pub(super) struct Tantivy {
    base: i64,
    len: usize,
    unpacker: BitUnpacker,
    bytes: Vec<u8>,
}

impl Tantivy {
    /// The block of values that tantivy itself decodes at a time, which its decoder is unrolled for.
    const BLOCK: usize = 64;

    pub(super) fn new(values: &[i64]) -> Self {
        let (base, spread) = range(values);
        let width = compute_num_bits(spread);
        let mut bytes = Vec::with_capacity((values.len() * usize::from(width)).div_ceil(8));
        let mut packer = BitPacker::new();
        for &value in values {
            packer.write(code(value, base), width, &mut bytes).expect("a Vec takes any bytes");
        }
        packer.close(&mut bytes).expect("a Vec takes any bytes");
        Self { base, len: values.len(), unpacker: BitUnpacker::new(width), bytes }
    }

    pub(super) fn sum(&self) -> i64 {
        let mut block = [0; Self::BLOCK];
        let mut codes = 0_u64;
        for start in (0..self.len).step_by(Self::BLOCK) {
            let block = &mut block[..(self.len - start).min(Self::BLOCK)];
            self.unpacker.get_range(start as u32, &self.bytes, block);
            codes += block.iter().sum::<u64>();
        }
        self.base * self.len as i64 + codes as i64
    }

    pub(super) fn value(&self, index: u32) -> i64 {
        self.base.wrapping_add(self.unpacker.get(index, &self.bytes).cast_signed())
    }
}

/// `bitpacking`: blocks of 256 fields of up to 32 bits, each block of its own width, which is its first byte.
pub(super) struct Packed8x {
    base: i64,
    len: usize,
    blocks: Vec<u8>,
}

impl Packed8x {
    pub(super) fn new(values: &[i64]) -> Self {
        let (base, _) = range(values);
        let packer = BitPacker8x::new();
        let mut blocks = Vec::new();
        let mut packed = [0; BitPacker8x::BLOCK_LEN * 4];
        for chunk in values.chunks(BitPacker8x::BLOCK_LEN) {
            // The last block is filled up with zeros, which change no sum.
            let mut codes = [0; BitPacker8x::BLOCK_LEN];
            for (field, &value) in codes.iter_mut().zip(chunk) {
                *field = u32::try_from(code(value, base)).expect("at most 32 bits");
            }
            let width = packer.num_bits(&codes);
            let length = packer.compress(&codes, &mut packed, width);
            blocks.push(width);
            blocks.extend_from_slice(&packed[..length]);
        }
        blocks.shrink_to_fit();
        Self { base, len: values.len(), blocks }
    }

    pub(super) fn sum(&self) -> i64 {
        let packer = BitPacker8x::new();
        let mut codes = [0; BitPacker8x::BLOCK_LEN];
        let mut sum = 0_u64;
        let mut rest = &self.blocks[..];
        while let Some((&width, block)) = rest.split_first() {
            let length = packer.decompress(block, &mut codes, width);
            sum += codes.iter().map(|&code| u64::from(code)).sum::<u64>();
            rest = &block[length..];
        }
        self.base * self.len as i64 + sum as i64
    }
}
