//! Strings of a column that stand next to one another.

use super::super::text::TextField;
use super::super::validity::Validity;
use super::codes::{Code, Codes, each};
use crate::array::BitArray;
use crate::intern::{Interner, Key, Symbol};
use crate::raw::range::indices;
use crate::raw::{ReserveError, growth};
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;
use core::iter::FusedIterator;
use core::marker::PhantomData;
use core::ops::{Range, RangeBounds};

/// The strings of a [`DictColumn`](super::DictColumn), or of a part of it: their codes, which of them are null, and the dictionary. Is
/// copied as a slice is.
///
/// What is asked of many strings is asked of their codes: [`code`](Self::code) finds that of a string once, and
/// [`count`](Self::count), [`positions`](Self::positions), [`mask_of`](Self::mask_of) compare numbers, many at a time.
///
/// ```
/// use pennyweight::record::DictColumn;
///
/// let origins: DictColumn = ["EWR", "LGA", "EWR", "JFK", "EWR"].iter().collect();
/// let first = origins.slice(..3);
/// let newark = first.code("EWR").unwrap();
/// assert_eq!(first.get(1), Some("LGA"));
/// assert_eq!(first.count(newark), 2);
/// assert!(first.positions(newark).eq([0, 2]));
/// assert_eq!(origins.counts(), [3, 1, 1]);
/// ```
pub struct DictSlice<'a, V = String> {
    codes: Codes<'a>,
    /// Invariant: as long as the codes.
    validity: Validity<'a>,
    /// Invariant: has a string for the code of every value that is there.
    dictionary: &'a Interner,
    values: PhantomData<fn() -> V>,
}

impl<'a, V: TextField> DictSlice<'a, V> {
    /// Codes, their validity, and their strings, which have the invariants of the fields.
    #[inline]
    pub(super) fn new(codes: Codes<'a>, validity: Validity<'a>, dictionary: &'a Interner) -> Self {
        Self { codes, validity, dictionary, values: PhantomData }
    }

    /// The same strings, as values of another type.
    pub(in crate::record) fn retyped<U>(self) -> DictSlice<'a, U> {
        let Self { codes, validity, dictionary, .. } = self;
        DictSlice { codes, validity, dictionary, values: PhantomData }
    }

    /// The number of strings, nulls among them.
    #[inline]
    #[must_use]
    pub fn len(self) -> usize {
        self.codes.len()
    }

    /// Whether there are none.
    #[inline]
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The string at `index`, or `None` behind the end. Where strings can be null, `Some(None)` is one that is.
    #[inline]
    #[must_use]
    pub fn get(self, index: usize) -> Option<V::Ref<'a>> {
        let code = self.codes.get(index)?;
        Some(self.lend(index, code))
    }

    /// What is lent of a place, which has this code.
    #[inline]
    fn lend(self, index: usize, code: u32) -> V::Ref<'a> {
        let there = !V::NULLABLE || self.validity.is_valid(index);
        V::lend(if there { self.string(code) } else { None })
    }

    /// The string at `index`: what `slice[index]` would be.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn value(self, index: usize) -> V::Ref<'a> {
        match self.get(index) {
            Some(value) => value,
            None => panic!("index {index} out of range for {} strings", self.len()),
        }
    }

    /// The first string.
    #[must_use]
    pub fn first(self) -> Option<V::Ref<'a>> {
        self.get(0)
    }

    /// The last string.
    #[must_use]
    pub fn last(self) -> Option<V::Ref<'a>> {
        self.get(self.len().wrapping_sub(1))
    }

    /// Iterates over the strings. Each is found by its code; what can be done with [`codes`](Self::codes) is faster there.
    #[inline]
    pub fn iter(self) -> DictIter<'a, V> {
        DictIter { slice: self, indices: 0..self.len() }
    }

    /// A part of these strings.
    ///
    /// # Panics
    ///
    /// Panics when the range is not within them.
    #[must_use]
    #[track_caller]
    pub fn slice(self, range: impl RangeBounds<usize>) -> Self {
        let range = indices(&range, self.len());
        let validity = self.validity.slice(range.clone());
        Self { codes: self.codes.slice(range), validity, ..self }
    }

    /// The codes. Those of nulls are 0, and say nothing.
    #[inline]
    #[must_use]
    pub fn codes(self) -> Codes<'a> {
        self.codes
    }

    /// Which strings are there.
    #[inline]
    #[must_use]
    pub fn validity(self) -> Validity<'a> {
        self.validity
    }

    /// The strings by their codes: that of a code is the symbol whose index it is. Some may be of no row.
    #[inline]
    #[must_use]
    pub fn dictionary(self) -> &'a Interner {
        self.dictionary
    }

    /// The code of a string, if the dictionary has it.
    #[inline]
    #[must_use]
    pub fn code(self, text: &str) -> Option<u32> {
        self.dictionary.get(text).map(|symbol| symbol.index() as u32)
    }

    /// The string of a code, if the dictionary has it.
    #[inline]
    #[must_use]
    pub fn string(self, code: u32) -> Option<&'a str> {
        self.dictionary.try_resolve(Symbol::try_from_index(code as usize)?)
    }

    /// How many strings have a code. Compares codes, as many at once as a register holds.
    #[must_use]
    pub fn count(self, code: u32) -> usize {
        // Nulls have the code 0 as well.
        let nulls = if code == 0 { self.validity.null_count() } else { 0 };
        self.codes.count(code) - nulls
    }

    /// How many rows each string of the dictionary has, by its code: `value_counts` of pandas.
    #[must_use]
    pub fn counts(self) -> Vec<usize> {
        let mut counts = vec![0; self.dictionary.len().max(1)];
        each!(self.codes, codes => codes.iter().for_each(|&code| counts[code as usize] += 1));
        counts[0] -= self.validity.null_count();
        counts.truncate(self.dictionary.len());
        counts
    }

    /// Of each string of the dictionary, whether a row has it.
    pub(in crate::record) fn used(self) -> Result<Vec<bool>, ReserveError> {
        let mut used = Vec::new();
        growth::reserve_exact(&mut used, self.dictionary.len().max(1))?;
        used.resize(self.dictionary.len().max(1), false);
        each!(self.codes, codes => codes.iter().for_each(|&code| used[code as usize] = true));
        used[0] = self.count(0) > 0;
        used.truncate(self.dictionary.len());
        Ok(used)
    }

    /// The indices of the strings that have a code, in their order. Compares 64 codes at a time.
    #[must_use]
    pub fn positions(self, code: u32) -> Positions<'a> {
        // Nulls have the code 0 as well.
        let validity = if code == 0 { self.validity } else { Validity::all(self.len()) };
        Positions { codes: self.codes, validity, code, next: 0, word: 0 }
    }

    /// Which strings have a code.
    #[must_use]
    pub fn mask_of(self, code: u32) -> BitArray {
        let mut mask = self.codes.equal(code);
        if code == 0 {
            self.validity.iter_nulls().for_each(|index| mask.set(index, false));
        }
        mask
    }

    /// Of which strings `f` is true. It is called once for each string of the dictionary, not for each row; and once for null, if there
    /// may be nulls.
    ///
    /// ```
    /// use pennyweight::record::DictColumn;
    ///
    /// let origins: DictColumn = ["EWR", "LGA", "EWR", "JFK"].iter().collect();
    /// let mask = origins.as_slice().mask(|origin| origin.ends_with('A') || origin == "JFK");
    /// assert!(mask.iter_ones().eq([1, 3]));
    /// ```
    #[must_use]
    pub fn mask(self, mut f: impl FnMut(V::Ref<'a>) -> bool) -> BitArray {
        let mut table: Vec<bool> =
            self.dictionary.iter().map(|(_, text)| f(V::lend(Some(text)))).collect();
        let nulls = V::NULLABLE && f(V::lend(None));
        if table.is_empty() {
            table.push(false);
        }
        let mut mask = self.codes.look_up(&table);
        self.validity.iter_nulls().for_each(|index| mask.set(index, nulls));
        mask
    }
}

impl<V> Clone for DictSlice<'_, V> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<V> Copy for DictSlice<'_, V> {}

impl<V: TextField> fmt::Debug for DictSlice<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Equal if the strings are, whatever their codes. Where there are more of them than the dictionary has, each string of this is looked up
/// in that of the other, and codes are compared.
impl<V: TextField, U: TextField> PartialEq<DictSlice<'_, U>> for DictSlice<'_, V> {
    fn eq(&self, other: &DictSlice<'_, U>) -> bool {
        if self.len() != other.len() || self.validity != other.validity {
            return false;
        }
        if self.len() <= self.dictionary.len() {
            return self.iter().map(V::text).eq(other.iter().map(U::text));
        }
        // No string has the last of all codes.
        let theirs = |(_, text): (_, &str)| other.code(text).unwrap_or(u32::MAX);
        let mut table: Vec<u32> = self.dictionary.iter().map(theirs).collect();
        if table.is_empty() {
            table.push(0);
        }
        each!(self.codes, ours => each!(other.codes, theirs => {
            let pairs = ours.iter().zip(theirs);
            let mut same = pairs.map(|(ours, theirs)| table[ours.wide() as usize] == theirs.wide());
            match self.validity.any_null() {
                false => same.all(|same| same),
                true => same.zip(self.validity.iter()).all(|(same, there)| same || !there),
            }
        }))
    }
}

impl<V: TextField> Eq for DictSlice<'_, V> {}

impl<'a, V: TextField> IntoIterator for DictSlice<'a, V> {
    type Item = V::Ref<'a>;
    type IntoIter = DictIter<'a, V>;

    fn into_iter(self) -> DictIter<'a, V> {
        self.iter()
    }
}

/// An iterator over the strings of a [`DictSlice`].
pub struct DictIter<'a, V = String> {
    slice: DictSlice<'a, V>,
    /// Invariant: within those of the slice.
    indices: Range<usize>,
}

impl<'a, V: TextField> Iterator for DictIter<'a, V> {
    type Item = V::Ref<'a>;

    #[inline]
    fn next(&mut self) -> Option<V::Ref<'a>> {
        self.slice.get(self.indices.next()?)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.indices.size_hint()
    }

    fn nth(&mut self, n: usize) -> Option<V::Ref<'a>> {
        self.slice.get(self.indices.nth(n)?)
    }
}

impl<V: TextField> DoubleEndedIterator for DictIter<'_, V> {
    #[inline]
    fn next_back(&mut self) -> Option<Self::Item> {
        self.slice.get(self.indices.next_back()?)
    }
}

impl<V: TextField> ExactSizeIterator for DictIter<'_, V> {}
impl<V: TextField> FusedIterator for DictIter<'_, V> {}

impl<V> Clone for DictIter<'_, V> {
    fn clone(&self) -> Self {
        Self { slice: self.slice, indices: self.indices.clone() }
    }
}

impl<V: TextField> fmt::Debug for DictIter<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

/// The indices of the strings that have a code: see [`DictSlice::positions`].
#[derive(Clone, Debug)]
pub struct Positions<'a> {
    codes: Codes<'a>,
    validity: Validity<'a>,
    code: u32,
    /// Where the word behind the present one begins.
    next: usize,
    /// What is left of the 64 places before `next`.
    word: u64,
}

impl Positions<'_> {
    /// Which of 64 places have the code.
    #[inline]
    fn word_at(&self, index: usize) -> u64 {
        match self.codes.equal_word(index, self.code) {
            0 => 0,
            word => word & self.validity.word(index),
        }
    }
}

impl Iterator for Positions<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.word == 0 {
            if self.next >= self.codes.len() {
                return None;
            }
            self.word = self.word_at(self.next);
            self.next += 64;
        }
        let place = self.word.trailing_zeros() as usize;
        self.word &= self.word - 1;
        Some(self.next - 64 + place)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.word.count_ones() as usize + self.codes.len().saturating_sub(self.next)))
    }

    #[inline]
    fn fold<B, F: FnMut(B, usize) -> B>(self, init: B, mut f: F) -> B {
        let (mut state, mut word, mut next) = (init, self.word, self.next);
        loop {
            while word != 0 {
                state = f(state, next - 64 + word.trailing_zeros() as usize);
                word &= word - 1;
            }
            if next >= self.codes.len() {
                return state;
            }
            word = self.word_at(next);
            next += 64;
        }
    }
}

impl FusedIterator for Positions<'_> {}
