//! Codes of strings, at one of three widths.

use crate::array::BitArray;
use crate::raw::equal;
use bytemuck::Pod;

/// Values read many at a time: whole words of bits.
pub(super) const BLOCK: usize = 256;

/// The codes of a column's strings: numbers of the width that the largest of them needs. Those of nulls are 0, and say nothing.
///
/// ```
/// use pennyweight::record::{Codes, DictColumn};
///
/// let origins: DictColumn = ["EWR", "LGA", "EWR"].iter().collect();
/// assert_eq!(origins.codes(), Codes::U8(&[0, 1, 0]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codes<'a> {
    /// Of at most 256 strings.
    U8(&'a [u8]),
    /// Of at most 65,536 strings.
    U16(&'a [u16]),
    /// Of more.
    U32(&'a [u32]),
}

/// The code behind the arrow for codes of each width.
macro_rules! each {
    ($codes:expr, $slice:ident => $code:expr) => {
        match $codes {
            $crate::record::Codes::U8($slice) => $code,
            $crate::record::Codes::U16($slice) => $code,
            $crate::record::Codes::U32($slice) => $code,
        }
    };
}

pub(in crate::record) use each;

impl<'a> Codes<'a> {
    /// The number of codes.
    #[inline]
    #[must_use]
    pub const fn len(self) -> usize {
        each!(self, codes => codes.len())
    }

    /// Whether there are none.
    #[inline]
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The code at `index`, or `None` behind the end.
    #[inline]
    #[must_use]
    pub fn get(self, index: usize) -> Option<u32> {
        each!(self, codes => codes.get(index).map(|&code| code.wide()))
    }

    /// Iterates over the codes. A loop over the slice of one width is faster.
    #[inline]
    pub fn iter(
        self,
    ) -> impl DoubleEndedIterator<Item = u32> + ExactSizeIterator + Clone + use<'a> {
        (0..self.len()).map(move |index| each!(self, codes => codes[index].wide()))
    }

    /// The bytes of a code: 1, 2 or 4.
    #[inline]
    #[must_use]
    pub const fn width(self) -> usize {
        match self {
            Self::U8(_) => 1,
            Self::U16(_) => 2,
            Self::U32(_) => 4,
        }
    }

    /// The codes of a range.
    #[inline]
    #[track_caller]
    pub(in crate::record) fn slice(self, range: core::ops::Range<usize>) -> Self {
        match self {
            Self::U8(codes) => Self::U8(&codes[range]),
            Self::U16(codes) => Self::U16(&codes[range]),
            Self::U32(codes) => Self::U32(&codes[range]),
        }
    }

    /// How many are equal to one.
    pub(super) fn count(self, code: u32) -> usize {
        each!(self, codes => Code::narrow(code).map_or(0, |code| Code::count(codes, code)))
    }

    /// Which are equal to one, of 64 from an index on: a bit for each, the lowest first.
    #[inline]
    pub(super) fn equal_word(self, index: usize, code: u32) -> u64 {
        each!(self, codes => {
            let behind = &codes[index.min(codes.len())..];
            Code::narrow(code).map_or(0, |code| equal_word(&behind[..behind.len().min(64)], code))
        })
    }

    /// A bit for each code: whether it is equal to one.
    pub(super) fn equal(self, code: u32) -> BitArray {
        each!(self, codes => match Code::narrow(code) {
            Some(code) => mask(codes, |other| other == code),
            None => BitArray::repeat(false, codes.len()),
        })
    }

    /// A bit for each code, as a table of all codes has it.
    pub(super) fn look_up(self, table: &[bool]) -> BitArray {
        each!(self, codes => mask(codes, |code| table[code as usize]))
    }
}

/// A code of one width.
pub(in crate::record) trait Code: Pod + Eq {
    /// The code at 32 bits.
    fn wide(self) -> u32;

    /// A code of at most 32 bits, if this width has it.
    fn narrow(code: u32) -> Option<Self>;

    /// The lowest bits of a code.
    fn cut(code: u32) -> Self;

    /// How many codes are equal to one.
    fn count(codes: &[Self], code: Self) -> usize;
}

macro_rules! codes {
    ($($code:ty),*) => {$(
        impl Code for $code {
            #[inline]
            fn wide(self) -> u32 {
                self as u32
            }

            #[inline]
            fn narrow(code: u32) -> Option<Self> {
                Self::try_from(code).ok()
            }

            #[inline]
            fn cut(code: u32) -> Self {
                code as Self
            }

            /// Counted in numbers as wide as the codes, so that as many are compared at once as a register holds.
            fn count(codes: &[Self], code: Self) -> usize {
                let equal = |count, &other: &Self| count + Self::from(other == code);
                codes.chunks(Self::MAX as usize).map(|codes| codes.iter().fold(0, equal) as usize).sum()
            }
        }
    )*};
}

codes!(u8, u16, u32);

/// A bit for each code.
fn mask<C: Code>(codes: &[C], is: impl Fn(C) -> bool) -> BitArray {
    let mut mask = BitArray::with_capacity(codes.len());
    let mut chosen = [false; BLOCK];
    for codes in codes.chunks(BLOCK) {
        chosen.iter_mut().zip(codes).for_each(|(chosen, &code)| *chosen = is(code));
        mask.extend_from_slice(&chosen[..codes.len()]);
    }
    mask
}

/// Which of at most 64 codes are equal to one: a bit for each, the lowest first.
#[inline]
fn equal_word<C: Code>(codes: &[C], code: C) -> u64 {
    if size_of::<C>() == 1
        && let Some(bytes) = bytemuck::cast_slice(codes).first_chunk::<64>()
    {
        return equal::equal_word(bytes, code.wide() as u8);
    }
    let mut ones = [0_u8; 64];
    ones.iter_mut().zip(codes).for_each(|(one, &other)| *one = u8::from(other == code));
    let (eights, _) = ones.as_chunks::<8>();
    eights.iter().rev().fold(0, |word, &eight| word << 8 | u64::from(equal::gather(eight)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn codes_are_counted_and_found_at_each_width() {
        let wide: Vec<u32> = (0..1000_u32).map(|i| i * i % 7).collect();
        let (half, narrow): (Vec<u16>, Vec<u8>) = wide.iter().map(|&c| (c as u16, c as u8)).unzip();
        for codes in [Codes::U8(&narrow), Codes::U16(&half), Codes::U32(&wide)] {
            assert!(codes.iter().eq(wide.iter().copied()));
            for code in (0..9).chain([256, 65_536]) {
                let expected: Vec<bool> = wide.iter().map(|&other| other == code).collect();
                assert_eq!(codes.count(code), expected.iter().filter(|&&equal| equal).count());
                assert_eq!(codes.equal(code), expected[..]);
                for index in (0..1000).step_by(37).chain([999, 1000, 2000]) {
                    let word = codes.equal_word(index, code);
                    let bit = |place| *expected.get(index + place).unwrap_or(&false);
                    assert!((0..64).all(|place| (word >> place & 1 == 1) == bit(place)));
                }
            }
        }
        let table = [true, false, true, false, true, false, false];
        let expected: BitArray = wide.iter().map(|&code| table[code as usize]).collect();
        assert_eq!(Codes::U16(&half).look_up(&table), expected);
        let many = Codes::U8(&[3; 1000]);
        assert_eq!((many.count(3), many.count(259)), (1000, 0));
    }
}
