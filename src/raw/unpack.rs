//! Codes in bulk: unpacked block by block, or summed without being stored.
//!
//! Where the processor has AVX2, eight codes are taken apart at a time, and sixteen with AVX-512: bytes shuffled
//! into one lane a code, a shift by lane, a mask (Willhalm and others, "SIMD-Scan", VLDB 2009; Lemire and Boytsov,
//! "Decoding billions of integers per second through vectorization", 2015). Unlike the block
//! formats of those papers the layout stays linear, so that a single code can still be read.
//! Everywhere else the same loops read code by code. Both give the same codes; the tests compare them.

use super::Words;
#[cfg(target_arch = "x86_64")]
use super::cpu::{Avx2, Avx512};
use super::packed::{BLOCK, Packed};
use core::ops::Range;

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod kernel;
#[cfg(target_arch = "x86_64")]
pub(super) mod lookup;

/// The widest code that the kernel with 32-bit lanes takes apart: seven bits of the code before
/// share its four bytes.
const WIDEST_NARROW: u32 = 25;

/// The widest code that the kernel with 64-bit lanes takes apart.
const WIDEST_WIDE: u32 = 57;

/// A run of unpacked codes, in lanes as small as the width allows.
pub(crate) trait Code: Copy + Default {
    fn widen(self) -> u64;
    fn narrow(code: u64) -> Self;
}

impl Code for u32 {
    #[inline(always)]
    fn widen(self) -> u64 {
        u64::from(self)
    }
    #[inline(always)]
    fn narrow(code: u64) -> Self {
        code as u32
    }
}

impl Code for u64 {
    #[inline(always)]
    fn widen(self) -> u64 {
        self
    }
    #[inline(always)]
    fn narrow(code: u64) -> Self {
        code
    }
}

impl<W: Words> Packed<W> {
    /// True where the codes fit lanes of 32 bits: `for_each_narrow` then serves the array.
    #[inline]
    pub(crate) fn is_narrow(&self) -> bool {
        self.width() <= WIDEST_NARROW
    }

    /// Calls `f` with the codes of a range of a narrow array, in order, in blocks of at most
    /// [`BLOCK`].
    #[inline]
    pub(crate) fn for_each_narrow(&self, range: Range<usize>, f: impl FnMut(&[u32])) {
        debug_assert!(self.is_narrow());
        #[cfg(target_arch = "x86_64")]
        if self.width() > 0 {
            if let Some(avx512) = Avx512::detect() {
                return avx512.for_each_narrow(self.borrow(), range, f);
            }
            if let Some(avx2) = Avx2::detect() {
                return avx2.for_each_narrow(self.borrow(), range, f);
            }
        }
        self.for_each_scalar(range, f);
    }

    /// Calls `f` with the codes of a range, in order, in blocks of at most [`BLOCK`].
    #[inline]
    pub(crate) fn for_each_wide(&self, range: Range<usize>, f: impl FnMut(&[u64])) {
        #[cfg(target_arch = "x86_64")]
        if (1..=WIDEST_WIDE).contains(&self.width()) {
            if let Some(avx512) = Avx512::detect() {
                return avx512.for_each_wide(self.borrow(), range, f);
            }
            if let Some(avx2) = Avx2::detect() {
                return avx2.for_each_wide(self.borrow(), range, f);
            }
        }
        self.for_each_portable(range, f);
    }

    /// Calls `f` with the values of a range, in order, in blocks of at most [`BLOCK`]. `decode` makes them of their codes, which are in
    /// lanes of 64 bits then: this is for values that take as much. It may get codes that are not of the range, and zeros.
    #[inline]
    pub(crate) fn for_each_decoded<V: Copy + Default>(
        &self,
        range: Range<usize>,
        decode: impl Fn(u64) -> V,
        mut f: impl FnMut(&[V]),
    ) {
        #[cfg(target_arch = "x86_64")]
        if (1..=WIDEST_WIDE).contains(&self.width()) {
            if let Some(avx512) = Avx512::detect() {
                return avx512.for_each_decoded(self.borrow(), range, decode, f);
            }
            if let Some(avx2) = Avx2::detect() {
                return avx2.for_each_decoded(self.borrow(), range, decode, f);
            }
        }
        let mut values = [V::default(); BLOCK];
        self.for_each_portable(range, |codes| {
            for (value, &code) in values.iter_mut().zip(codes) {
                *value = decode(code);
            }
            f(&values[..codes.len()]);
        });
    }

    /// Writes the codes from `start` on of a narrow array.
    pub(crate) fn unpack_narrow(&self, start: usize, codes: &mut [u32]) {
        #[cfg(target_arch = "x86_64")]
        if start.is_multiple_of(8) && self.width() > 0 {
            if let Some(avx512) = Avx512::detect() {
                return avx512.unpack_narrow(self.borrow(), start, codes);
            }
            if let Some(avx2) = Avx2::detect() {
                return avx2.unpack_narrow(self.borrow(), start, codes);
            }
        }
        let mut rest = &mut codes[..];
        self.for_each_narrow(start..start + rest.len(), |codes| {
            rest.split_off_mut(..codes.len()).unwrap_or_default().copy_from_slice(codes);
        });
    }

    /// Writes the codes from `start` on.
    pub(crate) fn unpack_wide(&self, start: usize, codes: &mut [u64]) {
        #[cfg(target_arch = "x86_64")]
        if start.is_multiple_of(8) && (1..=WIDEST_WIDE).contains(&self.width()) {
            if let Some(avx512) = Avx512::detect() {
                return avx512.unpack_wide(self.borrow(), start, codes);
            }
            if let Some(avx2) = Avx2::detect() {
                return avx2.unpack_wide(self.borrow(), start, codes);
            }
        }
        let mut rest = &mut codes[..];
        self.for_each_wide(start..start + rest.len(), |codes| {
            rest.split_off_mut(..codes.len()).unwrap_or_default().copy_from_slice(codes);
        });
    }

    fn for_each_portable(&self, range: Range<usize>, f: impl FnMut(&[u64])) {
        if self.width() == u64::BITS {
            // The words are the codes.
            return self.words()[range].chunks(BLOCK).for_each(f);
        }
        self.for_each_scalar(range, f);
    }

    fn for_each_scalar<C: Code>(&self, range: Range<usize>, mut f: impl FnMut(&[C])) {
        let mut codes = [C::default(); BLOCK];
        let mut start = range.start;
        while start < range.end {
            let codes = &mut codes[..BLOCK.min(range.end - start)];
            if self.width() == 0 {
                // The codes are zeros.
            } else if self.width() > WIDEST_WIDE {
                for (offset, code) in codes.iter_mut().enumerate() {
                    *code = C::narrow(self.by_words(start + offset));
                }
            } else {
                for (offset, code) in codes.iter_mut().enumerate() {
                    *code = C::narrow(self.get(start + offset));
                }
            }
            f(codes);
            start += codes.len();
        }
    }

    /// The sum of all codes. Never overflows: there are fewer than 2⁶³ of them.
    pub(crate) fn sum(&self) -> u128 {
        if self.width() == 0 {
            return 0;
        }
        #[cfg(target_arch = "x86_64")]
        match (Avx512::detect(), Avx2::detect(), self.width()) {
            (Some(avx512), _, ..=WIDEST_NARROW) => return avx512.sum_narrow(self.borrow()),
            (Some(avx512), _, ..=WIDEST_WIDE) => return avx512.sum_wide(self.borrow()),
            (_, Some(avx2), ..=WIDEST_NARROW) => return avx2.sum_narrow(self.borrow()),
            (_, Some(avx2), ..=WIDEST_WIDE) => return avx2.sum_wide(self.borrow()),
            _ => {}
        }
        self.sum_scalar()
    }

    fn sum_scalar(&self) -> u128 {
        let mut sum = 0;
        self.for_each_scalar(0..self.len(), |codes: &[u64]| {
            for &code in codes {
                sum += u128::from(code);
            }
        });
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::super::growth::ReserveError;
    use super::super::packed::mask;
    use super::*;
    use alloc::vec::Vec;

    /// Codes that use every bit of the width, reproducibly.
    fn codes(len: usize, width: u32) -> Vec<u64> {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64 ^ u64::from(width);
        let next = move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state & mask(width)
        };
        core::iter::repeat_with(next).take(len).collect()
    }

    fn pack(codes: &[u64], width: u32) -> Packed {
        Packed::build(codes.len(), width, |index| codes[index]).unwrap()
    }

    /// A way to hand out the codes of a range in blocks.
    type Path<'a> = &'a dyn Fn(&mut dyn FnMut(&[u64]));

    /// Reads a range by every path that this processor has.
    fn read_every_way(packed: &Packed, range: Range<usize>) -> Vec<Vec<u64>> {
        let mut reads = Vec::new();
        let mut read = |path: Path<'_>| {
            let mut codes = Vec::new();
            path(&mut |block| codes.extend_from_slice(block));
            reads.push(codes);
        };
        let widen = |codes: &[u32]| codes.iter().map(|&code| code.into()).collect::<Vec<u64>>();
        read(&|f| packed.for_each_scalar(range.clone(), |codes: &[u64]| f(codes)));
        read(&|f| packed.for_each_wide(range.clone(), |codes| f(codes)));
        let less = |codes: &[u64]| codes.iter().map(|code| code - 1).collect::<Vec<u64>>();
        read(&|f| packed.for_each_decoded(range.clone(), |code| code + 1, |codes| f(&less(codes))));
        read(&|f| {
            let mut codes = alloc::vec![0; range.len()];
            packed.unpack_wide(range.start, &mut codes);
            f(&codes);
        });
        if packed.is_narrow() {
            read(&|f| {
                let mut codes = alloc::vec![0; range.len()];
                packed.unpack_narrow(range.start, &mut codes);
                f(&widen(&codes));
            });
            read(&|f| packed.for_each_scalar(range.clone(), |codes: &[u32]| f(&widen(codes))));
            read(&|f| packed.for_each_narrow(range.clone(), |codes| f(&widen(codes))));
        }
        #[cfg(target_arch = "x86_64")]
        {
            let fast = 1..=WIDEST_WIDE;
            let fast = fast.contains(&packed.width());
            if let (Some(avx2), true) = (Avx2::detect(), fast) {
                read(&|f| avx2.for_each_wide(packed.borrow(), range.clone(), |codes| f(codes)));
                if range.start.is_multiple_of(8) {
                    read(&|f| {
                        let mut codes = alloc::vec![0; range.len()];
                        avx2.unpack_wide(packed.borrow(), range.start, &mut codes);
                        f(&codes);
                    });
                }
                if packed.is_narrow() && range.start.is_multiple_of(8) {
                    read(&|f| {
                        let mut codes = alloc::vec![0; range.len()];
                        avx2.unpack_narrow(packed.borrow(), range.start, &mut codes);
                        f(&widen(&codes));
                    });
                }
                if packed.is_narrow() {
                    read(&|f| {
                        avx2.for_each_narrow(packed.borrow(), range.clone(), |codes| {
                            f(&widen(codes))
                        })
                    });
                }
            }
            if let (Some(avx512), true) = (Avx512::detect(), fast) {
                read(&|f| avx512.for_each_wide(packed.borrow(), range.clone(), |codes| f(codes)));
                if packed.is_narrow() {
                    read(&|f| {
                        avx512.for_each_narrow(packed.borrow(), range.clone(), |codes| {
                            f(&widen(codes))
                        });
                    });
                }
            }
        }
        reads
    }

    /// Sums by every path that this processor has.
    fn sum_every_way<W: Words>(packed: &Packed<W>) -> Vec<u128> {
        let mut sums = alloc::vec![packed.sum(), packed.sum_scalar()];
        #[cfg(target_arch = "x86_64")]
        if (1..=WIDEST_WIDE).contains(&packed.width()) {
            sums.extend(Avx2::detect().map(|avx2| avx2.sum_wide(packed.borrow())));
            sums.extend(Avx512::detect().map(|avx512| avx512.sum_wide(packed.borrow())));
            if packed.is_narrow() {
                sums.extend(Avx2::detect().map(|avx2| avx2.sum_narrow(packed.borrow())));
                sums.extend(Avx512::detect().map(|avx512| avx512.sum_narrow(packed.borrow())));
            }
        }
        sums
    }

    #[test]
    fn every_width_and_tail_reads_back_by_every_path() {
        for width in 0..=64 {
            for len in [0, 1, 2, 7, 8, 9, 63, 64, 65, 255, 256, 257, 511, 513, 1000] {
                let expected = codes(len, width);
                let packed = pack(&expected, width);
                packed.check_invariants();
                let read: Vec<u64> = (0..len).map(|index| packed.get(index)).collect();
                assert_eq!(read, expected, "width {width}, len {len}");

                for range in [0..len, len / 3..len, len / 3..len / 2, len / 16 * 8..len, len..len] {
                    for read in read_every_way(&packed, range.clone()) {
                        assert_eq!(read, expected[range.clone()], "width {width}, {range:?}");
                    }
                }
                let sum = expected.iter().map(|&code| u128::from(code)).sum::<u128>();
                let sums = sum_every_way(&packed);
                assert!(sums.iter().all(|&other| other == sum), "width {width}, len {len}");
            }
        }
    }

    #[test]
    fn codes_behind_a_part_are_not_added() {
        for width in [1, 13, 16, 20, 25, 40, 57, 60] {
            for len in [256, 512, 768] {
                let others = codes(4_096, width);
                let all = pack(&others, width);
                let part = Packed::within(all.words(), len, width);
                let sum = others[..len].iter().copied().map(u128::from).sum::<u128>();
                assert!(sum_every_way(&part).iter().all(|&other| other == sum), "{len} of {width}");
            }
        }
    }

    #[test]
    fn sums_of_the_largest_codes_do_not_overflow_a_lane() {
        // Many blocks at once, and more bytes than are near.
        for (width, len) in (1..=64).flat_map(|width| [(width, 2_000), (width, 20_000)]) {
            let packed = pack(&alloc::vec![mask(width); len], width);
            let sum = u128::from(mask(width)) * len as u128;
            assert!(sum_every_way(&packed).iter().all(|&other| other == sum), "width {width}");
        }
    }

    #[test]
    fn recoding_moves_every_code_in_place() {
        let wide = (56..=64).flat_map(|to| (55..to).map(move |from| (from, to)));
        let pairs = [(0, 1), (1, 2), (3, 64), (13, 14), (20, 57), (25, 26), (32, 33)];
        for (from, to) in pairs.into_iter().chain(wide) {
            // 1024 codes are re-encoded at once.
            for len in [1, 255, 256, 257, 1023, 1024, 1025, 3000] {
                let expected = codes(len, from);
                let mut packed = pack(&expected, from);
                packed.recode(to, 0, |code| mask(to) - code).unwrap();
                packed.check_invariants();
                assert_eq!(packed.width(), to);
                let same = |index| packed.get(index) == mask(to) - expected[index];
                assert!((0..len).all(same), "{len} from {from} to {to} bits");
                packed.recode(from, 0, |code| mask(to) - code).unwrap();
                packed.check_invariants();
                assert_eq!(packed.width(), from);
                let same = |index| packed.get(index) == expected[index];
                assert!((0..len).all(same), "{len} from {to} to {from} bits");
            }
        }
    }

    #[test]
    fn recoding_makes_room_for_more_codes() {
        let mut packed = pack(&codes(1000, 10), 10);
        packed.recode(11, 200, |code| code).unwrap();
        packed.check_invariants();
        // 13200 bits are 1650 bytes; a sixteenth less 8 of slack.
        let bytes = packed.heap_bytes();
        assert_eq!(bytes, (1650 + 95) / 8 * 8);
        packed.append(200, |_| 2047).unwrap();
        packed.check_invariants();
        assert_eq!((packed.heap_bytes(), packed.get(1199)), (bytes, 2047));
        assert_eq!(packed.recode(12, usize::MAX, |code| code), Err(ReserveError::CapacityOverflow));
        assert_eq!((packed.width(), packed.heap_bytes(), packed.get(1199)), (11, bytes, 2047));
    }

    #[test]
    fn pushing_setting_and_truncating_keep_the_padding() {
        for width in 1..=64 {
            let expected = codes(700, width);
            let mut packed = Packed::default();
            packed.recode(width, 0, |code| code).unwrap();
            for (index, &code) in expected.iter().enumerate() {
                packed.push(code).unwrap();
                packed.check_invariants();
                assert_eq!(packed.get(index), code, "width {width}, index {index}");
            }
            for index in (0..700).step_by(7) {
                packed.set(index, 0);
                assert_eq!(packed.get(index), 0);
                packed.set(index, expected[index]);
            }
            assert!((0..700).all(|index| packed.get(index) == expected[index]));
            packed.truncate(333);
            packed.check_invariants();
            packed.append(200, |index| expected[333 + index]).unwrap();
            packed.check_invariants();
            assert!((0..533).all(|index| packed.get(index) == expected[index]));
            packed.truncate(333);
            packed.check_invariants();
            packed.shrink_to_fit();
            packed.check_invariants();
            assert_eq!(packed.slack_bytes(), 0);
            assert!((0..333).all(|index| packed.get(index) == expected[index]));
        }
    }
}
