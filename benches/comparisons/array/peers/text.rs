#![allow(unsafe_code)]
//! `fsst-rs` as an array of strings: codes end to end, and 32 bits for where each string ends.
//!
//! The crate compresses and decompresses strings; the array around it is what a user of it writes.

use fsst::{Compressor, Decompressor, Symbol};

pub(in super::super) struct Fsst {
    symbols: Box<([Symbol; 255], [u8; 255])>,
    codes: Vec<u8>,
    ends: Vec<u32>,
}

impl Fsst {
    pub(in super::super) fn new(strings: &[String]) -> Self {
        let strings: Vec<&[u8]> = strings.iter().map(String::as_bytes).collect();
        let compressor = Compressor::train(&strings);
        let mut symbols = Box::new(([Symbol::from_u8(0); 255], [1; 255]));
        let count = compressor.n_symbols();
        symbols.0[..count].copy_from_slice(compressor.symbol_table());
        symbols.1[..count].copy_from_slice(compressor.symbol_lengths());
        let (mut codes, mut ends) = (Vec::new(), Vec::new());
        compressor.compress_bulk_into::<{ Compressor::DEFAULT_BULK_LANES }>(
            &strings, &mut codes, &mut ends,
        );
        codes.shrink_to_fit();
        let ends = ends.into_iter().map(|end| u32::try_from(end).expect("4 GB of codes")).collect();
        Self { symbols, codes, ends }
    }

    pub(in super::super) fn get_into(&self, index: usize, string: &mut String) {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        let codes = &self.codes[start as usize..self.ends[index] as usize];
        let decompressor = Decompressor::new(&self.symbols.0, &self.symbols.1);
        let mut bytes = core::mem::take(string).into_bytes();
        bytes.clear();
        bytes.reserve(decompressor.max_decompression_capacity(codes));
        let len = decompressor.decompress_into(codes, bytes.spare_capacity_mut());
        // SAFETY: so many bytes of the capacity were written.
        unsafe { bytes.set_len(len) };
        // SAFETY: the codes are those of a string.
        *string = unsafe { String::from_utf8_unchecked(bytes) };
    }
}
