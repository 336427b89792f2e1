//! The indices of the ones.

use crate::raw::{count_ones, for_each_one};
use core::iter::FusedIterator;

/// An iterator over the indices of the ones of a [`BitArray`](super::BitArray).
#[derive(Clone, Debug)]
pub struct Ones<'a> {
    /// The words between the two that are being taken apart.
    words: &'a [u64],
    /// What is left of the word at the front, and of the one at the back.
    front: u64,
    back: u64,
    /// The indices of their first bits.
    first: usize,
    last: usize,
}

impl<'a> Ones<'a> {
    pub(super) fn new(words: &'a [u64]) -> Self {
        Self { words, front: 0, back: 0, first: 0, last: 0 }.load()
    }

    /// Takes the first and the last word out of `words`.
    fn load(mut self) -> Self {
        if let [front, rest @ ..] = self.words {
            (self.front, self.words) = (*front, rest);
        }
        if let [rest @ .., back] = self.words {
            self.last = self.first + 64 * (rest.len() + 1);
            (self.back, self.words) = (*back, rest);
        }
        self
    }
}

impl Iterator for Ones<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.front == 0 {
            if let [front, rest @ ..] = self.words {
                (self.front, self.words) = (*front, rest);
                self.first += 64;
            } else {
                let bit = self.back.trailing_zeros() as usize;
                self.back &= self.back.checked_sub(1)?;
                return Some(self.last + bit);
            }
        }
        let bit = self.front.trailing_zeros() as usize;
        self.front &= self.front - 1;
        Some(self.first + bit)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let ends = (self.front.count_ones() + self.back.count_ones()) as usize;
        (ends, Some(ends + 64 * self.words.len()))
    }

    fn count(self) -> usize {
        count_ones(self.words) + (self.front.count_ones() + self.back.count_ones()) as usize
    }

    #[inline]
    fn fold<B, F: FnMut(B, usize) -> B>(self, init: B, mut f: F) -> B {
        // Empty only while `f` runs, and then for good if it panics.
        let mut state = Some(init);
        let mut run = |words: &[u64], first| {
            for_each_one(words, first, |indices| {
                state = state.take().map(|state| indices.iter().copied().fold(state, &mut f));
            });
        };
        run(&[self.front], self.first);
        run(self.words, self.first + 64);
        run(&[self.back], self.last);
        state.unwrap_or_else(|| unreachable!("a fold that returns has a state"))
    }
}

impl DoubleEndedIterator for Ones<'_> {
    #[inline]
    fn next_back(&mut self) -> Option<usize> {
        while self.back == 0 {
            if let [rest @ .., back] = self.words {
                self.last = self.first + 64 * (rest.len() + 1);
                (self.back, self.words) = (*back, rest);
            } else {
                let bit = 63_u32.checked_sub(self.front.leading_zeros())?;
                self.front &= !(1 << bit);
                return Some(self.first + bit as usize);
            }
        }
        let bit = 63 - self.back.leading_zeros();
        self.back &= !(1 << bit);
        Some(self.last + bit as usize)
    }
}

impl FusedIterator for Ones<'_> {}
