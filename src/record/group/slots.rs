//! The number of each row's key.

use crate::record::dict::{Code, Codes, each};
use alloc::borrow::Cow;
use alloc::vec;
use alloc::vec::Vec;
use core::hash::Hash;
use hashbrown::HashMap;

/// Rows that are numbered at once.
const BLOCK: usize = 1024;

/// Numbers that are looked for one by one.
const FEW: usize = 8;

/// A number for the key of each row: equal keys have equal numbers. Not every number has to be one of a row.
#[derive(Clone, Debug)]
pub struct Slots<'a> {
    rows: Rows<'a>,
    /// Invariant: more than each number of a row.
    count: usize,
}

/// Numbers at the width that the largest of them needs: those of a dictionary's codes, or others.
#[derive(Clone, Debug)]
enum Rows<'a> {
    U8(Cow<'a, [u8]>),
    U16(Cow<'a, [u16]>),
    U32(Cow<'a, [u32]>),
}

/// Rows of the narrowest width that has `count` numbers: a `Vec` of what the type stands for in the expression.
macro_rules! narrowest {
    ($count:expr, $number:ident => $rows:expr) => {{
        let count = $count;
        if count <= 1 << 8 {
            type $number = u8;
            $crate::record::group::slots::Slots::from(($rows, count))
        } else if count <= 1 << 16 {
            type $number = u16;
            $crate::record::group::slots::Slots::from(($rows, count))
        } else {
            type $number = u32;
            $crate::record::group::slots::Slots::from(($rows, count))
        }
    }};
}

pub(super) use narrowest;

/// Whether so many numbers are few enough for so many rows, that each gets a place in an array, whether a row has it or not.
/// More than 32 bits can number are not: the keys that there are get [numbers](number) then.
pub(super) const fn are_few(count: usize, rows: usize) -> bool {
    count <= 1024 || (count <= rows && count as u64 <= u32::MAX as u64)
}

impl<'a> Slots<'a> {
    /// Codes that are less than `count`.
    pub(super) fn lent(codes: Codes<'a>, count: usize) -> Self {
        let rows = match codes {
            Codes::U8(codes) => Rows::U8(Cow::Borrowed(codes)),
            Codes::U16(codes) => Rows::U16(Cow::Borrowed(codes)),
            Codes::U32(codes) => Rows::U32(Cow::Borrowed(codes)),
        };
        Self { rows, count }
    }

    /// The number of rows.
    pub(in crate::record) fn len(&self) -> usize {
        self.codes().len()
    }

    /// One more than the largest number that a row may have.
    pub(in crate::record) fn count(&self) -> usize {
        self.count
    }

    /// The numbers of the rows.
    #[inline]
    pub(in crate::record) fn codes(&self) -> Codes<'_> {
        match &self.rows {
            Rows::U8(rows) => Codes::U8(rows),
            Rows::U16(rows) => Codes::U16(rows),
            Rows::U32(rows) => Codes::U32(rows),
        }
    }

    /// Bytes on the heap.
    pub(in crate::record) fn heap_bytes(&self) -> usize {
        match &self.rows {
            Rows::U8(Cow::Owned(rows)) => rows.capacity(),
            Rows::U16(Cow::Owned(rows)) => 2 * rows.capacity(),
            Rows::U32(Cow::Owned(rows)) => 4 * rows.capacity(),
            _ => 0,
        }
    }

    /// The first row of each number, in the order of the numbers that have one: `(row, number)`.
    ///
    /// Looks at row after row while many numbers are missing, and then for each of the others by itself, at many rows at a time.
    pub(in crate::record) fn first_rows(&self) -> Vec<(usize, usize)> {
        let mut first = vec![usize::MAX; self.count];
        let mut missing = self.count;
        each!(self.codes(), codes => {
            let mut done = 0;
            while missing > FEW && done < codes.len() {
                for (code, row) in codes[done..].iter().take(BLOCK).zip(done..) {
                    let first = &mut first[code.wide() as usize];
                    if *first == usize::MAX {
                        *first = row;
                        missing -= 1;
                    }
                }
                done += BLOCK;
            }
            let behind = codes.get(done..).unwrap_or_default();
            for (number, first) in first.iter_mut().enumerate().filter(|(_, row)| **row == usize::MAX) {
                if let Some(row) = position(behind, Code::cut(number as u32)) {
                    *first = done + row;
                    missing -= 1;
                }
            }
        });
        let mut rows = Vec::with_capacity(self.count - missing);
        rows.extend(first.into_iter().zip(0..).filter(|&(row, _)| row != usize::MAX));
        rows
    }

    /// The numbers of pairs: of keys of which one has these numbers, and the other those.
    #[track_caller]
    pub(super) fn pair(self, other: Slots<'_>) -> Slots<'static> {
        let len = self.len();
        assert_eq!(len, other.len(), "key columns of different lengths");
        let count = self.count.checked_mul(other.count);
        match count.filter(|&count| are_few(count, len)) {
            Some(count) => narrowest!(count, N => {
                let mut rows = Vec::with_capacity(len);
                self.for_each_pair(&other, |pairs| rows.extend(pairs.iter().map(|&pair| N::cut(pair as u32))));
                rows
            }),
            None => {
                let mut numbers = Numbers::with_capacity(len);
                self.for_each_pair(&other, |pairs| {
                    pairs.iter().for_each(|&pair| numbers.push(pair))
                });
                numbers.finish().0
            }
        }
    }

    /// Calls a closure with `number * count + other's number` of all rows, in blocks.
    fn for_each_pair(&self, other: &Slots<'_>, mut f: impl FnMut(&[u64])) {
        let mut pairs = [0; BLOCK];
        for start in (0..self.len()).step_by(BLOCK) {
            let block = start..self.len().min(start + BLOCK);
            let pairs = &mut pairs[..block.len()];
            each!(self.codes().slice(block.clone()), codes => {
                pairs.iter_mut().zip(codes).for_each(|(pair, &code)| *pair = u64::from(code.wide()));
            });
            // Both are less than 2³².
            let count = other.count as u64;
            each!(other.codes().slice(block), codes => {
                pairs.iter_mut().zip(codes).for_each(|(pair, &code)| *pair = *pair * count + u64::from(code.wide()));
            });
            f(pairs);
        }
    }
}

/// Where a code is for the first time.
fn position<C: Code>(codes: &[C], code: C) -> Option<usize> {
    let has = |block: &[C]| block.iter().fold(false, |has, &other| has | (other == code));
    let start = BLOCK * codes.chunks(BLOCK).position(has)?;
    Some(start + codes[start..].iter().position(|&other| other == code)?)
}

macro_rules! from_vectors {
    ($($rows:ident($number:ty)),*) => {$(
        /// Numbers, and more than each of them.
        impl From<(Vec<$number>, usize)> for Slots<'_> {
            fn from((rows, count): (Vec<$number>, usize)) -> Self {
                Self { rows: Rows::$rows(Cow::Owned(rows)), count }
            }
        }
    )*};
}

from_vectors!(U8(u8), U16(u16), U32(u32));

/// Numbers of keys, in the order in which they come.
pub(super) struct Numbers<K> {
    numbers: HashMap<K, u32>,
    rows: Vec<u32>,
}

impl<K: Hash + Eq> Numbers<K> {
    pub(super) fn with_capacity(rows: usize) -> Self {
        Self { numbers: HashMap::new(), rows: Vec::with_capacity(rows) }
    }

    /// Numbers the key of the next row.
    #[inline]
    #[track_caller]
    pub(super) fn push(&mut self, key: K) {
        let next = self.numbers.len();
        let number = *self.numbers.entry(key).or_insert_with(|| number(next));
        self.rows.push(number);
    }

    /// The numbers, and the keys that have them.
    pub(super) fn finish(self) -> (Slots<'static>, HashMap<K, u32>) {
        let Self { numbers, rows } = self;
        let slots = if numbers.len() > 1 << 16 {
            Slots::from((rows, numbers.len()))
        } else {
            narrowest!(numbers.len(), N => rows.iter().map(|&row| N::cut(row)).collect::<Vec<N>>())
        };
        (slots, numbers)
    }
}

/// A number of a key or a row at 32 bits.
///
/// # Panics
///
/// Panics where there are more.
#[inline]
#[track_caller]
pub(in crate::record) fn number(number: usize) -> u32 {
    match u32::try_from(number) {
        Ok(number) if number < u32::MAX => number,
        _ => panic!("more than 2³² - 1 keys"),
    }
}

#[cfg(all(test, target_pointer_width = "64"))]
mod tests {
    use super::are_few;

    #[test]
    fn numbers_beyond_32_bits_are_not_few() {
        let most = u32::MAX as usize;
        assert!(are_few(1024, 0) && are_few(most, most));
        assert!(
            !are_few(1025, 1024) && !are_few(most + 1, usize::MAX) && !are_few(1 << 33, 1 << 34)
        );
    }
}
