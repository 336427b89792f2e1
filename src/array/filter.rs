//! Values chosen by a mask, and masks.

use super::codes::Codes;
use super::{Array, BitArray, Int, IntArray, NullableIntArray};
use crate::raw::packed::BLOCK;
use crate::raw::{Packed, ReserveError, Words, count_ones, for_each_one};
use alloc::vec::Vec;
use bytemuck::Pod;

/// Where fewer than one value in so many is chosen, each is read by its index.
const SPARSE: usize = 8;

/// The methods that make and take a mask, by `for_each_block` and `filtered`.
macro_rules! mask_methods {
    ([$($generics:tt)*] $array:ty, $value:ty, $filtered:ty, $form:literal) => {
        impl<$($generics)*> $array {
            /// Whether `f` is true of a value, for each of them: what [`filter`](Self::filter) takes. Faster than to collect
            /// from the iterator.
            ///
            /// # Panics
            ///
            /// Like a `Vec`, ends the program where the allocator refuses.
            #[track_caller]
            pub fn mask(&self, mut f: impl FnMut($value) -> bool) -> BitArray {
                let mut mask = BitArray::with_capacity(self.len());
                let mut chosen = [false; BLOCK];
                self.for_each_block(|values| {
                    for values in values.chunks(BLOCK) {
                        chosen.iter_mut().zip(values).for_each(|(chosen, &value)| *chosen = f(value));
                        mask.extend_from_slice(&chosen[..values.len()]);
                    }
                });
                mask
            }

            /// The values where `mask` is true, in their order: `column[mask]` of NumPy and pandas.
            #[doc = $form]
            ///
            /// # Panics
            ///
            /// Panics where the mask has another length. Like a `Vec`, ends the program where the allocator refuses.
            ///
            /// ```
            /// use pennyweight::array::IntArray;
            ///
            /// let distances = IntArray::from([1400_i64, 1416, 1089, 1576, 762]);
            /// let far = distances.mask(|distance| distance > 1400);
            /// assert_eq!(distances.filter(&far), [1416, 1576]);
            /// ```
            #[track_caller]
            pub fn filter<M: Words>(&self, mask: &BitArray<M>) -> $filtered {
                let (len, other) = (self.len(), mask.len());
                assert!(len == other, "a mask of {other} values does not choose among {len}");
                match self.filtered(mask.as_words()) {
                    Ok(filtered) => filtered,
                    Err(error) => error.raise(),
                }
            }
        }
    };
}

mask_methods!(
    [T: Int, W: Words] IntArray<T, W>, T, IntArray<T>,
    "They keep their width, without slack; [`shrink_to_fit`](IntArray::shrink_to_fit) finds the least."
);
mask_methods!(
    [T: Int, W: Words] NullableIntArray<T, W>, Option<T>, NullableIntArray<T>,
    "They keep their width, without slack; [`shrink_to_fit`](NullableIntArray::shrink_to_fit) finds the least."
);
mask_methods!([T: Pod] Array<T>, T, Array<T>, "Allocates exactly.");

impl<T: Int, W: Words> IntArray<T, W> {
    fn filtered(&self, mask: &[u64]) -> Result<IntArray<T>, ReserveError> {
        Ok(IntArray { codes: self.codes.filtered(mask)? })
    }
}

impl<T: Int, W: Words> NullableIntArray<T, W> {
    fn filtered(&self, mask: &[u64]) -> Result<NullableIntArray<T>, ReserveError> {
        Ok(NullableIntArray::from_codes(self.codes.filtered(mask)?, self.reserved))
    }
}

impl<T: Pod> Array<T> {
    fn filtered(&self, mask: &[u64]) -> Result<Self, ReserveError> {
        let mut items = Vec::new();
        crate::raw::growth::reserve_exact(&mut items, count_ones(mask))?;
        for_each_one(mask, 0, |indices| {
            items.extend(indices.iter().map(|&index| self.items[index]));
        });
        Ok(Self { items })
    }
}

impl<T: Int> IntArray<T> {
    /// Brings the values into another order: what is at `order[i]` moves to `i`. Without slack, and the old codes are there until it is done.
    pub(crate) fn try_permute(&mut self, order: &[u32]) -> Result<(), ReserveError> {
        self.codes.packed = self.codes.permuted(order)?;
        Ok(())
    }
}

impl<T: Int> NullableIntArray<T> {
    /// Brings the values into another order: what is at `order[i]` moves to `i`. Without slack, and the old codes are there until it is done.
    pub(crate) fn try_permute(&mut self, order: &[u32]) -> Result<(), ReserveError> {
        self.codes.packed = self.codes.permuted(order)?;
        Ok(())
    }
}

impl BitArray {
    /// Brings the values into another order: what is at `order[i]` moves to `i`. Without slack, and the old bits are there until it is done.
    pub(crate) fn try_permute(&mut self, order: &[u32]) -> Result<(), ReserveError> {
        let mut permuted = Self::new();
        permuted.try_reserve_exact(order.len())?;
        permuted.extend(order.iter().map(|&index| self.value(index as usize)));
        *self = permuted;
        Ok(())
    }
}

impl<T: Int, W: Words> Codes<T, W> {
    fn permuted(&self, order: &[u32]) -> Result<Packed, ReserveError> {
        Packed::build(order.len(), self.packed.width(), |at| self.packed.get(order[at] as usize))
    }

    /// The codes where the mask is one.
    fn filtered(&self, mask: &[u64]) -> Result<Codes<T>, ReserveError> {
        let (count, width) = (count_ones(mask), self.packed.width());
        let mut packed = Packed::build(0, width, |_| 0)?;
        packed.reserve_exact(count)?;
        if count < self.packed.len() / SPARSE {
            for_each_one(mask, 0, |indices| {
                // There is room, so this cannot fail.
                let _ = packed.append(indices.len(), |at| self.packed.get(indices[at]));
            });
        } else {
            let mut words = mask.chunks(BLOCK / 64);
            self.packed.for_each_wide(0..self.packed.len(), |codes| {
                for_each_one(words.next().unwrap_or(&[]), 0, |indices| {
                    // As above.
                    let _ = packed.append(indices.len(), |at| codes[indices[at]]);
                });
            });
        }
        Ok(Codes { packed, frame: self.frame })
    }
}
