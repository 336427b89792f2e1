//! Building columns of text, and changing them.

use super::super::error::StoreError;
use super::{TextColumn, TextField, TextValue};
use crate::array::{BitArray, StrArray};
use crate::raw::ReserveError;
use crate::raw::range::indices;
use alloc::string::String;
use core::mem;
use core::ops::{Range, RangeBounds};

impl TextColumn {
    /// Creates an empty column of strings. (Does not allocate.)
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl TextColumn<Option<String>> {
    /// Creates an empty column of strings that may be null. (Does not allocate.)
    #[must_use]
    pub fn nullable() -> Self {
        Self::default()
    }
}

impl<V: TextField> TextColumn<V> {
    /// Appends a string.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `String`, ends the program where the allocator refuses.
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
    /// Where there is no memory for it. The column is as it was.
    #[inline]
    pub fn try_push(&mut self, text: V::Ref<'_>) -> Result<(), StoreError> {
        let text = V::text(text);
        self.validity.try_push(text.is_some())?;
        let pushed = self.strings.try_push(text.unwrap_or_default());
        pushed.map_err(|error| {
            self.validity.truncate(self.strings.len());
            error.cause().into()
        })
    }

    /// Inserts a string before `index`. Unless that is the end, it writes all of the text anew, and holds the old and the new one until
    /// it has.
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

    /// Inserts a string before `index`: see [`insert`](Self::insert).
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
        self.try_put(index, text).map(drop)
    }

    /// Inserts a string, and gives the strings as they were, where they are written anew.
    pub(super) fn try_put(
        &mut self,
        index: usize,
        text: V::Ref<'_>,
    ) -> Result<Option<StrArray>, StoreError> {
        if index == self.len() {
            return self.try_push(text).map(|()| None);
        }
        let text = V::text(text);
        let strings = self.with(index..index, text.unwrap_or_default())?;
        self.validity.try_insert(index, text.is_some())?;
        Ok(Some(mem::replace(&mut self.strings, strings)))
    }

    /// Replaces the string at `index`: in place where the new one has as many bytes. Otherwise it writes all of the text anew, and holds the
    /// old and the new one until it has.
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

    /// Replaces the string at `index`: see [`set`](Self::set).
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
        let len = self.len();
        assert!(index < len, "index {index} out of range for a column of length {len}");
        let text = V::text(text);
        let (there, text) = (text.is_some(), text.unwrap_or_default());
        if self.strings[index].len() == text.len() {
            self.validity.try_set(index, there)?;
            self.strings.overwrite(index, text);
            return Ok(());
        }
        let strings = self.with(index..index + 1, text)?;
        self.validity.try_set(index, there)?;
        self.strings = strings;
        Ok(())
    }

    /// Removes the last string and returns it.
    pub fn pop(&mut self) -> Option<V> {
        let last = V::from_ref(self.last()?);
        self.truncate(self.len() - 1);
        Some(last)
    }

    /// Removes the string at `index` and returns it. Unless it is the last, it writes all of the text anew, and holds the old and the new one
    /// until it has.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range. Like a `String`, ends the program where the allocator refuses.
    #[track_caller]
    pub fn remove(&mut self, index: usize) -> V {
        let value = V::from_ref(self.value(index));
        self.remove_range(index..index + 1);
        value
    }

    /// Removes the string at `index` and returns it. The last one takes its place. Costs what [`remove`](Self::remove) does.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range. Like a `String`, ends the program where the allocator refuses.
    #[track_caller]
    pub fn swap_remove(&mut self, index: usize) -> V {
        let value = V::from_ref(self.value(index));
        self.swap_out(index);
        value
    }

    pub(super) fn swap_out(&mut self, index: usize) {
        let last = self.len() - 1;
        if index == last {
            return self.truncate(last);
        }
        let behind = self.strings.iter_range(index + 1..last);
        let moved = self.strings.iter_range(last..);
        let strings = self.strings.iter_range(..index).chain(moved).chain(behind);
        let removed = self.strings[index].len();
        self.strings = rewritten(self.strings.text().len() - removed, strings);
        self.validity.swap_remove(index);
    }

    /// Removes the strings of a range. Unless they are the last, it writes all of the text anew, and holds the old and the new one until
    /// it has.
    ///
    /// # Panics
    ///
    /// Panics when the range is not within the column. Like a `String`, ends the program where the allocator refuses.
    #[track_caller]
    pub fn remove_range(&mut self, range: impl RangeBounds<usize>) {
        let range = indices(&range, self.len());
        if range.end == self.len() {
            return self.truncate(range.start);
        }
        let behind = self.strings.iter_range(range.end..);
        let removed: usize = self.strings.iter_range(range.clone()).map(str::len).sum();
        let kept = self.strings.iter_range(..range.start).chain(behind);
        self.strings = rewritten(self.strings.text().len() - removed, kept);
        self.validity.remove_range(range);
    }

    /// Drops the strings from `len` on. Keeps the memory.
    pub fn truncate(&mut self, len: usize) {
        self.strings.truncate(len);
        self.validity.truncate(len);
    }

    /// Drops all strings. Keeps the memory.
    pub fn clear(&mut self) {
        self.truncate(0);
    }

    /// Keeps the strings for which `keep` is true, in their order, and removes the others. Writes the text anew, and holds the old and the
    /// new one until it has.
    ///
    /// Where `keep` panics, the column is as it was.
    pub fn retain(&mut self, keep: impl FnMut(V::Ref<'_>) -> bool) {
        let keep: BitArray = self.iter().map(keep).collect();
        self.keep(&keep);
    }

    pub(super) fn keep(&mut self, keep: &BitArray) {
        if keep.all() {
            return;
        }
        let kept = self.strings.iter().zip(keep).filter_map(|(text, keep)| keep.then_some(text));
        self.strings = rewritten(kept.clone().map(str::len).sum(), kept);
        self.validity.retain(keep);
    }

    pub(super) fn reorder(&mut self, order: &[u32]) {
        let ordered = order.iter().map(|&index| &self.strings[index as usize]);
        self.strings = rewritten(self.strings.text().len(), ordered);
        self.validity.permute(order);
    }

    /// Makes room for `additional` bytes of text, with the slack of growth.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory; the column is as it was.
    pub fn try_reserve_text(&mut self, additional: usize) -> Result<(), ReserveError> {
        self.strings.try_reserve(additional)
    }

    pub(in crate::record) fn try_reserve_rows(
        &mut self,
        additional: usize,
    ) -> Result<(), ReserveError> {
        self.validity.try_reserve(additional)
    }

    /// Keeps the ends of strings in the fewest bits, and gives all slack back to the allocator.
    pub fn shrink_to_fit(&mut self) {
        self.strings.shrink_to_fit();
        self.validity.shrink_to_fit();
    }

    /// Moves all strings of another column behind those of this one. The other is left empty, with its memory.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `String`, ends the program where the allocator refuses.
    #[track_caller]
    pub fn append(&mut self, other: &mut Self) {
        if let Err(error) = self.try_append(other) {
            error.raise();
        }
    }

    /// Moves all strings of another column behind those of this one. The other is left empty, with its memory.
    ///
    /// # Errors
    ///
    /// Where there is no memory for them. Both columns hold the strings that they held.
    pub fn try_append(&mut self, other: &mut Self) -> Result<(), StoreError> {
        self.try_extend_from(other, 0..other.len())?;
        other.clear();
        Ok(())
    }

    pub(super) fn try_extend_from(
        &mut self,
        other: &Self,
        range: Range<usize>,
    ) -> Result<(), StoreError> {
        let slice = other.slice(range.clone());
        let len = self.len();
        self.strings.try_reserve(total(other.strings.iter_range(range)))?;
        let extended = slice.iter().try_for_each(|text| self.try_push(text));
        extended.inspect_err(|_| self.truncate(len))
    }

    /// Appends strings of another column at some indices.
    pub(super) fn try_extend_at(
        &mut self,
        other: &Self,
        indices: &[usize],
    ) -> Result<(), StoreError> {
        let len = self.len();
        let strings = indices.iter().map(|&index| &other.strings[index]);
        self.strings.try_reserve(total(strings))?;
        let extended = indices.iter().try_for_each(|&index| self.try_push(other.value(index)));
        extended.inspect_err(|_| self.truncate(len))
    }

    /// The strings, with one in the place of a range.
    fn with(&self, range: Range<usize>, text: &str) -> Result<StrArray, StoreError> {
        let (before, behind) = (..range.start, range.end..);
        let mut strings = StrArray::new();
        strings.try_reserve_exact(self.strings.text().len() + text.len())?;
        let before = self.strings.iter_range(before).chain([text]);
        for text in before.chain(self.strings.iter_range(behind)) {
            strings.try_push(text).map_err(|error| error.cause())?;
        }
        Ok(strings)
    }
}

/// Strings of so many bytes one behind the other in a buffer that they fill.
#[track_caller]
fn rewritten<'s>(bytes: usize, strings: impl Iterator<Item = &'s str>) -> StrArray {
    let mut rewritten = StrArray::with_capacity(bytes);
    rewritten.extend(strings);
    rewritten
}

impl<A: AsRef<str>, V: TextValue> Extend<A> for TextColumn<V> {
    #[track_caller]
    fn extend<I: IntoIterator<Item = A>>(&mut self, texts: I) {
        texts.into_iter().for_each(|text| self.push(text.as_ref()));
    }
}

impl<A: AsRef<str>, V: TextValue> Extend<Option<A>> for TextColumn<Option<V>> {
    #[track_caller]
    fn extend<I: IntoIterator<Item = Option<A>>>(&mut self, texts: I) {
        texts.into_iter().for_each(|text| self.push(text.as_ref().map(AsRef::as_ref)));
    }
}

impl<A: AsRef<str>, V: TextValue> FromIterator<A> for TextColumn<V> {
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = A>>(texts: I) -> Self {
        let mut column = Self::default();
        column.extend(texts);
        column
    }
}

impl<A: AsRef<str>, V: TextValue> FromIterator<Option<A>> for TextColumn<Option<V>> {
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = Option<A>>>(texts: I) -> Self {
        let mut column = Self::default();
        column.extend(texts);
        column
    }
}

/// The bytes of strings; more than memory can be where one is chosen so often.
fn total<'a>(strings: impl Iterator<Item = &'a str>) -> usize {
    strings.map(str::len).fold(0, usize::saturating_add)
}
