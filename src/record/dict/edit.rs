//! Building columns of strings by their codes, and changing them.

use super::super::error::StoreError;
use super::super::text::{TextField, TextValue};
use super::DictColumn;
use super::buffer::{CodeBuf, Width};
use crate::array::BitArray;
use crate::intern::Interner;
use crate::raw::ReserveError;
use crate::raw::range::indices;
use alloc::string::String;
use core::ops::{Range, RangeBounds};

impl DictColumn {
    /// Creates an empty column of strings. (Does not allocate.)
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl DictColumn<Option<String>> {
    /// Creates an empty column of strings that may be null. (Does not allocate.)
    #[must_use]
    pub fn nullable() -> Self {
        Self::default()
    }
}

impl<V: TextField> DictColumn<V> {
    /// Creates an empty column that has codes for some strings already. Those that it meets besides are added.
    #[must_use]
    pub fn with_dictionary(dictionary: Interner) -> Self {
        Self { codes: CodeBuf::new(Width::of(dictionary.len())), dictionary, ..Self::default() }
    }

    /// Appends a string.
    ///
    /// # Panics
    ///
    /// Panics where [`try_push`](Self::try_push) fails for another reason than memory. Like a `Vec`, ends the program where the
    /// allocator refuses.
    #[inline]
    #[track_caller]
    pub fn push(&mut self, text: V::Ref<'_>) {
        if let Err(error) = self.try_push(text) {
            error.raise();
        }
    }

    /// Appends a string.
    ///
    /// # Errors
    ///
    /// Where there is no memory for it, or the string is a new one, and the dictionary's [`Limits`](crate::intern::Limits) are reached. The
    /// rows are as they were.
    #[inline(always)]
    pub fn try_push(&mut self, text: V::Ref<'_>) -> Result<(), StoreError> {
        let (code, valid) = self.code_for(text)?;
        self.codes.try_reserve(1)?;
        self.validity.try_push(valid)?;
        self.codes.push(code);
        Ok(())
    }

    /// Inserts a string before `index`, moving those behind it.
    ///
    /// # Panics
    ///
    /// Panics when `index > len`, and where [`push`](Self::push) does.
    #[track_caller]
    pub fn insert(&mut self, index: usize, text: V::Ref<'_>) {
        if let Err(error) = self.try_insert(index, text) {
            error.raise();
        }
    }

    /// Inserts a string before `index`, moving those behind it.
    ///
    /// # Errors
    ///
    /// As [`try_push`](Self::try_push).
    ///
    /// # Panics
    ///
    /// Panics when `index > len`.
    #[track_caller]
    pub fn try_insert(&mut self, index: usize, text: V::Ref<'_>) -> Result<(), StoreError> {
        let len = self.len();
        assert!(index <= len, "insertion index (is {index}) should be <= len (is {len})");
        let (code, valid) = self.code_for(text)?;
        self.codes.try_reserve(1)?;
        self.validity.try_insert(index, valid)?;
        self.codes.insert(index, code);
        Ok(())
    }

    /// Replaces the string at `index`.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range, and where [`push`](Self::push) does.
    #[track_caller]
    pub fn set(&mut self, index: usize, text: V::Ref<'_>) {
        if let Err(error) = self.try_set(index, text) {
            error.raise();
        }
    }

    /// Replaces the string at `index`.
    ///
    /// # Errors
    ///
    /// As [`try_push`](Self::try_push).
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[track_caller]
    pub fn try_set(&mut self, index: usize, text: V::Ref<'_>) -> Result<(), StoreError> {
        self.check(index);
        let (code, valid) = self.code_for(text)?;
        self.validity.try_set(index, valid)?;
        self.codes.set(index, code);
        Ok(())
    }

    /// Removes the last string and returns it.
    pub fn pop(&mut self) -> Option<V> {
        let last = V::from_ref(self.last()?);
        self.truncate(self.len() - 1);
        Some(last)
    }

    /// Removes the string at `index` and returns it, moving those behind it.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[track_caller]
    pub fn remove(&mut self, index: usize) -> V {
        let value = V::from_ref(self.value(index));
        self.remove_range(index..index + 1);
        value
    }

    /// Removes the string at `index` and returns it. The last one takes its place.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[track_caller]
    pub fn swap_remove(&mut self, index: usize) -> V {
        let value = V::from_ref(self.value(index));
        self.swap_out(index);
        value
    }

    pub(super) fn swap_out(&mut self, index: usize) {
        self.codes.swap_remove(index);
        self.validity.swap_remove(index);
    }

    pub(super) fn exchange(&mut self, a: usize, b: usize) {
        self.codes.swap(a, b);
        self.validity.swap(a, b);
    }

    /// Removes the strings of a range, moving those behind it.
    ///
    /// # Panics
    ///
    /// Panics when the range is not within the column.
    #[track_caller]
    pub fn remove_range(&mut self, range: impl RangeBounds<usize>) {
        let range = indices(&range, self.len());
        self.codes.remove_range(range.clone());
        self.validity.remove_range(range);
    }

    /// Drops the strings from `len` on. Keeps the memory, and all strings of the dictionary.
    pub fn truncate(&mut self, len: usize) {
        self.codes.truncate(len);
        self.validity.truncate(len);
    }

    /// Drops all rows. Keeps the memory, and the dictionary, so that a string has the code that it had: what reads a file in batches has
    /// one code for each string throughout.
    pub fn clear(&mut self) {
        self.truncate(0);
    }

    /// Keeps the strings for which `keep` is true, in their order, and removes the others. Gives no memory back; takes a bit a row
    /// meanwhile.
    ///
    /// Where `keep` panics, the column is as it was.
    pub fn retain(&mut self, keep: impl FnMut(V::Ref<'_>) -> bool) {
        let keep: BitArray = self.iter().map(keep).collect();
        self.keep(&keep);
    }

    pub(super) fn keep(&mut self, keep: &BitArray) {
        self.codes.retain(keep);
        self.validity.retain(keep);
    }

    pub(super) fn reorder(&mut self, order: &[u32]) {
        self.codes.permute(order);
        self.validity.permute(order);
    }

    /// Makes room for `additional` strings that the dictionary has, with the slack of growth.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[track_caller]
    pub fn reserve(&mut self, additional: usize) {
        if let Err(error) = self.try_reserve(additional) {
            error.raise();
        }
    }

    /// Makes room for `additional` strings that the dictionary has, with the slack of growth.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory; the column is as it was.
    pub fn try_reserve(&mut self, additional: usize) -> Result<(), ReserveError> {
        self.codes.try_reserve(additional)?;
        self.validity.try_reserve(additional)
    }

    /// Gives the slack of codes and dictionary back to the allocator. Codes stay what they are, and so do the strings of no row, which
    /// [`remove_unused`](Self::remove_unused) drops.
    pub fn shrink_to_fit(&mut self) {
        self.codes.shrink_to_fit();
        self.validity.shrink_to_fit();
        self.dictionary.shrink_to_fit();
    }

    #[track_caller]
    fn check(&self, index: usize) {
        let len = self.len();
        assert!(index < len, "index {index} out of range for a column of length {len}");
    }

    /// The code of a string, which is interned where it is new, and whether it is there. The codes are wide enough for it.
    #[inline]
    fn code_for(&mut self, text: V::Ref<'_>) -> Result<(u32, bool), StoreError> {
        match V::text(text) {
            Some(text) => Ok((self.intern(text)?, true)),
            None => Ok((0, false)),
        }
    }

    #[inline]
    pub(super) fn intern(&mut self, text: &str) -> Result<u32, StoreError> {
        match self.dictionary.get(text) {
            Some(symbol) => Ok(symbol.index() as u32),
            None => self.intern_new(text),
        }
    }

    /// Widens before the dictionary grows: a string that is not interned leaves nothing behind.
    #[inline(never)]
    fn intern_new(&mut self, text: &str) -> Result<u32, StoreError> {
        self.codes.try_widen(Width::of(self.dictionary.len().saturating_add(1)))?;
        Ok(self.dictionary.try_intern(text)?.index() as u32)
    }

    /// Appends strings of another column, by its codes: each of its strings is looked up once, not once a row.
    pub(super) fn try_extend_from(
        &mut self,
        other: &Self,
        range: Range<usize>,
    ) -> Result<(), StoreError> {
        let slice = other.slice(range);
        self.codes.try_reserve(slice.len())?;
        let len = self.len();
        let extended = match slice.len() > slice.dictionary().len() {
            true => self.recode_from(slice),
            false => slice.iter().try_for_each(|text| self.try_push(text)),
        };
        extended.inspect_err(|_| self.truncate(len))
    }

    /// Appends strings of another column at some indices, by its codes too.
    pub(super) fn try_extend_at(
        &mut self,
        other: &Self,
        indices: &[usize],
    ) -> Result<(), StoreError> {
        self.codes.try_reserve(indices.len())?;
        let len = self.len();
        let extended = match indices.len() > other.dictionary.len() {
            true => self.recode_at(other.as_slice(), indices),
            false => indices.iter().try_for_each(|&index| self.try_push(other.value(index))),
        };
        extended.inspect_err(|_| self.truncate(len))
    }
}

impl<A: AsRef<str>, V: TextValue> Extend<A> for DictColumn<V> {
    #[track_caller]
    fn extend<I: IntoIterator<Item = A>>(&mut self, texts: I) {
        texts.into_iter().for_each(|text| self.push(text.as_ref()));
    }
}

impl<A: AsRef<str>, V: TextValue> Extend<Option<A>> for DictColumn<Option<V>> {
    #[track_caller]
    fn extend<I: IntoIterator<Item = Option<A>>>(&mut self, texts: I) {
        texts.into_iter().for_each(|text| self.push(text.as_ref().map(AsRef::as_ref)));
    }
}

impl<A: AsRef<str>, V: TextValue> FromIterator<A> for DictColumn<V> {
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = A>>(texts: I) -> Self {
        let mut column = Self::default();
        column.extend(texts);
        column
    }
}

impl<A: AsRef<str>, V: TextValue> FromIterator<Option<A>> for DictColumn<Option<V>> {
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = Option<A>>>(texts: I) -> Self {
        let mut column = Self::default();
        column.extend(texts);
        column
    }
}
