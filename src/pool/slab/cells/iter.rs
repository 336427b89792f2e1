//! The handles and values of slots, one after the other.
#![allow(unsafe_code)]

use super::super::handle::Bits;
use super::{Age, Slot};
use core::iter::FusedIterator;
use core::slice;

/// As many slots are gone through without a look at each of their ages, where all of them have a value.
const BLOCK: usize = 16;

/// An age, what lies beside it, and their index.
type Pair<'a, A, S> = ((&'a A, S), usize);

macro_rules! iterators {
    ($($(#[$doc:meta])* $iter:ident of [$($borrow:tt)+] by $into_slice:ident and $as_chunks:ident;)*) => {$(
        $(#[$doc])*
        pub(in crate::pool::slab) struct $iter<'a, T, R: Bits, N: Copy> {
            ages: slice::Iter<'a, R::Age>,
            /// Invariant: the slots of the ages, as many.
            slots: slice::$iter<'a, Slot<T, N>>,
            /// That of the first of them.
            index: usize,
            /// The values to come.
            left: usize,
        }

        impl<'a, T, R: Bits, N: Copy> $iter<'a, T, R, N> {
            /// Those of slots, each with an age, of which `live` have values.
            pub(super) fn new(
                ages: &'a [R::Age],
                slots: $($borrow)+ [Slot<T, N>],
                live: usize,
            ) -> Self {
                assert_eq!(ages.len(), slots.len());
                let slots = <$($borrow)+ [Slot<T, N>]>::into_iter(slots);
                Self { ages: ages.iter(), slots, index: 0, left: live }
            }
        }

        impl<'a, T, R: Bits, N: Copy> Iterator for $iter<'a, T, R, N> {
            type Item = (R, $($borrow)+ T);

            #[inline]
            fn next(&mut self) -> Option<Self::Item> {
                loop {
                    let &age = self.ages.next()?;
                    // SAFETY: there are as many slots (invariant).
                    let slot = unsafe { self.slots.next().unwrap_unchecked() };
                    let index = self.index;
                    self.index += 1;
                    if age.is_live() {
                        self.left -= 1;
                        // SAFETY: the age is even, so the slot has a value (invariant on `slots` of `Cells`).
                        return Some((R::new(index, age), unsafe { value!($($borrow)+ slot) }));
                    }
                }
            }

            #[inline(always)]
            fn fold<B, F: FnMut(B, Self::Item) -> B>(self, init: B, mut f: F) -> B {
                let (ages, last_ages) = self.ages.as_slice().as_chunks::<BLOCK>();
                let (slots, last_slots) = self.slots.$into_slice().$as_chunks::<BLOCK>();
                let (mut index, mut folded) = (self.index, init);
                let is_live = |((age, _), _): &Pair<'a, R::Age, _>| age.is_live();
                let mut each = |folded, pair: Pair<'a, R::Age, $($borrow)+ Slot<T, N>>| {
                    let ((&age, slot), index) = pair;
                    // SAFETY: the age is even, as those of all are or the filter says, so the slot has a value (invariant on `slots`
                    // of `Cells`).
                    f(folded, (R::new(index, age), unsafe { value!($($borrow)+ slot) }))
                };
                for (ages, slots) in ages.iter().zip(slots) {
                    let pairs = ages.iter().zip(slots).zip(index..);
                    folded = if ages.iter().fold(true, |live, age| live & age.is_live()) {
                        pairs.fold(folded, &mut each)
                    } else {
                        pairs.filter(is_live).fold(folded, &mut each)
                    };
                    index += BLOCK;
                }
                last_ages.iter().zip(last_slots).zip(index..).filter(is_live).fold(folded, each)
            }

            #[inline]
            fn size_hint(&self) -> (usize, Option<usize>) {
                (self.left, Some(self.left))
            }
        }

        impl<T, R: Bits, N: Copy> DoubleEndedIterator for $iter<'_, T, R, N> {
            #[inline]
            fn next_back(&mut self) -> Option<Self::Item> {
                loop {
                    let &age = self.ages.next_back()?;
                    // SAFETY: there are as many slots (invariant).
                    let slot = unsafe { self.slots.next_back().unwrap_unchecked() };
                    if age.is_live() {
                        self.left -= 1;
                        let index = self.index + self.ages.len();
                        // SAFETY: the age is even, so the slot has a value (invariant on `slots` of `Cells`).
                        return Some((R::new(index, age), unsafe { value!($($borrow)+ slot) }));
                    }
                }
            }
        }

        impl<T, R: Bits, N: Copy> ExactSizeIterator for $iter<'_, T, R, N> {}

        impl<T, R: Bits, N: Copy> FusedIterator for $iter<'_, T, R, N> {}
    )*};
}

/// The value of a slot, borrowed as the slot is.
macro_rules! value {
    (&$lifetime:lifetime mut $slot:ident) => {
        &mut $slot.value
    };
    (&$lifetime:lifetime $slot:ident) => {
        &$slot.value
    };
}

iterators! {
    /// Handles and values, by index.
    Iter of [&'a] by as_slice and as_chunks;
    /// Handles and values, by index.
    IterMut of [&'a mut] by into_slice and as_chunks_mut;
}

impl<T, R: Bits, N: Copy> Clone for Iter<'_, T, R, N> {
    fn clone(&self) -> Self {
        Self { ages: self.ages.clone(), slots: self.slots.clone(), ..*self }
    }
}
