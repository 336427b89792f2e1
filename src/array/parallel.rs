//! Arrays read by many threads, for [rayon](https://docs.rs/rayon).

use super::element::Element;
use super::iter::{Iter, Scan};
use super::{
    BitArray, BlockArray, Compressed, DecimalArray, DictArray, FloatElement, Int, IntArray,
    NullableIntArray, SortedArray,
};
use crate::raw::{Packed, Words};
use core::ops::Range;
use rayon::iter::plumbing::{Consumer, Producer, ProducerCallback, UnindexedConsumer, bridge};
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

/// A parallel iterator over the values of an array.
///
/// Each thread takes a part from end to end; `sum`, `fold` and what is built on them unpack hundreds of values at a
/// time, as [`Iter`] does.
///
/// ```
/// use pennyweight::array::IntArray;
/// use rayon::prelude::*;
///
/// let distances: IntArray<i64> = (0..100_000).map(|i| i % 5000).collect();
/// assert_eq!(distances.par_iter().sum::<i64>(), distances.iter().sum());
/// assert_eq!(distances.par_iter().filter(|&d| d == 17).count(), 20);
/// ```
#[derive(Debug)]
pub struct ParIter<'a, A> {
    array: &'a A,
    range: Range<usize>,
}

impl<A> Clone for ParIter<'_, A> {
    fn clone(&self) -> Self {
        Self { array: self.array, range: self.range.clone() }
    }
}

impl<A: Scan<Value: Send> + Sync> ParallelIterator for ParIter<'_, A> {
    type Item = A::Value;

    fn drive_unindexed<C: UnindexedConsumer<A::Value>>(self, consumer: C) -> C::Result {
        bridge(self, consumer)
    }

    fn opt_len(&self) -> Option<usize> {
        Some(self.range.len())
    }
}

impl<A: Scan<Value: Send> + Sync> IndexedParallelIterator for ParIter<'_, A> {
    fn len(&self) -> usize {
        self.range.len()
    }

    fn drive<C: Consumer<A::Value>>(self, consumer: C) -> C::Result {
        bridge(self, consumer)
    }

    fn with_producer<P: ProducerCallback<A::Value>>(self, callback: P) -> P::Output {
        callback.callback(self)
    }
}

impl<'a, A: Scan<Value: Send> + Sync> Producer for ParIter<'a, A> {
    type Item = A::Value;
    type IntoIter = Iter<'a, A>;

    fn into_iter(self) -> Iter<'a, A> {
        Iter::within(self.array, self.range)
    }

    fn split_at(self, index: usize) -> (Self, Self) {
        let middle = self.range.start + index;
        let part = |range| Self { array: self.array, range };
        (part(self.range.start..middle), part(middle..self.range.end))
    }
}

/// `par_iter`, and parallel loops over references.
macro_rules! parallel {
    ([$($generics:tt)*] $array:ty) => {
        impl<'a, $($generics)*> IntoParallelIterator for &'a $array {
            type Iter = ParIter<'a, $array>;
            type Item = <$array as Scan>::Value;

            fn into_par_iter(self) -> Self::Iter {
                ParIter { array: self, range: 0..self.scan_len() }
            }
        }
    };
}

parallel!([T: Int, W: Words + Sync] IntArray<T, W>);
parallel!([T: Int, W: Words + Sync] NullableIntArray<T, W>);
parallel!([W: Words + Sync] BitArray<W>);
parallel!([V: Element, W: Words + Sync] BlockArray<V, W>);
parallel!([V: Element, W: Words + Sync] DictArray<V, W>);
parallel!([T: Int, W: Words + Sync] SortedArray<T, W>);
parallel!([V: FloatElement, W: Words + Sync] DecimalArray<V, W>);
parallel!([V: Element, W: Words] Compressed<V, W>);

/// Codes that a thread adds up at once.
const AT_ONCE: usize = 1 << 16;

/// The sum of codes, added up by many threads.
fn sum<W: Words + Sync>(packed: &Packed<W>) -> u128 {
    if packed.width() == 0 {
        // The codes are zeros, and may be more than can be looked at.
        return 0;
    }
    let len = packed.len();
    let parts = (0..len.div_ceil(AT_ONCE)).into_par_iter();
    parts.map(|part| packed.part(part * AT_ONCE..len.min((part + 1) * AT_ONCE)).sum()).sum()
}

impl<T: Int, W: Words + Sync> IntArray<T, W> {
    /// The sum of all values, added up by many threads. Never overflows.
    ///
    /// Reads as fast as [`sum`](Self::sum) in each thread; worth it from some hundred thousand values on.
    pub fn par_sum(&self) -> i128 {
        self.codes.sum_of(sum(&self.codes.packed), self.len(), 0)
    }
}

impl<T: Int, W: Words + Sync> NullableIntArray<T, W> {
    /// The sum of the values that are not null, added up by many threads. Never overflows.
    ///
    /// Reads as fast as [`sum`](Self::sum) in each thread; worth it from some hundred thousand values on.
    pub fn par_sum(&self) -> i128 {
        let codes = sum(&self.codes.packed);
        self.codes.sum_of(codes, self.len() - self.null_count(), self.reserved.into())
    }
}
