//! Finding the distinct values and their codes.
//!
//! Numbers within a small range are a bit each in a set, where the code of a number is that of the bits below it. The
//! others are keys of a hash map.

use super::DictArray;
use crate::array::ReserveError;
use crate::array::element::Element;
use crate::array::frame::Bounds;
use crate::raw::dictionary::{Dictionary, Shape};
use crate::raw::growth;
use alloc::vec::Vec;
use hashbrown::{HashMap, TryReserveError};

impl<V: Element> DictArray<V> {
    /// Packs values. Allocates exactly, beside working memory: 8 bytes a distinct value, and up to 2 bytes a
    /// value where they lie within a small range, or up to 40 bytes a distinct value.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory for it, and where 32 bits do not count the distinct values.
    pub fn try_from_slice(values: &[V]) -> Result<Self, ReserveError> {
        let integers = values.iter().filter_map(|value| value.integer());
        Self::build(values, integers)
    }

    /// Packs values of which the distinct ones are known, from the smallest to the largest and without null.
    pub(in crate::array) fn from_distinct(
        values: &[V],
        distinct: &[V::Int],
    ) -> Result<Self, ReserveError> {
        debug_assert!(distinct.is_sorted_by(|a, b| a < b));
        Self::build(values, distinct.iter().copied())
    }

    /// The bytes on the heap of such an array: of so many values, of which so many are distinct and not null, where the
    /// difference of the largest and the smallest divided by the scale has so many bits. `None` where they cannot be
    /// counted.
    pub(in crate::array) fn bytes_of(
        len: usize,
        distinct: usize,
        entry_bits: u32,
        nulls: bool,
    ) -> Option<usize> {
        let distinct = u32::try_from(distinct).ok().filter(|&distinct| distinct < u32::MAX)?;
        Shape::new(len, distinct, entry_bits, nulls).words()?.checked_mul(8)
    }

    /// Packs values of which `distinct` has each that is not null once or more, in any order.
    fn build(
        values: &[V],
        distinct: impl Iterator<Item = V::Int> + Clone,
    ) -> Result<Self, ReserveError> {
        let bounds = Bounds::of(distinct.clone());
        let frame = bounds.map(Bounds::frame).unwrap_or_default();
        let divisor = frame.divisor();
        let most = bounds.map_or(0, Bounds::steps);
        let numbers = distinct.map(|value| divisor.known_code(value));
        let mut places = Places::of(numbers, most, values.len())?;
        let entries = places.number()?;
        let nulls = values.iter().filter(|value| value.integer().is_none()).count();
        let first = u64::from(nulls > 0);
        let code = |index: usize| match values[index].integer() {
            Some(value) => places.of_number(divisor.known_code(value)) + first,
            None => 0,
        };
        let dictionary = Dictionary::build(values.len(), nulls > 0, &entries, code)?;
        Ok(Self { dictionary, frame, nulls })
    }
}

/// A set of numbers, and the place of each of them in their order.
enum Places {
    /// One bit for each number that could be, and how many of them are in the words before.
    Near {
        bits: Vec<u64>,
        before: Vec<u32>,
    },
    Far(HashMap<u64, u32>),
}

impl Places {
    /// A set of numbers up to `most`, which are for so many values.
    fn of(
        numbers: impl Iterator<Item = u64>,
        most: u64,
        values: usize,
    ) -> Result<Self, ReserveError> {
        // Twelve bytes for 64 numbers: at most one and a half for a value.
        let near = usize::try_from(most).ok().filter(|&most| most / 8 <= values.max(1 << 10));
        if let Some(most) = near {
            let words = most / 64 + 1;
            let (mut bits, mut before) = (Vec::new(), Vec::new());
            growth::reserve_exact(&mut bits, words)?;
            growth::reserve_exact(&mut before, words)?;
            bits.resize(words, 0);
            numbers.for_each(|number| bits[number as usize / 64] |= 1_u64 << (number % 64));
            return Ok(Self::Near { bits, before });
        }
        let mut places = HashMap::new();
        let mut last = None;
        for number in numbers {
            // The same value often comes again at once.
            if last != Some(number) {
                places.try_reserve(1).map_err(refusal)?;
                places.insert(number, 0);
                last = Some(number);
            }
        }
        Ok(Self::Far(places))
    }

    /// Gives the numbers their places, and returns them in order.
    fn number(&mut self) -> Result<Vec<u64>, ReserveError> {
        let mut sorted = Vec::new();
        match self {
            Self::Near { bits, before } => {
                let count = bits.iter().map(|word| word.count_ones() as usize).sum();
                growth::reserve_exact(&mut sorted, count)?;
                for (&word, number) in bits.iter().zip((0_u64..).step_by(64)) {
                    before.push(sorted.len() as u32);
                    let mut rest = word;
                    while rest != 0 {
                        sorted.push(number + u64::from(rest.trailing_zeros()));
                        rest &= rest - 1;
                    }
                }
            }
            Self::Far(places) => {
                growth::reserve_exact(&mut sorted, places.len())?;
                sorted.extend(places.keys());
                sorted.sort_unstable();
                for (place, number) in sorted.iter().enumerate() {
                    places.insert(*number, place as u32);
                }
            }
        }
        Ok(sorted)
    }

    /// The place of a number of the set.
    #[inline]
    fn of_number(&self, number: u64) -> u64 {
        match self {
            Self::Near { bits, before } => {
                let (word, bit) = ((number / 64) as usize, number % 64);
                debug_assert!(bits[word] >> bit & 1 == 1, "the number is not in the set");
                let below = bits[word] & ((1 << bit) - 1);
                u64::from(before[word] + below.count_ones())
            }
            Self::Far(places) => places[&number].into(),
        }
    }
}

/// What hashbrown says of a refusal.
fn refusal(error: TryReserveError) -> ReserveError {
    match error {
        TryReserveError::CapacityOverflow => ReserveError::CapacityOverflow,
        TryReserveError::AllocError { layout } => {
            ReserveError::AllocationFailed { bytes: layout.size() }
        }
    }
}
