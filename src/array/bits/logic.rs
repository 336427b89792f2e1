//! Bit arrays combined by logic, value by value.

use super::BitArray;
use crate::raw::Words;
use core::ops::{BitAnd, BitAndAssign, BitOr, BitOrAssign, BitXor, BitXorAssign, Not};

/// One operation in all its forms, by that of words.
macro_rules! operation {
    ($operation:ident $method:ident, $assign:ident $assign_method:ident, $words:expr) => {
        impl<V: Words> $assign<&BitArray<V>> for BitArray {
            /// # Panics
            ///
            /// Panics when the lengths differ.
            #[track_caller]
            fn $assign_method(&mut self, other: &BitArray<V>) {
                same_length(self.len, other.len);
                for (word, &other) in self.words.iter_mut().zip(other.as_words()) {
                    *word = $words(*word, other);
                }
            }
        }

        impl<V: Words> $operation<&BitArray<V>> for BitArray {
            type Output = BitArray;

            /// # Panics
            ///
            /// Panics when the lengths differ.
            #[track_caller]
            fn $method(mut self, other: &BitArray<V>) -> BitArray {
                self.$assign_method(other);
                self
            }
        }

        impl<V: Words, W: Words> $operation<&BitArray<V>> for &BitArray<W> {
            type Output = BitArray;

            /// Allocates exactly.
            ///
            /// # Panics
            ///
            /// Panics when the lengths differ.
            #[track_caller]
            fn $method(self, other: &BitArray<V>) -> BitArray {
                same_length(self.len, other.len);
                let words = self.as_words().iter().zip(other.as_words());
                BitArray { words: words.map(|(&a, &b)| $words(a, b)).collect(), len: self.len }
            }
        }
    };
}

operation!(BitAnd bitand, BitAndAssign bitand_assign, |a: u64, b: u64| a & b);
operation!(BitOr bitor, BitOrAssign bitor_assign, |a: u64, b: u64| a | b);
operation!(BitXor bitxor, BitXorAssign bitxor_assign, |a: u64, b: u64| a ^ b);

impl Not for BitArray {
    type Output = Self;

    /// Every value as its opposite, in the same memory.
    fn not(mut self) -> Self {
        self.invert();
        self
    }
}

impl<W: Words> Not for &BitArray<W> {
    type Output = BitArray;

    /// Every value as its opposite. Allocates exactly.
    fn not(self) -> BitArray {
        !BitArray { words: self.as_words().into(), len: self.len }
    }
}

#[track_caller]
fn same_length(a: usize, b: usize) {
    assert!(a == b, "the arrays are of different lengths: {a} and {b}");
}
