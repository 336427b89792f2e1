//! Codes in a buffer that widens in place.

use super::codes::{Code, Codes, each};
use crate::array::BitArray;
use crate::raw::{ReserveError, growth};
use crate::size::{Block, HeapSize, Visitor};
use alloc::boxed::Box;
use core::ops::Range;

/// Codes moved at once where they change their width.
const CHUNK: usize = 64;

/// A growable list of codes of one width.
///
/// They lie in words, whatever their width, so that a buffer of one width is one of another after it has been reallocated.
///
/// What fails leaves it as it was.
#[derive(Default)]
pub(super) struct CodeBuf {
    /// Invariant: holds `len` codes of the width.
    words: Box<[u64]>,
    len: usize,
    width: Width,
}

/// The bytes of a code.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Width {
    #[default]
    One = 1,
    Two = 2,
    Four = 4,
}

impl Width {
    /// The least that has codes for so many strings.
    pub(super) const fn of(strings: usize) -> Self {
        match strings {
            0..=0x100 => Self::One,
            0x101..=0x1_0000 => Self::Two,
            _ => Self::Four,
        }
    }

    const fn bytes(self) -> usize {
        self as usize
    }
}

/// Codes that are written, of each width.
enum CodesMut<'a> {
    U8(&'a mut [u8]),
    U16(&'a mut [u16]),
    U32(&'a mut [u32]),
}

/// The code behind the arrow for codes of each width, in all of the buffer.
macro_rules! each_mut {
    ($codes:expr, $slice:ident => $code:expr) => {
        match $codes.room() {
            CodesMut::U8($slice) => $code,
            CodesMut::U16($slice) => $code,
            CodesMut::U32($slice) => $code,
        }
    };
}

impl CodeBuf {
    /// No codes, of a width. Does not allocate.
    pub(super) fn new(width: Width) -> Self {
        Self { width, ..Self::default() }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The codes that fit before the buffer grows.
    pub(super) fn capacity(&self) -> usize {
        self.words.len() * size_of::<u64>() / self.width.bytes()
    }

    pub(super) fn width(&self) -> Width {
        self.width
    }

    pub(super) fn heap_bytes(&self) -> usize {
        size_of_val(&*self.words)
    }

    #[inline]
    pub(super) fn as_codes(&self) -> Codes<'_> {
        let (words, len) = (&*self.words, self.len);
        match self.width {
            Width::One => Codes::U8(&bytemuck::cast_slice(words)[..len]),
            Width::Two => Codes::U16(&bytemuck::cast_slice(words)[..len]),
            Width::Four => Codes::U32(&bytemuck::cast_slice(words)[..len]),
        }
    }

    /// The code at an index, or `None` behind the end.
    #[inline]
    pub(super) fn get(&self, index: usize) -> Option<u32> {
        if index >= self.len {
            return None;
        }
        let words = &*self.words;
        Some(match self.width {
            Width::One => bytemuck::cast_slice::<u64, u8>(words)[index].wide(),
            Width::Two => bytemuck::cast_slice::<u64, u16>(words)[index].wide(),
            Width::Four => bytemuck::cast_slice::<u64, u32>(words)[index],
        })
    }

    /// All of the buffer, as codes.
    #[inline]
    fn room(&mut self) -> CodesMut<'_> {
        match self.width {
            Width::One => CodesMut::U8(bytemuck::cast_slice_mut(&mut self.words)),
            Width::Two => CodesMut::U16(bytemuck::cast_slice_mut(&mut self.words)),
            Width::Four => CodesMut::U32(bytemuck::cast_slice_mut(&mut self.words)),
        }
    }

    /// Makes room for so many more codes, with the slack of growth.
    #[inline]
    pub(super) fn try_reserve(&mut self, additional: usize) -> Result<(), ReserveError> {
        match self.capacity() - self.len >= additional {
            true => Ok(()),
            false => self.grow(additional, self.width),
        }
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, additional: usize, width: Width) -> Result<(), ReserveError> {
        let overflow = ReserveError::CapacityOverflow;
        let codes = self.len.checked_add(additional).ok_or(overflow)?;
        let bytes = codes.checked_mul(width.bytes()).ok_or(overflow)?;
        let (roomy, needed) = (growth::grown(bytes) / 8, bytes.div_ceil(8));
        if needed > self.words.len() {
            growth::set_words(&mut self.words, roomy.max(needed))
                .or_else(|_| growth::set_words(&mut self.words, needed))?;
        }
        Ok(())
    }

    /// Makes the codes as wide as this, with room for one more, if they are not. Rewrites them in place, from the last on.
    pub(super) fn try_widen(&mut self, width: Width) -> Result<(), ReserveError> {
        if width > self.width {
            self.grow(1, width)?;
            let bytes = bytemuck::cast_slice_mut(&mut self.words);
            match (self.width, width) {
                (Width::One, Width::Two) => widen::<u8, u16>(bytes, self.len),
                (Width::One, _) => widen::<u8, u32>(bytes, self.len),
                _ => widen::<u16, u32>(bytes, self.len),
            }
            self.width = width;
        }
        Ok(())
    }

    /// Makes the codes no wider than this, which has all of them.
    pub(super) fn narrow(&mut self, width: Width) {
        if width < self.width {
            let bytes = bytemuck::cast_slice_mut(&mut self.words);
            match (self.width, width) {
                (Width::Two, _) => narrow::<u16, u8>(bytes, self.len),
                (_, Width::One) => narrow::<u32, u8>(bytes, self.len),
                _ => narrow::<u32, u16>(bytes, self.len),
            }
            self.width = width;
        }
    }

    /// Appends a code that the width has, where there is room for it.
    #[inline]
    pub(super) fn push(&mut self, code: u32) {
        let len = self.len;
        each_mut!(self, codes => codes[len] = Code::cut(code));
        self.len += 1;
    }

    /// Inserts a code that the width has, where there is room for it.
    pub(super) fn insert(&mut self, index: usize, code: u32) {
        let len = self.len;
        each_mut!(self, codes => {
            codes.copy_within(index..len, index + 1);
            codes[index] = Code::cut(code);
        });
        self.len += 1;
    }

    /// Replaces a code by one that the width has.
    pub(super) fn set(&mut self, index: usize, code: u32) {
        each_mut!(self, codes => codes[index] = Code::cut(code));
    }

    /// Appends codes that the width has, where there is room for them: those that a closure makes of others.
    pub(super) fn extend(&mut self, others: Codes<'_>, recode: impl Fn(u32) -> u32) {
        let len = self.len;
        each_mut!(self, codes => each!(others, others => {
            for (code, &other) in codes[len..].iter_mut().zip(others) {
                *code = Code::cut(recode(other.wide()));
            }
        }));
        self.len += others.len();
    }

    /// Replaces each code by what a closure makes of it, and the width has.
    pub(super) fn recode(&mut self, recode: impl Fn(u32) -> u32) {
        let len = self.len;
        each_mut!(self, codes => for code in &mut codes[..len] {
            *code = Code::cut(recode(code.wide()));
        });
    }

    pub(super) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    pub(super) fn remove_range(&mut self, range: Range<usize>) {
        let len = self.len;
        each_mut!(self, codes => codes.copy_within(range.end..len, range.start));
        self.len -= range.len();
    }

    pub(super) fn swap_remove(&mut self, index: usize) {
        self.len -= 1;
        let last = self.len;
        each_mut!(self, codes => codes[index] = codes[last]);
    }

    pub(super) fn swap(&mut self, a: usize, b: usize) {
        each_mut!(self, codes => codes.swap(a, b));
    }

    pub(super) fn retain(&mut self, keep: &BitArray) {
        let mut kept = 0;
        each_mut!(self, codes => for index in keep.iter_ones() {
            codes[kept] = codes[index];
            kept += 1;
        });
        self.len = kept;
    }

    /// Brings the codes into another order, by a copy of them.
    pub(super) fn permute(&mut self, order: &[u32]) {
        each_mut!(self, codes => {
            let old = codes[..order.len()].to_vec();
            for (code, &index) in codes.iter_mut().zip(order) {
                *code = old[index as usize];
            }
        });
    }

    pub(super) fn shrink_to_fit(&mut self) {
        // Shrinking cannot fail.
        let _ = growth::set_words(&mut self.words, (self.len * self.width.bytes()).div_ceil(8));
    }

    /// Panics unless the invariant of the fields holds.
    pub(super) fn check_invariants(&self) {
        assert!(self.len <= self.capacity());
    }
}

/// Makes codes wider within bytes that have room for it, from the last on, so that none is overwritten before it has been read.
fn widen<N: Code, W: Code>(bytes: &mut [u8], len: usize) {
    for start in (0..len).step_by(CHUNK).rev() {
        recast::<N, W>(bytes, start..len.min(start + CHUNK));
    }
}

/// Makes codes narrower, from the first on.
fn narrow<W: Code, N: Code>(bytes: &mut [u8], len: usize) {
    for start in (0..len).step_by(CHUNK) {
        recast::<W, N>(bytes, start..len.min(start + CHUNK));
    }
}

/// Reads codes of one type, and writes them as another.
#[inline]
fn recast<A: Code, B: Code>(bytes: &mut [u8], range: Range<usize>) {
    let (mut before, mut after) = ([A::zeroed(); CHUNK], [B::zeroed(); CHUNK]);
    let (before, after) = (&mut before[..range.len()], &mut after[..range.len()]);
    before.copy_from_slice(&bytemuck::cast_slice(bytes)[range.clone()]);
    after.iter_mut().zip(before).for_each(|(after, &mut before)| *after = B::cut(before.wide()));
    bytemuck::cast_slice_mut(bytes)[range].copy_from_slice(after);
}

impl Clone for CodeBuf {
    /// Copies the codes, but not the slack.
    fn clone(&self) -> Self {
        let used = (self.len * self.width.bytes()).div_ceil(8);
        Self { words: self.words[..used].into(), ..*self }
    }
}

impl HeapSize for CodeBuf {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        let used = (self.len * self.width.bytes()).div_ceil(8);
        visitor.block(Block::array::<u64>(self.words.len(), used));
    }

    fn owns_heap() -> bool {
        true
    }
}
