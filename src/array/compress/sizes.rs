//! What each encoding would take, to the byte.

use crate::array::blocks::BlockArray;
use crate::array::dict::DictArray;
use crate::array::element::Element;
use crate::array::frame::Bounds;
use crate::array::sorted::size_in_words;
use crate::array::{Int, ReserveError};
use crate::raw::packed::bits_for;
use crate::raw::{Packed, growth};
use alloc::vec::Vec;
use hashbrown::HashSet;

/// The encodings that are tried, those that are read faster first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Packed,
    Dict,
    Blocks,
    Sorted,
}

impl Name {
    pub(super) const ALL: [Self; 4] = [Self::Packed, Self::Dict, Self::Blocks, Self::Sorted];

    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Packed => "packed at one width",
            Self::Dict => "codes of distinct values",
            Self::Blocks => "blocks with outliers aside",
            Self::Sorted => "sorted, as Elias and Fano",
        }
    }
}

/// What an encoding takes for some values: its exact heap bytes, or why it is not to be had.
pub(super) type Size = Result<usize, &'static str>;

/// What each encoding takes.
pub(super) struct Sizes<T> {
    bytes: [Size; Name::ALL.len()],
    /// The distinct values in order; empty where codes of them would take no fewer bits than the values.
    pub(super) distinct: Vec<T>,
}

impl<T: Int> Sizes<T> {
    pub(super) fn of<V: Element<Int = T>>(values: &[V]) -> Result<Self, ReserveError> {
        let len = values.len();
        let integers = || values.iter().filter_map(|value| value.integer());
        let nulls = len - integers().count();
        let bounds = Bounds::of(integers());
        let width = bounds.map_or(Some(0), |bounds| bounds.width(u64::from(nulls > 0)));
        let packed = width.and_then(|width| Packed::<&[u64]>::words_for(len, width));
        let distinct = match width.unwrap_or(u64::BITS) {
            0 => None,
            // Codes of as many bits would not take less.
            width => distinct(integers(), 1 << (width - 1).min(u32::BITS - 1))?,
        };
        let entry_bits = bounds.map_or(0, |bounds| bits_for(bounds.steps()));
        let dict = distinct.as_ref().and_then(|distinct| {
            DictArray::<V>::bytes_of(len, distinct.len(), entry_bits, nulls > 0)
        });
        let blocks = BlockArray::words_of(values)?;
        let sorted = match bounds {
            None => Err("there is no value"),
            Some(_) if nulls > 0 => Err("there are nulls"),
            Some(_) if !integers().is_sorted() => Err("the values are not in order"),
            Some(bounds) => size_in_words(len, bounds).ok_or("the values are too many"),
        };
        let bytes = |words: usize| words * 8;
        let bytes = [
            packed.map(bytes).ok_or("no code of 64 bits is left for null"),
            dict.ok_or("codes would take no fewer bits than the values"),
            Ok(bytes(blocks)),
            sorted.map(bytes),
        ];
        Ok(Self { bytes, distinct: distinct.unwrap_or_default() })
    }

    pub(super) fn of_name(&self, name: Name) -> Size {
        self.bytes[name as usize]
    }

    /// The encoding that takes the fewest bytes; of several, the one that is read faster.
    pub(super) fn smallest(&self) -> Name {
        let sizes = Name::ALL.into_iter().filter_map(|name| Some((self.of_name(name).ok()?, name)));
        sizes.min_by_key(|&(bytes, _)| bytes).map_or(Name::Blocks, |(_, name)| name)
    }
}

/// The distinct ones of some integers, in order, or `None` where there are more than `most`.
fn distinct<T: Int>(
    integers: impl Iterator<Item = T>,
    most: usize,
) -> Result<Option<Vec<T>>, ReserveError> {
    let mut seen = HashSet::new();
    let mut last = None;
    for integer in integers {
        // The same value often comes again at once.
        if last != Some(integer) {
            seen.try_reserve(1).map_err(|_| refused::<T>(seen.len()))?;
            seen.insert(integer);
            last = Some(integer);
            if seen.len() > most {
                return Ok(None);
            }
        }
    }
    let mut distinct = Vec::new();
    growth::reserve_exact(&mut distinct, seen.len())?;
    distinct.extend(seen);
    distinct.sort_unstable();
    Ok(Some(distinct))
}

/// What is reported where a set of so many integers cannot grow.
fn refused<T>(len: usize) -> ReserveError {
    ReserveError::AllocationFailed { bytes: 2 * len * (size_of::<T>() + 1) }
}
