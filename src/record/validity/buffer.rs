//! A validity that a column owns.

use super::Validity;
use crate::array::BitArray;
use crate::raw::{ReserveError, bitmap as bits, growth};
use crate::size::{Block, HeapSize, Visitor};
use alloc::vec::Vec;
use core::ops::Range;

/// A growable validity, without bytes as long as nothing is null.
///
/// What fails leaves it as it was. What makes no null, and leaves as many values, does not fail.
#[derive(Clone, Default)]
pub(in crate::record) struct ValidityBuf {
    /// Invariant: none, and nothing is null; or those of `len` bits, and every bit behind is zero.
    bytes: Vec<u8>,
    len: usize,
    /// Invariant: the values that are null.
    nulls: usize,
}

impl ValidityBuf {
    #[inline]
    pub(in crate::record) fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub(in crate::record) fn null_count(&self) -> usize {
        self.nulls
    }

    pub(in crate::record) fn heap_bytes(&self) -> usize {
        self.bytes.capacity()
    }

    pub(in crate::record) fn as_validity(&self) -> Validity<'_> {
        match self.bytes.is_empty() {
            true => Validity::all(self.len),
            false => Validity::new(&self.bytes, 0, self.len),
        }
    }

    /// Whether the value at an index is there.
    #[inline]
    pub(in crate::record) fn is_valid(&self, index: usize) -> bool {
        self.bytes.is_empty() || bits::get(&self.bytes, index)
    }

    /// Makes room for so many more values, if there are bits at all.
    pub(in crate::record) fn try_reserve(&mut self, additional: usize) -> Result<(), ReserveError> {
        match self.bytes.is_empty() {
            true => Ok(()),
            false => self.reserve_bits(self.len, additional),
        }
    }

    #[inline]
    pub(in crate::record) fn try_push(&mut self, valid: bool) -> Result<(), ReserveError> {
        match self.bytes.last_mut() {
            None if valid => {
                self.len += 1;
                Ok(())
            }
            Some(last) if !self.len.is_multiple_of(8) => {
                *last |= u8::from(valid) << (self.len % 8);
                self.len += 1;
                self.nulls += usize::from(!valid);
                Ok(())
            }
            _ => self.try_insert(self.len, valid),
        }
    }

    pub(in crate::record) fn try_insert(
        &mut self,
        index: usize,
        valid: bool,
    ) -> Result<(), ReserveError> {
        if valid && self.bytes.is_empty() {
            self.len += 1;
            return Ok(());
        }
        self.make_bits(1)?;
        self.bytes.resize(bits::bytes_for(self.len + 1), 0);
        bits::copy_within(&mut self.bytes, index, index + 1, self.len - index);
        bits::set(&mut self.bytes, index, valid);
        self.len += 1;
        self.nulls += usize::from(!valid);
        Ok(())
    }

    pub(in crate::record) fn try_set(
        &mut self,
        index: usize,
        valid: bool,
    ) -> Result<(), ReserveError> {
        let before = self.is_valid(index);
        if before != valid {
            self.make_bits(0)?;
            bits::set(&mut self.bytes, index, valid);
            self.nulls = self.nulls + usize::from(before) - usize::from(valid);
        }
        Ok(())
    }

    /// Appends the bits of another column.
    pub(in crate::record) fn try_extend(
        &mut self,
        other: Validity<'_>,
    ) -> Result<(), ReserveError> {
        let nulls = other.null_count();
        if nulls > 0 || !self.bytes.is_empty() {
            self.make_bits(other.len())?;
            self.bytes.resize(bits::bytes_for(self.len + other.len()), 0);
            for ((done, count), word) in bits::pieces(other.len()).zip(other.words()) {
                bits::store(&mut self.bytes, self.len + done, count, word);
            }
        }
        self.len += other.len();
        self.nulls += nulls;
        Ok(())
    }

    pub(in crate::record) fn truncate(&mut self, len: usize) {
        if len < self.len {
            self.remove_range(len..self.len);
        }
    }

    pub(in crate::record) fn remove_range(&mut self, range: Range<usize>) {
        if !self.bytes.is_empty() {
            self.nulls -= self.as_validity().slice(range.clone()).null_count();
            bits::copy_within(&mut self.bytes, range.end, range.start, self.len - range.end);
        }
        self.cut(self.len - range.len());
    }

    pub(in crate::record) fn swap_remove(&mut self, index: usize) {
        let (last, valid) = (self.len - 1, self.is_valid(self.len - 1));
        if !self.bytes.is_empty() {
            self.nulls -= usize::from(!self.is_valid(index));
            bits::set(&mut self.bytes, index, valid);
        }
        self.cut(last);
    }

    pub(in crate::record) fn swap(&mut self, a: usize, b: usize) {
        if !self.bytes.is_empty() {
            let (bit_a, bit_b) = (bits::get(&self.bytes, a), bits::get(&self.bytes, b));
            bits::set(&mut self.bytes, a, bit_b);
            bits::set(&mut self.bytes, b, bit_a);
        }
    }

    pub(in crate::record) fn retain(&mut self, keep: &BitArray) {
        if !self.bytes.is_empty() {
            bits::retain(&mut self.bytes, keep.as_words());
        }
        self.cut(keep.count_ones());
        self.nulls = self.as_validity().null_count();
    }

    pub(in crate::record) fn permute(&mut self, order: &[u32]) {
        if !self.bytes.is_empty() {
            bits::permute(&mut self.bytes, order);
        }
    }

    /// Gives back what is not needed: all bits, where nothing is null.
    pub(in crate::record) fn shrink_to_fit(&mut self) {
        if self.nulls == 0 {
            self.bytes = Vec::new();
        }
        self.bytes.shrink_to_fit();
    }

    /// Sees to it that there are bits, and room for more of them.
    fn make_bits(&mut self, additional: usize) -> Result<(), ReserveError> {
        let begun = self.bytes.is_empty();
        self.reserve_bits(self.len, additional)?;
        if begun {
            self.bytes.resize(bits::bytes_for(self.len), 0);
            bits::fill(&mut self.bytes, 0, self.len, true);
        }
        Ok(())
    }

    fn reserve_bits(&mut self, len: usize, additional: usize) -> Result<(), ReserveError> {
        let bits = len.checked_add(additional).ok_or(ReserveError::CapacityOverflow)?;
        let bytes = bits::bytes_for(bits).saturating_sub(self.bytes.len());
        growth::reserve(&mut self.bytes, bytes)
    }

    /// Forgets all behind the first values. Nulls are counted by the caller.
    fn cut(&mut self, len: usize) {
        self.len = len;
        self.bytes.truncate(bits::bytes_for(len));
        if let Some(last) = self.bytes.last_mut()
            && !len.is_multiple_of(8)
        {
            *last &= (1 << (len % 8)) - 1;
        }
    }

    /// Panics unless the invariants of the fields hold.
    pub(in crate::record) fn check_invariants(&self) {
        if !self.bytes.is_empty() {
            assert_eq!(self.bytes.len(), bits::bytes_for(self.len));
            assert_eq!(
                bits::count_ones(&self.bytes, 0, self.bytes.len() * 8),
                self.len - self.nulls
            );
        }
        assert_eq!(self.as_validity().null_count(), self.nulls);
    }
}

impl HeapSize for ValidityBuf {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.block(Block::array::<u8>(self.bytes.capacity(), self.bytes.len()));
    }

    fn owns_heap() -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expect(buffer: &ValidityBuf, model: &[bool]) {
        buffer.check_invariants();
        assert!(buffer.as_validity().iter().eq(model.iter().copied()), "{model:?}");
        assert_eq!(buffer.null_count(), model.iter().filter(|&&valid| !valid).count());
    }

    #[test]
    fn bits_come_with_the_first_null_and_go_with_the_last() {
        let mut buffer = ValidityBuf::default();
        (0..70).for_each(|_| buffer.try_push(true).unwrap());
        assert_eq!((buffer.heap_bytes(), buffer.as_validity()), (0, Validity::all(70)));
        buffer.try_push(false).unwrap();
        expect(&buffer, &[[true; 70].as_slice(), &[false]].concat());
        assert!(buffer.heap_bytes() >= 9);
        buffer.truncate(70);
        buffer.shrink_to_fit();
        expect(&buffer, &[true; 70]);
        assert_eq!(buffer.heap_bytes(), 0);
    }

    #[test]
    fn a_validity_changes_as_a_list_of_booleans_does() {
        let (mut buffer, mut model) = (ValidityBuf::default(), Vec::new());
        let mut state = 1_u64;
        for _ in 0..4000 {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let (op, at, valid) = (state >> 60, (state >> 32) as usize, state >> 20 & 7 != 0);
            let at = if model.is_empty() { 0 } else { at % model.len() };
            match op {
                0..5 => {
                    buffer.try_push(valid).unwrap();
                    model.push(valid);
                }
                5..8 => {
                    buffer.try_insert(at, valid).unwrap();
                    model.insert(at, valid);
                }
                8 if model.len() < 300 => {
                    let other = buffer.clone();
                    buffer.try_extend(other.as_validity().slice(at..)).unwrap();
                    model.extend_from_within(at..);
                }
                9 if !model.is_empty() => {
                    buffer.try_set(at, valid).unwrap();
                    model[at] = valid;
                }
                10 if !model.is_empty() => {
                    buffer.swap_remove(at);
                    model.swap_remove(at);
                }
                11 => {
                    let end = model.len().min(at + 9);
                    buffer.remove_range(at..end);
                    model.drain(at..end);
                }
                12 => {
                    let keep: BitArray = (0..model.len()).map(|i| (i * i + at) % 11 > 0).collect();
                    buffer.retain(&keep);
                    let mut index = 0..;
                    model.retain(|_| keep.value(index.next().unwrap()));
                }
                13 => {
                    let order: Vec<u32> = (0..model.len() as u32).rev().collect();
                    buffer.permute(&order);
                    model.reverse();
                }
                14 => buffer.shrink_to_fit(),
                _ => {
                    buffer.truncate(at + 40);
                    model.truncate(at + 40);
                }
            }
            expect(&buffer, &model);
        }
    }
}
