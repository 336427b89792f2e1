//! Reading numbers one by one, from both ends.

use crate::raw::packed::Packed;

/// Numbers that are read one by one. Without high bits, all are 0.
#[derive(Clone, Copy)]
pub(crate) struct Walk<'a> {
    high: &'a [u64],
    low: Packed<&'a [u64]>,
    front: Cursor,
    back: Cursor,
}

/// A place in the high bits.
#[derive(Clone, Copy)]
struct Cursor {
    /// Which word.
    at: usize,
    /// The ones of it that are still to be read.
    ones: u64,
}

impl<'a> Walk<'a> {
    /// Over all numbers, the last of which has its one at `last`.
    pub(super) fn new(high: &'a [u64], low: Packed<&'a [u64]>, last: usize) -> Self {
        let mut walk =
            Self { high, low, front: Cursor { at: 0, ones: 0 }, back: Cursor { at: 0, ones: 0 } };
        if !high.is_empty() {
            walk.start_at(0);
            walk.end_behind(last);
        }
        walk
    }

    pub(super) fn start_at(&mut self, position: usize) {
        let at = position / 64;
        self.front = Cursor { at, ones: self.high[at] & u64::MAX << (position % 64) };
    }

    pub(super) fn end_behind(&mut self, position: usize) {
        let at = position / 64;
        self.back = Cursor { at, ones: self.high[at] & u64::MAX >> (63 - position % 64) };
    }

    /// The number at the front, which is that at `index`.
    #[inline]
    pub(crate) fn next(&mut self, index: usize) -> u64 {
        let front = &mut self.front;
        while front.ones == 0 {
            let Some(&word) = self.high.get(front.at + 1) else { return 0 };
            front.at += 1;
            front.ones = word;
        }
        let position = front.at * 64 + front.ones.trailing_zeros() as usize;
        front.ones &= front.ones - 1;
        ((position - index) as u64) << self.low.width() | self.low.get(index)
    }

    /// The number at the back, which is that at `index`.
    #[inline]
    pub(crate) fn next_back(&mut self, index: usize) -> u64 {
        let back = &mut self.back;
        while back.ones == 0 {
            let Some(&word) = self.high.get(back.at.wrapping_sub(1)) else { return 0 };
            back.at -= 1;
            back.ones = word;
        }
        let bit = back.ones.ilog2();
        back.ones ^= 1 << bit;
        let position = back.at * 64 + bit as usize;
        ((position - index) as u64) << self.low.width() | self.low.get(index)
    }
}
